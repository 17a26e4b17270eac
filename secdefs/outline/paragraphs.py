"""The paragraphs of a letter: where they begin among its lines, and the letter as one text of them."""

from __future__ import annotations

import re

from secdefs.outline.labels import Value, first_of_list, follows, values_of
from secdefs.outline.lines import NUMBERED, Row, Wraps, inside, joined_words, stops, width_of, words_of
from secdefs.outline.quotations import LABEL, NUMBER, pair
from secdefs.outline.shapes import Hyphen

# What a full stop shortens: one letter or number (a year is none), two letters of which the first is large, a word with
# stops inside.
SHORTENED = re.compile(r"(?:^|[\s(\[])(?:\w|\d{1,3}|[A-Z][a-z]|etc|(?:\w\.)+\w)$")


class Prose:
    """The letter as paragraphs: `text` has one a line, `at` the source offset of each of its characters."""

    def __init__(
        self, text: str, groups: list[list[Row]], holes: dict[int, int], known: frozenset[str] = frozenset()
    ) -> None:
        """`groups` are the lines of each paragraph; `holes` the offsets of footnotes' marks, and their lengths; `known`
        words beside those of the text, by which it is told what a hyphen at a line's end is."""
        known = words_of(text) | known
        self.hyphens: list[Hyphen] = []
        chars: list[str] = []
        self.at: list[int] = []
        self.indents: list[int] = []
        for group in groups:
            words, at = joined_words([(row.start, row.text) for row in group], known, holes, self.hyphens)
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
    def of_line(cls, text: str, pieces: list[tuple[int, str]]) -> Prose:
        """The whole text as one paragraph."""
        prose = cls.__new__(cls)
        chars: list[str] = []
        prose.at, prose.hyphens = [], []
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


def paragraphs(rows: list[Row], wraps: Wraps) -> list[list[Row]]:
    """The lines of each paragraph."""
    groups: list[list[Row]] = []
    breaks = _Breaks(rows, wraps)
    for index, row in enumerate(rows):
        if index and not breaks.before(index):
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


_JOINED = re.compile(r"[;,.]\s\w{2,3}\Z")  # an item's end: a stop and a conjunction


class _Breaks:
    """Where paragraphs begin. To break at a sentence's end is harmless; to cut one, or join two items, is not."""

    def __init__(self, rows: list[Row], wraps: Wraps) -> None:
        self.rows, self.wraps = rows, wraps
        self.open: dict[str, list[list[Value]]] = {}
        self.labels = [found.group() if (found := LABEL.match(row.text)) else "" for row in rows]
        if rows and self.labels[0]:
            self._opened(self.labels[0])
        self.quoted = [LABEL.match(row.text.lstrip("“")) if row.text[0] == "“" else None for row in rows]

    def before(self, index: int) -> bool:
        """Whether a paragraph begins with this line."""
        row, after = self.rows[index - 1], self.rows[index]
        gap = min(after.gap, 1) if after.lifted or after.page else after.gap
        quoted = self.quoted[index]
        label = self.labels[index] or (quoted.group() if quoted else "")
        if label and self._labelled(label, index, gap):
            self._opened(label)
            return True
        number = NUMBER.match(after.text)
        if number and (stops(row.text) or self._under(row.text, number.group())):
            return True
        full = self.wraps.full(row, after) or self._heading(row, after)
        within = inside(row.text, after.text)
        stopped = stops(row.text)
        # A stop that may shorten a word ("Annex A.") still ends the paragraph where its line is not full.
        shortened = row.text[-1] == "." and SHORTENED.search(row.text[:-1][-12:])
        named = NUMBERED.match(after.text)
        if gap > 1 or (named and named.group(1) in self.wraps.numbered):
            return True
        if within and not stopped:
            return gap == 1 and not (full or self.wraps.spaced or after.lifted or after.text[0] in "–-")
        if stopped and not (after.text[0].islower() or after.text[0].isdigit() or shortened):
            return True
        if row.text[-1] in "-/" and row.text[-2:-1].isalnum() and full:
            return False
        if gap == 1 and not (self.wraps.spaced or after.lifted or after.page):
            return True
        if gap == 0 and not (self.wraps.spaced or after.page) and width_of(row.text) >= 0.8 * self.wraps.width:
            return False  # a ragged margin: where blank lines part the paragraphs, a long line without a stop goes on
        return not full

    @staticmethod
    def _under(text: str, number: str) -> bool:
        """Whether a line begins with the number that another belongs to, or stands beside: 1.15 of 1.15.1."""
        before = NUMBER.match(text) or LABEL.match(text)
        return before is not None and number.rpartition(".")[0] == before.group().strip(".")

    def _heading(self, row: Row, after: Row) -> bool:
        """Whether both lines are in capitals, which take more of the width than their number tells."""
        return row.text.isupper() and after.text.isupper() and len(row.text) > 0.6 * self.wraps.width

    def _labelled(self, label: str, index: int, gap: int) -> bool:
        """Whether the label that a line begins with is one, and not a citation that was wrapped."""
        row, after = self.rows[index - 1], self.rows[index]
        shape, values = values_of(label)
        if shape in "–-" and not (stops(row.text) or shape in self.open):
            return False
        if shape in "–-•":
            return True
        ended = stops(row.text) or _JOINED.search(row.text[-8:])
        strong = ended or not self.wraps.full(row, after) or (gap == 1 and not self.wraps.spaced) or gap > 1
        if strong:
            return True
        following = range(index + 1, min(index + 40, len(self.rows)))
        last = [old for opened in self.open.get(shape, ()) for old in opened]
        if any(follows(old, new) == 2 for old in last for new in values):
            # The next of its list at the end of a full line: an item, unless a better candidate comes.
            return not any(self.labels[place] == label and stops(self.rows[place - 1].text) for place in following)
        if not any(map(first_of_list, values)) or any(old in values for old in last):
            return False
        # The first of a list, where the second comes before another first.
        for place in following:
            later = self.labels[place]
            if later == label:
                return False
            if later and values_of(later)[0] == shape and stops(self.rows[place - 1].text):
                return any(follows(value, then) == 2 for value in values for then in values_of(later)[1])
        return False

    def _opened(self, label: str) -> None:
        shape, values = values_of(label)
        opened = self.open.setdefault(shape, [])
        opened[:] = [old for old in opened if not any(follows(o, n) == 2 for o in old for n in values)][-3:]
        opened.append(values)
