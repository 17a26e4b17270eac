"""What each record of a code was from which day: a chain of states a record, found by bisection."""

from __future__ import annotations

import datetime as dt
import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Sequence

import msgspec

from secdefs.change.edits import CODE, KEY, Add, Consolidation, Edit, Field, Marked, Remove, Splice, assembled
from secdefs.findings import SecdefsError
from secdefs.history.entries import Change, Place, Row, Stated, record, slim
from secdefs.model import Code, Record


class Turn(msgspec.Struct, frozen=True):
    """What one instruction does from a day; the last of an instrument on that day says the versions that come of it."""

    instruction: str
    day: dt.date
    edits: tuple[Change, ...]
    stated: Stated | None = None


class State(msgspec.Struct, frozen=True):
    """A record as it stands from one turn to a later one, and the pieces of its fields; a null record does not stand.

    `by` and `gone` are the instructions that put the record there and took it away.
    """

    record: Record | None
    fields: dict[str, Field]
    by: str | None = None
    gone: str | None = None


class _Chain:
    """The states of one record. An untouched record has none, and a change adds one: that is what a version costs."""

    __slots__ = ("list", "starts", "states")

    def __init__(self, name: str, start: int, state: State) -> None:
        self.list = name
        self.starts = [start]
        self.states = [state]

    def state(self, count: int) -> State | None:
        """The state after so many turns; None where the record had not been put there."""
        at = bisect_right(self.starts, count)
        return self.states[at - 1] if at else None

    def keep(self, start: int, state: State) -> None:
        """From that turn on, this state."""
        if self.starts[-1] == start:
            self.states[-1] = state
        else:
            self.starts.append(start)
            self.states.append(state)


class Timeline:
    """A code and the turns it took, in the order of their days. It only ever grows at its end."""

    def __init__(self, base: Code, turns: Iterable[Turn] = ()) -> None:
        self.base = base
        self.turns: list[Turn] = []
        self.rows: list[tuple[Row, ...]] = []
        """The records that each turn touched."""
        self._days: list[dt.date] = []
        self._versions: list[tuple[str | None, str | None]] = []
        self._redefined = False
        self._marks = Consolidation(base)
        self._chains: dict[int, _Chain] = {}
        self._untouched = _records(self._marks, base)
        for turn in turns:
            self.take(turn)

    # --- growing ------------------------------------------------------------------------------------------------------

    def take(self, turn: Turn) -> tuple[Row, ...]:
        """Take one more turn. The records that it touched; raises SecdefsError where an edit does not fit."""
        if self._days and turn.day < self._days[-1]:
            raise SecdefsError(f"{turn.instruction} commences before the one that it comes after")
        count = len(self.turns) + 1
        touched: dict[int, tuple[str, str, Marked, Record | None]] = {}
        for change in turn.edits:
            try:
                edit = edit_on(self._marks, change)
                before = None if isinstance(edit, Add) else self._standing(edit.list, edit.key)
                self._marks.apply(edit, turn.instruction)
                mark = before or self._marks.get(edit.list, key_of(edit))
            except (KeyError, ValueError, TypeError, msgspec.ValidationError):
                raise SecdefsError(f"an edit of {turn.instruction} does not fit the code as it then stands") from None
            assert mark is not None
            self._redefined |= edit.list == "definitions"
            if id(mark) not in touched:
                old = self._last(mark) if before else None
                touched[id(mark)] = (edit.list, key_of(edit), mark, old)
        rows = []
        for name, key, mark, old in touched.values():
            state = State(mark.record() if mark.gone is None else None, dict(mark.fields), mark.by, mark.gone)
            if id(mark) in self._chains:
                self._chains[id(mark)].keep(count, state)
            else:
                self._chains[id(mark)] = chain = _Chain(name, count, state)
                if old is not None:
                    chain.starts.insert(0, 0)
                    chain.states.insert(0, State(old, Marked(old).fields))
            rows.append(Row(name, key, digest(old), digest(state.record)))
        self.turns.append(turn)
        self.rows.append(tuple(rows))
        self._days.append(turn.day)
        self._versions.append(self._stated(turn.stated))
        return tuple(rows)

    def _standing(self, name: str, key: str) -> Marked:
        mark = self._marks.get(name, key)
        if mark is None:
            raise KeyError(key)
        return mark

    def _last(self, mark: Marked) -> Record | None:
        chain = self._chains.get(id(mark))
        return chain.states[-1].record if chain else self._untouched[id(mark)]

    def _stated(self, stated: Stated | None) -> tuple[str | None, str | None]:
        version, section = self._versions[-1] if self._versions else self._first_versions()
        if stated is None:
            return version, section
        section = stated.definitions_version if self._redefined else section
        self._redefined = False
        return stated.version, section

    def _first_versions(self) -> tuple[str | None, str | None]:
        return self.base.version, self.base.definitions.version if self.base.definitions else None

    # --- looking ------------------------------------------------------------------------------------------------------

    @property
    def kept(self) -> int:
        """How many states are kept beyond the base code: what all the versions cost, in rows."""
        return sum(len(chain.states) - (chain.starts[0] == 0) for chain in self._chains.values())

    def versions(self, count: int) -> tuple[str | None, str | None]:
        """The versions of the code and of its definitions after so many turns."""
        return self._versions[count - 1] if count else self._first_versions()

    def count(self, day: dt.date) -> int:
        """How many turns are taken on or before a day."""
        return bisect_right(self._days, day)

    def code(self, count: int | None = None) -> Code:
        """The code after so many turns, all where none is said. Its own date is that of the last of them."""
        count = len(self.turns) if count is None else count
        version, section = self.versions(count)
        day = self._days[count - 1] if count else self.base.as_at

        def records(name: str) -> tuple[Record, ...]:
            if name == CODE:
                return (self._marks.lists[CODE][0].record(),)
            found = [self._record(mark, count) for mark in self._marks.lists[name]]
            return tuple(record for record in found if record is not None)

        code = msgspec.structs.replace(assembled(self.base, records), version=version, as_at=day)
        if code.definitions is None:
            return code
        return msgspec.structs.replace(code, definitions=msgspec.structs.replace(code.definitions, version=section))

    def _record(self, mark: Marked, count: int) -> Record | None:
        chain = self._chains.get(id(mark))
        if chain is None:
            return self._untouched[id(mark)]
        state = chain.state(count)
        return state.record if state else None

    def states(self, key: str, count: int) -> tuple[tuple[str, State], ...]:
        """The list and the state of each record that stands under a key after so many turns."""
        found = []
        for name, mark, state in self._all(count):
            if state.record is not None and getattr(state.record, KEY[mark.kind]) == key:
                found.append((name, state))
        return tuple(found)

    def touched(self, count: int) -> tuple[tuple[str, State], ...]:
        """The list and the state of each standing record that any of so many turns touched."""
        return tuple(
            (name, state)
            for name, _, state in self._all(count)
            if state.record is not None
            if state.by or any(piece.by or piece.gone for pieces in state.fields.values() for piece in pieces)
        )

    def _all(self, count: int) -> Iterable[tuple[str, Marked, State]]:
        for name, marks in self._marks.lists.items():
            for mark in marks if name != CODE else ():
                chain = self._chains.get(id(mark))
                state = chain.state(count) if chain else State(self._untouched[id(mark)], mark.fields)
                if state is not None:
                    yield name, mark, state

    def instructions_on(self, key: str) -> frozenset[str]:
        """The instructions that touched a record that ever stood under a key, in whichever list."""
        found: set[str] = set()
        for chain in self._chains.values():
            records = [state.record for state in chain.states if state.record is not None]
            if any(getattr(each, KEY[type(each)]) == key for each in records):
                found |= {self.turns[start - 1].instruction for start in chain.starts if start}
        return frozenset(found)

    def ever(self) -> frozenset[str]:
        """Every key under which a record ever stood."""
        chained = (state.record for chain in self._chains.values() for state in chain.states)
        return frozenset(
            getattr(each, KEY[type(each)]) for each in (*chained, *self._untouched.values()) if each is not None
        )

    def between(self, first: int, last: int) -> Consolidation:
        """The code after `first` turns, with what the turns up to `last` did marked on it."""
        before, after = self.code(first), self.code(last)
        marked = Consolidation(before)
        for turn in self.turns[first:last]:
            for change in turn.edits:
                marked.apply(edit_on(marked, change), turn.instruction)
        if last > first:
            for part, old, new in _particulars(before, after):
                marked.apply(Splice(CODE, "", part, 0, old, new), self.turns[last - 1].instruction)
        return marked


