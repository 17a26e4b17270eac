"""What each act does: the ten operations, each a frozen value that says its edits and its canonical sentence."""

from __future__ import annotations

import datetime as dt
from typing import TypeAlias

import msgspec

from secdefs import collation, said
from secdefs.edits import CODE, Add, Consolidation, Edit, Remove, Splice, accepted
from secdefs.ends import conjunction_before
from secdefs.findings import Refused
from secdefs.matching import occurrences
from secdefs.model import (
    Definition,
    DefinitionRef,
    Document,
    DocumentRef,
    Each,
    Entry,
    Provision,
    ProvisionRef,
    Quote,
    Record,
    Ref,
    SectionRef,
    Spot,
    Words,
)
from secdefs.references import Where, is_definitions, lists, record, where
from secdefs.seam import Change, appended, changes, insertions
from secdefs.text import children, extent, paragraph
from secdefs.words import places


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


def _splices(at: Where, made: tuple[Change, ...]) -> tuple[Edit, ...]:
    return tuple(Splice(at.list, at.key, at.part, change.at, change.old, change.new) for change in made)


def _text(code: Consolidation, at: Where) -> str:
    return code.text(at.list, at.key, at.part)


# --- words ------------------------------------------------------------------------------------------------------------


def _whole_section(code: Consolidation, target: SectionRef) -> tuple[Ref, ...]:
    """A reference to each record of a Section."""
    name = lists(code, target)
    if name == "definitions":
        return tuple(DefinitionRef(term=key) for key in code.keys(name))
    return tuple(
        ProvisionRef(label=key)
        for key in code.keys(name)
        if collation.label(key)[:1] == collation.label(target.label or "")[:1]
    )


def _holding(code: Consolidation, target: Ref, old: Words) -> tuple[Ref, ...]:
    """The references under which to look for the words: the target itself, or those of its records that have them.

    Raises Refused where the target is a whole Section and the words stand in other than the one record meant.
    """
    if not isinstance(target, SectionRef):
        return (target,)
    quote = (
        old if isinstance(old, Quote) else next((end for end in (old.start, old.end) if isinstance(end, Quote)), None)
    )
    if quote is None or target.part != "text":
        raise Refused("SD110", f"{said.ref(target)} is a whole Section", "name the definition or provision")
    having = []
    for each in _whole_section(code, target):
        at = where(code, each)
        count = len(occurrences(_text(code, at), quote.text, at.within))
        if isinstance(each, DefinitionRef):
            count += len(occurrences(each.term, quote.text, (0, len(each.term))))
        if count:
            having.append((each, count))
    if not having:
        raise Refused("SD201", f"“{quote.text}” occurs nowhere in {_named(code, target)}", "check the words")
    if len(having) > 1 and not (isinstance(quote.which, Each) and quote.which.count is None):
        total = sum(count for _, count in having)
        names = "; ".join(f"{said.ref(each)}{f' ({count} times)' if count > 1 else ''}" for each, count in having)
        raise Refused(
            "SD202",
            f"“{quote.text}” occurs {total} times in {_named(code, target)}: in {names}",
            "say in which definition: “in the definition of “…””"
            if isinstance(having[0][0], DefinitionRef)
            else "say in which provision",
        )
    return tuple(each for each, _ in having)


def _named(code: Consolidation, target: SectionRef) -> str:
    label = target.label or (code.base.definitions.section if code.base.definitions else "")
    return f"Section {label}"


def _substituted(code: Consolidation, target: Ref, old: Words, new: str) -> tuple[Edit, ...]:
    """The edits that put `new` for the words; a definition's words include its term."""
    result: list[Edit] = []
    for each in _holding(code, target, old):
        at = where(code, each)
        text = _text(code, at)
        in_term = _in_term(each, old)
        if in_term:
            if occurrences(text, _quote(old).text, at.within):
                raise Refused(
                    "SD202",
                    f"“{_quote(old).text}” occurs both in the term “{at.key}” and in its text",
                    "say whether the term itself is to change, and quote more of the words around it",
                )
            found = places(at.key, old, (0, len(at.key)))
            result.append(_renamed(code, at, changes(at.key, found, new, (0, len(at.key)))))
            continue
        found = places(text, old, at.within, new)
        result += _splices(at, changes(text, found, new, at.within))
    return tuple(result)


