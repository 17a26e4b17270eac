"""What each character of a letter is for, where a stretch of it stands, and what was found wrong with it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Literal, TypeAlias

from secdefs.findings import Finding, Refused, Source, finding
from secdefs.outline import Clause
from secdefs.sentence.lexer import QUOTE
from secdefs.sentence.parse import Coverage

Use: TypeAlias = Literal["operation", "context", "not_understood"]
"""What a stretch of a letter is for."""

_USES: tuple[Use, ...] = ("not_understood", "operation", "context")
_OF_ONE_USE = re.compile(rb"(.)\1*", re.S)


class Sheet:
    """The text of a letter as it is read: the use of each of its characters, and the findings so far.

    `pages` are the offsets at which its pages begin. What nothing was said of is not understood.
    """

    def __init__(self, text: str, file: str | None, pages: Sequence[int] = ()) -> None:
        self.text = text
        self.file = file
        self.pages = pages
        self.findings: list[Finding] = []
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self._uses = bytearray(len(text))

    def mark(self, start: int, end: int, use: Use) -> None:
        """Say what a stretch is for."""
        self._uses[start:end] = bytes([_USES.index(use)]) * (end - start)

    def line(self, offset: int) -> int:
        """The number of an offset's line, from 1."""
        return bisect_right(self._starts, offset)

    def place(self, start: int, end: int, label: str | None = None) -> Source:
        """The source of a stretch of the text; `label` is that of its item."""
        line = self.line(start)
        page = bisect_right(self.pages, start) or None
        return Source(self.file, page, label, line, start - self._starts[line - 1] + 1, start, end)

    def source(self, clause: Clause, start: int, end: int, label: str | None = None) -> Source:
        """The place in the letter of a stretch of a clause's text."""
        offsets = clause.offsets
        first = offsets[min(start, len(offsets) - 1)]
        last = offsets[min(end, len(offsets) - 1)]
        if 0 < end <= len(clause.text) and clause.text[end - 1] == QUOTE:
            last = max(last, clause.quotes[clause.text.count(QUOTE, 0, end - 1)].end)
        return self.place(first, max(last, first), label)

    def refuse(self, refused: Refused, clause: Clause | None = None, label: str | None = None) -> None:
        """Put down what was refused, of a whole clause where one is given."""
        self.refuse_part(refused, 0, len(clause.text) if clause else 0, clause, label)

    def refuse_part(
        self, refused: Refused, start: int, end: int, clause: Clause | None = None, label: str | None = None
    ) -> None:
        """Put down what was refused of a stretch of a clause's text."""
        source = self.source(clause, start, end, label) if clause else None
        self.findings.append(finding(refused.code, refused.message, hint=refused.hint, source=source))

    def refuse_place(self, refused: Refused, source: Source) -> None:
        """Put down what was refused of a place in the letter."""
        self.findings.append(finding(refused.code, refused.message, hint=refused.hint, source=source))

    def coverage(self) -> Coverage:
        """How many characters that are not blank are what."""
        counts = dict.fromkeys(_USES, 0)
        runs: list[tuple[str, int, int]] = []
        for found in _OF_ONE_USE.finditer(self._uses):
            words = self.text[found.start() : found.end()]
            count = sum(map(len, words.split()))
            if not count:
                continue
            use = _USES[found[1][0]]
            counts[use] += count
            start, end = found.end() - len(words.lstrip()), found.start() + len(words.rstrip())
            if runs and runs[-1][0] == use:
                runs[-1] = (use, runs[-1][1], end)
            else:
                runs.append((use, start, end))
        return Coverage(characters=sum(counts.values()), spans=tuple(runs), **counts)
