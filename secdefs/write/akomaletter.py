"""A letter as Akoma Ntoso 1.0: its words as they stand, each order a `mod`, and what it orders as `textualMod`.

All that is not blank in the letter is in the document, in its order; only page numbers and running lines are not. An
operation is known here by its name alone, as it is in JSON.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from lxml import etree

from secdefs.change.edits import Piece
from secdefs.letter.instrument import Instrument
from secdefs.outline import QUOTE, Clause, Footnote, Outline, outline
from secdefs.outline.quotations import Quotation
from secdefs.outline.shapes import Layout
from secdefs.read.akoma import NAMESPACE, OWN
from secdefs.sentence.parse import Instruction
from secdefs.write.akomadata import (
    COUNTRY,
    EDITOR,
    UNKNOWN,
    concepts,
    identify,
    letter_of,
    mods_of,
    slug,
)
from secdefs.write.akomatext import Marks, Names, element, indent, refuse_forbidden, write_text
from secdefs.write.terminal import when

_KINDS = {"substitute": "substitution", "insert": "insertion", "incorporate": "insertion", "omit": "repeal"}
_KINDS |= {"revoke": "repeal", "reincorporate": "replacement", "rename": "substitution"}
_BLANK = dict.fromkeys((0x0B, 0x0C, *range(0x1C, 0x20)), " ")
"""What is blank and XML cannot hold: the ends of pages above all."""

_SPOTS = {"after": "after", "before": "before", "beginning": "start", "end": "end"}


def letter_bytes(instrument: Instrument, layout: Layout | None = None) -> bytes:
    """The letter as an Akoma Ntoso document; `layout` is what its file told of its shape.

    Raises `SecdefsError` for a character that XML cannot hold.
    """
    refuse_forbidden("the letter", instrument.text.translate(_BLANK))
    return _Letter(instrument, outline(instrument.text, layout)).data()


class _Letter:
    """One document being written."""

    def __init__(self, instrument: Instrument, shape: Outline) -> None:
        self.instrument = instrument
        self.text = instrument.text.translate(_BLANK)
        self.shape = shape
        self.names = Names()
        self.mods = mods_of(instrument)
        self.spans: dict[int, list[Instruction]] = {}
        """The instructions of each `mod`, by its number: those that one sentence gives."""
        for each in instrument.instructions:
            self.spans.setdefault(self.mods[each.id], []).append(each)
        self.written: dict[int, list[str]] = {number: [] for number in self.spans}
        """The identifiers of the quotations in each `mod`."""
        self.quoted: dict[str, str] = {}
        """By identifier: the words of a quotation."""
        self.notes = {each.anchor: each for each in shape.footnotes if each.anchor is not None}

    def data(self) -> bytes:
        root = etree.Element(f"{{{NAMESPACE}}}akomaNtoso", nsmap={None: NAMESPACE})  # type: ignore[dict-item]
        doc = element(root, "doc", name="direction")
        meta = element(doc, "meta")
        body = element(doc, "mainBody")
        for clause in _in_order(self.shape.clauses):
            self._clause(body, clause, "")
        for note in self.shape.footnotes:
            if note.anchor is None or note.anchor in self.notes:  # to nothing that was written
                made = element(body, "p", **{"class": "footnote"})
                made.text = f"{note.mark} {note.text}".translate(_BLANK)
        for number, ids in self.written.items():
            if not ids and not self._is_written(body, number):
                element(element(body, "p"), "mod", eId=f"mod_{number}")
        if not len(body):
            element(body, "p")
        self._meta(meta)
        indent(root)
        data: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
        return data + b"\n"

    @staticmethod
    def _is_written(body: etree._Element, number: int) -> bool:
        return any(each.get("eId") == f"mod_{number}" for each in body.iter(f"{{{NAMESPACE}}}mod"))

    # --- the words ---

    def _clause(self, parent: etree._Element, clause: Clause, prefix: str) -> None:
        if clause.label is None and not clause.children:
            self._words(parent, clause)
            return
        joint = f"{prefix}__" if prefix else ""
        eid = self.names.new(f"{joint}para", clause.label or str(len(parent) + 1))
        made = element(parent, "paragraph", eId=eid)
        if clause.label is not None:
            element(made, "num").text = clause.label
        self._words(element(made, "intro" if clause.children else "content"), clause)
        for child in clause.children:
            if child.label is None and not child.children:
                inner = element(made, "paragraph", eId=self.names.new(f"{eid}__para", str(len(made))))
                self._words(element(inner, "content"), child)
            else:
                self._clause(made, child, eid)

    def _words(self, parent: etree._Element, clause: Clause) -> None:
        """A clause's own words, and the block that it introduces."""
        words = element(parent, "p")
        last: int | None = None
        holder, at = words, None
        quotes = iter(clause.quotes)
        for index, character in enumerate(clause.text):
            start = clause.offsets[index]
            number = self._mod_at(start)
            if number != at:
                at = number
                holder = words if number is None else self._open(words, number)
            if character == QUOTE:
                quote = next(quotes)
                self._quotation(holder, quote, number)
                end = quote.end
            else:
                _add(holder, character)
                end = start + 1
            after = clause.offsets[index + 1]
            for anchor in [each for each in self.notes if end <= each <= after and each < max(after, end + 1)]:
                self._note(holder, self.notes.pop(anchor))
            last = number
        if clause.block:
            self._block(parent, words, clause, last)

    def _mod_at(self, offset: int) -> int | None:
        """The `mod` to which a character of the letter belongs."""
        for number, (first, *_) in self.spans.items():
            if first.source.start <= offset < first.source.end:
                return number
        return None

    def _open(self, words: etree._Element, number: int) -> etree._Element:
        """The element of a `mod`, which goes on where a clause's other words cut it."""
        first = self.names.once(f"mod_{number}")
        return element(words, "mod", eId=first)

    def _note(self, holder: etree._Element, note: Footnote) -> None:
        made = element(holder, "authorialNote", marker=note.mark)
        element(made, "p").text = note.text.translate(_BLANK)

    def _quotation(self, holder: etree._Element, quote: Quotation, number: int | None) -> None:
        opening, closing = self.text[quote.start : quote.start + 1], self.text[quote.end - 1 : quote.end]
        kind = None if number is None else self._is(quote.text, number)
        if number is None or kind is None:
            _add(holder, opening + " ".join(quote.text.split()) + closing)
            return
        structured = kind == "structure"
        made = self._quoted(holder, number, structured, opening, closing)
        self.quoted[made.get("eId") or ""] = quote.text
        if structured:
            self._structure(made, quote.text.translate(_BLANK))
        else:
            made.text = " ".join(quote.text.split())

    def _quoted(
        self, holder: etree._Element, number: int, structured: bool, opening: str, closing: str
    ) -> etree._Element:
        tag, short = ("quotedStructure", "qstr") if structured else ("quotedText", "qtext")
        eid = self.names.once(f"mod_{number}__{short}_{len(self.written[number]) + 1}")
        self.written[number].append(eid)
        made = element(holder, tag, eId=eid)
        if opening:
            made.set("startQuote", opening)
        if closing:
            made.set("endQuote", closing)
        return made

    def _is(self, text: str, number: int) -> str | None:
        """What a quotation is in its sentence: words that come or go, a provision that comes; null for neither."""
        plain = _plain(text)
        for each in self.spans[number]:
            operation = msgspec.to_builtins(each.operation)
            new = operation.get("new")
            if isinstance(new, list | tuple):
                if plain in {_plain(said) for said in _records(new)} or "\n" in text.strip():
                    return "structure"
            elif new is not None and _plain(new) == plain:
                return "structure" if "\n" in text.strip() else "text"
            if plain in {_plain(old) for old in _olds(operation)}:
                return "text"
            if operation.get("to") is not None and _plain(operation["to"]) == plain:
                return "text"
        return None

    def _block(self, parent: etree._Element, words: etree._Element, clause: Clause, number: int | None) -> None:
        """The indented text after a clause: in its `mod` where it belongs to one, else as paragraphs."""
        said = self.text[clause.offsets[-1] : clause.end].strip()
        text = "\n".join(clause.block).translate(_BLANK)
        inside = "".join(text.split())
        bare = "".join(said.split())
        at = bare.find(inside)
        if number is None or not inside or at < 0:
            for line in said.split("\n"):
                if line.strip():
                    element(parent, "p").text = line.strip()
            return
        mods = [each for each in words if each.get("eId", "").startswith(f"mod_{number}")]
        holder = mods[-1] if mods else self._open(words, number)
        made = self._quoted(holder, number, True, bare[:at], bare[at + len(inside) :])
        self.quoted[made.get("eId") or ""] = text
        self._structure(made, text)

    def _structure(self, holder: etree._Element, text: str) -> None:
        """A text that is inserted: definitions each by itself where it begins with a quoted term, else levels."""
        parts = re.split(r"\n(?=[“\"])", text)
        found = [_DEFINITION.fullmatch(part) for part in parts]
        if not all(found):
            write_text(holder, (Piece(text),), Marks(self.names))
            return
        prefix = holder.get("eId") or ""
        for part in filter(None, found):
            eid = self.names.new(f"{prefix}__def", part["term"], joint="__")
            made = element(holder, "hcontainer", name="definition", eId=eid, **{"class": "definition"})
            write_text(made, (Piece(part["text"]),), Marks(self.names), term=(Piece(part["term"]),))
            term = next(made.iter(f"{{{NAMESPACE}}}def"))
            first = term.getparent()
            assert first is not None
            first.text = part["open"]
            term.tail = part["close"] + (term.tail or "")

    # --- what is said of it ---

    def _meta(self, meta: etree._Element) -> None:
        letter, instrument = letter_of(self.instrument), self.instrument
        made = instrument.made.isoformat() if instrument.made else None
        identify(
            meta,
            letter.work,
            f"{letter.work}/eng@{made or ''}",
            ("made", made) if made else ("unknown", UNKNOWN),
            ("made", made) if made else ("unknown", UNKNOWN),
            subtype="direction",
            title=instrument.title or "Direction",
        )
        days = sorted({each.commencement for each in instrument.instructions if isinstance(each.commencement, dt.date)})
        life = element(meta, "lifecycle", source=EDITOR)
        element(life, "eventRef", eId="eref_1", date=made or UNKNOWN, source="#original", type="generation")
        for number, day in enumerate(days, 2):
            element(life, "eventRef", eId=f"eref_{number}", date=day.isoformat(), source="#original", type="amendment")
        if instrument.instructions:
            active = element(element(meta, "analysis", source=EDITOR), "activeModifications")
            for number, each in enumerate(instrument.instructions, 1):
                self._modification(active, number, each, days)
        if days:
            times = element(meta, "temporalData", source=EDITOR)
            for number in range(2, len(days) + 2):
                group = element(times, "temporalGroup", eId=f"tmpg_{number}")
                element(group, "timeInterval", start=f"#eref_{number}", refersTo="#inForce")
        references = element(meta, "references", source=EDITOR)
        shown = instrument.title or "Direction"
        element(references, "original", eId="original", href=letter.work, showAs=shown)
        for number, (href, name) in enumerate(self._works(), 1):
            element(references, "activeRef", eId=f"work_{number}", href=href, showAs=name)
        concepts(references, ("inForce", "in force"), author=instrument.issuer)

    def _works(self) -> Iterator[tuple[str, str]]:
        """The works that the letter amends, each once, and their names."""
        targets = [msgspec.to_builtins(each.operation)["target"] for each in self.instrument.instructions]
        names = dict.fromkeys(target.get("work") or self._code() for target in targets)
        return ((_work(name), name) for name in names)

    def _code(self) -> str:
        """The name of the code that the letter amends, the longest that the letter gives it."""
        return max(self.instrument.code, key=len, default="the code")

    def _modification(self, parent: etree._Element, number: int, each: Instruction, days: list[dt.date]) -> None:
        operation = msgspec.to_builtins(each.operation)
        kind = _KINDS[operation["operation"].partition("_")[0]]
        target = operation["target"]
        if operation["operation"] == "rename" and (target.get("path") or target["kind"] == "provision"):
            kind = "renumbering"
        if each.effect == "as_if":
            made = element(parent, "meaningMod", eId=f"amod_{number}", type="variation")
        else:
            made = element(parent, "textualMod", eId=f"amod_{number}", type=kind)
        mod = self.mods[each.id]
        element(made, "source", href=f"#mod_{mod}")
        where = element(made, "destination", href=_work(target.get("work") or self._code()) + _fragment(target))
        spot = operation.get("at") or {}
        if spot:
            where.set("pos", _SPOTS.get(spot["where"], "inside"))
        if isinstance(each.commencement, dt.date):
            element(made, "force", period=f"#tmpg_{days.index(each.commencement) + 2}")
        elif each.commencement is not None:
            # No day can be given: it depends on something that is yet to happen.
            condition = element(made, "condition")
            said = etree.SubElement(condition, f"{{{OWN}}}commencement", nsmap={"secdefs": OWN})
            said.text = when(each.commencement)
        if each.effect == "as_if":
            return
        olds = {_plain(old) for old in _olds(operation)}
        for tag in ("old", "new"):
            for eid in self.written[mod]:
                if (_plain(self.quoted[eid]) in olds) == (tag == "old"):
                    element(made, tag, href=f"#{eid}")


