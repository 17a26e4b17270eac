"""The seam, case by case: what a lawyer would print after a substitution, an insertion or an omission."""

from __future__ import annotations

import pytest

from secdefs.change.ends import conjunctions
from secdefs.change.seam import Change, appended, changes, inserted, insertion_point, insertions, omitted, substituted
from secdefs.change.stray import stray
from secdefs.change.words import places
from secdefs.findings import Refused, SecdefsError
from secdefs.model import Each, Quote, Span, Spot


def whole(text: str) -> tuple[int, int]:
    return 0, len(text)


def substitute(text: str, old: str, new: str) -> str:
    (place,) = places(text, Quote(old), whole(text))
    return substituted(text, place, new, whole(text)).made(text)


def insert(text: str, where: str, anchor: str, new: str) -> str:
    spot = Spot(where=where, words=Quote(anchor))  # type: ignore[arg-type]
    return inserted(text, insertion_point(text, whole(text), spot, new), new).made(text)


def omit(text: str, old: str) -> str:
    (place,) = places(text, Quote(old), whole(text))
    return omitted(text, place, whole(text)).made(text)


@pytest.mark.parametrize(
    ("text", "old", "new", "expected"),
    [
        ("paragraphs 16 and 17 apply", "and 17", ", 17 and 17A", "paragraphs 16, 17 and 17A apply"),
        ("paragraphs 6, 7 and 17 apply", ", 7 and 17", "and 7", "paragraphs 6 and 7 apply"),
        ("in 2022;", ";", "and each year.", "in 2022 and each year."),
        # A comma for a word, and a word for a comma.
        ("the Housing Act 1988 or the Act", "or", ",", "the Housing Act 1988, the Act"),
        ("the Housing Act 1988, the Act", ",", "or", "the Housing Act 1988 or the Act"),
        # Brackets for words, and words for brackets.
        ("set out in Appendix [TBC].", "[TBC]", "AT", "set out in Appendix AT."),
        ("set out in Appendix AT.", "AT", "[TBC]", "set out in Appendix [TBC]."),
        ("Appendix [TBC] (Policy)", "[TBC]", "AT", "Appendix AT (Policy)"),
        ("a User (as defined) may", "(as defined)", "or a Party", "a User or a Party may"),
        # Citations: a label stands close to its number, a bracket of words does not.
        ("section 5(1) of", "5", "6A", "section 6A(1) of"),
        ("section 5(1) of", "5(1)", "5", "section 5 of"),
        ("section 5 of", "5", "5(1)", "section 5(1) of"),
        ("section 5, or", "5", "5(1)", "section 5(1), or"),
        ("section 5(1) applies", "(1)", "(as modified)", "section 5 (as modified) applies"),
        ("subsection (2) (a) applies", "(a)", "(b)", "subsection (2) (b) applies"),
        ("in section 149 of that Act", "of that Act", "(2)", "in section 149(2)"),
        ("made on 1 June 2022 above", "above", "(a)", "made on 1 June 2022 (a)"),
        # Ends of texts and of lines.
        ("(d) the Party.", ".", "; or", "(d) the Party; or"),
        ("(d) the Party.\n(e) the User.", "the Party.", "a Party; or", "(d) a Party; or\n(e) the User."),
        ("one; and", "; and", ".", "one."),
        # What was printed stays printed where the kinds are the same.
        ("a fee of £50.00, payable", "£50.00", "£136.00", "a fee of £136.00, payable"),
        ("a fee of fifty pounds", "fifty pounds", "£50", "a fee of £50"),
        ("the “DCC” means", "DCC", "Company", "the “Company” means"),
        ("the “DCC” means", "“DCC”", "Company", "the Company means"),
        ("every Sub-Committee meets", "Committee", "Group", "every Sub-Group meets"),
        ("A — as amended — B", "as amended", "as it stands", "A — as it stands — B"),
        ("the DCC—\n  (a) one", "DCC", "Company", "the Company—\n  (a) one"),
        ("a\u00a0User or a Party", "User", "Supplier", "a\u00a0Supplier or a Party"),
        ("the  DCC  may", "DCC", "Company", "the  Company  may"),
        # The spaces at the edges of a quotation are nothing.
        ("the DCC may", "DCC", " Company ", "the Company may"),
        ("10 or 20 days", "10 or 20", "15", "15 days"),
        # The right seam by itself, and the edges of a line.
        ("the Sub-Committee meets", "Sub-", "Small", "the Small Committee meets"),
        ("section 5(1)(b) applies", "(1)", "(as modified)", "section 5 (as modified) (b) applies"),
        ("one:\n  (a) two or three", "two", "(1) two", "one:\n  (a) (1) two or three"),
        ("one:\n  two or three", "two", "(any two)", "one:\n  (any two) or three"),
        ("at 25 per cent. of", "25 per cent.", "35%", "at 35% of"),
    ],
)
def test_substitution(text: str, old: str, new: str, expected: str) -> None:
    assert expected == substitute(text, old, new)


