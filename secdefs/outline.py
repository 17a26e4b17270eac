"""The outline of a letter: its paragraphs, labels, lists, blocks and footnotes. Shapes only; it reads no language.

The way from lines to clauses: page furniture and footnotes are lifted out, lines are joined to paragraphs, quotation
marks are paired over the paragraphs, and last the labels make a tree. Offsets are code points of the text as given.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple, TypeAlias

import msgspec

from secdefs.quotations import LABEL, Pair, Quotation, leads, lines, pair, whole

QUOTE = "\ue000"
"""Stands for one quotation in a clause's text; the same character in a letter is replaced before it is read."""

_FORGED = {0xE000: 0xFFFD, 0xE001: 0xFFFD}
_DEPTH = 12  # lists within lists, so that a letter cannot make a tree too deep to walk

# --- the values -----------------------------------------------------------------------------------------------------


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


class Outline(msgspec.Struct, frozen=True):
    """A letter's clauses in order, its footnotes, and its furniture: page numbers and running lines, as (start, end).

    `unbalanced` are the offsets of double quotation marks, and of opening single ones, that have no fellow; `ambiguous`
    those of labels that fit two lists, or none.
    """

    clauses: tuple[Clause, ...]
    footnotes: tuple[Footnote, ...]
    furniture: tuple[tuple[int, int], ...]
    unbalanced: tuple[int, ...] = ()
    ambiguous: tuple[int, ...] = ()


Kind = Literal["clause", "block", "footnote", "furniture"]


class Span(NamedTuple):
    """A stretch of the letter, and what it belongs to."""

    kind: Kind
    start: int
    end: int


def outline(text: str) -> Outline:
    """Read the shape of a letter whose lines end in a line feed."""
    text = text.translate(_FORGED)
    rows = _rows(text)
    wraps = _Wraps(rows)
    rows, furniture = _without_furniture(text, rows)
    rows, footnotes = _without_footnotes(text, rows, wraps)
    prose = _Prose(text, rows, wraps, {note.anchor: len(note.mark) for note in footnotes if note.anchor is not None})
    tree = _Tree(prose)
    return Outline(
        tuple(node.clause() for node in tree.top),
        tuple(footnotes),
        tuple(furniture),
        tuple(prose.at[mark] for mark in prose.marks.unbalanced),
        tuple(sorted(tree.ambiguous)),
    )


def clause(words: str, *, block: Iterable[str] = ()) -> Clause:
    """One clause from one sentence, with the lines of the block that follows it where there is one."""
    words = words.translate(_FORGED)
    pieces = [(found.start(), found.group()) for found in re.finditer(r"\S+", words)]
    prose = _Prose.of_line(words, pieces)
    (node,) = _Tree(prose, plain=True).top or [_Node(prose, 0, 0, 0)]
    result = node.clause()
    given = [line.translate(_FORGED) for line in block]
    if not given:
        return result
    return msgspec.structs.replace(result, block=tuple(_block_lines("\n".join(line.strip() for line in given))))


def walk(clauses: Iterable[Clause]) -> Iterable[Clause]:
    """The clauses and all that hang on them, in the order of the letter."""
    for found in clauses:
        yield found
        yield from walk(found.children)


def spans(found: Outline) -> tuple[Span, ...]:
    """What every stretch of the letter belongs to: disjoint, in order; all that is not blank is in exactly one."""
    ground: list[Span] = []
    for each in walk(found.clauses):
        words = each.offsets[-1]
        ground.append(Span("clause", each.start, words))
        if words < each.end:
            ground.append(Span("block", words, each.end))
    lifted = [Span("furniture", start, end) for start, end in found.furniture]
    for note in found.footnotes:
        lifted.append(Span("footnote", note.start, note.end))
        if note.anchor is not None:
            lifted.append(Span("footnote", note.anchor, note.anchor + len(note.mark)))
    ground.sort(key=lambda span: span.start)
    lifted.sort(key=lambda span: span.start)
    result: list[Span] = []
    index = 0
    for kind, start, end in ground:
        while index < len(lifted) and lifted[index].end <= start:
            index += 1
        here = index
        while here < len(lifted) and lifted[here].start < end:
            if start < lifted[here].start:
                result.append(Span(kind, start, lifted[here].start))
            start = lifted[here].end
            here += 1
        if start < end:
            result.append(Span(kind, start, end))
    return tuple(sorted([*result, *lifted], key=lambda span: span.start))


