"""From a parse tree to operations: each rule is the act of its name, each noun rule the field of its name.

What no rule says by itself is decided here: which place is inside which, which words an anchor belongs to, and whether
what is inserted are words or provisions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any, NamedTuple, TypeAlias, get_args

import msgspec

from secdefs import operations
from secdefs.findings import Refused
from secdefs.labels import first_of_list, follows, values_of
from secdefs.lexer import BLOCK, QUOTE, Lexeme
from secdefs.model import (
    Beside,
    Definition,
    DefinitionRef,
    DocumentRef,
    Each,
    End,
    Entry,
    EntryRef,
    Nth,
    Part,
    Provision,
    ProvisionRef,
    Quote,
    Record,
    Ref,
    SectionRef,
    Sentence,
    Span,
    Spot,
    Which,
    Words,
)
from secdefs.operations import Operation
from secdefs.said import ORDINALS
from secdefs.scope import THIS_LETTER, Scope, citation, one_list


class Node:
    """A rule of the grammar, and what it is made of: nodes, and tokens whose `start_pos` is the number of a lexeme."""

    __slots__ = ("children", "data")

    def __init__(self, data: Any, children: list[Any], meta: Any = None) -> None:
        self.data: str = str(data)
        self.children = children

    def all(self, *names: str) -> list[Node]:
        """Its children of those rules."""
        return [child for child in self.children if isinstance(child, Node) and child.data in names]

    def tokens(self) -> list[Any]:
        """Its own tokens, not those of its children."""
        return [child for child in self.children if not isinstance(child, Node)]

    def first(self) -> int:
        """The number of its first lexeme that was kept."""
        numbers = [child.first() if isinstance(child, Node) else child.start_pos for child in self.children]
        return min((number for number in numbers if number >= 0), default=-1)


class Order(NamedTuple):
    """One operation that a sentence orders, and what the sentence says of when and how."""

    operation: Operation
    as_if: bool
    commencement: tuple[tuple[str, ...], ...]
    """The phrases of commencement, those of the sentence itself first, then of each lead-in from the inside out."""
    first: int
    last: int
    """The numbers of the first and last lexeme of the act."""


ACTS = frozenset((*(act.__struct_config__.tag for act in get_args(Operation)), "narrative"))
"""The names of the rules that are acts: the operations, and what is told and cannot be carried out."""

Quotations: TypeAlias = Callable[[int, int], str]
"""Gives the text of the quotation at an offset of a clause."""


def lower(tree: Node, lexemes: Sequence[Lexeme], quotation: Quotations, block: tuple[str, ...]) -> tuple[Order, ...]:
    """The operations that a sentence orders. Raises Refused: SD101, SD108 or SD110."""
    reading = _Reading(lexemes, quotation, block)
    orders: list[Order] = []
    settings = [reading.settings(lead) for lead in tree.all("lead")]
    reading.siblings = [scope for each in settings if each.sibling for scope in each.scopes]
    settings = [each for each in settings if not each.sibling]
    after = [reading.settings(found, settings) for found in tree.all("following")]
    (body,) = tree.all("body")
    acts = [child for child in body.children if isinstance(child, Node)]
    pending: list[Node] = []
    first = min((number for number, each in enumerate(lexemes) if each.clause == lexemes[-1].clause), default=0)
    before: _Settings | None = None
    for child in acts:
        if child.data not in ACTS:
            pending.append(child)
            continue
        last = _last(child)
        before = reading.leading(pending, settings, before)
        orders += reading.act(child, before, settings, after, first, last)
        pending, first = [], last + 1
    if orders:
        orders[-1] = orders[-1]._replace(last=len(lexemes) - 1)
    return tuple(orders)


def _last(node: Node) -> int:
    numbers = [_last(child) if isinstance(child, Node) else child.start_pos for child in node.children]
    return max(numbers, default=-1)


def beyond(shown: str) -> Refused:
    """The refusal of an act on what this tool does not hold, naming it."""
    return Refused(
        "SD108",
        f"{shown}: tables, forms, other languages and amendments of amendments are outside the scope of this tool",
        "make this change by hand, and set the item aside with a reason",
    )


class _Settings(NamedTuple):
    """What adjuncts say: places, spots, which of several, conjunctions, dates, and whether all is but as if."""

    scopes: tuple[Scope, ...] = (Scope(),)
    spots: tuple[Node, ...] = ()
    which: Which = "once"
    conjunctions: tuple[Node, ...] = ()
    dates: tuple[str, ...] = ()
    as_if: bool = False
    sibling: bool = False
    """Whether it is another instruction's, which governs nothing here."""
    following: bool = False
    """Whether it says that its places are named after the act."""


