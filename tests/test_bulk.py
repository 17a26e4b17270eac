"""Many instructions at once: the same lines in the same order, whatever made them; what fails hinders nothing else."""

from __future__ import annotations

import json
import multiprocessing
import os
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

import secdefs
from secdefs import bulk
from secdefs.cli import main

ROOT = Path(__file__).resolve().parents[1]
LETTER = ROOT / "fixtures" / "letters" / "s1ckmp.txt"


def row(number: int) -> dict[str, object]:
    return {"words": f"for “{number} days” substitute “{number} weeks”", "within": ["In section 5—"], "id": number}


def lines(path: Path, rows: list[object]) -> Path:
    path.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in rows), encoding="utf-8")
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["parse", "--jsonl", *map(str, arguments)])


def made(files: list[Path], size: int) -> bytes:
    parts, problems = bulk.parts_of([str(file) for file in files], size)

    assert not problems
    return b"".join(each.lines for each in bulk.run(parts, 1))


@pytest.fixture
def many(tmp_path: Path) -> Path:
    return lines(tmp_path / "many.jsonl", [row(number) for number in range(40)])


def test_each_line_is_read_as_parse_reads_it(many: Path) -> None:
    result = run(many, "--processes", 1)
    read = [json.loads(line) for line in result.stdout.splitlines()]
    expected = secdefs.parse("for “7 days” substitute “7 weeks”", within=("In section 5—",))

    assert result.exit_code == 0
    assert list(range(40)) == [each["id"] for each in read]
    assert json.loads(msgspec.json.encode(expected.instructions)) == read[7]["instructions"]
    assert many.read_bytes()[read[7]["offset"] :].startswith(b'{"words": "for \xe2\x80\x9c7 days')


def test_two_processes_write_what_one_writes(many: Path) -> None:
    parts, _ = bulk.parts_of([str(many), str(LETTER), str(many)], 700)
    one = [each.lines for each in bulk.run(parts, 1)]

    assert len(parts) > 8
    assert one == [each.lines for each in bulk.run(parts, 2)]


@given(st.integers(1, 400), st.lists(st.sampled_from(["a", "“é” — ü", "x" * 90, ""]), min_size=1, max_size=9))
def test_wherever_files_are_divided_each_line_is_read_once(
    tmp_path_factory: pytest.TempPathFactory, size: int, words: list[str]
) -> None:
    file = lines(tmp_path_factory.mktemp("bulk") / "some.jsonl", [{"words": each} for each in words])

    assert made([file], 1 << 20) == made([file], size)


def test_a_last_line_without_its_end_is_read(tmp_path: Path) -> None:
    file = tmp_path / "one.jsonl"
    file.write_text('{"words": "omit “a”"}\n\n{"words": "omit “b”"}', encoding="utf-8")

    read = [json.loads(line)["instructions"] for line in made([file], 9).splitlines()]

    assert [each["operation"]["old"]["text"] for (each,) in read] == ["a", "b"]


def test_the_shares_of_several_machines_are_the_whole(many: Path) -> None:
    parts, _ = bulk.parts_of([str(many)], 300)
    shares = [bulk.shard_of(parts, number, 3) for number in (1, 2, 3)]

    assert sorted(parts) == sorted(part for share in shares for part in share)
    assert max(map(len, shares)) - min(map(len, shares)) <= 1


def test_a_letter_is_one_line(many: Path) -> None:
    result = run(LETTER, many)
    first = json.loads(result.stdout.splitlines()[0])

    assert len(result.stdout.splitlines()) == 41
    assert first["instrument"]["made"] == "2021-12-16"
    assert str(LETTER) == first["file"]


# --- what fails -------------------------------------------------------------------------------------------------------


def test_a_file_that_is_not_there_hinders_no_other(many: Path, tmp_path: Path) -> None:
    result = run(tmp_path / "none.jsonl", tmp_path, many)

    assert result.exit_code == 3
    assert f"secdefs: {tmp_path / 'none.jsonl'}: no such file or directory" in result.stderr
    assert "is a folder" in result.stderr
    assert len(result.stdout.splitlines()) == 40


