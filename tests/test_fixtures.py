"""The golden cases: every file of `fixtures/cases` is a test."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from cases import FOLDER, Case, changed, in_order, named, particulars, read_case, records
from click.testing import CliRunner

from secdefs.cli import main
from secdefs.findings import Finding, SecdefsError
from secdefs.plan import Plan
from secdefs.read.codefile import code_from_text, read_code
from secdefs.write.codefile import code_to_yaml

CASES = sorted(FOLDER.glob("*.txt"))

each_case = pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)


def said(found: Finding) -> str:
    return f"{found.message} ({found.hint})"


def words_under(found: Finding, planned: Plan) -> str:
    """The words of the letter to which a finding points."""
    if found.source is None:
        return ""
    texts = {letter.file: letter.text for letter in planned.instruments}
    return " ".join(texts[found.source.file][found.source.start : found.source.end].split())


@each_case
def test_a_case_ends_as_a_lawyer_says(path: Path) -> None:
    case = read_case(path)
    planned = case.plan()
    shown = [f"{found.code}: {said(found)}" for found in planned.findings]

    assert Counter(each.code for each in case.findings) == Counter(each.code for each in planned.findings), shown
    assert planned.ok == (case.after is not None), shown
    left = list(planned.findings)
    for expected in case.findings:
        fitting = [
            found
            for found in left
            if found.code == expected.code
            and expected.words in (None, words_under(found, planned))
            and (expected.says or "") in said(found)
        ]
        places = [(found.code, words_under(found, planned), said(found)) for found in left]
        assert fitting, (expected, places)
        left.remove(fitting[0])
    assert case.before == planned.consolidation.code(before=True)
    if planned.ok:
        _is_the_code_expected(case, planned)
    else:
        with pytest.raises(SecdefsError):
            planned.after()


def _is_the_code_expected(case: Case, planned: Plan) -> None:
    assert case.after is not None
    after = planned.after()
    if case.after.startswith("format:"):
        assert code_from_text(case.after, "after")[0] == after
        return
    said_so, standing = named(case.after), records(after)
    assert said_so == {at: standing.get(at) for at in said_so}
    assert changed(case.before, after).keys() <= said_so.keys()
    for named_order, order in in_order(after, case.after).values():
        assert named_order == order
    actual = {
        "as_at": str(after.as_at),
        "version": str(after.version).lower(),
        "definitions_version": str(after.definitions and after.definitions.version).lower(),
    }
    for name, value in particulars(case.after).items():
        assert value == actual[name], name


@each_case
def test_every_character_of_a_case_is_accounted_for(path: Path) -> None:
    for letter in read_case(path).instruments():
        coverage = letter.coverage
        blank = sum(char.isspace() for char in letter.text)

        assert len(letter.text) - blank == coverage.characters
        assert coverage.characters == coverage.operation + coverage.context + coverage.not_understood
        in_spans = [letter.text[start:end] for _, start, end in coverage.spans]
        assert coverage.characters == sum(len("".join(words.split())) for words in in_spans)
        if coverage.not_understood:
            assert any(found.severity == "error" for found in letter.findings)


@each_case
def test_the_command_line_agrees_with_the_plan(path: Path, tmp_path: Path) -> None:
    case = read_case(path)
    planned = case.plan()
    code, out = tmp_path / "code.yaml", tmp_path / "out.yaml"
    code.write_text(code_to_yaml(case.before), "utf-8")
    arguments = ["apply", str(code), "-o", str(out)]
    for number, text in enumerate(case.directions, 1):
        letter = tmp_path / f"letter {number}.txt"
        letter.write_text(text, "utf-8")
        arguments += ["-e", text] if "\n" not in text else [str(letter)]
    options = case.given()
    for event, day in options.pop("events").items():
        arguments += ["--event", f"{event}={day}"]
    for item, reason in options.pop("set_aside").items():
        arguments += ["--set-aside", item, "--reason", reason]
    for name, value in options.items():
        if value is not None:
            arguments += [f"--{name.replace('_', '-')}", str(value)]
    result = CliRunner().invoke(main, arguments)

    assert (0 if planned.ok else 1) == result.exit_code, result.stderr
    assert planned.ok == out.exists()
    if planned.ok:
        assert planned.after() == read_code(str(out))[0]
