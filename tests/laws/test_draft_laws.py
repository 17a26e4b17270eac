"""Laws of drafting: the draft applied to the first code gives the second, in either style, and no line is idle."""

from __future__ import annotations

import datetime as dt
import re

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from secdefs.draft import Particulars, Style, draft
from secdefs.letter.instrument import read_instrument
from secdefs.model import Code, Definition, Definitions, Document, Entry, Group, Provision
from secdefs.plan import Plan, plan

BEFORE, AFTER = dt.date(2030, 1, 1), dt.date(2030, 3, 1)
WORD = st.sampled_from(
    "a the of grey blue box bag gauge Operator Panel device sealed 12 1,200 section 5(1) “round” [TBC] not for which "
    "Annex’s by-law £5 under".split()
)
PARTICULARS = Particulars(
    issuer=("The Gauge Panel,", "1 Gauge Street"),
    addressees="the parties to the code",
    made=dt.date(2030, 1, 20),
    title="Direction changing the code",
    authority="the Gauge Panel",
    powers=("Condition 4 of the Gauge Licence", "Section X5 (Documents) of the Gauge Code"),
    savings=("Nothing in this direction affects anything done before it.",),
    signatory=("A Person", "for the Gauge Panel"),
)
PHRASE = st.lists(WORD, min_size=2, max_size=8).map(" ".join)
TERMS = ("Alpha", "Beta Box", "Box", "Device", "Gauge", "Gauge Operator", "Panel", "the Register", "Zone (or Z)")


