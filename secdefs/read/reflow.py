"""Lines of pages joined to paragraphs: where one ends, whether a hyphen stays, and which character is on which page."""

from __future__ import annotations

import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from secdefs.outline.labels import first_of_list, follows, values_of
from secdefs.outline.lines import NUMBERED
from secdefs.outline.quotations import LABEL
from secdefs.read.footnotes import Anchor, Sorted
from secdefs.read.layout import Column, Line, gaps
from secdefs.read.pdf import Page, Piece

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_HYPHENS = "-‐\x02\ufffe\xad"
_ADDRESS = re.compile(r"\S*(?:/|@|www\.)\S*\Z")
_WEB = re.compile(r"(?:https?://|www\.)\S*\w\Z")
_STOPS = (".", ":", ";", "—", "–", "!", "?")
_ITEM_ENDS = re.compile(r"[;,]\s[a-z]{2,3}\Z")  # a stop and a conjunction
_GOES_ON = re.compile(r"[a-z,;:)\]%]")
# Syllables that are put before whole words, with a hyphen as often as without.
_PREFIXES = frozenset("re non co pre sub self anti ex semi inter multi over under post mid cross de un".split())
_COUNTED = re.compile(r"(\d{1,3})\.(?=\s)")
_NARROW, _WIDE = frozenset("fijlrtI.,;:!|'’‘()[]-/ "), frozenset("mwMW@%—")
_EM = 0.6  # ems by which two indentations differ that are not one


class Broken(NamedTuple):
    """A word broken at a line's end, as it was read: where the break was in the paragraph, and on which page.

    `kept`: its hyphen is taken for its own; `known`: since the letter has it so inside a line.
    """

    word: str
    at: int
    page: int
    kept: bool
    known: bool


class Paragraph(NamedTuple):
    """A paragraph: its characters, the page of each, the notes whose marks stand in it by offset, its indentation.

    `marks` are (offset, note); `broken` the words that were broken at the ends of lines; `line` the number of its first
    line among those of the body.
    """

    text: str
    pages: tuple[int, ...]
    marks: tuple[tuple[int, int], ...]
    ems: float
    broken: tuple[Broken, ...]
    line: int


class _Edges(NamedTuple):
    """How far the lines of a column reach; `justified`: all that are full reach as far."""

    left: float
    right: float
    justified: bool


