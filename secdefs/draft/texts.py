"""How one text becomes another: the smallest operations that do it, each tried on the text before it is taken."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import NamedTuple, TypeAlias

from secdefs.change.edits import Consolidation, Splice
from secdefs.change.matching import Place, occurrences
from secdefs.change.operations import (
    InsertProvision,
    InsertWords,
    OmitProvision,
    OmitWords,
    Operation,
    Rename,
    SubstituteProvision,
    SubstituteWords,
)
from secdefs.change.references import where
from secdefs.change.text import lines, paragraphs
from secdefs.draft import renumbered
from secdefs.findings import Refused
from secdefs.model import Each, Provision, Quote, Ref, Spot

Named: TypeAlias = Callable[[tuple[str, ...], str | None], Ref]
"""Gives the reference to a paragraph of the record, or to a range of them, by its path; () is the record."""

_TOKEN = re.compile(
    r"\w+(?:[.,/:]\d\w*|[’'-]\w+)*(?:\(\w{1,4}\))*|\(\w{1,4}\)(?:\(\w{1,4}\))*|\[[^\[\]\s]{1,40}\]|[^\w\s]"
)
_TOGETHER = 3
"""Changes with no more words than this between them are one change."""
_DEAR = 10
"""What a further sentence costs a reader, in characters that it quotes."""
_CONJUNCTIONS = ("and", "or")


class Whole(Exception):  # noqa: N818 - a choice, and no fault
    """Nothing smaller than the whole text says the change."""


class _Node(NamedTuple):
    """A paragraph of a text: its path, the lines of its own before and after its list, and the paragraphs in it."""

    path: tuple[str, ...]
    own: tuple[int, ...]
    tail: tuple[int, ...]
    within: tuple[_Node, ...]
    first: int
    last: int


class _Hunk(NamedTuple):
    """In a line, `old` from `start` to `end` becomes `new`; the line's words after it are `rest` in both texts."""

    start: int
    end: int
    new: str
    done: str
    """The new line up to the end of the new words."""


def acts(code: Consolidation, named: Named, new: str) -> tuple[Operation, ...]:
    """The operations that make the text of a record `new`, in the order in which they are to be ordered.

    Each is matched against the text as it stands in `code` as well as after those before it. Raises Whole where only
    the whole text can be substituted.
    """
    return _Text(code, named, new).acts()


