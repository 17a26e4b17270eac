"""What makes an order doubtful that reads well: a mark alone, a lost redline, a hyphen, a footnote, a repetition."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from secdefs.findings import Finding, Refused, finding
from secdefs.letter import kinds
from secdefs.letter.sheet import Sheet
from secdefs.outline import Clause, Footnote, Hyphen
from secdefs.sentence.parse import Instruction

# A closing mark outside of every quotation, and no apostrophe after a plural.
_STRAY = re.compile(r"[^\W\dsS_][’'](?=[\s,.;:)]|$)|[”“]")


def marks_alone(sheet: Sheet, clause: Clause, unbalanced: Sequence[int], label: str | None) -> Iterator[Finding]:
    """A quotation mark without its fellow in a clause of an order: what is quoted may begin or end elsewhere.

    `unbalanced` are the offsets of such marks in the letter.
    """
    alone = [at for at in unbalanced if clause.start <= at < clause.end]
    alone += [clause.offsets[found.end() - 1] for found in _STRAY.finditer(clause.text)]
    for at in alone[:1]:
        yield finding(
            "SD109",
            "this quotation mark has no fellow, so that what is quoted may begin or end elsewhere",
            hint="put the missing mark in, or take this one out",
            source=sheet.place(at, at + 1, label),
        )


def lost_redline(sheet: Sheet, sentence: Clause, label: str | None) -> Iterator[Finding]:
    """The first place of an order that looks like a redline whose marks are lost."""
    for start, end in kinds.redline(sheet.text[sentence.start : sentence.end]):
        yield finding(
            "SD123",
            "this looks like old and new words run together, as when a marked-up text loses its marks",
            hint="compare it with the letter as it was signed",
            source=sheet.place(sentence.start + start, sentence.start + end, label),
        )
        return


def hyphens_at_line_ends(
    sheet: Sheet, sentence: Clause, hyphens: Sequence[Hyphen], label: str | None
) -> Iterator[Finding]:
    """Each hyphen at a line's end in the words that are quoted or set out, which go into the code."""
    places = [(each.start, each.end) for each in sentence.quotes]
    if sentence.block:
        places.append((sentence.offsets[-1], sentence.end))
    for hyphen in hyphens:
        if any(start <= hyphen.offset < end for start, end in places):
            what = "kept" if hyphen.kept else "taken for a mark of division"
            known = "as the letter or the code has the word elsewhere" if hyphen.known else "since nothing else tells"
            yield finding(
                "SD124",
                f"the hyphen at the end of this line was {what}, {known}",
                source=sheet.place(hyphen.offset, hyphen.offset + 1, label),
            )


def footnotes_that_qualify(sheet: Sheet, notes: Iterable[Footnote], parts: Sequence[tuple[int, int]]) -> None:
    """Refuse a footnote to what directs that may order, or make an exception: it is no place where that is read.

    `parts` are the stretches of the letter that direct.
    """
    for note in notes:
        if note.anchor is None or not kinds.may_qualify(note.text):
            continue
        if any(start <= note.anchor < end for start, end in parts):
            refused = Refused(
                "SD101", "a footnote to the operative part may change what it orders", "put it into the sentence"
            )
            sheet.mark(note.start, note.end, "not_understood")
            sheet.refuse_place(refused, sheet.place(note.start, note.end))


def ordered_twice(instructions: Iterable[Instruction]) -> Iterator[Finding]:
    """What a letter orders twice, as where a line of it was copied twice."""
    first: dict[str, Instruction] = {}
    for each in instructions:
        key = repr((each.operation, each.commencement, each.effect))
        if key in first and each.effect == "textual":
            yield finding(
                "SD206",
                f"the letter orders this already on line {first[key].source.line}",
                hint="take one of the two out",
                source=each.source,
                instruction=each.id,
            )
        first.setdefault(key, each)
