"""The command that publishes a code folder: site."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from secdefs.commands.desk import Desk
from secdefs.commands.group import main
from secdefs.commands.history import KNOWN
from secdefs.commands.options import TALK, options

PAGE = "index.html"


@main.command(short_help="Write a page of a code's history.")
@click.argument("folder")
@click.option("-o", "out", default="site", metavar="DIR", help="The folder for the page; “site” where none is said.")
@click.option("--without-signatures", is_flag=True, help="Leave the names of those who signed the letters out.")
@options(KNOWN, TALK)
def site(folder: str, out: str, without_signatures: bool, known: dt.date | None) -> None:
    """Write DIR/index.html: the code of FOLDER on every day, its letters, and each word with where it is from.

    The page is one file that needs no other and no network. Open it in a browser, send it, or put it on any server.
    """
    from secdefs.findings import SecdefsError
    from secdefs.history import History
    from secdefs.site import history_page
    from secdefs.write.atomic import replace_file

    if Path(out).resolve().is_relative_to((Path(folder) / "instruments").resolve()):
        raise click.BadParameter("nothing is written among the letters of a folder.", param_hint="-o")
    desk = Desk()
    page = history_page(History.open(folder).course(known=known), names_of_officials=not without_signatures)
    try:
        Path(out).mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise SecdefsError(f"{out}: is a file, and a folder is meant; name another with -o") from None
    path = Path(out) / PAGE
    replace_file(path, page.encode())
    desk.say(f"{path}: written")
    desk.end()
