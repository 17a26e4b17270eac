"""What a reference names in a consolidation: which list, records and field, and which range of a text."""

from __future__ import annotations

import re
from typing import NamedTuple

import msgspec

from secdefs.change import collation
from secdefs.change.edits import Consolidation, accepted
from secdefs.change.matching import same
from secdefs.change.text import scope
from secdefs.findings import Refused
from secdefs.model import DefinitionRef, DocumentRef, EntryRef, Part, ProvisionRef, Ref, SectionRef
from secdefs.said import ref as said

_PARTS = {
    "definitions": "definitions",
    "documents": "register of documents",
    "sections": "text of Sections",
    "contents": "contents list",
}


class Where(NamedTuple):
    """A field of a record, and the range `start` to `end` of its text that is meant."""

    list: str
    key: str
    part: str
    start: int
    end: int

    @property
    def within(self) -> tuple[int, int]:
        """The range, as offsets."""
        return self.start, self.end


# --- lists ------------------------------------------------------------------------------------------------------------


def lists(code: Consolidation, place: Ref) -> str:
    """The list in which a reference's record stands.

    Raises Refused: SD205 where the file does not hold that part, SD203 and SD209 where the contents have no such list,
    or several and it is not said which.
    """
    match place:
        case DefinitionRef():
            name = "definitions"
        case SectionRef(label=label):
            name = "definitions" if is_definitions(code, label) else "sections"
        case ProvisionRef():
            name = "sections"
        case DocumentRef():
            name = "documents"
        case EntryRef(group=group, label=label):
            name = _contents(code, group, label)
    if name not in code:
        raise Refused(
            "SD205",
            f"{said(place)} is not in this file: it holds no {_PARTS[name.partition(':')[0]]}",
            "add that part to the code file, or set the item aside with a reason",
        )
    return name


def _contents(code: Consolidation, group: str, label: str | None) -> str:
    """The contents list of that name; without a name the only one, or the only one that has the entry."""
    groups = [each.removeprefix("contents:") for each in code.lists if each.startswith("contents:")]
    wanted = same(group).casefold()
    named = [each for each in groups if same(each).casefold() == wanted or not wanted]
    if not wanted and label is not None:
        named = [each for each in named if code.get(f"contents:{each}", label) is not None] or named
    if len(named) > 1:
        there = ", ".join(named)
        raise Refused("SD209", f"it is not said which list of the contents is meant: {there}", "name the list")
    if groups and not named:
        raise Refused("SD203", f"the contents have no list of {group}", f"there are {', '.join(groups)}")
    return f"contents:{named[0] if named else group}"


def is_definitions(code: Consolidation, label: str | None) -> bool:
    """Whether a Section's label is that of the definitions; null always is."""
    definitions = code.base.definitions
    return label is None or (definitions is not None and definitions.section == label)


def _in_definitions(code: Consolidation, section: str) -> bool:
    """Whether a place is the Section of the definitions or a part of it: "A", and "A1" or "A1.1" where that is A."""
    own = code.base.definitions.section if code.base.definitions else ""
    return section == own or (own.isalpha() and re.fullmatch(rf"{own}\d[\d.]*", section) is not None)


# --- records ----------------------------------------------------------------------------------------------------------


def record(code: Consolidation, place: Ref) -> tuple[str, str]:
    """The list and key of the one record that a reference names.

    Raises Refused: SD203 (no such record; the nearest are named), SD205 (the part is not in this file), SD110 (a
    paragraph of which it is not said where it stands).
    """
    match place:
        case ProvisionRef(label="") if place.work is None:
            raise Refused(
                "SD110", f"it is not said where {said(place)} stands", "name the definition or the provision it is in"
            )
        case DefinitionRef(term=wanted, section=section):
            if section is not None and "definitions" in code and not _in_definitions(code, section):
                base = code.base.definitions
                stands = f"the definitions of this file stand in Section {base.section}" if base else None
                raise Refused("SD203", f"there is no {_bare(place)}", stands)
        case ProvisionRef(label=wanted):
            pass
        case DocumentRef(place=wanted):
            pass
        case EntryRef(label=label):
            wanted = label or ""
        case SectionRef():
            raise Refused(
                "SD203",
                f"{said(place)} is a whole Section, where one provision is needed",
                "name the definition or provision",
            )
    name = lists(code, place)
    if code.get(name, wanted) is not None:
        return name, wanted
    key = alike(code, name, wanted)
    if key is None:
        if name == "sections" and "documents" in code and alike(code, "documents", wanted) is not None:
            raise _of_the_document(place)
        raise Refused("SD203", f"there is no {_bare(place)}", _nearest(wanted, code.keys(name)))
    return name, key


