"""Numbered provisions beside the definitions of a Word file are imported with their paragraphs; nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from worddoc import wordfile

from secdefs.cli import main
from secdefs.model import Provision
from secdefs.read.codefile import read_code
from secdefs.read.wordcode import read_word

GIVEN = [("Alert", "means a message."), ("Batch", "means several alerts.")]


def typed(*lines: str) -> bytes:
    """The definitions, and after them paragraphs with typed numbers; two spaces are a level, "*" is bold."""
    made = wordfile.table(GIVEN, lists := wordfile.Lists())
    for line in lines:
        words = line.strip("* ")
        depth = (len(line) - len(line.lstrip(" "))) // 2
        properties = f'<w:ind w:left="{567 * depth}"/>' if depth else ""
        made += wordfile.paragraph(wordfile.run(words, "<w:b/>" if line.startswith("*") else ""), properties)
    heading = wordfile.paragraph(wordfile.run("SECTION A: DEFINITIONS"), '<w:pStyle w:val="Heading1"/>')
    return wordfile.docx(heading + made, {"numbering": lists.part()})


def provisions(data: bytes) -> tuple[Provision, ...]:
    return read_word(data, "a.docx", None).provisions


def test_computed_numbers_are_the_labels_of_provisions() -> None:
    assert provisions(wordfile.section_a(GIVEN)) == (
        Provision(label="A1", heading="DEFINITIONS", text=""),
        Provision(label="A1.1", text="In this Code the words on the left mean what stands on the right of them:"),
        Provision(label="A2", heading="INTERPRETATION", text=""),
        Provision(label="A2.1", text="A reference to a person is to a person of any kind."),
    )


def test_what_hangs_on_a_number_is_part_of_its_provision() -> None:
    found = provisions(
        typed(
            "A2 Interpretation",
            "A2.1 In this Code:",
            "  (a) a Section is one of this Code; and",
            "  (b) a month is:",
            "    (i) a calendar month; or",
            "    (ii) a part of one,",
            "unless the context tells otherwise.",
            "A2.2 Headings are ignored.",
            "A3 Precedence",
            "A3.1 This Section comes before all others.",
        )
    )

    text = (
        "In this Code:\n  (a) a Section is one of this Code; and\n  (b) a month is:\n    (i) a calendar month; or\n"
        "    (ii) a part of one,\nunless the context tells otherwise."
    )
    assert found == (
        Provision(label="A2", heading="Interpretation", text=""),
        Provision(label="A2.1", text=text),
        Provision(label="A2.2", text="Headings are ignored."),
        Provision(label="A3", heading="Precedence", text=""),
        Provision(label="A3.1", text="This Section comes before all others."),
    )


@pytest.mark.parametrize(
    "line", ["12 Working Days are counted so.", "A person is one of any kind.", "2021 was a year."]
)
def test_a_figure_or_a_word_is_no_number_of_a_provision(line: str) -> None:
    assert provisions(typed(line)) == ()


def test_two_provisions_of_one_number_are_left_out_and_said() -> None:
    word = read_word(typed("A2.1 One thing.", "A2.1 Another thing."), "a.docx", None)

    assert word.provisions == ()
    assert any("not placed" in each.message for each in word.findings)


def test_import_writes_them_as_sections(tmp_path: Path) -> None:
    source, out = tmp_path / "a.docx", tmp_path / "a.yaml"
    source.write_bytes(wordfile.section_a(GIVEN))

    done = CliRunner().invoke(main, ["import", str(source), "--title", "Code", "--as-at", "2021-12-16", "-o", str(out)])

    assert done.exit_code == 0, done.stderr
    assert "2 definitions, 4 provisions" in done.stderr
    assert read_code(str(out))[0].sections == provisions(source.read_bytes())


def test_a_word_retyped_in_a_provision_is_no_part_of_what_was_ordered(tmp_path: Path) -> None:
    stood, retyped = tmp_path / "stood.docx", tmp_path / "retyped.docx"
    stood.write_bytes(typed("A2.1 A month is a calendar month."))
    retyped.write_bytes(typed("A2.1 A month is a lunar month."))
    code = tmp_path / "code.yaml"
    CliRunner().invoke(main, ["import", str(stood), "--title", "T", "--as-at", "2021-01-01", "-o", str(code)])
    code.write_text(code.read_text("utf-8") + "  - {label: B1.1, heading: null, text: The Panel meets.}\n", "utf-8")

    found = [CliRunner().invoke(main, ["verify", str(stood), str(retyped), "--title", "T"])]
    found += [CliRunner().invoke(main, ["verify", str(code), str(each)]) for each in (retyped, stood)]

    assert [each.exit_code for each in found] == [1, 1, 0]
    assert all("provision “A2.1”: present and not ordered" in each.stdout for each in found[:2])


def test_a_provision_that_the_published_file_lacks_is_gone(tmp_path: Path) -> None:
    stood, shorter = tmp_path / "stood.docx", tmp_path / "shorter.docx"
    stood.write_bytes(typed("A2.1 A month is a calendar month.", "A2.2 A year is of twelve months."))
    shorter.write_bytes(typed("A2.1 A month is a calendar month."))

    found = CliRunner().invoke(main, ["verify", str(stood), str(shorter), "--title", "T"])

    assert found.exit_code == 1
    assert "provision “A2.2”: gone and not ordered" in found.stdout
