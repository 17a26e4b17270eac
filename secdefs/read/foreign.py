"""How other programs write a list of definitions in Akoma Ntoso, and what of such a document tells nothing for certain.

Seen are the models of Lawmaker and legislation.gov.uk (`hcontainer name="definition"`), of Indigo and Slaw (paragraphs
and `blockList`, with or without a `blockContainer`), and lists of points as the European Union has them. They agree in
one thing, and that alone is relied on: a definition begins with its term in `def`. Whatever is no part of a definition
is said, and what could be a part of one or not is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple, TypeAlias

from lxml import etree

from secdefs.findings import Finding, finding
from secdefs.read.akoma import Unknown, children, line_of, name_of
from secdefs.read.encoding import shown
from secdefs.read.section import order_of
from secdefs.read.tree import Mapping, Node, Original, Scalar, Sequence

Existing: TypeAlias = Literal["accept", "reject"] | None

_BLOCKS = frozenset("p block listIntroduction listWrapUp".split())
_PLAIN = frozenset("content intro wrapUp list blockList blockContainer tblock container".split())
"""What holds paragraphs and has no label of its own."""
_LABELLED = frozenset(
    "paragraph subparagraph level point item indent alinea clause subclause subsection sublist hcontainer".split()
)
_UNITS = frozenset("p blockList blockContainer tblock".split()) | _LABELLED
"""What may be one definition as a whole."""
_OPEN = frozenset("p blockList".split())
"""Of these, the ones that do not show whether what follows belongs to the same definition."""
_PROVISIONS = frozenset("section article rule".split())
_AMENDING = frozenset("quotedStructure embeddedStructure mod".split())
_INLINE = frozenset(
    "def term ref rref mref inline span b i u a abbr date time quantity concept entity organization person location "
    "role process event object session vote outcome placeholder shortTitle docTitle docNumber sup sub".split()
)
_RAISED = frozenset("sup sub".split())
_ASIDE = frozenset("authorialNote noteRef remark".split())

_QUOTES = "“”„‟\"‘’‚‛'«»"
# The borders of a defined term while its paragraph is put together; XML cannot hold these characters itself.
_DEFINED = re.compile(
    rf"(?P<open>[{_QUOTES}\s]*)\x01\s*(?P<term>[^\x01\x02]*?)\s*\x02(?P<close>[{_QUOTES}]*)(?P<rest>.*)", re.S
)
_ANOTHER = re.compile(rf"[{_QUOTES}\s,]*(?:\b(?:and|or)\b)?[{_QUOTES}\s]*\x01")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Settled(NamedTuple):
    """What the reader of the file says of it, where it does not say so itself; None where nothing is said."""

    title: str | None = None
    short_title: str | None = None
    as_at: str | None = None
    section: str | None = None


class _Line(NamedTuple):
    depth: int
    label: str
    words: str
    """The paragraph with white space as one space, and its defined terms between U+0001 and U+0002."""


def foreign_tree(
    original: Original, root: etree._Element, settled: Settled, existing: Existing
) -> tuple[Node, tuple[Finding, ...]]:
    """The keys and values of the code that the document holds a list of definitions of, and what is not read of it.

    `existing` says how changes marked in it are taken. Raises `Unknown` for what cannot be told, with its element.
    """
    reader = _Foreign(original, root, settled, existing)
    return reader.code(), tuple(sorted(reader.findings, key=lambda each: each.source.start if each.source else 0))


class _Foreign:
    def __init__(self, original: Original, root: etree._Element, settled: Settled, existing: Existing) -> None:
        self._original = original
        self._root = root
        self._settled = settled
        self._existing = existing
        self._lines = [0, *(found.end() for found in re.finditer("\n", original.text))]
        self._told: set[str] = set()
        self.findings: list[Finding] = []

    def at(self, element: etree._Element) -> int:
        """The offset of the line on which an element begins."""
        return self._lines[min(line_of(element), len(self._lines)) - 1]

    def _say(self, element: etree._Element, message: str, hint: str | None, weight: Literal["note", "warning"]) -> None:
        start = self.at(element)
        source = self._original.source(start, start)
        self.findings.append(finding("SD510", message, hint=hint, source=source, weight=weight))

    def _once(self, element: etree._Element, kind: str, message: str, hint: str | None) -> None:
        if kind not in self._told:
            self._told.add(kind)
            self._say(element, message, hint, "warning")

    # --- the code ---

    def code(self) -> Mapping:
        """The whole of it: what the document says of itself, and its one list."""
        marked = next((each for each in self._root.iter() if name_of(each) in ("ins", "del")), None)
        if marked is not None and self._existing is None:
            message = "a redline: say with --accept-existing or --reject-existing"
            raise Unknown(marked, f"{message} whether its changes are to be taken")
        holder, units = self._list()
        entries = tuple(map(self._definition, units))
        self._strays(holder, units)
        at = self.at(holder)
        terms = [next(node.text for key, node in each.items if key.text == "term") for each in entries]  # type: ignore[union-attr]
        heading = self._part(holder, "heading")
        label = self._label(holder)
        section: list[tuple[str, Node]] = [("section", Scalar(label, at))]
        if heading is not None:
            section.append(("heading", Scalar(self._words(heading), self.at(heading))))
        section.append(("order", Scalar(order_of(tuple(terms)), at)))
        section.append(("entries", Sequence(entries, at)))
        items: list[tuple[str, Node]] = [("format", Scalar("1", 0, "number")), ("title", self._title())]
        if self._settled.short_title is not None:
            items.append(("short_title", Scalar(self._settled.short_title, 0)))
        version = self._identified("FRBRExpression", "FRBRversionNumber", "value")
        if version is not None:
            items.append(("version", version))
        items += [("as_at", self._day()), ("definitions", _mapping(section, at))]
        return _mapping(items, 0)

    def _identified(self, level: str, name: str, key: str) -> Scalar | None:
        for holder in self._all(level):
            for each in children(holder):
                if name_of(each) == name and (each.get(key) or "").strip():
                    return Scalar((each.get(key) or "").strip(), self.at(each))
        return None

    def _title(self) -> Scalar:
        if self._settled.title is not None:
            return Scalar(self._settled.title, 0)
        for name in ("docTitle", "shortTitle"):
            for preface in self._all("preface"):
                for each in preface.iter(f"{{*}}{name}"):
                    if words := self._words(each):
                        return Scalar(words, self.at(each))
        found = self._identified("FRBRWork", "FRBRalias", "value") or self._identified("FRBRWork", "FRBRtitle", "value")
        if found is None:
            raise Unknown(self._root, "the file does not say its title (<docTitle> in <preface>): give it with --title")
        return found

    def _day(self) -> Scalar:
        if self._settled.as_at is not None:
            return Scalar(self._settled.as_at, 0)
        found = self._identified("FRBRExpression", "FRBRdate", "date")
        if found is None or not _DAY.fullmatch(found.text[:10]):
            message = "the file does not say as at which day it stood (<FRBRdate> in <FRBRExpression>)"
            raise Unknown(self._root, f"{message}: give it with --as-at")
        return Scalar(found.text[:10], found.at)

    # --- the list ---

    def _all(self, name: str) -> Iterator[etree._Element]:
        return self._root.iter(f"{{*}}{name}")

    def _list(self) -> tuple[etree._Element, list[etree._Element]]:
        """The provision that holds the definitions, and each of them."""
        heads = [each for each in self._root.iter() if name_of(each) in _BLOCKS and self._begins(each)]
        inside = set(heads)
        if not heads:
            message = "Akoma Ntoso of another program, in which no paragraph begins with a term in <def>"
            raise Unknown(self._root, f"{message}: there is no list of definitions to be told")
        holders: dict[etree._Element, list[etree._Element]] = {}
        for head in heads:
            unit = self._unit(head, inside)
            holders.setdefault(_holder(unit), []).append(unit)
        wanted = self._settled.section
        if len(holders) == 1:
            ((holder, units),) = holders.items()
            if wanted is None or not self._number(holder) or self._number(holder) == wanted:
                return holder, units
        found = [each for each in holders if wanted is not None and self._number(each) == wanted]
        if len(found) == 1:
            return found[0], holders[found[0]]
        listed = ", ".join(f"{self._called(each)} in line {line_of(each)}" for each in list(holders)[:8])
        raise Unknown(
            next(iter(holders)),
            f"definitions stand in {listed}: say with --section which list is meant, by its number",
        )

    def _called(self, holder: etree._Element) -> str:
        number = self._number(holder)
        return f"<{name_of(holder)}>{f' {number}' if number else ''}"

    def _number(self, holder: etree._Element) -> str:
        """The number of a provision: "2" for "2." and for "Article 2"."""
        num = self._part(holder, "num")
        words = "" if num is None else self._words(num).rstrip(". ")
        return re.sub(r"^[^\W\d]{2,}\.?\s+(?=\S)", "", words)

    def _label(self, holder: etree._Element) -> str:
        label = self._settled.section or self._number(holder)
        if not label:
            message = f"<{name_of(holder)}> holds the definitions and has no <num>"
            raise Unknown(holder, f"{message}: say with --section which Section it is")
        return label

    def _part(self, element: etree._Element, name: str) -> etree._Element | None:
        return next((each for each in children(element) if name_of(each) == name), None)

    def _begins(self, block: etree._Element) -> bool:
        """Whether a paragraph begins with a defined term, outside of what is ordered for another document."""
        if any(name_of(each) in _AMENDING for each in block.iterancestors()):
            return False
        if not any(name_of(each) in ("def", "term") for each in block.iter()):
            return False
        try:
            return _DEFINED.match(self._words(block, bordered=True)) is not None
        except Unknown:  # said where it is in the list; elsewhere it does no harm
            return False

    def _unit(self, head: etree._Element, heads: set[etree._Element]) -> etree._Element:
        """The largest element that is the definition that a paragraph begins, and no other."""
        unit = here = head
        while (above := here.getparent()) is not None and (name_of(above) in _PLAIN | _UNITS):
            if name_of(above) == "hcontainer" and not _is_definition(above):
                break
            blocks = [each for each in above.iter() if name_of(each) in _BLOCKS]
            inner = next((each for each in blocks[1:] if each in heads), None)
            if blocks[0] is head and inner is not None and (_is_definition(above) or _leads_in(head)):
                raise Unknown(inner, "a definition inside of another: put it beside that one, or take its <def> away")
            if blocks[0] is not head or inner is not None:
                break
            here = above
            unit = here if name_of(here) in _UNITS else unit
        return unit

    def _strays(self, holder: etree._Element, units: list[etree._Element]) -> None:
        """Say which words of the provision are in no definition; refuse those that may belong to the one before."""
        whole = set(units)
        last: etree._Element | None = None
        outside: list[tuple[etree._Element, int]] = []
        seen = 0
        for each in holder.iter():
            if each in whole:
                last, seen = each, seen + 1
            # A heading inside the provision is said as well; its own, the first, is read.
            kind = name_of(each)
            extra = kind in ("heading", "subheading") and each is not self._part(holder, "heading")
            if not (kind in _BLOCKS or extra) or any(above in whole for above in (each, *each.iterancestors())):
                continue
            if any(_is_definition(above) for above in each.iterancestors()):
                raise Unknown(each, f"<{kind}> begins what says to be a definition, and has no <def>: mark its term")
            if last is not None and name_of(last) in _OPEN and _holds(_numbered(last, holder), each):
                message = (
                    f"nothing tells whether <{name_of(each)}> “{shown(self._words(each))}” is of the definition before"
                )
                raise Unknown(each, f"{message}: put the whole of each definition into <hcontainer name=“definition”>")
            outside.append((each, seen))
        for each, before in outside:
            message = f"<{name_of(each)}> is no part of a definition, and is left out: “{shown(self._words(each))}”"
            weight: Literal["note", "warning"] = "warning" if 0 < before < len(units) else "note"
            self._say(each, message, None, weight)
        rest = [each for each in self._root.iter() if _elsewhere(each, holder)]
        if rest:
            many = f"{len(rest)} paragraphs outside of {self._called(holder)} are"
            many = many if len(rest) > 1 else f"a paragraph outside of {self._called(holder)} is"
            self._say(rest[0], f"{many} not read, from “{shown(self._raw(rest[0]))}” on", None, "note")

    # --- a definition ---

    def _definition(self, unit: etree._Element) -> Mapping:
        """One definition: its term, and its text line by line."""
        num = None if name_of(unit) in _BLOCKS else self._part(unit, "num")
        if num is not None:
            message = f"the numbers of definitions are not kept, from “{shown(self._words(num))}” on"
            self._once(num, "numbers", message, "a letter that names a definition by its number will not find it")
        first, *rest = self._text(unit, 0)
        found = _DEFINED.match(first.words)
        assert found is not None
        term, words = found["term"], found["close"] + found["rest"]
        if found["open"].strip():
            words = found["rest"]
        elif term[:1] in _QUOTES and term[-1:] in _QUOTES:
            term = term[1:-1].strip()
        if _ANOTHER.match(words):
            raise Unknown(
                unit, f"more terms than “{shown(term)}” are defined at once: make a definition of each of them"
            )
        lines = [_Line(0, "", words.strip()), *rest]
        if not lines[0].words:
            lines = lines[1:]
        if not lines:
            raise Unknown(unit, f"the definition of “{shown(term)}” has no words: write them, or take it out")
        if re.search(r"[—–:-]$", _unbordered(lines[-1].words)):
            message = f"the definition of “{shown(term)}” ends where it leads in to something, which is not inside it"
            raise Unknown(unit, f"{message}: put the whole of it into <hcontainer name=“definition”>")
        text = "\n".join("  " * each.depth + " ".join(filter(None, (each.label, each.words))) for each in lines)
        at = self.at(unit)
        return _mapping([("term", Scalar(term, at)), ("text", Scalar(_unbordered(text), at))], at)

    def _text(self, element: etree._Element, depth: int) -> list[_Line]:
        """The lines of an element that stands so deep; its own label is its caller's."""
        name = name_of(element)
        if name in _BLOCKS:
            return [_Line(depth, "", self._words(element, bordered=True))]
        if any((each or "").strip() for each in (element.text, *(child.tail for child in element))):
            raise Unknown(element, f"<{name}> has words outside of its paragraphs: put them into <p>")
        lines: list[_Line] = []
        for child in children(element):
            inner = name_of(child)
            if inner == "num":
                continue
            if inner in _BLOCKS or inner in _PLAIN:
                lines += self._text(child, depth)
            elif inner in _LABELLED:
                lines += self._labelled(child, depth + 1)
            else:
                raise Unknown(
                    child, f"<{inner}> in a definition, which a code file cannot hold: write its words as paragraphs"
                )
        return lines

    def _labelled(self, element: etree._Element, depth: int) -> list[_Line]:
        name, num = name_of(element), self._part(element, "num")
        if num is None:
            raise Unknown(element, f"<{name}> in a definition has no <num>: give it the label that it is known by")
        lines = self._text(element, depth)
        if not lines or lines[0].label or lines[0].depth != depth:
            raise Unknown(
                element, f"<{name}> has no words of its own behind its <num>: write them, or join the two labels"
            )
        return [lines[0]._replace(label=self._words(num)), *lines[1:]]

    # --- words ---

    @staticmethod
    def _raw(element: etree._Element) -> str:
        """All characters of an element, whatever it is that holds them."""
        return " ".join("".join(map(str, element.itertext())).split())

    def _words(self, element: etree._Element, bordered: bool = False) -> str:
        """The words of an element with white space as one space; `bordered` with the borders of defined terms."""
        words = re.sub(r"[ \t\r\n]+", " ", "".join(self._pieces(element))).strip(" ")
        return words if bordered else _unbordered(words)

    def _pieces(self, element: etree._Element) -> Iterator[str]:
        yield element.text or ""
        for child in element:
            name = name_of(child)
            if name in ("ins", "del"):
                if (name == "ins") == (self._existing == "accept"):
                    yield from self._pieces(child)
            elif name in ("br", "eol"):
                yield "" if child.get("breakAt") or child.get("breakWith") else " "
            elif name in _ASIDE:
                self._once(
                    child, "aside", f"<{name}> is no part of the text, and is left out, here and further on", None
                )
            elif name in _INLINE:
                if name in _RAISED:
                    message = f"<{name}>: raised and lowered signs are written on the line, here and further on"
                    self._once(child, "raised", message, "compare the text with the original")
                term = name == "def" or (name == "term" and _in_definition(child))
                yield "\x01" if term else ""
                yield from self._pieces(child)
                yield "\x02" if term else ""
            elif name:
                raise Unknown(
                    child, f"<{name}> among words, which a code file cannot hold: write it out, or take it out"
                )
            yield child.tail or ""


