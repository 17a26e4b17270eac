"""Lines, paragraphs and parts of a text; finding words in it; its ends and conjunctions."""

from __future__ import annotations

import pytest

from secdefs.change.ends import conjunction, conjunction_before, ending
from secdefs.change.matching import occurrences
from secdefs.change.text import cited, closing, extent, lines, opening, paragraphs, scope, sentences
from secdefs.change.words import places
from secdefs.findings import Refused
from secdefs.model import Beside, Each, End, Nth, Part, Quote, Sentence, Span, Words

NESTED = """\
means a number of messages which:
  (a) in relation to the DCC, is one set by the DCC; or
  (b) in relation to a User, is one:
    (i) set by that User; and
    (ii) notified to the DCC,
  and no more; or
  (c) in relation to a Party, is one,
in each case for a stated period of time."""


def cut(text: str, place: tuple[int, int]) -> str:
    return text[place[0] : place[1]]


def found(text: str, words: Words | str, within: tuple[int, int] | None = None, new: str = "") -> list[str]:
    quote = Quote(words) if isinstance(words, str) else words
    return [cut(text, place) for place in places(text, quote, within or (0, len(text)), new)]


def at(text: str, words: Words | str, within: tuple[int, int] | None = None) -> list[int]:
    quote = Quote(words) if isinstance(words, str) else words
    return [place[0] for place in places(text, quote, within or (0, len(text)))]


def refused(text: str, words: Words | str, within: tuple[int, int] | None = None) -> Refused:
    with pytest.raises(Refused) as caught:
        found(text, words, within)
    return caught.value


# --- lines ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "label", "body"),
    [
        ("(a) one", "a", "one"),
        ("  (aa) one", "aa", "one"),
        ("(A1) one", "A1", "one"),
        ("(1) one", "1", "one"),
        ("(1A) one", "1A", "one"),
        ("(xviii) one", "xviii", "one"),
        ("(za) one", "za", "one"),
        ("a) one", "a", "one"),
        ("iii) one", "iii", "one"),
        ("1. one", "1", "one"),
        ("1A. one", "1A", "one"),
        ("• one", "•", "one"),
        ("– one", "–", "one"),
        ("(a)", "a", ""),
        ("(a)one", None, "(a)one"),
        ("(2021) one", None, "(2021) one"),
        ("(see below) one", None, "(see below) one"),
        ("1.5 one", None, "1.5 one"),
        ("a one", None, "a one"),
        ("–one", None, "–one"),
    ],
)
def test_a_label_is_the_first_token_of_a_line(line: str, label: str | None, body: str) -> None:
    (row,) = lines(line)

    assert (label, body) == (row.label, line[row.body :])


def test_a_line_is_a_paragraph_two_spaces_a_level() -> None:
    rows = lines(NESTED)

    assert [row.depth for row in rows] == [0, 1, 1, 2, 2, 1, 1, 0]
    assert "\n".join(NESTED[row.start : row.end] for row in rows) == NESTED


def test_the_flush_tail_belongs_to_its_paragraph() -> None:
    assert [one.path for one in paragraphs(NESTED)] == [(), ("a",), ("b",), ("b", "i"), ("b", "ii"), ("c",)]
    assert cut(NESTED, extent(NESTED, ("b",))).startswith("(b) in relation")
    assert cut(NESTED, extent(NESTED, ("b",))).endswith("and no more; or")
    assert cut(NESTED, extent(NESTED, ("c",))) == "(c) in relation to a Party, is one,"
    assert cut(NESTED, extent(NESTED, ("b", "ii"))) == "(ii) notified to the DCC,"
    assert cut(NESTED, extent(NESTED, ())) == NESTED


def test_a_range_of_paragraphs_runs_through_the_last() -> None:
    assert cut(NESTED, extent(NESTED, ("a",), "b")).startswith("(a)")
    assert cut(NESTED, extent(NESTED, ("a",), "b")).endswith("no more; or")


@pytest.mark.parametrize(
    ("path", "through", "code", "names"),
    [
        (("d",), None, "SD203", "(a), (b), (c)"),
        (("b", "iii"), None, "SD203", "(i), (ii)"),
        (("b", "iii", "A"), None, "SD203", "(i), (ii)"),
        (("ii",), None, "SD203", "(a), (b), (c)"),
        (("a", "i"), None, "SD203", "no labelled paragraphs"),
        (("a",), "f", "SD203", "(a), (b), (c)"),
        (("c",), "a", "SD203", "range"),
    ],
)
def test_a_paragraph_that_is_not_there_is_refused(
    path: tuple[str, ...], through: str | None, code: str, names: str
) -> None:
    with pytest.raises(Refused) as caught:
        extent(NESTED, path, through)

    assert code == caught.value.code
    assert names in (caught.value.hint or "")


