"""The commands for whoever drafts a letter: draft."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from secdefs.cli import TALK, Desk, apart, main, options

if TYPE_CHECKING:
    from secdefs.draft import Draft, Style
    from secdefs.model import Code

LETTERS = (".txt",)


@main.command(short_help="Write the letter that turns one code into another.")
@click.argument("before")
@click.argument("after")
@click.option(
    "--style",
    type=click.Choice(["direction", "statute"]),
    default="direction",
    help="“shall be replaced with”, or “for … substitute”.",
)
@click.option("--particulars", metavar="FILE", help="A TOML file: who directs, under which powers, from when.")
@click.option("-o", "out", default="-", metavar="OUT", help="A .txt file; “-”, the default: stdout.")
@options(TALK)
def draft(before: str, after: str, style: Style, particulars: str | None, out: str) -> None:
    """Write the letter that turns the code BEFORE into the code AFTER, as small as it can be.

    The letter is applied to BEFORE first, and given only if that makes AFTER exactly. It takes effect on the day that
    the particulars say, else on the day as at which AFTER states the code.
    """
    from secdefs.draft import draft as drafted
    from secdefs.draft import read_particulars

    if out != "-" and Path(out).suffix.lower() not in LETTERS:
        raise click.BadParameter(f"“{out}” must end in {', '.join(LETTERS)}.", param_hint="-o")
    apart(out, (before, after, *((particulars,) if particulars else ())))
    desk = Desk(before, after)
    codes = _code(desk, before), _code(desk, after)
    given = read_particulars(particulars) if particulars else None
    made = drafted(*codes, style=style, particulars=given)
    desk.findings += made.findings
    if made.ok:
        _give(made.text, out)
    desk.report()
    desk.say(_outcome(made, codes[0]) if made.ok else "no letter is written")
    desk.end()


def _code(desk: Desk, name: str) -> Code:
    from secdefs.findings import SecdefsError

    if Path(name).suffix.lower() in (".docx", ".doc", ".pdf"):
        raise SecdefsError(
            f"{name}: a draft is made from two code files (.yaml or .json), and not from a Word file or a PDF; "
            "make a code file of it first"
        )
    return desk.code(name)


def _give(text: str, out: str) -> None:
    from secdefs.write.atomic import replace_file

    if out == "-":
        sys.stdout.buffer.write(text.encode())
    else:
        replace_file(out, text.encode())


def _outcome(made: Draft, before: Code) -> str:
    """One line on a draft: from when it has effect, and what has to be given with it."""
    from secdefs.write.terminal import day

    said = f"in effect from {day(made.commencement)}; applied to the first code, it makes the second exactly"
    if made.version is not None and before.version is not None:
        said += f" (with --version {made.version}: a letter does not state the version of the code)"
    return said
