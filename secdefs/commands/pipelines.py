"""The commands for whoever builds on the others: schema, completion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from secdefs.commands.desk import Desk
from secdefs.commands.group import main

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from secdefs.letter.instrument import Instrument

# The names of the schemas stand here too, so that --help does not load every type; a test holds them against those.
SCHEMAS = (
    *("code", "operation", "instruction", "finding", "instrument"),
    *("parse", "plan", "check", "verify", "enact", "log", "blame"),
)
SHELLS = ("bash", "zsh", "fish")
FILES = frozenset("code letter letters file published before after folder out contents particulars settings".split())
"""The parameters that name files, for which a shell offers the files that there are."""


@main.command("schema", short_help="Write a JSON Schema.")
@click.argument("name", type=click.Choice(SCHEMAS), metavar="NAME")
def schema_(name: str) -> None:
    """Write the JSON Schema (draft 2020-12) of NAME on stdout.

    NAME is code (a code file), operation, instruction, finding, instrument (what parse says of a letter), or one of the
    outputs as JSON: parse, plan, check, verify, enact, log, blame.
    """
    from secdefs.schema import schema

    click.echo(schema(name), nl=False)


@main.command(short_help="Write what a shell needs to complete commands.")
@click.argument("shell", type=click.Choice(SHELLS), metavar="bash|zsh|fish")
def completion(shell: str) -> None:
    """Write a script that lets the shell complete commands, options and files.

    For bash, put  eval "$(secdefs completion bash)"  into ~/.bashrc; for zsh the same with zsh into ~/.zshrc; for fish,
    save it as ~/.config/fish/completions/secdefs.fish.
    """
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    assert found is not None
    click.echo(found(main, {}, "secdefs", "_SECDEFS_COMPLETE").source())


def write_letter(desk: Desk, instrument: Instrument, out: str) -> None:
    """Write a letter as Akoma Ntoso; nothing where a finding is an error, for then it would say less than it orders."""
    from secdefs.findings import errors
    from secdefs.write.akomaletter import letter_bytes
    from secdefs.write.atomic import replace_file

    if errors(desk.findings):
        desk.say(f"nothing written to {out}: settle the errors first")
        return
    replace_file(out, letter_bytes(instrument, desk.layouts.get(instrument.file)))
    desk.say(f"{out}: written")


class _FileName(click.ParamType):  # type: ignore[type-arg]
    """A name of a file, taken as it is given; whether the file is there is said where it is read."""

    name = "text"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type="file")]


def complete_files() -> None:
    """Let shells offer files for every parameter that names one."""
    for command in main.commands.values():
        for parameter in command.params:
            if parameter.name in FILES and command.name != "explain":  # whose “code” is that of a finding
                parameter.type = _FileName()


complete_files()