def _records(marks: Consolidation, base: Code) -> dict[int, Record]:
    """The base code's own records, so that one that no instruction touched is never made anew."""
    lists: dict[str, Sequence[Record]] = {f"contents:{group.group}": group.entries for group in base.contents or ()}
    lists |= {"documents": base.documents or (), "sections": base.sections or ()}
    lists |= {"definitions": base.definitions.entries if base.definitions else ()}
    return {
        id(mark): each
        for name, found in lists.items()
        for mark, each in zip(marks.lists.get(name, ()), found, strict=True)
    }


def _particulars(before: Code, after: Code) -> Iterable[tuple[str, str, str]]:
    """The particulars that differ: the field, what it was and what it is."""

    def said(code: Code) -> dict[str, str]:
        section = code.definitions.version if code.definitions else None
        return {"version": code.version or "", "as_at": code.as_at.isoformat(), "section_version": section or ""}

    old, new = said(before), said(after)
    return ((part, old[part], new[part]) for part in old if old[part] != new[part])


# --- edits as they are recorded ---------------------------------------------------------------------------------------


def key_of(edit: Edit) -> str:
    """The key of the record that an edit touches."""
    return str(getattr(edit.record, KEY[type(edit.record)])) if isinstance(edit, Add) else edit.key


def edit_on(code: Consolidation, change: Change) -> Edit:
    """A recorded change as an edit of a code. Raises ValueError where what it comes after does not stand there."""
    match change:
        case Place(list=name, record=value, after=after):
            index = 0 if after is None else code.keys(name).index(after) + 1
            return Add(name, index, record(value))
    return change


def recorded(edits: Iterable[Edit], standing: dict[str, list[str]]) -> tuple[Change, ...]:
    """A plan's edits as they are recorded: what is added by what it comes after, and nothing of the code's particulars.

    `standing` has the keys of each list to which something is added, as they stand before the edits; it is kept up.
    """
    result: list[Change] = []
    for edit in edits:
        keys = standing.get(edit.list, [])
        match edit:
            case Add(list=name, index=index, record=new):
                result.append(Place(name, slim(new), keys[index - 1] if index else None))
                keys.insert(index, key_of(edit))
            case Remove(key=key):
                result.append(edit)
                if key in keys:
                    keys.remove(key)
            case Splice(list=name, key=key, part=part, at=at, old=old, new=text):
                if name == CODE:
                    continue
                result.append(edit)
                if key in keys and part in KEY.values() and part != "name":
                    keys[keys.index(key)] = key[:at] + text + key[at + len(old) :]
    return tuple(result)


def digest(value: Record | None) -> str | None:
    """The hash of a record, as rows have it."""
    if value is None:
        return None
    return hashlib.sha256(msgspec.json.encode(value)).hexdigest()[:32]
