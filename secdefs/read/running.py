"""What of a PDF letter stands outside its paragraphs: running lines at the edges of pages, and footnotes."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from secdefs.read.layout import Line, masked, numbers

_EDGE = 5  # running lines at each edge of a page, at most
_NEAR = 3.0  # points by which a running line's height may vary
_ROMAN = re.compile(r"[-–\s]*[ivxl]{1,6}[-–\s]*\Z")
_ALONE = re.compile(r"[-–—\s]*(\d{1,5})[-–—\s]*\Z")
_OF = re.compile(r"\D{0,14}\b(\d{1,5})\D{1,6}(\d{1,5})\s*\Z")
_MARK = re.compile(r"\[?\d{1,3}\]?|[*†‡§¶#]{1,3}|[a-z]")
_NOTE = re.compile(r"(\[?\d{1,3}\]?|[*†‡§¶#]{1,3})[.)]?(?=\s|$)")


class Note(NamedTuple):
    """A footnote: its mark, and its lines; the mark itself stands at the beginning of the first."""

    mark: str
    lines: tuple[Line, ...]
    begins: int


class Parted(NamedTuple):
    """The lines of a letter, sorted: those of its paragraphs, its running lines, its footnotes in order.

    `anchors` are the places of the notes' marks: (line of the paragraphs, word of the line, note).
    """

    body: tuple[Line, ...]
    running: tuple[Line, ...]
    notes: tuple[Note, ...]
    anchors: dict[tuple[int, int], int]


def parted(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> Parted:
    """Sort the lines of all pages."""
    running = _running(pages, heights)
    artifacts = {id(line) for page in pages for line in page if all(word.artifact for word in line.words)}
    kept = [[line for line in page if id(line) not in running | artifacts] for page in pages]
    lifted = [line for page in pages for line in page if id(line) in running | artifacts]
    notes, starts = _notes(kept)
    gone = {id(line) for note in notes for line in note.lines}
    body = tuple(line for page in kept for line in page if id(line) not in gone)
    return Parted(body, tuple(lifted), tuple(notes), _anchors(body, notes, starts))


# --- running lines ----------------------------------------------------------------------------------------------------


def _running(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> set[int]:
    """The running lines, by `id`: the outermost lines of pages, again and again, until one is none."""
    gone: set[int] = set()
    for top in (True, False):
        for _ in range(_EDGE):
            edge: list[Line | None] = []
            for page in pages:
                left = [line for line in page if id(line) not in gone]
                # All that stands as high as the outermost line: of a running line in three parts, all three.
                edge.append(
                    (min if top else max)(left, key=lambda line: line.depth) if left else None
                )
            new = _repeated(edge, heights, top)
            if not new:
                break
            gone |= new
    return gone


def _repeated(edge: Sequence[Line | None], heights: Sequence[float], top: bool) -> set[int]:
    """Those of the outermost lines that come again on most pages, or on most odd or even ones."""
    count = len(edge)
    keys = [(_key(line.text) if line else "") for line in edge]
    places = [
        (line.depth if top else height - line.depth) if line else 0.0
        for line, height in zip(edge, heights, strict=True)
    ]
    found: set[int] = set()
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for index, key in enumerate(keys):
        if key:
            groups[key].append(index)
    for indexes in groups.values():
        level = Counter(round(places[index]) for index in indexes).most_common(1)[0][0]
        alike = [index for index in indexes if abs(places[index] - level) <= _NEAR]
        for those, among in (
            (alike, range(count)),
            ([index for index in alike if index % 2], range(1, count, 2)),
            ([index for index in alike if not index % 2], range(0, count, 2)),
        ):
            # The first page often has none, or another.
            pages = len(among) - (0 in among and 0 not in those and len(among) > 1)
            lines = [line for index in those if (line := edge[index]) is not None]
            if len(those) > 1 and 2 * len(those) > pages and _counts([line.text for line in lines], those):
                found |= {id(line) for line in lines}
    for index, line in enumerate(edge):
        if line is not None and _page_number(line.text, index + 1, count):
            found.add(id(line))
    return found


def _key(text: str) -> str:
    return "#" if _ROMAN.match(text) else masked(" ".join(text.split()))


def _counts(texts: Sequence[str], indexes: Sequence[int]) -> bool:
    """Whether each number in the lines is the same in all, or goes up with the pages."""
    rows = [numbers(text) for text in texts]
    if any(len(row) != len(rows[0]) for row in rows):
        return False
    for column in zip(*rows, strict=True):
        steady = len(set(column)) == 1
        paged = len({number - index for number, index in zip(column, indexes, strict=True)}) == 1
        if not steady and not paged:
            return False
    return True


def _page_number(text: str, page: int, pages: int) -> bool:
    """Whether a line at an edge is this page's number: alone, or followed by how many there are."""
    if alone := _ALONE.match(text):
        return int(alone[1]) == page
    of = _OF.match(text)
    return of is not None and len(text) < 24 and (int(of[1]), int(of[2])) == (page, pages)


