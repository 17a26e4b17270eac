"""What one run reads and says: the letters and the code of a command, its product, and the talk about them."""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NoReturn

import click

from secdefs.commands.group import ERROR

if TYPE_CHECKING:
    from secdefs.findings import Finding
    from secdefs.letter.instrument import Instrument, Left
    from secdefs.model import Code
    from secdefs.outline.shapes import Layout
    from secdefs.plan import Plan
    from secdefs.read.annexes import AnnexFile, GivenAnnex
    from secdefs.read.wordcode import WordCode

CODE_FORMATS = (".yaml", ".yml", ".json", ".xml")
SHORT_FORM = "-e"


class Desk:
    """The letters and the code of one run, and the talk about them on stderr; the product alone goes to stdout."""

    def __init__(self, *named: str) -> None:
        """`named` are the inputs by name, refused where standard input is to be two of them."""
        if named.count("-") > 1:
            raise click.UsageError("Only one of the files can be “-”, standard input.")
        self.ctx = click.get_current_context()
        self.quiet = bool(self.ctx.meta["secdefs.quiet"])
        self.verbose = bool(self.ctx.meta["secdefs.verbose"])
        self.texts: dict[str | None, str] = {}
        self.layouts: dict[str | None, Layout | None] = {}
        self.findings: tuple[Finding, ...] = ()
        self.annexes: tuple[AnnexFile, ...] = ()
        self.word: WordCode | None = None
        """The code as a Word file, where it is one."""

    def read(self, name: str) -> tuple[str, str]:
        """The text of a file, or of standard input, and the name by which findings call it."""
        from secdefs.read.encoding import read_text

        text, file, findings = read_text(name)
        self.keep(text, file, findings)
        if self.verbose:
            self.say(f"{file}: {len(text):,} characters read")
        return text, file

    def keep(self, text: str, file: str, findings: tuple[Finding, ...]) -> None:
        """Have a text at hand for what is said of it."""
        self.texts[file] = text
        self.findings += findings

    def code(self, name: str, existing: Literal["accept", "reject"] | None = None) -> Code:
        """A code file; `existing` says what to do with the changes that a redline in XML has marked."""
        from secdefs.findings import SecdefsError
        from secdefs.read.codefile import code_from_text

        try:
            code, findings = code_from_text(*self.read(name), existing)
        except SecdefsError as fault:
            if not Path(name).is_file() or Path(name).suffix.lower() in CODE_FORMATS:
                raise
            formats = ", ".join((*CODE_FORMATS, ".docx"))
            raise SecdefsError(f"{name}: no code file ({formats}); the code is named before the letters") from fault
        self.findings += findings
        return code

    def open_word(self, name: str, accept_existing: bool, reject_existing: bool) -> WordCode | None:
        """Open a code that is a Word file; other files are left to `code`."""
        from secdefs.read.encoding import read_bytes

        if accept_existing and reject_existing:
            raise click.UsageError("Give --accept-existing or --reject-existing, and not both.")
        if name == "-" or Path(name).suffix.lower() != ".docx":
            return None
        return self.word_code(*read_bytes(name), accept_existing, reject_existing)

    def word_code(self, data: bytes, file: str, accept_existing: bool, reject_existing: bool) -> WordCode:
        """The code in the bytes of a Word file."""
        from secdefs.read.encoding import visible
        from secdefs.read.wordcode import read_word

        self.word = read_word(data, visible(file), existing(accept_existing, reject_existing))
        self.findings += self.word.findings
        return self.word

    def letters(
        self, names: tuple[str, ...], existing: Literal["accept", "reject"] | None = None
    ) -> tuple[Instrument, ...]:
        """The letters; `existing` says what to do with changes that are tracked in one that is a Word file."""
        from secdefs.letter.instrument import instrument_of
        from secdefs.read.letter import read_letter

        letters = [read_letter(name, existing=existing) for name in names]
        self.layouts |= {each.file: each.layout for each in letters}
        for each in letters:
            self.texts[each.file] = each.text
            self.findings += each.findings
            if self.verbose:
                pages = f" on {len(each.pages)} pages" if each.pages else ""
                self.say(f"{each.file}: {len(each.text):,} characters read{pages}")
        return tuple(map(instrument_of, letters))

    def short_form(self, orders: tuple[str, ...], day: dt.date | None) -> tuple[Instrument, ...]:
        """What `-e` orders, as an instrument without particulars; it takes effect on `day` unless it says otherwise."""
        import msgspec

        from secdefs.letter.instrument import short_form

        if not orders:
            return ()
        instrument = short_form(orders, file=SHORT_FORM)
        self.texts[SHORT_FORM] = instrument.text
        dated = tuple(
            msgspec.structs.replace(each, commencement=each.commencement or day) for each in instrument.instructions
        )
        return (msgspec.structs.replace(instrument, instructions=dated),)

    def plan(
        self,
        code: str,
        letters: tuple[str, ...],
        short: tuple[str, ...],
        events: tuple[tuple[str, dt.date], ...],
        set_aside: tuple[str, ...],
        reasons: tuple[str, ...],
        annexes: tuple[tuple[str, str], ...],
        title: str | None = None,
        section: str | None = None,
        accept_existing: bool = False,
        reject_existing: bool = False,
        **settled: Any,
    ) -> Plan:
        """The plan of the letters and of what `-e` orders on a code."""
        if len(set_aside) != len(reasons) or not all(reason.strip() for reason in reasons):
            raise click.UsageError("Each --set-aside needs a --reason of its own.")
        if len(dict(events)) != len(set(events)):
            raise click.UsageError("An --event is given two dates.")
        if len(dict(annexes)) != len(annexes):
            raise click.UsageError("An --annex is given two files.")
        if not letters and not short:
            raise click.UsageError("Name a LETTER, or give an instruction with -e.")
        import msgspec

        from secdefs.annexed import against_annexes, parted
        from secdefs.plan import plan
        from secdefs.read.annexes import given_annex, unlisted

        word = self.open_word(code, accept_existing, reject_existing)
        given = self.letters(letters, existing(accept_existing, reject_existing))
        if word is None:
            from secdefs.letter.instrument import with_words_of

            before = self.code(code, existing(accept_existing, reject_existing))
            given = tuple(with_words_of(before, each) for each in given)
        else:
            from secdefs.write.wordplan import code_of_word, of_part

            before, notes = code_of_word(word, given, title=title, section=section)
            self.findings += notes
        files = tuple(given_annex(label, path) for label, path in annexes)
        if files:
            given = self._as_shown(given, files, before, dict(events), settled["with_effect_from"])
        day = settled["with_effect_from"] or before.as_at
        instruments = (*given, *self.short_form(short, day))
        put_aside, annexes_aside = parted(dict(zip(set_aside, reasons, strict=True)), dict(annexes))
        planned = plan(before, instruments, events=dict(events), set_aside=put_aside, **settled)
        self.annexes = tuple(each.file for each in files)
        lists = [[each.label for each in letter.annexes] for letter in instruments]
        planned = msgspec.structs.replace(planned, findings=(*planned.findings, *unlisted(files, lists)))
        planned = against_annexes(planned, files, annexes_aside)
        if word is not None:
            planned = of_part(planned, code)
        self.findings += planned.findings
        return planned

    @staticmethod
    def _as_shown(
        letters: tuple[Instrument, ...],
        files: tuple[GivenAnnex, ...],
        before: Code,
        events: dict[str, dt.date],
        otherwise: dt.date | None,
    ) -> tuple[Instrument, ...]:
        """The letters with what they leave to annexes, each held against the code as those made before it leave it."""
        from secdefs.asshown import as_shown
        from secdefs.commencement import event_name, settled
        from secdefs.plan import plan

        def standing(left: Left, earlier: tuple[Instrument, ...]) -> Code:
            day = settled(left.order.commencement, {event_name(name): day for name, day in events.items()}) or otherwise
            if not earlier or (day is not None and day < before.as_at):
                return before
            planned = plan(before, earlier, as_at=day, with_effect_from=otherwise, events=events)
            # Where those before do not fit, that is what will be said.
            return planned.after() if planned.ok else before

        return as_shown(letters, files, standing)

    def product(
        self,
        planned: Plan,
        out: str,
        style: Literal["tracked", "clean"],
        author: str | None,
        marked: dt.date | None,
        comments: bool,
    ) -> bytes | None:
        """The changed code in the format that the name of a file tells; None where it cannot be written."""
        if not planned.ok:
            return None
        suffix = Path(out).suffix.lower()
        if self.word is not None and suffix == ".docx":
            from secdefs.write.docx import write_docx
            from secdefs.write.wordplan import citations, inks

            beside = citations(planned) if comments else None
            made = write_docx(planned, self.word, style, inks(planned, author, marked), beside)
            self.findings += made.findings
            return made.data
        if suffix == ".html":
            from secdefs.write.page import redline_page

            return redline_page(planned).encode()
        if suffix == ".xml":
            from secdefs.write.akoma import planned_bytes

            return planned_bytes(planned, style)
        from secdefs.write.codefile import code_bytes

        return code_bytes(planned.after(), out)

    def say(self, line: str) -> None:
        from secdefs.write.terminal import printable

        if not self.quiet:
            click.echo(printable(line), err=True)

    def report(self) -> None:
        """The findings on stderr, and how many there are; only the errors where the user asked for quiet."""
        from secdefs.findings import errors
        from secdefs.write.terminal import look, show_finding, tally

        style = look(sys.stderr, otherwise=120)
        for found in errors(self.findings) if self.quiet else self.findings:
            text = self.texts.get(found.source.file) if found.source else None
            click.echo(show_finding(found, text, style) + "\n", err=True)
        if self.findings:
            self.say(tally(self.findings))

    def end(self) -> NoReturn:
        self.ctx.exit(ERROR if any(found.severity == "error" for found in self.findings) else 0)