def test_the_first_label_that_is_not_there_is_named() -> None:
    with pytest.raises(Refused) as caught:
        extent(NESTED, ("b", "iii", "A"))

    assert caught.value.message == "there is no paragraph (iii) in (b)"


def test_two_paragraphs_of_one_path_are_refused() -> None:
    text = "one:\n  (a) x\ntwo:\n  (a) y\n  (b) z"

    with pytest.raises(Refused, match="2 paragraphs answer to") as caught:
        extent(text, ("a",))
    assert caught.value.code == "SD209"
    assert cut(text, extent(text, ("b",))) == "(b) z"


def test_blank_lines_part_nothing() -> None:
    text = "one:\n  (a) x\n\n    (i) y\n\n  (b) z\n"

    assert cut(text, extent(text, ("a",))) == "(a) x\n\n    (i) y"


def test_the_whole_text_ends_where_it_ends() -> None:
    assert extent("one\n", ()) == (0, 4)


def test_a_flush_tail_of_several_lines_belongs_to_its_paragraph() -> None:
    text = "of:\n  (a) any:\n    (i) one;\n  in so far\n  as it is\n  (b) two"

    assert cut(text, extent(text, ("a",))) == "(a) any:\n    (i) one;\n  in so far\n  as it is"
    assert cut(text, closing(text, ("a",))) == "in so far\n  as it is"


def test_a_bullet_is_cited_bare() -> None:
    assert cited(("b", "•")) == "(b)•"


# --- parts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "part", "expected"),
    [
        ((), "opening", "means a number of messages which:"),
        (("b",), "opening", "(b) in relation to a User, is one:"),
        ((), "closing", "in each case for a stated period of time."),
        (("b",), "closing", "and no more; or"),
        ((), "term", NESTED),
        (("b", "i"), "text", "(i) set by that User; and"),
    ],
)
def test_parts(path: tuple[str, ...], part: Part, expected: str) -> None:
    assert expected == cut(NESTED, scope(NESTED, path, None, part))


@pytest.mark.parametrize(("path", "part"), [(("a",), opening), (("a",), closing), (("c",), closing)])
def test_a_part_that_is_not_there_is_refused(path: tuple[str, ...], part: object) -> None:
    with pytest.raises(Refused) as caught:
        part(NESTED, path)  # type: ignore[operator]

    assert caught.value.code == "SD203"


def test_paragraphs_of_a_range_have_no_opening_words_together() -> None:
    with pytest.raises(Refused) as caught:
        scope(NESTED, ("a",), "b", "opening")

    assert caught.value.code == "SD209"


def test_a_list_without_labels_has_opening_and_closing_words() -> None:
    text = "means:\n  gas\n  coal\nin England."

    assert cut(text, opening(text, ())) == "means:"
    assert cut(text, closing(text, ())) == "in England."


def test_a_list_without_labels_is_that_of_its_own_paragraph() -> None:
    text = "means:\n  (a) of:\n    gas\n  (b) of:\n    coal\n    oil\n  or both"

    assert cut(text, opening(text, ("b",))) == "(b) of:"
    assert cut(text, closing(text, ("b",))) == "or both"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two. Three.", ["One.", "Two.", "Three."]),
        ("One at 8 a.m. on No. 5 of S.I. 2020 and so. Two", ["One at 8 a.m. on No. 5 of S.I. 2020 and so.", "Two"]),
        ("The “X.” Then Y.", ["The “X.”", "Then Y."]),
        ("It is H8.16. The DCC shall.", ["It is H8.16.", "The DCC shall."]),
        ("It is Appendix A. The DCC shall.", ["It is Appendix A.", "The DCC shall."]),
        ("By Mr J. Smith. The DCC.", ["By Mr J. Smith.", "The DCC."]),
        ("Any of:\n  1. one;\n  2. two.\nThen three.", ["Any of:\n  1. one;\n  2. two.", "Then three."]),
        ("no stop", ["no stop"]),
        ("Mr. Smith acts. The DCC shall.", ["Mr. Smith acts.", "The DCC shall."]),
        ("See S.I. The rest is as long as it has to be.", ["See S.I. The rest is as long as it has to be."]),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert expected == [cut(text, one) for one in sentences(text, (0, len(text)))]


