"""Whether instructions that commence together interfere: what each is done to, as the text stood and as it stands.

Instructions of one instrument that commence on one day are carried out one after the other, but ordered at once. Each
is therefore matched against the text as it stood before the first of them as well; the places have to be the same.
What one of them put there was not there before: there, only the text as it then stands counts.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

import msgspec

from secdefs.change.edits import CODE, KEY, Add, Consolidation, Edit, Field, Marked, Remove, Splice, accepted, without
from secdefs.change.operations import InsertProvision, InsertWords, Operation
from secdefs.findings import Refused
from secdefs.model import ProvisionRef, SectionRef

_GONE = "changes what it is done to"
_MOVED = "changes the places that its words have"
_CROWDED = "puts something in the same place, and which comes first is not said"


class Interference(NamedTuple):
    """That one instruction stands in the way of another that commences with it: which, by its id, and what it does."""

    by: str
    what: str


class _Place(NamedTuple):
    """What an edit is done to, in the text as it stood: a range of a field, a record, or a gap in a list.

    `low` is a pair of bounds: where nothing is taken out, the text that others took out beside it leaves it open where
    between the two it goes. `high` is likewise.
    """

    list: str
    key: str
    part: str
    low: tuple[int, int]
    high: tuple[int, int]

    def fits(self, other: _Place) -> bool:
        """Whether the two may be the same."""
        return self[:3] == other[:3] and _meet(self.low, other.low) and _meet(self.high, other.high)


class _Put(NamedTuple):
    """That something was put in a place: how many were carried out before it, by which, and on which side."""

    number: int
    by: str
    side: str
    place: _Place


def _meet(one: tuple[int, int], two: tuple[int, int]) -> bool:
    return one[0] <= two[1] and two[0] <= one[1]


class Together:
    """The instructions of one instrument that commence together, by their ids, and what they did so far."""

    def __init__(self, consolidation: Consolidation, batch: frozenset[str]) -> None:
        self.now = consolidation
        self.batch = batch
        self._stood: Consolidation | None = None
        self._stood_at: dict[str, dict[Marked, int]] = {}
        self._done: list[tuple[str, frozenset[str]]] = []
        self._lists: set[str] = set()
        self._crowded: dict[tuple[str, str, str], list[_Put]] = {}

    def made(self, by: str, edits: tuple[Edit, ...]) -> None:
        """Take note of what one of them did."""
        lists = frozenset(edit.list for edit in edits)
        self._done.append((by, lists))
        self._lists |= lists

    def hindrance(self, operation: Operation) -> Interference | None:
        """What keeps an operation from being carried out now that could have been in the code as it stood; None
        where it could not have been either."""
        if not self._done:
            return None
        try:
            edits = operation.edits(self._before())
        except Refused:
            return None
        places = {(edit.list, edit.key) for edit in edits if not isinstance(edit, Add)}
        marks = [
            mark
            for name in dict.fromkeys(name for name, _ in places)
            for mark in self.now.lists[name]
            if (name, without(mark.fields[KEY[mark.kind]], self.batch)) in places
        ]
        return Interference(self._last(marks, edits), _GONE)

    def _last(self, marks: list[Marked], edits: tuple[Edit, ...]) -> str:
        """The last that touched one of these records, or else one of the lists of these edits."""
        touching: set[str | None] = {by for mark in marks for by in (mark.by, mark.gone)}
        for mark in marks:
            for pieces in mark.fields.values():
                touching |= {by for piece in pieces for by in (piece.by, piece.gone)}
        names = {edit.list for edit in edits}
        return next(
            (by for by, _ in reversed(self._done) if by in touching),
            next((by for by, lists in reversed(self._done) if lists & names), self._done[-1][0]),
        )

    def interference(self, by: str, operation: Operation, edits: tuple[Edit, ...]) -> Interference | None:
        """How those before it interfere with the operation of one that now makes these edits; None where none does."""
        edits = _at_once(edits)
        mine = [self._origin(edit) for edit in edits]
        if self._may_differ(operation, edits):
            try:
                first = _at_once(operation.edits(self._before()))
            except Refused as refused:
                # A provision that was not there, or a label that was in use, speaks of what the others made.
                new = refused.code in ("SD203", "SD204") or all(
                    place is None or self._beside_new(operation, edit) for edit, place in zip(edits, mine, strict=True)
                )
                return None if new else self._moved(edits)
            if not _same(mine, [_place(edit) for edit in first]) or self._after_new_lines(operation, edits):
                return self._moved(edits)
        return self._crowding(by, operation, edits, mine)

    def _moved(self, edits: tuple[Edit, ...]) -> Interference:
        """That the places differ, and the last that touched one of them."""
        found = [self.now.get(edit.list, edit.key) for edit in edits if not isinstance(edit, Add)]
        return Interference(self._last([mark for mark in found if mark is not None], edits), _MOVED)

    def _before(self) -> Consolidation:
        if self._stood is None:
            self._stood = Consolidation(self.now.without(self.batch))
        return self._stood

    def _may_differ(self, operation: Operation, edits: tuple[Edit, ...]) -> bool:
        """Whether one of the others touched what the operation is done to."""
        whole = isinstance(operation.target, SectionRef) or (
            isinstance(operation.target, ProvisionRef) and not operation.target.path
        )
        return any(
            edit.list in self._lists
            and (whole or isinstance(edit, Add) or self._touched(self.now.get(edit.list, edit.key)))
            for edit in edits
        )

    def _touched(self, mark: Marked | None) -> bool:
        return mark is not None and (
            mark.by in self.batch
            or any({piece.by, piece.gone} & self.batch for pieces in mark.fields.values() for piece in pieces)
        )

    # --- places -------------------------------------------------------------------------------------------------------

    def _origin(self, edit: Edit) -> _Place | None:
        """Where what an edit is done to stood at first; None where it is new."""
        if isinstance(edit, Add):
            gap = self._gap(edit)
            return _Place(edit.list, "", "", gap, (0, 0))
        mark = self.now.get(edit.list, edit.key)
        assert mark is not None
        if mark.by in self.batch:
            return None
        key = without(mark.fields[KEY[mark.kind]], self.batch)
        if isinstance(edit, Remove):
            return _Place(edit.list, key, "", (0, 0), (0, 0))
        low, high = _words(edit)
        pieces = mark.fields[edit.part]
        if low == high:
            bounds = _bounds(pieces, low, self.batch)
            return _Place(edit.list, key, edit.part, bounds, bounds) if bounds else None
        start, end = _stood_at(pieces, low, self.batch), _stood_at(pieces, high - 1, self.batch)
        if start is None or end is None:
            return None
        return _Place(edit.list, key, edit.part, (start, start), (end + 1, end + 1))

    def _after_new_lines(self, operation: Operation, edits: tuple[Edit, ...]) -> bool:
        """Whether words at an end would come to stand in a paragraph that one of the others put there."""
        match operation, edits:
            case InsertWords(at=spot), (Splice(at=at) as edit,) if spot.where == "end":
                mark = self.now.get(edit.list, edit.key)
                assert mark is not None
                pieces, text = mark.fields[edit.part], accepted(mark.fields[edit.part])[:at]
                last = next((n for n in reversed(range(at)) if _stood_at(pieces, n, self.batch) is not None), 0)
                return "\n" in text[last:]
        return False

    def _beside_new(self, operation: Operation, edit: Edit) -> bool:
        """Whether words go next to what one of the others put there."""
        match operation, edit:
            case InsertWords(at=spot), Splice(at=at, old=old) if spot.words is not None and not old.strip():
                mark = self.now.get(edit.list, edit.key)
                assert mark is not None
                pieces, text = mark.fields[edit.part], accepted(mark.fields[edit.part])
                after = spot.where == "after"
                found = len(text[:at].rstrip()) - 1 if after else len(text) - len(text[at + len(old) :].lstrip())
                return 0 <= found < len(text) and _stood_at(pieces, found, self.batch) is None
        return False

    def _gap(self, edit: Add) -> tuple[int, int]:
        """Between which indices of the list as it stood a new record goes."""
        marks, stood = self.now.lists[edit.list], self._ranks(edit.list)
        end = start = self.now.position(edit.list, edit.index)
        while start and marks[start - 1].gone is not None:
            start -= 1
        before = next((stood[marks[at]] for at in range(start - 1, -1, -1) if marks[at] in stood), -1)
        after = next((stood[marks[at]] for at in range(end, len(marks)) if marks[at] in stood), len(stood))
        return before + 1, after

    def _ranks(self, name: str) -> dict[Marked, int]:
        """The records of a list as it stood, each with its index then."""
        if name not in self._stood_at:
            old = (mark for mark in self.now.lists[name] if mark.by not in self.batch)
            standing = (mark for mark in old if mark.gone is None or mark.gone in self.batch)
            self._stood_at[name] = {mark: index for index, mark in enumerate(standing)}
        return self._stood_at[name]

    # --- two in one place ---------------------------------------------------------------------------------------------

    def _crowding(
        self, by: str, operation: Operation, edits: tuple[Edit, ...], mine: list[_Place | None]
    ) -> Interference | None:
        match operation:
            case InsertWords(at=spot) | InsertProvision(at=spot) if spot.where not in ("alphabetical", "in_order"):
                side = spot.where
            case _:
                return None
        places = [
            place
            for edit, place in zip(edits, mine, strict=True)
            if place is not None and (isinstance(edit, Add) or (isinstance(edit, Splice) and not edit.old.strip()))
        ]
        if isinstance(operation, InsertProvision):
            places = places[:1]
        crowded = [
            put
            for place in places
            for put in self._crowded.get(place[:3], ())
            if {put.side, side} in _UNORDERED and put.place.fits(place)
        ]
        for place in places:
            self._crowded.setdefault(place[:3], []).append(_Put(len(self._done), by, side, place))
        return Interference(max(crowded).by, _CROWDED) if crowded else None


_UNORDERED = ({"after"}, {"before"}, {"beginning"}, {"before", "end"})
"""Where two things that go to one place may come in either order: of two that go to an end, the later follows."""


def _at_once(edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """The edits of one operation in the code, and not in its particulars, as if each were the first to be made."""
    fields: dict[tuple[str, str, str], _Spliced] = {}
    added: dict[str, list[int]] = {}
    result: list[Edit] = []
    for edit in edits:
        match edit:
            case Splice(list=name) if name == CODE:
                continue
            case Splice():
                field = fields.setdefault((edit.list, edit.key, edit.part), _Spliced())
                result.append(msgspec.structs.replace(edit, at=field.at_first(edit)))
            case Add(index=index):
                # Where those before it went, as if each were the first: the nth of them stands at its index, plus n.
                known = added.setdefault(edit.list, [])
                before = bisect_left(range(len(known)), index, key=lambda n, known=known: known[n] + n)  # type: ignore[misc]
                known.insert(before, index - before)
                result.append(msgspec.structs.replace(edit, index=index - before))
            case Remove():
                result.append(edit)
    return tuple(result)


class _Spliced:
    """The splices of one field, one after another."""

    def __init__(self) -> None:
        self.made: list[Splice] = []
        self.grown = self.high = 0
        self.low: int | None = None

    def at_first(self, edit: Splice) -> int:
        """Where the next of them goes, as if it were the first."""
        at = edit.at
        if at >= self.high:  # in order from the left, as most are
            at -= self.grown
        elif self.low is None or at >= self.low:
            for each in reversed(self.made):
                at -= (len(each.new) - len(each.old)) * (each.at + len(each.new) <= at)
        self.made.append(edit)
        self.grown += len(edit.new) - len(edit.old)
        end = edit.at + len(edit.new)
        self.high = max(self.high, end)
        self.low = end if self.low is None else min(self.low, end)
        return at


def _place(edit: Edit) -> _Place:
    """The place of an edit of the code as it stood."""
    match edit:
        case Splice():
            low, high = _words(edit)
            return _Place(edit.list, edit.key, edit.part, (low, low), (high, high))
        case Remove():
            return _Place(edit.list, edit.key, "", (0, 0), (0, 0))
        case Add():
            return _Place(edit.list, "", "", (edit.index, edit.index), (0, 0))


def _same(mine: list[_Place | None], theirs: list[_Place]) -> bool:
    """Whether both lists name the same places, whatever their order."""
    if len(mine) == len(theirs) and all(
        place is not None and place.fits(other) for place, other in zip(mine, theirs, strict=True)
    ):
        return True
    left = list(theirs)
    for place in mine:
        fitting = next((other for other in left if place is not None and place.fits(other)), None)
        if fitting is None:
            return False
        left.remove(fitting)
    return not left


def _words(edit: Splice) -> tuple[int, int]:
    """The place of an edit's words, without the spaces of its seams."""
    low, high = edit.at, edit.at + len(edit.old)
    if not edit.old.strip():
        return low, low
    return low + len(edit.old) - len(edit.old.lstrip()), high - len(edit.old) + len(edit.old.rstrip())


def _stood_at(pieces: Field, at: int, batch: frozenset[str]) -> int | None:
    """Where the standing character at an offset stood at first; None where it is new."""
    stood = 0
    for piece in pieces:
        size, old = len(piece.text), piece.by not in batch
        if piece.gone is None:
            if at < size:
                return stood + at if old else None
            at -= size
        stood += size * (old and (piece.gone is None or piece.gone in batch))
    return None


def _bounds(pieces: Field, at: int, batch: frozenset[str]) -> tuple[int, int] | None:
    """Between which offsets of the text as it stood an offset lies; None in the midst of what is new."""
    stood = low = high = 0
    for piece in pieces:
        size, old = len(piece.text), piece.by not in batch
        if piece.gone is None:
            if at < size:
                if at == 0:
                    return low, stood
                return (stood + at, stood + at) if old else None
            at -= size
            low = stood + size * old
        stood += size * (old and (piece.gone is None or piece.gone in batch))
        high = stood
    return low, high
