"""Drafting: how a change is said, what is refused, and what the command gives."""

from __future__ import annotations

import datetime as dt
import html
import re
import zipfile
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from secdefs.cli import main
from secdefs.draft import Draft, Particulars, Style, draft, read_particulars
from secdefs.findings import SecdefsError
from secdefs.letter.instrument import read_instrument
from secdefs.model import Code, Definition, Definitions, Document, Entry, Group, Provision
from secdefs.plan import plan
from secdefs.read.codefile import code_from_text, read_code
from secdefs.write.codefile import code_to_yaml

FIXTURES = Path(__file__).parent.parent / "fixtures"


def code(*definitions: tuple[str, str], **fields: object) -> Code:
    entries = tuple(Definition(term=term, text=text) for term, text in definitions)
    made = Code(
        title="Widget Code",
        version="1.0",
        as_at=dt.date(2030, 1, 1),
        definitions=Definitions(section="A", version="1.0", entries=entries),
    )
    return msgspec.structs.replace(made, **fields)


def later(before: Code, *definitions: tuple[str, str], **fields: object) -> Code:
    """The code with other definitions, on a later day and with a higher version."""
    after = code(*definitions, as_at=dt.date(2030, 3, 1), version="2.0", **fields)
    assert after.definitions is not None
    assert before.definitions is not None
    version = "1.0" if after.definitions.entries == before.definitions.entries else "2.0"
    return msgspec.structs.replace(after, definitions=msgspec.structs.replace(after.definitions, version=version))


def ordered(made: Draft) -> list[str]:
    """The lines that order, without what comes before and after them."""
    assert made.ok, made.findings
    lines = made.text.partition("directed that")[2].partition("Annexes")[0].split("\n")[1:]
    return [line for line in lines if line.strip()]


IN_A = "in Section A of the Widget Code"
LIST = "means:\n  (a) one thing; and\n  (b) another thing of that kind."

SAID = [
    (
        "means a red box.",
        "means a blue box.",
        [f"1. In the definition of “X” {IN_A}, for “red” substitute “blue”."],
    ),
    (
        "means a red box or a red bag.",
        "means a blue box or a blue bag.",
        [f"1. In the definition of “X” {IN_A}, for “red” in each place it occurs substitute “blue”."],
    ),
    (
        "means a red box or a red bag.",
        "means a red box or a blue bag.",
        [f"1. In the definition of “X” {IN_A}, for “a red bag” substitute “a blue bag”."],
    ),
    (
        "means a box in the garden of the house.",
        "means a box in the house.",
        [f"1. In the definition of “X” {IN_A}, omit “garden of the”."],
    ),
    (
        "means a day other than a Saturday.",
        "means a day other than a Saturday or a Sunday.",
        [f"1. In the definition of “X” {IN_A}, after “Saturday” insert “or a Sunday”."],
    ),
    (
        "means 1,200 of them under section 5(1)(a) of the Act.",
        "means 1,500 of them under section 5(1)(a) of the Act.",
        [f"1. In the definition of “X” {IN_A}, for “1,200” substitute “1,500”."],
    ),
    (
        LIST,
        "means:\n  (a) one thing;\n  (b) another thing of that kind; and\n  (c) a third.",
        [
            "1. Section A of the Widget Code is amended as follows—",
            "  (1) In the definition of “X”—",
            "    (a) after paragraph (b) insert—",
            "        “(c) a third.”;",
            "    (b) in paragraph (a), omit “and” at the end;",
            "    (c) in paragraph (b), for “kind.” substitute “kind; and”.",
        ],
    ),
    (
        "means any of these, as the case may be:\n  (a) one thing;\n  (b) another;\n  (c) a third; or\n  (d) a fourth.",
        "means any of these, as the case may be:\n  (a) one thing; or\n  (d) a fourth.",
        [
            "1. Section A of the Widget Code is amended as follows—",
            "  (1) In the definition of “X”—",
            "    (a) omit paragraphs (b) to (c);",
            "    (b) in paragraph (a), at the end insert “or”.",
        ],
    ),
    (  # one comes in between, and those after it are renumbered
        "means one that:\n  (a) is grey and heavy;\n  (b) was made in this port; and\n  (c) is kept by its owner.",
        "means one that:\n  (a) is grey and heavy;\n  (b) has a seal;\n  (c) was made in this port; and\n"
        "  (d) is kept by its owner.",
        [
            "1. Section A of the Widget Code is amended as follows—",
            "  (1) In the definition of “X”—",
            "    (a) renumber paragraph (c) as paragraph (d);",
            "    (b) renumber paragraph (b) as paragraph (c);",
            "    (c) after paragraph (a) insert—",
            "        “(b) has a seal;”.",
        ],
    ),
    (  # one goes, those after it are renumbered, and words change in one of them
        "means one that:\n  (a) is grey;\n  (b) was made in this port;\n  (c) is kept by its owner in a box; or\n"
        "  (d) is for sale.",
        "means one that:\n  (a) is grey;\n  (b) is kept by its owner in a bag; or\n  (c) is for sale.",
        [
            "1. Section A of the Widget Code is amended as follows—",
            "  (1) In the definition of “X”—",
            "    (a) in paragraph (c), for “box” substitute “bag”;",
            "    (b) omit paragraph (b);",
            "    (c) renumber paragraph (c) as paragraph (b);",
            "    (d) renumber paragraph (d) as paragraph (c).",
        ],
    ),
    (  # two that change places in their words only are not renumbered
        "means one that:\n  (a) is red, in a box; or\n  (b) is blue, in a box.",
        "means one that:\n  (a) is blue, in a box; or\n  (b) is grey, in a box.",
        [
            "1. Section A of the Widget Code is amended as follows—",
            "  (1) In the definition of “X”—",
            "    (a) in paragraph (a), for “red” substitute “blue”;",
            "    (b) in paragraph (b), for “blue” substitute “grey”.",
        ],
    ),
    (
        "means a box that is not yet sealed. It may be opened by whoever finds it, if there is a reason for doing so.",
        "has the meaning given in Schedule 2, and bags are none. No person except the Panel can change what that says.",
        [
            f"1. For the definition of “X” {IN_A} substitute—",
            "    “X” has the meaning given in Schedule 2, and bags are none. "
            "No person except the Panel can change what that says.",
        ],
    ),
]


