"""What a Word file holds and is not read is said, wherever it hides; what joins words and is no letter is read."""

from __future__ import annotations

import pytest
from worddoc import wordfile

from secdefs.read.wordcode import read_word

P, R = wordfile.paragraph, wordfile.run
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def read(cell: str) -> tuple[str, tuple[str, ...]]:
    """The text of a definition whose cell holds this, and what is said of it that is not read."""
    given = [("Alert", cell), ("Batch", P(R("means several alerts.")))]
    rows = "".join(f"<w:tr><w:tc>{P(R(term, '<w:b/>'))}</w:tc><w:tc>{text}</w:tc></w:tr>" for term, text in given)
    word = read_word(wordfile.docx(f"<w:tbl>{rows}</w:tbl>"), "a.docx", None)
    return word.held[0].fields["text"][0].text, tuple(each.message for each in word.findings if each.code == "SD511")


@pytest.mark.parametrize(
    ("cell", "text", "said"),
    [
        (
            P(R("means one") + R(" secret", "<w:vanish/>") + R(" two.")),
            "means one two.",
            "hidden text are not read: “secret”",
        ),
        (
            P(R("means ") + f"<w:mystery>{R('lost')}</w:mystery>" + R("x.")),
            "means x.",
            "“mystery” are not read: “lost”",
        ),
        (
            P(R("means x") + '<w:r><w:footnoteReference w:id="2"/></w:r>'),
            "means x",
            "a footnote to “Alert” is not read",
        ),
        (P(R("means ") + R("old", "<w:strike/>") + R(" new.")), "means old new.", "struck out by hand"),
        (
            P(R("means ") + '<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>' + R(" 5.")),
            "means \ufffd 5.",
            "known to its font alone",
        ),
        (P(R("means x.")) + '<w:altChunk r:id="rId9"/>' + P(""), "means x.", "another file that is taken in"),
    ],
)
def test_what_is_not_read_is_said(cell: str, text: str, said: str) -> None:
    found, messages = read(cell)

    assert found == text
    assert [each for each in messages if said in each] == list(messages) != []


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (P('<w:r><w:t>means one</w:t><w:br w:type="page"/><w:t>and two.</w:t></w:r>'), "means one and two."),
        (
            P('<w:r><w:t xml:space="preserve">means one </w:t><w:br w:type="page"/><w:t>two.</w:t></w:r>'),
            "means one two.",
        ),
        (P('<w:r><w:br w:type="page"/><w:t>means one.</w:t></w:r>'), "means one."),
        (P("<w:r><w:t>means co</w:t><w:softHyphen/><w:t>operation.</w:t></w:r>"), "means cooperation."),
        (P("<w:r><w:t>means well</w:t><w:noBreakHyphen/><w:t>known.</w:t></w:r>"), "means well\u2011known."),
        (P(f'<w:smartTag w:uri="u" w:element="e">{R("means one.")}</w:smartTag>'), "means one."),
        (f"<w:sdt><w:sdtContent>{P(R('means one.'))}</w:sdtContent></w:sdt>{P('')}", "means one."),
        (f'<w:customXml w:element="e">{P(R("means one."))}</w:customXml>{P("")}', "means one."),
        (P(R("means ") + R("kept", '<w:strike w:val="0"/>') + R(".")), "means kept."),
        (
            P(
                R("means ")
                + f'<w:r><mc:AlternateContent {MC}><mc:Choice Requires="w16se"><w:t>C</w:t></mc:Choice><mc:Fallback>'
                "<w:t>F</w:t></mc:Fallback></mc:AlternateContent></w:r>" + R(" x.")
            ),
            "means F x.",
        ),
    ],
)
def test_what_is_read_needs_no_word(cell: str, text: str) -> None:
    assert read(cell) == (text, ())
