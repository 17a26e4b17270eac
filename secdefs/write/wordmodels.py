"""How a new paragraph of a Word document is to look: as those do that the document has of its kind."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lxml import etree

from secdefs.change.text import LABEL
from secdefs.read.numbering import Item
from secdefs.read.package import W
from secdefs.read.runs import Line
from secdefs.read.word import Word
from secdefs.read.wordcode import Held
from secdefs.write.wordruns import run_at

STEP = 567
"""How far a level is indented where the document gives no example: one centimetre, in twentieths of a point."""


class Look(NamedTuple):
    """The properties of a paragraph (w:pPr) and of its runs (w:rPr), copies of those in the document; None: none.

    `item` is the list of which it is an item by these.
    """

    paragraph: etree._Element | None
    run: etree._Element | None
    item: Item | None = None


class Models:
    """The paragraphs of a document's records, by level and label, and the lists that new ones of them need."""

    def __init__(self, word: Word, held: Iterable[Held]) -> None:
        self.word = word
        self.lines = {id(each): each.fields.get("text", ()) for each in held}
        self.records = list(held)
        self.numbering = word.package.tree_beside("numbering")
        self.changed = False
        """Whether a list was added, so that the part of the lists has to be written."""
        self.items: dict[etree._Element, Item] = dict(word.items)
        """The lists of which paragraphs are items, the new ones among them."""
        self._fresh: dict[tuple[int, str], str] = {}

    def look(self, depth: int, label: str | None, near: Held, after: Iterable[etree._Element]) -> Look:
        """How a new paragraph at a level looks, with a label or without: as the nearest like it of the record `near`,
        else of another record. `after` are the paragraphs before it in its record, the nearest first."""
        found = self._like(depth, label, near)
        if found is None:
            return self._made(depth, label, near)
        line, own = found
        look = look_of(line)
        item = self.word.items.get(line.paragraph) if line.lead else None
        if item is None:
            return look
        num = next(
            (other.num for each in after if (other := self.items.get(each)) and other.series == item.series), None
        )
        if num is None and not own:
            num = self._new_list(id(near), item.num)
        if num is None or num == item.num:
            return look._replace(item=item)
        dressed = look.paragraph if look.paragraph is not None else etree.Element(f"{W}pPr")
        _numbered(dressed, num, item.level)
        return Look(dressed, look.run, item._replace(num=num))

    def _like(self, depth: int, label: str | None, near: Held) -> tuple[Line, bool] | None:
        at = self.records.index(near)
        others = sorted(range(len(self.records)), key=lambda each: abs(each - at))
        for exact in (True, False) if label is not None else (True,):
            for each in others:
                for number, line in enumerate(self.lines[id(self.records[each])]):
                    behind = number == 0 and not self.records[each].rows and line.paragraph is _head(self.records[each])
                    if line.depth != depth or line.turn is not None or behind or not line.stretches:
                        continue
                    if _alike(label_of(line), label, exact):
                        return line, self.records[each] is near
        return None

    def _made(self, depth: int, label: str | None, near: Held) -> Look:
        """A look for which there is no example: that of the record's first line, indented."""
        lines = self.lines[id(near)] or next(iter(near.fields.values()))
        first = lines[0]
        look = look_of(first)
        properties = look.paragraph if look.paragraph is not None else etree.Element(f"{W}pPr")
        for name in ("numPr", "ind"):
            for found in properties.findall(f"{W}{name}"):
                properties.remove(found)
        base = self.word.indent(first.paragraph).left - STEP * first.depth
        left = max(base, 0) + STEP * depth
        indented(properties, left + (STEP if label is not None and not depth else 0), STEP if label is not None else 0)
        return Look(properties, look.run)

    def _new_list(self, record: int, num: str) -> str | None:
        """A list of the same series as another that begins anew, made once for a record."""
        known = self._fresh.get((record, num))
        if known is not None or self.numbering is None:
            return known
        nums = self.numbering.findall(f"{W}num")
        model = next((each for each in nums if each.get(f"{W}numId") == num), None)
        if model is None:
            return None
        made = etree.Element(f"{W}num")
        key = str(max(int(each.get(f"{W}numId", "0")) for each in nums) + 1)
        made.set(f"{W}numId", key)
        for child in model:
            if child.tag == f"{W}abstractNumId":
                made.append(copy.deepcopy(child))
        levels = {each.get(f"{W}ilvl"): each for each in model.findall(f"{W}lvlOverride")}
        for number in range(9):
            override = etree.SubElement(made, f"{W}lvlOverride")
            override.set(f"{W}ilvl", str(number))
            old = levels.get(str(number))
            start = etree.SubElement(override, f"{W}startOverride")
            start.set(f"{W}val", "1")
            whole = old.find(f"{W}lvl") if old is not None else None
            if whole is not None:
                override.append(copy.deepcopy(whole))
        nums[-1].addnext(made)
        self.changed = True
        self._fresh[record, num] = key
        return key