def existing(accept_existing: bool, reject_existing: bool) -> Literal["accept", "reject"] | None:
    """What to do with changes that a Word file has already."""
    return "accept" if accept_existing else "reject" if reject_existing else None


def outcome(planned: Plan) -> str:
    """One line on a plan: "3 instructions carried out, 1 pending"."""
    from secdefs.write.terminal import count

    done = f"{count(len(planned.applied), 'instruction')} carried out"
    return done + (f", {len(planned.pending)} pending" if planned.pending else "")


def apart(out: str, inputs: tuple[str, ...]) -> None:
    """Refuse to write over a file that is read, by whatever name or link it is called."""
    for each in inputs:
        try:
            same = out != "-" and each != "-" and os.path.samefile(out, each)
        except OSError:
            same = False  # one of them is not there: what cannot be read is reported where it is read
        if same:
            raise click.BadParameter(f"“{out}” is also read; choose another file.", param_hint="-o")


def code_format(out: str) -> str:
    """The suffix that says in which format a code is written. Raises BadParameter for one that is none."""
    suffix = Path(out).suffix.lower()
    if out != "-" and suffix not in CODE_FORMATS:
        raise click.BadParameter(f"“{out}” must end in {', '.join(CODE_FORMATS)}.", param_hint="-o")
    return suffix


def write_code(code: Code, out: str) -> None:
    """Write a code in the format of its suffix, to standard output for “-”; what is written is read back first."""
    from secdefs.write.atomic import replace_file
    from secdefs.write.codefile import code_bytes

    data = code_bytes(code, out)
    if out == "-":
        sys.stdout.buffer.write(data)
    else:
        replace_file(out, data)
