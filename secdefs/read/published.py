"""What a published file holds of a code, whichever kind of file it is: a code file, a Word file or a PDF file."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import msgspec

from secdefs.findings import Finding
from secdefs.model import Code, Definitions
from secdefs.read.codefile import code_from_text
from secdefs.read.encoding import decoded, visible
from secdefs.read.package import Package
from secdefs.read.pdfcode import definitions_of_pdf
from secdefs.read.revisions import Existing, revised
from secdefs.read.section import order_of
from secdefs.read.wordcode import WordCode, read_word


class Published(NamedTuple):
    """A published text as a code; of a Word file with tracked changes that with all accepted, and in `stood` that with
    all rejected. `findings` are what there is to say of how it was read. `some` says that it is a Word file, in which
    some provisions stand beside the definitions, and not all that a code has."""

    code: Code
    stood: Code | None
    findings: tuple[Finding, ...]
    some: bool = False


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
            return Published(accepted.code, _word(data, name, "reject", like).code, (), some=True)
        return _word(data, name, None, like)
    text, said = decoded(data, visible(name))
    code, findings = code_from_text(text, visible(name))
    return Published(code, None, (*said, *findings))


def _word(data: bytes, name: str, existing: Existing | None, like: Code) -> Published:
    word = read_word(data, visible(name), existing)
    section = like.definitions.section if like.definitions is not None else "?"
    code = word.code(like.title, dt.date.min, section)
    return Published(with_provisions(code, word), None, word.findings, some=True)


def with_provisions(code: Code, word: WordCode) -> Code:
    """The code that a Word file is with the provisions that stand beside its definitions, which no plan changes."""
    return msgspec.structs.replace(code, sections=word.provisions) if word.provisions else code


def in_common(should: Code, held: Code) -> frozenset[str]:
    """The labels of the provisions that a code and a Word file both hold."""
    one, two = ({each.label for each in code.sections or ()} for code in (should, held))
    return frozenset(one & two)


def part_of(code: Code, labels: frozenset[str]) -> Code:
    """A code with those of its provisions alone: of others a Word file that does not hold them says nothing."""
    kept = tuple(each for each in code.sections or () if each.label in labels)
    return msgspec.structs.replace(code, sections=kept or None)
