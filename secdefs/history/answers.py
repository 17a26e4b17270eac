"""What a history answers: the values that are shown, whatever shows them."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

from secdefs.change.edits import KEY, Consolidation, Field, accepted
from secdefs.commencement import Commencement
from secdefs.history.entries import Enacted
from secdefs.letter.instrument import Instrument
from secdefs.model import Code, Record
from secdefs.sentence.parse import Instruction


class Origin(msgspec.Struct, frozen=True):
    """Where words come from: an instruction, the instrument that has it, and the day from which it is carried out.

    The day is null while it waits for an event.
    """

    instruction: Instruction
    instrument: Enacted
    day: dt.date | None

    @property
    def item(self) -> str:
        """The item of the letter, as a reader finds it there: "iii) on line 140"."""
        source = self.instruction.source
        place = f"page {source.page}" if source.page is not None else f"line {source.line}"
        return f"{source.item} on {place}" if source.item else place


class Blame(msgspec.Struct, frozen=True):
    """A record, and for each piece of each of its fields which instruction put it there, and which took it away.

    `list` is "definitions", "documents", "sections" or "contents:GROUP". A piece without an instruction stood in the
    code with which the folder began. `by` is the instruction that put the whole record there. `origins` has every
    instruction that is named.
    """

    list: str
    record: Record
    fields: dict[str, Field]
    by: str | None
    origins: dict[str, Origin]

    @property
    def key(self) -> str:
        """The term, label or place of the record."""
        return accepted(self.fields[KEY[type(self.record)]])

    def authors(self) -> tuple[str, ...]:
        """The instructions of the standing words, in the order in which a reader meets them."""
        return tuple(
            dict.fromkeys(
                piece.by for field in self.fields.values() for piece in field if piece.by and piece.gone is None
            )
        )


Status = Literal["dated", "pending", "left out"]


class Item(msgspec.Struct, frozen=True):
    """An instruction in the log: what it orders, and from which day or why not."""

    id: str
    item: str
    orders: str
    status: Status
    day: dt.date | None = None
    commencement: Commencement = None
    reason: str | None = None


class Logged(msgspec.Struct, frozen=True):
    """Something put on record: at which line of the ledger and on which day; for an instrument, what it is.

    `kind` is "base", "instrument", "event" or "withdrawal". `ended` tells that an instrument was withdrawn or
    corrected since. `says` is what else there is to say of it.
    """

    line: int
    kind: str
    recorded: dt.date
    rules: str
    instrument: str | None = None
    name: str | None = None
    title: str | None = None
    made: dt.date | None = None
    says: tuple[str, ...] = ()
    ended: str | None = None
    items: tuple[Item, ...] = ()


class Difference(msgspec.Struct, frozen=True):
    """A code on one day with all that is changed up to another marked on it, and where each change comes from.

    `instruments` are the letters of those changes, in the order in which they were enacted.
    """

    before: Code
    marked: Consolidation
    origins: dict[str, Origin]
    instruments: tuple[Instrument, ...]


class Course(msgspec.Struct, frozen=True):
    """A code with all that was ever done to it: its whole course at once.

    `marked` has every change marked on the `base` code; no words are lost, so the text on any day is a reading of its
    pieces. `steps` are the instructions in the order in which they are carried out. `versions` are those of the code
    and of its definitions, before the first step and after each. `waiting` waits for an event; `left_out` changes
    nothing, and the words say why. `letters` are the instruments that stand, by their ids, in the order of the record.
    """

    base: Code
    marked: Consolidation
    steps: tuple[Origin, ...]
    versions: tuple[tuple[str | None, str | None], ...]
    waiting: tuple[Origin, ...]
    left_out: tuple[tuple[Origin, str], ...]
    letters: dict[str, Instrument]
