"""The clauses by which a letter says when it takes effect, all of it or some of its items."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence

import msgspec

from secdefs.commencement import Commencement, commencement
from secdefs.findings import Refused
from secdefs.letter import kinds
from secdefs.letter.sheet import Sheet
from secdefs.outline import Clause
from secdefs.sentence.parse import Instruction

# A commencement clause is one sentence: words after its stop that the outline left with it are no part of it.
_GOES_ON = re.compile(r"[.;] +[A-Z]")


class Commencing:
    """What a letter's clauses of commencement say: `whole` is that of the letter, null where it has no such clause.

    `made` is the date of the letter, `named` the days that it gives a name.
    """

    def __init__(self, sheet: Sheet, made: dt.date | None, named: Mapping[str, dt.date]) -> None:
        self.sheet = sheet
        self.made = made
        self.named = named
        self.whole: Commencement = None
        self._partly: list[tuple[str, Commencement, Clause]] = []

    def is_clause(self, sentence: Clause, text: str, label: str | None) -> bool:
        """Whether a sentence is a clause of commencement, which is kept then."""
        return self.is_of_the_whole(sentence, text, label) or self._is_of_some_items(sentence, text)

    def is_of_the_whole(self, sentence: Clause, text: str, label: str | None) -> bool:
        """Whether a sentence says when the whole letter takes effect, which is kept then."""
        found = kinds.COMMENCES.match(text)
        if found is None or sentence.quotes or _GOES_ON.search(text):
            return False
        try:
            day = commencement(found["verb"], self.made, self.named)
            if self.whole not in (None, day):
                raise Refused("SD103", "the letter states two commencements for the whole of it", "keep one")
            self.whole = day
        except Refused as refused:
            self.sheet.refuse(refused, sentence, label)
        self.sheet.mark(sentence.start, sentence.end, "operation")
        return True

    def _is_of_some_items(self, sentence: Clause, text: str) -> bool:
        parts = kinds.partly(text)
        if not parts or sentence.quotes or _GOES_ON.search(text):
            return False
        for labels, when in parts:
            try:
                self._partly.append((labels, commencement(when, self.made, self.named), sentence))
            except Refused as refused:
                self.sheet.refuse(refused, sentence)
        self.sheet.mark(sentence.start, sentence.end, "operation")
        return True

    def dated(self, instructions: Sequence[Instruction]) -> list[Instruction]:
        """The instructions, those without a day of their own with the day that the letter gives their item, or all."""
        result = list(instructions)
        stated: dict[str, Commencement] = {}
        for labels, day, sentence in self._partly:
            named = kinds.items_named(labels, [each.source.item or "" for each in result])
            if not named:
                refused = Refused("SD101", f"“{labels}” names no item of this letter", "name the items as they stand")
                self.sheet.refuse(refused, sentence)
            for number in named:
                each = result[number]
                if stated.setdefault(each.id, each.commencement or day) != day:
                    refused = Refused("SD103", "the letter states two commencements for one item", "keep one")
                    self.sheet.refuse(refused, sentence)
        for number, each in enumerate(result):
            if each.commencement is None:
                day = stated.get(each.id, self.whole)
                result[number] = msgspec.structs.replace(each, commencement=day)
        return result
