"""The command line: what may be asked, where the answers go, and with which status each ends. All else is imported when
a command needs it, so that asking for help is quick."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NoReturn, TypeVar

import click

from secdefs.commands import bulk
from secdefs.release import __version__

if TYPE_CHECKING:
    from secdefs.findings import Finding
    from secdefs.instrument import Instrument
    from secdefs.model import Code
    from secdefs.plan import Plan
    from secdefs.read.annexes import AnnexFile
    from secdefs.read.wordcode import WordCode
    from secdefs.shapes import Layout

ERROR, UNREADABLE, FAULT = 1, 3, 70
INTERRUPTED, PIPE_CLOSED = 130, 141  # 128 + the signal, as shells report it
CODE_FORMATS = (".yaml", ".yml", ".json", ".xml")
SHORT_FORM = "-e"


class Commands(click.Group):
    """The group of commands; the one place that turns what went wrong into a line on stderr and an exit status."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)  # as written here: in the order in which a person needs them

    def main(self, *args: Any, **kwargs: Any) -> Any:
        try:
            if sys.stderr is None:  # closed by whoever started this: then nobody listens
                sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - until the process ends
            if sys.stdout is None:
                raise OSError("standard output is closed")
            return super().main(*args, **kwargs)
        except OSError as fault:  # what --help says, onto a full disk; or stderr itself
            with contextlib.suppress(OSError):
                click.echo(f"secdefs: {fault.strerror or fault}", err=True)
            sys.exit(UNREADABLE)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result
        except (click.ClickException, click.exceptions.Exit):
            raise
        except (KeyboardInterrupt, click.Abort):
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:
            # Whoever read the output has gone. What is still in the buffer must not fail again when Python shuts down.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(PIPE_CLOSED)
        except Exception as fault:
            if ctx.meta.get("secdefs.debug"):
                raise
            self._ended(ctx, fault)

    def _ended(self, ctx: click.Context, fault: Exception) -> NoReturn:
        from secdefs.findings import SecdefsError
        from secdefs.write.terminal import plain

        match fault:
            case OSError(filename=name, strerror=str(reason)) if name is not None:
                status, message = UNREADABLE, f"{name}: {reason[:1].lower()}{reason[1:]}"
            case SecdefsError() | OSError() | UnicodeError():
                status, message = UNREADABLE, str(fault)
            case _:
                status = FAULT
                message = (
                    f"a fault in secdefs itself, not in your files: {type(fault).__name__}: {fault} "
                    "(--debug shows where)"
                )
        click.echo(f"secdefs: {plain(message)}", err=True)
        ctx.exit(status)


# --- options ----------------------------------------------------------------------------------------------------------


def day(value: str) -> dt.date:
    """A date, as 2021-12-17 or as letters write it, 17 December 2021."""
    from secdefs.write.terminal import MONTHS

    number, _, rest = " ".join(value.split()).partition(" ")
    month, _, year = rest.partition(" ")
    try:
        if month.title() in MONTHS:
            return dt.date(int(year), MONTHS.index(month.title()) + 1, int(number))
        return dt.datetime.strptime(value, "%Y-%m-%d").date()
    except ValueError:
        raise click.BadParameter(f"“{value}” is not a date; write 2021-12-17 or “17 December 2021”.") from None


def event(value: str) -> tuple[str, dt.date]:
    """An event that has happened, and the day: NAME=DATE."""
    name, _, date = value.rpartition("=")
    if not name.strip():
        raise click.BadParameter(f"“{value}” names no event; write “NAME=DATE”.")
    return name.strip(), day(date.strip())


def annex(value: str) -> tuple[str, str]:
    """An annex and its file: D=FILE."""
    label, _, path = value.partition("=")
    if not label.strip() or not path:
        raise click.BadParameter(f"“{value}” names no annex and file; write “D=FILE”.")
    return label.strip().removeprefix("Annex ").upper(), path


Command = TypeVar("Command", bound=Callable[..., Any])


