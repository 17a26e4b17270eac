"""Whether a folder is what was put on record: hashes, order, replay, and the rules by which its letters were read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from secdefs.findings import Finding, SecdefsError, Source, finding
from secdefs.history.book import Batch, Book, Group, decoded
from secdefs.history.entries import RULES, Base, Enacted, Ordered, Withdrawn
from secdefs.history.ledger import Broken, Lines, lines
from secdefs.history.reading import (
    BASE,
    INSTRUMENTS,
    LEDGER,
    digest,
    path_of,
    read_received,
    reading_from_json,
    reading_path,
)
from secdefs.history.remarks import differing
from secdefs.history.timeline import Timeline
from secdefs.letter.instrument import Instrument
from secdefs.model import Code
from secdefs.read.codefile import code_from_text
from secdefs.sentence.parse import Instruction


def check(folder: Path) -> tuple[Finding, ...]:
    """What is wrong with a folder: an error for the first line of its ledger that is not as it was written.

    A warning for each letter that the rules of this version read otherwise than was recorded, a note for what a write
    that was cut short has left behind. Raises SecdefsError where there is no folder.
    """
    ledger = folder / LEDGER
    if not ledger.is_file():
        raise SecdefsError(f"{folder}: is no code folder; “secdefs init” makes one")
    try:
        found = lines(ledger.read_bytes())
        checked = _Checking(folder, found)
    except Broken as broken:
        source = Source(str(ledger), None, None, broken.line, 1, 0, 0)
        hint = "take the folder as it was, from git or another copy; nothing after this line can be relied on"
        return (finding("SD407", broken.message, hint=hint, source=source),)
    return (*_left_behind(folder, found, checked.book), *checked.read_otherwise(), *checked.done_otherwise())


class _Checking:
    """A folder read from its first line on, each line held against what it says."""

    def __init__(self, folder: Path, found: Lines) -> None:
        self.folder = folder
        self.letters: dict[str, tuple[Instrument, bytes]] = {}
        groups = decoded(found.groups)
        self.book: Book | None = None
        timeline: Timeline | None = None
        before: tuple[Batch, ...] = ()
        for line, said in groups:
            if self.book is None:
                self.book = Book(self._base(line, said[0]))
                timeline = Timeline(self.book.base)
            self.book.take(line, said)
            assert timeline is not None
            group = self.book.groups[-1]
            if isinstance(group.head, Enacted):
                self._instrument(group, group.head)
            timeline, before = self._replayed(group, timeline, before)
        if self.book is None:
            raise Broken(1, "a ledger begins with the line of its base code")

    def _base(self, line: int, said: object) -> Code:
        if not isinstance(said, Base):
            raise Broken(line, "a ledger begins with the line of its base code")
        try:
            data = (self.folder / BASE).read_bytes()
        except OSError as error:
            raise Broken(line, f"{BASE} cannot be read: {error.strerror}") from None
        if digest(data) != said.sha256:
            raise Broken(line, f"{BASE} is not the code with which the folder began: it was changed since")
        return code_from_text(data.decode(), str(self.folder / BASE))[0]

    def _instrument(self, group: Group, head: Enacted) -> None:
        """The files of an instrument against their hashes, and its instructions against its lines."""
        try:
            path = path_of(self.folder, head.file)
            received, reading = path.read_bytes(), reading_path(path).read_bytes()
        except OSError as error:
            raise Broken(group.line, f"{error.filename}: cannot be read: {error.strerror}") from None
        except SecdefsError as error:
            raise Broken(group.line, str(error)) from None
        if digest(received) != head.received:
            raise Broken(group.line, f"{path.name} is not the letter that was received: it was changed since")
        if digest(reading) != head.reading:
            raise Broken(group.line, f"{reading_path(path).name} is not what was read: it was changed since")
        for annex in head.annexes:
            if annex.kept is not None:
                self._annex(group, annex.kept, annex.sha256)
        try:
            instrument = reading_from_json(reading, received, str(path))
        except SecdefsError as error:
            raise Broken(group.line, f"{reading_path(path).name}: {error}") from None
        ids = [each.id for each in group.rest if isinstance(each, Ordered)]
        if ids != [each.id for each in instrument.instructions] or instrument.sha256 != head.sha256:
            raise Broken(group.line, "the instructions of this instrument are not those that were read from it")
        self.letters[head.id] = (instrument, received)

    def _annex(self, group: Group, name: str, sha256: str) -> None:
        try:
            data = path_of(self.folder, name).read_bytes()
        except OSError as error:
            raise Broken(group.line, f"{error.filename}: cannot be read: {error.strerror}") from None
        except SecdefsError as error:
            raise Broken(group.line, str(error)) from None
        if digest(data) != sha256:
            raise Broken(group.line, f"{name} is not the annex that was received: it was changed since")

    def _replayed(
        self, group: Group, timeline: Timeline, before: tuple[Batch, ...]
    ) -> tuple[Timeline, tuple[Batch, ...]]:
        """The code through time after a group; what only comes at the end is not replayed from the beginning."""
        assert self.book is not None
        after = self.book.batches()
        # What was carried out before and is said anew, or is taken out, changes the middle.
        again = isinstance(group.head, Withdrawn) or getattr(group.head, "corrects", None) is not None
        again |= any(not isinstance(each, Ordered) for each in group.rest)
        try:
            if again or after[: len(before)] != before:
                return self.book.timeline(), after
            for batch in after[len(before) :]:
                for turn in self.book.turns_of(batch):
                    line, said = self.book.last[turn.instruction]
                    try:
                        rows = timeline.take(turn)
                    except SecdefsError as error:
                        raise Broken(line, str(error)) from None
                    if rows != said.rows:
                        raise Broken(line, "the records that this touches are not what their hashes say")
        except Broken as broken:
            if broken.line < group.line:
                message = f"after this, what line {broken.line} says can no longer be carried out: {broken.message}"
                raise Broken(group.line, message) from None
            raise
        return timeline, after

    # --- the rules ----------------------------------------------------------------------------------------------------

    def read_otherwise(self) -> Iterable[Finding]:
        """A warning for each letter that is now read otherwise."""
        assert self.book is not None
        for held in self.book.held.values():
            then, received = self.letters[held.id]
            file = str(self.folder / INSTRUMENTS / held.entry.file)
            try:
                letter = read_received(received, held.entry.file)[0]
            except SecdefsError as error:
                yield self._otherwise(held.entry, held.line, f"can no longer be read ({error})", file, 1)
                continue
            now = letter.instructions
            # What an annex shows is no reading of the letter; `done_otherwise` has it.
            kept = {each.label for each in held.entry.annexes if each.kept is not None}
            shown = tuple(f"{left.order.id}.{left.annex}" for left in letter.left if left.annex in kept)
            read = [each for each in then.instructions if not each.id.startswith(shown or ("\0",))]
            if [_said(each) for each in now] == [_said(each) for each in read]:
                continue
            pairs = zip([*now, *[None] * len(read)], read, strict=False)
            first = next((old for new, old in pairs if new is None or _said(new) != _said(old)), None)
            where = first.source.line if first else 1
            yield self._otherwise(held.entry, held.line, "would be read otherwise", file, where)

    @staticmethod
    def _otherwise(entry: Enacted, line: int, what: str, file: str, where: int) -> Finding:
        return finding(
            "SD406",
            f"“{entry.name}” (line {line} of the ledger) was read by the rules of version {entry.rules}; by those of "
            f"version {RULES} it {what}",
            hint="what is on record stays as it was read; enact the letter again with --corrects to have it read anew",
            source=Source(file, None, None, where, 1, 0, 0),
            weight="warning",
        )

    def done_otherwise(self) -> Iterable[Finding]:
        """A warning for each instruction that would now be carried out otherwise, as it was read."""
        assert self.book is not None
        found = differing(self.book, lambda ident: self.letters[ident][0])
        return (msgspec.structs.replace(each, severity="warning") for each in found)


def _said(each: Instruction) -> tuple[object, ...]:
    return (each.id, each.operation, each.commencement, each.effect)


def _left_behind(folder: Path, found: Lines, book: Book | None) -> Iterable[Finding]:
    """A note on what is in the folder and on no record."""
    if found.unfinished:
        source = Source(str(folder / LEDGER), None, None, found.count + 1, 1, 0, 0)
        message = f"the last {found.unfinished:,} bytes are of a write that was cut short, and count as never begun"
        hint = "nothing needs to be done: the next entry takes their place"
        yield finding("SD408", message, hint=hint, source=source, weight="note")
    known = set()
    for group in book.groups if book else ():
        if isinstance(group.head, Enacted):
            known |= {group.head.file, reading_path(Path(group.head.file)).name}
            known |= {each.kept for each in group.head.annexes if each.kept is not None}
    instruments = folder / INSTRUMENTS
    for path in sorted(instruments.iterdir()) if instruments.is_dir() else ():
        if path.name not in known:
            message = f"{path}: is on no record: something was cut short here, or put here by hand"
            yield finding("SD408", message, hint="delete it, or enact it", weight="note")
