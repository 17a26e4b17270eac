"""Which of a Word document's paragraphs are numbered provisions beside the definitions, and what hangs on each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from lxml import etree

from secdefs.model import Provision
from secdefs.read.package import W
from secdefs.read.runs import SPACES, Stretch, cut, text
from secdefs.read.section import Unplaced, lines_of
from secdefs.read.word import Word

_NUMBER = re.compile(
    r"(?P<label>[A-Z]{1,3}\d{1,3}(?:\.\d{1,3}){0,3}[A-Z]?|\d{1,3}(?:\.\d{1,3}){1,3}[A-Z]?)\.?(?=\s|\Z)"
)
_WHOLE_NUMBER = re.compile(r"\d{1,3}\.?")
_STOPS = (".", ";", ":", ",")


class Placed(NamedTuple):
    """The provisions found, in order, and what is still no part of anything."""

    provisions: tuple[Provision, ...]
    other: list[Unplaced]


class _Found:
    """A provision being read: its label, and its paragraphs, the first without its label."""

    def __init__(self, label: str, first: tuple[etree._Element, tuple[Stretch, ...]], unplaced: Unplaced) -> None:
        self.label = label
        self.parts: list[tuple[etree._Element, tuple[Stretch, ...] | None]] = [first]
        self.held = [unplaced]


def provisions(word: Word, other: Sequence[Unplaced]) -> Placed:
    """The numbered provisions among what is no definition: "A2.1", with the paragraphs that hang on each.

    A number of one figure is one where others go on from it: "2" before "2.1". What stands above one in capitals or
    bold, or bears a number and no sentence ("A2 Interpretation"), is a heading.
    """
    begun = [_number(word, each.element) if not each.inside else None for each in other]
    labels = {each[0] for each in begun if each is not None}
    found: list[_Found] = []
    left: list[Unplaced] = []
    open_: _Found | None = None
    for each, number in zip(other, begun, strict=True):
        if number is not None and ("." in number[0] or number[0][0].isalpha() or _goes_on(number[0], labels)):
            open_ = _Found(number[0], (each.element, number[1]), each)
            found.append(open_)
        elif open_ is not None and not each.inside and not _heads(word, each):
            open_.parts.append((each.element, None))
            open_.held.append(each)
        else:
            open_ = None
            left.append(each)
    if len({each.label for each in found}) < len(found):
        return Placed((), list(other))  # two of one number: which is meant cannot be told
    return Placed(tuple(_provision(word, each) for each in found), left)


def _number(word: Word, paragraph: etree._Element) -> tuple[str, tuple[Stretch, ...]] | None:
    """The number that a paragraph bears, computed or typed, and its characters after it."""
    if paragraph.tag != f"{W}p" or word.styles.contents(paragraph):
        return None
    stretches = word.stretches(paragraph)
    computed = word.labels.get(paragraph)
    if computed is not None:
        found = _NUMBER.fullmatch(computed.text) or _WHOLE_NUMBER.fullmatch(computed.text)
        return (computed.text.rstrip("."), stretches) if found else None
    words = text(stretches)
    start = len(words) - len(words.lstrip(SPACES))
    typed = _NUMBER.match(words, start)
    return (typed["label"], cut(stretches, typed.end(), len(words))) if typed else None


def _goes_on(label: str, labels: Iterable[str]) -> bool:
    return any(each.startswith(f"{label}.") for each in labels)


def _heads(word: Word, each: Unplaced) -> bool:
    """Whether a paragraph is the heading of what comes after it."""
    return each.element.tag == f"{W}p" and (
        word.styles.heading(each.element) or (each.words.isupper() and word.labels.get(each.element) is None)
    )


def _provision(word: Word, found: _Found) -> Provision:
    lines, _ = lines_of(word, found.parts)
    whole = "\n".join(each.text for each in lines)
    alone = "\n" not in whole and whole and not whole.endswith(_STOPS) and len(whole) < 100
    if alone and "." not in found.label:
        return Provision(label=found.label, heading=whole, text="")
    return Provision(label=found.label, text=whole)
