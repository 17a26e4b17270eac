"""Whether instructions say what a row of a corpus says, and lost nothing of its sentence: by field, with reasons."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from secdefs.change import operations
from secdefs.model import (
    Beside,
    Definition,
    DefinitionRef,
    DocumentRef,
    Each,
    End,
    EntryRef,
    Nth,
    Provision,
    ProvisionRef,
    Quote,
    SectionRef,
    Span,
)
from secdefs.said import ORDINALS
from secdefs.sentence.parse import Instruction

Row = dict[str, Any]

_REFS = (DefinitionRef, ProvisionRef, DocumentRef, EntryRef, SectionRef, End, Beside)

_IN_BRACKETS = r"\((?:\d+[A-Z]{0,4}|[a-z]{1,3}|[ivxl]{1,5}|[A-Z]{1,2}\d*[A-Z]*)\)"
_PLAIN = r"(?:\d+[A-Z]*|[A-Z]{1,2}\d+[A-Z]*)(?![\w%.]*\w)"
# A label in brackets, or the plain labels after the noun of their unit: "regulations 4(1B), 5 and 7".
_LABEL = re.compile(rf"(?:(?<=[\w)])|(?<= )){_IN_BRACKETS}")
_CITED = re.compile(
    r"(?i:\b(?:section|paragraph|regulation|article|rule|schedule|group|annex|appendix|condition)s?)"
    rf" ({_PLAIN}(?:{_IN_BRACKETS})*(?:(?:, | and | or | to |, and )(?:{_PLAIN}|{_IN_BRACKETS})(?:{_IN_BRACKETS})*)*)"
)
_WORDS_BESIDE = re.compile(
    r"\bwords (?:before|after|following|preceding) (?:sub[- ]?)*(?:paragraph|section|point) ?(?:\(?\w+\)?)+"
    r"|\b[Ii]n consequence of .*?(?:,| (?=omit|in |for |after ))"
)
# What is said of a place, or of when, and is no place of the instruction.
_BESIDES = re.compile(
    r"\b(?:which (?:is|was) |as )?(?:inserted|substituted|amended|added) by [^—,]*"
    r"|\b[Ff]or the purposes of [^—,]*,|\bas (?:it|they) appl(?:y|ies) [^—,]*"
)
_TITLE = re.compile(r"\b(?:of|to|in) (?:the|that) [A-Z][^—:,]*")

_CLASSES: dict[str, tuple[type, ...]] = {
    "substitute": (operations.SubstituteWords,),
    "replace_range": (operations.SubstituteWords,),
    "insert": (operations.InsertWords,),
    "omit": (operations.OmitWords,),
    "omit_range": (operations.OmitWords,),
    "insert_block": (operations.InsertProvision, operations.InsertWords),
    "substitute_block": (operations.SubstituteProvision, operations.SubstituteWords),
    "omit_provision": (operations.OmitProvision, operations.OmitWords),
    "insert_definition": (operations.InsertProvision,),
    "substitute_definition": (operations.SubstituteProvision,),
    "omit_definition": (operations.OmitProvision,),
    "renumber_or_retitle": (operations.Rename,),
}


def plain(text: str) -> str:
    """A text as texts are compared here: NFC, straight quotation marks, no white space, hyphens alike."""
    text = unicodedata.normalize("NFC", text)
    text = re.sub("[‘’]", "'", re.sub("[“”]", '"', text)).replace("\u2011", "-").replace("\u2010", "-")
    return re.sub(r"\s+", "", text)


def letters(text: str) -> str:
    """A text without white space and punctuation, for whole provisions: labels are written in more than one way."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", text))


# --- what the row says ------------------------------------------------------------------------------------------------


def on_definitions(row: Row) -> bool:
    """Whether a row's words stand in a definition."""
    return bool(row["target"]["definitions"]) or any(
        re.search(r"\bin (?:the|that|both|each) definitions?\b|\bof the definition of\b", each)
        for each in (row["instruction"], *row["context"][-1:])
    )


