"""Running lines: which lines at the top and the foot of pages are headers, footers and page numbers."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from secdefs.read.layout import Line, usual_size

_DEEP = 6  # running lines at each edge of a page, at most
_NEAR = 3.0  # points by which a running line's height may vary
_APART = 1.35  # how much wider the space between a running line and the text is than that between lines
_ACROSS = 2.5  # a watermark is so many times larger than the text
_ROMAN = re.compile(r"[-–\s]*[ivxl]{1,6}[-–\s]*\Z")
_ALONE = re.compile(r"(?:\W|\b(?:page|pg|p)\b)*(\d{1,5})\W*\Z", re.I)
_OF = re.compile(r"(?:\W|\b(?:page|pg|p)\b)*(\d{1,5})\s?(?:of|/|\|)\s?(\d{1,5})\W*\Z", re.I)
_DIGITS = re.compile(r"\d+")
_GOES_ON = re.compile(r"[a-z,;:)\]]")
_STOPS = (".", ":", ";", "?", "!", "—")


class Parted(NamedTuple):
    """The lines of each page without the running ones, and the running ones; the large words set across a page too."""

    pages: list[list[Line]]
    running: list[Line]
    across: list[Line]


def without_running(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> Parted:
    """Take the running lines out of the pages, whose lines come from the top down."""
    usual = usual_size(pages)
    across = [line for page in pages for line in page if line.size > _ACROSS * usual and _returns(line, pages)]
    left = [[line for line in page if line not in across] for page in pages]
    running: list[Line] = []
    for edge in (_Edge(left, heights, top=True), _Edge(left, heights, top=False)):
        for _ in range(_DEEP):
            gone = edge.found()
            if not gone:
                break
            for index in gone:
                running.append(left[index].pop(edge.at))
    running.sort(key=lambda line: (line.page, line.depth))
    return Parted(left, running, across)


def _returns(line: Line, pages: Sequence[Sequence[Line]]) -> bool:
    """Whether a line stands at the same place of another page, or lies over lines of its own."""
    elsewhere = (other for page in pages for other in page if other.text == line.text and other.page != line.page)
    if any(abs(other.depth - line.depth) < _NEAR for other in elsewhere):
        return True
    beside = (other for other in pages[line.page - 1] if other is not line)
    return any(line.y - 0.2 * line.size < other.y < line.y + 0.7 * line.size for other in beside)


class _Edge:
    """The top or the foot of all pages: their outermost lines, and which of these are running lines."""

    def __init__(self, pages: Sequence[Sequence[Line]], heights: Sequence[float], *, top: bool) -> None:
        self.pages = pages
        self.heights = heights
        self.top = top
        self.at = 0 if top else -1
        self.levels: set[int] = set()  # where running lines were found, in points from the edge
        drops = Counter(
            round((line.y - after.y) / after.size, 1) for page in pages for line, after in pairwise(page) if after.size
        )
        self.usual = max(min(drops, key=lambda drop: (-drops[drop], drop)), 1.0) if drops else 1.2  # from line to line

    def found(self) -> set[int]:
        """The pages whose outermost line is a running line."""
        edge = {index: page[self.at] for index, page in enumerate(self.pages) if page}
        places = {index: self._place(line, index) for index, line in edge.items()}
        found = self._repeated(edge, places) | self._numbered(edge, places)
        found |= {index for index, line in edge.items() if all(word.artifact for word in line.words)}
        self.levels |= {round(places[index]) for index in found}
        # A line where others have their running line is one too, where it stands clear of the text or breaks into it.
        for index, line in edge.items():
            level = any(abs(places[index] - each) <= _NEAR for each in self.levels)
            if index not in found and ((level and self._clear(index)) or self._breaks_in(index, line)):
                found.add(index)
        return found

    def _place(self, line: Line, index: int) -> float:
        return line.depth if self.top else self.heights[index] - line.depth

    def _clear(self, index: int) -> bool:
        """Whether the outermost line of a page stands well apart from the next one, or is smaller than it."""
        page = self.pages[index]
        if len(page) < 2:
            return True
        line, after = page[self.at], page[1 if self.top else -2]
        return abs(line.y - after.y) > _APART * self.usual * after.size or line.size < 0.95 * after.size

    def _same_next(self, indexes: Sequence[int]) -> bool:
        """Whether the next lines of these pages are of one text too."""
        following = [self.pages[index][1 if self.top else -2] for index in indexes if len(self.pages[index]) > 1]
        keys = {_key(line.text) for line in following}
        return len(following) == len(indexes) and len(keys) == 1 and _counts([line.text for line in following], indexes)

    def _breaks_in(self, index: int, line: Line) -> bool:
        """Whether a sentence runs from the page before to this page's second line, past its first."""
        if not self.top or index == 0 or len(self.pages[index]) < 2 or not self.pages[index - 1]:
            return False
        before, after = self.pages[index - 1], self.pages[index][1]
        largest = max(each.size for each in before)
        last = next((each for each in reversed(before) if each.size > 0.93 * min(after.size, largest)), before[-1])
        return (
            _GOES_ON.match(after.text) is not None
            and not last.text.rstrip("”’\"')] ").endswith(_STOPS)
            and not _GOES_ON.match(line.text)
            and line.text.rstrip("”’\"')] ")[-1:] not in (",", "-")
            and self._clear(index)
        )

    def _repeated(self, edge: dict[int, Line], places: dict[int, float]) -> set[int]:
        """The pages whose outermost line comes again on most pages, or on most odd or even ones."""
        groups: defaultdict[str, list[int]] = defaultdict(list)
        for index, line in edge.items():
            groups[_key(line.text)].append(index)
        count = len(self.pages)
        found: set[int] = set()
        for indexes in groups.values():
            level = Counter(round(places[index]) for index in indexes).most_common(1)[0][0]
            alike = [index for index in indexes if abs(places[index] - level) <= _NEAR]
            for among in (range(count), range(1, count, 2), range(0, count, 2)):
                those = [index for index in alike if index in among]
                # The first page often has none, or another; so may the last.
                least = len(among) - (among[:1] == range(1) and 0 not in those)
                if len(those) < 2 or 2 * len(those) <= least or not _counts([edge[each].text for each in those], those):
                    continue
                if len(those) > 3 or all(self._clear(index) for index in those) or self._same_next(those):
                    found.update(those)
        return found

    def _numbered(self, edge: dict[int, Line], places: dict[int, float]) -> set[int]:
        """The pages whose outermost line is or holds the page's number."""
        count = len(self.pages)
        found = set()
        for index, line in edge.items():
            if alone := _ALONE.match(line.text):
                if int(alone[1]) == index + 1:
                    found.add(index)
            elif (of := _OF.match(line.text)) and (int(of[1]), int(of[2])) == (index + 1, count):
                found.add(index)
        # Its words may change with the sections; then the number that goes up with the pages shows it, at its ends.
        steps: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        for index, line in edge.items():
            for number in {
                each for part in (line.text.split("\t")[0], line.text.split("\t")[-1]) for each in _ends(part)
            }:
                steps[number - index, round(places[index] / _NEAR)].append(index)
        for those in steps.values():
            if len(those) > 2 and 2 * len(those) > count - 1:
                found.update(those)
        return found


def _ends(text: str) -> list[int]:
    """The numbers at the beginning and the end of a text, where they stand alone."""
    found = [re.match(r"(\d{1,5})(?=\s|\Z)", text), re.search(r"(?<!\S)(\d{1,5})\Z", text)]
    return [int(each[1]) for each in found if each]


def _key(text: str) -> str:
    """A running line's text without its numbers."""
    return "#" if _ROMAN.match(text) else _DIGITS.sub("#", " ".join(text.split()))


def _counts(texts: Sequence[str], indexes: Sequence[int]) -> bool:
    """Whether each number in the lines is the same in all, or goes up with the pages."""
    rows = [[int(found[:9]) for found in _DIGITS.findall(text)] for text in texts]
    if any(len(row) != len(rows[0]) for row in rows):
        return False
    for column in zip(*rows, strict=True):
        steady = len(set(column)) == 1
        paged = len({number - index for number, index in zip(column, indexes, strict=True)}) == 1
        if not steady and not paged:
            return False
    return True
