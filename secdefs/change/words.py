"""Which place of a text an instruction's words mean: how many are meant, next to what, from where to where."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import TypeAlias

from secdefs.change.ends import Close, bare_conjunction, last
from secdefs.change.matching import Place, excerpt, listed, occurrences
from secdefs.change.nearest import nearest, whereabouts
from secdefs.change.text import Paragraph, cited, lines, paragraph, paragraphs
from secdefs.findings import Refused
from secdefs.model import Beside, Each, End, Nth, Outside, Quote, Side, Span, Which, Words


def places(text: str, words: Words, within: Place, new: str = "") -> tuple[Place, ...]:
    """Where the words of an instruction stand in a range of a text, in order; never none.

    `new` is what is to stand there ("" for nothing): a span "to the end" takes in the closing mark only where `new`
    brings its own, or where the whole place goes.
    Raises Refused: SD201 (not there), SD202 (more or fewer than meant), SD203 and SD209 (no such paragraph, or two).
    """
    match words:
        case Quote():
            return _chosen(text, words, _narrowed(text, words, within), within)
        case Span(start=start, end=end):
            return (_span(text, start, end, within, new),)


# --- which of them ----------------------------------------------------------------------------------------------------

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def _chosen(text: str, quote: Quote, found: tuple[Place, ...], within: Place, after: str = "") -> tuple[Place, ...]:
    if not found:
        raise _absent(text, quote, within)
    which: Which = quote.which
    count = f"{len(found)} times" if len(found) > 1 else "once"

    def there() -> str:
        return f"“{quote.text}” occurs {count}{after}{_said(quote)}: {listed(text, found)}"

    match which:
        case "once":
            if len(found) > 1:
                raise Refused("SD202", there(), "quote more of the words around it, or say “in each place”")
            return found
        case Each(count=meant):
            if meant is not None and meant != len(found):
                raise Refused("SD202", f"{there()}, and not {meant} times", "say “in each place”, or name the places")
            return _apart(found, there)
        case Nth(numbers=numbers):
            chosen = []
            for number in numbers:
                index = number - 1 if number > 0 else len(found) + number
                if number == 0 or not 0 <= index < len(found):
                    name = _ORDINALS[number - 1] if 0 < number <= len(_ORDINALS) else f"number {number}"
                    raise Refused("SD201", f"there is no {name} “{quote.text}”: it occurs {count}", listed(text, found))
                chosen.append(found[index])
            return _apart(tuple(sorted(set(chosen))), there)


def _apart(found: tuple[Place, ...], there: Callable[[], str]) -> tuple[Place, ...]:
    if any(one[1] > two[0] for one, two in pairwise(found)):
        raise Refused("SD202", f"{there()}; the places overlap", "quote more of the words around it")
    return found


def _said(quote: Quote) -> str:
    match quote.beside:
        case "beginning" | "end":
            return f" at the {quote.beside}"
        case Beside(side=side, text=str() as anchor, until=until):
            return f" {side} “{anchor}”" + (f" and before “{until}”" if until else "")
        case Beside(side=side, path=path):
            return f" {side} {cited(path or ())}"
    return ""


# --- next to what -----------------------------------------------------------------------------------------------------

_BETWEEN = re.compile(r"[\s,;:.]*[\"'”’)\]]*[\s,;:.]*")
_NO_WORDS = re.compile(r"[^\w\s]+")


def _narrowed(text: str, quote: Quote, within: Place) -> tuple[Place, ...]:
    found = occurrences(text, quote.text, within)
    match quote.beside:
        case None:
            return found
        case "beginning":
            return tuple(place for place in found if place[0] in (first_offset(text, within), body(text, within)))
        case "end":
            return tuple(place for place in found if _next(text, place[1], within[1]))
        case Beside(side=side, text=str() as anchor):
            anchors = occurrences(text, anchor, within)
            if not anchors:
                raise _absent(text, Quote(anchor), within)
            found = tuple(place for place in found if any(_adjacent(text, place, one, side) for one in anchors))
            if quote.beside.until is not None:
                behind = occurrences(text, quote.beside.until, within)
                found = tuple(place for place in found if any(_adjacent(text, place, one, "before") for one in behind))
            return found
        case Beside(side=side, path=path):
            return _beside_paragraph(text, quote.text, within, path or (), side)


def _next(text: str, start: int, end: int) -> bool:
    return start <= end and _BETWEEN.fullmatch(text, start, end) is not None


def _adjacent(text: str, place: Place, anchor: Place, side: Side) -> bool:
    return _next(text, anchor[1], place[0]) if side == "after" else _next(text, place[1], anchor[0])


def _beside_paragraph(text: str, words: str, within: Place, path: tuple[str, ...], side: Side) -> tuple[Place, ...]:
    # A conjunction or a mark "after paragraph (b)" is what (b) ends with, as the printed page shows it; other words
    # after (b) are those that follow it. Before (c) stands whatever ends right before it.
    item = within_paragraph(text, path, within)
    found = occurrences(text, words, (0, len(text)))
    if side == "before":
        return tuple(place for place in found if _next(text, place[1], item.start))
    following = tuple(place for place in found if _next(text, item.end, place[0]))
    if bare_conjunction(words) or _NO_WORDS.fullmatch(words.strip()):
        close = Close(text, (item.start, item.end))
        final = tuple(place for place in found if item.start <= place[0] and close.mark[0] <= place[0] < item.end)
        alone = {(row.content, row.end) for row in lines(text)}
        return final or tuple(place for place in following if place in alone)
    return following


def within_paragraph(text: str, path: tuple[str, ...], within: Place) -> Paragraph:
    """The paragraph that a path means for one who stands in a range: its own, else one of those around it.

    "to the end of paragraph (b)", said of paragraph (10)(b), is (10)(b) itself. Raises Refused: SD203 or SD209.
    """
    around = [one for one in paragraphs(text) if one.start <= within[0] and within[1] <= one.end]
    known = {one.path for one in paragraphs(text)}
    for one in reversed(around):
        if (*one.path, *path) in known:
            return paragraph(text, (*one.path, *path))
    return paragraph(text, (*around[-1].path, *path) if around else path)


def first_offset(text: str, within: Place) -> int:
    """Where the first character of a range stands that is no white space."""
    inside = text[within[0] : within[1]]
    return within[0] + len(inside) - len(inside.lstrip())


def body(text: str, within: Place) -> int:
    """Where the words of a range begin: after the label of the paragraph with which it begins."""
    start = first_offset(text, within)
    for row in lines(text):
        if row.content == start and row.label is not None:
            return min(row.body, within[1])
    return start


# --- from and to ------------------------------------------------------------------------------------------------------


_Edge: TypeAlias = Quote | End | Outside | None


def _span(text: str, start: _Edge, end: _Edge, within: Place, new: str) -> Place:
    low, after = _from(text, start, within)
    match end:
        case None if start is None and not new:
            high = within[0] + len(text[within[0] : within[1]].rstrip())  # all of it, its closing mark too
        case None:
            high = last(text, within, new)
        case Quote():
            high = _to(text, start, end, (after, within[1]))[1]
        case Outside(quote=quote):
            high = after + len(text[after : _to(text, start, quote, (after, within[1]))[0]].rstrip())
        case End(path=path):
            item = _end(text, path, within)
            high = last(text, (max(item.start, within[0]), item.end), new)
    if not after <= high <= within[1]:
        if isinstance(start, Outside):
            raise Refused("SD201", f"no words stand after “{start.quote.text}”", "check the quotation")
        raise Refused("SD201", "the words “from” and “to” stand in the wrong order", "check the two quotations")
    if low == high:
        raise Refused("SD201", "no words stand in the place that is named", "check the quotations")
    return low, high


def _from(text: str, start: _Edge, within: Place) -> Place:
    """Where a span begins, and from where its end is looked for."""
    match start:
        case None:
            low = after = body(text, within)
        case Quote():
            low, after = _one(text, start, within)
        case Outside(quote=quote):
            low = after = first_offset(text, (_one(text, quote, within)[1], within[1]))
        case End(path=path):
            low = after = first_offset(text, (_end(text, path, within).end, within[1]))
    return low, after


def _to(text: str, start: _Edge, end: Quote, within: Place) -> Place:
    """The words to which a span goes. Raises Refused where it is not clear which are meant."""
    first = start.quote if isinstance(start, Outside) else start
    said = f" after “{first.text}”" if isinstance(first, Quote) else ""
    found = _narrowed(text, end, within)
    if said and not found:
        raise _absent(text, end, within, said)
    chosen = _chosen(text, end, found, within, said)
    if len(chosen) > 1:
        there = f"“{end.text}” occurs {len(chosen)} times{said}: {listed(text, chosen)}"
        raise Refused("SD202", there, "quote more of the words at the end")
    return chosen[0]


def _one(text: str, quote: Quote, within: Place) -> Place:
    found = places(text, quote, within)
    if len(found) > 1:
        raise Refused("SD202", f"“{quote.text}” occurs {len(found)} times: {listed(text, found)}", "name one place")
    return found[0]


def _end(text: str, path: tuple[str, ...], within: Place) -> Paragraph:
    item = within_paragraph(text, path, within)
    if not within[0] <= item.end <= within[1]:
        raise Refused("SD203", f"paragraph {cited(path)} does not end within the place named", "check the place")
    return item


def _absent(text: str, quote: Quote, within: Place, after: str = "") -> Refused:
    words = quote.text
    plain = occurrences(text, words, within)
    if quote.beside is not None and plain:
        return Refused("SD201", f"“{words}” does not stand{_said(quote)}", f"it stands in {listed(text, plain)}")
    message = f"“{words}” does not occur{after}{_said(quote)}"
    elsewhere = occurrences(text, words, (0, len(text)))
    if elsewhere:
        where = whereabouts(text, elsewhere[0])
        return Refused("SD201", f"{message} in the place named", f"it stands {where}: “{excerpt(text, elsewhere[0])}”")
    near = nearest(text, words, within)
    return Refused("SD201", message, near or "check the quotation against the text")
