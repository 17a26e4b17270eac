"""A code folder when something goes wrong: a process that is killed, two at once, a file that somebody changed."""

from __future__ import annotations

import datetime as dt
import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from widgets import CODE, OPENING, day, enacted, folder, letter, swap, texts

from secdefs import History
from secdefs.findings import Finding, SecdefsError
from secdefs.history import entries as read_entries
from secdefs.history import ledger
from secdefs.history.ledger import Ledger, lines

# --- killed -----------------------------------------------------------------------------------------------------------

# What a process does to the disk, by the name of the function that does it.
WRITES = frozenset(
    "write flush fsync replace rename link unlink ftruncate truncate mkdir open chmod close flock lseek".split()
)


def killed_at(number: int, act: Callable[[], object]) -> bool:
    """Do something in another process, and kill it before one of its calls to the system.

    Whether it was killed; it had fewer calls otherwise, and ended by itself.
    """
    child = os.fork()
    if child == 0:
        seen = 0

        def watch(frame: FrameType, what: str, called: object) -> None:
            nonlocal seen
            if what == "c_call" and getattr(called, "__name__", "") in WRITES:
                seen += 1
                if seen == number:
                    os.kill(os.getpid(), signal.SIGKILL)

        status = 70
        try:
            sys.setprofile(watch)
            act()
            status = 0
        finally:
            sys.setprofile(None)
            os._exit(status)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0
    return os.WIFSIGNALED(status)


def points(act: Callable[[Path], object], fresh: Callable[[Path], object], path: Path) -> Iterator[Path]:
    """A folder for each point at which the act may be killed, as the kill has left it; the last one was not killed."""
    number = 0
    while True:
        number += 1
        at = path / str(number)
        fresh(at)
        killed = killed_at(number, lambda at=at: act(at))
        yield at
        if not killed:
            return


def state(path: Path) -> dict[str, object]:
    """All that can be asked of a folder."""
    history = History.open(path)
    return {
        "head": history.head,
        "codes": [history.at(day(month)) for month in (1, 3, 5, 7)],
        "log": history.log(),
        "pending": [each.instruction.id for each in history.not_yet(day(1))],
    }


pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is killed here as POSIX has it")

FIRST = letter(swap("Period", "ten", "twelve"), day="1 May 2020")
LATE = letter(swap("Period", "days", "Working Days"), swap("Widget", "[TBC]", "B"), name="late.txt")


def begun(path: Path) -> None:
    history = folder(path)
    assert enacted(history, FIRST).ok
    waiting = letter(swap("Gadget", "grey", "blue"), day=OPENING, name="waiting.txt")
    assert enacted(history, waiting, recorded=day(2, 2)).ok


ACTS: dict[str, Callable[[Path], object]] = {
    "enact": lambda path: enacted(History.open(path), LATE, recorded=day(2, 3)),
    "settle": lambda path: History.open(path).settle({OPENING: day(3)}, recorded=day(2, 3)),
    "correct": lambda path: enacted(
        History.open(path), letter(swap("Period", "ten", "nine")), corrects=FIRST.short_hash, recorded=day(2, 3)
    ),
    "withdraw": lambda path: History.open(path).withdraw(FIRST.short_hash, recorded=day(2, 3)),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ACTS)
def test_a_process_killed_at_any_point_leaves_before_or_after(name: str, tmp_path: Path) -> None:
    act = ACTS[name]
    begun(tmp_path / "before")
    begun(tmp_path / "after")
    assert act(tmp_path / "after").ok  # type: ignore[attr-defined]
    before, after = state(tmp_path / "before"), state(tmp_path / "after")

    found = []
    for at in points(act, lambda at: shutil.copytree(tmp_path / "before", at), tmp_path / "points"):
        now = state(at)
        assert now in (before, after)
        assert [each for each in History.open(at).check() if each.severity != "note"] == []
        if now == before:
            assert act(at).ok, "what was cut short can be done again"  # type: ignore[attr-defined]
            assert after == state(at)
        found.append(now == after)
    assert found == sorted(found), "once it is after, it is never before again"
    assert (found[0], found[-1]) == (False, True)
    assert len(found) > 10, "points at which it was killed"


def test_a_process_killed_while_it_makes_a_folder_leaves_none_or_a_whole_one(tmp_path: Path) -> None:
    found = []
    for at in points(folder, lambda at: None, tmp_path):
        made = (at / "ledger.jsonl").exists()
        if not made:
            folder(at)
        assert History.open(at).at() == CODE
        assert [each for each in History.open(at).check() if each.severity != "note"] == []
        found.append(made)
    assert found == sorted(found)
    assert (found[0], found[-1]) == (False, True)


