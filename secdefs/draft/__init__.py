"""From two codes to the letter that turns the one into the other: drafted, then applied, and given only if it holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import msgspec

from secdefs.commencement import written
from secdefs.draft.letter import Letter, letter
from secdefs.draft.particulars import Particulars, read_particulars
from secdefs.draft.phrases import Style
from secdefs.draft.records import ANEW, WHOLE, WORDS, Amendment, amendments
from secdefs.findings import Finding, Refused, finding
from secdefs.letter.instrument import read_instrument
from secdefs.model import Code, Record
from secdefs.plan import Plan, plan

__all__ = ["Draft", "Particulars", "Style", "draft", "read_particulars"]


_OF_THE_CODE = frozenset({"SD305", "SD306", "SD312"})
"""Warnings on the second code whatever the wording: a version that is not known, an old term that is still in use."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A drafted letter.

    `text` is the letter, or "" where none can be drafted; `commencement` the day from which it has effect; `version`
    what has to be given when it is applied, since a letter does not state the code's version; `findings` what a
    drafter should know. The plan of the letter on the first code gives the second, exactly: a letter that does not is
    not given.
    """

    text: str
    commencement: dt.date
    version: str | None
    findings: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether there is a letter."""
        return bool(self.text)


def draft(before: Code, after: Code, *, style: Style = "direction", particulars: Particulars | None = None) -> Draft:
    """The letter that turns `before` into `after`, in the style of directions or of statutes.

    What no letter can carry is a finding, and then there is no letter.
    """
    return _Drafting(before, after, style, particulars or Particulars()).draft()


class _Drafting:
    def __init__(self, before: Code, after: Code, style: Style, particulars: Particulars) -> None:
        self.style, self.particulars = style, particulars
        self.findings: list[Finding] = []
        self.day = particulars.commencement or after.as_at
        self.before, self.after = before, after

    def draft(self) -> Draft:
        try:
            text = self._text()
        except Refused as refused:
            self.findings.append(finding(refused.code, refused.message, hint=refused.hint))
            text = ""
        return Draft(text=text, commencement=self.day, version=self.after.version, findings=tuple(self.findings))

    def _text(self) -> str:
        self._frames()
        noted = _notes(self.before, self.after)
        if noted:
            self._note("SD692", f"the notes of {noted} are no part of the code: the letter does not carry them")
        before, after = _without_notes(self.before), _without_notes(self.after)
        if self.particulars.commencement is None:
            self._note(
                "SD691", f"no commencement is given: the letter says {written(self.day)}, the date of the second code"
            )
        names: list[str | None] = [before.short_title or before.title, before.title, None]
        failed: tuple[Finding, ...] = ()
        self.stubborn: dict[str, None] = {}
        for name in dict.fromkeys(names):
            found, planned = self._lasting(before, after, name)
            if found is not None:
                self.findings += map(_of_a_draft, planned.findings if planned else ())
                return found.text
            failed = failed or (planned.findings if planned else ())
        self.findings += failed
        raise Refused(
            "SD690",
            f"no letter was found that turns the first code into the second exactly{self._which()}",
            "make that change in smaller steps, or by hand",
        )

    def _lasting(self, before: Code, after: Code, name: str | None) -> tuple[Letter | None, Plan | None]:
        """The first letter that holds, drafting what does not hold by its words as a whole, and then anew."""
        how: dict[tuple[str, str], int] = {}
        best: tuple[Letter, Plan] | None = None
        planned: Plan | None = None
        for _ in range(12):
            made = amendments(before, after, self.day, how)
            if not made:
                raise Refused("SD690", "the two codes do not differ in anything that a letter could say")
            written = letter(before, after, made, self.particulars, self.style, name)
            planned = self._planned(before, written)
            wrong = self._wrong(planned, written, self._wanted(after, made))
            if wrong is None:
                self.day = max(each.day for each in made)
                return written, planned
            if planned.ok and planned.after() == self._wanted(after, made) and best is None:
                best = written, planned
            # A heading is not set out with its provision, and could not be given to one that is inserted anew.
            worse = {key for key in wrong if how.get(key, WORDS) < (WHOLE if key[0] == "sections" else ANEW)}
            if not worse:
                self.stubborn |= dict.fromkeys(called(*key) for key in sorted(wrong) if key[0] != "code")
                break
            for key in worse:
                how[key] = how.get(key, WORDS) + 1
        return best or (None, planned)

    def _which(self) -> str:
        """The records whose change was not to be said, in words."""
        named = [*self.stubborn][:5]
        return f": {', '.join(named)} would not read back as written" if named else ""

    def _planned(self, before: Code, written: Letter) -> Plan:
        instrument = read_instrument(written.text, file="the draft")
        return plan(before, instrument, version=self.after.version)

    def _wanted(self, after: Code, made: tuple[Amendment, ...]) -> Code:
        """The second code as it stands once the last of the amendments has commenced."""
        return msgspec.structs.replace(after, as_at=max(each.day for each in made))

    def _wrong(self, planned: Plan, written: Letter, after: Code) -> set[tuple[str, str]] | None:
        """The records whose drafting does not hold; None where all does."""
        # A note, or that an old term is still in use, is on the second code itself: other wordings would only hide it.
        grave = [found for found in planned.findings if found.severity != "note" and found.code not in _OF_THE_CODE]
        if not grave and planned.after() == after:
            return None
        result: set[tuple[str, str]] = set()
        lines = sorted(written.keys)
        for found in grave:
            if found.source is not None:
                line = max((each for each in lines if each <= found.source.line), default=None)
                result |= set(written.keys[line]) if line is not None else set()
        if planned.ok:
            mine, theirs = _records(planned.after()), _records(after)
            result |= {key for key in {*mine, *theirs} if mine.get(key) != theirs.get(key)}
        return result

    # --- what no letter says ------------------------------------------------------------------------------------------

    def _note(self, code: str, message: str) -> None:
        self.findings.append(finding(code, message, weight="note"))

    def _frames(self) -> None:
        """Refuses where the codes differ in what is no text of theirs."""
        before, after = self.before, self.after
        for what in ("title", "short_title"):
            if getattr(before, what) != getattr(after, what):
                raise Refused(
                    "SD690",
                    f"no direction can carry this: the {what.replace('_', ' ')} is another",
                    "give both the same",
                )
        for what in ("definitions", "contents", "documents", "sections"):
            if (getattr(before, what) is None) != (getattr(after, what) is None):
                raise Refused("SD690", f"one of the files has no {what}", "compare two files with the same parts")
        if before.definitions and after.definitions:
            mine, theirs = before.definitions, after.definitions
            if (mine.section, mine.heading, mine.order) != (theirs.section, theirs.heading, theirs.order):
                raise Refused(
                    "SD690",
                    "no direction can carry this: the Section of definitions has another label, heading or order",
                    "give both files the same",
                )
            if mine.version != theirs.version and _bare(mine.entries) == _bare(theirs.entries):
                raise Refused(
                    "SD690",
                    "the version of the definitions differs, and none of their text does",
                    "a version goes up only with the text",
                )
        if [each.group for each in before.contents or ()] != [each.group for each in after.contents or ()]:
            raise Refused("SD690", "no direction can carry this: the contents have other lists", "give both the same")
        if self.day < before.as_at:
            raise Refused(
                "SD105",
                f"the letter would commence on {written(self.day)}, before the date of the first code "
                f"({written(before.as_at)})",
                "give a later commencement",
            )
        stood = {each.place: each for each in before.documents or ()}
        for document in after.documents or ():
            day = document.in_force_from
            if day is None or stood.get(document.place) == document:
                continue
            was = stood.get(document.place)
            if was is not None and (was.version, was.in_force_from) == (document.version, day):
                continue
            if not before.as_at <= day <= self.day:
                raise Refused(
                    "SD690",
                    f"{document.place} comes into force on {written(day)}, which is not between the date of "
                    f"the first code ({written(before.as_at)}) and {written(self.day)}",
                    "correct the date in the register, or give another commencement",
                )


