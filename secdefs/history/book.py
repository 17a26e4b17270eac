"""What a ledger comes to: which instruments stand, in which order they are carried out, and what each last did."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from secdefs.commencement import event_name, written
from secdefs.findings import SecdefsError
from secdefs.history.entries import (
    Base,
    Carried,
    Enacted,
    Happened,
    Heading,
    Ordered,
    Said,
    Stated,
    Withdrawn,
    entry,
)
from secdefs.history.ledger import Broken
from secdefs.history.timeline import Timeline, Turn
from secdefs.model import Code


class Held(msgspec.Struct, frozen=True):
    """An instrument that was enacted: its entry, the ledger's line of that, its instructions in their order, why those
    that change nothing do not, the days of its events by `event_name`, and which it follows and precedes.

    `also` are the ids of those that it corrects: what was said of them holds of it.
    """

    entry: Enacted
    line: int
    instructions: tuple[str, ...]
    left_out: dict[str, str]
    events: dict[str, dt.date]
    after: frozenset[str]
    before: frozenset[str]
    also: frozenset[str]

    @property
    def id(self) -> str:
        """The first twelve digits of the hash of its text."""
        return self.entry.id


class Last(NamedTuple):
    """What an instruction last did, and the ledger's line that says so."""

    line: int
    said: Ordered | Carried


class Batch(NamedTuple):
    """The instructions of one instrument that commence on one day."""

    day: dt.date
    instrument: str
    instructions: tuple[str, ...]


class Group(NamedTuple):
    """What was put on record at one time: the first line, the entry that heads it, and those that follow."""

    line: int
    head: Heading
    rest: tuple[Ordered | Carried, ...]