def test_a_letter_that_cannot_be_read_hinders_no_other(many: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    result = run(empty, many)

    assert result.exit_code == 3
    assert "the file is empty" in result.stderr
    assert len(result.stdout.splitlines()) == 40


@pytest.mark.parametrize(
    "bad", ["{", '{"word": "omit “a”"}', '{"words": 1}', "[]", '{"words": "omit “a”", "whithin": []}']
)
def test_a_line_that_is_no_instruction_is_said_and_the_rest_goes_on(tmp_path: Path, bad: str) -> None:
    good = json.dumps(row(1))
    file = tmp_path / "some.jsonl"
    file.write_text(f"{good}\n{bad}\n{good}\n", encoding="utf-8")
    result = run(file)
    read = [json.loads(line) for line in result.stdout.splitlines()]

    assert result.exit_code == 3
    assert ["error" in each for each in read] == [False, True, False]
    assert f"{file}: at byte {len(good) + 1:,}: this line is not an instruction" in result.stderr


def test_an_instruction_that_is_refused_is_an_error(tmp_path: Path) -> None:
    result = run(lines(tmp_path / "a.jsonl", [row(1), {"words": "the Panel may think of “it”"}]))

    assert result.exit_code == 1
    assert "errors: 1" in result.stderr


def test_words_that_look_like_an_error_are_none(tmp_path: Path) -> None:
    result = run(lines(tmp_path / "a.jsonl", [{"words": 'omit “"severity":"error" ,"error":"”'}]))

    assert result.exit_code == 0


@pytest.mark.skipif(multiprocessing.get_start_method() != "fork", reason="what is patched is not in a fresh process")
def test_a_process_that_is_ended_is_said(many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_read", lambda part, given: os._exit(9) if part.start else b"{}\n")
    parts, _ = bulk.parts_of([str(many)], 1_000)
    (*_, last) = bulk.run(parts, 2)

    assert last.fault is not None
    assert "run it again" in last.fault


# --- parts that are kept ----------------------------------------------------------------------------------------------


def kept(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in sorted(folder.iterdir())}


def test_parts_in_their_order_are_the_whole(many: Path, tmp_path: Path) -> None:
    parts, _ = bulk.parts_of([str(LETTER), str(many)], 1_500)
    (tmp_path / "out").mkdir()
    for _ in bulk.run(parts, 2, tmp_path / "out"):
        pass

    assert b"".join(each.lines for each in bulk.run(parts, 1)) == b"".join(kept(tmp_path / "out").values())


def test_a_finished_part_is_not_made_again(many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "out"
    first = run(many, LETTER, "--parts", folder, "--processes", 1)
    before = kept(folder)
    monkeypatch.setattr(bulk, "_read", lambda part, given: pytest.fail("it was made again"))
    second = run(many, LETTER, "--parts", folder, "--processes", 1)

    assert first.stdout == second.stdout == ""
    assert (first.exit_code, "2 parts, 2 of them kept from before") == (second.exit_code, second.stderr.split(";")[0])
    assert before == kept(folder)


def test_a_part_of_which_nothing_was_finished_is_made(many: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    run(many, "--parts", folder, "--processes", 1)
    (part,) = folder.iterdir()
    whole = part.read_bytes()
    # As a process leaves it that is killed while it writes: beside, under another name.
    part.rename(folder / f".{part.name}.0123456789ab")
    (folder / f".{part.name}.0123456789ab").write_bytes(whole[:100])
    run(many, "--parts", folder, "--processes", 1)

    assert whole == part.read_bytes()


def test_a_part_whose_file_changed_is_made_again(many: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    run(many, "--parts", folder)
    lines(many, [row(number) for number in range(50)])
    run(many, "--parts", folder)
    (part,) = folder.iterdir()

    assert len(part.read_bytes().splitlines()) == 50


def test_what_is_kept_says_its_errors_again(tmp_path: Path) -> None:
    file = tmp_path / "some.jsonl"
    refused = '{"words": "the Panel may think of “it”"}\n'
    file.write_text(refused + "{}\n", encoding="utf-8")
    place = f"at byte {len(refused.encode())}"
    first, second = (run(file, "--parts", tmp_path / "out") for _ in range(2))

    assert first.exit_code == second.exit_code == 3
    assert place in first.stderr
    assert place in second.stderr
    assert "errors: 1" in second.stderr


# --- the command line -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["--jsonl"],
        ["--jsonl", "a.jsonl", "-e", "omit “a”"],
        ["--jsonl", "a.jsonl", "--json"],
        ["--jsonl", "a.jsonl", "--shard", "3/2"],
        ["--jsonl", "a.jsonl", "--shard", "0/2"],
        ["--jsonl", "a.jsonl", "--processes", "0"],
        ["a.txt", "b.txt"],
        ["a.txt", "--shard", "1/2"],
        ["a.txt", "--parts", "out"],
    ],
)
def test_options_that_do_not_go_together_are_refused(arguments: list[str]) -> None:
    assert CliRunner().invoke(main, ["parse", *arguments]).exit_code == 2


def test_nothing_is_said_of_how_far_it_is_where_nobody_looks_on(many: Path) -> None:
    assert "part 1" not in run(many).stderr
    assert run(many, "-q").stderr == ""
