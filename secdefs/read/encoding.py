"""Bytes into text: which encoding a file is in, one kind of line break, and which characters cannot be seen."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from secdefs.findings import Finding, SecdefsError, Source, finding

STDIN = "<stdin>"

HIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)
"""What a reader cannot see or an editor may lose: controls but the line feed, other line breaks, zero-width and
bidirectional characters. The ranges are fixed here, for those of `unicodedata` change with the Python version."""

_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


def escaped(character: str) -> str:
    r"""A character as `\u2028`; beyond the first plane as `\U000e0001`."""
    return f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}"


def visible(text: str) -> str:
    """A text in one line with nothing hidden in it, for messages."""
    return HIDDEN.sub(lambda match: escaped(match[0]), text.replace("\n", "\\n"))


def visible_json(text: str) -> str:
    r"""JSON with each hidden character in it written as `\u202e`: it says the same, and commands no terminal."""
    return HIDDEN.sub(lambda match: json.dumps(match[0])[1:-1] if match[0] != "\x7f" else "\\u007f", text)


def shown(text: str) -> str:
    """A text as a message quotes it: its first 60 characters, nothing hidden."""
    return visible(text if len(text) <= 60 else text[:59] + "…")


def place(text: str, at: int) -> tuple[int, int]:
    """The line and column, both from 1, of the character at an offset."""
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def wrong(file: str, line: int, column: int, message: str) -> SecdefsError:
    """The error for a file that cannot be read, as compilers show it; the caller raises it."""
    return SecdefsError(f"{visible(file)}:{line}:{column}: {message}")


def read_bytes(path_or_dash: str) -> tuple[bytes, str]:
    """The bytes of a file, or of standard input for "-", and the name by which messages call it.

    Raises `SecdefsError` where the file is missing, a directory, or not to be read.
    """
    if path_or_dash == "-":
        return sys.stdin.buffer.read(), STDIN
    try:
        return Path(path_or_dash).read_bytes(), path_or_dash
    except FileNotFoundError:
        reason = "no such file"
    except IsADirectoryError:
        reason = "is a directory, expected a file"
    except (OSError, ValueError) as error:
        # ValueError: a name with a NUL in it, which no file can have.
        reason = f"cannot be read: {getattr(error, 'strerror', None) or error}"
    raise SecdefsError(f"{visible(path_or_dash)}: {reason}")


def decoded(data: bytes, file: str) -> tuple[str, tuple[Finding, ...]]:
    """The text of a file with every line break as one line feed, and what there is to say of its encoding.

    UTF-8 passes in silence. A byte order mark and UTF-16 draw a note, Windows-1252 a warning, for it is only a guess
    (SD502). Raises `SecdefsError` for bytes that fit none of these, and for NUL: it is not a text then.
    """
    encoding, report = _encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        before = _lines(data[: error.start].decode(encoding, "ignore"))
        byte = f"0x{data[error.start]:02x}"
        raise wrong(
            file, *place(before, len(before)), f"byte {byte} is not {encoding.upper()}, expected text in UTF-8"
        ) from None
    text = _lines(text.removeprefix("\ufeff"))
    if (nul := text.find("\0")) >= 0:
        raise wrong(file, *place(text, nul), "a NUL character, expected a text file")
    if report is None:
        return text, ()
    source = Source(file, None, None, 1, 1, 0, 0)
    guessed = encoding == "cp1252"
    return text, (
        finding(
            "SD502",
            report,
            hint="save it as UTF-8",
            source=source,
            weight="warning" if guessed else "note",
        ),
    )


def read_text(path_or_dash: str) -> tuple[str, str, tuple[Finding, ...]]:
    """The text of a file or of standard input, its name in messages, and what there is to say of its encoding."""
    data, file = read_bytes(path_or_dash)
    text, findings = decoded(data, file)
    return text, file, findings


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _encoding(data: bytes) -> tuple[str, str | None]:
    """The encoding to try, and what to report of it."""
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8", "the file begins with a byte order mark, which is not kept"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16", "the file is in UTF-16; what is written will be in UTF-8"
    if data[1:2] == b"\0" and data[:1] != b"\0" and len(data) % 2 == 0:
        return "utf-16-le", "the file was read as UTF-16 without a byte order mark"
    if data[:1] == b"\0" and data[1:2] not in (b"", b"\0") and len(data) % 2 == 0:
        return "utf-16-be", "the file was read as UTF-16 without a byte order mark"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        # A bad byte among good UTF-8 is damage: read as Windows-1252, every quotation mark would be lost.
        if _MULTIBYTE.search(data) is None and _is_windows(data):
            return "cp1252", "the file is not UTF-8 and was read as Windows-1252"
    return "utf-8", None


def _is_windows(data: bytes) -> bool:
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return False
    return True