_DEFINITION = re.compile(r"(?P<open>[“\"])(?P<term>[^”\"\n]+)(?P<close>[”\"]) (?P<text>\S.*)", re.S)


def _in_order(clauses: Iterable[Clause]) -> tuple[Clause, ...]:
    """The clauses as they stand in the letter: one that stands amid a list, and is no item of it, goes there."""
    result: list[Clause] = []
    for clause in clauses:
        if result and clause.start < _last(result[-1]):
            whole = result[-1]
            inside = sorted((*whole.children, clause), key=lambda each: each.start)
            result[-1] = msgspec.structs.replace(whole, children=tuple(inside))
        else:
            result.append(clause)
    return tuple(msgspec.structs.replace(each, children=_in_order(each.children)) for each in result)


def _last(clause: Clause) -> int:
    """Where the last clause begins that hangs on one."""
    return max(clause.start, *(_last(each) for each in clause.children)) if clause.children else clause.start


def _add(holder: etree._Element, text: str) -> None:
    text = text.translate(_BLANK)
    if len(holder):
        holder[-1].tail = (holder[-1].tail or "") + text
    else:
        holder.text = (holder.text or "") + text


def _plain(text: str) -> str:
    """Words as they are compared: without what a line break or a kind of mark changes."""
    return re.sub(r"\s+|[“”\"‘’']", "", text)


