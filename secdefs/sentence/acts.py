"""What each act on words and provisions makes of its operands: a function has the name of the act's rule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import msgspec

from secdefs.change import operations
from secdefs.change.operations import Operation
from secdefs.findings import Refused
from secdefs.model import (
    Definition,
    DefinitionRef,
    Provision,
    ProvisionRef,
    Quote,
    Record,
    Ref,
    SectionRef,
    Sentence,
    Span,
    Spot,
)
from secdefs.outline.labels import follows, values_of
from secdefs.sentence.adjuncts import Settings
from secdefs.sentence.lexer import QUOTE
from secdefs.sentence.named import places_of
from secdefs.sentence.newtext import DEFINES, goes_on, in_its_list, paragraphs, records_of
from secdefs.sentence.nodes import Node, Script
from secdefs.sentence.operands import new_of, old_of, spots_of, targets_of
from secdefs.sentence.scope import Scope

# "omit “A” and insert “B”": what is put in stands where the other went, which must be one place.
_INSTEAD = frozenset({"_AND_INSERT", "_AND_PUT"})


def substitute_words(script: Script, node: Node, scope: Scope, settings: Settings) -> list[Operation]:
    """For the words named, others."""
    subjects = [*node.all("subject", "words"), *(Node("subject", [span]) for span in node.all("span"))]
    new_nodes = node.all("new")
    old = subjects[0]
    cut = any(each.type in _INSTEAD for each in script.lexemes[old.last : node.last])
    if cut and sum(len(script.texts(words)) for words in old.all("words")) > 1:
        raise Refused("SD101", "it is not clear in the place of which words the new ones go", "say for which words")
    if new_nodes:
        new = new_of(script, new_nodes[0])
    elif node.all("block"):
        new = "\n".join(script.block)
    else:
        new = new_of(script, subjects[0].all("words")[0])
        old = subjects[1]
    return [
        operations.SubstituteWords(target=inner.ref(), old=words, new=new)
        for place in targets_of(script, node, scope, settings) or [scope]
        for words, inner in old_of(script, old, place, settings)
    ]


def omit_words(script: Script, node: Node, scope: Scope, settings: Settings) -> list[Operation]:
    """The words named go."""
    (subject,) = node.all("subject")
    return [
        operations.OmitWords(target=inner.ref(), old=words) for words, inner in old_of(script, subject, scope, settings)
    ]


def insert_words(script: Script, node: Node, scope: Scope, settings: Settings) -> list[Operation]:
    """Words at a spot, or a provision where the words are one. Raises Refused."""
    named = [*node.all("new"), *node.all("subject")]
    words = named[0].all("words")
    if not words:
        raise Refused("SD101", "it is not clear which words are inserted", "quote them")
    for which in named[0].all("which"):
        if "twice" in str(which.children[0]):
            raise Refused("SD101", "it is not clear what is to happen twice", "say in which places the new words go")
    new = new_of(script, words[0])
    if not settings.spots and scope.group is None and scope.term is None and DEFINES.match(new):
        return [_inserted(new, Spot("alphabetical"), scope)]
    return [_inserted(new, spot, place) for spot, place in spots_of(script, settings, in_its_list(scope, (new,)))]


def _inserted(new: str, spot: Spot, scope: Scope) -> Operation:
    records = records_of((new,), scope) if DEFINES.match(new) or scope.group is not None else ()
    if records:
        return _provision(records, scope, spot)
    if spot.where in ("alphabetical", "in_order"):
        raise Refused(
            "SD209",
            "the new text does not read as a definition, and words have no alphabetical place",
            "give the term in quotation marks, or say after or before which words the new ones go",
        )
    return operations.InsertWords(target=scope.ref(), at=spot, new=new)


def narrative(script: Script, node: Node, scope: Scope, settings: Settings) -> list[Operation]:
    """Nothing: what is told and not ordered is refused."""
    raise Refused(
        "SD108",
        f"“{script.shown(node.tokens()[0])[:120]}”: this tells what is to be achieved, and not which words change",
        "quote the words that are to change, or set the item aside with a reason",
    )


def insert_provision(script: Script, node: Node, scope: Scope, settings: Settings) -> list[Operation]:
    """The text set out, at a spot: provisions, or words where the spot is in words. Raises Refused."""
    _bears_its_number(script, scope)
    # What is called by a name ("insert the following row") is looked up even where its place is said beside it.
    named = targets_of(script, node, scope, settings)
    if named and not settings.spots:
        return _in_its_order(script, node, scope, settings)
    if not settings.spots and scope.group is None:
        by_itself = _by_itself(script, scope)
        if by_itself is not None:
            return [by_itself]
    spots = spots_of(script, settings, in_its_list(scope, script.block))
    lists = {place for _, place in spots}
    if len(spots) > 1 and (len(lists) < len(spots) or any(spot.ref is None for spot, _ in spots)):
        raise Refused("SD101", "several places are named where one is needed", "write a sentence for each")
    return [_set_out(script, spot, place) for spot, place in spots]


def _set_out(script: Script, spot: Spot, scope: Scope) -> Operation:
    records = _provisions(script, scope)
    if spot.words is not None:
        quote = spot.words
        if isinstance(records[0], Definition) and isinstance(quote, Quote) and scope.term is None:
            # "after “X” insert— “Y” means …": the quotation names a definition.
            if not re.search(r"[\w)\]’”]$", quote.text):
                raise Refused(
                    "SD209",
                    f"“{quote.text}” is no term, after which a definition could stand",
                    "say in alphabetical order, or after which definition",
                )
            ref = msgspec.structs.replace(scope, term=quote.text).ref()
            return _provision(records, scope, Spot(spot.where, ref=ref))
        return operations.InsertWords(target=scope.ref(), at=spot, new="\n".join(script.block))
    if spot.where == "end" and goes_on(scope, records):
        # "at the end of paragraph (c) insert— (d) …": after (c), and not inside it.
        return _provision(records, scope.parent(), Spot("after", ref=scope.ref()))
    if spot.where == "alphabetical" and spot.conjunction is None and isinstance(records[0], Provision):
        spot = Spot("in_order")
    return _provision(records, scope, spot)


def _bears_its_number(script: Script, scope: Scope) -> None:
    """Refuse a text with other numbers than the sentence gives it: "new Sections H8.17 and H8.18 shall be inserted"."""
    for each in script.lexemes:
        if each.type != "_NEW_ONE":
            continue
        words = each.text.split()
        named = [re.findall(r"\w+(?:\.\w+)*", word)[-1] for word in words if _NUMBER.match(word)]
        labels = [str(getattr(record, "label", None)) for record in _provisions(script, scope)]
        # What stands within one of them ("H9.1" of H9) may be set out with it.
        borne = [label for label in labels if not any(label.startswith(f"{number}.") for number in named)]
        if named != ([borne[0], borne[-1]] if "to" in words and len(borne) > 1 else borne):
            raise Refused(*_OTHER_NUMBER)


_NUMBER = re.compile(r"\(\w|[A-Z]{0,2}\d")
_OTHER_NUMBER = ("SD101", "the new text does not bear the number that it is given", "set it out with its numbers")


def _by_itself(script: Script, scope: Scope) -> Operation | None:
    """New text of which nothing says where it goes but what it is: a definition stands in the order of the terms, and
    what bears a number in that of the numbers. Null where that does not tell."""
    records = _provisions(script, scope)
    if scope.part != "text":
        return None
    if all(isinstance(each, Definition) for each in records):
        return _provision(records, scope, Spot("alphabetical")) if scope.term is None else None
    labels = [each.label for each in records if isinstance(each, Provision)]
    if len(labels) < len(records) or not all(labels):
        return None
    holder = scope.ref()
    match holder:
        case SectionRef(label=section) | ProvisionRef(label=section, path=()) if all(
            _WHOLE_LABEL.fullmatch(each) and each.startswith(section or "") for each in labels
        ):
            # "In Section H8, insert— H8.17 …": H8 holds provisions, and is none.
            return _provision(records, Scope(work=scope.work), Spot("in_order"))
        case SectionRef():
            return None
    return _provision(records, scope, Spot("in_order"))


_WHOLE_LABEL = re.compile(r"[A-Z]{1,2}\d+[A-Z]{0,2}(?:\.\d+[A-Z]{0,2})*|\d+[A-Z]{0,2}(?:\.\d+[A-Z]{0,2})+")


def _in_its_order(script: Script, node: Node, scope: Scope, settings: Settings) -> list[Operation]:
    """ "Add new paragraph (c) to read as follows—": what it is called says where it goes."""
    targets = targets_of(script, node, scope, settings)
    records = _provisions(script, targets[0])
    if all(isinstance(each, Definition) for each in records):
        if [each.term for each in targets] != [each.term for each in records if isinstance(each, Definition)]:
            raise Refused(
                "SD101", "the new text does not define the term that is named", "name the term that it defines"
            )
        return [_provision(records, targets[0].parent(), Spot("alphabetical"))]
    names = [(getattr(each.ref(), "path", ()) or (getattr(each.ref(), "label", None),))[-1] for each in targets]
    bare = [getattr(each, "label", None) for each in records]
    # A new Section brings its own: A4 and A4.1.
    whole = len(names) == 1 and all(str(label).startswith(f"{names[0]}.") for label in bare[1:])
    if not names or bare[: len(names)] != names or (len(bare) != len(names) and not whole):
        raise Refused(*_OTHER_NUMBER)
    above = targets[0].parent()
    return [_provision(records, above, Spot("in_order"))]


def _label(place: Ref) -> str | None:
    """The label of a paragraph, or of a provision."""
    path: tuple[str, ...] = getattr(place, "path", ())
    return path[-1] if path else getattr(place, "label", None)


def substitute_provision(script: Script, node: Node, scope: Scope, settings: Settings) -> list[Operation]:
    """For each target the text set out, or its share of it. Raises Refused."""
    if not node.all("target"):
        return _by_their_terms(script, node, scope)
    targets = targets_of(script, node, scope, settings)
    for marked in node.all("words"):
        if node.children[-1] is marked and _is_marked(script, marked):
            return [_emptied(target, new_of(script, marked)) for target in targets]
    quoted = [new_of(script, new) for new in node.all("new", "words")]
    if quoted and (len(targets) == 1 or any(target.part != "text" for target in targets)):
        return [_reworded(target, quoted[0]) for target in targets]
    records = _as_provisions(quoted[0], targets[0]) if quoted else _provisions(script, targets[0])
    whole = targets[0].term is not None and not targets[0].inner and targets[0].part == "text"
    if whole and not all(isinstance(each, Definition) for each in records):
        raise Refused("SD101", "what is set out is no definition", "set it out as “…” means …")
    if len(targets) == 1:
        return [operations.SubstituteProvision(target=targets[0].ref(), new=records)]
    if len(targets) == len(records):
        return [
            operations.SubstituteProvision(target=target.ref(), new=(record,))
            for target, record in zip(targets, records, strict=True)
        ]
    shares = _shares(targets, records)
    if shares:
        return [
            operations.SubstituteProvision(target=target.ref(), new=share)
            for target, share in zip(targets, shares, strict=True)
        ]
    if any(each.parent() != targets[0].parent() for each in targets):
        label = getattr(records[0], "label", None)
        if len(records) == 1 and all(getattr(each.ref(), "path", ())[-1:] == (label,) for each in targets):
            return [operations.SubstituteProvision(target=each.ref(), new=records) for each in targets]
        raise Refused("SD101", "one text is given for provisions of several lists", "write a sentence for each")
    first: list[Operation] = [operations.SubstituteProvision(target=targets[0].ref(), new=records)]
    others: list[Operation] = [operations.OmitProvision(target=target.ref()) for target in targets[1:]]
    # "For paragraphs (a) and (b) substitute (a) …, (b) …, (c) …": the old (b) makes room for the new one.
    labels = {getattr(record, "label", None) for record in records} - {None}
    again = not labels.isdisjoint(_label(target.ref()) for target in targets[1:])
    return others + first if again else first + others


def _shares(targets: list[Scope], records: tuple[Record, ...]) -> list[tuple[Record, ...]]:
    """What each of several paragraphs gives way to, where each of their labels comes again: "for (a) and (b) substitute
    (a), (aa) and (b)". Empty where that is not so."""
    if len({each.parent() for each in targets}) > 1:
        return []
    wanted = [getattr(each.ref(), "path", ())[-1:] for each in targets]
    shares: list[list[Record]] = []
    for record in records:
        label = (getattr(record, "label", None),)
        if len(shares) < len(wanted) and wanted[len(shares)] == label:
            shares.append([])
        if not shares:
            return []
        shares[-1].append(record)
    return [tuple(share) for share in shares] if len(shares) == len(targets) else []


