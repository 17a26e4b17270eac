"""What a change is: edits, and the marks they leave.

An edit marks and never destroys, so that every reading of a change (the redline, tracked changes, blame, undo) is a
reading of the same pieces.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import msgspec

from secdefs.change.matching import same
from secdefs.findings import SecdefsError
from secdefs.model import Code, Definition, Document, Entry, Provision, Record


class Piece(msgspec.Struct, frozen=True):
    """A run of a field's text: who put it there and who took it away, as ids of instructions; null is nobody."""

    text: str
    by: str | None = None
    gone: str | None = None


Field: TypeAlias = tuple[Piece, ...]


class Splice(msgspec.Struct, frozen=True, tag_field="edit", tag="splice"):
    """In the field `part` of the record `key` of a list, `old` at offset `at` of the standing text becomes `new`."""

    list: str
    key: str
    part: str
    at: int
    old: str
    new: str


class Add(msgspec.Struct, frozen=True, tag_field="edit", tag="add"):
    """A record put into a list before the standing record of that index."""

    list: str
    index: int
    record: Record


class Remove(msgspec.Struct, frozen=True, tag_field="edit", tag="remove"):
    """A record taken out of a list."""

    list: str
    key: str


Edit: TypeAlias = Splice | Add | Remove

KEY: dict[type, str] = {Definition: "term", Provision: "label", Entry: "label", Document: "place"}
"""The field by which a record of each kind is known in its list."""

CODE = "code"
"""The list that holds one record: the code's own particulars (`version`, `as_at`), under the key ""."""


def accepted(pieces: Field) -> str:
    """The text with every change carried out."""
    if len(pieces) == 1 and pieces[0].gone is None:  # as most fields are
        return pieces[0].text
    return "".join([piece.text for piece in pieces if piece.gone is None])


def without(pieces: Field, ids: frozenset[str]) -> str:
    """The text as it would stand had those instructions not been carried out, and all others had."""
    return "".join(piece.text for piece in pieces if piece.by not in ids and (piece.gone is None or piece.gone in ids))


def rejected(pieces: Field) -> str:
    """The text as it stood before every change."""
    return "".join(piece.text for piece in pieces if piece.by is None)


def joined(pieces: Iterable[Piece]) -> Field:
    """The same pieces with neighbours of one origin joined and empty ones dropped."""
    result: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        if result and (result[-1].by, result[-1].gone) == (piece.by, piece.gone):
            result[-1] = Piece(result[-1].text + piece.text, piece.by, piece.gone)
        else:
            result.append(piece)
    return tuple(result)


def spliced(pieces: Field, at: int, old: str, new: str, by: str) -> Field:
    """The pieces after `old`, which stands at `at` of the accepted text, was marked gone and `new` put behind it.

    Raises SecdefsError where something else stands there.
    """
    before, rest = _cut(pieces, at)
    leaving, after = _cut(rest, len(old))
    if accepted(leaving) != old:
        raise SecdefsError(f"an edit does not fit: {old!r} is not at offset {at}")
    left = tuple(Piece(piece.text, piece.by, by) if piece.gone is None else piece for piece in leaving)
    # What is farther away is joined already, and a text may be changed in a thousand places.
    return (*before[:-2], *joined((*before[-2:], *left, Piece(new, by), *after[:2])), *after[2:])


def _cut(pieces: Field, at: int) -> tuple[Field, Field]:
    """The pieces in two at an offset of the accepted text; what is gone there stays with what comes before it."""
    for number, piece in enumerate(pieces):
        if piece.gone is not None:
            continue
        if at < len(piece.text):
            head, tail = Piece(piece.text[:at], piece.by), Piece(piece.text[at:], piece.by)
            return (*pieces[:number], head), (tail, *pieces[number + 1 :])
        at -= len(piece.text)
    return pieces, ()


def _undone(pieces: Field, by: str) -> Field | None:
    """The pieces without one instruction's; None where another amended what it put there."""
    for number, piece in enumerate(pieces):
        if piece.by == by and piece.gone not in (None, by):
            return None
        if piece.by not in (None, by) and piece.gone is None:
            # Another's words in the midst of this one's: they would be left with nothing around them.
            around = [
                next((one.by for one in side if one.gone is None and one.by != piece.by), None)
                for side in (reversed(pieces[:number]), pieces[number + 1 :])
            ]
            if around == [by, by]:
                return None
    return joined(
        Piece(piece.text, piece.by, None if piece.gone == by else piece.gone) for piece in pieces if piece.by != by
    )


