"""Many instructions over the cores of a machine, or of several: parts of files, each read by itself, in a fixed order.

A part is a letter, or a stretch of a file of JSON lines. Which parts there are depends on the files alone, so that the
result does not depend on how many processes or machines made it. A part is kept under the hash of what it was made of.
"""

from __future__ import annotations

import hashlib
import io
import os
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from secdefs.findings import Finding, SecdefsError
from secdefs.letter.instrument import instrument_of
from secdefs.read.encoding import visible
from secdefs.read.letter import letter_from_bytes
from secdefs.release import __version__
from secdefs.sentence.parse import Coverage, Instruction, parse
from secdefs.sentence.tables import grammar
from secdefs.write.atomic import replace_file
from secdefs.write.report import PARTICULARS

PART = 1 << 20
"""How many bytes of a file of JSON lines make a part."""

LINES = (".jsonl", ".ndjson")
"""The suffixes of files whose lines are instructions; every other file is a letter."""

_AHEAD = 3
"""How many parts are given out for each process, made and not yet taken among them: so much is in memory at most."""


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line: an instruction as `parse` takes it. `id` is the caller's, of any type, and is given back."""

    words: str
    within: tuple[str, ...] = ()
    block: tuple[str, ...] | None = None
    id: Any = msgspec.UNSET


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """What was read of a line: the offset at which it begins, in bytes, and what `Reading` has."""

    format: int = 1
    file: str
    offset: int
    id: Any = msgspec.UNSET
    instructions: tuple[Instruction, ...]
    findings: tuple[Finding, ...]
    coverage: Coverage


class Unreadable(msgspec.Struct, frozen=True, kw_only=True):
    """A line that is no instruction, and why."""

    format: int = 1
    file: str
    offset: int
    error: str


class Part(NamedTuple):
    """What is read in one go: the lines of a file that begin between two offsets in bytes, or a whole letter."""

    number: int
    file: str
    start: int
    end: int | None
    """Null for a letter."""


class Made(NamedTuple):
    """What came of a part: its lines as JSON, or none where a folder keeps them; what there is to say of it.

    `errors` counts the lines that have an error finding; `unreadable` says which lines, or that the file, cannot be
    read; `fault` is a fault in this program.
    """

    part: Part
    lines: bytes = b""
    kept: bool = False
    errors: int = 0
    unreadable: tuple[str, ...] = ()
    fault: str | None = None


def parts_of(files: Sequence[str], size: int = PART) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    """The parts of files in their order, and what is wrong with files that cannot be read at all."""
    parts: list[Part] = []
    problems: list[str] = []
    for number, file in enumerate(files, start=1):
        try:
            length = os.stat(file).st_size
            if os.path.isdir(file):
                raise IsADirectoryError(None, "is a folder; name the files in it")
        except (OSError, ValueError) as error:
            problems.append(_problem(file, error))
            continue
        if Path(file).suffix.lower() in LINES:
            parts += (Part(number, file, start, min(start + size, length)) for start in range(0, length, size))
        else:
            parts.append(Part(number, file, 0, None))
    return tuple(parts), tuple(problems)


def shard_of(parts: Sequence[Part], shard: int, shards: int) -> tuple[Part, ...]:
    """The share of one of several machines, numbered from 1: every so many parts one."""
    return tuple(parts[shard - 1 :: shards])


