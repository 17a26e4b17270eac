"""How a letter is set out: head, operative part with its items under lead-ins, savings, foot, and annex list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import msgspec

from secdefs.change.edits import KEY
from secdefs.change.operations import (
    IncorporateDocument,
    InsertProvision,
    OmitProvision,
    Operation,
    ReincorporateDocument,
    Rename,
    SubstituteProvision,
)
from secdefs.commencement import written
from secdefs.draft.particulars import Particulars
from secdefs.draft.phrases import Home, Style, said
from secdefs.draft.records import Amendment
from secdefs.model import Code, DefinitionRef, DocumentRef
from secdefs.said import quoted, unit

Key = tuple[str, str]


_DEFINED = re.compile("“[^“”]+” |[^“]")
"""A definition or provision set out without marks around it: its own words end it, and no stop of the letter's."""


class Item(NamedTuple):
    """An item of the letter: its words without a stop, what it sets out, the items under it, and of which records."""

    words: str
    block: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    keys: tuple[Key, ...] = ()


class Letter(NamedTuple):
    """A letter, and the records of which each of its lines speaks."""

    text: str
    keys: dict[int, tuple[Key, ...]]


def letter(
    before: Code,
    after: Code,
    made: Sequence[Amendment],
    particulars: Particulars,
    style: Style,
    name: str | None,
) -> Letter:
    """The letter that orders these amendments; `name` is what it calls the code, null to leave the code unnamed."""
    return _Setting(before, after, particulars, style, name).letter(made)