def _renamed(code: Consolidation, at: Where, made: tuple[Change, ...]) -> Edit:
    """The one edit that makes changes in a term: it is renamed, and its place kept.

    Raises Refused: SD204 (the new term is in use), SD209 (nothing of the term would be left).
    """
    term = at.key
    for change in made:
        term = change.made(term)
    if not term.strip():
        raise Refused("SD209", f"nothing of the term “{at.key}” would be left", "omit the definition, if that is meant")
    if term != at.key and code.get(at.list, term) is not None:
        raise Refused("SD204", f"“{term}” is in use already", "choose another term")
    if len(made) == 1:
        return Splice(at.list, at.key, "term", made[0].at, made[0].old, made[0].new)
    return Splice(at.list, at.key, "term", 0, at.key, term)


def _quote(old: Words) -> Quote:
    assert isinstance(old, Quote)
    return old


def _in_term(target: Ref, old: Words) -> bool:
    match target, old:
        case DefinitionRef(term=term, path=(), part="text"), Quote(text=text, beside=None):
            return bool(occurrences(term, text, (0, len(term))))
    return False


class SubstituteWords(Op, frozen=True, kw_only=True, tag="substitute_words"):
    """Put words in the place of words."""

    old: Words
    new: str

    def edits(self, code: Consolidation) -> tuple[Edit, ...]:
        return _substituted(code, self.target, self.old, self.new)

    def __str__(self) -> str:
        return f"Replace {said.words(self.old)} with {said.quoted(self.new)}{said.in_place(self.target)}."


class InsertWords(Op, frozen=True, kw_only=True, tag="insert_words"):
    """Put words beside words, or at an end."""

    at: Spot
    new: str

    def edits(self, code: Consolidation) -> tuple[Edit, ...]:
        targets: tuple[Ref, ...] = (self.target,)
        if self.at.words is not None:
            targets = _holding(code, self.target, self.at.words)
        result: list[Edit] = []
        for target in targets:
            at = where(code, target)
            text = _text(code, at)
            made: tuple[Change, ...]
            match self.at:
                case Spot(words=Quote() as quote) if _in_term(target, quote):
                    if occurrences(text, quote.text, at.within):
                        raise Refused(
                            "SD202",
                            f"“{quote.text}” occurs both in the term “{at.key}” and in its text",
                            "say whether the term itself is to change, and quote more of the words around it",
                        )
                    result.append(_renamed(code, at, insertions(at.key, (0, len(at.key)), self.at, self.new)))
                    continue
                case Spot(where="after", ref=ref) if ref is not None:
                    made = (appended(text, where(code, ref).within, self.new),)
                case Spot(where="before", ref=ref) if ref is not None:
                    made = (appended(text, _preceding(text, ref), self.new),)
                case _:
                    made = insertions(text, at.within, self.at, self.new)
            result += _splices(at, made)
        return tuple(result)

    def __str__(self) -> str:
        return f"Insert {said.quoted(self.new)} {said.spot(self.at)}{said.in_place(self.target)}."


def _preceding(text: str, ref: Ref) -> tuple[int, int]:
    """The range of the paragraph before the one named."""
    path = _path_of(ref)
    if not path:
        raise Refused("SD203", f"nothing comes before {said.ref(ref)}", "name the words, or a paragraph")
    siblings = [each for each in children(text, path[:-1]) if each.start < paragraph(text, path).start]
    return (siblings[-1].start, siblings[-1].end) if siblings else extent(text, path[:-1])


class OmitWords(Op, frozen=True, kw_only=True, tag="omit_words"):
    """Take words out."""

    old: Words

    def edits(self, code: Consolidation) -> tuple[Edit, ...]:
        return _substituted(code, self.target, self.old, "")

    def __str__(self) -> str:
        return f"Omit {said.words(self.old)}{said.in_place(self.target)}."


# --- provisions -------------------------------------------------------------------------------------------------------


def _block(new: tuple[Record, ...]) -> str:
    return "\n" + "\n".join(said.record(each) for each in new)


def _key(each: Record) -> str:
    match each:
        case Definition(term=key) | Provision(label=key) | Entry(label=key) | Document(place=key):
            return key