def _is_marked(script: Script, words: Node) -> bool:
    """Whether the words before it are "and marked"."""
    return script.lexemes[words.first - 1].type == "_AND_MARKED"


def _emptied(target: Scope, text: str) -> Operation:
    """A provision whose words give way to a note, its label and heading kept. Raises Refused."""
    if getattr(target.ref(), "path", ()) or not isinstance(target.ref(), ProvisionRef):
        raise Refused("SD101", f"it is not clear how the place is to be marked “{text}”", "set it out as it will read")
    return operations.SubstituteWords(target=target.ref(), old=Span(None, None), new=text)


def _by_their_terms(script: Script, node: Node, scope: Scope) -> list[Operation]:
    """Definitions that are set out, each in the place of the one of its term. Raises Refused."""
    named = [inner.term for refs in node.all("refs") for inner in places_of(script, refs, [scope])]
    terms = [record.term for record in _provisions(script, scope) if isinstance(record, Definition)]
    if len(terms) != len(_provisions(script, scope)) or (named and sorted(map(str, named)) != sorted(terms)):
        raise Refused("SD101", "what is set out is not one definition for each term", "set each out as “…” means …")
    return [
        operations.SubstituteProvision(target=msgspec.structs.replace(scope, term=record.term).ref(), new=(record,))
        for record in _provisions(script, scope)
        if isinstance(record, Definition)
    ]


