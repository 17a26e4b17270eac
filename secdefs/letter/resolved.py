"""What a letter's own particulars add to its operations: the version of an annex, and which name is the code's."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

from secdefs.change.operations import (
    IncorporateDocument,
    InsertProvision,
    InsertWords,
    Operation,
    ReincorporateDocument,
)
from secdefs.findings import Finding, Refused, finding
from secdefs.letter.particulars import Annex
from secdefs.model import Ref
from secdefs.sentence.kept import anywhere, whole_code
from secdefs.sentence.parse import Instruction


class Stated(msgspec.Struct, frozen=True):
    """What a letter states of itself: its annexes, the versions that its body gives them by label, and its names."""

    annexes: tuple[Annex, ...]
    versions: dict[str, set[str]]
    names: dict[str, str]

    def code(self) -> tuple[str, ...]:
        """The names of the one code that the letter names; none where it names no code, or two."""
        codes = {meaning for meaning in self.names.values() if re.search(r"\bCode$", meaning)}
        if len(codes) != 1:
            return ()
        (title,) = codes
        return (title, *(name for name, meaning in self.names.items() if meaning == title))


def called(name: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """All that a letter calls an instrument, its full name first; `names` are those it gives, with their meanings."""
    whole = names.get(name, name)
    return whole, *(each for each, meaning in names.items() if meaning == whole)


def resolved(
    instructions: Sequence[Instruction], stated: Stated
) -> tuple[tuple[Instruction, ...], tuple[Finding, ...]]:
    """The instructions with what the letter says elsewhere put in, and what is wrong with that."""
    result, findings = [], []
    code = stated.code()
    for each in instructions:
        operation = _of_this_code(each.operation, code)
        try:
            if operation.target.work is None and each.operation.target.work is not None and anywhere(operation):
                raise whole_code(each.operation.target.work)
            operation = _with_version(operation, stated)
        except Refused as refused:
            findings.append(
                finding(refused.code, refused.message, hint=refused.hint, source=each.source, instruction=each.id)
            )
        result.append(msgspec.structs.replace(each, operation=operation))
    return tuple(result), tuple(findings)


def _with_version(operation: Operation, stated: Stated) -> Operation:
    """The operation with the version that the annex list or the body states for the annex it names. Raises Refused."""
    match operation:
        case IncorporateDocument(annex=str(cited)) | ReincorporateDocument(annex=str(cited)):
            pass
        case _:
            return operation
    label, _, whose = cited.partition(" of ")
    listed = [each for each in stated.annexes if each.label == label]
    versions = {each.version for each in listed if each.version} | stated.versions.get(label, set())
    if whose and whose not in stated.names:
        raise Refused(
            "SD106", f"Annex {label} of the {whose} is not an annex of this letter", "apply that letter, or say which"
        )
    if not listed and not versions:
        raise Refused("SD106", f"Annex {label} is not listed", "list the annexes with their titles and versions")
    if len(versions) > 1:
        raise Refused(
            "SD107",
            f"the letter states different versions of Annex {label}: {' and '.join(sorted(versions))}",
            "correct the annex list or the body",
        )
    return msgspec.structs.replace(operation, version=next(iter(versions), None), annex=label)


def _of_this_code(operation: Operation, code: tuple[str, ...]) -> Operation:
    """The operation with the names of the letter's own code taken out of its references: null is this code."""

    def own(place: Ref) -> Ref:
        return msgspec.structs.replace(place, work=None) if place.work in code else place

    operation = msgspec.structs.replace(operation, target=own(operation.target))
    match operation:
        case InsertWords(at=spot) | InsertProvision(at=spot) if spot.ref is not None:
            return msgspec.structs.replace(operation, at=msgspec.structs.replace(spot, ref=own(spot.ref)))
    return operation
