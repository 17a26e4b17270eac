"""What people see in a terminal: which characters are safe to print, columns and colours; findings as compilers show
them; the table of what a letter orders."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import unicodedata
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TextIO

import msgspec

from secdefs.commencement import written
from secdefs.findings import Finding, Severity
from secdefs.read.encoding import escaped

if TYPE_CHECKING:
    from secdefs.letter.instrument import Instrument
    from secdefs.letter.particulars import Annex
    from secdefs.sentence.parse import Instruction

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


class Look(msgspec.Struct, frozen=True):
    """How a stream shows text: its width in columns, whether it takes colour, and whether a long message is folded
    to the width, as a person's terminal asks, or left on one line, as other programs do."""

    width: int = 80
    colour: bool = False
    folds: bool = False

    def paint(self, text: str, style: str) -> str:
        """The text in a style of `STYLES`, or as it is where the stream takes no colour."""
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m" if self.colour and style and text else text


STYLES = {
    "bold": "1",
    "dim": "2",
    "error": "1;31",
    "warning": "1;33",
    "note": "1;36",
    "new": "4;32",  # underlined and struck as well as coloured: not everybody tells red from green
    "gone": "9;31",
}


def look(stream: TextIO, otherwise: int = 80) -> Look:
    """The look of a stream: a terminal's own width (at most 120, for the eye's sake), else `otherwise`, no colour."""
    if not stream.isatty():
        return Look(otherwise)
    colour = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Look(max(40, min(120, shutil.get_terminal_size().columns)), colour, folds=True)


# --- characters -------------------------------------------------------------------------------------------------------


def visible(character: str) -> str:
    r"""One character as it can be printed: a control, bidirectional or invisible one as `\u202e`."""
    if character.isprintable():
        return character
    return " " if unicodedata.category(character) == "Zs" else escaped(character)


def plain(text: str) -> str:
    """A text on one line, safe to print."""
    return "".join(visible(character) for character in re.sub(r"[ \t\r\n]+", " ", text))


def printable(text: str) -> str:
    """A text on its own lines, safe to print."""
    return "".join(character if character == "\n" else visible(character) for character in text)


def columns(text: str) -> int:
    """How many columns of a terminal a printable text takes: a wide character two, a combining mark none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.category(c) in ("Mn", "Me") else 2 if unicodedata.east_asian_width(c) in ("W", "F") else 1
        for c in text
    )


def wrap(text: str, width: int, first: str = "", rest: str | None = None) -> list[str]:
    """A text in lines of at most `width` columns, broken at spaces; `first` opens the first line, `rest` the others."""
    rest = " " * columns(first) if rest is None else rest
    lines: list[str] = []
    words: list[str] = []
    opening, used = first, columns(first)
    for word in text.split(" "):
        wide = columns(word)
        if words and used + 1 + wide > width:
            lines.append(opening + " ".join(words))
            opening, used, words = rest, columns(rest), []
        used += wide + bool(words)
        words.append(word)
    return [*lines, opening + " ".join(words)]


day = written


def count(number: int, noun: str) -> str:
    """A number with its noun: "1 error", "7,012 characters"."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


# --- findings ---------------------------------------------------------------------------------------------------------


def show_finding(found: Finding, text: str | None, look: Look) -> str:
    """A finding as compilers show one: where and what, the words meant with carets under them, what would settle it.

    `text` is that of the finding's source as it was read; without it the words are not shown.
    """
    source = found.source
    where = f"{plain(source.file or 'text')}:{source.line}:{source.column}:" if source else "secdefs:"
    # In a text that was read from pages a line is a paragraph.
    page = f" (page {source.page}, paragraph {source.line})" if source and source.page is not None else ""
    what = f"{found.code} {found.severity}:"
    message = f"{where} {what} {plain(found.message)}{page}"
    first, *lines = wrap(message, look.width, rest="   ") if look.folds else [message]
    # Painted only now, for a wrapped line is measured by what is seen of it.
    first = first.replace(where, look.paint(where, "bold"), 1).replace(what, look.paint(what, found.severity), 1)
    lines = [first, *lines]
    if source and text is not None:
        lines += _excerpt(text, source.start, source.end, source.line, found.severity, look)
    if found.hint:
        lines += wrap(plain(found.hint), look.width, "   hint: ")
    return "\n".join(lines)


