"""What is fuzzed: each reader given bytes that anybody may have made, and what must hold of it whatever they are.

A reader gives a value or raises SecdefsError; all else that it raises is a fault. Where it gives a value, the law
beside it must hold.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import secdefs
from fixtures.make_letters import as_docx, as_pdf, content
from fixtures.make_word import section_a
from secdefs.findings import SecdefsError
from secdefs.history import History
from secdefs.history.checking import check
from secdefs.history.ledger import ORIGIN, sealed
from secdefs.outline import outline, spans
from secdefs.outline.quotations import pair
from secdefs.read.codefile import code_from_text, code_from_xml
from secdefs.read.encoding import decoded
from secdefs.read.letter import letter_from_bytes
from secdefs.read.wordcode import read_word
from secdefs.write.akoma import akoma_bytes
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


def coded_xml(data: bytes) -> None:
    """A code that can be read as Akoma Ntoso is written so and read again the same."""
    code, _ = code_from_xml(decoded(data, "code.xml")[0], "code.xml")
    assert code == code_from_xml(akoma_bytes(code).decode(), "code.xml")[0]


@lru_cache(maxsize=1)
def a_folder() -> dict[str, bytes]:
    """The files of a code folder with two letters in it."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "code"
        history = History.init(path, WIDGETS, recorded=dt.date(2020, 1, 1))
        for number, order in enumerate(("for “ten” substitute “twelve”", "after “twelve” insert “or more”")):
            letter = secdefs.read_instrument(
                f"{number + 2} January 2020\n\nThe Panel directs that with effect from {number + 1} March 2020:\n\n"
                f"(a) in the definition of “Gauge” in Section A, {order}.\n"
            )
            assert history.enact(letter, recorded=dt.date(2020, 2, 1)).ok
        return {str(each.relative_to(path)): each.read_bytes() for each in path.rglob("*") if each.is_file()}


def folder_with(ledger: bytes) -> None:
    """A folder with a ledger is looked over and answers, or is refused in one line, or says which file it lacks."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name)
        for each, data in {**a_folder(), "ledger.jsonl": ledger}.items():
            (path / each).parent.mkdir(exist_ok=True)
            (path / each).write_bytes(data)
        check(path)
        history = History(path)
        history.at(dt.date(2021, 1, 1))
        with suppress(FileNotFoundError):
            history.log()


def raw_ledger(data: bytes) -> None:
    """A ledger that anybody has changed."""
    folder_with(data)


def sealed_ledger(data: bytes) -> None:
    """A ledger that somebody has changed who knows how its lines are sealed."""
    words = [line.partition(b',"part":')[0] + b"}" for line in data.split(b"\n") if line.strip()]
    sealed_lines, previous = [], ORIGIN
    for each in words:
        line, previous = sealed([each], previous)
        sealed_lines.append(line)
    folder_with(b"".join(sealed_lines))


def pdf(data: bytes) -> None:
    """A PDF file gives a text, or an error in one line."""
    letter_from_bytes(data if data.startswith(b"%PDF-") else b"%PDF-1.7\n" + data, "letter.pdf")


def packed(document: bytes, package: bytes, part: str = "word/document.xml") -> bytes:
    """A Word file with another document, or another part, in it."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, document if name == part else old.read(name))
    return made.getvalue()


def document(package: bytes, part: str = "word/document.xml") -> bytes:
    with zipfile.ZipFile(io.BytesIO(package)) as found:
        return found.read(part)


WIDGETS = code_from_text(
    """\
format: 1
title: Widget Code
version: "1.0"
as_at: 2020-01-01
definitions:
  section: A
  version: "1.0"
  order: word-by-word
  entries:
    - term: Gauge
      text: |-
        means any of:
          (a) ten devices; or
          (b) [TBC],
        as the case may be.
documents:
  - {place: Appendix A, title: Gauge Handbook, version: "1.0", in_force_from: 2019-01-01}
""",
    "code.yaml",
)[0]
LETTER = content("(a) in the definition of “Gauge” in Section A, for “ten” substitute “twelve”.\n")
SECTION = section_a([("Gauge", "means:\n  (a) a thing; or\n  (b) [TBC]."), ("Panel", "means ten persons.")])


def word_letter(data: bytes) -> None:
    """A Word letter gives a text, or an error in one line."""
    letter_from_bytes(packed(data, as_docx(LETTER)), "letter.docx")


def word_code(data: bytes) -> None:
    """A Section in Word gives definitions, or an error in one line."""
    read_word(packed(data, SECTION), "section.docx", None)


def word_part(part: str) -> Callable[[bytes], None]:
    """A Section in Word of which another part than the document is damaged."""
    return lambda data: (read_word(packed(data, SECTION, part), "section.docx", None), None)[1]


def word_bytes(data: bytes) -> None:
    """The bytes of a Word file, damaged as they stand."""
    read_word(data, "section.docx", None)


def word_tracked(data: bytes) -> None:
    """A Section in Word with changes in it that are taken, and taken back."""
    for existing in ("accept", "reject"):
        read_word(packed(data, SECTION), "section.docx", existing)  # type: ignore[arg-type]


TRACKED = re.sub(
    rb"<w:r>(?=.{0,60}thing)", b'<w:ins w:id="1" w:author="A" w:date="2020-01-01T00:00:00Z"><w:r>', document(SECTION)
).replace(b"thing; or</w:t></w:r>", b"thing; or</w:t></w:r></w:ins>")

TARGETS = {
    "outline": Target(outlined, letters),
    "letter": Target(read, letters),
    "sentence": Target(parsed, sentences),
    "code": Target(coded, lambda: ((FIXTURES / "codes" / "sec.yaml").read_bytes()[:6000], b'{"format": 1}')),
    "pdf": Target(pdf, lambda: (as_pdf(LETTER),)),
    "word-letter": Target(word_letter, lambda: (document(as_docx(LETTER)),)),
    "code-xml": Target(coded_xml, lambda: (akoma_bytes(WIDGETS),)),
    "ledger": Target(raw_ledger, lambda: (a_folder()["ledger.jsonl"],)),
    "entries": Target(sealed_ledger, lambda: (a_folder()["ledger.jsonl"],)),
    "word-bytes": Target(word_bytes, lambda: (SECTION,)),
    "word-tracked": Target(word_tracked, lambda: (TRACKED,)),
    "word-numbering": Target(word_part("word/numbering.xml"), lambda: (document(SECTION, "word/numbering.xml"),)),
    "word-styles": Target(word_part("word/styles.xml"), lambda: (document(SECTION, "word/styles.xml"),)),
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