def _reworded(target: Scope, text: str) -> Operation:
    if isinstance(target.ref(), SectionRef):
        raise Refused("SD101", "it is not clear which words are replaced", "quote them, or name the provision")
    if target.part in ("heading", "term"):
        return operations.Rename(target=target.ref(), to=text)
    if target.part != "text":
        return operations.SubstituteWords(target=target.ref(), old=Span(None, None), new=text)
    records = _as_provisions(text, target)
    if any(isinstance(each, Provision) and not each.text for each in records):
        raise Refused("SD101", f"“{text}” is a label, and no provision", "quote the whole of the new text")
    return operations.SubstituteProvision(target=target.ref(), new=records)


def _as_provisions(text: str, target: Scope) -> tuple[Record, ...]:
    lines = tuple(text.split("\n"))
    return records_of(lines, target) or paragraphs(lines)


def omit_provision(script: Script, node: Node, scope: Scope, settings: Settings) -> list[Operation]:
    """The targets go, with a conjunction where one is named."""
    targets = targets_of(script, node, scope, settings)
    made: list[Operation] = []
    apart: list[Operation] = []
    goes: dict[int, Quote] = {}
    for each in settings.conjunctions:
        lexeme = script.lexemes[each.children[0].start_pos]
        text = script.quoted(lexeme, lexeme.text.index(QUOTE))
        cited = re.search(r"end of (?:sub-?)?(?:paragraph|section) \((\w+)\)", lexeme.text)
        labels = [getattr(target.ref(), "path", ())[-1:] for target in targets]
        if cited is not None and (cited[1],) not in labels:
            # "omit (c) and the “or” at the end of paragraph (b)".
            named = targets[0].sibling(cited[1])
            apart.append(operations.OmitWords(target=named.ref(), old=Quote(text, beside="end")))
            continue
        after = re.search(r"after|following|follows|at (?:the|its) end", lexeme.text) is not None
        number = labels.index((cited[1],)) if cited is not None else len(targets) - 1 if after else 0
        goes[number] = Quote(text, beside="end" if after else None)
    for number, target in enumerate(targets):
        if target.part in ("opening", "closing") or isinstance(target.part, Sentence):
            made.append(operations.OmitWords(target=target.ref(), old=Span(None, None)))
            continue
        made.append(operations.OmitProvision(target=target.ref(), conjunction=goes.get(number)))
    return made + apart


