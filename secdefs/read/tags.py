"""The structure of a tagged PDF page: which paragraph, list item, table row or note each piece of its content is of."""

from __future__ import annotations

import ctypes
from typing import Any

_DEEP = 64  # elements within elements
_NOTES = frozenset({"Note", "FENote"})
# Elements that are a paragraph of their own (ISO 32000-1, 14.8.4.3); a row and a note keep all that is in them.
_BLOCKS = frozenset({"P", "H", "H1", "H2", "H3", "H4", "H5", "H6", "Title", "Caption", "LI", "TOCI", "TR", *_NOTES})
_WHOLE = frozenset({"TR", *_NOTES})


def blocks_of(page: Any) -> dict[int, tuple[int, str]]:
    """For each id of marked content its block, a number in reading order, and the block's kind ("P", "LI", "Note").

    The label of a list item is of the item's first paragraph. Empty where the page has no structure.
    """
    from pypdfium2 import raw

    tree = raw.FPDF_StructTree_GetForPage(page)
    if not tree:
        return {}
    try:
        walk = _Walk(raw)
        for index in range(raw.FPDF_StructTree_CountChildren(tree)):
            if top := raw.FPDF_StructTree_GetChildAtIndex(tree, index):
                walk.element(top, (0, ""), 0)
        return walk.found
    finally:
        raw.FPDF_StructTree_Close(tree)


class _Walk:
    """A walk through the elements of a page, in the order of reading."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw
        self.found: dict[int, tuple[int, str]] = {}
        self.blocks = 0
        self.first = False  # no paragraph of the list item has come yet
        self.buffer = ctypes.create_string_buffer(128)

    def element(self, element: Any, block: tuple[int, str], depth: int) -> None:
        if depth > _DEEP:
            return
        raw = self.raw
        size = raw.FPDF_StructElement_GetType(element, self.buffer, len(self.buffer))
        kind = self.buffer.raw[: max(min(size, 128) - 2, 0)].decode("utf-16-le", "replace")
        if kind in _BLOCKS and block[1] not in _WHOLE:
            if kind == "P" and self.first and block[1] == "LI":
                self.first = False
            else:
                self.blocks += 1
                block = (self.blocks, kind)
                self.first = kind == "LI"
        for index in range(raw.FPDF_StructElement_CountChildren(element)):
            content = raw.FPDF_StructElement_GetChildMarkedContentID(element, index)
            if content >= 0:
                self.found[content] = block
            elif child := raw.FPDF_StructElement_GetChildAtIndex(element, index):
                self.element(child, block, depth + 1)
