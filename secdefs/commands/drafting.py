"""The commands for whoever drafts a letter: check, draft."""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from secdefs.commands.desk import Desk, apart
from secdefs.commands.group import main
from secdefs.commands.options import ORDERS, TALK, WORD, options

if TYPE_CHECKING:
    from secdefs.draft import Draft, Particulars, Style
    from secdefs.findings import Finding, Source
    from secdefs.model import Code

LETTERS = (".txt", ".html", ".docx")
FORMATS = ("text", "json", "github", "sarif")


@main.command(short_help="Look a code, or letters on it, over before they are signed.")
@click.argument("code")
@click.argument("letters", nargs=-1, metavar="[LETTER]...")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="How the findings are written.")
@click.option("--settings", metavar="FILE", help="A TOML file with severities; secdefs.toml here, if there is one.")
@options(ORDERS, WORD, TALK)
def check(
    code: str, letters: tuple[str, ...], form: str, settings: str | None, short: tuple[str, ...], **orders: Any
) -> None:
    """Say all that is wrong, or looks wrong, with CODE alone, or with the LETTERs on CODE and what they bring about.

    The findings are on stdout. Nothing is changed. An error makes the exit status 1, a warning or a note does not.
    """
    from secdefs.checks import FILE, RULES, read_settings
    from secdefs.checks import check as checked

    if settings is None and Path(FILE).is_file():
        settings = FILE
    given = read_settings(settings, RULES) if settings else None
    desk = Desk(code, *letters)
    if letters or short:
        planned = desk.plan(code, letters, short, **orders)
        before, plan, instruments = planned.before, planned, planned.instruments
        desk.findings += checked(before, instruments, plan=plan, settings=given)
    else:
        if any(orders[name] for name in ("as_at", "with_effect_from", "events", "set_aside", "reasons")):
            raise click.UsageError("Name a LETTER: these options say how a letter is carried out.")
        before = _alone(desk, code, orders)
        text = next((each for file, each in desk.texts.items() if file in (code, "<stdin>")), "")
        file = next((file for file in desk.texts), None)
        desk.findings += checked(before, settings=given, places=_places(text, file))
    if form == "text":
        _show(desk)
    else:
        click.echo(_written(desk.findings, form), nl=False)
    desk.end()


def _alone(desk: Desk, name: str, orders: dict[str, Any]) -> Code:
    """The code to be looked over without a letter. A Word file says neither its title nor its day: none is needed."""
    word = desk.open_word(name, orders["accept_existing"], orders["reject_existing"])
    if word is None:
        return desk.code(name)
    return word.code(orders["title"] or "", dt.date.max, orders["section"] or word.section or "A")


def _places(text: str, file: str | None) -> Callable[[str, str, str | None], Source | None]:
    """Where in the text of a code file a record stands, and in it words that it has once."""
    from secdefs.findings import Source

    def source(start: int, end: int) -> Source:
        line = text.count("\n", 0, start) + 1
        return Source(file, None, None, line, start - text.rfind("\n", 0, start), start, end)

    def place(name: str, key: str, words: str | None) -> Source | None:
        keys = "term" if name == "definitions" else "place" if name == "documents" else "label"
        begins = (
            text.find("\ndocuments:") if name == "documents" else text.find("\nsections:") if name == "sections" else 0
        )
        if name.startswith("contents:"):
            begins = text.find(f"group: {name.removeprefix('contents:')}")
        found = re.compile(rf"\b\"?{keys}\"?: \"?(?P<key>{re.escape(key)})\"?(?=[,\n}}])").search(text, max(begins, 0))
        if found is None:
            return None
        after = re.compile(rf"^\s*- \{{?\"?{keys}\"?: |^\w", re.M).search(text, found.end())
        end = after.start() if after else len(text)
        at = text.find(words, found.end(), end) if words else -1
        if at >= 0 and words:
            return source(at, at + len(words))
        return source(found.start("key"), found.end("key"))

    return place


