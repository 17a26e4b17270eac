"""When an instruction takes effect: dates as letters write them, events, and what is not a date."""

from __future__ import annotations

import datetime as dt
import re
from typing import TypeAlias

import msgspec

from secdefs.findings import Refused

MONTHS = "january february march april may june july august september october november december".split()
DAY = re.compile(
    r"(?P<day>\[[^\]]*\]|\d{1,2})(?:st|nd|rd|th)?(?: of)? "
    r"(?P<month>\[[^\]]*\]|[A-Z][a-z]+),? (?P<year>\[[^\]]*\]|\d{4})"
)
_MADE = re.compile(r"immediate effect|the date (?:of this|hereof)|date hereof")
_AFTER_MADE = re.compile(r"the day after")


class Event(msgspec.Struct, frozen=True):
    """A day that is known when something has happened: its name, and how many days after it."""

    event: str
    days_after: int = 0


class LaterOf(msgspec.Struct, frozen=True):
    """The later of several."""

    later_of: tuple[dt.date | Event, ...]


Commencement: TypeAlias = dt.date | Event | LaterOf | None
"""From 00:00 on that day; null where the letter does not say."""


def day(words: str) -> dt.date | None:
    """The first date in the words. Raises Refused SD104 where it is blank, bracketed or not in the calendar."""
    found = DAY.search(words)
    if found is None:
        return None
    if "[" in found.group():
        raise Refused("SD104", f"“{found.group()}” is not a date yet", "a direction that is made states its date")
    month = found["month"].lower()
    if month not in MONTHS:
        return None
    try:
        return dt.date(int(found["year"]), MONTHS.index(month) + 1, int(found["day"]))
    except ValueError:
        raise Refused("SD104", f"there is no {found.group()} in the calendar", "check the date") from None


def commencement(words: str, made: dt.date | None) -> Commencement:
    """What a commencement phrase says; `made` is the date of the letter. Raises Refused SD102 or SD104."""
    stated = day(words)
    if stated is not None:
        return stated
    if _MADE.search(words) or _AFTER_MADE.search(words):
        if made is None:
            raise Refused("SD102", f"“{words}”, but the letter's own date is not known", "give --with-effect-from DATE")
        return made + dt.timedelta(days=bool(_AFTER_MADE.search(words)))
    return Event(re.sub(r"^.*?\b(?:from|on|after|when)\b ", "", words))
