"""Tracked changes of a Word document: what stands once all are accepted, and what stood if all are rejected.

Both work on the tree given, in place. The rules are those of WordprocessingML (ISO/IEC 29500-1, 17.13.5): a change of a
paragraph's mark joins it to the paragraph that follows, and the properties of the one whose mark survives hold.
"""

from __future__ import annotations

from lxml import etree

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{NAMESPACE}}}"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

_CHANGES = tuple(f"{W}{name}PrChange" for name in ("r", "p", "tbl", "tr", "tc", "sect", "tblEx"))
_OTHER = (f"{W}tblGridChange", f"{W}numberingChange", f"{W}cellMerge")
_RANGES = tuple(
    f"{W}{name}{end}"
    for name in ("moveFromRange", "moveToRange", "customXmlInsRange", "customXmlDelRange")
    for end in ("Start", "End")
)
_INSERTED, _DELETED = (f"{W}ins", f"{W}moveTo"), (f"{W}del", f"{W}moveFrom")
_CELLS = (f"{W}cellIns", f"{W}cellDel")
_PROPERTIES = (f"{W}rPr", f"{W}trPr", f"{W}tcPr", f"{W}numPr")
REVISIONS = (*_INSERTED, *_DELETED, *_CHANGES, *_OTHER, *_CELLS)
"""The elements that make a document one with tracked changes."""


def revised(root: etree._Element) -> bool:
    """Whether a document has tracked changes."""
    return next(root.iter(*REVISIONS), None) is not None


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
    rows, cells, paragraphs = [], [], []
    for mark in list(root.iter(*stays, *goes, *_CELLS)):
        holder = mark.getparent()
        if holder is None:
            continue
        gone = mark.tag in goes or mark.tag == (f"{W}cellDel" if f"{W}del" in goes else f"{W}cellIns")
        if holder.tag not in _PROPERTIES:
            if gone:
                _drop_content(mark)
            else:
                unwrap(mark)
            continue
        above = holder.getparent()
        _drop(mark)
        if gone and holder.tag == f"{W}trPr":
            rows.append(above)
        elif gone and holder.tag == f"{W}tcPr":
            cells.append(above)
        elif gone and above is not None and above.tag == f"{W}pPr":
            paragraphs.append(above.getparent())
    for paragraph in paragraphs:
        if paragraph is not None:
            join(paragraph)
    for each in (*cells, *rows):
        table = each.getparent() if each is not None else None
        if each is None or table is None:
            continue
        _drop(each)
        if each.tag == f"{W}tr" and table.tag == f"{W}tbl" and table.find(f".//{W}tr") is None:
            _drop(table)
    for holder in list(root.iter(f"{W}rPr", f"{W}trPr")):
        if len(holder) == 0 and not holder.attrib and not holder.text:
            parent = holder.getparent()
            _drop(holder)
            if parent is not None and parent.tag == f"{W}pPr" and len(parent) == 0:
                _drop(parent)
    for leftover in list(root.iter(*_RANGES)):
        _drop(leftover)


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        element.tail = None
        parent.remove(element)


def _drop_content(mark: etree._Element) -> None:
    """Take out what a change holds; bookmarks and the like, which have no width, stay where they were."""
    parent = mark.getparent()
    assert parent is not None
    for child in [c for c in mark if c.tag in (f"{W}bookmarkStart", f"{W}bookmarkEnd")]:
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
    before = change[0] if len(change) else None
    if now is None:
        return
    kept = (f"{W}rPr", f"{W}sectPr", f"{W}ins", f"{W}del", f"{W}moveFrom", f"{W}moveTo")
    if now.tag == f"{W}rPr":
        kept = kept[2:]
    for child in list(now):
        if child is not change and child.tag not in kept:
            _drop(child)
    _drop(change)
    for offset, child in enumerate(list(before) if before is not None else []):
        if now.tag == f"{W}rPr":
            now.append(child)
        else:
            now.insert(offset, child)
    parent = now.getparent()
    if len(now) == 0 and parent is not None and now.tag in (f"{W}pPr", f"{W}rPr"):
        _drop(now)


def join(paragraph: etree._Element) -> None:
    """Join a paragraph whose mark is gone to the one that follows; the last of its holder keeps its mark."""
    following = paragraph.getnext()
    while following is not None and following.tag in (f"{W}bookmarkStart", f"{W}bookmarkEnd", f"{W}proofErr"):
        following = following.getnext()
    content = [child for child in paragraph if child.tag != f"{W}pPr"]
    if following is None or following.tag != f"{W}p":
        holder = paragraph.getparent()
        alone = holder is None or len(holder.findall(f"{W}p")) == 1
        if not content and not alone:
            _drop(paragraph)
        return
    at = 1 if following.find(f"{W}pPr") is not None else 0
    for offset, child in enumerate(content):
        following.insert(at + offset, child)
    _drop(paragraph)