def _show(desk: Desk) -> None:
    """The findings as compilers show them, on stdout: here they are the product."""
    from secdefs.findings import errors
    from secdefs.write.terminal import look, show_finding, tally

    style = look(sys.stdout, otherwise=120)
    for each in errors(desk.findings) if desk.quiet else desk.findings:
        text = desk.texts.get(each.source.file) if each.source else None
        click.echo(show_finding(each, text, style) + "\n")
    desk.say(tally(desk.findings) or "nothing found")


def _written(findings: tuple[Finding, ...], form: str) -> str:
    from secdefs.release import __version__

    match form:
        case "json":
            from secdefs.write.report import findings_to_json

            return findings_to_json(findings)
        case "github":
            from secdefs.write.github import findings_to_github

            return findings_to_github(findings)
    from secdefs.explain import pages
    from secdefs.write.sarif import findings_to_sarif

    return findings_to_sarif(findings, {code: page.title for code, page in pages().items()}, __version__)


@main.command(short_help="Write the letter that turns one code into another.")
@click.argument("before")
@click.argument("after", required=False)
@click.option(
    "--style",
    type=click.Choice(["direction", "statute"]),
    default="direction",
    help="“shall be replaced with”, or “for … substitute”.",
)
@click.option("--particulars", metavar="FILE", help="A TOML file: who directs, under which powers, from when.")
@click.option(
    "-o", "out", default="-", metavar="OUT", help="A .txt, .html or .docx file; “-”, the default: text on stdout."
)
@options(WORD, TALK)
def draft(before: str, after: str | None, style: Style, particulars: str | None, out: str, **word: Any) -> None:
    """Write the letter that turns the code BEFORE into the code AFTER, as small as it can be.

    Each is a code file, or a Word file; one Word file with tracked changes is both: what it was, and what it would be.

    The letter is applied to BEFORE first, and given only if that makes AFTER exactly. It takes effect on the day that
    the particulars say, else on the day as at which AFTER states the code.
    """
    from secdefs.draft import Particulars, read_particulars
    from secdefs.draft import draft as drafted

    if out != "-" and Path(out).suffix.lower() not in LETTERS:
        raise click.BadParameter(f"“{out}” must end in {', '.join(LETTERS)}.", param_hint="-o")
    files = (before, after) if after else (before,)
    apart(out, (*files, *((particulars,) if particulars else ())))
    desk = Desk(*files)
    given = read_particulars(particulars) if particulars else Particulars()
    codes = _codes(desk, before, after, given, **word)
    made = drafted(*codes, style=style, particulars=given)
    desk.findings = (*dict.fromkeys(desk.findings), *made.findings)
    if made.ok:
        _stateable(made.text)
        _give(made.text, out)
    desk.report()
    desk.say(_outcome(made, codes[0]) if made.ok else "no letter is written")
    desk.end()


def _codes(
    desk: Desk,
    before: str,
    after: str | None,
    given: Particulars,
    title: str | None,
    section: str | None,
    accept_existing: bool,
    reject_existing: bool,
) -> tuple[Code, Code]:
    """The two codes: code files, Word files, a code file and the Word file of its definitions, or one Word file."""
    import msgspec

    from secdefs.findings import SecdefsError

    for name in (before, after or before):
        if Path(name).suffix.lower() in (".doc", ".pdf", ".html"):
            raise SecdefsError(f"{name}: a draft is made from code files (.yaml, .json) and Word files (.docx)")
    edited = after or before
    if Path(edited).suffix.lower() != ".docx":
        if after is None:
            raise click.UsageError("Name AFTER too: only a Word file with tracked changes is both.")
        if Path(before).suffix.lower() != ".docx":
            return desk.code(before), desk.code(after)
        becomes = desk.code(after)
        named = section or (becomes.definitions.section if becomes.definitions else None)
        opened = desk.open_word(before, accept_existing, reject_existing)
        assert opened is not None
        return _of(opened.code(title or becomes.title, becomes.as_at, named), becomes), becomes
    day = given.commencement
    if day is None:
        raise click.UsageError("A Word file does not say from when: put “commencement = DATE” into --particulars.")

    def read(name: str, accept: bool, reject: bool) -> Code:
        word = desk.open_word(name, accept, reject)
        assert word is not None
        return word.code(title or "", day, section)

    if Path(before).suffix.lower() != ".docx":
        stood = desk.code(before)
        section = section or (stood.definitions.section if stood.definitions else None)
        # What was edited with tracked changes is meant as edited.
        edit = read(edited, True, False)
        return stood, _with(stood, edit, given)
    if title is None:
        raise click.UsageError("A Word file does not say of which code it is a part: give --title TITLE.")
    stood = read(before, accept_existing, reject_existing or after is None)
    edit = read(edited, True, False)
    if edit.definitions and stood.definitions:
        # Both are read from one document: what it says of itself once holds for both.
        label = stood.definitions
        same = msgspec.structs.replace(
            edit.definitions, section=label.section, heading=label.heading, order=label.order
        )
        version = given.definitions_version if same.entries != label.entries else label.version
        edit = msgspec.structs.replace(edit, definitions=msgspec.structs.replace(same, version=version))
    return stood, msgspec.structs.replace(edit, version=given.version)


