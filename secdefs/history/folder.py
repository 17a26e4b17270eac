"""A code folder: its files, and what may be asked of it and put into it."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import secrets
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import msgspec

from secdefs.annexed import parted
from secdefs.change.edits import Add
from secdefs.commencement import written
from secdefs.findings import Finding, SecdefsError, errors
from secdefs.history.answers import Blame, Course, Difference, Logged, Origin
from secdefs.history.book import Book, Held, decoded
from secdefs.history.checking import check
from secdefs.history.enacting import Proposal, Versions, enact, settle, withdraw
from secdefs.history.entries import Annexed, Base, Enacted, Happened, Place, Withdrawn, record, words
from secdefs.history.ledger import ORIGIN, Broken, Ledger, Lines, Writer, sealed
from secdefs.history.logbook import logged
from secdefs.history.reading import (
    BASE,
    INSTRUMENTS,
    LEDGER,
    TYPED,
    annex_name,
    digest,
    file_name,
    path_of,
    reading_from_json,
    reading_path,
    reading_to_json,
    refuse_link,
)
from secdefs.history.remarks import Letters
from secdefs.history.timeline import State, Timeline
from secdefs.letter.instrument import Instrument
from secdefs.model import Code
from secdefs.read.annexes import GivenAnnex
from secdefs.read.codefile import code_from_text
from secdefs.sentence.parse import Instruction
from secdefs.write.atomic import replace_file
from secdefs.write.codefile import code_to_yaml

if TYPE_CHECKING:
    from secdefs.write.akomadata import Amendment

# What git must not touch: a line break that it changed would be one that was not signed for.
_ATTRIBUTES = f"{BASE} -text\n{LEDGER} -text\n{INSTRUMENTS}/* -text\n"


class Enactment(msgspec.Struct, frozen=True, kw_only=True):
    """What came of putting something on record: with an error among the `findings`, nothing was.

    `commencing` are the instructions with the days on which they are carried out, `pending` those that wait for an
    event; `head` is the hash of the ledger's last line, which stands for all before it.
    """

    findings: tuple[Finding, ...]
    commencing: tuple[tuple[dt.date, Instruction], ...]
    pending: tuple[Instruction, ...]
    head: str

    @property
    def ok(self) -> bool:
        """Whether it is on record."""
        return not errors(self.findings)


class History:
    """A code folder: the base code, the letters as received, and the ledger of what each of them did.

    Where a day is asked for, `known` is the day as of which it is answered: what was put on record later is not known.
    """

    def __init__(self, folder: str | Path) -> None:
        """Read a folder. Raises SecdefsError where it is none, or its ledger is not what was written."""
        self.folder = Path(folder)
        self._ledger = Ledger(self.folder / LEDGER)
        if not self._ledger.path.is_file():
            raise SecdefsError(f"{self.folder}: is no code folder; “secdefs init” makes one")
        for name in (LEDGER, BASE, INSTRUMENTS):
            refuse_link(self.folder / name)
        self._base: Code | None = None
        self._letters: dict[str, Instrument] = {}
        self._take(self._ledger.read())

    @classmethod
    def open(cls, folder: str | Path) -> History:
        """The history in a folder."""
        return cls(folder)

    @classmethod
    def init(cls, folder: str | Path, code: Code, *, recorded: dt.date | None = None) -> History:
        """Make a folder that begins with a code. Raises SecdefsError where one is there already."""
        path = Path(folder)
        if (path / LEDGER).exists():
            raise SecdefsError(f"{path}: is a code folder already")
        data = code_to_yaml(code).encode()
        if code_from_text(data.decode(), BASE)[0] != code:
            raise SecdefsError("the code cannot be written as a code file that says the same")
        for name in (LEDGER, BASE, INSTRUMENTS, ".gitattributes"):
            refuse_link(path / name)
        base = path / BASE
        if base.exists() and base.read_bytes() != data:
            raise SecdefsError(f"{base}: is there already, and is another code")
        path.mkdir(parents=True, exist_ok=True)
        replace_file(path / ".gitattributes", _ATTRIBUTES.encode())
        replace_file(base, data)
        entry = Base(format=1, recorded=_come(recorded), title=code.title, as_at=code.as_at, sha256=digest(data))
        _make(path / LEDGER, sealed([words(entry)], ORIGIN)[0])
        return cls(path)

    # --- reading ------------------------------------------------------------------------------------------------------

    def _take(self, lines: Lines) -> None:
        self._lines = lines
        self._books: dict[dt.date | None, tuple[Book, Timeline]] = {}

    @property
    def head(self) -> str:
        """The hash of the ledger's last line: who keeps it can tell that nothing before it was changed."""
        return self._lines.head

    @property
    def base(self) -> Code:
        """The code with which the folder began."""
        return self._state(None)[0].base

    @property
    def rows(self) -> int:
        """How many states of records are kept beyond the base code: what all that is on record costs, in rows."""
        return self._state(None)[1].kept

    def _code(self, entry: Base) -> Code:
        """The base code, checked against its hash."""
        if self._base is None:
            path = self.folder / BASE
            data = path.read_bytes()
            if digest(data) != entry.sha256:
                raise Broken(1, f"{BASE} is not the code with which the folder began")
            self._base = code_from_text(data.decode(), str(path))[0]
        return self._base

    def _book(self, lines: Lines, known: dt.date | None = None) -> Book:
        groups = list(decoded(lines.groups))
        if not groups or not isinstance(first := groups[0][1][0], Base):
            raise Broken(1, "a ledger begins with the line of its base code")
        if known is not None and known < first.recorded:
            raise SecdefsError(
                f"nothing was on record on {written(known)}: the folder was made on {written(first.recorded)}"
            )
        book = Book(self._code(first))
        for line, said in groups:
            if known is not None and getattr(said[0], "recorded", dt.date.min) > known:
                break
            book.take(line, said)
        return book

    def _state(self, known: dt.date | None) -> tuple[Book, Timeline]:
        if known not in self._books:
            book = self._book(self._lines, known)
            self._books[known] = (book, book.timeline())
        return self._books[known]

    def _letter(self, entry: Enacted) -> Instrument:
        """What was read from an instrument when it was enacted."""
        if entry.reading not in self._letters:
            path = path_of(self.folder, entry.file)
            received, data = path.read_bytes(), reading_path(path).read_bytes()
            for name, found, said in ((path, received, entry.received), (reading_path(path), data, entry.reading)):
                if digest(found) != said:
                    raise SecdefsError(f"{name}: is not what was put on record; “secdefs fsck” tells more")
            self._letters[entry.reading] = reading_from_json(data, received, str(path))
        return self._letters[entry.reading]

    def _letters_of(self, book: Book) -> Letters:
        return lambda ident: self._letter(book.held[ident].entry)

    # --- putting on record --------------------------------------------------------------------------------------------

    def enact(
        self,
        instrument: Instrument,
        *,
        received: bytes | None = None,
        recorded: dt.date | None = None,
        with_effect_from: dt.date | None = None,
        events: Mapping[str, dt.date] | None = None,
        set_aside: Mapping[str, str] | None = None,
        version: str | Mapping[dt.date, str] | None = None,
        definitions_version: str | Mapping[dt.date, str] | None = None,
        after: Iterable[str] = (),
        before: Iterable[str] = (),
        corrects: str | None = None,
        annexes: Sequence[GivenAnnex] = (),
    ) -> Enactment:
        """Put a letter on record, if each of its instructions can be carried out on the code as it will then stand.

        `received` are the bytes as they came, where they are other than the text; `recorded` is the day on which this
        is done, today where it is not said. `version` and `definitions_version` are of the last day on which the letter
        commences, or of the days named. `after`, `before` and `corrects` name instruments on record: by id, by the
        beginning of it, or by the name of the file. What the letter makes has to be the text of its `annexes`, unless
        `set_aside` names them ("Annex D"). The rest is as for `plan`.

        Raises SecdefsError where a name is of nothing on record, or another process is writing.
        """
        data = instrument.text.encode("utf-8", "surrogatepass") if received is None else received
        with self._ledger.writing() as writer:
            book = self._book(writer.lines)
            typed = instrument.file == "-e"
            name = "typed instructions" if typed else PurePath(instrument.file or instrument.title or "letter").name
            file = _free_name(book, file_name(instrument, f"typed{TYPED}" if typed else name))
            kept = reading_to_json(instrument, data)
            items, aside = parted(set_aside or {}, [each.label for each in annexes])
            entry = Enacted(
                id=instrument.short_hash,
                sha256=instrument.sha256,
                recorded=_not_before(book, recorded),
                name=name,
                file=file,
                received=digest(data),
                reading=digest(kept),
                typed=typed,
                title=instrument.title,
                made=instrument.made,
                with_effect_from=with_effect_from,
                events=dict(events or {}),
                set_aside=items,
                after=tuple(named(book, each).id for each in after),
                before=tuple(named(book, each).id for each in before),
                corrects=named(book, corrects).id if corrects is not None else None,
                annexes=tuple(
                    Annexed(
                        each.label,
                        each.file.file,
                        each.file.sha256,
                        aside.get(each.label),
                        annex_name(instrument, each.label, each.file.file, file),
                    )
                    for each in annexes
                ),
            )
            versions = Versions(_dated(version), _dated(definitions_version))
            proposal = enact(book, self._letters_of(book), instrument, entry, versions, annexes)
            if proposal.ok:
                path = path_of(self.folder, file)
                path.parent.mkdir(exist_ok=True)
                for each, noted in zip(annexes, entry.annexes, strict=True):
                    if noted.kept is not None:
                        replace_file(path_of(self.folder, noted.kept), each.data)
                replace_file(path, data)
                replace_file(reading_path(path), kept)
            return self._append(writer, proposal)

    def settle(
        self,
        events: Mapping[str, dt.date],
        *,
        recorded: dt.date | None = None,
        version: str | Mapping[dt.date, str] | None = None,
        definitions_version: str | Mapping[dt.date, str] | None = None,
        after: Iterable[str] = (),
        before: Iterable[str] = (),
    ) -> Enactment:
        """Put on record that events have happened, and carry out what waits for nothing else.

        Raises SecdefsError where nothing waits for an event of that name.
        """
        with self._ledger.writing() as writer:
            book = self._book(writer.lines)
            head = Happened(
                recorded=_not_before(book, recorded),
                events=dict(events),
                instruments=(),
                after=tuple(named(book, each).id for each in after),
                before=tuple(named(book, each).id for each in before),
            )
            versions = Versions(_dated(version), _dated(definitions_version))
            return self._append(writer, settle(book, self._letters_of(book), head, versions))

    def withdraw(self, instrument: str, *, reason: str = "", recorded: dt.date | None = None) -> Enactment:
        """Take an instrument out, if all others can be carried out without it. Its entries stay on record."""
        with self._ledger.writing() as writer:
            book = self._book(writer.lines)
            head = Withdrawn(recorded=_not_before(book, recorded), instrument=named(book, instrument).id, reason=reason)
            return self._append(writer, withdraw(book, self._letters_of(book), head))

    def _append(self, writer: Writer, proposal: Proposal) -> Enactment:
        if proposal.ok:
            writer.append([words(each) for each in proposal.entries])
        self._take(writer.lines)
        return Enactment(
            findings=proposal.findings,
            commencing=proposal.commencing if proposal.ok else (),
            pending=proposal.pending if proposal.ok else (),
            head=self.head,
        )

    # --- asking -------------------------------------------------------------------------------------------------------

    def at(self, day: dt.date | None = None, *, known: dt.date | None = None) -> Code:
        """The code as it stands on a day; with all that is on record, where none is said.

        Raises SecdefsError for a day before the code with which the folder began.
        """
        _, timeline = self._state(known)
        return timeline.code(self._count(timeline, day))

    @staticmethod
    def _count(timeline: Timeline, day: dt.date | None) -> int:
        if day is None:
            return len(timeline.turns)
        if day < timeline.base.as_at:
            raise SecdefsError(
                f"the folder begins on {written(timeline.base.as_at)}, and tells nothing of {written(day)}"
            )
        return timeline.count(day)

    def amendments(
        self, day: dt.date | None = None, *, known: dt.date | None = None, since: dt.date | None = None
    ) -> tuple[Amendment, ...]:
        """What made the code what it is on a day, instruction after instruction; only what came after `since`."""
        from secdefs.write.akomadata import amendments

        book, timeline = self._state(known)
        turns = timeline.turns[0 if since is None else self._count(timeline, since) : self._count(timeline, day)]
        ids = dict.fromkeys(turn.instruction.partition(":")[0] for turn in turns)
        letters = [self._letter(book.held[ident].entry) for ident in ids]
        # Where something is added is of no account here, and so the index is not worked out.
        edits = [
            tuple(Add(each.list, 0, record(each.record)) if isinstance(each, Place) else each for each in turn.edits)
            for turn in turns
        ]
        done = [(turn.instruction, turn.day, own) for turn, own in zip(turns, edits, strict=True)]
        return amendments(done, letters)

    def not_yet(self, day: dt.date | None = None, *, known: dt.date | None = None) -> tuple[Origin, ...]:
        """What is on record and not in force on a day: what commences later, then what waits for an event."""
        book, timeline = self._state(known)
        later = [turn.instruction for turn in timeline.turns[self._count(timeline, day) :]]
        return tuple(self._origin(book, ident) for ident in (*later, *book.pending()))

    def blame(
        self, term: str | None = None, day: dt.date | None = None, *, known: dt.date | None = None
    ) -> tuple[Blame, ...]:
        """For each word of a definition, document, provision or entry which instruction put it there.

        `term` is the key of the record: there may be one in several lists. Without it, every record that any
        instruction touched. Raises SecdefsError where nothing stands under that key on that day.
        """
        book, timeline = self._state(known)
        count = self._count(timeline, day)
        found = timeline.touched(count) if term is None else timeline.states(term, count)
        if term is not None and not found:
            raise SecdefsError(_not_there(timeline, term, day))
        return tuple(self._blame(book, name, state) for name, state in found)

    def _blame(self, book: Book, name: str, state: State) -> Blame:
        assert state.record is not None
        pieces = [piece for field in state.fields.values() for piece in field]
        who = dict.fromkeys(each for piece in pieces for each in (piece.by, piece.gone) if each)
        origins = {ident: self._origin(book, ident) for ident in who}
        return Blame(name, state.record, state.fields, state.by, origins)

    def _origin(self, book: Book, ident: str) -> Origin:
        entry = book.held[ident.partition(":")[0]].entry
        (instruction,) = (each for each in self._letter(entry).instructions if each.id == ident)
        return Origin(instruction, entry, book.last[ident].said.day)

    def diff(self, first: dt.date, last: dt.date, *, known: dt.date | None = None) -> Difference:
        """What changes after one day and up to another, marked on the code of the first."""
        if last < first:
            raise SecdefsError(f"{first} comes after {last}: name the earlier day first")
        book, timeline = self._state(known)
        low, high = self._count(timeline, first), self._count(timeline, last)
        who = dict.fromkeys(turn.instruction for turn in timeline.turns[low:high])
        origins = {ident: self._origin(book, ident) for ident in who}
        theirs = {origin.instrument.id for origin in origins.values()}
        letters = tuple(self._letter(held.entry) for held in book.held.values() if held.id in theirs)
        return Difference(timeline.code(low), timeline.between(low, high), origins, letters)

    def course(self, *, known: dt.date | None = None) -> Course:
        """All that was ever done to the code, at once."""
        book, timeline = self._state(known)
        count = len(timeline.turns)
        return Course(
            timeline.base,
            timeline.between(0, count),
            tuple(self._origin(book, turn.instruction) for turn in timeline.turns),
            tuple(timeline.versions(number) for number in range(count + 1)),
            tuple(self._origin(book, ident) for ident in book.pending()),
            tuple(
                (self._origin(book, ident), why) for held in book.held.values() for ident, why in held.left_out.items()
            ),
            {held.id: self._letter(held.entry) for held in book.held.values()},
        )

    def log(self, term: str | None = None, *, known: dt.date | None = None) -> tuple[Logged, ...]:
        """All that was put on record, in that order; of a term only the instructions that ever touched it."""
        book, timeline = self._state(known)
        only = None
        if term is not None:
            # What was withdrawn or corrected is in no timeline any more, and on record nevertheless.
            rows = ((each.id, row.key) for group in book.groups for each in group.rest for row in each.rows)
            only = timeline.instructions_on(term) | {ident for ident, key in rows if key == term}
            if not only and term not in timeline.ever():
                raise SecdefsError(_not_there(timeline, term, None))
        return logged(book, self._letter, only)

    def check(self) -> tuple[Finding, ...]:
        """What is wrong with the folder: see `secdefs.history.checking`."""
        return check(self.folder)


