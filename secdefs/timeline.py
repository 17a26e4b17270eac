"""The code through time: what each record was from which day, found by bisection, with the pieces of every word."""

from __future__ import annotations

import datetime as dt
import hashlib
from bisect import bisect_right
from collections.abc import Iterable

import msgspec

from secdefs.edits import CODE, KEY, Add, Consolidation, Edit, Field, Marked, Remove, Splice, assembled
from secdefs.entries import Change, Place, Row, record, slim
from secdefs.findings import SecdefsError
from secdefs.model import Code, Record


class Step(msgspec.Struct, frozen=True):
    """What one instruction does from a day."""

    instruction: str
    day: dt.date
    edits: tuple[Change, ...]
    rows: tuple[Row, ...] = ()


class State(msgspec.Struct, frozen=True):
    """A record as it stands from one step to the next, and the pieces of its fields; a null record does not stand.

    `by` and `gone` are the instructions that put the record there and took it away.
    """

    record: Record | None
    fields: dict[str, Field]
    by: str | None = None
    gone: str | None = None


class _Chain:
    """The states of one record. An untouched record has one, and a change adds one: that is what a version costs."""

    __slots__ = ("starts", "states")

    def __init__(self, start: int, state: State) -> None:
        self.starts = [start]
        self.states = [state]

    def state(self, count: int) -> State | None:
        """The state after so many steps; None where the record had not been put there."""
        at = bisect_right(self.starts, count)
        return self.states[at - 1] if at else None


class Timeline:
    """A code and the steps that were made on it. It only ever grows at its end."""

    def __init__(self, base: Code, steps: Iterable[Step] = ()) -> None:
        self.base = base
        self.steps: list[Step] = []
        self.days: list[dt.date] = []
        self._marks = Consolidation(base)
        self._chains: dict[int, _Chain] = {}
        self._keys: dict[tuple[str, str], list[Marked]] = {}
        for step in steps:
            self.extend(step)

    # --- growing ------------------------------------------------------------------------------------------------------

    def extend(self, step: Step) -> tuple[Row, ...]:
        """Make one more step. The rows that it touched; raises SecdefsError where an edit does not fit."""
        if self.days and step.day < self.days[-1]:
            raise SecdefsError(f"{step.instruction} commences before the one that it comes after")
        count = len(self.steps) + 1
        touched: dict[int, tuple[str, str, Marked, Record | None]] = {}
        for change in step.edits:
            try:
                mark, key, before = self._apply(change, step.instruction)
            except (KeyError, ValueError):
                raise SecdefsError(f"an edit of {step.instruction} does not fit") from None
            touched.setdefault(id(mark), (change.list, key, mark, before))
        rows = []
        for name, key, mark, before in touched.values():
            state = State(mark.record() if mark.gone is None else None, dict(mark.fields), mark.by, mark.gone)
            self._keep(name, mark, count, state)
            rows.append(Row(name, key, digest(before), digest(state.record)))
        self.steps.append(step)
        self.days.append(step.day)
        return tuple(rows)

    def _apply(self, change: Change, by: str) -> tuple[Marked, str, Record | None]:
        """Make one edit; the record that it touches, its key and what it was."""
        if isinstance(change, Place):
            edit = self.edit(change)
            self._marks.apply(edit, by)
            assert isinstance(edit, Add)
            key = getattr(edit.record, KEY[type(edit.record)])
            mark = self._marks.get(change.list, key)
            assert mark is not None
            return mark, key, None
        mark = self._marks.get(change.list, change.key)
        if mark is None:
            raise KeyError(change.key)
        before = mark.record()
        if id(mark) not in self._chains:
            self._keep(change.list, mark, 0, State(before, dict(mark.fields)))
        self._marks.apply(change, by)
        return mark, change.key, before

    def _keep(self, name: str, mark: Marked, count: int, state: State) -> None:
        chain = self._chains.get(id(mark))
        if chain is None:
            self._chains[id(mark)] = _Chain(count, state)
        elif chain.starts[-1] == count:
            chain.states[-1] = state
        else:
            chain.starts.append(count)
            chain.states.append(state)
        if mark.gone is None:
            marks = self._keys.setdefault((name, mark.key), [])
            if mark not in marks:
                marks.append(mark)

    def placed(self, edits: Iterable[Edit], by: str) -> tuple[Change, ...]:
        """A plan's edits as they are recorded: what is added, by what it comes after. They are tried on a copy."""
        result: list[Change] = []
        keys: dict[str, list[str]] = {}
        for edit in edits:
            if edit.list == CODE:
                assert isinstance(edit, Splice)
                result.append(edit)
                continue
            standing = keys.setdefault(edit.list, list(self._marks.keys(edit.list)))
            match edit:
                case Add(list=name, index=index, record=new):
                    result.append(Place(name, slim(new), standing[index - 1] if index else None))
                    standing.insert(index, getattr(new, KEY[type(new)]))
                case Remove(key=key):
                    result.append(edit)
                    standing.remove(key)
                case Splice(key=key, part=part, at=at, old=old, new=text):
                    result.append(edit)
                    if part in KEY.values() and key in standing and part != "text":
                        standing[standing.index(key)] = key[:at] + text + key[at + len(old) :]
        return tuple(result)

    def edit(self, change: Change) -> Edit:
        """A recorded change as an edit of the code as it stands at the end."""
        match change:
            case Place(list=name, record=value, after=after):
                index = 0 if after is None else self._marks.keys(name).index(after) + 1
                return Add(name, index, record(value))
        return change

    # --- looking ------------------------------------------------------------------------------------------------------

    @property
    def rows(self) -> int:
        """How many states are kept beyond the base code."""
        return sum(len(chain.states) - (chain.starts[0] == 0) for chain in self._chains.values())

    def count(self, day: dt.date) -> int:
        """How many steps commence on or before a day."""
        return bisect_right(self.days, day)

    def code(self, count: int | None = None) -> Code:
        """The code after so many steps; after all of them where none is said."""
        count = len(self.steps) if count is None else count

        def records(name: str) -> tuple[Record, ...]:
            found = []
            for mark in self._marks.lists[name]:
                chain = self._chains.get(id(mark))
                state = chain.state(count) if chain else None
                standing = mark.record() if chain is None else state.record if state else None
                if standing is not None:
                    found.append(standing)
            return tuple(found)

        return assembled(self.base, records)

    def state(self, name: str, key: str, count: int) -> State | None:
        """The state after so many steps of the record that then stands under a key."""
        for mark in self._keys.get((name, key), ()):
            state = self._chains[id(mark)].state(count)
            if state is not None and state.record is not None and getattr(state.record, KEY[mark.kind]) == key:
                return state
        mark_now = self._marks.get(name, key)
        if mark_now is not None and id(mark_now) not in self._chains:
            return State(mark_now.record(), dict(mark_now.fields))
        return None

    def touching(self, key: str) -> frozenset[str]:
        """The instructions that touched a record that ever stood under a key, in whichever list."""
        found: set[str] = set()
        for (_, name), marks in self._keys.items():
            if name == key:
                for mark in marks:
                    found |= {self.steps[start - 1].instruction for start in self._chains[id(mark)].starts if start}
        return frozenset(found)

    def lists(self) -> tuple[str, ...]:
        """The names of the lists that the code has, without that of its particulars."""
        return tuple(name for name in self._marks.lists if name != CODE)


def digest(value: Record | None) -> str | None:
    """The hash of a record, as rows have it."""
    if value is None:
        return None
    return hashlib.sha256(msgspec.json.encode(value)).hexdigest()[:32]
