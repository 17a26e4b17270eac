"""The law of PDF letters: whatever one says and however it is set, its pages give its paragraphs and notes back."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fixtures.typeset import LOWER, RAISE, Paragraph, Running, Style, last_line, pdf
from secdefs.read.pages import text_of_pdf

WORDS = (
    "the", "Gauge", "Operator", "shall", "notify", "a", "party", "of", "any", "Self-Service", "change", "within",
    "documentation", "requirements", "§", "5.4", "17", "“TBC”", "Section", "H8.16,", "and", "re-designated",
    "interoperability", "AT", "in", "Schedule", "2,", "with", "effect",
)  # fmt: skip


@st.composite
def prose(draw: st.DrawFn, mark: str | None) -> str:
    """A sentence or two, a footnote's mark somewhere behind a word of it."""
    words = draw(st.lists(st.sampled_from(WORDS), min_size=8, max_size=60))
    if mark is not None:
        place = draw(st.integers(1, len(words) - 1))
        words[place] = f"{words[place]}{RAISE}{mark}{LOWER}"
    return f"The {' '.join(words)} rule."


def running(least: int, lines: Running) -> Running:
    """Running lines of letters of so many pages at least: in a shorter one nothing shows that they are any."""
    return lambda page, pages: lines(page, pages) if pages >= least else ()


HEADERS = (
    running(1, lambda page, pages: ()),
    running(2, lambda page, pages: ("Letter of the Panel",)),
    running(2, lambda page, pages: ("Letter of the Panel", "made in the autumn")),
    running(3, lambda page, pages: () if page == 1 else (f"Letter of the Panel, page {page}",)),
    running(4, lambda page, pages: (f"{page} Letter",) if page % 2 == 0 else (f"Panel {page}",)),
)
FOOTERS = (
    running(1, lambda page, pages: ()),
    running(1, lambda page, pages: (f"{page}",)),
    running(2, lambda page, pages: (f"Page {page} of {pages}", "Panel of the Gauges")),
    running(1, lambda page, pages: (f"– {page} –",)),
)


@st.composite
def letters(draw: st.DrawFn) -> tuple[list[Paragraph], dict[str, str], Style]:
    """Paragraphs and items, notes in their order, and how they are set."""
    count = draw(st.integers(3, 14))
    notes: dict[str, str] = {}
    paragraphs = []
    labels = iter("abcdefghijklmnop")
    number = 0
    gap = draw(st.sampled_from([4.0, 8.0, 14.0]))
    for _ in range(count):
        mark = None
        if draw(st.integers(0, 3)) == 0:
            mark = str(len(notes) + 1)
            notes[mark] = draw(prose(None))
        text = draw(prose(mark))
        match draw(st.sampled_from(["plain", "plain", "numbered", "item"])):
            case "numbered":
                number += 1
                paragraphs.append(Paragraph(f"{number}. {text}", 0, draw(st.sampled_from([0, 18])), gap))
            case "item":
                paragraphs.append(Paragraph(f"({next(labels)}) {text}", 24, 18, gap))
            case _:
                paragraphs.append(Paragraph(text, 0, 0, gap))
    style = Style(
        *draw(st.sampled_from([(595, 842, 72), (420, 595, 50), (400, 420, 40)])),
        justified=draw(st.booleans()),
        pieces=draw(st.sampled_from(["line", "word", "glyph"])),
        header=draw(st.sampled_from(HEADERS)),
        footer=draw(st.sampled_from(FOOTERS)),
    )
    return [told_apart(each, style) for each in paragraphs], notes, style


def told_apart(each: Paragraph, style: Style) -> Paragraph:
    """A paragraph whose last line is not full: at the end of a page nothing else would show that it ends."""
    while last_line(each, style) > 0.8:
        each = each._replace(text=each.text.removesuffix(" rule.") + " and so on rule.")
    return each


@settings(
    deadline=None,
    max_examples=30,
    # A letter is long to make smaller, and as it is it can be looked at.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
)
@given(letters())
def test_pages_give_the_paragraphs_and_notes_back(letter: tuple[list[Paragraph], dict[str, str], Style]) -> None:
    paragraphs, notes, style = letter
    data = pdf(paragraphs, notes, style)

    text, starts, layout, _ = text_of_pdf(data, "letter.pdf")
    apart = {start for start, _ in layout.furniture} | {note.start for note in layout.footnotes}
    marks = {note.anchor: note.mark for note in layout.footnotes if note.anchor is not None}
    found, at = [], 0
    for line in text.split("\n"):
        if line.strip() and at + len(line) - len(line.lstrip()) not in apart:
            words, place = "", at
            while place < at + len(line):
                mark = marks.get(place)
                words += text[place] if mark is None else f"{RAISE}{mark}{LOWER}"
                place += 1 if mark is None else len(mark)
            found.append(" ".join(words.split()))
        at += len(line) + 1

    assert [each.text for each in paragraphs] == found
    assert notes == {note.mark: note.text for note in layout.footnotes}
    assert list(starts) == sorted(starts)
