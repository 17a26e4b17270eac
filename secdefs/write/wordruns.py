"""Marks of tracked changes in a Word paragraph: runs cut where words change, what was struck, what was put in."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lxml import etree

from secdefs.findings import Refused
from secdefs.read.package import MATH, MC, XML_SPACE, W
from secdefs.read.runs import HOLDERS, runs

UNWRITABLE = "SD514"
_CONTROLS = tuple(f"{W}{name}" for name in ("dataBinding", "dropDownList", "comboBox", "date"))
_BLANK = " \t\r\n"


class Ink(NamedTuple):
    """Who is named as the author of a tracked change, and when ("2021-12-16T00:00:00Z"; empty: not said)."""

    author: str
    date: str


class Marker:
    """Makes the marks of one document: each with an id that nothing else in it has, in the name of its instruction."""

    def __init__(self, root: etree._Element, inks: dict[str, Ink], others: Iterable[etree._Element] = ()) -> None:
        """`inks` by instruction; `others` are the document's further parts, which share its ids."""
        self.inks = inks
        used = {int(said) for tree in (root, *others) for said in _ids(tree)}
        self._next = max((each for each in used if each < 2**30), default=0) + 1
        self.made: list[tuple[str, etree._Element]] = []
        """Every mark with the instruction whose it is, in the order in which they were made."""

    def ident(self) -> str:
        """An id that is not in use."""
        self._next += 1
        return str(self._next - 1)

    def mark(self, name: str, by: str) -> etree._Element:
        """An element that marks a change ("ins", "del", "pPrChange") as the work of an instruction."""
        ink = self.inks[by]
        made = etree.Element(f"{W}{name}")
        made.set(f"{W}id", self.ident())
        made.set(f"{W}author", ink.author)
        if ink.date:
            made.set(f"{W}date", ink.date)
        self.made.append((by, made))
        return made

    def end_mark(self, paragraph: etree._Element, name: str, by: str) -> None:
        """Mark the end of a paragraph as put in or taken out."""
        properties_of(paragraph, "rPr").insert(0, self.mark(name, by))

    def row_mark(self, row: etree._Element, name: str, by: str) -> None:
        """Mark a row as put in or taken out."""
        properties = row.find(f"{W}trPr")
        if properties is None:
            properties = etree.Element(f"{W}trPr")
            before = row.find(f"{W}tblPrEx")
            row.insert(0 if before is None else row.index(before) + 1, properties)
        properties.append(self.mark(name, by))

    def new_properties(self, paragraph: etree._Element, new: etree._Element | None, by: str) -> None:
        """Give a paragraph other properties, and note those that it had; its mark and section stay."""
        properties = own_properties(paragraph)
        change = self.mark("pPrChange", by)
        before = etree.SubElement(change, f"{W}pPr")
        kept = []
        for child in list(properties):
            properties.remove(child)
            if child.tag in (f"{W}rPr", f"{W}sectPr"):
                kept.append(child)
            elif child.tag != f"{W}pPrChange":
                before.append(child)
        for child in new if new is not None else ():
            if child.tag not in (f"{W}rPr", f"{W}sectPr", f"{W}pPrChange"):
                properties.append(copy.deepcopy(child))
        properties.extend(kept)
        properties.append(change)

    def struck(self, found: Iterable[tuple[etree._Element, str]]) -> None:
        """Mark runs as taken out, each by its instruction."""
        for run, by in found:
            before = run.getprevious()
            if before is None or before.tag != f"{W}del" or (by, before) not in self.made[-1:]:
                made = self.mark("del", by)
                run.addprevious(made)
                before = made
            before.append(run)
            for node in run:
                if node.tag == f"{W}t":
                    node.tag = f"{W}delText"
                    node.set(XML_SPACE, "preserve")
                elif node.tag == f"{W}instrText":
                    node.tag = f"{W}delInstrText"

    def written(self, words: str, properties: etree._Element | None, by: str) -> etree._Element:
        """New words as a mark that holds their run; a tab in them is one."""
        made = self.mark("ins", by)
        made.append(run_of(words, properties))
        return made


