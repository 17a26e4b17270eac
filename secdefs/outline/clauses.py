"""The tree of clauses: paragraphs under the labels and lead-ins that they hang on, with their quotations and blocks."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import msgspec

from secdefs.outline.labels import Lists, Value, block_lines, first_of_list, follows, levelled, values_of
from secdefs.outline.paragraphs import Prose
from secdefs.outline.quotations import IS_NUMBER, LABEL, NUMBER, Pair, Quotation, leads, lines, whole
from secdefs.outline.shapes import QUOTE, Clause

_NUMBERED = re.compile(r"(?:[A-Z]{1,2}\d+(?:\.\d+)*|\d+(?:\.\d+)+)\s")  # the number of a provision: H8.17, 1.15


class Node:
    """A clause being made: stretches of the prose, and its children."""

    __slots__ = ("block", "block_end", "children", "end", "label_end", "level", "prose", "start")

    def __init__(self, prose: Prose, start: int, label_end: int, end: int) -> None:
        self.prose, self.start, self.label_end, self.end = prose, start, label_end, end
        self.level = -1
        self.children: list[Node] = []
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
            first = bisect_right(prose.starts, found.start) - 1
            given = lines(source, found)
            inside = levelled(given, prose.indents[first : first + len(given)])
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


class Tree:
    """Clauses from paragraphs. `top` are the outermost; `ambiguous` the offsets of labels whose list is in doubt."""

    def __init__(self, prose: Prose, *, plain: bool = False) -> None:
        self.prose = prose
        self.top: list[Node] = []
        self.ambiguous: list[int] = []
        self.lists = Lists()
        self.parents: list[Node | None] = []
        self.last: Node | None = None
        self.quoted = {found.start: found for found in prose.marks.pairs}
        self.units = self._units()
        self.numbered: dict[str, tuple[Node | None, int]] = {}
        self.labels = [
            LABEL.match(prose.text, prose.starts[first], prose.ends[first])
            or NUMBER.match(prose.text, prose.starts[first], prose.ends[first])
            for first, _ in self.units
        ]
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
            node = Node(prose, start, label.end() if label else start, end)
            inner = None
            if label:
                begin = label.end() + (prose.text[label.end() : label.end() + 1] == " ")
                if IS_NUMBER.fullmatch(label.group()) and prose.text[label.end() : label.end() + 1] == ".":
                    node.label_end = begin = label.end() + 1
                inner = LABEL.match(prose.text, begin, end) if begin < end else None
                if inner and not (inner.group()[0] == "(" and any(map(first_of_list, values_of(inner.group())[1]))):
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

    def _place(self, node: Node, label: str, ahead: Sequence[str], *, within: bool) -> None:
        last = self.last
        if IS_NUMBER.fullmatch(label):
            self._number(node, label)
            return
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
                self.lists.open, self.parents, node.level = [values_of(label)], [None], 0
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

    def _number(self, node: Node, label: str) -> None:
        """Place a number of more than one level: under the lead-in of the first of its list, or by itself."""
        prefix, _, own = label.rpartition(".")
        parent, before = self.numbered.get(prefix, (None, 0))
        if int(own) != before + 1:
            parent = None
        if parent is None and self.last is not None and self.last.leads():
            parent = self.last
        self.numbered[prefix] = parent, int(own)
        kept = 1 if self.lists.open and self.lists.open[0][0] == "x." else 0
        del self.lists.open[kept:], self.parents[kept:]
        node.level = kept - 1
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
        cited = None if label else _NUMBERED.match(prose.text, start, end)
        if (
            found
            or (label and self._foreign(label.group()))
            or (not label and self._deeper(first, last))
            or (cited and self._is_cited(cited.group().strip()))
        ):
            return self._give(last, unit, self._unquoted_end(unit, last))
        return -(unit + 1)

    def _whole(self, unit: int) -> bool:
        first, final = self.units[unit]
        found = self.quoted.get(self.prose.starts[first])
        return found is not None and whole(self.prose.text, found, self.prose.ends[final])

    def _composed(self, found: Pair) -> bool:
        """Whether a quotation holds provisions, and not words: it begins with a term in marks, or with a label."""
        inside = self.prose.text[found.start + 1 : found.end - 1].lstrip()
        return inside[:1] in ("“", '"', "‘") or LABEL.match(inside) is not None or _NUMBERED.match(inside) is not None

    def _give(self, node: Node, unit: int, after: int) -> int:
        start, end = self.prose.starts[self.units[unit][0]], self.prose.ends[self.units[after - 1][1]]
        first, last = self.units[unit][0], self.units[after - 1][1]
        node.block = block_lines(self.prose.text[start:end], self.prose.indents[first : last + 1])
        node.block_end = end
        return after

    def _foreign(self, label: str) -> bool:
        """Whether a label after a lead-in is of quoted text, (6A) or (8): no list's first, and no open list's next.

        A letter that is not the first may be either, and is taken for an item.
        """
        if IS_NUMBER.fullmatch(label):
            return self._is_cited(label)
        shape, values = values_of(label)
        if any(map(first_of_list, values)) or any(kind != "number" and not put for kind, _, put in values):
            return False
        return not self._next_of(self.lists, shape, values)

    def _is_cited(self, number: str) -> bool:
        """Whether the words of the last clause name a number: what has it then is what they introduce."""
        assert self.last is not None
        words = self.prose.text[self.last.label_end : self.last.end]
        return re.search(rf"(?<![\w.]){re.escape(number)}(?!\w|\.\w)", words) is not None

    @staticmethod
    def _next_of(lists: Lists, shape: str, values: list[Value]) -> bool:
        return any(
            mine == shape and any(follows(old, new) == 2 for old in last for new in values) for mine, last in lists.open
        )

    def _deeper(self, paragraph: int, node: Node) -> bool:
        return self.prose.indents[paragraph] >= self._indent(node) + 2

    def _indent(self, node: Node) -> int:
        return self.prose.indents[bisect_right(self.prose.starts, node.start) - 1]

    def _unquoted_end(self, unit: int, node: Node) -> int:
        """The unit after a block without marks of its own: it goes on with terms in marks, its own labels, and what is
        indented as it is."""
        own = Lists()
        lead = False
        prose = self.prose
        level = prose.indents[self.units[unit][0]]
        deeper = self._deeper(self.units[unit][0], node)
        for at in range(unit, len(self.units)):
            first, final = self.units[at]
            label = self.labels[at]
            same = deeper and prose.indents[first] >= level
            if at > unit:
                opening = self.labels[unit]
                if label and IS_NUMBER.fullmatch(label.group()):
                    if not (opening and label.group().startswith(f"{opening.group()}.")):
                        return at
                elif label:
                    shape, values = values_of(label.group())
                    outer, inner = self._next_of(self.lists, shape, values), self._next_of(own, shape, values)
                    begins = lead and any(map(first_of_list, values))
                    if outer and (inner or begins) and not deeper:
                        self.ambiguous.append(prose.at[prose.starts[first]])
                    if not same and (deeper or not (inner or begins)):
                        return at
                elif not (same or (not deeper and prose.starts[first] in self.quoted and not self._whole(at))):
                    return at
            if label and not IS_NUMBER.fullmatch(label.group()) and own.place(label.group(), lead=lead) is None:
                own.open.append(values_of(label.group()))
            lead = leads(prose.text[max(0, prose.ends[final] - 4) : prose.ends[final]])
        return len(self.units)
