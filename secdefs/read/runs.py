"""The characters of a Word paragraph: which there are, and in which element of which run each of them stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from lxml import etree

from secdefs.change.text import LABEL
from secdefs.read.package import MATH, MC, XML_SPACE, W

HOLDERS = frozenset(
    f"{W}{name}"
    for name in ("hyperlink", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml", "dir", "bdo", "ins", "moveTo")
)
"""What may stand in a paragraph around its runs."""

BLOCKS = frozenset(f"{W}{name}" for name in ("sdt", "sdtContent", "customXml"))
"""What may stand in a body or a cell around its paragraphs."""

SPACES = " \t\u00a0"
_FIXED = {f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}cr": "\n", f"{W}noBreakHyphen": "\u2011"}
_BLANK = SPACES + "\n"
_SPACED = str.maketrans("\t\r\n\uf0b7", "   •")

Hidden = Callable[[etree._Element], bool]
"""Whether a run is hidden."""


class Stretch(NamedTuple):
    """Characters that stand together: in `node` (a w:t, w:tab …) from offset `at`.

    `node` is None where they are no text of the paragraph that could be changed: of a formula, of a table inside.
    """

    text: str
    node: etree._Element | None
    at: int = 0


class Line(NamedTuple):
    """A line of a record's text as a paragraph holds it.

    `lead` is what stands in no run: the label that the list computes, and the space after it. `depth` is its level.
    `turn` is the line break before it where it does not begin its paragraph.
    """

    paragraph: etree._Element
    depth: int
    lead: str
    stretches: tuple[Stretch, ...]
    turn: etree._Element | None = None

    @property
    def text(self) -> str:
        """The line as a record's text has it."""
        return "  " * self.depth + self.lead + text(self.stretches)


def text(stretches: Iterable[Stretch]) -> str:
    """What is read."""
    return "".join(stretch.text for stretch in stretches)


def visible(_run: etree._Element) -> bool:
    """That no run is hidden."""
    return False


