"""A letter from a file of any kind that is read: the kind is told from its first bytes, never from its name."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from secdefs.findings import Finding, SecdefsError
from secdefs.outline.shapes import Layout
from secdefs.read.encoding import decoded, read_bytes, visible

if TYPE_CHECKING:
    from secdefs.read.revisions import Existing

_PDF = b"%PDF-"
_OTHERS = {
    b"\xd0\xcf\x11\xe0": "a Word file of before 2007, or one with a password; save it as .docx without one",
    b"{\\rtf": "an RTF file; save it as .docx or PDF",
    b"\x89PNG": "a picture: run OCR first",
    b"\xff\xd8\xff": "a picture: run OCR first",
    b"II*\0": "a picture: run OCR first",
    b"MM\0*": "a picture: run OCR first",
}


class Letter(msgspec.Struct, frozen=True):
    """A letter as text. `file` is the name by which findings call it, `sha256` that of the file's bytes.

    `pages` are the offsets at which its pages begin, none for a text without pages. `layout` is what the file tells of
    its shape, null for plain text. In a text from a PDF or a Word file a line is a paragraph; the footnotes come after
    the last, and then the running lines.
    """

    text: str
    file: str
    pages: tuple[int, ...]
    sha256: str
    findings: tuple[Finding, ...]
    layout: Layout | None = None


def read_letter(path_or_dash: str, *, existing: Existing | None = None) -> Letter:
    """Read a letter: plain text, PDF or DOCX, from a file, or from standard input for "-".

    `existing`: whether changes tracked in a Word letter are accepted or rejected; without it such a letter is refused.
    Raises `SecdefsError`, one line, for a file that cannot be read as a letter.
    """
    data, file = read_bytes(path_or_dash)
    return letter_from_bytes(data, file, existing=existing)


def letter_from_bytes(data: bytes, file: str, *, existing: Existing | None = None) -> Letter:
    """Read a letter from the bytes of a file; all else is as for `read_letter`."""
    name = visible(file)
    if not data.strip():
        raise SecdefsError(f"{name}: the file is empty")
    digest = hashlib.sha256(data).hexdigest()
    # What is put before a PDF by mail programs and old systems is skipped by every reader.
    if _PDF in data[:1024]:
        from secdefs.read.pages import text_of_pdf

        text, pages, layout, findings = text_of_pdf(data, name)
        return Letter(text, file, pages, digest, findings, layout)
    if data.startswith(b"PK"):
        from secdefs.read.docx import text_of_docx

        text, layout, findings = text_of_docx(data, name, existing)
        return Letter(text, file, (), digest, findings, layout)
    for magic, what in _OTHERS.items():
        if data.startswith(magic):
            raise SecdefsError(f"{name}: {what}")
    text, findings = decoded(data, file)
    return Letter(text, file, (), digest, findings)
