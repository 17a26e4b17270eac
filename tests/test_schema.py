"""The schemas: committed as they would be made now, right by their own rules, and every output keeps to them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import schema_files
from cases import FOLDER, read_case
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from secdefs.cli import main
from secdefs.commands import group, pipelines
from secdefs.read.codefile import read_code
from secdefs.schema import SCHEMAS, schema
from secdefs.write.codefile import code_to_json
from secdefs.write.report import instrument_to_json, plan_to_json

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "fixtures" / "codes" / "sec.yaml"
LETTER = ROOT / "fixtures" / "letters" / "s1ckmp.txt"
LIGHTS = ROOT / "fixtures" / "histories" / "lights"
CODES = sorted([*(ROOT / "fixtures" / "codes").glob("*.yaml"), *(ROOT / "fixtures" / "histories").rglob("*.yaml")])
README = (ROOT / "README.md").read_text("utf-8")


def run(*arguments: object, text: str | None = None) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments], input=text, catch_exceptions=False)


def check(name: str, text: str) -> Any:
    """The value of a JSON text, which has to keep to a schema."""
    value = json.loads(text)
    validator(name).validate(value)
    return value


@lru_cache
def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema(name)), format_checker=Draft202012Validator.FORMAT_CHECKER)


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schemas_are_current_and_right(name: str) -> None:
    path = schema_files.FOLDER / f"{name}.json"
    written = run("schema", name).stdout

    assert path.read_text("utf-8") == written, "python3 run docs makes it anew"
    whole = json.loads(written)
    Draft202012Validator.check_schema(whole)
    assert whole["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert whole["$id"] == f"urn:x-secdefs:schema:1:{name}"


def test_the_command_names_every_schema() -> None:
    assert tuple(SCHEMAS) == pipelines.SCHEMAS
    assert {each.stem for each in schema_files.FOLDER.glob("*.json")} == set(SCHEMAS)
    assert run("schema", "letter").exit_code == 2


@pytest.mark.parametrize("path", CODES, ids=lambda path: path.stem)
def test_every_code_of_the_fixtures_keeps_to_the_schema(path: Path) -> None:
    check("code", code_to_json(read_code(str(path))[0]))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.stem)
def test_what_every_case_writes_keeps_to_the_schemas(path: Path) -> None:
    case = read_case(path)
    planned = case.plan()

    check("code", code_to_json(case.before))
    check("plan", plan_to_json(planned, planned.findings))
    for instrument in planned.instruments:
        value = check("parse", instrument_to_json(instrument, instrument.findings))
        check("instrument", json.dumps(value["instrument"]))
        for each in value["instructions"]:
            check("instruction", json.dumps(each))
            check("operation", json.dumps(each["operation"]))
        for each in value["findings"]:
            check("finding", json.dumps(each))


ORDER = "In the definition of “Keeper” in Section A, omit the words “who”.\n"
OUTPUTS: dict[str, tuple[str, list[list[object]]]] = {
    "parse": ("parse", [[LETTER], ["-e", "omit everything"]]),
    "plan": ("plan", [[SAMPLE, LETTER], [SAMPLE, "-e", "replace “x” with “y”"]]),
    "apply": ("plan", [[SAMPLE, LETTER, "-o", "OUT"]]),
    "verify": ("verify", [[SAMPLE, SAMPLE], [SAMPLE, SAMPLE, LETTER]]),
    "enact": ("enact", [["NEW", LETTER, "--version", "46.0"], ["NEW", "-e", "omit everything"]]),
    "withdraw": ("enact", [["NEW", "nothing", "--reason", "none"], ["FULL", "s1ckmp.txt", "--reason", "none"]]),
    "log": ("log", [[LIGHTS], [LIGHTS, "Keeper"]]),
    "blame": ("blame", [[LIGHTS], [LIGHTS, "Keeper", "--at", "2024-01-01"]]),
    "fsck": ("check", [[LIGHTS]]),
}
"""The schema of each command's JSON, and what to ask it."""


@pytest.mark.parametrize("command", OUTPUTS)
def test_every_output_as_json_keeps_to_its_schema(command: str, tmp_path: Path) -> None:
    new, full = tmp_path / "new", tmp_path / "full"
    for folder in (new, full):
        run("init", folder, "--code", SAMPLE)
    run("enact", full, LETTER, "--version", "46.0")
    places = {"NEW": new, "FULL": full, "OUT": tmp_path / "out.yaml"}
    name, asked = OUTPUTS[command]
    shown = 0
    for arguments in asked:
        result = run(command, *(places.get(str(each), each) for each in arguments), "--json")
        if result.exit_code in (0, 1):
            check(name, result.stdout)
            shown += 1
    assert shown


def test_what_check_writes_keeps_to_its_schema() -> None:
    assert check("check", run("check", SAMPLE, LETTER, "--format", "json").stdout)["findings"]


@pytest.mark.parametrize(
    "change",
    [{"terms": []}, {"as_at": "16 December 2021"}, {"format": 2}, {"title": None}, {"definitions": {"section": "A"}}],
)
def test_what_is_no_code_file_does_not_keep_to_the_schema(change: dict[str, Any]) -> None:
    value = json.loads(code_to_json(read_code(str(SAMPLE))[0])) | change

    with pytest.raises(ValidationError):
        check("code", json.dumps(value))


# --- what the README says of pipelines --------------------------------------------------------------------------------


def rows(heading: str) -> list[list[str]]:
    """The rows of the first table after a heading, without its first two."""
    table = re.search(r"(?:^\|.*\n)+", README[README.index(heading) :], re.M)
    assert table is not None
    return [[cell.strip() for cell in line.strip("|\n ").split("|")] for line in table[0].splitlines()[2:]]


def test_the_table_of_json_names_every_command_that_writes_it() -> None:
    writing = {
        name
        for name, command in main.commands.items()
        for option in command.params
        if "--json" in option.opts or (name == "check" and "--format" in option.opts)
    }
    said = {
        command: row[2].strip("`")
        for row in rows("### What is written as JSON")
        for command in re.findall(r"`(\w+)[^`]*`", row[0])
    }

    assert said.keys() == writing
    assert said == {"check": "check", **{command: name for command, (name, _) in OUTPUTS.items()}}


def test_the_table_of_exits_names_every_status() -> None:
    known = {0, 2, group.ERROR, group.UNREADABLE, group.FAULT, group.INTERRUPTED, group.PIPE_CLOSED}

    assert {int(row[0].strip("`")) for row in rows("### Exit statuses")} == known


# --- completion -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shell", pipelines.SHELLS)
def test_a_shell_is_told_how_to_ask(shell: str) -> None:
    written = run("completion", shell)

    assert written.exit_code == 0
    assert f"_SECDEFS_COMPLETE={shell}_complete" in written.stdout


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("secdefs wit", {"plain,withdraw"}),
        ("secdefs apply --tr", {"plain,--tracked"}),
        ("secdefs schema op", {"plain,operation"}),
        ("secdefs check --format gi", {"plain,github"}),
        ("secdefs plan se", {"file,se"}),
        ("secdefs apply code.yaml -o ou", {"file,ou"}),
    ],
)
def test_a_shell_gets_what_fits(words: str, expected: set[str]) -> None:
    asked = {"_SECDEFS_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)}
    command = "import sys; from secdefs.cli import main; main(prog_name='secdefs')"
    answer = subprocess.run(
        [sys.executable, "-c", command], env={**os.environ, **asked}, capture_output=True, text=True, check=False
    )

    assert set(answer.stdout.split()) == expected