def test_the_nth_sentence() -> None:
    text = "One. Two. Three."

    assert cut(text, scope(text, (), None, Sentence(2))) == "Two."
    assert cut(text, scope(text, (), None, Sentence(-1))) == "Three."
    assert cut(text, scope(text, (), None, Sentence(-3))) == "One."
    for n in (4, 0, -4):
        with pytest.raises(Refused, match=f"no sentence {n}") as caught:
            scope(text, (), None, Sentence(n))
        assert caught.value.hint == "the place has 3 sentences"


# --- the same words ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("the “DCC” means", '"DCC"', "“DCC”"),
        ('the "DCC" means', "“DCC”", '"DCC"'),
        ("the User’s data", "User's data", "User’s data"),
        ("a\u00a0User or", "a User", "a\u00a0User"),
        ("one;\n    two", "one; two", "one;\n    two"),
        ("a   User", "a User", "a   User"),
        ("a User", "a \n User", "a User"),
        ("end\u2011to\u2010end", "end-to-end", "end\u2011to\u2010end"),
        ("a caf\u0065\u0301 here", "café", "caf\u0065\u0301"),
        ("a café here", "caf\u0065\u0301", "café"),
        ("  a  caf\u0065\u0301  is  here", "is here", "is  here"),
        ("section 5(1) of", "section 5", "section 5"),
        ("section 5(1) of", "(1)", "(1)"),
        ("the User’s data", "User", "User"),
        ("at 25% of", "25", "25"),
        ("see H8.16.", "H8.16", "H8.16"),
        ("in 2022, 2023", "2022", "2022"),
        ("Appendix [TBC].", "[TBC]", "[TBC]"),
        ("a Sub-Committee", "Committee", "Committee"),
        ("the DCC may", " DCC ", "DCC"),
        ("and/or", "or", "or"),
    ],
)
def test_words_are_found_as_they_are_printed(text: str, words: str, expected: str) -> None:
    assert [expected] == found(text, words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("DATA", "AT"),
        ("1,200 units", "200"),
        ("1,200 units", "1"),
        ("1,200 units", "1,"),
        ("H8.16", "H8"),
        ("H8.16", "16"),
        ("at 00:30", "30"),
        ("in 2020/21", "2020"),
        ("section 5A", "5"),
        ("subsection (1A)", "(1)"),
        ("the dcc", "DCC"),
        ("a – b", "a - b"),
        ("a—b", "a-b"),
        ("caf\u0065\u0301", "cafe"),
        ("x\u0302 is", "x"),
        ("AT_1", "AT"),
    ],
)
def test_words_within_words_and_other_words_are_not_found(text: str, words: str) -> None:
    assert refused(text, words).code == "SD201"


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("of:\n  (a) a box", "a", [10]),
        ("of:\n  (a) box", "(a)", [6]),
        ("of:\n  1. at 1 o’clock", "1", [12]),
        ("of:\n  1. one", "1.", [6]),
        ("of:\n  a) a box", "a", [9]),
        ("section 5(a) a", "a", [10, 13]),
        ("of:\n  (a) box (b)", "b", [15]),
    ],
)
def test_the_label_of_a_paragraph_is_no_word(text: str, words: str, expected: list[int]) -> None:
    assert expected == at(text, Quote(words, Each()))


def test_words_that_are_but_a_label_are_said_to_be() -> None:
    assert "label of a paragraph" in (refused("of:\n  (a) box", "a").hint or "")


def test_overlapping_places_count() -> None:
    assert occurrences("a, b a, b a,", "a, b a,", (0, 12)) == ((0, 7), (5, 12))
    assert at("one two one two one", Quote("one two one", Nth((2,)))) == [8]
    assert refused("one two one two one", Quote("one two one", Nth((1, 2)))).code == "SD202"
    assert at("section (1)(1)", Quote("(1)", Each())) == [8, 11]
    assert refused("one two one two one", "one two one").code == "SD202"
    assert refused("one two one two one", Quote("one two one", Each())).code == "SD202"


@pytest.mark.parametrize(
    ("text", "words", "hint"),
    [
        ("the Dcc may", "DCC", "“Dcc”, which differs in capital letters"),
        ("2020–21 or", "2020-21", "“2020–21”, which differs in the dash"),
        ("section 5A (2) of", "5A(2)", "“5A (2)”, which differs in spaces"),
        ("the DATA is", "AT", "only inside a longer word: “DATA”"),
        ("see H8.16", "H8", "only inside a longer word: “H8.16”"),
        (
            "a Smart Metering Systems user",
            "Smart Metering System",
            "only inside a longer word: “Smart Metering Systems”",
        ),
        ("the Smart Meterng System of", "Smart Metering System", "nearest words are “Smart Meterng System”"),
        ("wholly other", "DCC Licence", "check the quotation"),
    ],
)
def test_words_that_are_not_there_bring_the_nearest(text: str, words: str, hint: str) -> None:
    assert hint in (refused(text, words).hint or "")


