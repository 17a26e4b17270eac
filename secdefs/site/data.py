"""What the page of a history knows: every word with the step that put it there and the one that took it away.

Nothing is stored twice. A field is a row of pieces; the text on a day is the pieces that stand on it, and the redline
between two days those that stand on one of them only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from secdefs.change.edits import CODE, KEY, Field, Marked
from secdefs.history.answers import Course, Origin
from secdefs.letter.instrument import Instrument
from secdefs.read.encoding import HIDDEN, escaped
from secdefs.site.signatures import Redactor, Signature, signature
from secdefs.write.terminal import day, when

Say = Callable[[str], str]

_HEADINGS = {"definitions": "Definitions", "documents": "Documents", "sections": "Provisions"}
_ORDER = ("definitions", "sections", "contents", "documents")


def page_data(course: Course, *, names_of_officials: bool) -> dict[str, Any]:
    """The data of the page, ready for JSON. Each list and key:

    `days`: the days on which anything changes, the first being that of the code with which the record begins;
    `versions`: for each of them the versions of the code and of the definitions; `letters`; `steps`: the instructions
    in the order in which they are carried out, counted from 1, each as [letter, day, item, sentence]; `waiting` as
    [letter, item, sentence, event] and `left_out` as [letter, item, sentence, reason]; `lists`: of records, each with
    its fields as rows of pieces [text, step that put it there, step that took it away]: 0 is the base code, and what
    still stands has no third. `by` and `gone` of a record are the steps that put the whole of it there or took it away.
    """
    letters = list(course.letters.values())
    signed = {each.sha256: signature(each) for each in letters}
    redactor = Redactor(() if names_of_officials else [each.name for each in signed.values() if each])
    say: Say = redactor.text
    numbers = {ident: number for number, ident in enumerate(course.letters)}
    days = sorted({course.base.as_at, *(step.day for step in course.steps if step.day)})
    after = {course.base.as_at: course.versions[0]}
    for number, step in enumerate(course.steps, 1):
        assert step.day is not None
        after[step.day] = course.versions[number]
    steps = {step.instruction.id: number for number, step in enumerate(course.steps, 1)}

    def order(origin: Origin) -> list[Any]:
        letter = course.letters[origin.instrument.id]
        item = origin.instruction.source.item or origin.item
        return [numbers[origin.instrument.id], say(item), say(_sentence(letter, origin))]

    value = {
        "format": 1,
        "title": course.base.title,
        "days": [each.isoformat() for each in days],
        "versions": [[version or "" for version in after[each]] for each in days],
        "letters": [
            _letter(course, ident, redactor, signed[each.sha256] if names_of_officials else None)
            for ident, each in course.letters.items()
        ],
        "steps": [
            [number, days.index(step.day), *rest]
            for step in course.steps
            if step.day
            for number, *rest in [order(step)]
        ],
        "waiting": [[*order(each), say(when(each.instruction.commencement))] for each in course.waiting],
        "left_out": [[*order(each), say(why)] for each, why in course.left_out],
        "lists": list(_lists(course, steps)),
    }
    shown: dict[str, Any] = _shown(value)
    return shown


def _shown(value: Any) -> Any:
    """A value with nothing hidden in its texts: what turns the writing round or cannot be seen is written out."""
    match value:
        case str():
            return HIDDEN.sub(lambda found: escaped(found[0]), value)
        case list():
            return [_shown(each) for each in value]
        case dict():
            return {name: _shown(each) for name, each in value.items()}
    return value


def _letter(course: Course, ident: str, redactor: Redactor, signed: Signature | None) -> dict[str, Any]:
    letter = course.letters[ident]
    origins = (*course.steps, *course.waiting, *(each for each, _ in course.left_out))
    entry = next((each.instrument for each in origins if each.instrument.id == ident), None)
    name = entry.name if entry else ident
    value = {
        "id": ident,
        "name": ident if redactor.is_named(name) else redactor.text(name),
        "title": redactor.text(letter.title or ("Instructions that were typed" if entry and entry.typed else "")),
        "made": letter.made.isoformat() if letter.made else "",
    }
    if signed is not None:
        value["signed"] = ", ".join(part for part in signed if part)
    return value


def _sentence(letter: Instrument, origin: Origin) -> str:
    """The words of the letter; where they were typed or are not at hand, those of the operation."""
    source = origin.instruction.source
    return " ".join(letter.text[source.start : source.end].split()) or str(origin.instruction.operation)


def _lists(course: Course, steps: dict[str, int]) -> Iterable[dict[str, Any]]:
    found = [name for name in course.marked.lists if name != CODE]
    for name in sorted(found, key=lambda each: _ORDER.index(each.partition(":")[0])):
        kind, _, group = name.partition(":")
        yield {
            "kind": kind,
            "name": group or _heading(course, kind),
            "records": [
                _record(mark, steps) for mark in course.marked.lists[name] if not (mark.gone and mark.by == mark.gone)
            ],
        }


def _heading(course: Course, kind: str) -> str:
    definitions = course.base.definitions
    if kind == "definitions" and definitions is not None:
        return f"Section {definitions.section}: {definitions.heading or _HEADINGS[kind]}"
    return _HEADINGS[kind]


def _record(mark: Marked, steps: dict[str, int]) -> dict[str, Any]:
    value: dict[str, Any] = {"key": KEY[mark.kind]}
    if mark.by:
        value["by"] = steps[mark.by]
    if mark.gone:
        value["gone"] = steps[mark.gone]
    value["fields"] = {name: _pieces(name, field, steps) for name, field in mark.fields.items() if field}
    return value


def _pieces(name: str, field: Field, steps: dict[str, int]) -> list[list[Any]]:
    result = []
    for piece in field:
        row: list[Any] = [_date(piece.text) if name == "in_force_from" else piece.text]
        if piece.by or piece.gone:
            row.append(steps[piece.by] if piece.by else 0)
        if piece.gone:
            row.append(steps[piece.gone])
        result.append(row)
    return result


def _date(text: str) -> str:
    """A date as a reader writes it."""
    try:
        return day(dt.date.fromisoformat(text))
    except ValueError:
        return text
