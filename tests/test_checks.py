"""The rules: every file of `fixtures/checks` is a test, and every rule has one that it finds and one that it passes.

A file holds `--- direction` (a letter, or one sentence; may be absent or repeated), `--- options`, `--- before` (as in
`tests/cases.py`) and `--- findings`: each finding of the rules, `SD601 “words under the caret”: part of what is said`,
or `none`. The name begins with the rule that it is about.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from cases import Case, Expected, read_case
from click.testing import CliRunner

from secdefs import checks
from secdefs.checks import HEALTH, LETTERS, RULES, Settings, check
from secdefs.cli import main
from secdefs.explain import pages
from secdefs.findings import Finding
from secdefs.letter.instrument import Instrument, read_instrument, short_form
from secdefs.write.codefile import code_to_yaml

FOLDER = Path(__file__).parents[1] / "fixtures" / "checks"
FILES = sorted(FOLDER.glob("*.txt"))
SHARED = Path(__file__).parents[2] / "shared"


class Looked(NamedTuple):
    """A case, its letters and what the rules find."""

    case: Case
    letters: tuple[Instrument, ...]
    findings: tuple[Finding, ...]


def looked_over(path: Path, settings: Settings | None = None) -> Looked:
    text = path.read_text("utf-8")
    # The reader of the cases wants a finding: what is expected here is read below.
    case = read_case(path) if "--- findings\nnone" not in text else _without_findings(path)
    letters = tuple(
        short_form([each]) if "\n" not in each else read_instrument(each, file=f"letter {number}")
        for number, each in enumerate(case.directions, 1)
    )
    plan = None
    if letters:
        from secdefs.plan import plan as planned

        plan = planned(case.before, letters, **case.given())
        assert plan.ok, [each.message for each in plan.findings]
    return Looked(case, letters, check(case.before, letters, plan=plan, settings=settings))


def _without_findings(path: Path) -> Case:
    scratch = path.read_text("utf-8").replace("--- findings\nnone", "--- findings\nSD000")
    reader: Callable[..., Any] = read_case
    return reader(_Text(scratch))._replace(findings=())


class _Text:
    """What `read_case` needs of a path."""

    name = "case"

    def __init__(self, text: str) -> None:
        self.text = text

    def read_text(self, _: str) -> str:
        return self.text


def words_under(found: Finding, letters: tuple[Instrument, ...]) -> str | None:
    if found.source is None:
        return None
    text = next(letter.text for letter in letters if letter.file == found.source.file)
    return " ".join(text[found.source.start : found.source.end].split())


def fits(found: Finding, expected: Expected, letters: tuple[Instrument, ...]) -> bool:
    said = f"{found.message} ({found.hint})"
    return (
        found.code == expected.code
        and expected.words in (None, words_under(found, letters))
        and (expected.says or "") in said
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_rules_find_what_an_editor_would(path: Path) -> None:
    case, letters, findings = looked_over(path)
    shown = [(each.code, words_under(each, letters), each.message, each.hint) for each in findings]

    assert Counter(each.code for each in case.findings) == Counter(each.code for each in findings), shown
    left = list(findings)
    for expected in case.findings:
        fitting = [each for each in left if fits(each, expected, letters)]
        assert fitting, (expected, shown)
        left.remove(fitting[0])


@pytest.mark.parametrize("rule", sorted(RULES))
def test_every_rule_has_a_fixture_that_it_finds_and_one_that_it_passes(rule: str) -> None:
    mine = [path.read_text("utf-8") for path in FILES if path.stem.startswith(rule.lower())]

    assert any(re.search(rf"^{rule}\b", text, re.M) for text in mine)
    assert any("--- findings\nnone" in text for text in mine)


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_fixture_goes_red_without_its_rule(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for rules in (LETTERS, HEALTH):
        if rule in rules:
            monkeypatch.setitem(rules, rule, (rules[rule][0], lambda _: iter(())))  # type: ignore[arg-type]
    mine = [path for path in FILES if re.search(rf"^{rule}\b", path.read_text("utf-8"), re.M)]
    found = {each.code for path in mine for each in looked_over(path).findings}

    assert rule not in found


@pytest.mark.parametrize("rule", sorted(RULES))
def test_every_rule_has_a_page_with_an_example(rule: str) -> None:
    page = pages()[rule]

    assert page.example
    assert page.severity


def test_a_project_sets_the_severity_of_a_rule() -> None:
    path = next(path for path in FILES if path.stem.startswith("sd601") and "none" not in path.read_text("utf-8"))
    graver = looked_over(path, Settings(severity={"SD601": "error"})).findings
    without = looked_over(path, Settings(severity={"SD601": "off"})).findings

    assert [each.severity for each in graver if each.code == "SD601"] == ["error"]
    assert [each for each in without if each.code == "SD601"] == []


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("sd612-in-a-file-with-every-section", "warning"),
        ("sd612-nothing-uses-the-new-term", "note"),
        ("sd614-a-capitalised-expression-that-nothing-defines", "note"),
        ("sd614-nearly-a-defined-term", "warning"),
    ],
)
def test_what_cannot_be_certain_is_but_a_note(name: str, severity: str) -> None:
    assert {each.severity for each in looked_over(FOLDER / f"{name}.txt").findings} == {severity}


def codes(*arguments: str) -> set[str]:
    """The codes of what `secdefs check` finds."""
    result = CliRunner().invoke(main, ["check", *arguments, "--format", "json"])
    return {each["code"] for each in json.loads(result.stdout)["findings"]}


SAMPLE = str(FOLDER.parent / "codes" / "sec.yaml")


def test_the_sample_code_raises_no_alarm() -> None:
    assert codes(SAMPLE) == set()


def test_the_sample_letter_raises_none_but_on_the_name_that_its_annexes_give_a_document() -> None:
    assert codes(SAMPLE, str(FOLDER.parent / "letters" / "s1ckmp.txt"), "--version", "46.0") == {"SD304"}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real letter is not beside this checkout")
def test_the_real_letter_raises_none_but_on_the_name_that_its_annexes_give_a_document() -> None:
    for letter in (SHARED / "letters").glob("*.txt"):
        assert codes(SAMPLE, str(letter), "--version", "46.0") == {"SD304"}


def test_the_place_in_the_code_file_is_shown(tmp_path: Path) -> None:
    path = next(path for path in FILES if path.stem == "sd604-the-definition-still-says-tbc")
    file = tmp_path / "code.yaml"
    file.write_text(code_to_yaml(looked_over(path).case.before), "utf-8")
    result = CliRunner().invoke(main, ["check", str(file)])

    line, words = result.stdout.splitlines()[1:3]
    assert "[TBC]" in line
    assert words.strip("| ") == "^" * len("[TBC]")
    assert line.index("[TBC]") == words.index("^")


def test_all_that_is_exported_is_there() -> None:
    assert all(hasattr(checks, name) for name in checks.__all__)
