"""The redline in a terminal: what each changed record shows of its pieces, and how much of what did not change."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias

from secdefs.change.edits import CODE, Consolidation, Field, Marked, Piece, accepted, rejected
from secdefs.write.terminal import STYLES, Look, columns, day, plain, visible, when, wrap

if TYPE_CHECKING:
    from secdefs.plan import Plan
    from secdefs.sentence.parse import Instruction

Cell: TypeAlias = tuple[str, str]
"""What stands in one place of a line, and its style: "", "new", "gone"."""

MARKS = {"new": ("{+", "+}"), "gone": ("[-", "-]")}
LABEL = re.compile(r"(?:\(\w{1,5}\)|\w{1,4}[.)]|[•–—-]) ")
_LONGEST = 600  # characters of an instruction under each record that it changed
FIELDS = {"in_force_from": "in force from", "as_at": "as at", "section_version": "version of the definitions"}


def show_plan(plan: Plan, look: Look, *, whole: bool = False) -> str:
    """What `plan` prints: the redline, and the instructions that do not take effect yet."""
    blocks = [show_redline(plan.consolidation, plan.instructions, look, whole=whole) or "Nothing changes."]
    if plan.pending:
        lines = [look.paint("not carried out yet", "bold")]
        for each in plan.pending:
            text = f"{label(each)}, from {plain(when(each.commencement))}: {plain(str(each.operation))}"
            lines += wrap(text, look.width, "  ", "    ")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def show_redline(
    consolidation: Consolidation, instructions: Iterable[Instruction], look: Look, *, whole: bool = False
) -> str:
    """Every changed record with its changes marked, and under each the instructions that made them.

    Insertions are underlined in green and omissions struck in red, or {+so+} and [-so-] without colour. Unchanged
    paragraphs and stretches of words are left out as "…", unless `whole`. Empty where nothing changes.
    """
    sentences = {each.id: f"by {label(each)}: {short(plain(str(each.operation)))}" for each in instructions}
    blocks: list[str] = []
    for name, marks in consolidation.lists.items():
        # What one instruction put there and another took away was never in the code: nothing to show.
        shown = [mark for mark in marks if mark.touched() and not (mark.by and mark.gone)]
        if name.startswith("contents:"):
            if shown:
                heading = f"contents, {plain(name.partition(':')[2])}"
                blocks.append(_block(heading, _entries(marks), shown, sentences, look, whole))
            continue
        beside = _beside(marks)
        for mark in shown:
            # The code's version and date follow from the command and from all the instructions, not from one's words.
            orders = [] if name == CODE else [mark]
            heading = _heading(name, mark, beside.get(id(mark), ""))
            blocks.append(_block(heading, _paragraphs(mark), orders, sentences, look, whole))
    return "\n\n".join(blocks)


def _block(
    heading: str,
    lines: list[list[Cell]],
    marks: list[Marked],
    sentences: dict[str, str],
    look: Look,
    whole: bool,
) -> str:
    result = wrap(heading, look.width, rest="  ")
    result = [look.paint(line, "bold") for line in result]
    for cells in lines if whole else _near(lines):
        result += _wrapped(cells if whole else _shortened(cells), look)
    for by in _authors(marks):
        text = sentences.get(by) or f"by {plain(by)}"
        result += [look.paint(line, "dim") for line in wrap(text, look.width, "  ", "    ")]
    return "\n".join(result)


def show_difference(heading: str, pieces: Field, look: Look) -> str:
    """Two texts as one redline under a heading: what is only in the first is gone, what is only in the second new."""
    return _block(plain(heading), _lines(_cells(pieces)), [], {}, look, False)


def label(instruction: Instruction) -> str:
    """An instruction as a reader finds it in the letter: "iii) on line 173"."""
    source = instruction.source
    return f"{plain(source.item)} on line {source.line}" if source.item else f"line {source.line}"


def short(text: str) -> str:
    """A sentence that is shown beside each record it changed: of a long one, which may set out hundreds, the start."""
    return text if len(text) <= _LONGEST else text[:_LONGEST].rstrip() + " …"


def _beside(marks: list[Marked]) -> dict[int, str]:
    """What stands next to each record that is new, by the identity of its mark."""
    standing = [mark for mark in marks if mark.gone is None]
    result = {}
    for at, mark in enumerate(standing):
        if mark.by:
            near = [("after", standing[at - 1])] if at else [("before", each) for each in standing[1:2]]
            result[id(mark)] = "".join(f", {side} “{plain(other.key)}”" for side, other in near)
    return result


def _heading(name: str, mark: Marked, beside: str) -> str:
    if name == CODE:
        return "the code"
    read = rejected if mark.by is None else accepted
    noun = {"definitions": "definition “{}”", "documents": "document {}"}.get(name, "provision {}")
    key = {"definitions": "term", "documents": "place"}.get(name, "label")
    heading = noun.format(plain(read(mark.fields[key])))
    if mark.gone:
        return f"{heading} (omitted)"
    if mark.by:
        return f"{heading} (new{beside})"
    return heading


def _authors(marks: list[Marked]) -> list[str]:
    """The instructions that touched these records, in the order in which a reader meets their work."""
    found = dict.fromkeys(mark.by for mark in marks)
    for mark in marks:
        for pieces in mark.fields.values():
            found.update(dict.fromkeys(who for piece in pieces for who in (piece.gone, piece.by)))
        found[mark.gone] = None
    return [who for who in found if who]


def _cells(pieces: Field, gone: str | None = None) -> list[Cell]:
    """The characters of a field with their styles; `gone`: the whole record is omitted."""
    result: list[Cell] = []
    for piece in pieces:
        if piece.by and (piece.gone or gone):
            continue
        style = "gone" if piece.gone or gone else "new" if piece.by else ""
        result += [(c if c == "\n" else visible(c), style) for c in piece.text]
    return result


def _lines(cells: list[Cell]) -> list[list[Cell]]:
    """The paragraphs of a field. Where two are joined, or one is divided, the sign of the paragraph shows it."""
    result: list[list[Cell]] = [[]]
    breaks: list[str] = []  # how each line ends: the style of its break, or "shown" where only the redline breaks it
    before: list[Cell] = []
    opened = 0
    for style, group in groupby(cells, lambda cell: cell[1]):
        run = list(group)
        replaced = bool(before) and (before[0][1], style) == ("gone", "new")
        if replaced and not _standing(result[opened]) and (("\n", "gone") in before or ("\n", "new") in run):
            # Whole paragraphs for whole paragraphs: the new begin on a line of their own, as deep as the old.
            breaks.append("shown")
            result.append([(" ", "")] * _depth(result[opened]))
        opened = len(result) - 1  # the line on which this run begins
        for cell in run:
            if cell[0] == "\n":
                breaks.append(style)
                result.append([])
            else:
                result[-1].append(cell)
        before = run
    last = 0
    for at, line in enumerate(result):
        if _standing(line):
            between = [each for each in breaks[last:at] if each != "shown"]
            # Where a whole line comes or goes, its words show it; where standing words part or meet, the sign does.
            if between and all(between):
                result[at - 1].append(("¶", between[-1]))
            last = at
    return result


def _standing(cells: list[Cell]) -> bool:
    return any(not style and character != " " for character, style in cells)


def _paragraphs(mark: Marked) -> list[list[Cell]]:
    """What a record shows, line by line: its text, and by name the other fields that matter."""
    result: list[list[Cell]] = []
    for name, pieces in mark.fields.items():
        changed = any(piece.by or piece.gone for piece in pieces)
        if name == "text":
            result += _lines(_cells(pieces, mark.gone))
        elif pieces and (changed or (name in ("title", "version", "heading") and "text" not in mark.fields)):
            if mark.by and name in ("term", "label", "place"):
                continue
            if name in ("in_force_from", "as_at"):
                pieces = tuple(Piece(_day(piece.text), piece.by, piece.gone) for piece in pieces)
            result.append([(c, "") for c in f"{FIELDS.get(name, name)}: "] + _cells(pieces, mark.gone))
    return result


def _day(text: str) -> str:
    try:
        return day(dt.date.fromisoformat(text))
    except ValueError:
        return text  # a part of a date, where an edit touched no more


def _entries(marks: list[Marked]) -> list[list[Cell]]:
    result = []
    for mark in marks:
        if not (mark.by and mark.gone):
            style = "gone" if mark.gone else "new" if mark.by else ""
            between: list[Cell] = [(":", style), (" ", style)]
            fields = mark.fields
            result.append(_cells(fields["label"], mark.gone) + between + _cells(fields["title"], mark.gone))
    return result


def _touched(cells: list[Cell]) -> bool:
    return any(style for _, style in cells)


def _near(lines: list[list[Cell]]) -> Iterator[list[Cell]]:
    """The changed lines, the line before and after each, and the lines that lead in to it; "…" for what is left out."""
    kept: set[int] = set()
    leads: list[tuple[int, int]] = []  # the depths of the lines that lead in to this one, and their numbers
    for at, cells in enumerate(lines):
        depth = _depth(cells)
        while leads and leads[-1][0] >= depth:
            leads.pop()
        if _touched(cells):
            kept |= {at - 1, at, at + 1, *(above for _, above in leads)}
        leads.append((depth, at))
    skipped = False
    for at, cells in enumerate(lines):
        if at in kept:
            if skipped:
                yield [(c, "") for c in " " * _depth(cells) + "…"]
            yield cells
        skipped = at not in kept
    if skipped:
        yield [("…", "")]


def _depth(cells: list[Cell]) -> int:
    return next((at for at, (character, _) in enumerate(cells) if character != " "), len(cells))


def _shortened(cells: list[Cell], few: int = 4, many: int = 12) -> list[Cell]:
    """A line without the long stretches of words in which nothing changes; its first words stay, with its label."""
    result: list[Cell] = []
    runs: list[list[Cell]] = []
    for cell in cells:
        if runs and bool(runs[-1][-1][1]) == bool(cell[1]):
            runs[-1].append(cell)
        else:
            runs.append([cell])
    for at, run in enumerate(runs):
        first, last = at == 0, at == len(runs) - 1
        indent = _depth(run) if first else 0
        spaces = [i for i, (character, _) in enumerate(run) if character == " " and i >= indent]
        before, after = few if first and not last else many, 0 if last else many
        if run[0][1] or len(spaces) < before + after + 8:
            result += run
            continue
        result += [*run[: spaces[before - 1]], (" ", ""), ("…", "")]
        result += run[spaces[-after] :] if after else []
    return result


def _wrapped(cells: list[Cell], look: Look) -> list[str]:
    """A line of the redline, marked or painted, in lines of the terminal with a hanging indent."""
    depth = _depth(cells)
    cells = cells[depth:]
    indent = 4 + depth
    hanging = indent + 4 if LABEL.match("".join(character for character, _ in cells)) else indent
    if not look.colour:
        cells = _signed(cells)
    lines: list[list[Cell]] = [[]]
    room = look.width - indent
    for word in _words(cells):
        gap = 1 if lines[-1] and word[0][0] == " " else 0
        if lines[-1] and _wide(lines[-1]) + _wide(word) > room and gap:
            lines.append([])
            room = look.width - hanging
        lines[-1] += word[1:] if word[0][0] == " " and not lines[-1] else word
    return [" " * (hanging if at else indent) + _painted(line, look) for at, line in enumerate(lines)]


def _wide(cells: list[Cell]) -> int:
    return columns("".join(character for character, _ in cells))


def _signed(cells: list[Cell]) -> list[Cell]:
    """The line with [-…-] and {+…+} about what changed."""
    result: list[Cell] = []
    before = ""
    for character, style in [*cells, ("", "")]:
        if style != before:
            if before:
                result.append((MARKS[before][1], "closing"))
            if style:
                result.append((MARKS[style][0], "opening"))
        if character:
            result.append((character, ""))
        before = style
    return result


def _words(cells: list[Cell]) -> Iterator[list[Cell]]:
    """The words of a line, each with the space before it. A sign is never parted from the space that it encloses."""
    word: list[Cell] = []
    for at, cell in enumerate(cells):
        enclosed = (word and word[-1][1] == "opening") or (at + 1 < len(cells) and cells[at + 1][1] == "closing")
        if cell[0] == " " and word and not enclosed:
            yield word
            word = []
        word.append(cell)
    if word:
        yield word


def _painted(cells: list[Cell], look: Look) -> str:
    result, run, before = "", "", ""
    for character, style in [*cells, ("", "end")]:
        if style != before:
            result += look.paint(run, before) if before in STYLES else run
            run, before = "", style
        run += character
    return result
