"""What people see: findings with their carets, characters that are not safe to print, the redline, the table."""

from __future__ import annotations

import datetime as dt
import io
import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from secdefs.change.edits import Add, Consolidation, Remove, Splice
from secdefs.findings import Finding, Source, finding
from secdefs.model import Code, Definition, Definitions, Document, Entry, Group
from secdefs.write.redline import show_redline
from secdefs.write.terminal import Look, columns, look, plain, show_finding, tally, wrap

NARROW, WIDE = Look(80), Look(120)


def found_at(text: str, words: str, line: int = 1, **more: str) -> tuple[Finding, str]:
    start = text.index(words)
    column = start - text.rfind("\n", 0, start)
    return finding(
        "SD202", "a message", source=Source("letter.txt", None, "i)", line, column, start, start + len(words)), **more
    ), text


# --- findings ---------------------------------------------------------------------------------------------------------


def test_a_finding_is_shown_as_compilers_show_one() -> None:
    line = "iii) in the definition of “X” in Section A the words “[TBC]” shall be replaced with the words “AT”."
    text = "\n" * 93 + line + "\nnext"
    start = text.index("[TBC]") - 1
    found = finding(
        "SD202",
        "“[TBC]” occurs 2 times in the definition of “X”",
        hint="quote more of the words around it, or say “in each place”",
        source=Source("letter.txt", None, "iii)", 94, line.index("[TBC]"), start, start + 7),
    )

    shown = show_finding(found, text, WIDE)

    assert shown == (
        "letter.txt:94:53: SD202 error: “[TBC]” occurs 2 times in the definition of “X”\n"
        f"   94 | {line}\n"
        f"      | {' ' * 53}^^^^^^^\n"
        "   hint: quote more of the words around it, or say “in each place”"
    ).replace(":53:", f":{line.index('[TBC]')}:").replace(" " * 53, " " * (line.index("[TBC]") - 1))


def test_a_finding_without_a_place_names_the_tool() -> None:
    shown = show_finding(finding("SD310", "a comma too many"), None, WIDE)

    assert shown == "secdefs: SD310 warning: a comma too many"


def carets(shown: str) -> str:
    """The words of the shown line that stand over the carets, by columns."""
    line, marks = shown.split("\n")[1:3]
    spread = "".join(character + "\0" * (columns(character) - 1) for character in line if columns(character))
    return spread[marks.index("^") : marks.rindex("^") + 1].replace("\0", "")


@pytest.mark.parametrize(
    "text",
    [
        "a\ttab, the words here",
        "漢字の the words here",
        "cafe\u0301 the words here",
        "\u202e the words here",
        "long " * 60 + "the words and more " + "words " * 60,
        "the words " + "and more " * 60,
        "so much " * 60 + "the words",
    ],
)
def test_carets_stand_under_the_words(text: str) -> None:
    shown = show_finding(*found_at(text, "the words"), Look(80))

    assert carets(shown) == "the words"
    assert all(columns(line) <= 80 for line in shown.split("\n"))


def test_words_over_several_lines_are_marked_on_each() -> None:
    shown = show_finding(*found_at("i) the old  \n\n  words are\nhere", "old  \n\n  words"), WIDE)

    assert shown.split("\n")[1:] == [
        "    1 | i) the old",
        "      |        ^^^",
        "    3 |   words are",
        "      |   ^^^^^",
    ]


def test_a_place_without_words_has_one_caret() -> None:
    found = finding("SD101", "ends too soon", source=Source("l.txt", None, None, 1, 4, 3, 3))

    shown = show_finding(found, "abc", WIDE)

    assert shown.split("\n")[1:] == ["    1 | abc", "      |    ^"]


def test_what_could_deceive_the_eye_is_escaped_wherever_shown() -> None:
    found, text = found_at("the \u202ewords\x1b[2J", "\u202ewords", hint="not \u2066this\u200b")
    found = msgspec.structs.replace(found, message="bad \x1b]0;x\x07")

    shown = show_finding(found, text, WIDE)

    assert "\\u202ewords\\u001b[2J" in shown
    assert all(character.isprintable() or character == "\n" for character in shown)


