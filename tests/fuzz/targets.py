"""What is fuzzed: each reader given bytes that anybody may have made, and what must hold of it whatever they are.

A reader gives a value or raises SecdefsError; all else that it raises is a fault. Where it gives a value, the law
beside it must hold.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import secdefs
from fixtures.make_letters import as_docx, as_pdf, content
from fixtures.make_word import section_a
from secdefs.findings import SecdefsError
from secdefs.outline import outline, spans
from secdefs.outline.quotations import pair
from secdefs.read.codefile import code_from_text
from secdefs.read.encoding import decoded
from secdefs.read.letter import letter_from_bytes
from secdefs.read.wordcode import read_word
from secdefs.write.codefile import code_to_json, code_to_yaml

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


class Target(NamedTuple):
    """What is done with the bytes, and the bytes with which the fuzzing begins."""

    act: Callable[[bytes], None]
    seeds: Callable[[], tuple[bytes, ...]]


def letters() -> tuple[bytes, ...]:
    cases = (path.read_bytes() for path in sorted((FIXTURES / "cases").glob("letter-*.txt")))
    return (*(path.read_bytes() for path in sorted((FIXTURES / "letters").glob("*.txt"))), *cases)


def sentences() -> tuple[bytes, ...]:
    cases = (path.read_text(encoding="utf-8") for path in sorted((FIXTURES / "cases").glob("*.txt")))
    return tuple(case.split("--- direction\n")[-1].partition("\n--- ")[0].encode() for case in cases)


def outlined(data: bytes) -> None:
    """The clauses of a text follow one another, and its marks belong to at most one pair."""
    text = data.decode("utf-8", "replace")
    found = spans(outline(text))
    assert all(one[2] <= two[1] for one, two in pairwise(found))
    places = [at for each in pair(text).pairs for at in (each.start, each.end - 1)]
    assert len(set(places)) == len(places)


def read(data: bytes) -> None:
    """Each character of a letter that is not blank is of one kind."""
    text, _ = decoded(data, "letter.txt")
    letter = secdefs.read_instrument(text)
    coverage = letter.coverage
    assert coverage.characters == coverage.operation + coverage.context + coverage.not_understood
    assert coverage.not_understood == 0 or letter.findings
    assert len({each.id for each in letter.instructions}) == len(letter.instructions)


def parsed(data: bytes) -> None:
    """What is not understood of a sentence is an error."""
    reading = secdefs.parse(data.decode("utf-8", "replace"))
    assert reading.coverage.not_understood == 0 or reading.findings
    for each in reading.instructions:
        str(each.operation)


def coded(data: bytes) -> None:
    """A code that can be read is written and read again the same."""
    code, _ = code_from_text(decoded(data, "code.yaml")[0], "code.yaml")
    assert code == code_from_text(code_to_yaml(code), "code.yaml")[0]
    assert code == code_from_text(code_to_json(code), "code.json")[0]


def pdf(data: bytes) -> None:
    """A PDF file gives a text, or an error in one line."""
    letter_from_bytes(data if data.startswith(b"%PDF-") else b"%PDF-1.7\n" + data, "letter.pdf")


def packed(document: bytes, package: bytes) -> bytes:
    """A Word file with another document in it."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, document if name == "word/document.xml" else old.read(name))
    return made.getvalue()


def document(package: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(package)) as found:
        return found.read("word/document.xml")


LETTER = content("(a) in the definition of “Gauge” in Section A, for “ten” substitute “twelve”.\n")
SECTION = section_a([("Gauge", "means:\n  (a) a thing; or\n  (b) [TBC]."), ("Panel", "means ten persons.")])


def word_letter(data: bytes) -> None:
    """A Word letter gives a text, or an error in one line."""
    letter_from_bytes(packed(data, as_docx(LETTER)), "letter.docx")


def word_code(data: bytes) -> None:
    """A Section in Word gives definitions, or an error in one line."""
    read_word(packed(data, SECTION), "section.docx", None)


TARGETS = {
    "outline": Target(outlined, letters),
    "letter": Target(read, letters),
    "sentence": Target(parsed, sentences),
    "code": Target(coded, lambda: ((FIXTURES / "codes" / "sec.yaml").read_bytes()[:6000], b'{"format": 1}')),
    "pdf": Target(pdf, lambda: (as_pdf(LETTER),)),
    "word-letter": Target(word_letter, lambda: (document(as_docx(LETTER)),)),
    "word-code": Target(word_code, lambda: (document(SECTION),)),
}


def run(name: str, data: bytes) -> bool:
    """Do what the target does with the bytes: whether it gave a value. Raises whatever is a fault."""
    try:
        TARGETS[name].act(data)
    except SecdefsError as error:
        said = str(error)
    else:
        return True
    assert "\n" not in said, said
    return False


def seeds(name: str) -> Iterator[bytes]:
    yield from TARGETS[name].seeds()
