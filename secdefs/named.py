"""Which places a noun phrase names: citations, definitions, entries, parts of a provision, pronouns, instruments."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from secdefs.findings import Refused
from secdefs.model import Part, Sentence
from secdefs.nodes import Node, Script, beyond, ordinal, without_article
from secdefs.scope import THIS_LETTER, Scope, citation, list_of


def places_of(script: Script, node: Node, known: Sequence[Scope]) -> tuple[Scope, ...]:
    """The places that a noun phrase names, several where it lists them."""
    result: list[Scope] = []
    for child in node.all("refs", "chain"):
        read = places_of if child.data == "refs" else _chain
        result += read(script, child, [*known, *result])
    return tuple(result)


def _chain(script: Script, node: Node, known: Sequence[Scope]) -> tuple[Scope, ...]:
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
        scopes = tuple(inner.within(outer) for outer in scopes for inner in _link(script, link, [*known, *scopes]))
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
            return tuple(msgspec.structs.replace(scope.parent(), part=part) for scope in citation(str(tokens[0])))
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
    raise beyond(f"“{script.shown(tokens[0])}”")


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
