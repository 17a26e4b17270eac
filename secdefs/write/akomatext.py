"""How words and paragraphs stand in Akoma Ntoso: marks of changes, identifiers, and the levels of a text.

Identifiers follow "Akoma Ntoso Naming Convention Version 1.0" (OASIS) §5 and the published model of UK legislation for
definitions and for what occurs twice.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from itertools import groupby

import msgspec
from lxml import etree

from secdefs.change.edits import Field, Piece
from secdefs.change.text import Line, lines, paragraphs
from secdefs.findings import SecdefsError
from secdefs.read.akoma import CHANGED, NAMESPACE, SPACE, Status, rows_of, text_of
from secdefs.read.encoding import escaped
from secdefs.write.terminal import day as say_day

_PROSE = frozenset("p num heading subheading tocItem docTitle shortTitle mod".split())
_WORD = {status: word for word, status in CHANGED.items()}


_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even escaped."""


def refuse_forbidden(name: str, text: str) -> None:
    """Raises `SecdefsError` where a text, of what is called `name`, has a character that XML cannot hold."""
    if found := _FORBIDDEN.search(text):
        shown = _FORBIDDEN.sub(lambda bad: escaped(bad[0]), name)
        raise SecdefsError(
            f"{shown} has the character {escaped(found[0])}, which XML cannot hold; take it out, or write no XML"
        )


def element(parent: etree._Element, tag: str, /, **attributes: str) -> etree._Element:
    """A new last child of that name."""
    return etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}", attributes)


def indent(root: etree._Element, depth: int = 0) -> None:
    """Lay the document out, two spaces a level, without touching a character of a text."""
    if etree.QName(root).localname in _PROSE or not len(root):
        return
    root.text = "\n" + "  " * (depth + 1)
    for child in root:
        indent(child, depth + 1)
        child.tail = "\n" + "  " * (depth + 1)
    root[-1].tail = "\n" + "  " * depth


class Names:
    """The identifiers of a document, each given once."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def new(self, prefix: str, words: str, *, joint: str = "_") -> str:
        """The identifier of what a label or term names: its letters and digits, and "-" for a stop between them."""
        number = re.sub(r"[^\w-]|_", "", re.sub(r"(?<=\w)\.(?=\w)", "-", words.replace("-", "")))
        return self.once(f"{prefix}{joint}{number or 'x'}")

    def once(self, eid: str) -> str:
        """The identifier, with the number of its occurrence where it is given already."""
        made, count = eid, 1
        while made in self._given:
            count += 1
            made = f"{eid}__oc_{count}"
        self._given.add(made)
        return made


class Marks:
    """The `ins` and `del` of a document, each under the instruction that made it."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._count = {"ins": 0, "del": 0}
        self.made: dict[str, dict[str, list[str]]] = {}
        """By the instruction's id, and "ins" or "del": the identifiers."""

    def new(self, parent: etree._Element, status: Status, by: str) -> etree._Element:
        """A mark at the end of an element."""
        self._count[status] += 1
        eid = self._names.once(f"{status}_{self._count[status]}")
        self.made.setdefault(by, {}).setdefault(status, []).append(eid)
        return element(parent, status, eId=eid)


def status_of(piece: Piece) -> Status:
    """Whether a piece was put there or taken away."""
    return "del" if piece.gone else "ins" if piece.by else ""


def inline(holder: etree._Element, pieces: Field | None, marks: Marks) -> None:
    """Put the words of a field behind what the element holds, changes marked."""
    for piece in pieces or ():
        status = status_of(piece)
        if status:
            marks.new(holder, status, piece.gone or piece.by or "").text = piece.text
        elif len(holder):
            holder[-1].tail = (holder[-1].tail or "") + piece.text
        else:
            holder.text = (holder.text or "") + piece.text