# --- files ------------------------------------------------------------------------------------------------------------


def _free_name(book: Book, name: str) -> str:
    """A name in the folder that no entry has for another file."""
    taken = {group.head.file for group in book.groups if isinstance(group.head, Enacted)}
    path, number = PurePath(name), 1
    while name in taken:
        number += 1
        name = f"{path.stem}-{number}{path.suffix}"
    return name


def _make(path: Path, data: bytes) -> None:
    """Make a file that is not there, wholly or not at all. Raises SecdefsError where another process was quicker."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    replace_file(beside, data)
    try:
        os.link(beside, path)
    except FileExistsError:
        raise SecdefsError(f"{path.parent}: another process made this folder meanwhile") from None
    except (OSError, AttributeError):  # a file system without links
        os.replace(beside, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            beside.unlink()


# --- what was meant ---------------------------------------------------------------------------------------------------


def named(book: Book, name: str) -> Held:
    """The instrument that stands on record under an id, the beginning of one, or the name of its file.

    Raises SecdefsError where there is none, or there are several.
    """
    base = PurePath(name).name
    found = [held for held in book.held.values() if base in (held.entry.name, held.entry.file)]
    if not found and len(name) >= 4:
        found = [held for held in book.held.values() if held.id.startswith(name.lower())]
    if len(found) == 1:
        return found[0]
    if found:
        several = ", ".join(f"{held.id} ({held.entry.made or 'no date'})" for held in found)
        raise SecdefsError(f"“{name}” names several instruments: {several}; name one by its id")
    known = ", ".join(f"{held.entry.name} ({held.id})" for held in list(book.held.values())[-8:])
    rest = f"; the last of those that do: {known}" if known else ""
    raise SecdefsError(f"no instrument “{name}” stands on record{rest}")


def _not_before(book: Book, recorded: dt.date | None) -> dt.date:
    """The day of a new entry. Raises SecdefsError where it is before that of the last one, or has not come yet."""
    day = _come(recorded)
    if day < book.recorded:
        raise SecdefsError(
            f"the last entry was recorded on {written(book.recorded)}, and {written(day)} is before it: check the date"
        )
    return day


def _come(recorded: dt.date | None) -> dt.date:
    """The day on which something is put on record. One that has not come yet would let nothing follow until then."""
    today = dt.date.today()
    if recorded is not None and recorded > today:
        raise SecdefsError(f"nothing can be recorded on {written(recorded)}: that day has not come yet")
    return recorded or today


def _dated(version: str | Mapping[dt.date, str] | None) -> dict[dt.date | None, str]:
    match version:
        case None:
            return {}
        case str():
            return {None: version}
    return dict[dt.date | None, str](version.items())


def _not_there(timeline: Timeline, key: str, day: dt.date | None) -> str:
    known = timeline.ever()
    if key in known:
        when = f"on {written(day)}" if day else "any more"
        return f"“{key}” does not stand in the code {when}; “secdefs log” tells of it"
    near = get_close_matches(key, known, 1)
    return f"there is no “{key}” in the code" + (f"; did you mean “{near[0]}”?" if near else "")
