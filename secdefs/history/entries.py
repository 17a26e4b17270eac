"""What a code folder's ledger says: its entries, each a value, and their JSON.

An entry has no nulls and no defaults in its JSON, so that a line costs what it says.
"""

from __future__ import annotations

import datetime as dt
import functools
from typing import Any, TypeAlias, get_args

import msgspec

from secdefs.change.edits import Remove, Splice
from secdefs.change.operations import Operation
from secdefs.commencement import Commencement, Event, LaterOf
from secdefs.findings import SecdefsError
from secdefs.model import Definition, Document, Entry, Provision, Record
from secdefs.release import __version__

RULES = __version__
"""The version of the rules by which letters are read: that of secdefs; only a major release may read otherwise."""


class Place(msgspec.Struct, frozen=True, tag_field="edit", tag="add", omit_defaults=True):
    """A record put into a list: behind the standing record `after`, or first where that is null.

    Unlike an index, this stays the same where something else is put into the list elsewhere.
    """

    list: str
    record: dict[str, Any]
    after: str | None = None


Change: TypeAlias = Splice | Remove | Place


class Row(msgspec.Struct, frozen=True, omit_defaults=True):
    """A record that an instruction touched: the hashes of what it was and of what it became; null is no record.

    A hash is the first 32 digits of the SHA-256 of the record's JSON.
    """

    list: str
    key: str
    before: str | None = None
    after: str | None = None


class Stated(msgspec.Struct, frozen=True, omit_defaults=True):
    """The versions that the code and its Section of definitions have from a day, when an instrument is carried out."""

    instrument: str
    day: dt.date
    version: str | None = None
    definitions_version: str | None = None


class Annexed(msgspec.Struct, frozen=True, omit_defaults=True):
    """The file of an annex: its label ("D"), its name and the SHA-256 of its bytes; `set_aside` is why the letter was
    put on record though what it makes is not the annexed text; `kept` is its file in the folder, where orders of the
    letter are made of its tracked changes."""

    label: str
    file: str
    sha256: str
    set_aside: str | None = None
    kept: str | None = None


class _Entry(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="entry", forbid_unknown_fields=True
):
    rules: str = ""


class Base(_Entry, frozen=True, kw_only=True, omit_defaults=True, tag="base"):
    """The first entry: the code that all is built on; `sha256` is of its file."""

    format: int
    recorded: dt.date
    title: str
    as_at: dt.date
    sha256: str


class Enacted(_Entry, frozen=True, kw_only=True, omit_defaults=True, tag="instrument"):
    """An instrument: what it is called, its file as received, what was read from it, and what was settled with it.

    `id` is the first twelve digits of `sha256`, the hash of its text. `file` is the name in `instruments/` of what was
    received and `received` the hash of that; `reading` is the hash of the file of what was read. `typed` is whether it
    was typed as a command and never was a letter. `after` and `before` are the ids of instruments of the same day that
    it was said to follow and to precede; `order` is how the instruments of a day follow one another, where there are
    several; `corrects` is the id of the one in whose place it stands; `annexes` are the files of its annexes.
    """

    id: str
    sha256: str
    recorded: dt.date
    name: str
    file: str
    received: str
    reading: str
    typed: bool = False
    title: str | None = None
    made: dt.date | None = None
    with_effect_from: dt.date | None = None
    events: dict[str, dt.date] = {}
    set_aside: dict[str, str] = {}
    versions: tuple[Stated, ...] = ()
    after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    order: dict[dt.date, tuple[str, ...]] = {}
    corrects: str | None = None
    annexes: tuple[Annexed, ...] = ()


class Ordered(_Entry, frozen=True, kw_only=True, omit_defaults=True, tag="instruction"):
    """An instruction of the instrument before it: its edits, where the day is known from which they hold.

    `left_out` tells why it changes nothing: it was set aside, it only says how a text is to be read, or it amends
    something else. Without a day and a reason it is pending.
    """

    id: str
    left_out: str | None = None
    day: dt.date | None = None
    edits: tuple[Change, ...] = ()
    rows: tuple[Row, ...] = ()