_STOP = re.compile(rf"[.!?][)\]]*\s+(?=[({{\[]?(?:{QUOTE}|[“‘\"]|[A-Z]))")
# What a full stop shortens: one letter or number, two letters of which the first is large, a word with stops inside.
_SHORTENED = re.compile(r"(?:^|[\s(\[])(?:\w|\d+|[A-Z][a-z]|etc|(?:\w\.)+\w)$")


def sentences(whole_clause: Clause) -> tuple[Clause, ...]:
    """A clause's sentences, offsets kept. The label goes to the first; the block and the items to the last.

    A stop inside a quotation or in brackets ends no sentence, nor does one after a single letter or number.
    """
    text = whole_clause.text
    depth = _bracket_depth(text)
    cuts = [0]
    for stop in _STOP.finditer(text):
        if depth[stop.end()] == 0 and not (
            text[stop.start()] == "." and _SHORTENED.search(text[max(0, stop.start() - 12) : stop.start()])
        ):
            cuts.append(stop.end())
    if len(cuts) == 1:
        return (whole_clause,)
    result = []
    quotes = 0
    for start, end in zip(cuts, [*cuts[1:], len(text)], strict=True):
        words = text[start:end].rstrip()
        held = words.count(QUOTE)
        last = end == len(text)
        finish = whole_clause.offsets[-1]
        if not last:
            final = start + len(words) - 1
            finish = whole_clause.offsets[final] + 1
            if text[final] == QUOTE:
                finish = whole_clause.quotes[quotes + held - 1].end
        result.append(
            Clause(
                whole_clause.label if start == 0 else None,
                words,
                whole_clause.quotes[quotes : quotes + held],
                (*whole_clause.offsets[start : start + len(words)], finish),
                whole_clause.block if last else (),
                whole_clause.children if last else (),
                whole_clause.start if start == 0 else whole_clause.offsets[start],
                whole_clause.end if last else finish,
            )
        )
        quotes += held
    return tuple(result)


def _bracket_depth(text: str) -> list[int]:
    """How many brackets that are closed later stand open before each character."""
    change = [0] * (len(text) + 1)
    opened: list[int] = []
    for at, char in enumerate(text):
        if char in "([":
            opened.append(at)
        elif char in ")]" and opened:
            change[opened.pop()] += 1
            change[at] -= 1
    depth = 0
    for at in range(len(change)):
        depth += change[at]
        change[at] = depth
    return change


# --- lines, and what is lifted out of them --------------------------------------------------------------------------


class _Row(NamedTuple):
    """A line that is not blank: its place without the spaces around it, its indentation, what stands before it."""

    start: int
    end: int
    text: str
    indent: int
    gap: int  # blank lines before it
    page: bool  # a form feed stands between it and the line before
    lifted: bool = False  # furniture or a footnote was taken out before it


def _rows(text: str) -> list[_Row]:
    result: list[_Row] = []
    gap, page, at = 0, False, 0
    for found in re.finditer(r"[^\n\f]*(?:\n|\f|\Z)", text):
        raw = found.group()
        line = raw.strip()
        if line:
            start = at + len(raw) - len(raw.lstrip())
            result.append(_Row(start, start + len(line), line, start - at, gap, page))
            gap, page = 0, False
        elif not raw.endswith("\f") or result:
            gap += raw.endswith("\n")
        page = page or raw.endswith("\f")
        at = found.end()
    return result


def _size(text: str) -> float:
    """A line's width in ordinary letters: capitals are wide where letters are not all of one width."""
    return len(text) + 0.3 * sum(map(str.isupper, text))


def _continues(text: str) -> bool:
    """Whether a line begins as only the inside of a sentence does."""
    return text[0].islower() or text[0] in ",;:)]”’" or (text[0] in "–-" and text[1:3].strip()[:1].islower())


def _inside(text: str, after: str) -> bool:
    """Whether a line and the next are surely of one sentence: its middle goes on, or brackets or marks hold both."""
    if _continues(after) or (after[0] in "“‘" and text[-1].isalnum()):
        return True
    return any(
        text.rfind(opening) > text.rfind(closing) and -1 < after.find(closing) < (after + opening).find(opening)
        for opening, closing in ("()", "[]", "“”")
        # A quotation that begins its line may be of several paragraphs, unless the line is as long as a page is wide.
        if opening != "“" or text[0] != opening or 50 < len(text) < 110
    )


def _stops(text: str) -> bool:
    return text.rstrip("”’\"')]")[-1:] in tuple(".:;—–!?") or text.endswith(" -")