@st.composite
def paragraphs(draw: st.DrawFn, level: int, first: str) -> list[str]:
    """The lines of a list with its conjunctions where they belong; the last has no stop."""
    count = draw(st.integers(2, 4))
    joint = draw(st.sampled_from(["and", "or"]))
    lines: list[str] = []
    for number in range(count):
        label = "abcd"[number] if first == "a" else ("i", "ii", "iii", "iv")[number]
        end = "" if number == count - 1 else f"; {joint}" if number == count - 2 else ";"
        words = draw(PHRASE)
        if first == "a" and draw(st.integers(0, 4)) == 0:
            lines.append(f"{'  ' * level}({label}) {words}:")
            inner = draw(paragraphs(level + 1, "i"))
            if draw(st.booleans()):
                lines += [*inner[:-1], inner[-1] + ",", f"{'  ' * level}which is {draw(PHRASE)}{end}"]
            else:
                lines += [*inner[:-1], inner[-1] + end]
        else:
            lines.append(f"{'  ' * level}({label}) {words}{end}")
    return lines


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A text as definitions are written: a sentence, or opening words, a list and perhaps closing words."""
    opening = f"means {draw(PHRASE)}"
    kind = draw(st.sampled_from(["sentence", "sentence", "sentences", "list", "tail"]))
    match kind:
        case "sentence":
            return f"{opening}."
        case "sentences":
            return f"{opening}. It is {draw(PHRASE)}."
    lines = draw(paragraphs(1, "a"))
    if kind == "list":
        return "\n".join([f"{opening}:", *lines[:-1], lines[-1] + "."])
    return "\n".join([f"{opening}:", *lines[:-1], lines[-1] + ",", f"and is {draw(PHRASE)}."])


@st.composite
def altered(draw: st.DrawFn, text: str) -> str:
    """A text with some of its words exchanged, left out or joined by others."""
    lines = text.split("\n")
    for _ in range(draw(st.integers(1, 4))):
        number = draw(st.integers(0, len(lines) - 1))
        indent = len(lines[number]) - len(lines[number].lstrip())
        words = lines[number].split()
        if len(words) < 4:
            continue
        at = draw(st.integers(1, len(words) - 2))
        if not words[at][-1].isalnum():
            continue
        match draw(st.sampled_from(["put", "take", "change"])):
            case "put":
                words.insert(at, draw(PHRASE))
            case "take":
                del words[at]
            case "change":
                words[at] = draw(WORD)
        lines[number] = " " * indent + " ".join(words)
    return "\n".join(lines)


@st.composite
def definitions(draw: st.DrawFn) -> tuple[Definition, ...]:
    terms = draw(st.lists(st.sampled_from(TERMS), unique=True, max_size=6))
    if draw(st.integers(0, 3)):
        terms.sort(key=lambda term: term.removeprefix("the ").lower())
    return tuple(Definition(term=term, text=draw(texts())) for term in terms)


@st.composite
def other_definitions(draw: st.DrawFn, old: tuple[Definition, ...]) -> tuple[Definition, ...]:
    """Definitions some of which are those given, changed or not, and some not."""
    fresh = {each.term: each for each in draw(definitions())}
    result = []
    for each in old:
        match draw(st.sampled_from(["keep", "keep", "alter", "alter", "leave", "fresh"])):
            case "keep":
                result.append(each)
            case "alter":
                result.append(Definition(term=each.term, text=draw(altered(each.text))))
            case "fresh" if each.term in fresh:
                result.append(fresh.pop(each.term))
    for each in fresh.values():
        if each.term not in {one.term for one in result} and draw(st.booleans()):
            result.insert(draw(st.integers(0, len(result))), each)
    return tuple(result)


@st.composite
def documents(draw: st.DrawFn, stood: tuple[Document, ...] | None = None) -> tuple[Document, ...]:
    result = []
    known = {each.place: each for each in stood or ()}
    for label in draw(st.lists(st.sampled_from("ABCDE"), unique=True, max_size=4).map(sorted)):
        place = f"Appendix {label}"
        version = f"{draw(st.integers(1, 9))}.0"
        title = f"{label}gauge {'Code of Practice' if stood is None else 'Rules'}"
        day = dt.date(2029, 1, 1) if stood is None else draw(st.sampled_from([AFTER, dt.date(2030, 2, 1)]))
        if place in known and (draw(st.booleans()) or known[place].version == version):
            result.append(known[place])
        else:
            title = known[place].title if place in known and draw(st.booleans()) else title
            result.append(Document(place=place, title=title, version=version, in_force_from=day))
    return tuple(result)


@st.composite
def provisions(draw: st.DrawFn) -> tuple[Provision, ...]:
    return tuple(
        Provision(
            label=label,
            heading=draw(st.sampled_from(["Gauges", "Boxes"])),
            text=draw(texts()).replace("means", "The Panel shall see", 1),
        )
        for label in draw(st.lists(st.sampled_from(["B1.1", "B1.2", "B1.2A", "B2.10"]), unique=True).map(sorted))
    )


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Code, Code]:
    """Two codes with the same parts, the second later; they may have much or nothing in common."""
    mine = draw(definitions())
    theirs = draw(other_definitions(mine))
    registered = draw(documents())
    letters = st.lists(st.sampled_from("ABCD"), unique=True, max_size=3).map(sorted)
    entries = tuple(Entry(label=label, title=f"{label}gauge") for label in draw(letters))
    titles = st.sampled_from(["gauge", "gauge", "box Rules"])
    more = tuple(Entry(label=label, title=label + draw(titles)) for label in draw(letters))
    before = Code(
        title="Gauge Code",
        short_title=draw(st.sampled_from(["GC", None])),
        version="1.0",
        as_at=BEFORE,
        definitions=Definitions(section="A", heading="Definitions", version="1.0", entries=mine),
        contents=(Group(group="Appendices", entries=entries),),
        documents=registered,
        sections=draw(provisions()),
    )
    assert before.definitions is not None
    after = msgspec.structs.replace(
        before,
        version="2.0",
        as_at=AFTER,
        definitions=msgspec.structs.replace(
            before.definitions, version="2.0" if mine != theirs else "1.0", entries=theirs
        ),
        contents=(Group(group="Appendices", entries=more),),
        documents=draw(documents(registered)) if draw(st.booleans()) else registered,
        sections=draw(provisions()) if draw(st.booleans()) else before.sections,
    )
    return before, after


def applied(before: Code, text: str, after: Code) -> Plan:
    return plan(before, read_instrument(text), version=after.version)


@pytest.mark.parametrize("style", ["direction", "statute"])
@settings(deadline=None)
@given(pair=pairs(), data=st.data())
def test_a_draft_makes_the_second_code_of_the_first(style: Style, pair: tuple[Code, Code], data: st.DataObject) -> None:
    before, after = pair
    assume(msgspec.structs.replace(before, as_at=after.as_at, version=after.version) != after)
    made = draft(before, after, style=style, particulars=data.draw(st.sampled_from([None, PARTICULARS])))
    assert made.ok, made.findings
    # With nothing but documents of an earlier day, that is the day on which the code then stands.
    after = msgspec.structs.replace(after, as_at=made.commencement)
    planned = applied(before, made.text, after)

    # What is said is on the second code itself: that a definition ends otherwise than its neighbours, or that the old
    # term is still used elsewhere.
    assert {found.code for found in planned.findings} <= {"SD309", "SD312"}
    assert planned.after() == after

    # No line that orders anything, is set out or lists an annex can be dropped. A lead-in only says where: without it
    # the words might still be found in one place alone.
    head, sep, operative = made.text.partition("directs that" if "directs that" in made.text else "directed that")
    lines = operative.split("\n")
    lead = re.compile(r".*(?:is amended as follows|in the definition of “[^”]*”)[:—]", re.I)
    foot = re.compile("Annexes|Nothing in|Yours|A Person|for the Gauge")
    bearing = [
        n for n, line in enumerate(lines) if n and line.strip() and not foot.match(line) and not lead.fullmatch(line)
    ]
    chosen = data.draw(st.sampled_from(bearing))
    without = applied(before, head + sep + "\n".join(lines[:chosen] + lines[chosen + 1 :]), after)

    assert not without.ok or without.after() != after
