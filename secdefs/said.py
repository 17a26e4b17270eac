"""How values are said in a sentence that the grammar reads back to the same values."""

from __future__ import annotations

import re

import msgspec

from secdefs.model import (
    Beside,
    Definition,
    DefinitionRef,
    Document,
    DocumentRef,
    Each,
    End,
    Entry,
    EntryRef,
    Nth,
    Outside,
    Part,
    Provision,
    ProvisionRef,
    Quote,
    Record,
    Ref,
    SectionRef,
    Sentence,
    Span,
    Spot,
    Which,
    Words,
)

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")

_UNIT = re.compile(r"(?:Part|Chapter|Schedule|Annex|Appendix|Group|Condition|Section|section) ")


# Of these an instrument may have one only, and cite it without a number.
_UNNUMBERED = frozenset({"Schedule", "Annex"})


def quoted(text: str) -> str:
    """The text as a quotation."""
    return f"“{text}”"


def labels(path: tuple[str, ...]) -> str:
    """A path as it is cited: "(b)(ii)"; bullets stand bare."""
    return "".join(f"({label})" if label[:1].isalnum() and "." not in label else label for label in path)


def unit(label: str) -> str:
    """A provision's label with its noun: "Section H8.16", "section 33N"; a label that brings its noun stays."""
    if _UNIT.match(label):
        return label
    if label in _UNNUMBERED:
        return f"the {label}"
    return f"Section {label}" if label[:1].isalpha() else f"section {label}"


def ordinal(number: int) -> str:
    """First, second …, or last for -1."""
    return "last" if number == -1 else ORDINALS[number - 1]


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def _part(part: Part) -> str:
    match part:
        case Sentence(sentence=number):
            return f"the {ordinal(number)} sentence of "
        case "opening" | "closing":
            return f"the {part} words of "
        case "heading":
            return "the heading of "
        case _:
            return ""


def _paragraphs(path: tuple[str, ...], through: str | None) -> str:
    if not path:
        return ""
    if through is not None:
        return f"paragraphs {labels(path)} to ({through}) of "
    return f"paragraph {labels(path)} of "


def _plural(noun: str) -> str:
    return {"Appendix": "Appendices", "Annex": "Annexes"}.get(noun, f"{noun}s")


def ref(place: Ref) -> str:
    """A reference as it stands in a sentence: "paragraph (b) of the definition of “X” in Section A"."""
    work = f" of the {place.work}" if place.work else ""
    part = _part(place.part)
    beside = getattr(place, "beside", None)
    if isinstance(beside, str):
        # "the words after paragraph (c) of section 5": the paragraph is named with them, and not before.
        path = getattr(place, "path", ())
        part = f"the words {'before' if place.part == 'opening' else 'after'} paragraph {labels((*path, beside))} of "
        place = msgspec.structs.replace(place, path=(), beside=msgspec.UNSET)
    match place:
        case DefinitionRef(term=term, section=section, path=path, through=through):
            within = f" of {_within(section)}" if section else ""
            return f"{part}{_paragraphs(path, through)}the definition of {quoted(term)}{within}{work}"
        case ProvisionRef(label="", path=path, through=through):
            return f"{part}{_paragraphs(path, through)}".removesuffix(" of ") + work
        case ProvisionRef(label=label, path=(), through=str(through)):
            noun, _, first = unit(label).rpartition(" ")
            return f"{part}{noun}s {first} to {through}{work}"
        case ProvisionRef(label=label, path=path, through=through):
            return f"{part}{_paragraphs(path, through)}{unit(label)}{work}"
        case DocumentRef(place=where, path=(), through=str(through)):
            noun, _, first = where.rpartition(" ")
            return f"{part}{_plural(noun)} {first} to {through}{work}"
        case DocumentRef(place=where, path=path, through=through):
            return f"{part}{_paragraphs(path, through)}{where}{work}"
        case SectionRef(label=None):
            return f"the {place.work}" if place.work else "the Section of the definitions"
        case SectionRef(label=label):
            return f"{part}Section {label}{work}"
        case EntryRef(group=group, label=None):
            return f"{_list_of(group)}{work}"
        case EntryRef(group=group, label=label):
            return f"{part}the entry for {quoted(str(label))} in {_list_of(group)}{work}"


def _list_of(group: str) -> str:
    return f"the list of {group}" if group else "the contents"


