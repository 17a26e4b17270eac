"""The log: what was put on record, one thing after another, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Set

from secdefs.history.answers import Item, Logged, Status
from secdefs.history.book import Book, Group
from secdefs.history.entries import Base, Carried, Enacted, Happened, Ordered, Withdrawn
from secdefs.letter.instrument import Instrument


def logged(book: Book, letter: Callable[[Enacted], Instrument], only: Set[str] | None) -> tuple[Logged, ...]:
    """All entries in the order in which they were recorded; with `only`, those that have one of these instructions.

    `letter` is what was read from an instrument.
    """
    names = {group.head.id: group.head.name for group in book.groups if isinstance(group.head, Enacted)}
    ended = _ended(book)
    result = []
    for group in book.groups:
        each = _logged(book, group, letter, names, ended.get(group.line), only)
        if only is None or each.items:
            result.append(each)
    return tuple(result)


def _ended(book: Book) -> dict[int, str]:
    """What became of the instruments that stand no more, by the line of their entry."""
    standing: dict[str, int] = {}
    result: dict[int, str] = {}
    for group in book.groups:
        match group.head:
            case Enacted(corrects=corrects) as head:
                if corrects is not None:
                    result[standing.pop(corrects)] = f"corrected by {head.name} ({head.id}) on {head.recorded}"
                standing[head.id] = group.line
            case Withdrawn(instrument=ident, reason=reason) as head:
                because = f": {reason}" if reason else ""
                result[standing.pop(ident)] = f"withdrawn on {head.recorded}{because}"
    return result


def _logged(
    book: Book,
    group: Group,
    letter: Callable[[Enacted], Instrument],
    names: dict[str, str],
    ended: str | None,
    only: Set[str] | None,
) -> Logged:
    head = group.head
    match head:
        case Base():
            says = (f"the folder begins with {head.title} as at {head.as_at}",)
            return Logged(group.line, "base", head.recorded, head.rules, says=says)
        case Enacted():
            items = _items(book, group, letter(head), ended is None, only)
            return Logged(
                group.line,
                "instrument",
                head.recorded,
                head.rules,
                instrument=head.id,
                name=head.name,
                title=head.title,
                made=head.made,
                says=tuple(_settled(head, names)),
                ended=ended,
                items=items,
            )
        case Happened():
            days = (f"“{name}” was on {day}" for name, day in head.events.items())
            whose = ", ".join(f"{names[ident]} ({ident})" for ident in head.instruments)
            items = tuple(
                Item(each.id, each.id.partition(":")[2], "", "dated", each.day)
                for each in group.rest
                if each.id.partition(":")[0] in head.instruments and (only is None or each.id in only)
            )
            return Logged(
                group.line, "event", head.recorded, head.rules, says=(*days, f"waited for by {whose}"), items=items
            )
        case Withdrawn():
            because = f": {head.reason}" if head.reason else ""
            says = (f"{names[head.instrument]} ({head.instrument}) is withdrawn{because}",)
            return Logged(group.line, "withdrawal", head.recorded, head.rules, instrument=head.instrument, says=says)


def _settled(head: Enacted, names: dict[str, str]) -> list[str]:
    """What was settled with a letter when it was enacted."""
    says = [f"corrects {names[head.corrects]} ({head.corrects})"] if head.corrects else []
    says += [f"after {names[ident]} ({ident})" for ident in head.after if ident in names]
    says += [f"before {names[ident]} ({ident})" for ident in head.before if ident in names]
    if head.with_effect_from is not None:
        says.append(f"with effect from {head.with_effect_from}, where the letter does not say")
    says += [f"“{name}” was on {day}" for name, day in head.events.items()]
    says += [f"set aside: {item}: {reason}" for item, reason in head.set_aside.items()]
    says += [f"Annex {each.label}: {each.file}, SHA-256 {each.sha256[:12]}…" for each in head.annexes]
    says += [f"set aside: Annex {each.label}: {each.set_aside}" for each in head.annexes if each.set_aside]
    for stated in head.versions:
        if stated.version is not None:
            says.append(f"version {stated.version} from {stated.day}")
        if stated.definitions_version is not None:
            says.append(f"version {stated.definitions_version} of the definitions from {stated.day}")
    return says


def _items(book: Book, group: Group, instrument: Instrument, stands: bool, only: Set[str] | None) -> tuple[Item, ...]:
    said = {each.id: each for each in group.rest if isinstance(each, Ordered)}
    result = []
    for each in instrument.instructions:
        if only is not None and each.id not in only:
            continue
        last: Ordered | Carried = said[each.id]
        reason = said[each.id].left_out
        if stands and each.id in book.last and book.held[each.id.partition(":")[0]].line == group.line:
            last = book.last[each.id].said
        status: Status = "left out" if reason else "dated" if last.day else "pending"
        source = each.source
        place = f"page {source.page}" if source.page is not None else f"line {source.line}"
        result.append(
            Item(
                each.id,
                source.item or place,
                str(each.operation),
                status,
                last.day,
                each.commencement,
                reason,
            )
        )
    return tuple(result)
