"""The command line: what goes to stdout and what to stderr, the exit statuses, and what is never written."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from secdefs import cli
from secdefs.commands import group
from secdefs.commands.desk import Desk
from secdefs.commands.letters import explain
from secdefs.commands.options import day, event
from secdefs.explain import pages

CODE = """\
format: 1
title: Widget Code
version: "1.0"
as_at: 2021-12-16
definitions:
  section: A
  version: "1.0"
  order: word-by-word
  entries:
    - {term: Gadget, text: means a grey or grey-blue device.}
    - {term: Widget, text: "means the thing in Appendix [TBC]."}
"""

LETTER = """\
16 December 2021

DIRECTION TO CHANGE THE WIDGET CODE

The Secretary of State directs that with effect from 17 December 2021:

i) in the definition of “Widget” in Section A the words “[TBC]” shall be replaced with the words “AT”.

Yours faithfully,
"""

NESTED = """\
16 December 2021

The Secretary of State directs that, with effect from 17 December 2021, the Widget Code is changed as follows:

1. in Section A:
(a) in the definition of “Widget” the words “[TBC]” shall be replaced with the words “AT”;
(b) in the definition of “Gadget” the words “grey or” shall be deleted; and
2. in addition:
(a) in the definition of “Gadget” the word “device” shall be replaced with the word “thing”; and
(b) in the definition of “Widget” the word “colour” shall be deleted.
"""

TWICE = LETTER.replace("“Widget”", "“Gadget”").replace("“[TBC]”", "“grey”")


class Folder:
    """A folder with a code file and letters, and `secdefs` run in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.write("code.yaml", CODE)
        self.write("letter.txt", LETTER)
        self.write("twice.txt", TWICE)

    def write(self, name: str, text: str) -> None:
        (self.path / name).write_text(text, encoding="utf-8")

    def read(self, name: str) -> str:
        return (self.path / name).read_text(encoding="utf-8")

    def run(self, *arguments: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(cli.main, arguments, input=stdin, catch_exceptions=False)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    monkeypatch.chdir(tmp_path)
    return Folder(tmp_path)


# --- the product and the talk


def test_apply_writes_the_changed_code(folder: Folder) -> None:
    result = folder.run("apply", "code.yaml", "letter.txt", "-o", "out.yaml", "--version", "1.1")

    assert result.exit_code == 0, result.stderr
    assert result.stdout == ""
    assert "1 instruction carried out: out.yaml" in result.stderr
    assert 'means the thing in Appendix AT."' in folder.read("out.yaml") or "Appendix AT." in folder.read("out.yaml")
    assert "as_at: 2021-12-17" in folder.read("out.yaml")


def test_apply_without_a_file_writes_yaml_to_stdout(folder: Folder) -> None:
    result = folder.run("apply", "code.yaml", "letter.txt")

    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("format: 1\n")
    assert "carried out" not in result.stdout


def test_the_suffix_is_the_format(folder: Folder) -> None:
    folder.run("apply", "code.yaml", "letter.txt", "-o", "out.JSON")

    assert json.loads(folder.read("out.JSON"))["as_at"] == "2021-12-17"


def test_nothing_is_written_where_an_instruction_is_in_error(folder: Folder) -> None:
    folder.write("out.yaml", "as it was")

    result = folder.run("apply", "code.yaml", "letter.txt", "twice.txt", "-o", "out.yaml")

    assert result.exit_code == 1
    assert folder.read("out.yaml") == "as it was"
    assert "twice.txt:7:" in result.stderr
    assert "SD202 error:" in result.stderr
    assert "^^^^" in result.stderr


def test_an_error_leaves_stdout_empty(folder: Folder) -> None:
    result = folder.run("apply", "code.yaml", "twice.txt")

    assert (result.exit_code, result.stdout) == (1, "")


@pytest.mark.parametrize("name", ["2.(b)", "2(b)", "2.b", "line 10"])
def test_an_item_is_set_aside_by_any_name_of_its_own(folder: Folder, name: str) -> None:
    folder.write("nested.txt", NESTED)
    result = folder.run("plan", "code.yaml", "nested.txt", "--set-aside", name, "--reason", "awaits advice")

    assert result.exit_code == 0, result.stderr
    assert f"nested.txt:10:5: SD210 note: set aside: {name}: awaits advice" in result.stderr


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("(b)", "“(b)” names several items (lines 7, 10)"),
        ("3(b)", "the items are 1.(a), 1.(b), 2.(a), 2.(b)"),
        ("line 11", "there is no item “line 11”"),
    ],
)
def test_a_name_of_several_items_or_of_none_sets_nothing_aside(folder: Folder, name: str, says: str) -> None:
    folder.write("nested.txt", NESTED)
    result = folder.run("plan", "code.yaml", "nested.txt", "--set-aside", name, "--reason", "awaits advice")

    assert (result.exit_code, result.stdout) == (3, "")
    assert says in result.stderr