class Book:
    """The state to which the entries of a ledger lead, one group after another."""

    def __init__(self, base: Code) -> None:
        self.base = base
        self.groups: list[Group] = []
        self.held: dict[str, Held] = {}
        self.order: dict[dt.date, tuple[str, ...]] = {}
        self.versions: dict[tuple[str, dt.date], Stated] = {}
        self.last: dict[str, Last] = {}

    @property
    def recorded(self) -> dt.date:
        """The day of the last entry."""
        return self.groups[-1].head.recorded

    def take(self, line: int, said: Sequence[Said]) -> None:
        """Take in one group. Raises Broken, with the line, where it says what cannot be."""
        head, *rest = said
        following = tuple(each for each in rest if isinstance(each, Ordered | Carried))
        if isinstance(head, Ordered | Carried) or len(following) < len(rest):
            raise Broken(line, "this line is not where it can be")
        if isinstance(head, Base) == bool(self.groups):
            raise Broken(line, "a ledger has one line of its base code, the first")
        if self.groups and head.recorded < self.recorded:
            raise Broken(line, f"this was recorded on {written(head.recorded)}, before what stands above it")
        self.groups.append(Group(line, head, following))
        match head:
            case Enacted():
                self._enact(line, head, following)
            case Happened():
                self._settle(line, head)
            case Withdrawn():
                if head.instrument not in self.held:
                    raise Broken(line, f"{head.instrument} is withdrawn, and was not enacted")
                self._remove(head.instrument)
        days: dict[str, set[dt.date]] = {}
        for number, each in enumerate(following, line + 1):
            whose = each.id.partition(":")[0]
            if whose not in self.held or each.id not in self.held[whose].instructions:
                raise Broken(number, f"{each.id} is no instruction of an instrument that stands")
            if isinstance(each, Ordered) != (isinstance(head, Enacted) and whose == head.id):
                raise Broken(number, f"{each.id} is not what this entry tells of")
            self.last[each.id] = Last(number, each)
            if each.day is not None:
                days.setdefault(whose, set()).add(each.day)
        self._arrange(line, days, getattr(head, "order", {}))

    def _enact(self, line: int, head: Enacted, following: Iterable[Ordered | Carried]) -> None:
        also = frozenset({head.id})
        after, before = frozenset(head.after), frozenset(head.before)
        if head.corrects is not None:
            corrected = self.held.get(head.corrects)
            if corrected is None:
                raise Broken(line, f"{head.corrects} is corrected, and does not stand")
            also |= corrected.also
            after, before = after | corrected.after, before | corrected.before
            self._remove(head.corrects)
        if head.id in self.held:
            raise Broken(line, f"{head.id} is enacted twice")
        mine = [each for each in following if isinstance(each, Ordered)]
        self.held[head.id] = Held(
            head,
            line,
            tuple(each.id for each in mine),
            {each.id: each.left_out for each in mine if each.left_out is not None},
            by_name(head.events),
            after - also,
            before - also,
            also,
        )
        self.versions |= {(head.id, each.day): each for each in head.versions}

    def _settle(self, line: int, head: Happened) -> None:
        for ident in head.instruments:
            if (held := self.held.get(ident)) is None:
                raise Broken(line, f"{ident} waits for an event, and does not stand")
            self.held[ident] = msgspec.structs.replace(
                held,
                events=held.events | by_name(head.events),
                after=held.after | (frozenset(head.after) - held.also),
                before=held.before | (frozenset(head.before) - held.also),
            )
        self.versions |= {(each.instrument, each.day): each for each in head.versions}

    def _remove(self, ident: str) -> None:
        for each in self.held.pop(ident).instructions:
            self.last.pop(each, None)
        self.order = without(self.order, ident)
        self.versions = {key: stated for key, stated in self.versions.items() if key[0] != ident}

    def _arrange(
        self, line: int, days: Mapping[str, Iterable[dt.date]], order: Mapping[dt.date, tuple[str, ...]]
    ) -> None:
        for ident, each_day in days.items():
            for day in sorted(each_day):
                standing = self.order.get(day, ())
                if ident not in standing:
                    self.order[day] = (*standing, ident)
        for day, said in order.items():
            if sorted(said) != sorted(self.order.get(day, ())):
                raise Broken(line, f"the order of {written(day)} does not name the instruments of that day")
            self.order[day] = said

    # --- looking ------------------------------------------------------------------------------------------------------

    def batches(self) -> tuple[Batch, ...]:
        """What is carried out, day after day and instrument after instrument."""
        days = {each.id: each.day for _, each in self.last.values()}
        return batches(self.order, {ident: held.instructions for ident, held in self.held.items()}, days)

    def turns(self) -> tuple[Turn, ...]:
        """What each instruction does, in the order in which they are carried out."""
        return tuple(turn for batch in self.batches() for turn in self.turns_of(batch))

    def turns_of(self, batch: Batch) -> tuple[Turn, ...]:
        """What the instructions of one batch do, as it was recorded."""
        stated = self.versions.get((batch.instrument, batch.day)) or Stated(batch.instrument, batch.day)
        final = batch.instructions[-1]
        return tuple(
            Turn(ident, batch.day, self.last[ident].said.edits, stated if ident == final else None)
            for ident in batch.instructions
        )

    def timeline(self) -> Timeline:
        """The code through time. Raises Broken for the first line whose edits do not do what it says they do."""
        timeline = Timeline(self.base)
        for turn in self.turns():
            line, said = self.last[turn.instruction]
            try:
                rows = timeline.take(turn)
            except SecdefsError as error:
                raise Broken(line, str(error)) from None
            if rows != said.rows:
                raise Broken(line, "the records that this touches are not what their hashes say")
        return timeline

    def pending(self) -> tuple[str, ...]:
        """The instructions that wait for an event, in the order in which they were enacted."""
        return tuple(
            ident
            for held in self.held.values()
            for ident in held.instructions
            if self.last[ident].said.day is None and ident not in held.left_out
        )


def by_name(events: Mapping[str, dt.date]) -> dict[str, dt.date]:
    """Days of events, by the names as they are compared."""
    return {event_name(name): day for name, day in events.items()}


def without(order: Mapping[dt.date, tuple[str, ...]], ident: str) -> dict[dt.date, tuple[str, ...]]:
    """The order of each day without one instrument."""
    left = {day: tuple(each for each in idents if each != ident) for day, idents in order.items()}
    return {day: idents for day, idents in left.items() if idents}


def batches(
    order: Mapping[dt.date, tuple[str, ...]],
    instructions: Mapping[str, tuple[str, ...]],
    days: Mapping[str, dt.date | None],
) -> tuple[Batch, ...]:
    """The batches of an order, where the instructions of each instrument and the day of each instruction are these."""
    found = (
        Batch(day, ident, tuple(each for each in instructions[ident] if days.get(each) == day))
        for day in sorted(order)
        for ident in order[day]
    )
    return tuple(batch for batch in found if batch.instructions)


def decoded(groups: Iterable[tuple[bytes, ...]]) -> Iterable[tuple[int, tuple[Said, ...]]]:
    """The entries of a ledger's groups, each group with the number of its first line. Raises Broken."""
    line = 1
    for group in groups:
        said = []
        for number, each in enumerate(group, line):
            try:
                said.append(entry(each))
            except SecdefsError as error:
                raise Broken(number, str(error)) from None
        yield line, tuple(said)
        line += len(group)
