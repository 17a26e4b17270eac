"""What is worth saying of a result that is exactly as directed: warnings and notes, and never a change."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import NamedTuple

from secdefs.change.edits import CODE, KEY, Add, Consolidation, Edit, Splice, accepted
from secdefs.change.ends import Close
from secdefs.change.matching import Place, occurrences
from secdefs.change.operations import InsertProvision, InsertWords, OmitWords, Operation, SubstituteWords, in_order
from secdefs.change.stray import stray
from secdefs.findings import Severity
from secdefs.model import Definition, Each, Quote, Words

_SHOWN = 5
"""How many places a message names before it counts the rest."""


class Remark(NamedTuple):
    """A finding without its place."""

    code: str
    message: str
    hint: str | None = None
    weight: Severity | None = None


def beforehand(operation: Operation, edits: tuple[Edit, ...], code: Consolidation) -> tuple[Remark, ...]:
    """What is to be said of an operation whose edits are about to be made."""
    match operation:
        case SubstituteWords(old=words) | OmitWords(old=words):
            return _each(words, edits)
        case InsertWords(at=spot) if spot.words is not None:
            return _each(spot.words, edits)
        case InsertProvision(at=spot):
            ordered = spot.where in ("alphabetical", "in_order")
            return (*(_neighbours(edits, code) if ordered else ()), *_endings(edits, code))
    return ()


def _each(words: Words, edits: tuple[Edit, ...]) -> tuple[Remark, ...]:
    match words, edits:
        case Quote(which=Each(count=None), text=text), (Splice(part=part, key=key),):
            if part == "term" and len(occurrences(key, text, (0, len(key)))) > 1:
                return ()  # a term is changed by one edit
            return (Remark("SD302", "“in each place”, and there is one place only", "check that none is missing"),)
    return ()


def _neighbours(edits: tuple[Edit, ...], code: Consolidation) -> tuple[Remark, ...]:
    """A warning where the place of a new record in its list is not certain, naming both neighbours."""
    result = []
    keys: dict[str, list[str]] = {}
    for edit in edits:
        if not isinstance(edit, Add):
            continue
        known = keys.setdefault(edit.list, list(code.keys(edit.list)))
        new = str(getattr(edit.record, KEY[type(edit.record)]))
        if not in_order(code, edit.list, known, new)[1]:
            around = " and ".join(f"“{key}”" for key in known[max(edit.index - 1, 0) : edit.index + 1])
            result.append(
                Remark(
                    "SD303",
                    f"the place of “{new}” is not certain: it is put next to {around}",
                    f"say after which {'definition' if edit.list == 'definitions' else 'one'} it goes",
                )
            )
        known.insert(edit.index, new)
    return tuple(result)


def _endings(edits: tuple[Edit, ...], code: Consolidation) -> tuple[Remark, ...]:
    """A note where a new definition ends otherwise than those beside it: it stays as quoted."""
    new = [edit for edit in edits if isinstance(edit, Add) and isinstance(edit.record, Definition)]
    if not new:
        return ()
    keys = list(code.keys("definitions"))
    for edit in new:
        assert isinstance(edit.record, Definition)
        keys.insert(edit.index, edit.record.term)
    fresh = {edit.record.term: edit.record.text for edit in new if isinstance(edit.record, Definition)}
    result = []
    before = _nearest(keys, fresh)
    after = _nearest(keys[::-1], fresh)[::-1]
    for at, key in enumerate(keys):
        if key not in fresh:
            continue
        beside = (before[at], after[at])
        marks = {_mark(code.text("definitions", each)) for each in beside if each is not None}
        mine = _mark(fresh[key])
        if len(marks) == 1 and marks != {mine}:
            (theirs,) = marks
            result.append(
                Remark(
                    "SD309",
                    f"“{key}” ends {_ending(mine)}, and the definitions beside it {_ending(theirs)}",
                    "it stays as the direction has it",
                    "note",
                )
            )
    return tuple(result)


def _nearest(keys: Sequence[str], fresh: Container[str]) -> list[str | None]:
    """The last key before each that is not fresh."""
    result: list[str | None] = []
    near: str | None = None
    for key in keys:
        result.append(near)
        near = near if key in fresh else key
    return result


def _mark(text: str) -> str:
    low, high = Close(text, (0, len(text))).mark
    return text[low:high].strip()


def _ending(mark: str) -> str:
    return f"in “{mark}”" if mark else "without a mark"


def at_seam(edit: Edit, code: Consolidation) -> tuple[Remark, ...]:
    """What looks wrong at the seams of an edit that was made."""
    if not isinstance(edit, Splice) or edit.part not in ("text", "title", "term") or edit.list == CODE:
        return ()
    if code.get(edit.list, edit.key) is None:  # renamed since
        return ()
    text = code.text(edit.list, edit.key, edit.part)
    wrong = stray(text, edit.at, edit.at + len(edit.new)) if text else None
    return (Remark("SD310", wrong, "check the quotation's edges"),) if wrong is not None else ()


def renamed(old: str, new: str, code: Consolidation) -> tuple[Remark, ...]:
    """Where a term that is no longer defined still stands: other uses of it are not changed."""
    if "definitions" in code and code.get("definitions", old) is not None:
        return ()
    longer = [key for key in code.keys("definitions") if old in key]
    using = []
    for name, marks in code.lists.items():
        for mark in marks:
            if mark.gone is not None or name == CODE:
                continue
            texts = [accepted(pieces) for part, pieces in mark.fields.items() if part in ("text", "title", "heading")]
            if any(_used(old, text, longer) for text in texts if old in text):
                using.append(f"“{mark.key}”")
    if not using:
        return ()
    more = f" and {len(using) - _SHOWN} more" if len(using) > _SHOWN else ""
    return (
        Remark(
            "SD312",
            f"“{old}” is now “{new}”, and still stands in {', '.join(using[:_SHOWN])}{more}",
            "check whether these are to change as well",
        ),
    )


def _used(term: str, text: str, longer: list[str]) -> bool:
    """Whether a term stands in a text other than as a part of a longer one."""

    def all_of(words: str) -> tuple[Place, ...]:
        return occurrences(text, words, (0, len(text)))

    around = [place for key in longer if key in text for place in all_of(key)]
    return any(not any(low <= start and end <= high for low, high in around) for start, end in all_of(term))