class _Reading:
    """One sentence being read."""

    def __init__(self, lexemes: Sequence[Lexeme], quotation: Quotations, block: tuple[str, ...]) -> None:
        self.lexemes = lexemes
        self.quotation = quotation
        self.block = block
        self.siblings: list[Scope] = []

    # --- settings -----------------------------------------------------------------------------------------------------

    def settings(self, node: Node, outer: Sequence[_Settings] = (), trailing: bool = False) -> _Settings:
        """What the adjuncts directly under a node say, read from the outside in."""
        scopes: tuple[Scope, ...] = (Scope(),)
        known = [scope for each in outer for scope in each.scopes]
        result = _Settings()
        for child in node.children:
            if not isinstance(child, Node):
                result = result._replace(
                    as_if=result.as_if or child.type.startswith("WERE_"),
                    following=result.following or child.type == "FOLLOWING_PLACES",
                    sibling=result.sibling or child.type == "SIBLING",
                )
                continue
            match child.data:
                case "place" | "amended" | "refs":
                    more = [each for each in child.children if _is_adjunct(each)] if child.data == "amended" else []
                    if more:
                        inner = self.settings(Node("lead", more), outer)
                        result = result._replace(dates=result.dates + inner.dates)
                        if inner.spots or inner.which != "once" or inner.conjunctions:
                            raise Refused("SD101", "it is not clear what is to happen to the provision named", None)
                        scopes = _put(scopes, inner.scopes, False, True)
                    if child.data == "amended" and not child.all("refs"):
                        continue
                    named = self.refs(child if child.data == "refs" else child.all("refs")[0], [*known, *scopes])
                    scopes = _put(scopes, named, self._after_comma(child), trailing)
                case "applied":
                    for refs in child.all("refs"):
                        named = self.refs(refs, [*known, *scopes])
                        scopes = _put(scopes, named, self._after_comma(child), trailing)
                    result = result._replace(as_if=True)
                case "spot":
                    result = result._replace(spots=(*result.spots, child))
                case "which":
                    if result.which != "once":
                        raise Refused("SD109", "the sentence says twice which of several places is meant")
                    result = result._replace(which=_which(str(child.children[0])))
                case "conjunction":
                    result = result._replace(conjunctions=(*result.conjunctions, child))
                case "commencement":
                    result = result._replace(dates=(*result.dates, str(child.children[0])))
        return result._replace(scopes=scopes)

    def _after_comma(self, node: Node) -> bool:
        number = node.first()
        return number < 1 or "," in self.lexemes[number - 1].after or "," in self.lexemes[number].after

    # --- places -------------------------------------------------------------------------------------------------------

    def refs(self, node: Node, known: Sequence[Scope]) -> tuple[Scope, ...]:
        """The places that a noun phrase names, several where it lists them."""
        result: list[Scope] = []
        for child in node.all("refs", "chain"):
            read = self.refs if child.data == "refs" else self._chain
            result += read(child, [*known, *result])
        return tuple(result)

    def _chain(self, node: Node, known: Sequence[Scope]) -> tuple[Scope, ...]:
        links: list[Node] = []
        while True:
            nested = node.all("chain")
            own = [child for child in node.children if isinstance(child, Node) and child.data != "chain"]
            links.insert(0, own[0])
            if not nested:
                break
            node = nested[0]
        # "(b) of (2) of section 5": the last named is the outermost.
        scopes: tuple[Scope, ...] = (Scope(),)
        for link in reversed(links):
            scopes = tuple(inner.within(outer) for outer in scopes for inner in self._link(link, [*known, *scopes]))
        return scopes

    def _link(self, node: Node, known: Sequence[Scope]) -> tuple[Scope, ...]:
        tokens = node.tokens()
        match node.data:
            case "citation":
                return citation(str(tokens[0]))
            case "definition" if tokens[0].type == "ITS_DEFINITION_OF":
                # "the WIC definition of “Gauge”": the code in which it stands.
                work = re.search(r"[A-Z]{3,}", str(tokens[0]))
                return tuple(Scope(term=self._name(token), work=work and work[0]) for token in tokens[1:])
            case "definition":
                return tuple(Scope(term=self._name(token)) for token in tokens)
            case "term":
                return tuple(Scope(term=self._name(token), part="term") for token in tokens)
            case "entry" if tokens[0].type == "CITATION":
                cited = [scope.units[-1] for scope in citation(str(tokens[0]))]
                return tuple(Scope(group=_list_of(unit.noun), entry=unit.labels[0]) for unit in cited)
            case "entry":
                return tuple(Scope(group="", entry=self._name(token)) for token in tokens)
            case "heading":
                return (Scope(part="heading"),)
            case "opening" | "closing":
                part: Part = "opening" if node.data == "opening" else "closing"
                if not tokens:
                    return (Scope(part=part),)
                return tuple(msgspec.structs.replace(scope.parent(), part=part) for scope in citation(str(tokens[0])))
            case "sentence":
                return (Scope(part=Sentence(_ordinal(str(tokens[0])))),)
            case "work":
                # "the Widget Code (WIC)": the abbreviation is no part of its name.
                name = re.sub(r" \([A-Z][A-Z\d&-]+\)$", "", _without_article(str(tokens[0])))
                return (Scope(work=name),)
            case "list":
                return (Scope(group=_group(str(tokens[0]))),)
            case "pronoun":
                return self._antecedent(str(tokens[0]), known)
        raise beyond(f"“{self._shown(tokens[0])}”")

    def _shown(self, token: Any) -> str:
        lexeme = self.lexemes[token.start_pos]
        return re.sub(QUOTE, lambda found: f"“{self._quoted(lexeme, found.start())}”", lexeme.text)

    def _name(self, token: Any) -> str:
        if token.type == "QUOTE":
            return self._quoted(self.lexemes[token.start_pos]).rstrip(",;")
        return _without_article(str(token))

    def _antecedent(self, pronoun: str, known: Sequence[Scope]) -> tuple[Scope, ...]:
        words = pronoun.lower()
        known = [*self.siblings, *known]
        if re.fullmatch(r"th(?:at|ose) (?:act|order|measure|regulations|rules|code|scheme|instrument|licence)", words):
            works = {scope.work for scope in known if scope.work is not None}
            if len(works) == 1:
                return (Scope(work=works.pop()),)
            if words != "that code":
                raise Refused("SD110", f"“{pronoun}”: it is not clear which instrument is meant", "name it")
        if re.fullmatch(r"(?:this|that|the|the said) code", words):
            return (Scope(),)
        if re.search(r"\b(?:direction|letter|notice)$", words):
            return (Scope(work=THIS_LETTER if words.startswith("this ") else words),)
        if "definition" in words:
            with_term = [scope for scope in known if scope.term is not None]
            plural = re.search(r"both|definitions|all|those|either", words)
            terms = {scope.term for scope in with_term}
            if not with_term or (len(terms) > 1) != bool(plural):
                raise Refused("SD110", f"“{pronoun}”: it is not clear which definition is meant", "name its term")
            if plural:
                last = with_term[-1]
                group = [scope for scope in with_term if (scope.units, scope.work) == (last.units, last.work)]
                return tuple(
                    {scope.term: msgspec.structs.replace(scope, inner=(), part="text") for scope in group}.values()
                )
            return (msgspec.structs.replace(with_term[-1], inner=(), part="text"),)
        noun = words.split()[-1].rstrip("s").replace("subsection", "sub-section").replace("subpara", "sub-para")
        for scope in reversed(known):
            units = scope.inner or scope.units
            for number in range(len(units) - 1, -1, -1):
                if units[number].noun == noun and not (scope.inner and noun != units[number].noun):
                    kept = units[: number + 1]
                    return (
                        msgspec.structs.replace(scope, inner=kept, part="text")
                        if scope.inner
                        else Scope(work=scope.work, units=kept),
                    )
        if words == "it" and known and not known[-1].empty:
            return (known[-1],)
        raise Refused("SD110", f"“{pronoun}”: it is not clear which is meant", "name it")

    # --- words --------------------------------------------------------------------------------------------------------

    def _quoted(self, lexeme: Lexeme, offset: int = 0) -> str:
        return self.quotation(lexeme.clause, lexeme.start + offset)

    def texts(self, node: Node) -> tuple[tuple[str, Which], ...]:
        """The words of a `words`, `edge` or `new`, each with what an ordinal before it says."""
        result: list[tuple[str, Which]] = []
        which: Which = "once"
        for token in node.tokens():
            match token.type:
                case "ORDINAL":
                    which = _which(str(token))
                case "QUOTE" if not self._quoted(self.lexemes[token.start_pos]).strip():
                    raise Refused("SD101", "a quotation is empty", "quote the words that are meant")
                case "QUOTE":
                    result.append((self._quoted(self.lexemes[token.start_pos]), which))
                    which = "once"
                case "BARE":
                    result.append((str(token), which))
                    which = "once"
        return tuple(result)

    def _edge(self, node: Node) -> Quote:
        ((text, which),) = self.texts(node)
        return Quote(text, which)

    def span(self, node: Node, scope: Scope) -> tuple[Span, Scope]:
        """A span, and the scope in which it stands: "to the end of paragraph (b)" may name it."""
        for after in node.all("after_words"):
            (cited,) = citation(str(after.tokens()[0]))
            start = _inner_path(cited.within(scope), scope)
            if not start:
                raise Refused("SD101", "it is not clear after what the words stand", "name a paragraph, or the words")
            return Span(End(start), None), scope
        edges = [self._edge(edge) for edge in node.all("edge")]
        for which in node.all("which"):
            edges[0] = msgspec.structs.replace(edges[0], which=_which(str(which.children[0])))
        if node.all("from_beginning"):
            return Span(None, edges[0] if edges else None), scope
        if len(edges) == 2:
            return Span(edges[0], edges[1]), scope
        refs = node.all("to_end")[0].all("refs")
        if not refs:
            return Span(edges[0], None), scope
        named = self.refs(refs[0], [scope])
        if len(named) != 1:
            raise Refused("SD101", "the words end in several places", "write a sentence for each")
        if named[0].same(scope):
            return Span(edges[0], None), scope
        inner = named[0].within(scope)
        path = _inner_path(inner, scope)
        if path is None or not path:
            return Span(edges[0], None), inner
        return Span(edges[0], End(path)), scope

    # --- acts ---------------------------------------------------------------------------------------------------------

    def leading(self, pending: list[Node], leads: Sequence[_Settings], before: _Settings | None) -> _Settings:
        """What stands before an act, with what it shares with the act `before` it in the sentence."""
        outer = tuple(leads) if before is None else (*leads, before)
        own = self.settings(Node("lead", pending), outer)
        if before is None:
            return own
        return own._replace(
            scopes=tuple(dict.fromkeys(inner.after(each) for each in before.scopes for inner in own.scopes)),
            dates=own.dates or before.dates,
            as_if=own.as_if or before.as_if,
        )

    def act(
        self,
        node: Node,
        own: _Settings,
        leads: Sequence[_Settings],
        after: Sequence[_Settings],
        first: int,
        last: int,
    ) -> list[Order]:
        """The orders of one act, with what stands before it, in the lead-ins, and the places that come `after` it."""
        inside = self._inside(node, [*leads, own])
        scopes = tuple(inner.within(each) for each in _scopes(leads) for inner in own.scopes)
        scopes = _put(scopes, inside.scopes, False, True)
        if any(each.following for each in (*leads, own, inside)) and not after:
            raise Refused("SD101", "the places that follow are not named", "name them, each as an item of a list")
        for each in after:
            if each.spots or each.conjunctions or each.which != "once":
                raise Refused("SD101", "more than places is said after the sentence", "say it in the sentence")
            scopes = tuple(inner.within(outer) for outer, inner in product(scopes, each.scopes))
        settings = _Settings(
            scopes=scopes,
            spots=tuple(spot for lead in leads for spot in lead.spots) + own.spots + inside.spots,
            which=inside.which if inside.which != "once" else own.which,
            conjunctions=own.conjunctions + inside.conjunctions,
            as_if=inside.as_if or own.as_if or any(lead.as_if for lead in leads),
        )
        behind = tuple(date for each in after for date in each.dates)
        dates = (behind + own.dates + inside.dates, *(lead.dates for lead in reversed(leads)))
        made: list[Operation] = []
        for scope in settings.scopes:
            made += getattr(self, f"_{node.data}")(node, scope, settings)
        return [Order(each, settings.as_if, dates, first, last) for each in dict.fromkeys(made)]

    def _inside(self, node: Node, outer: Sequence[_Settings]) -> _Settings:
        """The adjuncts inside an act, after its members."""
        found = [self.settings(Node("inside", [c for c in node.children if _is_adjunct(c)]), outer, True)]
        for child in node.all("subject", "target", "new", "block", "appointed"):
            found.append(self.settings(Node("inside", [c for c in child.children if _is_adjunct(c)]), outer, True))
        scopes: tuple[Scope, ...] = (Scope(),)
        result = _Settings()
        for each in found:
            if any(_one_rank(one, other) for one in scopes for other in each.scopes):
                raise Refused("SD110", "two places of one rank are named in one sentence", "write a sentence for each")
            scopes = _put(scopes, each.scopes, False, True)
            if each.which != "once" and result.which != "once":
                raise Refused("SD109", "the sentence says twice which of several places is meant")
            result = _Settings(
                spots=result.spots + each.spots,
                which=each.which if each.which != "once" else result.which,
                conjunctions=result.conjunctions + each.conjunctions,
                dates=result.dates + each.dates,
                as_if=result.as_if or each.as_if,
                following=result.following or each.following,
            )
        return result._replace(scopes=scopes)

    def _old(self, node: Node, scope: Scope, settings: _Settings) -> list[tuple[Words, Scope]]:
        """The words that an act is done to, with the scope that each stands in."""
        for span in node.all("span"):
            words, scope = self.span(span, scope)
            if settings.spots:
                raise Refused(
                    "SD101", "words from one place to another, and a place beside them", "name one of the two"
                )
            return [(words, scope)]
        beside, scope = self._beside(settings.spots, scope)
        (words_node,) = node.all("words") if node.data != "words" else [node]
        result: list[tuple[Words, Scope]] = []
        for text, which in self.texts(words_node):
            if which != "once" and settings.which != "once":
                raise Refused("SD109", "the sentence says twice which of several places is meant")
            result.append((Quote(text, which if which != "once" else settings.which, beside), scope))
        return result

    def _beside(self, spots: tuple[Node, ...], scope: Scope) -> tuple[Any, Scope]:
        if not spots:
            return None, scope
        if len(spots) > 1:
            raise Refused("SD101", "the sentence says twice beside what the words stand", "name one place")
        (spot,) = spots
        side = spot.children[0].data
        if side == "alphabetical":
            raise Refused("SD101", "words that are changed have no alphabetical place", "name the words")
        refs = [*spot.all("refs"), *spot.children[0].all("refs")]
        if side in ("at_end", "at_beginning"):
            for each in refs:
                named = self.refs(each, [scope])
                if len(named) != 1:
                    raise Refused("SD101", "the end of several places is named", "write a sentence for each")
                scope = named[0].within(scope)
            return ("end" if side == "at_end" else "beginning"), scope
        if refs:
            named = self.refs(refs[0], [scope])
            if len(named) != 1:
                raise Refused("SD101", "several places are named beside the words", "write a sentence for each")
            inner = named[0].within(scope)
            path = _inner_path(inner, scope)
            if not path:
                # "after section 5(2)(a)" names the whole of the place: what holds it is the scope.
                holder = inner.parent()
                path = _inner_path(inner, holder)
                scope = holder
            if not path:
                raise Refused("SD101", "it is not clear what the words stand beside", "name a paragraph")
            return Beside(side, None, path), scope
        words = spot.all("words")
        if not words:
            raise Refused("SD101", "it is not clear what the words stand beside", "name words or a paragraph")
        texts = self.texts(words[0])
        if len(texts) != 1 or texts[0][1] != "once":
            raise Refused("SD101", "it is not clear what the words stand beside", "name them once")
        return Beside(side, texts[0][0], None), scope

    def _new(self, node: Node) -> str:
        words = node.all("words") if node.data == "new" else [node]
        texts = self.texts(words[0])
        if len(texts) != 1:
            raise Refused("SD101", "several texts are given where one is needed", "write a sentence for each")
        return texts[0][0]

    def _substitute_words(self, node: Node, scope: Scope, settings: _Settings) -> list[Operation]:
        subjects = node.all("subject", "words")
        new_nodes = node.all("new")
        old = subjects[0]
        if new_nodes:
            new = self._new(new_nodes[0])
        elif node.all("block"):
            new = "\n".join(self.block)
        else:
            new = self._new(subjects[0].all("words")[0])
            old = subjects[1]
        return [
            operations.SubstituteWords(target=inner.ref(), old=words, new=new)
            for place in self._targets(node, scope) or [scope]
            for words, inner in self._old(old, place, settings)
        ]

    def _omit_words(self, node: Node, scope: Scope, settings: _Settings) -> list[Operation]:
        (subject,) = node.all("subject")
        return [
            operations.OmitWords(target=inner.ref(), old=words) for words, inner in self._old(subject, scope, settings)
        ]

    def _insert_words(self, node: Node, scope: Scope, settings: _Settings) -> list[Operation]:
        named = [*node.all("new"), *node.all("subject")]
        words = named[0].all("words")
        if not words:
            raise Refused("SD101", "it is not clear which words are inserted", "quote them")
        new = self._new(words[0])
        spot, scope = self._spot(settings, scope)
        records = self._records((new,), scope, spot) if _DEFINES.match(new) or scope.group is not None else ()
        if records:
            return [self._provision(records, scope, spot)]
        if spot.where in ("alphabetical", "in_order"):
            raise Refused(
                "SD209",
                "the new text does not read as a definition, and words have no alphabetical place",
                "give the term in quotation marks, or say after or before which words the new ones go",
            )
        return [operations.InsertWords(target=scope.ref(), at=spot, new=new)]

    def _spot(self, settings: _Settings, scope: Scope) -> tuple[Spot, Scope]:
        """Where an insertion goes, and the scope in which that spot is."""
        if len(settings.spots) != 1:
            many = "twice" if settings.spots else "not"
            raise Refused(
                "SD101",
                f"the sentence does {many} say where the new text goes"
                if many == "not"
                else "the sentence says twice where the new text goes",
                "name one place: after what, or at the end",
            )
        (node,) = settings.spots
        kind = node.children[0]
        conjunction = self._but_before(settings.conjunctions)
        refs = [*node.all("refs"), *kind.all("refs")]
        if kind.data == "alphabetical":
            in_order = "alphabetical" not in str(kind.children[0]).lower() and scope.group is not None
            return Spot("in_order" if in_order else "alphabetical", conjunction=conjunction), scope
        if kind.data in ("at_end", "at_beginning"):
            if refs:
                named = self.refs(refs[0], [scope])
                if len(named) != 1:
                    raise Refused("SD101", "the ends of several places are named", "write a sentence for each")
                scope = named[0].within(scope)
            return Spot("end" if kind.data == "at_end" else "beginning", conjunction=conjunction), scope
        side = kind.data
        if refs:
            named = self.refs(refs[0], [scope])
            if len(named) != 1:
                raise Refused("SD101", "several places are named where one is needed", "write a sentence for each")
            if named[0].part == "term" and named[0].term is not None:
                # "after the defined term “X”": words, and not the definition.
                return Spot(side, words=Quote(named[0].term, settings.which)), scope
            inner = named[0].within(scope)
            return Spot(side, ref=inner.ref(), conjunction=conjunction), inner.parent()
        for span in node.all("span"):
            words, scope = self.span(span, scope)
            return Spot(side, words=words), scope
        texts = self.texts(node.all("words")[0])
        if len(texts) != 1:
            raise Refused("SD101", "several words are named where one place is needed", "write a sentence for each")
        text, which = texts[0]
        return Spot(side, words=Quote(text, which if which != "once" else settings.which)), scope

    def _but_before(self, conjunctions: tuple[Node, ...]) -> str | None:
        for node in conjunctions:
            lexeme = self.lexemes[node.children[0].start_pos]
            if "before" not in lexeme.text.split(QUOTE)[0]:
                raise Refused(
                    "SD101", "it is not clear what is to happen to the conjunction", "write a sentence for it"
                )
            return self._quoted(lexeme, lexeme.text.index(QUOTE))
        return None

    def _narrative(self, node: Node, scope: Scope, settings: _Settings) -> list[Operation]:
        raise Refused(
            "SD108",
            f"“{self._shown(node.tokens()[0])[:120]}”: this tells what is to be achieved, and not which words change",
            "quote the words that are to change, or set the item aside with a reason",
        )

    # --- provisions ---------------------------------------------------------------------------------------------------

    def _records(self, lines: tuple[str, ...], scope: Scope, spot: Spot | None) -> tuple[Record, ...]:
        """The provisions that a text holds; none where it reads as words."""
        if scope.group is not None:
            return tuple(_entry(line) for line in lines)
        if lines and _DEFINED.match(lines[0]):
            return _definitions(lines)
        return ()

    def _provisions(self, scope: Scope) -> tuple[Record, ...]:
        if not self.block:
            raise Refused("SD101", "the new text is missing", "set it out below the sentence, or quote it")
        if re.match(r"[^“”\"]{1,120}”", self.block[0]):
            raise Refused(
                "SD101",
                f"“{self.block[0][:60]}…”: a quotation mark closes that was not opened: one is missing or too many",
                "put the quotation marks in order",
            )
        return self._records(self.block, scope, None) or _paragraphs(self.block)

    def _provision(self, records: tuple[Record, ...], scope: Scope, spot: Spot) -> Operation:
        return operations.InsertProvision(target=scope.ref(), at=spot, new=records)

    def _insert_provision(self, node: Node, scope: Scope, settings: _Settings) -> list[Operation]:
        if node.all("target") and not settings.spots:
            return self._in_its_order(node, scope)
        spot, scope = self._spot(settings, scope)
        records = self._provisions(scope)
        if spot.words is not None:
            quote = spot.words
            if isinstance(records[0], Definition) and isinstance(quote, Quote) and scope.term is None:
                # "after “X” insert— “Y” means …": the quotation names a definition.
                ref = msgspec.structs.replace(scope, term=quote.text).ref()
                return [self._provision(records, scope, Spot(spot.where, ref=ref))]
            return [operations.InsertWords(target=scope.ref(), at=spot, new="\n".join(self.block))]
        if spot.where == "end" and _goes_on(scope, records):
            # "at the end of paragraph (c) insert— (d) …": after (c), and not inside it.
            return [self._provision(records, scope.parent(), Spot("after", ref=scope.ref()))]
        return [self._provision(records, scope, spot)]

    def _in_its_order(self, node: Node, scope: Scope) -> list[Operation]:
        """ "Add new paragraph (c) to read as follows—": what it is called says where it goes."""
        targets = self._targets(node, scope)
        records = self._provisions(targets[0])
        names = [(getattr(each.ref(), "path", ()) or (getattr(each.ref(), "label", None),))[-1] for each in targets]
        if len(targets) != len(records) or names != [getattr(each, "label", None) for each in records]:
            raise Refused(
                "SD101", "the new text does not bear the number that it is given", "set it out with its number"
            )
        return [self._provision(records, targets[0].parent(), Spot("in_order"))]

    def _targets(self, node: Node, scope: Scope) -> list[Scope]:
        return [
            inner.within(scope) for target in node.all("target") for inner in self.refs(target.all("refs")[0], [scope])
        ]

    def _substitute_provision(self, node: Node, scope: Scope, settings: _Settings) -> list[Operation]:
        if not node.all("target"):
            return self._by_their_terms(node, scope)
        targets = self._targets(node, scope)
        for new in node.all("new", "words"):
            text = self._new(new)
            return [self._reworded(target, text) for target in targets]
        records = self._provisions(targets[0])
        if len(targets) == 1:
            return [operations.SubstituteProvision(target=targets[0].ref(), new=records)]
        if len(targets) == len(records):
            return [
                operations.SubstituteProvision(target=target.ref(), new=(record,))
                for target, record in zip(targets, records, strict=True)
            ]
        if any(each.parent() != targets[0].parent() for each in targets):
            label = getattr(records[0], "label", None)
            if len(records) == 1 and all(getattr(each.ref(), "path", ())[-1:] == (label,) for each in targets):
                return [operations.SubstituteProvision(target=each.ref(), new=records) for each in targets]
            raise Refused("SD101", "one text is given for provisions of several lists", "write a sentence for each")
        first: list[Operation] = [operations.SubstituteProvision(target=targets[0].ref(), new=records)]
        return first + [operations.OmitProvision(target=target.ref()) for target in targets[1:]]

    def _by_their_terms(self, node: Node, scope: Scope) -> list[Operation]:
        """Definitions that are set out, each in the place of the one of its term. Raises Refused."""
        named = [inner.term for refs in node.all("refs") for inner in self.refs(refs, [scope])]
        terms = [record.term for record in self._provisions(scope) if isinstance(record, Definition)]
        if len(terms) != len(self._provisions(scope)) or (named and sorted(map(str, named)) != sorted(terms)):
            raise Refused("SD101", "what is set out is not one definition for each term", "set each out as “…” means …")
        return [
            operations.SubstituteProvision(target=msgspec.structs.replace(scope, term=record.term).ref(), new=(record,))
            for record in self._provisions(scope)
            if isinstance(record, Definition)
        ]

    def _reworded(self, target: Scope, text: str) -> Operation:
        if isinstance(target.ref(), SectionRef):
            raise Refused("SD101", "it is not clear which words are replaced", "quote them, or name the provision")
        if target.part in ("heading", "term"):
            return operations.Rename(target=target.ref(), to=text)
        if target.part != "text":
            return operations.SubstituteWords(target=target.ref(), old=Span(None, None), new=text)
        records = self._records(tuple(text.split("\n")), target, None) or _paragraphs(tuple(text.split("\n")))
        return operations.SubstituteProvision(target=target.ref(), new=records)

    def _omit_provision(self, node: Node, scope: Scope, settings: _Settings) -> list[Operation]:
        targets = self._targets(node, scope)
        conjunction = None
        for each in settings.conjunctions:
            lexeme = self.lexemes[each.children[0].start_pos]
            text = self._quoted(lexeme, lexeme.text.index(QUOTE))
            after = re.search(r"after|following|follows|at (?:the|its) end", lexeme.text) is not None
            conjunction = Quote(text, beside="end" if after else None)
        made: list[Operation] = []
        for number, target in enumerate(targets):
            if target.part in ("opening", "closing") or isinstance(target.part, Sentence):
                made.append(operations.OmitWords(target=target.ref(), old=Span(None, None)))
                continue
            own = conjunction if number == (len(targets) - 1 if conjunction and conjunction.beside else 0) else None
            made.append(operations.OmitProvision(target=target.ref(), conjunction=own))
        return made

    def _rename(self, node: Node, scope: Scope, settings: _Settings) -> list[Operation]:
        targets = self._targets(node, scope)
        for new in node.all("new"):
            to = self._new(new)
            if not targets:
                names = self.texts(node.all("subject")[0].all("words")[0])
                targets = [msgspec.structs.replace(scope, term=name) for name, _ in names]
            if len(targets) != 1:
                raise Refused("SD101", "several are renamed at once", "write a sentence for each")
            target = targets[0] if targets[0].part != "term" else targets[0].whole
            return [operations.Rename(target=target.ref(), to=to)]
        for label in node.tokens():
            if label.type == "AS_LABEL" and len(targets) == 1 and getattr(targets[0].ref(), "path", ()):
                return [operations.Rename(target=targets[0].ref(), to=str(label).rpartition("(")[2].rstrip(")"))]
        named = self.refs(node.all("refs")[0], [scope]) if node.all("refs") else ()
        if len(named) != len(targets):
            raise Refused("SD101", "the old numbers and the new are not equally many", "write a sentence for each")
        made: list[Operation] = []
        for target, new_scope in zip(targets, named, strict=True):
            ref = new_scope.within(target.parent()).ref()
            if _level(ref) != _level(target.ref()):
                raise Refused("SD101", "the old number and the new are not of one level", "say where the text goes")
            label = getattr(ref, "path", ())[-1:] or (getattr(ref, "label", "") or "",)
            made.append(operations.Rename(target=target.ref(), to=label[0]))
        return made

    # --- documents ----------------------------------------------------------------------------------------------------

    def _document(self, node: Node, within: Scope) -> tuple[tuple[DocumentRef, ...], list[str], tuple[str, ...]]:
        """The places, the titles and the annexes that a sentence gives a document, or several of them.

        The code into which it is, or was, incorporated is its place's.
        """
        (target,) = node.all("target")
        adjuncts = [child for child in target.children if isinstance(child, Node)]
        for each in node.all("appointed"):
            adjuncts += [child for child in each.children if isinstance(child, Node) and _is_adjunct(child)]
        adjuncts += [child for child in node.children if isinstance(child, Node)]
        annexes: tuple[str, ...] = ()
        named: tuple[DocumentRef, ...] = ()
        titles = self._works(target.all("refs")[0])
        places = [
            refs for child in adjuncts if child.data in ("formerly", "appointed") for refs in child.all("refs")[-1:]
        ]
        owner = within.work
        for child in adjuncts:
            if child.data == "formerly" and len(child.all("refs")) == 2:
                owner = next(iter(self._works(child.all("refs")[0])), owner)
        for refs in (*places, target.all("refs")[0]):
            found = [(scope, scope.units[-1]) for scope in self.refs(refs, ()) if scope.units]
            named = (
                tuple(
                    DocumentRef(
                        place=f"{unit.noun.capitalize()} {unit.labels[0]}",
                        through=unit.through,
                        work=self._owner(scope, titles) or owner,
                    )
                    for scope, unit in found
                    if unit.noun in ("appendix", "schedule")
                )
                or named
            )
        for child in adjuncts:
            if child.data == "form":
                annexes = self._annexes(child.all("refs")[0])
        return named, titles, annexes

    def _works(self, refs: Node) -> list[str]:
        inner = [work for nested in refs.all("refs") for work in self._works(nested)]
        own = [_without_article(str(link.tokens()[0])) for chain in refs.all("chain") for link in chain.all("work")]
        return inner + own

    def _owner(self, scope: Scope, titles: list[str]) -> str | None:
        return scope.work if scope.work not in titles else None

    def _annexes(self, refs: Node) -> tuple[str, ...]:
        scopes = self.refs(refs, ())
        if not all(scope.units for scope in scopes) or any(scope.units[-1].through for scope in scopes):
            raise Refused("SD106", "the form is not that of an annex", "name the annex")
        labels = [(scope.units[-1].labels[0], scope.work or scopes[-1].work) for scope in scopes]
        return tuple(f"{label} of {work}" if work and work != THIS_LETTER else label for label, work in labels)

    def _documents(self, node: Node, scope: Scope) -> list[tuple[DocumentRef, str | None, str | None]]:
        """Each document that a sentence designates: its place, its title and its annex. Raises Refused."""
        places, titles, annexes = self._document(node, scope)
        if len(places) == 1 and places[0].through is None and len(annexes) <= 1:
            return [(places[0], titles[-1] if titles else None, annexes[0] if annexes else None)]
        if not places:
            return []
        named = _titles(titles, len(places))
        if named is None or len(annexes) != len(places) or any(place.through for place in places):
            raise Refused(
                "SD101",
                "several documents are named, and not as many places and annexes",
                "write a sentence for each, or name the documents, their places and their annexes in one order",
            )
        return list(zip(places, named, annexes, strict=True))

    def _incorporate_document(self, node: Node, scope: Scope, settings: _Settings) -> list[Operation]:
        documents = self._documents(node, scope)
        if not documents or any(title is None for _, title, _ in documents):
            raise Refused("SD101", "a document is designated without its name or its place", "say “as Appendix …”")
        return [
            operations.IncorporateDocument(target=place, title=title or "", annex=annex)
            for place, title, annex in documents
        ]

    def _reincorporate_document(self, node: Node, scope: Scope, settings: _Settings) -> list[Operation]:
        documents = self._documents(node, scope)
        if not documents:
            raise Refused("SD101", "a document is re-designated without its place", "say “as Appendix …”")
        return [
            operations.ReincorporateDocument(target=place, title=title, annex=annex)
            for place, title, annex in documents
        ]

    def _revoke_document(self, node: Node, scope: Scope, settings: _Settings) -> list[Operation]:
        places, titles, _ = self._document(node, scope)
        if not places and titles:
            raise Refused(
                "SD101", f"“{titles[-1]}” ceases to have effect without its place", "say “incorporated as Appendix …”"
            )
        if not places:
            return self._omit_provision(node, scope, settings)
        return [operations.RevokeDocument(target=place) for place in places]


