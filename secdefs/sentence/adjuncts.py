"""What adjuncts say together: which place is inside which, and the spots, dates and conditions beside them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

import msgspec

from secdefs.findings import Refused
from secdefs.model import DefinitionRef, DocumentRef, Each, ProvisionRef, SectionRef, Which
from secdefs.sentence.named import places_of
from secdefs.sentence.nodes import Node, Script, is_adjunct, which_of
from secdefs.sentence.scope import Scope, bounded, one_list


class Settings(NamedTuple):
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
    carried: bool = False
    """Whether its places are those of the act before it in the sentence."""
    respectively: bool = False
    """Whether it says that lists are to be taken pair by pair."""


def settings_of(script: Script, node: Node, outer: Sequence[Settings] = (), trailing: bool = False) -> Settings:
    """What the adjuncts directly under a node say, read from the outside in."""
    scopes: tuple[Scope, ...] = (Scope(),)
    known = [scope for each in outer for scope in each.scopes]
    result = Settings()
    listed = False
    for child in node.children:
        if not isinstance(child, Node):
            result = result._replace(
                as_if=result.as_if or child.type.startswith("WERE_"),
                sibling=result.sibling or child.type == "SIBLING",
            )
            continue
        match child.data:
            case "place" | "amended" | "refs":
                more = [each for each in child.children if is_adjunct(each)] if child.data == "amended" else []
                if more:
                    inner = settings_of(script, Node("lead", more), outer)
                    result = result._replace(dates=result.dates + inner.dates)
                    if inner.spots or inner.which != "once" or inner.conjunctions:
                        raise Refused("SD101", "it is not clear what is to happen to the provision named", None)
                    scopes = put(scopes, inner.scopes, False, True)
                if child.data == "amended" and not child.all("refs"):
                    continue
                refs = child if child.data == "refs" else child.all("refs")[0]
                named = places_of(script, refs, [*known, *scopes])
                if listed and any(each.term is not None for each in named) and not _after_comma(script, child):
                    # "in section 5 and in section 6 in the definition of “X”": of the last of them, or of each?
                    raise Refused("SD110", "it is not clear in which of the places the definition stands", "say so")
                listed = bool(refs.all("refs"))
                if any(token.type == "THROUGHOUT" for token in child.tokens()):
                    if listed:
                        raise Refused("SD110", "it is not clear of which places “throughout” is said", "say it of each")
                    result = result._replace(which=Each())
                scopes = put(scopes, named, _after_comma(script, child), trailing)
            case "following_places":
                result = result._replace(following=True)
                for refs in child.all("refs"):
                    scopes = put(scopes, places_of(script, refs, [*known, *scopes]), True, trailing)
            case "respectively":
                result = result._replace(respectively=True)
            case "applied":
                for refs in child.all("refs"):
                    named = places_of(script, refs, [*known, *scopes])
                    scopes = put(scopes, named, _after_comma(script, child), trailing)
                result = result._replace(as_if=True)
            case "spot":
                result = result._replace(spots=(*result.spots, child))
            case "which":
                if result.which != "once":
                    raise Refused("SD109", "the sentence says twice which of several places is meant")
                result = result._replace(which=which_of(str(child.children[0])))
            case "conjunction":
                result = result._replace(conjunctions=(*result.conjunctions, child))
            case "commencement":
                result = result._replace(dates=(*result.dates, str(child.children[0])))
    return result._replace(scopes=scopes)


def _after_comma(script: Script, node: Node) -> bool:
    number = node.first
    return number < 1 or "," in script.lexemes[number - 1].after or "," in script.lexemes[number].after


def scopes_of(leads: Sequence[Settings]) -> tuple[Scope, ...]:
    """The places that lead-ins name together, each inside those of the lead-in around it."""
    scopes: tuple[Scope, ...] = (Scope(),)
    for lead in leads:
        bounded(len(scopes) * len(lead.scopes))
        scopes = tuple(inner.within(outer) for outer, inner in product(scopes, lead.scopes))
    return scopes


def put(scopes: tuple[Scope, ...], named: tuple[Scope, ...], comma: bool, trailing: bool) -> tuple[Scope, ...]:
    """Places named after others in one sentence: inside them, unless their rank or the want of a comma says outside."""
    bounded(len(scopes) * len(named))
    result: list[Scope] = []
    for before in scopes:
        if len(scopes) > 1 and before.term is None and all(one_rank(before, each) for each in named):
            # "in (2) and (3) and in the definition of “X” in (4)": only the definition stands in (4).
            result.append(before)
            continue
        for each in named:
            if _is_beside(before, each):
                raise Refused("SD110", "it is not clear whether a place is inside the one before it", "name it in full")
            if _holds_definition(each, before):
                result.append(msgspec.structs.replace(before, units=before.units + each.units))
                continue
            outside = _is_outer(each, before, comma, trailing)
            result.append(before.within(each) if outside else each.within(before))
    return tuple(result)


def _is_beside(before: Scope, named: Scope) -> bool:
    """Whether a place named after another seems to be of its list: "in paragraph (a), in paragraph (b)"."""
    if before.term is not None and named.term is None:
        # "in paragraph (a), in the opening words and in paragraph (b)", of a definition.
        before, named = Scope(units=before.inner), Scope(units=named.units)
    if not one_rank(before, named):
        return False
    last, first = before.units[-1], named.units[0]
    inside = first.labels[0].startswith(last.labels[-1])
    return not inside and last.plain == first.plain and one_list(last.labels[-1], first.labels[0])


def one_rank(one: Scope, other: Scope) -> bool:
    """Whether neither of two places can be inside the other: "paragraph (2)" and "paragraph (4)"."""
    if not one.units or not other.units or other.term is not None:
        return False
    mine, theirs = one.units[0], other.units[0]
    return mine.noun == theirs.noun and mine.labels[0][:1].isdigit() == theirs.labels[0][:1].isdigit()


def _holds_definition(named: Scope, before: Scope) -> bool:
    """Whether a place named after a definition stands around it: "in section 5, in the definition of “X” in (8)".

    Raises Refused SD110 where it seems to be of the list in which the definition is said to stand.
    """
    if before.term is None or not before.units or named.term is not None or not named.units or named.top:
        return False
    last, first = before.units[-1], named.units[0]
    if first.noun != "sub-section" and not first.labels[0][:1].isdigit():
        return False
    if len(last.labels) == 1 and last.plain and not (first.plain and first.noun == last.noun):
        return True
    if first.noun == "sub-section":
        raise Refused("SD110", f"it is not clear where the definition of “{before.term}” stands", "name it in full")
    return False


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


def inner_path(inner: Scope, outer: Scope) -> tuple[str, ...] | None:
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
