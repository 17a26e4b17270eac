"""What a rule looks at, and what it may say of it: a code before and after letters, and the places in both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from secdefs.change.edits import KEY, Consolidation, Marked, accepted
from secdefs.findings import Source
from secdefs.letter.instrument import Instrument
from secdefs.model import Code, Definition, Record
from secdefs.plan import Plan
from secdefs.sentence.parse import Instruction


class Found(NamedTuple):
    """What a rule found: what is wrong, what would settle it, and where: in a letter, or in a record of the code."""

    message: str
    hint: str | None = None
    source: Source | None = None
    record: tuple[str, str] | None = None
    """The list and key of the record concerned."""
    words: str | None = None
    """The words of the record concerned."""
    grave: bool = True
    """Whether the rule's own severity applies: what cannot be certain here is but a note."""


class Matter:
    """A code, the letters on it, and the code as the letters leave it (as given, where they cannot be carried out)."""

    def __init__(self, code: Code, letters: tuple[Instrument, ...], plan: Plan | None) -> None:
        self.before = code
        self.letters = letters
        self.plan = plan
        self.after = plan.after() if plan is not None and plan.ok else code

    @cached_property
    def marked(self) -> Consolidation:
        """The code with the marks of what the letters change."""
        if self.plan is not None and self.plan.ok:
            return self.plan.consolidation
        return Consolidation(self.before)

    @cached_property
    def instructions(self) -> dict[str, Instruction]:
        """The instructions carried out, by their ids."""
        if self.plan is None or not self.plan.ok:
            return {}
        return {each.id: each for each in self.plan.applied}

    def letter_of(self, ident: str | None) -> Instrument | None:
        """The letter that holds an instruction."""
        return next((each for each in self.letters if any(one.id == ident for one in each.instructions)), None)

    def touched(self) -> Iterator[tuple[str, Marked]]:
        """The standing records that the letters change, each with its list."""
        for name, marks in self.marked.lists.items():
            for mark in marks:
                if mark.gone is None and name != "code" and mark.touched():
                    yield name, mark

    def last_on(self, name: str, key: str) -> Instruction | None:
        """The last instruction that changed a record, or put it there."""
        mark = self.marked.get(name, key) if name in self.marked else None
        if mark is None:
            return None
        hands = {mark.by} | {hand for field in mark.fields.values() for each in field for hand in (each.by, each.gone)}
        return next((each for each in reversed([*self.instructions.values()]) if each.id in hands), None)

    def new_texts(self) -> Iterator[tuple[str, Marked, str, str]]:
        """The words that letters put in: list, record, the words of one piece, and the id of the instruction."""
        for name, mark in self.touched():
            for part, field in mark.fields.items():
                if part in ("text", "title", "heading"):
                    for piece in field:
                        if piece.by is not None and piece.gone is None and piece.text.strip():
                            yield name, mark, piece.text, piece.by


def within(letter: Instrument, start: int, end: int) -> Source:
    """The place in a letter of a stretch of its text."""
    line = letter.text.count("\n", 0, start) + 1
    column = start - letter.text.rfind("\n", 0, start)
    return Source(letter.file, None, None, line, column, start, end)


def records(code: Code) -> Iterator[tuple[str, Record]]:
    """Every record of a code with the name of its list."""
    consolidation = Consolidation(code)
    for name, marks in consolidation.lists.items():
        if name != "code":
            for mark in marks:
                yield name, mark.record()


def key(record: Record) -> str:
    """The field by which a record is known."""
    return str(getattr(record, KEY[type(record)]))


def texts(code: Code) -> Iterator[tuple[str, str, str]]:
    """The texts of the definitions and provisions: list, key and text."""
    for name, record in records(code):
        text = getattr(record, "text", None)
        if text is not None:
            yield name, key(record), text


def called(name: str, of: str) -> str:
    """A record as a message speaks of it."""
    return f"the definition of “{of}”" if name == "definitions" else f"Section {of}" if name == "sections" else of


def names(term: str) -> tuple[str, ...]:
    """What a term may be called: "Home Area Network (or HAN)" is also "HAN", "the Authority" also "Authority"."""
    base = re.sub(r"^the ", "", term)
    found = re.fullmatch(r"(?P<name>.+?) \((?:or |the )?[“\"]?(?P<other>[^()“”\"]+)[”\"]?\)", base)
    return (found["name"], found["other"]) if found else (base,)


def uses(text: str, name: str) -> bool:
    """Whether a text uses a name, in the singular or plural, or in the genitive."""
    stem = re.escape(name)
    if name.endswith("y"):
        stem = f"(?:{stem}|{re.escape(name[:-1])}ies)"
    return re.search(rf"(?<![\w-]){stem}(?:e?s)?(?![\w-])", text) is not None


def definitions(code: Code) -> tuple[Definition, ...]:
    """The definitions, none where the file has no such part."""
    return code.definitions.entries if code.definitions else ()


def standing(mark: Marked, part: str) -> str:
    """A field of a record as it stands."""
    return accepted(mark.fields[part]) if part in mark.fields else ""
