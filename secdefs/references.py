"""What a reference names in a consolidation: which list, record and field, and which range of its text."""

from __future__ import annotations

import difflib
from typing import NamedTuple

from secdefs.edits import Consolidation, accepted
from secdefs.findings import Refused
from secdefs.matching import same
from secdefs.model import DefinitionRef, DocumentRef, EntryRef, Part, ProvisionRef, Ref, SectionRef
from secdefs.said import ref as said
from secdefs.text import scope

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


def lists(code: Consolidation, place: Ref) -> str:
    """The list in which a reference's record stands. Raises Refused SD205 where the file does not hold that part."""
    match place:
        case DefinitionRef():
            name = "definitions"
        case SectionRef(label=label):
            name = "definitions" if is_definitions(code, label) else "sections"
        case ProvisionRef():
            name = "sections"
        case DocumentRef():
            name = "documents"
        case EntryRef(group=group):
            name = f"contents:{group}"
            if name not in code:
                groups = [each.removeprefix("contents:") for each in code.lists if each.startswith("contents:")]
                if groups:
                    raise Refused("SD203", f"the contents have no list of {group}", f"there are {', '.join(groups)}")
    if name not in code:
        raise Refused(
            "SD205",
            f"{said(place)} is not in this file: it holds no {_PARTS[name.partition(':')[0]]}",
            "add that part to the code file, or set the item aside with a reason",
        )
    return name


def is_definitions(code: Consolidation, label: str | None) -> bool:
    """Whether a Section's label is that of the definitions; null always is."""
    definitions = code.base.definitions
    return label is None or (definitions is not None and definitions.section == label)


def record(code: Consolidation, place: Ref) -> tuple[str, str]:
    """The list and key of the record that a reference names.

    Raises Refused: SD203 (no such record; the nearest are named), SD205 (the part is not in this file).
    """
    name = lists(code, place)
    match place:
        case DefinitionRef(term=wanted, section=section):
            if section is not None and not is_definitions(code, section):
                base = code.base.definitions
                stands = f"the definitions of this file stand in Section {base.section}" if base else None
                raise Refused("SD203", f"there is no {said(place)}", stands)
        case ProvisionRef(label=wanted):
            pass
        case DocumentRef(place=wanted):
            pass
        case EntryRef(label=label):
            wanted = label or ""
        case SectionRef():
            raise Refused("SD203", f"{said(place)} is a whole Section, where one provision is needed")
    if code.get(name, wanted) is None:
        known = code.keys(name)
        alike = [key for key in known if same(key) == same(wanted)]
        if len(alike) == 1:
            return name, alike[0]
        raise Refused("SD203", f"there is no {_bare(place)}", _nearest(wanted, known))
    return name, wanted


def _bare(place: Ref) -> str:
    return said(place).removeprefix("the ")


def _nearest(wanted: str, known: tuple[str, ...]) -> str | None:
    folded = {key.casefold(): key for key in known}
    close = difflib.get_close_matches(wanted.casefold(), folded, n=3, cutoff=0.75)
    if not close:
        return None
    return "did you mean " + " or ".join(f"“{folded[each]}”" for each in close) + "?"


def where(code: Consolidation, place: Ref) -> Where:
    """The field and range that a reference names. Raises Refused SD203, SD205 or SD209."""
    name, key = record(code, place)
    mark = code.get(name, key)
    assert mark is not None
    path = getattr(place, "path", ())
    through = getattr(place, "through", None)
    part: Part = place.part
    field = "text"
    if part in ("heading", "term"):
        field = "term" if part == "term" else "heading" if "heading" in mark.fields else "title"
    elif "text" not in mark.fields:
        if name == "documents":
            raise Refused(
                "SD205",
                f"the text of {said(place)} is not in this file: it holds the register of documents only",
                "the document itself has to be changed",
            )
        field = "title"
    if field not in mark.fields:
        raise Refused("SD203", f"{said(place)}: there is no such part")
    text = accepted(mark.fields[field])
    start, end = scope(text, path, through, part)
    return Where(name, key, field, start, end)
