"""Footnotes on pages: which lines at the foot of a column are notes, and where in the text their marks stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from secdefs.read.layout import Line, usual_size
from secdefs.read.pdf import Page

_SMALL = 0.93  # a note's text is so much smaller than the letter's, at most
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_MARK = r"\d{1,3}|\[\d{1,3}\]|[*†‡§¶#]{1,3}|[a-z]|[ivxl]{1,5}"
_WHOLE = re.compile(_MARK)
_NOTE = re.compile(rf"({_MARK}|[⁰¹²³⁴-⁹]{{1,3}})[.)]?(?=\s|\Z)|([⁰¹²³⁴-⁹]{{1,3}})")
_INLINE = re.compile(r"(?<=[\w.,;:)”’\"'\]])(?:[⁰¹²³⁴-⁹]{1,3}|\[\d{1,3}\])")
_GLUED = re.compile(r"(?:(?<=[a-z]{3})|(?<=\w[).,;:”’]))\d{1,2}(?=[.,;:)”’]*(?:\s|\Z))")
_STOPS = (".", "?", "!", "/", ")", "”")


class Note(NamedTuple):
    """A footnote: its mark as raised in the text, its lines, and where its words begin in the first of them."""

    mark: str
    lines: tuple[Line, ...]
    begins: int


class Anchor(NamedTuple):
    """Where a mark stands: the line of the body, the (start, end) in its text, and the number of the note."""

    line: int
    start: int
    end: int
    note: int


class Sorted(NamedTuple):
    """The lines of a letter's body in order, its notes in order, and where the marks of these stand."""

    body: tuple[Line, ...]
    notes: tuple[Note, ...]
    anchors: tuple[Anchor, ...]


class Found(NamedTuple):
    """The lines of a letter's body in order, its notes in order, and for each of these the page on which it begins."""

    body: tuple[Line, ...]
    notes: tuple[Note, ...]
    pages: tuple[int, ...]


def without_notes(pages: Sequence[Page], lines: Sequence[Sequence[Line]]) -> Found:
    """Take the footnotes out of the pages; `lines` are in the order of reading, without running lines."""
    finder = _Finder(usual_size(lines))
    for page, each in zip(pages, lines, strict=True):
        finder.read(page, each)
    return Found(tuple(finder.body), tuple(finder.notes), tuple(finder.pages))


def anchored(body: Sequence[Line], found: Found) -> Sorted:
    """The lines of the body, in whichever order, with the notes and the places of their marks."""
    return Sorted(tuple(body), found.notes, _anchors(body, found.notes, found.pages))


class _Finder:
    """Reads page after page and keeps the marks whose notes have not come."""

    def __init__(self, usual: float) -> None:
        self.usual = usual
        self.body: list[Line] = []
        self.notes: list[Note] = []
        self.pages: list[int] = []  # for each note the page on which it begins
        self.waiting: list[str] = []
        self.before = False  # the page before ended in a note

    def read(self, page: Page, lines: Sequence[Line]) -> None:
        open_marks = [*self.waiting, *(mark for line in lines for _, _, mark in marks_in(line))]
        if not open_marks and self._is_counted(lines):
            open_marks = [mark for line in lines for _, _, mark in glued_in(line)]
        goes_on, self.before = self.before, False
        for column in dict.fromkeys(line.column for line in lines):
            those = [line for line in lines if line.column == column]
            first = self._first(those, open_marks, page, goes_on)
            below = first
            while below < len(those) and not (below > first and _apart(those[below - 1], those[below])):
                below += 1
            for line in those[first:below]:
                mark = _mark_of(line, open_marks)
                if mark is not None and mark[0] in open_marks:
                    open_marks.remove(mark[0])
                    self.notes.append(Note(mark[0], (line,), mark[1]))
                    self.pages.append(page.number)
                else:
                    self.notes[-1] = self.notes[-1]._replace(lines=(*self.notes[-1].lines, line))
            self.body += those[:first] + those[below:]
            self.before = self.before or first < len(those)
        self.waiting = open_marks

    def _is_counted(self, lines: Sequence[Line]) -> bool:
        """Whether a page ends in small lines of which one begins with the number of the next note."""
        small = [line for line in lines if line.size <= _SMALL * self.usual]
        return any((mark := _mark_of(line, ())) is not None and mark[0] == str(len(self.notes) + 1) for line in small)

    def _first(self, lines: Sequence[Line], marks: Sequence[str], page: Page, goes_on: bool) -> int:
        """The line of a column from which on all are notes; how many lines there are, where none is."""
        count = len(lines)
        small = count
        while small and (lines[small - 1].size <= _SMALL * self.usual or _is_tagged(lines[small - 1])):
            small -= 1
        for index, line in enumerate(lines):
            mark = _mark_of(line, marks if index >= small else ())
            if mark is None or mark[0] not in marks:
                continue
            if index >= small:
                # What is small and stands before the first note of the page goes on with the last of the page before.
                before = (
                    goes_on and not self._ended() and all(_mark_of(each, ()) is None for each in lines[small:index])
                )
                return small if before else index
            apart = line.words[0].raised or line.text[0] in "*†‡§¶#" or (index and _ruled(page, lines[index - 1], line))
            if apart and all(after.size <= line.size * 1.05 for after in lines[index:]):
                return index
        if goes_on and small < count and self._continues(lines, small, page):
            return small
        return count

    def _ended(self) -> bool:
        """Whether the last note has come to its end, as far as its words tell."""
        return self.notes[-1].lines[-1].text.rstrip().endswith(_STOPS)

    def _continues(self, lines: Sequence[Line], small: int, page: Page) -> bool:
        """Whether small lines at the foot of a column, no mark before them, go on with the last note."""
        if all(_is_tagged(line) for line in lines[small:]):
            return True
        if self._ended():
            return small > 0 and _ruled(page, lines[small - 1], lines[small])
        return abs(lines[small].size - self.notes[-1].lines[-1].size) < 0.3