def _free(code: Consolidation, name: str, new: tuple[Record, ...], leaving: tuple[str, ...] = ()) -> None:
    for each in new:
        key = _key(each)
        if key not in leaving and code.get(name, key) is not None:
            raise Refused("SD204", f"“{key}” is in use already", "substitute it, or choose another")
    keys = [_key(each) for each in new]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise Refused("SD204", f"“{twice}” is inserted twice", "keep one of them")


def _kind(name: str, new: tuple[Record, ...]) -> None:
    """Refuses what does not belong into a list."""
    kind = {"definitions": Definition, "documents": Document, "sections": Provision}.get(name, Entry)
    for each in new:
        if not isinstance(each, kind):
            raise Refused(
                "SD209",
                f"“{_key(each)[:60]}” does not read as {'a definition' if kind is Definition else 'an entry'}",
                "quote the term, and then its meaning" if kind is Definition else "begin it with its label",
            )


class InsertProvision(Op, frozen=True, kw_only=True, tag="insert_provision"):
    """Put definitions, paragraphs, provisions or entries into a list."""

    at: Spot
    new: tuple[Record, ...]

    def edits(self, code: Consolidation) -> tuple[Edit, ...]:
        target = self.target
        inside = isinstance(target, DefinitionRef | ProvisionRef | DocumentRef)
        if inside and not (isinstance(self.new[0], Definition) and self._is_list(code)):
            return self._paragraphs(code)
        beside = self.at.ref
        # "after Section B2.1 insert—" goes where that provision stands, though no Section is named to hold it.
        whole = isinstance(target, SectionRef) and isinstance(beside, ProvisionRef) and not beside.path
        name = lists(code, beside if whole and beside is not None else target)
        _kind(name, self.new)
        _free(code, name, self.new)
        keys = list(code.keys(name))
        result: list[Edit] = []
        index = self._index(code, name, keys)
        for each in self.new:
            if index is None:
                at = self._in_order(code, name, tuple(keys), _key(each))
            else:
                at, index = index, index + 1
            keys.insert(at, _key(each))
            result.append(Add(name, at, each))
        return tuple(result)

    def _is_list(self, code: Consolidation) -> bool:
        return isinstance(self.target, ProvisionRef) and is_definitions(code, self.target.label)

    def _index(self, code: Consolidation, name: str, keys: list[str]) -> int | None:
        match self.at:
            case Spot(where="end"):
                return len(keys)
            case Spot(where="beginning"):
                return 0
            case Spot(where="after" | "before" as side, ref=ref) if ref is not None:
                within, key = record(code, ref)
                if within != name:
                    raise Refused("SD203", f"{said.ref(ref)} does not stand in {said.ref(self.target)}")
                return keys.index(key) + (side == "after")
        return None

    def _in_order(self, code: Consolidation, name: str, keys: tuple[str, ...], key: str) -> int:
        if name == "definitions":
            definitions = code.base.definitions
            assert definitions is not None
            return collation.place(keys, key, definitions.order)[0]
        return sum(collation.label(each) < collation.label(key) for each in keys)

    def _paragraphs(self, code: Consolidation) -> tuple[Edit, ...]:
        at = where(code, self.target)
        text = _text(code, at)
        path = _path_of(self.target)
        level = paragraph(text, path).depth + 1 if path else 1
        standing = children(text, path)
        if standing:
            level = standing[0].depth
        taken = {child.path[-1] for child in standing}
        for each in self.new:
            if _key(each) and _key(each) in taken:
                raise Refused("SD204", f"paragraph ({_key(each)}) is in use already", "substitute it, or renumber")
        match self.at:
            case Spot(where="after", ref=ref) if ref is not None and _path_of(ref):
                end = where(code, ref).end
            case Spot(where="before", ref=ref) if ref is not None and _path_of(ref):
                start = where(code, ref).start
                return (Splice(at.list, at.key, at.part, _line(text, start), "", _lines(self.new, level) + "\n"),)
            case Spot(where="end"):
                end = standing[-1].end if standing else at.end
            case Spot(where="beginning") if standing:
                start = standing[0].start
                return (Splice(at.list, at.key, at.part, _line(text, start), "", _lines(self.new, level) + "\n"),)
            case _:
                raise Refused("SD203", f"{said.ref(self.target)}: it is not clear where the new text goes")
        moved = ""
        splices: list[Edit] = []
        if self.at.conjunction is not None:
            from_, to = _final(text, end, self.at.conjunction)
            moved = text[from_:to]
            splices.append(Splice(at.list, at.key, at.part, from_, moved, ""))
            end = end if end < from_ else from_
        added = "\n" + _lines(self.new, level) + moved
        return (*splices, Splice(at.list, at.key, at.part, end, "", added))

    def __str__(self) -> str:
        return f"Insert {said.spot(self.at)}{said.in_place(self.target)}—{_block(self.new)}"