class _Text:
    def __init__(self, code: Consolidation, named: Named, new: str) -> None:
        self.stood = code
        self.named = named
        at = where(code, named((), None))
        self.list, self.key, self.part = at.list, at.key, at.part
        self.old = code.text(at.list, at.key, at.part)
        self.new = new
        self.now = Consolidation(code.code())
        self.made: list[Operation] = []

    def acts(self) -> tuple[Operation, ...]:
        self._everywhere()
        self._towards(self.new)
        if self._text() != self.new:
            raise Whole
        if _quoted(self.made) + _DEAR * (len(self.made) - 1) > 1.2 * max(len(self.new), 60):
            raise Whole
        return tuple(self.made)

    def _towards(self, after: str) -> None:
        """Make the text `after`: whole paragraphs first, then words within lines."""
        before = self._text()
        if before == after:
            return
        old, new = _tree(before), _tree(after)
        stood, made = Consolidation(self.now.code()), len(self.made)
        try:
            if self._renumbered(before, after, old, new):
                return
        except Whole:
            self.now = stood
            del self.made[made:]
        self._provisions(before, after, old, new)
        self._words(after)

    def _text(self) -> str:
        return self.now.text(self.list, self.key, self.part)

    # --- trying -------------------------------------------------------------------------------------------------------

    def _result(self, operation: Operation, code: Consolidation) -> tuple[str, tuple[tuple[str, str], ...]] | None:
        """The text that an operation makes of the record, and what it takes out and puts in; None where refused."""
        try:
            edits = operation.edits(code)
        except Refused:
            return None
        text = code.text(self.list, self.key, self.part)
        for edit in edits:
            if not isinstance(edit, Splice) or edit.key != self.key or edit.part != self.part:
                return None
            text = text[: edit.at] + edit.new + text[edit.at + len(edit.old) :]
        return text, tuple((edit.old.strip(), edit.new.strip()) for edit in edits if isinstance(edit, Splice))

    def _take(self, operation: Operation, expected: str) -> bool:
        """Take an operation that makes the text as expected, and would also fit the text as it stood."""
        made = self._result(operation, self.now)
        if made is None or made[0] != expected:
            return False
        first = self._result(operation, self.stood)
        if first is None or first[1] != made[1]:
            return False
        for edit in operation.edits(self.now):
            self.now.apply(edit, "draft")
        self.made.append(operation)
        return True

    # --- the same change in each place --------------------------------------------------------------------------------

    def _everywhere(self) -> None:
        """Changes that are made wherever the words occur, ordered once "in each place"."""
        while True:
            text = self._text()
            same = Counter(
                (text[hunk.start : hunk.end].strip(), hunk.new.strip()) for hunk in _hunks(text, self.new, together=1)
            )
            for (old, new), count in same.most_common():
                if count < 2 or not old or "\n" in old + new or not re.search(r"\w{3}", old):
                    continue
                target = self.named((), None)
                operation: Operation = (
                    SubstituteWords(target=target, old=Quote(old, Each()), new=new)
                    if new
                    else OmitWords(target=target, old=Quote(old, Each()))
                )
                made = self._result(operation, self.now)
                if (
                    made is not None
                    and len(_hunks(made[0], self.new, together=1)) <= len(_hunks(text, self.new, together=1)) - count
                    and self._take(operation, made[0])
                ):
                    break
            else:
                return

    # --- paragraphs ---------------------------------------------------------------------------------------------------

    def _provisions(self, before: str, after: str, old: _Node, new: _Node) -> None:
        """Whole paragraphs that come, go or are written anew; what is left then are words within lines."""
        if len(old.own) != len(new.own) or len(old.tail) != len(new.tail) or bool(old.within) != bool(new.within):
            self._anew(after, new)
            return
        mine, theirs = [each.path[-1] for each in old.within], [each.path[-1] for each in new.within]
        if mine == theirs and not _plain(mine):
            # Bullets have no names to be called by: what changes in them is said of what holds them.
            for one, other in zip(old.within, new.within, strict=True):
                self._provisions(before, after, one, other)
            return
        kept = [label for label in theirs if label in mine]
        if not _plain(mine) or not _plain(theirs) or kept != [label for label in mine if label in theirs]:
            self._anew(after, new)
            return
        if old.within and not kept:
            self._anew(after, new)
            return
        by_label = {each.path[-1]: each for each in old.within}
        leaving = [label for label in mine if label not in theirs]
        for run in _runs(mine, leaving):
            self._omit((*old.path, run[0]), run[-1] if len(run) > 1 else None)
        coming = [label for label in theirs if label not in mine]
        for run in _runs(theirs, coming):
            self._insert(after, new, theirs, run)
        for each in new.within:
            if each.path[-1] in by_label:
                one = by_label[each.path[-1]]
                was, then = _lines(before, one), _lines(after, each)
                if was == then:
                    continue
                if _likeness(was, then) < 0.45:
                    self._anew(after, each)
                else:
                    self._provisions(before, after, one, each)

    def _renumbered(self, before: str, after: str, old: _Node, new: _Node) -> bool:
        """Draft a list whose paragraphs kept their words and took other labels, if there is one.

        Words change first, under the labels that the paragraphs have; then paragraphs go, are renumbered, and come.
        """
        if len(old.own) != len(new.own) or len(old.tail) != len(new.tail):
            return False
        mine, theirs = _items(before, old), _items(after, new)
        if not _plain([each.label for each in mine]) or not _plain([each.label for each in theirs]):
            return False
        same = renumbered.pairs(mine, theirs)
        if not same:
            inner = {each.path: each for each in new.within}
            return any(
                self._renumbered(before, after, each, inner[each.path]) for each in old.within if each.path in inner
            ) and self._followed(after)
        becomes = dict(same)
        between: list[str] = [after.split("\n")[row] for row in new.own]
        for at, each in enumerate(old.within):
            if at not in becomes:
                between += before.split("\n")[each.first : each.last + 1]
                continue
            first, *rest = after.split("\n")[new.within[becomes[at]].first : new.within[becomes[at]].last + 1]
            between += [first.replace(theirs[becomes[at]].label, mine[at].label, 1), *rest]
        between += [after.split("\n")[row] for row in new.tail]
        rows = before.split("\n")
        self._towards("\n".join([*rows[: old.first], *between, *rows[old.last + 1 :]]))
        for run in _runs(
            [each.label for each in mine], [each.label for n, each in enumerate(mine) if n not in becomes]
        ):
            self._carry(OmitProvision(target=self.named((*old.path, run[0]), run[-1] if len(run) > 1 else None)))
        shifted = [(mine[i].label, theirs[j].label) for i, j in same if mine[i].label != theirs[j].label]
        for label, to in renumbered.in_turn(shifted):
            self._carry(Rename(target=self.named((*old.path, label), None), to=to))
        labels = [each.label for each in theirs]
        for run in _runs(labels, [each for n, each in enumerate(labels) if n not in becomes.values()]):
            self._carry(self._insertion(after, new, labels, run))
        return self._followed(after)

    def _followed(self, after: str) -> bool:
        """Draft what is left after a list was renumbered."""
        self._towards(after)
        return True

    def _carry(self, operation: Operation) -> None:
        """Take an operation on the text as it stands by now: a label that was in use may be free, or another's."""
        made = self._result(operation, self.now)
        if made is None:
            raise Whole
        for edit in operation.edits(self.now):
            self.now.apply(edit, "draft")
        self.made.append(operation)

    def _anew(self, after: str, new: _Node) -> None:
        if not new.path or not _citable(new.path):
            raise Whole
        target = self.named(new.path, None)
        operation = SubstituteProvision(target=target, new=(_record(after, new),))
        made = self._result(operation, self.now)
        if made is None or not self._take(operation, made[0]):
            raise Whole

    def _omit(self, path: tuple[str, ...], through: str | None) -> None:
        operation = OmitProvision(target=self.named(path, through))
        made = self._result(operation, self.now)
        if made is None or not self._take(operation, made[0]):
            raise Whole

    def _insertion(self, after: str, new: _Node, labels: list[str], run: list[str]) -> Operation:
        """The insertion of a run of neighbours into a list that has none of them yet."""
        records = tuple(_record(after, each) for each in new.within if each.path[-1] in run)
        at = labels.index(run[0])
        if at:
            spot = Spot("after", ref=self.named((*new.path, labels[at - 1]), None))
        else:
            spot = Spot("before", ref=self.named((*new.path, labels[len(run)]), None))
        return InsertProvision(target=self.named(new.path, None), at=spot, new=records)

    def _insert(self, after: str, new: _Node, labels: list[str], run: list[str]) -> None:
        operation = self._insertion(after, new, labels, run)
        made = self._result(operation, self.now)
        if made is None or not self._take(operation, made[0]):
            raise Whole

    # --- words --------------------------------------------------------------------------------------------------------

    def _words(self, after: str) -> None:
        """The changes that are left, line by line; a last line that goes is omitted as words."""
        rows = self._text().split("\n")
        wanted = after.split("\n")
        if len(rows) != len(wanted):
            raise Whole
        for number, (row, want) in enumerate(zip(rows, wanted, strict=True)):
            if row == want:
                continue
            shift = 0
            for hunk in _hunks(row, want):
                text = self._text()
                start = sum(len(line) + 1 for line in text.split("\n")[:number])
                current = text[start:].partition("\n")[0]
                low, high = hunk.start + shift, hunk.end + shift
                expected = text[:start] + hunk.done + current[high:] + text[start + len(current) :]
                if not any(self._take(each, expected) for each in self._candidates(text, start, low, high, hunk)):
                    raise Whole
                shift += len(hunk.new) - (hunk.end - hunk.start)

    def _candidates(self, text: str, start: int, low: int, high: int, hunk: _Hunk) -> Iterator[Operation]:
        """Operations for one change, the plainest first."""
        line_end = text.find("\n", start)
        line_end = len(text) if line_end < 0 else line_end
        low, high = start + low, start + high
        old, new = text[low:high].strip(), hunk.new.strip()
        path, within = self._paragraph(text, low)
        target = self.named(path, None)
        at_end = high == within[1]
        if at_end and not new and old in _CONJUNCTIONS and path:
            yield OmitWords(target=target, old=Quote(old, beside="end"))
        if at_end and not old and new in _CONJUNCTIONS and path:
            yield InsertWords(target=target, at=Spot("end"), new=new)
        if not old and new:
            yield from self._insertions(text, target, within, (start, line_end), low, new)
        if old and not new:
            for place in _wider(text, (start, line_end), (low, high), self._once(text, target, within), few=0):
                if place == _tight(text, low, high):
                    yield OmitWords(target=target, old=Quote(text[place[0] : place[1]]))
        if not old and at_end and not new[:1].isalnum():
            yield InsertWords(target=target, at=Spot("end"), new=new)
        wider = _wider(text, (start, line_end), (low, high), self._once(text, target, within), few=6)
        exchanged = [
            (text[place[0] : place[1]], (text[place[0] : low] + hunk.new + text[high : place[1]]).strip())
            for place in wider
        ]
        # Half a pair of brackets reads badly in a quotation, if it reads at all.
        for words, become in sorted(exchanged, key=lambda pair: not (_paired(pair[0]) and _paired(pair[1]))):
            if become:
                yield SubstituteWords(target=target, old=Quote(words), new=become)
            elif words == text[low:high].strip():
                yield OmitWords(target=target, old=Quote(words))
        line = text[start:line_end].strip()
        if not hunk.new and low <= start + len(text[start:line_end]) - len(text[start:line_end].lstrip()):
            yield OmitWords(target=target, old=Quote(line))

    def _insertions(self, text: str, target: Ref, within: Place, line: Place, at: int, new: str) -> Iterator[Operation]:
        tokens = [(found.start(), found.end()) for found in _TOKEN.finditer(text, *line)]
        before = [token for token in tokens if token[1] <= at]
        after = [token for token in tokens if token[0] >= at]
        once = self._once(text, target, within)
        for size in range(1, min(len(before), 12) + 1):
            place = (before[-size][0], before[-1][1])
            if _weighty(text, place) and once(place):
                yield InsertWords(target=target, at=Spot("after", words=Quote(text[place[0] : place[1]])), new=new)
                break
        for size in range(1, min(len(after), 12) + 1):
            place = (after[0][0], after[size - 1][1])
            if _weighty(text, place) and once(place):
                yield InsertWords(target=target, at=Spot("before", words=Quote(text[place[0] : place[1]])), new=new)
                break

    def _once(self, text: str, target: Ref, within: Place) -> Callable[[Place], bool]:
        """Whether the words at a place are found there and nowhere else under a reference, then and now."""
        whole = not getattr(target, "path", ())
        stood = where(self.stood, target)

        def alone(place: Place) -> bool:
            words = text[place[0] : place[1]]
            if occurrences(text, words, within) != (place,):
                return False
            if len(occurrences(self.old, words, stood.within)) != 1:
                return False
            return not (whole and self.list == "definitions" and occurrences(self.key, words, (0, len(self.key))))

        return alone

    def _paragraph(self, text: str, at: int) -> tuple[tuple[str, ...], Place]:
        """The innermost paragraph that can be cited of those that hold an offset, and its range."""
        known = paragraphs(text)
        stood = {each.path for each in paragraphs(self.old)}
        paths = Counter(each.path for each in known)
        holding = [
            each
            for each in known
            if each.start <= at <= each.end and paths[each.path] == 1 and each.path in stood and _citable(each.path)
        ]
        best = max(holding, key=lambda each: len(each.path))
        return best.path, (best.start, best.end)


