"""Sentences of one form: what is made of a form is what is read in full, whatever is quoted or set out."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sentences import Case, cases

import secdefs
from secdefs import parse  # noqa: F401 - loads the module that is looked into below
from secdefs.model import Quote
from secdefs.outline import block_of
from secdefs.outline.labels import block_lines
from secdefs.sentence.forms import Forms, NoForm, constructor, marks, set_out_as
from secdefs.sentence.written import split

module = sys.modules["secdefs.sentence.parse"]

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
CASES = tuple(cases())

# What decides something somewhere: nothing, marks, terms, labels, verbs, commas, lines, the sentence's own words.
TELLING = (
    "", " ", ",", ";", "or", "and", "the", "2", "(2)", "(a)", "(b) two", "H8.16", "section 5", "paragraph (a)", "A",
    "X", "X,", "X;", "Gauge", "Working Day", "[TBC]", "“Y” means two", "‘Y’ means two", '"Y" means two', "it’s", "a  b",
    "a\nb", "for “a” substitute “b”", "omit", "Appendix AM: Rules", "AM", "\ue100;", "\ue101",
    "\ue810", "\u200b", "£5", "…", "”", "“",
)  # fmt: skip
WORDS = st.one_of(st.sampled_from(TELLING), st.text(alphabet='ab (),;.2’‘“”"—', max_size=8))
LINES = st.one_of(
    st.sampled_from(
        (
            "(b) two;", "“Y” means two;", "(a) one; and", "two", "“(c) three”", "one”", "  (i) deep", "(ca) more, and—",
            "““Y” means two;”.", "‘Y’ means two", "AM – Rules", "1 One", "”", "", " ",
        )
    ),
    WORDS.filter(lambda text: "\n" not in text),
)  # fmt: skip


def in_full(words: str, within: Sequence[str], block: Sequence[str]) -> secdefs.Reading:
    """The reading by all stages, with no form known."""
    module._FORMS.clear()
    return module._in_full(words, within, block)


def twice_before(words: str, within: Sequence[str], block: Sequence[str]) -> None:
    """Let the form of a sentence be known."""
    for _ in range(2):
        secdefs.parse(words, within=within, block=block)


def same(words: str, within: Sequence[str], block: Sequence[str]) -> bool:
    """Hold what is read with the forms known against what is read without them: all of it, offsets too."""
    with_forms = secdefs.parse(words, within=within, block=block)
    known, seen = dict(module._FORMS._known), dict(module._FORMS._seen)
    without = in_full(words, within, block)
    module._FORMS._known.update(known)
    module._FORMS._seen.update(seen)
    return with_forms == without


def filled(words: str, chosen: Sequence[str], at: int = 0) -> str:
    """The sentence with other words in its quotations."""
    parts = module.one_clause(words)
    result, end = "", 0
    for number, quote in enumerate(parts.quotes):
        result += words[end : quote.start] + f"“{chosen[(at + number) % len(chosen)]}”"
        end = quote.end
    return result + words[end:]


def test_each_fixture_is_read_as_it_is_in_full() -> None:
    for case in CASES:
        twice_before(case.sentence, case.within, case.block)

        assert same(case.sentence, case.within, case.block), case.sentence


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(CASES), st.lists(WORDS, min_size=1, max_size=5), st.lists(LINES, min_size=1, max_size=3))
def test_what_is_quoted_decides_nothing_that_a_form_does_not_see(
    case: Case, chosen: list[str], lines: list[str]
) -> None:
    block = tuple(lines) if case.block else ()
    within = tuple(filled(lead, chosen, number + 1) for number, lead in enumerate(case.within))
    words = filled(case.sentence, chosen)
    twice_before(case.sentence, case.within, case.block)
    twice_before(filled(case.sentence, ("one", "two", "three")), case.within, case.block)

    assert same(words, within, block)
    assert same(words, within, case.block)


@pytest.mark.parametrize(
    ("within", "form", "block", "telling", "set_out"),
    [
        # A definition, and not words that go in.
        ((), "in section 5, after “{}” insert “{}”", (), ("A", "“Y” means two"), ()),
        # The comma at the end of a name is the sentence's; that of words is theirs.
        (("In the definition of “{}”—",), "omit “{}”", (), ("X,", "A,"), ()),
        # One definition, where the sentence speaks of two.
        (("In the definitions of “{}” and “{}”—",), "in both definitions, omit “{}”", (), ("X", "X", "A"), ()),
        (("In the definitions of Gauge and “{}”—",), "in both definitions, omit “{}”", (), ("Gauge", "A"), ()),
        # Neither: what one of the two would change is not said.
        (
            (),
            "The definition of “{}” in Section A and the definition of “{}” in Section B are omitted.",
            (),
            ("X", "Y"),
            (),
        ),
        # One omission, and not two.
        ((), "in section 5, omit “{}” and “{}”", (), ("A", "A"), ()),
        ((), "in section 5, omit [TBC] and “{}”", (), ("[TBC]",), ()),
        ((), "in section 5, omit “{}”", (), (" ",), ()),
        # The next of the list, and not a list within.
        ((), "at the end of paragraph (c) insert—", ("(zzz) one;",), (), ("(d) one;",)),
        ((), "after paragraph (b) insert—", ("(c) one;",), (), ("one” two",)),
        ((), "after paragraph (b) insert—", ("(c) one;",), (), ("(c) …one;",)),
        ((), "for paragraph (b) substitute—", ("(b) one;",), (), ("(b) one...",)),
        ((), "after paragraph (b) insert—", ("(c) one;",), (), ("“Y” means one;",)),
        (("In section 5—",), "after “{}” insert—", ("(c) one;",), ("X",), ("“Y” means one;",)),
        (("In section 5—",), "after “{}” insert—", ("“Y” means one;",), ("X",), ("(c) one;",)),
        ((), "for paragraphs (a) and (b) substitute—", ("(a) one;",), (), ("(a) one;", "(b) two;")),
        ((), "in the list of Appendices, at the end insert “{}”", (), ("AM: Rules",), ()),
        ((), "for paragraph (a) substitute “{}”", (), ("(a) one;",), ()),
    ],
)
def test_words_that_tell_are_read_for_what_they_are(
    within: tuple[str, ...], form: str, block: tuple[str, ...], telling: tuple[str, ...], set_out: tuple[str, ...]
) -> None:
    def written(chosen: Sequence[str]) -> tuple[tuple[str, ...], str]:
        *leads, words = "\n".join((*within, form)).format(*chosen).split("\n")
        return tuple(leads), words

    for number in range(3):
        leads, words = written([f"plain{number} {place}" for place in range(len(telling))])
        twice_before(words, leads, block)
    leads, words = written(telling)

    assert same(words, leads, set_out)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of published instructions is not beside this checkout")
def test_each_published_instruction_is_read_as_it_is_in_full() -> None:
    made = module._READINGS.made
    for name in ("statute_definitions", "statute_instructions"):
        for line in (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()[::3]:
            row = json.loads(line)
            given = row["instruction"], tuple(row["context"]), tuple(row["block"] or ())
            twice_before(*given)

            assert same(*given), row["id"]
    assert module._READINGS.made > made


@settings(max_examples=300, deadline=None)
@given(st.lists(LINES, min_size=1, max_size=3))
def test_a_block_of_one_line_is_read_as_any_block(lines: list[str]) -> None:
    assume(any(line.strip() for line in lines))
    indents = [len(line) - len(line.lstrip()) for line in lines]

    assert tuple(block_lines("\n".join(line.strip() for line in lines), indents)) == block_of(lines)


# --- how much work it is ----------------------------------------------------------------------------------------------


def test_the_third_sentence_of_a_form_is_read_without_the_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    monkeypatch.setattr(module, "_tree", lambda lexemes, tree=module._tree: read.append("tree") or tree(lexemes))
    for number in range(50):
        secdefs.parse(
            f"in paragraph (zb), for “{number} days” substitute “{number} weeks”;", within=("In section 977—",)
        )

    # Once for each of the first two, and twice with marks: by itself, and as the forms of letters have it.
    assert len(read) <= 4


def test_the_third_item_of_a_letter_is_read_without_the_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[int] = []
    monkeypatch.setattr(module, "_tree", lambda lexemes, tree=module._tree: steps.append(len(lexemes)) or tree(lexemes))
    clauses = [module.one_clause(f"for “{number} zols” substitute “{number} weeks”;") for number in range(50)]
    found = [module.orders((each,))[0] for each in clauses]

    assert len(steps) <= 3
    assert [Quote(f"{number} zols") for number in range(50)] == [order[0].operation.old for order in found]


def test_no_more_forms_are_kept_than_the_limit() -> None:
    forms: Forms[int, str] = Forms(limit=8)
    for number in range(100):
        assert not forms.due(number)
        assert forms.due(number)
        forms.put(number, "form")
        forms.due(-number - 1)

    assert len(forms._known) <= 8
    assert len(forms._seen) <= 8
    assert forms.get(99) == "form"
    assert forms.get(0) is None


# --- what makes values ------------------------------------------------------------------------------------------------


def test_a_value_is_made_of_other_words() -> None:
    one, two = marks(2)
    read = (Quote(one), Quote(two.rstrip(";")), "as ever")

    assert (Quote("A,"), Quote("B"), "as ever") == constructor(read, 2, "")(("A,", "B,", ()))


def test_a_value_that_holds_but_part_of_a_mark_has_no_form() -> None:
    (one,) = marks(1)

    with pytest.raises(NoForm):
        constructor((f"the {one}",), 1, "")


def test_a_value_in_which_a_mark_is_nowhere_has_no_form() -> None:
    with pytest.raises(NoForm):
        constructor((Quote(marks(2)[0]),), 2, "")
    with pytest.raises(NoForm):
        constructor((Quote(marks(1)[0]),), 1, "paragraphs")


def test_what_is_set_out_in_part_has_no_form() -> None:
    (line,) = set_out_as("paragraphs")

    with pytest.raises(NoForm):
        constructor((Quote(f"{line} more"),), 0, "paragraphs")


@pytest.mark.parametrize(
    "words",
    [
        "for ‘a’ substitute ‘b’",
        'for "a" substitute "b"',
        "for “a “b” c” substitute “d”",
        "for “a substitute “b”",
        "for  “a” substitute “b”",
        "for “ a” substitute “b”",
        "for “a” substitute “b”\n",
        "for “a” substitute “b\u00a0c”",
        "for “a” substitute ‘b’s’",
        "for “\ue100;” substitute “b”",
    ],
)
def test_a_sentence_whose_characters_leave_its_quotations_open_is_not_split(words: str) -> None:
    assert split(words, (), ()) is None


def test_a_split_sentence_is_its_form_and_what_it_quotes() -> None:
    found = split("for “a’s” substitute “b”;", ("In the definition of “X”—",), ("(c) three;",))

    assert found is not None
    assert found.quoted == ["X", "a’s", "b"]
    assert (found.kind, found.lines) == ("paragraphs", ("(c) three;",))
    assert found.marked()[1] == f"for “{marks(3)[1]}” substitute “{marks(3)[2]}”;"


def test_a_reading_is_a_value_of_its_own() -> None:
    one, two = (secdefs.parse(f"omit “{word} qq”", within=("In section 4—",)) for word in ("a", "b"))

    assert one != two
    assert msgspec.json.encode(one) != msgspec.json.encode(two)