def blocks(holder: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs and tables of a body, cell or note, in order."""
    for child in holder:
        if child.tag in (f"{W}p", f"{W}tbl"):
            yield child
        elif child.tag in BLOCKS:
            yield from blocks(child)
        elif child.tag == f"{MC}AlternateContent" and (choice := child.find(f"{MC}Choice")) is not None:
            yield from blocks(choice)


def rows(table: etree._Element) -> Iterator[etree._Element]:
    """The rows of a table."""
    for child in table:
        if child.tag == f"{W}tr":
            yield child
        elif child.tag in BLOCKS:
            yield from rows(child)


def cells(row: etree._Element) -> Iterator[etree._Element]:
    """The cells of a row."""
    for child in row:
        if child.tag == f"{W}tc":
            yield child
        elif child.tag in BLOCKS:
            yield from cells(child)


def runs(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The runs of a paragraph in order, those in hyperlinks and fields too; not those of text boxes. Formulas also."""
    for child in paragraph:
        if child.tag == f"{W}r" or child.tag in (f"{MATH}oMath", f"{MATH}oMathPara"):
            yield child
        elif child.tag in HOLDERS:
            yield from runs(child)
        elif child.tag == f"{MC}AlternateContent" and (choice := child.find(f"{MC}Choice")) is not None:
            yield from runs(choice)


def nodes(paragraph: etree._Element, hidden: Hidden = visible) -> Iterator[etree._Element]:
    """What its reader sees of a paragraph: the contents of its runs, and formulas; of a field the result alone."""
    fields: list[str] = []
    for run in runs(paragraph):
        if run.tag != f"{W}r":
            if "code" not in fields:
                yield run
            continue
        unseen = hidden(run)
        for node in run:
            if node.tag == f"{W}fldChar":
                match node.get(f"{W}fldCharType"):
                    case "begin":
                        fields.append("code")
                    case "separate" if fields:
                        fields[-1] = "result"
                    case "end" if fields:
                        fields.pop()
            elif not unseen and "code" not in fields:
                yield node


def stretches(paragraph: etree._Element, hidden: Hidden = visible) -> tuple[Stretch, ...]:
    """The characters of a paragraph as its reader sees them: of a field its result, of hidden text nothing.

    The break of a page or a column between two words is read as a space.
    """
    whole = [stretch_of(node) for node in nodes(paragraph, hidden)]
    result: list[Stretch] = []
    broken: Stretch | None = None
    for each in whole:
        if each.node is not None and each.node.tag == f"{W}br" and not each.text:
            broken = each
        elif each.text:
            apart = not result or result[-1].text[-1] in _BLANK or each.text[0] in _BLANK
            if broken is not None and not apart:
                result.append(broken._replace(text=" "))
            broken = None
            result.append(each)
    return tuple(result)


def stretch_of(node: etree._Element) -> Stretch:
    """The characters that one element of a run stands for; empty for one without width."""
    if node.tag == f"{W}t":
        words = (node.text or "").translate(_SPACED)
        if node.get(XML_SPACE) == "preserve":
            return Stretch(words, node)
        return Stretch(words.strip(" "), node, len(words) - len(words.lstrip(" ")))
    if node.tag == f"{W}br":
        return Stretch("\n" if node.get(f"{W}type", "textWrapping") == "textWrapping" else "", node)
    if node.tag == f"{W}sym":
        try:
            code = int(node.get(f"{W}char", "FFFD"), 16)
        except ValueError:
            code = 0xFFFD
        if code in (0xF0B7, 0xF0A7):
            return Stretch("•", node)
        # A symbol font's characters stand in the private area; which sign that is, only the font knows.
        return Stretch(chr(code) if 31 < code < 0xD800 or 0xF900 <= code < 0x110000 else "\ufffd", node)
    if node.tag == f"{MC}AlternateContent":
        # A sign for which a program may know no font: what stands for it elsewhere.
        words = "".join(each.text or "" for each in node.findall(f"{MC}Fallback/{W}t"))
        return Stretch(words, None)
    if str(node.tag).startswith(MATH):
        return Stretch("".join(each.text or "" for each in node.iter(f"{MATH}t")), None)
    return Stretch(_FIXED.get(str(node.tag), ""), node)


def cut(whole: Iterable[Stretch], start: int, end: int) -> tuple[Stretch, ...]:
    """The characters from `start` to `end`, the end excluded."""
    result, at = [], 0
    for each in whole:
        low, high = max(start - at, 0), min(end - at, len(each.text))
        if low < high:
            result.append(Stretch(each.text[low:high], each.node, each.at + low))
        at += len(each.text)
    return tuple(result)


def trimmed(whole: tuple[Stretch, ...]) -> tuple[Stretch, ...]:
    """Without the spaces at both ends; one space after a label, and a space for each tab."""
    words = text(whole)
    start, end = len(words) - len(words.lstrip(SPACES)), len(words.rstrip(SPACES))
    if start >= end:
        return ()
    label = LABEL.match(words, start, end)
    if label is None:
        return _spaced(cut(whole, start, end))
    body = label.end() + len(words[label.end() : end]) - len(words[label.end() : end].lstrip(SPACES))
    return _spaced((*cut(whole, start, min(label.end() + 1, end)), *cut(whole, body, end)))


def _spaced(whole: tuple[Stretch, ...]) -> tuple[Stretch, ...]:
    return tuple(each._replace(text=each.text.replace("\t", " ")) if "\t" in each.text else each for each in whole)


def divided(whole: tuple[Stretch, ...]) -> tuple[tuple[etree._Element | None, tuple[Stretch, ...]], ...]:
    """The lines that line breaks make of a paragraph, each with the break before it."""
    lines: list[tuple[etree._Element | None, list[Stretch]]] = [(None, [])]
    for each in whole:
        if each.text == "\n":
            lines.append((each.node, []))
        else:
            lines[-1][1].append(each)
    return tuple((turn, tuple(words)) for turn, words in lines)
