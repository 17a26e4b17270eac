"""A code as Akoma Ntoso 1.0 (OASIS): the clean text, or a redline of its changes with `ins` and `del`.

A definition is `hcontainer name="definition"` with the term in `def`, and its paragraphs are `level`s, as the published
model of UK legislation has them; identifiers follow the naming convention. What was written is read back before it is
given: a text whose paragraphs do not come back exactly is written line by line, with its spaces.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Literal

from lxml import etree

from secdefs.change.edits import KEY, Consolidation, Field, Marked, Piece
from secdefs.model import Code, Definitions, Record
from secdefs.plan import Plan
from secdefs.read.akoma import NAMESPACE
from secdefs.read.codefile import code_from_xml
from secdefs.write.akomadata import Amendment, Events, Found, amendments_of, fill_meta, slug, work_of
from secdefs.write.akomatext import Marks, Names, element, indent, inline, refuse_forbidden, say_date, write_text

__all__ = ["akoma_bytes", "planned_bytes", "redline_bytes"]


def planned_bytes(plan: Plan, style: Literal["tracked", "clean"]) -> bytes:
    """The code as a plan changes it, with what the letters did to it; tracked: with the changes marked.

    Raises `SecdefsError` where the plan has an error, and as `akoma_bytes` does.
    """
    after = plan.after()
    if style == "tracked":
        return redline_bytes(plan.consolidation, amendments_of(plan))
    return akoma_bytes(after, amendments_of(plan), plan.before.as_at)


def akoma_bytes(code: Code, amendments: Iterable[Amendment] = (), base: dt.date | None = None) -> bytes:
    """The code as an Akoma Ntoso document. `amendments` are what made it what it is, since the day `base`.

    Raises `SecdefsError` for a character that XML cannot hold, with the name of the record that has it.
    """
    _refuse_forbidden(code)
    data = _Writer(code, Consolidation(code), tuple(amendments), base or code.as_at, clean=True).data()
    if code_from_xml(data.decode(), "code.xml")[0] != code:
        raise AssertionError("the written code does not read back as it was planned; nothing is written")
    return data


def redline_bytes(marked: Consolidation, amendments: Iterable[Amendment] = ()) -> bytes:
    """The changes marked in a code, with `ins` and `del`: all accepted it is the code as changed, all rejected the code
    as it stood. Raises as `akoma_bytes` does."""
    before, after = marked.code(before=True), marked.code()
    for each in (before, after):
        _refuse_forbidden(each)
    data = _Writer(after, marked, tuple(amendments), before.as_at, clean=False).data()
    for existing, expected in (("accept", after), ("reject", before)):
        if code_from_xml(data.decode(), "code.xml", existing)[0] != expected:  # type: ignore[arg-type]
            raise AssertionError("the written redline does not read back as it was planned; nothing is written")
    return data


def _refuse_forbidden(code: Code) -> None:
    """XML has no way to write most control characters: refused, and never dropped."""
    lists: list[tuple[Record, ...]] = [
        code.definitions.entries if code.definitions else (),
        code.documents or (),
        code.sections or (),
        *(group.entries for group in code.contents or ()),
    ]
    refuse_forbidden("the code", _own_words(code))
    for each in (record for records in lists for record in records):
        values = (getattr(each, name) for name in each.__struct_fields__)
        words = "".join(value for value in values if isinstance(value, str))
        refuse_forbidden(f"“{getattr(each, KEY[type(each)])}”", words)


def _own_words(code: Code) -> str:
    words = [code.title, code.short_title, code.version, *(group.group for group in code.contents or ())]
    if code.definitions:
        words += [code.definitions.section, code.definitions.heading, code.definitions.version]
    return "".join(filter(None, words))


class _Writer:
    """One document being written: where each record stands in it, and which marks it has."""

    def __init__(
        self, code: Code, marked: Consolidation, amendments: tuple[Amendment, ...], base: dt.date, *, clean: bool
    ) -> None:
        self.code = code
        self.marked = marked
        self.clean = clean
        self.names = Names()
        self.marks = Marks(self.names)
        self.events = Events(base, amendments)
        self.found = Found()
        self.notes: list[tuple[str, str]] = []

    def data(self) -> bytes:
        root = etree.Element(f"{{{NAMESPACE}}}akomaNtoso", nsmap={None: NAMESPACE})  # type: ignore[dict-item]
        act = element(root, "act", name="code", contains="singleVersion" if self.clean else "multipleVersions")
        meta = element(act, "meta")
        self._preface(element(act, "preface"))
        body = element(act, "body")
        self._definitions(body)
        self._sections(body)
        if not len(body):
            element(body, "hcontainer", name="empty")
        if self.marked.lists.get("documents"):
            self._documents(element(act, "attachments"))
        for eid in (*self.found.standing.values(), *self.found.gone.values()):
            self.found.marks[eid] = set()
        for mark in act.iter(f"{{{NAMESPACE}}}ins", f"{{{NAMESPACE}}}del"):
            around = next((each for each in mark.iterancestors() if each.get("eId") in self.found.marks), None)
            if around is not None:
                self.found.marks[around.get("eId") or ""].add(mark.get("eId") or "")
        fill_meta(meta, self.code, self.events, self.found, self.marks, self.notes)
        indent(root)
        data: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
        return data + b"\n"

    # --- fields ---

    def _fields(self, mark: Marked, record: Record | None) -> dict[str, Field | None]:
        """The pieces of a record by field; None for one that has no value. What is no longer seen is left out."""
        result: dict[str, Field | None] = {}
        for name, pieces in mark.fields.items():
            shown = tuple(
                Piece(piece.text, piece.by or mark.by, piece.gone or mark.gone)
                for piece in pieces
                if not ((piece.by or mark.by) and (piece.gone or mark.gone))
            )
            there = bool(pieces) or name in ("text", "title", KEY[mark.kind])
            if record is not None:  # as it is in the code: an empty value is a value
                there = getattr(record, name) is not None
            result[name] = shown if there and (shown or not pieces) else None
        return result

    def _each(self, name: str, records: Iterable[Record]) -> Iterable[tuple[Marked, dict[str, Field | None]]]:
        """The records of a list that are to be seen, with their fields."""
        marks = self.marked.lists[name]
        plain = list(records) if self.clean else [None] * len(marks)
        for mark, record in zip(marks, plain, strict=True):
            if not (mark.by and mark.gone):
                yield mark, self._fields(mark, record)

    def _dress(
        self, made: etree._Element, name: str, mark: Marked, fields: dict[str, Field | None], *words: str
    ) -> None:
        """What every record has: its `class`, its place in the list of changes, its note."""
        words = (*words, *(["inserted"] if mark.by else ["deleted"] if mark.gone else []))
        if words:
            made.set("class", " ".join(words))
        eid = made.get("eId") or ""
        (self.found.standing if mark.gone is None else self.found.gone)[name, mark.key] = eid
        if (period := self.events.period_of(name, mark.key)) and mark.gone is None:
            made.set("period", period)
        if (note := fields["note"]) is not None:
            self.notes.append((eid, "".join(piece.text for piece in note)))

    # --- the parts ---

    def _preface(self, preface: etree._Element) -> None:
        code = self.code
        (own,) = self.marked.lists["code"]
        title = element(element(preface, "p"), "docTitle")
        title.text = code.title
        if code.short_title is not None:
            short = element(element(preface, "p"), "shortTitle")
            short.text = code.short_title
        stands = element(preface, "p", **{"class": "stands"})
        stands.text = "As at "
        say_date(stands, own.fields["as_at"], "asAt", self.marks)
        version = own.fields["version"]
        if version or (self.clean and code.version is not None):
            last = stands[-1]
            last.tail = (last.tail or "") + ", version "
            inline(element(stands, "inline", name="version"), version, self.marks)
        if code.contents:
            self._contents(preface, code)

    def _contents(self, preface: etree._Element, code: Code) -> None:
        toc = element(preface, "toc")
        for group in code.contents or ():
            eid = self.names.new("toc", group.group)
            item = element(toc, "tocItem", level="1", href=f"#{eid}", eId=eid)
            item.text = group.group
            name = f"contents:{group.group}"
            prefix = item.get("eId") or ""
            for mark, fields in self._each(name, group.entries):
                eid = self.names.new(f"{prefix}__item", mark.key)
                line = element(toc, "tocItem", level="2", href=f"#{eid}", eId=eid)
                self._dress(line, name, mark, fields)
                inline(element(line, "inline", name="label"), fields["label"], self.marks)
                line[-1].tail = " "
                inline(element(line, "inline", name="title"), fields["title"], self.marks)

    def _definitions(self, body: etree._Element) -> None:
        part: Definitions | None = self.code.definitions
        if part is None:
            return
        eid = self.names.new("sec", part.section)
        section = element(body, "section", eId=eid, **{"class": "definitions"})
        self.found.section = eid
        element(section, "num").text = part.section
        if part.heading is not None:
            element(section, "heading").text = part.heading
        (own,) = self.marked.lists["code"]
        pieces = own.fields["section_version"]
        if pieces or (self.clean and part.version is not None):
            self._version(element(section, "subheading"), pieces)
        for mark, fields in self._each("definitions", part.entries):
            # The published model of UK legislation doubles the mark between “def” and the term.
            made = element(
                section, "hcontainer", name="definition", eId=self.names.new(f"{eid}__def", mark.key, joint="__")
            )
            self._dress(made, "definitions", mark, fields, "definition")
            write_text(made, fields["text"] or (), self.marks, term=fields["term"] or ())

    def _version(self, holder: etree._Element, pieces: Field | None) -> None:
        holder.text = "Version "
        inline(element(holder, "inline", name="version"), pieces, self.marks)

    def _sections(self, body: etree._Element) -> None:
        if self.code.sections is None:
            return
        for mark, fields in self._each("sections", self.code.sections):
            made = element(body, "section", eId=self.names.new("sec", mark.key))
            self._dress(made, "sections", mark, fields)
            inline(element(made, "num"), fields["label"], self.marks)
            if fields["heading"] is not None:
                inline(element(made, "heading"), fields["heading"], self.marks)
            write_text(made, fields["text"] or (), self.marks)

    def _documents(self, attachments: etree._Element) -> None:
        for mark, fields in self._each("documents", self.code.documents or ()):
            eid = self.names.new("att", mark.key)
            made = element(attachments, "attachment", eId=eid)
            self._dress(made, "documents", mark, fields)
            inline(element(made, "num"), fields["place"], self.marks)
            inline(element(made, "heading"), fields["title"], self.marks)
            if fields["version"] is not None or fields["in_force_from"] is not None:
                below = element(made, "subheading")
                if fields["version"] is not None:
                    self._version(below, fields["version"])
                if fields["in_force_from"] is not None:
                    if len(below):
                        below[-1].tail = ", in force from "
                    else:
                        below.text = "In force from "
                    say_date(below, fields["in_force_from"], "inForceFrom", self.marks)
            title = "".join(piece.text for piece in fields["title"] or () if not piece.gone)
            href = f"{work_of(self.code)}/!{slug(mark.key)}"
            element(made, "documentRef", eId=self.names.once(f"{eid}__dref_1"), href=href, showAs=title)
