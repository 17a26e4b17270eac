"""The labels of paragraphs: what each may count as, which follows which, and the lists that they make."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from secdefs.outline.quotations import LABEL, leads, lines, pair, whole

_DEPTH = 12  # lists within lists, so that a letter cannot make a tree too deep to walk

Value: TypeAlias = tuple[str, int, str]
"""How a label counts: "number", "letter" or "roman"; how far; and the letters put after it (1A, (aa), (iia))."""

_ROMAN = re.compile(r"(x{0,3})(ix|iv|v?i{0,3})([a-h]?)\Z|(xl|l)(x{0,3})(ix|iv|v?i{0,3})()\Z")


@lru_cache(maxsize=1024)
def values_of(label: str) -> tuple[str, list[Value]]:
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
    values: list[Value] = []
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


def follows(old: Value, new: Value) -> int:
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


def first_of_list(value: Value) -> bool:
    """Whether a list may begin with it: (a), (i), 1, a bullet, or (A1) before the first."""
    return value[0] == "bullet" or (value[1] == 1 and not value[2]) or value[1] == 0


class _Place(NamedTuple):
    level: int
    new: bool
    doubtful: bool


class Lists:
    """The lists that are open at a point, outermost first, each with what its last label may count as."""

    def __init__(self) -> None:
        self.open: list[tuple[str, list[Value]]] = []

    def place(self, label: str, *, lead: bool, following: Sequence[str] = ()) -> _Place | None:
        """Put a label into the list that it continues, or a new one; null where it fits neither.

        `lead`: the words before it introduce a list. `following` are the labels to come, which decide between the
        letter after (h) and the first roman number.
        """
        shape, values = values_of(label)
        level, grade = -1, 0
        for candidate in range(len(self.open) - 1, -1, -1):
            mine, last = self.open[candidate]
            fit = max((follows(old, new) for old in last for new in values), default=0) if mine == shape else 0
            if fit > grade and (fit == 2 or not lead):
                level, grade = candidate, fit
        first = [value for value in values if first_of_list(value)]
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
        best = [value for value in values if any(follows(before, value) == grade for before in old)]
        del self.open[level + 1 :]
        self.open[level] = (shape, best)
        return _Place(level, False, doubtful and grade == 2 and bool(first))

    def _choose(
        self,
        level: int,
        shape: str,
        values: list[Value],
        first: list[Value],
        following: Sequence[str],
        lead: bool,
    ) -> tuple[bool, bool]:
        for label in following:
            other, after = values_of(label)
            if other == shape:
                old = self.open[level][1]
                here = [value for value in values if any(follows(before, value) == 2 for before in old)]
                new = any(follows(value, then) == 2 for value in first for then in after)
                same = any(follows(value, then) == 2 for value in here for then in after)
                if new != same:
                    return new, False
                break
        return lead, True


def _labelled_straight(line: str) -> str:
    """The label that follows straight on a term in marks, "" where none does."""
    end = max(line.find("”", 1), line.find('"', 1))
    found = LABEL.match(line[end + 1 :].lstrip()) if end > 0 else None
    return found.group() if found and any(map(first_of_list, values_of(found.group())[1])) else ""


def levelled(given: Sequence[str], indents: Sequence[int] | None = None) -> list[str]:
    """Lines with two leading spaces a level, as far as their labels tell.

    A line without a label is at the outermost, unless its indentation (`indents`, one for each line) is that of the
    lines of one level alone: then it is at that level.
    """
    if len(given) < 2:
        return list(given)  # as most quotations are
    lists, result = Lists(), []
    levels: dict[int, set[int]] = {}
    labels = [found.group() if (found := LABEL.match(line)) else "" for line in given]
    base = 0 if labels and labels[0] else 1
    lead = False
    for index, (line, label) in enumerate(zip(given, labels, strict=True)):
        depth = 0
        if label:
            ahead = [after for after in labels[index + 1 : index + 9] if after]
            place = lists.place(label, lead=lead or index == 0, following=ahead)
            if place is None and not lists.open:
                lists.open.append(values_of(label))
                place = _Place(0, True, False)
            depth = base + place.level if place else base
        elif line[:1] in ("“", '"'):
            lists, base, levels = Lists(), 1, {}
            if first := _labelled_straight(line):
                # A definition that is a list and nothing else: “Associated” (a) in relation to …
                lists.open.append(values_of(first))
                base = 0
        elif indents is not None and len(levels.get(indents[index], ())) == 1:
            (depth,) = levels[indents[index]]
        if indents is not None:
            levels.setdefault(indents[index], set()).add(depth)
        lead = leads(line)
        result.append("  " * depth + line)
    return result


def block_lines(text: str, indents: Sequence[int] | None = None) -> list[str]:
    """The lines of a block given as text: the marks that quote a whole paragraph, or several, are taken off.

    `indents` are the indentations of the lines of the text, where they are known.
    """
    marks = pair(text)
    result: list[str] = []
    numbers: list[int] = []
    at = 0
    pairs = {found.start: found for found in marks.pairs}
    while at <= len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        found = pairs.get(at)
        if found:
            end = text.find("\n", found.end)
            end = len(text) if end < 0 else end
        first = text.count("\n", 0, at)
        if found and whole(text, found, end):
            result += lines(text, found)
        elif text[at:end].strip():
            result += text[at:end].split("\n")
        numbers += range(first, first + len(result) - len(numbers))
        at = end + 1
    return levelled(result, [indents[number] for number in numbers] if indents is not None else None)
