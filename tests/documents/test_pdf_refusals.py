"""PDF files that are no letters, and what of a page is not read: one clear line each, and never a traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from fixtures.make_letters import as_pdf, content
from fixtures.typeset import PLAIN, Paragraph, file_of, pdf, pdf_of
from secdefs import cli
from secdefs.findings import SecdefsError
from secdefs.read.pages import text_of_pdf

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = as_pdf(content((ROOT / "fixtures" / "letters" / "s1ckmp.txt").read_text(encoding="utf-8")))

LINE = "BT /F1 11 Tf 1 0 0 1 72 700 Tm (The Panel directs the following.) Tj ET"
PICTURE = "q 595 0 0 842 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \xff EI Q"


def one_page(*operators: str) -> bytes:
    """A PDF file of one page with these operators."""
    return pdf_of(["\n".join(operators).encode("latin-1")])


def encrypted() -> bytes:
    """A PDF file that opens with a password only."""
    contents = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    ]
    keys = b"/O<%s>/U<%s>" % (b"11" * 32, b"22" * 32)
    return file_of(contents, b"/Encrypt<</Filter/Standard/V 1/R 2%s/P -4>>/ID[<0102><0102>]" % keys)


REFUSED = {
    "empty": (b"", "the file is empty"),
    "blank": (b" \n\n ", "the file is empty"),
    "a picture": (b"\x89PNG\r\n\x1a\n", "a picture: run OCR first"),
    "an old Word file": (b"\xd0\xcf\x11\xe0\xa1\xb1", "save it as .docx without one"),
    "a rich text": (b"{\\rtf1 Dear all}", "an RTF file"),
    "a head alone": (b"%PDF-1.7\n", "is cut off"),
    "cut off": (SAMPLE[: len(SAMPLE) // 40], "is cut off"),
    "no pages": (file_of([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"]), "is damaged"),
    "a password": (encrypted(), "wants a password"),
    "a scan": (one_page(PICTURE), "scanned: run OCR first (its pages are pictures of text)"),
    "a scanned page": (
        pdf_of([LINE.encode(), PICTURE.encode("latin-1")]),
        "scanned: run OCR first (page 2 is a picture of text)",
    ),
    "nothing": (one_page(""), "no text in the file"),
    "too many pages": (pdf_of([b""] * 10_001), "10,001 pages; a letter of more than 10,000 is not read"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_letter_is_refused_in_one_line(name: str, tmp_path: Path) -> None:
    data, said = REFUSED[name]
    (tmp_path / "letter.pdf").write_bytes(data)

    run = CliRunner().invoke(cli.main, ("parse", str(tmp_path / "letter.pdf")))

    assert run.exit_code == 3
    assert said in run.stderr
    assert run.stderr.count("\n") == 1


def findings(data: bytes) -> list[tuple[str, str]]:
    """Code and message of what there is to say of a file."""
    return [(found.code, found.message) for found in text_of_pdf(data, "letter.pdf")[3]]


def words(data: bytes) -> list[str]:
    """The lines of the text that is read."""
    return text_of_pdf(data, "letter.pdf")[0].split("\n")[:-1]


AROUND = "The Panel directs the following."


@pytest.mark.parametrize(
    ("operator", "said"),
    [
        ("BT 3 Tr /F1 11 Tf 1 0 0 1 72 600 Tm (Nobody sees this.) Tj 0 Tr ET", "no reader of the page sees"),
        ("BT 1 1 1 rg /F1 11 Tf 1 0 0 1 72 600 Tm (White on white.) Tj ET", "no reader of the page sees"),
        ("BT /F1 11 Tf 1 0 0 1 72 -60 Tm (Below the page.) Tj ET", "no reader of the page sees"),
        ("BT /F1 60 Tf 0.7 0.7 -0.7 0.7 100 200 Tm (DRAFT) Tj ET", "set across the page is left out: “DRAFT”"),
    ],
)
def test_what_is_not_read_of_a_page_is_said(operator: str, said: str) -> None:
    data = one_page(LINE, operator)

    assert words(data) == [AROUND]
    assert [(code, said in message) for code, message in findings(data)] == [("SD505", True)]


def test_white_words_on_a_dark_ground_are_read() -> None:
    heading = "0 0 0.5 rg 60 590 400 30 re f BT 1 1 1 rg /F1 11 Tf 1 0 0 1 72 600 Tm (Seen by all.) Tj ET"

    assert words(one_page(LINE, heading)) == [AROUND, "Seen by all."]


def test_large_words_over_the_text_are_left_out_and_said() -> None:
    lines = [
        f"BT /F1 11 Tf 1 0 0 1 72 {700 - 14 * n} Tm (Line {n} of a text that is quite long.) Tj ET" for n in range(9)
    ]

    data = one_page(*lines, "BT /F1 90 Tf 1 0 0 1 120 620 Tm (COPY) Tj ET")

    assert "COPY" not in "".join(words(data))
    assert findings(data) == [("SD505", "large words set over the page are left out: “COPY”")]


def under(kind: bytes) -> bytes:
    """A PDF file of a line, with something of that kind laid over its first words."""
    contents = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[4 0 R]/Count 1>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Times-Roman/Encoding/WinAnsiEncoding>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents 5 0 R/Annots["
        b"<</Type/Annot/Subtype/%s/Rect[72 690 150 710]/QuadPoints[72 710 150 710 72 690 150 690]>>]>>" % kind,
        b"<</Length %d>>stream\n%s\nendstream" % (len(LINE), LINE.encode()),
    ]
    return file_of(contents)


def test_what_is_laid_over_a_page_is_said() -> None:
    assert findings(under(b"Stamp")) == [("SD505", "a stamp lies over the page and is not read")]


STRUCK = {
    "a line": one_page(LINE, "0.6 w 94 703.2 m 118 703.2 l S"),
    "a thin box": one_page(LINE, "94 702.8 24 0.7 re f"),
    "a mark laid over the page": under(b"StrikeOut"),
}


@pytest.mark.parametrize("name", STRUCK)
def test_words_that_are_struck_out_are_refused(name: str) -> None:
    # Read as they stand, the old words and the new would both go into the code.
    with pytest.raises(SecdefsError, match=r"“.*Panel.*” on page 1 is struck out"):
        words(STRUCK[name])


@pytest.mark.parametrize(
    "line",
    [
        "0.6 w 94 698.4 m 118 698.4 l S",  # underlined
        "0.6 w 60 708.9 m 500 708.9 l S",  # the upper border of a cell
        "0.6 w 60 696 m 500 696 l S",
        "0.6 w 300 703 m 400 703 l S",  # beside the words
        "0.6 w 94 690 m 94 710 l S",  # upright
    ],
)
def test_a_line_beside_words_strikes_none_out(line: str) -> None:
    assert words(one_page(LINE, line)) == [AROUND]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_is_turned_is_read_as_it_is_shown(turn: int) -> None:
    places = []
    for number, line in enumerate(("The Panel directs", "the following.")):
        x, y = 72, 100 + 14 * number
        place = {90: f"0 1 -1 0 {y} {x}", 180: f"-1 0 0 -1 {595 - x} {y}", 270: f"0 -1 1 0 {595 - y} {842 - x}"}[turn]
        places.append(f"BT /F1 11 Tf {place} Tm ({line}) Tj ET")
    data = one_page(*places).replace(b"/MediaBox", b"/Rotate %d/MediaBox" % turn)

    assert [" ".join(line.split()) for line in words(data)] == [AROUND]


def test_a_font_that_does_not_say_its_letters_is_refused() -> None:
    contents = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[4 0 R]/Count 1>>",
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[.1 0 0 .1 0 0]/FirstChar 1/LastChar 2/Widths[9 9]"
        b"/CharProcs<</g1 6 0 R>>/Encoding<</Differences[1/g1/g1]>>/Resources<<>>>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents 5 0 R>>",
        b"<</Length 50>>stream\nBT /F1 11 Tf 1 0 0 1 72 700 Tm <010201020102> Tj ET\nendstream",
        b"<</Length 20>>stream\n9 0 0 0 9 9 d1 0 0 9 9 re f\nendstream",
    ]

    with pytest.raises(SecdefsError, match=r"do not say which letters they show|no text in the file"):
        text_of_pdf(file_of(contents), "letter.pdf")


DAMAGE = """
import random, sys
sys.path[:0] = {path!r}
from secdefs.findings import SecdefsError
from secdefs.read.pages import text_of_pdf
data = sys.stdin.buffer.read()
chance = random.Random({seed})
for _ in range({tries}):
    bad = bytearray(data)
    for _ in range(chance.choice((1, 1, 3, 20))):
        at = chance.randrange(len(bad))
        match chance.randrange(4):
            case 0: bad[at] ^= 1 << chance.randrange(8)
            case 1: bad[at] = chance.randrange(256)
            case 2: del bad[at : at + chance.randrange(40)]
            case _: bad[at:at] = bytes(chance.randrange(256) for _ in range(chance.randrange(9)))
    try:
        text_of_pdf(bytes(bad), "letter.pdf")
    except SecdefsError as refused:
        assert "\\n" not in str(refused)
print("whole")
"""


def test_a_damaged_file_is_read_or_refused_and_ends_nothing() -> None:
    """In a process of its own, for what reads PDF files is no Python."""
    data = pdf([Paragraph("The Panel directs the following. " * 9)] * 3, {}, PLAIN)

    program = DAMAGE.format(path=[str(ROOT)], seed=1, tries=150)
    run = subprocess.run([sys.executable, "-c", program], input=data, capture_output=True, timeout=300, check=False)

    assert run.stdout == b"whole\n", run.stderr.decode()[-800:]
