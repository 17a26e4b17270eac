"""`parse --jsonl`: the options of reading many files, and how it goes on and ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from secdefs.bulk import Made

ERROR, UNREADABLE, FAULT = 1, 3, 70


def shard(value: str) -> tuple[int, int]:
    """One of several shares: 2/3."""
    one, _, of = value.partition("/")
    if not (one.isdecimal() and of.isdecimal() and 1 <= int(one) <= int(of)):
        raise click.BadParameter(f"“{value}” is no share; write 1/3, 2/3 or 3/3 for three machines.")
    return int(one), int(of)


OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option(
        "--jsonl",
        is_flag=True,
        help="Read many files: a letter each, or with the suffix .jsonl an instruction a line. Write a line for each.",
    ),
    click.option("--parts", metavar="FOLDER", help="With --jsonl: keep each part in FOLDER, and do not make it again."),
    click.option("--shard", type=shard, metavar="I/N", help="With --jsonl: do the I-th of N shares."),
    click.option(
        "--processes", type=click.IntRange(1), metavar="N", help="With --jsonl: how many at a time; one a core."
    ),
)
"""The options that `parse` has for it."""


def parse_many(
    files: tuple[str, ...], folder: str | None, share: tuple[int, int] | None, processes: int | None
) -> NoReturn:
    """Read the files; the product goes to stdout or into the folder, in the order of the files."""
    from secdefs.bulk import parts_of, run, shard_of

    ctx = click.get_current_context()
    quiet = bool(ctx.meta["secdefs.quiet"])
    parts, problems = parts_of(files)
    if share is not None:
        parts = shard_of(parts, *share)
    kept_in = _folder(folder) if folder else None
    talk = _Talk(len(parts), quiet)
    status = UNREADABLE if problems else 0
    for problem in problems:
        talk.problem(problem)
    for made in run(parts, processes or _cores(), kept_in):
        status = max(status, talk.about(made))
        sys.stdout.buffer.write(made.lines)
    talk.end()
    sys.stdout.flush()
    ctx.exit(status)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _folder(name: str) -> Path:
    path = Path(name)
    path.mkdir(parents=True, exist_ok=True)
    return path


class _Talk:
    """What is said on stderr; how far it is only where somebody looks on."""

    def __init__(self, total: int, quiet: bool) -> None:
        self.total = total
        self.quiet = quiet
        self.watched = sys.stderr.isatty() and not quiet
        self.done = self.kept = self.errors = 0

    def about(self, made: Made) -> int:
        """Say what there is to say of a part; the exit status that it asks for."""
        self.done += 1
        self.kept += made.kept
        self.errors += made.errors
        for problem in made.unreadable:
            self.problem(problem)
        if made.fault is not None:
            self.problem(f"a fault in secdefs itself, not in your files: {made.fault}")
        if self.watched:
            click.echo(f"\rpart {self.done:,} of {self.total:,}", nl=False, err=True)
        return FAULT if made.fault else UNREADABLE if made.unreadable else ERROR if made.errors else 0

    def problem(self, words: str) -> None:
        from secdefs.write.terminal import plain

        click.echo(f"{chr(13) if self.watched else ''}secdefs: {plain(words)}", err=True)

    def end(self) -> None:
        if self.watched:
            click.echo("\r", nl=False, err=True)
        if not self.quiet:
            kept = f", {self.kept:,} of them kept from before" if self.kept else ""
            click.echo(f"{self.done:,} part{'' if self.done == 1 else 's'}{kept}; errors: {self.errors:,}", err=True)
