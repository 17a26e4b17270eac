"""The names of Akoma Ntoso 1.0 that a code is written with, and a code as read from them: the same code, exactly.

The document is read as strictly as a code file in YAML: what a code has no place for is refused, with its line. Akoma
Ntoso is OASIS "Akoma Ntoso Version 1.0"; how definitions, levels and identifiers are written follows the published
model of UK legislation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal, TypeAlias

import msgspec
from lxml import etree

from secdefs.findings import Finding, SecdefsError, finding
from secdefs.read.encoding import visible
from secdefs.read.tree import Mapping, Node, Original, Scalar, Sequence

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
_PREFIX = f"{{{NAMESPACE}}}"
OWN = "urn:x-secdefs:code:1"
"""The namespace of what the standard has no name for: the format, and how the terms are ordered."""

SPACE = "{http://www.w3.org/XML/1998/namespace}space"

Status: TypeAlias = Literal["", "ins", "del"]
Cell: TypeAlias = tuple[str, Status]
"""A run of characters, and whether it was put there or taken away."""

CHANGED: dict[str, Status] = {"inserted": "ins", "deleted": "del"}
"""The words in `class` that say it of a whole record, or of the line break before a paragraph."""

_TRANSPARENT = frozenset("def inline date docTitle shortTitle".split())


_TEXTS = "content intro wrapUp level"
_INSIDE = {
    "act": "meta preface body attachments",
    "preface": "p toc",
    "toc": "tocItem",
    "body": "section hcontainer",
    "section": f"num heading subheading hcontainer {_TEXTS}",
    "hcontainer": _TEXTS,
    "level": f"num {_TEXTS}",
    "content": "p",
    "intro": "p",
    "wrapUp": "p",
    "attachments": "attachment",
    "attachment": "num heading subheading documentRef",
    "documentRef": "",
}
"""What may stand in what, so that nothing is passed over: in the elements named here all words are in those inside."""

_SAID = frozenset({"As at", ", version", "Version", ", in force from", "In force from", ""})
"""The words around versions and days."""


class Row(msgspec.Struct, frozen=True):
    """A line of a text: whether the break before it was put there or taken away, and its characters."""

    status: Status
    cells: tuple[Cell, ...]


def name_of(element: etree._Element) -> str:
    """The name of an element, in full where it is none of the standard's; "" for a comment or program's instruction."""
    tag: Any = element.tag
    if not isinstance(tag, str):
        return ""
    return tag[len(_PREFIX) :] if tag.startswith(_PREFIX) else tag


def children(element: etree._Element) -> list[etree._Element]:
    """The elements directly inside."""
    return [child for child in element if isinstance(child.tag, str)]


def line_of(element: etree._Element) -> int:
    """The line on which an element begins, from 1."""
    line: Any = element.sourceline
    return int(line or 1)


def words_of(element: etree._Element) -> set[str]:
    """The words in its `class`."""
    return set((element.get("class") or "").split())


def status_of(element: etree._Element) -> Status:
    """Whether the element says of itself that it was put there or taken away."""
    return next((CHANGED[word] for word in CHANGED if word in words_of(element)), "")


def taken(cells: tuple[Cell, ...], drop: Status) -> str:
    """The characters without those of one status."""
    return "".join(text for text, status in cells if not (drop and status == drop))


# --- texts ------------------------------------------------------------------------------------------------------------


class Unknown(Exception):  # noqa: N818 - turned into the error with its line where the file is known
    """An element that a code has no place for."""

    def __init__(self, element: etree._Element, message: str) -> None:
        super().__init__(message)
        self.element = element


def cells_of(element: etree._Element, skip: etree._Element | None = None) -> tuple[Cell, ...]:
    """The characters of an element with their status; `skip` is left out, but what follows it is not."""
    return tuple(cell for cell in _cells(element, "", skip) if cell[0])


def _cells(element: etree._Element, status: Status, skip: etree._Element | None) -> Iterator[Cell]:
    yield element.text or "", status
    for child in element:
        name = name_of(child)
        if name in ("ins", "del"):
            yield from _cells(child, "ins" if name == "ins" else "del", skip)
        elif name in _TRANSPARENT:
            if child is not skip:
                yield from _cells(child, status, skip)
        elif name:
            raise Unknown(child, f"<{name}> among words, which a code file cannot hold")
        yield child.tail or "", status


def rows_of(holder: etree._Element) -> list[Row]:
    """The lines of the text of a definition or provision, in the order of the document."""
    rows: list[Row] = []
    for child in children(holder):
        match name_of(child):
            case "content" | "intro" | "wrapUp":
                flat = child.get(SPACE) == "preserve"
                for paragraph in children(child):
                    if name_of(paragraph) != "p":
                        raise Unknown(paragraph, f"<{name_of(paragraph)}>, expected <p>")
                    row = _row(paragraph, flat)
                    if row is not None:
                        rows.append(row)
            case "level":
                rows += _level(child)
            case "num" | "heading":
                pass
            case other:
                raise Unknown(child, f"<{other}> in a text, which a code file cannot hold")
    return rows


def _row(paragraph: etree._Element, flat: bool) -> Row | None:
    """A paragraph as a line; None for one that holds the defined term alone."""
    defined = next((child for child in children(paragraph) if name_of(child) == "def"), None)
    cells = cells_of(paragraph, defined)
    status = status_of(paragraph)
    if defined is not None:
        if not cells:
            return None
        (first, mark), *rest = cells
        if (paragraph.text or "") or first[:1] != " ":
            raise Unknown(paragraph, "a paragraph in which <def> does not come first, with a space behind it")
        cells = ((first[1:], mark), *rest) if first[1:] else tuple(rest)
        return Row(status, cells)
    return Row(status, cells if flat else _indented(paragraph, status, cells))


def _indented(element: etree._Element, status: Status, cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    depth = _depth(element)
    return (("  " * depth, status), *cells) if depth else cells


def _depth(element: etree._Element) -> int:
    """How deep a paragraph stands, from its `class`: "para2" is two levels."""
    for word in words_of(element):
        if found := re.fullmatch(r"para(\d{1,2})", word):
            return int(found[1])
    return 0


def _level(level: etree._Element) -> list[Row]:
    num = next((child for child in children(level) if name_of(child) == "num"), None)
    rows = rows_of(level)
    if num is None:
        return rows
    status = status_of(num)
    head = _indented(level, status, cells_of(num))
    if not rows:
        raise Unknown(level, "<level> without words, expected <content> or <intro>")
    first, *rest = rows
    joint = " " if taken(first.cells, "") else ""
    # The space behind a label is as its label is; where the label has both kinds, it is there in both readings.
    kinds = {mark for _, mark in cells_of(num)}
    return [Row(status, (*head, (joint, kinds.pop() if len(kinds) == 1 else ""), *first.cells)), *rest]


def text_of(rows: list[Row], drop: Status) -> str:
    """The text of the lines without what has one status."""
    text = ""
    for number, row in enumerate(rows):
        broken = number > 0 and not (drop and row.status == drop)
        text += ("\n" if broken else "") + taken(row.cells, drop)
    return text


# --- codes ------------------------------------------------------------------------------------------------------------

_PROLOG = re.compile(r"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*", re.S)
_DECLARED = re.compile(r"\A<\?xml\b[^>]*\?>")


def root_of(original: Original) -> etree._Element:
    """The tree of an XML text, without entities, types or anything from outside.

    Raises `SecdefsError` for what is not XML, has a document type of its own, or is no Akoma Ntoso 1.0.
    """
    text = original.text
    prolog = _PROLOG.match(text)
    begins = prolog.end() if prolog else 0
    if text.startswith("<!DOCTYPE", begins):
        raise original.wrong(begins, "a document type of its own (<!DOCTYPE), which is not read: take that line out")
    # The text is decoded already, whatever encoding it says that it is in; every character keeps its line.
    data = _DECLARED.sub("", text).encode("utf-8", "surrogatepass")
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        message = str(error.msg).partition(", line")[0]
        raise SecdefsError(f"{visible(original.file)}:{line}:{max(column, 1)}: is not XML: {message}") from None
    if root.tag != f"{{{NAMESPACE}}}akomaNtoso":
        raise original.wrong(begins, f"<{name_of(root)}>, expected <akomaNtoso> of Akoma Ntoso 1.0 ({NAMESPACE})")
    return root


def akoma_tree(original: Original, existing: Literal["accept", "reject"] | None) -> tuple[Node, tuple[Finding, ...]]:
    """The keys and values of a code, each with the place of its line, and what there is to say of the file.

    `existing` says how a redline is taken: as changed or as it stood. Raises `SecdefsError` where it does not say, and
    for what a code has no place for.
    """
    reader = _Reader(original, root_of(original), existing)
    try:
        return reader.code(), reader.findings()
    except Unknown as unknown:
        raise original.wrong(reader.at(unknown.element), str(unknown)) from None


def is_own(root: etree._Element) -> bool:
    """Whether a document is one that this package wrote: it says how terms are ordered, and which parts it holds."""
    return next(root.iter(f"{{{OWN}}}code"), None) is not None


def _refuse_the_rest(element: etree._Element) -> None:
    """Refuses what would be passed over: elements where none of their name can be, and words outside of all of them."""
    name = name_of(element)
    inside = _INSIDE.get(name)
    words = [element.text, *(child.tail for child in element)]
    parent = element.getparent()
    around = "" if parent is None else name_of(parent)
    if inside is not None:
        for child in children(element):
            if name_of(child) not in inside.split():
                raise Unknown(
                    child, f"<{name_of(child)}> in <{name}>, expected {inside.replace(' ', ', ') or 'nothing'}"
                )
            if name_of(child) in ("num", "heading", "subheading") and any(
                name_of(other) == name_of(child) for other in child.itersiblings(preceding=True)
            ):
                raise Unknown(child, f"a second <{name_of(child)}>, expected one")
            _refuse_the_rest(child)
        if any(each and each.strip() for each in words):
            raise Unknown(element, f"<{name}> has words outside of its paragraphs")
        return
    if name == "subheading" or (around == "preface" and name == "p"):
        _refuse_other_particulars(element, name == "subheading")


def _refuse_other_particulars(element: etree._Element, below: bool) -> None:
    """Refuses what stands beside the title, the version and the day; `below` a heading there is no title."""
    known = {"inline", "date", "ins", "del", *(() if below else ("docTitle", "shortTitle"))}
    words = [element.text, *(child.tail for child in element)]
    odd = [
        each
        for each in children(element)
        if name_of(each) not in known
        or (name_of(each) == "date" and len(each))
        or (name_of(each) == "inline" and each.get("name") != "version")
    ]
    if odd or not len(element) or any((each or "").strip() not in _SAID for each in words):
        raise Unknown(odd[0] if odd else element, f"<{name_of(element)}> has words that a code file has no place for")
    for each in children(element):
        if name_of(each) in ("ins", "del"):
            _refuse_other_particulars(each, below)


class _Reader:
    """Reads one document; every value gets the place of the line where its element begins."""

    def __init__(self, original: Original, root: etree._Element, existing: Literal["accept", "reject"] | None) -> None:
        self._original = original
        self._root = root
        self._lines = [0, *(found.end() for found in re.finditer("\n", original.text))]
        self._drop: Status = {"accept": "del", "reject": "ins"}.get(existing or "", "")  # type: ignore[assignment]
        self._notes: dict[str, etree._Element] = {}
        marked = next((each for each in root.iter() if name_of(each) in ("ins", "del") or status_of(each)), None)
        if marked is not None and existing is None:
            raise original.wrong(
                self.at(marked),
                "a redline: say with --accept-existing or --reject-existing whether its changes are to be taken",
            )

    def at(self, element: etree._Element) -> int:
        """The offset of the line on which an element begins."""
        return self._lines[min(line_of(element), len(self._lines)) - 1]

    def findings(self) -> tuple[Finding, ...]:
        comments = [each for each in self._root.iter() if isinstance(each, etree._Comment)]
        if not comments:
            return ()
        start = self.at(comments[0])
        many = len(comments)
        said = "a comment is not kept" if many == 1 else f"{many} comments are not kept; this is the first"
        return (finding("SD501", said, source=self._original.source(start, start), weight="warning"),)

    # --- pieces of the document ---

    def _child(self, element: etree._Element, name: str) -> etree._Element | None:
        found = [child for child in children(element) if name_of(child) == name]
        if len(found) > 1:
            raise Unknown(found[1], f"a second <{name}>, expected one")
        return found[0] if found else None

    def _needed(self, element: etree._Element, name: str) -> etree._Element:
        found = self._child(element, name)
        if found is None:
            raise Unknown(element, f"<{name_of(element)}> has no <{name}>")
        return found

    def _inside(self, element: etree._Element, name: str, kind: str | None = None) -> etree._Element | None:
        """The one inline of that name anywhere inside; `kind` is its `name` attribute."""
        found = [each for each in element.iter(f"{{{NAMESPACE}}}{name}") if kind is None or each.get("name") == kind]
        if len(found) > 1:
            raise Unknown(found[1], f"a second <{name}>, expected one")
        return found[0] if found else None

    def _string(self, element: etree._Element) -> Scalar:
        return Scalar(taken(cells_of(element), self._drop), self.at(element))

    def _maybe(self, element: etree._Element | None) -> Scalar | None:
        """The value of an element; None where it is not there, or not there in the reading that is asked for."""
        if element is None or (self._drop and not self._stands(element)):
            return None
        return self._string(element)

    def _stands(self, element: etree._Element) -> bool:
        """Whether anything of the element is left: what has only other words is not there in this reading."""
        cells = cells_of(element)
        return not cells or bool(taken(cells, self._drop))

    def _there(self, elements: list[etree._Element]) -> list[etree._Element]:
        return [each for each in elements if not (self._drop and status_of(each) == self._drop)]

    def _version(self, subheading: etree._Element | None) -> Scalar | None:
        return self._maybe(None if subheading is None else self._inside(subheading, "inline", "version"))

    def _record(self, element: etree._Element, **values: Node | None) -> Mapping:
        at = self.at(element)
        eid = element.get("eId")
        if eid is not None and eid in self._notes:
            values["note"] = self._note(self._notes[eid])
        return Mapping(tuple((Scalar(key, at), node) for key, node in values.items() if node is not None), at)

    def _note(self, note: etree._Element) -> Scalar:
        lines = [taken(cells_of(each), "") for each in children(note)]
        return Scalar("\n".join(lines), self.at(note))

    # --- the code ---

    def code(self) -> Mapping:
        act = self._needed(self._root, "act")
        meta = self._needed(act, "meta")
        own = next((each for each in meta.iter(f"{{{OWN}}}code")), None)
        if own is None:
            raise Unknown(
                act,
                "Akoma Ntoso of another program: make a code file of its definitions with “secdefs import”",
            )
        _refuse_the_rest(act)
        for note in meta.iter(f"{{{NAMESPACE}}}note"):
            self._notes[(note.get("placementBase") or "").removeprefix("#")] = note
        parts = (own.get("parts") or "").split()
        at = self.at(own)
        preface = self._needed(act, "preface")
        items: list[tuple[str, Node | None]] = [("format", Scalar(own.get("format") or "", at, "number"))]
        items += self._particulars(act, preface)
        body = self._needed(act, "body")
        sections = [each for each in children(body) if name_of(each) == "section"]
        odd = [each for each in children(body) if each not in sections and (each.get("name") != "empty" or len(each))]
        if odd:
            raise Unknown(odd[0], f"<{name_of(odd[0])}> in the body, expected <section>")
        holders = [each for each in sections if "definitions" in words_of(each)]
        if len(holders) > 1:
            raise Unknown(holders[1], "a second <section> of definitions, expected one")
        items += [("definitions", self._definitions(each, own.get("order") or "")) for each in holders]
        if "contents" in parts or self._child(preface, "toc") is not None:
            items.append(("contents", self._contents(preface)))
        if "documents" in parts or self._child(act, "attachments") is not None:
            items.append(("documents", self._documents(act)))
        provisions = [each for each in sections if each not in holders]
        if "sections" in parts or provisions:
            rows = tuple(self._provision(each) for each in self._there(provisions))
            items.append(("sections", Sequence(rows, self.at(body))))
        return Mapping(tuple((Scalar(key, at), node) for key, node in items if node is not None), at)

    def _particulars(self, act: etree._Element, preface: etree._Element) -> list[tuple[str, Node | None]]:
        title = self._inside(preface, "docTitle")
        if title is None:
            raise Unknown(preface, "<preface> has no <docTitle>")
        short = self._inside(preface, "shortTitle")
        version = self._maybe(self._inside(preface, "inline", "version"))
        as_at = self._date(preface, "asAt")
        if as_at is None:
            raise Unknown(preface, "<preface> has no <date> with refersTo=“#asAt”: the day as at which it stands")
        if self._drop != "ins":
            self._agree(act, version, as_at)
        return [
            ("title", self._string(title)),
            ("short_title", None if short is None else self._string(short)),
            ("version", version),
            ("as_at", as_at),
        ]

    def _agree(self, act: etree._Element, version: Scalar | None, as_at: Scalar) -> None:
        """Refuses a file whose identification says another version or day than its preface."""
        for expression in act.iter(f"{{{NAMESPACE}}}FRBRExpression"):
            for each, name, value in (("FRBRversionNumber", "value", version), ("FRBRdate", "date", as_at)):
                found = self._child(expression, each)
                said, shown = None if found is None else found.get(name), None if value is None else value.text
                if said != shown and not (found is None and not shown):
                    where = expression if found is None else found
                    raise Unknown(where, f"<{each}> says “{said}”, and the preface “{shown}”; they have to agree")
            return

    def _date(self, holder: etree._Element, kind: str) -> Scalar | None:
        found: list[etree._Element] = []
        for each in holder.iter(f"{{{NAMESPACE}}}date"):
            if each.get("refersTo") != f"#{kind}":
                continue
            around = each.getparent()
            mark = name_of(around) if around is not None else ""
            if not (self._drop and mark == self._drop):
                found.append(each)
        if len(found) > 1:
            raise Unknown(found[1], "a second <date>, expected one")
        return Scalar(found[0].get("date") or "", self.at(found[0])) if found else None

    def _definitions(self, section: etree._Element, order: str) -> Mapping:
        at = self.at(section)
        entries = []
        for each in self._there(children(section)):
            if name_of(each) in ("num", "heading", "subheading"):
                continue
            if name_of(each) != "hcontainer" or each.get("name") != "definition":
                raise Unknown(each, f"<{name_of(each)}> among definitions, expected <hcontainer name=“definition”>")
            entries.append(self._definition(each))
        return self._record(
            section,
            section=self._string(self._needed(section, "num")),
            heading=self._maybe(self._child(section, "heading")),
            version=self._version(self._child(section, "subheading")),
            order=Scalar(order, at),
            entries=Sequence(tuple(entries), at),
        )

    def _definition(self, element: etree._Element) -> Mapping:
        term = self._inside(element, "def")
        if term is None:
            raise Unknown(element, "a definition without <def>")
        text = Scalar(text_of(rows_of(element), self._drop), self.at(element))
        return self._record(element, term=self._string(term), text=text)

    def _provision(self, element: etree._Element) -> Mapping:
        return self._record(
            element,
            label=self._string(self._needed(element, "num")),
            heading=self._maybe(self._child(element, "heading")),
            text=Scalar(text_of(rows_of(element), self._drop), self.at(element)),
        )

    def _contents(self, preface: etree._Element) -> Sequence:
        toc = self._inside(preface, "toc")
        groups: list[tuple[etree._Element, list[Mapping]]] = []
        for item in [] if toc is None else self._there(children(toc)):
            if item.get("level") == "1":
                groups.append((item, []))
                continue
            label, title = self._inside(item, "inline", "label"), self._inside(item, "inline", "title")
            outside = [item.text, label.tail, title.tail] if label is not None and title is not None else ["x"]
            if (
                label is None
                or title is None
                or not groups
                or len(item) != 2
                or any(map(str.strip, filter(None, outside)))
            ):
                raise Unknown(
                    item, "<tocItem>, expected a group’s (level 1), or below it a label and a title and nothing else"
                )
            groups[-1][1].append(self._record(item, label=self._string(label), title=self._string(title)))
        made = [
            self._record(item, group=self._string(item), entries=Sequence(tuple(entries), self.at(item)))
            for item, entries in groups
        ]
        return Sequence(tuple(made), self.at(preface))

    def _documents(self, act: etree._Element) -> Sequence:
        holder = self._child(act, "attachments")
        made = []
        for each in [] if holder is None else self._there(children(holder)):
            below = self._child(each, "subheading")
            made.append(
                self._record(
                    each,
                    place=self._string(self._needed(each, "num")),
                    title=self._string(self._needed(each, "heading")),
                    version=self._version(below),
                    in_force_from=None if below is None else self._date(below, "inForceFrom"),
                )
            )
        return Sequence(tuple(made), self.at(act))
