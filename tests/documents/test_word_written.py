"""Changes written into a Word file: what is accepted is what was planned, what is rejected is what was there."""

from __future__ import annotations

import io
import zipfile
from importlib import import_module
from typing import Literal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import etree
from worddoc import INKS, documents, edits, opened, wordfile, written

from secdefs.change.edits import Add, Consolidation, Edit, Remove, Splice
from secdefs.model import Code, Definition
from secdefs.read.package import Package, W
from secdefs.read.revisions import accept, reject
from secdefs.read.wordcode import read_word
from secdefs.write.docx import normal

Layout = Literal["table", "paragraphs"]
LAYOUTS = ("table", "paragraphs")
GIVEN = [
    ("Alert", "means a Message that:\n  (a) is red;\n  (b) is loud; or\n  (c) is late,\nin each case by day."),
    ("Batch", "means two things."),
    ("Charge", "means [TBC] and:\n  (a) more:\n    (i) one; and\n    (ii) two,\n  as it comes; or\n  (b) less."),
]


def sample(layout: str) -> bytes:
    return wordfile.section_a(GIVEN, layout)


def splice(term: str, old: str, new: str, part: str = "text") -> Edit:
    text = term if part == "term" else dict(GIVEN)[term]
    return Splice("definitions", term, part, text.index(old), old, new)


def done(layout: str, *made: Edit, data: bytes | None = None) -> etree._Element:
    """The tree of the tracked document; that it reads back as planned is part of the writing."""
    result, _ = written(data or sample(layout), [(edit, "one") for edit in made], "tracked")
    assert result.findings == ()
    assert result.data is not None
    return Package(result.data, "a.docx").body()


def words(root: etree._Element, name: str) -> list[str]:
    return ["".join(text.text or "" for text in mark.iter(f"{W}t", f"{W}delText")) for mark in root.iter(f"{W}{name}")]


# --- the law ----------------------------------------------------------------------------------------------------------


def plain(code: Code) -> list[tuple[str, str]]:
    assert code.definitions is not None
    return [(each.term, each.text) for each in code.definitions.entries]


@settings(
    max_examples=60,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a document takes too long to be made smaller
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(documents(), st.data())
def test_accepted_is_planned_and_rejected_is_the_original(
    made: tuple[bytes, list[tuple[str, str]]], data: st.DataObject
) -> None:
    document, _ = made
    _, code = opened(document)
    consolidation = Consolidation(code)
    changes: list[tuple[Edit, str]] = []
    for _ in range(data.draw(st.integers(1, 3))):
        edit = data.draw(edits(consolidation))
        if edit is not None:
            by = data.draw(st.sampled_from(sorted(INKS)))
            consolidation.apply(edit, by)
            changes.append((edit, by))
    result, planned = written(document, changes, "tracked")

    assert result.findings == ()
    assert result.data is not None
    root = Package(result.data, "a.docx").body()
    idents = [mark.get(f"{W}id") for mark in root.iter(f"{W}ins", f"{W}del", f"{W}pPrChange", f"{W}commentRangeStart")]
    assert len(set(idents)) == len(idents)
    assert not {*idents} & {mark.get(f"{W}id") for mark in root.iter(f"{W}bookmarkStart")}
    assert [gone for gone in root.iter(f"{W}del") if gone.find(f".//{W}t") is not None] == []
    assert {mark.get(f"{W}author") for mark in root.iter(f"{W}ins", f"{W}del")} <= {ink.author for ink in INKS.values()}
    reject(root)
    assert normal(root) == normal(Package(document, "a.docx").body())
    clean, _ = written(document, changes, "clean")
    assert clean.data is not None
    if all(text.startswith("means") for _, text in plain(planned)):
        assert plain(read_word(clean.data, "a.docx", None).code("Code", code.as_at, "A")) == plain(planned)


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", LAYOUTS)
def test_words_are_changed_at_run_level(layout: Layout) -> None:
    root = done(layout, splice("Charge", "[TBC]", "AT"))

    assert (words(root, "del"), words(root, "ins")) == (["[TBC]"], ["AT"])
    assert list(root.iter(f"{W}pPrChange")) == []


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_term_is_changed_where_it_stands(layout: Layout) -> None:
    root = done(layout, splice("Batch", "Batch", "Batches", "term"))

    assert (words(root, "del"), words(root, "ins")) == (["Batch"], ["Batches"])


def test_new_words_look_like_the_first_that_they_replace() -> None:
    cell = wordfile.run("means ") + wordfile.run("grey", "<w:i/>") + wordfile.run(" things.")
    cells = (wordfile.paragraph(wordfile.run("Alert", "<w:b/>")), wordfile.paragraph(cell))
    document = wordfile.docx(f"<w:tbl><w:tr>{''.join(f'<w:tc>{c}</w:tc>' for c in cells)}</w:tr></w:tbl>")
    root = done("table", Splice("definitions", "Alert", "text", 6, "grey things", "blue"), data=document)

    (new,) = root.iter(f"{W}ins")

    assert new.find(f"{W}r/{W}rPr/{W}i") is not None


FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> REF x </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>Section A1</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)


