"""Where an instruction applies: places read one by one, from the outside in, put together into one reference."""

from __future__ import annotations

import re
from typing import NamedTuple

import msgspec

from secdefs.findings import Refused
from secdefs.model import DefinitionRef, DocumentRef, EntryRef, Part, ProvisionRef, Ref, SectionRef

# The nouns of units that stand by themselves in an instrument; all others stand within one of these.
_TOP = frozenset("section regulation article rule condition clause schedule part chapter appendix annex group".split())
_CONTAINER = frozenset({"part", "chapter", "group"})
_SECTIONS = frozenset("section regulation article rule condition clause".split())

_CITATION = re.compile(
    r"(?:(?P<owner>(?:the )?[A-Z]{3,}) )?(?:(?:the|that|each|first|second) )*(?:standard )?"
    r"(?P<noun>(?:sub-?)*(?:section|paragraph|regulation|article|rule|schedule|appendi(?:x|ces)|annex|condition|clause"
    r"|part|chapter|item|limb|head|group|step))(?:e?s)?\s*(?P<numbers>.*)",
    re.I,
)
_JOINT = re.compile(r"(,? and |,? or |, | to )")


class Unit(NamedTuple):
    """One unit of a citation: its noun in the singular, its labels from the outside in, and the end of a range."""

    noun: str
    labels: tuple[str, ...]
    through: str | None = None
    plain: bool = False
    """Whether the first label stands without brackets ("section 5", and not "paragraph (a)")."""


class Scope(msgspec.Struct, frozen=True):
    """What places said so far: an instrument, units from the outside in, a definition and the units within it."""

    work: str | None = None
    units: tuple[Unit, ...] = ()
    term: str | None = None
    inner: tuple[Unit, ...] = ()
    part: Part = "text"
    group: str | None = None
    entry: str | None = None

    @property
    def empty(self) -> bool:
        return self == Scope()

    @property
    def top(self) -> bool:
        """Whether it names a unit that stands by itself."""
        return any(unit.noun in _TOP for unit in self.units)

    @property
    def lettered(self) -> bool:
        """Whether it names nothing but paragraphs with letters, as paragraphs of definitions have."""
        return bool(self.units) and not self.top and not any(unit.labels[0][0].isdigit() for unit in self.units)

    def within(self, outer: Scope) -> Scope:
        """This place inside another. What stands by itself here takes the place of what stood there."""
        part = self.part if self.part != "text" else outer.part
        if self.work is not None:
            outer = Scope()
        elif self.group is not None:
            outer = Scope(work=outer.work)
        elif self.top:
            kept = tuple(unit for unit in outer.units if unit.noun in _CONTAINER | {"schedule"})
            nested = self.units[0].noun in _CONTAINER or (kept and kept[0].noun in _CONTAINER)
            outer = Scope(work=outer.work, units=kept if nested else ())
        if self.term is None and outer.term is not None and not self.top:
            inner = outer.inner + self.units + self.inner
            return msgspec.structs.replace(outer, inner=inner, part=part)
        return Scope(
            work=self.work or outer.work,
            units=outer.units + self.units,
            term=self.term if self.term is not None else outer.term,
            inner=self.inner,
            part=part,
            group=self.group or outer.group,
            entry=self.entry or outer.entry,
        )

    def ref(self) -> Ref:
        """The reference. Raises Refused SD110 where the sentence does not name enough."""
        if self.group is not None:
            return EntryRef(group=self.group, label=self.entry, part=self.part, work=self.work)
        top, rest = self._divided()
        if self.term is not None:
            path, through = _path(self.inner)
            section = _section(top, rest)
            return DefinitionRef(
                term=self.term, section=section, path=path, through=through, part=self.part, work=self.work
            )
        path, through = _path(rest)
        if top is None:
            if not rest:
                return SectionRef(part=self.part, work=self.work)
            return ProvisionRef(label="", path=path, through=through, part=self.part, work=self.work)
        noun, labels = top.noun, top.labels
        path, through = labels[1:] + path, through or top.through
        if noun in ("appendix", "annex"):
            place = f"{noun.capitalize()} {labels[0]}"
            return DocumentRef(place=place, path=path, through=through, part=self.part, work=self.work)
        if noun == "section" and not path and through is None and re.fullmatch(r"[A-Z]{1,2}", labels[0]):
            return SectionRef(label=labels[0], part=self.part, work=self.work)
        label = labels[0] if noun in _SECTIONS else f"{noun.capitalize()} {labels[0]}".strip()
        return ProvisionRef(label=label, path=path, through=through, part=self.part, work=self.work)

    def _divided(self) -> tuple[Unit | None, tuple[Unit, ...]]:
        """The unit that stands by itself, and those within it."""
        units = self.units
        last = max((number for number, unit in enumerate(units) if unit.noun in _TOP), default=None)
        if last is None:
            if units and units[0].plain and (units[0].noun == "paragraph" or "." in units[0].labels[0]):
                return units[0]._replace(noun="section"), units[1:]
            return None, units
        return units[last], units[last + 1 :]

    def parent(self) -> Scope:
        """The place that holds the innermost unit named here."""
        if self.entry is not None:
            return msgspec.structs.replace(self, entry=None)
        if self.inner:
            return msgspec.structs.replace(self, inner=_shorter(self.inner))
        if self.term is not None:
            return msgspec.structs.replace(self, term=None)
        if self.units:
            return msgspec.structs.replace(self, units=_shorter(self.units))
        return self