def omits_definitions(row: Row) -> bool:
    """Whether a row takes out whole definitions."""
    return row["op"]["kind"] == "omit_provision" and any(
        each["role"] == "omit" for each in row["target"]["definitions"] or ()
    )


def differences(row: Row, instructions: Sequence[Instruction]) -> tuple[str, ...]:
    """What differs between a row and what was read of it; empty where they agree.

    The row's operation must be one of those read, field by field; and every quotation, every label and every narrowing
    of the sentence must have gone into one of them.
    """
    operations_ = [each.operation for each in instructions]
    found = min((_compared(row, each, operations_) for each in operations_), key=_weight)
    return (*found, *_lost(row, instructions))


def _weight(found: tuple[str, ...]) -> int:
    return sum(4 if each.startswith("kind") else 1 for each in found)


def _compared(row: Row, operation: Any, all_: Sequence[Any]) -> tuple[str, ...]:
    """The fields of the row's operation that one of those read does not have."""
    op = row["op"]
    # "omit “X” and insert “Y”": the row has the first half.
    if op["kind"] == "omit" and isinstance(operation, operations.SubstituteWords):
        if not re.search(r"\band (?:insert|substitute)\b", row["instruction"]):
            return ("kind: omit read as SubstituteWords",)
        return tuple(filter(None, (_old(op, operation), _anchor(op, operation), _path(row, operation))))
    quoted_definition = op["kind"] == "insert" and op["new"].startswith(("“", "‘"))
    if not isinstance(operation, _CLASSES.get(op["kind"], (object,))) and not (
        quoted_definition and isinstance(operation, operations.InsertProvision)
    ):
        return (f"kind: {op['kind']} read as {type(operation).__name__}",)
    found = (_old(op, operation), _new(row, operation, all_), _anchor(op, operation), _which(op, operation))
    return tuple(each for each in (*found, _path(row, operation)) if each)


def _old(op: Row, operation: Any) -> str | None:
    old = getattr(operation, "old", None)
    match op["old"], old:
        case str(text), Quote(text=mine):
            return _same("old", text, mine)
        case str(text), Span(start=Quote(text=mine), end=None):
            # "for “A” to the end": the row has only the quotation.
            return _same("old", text, mine)
        case str(text), None if isinstance(operation.target, DefinitionRef):
            return _same("term", text, operation.target.term)
        case dict(edges), Span(start=start, end=end):
            first = _same("from", edges["from"], start.text if isinstance(start, Quote) else "START")
            last = _same("to", edges["to"], end.text if isinstance(end, Quote) else "END")
            return first or last
        case None, None:
            return None
        case None, _ if op["kind"] in ("substitute_block", "omit_provision"):
            return None
    return f"old: {op['old']!r} read as {old!r}"


def _new(row: Row, operation: Any, all_: Sequence[Any]) -> str | None:
    op = row["op"]
    if op["new"] is None:
        return None
    new = getattr(operation, "new", getattr(operation, "to", None))
    if isinstance(new, str):
        return _same("new", op["new"], new)
    if op["kind"].endswith("definition") and any(not isinstance(each, Definition) for each in new or ()):
        return "new: a definition read as a provision"
    mine = letters(_records(new or ()))
    together = letters("".join(_records(getattr(each, "new", ())) for each in all_))
    if letters(op["new"]) in (mine, together):
        return None
    inside = letters(_INSIDE.split(row["instruction"])[-1]) if _INSIDE.search(row["instruction"]) else ""
    return None if inside and inside + letters(op["new"]) == mine else f"new: {mine[:60]!r}"


def _records(values: Sequence[Any]) -> str:
    return "".join(values if isinstance(values, str) else (_record(each) for each in values))


def _record(value: Any) -> str:
    match value:
        case Definition(term=term, text=text):
            return term + text
        case Provision(label=label, heading=heading, text=text):
            return label + (heading or "") + text
    return str(value.label) + str(value.title)


