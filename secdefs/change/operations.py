"""What each act does: the ten operations, each a frozen value that says its edits and its canonical sentence."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from functools import partial
from typing import TypeAlias

import msgspec

from secdefs import said
from secdefs.change import blocks, collation, wording
from secdefs.change.edits import CODE, Add, Consolidation, Edit, Remove, Splice, accepted
from secdefs.change.matching import same
from secdefs.change.references import Where, alike, is_definitions, lists, record, records, where
from secdefs.findings import Refused
from secdefs.model import (
    Definition,
    DefinitionRef,
    Document,
    DocumentRef,
    Entry,
    EntryRef,
    Provision,
    ProvisionRef,
    Quote,
    Record,
    Ref,
    SectionRef,
    Sentence,
    Span,
    Spot,
    Words,
)


class Op(msgspec.Struct, frozen=True, kw_only=True, tag_field="operation"):
    """An act of textual amendment. It never touches files, dates or output."""

    target: Ref

    def edits(self, code: Consolidation) -> tuple[Edit, ...]:
        """The edits that carry it out on the code as it stands, in the order in which they are to be made.

        Raises Refused where the code does not allow it to be carried out exactly as said.
        """
        raise NotImplementedError


def _path_of(place: Ref) -> tuple[str, ...]:
    path: tuple[str, ...] = getattr(place, "path", ())
    return path


def _text(code: Consolidation, at: Where) -> str:
    return code.text(at.list, at.key, at.part)


# --- words ------------------------------------------------------------------------------------------------------------


_LABELLED = re.compile(r"(?P<label>[A-Z]{0,2}\d+[A-Z]{0,3}(?:\.\d+[A-Z]{0,3})*)\.?\s+(?P<text>.*\w.*)", re.S)


class SubstituteWords(Op, frozen=True, kw_only=True, tag="substitute_words"):
    """Put words in the place of words."""

    old: Words
    new: str

    def edits(self, code: Consolidation) -> tuple[Edit, ...]:
        return wording.substituted(code, self.target, self.old, self.new)

    def __str__(self) -> str:
        if "\n" in self.new:
            return f"For {said.words(self.old)}{said.in_place(self.target)} substitute—\n{self.new}"
        return f"Replace {said.words(self.old)} with {said.quoted(self.new)}{said.in_place(self.target)}."


class InsertWords(Op, frozen=True, kw_only=True, tag="insert_words"):
    """Put words beside words, or at an end."""

    at: Spot
    new: str

    def edits(self, code: Consolidation) -> tuple[Edit, ...]:
        provision = self._provision()
        if provision is not None:
            return InsertProvision(target=self.target, at=self.at, new=(provision,)).edits(code)
        return wording.inserted(code, self.target, self.at, self.new)

    def _provision(self) -> Provision | None:
        """The provision that words with its label are, where they go beside a whole one: no words can stand there."""
        match self.at.ref:
            case ProvisionRef(path=()) | SectionRef():
                found = _LABELLED.fullmatch(self.new.strip())
                return Provision(label=found["label"], text=found["text"]) if found else None
        return None

    def __str__(self) -> str:
        if "\n" in self.new:
            return f"Insert {said.spot(self.at)}{said.in_place(self.target)}—\n{self.new}"
        return f"Insert {said.quoted(self.new)} {said.spot(self.at)}{said.in_place(self.target)}."


class OmitWords(Op, frozen=True, kw_only=True, tag="omit_words"):
    """Take words out."""

    old: Words

    def edits(self, code: Consolidation) -> tuple[Edit, ...]:
        return wording.substituted(code, self.target, self.old, "")

    def __str__(self) -> str:
        return f"Omit {said.words(self.old)}{said.in_place(self.target)}."


# --- provisions -------------------------------------------------------------------------------------------------------


def _block(new: tuple[Record, ...]) -> str:
    return "\n" + "\n".join(said.record(each) for each in new)


def _key(each: Record) -> str:
    match each:
        case Definition(term=key) | Provision(label=key) | Entry(label=key) | Document(place=key):
            return key


_KINDS: dict[str, tuple[type, str, str]] = {
    "definitions": (Definition, "a definition", "quote the term, and then its meaning"),
    "documents": (Document, "a document", "say by what name and as which Appendix it is incorporated"),
    "sections": (Provision, "a provision of a Section", "begin it with its label"),
    "contents": (Entry, "an entry of the contents", "begin it with its label"),
}


def _fitting(code: Consolidation, name: str, new: tuple[Record, ...], leaving: tuple[str, ...] = ()) -> None:
    """Refuses what does not belong into a list: SD209 for another kind of record, SD204 for a key that is in use."""
    kind, noun, hint = _KINDS[name.partition(":")[0]]
    for each in new:
        if not isinstance(each, kind) or not _key(each) or not _as_the_others(code, name, each):
            shown = _key(each) or getattr(each, "text", "")
            if isinstance(each, kind) and isinstance(each, Provision) and each.label:
                hint = f"the others have labels such as {code.keys(name)[0]}"
            raise Refused("SD209", f"“{' '.join(shown.split())[:60]}” does not read as {noun}", hint)
    for each in new:
        used = alike(code, name, _key(each))
        if used is not None and used not in leaving:
            raise Refused("SD204", f"“{used}” is in use already", "substitute it, or choose another")
    twice = next((key for key, count in Counter(map(_key, new)).items() if count > 1), None)
    if twice is not None:
        raise Refused("SD204", f"“{twice}” is inserted twice", "keep one of them")


def _as_the_others(code: Consolidation, name: str, new: Record) -> bool:
    """Whether a provision's label is of the kind that its list has: no "(c)" among "H8.16" and "H8.17"."""
    known = code.keys(name)[:1] if name == "sections" else ()
    return all(any(map(str.isdigit, key)) == any(map(str.isdigit, _key(new))) for key in known)


