"""The options that several commands have, and how what is given to them is read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, TypeVar

import click


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
