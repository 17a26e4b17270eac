"""Every sentence of `fixtures/sentences` is read as a lawyer says, or refused for the reason that he gives."""

from __future__ import annotations

import datetime as dt

import pytest
from sentences import Case, cases

from secdefs.commencement import Event
from secdefs.sentence.parse import Reading, parse

CASES = cases()


def cases_but(mark: str, chosen: list[Case]) -> pytest.MarkDecorator:
    """The cases, those that wait under this mark expected to fail."""
    params = []
    for case in chosen:
        reasons = [each.split(" ", 1)[1] for each in case.waiting if each.split(" ", 1)[0] == mark]
        marks = [pytest.mark.xfail(strict=True, reason=reasons[0])] if reasons else []
        params.append(pytest.param(case, id=case.name, marks=marks))
    return pytest.mark.parametrize("case", params)


def reading(case: Case) -> Reading:
    return parse(case.sentence, within=case.within, block=case.block)


def commencement(value: object) -> str | None:
    """A day, or an event in the words of the sentence."""
    match value:
        case dt.date():
            return value.isoformat()
        case Event(event=event, days_after=0):
            return f"the {event.removeprefix('the ')}"
    return None if value is None else str(value)


@cases_but("?", list(CASES))
def test_a_sentence_is_read_as_a_lawyer_reads_it(case: Case) -> None:
    actual = reading(case)
    errors = [each for each in actual.findings if each.severity == "error"]

    if case.may_be_refused and errors and not actual.instructions:
        return
    assert len(case.findings()) == len(errors), errors
    for (codes, part), found in zip(case.findings(), errors, strict=True):
        assert found.code in codes.split("/")
        assert part in found.message
    assert list(case.instructions()) == [
        (each.effect, each.operation, commencement(each.commencement)) for each in actual.instructions
    ]


@cases_but("??", [case for case in CASES if case.instructions()])
def test_what_is_read_says_itself(case: Case) -> None:
    for _, operation, _ in case.instructions():
        again = parse(str(operation))

        assert [operation] == [each.operation for each in again.instructions], str(operation)


def test_no_two_cases_are_the_same() -> None:
    given = [(case.within, case.sentence, case.block) for case in CASES]

    assert len(given) == len(set(given))
