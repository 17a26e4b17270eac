"""The commands of a code folder: what they print, the status with which they end, and the pages that they write."""

from __future__ import annotations

import hashlib
import html
import json
import os
import re
import shutil
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from widgets import CODE, OPENING, letter, swap

from secdefs import cli
from secdefs.write.codefile import code_to_yaml

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "fixtures" / "histories"

FIRST = letter(swap("Period", "ten", "nine"), swap("Widget", "[TBC]", "B")).text
LATER = letter(swap("Period", "days", "Working Days"), day="1 May 2020").text
WAITING = letter(swap("Gadget", "grey", "blue"), day=OPENING).text


class Desk:
    """A folder with a code file, letters and a code folder, and `secdefs` run in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        for name, text in {"first.txt": FIRST, "later.txt": LATER, "waiting.txt": WAITING}.items():
            (path / name).write_text(text, encoding="utf-8")
        (path / "code.yaml").write_text(code_to_yaml(CODE), encoding="utf-8")
        assert self.run("init", "f", "--code", "code.yaml", "--recorded", "2020-01-01").exit_code == 0

    def run(self, *arguments: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(cli.main, arguments, input=stdin, catch_exceptions=False)

    def enact(self, *arguments: str, recorded: str = "2020-02-01", stdin: str | None = None) -> Result:
        return self.run("enact", "f", *arguments, "--recorded", recorded, stdin=stdin)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path)


def test_enact_says_what_commences_when_and_the_head(desk: Desk) -> None:
    result = desk.enact("first.txt", "--version", "1.1", "--definitions-version", "2.0")

    assert result.exit_code == 0, result.stderr
    assert result.stdout == (
        "from 1 March 2020\n"
        "  (a)         Replace “ten” with “nine” in the definition of “Period” of Section\n"
        "              A.\n"
        "  (b)         Replace “[TBC]” with “B” in the definition of “Widget” of Section\n"
        "              A.\n"
    )
    assert re.fullmatch("first.txt: on record; head [0-9a-f]{64}\n", result.stderr)


def test_a_letter_comes_from_standard_input_or_is_typed(desk: Desk) -> None:
    assert desk.enact("-", stdin=FIRST).exit_code == 0
    typed = desk.enact("-e", 'replace grey with blue in the definition of "Gadget"', "--with-effect-from", "2020-03-02")
    undated = desk.enact("-e", 'replace small with tiny in the definition of "Gadget"')

    assert typed.exit_code == 0, typed.stderr
    assert (undated.exit_code, "SD102" in undated.stderr) == (1, True)
    log = desk.run("log", "f").stdout
    assert "stdin" in log
    assert "typed instructions" in log
    assert desk.run("fsck", "f").stderr == "f: as it was put on record\n"


def test_what_is_refused_leaves_stdout_empty_and_shows_the_place(desk: Desk) -> None:
    desk.enact("first.txt")

    result = desk.enact("later.txt", "--set-aside", "(a)", "--reason", "why not")
    again = desk.enact("first.txt")

    assert (result.exit_code, result.stdout) == (0, "")
    assert (again.exit_code, again.stdout) == (1, "")
    assert "first.txt:1:1: SD401 error: this letter is enacted already" in again.stderr
    assert again.stderr.endswith("nothing is put on record: settle the errors first\n")


def test_a_finding_in_a_letter_on_record_shows_its_words(desk: Desk) -> None:
    desk.enact("first.txt")
    (desk.path / "early.txt").write_text(letter(swap("Period", "ten", "six"), day="1 February 2020").text)

    result = desk.enact("early.txt")

    assert result.exit_code == 1
    assert re.search(r"f/instruments/[0-9a-f]{12}-first\.txt:7:\d+: SD402 error:", result.stderr)
    assert "    7 | (a) in the definition of “Period” in Section A, for “ten” substitute “nine”." in result.stderr


def test_an_event_is_settled_without_a_letter(desk: Desk) -> None:
    waiting = desk.enact("waiting.txt")
    assert "waiting for an event\n  (a)         Replace “grey” with “blue”" in waiting.stdout

    result = desk.enact("--event", f"{OPENING}=1 June 2020", recorded="2020-06-02")

    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("from 1 June 2020\n")
    log = " ".join(desk.run("log", "f").stdout.split())
    assert "“the date on which the Register is opened” was on 1 June 2020; waited for by waiting.txt" in log


def test_at_writes_the_code_and_lists_what_is_not_in_force(desk: Desk) -> None:
    desk.enact("first.txt", "--version", "1.1", "--definitions-version", "2.0")
    desk.enact("later.txt")
    desk.enact("waiting.txt")

    result = desk.run("at", "f", "1 April 2020", "-o", "out.json")
    shown = desk.run("at", "f", "2020-04-01")

    assert (result.exit_code, result.stdout) == (0, "")
    written = json.loads((desk.path / "out.json").read_text(encoding="utf-8"))
    assert (written["version"], written["as_at"], written["definitions"]["version"]) == ("1.1", "2020-03-01", "2.0")
    assert "not in force yet\n  from 1 May 2020: Replace “days” with “Working Days”" in result.stderr
    assert "from date on which the Register is opened, not known yet: Replace “grey” with “blue”" in result.stderr
    assert shown.stdout.startswith("format: 1\ntitle: Widget Code\n")
    assert desk.run("at", "f", "2020-04-01", "--known-at", "2020-01-31").stdout == code_to_yaml(CODE)


@pytest.mark.parametrize("out", ["f/base.yaml", "f/ledger.jsonl", "f/instruments/x.yaml", "out.txt"])
def test_nothing_of_the_folder_is_written_over(desk: Desk, out: str) -> None:
    desk.enact("first.txt")
    before = {path: path.read_bytes() for path in (desk.path / "f").rglob("*") if path.is_file()}

    assert desk.run("at", "f", "2020-04-01", "-o", out).exit_code == 2
    assert before == {path: path.read_bytes() for path in (desk.path / "f").rglob("*") if path.is_file()}


def test_the_log_has_the_letters_their_items_and_the_head(desk: Desk) -> None:
    desk.enact("first.txt", "--version", "1.1")
    desk.enact("later.txt")
    desk.run("withdraw", "f", "later.txt", "--reason", "not signed", "--recorded", "2020-03-03")

    log = desk.run("log", "f")
    head = json.loads(desk.run("log", "f", "--json").stdout)["head"]

    assert log.exit_code == 0
    assert re.search(r"\n    2  1 February 2020    first\.txt \([0-9a-f]{12}\), made 2 January 2020\n", log.stdout)
    assert "                          version 1.1 from 1 March 2020\n" in log.stdout
    assert "       (b)        1 March 2020: Replace “[TBC]” with “B” in the definition of" in log.stdout
    assert "                          withdrawn on 3 March 2020: not signed\n" in log.stdout
    assert log.stdout.endswith(f"\n\nhead {head}\n")
    assert "later.txt" not in desk.run("log", "f", "Widget").stdout


def test_blame_numbers_the_words_and_tells_where_each_is_from(desk: Desk) -> None:
    desk.enact("first.txt")
    desk.enact("later.txt")

    assert desk.run("blame", "f", "Period").stdout == (
        "definition “Period”, as at 1 May 2020\n"
        "    means {nine}¹ {Working Days}², beginning on a Monday.\n"
        "\n"
        "  1  (a) on line 7 of first.txt, made 2 January 2020, in force from 1 March 2020\n"
        "     Replace “ten” with “nine” in the definition of “Period” of Section A.\n"
        "  2  (a) on line 7 of later.txt, made 2 January 2020, in force from 1 May 2020\n"
        "     Replace “days” with “Working Days” in the definition of “Period” of Section\n"
        "     A.\n"
        "     the other words have stood there since the folder began, on 1 January 2020\n"
    )
    found = json.loads(desk.run("blame", "f", "Period", "--json").stdout)["blame"][0]
    by = next(piece["by"] for piece in found["fields"]["text"] if piece["text"] == "Working Days")
    assert (found["origins"][by]["item"], found["origins"][by]["in_force_from"]) == ("(a)", "2020-05-01")


def test_diff_is_a_redline_with_the_letters(desk: Desk) -> None:
    desk.enact("first.txt")
    desk.enact("later.txt")

    result = desk.run("diff", "f", "2020-02-01", "2020-05-01")

    assert "means [-ten-]{+nine+} [-days-]{+Working Days+}, beginning on a Monday." in result.stdout
    assert "  by (a) of first.txt on line 7: Replace “ten” with “nine”" in result.stdout
    assert desk.run("diff", "f", "2020-05-01", "2020-05-02").stdout == "Nothing changes.\n"
    assert desk.run("diff", "f", "2020-05-02", "2020-05-01").exit_code == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ("enact", "f"),
        ("enact", "f", "first.txt", "-e", "omit ten"),
        ("enact", "f", "first.txt", "--set-aside", "(a)"),
        ("enact", "f", "first.txt", "--version", "2020-03-01="),
        ("enact", "f", "first.txt", "--version", "1", "--version", "2"),
        ("enact", "f", "--event", "X=2020-01-01", "--corrects", "first.txt"),
        ("blame", "f", "-o", "page.txt"),
        ("blame", "f", "-o", "page.html", "--json"),
        ("at", "f", "someday"),
    ],
)
def test_wrong_use_is_told(desk: Desk, arguments: tuple[str, ...]) -> None:
    assert desk.run(*arguments).exit_code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("log", "nowhere"),
        ("enact", "f", "nothing.txt"),
        ("withdraw", "f", "nothing.txt"),
        ("blame", "f", "Nothing"),
        ("at", "f", "2019-01-01"),
        ("init", "f", "--code", "code.yaml"),
        ("fsck", "nowhere"),
    ],
)
def test_what_is_not_there_is_told_in_one_line(desk: Desk, arguments: tuple[str, ...]) -> None:
    result = desk.run(*arguments)

    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.count("\n") == 1


def test_fsck_ends_with_1_and_names_the_line(desk: Desk) -> None:
    desk.enact("first.txt")
    path = desk.path / "f" / "ledger.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"nine"', b'"nein"'))

    result = desk.run("fsck", "f")
    as_json = json.loads(desk.run("fsck", "f", "--json").stdout)

    assert result.exit_code == 1
    assert "f/ledger.jsonl:3:1: SD407 error: this line was changed after it was written" in result.stderr
    assert (as_json["ok"], as_json["findings"][0]["source"]["line"]) == (False, 3)
    assert desk.run("log", "f").stderr == "secdefs: ledger.jsonl:3: this line was changed after it was written\n"


# --- the page of blame ------------------------------------------------------------------------------------------------


def page(desk: Desk, *arguments: str) -> str:
    assert desk.run("blame", "f", *arguments, "-o", "page.html").exit_code == 0
    return (desk.path / "page.html").read_text(encoding="utf-8")


def test_the_page_has_each_word_with_its_letter(desk: Desk) -> None:
    desk.enact("first.txt")
    desk.enact("later.txt")

    text = page(desk, "Period")

    assert "<h2>Definition “Period”</h2>" in text
    assert re.search(
        r'<span class="word c1"><a href="#r1-\d" title="\(a\) on line 7 of later\.txt, in force from 1 May', text
    )
    assert re.search(r'<del class="gone"><a href="#r1-\d">days<sup>', text)
    words = html.unescape(re.sub(r"<(del|sup).*?</\1>|<[^>]+>", "", text.partition("<h2>")[2].partition("</div>")[0]))
    assert " ".join(words.split()) == "Definition “Period” means nine Working Days, beginning on a Monday."


def test_every_number_of_the_page_leads_somewhere(desk: Desk) -> None:
    desk.enact("first.txt")
    desk.enact("later.txt")
    desk.enact("-e", 'insert " tiny" after "grey," in the definition of "Gadget"', "--with-effect-from", "2020-06-01")

    text = page(desk)

    targets = set(re.findall(r'href="#([^"]+)"', text))
    assert targets
    assert targets <= set(re.findall(r'id="([^"]+)"', text))


def test_the_page_fetches_nothing_and_obeys_no_style_but_its_own(desk: Desk) -> None:
    desk.enact("first.txt")

    text = page(desk)

    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy is not None
    style = re.search(r"<style>(.*?)</style>", text, re.S)
    assert style is not None
    own = b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{own}'" in policy[1]
    assert re.findall(r"https?:|<script|<img|<link|@import|url\(|style=| on\w+=", text) == []


def test_what_a_letter_says_is_text_on_the_page_and_nothing_else(desk: Desk) -> None:
    evil = "<script>alert(1)</script><b onclick=x>&amp; \u202eevil"
    (desk.path / "evil <i>.txt").write_text(letter(swap("Period", "ten", evil)).text, encoding="utf-8")
    done = desk.enact("evil <i>.txt")
    assert done.exit_code == 0, done.stderr

    text = page(desk)

    assert "<script" not in text
    assert "<b onclick" not in text
    assert "<i>" not in text
    assert "\u202e" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "&amp;amp; \\u202eevil" in text


def test_a_page_without_a_letter_says_so(desk: Desk) -> None:
    assert "No letter on record has touched anything." in page(desk)
    assert "No letter on record has touched this." in page(desk, "Period")


# --- the pipeline of the README ---------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("bash") is None, reason="the README's commands are for a shell")
def test_the_pipeline_of_the_readme_makes_and_verifies_a_release(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"## Keep a history\n.*?```sh\n(.*?)```", readme, re.S)
    assert block is not None
    shutil.copytree(SAMPLE, tmp_path / "fixtures" / "histories")
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    (bin_ / "secdefs").write_text(f"#!{sys.executable}\nfrom secdefs.cli import main\nmain()\n")
    (bin_ / "secdefs").chmod(0o755)
    environment = os.environ | {"PATH": f"{bin_}:{os.environ['PATH']}"}
    script = f"set -euo pipefail\n{block[1]}"
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    release = (tmp_path / "release.yaml").read_text(encoding="utf-8")
    assert "no difference" in done.stdout + done.stderr
    assert 'version: "1.5"\nas_at: 2023-10-01\n' in release
    for words in (
        "means the hours from sunset to sunrise.",  # of the letter that came late
        "within two hours of its end.",  # of the one that was corrected
        "means the public list, kept in electronic form, of Beacons",  # of the one that waited
        "(b) has passed the examination described in Appendix B, and who lives within one mile of it.",
        "means a fixed light which",  # what was refused changes nothing
    ):
        assert words in release
    assert json.loads((tmp_path / "release.json").read_text(encoding="utf-8"))["version"] == "1.5"
    assert "<h2>Definition “Keeper”</h2>" in (tmp_path / "blame.html").read_text(encoding="utf-8")
    redline = (tmp_path / "redline.html").read_text(encoding="utf-8")
    assert "two hours" in redline
    assert "letter of 9 August 2023" in redline
    assert done.stderr.count("not on record:") == 2
    assert "SD403 error" in done.stderr
    assert "SD201 error" in done.stderr
