"""Laws of finding words and of the seam, on texts no one chose."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress

from hypothesis import assume, given
from hypothesis import strategies as st

from secdefs.change.matching import folded, occurrences, same
from secdefs.change.seam import appended, changes, inserted, omitted, substituted
from secdefs.change.text import extent, lines, paragraphs
from secdefs.change.words import places
from secdefs.findings import Refused
from secdefs.model import Each, Quote

LETTERS = ("a", "b", "A", "DCC", "5", "1", "200", "é", "e\u0301", "x\u0302", "\u0301", "and", "or", "_")
SPACES = (" ", " ", " ", "  ", "\u00a0", "\n", "\n  ")
MARKS = ("“", "”", '"', "’", "'", "-", "\u2011", "–", "—", ",", ".", ";", ":", "(", ")", "(a)", "(1)", "/", "£")
ATOMS = st.sampled_from((*LETTERS, *SPACES, *MARKS))
TEXTS = st.lists(ATOMS, max_size=24).map("".join)
QUOTES = st.lists(ATOMS, min_size=1, max_size=5).map("".join).filter(lambda words: bool(same(words)))
WORDS = st.lists(st.sampled_from(["the", "DCC", "User", "may", "act", "149", "5A"]), min_size=1, max_size=4).map(
    " ".join
)
SENTENCES = st.lists(
    st.sampled_from(["the", "DCC", "User,", "may", "(1)", "(as such)", "149", "5A", "“X”", "–", "act;", "and"]),
    min_size=1,
    max_size=12,
).map(" ".join)


def normal(words: str) -> str:
    """The comparison as the rule says it, without a thought for speed."""
    words = unicodedata.normalize("NFC", words)
    for group, one in (("“”„‟", '"'), ("‘’‚‛", "'"), ("\u2010\u2011", "-")):
        for char in group:
            words = words.replace(char, one)
    return re.sub(r"\s+", " ", words)


def naive(text: str, words: str, within: tuple[int, int]) -> list[tuple[int, int]]:
    """Every pair of offsets tried, and of those the ones inside no word, no figure and no character with its marks."""
    wanted = normal(words).strip()
    inside: set[int] = set()
    for word in re.finditer(r"(?:[\w\u0301\u0302]|(?<=\d)[.,/:](?=\d))+", text):
        inside.update(range(word.start() + 1, word.end()))
    inside |= {at for at, char in enumerate(text) if at and unicodedata.combining(char)}
    labels = [
        (row.content, row.content + len(text[row.content : row.body].rstrip())) for row in lines(text) if row.label
    ]
    return [
        (start, end)
        for start in range(within[0], within[1])
        if not text[start].isspace() and start not in inside
        for end in range(start + 1, within[1] + 1)
        if not text[end - 1].isspace() and end not in inside and normal(text[start:end]) == wanted
        if not any(low <= start and end <= high and (start, end) != (low, high) for low, high in labels)
    ]


@given(TEXTS, QUOTES, st.data())
def test_the_finder_agrees_with_a_slow_one(text: str, words: str, data: st.DataObject) -> None:
    low = data.draw(st.integers(0, len(text)))
    high = data.draw(st.integers(low, len(text)))

    assert naive(text, words, (low, high)) == list(occurrences(text, words, (low, high)))


@given(TEXTS, st.data())
def test_words_cut_from_a_text_are_found_there(text: str, data: st.DataObject) -> None:
    tokens = [(token.start(), token.end()) for token in re.finditer(r"\S+", text)]
    assume(tokens)
    first = data.draw(st.integers(0, len(tokens) - 1))
    start, end = tokens[first][0], tokens[data.draw(st.integers(first, len(tokens) - 1))][1]
    words = text[start:end]
    assume(same(words))
    expected = naive(text, words, (0, len(text)))
    assume((start, end) in expected)

    assert (start, end) in occurrences(text, words, (0, len(text)))


@given(TEXTS)
def test_every_offset_finds_its_way_back(text: str) -> None:
    view = folded(text)

    assert normal(text) == view.text
    assert (0, len(text)) == (view.raws[0], view.raws[-1])
    assert (0, len(view.text)) == (view.folds[0], view.folds[-1])


@given(TEXTS, QUOTES, st.data())
def test_a_place_is_within_its_range_and_equal_to_the_quotation(text: str, words: str, data: st.DataObject) -> None:
    low = data.draw(st.integers(0, len(text)))
    high = data.draw(st.integers(low, len(text)))
    found: tuple[tuple[int, int], ...] = ()
    with suppress(Refused):
        found = places(text, Quote(words, Each()), (low, high))

    for start, end in found:
        assert low <= start < end <= high
        assert normal(words).strip() == normal(text[start:end])


@given(TEXTS)
def test_lines_are_the_text_and_paragraphs_nest(text: str) -> None:
    assert text == "\n".join(text[row.start : row.end] for row in lines(text))
    known = paragraphs(text)
    for one in known[1:]:
        holder = known[one.parent]
        assert holder.start <= one.start < one.end <= holder.end
        assert one.path[:-1] == holder.path
        if sum(one.path == other.path for other in known) == 1:
            assert (one.start, one.end) == extent(text, one.path)


@given(SENTENCES, WORDS, st.data())
def test_words_put_for_words_and_back_restore_the_text(text: str, new: str, data: st.DataObject) -> None:
    tokens = [(match.start(), match.end()) for match in re.finditer(r"[A-Za-z0-9]+", text)]
    assume(tokens)
    start, end = data.draw(st.sampled_from(tokens))
    old = text[start:end]
    made = substituted(text, (start, end), new, (0, len(text)))
    after = made.made(text)

    assert (start, old, new) == tuple(made)
    assert text == substituted(after, (start, start + len(new)), old, (0, len(after))).made(after)


@given(TEXTS, TEXTS, st.data())
def test_nothing_but_the_words_and_the_spaces_at_the_seam_is_touched(text: str, new: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    for change in (substituted(text, (start, end), new, (0, len(text))), inserted(text, start, new)):
        after = change.made(text)

        assert after[: change.at] == text[: change.at]
        assert after[change.at + len(change.new) :] == text[change.at + len(change.old) :]
        kept = re.sub(r"\s", "", after)
        if re.sub(r"\s", "", new):
            assert kept == re.sub(r"\s", "", text[: change.at] + change.new + text[change.at + len(change.old) :])
    omission = omitted(text, (start, end), (0, len(text)))
    gone = re.sub(r"\s", "", omission.old)

    # At most one stop goes besides, where a line is left with nothing else.
    assert gone in {re.sub(r"\s", "", text[start:end]) + stop for stop in ("", *".;,:")}
    assert omission.new.strip() == ""


@given(SENTENCES, SENTENCES)
def test_what_is_put_at_the_end_is_there_in_full(text: str, new: str) -> None:
    after = appended(text, (0, len(text)), new).made(text)

    assert new in after
    assert "\n" not in after


@given(SENTENCES, st.sampled_from(["the", "DCC", "may"]), st.sampled_from(["User", "(x y)", ", or", ""]))
def test_changes_in_each_place_leave_none_behind(text: str, old: str, new: str) -> None:
    found = occurrences(text, old, (0, len(text)))
    assume(found)
    after = text
    for change in changes(text, found, new, (0, len(text))):
        after = change.made(after)

    assert occurrences(after, old, (0, len(after))) == ()
    assert "  " not in after