def options(*each: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Several options as one decorator, listed in `--help` in the order given."""

    def decorate(command: Command) -> Command:
        for option in reversed(each):
            command = option(command)
        return command

    return decorate


def _talk(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    ctx.meta[f"secdefs.{parameter.name}"] = value


TALK = options(
    click.option("-v", "--verbose", is_flag=True, expose_value=False, callback=_talk, help="Say and show more."),
    click.option("-q", "--quiet", is_flag=True, expose_value=False, callback=_talk, help="Say nothing but errors."),
    click.option("--debug", is_flag=True, expose_value=False, callback=_talk, help="Show where a fault lies."),
)

SHORT = click.option(
    *("-e", "--instruction", "short"),
    multiple=True,
    metavar="INSTRUCTION",
    help='An instruction in the short form: replace [TBC] with AT in the definition of "X". May be repeated.',
)

ANNEXES = click.option(
    *("--annex", "annexes"),
    type=annex,
    multiple=True,
    metavar="D=FILE",
    help="The file of an annex that a letter lists: held against the result, and recorded with its SHA-256.",
)

ORDERS = options(
    SHORT,
    click.option(
        "--as-at", type=day, metavar="DATE", help="Carry out what is in effect on this day, and no later instruction."
    ),
    click.option(
        "--with-effect-from", type=day, metavar="DATE", help="When an instruction takes effect that does not say."
    ),
    click.option(
        *("--event", "events"),
        type=event,
        multiple=True,
        metavar="NAME=DATE",
        help="The day of an event on which a letter makes something depend.",
    ),
    click.option("--version", metavar="VERSION", help="The code's new version."),
    click.option("--definitions-version", metavar="VERSION", help="The new version of the Section of definitions."),
    ANNEXES,
    click.option("--set-aside", multiple=True, metavar="ITEM", help="Leave an instruction out, and say so ever after."),
    click.option("--reason", "reasons", multiple=True, metavar="TEXT", help="Why; one for each --set-aside."),
)

EXISTING = options(
    click.option(
        "--accept-existing", is_flag=True, help="Take changes that are tracked in a Word file already as accepted."
    ),
    click.option("--reject-existing", is_flag=True, help="Take them as rejected."),
)

WORD = options(
    click.option("--title", metavar="TITLE", help="The code of which a Word file is a part, where no letter says it."),
    click.option("--section", metavar="LABEL", help="The Section that a Word file is, where it does not say it."),
    EXISTING,
)

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Write JSON.")


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="%(prog)s %(version)s")
def main() -> None:
    """Read a direction that changes a legal code, and produce the changed code: exactly as directed, or not at all."""


# --- what a run reads and says ----------------------------------------------------------------------------------------


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
        self.texts[file] = text
        self.findings += findings
        if self.verbose:
            self.say(f"{file}: {len(text):,} characters read")
        return text, file

    def code(self, name: str, existing: Literal["accept", "reject"] | None = None) -> Code:
        """A code file; `existing` says what to do with the changes that a redline in XML has marked."""
        from secdefs.read.codefile import code_from_text

        code, findings = code_from_text(*self.read(name), existing)
        self.findings += findings
        return code

    def open_word(self, name: str, accept_existing: bool, reject_existing: bool) -> WordCode | None:
        """Open a code that is a Word file; other files are left to `code`."""
        from secdefs.read.encoding import read_bytes, visible

        if accept_existing and reject_existing:
            raise click.UsageError("Give --accept-existing or --reject-existing, and not both.")
        if name == "-" or Path(name).suffix.lower() != ".docx":
            return None
        from secdefs.read.wordcode import read_word

        data, file = read_bytes(name)
        self.word = read_word(data, visible(file), existing(accept_existing, reject_existing))
        self.findings += self.word.findings
        return self.word

    def letters(
        self, names: tuple[str, ...], existing: Literal["accept", "reject"] | None = None
    ) -> tuple[Instrument, ...]:
        """The letters; `existing` says what to do with changes that are tracked in one that is a Word file."""
        from secdefs.instrument import instrument_of
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

        from secdefs.instrument import short_form

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
            before = self.code(code, existing(accept_existing, reject_existing))
        else:
            from secdefs.write.wordplan import code_of_word, of_part

            before, notes = code_of_word(word, given, title=title, section=section)
            self.findings += notes
        files = tuple(given_annex(label, path) for label, path in annexes)
        if files:
            from secdefs.asshown import as_shown

            given = as_shown(given, files, before)
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


# --- commands ---------------------------------------------------------------------------------------------------------


@main.command(short_help="Show what a letter orders.")
@click.argument("letters", nargs=-1, metavar="LETTER")
@click.option("-o", "out", metavar="OUT", help="A .xml file: the letter as Akoma Ntoso, with what it orders.")
@options(SHORT, EXISTING, AS_JSON, *bulk.OPTIONS, TALK)
def parse(
    letters: tuple[str, ...],
    short: tuple[str, ...],
    out: str | None,
    as_json: bool,
    accept_existing: bool,
    reject_existing: bool,
    jsonl: bool,
    parts: str | None,
    shard: tuple[int, int] | None,
    processes: int | None,
) -> None:
    """Show what LETTER orders: each instruction, where it stands in the letter, and when it takes effect.

    LETTER is a text, PDF or Word file, or “-” for standard input; with --jsonl there may be many,
    which are read on all cores, and one that cannot be read does not hinder the others.
    """
    if jsonl:
        if not letters or short or as_json or out or accept_existing or reject_existing:
            raise click.UsageError("With --jsonl name files, and give neither -e, -o nor options for one letter.")
        bulk.parse_many(letters, parts, shard, processes)
    if parts or shard or processes:
        raise click.UsageError("--parts, --shard and --processes are for --jsonl.")
    if out is not None:
        if Path(out).suffix.lower() != ".xml":
            raise click.BadParameter(f"“{out}” must end in .xml.", param_hint="-o")
        apart(out, letters)
    if len(letters) + bool(short) != 1:
        raise click.UsageError("Name one LETTER, or give an instruction with -e.")
    if accept_existing and reject_existing:
        raise click.UsageError("Give --accept-existing or --reject-existing, and not both.")
    desk = Desk()
    settled = existing(accept_existing, reject_existing)
    (instrument,) = desk.letters(letters, settled) if letters else desk.short_form(short, None)
    desk.findings += instrument.findings
    if as_json:
        from secdefs.write.report import instrument_to_json

        click.echo(instrument_to_json(instrument, desk.findings), nl=False)
    else:
        from secdefs.write.terminal import look, show_instrument

        click.echo(show_instrument(instrument, look(sys.stdout)))
        desk.report()
    if out is not None:
        from secdefs.commands.pipelines import write_letter

        write_letter(desk, instrument, out)
    desk.end()


@main.command(short_help="Show what letters would change in a code.")
@click.argument("code")
@click.argument("letters", nargs=-1, metavar="[LETTER]...")
@options(ORDERS, WORD, AS_JSON, TALK)
def plan(code: str, letters: tuple[str, ...], as_json: bool, short: tuple[str, ...], **orders: Any) -> None:
    """Show what the LETTERs would change in CODE, as a redline. Nothing is written.

    A letter is a text, PDF or Word file; one of the files may be “-”, standard input. Several
    letters apply in the order in which they were made.
    """
    desk = Desk(code, *letters)
    planned = desk.plan(code, letters, short, **orders)
    if as_json:
        from secdefs.write.report import plan_to_json

        click.echo(plan_to_json(planned, desk.findings, desk.annexes), nl=False)
        desk.end()
    if planned.ok:
        from secdefs.write.redline import show_plan
        from secdefs.write.terminal import look

        click.echo(show_plan(planned, look(sys.stdout), whole=desk.verbose))
    desk.report()
    desk.say(outcome(planned) if planned.ok else "nothing would be changed until the errors are settled")
    desk.end()


@main.command(short_help="Write the code as changed by letters.")
@click.argument("code")
@click.argument("letters", nargs=-1, metavar="[LETTER]...")
@click.option(
    *("-o", "out"),
    default="-",
    metavar="OUT",
    help="A .yaml, .json, .xml, .docx or .html file; “-”, the default: YAML on stdout.",
)
@click.option(
    "--tracked", is_flag=True, help="In a .docx file: the changes as tracked changes; in .xml: as “ins” and “del”."
)
@click.option("--author", metavar="NAME", help="Whose the tracked changes are; else whose the letter is.")
@click.option("--date", "marked", type=day, metavar="DATE", help="When they were made; else when the letter was.")
@click.option(
    "--comments", is_flag=True, help="Beside each tracked change a comment that cites the letter and the item."
)
@options(ORDERS, WORD, AS_JSON, TALK)
def apply(
    code: str,
    letters: tuple[str, ...],
    out: str,
    as_json: bool,
    short: tuple[str, ...],
    tracked: bool,
    author: str | None,
    marked: dt.date | None,
    comments: bool,
    **orders: Any,
) -> None:
    """Write CODE as changed by the LETTERs: wholly as directed, or not at all.

    With an error in any instruction nothing is written, unless that instruction is left out with --set-aside. A .docx
    file is made from a .docx file, clean or with --tracked changes; a .html file shows the changes on a page; a .xml
    file is Akoma Ntoso 1.0, clean or with --tracked changes.
    """
    suffix = Path(out).suffix.lower()
    if out != "-" and suffix not in (*CODE_FORMATS, ".docx", ".html"):
        formats = ", ".join((*CODE_FORMATS, ".docx", ".html"))
        raise click.BadParameter(f"“{out}” must end in {formats}.", param_hint="-o")
    if suffix == ".docx" and Path(code).suffix.lower() != ".docx":
        raise click.BadParameter("a .docx file is made from a .docx file only.", param_hint="-o")
    if tracked and suffix not in (".docx", ".xml"):
        raise click.UsageError("--tracked is for a .docx or .xml file.")
    if (author or marked or comments) and suffix != ".docx":
        raise click.UsageError("--author, --date and --comments are for a .docx file.")
    if (author or marked or comments) and not tracked:
        raise click.UsageError("--author, --date and --comments go with --tracked.")
    if out == "-" and as_json:
        raise click.UsageError("--json reports on stdout, where the changed code goes; name a file with -o.")
    apart(out, (code, *letters, *(path for _, path in orders["annexes"])))
    desk = Desk(code, *letters)
    planned = desk.plan(code, letters, short, **orders)
    data = desk.product(planned, out, "tracked" if tracked else "clean", author, marked, comments)
    if data is not None:
        from secdefs.write.atomic import replace_file

        if out == "-":
            sys.stdout.buffer.write(data)
            sys.stdout.flush()
        else:
            replace_file(out, data)
    if as_json:
        from secdefs.write.report import plan_to_json

        click.echo(plan_to_json(planned, desk.findings, desk.annexes), nl=False)
    else:
        desk.report()
    done = data is not None
    desk.say(f"{outcome(planned)}: {out}" if done else f"nothing written to {out}: settle the errors first")
    desk.end()


@main.command(short_help="Tell what the code of a finding means.")
@click.argument("code", metavar="[SDnnn]", required=False)
def explain(code: str | None) -> None:
    """Tell what the code of a finding means, with an example and the remedy; without a code, list them all."""
    from secdefs.explain import contents, page
    from secdefs.write.terminal import look

    style = look(sys.stdout)
    if code is None:
        click.echo(contents(style))
    elif (text := page(code, style)) is not None:
        click.echo(text)
    else:
        raise click.BadParameter(f"there is no finding {code}; “secdefs explain” lists them.", param_hint="SDnnn")


from secdefs.commands import drafting, history, pipelines, site, word  # noqa: E402 - they add commands to `main`, with the options above

__all__ = ["drafting", "history", "main", "pipelines", "site", "word"]
