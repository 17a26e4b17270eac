"""Limits: what is long, deep or crowded takes work that grows with its length alone, and ends in a clear answer."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import secdefs
from secdefs.cli import main

HEAD = (
    "16 December 2021\n\n"
    "The Panel directs that with effect from 17 December 2021 the Widget Code is amended as follows:\n\n"
)


def work(act: Callable[[], object]) -> int:
    """How many calls an act makes: a count, and never a time."""
    calls = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        act()
    finally:
        sys.setprofile(None)
    return calls


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, arguments)
    return result.exit_code, result.output


def code_of(*definitions: tuple[str, str]) -> str:
    entries = [{"term": term, "text": text} for term, text in definitions]
    held = {"section": "A", "heading": "Definitions", "version": "1.0", "order": "none", "entries": entries}
    code: dict[str, Any] = {"format": 1, "title": "Widget Code", "version": "1.0", "as_at": "2021-12-16"}
    return json.dumps({**code, "definitions": held})


LETTERS: dict[str, Callable[[int], str]] = {
    "brackets": lambda n: "(a) omit “" + "(" * n + ")" * n + "” in the definition of “X”.\n",
    "opening marks": lambda n: "(a) omit " + "“" * n + "\n",
    "marks in marks": lambda n: "(a) omit " + "“" * n + "x" + "”" * n + ".\n",
    "single marks": lambda n: "(a) omit " + "‘s’ a " * n + "\n",
    "straight marks": lambda n: "(a) omit " + '" ' * n + "\n",
    "labels on one line": lambda n: "(a) " * n + "omit “x”.\n",
    "levels": lambda n: "".join("  " * (i % 40) + f"({'aiA1'[i % 4]}) in paragraph (b)—\n" for i in range(n)),
    "items": lambda n: "".join(f"({i}) in the definition of “X{i}” omit “A”;\n" for i in range(1, n + 1)),
    "sentences in an item": lambda n: "(a) " + "omit “x”. Omit “y”. " * (n // 4) + "\n",
    "a list of words": lambda n: "(a) omit " + "“x”, " * n + "and “y”.\n",
    "words and words": lambda n: "(a) omit " + "“x” and " * n + "“y”.\n",
    "a list of terms": lambda n: "(a) in the definitions of " + "“x”, " * n + "and “y” omit “z”.\n",
    "words after words": lambda n: "(a) after " + "“x”, " * n + "insert “y”.\n",
    "places within places": lambda n: "(a) in " + "paragraph (a) of " * n + "Section B omit “x”.\n",
    "places and places": lambda n: "(a) in " + "paragraph (a) and in " * n + "paragraph (b) omit “x”.\n",
    "a long quotation": lambda n: "(a) omit “" + "word a’s " * n + "” in the definition of “X”.\n",
    "definitions set out": lambda n: (
        "(a) after the definition of “X” insert—\n" + "".join(f"  “T{i}” means (a) a; (b) b.\n" for i in range(n))
    ),
    "marks without width": lambda n: "(a) omit “" + "\u200b\u202e\u2066" * n + "”.\n",
    "marks on a letter": lambda n: "(a) omit “e" + "\u0301" * n + "”.\n",
    "blank lines": lambda n: "\n" * n + "(a) omit “x”.\n",
    "pages": lambda n: "word\fPage 1 of 2\n" * n,
    "footnotes": lambda n: "".join(f"a word{i} x\n" for i in range(n)) + "".join(f"{i} note\n" for i in range(1, n)),
    "dashes": lambda n: "(a) omit " + "—" * n + "\n",
    "bullets": lambda n: "• item\n" * n,
    "dates": lambda n: "17 December 2021 " * n + "\n",
}


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_takes_work_that_grows_with_its_length(name: str, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    counts = []
    for size in (8, 40, 160):  # the first fills what is kept
        letter.write_text(HEAD + LETTERS[name](size), encoding="utf-8")
        status: list[int] = []
        counts.append(work(lambda: status.append(run("parse", str(letter))[0])))  # noqa: B023 - called at once
        assert status[0] in (0, 1)

    _, few, many = counts

    assert many < 8 * few  # four times as long: four times the work, where pairs would make sixteen


PLANS: dict[str, tuple[Callable[[int], str], Callable[[int], str]]] = {
    "many places of one definition": (
        lambda n: code_of(("X", "means " + "A or " * n + "B.")),
        lambda n: "(a) in the definition of “X” the words “A” shall be replaced with the words “C” in each place.\n",
    ),
    "many definitions with the words": (
        lambda n: code_of(*((f"T{i}", f"means {i} or [TBC].") for i in range(n))),
        lambda n: "(a) in Section A the words “[TBC]” shall be replaced with the words “AT” in each place.\n",
    ),
    "many definitions put in": (
        lambda n: code_of(("X", "means A.")),
        lambda n: "(a) after the definition of “X” insert—\n" + "".join(f"  “T{i}” means a.\n" for i in range(n)),
    ),
    "many instructions that do not say when": (
        lambda n: code_of(*((f"T{i}", f"means {i} or [TBC].") for i in range(n))),
        lambda n: "".join(f"({i}) in the definition of “T{i}” omit “[TBC]”;\n" for i in range(n)),
    ),
}


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_takes_work_that_grows_with_what_it_changes(name: str, tmp_path: Path) -> None:
    code, letter = tmp_path / "code.json", tmp_path / "letter.txt"
    make, order = PLANS[name]
    head = HEAD.replace(" with effect from 17 December 2021", "") if "do not say when" in name else HEAD
    counts = []
    for size in (5, 25, 100):
        code.write_text(make(size), encoding="utf-8")
        letter.write_text(head + order(size), encoding="utf-8")
        counts.append(work(lambda: run("plan", str(code), str(letter))))

    _, few, many = counts

    assert many < 8 * few  # four times as long: four times the work, where pairs would make sixteen


def test_lists_within_lists_are_refused_before_they_multiply() -> None:
    places = "In paragraphs " + ", ".join(f"({label})" for label in "abcdefghjkl") + " and (m)—"

    reading = secdefs.parse("omit “x”.", within=[places] * 9)

    assert [found.code for found in reading.findings] == ["SD101"]
    assert "places together" in reading.findings[0].message


def test_as_many_definitions_as_a_code_has_may_be_named_in_one_sentence() -> None:
    terms = ", ".join(f"“T{i}”" for i in range(1500))

    reading = secdefs.parse(f"In the definitions of {terms} and “U” omit “x”.")

    assert (len(reading.instructions), reading.findings) == (1501, ())


def test_a_place_within_thousands_of_places_is_refused() -> None:
    reading = secdefs.parse("In " + "paragraph (a) of " * 5000 + "Section B omit “x”.")

    assert [found.code for found in reading.findings] == ["SD101"]


def test_places_in_a_long_list_are_all_read() -> None:
    places = " and in ".join(f"section {number}" for number in range(1, 3001))
    reading = secdefs.parse(f"In {places} omit “x”.")

    assert len(reading.instructions) == 3000