def _titles(titles: list[str], count: int) -> list[str] | None:
    """The names of so many documents: one name that joins them is divided, if it can be only so."""
    if len(titles) == count:
        return titles
    for joint in (r",? and the |, the ", r",? and (?:the )?|, (?:the )?"):
        parts = [part for title in titles for part in re.split(joint, title)]
        if len(parts) == count:
            return parts
    return None


def _goes_on(scope: Scope, records: Sequence[Record]) -> bool:
    """Whether provisions continue the list of which the place named is a member. Raises Refused SD209."""
    ref = scope.ref()
    path = getattr(ref, "path", ())
    names = [record.label for record in records if isinstance(record, Provision) and record.label]
    if not path or not names:
        return False
    old, new = values_of(f"({getattr(ref, 'through', None) or path[-1]})")[1], values_of(f"({names[0]})")[1]
    after = values_of(f"({names[1]})")[1] if len(names) > 1 else []
    later = [value for value in new if any(follows(before, value) == 2 for before in old)]
    first = [value for value in new if first_of_list(value)]
    if not later or not first:
        return bool(later)
    inside, beside = (any(follows(one, then) == 2 for one in given for then in after) for given in (first, later))
    if inside == beside:
        raise Refused(
            "SD209",
            f"({names[0]}) may begin a list inside ({path[-1]}) or come after it",
            f"say “after paragraph ({path[-1]})”, or set the list out with its opening words",
        )
    return beside