class _Setting:
    def __init__(self, before: Code, after: Code, particulars: Particulars, style: Style, name: str | None) -> None:
        self.before, self.after, self.particulars, self.style, self.name = before, after, particulars, style, name
        self.section = before.definitions.section if before.definitions else None
        self.lines: list[str] = []
        self.keys: dict[int, tuple[Key, ...]] = {}
        self.annexes: list[str] = []

    def letter(self, made: Sequence[Amendment]) -> Letter:
        made = [self._with_annex(each) for each in made]
        particulars = self.particulars
        for line in particulars.issuer:
            self.lines.append(line)
        if particulars.issuer:
            self.lines.append("")
        if particulars.addressees:
            self._paragraph(f"To: {particulars.addressees}")
        if particulars.made:
            self._paragraph(written(particulars.made))
        if particulars.title:
            self._paragraph(particulars.title.upper())
        self._paragraph("Direction")
        if self.name is not None and self.name != self.before.title:
            self._paragraph(f"In this direction {quoted(self.name)} means the {self.before.title}.")
        if self.section is not None:
            heading = (
                f" ({self.before.definitions.heading})"
                if self.before.definitions and self.before.definitions.heading
                else ""
            )
            of = f" of the {self.name}" if self.name else ""
            self._paragraph(
                f"Words and expressions used in this direction shall be interpreted in accordance with Section "
                f"{self.section}{heading}{of}."
            )
        for day, group in groupby(sorted(made, key=lambda each: each.day), key=lambda each: each.day):
            self._paragraph(self._directs(written(day)))
            self._items(self._arranged(list(group)), 0)
        for saving in particulars.savings:
            self._paragraph(saving)
        if particulars.signatory:
            self._paragraph("Yours faithfully,")
            self.lines += [*particulars.signatory, ""]
        if any(each.list == "definitions" for each in made):
            self._annex(
                f"Section {self.section}",
                self._heading(),
                self.after.definitions.version if self.after.definitions else None,
            )
        if self.annexes:
            self._paragraph("Annexes")
            for line in self.annexes:
                self._paragraph(line)
        return Letter("\n".join(self.lines).rstrip("\n") + "\n", self.keys)

    def _heading(self) -> str:
        return (self.before.definitions.heading if self.before.definitions else None) or "Definitions"

    def _paragraph(self, text: str) -> None:
        self.lines += [text, ""]

    def _directs(self, day: str) -> str:
        particulars = self.particulars
        powers = " and ".join(
            (", ".join(particulars.powers[:-1]), particulars.powers[-1])
            if len(particulars.powers) > 1
            else particulars.powers
        )
        if particulars.authority is None:
            under = f"Pursuant to {powers}, it is directed that, with" if powers else "It is directed that, with"
            return f"{under} effect from {day}:"
        authority = particulars.authority
        if powers:
            return f"Pursuant to {powers}, {authority} directs that, with effect from {day}:"
        return f"{authority[:1].upper()}{authority[1:]} directs that, with effect from {day}:"

    # --- annexes ------------------------------------------------------------------------------------------------------

    def _with_annex(self, each: Amendment) -> Amendment:
        """The amendment with the annex, listed from now on, in which a document's form is set out."""
        operations = []
        for operation in each.operations:
            match operation:
                case IncorporateDocument(target=DocumentRef(place=place), title=title, version=version):
                    annex = self._annex(place, title, version)
                    operation = msgspec.structs.replace(operation, annex=annex)
                case ReincorporateDocument(target=DocumentRef(place=place), title=str(title), version=version):
                    annex = self._annex(place, title, version)
                    operation = msgspec.structs.replace(operation, annex=annex)
            operations.append(operation)
        return msgspec.structs.replace(each, operations=tuple(operations))

    def _annex(self, place: str, title: str, version: str | None) -> str:
        number = len(self.annexes)
        label = chr(65 + number) if number < 26 else chr(64 + number // 26) + chr(65 + number % 26)
        self.annexes.append(f"Annex {label}: {place} – {title}{f' v{version}' if version else ''}")
        return label

    # --- items --------------------------------------------------------------------------------------------------------

    def _arranged(self, made: Sequence[Amendment]) -> tuple[Item, ...]:
        """The items of one day: in the statute's style those of the Section of definitions under one lead-in."""
        home = Home(self.name, self.section)
        result: list[Item] = []
        for section, group in groupby(made, key=lambda each: each.list == "definitions"):
            several = list(group)
            if self.style == "direction" or not section or sum(len(each.operations) for each in several) == 1:
                result += self._each(several, home)
                continue
            inner = Home(self.name, None)
            result.append(
                Item(
                    f"Section {self.section}{home.of_code} is amended as follows—",
                    (),
                    tuple(self._each(several, inner)),
                )
            )
        return tuple(result)

    def _each(self, made: Sequence[Amendment], home: Home) -> Iterator[Item]:
        going: list[Amendment] = []
        for each in (*made, None):
            if each is not None and _leaves(each):
                going.append(each)
                continue
            if going:
                yield self._leaving(going, home)
                going = []
            if each is not None:
                yield from self._amended(each, home)

    def _leaving(self, going: list[Amendment], home: Home) -> Item:
        """Several definitions that are omitted, in one sentence."""
        terms = [quoted(each.key) for each in going]
        listed = terms[0] if len(terms) == 1 else f"{', '.join(terms[:-1])} and {terms[-1]}"
        what = f"the definition{'s' if len(terms) > 1 else ''} of {listed}{home.in_section}"
        words = f"{what} shall be deleted" if self.style == "direction" else f"omit {what}"
        return Item(words, keys=tuple((each.list, each.key) for each in going))

    def _amended(self, each: Amendment, home: Home) -> Iterator[Item]:
        keys = _keys(each)
        inside = [operation for operation in each.operations if _is_inside(operation, each.list)]
        if len(inside) > 1:
            inner = home._replace(record=True)
            items = tuple(Item(*said(operation, self.style, inner), keys=keys) for operation in inside)
            yield Item(self._lead(each, home), (), items, keys)
        for operation in each.operations:
            if len(inside) == 1 or operation not in inside:
                yield Item(*said(operation, self.style, home), keys=keys)

    def _lead(self, each: Amendment, home: Home) -> str:
        if each.list == "sections":
            return f"{unit(each.key)}{home.of_code} is amended as follows{':' if self.style == 'direction' else '—'}"
        term = f"in the definition of {quoted(each.key)}"
        if self.style == "statute":
            return f"{term}{home.in_section}—"
        return f"{home.in_section.strip()}, {term}:"

    # --- lines --------------------------------------------------------------------------------------------------------

    def _items(self, items: Sequence[Item], depth: int, final: str = ".") -> None:
        """Statutes number sentences, each with its own stop, and letter what stands under them; directions list."""
        sentences = self.style == "statute" and depth < 2
        for number, item in enumerate(items):
            stop = final if sentences or number == len(items) - 1 else ";"
            words = item.words[:1].upper() + item.words[1:] if sentences else item.words
            self.keys[len(self.lines) + 1] = item.keys
            label = _label(self.style, depth, number, len(items))
            # A full stop behind the name of the code would be taken for a part of it.
            closed = item.items or item.block or (self.name is not None and words.endswith(self.name))
            self._paragraph(f"{'  ' * depth}{label} {words}{'' if closed else stop}")
            if item.items:
                self._items(item.items, depth + 1, stop)
            for index, block in enumerate(item.block):
                closes = index == len(item.block) - 1 and not _DEFINED.match(block)
                self._block(block + (stop if closes else ""), "  " * depth + "    ")

    def _block(self, text: str, indent: str) -> None:
        """The lines set out; one that might be taken for the end of the line before it stands further off."""
        for number, line in enumerate(text.split("\n")):
            if number and re.match(r"\s*[^\s(•–]", line):
                self.lines.append("")
            self._paragraph(indent + line if line else line)


def _keys(each: Amendment) -> tuple[Key, ...]:
    """The records that an amendment is about: several, where it inserts several."""
    keys = {(each.list, each.key): None}
    for operation in each.operations:
        if isinstance(operation, InsertProvision) and not _is_inside(operation, each.list):
            keys |= {(each.list, str(getattr(record, KEY[type(record)]))): None for record in operation.new}
    return tuple(keys)


def _is_inside(operation: Operation, name: str) -> bool:
    """Whether an operation is on something in the text of a record, and not on the record itself."""
    if name not in ("definitions", "sections") or operation.target.part != "text":
        return False
    match operation:
        case SubstituteProvision(target=target) | OmitProvision(target=target) | Rename(target=target):
            return bool(getattr(target, "path", ()))
        case InsertProvision(at=spot):
            return bool(getattr(spot.ref, "path", ()))
    return True


def _leaves(each: Amendment) -> bool:
    match each.operations:
        case (OmitProvision(target=DefinitionRef(path=())),):
            return True
    return False


def _label(style: Style, depth: int, number: int, count: int) -> str:
    if depth == 0:
        return f"{_roman(number + 1)})" if style == "direction" and count < 40 else f"{number + 1}."
    if depth == 1 and style == "statute":
        return f"({number + 1})"
    letter = chr(97 + number % 26)
    return f"({letter * (number // 26 + 1)})"


def _roman(number: int) -> str:
    tens, ones = divmod(number, 10)
    return "x" * tens + ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")[ones]
