"""A small code and letters on it, for the tests of a code folder."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from secdefs import History, read_instrument
from secdefs.history import Enactment
from secdefs.letter.instrument import Instrument
from secdefs.model import Code, Definition, Definitions

BEGAN = dt.date(2020, 1, 1)

OPENING = "the date on which the Register is opened"
"""An event, as letters call it."""

CODE = Code(
    title="Widget Code",
    version="1.0",
    as_at=BEGAN,
    definitions=Definitions(
        section="A",
        version="1.0",
        entries=(
            Definition(term="Gadget", text="means a device that is grey, small and cheap."),
            Definition(term="Period", text="means ten days, beginning on a Monday."),
            Definition(term="Widget", text="means the thing in Appendix [TBC]."),
        ),
    ),
)


def letter(
    *orders: str, made: str = "2 January 2020", day: str = "1 March 2020", name: str | None = None
) -> Instrument:
    """A letter of the given orders, in effect from `day`, a date or an event."""
    items = "\n\n".join(f"({'abcdefgh'[at]}) {order}." for at, order in enumerate(orders))
    head = f"{made}\n\nDIRECTION TO CHANGE THE WIDGET CODE\n\nThe Authority directs that"
    if day[0].isdigit():
        text = f"{head} with effect from {day}:\n\n{items}\n"
    else:
        text = f"{head}:\n\n{items}\n\nThis direction takes effect on {day}.\n"
    return read_instrument(text, file=name or f"{made} {day}.txt")


def swap(term: str, old: str, new: str) -> str:
    """The order to put words for words in a definition."""
    return f"in the definition of “{term}” in Section A, for “{old}” substitute “{new}”"


def folder(path: Path) -> History:
    """A new code folder."""
    return History.init(path, CODE, recorded=BEGAN)


def enacted(history: History, instrument: Instrument, **settled: Any) -> Enactment:
    """What comes of enacting a letter, recorded on a day that is no later than any other of the test."""
    settled.setdefault("recorded", dt.date(2020, 2, 1))
    return history.enact(instrument, **settled)


def texts(code: Code) -> dict[str, str]:
    """The definitions of a code."""
    assert code.definitions is not None
    return {each.term: each.text for each in code.definitions.entries}


def day(month: int, number: int = 1) -> dt.date:
    """A day of 2020."""
    return dt.date(2020, month, number)
