"""Which items of a letter a name names: "iii)", "2(e)", "line 94" or an instruction's id."""

from __future__ import annotations

import re
from collections.abc import Sequence

from secdefs.findings import Finding, SecdefsError, Source
from secdefs.sentence.parse import Instruction


def items_named(
    name: str, instructions: Sequence[Instruction], unread: Sequence[Finding]
) -> tuple[list[Instruction], list[Finding]]:
    """The instructions of the one item so named, and the findings of what could not be read of it.

    Raises SecdefsError where no item has the name, or several have it.
    """
    fits = [(_fit(name, each.source, each.id), each) for each in instructions]
    lost = [(_fit(name, found.source, None), found) for found in unread if found.source]
    best = max([*(fit for fit, _ in fits), *(fit for fit, _ in lost)], default=0)
    named = [each for fit, each in fits if fit == best > 0]
    missed = [found for fit, found in lost if fit == best > 0]
    sources = [each.source for each in named] or [found.source for found in missed if found.source]
    places = {(each.file, each.item, each.line) for each in sources}
    if not places:
        every = [*(each.source for each in instructions), *(found.source for found in unread if found.source)]
        every.sort(key=lambda source: (source.file or "", source.start))
        items = dict.fromkeys(each.item or f"line {each.line}" for each in every)
        there = f"the items are {', '.join(items)}" if items else "the letter orders nothing"
        raise SecdefsError(f"there is no item “{name}” to set aside: {there}; an id or “line N” will do too")
    if len(places) > 1:
        lines = ", ".join(str(line) for _, _, line in sorted(places, key=lambda place: place[2]))
        raise SecdefsError(f"“{name}” names several items (lines {lines}): set aside “line N”")
    return named, missed


def _fit(name: str, source: Source, ident: str | None) -> int:
    """How well a name fits an item: 2 for its whole label, line or id, 1 for the last labels of it, 0 not at all.

    Points and brackets are nothing: "2(e)", "2.e" and "2.(e)" are one label.
    """
    wanted = name.strip()
    if wanted in (ident, f"line {source.line}") or (ident is not None and ident.partition(":")[2] == wanted):
        return 2
    item, labels = (re.findall(r"[^\W_]+", each) for each in (source.item or "", wanted))
    if not labels or wanted.startswith("line "):
        return 0
    return 2 if item == labels else int(item[-len(labels) :] == labels)
