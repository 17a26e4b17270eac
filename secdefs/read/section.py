"""Which of a Word document's paragraphs and rows are definitions, and where each of their words stands in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from lxml import etree

from secdefs.change import collation
from secdefs.change.text import LABEL
from secdefs.model import Order
from secdefs.outline.quotations import LABEL as ANY_LABEL
from secdefs.read.depths import Shape, depths
from secdefs.read.meaning import DEFINES, section_said
from secdefs.read.package import W
from secdefs.read.runs import SPACES, Line, Stretch, blocks, cells, cut, divided, rows, text, trimmed
from secdefs.read.word import Word

_OPENING, _CLOSING = "“\"‘'", "”\"’'"
_LONGEST_TERM = 200


class Unplaced(NamedTuple):
    """A paragraph or row that is no part of a record, and its words; `inside` says that it stands among records."""

    words: str
    element: etree._Element
    inside: bool


class Lines(NamedTuple):
    """The lines of a text, and whether their levels can be read in two ways."""

    lines: tuple[Line, ...]
    ambiguous: bool


class Term(NamedTuple):
    """A term at the beginning of a paragraph, what follows it there, and whether it is bold, or else quoted."""

    term: tuple[Stretch, ...]
    rest: tuple[Stretch, ...]
    bold: bool
    sure: bool


def lines_of(word: Word, parts: Iterable[tuple[etree._Element, tuple[Stretch, ...] | None]]) -> Lines:
    """The lines of paragraphs and tables with their levels. A paragraph given with stretches has these alone, and its
    computed label is not part of them. A table's rows are lines that nothing can change."""
    found: list[tuple[Shape, Line]] = []
    for block, given in parts:
        if block.tag == f"{W}tbl":
            for row in rows(block):
                inner = [" ".join(word.text(p) for p in cell.iter(f"{W}p")).strip() for cell in cells(row)]
                words = " | ".join(" ".join(each.split()) for each in inner)
                if words.strip(" |"):
                    first = next(row.iter(f"{W}p"))
                    found.append((Shape(None, None, 0, 0, words), Line(first, 0, "", (Stretch(words, None),))))
            continue
        label = word.labels.get(block) if given is None else None
        lead = f"{label.text} " if label is not None else ""
        item = word.items.get(block) if label is not None else None
        left = word.indent(block).left
        for turn, stretches in divided(word.stretches(block) if given is None else given):
            body = trimmed(stretches)
            words = lead + text(body)
            if not words.strip():
                continue
            if not body:
                lead = lead.rstrip()
            shown = LABEL.match(words)
            shape = Shape(
                shown[0] if shown else None,
                item.series if item is not None and shown else None,
                item.level if item is not None else 0,
                left,
                words,
            )
            found.append((shape, Line(block, 0, lead, body, turn)))
            lead, item = "", None
    levels, ambiguous = depths([shape for shape, _ in found])
    return Lines(tuple(line._replace(depth=at) for (_, line), at in zip(found, levels, strict=True)), ambiguous)


class Found(NamedTuple):
    """A definition found: the term, the parts of its text, and the rows or paragraphs that hold it."""

    term: tuple[Line, ...]
    parts: list[tuple[etree._Element, tuple[Stretch, ...] | None]]
    rows: list[etree._Element]


def definitions(word: Word, known: frozenset[str] = frozenset()) -> tuple[list[Found], list[Unplaced]]:
    """The definitions of a document in order, and all that is none: in its two-column tables where it has such, else in
    its paragraphs that begin with a bold or quoted term. `known` are terms of which it is known that they are such."""
    top = list(blocks(word.body))
    tables = [block for block in top if block.tag == f"{W}tbl" and _defines(word, block, known)]
    found: list[Found] = []
    other: list[Unplaced] = []
    if tables:
        ends = {id(table) for table in tables}
        for block in top:
            if id(block) in ends:
                _in_table(word, block, known, found, other)
            elif words := _words(word, block):
                other.append(Unplaced(words, block, inside=False))
        return found, other
    _in_paragraphs(word, top, known, found, other)
    return found, other


def _words(word: Word, block: etree._Element) -> str:
    if block.tag == f"{W}p":
        return word.text(block)
    return " ".join(filter(None, (word.text(each) for each in block.iter(f"{W}p"))))


# --- two columns ------------------------------------------------------------------------------------------------------


def _columns(word: Word, row: etree._Element) -> tuple[etree._Element, etree._Element] | None:
    """The two cells of a row that may hold a definition; None for a row of another shape."""
    all_cells = list(cells(row))
    if len(all_cells) == 2:
        return all_cells[0], all_cells[1]
    filled = [cell for cell in all_cells if _cell_words(word, cell)]
    if len(filled) == 2 and filled[0] is all_cells[0] and len(all_cells) == 3:
        return filled[0], filled[1]
    return None


def _cell_words(word: Word, cell: etree._Element) -> str:
    return " ".join(filter(None, (_words(word, block) for block in blocks(cell))))


