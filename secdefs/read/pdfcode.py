"""Which lines of a PDF file are definitions: in two columns, row by row over the pages, or in paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from secdefs.findings import Finding, SecdefsError, Severity, Source, finding
from secdefs.model import Definition
from secdefs.outline.quotations import LABEL
from secdefs.read.depths import Shape, depths
from secdefs.read.encoding import shown
from secdefs.read.footnotes import Sorted
from secdefs.read.layout import Line, line_of, lines_of
from secdefs.read.meaning import DEFINES, section_said
from secdefs.read.pdf import Page, Piece, pages_of
from secdefs.read.reflow import Paragraph, Reflow
from secdefs.read.running import without_running

_LEFT, _RIGHT = (0, 2), (1, 2)
_GAP = 0.5  # the least gap between a term and its meaning, in ems
_TIGHT = 1.25  # lines of one cell are at most so much further apart than usual
_LONGEST_TERM = 200
_NUMBERED = re.compile(r"(?:[A-Z]{1,3})?\d+(?:\.\d+)+[A-Z]?\.?\s|[A-Z]{1,2}\d+\.?\s|\d{1,3}\.?\s+[A-Z]")
_TERM_AND_MORE = re.compile(r"[“\"‘'].{1,120}?[”\"’'] \w")
_SPACES = " \t\u00a0"
_SEPARATES = _SPACES + ":–—-"


class PdfDefinitions(NamedTuple):
    """The definitions that a PDF file holds, in order; the Section that it says it is, and its heading; what there is
    to say of how it was read."""

    entries: tuple[Definition, ...]
    section: str | None
    heading: str | None
    findings: tuple[Finding, ...]


def definitions_of_pdf(data: bytes, file: str, known: Iterable[Definition] = ()) -> PdfDefinitions:
    """The definitions in a PDF file. `known` are definitions as they should be: they tell where a term of several lines
    ends and how a word is spelled that a line's end broke, and nothing of what the file says.

    Raises `SecdefsError` for a file that cannot be read, or in which no definition is found.
    """
    pages = pages_of(data, file)
    parted = without_running([lines_of(page) for page in pages], [page.height for page in pages])
    lines = [line for page in parted.pages for line in page]
    known = tuple(known)
    reader = _Reader(pages, lines, known)
    there = reader.in_columns()
    if not there or 2 * reader.expected() < len(reader.entries):
        # In a file of a few lines the words of paragraphs may happen to stand as in columns.
        other = _Reader(pages, lines, known)
        if other.in_paragraphs() and (not there or other.expected() > reader.expected()):
            there, reader = True, other
    if not there:
        raise SecdefsError(
            f"{file}: no definitions are found in it (a table of two columns, or paragraphs that begin with a bold or "
            "quoted term)"
        )
    section, heading = section_said(reader.outside) or (None, None)
    return PdfDefinitions(tuple(reader.entries), section, heading, tuple(reader.findings(file)))


class _Row(NamedTuple):
    """A definition in two columns: the lines of its term, and those of its meaning."""

    term: list[Line]
    text: list[Line]


class _Reader:
    """Reads the lines of all pages, in one way or the other."""

    def __init__(self, pages: Sequence[Page], lines: Sequence[Line], known: tuple[Definition, ...]) -> None:
        self.pages = {page.number: page for page in pages}
        self.lines = lines
        self.known = {each.term for each in known}
        self.spelled = [f"{each.term} {each.text}" for each in known]
        self.entries: list[Definition] = []
        self.outside: list[str] = []
        """What stands before and after the definitions."""
        self.inside: list[tuple[int, str]] = []
        """What stands among them and is none: page and words."""
        self.doubtful: list[str] = []

    def expected(self) -> int:
        """How many of the terms that are known were found."""
        return sum(each.term in self.known for each in self.entries)

    def findings(self, file: str) -> Iterable[Finding]:
        """What there is to say of how the file was read."""

        def say(code: str, message: str, hint: str | None, weight: Severity, page: int | None = None) -> Finding:
            return finding(code, message, hint=hint, source=Source(file, page, None, 1, 1, 0, 0), weight=weight)

        counts = Counter(each.term for each in self.entries)
        for term, count in counts.items():
            if count > 1:
                hint = "correct the document: of two that are alike none can be compared"
                yield say("SD510", f"“{shown(term)}” is defined {count} times", hint, "error")
        for page, words in self.inside:
            yield say("SD510", f"this is no definition and is left out: “{shown(words)}”", None, "warning", page)
        if self.outside:
            many = len(self.outside)
            what = f"{many} paragraphs are not placed; the first is" if many > 1 else "not placed:"
            yield say("SD510", f"{what} “{shown(self.outside[0])}”", None, "note")
        for term in self.doubtful:
            what = f"the levels of “{shown(term)}” can be read in more than one way; nothing in the document tells"
            yield say("SD503", what, None, "note")
        for each in self.pages.values():
            if each.overlaid:
                what = f"{', '.join(each.overlaid)} lies over the page and is not read"
                yield say("SD505", what, "compare the page by eye", "warning", each.number)

    def _add(self, term: str, paragraphs: Sequence[tuple[str, float]]) -> None:
        """Take a definition: its paragraphs, and how far the words of each are indented, in points."""
        shapes = []
        for text, left in paragraphs:
            label = LABEL.match(text)
            words = f"{label.group()} {text[label.end() :].lstrip()}" if label and text[label.end() :] else text
            shapes.append(Shape(label.group() if label else None, None, 0, round(left * 20), words))
        levels, ambiguous = depths(shapes)
        if ambiguous:
            self.doubtful.append(term)
        text = "\n".join("  " * level + each.words for level, each in zip(levels, shapes, strict=True))
        self.entries.append(Definition(term=term, text=text))

    # --- two columns --------------------------------------------------------------------------------------------------

    def in_columns(self) -> bool:
        """Read the definitions as rows of two columns; whether there are such."""
        edges = self._edges()
        if not edges:
            return False
        place = {page: _fitting(edges, [line for line in self.lines if line.page == page]) for page in self.pages}
        kinds = [_side(line, place[line.page]) for line in self.lines]
        first = next(n for n, kind in enumerate(kinds) if kind == "both")
        last = max(n for n, kind in enumerate(kinds) if kind in ("both", "right"))
        # A term may have more lines than its meaning.
        while last + 1 < len(kinds) and kinds[last + 1] == "left" and self._is_near(last, last + 1):
            last += 1
        rows: list[_Row] = []
        wholes: list[Line] = []
        for number, line in enumerate(self.lines):
            if not first <= number <= last:
                self.outside.append(" ".join(line.text.split()))
            elif kinds[number] == "across":
                wholes.append(line)
            else:
                self._in_row(rows, line, place[line.page], kinds[number])
        self.inside += [(line.page, " ".join(line.text.split())) for line in wholes]
        self._take_rows(rows, place)
        return bool(self.entries)

    def _edges(self) -> list[float]:
        """Where the meanings may begin, the likeliest first."""
        starts: Counter[int] = Counter()
        for line in self.lines:
            for before, after in pairwise(line.words):
                if after.x0 - before.x1 > _GAP * line.size:
                    starts[round(after.x0)] += 1
        found: list[tuple[int, float]] = []
        for x, count in starts.most_common(12):
            score = self._score(float(x)) if count > 1 or len(self.lines) < 20 else 0
            if score:
                found.append((score, float(x)))
        return [x for _, x in sorted(found, reverse=True)]

    def _score(self, x: float) -> int:
        """How many definitions stand on both sides of a place; none where it does not part two columns."""
        kinds = [_side(line, x) for line in self.lines]
        both = [line for line, kind in zip(self.lines, kinds, strict=True) if kind == "both"]
        if not both:
            return 0
        first = kinds.index("both")
        last = max(n for n, kind in enumerate(kinds) if kind in ("both", "right"))
        region = kinds[first : last + 1]
        halves = [_halves(line, x) for line in both]
        # In prose that is justified a gap may stand anywhere, and once or twice in one place.
        aligned = sum(abs(right[0].x0 - x) < 2.5 for _, right in halves)
        prose = sum(_TERM_AND_MORE.match(_words(left)) is not None for left, _ in halves)
        if aligned < 0.6 * len(both) or 2 * prose > len(both):
            return 0
        labels = sum(LABEL.fullmatch(_words(left)) is not None for left, _ in halves)
        # Some pages may have their columns elsewhere.
        if 2 * labels >= len(both) or region.count("across") > 0.5 * max(len(region), 3):
            return 0
        meaning = sum(
            DEFINES.match(_words(right)) is not None or _bare(_words(left)) in self.known for left, right in halves
        )
        return meaning if meaning >= 0.25 * len(both) else 0

    def _is_near(self, one: int, other: int) -> bool:
        line, after = self.lines[one], self.lines[other]
        return line.page == after.page and 0 < line.y - after.y < 1.6 * line.size

    def _in_row(self, rows: list[_Row], line: Line, x: float, kind: str) -> None:
        """Put a line into the row that it is of, or begin one with it."""
        page = self.pages[line.page]
        left, right = _halves(line, x)
        if left:
            made = line_of(left, page, _LEFT)
            if not rows or self._begins(rows[-1], made, right, x):
                rows.append(_Row([], []))
            rows[-1].term.append(made)
        elif not rows:
            rows.append(_Row([], []))
        elif self._ruled(page, x) and self._parted(rows[-1], line, x):
            # A term that is centred in its row comes lower than the first lines of its meaning.
            rows.append(_Row([], []))
        if right:
            rows[-1].text.append(line_of(right, page, _RIGHT))

    def _begins(self, row: _Row, line: Line, right: Sequence[Piece], x: float) -> bool:
        """Whether a line of the left column begins a row, and does not go on with the term above."""
        page = self.pages[line.page]
        if not row.term:
            return self._ruled(page, x) and self._parted(row, line, x)
        above = row.term[-1]
        so_far, longer = _joined(row.term, self.known), _joined([*row.term, line], self.known)
        goes_on = any(each.startswith(_bare(longer)) for each in self.known)
        if above.page != line.page:
            return not (goes_on and so_far not in self.known)
        if self._ruled(page, x):
            return self._parted(row, line, x)
        if above.y - line.y > _TIGHT * 1.25 * line.size and not (goes_on and above.y - line.y < 1.9 * line.size):
            return True
        if DEFINES.match(_words(right)) and (not row.text or row.text[-1].text.rstrip()[-1:] in ".;:"):
            return not goes_on
        return so_far in self.known and not goes_on

    def _rules(self, page: Page, x: float) -> list[float]:
        """The heights of the lines drawn between the rows of a page."""
        edge = min((line.x0 for line in self.lines if line.page == page.number), default=0.0)
        return [y for x0, x1, y in page.rules if x0 <= edge + 3 and x1 >= x - 14]

    def _ruled(self, page: Page, x: float) -> bool:
        return len(self._rules(page, x)) > 1

    def _parted(self, row: _Row, line: Line, x: float) -> bool:
        """Whether a line is drawn between a row and a line below it on the same page."""
        above = max((each for each in (*row.term, *row.text) if each.page == line.page), key=_depth, default=None)
        return above is not None and any(
            line.y + 0.1 * line.size < y < above.y + 0.1 for y in self._rules(self.pages[line.page], x)
        )

    def _take_rows(self, rows: list[_Row], place: Mapping[int, float]) -> None:
        # A row without a term goes on with the one above.
        joined: list[_Row] = []
        for row in rows:
            if not row.term and joined:
                joined[-1].text.extend(row.text)
            elif (
                row.term
                and not row.text
                and joined
                and joined[-1].term[-1:]
                and joined[-1].term[-1].page < row.term[0].page
            ):
                joined[-1].term.extend(row.term)  # a term that goes on overleaf
            else:
                joined.append(row)
        body = [line for row in joined for line in row.text]
        starts, at = [], 0
        for row in joined:
            starts.append(at)
            at += len(row.text)
        if not body:
            return
        reflow = Reflow(Sorted(tuple(body), (), ()), tuple(self.pages.values()), self.spelled)
        paragraphs = reflow.paragraphs(tagged=False, begun=frozenset(starts))
        lefts = _lefts(body, paragraphs, place)
        for number, (row, start) in enumerate(zip(joined, starts, strict=True)):
            mine = [each for each in paragraphs if start <= each.line < start + len(row.text)]
            term = _bare(_joined(row.term, self.known))
            words = " ".join(each.text for each in mine)
            heads = number == 0 and term not in self.known and not DEFINES.match(words) and len(words.split()) < 4
            if not term or not mine or heads or len(term) > _LONGEST_TERM:
                words = f"{term} {words}".strip()
                if heads:
                    self.outside.append(words)
                else:
                    self.inside.append(((row.term or row.text)[0].page, words))
                continue
            self._add(term, [(each.text, lefts[each.line] - place[body[each.line].page]) for each in mine])

    # --- paragraphs ---------------------------------------------------------------------------------------------------

    def in_paragraphs(self) -> bool:
        """Read the definitions as paragraphs that begin with their term; whether there are such."""
        lines = tuple(self.lines)
        if not lines:
            return False
        reflow = Reflow(Sorted(lines, (), ()), tuple(self.pages.values()), self.spelled)
        begun = frozenset(n for n, line in enumerate(lines) if n and self._heads_paragraph(lines, n))
        open_: tuple[str, list[tuple[str, float]]] | None = None
        edge = self._margins()
        outer: float | None = None
        pending: list[tuple[int, str]] = []
        paragraphs = reflow.paragraphs(tagged=False, begun=begun)
        lefts = _lefts(lines, paragraphs, edge)
        for each in paragraphs:
            line = lines[each.line]
            begins = line.x0 - edge[line.page]
            found = self._term(each, lines)
            if found is not None and (outer is None or begins <= outer + line.size):
                if open_ is not None:
                    self._add(*open_)
                self.inside += pending
                pending = []
                outer = begins if outer is None else outer
                open_ = (found[0], [(found[1], begins)] if found[1] else [])
            elif open_ is not None and not self._ends(each, line, begins - (outer or 0.0)):
                open_[1].append((each.text, lefts[each.line] - edge[line.page]))
            else:
                if open_ is not None:
                    self._add(*open_)
                open_ = None
                if self.entries:
                    pending.append((line.page, each.text))
                else:
                    self.outside.append(each.text)
        if open_ is not None:
            self._add(*open_)
        self.outside += [words for _, words in pending]
        return bool(self.entries)

    def _heads_paragraph(self, lines: Sequence[Line], number: int) -> bool:
        """Whether a line begins with a term, after one that ended a paragraph or is not full."""
        line, above = lines[number], lines[number - 1]
        if above.text.rstrip("”’\"')] ")[-1:] not in (".", ";", ":"):
            return False
        term = _leading_term(line.text, line.words, self.known)
        if term is not None and not term[1]:
            return line.text.lstrip()[:1] in "“\"‘'"
        return term is not None and (term[0] in self.known or DEFINES.match(term[1]) is not None)

    def _term(self, each: Paragraph, lines: Sequence[Line]) -> tuple[str, str] | None:
        """The term with which a paragraph begins, and what follows it."""
        words: list[Piece] = []
        for line in lines[each.line : each.line + 3]:
            words += line.words
            if not all(word.bold for word in line.words):
                break
        found = _leading_term(each.text, words, self.known)
        if found is None:
            return None
        if not found[1] and len(found[0]) > 1 and each.text.lstrip()[:1] in "“\"‘'":
            return found  # its meaning stands in the paragraphs that follow
        if not (found[0] in self.known or DEFINES.match(found[1])):
            return None
        return found

    def _margins(self) -> dict[int, float]:
        """How far from its edge the text of each page begins: odd and even pages may differ."""
        found = {}
        for odd in (0, 1):
            edges = sorted(line.x0 for line in self.lines if line.page % 2 == odd)
            found[odd] = (edges[0] if edges else 0.0, len(edges))
        for odd in (0, 1):
            (mine, count), (other, _) = found[odd], found[1 - odd]
            # Few lines do not show where the others would begin.
            if count < 20 and count < found[1 - odd][1] and mine > other:
                found[odd] = (other, count)
        return {page: found[page % 2][0] for page in self.pages}

    def _ends(self, each: Paragraph, line: Line, beyond: float) -> bool:
        """Whether a paragraph after a definition is no longer part of it; `beyond`: so far it begins right of it."""
        if _NUMBERED.match(each.text) or beyond < -0.3 * line.size:
            return True
        bold = all(word.bold for word in line.words) and not each.text.startswith("(")
        return (bold or (each.text.isupper() and len(each.text) > 3)) and beyond <= line.size


def _leading_term(text: str, words: Sequence[Piece], known: set[str]) -> tuple[str, str] | None:
    """A term at the beginning of a text, in quotation marks, in bold, or known, and what follows it."""
    begin = len(text) - len(text.lstrip(_SPACES))
    if text[begin : begin + 1] in tuple("“\"‘'"):
        closing = "”\"’'"["“\"‘'".index(text[begin])]
        end = text.find(closing, begin + 1)
        if 0 < end - begin <= _LONGEST_TERM:
            return text[begin + 1 : end].strip(_SPACES), text[end + 1 :].lstrip(_SEPARATES)
        return None
    bold = "".join("".join(word.text.split()) for word in _while_bold(words))
    if bold:
        at = begin
        for char in bold:
            while at < len(text) and text[at] in _SPACES:
                at += 1
            if at >= len(text) or text[at] != char:
                break
            at += 1
        else:
            term = text[begin:at].rstrip(_SEPARATES)
            if term and len(term) <= _LONGEST_TERM and text[at:].strip():
                return term, text[at:].lstrip(_SEPARATES)
    named = [each for each in known if text.startswith(each, begin) and DEFINES.match(text[begin + len(each) :])]
    if named:
        term = max(named, key=len)
        return term, text[begin + len(term) :].lstrip(_SEPARATES)
    return None


def _lefts(body: Sequence[Line], paragraphs: Sequence[Paragraph], edges: Mapping[int, float]) -> dict[int, float]:
    """Where the words of each paragraph begin, after its label, by the number of its first line.

    A label that is followed by a space alone does not show it: then the paragraph's next line does, or another
    paragraph whose label stands in the same place.
    """
    ends = {one.line: two.line for one, two in pairwise(paragraphs)}
    sure: dict[int, float] = {}
    found: dict[int, float | None] = {}
    for each in paragraphs:
        line = body[each.line]
        label = LABEL.match(line.text)
        begins = line.begins(len(line.text) - len(line.text[label.end() :].lstrip())) if label else line.x0
        if label is None:
            found[each.line] = line.x0
            continue
        follows = each.line + 1 < ends.get(each.line, len(body))
        after = body[each.line + 1] if follows else None
        if after is not None and after.page == line.page and after.x0 > line.x0 + 0.5 * line.size:
            begins = after.x0
        elif _is_spaced(line, label.end(), begins):
            found[each.line] = None
            continue
        found[each.line] = begins
        sure.setdefault(round((line.x0 - edges[line.page]) / 2), begins - line.x0)
    result = {}
    for number, place in found.items():
        line = body[number]
        hang = sure.get(round((line.x0 - edges[line.page]) / 2), 2 * line.size)
        result[number] = line.x0 + hang if place is None else place
    return result


def _is_spaced(line: Line, end: int, begins: float) -> bool:
    """Whether no more than a space stands between a label and the words after it."""
    first = next((word for word in line.words), None)
    if first is not None and len(first.text) > end:
        return True  # one piece of text, with a space in it
    right = max((word.x1 for word in line.words if word.x1 <= begins), default=line.x0)
    return begins - right < 0.6 * line.size


def _while_bold(words: Sequence[Piece]) -> Iterable[Piece]:
    for word in words:
        if not word.bold:
            return
        yield word


def _side(line: Line, x: float) -> str:
    """On which side of a place a line stands: "left", "right", "both", or "across" it."""
    left, right = _halves(line, x)
    if any(word.x1 > x + 0.2 * line.size for word in left):
        return "across"
    if left and right:
        return "both" if right[0].x0 - left[-1].x1 > 0.25 * line.size else "across"
    return "left" if left else "right"


def _halves(line: Line, x: float) -> tuple[list[Piece], list[Piece]]:
    return [word for word in line.words if word.x0 < x - 2.5], [word for word in line.words if word.x0 >= x - 2.5]


def _fitting(edges: Sequence[float], lines: Sequence[Line]) -> float:
    """Of the places where meanings may begin, the one that parts a page's lines best."""

    def fit(x: float) -> tuple[int, int]:
        kinds = [_side(line, x) for line in lines]
        at = sum(any(abs(word.x0 - x) < 2.5 for word in line.words) for line in lines)
        return kinds.count("both") + kinds.count("right") - 2 * kinds.count("across"), at

    return max(edges, key=fit)


def _words(pieces: Sequence[Piece]) -> str:
    text = ""
    for before, word in zip([None, *pieces], pieces, strict=False):
        gap = before is not None and (word.spaced or word.x0 - before.x1 > 0.2 * word.size)
        text += (" " if gap else "") + word.text
    return text


def _joined(lines: Sequence[Line], known: set[str]) -> str:
    """The lines of a term as one."""
    text = ""
    for line in lines:
        words = " ".join(line.text.replace("\x02", "-").split())
        if text.endswith("-"):
            glued = text[:-1] + words
            text = glued if any(each.startswith(_bare(glued)) for each in known) else text + words
        else:
            text = f"{text} {words}" if text else words
    return _bare(text)


def _bare(text: str) -> str:
    """A term without what only shows that it is one."""
    text = text.strip(_SPACES + ":")
    if len(text) > 2 and text[0] in "“\"‘'" and text[-1] in "”\"’'":
        return text[1:-1].strip(_SPACES)
    return text.lstrip('“"') if text.count("“") > text.count("”") else text


def _depth(line: Line) -> float:
    return line.depth
