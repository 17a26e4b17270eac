"""Quotation marks: the shapes in which letters use them, and those that are no quotation."""

from __future__ import annotations

import time

import pytest

from secdefs.outline.quotations import LABEL, leads, pair, quotations


def texts(words: str) -> list[list[str]]:
    return [[quote.text for quote in reading] for reading in quotations(words)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("the words “[TBC]” shall be replaced with the words “AT”.", ["[TBC]", "AT"]),
        ('the words "[TBC]" shall be replaced with the words "AT".', ["[TBC]", "AT"]),
        ("the words ‘[TBC]’ shall be replaced with the words ‘AT’.", ["[TBC]", "AT"]),
        ("the words '[TBC]' shall be replaced with the words 'AT'.", ["[TBC]", "AT"]),
        ("for “A” substitute 'B' and for \"C\" substitute ‘D’", ["A", "B", "C", "D"]),
        ("for ““Old Port”” substitute “Port”", ["“Old Port”", "Port"]),
        ("after “Port” insert “(“P”)”", ["Port", "(“P”)"]),
        ("insert ““Dock” means a dock;”; and", ["“Dock” means a dock;"]),
        ("insert “ “Dock” means a dock;”", ["“Dock” means a dock;"]),
        ('insert ""Dock" means a dock;"', ['"Dock" means a dock;']),
        ('insert "the "Dock" of a port"', ['the "Dock" of a port']),
        ('replace "X" with ", and Y".', ["X", ", and Y"]),
        ("omit “ X ”", ["X"]),
        ("omit “X.”", ["X."]),
        ("in the User’s ‘Code’ and the User's 'Code'", ["Code", "Code"]),
        ("‘in “X” the’ and “y”", ["in “X” the", "y"]),
        ("‘a ‘b’ c’", ["a ‘b’ c"]),
        ("the Parties’ notice to the Users’ agents", []),
        ("the Parties' notice to the Users' agents", []),
        ("no quotation", []),
        ("", []),
    ],
)
def test_one_reading(words: str, expected: list[str]) -> None:
    assert [expected] == texts(words)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("omit ‘the Users’ and ‘the Parties’", [["the Users", "the Parties"], ["the Users’ and ‘the Parties"]]),
        ("omit ‘the Users’ Premises’ there", [["the Users"], ["the Users’ Premises"]]),
    ],
)
def test_a_mark_after_an_s_has_two_readings(words: str, expected: list[list[str]]) -> None:
    assert expected == texts(words)


def test_a_mark_after_an_s_has_one_reading_where_only_one_balances() -> None:
    assert texts("omit ‘the Users’ Premises’") == [["the Users’ Premises"]]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("“(1) One.\n“(2) Two.”\nomit “x”", ["(1) One.\n(2) Two.", "x"]),
        ("““A” means a;\n““B” means—\n(a) one, or\n(b) two.”", ["“A” means a;\n“B” means—\n(a) one, or\n(b) two."]),
        ("““A” means a;\n“B” means b;\n“C” means c.”", ["“A” means a;\n“B” means b;\n“C” means c."]),
        ("““A” means a;”\n““B” means b.”", ["“A” means a;", "“B” means b."]),
        ("insert ““A” means—\n(a) one;\n(b) two.”; and", ["“A” means—\n(a) one;\n(b) two."]),
        ("“(6A) Where—\n(a) one;\n(b) two.\n(6B) Then.”", ["(6A) Where—\n(a) one;\n(b) two.\n(6B) Then."]),
    ],
)
def test_a_quotation_of_several_paragraphs(words: str, expected: list[str]) -> None:
    assert [expected] == texts(words)


@pytest.mark.parametrize(
    ("words", "expected", "unbalanced"),
    [
        ("the “lost mark\nand “X”", ["X"], (4,)),
        ("the lost” mark and “X”", ["X"], (8,)),
        ("“Annex A: one\n(c) in “X” omit “Y”;\n“Annex B: two”", ["X", "Y", "Annex B: two"], (0,)),
        ("““A” means a;\n(b) after “Z” insert—\n““Y” means y;”", ["A", "Z", "“Y” means y;"], (0,)),
        ("‘lost and ’tis", [], (0,)),
    ],
)
def test_a_mark_without_a_fellow_takes_nothing_with_it(
    words: str, expected: list[str], unbalanced: tuple[int, ...]
) -> None:
    assert [expected] == texts(words)
    assert unbalanced == pair(words).unbalanced


def test_a_quotation_lies_between_its_marks() -> None:
    (quote,) = quotations("omit “the words” there")[0]

    assert (quote.start, quote.end) == (5, 16)


@pytest.mark.parametrize(
    "words",
    ["“" * 200_000, "“\n" * 100_000, '"' * 200_000, "‘s’ " * 50_000, "“x\n" * 400 + "“" * 200_000, "””“" * 70_000],
    ids=["marks", "lines", "straight", "single", "behind", "closing"],
)
def test_hostile_marks_take_linear_time(words: str) -> None:
    began = time.process_time()
    pair(words)

    assert time.process_time() - began < 20  # a square of the length would take hours


@pytest.mark.parametrize(
    "label", ["(a)", "(aa)", "(A1)", "(1)", "(1A)", "(1ZD)", "(iv)", "a)", "iii)", "1)", "1.", "12A.", "•", "–", "-"]
)
def test_a_label_begins_a_line(label: str) -> None:
    found = LABEL.match(f"{label} words")

    assert found is not None
    assert label == found.group()


@pytest.mark.parametrize(
    "words", ["(word) x", "1.5 x", "H8.16 x", "(a)b", "–marked", "A x", "2021 x", "word) x", "a. x"]
)
def test_other_beginnings_are_no_label(words: str) -> None:
    assert LABEL.match(words) is None


@pytest.mark.parametrize(
    ("words", "expected"), [("insert—", True), ("as follows: ", True), ("add -", True), ("re-", False)]
)
def test_what_introduces_ends_in_a_colon_or_a_dash(words: str, expected: bool) -> None:
    assert expected is leads(words)
