"""The outline of letters: paragraphs, lists, blocks, footnotes and furniture in the shapes in which they arrive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from secdefs.outline import QUOTE, Clause, clause, outline, sentences, spans, walk

LETTER = Path(__file__).resolve().parents[2] / "shared" / "letters" / "2021-12-16-s1ckmp-s1sr.txt"


def tree(clauses: tuple[Clause, ...]) -> list[Any]:
    """The clauses as (label, words, children), quotations put back in ‹ ›, the lines of a block after the words."""
    result = []
    for each in clauses:
        words = each.text
        for quote in each.quotes:
            words = words.replace(QUOTE, f"‹{quote.text}›", 1)
        result.append((each.label, "\n".join([words, *each.block]), tree(each.children)))
    return result


def read(text: str) -> list[Any]:
    return tree(outline(text).clauses)


def words(text: str) -> list[str]:
    return [each.text for each in walk(outline(text).clauses)]


# --- paragraphs -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "The Panel met and it took\na decision on the code,\nwhich it now makes. The\nPanel thanks all parties.\n",
            ["The Panel met and it took a decision on the code, which it now makes. The Panel thanks all parties."],
            id="wrapped",
        ),
        pytest.param(
            "Widget Office\n1 Victoria Street\nLondon\n\nThe Panel met and it took\na decision.\n",
            ["Widget Office", "1 Victoria Street", "London", "The Panel met and it took a decision."],
            id="address",
        ),
        pytest.param(
            "The Panel met and it took\n\na decision, as it says in\n\nthe code. It met in the\n\nWidget Office.\n\n\n"
            "\nNext.\n",
            ["The Panel met and it took a decision, as it says in the code. It met in the Widget Office.", "Next."],
            id="a blank line after every line",
        ),
        pytest.param(
            "The Panel met and then it took\na decision.\n\nThe words stand in paragraph\n"
            "(a) of the code and not in any\nother.\n",
            [
                "The Panel met and then it took a decision.",
                "The words stand in paragraph (a) of the code and not in any other.",
            ],
            id="a citation at the beginning of a line",
        ),
        pytest.param(
            "Annex A: The Gauges of the code v1.0\n\nAnnex B: The Dials of the code, old\n\n"
            "– marked up against v2.0\n\nAnnex C: Other\n",
            [
                "Annex A: The Gauges of the code v1.0",
                "Annex B: The Dials of the code, old – marked up against v2.0",
                "Annex C: Other",
            ],
            id="an annex list",
        ),
        pytest.param(
            "THE WIDGET CODE: DIRECTION TO CHANGE THE GAUGES AND\nTHE DIALS\n\n"
            "The Panel met and it took a long decision on it, as the code\nsays.\n",
            [
                "THE WIDGET CODE: DIRECTION TO CHANGE THE GAUGES AND THE DIALS",
                "The Panel met and it took a long decision on it, as the code says.",
            ],
            id="a heading in capitals",
        ),
        pytest.param(
            "One paragraph on one line.\nAnother, which is longer than it and goes on\nYours\n",
            ["One paragraph on one line.", "Another, which is longer than it and goes on", "Yours"],
            id="typed, a line a paragraph",
        ),
    ],
)
def test_lines_become_paragraphs(text: str, expected: list[str]) -> None:
    assert expected == words(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the Sub-\nCommittee met and\nwent", "the Sub-Committee met and went"),
        ("the docu-\nment met the\ndocument", "the document met the document"),
        ("the re-\nissued text it\nhas", "the re-issued text it has"),
        ("the pre\u00ad\nfixed text it\nhas", "the prefixed text it has"),
        ("the longest text –\nor any other thing\nof it", "the longest text – or any other thing of it"),
    ],
)
def test_a_hyphen_at_the_end_of_a_line(text: str, expected: str) -> None:
    assert [expected] == words(text)


def test_a_forged_placeholder_is_no_quotation() -> None:
    (found,) = outline("omit \ue000 and \ue001").clauses

    assert (found.text, found.quotes) == ("omit \N{REPLACEMENT CHARACTER} and \N{REPLACEMENT CHARACTER}", ())


# --- lists ------------------------------------------------------------------------------------------------------------


def test_lists_nest() -> None:
    found = read(
        "The code is changed:\n(a) in “X”—\n(i) omit “y”;\n(ii) omit “z”; and\n(b) omit “W”.\n"
        "This is so from 1 May 2031.\n"
    )

    assert found == [
        (
            None,
            "The code is changed:",
            [
                ("(a)", "in ‹X›—", [("(i)", "omit ‹y›;", []), ("(ii)", "omit ‹z›; and", [])]),
                ("(b)", "omit ‹W›.", []),
            ],
        ),
        (None, "This is so from 1 May 2031.", []),
    ]


@pytest.mark.parametrize(
    "labels",
    [
        ("(a)", "(aa)", "(b)"),
        ("(A1)", "(1)", "(1A)", "(2)"),
        ("(i)", "(ii)", "(iii)", "(iv)", "(v)"),
        ("i)", "ii)", "iii)"),
        ("a)", "b)", "c)"),
        ("1.", "1A.", "2."),
        ("•", "•"),
        ("–", "–"),
        ("-", "-"),
        ("(y)", "(z)", "(za)"),
        ("(y)", "(z)", "(aa)", "(bb)"),
    ],
)
def test_labels_in_sequence_are_siblings(labels: tuple[str, ...]) -> None:
    (found,) = outline("Changes:\n" + "".join(f"{label} omit “x”;\n" for label in labels)).clauses

    assert labels == tuple(child.label for child in found.children)


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ("abcdefghij", ["(a)", "(b)", "(c)", "(d)", "(e)", "(f)", "(g)", "(h)", "(i)", "(j)"]),
        ([*"abcdefgh", "i", "ii"], ["(a)", "(b)", "(c)", "(d)", "(e)", "(f)", "(g)", "(h)"]),
    ],
)
def test_a_letter_and_a_roman_number_are_told_by_the_sequence(labels: list[str], expected: list[str]) -> None:
    items = "".join(f"({label}) omit “x” from{'—' if label == 'h' else ';'}\n" for label in labels)
    found = outline("Changes:\n" + items)

    assert expected == [child.label for child in found.clauses[0].children]
    assert found.ambiguous == ()


def test_a_letter_or_a_roman_number_is_in_doubt_where_nothing_follows() -> None:
    items = "".join(f"({label}) omit “x” from{'—' if label == 'h' else ';'}\n" for label in "abcdefghi")
    text = "Changes:\n" + items

    assert (text.index("(i)"),) == outline(text).ambiguous


def test_a_paragraph_after_a_list_is_no_part_of_its_last_item() -> None:
    found = read("Changes:\ni) omit “x”\nii) omit “y”.\n\nPursuant to the code, the Panel directs:\ni) omit “z”.\n")

    assert found == [
        (None, "Changes:", [("i)", "omit ‹x›", []), ("ii)", "omit ‹y›.", [])]),
        (None, "Pursuant to the code, the Panel directs:", [("i)", "omit ‹z›.", [])]),
    ]


def test_a_label_straight_after_a_label_is_within_it() -> None:
    found = read("1.—(1) The code is changed.\n(2) In part 3—\n(a) omit “y”.\n2. In part 4, omit “w”.\n")

    assert found == [
        (
            "1.—",
            "",
            [("(1)", "The code is changed.", []), ("(2)", "In part 3—", [("(a)", "omit ‹y›.", [])])],
        ),
        ("2.", "In part 4, omit ‹w›.", []),
    ]


def test_a_long_line_that_ends_in_no_stop_may_be_an_items_end() -> None:
    found = words(
        "The changes that are made:\n(a) the words “one” are omitted, and\n(b) the words “two” are omitted from\n"
        "it, and\n(c) the rest.\n"
    )

    assert ["The changes that are made:", f"the words {QUOTE} are omitted, and"] == found[:2]
    assert len(found) == 4


# --- quotations and blocks --------------------------------------------------------------------------------------------


def test_a_quotation_wraps() -> None:
    (found,) = outline("The words “one\ntwo” and ‘three\nfour’ are omitted.").clauses

    assert [quote.text for quote in found.quotes] == ["one two", "three four"]


def test_a_quotation_alone_after_a_colon_is_the_last_of_the_words() -> None:
    found = read("Changes:\ni) these words are added at the end:\n\n“Appendix Q: Gauges”\n\nii) omit “x”.\n")

    assert found == [
        (
            None,
            "Changes:",
            [("i)", "these words are added at the end: ‹Appendix Q: Gauges›", []), ("ii)", "omit ‹x›.", [])],
        )
    ]


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        pytest.param(
            "““Y” means y;\n““Z” means—\n(a) one, or\n(b) two.”",
            ["“Y” means y;", "“Z” means—", "  (a) one, or", "  (b) two."],
            id="re-opened",
        ),
        pytest.param("““Y” means y;”\n““Z” means z.”", ["“Y” means y;", "“Z” means z."], id="each closed"),
        pytest.param("““Y” means\ny and it is\nso;”; and", ["“Y” means y and it is so;"], id="wrapped"),
        pytest.param(
            "“Y” means—\n(a) one;\n(b) two;\n“Z” means z.",
            ["“Y” means—", "  (a) one;", "  (b) two;", "“Z” means z."],
            id="no marks",
        ),
        pytest.param(
            "“(6A) Where—\n(a) one:\n(i) two;\n(b) three.\n(6B) Five.”",
            ["(6A) Where—", "  (a) one:", "    (i) two;", "  (b) three.", "(6B) Five."],
            id="provisions",
        ),
        pytest.param("(6A) One.\n(6B) Two.", ["(6A) One.", "(6B) Two."], id="provisions without marks"),
        pytest.param(
            "    The Panel shall meet.\n    It may vote.", ["The Panel shall meet.", "It may vote."], id="indented"
        ),
        pytest.param("“Appendix Q: One”\n“Appendix R: Two”.", ["Appendix Q: One", "Appendix R: Two"], id="lines"),
    ],
)
def test_a_block_follows_what_introduces_it_and_the_list_goes_on(block: str, expected: list[str]) -> None:
    (found,) = outline(f"Changes:\ni) at the end insert—\n{block}\nii) omit “x”.\n").clauses

    assert [child.label for child in found.children] == ["i)", "ii)"]
    assert tuple(expected) == found.children[0].block
    assert found.children[0].text == "at the end insert—"


def test_words_after_a_colon_that_are_neither_quoted_nor_indented_are_no_block() -> None:
    found = read("The Panel says this:\nThe code is good.\n")

    assert found == [(None, "The Panel says this:", []), (None, "The code is good.", [])]


def test_a_mark_without_a_fellow_is_reported() -> None:
    text = "In the definition of “X” insert “y.\nOmit “z”.\n"
    found = outline(text)

    assert (text.index("“y"),) == found.unbalanced
    assert [[quote.text for quote in each.quotes] for each in found.clauses] == [["X"], ["z"]]


def test_the_other_reading_of_single_marks_is_kept() -> None:
    (found,) = outline("Omit ‘the Users’ and ‘the Parties’.\n").clauses

    assert [[quote.text for quote in reading.quotes] for reading in (found, *found.others)] == [
        ["the Users", "the Parties"],
        ["the Users’ and ‘the Parties"],
    ]


# --- footnotes and furniture ------------------------------------------------------------------------------------------


def test_a_footnote_between_two_items_is_lifted_out() -> None:
    text = (
        "The Matrix1 is kept. Changes:\ni) the words “x” are omitted\n\n1 An annex to the code\n"
        " ii) the words “y” are omitted.\n"
    )
    found = outline(text)

    assert [
        "The Matrix is kept. Changes:",
        f"the words {QUOTE} are omitted",
        f"the words {QUOTE} are omitted.",
    ] == words(text)
    assert [("1", "An annex to the code", text.index("1"))] == [(n.mark, n.text, n.anchor) for n in found.footnotes]


def test_a_footnote_may_cut_a_sentence() -> None:
    text = (
        "The Panel consulted on the change of testing1. It sought the views of parties\n\n \n"
        "1 https://example.org/consultations/a-consultation-on-the-gauges-and-\ndials/  \n"
        " to the question and it\nhad six.\n"
    )

    assert words(text) == [
        "The Panel consulted on the change of testing. It sought the views of parties to the question and it had six."
    ]
    assert [note.text for note in outline(text).footnotes] == [
        "https://example.org/consultations/a-consultation-on-the-gauges-and-dials/"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "1 Victoria Street\nThe Gauge is old.\n",
        "Model X1 and model X1 are in SMETS1 and SMETS1.\n1 Victoria Street\n",
        "The Panel met on\n17 May 2031.\n",
        "The Gauge2 is old.\n2 Not the first\n",
    ],
)
def test_a_number_at_the_beginning_of_a_line_is_no_footnote_without_a_mark_in_sequence(text: str) -> None:
    assert outline(text).footnotes == ()


@pytest.mark.parametrize("furniture", ["Page 1 of 2\n\fPage 2 of 2\n", "\n1\n\n", "\n- 1 -\n\n", "1\n\f2\n"])
def test_page_furniture_cuts_no_sentence(furniture: str) -> None:
    text = f"The Panel met and took a\ndecision that is about all of\n{furniture}the gauges.\n"

    assert words(text) == ["The Panel met and took a decision that is about all of the gauges."]


def test_running_lines_at_page_edges_are_furniture() -> None:
    bodies = ("The Panel met and took a\nlong decision\n", "which it makes in the code\nnow.\n", "Then it\nwent.\n")
    text = "".join(f"The Widget Code\n{body}Draft {n}\n\f" for n, body in enumerate(bodies, start=1))
    found = outline(text)

    assert {"The Widget Code", "Draft 1", "Draft 2", "Draft 3", "\f"} == {
        text[start:end] for start, end in found.furniture
    }


def test_lines_that_repeat_are_words_where_there_are_no_pages() -> None:
    text = "Section 1\nOmit “x”.\nSection 2\nOmit “x”.\nSection 3\nOmit “x”.\n"

    assert outline(text).furniture == ()


def test_spans_say_what_each_stretch_belongs_to() -> None:
    text = "The Gauge1 insert—\n““Y” means y;”\n1 A note\n\f"

    assert [(span.kind, text[span.start : span.end]) for span in spans(outline(text))] == [
        ("clause", "The Gauge"),
        ("footnote", "1"),
        ("clause", " insert—"),
        ("block", "\n““Y” means y;”"),
        ("footnote", "1 A note"),
        ("furniture", "\f"),
    ]


# --- one clause, and its sentences ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        'replace "[TBC]" with "AT"',
        "replace “[TBC]” with “AT”",
        "replace ‘[TBC]’ with ‘AT’",
        "replace '[TBC]'\nwith 'AT'",
    ],
)
def test_a_clause_from_words(text: str) -> None:
    found = clause(text)

    assert (None, f"replace {QUOTE} with {QUOTE}") == (found.label, found.text)
    assert [quote.text for quote in found.quotes] == ["[TBC]", "AT"]


def test_a_clause_with_its_block() -> None:
    found = clause("iii) at the end insert—", block=["““X” means—", "(a) y;", "(b) z.”"])

    assert (
        found.label,
        found.text,
        found.block,
    ) == ("iii)", "at the end insert—", ("“X” means—", "  (a) y;", "  (b) z."))


@pytest.mark.parametrize("text", ["", " ", "\n"])
def test_a_clause_of_nothing(text: str) -> None:
    assert (clause(text).text, clause(text).offsets) == ("", (0,))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Omit this. Then omit that.", ["Omit this.", "Then omit that."]),
        ("Omit “x. Y”. “Z” is kept.", [f"Omit {QUOTE}.", f"{QUOTE} is kept."]),
        ("It (see No. 5. And this. There) is kept. So.", ["It (see No. 5. And this. There) is kept.", "So."]),
        ("See No. Five, Dr. Foo, part 5. And Pensions etc. Act by A. B. Official.", None),
        ("See paragraph 1.2 and v1.0 of it", None),
        ("a) one is kept. Another (is not. It is open", ["one is kept.", "Another (is not.", "It is open"]),
    ],
)
def test_sentences(text: str, expected: list[str] | None) -> None:
    assert (expected or [text]) == [part.text for part in sentences(clause(text))]


def test_the_label_goes_to_the_first_sentence_and_the_rest_to_the_last() -> None:
    (found,) = outline("1. This is kept. Changes are:\n(a) omit “x”.\n").clauses
    first, last = sentences(found)

    assert (first.label, first.children) == ("1.", ())
    assert (None, found.children) == (last.label, last.children)


# --- a real letter ----------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not LETTER.exists(), reason="the letter is not beside the checkout")
class TestLetter:
    text = LETTER.read_text(encoding="utf-8") if LETTER.exists() else ""
    found = outline(text)

    def test_its_footnotes_are_lifted_out(self) -> None:
        notes = self.found.footnotes

        assert [note.mark for note in notes] == ["1", "2", "3"]
        assert notes[2].text == "An annex to the SMETS1 Supporting Requirements Document"
        assert [self.text[note.anchor - 3 : note.anchor + 1] for note in notes if note.anchor] == [
            "MP)1",
            "ing2",
            "rix3",
        ]

    def test_its_operative_list(self) -> None:
        lead, after = [each for each in self.found.clauses if each.text.startswith("Pursuant to Condition 22")]

        assert lead.text.endswith("with effect from 17 December 2021:")
        assert [child.label for child in lead.children] == ["i)", "ii)", "iii)"]
        assert lead.children[1].text.endswith(f"Appendices: {QUOTE}")
        assert lead.children[2].text.endswith(f"shall be replaced with the words {QUOTE}.")
        assert [quote.text for quote in lead.children[2].quotes[1:]] == ["[TBC]", "AT"]
        assert after.children == ()

    def test_its_numbered_paragraphs(self) -> None:
        labels = [each.label for each in self.found.clauses if each.label]

        assert [f"{n}." for n in range(1, 9)] == labels

    def test_a_footnote_cuts_no_sentence(self) -> None:
        assert any("received six responses to the question." in each.text for each in self.found.clauses)

    def test_its_annex_list(self) -> None:
        annexes = [each.text for each in self.found.clauses if each.text.startswith("Annex ")]

        assert [text[:8] for text in annexes] == ["Annex A:", "Annex B:", "Annex C:", "Annex D:"]
        assert annexes[2].endswith("(S1SR) v12.0 – marked up against v11.0")

    def test_nothing_is_in_doubt(self) -> None:
        assert (self.found.unbalanced, self.found.ambiguous, self.found.furniture) == ((), (), ())