def _ids(tree: etree._Element) -> Iterator[str]:
    for element in tree.iter(etree.Element):
        said = element.get(f"{W}id")
        if said is not None and said.isdecimal() and len(said) < 12:
            yield said


def run_of(words: str, properties: etree._Element | None) -> etree._Element:
    """A run of words, with a copy of the properties given. Raises Refused for characters that no Word file can hold."""
    run = etree.Element(f"{W}r")
    if properties is not None:
        run.append(copy.deepcopy(properties))
    for number, part in enumerate(words.split("\t")):
        if number:
            etree.SubElement(run, f"{W}tab")
        if part:
            text = etree.SubElement(run, f"{W}t")
            try:
                text.text = part
            except ValueError:
                raise Refused(UNWRITABLE, "the new words hold a character that no Word file can hold") from None
            text.set(XML_SPACE, "preserve")
    return run


def own_properties(paragraph: etree._Element) -> etree._Element:
    """The properties of a paragraph, made where it had none."""
    found = paragraph.find(f"{W}pPr")
    if found is None:
        found = etree.Element(f"{W}pPr")
        paragraph.insert(0, found)
    return found


def properties_of(paragraph: etree._Element, name: str) -> etree._Element:
    """The properties of a paragraph's mark ("rPr"), made where it had none."""
    properties = own_properties(paragraph)
    found = properties.find(f"{W}{name}")
    if found is None:
        found = etree.Element(f"{W}{name}")
        after = next((c for c in properties if c.tag in (f"{W}sectPr", f"{W}pPrChange")), None)
        if after is None:
            properties.append(found)
        else:
            after.addprevious(found)
    return found


def run_at(node: etree._Element) -> etree._Element:
    """The run in which a text stands."""
    return next(node.iterancestors(f"{W}r"))


class Cuts:
    """Where runs have been cut: finds the characters of a text after it was divided."""

    def __init__(self) -> None:
        self._parts: dict[etree._Element, list[tuple[int, etree._Element]]] = {}

    def find(self, node: etree._Element, at: int) -> tuple[etree._Element, int]:
        """The element that now holds the character at an offset of `node` as it was, and its offset there."""
        parts = self._parts.get(node)
        if parts is None:
            parts = self._parts[node] = [(0, node)]
            words = node.text or ""
            if node.tag == f"{W}t" and node.get(XML_SPACE) != "preserve" and words != words.strip(_BLANK):
                # Spaces at the ends that Word does not show must not be seen once the text is cut.
                parts[0] = (len(words) - len(words.lstrip(_BLANK)), node)
                node.text = words.strip(_BLANK)
        start, part = next((start, part) for start, part in reversed(parts) if start <= at or start == parts[0][0])
        return part, at - start

    def before(self, node: etree._Element, at: int) -> etree._Element:
        """Cut so that the character at an offset begins a run; that run."""
        part, offset = self.find(node, at)
        if offset > 0 and part.tag == f"{W}t":
            words = part.text or ""
            rest = copy.deepcopy(part)
            rest.tail = None
            part.text, rest.text = words[:offset], words[offset:]
            for each in (part, rest):
                each.set(XML_SPACE, "preserve")
            part.addnext(rest)
            self._parts[node].append((at, rest))
            self._parts[node].sort(key=lambda pair: pair[0])
            part = rest
        run = part.getparent()
        assert run is not None
        first = next((child for child in run if child.tag != f"{W}rPr"), part)
        return run if first is part else _divided(run, part)

    def after(self, node: etree._Element, at: int) -> etree._Element:
        """Cut so that the character before an offset ends a run; that run."""
        part, offset = self.find(node, at - 1)
        if part.tag == f"{W}t" and offset + 1 < len(part.text or ""):
            self.before(node, at)
            part, _ = self.find(node, at - 1)
        run = part.getparent()
        assert run is not None
        following = part.getnext()
        if following is not None:
            _divided(run, following)
        return run


