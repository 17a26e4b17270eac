"""What a Word document's styles say of a paragraph or run: how far it is indented, what is bold, hidden, a heading."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from secdefs.read.package import W


class Indent(NamedTuple):
    """Where the lines of a paragraph begin and where its first line does, in twentieths of a point from the margin."""

    left: int
    first: int


class Styles:
    """The styles of a document, from its part word/styles.xml (None where absent)."""

    def __init__(self, styles: etree._Element | None) -> None:
        self._styles: dict[str, etree._Element] = {}
        self._default: str | None = None
        for style in styles.findall(f"{W}style") if styles is not None else ():
            name = style.get(f"{W}styleId", "")
            self._styles[name] = style
            if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in ("1", "true", "on"):
                self._default = name
        self._all = styles.find(f"{W}docDefaults") if styles is not None else None

    def chain(self, name: str | None) -> Iterator[etree._Element]:
        """A style and those on which it is based, the nearest first."""
        seen = set()
        while name in self._styles and name not in seen:
            assert name is not None
            seen.add(name)
            style = self._styles[name]
            yield style
            based = style.find(f"{W}basedOn")
            name = based.get(f"{W}val") if based is not None else None

    def paragraph_style(self, paragraph: etree._Element) -> str | None:
        """The id of a paragraph's style."""
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        named = style.get(f"{W}val") if style is not None else None
        return named if named in self._styles else self._default

    def said(self, paragraph: etree._Element, name: str) -> Iterator[tuple[etree._Element, etree._Element | None]]:
        """A property of a paragraph as it says it itself, then as its styles do, with the style that says it."""
        own = paragraph.find(f"{W}pPr/{W}{name}")
        if own is not None:
            yield own, None
        for style in self.chain(self.paragraph_style(paragraph)):
            said = style.find(f"{W}pPr/{W}{name}")
            if said is not None:
                yield said, style
        if self._all is not None:
            said = self._all.find(f"{W}pPrDefault/{W}pPr/{W}{name}")
            if said is not None:
                yield said, None

    def indent(self, paragraph: etree._Element, of_list: etree._Element | None) -> Indent:
        """How far a paragraph is indented: as it says itself, as its list does (`of_list`, w:ind), as its styles do."""
        values: dict[str, int] = {}
        own = paragraph.find(f"{W}pPr/{W}ind")
        sources = [own, of_list, *(ind for ind, _ in self.said(paragraph, "ind") if ind is not own)]
        for source in sources:
            if source is None:
                continue
            here: dict[str, int] = {}
            for key, value in source.items():
                name = str(key).replace(W, "")
                name = {"start": "left"}.get(name, name)
                try:
                    size = round(float(value))
                except (ValueError, OverflowError):
                    continue
                if name == "hanging":
                    here["first"] = -size
                elif name == "firstLine":
                    here.setdefault("first", size)
                elif name == "left":
                    here["left"] = size
            for name, size in here.items():
                values.setdefault(name, size)
        left = values.get("left", 0)
        return Indent(left, left + values.get("first", 0))

    def switched(self, run: etree._Element, name: str) -> bool:
        """Whether a switch ("b", "vanish") is on for a run: as it says itself, as its style or its paragraph's does.

        A switch in styles of both kinds is turned twice, and so off again (ISO/IEC 29500-1, 17.7.3).
        """
        own = run.find(f"{W}rPr/{W}{name}")
        if own is not None:
            return _on(own)
        style = run.find(f"{W}rPr/{W}rStyle")
        paragraph = next(run.iterancestors(f"{W}p"), None)
        names = [style.get(f"{W}val") if style is not None else None]
        names.append(self.paragraph_style(paragraph) if paragraph is not None else None)
        result = False
        for each in names:
            said = next((found for found in self._in_chain(each, name) if found is not None), None)
            result ^= said is not None and _on(said)
        return result

    def _in_chain(self, style: str | None, name: str) -> Iterator[etree._Element | None]:
        for each in self.chain(style):
            yield each.find(f"{W}rPr/{W}{name}")

    def heading(self, paragraph: etree._Element) -> bool:
        """Whether a paragraph is a heading: it, or its style, has a place in the document's outline."""
        said = next((found for found, _ in self.said(paragraph, "outlineLvl")), None)
        return said is not None and said.get(f"{W}val") != "9"

    def contents(self, paragraph: etree._Element) -> bool:
        """Whether a paragraph is a line of a table of contents that Word makes."""
        style = next(self.chain(self.paragraph_style(paragraph)), None)
        name = style.find(f"{W}name") if style is not None else None
        return name is not None and name.get(f"{W}val", "").casefold().startswith("toc ")


def _on(switch: etree._Element) -> bool:
    return switch.get(f"{W}val", "true") not in ("0", "false", "off", "none")