@pytest.mark.parametrize(
    ("text", "where", "anchor", "new", "expected"),
    [
        ("under section 149 of", "after", "section 149", "(1)", "under section 149(1) of"),
        ("subsection (3E) applies", "after", "subsection", "(3AA) or", "subsection (3AA) or (3E) applies"),
        ("paragraphs (1), (2) and", "after", "(1),", "(1A),", "paragraphs (1), (1A), (2) and"),
        ("8 a.m. and", "after", "8 a.m.", "(local time)", "8 a.m. (local time) and"),
        ("sections 80I and 86", "before", "and 86", ", 80J", "sections 80I, 80J and 86"),
        ("under section 149(b)", "after", "149", "(1)", "under section 149(1)(b)"),
        ("under section 149.", "after", "149", "(1)", "under section 149(1)."),
        ("section 149 applies", "after", "149", "(as modified)", "section 149 (as modified) applies"),
        ("the DCC may", "after", "DCC", ", a User", "the DCC, a User may"),
        ("the DCC, a Party", "after", "DCC", "or a User", "the DCC or a User, a Party"),
        ("the DCC.", "after", "DCC", "or a User", "the DCC or a User."),
        ("the DCC.", "after", "DCC", "(or a User)", "the DCC (or a User)."),
        ("(a User) may", "before", "a User", "the DCC or", "(the DCC or a User) may"),
        ("(a User) may", "after", "a User", "or a Party", "(a User or a Party) may"),
        ('the "DCC" may', "before", "DCC", "new", 'the "new DCC" may'),
        ('the ("DCC") may', "before", "DCC", "new", 'the ("new DCC") may'),
        ('"DCC" may', "before", "DCC", "new", '"new DCC" may'),
        ('the "DCC" may', "after", "DCC", "or User", 'the "DCC or User" may'),
        ('the "DCC" may', "before", "may", "also", 'the "DCC" also may'),
        ("the Committee meets", "before", "Committee", "Sub-", "the Sub-Committee meets"),
        ("the DCC services", "after", "DCC", "-related", "the DCC-related services"),
        ("the DCC services", "after", "DCC", "’s", "the DCC’s services"),
        ("one;\n  two", "after", "one;", "and", "one; and\n  two"),
        ("one:\n  (a) two", "before", "two", "a new", "one:\n  (a) a new two"),
        ("one:\n  (a) two", "before", "two", "(subject to (b))", "one:\n  (a) (subject to (b)) two"),
        ("one:\n  two", "before", "two", "a new", "one:\n  a new two"),
        ("a\u00a0User", "after", "a", "new", "a new\u00a0User"),
        ("notify a User and/or DCC", "after", "User", "/Party", "notify a User/Party and/or DCC"),
        ("the Party – a User – may", "after", "Party", "or DCC", "the Party or DCC – a User – may"),
    ],
)
def test_insertion(text: str, where: str, anchor: str, new: str, expected: str) -> None:
    assert expected == insert(text, where, anchor, new)


