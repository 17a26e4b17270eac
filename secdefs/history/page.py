"""The page of blame: each word with the letter, item and day that put it there, in one file that needs no other."""

from __future__ import annotations

import datetime as dt
import hashlib
from base64 import b64encode
from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import NamedTuple

from secdefs.change.edits import Field
from secdefs.history.answers import Blame, Origin
from secdefs.history.shown import heading
from secdefs.model import Code
from secdefs.write.terminal import day, visible

_LABELS = {"in_force_from": "In force from"}
_KEYS = ("term", "label", "place")


class _Run(NamedTuple):
    """Words of one origin: 0 is the code with which the folder began; `gone` is the number of what took them away."""

    text: str
    number: int
    gone: int


class _Line(NamedTuple):
    depth: int
    runs: tuple[_Run, ...]


class _Record(NamedTuple):
    anchor: str
    heading: str
    fields: tuple[tuple[str, tuple[_Line, ...]], ...]
    numbers: tuple[int, ...]


class _Letter(NamedTuple):
    number: int
    name: str
    item: str
    made: str
    start: str
    orders: str
    colour: int


def blame_page(found: Sequence[Blame], code: Code, began: dt.date) -> str:
    """The page of some records of a code, as an HTML document. It fetches nothing, and runs no script."""
    from jinja2 import Environment, StrictUndefined  # only this page needs it

    origins: dict[str, Origin] = {}
    for each in found:
        origins |= each.origins
    ordered = sorted(origins, key=lambda ident: (origins[ident].day or dt.date.max, ident))
    numbers = {ident: number for number, ident in enumerate(ordered, 1)}
    instruments = list(dict.fromkeys(origins[ident].instrument.id for ident in ordered))
    source = files("secdefs.history").joinpath("blame.html").read_text(encoding="utf-8")
    style = source.partition("<style>")[2].partition("</style>")[0]
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_printable
    )
    return environment.from_string(source).render(
        # No style but that of the page itself is obeyed, whatever a letter may smuggle in.
        style_hash=b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        title=code.title,
        as_at=day(code.as_at),
        version=code.version,
        began=day(began),
        records=[_record(number, each, numbers) for number, each in enumerate(found, 1)],
        letters=[
            _letter(numbers[ident], origins[ident], instruments.index(origins[ident].instrument.id) % 6)
            for ident in ordered
        ],
    )


def _printable(value: object) -> object:
    """What is put into the page: a text without characters that cannot be seen, or that turn others round."""
    if isinstance(value, str):
        return "".join(character if character == "\n" else visible(character) for character in value)
    return value


def _record(number: int, each: Blame, numbers: dict[str, int]) -> _Record:
    fields = []
    used: set[int] = set()
    for name, field in each.fields.items():
        changed = any(piece.by or piece.gone for piece in field)
        if not field or (name in _KEYS and not changed):
            continue
        lines = tuple(_lines(field, numbers))
        used |= {found for line in lines for run in line.runs for found in (run.number, run.gone) if found}
        label = "" if name == "text" else _LABELS.get(name, name.capitalize())
        fields.append((label, lines))
    text = heading(each)
    return _Record(f"r{number}", text[0].upper() + text[1:], tuple(fields), tuple(sorted(used)))


def _lines(field: Field, numbers: dict[str, int]) -> Iterable[_Line]:
    """The paragraphs of a field, with how deep they stand."""
    lines: list[list[_Run]] = [[]]
    for piece in field:
        number, gone = numbers.get(piece.by or "", 0), numbers.get(piece.gone or "", 0)
        for at, part in enumerate(piece.text.split("\n")):
            if at:
                lines.append([])
            if part:
                lines[-1] += _runs(part, number, gone)
    for runs in lines:
        text = "".join(run.text for run in runs)
        if text.strip():
            depth = (len(text) - len(text.lstrip(" "))) // 2
            first = runs[0]._replace(text=runs[0].text.lstrip(" "))
            yield _Line(min(depth, 8), tuple(run for run in (first, *runs[1:]) if run.text))


def _runs(text: str, number: int, gone: int) -> Iterable[_Run]:
    """A run, the spaces at its edges left out of what is underlined."""
    body = text.strip(" ")
    if not body or gone or not number:
        return (_Run(text, number if body else 0, gone),)
    start = text.index(body)
    parts = (_Run(text[:start], 0, 0), _Run(body, number, 0), _Run(text[start + len(body) :], 0, 0))
    return tuple(part for part in parts if part.text)


def _letter(number: int, origin: Origin, colour: int) -> _Letter:
    entry = origin.instrument
    return _Letter(
        number,
        entry.title or entry.name,
        f"{origin.item} of {entry.name}",
        day(entry.made) if entry.made else "",
        day(origin.day) if origin.day else "",
        str(origin.instruction.operation),
        colour,
    )