def test_what_is_set_aside_is_said(folder: Folder) -> None:
    result = folder.run("apply", "code.yaml", "twice.txt", "--set-aside", "i)", "--reason", "awaits advice")

    assert result.exit_code == 0, result.stderr
    assert "SD210 note:" in result.stderr
    assert "awaits advice" in result.stderr


def test_plan_shows_a_redline(folder: Folder) -> None:
    result = folder.run("plan", "code.yaml", "letter.txt")

    assert result.exit_code == 0, result.stderr
    assert "definition “Widget”\n    means the thing in Appendix [-[TBC]-]{+AT+}.\n  by i) on line 7: " in result.stdout


def test_the_short_form_is_in_effect_on_the_date_of_the_code(folder: Folder) -> None:
    result = folder.run("apply", "code.yaml", "-e", 'replace [TBC] with AT in the definition of "Widget"')

    assert result.exit_code == 0, result.stderr
    assert "Appendix AT." in result.stdout
    assert "as_at: 2021-12-16" in result.stdout


def test_parse_shows_what_a_letter_orders(folder: Folder) -> None:
    result = folder.run("parse", "letter.txt")

    assert result.exit_code == 0, result.stderr
    assert "1 instruction\n" in result.stdout
    assert "17 December 2021" in result.stdout
    assert " not understood\n" in result.stdout


def test_parse_writes_json(folder: Folder) -> None:
    result = folder.run("parse", "letter.txt", "--json")

    read = json.loads(result.stdout)
    assert list(read) == ["format", "instrument", "instructions", "findings", "coverage"]
    assert list(read["instrument"]) == [
        *("title", "made", "issuer", "addressees", "powers", "names", "commencement", "annexes", "savings", "sha256")
    ]
    (instruction,) = read["instructions"]
    assert list(instruction) == ["id", "operation", "commencement", "effect", "source"]
    assert instruction["operation"] == {
        "operation": "substitute_words",
        "target": {
            "kind": "definition",
            "term": "Widget",
            "section": "A",
            "path": [],
            "through": None,
            "part": "text",
            "work": None,
        },
        "old": {"words": "quote", "text": "[TBC]", "which": "once", "beside": None},
        "new": "AT",
    }
    assert (instruction["commencement"], instruction["effect"]) == ("2021-12-17", "textual")
    source = instruction["source"]
    assert (source["file"], source["page"], source["item"], source["line"]) == ("letter.txt", None, "i)", 7)
    assert LETTER[source["start"] : source["end"]].startswith(("i) in the definition", "in the definition"))
    assert list(read["coverage"]) == ["characters", "operation", "context", "not_understood", "spans"]


def test_plan_writes_json(folder: Folder) -> None:
    read = json.loads(folder.run("plan", "code.yaml", "twice.txt", "--json").stdout)

    assert (read["ok"], read["changes"]) == (False, [])
    assert "SD202" in [found["code"] for found in read["findings"]]