# --- footnotes --------------------------------------------------------------------------------------------------------


def _notes(pages: Sequence[Sequence[Line]]) -> tuple[list[Note], list[int]]:
    """The footnotes in order, and for each the page at whose foot it begins."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page:
            sizes[round(line.size * 2) / 2] += len(line.text)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    notes: list[Note] = []
    starts: list[int] = []
    waiting: list[str] = []  # marks met whose notes have not come
    for number, page in enumerate(pages):
        columns = dict.fromkeys(line.column for line in page)
        marks = [word.text for line in page for at, word in enumerate(line.words) if _is_mark(line, at)]
        open_marks = [*waiting, *marks]
        for column in columns:
            lines = [line for line in page if line.column == column]
            first = _first_note(lines, open_marks, body, bool(notes))
            for line in lines[first:]:
                mark = _mark_of(line)
                if mark is not None and mark[0] in open_marks:
                    open_marks.remove(mark[0])
                    notes.append(Note(mark[0], (line,), mark[1]))
                    starts.append(number)
                elif notes:
                    notes[-1] = notes[-1]._replace(lines=(*notes[-1].lines, line))
        waiting = open_marks
    return notes, starts


def _is_mark(line: Line, at: int) -> bool:
    """Whether a word of a line is the mark of a footnote in a text: raised, and something stands before it."""
    return at > 0 and line.words[at].raised and _MARK.fullmatch(line.words[at].text) is not None


def _mark_of(line: Line) -> tuple[str, int] | None:
    """The mark with which a line begins, and where the words after it begin."""
    first = line.words[0]
    if first.raised and _MARK.fullmatch(first.text):
        return first.text, len(first.text)
    if found := _NOTE.match(line.text):
        return found[1], found.end()
    return None


def _first_note(lines: Sequence[Line], marks: Sequence[str], body: float, before: bool) -> int:
    """The line of a column from which on all are footnotes; how many lines there are, where none is."""
    small = len(lines)
    while small and (lines[small - 1].size <= 0.93 * body or _tagged(lines[small - 1])):
        small -= 1
    for index, line in enumerate(lines):
        mark = _mark_of(line)
        if mark is None or mark[0] not in marks:
            continue
        if index >= small:
            # What is small and stands before the first note of the page goes on with the last one of the page before.
            return small if before and small > 0 else index
        if line.words[0].raised and all(after.size <= line.size * 1.05 for after in lines[index:]):
            return index
    return small if before and 0 < small < len(lines) and all(map(_tagged, lines[small:])) else len(lines)


def _tagged(line: Line) -> bool:
    return line.block is not None and line.block[1] in ("Note", "FENote")


def _anchors(body: Sequence[Line], notes: Sequence[Note], starts: Sequence[int]) -> dict[tuple[int, int], int]:
    """Where the marks of the notes stand."""
    marks = [
        (index, at, line.words[at].text, line.page - 1)
        for index, line in enumerate(body)
        for at in range(1, len(line.words))
        if _is_mark(line, at)
    ]
    anchors: dict[tuple[int, int], int] = {}
    for number, note in enumerate(notes):
        # The nearest page before, and on it the first that is not taken.
        fits = [each for each in marks if each[2] == note.mark and each[3] <= starts[number] and each[:2] not in anchors]
        if fits:
            page = max(each[3] for each in fits)
            index, at, _, _ = next(each for each in fits if each[3] == page)
            anchors[index, at] = number
    return anchors
