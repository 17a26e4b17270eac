"""Whether instructions that commence together interfere: what each is done to, as the text stood and as it stands.

Instructions of one instrument that commence on one day are carried out one after the other, but ordered at once. Each
is therefore matched against the text as it stood before the first of them as well; the places have to be the same.
What one of them put there was not there before: there, only the text as it then stands counts.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from secdefs.edits import CODE, KEY, Add, Consolidation, Edit, Field, Marked, Remove, Splice, accepted, without
from secdefs.findings import Refused
from secdefs.model import ProvisionRef, SectionRef
from secdefs.operations import InsertProvision, InsertWords, Operation

GONE = "an instruction that commences with it has changed what it is done to"
MOVED = "an instruction that commences with it changes the places that its words have"
CROWDED = "an instruction that commences with it puts something in the same place, and which comes first is not said"


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


def _meet(one: tuple[int, int], two: tuple[int, int]) -> bool:
    return one[0] <= two[1] and two[0] <= one[1]


class Together:
    """The instructions of one instrument that commence together, by their ids, and what they did so far."""

    def __init__(self, consolidation: Consolidation, batch: frozenset[str]) -> None:
        self.now = consolidation
        self.batch = batch
        self._stood: Consolidation | None = None
        self._lists: set[str] = set()
        self._crowded: list[tuple[str, _Place]] = []

    def made(self, edits: tuple[Edit, ...]) -> None:
        """Take note of what one of them did."""
        self._lists |= {edit.list for edit in edits if edit.list != CODE}

    def would_fit(self, operation: Operation) -> bool:
        """Whether an operation that cannot be carried out now could have been in the code as it stood."""
        if not self._lists:
            return False
        try:
            operation.edits(self._before())
        except Refused:
            return False
        return True

    def interference(self, operation: Operation, edits: tuple[Edit, ...]) -> str | None:
        """How those before it interfere with an operation that now makes these edits; None where none does."""
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
                return None if new else MOVED
            if not _same(mine, [_place(edit) for edit in first]):
                return MOVED
        return self._crowding(operation, edits, mine)

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
            return _Place(edit.list, key, edit.part, bounds, bounds)
        start, end = _stood_at(pieces, low, self.batch), _stood_at(pieces, high - 1, self.batch)
        if start is None or end is None:
            return None
        return _Place(edit.list, key, edit.part, (start, start), (end + 1, end + 1))

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
        standing = stood = low = 0
        for mark in self.now.lists[edit.list]:
            here = mark.gone is None
            if here and standing == edit.index:
                break
            standing += here
            if mark.by not in self.batch and (here or mark.gone in self.batch):
                stood += 1
            low = stood if here else low
        return low, stood

    # --- two in one place ---------------------------------------------------------------------------------------------

    def _crowding(self, operation: Operation, edits: tuple[Edit, ...], mine: list[_Place | None]) -> str | None:
        match operation:
            case InsertWords(at=spot) | InsertProvision(at=spot) if spot.where in ("after", "before", "beginning"):
                side = "after" if spot.where == "after" else "before"
            case _:
                return None
        places = [
            (side, place)
            for edit, place in zip(edits, mine, strict=True)
            if place is not None and (isinstance(edit, Add) or (isinstance(edit, Splice) and not edit.old.strip()))
        ]
        if isinstance(operation, InsertProvision):
            places = places[:1]
        crowded = any(one == side and known.fits(place) for one, known in self._crowded for _, place in places)
        self._crowded += places
        return CROWDED if crowded else None


def _at_once(edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """The edits of one operation in the code, and not in its particulars, as if each were the first to be made."""
    made: list[Edit] = []
    result: list[Edit] = []
    for edit in edits:
        match edit:
            case Splice(list=name) if name == CODE:
                continue
            case Splice(at=at):
                field = (edit.list, edit.key, edit.part)
                for each in reversed(made):
                    if isinstance(each, Splice) and (each.list, each.key, each.part) == field:
                        at -= (len(each.new) - len(each.old)) * (each.at + len(each.new) <= at)
                result.append(msgspec.structs.replace(edit, at=at))
            case Add(index=index):
                for each in reversed(made):
                    index -= isinstance(each, Add) and each.list == edit.list and each.index < index
                result.append(msgspec.structs.replace(edit, index=index))
            case Remove():
                result.append(edit)
        made.append(edit)
    return tuple(result)


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


def _bounds(pieces: Field, at: int, batch: frozenset[str]) -> tuple[int, int]:
    """Between which offsets of the text as it stood an offset between two characters lies."""
    stood = low = high = 0
    for piece in pieces:
        size, old = len(piece.text), piece.by not in batch
        if piece.gone is None:
            if at < size:
                inside = stood + at if old else stood
                return (low if at == 0 else inside), inside
            at -= size
            low = stood + size * old
        stood += size * (old and (piece.gone is None or piece.gone in batch))
        high = stood
    return low, high
