"""The group of commands: with which status each run ends, and what is said of one that went wrong."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import Any, NoReturn

import click

from secdefs.release import __version__

ERROR, UNREADABLE, FAULT = 1, 3, 70
INTERRUPTED, PIPE_CLOSED = 130, 141  # 128 + the signal, as shells report it


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


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="%(prog)s %(version)s")
def main() -> None:
    """Read a direction that changes a legal code, and produce the changed code: exactly as directed, or not at all."""