def test_a_letter_in_the_place_of_the_code_is_told_apart(folder: Folder) -> None:
    swapped = folder.run("plan", "letter.txt", "code.yaml")
    missing = folder.run("plan", "missing.txt", "letter.txt")

    assert (swapped.exit_code, missing.exit_code) == (3, 3)
    assert "letter.txt: no code file" in swapped.stderr
    assert "the code is named before the letters" in swapped.stderr
    assert "no code file" not in missing.stderr


def test_a_letter_or_the_code_may_come_from_standard_input(folder: Folder) -> None:
    by_name = folder.run("apply", "code.yaml", "letter.txt").stdout

    assert folder.run("apply", "code.yaml", "-", stdin=LETTER).stdout == by_name
    assert folder.run("apply", "-", "letter.txt", stdin=CODE).stdout == by_name


def test_quiet_says_nothing_but_errors(folder: Folder) -> None:
    assert folder.run("apply", "code.yaml", "letter.txt", "-q").stderr == ""
    assert "SD202 error" in folder.run("plan", "code.yaml", "twice.txt", "-q").stderr


# --- usage


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["apply", "code.yaml", "letter.txt", "-o", "out.pdf"], "must end in"),
        (["apply", "code.yaml", "letter.txt", "-o", "code.yaml"], "is also read"),
        (["apply", "code.yaml", "letter.txt", "-o", "./code.yaml"], "is also read"),
        (["apply", "code.yaml", "letter.txt", "-o", "symbolic.yaml"], "is also read"),
        (["apply", "code.yaml", "letter.txt", "-o", "hard.yaml"], "is also read"),
        (["apply", "code.yaml", "letter.txt", "--json"], "name a file with -o"),
        (["plan", "-", "-"], "Only one"),
        (["plan", "code.yaml"], "Name a LETTER"),
        (["parse"], "Name one LETTER"),
        (["plan", "code.yaml", "letter.txt", "--set-aside", "i)"], "--reason"),
        (["plan", "code.yaml", "letter.txt", "--set-aside", "i)", "--reason", " "], "--reason"),
        (["plan", "code.yaml", "letter.txt", "--as-at", "17/12/2021"], "is not a date"),
        (["plan", "code.yaml", "letter.txt", "--as-at", "31 June 2021"], "is not a date"),
        (["plan", "code.yaml", "letter.txt", "--event", "2021-12-17"], "names no event"),
        (["plan", "code.yaml", "letter.txt", "--event", "x=2021-12-17", "--event", "x=2021-12-18"], "two dates"),
        (["explain", "SD999"], "no finding SD999"),
    ],
)
def test_misuse_is_refused_before_anything_is_done(folder: Folder, arguments: list[str], said: str) -> None:
    (folder.path / "symbolic.yaml").symlink_to("code.yaml")
    os.link(folder.path / "code.yaml", folder.path / "hard.yaml")

    result = folder.run(*arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert folder.read("code.yaml") == CODE


@pytest.mark.parametrize("written", ["2021-12-17", "17 December 2021", " 17  december 2021"])
def test_a_date_is_written_in_either_way(written: str) -> None:
    assert day(written.strip()) == dt.date(2021, 12, 17)


def test_an_event_may_have_an_equals_sign_in_its_name() -> None:
    assert event("x = y=2021-12-17") == ("x = y", dt.date(2021, 12, 17))


# --- files and faults


@pytest.mark.parametrize(
    "arguments",
    [
        ["parse", "missing.txt"],
        ["parse", "."],
        ["plan", "missing.yaml", "letter.txt"],
        ["plan", "letter.txt", "letter.txt"],
        ["apply", "code.yaml", "letter.txt", "-o", "no/such/folder/out.yaml"],
    ],
)
def test_a_file_that_cannot_be_read_or_written_is_status_3(folder: Folder, arguments: list[str]) -> None:
    result = folder.run(*arguments)

    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.startswith("secdefs: ")
    assert result.stderr.count("\n") == 1 or arguments[0] == "apply"


def failing(fault: BaseException) -> Callable[[], None]:
    def explain(code: str | None = None) -> None:
        raise fault

    return explain


@pytest.mark.parametrize(
    ("fault", "status", "said"),
    [
        (ZeroDivisionError("by \x1b[31m zero"), 70, "a fault in secdefs itself, not in your files: ZeroDivisionError"),
        (PermissionError(13, "Permission denied", "x.txt"), 3, "secdefs: x.txt: permission denied\n"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_what_goes_wrong_is_one_line(
    monkeypatch: pytest.MonkeyPatch, fault: BaseException, status: int, said: str
) -> None:
    monkeypatch.setattr(explain, "callback", failing(fault))

    result = CliRunner().invoke(cli.main, ["explain"])

    assert result.exit_code == status
    assert said in result.stderr
    assert result.stderr.count("\n") <= 1
    assert "\x1b" not in result.stderr


def test_debug_shows_where_a_fault_lies(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Desk, "letters", lambda *_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        folder.run("parse", "letter.txt", "--debug")


def program(text: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """A Python program run by itself, with the package of this checkout."""
    # Where coverage is measured it imports modules of its own into every process.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    environment["PYTHONPATH"] = str(Path(cli.__file__).parents[1])
    return subprocess.run([sys.executable, "-c", text], stderr=subprocess.PIPE, text=True, env=environment, **more)


def test_a_reader_who_leaves_is_no_fault() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as closed:
        ended = program("from secdefs.cli import main; main(['explain'])", stdout=closed)

    assert (ended.returncode, ended.stderr) == (group.PIPE_CLOSED, "")


def test_help_imports_nothing_but_click() -> None:
    ended = program(
        "import sys\nfrom secdefs.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: print(*sorted(name for name in sys.modules if name.split('.')[0] in "
        "('secdefs', 'msgspec', 'yaml', 'lark', 'tomllib') and not name.startswith('secdefs.commands')))",
        stdout=subprocess.PIPE,
    )

    assert ended.stdout.splitlines()[-1] == "secdefs secdefs.cli secdefs.release"


def test_a_letter_of_text_loads_no_other_readers() -> None:
    ended = program(
        "import sys\nfrom secdefs.cli import main\n"
        "try: main(['plan', 'fixtures/codes/sec.yaml', 'fixtures/letters/s1ckmp.txt'])\n"
        "except SystemExit: print(*sorted(sys.modules.keys() & {'lark', 'lxml', 'zipfile', 'pypdfium2', 'jinja2', "
        "'tomllib', 'tempfile', 'difflib', 'secdefs.draft', 'secdefs.read.word', 'secdefs.read.pdf'}))",
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[1],
    )

    assert ended.stdout.splitlines()[-1] == ""


def test_every_option_and_argument_is_told_in_the_help() -> None:
    for command in cli.main.commands.values():
        told = CliRunner().invoke(cli.main, [command.name or "", "--help"]).output
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help
                assert parameter.opts[-1] in told


def test_explain_lists_and_tells() -> None:
    listed = CliRunner().invoke(cli.main, ["explain"]).stdout

    assert "SD202 words that are there more than once\n" in listed
    assert CliRunner().invoke(cli.main, ["explain", "sd202"]).stdout.startswith("SD202 words that are there")


def test_every_code_of_a_finding_has_a_page() -> None:
    sources = Path(cli.__file__).parent.rglob("*.py")
    given = {code for source in sources for code in re.findall(r"\bSD\d{3}\b", source.read_text(encoding="utf-8"))}

    assert given - set(pages()) == set()


def test_the_pages_are_in_the_order_of_the_codes() -> None:
    assert list(pages()) == sorted(pages())
    for page in pages().values():
        assert page.title[0].islower() or page.title[0] == "“"
        assert all(text.strip().endswith((".", "!")) for text in (page.means, page.remedy))


# --- files of annexes -------------------------------------------------------------------------------------------------

WITH_ANNEXES = (
    LETTER
    + """
Annexes

Annex A: Appendix AT – Widget Policy v1.0

Annex D: Section A – Definitions v2.0
"""
)


def test_the_file_of_an_annex_is_recorded_without_its_folder(folder: Folder) -> None:
    folder.write("annexed.txt", WITH_ANNEXES)
    folder.write("Section A.docx", "annex")

    run = folder.run("plan", "code.yaml", "annexed.txt", "--json", "--annex", f"d={folder.path / 'Section A.docx'}")

    expected = [{"label": "D", "file": "Section A.docx", "sha256": hashlib.sha256(b"annex").hexdigest()}]
    assert expected == json.loads(run.stdout)["annexes"]


def test_a_file_for_an_annex_that_is_not_listed_is_refused(folder: Folder) -> None:
    folder.write("annexed.txt", WITH_ANNEXES)
    folder.write("c.docx", "annex")

    run = folder.run("apply", "code.yaml", "annexed.txt", "-o", "out.yaml", "--annex", "C=c.docx")

    assert run.exit_code == 1
    assert "SD106 error: --annex C: no letter lists an Annex C" in run.stderr
    assert not (folder.path / "out.yaml").exists()


def test_two_letters_that_list_one_annex_are_refused_a_file_for_it(folder: Folder) -> None:
    folder.write("one.txt", WITH_ANNEXES)
    folder.write("two.txt", WITH_ANNEXES.replace("“[TBC]”", "“thing”"))
    folder.write("d.docx", "annex")

    run = folder.run("plan", "code.yaml", "one.txt", "two.txt", "--annex", "D=d.docx")

    assert "SD106 error: --annex D: 2 letters list an Annex D" in run.stderr


@pytest.mark.parametrize(
    ("annexes", "status", "said"),
    [
        (("D",), 2, "names no annex and file"),
        (("=d.docx",), 2, "names no annex and file"),
        (("D=d.docx", "D=e.docx"), 2, "two files"),
        (("D=missing.docx",), 3, "missing.docx: no such file"),
        (("D=empty.docx",), 3, "empty.docx: the file is empty"),
        (("D=-",), 3, "standard input has no name"),
    ],
)
def test_an_annex_that_cannot_be_recorded_is_refused(
    folder: Folder, annexes: tuple[str, ...], status: int, said: str
) -> None:
    folder.write("annexed.txt", WITH_ANNEXES)
    folder.write("d.docx", "annex")
    folder.write("empty.docx", "")

    run = folder.run("plan", "code.yaml", "annexed.txt", *(f"--annex={each}" for each in annexes))

    assert run.exit_code == status
    assert said in " ".join(run.stderr.split())


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device that is always full, as Linux has it")
@pytest.mark.parametrize("arguments", [["--help"], ["parse", "letter.txt"], ["explain", "SD202"]])
def test_what_cannot_be_written_to_standard_output_is_said(folder: Folder, arguments: list[str]) -> None:
    text = f"from secdefs.cli import main; main({arguments!r})"
    with open("/dev/full", "w") as full:
        done = program(text, stdout=full, cwd=folder.path)

    assert (done.returncode, len(done.stderr.splitlines())) == (group.UNREADABLE, 1)
    assert "No space left" in done.stderr


@pytest.mark.parametrize(("closed", "status"), [(1, group.UNREADABLE), (2, 0)])
def test_a_stream_that_is_closed_is_no_fault(folder: Folder, closed: int, status: int) -> None:
    text = f"import os, sys; os.close({closed}); os.execv(sys.executable, [sys.executable, '-c', {{!r}}])"
    inner = "from secdefs.cli import main; main(['parse', 'letter.txt'])"
    done = program(text.format(inner), stdout=subprocess.DEVNULL, cwd=folder.path)

    assert status == done.returncode
    assert "Traceback" not in done.stderr


def test_the_package_runs_as_the_command_does() -> None:
    done = subprocess.run([sys.executable, "-m", "secdefs", "--help"], capture_output=True, text=True, check=True)

    assert done.stdout.startswith("Usage: secdefs [OPTIONS] COMMAND")
