"""Laws of the ten acts, on codes and operations that no one chose: whole or refused, in scope, once is once, undone."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from random import Random

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from secdefs.change.edits import KEY, Add, Consolidation, Edit, Remove, Splice, accepted, rejected
from secdefs.change.matching import occurrences, same
from secdefs.change.operations import (
    IncorporateDocument,
    InsertProvision,
    InsertWords,
    OmitProvision,
    OmitWords,
    Operation,
    ReincorporateDocument,
    Rename,
    RevokeDocument,
    SubstituteProvision,
    SubstituteWords,
)
from secdefs.change.text import extent, paragraphs
from secdefs.findings import Refused
from secdefs.model import (
    Beside,
    Code,
    Definition,
    DefinitionRef,
    Definitions,
    Document,
    DocumentRef,
    Each,
    End,
    Entry,
    EntryRef,
    Group,
    Nth,
    Part,
    Provision,
    ProvisionRef,
    Quote,
    Record,
    Ref,
    SectionRef,
    Sentence,
    Span,
    Spot,
    Which,
    Words,
)
from secdefs.together import Together

# --- codes ------------------------------------------------------------------------------------------------------------

# Codes and operations grow from a number: drawing them word by word would take a hundred times as long.
SEEDS = st.integers(0, 2**32 - 1)
ATOMS = ("the", "DCC", "User", "grey", "box", "and", "or", "5", "149", "(1)", "“X”", "8 a.m.", "1,200", "–", "[TBC]")
GAPS = (" ", " ", " ", " ", ", ", "  ", "\u00a0")
TERMS = ("Box", "DCC", "Grey Box", "the Panel", "User’s Box", "Zone", "Data Centre", "Database", "24-Hour Line")
LABELS = (("a", "b", "c", "aa", "za"), ("i", "ii", "iii", "ia"), ("A", "B", "C"), ("1", "2", "1A"))
PLACES = ("A", "B", "Z", "AA")


def sentence(rng: Random, most: int = 6) -> str:
    return "".join(rng.choice(ATOMS) + rng.choice(GAPS) for _ in range(rng.randint(1, most))).strip(" ,\u00a0")


def tree(rng: Random, level: int = 0, deepest: int = 3) -> list[str]:
    """Lines of a text: opening words, a list or none, a flush tail or none."""
    pad = "  " * level
    stop = rng.choice((".", ";", ",", "; or", ", and", ""))
    if level >= deepest or rng.random() < 0.4:
        return [sentence(rng) + stop]
    result = [sentence(rng) + ":"]
    for label in LABELS[level][: rng.randint(1, 3)]:
        first, *rest = tree(rng, level + 1, deepest)
        result += [f"{pad}  ({label}) {first}", *rest]
    if rng.random() < 0.4:
        result.append(pad + sentence(rng) + stop)
    return result


def text(rng: Random) -> str:
    return "\n".join(tree(rng))


def version(rng: Random) -> str | None:
    return rng.choice((None, "1.0", "5.4", "5.23"))


def some(rng: Random, choices: Sequence[str], least: int, most: int) -> list[str]:
    return rng.sample(choices, rng.randint(least, most))


def code_of(rng: Random) -> Code:
    entries = some(rng, PLACES, 1, 3)
    return Code(
        title="Test Code",
        as_at=dt.date(2021, 12, 16),
        definitions=Definitions(
            section="A", entries=tuple(Definition(term=term, text=text(rng)) for term in some(rng, TERMS, 1, 4))
        ),
        contents=(
            Group(group="Appendices", entries=tuple(Entry(label=each, title=sentence(rng)) for each in entries)),
        ),
        documents=tuple(
            Document(place=f"Appendix {each}", title=sentence(rng), version=version(rng)) for each in entries
        ),
        sections=tuple(
            Provision(label=label, heading="Heading", text=text(rng))
            for label in some(rng, ("H8.15", "H8.16", "H9.1", "J1.1"), 0, 3)
        ),
    )


# --- operations -------------------------------------------------------------------------------------------------------

WHICH: tuple[Which, ...] = ("once", "once", "once", Each(), Each(2), Nth((1,)), Nth((2,)), Nth((-1,)), Nth((1, 2)))
BESIDE = (None, None, None, None, "beginning", "end", Beside("after", "the"), Beside("before", "or"))


def quote(rng: Random, words: str) -> Quote:
    """A quotation, in nine of ten cases of words that are there."""
    tokens = [(token.start(), token.end()) for token in re.finditer(r"\w+|\S", words)]
    said = sentence(rng, 2)
    if tokens and rng.random() < 0.9:
        first = rng.randrange(len(tokens))
        last = min(len(tokens) - 1, first + rng.randint(0, 3))
        said = words[tokens[first][0] : tokens[last][1]]
    return Quote(said, rng.choice(WHICH), rng.choice(BESIDE))  # type: ignore[arg-type]


def reference(rng: Random, code: Code) -> tuple[Ref, str]:
    """A reference, most of them to something that is there, and the text of what it names."""
    assert code.definitions is not None
    if rng.random() < 0.1:
        return rng.choice((SectionRef(), SectionRef(label="H"), ProvisionRef(label="H8"))), "the DCC or box"
    records: list[Record] = [*code.definitions.entries, *(code.sections or ()), *(code.contents or ())[0].entries]
    record = rng.choice(records)
    if isinstance(record, Entry):
        return EntryRef(group="Appendices", label=record.label), record.title
    assert isinstance(record, Definition | Provision)
    path = rng.choice([*(one.path for one in paragraphs(record.text)), ("q",)]) if rng.random() < 0.6 else ()
    part: Part = rng.choice(("text", "text", "text", "text", "opening", "closing", Sentence(1), Sentence(-1)))
    words = record.text
    with suppress(Refused):
        words = record.text[slice(*extent(record.text, path))]
    if isinstance(record, Definition):
        return DefinitionRef(term=record.term, path=path, part=part), words
    return ProvisionRef(label=record.label, path=path, part=part), words


def word_operation(rng: Random, code: Code) -> SubstituteWords | InsertWords | OmitWords:
    target, there = reference(rng, code)
    said = quote(rng, there)
    new = sentence(rng, 3) + rng.choice(("", "", ",", ".", "; or"))
    ends: list[Quote | End | None] = [None, Quote(said.text), quote(rng, there), End(("a",))]
    words: Words = said if rng.random() < 0.7 else Span(rng.choice(ends), rng.choice(ends))
    match rng.randrange(3):
        case 0:
            return SubstituteWords(target=target, old=words, new=new)
        case 1:
            return OmitWords(target=target, old=words)
    where = rng.choice(("after", "after", "before", "beginning", "end"))
    spot = Spot(where, words=said if where in ("after", "before") else None)  # type: ignore[arg-type]
    return InsertWords(target=target, at=spot, new=new)


def paragraph_of(rng: Random, level: int) -> Provision:
    label = rng.choice((*LABELS[min(max(level, 0), 3)], "d", "ba", "iv"))
    return Provision(label=label, text="\n".join(tree(rng, 0, 2)))


def provision_operation(rng: Random, code: Code) -> Operation:
    target: Ref = SectionRef()
    while not isinstance(target, DefinitionRef | ProvisionRef):
        target, _ = reference(rng, code)
    target = msgspec.structs.replace(target, part="text")
    path = target.path
    new = tuple(paragraph_of(rng, len(path) - 1) for _ in range(rng.randint(1, 2)))
    word = rng.choice((None, None, "or", "and"))
    match rng.randrange(6):
        case 0:
            spot = Spot(rng.choice(("after", "before")), ref=target, conjunction=word)
            return InsertProvision(target=msgspec.structs.replace(target, path=path[:-1]), at=spot, new=new)
        case 1:
            spot = Spot(rng.choice(("end", "beginning", "in_order")))
            inner = tuple(paragraph_of(rng, len(path)) for _ in range(rng.randint(1, 2)))
            return InsertProvision(target=target, at=spot, new=inner)
        case 2:
            return SubstituteProvision(target=target, new=new)
        case 3:
            gone = Quote(word, beside=rng.choice((None, "end"))) if word else None
            return OmitProvision(target=target, conjunction=gone)
        case 4:
            through = rng.choice(("b", "c", "ii", "B", "H9.1"))
            return OmitProvision(target=msgspec.structs.replace(target, through=through))
    return Rename(target=target, to=rng.choice(("d", "iv", "b", "2", "H8.17", "Box")))


def list_operation(rng: Random, code: Code) -> Operation:
    named, label, title = DefinitionRef(term=rng.choice(TERMS)), rng.choice((*PLACES, "C")), sentence(rng, 3)
    entry, document = EntryRef(group="Appendices", label=label), DocumentRef(place=f"Appendix {label}")
    terms = some(rng, (*TERMS, "Cable", "New Box"), 1, 2)
    new = tuple(Definition(term=term, text=sentence(rng) + ".") for term in terms)
    spots = (Spot("alphabetical"), Spot("end"), Spot("beginning"), Spot("after", ref=named), Spot("before", ref=named))
    provision = Provision(label="H8.16A", text=text(rng))
    return rng.choice(
        (
            InsertProvision(target=SectionRef(label="A"), at=rng.choice(spots), new=new),
            SubstituteProvision(target=named, new=new),
            OmitProvision(target=named),
            Rename(target=named, to=rng.choice(TERMS)),
            InsertProvision(
                target=EntryRef(group="Appendices"),
                at=rng.choice((Spot("end"), Spot("in_order"), Spot("after", ref=entry))),
                new=(Entry(label=rng.choice((*PLACES, "C")), title=title),),
            ),
            OmitProvision(target=entry),
            Rename(target=entry, to=title),
            IncorporateDocument(target=document, title=title, version=version(rng)),
            ReincorporateDocument(target=document, title=rng.choice((None, title)), version="6.0"),
            Rename(target=document, to=title),
            RevokeDocument(target=document),
            InsertProvision(target=SectionRef(), at=Spot("in_order"), new=(provision,)),
            OmitProvision(target=ProvisionRef(label="H8.15", through="H8.16")),
        )
    )


KINDS = (word_operation, provision_operation, list_operation)


def case_of(seed: int, kinds: Sequence[Callable[[Random, Code], Operation]] = KINDS) -> tuple[Code, Operation]:
    rng = Random(seed)
    code = code_of(rng)
    return code, rng.choice(kinds)(rng, code)


def several_of(seed: int) -> tuple[Code, tuple[Operation, ...]]:
    rng = Random(seed)
    code = code_of(rng)
    return code, tuple(rng.choice(KINDS)(rng, code) for _ in range(rng.randint(2, 4)))


def edits_of(operation: Operation, code: Code) -> tuple[Edit, ...]:
    """What an operation does, or nothing where it is refused; a refusal says what is wrong, and how to settle it."""
    said: Refused | None = None
    try:
        return operation.edits(Consolidation(code))
    except Refused as refused:
        said = refused
    assert re.fullmatch(r"SD[12]\d\d", said.code)
    assert said.message
    assert said.hint, said.message
    return ()


# --- the laws ---------------------------------------------------------------------------------------------------------


def law(test: Callable[[int], None]) -> Callable[[], None]:
    return settings(max_examples=300, deadline=None, derandomize=True)(given(SEEDS)(test))


def replayed(code: Code, edits: tuple[Edit, ...]) -> dict[str, list[Record]]:
    """The records of a code with edits carried out on plain strings, without a mark."""
    assert code.definitions is not None
    lists: dict[str, list[Record]] = {
        "definitions": list(code.definitions.entries),
        "sections": list(code.sections or ()),
        "documents": list(code.documents or ()),
        "contents:Appendices": list((code.contents or ())[0].entries),
    }
    for edit in edits:
        records = lists[edit.list]
        keys = [getattr(record, KEY[type(record)]) for record in records]
        match edit:
            case Add(index=index, record=record):
                records.insert(index, record)
            case Remove(key=key):
                del records[keys.index(key)]
            case Splice(key=key, part=part, at=at, old=old, new=new):
                record = records[keys.index(key)]
                value = getattr(record, part)
                text = value.isoformat() if isinstance(value, dt.date) else value or ""
                assert text[at : at + len(old)] == old
                made: str | dt.date | None = text[:at] + new + text[at + len(old) :]
                if part == "in_force_from":
                    made = dt.date.fromisoformat(str(made))
                records[keys.index(key)] = msgspec.structs.replace(
                    record, **{part: made or (None if part in ("heading", "version") else "")}
                )
    return lists


def lists_of(code: Code) -> dict[str, list[Record]]:
    return replayed(code, ())


def changed(before: Code, after: Code) -> set[tuple[str, str]]:
    """The list and key of each record that differs."""
    old, new = lists_of(before), lists_of(after)
    return {
        (name, str(getattr(record, KEY[type(record)])))
        for name in old
        for one, two in ((old[name], new[name]), (new[name], old[name]))
        for record in one
        if record not in two
    }


@law
def test_accepted_is_as_planned_rejected_as_it_was_and_undo_restores(seed: int) -> None:
    code, operation = case_of(seed)
    edits = edits_of(operation, code)
    consolidation = Consolidation(code)
    for edit in edits:
        consolidation.apply(edit, "1")

    assert replayed(code, edits) == lists_of(consolidation.code())
    assert code == consolidation.code(before=True)
    assert code == consolidation.without(frozenset(["1"]))
    for marks in consolidation.lists.values():
        for mark in marks:
            for pieces in mark.fields.values():
                assert all(piece.by in (None, "1") and piece.gone in (None, "1") for piece in pieces)
                if mark.by is None and mark.gone is None and not any(piece.by or piece.gone for piece in pieces):
                    assert accepted(pieces) == rejected(pieces)
    consolidation.undo("1")
    assert code == consolidation.code()


@law
def test_what_several_did_is_undone_from_the_last(seed: int) -> None:
    code, operations = several_of(seed)
    consolidation = Consolidation(code)
    states = []
    for number, operation in enumerate(operations):
        states.append(consolidation.code())
        with suppress(Refused):
            for edit in operation.edits(consolidation):
                consolidation.apply(edit, str(number))
    everyone = frozenset(map(str, range(len(operations))))

    assert code == consolidation.code(before=True)
    assert code == consolidation.without(everyone)
    for number, state in reversed(list(enumerate(states))):
        assert state == consolidation.without(frozenset(str(each) for each in range(number, len(operations))))
    for number, state in reversed(list(enumerate(states))):
        consolidation.undo(str(number))
        assert state == consolidation.code()


@law
def test_the_scope_is_never_left(seed: int) -> None:
    code, operation = case_of(seed, [word_operation])
    edits = edits_of(operation, code)
    if not edits:
        return
    target = operation.target
    consolidation = Consolidation(code)
    for edit in edits:
        consolidation.apply(edit, "1")
    touched = changed(code, consolidation.code())
    match target:
        case DefinitionRef(term=term):
            assert all(name == "definitions" for name, _ in touched)
            old = consolidation.base.definitions
            assert old is not None
            before = next(each for each in old.entries if each.term == term)
            if any(isinstance(edit, Splice) and edit.part == "term" for edit in edits):
                return
            after = consolidation.text("definitions", term)
        case ProvisionRef(label=label) if consolidation.get("sections", label):
            assert touched <= {("sections", label)}
            before = next(each for each in code.sections or () if each.label == label)  # type: ignore[assignment]
            after = consolidation.text("sections", label)
        case EntryRef(label=label):
            assert touched <= {("contents:Appendices", label)}
            return
        case _:
            assert all(name in ("definitions", "sections") for name, _ in touched)
            return
    low, high = extent(before.text, target.path)

    # The seams are within the place named; only spaces, and the line that is left empty, may go beside it.
    assert after.startswith(before.text[:low].rstrip())
    assert after.endswith(before.text[high:].lstrip())


@law
def test_once_never_edits_where_the_count_is_not_one(seed: int) -> None:
    code, operation = case_of(seed, [word_operation])
    if not isinstance(operation, SubstituteWords | OmitWords):
        return
    target, quote = operation.target, operation.old
    if not (isinstance(quote, Quote) and quote.which == "once" and quote.beside is None):
        return
    consolidation = Consolidation(code)
    texts: list[tuple[str, tuple[int, int]]] = []
    match target:
        case DefinitionRef(term=term, path=path, part="text"):
            text = consolidation.text("definitions", term)
            with suppress(Refused):
                texts = [(text, extent(text, path))] + ([(term, (0, len(term)))] if not path else [])
        case SectionRef(label=None):
            texts = [
                (words, (0, len(words)))
                for key in consolidation.keys("definitions")
                for words in (key, consolidation.text("definitions", key))
            ]
        case _:
            return
    count = sum(len(occurrences(text, quote.text, within)) for text, within in texts)
    edits = edits_of(operation, code)

    if count != 1:
        assert edits == ()
    elif edits:
        (edit,) = edits
        assert isinstance(edit, Splice)
        assert same(edit.old).rstrip(".;,:") == same(quote.text).rstrip(".;,:")


@law
def test_untouched_characters_stay_exactly_as_they_were(seed: int) -> None:
    code, operation = case_of(seed, [word_operation])
    assert isinstance(operation, SubstituteWords | InsertWords | OmitWords)
    for edit in edits_of(operation, code):
        assert isinstance(edit, Splice)
        if isinstance(operation, InsertWords):
            # Beside spaces, at most a closing mark and a conjunction give way to those of the new words.
            assert re.fullmatch(r"[\s.,;:—–]*(?:and|or)?\s*", edit.old), edit
        elif isinstance(operation.old, Quote):
            assert same(edit.old).rstrip(".;,:") == same(operation.old.text).rstrip(".;,:") or edit.part == "term"
        if not isinstance(operation, OmitWords):
            assert "".join(operation.new.split()) in "".join(edit.new.split()) or edit.part == "term"


@law
def test_a_paragraph_put_in_leaves_every_other_line(seed: int) -> None:
    code, operation = case_of(seed, [provision_operation])
    edits = edits_of(operation, code)
    if not edits or not all(isinstance(edit, Splice) and edit.part == "text" for edit in edits):
        return
    (name, key), *others = {(edit.list, edit.key) for edit in edits if isinstance(edit, Splice)}
    assert others == []
    consolidation = Consolidation(code)
    before = consolidation.text(name, key)
    for edit in edits:
        consolidation.apply(edit, "1")
    after = consolidation.text(name, key)
    old, new = before.split("\n"), after.split("\n")
    known, standing = [one.path for one in paragraphs(before)], [one.path for one in paragraphs(after)]

    assert len({*standing}) == len(standing) or len({*known}) < len(known)
    match operation:
        case InsertProvision(at=spot, new=records):
            bare = [re.sub(r"[\s\u00a0]+(?:and|or)$", "", line) for line in (old, new)[0]]
            left = [re.sub(r"[\s\u00a0]+(?:and|or)$", "", line) for line in new]
            remaining = iter(left)
            assert all(line in remaining for line in bare)
            assert len(new) - len(old) == sum(
                len(each.text.split("\n")) for each in records if isinstance(each, Provision)
            )
            beside = getattr(spot.ref, "path", ())
            holder = beside[:-1] if beside else operation.target.path  # type: ignore[union-attr]
            for each in records:
                assert isinstance(each, Provision)
                assert (*holder, each.label) in standing
                assert (*holder, each.label) not in known
            assert {*known} < {*standing}
        case OmitProvision(target=DefinitionRef(path=path, through=None) | ProvisionRef(path=path, through=None)):
            assert [one for one in known if one[: len(path)] != path] == standing
        case SubstituteProvision(target=DefinitionRef(path=path) | ProvisionRef(path=path)):
            kept = [one for one in known if one[: len(path)] != path]
            assert [one for one in standing if one in kept] == kept


def labels_of(consolidation: Consolidation) -> list[tuple[str, ...]]:
    texts = [consolidation.text("definitions", key) for key in consolidation.keys("definitions")]
    return [one.path for text in texts for one in paragraphs(text)]


@law
def test_instructions_that_do_not_interfere_may_be_carried_out_in_any_order(seed: int) -> None:
    rng = Random(seed)
    code = code_of(rng)
    assert code.definitions is not None
    only = msgspec.structs.replace(code.definitions, entries=code.definitions.entries[:1])
    code = msgspec.structs.replace(code, definitions=only, sections=None)
    one, two = (rng.choice((word_operation, word_operation, provision_operation))(rng, code) for _ in range(2))
    inserts = [each for each in (one, two) if isinstance(each, InsertWords | InsertProvision)]
    if len(inserts) == 2 and not any(each.at.where in ("after", "before") for each in inserts):
        return  # of two that go to one end, the later follows the earlier
    results = []
    for first, second in ((one, two), (two, one)):
        consolidation = Consolidation(code)
        together = Together(consolidation, frozenset("12"))
        for number, operation in (("1", first), ("2", second)):
            try:
                edits = operation.edits(consolidation)
            except Refused:
                together.hindrance(operation)
                return
            if together.interference(number, operation, edits) is not None:
                return
            labels = labels_of(consolidation)
            for edit in edits:
                consolidation.apply(edit, number)
            together.made(number, edits)
            if isinstance(operation, SubstituteWords | InsertWords | OmitWords) and labels != labels_of(consolidation):
                return  # words that make or unmake a label change what a later paragraph stands beside
        # A no-break space beside words that go may stay as it was, or be the one that goes.
        results.append({name: str(each).replace("\\xa0", " ") for name, each in lists_of(consolidation.code()).items()})

    assert results[0] == results[1]
