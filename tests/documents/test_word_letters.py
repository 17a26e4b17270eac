"""Letters in Word files: labels that Word computes, footnotes, tables, tracked changes, and what is refused."""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

import pytest

from secdefs.findings import SecdefsError
from secdefs.outline import outline, walk
from secdefs.read.docx import text_of_docx
from secdefs.read.numbering import numeral
from secdefs.read.revisions import Existing

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "fixtures"))

import make_word as word


def p(text: str, properties: str = "") -> str:
    return word.paragraph(word.run(text), properties)


def lines(body: str, numbering: str = "", styles: str = word.STYLES, **parts: str) -> list[str]:
    data = word.docx(body, {"styles": styles, "numbering": numbering, **parts})
    text, _, _ = text_of_docx(data, "letter.docx", None)
    return text.rstrip("\n").split("\n")


TWO_LEVELS = word.abstract(0, word.level(0, "lowerRoman", "%1)", 567) + word.level(1, "lowerLetter", "(%2)", 1134))

# --- labels -----------------------------------------------------------------------------------------------------------


def test_the_labels_of_a_list_are_computed() -> None:
    body = p("one", word.item(1, 0)) + p("two", word.item(1, 0)) + p("three", word.item(1, 0))

    assert lines(body, TWO_LEVELS + word.num(1, 0)) == ["i) one", "ii) two", "iii) three"]


def test_a_deeper_list_begins_anew_under_each_item() -> None:
    levels = (0, 1, 1, 0, 1)
    body = "".join(p("x", word.item(1, level)) for level in levels)

    found = [line.split()[0] for line in lines(body, TWO_LEVELS + word.num(1, 0))]

    assert found == ["i)", "(a)", "(b)", "ii)", "(a)"]


def test_a_second_list_of_the_same_series_goes_on() -> None:
    body = p("one", word.item(1, 0)) + p("and then") + p("two", word.item(2, 0))

    assert lines(body, TWO_LEVELS + word.num(1, 0) + word.num(2, 0)) == ["i) one", "and then", "ii) two"]


def test_a_list_that_is_restarted_begins_anew() -> None:
    body = p("one", word.item(1, 0)) + p("two", word.item(2, 0)) + p("three", word.item(2, 0))

    assert lines(body, TWO_LEVELS + word.num(1, 0) + word.num(2, 0, [0])) == ["i) one", "i) two", "ii) three"]


def test_a_list_may_begin_at_a_later_number() -> None:
    levels = word.abstract(0, word.level(0, "upperLetter", "%1.", 567, start=3))

    assert lines(p("x", word.item(1, 0)), levels + word.num(1, 0))[0] == "C. x"


def test_a_style_may_make_a_paragraph_an_item_at_the_level_that_its_list_gives_it() -> None:
    levels = word.level(0, "decimal", "%1", 567, style="One") + word.level(1, "decimal", "%1.%2", 567, style="Two")
    styles = word.STYLES + "".join(
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{name}"/>{based}'
        f'<w:pPr><w:numPr><w:ilvl w:val="{ilvl}"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        for name, ilvl, based in (("One", 0, ""), ("Two", 5, ""))
    )
    styles += '<w:style w:type="paragraph" w:styleId="Three"><w:name w:val="T"/><w:basedOn w:val="Two"/></w:style>'
    body = "".join(p("x", f'<w:pStyle w:val="{name}"/>') for name in ("One", "Two", "Three", "One", "Two"))

    found = [line.split()[0] for line in lines(body, word.abstract(0, levels) + word.num(1, 0), styles)]

    assert found == ["1", "1.1", "1.2", "2", "2.1"]


