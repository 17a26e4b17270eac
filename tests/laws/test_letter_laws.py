"""Laws of whole letters: a damaged letter orders the same, or it is said that something is wrong with it."""

from __future__ import annotations

import os
import re
from typing import Any

import msgspec
import pytest
from damage import Text, damaged, laid_out, letters, words
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from secdefs.letter.instrument import Instrument, read_instrument

MANY = int(os.environ.get("SECDEFS_DAMAGED_LETTERS", "0")) or 40
"""How many damaged letters are read; set it for a long run."""

slow = pytest.mark.slow
many = settings(
    max_examples=MANY, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def ordered(letter: Instrument) -> list[Any]:
    """What a letter orders and from when, without the places in it.

    Whether “WIC” is the code, and a document has the name that is given, is for the planning to say: a word that is
    glued to either is refused there.
    """
    encoded = [msgspec.json.encode([each.operation, each.commencement, each.effect]) for each in letter.instructions]
    return [re.sub(r'"WIC\w*"', "null", re.sub(r"Handbook\w+", "Handbook", words(each.decode()))) for each in encoded]


def says_something(letter: Instrument) -> bool:
    """Whether a finding is made, by the reading or, for want of a date, by the planning."""
    return bool(letter.findings) or any(each.commencement is None for each in letter.instructions)


def adds_up(letter: Instrument) -> bool:
    coverage = letter.coverage
    blank = sum(char.isspace() for char in letter.text)
    spans = sum(sum(not char.isspace() for char in letter.text[start:end]) for _, start, end in coverage.spans)
    counted = coverage.operation + coverage.context + coverage.not_understood
    return len(letter.text) - blank == coverage.characters == spans == counted


@slow
@many
@given(st.data())
def test_a_letter_orders_the_same_however_it_is_laid_out(data: st.DataObject) -> None:
    paragraphs = data.draw(letters())
    as_meant = read_instrument("\n\n".join(each.chars for each in paragraphs))
    arrived = read_instrument(data.draw(laid_out(paragraphs)).chars)

    assert as_meant.findings == ()
    assert adds_up(arrived)
    assert ordered(as_meant) == ordered(arrived) or says_something(arrived)


@slow
@many
@given(st.data())
def test_a_damaged_letter_orders_the_same_or_a_finding_is_made(data: st.DataObject) -> None:
    paragraphs = data.draw(letters())
    as_meant = ordered(read_instrument("\n\n".join(each.chars for each in paragraphs)))
    text: Text = data.draw(laid_out(paragraphs))
    whole = read_instrument(text.chars)
    assume(as_meant == ordered(whole))
    for _ in range(data.draw(st.integers(1, 3))):
        text = data.draw(damaged(text))
    letter = read_instrument(text.chars)

    assert adds_up(letter)
    assert as_meant == ordered(letter) or says_something(letter)


@slow
@many
@given(st.data())
def test_a_paragraph_that_is_lost_changes_no_other(data: st.DataObject) -> None:
    paragraphs = data.draw(letters())
    as_meant = ordered(read_instrument("\n\n".join(each.chars for each in paragraphs)))
    lost = data.draw(st.integers(0, len(paragraphs) - 1))
    left = [each for number, each in enumerate(paragraphs) if number != lost]
    letter = read_instrument("\n\n".join(each.chars for each in left))

    assert adds_up(letter)
    rest = ordered(letter)
    assert [each for each in as_meant if each in rest] == rest or says_something(letter)