class Carried(_Entry, frozen=True, kw_only=True, omit_defaults=True, tag="carried"):
    """How an instruction enacted before is carried out now that another came before it or went, or its day is known."""

    id: str
    day: dt.date
    edits: tuple[Change, ...] = ()
    rows: tuple[Row, ...] = ()


class Happened(_Entry, frozen=True, kw_only=True, omit_defaults=True, tag="event"):
    """The days of events for which the instruments named were waiting, and the versions from what so commences."""

    recorded: dt.date
    events: dict[str, dt.date]
    instruments: tuple[str, ...]
    versions: tuple[Stated, ...] = ()
    after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    order: dict[dt.date, tuple[str, ...]] = {}


class Withdrawn(_Entry, frozen=True, kw_only=True, omit_defaults=True, tag="withdrawal"):
    """An instrument taken out, and why."""

    recorded: dt.date
    instrument: str
    reason: str


Said: TypeAlias = Base | Enacted | Ordered | Carried | Happened | Withdrawn
Heading: TypeAlias = Base | Enacted | Happened | Withdrawn
"""The entries with which a group of lines begins: what was done, and on which day it was put on record."""

_DECODER = msgspec.json.Decoder(Said)


def words(entry: Said) -> bytes:
    """A new entry as the JSON of its line, with the version of the rules."""
    return msgspec.json.encode(msgspec.structs.replace(entry, rules=RULES))


def entry(line: bytes) -> Said:
    """The entry of a line. Raises SecdefsError where the line is no entry."""
    try:
        said: Said = _DECODER.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise SecdefsError(f"this is no entry of a ledger: {error}") from None
    return said


# --- values that other modules define ---------------------------------------------------------------------------------


@functools.cache
def _fields(kind: type[msgspec.Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    return msgspec.structs.fields(kind)  # which resolves every annotation anew


def slim(value: Any) -> Any:
    """A value for JSON, without the fields of a struct that have their default."""
    match value:
        case msgspec.Struct():
            config = value.__struct_config__
            result = {config.tag_field: config.tag} if config.tag_field else {}
            for field in _fields(type(value)):
                found = getattr(value, field.name)
                if field.required or found != field.default:
                    result[field.name] = slim(found)
            return result
        case tuple():
            return [slim(each) for each in value]
    return msgspec.to_builtins(value)


def record(value: dict[str, Any]) -> Record:
    """A record of a list, whose kind its fields tell."""
    kind: type[Record]
    match value:
        case {"term": _}:
            kind = Definition
        case {"place": _}:
            kind = Document
        case {"label": _, "title": _}:
            kind = Entry
        case _:
            kind = Provision
    return msgspec.convert(value, kind)


_OPERATIONS: dict[str, Any] = {str(kind.__struct_config__.tag): kind for kind in get_args(Operation)}


def operation(value: dict[str, Any]) -> Operation:
    """An operation; the law is operation(slim(x)) == x. Raises SecdefsError where it is none."""
    try:
        kind = _OPERATIONS[value["operation"]]
        given = {}
        for field in _fields(kind):
            if field.name not in value:
                continue
            found = value[field.name]
            # Records have no tag of their own: their fields tell what they are.
            of_records = field.name == "new" and isinstance(found, list)
            given[field.name] = (
                tuple(record(each) for each in found) if of_records else msgspec.convert(found, field.type)
            )
        read: Operation = kind(**given)
        return read
    except (KeyError, TypeError, msgspec.MsgspecError) as error:
        raise SecdefsError(f"this is no operation: {error}") from None


def commencement(value: Any) -> Commencement:
    """What was written of a commencement."""
    match value:
        case str():
            return dt.date.fromisoformat(value)
        case {"event": _}:
            return msgspec.convert(value, Event)
        case {"later_of": parts}:
            read = tuple(commencement(part) for part in parts)
            return LaterOf(tuple(part for part in read if isinstance(part, dt.date | Event)))
    return None