def test_a_ledger_cut_at_any_byte_is_the_one_before_the_write(tmp_path: Path) -> None:
    begun(tmp_path)
    path = tmp_path / "ledger.jsonl"
    whole = path.read_bytes()
    assert enacted(History.open(tmp_path), LATE, recorded=day(2, 3)).ok
    after = path.read_bytes()
    assert after.startswith(whole)

    for cut in range(len(whole), len(after)):
        found = lines(after[:cut])
        assert (len(whole), cut - len(whole)) == (found.end, found.unfinished)
    path.write_bytes(after[: len(after) - 40])
    assert [each.code for each in History.open(tmp_path).check()] == ["SD408", "SD408", "SD408"]
    assert enacted(History.open(tmp_path), LATE, recorded=day(2, 3)).ok
    assert after == path.read_bytes()


def test_what_a_longer_write_left_behind_is_cut_off_by_a_shorter_one(tmp_path: Path) -> None:
    begun(tmp_path)
    path = tmp_path / "ledger.jsonl"
    assert enacted(History.open(tmp_path), LATE, recorded=day(2, 3)).ok
    path.write_bytes(path.read_bytes()[:-40])

    assert History.open(tmp_path).withdraw(FIRST.short_hash, recorded=day(2, 3)).ok

    assert lines(path.read_bytes()).unfinished == 0
    assert [each.name for each in History.open(tmp_path).log()] == [None, FIRST.file, "waiting.txt", None]


def test_a_disk_that_is_full_leaves_the_ledger_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun(tmp_path)
    before = (tmp_path / "ledger.jsonl").read_bytes()
    real = os.write

    def full(handle: int, data: bytes) -> int:
        if len(data) > 100:
            return real(handle, data[:100])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ledger.os, "write", full)
    with pytest.raises(SecdefsError, match="No space left"):
        History.open(tmp_path).withdraw(FIRST.short_hash, recorded=day(2, 3))

    assert before == (tmp_path / "ledger.jsonl").read_bytes()