@pytest.mark.parametrize(("old", "new", "said"), SAID)
def test_a_change_is_said_as_a_drafter_says_it(old: str, new: str, said: list[str]) -> None:
    before = code(("X", old))

    assert said == ordered(draft(before, later(before, ("X", new)), style="statute"))


def test_words_are_quoted_so_that_they_occur_once() -> None:
    before = code(("Box", "means a box of a Box Maker and no other box."))
    after = later(before, ("Box", "means a box of a Box Maker and no other thing."))

    said = "i) in the definition of “Box” in Section A of the Widget Code the words “other box” shall be replaced with "
    assert [said + "the words “other thing”."] == ordered(draft(before, after))


LONG = "means a thing that is not long at all to say."


def test_records_come_and_go_and_take_other_names() -> None:
    before = code(("Alpha", "means a."), ("Beta", LONG), ("Gamma", "means g."), ("Kappa", "means k."))
    after = later(before, ("Beth", LONG), ("Delta", "means d."), ("Eta", "means h."), ("Epsilon", "means e."))

    said = ordered(draft(before, after))
    assert said == [
        f"i) the definitions of “Alpha”, “Gamma” and “Kappa” {IN_A} shall be deleted;",
        f"ii) {IN_A}, the following definitions shall be inserted in alphabetical order:",
        "    “Delta” means d.",
        "    “Eta” means h.",
        f"iii) after the definition of “Eta” {IN_A} the following definition shall be inserted:",
        "    “Epsilon” means e.",
        f"iv) the definition of “Beta” {IN_A} shall be renamed as “Beth”.",
    ]


def test_a_definition_that_moves_is_omitted_and_inserted_where_it_goes() -> None:
    before = code(("Alpha", "means a."), ("Beta", "means b."), ("Gamma", "means g."))
    after = later(before, ("Gamma", "means g."), ("Alpha", "means a."), ("Beta", "means b."))

    assert ordered(draft(before, after)) == [
        f"i) the definition of “Gamma” {IN_A} shall be deleted;",
        f"ii) before the definition of “Alpha” {IN_A} the following definition shall be inserted:",
        "    “Gamma” means g.",
    ]