def _excerpt(text: str, start: int, end: int, number: int, style: Severity, look: Look) -> Iterator[str]:
    """The lines from `start` to `end` of a text with carets under the words; the first is line `number`."""
    marked: list[tuple[int, tuple[int, int], int, int]] = []
    at = text.rfind("\n", 0, start) + 1
    while at < max(end, start + 1):
        stop = text.find("\n", at)
        stop = stop if stop >= 0 else len(text)
        low = max(start, at)
        words = text[low : min(end, stop)]
        if words.strip() or start == end:
            low += len(words) - len(words.lstrip())
            marked.append((number, (at, stop), low, low + len(words.strip())))
        number, at = number + 1, stop + 1
    left_out = len(marked) > 4
    for place, (row, line, low, high) in enumerate(marked):
        if left_out and 2 <= place < len(marked) - 1:
            if place == 2:
                yield "      | …"
            continue
        shown, before, under = _window(text, line, low, high, look.width - 8)
        yield f"{row:5d} | {shown}".rstrip()
        yield f"      | {' ' * before}{look.paint('^' * under, style)}"


def _window(text: str, line: tuple[int, int], low: int, high: int, room: int) -> tuple[str, int, int]:
    """As much of a line as `room` columns show of it around the offsets `low` to `high`, the columns before those
    characters, and how many columns they take."""
    # A line may be as long as the letter, and have a finding at each of its words: only what is near is looked at.
    first, last = max(line[0], low - 2 * room), min(line[1], low + 2 * room)
    cells: list[str] = []
    edge = [0]
    for character in text[first:last].rstrip() if last == line[1] else text[first:last]:
        cell = " " * (4 - edge[-1] % 4) if character == "\t" else visible(character)
        cells.append(cell)
        edge.append(edge[-1] + columns(cell))
    low, high = min(low - first, len(cells)), min(high - first, len(cells))
    left, right = 0, len(cells)
    if edge[-1] > room:
        spare = max(0, room - 4 - (edge[high] - edge[low]))
        before = min(edge[low], max(spare // 2, spare - (edge[-1] - edge[high])))
        left = next(i for i in range(low + 1) if edge[low] - edge[i] <= before)
        while 0 < left < low and cells[left - 1] != " ":
            left += 1
        right = max(low + 1, next(j for j in range(len(cells), 0, -1) if edge[j] - edge[left] <= room - 4))
        while high < right < len(cells) and cells[right] != " ":
            right -= 1
    opening = "… " if left or first > line[0] else ""
    closing = " …" if right < len(cells) or last < line[1] else ""
    shown = opening + "".join(cells[left:right]) + closing
    return shown, len(opening) + edge[low] - edge[left], max(1, edge[min(high, right)] - edge[low])


def tally(findings: Iterable[Finding]) -> str:
    """The last line: "2 errors, 1 warning"; empty where nothing was found."""
    found = [finding.severity for finding in findings]
    severities: tuple[Severity, ...] = ("error", "warning", "note")
    return ", ".join(count(found.count(each), each) for each in severities if each in found)


# --- what a letter orders ---------------------------------------------------------------------------------------------


def show_instrument(instrument: Instrument, look: Look) -> str:
    """What `parse` prints: the instrument's particulars, each instruction with its line and commencement, the savings,
    and how much of the letter was understood."""
    made = day(instrument.made) if instrument.made else "no date found"
    particulars: list[tuple[str, Iterable[str]]] = [
        ("made", [made]),
        ("by", [instrument.issuer] if instrument.issuer else []),
        ("to", instrument.addressees),
        ("under", instrument.powers),
        ("names", [f"“{name}”: {meaning}" for name, meaning in instrument.names.items()]),
        ("in effect", [when(instrument.commencement)] if instrument.commencement else []),
        ("annexes", [_annex(annex) for annex in instrument.annexes]),
    ]
    lines = [look.paint(line, "bold") for line in wrap(plain(instrument.title or "(no title found)"), look.width)]
    for name, values in particulars:
        for at, value in enumerate(values):
            opening = f"  {name if at == 0 else '':11}"
            first, *rest = wrap(plain(value), look.width, opening)
            lines += [look.paint(opening, "dim") + first[len(opening) :], *rest]
    lines += ["", *_orders(instrument, look)]
    if instrument.savings:
        lines += ["", look.paint("Savings, which change no text", "bold")]
        lines += [line for saving in instrument.savings for line in wrap(plain(saving), look.width, "  ")]
    return "\n".join([*lines, "", show_coverage(instrument)])


def _orders(instrument: Instrument, look: Look) -> list[str]:
    """The table of the instructions: item, line, what is ordered, from when; and the items that were not read."""
    instructions = instrument.instructions
    unread = [(each, each.source) for each in instrument.findings if _stops_an_item(each) and each.source]
    if not instructions and not unread:
        return [look.paint("No instructions", "bold")]
    items = [each.source.item for each in instructions] + [source.item for _, source in unread]
    item = max(4, *(columns(plain(each or "–")) for each in items))
    order = look.width - item - 29  # the other columns: two of indent, the line, the date, and what parts them
    row = "  {}  {:>4}  {}  {}"
    heads = row.format(_padded("item", item), "line", _padded("what it orders", order), "in effect from")
    rows: list[tuple[int, list[str]]] = []
    for each in instructions:
        text = [line for part in str(each.operation).split("\n") for line in wrap(plain(part), order)]
        if remark := _remark(each):
            text += wrap(f"({remark})", order)
        dates = wrap(plain(when(each.commencement)), 17)
        lines = []
        for at in range(max(len(text), len(dates))):
            opening = (_padded(plain(each.source.item or "–"), item), each.source.line) if at == 0 else (" " * item, "")
            middle = _padded(text[at] if at < len(text) else "", order)
            lines.append(row.format(*opening, middle, dates[at] if at < len(dates) else "").rstrip())
        rows.append((each.source.start, lines))
    for found, source in unread:
        said = look.paint(f"not read: {found.code}", found.severity)
        rows.append(
            (source.start, [row.format(_padded(plain(source.item or "–"), item), source.line, said, "").rstrip()])
        )
    title = count(len(instructions), "instruction") + (f", {len(unread)} not read" if unread else "")
    ordered = [line for _, lines in sorted(rows, key=lambda each: each[0]) for line in lines]
    return [look.paint(title, "bold"), look.paint(heads, "dim"), *ordered]


def _stops_an_item(found: Finding) -> bool:
    """Whether a finding is of a sentence that may order something and gives no instruction."""
    return (
        found.severity == "error" and found.instruction is None and found.code in ("SD101", "SD108", "SD109", "SD110")
    )


def _padded(text: str, width: int) -> str:
    return text + " " * (width - columns(text))


def _remark(instruction: Instruction) -> str | None:
    """Why an instruction leaves the code's text as it is, if it does."""
    if instruction.effect == "as_if":
        return "the text is to be read as if so changed, and stays as it is"
    if work := instruction.operation.target.work:
        return f"of “{work}”: the code file tells whether that is this code"
    return None


def _annex(annex: Annex) -> str:
    parts = [part for part in (annex.place, annex.title, annex.version and f"version {annex.version}") if part]
    against = f", marked up against {annex.marked_up_against}" if annex.marked_up_against else ""
    return f"{annex.label}: {', '.join(parts)}{against}"


def show_coverage(instrument: Instrument) -> str:
    """How much of a letter was read as what: "coverage: 7,012 characters: 13 % operation, …"."""
    coverage = instrument.coverage
    whole = coverage.characters or 1
    missed = coverage.not_understood
    return (
        f"coverage: {count(coverage.characters, 'character')}: {coverage.operation * 100 / whole:.0f} % operation, "
        f"{coverage.context * 100 / whole:.0f} % context, {missed:,} not understood"
    )


def when(commencement: object) -> str:
    """When something takes effect, in words: a date, an event, the later of several, or nothing said."""
    match msgspec.to_builtins(commencement):
        case None:
            return "not said"
        case str(date):
            return day(dt.date.fromisoformat(date))
        case {"event": event, "days_after": 0}:
            return str(event)
        case {"event": event, "days_after": days}:
            return f"{count(days, 'day')} after {event}"
        case {"later_of": dates}:
            return "the later of " + " and ".join(when(each) for each in dates)
        case other:
            return str(other)
