"""What an edit may have left behind at its seams: marks that do not go together, a word twice, an empty bracket."""

from __future__ import annotations

import re
from collections.abc import Callable

from secdefs.change.text import LABEL, abbreviated, lines

_STRONGER = ",:;."
"""Closing marks, each stronger than those before it."""

_MODAL = r"(?:shall|must|may|will|should|would|might|cannot)(?: not)?"
# After these a comma behind "shall" opens an insertion, which has a comma of its own to close it.
_ASIDE = (
    r"if|where|when|unless|until|subject|in|on|at|by|for|to|after|before|as|with|without|except|save|upon|during|from"
    r"|no|not|only|within|so|having|being|once|whether|or|and|but|under|pursuant|notwithstanding|where|provided|each"
    r"|the|a|an|this|that|such|any|all|to|\w+ly|\w+ing"
)


def _stronger(match: re.Match[str]) -> str:
    return max(match["one"], match["two"], key=_STRONGER.index)


_LAST = re.compile(r"\s*\Z")
_WORDS = re.compile(r"\S[^\n]*")

_FAULTS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str], str], ...] = (
    (re.compile(r"[^\S\n]*\([^\S\n]*\)"), "", "an empty bracket"),
    (re.compile(r"[^\S\n]*(?:“[^\S\n]*”|‘[^\S\n]*’)"), "", "an empty quotation"),
    (re.compile(r"(?<!\.)(?P<one>[,;:.])[^\S\n]*(?P<two>[,;:.])(?![.\d])"), _stronger, "two marks where one belongs"),
    (re.compile(r"(?<=\S)[^\S\n]+(?=[,;:)\]]|\.(?!\d))"), "", "a space before a mark"),
    (re.compile(r"(?<=[(\[])[^\S\n]+"), "", "a space after a bracket"),
    (re.compile(r"(?<=[(“‘])[,;:.]\s*"), "", "a mark after a bracket or quotation mark"),
    (re.compile(r"\b(?!(?:that|had)\b)([^\W\d_]{2,})\s+\1\b", re.IGNORECASE), r"\1", "a word twice"),
    (re.compile(r"(?<=\d)[^\S\n]+(?=[A-Z](?!\w|[.’'&/-]))"), "", "a letter apart from its number"),
    (re.compile(r"\b(?P<a>and|or)\s+(?!(?P=a)\b)(?P<b>and|or)\b"), r"\g<a>", "two conjunctions together"),
    (re.compile(r",?[^\S\n]+(and|or)\.(?=\s|$)"), r"; \1", "a conjunction before a full stop"),
    (re.compile(rf"(?<=\s)({_MODAL}),(?=\s+(?!(?:{_ASIDE})\b)[a-z])"), r"\1", "a stray comma"),
)


def stray(text: str, start: int, end: int) -> str | None:
    """What looks wrong at the seams of an edited text, with the words as they would be right; None if nothing does.

    `start` and `end` are where the new words stand in the text as edited (equal after an omission). A text that now
    ends in a comma, and a paragraph of which nothing but its label is left, are named too.
    """
    said: list[str] = []
    result, low, high = text, *_around(text, start, end)
    piece = result[low:high]
    seams = (start - low, end - low)
    for pattern, right, what in _FAULTS:
        found = [fault for fault in pattern.finditer(piece) if _at_seam(fault, seams) and not _sound(piece, fault)]
        for fault in reversed(found):
            mended = right(fault) if callable(right) else fault.expand(right)
            piece = piece[: fault.start()] + mended + piece[fault.end() :]
            seams = (min(seams[0], len(piece)), max(0, seams[1] - len(fault[0]) + len(mended)))
            if what not in said:
                said.append(what)
    if _LAST.match(text, end) and text.rstrip().endswith(","):
        said.append("a comma at the end of the text")
        piece = piece.rstrip().rstrip(",") + "."
    if _is_hollow(text, start):
        said.append("a label without words")
    if not said:
        return None
    was = " ".join(text[low:high].split())
    now = " ".join(piece.split())
    return f"{', '.join(said)} in “{was}”" + (f"; it would read “{now}”" if was != now else "")


def _is_hollow(text: str, start: int) -> bool:
    """Whether the line of an offset, or the one that ends before it, has a label and no words, and nothing under it."""
    # Only these lines and the one after them are looked at, for a long text may be edited in a thousand places.
    low, high = text.rfind("\n", 0, max(start - 1, 0)) + 1, text.find("\n", start)
    if not any(LABEL.fullmatch(row.strip()) for row in text[low : high if high >= 0 else None].split("\n")):
        return False
    after = _WORDS.search(text, high) if high >= 0 else None
    rows = lines(text[low : after.end()] if after else text[low:])
    for number, row in enumerate(rows):
        if row.label is not None and row.body == row.end and row.start <= start - low <= row.end + 1:
            below = next((each for each in rows[number + 1 :] if not each.blank), None)
            if below is None or below.depth <= row.depth:
                return True
    return False


def _around(text: str, start: int, end: int) -> tuple[int, int]:
    """The line or lines of the edit, cut to some words on either side where they are long."""
    low, high = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    high = len(text) if high < 0 else high
    low, high = max(low, start - 60), min(high, end + 60)
    while low and low < start and not text[low - 1].isspace():
        low += 1
    while high < len(text) and high > end and not text[high].isspace():
        high -= 1
    return low, high


def _at_seam(fault: re.Match[str], seams: tuple[int, int]) -> bool:
    return any(
        fault.start() <= seam <= fault.end() + (1 if fault[0].isspace() or fault[0][-1] == "," else 0) for seam in seams
    )


def _sound(piece: str, fault: re.Match[str]) -> bool:
    # "8 a.m., or" has two marks by right.
    groups = fault.groupdict()
    return groups.get("one") == "." and groups.get("two") != "." and abbreviated(piece, fault.start())
