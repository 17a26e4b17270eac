"""The view of a text as lines and paragraphs: where each begins and ends, and what the parts of it are called.

A text is one string: a line is a paragraph, two leading spaces a level. Nothing here changes a text; every value is
an offset in code points into the text given.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

import msgspec

from secdefs.findings import Refused
from secdefs.model import Part, Sentence

# The closed list of labels: (a) (aa) (A1) (1) (1A) (i) a) i) 1. 1A. and the bullets. A year in brackets is none.
_BARE = r"[a-z]{1,3}|[ivxlc]{2,7}|[A-Z]{1,2}\d{0,3}|\d{1,3}[A-Z]{0,3}"
LABEL = re.compile(
    rf"(?:\((?P<inside>{_BARE})\)|(?P<half>[a-z]{{1,2}}|[ivxlc]{{2,7}})\)"
    r"|(?P<stop>\d{1,3}[A-Z]{0,3})\.|(?P<bullet>[•–]))(?=\s|$)"
)


class Line(msgspec.Struct, frozen=True):
    """A line: `start` to `end` (its newline not counted), its level, its label and where its words begin.

    `label` is bare ("b" for "(b)", "1A", "•") or None; `content` is where the line begins after its indentation,
    `body` where its words begin after the label. All offsets are code points of the whole text.
    """

    start: int
    end: int
    depth: int
    label: str | None
    content: int
    body: int

    @property
    def blank(self) -> bool:
        return self.content == self.end


class Paragraph(msgspec.Struct, frozen=True):
    """A labelled paragraph with all that belongs to it; the first of a text is the text itself, of path ().

    `first` and `last` are indices of lines; `parent` is the index of the paragraph that holds it (its own for the
    text itself); `start` and `end` are the offsets of its subtree, its label included.
    """

    path: tuple[str, ...]
    depth: int
    parent: int
    first: int
    last: int
    start: int
    end: int


@lru_cache(maxsize=1024)
def lines(text: str) -> tuple[Line, ...]:
    """The lines of a text, blank ones too."""
    result: list[Line] = []
    start = 0
    for words in text.split("\n"):
        end = start + len(words)
        bare = words.lstrip()
        content = body = end - len(bare)
        label = LABEL.match(bare)
        if label:
            body = end - len(bare[label.end() :].lstrip())
        named = label[label.lastgroup or 0] if label else None
        result.append(Line(start, end, (content - start) // 2, named, content, body))
        start = end + 1
    return tuple(result)


@lru_cache(maxsize=1024)
def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """The labelled paragraphs in the order of the text, the text itself first.

    To a paragraph belong the deeper lines after it, and once there was one, the unlabelled lines of its own depth (its
    flush tail). An unlabelled line of its depth straight after it is not its own: nothing shows that it is.
    """
    rows = lines(text)
    paths: list[tuple[str, ...]] = [()]
    depths, parents, firsts, lasts = [-1], [0], [0], [0]
    standing = [0]
    last = 0
    for index, line in enumerate(rows):
        if line.content == line.end:
            continue
        while top := standing[-1]:
            tail = line.label is None and line.depth == depths[top] and last > firsts[top]
            if tail or line.depth > depths[top]:
                break
            lasts[standing.pop()] = last
        if line.label is not None:
            paths.append((*paths[standing[-1]], line.label))
            depths.append(line.depth)
            parents.append(standing[-1])
            firsts.append(index)
            lasts.append(index)
            standing.append(len(paths) - 1)
        last = index
    for top in standing:
        lasts[top] = last
    return tuple(
        Paragraph(
            path,
            depths[number],
            parents[number],
            firsts[number],
            lasts[number],
            rows[firsts[number]].content if number else 0,
            rows[lasts[number]].end if number else len(text),
        )
        for number, path in enumerate(paths)
    )


def cited(path: tuple[str, ...]) -> str:
    """A path as it is cited: "(b)(ii)"; bullets stand bare."""
    return "".join(label if label in "•–" else f"({label})" for label in path)


def paragraph(text: str, path: tuple[str, ...]) -> Paragraph:
    """The one paragraph of that path. Raises Refused: SD203 where there is none, SD209 where there are two."""
    known = paragraphs(text)
    found = [one for one in known if one.path == path]
    if not found:
        raise _missing(text, path)
    if len(found) > 1:
        raise Refused(
            "SD209",
            f"{len(found)} paragraphs answer to {cited(path)}",
            "name the words to be changed with more of the words around them, or set the text's levels right",
        )
    return found[0]


def _missing(text: str, path: tuple[str, ...]) -> Refused:
    known = {one.path for one in paragraphs(text)}
    depth = next(size for size in range(len(path) - 1, -1, -1) if path[:size] in known)
    there = children(text, path[:depth])
    within = f" in {cited(path[:depth])}" if depth else ""
    labels = ", ".join(cited(child.path[-1:]) for child in there)
    return Refused(
        "SD203",
        f"there is no paragraph {cited(path[depth : depth + 1])}{within}",
        f"there are {labels}" if len(there) > 1 else f"there is {labels}" if there else "it has no labelled paragraphs",
    )


def children(text: str, path: tuple[str, ...]) -> tuple[Paragraph, ...]:
    """The labelled paragraphs directly under the paragraph or paragraphs of that path, in order."""
    known = paragraphs(text)
    return tuple(child for child in known[1:] if known[child.parent].path == path)


def extent(text: str, path: tuple[str, ...], through: str | None = None) -> tuple[int, int]:
    """Where the subtree of a paragraph stands, its label included; with `through` up to the end of that sibling.

    The path () is the whole text. Raises Refused: SD203 (no such paragraph), SD209 (two of them).
    """
    if not path:
        return 0, len(text)
    first = paragraph(text, path)
    if through is None:
        return first.start, first.end
    known = paragraphs(text)
    named = (*path[:-1], through)
    later = [one for one in known if one.path == named and one.parent == first.parent and one.start >= first.start]
    if len(later) == 1:
        return first.start, later[0].end
    if later:
        raise Refused(
            "SD209", f"{len(later)} paragraphs answer to {cited(named)}", "set the text's levels right, or name each"
        )
    if any(one.path == named for one in known):
        raise Refused("SD203", f"{cited(named)} does not come after {cited(path)}", "check the range")
    raise _missing(text, named)


def opening(text: str, path: tuple[str, ...], before: str | None = None) -> tuple[int, int]:
    """The opening words of a paragraph: up to the first line of its list, labelled `before` where that is said.

    Raises Refused SD203 where it has none, or where another paragraph stands first.
    """
    whole = paragraph(text, path)
    rows = lines(text)
    inner = _list(text, whole)
    if inner is None or inner[0] <= whole.first:
        raise Refused("SD203", f"{_name(path)} has no opening words", "opening words stand before a list")
    if before is not None:
        _of_list(text, whole, before, "first")
    found = [row for row in rows[whole.first : inner[0]] if not row.blank]
    if not found:
        raise Refused("SD203", f"{_name(path)} has no opening words", "opening words stand before a list")
    return whole.start, found[-1].end


def closing(text: str, path: tuple[str, ...], after: str | None = None) -> tuple[int, int]:
    """The closing words of a paragraph: its flush tail, after the list, whose last label is `after` where that is said.

    Raises Refused SD203 where it has none, or where another paragraph stands last.
    """
    whole = paragraph(text, path)
    inner = _list(text, whole)
    found = [row for row in lines(text)[inner[1] + 1 : whole.last + 1] if not row.blank] if inner else []
    if after is not None:
        _of_list(text, whole, after, "last")
    if not found:
        raise Refused("SD203", f"{_name(path)} has no closing words", "closing words stand after a list")
    return found[0].content, found[-1].end


def _of_list(text: str, whole: Paragraph, label: str, which: Literal["first", "last"]) -> None:
    """Refuse where a paragraph is not the first or the last of a list. Raises Refused SD203 or SD209."""
    items = children(text, whole.path)
    here = [item for item in items if item.path[-1] == label]
    if not here:
        raise _missing(text, (*whole.path, label))
    if len(here) > 1:
        raise Refused("SD209", f"{len(here)} paragraphs answer to {cited((*whole.path, label))}", "quote the words")
    at = items.index(here[0])
    if here[0] is not items[0 if which == "first" else -1]:
        side, other = ("before", items[at - 1]) if which == "first" else ("after", items[at + 1])
        raise Refused(
            "SD203",
            f"{side} paragraph {cited(here[0].path)} stands paragraph {cited(other.path)}, and no words of the whole",
            f"name the {which} paragraph of the list, or quote the words to be changed",
        )


def _name(path: tuple[str, ...]) -> str:
    return f"paragraph {cited(path)}" if path else "the text"


def _list(text: str, whole: Paragraph) -> tuple[int, int] | None:
    """The first and last line of a paragraph's list: labelled, or where nothing is, the deeper lines."""
    items = children(text, whole.path)
    if items:
        return items[0].first, items[-1].last
    rows = lines(text)
    level = rows[whole.first].depth
    deeper = [n for n in range(whole.first + 1, whole.last + 1) if not rows[n].blank and rows[n].depth > level]
    return (deeper[0], deeper[-1]) if deeper else None