def test_words_that_stand_elsewhere_are_said_to() -> None:
    caught = refused(NESTED, "notified", extent(NESTED, ("a",)))

    assert caught.code == "SD201"
    assert "in paragraph (b)(ii)" in (caught.hint or "")


# --- which ------------------------------------------------------------------------------------------------------------

THRICE = "a User, a Party, a User and a User."


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (Quote("a User", Each()), [0, 17, 28]),
        (Quote("a User", Each(3)), [0, 17, 28]),
        (Quote("a User", Nth((2,))), [17]),
        (Quote("a User", Nth((-1,))), [28]),
        (Quote("a User", Nth((3, 1))), [0, 28]),
        (Quote("a Party"), [8]),
        (Quote("a Party", Each()), [8]),
        (Quote("a User", beside="beginning"), [0]),
        (Quote("a User", beside="end"), [28]),
        (Quote(".", beside="end"), [34]),
        (Quote("a User", beside=Beside("after", "a Party,")), [17]),
        (Quote("a User", beside=Beside("after", "a Party")), [17]),
        (Quote("a User", beside=Beside("before", "a Party")), [0]),
    ],
)
def test_which_place_is_meant(words: Quote, expected: list[int]) -> None:
    assert expected == at(THRICE, words)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (Quote("a User"), "SD202"),
        (Quote("a User", Each(2)), "SD202"),
        (Quote("a Party", Each(2)), "SD202"),
        (Quote("a Code", Each(2)), "SD201"),
        (Quote("a User", Nth((4,))), "SD201"),
        (Quote("a User", Nth((-4,))), "SD201"),
        (Quote("a User", Nth((0,))), "SD201"),
        (Quote("a Party", beside="end"), "SD201"),
        (Quote("a Party", beside="beginning"), "SD201"),
        (Quote("a User", beside=Beside("after", "a Code")), "SD201"),
        (Quote("User", beside=Beside("after", "Party")), "SD201"),
        (Quote("“”"), "SD201"),
        (Quote(" "), "SD201"),
    ],
)
def test_more_or_fewer_places_than_meant_are_refused(words: Quote, code: str) -> None:
    assert code == refused(THRICE, words).code


def test_the_place_that_is_missing_is_named() -> None:
    assert "no fourth “a User”" in refused(THRICE, Quote("a User", Nth((4,)))).message
    assert "no tenth “a User”" in refused(THRICE, Quote("a User", Nth((10,)))).message
    assert "no number 11 “a User”" in refused(THRICE, Quote("a User", Nth((11,)))).message


def test_the_places_are_counted_and_shown() -> None:
    caught = refused(THRICE, "a User")

    assert "occurs 3 times" in caught.message
    assert "“a User, a Party, a User…”" in caught.message
    assert "in each place" in (caught.hint or "")


def test_places_stay_within_the_range() -> None:
    assert at(NESTED, "User", extent(NESTED, ("b", "i"))) == [NESTED.index("that User") + 5]


# --- beside a paragraph -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (Quote("or", beside=Beside("after", path=("a",))), "or\n  (b)"),
        (Quote("or", beside=Beside("before", path=("b",))), "or\n  (b)"),
        (Quote("or", beside=Beside("after", path=("b",))), "or\n  (c)"),
        (Quote("or", beside=Beside("before", path=("c",))), "or\n  (c)"),
        (Quote("and", beside=Beside("after", path=("b", "i"))), "and\n    (ii)"),
        (Quote(",", beside=Beside("after", path=("c",))), ",\nin each"),
        (Quote("in each case", beside=Beside("after", path=("c",))), "in each case"),
        (Quote(":", beside=Beside("before", path=("a",))), ":\n  (a)"),
    ],
)
def test_words_beside_a_paragraph(words: Quote, expected: str) -> None:
    (start,) = at(NESTED, words)

    assert NESTED.startswith(expected, start)


def test_a_conjunction_may_stand_on_its_own_line() -> None:
    text = "means:\n  (a) one;\n  or\n  (b) two."
    place = (text.index("or\n"), text.index("or\n") + 2)

    assert place == conjunction(text, ("a",))
    assert place == conjunction_before(text, ("b",), "or")
    assert [place[0]] == at(text, Quote("or", beside=Beside("after", path=("a",))))
    assert [place[0]] == at(text, Quote("or", beside=Beside("before", path=("b",))))