def test_a_text_is_plain_on_one_line() -> None:
    assert plain("a\n  b\u00a0c\u200d") == "a b c\\u200d"


def test_the_last_line_counts() -> None:
    some = [finding("SD101", "x"), finding("SD101", "x"), finding("SD310", "x")]

    assert tally(some) == "2 errors, 1 warning"
    assert tally([]) == ""


def test_no_colour_off_a_terminal_or_where_it_is_unwelcome(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("COLUMNS", "72")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)

    assert look(Terminal()) == Look(72, True, True)
    assert look(io.StringIO()) == Look(80)
    monkeypatch.setenv("NO_COLOR", "1")
    assert look(Terminal()) == Look(72, False, True)


# --- the redline ------------------------------------------------------------------------------------------------------

POLICY = "SMETS1 Cryptographic Key Management Policy"
LONG = "means a number of messages which is set, in the manner that " + "Section G3 provides for each User and " * 8
CODE = Code(
    title="Code",
    version="45.0",
    as_at=dt.date(2021, 12, 16),
    definitions=Definitions(
        section="A",
        entries=(
            Definition(term="Anomaly", text=f"{LONG}for TBC days."),
            Definition(
                term="Gadget", text="means:\n  (a) one:\n    (i) red;\n    (ii) blue;\n  (b) two; or\n  (c) three."
            ),
            Definition(term=POLICY, text="means the document set out in Appendix [TBC]."),
        ),
    ),
    contents=(Group(group="Appendices", entries=tuple(Entry(label=x, title=f"Part {x}") for x in ("AA", "AB", "AC"))),),
    documents=(
        Document(place="Appendix AM", title="Requirements", version="11.0", in_force_from=dt.date(2021, 7, 29)),
    ),
)


def redline(*edits: Splice | Add | Remove, look: Look = NARROW) -> str:
    """The redline of edits made by the instructions "1", "2", …"""
    consolidation = Consolidation(CODE)
    for number, edit in enumerate(edits, 1):
        consolidation.apply(edit, str(number))
    return show_redline(consolidation, (), look)


def splice(term: str, old: str, new: str, part: str = "text") -> Splice:
    consolidation = Consolidation(CODE)
    return Splice("definitions", term, part, consolidation.text("definitions", term, part).index(old), old, new)


def test_words_are_marked_under_their_definition() -> None:
    shown = redline(splice(POLICY, "[TBC]", "AT"))

    assert shown == (f"definition “{POLICY}”\n    means the document set out in Appendix [-[TBC]-]{{+AT+}}.\n  by 1")


def test_colour_underlines_and_strikes() -> None:
    shown = redline(splice(POLICY, "[TBC]", "AT"), look=Look(80, True))

    assert "Appendix \x1b[9;31m[TBC]\x1b[0m\x1b[4;32mAT\x1b[0m." in shown


def test_what_leads_in_is_kept_and_the_rest_left_out() -> None:
    shown = redline(splice("Gadget", "blue", "green"))

    assert shown == (
        "definition “Gadget”\n"
        "    means:\n"
        "      (a) one:\n"
        "        (i) red;\n"
        "        (ii) [-blue-]{+green+};\n"
        "      (b) two; or\n"
        "    …\n"
        "  by 1"
    )


def test_long_unchanged_words_are_left_out() -> None:
    shown = redline(splice("Anomaly", "TBC", "9"))

    assert shown.split("\n") == [
        "definition “Anomaly”",
        "    means a number of … each User and Section G3 provides for each User and for",
        "    [-TBC-]{+9+} days.",
        "  by 1",
    ]


def test_a_paragraph_that_goes_needs_no_sign_of_its_break() -> None:
    shown = redline(splice("Gadget", "\n  (b) two; or", ""))

    assert "      [-(b) two; or-]\n      (c) three." in shown
    assert "¶" not in shown


def test_paragraphs_that_are_joined_show_the_break_that_went() -> None:
    shown = redline(splice("Gadget", "\n  (b) two", " and"))

    assert "        (ii) blue;[-¶-]\n      [-(b) two-]{+ and+}; or" in shown