def _level(ref: Ref) -> tuple[str, int]:
    """What a reference names, and how deep in it."""
    return type(ref).__name__, len(getattr(ref, "path", ()))


_ADJUNCTS = frozenset("place applied spot which conjunction commencement form formerly appointed".split())


def _is_adjunct(child: Any) -> bool:
    if isinstance(child, Node):
        return child.data in _ADJUNCTS
    return bool(child.type == "FOLLOWING_PLACES" or child.type.startswith("WERE_"))


def _scopes(leads: Sequence[_Settings]) -> tuple[Scope, ...]:
    scopes: tuple[Scope, ...] = (Scope(),)
    for lead in leads:
        scopes = tuple(inner.within(outer) for outer, inner in product(scopes, lead.scopes))
    return scopes


def _put(scopes: tuple[Scope, ...], named: tuple[Scope, ...], comma: bool, trailing: bool) -> tuple[Scope, ...]:
    """Places named after others in one sentence: inside them, unless their rank or the want of a comma says outside."""
    result: list[Scope] = []
    for before in scopes:
        if len(scopes) > 1 and before.term is None and all(_one_rank(before, each) for each in named):
            # "in (2) and (3) and in the definition of “X” in (4)": only the definition stands in (4).
            result.append(before)
            continue
        for each in named:
            if before.term is None and _is_beside(before, each):
                raise Refused("SD110", "it is not clear whether a place is inside the one before it", "name it in full")
            outside = _is_outer(each, before, comma, trailing)
            result.append(before.within(each) if outside else each.within(before))
    return tuple(result)


