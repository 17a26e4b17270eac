"""What each of the ten acts does to a code, as values: whole provisions at any depth, lists, documents, refusals."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from cases import changed, records, short_code

from secdefs.change.edits import CODE, Consolidation, Splice
from secdefs.change.operations import (
    IncorporateDocument,
    InsertProvision,
    InsertWords,
    OmitProvision,
    OmitWords,
    Operation,
    ReincorporateDocument,
    Rename,
    RevokeDocument,
    SubstituteProvision,
    SubstituteWords,
)
from secdefs.findings import Refused
from secdefs.model import (
    Beside,
    Definition,
    DefinitionRef,
    DocumentRef,
    Each,
    Entry,
    EntryRef,
    Part,
    Provision,
    ProvisionRef,
    Quote,
    Record,
    Ref,
    SectionRef,
    Sentence,
    Span,
    Spot,
    Words,
)

X = DefinitionRef(term="X")


def carried_out(before: str, operation: Operation) -> Consolidation:
    """The consolidation after an operation; the code as it stood must still be read from it."""
    code = short_code(before)
    consolidation = Consolidation(code)
    for edit in operation.edits(consolidation):
        consolidation.apply(edit, "1")
    assert code == consolidation.code(before=True)
    after = consolidation.code()
    consolidation.undo("1")
    assert code == consolidation.code()
    for edit in operation.edits(consolidation):
        consolidation.apply(edit, "2")
    assert after == consolidation.code()
    return consolidation


def as_x(text: str) -> str:
    """The short form of a definition of “X” with that text."""
    return "X: " + re.sub(r"\n(?! )", "\n| ", text)


def done(text: str, operation: Operation) -> str:
    """The text of the definition of “X” after an operation."""
    return carried_out(as_x(text), operation).text("definitions", "X")


def refused(before: str, operation: Operation) -> Refused:
    with pytest.raises(Refused) as caught:
        operation.edits(Consolidation(short_code(before)))
    assert caught.value.hint, f"{caught.value.message}: no hint"
    return caught.value


def of(*path: str, through: str | None = None) -> DefinitionRef:
    return DefinitionRef(term="X", path=path, through=through)


def after(*path: str, but: str | None = None) -> Spot:
    return Spot("after", ref=of(*path), conjunction=but)


def before(*path: str) -> Spot:
    return Spot("before", ref=of(*path))


def item(label: str, text: str) -> Provision:
    return Provision(label=label, text=text)


def put(target: Ref, spot: Spot, *new: Record) -> InsertProvision:
    return InsertProvision(target=target, at=spot, new=new)


def put_for(target: Ref, *new: Record) -> SubstituteProvision:
    return SubstituteProvision(target=target, new=new)


def omit(target: Ref, conjunction: Quote | None = None) -> OmitProvision:
    return OmitProvision(target=target, conjunction=conjunction)


def words(target: Ref, spot: Spot, new: str) -> InsertWords:
    return InsertWords(target=target, at=spot, new=new)


def replace(target: Ref, old: Words, new: str) -> SubstituteWords:
    return SubstituteWords(target=target, old=old, new=new)


def strike(target: Ref, old: Words) -> OmitWords:
    return OmitWords(target=target, old=old)


def rename(target: Ref, to: str) -> Rename:
    return Rename(target=target, to=to)


DEEP = """\
means any of the following:
  (a) a thing;
  (b) a box which is:
    (i) of wood; or
    (ii) of iron:
      (A) painted; and
      (B) with a lid that:
        (1) closes; or
        (2) opens,
    and no other; or
    (iii) of glass,
  and is not a bag; or
  (c) a bag,
