"""The outline of a letter: its paragraphs, labels, lists, blocks and footnotes. Shapes only; it reads no language.

The way from lines to clauses: page furniture and footnotes are lifted out, lines are joined to paragraphs, quotation
marks are paired over the paragraphs, and last the labels make a tree. Offsets are code points of the text as given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec

from secdefs.outline.clauses import Node, Tree
from secdefs.outline.labels import block_lines
from secdefs.outline.lines import Wraps, rows_of, without_footnotes, without_furniture
from secdefs.outline.paragraphs import SHORTENED, Prose, paragraphs
from secdefs.outline.shapes import FORGED, QUOTE, Clause, Footnote, Hyphen, Layout, Outline, Span

__all__ = [
    "QUOTE",
    "Clause",
    "Footnote",
    "Hyphen",
    "Layout",
    "Outline",
    "Span",
    "block_of",
    "clause",
    "outline",
    "sentences",
    "spans",
    "walk",
]


def outline(text: str, layout: Layout | None = None, known: frozenset[str] = frozenset()) -> Outline:
    """Read the shape of a letter whose lines end in a line feed.

    `layout` is what is known of it from the file that the text was read from; without it lines, footnotes and page
    furniture are told from the characters alone. `known` are words beside the letter's own: the form in which a word
    stands elsewhere tells whether a hyphen at a line's end divides it.
    """
    text = text.translate(FORGED)
    rows = rows_of(text)
    if layout is None:
        wraps = Wraps(rows)
        rows, furniture = without_furniture(text, rows)
        rows, footnotes = without_footnotes(text, rows, wraps)
        groups = paragraphs(rows, wraps)
    else:
        furniture, footnotes = list(layout.furniture), list(layout.footnotes)
        apart = {start for start, _ in furniture} | {note.start for note in footnotes}
        groups = [[row] for row in rows if row.start not in apart]
    prose = Prose(text, groups, {note.anchor: len(note.mark) for note in footnotes if note.anchor is not None}, known)
    tree = Tree(prose)
    return Outline(
        tuple(node.clause() for node in tree.top),
        tuple(footnotes),
        tuple(furniture),
        tuple(prose.at[mark] for mark in prose.marks.unbalanced),
        tuple(sorted(tree.ambiguous)),
        tuple(prose.hyphens) if layout is None else layout.hyphens,
    )


def clause(words: str, *, block: Iterable[str] = ()) -> Clause:
    """One clause from one sentence, with the lines of the block that follows it where there is one."""
    words = words.translate(FORGED)
    pieces = [(found.start(), found.group()) for found in re.finditer(r"\S+", words)]
    prose = Prose.of_line(words, pieces)
    (node,) = Tree(prose, plain=True).top or [Node(prose, 0, 0, 0)]
    result = node.clause()
    given = tuple(block)
    return msgspec.structs.replace(result, block=block_of(given)) if given else result


# One line, quoted whole or not at all, with no mark inside: the commonest block has no levels to find.
_NO_MARK = "[^“”‘’\"'\n\ue000\ue001]"
_SHOWN = "[^\\s“”‘’\"'\ue000\ue001]"
_ONE_LINE = re.compile(rf"\s*(?:“({_NO_MARK}*{_SHOWN}{_NO_MARK}*)”[.,;:]?|({_NO_MARK}*{_SHOWN}))\s*")


def block_of(given: Sequence[str]) -> tuple[str, ...]:
    """The lines of a block as a clause has them: those given as they stand, with their indentation."""
    match given:
        case (only,) if found := _ONE_LINE.fullmatch(only):
            return ((found[1] or found[2]).strip(),)
    lines = [line.translate(FORGED) for line in given]
    indents = [len(line) - len(line.lstrip()) for line in lines]
    return tuple(block_lines("\n".join(line.strip() for line in lines), indents))


def walk(clauses: Iterable[Clause]) -> Iterable[Clause]:
    """The clauses and all that hang on them, in the order of the letter."""
    for found in clauses:
        yield found
        yield from walk(found.children)


def spans(found: Outline) -> tuple[Span, ...]:
    """What every stretch of the letter belongs to: disjoint, in order; all that is not blank is in exactly one."""
    ground: list[Span] = []
    for each in walk(found.clauses):
        words = each.offsets[-1]
        ground.append(Span("clause", each.start, words))
        if words < each.end:
            ground.append(Span("block", words, each.end))
    lifted = [Span("furniture", start, end) for start, end in found.furniture]
    for note in found.footnotes:
        lifted.append(Span("footnote", note.start, note.end))
        if note.anchor is not None:
            lifted.append(Span("footnote", note.anchor, note.anchor + len(note.mark)))
    ground.sort(key=lambda span: span.start)
    lifted.sort(key=lambda span: span.start)
    result: list[Span] = []
    index = 0
    for kind, start, end in ground:
        while index < len(lifted) and lifted[index].end <= start:
            index += 1
        here = index
        while here < len(lifted) and lifted[here].start < end:
            if start < lifted[here].start:
                result.append(Span(kind, start, lifted[here].start))
            start = lifted[here].end
            here += 1
        if start < end:
            result.append(Span(kind, start, end))
    return tuple(sorted([*result, *lifted], key=lambda span: span.start))


_STOP = re.compile(rf"[.!?][)\]]*\s+(?=[({{\[]?(?:{QUOTE}|[“‘\"]|[A-Z]))")


def sentences(whole_clause: Clause) -> tuple[Clause, ...]:
    """A clause's sentences, offsets kept. The label goes to the first; the block and the items to the last.

    A stop inside a quotation or in brackets ends no sentence, nor does one after a single letter or number.
    """
    text = whole_clause.text
    stops = tuple(_STOP.finditer(text))
    depth = _bracket_depth(text) if stops else []
    cuts = [0]
    for stop in stops:
        if depth[stop.end()] == 0 and not (
            text[stop.start()] == "." and SHORTENED.search(text[max(0, stop.start() - 12) : stop.start()])
        ):
            cuts.append(stop.end())
    if len(cuts) == 1:
        return (whole_clause,)
    result = []
    quotes = 0
    for start, end in zip(cuts, [*cuts[1:], len(text)], strict=True):
        words = text[start:end].rstrip()
        held = words.count(QUOTE)
        last = end == len(text)
        finish = whole_clause.offsets[-1]
        if not last:
            final = start + len(words) - 1
            finish = whole_clause.offsets[final] + 1
            if text[final] == QUOTE:
                finish = whole_clause.quotes[quotes + held - 1].end
        result.append(
            Clause(
                whole_clause.label if start == 0 else None,
                words,
                whole_clause.quotes[quotes : quotes + held],
                (*whole_clause.offsets[start : start + len(words)], finish),
                whole_clause.block if last else (),
                whole_clause.children if last else (),
                whole_clause.start if start == 0 else whole_clause.offsets[start],
                whole_clause.end if last else finish,
            )
        )
        quotes += held
    return tuple(result)


def _bracket_depth(text: str) -> list[int]:
    """How many brackets that are closed later stand open before each character."""
    change = [0] * (len(text) + 1)
    opened: list[int] = []
    for at, char in enumerate(text):
        if char in "([":
            opened.append(at)
        elif char in ")]" and opened:
            change[opened.pop()] += 1
            change[at] -= 1
    depth = 0
    for at in range(len(change)):
        depth += change[at]
        change[at] = depth
    return change
