"""The lines of a letter whose pages are lost: which wrap, and which are page furniture or footnotes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from secdefs.outline.quotations import LABEL
from secdefs.outline.shapes import Footnote, Hyphen


class Row(NamedTuple):
    """A line that is not blank: its place without the spaces around it, its indentation, what stands before it."""

    start: int
    end: int
    text: str
    indent: int
    gap: int  # blank lines before it
    page: bool  # a form feed stands between it and the line before
    lifted: bool = False  # furniture or a footnote was taken out before it


def rows_of(text: str) -> list[Row]:
    """The lines of a text that are not blank."""
    result: list[Row] = []
    gap, page, at = 0, False, 0
    for found in re.finditer(r"[^\n\f]*(?:\n|\f|\Z)", text):
        raw = found.group()
        line = raw.strip()
        if line:
            start = at + len(raw) - len(raw.lstrip())
            result.append(Row(start, start + len(line), line, start - at, gap, page))
            gap, page = 0, False
        elif not raw.endswith("\f") or result:
            gap += raw.endswith("\n")
        page = page or raw.endswith("\f")
        at = found.end()
    return result


def width_of(text: str) -> float:
    """A line's width in ordinary letters: capitals are wide where letters are not all of one width."""
    return len(text) + 0.3 * sum(map(str.isupper, text))


def _continues(text: str) -> bool:
    """Whether a line begins as only the inside of a sentence does."""
    return text[0].islower() or text[0] in ",;:)]”’" or (text[0] in "–-" and text[1:3].strip()[:1].islower())


def inside(text: str, after: str) -> bool:
    """Whether a line and the next are surely of one sentence: its middle goes on, or brackets or marks hold both."""
    if _continues(after) or (after[0] in "“‘" and text[-1].isalnum()):
        return True
    return any(
        text.rfind(opening) > text.rfind(closing) and -1 < after.find(closing) < (after + opening).find(opening)
        for opening, closing in ("()", "[]", "“”")
        # A quotation that begins its line may be of several paragraphs, unless the line is as long as a page is wide.
        if opening != "“" or text.rfind(opening) > 0 or 50 < len(text) < 110
    )


def stops(text: str) -> bool:
    """Whether a line ends as a sentence or a lead-in does."""
    return text.rstrip("”’\"')]")[-1:] in tuple(".:;—–!?") or text.endswith(" -")


