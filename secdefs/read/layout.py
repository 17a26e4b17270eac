"""The lines of a page from its pieces of text: words by gaps, raised marks, columns, the order of reading."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from secdefs.outline.quotations import LABEL
from secdefs.read.pdf import Page, Piece

# In ems of the size of the text.
_SAME_LINE = 0.12  # how far baselines of one line may be apart
_WORD = 0.2  # the least gap between words
_CELL = 1.8  # the least gap between what is not one text
_GUTTER = 0.9  # the least gap between columns
_COLUMN = 8.0  # the least width of a column
_RAISED = (0.08, 0.75)  # how far a superscript is above the line
_LOWERED = (-0.45, -0.05)
_SMALLER = 0.88  # superscripts and subscripts are at most so large

_MARK = re.compile(r"\d{1,3}|\W{1,3}")

Column = tuple[int, int]
"""Which column, of how many: (0, 1) is a line over the whole width."""


class Line(NamedTuple):
    """A line of one column: its words from left to right, in which page and column it stands, its baseline and size.

    `text` are its characters, a wide gap as a tab; `raised` the (start, end) of what stands above the line in it.
    `depth` is how far the baseline is below the top of the page. `block` is what the file's structure says of it.
    """

    words: tuple[Piece, ...]
    text: str
    raised: tuple[tuple[int, int], ...]
    page: int
    column: Column
    x0: float
    x1: float
    y: float
    depth: float
    size: float
    block: tuple[int, str] | None

    def begins(self, offset: int) -> float:
        """Where the word at an offset of the text begins, as near as its piece tells."""
        at = 0
        for gap, word in zip(gaps(self.words), self.words, strict=True):
            at += len(gap)
            if offset < at + len(word.text):
                return word.x0 + (word.x1 - word.x0) * max(offset - at, 0) / len(word.text)
            at += len(word.text)
        return self.x1


def gaps(words: Sequence[Piece]) -> list[str]:
    """What stands before each word of a line: nothing, a space, or a tab."""
    spaces = [after.x0 - before.x1 for before, after in pairwise(words)]
    usual = statistics.median_low([each for each in spaces if each > _WORD * words[0].size] or [0.0])
    result = [""]
    text = words[0].text if words else ""
    for before, after, wide in zip(words, words[1:], spaces, strict=False):
        size = max(before.size, after.size)
        gap = ""
        if after.raised:
            gap = " " if wide > 2 * _WORD * size else ""
        elif wide > max(_CELL * size, 1.6 * usual if len(spaces) > 2 else 0) and not LABEL.fullmatch(text):
            gap = "\t"
        elif after.spaced or wide > _WORD * size:
            gap = " "
        text += gap + after.text
        result.append(gap)
    return result


def lines_of(page: Page) -> list[Line]:
    """The lines of a page from its top, each over the whole width; `in_columns` parts them."""
    rows = [row for row in _with_raised([_merged(row) for row in _rows(page.pieces)]) if row]
    return [line_of(row, page, (0, 1)) for row in sorted(rows, key=lambda row: -_main(row).y)]


def usual_size(pages: Iterable[Iterable[Line]]) -> float:
    """The size of most of a letter's characters; 0 where it has none."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page:
            sizes[round(line.size, 1)] += len(line.text)
    return max(sizes, key=lambda size: (sizes[size], size), default=0.0)


def line_of(words: Sequence[Piece], page: Page, column: Column) -> Line:
    """Words that stand side by side, from left to right, as a line of a column."""
    main = _main(words)
    block = None
    if page.blocks is not None:
        block = next((page.blocks[word.tag] for word in words if word.tag in page.blocks), None)
    text, raised = "", []
    for gap, word in zip(gaps(words), words, strict=True):
        text += gap
        if word.raised:
            raised.append((len(text), len(text) + len(word.text)))
        text += word.text
    right = max(word.x1 for word in words)
    place = (page.number, column, words[0].x0, right, main.y, page.height - main.y)
    return Line(tuple(words), text, tuple(raised), *place, main.size, block)


def _main(words: Iterable[Piece]) -> Piece:
    """The piece whose size is the line's: of the sizes the one of most characters."""
    sizes: dict[float, int] = {}
    words = list(words)
    for word in words:
        if not word.raised:
            sizes[round(word.size, 1)] = sizes.get(round(word.size, 1), 0) + len(word.text)
    if not sizes:
        return words[0]
    size = max(sizes, key=lambda each: (sizes[each], each))
    return next(word for word in words if not word.raised and round(word.size, 1) == size)


