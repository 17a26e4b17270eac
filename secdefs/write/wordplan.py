"""What a Word file leaves unsaid of a code, and how a plan on such a part of a code is to be judged and signed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import msgspec

from secdefs.findings import Finding, SecdefsError, finding
from secdefs.letter.instrument import Instrument
from secdefs.letter.resolved import called
from secdefs.model import Code, DefinitionRef
from secdefs.plan import Plan
from secdefs.read.encoding import visible
from secdefs.read.wordcode import WordCode
from secdefs.write.terminal import day
from secdefs.write.wordruns import Ink

_UNSAID = ("SD305", "SD306")
"""Remarks on versions that a code file would bear: a Word file bears them in words that are not read."""


def code_of_word(
    source: WordCode,
    letters: Sequence[Instrument],
    *,
    title: str | None = None,
    section: str | None = None,
    as_at: dt.date | None = None,
) -> tuple[Code, tuple[Finding, ...]]:
    """The code file that a Word file is a part of, for a plan of these letters, and a note on what was assumed.

    The title is that given, else that of the one code which the letters amend; the date the earliest on which one of
    them takes effect, or was made. Raises `SecdefsError` where the letters amend two codes and no title is given.
    """
    named = {letter.code for letter in letters if letter.code} or {
        called(work, letter.names)
        for letter in letters
        for each in letter.instructions
        if (work := each.operation.target.work)
    }
    notes: tuple[Finding, ...] = ()
    short = None
    if title is None:
        if len(named) > 1:
            raise SecdefsError(f"{source.word.package.name}: the letters amend several codes: say --title TITLE")
        if named:
            ((title, *others),) = named
            short = others[0] if others else None
            notes = (
                finding("SD513", f"taken to be a part of the {visible(title)}, which the letter amends", weight="note"),
            )
    elif len(named) == 1:
        ((first, *others),) = named
        if first == title and others:
            short = others[0]
    if section is None and source.section is None:
        said = {each for letter in letters for each in _sections(letter)}
        section = said.pop() if len(said) == 1 else "?"
    days = [each for letter in letters for each in _days(letter)]
    made = [letter.made for letter in letters if letter.made is not None]
    standing = as_at if as_at is not None else min(days or made, default=dt.date.min)
    return source.code(title or "the code", standing, section, short), notes


def _sections(letter: Instrument) -> Iterable[str]:
    for each in letter.instructions:
        match each.operation.target:
            case DefinitionRef(section=str(section)):
                yield section


def _days(letter: Instrument) -> Iterable[dt.date]:
    for each in letter.instructions:
        if isinstance(each.commencement, dt.date):
            yield each.commencement


def of_part(plan: Plan, file: str) -> Plan:
    """A plan on a Word file, which holds one part of a code: an instruction on another part is a warning there, and an
    error only where none touches the part that it holds."""
    findings = [
        msgspec.structs.replace(found, severity="warning") if found.code == "SD205" else found
        for found in plan.findings
        if found.code not in _UNSAID
    ]
    if not plan.applied and not plan.pending and not any(found.severity == "error" for found in findings):
        message = f"no instruction changes anything that {visible(file)} holds"
        findings.append(finding("SD205", message, hint="name the file that holds the part which the letter changes"))
    return msgspec.structs.replace(plan, findings=tuple(findings))


def inks(plan: Plan, author: str | None, date: dt.date | None) -> dict[str, Ink]:
    """Whose each instruction's changes are, and of when: as given, else of who made the letter, and when."""
    result = {}
    for letter in plan.instruments:
        for each in letter.instructions:
            who = author or letter.issuer or letter.title or "Direction"
            when = date or letter.made or (each.commencement if isinstance(each.commencement, dt.date) else None)
            said = f"{when.isoformat()}T00:00:00Z" if when is not None and when > dt.date.min else ""
            result[each.id] = Ink(" ".join(who.split())[:255], said)
    return result


def citations(plan: Plan) -> dict[str, str]:
    """What a comment says of each instruction: the letter and the item, and what is ordered."""
    result = {}
    for letter in plan.instruments:
        name = letter.title or letter.file or "the direction"
        made = f" of {day(letter.made)}" if letter.made else ""
        for each in letter.instructions:
            item = f"item {each.source.item}" if each.source.item else f"line {each.source.line}"
            result[each.id] = f"{visible(name)}{made}, {visible(item)}\n{visible(str(each.operation))}"
    return result