def _within(section: str) -> str:
    if section.startswith("("):
        return f"paragraph {section}"
    if section in _UNNUMBERED or section.partition("(")[0] in _UNNUMBERED:
        return f"the {section}"
    return section if " " in section else unit(section) if re.match(r"[A-Z]+\d|\d", section) else f"Section {section}"


def in_place(place: Ref) -> str:
    """ " in …", or nothing for the whole Section of definitions."""
    if isinstance(place, SectionRef) and place.label is None:
        return f" in the {place.work}" if place.work else ""
    return f" in {ref(place)}"


def into(place: Ref) -> str:
    """ " into the …", where another instrument than this code is named."""
    return f" into the {place.work}" if place.work else ""


def which(value: Which) -> str:
    """ " in each place it occurs" and the like; nothing for once."""
    match value:
        case Each(count=None):
            return " in each place it occurs"
        case Each(count=2):
            return " in both places it occurs"
        case Each(count=int(count)):
            return f" in all {('two', 'three', 'four', 'five')[count - 2]} places it occurs"
        case Nth(numbers=numbers):
            noun = "place" if len(numbers) == 1 else "places"
            return f" in the {_listed([ordinal(number) for number in numbers])} {noun} it occurs"
        case _:
            return ""


def words(value: Words) -> str:
    """Words as an instruction names them."""
    match value:
        case Quote(text=text, which=chosen, beside=beside):
            return f"{quoted(text)}{_beside(beside)}{which(chosen)}"
        case Span(start=start, end=end):
            return _span(start, end)


def _beside(beside: Beside | str | None) -> str:
    match beside:
        case None:
            return ""
        case Beside(text=str(text), until=str(until)):
            return f" after {quoted(text)} and before {quoted(until)}"
        case Beside(side=side, text=str(text)):
            return f" {side} {quoted(text)}"
        case Beside(side=side, term=str(term)):
            return f" {side} the definition of {quoted(term)}"
        case Beside(side=side, path=path):
            return f" {side} paragraph {labels(path or ())}"
        case _:
            return f" at the {beside}"


def _edge(value: Quote | End | Outside) -> str:
    match value:
        case Outside(quote=quote):
            return _edge(quote)
        case Quote(text=text, which=Nth(numbers=(number,))):
            return f"the {ordinal(number)} {quoted(text)}"
        case Quote(text=text):
            return quoted(text)
        case End(path=path):
            return f"the end of paragraph {labels(path)}"


def _span(start: Quote | End | Outside | None, end: Quote | End | Outside | None) -> str:
    match start, end:
        case Outside(), Outside():
            return f"the words after {_edge(start)} and before {_edge(end)}"
        case None, Outside():
            return f"the words before {_edge(end)}"
        case Outside(), _:
            return f"the words after {_edge(start)} to {_edge(end) if end else 'the end'}"
        case _, Outside():
            return f"the words from {_edge(start) if start else 'the beginning'} to before {_edge(end)}"
    if isinstance(start, End):
        return f"the words after paragraph {labels(start.path)} to {_edge(end) if end else 'the end'}"
    beginning = "from the beginning" if start is None else f"from {_edge(start)}"
    return f"the words {beginning} to {_edge(end) if end else 'the end'}"


def spot(value: Spot) -> str:
    """Where something goes: "after “A”", "at the end"."""
    but = f" (but before the {quoted(value.conjunction)})" if value.conjunction else ""
    match value:
        case Spot(where="after", words=Quote(text=text, beside=Beside(side="before", text=str(behind)))):
            return f"after {quoted(text)} and before {quoted(behind)}{but}"
        case Spot(where="after" | "before" as side, words=inner) if inner is not None:
            return f"{side} {words(inner)}{but}"
        case Spot(where="after" | "before" as side, ref=place) if place is not None:
            return f"{side} {ref(place)}{but}"
        case Spot(where="beginning" | "end" as edge, ref=None):
            return f"at the {edge}{but}"
        case Spot(where="alphabetical"):
            return f"in alphabetical order{but}"
        case _:
            return f"at the appropriate place{but}"


def record(value: Record) -> str:
    """A provision as the text that a direction quotes."""
    match value:
        case Definition(term=term, text=text):
            return f"{quoted(term)} {text}"
        case Provision(label=label, text=text) if label[:1].isalnum() and "." not in label:
            return f"({label}) {text}"
        case Provision(label=label, text=text):
            return f"{label} {text}" if label else text
        case Entry(label=label, title=title):
            return f"{label}: {title}"
        case Document(place=place, title=title):
            return f"{place}: {title}"
