"""The labels that Word computes: which list a paragraph is an item of, and which number that makes."""

from __future__ import annotations

import re
from typing import NamedTuple

from lxml import etree

from secdefs.read.package import MC, W
from secdefs.read.styles import Styles

LEVELS = 9


class Item(NamedTuple):
    """That a paragraph is an item of the list `num` (its w:numId) at a level, from 0.

    `series` is the abstract list: the items of all lists of one series are counted together.
    """

    num: str
    level: int
    series: str


class Label(NamedTuple):
    """A computed label as it is read, "(b)" or "•"; the separator after it ("tab", "space", "nothing").

    `known` is false where the numbers are of a kind that is not read here; they stand as figures then.
    """

    text: str
    after: str
    known: bool


class _Level(NamedTuple):
    start: int
    form: str
    text: str
    after: str
    restart: int | None
    legal: bool
    element: etree._Element


class Numbering:
    """The lists of a document, from its part word/numbering.xml (None where absent)."""

    def __init__(self, numbering: etree._Element | None, styles: Styles) -> None:
        self._styles = styles
        self._levels: dict[str, dict[int, _Level]] = {}
        self._series: dict[str, str] = {}
        self._starts: dict[str, dict[int, int]] = {}
        self._linked: dict[tuple[str, str], int] = {}
        if numbering is None:
            return
        abstract = {each.get(f"{W}abstractNumId", ""): each for each in numbering.findall(f"{W}abstractNum")}
        by_style = {_val(each.find(f"{W}styleLink")): key for key, each in abstract.items()}
        for num in numbering.findall(f"{W}num"):
            key, series = num.get(f"{W}numId", ""), _val(num.find(f"{W}abstractNumId"))
            seen: set[str | None] = set()
            while series in abstract and series not in seen:
                # A list may be defined by a style for lists, which names the list that has the levels.
                seen.add(series)
                link = _val(abstract[series].find(f"{W}numStyleLink"))
                if link is None or link not in by_style:
                    break
                series = by_style[link]
            if series not in abstract:
                continue
            assert series is not None
            levels = dict(map(_level, abstract[series].findall(f"{W}lvl")))
            starts = {}
            for override in num.findall(f"{W}lvlOverride"):
                number = _number(override.get(f"{W}ilvl"))
                whole = override.find(f"{W}lvl")
                if whole is not None:
                    number, levels[number] = _level(whole)
                start = override.find(f"{W}startOverride")
                if start is not None:
                    starts[number] = _number(start.get(f"{W}val"))
                elif whole is not None:
                    starts[number] = levels[number].start
            self._series[key], self._levels[key], self._starts[key] = series, levels, starts
            for number, level in levels.items():
                linked = _val(level.element.find(f"{W}pStyle"))
                if linked is not None:
                    self._linked.setdefault((key, linked), number)

    def item(self, paragraph: etree._Element) -> Item | None:
        """The list that a paragraph is an item of, said by itself or by its style."""
        num: str | None = None
        level: int | None = None
        for said, style in self._styles.said(paragraph, "numPr"):
            ident, depth = _val(said.find(f"{W}numId")), said.find(f"{W}ilvl")
            if level is None and style is None and depth is not None:
                level = _number(depth.get(f"{W}val"))
            if num is None and ident is not None:
                num = ident
                if level is None and style is not None:
                    # A style's level is the one that its list has for it, whatever the style itself says.
                    level = self._linked.get((num, style.get(f"{W}styleId", "")))
                if level is None and depth is not None:
                    level = _number(depth.get(f"{W}val"))
        if num is None or num not in self._series or not 0 <= (level or 0) < LEVELS:
            return None
        return Item(num, level or 0, self._series[num])

    def indent(self, item: Item | None) -> etree._Element | None:
        """How far a list indents its items of that level (w:ind); None where it does not say."""
        level = self._levels[item.num].get(item.level) if item is not None else None
        return level.element.find(f"{W}pPr/{W}ind") if level is not None else None

    def level(self, item: Item) -> _Level | None:
        """What the list says of an item's level."""
        return self._levels[item.num].get(item.level)

    def starts(self, num: str, level: int) -> int | None:
        """At which number a list that is counted with others begins anew; None where it goes on."""
        return self._starts[num].get(level)


