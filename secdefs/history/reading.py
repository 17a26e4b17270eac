"""Where the files of a code folder lie; how a letter as received and what was read from it are kept, and read again."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from pathlib import Path, PurePath
from typing import Any

import msgspec

from secdefs.findings import Finding, SecdefsError, Source
from secdefs.history.entries import RULES, commencement, operation, slim
from secdefs.letter.instrument import Instrument, instrument_of, short_form
from secdefs.letter.particulars import Annex
from secdefs.read.encoding import decoded
from secdefs.read.letter import letter_from_bytes
from secdefs.sentence.parse import Coverage, Instruction

BASE, LEDGER, INSTRUMENTS = "base.yaml", "ledger.jsonl", "instruments"
"""The files of a code folder: the code with which it begins, the ledger, and the folder of the letters."""

TYPED = ".instructions"
"""The suffix of a file of instructions that were typed, one a line, and never were a letter."""


def read_received(data: bytes, file: str) -> tuple[Instrument, tuple[Finding, ...]]:
    """The instrument in the bytes of a file, and what there is to say of how it was read.

    Raises SecdefsError where the file cannot be read as a letter.
    """
    if file.endswith(TYPED):
        text, findings = decoded(data, file)
        return short_form(text.splitlines(), file=file), findings
    letter = letter_from_bytes(data, file)
    return instrument_of(letter), letter.findings


def file_name(instrument: Instrument, name: str) -> str:
    """The name that a letter's file has in the folder: its short hash, and what it was called when it came."""
    path = PurePath(name.replace("\\", "/"))
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", path.stem).strip("-.")[:60]
    suffix = re.sub(r"[^A-Za-z0-9.]", "", path.suffix)[:14] or ".txt"
    return "-".join(part for part in (instrument.short_hash, stem) if part) + suffix


def annex_name(instrument: Instrument, label: str, came: str, file: str) -> str | None:
    """The name in the folder of an annex of whose changes orders of a letter are made; None for any other.

    `came` is the name with which it came, `file` that of the letter in the folder.
    """
    orders = [f"{left.order.id}.{left.annex}" for left in instrument.left if left.annex == label]
    if not any(each.id.startswith(tuple(orders)) for each in instrument.instructions if orders):
        return None
    suffix = re.sub(r"[^A-Za-z0-9.]", "", PurePath(came).suffix)[:14]
    return f"{PurePath(file).stem}.annex-{re.sub(r'[^A-Za-z0-9]+', '-', label)}{suffix}"


def path_of(folder: Path, name: str) -> Path:
    """Where a letter lies in a code folder. Raises SecdefsError for a name, or a link, that would lead elsewhere."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        raise SecdefsError(f"“{name}” is no name of a file in {INSTRUMENTS}")
    path = folder / INSTRUMENTS / name
    for each in (folder / INSTRUMENTS, path, reading_path(path)):
        refuse_link(each)
    return path


def refuse_link(path: Path) -> None:
    """A code folder that came from elsewhere may hold links: nothing is read or written through one."""
    if path.is_symlink():
        raise SecdefsError(f"{path}: is a link, and a code folder holds none")


def reading_path(path: Path) -> Path:
    """The file of what was read from a letter, beside the letter."""
    return path.with_name(f"{path.name}.json")


def digest(data: bytes) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(data).hexdigest()


# --- what was read ----------------------------------------------------------------------------------------------------

_PARTICULARS = (
    *("title", "made", "issuer", "addressees", "powers", "names", "code"),
    *("commencement", "annexes", "savings", "sha256"),
)


def reading_to_json(instrument: Instrument, received: bytes) -> bytes:
    """What was read from a letter: its particulars, and a line an instruction.

    The text is there where it cannot be had from the bytes received without reading pages or runs.
    """
    particulars = {name: slim(found) for name in _PARTICULARS if (found := getattr(instrument, name))}
    head = {"format": 1, "rules": RULES, "instrument": particulars}
    if _text(received) != instrument.text:
        head["text"] = instrument.text
    lines = [msgspec.json.encode(_written(each)) for each in instrument.instructions]
    return (
        msgspec.json.encode(head)[:-1] + b',\n"instructions":[' + b",".join(b"\n" + line for line in lines) + b"\n]}\n"
    )


def kept_text(path: Path) -> str:
    """The text of a letter that lies in the folder, as it was read. Raises SecdefsError, or OSError."""
    found = msgspec.json.decode(reading_path(path).read_bytes()).get("text") or _text(path.read_bytes())
    if not isinstance(found, str):
        raise SecdefsError(f"{path}: has no text")
    return found


def _written(each: Instruction) -> dict[str, Any]:
    value: dict[str, Any] = slim(each)
    del value["source"]["file"]
    return value


def reading_from_json(data: bytes, received: bytes, file: str) -> Instrument:
    """The instrument again, `file` being where it lies; its findings were settled when it was enacted, and it has none.

    Raises SecdefsError where the file is not what was written.
    """
    try:
        value = msgspec.json.decode(data)
        text = value.get("text")
        if text is None and (text := _text(received)) is None:
            raise SecdefsError("there is no text of the letter")
        found = value["instrument"]
        return Instrument(
            title=found.get("title"),
            made=msgspec.convert(found.get("made"), dt.date | None),
            issuer=found.get("issuer"),
            addressees=tuple(found.get("addressees", ())),
            powers=tuple(found.get("powers", ())),
            names=found.get("names", {}),
            code=tuple(found.get("code", ())),
            commencement=commencement(found.get("commencement")),
            annexes=msgspec.convert(found.get("annexes", ()), tuple[Annex, ...]),
            savings=tuple(found.get("savings", ())),
            sha256=found["sha256"],
            instructions=tuple(_instruction(each, file) for each in value["instructions"]),
            findings=(),
            coverage=Coverage(characters=0, operation=0, context=0, not_understood=0),
            file=file,
            text=text,
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise SecdefsError(f"this is not what was read from a letter: {error}") from None


def _instruction(value: dict[str, Any], file: str) -> Instruction:
    return Instruction(
        id=value["id"],
        operation=operation(value["operation"]),
        commencement=commencement(value.get("commencement")),
        effect=value.get("effect", "textual"),
        source=msgspec.convert(value["source"] | {"file": file}, Source),
    )


def _text(received: bytes) -> str | None:
    """The text of a file that is plain text; None where it is none."""
    try:
        return decoded(received, "letter")[0]
    except SecdefsError:
        return None
