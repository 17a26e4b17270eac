"""The characters of a Word paragraph: which there are, and in which element of which run each of them stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lxml import etree

from secdefs.read.revisions import XML_SPACE, W
from secdefs.text import LABEL

HOLDERS = frozenset(
    f"{W}{name}" for name in ("hyperlink", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml", "dir", "bdo")
)
"""What may stand in a paragraph around its runs."""

BLOCKS = frozenset(f"{W}{name}" for name in ("sdt", "sdtContent", "customXml"))
"""What may stand in a body or a cell around its paragraphs."""

SPACES = " \t\u00a0"
_FIXED = {f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}cr": "\n", f"{W}noBreakHyphen": "\u2011"}


class Stretch(NamedTuple):
    """Characters that stand together: in `node` (a w:t, w:tab …) from offset `at`; None is no element of their own."""

    text: str
    node: etree._Element | None
    at: int = 0


class Line(NamedTuple):
    """A line of a record's text as a paragraph holds it.

    `lead` is what stands in no run: the label that the list computes, and the space after it. `depth` is its level.
    """

    paragraph: etree._Element
    depth: int
    lead: str
    stretches: tuple[Stretch, ...]
    first: bool = True
    """Whether it begins its paragraph; else a line break stands before it, the node `turn`."""
    turn: etree._Element | None = None

    @property
    def text(self) -> str:
        return "  " * self.depth + self.lead + text(self.stretches)


def text(stretches: Iterable[Stretch]) -> str:
    """What is read."""
    return "".join(stretch.text for stretch in stretches)


def runs(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The runs of a paragraph, those in hyperlinks and fields too; not those of text boxes."""
    for child in paragraph:
        if child.tag == f"{W}r":
            yield child
        elif child.tag in HOLDERS:
            yield from runs(child)


def stretches(paragraph: etree._Element) -> tuple[Stretch, ...]:
    """The characters of a paragraph as its reader sees them: of a field its result, of hidden text nothing."""
    result: list[Stretch] = []
    fields: list[str] = []
    for run in runs(paragraph):
        hidden = _hidden(run)
        for node in run:
            if node.tag == f"{W}fldChar":
                match node.get(f"{W}fldCharType"):
                    case "begin":
                        fields.append("code")
                    case "separate" if fields:
                        fields[-1] = "result"
                    case "end" if fields:
                        fields.pop()
            elif not hidden and "code" not in fields and (read := _read(node)).text:
                result.append(read)
    return tuple(result)


def _hidden(run: etree._Element) -> bool:
    vanish = run.find(f"{W}rPr/{W}vanish")
    return vanish is not None and vanish.get(f"{W}val") not in ("0", "false", "off")


def _read(node: etree._Element) -> Stretch:
    if node.tag == f"{W}t":
        words = node.text or ""
        if node.get(XML_SPACE) == "preserve":
            return Stretch(words, node)
        return Stretch(words.strip(" \t\r\n"), node, len(words) - len(words.lstrip(" \t\r\n")))
    if node.tag == f"{W}br":
        return Stretch("\n" if node.get(f"{W}type", "textWrapping") == "textWrapping" else "", node)
    if node.tag == f"{W}sym":
        code = int(node.get(f"{W}char", "FFFD"), 16)
        # A symbol font's characters stand in the private area; which sign that is, only the font knows.
        return Stretch(chr(code) if not 0xE000 <= code < 0xF900 else "\ufffd", node)
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
        if each.text == "\n" and each.node is not None and each.node.tag != f"{W}t":
            lines.append((each.node, []))
        else:
            lines[-1][1].append(each._replace(text=each.text.replace("\n", " ")))
    return tuple((turn, tuple(words)) for turn, words in lines)
