"""Word comments: beside each change the words that say what made it, and the parts of the file that hold them."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from lxml import etree

from secdefs.read.package import RELATIONSHIPS, XML_SPACE, Package, W, relations_of
from secdefs.write.wordruns import Marker

_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_LINKS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"


class Comments:
    """Writes a comment for each instruction in each record that it changed."""

    def __init__(self, package: Package, marker: Marker, texts: Mapping[str, str]) -> None:
        self.package, self.marker, self.texts = package, marker, texts

    def parts(self) -> dict[str, bytes]:
        """Put the marks of the comments into the document; the parts of the file that are new or other by them."""
        name = self.package.beside("comments")
        root = self.package.tree(name) if name is not None else etree.Element(f"{W}comments", nsmap={"w": W[1:-1]})
        for by, marks in self._ranges():
            ident = self.marker.ident()
            root.append(self._comment(by, ident))
            self._anchor(marks, ident)
        result: dict[str, bytes] = {}
        if name is None:
            folder = posixpath.dirname(self.package.document)
            name = f"{folder}/comments.xml" if folder else "comments.xml"
            while name in self.package.parts:
                name = name.replace("comments", "comments-", 1)
            result |= self._declared(name)
        result[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
        return result

    def _ranges(self) -> list[tuple[str, list[etree._Element]]]:
        """The marks in running text, by instruction; those of one paragraph or row, or of neighbours, are one range."""
        result: list[tuple[str, list[etree._Element]]] = []
        homes: list[etree._Element | None] = []
        order = {id(each): number for number, each in enumerate(self._root().iter(f"{W}ins", f"{W}del"))}
        made = [(by, each) for by, each in self.marker.made if id(each) in order and _running(each)]
        for by, each in sorted(made, key=lambda pair: order[id(pair[1])]):
            home = next(each.iterancestors(f"{W}tr"), None)
            if home is None:
                home = next(each.iterancestors(f"{W}p"), None)
            if result and result[-1][0] == by and home is not None and homes[-1] is not None:
                last = homes[-1]
                if last is home or (home.tag == f"{W}p" and home.getprevious() is last):
                    result[-1][1].append(each)
                    homes[-1] = home
                    continue
            result.append((by, [each]))
            homes.append(home)
        return result

    def _root(self) -> etree._Element:
        (first, *_) = [each for _, each in self.marker.made if each.getparent() is not None] or [etree.Element("none")]
        return first.getroottree().getroot()

    def _anchor(self, marks: list[etree._Element], ident: str) -> None:
        start, end = etree.Element(f"{W}commentRangeStart"), etree.Element(f"{W}commentRangeEnd")
        run = etree.Element(f"{W}r")
        reference = etree.SubElement(run, f"{W}commentReference")
        for each in (start, end, reference):
            each.set(f"{W}id", ident)
        _outside(marks[0]).addprevious(start)
        last = _outside(marks[-1])
        last.addnext(end)
        end.addnext(run)

    def _comment(self, by: str, ident: str) -> etree._Element:
        ink = self.marker.inks[by]
        comment = etree.Element(f"{W}comment")
        for key, value in (
            ("id", ident),
            ("author", ink.author),
            *((("date", ink.date),) if ink.date else ()),
            ("initials", _initials(ink.author)),
        ):
            comment.set(f"{W}{key}", value)
        for words in self.texts.get(by, "").split("\n"):
            run = etree.SubElement(etree.SubElement(comment, f"{W}p"), f"{W}r")
            text = etree.SubElement(run, f"{W}t")
            text.text = words
            text.set(XML_SPACE, "preserve")
        return comment

    def _declared(self, name: str) -> dict[str, bytes]:
        """The list of content types and the document's relationships, with the part of the comments in them."""
        types = self.package.tree("[Content_Types].xml")
        override = etree.SubElement(types, f"{_TYPES}Override")
        override.set("PartName", f"/{name}")
        override.set("ContentType", _KIND)
        where = relations_of(self.package.document)
        if where in self.package.parts:
            links = self.package.tree(where)
        else:
            links = etree.Element(f"{_LINKS}Relationships", nsmap={"rel": _LINKS[1:-1]})
        used = {link.get("Id") for link in links}
        link = etree.SubElement(links, f"{_LINKS}Relationship")
        link.set("Id", next(key for number in range(1, len(used) + 2) if (key := f"rIdComments{number}") not in used))
        link.set("Type", f"{RELATIONSHIPS}/comments")
        link.set("Target", posixpath.relpath(name, posixpath.dirname(self.package.document) or "."))
        return {
            part: etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
            for part, tree in (("[Content_Types].xml", types), (where, links))
        }


def _running(mark: etree._Element) -> bool:
    """Whether a mark holds words, and is no property."""
    parent = mark.getparent()
    return parent is not None and parent.tag not in (f"{W}rPr", f"{W}trPr", f"{W}pPr")


def _outside(mark: etree._Element) -> etree._Element:
    """The child of its paragraph in which a mark stands: a range does not begin inside a link or a control."""
    at = mark
    while (parent := at.getparent()) is not None and parent.tag != f"{W}p":
        at = parent
    return at


def _initials(author: str) -> str:
    return "".join(word[0] for word in author.split() if word[0].isupper())[:4]
