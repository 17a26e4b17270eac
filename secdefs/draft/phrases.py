"""How an operation is said in a letter: as directions say it ("shall be replaced with"), and as statutes do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

from secdefs.change.operations import (
    IncorporateDocument,
    InsertProvision,
    InsertWords,
    OmitProvision,
    OmitWords,
    Operation,
    ReincorporateDocument,
    Rename,
    RevokeDocument,
    SubstituteProvision,
    SubstituteWords,
)
from secdefs.model import (
    Beside,
    Definition,
    DefinitionRef,
    DocumentRef,
    Each,
    Entry,
    EntryRef,
    Provision,
    ProvisionRef,
    Quote,
    Record,
    Ref,
    SectionRef,
    Spot,
    Words,
)
from secdefs.said import labels, quoted, unit

Style: TypeAlias = Literal["direction", "statute"]


class Said(NamedTuple):
    """A sentence without its stop, and the lines that it sets out, each provision a quotation of its own."""

    words: str
    block: tuple[str, ...] = ()


class Home(NamedTuple):
    """What the words around a sentence have said already: the code and its Section, or the record itself."""

    code: str | None
    section: str | None
    record: bool = False
    """Whether a lead-in names the record."""

    @property
    def of_code(self) -> str:
        """ " of the …", or nothing where the letter does not name the code."""
        return f" of the {self.code}" if self.code else ""

    @property
    def in_section(self) -> str:
        """ " in Section A of the …", or nothing where a lead-in says so."""
        return f" in Section {self.section}{self.of_code}" if self.section else ""


def said(operation: Operation, style: Style, home: Home) -> Said:
    """An operation as a sentence in a style. Raises TypeError for one that the drafter does not make."""
    match operation:
        case IncorporateDocument(target=target, title=title, annex=annex):
            where = f" in the form set out in Annex {annex} of this direction"
            return Said(f"the {title} is hereby designated and incorporated{where} as {target.place}")
        case ReincorporateDocument(target=DocumentRef(place=place), title=title, annex=annex):
            into = f" into the {home.code}" if home.code else ""
            return Said(
                f"the {title} previously designated and incorporated{into} as {place} is hereby re-designated and "
                f"incorporated in the form set out in Annex {annex} of this direction"
            )
        case RevokeDocument(target=target):
            return Said(f"{noun(target, home)} shall cease to have effect")
    return _directed(operation, home) if style == "direction" else _enacted(operation, home)


# --- what is spoken of ------------------------------------------------------------------------------------------------


def noun(place: Ref, home: Home) -> str:
    """A place as it is named: "paragraph (b) of the definition of “X” in Section A of the …"."""
    path: tuple[str, ...] = getattr(place, "path", ())
    through = getattr(place, "through", None)
    inner = f"paragraphs {labels(path)} to ({through})" if through else f"paragraph {labels(path)}" if path else ""
    if home.record:
        return inner
    match place:
        case DefinitionRef(term=term):
            outer = f"the definition of {quoted(term)}{home.in_section}"
        case ProvisionRef(label=label):
            outer = f"{unit(label)}{home.of_code}"
        case EntryRef(group=group, label=None):
            outer = f"the list of {group}"
        case EntryRef(group=group, label=label):
            outer = f"the entry for {quoted(str(label))} in the list of {group}"
        case DocumentRef(place=where):
            outer = f"{where}{home.of_code}"
        case SectionRef(label=label):
            outer = f"Section {label}{home.of_code}" if label and home.section else ""
    if place.part == "heading":
        outer = f"the heading of {outer}"
    return f"{inner} of {outer}" if inner else outer


def _inside(place: Ref, home: Home, comma: str) -> str:
    name = noun(place, home)
    return f"in {name}{comma} " if name else ""


def _words(text: str) -> str:
    return f"the {'words' if ' ' in text.strip() else 'word'} {quoted(text)}"


def _each(old: Words, words: str) -> str:
    match old:
        case Quote(which=Each()):
            return f" in each place {words}"
        case Quote(beside="end"):
            return " at the end"
        case _:
            return ""


def _text(words: Words | None) -> str:
    assert isinstance(words, Quote)
    assert not isinstance(words.beside, Beside)
    return words.text


def _block(records: Sequence[Record], place: Ref) -> tuple[str, ...]:
    result: list[str] = []
    for record in records:
        match record:
            case Definition(term=term, text=text):
                # Its own marks, or its label, tell where it begins: marks around the whole cannot run over all lines.
                result.append(f"{quoted(term)} {text}")
                continue
            case Provision(label=label, text=text) if isinstance(place, DefinitionRef) or _path(place):
                lines = f"({label}) {text}" if label.isalnum() else f"{label} {text}"
            case Provision(label=label, text=text):
                result.append(f"{label} {text}")
                continue
            case Entry(label=label, title=title):
                assert isinstance(place, EntryRef)
                lines = f"{_singular(place.group)} {label}: {title}"
            case _:
                raise TypeError(record)
        result.append(quoted(lines.rstrip()))
    return tuple(result)


def _path(place: Ref) -> tuple[str, ...]:
    path: tuple[str, ...] = getattr(place, "path", ())
    return path


def _singular(group: str) -> str:
    if group.endswith("ices"):
        return group.removesuffix("ices") + "ix"
    return group.removesuffix("s")


def _kind(operation: InsertProvision | SubstituteProvision) -> str:
    match operation.new[0]:
        case Definition():
            name = "definition"
        case Entry():
            name = "entry"
        case _:
            place = operation.at.ref if isinstance(operation, InsertProvision) else operation.target
            name = "paragraph" if getattr(place, "path", ()) else "provision"
    if len(operation.new) == 1:
        return name
    return "entries" if name == "entry" else f"{name}s"


# --- as directions say it ---------------------------------------------------------------------------------------------


def _directed(operation: Operation, home: Home) -> Said:
    match operation:
        case SubstituteWords(target=target, old=old, new=new):
            each = _each(old, "they occur" if " " in _text(old) else "it occurs")
            words = f"{_words(_text(old))} shall be replaced with {_words(new)}{each}"
            return Said(_inside(target, home, "") + words)
        case OmitWords(target=target, old=old):
            if each := _each(old, "they occur" if " " in _text(old) else "it occurs"):
                end = each == " at the end"
                said = f"{each} shall be deleted" if end else f" shall be deleted{each}"
                return Said(_inside(target, home, "") + _words(_text(old)) + said)
            return Said(f"{_inside(target, home, '')}{_words(_text(old))} shall be deleted")
        case InsertWords(target=target, at=Spot(where="after" | "before" as side, words=words), new=new):
            spot = f"{side} {_words(_text(words))}"
            return Said(f"{_inside(target, home, '')}{_words(new)} shall be inserted {spot}")
        case InsertWords(target=target, at=spot, new=new):
            return Said(f"{_inside(target, home, '')}{_words(new)} shall be inserted at the {spot.where}")
        case InsertProvision(target=target, at=at, new=new):
            block = _block(new, at.ref if at.ref is not None and not isinstance(target, EntryRef) else target)
            kind = _kind(operation)
            if at.ref is not None:
                return Said(f"{at.where} {noun(at.ref, home)} the following {kind} shall be inserted:", block)
            where = {
                "alphabetical": " in alphabetical order",
                "in_order": " at the appropriate place",
                "end": " at the end",
                "beginning": " at the beginning",
            }[at.where]
            return Said(f"{_inside(target, home, ',')}the following {kind} shall be inserted{where}:", block)
        case SubstituteProvision(target=target, new=new):
            kind = _kind(operation)
            return Said(f"{noun(target, home)} shall be replaced with the following {kind}:", _block(new, target))
        case OmitProvision(target=target):
            return Said(f"{noun(target, home)} shall be deleted")
        case Rename(target=target, to=to) if target.part == "heading":
            return Said(f"{noun(target, home)} shall be replaced with {quoted(to)}")
        case Rename(target=target, to=to) if getattr(target, "path", ()):
            return Said(f"{noun(target, home)} shall be renumbered as paragraph ({to})")
        case Rename(target=target, to=to):
            return Said(f"{noun(target, home)} shall be renamed as {quoted(to)}")
    raise TypeError(operation)


# --- as statutes say it -----------------------------------------------------------------------------------------------


def _enacted(operation: Operation, home: Home) -> Said:
    match operation:
        case SubstituteWords(target=target, old=old, new=new):
            each = _each(old, "it occurs")
            return Said(f"{_inside(target, home, ',')}for {quoted(_text(old))}{each} substitute {quoted(new)}")
        case OmitWords(target=target, old=old):
            return Said(f"{_inside(target, home, ',')}omit {quoted(_text(old))}{_each(old, 'it occurs')}")
        case InsertWords(target=target, at=Spot(where="after" | "before" as side, words=words), new=new):
            return Said(f"{_inside(target, home, ',')}{side} {quoted(_text(words))} insert {quoted(new)}")
        case InsertWords(target=target, at=spot, new=new):
            return Said(f"{_inside(target, home, ',')}at the {spot.where} insert {quoted(new)}")
        case InsertProvision(target=target, at=at, new=new):
            block = _block(new, at.ref if at.ref is not None and not isinstance(target, EntryRef) else target)
            if at.ref is not None:
                return Said(f"{at.where} {noun(at.ref, home)} insert—", block)
            place = "places" if len(new) > 1 else "place"
            where = f"appropriate {place}" if at.where in ("alphabetical", "in_order") else str(at.where)
            return Said(f"{_inside(target, home, ',')}at the {where} insert—", block)
        case SubstituteProvision(target=target, new=new):
            return Said(f"for {noun(target, home)} substitute—", _block(new, target))
        case OmitProvision(target=target):
            return Said(f"omit {noun(target, home)}")
        case Rename(target=target, to=to) if target.part == "heading":
            return Said(f"for {noun(target, home)} substitute {quoted(to)}")
        case Rename(target=target, to=to) if getattr(target, "path", ()):
            return Said(f"renumber {noun(target, home)} as paragraph ({to})")
        case Rename(target=target, to=to):
            return Said(f"rename {noun(target, home)} as {quoted(to)}")
    raise TypeError(operation)