class Full:
    """A disk that is full from one call to the system on; what is written by then is there, be it half of it."""

    CALLS = ("write", "fsync", "open", "replace", "link", "mkdir")

    def __init__(self, room: int) -> None:
        self.room = room
        self.real = {name: getattr(os, name) for name in self.CALLS}

    def __enter__(self) -> Full:
        for name in self.CALLS:
            setattr(os, name, lambda *given, name=name, **more: self._call(name, *given, **more))
        return self

    def __exit__(self, *_: object) -> None:
        for name, real in self.real.items():
            setattr(os, name, real)

    def _call(self, name: str, *given: Any, **more: Any) -> Any:
        reading = name == "open" and not given[1] & (os.O_WRONLY | os.O_RDWR)
        if not reading:
            self.room -= 1
        if self.room < 0 and not reading:
            if name == "write":
                self.real["write"](given[0], given[1][: len(given[1]) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return self.real[name](*given, **more)


@pytest.mark.parametrize("name", ACTS)
def test_a_disk_that_is_full_at_any_point_leaves_all_as_it_was(name: str, tmp_path: Path) -> None:
    begun(tmp_path / "before")
    before = state(tmp_path / "before")
    at, said = tmp_path / "at", set[str]()
    for room in range(100):
        shutil.rmtree(at, ignore_errors=True)
        shutil.copytree(tmp_path / "before", at)
        try:
            with Full(room) as full:
                assert ACTS[name](at).ok  # type: ignore[attr-defined]
        except SecdefsError as error:
            said.add(str(error).rpartition(": ")[2])
            assert before == state(at)
            assert [each for each in History.open(at).check() if each.severity != "note"] == []
            assert not [path for path in at.rglob(".*") if path.name != ".gitattributes"], "nothing is left beside"
            assert ACTS[name](at).ok, "with room again it can be done"  # type: ignore[attr-defined]
        if full.room >= 0:
            break

    assert said == {"No space left on device"}
    assert full.room >= 0
    assert room > 1, "points at which the disk was full"


def test_a_folder_that_may_only_be_read_answers_and_takes_nothing(tmp_path: Path) -> None:
    begun(tmp_path)
    before = state(tmp_path)
    real = os.open

    def read_only(path: Any, flags: int, *more: Any, **named: Any) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return real(path, flags, *more, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "open", read_only)
        for act in ACTS.values():
            with pytest.raises(SecdefsError, match="Permission denied"):
                act(tmp_path)
        assert before == state(tmp_path)
        assert [each for each in History.open(tmp_path).check() if each.severity != "note"] == []


# --- links and names that lead elsewhere ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ledger.jsonl", "base.yaml", "instruments"])
def test_a_folder_that_is_partly_a_link_is_refused(name: str, tmp_path: Path) -> None:
    begun(tmp_path / "folder")
    (tmp_path / "folder" / name).rename(tmp_path / "elsewhere")
    (tmp_path / "folder" / name).symlink_to(tmp_path / "elsewhere")

    with pytest.raises(SecdefsError, match="is a link"):
        History.open(tmp_path / "folder")


@pytest.mark.parametrize("suffix", ["", ".json"])
def test_no_letter_is_written_through_a_link(suffix: str, tmp_path: Path) -> None:
    begun(tmp_path / "folder")
    before = state(tmp_path / "folder")
    name = f"{LATE.short_hash}-late.txt{suffix}"
    (tmp_path / "folder" / "instruments" / name).symlink_to(tmp_path / "elsewhere")

    with pytest.raises(SecdefsError, match="is a link"):
        enacted(History.open(tmp_path / "folder"), LATE, recorded=day(2, 3))
    assert not (tmp_path / "elsewhere").exists()
    assert before == state(tmp_path / "folder")


@pytest.mark.parametrize("name", ["base.yaml", ".gitattributes", "instruments"])
def test_no_folder_is_made_through_a_link(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / name).symlink_to(tmp_path / "elsewhere")

    with pytest.raises(SecdefsError, match="is a link"):
        folder(tmp_path / "folder")
    assert not (tmp_path / "elsewhere").exists()


NAMES = [
    "../../etc/passwd",
    "/etc/passwd",
    "C:\\Windows\\system.ini",
    "..",
    "...",
    ".hidden",
    "a\x00b",
    "con",
    "ü\u202e.txt",
]


@pytest.mark.parametrize("name", NAMES)
def test_whatever_a_letter_is_called_it_lies_in_the_folder(name: str, tmp_path: Path) -> None:
    history = folder(tmp_path / "folder")
    assert enacted(history, letter(swap("Period", "ten", "nine"), name=name)).ok

    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder"]
    held = sorted(path.name for path in (tmp_path / "folder" / "instruments").iterdir())
    assert len(held) == 2
    assert all(each.isascii() and "/" not in each and "\\" not in each and each[0] != "." for each in held)
    assert [each for each in History.open(tmp_path / "folder").check() if each.severity != "note"] == []


# --- two at once ------------------------------------------------------------------------------------------------------


def test_of_two_processes_one_wins_and_the_other_is_told(tmp_path: Path) -> None:
    begun(tmp_path / "folder")
    (tmp_path / "late.txt").write_text(LATE.text, encoding="utf-8")
    script = "from secdefs.cli import main; main()"
    command = [sys.executable, "-c", script, "enact", "folder", "late.txt", "--recorded", "2020-02-03"]
    before = (tmp_path / "folder" / "ledger.jsonl").read_bytes()
    with Ledger(tmp_path / "folder" / "ledger.jsonl").writing():
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)

    assert done.returncode == 3
    assert "another process is writing to this folder, and nothing was done here" in done.stderr
    assert before == (tmp_path / "folder" / "ledger.jsonl").read_bytes()
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 0


def test_many_at_once_put_each_letter_on_record_once(tmp_path: Path) -> None:
    begun(tmp_path / "folder")
    (tmp_path / "late.txt").write_text(LATE.text, encoding="utf-8")
    script = "from secdefs.cli import main; main()"
    command = [sys.executable, "-c", script, "enact", "folder", "late.txt", "--recorded", "2020-02-03"]
    running = [subprocess.Popen(command, cwd=tmp_path, stdout=-3, stderr=-3) for _ in range(4)]
    ended = sorted(each.wait() for each in running)

    assert ended[0] == 0
    assert set(ended[1:]) <= {1, 3}, "told that it is enacted already, or that another is writing"
    assert [each.name for each in History.open(tmp_path / "folder").log()].count("late.txt") == 1
    assert History.open(tmp_path / "folder").check() == ()


def test_a_lock_without_the_systems_help_works_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "_fcntl", lambda: None)
    begun(tmp_path)
    own = Ledger(tmp_path / "ledger.jsonl")
    with own.writing(), pytest.raises(SecdefsError, match=r"ledger\.lock"), own.writing():
        pass

    assert not (tmp_path / "ledger.lock").exists()


