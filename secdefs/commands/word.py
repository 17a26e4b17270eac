"""The commands for published documents: import, verify."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import click

from secdefs.cli import CODE_FORMATS, EXISTING, TALK, Desk, apart, day, main, options


@main.command("import", short_help="Make a code file of Word files.")
@click.argument("file")
@click.option("--contents", metavar="FILE", help="A Word file with the contents list.")
@click.option("--title", required=True, metavar="TITLE", help="The title of the code.")
@click.option("--short-title", metavar="TITLE", help="Its short title.")
@click.option("--as-at", type=day, required=True, metavar="DATE", help="The day on which the code stood so.")
@click.option("--section", metavar="LABEL", help="The Section that the file is, where it does not say it.")
@click.option("-o", "out", default="-", metavar="OUT", help="A .yaml or .json file; “-”, the default: YAML on stdout.")
@options(EXISTING, TALK)
def import_(
    file: str,
    contents: str | None,
    title: str,
    short_title: str | None,
    as_at: dt.date,
    section: str | None,
    out: str,
    accept_existing: bool,
    reject_existing: bool,
) -> None:
    """Make a code file of the definitions in FILE, a Word file, and of the contents list in another.

    What could not be placed is reported, and with an error nothing is written.
    """
    import msgspec

    from secdefs.findings import errors
    from secdefs.write.atomic import replace_file
    from secdefs.write.codefile import code_bytes

    if out != "-" and Path(out).suffix.lower() not in CODE_FORMATS:
        raise click.BadParameter(f"“{out}” must end in {', '.join(CODE_FORMATS)}.", param_hint="-o")
    inputs = (file, contents) if contents else (file,)
    apart(out, inputs)
    desk = Desk(*inputs)
    code = None
    for each in inputs:
        word = desk.open_word(each, accept_existing, reject_existing)
        if word is None:
            raise click.BadParameter(f"“{each}” is no .docx file.", param_hint="FILE")
        found = word.code(title, as_at, section, short_title)
        code = found if code is None else msgspec.structs.replace(code, contents=found.contents)
    assert code is not None
    ok = not errors(desk.findings)
    if ok:
        data = code_bytes(code, out)
        if out == "-":
            sys.stdout.buffer.write(data)
        else:
            replace_file(out, data)
    desk.report()
    many = len(code.definitions.entries) if code.definitions is not None else 0
    desk.say(f"{many:,} definitions: {out}" if ok else f"nothing written to {out}: settle the errors first")
    desk.end()
