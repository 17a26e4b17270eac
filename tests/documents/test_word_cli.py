"""The commands on Word files: import, plan and apply, and what each refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from worddoc import wordfile

from secdefs.cli import main
from secdefs.read.codefile import read_code
from secdefs.read.package import Package, W

ROOT = Path(__file__).resolve().parents[2]
LETTER = str(ROOT / "fixtures" / "letters" / "s1ckmp.txt")
TERM = "SMETS1 Cryptographic Key Management Policy"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.fixture
def section(tmp_path: Path) -> Path:
    code, _ = read_code(str(ROOT / "fixtures" / "codes" / "sec.yaml"))
    assert code.definitions is not None
    path = tmp_path / "section-a.docx"
    path.write_bytes(wordfile.section_a((each.term, each.text) for each in code.definitions.entries))
    return path


def test_import_takes_a_word_file_from_standard_input(section: Path, tmp_path: Path) -> None:
    named, piped, options = tmp_path / "a.yaml", tmp_path / "b.yaml", ("--title", "T", "--as-at", "2021-12-16", "-o")
    assert run("import", str(section), *options, str(named)).exit_code == 0
    result = CliRunner().invoke(main, ["import", "-", *options, str(piped)], input=section.read_bytes())

    assert result.exit_code == 0, result.output
    assert named.read_bytes() == piped.read_bytes()
    unsaid = CliRunner().invoke(main, ["import", "-"], input=section.read_bytes())
    assert unsaid.exit_code == 2
    assert "give --title and --as-at" in unsaid.stderr


def test_import_makes_the_code_file_that_the_document_was_made_of(section: Path, tmp_path: Path) -> None:
    out = tmp_path / "sec.yaml"
    result = run("import", str(section), "--title", "Smart Energy Code", "--as-at", "2021-12-16", "-o", str(out))
    code, _ = read_code(str(out))
    sample, _ = read_code(str(ROOT / "fixtures" / "codes" / "sec.yaml"))
    assert code.definitions is not None
    assert sample.definitions is not None

    assert result.exit_code == 0
    expected = [(each.term, each.text) for each in sample.definitions.entries]
    assert expected == [(each.term, each.text) for each in code.definitions.entries]


def test_apply_writes_a_tracked_document(section: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.docx"
    result = run("apply", str(section), LETTER, "-o", str(out), "--tracked", "--comments")
    root = Package(out.read_bytes(), "out.docx").body()
    (new,) = root.iter(f"{W}ins")

    assert result.exit_code == 0
    assert "SD205 warning" in result.stderr
    assert "SD513 note: taken to be a part of the Smart Energy Code" in result.stderr
    assert ("".join(new.itertext()), new.get(f"{W}date")) == ("AT", "2021-12-16T00:00:00Z")


def test_apply_takes_author_and_date_from_the_command(section: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.docx"
    given = ("--tracked", "--author", "Code Administrator", "--date", "17 December 2021")
    run("apply", str(section), LETTER, "-o", str(out), *given)
    (new,) = Package(out.read_bytes(), "out.docx").body().iter(f"{W}ins")

    assert [new.get(f"{W}author"), new.get(f"{W}date")] == ["Code Administrator", "2021-12-17T00:00:00Z"]


def test_apply_without_tracked_writes_the_clean_document(section: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.docx"
    result = run("apply", str(section), LETTER, "-o", str(out))
    root = Package(out.read_bytes(), "out.docx").body()

    assert result.exit_code == 0
    assert list(root.iter(f"{W}ins", f"{W}del")) == []
    assert "Appendix AT." in "".join(root.itertext())


def test_a_letter_that_touches_nothing_of_the_file_is_an_error(section: Path, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text(
        "16 December 2021\n\nThe Secretary of State directs that with effect from 17 December 2021:\n\n"
        "(a) the words “Appendix AT: Policy” shall be added at the end of the list of Appendices.\n"
    )
    out = tmp_path / "out.docx"
    result = run("apply", str(section), str(letter), "-o", str(out))

    assert result.exit_code == 1
    assert not out.exists()


def test_tracked_changes_in_the_file_are_refused_or_settled(section: Path, tmp_path: Path) -> None:
    tracked, out = tmp_path / "tracked.docx", tmp_path / "out.docx"
    run("apply", str(section), LETTER, "-o", str(tracked), "--tracked")
    order = ("-e", f'replace [TBC] with AX in the definition of "{TERM}"', "--with-effect-from", "2022-01-01")

    refused = run("apply", str(tracked), *order, "-o", str(out))
    rejected = run("apply", str(tracked), *order, "-o", str(out), "--reject-existing")
    accepted = run("apply", str(tracked), *order, "-o", str(out), "--accept-existing")

    assert (refused.exit_code, rejected.exit_code, accepted.exit_code) == (3, 0, 1)
    assert "has tracked changes: say --accept-existing or --reject-existing" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("apply", "code.yaml", LETTER, "-o", "out.docx"), "made from a .docx file only"),
        (("apply", "a.docx", LETTER, "-o", "out.yaml", "--tracked"), "is for a .docx or .xml file"),
        (("apply", "a.docx", LETTER, "-o", "out.yaml", "--comments"), "are for a .docx file"),
        (("apply", "a.docx", LETTER, "-o", "out.docx", "--comments"), "go with --tracked"),
        (("import", "a.txt", "--title", "T", "--as-at", "2021-01-01"), "is no .docx or .xml file"),
        (("plan", "a.docx", LETTER, "--accept-existing", "--reject-existing"), "and not both"),
    ],
)
def test_wrong_use_is_told(arguments: tuple[str, ...], message: str) -> None:
    result = run(*arguments)

    assert result.exit_code == 2
    assert message in result.stderr


def test_a_file_that_is_no_word_file_ends_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(b"not a zip")
    result = run("plan", str(path), LETTER)

    assert result.exit_code == 3
    assert result.stderr.count("\n") == 1


def test_a_word_letter_orders_what_the_same_text_does(section: Path, tmp_path: Path) -> None:
    numbering = wordfile.abstract(0, wordfile.level(0, "lowerLetter", "(%1)", 567)) + wordfile.num(1, 0)

    def line(words: str, properties: str = "") -> str:
        return wordfile.paragraph(wordfile.run(words), properties)

    body = line("16 December 2021") + line("The Secretary of State directs that with effect from 17 December 2021:")
    for order in (
        f"in the definition of “{TERM}” in Section A the words “[TBC]” shall be replaced with the words “AT”;",
        "in the definition of “Alert” in Section A the word “DATA” shall be replaced with the word “DATE”.",
    ):
        body += line(order, wordfile.item(1, 0))
    letter = tmp_path / "letter.docx"
    letter.write_bytes(wordfile.docx(body, {"numbering": numbering}))

    result = run("parse", str(letter), "--json")
    found = [each["source"]["item"] for each in json.loads(result.stdout)["instructions"]]
    out = tmp_path / "out.docx"
    applied = run("apply", str(section), str(letter), "-o", str(out), "--tracked")

    assert (result.exit_code, found) == (0, ["(a)", "(b)"])
    assert applied.exit_code == 0, applied.stderr


def test_a_word_letter_with_tracked_changes_is_settled_where_asked(tmp_path: Path) -> None:
    new = f'<w:ins w:id="1" w:author="x">{wordfile.run("The Secretary of State directs nothing.")}</w:ins>'
    letter = tmp_path / "letter.docx"
    letter.write_bytes(wordfile.docx(wordfile.paragraph(wordfile.run("16 December 2021")) + wordfile.paragraph(new)))

    assert run("parse", str(letter)).exit_code == 3
    assert run("parse", str(letter), "--accept-existing").exit_code != 3
    assert run("parse", str(letter), "--reject-existing").exit_code != 3


def in_rows() -> str:
    cells = (
        "<w:tr>" + "".join(f"<w:tc>{wordfile.paragraph(wordfile.run(words))}</w:tc>" for words in row) + "</w:tr>"
        for row in (("Appendix AR", "One", "1.0"), ("Appendix AS", "Two", "2.0"))
    )
    return f"<w:tbl>{''.join(cells)}</w:tbl>"


def in_lines() -> str:
    page = "<w:r><w:tab/><w:t>9</w:t></w:r>"
    return "".join(
        wordfile.paragraph(wordfile.run("Appendix ", "<w:b/>") + wordfile.run(words) + page)
        for words in ("AR – One", "AS – Two")
    )


@pytest.mark.parametrize(
    ("made", "expected"), [(in_rows, f"Appendix AT{TERM}"), (in_lines, f"Appendix AT – {TERM}")], ids=["rows", "lines"]
)
def test_a_contents_list_in_word_gets_its_new_entry(made: Callable[[], str], expected: str, tmp_path: Path) -> None:
    contents, out = tmp_path / "contents.docx", tmp_path / "out.docx"
    contents.write_bytes(wordfile.docx(wordfile.paragraph(wordfile.run("Appendices", "<w:b/>")) + made()))
    result = run("apply", str(contents), LETTER, "-o", str(out), "--tracked")
    new = "".join("".join(mark.itertext()) for mark in Package(out.read_bytes(), "o").body().iter(f"{W}ins"))

    assert result.exit_code == 0
    assert new == expected