def _of_a_draft(found: Finding) -> Finding:
    """A finding of the plan with the hint that is of use to whoever drafts."""
    if found.code == "SD305":
        return msgspec.structs.replace(found, hint="put “definitions_version” into the particulars")
    return found


def called(name: str, key: str) -> str:
    """A record as a message speaks of it."""
    noun = {"definitions": "the definition of “{}”", "sections": "{}", "documents": "{}"}.get(name, "the entry for {}")
    return noun.format(key)


def _bare(records: tuple[Record, ...]) -> tuple[Record, ...]:
    return tuple(msgspec.structs.replace(each, note=None) for each in records)


def _without_notes(code: Code) -> Code:
    return msgspec.structs.replace(
        code,
        definitions=code.definitions
        and msgspec.structs.replace(code.definitions, entries=_bare(code.definitions.entries)),
        contents=code.contents
        and tuple(msgspec.structs.replace(each, entries=_bare(each.entries)) for each in code.contents),
        documents=code.documents and _bare(code.documents),
        sections=code.sections and _bare(code.sections),
    )


def _records(code: Code) -> Mapping[tuple[str, str], tuple[int, Record]]:
    """Each record by list and key, with its number in the list."""
    from secdefs.change.edits import Consolidation

    consolidation = Consolidation(code)
    return {
        (name, mark.key): (number, mark.record())
        for name, marks in consolidation.lists.items()
        for number, mark in enumerate(marks)
    }


def _notes(before: Code, after: Code) -> str:
    """The records whose notes differ, in words."""
    mine, theirs = _records(before), _records(after)
    keys = [
        key
        for key, (_, record) in theirs.items()
        if getattr(record, "note", None) != getattr(mine.get(key, (0, None))[1], "note", None)
    ]
    return ", ".join(f"“{key}”" for _, key in keys[:5]) + (" and others" if len(keys) > 5 else "")
