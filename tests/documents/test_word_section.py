"""Section A and contents lists in Word: what is found in either layout, with which levels, and what is not placed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from worddoc import documents, opened, wordfile

from secdefs.findings import SecdefsError
from secdefs.model import Code, Definition
from secdefs.read.codefile import read_code
from secdefs.read.wordcode import WordCode, read_word

DAY = dt.date(2021, 12, 16)
SAMPLE = str(Path(__file__).resolve().parents[2] / "fixtures" / "codes" / "sec.yaml")


@pytest.fixture(scope="module")
def sample() -> list[tuple[str, str]]:
    code, _ = read_code(SAMPLE)
    assert code.definitions is not None
    return [(each.term, each.text) for each in code.definitions.entries]


def p(content: str, properties: str = "") -> str:
    return wordfile.paragraph(content, properties)


def row(*cells: str) -> str:
    return "<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in cells) + "</w:tr>"


def two(term: str, *lines: str) -> str:
    return row(p(wordfile.run(term, "<w:b/>")), "".join(p(wordfile.run(line)) for line in lines))


def read(body: str, numbering: str = "") -> WordCode:
    heading = p(wordfile.run("SECTION A: WORDS"))
    return read_word(wordfile.docx(heading + body, {"numbering": numbering}), "a.docx", None)


def definitions(source: WordCode) -> list[tuple[str, str]]:
    return [(each.record.term, each.record.text) for each in source.held if isinstance(each.record, Definition)]


@pytest.mark.parametrize("layout", ["table", "paragraphs"])
def test_the_sample_is_read_as_it_was_written(layout: str, sample: list[tuple[str, str]]) -> None:
    source = read_word(wordfile.section_a(sample, layout), "a.docx", None)
    code = source.code("Code", DAY)

    assert definitions(source) == sample
    assert code.definitions is not None
    assert (code.definitions.section, code.definitions.order) == ("A", "word-by-word")
    assert [found.severity for found in source.findings] == ["note"]


@settings(
    max_examples=60,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(documents())
def test_a_document_of_any_cut_is_read_as_it_was_written(made: tuple[bytes, list[tuple[str, str]]]) -> None:
    data, expected = made

    source, _ = opened(data)

    assert expected == definitions(source)


def test_a_row_without_a_term_goes_on_with_the_definition_above() -> None:
    table = f"<w:tbl>{two('Alert', 'means a thing;')}{two('', 'and another.')}{two('Batch', 'means x.')}</w:tbl>"

    assert definitions(read(table)) == [("Alert", "means a thing;\nand another."), ("Batch", "means x.")]


def test_the_heading_of_the_columns_is_no_definition() -> None:
    head = row(p(wordfile.run("Term", "<w:b/>")), p(wordfile.run("Meaning", "<w:b/>")))

    assert definitions(read(f"<w:tbl>{head}{two('Alert', 'means a thing.')}</w:tbl>")) == [("Alert", "means a thing.")]


def test_a_row_of_one_cell_among_definitions_is_reported() -> None:
    odd = row(p(wordfile.run("Terms of old")))
    source = read(f"<w:tbl>{two('Alert', 'means a.')}{odd}{two('Batch', 'means b.')}</w:tbl>")

    assert [each[0] for each in definitions(source)] == ["Alert", "Batch"]
    assert [found.severity for found in source.findings if "Terms of old" in found.message] == ["warning"]


def test_another_table_of_two_columns_is_no_list_of_definitions() -> None:
    history = f"<w:tbl>{row(p(wordfile.run('Version')), p(wordfile.run('Date')))}</w:tbl>"
    source = read(history + f"<w:tbl>{two('Alert', 'means a thing.')}</w:tbl>")

    assert [each[0] for each in definitions(source)] == ["Alert"]


def test_quotation_marks_about_a_term_are_not_part_of_it() -> None:
    table = f"<w:tbl>{two('“Alert”:', 'means a.')}{two('Panel’s Nominee', 'means b.')}</w:tbl>"

    assert [each[0] for each in definitions(read(table))] == ["Alert", "Panel’s Nominee"]


def test_a_quoted_term_need_not_be_bold() -> None:
    body = p(wordfile.run("“Alert” means a thing;")) + p(wordfile.run("“Batch” means many things."))

    assert definitions(read(body)) == [("Alert", "means a thing;"), ("Batch", "means many things.")]


def test_a_term_defined_inside_a_definition_is_no_record() -> None:
    inner = p(wordfile.run("“Sub” means less."), '<w:ind w:left="1000"/>')
    body = p(wordfile.run("“Alert” means a thing;")) + inner + p(wordfile.run("“Batch” means b."))

    assert [each[0] for each in definitions(read(body))] == ["Alert", "Batch"]


def test_a_clause_after_the_definitions_is_no_part_of_the_last() -> None:
    clauses = wordfile.CLAUSES + wordfile.num(1, 0)
    body = (
        p(wordfile.run("The words:"), wordfile.item(1, 1))
        + p(wordfile.run("“Alert” means a thing."))
        + p(wordfile.run("A person may be any."), wordfile.item(1, 1))
    )

    assert definitions(read(body, clauses)) == [("Alert", "means a thing.")]


def test_the_same_term_twice_is_an_error() -> None:
    source = read(f"<w:tbl>{two('Alert', 'means a.')}{two('Alert', 'means b.')}</w:tbl>")

    assert [found.code for found in source.findings if found.severity == "error"] == ["SD510"]


def test_a_table_inside_a_definition_is_read_as_rows() -> None:
    inner = f"<w:tbl>{row(p(wordfile.run('x')), p(wordfile.run('y')))}</w:tbl>"
    table = f"<w:tbl>{row(p(wordfile.run('Alert', '<w:b/>')), p(wordfile.run('means:')) + inner + p(''))}</w:tbl>"

    assert definitions(read(table + "")) == [("Alert", "means:\nx | y")]


def test_levels_are_told_from_numbering_before_labels() -> None:
    # (h) of the first level, and (i) that goes on with it: by its list it is no roman one.
    numbering = wordfile.abstract(0, wordfile.DEFINITION) + wordfile.num(1, 0)
    items = "".join(p(wordfile.run("x"), wordfile.item(1, 0)) for _ in range(9))
    source = read(
        f"<w:tbl>{row(p(wordfile.run('Alert', '<w:b/>')), p(wordfile.run('means:')) + items)}</w:tbl>", numbering
    )

    assert definitions(source)[0][1].split("\n")[-2:] == ["  (h) x", "  (i) x"]


def test_levels_are_told_from_indents_where_labels_are_typed() -> None:
    lines = (("means:", 0), ("(a) one:", 567), ("(i) x;", 1134), ("(ii) y,", 1134), ("and z", 567), ("in all.", 0))
    cell = "".join(p(wordfile.run(words), f'<w:ind w:left="{left}"/>') for words, left in lines)
    source = read(f"<w:tbl>{row(p(wordfile.run('Alert', '<w:b/>')), cell)}</w:tbl>")

    assert definitions(source)[0][1] == "means:\n  (a) one:\n    (i) x;\n    (ii) y,\n  and z\nin all."


def test_a_document_without_definitions_is_refused() -> None:
    with pytest.raises(SecdefsError, match="no definitions are found in it"):
        read(p(wordfile.run("Nothing to see.")))


def test_the_section_has_to_be_said_where_the_document_does_not() -> None:
    body = f"<w:tbl>{two('Alert', 'means a thing.')}</w:tbl>"
    source = read_word(wordfile.docx(body), "a.docx", None)

    with pytest.raises(SecdefsError, match="give --section LABEL"):
        source.code("Code", DAY)
    assert source.code("Code", DAY, "B").definitions is not None


# --- contents ---------------------------------------------------------------------------------------------------------


def groups(code: Code) -> dict[str, list[tuple[str, str]]]:
    return {group.group: [(each.label, each.title) for each in group.entries] for group in code.contents or ()}


def test_a_contents_list_is_read_from_lines_and_rows() -> None:
    tab = "<w:r><w:tab/><w:t>12</w:t></w:r>"
    body = (
        p(wordfile.run("Sections"))
        + p(wordfile.run("Section A: Definitions") + tab)
        + p(wordfile.run("Appendices"))
        + f"<w:tbl>{row(p(wordfile.run('AM')), p(wordfile.run('Supporting Requirements')))}"
        + f"{row(p(wordfile.run('Appendix AN')), p(wordfile.run('Equivalent Steps')))}</w:tbl>"
    )
    source = read_word(wordfile.docx(body), "c.docx", None)

    assert groups(source.code("Code", DAY)) == {
        "Sections": [("A", "Definitions")],
        "Appendices": [("AM", "Supporting Requirements"), ("AN", "Equivalent Steps")],
    }