class InsertProvision(Op, frozen=True, kw_only=True, tag="insert_provision"):
    """Put definitions, paragraphs, provisions or entries into a list."""

    at: Spot
    new: tuple[Record, ...]

    def edits(self, code: Consolidation) -> tuple[Edit, ...]:
        if self._is_inside(code):
            at = self._text_of(code)
            return wording.splices(at, blocks.put_in(_text(code, at), _path_of(self.target), self.at, self.new))
        name = self._list(code)
        _fitting(code, name, self.new)
        if self.at.conjunction is not None:
            raise Refused("SD201", f"there is no “{self.at.conjunction}” between them", "leave the conjunction out")
        index = self._index(code, name, list(code.keys(name)))
        if index is not None:
            return tuple(Add(name, at, each) for at, each in enumerate(self.new, index))
        result: list[Edit] = []
        known = in_order(code, name)
        for each in self.new:
            place, _ = known.place(_key(each))
            known.put(place, _key(each))
            result.append(Add(name, place, each))
        return tuple(result)

    def _is_inside(self, code: Consolidation) -> bool:
        """Whether it goes into the text of a provision, and not into a list of provisions."""
        target, beside = self.target, self.at.ref
        if _path_of(target) or (beside is not None and _path_of(beside)):
            return True
        match target:
            case ProvisionRef(label=label) if isinstance(self.new[0], Definition) and is_definitions(code, label):
                return False
            case ProvisionRef(label=label) if beside is None:
                # "In Section H8, at the end insert H8.20": H8 holds provisions, and may be none itself.
                return "sections" not in code or len(records(code, target)[1]) == 1
            case DefinitionRef() | DocumentRef():
                return beside is None
        return False

    def _text_of(self, code: Consolidation) -> Where:
        """The text that is added to. Raises Refused SD203 where it is not that of what the new one stands beside."""
        beside = self.at.ref
        if beside is None:
            return where(code, self.target)
        there = where(code, beside)
        inside = not isinstance(self.target, SectionRef)
        path = _path_of(self.target)
        if lists(code, self.target) != there.list or (
            inside and (where(code, self.target).key != there.key or _path_of(beside)[: len(path)] != path)
        ):
            raise Refused(
                "SD203", f"{said.ref(beside)} does not stand in {said.ref(self.target)}", "name the place once"
            )
        return there

    def _list(self, code: Consolidation) -> str:
        """The list that is added to. Where no place is named, what the new one stands beside tells it, or its kind."""
        target = self.target
        if not isinstance(target, SectionRef) or target.label is not None:
            if isinstance(target, ProvisionRef) and isinstance(self.new[0], Definition):
                return "definitions"
            return lists(code, target)
        if self.at.ref is not None:
            return lists(code, self.at.ref)
        provisions = all(isinstance(each, Provision) and any(map(str.isdigit, each.label)) for each in self.new)
        return lists(code, ProvisionRef(label=_key(self.new[0])) if provisions else target)

    def _holds(self, code: Consolidation, members: tuple[str, ...]) -> bool:
        """Whether the place that the sentence names holds what the new one stands beside."""
        match self.target:
            case DefinitionRef() | ProvisionRef() | SectionRef(label=str()) as place:
                if not isinstance(place, DefinitionRef) and is_definitions(code, place.label):
                    return True
                return set(members) <= set(records(code, place)[1])
        return True

    def _index(self, code: Consolidation, name: str, keys: list[str]) -> int | None:
        """The index at which the first new one goes; None where each goes in the list's order."""
        match self.at:
            case Spot(where="after" | "before" as side, ref=ref) if ref is not None:
                within, members = records(code, ref)
                if within != name or not self._holds(code, members):
                    raise Refused(
                        "SD203", f"{said.ref(ref)} does not stand in {said.ref(self.target)}", "name one list"
                    )
                return keys.index(members[-1]) + 1 if side == "after" else keys.index(members[0])
            case Spot(where="end" | "beginning" as edge):
                members = tuple(keys)
                if name == "sections" and not (isinstance(self.target, SectionRef) and self.target.label is None):
                    members = records(code, self.target)[1]
                if not members:
                    return 0
                return keys.index(members[-1]) + 1 if edge == "end" else keys.index(members[0])
            case Spot(where="alphabetical" | "in_order"):
                return None
        raise Refused("SD209", "it is not clear where the new text goes", "say after or before which provision")

    def __str__(self) -> str:
        return f"Insert {said.spot(self.at)}{said.in_place(self.target)}—{_block(self.new)}"