def _rows(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces of one baseline, from the top of the page."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda each: (-each.y, each.x0)):
        if rows and rows[-1][0].y - piece.y <= _SAME_LINE * min(piece.size, rows[-1][0].size):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return rows


def _merged(row: list[Piece]) -> list[Piece]:
    """A row from left to right, pieces that touch made one: some files show every glyph by itself."""
    result: list[Piece] = []
    for piece in sorted(row, key=lambda each: each.x0):
        if result:
            last = result[-1]
            wide = piece.x0 - last.x1
            if last.text == piece.text and abs(last.x0 - piece.x0) < 0.06 * piece.size:
                continue  # drawn twice to look bold
            alike = abs(last.size - piece.size) < 0.05 * piece.size and last.artifact == piece.artifact
            alike = alike and last.bold == piece.bold
            touch = not piece.spaced and -0.5 * piece.size < wide <= _WORD * piece.size
            if alike and last.tag == piece.tag and touch:
                result[-1] = last._replace(text=last.text + piece.text, x1=max(last.x1, piece.x1))
                continue
        result.append(piece)
    return result


def _with_raised(rows: list[list[Piece]]) -> list[list[Piece]]:
    """Put small pieces a little above or below a line into it; those above are raised."""
    moves: list[tuple[int, Piece, int]] = []
    for index, row in enumerate(rows):
        for piece in row:
            home = _home(piece, rows, index)
            if home is not None:
                moves.append((index, piece, home))
    for index, piece, home in moves:
        rows[index].remove(piece)
        host = rows[home][0] if rows[home] else piece
        rows[home].append(piece._replace(raised=piece.y > host.y))
    return [sorted(row, key=lambda each: each.x0) for row in rows]


def _home(piece: Piece, rows: list[list[Piece]], index: int) -> int | None:
    """The row of larger text that a small piece stands at, above or below its baseline: that of the nearest text."""
    found: list[tuple[float, int]] = []
    for step, (low, high) in ((1, _RAISED), (-1, _LOWERED)):
        other = index + step
        while 0 <= other < len(rows) and abs(rows[other][0].y - piece.y) < 2 * piece.size + 6:
            for host in rows[other]:
                rise = (piece.y - host.y) / host.size
                if not (0.4 < piece.size / host.size <= _SMALLER and low <= rise <= high):
                    continue
                away = max(host.x0 - piece.x1, piece.x0 - host.x1, 0.0) / host.size
                # A note's own mark may stand well before its words.
                before = step == 1 and piece.x1 < host.x0 and _MARK.fullmatch(piece.text)
                if away <= (6.0 if before else 0.7):
                    found.append((away, other))
            other += step
    return min(found)[1] if found else None


# --- columns ----------------------------------------------------------------------------------------------------------

_Row = Sequence[Piece]


def in_columns(pages: Sequence[Page], lines: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The lines of every page in the order of reading: where columns stand beside each other, one after the other."""
    gutters: list[float] = []
    rows = [[line.words for line in each] for each in lines]
    for each in rows:
        gutters += (found[0] for found in _gutters(each))
    known = tuple(sorted({round(x) for x in gutters}))
    return [
        [line_of(words, page, column) for words, column in _in_order(each, (0, 1), known)]
        for page, each in zip(pages, rows, strict=True)
    ]


def _gutters(rows: Sequence[_Row]) -> Iterator[tuple[float, int, int]]:
    """All gutters of a page, those within a column too."""
    found = _gutter(rows, ())
    if found is not None:
        yield found
        x, first, last = found
        for side in _sides(rows[first : last + 1], x):
            yield from _gutters(side)
        yield from _gutters(rows[last + 1 :])


def _sides(rows: Iterable[_Row], x: float) -> tuple[list[_Row], list[_Row]]:
    """What of the rows stands left and right of a gutter."""
    left = [[word for word in row if word.x0 < x] for row in rows]
    right = [[word for word in row if word.x0 >= x] for row in rows]
    return [row for row in left if row], [row for row in right if row]


def _in_order(rows: Sequence[_Row], column: Column, known: Sequence[float]) -> list[tuple[_Row, Column]]:
    found = _gutter(rows, known)
    if found is None:
        return [(row, column) for row in rows]
    x, first, last = found
    which, many = column
    left, right = _sides(rows[first : last + 1], x)
    return [
        *_in_order(rows[:first], column, known),
        *_in_order(left, (2 * which, 2 * many), known),
        *_in_order(right, (2 * which + 1, 2 * many), known),
        *_in_order(rows[last + 1 :], column, known),
    ]


def _gutter(rows: Sequence[_Row], known: Sequence[float]) -> tuple[float, int, int] | None:
    """A place between two columns of prose, and the first and last row that it parts; null where there is none.

    `known` are places of gutters on other pages: there a column may have a line or two only.
    """
    segments = [_segments(row) for row in rows]
    edges = [
        *((before[1] + after[0]) / 2 for row in segments for before, after in pairwise(row)),
        *(x0 - 0.3 * rows[number][0].size for number, row in enumerate(segments) for x0, _ in row[:1]),
    ]
    best: tuple[float, int, int] | None = None
    for x in [*sorted({round(edge) for edge in edges})[:200], *known]:
        for first, last in _uncrossed(segments, x):
            if best is not None and best[2] - best[1] >= last - first:
                continue
            last = _together(rows, x, first, last)
            left, right = _sides(rows[first : last + 1], x)
            if not _stands_out(rows[first : last + 1], x):
                continue
            narrow = x in known and left and right and min(row[0].x0 for row in right) - x < 2 * right[0][0].size
            # The last column of a letter may be of a line or two.
            ends = len(left) > 9 and 0 < len(right) < 10 and _align(right)
            if narrow or (len(left) > 2 and _is_prose(left) and (ends or (len(right) > 2 and _is_prose(right)))):
                best = (float(x), first, last)
    return best


def _together(rows: Sequence[_Row], x: float, first: int, last: int) -> int:
    """The last row of the columns: what stands lower on the left alone, after a wide space, comes after both."""
    lowest = max((index for index in range(first, last + 1) if rows[index][-1].x0 >= x), default=last)
    for index in range(lowest + 1, last + 1):
        if rows[index - 1][0].y - rows[index][0].y > 2.2 * rows[index][0].size:
            return index - 1
    return last


def _segments(row: _Row) -> list[tuple[float, float]]:
    """The (left, right) of a row's stretches without a gap as wide as a gutter."""
    result: list[tuple[float, float]] = []
    for word in row:
        if result and word.x0 - result[-1][1] < _GUTTER * word.size:
            result[-1] = (result[-1][0], max(result[-1][1], word.x1))
        else:
            result.append((word.x0, word.x1))
    return result


def _uncrossed(segments: Sequence[Sequence[tuple[float, float]]], x: float) -> Iterator[tuple[int, int]]:
    """The (first, last) of each run of rows in which nothing stands at x."""
    first: int | None = None
    for index, row in enumerate(segments):
        if any(left < x < right for left, right in row):
            if first is not None:
                yield first, index - 1
            first = None
        elif first is None:
            first = index
    if first is not None:
        yield first, len(segments) - 1


def _stands_out(rows: Sequence[_Row], x: float) -> bool:
    """Whether the gap at x is wider than those between words, which in narrow columns may be wide too."""
    wider = other = 0
    for row in rows:
        spaces = sorted(after.x0 - before.x1 for before, after in pairwise(row))
        here = next((b.x0 - a.x1 for a, b in pairwise(row) if a.x1 <= x <= b.x0), None)
        if here is not None and len(spaces) > 2:
            wide = here > 1.3 * spaces[len(spaces) // 2]
            wider, other = wider + wide, other + (not wide)
    return wider >= other


def _align(rows: Sequence[_Row]) -> bool:
    """Whether rows begin at one place, and stand under each other as lines do."""
    edges = [row[0].x0 for row in rows]
    drops = [above[0].y - below[0].y for above, below in pairwise(rows)]
    return max(edges) - min(edges) < 5 * rows[0][0].size and all(0 < drop < 4 * rows[0][0].size for drop in drops)


def _is_prose(rows: Sequence[_Row]) -> bool:
    """Whether rows are a column of running text, and not the cells of a table or an address."""
    left = min(row[0].x0 for row in rows)
    right = max(row[-1].x1 for row in rows)
    if right - left < _COLUMN * rows[0][0].size:
        return False
    reach = [(row[-1].x1 - left) / (right - left) for row in rows]
    inside = sum(row[0].text[0].islower() for row in rows)  # begun inside a sentence
    return sum(each > 0.75 for each in reach) >= 0.6 * len(rows) or (
        sum(each > 0.6 for each in reach) >= 0.5 * len(rows) and inside >= 0.2 * len(rows)
    )
