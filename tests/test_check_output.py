"""What `secdefs check` writes, for people and for programs, and what a project may set."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from secdefs.cli import main
from secdefs.findings import Finding, Source
from secdefs.write.github import findings_to_github
from secdefs.write.sarif import findings_to_sarif

CODE = """\
format: 1
title: Widget Code
short_title: WC
version: "1.0"
as_at: 2021-12-16
definitions:
  section: A
  heading: null
  version: "1.0"
  order: word-by-word
  entries:
    - term: Gauge
      text: means a device (which measures.
    - term: Widget
      text: |-
        means:
          (a) one; or
          (b) two; and
          (c) three.
"""
LETTER = """\
16 December 2021

The Panel directs that, with effect from Monday 17 December 2021:

(a) in the definition of “Widget” in Section A of the WC the word “three” shall be replaced with the words “four, five”.

Yours faithfully,

A Person
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "code.yaml").write_text(CODE, "utf-8")
    (tmp_path / "letter.txt").write_text(LETTER, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["check", *arguments])


def codes(found: Sequence[dict[str, str]]) -> list[str]:
    return [each["code"] for each in found]


@pytest.mark.usefixtures("folder")
def test_people_see_the_words_with_carets_and_what_would_settle_it() -> None:
    result = run("code.yaml")

    assert result.exit_code == 0
    assert result.stdout == (
        "code.yaml:13:28: SD618 warning: in the definition of “Gauge” a mark has no fellow, at “(which measures.”\n"
        "   13 |       text: means a device (which measures.\n"
        "      |                            ^^^^^^^^^^^^^^^^\n"
        "   hint: close or remove it\n\n"
        "code.yaml:14:13: SD624 warning: in the definition of “Widget” the list has 2 conjunctions: after (a) and (b)\n"
        "   14 |     - term: Widget\n"
        "      |             ^^^^^^\n"
        "   hint: keep the one before the last item\n\n"
    )
    assert result.stderr == "2 warnings\n"


@pytest.mark.usefixtures("folder")
def test_with_a_letter_only_what_it_brings_about_is_said() -> None:
    result = run("code.yaml", "letter.txt", "--version", "2.0", "--definitions-version", "2.0", "--format", "json")
    said = json.loads(result.stdout)

    assert (said["format"], said["ok"]) == (1, True)
    assert codes(said["findings"]) == ["SD608"]
    assert "it would read “Friday 17 December 2021”" in said["findings"][0]["hint"]


@pytest.mark.usefixtures("folder")
def test_what_plan_finds_is_said_too_and_an_error_is_the_exit_status() -> None:
    result = run("code.yaml", "-e", "in the definition of “Widget”, omit “nine”", "--format", "json")
    said = json.loads(result.stdout)

    assert result.exit_code == 1
    assert not said["ok"]
    assert codes(said["findings"]) == ["SD201"]


@pytest.mark.usefixtures("folder")
def test_github_marks_the_line() -> None:
    result = run("code.yaml", "--format", "github")

    assert result.stdout.splitlines()[0] == (
        "::warning file=code.yaml,line=13,col=28,title=SD618::in the definition of “Gauge” a mark has no fellow, at "
        "“(which measures.” (hint: close or remove it)"
    )


def test_nothing_breaks_out_of_a_workflow_command() -> None:
    source = Source("a,b:c%.txt", None, None, 1, 1, 0, 0)
    line = findings_to_github([Finding("SD101", "note", "50 %\n::error::gone", None, source)])

    assert line == "::notice file=a%2Cb%3Ac%25.txt,line=1,col=1,title=SD101::50 %25%0A::error::gone\n"


@pytest.mark.usefixtures("folder")
def test_sarif_has_the_rules_and_the_places() -> None:
    log = json.loads(run("code.yaml", "--format", "sarif").stdout)
    (made,) = log["runs"]

    assert log["version"] == "2.1.0"
    assert [rule["id"] for rule in made["tool"]["driver"]["rules"]] == ["SD618", "SD624"]
    assert made["tool"]["driver"]["rules"][0]["shortDescription"]["text"] == "a mark without its fellow"
    (place,) = made["results"][0]["locations"]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "code.yaml"
    assert place["physicalLocation"]["region"]["startLine"] == 13
    assert CODE[place["physicalLocation"]["region"]["charOffset"] :].startswith("(which")
    assert [result["level"] for result in made["results"]] == ["warning", "warning"]


def test_sarif_without_findings_is_a_run_without_results() -> None:
    (made,) = json.loads(findings_to_sarif([], {}, "1.0"))["runs"]

    assert made["results"] == []


def test_a_project_sets_severities(folder: Path) -> None:
    (folder / "secdefs.toml").write_text('[severity]\nSD618 = "off"\nSD624 = "error"\n', "utf-8")
    result = run("code.yaml", "--format", "json")

    assert result.exit_code == 1
    assert [(each["code"], each["severity"]) for each in json.loads(result.stdout)["findings"]] == [("SD624", "error")]


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ('[severity]\nSD699 = "off"\n', "there is no rule SD699"),
        ('[severity]\nSD601 = "loud"\n', "loud"),
        ("[colour]\n", "colour"),
        ("severity", "this is not TOML"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(folder: Path, settings: str, says: str) -> None:
    (folder / "mine.toml").write_text(settings, "utf-8")
    result = run("code.yaml", "--settings", "mine.toml")

    assert result.exit_code == 3
    assert says in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.usefixtures("folder")
def test_options_of_letters_need_a_letter() -> None:
    result = run("code.yaml", "--as-at", "2021-12-17")

    assert result.exit_code == 2
    assert "Name a LETTER" in result.stderr
