"""Quotation marks: which of them belong together. Shapes only; a line of the text is a paragraph."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import islice, product

import msgspec

LABEL = re.compile(
    r"(?:\((?:\d{1,3}[A-Z]{0,3}|[A-Z]{1,2}\d{1,2}|[ivxl]{1,6}[a-z]?|[a-z]{1,3}|[A-Z]{1,3})\)"
    r"|(?:\d{1,3}[A-Z]{0,2}|[ivxl]{1,6}|[a-z]{1,2}|[A-Z])\)"
    r"|\d{1,3}[A-Z]{0,2}\.(?:—(?=\())?"
    r"|[IVX]{1,5}\.(?=\s(?!\s*[A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*){0,3}\s*$))"
    r"|[•●▪◦‣·–-])(?:(?=\s|$)|(?<=—)|(?<=\))—?(?=\())"
)
"""The label of a paragraph, at its beginning: `(a) (aa) (A1) (1) (1A) (i) a) i) 1. 1A. 2.—(1) I. • – -`."""

NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,3}){1,3}(?=\.?\s)")
"""A number of more than one level, at the beginning of a paragraph: `2.1`, `1.15.3`."""

IS_NUMBER = re.compile(r"\d+(?:\.\d+)+")
"""A label that is such a number."""

READINGS = 8
"""How many readings of one text are given at most."""

_DOUBLE = re.compile(r"[“”\"\n]")
_SINGLE = re.compile(r"[‘’']")
_TAIL = re.compile(r"\s*[.,;:]?(?:\s*\w{2,3},?)?\s*\Z")
_LEAD = re.compile(r"(?:[:—–]|\s-)\s*\Z")
_RUN = 400  # paragraphs that one quotation may run over


class Quotation(msgspec.Struct, frozen=True):
    """Words in quotation marks.

    `text` is what stands inside the marks; a line is a paragraph, two leading spaces a level, and the marks that
    re-open the quotation at each paragraph are taken off. `start` and `end` are its place, marks included.
    """

    text: str
    start: int
    end: int


class Pair(msgspec.Struct, frozen=True):
    """Two marks that belong together: `start` is the opening mark's offset, `end` that after the closing mark.

    `reopened` are the offsets of the marks that open the quotation again at a later paragraph.
    """

    start: int
    end: int
    reopened: tuple[int, ...] = ()


class Marks(msgspec.Struct, frozen=True):
    """The quotations of a text, those inside another left to it, and the marks that belong to none.

    `pairs` is the most plausible reading. `others` holds the further readings of single marks, paragraph by paragraph:
    the paragraph's start and end, and each other reading of that stretch.
    """

    pairs: tuple[Pair, ...]
    unbalanced: tuple[int, ...]
    others: tuple[tuple[int, int, tuple[tuple[Pair, ...], ...]], ...] = ()


def quotations(text: str) -> tuple[tuple[Quotation, ...], ...]:
    """All readings of the quotation marks of a text in which a line is a paragraph, the most plausible first.

    There is more than one only where a ’ after an s may be a closing mark or an apostrophe; at most `READINGS`.
    A mark without its fellow is a character like any other.
    """
    marks = pair(text)
    whole = [marks.pairs]
    if marks.others:
        choices = []
        for start, end, others in marks.others:
            here = tuple(p for p in marks.pairs if start <= p.start < end)
            choices.append((here, *others))
        fixed = [p for p in marks.pairs if not any(s <= p.start < e for s, e, _ in marks.others)]
        whole = [
            tuple(sorted([*fixed, *(p for part in chosen for p in part)], key=lambda p: p.start))
            for chosen in islice(product(*choices), READINGS)
        ]
    return tuple(
        tuple(Quotation("\n".join(lines(text, found)), found.start, found.end) for found in pairs) for pairs in whole
    )


def lines(text: str, found: Pair) -> list[str]:
    """The paragraphs inside a quotation, without their indentation and without the marks that re-open it."""
    pieces, at = [], found.start + 1
    for mark in found.reopened:
        pieces.append(text[at:mark])
        at = mark + 1
    pieces.append(text[at : found.end - 1])
    return [line.strip() for line in "".join(pieces).split("\n")]


def whole(text: str, found: Pair, end: int) -> bool:
    """Whether nothing but a stop, or a stop and a conjunction, stands between a quotation and `end`."""
    return end - found.end <= 8 and _TAIL.match(text[found.end : end]) is not None


def leads(text: str) -> bool:
    """Whether a text ends as what introduces something does: in a colon or a dash."""
    return _LEAD.search(text[-4:]) is not None


def pair(text: str) -> Marks:
    """Find which quotation marks of a text belong together; a line of the text is a paragraph. Takes linear time."""
    pairs, unbalanced = _doubles(text)
    if not _SINGLE.search(text):
        return Marks(tuple(pairs), tuple(unbalanced))
    return _with_singles(text, pairs, unbalanced)


# --- double marks ---------------------------------------------------------------------------------------------------


class _Open:
    """A stack of marks that are open, each an offset and the mark that will close it."""

    def __init__(self) -> None:
        self.stack: list[tuple[int, str]] = []
        self.count = {"”": 0, '"': 0}

    def push(self, at: int, closing: str) -> None:
        self.stack.append((at, closing))
        self.count[closing] += 1

    def close(self, closing: str, lost: list[int]) -> int | None:
        """The offset of the mark that this one closes; what stands open inside it goes to `lost`."""
        if not self.count[closing]:
            return None
        while True:
            at, expected = self.stack.pop()
            self.count[expected] -= 1
            if expected == closing:
                return at
            lost.append(at)


class _Paragraph(msgspec.Struct):
    start: int
    end: int
    marks: list[int]


def _paragraphs(text: str) -> list[_Paragraph]:
    result = [_Paragraph(0, len(text), [])]
    for found in _DOUBLE.finditer(text):
        if found.group() == "\n":
            result[-1].end = found.start()
            result.append(_Paragraph(found.end(), len(text), []))
        else:
            result[-1].marks.append(found.start())
    return result


def _doubles(text: str) -> tuple[list[Pair], list[int]]:
    paragraphs = _paragraphs(text)
    # Every failed look ahead is paid from one purse, so that a text of opening marks takes linear time.
    purse = 16 * _RUN + sum(1 + len(here.marks) for here in paragraphs) // 4
    pairs: list[Pair] = []
    unbalanced: list[int] = []
    index = 0
    while index < len(paragraphs):
        here = paragraphs[index]
        index += 1
        if not here.marks:
            continue
        opened, closed, lost = _Open(), list[tuple[int, int]](), list[int]()
        _read(text, here.marks, opened, closed, lost)
        if opened.stack and purse > 0 and _may_run(text, here, opened, paragraphs, index):
            outer = opened.stack[0][0]
            spent, reopened = _run(text, paragraphs, index, opened, closed, lost)
            purse -= sum(1 + len(read.marks) for read in paragraphs[index : index + spent])
            if reopened is not None:
                pairs += _outermost(closed, outer, reopened)
                unbalanced += lost
                index += spent
                continue
            opened, closed, lost = _Open(), [], []
            _read(text, here.marks, opened, closed, lost)
        pairs += _outermost(closed)
        unbalanced += lost
        unbalanced += (at for at, _ in opened.stack)
    return pairs, sorted(unbalanced)


def _read(text: str, marks: list[int], opened: _Open, closed: list[tuple[int, int]], lost: list[int]) -> None:
    """Read the marks of one paragraph onto what is open already."""
    opening_at = -1
    for at in marks:
        mark = text[at]
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        if mark == "“" or (mark == '"' and _opens(before, after, opening_at == at - 1, opened.count['"'] > 0)):
            opened.push(at, "”" if mark == "“" else '"')
            opening_at = at
            continue
        start = opened.close(mark, lost)
        if start is None:
            lost.append(at)
        else:
            closed.append((start, at + 1))


def _opens(before: str, after: str, after_opening: bool, inside: bool) -> bool:
    """Whether a straight mark opens: told by what stands on either side of it, then by whether one is open."""
    if not (after_opening or not before or before.isspace() or before in "([{“‘—–-/"):
        return False
    return not inside or not (not after or after.isspace() or after in ".,;:)]”’")


def _outermost(closed: list[tuple[int, int]], outer: int = -1, reopened: tuple[int, ...] = ()) -> list[Pair]:
    """The pairs that stand in no other, in order. (Pairs close innermost first.)"""
    result: list[Pair] = []
    for start, end in closed:
        while result and result[-1].start > start:
            result.pop()
        result.append(Pair(start, end, reopened if start == outer else ()))
    return result


def _content(text: str, paragraph: _Paragraph) -> int:
    """Where the words of a paragraph begin, its label passed over."""
    label = LABEL.match(text, paragraph.start, paragraph.end)
    at = label.end() if label else paragraph.start
    while at < paragraph.end and text[at].isspace():
        at += 1
    return at


def _may_run(text: str, here: _Paragraph, opened: _Open, paragraphs: list[_Paragraph], following: int) -> bool:
    """Whether a quotation that a paragraph leaves open may go on: it began the paragraph, or introduces something."""
    if following == len(paragraphs) or len(opened.stack) > 4:
        return False
    at = opened.stack[0][0]
    after = paragraphs[following]
    return (
        at == _content(text, here)
        or leads(text[max(here.start, here.end - 4) : here.end])
        or text[after.start : after.start + 1] == text[at]
    )


def _run(
    text: str, paragraphs: list[_Paragraph], first: int, opened: _Open, closed: list[tuple[int, int]], lost: list[int]
) -> tuple[int, tuple[int, ...] | None]:
    """Read on until what is open is closed: how many paragraphs were read, and the re-opening marks; null if it is not.

    A quotation that was never closed must not swallow the list item after it. So a labelled paragraph belongs to it
    only after a labelled one or a lead-in, and a paragraph that is quoted whole re-opens it only where all before did.
    """
    outer = opened.stack[0][0]
    mark = text[outer]
    doubled = text[outer + 1 : outer + 3].lstrip()[:1] == mark
    reopened: list[int] = []
    every = True
    before = paragraphs[first - 1]
    for number, here in enumerate(paragraphs[first : first + _RUN], start=1):
        marks = here.marks
        if marks and marks[0] == here.start and text[here.start] == mark:
            alone_open, alone, _lost = _Open(), list[tuple[int, int]](), list[int]()
            _read(text, marks, alone_open, alone, _lost)
            end = next((end for start, end in alone if start == here.start), None)
            twice = text[here.start + 1 : here.start + 3].lstrip()[:1] == mark
            if (twice and doubled) or end is None or (every and whole(text, Pair(here.start, end), here.end)):
                reopened.append(here.start)
                marks = marks[1:]
            else:
                every = False
        else:
            every = False
            labelled = LABEL.match(text, here.start, here.end)
            if labelled and not _introduces(text, before):
                return number, None
        _read(text, marks, opened, closed, lost)
        if not opened.stack or opened.stack[0][0] != outer:
            lost += (at for at, _ in opened.stack)
            return number, tuple(reopened)
        if len(opened.stack) > 4:
            return number, None
        before = here
    return _RUN, None


def _introduces(text: str, before: _Paragraph) -> bool:
    start = before.start
    while start < before.end and text[start] in '“" ':
        start += 1
    return bool(LABEL.match(text, start, before.end)) or leads(text[max(before.start, before.end - 4) : before.end])


# --- single marks ---------------------------------------------------------------------------------------------------


def _with_singles(text: str, pairs: list[Pair], unbalanced: list[int]) -> Marks:
    """Add the quotations in single marks. Those in double marks are opaque: a single mark inside one is a character."""
    starts = [found.start for found in pairs]
    result: list[Pair] = []
    others: list[tuple[int, int, tuple[tuple[Pair, ...], ...]]] = []
    stray = set(unbalanced)
    taken = 0
    for start, end, kinds in _single_marks(text, pairs, starts):
        first, last = bisect_left(starts, start), bisect_right(starts, end)
        result += pairs[taken:first]
        inside, taken = pairs[first:last], last
        readings, missing = _readings(kinds)
        stray.update(missing)
        merged = [_merged(inside, reading) for reading in readings]
        result += merged[0]
        if len(merged) > 1:
            others.append((start, end, tuple(merged[1:])))
    result += pairs[taken:]
    result.sort(key=lambda found: found.start)
    return Marks(tuple(result), tuple(sorted(stray)), tuple(others))


def _merged(doubles: list[Pair], singles: tuple[Pair, ...]) -> tuple[Pair, ...]:
    result: list[Pair] = []
    for found in sorted([*doubles, *singles], key=lambda found: found.start):
        if not result or found.start >= result[-1].end:
            result.append(found)
    return tuple(result)


def _single_marks(text: str, pairs: list[Pair], starts: list[int]) -> Iterator[tuple[int, int, list[tuple[int, str]]]]:
    """The single marks of each paragraph that has one which opens: (, ), or ? where it may be an apostrophe."""
    start = 0
    while start <= len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        kinds: list[tuple[int, str]] = []
        for found in _SINGLE.finditer(text, start, end):
            at = found.start()
            double = bisect_right(starts, at) - 1
            if double >= 0 and at < pairs[double].end:
                continue
            kind = _single(text, at, start, end)
            if kind and (kinds or kind == "("):
                kinds.append((at, kind))
        if kinds:
            yield start, end, kinds
        start = end + 1


def _single(text: str, at: int, start: int, end: int) -> str:
    before = text[at - 1] if at > start else " "
    after = text[at + 1] if at + 1 < end else " "
    if text[at] == "‘" or (text[at] == "'" and (before.isspace() or before in "([{“‘—–'") and not after.isspace()):
        return "("
    if before.isspace() or (before.isalnum() and after.isalnum()):
        return ""
    possessive = before in "sS" and after.isspace() and text[at + 2 : at + 3].isalnum()
    return "?" if possessive else ")"


def _readings(kinds: list[tuple[int, str]]) -> tuple[list[tuple[Pair, ...]], list[int]]:
    """The readings of one paragraph's single marks that leave fewest without a fellow, and the opening
    marks that the first of them leaves."""
    doubtful = [at for at, kind in kinds if kind == "?"][:3]
    tried = []
    for kept in product((True, False), repeat=len(doubtful)):
        apostrophes = {at for at, closes in zip(doubtful, kept, strict=True) if not closes}
        tried.append(_nest(kinds, apostrophes))
    fewest = min(len(missing) for _, missing in tried)
    result: list[tuple[Pair, ...]] = []
    for reading, missing in tried:
        if len(missing) == fewest and reading not in result:
            result.append(reading)
    missing = next(missing for _, missing in tried if len(missing) == fewest)
    opening = {at for at, kind in kinds if kind == "("}
    return result, [at for at in missing if at in opening]


def _nest(kinds: list[tuple[int, str]], apostrophes: set[int]) -> tuple[tuple[Pair, ...], list[int]]:
    """Pair single marks, some taken as apostrophes. An opening mark after one of those inside a quotation may be words
    too: “the Users’ and ‘the Parties” quoted is one passage."""
    stack: list[int] = []
    closed: list[tuple[int, int]] = []
    missing: list[int] = []
    passed = 0
    for at, kind in kinds:
        if kind == "(":
            if stack and passed:
                passed -= 1
            else:
                stack.append(at)
        elif at in apostrophes:
            passed += bool(stack)
        elif stack:
            closed.append((stack.pop(), at + 1))
            passed = 0 if not stack else passed
        elif kind == ")":
            missing.append(at)
    return tuple(_outermost(closed)), missing + stack