# --- the shape of a text ----------------------------------------------------------------------------------------------


def _tree(text: str) -> _Node:
    known = paragraphs(text)
    rows = lines(text)

    def node(number: int) -> _Node:
        mine = known[number]
        inner = [index for index, each in enumerate(known) if index and each.parent == number]
        held = {line for index in inner for line in range(known[index].first, known[index].last + 1)}
        own = [line for line in range(mine.first, mine.last + 1) if line not in held and not rows[line].blank]
        first = min(held, default=mine.last + 1)
        last = max(held, default=mine.last + 1)
        if any(first < line < last for line in own):
            raise Whole
        return _Node(
            mine.path,
            tuple(line for line in own if line < first),
            tuple(line for line in own if line > last),
            tuple(node(index) for index in inner),
            mine.first,
            mine.last,
        )

    return node(0)


def _items(text: str, node: _Node) -> list[renumbered.Item]:
    """The paragraphs within one, as they are compared."""
    rows = lines(text)
    made = []
    for each in node.within:
        words = text[rows[each.first].body : rows[each.last].end]
        made.append(renumbered.Item(each.path[-1], words))
    return made


def _lines(text: str, node: _Node) -> str:
    return "\n".join(text.split("\n")[node.first : node.last + 1])


def _record(text: str, node: _Node) -> Provision:
    """A paragraph as the provision that a direction sets out: its own level is the outermost."""
    rows = text.split("\n")[node.first : node.last + 1]
    line = lines(text)[node.first]
    indent = line.content - line.start
    below = [row[indent:] if row[:indent].isspace() or not indent else row for row in rows[1:]]
    return Provision(label=node.path[-1], text="\n".join([text[line.body : line.end], *below]))