# --- sentences --------------------------------------------------------------------------------------------------------

_STOP = re.compile(r"[.?!][\"'”’)\]]*(?=\s|$)")
_BEGINS = re.compile(r"[^\S\n]+[\"'“‘(\[]*[A-Z]")
_TITLES = frozenset(
    "Mr Mrs Ms Dr St No Nos Art Arts art arts para paras reg regs c cf v vs Ch p pp s ss Sch Vol".split()
)
_NAMED = re.compile(r"\b(?:Part|Section|Schedule|Appendix|Annex|Class|Group|Category|Table|Form|Zone)\s\w$")


def abbreviated(text: str, stop: int) -> bool:
    """Whether the full stop at this offset belongs to an abbreviation: "8 a.m.", "No. 5", "S.I."."""
    before = text[max(0, stop - 24) : stop]
    word = re.search(r"(?:\w\.)*\w+$", before)
    if word is None:
        return False
    if "." in word[0]:
        return len(word[0].rpartition(".")[2]) == 1 and word[0].replace(".", "").isalpha()
    return word[0] in _TITLES


def sentence(text: str, extent: tuple[int, int], n: int) -> tuple[int, int]:
    """The nth sentence of a range, from 1; -1 is the last. Raises Refused SD203 where there are not so many."""
    found = sentences(text, extent)
    index = n - 1 if n > 0 else n
    if n == 0 or not -len(found) <= index < len(found):
        count = "1 sentence" if len(found) == 1 else f"{len(found)} sentences"
        raise Refused("SD203", f"there is no sentence {n}", f"the place has {count}")
    return found[index]