def test_a_paragraph_may_leave_the_list_of_its_style() -> None:
    styles = word.STYLES + (
        '<w:style w:type="paragraph" w:styleId="One"><w:name w:val="One"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    inside, outside = '<w:pStyle w:val="One"/>', '<w:pStyle w:val="One"/><w:numPr><w:numId w:val="0"/></w:numPr>'
    body = p("one", inside) + p("none", outside) + p("two", inside)

    assert lines(body, TWO_LEVELS + word.num(1, 0), styles) == ["i) one", "none", "ii) two"]


def test_a_level_of_a_list_may_be_overridden() -> None:
    override = f'<w:lvlOverride w:ilvl="0">{word.level(0, "upperRoman", "Part %1", 567)}</w:lvlOverride>'
    number = f'<w:num w:numId="1"><w:abstractNumId w:val="0"/>{override}</w:num>'

    assert lines(p("x", word.item(1, 0)), TWO_LEVELS + number) == ["Part I x"]


def test_a_level_may_go_on_though_a_higher_one_counts() -> None:
    never = word.level(1, "decimal", "%2.", 567).replace("<w:lvlText", '<w:lvlRestart w:val="0"/><w:lvlText')
    numbering = word.abstract(0, word.level(0, "upperLetter", "%1.", 567) + never) + word.num(1, 0)
    body = "".join(p("x", word.item(1, level)) for level in (0, 1, 0, 1))

    assert [line.split()[0] for line in lines(body, numbering)] == ["A.", "1.", "B.", "2."]


def test_a_list_may_be_defined_by_a_style_for_lists() -> None:
    real = TWO_LEVELS.replace("<w:multiLevelType", '<w:styleLink w:val="L"/><w:multiLevelType', 1)
    link = '<w:abstractNum w:abstractNumId="7"><w:numStyleLink w:val="L"/></w:abstractNum>'

    assert lines(p("x", word.item(1, 0)), real + link + word.num(1, 7)) == ["i) x"]


def test_a_bullet_of_a_symbol_font_is_a_bullet() -> None:
    numbering = word.abstract(0, word.level(0, "bullet", "\uf0b7", 567)) + word.num(1, 0)

    assert lines(p("x", word.item(1, 0)), numbering) == ["• x"]


@pytest.mark.parametrize(
    ("number", "form", "expected"),
    [
        (27, "lowerLetter", "aa"),
        (28, "lowerLetter", "bb"),
        (26, "upperLetter", "Z"),
        (49, "lowerRoman", "xlix"),
        (1994, "upperRoman", "MCMXCIV"),
        (7, "decimalZero", "07"),
        (22, "ordinal", "22nd"),
        (3, "none", ""),
        (3, "chicago", None),
    ],
)
def test_a_number_is_written_as_its_list_says(number: int, form: str, expected: str | None) -> None:
    assert numeral(number, form) == expected


# --- words ------------------------------------------------------------------------------------------------------------


def test_words_are_read_over_runs_fields_links_and_proof_marks() -> None:
    body = (
        '<w:p><w:r w:rsidR="00A1"><w:t>Sec</w:t></w:r><w:proofErr w:type="spellStart"/><w:r><w:t>tion</w:t></w:r>'
        '<w:r><w:t xml:space="preserve"> </w:t></w:r><w:bookmarkStart w:id="3" w:name="b"/>'
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF a </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>A1</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r><w:bookmarkEnd w:id="3"/>'
        '<w:hyperlink w:anchor="b"><w:r><w:t>.2</w:t></w:r></w:hyperlink>'
        '<w:smartTag w:uri="u" w:element="e"><w:r><w:noBreakHyphen/><w:t>B</w:t></w:r></w:smartTag>'
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r></w:p>"
    )

    assert lines(body) == ["Section A1.2\u2011B"]


def test_a_break_ends_a_line_but_not_inside_a_sentence() -> None:
    body = "<w:p><w:r><w:t>1 High Street</w:t><w:br/><w:t>London</w:t><w:br/><w:t>and elsewhere</w:t></w:r></w:p>"

    assert lines(body) == ["1 High Street", "London and elsewhere"]


def test_a_row_of_a_table_is_a_line() -> None:
    cells = "".join(f"<w:tc>{p(words)}</w:tc>" for words in ("Annex A", "Appendix AT – Policy v1.0"))

    assert lines(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>") == ["Annex A – Appendix AT – Policy v1.0"]


def test_a_row_with_a_bold_term_reads_as_a_definition() -> None:
    cells = f"<w:tc>{word.paragraph(word.run('Widget', '<w:b/>'))}</w:tc><w:tc>{p('means a thing.')}</w:tc>"

    assert lines(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>") == ["“Widget” means a thing."]


def test_footnotes_stand_after_the_text_and_their_marks_are_known() -> None:
    reference = '<w:r><w:footnoteReference w:id="5"/></w:r>'
    body = word.paragraph(word.run("the Act") + reference + word.run(" and more"))
    notes = f'<w:footnote w:id="5">{p("Chapter 8.")}</w:footnote>'

    text, layout, _ = text_of_docx(word.docx(body, {"footnotes": notes}), "a.docx", None)
    (note,) = layout.footnotes

    assert text == "the Act1 and more\n1 Chapter 8.\n"
    assert (note.mark, note.text, note.anchor) == ("1", "Chapter 8.", 7)
    assert [clause.text for clause in walk(outline(text, layout).clauses)] == ["the Act and more"]


def test_running_lines_are_furniture() -> None:
    text, layout, _ = text_of_docx(word.docx(p("body"), {"footer1": p("Page 1")}), "a.docx", None)

    assert [text[start:end] for start, end in layout.furniture] == ["Page 1"]


def test_the_words_of_a_text_box_are_reported() -> None:
    box = f"<w:p><w:r><w:pict><w:txbxContent>{p('Omit everything.')}</w:txbxContent></w:pict></w:r></w:p>"

    _, _, (found,) = text_of_docx(word.docx(p("body") + box), "a.docx", None)

    assert (found.code, found.severity) == ("SD511", "warning")
    assert "Omit everything." in found.message


# --- tracked changes --------------------------------------------------------------------------------------------------

TRACKED = word.docx(
    "<w:p><w:r><w:t>a </w:t></w:r><w:del w:id='1' w:author='x'><w:r><w:delText>old</w:delText></w:r></w:del>"
    "<w:ins w:id='2' w:author='x'><w:r><w:t>new</w:t></w:r></w:ins></w:p>"
)


def test_tracked_changes_are_refused() -> None:
    with pytest.raises(SecdefsError, match="has tracked changes: say --accept-existing or --reject-existing"):
        text_of_docx(TRACKED, "a.docx", None)


@pytest.mark.parametrize(("existing", "expected"), [("accept", "anew\n"), ("reject", "aold\n")])
def test_tracked_changes_are_settled_where_asked(existing: str, expected: str) -> None:
    text, _, findings = text_of_docx(TRACKED, "a.docx", "accept" if existing == "accept" else "reject")

    assert text == expected
    assert [found.code for found in findings] == ["SD512"]


STRUCK = word.docx(
    "<w:p><w:r><w:t xml:space='preserve'>the </w:t></w:r><w:r><w:rPr><w:strike/></w:rPr><w:t>body</w:t></w:r>"
    "<w:r><w:rPr><w:u w:val='single'/></w:rPr><w:t>board</w:t></w:r></w:p>"
)


@pytest.mark.parametrize("existing", [None, "reject"])
def test_words_struck_out_by_hand_are_refused(existing: Existing | None) -> None:
    with pytest.raises(SecdefsError, match="“body” is struck out: say --accept-existing"):
        text_of_docx(STRUCK, "a.docx", existing)


def test_words_struck_out_by_hand_are_left_out_where_asked() -> None:
    text, _, findings = text_of_docx(STRUCK, "a.docx", "accept")

    assert text == "the board\n"
    assert [found.code for found in findings] == ["SD512"]


@pytest.mark.parametrize("properties", ["<w:strike w:val='0'/>", "<w:u w:val='single'/>", "<w:strike/><w:vanish/>"])
def test_words_that_are_not_struck_out_stand(properties: str) -> None:
    run = f"<w:r><w:rPr>{properties}</w:rPr><w:t>body</w:t></w:r>"

    text, _, _ = text_of_docx(word.docx(f"<w:p>{run}<w:r><w:t>x</w:t></w:r></w:p>"), "a.docx", None)

    assert text.endswith("x\n")


def test_a_line_through_blanks_is_nothing() -> None:
    run = "<w:r><w:rPr><w:dstrike/></w:rPr><w:t xml:space='preserve'> </w:t></w:r>"

    text, _, _ = text_of_docx(
        word.docx(f"<w:p><w:r><w:t>a</w:t></w:r>{run}<w:r><w:t>b</w:t></w:r></w:p>"), "a.docx", None
    )

    assert text == "a b\n"


# --- refusals ---------------------------------------------------------------------------------------------------------


def archive(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as into:
        for name, text in parts.items():
            into.writestr(name.replace("__", "/"), text)
    return out.getvalue()


WHOLE = word.docx(p("x"))
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" '
    f'Type="{word.R}/officeDocument" Target="d.xml"/></Relationships>'
)
ENTITY = '<!DOCTYPE w:document [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (WHOLE[: len(WHOLE) // 2], "is damaged, or only a part of a file"),
        (archive(**{"xl__workbook.xml": "<a/>"}), "an Excel file"),
        (archive(a="b"), "not a Word file, though it is a zip archive"),
        (archive(**{"_rels__.rels": RELATIONS, "d.xml": "<a"}), "is damaged"),
        (archive(**{"_rels__.rels": RELATIONS, "d.xml": "<a/>"}), "holds no Word document"),
        (archive(**{"_rels__.rels": RELATIONS, "d.xml": f"{ENTITY}<w:document xmlns:w='{word.W}'/>"}), "document type"),
        (b"\xd0\xcf\x11\xe0 rest", "a Word file of before 2007, or one with a password"),
    ],
    ids=["truncated", "Excel", "zip", "no XML", "other XML", "entities", "old Word"],
)
def test_what_is_no_word_file_is_refused_in_one_line(data: bytes, message: str) -> None:
    with pytest.raises(SecdefsError, match=message) as refused:
        text_of_docx(data, "a.docx", None)

    assert "\n" not in str(refused.value)


def test_an_archive_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secdefs.read.package.LARGEST", 1000)

    with pytest.raises(SecdefsError, match="unpacks to more than"):
        text_of_docx(WHOLE, "a.docx", None)
