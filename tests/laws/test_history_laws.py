"""Laws of a code through time, on letters, days and orders that no one chose."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import pairwise, permutations
from typing import TypeAlias

import msgspec
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from secdefs.change.edits import CODE, accepted
from secdefs.change.operations import (
    InsertProvision,
    InsertWords,
    OmitProvision,
    OmitWords,
    Operation,
    ReincorporateDocument,
    Rename,
    SubstituteWords,
)
from secdefs.commencement import Commencement, Event, LaterOf
from secdefs.findings import SecdefsError, Source
from secdefs.history.book import Batch, Book, decoded
from secdefs.history.enacting import Proposal, Versions, enact, settle, withdraw
from secdefs.history.entries import Base, Enacted, Happened, Said, Withdrawn, entry, operation, slim, words
from secdefs.history.ledger import ORIGIN, lines, sealed
from secdefs.history.reading import reading_from_json, reading_to_json
from secdefs.letter.instrument import Instrument
from secdefs.model import (
    Code,
    Definition,
    DefinitionRef,
    Definitions,
    Document,
    DocumentRef,
    Each,
    Quote,
    SectionRef,
    Spot,
)
from secdefs.plan import plan
from secdefs.sentence.parse import Coverage, Instruction

BEGAN = dt.date(2020, 1, 1)
DAYS = tuple(dt.date(2020, month, 1) for month in range(1, 5))
TERMS = ("Alpha", "Gamma")
WORDS = ("one", "two", "three", "four", "five", "six")
EVENTS = ("the Opening Day", "the notice is given")
CODE_BEFORE = Code(
    title="Widget Code",
    version="1.0",
    as_at=BEGAN,
    definitions=Definitions(
        section="A",
        version="1.0",
        entries=tuple(Definition(term=term, text=f"means {' '.join(WORDS)}.") for term in TERMS),
    ),
    documents=(Document(place="Appendix A", title="Rules", version="1.0"),),
)

Act: TypeAlias = tuple[object, ...]
Order: TypeAlias = tuple[Operation, Commencement]

law = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])

# --- letters that nobody wrote ----------------------------------------------------------------------------------------


def _number() -> Iterator[int]:
    number = 0
    while True:
        yield (number := number + 1)


def letter(number: int, orders: Sequence[tuple[Operation, Commencement]], made: dt.date | None = None) -> Instrument:
    """A letter with these orders. Its number makes it another letter than every other."""
    text = f"letter {number}\n" + "\n".join(f"{at}) {each} from {when}" for at, (each, when) in enumerate(orders))
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return Instrument(
        title=f"Letter {number}",
        made=made,
        issuer=None,
        addressees=(),
        powers=(),
        names={},
        code=(),
        commencement=None,
        annexes=(),
        savings=(),
        sha256=sha256,
        instructions=tuple(
            Instruction(
                id=f"{sha256[:12]}:{at})",
                operation=each,
                commencement=when,
                source=Source(f"{number}.txt", None, f"{at})", at + 2, 1, 0, 0),
            )
            for at, (each, when) in enumerate(orders)
        ),
        findings=(),
        coverage=Coverage(characters=0, operation=0, context=0, not_understood=0),
        file=f"{number}.txt",
        text=text,
    )


def ref(term: str) -> DefinitionRef:
    return DefinitionRef(term=term)


terms = st.sampled_from((*TERMS, *TERMS, "Delta"))
quotes = st.sampled_from((*WORDS, "two three", "new", "newer")).map(Quote)
new_words = st.sampled_from(("new", "newer", "one", "two"))
operations: st.SearchStrategy[Operation] = st.one_of(
    st.builds(lambda term, old, new: SubstituteWords(target=ref(term), old=old, new=new), terms, quotes, new_words),
    st.builds(
        lambda term, old, new: InsertWords(target=ref(term), at=Spot("after", words=old), new=new),
        terms,
        quotes,
        new_words,
    ),
    st.builds(lambda term, old: OmitWords(target=ref(term), old=old), terms, quotes),
    st.builds(
        lambda term, old, new: SubstituteWords(target=ref(term), old=Quote(old.text, Each()), new=new),
        terms,
        quotes,
        new_words,
    ),
    st.builds(
        lambda term: InsertProvision(
            target=SectionRef(), at=Spot("alphabetical"), new=(Definition(term=term, text="means one new two."),)
        ),
        st.sampled_from(("Delta", "Aleph", "Zeta")),
    ),
    st.builds(lambda term: OmitProvision(target=ref(term)), terms),
    st.builds(lambda term, to: Rename(target=ref(term), to=to), terms, st.sampled_from(("Omega", "Delta"))),
    st.just(ReincorporateDocument(target=DocumentRef(place="Appendix A"), title="Rules", version="2.0")),
)
days = st.sampled_from(DAYS)
commencements: st.SearchStrategy[Commencement] = st.one_of(
    days,
    days,
    days,
    st.sampled_from(EVENTS).map(Event),
    st.builds(lambda name, day: LaterOf((Event(name), day)), st.sampled_from(EVENTS), days),
)
dated_orders = st.lists(st.tuples(operations, days), min_size=1, max_size=2)
orders = st.lists(st.tuples(operations, commencements), min_size=1, max_size=2)
one_act = st.one_of(
    st.tuples(st.just("enact"), dated_orders, st.none() | days),
    st.tuples(st.just("enact"), dated_orders, st.none() | days),
    st.tuples(st.just("enact"), orders, st.none() | days),
    st.tuples(st.just("correct"), orders, st.integers(0, 9)),
    st.tuples(st.just("withdraw"), st.integers(0, 9)),
    st.tuples(st.just("settle"), st.sampled_from(EVENTS), days),
)
acts = st.builds(
    lambda first, rest: [*first, *rest],
    st.lists(st.tuples(st.just("enact"), dated_orders, st.none() | days), min_size=2, max_size=4),
    st.lists(one_act, max_size=6),
)


class Record:
    """A ledger in memory: what is put on record goes through its JSON, as it does on a disk."""

    def __init__(self) -> None:
        self.numbers = _number()
        self.recorded = BEGAN
        self.letters: dict[str, Instrument] = {}
        self.data, self.head = b"", ORIGIN
        self.book = Book(CODE_BEFORE)
        self._append([Base(format=1, recorded=BEGAN, title="Widget Code", as_at=BEGAN, sha256="")])

    def _append(self, entries: Sequence[Said]) -> None:
        encoded = [words(each) for each in entries]
        line = lines(self.data).count + 1
        data, self.head = sealed(encoded, self.head)
        self.data += data
        self.book.take(line, [entry(each) for each in encoded])

    def _take(self, proposal: Proposal) -> bool:
        if proposal.ok:
            self._append(proposal.entries)
        return proposal.ok

    def _next(self) -> dt.date:
        self.recorded += dt.timedelta(days=1)
        return self.recorded

    def enact(self, instrument: Instrument, *, corrects: str | None = None, after: Sequence[str] = ()) -> Proposal:
        kept = reading_to_json(instrument, instrument.text.encode())
        self.letters[instrument.short_hash] = reading_from_json(kept, instrument.text.encode(), instrument.file or "")
        said = Enacted(
            id=instrument.short_hash,
            sha256=instrument.sha256,
            recorded=self._next(),
            name=instrument.file or "",
            file="x",
            received="",
            reading="",
            made=instrument.made,
            after=tuple(after),
            corrects=corrects,
        )
        dated = any(isinstance(each.commencement, dt.date) for each in instrument.instructions)
        versions = Versions({None: f"{self.recorded}"} if dated else {})
        proposal = enact(self.book, self.letters.__getitem__, instrument, said, versions)
        self._take(proposal)
        return proposal

    def enact_in_some_order(self, instrument: Instrument, *, corrects: str | None = None) -> bool:
        """Enact, and where the order has to be settled, let it come after the others."""
        after: list[str] = []
        while True:
            proposal = self.enact(instrument, after=after, corrects=corrects)
            asked = [found for found in proposal.findings if found.code == "SD403"]
            if not asked:
                return proposal.ok
            named = re.findall("--after ([0-9a-f]{12})", str(asked[0].hint))
            assert named[0] not in after, "what is settled is not asked again"
            after += named

    def act(self, act: Act) -> bool:
        """Do one of `acts`; whether anything was put on record."""
        standing = list(self.book.held)
        match act:
            case ("enact", orders, made):
                return self.enact_in_some_order(letter(next(self.numbers), orders, made))  # type: ignore[arg-type]
            case ("correct", orders, int(which)) if standing:
                new = letter(next(self.numbers), orders)  # type: ignore[arg-type]
                return self.enact_in_some_order(new, corrects=standing[which % len(standing)])
            case ("withdraw", int(which)) if standing:
                head = Withdrawn(recorded=self._next(), instrument=standing[which % len(standing)], reason="")
                return self._take(withdraw(self.book, self.letters.__getitem__, head))
            case ("settle", str(name), dt.date() as day):
                head = Happened(recorded=self._next(), events={name: day}, instruments=())
                with suppress(SecdefsError):  # nothing waits for it, or it is on record
                    return self._take(settle(self.book, self.letters.__getitem__, head, Versions()))
        return False


def played(acts: Sequence[Act]) -> Record:
    record = Record()
    for act in acts:
        record.act(act)
    return record


def on_each_day(book: Book) -> list[Code]:
    timeline = book.timeline()
    return [timeline.code(timeline.count(day)) for day in DAYS]


def lists(code: Code) -> tuple[object, ...]:
    """What a code says, without the versions that it is given."""
    return (code.definitions and code.definitions.entries, code.contents, code.documents, code.sections)


def folded(record: Record, batches: Sequence[Batch]) -> Code | None:
    """The code that comes of planning batches one after another, each on the code that the last one left."""
    code = CODE_BEFORE
    for batch in batches:
        held = record.letters[batch.instrument]
        mine = tuple(
            msgspec.structs.replace(each, commencement=batch.day)
            for each in held.instructions
            if each.id in batch.instructions
        )
        planned = plan(code, msgspec.structs.replace(held, instructions=mine))
        if not planned.ok:
            return None
        code = planned.after()
    return code


# --- the laws ---------------------------------------------------------------------------------------------------------


@law
@given(acts)
def test_the_code_on_a_day_is_the_fold_of_what_commences_by_then(acts: list[Act]) -> None:
    record = played(acts)

    for day, code in zip(DAYS, on_each_day(record.book), strict=True):
        expected = folded(record, [batch for batch in record.book.batches() if batch.day <= day])
        assert expected is not None
        assert lists(expected) == lists(code)


@law
@given(acts)
def test_the_code_is_constant_between_commencements(acts: list[Act]) -> None:
    timeline = played(acts).book.timeline()
    commencing = {turn.day for turn in timeline.turns}

    for before, day in pairwise(DAYS):
        eve = timeline.code(timeline.count(day - dt.timedelta(days=1)))
        assert timeline.code(timeline.count(before)) == eve
        if day not in commencing:
            assert eve == timeline.code(timeline.count(day))


@law
@given(acts, orders, st.none() | days)
def test_a_late_letter_changes_only_what_comes_after_it(
    acts: list[Act], late: list[Order], made: dt.date | None
) -> None:
    record = played(acts)
    before = on_each_day(record.book)
    new = letter(99, late, made)
    assume(record.enact_in_some_order(new))
    mine = [last.said.day for ident, last in record.book.last.items() if ident.startswith(new.short_hash)]
    first = min((day for day in mine if day is not None), default=dt.date.max)

    for day, then, now in zip(DAYS, before, on_each_day(record.book), strict=True):
        if day < first:
            assert then == now


@law
@given(acts, orders, st.none() | days)
def test_what_is_refused_changes_nothing(acts: list[Act], more: list[Order], made: dt.date | None) -> None:
    record = played(acts)
    before, data = on_each_day(record.book), record.data
    proposal = record.enact(letter(99, more, made))
    assume(not proposal.ok)

    assert data == record.data
    assert before == on_each_day(record.book)
    assert proposal.entries == ()


@law
@given(acts, orders, st.none() | days)
def test_to_withdraw_what_was_enacted_leaves_all_as_before(
    acts: list[Act], more: list[Order], made: dt.date | None
) -> None:
    record = played(acts)
    before, edits = on_each_day(record.book), record.book.turns()
    new = letter(99, more, made)
    assume(record.enact_in_some_order(new))
    head = Withdrawn(recorded=record._next(), instrument=new.short_hash, reason="")

    assert record._take(withdraw(record.book, record.letters.__getitem__, head))
    assert before == on_each_day(record.book)
    assert edits == record.book.turns()


@law
@given(dated_orders, dated_orders, st.none() | days, st.none() | days)
def test_letters_on_different_provisions_commute(
    first: list[Order],
    second: list[Order],
    made: dt.date | None,
    also_made: dt.date | None,
) -> None:
    mine = [pair for pair in first if getattr(pair[0].target, "term", "") == "Alpha"]
    others = [
        pair
        for pair in second
        if getattr(pair[0].target, "term", "") == "Gamma"
        and isinstance(pair[0], SubstituteWords | InsertWords | OmitWords)
    ]
    assume(mine and others)
    one, two = letter(1, mine, made), letter(2, others, also_made)
    ways = []
    for way in permutations((one, two)):
        record = Record()
        ways.append((sorted(each.short_hash for each in way if record.enact(each).ok), record))

    assert ways[0][0] == ways[1][0]
    assert [lists(code) for code in on_each_day(ways[0][1].book)] == [
        lists(code) for code in on_each_day(ways[1][1].book)
    ]


@law
@given(acts)
def test_where_nobody_settled_the_order_of_a_day_it_does_not_matter(acts: list[Act]) -> None:
    record = played(acts)
    batches = record.book.batches()

    for at, (one, two) in enumerate(pairwise(batches)):
        first, second = record.book.held[one.instrument], record.book.held[two.instrument]
        settled = second.after & first.also or first.before & second.also
        if one.day == two.day and not settled:
            day = [batch for batch in batches if batch.day <= one.day]
            swapped = [*day[:at], two, one, *day[at + 2 :]]
            expected, other = folded(record, day), folded(record, swapped)
            assert expected is not None
            assert other is not None
            assert lists(expected) == lists(other)


@law
@given(acts)
def test_the_pieces_join_to_the_text_and_each_names_an_entry(acts: list[Act]) -> None:
    record = played(acts)
    timeline = record.book.timeline()

    for day in DAYS:
        count = timeline.count(day)
        code = timeline.code(count)
        assert code.definitions is not None
        for each in (*code.definitions.entries, *(code.documents or ())):
            key = each.term if isinstance(each, Definition) else each.place
            ((_, state),) = timeline.states(key, count)
            assert each == state.record
            for name, field in state.fields.items():
                assert (getattr(each, name) or "") == accepted(field) or name == "in_force_from"
                named = {who for piece in field for who in (piece.by, piece.gone) if who}
                done = {turn.instruction for turn in timeline.turns[:count]}
                assert named <= done <= record.book.last.keys()


@law
@given(acts)
def test_what_was_known_on_a_day_is_still_answered_so(acts: list[Act]) -> None:
    record = Record()
    answers = {record.book.recorded: on_each_day(record.book)}
    for act in acts:
        record.act(act)
        answers[record.book.recorded] = on_each_day(record.book)

    for known, expected in answers.items():
        book = Book(CODE_BEFORE)
        for line, said in decoded(lines(record.data).groups):
            if getattr(said[0], "recorded", BEGAN) <= known:
                book.take(line, said)
        assert expected == on_each_day(book)


@law
@given(acts, st.data())
def test_a_ledger_cut_anywhere_is_one_before_or_after_a_write(acts: list[Act], data: st.DataObject) -> None:
    record = Record()
    whole = {len(record.data): on_each_day(record.book)}
    for act in acts:
        record.act(act)
        whole[len(record.data)] = on_each_day(record.book)
    ends = sorted(whole)
    cut = data.draw(st.integers(ends[0], ends[-1]))
    found = lines(record.data[:cut])
    book = Book(CODE_BEFORE)
    for line, said in decoded(found.groups):
        book.take(line, said)

    before = max(end for end in ends if end <= cut)
    assert (before, cut - before) == (found.end, found.unfinished)
    assert whole[before] == on_each_day(book)


@law
@given(acts)
def test_to_undo_the_last_instruction_restores_what_stood_before_it(acts: list[Act]) -> None:
    timeline = played(acts).book.timeline()
    assume(timeline.turns)
    count = len(timeline.turns)
    marked = timeline.between(0, count)
    restore = marked.saved()
    before = timeline.code(count)
    with suppress(SecdefsError):  # it may refuse; it never restores something else
        marked.undo(timeline.turns[-1].instruction)
        assert lists(timeline.code(count - 1)) == lists(marked.code())
    restore()

    assert before == marked.code()


@law
@given(acts)
def test_a_version_costs_what_its_letter_changed(acts: list[Act]) -> None:
    timeline = played(acts).book.timeline()

    assert timeline.kept == sum(len(rows) for rows in timeline.rows)


@law
@given(operations, commencements)
def test_an_operation_reads_back_from_its_json(one: Operation, when: Commencement) -> None:
    instrument = letter(1, [(one, when)], BEGAN)
    again = reading_from_json(reading_to_json(instrument, b"other bytes"), b"other bytes", "1.txt")

    assert one == operation(msgspec.json.decode(msgspec.json.encode(slim(one))))
    assert instrument.instructions == again.instructions
    assert (instrument.text, instrument.made) == (again.text, again.made)


def test_the_particulars_of_the_code_are_no_part_of_an_entry() -> None:
    record = Record()
    record.enact(letter(1, [(SubstituteWords(target=ref("Alpha"), old=Quote("one"), new="new"), DAYS[1])]))

    assert {"definitions"} == {change.list for turn in record.book.turns() for change in turn.edits} - {CODE}