def say_date(holder: etree._Element, pieces: Field, kind: str, marks: Marks) -> None:
    """A day, said in words and as `date`; where it changed, the one and the other in full."""
    standing = "".join(piece.text for piece in pieces if not piece.gone)
    stood = "".join(piece.text for piece in pieces if not piece.by)
    if standing == stood:
        _day(holder, standing, kind)
        return
    for text, status in ((stood, "del"), (standing, "ins")):
        if text:
            by = next(each.gone or each.by for each in pieces if (each.gone if status == "del" else each.by))
            _day(marks.new(holder, status, by or ""), text, kind)  # type: ignore[arg-type]


def _day(holder: etree._Element, text: str, kind: str) -> None:
    made = element(holder, "date", date=text, refersTo=f"#{kind}")
    made.text = say_day(dt.date.fromisoformat(text))


# --- texts ------------------------------------------------------------------------------------------------------------


class _Line(msgspec.Struct, frozen=True):
    """A line of the text with all its characters, those taken away too, and how the break before it is marked."""

    status: Status
    pieces: Field
    line: Line

    @property
    def indentation(self) -> int:
        return self.line.content - self.line.start

    def from_(self, offset: int) -> Field:
        """The pieces from an offset of the whole text on."""
        return _cut(self.pieces, offset - self.line.start)[1]


def _cut(pieces: Field, at: int) -> tuple[Field, Field]:
    before: list[Piece] = []
    for number, piece in enumerate(pieces):
        if at < len(piece.text):
            head, tail = (msgspec.structs.replace(piece, text=text) for text in (piece.text[:at], piece.text[at:]))
            return (*before, *([head] if head.text else [])), (tail, *pieces[number + 1 :])
        before.append(piece)
        at -= len(piece.text)
    return tuple(before), ()


def write_text(holder: etree._Element, pieces: Field, marks: Marks, *, term: Field | None = None) -> None:
    """The text of a definition (behind its `term`) or of a provision, as paragraphs and levels.

    Where it would not come back exactly (odd spaces, say), it is written line by line, with its spaces.
    """
    text = "".join(piece.text for piece in pieces)
    rows = list(_rows(text, pieces))
    expected = {drop: "".join(each.text for each in pieces if status_of(each) != drop) for drop in _READINGS}
    if all(_is_plain(row) and row.line.depth < 100 for row in rows):
        trial = etree.Element(holder.tag)
        _Levels(rows, text, "x", Marks(Names()), term).write(trial)
        if all(text_of(rows_of(trial), drop) == expected[drop] for drop in _READINGS):
            _Levels(rows, text, holder.get("eId") or "", marks, term).write(holder)
            return
    content = element(holder, "content")
    content.set(SPACE, "preserve")
    for number, row in enumerate(rows):
        _paragraph(content, row, row.pieces, marks, term if number == 0 else None)


_READINGS: tuple[Status, ...] = ("ins", "del")


def _rows(text: str, pieces: Field) -> Iterator[_Line]:
    """The lines, each with its pieces."""
    status: Status = ""
    rest = pieces
    for line in lines(text):
        own, rest = _cut(rest, line.end - line.start)
        yield _Line(status, own, line)
        if rest:
            status = status_of(rest[0])
            rest = _cut(rest, 1)[1]


def _is_plain(row: _Line) -> bool:
    """Whether the spaces at the beginning of a line are levels, and go with the break before it."""
    spaces = _cut(row.pieces, row.indentation)[0]
    return "".join(each.text for each in spaces) == "  " * row.line.depth and all(
        status_of(each) == row.status for each in spaces
    )


def _paragraph(
    parent: etree._Element, row: _Line, pieces: Field, marks: Marks, term: Field | None, depth: int = 0
) -> etree._Element:
    made = element(parent, "p")
    words = [f"para{depth}"] if depth else []
    if row.status:
        words.append(_WORD[row.status])
    if words:
        made.set("class", " ".join(words))
    if term is not None:
        defined = element(made, "def")
        inline(defined, term, marks)
        defined.tail = " "
    inline(made, pieces, marks)
    return made