def _divided(run: etree._Element, first: etree._Element) -> etree._Element:
    """Cut a run in two before one of its elements; the second."""
    rest = etree.Element(f"{W}r", {str(key): str(value) for key, value in run.attrib.items()})
    properties = run.find(f"{W}rPr")
    if properties is not None:
        rest.append(copy.deepcopy(properties))
    moving = [first, *first.itersiblings()]
    for child in moving:
        rest.append(child)
    run.addnext(rest)
    return rest


def guarded(node: etree._Element, words: str) -> None:
    """Raises Refused where words stand in what a change would break: a bound control, a choice of contents."""
    for above in node.iterancestors():
        if above.tag == f"{W}p":
            return
        if str(above.tag).startswith((MC, MATH)):
            raise Refused(UNWRITABLE, f"“{words}” stands in a part of the document that cannot be changed here")
        if above.tag == f"{W}sdt":
            properties = above.find(f"{W}sdtPr")
            if properties is not None and any(properties.find(name) is not None for name in _CONTROLS):
                raise Refused(
                    UNWRITABLE,
                    f"“{words}” stands in a content control that is filled from elsewhere",
                    "remove the control in Word (its words stay), and apply the letter again",
                )


class FieldRun(NamedTuple):
    """A field of a paragraph: all its runs from its beginning to its end, and the elements of its result."""

    runs: tuple[etree._Element, ...]
    whole: bool
    """Whether it begins and ends in the paragraph."""


def fields(paragraph: etree._Element) -> tuple[FieldRun, ...]:
    """The outermost fields of a paragraph that are made of several runs."""
    result: list[FieldRun] = []
    within: list[etree._Element] = []
    depth = 0
    for run in runs(paragraph):
        marks = [node.get(f"{W}fldCharType") for node in run.iter(f"{W}fldChar")]
        begins, ends = marks.count("begin"), marks.count("end")
        if depth == 0 and ends > begins:
            # It began in an earlier paragraph: all before here belongs to it.
            earlier = list(_until(paragraph, run))
            result.append(FieldRun(tuple(earlier), whole=False))
            continue
        if depth or begins:
            within.append(run)
        depth += begins - ends
        if depth <= 0 and within:
            result.append(FieldRun(tuple(within), whole=True))
            within, depth = [], 0
    if within:
        result.append(FieldRun(tuple(within), whole=False))
    return tuple(result)


def _until(paragraph: etree._Element, last: etree._Element) -> Iterator[etree._Element]:
    for run in runs(paragraph):
        yield run
        if run is last:
            return


def unfolded(paragraph: etree._Element) -> None:
    """Write the simple fields of a paragraph as fields of several runs, which say the same."""
    for simple in list(paragraph.iter(f"{W}fldSimple")):
        parts = []
        for kind in ("begin", "separate", "end"):
            run = etree.Element(f"{W}r")
            etree.SubElement(run, f"{W}fldChar").set(f"{W}fldCharType", kind)
            parts.append(run)
        code = etree.Element(f"{W}r")
        instruction = etree.SubElement(code, f"{W}instrText")
        instruction.set(XML_SPACE, "preserve")
        instruction.text = simple.get(f"{W}instr", "")
        for each in (parts[0], code, parts[1], *list(simple), parts[2]):
            simple.addprevious(each)
        parent = simple.getparent()
        assert parent is not None
        parent.remove(simple)


def place_after(run: etree._Element, following: etree._Element | None, paragraph: etree._Element) -> etree._Element:
    """The element after which new words go that come after a run: out of a hyperlink that what follows is not in."""
    inside = set(following.iterancestors()) if following is not None else {paragraph}
    at = run
    while (parent := at.getparent()) is not None and parent is not paragraph and parent not in inside:
        at = parent
    return at


def place_before(run: etree._Element, paragraph: etree._Element) -> etree._Element:
    """The element before which new words go that come before the first run of a paragraph."""
    at = run
    while (
        (parent := at.getparent()) is not None
        and parent is not paragraph
        and (parent.tag in HOLDERS or parent.tag == f"{W}del")
    ):
        at = parent
    return at
