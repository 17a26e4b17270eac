"""Findings as GitHub's workflow commands, which mark the lines of a pull request."""

from __future__ import annotations

from collections.abc import Iterable

from secdefs.findings import Finding
from secdefs.write.terminal import printable

_KIND = {"error": "error", "warning": "warning", "note": "notice"}


def findings_to_github(findings: Iterable[Finding]) -> str:
    """A line a finding: `::warning file=letter.txt,line=94,col=52,title=SD202::message`, the hint behind it."""
    lines = []
    for each in findings:
        properties = []
        if each.source is not None and each.source.file is not None:
            properties += [
                f"file={_property(each.source.file)}",
                f"line={each.source.line}",
                f"col={each.source.column}",
            ]
        properties.append(f"title={each.code}")
        message = each.message + (f" (hint: {each.hint})" if each.hint else "")
        lines.append(f"::{_KIND[each.severity]} {','.join(properties)}::{_data(message)}")
    return "".join(f"{line}\n" for line in lines)


def _data(text: str) -> str:
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return printable(escaped)  # what is left of control characters would be for the terminal of whoever reads the log


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