def _same(field: str, theirs: str, mine: str) -> str | None:
    if plain(theirs) == plain(mine):
        return None
    return f"{field}: {theirs[:80]!r} read as {mine[:80]!r}"


def _anchor(op: Row, operation: Any) -> str | None:
    anchor = op["anchor"]
    if not anchor:
        return None
    spot, beside = getattr(operation, "at", None), getattr(getattr(operation, "old", None), "beside", None)
    where = getattr(spot, "where", None) or (beside if isinstance(beside, str) else getattr(beside, "side", None))
    wanted = {"at-end": ("end",), "at-beginning": ("beginning",), "appropriate-place": ("alphabetical", "in_order")}
    if where not in wanted.get(anchor["rel"], (anchor["rel"],)):
        return f"anchor: {anchor['rel']} read as {where}"
    words, ref = getattr(spot, "words", None), getattr(spot, "ref", None)
    if anchor.get("text"):
        mine = (
            words.text if isinstance(words, Quote) else getattr(ref, "term", None) or getattr(beside, "text", "") or ""
        )
        return _same("anchor", anchor["text"], mine)
    if anchor.get("definition"):
        return _same("anchor", anchor["definition"], getattr(ref, "term", None) or getattr(words, "text", "") or "")
    if anchor.get("provision"):
        said = _supported(outside(anchor["provision"]))
        mine_ = flat(ref) if ref is not None else ()
        if not said <= {each.lower() for each in mine_}:
            return f"anchor: {anchor['provision'][:40]!r} read as {'.'.join(mine_)}"
    return None


def _which(op: Row, operation: Any) -> str | None:
    quotes = list(_walk(operation, Quote))
    if op["each"] and not any(isinstance(each.which, Each) for each in quotes):
        return "which: each was lost"
    if op["occurrence"]:
        number = -1 if op["occurrence"] == "last" else ORDINALS.index(op["occurrence"]) + 1
        if not any(isinstance(each.which, Nth) and number in each.which.numbers for each in quotes):
            return f"which: {op['occurrence']} was lost"
    return None


def _path(row: Row, operation: Any) -> str | None:
    """The labels of the row's path, but those that it took from brackets, from titles or from another place's name."""
    said = _supported(" ".join(outside(each) for each in (*row["context"], row["instruction"])))
    path = [str(each) for each in row["target"]["path"] or () if str(each).lower() in said]
    mine = {each.lower() for ref in _walk(operation, *_REFS) for each in flat(ref)}
    if all(label.lower() in mine for label in path):
        return None
    return f"path: {'.'.join(path)} read as {'.'.join(flat(operation.target))}"


def _supported(text: str) -> set[str]:
    """The labels that a sentence cites as the place of its operation."""
    text = _WORDS_BESIDE.sub("", _TITLE.sub("", _BESIDES.sub("", text)))
    found = {each.strip("()").lower() for each in _LABEL.findall(text)}
    for cited in _CITED.findall(text):
        found |= {each.lower() for each in re.findall(r"\w+", cited) if each not in ("and", "or", "to")}
    return {each for each in found if not re.fullmatch(r"(?:19|20)\d\d", each)}


# --- what was read ----------------------------------------------------------------------------------------------------


def flat(ref: Any) -> tuple[str, ...]:
    """The labels of a reference, from the outside in."""
    match ref:
        case DefinitionRef(section=section, path=path, through=through):
            outer = section or ""
        case (
            ProvisionRef(label=outer, path=path, through=through) | DocumentRef(place=outer, path=path, through=through)
        ):
            pass
        case End(path=path) | Beside(path=tuple(path)):
            outer, through = "", None
        case _:
            return (str(getattr(ref, "label", None) or ""),)
    return (*re.findall(r"[A-Za-z0-9.]+", outer), *path, *((through,) if through else ()))