def run(parts: Sequence[Part], processes: int, folder: Path | None = None) -> Iterator[Made]:
    """Make parts, in their order; with a folder each is written there, and one that stands there already is kept."""
    if processes < 2 or len(parts) < 2:
        yield from (make(part, folder) for part in parts)
        return
    parse("omit “x”")  # what every process needs, read once before they are made
    with ProcessPoolExecutor(min(processes, len(parts)), initializer=_deaf) as pool:
        coming: deque[tuple[Part, Future[Made]]] = deque()
        left = iter(parts)
        try:
            while True:
                while len(coming) < _AHEAD * processes and (another := next(left, None)) is not None:
                    coming.append((another, pool.submit(make, another, folder)))
                if not coming:
                    return
                part, made = coming.popleft()
                yield made.result()
        except BrokenProcessPool:
            what = "a process was ended from outside; with --parts, what is finished is kept: run it again"
            yield Made(part, fault=f"{visible(part.file)}: {what}")
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _deaf() -> None:
    """Leave the keyboard's interrupt to the process that gave out the work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def make(part: Part, folder: Path | None = None) -> Made:
    """Read a part. Nothing is raised: a file that cannot be read is said, and so is a fault."""
    try:
        given = _given(part)
        path = _path(part, given, folder) if folder is not None else None
        kept = path is not None and path.exists()
        lines = path.read_bytes() if path is not None and kept else _read(part, given)
        if path is not None and not kept:
            replace_file(path, lines)
            _drop_older(path)
        return Made(part, b"" if folder else lines, kept, lines.count(_ERROR), _unreadable(part, lines))
    except (OSError, SecdefsError) as error:
        return Made(part, unreadable=(_problem(part.file, error),))
    except Exception as fault:
        return Made(part, fault=f"{visible(part.file)}: {type(fault).__name__}: {fault}")


# A quotation mark inside a string of JSON is escaped: neither of these can stand in one.
_ERROR = b'"severity":"error"'
_NO_ROW = b',"error":"'


def _unreadable(part: Part, lines: bytes) -> tuple[str, ...]:
    if _NO_ROW not in lines:
        return ()
    bad = [msgspec.json.decode(line, type=Unreadable) for line in lines.splitlines() if _NO_ROW in line]
    return tuple(f"{visible(part.file)}: at byte {each.offset:,}: {each.error}" for each in bad)


def _given(part: Part) -> bytes:
    """The bytes of a part: a letter, or the lines that begin in it."""
    with open(part.file, "rb") as file:
        if part.end is None:
            return file.read()
        start = part.start
        if start:
            file.seek(start - 1)
            start += len(file.readline()) - 1
        if start >= part.end:
            return b""
        data = file.read(part.end - start)
        return data if data.endswith(b"\n") else data + file.readline()


def _read(part: Part, given: bytes) -> bytes:
    if part.end is None:
        return _letter(part, given)
    made = io.BytesIO()
    offset = part.start if not part.start else _begins(part)
    for line in given.splitlines(keepends=True):
        if line.strip():
            made.write(_ENCODER.encode(_line(part.file, offset, line)) + b"\n")
        offset += len(line)
    return made.getvalue()


def _begins(part: Part) -> int:
    """The offset of the first line that begins in a part."""
    with open(part.file, "rb") as file:
        file.seek(part.start - 1)
        return part.start - 1 + len(file.readline())


_DECODER = msgspec.json.Decoder(Row)
_ENCODER = msgspec.json.Encoder()


def _line(file: str, offset: int, line: bytes) -> Read | Unreadable:
    try:
        row = _DECODER.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return Unreadable(file=file, offset=offset, error=f"this line is not an instruction: {error}")
    reading = parse(row.words, within=row.within, block=row.block or ())
    return Read(
        file=file,
        offset=offset,
        id=row.id,
        instructions=reading.instructions,
        findings=reading.findings,
        coverage=reading.coverage,
    )


def _letter(part: Part, given: bytes) -> bytes:
    letter = letter_from_bytes(given, part.file)
    instrument = instrument_of(letter)
    said: dict[str, Any] = {"format": 1, "file": part.file, "offset": 0}
    said["instrument"] = {name: getattr(instrument, name) for name in PARTICULARS}
    said["instructions"] = instrument.instructions
    said["findings"] = (*letter.findings, *instrument.findings)
    said["coverage"] = instrument.coverage
    return _ENCODER.encode(said) + b"\n"


# --- parts that are kept ----------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _rules() -> bytes:
    """What decides how a part is read, but for its own bytes: this release and its grammar."""
    return hashlib.sha256(f"{__version__}\n{grammar()}".encode()).digest()


def _path(part: Part, given: bytes, folder: Path) -> Path:
    """Where a part is kept: its place in the order of all, and the hash of what it is made of."""
    name = f"{part.file}\n{part.start}\n".encode(errors="surrogateescape")
    digest = hashlib.sha256(_rules() + name + given).hexdigest()[:16]
    return folder / f"{part.number:05}-{part.start:014}-{digest}.jsonl"


def _drop_older(path: Path) -> None:
    """Take away what the same part was made of before its file, or the rules, changed."""
    place = path.name.rpartition("-")[0]
    for other in path.parent.glob(f"{place}-*.jsonl"):
        if other != path:
            with suppress(OSError):
                other.unlink()


def _problem(file: str, error: Exception) -> str:
    if isinstance(error, SecdefsError):
        return str(error)
    reason = getattr(error, "strerror", None) or str(error)
    return f"{visible(file)}: {reason[:1].lower()}{reason[1:]}"
