"""The lines of a page from its pieces of text: words by gaps, raised marks, columns, the order of reading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from secdefs.quotations import LABEL
from secdefs.read.pdf import Page, Piece

# In ems of the size of the text.
_SAME_LINE = 0.12  # how far baselines of one line may be apart
_WORD = 0.2  # the least gap between words
_CELL = 1.8  # the least gap between what is not one text
_GUTTER = 0.9  # the least gap between columns
_COLUMN = 8.0  # the least width of a column
_RAISED = (0.08, 0.75)  # how far a superscript is above the line
_LOWERED = (-0.45, -0.05)
_SMALLER = 0.86  # superscripts and subscripts are at most so large


class Line(NamedTuple):
    """A line of one column: its words from left to right, in which page and column it stands, its baseline and size.

    `column` is (which, of how many). `depth` is how far the baseline is below the top of the page.
    """

    words: tuple[Piece, ...]
    page: int
    column: tuple[int, int]
    x0: float
    x1: float
    y: float
    depth: float
    size: float
    block: tuple[int, str] | None = None

    @property
    def text(self) -> str:
        """Its characters; a wide gap is a tab."""
        return "".join(gap + word.text for gap, word in zip(gaps(self.words), self.words, strict=True))


def gaps(words: Sequence[Piece]) -> list[str]:
    """What stands before each word of a line: nothing, a space, or a tab."""
    result = [""]
    text = words[0].text if words else ""
    for before, after in pairwise(words):
        size = max(before.size, after.size)
        wide = after.x0 - before.x1
        gap = ""
        if wide > _CELL * size and not LABEL.fullmatch(text):
            gap = "\t"
        elif after.spaced or wide > _WORD * size:
            gap = " "
        text += gap + after.text
        result.append(gap)
    return result


def lines_of(page: Page) -> list[Line]:
    """The lines of a page in the order of reading."""
    rows = [_merged(row) for row in _rows(page.pieces)]
    rows = [row for row in _with_raised(rows) if row]
    rows.sort(key=lambda row: -_main(row).y)
    return [
        _line(words, page, column) for words, column in _in_order(rows, (0, 1))
    ]


def _line(words: Sequence[Piece], page: Page, column: tuple[int, int]) -> Line:
    main = _main(words)
    block = None
    if page.blocks is not None:
        block = next((page.blocks[word.tag] for word in words if word.tag in page.blocks), None)
    return Line(
        tuple(words),
        page.number,
        column,
        words[0].x0,
        max(word.x1 for word in words),
        main.y,
        page.height - main.y,
        main.size,
        block,
    )


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
    y, reach = 0.0, 0.0
    for piece in sorted(pieces, key=lambda each: (-each.y, each.x0)):
        if rows and y - piece.y <= max(reach, _SAME_LINE * piece.size):
            rows[-1].append(piece)
        else:
            rows.append([piece])
            y, reach = piece.y, 0.0
        reach = max(reach, _SAME_LINE * piece.size)
    return rows


def _merged(row: list[Piece]) -> list[Piece]:
    """A row from left to right, pieces that touch made one: some files show every glyph by itself."""
    result: list[Piece] = []
    for piece in sorted(row, key=lambda each: each.x0):
        if result:
            last = result[-1]
            wide = piece.x0 - last.x1
            alike = abs(last.size - piece.size) < 0.05 * piece.size and last.artifact == piece.artifact
            if abs(wide) < 0.02 * piece.size + 0.3 and last.text == piece.text and abs(last.x0 - piece.x0) < 0.5:
                continue  # drawn twice to look bold
            if alike and last.tag == piece.tag and not piece.spaced and -0.5 * piece.size < wide <= _WORD * piece.size:
                result[-1] = last._replace(text=last.text + piece.text, x1=max(last.x1, piece.x1))
                continue
            if abs(last.x0 - piece.x0) < 0.06 * piece.size and last.text == piece.text:
                continue
        result.append(piece)
    return result


def _with_raised(rows: list[list[Piece]]) -> list[list[Piece]]:
    """Put small pieces a little above or below a line into it; those above are raised."""
    homes: dict[int, list[Piece]] = {}
    for index, row in enumerate(rows):
        stay: list[Piece] = []
        for piece in row:
            home = _home(piece, rows, index)
            if home is None:
                stay.append(piece)
            else:
                raised = piece.y > rows[home][0].y
                homes.setdefault(home, []).append(piece._replace(raised=raised))
        row[:] = stay
    for home, guests in homes.items():
        rows[home] = sorted([*rows[home], *guests], key=lambda each: each.x0)
    return rows


def _home(piece: Piece, rows: list[list[Piece]], index: int) -> int | None:
    """The row of larger text that a small piece stands at, above or below its baseline."""
    for step in (1, -1):
        other = index + step
        while 0 <= other < len(rows) and abs(rows[other][0].y - piece.y if rows[other] else 0) < 2 * piece.size + 6:
            for host in rows[other]:
                rise = (piece.y - host.y) / host.size
                low, high = _RAISED if step == 1 else _LOWERED
                if piece.size <= _SMALLER * host.size and low <= rise <= high:
                    near = min(abs(piece.x0 - host.x1), abs(host.x0 - piece.x1)) <= 0.7 * host.size
                    if near or host.x0 <= piece.x0 <= host.x1:
                        return other
            other += step
    return None


# --- columns --------------------------------------------------------------------------------------------------------

_Row = list[Piece]


def _in_order(rows: list[_Row], column: tuple[int, int]) -> list[tuple[_Row, tuple[int, int]]]:
    """Rows in the order of reading: where two columns stand beside each other, first the left one, then the right."""
    found = _gutter(rows)
    if found is None:
        return [(row, column) for row in rows]
    x, first, last = found
    which, many = column
    left = [[word for word in row if word.x0 < x] for row in rows[first : last + 1]]
    right = [[word for word in row if word.x0 >= x] for row in rows[first : last + 1]]
    return [
        *[(row, column) for row in rows[:first]],
        *_in_order([row for row in left if row], (2 * which, 2 * many)),
        *_in_order([row for row in right if row], (2 * which + 1, 2 * many)),
        *_in_order(rows[last + 1 :], column),
    ]


def _gutter(rows: list[_Row]) -> tuple[float, int, int] | None:
    """A place between two columns of prose, and the first and last row that it parts; null where there is none."""
    spaces = [
        (before.x1, after.x0, index)
        for index, row in enumerate(rows)
        for before, after in pairwise(row)
        if after.x0 - before.x1 >= _GUTTER * before.size
    ]
    if len(spaces) < 3:
        return None
    best: tuple[float, int, int] | None = None
    candidates = sorted({round((left + right) / 2) for left, right, _ in spaces})
    for x in candidates[:200]:
        parted = {index for left, right, index in spaces if left < x < right}
        run: list[int] = []
        runs: list[list[int]] = [run]
        for index, row in enumerate(rows):
            crossed = index not in parted and row[0].x0 < x < row[-1].x1
            if crossed:
                run = []
                runs.append(run)
            elif index in parted or run:
                run.append(index)
        for each in runs:
            if sum(index in parted for index in each) < 3 or (best and best[2] - best[1] >= each[-1] - each[0]):
                continue
            if _prose(rows[each[0] : each[-1] + 1], x):
                best = (float(x), each[0], each[-1])
    return best


def _prose(rows: list[_Row], x: float) -> bool:
    """Whether both sides are columns of running text, and not the cells of a table."""
    for side in (
        [[word for word in row if word.x0 < x] for row in rows],
        [[word for word in row if word.x0 >= x] for row in rows],
    ):
        lines = [row for row in side if row]
        left, right = min(row[0].x0 for row in lines), max(row[-1].x1 for row in lines)
        size = lines[0][0].size
        full = sum(row[-1].x1 - left > 0.75 * (right - left) for row in lines)
        if right - left < _COLUMN * size or full < 0.6 * len(lines):
            return False
    return True


_DIGITS = re.compile(r"\d+")


def masked(text: str) -> str:
    """A text with its numbers masked."""
    return _DIGITS.sub("#", text)


def numbers(text: str) -> tuple[int, ...]:
    """The numbers in a text."""
    return tuple(int(found[:9]) for found in _DIGITS.findall(text))
