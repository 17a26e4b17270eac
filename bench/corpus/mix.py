"""Instructions in the mix in which statutes have them, and a code of definitions on which every one of them bites."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import NamedTuple

from secdefs.model import Code, Definition, Definitions

BEGAN = dt.date(2020, 1, 1)

FORMS = (
    (6690, "for “{word}” substitute “{new}”"),
    (5142, "after paragraph ({label}) insert—\n“({label}a) which the Panel has {new};”"),
    (3131, "after “{word}” insert “{new}”"),
    (1635, "for paragraph ({label}) substitute—\n“({label}) which the Panel has {new};”"),
    (1493, "omit paragraph ({label})"),
    (1473, "omit “{word}”"),
    (634, "for “{word}” there were substituted “{new}”"),
    (277, "before paragraph ({label}) insert—\n“({label}z) which the Panel has {new};”"),
    (244, "at the end insert “and {new}”"),
    (230, "after the definition of “{term}” insert—\n““{term} {new}” means a thing that is {new};”"),
    (143, "for the words from “{word}” to the end of paragraph ({label}) substitute “{new}”"),
    (141, "omit the words from “{word}” to “{next}”"),
    (111, "at the end of paragraph ({label}) insert “and {new}”"),
    (56, "for “{word}” in each place it occurs substitute “{new}”"),
    (58, "before “{word}” insert “{new}”"),
    (53, "for “{word}” in the first place it occurs substitute “{new}”"),
)
"""How often each form occurred among 28,694 instructions, and the form in our own words. Together they are four fifths
of all; what is rarer than these has some thousand forms."""

PLACES = ((5, ""), (3, "in paragraph ({label}), "), (1, "in the opening words, "), (1, "in sub-paragraph ({label}), "))
TAILS = ((6, ";"), (2, "; and"), (1, ","), (1, "."))
LABELS = "abcdefgh"
_SYLLABLES = tuple(
    row.split(" ")
    for row in (
        " kra sto fle gri plu dro bli swa tre",
        "ba de fi go lu mar nes pil ros tun",
        "ka len mi no sur tal vel wim zon dra",
        "che ri to ula pen sor kim bel gan hof",
        "ard est imp olt unk ash end ift orm ilk",
    )
)


class Item(NamedTuple):
    """An instruction: the lead-in above it, its words, and the lines that it sets out."""

    lead: str
    words: str
    block: tuple[str, ...]


def word(number: int) -> str:
    """A word for a number, another for each."""
    return "".join(row[int(digit)] for row, digit in zip(_SYLLABLES, f"{number:05}", strict=True))


def term(number: int) -> str:
    """The term of a definition."""
    return f"Term {word(number).title()}"


def code(size: int) -> Code:
    """A code of that many definitions, no two alike, each with a paragraph for each label and words to act on."""
    entries = tuple(
        Definition(
            term=term(number),
            text=f"means a thing of the kind {word(20_000 + number)} that a Party keeps, and:\n"
            + "\n".join(
                f"  ({label}) which is {' '.join(word(100 * place + n) for n in range(10))};"
                for place, label in enumerate(LABELS)
            ),
        )
        for number in range(size)
    )
    return Code(
        title="Widget Code",
        version="1",
        as_at=BEGAN,
        definitions=Definitions(section="A", version="1", order="none", entries=entries),
    )


def _drawn(chance: random.Random, table: tuple[tuple[int, str], ...]) -> str:
    return chance.choices([text for _, text in table], [count for count, _ in table])[0]


def items(number: int, definitions: int, seed: int = 0) -> Iterator[Item]:
    """So many instructions, spread over so many definitions, each quoting other words; one seed, one list."""
    chance = random.Random(seed)
    followed: set[str] = set()
    for each in range(number):
        owner = term(each * 7 % definitions)
        round_ = each // definitions
        place = round_ % len(LABELS)
        form = _drawn(chance, FORMS)
        while "{term}” ins" in form and owner in followed:  # which of two comes first would not be said
            form = _drawn(chance, FORMS)
        if "{term}” ins" in form:
            followed.add(owner)
        where = _drawn(chance, PLACES) if "label" not in form and "term" not in form else ""
        if "opening" in where:
            where = ""
        first = 100 * place + 2 * (round_ // len(LABELS) % 5)
        filled = (where + form + _drawn(chance, TAILS)).format(
            word=word(first),
            next=word(first + 1),
            new=f"un{word(chance.randrange(10_000))}",
            label=LABELS[place],
            term=owner,
        )
        line, _, below = filled.partition("\n")
        lead = "In Section A—" if "{term}” ins" in form else f"In the definition of “{owner}”—"
        yield Item(lead, line, tuple(below.split("\n") if below else ()))


def letter(given: list[Item]) -> str:
    """A letter that directs these instructions, those on one definition under one lead-in."""
    groups: dict[str, list[Item]] = {}
    for item in given:
        groups.setdefault(item.lead, []).append(item)
    parts = ["1 March 2021", "DIRECTION TO CHANGE THE WIDGET CODE"]
    parts.append("The Authority directs that with effect from 1 April 2021 the Widget Code is amended as follows.")
    for lead, under in groups.items():
        parts.append(lead)
        for number, item in enumerate(under):
            words = item.words.rstrip(";.,").removesuffix("; and")
            parts.append(f"({_letter(number)}) {words}{'' if item.block else ';'}")
            parts += [f"        {line}" for line in item.block]
    parts += ["Ada Marram", "For the Authority"]
    return "\n\n".join(parts) + "\n"


def _letter(number: int) -> str:
    """The label of the item of that number: a to z, aa to zz."""
    last = chr(ord("a") + number % 26)
    return last if number < 26 else chr(ord("a") + number // 26 - 1) + last
