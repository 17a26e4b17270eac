"""A document with all that Word leaves in one: every kind of change is written into it, and nothing of it is lost."""

from __future__ import annotations

import pytest
from lxml import etree
from worddoc import opened, wordfile, written

from secdefs.change.edits import Add, Edit, Remove, Splice
from secdefs.model import Definition
from secdefs.read.package import Package, W
from secdefs.read.revisions import accept

STYLES = wordfile.STYLES + "".join(
    f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{name}"/>'
    f'<w:basedOn w:val="Normal"/>{rest}</w:style>'
    for name, rest in (
        ("DefTerm", "<w:rPr><w:b/></w:rPr>"),
        ("DefA", '<w:pPr><w:numPr><w:numId w:val="5"/></w:numPr></w:pPr>'),
        ("DefI", '<w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="5"/></w:numPr></w:pPr>'),
    )
)
NUMBERING = (
    wordfile.CLAUSES
    + wordfile.abstract(
        3,
        wordfile.level(0, "lowerLetter", "(%1)", 720, 720, style="DefA")
        + wordfile.level(1, "lowerRoman", "(%2)", 1440, 720, style="DefI"),
    )
    + wordfile.num(1, 0)
    + wordfile.num(5, 3)
    + wordfile.num(6, 3, [0])
)
BOOKMARK = '<w:bookmarkStart w:id="0" w:name="_DV_M1"/><w:bookmarkEnd w:id="0"/>'
DRAWING = (
    '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    '<mc:Choice Requires="wps"><w:drawing/></mc:Choice><mc:Fallback><w:pict/></mc:Fallback></mc:AlternateContent></w:r>'
)
FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> REF a </w:instrText></w:r>'
    '<w:r></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>H8.16</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
TERM = '<w:pStyle w:val="DefTerm"/>'
FIRST, SECOND = (
    f'<w:pStyle w:val="Def{name}"/><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="6"/></w:numPr>'
    for name, level in (("A", 0), ("I", 1))
)
TYPED = '<w:ind w:left="720" w:hanging="720"/>'


def r(text: str) -> str:
    return f'<w:r w:rsidRPr="00CC22DD"><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(content: str, properties: str = "") -> str:
    within = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f'<w:p w:rsidR="00AA11BB" w:rsidRDefault="00AA11BB">{within}{content}</w:p>'


def row(*cells: str) -> str:
    made = "".join(f'<w:tc><w:tcPr><w:tcW w:w="4500" w:type="dxa"/></w:tcPr>{cell}</w:tc>' for cell in cells)
    return f'<w:tr w:rsidR="00EE33FF"><w:trPr><w:cantSplit/></w:trPr>{made}</w:tr>'


PROOF = '<w:proofErr w:type="gramStart"/>{}<w:proofErr w:type="gramEnd"/>'
ROWS = (
    row(
        p(r("Alpha"), TERM),
        p(
            r("means ")
            + PROOF.format(r("a thing"))
            + r(" in Section ")
            + FIELD
            + r(" and ")
            + "<w:r><w:lastRenderedPageBreak/><w:t>more</w:t></w:r>"
            + DRAWING
            + r(".")
        ),
    ),
    BOOKMARK,
    row(
        p(r("Be") + r("ta"), TERM),
        p(r("means any of:"))
        + p(r("one;"), FIRST)
        + p(r("two:"), FIRST)
        + p(r("x; and"), SECOND)
        + p(r("y,"), SECOND)
        + p(r("as it may be; or"), '<w:ind w:left="720"/>')
        + p(r("three,"), FIRST)
        + p(r("in each case today."))
        + p(""),
    ),
    row(
        p(r("Gamma"), TERM) + p(""),
        p(r("means:"))
        + p("<w:r><w:t>(a)</w:t></w:r><w:r><w:tab/></w:r>" + r("typed;"), TYPED)
        + p("<w:r><w:t>(b)</w:t><w:tab/><w:t>also typed.</w:t></w:r>", TYPED),
    ),
    row(
        p(r("“Delta”"), TERM),
        p(
            f'<w:sdt><w:sdtPr><w:id w:val="7"/></w:sdtPr><w:sdtContent>{r("has the meaning given in ")}</w:sdtContent>'
            f'</w:sdt><w:hyperlink w:anchor="z">{r("Section B1")}</w:hyperlink>{r(" of this Code.")}'
        ),
    ),
)
TABLE = f'<w:tbl><w:tblPr><w:tblW w:w="9000" w:type="dxa"/></w:tblPr>{"".join(ROWS)}</w:tbl>'
DOCUMENT = wordfile.docx(
    p(r("SECTION A"), '<w:pStyle w:val="Heading1"/>')
    + p(r("In this Code:"), wordfile.item(1, 1))
    + f"<w:sdt><w:sdtContent>{TABLE}</w:sdtContent></w:sdt>"
    + p(r("A person may be any."), wordfile.item(1, 1)),
    {"styles": STYLES, "numbering": NUMBERING},
)
TEXTS = {
    "Alpha": "means a thing in Section H8.16 and more.",
    "Beta": "means any of:\n  (a) one;\n  (b) two:\n    (i) x; and\n    (ii) y,\n  as it may be; or\n  (c) three,\n"
    "in each case today.",
    "Gamma": "means:\n  (a) typed;\n  (b) also typed.",
    "Delta": "has the meaning given in Section B1 of this Code.",
}