class Marked:
    """A record with its marks: the pieces of each of its fields, and who put the record there or took it away."""

    __slots__ = ("by", "fields", "gone", "key", "kind")

    def __init__(self, record: Record, by: str | None = None) -> None:
        self.kind: type = type(record)
        self.by = by
        self.gone: str | None = None
        self.fields: dict[str, Field] = {}
        for name in record.__struct_fields__:
            value = getattr(record, name)
            if isinstance(value, dt.date):
                value = value.isoformat()
            self.fields[name] = (Piece(value, by),) if value else ()
        self.key: str = getattr(record, KEY[self.kind])

    def put(self, part: str, pieces: Field) -> None:
        """Give a field other pieces; the key is that of the record as it stands."""
        self.fields[part] = pieces
        if part == KEY[self.kind]:
            self.key = accepted(pieces)

    def touched(self) -> bool:
        """Whether any change is marked on it."""
        if self.by or self.gone:
            return True
        return any(piece.by or piece.gone for pieces in self.fields.values() for piece in pieces)

    def record(self, *, before: bool = False) -> Record:
        """The record with its changes carried out, or as it stood `before` them."""
        return self.read(rejected if before else accepted)

    def read(self, read: Callable[[Field], str]) -> Record:
        """The record in one reading of its pieces."""
        values = {name: read(pieces) or None for name, pieces in self.fields.items()}
        for name in ("text", "title", KEY[self.kind]):
            if name in values and values[name] is None:
                values[name] = ""
        result: Record = msgspec.convert(values, self.kind)
        return result


class _Particulars(msgspec.Struct, frozen=True, kw_only=True):
    """The code's own fields, so that they carry marks as every other text does."""

    name: str = ""
    version: str | None
    as_at: dt.date
    section_version: str | None


KEY[_Particulars] = "name"


