"""The law of the language: the sentence in which an operation says itself is read as that operation and no other."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from secdefs.change import operations as ops
from secdefs.model import (
    Beside,
    Definition,
    DefinitionRef,
    DocumentRef,
    Each,
    End,
    Entry,
    EntryRef,
    Nth,
    Outside,
    Provision,
    ProvisionRef,
    Quote,
    SectionRef,
    Sentence,
    Span,
    Spot,
)
from secdefs.sentence.parse import parse

# --- words ------------------------------------------------------------------------------------------------------------

WORD = st.sampled_from(
    "the Gauge Operator shall and or in of after insert omit definition Section 5A 12,000 £5 H8.16 (b)(ii) [TBC] its "
    "Panel’s sub-meter “Meter” “and”, — ; where: e.g. (as “M”) substitute paragraph (1), 31 2022 heading".split(" ")
)
LINES = st.lists(WORD, min_size=1, max_size=6).map(" ".join)
TERM = st.lists(
    st.sampled_from(["Gauge", "Operator", "the", "of", "SMETS1", "24-Hour", "(or GO)", "Panel’s", "and"]),
    min_size=1,
    max_size=4,
).map(" ".join)
TITLE = st.sampled_from(
    [
        "Gauge Handbook",
        "SMETS1 Supporting Requirements (S1SR)",
        "Terms of Reference of the Panel",
        "Meters’ Code of 2019",
    ]
)
CONJUNCTION = st.sampled_from(["and", "or"])

LETTERS = st.sampled_from("a b c h x za aa".split())
ROMANS = st.sampled_from("i ii iv ix".split())
FIGURES = st.sampled_from("1 2 12 1A 3ZA".split())
LEVELS = st.one_of(
    st.tuples(LETTERS),
    st.tuples(LETTERS, ROMANS),
    st.tuples(FIGURES),
    st.tuples(FIGURES, LETTERS),
    st.tuples(FIGURES, LETTERS, ROMANS),
)
WORKS = st.sampled_from([None, None, "Widget Code", "Widget Act 2001", "GIC", "Gauges (Wales) Regulations 2014"])
LATER = {"a": "c", "b": "d", "c": "h", "h": "j", "x": "z", "za": "zc", "aa": "ac", "i": "iii", "ii": "iv", "iv": "vi"}
LATER |= {"ix": "xi", "1": "3", "2": "4", "12": "14", "1A": "1C", "3ZA": "3ZC"}

# --- places -----------------------------------------------------------------------------------------------------------

PARTS = st.sampled_from(["text", "text", "text", "opening", "closing", Sentence(1), Sentence(3), Sentence(-1)])


def beside(place: Any, label: str) -> Any:
    """The place, its opening or closing words said to stand before or after a paragraph where there is a label."""
    if not label or place.part not in ("opening", "closing") or place.through is not None:
        return place
    return msgspec.structs.replace(place, beside=label)


@st.composite
def ranges(draw: st.DrawFn, least: int = 0) -> tuple[tuple[str, ...], str | None]:
    """A path, and often the end of a range of its last label."""
    path = draw(LEVELS if least else st.one_of(st.just(()), LEVELS))
    through = LATER[path[-1]] if path and draw(st.integers(0, 4)) == 0 else None
    return path, through


def definitions(parts: st.SearchStrategy[Any] = PARTS, least: int = 0) -> st.SearchStrategy[DefinitionRef]:
    return st.builds(
        lambda term, section, path, part, work, label: beside(
            DefinitionRef(term=term, section=section, path=path[0], through=path[1], part=part, work=work), label
        ),
        TERM,
        st.sampled_from([None, "A", "150(1)", "33N", "Schedule 2", "Schedule 2(1)(a)", "(5)"]),
        ranges(least),
        parts,
        WORKS,
        st.sampled_from(["", "", "a", "c", "ii"]),
    )


def provisions(parts: st.SearchStrategy[Any] = PARTS, least: int = 0) -> st.SearchStrategy[ProvisionRef]:
    return st.builds(
        # Paragraphs of a Schedule are numbered through its Parts, so that a Part with a path is said without the Part.
        lambda label, path, part, work, last: beside(
            ProvisionRef(
                label=label.rpartition(" of ")[2] if path[0] or (last and part in ("opening", "closing")) else label,
                path=path[0],
                through=path[1],
                part=part,
                work=work,
            ),
            last,
        ),
        st.sampled_from(["H8.16", "33N", "12", "Schedule 2", "Schedule", "Part 3 of Schedule 1"]),
        ranges(least),
        parts,
        WORKS,
        st.sampled_from(["", "", "a", "c", "ii"]),
    )


SECTIONS = st.builds(SectionRef, label=st.sampled_from(["A", "H", None]), work=WORKS)
DOCUMENTS = st.builds(DocumentRef, place=st.sampled_from(["Appendix AM", "Schedule 8", "Appendix C"]))
LISTS = st.builds(EntryRef, group=st.sampled_from(["Appendices", "Schedules"]))
ENTRIES = st.builds(EntryRef, group=st.sampled_from(["Appendices", "Schedules"]), label=st.sampled_from(["AM", "8"]))
SCOPES = st.one_of(definitions(), provisions(), provisions(st.just("heading")), SECTIONS)
ONE_RECORD = st.one_of(definitions(st.just("text")), provisions(st.just("text")), ENTRIES)

# --- which words ------------------------------------------------------------------------------------------------------

WHICH = st.sampled_from(["once", "once", Each(), Each(2), Each(3), Nth((1,)), Nth((2, 4)), Nth((-1,))])
BESIDE = st.one_of(
    st.none(),
    st.none(),
    st.builds(Beside, side=st.sampled_from(["after", "before"]), text=LINES),
    st.builds(Beside, side=st.sampled_from(["after", "before"]), path=st.tuples(LETTERS)),
    st.builds(Beside, side=st.just("after"), text=LINES, until=LINES),
    st.sampled_from(["beginning", "end"]),
)
QUOTES = st.one_of(st.builds(Quote, text=LINES, which=WHICH), st.builds(Quote, text=LINES, beside=BESIDE))
EDGES = st.builds(Quote, text=LINES, which=st.sampled_from(["once", "once", Nth((2,)), Nth((-1,))]))
SPANS = st.one_of(
    st.builds(Span, start=EDGES, end=EDGES),
    st.builds(Span, start=EDGES, end=st.none()),
    st.builds(Span, start=EDGES, end=st.builds(End, path=st.tuples(LETTERS))),
    st.builds(Span, start=st.none(), end=EDGES),
    st.builds(Span, start=st.builds(Outside, EDGES), end=st.none()),
    st.builds(Span, start=st.none(), end=st.builds(Outside, EDGES)),
    st.builds(Span, start=st.builds(Outside, EDGES), end=st.builds(Outside, EDGES)),
)
WORDS = st.one_of(QUOTES, SPANS)
SPOTS_FOR_WORDS = st.one_of(
    st.builds(Spot, where=st.sampled_from(["after", "before"]), words=st.builds(Quote, text=LINES, which=WHICH)),
    st.builds(
        Spot,
        where=st.just("after"),
        words=st.builds(Quote, text=LINES, beside=st.builds(Beside, side=st.just("before"), text=LINES)),
    ),
    st.builds(Spot, where=st.sampled_from(["beginning", "end"])),
)

# --- what is inserted -------------------------------------------------------------------------------------------------

PARAGRAPH = st.sampled_from(
    ["the words “A” and “B”; or", "any gauge which—\n  (i) is sealed; and\n  (ii) is read daily,", "one."]
)
# Paragraphs inserted together are of one list: no letter has a (3A) after a (ba).
PARAGRAPHS = st.sampled_from([("ba",), ("ba", "bb"), ("c",), ("c", "d"), ("3A",), ("3A", "3B")]).flatmap(
    lambda labels: st.tuples(*(st.builds(Provision, label=st.just(label), text=PARAGRAPH) for label in labels))
)
MEANING = st.builds(
    Definition,
    term=TERM,
    text=st.sampled_from(
        [
            "means a gauge;",
            "has the meaning given in Section F2;",
            "means:\n  (a) one; or\n  (b) two,\nas the case may be.",
        ]
    ),
)
LINE = st.builds(Entry, label=st.sampled_from(["AN", "9"]), title=TITLE)


def several(record: st.SearchStrategy[Any], key: str) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(record, min_size=1, max_size=2, unique_by=lambda made: getattr(made, key)).map(tuple)


ALPHABETICAL = st.just(Spot("alphabetical"))
INSERTIONS = st.one_of(
    st.builds(ops.InsertProvision, target=SECTIONS, at=ALPHABETICAL, new=several(MEANING, "term")),
    st.builds(
        lambda term, section, new: ops.InsertProvision(
            target=section, at=Spot("after", ref=DefinitionRef(term=term, section=section.label)), new=new
        ),
        TERM,
        st.builds(SectionRef, label=st.sampled_from(["A", None])),
        several(MEANING, "term"),
    ),
    st.builds(ops.InsertProvision, target=LISTS, at=st.just(Spot("end")), new=several(LINE, "label")),
    st.builds(
        ops.InsertProvision,
        target=st.one_of(definitions(st.just("text")), provisions(st.just("text"))),
        at=st.just(Spot("end")),
        # "at the end of (b) insert (ba)" is after (b): what goes inside begins a list of its own.
        new=st.builds(Provision, label=st.just("1"), text=PARAGRAPH).map(lambda made: (made,)),
    ),
    st.builds(
        lambda label, path, inner, side, conjunction, new: ops.InsertProvision(
            target=ProvisionRef(label=label, path=path),
            at=Spot(side, ref=ProvisionRef(label=label, path=(*path, inner)), conjunction=conjunction),
            new=new,
        ),
        st.sampled_from(["H8.16", "33N", "Schedule 2"]),
        st.one_of(st.just(()), st.tuples(FIGURES)),
        LETTERS,
        st.sampled_from(["after", "before"]),
        st.one_of(st.none(), CONJUNCTION),
        PARAGRAPHS,
    ),
    st.builds(
        lambda term, section, inner, side, new: ops.InsertProvision(
            target=DefinitionRef(term=term, section=section),
            at=Spot(side, ref=DefinitionRef(term=term, section=section, path=(inner,))),
            new=new,
        ),
        TERM,
        st.sampled_from([None, "A", "150(1)"]),
        LETTERS,
        st.sampled_from(["after", "before"]),
        PARAGRAPHS,
    ),
)

SUBSTITUTIONS = st.one_of(
    st.builds(ops.SubstituteProvision, target=definitions(st.just("text")), new=several(MEANING, "term")),
    st.builds(ops.SubstituteProvision, target=provisions(st.just("text"), 1), new=PARAGRAPHS),
    st.builds(ops.SubstituteProvision, target=ENTRIES, new=several(LINE, "label")),
)
CONJUNCTIONS = st.one_of(st.none(), st.builds(Quote, text=CONJUNCTION, beside=st.sampled_from([None, "end"])))
ANNEXES = st.sampled_from([None, "B", "C"])

BY_NAME: dict[str, st.SearchStrategy[Any]] = {
    "substitute_words": st.builds(ops.SubstituteWords, target=SCOPES, old=WORDS, new=LINES),
    "insert_words": st.builds(ops.InsertWords, target=SCOPES, at=SPOTS_FOR_WORDS, new=LINES),
    "omit_words": st.builds(ops.OmitWords, target=SCOPES, old=WORDS),
    "insert_provision": INSERTIONS,
    "substitute_provision": SUBSTITUTIONS,
    "omit_provision": st.builds(ops.OmitProvision, target=ONE_RECORD, conjunction=CONJUNCTIONS),
    "rename": st.one_of(
        st.builds(
            ops.Rename, target=st.builds(DefinitionRef, term=TERM, section=st.sampled_from([None, "A"])), to=TERM
        ),
        st.builds(ops.Rename, target=provisions(st.just("heading")), to=LINES),
        st.builds(
            lambda target, to, last: ops.Rename(target=target, to=to, to_through=last if target.through else None),
            provisions(st.just("text"), 1),
            LETTERS,
            LETTERS,
        ),
    ),
    "incorporate_document": st.builds(ops.IncorporateDocument, target=DOCUMENTS, title=TITLE, annex=ANNEXES),
    "reincorporate_document": st.builds(
        ops.ReincorporateDocument, target=DOCUMENTS, title=st.one_of(st.none(), TITLE), annex=ANNEXES
    ),
    "revoke_document": st.builds(ops.RevokeDocument, target=DOCUMENTS),
}


def test_the_law_is_tried_for_each_of_the_ten_operations() -> None:
    assert {each.__struct_config__.tag for each in ops.Op.__subclasses__()} == BY_NAME.keys()


@pytest.mark.parametrize("name", sorted(BY_NAME))
@given(data=st.data())
def test_an_operation_says_itself_as_it_is_read(name: str, data: st.DataObject) -> None:
    operation = data.draw(BY_NAME[name])
    path = getattr(operation.target, "path", ())
    assume(name != "rename" or operation.target.part == "heading" or not path or operation.to != path[-1])
    # "to the end of (a) in (1)(a)" is to its own end: an end that bears the target's own label cannot be said.
    end = getattr(getattr(operation, "old", None), "end", None)
    assume(not isinstance(end, End) or end.path != path[-1:])
    sentence = str(operation)
    reading = parse(sentence)

    assert [operation] == [each.operation for each in reading.instructions], (sentence, reading.findings)