def marks_in(line: Line) -> list[tuple[int, int, str]]:
    """The (start, end, mark) of what may be marks of footnotes in a line, the one that it begins with left out."""
    found = [(start, end) for start, end in line.raised if start > 0 and _WHOLE.fullmatch(line.text, start, end)]
    found += [each.span() for each in _INLINE.finditer(line.text)]
    return [(start, end, line.text[start:end].translate(_SUPERSCRIPTS)) for start, end in sorted(set(found))]


def glued_in(line: Line) -> list[tuple[int, int, str]]:
    """The (start, end, mark) of figures right behind a word or a stop: a mark may be raised by its glyph alone."""
    return [(*each.span(), each.group()) for each in _GLUED.finditer(line.text)]


def _mark_of(line: Line, awaited: Sequence[str]) -> tuple[str, int] | None:
    """The mark with which a line begins, and where the words after it begin.

    Some programs put no space after it: then it is one if it is the first of those awaited.
    """
    first = line.words[0].text
    if awaited and awaited[0].isdecimal() and re.match(rf"{awaited[0]}[^\W\d]", line.text):
        return awaited[0], len(awaited[0])
    if (line.words[0].raised or len(line.words) > 1) and _WHOLE.fullmatch(first):
        return first, len(first)
    if found := _NOTE.match(line.text):
        mark = found[1] or found[2]
        return mark.translate(_SUPERSCRIPTS), found.end()
    return None


def _ruled(page: Page, above: Line, below: Line) -> bool:
    """Whether a horizontal line stands between two lines of a page, beginning where the lower one does."""
    return any(below.y < y < above.y and abs(x0 - below.x0) < 3 * below.size for x0, _, y in page.rules)


def _apart(above: Line, below: Line) -> bool:
    """Whether a line stands too far below one of a note to belong to the notes."""
    return above.y - below.y > 2.2 * above.size and _mark_of(below, ()) is None


def _is_tagged(line: Line) -> bool:
    return line.block is not None and line.block[1] in ("Note", "FENote")


def _anchors(body: Sequence[Line], notes: Sequence[Note], pages: Sequence[int]) -> tuple[Anchor, ...]:
    """Where the marks of the notes stand: on the nearest page before, in the order of the notes."""
    marks = [(index, start, end, mark) for index, line in enumerate(body) for start, end, mark in marks_in(line)]
    weak = [(index, start, end, mark) for index, line in enumerate(body) for start, end, mark in glued_in(line)]
    taken: set[tuple[int, int]] = set()
    anchors = []
    last = (-1, -1)
    for number, note in enumerate(notes):
        fits, loose = (
            [
                each
                for each in those
                if each[3] == note.mark and body[each[0]].page <= pages[number] and each[:2] not in taken
            ]
            for those in (marks, weak)
        )
        fits = fits or loose
        if fits:
            page = max(body[each[0]].page for each in fits)
            near = [each for each in fits if body[each[0]].page == page]
            index, start, end, _ = next((each for each in near if each[:2] > last), near[0])
            last = (index, start)
            taken.add(last)
            anchors.append(Anchor(index, start, end, number))
    return tuple(anchors)
