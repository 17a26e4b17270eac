"""A code folder from Python: what is put on record and what is refused, and what may be asked of it."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from pathlib import Path

import msgspec
import pytest
from widgets import BEGAN, CODE, OPENING, day, enacted, folder, letter, swap, texts

from secdefs import Code, History, SecdefsError, read_code, read_instrument
from secdefs.history import Enactment
from secdefs.model import Definition
from secdefs.write.codefile import code_to_yaml

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


@pytest.fixture
def history(tmp_path: Path) -> History:
    return folder(tmp_path / "folder")


def codes(done: Enactment) -> list[str]:
    return [found.code for found in done.findings if found.severity == "error"]


def period(history: History, on: dt.date, known: dt.date | None = None) -> str:
    return texts(history.at(on, known=known))["Period"].partition(",")[0].removeprefix("means ")


# --- any day ----------------------------------------------------------------------------------------------------------


def test_a_folder_holds_the_code_the_letter_as_received_and_a_ledger(history: History) -> None:
    data = b"\xef\xbb\xbf" + letter(swap("Period", "ten", "nine")).text.replace("\n", "\r\n").encode()
    done = enacted(history, letter(swap("Period", "ten", "nine"), name="in/a letter (1).txt"), received=data)

    assert done.ok, done.findings
    names = sorted(path.relative_to(history.folder).as_posix() for path in history.folder.rglob("*") if path.is_file())
    ident = letter(swap("Period", "ten", "nine")).short_hash
    assert names == [
        ".gitattributes",
        "base.yaml",
        f"instruments/{ident}-a-letter-1.txt",
        f"instruments/{ident}-a-letter-1.txt.json",
        "ledger.jsonl",
    ]
    assert code_to_yaml(CODE) == (history.folder / "base.yaml").read_text(encoding="utf-8")
    assert data == (history.folder / names[2]).read_bytes()
    assert done.head == history.head
    assert f'"hash":"{history.head}"' in (history.folder / "ledger.jsonl").read_text().splitlines()[-1]


def test_the_code_on_any_day_has_what_commenced_by_then(history: History) -> None:
    two_days = letter(
        swap("Period", "ten", "nine"),
        "with effect from 1 May 2020, " + swap("Widget", "[TBC]", "B"),
    )
    done = enacted(history, two_days, version={day(3): "1.1", day(5): "1.2"}, definitions_version="2.0")

    assert done.ok, done.findings
    assert history.at(day(2, 29)) == CODE
    assert (day(3), "1.1", "nine days") == (
        history.at(day(4, 30)).as_at,
        history.at(day(4, 30)).version,
        period(history, day(4, 30)),
    )
    assert texts(history.at(day(4, 30)))["Widget"] == "means the thing in Appendix [TBC]."
    assert texts(history.at(day(5)))["Widget"] == "means the thing in Appendix B."
    assert history.at(day(5)).version == "1.2"
    assert history.at(day(5)) == history.at()


def test_a_day_before_the_folder_is_refused(history: History) -> None:
    with pytest.raises(
        SecdefsError, match="the folder begins on 1 January 2020, and tells nothing of 31 December 2019"
    ):
        history.at(dt.date(2019, 12, 31))


def test_a_letter_that_commences_before_the_folder_is_refused(history: History) -> None:
    refused = enacted(history, letter(swap("Period", "ten", "nine"), day="31 December 2019"))

    assert codes(refused) == ["SD105"]


def test_the_same_letter_twice_is_refused_by_name(history: History) -> None:
    assert enacted(history, letter(swap("Period", "ten", "nine"), name="first.txt")).ok

    refused = enacted(history, letter(swap("Period", "ten", "nine"), name="again.txt"))

    assert codes(refused) == ["SD401"]
    assert "“first.txt”, on record since 1 February 2020 (line 2 of the ledger)" in refused.findings[0].message


def test_what_does_not_fit_is_refused_whole(history: History) -> None:
    before = (history.folder / "ledger.jsonl").read_bytes()

    refused = enacted(history, letter(swap("Period", "ten", "nine"), swap("Widget", "[XYZ]", "B")))

    assert codes(refused) == ["SD201"]
    assert before == (history.folder / "ledger.jsonl").read_bytes()
    assert not (history.folder / "instruments").exists()


def test_a_version_for_a_day_on_which_nothing_commences_is_refused(history: History) -> None:
    with pytest.raises(SecdefsError, match="a version is stated for 1 April 2020"):
        enacted(history, letter(swap("Period", "ten", "nine")), version={day(4): "1.1"})


# --- late, and as it was known ----------------------------------------------------------------------------------------


def test_a_late_letter_changes_what_comes_after_it_and_the_later_ones_are_carried_out_anew(history: History) -> None:
    assert enacted(history, letter(swap("Period", "days", "Working Days"), day="1 May 2020"), version="1.1").ok

    late = enacted(history, letter(swap("Period", "ten", "twenty-one")), recorded=day(6))

    assert late.ok
    assert [(each.code, each.severity) for each in late.findings if each.code in ("SD404", "SD405")] == [
        ("SD404", "warning"),
        ("SD405", "note"),
    ]
    assert [period(history, day(month)) for month in (2, 3, 5)] == [
        "ten days",
        "twenty-one days",
        "twenty-one Working Days",
    ]
    assert history.check() == ()


def test_what_was_known_then_is_answered_as_then(history: History) -> None:
    assert enacted(history, letter(swap("Period", "days", "Working Days"), day="1 May 2020")).ok
    assert enacted(history, letter(swap("Period", "ten", "nine")), recorded=day(6)).ok

    assert period(history, day(5)) == "nine Working Days"
    assert period(history, day(5), known=day(5, 31)) == "ten Working Days"
    assert period(history, day(5), known=day(6)) == "nine Working Days"
    assert period(history, day(5), known=day(1, 31)) == "ten days"
    assert len(history.log(known=day(5))) == 2
    with pytest.raises(SecdefsError, match="nothing was on record on 31 December 2019"):
        history.at(day(5), known=dt.date(2019, 12, 31))


def test_a_late_letter_after_which_a_later_one_would_no_longer_fit_is_refused(history: History) -> None:
    assert enacted(history, letter(swap("Period", "ten", "nine"), day="1 May 2020", name="later.txt")).ok

    refused = enacted(history, letter(swap("Period", "ten", "twelve")), recorded=day(6))

    assert codes(refused) == ["SD402"]
    assert refused.findings[-1].message.startswith(
        "“later.txt”, enacted before, could no longer be carried out on 1 May 2020: “ten” "
    )
    assert period(history, day(4)) == "ten days"


def test_a_definition_added_late_finds_its_place_among_those_added_since(history: History) -> None:
    add = "in Section A, insert at the appropriate place—\n\n  ““{}” means something new.”"
    assert enacted(history, letter(add.format("Wheel"), day="1 May 2020")).ok
    assert enacted(history, letter(add.format("Wharf")), recorded=day(6)).ok

    assert list(texts(history.at(day(3)))) == ["Gadget", "Period", "Wharf", "Widget"]
    assert list(texts(history.at(day(5)))) == ["Gadget", "Period", "Wharf", "Wheel", "Widget"]
    assert history.check() == ()


# --- one day's letters ------------------------------------------------------------------------------------------------


def test_letters_of_one_day_on_different_words_need_no_order(history: History) -> None:
    assert enacted(history, letter(swap("Gadget", "grey", "blue"))).ok

    assert enacted(history, letter(swap("Gadget", "small", "large"), made="3 January 2020")).ok
    assert texts(history.at())["Gadget"] == "means a device that is blue, large and cheap."


def test_letters_of_one_day_are_carried_out_in_the_order_made(history: History) -> None:
    assert enacted(history, letter(swap("Gadget", "grey", "blue"), made="3 January 2020"), version="of the 3rd").ok
    assert enacted(history, letter(swap("Widget", "[TBC]", "B"), made="2 January 2020"), version="of the 2nd").ok

    assert history.at(day(3)).version == "of the 3rd", "which was carried out last, though enacted first"


def test_where_the_order_of_a_day_matters_both_sentences_are_shown(history: History) -> None:
    assert enacted(history, letter(swap("Period", "ten", "nine"), name="first.txt")).ok
    second = letter(swap("Period", "nine", "eight"), made="3 January 2020", name="second.txt")

    refused = enacted(history, second)

    (found,) = (each for each in refused.findings if each.severity == "error")
    assert found.code == "SD403"
    assert "“Replace “nine” with “eight” in the definition of “Period” of Section A.” (second.txt" in found.message
    assert "“Replace “ten” with “nine” in the definition of “Period” of Section A.” (first.txt" in found.message
    assert found.hint is not None
    assert re.search(
        r"--after ([0-9a-f]{12}), or --before \1: that is “first\.txt” \(made on 2 January 2020\)", found.hint
    )
    assert period(history, day(3)) == "nine days"

    assert enacted(history, second, after=["first.txt"]).ok
    assert period(history, day(3)) == "eight days"


def test_a_letter_can_be_put_before_one_that_stands_on_record(history: History) -> None:
    assert enacted(history, letter(swap("Gadget", "grey", "blue"), name="first.txt")).ok
    other = letter("in the definition of “Gadget” in Section A, after “grey” insert “or black”", name="second.txt")

    assert codes(enacted(history, other)) == ["SD403"]
    assert codes(enacted(history, other, after=["first.txt"])) == ["SD201"]
    assert enacted(history, other, before=["first.txt"]).ok
    assert texts(history.at())["Gadget"] == "means a device that is blue or black, small and cheap."
    assert [each.says for each in history.log()][-1] == (f"before first.txt ({history.log()[1].instrument})",)


def test_words_that_touch_are_asked_about_though_either_order_gives_one_text(history: History) -> None:
    assert enacted(history, letter("in the definition of “Gadget” in Section A, after “grey” insert “or black”")).ok
    other = letter("in the definition of “Gadget” in Section A, for “, small” substitute “, tiny”", name="other.txt")

    assert codes(enacted(history, other)) == ["SD403"]


def test_the_order_does_not_matter_to_letters_of_different_days(history: History) -> None:
    assert enacted(history, letter(swap("Period", "ten", "nine"))).ok

    assert enacted(history, letter(swap("Period", "nine", "eight"), day="2 March 2020")).ok


def test_to_follow_a_letter_of_another_day_is_no_order(history: History) -> None:
    assert enacted(history, letter(swap("Period", "ten", "nine"), name="first.txt")).ok

    with pytest.raises(SecdefsError, match=r"“first\.txt” has no instruction that commences on the same day"):
        enacted(history, letter(swap("Period", "nine", "eight"), day="2 March 2020"), after=["first.txt"])


def test_the_order_of_a_day_cannot_be_two_things_at_once(history: History) -> None:
    assert enacted(history, letter(swap("Period", "ten", "nine"), name="first.txt")).ok
    assert enacted(history, letter(swap("Widget", "[TBC]", "B"), name="second.txt")).ok

    with pytest.raises(SecdefsError, match="cannot come after and before"):
        enacted(history, letter(swap("Gadget", "grey", "blue")), after=["second.txt"], before=["first.txt"])


# --- events -----------------------------------------------------------------------------------------------------------


def test_what_waits_for_an_event_is_carried_out_when_its_day_is_on_record(history: History) -> None:
    waiting = enacted(history, letter(swap("Period", "ten", "nine"), day=OPENING))
    assert (waiting.ok, waiting.commencing, len(waiting.pending)) == (True, (), 1)
    assert [each.day for each in history.not_yet(day(12))] == [None]
    assert period(history, day(12)) == "ten days"

    settled = history.settle({OPENING: day(4)}, recorded=day(5), version="1.1")

    assert [date for date, _ in settled.commencing] == [day(4)]
    assert (period(history, day(3)), period(history, day(4))) == ("ten days", "nine days")
    assert history.at(day(4)).version == "1.1"
    assert history.not_yet(day(4)) == ()
    assert period(history, day(4), known=day(4, 30)) == "ten days"
    assert history.check() == ()


def test_a_version_of_what_waits_for_an_event_is_for_the_event(history: History) -> None:
    with pytest.raises(SecdefsError, match="no day is known from which the code has it"):
        enacted(history, letter(swap("Period", "ten", "nine"), day=OPENING), version="1.1")


def test_an_event_that_is_over_can_be_given_with_the_letter(history: History) -> None:
    assert enacted(history, letter(swap("Period", "ten", "nine"), day=OPENING), events={OPENING: day(4)}).ok

    assert (period(history, day(3)), period(history, day(4))) == ("ten days", "nine days")


def test_an_event_for_which_nothing_waits_is_refused_with_those_for_which_something_does(history: History) -> None:
    assert enacted(history, letter(swap("Period", "ten", "nine"), day=OPENING)).ok

    with pytest.raises(SecdefsError, match=r"nothing on record waits for “the opening”; what is waited for: “date on"):
        history.settle({"the opening": day(4)}, recorded=day(5))
    with pytest.raises(SecdefsError, match="nothing in this letter waits for “the opening”"):
        enacted(history, letter(swap("Widget", "[TBC]", "B")), events={"the opening": day(4)})


def test_an_event_whose_letter_no_longer_fits_on_its_day_is_refused(history: History) -> None:
    assert enacted(history, letter(swap("Period", "ten", "nine"), day=OPENING)).ok
    assert enacted(history, letter(swap("Period", "ten", "twelve"), day="1 April 2020")).ok

    assert codes(history.settle({OPENING: day(5)}, recorded=day(5))) == ["SD201"]
    assert codes(history.settle({OPENING: day(3)}, recorded=day(5))) == ["SD402"]
    assert codes(history.settle({OPENING: day(4)}, recorded=day(5))) == ["SD201"], "in either order"


# --- corrected and withdrawn ------------------------------------------------------------------------------------------


def test_a_correction_takes_the_place_of_a_letter_and_both_stay_on_record(history: History) -> None:
    assert enacted(history, letter(swap("Period", "ten", "nien"), name="wrong.txt")).ok
    assert enacted(history, letter(swap("Widget", "[TBC]", "B"), day="1 May 2020"), recorded=day(2, 2)).ok

    right = letter(swap("Period", "ten", "nine"), made="5 January 2020", name="right.txt")
    assert enacted(history, right, corrects="wrong.txt", recorded=day(3, 9)).ok

    assert (period(history, day(3)), period(history, day(3), known=day(3, 8))) == ("nine days", "nien days")
    assert [each.ended for each in history.log()] == [
        None,
        f"corrected by right.txt ({right.short_hash}) on 2020-03-09",
        None,
        None,
    ]
    assert len(list((history.folder / "instruments").glob("*.txt"))) == 3
    assert history.check() == ()


def test_a_letter_can_take_its_own_place_to_be_settled_otherwise(history: History) -> None:
    waiting = letter(swap("Period", "ten", "nine"), day=OPENING, name="waiting.txt")
    assert enacted(history, waiting, events={OPENING: day(4)}).ok

    assert enacted(history, waiting, events={OPENING: day(5)}, corrects="waiting.txt").ok

    assert (period(history, day(4)), period(history, day(5))) == ("ten days", "nine days")
    assert history.check() == ()


def test_a_correction_after_which_a_later_letter_would_not_fit_is_refused(history: History) -> None:
    assert enacted(history, letter(swap("Period", "ten", "nine"), name="wrong.txt")).ok
    assert enacted(history, letter(swap("Period", "nine", "eight"), day="1 May 2020")).ok

    assert codes(enacted(history, letter(swap("Period", "ten", "seven")), corrects="wrong.txt")) == ["SD402"]


def test_a_correction_keeps_the_order_that_was_settled(history: History) -> None:
    assert enacted(history, letter(swap("Period", "ten", "nine"), name="first.txt")).ok
    assert enacted(history, letter(swap("Period", "nine", "eight"), name="second.txt"), after=["first.txt"]).ok
    assert enacted(history, letter(swap("Period", "nine", "seven"), name="third.txt"), corrects="second.txt").ok
    corrected = letter(swap("Period", "ten days", "nine hours"), name="fourth.txt")
    assert enacted(history, corrected, corrects="first.txt").ok

    assert period(history, day(3)) == "seven hours"


def test_to_withdraw_takes_a_letter_out_and_it_stays_on_record(history: History) -> None:
    assert enacted(history, letter(swap("Period", "ten", "nine"), name="first.txt")).ok
    assert enacted(history, letter(swap("Period", "days", "Working Days"), day="1 May 2020"), recorded=day(2, 2)).ok

    assert history.withdraw("first.txt", reason="it was never signed", recorded=day(3, 9)).ok

    assert [period(history, day(month)) for month in (3, 5)] == ["ten days", "ten Working Days"]
    assert period(history, day(3), known=day(3, 8)) == "nine days"
    assert history.log()[1].ended == "withdrawn on 2020-03-09: it was never signed"
    assert history.check() == ()
    assert enacted(history, letter(swap("Period", "ten", "nine"), name="first.txt"), recorded=day(3, 9)).ok
    assert [period(history, day(month)) for month in (3, 5)] == ["nine days", "nine Working Days"]
    assert history.check() == ()


def test_what_a_later_letter_builds_on_is_not_withdrawn(history: History) -> None:
    assert enacted(history, letter(swap("Period", "ten", "nine"), name="first.txt")).ok
    assert enacted(history, letter(swap("Period", "nine", "eight"), day="1 May 2020")).ok

    assert codes(history.withdraw("first.txt", recorded=day(3))) == ["SD402"]
    assert period(history, day(5)) == "eight days"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nothing.txt", r"no instrument “nothing\.txt” stands on record; the last of those that do: one\.txt \("),
        ("two.txt", "“two.txt” names several instruments: .*; name one by its id"),
    ],
)
def test_a_letter_is_named_without_doubt(history: History, name: str, says: str) -> None:
    assert enacted(history, letter(swap("Period", "ten", "nine"), name="one.txt")).ok
    assert enacted(history, letter(swap("Gadget", "grey", "blue"), name="a/two.txt")).ok
    assert enacted(history, letter(swap("Widget", "[TBC]", "B"), name="b/two.txt")).ok

    with pytest.raises(SecdefsError, match=says):
        history.withdraw(name, recorded=day(3))


def test_a_letter_is_named_by_the_beginning_of_its_id(history: History) -> None:
    new = letter(swap("Period", "ten", "nine"))
    assert enacted(history, new).ok

    assert history.withdraw(new.short_hash[:6], recorded=day(3)).ok


# --- what is set aside ------------------------------------------------------------------------------------------------


def test_what_is_set_aside_is_listed_ever_after(history: History) -> None:
    two = letter(swap("Period", "ten", "nine"), swap("Widget", "[XYZ]", "B"))
    assert enacted(history, two, set_aside={"(b)": "the words are not there"}).ok

    (logged,) = history.log()[1:]
    assert "set aside: (b): the words are not there" in logged.says
    assert [(each.item, each.status) for each in logged.items] == [("(a)", "dated"), ("(b)", "left out")]
    assert logged.items[1].reason == "set aside: (b): the words are not there"


# --- why each word is there -------------------------------------------------------------------------------------------


def test_blame_names_letter_item_and_day_of_each_word(history: History) -> None:
    first = letter(swap("Gadget", "small", "tiny"), swap("Gadget", "cheap", "cheap or free"), name="first.txt")
    assert enacted(history, first).ok
    second = letter(swap("Gadget", "or free", "or gratis"), day="1 May 2020", made="2 April 2020", name="second.txt")
    assert enacted(history, second).ok

    (blame,) = history.blame("Gadget")

    standing = [(piece.text, piece.by) for piece in blame.fields["text"] if piece.gone is None]
    assert standing == [
        ("means a device that is grey, ", None),
        ("tiny", f"{first.short_hash}:(a)"),
        (" and ", None),
        ("cheap ", f"{first.short_hash}:(b)"),
        ("or gratis", f"{second.short_hash}:(a)"),
        (".", None),
    ]
    origin = blame.origins[f"{second.short_hash}:(a)"]
    assert (origin.instrument.name, origin.item, origin.instrument.made, origin.day) == (
        "second.txt",
        "(a) on line 7",
        dt.date(2020, 4, 2),
        day(5),
    )
    (before,) = history.blame("Gadget", day(3))
    assert [piece.text for piece in before.fields["text"] if piece.by == f"{first.short_hash}:(b)"] == ["cheap or free"]


def test_blame_of_all_is_of_what_any_letter_touched(history: History) -> None:
    assert history.blame() == ()
    assert enacted(history, letter(swap("Gadget", "small", "tiny"))).ok

    assert [each.key for each in history.blame()] == ["Gadget"]


@pytest.mark.parametrize(
    ("term", "says"),
    [
        ("Gizmo", "there is no “Gizmo” in the code"),
        ("Gadgets", "there is no “Gadgets” in the code; did you mean “Gadget”?"),
        ("Widget", "“Widget” does not stand in the code any more; “secdefs log” tells of it"),
    ],
)
def test_blame_of_what_is_not_there_says_what_is(history: History, term: str, says: str) -> None:
    assert enacted(history, letter("in Section A, the definition of “Widget” shall be deleted")).ok

    with pytest.raises(SecdefsError) as error:
        history.blame(term)

    assert says == str(error.value)


def test_the_log_of_a_term_has_what_touched_it_under_any_name(history: History) -> None:
    assert enacted(history, letter(swap("Widget", "[TBC]", "B"), swap("Gadget", "grey", "blue"))).ok
    assert enacted(history, letter(swap("Widget", "thing", "item"), day="1 May 2020")).ok
    assert enacted(history, letter(swap("Period", "ten", "nine"), day="1 May 2020")).ok

    assert [[item.item for item in each.items] for each in history.log("Widget")] == [["(a)"], ["(a)"]]

    late = letter(swap("Widget", "B", "C"), day="1 June 2020", name="late.txt")
    assert enacted(history, late).ok
    assert history.withdraw("late.txt", recorded=day(2)).ok
    assert [each.ended for each in history.log("Widget")] == [None, None, "withdrawn on 2020-02-01"]


def test_the_difference_of_two_days_has_all_that_commences_between_them(history: History) -> None:
    assert enacted(history, letter(swap("Widget", "[TBC]", "B"))).ok
    assert enacted(history, letter(swap("Widget", "thing", "item"), day="1 May 2020")).ok

    found = history.diff(day(3), day(5))

    assert history.at(day(3)) == found.marked.code(before=True)
    assert history.at(day(5)) == found.marked.code()
    assert [origin.day for origin in found.origins.values()] == [day(5)]
    with pytest.raises(SecdefsError, match="name the earlier day first"):
        history.diff(day(5), day(3))


# --- what a version costs ---------------------------------------------------------------------------------------------


def test_a_version_costs_what_changed_however_large_the_code_is(tmp_path: Path) -> None:
    costs = []
    assert CODE.definitions is not None
    for size in (0, 1_500):
        more = tuple(Definition(term=f"Term {number:04}", text="means a thing.") for number in range(size))
        entries = (*CODE.definitions.entries, *more)
        code = msgspec.structs.replace(CODE, definitions=msgspec.structs.replace(CODE.definitions, entries=entries))
        history = History.init(tmp_path / str(size), code, recorded=BEGAN)
        sizes = []
        for number in range(1, 5):
            before = sum(path.stat().st_size for path in history.folder.rglob("*.*") if path.name != "base.yaml")
            order = swap("Period", f"{number:02}" if number > 1 else "ten", f"{number + 1:02}")
            assert enacted(history, letter(order, day=f"{number} March 2020", name=f"{number}.txt")).ok
            after = sum(path.stat().st_size for path in history.folder.rglob("*.*") if path.name != "base.yaml")
            sizes.append(after - before)
        costs.append((sizes, history.rows))

    small, large = costs
    assert small == large
    assert small[1] == 4
    assert max(small[0][1:]) - min(small[0][1:]) <= 4, "the last version costs no more than the second"


# --- the sample letters -----------------------------------------------------------------------------------------------


def test_the_sample_letters_are_enacted_and_the_folder_is_whole(tmp_path: Path) -> None:
    code, _ = read_code(str(FIXTURES / "codes" / "sec.yaml"))
    history = History.init(tmp_path / "folder", code, recorded=dt.date(2021, 12, 16))
    for name in ("s1ckmp.txt", "short.txt"):
        text = (FIXTURES / "letters" / name).read_text(encoding="utf-8")
        done = history.enact(read_instrument(text, file=name), recorded=dt.date(2022, 3, 1))
        assert done.ok, done.findings

    assert code == history.at(dt.date(2021, 12, 16))
    changed = history.at(dt.date(2022, 2, 28))
    assert (dt.date(2021, 12, 17), "24.0") == (changed.as_at, changed.definitions and changed.definitions.version)
    assert History.open(tmp_path / "folder").check() == ()


def test_nothing_is_recorded_on_a_day_that_has_not_come(history: History) -> None:
    with pytest.raises(SecdefsError, match="that day has not come yet"):
        enacted(history, letter(swap("Period", "ten", "nine")), recorded=dt.date.max)


def test_a_folder_is_not_made_over_another(history: History, tmp_path: Path) -> None:
    with pytest.raises(SecdefsError, match="is a code folder already"):
        folder(history.folder)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "base.yaml").write_text("mine")
    with pytest.raises(SecdefsError, match="is there already, and is another code"):
        folder(tmp_path / "other")
    assert (tmp_path / "other" / "base.yaml").read_text() == "mine"


def test_what_is_no_folder_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(SecdefsError, match="is no code folder; “secdefs init” makes one"):
        History.open(tmp_path)


def test_a_code_may_have_no_definitions(tmp_path: Path) -> None:
    code = Code(title="Widget Code", as_at=BEGAN, sections=())

    assert code == History.init(tmp_path / "folder", code, recorded=BEGAN).at()


@pytest.fixture
def lights(tmp_path: Path) -> History:
    """The sample folder, as an earlier release of this tool wrote it."""
    shutil.copytree(FIXTURES / "histories" / "lights", tmp_path / "lights")
    return History.open(tmp_path / "lights")


def test_a_folder_that_an_earlier_release_wrote_is_whole(lights: History) -> None:
    assert [found for found in lights.check() if found.severity == "error"] == []


def test_the_sample_folder_tells_what_each_letter_did(lights: History) -> None:
    def definition(term: str, on: dt.date, known: dt.date | None = None) -> str:
        return texts(lights.at(on, known=known))[term]

    july, october = dt.date(2023, 7, 14), dt.date(2023, 10, 1)
    # One came late: from April there is fog, and nobody knew before September.
    assert "in the Dark Hours or in fog, during which" in definition("Outage", july)
    assert "ten minutes in the Dark Hours during" in definition("Outage", dt.date(2023, 2, 28))
    assert "five minutes in the Dark Hours during" in definition("Outage", july, known=dt.date(2023, 9, 11))
    # One waited for an event, which was on 15 July.
    assert definition("Register", july).startswith("means the list of Beacons")
    assert definition("Register", dt.date(2023, 7, 15)).startswith("means the public list, kept in electronic form,")
    # One was corrected, and the slip can still be had as it was known.
    assert definition("Watch Log", october).endswith("within two hours of its end.")
    assert definition("Watch Log", october, known=dt.date(2023, 8, 9)).endswith("within two ours of its end.")
    # Two are of one day, and the second builds on the first.
    assert definition("Keeper", october).endswith("and who lives within one mile of it.")
    # One was refused, and is on no record.
    names = [each.name for each in lights.log() if each.kind == "instrument"]
    assert len(names) == 7
    assert "8-buoys.txt" not in names
    assert [str(lights.at(dt.date(2023, month, 1)).version) for month in (1, 3, 4, 6, 8, 10)] == [
        "1.0",
        "1.1",
        "1.1.1",
        "1.2",
        "1.3",
        "1.5",
    ]


def test_the_refused_letter_is_still_refused(lights: History) -> None:
    text = (FIXTURES / "histories" / "letters" / "8-buoys.txt").read_text(encoding="utf-8")

    assert codes(lights.enact(read_instrument(text, file="8-buoys.txt"), recorded=dt.date(2023, 9, 14))) == ["SD201"]
