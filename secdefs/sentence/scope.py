"""Where an instruction applies: places read one by one, from the outside in, put together into one reference."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import msgspec

from secdefs.findings import Refused
from secdefs.model import DefinitionRef, DocumentRef, EntryRef, Part, ProvisionRef, Ref, SectionRef
from secdefs.said import ORDINALS

# The nouns of units that stand by themselves in an instrument; all others stand within one of these.
_TOP = frozenset("section regulation article rule condition clause schedule part chapter appendix annex group".split())
_CONTAINER = frozenset({"part", "chapter", "group"})
_SECTIONS = frozenset("section regulation article rule condition clause".split())

# What these number is no bracketed paragraph: "Step 1" is not "(1)".
_NAMED_UNITS = frozenset({"step", "head"})

_CITATION = re.compile(
    r"(?:(?P<owner>(?:[Tt]he )?[A-Z]{3,}) )?"
    r"(?:(?:[Tt]he|[Tt]hat|a|new|existing|current|following|whole of) )*(?i:(?:(?:standard|special) )*(?:licence )?)"
    r"(?P<ordinal>[A-Z][a-z]+th|First|Second|Third)? ?"
    r"(?P<noun>(?i:(?:sub-? ?)*)(?i:section|paragraph|regulation|article|rule|schedule|appendi(?:x|ces)|annex|condition"
    r"|clause|part|chapter|item|limb|head|group|step|point))(?:e?s)?\s*(?P<numbers>.*)",
)
_NUMERAL = re.compile(r"x{0,3}(?:ix|iv|v?i{0,3})")
_JOINT = re.compile(r"(,? and |,? or |, | to )")


THIS_LETTER = "this direction"
"""The letter itself, as the work in which something stands: an annex, and never a provision of a code."""


_MOST = 10_000


def bounded(places: int) -> None:
    """Refuse a sentence that names more places than anyone means: lists within lists multiply. Raises Refused SD101."""
    if places > _MOST:
        raise Refused(
            "SD101", f"the lists in this sentence come to {places:,} places together", "write a sentence for each list"
        )


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
    beside: str | None = None
    """With the opening or closing words: the label of the paragraph that they are said to stand before or after."""
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
        return bool(self.units) and not self.top and not any(unit.labels[0][:1].isdigit() for unit in self.units)

    @property
    def lettered_inside(self) -> bool:
        """Whether the innermost unit that it names is a paragraph with a letter."""
        units = self.inner or self.units
        return bool(units) and units[-1].noun not in _TOP and not units[-1].labels[0][:1].isdigit()

    @property
    def whole(self) -> Scope:
        """The same place, and no part of it alone."""
        return msgspec.structs.replace(self, part="text", beside=None)

    def within(self, outer: Scope) -> Scope:
        """This place inside another. What stands by itself here takes the place of what stood there.

        Raises Refused SD110 for a place inside a contents list that is no entry of it.
        """
        if outer.group is not None and outer.entry is None and self.work is None and self.term is None and self.top:
            return self._entry_of(outer)
        part, beside = (self.part, self.beside) if self.part != "text" else (outer.part, outer.beside)
        if self.work is not None:
            outer = Scope()
        elif self.group is not None:
            outer = Scope(work=outer.work, group=outer.group, units=outer.units if self.entry is not None else ())
        elif self.top:
            outer = Scope(work=outer.work, units=_containers(self.units, outer.units))
        if self.term is None and outer.term is not None and not self.top:
            if self.units and self.units[0].noun == "sub-section":
                raise Refused("SD110", f"the definition of “{outer.term}” has no subsections", "name its place in full")
            inner = outer.inner + self.units + self.inner
            return msgspec.structs.replace(outer, inner=inner, part=part, beside=beside)
        return Scope(
            work=self.work or outer.work,
            units=outer.units + self.units,
            term=self.term if self.term is not None else outer.term,
            inner=self.inner,
            part=part,
            beside=beside,
            group=self.group or (outer.group if outer.group is not None else self.group),
            entry=self.entry if self.entry is not None else outer.entry,
        )

    def _entry_of(self, contents: Scope) -> Scope:
        """The entry of a unit in a contents list: "in the list of Appendices, omit Appendix AB" is not the document.

        Raises Refused SD110 where the list has no entry for it.
        """
        unit = self.units[-1]
        if len(self.units) > 1 or len(unit.labels) > 1 or unit.through is not None:
            labels = "".join(f"({each})" if at else each for at, each in enumerate(unit.labels))
            named = f"{unit.noun} {labels}" + (f" to {unit.through}" if unit.through else "")
            raise Refused("SD110", f"“{named}” is no single entry of a contents list", "name each entry")
        group = contents.group or list_of(unit.noun)
        return Scope(work=contents.work, group=group, entry=unit.labels[0], part=self.part)

    def after(self, before: Scope) -> Scope:
        """This place, named in a sentence after one of its rank or above: "in (1)(a), omit …, and in (b), omit …".

        Raises Refused SD110 where it is not clear which of the two it is.
        """
        if self.empty or self.work is not None:
            return self if not self.empty else before
        if self.top or self.group is not None:
            return self.within(Scope(work=before.work, units=before.units))
        if self.term is not None:
            if before.term is None and before.units and not before.units[-1].labels[-1][:1].isdigit():
                raise Refused("SD110", f"it is not clear where the definition of “{self.term}” stands", "say where")
            return self.within(Scope(work=before.work, units=before.units))
        if not self.units:
            if self.part != "text" and (before.inner or before.units):
                raise Refused("SD110", "it is not clear of which provision a part is named", "name the provision")
            return self.within(before.whole)
        first = self.units[0]
        if before.term is not None and self.term is None and _is_numbered(first):
            # "in section 5(1), in the definition of “A” …, and in subsection (2) …": no definition has subsections.
            if not before.units:
                raise Refused("SD110", "it is not clear in which provision a place stands", "name the provision")
            before = Scope(work=before.work, units=before.units)
        units = before.inner if before.term is not None else before.units
        for number in range(len(units) - 1, -1, -1):
            unit = units[number]
            low = 1 if unit.plain and unit.noun != first.noun else 0
            for depth in range(len(unit.labels) - 1, low - 1, -1):
                if not depth and first.noun == f"sub-{unit.noun}" and not unit.plain:
                    if not _roman(first.labels[0]) or _roman(unit.labels[0]):
                        raise Refused("SD110", "it is not clear whether a place is inside the one before it", "name it")
                    continue
                outer = [label for above in units[:number] for label in above.labels] + list(unit.labels[:depth])
                if one_list(unit.labels[depth], first.labels[0], outer) and (
                    depth or unit.noun == first.noun or not unit.plain
                ):
                    above = units[:number] + (
                        (unit._replace(labels=unit.labels[:depth], through=None),) if depth else ()
                    )
                    field = "inner" if before.term is not None else "units"
                    return self.within(msgspec.structs.replace(before.whole, **{field: above}))
        return self.within(before.whole)

    def sibling(self, label: str) -> Scope:
        """The place of another label in the list of the innermost unit named here."""
        units = self.inner or self.units
        last = units[-1]
        other = (*units[:-1], last._replace(labels=(*last.labels[:-1], label), through=None))
        return msgspec.structs.replace(self, inner=other) if self.inner else msgspec.structs.replace(self, units=other)

    def same(self, outer: Scope) -> bool:
        """Whether it names again the last unit of another: "in (11)(b), … to the end of sub-paragraph (b)"."""
        mine, theirs = self.inner or self.units, outer.inner or outer.units
        if self.term is not None or self.work is not None or self.top or not mine or not theirs:
            return False
        labels = tuple(label for unit in mine for label in unit.labels)
        last = tuple(label for unit in theirs for label in unit.labels)
        return last[-len(labels) :] == labels and mine[-1].through is None and theirs[-1].through is None

    def ref(self) -> Ref:
        """The reference. Raises Refused SD110 where the sentence does not name enough."""
        place = self._place()
        if self.beside is None or self.part not in ("opening", "closing"):
            return place
        if isinstance(place, SectionRef | EntryRef):
            side = "before" if self.part == "opening" else "after"
            raise Refused("SD110", f"the words {side} “{self.beside}”: it is not clear of which provision", "name it")
        return msgspec.structs.replace(place, beside=self.beside)

    def _place(self) -> Ref:
        if self.work == THIS_LETTER:
            raise Refused("SD110", "the letter itself is no place of a code", "name the code, and the provision in it")
        if self.entry is not None and self.units:
            raise Refused(
                "SD108",
                f"the entry for “{self.entry}” stands in a table of a provision, which this tool does not hold",
                "make this change by hand, and set the item aside with a reason",
            )
        if self.group is not None:
            return EntryRef(group=self.group, label=self.entry, part=self.part, work=self.work)
        top, rest = self._divided()
        _refuse_one_kind(((top,) if top else ()) + rest)
        if self.term is not None:
            path, through = _path(self.inner)
            section = _section(top, rest, self._label(top) if top else "")
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
            place = f"{noun.capitalize()} {labels[0]}".strip()
            return DocumentRef(place=place, path=path, through=through, part=self.part, work=self.work)
        if noun == "section" and labels[0].isalpha() and path and re.fullmatch(rf"{labels[0]}\d+(?:\.\d+)*", path[0]):
            # "paragraph H8.16" of Section H is a provision of it; subsection (10) of section 1 is none of its own.
            return ProvisionRef(label=path[0], path=path[1:], through=through, part=self.part, work=self.work)
        if noun == "section" and not path and through is None and re.fullmatch(r"[A-Z]{1,2}", labels[0]):
            return SectionRef(label=labels[0], part=self.part, work=self.work)
        return ProvisionRef(label=self._label(top), path=path, through=through, part=self.part, work=self.work)

    def _label(self, top: Unit) -> str:
        """The label by which a unit that stands by itself is known, with the Schedule that its Part belongs to."""
        label = _titled(top)
        if top.noun in _CONTAINER:
            holders = [unit for unit in self.units if unit.noun in _CONTAINER | {"schedule"} and unit != top]
            label = " of ".join([label, *(_titled(unit) for unit in reversed(holders))])
        return label

    def _divided(self) -> tuple[Unit | None, tuple[Unit, ...]]:
        """The innermost unit that stands by itself, and those within it."""
        units = self.units
        last = max((number for number, unit in enumerate(units) if unit.noun in _TOP), default=None)
        if last is None:
            if units and units[0].plain and (units[0].noun == "paragraph" or "." in units[0].labels[0]):
                return units[0]._replace(noun="section"), units[1:]
            return None, units
        schedules = [number for number, unit in enumerate(units) if unit.noun == "schedule"]
        if units[last].noun in ("part", "chapter") and schedules and last + 1 < len(units):
            # Paragraphs of a Schedule are numbered through its Parts: the Part adds nothing to "paragraph 26".
            return units[schedules[-1]], units[last + 1 :]
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


def _containers(mine: tuple[Unit, ...], theirs: tuple[Unit, ...]) -> tuple[Unit, ...]:
    """Of the units around, the Schedules, Parts and Chapters that a unit that stands by itself may belong to."""
    kept = tuple(unit for unit in theirs if unit.noun in _CONTAINER | {"schedule"})
    first = mine[0].noun
    if first == "schedule":
        return ()
    if first in _CONTAINER:
        # Another Part of the same Schedule, and not a Part of a Part.
        known = [number for number, unit in enumerate(kept) if unit.noun == first]
        return kept[: known[0]] if known else kept
    return kept if kept and kept[0].noun in _CONTAINER else ()


def _shorter(units: tuple[Unit, ...]) -> tuple[Unit, ...]:
    last = units[-1]
    if len(last.labels) > 1:
        return (*units[:-1], last._replace(labels=last.labels[:-1], through=None))
    return units[:-1]


def _path(units: tuple[Unit, ...]) -> tuple[tuple[str, ...], str | None]:
    path = tuple(label for unit in units for label in unit.labels)
    return path, units[-1].through if units else None


def _refuse_one_kind(units: tuple[Unit, ...]) -> None:
    """Refuse a paragraph with a figure in another such: one of the two is a footnote's, or another place.

    Raises Refused SD110.
    """
    for outer, inner in pairwise(units):
        held = outer.labels if not outer.plain or outer.noun == inner.noun == "paragraph" else outer.labels[1:]
        beside = not inner.plain or outer.noun == inner.noun == "paragraph"
        if held and beside and held[-1][:1].isdigit() and inner.labels[0][:1].isdigit():
            raise Refused(
                "SD110",
                f"it is not clear how ({inner.labels[0]}) stands in ({held[-1]}), which is of the same kind",
                "name the one that is meant, or write a sentence for each",
            )


def _titled(top: Unit) -> str:
    return top.labels[0] if top.noun in _SECTIONS else f"{top.noun.capitalize()} {top.labels[0]}".strip()


def _section(top: Unit | None, rest: tuple[Unit, ...], label: str) -> str | None:
    """Where a definition stands, as it is cited: "150(1)", "Schedule 2(1)(a)"."""
    path = "".join(f"({each})" for unit in rest for each in unit.labels)
    if top is None:
        return path or None
    return label + "".join(f"({each})" for each in top.labels[1:]) + path


# --- citations --------------------------------------------------------------------------------------------------------


def noun_of(words: str) -> str:
    """The noun of a unit in the singular, as units are told apart: "sub-paragraph" for "subparagraphs"."""
    noun = re.sub(r"^(sub)-? ?", r"\1-", words.lower().replace("appendices", "appendix"))
    noun = noun.removesuffix("es") if noun.endswith("annexes") else noun.removesuffix("s")
    return noun.replace("point", "paragraph")


def citation(text: str) -> tuple[Scope, ...]:
    """The places that a citation names: "paragraphs (a)(i) and (ii)" names two, "(a) to (c)" one range."""
    if re.match(r"[A-Z]{1,2}\d", text):
        # A label by itself, as a code prints its own: "H8.16(b)".
        text = f"Section {text}"
    if text.startswith("("):
        text = f"paragraph {text}"
    found = _CITATION.fullmatch(text.strip())
    if found is None:
        raise Refused("SD101", f"“{text}” does not read as a citation")
    noun = noun_of(found["noun"])
    owner = found["owner"]
    units: list[Unit] = []
    joint = ""
    if not found["numbers"]:
        ordinal = (found["ordinal"] or "").lower()
        units.append(Unit(noun, (str(ORDINALS.index(ordinal) + 1) if ordinal in ORDINALS else "",), None, True))
    for number in _JOINT.split(found["numbers"]) if found["numbers"] else ():
        if _JOINT.fullmatch(number):
            joint = number.strip()
            continue
        plain = re.match(r"[A-Za-z0-9.]+", number)
        labels = tuple(re.findall(r"[A-Za-z0-9.]+", number))
        if units and plain is None:
            last = units[-1]
            if joint == "to" and len(labels) == 1 and one_list(last.labels[-1], labels[0]):
                labels = (*last.labels[:-1], *labels)
            labels = _beside(last, labels) if joint != "to" or len(labels) != len(last.labels) else labels
        if joint == "to":
            first = units[-1]
            if first.through is not None or len(first.labels) != len(labels) or first.labels[:-1] != labels[:-1]:
                raise Refused("SD101", f"the range “{text}” does not read as one", "name the first and the last")
            units[-1] = first._replace(through=labels[-1])
            continue
        if plain is not None and noun in _NAMED_UNITS:
            labels = (f"{noun.capitalize()} {labels[0]}", *labels[1:])
        units.append(Unit(noun, labels, None, plain is not None or (bool(units) and units[-1].plain)))
    work = re.sub("^[Tt]he ", "", owner) if owner else None
    return tuple(Scope(work=work, units=(unit,)) for unit in units)


def _beside(before: Unit, labels: tuple[str, ...]) -> tuple[str, ...]:
    """A bracketed label after another: "(1)(a) and (3)" is (1)(a) and (3), "(a)(i) and (ii)" is (a)(i) and (a)(ii)."""
    first = 1 if before.plain else 0
    for depth in range(len(before.labels) - 1, first - 1, -1):
        if one_list(before.labels[depth], labels[0], before.labels[:depth]):
            return before.labels[:depth] + labels
    raise Refused("SD110", f"it is not clear of what “({labels[0]})” is a part", "give each place its full number")


def one_list(label: str, following: str, outer: Sequence[str] = ()) -> bool:
    """Whether two labels can belong to one list: both figures, both capitals, both roman, or both letters.

    `outer` are the labels around the first: after "(a)(v)", "(b)" goes on with (a), not back in a list that has (v).
    Raises Refused SD110 for "(u)(iv) and (v)", where the second may as well come after (u).
    """
    if label[:1].isdigit() or following[:1].isdigit():
        return label[:1].isdigit() and following[:1].isdigit()
    if label[:1].isupper() or following[:1].isupper():
        return label[:1].isupper() and following[:1].isupper()
    lettered = any(map(str.islower, outer))
    if lettered and _NUMERAL.fullmatch(label) and any(ord(following[0]) - ord(each[0]) == 1 for each in outer):
        if len(following) == 1 and _roman(following):
            raise Refused("SD110", f"it is not clear in which list ({following}) is", "name the paragraph in full")
        return len(following) > 1 and _roman(following)
    if len(following) > 1 and _roman(following):
        return _roman(label)
    if len(label) > 1 and _NUMERAL.fullmatch(label):
        doubled = len(label) == len(following) == 2 and len(set(label)) == len(set(following)) == 1
        return doubled or _roman(following)
    if _roman(label) and not _roman(following) and following < label and lettered:
        return False
    return label != "i" or (following == "j" and not lettered) or _roman(following)


def _is_numbered(unit: Unit) -> bool:
    return unit.noun == "sub-section" or unit.labels[0][:1].isdigit()


def _roman(label: str) -> bool:
    return re.fullmatch(r"[ivxlc]+", label) is not None


def list_of(noun: str) -> str:
    """The contents list of the provisions that a noun names: "Appendices" for "appendix"."""
    return "Appendices" if noun == "appendix" else f"{noun.capitalize()}s"
