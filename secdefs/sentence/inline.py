"""Which items a sentence holds in its own line: "In section 5— (a) omit “one”; and (b) for “two” substitute “three”."

Each item has a quotation of its own: labels without one are places ("in each of the following: (a), (b)").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from secdefs.outline import QUOTE, Clause

_FIRST = re.compile(r"[—–:] ?\((a|i|1|A)\) ")
_ROMAN = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv".split()
_JOINTS = (r";(?: (?:and|or))? ?", r",(?: (?:and|or))? ?")
"""What stands before a label: a semicolon is tried first, for places are listed with commas."""


def items(sentence: Clause) -> tuple[Clause, tuple[Clause, ...]] | None:
    """The lead-in of a sentence and the items that stand in its line; None where it has no such list."""
    text = sentence.text
    opened = _FIRST.search(text)
    if opened is None or not text[: opened.start()].strip():
        return None
    starts = [opened.start(1) - 1]
    ends: list[int] = []
    for label in _labels(opened[1]):
        tried = (re.compile(rf"{joint}\({label}\) ").search(text, starts[-1]) for joint in _JOINTS)
        found = next((each for each in tried if each is not None), None)
        if found is None:
            break
        ends.append(found.start())
        starts.append(found.start() + found.group().index("("))
    ends.append(len(text))
    cut = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    if len(cut) < 2 or not all(QUOTE in each for each in cut):
        return None
    lead = _part(sentence, 0, opened.start() + 1, None)
    made = [
        _part(sentence, start + each.index(")") + 2, end, each[: each.index(")") + 1])
        for start, end, each in zip(starts, ends, cut, strict=True)
    ]
    made[-1] = msgspec.structs.replace(made[-1], block=sentence.block, children=sentence.children, end=sentence.end)
    return lead, tuple(made)


def _labels(first: str) -> Iterator[str]:
    """The labels that follow the first of a list."""
    if first == "i":
        yield from _ROMAN[1:]
    elif first == "1":
        yield from map(str, range(2, 100))
    else:
        yield from (chr(code) for code in range(ord(first) + 1, ord(first) + 26))


def _part(sentence: Clause, start: int, end: int, label: str | None) -> Clause:
    """The words of a sentence from one offset of its text to another."""
    words = sentence.text[start:end].rstrip()
    before, held = sentence.text.count(QUOTE, 0, start), words.count(QUOTE)
    quotes = sentence.quotes[before : before + held]
    final = start + len(words) - 1
    finish = quotes[-1].end if words.endswith(QUOTE) else sentence.offsets[final] + 1
    offsets = (*sentence.offsets[start : start + len(words)], finish)
    return Clause(label, words, quotes, offsets, (), (), offsets[0], finish)