def test_paragraphs_that_meet_across_one_that_goes_show_the_break_too() -> None:
    shown = redline(splice("Gadget", "\n    (ii) blue;\n  (b) two", ""))

    assert "        (i) red;\n        [-(ii) blue;¶-]\n      [-(b) two-]; or" in shown


def test_paragraphs_for_paragraphs_stand_on_lines_of_their_own() -> None:
    shown = redline(splice("Gadget", "(b) two; or\n  (c) three.", "(b) four;\n  (c) five; or\n  (d) six."))

    assert shown.split("\n")[-6:] == [
        "      [-(b) two; or-]",
        "      [-(c) three.-]",
        "      {+(b) four;+}",
        "      {+(c) five; or+}",
        "      {+(d) six.+}",
        "  by 1",
    ]


def test_a_new_definition_says_where_it_went() -> None:
    shown = redline(Add("definitions", 1, Definition(term="Device", text="means a thing.")))

    assert shown == "definition “Device” (new, after “Anomaly”)\n    {+means a thing.+}\n  by 1"


def test_a_definition_that_goes_is_struck() -> None:
    shown = redline(Remove("definitions", POLICY))

    assert shown == (f"definition “{POLICY}” (omitted)\n    [-means the document set out in Appendix [TBC].-]\n  by 1")


def test_a_new_entry_stands_with_its_neighbours() -> None:
    shown = redline(Add("contents:Appendices", 3, Entry(label="AD", title="Part AD")))

    assert shown == "contents, Appendices\n    …\n    AC: Part AC\n    {+AD: Part AD+}\n  by 1"


def test_a_document_shows_its_particulars() -> None:
    shown = redline(
        Splice("documents", "Appendix AM", "version", 0, "11.0", "12.0"),
        Splice("documents", "Appendix AM", "in_force_from", 0, "2021-07-29", "2021-12-17"),
    )

    assert shown == (
        "document Appendix AM\n"
        "    title: Requirements\n"
        "    version: [-11.0-]{+12.0+}\n"
        "    in force from: [-29 July 2021-]{+17 December 2021+}\n"
        "  by 1\n"
        "  by 2"
    )


def test_what_comes_and_goes_is_not_shown() -> None:
    shown = redline(
        Add("definitions", 0, Definition(term="Brief", text="means nothing.")), Remove("definitions", "Brief")
    )

    assert shown == ""


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9), st.text("ab ,", max_size=9)), max_size=5))
def test_a_redline_reads_as_the_text_before_and_after(changes: list[tuple[int, int, str]]) -> None:
    before = "means the thing, or a part of it, that is set out in full"
    consolidation = Consolidation(
        Code(
            title="Code",
            as_at=dt.date(2021, 12, 16),
            definitions=Definitions(section="A", entries=(Definition(term="T", text=before),)),
        )
    )
    for number, (at, length, new) in enumerate(changes):
        text = consolidation.text("definitions", "T")
        at = min(at, len(text))
        consolidation.apply(Splice("definitions", "T", "text", at, text[at : at + length], new), str(number))
    after = consolidation.text("definitions", "T")

    shown = show_redline(consolidation, (), Look(10_000), whole=True)

    if shown:
        line = shown.split("\n")[1].removeprefix("    ")
        assert re.sub(r"\[-.*?-\]", "", line).replace("{+", "").replace("+}", "").strip() == after.strip()
        assert re.sub(r"\{\+.*?\+\}", "", line).replace("[-", "").replace("-]", "").strip() == before
    else:
        assert after == before


@pytest.mark.parametrize("width", [40, 80, 120])
def test_every_line_fits(width: int) -> None:
    shown = redline(splice("Anomaly", "Section G3 provides", "the Secretary of State directs"), look=Look(width))

    assert all(columns(line) <= width for line in shown.split("\n"))


def test_wrapped_words_hang_under_what_opens_them() -> None:
    assert wrap("one two three", 12, "  hint: ") == ["  hint: one", "        two", "        three"]
