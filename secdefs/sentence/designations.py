"""What a sentence that designates, re-designates or withdraws documents makes of their names, places and annexes."""

from __future__ import annotations

import re

from secdefs.change import operations
from secdefs.change.operations import Operation
from secdefs.findings import Refused
from secdefs.model import DocumentRef
from secdefs.sentence.acts import omit_provision
from secdefs.sentence.adjuncts import Settings
from secdefs.sentence.named import places_of
from secdefs.sentence.nodes import Node, Script, is_adjunct, without_article
from secdefs.sentence.scope import THIS_LETTER, Scope


def incorporate_document(script: Script, node: Node, scope: Scope, settings: Settings) -> list[Operation]:
    """Each document at its place, under its title. Raises Refused."""
    documents = _documents(script, node, scope)
    if not documents or any(title is None for _, title, _ in documents):
        raise Refused("SD101", "a document is designated without its name or its place", "say “as Appendix …”")
    return [
        operations.IncorporateDocument(target=place, title=title or "", annex=annex)
        for place, title, annex in documents
    ]


def reincorporate_document(script: Script, node: Node, scope: Scope, settings: Settings) -> list[Operation]:
    """Each document at its place, in the form of its annex. Raises Refused."""
    documents = _documents(script, node, scope)
    if not documents:
        raise Refused("SD101", "a document is re-designated without its place", "say “as Appendix …”")
    return [
        operations.ReincorporateDocument(target=place, title=title, annex=annex) for place, title, annex in documents
    ]


def revoke_document(script: Script, node: Node, scope: Scope, settings: Settings) -> list[Operation]:
    """Documents at their places cease, or what is no document is omitted. Raises Refused."""
    places, titles, _ = _document(script, node, scope)
    if not places and titles:
        raise Refused(
            "SD101", f"“{titles[-1]}” ceases to have effect without its place", "say “incorporated as Appendix …”"
        )
    if not places:
        return omit_provision(script, node, scope, settings)
    return [operations.RevokeDocument(target=place) for place in places]


def _documents(script: Script, node: Node, scope: Scope) -> list[tuple[DocumentRef, str | None, str | None]]:
    """Each document that a sentence designates: its place, its title and its annex. Raises Refused."""
    places, titles, annexes = _document(script, node, scope)
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


def _document(script: Script, node: Node, within: Scope) -> tuple[tuple[DocumentRef, ...], list[str], tuple[str, ...]]:
    """The places, the titles and the annexes that a sentence gives a document, or several of them.

    The code into which it is, or was, incorporated is its place's.
    """
    (target,) = node.all("target")
    adjuncts = [child for child in target.children if isinstance(child, Node)]
    for each in node.all("appointed"):
        adjuncts += [child for child in each.children if isinstance(child, Node) and is_adjunct(child)]
    adjuncts += [child for child in node.children if isinstance(child, Node)]
    annexes: tuple[str, ...] = ()
    named: tuple[DocumentRef, ...] = ()
    titles = _titled(target.all("refs")[0]) or _titles_beside(script, target.all("refs")[0])
    places = [refs for child in adjuncts if child.data in ("formerly", "appointed") for refs in child.all("refs")[-1:]]
    owner = within.work
    for refs in node.all("refs"):
        owner = next(iter(_works(refs)), owner)
    for child in adjuncts:
        if child.data == "formerly" and len(child.all("refs")) == 2:
            owner = next(iter(_works(child.all("refs")[0])), owner)
    for refs in (*places, target.all("refs")[0]):
        found = [(scope, scope.units[-1]) for scope in places_of(script, refs, ()) if scope.units]
        named = (
            tuple(
                DocumentRef(
                    place=f"{unit.noun.capitalize()} {unit.labels[0]}",
                    through=unit.through,
                    work=_owner(scope, titles) or owner,
                )
                for scope, unit in found
                if unit.noun in ("appendix", "schedule")
            )
            or named
        )
    for child in adjuncts:
        if child.data == "form":
            beside = [str(token) for token in child.tokens()]
            annexes = tuple(map(_in_brackets, beside)) or _annexes(script, child.all("refs")[0])
    return named, titles, annexes


def _in_brackets(words: str) -> str:
    """The label of the annex that stands beside a document: "(Annex B)"."""
    return words[words.index("Annex ") + 6 :].split(" ")[0].rstrip(")")


def _works(refs: Node) -> list[str]:
    inner = [work for nested in refs.all("refs") for work in _works(nested)]
    own = [without_article(str(link.tokens()[0])) for chain in refs.all("chain") for link in chain.all("work")]
    return inner + own


def _titled(refs: Node) -> list[str]:
    """The names of documents: what a place is a place of ("Appendix B of the Code") is none."""
    inner = [title for nested in refs.all("refs") for title in _titled(nested)]
    own = [chain for chain in refs.all("chain") if not chain.all("chain")]
    return inner + [without_article(str(link.tokens()[0])) for chain in own for link in chain.all("work")]


def _titles_beside(script: Script, refs: Node) -> list[str]:
    """The name that stands in brackets after the place of a document: "Appendix B (Key Policy)"."""
    result = [title for nested in refs.all("refs") for title in _titles_beside(script, nested)]
    for chain in refs.all("chain"):
        for link in chain.all("citation"):
            beside = script.lexemes[link.first + 1 : link.first + 2]
            result += [each.text[1:-1] for each in beside if each.type == "_ASIDE" and each.text[1:2].isupper()]
    return result


def _owner(scope: Scope, titles: list[str]) -> str | None:
    return scope.work if scope.work not in titles else None


def _annexes(script: Script, refs: Node) -> tuple[str, ...]:
    scopes = places_of(script, refs, ())
    if not all(scope.units for scope in scopes) or any(scope.units[-1].through for scope in scopes):
        raise Refused("SD106", "the form is not that of an annex", "name the annex")
    labels = [(scope.units[-1].labels[0], scope.work or scopes[-1].work) for scope in scopes]
    return tuple(f"{label} of {work}" if work and work != THIS_LETTER else label for label, work in labels)


def _titles(titles: list[str], count: int) -> list[str] | None:
    """The names of so many documents: one name that joins them is divided, if it can be only so."""
    if len(titles) == count:
        return titles
    for joint in (r",? and the |, the ", r",? and (?:the )?|, (?:the )?"):
        parts = [part for title in titles for part in re.split(joint, title)]
        if len(parts) == count:
            return parts
    return None