def test_what_another_process_put_on_record_meanwhile_is_reckoned_with(tmp_path: Path) -> None:
    begun(tmp_path)
    mine, other = History.open(tmp_path), History.open(tmp_path)
    assert enacted(other, LATE, recorded=day(2, 3)).ok

    refused = enacted(mine, LATE, recorded=day(2, 3))

    assert [each.code for each in refused.findings] == ["SD401"]
    assert texts(other.at(day(3))) == texts(mine.at(day(3)))


# --- changed by hand --------------------------------------------------------------------------------------------------


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    begun(tmp_path)
    assert enacted(History.open(tmp_path), LATE, recorded=day(2, 3)).ok
    assert History.open(tmp_path).check() == ()
    return tmp_path


def first_wrong(path: Path) -> tuple[int, str]:
    """The line that fsck names, and what it says of it."""
    from secdefs.history.checking import check

    (found,) = check(path)
    assert found.code == "SD407"
    assert found.source is not None
    assert str(path / "ledger.jsonl") == found.source.file
    return found.source.line, found.message


def rewritten(path: Path, change: Callable[[list[dict[str, object]]], None]) -> None:
    """Change entries of the ledger and seal it anew, as somebody could who knows how."""
    found = lines((path / "ledger.jsonl").read_bytes())
    data, head = b"", ledger.ORIGIN
    groups = [[json.loads(each) for each in group] for group in found.groups]
    change([each for group in groups for each in group])
    for group in groups:
        sealed, head = ledger.sealed([json.dumps(each, separators=(",", ":")).encode() for each in group], head)
        data += sealed
    (path / "ledger.jsonl").write_bytes(data)


def test_each_byte_of_the_ledger_counts(whole: Path) -> None:
    path = whole / "ledger.jsonl"
    data = path.read_bytes()
    starts = [0, *(at + 1 for at, byte in enumerate(data) if byte == 10)]

    for at in range(0, len(data) - 1, 7):
        changed = bytearray(data)
        changed[at] ^= 1
        line = max(number for number, start in enumerate(starts, 1) if start <= at)
        with pytest.raises(ledger.Broken) as broken:
            lines(bytes(changed))
        assert line <= broken.value.line <= line + 1


def test_a_line_taken_out_is_named(whole: Path) -> None:
    path = whole / "ledger.jsonl"
    kept = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(kept[:3] + kept[4:]))

    assert first_wrong(whole) == (4, "this line does not follow the one before: one was changed, moved or taken out")


def test_a_letter_that_was_changed_is_named_by_its_line(whole: Path) -> None:
    (path,) = (whole / "instruments").glob("*-late.txt")
    path.write_text(path.read_text().replace("Working Days", "Working Hours"))

    line, message = first_wrong(whole)

    assert line == json_line(whole, "late.txt")
    assert "is not the letter that was received" in message
    with pytest.raises(SecdefsError, match="fsck"):
        History.open(whole).blame("Period")


def test_a_reading_that_was_changed_is_named_by_its_line(whole: Path) -> None:
    (path,) = (whole / "instruments").glob("*-late.txt.json")
    path.write_text(path.read_text().replace("Working Days", "Working Hours"))

    assert first_wrong(whole)[0] == json_line(whole, "late.txt")


def test_a_letter_that_is_gone_is_named_by_its_line(whole: Path) -> None:
    next((whole / "instruments").glob("*-late.txt")).unlink()

    assert first_wrong(whole)[0] == json_line(whole, "late.txt")


def test_a_base_code_that_was_changed_is_line_1(whole: Path) -> None:
    path = whole / "base.yaml"
    path.write_text(path.read_text().replace("grey", "gray"))

    assert first_wrong(whole)[0] == 1
    with pytest.raises(SecdefsError, match=r"base\.yaml"):
        History.open(whole).at()


def json_line(path: Path, name: str) -> int:
    entries = [json.loads(line) for line in (path / "ledger.jsonl").read_text().splitlines()]
    return 1 + next(at for at, each in enumerate(entries) if each.get("name") == name)


def test_an_edit_that_was_changed_and_sealed_anew_is_named(whole: Path) -> None:
    def change(entries: list[dict[str, object]]) -> None:
        (entry,) = (each for each in entries if each["entry"] == "instruction" and '"B"' in json.dumps(each))
        entry["edits"][0]["new"] = "C"  # type: ignore[index]

    rewritten(whole, change)

    line, message = first_wrong(whole)

    assert line == json_line(whole, "late.txt") + 2
    assert message == "the records that this touches are not what their hashes say"