def _citable(path: tuple[str, ...]) -> bool:
    return all(label.isalnum() for label in path)


def _plain(labels: Sequence[str]) -> bool:
    return len(set(labels)) == len(labels) and all(label.isalnum() for label in labels)


def _runs(labels: Sequence[str], chosen: Sequence[str]) -> Iterator[list[str]]:
    """The chosen labels in runs of neighbours."""
    for taken, run in groupby(labels, key=lambda label: label in chosen):
        if taken:
            yield list(run)


def _likeness(one: str, two: str) -> float:
    return SequenceMatcher(None, _TOKEN.findall(one), _TOKEN.findall(two), autojunk=False).ratio()


# --- the difference of two texts --------------------------------------------------------------------------------------


def _hunks(old: str, new: str, together: int = _TOGETHER) -> list[_Hunk]:
    """What differs, in whole words; changes that stand close together are one."""
    mine, theirs = list(_TOKEN.finditer(old)), list(_TOKEN.finditer(new))
    words = [found.group() for found in mine], [found.group() for found in theirs]
    blocks: list[tuple[int, int, int, int]] = []
    for tag, i, i2, j, j2 in SequenceMatcher(None, *words, autojunk=False).get_opcodes():
        if tag == "equal":
            # The same words with other spaces between them differ all the same.
            for step in range(1, i2 - i):
                one = old[mine[i + step - 1].end() : mine[i + step].start()]
                two = new[theirs[j + step - 1].end() : theirs[j + step].start()]
                if one != two:
                    blocks.append((i + step - 1, i + step + 1, j + step - 1, j + step + 1))
        else:
            blocks.append((i, i2, j, j2))
    joined: list[tuple[int, int, int, int]] = []
    for block in blocks:
        if joined and block[0] - joined[-1][1] <= together:
            last = joined[-1]
            joined[-1] = (last[0], max(last[1], block[1]), last[2], max(last[3], block[3]))
        else:
            joined.append(block)
    return [_hunk(old, new, mine, theirs, block) for block in joined]


