"""The proof against what was published: every planted difference is found, and of its kind; and nothing else is."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from worddoc import wordfile

from secdefs.change.edits import Consolidation
from secdefs.cli import main
from secdefs.model import Code, Definition
from secdefs.read.codefile import read_code
from secdefs.verify import bare, compare, kinds
from secdefs.write.codefile import code_to_yaml

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "fixtures" / "codes" / "sec.yaml"
LETTER = ROOT / "fixtures" / "letters" / "s1ckmp.txt"
TERM = "SMETS1 Cryptographic Key Management Policy"


@pytest.fixture(scope="module")
def code() -> Code:
    return read_code(str(SAMPLE))[0]


def changed(code: Code, **texts: str) -> Code:
    """The code with other texts of definitions, by the term with "_" for a space."""
    assert code.definitions is not None
    entries = tuple(
        msgspec.structs.replace(each, text=texts.get(each.term.replace(" ", "_"), each.text))
        for each in code.definitions.entries
    )
    return msgspec.structs.replace(code, definitions=msgspec.structs.replace(code.definitions, entries=entries))


def terms(code: Code, entries: tuple[Definition, ...]) -> Code:
    assert code.definitions is not None
    return msgspec.structs.replace(code, definitions=msgspec.structs.replace(code.definitions, entries=entries))


# --- kinds ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stood", "planned", "published", "expected"),
    [
        ("a red thing", "a blue thing", "a red thing", ("ordered_and_missing",)),
        ("a red thing", "a red thing", "a big red thing", ("present_and_not_ordered",)),
        ("a red thing", "a blue thing", "a blue  thing.", ("only_appearance",)),
        ("a red thing", "a blue thing", "A Blue Thing", ("only_appearance",)),
        ("a red thing here", "a blue thing here", "a green thing here", ("ordered_and_missing",)),
        ("one red thing here", "one blue thing here", "one blue thing there", ("present_and_not_ordered",)),
        ("one red thing", "one blue thing", "two green thing", ("present_and_not_ordered", "ordered_and_missing")),
        ("a and b or c", "a or c", "a and b or d", ("ordered_and_missing", "present_and_not_ordered")),
    ],
)
def test_a_difference_is_of_its_kind(stood: str, planned: str, published: str, expected: tuple[str, ...]) -> None:
    assert kinds(stood, planned, published) == expected


def test_an_accent_or_a_dash_is_appearance() -> None:
    assert bare("Café – “Bar”") == bare("cafe-BAR")


# --- records ----------------------------------------------------------------------------------------------------------


def test_a_code_does_not_differ_from_itself(code: Code) -> None:
    assert compare(code, code, code).differences == ()


def test_parts_that_one_side_lacks_are_not_compared_but_named(code: Code) -> None:
    part = msgspec.structs.replace(code, documents=None)

    assert compare(code, code, part).left_out == ("documents",)


def test_a_record_that_was_not_taken_out_was_ordered_and_is_missing(code: Code) -> None:
    assert code.definitions is not None
    planned = terms(code, code.definitions.entries[1:])
    (found,) = compare(code, planned, code).differences

    assert (found.kind, found.field, found.planned) == ("ordered_and_missing", "record", None)


def test_a_record_in_another_place_is_found_alone(code: Code) -> None:
    assert code.definitions is not None
    first, second, *rest = code.definitions.entries
    moved = terms(code, (second, *rest, first))
    (found,) = compare(code, code, moved).differences

    assert (found.kind, found.key, found.field) == ("present_and_not_ordered", first.term, "order")


def test_a_term_that_is_spelled_otherwise_is_the_same_record(code: Code) -> None:
    assert code.definitions is not None
    first, *rest = code.definitions.entries
    other = terms(code, (msgspec.structs.replace(first, term=first.term.replace("-", " ")), *rest))
    (found,) = compare(code, code, other).differences

    assert (found.kind, found.field) == ("only_appearance", "name")


@given(st.permutations(range(8)))
def test_records_out_of_order_are_as_few_as_explain_it(order: list[int]) -> None:
    def made(numbers: list[int]) -> Code:
        entries = tuple(Definition(term=f"T{number}", text="x") for number in numbers)
        return terms(read_code(str(SAMPLE))[0], entries)

    found = compare(made(sorted(order)), made(sorted(order)), made(order)).differences
    longest = max(
        sum(1 for _ in run)
        for run in ([n for k, n in enumerate(order) if mask >> k & 1] for mask in range(256))
        if run == sorted(run)
    )

    assert len(order) - longest == len(found)


# --- the command ------------------------------------------------------------------------------------------------------


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


def published(tmp_path: Path, *, planted: bool) -> Path:
    """The code as the letter makes it, as a Word file; with five differences where planted."""
    out = tmp_path / "published.yaml"
    run("apply", SAMPLE, LETTER, "-o", out)
    after, _ = read_code(str(out))
    assert after.definitions is not None
    texts = {each.term: each.text for each in after.definitions.entries}
    if planted:
        texts[TERM] = texts[TERM].replace("Appendix AT", "Appendix [TBC]")  # the order not carried out
        texts["Alert"] = texts["Alert"].replace("Message", "Notice")  # not ordered
        texts["Code"] = texts["Code"].replace("this Smart", "this  smart")  # spaces and case
        del texts["Keyholder"]  # left out, though nobody ordered it
        texts["Zone"] = "means a place."  # put in, though nobody ordered it
    path = tmp_path / "published.docx"
    path.write_bytes(wordfile.section_a(texts.items()))
    return path


def test_what_was_published_as_ordered_has_no_difference(tmp_path: Path) -> None:
    result = run("verify", SAMPLE, published(tmp_path, planted=False), LETTER)

    assert (result.exit_code, result.stdout) == (0, "")
    assert "no difference" in result.stderr


def test_five_planted_differences_are_found(tmp_path: Path) -> None:
    result = run("verify", SAMPLE, published(tmp_path, planted=True), LETTER, "--json")
    found = {each["key"]: each["kind"] for each in json.loads(result.stdout)["differences"]}

    assert result.exit_code == 1
    assert found == {
        TERM: "ordered_and_missing",
        "Alert": "present_and_not_ordered",
        "Code": "only_appearance",
        "Keyholder": "present_and_not_ordered",
        "Zone": "present_and_not_ordered",
    }


def test_each_difference_is_shown_with_its_kind(tmp_path: Path) -> None:
    result = run("verify", SAMPLE, published(tmp_path, planted=True), LETTER)

    assert "definition “Alert”: present and not ordered" in result.stdout
    assert "[-Message-]{+Notice+}" in result.stdout
    assert "5 differences" in result.stderr


def test_a_tracked_document_is_held_against_both(tmp_path: Path, code: Code) -> None:
    assert code.definitions is not None
    original, tracked = tmp_path / "a.docx", tmp_path / "t.docx"
    original.write_bytes(wordfile.section_a((each.term, each.text) for each in code.definitions.entries))
    run("apply", original, LETTER, "-o", tracked, "--tracked")
    other = tmp_path / "other.yaml"
    other.write_text(code_to_yaml(changed(code, Alert="means nothing.")), encoding="utf-8")

    assert run("verify", SAMPLE, tracked, LETTER).exit_code == 0
    refused = run("verify", other, tracked, LETTER)
    assert refused.exit_code == 1
    assert "With all tracked changes rejected" in refused.stdout


def test_files_without_a_part_in_common_are_wrong_use(tmp_path: Path, code: Code) -> None:
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    empty = {"documents": None, "sections": None, "contents": None, "definitions": None}
    one.write_text(code_to_yaml(msgspec.structs.replace(code, **empty | {"documents": code.documents})), "utf-8")
    two.write_text(code_to_yaml(msgspec.structs.replace(code, **empty | {"contents": code.contents})), "utf-8")

    assert run("verify", one, two).exit_code == 2


def test_the_marks_are_no_part_of_the_comparison(code: Code) -> None:
    assert compare(code, Consolidation(code).code(), code).differences == ()