class _Levels:
    """Writes the paragraphs of a text as the tree that they are."""

    def __init__(self, rows: Sequence[_Line], text: str, eid: str, marks: Marks, term: Field | None) -> None:
        self.rows = rows
        self.tree = paragraphs(text)
        self.eid = eid
        self.marks = marks
        self.term = term
        owner = [0] * len(rows)
        for number, each in enumerate(self.tree):
            for row in range(each.first, each.last + 1):
                owner[row] = number  # those inside come later, and so the innermost stays
        if term is not None and len(self.tree) > 1 and self.tree[1].first == 0 and rows[0].line.content:
            owner[0] = 0
        self.owner = owner
        self.names = marks._names

    def write(self, holder: etree._Element) -> None:
        """Put the whole text into the element of its definition or provision."""
        self._fill(holder, 0, self.eid)

    def _groups(self, number: int) -> list[tuple[int | None, list[int]]]:
        """What stands in a paragraph: its own lines (null), or one that it holds, with the lines of either."""
        here = [row for row in range(len(self.rows)) if self._below(row, number)]
        result: list[tuple[int | None, list[int]]] = []
        for inner, run in groupby(here, lambda row: self._child(row, number)):
            result.append((inner, list(run)))
        return result

    def _below(self, row: int, number: int) -> bool:
        at = self.owner[row]
        while at not in (number, 0):
            at = self.tree[at].parent
        return at == number

    def _child(self, row: int, number: int) -> int | None:
        """The paragraph directly inside that a line belongs to; None where it is the paragraph's own."""
        at, below = self.owner[row], None
        while at != number:
            below, at = at, self.tree[at].parent
        return below

    def _fill(self, holder: etree._Element, number: int, prefix: str) -> None:
        groups = self._groups(number)
        leveled = any(inner is not None for inner, _ in groups)
        if self.term is not None and number == 0 and (not groups or groups[0][0] is not None):
            defined = element(element(element(holder, "intro"), "p"), "def")
            inline(defined, self.term, self.marks)
        for at, (inner, rows) in enumerate(groups):
            if inner is not None:
                self._level(holder, inner, prefix)
                continue
            if not leveled:
                parent = element(holder, "content")
            elif at == 0:
                parent = element(holder, "intro")
            elif at == len(groups) - 1:
                parent = element(holder, "wrapUp")
            else:
                eid = self.names.once(f"{prefix}__level_{at}")
                parent = element(element(holder, "level", eId=eid, **{"class": "unnumbered"}), "content")
            for row in rows:
                self._own(parent, self.rows[row], number, first=row == self.tree[number].first)

    def _own(self, parent: etree._Element, row: _Line, number: int, *, first: bool) -> None:
        if number and first:  # the label stands in `num`, and the place of the line is that of the level
            made = element(parent, "p")
            inline(made, row.from_(row.line.body), self.marks)
            return
        term = self.term if number == 0 and row is self.rows[0] else None
        _paragraph(parent, row, row.from_(row.line.content), self.marks, term, row.line.depth)

    def _level(self, holder: etree._Element, number: int, prefix: str) -> None:
        row = self.rows[self.tree[number].first]
        eid = self.names.new(f"{prefix}__level", self.tree[number].path[-1])
        level = element(holder, "level", eId=eid, **{"class": f"para{row.line.depth}"})
        num = element(level, "num")
        if row.status:
            num.set("class", _WORD[row.status])
        label = _cut(row.from_(row.line.content), row.line.body - row.line.content)[0]
        inline(num, _without_last_space(label), self.marks)
        self._fill(level, number, eid)


def _without_last_space(pieces: Field) -> Field:
    """A label without the space behind it."""
    if not pieces or not pieces[-1].text.endswith(" "):
        return pieces
    last = msgspec.structs.replace(pieces[-1], text=pieces[-1].text[:-1])
    return (*pieces[:-1], last) if last.text else pieces[:-1]
