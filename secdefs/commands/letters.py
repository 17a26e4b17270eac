"""The commands for letters: parse, plan, apply; and explain."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Any

import click

from secdefs.commands import bulk
from secdefs.commands.desk import CODE_FORMATS, Desk, apart, existing, outcome
from secdefs.commands.group import main
from secdefs.commands.options import AS_JSON, EXISTING, ORDERS, SHORT, TALK, WORD, day, options


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