class Reflow:
    """The paragraphs of a letter, from its lines in the order of reading."""

    def __init__(self, found: Sorted, pages: Sequence[Page], spelled: Iterable[str] = ()) -> None:
        """`spelled` are texts in which it is known how words are spelled, with a hyphen or without."""
        self.found = found
        self.widths = {page.number: round(page.width) for page in pages}
        body = found.body
        self.sure = [
            (line, after) for line, after in pairwise(body) if self._beside(line, after) and _goes_on(line, after)
        ]
        self.leading = _leading(self.sure, body)
        self.lift = self._lift()
        self.edges = self._all_edges()
        self.local = self._local_edges()
        self.first_lines = Counter(
            round(self._indent(line) - self._indent(after))
            for line, after in self.sure
            if self._indent(line) - self._indent(after) > _EM and not LABEL.match(line.text)
        )
        self.spaced = self._is_spaced()
        starts = Counter(named[1] for line in body if (named := NUMBERED.match(line.text)))
        self.numbered = {word for word, count in starts.items() if count > 1}
        self.numbers = {int(label[1]) for line in body if (label := _COUNTED.match(line.text))}
        self.known, self.plain = _known(line.text for line in body)
        for counted, more in zip((self.known, self.plain), _known(spelled), strict=True):
            counted.update(more)
        self.anchors: defaultdict[int, list[Anchor]] = defaultdict(list)
        for each in found.anchors:
            self.anchors[each.line].append(each)
        self.drops = self._drops()

    def paragraphs(self, *, tagged: bool, begun: frozenset[int] = frozenset()) -> list[Paragraph]:
        """The paragraphs, their ends taken from the file's structure or from the lines' places alone.

        `begun` are the numbers of lines of which it is known that they begin a paragraph.
        """
        groups: list[list[int]] = []
        body = self.found.body
        for index, line in enumerate(body):
            joins = False
            if groups and index not in begun:
                so_far = [body[each] for each in groups[-1]]
                if tagged and so_far[-1].page == line.page and so_far[-1].block and line.block:
                    joins = so_far[-1].block == line.block
                else:
                    joins = self._joins(so_far, line, body[index + 1] if index + 1 < len(body) else None)
            if joins:
                groups[-1].append(index)
            else:
                groups.append([index])
        return [self._joined(group) for group in groups]

    def notes(self) -> list[str]:
        """The text of each footnote, without its mark."""
        texts = []
        for note in self.found.notes:
            text = ""
            for number, line in enumerate(note.lines):
                words = _plain(line, ())[note.begins :].lstrip(" .)\t") if number == 0 else _plain(line, ())
                text = (self._put(text, words, note.lines[number - 1])[0] if text else "") + words
            texts.append(_clean(" ".join(text.split())))
        return texts

    # --- ends of paragraphs -------------------------------------------------------------------------------------------

    def _beside(self, line: Line, after: Line) -> bool:
        """Whether a line stands under the other, in one column of one page, and is of its size."""
        return (line.page, line.column) == (after.page, after.column) and abs(line.size - after.size) < 0.08 * line.size

    def _joins(self, so_far: Sequence[Line], after: Line, then: Line | None) -> bool:
        """Whether the line after goes on with the paragraph; `then` is the one that comes next."""
        line = so_far[-1]
        if abs(line.size - after.size) > 0.08 * line.size:
            return False
        if (line.page, line.column) == (after.page, after.column):
            lead = self.leading.get(_half(line.size), 1.25 * line.size)
            drop = (line.y - after.y) / lead
            tight = 1.09 + 0.5 / lead + (self.lift if after.raised else 0.0)
            if not 0 < drop < 1.6 or (drop > tight and not (_goes_on(line, after) and drop < 1.35)):
                return False
        edges = self._edges(line)
        centred = _is_centred(line, edges) and _is_centred(after, self._edges(after))
        if centred and abs(line.x0 - after.x0) > _EM * line.size:
            return line.x1 - line.x0 + self._need(line, after) > edges.right - edges.left
        if not self._is_in_line(so_far, after):
            return False
        if LABEL.match(after.text) and self._is_item(so_far, after):
            return False
        named = NUMBERED.match(after.text)
        if (named and named[1] in self.numbered) or (_is_heading(line) and not after.text.isupper()):
            return False
        if (_ended(line) or _in_brackets(so_far)) and then is not None and self._stands_alone(after, then):
            return False
        return self._is_full(so_far, after)

    def _stands_alone(self, line: Line, after: Line) -> bool:
        """Whether a line is a heading: it has no stop, and the next one did not have to be begun."""
        room = self._edges(line).right - line.x1 - self._need(line, after)
        return not _ended(line) and room > 2 * line.size and not _goes_on(line, after) and line.text[0].isupper()

    def _is_in_line(self, so_far: Sequence[Line], after: Line) -> bool:
        """Whether a line begins where the lines of the paragraph do."""
        indent, first = self._indent(after), self._indent(so_far[0])
        if len(so_far) > 1:
            # Its second line has shown how far the paragraph is indented.
            return abs(indent - self._indent(so_far[1])) <= _EM
        if abs(indent - first) <= _EM:
            return True
        line = so_far[0]
        label = LABEL.match(line.text)
        if label:
            words = line.begins(label.end() + len(line.text[label.end() :]) - len(line.text[label.end() :].lstrip()))
            hang = abs(indent - (words - self._edges(line).left) / line.size) <= _EM
            return hang or indent < first or (indent - first <= 4.5 and not _ended(line))
        if indent < first:
            return first - indent <= 6 and (not _ended(line) or self.first_lines[round(first - indent)] > 0)
        return not _ended(line) and indent - first <= 4 and bool(_GOES_ON.match(after.text))

    def _is_item(self, so_far: Sequence[Line], after: Line) -> bool:
        """Whether the label with which a line begins is one, and not a citation at which the line before was full."""
        line = so_far[-1]
        counted = _COUNTED.match(after.text)
        if (
            _ended(line)
            or _ITEM_ENDS.search(line.text)
            or (counted and {int(counted[1]) - 1, int(counted[1]) + 1} & self.numbers)
        ):
            return True
        first = self._indent(so_far[0])
        hangs = len(so_far) > 1 and self._indent(so_far[1]) > first + _EM
        if hangs:
            return self._indent(after) <= first + _EM
        own = LABEL.match(so_far[0].text)
        return own is not None and line.text[-1:] == "," and _is_next(own.group(), LABEL.match(after.text))

    def _is_full(self, so_far: Sequence[Line], after: Line) -> bool:
        """Whether the first word of the next line would not have fitted on the last one, as far as that can be told."""
        line = so_far[-1]
        if line.text[-1] in _HYPHENS and line.text[-2:-1].isalnum() and after.text[:1].isalnum():
            return True
        edges = self._edges(line)
        bucket = so_far[1] if len(so_far) > 1 else after
        right = min(edges.right, self.local.get(self._bucket(bucket), edges.right))
        fits = (right - line.x1 - self._need(line, after)) / line.size
        if _goes_on(line, after):
            return fits < max(4.0, 0.2 * (right - line.x0) / line.size)
        if edges.justified and right == edges.right:
            certain = self.spaced and line.page == after.page and not _ended(line)
            return right - line.x1 < 0.35 * line.size or (certain and fits < 0)
        if not _ended(line):
            return fits < (1.0 if self.spaced else 0.4)
        return fits < (0.5 if self.spaced and line.page == after.page else 0.05)

    def _need(self, line: Line, after: Line) -> float:
        """How much room the first word of the next line would have taken on a line, with the space before it."""
        return _first_word(after) + 0.22 * line.size

    def _indent(self, line: Line) -> float:
        """How far a line is from its column's left edge, in ems."""
        return (line.x0 - self._edges(line).left) / line.size

    # --- measures -----------------------------------------------------------------------------------------------------

    def _key(self, line: Line) -> tuple[Column, int, int]:
        """Lines with one such key reach as far as each other: those of one column, on odd or on even pages."""
        return line.column, line.page % 2, self.widths[line.page]

    def _edges(self, line: Line) -> _Edges:
        return self.edges[self._key(line)]

    def _all_edges(self) -> dict[tuple[Column, int, int], _Edges]:
        lines: defaultdict[tuple[Column, int, int], list[Line]] = defaultdict(list)
        for line in self.found.body:
            lines[self._key(line)].append(line)
        # Pages that lie opposite each other are mostly alike, and few lines do not show that they are not.
        for key in list(lines):
            other = (key[0], 1 - key[1], key[2])
            few = (
                len({line.page for line in self.found.body}) < 4 or min(len(lines[key]), len(lines.get(other, ()))) < 20
            )
            if key[1] and other in lines and (few or abs(_left(lines[key]) - _left(lines[other])) < 2):
                lines[key] = lines[other] = [*lines[key], *lines[other]]
        full: defaultdict[tuple[Column, int, int], list[Line]] = defaultdict(list)
        for line, _ in self.sure:
            full[self._key(line)].append(line)
        result = {}
        for key, those in lines.items():
            right = _right(those)
            sure = [each for each in full[key] if abs(each.x1 - right) < 6 * each.size]
            if not sure and key[0] == (0, 1):
                # Short lines alone do not show how far a line may reach: as far from the page's edge as on the left.
                right = max(right, key[2] - _left(those))
            reach = sum(abs(each.x1 - right) < 0.12 * each.size for each in sure)
            result[key] = _Edges(_left(those), right, len(sure) > 2 and reach > 0.7 * len(sure))
        return result

    def _lift(self) -> float:
        """By how much of the leading a raised mark pushes its line down: nothing, or what the program adds."""
        drops = [(line.y - after.y) / self.leading[_half(line.size)] for line, after in self.sure if after.raised]
        return max(statistics.median_low(drops) - 1.0, 0.0) if drops else 0.0

    def _bucket(self, line: Line) -> tuple[tuple[Column, int, int], int]:
        return self._key(line), round(self._indent(line) * 2)

    def _local_edges(self) -> dict[tuple[tuple[Column, int, int], int], float]:
        """How far lines reach that are indented on both sides, by where they begin."""
        rights: defaultdict[tuple[tuple[Column, int, int], int], list[tuple[float, float]]] = defaultdict(list)
        for line, after in self.sure:
            if abs(self._indent(line) - self._indent(after)) <= _EM:
                rights[self._bucket(after)].append((line.x1, line.x1 + self._need(line, after)))
        furthest: defaultdict[tuple[tuple[Column, int, int], int], float] = defaultdict(float)
        for line in self.found.body:
            furthest[self._bucket(line)] = max(furthest[self._bucket(line)], line.x1)
        return {
            bucket: furthest[bucket]
            for bucket, ends in rights.items()
            if len(ends) > 1 and furthest[bucket] <= min(need for _, need in ends) + 0.5
        }

    def _is_spaced(self) -> bool:
        """Whether more space stands between paragraphs than between lines."""
        ends = spaced = 0
        for line, after in pairwise(self.found.body):
            if self._beside(line, after) and _ended(line) and not _GOES_ON.match(after.text):
                lead = self.leading.get(_half(line.size), 1.25 * line.size)
                edges = self._edges(line)
                if line.x1 < edges.right - 0.2 * (edges.right - edges.left):
                    ends += 1
                    spaced += (line.y - after.y) / lead > 1.15
        return 2 * spaced > ends

    # --- joining ------------------------------------------------------------------------------------------------------

    def _joined(self, group: Sequence[int]) -> Paragraph:
        body = self.found.body
        text = ""
        pages: list[int] = []
        marks: list[tuple[int, int]] = []
        broken: list[Broken] = []
        for number, index in enumerate(group):
            line = body[index]
            anchors = self.anchors[index]
            content = _plain(line, [(each.start, each.end) for each in anchors])
            if text:
                text, word = self._put(text, content, body[group[number - 1]])
                pages = [*pages[: len(text)], *[pages[-1]] * (len(text) - len(pages))]
                if word is not None:
                    broken.append(word._replace(at=len(text) - word.kept, page=pages[-1]))
            for each in anchors:
                marks.append((len(text) + each.start, each.note))
            text += content
            pages += [line.page] * len(content)
        level = self._level([body[each] for each in group])
        return Paragraph(_clean(text), tuple(pages), tuple(marks), level, tuple(broken), group[0])

    def _level(self, lines: Sequence[Line]) -> float:
        """How far a paragraph is indented, in ems: what its first line has more than the others is none of it."""
        first = self._indent(lines[0])
        if first > 2 and all(_is_centred(line, self._edges(line)) for line in lines):
            return 0.0
        if len(lines) > 1:
            return max(min(first, self._indent(lines[1])), 0.0)
        return 0.0 if self.first_lines[round(first)] else max(first, 0.0)

    def _put(self, text: str, after: str, line: Line) -> tuple[str, Broken | None]:
        """A text as it is before the words of its next line: with a space, or without the hyphen that broke a word.

        With it the word, where it was broken.
        """
        if text[-1] not in _HYPHENS or len(text) < 2 or not text[-2].isalnum() or not after[:1].isalnum():
            whole = text[-1] == "/" and _ADDRESS.search(text) is not None
            # An address is broken anywhere where it is longer than a line.
            longer = _WEB.search(text) is not None and after[:1].isalnum() and self._is_at_edge(line)
            return text if whole or longer else text + " ", None
        stays = self._stays(text, after)
        tail, head = _halves(text, after)
        kept = stays
        if kept is None:
            kept = (tail.lower() in _PREFIXES and self.plain[head.lower()] > 0) or not self.drops
        word = Broken(tail + ("-" if kept else "") + head, 0, 0, kept, stays is not None)
        return text[:-1] + "-" if kept else text[:-1], word

    def _is_at_edge(self, line: Line) -> bool:
        """Whether not even one more letter would have fitted on a line."""
        edges = self.edges.get(self._key(line))
        return edges is not None and edges.right - line.x1 < 0.55 * line.size

    def _stays(self, text: str, after: str) -> bool | None:
        """Whether a hyphen at the end of a line is the word's own; null where nothing tells."""
        if text[-1] == "\xad":
            return False
        tail, head = _halves(text, after)
        capitals = len(tail) > 1 and tail.isupper() and head.isupper()
        if _ADDRESS.search(text) or not (after[0].islower() or capitals) or not text[-2].isalpha():
            return True
        whole, parts = self.known[(tail + head).lower()], self.known[f"{tail}-{head}".lower()]
        if whole or parts:
            return parts > whole if whole != parts else None
        return None

    def _drops(self) -> bool:
        """Whether lines are broken inside words: one certainly is, or more end in a hyphen than words have one."""
        seen = ends = 0
        for line, after in pairwise(self.found.body):
            if line.text[-1] in _HYPHENS and len(line.text) > 1:
                ends += 1
                seen += self._stays(line.text, after.text) is False
        return seen > 0 or ends > 2 + 0.015 * len(self.found.body)


