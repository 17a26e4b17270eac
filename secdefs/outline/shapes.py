"""The values of an outline: clauses, footnotes, and what a reader that sees the page can say of a letter's shape."""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

from secdefs.outline.quotations import Quotation

QUOTE = "\ue000"
"""Stands for one quotation in a clause's text; the same character in a letter is replaced before it is read."""

FORGED = {0xE000: 0xFFFD, 0xE001: 0xFFFD}
"""For `str.translate`: what stands for quotations inside, and may not come from a letter."""


class Clause(msgspec.Struct, frozen=True):
    """A paragraph or a list item: its own words, and what hangs on it.

    `label` is as drafted ("iii)"), null where there is none. `text` is one line, each quotation in it one `QUOTE`, in
    the order of `quotes`. `offsets` has the source offset of each character of `text`, and one more: the end of its
    words. `block` holds the lines of the indented or quoted text that the clause introduces, two leading spaces a
    level, the quotation's own marks taken off; `end` is the end of the block, or of the words. `children` are the items
    of the list that it introduces; they lie outside `start` to `end`. `others` are the same words under the other
    readings of their single quotation marks.
    """

    label: str | None
    text: str
    quotes: tuple[Quotation, ...]
    offsets: tuple[int, ...]
    block: tuple[str, ...]
    children: tuple[Clause, ...]
    start: int
    end: int
    others: tuple[Clause, ...] = ()


class Footnote(msgspec.Struct, frozen=True):
    """A footnote: its mark and text, its place, and the offset of its mark in the text (null: none was found)."""

    mark: str
    text: str
    start: int
    end: int
    anchor: int | None


class Hyphen(NamedTuple):
    """A hyphen at a line's end, inside a word: whether it was kept, and whether the letter has the word elsewhere."""

    offset: int
    kept: bool
    known: bool


class Outline(msgspec.Struct, frozen=True):
    """A letter's clauses in order, its footnotes, and its furniture: page numbers and running lines, as (start, end).

    `unbalanced` are the offsets of double quotation marks, and of opening single ones, that have no fellow; `ambiguous`
    those of labels that fit two lists, or none. `hyphens` are those at line ends, inside words.
    """

    clauses: tuple[Clause, ...]
    footnotes: tuple[Footnote, ...]
    furniture: tuple[tuple[int, int], ...]
    unbalanced: tuple[int, ...] = ()
    ambiguous: tuple[int, ...] = ()
    hyphens: tuple[Hyphen, ...] = ()


Kind = Literal["clause", "block", "footnote", "furniture"]


class Span(NamedTuple):
    """A stretch of the letter, and what it belongs to."""

    kind: Kind
    start: int
    end: int


class Layout(msgspec.Struct, frozen=True):
    """What a reader that saw the page or the paragraphs knows of a letter's shape, so that nothing of it is guessed.

    With it each line of the text is one paragraph, two leading spaces an em of indentation, but for the lines of
    `footnotes` and of `furniture`: the (start, end) of page numbers and running lines. The mark of a footnote stands in
    the text at its `anchor`. `hyphens` are those that stood at the ends of lines inside words.
    """

    footnotes: tuple[Footnote, ...] = ()
    furniture: tuple[tuple[int, int], ...] = ()
    hyphens: tuple[Hyphen, ...] = ()
