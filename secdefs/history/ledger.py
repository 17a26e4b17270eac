"""The ledger's file: lines that are only ever appended, each sealed with the hash of the one before.

There is one writer at a time, and a write that was cut short counts as never begun. What the lines say is not known
here.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

import msgspec

from secdefs.findings import SecdefsError

ORIGIN = "0" * 64
"""What the first line has for the hash of the one before."""

# What is written behind a line's own words: which line of how many that were written together, and the seal.
_LINE = re.compile(
    rb'(?P<words>\{.*),"part":"(?P<part>\d+)/(?P<parts>\d+)","previous":"(?P<previous>[0-9a-f]{64})",'
    rb'"hash":"(?P<hash>[0-9a-f]{64})"\}'
)


class Broken(SecdefsError):  # noqa: N818 - said of the ledger
    """A ledger that is not what was written; `line` is the first line that is wrong, counted from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"ledger.jsonl:{line}: {message}")
        self.line = line
        self.message = message


class Lines(msgspec.Struct, frozen=True):
    """What a ledger says: the words of each line as JSON, by groups that were written together; the hash of the last.

    `end` is the length in bytes of what is whole, `unfinished` how many bytes of a write cut short come after it.
    """

    groups: tuple[tuple[bytes, ...], ...]
    head: str
    end: int
    unfinished: int

    @property
    def count(self) -> int:
        """How many lines there are."""
        return sum(len(group) for group in self.groups)


def sealed(words: Sequence[bytes], previous: str) -> tuple[bytes, str]:
    """The lines of a group as they are written behind the line of hash `previous`, and the hash of the last."""
    result = []
    for number, each in enumerate(words, 1):
        line = each[:-1] + f',"part":"{number}/{len(words)}","previous":"{previous}"'.encode()
        previous = hashlib.sha256(line).hexdigest()
        result.append(line + f',"hash":"{previous}"}}\n'.encode())
    return b"".join(result), previous


def lines(data: bytes) -> Lines:
    """Read a ledger. Raises Broken for the first line that is not as it was written.

    Lines at the end that lack their line break, or the rest of their group, are of a write that was cut short. They are
    counted in `unfinished` and are no part of the ledger.
    """
    groups: list[tuple[bytes, ...]] = []
    open_: list[bytes] = []
    head = previous = ORIGIN
    end = at = 0
    for number, line in enumerate(data.split(b"\n")[:-1], 1):
        at += len(line) + 1
        if (found := _LINE.fullmatch(line)) is None:
            raise Broken(number, "this line is not one of a ledger")
        if found["previous"].decode() != previous:
            raise Broken(number, "this line does not follow the one before: one was changed, moved or taken out")
        if hashlib.sha256(line[: found.end("previous") + 1]).hexdigest() != found["hash"].decode():
            raise Broken(number, "this line was changed after it was written")
        part, parts = int(found["part"]), int(found["parts"])
        if part != len(open_) + 1 or part > parts:
            raise Broken(number, f"this line is number {part} of {parts}, where number {len(open_) + 1} is due")
        previous = found["hash"].decode()
        open_.append(found["words"] + b"}")
        if part == parts:
            groups.append(tuple(open_))
            open_, head, end = [], previous, at
    return Lines(tuple(groups), head, end, len(data) - end)


class Ledger:
    """The file, and its lock."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Lines:
        """What it says now. Raises Broken, and OSError where it cannot be read."""
        return lines(self.path.read_bytes())

    @contextlib.contextmanager
    def writing(self) -> Iterator[Writer]:
        """Alone until the end of the block. Raises SecdefsError where another process is writing: nothing is done."""
        try:
            handle = os.open(self.path, os.O_RDWR | getattr(os, "O_BINARY", 0))
        except OSError as error:
            raise SecdefsError(f"{self.path}: cannot be written: {error.strerror}") from None
        try:
            # Read from the very file that is locked, whatever its name is by now.
            with _alone(self.path, handle), open(handle, "rb", closefd=False) as file:
                yield Writer(self.path, handle, lines(file.read()))
        finally:
            os.close(handle)


class Writer:
    """The ledger while this process alone may write to it."""

    def __init__(self, path: Path, handle: int, lines: Lines) -> None:
        self.path = path
        self.handle = handle
        self.lines = lines

    def append(self, words: Sequence[bytes]) -> str:
        """Write a group of lines, all or none, and force it to the disk; the hash of its last line.

        What a write cut short left behind is cut off first. Raises SecdefsError where the disk refuses; the ledger is
        then as it was.
        """
        data, head = sealed(words, self.lines.head)
        end = self.lines.end
        try:
            if self.lines.unfinished:
                os.ftruncate(self.handle, end)
            os.lseek(self.handle, end, os.SEEK_SET)
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(self.handle, rest) :]
            os.fsync(self.handle)
        except OSError as error:
            with contextlib.suppress(OSError):
                os.ftruncate(self.handle, end)
            raise SecdefsError(f"{self.path}: cannot be written: {error.strerror}") from None
        self.lines = Lines((*self.lines.groups, tuple(words)), head, end + len(data), 0)
        return head


_BUSY = "another process is writing to this folder, and nothing was done here; try again when it has ended"


@contextlib.contextmanager
def _alone(path: Path, handle: int) -> Iterator[None]:
    """The lock: the system's own on the open file, which ends with the process; where there is none, a file beside."""
    fcntl = _fcntl()
    if fcntl is not None:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SecdefsError(f"{path.parent}: {_BUSY}") from None
        except OSError as error:
            raise SecdefsError(f"{path}: cannot be locked: {error.strerror}") from None
        yield
        return
    beside = path.with_suffix(".lock")
    try:
        os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError:
        raise SecdefsError(f"{path.parent}: {_BUSY}; if none is running, delete {beside.name}") from None
    try:
        yield
    finally:
        beside.unlink(missing_ok=True)


def _fcntl() -> ModuleType | None:
    try:
        import fcntl
    except ImportError:  # a system that is not POSIX
        return None
    return fcntl
