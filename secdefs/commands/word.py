"""The commands for published documents: import, verify."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from secdefs.commands.desk import CODE_FORMATS, Desk, apart, existing
from secdefs.commands.group import ERROR, main
from secdefs.commands.options import AS_JSON, EXISTING, ORDERS, TALK, WORD, day, options

if TYPE_CHECKING:
    from secdefs.model import Code
    from secdefs.verify import Comparison


NOT_SAID = "A Word file does not say its code and its day: give --title and --as-at."


@main.command("import", short_help="Make a code file of Word files, or of XML.")
@click.argument("file")
@click.option("--contents", metavar="FILE", help="A Word file with the contents list.")
@click.option("--title", metavar="TITLE", help="The title of the code, where the file does not say it.")
@click.option("--short-title", metavar="TITLE", help="Its short title.")
@click.option("--as-at", type=day, metavar="DATE", help="The day on which the code stood so, likewise.")
@click.option("--section", metavar="LABEL", help="The Section that the file is, or which of those in it.")
@click.option("-o", "out", default="-", metavar="OUT", help="A .yaml, .json or .xml file; “-”, the default: YAML.")
@options(EXISTING, TALK)
def import_(
    file: str,
    contents: str | None,
    title: str | None,
    short_title: str | None,
    as_at: dt.date | None,
    section: str | None,
    out: str,
    accept_existing: bool,
    reject_existing: bool,
) -> None:
    """Make a code file of the definitions in FILE, a Word file, of the numbered provisions that stand beside them, and
    of the contents list in another.

    FILE may be Akoma Ntoso, too (.xml): as “-o code.xml” writes it, it is a code and says all of itself; of what other
    programs write the list of definitions is read. What could not be placed is reported, and with an error nothing is
    written.
    """
    import msgspec

    from secdefs.findings import errors
    from secdefs.read.encoding import read_bytes
    from secdefs.write.atomic import replace_file
    from secdefs.write.codefile import code_bytes

    if out != "-" and Path(out).suffix.lower() not in CODE_FORMATS:
        raise click.BadParameter(f"“{out}” must end in {', '.join(CODE_FORMATS)}.", param_hint="-o")
    if accept_existing and reject_existing:
        raise click.UsageError("Give --accept-existing or --reject-existing, and not both.")
    inputs: tuple[str, ...] = (file, contents) if contents else (file,)
    apart(out, inputs)
    desk = Desk(*inputs)
    code = None
    for each in inputs:
        suffix = Path(each).suffix.lower()
        if each != "-" and suffix not in (".docx", ".xml"):
            raise click.BadParameter(f"“{each}” is no .docx or .xml file.", param_hint="FILE")
        if suffix == ".docx" and (title is None or as_at is None):
            raise click.UsageError(NOT_SAID)
        data, name = read_bytes(each)
        if suffix != ".docx" and not data.startswith(b"PK"):
            if contents:
                raise click.UsageError("--contents goes with a Word file, and is one.")
            code = xml_code(
                desk, data, name, existing(accept_existing, reject_existing), title, short_title, as_at, section
            )
            break
        if title is None or as_at is None:
            raise click.UsageError(NOT_SAID)
        word = desk.word_code(data, name, accept_existing, reject_existing)
        found = word.code(title, as_at, section, short_title)
        if word.provisions:
            found = msgspec.structs.replace(found, sections=word.provisions)
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
    sections = f", {len(code.sections):,} provisions" if code.sections else ""
    desk.say(f"{many:,} definitions{sections}: {out}" if ok else f"nothing written to {out}: settle the errors first")
    desk.end()


def xml_code(
    desk: Desk,
    data: bytes,
    name: str,
    existing: Literal["accept", "reject"] | None,
    title: str | None,
    short_title: str | None,
    as_at: dt.date | None,
    section: str | None,
) -> Code:
    """The code in the bytes of an XML file; the options say what one of another program leaves open."""
    from secdefs.read.codefile import imported_xml, says_all
    from secdefs.read.encoding import decoded
    from secdefs.read.foreign import Settled

    text, findings = decoded(data, name)
    desk.keep(text, name, findings)
    settled = Settled(title, short_title, as_at.isoformat() if as_at else None, section)
    if any(settled) and says_all(text, name):
        raise click.UsageError("This code in .xml says all of itself: leave the options that do so out.")
    code, findings = imported_xml(text, name, settled, existing)
    desk.findings += findings
    return code


@main.command(short_help="Hold a published text against the code as letters make it.")
@click.argument("code")
@click.argument("published")
@click.argument("letters", nargs=-1, metavar="[LETTER]...")
@options(ORDERS, WORD, AS_JSON, TALK)
def verify(
    code: str, published: str, letters: tuple[str, ...], as_json: bool, short: tuple[str, ...], **orders: Any
) -> None:
    """Say where PUBLISHED differs from CODE as the LETTERs make it; from CODE itself without a letter.

    CODE is a code file or a Word file, PUBLISHED one of these or a PDF file. Of a Word file with tracked changes the
    text with all accepted is held against the result, and that with all rejected against CODE. Any difference makes
    the exit status 1.
    """
    from secdefs.read.published import in_common, part_of, with_provisions
    from secdefs.verify import Comparison, compare

    desk = Desk(code, published, *letters)
    if letters or short:
        planned = desk.plan(code, letters, short, **orders)
        if not planned.ok:
            desk.report()
            desk.say("nothing is compared until the errors are settled")
            desk.end()
        before, after = planned.before, planned.after()
        # What the versions are to be is said by what was published, or compared with it.
        desk.findings = tuple(each for each in desk.findings if each.code not in ("SD305", "SD306"))
    else:
        before = after = _code(desk, code, orders)
    if desk.word is not None:
        before, after = with_provisions(before, desk.word), with_provisions(after, desk.word)
    texts, some = _published(desk, published, after)
    if some and desk.word is None:
        shared = in_common(after, texts[0])
        texts = tuple(part_of(each, shared) for each in texts)
        if shared:
            before, after = part_of(before, shared), part_of(after, shared)
    pairs = [(before, after, each) for each in texts]
    if len(pairs) > 1:  # a document with tracked changes: what it has with all rejected is the code as it stood
        pairs[1] = (before, before, pairs[1][2])
    found = [compare(*pair) for pair in pairs]
    whole = Comparison(
        differences=tuple(each for one in found for each in one.differences),
        compared=found[0].compared,
        left_out=found[0].left_out,
    )
    if as_json:
        _as_json(desk, whole)
    else:
        _show(found)
        desk.report()
    if not whole.compared:
        raise click.UsageError("The two files have no part of a code in common: nothing can be compared.")
    for each in whole.left_out:
        desk.say(f"not compared, since only one of the two files holds it: {_part(each)}")
    many = len(whole.differences)
    desk.say("no difference" if not many else f"{many} difference{'' if many == 1 else 's'}")
    desk.ctx.exit(ERROR if many else 0)


def _code(desk: Desk, name: str, orders: dict[str, Any]) -> Code:
    """A code file, or a Word file as one."""
    word = desk.open_word(name, orders["accept_existing"], orders["reject_existing"])
    if word is None:
        return desk.code(name, existing(orders["accept_existing"], orders["reject_existing"]))
    return word.code(orders["title"] or "the code", dt.date.min, orders["section"] or "?")


def _published(desk: Desk, name: str, after: Code) -> tuple[tuple[Code, ...], bool]:
    """The published text; of a Word file with tracked changes that with all accepted, and that with all rejected. And
    whether it is a Word file, which holds some of the provisions only."""
    from secdefs.read.encoding import read_bytes
    from secdefs.read.published import published

    data, file = read_bytes(name)
    found = published(data, file, after)
    desk.findings += found.findings
    return ((found.code,) if found.stood is None else (found.code, found.stood)), found.some


def _as_json(desk: Desk, found: Comparison) -> None:
    import msgspec

    from secdefs.read.encoding import visible_json

    whole = {
        "format": 1,
        "equal": not found.differences,
        "compared": found.compared,
        "not_compared": found.left_out,
        "differences": found.differences,
        "findings": desk.findings,
    }
    click.echo(visible_json(msgspec.json.format(msgspec.json.encode(whole), indent=2).decode()))


def _show(found: list[Comparison]) -> None:
    """Each difference on stdout: of which kind it is, and the words; [-as they should be-]{+as published+}."""
    from secdefs.annexed import SAID
    from secdefs.change.edits import Piece
    from secdefs.verify import tokens
    from secdefs.write.redline import show_difference
    from secdefs.write.terminal import look

    style = look(sys.stdout)
    for number, comparison in enumerate(found):
        if number and comparison.differences:
            click.echo(style.paint("With all tracked changes rejected, against the code as it stood:", "bold") + "\n")
        for each in comparison.differences:
            pieces: list[Piece] = []
            split = tokens if each.field in ("record", "text") else _whole
            for kind, words in _diff(split(each.planned or ""), split(each.published or "")):
                pieces.append(Piece(words, "x" if kind == "new" else None, "x" if kind == "gone" else None))
            name = each.list.replace("contents:", "contents, ")
            noun = {"definitions": "definition", "documents": "document", "sections": "provision"}.get(name, name)
            field = {"record": "", "text": "", "order": ", its place: after"}.get(
                each.field, f", {each.field.replace('_', ' ')}"
            )
            gone = each.field == "record" and each.published is None and each.kind == "present_and_not_ordered"
            heading = f"{noun} “{each.key}”{field}: {'gone and not ordered' if gone else SAID[each.kind]}"
            click.echo(show_difference(heading, tuple(pieces), style) + "\n")


def _whole(value: str) -> list[str]:
    """A date, a version or a title, which is shown as a whole."""
    return [value] if value else []


def _part(name: str) -> str:
    """What a list of records is called."""
    parts = {"documents": "the register of documents", "sections": "the provisions of Sections"}
    group = name.removeprefix("contents:")
    return parts.get(name, name if group == name else f"the contents, {group}")


def _diff(old: list[str], new: list[str]) -> list[tuple[str, str]]:
    from difflib import SequenceMatcher

    result: list[tuple[str, str]] = []
    for tag, low, high, from_, to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            result.append(("", "".join(old[low:high])))
            continue
        if high > low:
            result.append(("gone", "".join(old[low:high])))
        if to > from_:
            result.append(("new", "".join(new[from_:to])))
    return result