def _is_beside(before: Scope, named: Scope) -> bool:
    """Whether a place named after another seems to be of its list: "in paragraph (a), in paragraph (b)"."""
    if not _one_rank(before, named):
        return False
    last, first = before.units[-1], named.units[0]
    inside = first.labels[0].startswith(last.labels[-1])
    return not inside and last.plain == first.plain and one_list(last.labels[-1], first.labels[0])


def _one_rank(one: Scope, other: Scope) -> bool:
    """Whether neither of two places can be inside the other: "paragraph (2)" and "paragraph (4)"."""
    if not one.units or not other.units or other.term is not None:
        return False
    mine, theirs = one.units[0], other.units[0]
    return mine.noun == theirs.noun and mine.labels[0][:1].isdigit() == theirs.labels[0][:1].isdigit()


def _is_outer(named: Scope, before: Scope, comma: bool, trailing: bool) -> bool:
    """Whether a place named later holds the one named before it ("in the definition of “X” in Section A")."""
    if before.empty or named.empty:
        return False
    if before.entry is not None and named.entry is None and named.group is not None:
        return True
    if (named.top or named.work) and not (before.top or before.work) and named.term is None:
        return True
    if named.term is not None and before.term is None and not before.top:
        return before.lettered and (trailing or not comma)
    if before.term is not None and not before.units and named.term is None and named.units:
        # A definition's own paragraphs have letters; a numbered place holds it.
        return bool(named.units[0].noun == "sub-section" or named.units[0].labels[0][:1].isdigit())
    return before.part != "text" and named.part == "text" and before.units == () and before.term is None