def _of_the_document(place: Ref) -> Refused:
    """That only the register knows a document of that name: its text is elsewhere."""
    return Refused(
        "SD205",
        f"the text of {said(place)} is not in this file: it holds the register of documents only",
        "change the document itself, and set the item aside with a reason",
    )


def alike(code: Consolidation, name: str, wanted: str) -> str | None:
    """The key of the one standing record that is the same as `wanted` but for its dress: kinds of quotation mark, of
    space and of hyphen; None where there is none, or more than one."""
    if code.get(name, wanted) is not None:
        return wanted
    found = code.alike(name, wanted)
    return found[0] if len(found) == 1 else None


def records(code: Consolidation, place: Ref) -> tuple[str, tuple[str, ...]]:
    """The list and keys of all the records that a reference names: one, a range "H8.16 to H8.18", or a whole Section.

    Raises Refused as `record`; SD209 where another stands in the range.
    """
    through = getattr(place, "through", None)
    match place:
        case SectionRef(label=label):
            name = lists(code, place)
            members = code.keys(name) if name == "definitions" else _section(code, label or "")
            if not members:
                raise Refused("SD203", f"there is no {_bare(place)}", _nearest(label or "", code.keys(name)))
            return name, members
        case ProvisionRef(label=label, path=()) if through is None and label and "sections" in code:
            if alike(code, "sections", label) is None and (members := _section(code, label)):
                return "sections", members
        case ProvisionRef(path=()) | DocumentRef(path=()) if through is not None:
            return _range(code, place, through)
    name, key = record(code, place)
    return name, (key,)


def _section(code: Consolidation, label: str) -> tuple[str, ...]:
    """The provisions of a Section or sub-Section: of "H" are "H8.16" and "H9", of "H8" is "H8.16" and not "H81"."""
    after = r"[\d.]" if label.isalpha() else r"\."
    return tuple(key for key in code.keys("sections") if re.match(re.escape(label) + after, key))


def _range(code: Consolidation, place: ProvisionRef | DocumentRef, through: str) -> tuple[str, tuple[str, ...]]:
    noun = place.place.rpartition(" ")[0] + " " if isinstance(place, DocumentRef) else ""
    field = "place" if isinstance(place, DocumentRef) else "label"
    name, first = record(code, msgspec.structs.replace(place, through=None))
    _, last = record(code, msgspec.structs.replace(place, **{"through": None, field: noun + through}))
    keys = code.keys(name)
    members = keys[keys.index(first) : keys.index(last) + 1]
    if not members:
        raise Refused("SD203", f"{last} does not come after {first}", "check the range")
    low, high = collation.label(first.removeprefix(noun)), collation.label(last.removeprefix(noun))
    for key in members:
        if not key.startswith(noun) or not low <= collation.label(key.removeprefix(noun)) <= high:
            raise Refused("SD209", f"{key} stands between {first} and {last}", "name each of them")
    return name, members


def _bare(place: Ref) -> str:
    return said(place).removeprefix("the ")


def _nearest(wanted: str, known: tuple[str, ...]) -> str | None:
    from difflib import get_close_matches

    folded = {key.casefold(): key for key in known}
    close = get_close_matches(wanted.casefold(), folded, n=3, cutoff=0.75)
    if close:
        return "did you mean " + " or ".join(f"“{folded[each]}”" for each in close) + "?"
    if known and len(known) < 10:
        return f"there {'are' if len(known) > 1 else 'is'} {', '.join(f'“{each}”' for each in known)}"
    return "check the name against the code file" if known else "the list is empty"


# --- fields and ranges ------------------------------------------------------------------------------------------------


def where(code: Consolidation, place: Ref) -> Where:
    """The field and range that a reference names. Raises Refused SD110, SD203, SD205 or SD209."""
    name, key = record(code, place)
    mark = code.get(name, key)
    assert mark is not None
    path = getattr(place, "path", ())
    through = getattr(place, "through", None)
    beside = getattr(place, "beside", None)
    if through is not None and not path:
        raise Refused("SD209", f"{said(place)} are several provisions, where one is needed", "name each of them")
    part: Part = place.part
    field = "text"
    if part in ("heading", "term"):
        field = "term" if part == "term" else "heading" if "heading" in mark.fields else "title"
        if field not in mark.fields or (part == "heading" and name == "definitions") or path:
            raise Refused("SD203", f"{said(place)}: there is no such part", "check what the sentence names")
    elif "text" not in mark.fields:
        if name == "documents":
            raise _of_the_document(place)
        field = "title"
    text = accepted(mark.fields[field])
    start, end = scope(text, path, through, part, beside if isinstance(beside, str) else None)
    return Where(name, key, field, start, end)
