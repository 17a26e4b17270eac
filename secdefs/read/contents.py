"""Which of a Word document's lines are entries of a contents list, and where their labels and titles stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from secdefs.read.package import W
from secdefs.read.runs import SPACES, Line, Stretch, blocks, cells, cut, rows, text, trimmed
from secdefs.read.section import Unplaced
from secdefs.read.word import Word

_LABEL = r"[A-Z]{1,3}\d{0,2}|\d{1,3}[A-Z]{0,2}"
_GROUPS = {
    "section": "Sections",
    "schedule": "Schedules",
    "appendix": "Appendices",
    "annex": "Annexes",
    "part": "Parts",
    "chapter": "Chapters",
    "exhibit": "Exhibits",
}
_NOUN = re.compile(rf"(?P<noun>{'|'.join(_GROUPS)})[ \t\u00a0]+(?P<label>{_LABEL})(?![\w.])[\s:.–—-]*", re.I)
_BARE = re.compile(rf"(?P<label>{_LABEL})(?:[.:)]?[ \t\u00a0]+[–—-]?|[.:)]|[–—-])\s*(?=\S)")
_PAGE = re.compile(r"[\s.…]*\t[\s.…]*(?:\d{1,4}|[ivxl]{1,6})?\s*$")
_HEADINGS = {heading.casefold(): heading for heading in _GROUPS.values()}


class FoundEntry(NamedTuple):
    """An entry found: its group ("Appendices"), its label and title, and the row or paragraph that holds it."""

    group: str
    label: tuple[Stretch, ...]
    title: tuple[Stretch, ...]
    places: tuple[etree._Element, etree._Element]
    """The paragraphs of the label and of the title."""
    row: etree._Element | None


def contents(word: Word) -> tuple[list[FoundEntry], list[Unplaced]]:
    """The entries of the contents list in order, and all that is none."""
    found: list[FoundEntry] = []
    other: list[Unplaced] = []
    group: str | None = None
    for block, row in _rows(word):
        parts = [part for part in _parts(word, block) if part[1]]
        words = " ".join(text(stretches) for _, stretches in parts).strip()
        if not words:
            continue
        heading = _HEADINGS.get(words.strip(" :.").casefold())
        if heading is not None:
            group = heading
            other.append(Unplaced(words, block, inside=False))
            continue
        entry = _entry(parts, group, row, block if row else None)
        if entry is None:
            other.append(Unplaced(words, block, inside=bool(found)))
            continue
        found.append(entry)
    return found, other


def _rows(word: Word) -> Iterator[tuple[etree._Element, bool]]:
    for block in blocks(word.body):
        if block.tag == f"{W}p":
            yield block, False
        else:
            for row in rows(block):
                yield row, True


def _parts(word: Word, block: etree._Element) -> Iterator[tuple[etree._Element, tuple[Stretch, ...]]]:
    """The paragraphs of a block with their characters; a page number at the end is left out."""
    paragraphs = [block] if block.tag == f"{W}p" else [p for cell in cells(block) for p in blocks(cell)]
    for paragraph in paragraphs:
        if paragraph.tag == f"{W}p":
            stretches = word.stretches(paragraph)
            words = text(stretches)
            page = _PAGE.search(words)
            if page is not None and words[: page.start()].strip():
                stretches = cut(stretches, 0, page.start())
            yield paragraph, stretches


def _entry(
    parts: list[tuple[etree._Element, tuple[Stretch, ...]]],
    group: str | None,
    row: bool,
    holder: etree._Element | None,
) -> FoundEntry | None:
    (first, stretches), *rest = parts
    words = text(stretches)
    start = len(words) - len(words.lstrip(SPACES))
    named = _NOUN.match(words, start)
    if named is not None:
        group = _GROUPS[named["noun"].lower()]
    match = named or (_BARE.match(words + " x" if rest else words, start) if group is not None else None)
    if match is None or group is None:
        return None
    label = cut(stretches, *match.span("label"))
    title = trimmed(cut(stretches, match.end(), len(words)))
    place = first
    if not title and rest:
        place, title = rest[0][0], trimmed(rest[0][1])
    if not title or "\n" in text(title):
        return None
    return FoundEntry(group, label, title, (first, place), holder)


def line(paragraph: etree._Element, stretches: tuple[Stretch, ...]) -> Line:
    """A label or title as a line of its record."""
    return Line(paragraph, 0, "", stretches)