def _olds(operation: dict[str, Any]) -> list[str]:
    """The words that an operation takes out: quoted, or the ends of a span."""
    old = operation.get("old") or {}
    if not isinstance(old, dict):
        return []
    ends = [old, old.get("start") or {}, old.get("end") or {}, operation.get("conjunction") or {}]
    return [each["text"] for each in ends if isinstance(each, dict) and "text" in each]


def _records(new: Iterable[dict[str, Any]]) -> Iterator[str]:
    """How a record may be quoted: its name and its words, the name with or without what it is."""
    for each in new:
        name = each.get("term") or each.get("label") or each.get("place") or ""
        words = each.get("text") or each.get("title") or ""
        yield name + words
        for noun in ("Appendix", "Schedule", "Section", "Annex"):
            for colon in (":", "", "–", "-"):
                yield f"{noun}{name}{colon}{words}"
        yield f"({name}){words}"


def _work(name: str) -> str:
    return f"/akn/{COUNTRY}/act/code/{slug(name)}"


def _fragment(target: dict[str, Any]) -> str:
    """Where in the code a place is, as the document of the code has it; nothing where the letter does not tell it."""
    names = Names()
    path = "".join(f"__level_{re.sub(r'[^0-9A-Za-z]', '', each)}" for each in target.get("path") or ())
    match target["kind"]:
        case "definition" if target.get("section"):
            section = names.new("sec", target["section"])
            return "#" + names.new(f"{section}__def", target["term"], joint="__") + path
        case "provision":
            return "#" + names.new("sec", target["label"]) + path
        case "section" if target.get("label"):
            return "#" + names.new("sec", target["label"])
        case "document":
            return "#" + names.new("att", target["place"]) + path
        case "entry":
            group = names.new("toc", target["group"])
            return "#" + (names.new(f"{group}__item", target["label"]) if target.get("label") else group)
    return ""
