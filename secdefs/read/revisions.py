"""Tracked changes of a Word document: what stands once all are accepted, and what stood if all are rejected.

Both work on the tree given, in place. The rules are those of WordprocessingML (ISO/IEC 29500-1, 17.13.5): a change of a
paragraph's mark joins it to the paragraph that follows, and the properties of the one whose mark survives hold.
"""

from __future__ import annotations

from typing import Literal

from lxml import etree

from secdefs.read.package import W

Existing = Literal["accept", "reject"]
"""What to do with changes that are tracked in a Word file."""

_CHANGES = tuple(f"{W}{name}PrChange" for name in ("r", "p", "tbl", "tr", "tc", "sect", "tblEx"))
_OTHER = (f"{W}tblGridChange", f"{W}numberingChange", f"{W}cellMerge")
_MOVES = tuple(f"{W}{name}Range{end}" for name in ("moveFrom", "moveTo") for end in ("Start", "End"))
_RANGES = _MOVES + tuple(
    f"{W}{name}Range{end}" for name in ("customXmlIns", "customXmlDel") for end in ("Start", "End")
)
_INSERTED, _DELETED = (f"{W}ins", f"{W}moveTo"), (f"{W}del", f"{W}moveFrom")
_CELLS = (f"{W}cellIns", f"{W}cellDel")
_PROPERTIES = (f"{W}rPr", f"{W}trPr", f"{W}tcPr", f"{W}numPr")
REVISIONS = (*_INSERTED, *_DELETED, *_CHANGES, *_OTHER, *_CELLS)
"""The elements that make a document one with tracked changes."""

MARKERS = tuple(
    f"{W}{name}"
    for name in ("bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd", "permStart", "permEnd")
)
"""What marks a place and has no width: it stays where it was, whatever becomes of the words around it."""

_BETWEEN = (*MARKERS, *_RANGES, f"{W}proofErr")
_KEPT = {
    f"{W}pPr": (f"{W}rPr", f"{W}sectPr"),
    f"{W}sectPr": (f"{W}headerReference", f"{W}footerReference"),
    f"{W}trPr": (f"{W}ins", f"{W}del"),
    f"{W}tcPr": _CELLS,
    f"{W}rPr": (f"{W}ins", f"{W}del", f"{W}moveFrom", f"{W}moveTo"),
}
"""What is no part of the properties that a change of them replaces."""


def revised(root: etree._Element) -> bool:
    """Whether a document has tracked changes."""
    return next(root.iter(*REVISIONS), None) is not None


def settle(root: etree._Element, existing: Existing) -> None:
    """Carry out every tracked change, or take every one back."""
    if existing == "accept":
        accept(root)
    else:
        reject(root)


def accept(root: etree._Element) -> None:
    """Carry out every tracked change."""
    for change in list(root.iter(*_CHANGES, *_OTHER)):
        _drop(change)
    _settle(root, stays=_INSERTED, goes=_DELETED)


def reject(root: etree._Element) -> None:
    """Take back every tracked change."""
    for change in list(root.iter(*_CHANGES)):
        _restore(change)
    for change in list(root.iter(*_OTHER)):
        _drop(change)
    _settle(root, stays=_DELETED, goes=_INSERTED)
    for text in root.iter(f"{W}delText"):
        text.tag = f"{W}t"
    for code in root.iter(f"{W}delInstrText"):
        code.tag = f"{W}instrText"


def _settle(root: etree._Element, *, stays: tuple[str, ...], goes: tuple[str, ...]) -> None:
    rows, cells, paragraphs, emptied = [], [], [], []
    gone_cell = f"{W}cellDel" if f"{W}del" in goes else f"{W}cellIns"
    for mark in list(root.iter(*stays, *goes, *_CELLS)):
        holder = mark.getparent()
        if holder is None:
            continue
        gone = mark.tag in goes or mark.tag == gone_cell
        if holder.tag not in _PROPERTIES:
            if gone:
                _drop_content(mark)
            else:
                unwrap(mark)
            continue
        above = holder.getparent()
        _drop(mark)
        emptied.append(holder)
        if above is None or not gone:
            continue
        if holder.tag == f"{W}trPr":
            rows.append(above)
        elif holder.tag == f"{W}tcPr":
            cells.append(above)
        elif holder.tag == f"{W}numPr":
            _drop(holder)
        elif above.tag == f"{W}pPr" and (paragraph := above.getparent()) is not None:
            paragraphs.append(paragraph)
    for holder in emptied:
        without_empty(holder)
    for paragraph in paragraphs:
        join(paragraph)
    for each in (*cells, *rows):
        table = each.getparent()
        if table is None:
            continue
        _drop(each)
        if each.tag == f"{W}tr" and table.tag == f"{W}tbl" and table.find(f".//{W}tr") is None:
            _drop(table)
    for leftover in list(root.iter(*_RANGES)):
        _drop(leftover)


def without_empty(holder: etree._Element) -> None:
    """Take out properties that say nothing, and those of a paragraph when they held nothing else."""
    parent = holder.getparent()
    if len(holder) or holder.attrib or parent is None or holder.tag == f"{W}tcPr":
        return
    _drop(holder)
    if parent.tag == f"{W}pPr":
        without_empty(parent)


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        element.tail = None
        parent.remove(element)


def _drop_content(mark: etree._Element) -> None:
    """Take out what a change holds, but for the marks of places."""
    parent = mark.getparent()
    assert parent is not None
    for child in list(mark.iter(*MARKERS)):
        parent.insert(parent.index(mark), child)
    _drop(mark)


def unwrap(element: etree._Element) -> None:
    """Put what an element holds into its place."""
    parent = element.getparent()
    assert parent is not None
    at = parent.index(element)
    for offset, child in enumerate(list(element)):
        parent.insert(at + offset, child)
    _drop(element)


def _restore(change: etree._Element) -> None:
    """The properties as they were before a change of them; a paragraph's mark and section are no part of these."""
    now = change.getparent()
    if now is None:
        return
    before = list(change[0]) if len(change) else []
    kept = _KEPT.get(str(now.tag), ())
    for child in list(now):
        if child is not change and child.tag not in kept:
            _drop(child)
    _drop(change)
    # The marks of a run's properties come before them, those of all others after.
    at = sum(child.tag in kept for child in now) if now.tag in (f"{W}rPr", f"{W}sectPr") else 0
    for offset, child in enumerate(before):
        now.insert(at + offset, child)
    if now.tag in (f"{W}pPr", f"{W}rPr"):
        without_empty(now)


def join(paragraph: etree._Element) -> None:
    """Join a paragraph whose mark is gone to the one that follows; the last of a cell keeps its mark."""
    holder = paragraph.getparent()
    if holder is None:
        return
    following = paragraph.getnext()
    while following is not None and following.tag in _BETWEEN:
        following = following.getnext()
    content = [child for child in paragraph if child.tag != f"{W}pPr"]
    if following is None or following.tag != f"{W}p":
        last = following is None and holder.tag in (f"{W}tc", f"{W}footnote", f"{W}comment", f"{W}txbxContent")
        if not content and not last and len(holder.findall(f"{W}p")) > 1:
            _drop(paragraph)
        return
    at = 1 if following.find(f"{W}pPr") is not None else 0
    for offset, child in enumerate(content):
        following.insert(at + offset, child)
    _drop(paragraph)