@pytest.mark.parametrize(
    ("text", "old", "expected"),
    [
        ("the A, relevant tenant, may", ", relevant tenant,", "the A may"),
        ("A, upgrading of B", ", upgrading", "A of B"),
        ("shall, until 1 January 2021, keep", "until 1 January 2021,", "shall, keep"),
        ("(a) one; and", "and", "(a) one;"),
        ("section 5 (except x), may", "(except x)", "section 5, may"),
        ("the DCC (a Party) may", "a Party", "the DCC () may"),
        ("strictly the DCC may", "strictly", "the DCC may"),
        ("(a) strictly the DCC may", "strictly", "(a) the DCC may"),
        ("the DCC may strictly.", "strictly", "the DCC may."),
        ("A—as such—B", "—as such—", "A B"),
        ("A – as such – B", "as such –", "A – B"),
        ("a,(x)b", "(x)", "a,b"),
        ("a(x)b", "(x)", "a b"),
        ("A – as such – B", "– as such", "A – B"),
        ("A – as such – B", "– as such –", "A B"),
        ("subsections (1) and (2) apply", "and", "subsections (1) (2) apply"),
        ("section 5A(1) applies", "(1)", "section 5A applies"),
        ("section 149 above(1) applies", "above", "section 149(1) applies"),
        ("“the DCC” means", "the", "“DCC” means"),
        ("an and/or list", "and/", "an or list"),
        # A whole line goes with its newline, and takes its stop.
        ("one:\n  (a) two;\n  (b) three.", "(a) two;", "one:\n  (b) three."),
        ("one:\n  (a) two;\n  (b) three.", "(b) three", "one:\n  (a) two;"),
        ("one:\n  (a) two,\nin each case for a year.", "in each case for a year", "one:\n  (a) two,"),
        ("first.\nsecond.\nthird.", "first", "second.\nthird."),
        ("(a) two;\nand\n(b) three", "and", "(a) two;\n(b) three"),
        # A line of which more is left keeps its place.
        ("one:\n  (a) two or three;\n  (b) four.", "(a) two", "one:\n  or three;\n  (b) four."),
        ("one:\n  (a) two;\n  (b) three.", "two;\n  (b)", "one:\n  (a) three."),
    ],
)
def test_omission(text: str, old: str, expected: str) -> None:
    assert expected == omit(text, old)


@pytest.mark.parametrize(
    ("text", "new", "expected"),
    [
        ("means gas.", "or electricity", "means gas or electricity."),
        ("means gas;", "(but not coal)", "means gas (but not coal);"),
        ("means gas", "or electricity", "means gas or electricity"),
        ("means gas.", ", but does not include coal", "means gas, but does not include coal."),
        ("means gas.", "or coal;", "means gas or coal;"),
        ("(d) the Party.", "; or", "(d) the Party; or"),
        ("(a) one;", "and", "(a) one; and"),
        ("(a) one,", "or", "(a) one, or"),
        ("(a) one", "and", "(a) one and"),
        ("(a) one; and", "(as amended)", "(a) one (as amended); and"),
        ("(a) one; and", "; or", "(a) one; or"),
        ("The DCC may act.", "The DCC shall give notice.", "The DCC may act. The DCC shall give notice."),
        (
            "under Part 5 (joint committees),",
            ", Chapter 1A of Part 6.",
            "under Part 5 (joint committees), Chapter 1A of Part 6.",
        ),
        ("means the following—\n  (a) gas—", "in Scotland", "means the following—\n  (a) gas in Scotland—"),
        ("by 8 a.m.", "(local time)", "by 8 a.m. (local time)"),
        ("", "means gas", "means gas"),
    ],
)
def test_the_end_is_before_the_closing_mark_unless_the_words_bring_their_own(
    text: str, new: str, expected: str
) -> None:
    assert expected == appended(text, whole(text), new).made(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("means gas.", "in England, means gas."),
        ("(a) means gas.", "(a) in England, means gas."),
        ("  (a) means gas.", "  (a) in England, means gas."),
        ("(the gas) in use", "in England, (the gas) in use"),
    ],
)
def test_the_beginning_is_after_the_label(text: str, expected: str) -> None:
    (change,) = insertions(text, whole(text), Spot(where="beginning"), "in England,")

    assert expected == change.made(text)


