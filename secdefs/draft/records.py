"""Which records of two codes differ, and the operations that turn the one list into the other."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

import msgspec

from secdefs.change import collation
from secdefs.change.edits import KEY, Consolidation
from secdefs.change.operations import (
    IncorporateDocument,
    InsertProvision,
    OmitProvision,
    Operation,
    ReincorporateDocument,
    Rename,
    RevokeDocument,
    SubstituteProvision,
)
from secdefs.draft.texts import Whole, acts
from secdefs.findings import Refused
from secdefs.model import (
    Code,
    Definition,
    DefinitionRef,
    Document,
    DocumentRef,
    Entry,
    EntryRef,
    Provision,
    ProvisionRef,
    Record,
    Ref,
    SectionRef,
    Side,
    Spot,
)

WORDS, WHOLE, ANEW = range(3)
"""How a changed record is drafted: by its words, by substituting it, or by omitting it and inserting it anew. One that
is inserted goes in its order, or, where not by WORDS, after the one that it follows."""

_ALIKE = 0.8
"""How like a record that came must be to one that went for it to be the same under another name."""


class Amendment(msgspec.Struct, frozen=True, kw_only=True):
    """What is ordered for one record: its list and key as they stood, the operations in order, and the day."""

    list: str
    key: str
    operations: tuple[Operation, ...]
    day: dt.date


def amendments(before: Code, after: Code, day: dt.date, how: Mapping[tuple[str, str], int]) -> tuple[Amendment, ...]:
    """What turns one code into the other, in the order in which a direction says it.

    `day` is when it commences, but a document's own day is that of its register; `how` says which records are not to
    be drafted by their words. Raises Refused SD690 for a difference that no direction can carry.
    """
    return tuple(_Codes(before, after, day, how).amendments())


class _Codes:
    def __init__(self, before: Code, after: Code, day: dt.date, how: Mapping[tuple[str, str], int]) -> None:
        self.before, self.after, self.day, self.how = before, after, day, how
        self.now = Consolidation(before)
        self.wanted = Consolidation(after)
        self.section = before.definitions.section if before.definitions else None

    def amendments(self) -> Iterator[Amendment]:
        if self.before.documents is not None:
            yield from self._documents(self.before.documents, self.after.documents or ())
        names = [name for name in self.now.lists if name.startswith("contents:")]
        for name in (*names, "definitions", "sections"):
            if name in self.now:
                yield from self._list(name)

    def _made(self, name: str, key: str, operations: Sequence[Operation], day: dt.date | None = None) -> Amendment:
        return Amendment(list=name, key=key, operations=tuple(operations), day=day or self.day)

    # --- documents ----------------------------------------------------------------------------------------------------

    def _documents(self, old: tuple[Document, ...], new: tuple[Document, ...]) -> Iterator[Amendment]:
        stood = {each.place: each for each in old}
        stands = {each.place: each for each in new}
        for each in new:
            target = DocumentRef(place=each.place)
            was = stood.get(each.place)
            if was is None:
                if each.in_force_from is None:
                    raise _undraftable(f"{each.place} is new and has no date", "give it the day it comes into force")
                act: Operation = IncorporateDocument(target=target, title=each.title, version=each.version)
                yield self._made("documents", each.place, [act], each.in_force_from)
                continue
            operations: list[Operation] = []
            day = None
            if (was.version, was.in_force_from) != (each.version, each.in_force_from):
                if each.in_force_from is None:
                    raise _undraftable(f"{each.place} loses its date", "give it the day its version came into force")
                operations.append(ReincorporateDocument(target=target, title=was.title, version=each.version))
                day = each.in_force_from
            if was.title != each.title:
                operations.append(Rename(target=target, to=each.title))
            if operations:
                yield self._made("documents", each.place, operations, day)
        for each in old:
            if each.place not in stands:
                yield self._made("documents", each.place, [RevokeDocument(target=DocumentRef(place=each.place))])

    # --- lists --------------------------------------------------------------------------------------------------------

    def _list(self, name: str) -> Iterator[Amendment]:
        old = {mark.key: mark.record() for mark in self.now.lists[name]}
        new = {mark.key: mark.record() for mark in self.wanted.lists.get(name, [])}
        renamed = self._renamed(name, old, new)
        standing = _in_order(list(old), [renamed.get(key, key) for key in new])
        renamed = {key: was for key, was in renamed.items() if was in standing}
        anew = {key for key in old if self.how.get((name, key), WORDS) == ANEW}
        staying = {key for key in standing if key not in anew or key in renamed.values()}
        for key in old:
            if key not in staying:
                yield self._tried(name, key, [OmitProvision(target=self._ref(name, key))])
        current = {was: key for key, was in renamed.items()}
        for key in old:
            if key in staying:
                operations = self._changed(name, key, old[key], new[current.get(key, key)])
                if operations:
                    yield self._made(name, key, operations)
        yield from self._coming(name, new, renamed, staying)
        for key, was in renamed.items():
            yield self._tried(name, was, [Rename(target=self._ref(name, was), to=key)])

    def _tried(self, name: str, key: str, operations: Sequence[Operation]) -> Amendment:
        """The amendment, its operations carried out on the code as it stands by then."""
        for operation in operations:
            try:
                edits = operation.edits(self.now)
            except Refused as refused:
                raise _undraftable(f"“{key}”: {refused.message}", refused.hint) from None
            for edit in edits:
                self.now.apply(edit, "draft")
        return self._made(name, key, operations)

    def _ref(self, name: str, key: str, path: tuple[str, ...] = (), through: str | None = None) -> Ref:
        if name == "definitions":
            return DefinitionRef(term=key, path=path, through=through, section=self.section)
        if name == "sections":
            return ProvisionRef(label=key, path=path, through=through)
        return EntryRef(group=name.removeprefix("contents:"), label=key)

    def _renamed(self, name: str, old: Mapping[str, Record], new: Mapping[str, Record]) -> dict[str, str]:
        """The records that go on under another key: the key they have then, and the one they had."""
        if name not in ("definitions", "sections"):
            return {}
        gone = [key for key in old if key not in new and self.how.get((name, key), WORDS) != ANEW]
        result: dict[str, str] = {}
        for key in new:
            if key in old:
                continue
            likeness = {was: _likeness(old[was], new[key]) for was in gone if was not in result.values()}
            best = max(likeness, key=lambda was: likeness[was], default=None)
            if best is not None and likeness[best] >= _ALIKE:
                result[key] = best
        return result

    def _changed(self, name: str, key: str, old: Record, new: Record) -> tuple[Operation, ...]:
        """The operations that change a record that stays; its new key is for later."""
        how = self.how.get((name, key), WORDS)
        result: list[Operation] = []
        part = "title" if isinstance(new, Entry) else "text"
        wanted = getattr(new, part)
        if getattr(old, part) != wanted:
            if isinstance(new, Entry):
                result.append(Rename(target=self._ref(name, key), to=wanted))
            else:
                result += self._texts(name, key, new, how)
        if isinstance(old, Provision) and isinstance(new, Provision) and old.heading != new.heading:
            if not new.heading:
                raise _undraftable(f"{key} loses its heading", "leave the heading, or substitute the provision by hand")
            target = msgspec.structs.replace(ProvisionRef(label=key), part="heading")
            result.append(Rename(target=target, to=new.heading))
        for operation in result:
            for edit in operation.edits(self.now):
                self.now.apply(edit, "draft")
        return tuple(result)

    def _texts(self, name: str, key: str, new: Record, how: int) -> tuple[Operation, ...]:
        if how == WORDS:
            try:
                return acts(
                    Consolidation(self.now.code()),
                    lambda path, through: self._ref(name, key, path, through),
                    getattr(new, "text"),  # noqa: B009 - of two of the kinds of records
                )
            except Whole:
                pass
        record = msgspec.structs.replace(new, **{KEY[type(new)]: key})
        return (SubstituteProvision(target=self._ref(name, key), new=(_bare(record),)),)

    # --- what comes ---------------------------------------------------------------------------------------------------

    def _coming(
        self, name: str, new: Mapping[str, Record], renamed: Mapping[str, str], staying: set[str]
    ) -> Iterator[Amendment]:
        """The records that are inserted, neighbours and those in alphabetical order in one sentence each."""
        keys = list(new)
        coming = [key for key in keys if renamed.get(key, key) not in staying]
        pending: list[tuple[str, Operation]] = []
        for key in coming:
            at = keys.index(key)
            before = renamed.get(keys[at - 1], keys[at - 1]) if at else None
            operation = self._insertion(name, new[key], before)
            if pending and self._goes_in_order(name, pending[-1][1], operation):
                operation = msgspec.structs.replace(operation, at=Spot("in_order"))
            if pending and (joined := _joined(pending[-1][1], operation, before)) is not None:
                pending[-1] = (pending[-1][0], joined)
            else:
                pending.append((key, operation))
            for edit in operation.edits(self.now):
                self.now.apply(edit, "draft")
        for key, operation in pending:
            yield self._made(name, key, [operation])
            assert isinstance(operation, InsertProvision)
            for each in operation.new:
                record = new[str(getattr(each, KEY[type(each)]))]
                if isinstance(record, Provision) and record.heading:
                    target = msgspec.structs.replace(ProvisionRef(label=record.label), part="heading")
                    yield self._made(name, record.label, [Rename(target=target, to=record.heading)])

    def _goes_in_order(self, name: str, one: Operation, two: Operation) -> bool:
        """Whether an entry at the end of a list may go in with those before it that go in order: one sentence does."""
        match one, two:
            case InsertProvision(at=Spot(where="in_order")), InsertProvision(
                at=Spot(where="end"), new=(Entry() as entry,)
            ):
                keys = self.now.keys(name)
                return all(collation.label(each) < collation.label(entry.label) for each in keys)
        return False

    def _insertion(self, name: str, record: Record, before: str | None) -> Operation:
        """The insertion of one record after the one that stands before it in the end."""
        keys = self.now.keys(name)
        index = keys.index(before) + 1 if before is not None else 0
        list_ref: Ref = (
            SectionRef(label=self.section)
            if name == "definitions"
            else EntryRef(group=name.removeprefix("contents:"))
            if name.startswith("contents:")
            else SectionRef()
        )
        record = _bare(record)
        key = str(getattr(record, KEY[type(record)]))
        if isinstance(record, Definition):
            assert self.before.definitions is not None
            certain = collation.place(keys, key, self.before.definitions.order) == (index, True)
            if certain and self.how.get((name, key), WORDS) == WORDS:
                return InsertProvision(target=list_ref, at=Spot("alphabetical"), new=(record,))
        if isinstance(record, Entry) and self.how.get((name, key), WORDS) == WORDS:
            if index == len(keys):
                return InsertProvision(target=list_ref, at=Spot("end"), new=(record,))
            if sum(collation.label(each) < collation.label(key) for each in keys) == index:
                return InsertProvision(target=list_ref, at=Spot("in_order"), new=(record,))
        if not keys:
            return InsertProvision(target=list_ref, at=Spot("end"), new=(record,))
        side: Side = "after" if before is not None else "before"
        beside = self._ref(name, before if before is not None else keys[0])
        return InsertProvision(target=list_ref, at=Spot(side, ref=beside), new=(record,))


def _joined(one: Operation, two: Operation, before: str | None) -> Operation | None:
    """Two insertions as one, where the second goes on where the first ended, or both go in order."""
    assert isinstance(one, InsertProvision)
    assert isinstance(two, InsertProvision)
    if isinstance(two.new[0], Provision):
        return None  # the list of the one could not be told from the list of the next
    if one.target == two.target and one.at == two.at and one.at.where in ("alphabetical", "in_order", "end"):
        return msgspec.structs.replace(one, new=one.new + two.new)
    last = one.new[-1]
    if one.at.ref is not None and two.at.where == "after" and before == getattr(last, KEY[type(last)]):
        return msgspec.structs.replace(one, new=one.new + two.new)
    return None


def _bare(record: Record) -> Record:
    """A record as a direction sets it out: without a note, and without a heading, which is given apart."""
    if isinstance(record, Provision):
        return msgspec.structs.replace(record, note=None, heading=None)
    return msgspec.structs.replace(record, note=None)


def _likeness(one: Record, two: Record) -> float:
    mine, theirs = str(getattr(one, "text", "")), str(getattr(two, "text", ""))
    if mine == theirs:
        return 1.0
    return SequenceMatcher(None, mine.split(), theirs.split(), autojunk=False).ratio() if len(mine) > 40 else 0.0


def _in_order(old: list[str], new: list[str]) -> set[str]:
    """Of the keys in both lists, as many as stand in one order in both: the others are moved."""
    index = {key: number for number, key in enumerate(old)}
    tails: list[int] = []
    heads: list[int] = []
    before: dict[int, int | None] = {}
    for number in (index[key] for key in new if key in index):
        at = bisect_left(tails, number)
        tails[at : at + 1] = [number]
        heads[at : at + 1] = [number]
        before[number] = heads[at - 1] if at else None
    result: set[str] = set()
    last = heads[-1] if heads else None
    while last is not None:
        result.add(old[last])
        last = before[last]
    return result


def _undraftable(what: str, hint: str | None = None) -> Refused:
    return Refused("SD690", f"no direction can carry this: {what}", hint)