def _inner_path(inner: Scope, outer: Scope) -> tuple[str, ...] | None:
    """The labels by which one place is inside another, or None where it is not."""
    mine, holder = inner.ref(), outer.ref()
    path: tuple[str, ...] = getattr(mine, "path", ())
    above: tuple[str, ...] = getattr(holder, "path", ())
    if path[: len(above)] != above:
        return None
    match mine, holder:
        case (DefinitionRef(term=one), DefinitionRef(term=two)) if one == two:
            return path[len(above) :]
        case (ProvisionRef(label=one), ProvisionRef(label=two)) if one == two:
            return path[len(above) :]
        case (ProvisionRef(label=one), SectionRef(label=two)) if one in ("", two):
            return path
        case (DocumentRef(place=one), DocumentRef(place=two)) if one == two:
            return path[len(above) :]
    return None


# --- words that stand for a value -------------------------------------------------------------------------------------

_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "both": 2}


def _ordinal(words: str) -> int:
    return next((number + 1 for number, word in enumerate(ORDINALS) if word in words.lower()), -1)


def _which(words: str) -> Which:
    plain = words.lower()
    numbers = [
        -1 if word in ("last", "lastly", "final", "closing") else ORDINALS.index(word.removesuffix("ly")) + 1
        for word in re.findall(rf"\b(?:{'|'.join(ORDINALS)}|secondly|last|lastly|final|closing)\b", plain)
    ]
    if numbers:
        return Nth(tuple(numbers))
    count = next((_NUMBERS[word] for word in re.findall(r"\b(?:two|three|four|five|both)\b", plain)), None)
    return Each(count)