def in_order(code: Consolidation, name: str) -> collation.Listed:
    """The keys of a list, among which others go in its order."""
    match name:
        case "definitions":
            definitions = code.base.definitions
            assert definitions is not None
            sorts = collation.SORTS[definitions.order]
        case "documents":
            sorts = (collation.document,)
        case _:
            sorts = (collation.label,)
    return collation.Listed(code.keys(name), sorts, partial(code.sorted_keys, name))


class SubstituteProvision(Op, frozen=True, kw_only=True, tag="substitute_provision"):
    """Put definitions, paragraphs, provisions or entries in the place of one or several."""

    new: tuple[Record, ...]

    def edits(self, code: Consolidation) -> tuple[Edit, ...]:
        path, part = _path_of(self.target), self.target.part
        if part in ("term", "heading"):
            raise Refused("SD209", f"{said.ref(self.target)} is no provision", "say for which words the new ones are")
        if path or part != "text":
            at = where(code, self.target)
            return wording.splices(at, blocks.put_for(_text(code, at), (at.start, at.end), path, part, self.new))
        name, leaving = records(code, self.target)
        if isinstance(self.target, SectionRef) and name == "definitions":
            raise Refused("SD209", f"{said.ref(self.target)} is the whole of the definitions", "name the definition")
        _fitting(code, name, self.new, leaving)
        keys = [_key(each) for each in self.new]
        staying = [key for key in leaving if key in keys]
        index = code.keys(name).index(leaving[0])
        if [key for key in keys if key in staying] != staying:
            staying = []
        result: list[Edit] = [Remove(name, key) for key in leaving if key not in staying]
        for offset, each in enumerate(self.new):
            if _key(each) in staying:
                result += self._in_its_place(code, name, each)
            else:
                result.append(Add(name, index + offset, each))
        return tuple(result)

    def _in_its_place(self, code: Consolidation, name: str, new: Record) -> tuple[Edit, ...]:
        """The edits that give a record that stays its new text; its heading stays where none is given."""
        mark = code.get(name, _key(new))
        assert mark is not None
        result = []
        for part in ("text", "title", "heading"):
            if part in mark.fields:
                old, words = accepted(mark.fields[part]), getattr(new, part) or ""
                if old != words and not (part == "heading" and not words):
                    result.append(Splice(name, _key(new), part, 0, old, words))
        return tuple(result)

    def __str__(self) -> str:
        return f"For {said.ref(self.target)} substitute—{_block(self.new)}"


