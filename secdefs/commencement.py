"""When an instruction takes effect: dates as letters write them, events, and what is not a date."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import TypeAlias

import msgspec

from secdefs.findings import Refused

_COUNTS = "one two three four five six seven eight nine ten".split()
MONTHS = "january february march april may june july august september october november december".split()
DAY = re.compile(
    r"(?P<day>\[[^\]]*\]|\d{1,2})(?:st|nd|rd|th)?(?: day)?(?: of)? "
    r"(?P<month>\[[^\]]*\]|[A-Z][a-z]+),? (?P<year>\[[^\]]*\]|\d{4})"
)


class Event(msgspec.Struct, frozen=True):
    """A day that is known when something has happened: its name, and how many days after it."""

    event: str
    days_after: int = 0


class LaterOf(msgspec.Struct, frozen=True):
    """The later of several."""

    later_of: tuple[dt.date | Event, ...]


Commencement: TypeAlias = dt.date | Event | LaterOf | None
"""From 00:00 on that day; null where the letter does not say."""


def settled(commences: Commencement, events: Mapping[str, dt.date]) -> dt.date | None:
    """The day itself; None where it is not said, or waits for an event. `events` has days by `event_name`."""
    match commences:
        case dt.date():
            return commences
        case Event(event=name, days_after=days) if event_name(name) in events:
            return events[event_name(name)] + dt.timedelta(days=days)
        case LaterOf(later_of=parts):
            known = [found for part in parts if (found := settled(part, events)) is not None]
            return max(known) if len(known) == len(parts) else None
    return None


def event_name(name: str) -> str:
    """An event's name as it is compared."""
    return " ".join(name.casefold().split()).removeprefix("the ")


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


def written(day: dt.date) -> str:
    """A day as letters write it: 17 December 2021."""
    return f"{day.day} {MONTHS[day.month - 1].title()} {day.year}"


_FROM = re.compile(
    r"(?i:.*?\b(?:from and including|(?:on|from) and (?:from|after)|as from|from|on|at|after|when)\b)[:,]? (?:and )?"
)
_HOUR = r"(?:(?:00:00|0000|midnight)(?: hours)?(?: at the beginning of| on)? )?"
_A_DAY_ONLY = rf"(?P<date>{DAY.pattern})"
_A_DAY = re.compile(
    rf"(?:the )?(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?{_A_DAY_ONLY}(?: \((?P<name>[^()]+)\))?"
)
_MADE = re.compile(r"(?:the )?date (?:of|on which) this (?:direction|letter|notice)(?: is made)?|the date hereof")
_DAY_AFTER = re.compile(r"(?:the )?(?:day|date) (?:next )?(?:after|following) (?P<rest>.+)")
_DAYS_AFTER = re.compile(rf"(?P<days>\d+|{'|'.join(_COUNTS)}) days? after (?P<rest>.+)")
_NO_DAY = re.compile(
    rf"(?:(?:the )?(?:(?:begin|end)\w*|start|middle|first|spring|summer|autumn|winter)(?: of)? )?"
    rf"(?:{'|'.join(MONTHS)})?,? ?(?:\d{{4}}|\[[^\]]*\]|X+|_+|\.{{3,}}|…)|TBC|to be confirmed"
    rf"|a date to be (?:confirmed|announced|notified)",
    re.I,
)
_ENDS = re.compile(r"\b(?:cease|ends?|expires?|lapses?)\b.{0,60}\b(?:on|at|after|when|from)\b|\buntil \d")
_OPEN = re.compile(
    r"\bdifferent (?:dates?|days?|times?|parts?|provisions?)\b|\bnot\b.{0,40}\buntil\b"
    r"|\bin accordance with (?:a|any) direction\b"
)
_TWO_SENTENCES = re.compile(r"\b(?:takes? effect|comes? into (?:force|effect)|except|unless|save|provided)\b")
# What the day is known by may itself take effect: "the date on which the Widget Act comes into force".
_WHEN_ANOTHER = re.compile(
    r"(?:the )?(?:date|day) (?:on|from) which (?P<what>(?!this |these |it ).{3,160}?)"
    r" (?:comes? into force|takes? effect)"
)
_LATER = re.compile(r"(?:(?:the )?(?:date (?:which|that) is )?the )?later of:? (?P<parts>.+)")
_IF_LATER = re.compile(r"(?P<one>.+?),? (?:or|and),? if later,? (?:on |from )?(?P<two>.+)")