def _without_article(name: str) -> str:
    return re.sub(r"^(?:the|The) ", "", name).strip()


def _list_of(noun: str) -> str:
    """The contents list of the provisions that a noun names: "Appendices" for "appendix"."""
    return "Appendices" if noun == "appendix" else f"{noun.capitalize()}s"


def _group(words: str) -> str | None:
    found = re.search(r"list of ([A-Z]\w+)$", words)
    return found.group(1) if found else ""


# --- texts that are provisions ----------------------------------------------------------------------------------------

_DEFINED = re.compile(
    r"(?:[“\"](?P<term>[^“”\"]{1,200})[”\"]|‘(?P<single>[^‘]{1,200}?)’(?= (?:means|has|have|includes?|shall)\b))"
    r"(?P<text>.*)",
    re.S,
)
_DEFINES = re.compile(
    r"[“\"][^“”\"]{1,200}[”\"](?:,? (?:and|or) [“\"][^“”\"]{1,200}[”\"])*(?: \([^()]*\))?(?:, [^,]{1,200},)? ?"
    r"(?:[—:].*\b(?:means|has|have|includes)\b|(?:means?|has|have|includes?|do(?:es)? not include"
    r"|(?:is|are|shall be) (?:to be )?(?:read|construed|interpreted)|shall (?:mean|have|include)|in relation to"
    r"|for the purposes?)\b)"
)
_LABELLED = re.compile(
    r"(?P<indent> *)(?:\((?P<inside>\w{1,6}(?:\.\w+)*)\)|(?P<stop>[A-Z]{0,2}\d+[A-Z]*(?:\.\d+)*[A-Z]?)\.?)(?: |$)"
    r"(?P<text>.*)"
)
_ENTRY = re.compile(r"[“\"]?(?:[A-Z][a-z]+ )?(?P<label>[A-Z]{1,3}|\d+)[:.–—-]? +[–—-]? ?(?P<title>[^”\"]+)[”\"]?")


