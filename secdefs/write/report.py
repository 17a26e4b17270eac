"""The JSON that programs read: what a letter orders, and what a plan would change. Its keys are a public promise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from secdefs.read.encoding import visible_json

if TYPE_CHECKING:
    from secdefs.change.edits import Consolidation
    from secdefs.findings import Finding
    from secdefs.letter.instrument import Instrument
    from secdefs.plan import Plan
    from secdefs.read.annexes import AnnexFile

PARTICULARS = (
    *("title", "made", "issuer", "addressees", "powers", "names"),
    *("commencement", "annexes", "savings", "sha256"),
)


def instrument_to_json(instrument: Instrument, findings: tuple[Finding, ...]) -> str:
    """What a letter orders: `format`, `instrument`, `instructions`, `findings`, `coverage`; two spaces a level."""
    return _json(
        {
            "format": 1,
            "instrument": {name: getattr(instrument, name) for name in PARTICULARS},
            "instructions": instrument.instructions,
            "findings": findings,
            "coverage": instrument.coverage,
        }
    )


def plan_to_json(plan: Plan, findings: tuple[Finding, ...], annexes: tuple[AnnexFile, ...] = ()) -> str:
    """What a plan would change: `format`, `ok`, `applied`, `pending`, `annexes`, `changes`, `findings`.

    An annex is the file that was given for one: its label, the file's name without folders, its SHA-256. A change is a
    record of a list ("definitions", "contents:Appendices"), who put it there or took it away as ids of instructions,
    and its fields as pieces {text, by, gone}. With an error there are none: a plan is carried out whole.
    """
    return _json(
        {
            "format": 1,
            "ok": plan.ok,
            "applied": plan.applied,
            "pending": plan.pending,
            "annexes": annexes,
            "changes": _changes(plan.consolidation) if plan.ok else [],
            "findings": findings,
        }
    )


def findings_to_json(findings: tuple[Finding, ...]) -> str:
    """What was found: `format`, `ok` (there is no error), `findings`; two spaces a level."""
    ok = not any(each.severity == "error" for each in findings)
    return _json({"format": 1, "ok": ok, "findings": findings})


def _changes(consolidation: Consolidation) -> list[dict[str, Any]]:
    return [
        {"list": name, "key": mark.key, "by": mark.by, "gone": mark.gone, "fields": mark.fields}
        for name, marks in consolidation.lists.items()
        for mark in marks
        if mark.touched()
    ]


def _json(value: dict[str, Any]) -> str:
    return visible_json(msgspec.json.format(msgspec.json.encode(value), indent=2).decode()) + "\n"