def test_each_document_has_the_day_of_its_register() -> None:
    rules = Document(place="Appendix A", title="Widget Rules", version="1.0", in_force_from=dt.date(2029, 1, 1))
    before = code(documents=(rules,), contents=(Group(group="Appendices"),))
    day = dt.date(2030, 2, 1)
    after = later(
        before,
        documents=(msgspec.structs.replace(rules, version="2.0", in_force_from=day),),
        contents=(Group(group="Appendices", entries=(Entry(label="A", title="Widget Rules"),)),),
    )
    made = draft(before, after)

    assert [line.rpartition("effect from ")[2] for line in made.text.splitlines() if "directed that" in line] == [
        "1 February 2030:",
        "1 March 2030:",
    ]
    assert after == plan(before, read_instrument(made.text), version="2.0").after()


@pytest.mark.parametrize("style", ["direction", "statute"])
def test_the_sample_letter_drafted_anew_orders_the_same(style: Style) -> None:
    before, _ = read_code(str(FIXTURES / "codes" / "sec.yaml"))
    letter = read_instrument((FIXTURES / "letters" / "s1ckmp.txt").read_text("utf-8"))
    made = draft(before, plan(before, letter, version="46.0").after(), style=style)
    again = read_instrument(made.text)

    def orders(of: object) -> set[str]:
        instructions = getattr(of, "instructions")  # noqa: B009
        # Which annex holds a document is the letter's own affair, and so is what else it calls the document.
        plain = (str(each.operation).replace("Annex B", "Annex A") for each in instructions)
        return {text.replace("(S1SR) ", "").rpartition(" in the form")[0] or text for text in plain}

    assert orders(letter) == orders(again)
    assert {each.commencement for each in letter.instructions} == {each.commencement for each in again.instructions}


# --- refused ----------------------------------------------------------------------------------------------------------

PLAIN = code(("X", "means a box."))


@pytest.mark.parametrize(
    ("after", "code_", "says"),
    [
        (msgspec.structs.replace(PLAIN, title="Other Code"), "SD690", "the title is another"),
        (msgspec.structs.replace(PLAIN, documents=()), "SD690", "one of the files has no documents"),
        (msgspec.structs.replace(PLAIN, as_at=dt.date(2029, 1, 1)), "SD105", "before the date of the first code"),
        (PLAIN, "SD690", "do not differ"),
        (code(("X", "means a box\n  and a bag.")), "SD690", "no letter was found"),
    ],
)
def test_what_no_letter_says_is_refused(after: Code, code_: str, says: str) -> None:
    made = draft(PLAIN, after)

    assert not made.ok
    assert any(found.code == code_ and says in found.message for found in made.findings), made.findings


def test_a_version_that_goes_up_without_the_text_is_refused() -> None:
    assert PLAIN.definitions is not None
    after = msgspec.structs.replace(PLAIN, definitions=msgspec.structs.replace(PLAIN.definitions, version="9.0"))

    assert [found.code for found in draft(PLAIN, after).findings if found.severity == "error"] == ["SD690"]


def test_a_note_is_left_out_and_said_to_be() -> None:
    before = code(("X", "means a box."))
    after = later(before, ("X", "means a bag."))
    assert after.definitions is not None
    noted = (Definition(term="X", text="means a bag.", note="Look at this."),)
    after = msgspec.structs.replace(after, definitions=msgspec.structs.replace(after.definitions, entries=noted))
    made = draft(before, after)

    assert made.ok
    assert "SD692" in {found.code for found in made.findings}


def test_a_heading_cannot_be_taken_away() -> None:
    before = code(sections=(Provision(label="B1", heading="Boxes", text="A box."),))
    after = later(before, sections=(Provision(label="B1", heading=None, text="A box."),))

    assert "loses its heading" in draft(before, after).findings[-1].message


# --- particulars and the command --------------------------------------------------------------------------------------


def test_particulars_are_of_known_keys(tmp_path: Path) -> None:
    file = tmp_path / "particulars.toml"
    file.write_text('power = "Condition 5"\n', "utf-8")

    with pytest.raises(SecdefsError, match=r"power.*the particulars are issuer, addressees"):
        read_particulars(str(file))