class OmitProvision(Op, frozen=True, kw_only=True, tag="omit_provision"):
    """Take out a definition, a paragraph (or a range of them), a provision or an entry; `conjunction` goes with it.

    The conjunction stands before what is omitted, or, with `beside="end"`, at its end.
    """

    conjunction: Quote | None = None

    def edits(self, code: Consolidation) -> tuple[Edit, ...]:
        path, part = _path_of(self.target), self.target.part
        if path and part == "text":
            at = where(code, self.target)
            through = getattr(self.target, "through", None)
            return wording.splices(at, blocks.taken_out(_text(code, at), path, through, self.conjunction))
        if self.conjunction is not None:
            raise Refused(
                "SD201", f"there is no “{self.conjunction.text}” beside {said.ref(self.target)}", "leave it out"
            )
        if part == "heading":
            at = where(code, self.target)
            text = _text(code, at)
            if at.part != "heading" or not text:
                raise Refused("SD203", f"there is no {said.ref(self.target).removeprefix('the ')}", "check the place")
            return (Splice(at.list, at.key, at.part, 0, text, ""),)
        if part != "text":
            return wording.substituted(code, self.target, Span(None, None), "")
        if isinstance(self.target, SectionRef) and is_definitions(code, self.target.label):
            raise Refused("SD209", f"{said.ref(self.target)} is the whole of the definitions", "name the definition")
        if isinstance(self.target, EntryRef) and self.target.label is None:
            raise Refused("SD209", f"{said.ref(self.target)} is a whole list", "name the entry")
        name, keys = records(code, self.target)
        return tuple(Remove(name, key) for key in keys)

    def __str__(self) -> str:
        beside = "after" if self.conjunction and self.conjunction.beside == "end" else "before"
        and_the = f" and the {said.quoted(self.conjunction.text)} {beside} it" if self.conjunction else ""
        return f"Omit {said.ref(self.target)}{and_the}."


class Rename(Op, frozen=True, kw_only=True, tag="rename"):
    """Give a definition another term, a paragraph another label, a provision another heading, a document a title.

    Where the target is a range of paragraphs, `to` and `to_through` are the first and the last of the new labels.
    """

    to: str
    to_through: str | None = None

    def edits(self, code: Consolidation) -> tuple[Edit, ...]:
        path = _path_of(self.target)
        through = getattr(self.target, "through", None)
        if through is not None and path and self.to_through is not None:
            at = where(code, self.target)
            changes = blocks.range_renumbered(_text(code, at), path, through, (self.to, self.to_through))
            return wording.splices(at, changes)
        if through is not None or self.to_through is not None:
            raise Refused("SD209", "several provisions are renumbered at once", "write a sentence for each")
        if self.target.part == "heading":
            at = where(code, self.target)
            return (Splice(at.list, at.key, at.part, 0, _text(code, at), self.to),)
        if isinstance(self.target.part, Sentence) or self.target.part in ("opening", "closing"):
            raise Refused("SD209", f"{said.ref(self.target)} has no name", "say for which words the new ones are")
        if path:
            at = where(code, self.target)
            return wording.splices(at, blocks.renumbered(_text(code, at), path, self.to))
        name, key = record(code, self.target)
        part = {"definitions": "term", "sections": "label", "documents": "title"}.get(name, "title")
        if part in ("term", "label"):
            used = alike(code, name, self.to)
            if used not in (None, key):
                raise Refused("SD204", f"“{used}” is in use already", "choose another")
        if not self.to.strip():
            raise Refused("SD209", f"{said.ref(self.target)} would have no name", "omit it, if that is meant")
        return (Splice(name, key, part, 0, code.text(name, key, part), self.to),)

    def __str__(self) -> str:
        if self.target.part == "text" and _path_of(self.target):
            if self.to_through is not None:
                return f"Renumber {said.ref(self.target)} as paragraphs ({self.to}) to ({self.to_through})."
            return f"Renumber {said.ref(self.target)} as paragraph ({self.to})."
        return f"Rename {said.ref(self.target)} as {said.quoted(self.to)}."


