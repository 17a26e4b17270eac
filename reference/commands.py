"""The page of the command line: every command with its arguments and options, from click itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click

from secdefs.cli import main

STATUSES = {
    0: "done",
    1: "an error finding, or a difference; nothing is written",
    2: "wrong use",
    3: "a file that cannot be read or written",
    70: "a fault of ours",
    130: "interrupted",
}
"""What each exit status says."""

COMMON = frozenset({"--verbose", "--quiet", "--debug", "--help"})
"""Options that every command has."""


def page() -> str:
    """The page as Markdown."""
    lines = [
        "# Commands",
        "What each command does, from its own help. The product goes to stdout or to the file that `-o` names, all "
        "talk to stderr; `-` is standard input. `-v` says more, `-q` nothing but errors, `--debug` shows where a fault "
        "lies, and `NO_COLOR` takes the colours away. A date is `2021-12-17` or `17 December 2021`.",
        "## Exit statuses",
        "\n".join(
            ["| status | means |", "|---|---|", *(f"| {status} | {said} |" for status, said in STATUSES.items())]
        ),
    ]
    with click.Context(main, info_name="secdefs") as context:
        for name in main.list_commands(context):
            command = main.get_command(context, name)
            if command is not None and not command.hidden:
                lines += _command(name, command, context)
    return "\n\n".join(lines) + "\n"


def _command(name: str, command: click.Command, context: click.Context) -> Iterator[str]:
    with click.Context(command, info_name=name, parent=context) as inner:
        yield f"## secdefs {name}"
        yield f"```text\n{' '.join(['secdefs', name, *command.collect_usage_pieces(inner)])}\n```"
        yield from (_plain(each) for each in re.split(r"\n\s*\n", command.help or ""))
        rows = []
        for each in command.get_params(inner):
            if isinstance(each, click.Option) and not COMMON & set(each.opts):
                record = each.get_help_record(inner)
                if record is not None:
                    rows.append(f"| `{_cell(record[0])}` | {_cell(_plain(record[1]))} |")
        if rows:
            yield _table("option", "what it does", rows)


def _table(first: str, second: str, rows: list[str]) -> str:
    return "\n".join([f"| {first} | {second} |", "|---|---|", *rows])


def _plain(text: str) -> str:
    return re.sub(r"(?<![\w`-])(--[a-z][a-z-]*|-[a-z])(?![\w`-])", r"`\1`", " ".join(text.split()))


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
