"""How the instruments of a schedule are carried out one after another, and where their order would matter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

import msgspec

from secdefs.change.edits import CODE, KEY, Add, Consolidation, Marked
from secdefs.change.edits import without as text_without
from secdefs.commencement import written
from secdefs.findings import SecdefsError
from secdefs.history.book import Batch, Book, Held, batches, without
from secdefs.history.entries import Stated
from secdefs.history.timeline import Turn, edit_on, recorded
from secdefs.letter.instrument import Instrument
from secdefs.model import Code
from secdefs.plan import SECTION, Plan, plan


class Schedule(msgspec.Struct):
    """Which instruments there are and when: the order of each day, the day of each instruction, the versions stated."""

    held: dict[str, Held]
    order: dict[dt.date, tuple[str, ...]]
    days: dict[str, dt.date | None]
    versions: dict[tuple[str, dt.date], Stated]

    @classmethod
    def of(cls, book: Book) -> Schedule:
        """The schedule that a book comes to, to be changed at will."""
        days = {ident: last.said.day for ident, last in book.last.items()}
        return cls(dict(book.held), dict(book.order), days, dict(book.versions))

    def remove(self, ident: str) -> None:
        """Take an instrument out."""
        for each in self.held.pop(ident).instructions:
            self.days.pop(each, None)
        self.order = without(self.order, ident)
        self.versions = {key: stated for key, stated in self.versions.items() if key[0] != ident}

    def put(self, ident: str, day: dt.date, where: int | None = None) -> None:
        """Let an instrument be carried out on a day: behind those made before it or on its day, or at `where`.

        What it was said to follow or to precede goes first. Raises SecdefsError where that cannot be.
        """
        others = tuple(each for each in self.order.get(day, ()) if each != ident)
        low, high = self.bounds(ident, others)
        if low > high:
            raise SecdefsError(
                f"on {written(day)} it cannot come after and before what was named: "
                "those instruments stand the other way round"
            )
        if where is None:
            made = self._made(ident)
            where = max((at for at, each in enumerate(others, 1) if self._made(each) <= made), default=0)
        where = min(max(where, low), high)
        self.order[day] = (*others[:where], ident, *others[where:])

    def _made(self, ident: str) -> dt.date:
        return self.held[ident].entry.made or dt.date.max

    def bounds(self, ident: str, others: Sequence[str]) -> tuple[int, int]:
        """Between which places among the others of a day an instrument may stand, by what was said of them."""
        mine = self.held[ident]
        low, high = 0, len(others)
        for at, each in enumerate(others):
            other = self.held[each]
            if mine.after & other.also or other.before & mine.also:
                low = max(low, at + 1)
            if mine.before & other.also or other.after & mine.also:
                high = min(high, at)
        return low, high

    def batches(self) -> tuple[Batch, ...]:
        """What is carried out, one after another."""
        return batches(self.order, {ident: held.instructions for ident, held in self.held.items()}, self.days)


class Failed(NamedTuple):
    """A batch that cannot be carried out, and the plan that says why."""

    batch: Batch
    plan: Plan


class Conflict(NamedTuple):
    """Two batches of a day whose order matters, and the instructions in which that shows."""

    mine: Batch
    other: Batch
    my_instruction: str
    other_instruction: str


class Outcome(msgspec.Struct):
    """What came of a schedule: what each instruction does, the plans of the batches that are new, and what failed."""

    turns: tuple[Turn, ...]
    plans: tuple[tuple[Batch, Plan], ...]
    failed: tuple[Failed, ...]
    conflicts: tuple[Conflict, ...]


class Arranging:
    """A schedule being carried out: as recorded up to the first batch that is new, planned from there on."""

    def __init__(
        self,
        book: Book,
        schedule: Schedule,
        fresh: Callable[[Batch], bool],
        letter: Callable[[str], Instrument],
    ) -> None:
        """`fresh` tells the batches that are new or to be planned anew, `letter` is the instrument of an id."""
        self.book = book
        self.schedule = schedule
        self.fresh = fresh
        self.letter = letter
        self.marks = Consolidation(book.base)
        self.version = book.base.version
        self.section = book.base.definitions.version if book.base.definitions else None

    def outcome(self) -> Outcome:
        """Carry everything out. What is new comes with its findings; the first failure of what is not new ends it."""
        old, new = self.book.batches(), self.schedule.batches()
        same = 0
        for before, after in zip(old, new, strict=False):
            if before != after or self.fresh(after):
                break
            same += 1
        turns: list[Turn] = []
        plans: list[tuple[Batch, Plan]] = []
        failed: list[Failed] = []
        conflicts: list[Conflict] = []
        done = 0
        for _, day in groupby(new, key=lambda batch: batch.day):
            group = tuple(day)
            if not failed and done + len(group) > same:
                conflicts += self._conflicts(group)
            for batch in group:
                done += 1
                fresh = self.fresh(batch)
                if done <= same:
                    turns += self._as_recorded(batch)
                    continue
                if failed and not fresh:
                    continue
                planned = self._carry_out(batch)
                if fresh:
                    plans.append((batch, planned))
                if planned.ok:
                    turns += self._turns(batch, planned)
                else:
                    failed.append(Failed(batch, planned))
        return Outcome(tuple(turns), tuple(plans), tuple(failed), tuple(conflicts))

    def _as_recorded(self, batch: Batch) -> tuple[Turn, ...]:
        turns = self.book.turns_of(batch)
        for turn in turns:
            for change in turn.edits:
                self.marks.apply(edit_on(self.marks, change), turn.instruction)
        stated = turns[-1].stated
        assert stated is not None
        self.version = stated.version
        if _redefines(turns):
            self.section = stated.definitions_version
        return turns

    # --- planning -----------------------------------------------------------------------------------------------------

    def _carry_out(self, batch: Batch) -> Plan:
        """Plan one batch on the code as it then stands; the edits are made."""
        letter = self.letter(batch.instrument)
        orders = tuple(
            msgspec.structs.replace(each, commencement=batch.day)
            for each in letter.instructions
            if each.id in batch.instructions
        )
        stated = self.schedule.versions.get((batch.instrument, batch.day))
        return plan(
            self._particulars(),
            msgspec.structs.replace(letter, instructions=orders, findings=()),
            version=stated.version if stated else None,
            definitions_version=stated.definitions_version if stated else None,
            onto=self.marks,
        )

    def _particulars(self) -> Code:
        """The code by its particulars as they stand now; its records are those of the base code, and not looked at."""
        base = self.book.base
        definitions = base.definitions and msgspec.structs.replace(base.definitions, version=self.section)
        return msgspec.structs.replace(base, version=self.version, definitions=definitions)

    def _turns(self, batch: Batch, planned: Plan) -> list[Turn]:
        added = {edit.list for step in planned.steps for edit in step.edits if isinstance(edit, Add)}
        standing = {name: self._keys_before(name, frozenset(batch.instructions)) for name in added}
        turns = [Turn(step.instruction, batch.day, recorded(step.edits, standing)) for step in planned.steps]
        self.version = self.marks.text(CODE, "", "version") or None
        if _redefines(turns):
            self.section = self.marks.text(CODE, "", SECTION) or None
        section = self.section if _redefines(turns) else None
        stated = Stated(batch.instrument, batch.day, self.version, section)
        self.schedule.versions[batch.instrument, batch.day] = stated
        turns[-1] = msgspec.structs.replace(turns[-1], stated=stated)
        return turns

    def _keys_before(self, name: str, instructions: frozenset[str]) -> list[str]:
        """The keys of the standing records of a list, before what these instructions, the last of all, did."""
        return [
            text_without(mark.fields[KEY[mark.kind]], instructions)
            for mark in self.marks.lists[name]
            if mark.by not in instructions and (mark.gone is None or mark.gone in instructions)
        ]

    # --- the order of a day -------------------------------------------------------------------------------------------

    def _conflicts(self, group: tuple[Batch, ...]) -> Iterable[Conflict]:
        """Where the order of a day matters that nobody has settled: the first such pair for each batch that is new."""
        for mine in group if len(group) > 1 else ():
            if self.fresh(mine) and (found := self._conflict(mine, group)) is not None:
                yield found

    def _conflict(self, mine: Batch, group: tuple[Batch, ...]) -> Conflict | None:
        others = tuple(batch for batch in group if batch != mine)
        low, high = self.schedule.bounds(mine.instrument, [batch.instrument for batch in others])
        place = group.index(mine)
        trials = {at: self._trial((*others[:at], mine, *others[at:]), mine) for at in range(low, high + 1)}
        if not any(trial.lists is not None for trial in trials.values()):
            return None  # it fails in every order: what is wrong is said by the plan
        crossed = [(at, others[at]) for at in range(place - 1, low - 1, -1)]
        crossed += [(at + 1, others[at]) for at in range(place, high)]
        for at, other in crossed:
            pair = trials[place].overlaps.get(other.instrument) or trials[at].overlaps.get(other.instrument)
            if pair is None and trials[at].lists != trials[place].lists:
                pair = (
                    next((t.failing for t in (trials[place], trials[at]) if t.failing in mine.instructions), None),
                    next((t.failing for t in (trials[place], trials[at]) if t.failing in other.instructions), None),
                )
            if pair is not None:
                return Conflict(mine, other, pair[0] or mine.instructions[0], pair[1] or other.instructions[0])
        return None

    def _trial(self, arranged: Sequence[Batch], mine: Batch) -> _Trial:
        """What an order of a day comes to. All of it is taken back."""
        version, section = self.version, self.section
        versions = dict(self.schedule.versions)
        restore = self.marks.saved()
        try:
            for batch in arranged:
                planned = self._carry_out(batch)
                if not planned.ok:
                    wrong = [found.instruction for found in planned.findings if found.severity == "error"]
                    failing = next((ident for ident in wrong if ident), batch.instructions[0])
                    return _Trial(None, {}, failing)
                self._turns(batch, planned)
            code = self.marks.code()
            lists = (code.definitions and code.definitions.entries, code.contents, code.documents, code.sections)
            overlaps = {
                other.instrument: pair
                for other in arranged
                if other != mine and (pair := _overlap(self.marks, mine.instructions, other.instructions))
            }
            return _Trial(lists, overlaps, None)
        finally:
            restore()
            self.version, self.section, self.schedule.versions = version, section, versions


class _Trial(NamedTuple):
    lists: object
    """The records of the code that comes of it; None where an instruction fails."""
    overlaps: Mapping[str, tuple[str | None, str | None]]
    failing: str | None


def _redefines(turns: Iterable[Turn]) -> bool:
    return any(change.list == "definitions" for turn in turns for change in turn.edits)


def _overlap(marks: Consolidation, mine: Iterable[str], others: Iterable[str]) -> tuple[str, str] | None:
    """Two instructions, one of each, whose footprints meet: in words that touch, or in a record that came or went."""
    first, second = frozenset(mine), frozenset(others)
    for name, found in marks.lists.items():
        for mark in found if name != CODE else ():
            if (pair := _meeting(mark, first, second)) is not None:
                return pair
    return None


def _meeting(mark: Marked, first: frozenset[str], second: frozenset[str]) -> tuple[str, str] | None:
    whole = [who for who in (mark.by, mark.gone) if who]
    parts = [{who for who in (piece.by, piece.gone) if who} for field in mark.fields.values() for piece in field]
    owners = [set(whole).union(*parts)] if whole else []
    owners += parts
    for field in mark.fields.values():
        for piece, following in pairwise(field):
            owners.append({who for each in (piece, following) for who in (each.by, each.gone) if who})
    for who in owners:
        if who & first and who & second:
            return min(who & first), min(who & second)
    return None
