"""Words that would do more than be read: markup, escape sequences, commands of a pipeline, in codes and letters."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from secdefs.cli import main

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>'\"&lt;{{ 7*7 }}{% raw %}"
ORDER = "::error file=x,line=1::taken over"
TERMINAL = "\x1b[31m\x1b]0;title\x07\x9b2J\u202e\u2066\u200b"
HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

HEAD = "16 December 2021\n\nDIRECTION\n\nThe Panel directs that with effect from 17 December 2021:\n\n"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.fixture(params=[MARKUP, ORDER, TERMINAL], ids=["markup", "order", "terminal"])
def hostile(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def files(hostile: str, tmp_path: Path) -> tuple[str, str, str]:
    """A code with hostile words in all that it holds, a letter that holds them too, and one that is refused."""
    code = {
        "format": 1,
        "title": f"Widget Code {hostile}",
        "as_at": "2021-12-16",
        "definitions": {
            "section": "A",
            "order": "none",
            "entries": [
                {"term": f"Widget {hostile}", "text": f"means A {hostile} old."},
                {"term": "B", "text": "means A."},
            ],
        },
        "contents": [{"group": f"Lists {hostile}", "entries": [{"label": "A", "title": hostile}]}],
    }
    kept = re.sub("['\"]", "", hostile)  # straight marks would be quotation marks
    letter = (
        f"{HEAD}(a) in the definition of “B” the words “A” shall be replaced with the words “C {kept}”;\n\n"
        f"(b) in the definition of “B” in Section A omit “means”.\n"
    )
    names = ("code.json", "letter.txt", "refused.txt")
    (tmp_path / "code.json").write_text(json.dumps(code), encoding="utf-8")
    (tmp_path / "letter.txt").write_text(letter, encoding="utf-8")
    (tmp_path / "refused.txt").write_text(letter.replace("“means”", f"“no such {kept}”"), encoding="utf-8")
    return tuple(str(tmp_path / name) for name in names)  # type: ignore[return-value]


COMMANDS = {
    "parse": ["parse", "LETTER"],
    "parse what is refused": ["parse", "REFUSED"],
    "plan": ["plan", "CODE", "LETTER"],
    "plan whole": ["plan", "CODE", "LETTER", "-v"],
    "plan what is refused": ["plan", "CODE", "REFUSED"],
    "check": ["check", "CODE", "REFUSED"],
    "check the code": ["check", "CODE"],
    "check for a pipeline": ["check", "CODE", "REFUSED", "--format", "github"],
    "check as SARIF": ["check", "CODE", "REFUSED", "--format", "sarif"],
    "check as JSON": ["check", "CODE", "REFUSED", "--format", "json"],
    "plan as JSON": ["plan", "CODE", "LETTER", "--json"],
    "apply": ["apply", "CODE", "LETTER", "-o", "-"],
    "verify": ["verify", "CODE", "CODE", "LETTER"],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_nothing_hostile_reaches_a_terminal_or_a_pipeline(name: str, files: tuple[str, str, str]) -> None:
    known = dict(zip(("CODE", "LETTER", "REFUSED"), files, strict=True))
    result = run(*(known.get(each, each) for each in COMMANDS[name]))

    assert result.exit_code in (0, 1), result.output
    assert HARMFUL.findall(result.output) == []
    # A pipeline obeys what stands at the beginning of a line.
    begins = [line for line in result.output.split("\n") if line.startswith("::") and "taken over" in line]
    assert all(re.match(r"::(?:error|warning|notice) file=[^,]*(?:refused\.txt|code\.json),", line) for line in begins)


def test_json_with_hostile_words_is_json(files: tuple[str, str, str]) -> None:
    code, letter, refused = files
    for arguments in (["plan", code, letter, "--json"], ["check", code, refused, "--format", "sarif"]):
        json.loads(CliRunner().invoke(main, arguments).stdout)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.handlers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.handlers += [name for name, value in attrs if name.startswith("on") or (value or "").startswith("java")]


def test_a_page_holds_hostile_words_as_words(hostile: str, files: tuple[str, str, str], tmp_path: Path) -> None:
    code, letter, _ = files
    page = tmp_path / "page.html"
    assert run("apply", code, letter, "-o", str(page)).exit_code == 0
    text = page.read_text(encoding="utf-8")
    tags = _Tags()
    tags.feed(text)

    assert not tags.found & {"script", "img", "iframe", "object", "embed", "base", "form"}
    assert tags.handlers == []
    assert HARMFUL.findall(text) == []
    assert "49" not in re.findall(r"7\*7|49", text)


def test_a_code_with_hostile_words_comes_back_as_it_was(files: tuple[str, str, str], tmp_path: Path) -> None:
    code, _, _ = files
    empty = tmp_path / "later.txt"
    empty.write_text(HEAD + "(a) in the definition of “B” omit “A”.\n", encoding="utf-8")
    assert run("apply", code, str(empty), "-o", str(tmp_path / "new.yaml")).exit_code == 0

    assert run("verify", code, str(tmp_path / "new.yaml"), str(empty)).exit_code == 0


def test_no_letter_is_drafted_that_could_not_state_the_words(tmp_path: Path) -> None:
    for name, words in (("before", "old"), ("after", "new \x07")):
        code = {"format": 1, "title": "Widget Code", "as_at": "2021-12-16"}
        held = {"section": "A", "order": "none", "entries": [{"term": "B", "text": f"means {words}."}]}
        (tmp_path / f"{name}.json").write_text(json.dumps({**code, "definitions": held}), encoding="utf-8")
    result = run("draft", str(tmp_path / "before.json"), str(tmp_path / "after.json"), "-o", str(tmp_path / "l.docx"))

    assert (result.exit_code, (tmp_path / "l.docx").exists()) == (3, False)
    assert "control character \\u0007" in result.output