def _shorter(units: tuple[Unit, ...]) -> tuple[Unit, ...]:
    last = units[-1]
    if len(last.labels) > 1:
        return (*units[:-1], last._replace(labels=last.labels[:-1], through=None))
    return units[:-1]


def _path(units: tuple[Unit, ...]) -> tuple[tuple[str, ...], str | None]:
    path = tuple(label for unit in units for label in unit.labels)
    return path, units[-1].through if units else None


def _section(top: Unit | None, rest: tuple[Unit, ...]) -> str | None:
    path = "".join(f"({label})" for unit in rest for label in unit.labels)
    if top is None:
        return path or None
    inside = "".join(f"({label})" for label in top.labels[1:])
    noun = "" if top.noun in _SECTIONS else f"{top.noun.capitalize()} "
    return f"{noun}{top.labels[0]}{inside}{path}"


def citation(text: str) -> tuple[Scope, ...]:
    """The places that a citation names: "paragraphs (a)(i) and (ii)" names two, "(a) to (c)" one range."""
    found = _CITATION.fullmatch(text.strip())
    if found is None:
        raise Refused("SD101", f"“{text}” does not read as a citation")
    noun = found["noun"].lower().replace("appendices", "appendix").replace("subsection", "sub-section")
    noun = noun if noun.startswith("sub-") or not noun.startswith("sub") else "sub-" + noun[3:]
    owner = found["owner"]
    units: list[Unit] = []
    joint = ""
    for number in _JOINT.split(found["numbers"]):
        if _JOINT.fullmatch(number):
            joint = number.strip()
            continue
        plain = re.match(r"[A-Za-z0-9.]+", number)
        labels = tuple(re.findall(r"[A-Za-z0-9.]+", number))
        if units and plain is None:
            labels = _beside(units[-1], labels)
        if joint == "to":
            first = units[-1]
            if first.through is not None or len(first.labels) != len(labels):
                raise Refused("SD101", f"the range “{text}” does not read as one", "name the first and the last")
            units[-1] = first._replace(through=labels[-1])
            continue
        units.append(Unit(noun, labels, None, plain is not None or (bool(units) and units[-1].plain)))
    work = owner.removeprefix("the ") if owner else None
    return tuple(Scope(work=work, units=(unit,)) for unit in units)


def _beside(before: Unit, labels: tuple[str, ...]) -> tuple[str, ...]:
    """A bracketed label after another: "(1)(a) and (3)" is (1)(a) and (3), "(a)(i) and (ii)" is (a)(i) and (a)(ii)."""
    first = 1 if before.plain else 0
    for depth in range(first, len(before.labels)):
        if _follows(before.labels[depth], labels[0]):
            return before.labels[:depth] + labels
    return before.labels[:first] + labels


def _follows(label: str, following: str) -> bool:
    """Whether two labels can belong to one list: both figures, both capitals, both roman, or both letters."""
    if label[0].isdigit() or following[0].isdigit():
        return label[0].isdigit() and following[0].isdigit()
    if label[0].isupper() or following[0].isupper():
        return label[0].isupper() and following[0].isupper()
    if len(following) > 1 and _roman(following):
        return _roman(label)
    return label != "i" or following == "j" or _roman(following)


def _roman(label: str) -> bool:
    return re.fullmatch(r"[ivxlc]+", label) is not None