def _plain(line: Line, holes: Iterable[tuple[int, int]]) -> str:
    """A line's text, its raised figures as such unless they are marks of notes, and what breaks words as a hyphen."""
    text = line.text
    holes = set(holes)
    for start, end in line.raised:
        if (start, end) not in holes and text[start:end].isdecimal() and text[start:end].isascii() and start:
            text = text[:start] + text[start:end].translate(_RAISED) + text[end:]
    return text


def _clean(text: str) -> str:
    return text.replace("\x02", "-").replace("\ufffe", "-")


def _is_next(label: str, after: re.Match[str] | None) -> bool:
    """Whether a label comes next after another of a list, or begins one."""
    if after is None:
        return False
    values = values_of(after.group())[1]
    return any(first_of_list(new) or any(follows(old, new) == 2 for old in values_of(label)[1]) for new in values)


def _goes_on(line: Line, after: Line) -> bool:
    """Whether a line surely goes on with the sentence of the one before."""
    if _ended(line) or LABEL.match(after.text):
        return False
    closing = after.text.find(")")
    bracket = line.text.rfind("(") > line.text.rfind(")") and -1 < closing < (after.text + "(").find("(")
    return bracket or _GOES_ON.match(after.text) is not None


def _in_brackets(lines: Sequence[Line]) -> bool:
    """Whether a paragraph is a whole in brackets."""
    return lines[0].text[0] == "(" and lines[-1].text[-1] == ")" and not LABEL.match(lines[0].text)


