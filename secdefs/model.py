"""The values: provisions of a code, references to them, words in them. No behaviour but looking up."""

from __future__ import annotations

import datetime as dt
from typing import Literal, TypeAlias

import msgspec

# --- the code file ----------------------------------------------------------------------------------------------------


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """A defined term. `text` is what follows the term; a line is a paragraph, two leading spaces a level."""

    term: str
    text: str
    note: str | None = None


class Provision(msgspec.Struct, frozen=True, kw_only=True):
    """A provision of a Section ("H8.16"), or a paragraph inside one ("b"): a bare label, a heading or none, a text."""

    label: str
    heading: str | None = None
    text: str
    note: str | None = None


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the contents list: the label without its group's noun ("AM"), and the title."""

    label: str
    title: str
    note: str | None = None


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A document incorporated into the code. `place` is "Appendix AM"; a version is a row of integers, "5.23"."""

    place: str
    title: str
    version: str | None = None
    in_force_from: dt.date | None = None
    note: str | None = None


Record: TypeAlias = Definition | Provision | Entry | Document

Order = Literal["word-by-word", "letter-by-letter", "none"]


class Definitions(msgspec.Struct, frozen=True, kw_only=True):
    """The Section of definitions: its label, heading and version, how its terms are ordered, and the terms."""

    section: str
    heading: str | None = None
    version: str | None = None
    order: Order = "word-by-word"
    entries: tuple[Definition, ...] = ()


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """A list within the contents: "Sections", "Schedules", "Appendices"."""

    group: str
    entries: tuple[Entry, ...] = ()


class Code(msgspec.Struct, frozen=True, kw_only=True):
    """A code as it stands on a day. A part that is null is not in this file; an instruction on it is refused."""

    format: Literal[1] = 1
    title: str
    short_title: str | None = None
    version: str | None = None
    as_at: dt.date
    definitions: Definitions | None = None
    contents: tuple[Group, ...] | None = None
    documents: tuple[Document, ...] | None = None
    sections: tuple[Provision, ...] | None = None


# --- where: references ------------------------------------------------------------------------------------------------


class Sentence(msgspec.Struct, frozen=True):
    """The part "nth sentence" of a place; -1 is the last."""

    sentence: int


Part: TypeAlias = Literal["text", "term", "heading", "opening", "closing"] | Sentence


class _Place(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    pass


class DefinitionRef(_Place, frozen=True, kw_only=True, tag="definition"):
    """A definition, or with `path` (bare labels, outermost first) a paragraph of it.

    `section` is where the sentence says the definition stands ("A", "150(1)"); null where it does not say.
    `through` is the last label of a range "(a) to (c)". `work` names another instrument; null is this code.
    `beside`, with the part "opening" or "closing" and else absent, is the label of the paragraph that the sentence says
    these words stand before or after ("the words after paragraph (c)"): it has to be the first or last of its list.
    """

    term: str
    section: str | None = None
    path: tuple[str, ...] = ()
    through: str | None = None
    part: Part = "text"
    work: str | None = None
    beside: str | msgspec.UnsetType = msgspec.UNSET


class ProvisionRef(_Place, frozen=True, kw_only=True, tag="provision"):
    """A provision of a Section ("H8.16", path b ii), of a statute ("33N", path 1), or a Schedule's paragraph."""

    label: str
    path: tuple[str, ...] = ()
    through: str | None = None
    part: Part = "text"
    work: str | None = None
    beside: str | msgspec.UnsetType = msgspec.UNSET


class EntryRef(_Place, frozen=True, kw_only=True, tag="entry"):
    """An entry of a contents list; a null label is the whole list of that group."""

    group: str
    label: str | None = None
    part: Part = "text"
    work: str | None = None


class DocumentRef(_Place, frozen=True, kw_only=True, tag="document"):
    """An incorporated document, known by its place ("Appendix AM"), or with `path` a clause of it."""

    place: str
    path: tuple[str, ...] = ()
    through: str | None = None
    part: Part = "text"
    work: str | None = None
    beside: str | msgspec.UnsetType = msgspec.UNSET


class SectionRef(_Place, frozen=True, kw_only=True, tag="section"):
    """A whole Section. A null label is the Section of the definitions, whichever that is in the code."""

    label: str | None = None
    part: Part = "text"
    work: str | None = None


Ref: TypeAlias = DefinitionRef | ProvisionRef | EntryRef | DocumentRef | SectionRef

# --- which words ------------------------------------------------------------------------------------------------------


class Each(msgspec.Struct, frozen=True, tag_field="which", tag="each"):
    """Every place; `count` is how many the sentence says there are ("both" = 2), null where it says none."""

    count: int | None = None


class Nth(msgspec.Struct, frozen=True, tag_field="which", tag="nth"):
    """The places of these numbers, from 1; -1 is the last."""

    numbers: tuple[int, ...]


Which: TypeAlias = Literal["once"] | Each | Nth

Side = Literal["after", "before"]


class Beside(msgspec.Struct, frozen=True):
    """Next to something: the words `text`, the paragraph `path` of the target, or the definition of `term` in its list.

    Before a definition stands what the one before it ends with.
    """

    side: Side
    text: str | None = None
    path: tuple[str, ...] | None = None
    term: str | None = None
    until: str | None = None
    """With `text`: the words before which it stands as well: "after “a” and before “b”"."""


class Quote(msgspec.Struct, frozen=True, tag_field="words", tag="quote"):
    """Words as quoted. `beside` narrows which place is meant: at an end of the target, or next to something."""

    text: str
    which: Which = "once"
    beside: Beside | Literal["beginning", "end"] | None = None


class End(msgspec.Struct, frozen=True, tag_field="words", tag="end"):
    """The edge of a paragraph of the target: the end of a span "to the end of paragraph (b)"."""

    path: tuple[str, ...]


class Outside(msgspec.Struct, frozen=True, tag_field="words", tag="outside"):
    """The edge of a span beside words that stay: "the words after “means”", "between “a” and “b”"."""

    quote: Quote


class Span(msgspec.Struct, frozen=True, tag_field="words", tag="span"):
    """Words from `start` to `end`, both included. Null is the beginning, or the end, of the target.

    An `End` as start means: from after that paragraph; as end: to the end of that paragraph. What is `Outside` is not
    included: as start the words go from right after it, as end to right before it.
    """

    start: Quote | End | Outside | None
    end: Quote | End | Outside | None


Words: TypeAlias = Quote | Span


class Spot(msgspec.Struct, frozen=True):
    """Where something goes: after or before words or a provision, at an end of the target, or in its list's order.

    `conjunction` is the word that stays last: "after (c) (but before the “and”)".
    """

    where: Literal["after", "before", "beginning", "end", "alphabetical", "in_order"]
    words: Words | None = None
    ref: Ref | None = None
    conjunction: str | None = None
