"""What a code folder's ledger says: its entries, each a value, and their JSON. It has no nulls and no defaults, so that a
line costs what it says."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeAlias

import msgspec

from secdefs import __version__
from secdefs.commencement import Commencement, Event, LaterOf
from secdefs.edits import Remove, Splice
from secdefs.findings import SecdefsError
from secdefs.model import Definition, Document, Entry, Provision, Record, Ref, Spot
from secdefs.operations import (
    IncorporateDocument,
    InsertProvision,
    InsertWords,
    OmitProvision,
    OmitWords,
    Operation,
    ReincorporateDocument,
    Rename,
    RevokeDocument,
    SubstituteProvision,
    SubstituteWords,
)
from secdefs.particulars import Annex

RULES = __version__
"""The version of the rules by which letters are read: that of secdefs, whose major releases alone may read otherwise."""


class Place(msgspec.Struct, frozen=True, tag_field="edit", tag="add"):
    """A record put into a list: behind the standing record `after`, or first. Unlike an index, this stays the same where
    something else is put into the list elsewhere."""

    list: str
    record: dict[str, Any]
    after: str | None = None


Change: TypeAlias = Splice | Remove | Place


class Row(msgspec.Struct, frozen=True, omit_defaults=True):
    """A record that an instruction touched: the hashes of what it was and what it became; null is no record.

    A hash is the first 32 digits of the SHA-256 of the record's JSON.
    """

    list: str
    key: str
    before: str | None = None
    after: str | None = None


class Stated(msgspec.Struct, frozen=True, omit_defaults=True):
    """The versions that were stated for the code as it is from a day."""

    day: dt.date
    version: str | None = None
    definitions_version: str | None = None


class _Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="entry"):
    rules: str = ""


class Base(_Entry, frozen=True, kw_only=True, omit_defaults=True, tag="base"):
    """The first entry: the code that all is built on; `sha256` is of its file."""

    format: int = 0
    recorded: dt.date
    title: str
    as_at: dt.date
    sha256: str


class Enacted(_Entry, frozen=True, kw_only=True, omit_defaults=True, tag="instrument"):
    """An instrument: what it is called, its file as received and the hash of that, and what was settled with it.

    `id` is the first twelve digits of the hash of its text, `sha256`; `file` is its name in `instruments/`. `typed` is
    whether it was typed as a command and never was a letter. `after` and `before` are the ids of instruments of the
    same day that it was said to follow and to precede; `corrects` that of the one in whose place it stands.
    """

    id: str
    sha256: str
    recorded: dt.date
    name: str
    file: str
    received: str
    typed: bool = False
    title: str | None = None
    made: dt.date | None = None
    code: tuple[str, ...] = ()
    annexes: tuple[dict[str, Any], ...] = ()
    with_effect_from: dt.date | None = None
    events: dict[str, dt.date] = {}
    stated: tuple[Stated, ...] = ()
    after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    corrects: str | None = None

    def annex_list(self) -> tuple[Annex, ...]:
        """The annexes, as the letter lists them."""
        return msgspec.convert(self.annexes, tuple[Annex, ...])


class Ordered(_Entry, frozen=True, kw_only=True, omit_defaults=True, tag="instruction"):
    """An instruction of the instrument before it, and its edits where the day is known from which they hold.

    `commencement` is what the letter says, or was settled for it. `left_out` tells why it changes nothing: it was set
    aside, it only says how a text is to be read, or it amends something else.
    """

    id: str
    operation: dict[str, Any]
    commencement: Any = None
    effect: str = "textual"
    item: str | None = None
    page: int | None = None
    line: int = 0
    left_out: str | None = None
    day: dt.date | None = None
    edits: tuple[Change, ...] = ()
    rows: tuple[Row, ...] = ()

    def says(self) -> Operation:
        """The operation."""
        return operation(self.operation)

    def commences(self) -> Commencement:
        """When it commences."""
        return commencement(self.commencement)


class Carried(_Entry, frozen=True, kw_only=True, omit_defaults=True, tag="carried"):
    """How an instruction enacted before is carried out now that another came before it or went, or its day is known."""

    id: str
    day: dt.date
    edits: tuple[Change, ...] = ()
    rows: tuple[Row, ...] = ()


class Happened(_Entry, frozen=True, kw_only=True, omit_defaults=True, tag="event"):
    """The day of an event for which the instruments named were waiting, and the versions stated for what commences."""

    recorded: dt.date
    event: str
    date: dt.date
    instruments: tuple[str, ...]
    version: str | None = None
    definitions_version: str | None = None
    after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()


class Withdrawn(_Entry, frozen=True, kw_only=True, omit_defaults=True, tag="withdrawal"):
    """An instrument taken out, and why."""

    recorded: dt.date
    instrument: str
    reason: str | None = None


Said: TypeAlias = Base | Enacted | Ordered | Carried | Happened | Withdrawn

_DECODER = msgspec.json.Decoder(Said)


def words(entry: Said) -> bytes:
    """An entry as the JSON of its line."""
    return msgspec.json.encode(msgspec.structs.replace(entry, rules=RULES))


def entry(line: bytes) -> Said:
    """The entry of a line. Raises SecdefsError where the line is no entry."""
    try:
        said: Said = _DECODER.decode(line)
    except msgspec.MsgspecError as error:
        raise SecdefsError(f"no entry of a ledger: {error}") from None
    return said


# --- values that other modules define ---------------------------------------------------------------------------------


def slim(value: Any) -> Any:
    """A value for JSON, without the fields of a struct that have their default."""
    match value:
        case msgspec.Struct():
            config = value.__struct_config__
            result = {config.tag_field: config.tag} if config.tag_field else {}
            for field in msgspec.structs.fields(value):
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


_Plain: TypeAlias = (
    SubstituteWords
    | InsertWords
    | OmitWords
    | OmitProvision
    | Rename
    | IncorporateDocument
    | ReincorporateDocument
    | RevokeDocument
)


def operation(value: dict[str, Any]) -> Operation:
    """An operation; the law is operation(slim(x)) == x."""
    match value:
        case {"operation": "insert_provision", "target": target, "at": at, "new": new}:
            return InsertProvision(
                target=_ref(target), at=msgspec.convert(at, Spot), new=tuple(record(each) for each in new)
            )
        case {"operation": "substitute_provision", "target": target, "new": new}:
            return SubstituteProvision(target=_ref(target), new=tuple(record(each) for each in new))
    result: Operation = msgspec.convert(value, _Plain)  # type: ignore[arg-type]
    return result


def _ref(value: Any) -> Ref:
    result: Ref = msgspec.convert(value, Ref)  # type: ignore[arg-type]
    return result


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
