"""What there is to say of a schedule as it was carried out: conflicts, failures, and what stood before and moved."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from secdefs.commencement import written
from secdefs.findings import Finding, finding
from secdefs.history.arranging import Arranging, Conflict, Failed, Outcome, Schedule
from secdefs.history.book import Batch, Book
from secdefs.history.entries import RULES, Carried
from secdefs.letter.instrument import Instrument
from secdefs.sentence.parse import Instruction

Letters = Callable[[str], Instrument]
"""The instrument of an id, as it was read when it was enacted."""


def remarks(schedule: Schedule, outcome: Outcome, letters: Letters) -> Iterable[Finding]:
    """What the plans of the new batches say, and what no longer fits; where the order matters, only that."""
    yield from (_order_matters(schedule, conflict, letters) for conflict in outcome.conflicts)
    if outcome.conflicts:
        return
    several = len(outcome.plans) > 1
    for batch, planned in outcome.plans:
        day = written(batch.day)
        for found in planned.findings:
            dated = several and found.source is None
            yield (msgspec.structs.replace(found, message=f"{found.message} (on {day})") if dated else found)
    new = [batch for batch, _ in outcome.plans]
    yield from (_fits_no_more(schedule, failed) for failed in outcome.failed if failed.batch not in new)


def _order_matters(schedule: Schedule, conflict: Conflict, letters: Letters) -> Finding:
    """Both sentences, and what settles which of them comes first."""

    def sentence(batch: Batch, ident: str) -> tuple[Instruction, str]:
        (each,) = (each for each in letters(batch.instrument).instructions if each.id == ident)
        item = f"{each.source.item} on line {each.source.line}" if each.source.item else f"line {each.source.line}"
        return each, f"“{each.operation}” ({schedule.held[batch.instrument].entry.name}, {item})"

    mine, my_words = sentence(conflict.mine, conflict.my_instruction)
    _, other_words = sentence(conflict.other, conflict.other_instruction)
    other = schedule.held[conflict.other.instrument].entry
    made = f" (made on {written(other.made)})" if other.made else ""
    return finding(
        "SD403",
        f"on {written(conflict.mine.day)} it matters which is carried out first: {my_words} or {other_words}",
        hint=f"give --after {other.id}, or --before {other.id}: that is “{other.name}”{made}",
        source=mine.source,
        instruction=mine.id,
    )


def _fits_no_more(schedule: Schedule, failed: Failed) -> Finding:
    wrong = next(found for found in failed.plan.findings if found.severity == "error")
    name = schedule.held[failed.batch.instrument].entry.name
    return finding(
        "SD402",
        f"“{name}”, enacted before, could no longer be carried out on {written(failed.batch.day)}: {wrong.message}",
        hint="settle which of the two is right: correct or withdraw that one first, or leave this",
        source=wrong.source,
        instruction=wrong.instruction,
    )


def stale(outcome: Outcome) -> Iterable[Finding]:
    """A warning where a version that was stated before now stands for another text."""
    new = {(batch.instrument, batch.day) for batch, _ in outcome.plans}
    stated = [turn.stated for turn in outcome.turns if turn.stated is not None]
    fresh = [(each.instrument, each.day) in new for each in stated]
    if not any(fresh):
        return
    start = fresh.index(True)
    first = stated[start].day
    later = [
        each.version
        for each, mine in zip(stated[start:], fresh[start:], strict=True)
        if not mine and each.version is not None
    ]
    if later:
        *others, last = later
        named = f"versions {', '.join(others)} and {last}, which were stated before, now have" if others else None
        one = f"version {last}, which was stated before, now has"
        yield finding(
            "SD404",
            f"the code changes on {written(first)} too: {named or one} another text",
            hint="publish what comes after that day again, or correct the letter",
            weight="warning",
        )


def anew(carried: Iterable[Carried], schedule: Schedule) -> Iterable[Finding]:
    """A note on each instrument enacted before that is now carried out on another text."""
    numbers: dict[str, int] = {}
    for each in carried:
        ident = each.id.partition(":")[0]
        numbers[ident] = numbers.get(ident, 0) + 1
    for ident, number in numbers.items():
        yield finding(
            "SD405",
            f"{number} instruction{'s' * (number > 1)} of “{schedule.held[ident].entry.name}”, enacted before, carried "
            "out anew on the text as it now stands",
            weight="note",
        )


def differing(book: Book, letters: Letters) -> tuple[Finding, ...]:
    """What the rules of this version would do otherwise than was recorded, with the instructions as they were read."""
    outcome = Arranging(book, Schedule.of(book), lambda batch: True, letters).outcome()
    now = {turn.instruction: turn.edits for turn in outcome.turns}
    found = []
    for turn in book.turns():
        if now.get(turn.instruction) != turn.edits:
            line, said = book.last[turn.instruction]
            ident, _, item = turn.instruction.partition(":")
            found.append(
                finding(
                    "SD406",
                    f"“{book.held[ident].entry.name}”, {item} (line {line} of the ledger), was carried out by the "
                    f"rules of version {said.rules}; those of version {RULES} would do something else",
                    hint=f"use secdefs {said.rules}, or enact the letter again with --corrects",
                    instruction=turn.instruction,
                )
            )
    return tuple(found)