def test_the_particulars_stand_in_the_letter() -> None:
    given = Particulars(authority="the Panel", powers=("Condition 5", "Condition 6"), commencement=dt.date(2030, 2, 1))
    before = code(("X", "means a box."))
    made = draft(before, later(before, ("X", "means a bag.")), particulars=given)

    assert (
        "Pursuant to Condition 5 and Condition 6, the Panel directs that, with effect from 1 February 2030:"
        in made.text
    )
    assert dt.date(2030, 2, 1) == made.commencement


def test_the_command_gives_the_letter_and_says_what_goes_with_it(tmp_path: Path) -> None:
    before, after, letter, out = (tmp_path / name for name in ("a.yaml", "b.yaml", "letter.txt", "c.yaml"))
    first = code(("X", "means a box."))
    second = later(first, ("X", "means a bag."))
    before.write_text(code_to_yaml(first), "utf-8")
    after.write_text(code_to_yaml(second), "utf-8")
    result = CliRunner().invoke(main, ["draft", str(before), str(after), "-o", str(letter)])

    assert result.exit_code == 0, result.stderr
    assert "in effect from 1 March 2030" in result.stderr
    assert "--version 2.0" in result.stderr
    CliRunner().invoke(main, ["apply", str(before), str(letter), "--version", "2.0", "-o", str(out)])
    assert second == read_code(str(out))[0]


def test_a_letter_is_given_as_html_and_as_a_word_file(tmp_path: Path) -> None:
    before, after = tmp_path / "a.yaml", tmp_path / "b.yaml"
    first = code(("X", "means a box."))
    before.write_text(code_to_yaml(first), "utf-8")
    after.write_text(code_to_yaml(later(first, ("X", "means:\n  (a) a <b>; and\n  (b) another & “c”."))), "utf-8")
    for name in ("letter.txt", "letter.html", "letter.docx"):
        result = CliRunner().invoke(main, ["draft", str(before), str(after), "-o", str(tmp_path / name)])
        assert result.exit_code == 0, result.stderr
    words = (tmp_path / "letter.txt").read_text("utf-8").split()
    page = (tmp_path / "letter.html").read_text("utf-8")
    with zipfile.ZipFile(tmp_path / "letter.docx") as package:
        document = package.read("word/document.xml").decode()

    for text in (page.partition("<body>")[2], document):
        assert words == html.unescape(re.sub(r"<[^<>]*>", " ", text)).split()
    assert "<script" not in page


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["draft", "a.pdf", "b.pdf"], 3, "a draft is made from code files"),
        (["draft", "a.yaml"], 2, "Name AFTER too"),
        (["draft", "a.docx"], 2, "does not say from when"),
        (["draft", "a.yaml", "b.yaml", "-o", "letter.pdf"], 2, "must end in .txt, .html, .docx"),
        (["draft", "-", "-"], 2, "Only one of the files"),
        (["draft", "a.yaml", "b.yaml", "--style", "verse"], 2, "direction"),
    ],
)
def test_the_command_refuses_what_it_cannot_read_or_write(arguments: list[str], status: int, says: str) -> None:
    result = CliRunner().invoke(main, arguments)

    assert status == result.exit_code
    assert says in result.stderr


def test_the_command_writes_nothing_where_no_letter_holds(tmp_path: Path) -> None:
    before, letter = tmp_path / "a.yaml", tmp_path / "letter.txt"
    before.write_text(code_to_yaml(PLAIN), "utf-8")
    after = tmp_path / "b.yaml"
    after.write_text(code_to_yaml(PLAIN), "utf-8")
    result = CliRunner().invoke(main, ["draft", str(before), str(after), "-o", str(letter)])

    assert result.exit_code == 1
    assert "no letter is written" in result.stderr
    assert not letter.exists()


# --- Word files -------------------------------------------------------------------------------------------------------

PARTICULARS = 'commencement = 2030-03-01\ndefinitions_version = "2.0"\nversion = "2.0"\n'
NOTICE = """\
means a notice which:
  (a) names the Party giving it; and
  (b) arrives ten days before the event."""


