"""What another reader of Word's rules says of the files written: nothing that the original did not have."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from test_office import changes, given
from worddoc import wordfile, written

audit = pytest.importorskip("openxml_audit", reason="openxml-audit is not installed (python3 run setup)")

# Two complaints are wrong. A row's properties may hold its mark of insertion or deletion and nothing else, and the list
# of number 0 is how a paragraph says that it is in none (ISO/IEC 29500-1, 17.3.1.19 and 17.9.18).
_WRONG = re.compile(r"\btrPr\b.*|Numbering definition '0' referenced but not found", re.S)


def complaints(data: bytes, folder: Path, name: str) -> set[str]:
    path = folder / f"{name}.docx"
    path.write_bytes(data)
    found = audit.OpenXmlValidator().validate(path).errors
    return {re.sub(r"\s+", " ", each.description) for each in found}


@pytest.mark.slow
@pytest.mark.parametrize("style", ["tracked", "clean"])
@pytest.mark.parametrize("layout", ["table", "paragraphs"])
def test_a_file_that_is_written_breaks_no_rule_of_word(layout: str, style: str, tmp_path: Path) -> None:
    original = wordfile.section_a(given(), layout)
    made, _ = written(original, changes(inside=True), style)
    assert made.data is not None

    new = complaints(made.data, tmp_path, "new") - complaints(original, tmp_path, "old")

    assert {each for each in new if not _WRONG.match(each)} == set()


def test_a_file_with_a_fault_is_complained_of(tmp_path: Path) -> None:
    whole = wordfile.section_a(given(), "table")
    faulty = wordfile.docx("<w:p><w:r><w:ins><w:t>x</w:t></w:ins></w:r><w:pPr/></w:p>")

    assert complaints(faulty, tmp_path, "faulty") - complaints(whole, tmp_path, "whole")