def _mapping(items: list[tuple[str, Node]], at: int) -> Mapping:
    return Mapping(tuple((Scalar(key, node.at), node) for key, node in items), at)


def _unbordered(text: str) -> str:
    return text.replace("\x01", "").replace("\x02", "")


def _elsewhere(element: etree._Element, holder: etree._Element) -> bool:
    """Whether an element has words that are neither in the provision nor what the document says of itself."""
    if name_of(element) not in _BLOCKS | {"tocItem"}:
        return False
    above = [element, *element.iterancestors()]
    said = any(name_of(each) == "meta" for each in above)
    title = name_of(element) != "tocItem" and any(name_of(each) == "preface" for each in above)
    inner = any(name_of(each) in _BLOCKS for each in above[1:])
    return not (said or title or inner or any(each is holder for each in above))


def _is_definition(element: etree._Element) -> bool:
    return element.get("name") == "definition" or "definition" in (element.get("class") or "").split()


def _leads_in(head: etree._Element) -> bool:
    """Whether a paragraph is what leads in to the items of a list."""
    return any(name_of(each) in ("listIntroduction", "intro") for each in (head, *head.iterancestors()))


def _numbered(unit: etree._Element, holder: etree._Element) -> etree._Element:
    """What holds an element and has a number, so that it is certain where it ends; the provision at the most."""
    for above in unit.iterancestors():
        if above is holder or any(name_of(each) == "num" for each in children(above)):
            return above
    return holder


def _holds(outer: etree._Element, inner: etree._Element) -> bool:
    return any(above is outer for above in inner.iterancestors())


def _in_definition(term: etree._Element) -> bool:
    """Whether a <term> stands for <def>: in an element that says to be a definition, and has no <def>, the first."""
    for above in term.iterancestors():
        if name_of(above) in ("hcontainer", "blockContainer", "tblock") and _is_definition(above):
            marked = [each for each in above.iter() if name_of(each) in ("def", "term")]
            return marked[0] is term and all(name_of(each) == "term" for each in marked)
    return False


def _holder(unit: etree._Element) -> etree._Element:
    """The provision in which a definition stands, or the whole body."""
    above = unit
    for above in unit.iterancestors():
        name = name_of(above)
        if name in _PROVISIONS or name in ("body", "mainBody"):
            return above
        if (
            name == "hcontainer"
            and not _is_definition(above)
            and any(name_of(each) == "num" for each in children(above))
        ):
            return above
    return above
