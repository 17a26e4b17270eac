"""What Akoma Ntoso says about a document: its identification, its life, and the changes made to it and by whom.

The names of works and expressions follow "Akoma Ntoso Naming Convention Version 1.0" (OASIS) §4.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence

import msgspec
from lxml import etree

from secdefs.change.edits import CODE, KEY, Add, Edit, Remove, Splice
from secdefs.letter.instrument import Instrument
from secdefs.model import Code
from secdefs.plan import Plan
from secdefs.read.akoma import OWN
from secdefs.write.akomatext import Marks, element

COUNTRY = "gb"
"""The country in names of works. A code file does not say it; the drafting that is read here is British."""

UNKNOWN = "0001-01-01"
"""The day of a work whose day is not known: the standard asks for one."""

AUTHOR = "#author"
EDITOR = "#secdefs"


class Letter(msgspec.Struct, frozen=True):
    """An instrument as the documents that it changed cite it: its name, the day it was made, its hash."""

    title: str | None
    made: dt.date | None
    hash: str

    @property
    def work(self) -> str:
        """The name of the work: the day on which it was made, and the beginning of its hash."""
        day = f"/{self.made.isoformat()}" if self.made else ""
        return f"/akn/{COUNTRY}/doc/direction{day}/{self.hash}"


class Amendment(msgspec.Struct, frozen=True):
    """What one instruction did: its id, the letter and the number of the instruction in it, from when, its edits."""

    instruction: str
    letter: Letter
    number: int
    day: dt.date
    edits: tuple[Edit, ...]


def letter_of(instrument: Instrument) -> Letter:
    """An instrument as it is cited."""
    return Letter(instrument.title, instrument.made, instrument.short_hash)


def mods_of(instrument: Instrument) -> dict[str, int]:
    """The number of the `mod` of each instruction in its letter, by id; those of one sentence have one."""
    numbers: dict[tuple[int, int], int] = {}
    return {
        each.id: numbers.setdefault((each.source.start, each.source.end), len(numbers) + 1)
        for each in instrument.instructions
    }


def amendments_of(plan: Plan) -> tuple[Amendment, ...]:
    """What a plan carries out, in order."""
    return amendments([(step.instruction, step.day, step.edits) for step in plan.steps], plan.instruments)


def amendments(
    done: Iterable[tuple[str, dt.date, tuple[Edit, ...]]], instruments: Iterable[Instrument]
) -> tuple[Amendment, ...]:
    """What instructions did: the id, the day and the edits of each, and the letters in which they stand."""
    letters = {ident: (letter_of(each), number) for each in instruments for ident, number in mods_of(each).items()}
    return tuple(Amendment(ident, *letters[ident], day, edits) for ident, day, edits in done)


def slug(title: str) -> str:
    """A title as part of a name: small letters and digits, and "-" between words."""
    return re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-") or "code"


def work_of(code: Code) -> str:
    """The name of the code through all time."""
    return f"/akn/{COUNTRY}/act/code/{slug(code.title)}"


def expression_of(code: Code, day: dt.date) -> str:
    """The name of the code as it stands on a day, in English."""
    return f"{work_of(code)}/eng@{day.isoformat()}"


class Found:
    """Where records stand in the document: identifiers by list and key, of those that stand and of those that went."""

    def __init__(self) -> None:
        self.standing: dict[tuple[str, str], str] = {}
        self.gone: dict[tuple[str, str], str] = {}
        self.section: str | None = None
        """The identifier of the Section of definitions."""
        self.marks: dict[str, set[str]] = {}
        """The identifiers of the marks inside each record."""


class Events:
    """The life of the code: the day with which it begins, and each day on which a letter changed it."""

    def __init__(self, base: dt.date, amendments: Sequence[Amendment]) -> None:
        self.base = base
        self.amendments = tuple(each for each in amendments if any(edit.list != CODE for edit in each.edits))
        self.letters = list(dict.fromkeys(each.letter for each in self.amendments))
        self.days = list(dict.fromkeys((each.day, each.letter) for each in self.amendments))
        self._added: dict[tuple[str, str], str] = {}
        for each in self.amendments:
            for edit in each.edits:
                match edit:
                    case Add(list=name, record=record):
                        self._added[name, getattr(record, KEY[type(record)])] = self.group(each)
                    case Splice(list=name, key=key, part=part) if (name, key) in self._added and _is_key(name, part):
                        self._added[name, _renamed(edit)] = self._added.pop((name, key))
                    case Remove(list=name, key=key):
                        self._added.pop((name, key), None)

    def group(self, amendment: Amendment) -> str:
        """The reference to the time during which an amendment is in force."""
        return f"#tmpg_{self.days.index((amendment.day, amendment.letter)) + 2}"

    def period_of(self, name: str, key: str) -> str | None:
        """The time during which a record is in force that was put there by an amendment."""
        return self._added.get((name, key))

    def last(self) -> dict[tuple[int, int], tuple[str, str]]:
        """For each edit (the number of its amendment, its own), the list and the key that its record has at the end."""
        tokens: dict[tuple[str, str], list[str]] = {}
        of_edit: dict[tuple[int, int], tuple[str, list[str]]] = {}
        for first, amendment in enumerate(self.amendments):
            for second, edit in enumerate(amendment.edits):
                match edit:
                    case Add(list=name, record=record):
                        key = getattr(record, KEY[type(record)])
                        token = tokens[name, key] = [key]
                    case Remove(list=name, key=key):
                        token = tokens.pop((name, key), [key])
                    case Splice(list=name, key=key, part=part):
                        token = tokens.setdefault((name, key), [key])
                        if _is_key(name, part):
                            token[0] = _renamed(edit)
                            tokens[name, token[0]] = tokens.pop((name, key))
                of_edit[first, second] = (name, token)
        return {at: (name, token[0]) for at, (name, token) in of_edit.items()}


_KEYS = {"definitions": "term", "documents": "place", "sections": "label"}


def _is_key(name: str, part: str) -> bool:
    return part == _KEYS.get(name, "label")


def _renamed(edit: Splice) -> str:
    return edit.key[: edit.at] + edit.new + edit.key[edit.at + len(edit.old) :]


def fill_meta(
    meta: etree._Element, code: Code, events: Events, found: Found, marks: Marks, notes: Iterable[tuple[str, str]]
) -> None:
    """Write all that is said about a code: what it is, what it was made by, its notes, and what has no other place."""
    identify(
        meta,
        work_of(code),
        expression_of(code, code.as_at),
        ("unknown", UNKNOWN),
        ("asAt", code.as_at.isoformat()),
        subtype="code",
        title=code.title,
        version=code.version,
    )
    life = element(meta, "lifecycle", source=EDITOR)
    element(life, "eventRef", eId="eref_1", date=events.base.isoformat(), source="#original", type="generation")
    for number, (day, letter) in enumerate(events.days, 2):
        source = f"#letter_{events.letters.index(letter) + 1}"
        element(life, "eventRef", eId=f"eref_{number}", date=day.isoformat(), source=source, type="amendment")
    if events.amendments:
        analysis = element(meta, "analysis", source=EDITOR)
        _changes(element(analysis, "passiveModifications"), code, events, found, marks)
    times = element(meta, "temporalData", source=EDITOR)
    for number in range(1, len(events.days) + 2):
        group = element(times, "temporalGroup", eId=f"tmpg_{number}")
        element(group, "timeInterval", start=f"#eref_{number}", refersTo="#inForce")
    references = element(meta, "references", source=EDITOR)
    element(references, "original", eId="original", href=expression_of(code, events.base), showAs=code.title)
    for number, letter in enumerate(events.letters, 1):
        shown = letter.title or f"the instrument {letter.hash}"
        element(references, "passiveRef", eId=f"letter_{number}", href=letter.work, showAs=shown)
    concepts(references, ("asAt", "as at"), ("inForceFrom", "in force from"), ("inForce", "in force"))
    if notes := tuple(notes):
        holder = element(meta, "notes", source=EDITOR)
        for number, (eid, text) in enumerate(notes, 1):
            note = element(holder, "note", eId=f"note_{number}", placementBase=f"#{eid}")
            for line in text.split("\n"):
                element(note, "p").text = line
    own = etree.SubElement(element(meta, "proprietary", source=EDITOR), f"{{{OWN}}}code", nsmap={"secdefs": OWN})
    own.set("format", str(code.format))
    if code.definitions is not None:
        own.set("order", code.definitions.order)
    parts = [name for name in ("definitions", "contents", "documents", "sections") if getattr(code, name) is not None]
    own.set("parts", " ".join(parts))


def identify(
    meta: etree._Element,
    work: str,
    expression: str,
    made: tuple[str, str],
    stated: tuple[str, str],
    *,
    subtype: str,
    title: str,
    version: str | None = None,
) -> None:
    """The work, the expression and the manifestation; a day is what it is the day of, and the day."""
    holder = element(meta, "identification", source=EDITOR)
    for level, name, (kind, day) in (
        ("Work", work, made),
        ("Expression", expression, stated),
        ("Manifestation", f"{expression}.xml", stated),
    ):
        each = element(holder, f"FRBR{level}")
        element(each, "FRBRthis", value=f"{name}/!main" if level != "Manifestation" else f"{expression}/!main.xml")
        element(each, "FRBRuri", value=name)
        element(each, "FRBRdate", date=day, name=kind)
        element(each, "FRBRauthor", href=EDITOR if level == "Manifestation" else AUTHOR)
        match level:
            case "Work":
                element(each, "FRBRcountry", value=COUNTRY)
                element(each, "FRBRsubtype", value=subtype)
                element(each, "FRBRname", value=title)
            case "Expression":
                if version is not None:
                    element(each, "FRBRversionNumber", value=version)
                element(each, "FRBRlanguage", language="eng")
            case _:
                element(each, "FRBRformat", value="application/akn+xml")


def concepts(references: etree._Element, *named: tuple[str, str], author: str | None = None) -> None:
    """Who wrote the document and the words that it uses of itself."""
    shown = author or "the author"
    element(references, "TLCOrganization", eId="author", href="/akn/ontology/organization/author", showAs=shown)
    element(references, "TLCOrganization", eId="secdefs", href="/akn/ontology/organization/secdefs", showAs="secdefs")
    for eid, shown in named:
        element(references, "TLCConcept", eId=eid, href=f"/akn/ontology/concept/{eid}", showAs=shown)


# --- changes ----------------------------------------------------------------------------------------------------------


def _changes(holder: etree._Element, code: Code, events: Events, found: Found, marks: Marks) -> None:
    """One `textualMod` for each change to a record; records that one instruction puts for others are one change."""
    last = events.last()
    count = 0
    for first, amendment in enumerate(events.amendments):
        whole: dict[str, list[tuple[Edit, str]]] = {}
        single: list[tuple[Splice, str, str]] = []
        for second, edit in enumerate(amendment.edits):
            if edit.list == CODE:
                continue
            name, key = last[first, second]
            if isinstance(edit, Splice):
                single.append((edit, name, key))
            else:
                whole.setdefault(name, []).append((edit, key))
        for name, edits in whole.items():
            count += 1
            new = [found.standing.get((name, key)) for edit, key in edits if isinstance(edit, Add)]
            old = [(key, found.gone.get((name, key))) for edit, key in edits if isinstance(edit, Remove)]
            kind = "substitution" if new and old else "insertion" if new else "repeal"
            mod = _mod(holder, count, kind, amendment, new[0] if new and new[0] else _holder_of(name, found), events)
            before = expression_of(code, events.base)
            for key, eid in old:
                element(mod, "old", href=f"#{eid}" if eid else f"{before}#{_named(name, key, found)}")
            for eid in filter(None, new):
                element(mod, "new", href=f"#{eid}")
        seen: set[tuple[str, str, str]] = set()
        for edit, name, key in single:
            kind = _kind(edit, name)
            if (name, key, kind) in seen:
                continue
            seen.add((name, key, kind))
            count += 1
            eid = found.standing.get((name, key)) or found.gone.get((name, key)) or _holder_of(name, found)
            mod = _mod(holder, count, kind, amendment, eid, events)
            made = marks.made.get(amendment.instruction, {})
            for tag, status in (("old", "del"), ("new", "ins")):
                for mark in made.get(status, ()):
                    if mark in found.marks.get(eid, ()):
                        element(mod, tag, href=f"#{mark}")


def _kind(edit: Splice, name: str) -> str:
    if name == "sections" and edit.part == "label":
        return "renumbering"
    return "substitution" if edit.old and edit.new else "insertion" if edit.new else "repeal"


def _holder_of(name: str, found: Found) -> str:
    return found.section if name == "definitions" and found.section else "body"


def _named(name: str, key: str, found: Found) -> str:
    """The identifier that a record has where it stood, as far as its list tells."""
    prefix = {"documents": "att", "sections": "sec"}.get(name)
    number = re.sub(r"\W|_", "", key.replace(".", "-") if name == "sections" else key)
    return f"{prefix}_{number}" if prefix else f"{found.section or 'sec'}__def__{number}"


def _mod(
    holder: etree._Element, count: int, kind: str, amendment: Amendment, destination: str, events: Events
) -> etree._Element:
    mod = element(holder, "textualMod", eId=f"pmod_{count}", type=kind)
    element(mod, "source", href=f"{amendment.letter.work}#mod_{amendment.number}")
    element(mod, "destination", href=f"#{destination}")
    element(mod, "force", period=events.group(amendment))
    return mod