@pytest.fixture
def word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a Word file of definitions, the same edited with tracked changes, and particulars."""
    pytest.importorskip("lxml")
    from fixtures.make_word import section_a

    monkeypatch.chdir(tmp_path)
    definitions = [
        ("Box", "means a red box."),
        ("Device", "means a device."),
        ("Notice", NOTICE),
        ("Party", "means all."),
    ]
    Path("code.docx").write_bytes(section_a(definitions))
    Path("particulars.toml").write_text(PARTICULARS, "utf-8")
    edits = [
        "in the definition of “Box”, for “red” substitute “blue”",
        "omit the definition of “Device”",
        "in paragraph (b) of the definition of “Notice”, for “ten” substitute “five”",
    ]
    orders = [part for edit in edits for part in ("-e", edit)]
    made = ["--tracked", "--title", "Widget Code", "--section", "A", "-o", "edited.docx"]
    result = CliRunner().invoke(main, ["apply", "code.docx", *orders, "--with-effect-from", "2030-03-01", *made])
    assert result.exit_code == 0, result.stderr
    return tmp_path


EDITED = [
    f"i) the definition of “Device” {IN_A} shall be deleted;",
    f"ii) in the definition of “Box” {IN_A} the word “red” shall be replaced with the word “blue”;",
    f"iii) in paragraph (b) of the definition of “Notice” {IN_A} the word “ten” shall be replaced with the word "
    "“five”.",
]


@pytest.mark.parametrize("files", [["edited.docx"], ["code.docx", "edited.docx"]])
@pytest.mark.usefixtures("word")
def test_a_word_file_edited_with_tracked_changes_becomes_a_letter(files: list[str]) -> None:
    given = ["--particulars", "particulars.toml", "--title", "Widget Code", "--section", "A"]
    result = CliRunner().invoke(main, ["draft", *files, *given])
    lines = result.stdout.partition("directed that")[2].partition("Annexes")[0].split("\n")[1:]

    assert result.exit_code == 0, result.stderr
    assert [line for line in lines if line] == EDITED
    assert result.stdout.endswith("Annex A: Section A – DEFINITIONS AND INTERPRETATION v2.0\n")


@pytest.mark.usefixtures("word")
def test_a_word_file_edits_the_definitions_of_a_code_file() -> None:
    definitions = (
        ("Box", "means a red box."),
        ("Device", "means a device."),
        ("Notice", NOTICE),
        ("Party", "means all."),
    )
    before = code(*definitions, contents=(Group(group="Appendices", entries=(Entry(label="A", title="Rules"),)),))
    Path("code.yaml").write_text(code_to_yaml(before), "utf-8")
    given = ["--particulars", "particulars.toml", "-o", "letter.txt"]
    result = CliRunner().invoke(main, ["draft", "code.yaml", "edited.docx", *given])
    after = plan(before, read_instrument(Path("letter.txt").read_text("utf-8")), version="2.0").after()

    assert result.exit_code == 0, result.stderr
    assert after.definitions is not None
    assert [each.term for each in after.definitions.entries] == ["Box", "Notice", "Party"]
    assert (after.version, after.definitions.version, after.contents) == ("2.0", "2.0", before.contents)


@pytest.mark.usefixtures("word")
def test_a_word_file_is_what_a_code_file_was() -> None:
    after = code(("Box", "means a red bag."), ("Notice", NOTICE), ("Party", "means all."), as_at=dt.date(2030, 3, 1))
    Path("code.yaml").write_text(code_to_yaml(after), "utf-8")
    result = CliRunner().invoke(main, ["draft", "code.docx", "code.yaml", "--style", "statute", "-o", "letter.txt"])
    assert result.exit_code == 0, result.stderr
    stood = CliRunner().invoke(main, ["import", "code.docx", "--title", "Widget Code", "--as-at", "2030-01-01"])
    before = code_from_text(stood.stdout, "code")[0]
    made = plan(before, read_instrument(Path("letter.txt").read_text("utf-8"))).after()

    assert made.definitions is not None
    assert after.definitions is not None
    assert made.definitions.entries == after.definitions.entries
    assert made.as_at == dt.date(2030, 3, 1)


@pytest.mark.usefixtures("word")
def test_a_word_file_is_looked_over_too() -> None:
    assert CliRunner().invoke(main, ["check", "code.docx"]).exit_code == 0
    result = CliRunner().invoke(main, ["check", "edited.docx", "--accept-existing", "--format", "json"])

    assert result.exit_code == 0, result.stderr