def _definitions(lines: tuple[str, ...]) -> tuple[Record, ...]:
    result: list[tuple[str, list[str]]] = []
    for line in lines:
        found = None if line.startswith(" ") else _DEFINED.fullmatch(line)
        if found is not None:
            result.append((found["term"] or found["single"], [found["text"].strip()]))
        else:
            result[-1][1].append(line)
    return tuple(Definition(term=term, text="\n".join(text)) for term, text in result)


def _entry(line: str) -> Record:
    found = _ENTRY.fullmatch(line.strip())
    if found is None:
        raise Refused("SD101", f"“{line[:80]}” does not read as an entry", "write its label and its title")
    return Entry(label=found["label"], title=found["title"].strip())


def _paragraphs(lines: tuple[str, ...]) -> tuple[Record, ...]:
    result: list[tuple[str, list[str]]] = []
    least = min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=0)
    for line in lines:
        line = line[least:]
        found = _LABELLED.fullmatch(line)
        if found is not None and not found["indent"]:
            result.append((found["inside"] or found["stop"], [found["text"].strip()]))
        elif result:
            result[-1][1].append(line)
        else:
            result.append(("", [line]))
    return tuple(Provision(label=label, text="\n".join(text)) for label, text in result)


__all__ = ["BLOCK", "EntryRef", "Node", "Order", "lower"]