def test_the_final_conjunction_is_the_last_word_of_the_subtree() -> None:
    assert conjunction(NESTED, ("b",)) == conjunction_before(NESTED, ("c",))
    assert cut(NESTED, conjunction(NESTED, ("b", "i"))) == "and"
    for path in (("c",), ("b", "ii")):
        with pytest.raises(Refused) as caught:
            conjunction(NESTED, path)
        assert caught.value.code == "SD201"
    with pytest.raises(Refused):
        conjunction_before(NESTED, ("a",))
    with pytest.raises(Refused) as caught:
        conjunction(NESTED, ("a",), "and")
    assert caught.value.hint == "“or” stands there"


# --- from and to ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (Span(Quote("in relation to the DCC"), Quote("by the DCC")), "in relation to the DCC, is one set by the DCC"),
        (Span(Quote("a number"), Quote("which")), "a number of messages which"),
        (Span(None, Quote("which")), "means a number of messages which"),
        (Span(Quote("for a stated"), None), "for a stated period of time"),
        (Span(Quote("relation to a Party"), End(("c",))), "relation to a Party, is one"),
        (Span(Quote("in each case"), Quote("time.")), "in each case for a stated period of time."),
        (Span(End(("c",)), Quote("case")), "in each case"),
        (Span(Quote("DCC", Nth((2,))), Quote("(b)")), "DCC; or\n  (b)"),
        (Span(Quote("set by that"), End(("b", "i"))), "set by that User"),
    ],
)
def test_from_and_to_take_in_both(words: Span, expected: str) -> None:
    assert [expected] == found(NESTED, words)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (Span(Quote("in relation"), None), "SD202"),
        (Span(Quote("means"), Quote("User")), "SD202"),
        (Span(Quote("stated"), Quote("which")), "SD201"),
        (Span(Quote("which"), Quote("Code")), "SD201"),
        (Span(Quote("Party"), End(("a",))), "SD201"),
        (Span(Quote("which"), End(("d",))), "SD203"),
    ],
)
def test_a_range_of_words_has_one_start_and_one_end(words: Span, code: str) -> None:
    assert code == refused(NESTED, words).code


def test_to_the_end_of_a_paragraph_may_be_the_one_itself() -> None:
    text = "(1) one:\n  (a) two,\n  (b) has expired or not;\n(2) three:\n  (b) four."
    within = extent(text, ("1", "b"))

    assert found(text, Span(Quote("has expired"), End(("b",))), within) == ["has expired or not"]
    assert found(text, Span(Quote("has expired"), End(("b",))), within, "is over.") == ["has expired or not;"]


def test_the_end_of_a_paragraph_of_another_is_none_of_the_whole() -> None:
    text = "of:\n  (a) two:\n    (i) three."

    assert refused(text, Span(Quote("two"), End(("i",)))).code == "SD203"
    assert found(text, Span(Quote("two"), End(("a", "i")))) == ["two:\n    (i) three"]


def test_a_range_to_the_end_may_be_its_first_words_alone() -> None:
    assert found("(a) one;", Span(Quote("one"), None), new="two") == ["one"]
    assert found("(a) one;", Span(Quote("one"), End(("a",))), new="two") == ["one"]


def test_a_range_from_the_beginning_leaves_the_label() -> None:
    text = "one:\n  (a) two and three."

    assert found(text, Span(None, Quote("and")), extent(text, ("a",))) == ["two and"]


@pytest.mark.parametrize(
    ("text", "new", "expected"),
    [
        ("one;", "two", (3, 3)),
        ("one;", "two.", (3, 4)),
        ("one;", "or", (4, 4)),
        ("one.", "or", (3, 3)),
        ("one; or", "two", (3, 3)),
        ("one; or", "two;", (3, 4)),
        ("one; or", "; and", (3, 7)),
        ("one", "two", (3, 3)),
        ("one.", "The DCC may act.", (4, 4)),
        ("one:—", "two", (3, 3)),
        ("one –", "two", (3, 3)),
        ("at 8 a.m.", "two", (9, 9)),
        ("and so on...", "two", (12, 12)),
        ("one.\n", "two", (3, 3)),
    ],
)
def test_where_the_end_is(text: str, new: str, expected: tuple[int, int]) -> None:
    assert expected == ending(text, (0, len(text)), new)


def test_a_point_is_inside_a_figure_between_digits_only() -> None:
    assert occurrences("see Part A.5 of it", "A", (0, 18)) == ((9, 10),)
    assert occurrences("see Part 4.5 of it", "4", (0, 18)) == ()
