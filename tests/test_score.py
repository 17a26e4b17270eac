"""The score: what it calls exact, wrong and refused, on rows of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]


def row(sentence: str, op: dict[str, Any], **rest: Any) -> dict[str, Any]:
    base = {"kind": "substitute", "old": None, "new": None, "anchor": None, "each": False, "occurrence": None}
    target = {"title": None, "path": rest.get("path"), "definitions": rest.get("definitions")}
    return {
        "id": "one",
        "instruction": sentence,
        "context": rest.get("context", []),
        "target": target,
        "block": rest.get("block"),
        "op": base | op,
    }


SUBSTITUTE = {"old": "one", "new": "two"}
CASES = {
    "as the row says": (row("In section 5(2), for “one” substitute “two”.", SUBSTITUTE, path=["5", "2"]), "exact"),
    "other words": (row("In section 5, for “one” substitute “two”.", {"old": "one", "new": "three"}), "wrong"),
    "another place": (row("In section 5(2), for “one” substitute “two”.", SUBSTITUTE, path=["5", "(3)"]), "exact"),
    "another kind": (row("In section 5, for “one” substitute “two”.", {"kind": "omit", "old": "one"}), "wrong"),
    "each in the row": (row("In section 5, for “one” substitute “two”.", SUBSTITUTE | {"each": True}), "wrong"),
    "a year is no label": (
        row("In section 5 of the Widget Act 2001, for “one” substitute “two”.", SUBSTITUTE, path=["2001"]),
        "exact",
    ),
    "a range of which the row has an end": (
        row("In section 5, omit the words from “one” to the end.", {"kind": "omit", "old": "one"}),
        "exact",
    ),
    "definitions in the sentence and below it": (
        row(
            "In section 5, at the appropriate places insert— “one” means a thing;",
            {"kind": "insert_definition", "new": "“two” means a thing;", "anchor": {"rel": "appropriate-place"}},
            block=["“two” means a thing;"],
        ),
        "exact",
    ),
    "as if": (
        row("for “one” there were substituted “two”.", SUBSTITUTE, context=["Section 5 applies as if—"], path=["5"]),
        "exact",
    ),
    "not read": (row("In section 5, for “one” perhaps substitute “two”.", SUBSTITUTE), "SD101"),
}


def score(folder: Path, *options: str) -> str:
    command = [sys.executable, str(ROOT / "bench" / "score.py"), "--corpus", str(folder), *options]
    done = subprocess.run(command, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("corpus")
    rows = [json.dumps(each) for each, _ in CASES.values()]
    (folder / "own.jsonl").write_text("\n".join(rows), "utf-8")
    (folder / "other.jsonl").write_text('{"definitions_before": []}', "utf-8")
    printed = score(folder, "--wrong", "--exact", "--refused")
    return [line for line in printed.splitlines() if line.startswith("--- ")]


@pytest.mark.parametrize("name", CASES)
def test_a_row_is_judged(name: str, shown: list[str]) -> None:
    verdicts = {each.partition("[")[2].partition("]")[0] for each in [shown[[*CASES].index(name)]]}

    assert {CASES[name][1]} == verdicts


def test_the_table_counts_every_row_once(tmp_path: Path) -> None:
    rows = [json.dumps(each) for each, _ in CASES.values()]
    (tmp_path / "own.jsonl").write_text("\n".join(rows), "utf-8")
    (last,) = [line for line in score(tmp_path).splitlines() if line.startswith("together  ")]
    wanted = [verdict for _, verdict in CASES.values()]

    assert [len(wanted), wanted.count("exact"), wanted.count("SD101"), wanted.count("wrong")] == [
        int(each) for each in (last.split()[1], last.split()[2], last.split()[4], last.split()[5])
    ]


def test_what_was_lost_is_wrong_though_the_row_does_not_know_it() -> None:
    sys.path.insert(0, str(ROOT / "bench"))
    from corpus import agreement

    import secdefs

    given = row("In sections 5 and 6, for “one”, in each place, substitute “two” at the end.", SUBSTITUTE)
    read = secdefs.parse("In section 5, for “one” substitute “two”.").instructions

    assert {each.partition(":")[0] for each in agreement.differences(given, read)} == {"lost"}
    assert len(agreement.differences(given, read)) == 3