class Consolidation:
    """A code with the marks of the edits made on it: the text as it stands, as it stood, and why each word is there.

    Lists are named "definitions", "documents", "sections" and "contents:GROUP"; "code" holds the code's particulars.
    """

    def __init__(self, code: Code) -> None:
        self.base = code
        self.lists: dict[str, list[Marked]] = {}
        self._live: dict[str, dict[str, Marked]] = {}
        # What is worked out of a list's keys when it is first asked for, and kept up from then on.
        self._keys: dict[str, list[str]] = {}
        self._dressed: dict[str, dict[str, set[str]]] = {}
        self._sorted: dict[tuple[str, Callable[[str], Any]], list[tuple[Any, str]]] = {}
        if code.definitions is not None:
            self._load("definitions", code.definitions.entries)
        for group in code.contents or ():
            self._load(f"contents:{group.group}", group.entries)
        if code.documents is not None:
            self._load("documents", code.documents)
        if code.sections is not None:
            self._load("sections", code.sections)
        particulars = _Particulars(
            version=code.version,
            as_at=code.as_at,
            section_version=code.definitions.version if code.definitions else None,
        )
        self._load(CODE, (particulars,))  # type: ignore[arg-type]

    def _load(self, name: str, records: tuple[Record, ...]) -> None:
        marked = [Marked(record) for record in records]
        self.lists[name] = marked
        self._live[name] = {mark.key: mark for mark in marked}

    def __contains__(self, name: str) -> bool:
        return name in self.lists

    def get(self, name: str, key: str) -> Marked | None:
        """The standing record of that key, or None."""
        return self._live[name].get(key)

    def keys(self, name: str) -> tuple[str, ...]:
        """The keys of the standing records of a list, in its order."""
        return tuple(self._standing(name))

    def _standing(self, name: str) -> list[str]:
        known = self._keys.get(name)
        if known is None:
            known = self._keys[name] = [mark.key for mark in self.lists[name] if mark.gone is None]
        return known

    def sorted_keys(self, name: str, by: Callable[[str], Any]) -> list[tuple[Any, str]]:
        """The keys of the standing records of a list, each after what it is sorted `by`, so sorted."""
        known = self._sorted.get((name, by))
        if known is None:
            known = self._sorted[name, by] = sorted((by(key), key) for key in self._standing(name))
        return known.copy()

    def alike(self, name: str, wanted: str) -> tuple[str, ...]:
        """The keys of the standing records that are the same words as `wanted`."""
        known = self._dressed.get(name)
        if known is None:
            known = self._dressed[name] = {}
            for key in self.keys(name):
                known.setdefault(same(key), set()).add(key)
        return tuple(sorted(known.get(same(wanted), ())))

    def _rekeyed(self, name: str, old: str | None, new: str | None, index: int = 0) -> None:
        """Keep up with a key that is now another: null is none, and a new one alone stands at `index`."""
        if old == new:
            return
        if (keys := self._keys.get(name)) is not None:
            at = index if old is None else keys.index(old)
            keys[at : at + (old is not None)] = [] if new is None else [new]
        if (dressed := self._dressed.get(name)) is not None:
            if old is not None:
                dressed[same(old)].discard(old)
            if new is not None:
                dressed.setdefault(same(new), set()).add(new)
        for (listed, by), known in self._sorted.items():
            if listed == name and old is not None:
                del known[bisect_left(known, (by(old), old))]
            if listed == name and new is not None:
                insort(known, (by(new), new))

    def _forget(self) -> None:
        """Let what is worked out of the keys be made anew."""
        self._keys, self._dressed, self._sorted = {}, {}, {}

    def text(self, name: str, key: str, part: str = "text") -> str:
        """A field of a standing record, as it stands."""
        return accepted(self._live[name][key].fields[part])

    def apply(self, edit: Edit, by: str) -> None:
        """Make one edit, marked as the work of the instruction `by`."""
        live = self._live[edit.list]
        match edit:
            case Splice(key=key, part=part):
                mark = live[key]
                pieces = spliced(mark.fields[part], edit.at, edit.old, edit.new, by)
                if part == KEY[mark.kind]:
                    if live.get(accepted(pieces), mark) is not mark:
                        raise SecdefsError(f"“{accepted(pieces)}” is in the list already")
                    del live[key]
                    live[accepted(pieces)] = mark
                    self._rekeyed(edit.list, key, accepted(pieces))
                mark.put(part, pieces)
            case Remove(key=key):
                live.pop(key).gone = by
                self._rekeyed(edit.list, key, None)
            case Add(record=record):
                mark = Marked(record, by)
                if mark.key in live:
                    raise SecdefsError(f"“{mark.key}” is in the list already")
                self.lists[edit.list].insert(self.position(edit.list, edit.index), mark)
                live[mark.key] = mark
                self._rekeyed(edit.list, None, mark.key, edit.index)

    def position(self, name: str, index: int) -> int:
        """Where the standing record of that index is in its list, in which those that are gone are too."""
        marks, live = self.lists[name], self._live[name]
        if index >= len(live):
            return len(marks)
        if len(marks) == len(live):
            return index
        return marks.index(live[self._standing(name)[index]])

    def undo(self, by: str) -> None:
        """Take back all that one instruction did. Raises SecdefsError, and changes nothing, where another built on it:
        amended or took away what it put there, or put something in the place of what it took away."""
        kept: dict[str, list[Marked]] = {}
        fields: list[tuple[Marked, str, Field]] = []
        for name, marks in self.lists.items():
            kept[name] = [mark for mark in marks if mark.by != by]
            keys: set[str] = set()
            for mark in marks:
                restored = {part: _undone(pieces, by) for part, pieces in mark.fields.items()}
                built_on = any(pieces is None for pieces in restored.values()) or (
                    mark.by == by and mark.gone is not None
                )
                if mark.by == by:
                    built_on |= any(piece.by != by or piece.gone for pieces in mark.fields.values() for piece in pieces)
                elif mark.gone in (None, by):
                    key = accepted(restored[KEY[mark.kind]] or ())
                    built_on |= key in keys
                    keys.add(key)
                if built_on:
                    raise SecdefsError(f"{by} cannot be undone: a later instruction changed “{mark.key}”")
                if mark.by != by:
                    fields += [(mark, part, pieces) for part, pieces in restored.items() if pieces is not None]
        self._forget()
        for mark, part, pieces in fields:
            mark.put(part, pieces)
        for name, marks in kept.items():
            for mark in marks:
                mark.gone = None if mark.gone == by else mark.gone
            self.lists[name][:] = marks
            self._live[name] = {mark.key: mark for mark in marks if mark.gone is None}

    def saved(self) -> Callable[[], None]:
        """What puts everything back as it stands now, whatever was done meanwhile. It may be called once."""
        stands = [
            (marks, [(mark, dict(mark.fields), mark.gone, mark.key) for mark in marks]) for marks in self.lists.values()
        ]
        live = {name: dict(marks) for name, marks in self._live.items()}

        def restore() -> None:
            for marks, found in stands:
                marks[:] = [mark for mark, *_ in found]
                for mark, fields, gone, key in found:
                    mark.fields, mark.gone, mark.key = fields, gone, key
            self._live = live
            self._forget()

        return restore

    def without(self, ids: frozenset[str]) -> Code:
        """The code as it would stand had those instructions not been carried out, and all others had."""

        def records(name: str) -> tuple[Record, ...]:
            return tuple(
                mark.read(lambda pieces: without(pieces, ids))
                for mark in self.lists[name]
                if mark.by not in ids and (mark.gone is None or mark.gone in ids)
            )

        return assembled(self.base, records)

    def code(self, *, before: bool = False) -> Code:
        """The code with every change carried out, or as it stood `before` them."""

        def records(name: str) -> tuple[Record, ...]:
            return tuple(
                mark.record(before=before)
                for mark in self.lists[name]
                if (mark.by is None if before else mark.gone is None)
            )

        return assembled(self.base, records)


def assembled(base: Code, records: Callable[[str], tuple[Record, ...]]) -> Code:
    """The code that has these records in each list of `base`; "code" has one, which bears the particulars."""
    (particulars,) = records(CODE)
    assert isinstance(particulars, _Particulars)
    definitions = None
    if base.definitions is not None:
        entries = records("definitions")
        definitions = msgspec.structs.replace(base.definitions, version=particulars.section_version, entries=entries)
    return msgspec.structs.replace(
        base,
        version=particulars.version,
        as_at=particulars.as_at,
        definitions=definitions,
        contents=None
        if base.contents is None
        else tuple(msgspec.structs.replace(g, entries=records(f"contents:{g.group}")) for g in base.contents),
        documents=None if base.documents is None else records("documents"),
        sections=None if base.sections is None else records("sections"),
    )