def rename(script: Script, node: Node, scope: Scope, settings: Settings) -> list[Operation]:
    """The target gets another term, label or title. Raises Refused."""
    targets = targets_of(script, node, scope, settings)
    for new in node.all("new"):
        to = new_of(script, new)
        if not targets:
            names = script.texts(node.all("subject")[0].all("words")[0])
            targets = [msgspec.structs.replace(scope, term=name) for name, _ in names]
        if len(targets) != 1:
            raise Refused("SD101", "several are renamed at once", "write a sentence for each")
        target = targets[0] if targets[0].part != "term" else targets[0].whole
        return [operations.Rename(target=target.ref(), to=to)]
    for label in node.tokens():
        if label.type == "AS_LABEL" and len(targets) == 1 and getattr(targets[0].ref(), "path", ()):
            return [_renumbered(targets[0].ref(), re.findall(r"\((\w+)\)", label))]
    named = places_of(script, node.all("refs")[0], [scope]) if node.all("refs") else ()
    if len(named) != len(targets):
        raise Refused("SD101", "the old numbers and the new are not equally many", "write a sentence for each")
    made: list[Operation] = []
    together = _as_range(targets, [each.within(targets[0].parent()) for each in named])
    if together is not None:
        return [together]
    for target, new_scope in zip(targets, named, strict=True):
        ref = new_scope.within(target.parent()).ref()
        if _level(ref) != _level(target.ref()):
            raise Refused("SD101", "the old number and the new are not of one level", "say where the text goes")
        label = getattr(ref, "path", ())[-1:] or (getattr(ref, "label", "") or "",)
        through = getattr(ref, "through", None)
        made.append(_renumbered(target.ref(), [label[0], *([through] if through else [])]))
    return made