def _defines(word: Word, table: etree._Element, known: frozenset[str]) -> bool:
    """Whether a table is one of definitions: two columns, bold or quoted words in one, in the other a meaning."""
    total = marked = meaning = 0
    for row in rows(table):
        both = _columns(word, row)
        if not any(_cell_words(word, cell) for cell in cells(row)) or _header(row):
            continue
        total += 1
        if both is None:
            continue
        first, second = _cell_words(word, both[0]), _cell_words(word, both[1])
        if first in known:
            return True
        marked += bool(first) and (_all_bold(word, both[0]) or first[0] in _OPENING)
        meaning += bool(first and DEFINES.match(second))
    return total > 0 and (meaning >= 0.5 * total or (marked >= 0.6 * total and meaning >= 0.2 * total))


def _header(row: etree._Element) -> bool:
    said = row.find(f"{W}trPr/{W}tblHeader")
    return said is not None and said.get(f"{W}val", "true") not in ("0", "false", "off")


def _all_bold(word: Word, holder: etree._Element) -> bool:
    stretches = [
        each for block in blocks(holder) if block.tag == f"{W}p" for each in word.stretches(block) if each.text.strip()
    ]
    return bool(stretches) and all(each.node is not None and word.bold(_run(each.node)) for each in stretches)


def _run(node: etree._Element) -> etree._Element:
    return next(node.iterancestors(f"{W}r"))


def _in_table(
    word: Word, table: etree._Element, known: frozenset[str], found: list[Found], other: list[Unplaced]
) -> None:
    begun = len(found)
    for number, row in enumerate(rows(table)):
        both = _columns(word, row)
        words = " | ".join(filter(None, (_cell_words(word, cell) for cell in cells(row))))
        if not words:
            continue
        if both is None or _header(row):
            other.append(Unplaced(words, row, inside=not _header(row) and len(words) > 2))
            continue
        first, second = both
        parts = [(block, None) for block in blocks(second)]
        term = _term_cell(word, first)
        sure = bool(number) or (bool(term) and text(term[0].stretches) in known)
        if term and (sure or not _heads(word, row, both, table)):
            found.append(Found(term, list(parts), [row]))
        elif not term and len(found) > begun and not _cell_words(word, first):
            # A row without a term goes on with the definition above it.
            found[-1].parts.extend(parts)
            found[-1].rows.append(row)
        else:
            other.append(Unplaced(words, row, inside=bool(number)))


def _heads(word: Word, row: etree._Element, both: tuple[etree._Element, etree._Element], table: etree._Element) -> bool:
    """Whether the first row is the heading of the columns: bold throughout, or no meaning where the others have one."""
    others = [each for each in rows(table) if each is not row]
    if not others or DEFINES.match(_cell_words(word, both[1])):
        return False
    return _all_bold(word, both[1]) or len(_cell_words(word, both[1]).split()) < 4


def _term_cell(word: Word, cell: etree._Element) -> tuple[Line, ...]:
    """The term in a cell, without quotation marks and a colon about it; empty where there is none."""
    found: list[Stretch] = []
    paragraph = None
    for block in blocks(cell):
        stretches = trimmed(word.stretches(block)) if block.tag == f"{W}p" else ()
        if not stretches:
            continue
        if paragraph is None:
            paragraph = block
        else:
            found.append(Stretch(" ", None))
        found += [each._replace(text=each.text.replace("\n", " ")) for each in stretches]
    bare = _bare(tuple(found))
    if paragraph is None or not bare:
        return ()
    return (Line(paragraph, 0, "", bare),)


def _bare(stretches: tuple[Stretch, ...]) -> tuple[Stretch, ...]:
    """A term without what only shows that it is one."""
    words = text(stretches)
    start, end = len(words) - len(words.lstrip(SPACES)), len(words.rstrip(SPACES + ":"))
    if (
        end - start > 1
        and words[start] in _OPENING
        and words[end - 1] in _CLOSING
        and _closing(words, start) == end - 1
    ):
        start, end = start + 1, end - 1
    return cut(stretches, start, end)


def _closing(words: str, at: int) -> int:
    """Where the quotation that opens at an offset is closed; -1 where it is not."""
    opening = words[at]
    closing = _CLOSING[_OPENING.index(opening)]
    end = words.find(closing, at + 1)
    while closing in "’'" and 0 < end < len(words) - 1 and words[end + 1].isalnum():
        end = words.find(closing, end + 1)  # an apostrophe
    return end


# --- paragraphs -------------------------------------------------------------------------------------------------------


