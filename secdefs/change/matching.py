"""When two texts are the same words, and where the ones stand in the other.

The comparison: NFC, curly quotation marks as straight ones, every run of white space (a no-break space, a line break
with its indentation) as one space, U+2010 and U+2011 as the hyphen. Case is kept, and an en dash is no hyphen.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from secdefs.change.text import lines
from secdefs.findings import Refused

Place: TypeAlias = tuple[int, int]
"""Where words stand: offsets of their first code point and of the one after their last."""

_SPACES = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_SAME = {ord(char): " " for char in _SPACES} | {
    ord(char): same for group, same in (("“”„‟", '"'), ("‘’‚‛", "'"), ("\u2010\u2011", "-")) for char in group
}
_RUN = re.compile(" {2,}")


class Folded(NamedTuple):
    """A text in the form in which words are compared, with the way back to the text itself.

    Run i is `text[folds[i]:folds[i + 1]]` and stands for the characters `raws[i]` to `raws[i + 1]` of the original:
    one for one where both are of one length, all for all otherwise.
    """

    text: str
    folds: tuple[int, ...]
    raws: tuple[int, ...]

    def start(self, at: int) -> int | None:
        """The original offset at which the character at `at` begins; None in the middle of a run that changed."""
        run = bisect_right(self.folds, at) - 1
        inside = at - self.folds[run]
        return self.raws[run] + inside if not inside or self._plain(run) else None

    def end(self, at: int) -> int | None:
        """The original offset after the character before `at`; None in the middle of a run that changed."""
        run = bisect_left(self.folds, at) - 1
        if self._plain(run):
            return self.raws[run] + at - self.folds[run]
        return self.raws[run + 1] if at == self.folds[run + 1] else None

    def at(self, raw: int) -> int:
        """The folded offset of the character at `raw`; of the next run where `raw` is inside one that changed."""
        run = bisect_right(self.raws, raw) - 1
        inside = raw - self.raws[run]
        if run + 1 == len(self.raws) or not inside:
            return self.folds[run]
        return self.folds[run] + inside if self._plain(run) else self.folds[run + 1]

    def _plain(self, run: int) -> bool:
        return self.folds[run + 1] - self.folds[run] == self.raws[run + 1] - self.raws[run]


@lru_cache(maxsize=2048)
def folded(text: str) -> Folded:
    """The text as it is compared. Where no character is added or dropped, there is but one run."""
    plain = text.translate(_SAME)
    composed = unicodedata.is_normalized("NFC", plain)
    if composed and "  " not in plain:
        return Folded(plain, (0, len(plain)), (0, len(plain)))
    changes = [(run.start(), run.end(), " ") for run in _RUN.finditer(plain)]
    if not composed:
        changes = sorted(changes + list(_recomposed(plain)))
    pieces: list[str] = []
    folds, raws, size, done = [0], [0], 0, 0
    for start, end, same in changes:
        if start > done:
            pieces.append(plain[done:start])
            size += start - done
            folds.append(size)
            raws.append(start)
        pieces.append(same)
        size, done = size + len(same), end
        folds.append(size)
        raws.append(end)
    pieces.append(plain[done:])
    if done < len(plain):
        folds.append(size + len(plain) - done)
        raws.append(len(plain))
    if folds[:2] == [0, 0]:
        folds, raws = folds[1:], raws[1:]
    return Folded("".join(pieces), tuple(folds), tuple(raws))


def _recomposed(text: str) -> Iterator[tuple[int, int, str]]:
    """The clusters (a character and the marks on it) that NFC writes otherwise."""
    start = 0
    for at in range(1, len(text) + 1):
        if at < len(text) and (unicodedata.category(text[at])[0] == "M" or "\u1160" <= text[at] <= "\u11ff"):
            continue
        cluster = text[start:at]
        same = unicodedata.normalize("NFC", cluster)
        if same != cluster:
            yield start, at, same
        start = at


def same(words: str) -> str:
    """Words as they are compared, without spaces at their edges."""
    return folded(words).text.strip(" ")


def inside_word(text: str, at: int) -> bool:
    """Whether an offset is inside a word: between letters or digits, or in a figure such as "1,200" or "H8.16"."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if unicodedata.combining(after) or (joins(before) and joins(after)):
        return True
    if after in ".,/:":
        return before.isdigit() and text[at + 1 : at + 2].isdigit()
    return before in ".,/:" and after.isdigit() and text[max(0, at - 2) : at - 1].isdigit()


def joins(char: str) -> bool:
    """Whether a character makes a word with its like: a letter, a digit, a mark on one, the low line."""
    return char.isalnum() or char == "_" or unicodedata.combining(char) > 0


def occurrences(text: str, words: str, within: Place) -> tuple[Place, ...]:
    """Every place of the words in a range, overlapping ones too, in order."""
    view, wanted = folded(text), same(words)
    if not wanted:
        raise Refused("SD201", "the quotation has no words in it", "check the quotation marks of the letter")
    found: list[Place] = []
    low, high = view.at(within[0]), view.at(within[1])
    at = view.text.find(wanted, low, high)
    while at >= 0:
        if not inside_word(view.text, at) and not inside_word(view.text, at + len(wanted)):
            start, end = view.start(at), view.end(at + len(wanted))
            if start is None or end is None or not within[0] <= start <= end <= within[1]:
                pass
            elif len(wanted) >= _LABEL or not _in_label(text, start, end):
                found.append((start, end))
        at = view.text.find(wanted, at + 1, high)
    return tuple(found)


_LABEL = 6
"""The labels of paragraphs are shorter than this."""


def _in_label(text: str, start: int, end: int) -> bool:
    """Whether a place is inside the label of a line, and not the whole of it: the "a" of "(a)" is no word."""
    rows = lines(text)
    row = rows[bisect_right(rows, start, key=lambda row: row.start) - 1]
    if not row.content <= start < row.body:
        return False
    label = len(text[row.content : row.body].rstrip())
    return end <= row.content + label and end - start < label


def excerpt(text: str, place: Place, around: int = 20) -> str:
    """A place with a few of the words around it, on one line: "…the operator or [TBC] as the case…"."""
    start, end = place
    low, high = max(0, start - around), min(len(text), end + around)
    while start > low > 0 and not text[low - 1].isspace():
        low += 1
    while end < high < len(text) and not text[high].isspace():
        high -= 1
    words = " ".join(text[low:high].split())
    return ("…" if text[:low].strip() else "") + words + ("…" if text[high:].strip() else "")


def listed(text: str, found: tuple[Place, ...], limit: int = 5) -> str:
    """The excerpts of several places, quoted and in a row."""
    shown = ", ".join(f"“{excerpt(text, place)}”" for place in found[:limit])
    return shown + (f" and {len(found) - limit} more" if len(found) > limit else "")