def in_a_row(content: str) -> bytes:
    cells = (wordfile.paragraph(wordfile.run("Alert", "<w:b/>")), wordfile.paragraph(content))
    return wordfile.docx(f"<w:tbl><w:tr>{''.join(f'<w:tc>{cell}</w:tc>' for cell in cells)}</w:tr></w:tbl>")


def test_a_field_in_which_words_change_is_taken_out_whole() -> None:
    document = in_a_row(wordfile.run("means ") + FIELD + wordfile.run("."))
    root = done("table", Splice("definitions", "Alert", "text", 14, "A1", "B2"), data=document)

    (gone,) = root.iter(f"{W}del")

    assert len(list(gone.iter(f"{W}fldChar"))) == 3
    assert [code.text for code in gone.iter(f"{W}delInstrText")] == [" REF x "]
    assert words(root, "ins") == ["Section B2"]


def test_a_field_beside_which_words_change_stays() -> None:
    document = in_a_row(wordfile.run("means ") + FIELD + wordfile.run("."))
    root = done("table", Splice("definitions", "Alert", "text", 16, ".", " and more."), data=document)

    assert list(root.iter(f"{W}delInstrText")) == []
    (new,) = root.iter(f"{W}ins")
    before = [
        each.get(f"{W}fldCharType") for each in new.itersiblings(preceding=True) for each in each.iter(f"{W}fldChar")
    ]
    assert before.count("end") == 1


def test_a_content_control_that_is_filled_from_elsewhere_is_not_written_into() -> None:
    bound = "<w:sdt><w:sdtPr><w:dataBinding w:xpath='/a'/></w:sdtPr><w:sdtContent>"
    document = in_a_row(wordfile.run("means ") + bound + wordfile.run("grey") + "</w:sdtContent></w:sdt>")
    result, _ = written(document, [(Splice("definitions", "Alert", "text", 6, "grey", "blue"), "one")], "tracked")

    assert result.data is None
    assert [found.code for found in result.findings] == ["SD514"]


def test_a_footnote_and_a_bookmark_inside_the_words_stay() -> None:
    inside = '<w:r><w:footnoteReference w:id="2"/></w:r><w:bookmarkStart w:id="9" w:name="x"/><w:bookmarkEnd w:id="9"/>'
    document = in_a_row(wordfile.run("means gr") + inside + wordfile.run("ey."))
    root = done("table", Splice("definitions", "Alert", "text", 6, "grey", "blue"), data=document)
    accept(root)

    assert [len(list(root.iter(f"{W}{name}"))) for name in ("footnoteReference", "bookmarkStart")] == [1, 1]


def test_a_formula_is_not_written_into() -> None:
    formula = '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:r><m:t>x+y</m:t></m:r></m:oMath>'
    document = in_a_row(wordfile.run("means ") + formula + wordfile.run(" only"))
    result, _ = written(document, [(Splice("definitions", "Alert", "text", 6, "x+y", "z"), "one")], "tracked")

    assert [found.code for found in result.findings] == ["SD514"]