def _head(record: Held) -> etree._Element | None:
    return record.paragraphs[0] if record.paragraphs else None


def label_of(line: Line) -> str | None:
    """The label of a line as it is read, "(a)"."""
    found = LABEL.match(line.text.lstrip(" "))
    return found[0] if found is not None else None


def _alike(one: str | None, other: str | None, exact: bool) -> bool:
    """Whether two labels, or none, are of one kind: figures, capitals or small letters, in the same brackets."""
    if one is None or other is None:
        return one is other
    return not exact or re.sub(r"\d+", "1", re.sub("[a-z]+", "a", re.sub("[A-Z]+", "A", one))) == re.sub(
        r"\d+", "1", re.sub("[a-z]+", "a", re.sub("[A-Z]+", "A", other))
    )


def look_of(line: Line) -> Look:
    """How a line looks: the properties of its paragraph, and those of its first words."""
    node = next((each.node for each in line.stretches if each.node is not None and each.text.strip()), None)
    return Look(properties(line.paragraph), run_properties(run_at(node)) if node is not None else None)


def properties(paragraph: etree._Element) -> etree._Element | None:
    """A copy of a paragraph's properties, without a section and without marks of changes."""
    found = paragraph.find(f"{W}pPr")
    if found is None:
        return None
    made = copy.deepcopy(found)
    for name in ("sectPr", "pPrChange"):
        for child in made.findall(f"{W}{name}"):
            made.remove(child)
    mark = made.find(f"{W}rPr")
    for child in list(mark) if mark is not None else []:
        if child.tag in (f"{W}ins", f"{W}del", f"{W}rPrChange"):
            assert mark is not None
            mark.remove(child)
    return made


def run_properties(run: etree._Element) -> etree._Element | None:
    """A copy of a run's properties, without marks of changes."""
    found = run.find(f"{W}rPr")
    if found is None:
        return None
    made = copy.deepcopy(found)
    for child in list(made):
        if child.tag in (f"{W}rPrChange", f"{W}ins", f"{W}del"):
            made.remove(child)
    return made


_BEFORE_NUMBERING = "pStyle keepNext keepLines pageBreakBefore framePr widowControl".split()
_BEFORE_INDENT = [
    *_BEFORE_NUMBERING,
    *(
        "numPr suppressLineNumbers pBdr shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct "
        "autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid spacing"
    ).split(),
]


def _put(properties: etree._Element, made: etree._Element, before: list[str]) -> None:
    """Put an element into a paragraph's properties where the schema has it: after those of `before`."""
    for old in properties.findall(str(made.tag)):
        properties.remove(old)
    names = {f"{W}{name}" for name in before}
    at = max((number + 1 for number, child in enumerate(properties) if child.tag in names), default=0)
    properties.insert(at, made)


def _numbered(properties: etree._Element, num: str, level: int) -> None:
    made = etree.Element(f"{W}numPr")
    etree.SubElement(made, f"{W}ilvl").set(f"{W}val", str(level))
    etree.SubElement(made, f"{W}numId").set(f"{W}val", num)
    _put(properties, made, _BEFORE_NUMBERING)


def unnumbered(properties: etree._Element, indent: Iterator[tuple[str, str]] | None) -> None:
    """Make a paragraph's properties those of no item of a list; `indent` is what its list said of its indent."""
    made = etree.Element(f"{W}numPr")
    etree.SubElement(made, f"{W}numId").set(f"{W}val", "0")
    _put(properties, made, _BEFORE_NUMBERING)
    given = dict(indent or ())
    own = properties.find(f"{W}ind")
    if own is not None:
        said = {str(key): str(value) for key, value in own.items()}
        if any(key in said for key in (f"{W}hanging", f"{W}firstLine")):
            given.pop(f"{W}hanging", None)
            given.pop(f"{W}firstLine", None)
        given |= said
    if given:
        ind = etree.Element(f"{W}ind")
        for key, value in given.items():
            ind.set(key, value)
        _put(properties, ind, _BEFORE_INDENT)


def indented(properties: etree._Element, left: int, hanging: int) -> None:
    """Indent a paragraph, in twentieths of a point."""
    ind = etree.Element(f"{W}ind")
    ind.set(f"{W}left", str(left))
    if hanging:
        ind.set(f"{W}hanging", str(hanging))
    _put(properties, ind, _BEFORE_INDENT)


def own_after(own: etree._Element, new: etree._Element) -> None:
    """Put other properties into a paragraph's, without noting those that it had; its mark and its note of them stay."""
    stays = (f"{W}rPr", f"{W}sectPr", f"{W}pPrChange")
    for child in list(own):
        if child.tag not in stays:
            own.remove(child)
    for number, child in enumerate([c for c in new if c.tag not in stays]):
        own.insert(number, child)
