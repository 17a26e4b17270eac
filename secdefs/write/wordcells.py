"""A changed text as the paragraphs of a redline: every character with its place in Word, every paragraph with its end.

As in Word, a paragraph ends in a mark that is itself kept, new or gone, and a paragraph whose mark is gone is joined to
the next. A change that begins with a line break is turned so that whole paragraphs come and go with their own marks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from lxml import etree

from secdefs.change.edits import Field, rejected
from secdefs.read.runs import Line

Kind = Literal["text", "lead", "fixed", "turn", "mark", "new"]


class Cell:
    """A character: of a run ("text"), computed by a list or an indent ("lead"), of what cannot be changed ("fixed"), a
    line break ("turn"), the end of a paragraph ("mark"), or "new". `line` is that of the text as it stood, from 0."""

    __slots__ = ("at", "by", "char", "gone", "kind", "line", "node")

    def __init__(self, char: str, kind: Kind, line: int, node: etree._Element | None = None, at: int = 0) -> None:
        self.char, self.kind, self.line, self.node, self.at = char, kind, line, node, at
        self.by: str | None = None
        self.gone: str | None = None

    @property
    def kept(self) -> bool:
        """Whether it stood and stands."""
        return self.by is None and self.gone is None

    @property
    def physical(self) -> bool:
        """Whether it has a place of its own in the document as it was."""
        return self.kind in ("text", "turn", "fixed")

    @property
    def ends(self) -> bool:
        """Whether a paragraph of the redline ends in it."""
        return self.kind == "mark" or (self.kind == "new" and self.char == "\n")


class Paragraph:
    """A paragraph of the redline: its characters, and the mark in which it ends."""

    __slots__ = ("cells", "mark")

    def __init__(self, cells: list[Cell], mark: Cell) -> None:
        self.cells, self.mark = cells, mark


def redline(lines: Sequence[Line], pieces: Field, locked: Callable[[int], bool]) -> list[Paragraph]:
    """The paragraphs of a field's redline; the last ends in the mark of the last line, unless new ones follow it.

    `locked` says of a line whether the mark in which it ends has to stay where it is: the last of a cell.
    """
    stood = _stood(lines)
    assert "".join(cell.char for cell in stood[:-1]) == rejected(pieces), (
        "the document does not hold the text planned on"
    )
    cells = _marked(stood, pieces)
    _turn(cells, locked)
    return list(_paragraphs(cells))


def _stood(lines: Sequence[Line]) -> list[Cell]:
    cells: list[Cell] = []
    for number, line in enumerate(lines):
        cells += [Cell(char, "lead", number) for char in "  " * line.depth + line.lead]
        for stretch in line.stretches:
            kind: Kind = "fixed" if stretch.node is None else "text"
            cells += [Cell(char, kind, number, stretch.node, stretch.at + at) for at, char in enumerate(stretch.text)]
        following = lines[number + 1] if number + 1 < len(lines) else None
        if following is not None and following.turn is not None:
            cells.append(Cell("\n", "turn", number, following.turn))
        else:
            cells.append(Cell("\n", "mark", number))
    return cells


def _marked(stood: list[Cell], pieces: Field) -> list[Cell]:
    result: list[Cell] = []
    at = 0
    for piece in pieces:
        if piece.by is not None and piece.gone is not None:
            continue  # one instruction put it there and another took it away: it was never in the document
        if piece.by is not None:
            for char in piece.text:
                cell = Cell(char, "new", -1)
                cell.by = piece.by
                result.append(cell)
            continue
        for cell in stood[at : at + len(piece.text)]:
            cell.gone = piece.gone
            result.append(cell)
        at += len(piece.text)
    return result + stood[at:]


def _turn(cells: list[Cell], locked: Callable[[int], bool]) -> None:
    """Turn a change that begins with a line break and stands before a mark that is kept, so that it ends with one."""
    for end in range(len(cells) - 1, 0, -1):
        mark = cells[end]
        if mark.kind != "mark" or not mark.kept or locked(mark.line) or cells[end - 1].kept:
            continue
        last = cells[end - 1]
        begin = end - 1
        while begin > 0 and not cells[begin - 1].kept and (cells[begin - 1].by is None) == (last.by is None):
            begin -= 1
        first = cells[begin]
        if last.by is not None and first.char == "\n":
            cells[begin], cells[end] = mark, first
        elif last.by is None and first.kind == "mark":
            first.gone, mark.gone = None, last.gone


def _paragraphs(cells: list[Cell]) -> Iterator[Paragraph]:
    begin = 0
    for at, cell in enumerate(cells):
        if cell.ends:
            yield Paragraph(cells[begin:at], cell)
            begin = at + 1