# --- paragraphs and rows ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_paragraph_goes_with_its_mark_and_the_labels_stay(layout: Layout) -> None:
    root = done(layout, splice("Alert", "\n  (b) is loud; or", ""))
    marks = [
        mark for mark in root.iter(f"{W}del") if mark.getparent() is not None and mark.getparent().tag == f"{W}rPr"
    ]

    assert len(marks) == 1
    # What was (c) by its list would be (b): it is typed, and taken out of the list.
    assert words(root, "ins") == ["(c)"]
    assert len(list(root.iter(f"{W}pPrChange"))) == 1


def test_the_last_paragraph_of_a_cell_keeps_its_mark() -> None:
    root = done("table", splice("Alert", "\nin each case by day.", ""))

    for cell in root.iter(f"{W}tc"):
        assert cell.findall(f"{W}p")[-1].find(f"{W}pPr/{W}rPr/{W}del") is None


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_new_paragraph_has_a_label_of_its_own_and_those_after_it_keep_theirs(layout: Layout) -> None:
    root = done(layout, splice("Alert", "", "").__class__("definitions", "Alert", "text", 33, "", "\n  (aa) is new;"))

    assert words(root, "ins") == ["", "(aa)", "is new;"] or sorted(filter(None, words(root, "ins"))) == [
        "(aa)",
        "is new;",
    ]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_new_definition_has_lists_of_its_own(layout: Layout) -> None:
    record = Definition(term="Box", text="means a box that:\n  (a) is open; or\n  (b) is shut.")
    root = done(layout, Add("definitions", 2, record))

    # No label is typed: they are computed by a list that begins anew.
    assert [each for each in words(root, "ins") if each.startswith("(")] == []
    assert len([row for row in root.iter(f"{W}trPr") if row.find(f"{W}ins") is not None]) == (layout == "table")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_definition_is_struck_whole(layout: Layout) -> None:
    root = done(layout, Remove("definitions", "Charge"))
    accept(root)

    assert not any("Charge" in (text.text or "") for text in root.iter(f"{W}t"))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_new_definitions_beside_each_other_keep_their_order(layout: Layout) -> None:
    new = [
        Add("definitions", at, Definition(term=term, text="means x.")) for at, term in ((1, "Aa"), (2, "Ab"), (0, "A"))
    ]

    done(layout, *new)  # it reads back as planned


# --- the file ---------------------------------------------------------------------------------------------------------


def test_other_parts_stay_byte_for_byte() -> None:
    with zipfile.ZipFile(io.BytesIO(sample("table"))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    extra = {"word/media/a.png": b"\x89PNG\r\n", "docProps/custom.xml": b"<a/>  "}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in (parts | extra).items():
            archive.writestr(name, data)
    result, _ = written(out.getvalue(), [(splice("Batch", "two", "three"), "one")], "tracked", comments=False)
    assert result.data is not None
    with zipfile.ZipFile(io.BytesIO(result.data)) as archive:
        after = {name: archive.read(name) for name in archive.namelist()}

    assert list(after) == [*parts, *extra]
    assert [name for name, data in after.items() if data != (parts | extra)[name]] == ["word/document.xml"]


def test_the_same_input_gives_the_same_bytes() -> None:
    change: list[tuple[Edit, str]] = [(splice("Batch", "two", "three"), "one")]

    assert written(sample("table"), change, "tracked") == written(sample("table"), change, "tracked")


def test_a_comment_cites_what_made_the_change() -> None:
    result, _ = written(sample("table"), [(splice("Batch", "two", "three"), "one")], "tracked")
    assert result.data is not None
    package = Package(result.data, "a.docx")
    name = package.beside("comments")
    assert name is not None
    (comment,) = package.tree(name)

    assert ["".join(comment.itertext()), comment.get(f"{W}author")] == ["A comment.", "Author one"]
    assert [each.get(f"{W}id") for each in package.body().iter(f"{W}commentReference")] == [comment.get(f"{W}id")]


def test_a_fault_of_the_writing_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("secdefs.write.docx"), "_different", lambda *_: "“Batch” differs")
    result, _ = written(sample("table"), [(splice("Batch", "two", "three"), "one")], "tracked")

    assert result.data is None
    assert [found.code for found in result.findings] == ["SD515"]