def _of(stood: Code, becomes: Code) -> Code:
    """A code file with the definitions, or the contents, as they stood in a Word file: the rest of it stays as it is.

    Which versions stood then the Word file does not say.
    """
    import msgspec

    if stood.definitions is not None and becomes.definitions is not None:
        notes = {each.term: each.note for each in becomes.definitions.entries}
        entries = tuple(msgspec.structs.replace(each, note=notes.get(each.term)) for each in stood.definitions.entries)
        part = msgspec.structs.replace(becomes.definitions, entries=entries, version=None)
        return msgspec.structs.replace(becomes, definitions=part, version=None)
    groups = {group.group: group for group in stood.contents or ()}
    lists = tuple(groups.get(group.group, group) for group in becomes.contents or ()) or None
    return msgspec.structs.replace(becomes, contents=lists, version=None)


def _with(stood: Code, edit: Code, given: Particulars) -> Code:
    """A code file with the definitions, or the contents, of an edited Word file in the place of its own."""
    import msgspec

    made = msgspec.structs.replace(
        stood, as_at=given.commencement or stood.as_at, version=given.version or stood.version
    )
    if edit.definitions is not None and stood.definitions is not None:
        changed = edit.definitions.entries != tuple(
            msgspec.structs.replace(each, note=None) for each in stood.definitions.entries
        )
        version = given.definitions_version if changed else stood.definitions.version
        entries = edit.definitions.entries if changed else stood.definitions.entries
        part = msgspec.structs.replace(stood.definitions, entries=entries, version=version)
        return msgspec.structs.replace(made, definitions=part)
    groups = {group.group: group for group in edit.contents or ()}
    return msgspec.structs.replace(
        made, contents=tuple(groups.get(group.group, group) for group in stood.contents or ()) or None
    )


def _stateable(text: str) -> None:
    """Refuse what no letter can carry: a Word file has no control characters, and to drop one changes the words."""
    from secdefs.findings import SecdefsError
    from secdefs.read.encoding import escaped

    for found in re.finditer("[\x00-\x09\x0b-\x1f\ufffe\uffff]", text):
        character = escaped(found[0])
        raise SecdefsError(f"the codes have the control character {character}, which no letter can state: take it out")


def _give(text: str, out: str) -> None:
    from secdefs.write.atomic import replace_file
    from secdefs.write.letter import letter_to_docx, letter_to_html
    from secdefs.write.terminal import printable

    match Path(out).suffix.lower():
        case ".html":
            data = letter_to_html(text).encode()
        case ".docx":
            data = letter_to_docx(text)
        case _:
            data = text.encode()
    if out == "-" and sys.stdout.isatty():
        click.echo(printable(text), nl=False)  # what a text holds must not command the terminal
    elif out == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
    else:
        replace_file(out, data)


def _outcome(made: Draft, before: Code) -> str:
    """One line on a draft: from when it has effect, and what has to be given with it."""
    from secdefs.write.terminal import day

    said = f"in effect from {day(made.commencement)}; applied to the first code, it makes the second exactly"
    if made.version is not None and before.version is not None:
        said += f" (with --version {made.version}: a letter does not state the version of the code)"
    return said
