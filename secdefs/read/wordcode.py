"""A Word file as a code file: its records, what could not be placed among them, and what the file does not say."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from lxml import etree

from secdefs.findings import Finding, SecdefsError, Source, finding
from secdefs.model import Code, Definition, Definitions, Entry, Group, Provision, Record
from secdefs.read.contents import contents, line
from secdefs.read.encoding import shown
from secdefs.read.package import Package, W
from secdefs.read.provisions import provisions
from secdefs.read.revisions import Existing
from secdefs.read.runs import Line, text
from secdefs.read.section import Unplaced, definitions, lines_of, order_of, section
from secdefs.read.word import Word, has_object, words_of


class Held(NamedTuple):
    """A record as the document holds it: in which list, its fields with the lines of each, the rows or the paragraphs
    that are its own. Where there are no rows, the first line of a text may stand behind the term in its paragraph."""

    list: str
    record: Record
    fields: dict[str, tuple[Line, ...]]
    rows: tuple[etree._Element, ...]
    paragraphs: tuple[etree._Element, ...]


class WordCode(NamedTuple):
    """What a Word file holds of a code. `section` and `heading` are null where the document does not say them.

    `provisions` are those that stand beside the definitions: they are imported, and cannot be changed in the file.
    """

    word: Word
    held: tuple[Held, ...]
    section: str | None
    heading: str | None
    findings: tuple[Finding, ...]
    provisions: tuple[Provision, ...] = ()

    def code(self, title: str, as_at: dt.date, section: str | None = None, short_title: str | None = None) -> Code:
        """The code file. `section` is the label of the Section where the document does not say it.

        Raises `SecdefsError` where neither says it.
        """
        records = {name: tuple(each.record for each in self.held if each.list == name) for name in self.lists}
        entries = records.pop("definitions", None)
        part = None
        if entries is not None:
            label = self.section or section
            if label is None:
                raise SecdefsError(
                    f"{self.word.package.name}: the document does not say which Section it is: give --section LABEL"
                )
            terms = tuple(each.term for each in entries if isinstance(each, Definition))
            part = Definitions(
                section=label,
                heading=self.heading,
                order=order_of(terms),
                entries=tuple(each for each in entries if isinstance(each, Definition)),
            )
        groups = tuple(
            Group(group=name.partition(":")[2], entries=tuple(each for each in of if isinstance(each, Entry)))
            for name, of in records.items()
        )
        return Code(title=title, short_title=short_title, as_at=as_at, definitions=part, contents=groups or None)

    @property
    def lists(self) -> tuple[str, ...]:
        """The names of its lists, "definitions" or "contents:GROUP", in order."""
        return tuple(dict.fromkeys(each.list for each in self.held))


def read_word(data: bytes, name: str, existing: Existing | None) -> WordCode:
    """What a Word file holds of a code: definitions, or where it has none, a contents list.

    The findings say what could not be placed. Raises `SecdefsError` for a file that cannot be read, for one that holds
    neither, and for tracked changes when `existing` is null.
    """
    return from_word(Word(Package(data, name), existing))


def from_word(word: Word, known: frozenset[str] = frozenset()) -> WordCode:
    """What a document that is open holds of a code. `known` are terms of which it is known that they are defined."""
    held, other, doubtful = _definitions(word, known)
    if not held:
        held, other = _contents(word)
    name = word.package.name
    if not held:
        raise SecdefsError(
            f"{name}: no definitions are found in it (a table of two columns, or paragraphs that begin with a bold or "
            "quoted term), and no contents list"
        )
    clauses: tuple[Provision, ...] = ()
    place = section(each for each in other if not each.inside) if held[0].list == "definitions" else None
    if held[0].list == "definitions":
        clauses, other = provisions(word, other)
    findings = [*_doubled(held, name), *_placeless(other, name, bool(held[0].rows))]
    for term in doubtful:
        what = f"the levels of “{shown(term)}” can be read in more than one way; nothing in the document tells"
        findings.append(_say(name, "SD503", what, "number its paragraphs, or indent them", "note"))
    findings += _remarks(word, held)
    label, heading = place or (None, None)
    return WordCode(word, tuple(held), label, heading, tuple(findings), clauses)


def _definitions(word: Word, known: frozenset[str]) -> tuple[list[Held], list[Unplaced], list[str]]:
    found, other = definitions(word, known)
    held, doubtful = [], []
    for each in found:
        lines, ambiguous = lines_of(word, each.parts)
        term = text(each.term[0].stretches)
        spelled = "\n".join(each.text for each in lines)
        if ambiguous:
            doubtful.append(term)
        paragraphs = () if each.rows else tuple(dict.fromkeys((each.term[0].paragraph, *(p for p, _ in each.parts))))
        held.append(
            Held(
                "definitions",
                Definition(term=term, text=spelled),
                {"term": each.term, "text": lines},
                tuple(each.rows),
                paragraphs,
            )
        )
    return held, other, doubtful


def _contents(word: Word) -> tuple[list[Held], list[Unplaced]]:
    found, other = contents(word)
    held = []
    for each in found:
        label, title = line(each.places[0], each.label), line(each.places[1], each.title)
        held.append(
            Held(
                f"contents:{each.group}",
                Entry(label=text(each.label), title=text(each.title)),
                {"label": (label,), "title": (title,)},
                () if each.row is None else (each.row,),
                tuple(dict.fromkeys(each.places)) if each.row is None else (),
            )
        )
    return (held, other) if len(held) > 1 else ([], other)


def _say(name: str, code: str, message: str, hint: str | None, weight: str) -> Finding:
    source = Source(name, None, None, 1, 1, 0, 0)
    return finding(
        code,
        message,
        hint=hint,
        source=source,
        weight="error" if weight == "error" else "note" if weight == "note" else "warning",
    )


def _doubled(held: Iterable[Held], name: str) -> Iterable[Finding]:
    counts = Counter((each.list, _key(each.record)) for each in held)
    for (where, key), count in counts.items():
        if count > 1:
            noun = "“{}” is defined {} times" if where == "definitions" else "“{}” is listed {} times"
            message = noun.format(shown(key), count)
            yield _say(
                name, "SD510", message, "correct the document: of two that are alike none can be changed", "error"
            )


def _key(record: Record) -> str:
    return record.term if isinstance(record, Definition) else getattr(record, "label", "")


def _placeless(other: list[Unplaced], name: str, table: bool) -> Iterable[Finding]:
    """What could not be placed: one finding for all that stands before or after, one for each that stands among."""
    inside = [each for each in other if each.inside]
    outside = [each for each in other if not each.inside]
    for each in inside[:20]:
        what = "a row" if table else "a paragraph"
        yield _say(
            name, "SD510", f"{what} is no definition and is left as it is: “{shown(each.words)}”", None, "warning"
        )
    if len(inside) > 20:
        yield _say(name, "SD510", f"{len(inside) - 20} more are left as they are", None, "warning")
    if outside:
        first, many = shown(outside[0].words), len(outside) > 1
        what = f"{len(outside)} paragraphs or rows are not placed; the first is" if many else "not placed:"
        yield _say(name, "SD510", f"{what} “{first}”", None, "note")


_STRUCK = "delete it in Word, or take the line through it away"


def is_on(mark: etree._Element) -> bool:
    """Whether a property that is on or off is on."""
    return mark.get(f"{W}val", "true") not in ("0", "false", "off")


def _remarks(word: Word, held: list[Held]) -> Iterable[Finding]:
    name = word.package.name
    if word.changed:
        yield _say(name, "SD512", "the document had tracked changes; they were settled as asked", None, "note")
    for what, words in word.unread():
        quoted = f": “{shown(words)}”" if words else ""
        yield _say(name, "SD511", f"the words of {what} are not read{quoted}", None, "warning")
    told = False  # of struck words: beside the records they are said once
    for each in held:
        places = {line.paragraph for lines in each.fields.values() for line in lines}
        if any(has_object(place) for place in places):
            yield _say(name, "SD511", f"a picture in “{shown(_key(each.record))}” is not read", None, "warning")
        notes = [note for place in places for note in place.iter(f"{W}footnoteReference", f"{W}endnoteReference")]
        if notes:
            yield _say(name, "SD511", f"a footnote to “{shown(_key(each.record))}” is not read", None, "warning")
        struck = [mark for place in places for mark in place.iter(f"{W}strike", f"{W}dstrike") if is_on(mark)]
        if struck:
            told = True
            message = f"words of “{shown(_key(each.record))}” are struck out by hand, and read as words that stand"
            yield _say(name, "SD511", message, _STRUCK, "warning")
        if any("\ufffd" in line.text for lines in each.fields.values() for line in lines):
            message = f"a sign in “{shown(_key(each.record))}” is known to its font alone: it is read as “\ufffd”"
            yield _say(name, "SD511", message, "type it as an ordinary character", "warning")
    for run in () if told else word.struck():
        words = words_of((run,))
        yield _say(name, "SD511", f"“{shown(words)}” is struck out, and read as words that stand", _STRUCK, "warning")
        break
    unknown = [label.text for label in word.labels.values() if not label.known]
    if unknown:
        message = f"the numbers of a list are of a kind that is not read: “{shown(unknown[0])}” may look otherwise"
        yield _say(name, "SD511", message, None, "warning")
