"""The container of a Word file: its parts, which part is which, and what is refused before anything is read of it."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from typing import NamedTuple

from lxml import etree

from secdefs.findings import SecdefsError

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{NAMESPACE}}}"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/"
_LINKS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"

LARGEST = 256 * 1024 * 1024
"""The most bytes that all parts together may have: far more than any code, and no trap for the memory."""
MOST_PARTS = 10_000

_OTHERS = (
    ("xl/", "an Excel file"),
    ("ppt/", "a PowerPoint file"),
    ("content.xml", "an OpenDocument file: save it as .docx"),
)


class Part(NamedTuple):
    """A part of the package as it stands there: how the archive lists it, and its bytes."""

    info: zipfile.ZipInfo
    data: bytes


class Package:
    """A Word file: its parts by name, in their order. `document` is the name of the part with the text.

    Nothing in it is executed or fetched: macros, embedded files and external links are bytes that are kept.
    """

    def __init__(self, data: bytes, name: str) -> None:
        """Raises `SecdefsError`, one line, for what is not a whole Word file."""
        self.name = name
        self.parts = _parts(data, name)
        main = [target for kind, target in self.related("") if kind.endswith("/officeDocument")]
        if len(main) != 1 or not main[0].endswith(".xml") or main[0] not in self.parts:
            what = next((what for start, what in _OTHERS if any(part.startswith(start) for part in self.parts)), None)
            raise SecdefsError(f"{name}: {what or 'not a Word file, though it is a zip archive'}")
        (self.document,) = main

    def related(self, source: str) -> tuple[tuple[str, str], ...]:
        """The type and the name of each part to which a part ("" for the package itself) has a relationship."""
        part = relations_of(source)
        if part not in self.parts:
            return ()
        return tuple(
            (link.get("Type", ""), _resolved(source, link.get("Target", "")))
            for link in self.tree(part).iter(_LINKS)
            if link.get("TargetMode") != "External"
        )

    def beside(self, kind: str) -> str | None:
        """The name of the document's part of a kind ("styles", "numbering", "footnotes" …); None where it has none."""
        for known, target in self.related(self.document):
            if known.rpartition("/")[2] == kind and target in self.parts:
                return target
        return None

    def tree(self, part: str) -> etree._Element:
        """A part as a tree. Raises `SecdefsError` for what is no XML, or has a document type of its own."""
        return tree_of(self.parts[part].data, f"{self.name}, part {part}")

    def tree_beside(self, kind: str) -> etree._Element | None:
        """The document's part of a kind as a tree; None where there is none."""
        part = self.beside(kind)
        return self.tree(part) if part is not None else None

    def body(self) -> etree._Element:
        """The tree of the document. Raises `SecdefsError` where it is no WordprocessingML that is read here."""
        root = self.tree(self.document)
        if root.tag != f"{W}document" or root.find(f"{W}body") is None:
            if str(root.tag).startswith(f"{{{_STRICT}"):
                raise SecdefsError(
                    f"{self.name}: a “Strict Open XML” file: save it as an ordinary Word document (.docx)"
                )
            raise SecdefsError(f"{self.name}: the archive holds no Word document")
        return root


def tree_of(data: bytes, what: str) -> etree._Element:
    """Bytes of XML as a tree, without entities, types or anything from outside. Raises `SecdefsError`."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        said = " ".join(str(error).partition(" (<string>")[0].split())
        raise SecdefsError(f"{what}: is damaged: {said}") from None
    if root.getroottree().docinfo.internalDTD is not None or b"<!DOCTYPE" in data[:1024]:
        raise SecdefsError(f"{what}: has a document type of its own, which no Word file has; it is not read")
    return root


def relations_of(part: str) -> str:
    """The name of the part that holds another's relationships."""
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"


def _resolved(source: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(source), target)).lstrip("/")


def _parts(data: bytes, name: str) -> dict[str, Part]:
    if data[:4] == b"\xd0\xcf\x11\xe0":
        raise SecdefsError(f"{name}: a Word file of before 2007, or one with a password; save it as .docx without one")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            listed = archive.infolist()
            if len(listed) > MOST_PARTS or sum(info.file_size for info in listed) > LARGEST:
                raise SecdefsError(f"{name}: unpacks to more than {LARGEST // 2**20} MB; it is not read")
            if any(info.flag_bits & 1 for info in listed):
                raise SecdefsError(f"{name}: is protected by a password; save it without one")
            parts: dict[str, Part] = {}
            for info in listed:
                if info.filename in parts:
                    raise SecdefsError(f"{name}: has two parts of one name ({info.filename}); it is not read")
                # The size that the archive states is not believed: no more than that is unpacked.
                with archive.open(info) as file:
                    content = file.read(info.file_size + 1)
                if len(content) != info.file_size:
                    raise SecdefsError(f"{name}: is damaged: {info.filename} has not the size that is stated")
                parts[info.filename] = Part(info, content)
            return parts
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError) as error:
        raise SecdefsError(f"{name}: is damaged, or only a part of a file: {' '.join(str(error).split())}") from None