def sentences(text: str, extent: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    """The sentences of a range. One ends at a stop before a capital or at a line's end; a list runs through."""
    start, end = extent
    labels = {(row.content, row.body) for row in lines(text) if row.label}
    cuts: list[int] = []
    for stop in _STOP.finditer(text, start, end):
        at = stop.end()
        if any(content <= stop.start() < body for content, body in labels):
            continue
        if at < end and text[at] != "\n" and not _BEGINS.match(text, at, end):
            continue
        inner = at < end and text[at] != "\n"
        if inner and stop[0] == "." and _runs_on(text, stop.start()):
            continue
        cuts.append(at)
    if not cuts or text[cuts[-1] : end].strip():
        cuts.append(end)
    result = []
    for cut in cuts:
        low = start + len(text[start:cut]) - len(text[start:cut].lstrip())
        high = low + len(text[low:cut].rstrip())
        if high > low:
            result.append((low, high))
        start = cut
    return tuple(result)


def _runs_on(text: str, stop: int) -> bool:
    # "8 a.m. The" ends a sentence, "S.I. The" and "No. The" do not; "J. Smith" is a name, "Appendix A. The" is not.
    before = text[max(0, stop - 24) : stop]
    if re.search(r"\b[ap]\.m$", before):
        return False
    if re.search(r"\b[A-Z]$", before):
        return not _NAMED.search(before)
    return abbreviated(text, stop)


def scope(
    text: str, path: tuple[str, ...], through: str | None, part: Part, beside: str | None = None
) -> tuple[int, int]:
    """The range that a reference names in a field's text: RULE "the whole subtree, unless the sentence says less".

    `beside` is the label before or after which the opening or closing words are said to stand.
    A term and a heading are fields of their own: of these the whole text given. Raises Refused SD203 or SD209.
    """
    match part:
        case "opening" | "closing" if through is not None:
            raise Refused("SD209", f"{cited(path)} to ({through}) have {part} words each", "write a sentence for each")
        case "term" | "heading":
            return 0, len(text)
        case "text":
            return extent(text, path, through)
        case "opening":
            return opening(text, path, beside)
        case "closing":
            return closing(text, path, beside)
        case Sentence(sentence=n):
            return sentence(text, extent(text, path, through), n)