def _walk(value: Any, *kinds: type) -> Iterator[Any]:
    """Every value of these kinds inside a value."""
    if isinstance(value, kinds):
        yield value
    if isinstance(value, tuple | list):
        for each in value:
            yield from _walk(each, *kinds)
    for name in getattr(value, "__struct_fields__", ()):
        yield from _walk(getattr(value, name), *kinds)


# --- what of the sentence was lost ------------------------------------------------------------------------------------

_EACH = re.compile(
    r"\b(?:each|every|both|all)(?: (?:of )?(?:the )?(?:two|three|four|five))?"
    r" (?:places?|occasions?|instances?|times?|cases?|occurrences?)"
    r"|wherever (?:it|they|those|occurr)|both “|in both places"
)
_NTH = re.compile(
    r"\b(?:first|second|third|fourth|fifth|sixth|last|final)"
    r" (?:place|time|occurrence|reference|mention|occasion|instance)"
    r"|where it (?:first|second|last|third)|(?:first|second|third|last|final) “"
)
_ENDS = re.compile(r"\bat the (?:end|beginning|start)\b")
_AS_IF = re.compile(
    r"\bas (?:if|though)\b(?! by)|\bthere were (?:inserted|substituted|omitted)"
    r"|\bwere (?:omitted|substituted|inserted)\b|\b[Ii]n the application of\b|\bas (?:it|they) appl(?:y|ies)\b"
    r"|\b(?:subject to|with) the (?:following )?modifications?\b|^For the purposes of\b",
    re.M,
)
_PARTS = (
    (re.compile(r"\b(?:opening words|words before (?:sub-?)?paragraph)\b"), "opening"),
    (re.compile(r"\b(?:closing words|words (?:after|following) (?:sub-?)?paragraph|full-?out words)\b"), "closing"),
    (re.compile(r"\bin the (?:section |regulation |article |schedule |italic )*(?:heading|title)\b"), "heading"),
)


# "insert— “X” means …; “Y” means …; BLOCK": the row has the block alone.
_INSIDE = re.compile(r"(?:insert|substitute)(?:ed)?(?: the following definitions?)? ?—\s+(?=“)")


_WORK = re.compile(
    r"(?:^|\b(?:of|to|in|In) )(?:[Tt]he )?([A-Z][\w’-]*(?:,? (?:[A-Z][\w’-]*|and|of|the|for|to|etc))*"
    r" (?:Act|Order|Regulations|Measure|Rules) \d{4})"
)


def _works(text: str, leaf: bool) -> list[str]:
    """The instruments that a lead-in or a sentence names; none for a lead-in that is a sentence of its own."""
    bare = _BESIDES.sub("", outside(text))
    verb = re.search(r"\b(?:substitute|insert|omit|is amended)\b", bare)
    if verb and not leaf and verb[0] != "is amended":
        return []
    found = _WORK.findall(bare[: verb.end()] if verb else bare)
    return [re.sub(r"^.*\b(?:In|to|of) (?:the )?(?=[A-Z])", "", each) for each in found]


def _named(work: str, title: str, whole: str) -> bool:
    """Whether a work has the first word and the year of a title, or is named after it by a name without a year."""
    if title.split()[0] in work.split() and title[-4:] in work:
        return True
    return bool(work) and whole.rfind(work) > whole.rfind(title[-4:])


def outside(sentence: str) -> str:
    """A sentence with each quotation as “” and without brackets beside citations or text that is set out in it."""
    sentence = _INSIDE.split(sentence)[0]
    text, depth = "", 0
    for letter in sentence:
        depth -= letter == "”" and depth > 0
        if not depth:
            text += letter
        depth += letter == "“"
    return re.sub(
        r" \((?!(?:\d+[A-Z]{0,4}|[a-z]{1,3}|[ivxl]{1,5}|[A-Z]{1,2}\d*[A-Z]*)\))[^()]*(?:\([^()]*\)[^()]*)*\)", "", text
    )


