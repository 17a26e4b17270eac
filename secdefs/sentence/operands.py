"""What an act is done to, with what, and where: the words that are changed, the new ones, the spot, the targets."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from secdefs.change.ends import bare_conjunction
from secdefs.findings import Refused
from secdefs.model import Beside, End, Nth, Outside, Quote, Side, Span, Spot, Words
from secdefs.sentence.adjuncts import Settings, inner_path
from secdefs.sentence.lexer import QUOTE
from secdefs.sentence.named import places_of
from secdefs.sentence.nodes import Node, Script, which_of
from secdefs.sentence.pairing import has_own_which
from secdefs.sentence.scope import Scope, citation


def span_of(script: Script, node: Node, scope: Scope) -> tuple[Span, Scope]:
    """A span, and the scope in which it stands: "to the end of paragraph (b)" may name it."""
    for after in node.all("after_words"):
        (cited,) = citation(str(after.tokens()[0]))
        behind = inner_path(cited.within(scope), scope)
        if not behind:
            raise Refused("SD101", "it is not clear after what the words stand", "name a paragraph, or the words")
        return Span(End(behind), None), scope
    if outside := node.all("outside_after", "outside_before", "outside_between"):
        return _outside(script, node, outside[0].data), scope
    edges = [_edge(script, edge) for edge in node.all("edge")]
    for which in node.all("which"):
        edges[0] = msgspec.structs.replace(edges[0], which=which_of(str(which.children[0])))
    start = None if node.all("from_beginning") else edges.pop(0)
    if edges:
        return Span(start, edges[0]), scope
    refs = [refs for end in node.all("to_end") for refs in end.all("refs")]
    if not refs:
        return Span(start, None), scope
    named = places_of(script, refs[0], [scope])
    if len(named) != 1:
        raise Refused("SD101", "the words end in several places", "write a sentence for each")
    if named[0].same(scope):
        return Span(start, None), scope
    inner = named[0].within(scope)
    path = inner_path(inner, scope)
    if path is None or not path:
        return Span(start, None), inner
    return Span(start, End(path)), scope


def _outside(script: Script, node: Node, which: str) -> Span:
    """The words after, before or between words that stay."""
    edges = [Outside(_edge(script, edge)) for edge in node.all("edge")]
    return Span(None, edges[0]) if which == "outside_before" else Span(edges[0], edges[1] if edges[1:] else None)


def _edge(script: Script, node: Node) -> Quote:
    ((text, which),) = script.texts(node)
    return Quote(text, which)


def old_of(script: Script, node: Node, scope: Scope, settings: Settings) -> list[tuple[Words, Scope]]:
    """The words that an act is done to, with the scope that each stands in."""
    for span in node.all("span"):
        words, scope = span_of(script, span, scope)
        match words, settings.which:
            case Span(start=Quote(which=Nth()), end=Quote(which="once") as end), Nth() as last:
                # "from “A”, where it first occurs, to “B”, where it second occurs".
                words = Span(words.start, msgspec.structs.replace(end, which=last))
            case Span(start=None, end=Quote(which="once") as end), Nth() as first:
                # "from the beginning to “A”, where it first occurs": no other count could be meant.
                words = Span(None, msgspec.structs.replace(end, which=first))
            case Span(start=Outside(quote=Quote(which="once") as quote), end=None), Nth() as only:
                words = Span(Outside(msgspec.structs.replace(quote, which=only)), None)
            case Span(start=None, end=Outside(quote=Quote(which="once") as quote)), Nth() as only:
                words = Span(None, Outside(msgspec.structs.replace(quote, which=only)))
        if settings.spots:
            raise Refused("SD101", "words from one place to another, and a place beside them", "name one of the two")
        return [(words, scope)]
    beside, scope = _beside(script, settings, scope)
    (words_node,) = node.all("words") if node.data != "words" else [node]
    texts = script.texts(words_node)
    result: list[tuple[Words, Scope]] = []
    for number, (text, which) in enumerate(texts, 1):
        # Where one of a list says for itself which place it means, what is said last is of the last alone.
        general = "once" if has_own_which(words_node) and number < len(texts) else settings.which
        if which != "once" and general != "once":
            raise Refused("SD109", "the sentence says twice which of several places is meant")
        result.append((Quote(text, which if which != "once" else general, beside), scope))
    return result


def _beside(script: Script, settings: Settings, scope: Scope) -> tuple[Any, Scope]:
    spots = settings.spots
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
            scope = seen_from(named[0], scope, settings)
        return ("end" if side == "at_end" else "beginning"), scope
    if refs:
        named = places_of(script, refs[0], [scope])
        if len(named) != 1:
            raise Refused("SD101", "several places are named beside the words", "write a sentence for each")
        inner = seen_from(named[0], scope, settings)
        path = inner_path(inner, scope)
        if named[0].term is not None and not inner.inner and inner.part == "text" and scope.term is None:
            # "the “and” after the definition of “A”" is what that ends with.
            return ("end", inner) if side == "after" else (Beside(side, term=inner.term), inner.parent())
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
    if words[1:]:
        return Beside(side, texts[0][0], None, until=_only(script, words[1])), scope
    return Beside(side, texts[0][0], None), scope


def _only(script: Script, node: Node) -> str:
    """The one quotation beside which something stands. Raises Refused."""
    texts = script.texts(node)
    if len(texts) != 1 or texts[0][1] != "once":
        raise Refused("SD101", "it is not clear what the words stand beside", "name them once")
    return texts[0][0]


def new_of(script: Script, node: Node) -> str:
    """The one new text that a sentence quotes. Raises Refused."""
    words = node.all("words") if node.data == "new" else [node]
    texts = script.texts(words[0])
    if len(texts) != 1:
        raise Refused("SD101", "several texts are given where one is needed", "write a sentence for each")
    return texts[0][0]


def spots_of(script: Script, settings: Settings, scope: Scope) -> list[tuple[Spot, Scope]]:
    """Where an insertion goes, and the scope in which that spot is; several where it goes beside each of several."""
    if not settings.spots and scope.group is not None:
        # An entry bears its label: where nothing more is said, the list's own sequence says where it goes.
        return [(Spot("in_order"), scope)]
    (node,), conjunction = _one_spot(script, settings)
    kind = node.children[0]
    refs = [*node.all("refs"), *kind.all("refs")]
    if kind.data == "alphabetical":
        in_order = "alphabetical" not in str(kind.children[0]).lower() and scope.group is not None
        return [(Spot("in_order" if in_order else "alphabetical", conjunction=conjunction), scope)]
    if kind.data in ("at_end", "at_beginning"):
        where: Literal["end", "beginning"] = "end" if kind.data == "at_end" else "beginning"
        named = places_of(script, refs[0], [scope]) if refs else (Scope(),)
        return [(Spot(where, conjunction=conjunction), seen_from(each, scope, settings)) for each in named]
    side = kind.data
    if refs:
        return [_beside_place(side, each, scope, settings, conjunction) for each in places_of(script, refs[0], [scope])]
    for span in node.all("span"):
        words, scope = span_of(script, span, scope)
        return [(Spot(side, words=words), scope)]
    between = node.all("words")[1:]
    if between:
        if settings.which != "once":
            raise Refused("SD109", "the sentence says twice which of several places is meant")
        first, last = (_only(script, each) for each in node.all("words"))
        return [(Spot(side, words=Quote(first, beside=Beside("before", last))), scope)]
    return [
        (Spot(side, words=Quote(text, which if which != "once" else settings.which)), scope)
        for text, which in script.texts(node.all("words")[0])
    ]


def _one_spot(script: Script, settings: Settings) -> tuple[tuple[Node, ...], str | None]:
    """The one spot of a sentence, and the conjunction that stays behind what goes there. Raises Refused."""
    conjunction = _but_before(script, settings.conjunctions)
    spots = settings.spots
    if len(spots) == 2 and conjunction is None and spots[0].children[0].data == "at_end":
        # "at the end of paragraph (a), before the “and”".
        words = [text for node in spots[1].all("words") for text, which in script.texts(node) if which == "once"]
        if spots[1].children[0].data == "before" and len(words) == 1 and bare_conjunction(words[0]):
            return spots[:1], words[0]
    if not spots:
        hint = "name one place: after what, at the end, or in alphabetical order"
        raise Refused("SD101", "the sentence does not say where the new text goes", hint)
    if len(spots) > 1:
        raise Refused("SD101", "the sentence says twice where the new text goes", "name one place")
    return spots, conjunction


def _beside_place(
    side: Side, named: Scope, scope: Scope, settings: Settings, conjunction: str | None
) -> tuple[Spot, Scope]:
    if named.part == "term" and named.term is not None:
        # "after the defined term “X”": words, and not the definition.
        return Spot(side, words=Quote(named.term, settings.which)), scope
    inner = seen_from(named, scope, settings)
    return Spot(side, ref=inner.ref(), conjunction=conjunction), inner.parent()


def seen_from(named: Scope, scope: Scope, settings: Settings) -> Scope:
    """A place as an act names it: inside the scope, or in its list where the act before it named that one."""
    if settings.carried and named.units and not named.top and named.term is None:
        return named.after(scope)
    return named.within(scope)


def _but_before(script: Script, conjunctions: tuple[Node, ...]) -> str | None:
    for node in conjunctions:
        lexeme = script.lexemes[node.children[0].start_pos]
        if "before" not in lexeme.text.split(QUOTE)[0]:
            raise Refused("SD101", "it is not clear what is to happen to the conjunction", "write a sentence for it")
        return script.quoted(lexeme, lexeme.text.index(QUOTE))
    return None


def targets_of(script: Script, node: Node, scope: Scope, settings: Settings) -> list[Scope]:
    """The provisions that an act is done to, in a scope."""
    return [
        seen_from(inner, scope, settings)
        for target in node.all("target")
        for inner in places_of(script, target.all("refs")[0], [scope])
    ]