class Counter:
    """Counts through a document's paragraphs, in their order, and says the label of each."""

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()

    def label(self, paragraph: etree._Element) -> Label | None:
        """The label of the next paragraph; None for one that is no item of a list, or shows no label."""
        item = self._numbering.item(paragraph)
        return self.count(item) if item is not None else None

    def count(self, item: Item) -> Label | None:
        """The label of the next item."""
        level = self._numbering.level(item)
        if level is None:
            return None
        counts = self._counts.setdefault(item.series, {})
        start = self._numbering.starts(item.num, item.level)
        if start is not None and (item.num, item.level) not in self._begun:
            counts[item.level] = start
        elif item.level in counts:
            counts[item.level] += 1
        else:
            counts[item.level] = self._start(item, item.level)
        self._begun.add((item.num, item.level))
        for above in range(item.level):
            counts.setdefault(above, self._start(item, above))
        for below in [each for each in counts if each > item.level]:
            deeper = self._numbering.level(item._replace(level=below))
            after = deeper.restart if deeper is not None else None
            if after is None or (after != 0 and item.level < after):
                del counts[below]
        return _label(level, counts, self._numbering, item)

    def _start(self, item: Item, level: int) -> int:
        found = self._numbering.level(item._replace(level=level))
        start = self._numbering.starts(item.num, level)
        return start if start is not None else found.start if found is not None else 1

    def state(self) -> tuple[dict[str, dict[int, int]], set[tuple[str, int]]]:
        """Where the counting stands, for `restore`."""
        return {key: dict(counts) for key, counts in self._counts.items()}, set(self._begun)

    def restore(self, state: tuple[dict[str, dict[int, int]], set[tuple[str, int]]]) -> None:
        """Go back to where the counting stood."""
        self._counts, self._begun = state


def _label(level: _Level, counts: dict[int, int], numbering: Numbering, item: Item) -> Label | None:
    if level.form == "bullet":
        sign = level.text[:1]
        # What a symbol font shows for its characters only that font knows; each of them is a bullet.
        text = "–" if sign in ("-", "–", "—", "‒", "−") else "•" if sign else ""
        return Label(text, level.after, True) if text else None
    known = True

    def number(match: re.Match[str]) -> str:
        nonlocal known
        at = int(match[1]) - 1
        other = numbering.level(item._replace(level=at))
        form = other.form if other is not None else "decimal"
        if level.legal and form not in ("none", "bullet"):
            form = "decimal"
        said = numeral(counts.get(at, other.start if other is not None else 1), form)
        known = known and said is not None
        return str(counts.get(at, 1)) if said is None else said

    text = re.sub(r"%([1-9])", number, level.text).strip()
    return Label(text, level.after, known) if text else None


def numeral(number: int, form: str) -> str | None:
    """A number as a list writes it ("lowerRoman"); None for a form that is not read here."""
    match form:
        case "decimal":
            return str(number)
        case "decimalZero":
            return f"{number:02d}"
        case "lowerLetter" | "upperLetter":
            if number < 1:
                return "0"
            # After z comes aa, then bb: Word repeats the letter.
            letters = chr(97 + (number - 1) % 26) * min((number - 1) // 26 + 1, 30)
            return letters if form == "lowerLetter" else letters.upper()
        case "lowerRoman" | "upperRoman":
            roman = _roman(number)
            return roman if form == "lowerRoman" else roman.upper()
        case "ordinal":
            tail = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
            return f"{number}{tail}"
        case "none" | "bullet":
            return ""
        case _:
            return None


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    result = ""
    for value, sign in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1), "m cm d cd c xc l xl x ix v iv i".split(), strict=True
    ):
        result += sign * (number // value)
        number %= value
    return result


def _level(element: etree._Element) -> tuple[int, _Level]:
    form = element.find(f"{W}numFmt")
    if form is None:
        form = element.find(f"{MC}AlternateContent/{MC}Fallback/{W}numFmt")
    restart = element.find(f"{W}lvlRestart")
    legal = element.find(f"{W}isLgl")
    start = element.find(f"{W}start")
    return _number(element.get(f"{W}ilvl")), _Level(
        _number(start.get(f"{W}val")) if start is not None else 0,
        _val(form) or "decimal",
        _val(element.find(f"{W}lvlText")) or "",
        _val(element.find(f"{W}suff")) or "tab",
        _number(restart.get(f"{W}val")) if restart is not None else None,
        legal is not None and legal.get(f"{W}val", "true") not in ("0", "false", "off"),
        element,
    )


def _val(element: etree._Element | None) -> str | None:
    return element.get(f"{W}val") if element is not None else None


def _number(text: str | None) -> int:
    return int(text) if text is not None and re.fullmatch(r"-?\d{1,9}", text) else 0
