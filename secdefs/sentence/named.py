"""Which places a noun phrase names: citations, definitions, entries, parts of a provision, pronouns, instruments."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from secdefs.findings import Refused
from secdefs.model import Part, Sentence
from secdefs.sentence.nodes import Node, Script, beyond, exception, ordinal, without_article
from secdefs.sentence.scope import THIS_LETTER, Scope, bounded, citation, list_of

_DEEPEST = 50
"""How many places may stand one in another, in words: no instrument has a tenth of that."""


def places_of(script: Script, node: Node, known: Sequence[Scope]) -> tuple[Scope, ...]:
    """The places that a noun phrase names, several where it lists them. Raises Refused SD110."""
    # A list is a tree that leans to the left, as deep as the list is long.
    lists = [node]
    while nested := lists[-1].all("refs"):
        lists += nested
    before: tuple[Scope, ...] = ()
    for each in reversed(lists):
        (chain,) = each.all("chain")
        before = _listed(script, chain, before, known)
    return before


def _listed(script: Script, chain: Node, before: tuple[Scope, ...], known: Sequence[Scope]) -> tuple[Scope, ...]:
    """The places of a list with one member more."""
    links = _links(chain)
    named = _within_each_other(script, links, [*known, *before])
    if before and (len(links) > 1 or any(scope.work for scope in named)):
        holders = _within_each_other(script, links[1:], [*known, *before]) if len(links) > 1 else ()
        before = tuple(_shared(script, chain, each, named, holders) for each in before)
    return (*before, *named)


def _shared(script: Script, chain: Node, before: Scope, named: tuple[Scope, ...], holders: tuple[Scope, ...]) -> Scope:
    """A place of a list, inside what the last of the list is said to be inside, where it can only be so.

    "section 5 and section 6 of the Widget Act" are both of that Act, "paragraph (a) and paragraph (b) of the definition
    of “Gauge”" both of that definition. Raises Refused SD110 where it is not clear.
    """
    last = named[-1]
    bare = before.part in ("opening", "closing", "heading") and before.whole.empty
    alike = before.lettered and last.lettered_inside and before.term is None
    if len(holders) == 1 and (bare or alike) and before.work is None:
        if not bare and _after_comma(script, chain):
            raise Refused("SD110", "it is not clear whether two places stand in one provision", "name it with each")
        return before.within(holders[0])
    if last.work is not None and before.work is None:
        if _after_comma(script, chain):
            raise Refused("SD110", f"it is not clear whether two places stand in the {last.work}", "name it with each")
        return msgspec.structs.replace(before, work=last.work)
    return before


def _after_comma(script: Script, chain: Node) -> bool:
    """Whether a comma stands before the "and" that joins a place to the one before it."""
    number = chain.first
    while number > 0 and script.lexemes[number].type != "_AND":
        number -= 1
    return "," in script.lexemes[number].after


def _links(chain: Node) -> list[Node]:
    """The members of "(b) of (2) of section 5", the innermost first."""
    links: list[Node] = []
    while True:
        nested = chain.all("chain")
        own = [child for child in chain.children if isinstance(child, Node) and child.data != "chain"]
        links.append(own[0])
        if not nested:
            break
        chain = nested[0]
    if len(links) > _DEEPEST:
        raise Refused("SD101", f"a place is named here through {len(links):,} others, one in another", "name it once")
    return links[::-1]


def _within_each_other(script: Script, links: Sequence[Node], known: Sequence[Scope]) -> tuple[Scope, ...]:
    scopes: tuple[Scope, ...] = (Scope(),)
    for link in reversed(links):
        named = _link(script, link, [*known, *scopes])
        bounded(len(scopes) * len(named))
        scopes = tuple(inner.within(outer) for outer in scopes for inner in named)
    return scopes


def _link(script: Script, node: Node, known: Sequence[Scope]) -> tuple[Scope, ...]:
    tokens = node.tokens()
    match node.data:
        case "citation":
            return citation(str(tokens[0]))
        case "definition" if tokens[0].type == "ITS_DEFINITION_OF":
            # "the WIC definition of “Gauge”": the code in which it stands.
            work = re.search(r"[A-Z]{3,}", str(tokens[0]))
            return tuple(Scope(term=script.name(token), work=work and work[0]) for token in tokens[1:])
        case "definition":
            return tuple(Scope(term=script.name(token)) for token in tokens)
        case "term":
            return tuple(Scope(term=script.name(token), part="term") for token in tokens)
        case "entry" if tokens[0].type == "CITATION":
            cited = [scope.units[-1] for scope in citation(str(tokens[0]))]
            return tuple(Scope(group=list_of(unit.noun), entry=unit.labels[0]) for unit in cited)
        case "entry":
            return tuple(Scope(group="", entry=script.name(token)) for token in tokens)
        case "heading":
            return (Scope(part="heading"),)
        case "opening" | "closing":
            part: Part = "opening" if node.data == "opening" else "closing"
            if not tokens:
                return (Scope(part=part),)
            return tuple(_beside(scope, part) for scope in citation(str(tokens[0])))
        case "body_text":
            return (Scope(),)
        case "sentence":
            return (Scope(part=Sentence(ordinal(str(tokens[0])))),)
        case "work":
            # "the Widget Code (WIC)": the abbreviation is no part of its name.
            name = re.sub(r" \([A-Z][A-Z\d&-]+\)$", "", without_article(str(tokens[0])))
            return (Scope(work=name),)
        case "list":
            return (_list(str(tokens[0])),)
        case "pronoun":
            return _antecedent(script, str(tokens[0]), known)
    if tokens[0].type == "EXCEPTION":
        raise exception(f"“{script.shown(tokens[0])}”")
    raise beyond(f"“{script.shown(tokens[0])}”")


def _beside(cited: Scope, part: Part) -> Scope:
    """The words of a provision that stand before or after a paragraph of it, or a range of them."""
    (unit,) = cited.units
    label = unit.through if part == "closing" and unit.through is not None else unit.labels[-1]
    return msgspec.structs.replace(cited.parent(), part=part, beside=label)


def _antecedent(script: Script, pronoun: str, known: Sequence[Scope]) -> tuple[Scope, ...]:
    words = pronoun.lower()
    known = [*script.siblings, *known]
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


def _list(words: str) -> Scope:
    """The contents, or one list of them, of the code that is named before ("the Widget Code contents")."""
    found = re.search(r"list of ([A-Z]\w+)$", words)
    name = re.match(r"(?:[Tt]he )?(?P<work>[A-Z][^\uE000]*?) (?:[Tt]able|[Ll]ist|[Cc]ontents)\b", words)
    work = name["work"] if name and name["work"] not in ("Its", "The", "List", "Table") else None
    return Scope(group=found[1] if found else "", work=work)
