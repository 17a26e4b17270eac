"""What is wrong, or worth saying, and where: findings are values, collected and never raised."""

from __future__ import annotations

from typing import Literal

import msgspec

Severity = Literal["error", "warning", "note"]


class SecdefsError(Exception):
    """Misuse of the library, or a file that cannot be read or written; the message is one plain line."""


class Refused(Exception):  # noqa: N818 - the legal act, not a programming error
    """An operation that cannot be carried out: what is wrong, and what would settle it.

    Raised where the text is looked at; `plan` turns it into a `Finding` that also says where. The first quotation in
    the message is the words concerned: where the instruction has them once, the finding points at them alone.
    """

    def __init__(self, code: str, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


class Source(msgspec.Struct, frozen=True):
    """A place in a letter or code file.

    `line` and `column` count from 1; `start` and `end` are code points of the text as read, the end excluded.
    `page` is null for text without pages; `item` is the label of the list item, or of the paragraph.
    """

    file: str | None
    page: int | None
    item: str | None
    line: int
    column: int
    start: int
    end: int


class Finding(msgspec.Struct, frozen=True):
    """One thing that a person should know: its code (SDnnn), how grave it is, and what would settle it."""

    code: str
    severity: Severity
    message: str
    hint: str | None = None
    source: Source | None = None
    instruction: str | None = None
    """The id of the instruction concerned, where there is one."""


WARNINGS = frozenset({"SD120", "SD121", "SD122", "SD123"})
NOTES = frozenset({"SD124", "SD210"})


def severity(code: str) -> Severity:
    """The severity that the rules give a code: SD1xx and SD2xx are errors but for those named, SD3xx warnings."""
    if code in NOTES:
        return "note"
    if code in WARNINGS or code.startswith("SD3"):
        return "warning"
    return "error"


def finding(
    code: str,
    message: str,
    *,
    hint: str | None = None,
    source: Source | None = None,
    instruction: str | None = None,
    weight: Severity | None = None,
) -> Finding:
    """A finding of the severity that its code has, unless `weight` says otherwise."""
    return Finding(code, weight or severity(code), message, hint, source, instruction)


def errors(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Those that stop the work."""
    return tuple(found for found in findings if found.severity == "error")