@pytest.mark.parametrize(
    ("new", "expected"),
    [("two", "a one two;"), ("two.", "a one two."), ("", "a one;")],
)
def test_to_the_end_leaves_the_closing_mark_unless_there_is_a_new_one(new: str, expected: str) -> None:
    text = "a one gas or coal;"
    (place,) = places(text, Span(Quote("gas"), None), whole(text), new)

    assert expected == substituted(text, place, new, whole(text)).made(text)


def test_several_places_change_from_the_last_to_the_first() -> None:
    text = "a Party, a Party, a Party or a User"
    found = places(text, Quote("a Party,", Each(2)), whole(text))
    made = changes(text, found, "", whole(text))
    for change in made:
        text = change.made(text)

    assert text == "a Party or a User"
    assert [change.at for change in made] == [8, 0]


def test_insertions_in_each_place() -> None:
    text = "a User, a Party or a User."
    for change in insertions(text, whole(text), Spot(where="after", words=Quote("User", Each())), "(or Party)"):
        text = change.made(text)

    assert text == "a User (or Party), a Party or a User (or Party)."


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("sections 80I and 86", Change(12, "", ", 80J")),
        ("sections 80I  and 86", Change(12, "", ", 80J")),
    ],
)
def test_a_change_takes_in_no_more_than_the_spaces_that_change(text: str, change: Change) -> None:
    assert change == inserted(text, text.index("and"), ", 80J")


def test_a_change_that_does_not_fit_is_refused() -> None:
    with pytest.raises(SecdefsError):
        Change(0, "b", "c").made("abc")
    with pytest.raises(SecdefsError):
        substituted("abc def", (0, 3), "x", (4, 7))
    with pytest.raises(SecdefsError):
        insertion_point("abc", (0, 3), Spot(where="alphabetical"), "x")
    with pytest.raises(Refused, match="2 places"):
        insertion_point("a a", (0, 3), Spot(where="after", words=Quote("a", Each())), "x")


@pytest.mark.parametrize(
    ("text", "seam", "expected"),
    [
        ("The DCC shall, | keep records.", "comma", "The DCC shall keep records."),
        ("The DCC shall,| keep records.", "comma", "The DCC shall keep records."),
        ("a User,|, a Party", "two marks", "a User, a Party"),
        ("a User, |, a Party", "two marks", "a User, a Party"),
        ("a User,|.", "two marks", "a User."),
        ("a User;|.", "two marks", "a User."),
        ("a User| , a Party", "space", "a User, a Party"),
        ("the DCC (|) may", "bracket", "the DCC may"),
        ("the DCC ( |) may", "bracket", "the DCC may"),
        ("of the |the DCC", "twice", "of the DCC"),
        ("a User and| or a Party", "conjunctions", "a User and a Party"),
        ("(a) two,|", "end of the text", "(a) two."),
        ("(a) one and|.", "before a full stop", "(a) one; and"),
        ("section 5 A| applies", "apart from its number", "section 5A applies"),
        ("one:\n  (a) |\n  (b) two", "label", None),
    ],
)
def test_what_is_stray_at_a_seam_is_named(text: str, seam: str, expected: str | None) -> None:
    at = text.index("|")
    message = stray(text.replace("|", ""), at, at)

    assert message is not None
    assert seam in message
    assert expected is None or f"“{expected}”" in message


