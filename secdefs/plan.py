"""From letters and a code to the changed code: order, interference, refusal; whole or nothing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TypeAlias

import msgspec

from secdefs import remarks
from secdefs.change.edits import CODE, Consolidation, Edit, Marked, Splice, accepted
from secdefs.change.ends import conjunctions
from secdefs.change.matching import occurrences
from secdefs.change.operations import IncorporateDocument, ReincorporateDocument, dressed_title
from secdefs.change.references import record
from secdefs.commencement import event_name, settled, written
from secdefs.findings import Finding, Refused, SecdefsError, finding
from secdefs.letter.aside import items_named
from secdefs.letter.instrument import Instrument
from secdefs.letter.resolved import called
from secdefs.model import Code
from secdefs.remarks import Remark
from secdefs.sentence.kept import anywhere, whole_code
from secdefs.sentence.parse import Instruction
from secdefs.together import Interference, Together

_Stood: TypeAlias = tuple[Marked, str, Instruction]
"""A record that is touched, its text as it stood before the batch, and the last instruction that touched it."""

_NAMES = "find out which name is right"
_OPENING, _CLOSING = tuple("“\"‘'"), tuple("”\"’'")
SECTION = "section_version"
"""The field of the code's particulars that holds the version of its Section of definitions."""


class Step(msgspec.Struct, frozen=True):
    """What one instruction does: its id, the day on which it commences, and its edits in the order in which they are
    made. The date and the versions that the code has in consequence are among them."""

    instruction: str
    day: dt.date
    edits: tuple[Edit, ...]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What letters would change in a code.

    `before` is the code as given; `consolidation` is the code with every change marked; `applied` are the instructions
    carried out, in order, and `steps` the edits of each; `pending` those that wait for a later day or an event;
    `set_aside` those taken out, each with the reason given. With an error among the `findings`, nothing of it may be
    written.
    """

    before: Code
    instruments: tuple[Instrument, ...]
    instructions: tuple[Instruction, ...]
    applied: tuple[Instruction, ...]
    steps: tuple[Step, ...]
    pending: tuple[Instruction, ...]
    set_aside: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]
    consolidation: Consolidation

    @property
    def ok(self) -> bool:
        """Whether there is no error: then, and only then, may the result be written."""
        return not any(found.severity == "error" for found in self.findings)

    def after(self) -> Code:
        """The changed code. Raises SecdefsError where the plan has an error: a change is made whole or not at all."""
        if not self.ok:
            raise SecdefsError("the plan has errors: nothing is changed until they are settled")
        return self.consolidation.code()


def plan(
    code: Code,
    instruments: Sequence[Instrument] | Instrument,
    *,
    as_at: dt.date | None = None,
    version: str | None = None,
    definitions_version: str | None = None,
    with_effect_from: dt.date | None = None,
    events: Mapping[str, dt.date] | None = None,
    set_aside: Mapping[str, str] | None = None,
    onto: Consolidation | None = None,
) -> Plan:
    """Work out what letters change in a code, each instruction on the day on which it commences.

    `as_at`: only what commences on or before that day; `version`, `definitions_version`: the versions of the changed
    code and of its definitions; `with_effect_from`: the day for instructions whose letter states none; `events`: the
    days of events by name; `set_aside`: the reason for each item taken out, by item ("iii)"), id or line; `onto`: a
    consolidation that is gone on with, whatever comes of it, in the place of one of `code`.

    All that is wrong is in the plan's findings. Raises SecdefsError where an item to be set aside is not there, or is
    not the only one of that name.
    """
    given = (instruments,) if isinstance(instruments, Instrument) else tuple(instruments)
    return _Planning(
        code, given, as_at, with_effect_from, events or {}, set_aside or {}, onto or Consolidation(code)
    ).plan(version, definitions_version)


class _Planning:
    """A plan being made."""

    def __init__(
        self,
        code: Code,
        instruments: tuple[Instrument, ...],
        as_at: dt.date | None,
        with_effect_from: dt.date | None,
        events: Mapping[str, dt.date],
        set_aside: Mapping[str, str],
        onto: Consolidation,
    ) -> None:
        self.code = code
        # Those made first come first; letters of one day, and those without a date, stay in the order given.
        self.instruments = tuple(sorted(instruments, key=lambda each: each.made or dt.date.max))
        self.letters = {each.id: letter for letter in self.instruments for each in letter.instructions}
        if len({letter.sha256 for letter in instruments}) < len(instruments):
            raise SecdefsError("the same letter is given twice")
        self.as_at = as_at
        self.with_effect_from = with_effect_from
        self.events = {event_name(name): day for name, day in events.items()}
        self.findings: list[Finding] = []
        self.consolidation = onto
        self.edits: dict[str, list[Edit]] = {}
        self.put_aside: list[tuple[str, str]] = []
        self.aside = dict(set_aside)
        self.redefining: list[str] = []
        self.renamed: list[tuple[str, str, Instruction]] = []

    def plan(self, version: str | None, definitions_version: str | None) -> Plan:
        instructions = tuple(each for letter in self.instruments for each in letter.instructions)
        taken = self._taken_out(instructions)
        for letter in self.instruments:
            self.findings += [found for found in letter.findings if not self._settled(found, letter, taken)]
            if not letter.instructions and not any(found.severity == "error" for found in letter.findings):
                self._say("SD101", f"{letter.file or 'the letter'} orders nothing that this tool reads", None)
        standing = [each for each in instructions if each.id not in taken and self._is_textual(each)]
        dated, pending = self._dated(standing)
        applied = self._carried_out(dated)
        if instructions and not standing and not taken and not self._errors():
            self.findings.append(
                finding("SD121", "no instruction of the letter changes the text of this code", weight="error")
            )
        self._versions(applied, version, definitions_version)
        days = {each.id: day for day, each in dated}
        if self.as_at is not None and not applied and not self._errors():
            self.findings.append(
                finding("SD307", f"nothing commences on or before {written(self.as_at)}", weight="note")
            )
        return Plan(
            before=self.code,
            instruments=self.instruments,
            instructions=instructions,
            applied=tuple(applied),
            steps=tuple(Step(each.id, days[each.id], tuple(self.edits.get(each.id, ()))) for each in applied),
            pending=tuple(pending),
            set_aside=tuple(self.put_aside),
            findings=tuple(self.findings),
            consolidation=self.consolidation,
        )

    def _errors(self) -> bool:
        return any(found.severity == "error" for found in self.findings)

    def _say(self, code: str, message: str, instruction: Instruction | None, hint: str | None = None) -> None:
        self.findings.append(
            finding(
                code,
                message,
                hint=hint,
                source=instruction.source if instruction else None,
                instruction=instruction.id if instruction else None,
            )
        )

    def _refuse(self, refused: Refused, each: Instruction) -> None:
        """Say what is wrong with an instruction: at the words concerned, where it quotes them once."""
        quoted = re.search("“(.+?)”", refused.message, re.S)
        text, source = self.letters[each.id].text, each.source
        if quoted is not None:
            found = [
                (start, end)
                for start, end in occurrences(text, quoted[1], (source.start, source.end))
                if text[start - 1 : start] in _OPENING and text[end : end + 1] in _CLOSING
            ] or occurrences(text, quoted[1], (source.start, source.end))
            if len(found) == 1:
                start, end = found[0]
                line = text.rfind("\n", 0, start) + 1
                source = msgspec.structs.replace(
                    source,
                    line=source.line + text.count("\n", source.start, start),
                    column=start - line + 1,
                    start=start,
                    end=end,
                )
        self.findings.append(
            finding(refused.code, refused.message, hint=refused.hint, source=source, instruction=each.id)
        )

    # --- what is not applied ------------------------------------------------------------------------------------------

    def _taken_out(self, instructions: tuple[Instruction, ...]) -> frozenset[str]:
        """The ids of the instructions set aside, and the sources of the findings of items that could not be read."""
        unread = tuple(
            found
            for letter in self.instruments
            for found in letter.findings
            if found.severity == "error" and found.source is not None and found.instruction is None
        )
        taken: set[str] = set()
        for name, reason in self.aside.items():
            named, missed = items_named(name, instructions, unread)
            taken |= {each.id for each in named}
            taken |= {f"{found.source.start}" for found in missed if found.source}
            self.put_aside.append((name, reason))
            source = named[0].source if named else missed[0].source
            ident = named[0].id if named else None
            self.findings.append(finding("SD210", f"set aside: {name}: {reason}", source=source, instruction=ident))
        return frozenset(taken)

    def _settled(self, found: Finding, letter: Instrument, taken: frozenset[str]) -> bool:
        if found.code == "SD102" and self.with_effect_from is not None:
            return True
        if found.instruction is not None:
            return found.instruction in taken
        return found.severity == "error" and found.source is not None and f"{found.source.start}" in taken

    def _is_textual(self, each: Instruction) -> bool:
        """Whether an instruction changes the text of this code; another instrument's is listed."""
        if each.effect == "as_if":
            return False
        work = each.operation.target.work
        mine = {self.code.title, self.code.short_title}
        letter = self.letters[each.id]
        if work is None and letter.code and not mine & set(letter.code):
            work = letter.code[0]
        if work is None:
            return True
        if not mine.isdisjoint(called(work, letter.names)):
            if each.operation.target.work is not None and anywhere(each.operation):
                refused = whole_code(work)
                self._say(refused.code, refused.message, each, refused.hint)
                return False
            return True
        if work == self.code.title.rpartition(" ")[2] and work not in letter.names:
            self._say(
                "SD110",
                f"“the {work}”: the letter does not say whether it is the {self.code.title}",
                each,
                f"write “the {self.code.title}”, or say in the letter what “the {work}” means",
            )
            return False
        self._say(
            "SD121",
            f"this amends {work}, and not {self.code.title}: it is listed and not applied",
            each,
            f"apply it to {work}",
        )
        return False

    # --- when ---------------------------------------------------------------------------------------------------------

    def _dated(self, standing: list[Instruction]) -> tuple[list[tuple[dt.date, Instruction]], list[Instruction]]:
        dated: list[tuple[dt.date, Instruction]] = []
        pending: list[Instruction] = []
        # What is wrong with the commencement of these is said already.
        said = {found.instruction for found in self.findings if found.code in ("SD102", "SD103", "SD104")}
        for each in standing:
            day = settled(each.commencement, self.events)
            if each.commencement is None:
                day = self.with_effect_from
                if day is None and each.id in said:
                    continue
                if day is None:
                    made = self.letters[each.id].made
                    self._say(
                        "SD102",
                        "the letter does not say when this commences",
                        each,
                        f"give --with-effect-from DATE{f' (the letter was made on {written(made)})' if made else ''}",
                    )
                    continue
            if day is None or (self.as_at is not None and day > self.as_at):
                pending.append(each)
            elif day < self.code.as_at:
                self._say(
                    "SD105",
                    f"this commences on {written(day)}, before the date of the code ({written(self.code.as_at)})",
                    each,
                    "apply it to the code as it stood on that day",
                )
            else:
                dated.append((day, each))
        dated.sort(key=lambda pair: pair[0])
        return dated, pending

    # --- carrying out -------------------------------------------------------------------------------------------------

    def _carried_out(self, dated: list[tuple[dt.date, Instruction]]) -> list[Instruction]:
        """Each day's instructions in turn; those of one instrument that commence together must not interfere."""
        applied: list[Instruction] = []
        for (day, _), group in groupby(dated, key=lambda pair: (pair[0], id(self.letters[pair[1].id]))):
            batch = [each for _, each in group]
            self._as_at(day, batch[0].id)
            together = Together(self.consolidation, frozenset(each.id for each in batch))
            stood: dict[int, _Stood] = {}
            applied += [each for each in batch if self._carry_out(each, together, stood)]
            for mark, text, each in stood.values():
                if mark.gone is None:
                    for fault in conjunctions(accepted(mark.fields["text"]), text):
                        self._say("SD311", fault, each, "say what becomes of the conjunction")
        said = remarks.renamed([(old, new) for old, new, _ in self.renamed], self.consolidation)
        for (_, _, each), told in zip(self.renamed, said, strict=True):
            self._remark(told, each)
        return applied

    def _edit(self, edit: Edit, by: str) -> None:
        self.consolidation.apply(edit, by)
        self.edits.setdefault(by, []).append(edit)

    def _as_at(self, day: dt.date, by: str) -> None:
        old = self.consolidation.text(CODE, "", "as_at")
        if old != day.isoformat():
            self._edit(Splice(CODE, "", "as_at", 0, old, day.isoformat()), by)

    def _carry_out(self, each: Instruction, together: Together, stood: dict[int, _Stood]) -> bool:
        """Make an instruction's edits; `stood` takes note of each text as it stood before the first of its batch."""
        try:
            self._check(each)
            edits = each.operation.edits(self.consolidation)
        except Refused as refused:
            hindrance = together.hindrance(each.operation)
            if hindrance is not None:
                self._interference(each, hindrance)
            else:
                self._refuse(refused, each)
            return False
        interference = together.interference(each.id, each.operation, edits)
        if interference is not None:
            self._interference(each, interference)
            return False
        self._remark(remarks.beforehand(each.operation, edits, self.consolidation), each)
        match each.operation:
            case IncorporateDocument(title=title, target=target):
                self._drift(each, target.place, "the direction", title)
            case ReincorporateDocument(title=title, target=target):
                name, key = record(self.consolidation, target)
                standing = self.consolidation.text(name, key, "title")
                self._drift(each, target.place, "the register", standing)
                if title is not None and _drifted(title, standing):
                    self._say("SD304", f"the direction calls {key} “{title}”, the register “{standing}”", each, _NAMES)
        for edit in edits:
            mark = self.consolidation.get(edit.list, edit.key) if isinstance(edit, Splice) else None
            if mark is not None and "text" in mark.fields:
                _, text, _ = stood.get(id(mark), (mark, accepted(mark.fields["text"]), each))
                stood[id(mark)] = (mark, text, each)
            self._edit(edit, each.id)
            self._remark(remarks.at_seam(edit, self.consolidation), each)
            if mark is not None and isinstance(edit, Splice) and edit.part == "term" and mark.key != edit.key:
                self.renamed.append((edit.key, mark.key, each))
        together.made(each.id, edits)
        if any(edit.list == "definitions" for edit in edits):
            self.redefining.append(each.id)
        return True

    def _remark(self, said: Sequence[Remark], each: Instruction) -> None:
        for one in said:
            self.findings.append(
                finding(
                    one.code, one.message, hint=one.hint, source=each.source, instruction=each.id, weight=one.weight
                )
            )

    def _interference(self, each: Instruction, found: Interference) -> None:
        """Say which two instructions interfere: the one is where the finding points, the other is named."""
        letter = self.letters[each.id]
        other = next(one for one in letter.instructions if one.id == found.by)
        source = other.source
        where = f"line {source.line}" if source.line != each.source.line else "the same line"
        item = f"item {source.item}" if source.item else "the instruction"
        words = " ".join(letter.text[source.start : source.end].split())
        self._say(
            "SD206",
            f"{item} ({where}: “{words[:60]}{'…' if len(words) > 60 else ''}”) commences with it and {found.what}; "
            "apart they would do different things",
            each,
            "let them commence one after the other, or put both into one sentence",
        )

    def _check(self, each: Instruction) -> None:
        """What a document's re-designation must agree with: the baseline it was drafted against, and the name."""
        match each.operation:
            case ReincorporateDocument(target=target):
                letter = self.letters[each.id]
                mark = self.consolidation.get("documents", target.place) if "documents" in self.consolidation else None
                if mark is None:
                    return
                standing = accepted(mark.fields["version"]) or None
                for annex in letter.annexes:
                    if annex.place == target.place and annex.marked_up_against not in (None, standing):
                        raise Refused(
                            "SD207",
                            f"Annex {annex.label} is marked up against v{annex.marked_up_against}, "
                            f"but {target.place} stands at {f'v{standing}' if standing else 'no version'}",
                            "apply the direction that made the baseline first, or correct the annex list",
                        )

    def _drift(self, each: Instruction, place: str, who: str, title: str) -> None:
        """A warning where the annex list gives a document another name than the direction or the register."""
        for annex in self.letters[each.id].annexes:
            if annex.place == place and annex.title and _drifted(annex.title, title):
                what = f"Annex {annex.label} calls {place} “{annex.title}”, {who} “{title}”"
                self._say("SD304", what, each, _NAMES)

    # --- versions -----------------------------------------------------------------------------------------------------

    def _versions(self, applied: list[Instruction], version: str | None, definitions_version: str | None) -> None:
        """The versions of the changed code: what the annex list or the user says, and otherwise none is known."""
        if not applied or self._errors():
            return
        by = applied[-1].id
        if self.redefining:
            self._set(SECTION, self._definitions_version(definitions_version), by)
        self._set("version", version, by)
        if version is None and self.code.version is not None:
            what = "the code changed and its new version is not stated: it is left empty"
            self._say("SD306", what, None, "give --version V")

    def _definitions_version(self, given: str | None) -> str | None:
        """The version that the Section of definitions has after the last letter that changed it."""
        assert self.code.definitions is not None
        place = f"Section {self.code.definitions.section}"
        version = self.code.definitions.version
        for letter in dict.fromkeys(self.letters[ident].sha256 for ident in self.redefining):
            listed = [
                annex
                for each in self.instruments
                if each.sha256 == letter
                for annex in each.annexes
                if annex.place == place and annex.version
            ]
            for annex in listed:
                if annex.marked_up_against not in (None, version):
                    self._say(
                        "SD207",
                        f"Annex {annex.label} is marked up against v{annex.marked_up_against}, but {place} stands at "
                        f"{f'v{version}' if version else 'no version'}",
                        None,
                        "apply the direction that made the baseline first, or correct the annex list",
                    )
            version = listed[-1].version if listed else None
        if given is not None and version is not None and given != version:
            self._say(
                "SD107",
                f"the letter says that {place} is now version {version}, and not {given}",
                None,
                "leave --definitions-version out, or correct the annex list",
            )
        if given is None and version is None:
            self._say(
                "SD305",
                f"the text of {place} changed and no version is stated for it: it is left empty",
                None,
                "give --definitions-version V",
            )
        return given or version

    def _set(self, part: str, new: str | None, by: str) -> None:
        old = self.consolidation.text(CODE, "", part)
        if old != (new or ""):
            self._edit(Splice(CODE, "", part, 0, old, new or ""), by)


def _drifted(one: str, two: str) -> bool:
    """Whether two names of a document differ, be it in a closing "Document", or in two abbreviations."""
    names = [dressed_title(one), dressed_title(two)]
    bare = [re.sub(r" \([^()]*\)$", "", name) for name in names]
    return bare[0] != bare[1] or (names[0] != bare[0] and names[1] != bare[1] and names[0] != names[1])