def splice(term: str, old: str, new: str) -> Edit:
    return Splice("definitions", term, "text", TEXTS[term].index(old), old, new)


CHANGES = {
    "inside a field": splice("Alpha", "H8.16", "H8.17"),
    "before a field": splice("Alpha", "Section ", "Sections "),
    "after a field": splice("Alpha", " and", ", H9 and"),
    "over a drawing": splice("Alpha", "more.", "less."),
    "a paragraph for a line": splice("Alpha", " and more.", ":\n  (a) more; or\n  (b) less."),
    "lines for a line": Splice("definitions", "Alpha", "text", 0, TEXTS["Alpha"], "means:\n  (a) one; or\n  (b) two."),
    "the first item out": splice("Beta", "  (a) one;\n", ""),
    "an item with all below it out": splice(
        "Beta", "\n  (b) two:\n    (i) x; and\n    (ii) y,\n  as it may be; or", ""
    ),
    "the closing words out": splice("Beta", "\nin each case today.", ""),
    "an item in": splice("Beta", "\n  (c) three", "\n  (ba) two and a half; or\n  (c) three"),
    "an item renumbered": splice("Beta", "(c) three", "(d) three"),
    "an item with items of its own": splice("Beta", "(c) three,", "(c) four:\n    (i) five; or\n    (ii) six,"),
    "an item joined to the opening": splice("Beta", "\n  (a) one;", " one;"),
    "one line for many": Splice("definitions", "Beta", "text", 0, TEXTS["Beta"], "means nothing."),
    "a typed item out": splice("Gamma", "\n  (b) also typed.", ""),
    "a typed label": splice("Gamma", "(b) also", "(c) also"),
    "part of a link": splice("Delta", "Section B1 of", "Section B2 of"),
    "over a control and a link": splice("Delta", "given in Section B1", "set out in Section B9"),
    "a definition in": Add(
        "definitions",
        2,
        Definition(term="Bond", text="means:\n  (a) p:\n    (i) q; or\n    (ii) r,\n  as it was; or\n  (b) s."),
    ),
    "a definition at the end": Add("definitions", 4, Definition(term="Zeta", text="means z.")),
    "a definition out": Remove("definitions", "Beta"),
}


def test_the_document_is_read() -> None:
    source, _ = opened(DOCUMENT)

    assert {each.record.term: each.record.text for each in source.held if isinstance(each.record, Definition)} == TEXTS


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("style", ["tracked", "clean"])
def test_a_change_is_written_and_reads_back(change: Edit, style: str) -> None:
    result, _ = written(DOCUMENT, [(change, "one")], "tracked" if style == "tracked" else "clean")

    assert result.findings == ()


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_has_no_width_is_still_there(change: Edit) -> None:
    result, _ = written(DOCUMENT, [(change, "one")], "tracked", comments=False)
    assert result.data is not None
    root = Package(result.data, "a.docx").body()
    accept(root)

    def count(tree: etree._Element) -> list[int]:
        return [len(list(tree.iter(f"{W}{name}"))) for name in ("bookmarkStart", "bookmarkEnd", "drawing", "sdt")]

    expected = count(Package(DOCUMENT, "a.docx").body())
    if change == CHANGES["lines for a line"]:
        expected[2] = count(root)[2]  # the drawing stands among the words that go
    assert count(root) == expected
