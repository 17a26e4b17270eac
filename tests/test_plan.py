"""Planning letters together: the day, the versions, several letters; and how much of a code is read for it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from cases import short_code

from secdefs.change.edits import Consolidation
from secdefs.change.matching import folded
from secdefs.change.text import lines, paragraphs
from secdefs.findings import SecdefsError
from secdefs.letter.instrument import Instrument, read_instrument, short_form
from secdefs.model import Code, Definition, Definitions
from secdefs.plan import Plan, plan
from secdefs.remarks import renamed

CODE = """\
@version 44.0
@definitions_version 23.0
Alert: means a grey sign.
Widget: means a grey thing.
Appendix A = Test Policy v11.0 2020-01-01"""


def letter(made: str, day: str, *items: str, annexes: str = "") -> Instrument:
    text = f"{made}\n\nThe Secretary of State directs that, with effect from {day}:\n\n"
    text += "\n\n".join(f"{'i' * number}) {each}" for number, each in enumerate(items, 1))
    return read_instrument(f"{text}\n\nYours faithfully,\n\n{annexes}", file=f"{made}.txt")


def planned(*letters: Instrument, **options: Any) -> Plan:
    return plan(short_code(CODE), letters, **options)


def codes_of(result: Plan) -> Counter[str]:
    return Counter(found.code for found in result.findings)


BLUE = letter("16 December 2021", "1 January 2022", "in the definition of “Widget”, for “grey” substitute “blue”.")
GREEN = letter("17 December 2021", "1 January 2022", "in the definition of “Widget”, for “blue” substitute “green”.")
ALERT = letter("18 December 2021", "20 December 2021", "in the definition of “Alert”, omit “grey”.")


def test_a_letter_on_another_code_changes_nothing_in_this_one() -> None:
    text = (
        "16 December 2021\n\nThis direction is made under the Gas Code (such code being the “GC”).\n\n"
        "The Secretary of State directs that, with effect from 1 January 2022:\n\n"
        "i) in the definition of “Widget”, for “grey” substitute “blue”.\n"
    )
    result = planned(read_instrument(text))

    assert [(found.code, found.severity) for found in result.findings] == [("SD121", "warning"), ("SD121", "error")]
    assert "this amends Gas Code" in result.findings[0].message
    assert result.applied == ()
    assert result.consolidation.text("definitions", "Widget") == "means a grey thing."


def test_words_that_the_same_letter_put_in_may_be_amended_by_it() -> None:
    result = planned(
        letter(
            "16 December 2021",
            "1 January 2022",
            "in the definition of “Widget”, for “grey” substitute “blue and red”;",
            "in the definition of “Widget”, for “red” substitute “green”;",
            "in the definition of “Widget”, after “blue” insert “, white”.",
        ),
        version="45.0",
        definitions_version="24.0",
    )

    assert result.ok
    assert result.consolidation.text("definitions", "Widget") == "means a blue, white and green thing."


# --- several letters --------------------------------------------------------------------------------------------------


def test_letters_apply_in_the_order_made_however_they_are_given() -> None:
    for given in ((BLUE, GREEN), (GREEN, BLUE)):
        result = planned(*given, version="45.0", definitions_version="24.0")

        assert result.ok
        assert result.consolidation.text("definitions", "Widget") == "means a green thing."
        assert (BLUE.sha256[:12], GREEN.sha256[:12]) == tuple(each.id.partition(":")[0] for each in result.applied)


def test_what_commences_first_is_done_first_whichever_letter_says_it() -> None:
    result = planned(BLUE, ALERT, version="45.0", definitions_version="24.0")

    assert [dt.date(2021, 12, 20), dt.date(2022, 1, 1)] == [step.day for step in result.steps]
    assert dt.date(2022, 1, 1) == result.after().as_at


def test_a_day_before_all_of_it_leaves_the_code_as_it_stands() -> None:
    result = planned(BLUE, ALERT, as_at=dt.date(2021, 12, 19))

    assert short_code(CODE) == result.after()
    assert codes_of(result) == {"SD307": 1}
    assert len(result.pending) == 2


def test_between_two_days_only_the_first_is_done() -> None:
    result = planned(BLUE, ALERT, as_at=dt.date(2021, 12, 31), version="45.0", definitions_version="24.0")

    assert (dt.date(2021, 12, 20), 1) == (result.after().as_at, len(result.pending))
    assert result.consolidation.text("definitions", "Widget") == "means a grey thing."


def test_the_same_letter_twice_is_a_mistake_of_whoever_asks() -> None:
    with pytest.raises(SecdefsError, match="given twice"):
        planned(BLUE, BLUE)


def test_one_error_and_nothing_is_changed() -> None:
    wrong = letter(
        "16 December 2021", "1 January 2022", "omit the definition of “Alert”;", "omit the definition of “Lid”."
    )
    result = planned(wrong)

    assert not result.ok
    with pytest.raises(SecdefsError, match="errors"):
        result.after()
    assert short_code(CODE) == result.consolidation.code(before=True)


# --- versions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("annexes", "given", "version", "codes"),
    [
        ("Annexes\n\nAnnex A: Section A v24.0", None, "24.0", {}),
        ("Annexes\n\nAnnex A: Section A v24.0", "24.0", "24.0", {}),
        ("", "24.0", "24.0", {}),
        ("", None, None, {"SD305": 1}),
        ("Annexes\n\nAnnex A: Section A v24.0", "25.0", "25.0", {"SD107": 1}),
        ("Annexes\n\nAnnex A: Section A v24.0 (marked up against v23.0)", None, "24.0", {}),
        ("Annexes\n\nAnnex A: Section A v24.0 (marked up against v22.0)", None, "24.0", {"SD207": 1}),
    ],
)
def test_the_version_of_the_definitions(
    annexes: str, given: str | None, version: str | None, codes: dict[str, int]
) -> None:
    changes = letter("16 December 2021", "1 January 2022", "omit the definition of “Alert”.", annexes=annexes)
    result = planned(changes, version="45.0", definitions_version=given)
    definitions = result.consolidation.code().definitions

    assert definitions is not None
    assert (version, codes) == (definitions.version, dict(codes_of(result)))


def test_the_version_of_definitions_that_did_not_change_is_kept() -> None:
    changes = letter(
        "16 December 2021",
        "1 January 2022",
        "the Test Policy previously designated and incorporated into the SEC as Appendix A is hereby re-designated and "
        "incorporated in the form set out in Annex A of this direction.",
        annexes="Annexes\n\nAnnex A: SEC Appendix A – Test Policy v12.0",
    )
    after = planned(changes, version="45.0").after()

    assert after.definitions is not None
    assert (after.version, after.definitions.version) == ("45.0", "23.0")


def test_the_version_of_a_changed_code_is_never_kept() -> None:
    result = planned(BLUE, definitions_version="24.0")

    assert (result.after().version, dict(codes_of(result))) == (None, {"SD306": 1})


# --- how much is read -------------------------------------------------------------------------------------------------


def _large(size: int) -> Code:
    text = "means a thing of sort {0} which is:\n  (a) old; or\n  (b) grey."
    entries = tuple(Definition(term=f"Term {number:05}", text=text.format(number)) for number in range(size))
    return Code(title="Large Code", as_at=dt.date(2021, 1, 1), definitions=Definitions(section="A", entries=entries))


def _sentence(number: int) -> str:
    term = f"Term {number % 97:05}"
    return (
        f"In the definition of “{term}”, for “grey” substitute “blue”.",
        f"In the definition of “{term}”, omit paragraph (a).",
        f"After the definition of “{term}” insert ““New {number}” means a new thing.”",
        f"In Section A, at the appropriate place insert ““{term} {number}” means a new thing.”",
        f"Omit the definition of “{term}”.",
    )[number % 5]


def test_a_plan_reads_the_texts_that_it_changes_and_not_the_whole_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """200 operations on 1,500 definitions read as many texts as on 100, and each list of keys a few times each."""
    sentences = short_form([_sentence(number * 3) for number in range(200)])
    reads: Counter[str] = Counter()

    def counted(name: str) -> None:
        plain = getattr(Consolidation, name)

        def counting(self: Consolidation, *given: Any, **named: Any) -> Any:
            reads[name] += 1
            return plain(self, *given, **named)

        monkeypatch.setattr(Consolidation, name, counting)

    for name in ("text", "get", "keys", "without", "code"):
        counted(name)
    seen = []
    for size in (100, 1500):
        reads.clear()
        folded.cache_clear()
        lines.cache_clear()
        paragraphs.cache_clear()
        result = plan(
            _large(size), sentences, with_effect_from=dt.date(2021, 2, 1), version="2", definitions_version="2"
        )
        assert [found for found in result.findings if found.severity == "error" and found.code != "SD206"] == []
        seen.append((dict(reads), folded.cache_info().misses, lines.cache_info().misses))
    (few, folded_few, lines_few), (many, folded_many, lines_many) = seen

    assert few == many
    assert many["keys"] <= 5 * 200
    assert many["text"] <= 20 * 200
    # Of each text and each key once at most is looked at as words, and only the texts that change as lines.
    assert folded_many - folded_few <= 1400
    assert lines_many == lines_few


# --- a term renamed ---------------------------------------------------------------------------------------------------


def test_uses_of_the_old_term_are_named_and_those_of_a_longer_one_are_not() -> None:
    code = short_code(
        "Gadget: means one.\nDevice Alert: means two.\nUser: means one with a Device Alert.\n"
        "Panel: means a Device that is kept."
    )

    ((remark,),) = renamed([("Device", "Gadget")], Consolidation(code))

    assert remark.code == "SD312"
    assert "“Panel”" in remark.message
    assert "“User”" not in remark.message
