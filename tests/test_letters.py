"""Whole letters: a real direction where it is at hand, the letter of the fixtures, and the dates that letters give."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from secdefs.change.operations import (
    IncorporateDocument,
    InsertProvision,
    InsertWords,
    ReincorporateDocument,
    SubstituteWords,
)
from secdefs.commencement import Event, LaterOf, commencement
from secdefs.findings import Refused
from secdefs.letter.instrument import Instrument, read_instrument, with_words_of
from secdefs.letter.particulars import Annex
from secdefs.model import Code, Definition, DefinitionRef, Definitions, DocumentRef, Entry, EntryRef, Quote, Spot

ROOT = Path(__file__).resolve().parents[1]
REAL = ROOT.parent / "shared" / "letters" / "2021-12-16-s1ckmp-s1sr.txt"
SAMPLE = ROOT / "fixtures" / "letters" / "s1ckmp.txt"
CORPUS = sorted((ROOT.parent / "shared" / "letters").glob("*.txt"))

real = pytest.mark.skipif(not REAL.exists(), reason="the real letter is not beside this checkout")
DAY = dt.date(2021, 12, 17)
POLICY, REQUIREMENTS = "SMETS1 Cryptographic Key Management Policy", "SMETS1 Supporting Requirements"


def letter(path: Path) -> Instrument:
    return read_instrument(path.read_text("utf-8"), file=path.name)


@pytest.fixture(params=[pytest.param(REAL, marks=real, id="real"), pytest.param(SAMPLE, id="sample")])
def direction(request: pytest.FixtureRequest) -> Instrument:
    return letter(request.param)


def test_the_direction_says_who_made_it_when_and_by_what_power(direction: Instrument) -> None:
    assert dt.date(2021, 12, 16) == direction.made
    assert direction.title is not None
    assert direction.title.startswith("SMART METERING IMPLEMENTATION PROGRAMME: DIRECTION")
    assert direction.issuer == "Department for Business, Energy & Industrial Strategy"
    assert {"SEC Parties", "the SEC Panel"} <= {each.replace("The ", "the ") for each in direction.addressees}
    assert list(direction.powers) == [
        "Condition 22 of the DCC Licence",
        "Section X5 (Incorporation of Certain Documents into this Code) of the SEC",
    ]


def test_the_direction_gives_names(direction: Instrument) -> None:
    assert {
        "SEC": "Smart Energy Code",
        "S1SR": REQUIREMENTS,
        "S1CKMP": POLICY,
    }.items() <= direction.names.items()
    assert "DCC Licence" in direction.names
    assert "SEC" in direction.code


def test_the_direction_lists_its_annexes(direction: Instrument) -> None:
    requirements = f"{REQUIREMENTS} Document (S1SR)"

    assert direction.annexes == (
        Annex(label="A", place="Appendix AT", title=POLICY, version="1.0"),
        Annex(label="B", place="Appendix AM", title=requirements, version="12.0"),
        Annex(label="C", place="Appendix AM", title=requirements, version="12.0", marked_up_against="11.0"),
        Annex(label="D", place="Section A", title="Definitions and Interpretation", version="24.0"),
    )


def test_the_direction_orders_four_things(direction: Instrument) -> None:
    assert [each.operation for each in direction.instructions] == [
        IncorporateDocument(target=DocumentRef(place="Appendix AT"), title=POLICY, version="1.0", annex="A"),
        InsertProvision(
            target=EntryRef(group="Appendices", label=None), at=Spot("end"), new=(Entry(label="AT", title=POLICY),)
        ),
        SubstituteWords(target=DefinitionRef(term=POLICY, section="A"), old=Quote("[TBC]"), new="AT"),
        ReincorporateDocument(
            target=DocumentRef(place="Appendix AM"), title=f"{REQUIREMENTS} (S1SR)", version="12.0", annex="B"
        ),
    ]
    assert [each.source.item for each in direction.instructions] == ["i)", "ii)", "iii)", None]
    assert {each.commencement for each in direction.instructions} == {DAY}
    assert {each.effect for each in direction.instructions} == {"textual"}


def test_each_order_of_the_direction_says_where_it_stands(direction: Instrument) -> None:
    for each in direction.instructions:
        source = each.source
        line = direction.text[: source.start].count("\n") + 1
        words = " ".join(direction.text[source.start : source.end].split())

        assert line == source.line
        assert direction.text.rfind("\n", 0, source.start) + source.column == source.start
        assert words.startswith(("the SMETS1", "the Smart", "in the", "Pursuant"))


def test_nothing_of_the_direction_is_left_over(direction: Instrument) -> None:
    assert direction.findings == ()
    assert direction.coverage.not_understood == 0
    assert direction.commencement is None
    assert [saving.startswith("For the avoidance of doubt, ") for saving in direction.savings[:1]] == [True]


def test_the_footnote_between_two_items_is_lifted_out(direction: Instrument) -> None:
    first, second = direction.instructions[:2]
    between = direction.text[first.source.end : second.source.start]

    assert between.strip().startswith("3 A")
    assert "annex" in between


@pytest.mark.parametrize(
    "path", [*CORPUS, *sorted((ROOT / "fixtures" / "letters").glob("*.txt"))], ids=lambda path: path.stem
)
def test_the_coverage_of_a_letter_adds_up(path: Path) -> None:
    coverage = letter(path).coverage
    text = path.read_text("utf-8")

    assert coverage.characters == sum(not char.isspace() for char in text)
    assert coverage.characters == coverage.operation + coverage.context + coverage.not_understood
    ends = [0, *(end for _, _, end in coverage.spans)]
    assert all(before <= start < end for before, (_, start, end) in zip(ends, coverage.spans, strict=False))


# --- when -------------------------------------------------------------------------------------------------------------

MADE = dt.date(2022, 3, 4)
FIRST = dt.date(2022, 4, 1)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("with effect from 1 April 2022", FIRST),
        ("with effect from 1st April 2022", FIRST),
        ("with effect from Friday 1 April 2022", FIRST),
        ("with effect from the 1st day of April 2022", FIRST),
        ("with effect from 00:00 hours on 1 April 2022", FIRST),
        ("with effect from 00:00 on 1 April 2022", FIRST),
        ("on and after 1 April 2022", FIRST),
        ("on and from 1 April 2022", FIRST),
        ("shall have effect on and from the date hereof", MADE),
        ("with immediate effect", MADE),
        ("from the date of this direction", MADE),
        ("with effect from the day after the date of this direction", dt.date(2022, 3, 5)),
        ("with effect from the day next following the date of this direction", dt.date(2022, 3, 5)),
        ("with effect from 28 days after the date of this direction", FIRST),
        ("with effect from Day 1", FIRST),
        ("with effect from the Go-Live Date", Event("Go-Live Date")),
        ("on the day after the Go-Live Date", Event("Go-Live Date", 1)),
        (
            "from 00:00 hours on the day next following the date of service of such notice",
            Event("date of service of such notice", 1),
        ),
        ("from the later of 1 April 2022 and the Go-Live Date", LaterOf((FIRST, Event("Go-Live Date")))),
        ("on 1 April 2022 or, if later, the Go-Live Date", LaterOf((FIRST, Event("Go-Live Date")))),
    ],
)
def test_a_phrase_says_when(words: str, expected: object) -> None:
    assert commencement(words, MADE, {"Day 1": FIRST}) == expected


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("with effect from [XX] April 2022", "SD104"),
        ("with effect from 31 April 2022", "SD104"),
        ("with effect from April 2022", "SD104"),
        ("with effect from the spring of 2022", "SD104"),
        ("with effect from a date to be confirmed", "SD104"),
        ("on 1 April 2022 except for item (b)", "SD101"),
        ("on 1 April 2022 and paragraph (b) takes effect on 1 May 2022", "SD101"),
    ],
)
def test_a_phrase_that_is_no_one_day_is_refused(words: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        commencement(words, MADE)

    assert code == caught.value.code


DIVIDED = """4 March 2022

The Authority directs that, with effect from 1 April 2022, in the definition of “User” in Section A, after “Net-
work” insert “or a yard”.

R Ellis
"""


@pytest.mark.parametrize(("text", "words"), [("uses the Network.", "Network"), ("uses the Net-work.", "Net-work")])
def test_the_words_of_the_code_tell_of_a_hyphen_at_the_end_of_a_line(text: str, words: str) -> None:
    entries = (Definition(term="User", text=text),)
    code = Code(title="Gauge Code", as_at=dt.date(2022, 1, 1), definitions=Definitions(section="A", entries=entries))

    letter = with_words_of(code, read_instrument(DIVIDED))

    (instruction,) = letter.instructions
    assert isinstance(instruction.operation, InsertWords)
    assert instruction.operation.at.words == Quote(words)
    assert [each.code for each in letter.findings] == ["SD124"]