def _is_heading(line: Line) -> bool:
    """Whether a line is in capitals."""
    return line.text.isupper() and " " in line.text and len(line.text) > 12


def _ended(line: Line) -> bool:
    """Whether a line ends as a sentence or a lead-in does."""
    text = line.text
    if line.raised and line.raised[-1][1] == len(text):
        text = text[: line.raised[-1][0]]
    return text.rstrip("”’\"')] ").endswith(_STOPS)


def _halves(text: str, after: str) -> tuple[str, str]:
    tail, head = re.search(r"\w+(?=.\Z)", text, re.S), re.match(r"\w+", after)
    return tail.group() if tail else "", head.group() if head else ""


def _known(texts: Iterable[str]) -> tuple[Counter[str], Counter[str]]:
    """How often each word stands inside a line, with its hyphens; and each word by itself."""
    known: Counter[str] = Counter()
    plain: Counter[str] = Counter()
    broken = False
    for text in texts:
        if broken:
            text = text.lstrip("\"'“‘").partition(" ")[2]
        known.update(found.lower() for found in re.findall(r"\w+(?:[-‐]\w+)*(?![-‐\x02\w])", text))
        plain.update(found.lower() for found in re.findall(r"(?<![-‐\w])\w+(?![-‐\x02\ufffe\w])", text))
        broken = text[-1:] in tuple(_HYPHENS)
    return known, plain


