"""Sentences that differ only in what they quote and set out: one is read in full, the others are made like it.

A form is read with marks in the place of its quotations and of the text that it sets out. Where each mark comes out
whole in what was read, and in no record, nothing but its place depended on it; what is made of the form is then the
same with other words in those places. What can depend on words is kept out by `plain` and `kind_of`:

* an empty quotation is refused, and one that begins with a quotation mark may be a definition: `plain` takes neither;
* two that are the same name may be one place, or one operation, where two others are two: `plain` takes no such two;
* a text set out that begins with a quoted term is definitions and any other is paragraphs: the two are two forms;
* a text set out that begins with a point is no provision: `kind_of` takes none;
* a text set out that leaves something out (“…”) is refused: `kind_of` takes none with such a sign;
* whether paragraphs go on a list depends on their labels: what is put in at an end is of no form;
* that a quotation went nowhere is refused: a form has every mark in it;
* that a label went nowhere is refused unless it stands in some words: what passes with marks, which have no letters,
  passes with words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, Generic, TypeAlias, TypeVar

import msgspec

from secdefs.change.operations import InsertProvision
from secdefs.model import Definition, Document, Entry, Provision
from secdefs.sentence.newtext import DEFINED, definitions, paragraphs

Words: TypeAlias = Sequence[Any]
"""The quotations of a sentence in their order, and after them the lines that it sets out."""
Maker: TypeAlias = Callable[[Words], Any]

LIMIT = 4_096
"""How many forms are kept at most, for each of the two uses; the quarter known longest is then forgotten."""

_FIRST, _LAST = 0xE100, 0xE800
_MARK = re.compile("[\ue100-\ue8ff]")
_SET_OUT = {"paragraphs": ("\ue810",), "definitions": ("“\ue811” \ue812",)}
_READ = {"paragraphs": paragraphs(_SET_OUT["paragraphs"]), "definitions": definitions(_SET_OUT["definitions"])}
_POINTS = frozenset(";,.")
_LOST_MARK = re.compile('[^“”"]{1,120}”')
_NOT_PLAIN = re.compile('[“"‘\n]')

K = TypeVar("K")
V = TypeVar("V")


class NoForm(Exception):  # noqa: N818 - a sentence, and no fault
    """What is read of a sentence is not the same whatever it quotes."""


class Forms(Generic[K, V]):
    """The forms known, by their words: the first sentence of a form is noted, the second makes it."""

    def __init__(self, limit: int = LIMIT) -> None:
        self.limit = limit
        self.made = 0
        """How many forms were made so far, those forgotten since among them."""
        self._known: dict[K, V | None] = {}
        self._seen: dict[K, None] = {}

    def __len__(self) -> int:
        return len(self._known) + len(self._seen)

    def get(self, key: K) -> V | None:
        """The form of these words; None where none is known."""
        return self._known.get(key)

    def due(self, key: K) -> bool:
        """Whether the form is to be made now; the first time that it is asked, it is not."""
        if key in self._known:
            return False
        if key in self._seen:
            return True
        _make_room(self._seen, self.limit)
        self._seen[key] = None
        return False

    def put(self, key: K, form: V | None) -> None:
        """Keep a form, or that there is none."""
        _make_room(self._known, self.limit)
        self._seen.pop(key, None)
        self._known[key] = form
        self.made += form is not None

    def clear(self) -> None:
        """Forget all."""
        self._known.clear()
        self._seen.clear()


def _make_room(known: dict[K, Any], limit: int) -> None:
    if len(known) >= limit:
        for key in list(known)[: max(1, limit // 4)]:
            del known[key]


def marks(number: int) -> tuple[str, ...]:
    """What stands for so many quotations: no two are one, and none has a letter, a figure or a blank."""
    if number > _LAST - _FIRST:
        raise NoForm
    return tuple(f"{chr(_FIRST + each)};" for each in range(number))


def set_out_as(kind: str) -> tuple[str, ...]:
    """What stands for the lines that are set out; none for ""."""
    return _SET_OUT.get(kind, ())


def kind_of(block: Sequence[str]) -> str | None:
    """As what the lines set out are read: "definitions" or "paragraphs", "" where there are none; None is neither."""
    if not block:
        return ""
    if any("…" in line or "..." in line for line in block):
        return None
    if DEFINED.match(block[0]):
        return "definitions"
    if block[0].lstrip()[:1] in _POINTS:
        return None
    return None if _LOST_MARK.match(block[0]) else "paragraphs"


def plain(quoted: Sequence[str], named: frozenset[str] = frozenset()) -> bool:
    """Whether what is quoted decides nothing; `named` are the names that the sentence has without quotation marks."""
    if any(_NOT_PLAIN.search(each) or not each.strip() for each in quoted):
        return False
    return distinct(quoted, named)


def distinct(quoted: Sequence[str], named: frozenset[str]) -> bool:
    """Whether no two of the names and words are the same."""
    if len(quoted) < 2 and not named:
        return True
    names = {each.rstrip(",;") for each in quoted}
    return len(names) == len(quoted) and names.isdisjoint(named)


def constructor(read: Any, number: int, kind: str) -> Maker:
    """What makes values like one that was read with so many marks, and with what stands for a text set out.

    Raises NoForm where one of them is not in it whole, is part of a record, or is nowhere.
    """
    reading = _Reading({mark: place for place, mark in enumerate(marks(number))}, kind)
    made = _maker(read, reading)
    if len(reading.found) < number + bool(kind):
        raise NoForm
    return made if made is not None else lambda words: read


class _Reading:
    """A value read with marks: where each stands, what stands for the text set out, and which were found in it."""

    def __init__(self, places: dict[str, int], kind: str) -> None:
        self.places = places
        self.kind = kind
        self.block = len(places)
        self.text = "\n".join(set_out_as(kind)) or None
        self.records = _READ.get(kind)
        self.found: set[int] = set()


def _maker(value: Any, reading: _Reading) -> Maker | None:
    """What makes such a value; None where it is always the same."""
    match value:
        case str():
            return _of_text(value, reading)
        case InsertProvision(at=spot) if spot.where == "end" and reading.kind == "paragraphs":
            raise NoForm
        case Definition() | Provision() | Entry() | Document():
            if _marked(value):
                raise NoForm
            return None
        case msgspec.Struct():
            return _of_struct(value, reading)
        case tuple() if value and value == reading.records:
            read, block = {"paragraphs": paragraphs, "definitions": definitions}[reading.kind], reading.block
            reading.found.add(block)
            return lambda words: read(words[block])
        case tuple():
            return _of_tuple(value, reading)
    return None


def _of_text(value: str, reading: _Reading) -> Maker | None:
    if _MARK.search(value) is None:
        return None
    if value == reading.text:
        block = reading.block
        reading.found.add(block)
        return lambda words: "\n".join(words[block])
    place = reading.places.get(value)
    if place is not None:
        reading.found.add(place)
        return itemgetter(place)
    place = reading.places.get(f"{value};")
    if place is None:
        raise NoForm
    reading.found.add(place)
    # A name: the comma at its end is the sentence's.
    return lambda words: words[place].rstrip(",;")


def _of_struct(value: msgspec.Struct, reading: _Reading) -> Maker | None:
    found = [(name, _maker(getattr(value, name), reading)) for name in value.__struct_fields__]
    makers = [(name, made) for name, made in found if made is not None]
    replace = msgspec.structs.replace
    match makers:
        case []:
            return None
        case [(name, made)]:
            return lambda words: replace(value, **{name: made(words)})
        case [(name, made), (other, also)]:
            return lambda words: replace(value, **{name: made(words), other: also(words)})
    return lambda words: replace(value, **{name: made(words) for name, made in makers})


def _of_tuple(value: tuple[Any, ...], reading: _Reading) -> Maker | None:
    makers = [_maker(each, reading) for each in value]
    if not any(makers):
        return None
    whole = getattr(value, "_make", tuple)
    only = makers[0]
    if len(makers) == 1 and only is not None and whole is tuple:
        return lambda words: (only(words),)
    parts = list(zip(makers, value, strict=True))
    return lambda words: whole([each if made is None else made(words) for made, each in parts])


def _marked(value: Any) -> bool:
    """Whether a mark stands anywhere in a value."""
    if isinstance(value, str):
        return _MARK.search(value) is not None
    if isinstance(value, tuple):
        return any(map(_marked, value))
    return any(_marked(getattr(value, name)) for name in getattr(value, "__struct_fields__", ()))