def _as_range(targets: list[Scope], named: list[Scope]) -> Operation | None:
    """Paragraphs that stand one after another and move by as much, as the range that they are: each of their new labels
    may be the next one's old. Null where they are none."""
    if len(targets) < 2 or len({each.parent() for each in targets}) > 1:
        return None
    before, after = ([_last_label(each) for each in scopes] for scopes in (targets, named))
    ref = targets[0].ref()
    if not isinstance(ref, DefinitionRef | ProvisionRef) or not (all(before) and all(after)):
        return None
    if set(before).isdisjoint(after) or not (_goes_on(before) and _goes_on(after)):
        return None
    whole = msgspec.structs.replace(ref, through=before[-1])
    return operations.Rename(target=whole, to=after[0], to_through=after[-1])


def _last_label(place: Scope) -> str:
    """The label of the one paragraph that a place is; "" where it is a range, or none."""
    ref = place.ref()
    path: tuple[str, ...] = getattr(ref, "path", ())
    return path[-1] if path and getattr(ref, "through", None) is None else ""


def _goes_on(labels: Sequence[str]) -> bool:
    """Whether labels are each the next after the one before."""
    counted = [values_of(f"({label})")[1] for label in labels]
    return all(any(follows(one, two) == 2 for one in first for two in then) for first, then in pairwise(counted))


def _renumbered(target: Ref, labels: list[str]) -> Operation:
    """A provision, or a range of them, with the first of its new labels, and the last where there is one."""
    through = labels[1] if len(labels) > 1 else None
    if (through is None) != (getattr(target, "through", None) is None):
        raise Refused("SD101", "the old numbers and the new are not equally many", "write a sentence for each")
    return operations.Rename(target=target, to=labels[0], to_through=through)


def _provisions(script: Script, scope: Scope) -> tuple[Record, ...]:
    if not script.block:
        raise Refused("SD101", "the new text is missing", "set it out below the sentence, or quote it")
    if re.match(r"[^“”\"]{1,120}”", script.block[0]):
        raise Refused(
            "SD101",
            f"“{script.block[0][:60]}…”: a quotation mark closes that was not opened: one is missing or too many",
            "put the quotation marks in order",
        )
    if script.block[0].lstrip()[:1] in (";", ",", "."):
        raise Refused(
            "SD101",
            f"the new text begins with “{script.block[0].strip()[:20]}”, which is the end of what stands before it",
            "write a sentence for the mark, and one for the provision",
        )
    unquoted = scope.term is not None and not scope.inner and re.match(re.escape(scope.term) + r"\s+", script.block[0])
    if unquoted and re.match(r"(?:means?|has|have|includes?|shall|is|are)\b", script.block[0][unquoted.end() :]):
        first = f"“{scope.term}” {script.block[0][unquoted.end() :]}"
        return records_of((first, *script.block[1:]), scope)
    return records_of(script.block, scope) or paragraphs(script.block)


def _provision(records: tuple[Record, ...], scope: Scope, spot: Spot) -> Operation:
    if scope.term is not None and not scope.inner and isinstance(records[0], Definition):
        # "at the end of the definition of “A” insert— “B” means …": no definition stands in another.
        if spot.where != "end":
            raise Refused("SD209", "a definition does not stand inside another", "say after which definition it goes")
        scope, spot = scope.parent(), Spot("after", ref=scope.ref(), conjunction=spot.conjunction)
    return operations.InsertProvision(target=scope.ref(), at=spot, new=records)


def _level(ref: Ref) -> tuple[str, int]:
    """What a reference names, and how deep in it."""
    return type(ref).__name__, len(getattr(ref, "path", ()))
