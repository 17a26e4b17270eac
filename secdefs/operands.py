"""What an act is done to, with what, and where: the words that are changed, the new ones, the spot, the targets."""

from __future__ import annotations

from typing import Any

import msgspec

from secdefs.adjuncts import Settings, inner_path
from secdefs.findings import Refused
from secdefs.lexer import QUOTE
from secdefs.model import Beside, End, Quote, Span, Spot, Words
from secdefs.named import places_of
from secdefs.nodes import Node, Script, which_of
from secdefs.scope import Scope, citation


def span_of(script: Script, node: Node, scope: Scope) -> tuple[Span, Scope]:
    """A span, and the scope in which it stands: "to the end of paragraph (b)" may name it."""
    for after in node.all("after_words"):
        (cited,) = citation(str(after.tokens()[0]))
        start = inner_path(cited.within(scope), scope)
        if not start:
            raise Refused("SD101", "it is not clear after what the words stand", "name a paragraph, or the words")
        return Span(End(start), None), scope
    edges = [_edge(script, edge) for edge in node.all("edge")]
    for which in node.all("which"):
        edges[0] = msgspec.structs.replace(edges[0], which=which_of(str(which.children[0])))
    if node.all("from_beginning"):
        return Span(None, edges[0] if edges else None), scope
    if len(edges) == 2:
        return Span(edges[0], edges[1]), scope
    refs = node.all("to_end")[0].all("refs")
    if not refs:
        return Span(edges[0], None), scope
    named = places_of(script, refs[0], [scope])
    if len(named) != 1:
        raise Refused("SD101", "the words end in several places", "write a sentence for each")
    if named[0].same(scope):
        return Span(edges[0], None), scope
    inner = named[0].within(scope)
    path = inner_path(inner, scope)
    if path is None or not path:
        return Span(edges[0], None), inner
    return Span(edges[0], End(path)), scope


def _edge(script: Script, node: Node) -> Quote:
    ((text, which),) = script.texts(node)
    return Quote(text, which)


def old_of(script: Script, node: Node, scope: Scope, settings: Settings) -> list[tuple[Words, Scope]]:
    """The words that an act is done to, with the scope that each stands in."""
    for span in node.all("span"):
        words, scope = span_of(script, span, scope)
        if settings.spots:
            raise Refused("SD101", "words from one place to another, and a place beside them", "name one of the two")
        return [(words, scope)]
    beside, scope = _beside(script, settings.spots, scope)
    (words_node,) = node.all("words") if node.data != "words" else [node]
    result: list[tuple[Words, Scope]] = []
    for text, which in script.texts(words_node):
        if which != "once" and settings.which != "once":
            raise Refused("SD109", "the sentence says twice which of several places is meant")
        result.append((Quote(text, which if which != "once" else settings.which, beside), scope))
    return result


def _beside(script: Script, spots: tuple[Node, ...], scope: Scope) -> tuple[Any, Scope]:
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
            named = places_of(script, each, [scope])
            if len(named) != 1:
                raise Refused("SD101", "the end of several places is named", "write a sentence for each")
            scope = named[0].within(scope)
        return ("end" if side == "at_end" else "beginning"), scope
    if refs:
        named = places_of(script, refs[0], [scope])
        if len(named) != 1:
            raise Refused("SD101", "several places are named beside the words", "write a sentence for each")
        inner = named[0].within(scope)
        path = inner_path(inner, scope)
        if not path:
            # "after section 5(2)(a)" names the whole of the place: what holds it is the scope.
            holder = inner.parent()
            path = inner_path(inner, holder)
            scope = holder
        if not path:
            raise Refused("SD101", "it is not clear what the words stand beside", "name a paragraph")
        return Beside(side, None, path), scope
    words = spot.all("words")
    if not words:
        raise Refused("SD101", "it is not clear what the words stand beside", "name words or a paragraph")
    texts = script.texts(words[0])
    if len(texts) != 1 or texts[0][1] != "once":
        raise Refused("SD101", "it is not clear what the words stand beside", "name them once")
    return Beside(side, texts[0][0], None), scope


def new_of(script: Script, node: Node) -> str:
    """The one new text that a sentence quotes. Raises Refused."""
    words = node.all("words") if node.data == "new" else [node]
    texts = script.texts(words[0])
    if len(texts) != 1:
        raise Refused("SD101", "several texts are given where one is needed", "write a sentence for each")
    return texts[0][0]


def spot_of(script: Script, settings: Settings, scope: Scope) -> tuple[Spot, Scope]:
    """Where an insertion goes, and the scope in which that spot is."""
    if not settings.spots and scope.group is not None:
        # An entry bears its label: where nothing more is said, the list's own sequence says where it goes.
        return Spot("in_order"), scope
    if not settings.spots:
        raise Refused(
            "SD101",
            "the sentence does not say where the new text goes",
            "name one place: after what, at the end, or in alphabetical order",
        )
    if len(settings.spots) > 1:
        raise Refused(
            "SD101",
            "the sentence says twice where the new text goes",
            "name one place: after what, or at the end",
        )
    (node,) = settings.spots
    kind = node.children[0]
    conjunction = _but_before(script, settings.conjunctions)
    refs = [*node.all("refs"), *kind.all("refs")]
    if kind.data == "alphabetical":
        in_order = "alphabetical" not in str(kind.children[0]).lower() and scope.group is not None
        return Spot("in_order" if in_order else "alphabetical", conjunction=conjunction), scope
    if kind.data in ("at_end", "at_beginning"):
        if refs:
            named = places_of(script, refs[0], [scope])
            if len(named) != 1:
                raise Refused("SD101", "the ends of several places are named", "write a sentence for each")
            scope = named[0].within(scope)
        return Spot("end" if kind.data == "at_end" else "beginning", conjunction=conjunction), scope
    side = kind.data
    if refs:
        named = places_of(script, refs[0], [scope])
        if len(named) != 1:
            raise Refused("SD101", "several places are named where one is needed", "write a sentence for each")
        if named[0].part == "term" and named[0].term is not None:
            # "after the defined term “X”": words, and not the definition.
            return Spot(side, words=Quote(named[0].term, settings.which)), scope
        inner = named[0].within(scope)
        return Spot(side, ref=inner.ref(), conjunction=conjunction), inner.parent()
    for span in node.all("span"):
        words, scope = span_of(script, span, scope)
        return Spot(side, words=words), scope
    texts = script.texts(node.all("words")[0])
    if len(texts) != 1:
        raise Refused("SD101", "several words are named where one place is needed", "write a sentence for each")
    text, which = texts[0]
    return Spot(side, words=Quote(text, which if which != "once" else settings.which)), scope


def _but_before(script: Script, conjunctions: tuple[Node, ...]) -> str | None:
    for node in conjunctions:
        lexeme = script.lexemes[node.children[0].start_pos]
        if "before" not in lexeme.text.split(QUOTE)[0]:
            raise Refused("SD101", "it is not clear what is to happen to the conjunction", "write a sentence for it")
        return script.quoted(lexeme, lexeme.text.index(QUOTE))
    return None


def targets_of(script: Script, node: Node, scope: Scope) -> list[Scope]:
    """The provisions that an act is done to, in a scope."""
    return [
        inner.within(scope)
        for target in node.all("target")
        for inner in places_of(script, target.all("refs")[0], [scope])
    ]
