"""How the work grows: counted in calls, and never in time, so that a busy machine fails nothing."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from typing import Any

import secdefs
from secdefs.letter.instrument import Instrument
from secdefs.model import Code, Definition, Definitions


def calls(work: Callable[[], Any]) -> int:
    """How many functions are called in doing a piece of work, those of C among them."""
    count = 0

    def note(frame: Any, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def code(size: int) -> Code:
    """A code of that many definitions."""
    entries = tuple(
        Definition(term=f"Term {number:05}", text=f"means the thing number {number} of a Party; or\n  (a) more.")
        for number in range(size)
    )
    return Code(
        title="Widget Code",
        as_at=dt.date(2020, 1, 1),
        definitions=Definitions(section="A", version="1", entries=entries),
    )


def text(number: int) -> str:
    """A letter of that many instructions, each on a definition of its own."""
    items = "\n\n".join(
        f"({each + 1}) in the definition of “Term {each:05}”, for “number {each}” substitute “figure {each + 1}”;"
        for each in range(number)
    )
    return (
        "1 March 2021\n\nDIRECTION\n\nThe Authority directs that with effect from 1 April 2021 the Widget Code is "
        f"amended as follows.\n\nSection A is amended as follows—\n\n{items}\n\nAda Marram\n"
    )


def letter(number: int) -> Instrument:
    read = secdefs.read_instrument(text(number))
    assert len(read.instructions) == number
    return read


def test_reading_grows_with_the_instructions() -> None:
    letter(20)
    few, many = calls(lambda: letter(60)), calls(lambda: letter(240))

    assert many < 4.4 * few


def test_planning_grows_with_the_instructions() -> None:
    given = code(240)
    small, large = letter(60), letter(240)
    few, many = calls(lambda: secdefs.plan(given, small)), calls(lambda: secdefs.plan(given, large))

    assert secdefs.plan(given, large).ok
    assert many < 4.4 * few


def test_an_operation_costs_the_same_in_a_large_code() -> None:
    letters = {number: letter(number) for number in (10, 50)}
    costs = []
    for size in (100, 1_000):
        given = code(size)
        few, many = (calls(lambda given=given, read=read: secdefs.plan(given, read)) for read in letters.values())
        costs.append(many - few)

    # What the code itself costs is in both and falls out.
    assert abs(costs[1] - costs[0]) < costs[0] / 50


def test_a_new_definition_costs_the_same_in_a_large_code() -> None:
    words = [
        f"in Section A, at the appropriate place insert—\n““Term {number:05}a” means one;”" for number in range(60)
    ]
    given = [short(words[:20]), short(words)]
    costs = []
    for size in (100, 1_000):
        whole = code(size)
        # The second time every term has been collated, as in a letter of many.
        for read in given:
            secdefs.plan(whole, read)
        few, many = (calls(lambda whole=whole, read=read: secdefs.plan(whole, read)) for read in given)
        costs.append(many - few)

    assert costs[1] < 1.1 * costs[0]


def test_renaming_grows_with_the_terms() -> None:
    given = code(240)
    few, many = (
        calls(lambda read=read: secdefs.plan(given, read))
        for read in (
            short([f"the term “Term {each:05}” is renamed “Name {each:05}”;" for each in range(number)])
            for number in (60, 240)
        )
    )

    assert many < 4.4 * few


def short(words: list[str]) -> Instrument:
    body = "\n\n".join(f"({number + 1}) {each}" for number, each in enumerate(words))
    read = secdefs.read_instrument(
        "1 March 2021\n\nDIRECTION\n\nThe Authority directs that with effect from 1 April 2021 the Widget Code is "
        f"amended as follows.\n\n{body}\n\nAda Marram\n"
    )
    assert len(read.instructions) == len(words)
    return read