def _final(text: str, end: int, word: str) -> tuple[int, int]:
    """Where the final conjunction before `end` stands, with the space before it."""
    if not text[:end].endswith(f" {word}"):
        raise Refused("SD201", f"there is no “{word}” there", "check the label and the conjunction")
    return end - len(word) - 1, end


def _line(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _lines(new: tuple[Record, ...], level: int) -> str:
    result = []
    for each in new:
        for line in said.record(each).split("\n"):
            result.append("  " * level + line)
    return "\n".join(result)


class SubstituteProvision(Op, frozen=True, kw_only=True, tag="substitute_provision"):
    """Put definitions, paragraphs, provisions or entries in the place of one or several."""

    new: tuple[Record, ...]

    def edits(self, code: Consolidation) -> tuple[Edit, ...]:
        path = _path_of(self.target)
        if path or self.target.part != "text":
            at = where(code, self.target)
            text = _text(code, at)
            level = paragraph(text, path).depth if path else 0
            new = _lines(self.new, level)[2 * level :]
            return (Splice(at.list, at.key, at.part, at.start, text[at.start : at.end], new),)
        name, key = record(code, self.target)
        _kind(name, self.new)
        _free(code, name, self.new, (key,))
        keys = code.keys(name)
        index = keys.index(key)
        if len(self.new) == 1 and _key(self.new[0]) == key:
            return self._in_its_place(code, name, key)
        return (Remove(name, key), *(Add(name, index + offset, each) for offset, each in enumerate(self.new)))

    def _in_its_place(self, code: Consolidation, name: str, key: str) -> tuple[Edit, ...]:
        mark = code.get(name, key)
        assert mark is not None
        result = []
        for part in ("text", "title", "heading"):
            if part in mark.fields:
                old, new = accepted(mark.fields[part]), getattr(self.new[0], part) or ""
                if old != new and not (part == "heading" and not new):
                    result.append(Splice(name, key, part, 0, old, new))
        return tuple(result)

    def __str__(self) -> str:
        return f"For {said.ref(self.target)} substitute—{_block(self.new)}"


class OmitProvision(Op, frozen=True, kw_only=True, tag="omit_provision"):
    """Take out a definition, a paragraph (or a range of them), a provision or an entry; `conjunction` goes with it."""

    conjunction: Quote | None = None

    def edits(self, code: Consolidation) -> tuple[Edit, ...]:
        path = _path_of(self.target)
        if not path and self.target.part == "text":
            name, key = record(code, self.target)
            return (Remove(name, key),)
        at = where(code, self.target)
        text = _text(code, at)
        start, end = at.within
        result: list[Edit] = []
        cut = max(start - 1 if not path else _line(text, start) - 1, 0)
        if cut == 0 and end < len(text):
            end += 1
        result.append(Splice(at.list, at.key, at.part, cut, text[cut:end], ""))
        if self.conjunction is not None:
            low, high = self._conjunction(text, path)
            result.append(Splice(at.list, at.key, at.part, low, text[low:high], ""))
        return tuple(result)

    def _conjunction(self, text: str, path: tuple[str, ...]) -> tuple[int, int]:
        assert self.conjunction is not None
        if self.conjunction.beside == "end":
            raise Refused("SD209", "the conjunction stands in the paragraph that is omitted", "leave it out")
        low, high = conjunction_before(text, path, self.conjunction.text)
        while low > 0 and text[low - 1] in " \u00a0":
            low -= 1
        return low, high

    def __str__(self) -> str:
        and_the = f" and the {said.quoted(self.conjunction.text)} before it" if self.conjunction else ""
        return f"Omit {said.ref(self.target)}{and_the}."


class Rename(Op, frozen=True, kw_only=True, tag="rename"):
    """Give a definition another term, a paragraph another label, a provision another heading, a document a title."""

    to: str

    def edits(self, code: Consolidation) -> tuple[Edit, ...]:
        path = _path_of(self.target)
        if self.target.part == "heading":
            at = where(code, self.target)
            return (Splice(at.list, at.key, at.part, 0, _text(code, at), self.to),)
        if path:
            return self._renumber(code, path)
        name, key = record(code, self.target)
        part = {"definitions": "term", "sections": "label", "documents": "title"}.get(name, "title")
        if part in ("term", "label") and self.to != key and code.get(name, self.to) is not None:
            raise Refused("SD204", f"“{self.to}” is in use already", "choose another")
        return (Splice(name, key, part, 0, code.text(name, key, part), self.to),)

    def _renumber(self, code: Consolidation, path: tuple[str, ...]) -> tuple[Edit, ...]:
        at = where(code, self.target)
        text = _text(code, at)
        if self.to in {child.path[-1] for child in children(text, path[:-1])} - {path[-1]}:
            raise Refused("SD204", f"paragraph ({self.to}) is in use already", "renumber that one first")
        label = text.index(path[-1], at.start)
        return (Splice(at.list, at.key, at.part, label, path[-1], self.to),)

    def __str__(self) -> str:
        if self.target.part == "text" and _path_of(self.target):
            return f"Renumber {said.ref(self.target)} as paragraph ({self.to})."
        return f"Rename {said.ref(self.target)} as {said.quoted(self.to)}."


# --- documents --------------------------------------------------------------------------------------------------------


def _day(code: Consolidation) -> dt.date:
    """The day on which the code stands: an operation carries no date of its own."""
    return dt.date.fromisoformat(code.text(CODE, "", "as_at"))


class IncorporateDocument(Op, frozen=True, kw_only=True, tag="incorporate_document"):
    """Make a document part of the code, in the form set out in an annex, at a place of its own.

    `version` is what the annex list or the body states for `annex` (its letter); null where neither does.
    """

    target: DocumentRef
    title: str
    version: str | None = None
    annex: str | None = None

    def edits(self, code: Consolidation) -> tuple[Edit, ...]:
        name = lists(code, self.target)
        place = self.target.place
        if code.get(name, place) is not None:
            raise Refused("SD204", f"{place} is in use already", "choose the next letter, or re-designate the document")
        keys = code.keys(name)
        mine = _place_order(place)
        index = max((number + 1 for number, key in enumerate(keys) if _place_order(key) < mine), default=0)
        new = Document(place=place, title=self.title, version=self.version, in_force_from=_day(code))
        return (Add(name, index, new),)

    def __str__(self) -> str:
        form = f" in the form set out in Annex {self.annex} of this direction" if self.annex else ""
        return f"The {self.title} is hereby designated and incorporated{form} as {self.target.place}."


def _place_order(place: str) -> tuple[int, tuple[tuple[int, str, int], ...]]:
    """Schedules come before Appendices."""
    noun, _, label = place.partition(" ")
    nouns = ("Schedule", "Appendix")
    return nouns.index(noun) if noun in nouns else len(nouns), collation.label(label)


class ReincorporateDocument(Op, frozen=True, kw_only=True, tag="reincorporate_document"):
    """Put a later version of a document in the place of the one incorporated. It never retitles.

    `title` is the name by which the direction calls the document, which must be the register's.
    """

    target: DocumentRef
    title: str | None = None
    version: str | None = None
    annex: str | None = None

    def edits(self, code: Consolidation) -> tuple[Edit, ...]:
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
            return f"{self.target.place} is hereby re-designated and incorporated{form}."
        return (
            f"The {self.title} previously designated and incorporated as {self.target.place} "
            f"is hereby re-designated and incorporated{form}."
        )


def plain_title(title: str) -> str:
    """A document's name as it is compared: without "the", a closing "(ABBR)" and a closing "Document"."""
    words = title.split()
    if words and words[0].casefold() == "the":
        words = words[1:]
    if words and words[-1].startswith("(") and words[-1].endswith(")"):
        words = words[:-1]
    if words and words[-1] == "Document":
        words = words[:-1]
    return " ".join(words).replace("‘", "'").replace("’", "'").replace("\u2011", "-")


class RevokeDocument(Op, frozen=True, kw_only=True, tag="revoke_document"):
    """End a document's incorporation."""

    target: DocumentRef

    def edits(self, code: Consolidation) -> tuple[Edit, ...]:
        name, key = record(code, self.target)
        return (Remove(name, key),)

    def __str__(self) -> str:
        return f"{self.target.place} shall cease to have effect."


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
