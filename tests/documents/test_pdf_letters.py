"""Letters as PDF: what typesetters that are not ours make of a letter is read back, word for word."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from typesetters import BROWSER, OFFICE, Sheet, browser_pdf, office_pdfs, open_text, web_page

from fixtures import make_letters
from fixtures.make_letters import Content, as_docx, as_pdf, content
from fixtures.typeset import LOWER, RAISE, pdf_of
from secdefs import cli
from secdefs.letter.instrument import Instrument, instrument_of, read_instrument
from secdefs.read.letter import letter_from_bytes
from secdefs.read.pages import text_of_pdf

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = (ROOT / "fixtures" / "letters" / "s1ckmp.txt").read_text(encoding="utf-8")
REAL = ROOT.parent / "shared" / "letters" / "2021-12-16-s1ckmp-s1sr.txt"

HEAD = ("Department of Widgets and Gauges", "Direction of the autumn")
SHEETS = {
    "plain": Sheet(),
    "running lines": Sheet(width=420, height=595, margin=50, head=HEAD, foot=("Page # of ##",), even=("On the left",)),
    "justified, hyphens": Sheet(justified=True, hyphens=True, size=12, foot=("#",), above=0, first_line=30),
    "small pages": Sheet(
        width=340, height=420, margin=40, size=10, justified=True, hyphens=True, head=HEAD[:1], foot=("- # -",)
    ),
    "two columns": Sheet(columns=2, size=9.5, justified=True, hyphens=True, foot=(">#",)),
    "two ragged columns": Sheet(columns=2, size=9.5, above=4, foot=(">#",)),
    "lists": Sheet(labels="list", notes_hang=False, leading=115, above=10, foot=("Page #", "OFFICIAL")),
    "no space between": Sheet(labels="flush", above=0, first_line=24, font="DejaVu Sans", size=10),
    "double spaced": Sheet(leading=200, above=0, first_line=20, size=10),
    "tight": Sheet(above=2, font="Liberation Sans", leading=115),
}


def letter_text() -> str:
    """The text of the real letter where it is at hand, and of the sample where it is not."""
    return REAL.read_text(encoding="utf-8") if REAL.exists() else SAMPLE


def read(data: bytes) -> Content:
    """What is read of a PDF file, as its maker was given it."""
    text, _, layout, _ = text_of_pdf(data, "letter.pdf")
    apart = {start for start, _ in layout.furniture} | {note.start for note in layout.footnotes}
    marks = {note.anchor: note.mark for note in layout.footnotes if note.anchor is not None}
    paragraphs = []
    at = 0
    for line in text.split("\n"):
        begin = at + len(line) - len(line.lstrip())
        if line.strip() and begin not in apart:
            words, place = "", at
            while place < at + len(line):
                mark = marks.get(place)
                words += text[place] if mark is None else f"{RAISE}{mark}{LOWER}"
                place += 1 if mark is None else len(mark)
            paragraphs.append(" ".join(words.split()))
        at += len(line) + 1
    return Content(tuple(paragraphs), {note.mark: note.text for note in layout.footnotes})


def given(letter: Content) -> Content:
    """A letter with its spaces as a page shows them."""
    return Content(tuple(" ".join(each.split()) for each in letter.paragraphs), letter.notes)


def orders(instrument: Instrument) -> list[tuple[object, ...]]:
    """What a letter orders, its places left out."""
    return [(each.operation, each.commencement, each.effect, each.source.item) for each in instrument.instructions]


TAGGED = ("running lines", "two columns", "lists")
"""The sheets that are printed with the structure of the text in the file as well."""


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], bytes]:
    """A letter on every sheet by LibreOffice: the real one, and where it is not at hand the sample."""
    if OFFICE is None:
        pytest.skip("LibreOffice is not installed: apt-get install libreoffice-writer-nogui hyphen-en-gb")
    letter = content(letter_text())
    made = {}
    for tags, sheets in (("untagged", tuple(SHEETS)), ("tagged", TAGGED)):
        texts = {f"{number}.fodt": open_text(letter, SHEETS[sheet]) for number, sheet in enumerate(sheets)}
        texts["word.docx"] = as_docx(letter)
        printed = office_pdfs(texts, tmp_path_factory.mktemp(tags), tagged=tags == "tagged")
        made |= {(sheet, tags): printed[f"{number}.fodt"] for number, sheet in enumerate(sheets)}
        made["word", tags] = printed["word.docx"]
    return made


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sheet", "tags"),
    [*((sheet, "untagged") for sheet in (*SHEETS, "word")), *((sheet, "tagged") for sheet in (*TAGGED, "word"))],
)
def test_what_an_office_prints_is_read_as_it_was_written(
    sheet: str, tags: str, office: dict[tuple[str, str], bytes]
) -> None:
    assert given(content(letter_text())) == read(office[sheet, tags])
    text, pages, layout, _ = text_of_pdf(office[sheet, tags], "letter.pdf")
    assert orders(read_instrument(letter_text())) == orders(read_instrument(text, layout=layout, pages=pages))


@pytest.mark.slow
@pytest.mark.skipif(BROWSER is None, reason="Chromium is not installed: apt-get install chromium")
@pytest.mark.parametrize("sheet", ["running lines", "two columns"])
def test_what_a_browser_prints_is_read_as_it_was_written(sheet: str, tmp_path: Path) -> None:
    letter = content(letter_text())
    try:
        printed = browser_pdf(web_page(letter, SHEETS[sheet]), tmp_path, "letter")
    except subprocess.TimeoutExpired:
        pytest.skip("Chromium does not answer on this machine")

    assert given(letter) == read(printed)


@pytest.mark.parametrize("form", [as_pdf, as_docx])
def test_the_sample_letter_orders_the_same_as_text_pdf_and_word_file(form: Callable[[Content], bytes]) -> None:
    read = instrument_of(letter_from_bytes(form(content(SAMPLE)), "letter"))

    expected = read_instrument(SAMPLE)
    assert orders(expected) == orders(read)
    assert len(orders(expected)) == 4
    assert expected.annexes == read.annexes


def test_a_finding_in_a_pdf_says_page_and_paragraph(tmp_path: Path) -> None:
    wrong = SAMPLE.replace("“[TBC]” shall be replaced", "“[TBC]” shall be improved")
    (tmp_path / "letter.pdf").write_bytes(as_pdf(content(wrong)))

    run = CliRunner().invoke(cli.main, ("parse", str(tmp_path / "letter.pdf")))

    assert run.exit_code == 1
    text, pages, _, _ = text_of_pdf(as_pdf(content(wrong)), "letter.pdf")
    at = text.index("shall be improved")
    page, paragraph = sum(start <= at for start in pages), text.count("\n", 0, at) + 1
    assert f"(page {page}, paragraph {paragraph})" in run.stderr


def test_the_script_makes_the_same_files_each_time(tmp_path: Path) -> None:
    made = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        assert make_letters.main([str(folder)]) == 0
        made.append([(folder / name).read_bytes() for name in ("s1ckmp.pdf", "s1ckmp.docx")])

    assert made[0] == made[1]


def page_of(*lines: tuple[float, float, str]) -> bytes:
    """A PDF file of one page: lines as (size, height on the page, words)."""
    shown = [f"BT /F1 {size} Tf 1 0 0 1 72 {y} Tm ({words}) Tj ET" for size, y, words in lines]
    return pdf_of(["\n".join(shown).encode("ascii")])


TESTED = (11, 700, "The changes have arisen out of testing1. The Panel consulted on them in the autumn.")


def test_a_mark_that_is_raised_by_its_glyph_alone_is_lifted() -> None:
    text, _, layout, _ = text_of_pdf(page_of(TESTED, (8, 90, "1. The report of the tests.")), "letter.pdf")

    (note,) = layout.footnotes
    assert (note.mark, note.text) == ("1", "The report of the tests.")
    assert note.anchor == text.index("1. The Panel")


def test_a_figure_behind_a_word_is_no_mark_where_there_is_no_note() -> None:
    small = (8, 90, "2 Victoria Road, and not a note of the letter")
    text, _, layout, _ = text_of_pdf(page_of(TESTED, small), "letter.pdf")

    assert layout.footnotes == ()
    assert "testing1. The Panel" in text
