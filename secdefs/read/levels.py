"""The levels of flat text: how the sequence of the labels tells which paragraph stands under which."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

# The closed list of labels: (a) (aa) (A1) (1) (1A) (i) a) i) 1. 1A. • –
_LABEL = re.compile(r"(?:\(([A-Za-z0-9]{1,6})\)|([A-Za-z0-9]{1,6})\)|([0-9]{1,3}[A-Z]?)\.|([•–]))(?=\s|$)")
_ROMAN = re.compile(r"(?=.)(x{0,3})(ix|iv|v?i{0,3})")
_SLIP = 10
"""The cost from which a reading supposes a slip in the text (a label left out, a list that starts late)."""

LONGEST = 2000
"""More flat lines than any provision has: a longer text is left as it is, for trees of it would take too long."""


class _Item(NamedTuple):
    """The last label of an open list: its shape "()", ")", "." or "•", its numerals, its number.

    A number is (2,) for b, (2, 1) for an inserted ba, (0, 1) for what is inserted before a.
    """

    shape: str
    numerals: str
    number: tuple[int, ...]


class _Reading(NamedTuple):
    """A tree that fits the lines so far: how strained it is, the level of each line, whether another fits as well."""

    cost: int
    levels: tuple[int, ...]
    tied: bool


_Lists = tuple[_Item, ...]  # the open lists, the outermost first


def indented(text: str) -> tuple[str, bool]:
    """The text with two leading spaces a level where its labels tell levels, and whether two trees fit.

    Only flat text is touched: with any indented line, or without labels, it comes back as it was. (h)(i)(j) is told
    from (i)(ii)(iii) by what follows. A line without a label after a list closes the whole ("in each case …") where
    nothing speaks against it; it may be a further paragraph of the last item where it begins with a capital.
    Where several trees fit equally the outermost is written.
    """
    lines = text.split("\n")
    if len(lines) < 2 or any(line[:1].isspace() for line in lines) or not any(_items(line) for line in lines[1:]):
        return text, False
    if len(lines) > LONGEST:
        return text, True
    base = 0 if any(_items(lines[0])) else 1  # of the outermost list: under the opening words, or in their place
    readings: dict[_Lists, _Reading] = {(): _Reading(0, (), False)}
    for line in lines:
        following: dict[_Lists, _Reading] = {}
        for lists, reading in readings.items():
            for cost, after in _steps(lists, line):
                level = max(0, base + len(after) - 1) if line else 0
                step = _Reading(reading.cost + cost, (*reading.levels, level), reading.tied)
                following[after] = _better(following.get(after), step)
        # A reading far behind the best cannot win; dropping it keeps hostile text from growing trees without end.
        best = min(reading.cost for reading in following.values())
        kept = sorted(following.items(), key=lambda pair: pair[1].cost)[:32]
        readings = {lists: reading for lists, reading in kept if reading.cost <= best + 2 * _SLIP}
    cost = min(reading.cost for reading in readings.values())
    fitting = sorted((reading for reading in readings.values() if reading.cost == cost), key=lambda fit: fit.levels)
    levels = fitting[0].levels
    ambiguous = cost >= _SLIP or any(fit.tied or fit.levels != levels for fit in fitting)
    return "\n".join("  " * level + line for level, line in zip(levels, lines, strict=True)), ambiguous


def continues(last: str, label: str) -> bool:
    """Whether a label comes next after another of its list: (b) after (a), (ba) after (b); a bullet after a bullet."""
    return any(
        (one.shape, one.numerals) == (other.shape, other.numerals) and _follows(one.number, other.number) in (0, 1)
        for one in _items(last)
        for other in _items(label)
    )


def begins(label: str) -> bool:
    """Whether a label may be the first of its list: (a), (i), 1., a bullet."""
    return any(_follows((0,), item.number) == 0 for item in _items(label))


def _better(one: _Reading | None, other: _Reading) -> _Reading:
    if one is None or other.cost < one.cost:
        return other
    if one.cost < other.cost or one.levels == other.levels:
        return one
    return _Reading(one.cost, min(one.levels, other.levels), True)


def _steps(lists: _Lists, line: str) -> Iterator[tuple[int, _Lists]]:
    """What a line can be after these open lists: what it costs to think so, and the lists open after it."""
    items = tuple(_items(line))
    if not line:
        yield 0, lists
    elif not items:
        # A small letter goes on with a sentence that the list interrupted, so it is no new paragraph of the last item.
        tails = len(lists) if lists and line[0].islower() else len(lists) + 1
        for depth in range(tails):
            yield 0, lists[:depth]
    found = False
    for item in items:
        for depth, last in enumerate(lists):
            if (last.shape, last.numerals) == (item.shape, item.numerals):
                cost = _follows(last.number, item.number)
                if cost is not None:
                    found = True
                    yield cost, (*lists[:depth], item)
        if len(lists) < 8:
            cost = _follows((0,), item.number)
            again = any((last.shape, last.numerals) == (item.shape, item.numerals) for last in lists)
            if cost is not None and not (again and item.shape == "•"):
                found = True
                yield cost + (_SLIP if cost or again else 0), (*lists, item)
    if items and not found:
        yield 3 * _SLIP, lists[:1]


def _follows(last: tuple[int, ...], number: tuple[int, ...]) -> int | None:
    """How strained it is that a number comes next after the last of its list; None where it cannot."""
    if number == (last[0] + 1,):
        return 0
    if number in ((last[0], 1), (last[0], last[-1] + 1)) and number > last:
        return 1
    if number == (0,):  # a bullet has no number
        return 0
    if len(number) == 1 and number > last:
        return _SLIP
    return None


def _items(line: str) -> Iterator[_Item]:
    """What the label of a line can be: "(i)" is the letter and the roman numeral; nothing where there is no label."""
    if (match := _LABEL.match(line)) is None:
        return
    bracketed, half, stop, bullet = match.groups()
    if bullet:
        yield _Item("•", bullet, (0,))
        return
    label = bracketed or half or stop
    shape = "()" if bracketed else ")" if half else "."
    case = "upper" if label.isupper() else "lower"
    small = label.lower()
    if number := re.fullmatch(r"([A-Z]?)([0-9]{1,3})([A-Z]?)", label):
        before, digits, after = number.groups()
        if before:  # (A1) comes before (1)
            yield _Item(shape, "digits", (0, int(digits)))
        else:
            yield _Item(shape, "digits", (int(digits), ord(after) - 64) if after else (int(digits),))
        return
    if not label.isalpha() or (case == "lower" and label != small):
        return
    if len(label) == 1:
        yield _Item(shape, case, (ord(small) - 96,))
    elif len(label) == 2:
        first, second = (ord(letter) - 96 for letter in small)
        if first == second:  # (aa) comes after (z), or is inserted after (a)
            yield _Item(shape, case, (26 + first,))
        # (za) comes before (a); (ba) is inserted after (b)
        yield _Item(shape, case, (0, second) if small[0] == "z" else (first, second))
    if roman := _ROMAN.fullmatch(small):
        units = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
        yield _Item(shape, case + " roman", (10 * len(roman[1]) + units.index(roman[2]),))
