"""What is put on record when a letter is enacted, an event has happened or a letter is withdrawn; or why it is not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from secdefs.annexed import Outcome as Compared
from secdefs.annexed import hold, needless
from secdefs.change.edits import Consolidation
from secdefs.commencement import Commencement, Event, LaterOf, event_name, settled, written
from secdefs.findings import Finding, SecdefsError, Source, errors, finding
from secdefs.history.arranging import Arranging, Outcome, Schedule
from secdefs.history.book import Batch, Book, Held, by_name
from secdefs.history.entries import RULES, Carried, Enacted, Happened, Ordered, Said, Stated, Withdrawn
from secdefs.history.remarks import Letters, anew, differing, remarks, stale
from secdefs.history.timeline import Timeline
from secdefs.letter.instrument import Instrument
from secdefs.model import Code
from secdefs.plan import Plan, plan
from secdefs.read.annexes import GivenAnnex, unlisted
from secdefs.sentence.parse import Instruction


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be put on record, and what there is to say of it.

    With an error among the `findings` there are no `entries`. `commencing` are the instructions with the days on which
    they are carried out, `pending` those that wait for an event.
    """

    findings: tuple[Finding, ...]
    entries: tuple[Said, ...] = ()
    commencing: tuple[tuple[dt.date, Instruction], ...] = ()
    pending: tuple[Instruction, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether it may be put on record."""
        return not errors(self.findings)


class Versions(msgspec.Struct, frozen=True):
    """The versions that a user states, each with the day from which the code has it; null is the last day of all."""

    code: Mapping[dt.date | None, str] = {}
    definitions: Mapping[dt.date | None, str] = {}

    def stated(self, pairs: Iterable[tuple[str, dt.date]]) -> dict[tuple[str, dt.date], Stated]:
        """The versions from each pair of an instrument and a day; what is said of no day is of the last pair.

        Raises SecdefsError where a day is named on which nothing commences.
        """
        pairs = tuple(pairs)
        if not pairs and any(self._both()):
            raise SecdefsError(
                "a version is stated, and no day is known from which the code has it: give it with --event"
            )
        for day in (*self.code, *self.definitions):
            if day is not None and all(day != each for _, each in pairs):
                raise SecdefsError(f"a version is stated for {written(day)}, and nothing of this commences on that day")
        found = {}
        for pair in pairs:
            said = [each.get(pair[1]) or (each.get(None) if pair == pairs[-1] else None) for each in self._both()]
            if any(said):
                found[pair] = Stated(*pair, *said)
        return found

    def _both(self) -> tuple[Mapping[dt.date | None, str], ...]:
        return (self.code, self.definitions)


# --- a letter ---------------------------------------------------------------------------------------------------------


def enact(
    book: Book,
    letters: Letters,
    instrument: Instrument,
    entry: Enacted,
    versions: Versions,
    annexes: Sequence[GivenAnnex] = (),
) -> Proposal:
    """What it comes to when a letter is put on record. `entry` has what was settled with it, not what it does; what the
    letter makes is held against the `annexes`.

    Raises SecdefsError where what was settled is of nothing in the letter or on record.
    """
    if (again := _known(book, instrument, entry)) is not None:
        return Proposal(findings=(again,))
    for name in entry.events:
        if not any(waits_for(each.commencement, name) for each in instrument.instructions):
            raise SecdefsError(f"nothing in this letter waits for “{name}”")
    first = plan(
        book.base,
        instrument,
        # Nothing is carried out yet, and so no record is looked at: the pending are all that change this code's text.
        as_at=dt.date.min,
        onto=Consolidation(_bare(book.base)),
        with_effect_from=entry.with_effect_from,
        events=entry.events,
        set_aside=entry.set_aside,
    )
    findings = [found for found in first.findings if found.code != "SD307"]
    findings += unlisted(annexes, [[each.label for each in instrument.annexes]])
    days = _days(first.pending, by_name(entry.events), entry.with_effect_from)
    findings += _too_early(book, first.pending, days)
    if errors(tuple(findings)):
        return Proposal(findings=tuple(findings))
    left_out = {each.id: _why(each, first) for each in instrument.instructions if each.id not in days}
    schedule = Schedule.of(book)
    mine = sorted({day for day in days.values() if day is not None})
    _put(schedule, book, instrument, entry, left_out, days)
    _share_a_day(schedule, entry.after + entry.before, mine)
    schedule.versions |= versions.stated((entry.id, day) for day in mine)

    def letter(ident: str) -> Instrument:
        return instrument if ident == entry.id else letters(ident)

    found = _carry_out(book, schedule, lambda batch: batch.instrument == entry.id, letter)
    findings += found.findings
    if errors(tuple(findings)):
        return Proposal(findings=tuple(findings))
    aside = {each.label: each.set_aside for each in entry.annexes if each.set_aside is not None}
    held = _annexed(instrument, annexes, aside, found, waiting=sum(day is None for day in days.values()))
    findings += held.findings
    if errors(tuple(findings)):
        return Proposal(findings=tuple(findings))
    ordered = []
    for each in instrument.instructions:
        at = found.places.get(each.id)
        edits, rows = ((), ()) if at is None else (found.timeline.turns[at].edits, found.timeline.rows[at])
        ordered.append(
            Ordered(id=each.id, left_out=left_out.get(each.id), day=days.get(each.id), edits=edits, rows=rows)
        )
    carried = [each for each in found.carried if not each.id.startswith(f"{entry.id}:")]
    entry = msgspec.structs.replace(entry, versions=_versions(schedule, mine, {entry.id}), order=_order(schedule, mine))
    return Proposal(
        findings=(*findings, *anew(carried, schedule)),
        entries=(entry, *ordered, *carried),
        commencing=tuple((day, each) for each in first.pending if (day := days[each.id]) is not None),
        pending=tuple(each for each in first.pending if days[each.id] is None),
    )


def _bare(code: Code) -> Code:
    return msgspec.structs.replace(code, definitions=None, contents=None, documents=None, sections=None)


def _annexed(
    instrument: Instrument, annexes: Sequence[GivenAnnex], aside: Mapping[str, str], found: _Done, *, waiting: int
) -> Compared:
    """What comes of holding a letter's annexes against the code as it stands once its last instruction is carried
    out; what others do in between is part of that."""
    places = [found.places[each.id] for each in instrument.instructions if each.id in found.places]
    if not annexes or not places:
        return Compared(())
    stood, after = found.timeline.code(min(places)), found.timeline.code(max(places) + 1)
    held = hold(instrument, annexes, aside, stood, after, waiting=waiting)
    needless(aside, held.set_aside)
    return held


def _known(book: Book, instrument: Instrument, entry: Enacted) -> Finding | None:
    """What is said of a letter that stands on record already, unless it takes its own place."""
    held = book.held.get(entry.id)
    if held is None or entry.corrects == entry.id:
        return None
    return finding(
        "SD401",
        f"this letter is enacted already: “{held.entry.name}”, on record since "
        f"{written(held.entry.recorded)} (line {held.line} of the ledger)",
        hint="nothing needs to be done; to settle it otherwise, enact it again with --corrects",
        source=Source(instrument.file, None, None, 1, 1, 0, 0),
    )


def _put(
    schedule: Schedule,
    book: Book,
    instrument: Instrument,
    entry: Enacted,
    left_out: dict[str, str],
    days: Mapping[str, dt.date | None],
) -> None:
    """Put a letter into a schedule: in the place of the one that it corrects, or where the order made puts it."""
    places: dict[dt.date, int] = {}
    also = frozenset({entry.id})
    after, before = frozenset(entry.after), frozenset(entry.before)
    if entry.corrects is not None:
        old = book.held[entry.corrects]
        places = {day: idents.index(old.id) for day, idents in book.order.items() if old.id in idents}
        also, after, before = also | old.also, after | old.after, before | old.before
        schedule.remove(old.id)
    schedule.held[entry.id] = Held(
        entry=entry,
        line=0,
        instructions=tuple(each.id for each in instrument.instructions),
        left_out=left_out,
        events=by_name(entry.events),
        after=after - also,
        before=before - also,
        also=also,
    )
    schedule.days |= days
    for day in sorted({day for day in days.values() if day is not None}):
        schedule.put(entry.id, day, places.get(day))


def _days(
    standing: Iterable[Instruction], events: Mapping[str, dt.date], otherwise: dt.date | None
) -> dict[str, dt.date | None]:
    """The day on which each commences; null while it waits for an event."""
    return {
        each.id: otherwise if each.commencement is None else settled(each.commencement, events) for each in standing
    }


def _too_early(book: Book, standing: Iterable[Instruction], days: Mapping[str, dt.date | None]) -> Iterable[Finding]:
    for each in standing:
        day = days.get(each.id)
        if day is not None and day < book.base.as_at:
            yield finding(
                "SD105",
                f"this commences on {written(day)}, before the day on which the folder begins "
                f"({written(book.base.as_at)})",
                hint="begin a folder with the code as it stood before that day",
                source=each.source,
                instruction=each.id,
            )


def _why(each: Instruction, first: Plan) -> str:
    """Why an instruction changes nothing."""
    place = (each.source.item, each.source.line)
    for found in first.findings:
        if found.code == "SD210" and found.source is not None and (found.source.item, found.source.line) == place:
            return found.message
    if each.effect == "as_if":
        return "it says how the text is to be read, and leaves it as it is"
    return f"it amends {each.operation.target.work or 'another instrument'}"


def _share_a_day(schedule: Schedule, named: Iterable[str], days: Iterable[dt.date]) -> None:
    """Raises SecdefsError where an instrument named as before or after is not carried out on any of these days."""
    there = {ident for day in days for ident in schedule.order.get(day, ())}
    for ident in named:
        if ident not in there:
            name = schedule.held[ident].entry.name if ident in schedule.held else ident
            raise SecdefsError(
                f"“{name}” has no instruction that commences on the same day: their days say which comes first"
            )


# --- an event ---------------------------------------------------------------------------------------------------------


def settle(book: Book, letters: Letters, head: Happened, versions: Versions) -> Proposal:
    """What it comes to when events have happened for which instructions wait. `head` has no instruments yet.

    Raises SecdefsError where nothing waits for an event of that name, or its day is on record already.
    """
    waiting = _waiting(book, letters, head)
    schedule = Schedule.of(book)
    days: dict[str, dt.date] = {}
    for ident, found in waiting.items():
        held = book.held[ident]
        events = held.events | by_name(head.events)
        days |= {each: day for each, day in _days(found, events, None).items() if day is not None}
        schedule.held[ident] = msgspec.structs.replace(
            held,
            events=events,
            after=held.after | (frozenset(head.after) - held.also),
            before=held.before | (frozenset(head.before) - held.also),
        )
    schedule.days |= days
    instructions = {each.id: each for found in waiting.values() for each in found}
    if early := tuple(_too_early(book, instructions.values(), days)):
        return Proposal(findings=early)
    pairs = {(ident.partition(":")[0], day) for ident, day in days.items()}
    mine = sorted(pairs, key=lambda pair: (pair[1], schedule.held[pair[0]].entry.made or dt.date.max))
    for ident, day in mine:
        if ident not in schedule.order.get(day, ()):
            schedule.put(ident, day)
    _share_a_day(schedule, head.after + head.before, [day for _, day in mine])
    schedule.versions |= versions.stated(mine)
    found_out = _carry_out(book, schedule, lambda batch: (batch.instrument, batch.day) in pairs, letters)
    if errors(found_out.findings):
        return Proposal(findings=found_out.findings)
    dates = [day for _, day in mine]
    head = msgspec.structs.replace(
        head,
        instruments=tuple(waiting),
        versions=_versions(schedule, dates, {ident for ident, _ in mine}),
        order=_order(schedule, dates),
    )
    others = [each for each in found_out.carried if each.id not in days]
    return Proposal(
        findings=(*found_out.findings, *anew(others, schedule)),
        entries=(head, *found_out.carried),
        commencing=tuple((day, instructions[ident]) for ident, day in days.items()),
        pending=tuple(each for each in instructions.values() if each.id not in days),
    )


def _waiting(book: Book, letters: Letters, head: Happened) -> dict[str, list[Instruction]]:
    """The pending instructions of each instrument that waits for one of the events."""
    pending = set(book.pending())
    everything = [each for ident in book.held for each in letters(ident).instructions if each.id in pending]
    for name, day in head.events.items():
        found = {each.id.partition(":")[0] for each in everything if waits_for(each.commencement, name)}
        if not found:
            names = sorted({each for one in everything for each in _events(one.commencement)})
            known = f"; what is waited for: {', '.join(f'“{each}”' for each in names)}" if names else ""
            raise SecdefsError(f"nothing on record waits for “{name}”{known}")
        for ident in found:
            before = book.held[ident].events.get(event_name(name), day)
            if before != day:
                raise SecdefsError(
                    f"“{name}” is on record already as {before}, for “{book.held[ident].entry.name}”: "
                    "enact that letter again with --corrects and the right day"
                )
    waiting: dict[str, list[Instruction]] = {}
    for each in everything:
        if any(waits_for(each.commencement, name) for name in head.events):
            waiting.setdefault(each.id.partition(":")[0], []).append(each)
    return waiting


def waits_for(commences: Commencement, name: str) -> bool:
    """Whether an event of that name has a part in when something commences."""
    return any(event_name(each) == event_name(name) for each in _events(commences))


def _events(commences: Commencement) -> Iterable[str]:
    parts = commences.later_of if isinstance(commences, LaterOf) else (commences,)
    return (part.event for part in parts if isinstance(part, Event))


# --- taking one out ---------------------------------------------------------------------------------------------------


def withdraw(book: Book, letters: Letters, head: Withdrawn) -> Proposal:
    """What it comes to when an instrument is taken out: the others have to be carried out as before without it."""
    schedule = Schedule.of(book)
    schedule.remove(head.instrument)
    found = _carry_out(book, schedule, lambda batch: False, letters)
    if errors(found.findings):
        return Proposal(findings=found.findings)
    return Proposal(findings=(*found.findings, *anew(found.carried, schedule)), entries=(head, *found.carried))


# --- what all of them share -------------------------------------------------------------------------------------------


class _Done(msgspec.Struct):
    """A schedule carried out: what there is to say, the code through time, where each instruction has its turn there,
    and what has to be put on record of those that now do something else than was recorded."""

    findings: tuple[Finding, ...]
    timeline: Timeline
    places: dict[str, int]
    carried: list[Carried]


def _carry_out(book: Book, schedule: Schedule, fresh: Callable[[Batch], bool], letters: Letters) -> _Done:
    outcome = Arranging(book, schedule, fresh, letters).outcome()
    findings = tuple(remarks(schedule, outcome, letters))
    if errors(findings):
        return _Done(findings, Timeline(book.base), {}, [])
    timeline = Timeline(book.base, outcome.turns)
    carried = list(_otherwise(book, outcome, timeline))
    old = {each.id for each in carried if each.id in book.last and book.last[each.id].said.rules != RULES}
    if old:
        # They have to be carried out anew, and by other rules than they were: not in silence.
        findings += tuple(each for each in differing(book, letters) if each.instruction in old)
    return _Done(
        (*findings, *stale(outcome)),
        timeline,
        {turn.instruction: at for at, turn in enumerate(timeline.turns)},
        carried,
    )


def _otherwise(book: Book, outcome: Outcome, timeline: Timeline) -> Iterable[Carried]:
    for turn, rows in zip(timeline.turns, timeline.rows, strict=True):
        last = book.last.get(turn.instruction)
        if last is None or (last.said.day, last.said.edits, last.said.rows) != (turn.day, turn.edits, rows):
            yield Carried(id=turn.instruction, day=turn.day, edits=turn.edits, rows=rows)


def _versions(schedule: Schedule, days: Iterable[dt.date], idents: Iterable[str]) -> tuple[Stated, ...]:
    """The versions from these days by these instruments, as they are recorded: where any is known."""
    stated = [schedule.versions[ident, day] for day in days for ident in idents if (ident, day) in schedule.versions]
    return tuple(each for each in stated if each.version is not None or each.definitions_version is not None)


def _order(schedule: Schedule, days: Iterable[dt.date]) -> dict[dt.date, tuple[str, ...]]:
    """The order of those days on which there are several instruments."""
    return {day: schedule.order[day] for day in days if len(schedule.order[day]) > 1}