def quotations(sentence: str) -> tuple[str, ...]:
    """What stands in double quotation marks, the outermost alone, without what stands in brackets beside a citation."""
    result, depth, start = [], 0, 0
    for at, letter in enumerate(sentence):
        if letter == "“":
            depth += 1
            start = at + 1 if depth == 1 else start
        elif letter == "”" and depth:
            depth -= 1
            if not depth:
                before = re.sub(r"“[^“”]*”", "", sentence[: start - 1])
                if before.count("(") <= before.count(")"):
                    result.append(sentence[start:at])
    return tuple(result)


def _lost(row: Row, instructions: Sequence[Instruction]) -> Iterable[str]:
    """What the sentence says and no instruction has."""
    sentence = row["instruction"]
    bare = outside(sentence)
    whole = "\n".join((*(outside(each) for each in row["context"]), bare))
    operations_ = [each.operation for each in instructions]
    said = {plain(each) for each in _walk_text(operations_)}
    said |= {plain(ref.term) + "," for ref in _walk(operations_, DefinitionRef)}
    records = letters("".join(_records(getattr(each, "new", ())) for each in operations_))
    for quotation in quotations(sentence):
        mine = plain(quotation)
        if not any(mine == each or (len(mine) > 8 and mine in each) for each in said) and not (
            len(mine) > 8 and letters(quotation) in records
        ):
            yield f"lost: the quotation {quotation[:60]!r}"
    names = {label.lower() for each in _walk(operations_, *_REFS) for label in flat(each)}
    names |= {getattr(each, "to", "").lower() for each in operations_}
    for label in sorted(_governing(row) - names):
        yield f"lost: the label ({label})"
    if bool(_AS_IF.search(whole)) != all(each.effect == "as_if" for each in instructions):
        yield "effect: " + ("as if was not seen" if _AS_IF.search(whole) else "as if was seen")
    quotes = list(_walk(operations_, Quote))
    if _EACH.search(bare) and not any(isinstance(each.which, Each) for each in quotes):
        yield "lost: each place"
    if _NTH.search(bare) and not any(isinstance(each.which, Nth) for each in quotes):
        yield "lost: which place"
    if _ENDS.search(bare) and not _has_end(operations_):
        yield "lost: at the end or beginning"
    works = [found for each in row["context"] for found in _works(each, leaf=False)] + _works(sentence, leaf=True)
    if works and any(not _named(each.target.work or "", works[-1], whole) for each in operations_):
        yield f"work: {works[-1]} read as {operations_[0].target.work}"
    for pattern, part in _PARTS:
        if pattern.search(bare) and not any(getattr(each.target, "part", None) == part for each in operations_):
            yield f"lost: {part}"


_TOP = re.compile(r"(?i)\b(?<!sub)(?<!sub-)(?:section|regulation|article|rule|schedule)s?(?: \d| [A-Z]+\d|\b)")


def _governing(row: Row) -> set[str]:
    """The labels of the sentence and of the lead-ins over it, from the last unit on that stands by itself."""
    found: set[str] = set()
    for text in reversed((*row["context"], row["instruction"])):
        bare = outside(text)
        leaf = text is row["instruction"]
        # A lead-in that is a whole instruction, or a line from elsewhere, governs nothing.
        if leaf or (re.search(r"[—:]\s*$", text) and not re.search(r"\b(?:substitute|insert|omit)\b", bare)):
            found |= _supported(bare)
            if _TOP.search(bare):
                break
    return found


def _has_end(operations_: Sequence[Any]) -> bool:
    return any(
        getattr(getattr(each, "at", None), "where", None) in ("end", "beginning")
        # "at the end of (c) insert— (d) …" is after (c).
        or (isinstance(each, operations.InsertProvision) and each.at.ref is not None)
        or any(quote.beside is not None for quote in _walk(each, Quote))
        or any(True for _ in _walk(each, Span, End))
        or getattr(each, "conjunction", None) is not None
        for each in operations_
    )


def _walk_text(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _walk_text(each)
    for name in getattr(value, "__struct_fields__", ()):
        yield from _walk_text(getattr(value, name))