in each case for a year."""


def changed_lines(operation: Operation, text: str = DEEP) -> tuple[list[str], list[str]]:
    """The lines of a text that are gone, and those that are new, in order."""
    result = done(text, operation).split("\n")
    old = text.split("\n")
    return [line for line in old if line not in result], [line for line in result if line not in old]


def line_before(operation: Operation, line: str, text: str = DEEP) -> str:
    result = done(text, operation).split("\n")
    return result[result.index(line) - 1]


# --- paragraphs put in ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "spot", "new", "expected", "behind"),
    [
        (X, after("a"), "aa", "  (aa) new;", "  (a) a thing;"),
        (X, after("b"), "ba", "  (ba) new;", "  and is not a bag; or"),
        (of("b"), after("b", "i"), "ia", "    (ia) new;", "    (i) of wood; or"),
        (of("b"), after("b", "ii"), "iia", "    (iia) new;", "    and no other; or"),
        (of("b", "ii"), after("b", "ii", "A"), "AA", "      (AA) new;", "      (A) painted; and"),
        (of("b", "ii", "B"), after("b", "ii", "B", "1"), "1A", "        (1A) new;", "        (1) closes; or"),
        (of("b", "ii", "B"), after("b", "ii", "B", "2"), "3", "        (3) new;", "        (2) opens,"),
        (X, before("a"), "za", "  (za) new;", "means any of the following:"),
        (X, before("b"), "aa", "  (aa) new;", "  (a) a thing;"),
        (of("b", "ii", "B"), before("b", "ii", "B", "1"), "A1", "        (A1) new;", "      (B) with a lid that:"),
        (X, Spot("end"), "d", "  (d) new;", "  (c) a bag,"),
        (of("b"), Spot("end"), "iv", "    (iv) new;", "    (iii) of glass,"),
        (of("b", "ii"), Spot("end"), "C", "      (C) new;", "        (2) opens,"),
        (of("b", "ii", "A"), Spot("end"), "1", "        (1) new;", "      (A) painted; and"),
        (X, Spot("beginning"), "za", "  (za) new;", "means any of the following:"),
        (of("b", "ii"), Spot("beginning"), "ZA", "      (ZA) new;", "    (ii) of iron:"),
        (X, Spot("in_order"), "ba", "  (ba) new;", "  and is not a bag; or"),
        (X, Spot("in_order"), "za", "  (za) new;", "means any of the following:"),
        (X, Spot("in_order"), "d", "  (d) new;", "  (c) a bag,"),
        (of("b"), Spot("in_order"), "iia", "    (iia) new;", "    and no other; or"),
        (of("b"), Spot("in_order"), "iv", "    (iv) new;", "    (iii) of glass,"),
        (of("b", "ii"), Spot("in_order"), "AA", "      (AA) new;", "      (A) painted; and"),
        (of("b", "ii", "B"), Spot("in_order"), "1A", "        (1A) new;", "        (1) closes; or"),
        (of("b", "ii", "B"), Spot("in_order"), "A1", "        (A1) new;", "      (B) with a lid that:"),
    ],
)
def test_a_new_paragraph_stands_at_the_level_of_its_neighbours(
    target: Ref, spot: Spot, new: str, expected: str, behind: str
) -> None:
    operation = put(target, spot, item(new, "new;"))

    assert ([], [expected]) == changed_lines(operation)
    assert behind == line_before(operation, expected)


def test_a_block_four_deep_keeps_its_levels_under_its_neighbour() -> None:
    new = item("iia", "of tin:\n  (A) thin:\n    (1) cut:\n      (aa) once; or\n  (B) thick;")
    result = done(DEEP, put(of("b"), after("b", "ii"), new))

    assert (
        "    and no other; or\n"
        "    (iia) of tin:\n"
        "      (A) thin:\n"
        "        (1) cut:\n"
        "          (aa) once; or\n"
        "      (B) thick;\n"
        "    (iii) of glass,"
    ) in result


def test_several_paragraphs_stand_in_the_order_of_the_direction() -> None:
    new = (item("aa", "one;"), item("ab", "two:\n  (i) three;"), item("ac", "four;"))

    for spot in (after("a"), before("b")):
        assert "  (a) a thing;\n  (aa) one;\n  (ab) two:\n    (i) three;\n  (ac) four;\n  (b) a box which is:" in done(
            DEEP, put(X, spot, *new)
        )


def test_each_of_several_paragraphs_goes_in_order_by_itself() -> None:
    new = (item("ba", "two;"), item("aa", "one;"), item("d", "three;"))
    result = done(DEEP, put(X, Spot("in_order"), *new))

    assert "  (a) a thing;\n  (aa) one;\n  (b) a box" in result
    assert "  and is not a bag; or\n  (ba) two;\n  (c) a bag,\n  (d) three;\nin each case" in result


def test_a_paragraph_after_a_range_stands_after_its_last() -> None:
    spot = Spot("after", ref=of("a", through="b"))

    assert "  and is not a bag; or\n  (ba) new;" in done(DEEP, put(X, spot, item("ba", "new;")))


@pytest.mark.parametrize(
    ("text", "spot", "new", "expected"),
    [
        ("of:\n  a) one;\n  b) two.", after("a"), item("aa", "new;"), "of:\n  a) one;\n  aa) new;\n  b) two."),
        ("of:\n  1. one;\n  2. two.", after("1"), item("1A", "new;"), "of:\n  1. one;\n  1A. new;\n  2. two."),
        ("of:\n  • one;\n  – two.", Spot("end"), item("", "– new"), "of:\n  • one;\n  – two.\n  – new"),
        ("of:\n  • one;\n  • two.", Spot("end"), item("•", "new"), "of:\n  • one;\n  • two.\n  • new"),
        ("(a) one;\n(b) two.", after("a"), item("aa", "new;"), "(a) one;\n(aa) new;\n(b) two."),
        ("(a) one;\n(b) two.", before("a"), item("za", "new;"), "(za) new;\n(a) one;\n(b) two."),
        ("means one.", Spot("end"), item("a", "new;"), "means one.\n  (a) new;"),
        ("means one.", Spot("in_order"), item("a", "new;"), "means one.\n  (a) new;"),
        ("means one.", Spot("end"), item("", "It is new."), "means one.\nIt is new."),
        ("of:\n  (a) one.", Spot("end"), item("", "in any case."), "of:\n  (a) one.\nin any case."),
        ("of:\n  (a) one;\nin all.", Spot("end"), item("", "And more."), "of:\n  (a) one;\nin all.\nAnd more."),
        (
            "of:\n  (z) one;\n  (aa) two.",
            Spot("in_order"),
            item("bb", "new;"),
            "of:\n  (z) one;\n  (aa) two.\n  (bb) new;",
        ),
        ("of:\n  (h) one;\n  (i) two.", Spot("in_order"), item("j", "new;"), "of:\n  (h) one;\n  (i) two.\n  (j) new;"),
        ("of:\n  (i) one;\n  (v) two.", Spot("in_order"), item("ii", "x;"), "of:\n  (i) one;\n  (ii) x;\n  (v) two."),
        ("of:\n  (ix) one;\n  (x) two.", after("ix"), item("ixa", "x;"), "of:\n  (ix) one;\n  (ixa) x;\n  (x) two."),
    ],
)
def test_a_new_paragraph_has_the_dress_of_its_list(text: str, spot: Spot, new: Provision, expected: str) -> None:
    assert expected == done(text, put(X, spot, new))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("of:\n  (a) one; or\n  (b) two.", "of:\n  (a) one;\n  (aa) new; or\n  (b) two."),
        ("of:\n  (a) one;\u00a0or\n  (b) two.", "of:\n  (a) one;\n  (aa) new;\u00a0or\n  (b) two."),
        (
            "of:\n  (a) one:\n    (i) x,\n  in all; or\n  (b) two.",
            "of:\n  (a) one:\n    (i) x,\n  in all;\n  (aa) new; or\n  (b) two.",
        ),
        ("of:\n  (a) one;\n  or\n  (b) two.", "of:\n  (a) one;\n  (aa) new;\n  or\n  (b) two."),
    ],
)
def test_a_paragraph_before_the_conjunction_takes_it_over(text: str, expected: str) -> None:
    assert expected == done(text, put(X, after("a", but="or"), item("aa", "new;")))


# --- paragraphs substituted, omitted, renumbered ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "new", "gone", "come"),
    [
        (of("a"), (item("a", "new;"),), ["  (a) a thing;"], ["  (a) new;"]),
        (of("a"), (item("a", "new:\n  (i) x;"),), ["  (a) a thing;"], ["  (a) new:", "    (i) x;"]),
        (of("a"), (item("a", "new;"), item("aa", "x;")), ["  (a) a thing;"], ["  (a) new;", "  (aa) x;"]),
        (of("b", "ii", "B", "1"), (item("1", "x;"),), ["        (1) closes; or"], ["        (1) x;"]),
        (
            of("b", "ii", "B"),
            (item("B", "x:\n  (1) y;"),),
            ["      (B) with a lid that:", "        (1) closes; or", "        (2) opens,"],
            ["      (B) x:", "        (1) y;"],
        ),
        (of("a", through="b"), (item("a", "x;"),), DEEP.split("\n")[1:12], ["  (a) x;"]),
    ],
)
def test_paragraphs_in_the_place_of_paragraphs(
    target: DefinitionRef, new: tuple[Provision, ...], gone: list[str], come: list[str]
) -> None:
    assert (gone, come) == changed_lines(put_for(target, *new))


@pytest.mark.parametrize(
    ("target", "text", "expected"),
    [
        (DefinitionRef(term="X", part="opening"), "means none of these:", ("means any of the following:", "")),
        (
            DefinitionRef(term="X", path=("b",), part="opening"),
            "a crate which is:",
            ("  (b) a box which is:", "  (b) "),
        ),
        (DefinitionRef(term="X", part="closing"), "for ever.", ("in each case for a year.", "")),
        (DefinitionRef(term="X", path=("b",), part="closing"), "and so; or", ("  and is not a bag; or", "  ")),
    ],
)
def test_a_part_is_substituted_and_keeps_its_label(target: DefinitionRef, text: str, expected: tuple[str, str]) -> None:
    old, label = expected

    assert ([old], [label + text]) == changed_lines(put_for(target, item("", text)))
    assert ([old], [label + text]) == changed_lines(replace(target, Span(None, None), text))


@pytest.mark.parametrize(
    ("target", "conjunction", "gone", "come"),
    [
        (of("a"), None, ["  (a) a thing;"], []),
        (of("c"), None, ["  (c) a bag,"], []),
        (of("b", "ii", "B", "2"), None, ["        (2) opens,"], []),
        (of("b", "ii"), None, DEEP.split("\n")[4:10], []),
        (of("b", "i", through="ii"), None, DEEP.split("\n")[3:10], []),
        (of("a", through="c"), None, DEEP.split("\n")[1:13], []),
        (of("c"), Quote("or"), ["  and is not a bag; or", "  (c) a bag,"], ["  and is not a bag;"]),
        (of("b", "iii"), Quote("or"), ["    and no other; or", "    (iii) of glass,"], ["    and no other;"]),
        (of("b", "ii", "B"), Quote("and"), DEEP.split("\n")[5:9], ["      (A) painted;"]),
        (of("b", "ii", "B", "1"), Quote("or", beside="end"), ["        (1) closes; or"], []),
        (of("b"), Quote("or", beside="end"), DEEP.split("\n")[2:12], []),
    ],
)
def test_paragraphs_are_omitted_with_all_that_belongs_to_them(
    target: DefinitionRef, conjunction: Quote | None, gone: list[str], come: list[str]
) -> None:
    assert (gone, come) == changed_lines(omit(target, conjunction))


@pytest.mark.parametrize(
    ("path", "conjunction", "expected"),
    [
        (("b",), Quote("or"), "of:\n  (a) one;"),
        (("a",), Quote("or", beside="end"), "of:\n  (b) two."),
    ],
)
def test_a_conjunction_on_its_own_line_goes_whole(path: tuple[str, ...], conjunction: Quote, expected: str) -> None:
    text = "of:\n  (a) one;\n  or\n  (b) two."

    assert expected == done(text, omit(of(*path), conjunction))


@pytest.mark.parametrize(
    ("path", "to", "gone", "come"),
    [
        (("c",), "d", "  (c) a bag,", "  (d) a bag,"),
        (("c",), "(d)", "  (c) a bag,", "  (d) a bag,"),
        (("b",), "ab", "  (b) a box which is:", "  (ab) a box which is:"),
        (("b", "ii", "B", "2"), "3", "        (2) opens,", "        (3) opens,"),
    ],
)
def test_a_paragraph_is_renumbered(path: tuple[str, ...], to: str, gone: str, come: str) -> None:
    assert ([gone], [come]) == changed_lines(rename(of(*path), to))


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        (put(X, after("d"), item("da", "x;")), "SD203"),
        (put(X, after("a"), item("b", "x;")), "SD204"),
        (put(X, after("a"), item("aa", "x;"), item("aa", "y;")), "SD204"),
        (put(X, after("a"), item("aa", "x:\n  (i) y;\n  (i) z;")), "SD204"),
        (put(X, after("a"), item("aa", "x;\n(b) y;")), "SD204"),
        (put(of("b"), after("b", "i"), item("ii", "x;")), "SD204"),
        (put(of("a"), after("b"), item("ba", "x;")), "SD203"),
        (put(X, after("a"), item("H8.16", "x;")), "SD209"),
        (put(X, after("a", but="or"), item("aa", "x;")), "SD201"),
        (put(X, after("b", but="and"), item("ba", "x;")), "SD201"),
        (put(X, after("b", but="or"), item("ba", "x; or")), "SD209"),
        (
            put(X, Spot("after", ref=DefinitionRef(term="Y", path=("a",))), item("aa", "x")),
            "SD203",
        ),
        (put(X, Spot("after", words=Quote("thing")), item("aa", "x;")), "SD209"),
        (put(X, Spot("beginning"), item("", "x;")), "SD209"),
        (put(X, after("a"), Provision(label="aa", heading="H", text="x")), "SD209"),
        (put_for(of("d"), item("d", "x;")), "SD203"),
        (put_for(of("a", through="e"), item("a", "x;")), "SD203"),
        (put_for(of("c", through="a"), item("a", "x;")), "SD203"),
        (put_for(of("a"), item("b", "x;")), "SD204"),
        (put_for(of("a"), item("a", "x;"), item("c", "y;")), "SD204"),
        (put_for(of("a"), item("", "x;")), "SD209"),
        (
            put_for(DefinitionRef(term="X", path=("b",), part="opening"), item("d", "x")),
            "SD209",
        ),
        (omit(of("b", "iv")), "SD203"),
        (omit(of("a"), Quote("or")), "SD201"),
        (omit(of("b"), Quote("or")), "SD201"),
        (omit(of("c"), Quote("and")), "SD201"),
        (omit(of("a"), Quote("or", beside="end")), "SD201"),
        (omit(DefinitionRef(term="X"), Quote("or")), "SD201"),
        (omit(DefinitionRef(term="X", part="heading")), "SD203"),
        (rename(of("a"), "b"), "SD204"),
        (rename(of("a"), "new thing"), "SD209"),
        (rename(of("a", through="b"), "d"), "SD209"),
        (rename(of("d"), "e"), "SD203"),
        (rename(DefinitionRef(term="X", part="opening"), "e"), "SD209"),
    ],
    ids=str,
)
def test_what_cannot_be_done_to_paragraphs_is_refused(operation: Operation, code: str) -> None:
    assert code == refused(as_x(DEEP) + "\nY: means:\n  (a) one;\n  (b) two.", operation).code


def test_labels_that_have_no_order_are_refused() -> None:
    for text in ("of:\n  • one;\n  • two.", "of:\n  (c) one;\n  (a) two;\n  (d) three."):
        operation = put(X, Spot("in_order"), item("b", "x;"))
        assert refused(as_x(text), operation).code == "SD209"


def test_a_list_at_the_margin_keeps_to_it() -> None:
    new = item("a", "x:\n  (i) y;")

    assert done("(a) one;\n(b) two.", put_for(of("a"), new)) == "(a) x:\n  (i) y;\n(b) two."
    assert done("(a) one;\n(b) two.", omit(of("a"))) == "(b) two."


@pytest.mark.parametrize("space", [" ", "  ", "\u00a0", " \u00a0"])
def test_a_conjunction_goes_with_all_the_space_before_it(space: str) -> None:
    text = f"of:\n  (a) one;{space}or\n  (b) two."

    assert done(text, omit(of("b"), Quote("or"))) == "of:\n  (a) one;"
    assert f"of:\n  (a) one;\n  (aa) new;{space}or\n  (b) two." == done(
        text, put(X, after("a", but="or"), item("aa", "new;"))
    )


def test_two_paragraphs_that_answer_to_one_path_are_refused() -> None:
    text = "X: of:\n  (i) one;\n  (i) two."
    for operation in (
        omit(of("i")),
        put(X, after("i"), item("ia", "x")),
        rename(of("i"), "ii"),
    ):
        assert refused(text, operation).code == "SD209"


def test_a_text_is_never_left_empty() -> None:
    assert refused("X: (a) one.", omit(of("a"))).code == "SD209"
    assert refused("X: means gas.", strike(X, Quote("means gas."))).code == "SD209"
    assert refused("Appendices > A: Gas", strike(EntryRef(group="Appendices", label="A"), Quote("Gas"))).code == "SD209"


# --- provisions of Sections -------------------------------------------------------------------------------------------

SECTIONS = """\
[H7.1] The DCC shall act.
[H8.15 | Duties] The DCC shall:
  (a) act; and
  (b) report:
    (i) weekly; and
    (ii) yearly.