# --- documents --------------------------------------------------------------------------------------------------------


def _day(code: Consolidation) -> dt.date:
    """The day on which the code stands: an operation carries no date of its own."""
    return dt.date.fromisoformat(code.text(CODE, "", "as_at"))


def _one(target: DocumentRef) -> None:
    if target.through is not None:
        raise Refused("SD209", f"{said.ref(target)} cannot have one name and one form", "write a sentence for each")


class IncorporateDocument(Op, frozen=True, kw_only=True, tag="incorporate_document"):
    """Make a document part of the code, in the form set out in an annex, at a place of its own.

    `version` is what the annex list or the body states for `annex` (its letter); null where neither does.
    """

    target: DocumentRef
    title: str
    version: str | None = None
    annex: str | None = None

    def edits(self, code: Consolidation) -> tuple[Edit, ...]:
        _one(self.target)
        name = lists(code, self.target)
        place = self.target.place
        if code.get(name, place) is not None:
            raise Refused("SD204", f"{place} is in use already", "choose the next letter, or re-designate the document")
        index = collation.place_of_document(code.keys(name), place)[0]
        new = Document(place=place, title=self.title, version=self.version, in_force_from=_day(code))
        return (Add(name, index, new),)

    def __str__(self) -> str:
        form = f" in the form set out in Annex {self.annex} of this direction" if self.annex else ""
        into = said.into(self.target)
        return f"The {self.title} is hereby designated and incorporated{into}{form} as {self.target.place}."


class ReincorporateDocument(Op, frozen=True, kw_only=True, tag="reincorporate_document"):
    """Put a later version of a document in the place of the one incorporated. It never retitles.

    `title` is the name by which the direction calls the document, which must be the register's.
    """

    target: DocumentRef
    title: str | None = None
    version: str | None = None
    annex: str | None = None

    def edits(self, code: Consolidation) -> tuple[Edit, ...]:
        _one(self.target)
        name, key = record(code, self.target)
        if self.title is not None and plain_title(self.title) != plain_title(code.text(name, key, "title")):
            raise Refused(
                "SD208",
                f"{self.target.place} is “{code.text(name, key, 'title')}”, and not “{self.title}”",
                "check the place and the name of the document",
            )
        result = []
        for part, new in (("version", self.version or ""), ("in_force_from", _day(code).isoformat())):
            old = code.text(name, key, part)
            if old != new:
                result.append(Splice(name, key, part, 0, old, new))
        return tuple(result)

    def __str__(self) -> str:
        form = f" in the form set out in Annex {self.annex} of this direction" if self.annex else ""
        if self.title is None:
            return f"{said.ref(self.target)} is hereby re-designated and incorporated{form}."
        return (
            f"The {self.title} previously designated and incorporated{said.into(self.target)} as {self.target.place} "
            f"is hereby re-designated and incorporated{form}."
        )


def plain_title(title: str) -> str:
    """A document's name as it is compared: without "the", a closing "(ABBR)" and a closing "Document"."""
    words = dressed_title(title).split()
    if words and words[-1].startswith("(") and words[-1].endswith(")"):
        words = words[:-1]
    return " ".join(words[:-1] if len(words) > 1 and words[-1] == "Document" else words)


def dressed_title(title: str) -> str:
    """A document's name without "the", in the form in which words are compared."""
    words = same(title).split()
    return " ".join(words[1:] if len(words) > 1 and words[0].casefold() == "the" else words)


class RevokeDocument(Op, frozen=True, kw_only=True, tag="revoke_document"):
    """End a document's incorporation."""

    target: DocumentRef

    def edits(self, code: Consolidation) -> tuple[Edit, ...]:
        name, keys = records(code, self.target)
        return tuple(Remove(name, key) for key in keys)

    def __str__(self) -> str:
        return f"{said.ref(self.target)} shall cease to have effect."


Operation: TypeAlias = (
    SubstituteWords
    | InsertWords
    | OmitWords
    | InsertProvision
    | SubstituteProvision
    | OmitProvision
    | Rename
    | IncorporateDocument
    | ReincorporateDocument
    | RevokeDocument
)
"""Any of the ten."""
