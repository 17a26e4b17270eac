"""The commands of a code folder: init, enact, at, log, diff, blame, withdraw, fsck."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from secdefs.commands.desk import Desk, apart, code_format, write_code
from secdefs.commands.group import main
from secdefs.commands.options import ANNEXES, AS_JSON, SHORT, TALK, day, event, options

if TYPE_CHECKING:
    from secdefs.history import Enactment, History
    from secdefs.letter.instrument import Instrument, Left
    from secdefs.model import Code
    from secdefs.read.annexes import GivenAnnex

RECORDED = click.option(
    "--recorded", type=day, metavar="DATE", help="The day on which this is put on record; today where it is not said."
)
KNOWN = click.option(
    *("--known-at", "known"), type=day, metavar="DATE", help="Answer as it would have been answered on that day."
)
CORRECTED = click.option(
    "--corrects", metavar="LETTER", help="A letter on record in whose place this one comes; that one stays on record."
)
ORDER = options(
    click.option("--after", multiple=True, metavar="LETTER", help="A letter on record that this one follows."),
    click.option("--before", multiple=True, metavar="LETTER", help="A letter on record that this one precedes."),
)


def dated(value: str) -> tuple[dt.date | None, str]:
    """A version, with the day from which the code has it where the letter commences on several: [DATE=]VERSION."""
    date, equals, version = value.partition("=")
    if not version.strip() and equals:
        raise click.BadParameter(f"“{value}” names no version; write “VERSION” or “DATE=VERSION”.")
    return (day(date.strip()), version.strip()) if equals else (None, value.strip())


VERSIONS = options(
    click.option(
        "--version",
        type=dated,
        multiple=True,
        metavar="[DATE=]VERSION",
        help="The code's new version; with a date where the letter commences on several days.",
    ),
    click.option(
        "--definitions-version",
        type=dated,
        multiple=True,
        metavar="[DATE=]VERSION",
        help="The new version of the Section of definitions.",
    ),
)
EVENTS = click.option(
    *("--event", "events"),
    type=event,
    multiple=True,
    metavar="NAME=DATE",
    help="The day of an event. Without a LETTER, for all that waits for it on record.",
)


@main.command(short_help="Make a code folder.")
@click.argument("folder")
@click.option("--code", required=True, metavar="FILE", help="The code file with which the folder begins.")
@options(RECORDED, TALK)
def init(folder: str, code: str, recorded: dt.date | None) -> None:
    """Make FOLDER, which keeps a code through time: the code, each letter as received, and a ledger of what each did.

    Nothing in it is ever changed, and so it can be put under git as it is.
    """
    from secdefs.commencement import written
    from secdefs.history import History

    desk = Desk(code)
    history = History.init(folder, desk.code(code), recorded=recorded)
    desk.report()
    desk.say(f"{folder}: the code as at {written(history.at().as_at)}; head {history.head}")
    desk.end()


@main.command(short_help="Put a letter on record.")
@click.argument("folder")
@click.argument("letter", required=False)
@options(
    SHORT,
    click.option(
        "--with-effect-from", type=day, metavar="DATE", help="When an instruction takes effect that does not say."
    ),
    EVENTS,
    VERSIONS,
    ANNEXES,
    click.option("--set-aside", multiple=True, metavar="ITEM", help="Leave an instruction out, and say so ever after."),
    click.option("--reason", "reasons", multiple=True, metavar="TEXT", help="Why; one for each --set-aside."),
    ORDER,
    CORRECTED,
    RECORDED,
    AS_JSON,
    TALK,
)
def enact(
    folder: str,
    letter: str | None,
    short: tuple[str, ...],
    as_json: bool,
    with_effect_from: dt.date | None,
    events: tuple[tuple[str, dt.date], ...],
    set_aside: tuple[str, ...],
    reasons: tuple[str, ...],
    corrects: str | None,
    annexes: tuple[tuple[str, str], ...],
    **settled: Any,
) -> None:
    """Put LETTER on record in FOLDER, if it can be carried out on the code as it will stand on each day it names.

    LETTER is a file, or “-” for standard input. Nothing is put on record where an instruction does not fit, or where a
    later one that is on record already would no longer fit. Without a LETTER, --event gives the day of an event for
    which letters on record wait.
    """
    from secdefs.history import History
    from secdefs.read.annexes import given_annex

    if letter is not None and short:
        raise click.UsageError("Name one LETTER, or give instructions with -e.")
    if len(set_aside) != len(reasons) or not all(reason.strip() for reason in reasons):
        raise click.UsageError("Each --set-aside needs a --reason of its own.")
    if len(dict(events)) != len(set(events)):
        raise click.UsageError("An --event is given two dates.")
    if len(dict(annexes)) != len(annexes):
        raise click.UsageError("An --annex is given two files.")
    for name in ("version", "definitions_version"):
        if len(dict(settled[name])) != len(settled[name]):
            raise click.UsageError(f"--{name.replace('_', '-')} is given twice for one day.")
        settled[name] = dict(settled[name]) or None
    desk = Desk(letter or "")
    history = History.open(folder)
    if letter is None and not short:
        if not events:
            raise click.UsageError("Name a LETTER, give an instruction with -e, or the day of an event with --event.")
        if set_aside or with_effect_from or corrects or annexes:
            raise click.UsageError("--set-aside, --with-effect-from, --corrects and --annex are for a LETTER.")
        done, name = history.settle(dict(events), **settled), "the event"
    else:
        instrument, received = _letter(desk, letter) if letter is not None else (desk.short_form(short, None)[0], None)
        name = instrument.file or "the letter"
        files = tuple(given_annex(label, path) for label, path in annexes)
        if instrument.left and files:
            between = corrects is not None or bool(settled["before"])
            instrument = _as_shown(history, instrument, files, dict(events), with_effect_from, between=between)
        done = history.enact(
            instrument,
            received=received,
            with_effect_from=with_effect_from,
            events=dict(events),
            set_aside=dict(zip(set_aside, reasons, strict=True)),
            corrects=corrects,
            annexes=files,
            **settled,
        )
    _ended(desk, done, f"{name}: on record", as_json)


def _as_shown(
    history: History,
    instrument: Instrument,
    files: tuple[GivenAnnex, ...],
    events: dict[str, dt.date],
    otherwise: dt.date | None,
    *,
    between: bool,
) -> Instrument:
    """A letter with what it leaves to annexes, held against the code of the folder on the day concerned.

    `between` says that it does not come after all that is on record for that day, which is what the folder tells of.
    """
    from secdefs.asshown import as_shown
    from secdefs.commencement import event_name, settled
    from secdefs.findings import Refused

    def standing(left: Left, _: object) -> Code:
        what = f"the changes are left to Annex {left.annex}"
        if between:
            hint = "take the other letter out with “secdefs withdraw”, enact this one, and then the other again"
            raise Refused("SD108", f"{what}: --before and --corrects do not go with what is left to an annex", hint)
        day = settled(left.order.commencement, {event_name(name): day for name, day in events.items()}) or otherwise
        if day is None:
            hint = "enact the letter when the day is known, with --event or --with-effect-from"
            raise Refused("SD108", f"{what}, and the day is not known as at which the annex is to be the code", hint)
        return history.at(day)

    return as_shown((instrument,), files, standing)[0]


def _letter(desk: Desk, name: str) -> tuple[Instrument, bytes]:
    """A letter, and its bytes as received."""
    from secdefs.history.reading import read_received
    from secdefs.read.encoding import read_bytes

    data, file = read_bytes(name)
    instrument, findings = read_received(data, file)
    desk.texts[file] = instrument.text
    desk.findings += findings
    return instrument, data


def _ended(desk: Desk, done: Enactment, what: str, as_json: bool) -> None:
    """Tell what came of putting something on record."""
    desk.findings += done.findings
    for found in done.findings:
        _text_of(desk, found.source.file if found.source else None)
    if as_json:
        from secdefs.history.shown import enactment_to_json

        click.echo(enactment_to_json(done, desk.findings), nl=False)
    else:
        from secdefs.history.shown import show_enactment
        from secdefs.write.terminal import look

        if text := show_enactment(done, look(sys.stdout)):
            click.echo(text)
        desk.report()
    desk.say(f"{what}; head {done.head}" if done.ok else "nothing is put on record: settle the errors first")
    desk.end()


def _text_of(desk: Desk, file: str | None) -> None:
    """Have the text of a letter on record at hand, where a finding points into it."""
    from secdefs.findings import SecdefsError
    from secdefs.history.reading import kept_text

    if file is not None and file not in desk.texts:
        try:
            desk.texts[file] = kept_text(Path(file))
        except (OSError, SecdefsError):
            return  # then only the place is shown


@main.command(short_help="Write the code as it stands on a day.")
@click.argument("folder")
@click.argument("date", type=day, metavar="DATE")
@click.option("-o", "out", default="-", metavar="OUT", help="A .yaml, .json or .xml file; “-”, the default: YAML.")
@options(KNOWN, TALK)
def at(folder: str, date: dt.date, out: str, known: dt.date | None) -> None:
    """Write the code of FOLDER as it stands on DATE. What is not yet in force is listed on stderr."""
    from secdefs.history import History
    from secdefs.history.shown import show_not_yet
    from secdefs.write.terminal import look

    code_format(out)
    _outside(out, folder)
    desk = Desk()
    history = History.open(folder)
    if code_format(out) == ".xml":
        from secdefs.write.akoma import akoma_bytes
        from secdefs.write.atomic import replace_file

        made = history.amendments(date, known=known)
        replace_file(out, akoma_bytes(history.at(date, known=known), made, history.base.as_at))
    else:
        write_code(history.at(date, known=known), out)
    if text := show_not_yet(history.not_yet(date, known=known), look(sys.stderr, otherwise=120)):
        desk.say(text)
    desk.end()


@main.command(short_help="List what is on record.")
@click.argument("folder")
@click.argument("term", required=False)
@options(KNOWN, AS_JSON, TALK)
def log(folder: str, term: str | None, known: dt.date | None, as_json: bool) -> None:
    """List what is on record in FOLDER, or what of it touched TERM; at the end the head hash.

    The head hash stands for all before it: signed in a tag, say, it shows that nothing was changed since.
    """
    from secdefs.history import History
    from secdefs.history.shown import log_to_json, show_log
    from secdefs.write.terminal import look

    history = History.open(folder)
    found = history.log(term, known=known)
    head = history.head if known is None else None
    click.echo(log_to_json(found, head) if as_json else show_log(found, head, look(sys.stdout)), nl=not as_json)


@main.command(short_help="Show what changes between two days.")
@click.argument("folder")
@click.argument("first", type=day, metavar="DATE")
@click.argument("last", type=day, metavar="DATE")
@click.option("-o", "out", metavar="OUT", help="An .html file: the redline as a page to read and to pass on; or .xml.")
@options(KNOWN, TALK)
def diff(folder: str, first: dt.date, last: dt.date, out: str | None, known: dt.date | None) -> None:
    """Show as a redline what changes in FOLDER after the first DATE, up to and on the second."""
    from secdefs.history import History
    from secdefs.history.shown import difference_page, show_difference, show_not_yet
    from secdefs.write.terminal import look

    desk = Desk()
    history = History.open(folder)
    if out is None:
        click.echo(show_difference(history.diff(first, last, known=known), look(sys.stdout), whole=desk.verbose))
    elif out.lower().endswith(".xml"):
        from secdefs.write.akoma import redline_bytes

        found = history.diff(first, last, known=known)
        made = redline_bytes(found.marked, history.amendments(last, known=known, since=first))
        _file(desk, folder, out, made)
    else:
        _page(desk, folder, out, lambda: difference_page(history.diff(first, last, known=known)))
    if text := show_not_yet(history.not_yet(last, known=known), look(sys.stderr, otherwise=120)):
        desk.say(text)
    desk.end()


@main.command(short_help="Show which instruction put each word there.")
@click.argument("folder")
@click.argument("term", required=False)
@click.option("--at", "date", type=day, metavar="DATE", help="The day; with all that is on record where none is said.")
@click.option("-o", "out", metavar="OUT", help="An .html file: a page to read and to pass on.")
@options(KNOWN, AS_JSON, TALK)
def blame(
    folder: str, term: str | None, date: dt.date | None, out: str | None, known: dt.date | None, as_json: bool
) -> None:
    """Show which instruction of which letter put each word of TERM there, and from when it is in force.

    TERM is a defined term, the label of a provision or contents entry, or the place of a document (“Appendix AM”).
    Without it: all that any letter on record touched.
    """
    from secdefs.history import History

    if out is not None and as_json:
        raise click.UsageError("--json writes on stdout: leave -o out.")
    desk = Desk()
    history = History.open(folder)
    found = history.blame(term, date, known=known)
    code = history.at(date, known=known)
    if out is not None:
        from secdefs.history.page import blame_page

        _page(desk, folder, out, lambda: blame_page(found, code, history.base.as_at))
    elif as_json:
        from secdefs.history.shown import blame_to_json

        click.echo(blame_to_json(found), nl=False)
    else:
        from secdefs.history.shown import show_blame
        from secdefs.write.terminal import look

        click.echo(show_blame(found, code.as_at, history.base.as_at, look(sys.stdout)))
    desk.end()


@main.command(short_help="Take a letter out.")
@click.argument("folder")
@click.argument("letter")
@click.option("--reason", default="", metavar="TEXT", help="Why; it is recorded.")
@options(RECORDED, AS_JSON, TALK)
def withdraw(folder: str, letter: str, reason: str, recorded: dt.date | None, as_json: bool) -> None:
    """Take LETTER out of FOLDER, if all else that is on record still fits. What was recorded of it stays on record.

    LETTER is its id, the beginning of it, or the name of its file.
    """
    from secdefs.history import History

    desk = Desk()
    history = History.open(folder)
    _ended(desk, history.withdraw(letter, reason=reason, recorded=recorded), f"{letter}: withdrawn", as_json)


@main.command(short_help="Check that a code folder is what was put on record.")
@click.argument("folder")
@options(AS_JSON, TALK)
def fsck(folder: str, as_json: bool) -> None:
    """Check FOLDER: every hash, the order of the ledger, and that each line does what it says.

    The first line that is wrong is named. Each letter is read again: where these rules would read it otherwise than was
    recorded, that is said, and nothing is changed.
    """
    from secdefs.history.checking import check

    desk = Desk()
    desk.findings = check(Path(folder))
    if as_json:
        from secdefs.history.shown import findings_to_json

        click.echo(findings_to_json(desk.findings), nl=False)
    else:
        desk.report()
    if not desk.findings:
        desk.say(f"{folder}: as it was put on record")
    desk.end()


def _page(desk: Desk, folder: str, out: str, page: Callable[[], str]) -> None:
    """Write a page; nothing else is written where a page is meant."""
    if not out.lower().endswith((".html", ".htm")):
        raise click.BadParameter(f"“{out}” must end in .html.", param_hint="-o")
    _outside(out, folder)
    _file(desk, folder, out, page().encode())


def _file(desk: Desk, folder: str, out: str, data: bytes) -> None:
    """Write a file beside a folder, never over one of its own."""
    from secdefs.write.atomic import replace_file

    _outside(out, folder)
    replace_file(out, data)
    desk.say(f"{out}: written")


def _outside(out: str, folder: str) -> None:
    """Refuse to write over a file of the folder."""
    apart(out, tuple(str(path) for path in (Path(folder) / "base.yaml", Path(folder) / "ledger.jsonl")))
    if out != "-" and Path(out).resolve().is_relative_to((Path(folder) / "instruments").resolve()):
        raise click.BadParameter("nothing is written among the letters of a folder.", param_hint="-o")