class _Wraps:
    """What the letter's sure wraps tell: how long a line is when the next word no longer fits, and its blank lines."""

    def __init__(self, rows: Sequence[_Row]) -> None:
        sure = [
            (_size(row.text), _size(row.text) + 1 + _size(after.text.split(None, 1)[0]), after.gap)
            for row, after in pairwise(rows)
            if after.gap < 2 and _inside(row.text, after.text) and not LABEL.match(after.text) and not _stops(row.text)
        ]
        widest = max((size for size, _, _ in sure), default=0.0)
        sure = [each for each in sure if each[0] >= 0.6 * widest]
        needed = sorted(needed for _, needed, _ in sure)
        self.width = min(widest, needed[len(needed) // 20]) if sure else self._guess(rows)
        spaced = sum(gap == 1 for _, _, gap in sure)
        self.spaced = spaced > 0 and (2 if spaced < 2 else 4) * spaced >= len(sure)
        starts = Counter(found.group(1) for row in rows if (found := _NUMBERED.match(row.text)))
        self.numbered = {word for word, count in starts.items() if count > 1}

    @staticmethod
    def _guess(rows: Sequence[_Row]) -> float:
        """The width where no wrap is sure: that of the longest lines, if they are of a page's width and alike."""
        sizes = sorted(_size(row.text) for row in rows)
        return 0.9 * sizes[-1] if len(sizes) > 1 and 50 <= 0.9 * sizes[-1] <= min(sizes[-2], 108) else float("inf")

    def full(self, row: _Row, after: _Row) -> bool:
        """Whether the first word of the next line would not have fitted on this one."""
        return _size(row.text) + 1 + _size(after.text.split(None, 1)[0]) >= self.width


_NUMBERED = re.compile(r"([^\W\d_]+) (?:[A-Z]{1,2}|\d{1,3})\s?[:–—]")
_PAGE_NUMBER = re.compile(r"[-–—\s]*(\d{1,4})[-–—\s]*\Z")
_PAGE_OF = re.compile(r"\D{0,12}\b(\d{1,4})\D{1,6}(\d{1,4})\s*\Z")


def _without_furniture(text: str, rows: list[_Row]) -> tuple[list[_Row], list[tuple[int, int]]]:
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
    return len(text) < 120 and not LABEL.match(text) and not (_stops(text) and re.search(r"\d", text))


def _kept(rows: list[_Row], gone: set[int]) -> list[_Row]:
    result: list[_Row] = []
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
    r"(?P<word>[^\W\d_]{3,}|(?P<stop>[).,;:”’\"\]]))"
    r"(?P<mark>\[\d{1,3}\]|\d{1,3}|[⁰¹²³⁴-⁹]{1,3})(?![\w%]|[.,:/]\d)"
)


def _without_footnotes(text: str, rows: list[_Row], wraps: _Wraps) -> tuple[list[_Row], list[Footnote]]:
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
        words = _joined_words([(rows[i].start, rows[i].text) for i in range(index, end + 1)], frozenset(uses))
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


def _note_goes_on(first: _Row, row: _Row, after: _Row, wraps: _Wraps) -> bool:
    if after.gap or after.page or _NOTE.match(after.text) or LABEL.match(after.text):
        return False
    if row.text.endswith("-") and "/" in row.text:
        return True  # an address broken at a hyphen
    return after.indent in (row.indent, first.indent) and wraps.full(row, after)


# --- paragraphs -----------------------------------------------------------------------------------------------------


def _joined_words(
    pieces: list[tuple[int, str]], known: frozenset[str], holes: dict[int, int] | None = None
) -> tuple[list[str], list[int]]:
    """The characters of wrapped lines as one line, and the offset of each; `holes` are marks to leave out."""
    chars: list[str] = []
    at: list[int] = []
    for number, (start, text) in enumerate(pieces):
        if number:
            _join(chars, at, text, known)
        skip = 0
        for offset, char in enumerate(text, start):
            if holes and offset in holes:
                skip = holes[offset]
            if skip:
                skip -= 1
                continue
            chars.append(char)
            at.append(offset)
    return chars, at


def _join(chars: list[str], at: list[int], after: str, known: frozenset[str]) -> None:
    """Put a space between two lines of a paragraph, or nothing after a hyphen; a soft hyphen goes."""
    if chars and chars[-1] == "\xad":
        del chars[-1], at[-1]
    elif len(chars) > 1 and chars[-1] in "-‐" and chars[-2].isalnum() and after[:1].isalnum():
        tail = re.search(r"\w+[-‐]\Z", "".join(chars[-40:]))
        head = re.match(r"\w+", after)
        if tail and head and tail.group()[:-1] + head.group() in known:
            del chars[-1], at[-1]
    elif chars:
        at.append(at[-1] + 1)
        chars.append(" ")


class _Prose:
    """The letter as paragraphs: `text` has one a line, `at` the source offset of each of its characters."""

    def __init__(self, text: str, rows: list[_Row], wraps: _Wraps, holes: dict[int, int]) -> None:
        known = frozenset(re.findall(r"\w+", text))
        groups: list[list[_Row]] = []
        breaks = _Breaks(rows, wraps)
        for index, row in enumerate(rows):
            if index and not breaks.before(index):
                groups[-1].append(row)
            else:
                groups.append([row])
        chars: list[str] = []
        self.at: list[int] = []
        self.indents: list[int] = []
        for group in groups:
            words, at = _joined_words([(row.start, row.text) for row in group], known, holes)
            if not words:
                continue
            if chars:
                chars.append("\n")
                self.at.append(self.at[-1] + 1)
            chars += words
            self.at += at
            self.indents.append(group[0].indent)
        self._finish("".join(chars))

    @classmethod
    def of_line(cls, text: str, pieces: list[tuple[int, str]]) -> _Prose:
        """The whole text as one paragraph."""
        prose = cls.__new__(cls)
        chars: list[str] = []
        prose.at = []
        for start, word in pieces:
            if chars:
                chars.append(" ")
                prose.at.append(start - 1)
            chars += word
            prose.at += range(start, start + len(word))
        prose.indents = [0] if chars else []
        prose._finish("".join(chars))
        return prose

    def _finish(self, text: str) -> None:
        self.text = text
        self.marks = pair(text)
        self.starts: list[int] = []
        self.ends: list[int] = []
        if text:
            breaks = [found.start() for found in re.finditer("\n", text)]
            self.starts = [0, *(at + 1 for at in breaks)]
            self.ends = [*breaks, len(text)]

    def end(self, at: int) -> int:
        """The source offset after the character before `at`."""
        return self.at[at - 1] + 1


_JOINED = re.compile(r"[;,.]\s\w{2,3}\Z")  # an item's end: a stop and a conjunction


class _Breaks:
    """Where paragraphs begin. To break at a sentence's end is harmless; to cut one, or join two items, is not."""

    def __init__(self, rows: list[_Row], wraps: _Wraps) -> None:
        self.rows, self.wraps = rows, wraps
        self.open: dict[str, list[list[_Value]]] = {}
        self.labels = [found.group() if (found := LABEL.match(row.text)) else "" for row in rows]
        if rows and self.labels[0]:
            self._opened(self.labels[0])
        self.quoted = [LABEL.match(row.text.lstrip("“")) if row.text[0] == "“" else None for row in rows]

    def before(self, index: int) -> bool:
        """Whether a paragraph begins with this line."""
        row, after = self.rows[index - 1], self.rows[index]
        gap = min(after.gap, 1) if after.lifted or after.page else after.gap
        label = self.labels[index]
        if quoted := self.quoted[index]:
            self._opened(quoted.group())
        if label and self._labelled(label, index, gap):
            self._opened(label)
            return True
        full = self.wraps.full(row, after) or self._heading(row, after)
        inside = _inside(row.text, after.text)
        stops = _stops(row.text)
        named = _NUMBERED.match(after.text)
        if gap > 1 or (named and named.group(1) in self.wraps.numbered):
            return True
        if inside and not stops:
            return gap == 1 and not (full or self.wraps.spaced or after.lifted or after.text[0] in "–-")
        if stops and not (after.text[0].islower() or after.text[0].isdigit()):
            return not _SHORTENED.search(row.text[:-1][-12:]) if row.text[-1] == "." else True
        if row.text[-1] in "-/" and row.text[-2:-1].isalnum() and full:
            return False
        if gap == 1 and not (self.wraps.spaced or after.lifted or after.page):
            return True
        return not full

    def _heading(self, row: _Row, after: _Row) -> bool:
        """Whether both lines are in capitals, which take more of the width than their number tells."""
        return row.text.isupper() and after.text.isupper() and len(row.text) > 0.6 * self.wraps.width

    def _labelled(self, label: str, index: int, gap: int) -> bool:
        """Whether the label that a line begins with is one, and not a citation that was wrapped."""
        row, after = self.rows[index - 1], self.rows[index]
        shape, values = _values(label)
        if shape in "–-" and not (_stops(row.text) or shape in self.open):
            return False
        if shape in "–-•":
            return True
        ended = _stops(row.text) or _JOINED.search(row.text[-8:])
        strong = ended or not self.wraps.full(row, after) or (gap == 1 and not self.wraps.spaced) or gap > 1
        if strong:
            return True
        following = range(index + 1, min(index + 40, len(self.rows)))
        last = [old for opened in self.open.get(shape, ()) for old in opened]
        if any(_follows(old, new) == 2 for old in last for new in values):
            # The next of its list at the end of a full line: an item, unless a better candidate comes.
            return not any(self.labels[place] == label and _stops(self.rows[place - 1].text) for place in following)
        if not any(map(_first, values)) or any(old in values for old in last):
            return False
        # The first of a list, where the second comes before another first.
        for place in following:
            later = self.labels[place]
            if later == label:
                return False
            if later and _values(later)[0] == shape and _stops(self.rows[place - 1].text):
                return any(_follows(value, then) == 2 for value in values for then in _values(later)[1])
        return False

    def _opened(self, label: str) -> None:
        shape, values = _values(label)
        opened = self.open.setdefault(shape, [])
        opened[:] = [old for old in opened if not any(_follows(o, n) == 2 for o in old for n in values)][-3:]
        opened.append(values)


# --- labels ---------------------------------------------------------------------------------------------------------

_Value: TypeAlias = tuple[str, int, str]
"""How a label counts: "number", "letter" or "roman"; how far; and the letters put after it (1A, (aa), (iia))."""

_ROMAN = re.compile(r"(x{0,3})(ix|iv|v?i{0,3})([a-h]?)\Z|(xl|l)(x{0,3})(ix|iv|v?i{0,3})()\Z")


@lru_cache(maxsize=1024)
def _values(label: str) -> tuple[str, list[_Value]]:
    """A label's shape, which its siblings share, and all that it may count as."""
    body = label.strip("().—")
    if not body.isalnum():
        return ("•" if label in "•●▪◦‣·" else label), [("bullet", 0, "")]
    shape = label.replace("—", "").replace(body, "x")
    if body[0].isdigit():
        digits = re.match(r"\d+", body)
        assert digits is not None
        return shape, [("number", int(digits.group()), body[digits.end() :].lower())]
    if body[-1].isdigit():
        return shape, [("number", 0, body.lower())]  # (A1) stands before (1)
    kind = "LETTER" if body.isupper() else "letter"
    low = body.lower()
    values: list[_Value] = []
    if low[0] == "z" and len(low) > 1 and low != "zz":
        values.append((kind, 0, low))  # (za) stands before (a), or after (z)
    values.append((kind, ord(low[0]) - 96, low[1:]))
    if len(set(low)) == 1 and len(low) == 2:
        values.append((kind, 26 + ord(low[0]) - 96, ""))  # (aa) after (z), (bb) after (aa)
    if found := _ROMAN.match(low):
        tens, ones = found[1] if found[1] is not None else (found[4] + found[5]), found[2] or found[6] or ""
        count = {"": 0, "x": 10, "xx": 20, "xxx": 30, "xl": 40, "l": 50, "lx": 60, "lxx": 70, "lxxx": 80}[tens]
        count += ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"].index(ones)
        if count:
            values.append(("ROMAN" if body.isupper() else "roman", count, found[3] or ""))
    return shape, values


def _follows(old: _Value, new: _Value) -> int:
    """2 where a label is the next after another, 1 where it merely comes later, 0 where it does not."""
    (kind, before, put), (other, count, inserted) = old, new
    if kind != other:
        return 0
    if kind == "bullet" or (count == before + 1 and not inserted):
        return 2
    if count == before and inserted:
        if not put:
            return 2 if inserted == "a" else 1
        return 2 if inserted == put[:-1] + chr(ord(put[-1]) + 1) else int(inserted > put)
    return int(count > before)


def _first(value: _Value) -> bool:
    return value[0] == "bullet" or (value[1] == 1 and not value[2]) or value[1] == 0


class _Place(NamedTuple):
    level: int
    new: bool
    doubtful: bool


class _Lists:
    """The lists that are open at a point, outermost first, each with what its last label may count as."""

    def __init__(self) -> None:
        self.open: list[tuple[str, list[_Value]]] = []

    def place(self, label: str, *, lead: bool, following: Sequence[str] = ()) -> _Place | None:
        """Put a label into the list that it continues, or a new one; null where it fits neither.

        `lead`: the words before it introduce a list. `following` are the labels to come, which decide between the
        letter after (h) and the first roman number.
        """
        shape, values = _values(label)
        level, grade = -1, 0
        for candidate in range(len(self.open) - 1, -1, -1):
            mine, last = self.open[candidate]
            fit = max((_follows(old, new) for old in last for new in values), default=0) if mine == shape else 0
            if fit > grade and (fit == 2 or not lead):
                level, grade = candidate, fit
        first = [value for value in values if _first(value)]
        bullet = values[0][0] == "bullet"
        if bullet and level >= 0:
            new, doubtful = lead and level < len(self.open) - 1, False
        elif grade == 2 and first:
            new, doubtful = self._choose(level, shape, values, first, following, lead)
        else:
            new, doubtful = grade < 2 and bool(first or lead), not first
        if new and len(self.open) < _DEPTH:
            self.open.append((shape, first or values))
            return _Place(len(self.open) - 1, True, doubtful)
        if level < 0:
            return None
        old = self.open[level][1]
        best = [value for value in values if any(_follows(before, value) == grade for before in old)]
        del self.open[level + 1 :]
        self.open[level] = (shape, best)
        return _Place(level, False, doubtful and grade == 2 and bool(first))

    def _choose(
        self,
        level: int,
        shape: str,
        values: list[_Value],
        first: list[_Value],
        following: Sequence[str],
        lead: bool,
    ) -> tuple[bool, bool]:
        for label in following:
            other, after = _values(label)
            if other == shape:
                old = self.open[level][1]
                here = [value for value in values if any(_follows(before, value) == 2 for before in old)]
                new = any(_follows(value, then) == 2 for value in first for then in after)
                same = any(_follows(value, then) == 2 for value in here for then in after)
                if new != same:
                    return new, False
                break
        return lead, True


def _levelled(given: Sequence[str]) -> list[str]:
    """Lines with two leading spaces a level, as far as their labels tell; a line without one is at the outermost."""
    lists, result = _Lists(), []
    labels = [found.group() if (found := LABEL.match(line)) else "" for line in given]
    base = 0 if labels and labels[0] else 1
    lead = False
    for index, (line, label) in enumerate(zip(given, labels, strict=True)):
        depth = 0
        if label:
            ahead = [after for after in labels[index + 1 : index + 9] if after]
            place = lists.place(label, lead=lead or index == 0, following=ahead)
            if place is None and not lists.open:
                lists.open.append(_values(label))
                place = _Place(0, True, False)
            depth = base + place.level if place else base
        elif line[:1] in ("“", '"'):
            lists, base = _Lists(), 1
        lead = leads(line)
        result.append("  " * depth + line)
    return result


def _block_lines(text: str) -> list[str]:
    """The lines of a block given as text: the marks that quote a whole paragraph, or several, are taken off."""
    marks = pair(text)
    result: list[str] = []
    at = 0
    pairs = {found.start: found for found in marks.pairs}
    while at <= len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        found = pairs.get(at)
        if found:
            end = text.find("\n", found.end)
            end = len(text) if end < 0 else end
        if found and whole(text, found, end):
            result += lines(text, found)
        elif text[at:end].strip():
            result += text[at:end].split("\n")
        at = end + 1
    return _levelled(result)


# --- the tree -------------------------------------------------------------------------------------------------------


class _Node:
    """A clause being made: stretches of the prose, and its children."""

    __slots__ = ("block", "block_end", "children", "end", "label_end", "level", "prose", "start")

    def __init__(self, prose: _Prose, start: int, label_end: int, end: int) -> None:
        self.prose, self.start, self.label_end, self.end = prose, start, label_end, end
        self.level = -1
        self.children: list[_Node] = []
        self.block: list[str] = []
        self.block_end = end

    def leads(self) -> bool:
        """Whether its words introduce something that has not come yet."""
        if self.children or self.block:
            return False
        return leads(self.prose.text[max(self.label_end, self.end - 4) : self.end])

    def states(self) -> bool:
        """Whether its words are a sentence that stands for itself, with nothing hanging on it."""
        return (
            not self.children
            and not self.block
            and self.prose.text[max(self.label_end, self.end - 1) : self.end] == "."
        )

    def clause(self) -> Clause:
        prose = self.prose
        begin = self.label_end
        while begin < self.end and prose.text[begin].isspace():
            begin += 1
        here = _between(prose.marks.pairs, begin, self.end)
        others = []
        for start, end, readings in prose.marks.others:
            if begin < end and start < self.end:
                outside = [found for found in here if not start <= found.start < end]
                for reading in readings:
                    merged = sorted([*outside, *_between(reading, begin, self.end)], key=lambda found: found.start)
                    others.append(self._read(begin, merged))
        result = self._read(begin, here)
        return msgspec.structs.replace(
            result, children=tuple(child.clause() for child in self.children), others=tuple(others)
        )

    def _read(self, begin: int, pairs: Sequence[Pair]) -> Clause:
        prose, source = self.prose, self.prose.text
        text: list[str] = []
        offsets: list[int] = []
        quotes = []
        at = begin
        for found in pairs:
            text.append(source[at : found.start].replace("\n", " "))
            offsets += prose.at[at : found.start]
            text.append(QUOTE)
            offsets.append(prose.at[found.start])
            inside = _levelled(lines(source, found))
            quotes.append(Quotation("\n".join(inside), prose.at[found.start], prose.end(found.end)))
            at = found.end
        text.append(source[at : self.end].replace("\n", " "))
        offsets += prose.at[at : self.end]
        offsets.append(prose.end(self.end) if self.end else 0)
        label = source[self.start : self.label_end].strip() or None
        start = prose.at[self.start] if self.end else 0
        end = prose.end(self.block_end) if self.end else 0
        return Clause(label, "".join(text), tuple(quotes), tuple(offsets), tuple(self.block), (), start, end)


def _between(pairs: Sequence[Pair], start: int, end: int) -> Sequence[Pair]:
    low = bisect_left(pairs, start, key=lambda found: found.start)
    return pairs[low : bisect_left(pairs, end, low, key=lambda found: found.start)]


class _Tree:
    """Clauses from paragraphs. `top` are the outermost; `ambiguous` the offsets of labels whose list is in doubt."""

    def __init__(self, prose: _Prose, *, plain: bool = False) -> None:
        self.prose = prose
        self.top: list[_Node] = []
        self.ambiguous: list[int] = []
        self.lists = _Lists()
        self.parents: list[_Node | None] = []
        self.last: _Node | None = None
        self.quoted = {found.start: found for found in prose.marks.pairs}
        self.units = self._units()
        self.labels = [LABEL.match(prose.text, prose.starts[first], prose.ends[first]) for first, _ in self.units]
        unit = 0
        while unit < len(self.units):
            unit = unit + 1 if plain else self._block(unit)
            if plain or unit < 0:
                unit = -unit if unit < 0 else unit
                self._add(unit - 1)

    def _units(self) -> list[tuple[int, int]]:
        """Paragraphs as (first, last): those that one quotation runs over are one."""
        prose, result = self.prose, list[tuple[int, int]]()
        over = iter([found for found in prose.marks.pairs if "\n" in prose.text[found.start : found.end]])
        crossing = next(over, None)
        index = 0
        while index < len(prose.starts):
            last = index
            while crossing and crossing.start < prose.ends[last]:
                while prose.ends[last] < crossing.end:
                    last += 1
                crossing = next(over, None)
            result.append((index, last))
            index = last + 1
        return result

    def _add(self, unit: int) -> None:
        """Add a unit as a clause; a label that follows straight on a label is a clause within it ("2.—(1)")."""
        prose = self.prose
        start, end = prose.starts[self.units[unit][0]], prose.ends[self.units[unit][1]]
        label = self.labels[unit]
        ahead = [found.group() for found in self.labels[unit + 1 : unit + 9] if found]
        within = False
        while True:
            node = _Node(prose, start, label.end() if label else start, end)
            inner = None
            if label:
                begin = label.end() + (prose.text[label.end() : label.end() + 1] == " ")
                inner = LABEL.match(prose.text, begin, end) if begin < end else None
                if inner and not (inner.group()[0] == "(" and any(map(_first, _values(inner.group())[1]))):
                    inner = None
                if inner:
                    node.end = node.block_end = label.end()
                self._place(node, label.group(), ahead if not inner else (), within=within)
            else:
                self.top.append(node)
            self.last = node
            if inner is None:
                return
            start, label, within = inner.start(), inner, True

    def _place(self, node: _Node, label: str, ahead: Sequence[str], *, within: bool) -> None:
        last = self.last
        lead = within or (last is not None and last.leads())
        # A list may hang on the sentence straight before it, but not the letter's own paragraph numbers.
        hangs = lead or (last is not None and label[-1] == ")" and last.states())
        shallow = last.level + 1 if last is not None else 0
        before = len(self.lists.open)
        place = self.lists.place(label, lead=lead, following=ahead)
        if place is None:
            self.ambiguous.append(self.prose.at[node.start])
            self.top.append(node)
            if not self.lists.open or label[-1] != ")":
                self.lists.open, self.parents, node.level = [_values(label)], [None], 0
            return
        if place.doubtful:
            self.ambiguous.append(self.prose.at[node.start])
        level = place.level
        if place.new:
            entry = self.lists.open[-1]
            level = min(shallow, before) if hangs else 0
            del self.lists.open[level:], self.parents[level:]
            self.lists.open.append(entry)
            self.parents.append(last if hangs else None)
        else:
            del self.parents[level + 1 :]
        node.level = level
        parent = self.parents[level]
        (parent.children if parent is not None else self.top).append(node)

    # --- blocks

    def _block(self, unit: int) -> int:
        """Where a unit begins what the last clause introduces, give it to that clause: the unit after it.

        Where it does not, the number of the unit after this one, negative.
        """
        last, prose = self.last, self.prose
        if last is None or not last.leads():
            return -(unit + 1)
        first, final = self.units[unit]
        start, end = prose.starts[first], prose.ends[final]
        found = self.quoted.get(start)
        if found and whole(prose.text, found, end):
            after = unit + 1
            while after < len(self.units) and self._whole(after):
                after += 1
            if after == unit + 1 and first == final and not self._composed(found):
                last.end = last.block_end = end
                return after
            return self._give(last, unit, after)
        label = self.labels[unit]
        if found or (label and self._foreign(label.group())) or (not label and self._deeper(first, last)):
            return self._give(last, unit, self._unquoted_end(unit, last))
        return -(unit + 1)

    def _whole(self, unit: int) -> bool:
        first, final = self.units[unit]
        found = self.quoted.get(self.prose.starts[first])
        return found is not None and whole(self.prose.text, found, self.prose.ends[final])

    def _composed(self, found: Pair) -> bool:
        """Whether a quotation holds provisions, and not words: it begins with a term in marks, or with a label."""
        inside = self.prose.text[found.start + 1 : found.end - 1].lstrip()
        return inside[:1] in ("“", '"', "‘") or LABEL.match(inside) is not None

    def _give(self, node: _Node, unit: int, after: int) -> int:
        start, end = self.prose.starts[self.units[unit][0]], self.prose.ends[self.units[after - 1][1]]
        node.block = _block_lines(self.prose.text[start:end])
        node.block_end = end
        return after

    def _foreign(self, label: str) -> bool:
        """Whether a label after a lead-in is of quoted text, (6A) or (8): no list's first, and no open list's next.

        A letter that is not the first may be either, and is taken for an item.
        """
        shape, values = _values(label)
        if any(map(_first, values)) or any(kind != "number" and not put for kind, _, put in values):
            return False
        return not self._next_of(self.lists, shape, values)

    @staticmethod
    def _next_of(lists: _Lists, shape: str, values: list[_Value]) -> bool:
        return any(
            mine == shape and any(_follows(old, new) == 2 for old in last for new in values)
            for mine, last in lists.open
        )

    def _deeper(self, paragraph: int, node: _Node) -> bool:
        return self.prose.indents[paragraph] >= self._indent(node) + 2

    def _indent(self, node: _Node) -> int:
        return self.prose.indents[bisect_right(self.prose.starts, node.start) - 1]

    def _unquoted_end(self, unit: int, node: _Node) -> int:
        """The unit after a block without marks of its own: it goes on with terms in marks, its own labels, and what is
        indented as it is."""
        own = _Lists()
        lead = False
        prose = self.prose
        level = prose.indents[self.units[unit][0]]
        deeper = self._deeper(self.units[unit][0], node)
        for at in range(unit, len(self.units)):
            first, final = self.units[at]
            label = self.labels[at]
            same = deeper and prose.indents[first] >= level
            if at > unit:
                if label:
                    shape, values = _values(label.group())
                    outer, inner = self._next_of(self.lists, shape, values), self._next_of(own, shape, values)
                    begins = lead and any(map(_first, values))
                    if outer and (inner or begins) and not deeper:
                        self.ambiguous.append(prose.at[prose.starts[first]])
                    if not same and (deeper or not (inner or begins)):
                        return at
                elif not (same or (not deeper and prose.starts[first] in self.quoted and not self._whole(at))):
                    return at
            if label and own.place(label.group(), lead=lead) is None:
                own.open.append(_values(label.group()))
            lead = leads(prose.text[max(0, prose.ends[final] - 4) : prose.ends[final]])
        return len(self.units)