class Wraps:
    """What the letter's sure wraps tell: how long a line is when the next word no longer fits, and its blank lines."""

    def __init__(self, rows: Sequence[Row]) -> None:
        sure = [
            (width_of(row.text), width_of(row.text) + 1 + width_of(after.text.split(None, 1)[0]), after.gap)
            for row, after in pairwise(rows)
            if after.gap < 2 and inside(row.text, after.text) and not LABEL.match(after.text) and not stops(row.text)
        ]
        widest = max((size for size, _, _ in sure), default=0.0)
        sure = [each for each in sure if each[0] >= 0.6 * widest]
        needed = sorted(needed for _, needed, _ in sure)
        self.width = min(widest, needed[len(needed) // 20]) if sure else self._guess(rows)
        spaced = sum(gap == 1 for _, _, gap in sure)
        self.spaced = spaced > 0 and (2 if spaced < 2 else 4) * spaced >= len(sure)
        starts = Counter(found.group(1) for row in rows if (found := NUMBERED.match(row.text)))
        self.numbered = {word for word, count in starts.items() if count > 1}

    @staticmethod
    def _guess(rows: Sequence[Row]) -> float:
        """The width where no wrap is sure: that of the longest lines, if they are of a page's width and alike."""
        sizes = sorted(width_of(row.text) for row in rows)
        return 0.9 * sizes[-1] if len(sizes) > 1 and 50 <= 0.9 * sizes[-1] <= min(sizes[-2], 108) else float("inf")

    def full(self, row: Row, after: Row) -> bool:
        """Whether the first word of the next line would not have fitted on this one."""
        return width_of(row.text) + 1 + width_of(after.text.split(None, 1)[0]) >= self.width


NUMBERED = re.compile(r"([^\W\d_]+) (?:[A-Z]{1,2}|\d{1,3})\s?[:–—]")
_PAGE_NUMBER = re.compile(r"[-–—\s]*(\d{1,4})[-–—\s]*\Z")
_PAGE_OF = re.compile(r"\D{0,12}\b(\d{1,4})\D{1,6}(\d{1,4})\s*\Z")


def without_furniture(text: str, rows: list[Row]) -> tuple[list[Row], list[tuple[int, int]]]:
    """Take out page numbers, "n of m", and the lines that repeat at page edges once digits are masked."""
    count = len(rows)
    gone: set[int] = set()
    edge = {0, count - 1}
    for index, row in enumerate(rows):
        if row.page:
            edge |= {index - 2, index - 1, index, index + 1}
    edge |= {1, count - 2}
    paged = any(row.page for row in rows)
    numbers = [(index, int(m[1])) for index, row in enumerate(rows) if (m := _PAGE_NUMBER.match(row.text))]
    known = {value for _, value in numbers}
    for index, value in numbers:
        apart = (rows[index].gap > 0 or rows[index].page) and (
            index + 1 == count or rows[index + 1].gap > 0 or rows[index + 1].page
        )
        if (paged and index in edge) or (value < 1000 and (apart or {value - 1, value + 1} & known)):
            gone.add(index)
    for index, row in enumerate(rows):
        if (m := _PAGE_OF.match(row.text)) and len(row.text) < 24 and 0 < int(m[1]) <= int(m[2]):
            other = sum(1 for near in rows if (o := _PAGE_OF.match(near.text)) and o[2] == m[2]) if not paged else 2
            if other > 1 and (not paged or index in edge):
                gone.add(index)
    outer = {0, count - 1, *(index - step for index, row in enumerate(rows) if row.page for step in (0, 1))}
    for near in (outer if paged else set(), {index + step for index in gone for step in (-1, 1)}):
        beside = near | {index + step for index in gone for step in (-1, 1)} if paged else near
        candidates = [index for index in beside - gone if 0 <= index < count and _runs(rows[index].text)]
        masked = Counter(re.sub(r"\d+", "#", rows[index].text) for index in candidates)
        gone |= {index for index in candidates if masked[re.sub(r"\d+", "#", rows[index].text)] > 1}
    furniture = [(rows[index].start, rows[index].end) for index in gone]
    furniture += [(found.start(), found.end()) for found in re.finditer("\f", text)]
    return _kept(rows, gone), sorted(furniture)


def _runs(text: str) -> bool:
    """Whether a line may be a running line: short, no list item, and where it has a number, no sentence's end."""
    return len(text) < 120 and not LABEL.match(text) and not (stops(text) and re.search(r"\d", text))


def _kept(rows: list[Row], gone: set[int]) -> list[Row]:
    result: list[Row] = []
    lifted, page, gap = False, False, 0
    for index, row in enumerate(rows):
        lifted, page, gap = lifted or row.lifted, page or row.page, max(gap, row.gap)
        if index in gone:
            lifted = True
            continue
        result.append(row._replace(lifted=lifted, page=page, gap=gap))
        lifted, page, gap = False, False, 0
    return result


_NOTE = re.compile(r"(\[\d{1,3}\]|\d{1,3}|[⁰¹²³⁴-⁹]{1,3})[ \t\xa0]+(?=\S)")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", "[]")
_GLUED = re.compile(
    r"(?P<word>[^\W\d_]{3,}|(?P<stop>[).,;:”’\"\]]|\w(?=\[)))"
    r"(?P<mark>\[\d{1,3}\]|\d{1,3}|[⁰¹²³⁴-⁹]{1,3})(?![\w%]|[.,:/]\d)"
)


def without_footnotes(text: str, rows: list[Row], wraps: Wraps) -> tuple[list[Row], list[Footnote]]:
    """Take out the footnotes: numbered lines 1, 2, 3 … whose number is glued to an earlier word, in increasing order.

    "1 Victoria Street" has the same shape: what tells a footnote is its mark in the text before it.
    """
    starts = [(index, m) for index, row in enumerate(rows) if (m := _NOTE.match(row.text))]
    if not starts:
        return rows, []
    anchors: dict[int, list[tuple[int, str]]] = {}
    uses = Counter(re.findall(r"\w+", text))
    for found in _GLUED.finditer(text):
        glued = found["word"] + found["mark"]
        plain = found["stop"] is not None or not found["mark"].isascii() or found["mark"].startswith("[")
        # A name that ends in a digit comes back; a word with a mark stands once, or stands elsewhere without it.
        if plain or (uses[glued] == 1 and (found["word"][-1].islower() or uses[found["word"]])):
            number = int(found["mark"].translate(_RAISED))
            anchors.setdefault(number, []).append((found.start("mark"), found["mark"]))
    gone: set[int] = set()
    notes: list[Footnote] = []
    number, after, last = 1, 0, -2
    for index, m in starts:
        if index in gone or int(m[1].translate(_RAISED)) != number:
            continue
        before = [(at, mark) for at, mark in anchors.get(number, ()) if after <= at < rows[index].start]
        if not before and index != last + 1:
            continue
        end = index
        while end + 1 < len(rows) and _note_goes_on(rows[index], rows[end], rows[end + 1], wraps):
            end += 1
        words = joined_words([(rows[i].start, rows[i].text) for i in range(index, end + 1)], words_of(text))
        anchor = before[-1] if before else None
        mark = anchor[1] if anchor else m[1]
        notes.append(
            Footnote(
                mark, "".join(words[0])[m.end() :], rows[index].start, rows[end].end, anchor[0] if anchor else None
            )
        )
        gone |= set(range(index, end + 1))
        after = anchor[0] + 1 if anchor else after
        number, last = number + 1, end
    return _kept(rows, gone), notes


def _note_goes_on(first: Row, row: Row, after: Row, wraps: Wraps) -> bool:
    if after.gap or after.page or _NOTE.match(after.text) or LABEL.match(after.text):
        return False
    if row.text.endswith("-") and "/" in row.text:
        return True  # an address broken at a hyphen
    return after.indent in (row.indent, first.indent) and wraps.full(row, after)


# --- joining --------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def words_of(text: str) -> frozenset[str]:
    """The words of a letter, those with hyphens as one; a word that a line's end divides is none."""
    return frozenset(found.replace("‐", "-") for found in re.findall(r"\w+(?:[-‐]\w+)*(?![-‐]\s*\n)", text))


def joined_words(
    pieces: list[tuple[int, str]],
    known: frozenset[str],
    holes: dict[int, int] | None = None,
    hyphens: list[Hyphen] | None = None,
) -> tuple[list[str], list[int]]:
    """The characters of wrapped lines as one line, and the offset of each.

    `holes` are marks to leave out; to `hyphens` are added those at line ends, which the words `known` decide.
    """
    chars: list[str] = []
    at: list[int] = []
    for number, (start, text) in enumerate(pieces):
        if number:
            found = _join(chars, at, text, known)
            if found is not None and hyphens is not None:
                hyphens.append(found)
        if not holes or not any(map(holes.__contains__, range(start, start + len(text)))):
            chars += text
            at += range(start, start + len(text))
            continue
        skip = 0
        for offset, char in enumerate(text, start):
            if offset in holes:
                skip = holes[offset]
            if skip:
                skip -= 1
                continue
            chars.append(char)
            at.append(offset)
    return chars, at


def _join(chars: list[str], at: list[int], after: str, known: frozenset[str]) -> Hyphen | None:
    """Put a space between two lines of a paragraph, or nothing after a hyphen; a soft hyphen goes.

    A hyphen inside a word stays where the letter has the word with it elsewhere, or has it in neither form.
    """
    if chars and chars[-1] == "\xad":
        del chars[-1], at[-1]
    elif len(chars) > 1 and chars[-1] in "-‐" and chars[-2].isalnum() and after[:1].isalnum():
        tail = re.search(r"[\w‐-]*\w[-‐]\Z", "".join(chars[-60:]))
        head = re.match(r"\w+(?:[-‐]\w+)*", after)
        assert tail
        assert head
        whole = (tail.group() + head.group()).replace("‐", "-")
        divided = (tail.group()[:-1] + head.group()).replace("‐", "-")
        offset = at[-1]
        if whole not in known and divided in known:
            del chars[-1], at[-1]
            return Hyphen(offset, False, True)
        return Hyphen(offset, True, whole in known)
    elif chars:
        at.append(at[-1] + 1)
        chars.append(" ")
    return None