def _hunk(
    old: str, new: str, mine: list[re.Match[str]], theirs: list[re.Match[str]], block: tuple[int, int, int, int]
) -> _Hunk:
    """A difference in characters, from the end of the word before it to the beginning of the word after it."""
    i, i2, j, j2 = block
    start = mine[i - 1].end() if i else 0
    end = mine[i2].start() if i2 < len(mine) else len(old)
    first = theirs[j - 1].end() if j else 0
    last = theirs[j2].start() if j2 < len(theirs) else len(new)
    return _Hunk(start, end, new[first:last], new[:last])


def _paired(words: str) -> bool:
    """Whether every bracket and quotation mark of some words has its fellow among them."""
    depth = dict.fromkeys("([“", 0)
    for char in words:
        if char in depth:
            depth[char] += 1
        elif char in ")]”":
            fellow = "([“"[")]”".index(char)]
            depth[fellow] -= 1
            if depth[fellow] < 0:
                return False
    return not any(depth.values())


def _tight(text: str, low: int, high: int) -> Place:
    inside = text[low:high]
    return low + len(inside) - len(inside.lstrip()), high - (len(inside) - len(inside.rstrip()))


def _weighty(text: str, place: Place) -> bool:
    """Whether words can be looked for with the eye: they hold one of four letters, or three of any length."""
    words = re.findall(r"\w+", text[place[0] : place[1]])
    return any(len(word) > 3 or word[0].isupper() or word[0].isdigit() for word in words) or len(words) > 2


def _wider(text: str, line: Place, place: Place, once: Callable[[Place], bool], few: int) -> Iterator[Place]:
    """The words at a place, then with more and more of the words around them, where they are found once.

    The first is given, and `few` wider ones after it.
    """
    tokens = [(found.start(), found.end()) for found in _TOKEN.finditer(text, *line)]
    inside = [number for number, token in enumerate(tokens) if place[0] <= token[0] and token[1] <= place[1]]
    if inside:
        low, high = inside[0], inside[-1]
    else:
        after = next((number for number, token in enumerate(tokens) if token[0] >= place[1]), len(tokens))
        low, high = after, after - 1
    given = 0
    left = True
    while True:
        if low <= high:
            here = (tokens[low][0], tokens[high][1])
            if re.search(r"\w{2}|\d|[A-Z]", text[here[0] : here[1]]) and once(here):
                yield here
                given += 1
                if given > few:
                    return
        if low == 0 and high == len(tokens) - 1:
            return
        if (left and low > 0) or high == len(tokens) - 1:
            low -= 1
        else:
            high += 1
        left = not left


def _quoted(operations: Sequence[Operation]) -> int:
    """How many characters the operations quote."""
    total = 0
    for each in operations:
        match each:
            case SubstituteWords(old=Quote(text=text), new=new):
                total += len(text) + len(new)
            case OmitWords(old=Quote(text=text)):
                total += len(text)
            case InsertWords(new=new):
                total += len(new)
            case SubstituteProvision(new=records) | InsertProvision(new=records):
                total += sum(len(getattr(record, "text", "")) for record in records)
    return total


__all__ = ["Named", "Whole", "acts"]
