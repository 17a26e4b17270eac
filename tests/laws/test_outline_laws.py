"""Laws of the outline: nothing is lost, nothing is claimed twice, and the width of a letter is no matter."""

from __future__ import annotations

import textwrap
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from secdefs.outline import QUOTE, Clause, Outline, clause, outline, sentences, spans, walk
from secdefs.outline.quotations import READINGS, pair, quotations

LETTERS = sorted((Path(__file__).resolve().parents[3] / "shared" / "letters").glob("*.txt"))

PARAGRAPHS = (
    "The Widget Panel, code parties and other interested parties",
    "1. The Panel consulted on the proposals described below between the spring and the autumn, and it received nine "
    "responses, all of which were in favour of the changes that this letter now makes to the Widget Code.",
    "2. The Panel also asked for views on the Gauge Handbook and on its place among the documents of the code.",
    "The Panel directs that, with effect from 1 June 2030, the Widget Code is changed in the following manner:",
    "(a) in the definition of “Gauge Operator” in Section A the words “[to be confirmed]” shall be replaced with the "
    "words “a person who operates a gauge under a licence”;",
    "(b) in the definition of “Gauge”—",
    "(i) the words “or meter” shall be deleted wherever they stand in it, but not in the words that follow it; and",
    "(ii) after the words “a device” there shall be inserted the words “that is sealed”;",
    "(c) the Gauge Handbook is hereby designated and incorporated in the form set out in Annex C of this direction.",
    "For the avoidance of doubt, nothing in this direction affects anything that was done under the code before it.",
)

shapes = st.lists(
    st.sampled_from(
        [
            *("(a) ", "(b) ", "(i) ", "(ii) ", "i) ", "1. ", "2. ", "1A. ", "• ", "– ", "(1) (a) ", "2.—(1) "),
            *(
                "“",
                "”",
                "““",
                "‘",
                "’",
                "'",
                '"',
                "word",
                "Word",
                "words’ ",
                "means",
                " ",
                ":",
                "—",
                ";",
                ".",
                ",",
                "-",
            ),
            *("\n", "\n\n", "\n\n\n", "\f", "\t", "1 A note\n", "Matrix1", "3", "Page 1 of 2\n", "\ue000", "\u00ad"),
        ]
    ),
    max_size=60,
).map("".join)
texts = st.one_of(st.text(max_size=200), shapes)


def letters_of(text: str) -> Counter[str]:
    return Counter(char for char in text if char.isalnum())


def everything(found: Outline) -> str:
    clauses = [
        part
        for each in walk(found.clauses)
        for part in (each.label or "", each.text, *(quote.text for quote in each.quotes), *each.block)
    ]
    return "".join([*clauses, *(note.text for note in found.footnotes)])


@given(texts)
@example("Matrix1 is.\n1 Note\n")
@example("x:\n“y\n")
def test_every_character_that_is_not_blank_is_in_exactly_one_span(text: str) -> None:
    covered = Counter(at for span in spans(outline(text)) for at in range(span.start, span.end))

    assert {at for at, char in enumerate(text) if not char.isspace()} <= covered.keys()
    assert set(covered.values()) <= {1}


@given(texts)
def test_no_letter_or_digit_is_lost_or_made(text: str) -> None:
    found = outline(text)
    lifted = "".join(text[start:end] for start, end in found.furniture)
    marks = "".join(note.mark * (1 + (note.anchor is not None)) for note in found.footnotes)

    assert letters_of(text) == letters_of(everything(found) + lifted + marks)


@given(texts)
def test_the_offsets_of_a_clause_lead_to_its_characters(text: str) -> None:
    for each in walk(outline(text).clauses):
        for reading in (each, *each.others):
            assert len(reading.offsets) == len(reading.text) + 1
            assert list(reading.offsets) == sorted(reading.offsets)
            assert reading.text.count(QUOTE) == len(reading.quotes)
            quotes = iter(reading.quotes)
            for char, at in zip(reading.text, reading.offsets, strict=False):
                if char == QUOTE:
                    assert at == next(quotes).start
                elif char not in " \N{REPLACEMENT CHARACTER}":
                    assert text[at] == char


@given(texts)
def test_a_quotation_begins_and_ends_with_its_marks(text: str) -> None:
    for each in walk(outline(text).clauses):
        for quote in each.quotes:
            assert (text[quote.start], text[quote.end - 1]) in {
                ("“", "”"),
                ('"', '"'),
                *[(a, b) for a in "‘'" for b in "’'"],
            }


@given(texts)
def test_a_clauses_sentences_are_the_clause(text: str) -> None:
    for each in (*walk(outline(text).clauses), clause(text)):
        parts = sentences(each)

        assert [word for part in parts for word in part.text.split()] == each.text.split()
        assert tuple(quote for part in parts for quote in part.quotes) == each.quotes
        assert (parts[0].label, parts[-1].block, parts[-1].children) == (each.label, each.block, each.children)
        assert all(len(part.offsets) == len(part.text) + 1 for part in parts)


@given(texts)
def test_readings_are_few_and_each_is_disjoint_and_in_order(text: str) -> None:
    readings = quotations(text)

    assert 1 <= len(readings) <= READINGS
    for reading in readings:
        ends = [0, *(at for quote in reading for at in (quote.start, quote.end))]
        assert ends == sorted(ends)


@given(texts)
def test_a_mark_without_a_fellow_opens_or_closes_no_quotation(text: str) -> None:
    marks = pair(text)

    assert not {at for found in marks.pairs for at in (found.start, found.end - 1)} & set(marks.unbalanced)


def shape(clauses: tuple[Clause, ...]) -> list[object]:
    return [(c.label, c.text, [q.text for q in c.quotes], c.block, shape(c.children)) for c in clauses]


@given(
    width=st.integers(min_value=45, max_value=120),
    between=st.sampled_from(["\n", "\n\n", "\n\n\n"]),
    ending=st.sampled_from(["", " "]),
)
def test_a_letter_reads_the_same_at_every_width(width: int, between: str, ending: str) -> None:
    typed = outline("\n".join(PARAGRAPHS))
    wrapped = between.join(
        f"{ending}\n".join(textwrap.wrap(each, width, break_long_words=False, break_on_hyphens=False))
        for each in PARAGRAPHS
    )

    assert shape(typed.clauses) == shape(outline(wrapped).clauses)


@given(width=st.integers(min_value=45, max_value=120), blank=st.sampled_from(["", " ", "  "]))
def test_a_letter_reads_the_same_with_a_blank_line_after_every_line(width: int, blank: str) -> None:
    typed = outline("\n".join(PARAGRAPHS))
    spaced = f"\n{blank}\n{blank}\n".join(
        f"\n{blank}\n".join(textwrap.wrap(each, width, break_long_words=False, break_on_hyphens=False))
        for each in PARAGRAPHS
    )

    assert shape(typed.clauses) == shape(outline(spaced).clauses)


@pytest.mark.skipif(not LETTERS, reason="no letters beside the checkout")
@pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.stem)
def test_every_character_of_a_letter_is_in_exactly_one_span(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    covered = Counter(at for span in spans(outline(text)) for at in range(span.start, span.end))

    assert {at for at, char in enumerate(text) if not char.isspace()} <= covered.keys()
    assert set(covered.values()) == {1}
