"""Which parts of a letter direct: where each begins, where it has ended, and the annex that has its changes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from secdefs.letter.kinds import DIRECTS, ELSEWHERE, announces, is_row, may_order, surely_orders
from secdefs.letter.particulars import ANNEX, words
from secdefs.outline import Clause, walk

HEADING = re.compile(r"(?:The |\d+\.? )?(?:Directions?|Modifications?|Amendments?|Orders?)(?: \d+)?[.:]?", re.I)

_SIGNED = re.compile(
    r"(?:Yours (?:faithfully|sincerely|truly)\b.*|Signed\b(?: (?:by|for|on behalf)\b.{0,80}|[: ._]*)"
    r"|For and on behalf of\b.*|(?:Kind|With kind|Best) (?:regards|wishes)\b.*|The Official Seal\b.*"
    r"|\[?Signature\b.{0,40})",
    re.S,
)
_EXPLAINS = re.compile(
    r"(?:The )?Explanatory (?:notes?|memorandum)[.:]?|\(?This (?:note|memorandum) is not part of .{0,80}", re.I
)
_ANNEX_HEADING = re.compile(
    r"(?:The )?(?P<noun>ANNEX|Annex|SCHEDULE|Schedule|APPENDIX|Appendix|ATTACHMENT|Attachment)(?:ES|es|s)?"
    r"(?: (?P<label>[A-Z]{1,2}\d{0,2}|\d{1,2}))?\b(?P<title>(?: ?[:.–—(-].{0,160}| (?:to|of) this .{0,60})?)"
)


def parts(clauses: Sequence[Clause], orders: Callable[[Clause], bool]) -> tuple[range, ...]:
    """The stretches of a letter's clauses that direct, each up to the signature or the annexes.

    `orders` tells whether a clause reads as an instruction: where none directs in terms, the first that does begins.
    """
    found: list[range] = []
    at = 0
    while True:
        start = next((n for n in range(at, len(clauses)) if DIRECTS.search(whole(clauses[n]))), None)
        if start is None and not found:
            # A sentence before the first that is read may be an order that is not: it is none that is passed over.
            start = next((n for n, each in enumerate(clauses) if orders(each) or announces(words(each))), None)
            if start is not None and not any(orders(each) for each in clauses[start:]):
                start = None
        if start is None:
            return tuple(found)
        heading = next((n for n in range(start - 1, at - 1, -1) if HEADING.fullmatch(clauses[n].text)), start)
        if not any(orders(each) or surely_orders(whole(each)) for each in clauses[heading + 1 : start]):
            heading = start
        at = next((n for n in range(start + 1, len(clauses)) if closes(clauses[n])), len(clauses))
        end = at
        while end > start + 1 and _is_signature(clauses[end - 1]):
            end -= 1
        found.append(range(heading, end))


def closes(clause: Clause) -> bool:
    """Whether a clause ends what directs: a signature, the heading of an annex or of a note, a line of their list."""
    text = words(clause)
    return (_SIGNED.fullmatch(text) or _EXPLAINS.fullmatch(text)) is not None or annex_heading(clause) is not None


def annex_heading(clause: Clause) -> tuple[str, str | None] | None:
    """What an annex's heading or its line in the list calls it: ("annex", "A"); null where it is none."""
    text = words(clause)
    if clause.label is not None or clause.children or clause.quotes or surely_orders(text):
        return None
    if listed := ANNEX.fullmatch(text):
        return "annex", listed["label"]
    found = _ANNEX_HEADING.fullmatch(text)
    if found is None or (found["title"] and text.endswith(".")):
        return None
    return found["noun"].lower(), found["label"]


def annexed(clauses: Sequence[Clause], lead: str, taken: Sequence[range]) -> tuple[str, range] | None:
    """The annex to which a lead-in leaves the changes, by its name, and its clauses (none: it is not in the letter).

    Null where the lead-in names none. `taken` are the stretches that direct themselves.
    """
    named = ELSEWHERE.search(lead)
    if named is None:
        return None
    noun, label = named["noun"], named["label"]
    name = f"{noun} {label}" if label else f"the {noun}"
    for n, clause in enumerate(clauses):
        heading = annex_heading(clause)
        if heading is None or any(n in part for part in taken):
            continue
        if heading[0] == noun.lower() and label in (None, heading[1]):
            end = next((m for m in range(n + 1, len(clauses)) if closes(clauses[m])), len(clauses))
            if end > n + 1:
                return name, range(n + 1, end)
    return name, range(0)


def _is_signature(clause: Clause) -> bool:
    text = words(clause)
    return (
        clause.label is None
        and not clause.children
        and len(text) < 160
        and not text.endswith((".", ":", ";", "—"))
        and not may_order(clause, text)
        and not is_row(text)
        and not clause.quotes
    )


def whole(clause: Clause) -> str:
    """A clause's words and those of all that hangs on it."""
    return words(clause) + " " + " ".join(words(each) for each in walk(clause.children))