[H8.16] The DCC may rest.
[H8.17] The DCC may sleep.
[H9.1] The DCC may dream.
[J1.1] A Party may pay."""


def section(label: str, *path: str, through: str | None = None) -> ProvisionRef:
    return ProvisionRef(label=label, path=path, through=through)


def sections(operation: Operation, before: str = SECTIONS) -> list[str]:
    """The labels of the Sections after an operation."""
    return [each.label for each in carried_out(before, operation).code().sections or ()]


ALL = ["H7.1", "H8.15", "H8.16", "H8.17", "H9.1", "J1.1"]
NOWHERE = SectionRef()


@pytest.mark.parametrize(
    ("target", "spot", "labels", "expected"),
    [
        (
            NOWHERE,
            Spot("after", ref=section("H8.16")),
            ["H8.16A"],
            ["H7.1", "H8.15", "H8.16", "H8.16A", "H8.17", "H9.1", "J1.1"],
        ),
        (
            SectionRef(label="H"),
            Spot("after", ref=section("H8.16")),
            ["H8.16A"],
            ["H7.1", "H8.15", "H8.16", "H8.16A", "H8.17", "H9.1", "J1.1"],
        ),
        (
            NOWHERE,
            Spot("before", ref=section("H8.15")),
            ["H8.14", "H8.14A"],
            ["H7.1", "H8.14", "H8.14A", "H8.15", *ALL[2:]],
        ),
        (
            NOWHERE,
            Spot("after", ref=section("H8")),
            ["H8A.1"],
            ["H7.1", "H8.15", "H8.16", "H8.17", "H8A.1", "H9.1", "J1.1"],
        ),
        (NOWHERE, Spot("before", ref=section("H8")), ["H7A.1"], ["H7.1", "H7A.1", *ALL[1:]]),
        (NOWHERE, Spot("after", ref=SectionRef(label="H")), ["I1"], [*ALL[:5], "I1", "J1.1"]),
        (SectionRef(label="H"), Spot("end"), ["H10.1"], [*ALL[:5], "H10.1", "J1.1"]),
        (section("H8"), Spot("end"), ["H8.18"], [*ALL[:4], "H8.18", *ALL[4:]]),
        (section("H8"), Spot("beginning"), ["H8.1"], ["H7.1", "H8.1", *ALL[1:]]),
        (
            SectionRef(label="H"),
            Spot("in_order"),
            ["H8.16A"],
            ["H7.1", "H8.15", "H8.16", "H8.16A", "H8.17", "H9.1", "J1.1"],
        ),
        (NOWHERE, Spot("in_order"), ["H8.2"], ["H7.1", "H8.2", *ALL[1:]]),
        (
            NOWHERE,
            Spot("in_order"),
            ["H10.1", "H8.16ZA", "A1.1"],
            ["A1.1", *ALL[:3], "H8.16ZA", "H8.17", "H9.1", "H10.1", "J1.1"],
        ),
    ],
)
def test_new_provisions_of_a_section(target: Ref, spot: Spot, labels: list[str], expected: list[str]) -> None:
    new = tuple(Provision(label=label, heading=f"{label} heading", text="New.") for label in labels)

    assert expected == sections(put(target, spot, *new))


def test_a_new_section_keeps_heading_and_levels() -> None:
    new = Provision(label="H8.16A", heading="Rest", text="The DCC may:\n  (a) rest:\n    (i) by day.")
    after = carried_out(SECTIONS, put(NOWHERE, Spot("after", ref=section("H8.16")), new))

    assert new in (after.code().sections or ())


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (section("H8.16"), ["H7.1", "H8.15", "H8.17", "H9.1", "J1.1"]),
        (section("H8.15", through="H8.17"), ["H7.1", "H9.1", "J1.1"]),
        (section("H8.16", through="H8.16"), ["H7.1", "H8.15", "H8.17", "H9.1", "J1.1"]),
        (section("H8"), ["H7.1", "H9.1", "J1.1"]),
        (SectionRef(label="H"), ["J1.1"]),
    ],
)
def test_provisions_of_a_section_are_omitted(target: Ref, expected: list[str]) -> None:
    assert expected == sections(omit(target))


def test_a_range_of_provisions_is_substituted() -> None:
    new = (Provision(label="H8.16", text="The DCC shall rest."), Provision(label="H8.16A", text="It shall sleep."))
    operation = put_for(section("H8.16", through="H8.17"), *new)
    after = carried_out(SECTIONS, operation)

    assert sections(operation) == ["H7.1", "H8.15", "H8.16", "H8.16A", "H9.1", "J1.1"]
    assert after.text("sections", "H8.16") == "The DCC shall rest."


def test_a_provision_substituted_keeps_the_heading_that_is_not_given() -> None:
    new = Provision(label="H8.15", text="The DCC shall act.")
    after = carried_out(SECTIONS, put_for(section("H8.15"), new))

    assert (
        after.text("sections", "H8.15", "heading"),
        after.text("sections", "H8.15"),
    ) == ("Duties", "The DCC shall act.")


@pytest.mark.parametrize(
    ("operation", "part", "expected"),
    [
        (replace(section("H8.15", "b", "ii"), Quote("yearly"), "daily"), "text", "(ii) daily."),
        (
            put(section("H8.15", "b"), Spot("after", ref=section("H8.15", "b", "i")), item("ia", "x;")),
            "text",
            "    (i) weekly; and\n    (ia) x;\n    (ii)",
        ),
        (omit(section("H8.15", "b", "ii"), Quote("and")), "text", "    (i) weekly;"),
        (rename(section("H8.15", "b"), "c"), "text", "\n  (c) report:"),
        (
            replace(ProvisionRef(label="H8.15", part="heading"), Quote("Duties"), "Tasks"),
            "heading",
            "Tasks",
        ),
        (rename(ProvisionRef(label="H8.15", part="heading"), "Tasks"), "heading", "Tasks"),
        (put(section("H8.15"), Spot("end"), item("c", "tell.")), "text", "\n    (ii) yearly.\n  (c) tell."),
        (omit(ProvisionRef(label="H8.15", part="heading")), "heading", ""),
        (
            replace(ProvisionRef(label="H8.15", part="opening"), Quote("shall"), "may"),
            "text",
            "The DCC may:",
        ),
        (
            words(section("H8.15"), Spot("after", ref=section("H8.15", "a")), "or"),
            "text",
            "(a) act; and or",
        ),
        (
            words(section("H8.15"), Spot("before", ref=section("H8.15", "a")), "also"),
            "text",
            "The DCC shall also:\n",
        ),
        (
            words(section("H8.15"), Spot("before", ref=section("H8.15", "b")), "soon"),
            "text",
            "(a) act soon; and\n",
        ),
    ],
    ids=str,
)
def test_inside_a_provision_of_a_section(operation: Operation, part: str, expected: str) -> None:
    assert expected in carried_out(SECTIONS, operation).text("sections", "H8.15", part)


def test_a_provision_is_renumbered_in_its_place() -> None:
    assert sections(rename(section("H8.16"), "H8.16A")) == [
        "H7.1",
        "H8.15",
        "H8.16A",
        "H8.17",
        "H9.1",
        "J1.1",
    ]


def test_words_anywhere_in_a_section() -> None:
    once = replace(section("H8"), Quote("sleep"), "doze")
    each = replace(SectionRef(label="H"), Quote("may", Each()), "shall")

    assert carried_out(SECTIONS, once).text("sections", "H8.17") == "The DCC may doze."
    changed_labels = [key for _, key in changed(short_code(SECTIONS), carried_out(SECTIONS, each).code())]
    assert changed_labels == ["H8.16", "H8.17", "H9.1"]


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        (put(NOWHERE, Spot("after", ref=section("H8.99")), item("H8.99A", "x")), "SD203"),
        (put(NOWHERE, Spot("after", ref=section("H8.16")), item("H8.17", "x")), "SD204"),
        (put(NOWHERE, Spot("after", ref=section("H8.16")), item("c", "x")), "SD209"),
        (put(NOWHERE, Spot("after", ref=section("H8.16")), item("", "x")), "SD209"),
        (
            put(NOWHERE, Spot("after", ref=section("H8.16")), Definition(term="T", text="x")),
            "SD209",
        ),
        (
            put(NOWHERE, Spot("after", ref=section("H8.16"), conjunction="or"), item("H8.16A", "x")),
            "SD201",
        ),
        (put(SectionRef(label="K"), Spot("end"), item("K1", "x")), "SD203"),
        (put(SectionRef(label="J"), Spot("after", ref=section("H8.16")), item("H8.16A", "x")), "SD203"),
        (omit(section("H8.16", through="H8.99")), "SD203"),
        (omit(section("H8.17", through="H8.16")), "SD203"),
        (omit(SectionRef(label="K")), "SD203"),
        (omit(section("", "b")), "SD110"),
        (strike(section("", "b"), Quote("act")), "SD110"),
        (strike(section("H8.16", through="H8.17"), Quote("may")), "SD202"),
        (strike(section("H8"), Quote("may")), "SD202"),
        (strike(section("H8"), Quote("fly")), "SD201"),
        (strike(section("H8"), Span(None, None)), "SD209"),
        (rename(section("H8.16"), "H8.17"), "SD204"),
        (rename(section("H8.16"), " "), "SD209"),
        (rename(ProvisionRef(label="H8.15", part="opening"), "x"), "SD209"),
        (rename(ProvisionRef(label="H8.15", part="closing"), "x"), "SD209"),
        (omit(ProvisionRef(label="H8.16", part="heading")), "SD203"),
        (words(NOWHERE, Spot("after", ref=section("H8.16")), "x"), "SD209"),
        (words(section("H8.16"), Spot("after", ref=section("H8.15", "a")), "x"), "SD203"),
        (words(section("H8.16"), Spot("in_order"), "x"), "SD209"),
        (words(section("H8.16"), Spot("end", conjunction="or"), "x"), "SD209"),
        (strike(DefinitionRef(term="X"), Quote("x")), "SD205"),
        (strike(DocumentRef(place="Appendix A"), Quote("x")), "SD205"),
        (strike(EntryRef(group="Appendices", label="A"), Quote("x")), "SD205"),
    ],
    ids=str,
)
def test_what_cannot_be_done_in_sections_is_refused(operation: Operation, code: str) -> None:
    assert code == refused(SECTIONS, operation).code


def test_a_provision_for_a_file_without_sections_is_not_in_it() -> None:
    new = (item("H8.16A", "x"),)
    for spot in (Spot("after", ref=section("H8.16")), Spot("in_order")):
        assert refused("X: one.", put(NOWHERE, spot, *new)).code == "SD205"


def test_a_range_with_another_provision_in_it_is_refused() -> None:
    before = "[H8.16] one.\n[K1] two.\n[H8.17] three."

    assert refused(before, omit(section("H8.16", through="H8.17"))).code == "SD209"


# --- words that are paragraphs, or have several lines -----------------------------------------------------------------

LIST = "of:\n  (a) one; or\n  (b) two."


@pytest.mark.parametrize(
    ("spot", "new", "expected"),
    [
        (after("a"), "(aa) new;", "of:\n  (a) one; or\n  (aa) new;\n  (b) two."),
        (before("b"), "(aa) new;", "of:\n  (a) one; or\n  (aa) new;\n  (b) two."),
        (Spot("end"), "(c) new.", "of:\n  (a) one; or\n  (b) two.\n  (c) new."),
        (after("a"), "(a)", "of:\n  (a) one (a); or\n  (b) two."),
        (
            Spot("after", words=Quote("two")),
            ", which is:\n  (i) red; or\n  (ii) blue",
            "of:\n  (a) one; or\n  (b) two, which is:\n    (i) red; or\n    (ii) blue.",
        ),
    ],
)
def test_words_that_begin_with_a_label(spot: Spot, new: str, expected: str) -> None:
    assert expected == done(LIST, words(X, spot, new))


@pytest.mark.parametrize(
    "operation",
    [
        words(X, Spot("end"), "(aa) new."),
        words(of("a"), Spot("end"), "(i) new;"),
        words(X, Spot("after", words=Quote("one")), "(b) or not"),
        words(X, Spot("after", words=Quote("two.")), "(c) new."),
        words(X, Spot("after", words=Quote("two")), "(c) new;\n(d) more."),
        replace(X, Quote("two"), "(c) new;\n(d) more"),
        words(X, Spot("before", words=Quote("two")), "of:\n  (i) one;\n  (ii) or"),
    ],
    ids=str,
)
def test_words_that_would_confuse_the_paragraphs_are_refused(operation: Operation) -> None:
    assert refused(as_x(LIST), operation).code == "SD209"


def test_a_paragraph_without_a_label_goes_behind_the_list_of_the_one_it_ends() -> None:
    text = "of:\n  (a) any:\n    gas\n  (b) two."

    assert done(text, put(of("a"), Spot("end"), Provision(label="", text="or oil"))) == (
        "of:\n  (a) any:\n    gas\n  or oil\n  (b) two."
    )
    assert done(text, put(of("b"), Spot("end"), Definition(term="T", text="means new."))) == (
        "of:\n  (a) any:\n    gas\n  (b) two.\n    “T” means new."
    )


def test_opening_words_may_be_quoted_with_the_label_of_their_paragraph_and_no_other() -> None:
    text = "of:\n  (a) one; or\n  (b) two:\n    (i) x;\n    (ii) y."
    target = DefinitionRef(term="X", path=("b",), part="opening")

    assert done(text, put_for(target, Provision(label="b", text="any of:"))) == text.replace("two:", "any of:")
    assert refused(as_x(text), put_for(target, Provision(label="c", text="any of:"))).code == "SD209"


# --- definitions ------------------------------------------------------------------------------------------------------

TERMS = """\
Alert: means a sign.
Device: means a thing.
DCC’s Plan: means a plan.
User: means a person."""


def terms(operation: Operation, text: str = TERMS) -> list[str]:
    after = carried_out(text, operation).code()
    return [each.term for each in after.definitions.entries] if after.definitions else []


def new_terms(*names: str) -> tuple[Definition, ...]:
    return tuple(Definition(term=name, text="means new.") for name in names)


@pytest.mark.parametrize(
    ("target", "spot", "new", "expected"),
    [
        (NOWHERE, Spot("after", ref=DefinitionRef(term="Device")), ["Z", "A"], "Alert, Device, Z, A, DCC’s Plan, User"),
        (
            NOWHERE,
            Spot("before", ref=DefinitionRef(term="Device")),
            ["Z", "A"],
            "Alert, Z, A, Device, DCC’s Plan, User",
        ),
        (SectionRef(label="A"), Spot("end"), ["Cable"], "Alert, Device, DCC’s Plan, User, Cable"),
        (SectionRef(label="A"), Spot("beginning"), ["Cable"], "Cable, Alert, Device, DCC’s Plan, User"),
        (NOWHERE, Spot("alphabetical"), ["Zone", "Cable", "Abc"], "Abc, Alert, Cable, Device, DCC’s Plan, User, Zone"),
        (ProvisionRef(label="A"), Spot("in_order"), ["Cable"], "Alert, Cable, Device, DCC’s Plan, User"),
        (
            NOWHERE,
            Spot("after", ref=DefinitionRef(term="DCC's Plan", section="A1")),
            ["E"],
            "Alert, Device, DCC’s Plan, E, User",
        ),
    ],
)
def test_new_definitions(target: Ref, spot: Spot, new: list[str], expected: str) -> None:
    assert expected.split(", ") == terms(put(target, spot, *new_terms(*new)))


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (omit(DefinitionRef(term="Device")), "Alert, DCC’s Plan, User"),
        (omit(DefinitionRef(term="DCC's Plan")), "Alert, Device, User"),
        (
            put_for(DefinitionRef(term="Device"), *new_terms("Device", "Dial")),
            "Alert, Device, Dial, DCC’s Plan, User",
        ),
        (
            put_for(DefinitionRef(term="Device"), *new_terms("Cable", "Device")),
            "Alert, Cable, Device, DCC’s Plan, User",
        ),
        (
            put_for(DefinitionRef(term="Device"), *new_terms("Cable")),
            "Alert, Cable, DCC’s Plan, User",
        ),
        (rename(DefinitionRef(term="Device"), "Gadget"), "Alert, Gadget, DCC’s Plan, User"),
        (strike(DefinitionRef(term="DCC’s Plan"), Quote("DCC’s")), "Alert, Device, Plan, User"),
        (
            replace(DefinitionRef(term="Alert", part="term"), Quote("Alert"), "Sign"),
            "Sign, Device, DCC’s Plan, User",
        ),
        (
            words(DefinitionRef(term="Alert", part="term"), Spot("end"), "Sign"),
            "Alert Sign, Device, DCC’s Plan, User",
        ),
    ],
    ids=str,
)
def test_definitions_omitted_substituted_renamed(operation: Operation, expected: str) -> None:
    assert expected.split(", ") == terms(operation)


def test_a_definition_substituted_by_itself_is_changed_in_its_place() -> None:
    new = Definition(term="Device", text="means a box.")
    edits = put_for(DefinitionRef(term="Device"), new).edits(Consolidation(short_code(TERMS)))

    assert (Splice("definitions", "Device", "text", 0, "means a thing.", "means a box."),) == edits


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        (put(NOWHERE, Spot("alphabetical"), *new_terms("User")), "SD204"),
        (put(NOWHERE, Spot("alphabetical"), *new_terms("DCC's  Plan")), "SD204"),
        (put(NOWHERE, Spot("alphabetical"), *new_terms("B", "B")), "SD204"),
        (put(NOWHERE, Spot("alphabetical"), *new_terms("")), "SD209"),
        (put(NOWHERE, Spot("alphabetical"), Provision(label="a", text="x")), "SD209"),
        (put(NOWHERE, Spot("after", ref=DefinitionRef(term="Usr")), *new_terms("B")), "SD203"),
        (
            put(NOWHERE, Spot("after", ref=DefinitionRef(term="User", section="H")), *new_terms("B")),
            "SD203",
        ),
        (put(NOWHERE, Spot("after", words=Quote("User")), *new_terms("B")), "SD209"),
        (put(DefinitionRef(term="User"), Spot("after", ref=DefinitionRef(term="Alert")), *new_terms("B")), "SD203"),
        (omit(DefinitionRef(term="Usr")), "SD203"),
        (omit(NOWHERE), "SD209"),
        (put_for(NOWHERE, *new_terms("B")), "SD209"),
        (put_for(DefinitionRef(term="User", part="term"), *new_terms("B")), "SD209"),
        (put_for(DefinitionRef(term="Alert"), *new_terms("User")), "SD204"),
        (rename(DefinitionRef(term="Alert"), "DCC's Plan"), "SD204"),
        (rename(DefinitionRef(term="Alert"), ""), "SD209"),
        (replace(DefinitionRef(term="Alert"), Quote("Alert"), "User"), "SD204"),
        (replace(DefinitionRef(term="Alert", part="term"), Quote("Alert"), "User"), "SD204"),
        (strike(DefinitionRef(term="Alert", part="heading"), Quote("Alert")), "SD203"),
        (strike(DefinitionRef(term="Alert", path=("a",), part="term"), Quote("Alert")), "SD203"),
        (strike(NOWHERE, Quote("means")), "SD202"),
        (strike(NOWHERE, Quote("means", Each(4))), "SD202"),
        (strike(NOWHERE, Quote("box")), "SD201"),
        (strike(NOWHERE, Span(None, None)), "SD209"),
    ],
    ids=str,
)
def test_what_cannot_be_done_to_definitions_is_refused(operation: Operation, code: str) -> None:
    assert code == refused(TERMS, operation).code


def test_a_term_changes_in_each_of_its_places_at_once() -> None:
    operation = replace(DefinitionRef(term="A B A", part="term"), Quote("A", Each()), "C")

    assert terms(operation, "A B A: means one.") == ["C B C"]


def test_words_of_all_definitions_in_each_place() -> None:
    after = carried_out(TERMS, replace(NOWHERE, Quote("means a", Each()), "is a"))

    assert {"is a sign.", "is a thing.", "is a plan.", "is a person."} == {
        record.text for record in records(after.code()).values() if isinstance(record, Definition)
    }


# --- contents and documents -------------------------------------------------------------------------------------------

LISTS = """\
Sections > A: Definitions
Sections > B: Accession
Appendices > A: Key Policy
Appendices > C: Test Policy
Appendices > AA: Lock Policy
Schedule 1 = Framework Agreement 2013-09-23
Appendix A = Key Policy v1.0 2020-01-01
Appendix C = Test Policy (TP) v5.4 2020-01-01
Appendix AA = Lock Policy Document v2.0 2020-01-01"""

APPENDICES = EntryRef(group="Appendices")


def entry(label: str, group: str = "Appendices") -> EntryRef:
    return EntryRef(group=group, label=label)


def listed(operation: Operation, name: str = "contents:Appendices") -> list[str]:
    after = carried_out(LISTS, operation)
    return [f"{key} {after.text(name, key, 'title')}" for key in after.keys(name)]


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (put(APPENDICES, Spot("end"), Entry(label="AB", title="N")), "A C AA AB"),
        (put(APPENDICES, Spot("in_order"), Entry(label="B", title="N")), "A B C AA"),
        (put(APPENDICES, Spot("in_order"), Entry(label="Z", title="N")), "A C Z AA"),
        (
            put(APPENDICES, Spot("in_order"), Entry(label="AB", title="N"), Entry(label="B", title="N")),
            "A B C AA AB",
        ),
        (
            put(APPENDICES, Spot("after", ref=entry("A")), Entry(label="B", title="N")),
            "A B C AA",
        ),
        (
            put(APPENDICES, Spot("before", ref=entry("AA")), Entry(label="D", title="N")),
            "A C D AA",
        ),
        (
            put(NOWHERE, Spot("after", ref=entry("A")), Entry(label="B", title="N")),
            "A B C AA",
        ),
        (
            put(EntryRef(group="appendices"), Spot("beginning"), Entry(label="B", title="N")),
            "B A C AA",
        ),
        (omit(entry("C")), "A AA"),
        (omit(entry("C", "")), "A AA"),
        (put_for(entry("C"), Entry(label="D", title="N")), "A D AA"),
        (
            put_for(entry("C"), Entry(label="C", title="N"), Entry(label="D", title="N")),
            "A C D AA",
        ),
    ],
    ids=str,
)
def test_entries_of_the_contents(operation: Operation, expected: str) -> None:
    assert expected.split() == [line.split()[0] for line in listed(operation)]


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (rename(entry("C"), "Trial Policy"), "C Trial Policy"),
        (put_for(entry("C"), Entry(label="C", title="Trial Policy")), "C Trial Policy"),
        (replace(entry("C"), Quote("Test"), "Trial"), "C Trial Policy"),
        (words(entry("C"), Spot("end"), "Document"), "C Test Policy Document"),
        (strike(entry("C"), Quote("Test")), "C Policy"),
    ],
    ids=str,
)
def test_an_entry_is_retitled(operation: Operation, expected: str) -> None:
    assert expected in listed(operation)


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        (put(APPENDICES, Spot("end"), Entry(label="C", title="N")), "SD204"),
        (put(APPENDICES, Spot("end"), Definition(term="C", text="N")), "SD209"),
        (
            put(APPENDICES, Spot("after", ref=entry("A", "Sections")), Entry(label="B", title="N")),
            "SD203",
        ),
        (
            put(APPENDICES, Spot("after", ref=entry("B")), Entry(label="D", title="N")),
            "SD203",
        ),
        (
            put(EntryRef(group="Annexes"), Spot("end"), Entry(label="D", title="N")),
            "SD203",
        ),
        (put(EntryRef(group=""), Spot("end"), Entry(label="D", title="N")), "SD209"),
        (omit(entry("A", "")), "SD209"),
        (omit(entry("D")), "SD203"),
        (omit(APPENDICES), "SD209"),
        (rename(APPENDICES, "x"), "SD203"),
    ],
    ids=str,
)
def test_what_cannot_be_done_to_entries_is_refused(operation: Operation, code: str) -> None:
    assert code == refused(LISTS, operation).code


def document(place: str, through: str | None = None) -> DocumentRef:
    return DocumentRef(place=place, through=through)


@pytest.mark.parametrize(
    ("place", "index"),
    [("Appendix B", 2), ("Appendix Z", 3), ("Appendix AB", 4), ("Schedule 2", 1), ("Schedule 0", 0)],
)
def test_a_document_is_incorporated_in_its_place(place: str, index: int) -> None:
    operation = IncorporateDocument(target=document(place), title="New Policy", version="1.0", annex="A")
    after = carried_out(LISTS, operation).code()
    new = (after.documents or ())[index]

    assert (place, "New Policy", "1.0", after.as_at) == (new.place, new.title, new.version, new.in_force_from)


def test_a_document_is_in_force_from_the_day_on_which_the_code_stands() -> None:
    consolidation = Consolidation(short_code(LISTS))
    consolidation.apply(Splice(CODE, "", "as_at", 0, "2021-12-16", "2022-03-01"), "1")
    for edit in ReincorporateDocument(target=document("Appendix C"), title="the Test Policy", version="5.23").edits(
        consolidation
    ):
        consolidation.apply(edit, "1")
    after = (consolidation.code().documents or ())[2]

    assert ("5.23", dt.date(2022, 3, 1), "Test Policy (TP)") == (after.version, after.in_force_from, after.title)


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (RevokeDocument(target=document("Appendix C")), "1 A AA"),
        (RevokeDocument(target=document("Appendix A", "AA")), "1"),
        (RevokeDocument(target=document("Appendix A", "C")), "1 AA"),
        (omit(document("Appendix C")), "1 A AA"),
    ],
    ids=str,
)
def test_documents_cease(operation: Operation, expected: str) -> None:
    assert expected.split() == [line.split()[1] for line in listed(operation, "documents")]


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        (IncorporateDocument(target=document("Appendix C"), title="N"), "SD204"),
        (IncorporateDocument(target=document("Appendix D", "F"), title="N"), "SD209"),
        (ReincorporateDocument(target=document("Appendix D"), title="N"), "SD203"),
        (ReincorporateDocument(target=document("Appendix A", "C"), title="N"), "SD209"),
        (ReincorporateDocument(target=document("Appendix C"), title="Trial Policy"), "SD208"),
        (RevokeDocument(target=document("Appendix D")), "SD203"),
        (RevokeDocument(target=document("Appendix A", "D")), "SD203"),
        (strike(DocumentRef(place="Appendix C", path=("1",)), Quote("x")), "SD205"),
        (strike(document("Appendix C"), Quote("x")), "SD205"),
        (put(document("Appendix C"), Spot("end"), item("1", "x")), "SD205"),
        (strike(ProvisionRef(label="H8.16"), Quote("x")), "SD205"),
        (omit(SectionRef(label="H")), "SD205"),
    ],
    ids=str,
)
def test_what_cannot_be_done_to_documents_is_refused(operation: Operation, code: str) -> None:
    assert code == refused(LISTS, operation).code


def test_a_document_is_retitled() -> None:
    for operation in (
        rename(document("Appendix C"), "Trial Policy"),
        rename(DocumentRef(place="Appendix C", part="heading"), "Trial Policy"),
    ):
        assert "Appendix C Trial Policy" in listed(operation, "documents")


def test_beside_and_sentences_are_honoured_in_any_list() -> None:
    text = "One is. Two is a box, or a lid. Three is."
    target = DefinitionRef(term="X", part=Sentence(2))

    assert done(text, replace(target, Quote("is"), "was")) == "One is. Two was a box, or a lid. Three is."
    assert done(text, strike(X, Quote("a box", beside=Beside("before", "or")))) == "One is. Two is, or a lid. Three is."


SENTENCES = "One thing is. Two things are. Three things are."
NESTED = "of:\n  (a) one, being:\n    (i) two;\n    (ii) three,\n  as such; or\n  (b) four."


@pytest.mark.parametrize(
    ("number", "omitted", "replaced", "ended"),
    [
        (1, "Two things are. Three things are.", "It is. Two things are. Three things are.", "One thing is now. Two"),
        (2, "One thing is. Three things are.", "One thing is. It is. Three things are.", "Two things are now. Three"),
        (-1, "One thing is. Two things are.", "One thing is. Two things are. It is.", "Three things are now."),
    ],
)
def test_a_sentence_goes_with_its_stop(number: int, omitted: str, replaced: str, ended: str) -> None:
    target = DefinitionRef(term="X", part=Sentence(number))
    whole = Span(None, None)

    assert {omitted} == {done(SENTENCES, strike(target, whole)), done(SENTENCES, omit(target))}
    assert {replaced} == {done(SENTENCES, replace(target, whole, new)) for new in ("It is", "It is.")}
    assert ended in done(SENTENCES, words(target, Spot("end"), "now"))
    assert f"{SENTENCES.split('. ')[number - (number > 0)].rstrip('.')}. So it is." in done(
        SENTENCES, words(target, Spot("end"), "So it is.")
    )


@pytest.mark.parametrize(
    ("path", "part", "expected"),
    [
        ((), "opening", "  (a) one, being:\n    (i) two;\n    (ii) three,\n  as such; or\n  (b) four."),
        (("a",), "opening", "of:\n  (a)\n    (i) two;\n    (ii) three,\n  as such; or\n  (b) four."),
        (("a",), "closing", "of:\n  (a) one, being:\n    (i) two;\n    (ii) three,\n  (b) four."),
    ],
)
def test_opening_and_closing_words_go_with_their_marks(path: tuple[str, ...], part: Part, expected: str) -> None:
    target = DefinitionRef(term="X", path=path, part=part)

    assert {expected} == {done(NESTED, omit(target)), done(NESTED, strike(target, Span(None, None)))}


@pytest.mark.parametrize(
    ("part", "spot", "expected"),
    [
        ("opening", Spot("end"), "(a) one, being then:"),
        ("opening", Spot("beginning"), "(a) then one, being:"),
        ("closing", Spot("end"), "as such then; or"),
        ("closing", Spot("beginning"), "then as such; or"),
    ],
)
def test_words_at_the_ends_of_opening_and_closing_words(part: Part, spot: Spot, expected: str) -> None:
    assert expected in done(NESTED, words(DefinitionRef(term="X", path=("a",), part=part), spot, "then"))


def test_words_that_a_whole_section_lacks_are_shown_as_they_stand_there() -> None:
    assert "the definition of “Device”: the text has “A thing”" in (
        refused(TERMS.replace("a thing", "A thing"), strike(NOWHERE, Quote("a thing"))).hint or ""
    )
    assert "Section H8.17: it stands only inside a longer word: “sleepy”" in (
        refused(SECTIONS.replace("sleep", "sleepy"), strike(section("H8"), Quote("sleep"))).hint or ""
    )