def test_an_entry_that_is_left_out_and_sealed_anew_is_missed(whole: Path) -> None:
    found = lines((whole / "ledger.jsonl").read_bytes())
    groups = [list(group) for group in found.groups]
    carried = [each for each in groups[-1] if b'"entry":"carried"' in each]
    assert len(carried) == 1, "the letter that was enacted before was carried out anew"
    groups[-1].remove(carried[0])
    data, head = b"", ledger.ORIGIN
    for group in groups:
        sealed, head = ledger.sealed(group, head)
        data += sealed
    (whole / "ledger.jsonl").write_bytes(data)

    line, message = first_wrong(whole)

    assert line == json_line(whole, "late.txt")
    assert message.startswith("after this, what line 3 says can no longer be carried out")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"recorded": "2019-12-31"}, "this was recorded on 31 December 2019, before what stands above it"),
        ({"file": "../ledger.jsonl"}, "“../ledger.jsonl” is no name of a file in instruments"),
        ({"corrects": "000000000000"}, "000000000000 is corrected, and does not stand"),
        ({"entry": "instruction"}, "this is no entry of a ledger"),
        ({"made": "yesterday"}, "this is no entry of a ledger"),
        ({"order": {"2020-03-01": ["a", "b"]}}, "the order of 1 March 2020 does not name the instruments of that day"),
    ],
)
def test_an_entry_that_cannot_be_is_named(whole: Path, change: dict[str, object], says: str) -> None:
    def rewrite(entries: list[dict[str, object]]) -> None:
        (entry,) = (each for each in entries if each.get("name") == "late.txt")
        entry.update(change)

    rewritten(whole, rewrite)

    line, message = first_wrong(whole)

    assert line == 1 + next(
        at for at, each in enumerate((whole / "ledger.jsonl").read_text().splitlines()) if "late.txt" in each
    )
    assert message.startswith(says)


def test_a_file_on_no_record_is_told_of(whole: Path) -> None:
    (whole / "instruments" / "stray.txt").write_text("something")

    (found,) = History.open(whole).check()

    assert (found.code, found.severity) == ("SD408", "note")
    assert "stray.txt: is on no record" in found.message


# --- other rules ------------------------------------------------------------------------------------------------------


def by_older_rules(path: Path, edit: str) -> None:
    """A ledger as an older version would have written it, that carried out the first letter otherwise."""

    def change(entries: list[dict[str, object]]) -> None:
        for entry in entries:
            entry["rules"] = "0.0.9"
        (entry,) = (each for each in entries if each["entry"] == "instruction" and "twelve" in json.dumps(each))
        entry["edits"][0]["new"] = edit  # type: ignore[index]
        row = entry["rows"][0]  # type: ignore[index]
        from secdefs.history.timeline import digest
        from secdefs.model import Definition

        row["after"] = digest(Definition(term="Period", text=f"means {edit} days, beginning on a Monday."))

    rewritten(path, change)


def codes(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(each.code, each.severity) for each in findings]


def test_rules_that_would_do_otherwise_are_told_of_and_what_is_on_record_stays(tmp_path: Path) -> None:
    begun(tmp_path)
    by_older_rules(tmp_path, "Twelve")
    history = History.open(tmp_path)

    assert texts(history.at(day(5)))["Period"] == "means Twelve days, beginning on a Monday."
    assert codes(history.check()) == [("SD406", "warning")]


def test_what_does_not_touch_it_can_be_enacted_though_older_rules_did_otherwise(tmp_path: Path) -> None:
    begun(tmp_path)
    by_older_rules(tmp_path, "Twelve")
    history = History.open(tmp_path)
    after = letter(swap("Widget", "[TBC]", "B"), day="1 July 2020")

    assert enacted(history, after, recorded=day(2, 3)).ok
    assert texts(history.at(day(7)))["Period"] == "means Twelve days, beginning on a Monday."


def test_nothing_is_carried_out_anew_by_other_rules_in_silence(tmp_path: Path) -> None:
    begun(tmp_path)
    by_older_rules(tmp_path, "Twelve")
    before = (tmp_path / "ledger.jsonl").read_bytes()

    refused = enacted(History.open(tmp_path), LATE, recorded=day(2, 3))

    assert ("SD406", "error") in codes(refused.findings)
    assert before == (tmp_path / "ledger.jsonl").read_bytes()


def test_the_days_of_entries_never_go_back(tmp_path: Path) -> None:
    begun(tmp_path)

    with pytest.raises(SecdefsError, match="the last entry was recorded on 2 February 2020"):
        enacted(History.open(tmp_path), LATE, recorded=dt.date(2020, 2, 1))


def test_an_entry_that_is_no_text_is_refused_in_one_line() -> None:
    with pytest.raises(SecdefsError, match="no entry of a ledger"):
        read_entries.entry(b'{"entry":"base","na\xffme":1}')