@pytest.mark.parametrize(
    "text",
    [
        "The DCC shall, |if so required, keep records.",
        "by 8 a.m.|, or later",
        "section 5|(1), may",
        "that that| is",
        "one:\n  (a) two,|\nin each case",
        "1,|200 or more",
        "one| two, three,",
        "a User, |a Party",
        "one:\n  (a)|\n    (i) two",
        "and so on ...|",
        "by 2021 (as amended)|,",
        "rated at 5 kW| or more",
        "in 2021 A.| Smith",
        "the ,, is far away from here| indeed",
    ],
)
def test_what_is_in_order_is_not_stray(text: str) -> None:
    at = text.index("|")

    assert stray(text.replace("|", ""), at, at) is None


def test_both_seams_are_looked_at() -> None:
    message = stray("a User,, a Party, of of it", 7, 20) or ""

    assert message.startswith("two marks where one belongs, a word twice")
    assert message.endswith("it would read “a User, a Party, of it”")


LIST = "means:\n  (a) one; and\n  (b) two."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (LIST, ()),
        ("means:\n  (a) one; and\n  (b) two; and\n  (c) three.", ("the list has 2 conjunctions: after (a) and (b)",)),
        ("means:\n  (a) one;\n  (b) two.", ("no conjunction stands before the last item (b)",)),
        (
            "means:\n  (a) one; and\n  (b) two;\n  (c) three.",
            ("no conjunction stands before the last item (c); one stands after (a)",),
        ),
        ("means:\n  (a) one; and", ("nothing follows the conjunction at the end of paragraph (a)",)),
        ("means:\n  (a) one;\n  and\n  (b) two.", ()),
    ],
)
def test_a_list_has_one_conjunction_before_its_last_item(text: str, expected: tuple[str, ...]) -> None:
    assert expected == conjunctions(text, LIST)


def test_a_list_that_never_had_a_conjunction_wants_none() -> None:
    before = "any of:\n  (a) one;\n  (b) two."

    assert conjunctions("any of:\n  (a) one;\n  (b) two;\n  (c) three.", before) == ()
    assert conjunctions(before) == ()


def test_a_no_break_space_stays_on_its_side_of_what_is_inserted() -> None:
    text = "ten\u00a0days"

    assert inserted(text, 4, "working").made(text) == "ten\u00a0working days"


# --- at the edges -----------------------------------------------------------------------------------------------------


def test_straight_marks_open_and_close() -> None:
    assert insert("the meter", "after", "the", '"X"') == 'the "X" meter'
    assert insert("the meter", "after", "the", "('X')") == "the ('X') meter"
    assert substitute('see the meter" now', "the", '("') == 'see ("meter" now'
    assert insert("the User of", "after", "User", "'s agent") == "the User's agent of"


def test_words_go_behind_the_indentation_of_their_line_whatever_they_begin_with() -> None:
    assert insert("of:\n  gas", "before", "gas", "“town”") == "of:\n  “town” gas"
    assert insert("of:\n  gas", "before", "gas", "town") == "of:\n  town gas"


def test_words_after_a_label_alone_stand_apart_from_it() -> None:
    assert inserted("of:\n  (a)", 9, "one").made("of:\n  (a)") == "of:\n  (a) one"


def test_no_words_put_in_are_no_change() -> None:
    assert inserted("one two", 3, " ") == Change(3, "", "")


@pytest.mark.parametrize(
    ("text", "old", "expected"),
    [
        # What stood on one side is the gap, as it was printed: a no-break space stays one, several become one.
        ("the\u00a0sealed meter", "sealed", "the\u00a0meter"),
        ("the  sealed  meter", "sealed", "the meter"),
        ("as in rule 5: [TBC]see", "[TBC]", "as in rule 5: see"),
        ("as in rule 5:[TBC] see", "[TBC]", "as in rule 5: see"),
    ],
)
def test_the_gap_is_the_space_that_stood(text: str, old: str, expected: str) -> None:
    assert omit(text, old) == expected