def term_of(word: Word, paragraph: etree._Element) -> Term | None:
    """The term with which a paragraph begins: quoted, or bold before words that are not."""
    stretches = word.stretches(paragraph)
    words = text(stretches)
    start = len(words) - len(words.lstrip(SPACES))
    if start == len(words) or "\n" in words[: start + 1]:
        return None
    bold_end = _bold_end(word, stretches, start)
    if words[start] in _OPENING:
        end = _closing(words, start)
        if end < 0 or end - start > _LONGEST_TERM or "\n" in words[start:end]:
            return None
        low, high, after = start + 1, end, end + 1
    else:
        # Bold words that run on to the end of the paragraph are a heading.
        if bold_end <= start or bold_end - start > _LONGEST_TERM or not words[bold_end:].strip(" \t.:"):
            return None
        low, after = start, bold_end
        high = start + len(words[start:bold_end].rstrip(SPACES + ":–—-"))
    rest = words[after:]
    skip = len(rest) - len(rest.lstrip(SPACES + ":–—-\n"))
    term, body = cut(stretches, low, high), cut(stretches, after + skip, len(words))
    if not text(term).strip() or "\n" in text(term):
        return None
    return Term(term, body, bold_end > start, sure=DEFINES.match(rest) is not None)


def _bold_end(word: Word, stretches: tuple[Stretch, ...], start: int) -> int:
    """Where the bold words that begin at an offset end."""
    at = end = 0
    for each in stretches:
        bold = each.node is not None and word.bold(_run(each.node))
        for character in each.text:
            if at >= start and not bold and character not in SPACES:
                return end
            at += 1
            if bold and character not in SPACES:
                end = at
    return end


def _in_paragraphs(
    word: Word, top: list[etree._Element], known: frozenset[str], found: list[Found], other: list[Unplaced]
) -> None:
    left: int | None = None
    open_ = False
    inside: set[str] = set()
    after: list[int] = []  # how many definitions stand before each paragraph that is none
    outside: dict[str, int] = {}  # lists of which something else is an item, and their outermost level there
    for block in top:
        words = _words(word, block)
        if not words:
            continue
        if block.tag == f"{W}tbl":
            if open_:
                found[-1].parts.append((block, None))
            else:
                other.append(Unplaced(words, block, inside=False))
                after.append(len(found))
            continue
        indent = word.indent(block).left
        heading = word.styles.heading(block) or word.styles.contents(block)
        term = None if heading else term_of(word, block)
        item = word.items.get(block)
        own = left is None or indent <= left + 60
        if term is not None and own and (term.sure or open_ or text(term.term).strip() in known):
            left = indent if left is None else left
            found.append(
                Found((Line(block, 0, "", trimmed_term(term.term)),), [(block, term.rest)] if term.rest else [], [])
            )
            open_ = True
        elif open_ and not heading and not _ends(word, block, outside, indent, left or 0):
            found[-1].parts.append((block, None))
        else:
            open_ = False
            if item is not None and item.series not in inside:
                outside[item.series] = min(item.level, outside.get(item.series, item.level))
            other.append(Unplaced(words, block, inside=bool(found)))
            after.append(len(found))
            continue
        if item is not None:
            inside.add(item.series)
    for number, place in zip(range(len(other) - len(after), len(other)), after, strict=True):
        other[number] = other[number]._replace(inside=0 < place < len(found))


def trimmed_term(term: tuple[Stretch, ...]) -> tuple[Stretch, ...]:
    """A term without the spaces about it."""
    words = text(term)
    return cut(term, len(words) - len(words.lstrip(SPACES)), len(words.rstrip(SPACES)))


def _ends(word: Word, block: etree._Element, outside: dict[str, int], indent: int, left: int) -> bool:
    """Whether a paragraph after a definition is no longer part of it."""
    item = word.items.get(block)
    if item is not None and item.level <= outside.get(item.series, -1):
        return True
    words = word.text(block)
    if re.match(r"(?:[A-Z]{1,3})?\d+(?:\.\d+)+[A-Z]?\.?\s|[A-Z]{1,2}\d+\.?\s", words):
        return True  # the number of a clause, which no paragraph of a definition bears
    if indent <= left + 60 and _all_bold_paragraph(word, block) and not words.startswith("("):
        return True
    return indent < left - 60 or (len(words) <= 2 and ANY_LABEL.match(words) is None)


def _all_bold_paragraph(word: Word, block: etree._Element) -> bool:
    stretches = [each for each in word.stretches(block) if each.text.strip()]
    return bool(stretches) and all(each.node is not None and word.bold(_run(each.node)) for each in stretches)


# --- the Section ------------------------------------------------------------------------------------------------------


def section(other: Iterable[Unplaced]) -> tuple[str, str | None] | None:
    """The label of the Section and its heading, from the first line outside the definitions that says them."""
    return section_said([each.words for each in other])


def order_of(terms: tuple[str, ...]) -> Order:
    """How a list is ordered: by the way that fits it best, or not at all where more than a tenth is out of order."""

    def faults(order: Order) -> int:
        return sum(collation.key(one, order) > collation.key(other, order) for one, other in pairwise(terms))

    order: Order = "letter-by-letter" if faults("letter-by-letter") < faults("word-by-word") else "word-by-word"
    return order if faults(order) <= len(terms) / 10 else "none"
