"""What a history shows in a terminal, and as JSON to programs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

import msgspec

from secdefs.change.edits import Field
from secdefs.history.answers import Blame, Difference, Item, Logged, Origin
from secdefs.read.encoding import visible_json
from secdefs.write.redline import show_redline
from secdefs.write.terminal import Look, columns, day, plain, visible, when, wrap

if TYPE_CHECKING:
    from secdefs.findings import Finding
    from secdefs.history.folder import Enactment

_COLOURS = ("36", "35", "33", "32", "34", "31")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_NOUNS = {"definitions": "definition “{}”", "documents": "document {}", "sections": "provision {}"}

# --- putting on record ------------------------------------------------------------------------------------------------


def show_enactment(done: Enactment, look: Look) -> str:
    """What was put on record, by the days from which it is carried out; empty where nothing was."""
    lines = []
    for date, pairs in groupby(sorted(done.commencing, key=lambda pair: pair[0]), key=lambda pair: pair[0]):
        lines.append(look.paint(f"from {day(date)}", "bold"))
        for _, each in pairs:
            lines += _order(each.source.item or f"line {each.source.line}", str(each.operation), look)
    if done.pending:
        lines.append(look.paint("waiting for an event", "bold"))
        for each in done.pending:
            label = each.source.item or f"line {each.source.line}"
            lines += _order(label, f"{each.operation} (from {when(each.commencement)})", look)
    return "\n".join(lines)


def _order(label: str, text: str, look: Look) -> list[str]:
    lines = [line for part in text.split("\n") for line in wrap(plain(part), look.width - 14)]
    opening = f"  {plain(label):<10}  "
    return [(opening if at == 0 else " " * 14) + line for at, line in enumerate(lines)]


def show_not_yet(found: Sequence[Origin], look: Look) -> str:
    """What is on record and not in force yet; empty where all is."""
    if not found:
        return ""
    lines = [look.paint("not in force yet", "bold")]
    for each in found:
        start = f"from {day(each.day)}" if each.day else f"from {when(each.instruction.commencement)}, not known yet"
        what = f"{start}: {each.instruction.operation} ({each.item} of {each.instrument.name})"
        lines += wrap(plain(what), look.width, "  ", "    ")
    return "\n".join(lines)


# --- the log ----------------------------------------------------------------------------------------------------------


def show_log(found: Sequence[Logged], head: str | None, look: Look) -> str:
    """All that was put on record: when, what it is, and each of its instructions with the day of its commencement."""
    lines: list[str] = []
    for each in found:
        opening = f"{each.line:>5}  {day(each.recorded):<18} "
        if each.instrument and each.kind == "instrument":
            made = f", made {day(each.made)}" if each.made else ""
            first = f"{plain(each.name or '')} ({each.instrument}){made}"
        else:
            first = "; ".join(_spoken(says) for says in each.says)
        text = wrap(first, look.width, opening)
        lines += [line if at else opening + look.paint(line[len(opening) :], "bold") for at, line in enumerate(text)]
        if each.kind == "instrument":
            notes = (each.title, *(_spoken(says) for says in each.says), _spoken(each.ended) if each.ended else None)
            lines += [line for note in notes if note for line in wrap(plain(note), look.width, " " * 26)]
        for item in each.items:
            lines += _item(item, look, ended=each.ended is not None)
        lines.append("")
    if head is not None:
        lines.append(f"head {head}")
    return "\n".join(lines).rstrip()


def _spoken(text: str) -> str:
    """A sentence with its dates as a letter writes them."""
    words = [_date(word) for word in plain(text).split(" ")]
    return " ".join(words)


def _date(word: str) -> str:
    bare = word.rstrip(",;:.)")
    try:
        return day(dt.date.fromisoformat(bare)) + word[len(bare) :] if len(bare) == 10 else word
    except ValueError:
        return word


def _item(item: Item, look: Look, *, ended: bool) -> list[str]:
    match item.status:
        case "dated":
            start = day(item.day) if item.day else ""
        case "pending":
            start = f"waits for {when(item.commencement)}"
        case _:
            start = "left out"
    opening = f"       {plain(item.item):<10} "
    text = f"{start}: {item.orders}" if item.orders else start
    if item.reason:
        text = f"{start} ({item.reason}): {item.orders}"
    lines = [line for part in text.split("\n") for line in wrap(plain(part), look.width - len(opening))]
    shown = [(opening if at == 0 else " " * len(opening)) + line for at, line in enumerate(lines)]
    return [look.paint(line, "dim") for line in shown] if ended or item.status == "left out" else shown


# --- the difference ---------------------------------------------------------------------------------------------------


def show_difference(found: Difference, look: Look, *, whole: bool = False) -> str:
    """The redline between two days; under each record the instructions that made it so, with their letters."""
    instructions = []
    for origin in found.origins.values():
        source = origin.instruction.source
        label = f"{source.item} of {origin.instrument.name}" if source.item else f"{origin.instrument.name}"
        named = msgspec.structs.replace(source, item=label)
        instructions.append(msgspec.structs.replace(origin.instruction, source=named))
    return show_redline(found.marked, instructions, look, whole=whole) or "Nothing changes."


def difference_page(found: Difference) -> str:
    """The redline between two days as a page for a browser."""
    from secdefs.plan import Plan
    from secdefs.write.page import redline_page

    instructions = tuple(
        msgspec.structs.replace(origin.instruction, commencement=origin.day) for origin in found.origins.values()
    )
    return redline_page(
        Plan(
            before=found.before,
            instruments=found.instruments,
            instructions=instructions,
            applied=instructions,
            steps=(),
            pending=(),
            set_aside=(),
            findings=(),
            consolidation=found.marked,
        )
    )


# --- blame ------------------------------------------------------------------------------------------------------------


def show_blame(found: Sequence[Blame], as_at: dt.date, began: dt.date, look: Look) -> str:
    """Each record with the words that any instruction put there numbered, and under it what the numbers mean."""
    if not found:
        return "No letter on record has touched anything."
    return "\n\n".join(_blamed(each, as_at, began, look) for each in found)


def heading(each: Blame) -> str:
    """What a record is called: definition “X”, document Appendix AM."""
    if each.list.startswith("contents:"):
        return f"contents, {each.list.partition(':')[2]}, entry {each.key}"
    return _NOUNS[each.list].format(each.key)


def _blamed(each: Blame, as_at: dt.date, began: dt.date, look: Look) -> str:
    numbers = {ident: number for number, ident in enumerate(each.authors(), 1)}
    lines = [look.paint(line, "bold") for line in wrap(f"{plain(heading(each))}, as at {day(as_at)}", look.width)]
    for name, field in each.fields.items():
        standing = tuple(piece for piece in field if piece.gone is None)
        if standing and name not in ("term", "label", "place"):
            lines += _marked(standing, "" if name == "text" else f"{name.replace('_', ' ')}: ", numbers, look)
    lines.append("")
    for ident, number in numbers.items():
        origin = each.origins[ident]
        made = f", made {day(origin.instrument.made)}" if origin.instrument.made else ""
        start = f", in force from {day(origin.day)}" if origin.day else ""
        lines += wrap(plain(f"{origin.item} of {origin.instrument.name}{made}{start}"), look.width, f"  {number}  ")
        lines += [
            look.paint(line, "dim") for line in wrap(plain(str(origin.instruction.operation)), look.width, "     ")
        ]
    if any(piece.by is None and piece.gone is None for field in each.fields.values() for piece in field):
        rest = "the other words have" if numbers else "all of it has"
        lines.append(f"     {rest} stood there since the folder began, on {day(began)}")
    return "\n".join(lines)


def _marked(field: Field, opening: str, numbers: dict[str, int], look: Look) -> list[str]:
    """The paragraphs of a field, the words of an instruction between braces, or painted, with its number behind."""
    paragraphs: list[list[tuple[str, int]]] = [[(character, 0) for character in opening]]
    for piece in field:
        number = numbers.get(piece.by or "", 0)
        parts = piece.text.split("\n")
        for at, part in enumerate(parts):
            if at:
                paragraphs.append([])
            body = part.strip(" ")
            indent = part[: len(part) - len(part.lstrip(" "))] if body else part
            paragraphs[-1] += [(character, 0) for character in indent]
            if body:
                shown = [visible(character) for character in body]
                paragraphs[-1] += [
                    (character, number) for character in (shown if look.colour or not number else ["{", *shown, "}"])
                ]
                paragraphs[-1] += [(character, 0) for character in str(number or "").translate(_RAISED)]
                paragraphs[-1] += [(" ", 0)] * (len(part) - len(indent) - len(body))
    return [line for cells in paragraphs for line in _wrapped(cells, look)]


def _wrapped(cells: list[tuple[str, int]], look: Look) -> list[str]:
    depth = next((at for at, (character, _) in enumerate(cells) if character != " "), len(cells))
    lines: list[list[tuple[str, int]]] = [[]]
    words: list[list[tuple[str, int]]] = [[]]
    for cell in cells[depth:]:
        if cell[0] == " ":
            words.append([])
        words[-1].append(cell)
    for word in words:
        wide = sum(columns(character) for line in (lines[-1], word) for character, _ in line)
        if lines[-1] and wide > look.width - 4 - depth - 4 * (len(lines) > 1):
            lines.append([])
            word = word[1:] if word and word[0][0] == " " else word
        lines[-1] += word
    return [" " * (4 + depth + (4 if at else 0)) + _painted(line, look) for at, line in enumerate(lines)]


def _painted(cells: list[tuple[str, int]], look: Look) -> str:
    result = ""
    for number, group in groupby(cells, key=lambda cell: cell[1]):
        text = "".join(character for character, _ in group)
        colour = _COLOURS[(number - 1) % len(_COLOURS)]
        result += f"\x1b[4;{colour}m{text}\x1b[0m" if look.colour and number else text
    return result


# --- JSON -------------------------------------------------------------------------------------------------------------


def enactment_to_json(done: Enactment, findings: Iterable[Finding]) -> str:
    """What was put on record: `format`, `ok`, `head`, `commencing`, `pending`, `findings`."""
    commencing = [{"day": date, "instruction": each} for date, each in done.commencing]
    value = {"ok": done.ok, "head": done.head, "commencing": commencing, "pending": done.pending}
    return _json(value | {"findings": tuple(findings)})


def log_to_json(found: Sequence[Logged], head: str | None) -> str:
    """The log: `format`, `head`, `log`."""
    return _json({"head": head, "log": found})


def blame_to_json(found: Sequence[Blame]) -> str:
    """Each record with its pieces, and what is known of the instructions that they name."""
    return _json(
        {
            "blame": [
                {
                    "list": each.list,
                    "key": each.key,
                    "by": each.by,
                    "fields": {name: field for name, field in each.fields.items() if field},
                    "origins": {ident: _origin(origin) for ident, origin in each.origins.items()},
                }
                for each in found
            ]
        }
    )


def findings_to_json(findings: Sequence[Finding]) -> str:
    """What `fsck` found: `format`, `ok`, `findings`."""
    return _json({"ok": not any(found.severity == "error" for found in findings), "findings": findings})


def _origin(origin: Origin) -> dict[str, Any]:
    entry, source = origin.instrument, origin.instruction.source
    return {
        "instrument": entry.id,
        "name": entry.name,
        "title": entry.title,
        "made": entry.made,
        "item": source.item,
        "page": source.page,
        "line": source.line,
        "in_force_from": origin.day,
        "orders": str(origin.instruction.operation),
    }


def _json(value: dict[str, Any]) -> str:
    return visible_json(msgspec.json.format(msgspec.json.encode({"format": 1, **value}), indent=2).decode()) + "\n"