def _first_word(line: Line) -> float:
    """How wide the first word of a line is."""
    first = line.words[0]
    right = first.x0 + _share(first)
    if " " in first.text:
        return right - first.x0
    for gap, word in zip(gaps(line.words)[1:], line.words[1:], strict=True):
        if gap:
            break
        right = word.x0 + _share(word)
        if " " in word.text:
            break
    return right - first.x0


def _share(piece: Piece) -> float:
    """How wide the first word of a piece is."""
    word = piece.text.split(" ", 1)[0]
    return (piece.x1 - piece.x0) * _weight(word) / _weight(piece.text)


def _weight(text: str) -> float:
    """About how wide a text is, in any unit."""
    return sum(0.3 if char in _NARROW else 0.85 if char in _WIDE else 0.7 if char.isupper() else 0.48 for char in text)


def _half(points: float) -> float:
    return round(points * 2) / 2


def _leading(sure: Sequence[tuple[Line, Line]], body: Sequence[Line]) -> dict[float, float]:
    """For each size of text the distance of lines within a paragraph, in points."""
    drops: defaultdict[float, Counter[float]] = defaultdict(Counter)
    for line, after in sure:
        if 0.8 * line.size < line.y - after.y < 3 * line.size:
            drops[_half(line.size)][round(line.y - after.y, 1)] += 1
    found = {size: min(each, key=lambda drop, seen=each: (-seen[drop], drop)) for size, each in drops.items()}  # type: ignore[misc]
    if found:
        # Sizes of which no line surely goes on keep the proportion of the others.
        size, lead = next(iter(found.items()))
        for line in body:
            found.setdefault(_half(line.size), lead * line.size / size)
    return found


def _left(lines: Sequence[Line]) -> float:
    return min(line.x0 for line in lines)


def _right(lines: Sequence[Line]) -> float:
    """The right edge: as far as several lines reach, for one alone may have run over it."""
    ends = sorted((line.x1 for line in lines), reverse=True)
    near = 3 * lines[0].size
    for index, end in enumerate(ends):
        others = sum(end - other <= near for other in ends[index + 1 :])
        if others >= max(2, 0.04 * len(ends)):
            return end
    return ends[0]


def _is_centred(line: Line, edges: _Edges) -> bool:
    """Whether a line stands in the middle of its column, clear of both edges."""
    left, right = line.x0 - edges.left, edges.right - line.x1
    return left > line.size and abs(left - right) < 0.5 * line.size