def commencement(words: str, made: dt.date | None, named: Mapping[str, dt.date] | None = None) -> Commencement:
    """What a phrase such as "with effect from 1 March 2022" says.

    `made` is the date of the letter, `named` are days that it gives a name ("Day 1"). What is not a day of the calendar
    is an event, by its own words. Raises Refused: SD102 (the letter's own date is needed, and not known), SD104 (a date
    that is blank, or is none).
    """
    if _ENDS.search(words):
        raise Refused(
            "SD108",
            f"“{words.strip(' .;,')}”: the change is to end on a later day, which this tool does not carry out",
            "apply the letter that ends it when it is made",
        )
    if _OPEN.search(words):
        raise Refused(
            "SD102",
            f"“{words.strip(' .;,')}”: the day is left to another decision",
            "give --with-effect-from DATE once it is made",
        )
    if re.search(r"\bimmediate effect\b", words):
        return _own(made, words)
    found = _FROM.match(words)
    return _moment(words[found.end() :] if found else words, made, named or {})


def _moment(words: str, made: dt.date | None, named: Mapping[str, dt.date]) -> dt.date | Event | LaterOf:
    words = re.sub(rf"^(?:\([a-z]\) )?{_HOUR}", "", words.strip(" .,;:"))
    later = _LATER.fullmatch(words) or _IF_LATER.fullmatch(words)
    if later is not None:
        parts = (
            list(later.groups())
            if len(later.groups()) == 2
            else re.split(r"[,;]? and (?:\(b\) )?", later["parts"], maxsplit=1)
        )
        if len(parts) == 2:
            read = tuple(_moment(part, made, named) for part in parts)
            return LaterOf(tuple(part for part in read if not isinstance(part, LaterOf)))
    dated = _A_DAY.fullmatch(words)
    stated = day(words) if dated else None
    if stated is not None:
        return stated
    if _MADE.fullmatch(words):
        return _own(made, words)
    after = _DAY_AFTER.fullmatch(words) or _DAYS_AFTER.fullmatch(words)
    if after is not None:
        count = after.groupdict().get("days")
        days = 1 if count is None else int(count) if count.isdigit() else _COUNTS.index(count) + 1
        start = _moment(after["rest"], made, named)
        match start:
            case dt.date():
                return start + dt.timedelta(days=days)
            case Event(event=name, days_after=more):
                return Event(name, more + days)
    for name in (words, re.sub(r"^the ", "", words)):
        if name in named:
            return named[name]
    if _NO_DAY.fullmatch(words):
        raise Refused("SD104", f"“{words}” is not a day", "state the day from which it takes effect")
    own = _WHEN_ANOTHER.fullmatch(words)
    if not words or DAY.search(words) or _TWO_SENTENCES.search(own["what"] if own else words):
        raise Refused("SD101", f"“{words}” reads as no date and no event", "state one date")
    return Event(re.sub(r"^the ", "", words))


def _own(made: dt.date | None, words: str) -> dt.date:
    if made is None:
        raise Refused("SD102", f"“{words}”, but the letter's own date is not known", "give --with-effect-from DATE")
    return made


def named_days(text: str) -> dict[str, dt.date]:
    """The days that a letter gives a name: "00:00 hours on 1 October 2024 (Day 1)", "“Day 1” means 1 October 2024"."""
    result: dict[str, dt.date] = {}
    name = r"[“\"]?(?P<name>[A-Z][\w -]{1,60}?)[”\"]?"
    for pattern in (rf"{_A_DAY_ONLY} \((?:the )?{name}\)", rf"{name} means {_HOUR}(?:the )?{_A_DAY_ONLY}"):
        for found in re.finditer(pattern, text):
            stated = day(found["date"])
            if stated is not None:
                result.setdefault(found["name"], stated)
    return result
