"""What a published file holds of a code, whichever kind of file it is: a code file, a Word file or a PDF file."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from secdefs.findings import Finding
from secdefs.model import Code, Definitions
from secdefs.read.codefile import code_from_text
from secdefs.read.encoding import decoded, visible
from secdefs.read.package import Package
from secdefs.read.pdfcode import definitions_of_pdf
from secdefs.read.revisions import Existing, revised
from secdefs.read.section import order_of
from secdefs.read.wordcode import read_word


class Published(NamedTuple):
    """A published text as a code; of a Word file with tracked changes that with all accepted, and in `stood` that with
    all rejected. `findings` are what there is to say of how it was read."""

    code: Code
    stood: Code | None
    findings: tuple[Finding, ...]


def published(data: bytes, name: str, like: Code) -> Published:
    """The text in a file. `like` is the code as it should be, of which the file holds a part.

    Raises `SecdefsError` for a file that cannot be read, or that holds no part of a code.
    """
    if b"%PDF-" in data[:1024]:
        known = like.definitions.entries if like.definitions is not None else ()
        found = definitions_of_pdf(data, visible(name), known)
        label = found.section or (like.definitions.section if like.definitions else "?")
        order = order_of(tuple(each.term for each in found.entries))
        part = Definitions(section=label, heading=found.heading, order=order, entries=found.entries)
        return Published(Code(title=like.title, as_at=like.as_at, definitions=part), None, found.findings)
    if data.startswith(b"PK"):
        if revised(Package(data, visible(name)).body()):
            accepted = _word(data, name, "accept", like)
            return Published(accepted.code, _word(data, name, "reject", like).code, ())
        return _word(data, name, None, like)
    text, said = decoded(data, visible(name))
    code, findings = code_from_text(text, visible(name))
    return Published(code, None, (*said, *findings))


def _word(data: bytes, name: str, existing: Existing | None, like: Code) -> Published:
    word = read_word(data, visible(name), existing)
    section = like.definitions.section if like.definitions is not None else "?"
    return Published(word.code(like.title, dt.date.min, section), None, word.findings)
