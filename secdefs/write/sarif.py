"""Findings as SARIF 2.1.0 (OASIS), which code scanners exchange."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from secdefs.findings import Finding
from secdefs.read.encoding import visible_json

_LEVEL = {"error": "error", "warning": "warning", "note": "note"}


def findings_to_sarif(findings: Iterable[Finding], titles: Mapping[str, str], version: str) -> str:
    """A log of one run. `titles` are the findings' titles by code, `version` is that of this tool.

    Lines and columns count from 1, columns in code points; `charOffset` and `charLength` are of the text as read.
    """
    found = tuple(findings)
    codes = sorted({each.code for each in found})
    rules = [{"id": code, "shortDescription": {"text": titles.get(code, code)}} for code in codes]
    run = {
        "tool": {"driver": {"name": "secdefs", "version": version, "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, codes.index(each.code)) for each in found],
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return visible_json(json.dumps(log, ensure_ascii=False, indent=2)) + "\n"


def _result(each: Finding, index: int) -> dict[str, Any]:
    text = each.message + (f" Hint: {each.hint}" if each.hint else "")
    result: dict[str, Any] = {
        "ruleId": each.code,
        "ruleIndex": index,
        "level": _LEVEL[each.severity],
        "message": {"text": text},
    }
    source = each.source
    if source is not None and source.file is not None:
        region: dict[str, Any] = {"startLine": source.line, "startColumn": source.column}
        if source.end > source.start:
            region |= {"charOffset": source.start, "charLength": source.end - source.start}
        result["locations"] = [
            {"physicalLocation": {"artifactLocation": {"uri": quote(source.file)}, "region": region}}
        ]
    return result
