"""What the page of a history knows: on every day the code of that day, nothing that escapes, no name that was to go."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from widgets import CODE, OPENING, enacted, folder, letter, swap

from secdefs import History, read_instrument
from secdefs.cli import main
from secdefs.history.answers import Course
from secdefs.model import Code, Definition, Definitions
from secdefs.read.encoding import HIDDEN, escaped
from secdefs.site import history_page
from secdefs.site.data import page_data
from secdefs.site.signatures import Redactor, signature

LIGHTS = Path(__file__).resolve().parents[2] / "fixtures" / "histories" / "lights"
NASTY = "means </script><script>alert(1)</script><img src=x onerror=alert(2)><!-- \\u003c &lt; \x1b[31m \u202e “q”"


def data_of(history: History, **choice: bool) -> dict[str, Any]:
    """The data as it is found again in the page."""
    html = history_page(history.course(), names_of_officials=choice.get("names_of_officials", True))
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.S)
    assert found is not None
    value: dict[str, Any] = json.loads(found[1])
    return value


def on(data: dict[str, Any], day: dt.date) -> dict[str, list[tuple[str, ...]]]:
    """The records of each list on a day, read from the pieces as the page reads them."""

    def stands(by: int, gone: int) -> bool:
        began = by == 0 or data["days"][data["steps"][by - 1][1]] <= day.isoformat()
        return began and not (gone and data["days"][data["steps"][gone - 1][1]] <= day.isoformat())

    result: dict[str, list[tuple[str, ...]]] = {}
    for each in data["lists"]:
        rows = result.setdefault(f"{each['kind']}:{each['name']}", [])
        for record in each["records"]:
            if stands(record.get("by", 0), record.get("gone", 0)):
                fields = {
                    name: "".join(text for text, *steps in pieces if stands(*(*steps, 0, 0)[:2]))
                    for name, pieces in record["fields"].items()
                }
                rows.append(tuple(f"{name}={text}" for name, text in fields.items() if text))
    return result


def lists(code: Code) -> dict[str, list[tuple[str, ...]]]:
    """The same of a code."""

    def rows(records: Any) -> list[tuple[str, ...]]:
        values = [
            {
                name: f"{value.day} {value:%B %Y}" if isinstance(value, dt.date) else str(value)
                for name in each.__struct_fields__
                if (value := getattr(each, name))
            }
            for each in records
        ]
        return [
            tuple(f"{name}={HIDDEN.sub(lambda found: escaped(found[0]), value)}" for name, value in each.items())
            for each in values
        ]

    result = {}
    if code.definitions:
        result[f"definitions:Section {code.definitions.section}: {code.definitions.heading or 'Definitions'}"] = rows(
            code.definitions.entries
        )
    if code.sections is not None:
        result["sections:Provisions"] = rows(code.sections)
    for group in code.contents or ():
        result[f"contents:{group.group}"] = rows(group.entries)
    if code.documents is not None:
        result["documents:Documents"] = rows(code.documents)
    return result


def days_of(history: History) -> list[dt.date]:
    """Each day on which something changes, and the days around it from the beginning on."""
    changing = {step.day for step in history.course().steps if step.day}
    around = {day + dt.timedelta(days=by) for day in changing for by in (-1, 0, 1)}
    return sorted(day for day in around | {history.base.as_at} if day >= history.base.as_at)


def assert_same_on_every_day(history: History) -> None:
    data = data_of(history)
    for day in days_of(history):
        code = history.at(day)
        moment = max(at for at, each in enumerate(data["days"]) if each <= day.isoformat())

        assert on(data, day) == lists(code), day
        assert data["versions"][moment] == [
            code.version or "",
            (code.definitions.version if code.definitions else None) or "",
        ], day


# --- every day --------------------------------------------------------------------------------------------------------


def test_the_page_has_the_code_of_every_day() -> None:
    assert_same_on_every_day(History.open(LIGHTS))


def test_records_that_come_go_and_come_again(tmp_path: Path) -> None:
    history = folder(tmp_path / "code")
    orders = (
        (swap("Gadget", "grey", "blue"), "1 March 2020"),
        ("omit the definition of “Gadget” in Section A", "1 April 2020"),
        ("in Section A, insert at the appropriate place—\n\n  ““Gadget” means a tool”", "1 May 2020"),
        ("in the definition of “Period” in Section A, for “ten days” substitute “ten days or a week”", "1 May 2020"),
        (swap("Gadget", "tool", "small tool"), "2 May 2020"),
    )
    for order, day in orders:
        done = enacted(history, letter(order, day=day, name=f"{order[:20]} {day}.txt"))
        assert done.ok, (order, done.findings)

    assert_same_on_every_day(history)
    assert on(data_of(history), dt.date(2020, 5, 3))["definitions:Section A: Definitions"] == [
        ("term=Gadget", "text=means a small tool"),
        ("term=Period", "text=means ten days or a week, beginning on a Monday."),
        ("term=Widget", "text=means the thing in Appendix [TBC]."),
    ]


WORDS = {"Gadget": ["grey", "small", "cheap"], "Period": ["ten", "days", "Monday"], "Widget": ["thing", "[TBC]"]}


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(WORDS)), st.integers(0, 2), st.sampled_from("qvxz"), st.integers(0, 40)),
        max_size=5,
    )
)
@settings(max_examples=15)
def test_law_the_page_and_the_folder_agree(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[str, int, str, int]]
) -> None:
    history = folder(tmp_path_factory.mktemp("law") / "code")
    for number, (term, at, new, later) in enumerate(changes):
        old = WORDS[term][at % len(WORDS[term])]
        day = dt.date(2020, 3, 1) + dt.timedelta(days=later)
        order = swap(term, old, f"{old} {new * (number + 1)}")
        enacted(history, letter(order, day=f"{day.day} {day:%B %Y}", name=f"{number}.txt"))

    assert_same_on_every_day(history)


def test_changes_are_stored_and_not_copies(tmp_path: Path) -> None:
    history = folder(tmp_path / "code")
    before = len(history_page(history.course()))
    enacted(history, letter(swap("Gadget", "grey", "blue")))

    assert len(history_page(history.course())) - before < 700
    assert json.dumps(data_of(history)).count("beginning on a Monday") == 1


# --- letters ----------------------------------------------------------------------------------------------------------


def test_each_word_leads_to_the_sentence_of_its_letter() -> None:
    data = data_of(History.open(LIGHTS))
    (outage,) = (each for each in data["lists"][0]["records"] if each["fields"]["term"] == [["Outage"]])
    (five,) = (piece for piece in outage["fields"]["text"] if piece[0] == "five minutes")
    number, moment, item, sentence = data["steps"][five[1] - 1]

    assert (data["letters"][number]["title"], data["days"][moment], item) == (
        "DIRECTION ABOUT OUTAGES",
        "2023-03-01",
        "(a)",
    )
    assert "the words “ten minutes” shall be replaced with the words “five minutes”" in sentence


def test_what_waits_for_an_event_is_told_with_the_event(tmp_path: Path) -> None:
    history = folder(tmp_path / "code")
    enacted(history, letter(swap("Gadget", "grey", "blue"), day=OPENING))

    assert [each[3] for each in data_of(history)["waiting"]] == [OPENING.removeprefix("the ")]
    assert_same_on_every_day(history)


def test_what_was_set_aside_is_told_with_the_reason(tmp_path: Path) -> None:
    history = folder(tmp_path / "code")
    given_ = letter(swap("Gadget", "grey", "blue"), swap("Gadget", "no such words", "x"))
    done = enacted(history, given_, set_aside={"(b)": "it is a slip"})
    assert done.ok, done.findings

    assert [each[1:] for each in data_of(history)["left_out"]] == [
        [
            "(b)",
            "in the definition of “Gadget” in Section A, for “no such words” substitute “x”.",
            "set aside: (b): it is a slip",
        ]
    ]


# --- nothing escapes --------------------------------------------------------------------------------------------------


def nasty(tmp_path: Path) -> History:
    code = Code(
        title="The </title><script>alert(0)</script> Code",
        version="1",
        as_at=CODE.as_at,
        definitions=Definitions(
            section="A",
            entries=(Definition(term="A <b>bold</b> term", text=NASTY), Definition(term="Gadget", text="x")),
        ),
    )
    return History.init(tmp_path / "nasty", code, recorded=CODE.as_at)


def test_texts_cannot_leave_their_element(tmp_path: Path) -> None:
    html = history_page(nasty(tmp_path).course())

    assert html.count("</script>") == 2
    assert html.count("<script") == 2
    assert "<img" not in html
    assert "<b>" not in html
    assert not HIDDEN.search(html)


def test_texts_are_found_again_as_they_were_but_for_what_is_hidden(tmp_path: Path) -> None:
    history = nasty(tmp_path)

    assert_same_on_every_day(history)
    assert "\\u202e" in json.loads(json.dumps(data_of(history)))["lists"][0]["records"][0]["fields"]["text"][0][0]


def test_the_policy_lets_in_the_pages_own_script_and_style_and_nothing_else() -> None:
    html = history_page(History.open(LIGHTS).course())
    found = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    style = re.search(r"<style>(.*?)</style>", html, re.S)
    script = re.search(r"<script>(.*?)</script>", html, re.S)
    assert found
    assert style
    assert script

    def digest(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    assert found[1].replace("&#39;", "'").split("; ") == [
        "default-src 'none'",
        f"script-src {digest(script[1])}",
        f"style-src {digest(style[1])}",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    assert not re.search(r"\son\w+=|\sstyle=|javascript:", html)
    assert not re.search(r"url\(|@import|https?://(?!www\.w3\.org/2000/svg)", html)
    assert "innerHTML" not in script[1]


def test_the_same_folder_gives_the_same_page(tmp_path: Path) -> None:
    shutil.copytree(LIGHTS, tmp_path / "elsewhere")
    page = history_page(History.open(LIGHTS).course())

    assert history_page(History.open(tmp_path / "elsewhere").course()) == page
    assert str(LIGHTS.parent) not in page


# --- signatures -------------------------------------------------------------------------------------------------------


def signed(closing: str, *, title: str = "DIRECTION TO CHANGE THE WIDGET CODE") -> Any:
    text = f"2 January 2020\n\n{title}\n\nThe Authority directs that with effect from 1 March 2020:\n\n(a) {{}}.\n\n"
    return read_instrument(text.format(swap("Gadget", "grey", "blue")) + closing, file="letter.txt")


@pytest.mark.parametrize(
    ("closing", "name"),
    [
        ("Ada Marram\nFor the Authority\n", "Ada Marram"),
        ("Yours faithfully,\n\nDr Jo O’Neill-Webb\nDeputy Director\n", "Dr Jo O’Neill-Webb"),
        ("Signed: Ada B. Marram, Chair\n", "Ada B. Marram"),
        ("(Signed) Ada Marram\n", "Ada Marram"),
        ("Ada Marram  \n \nDeputy Director,  \nLights Programme  \n", "Ada Marram"),
        ("ADA MARRAM\nHead of Codes\n", "ADA MARRAM"),
        ("For and on behalf of the Harbour Authority\n", None),
        ("Deputy Director\nHarbour Authority\n", None),
        ("Annex A: Lamps and Lenses\nAda Marram\nChair\n", None),
        ("", None),
    ],
)
def test_who_signed(closing: str, name: str | None) -> None:
    found = signature(signed(closing))

    assert name == (found.name if found else None)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("as Ada Marram directs", "as [name left out] directs"),
        ("as Ms Marram directs", "as [name left out] directs"),
        ("as A. Marram directs", "as [name left out] directs"),
        ("as ADA MARRAM and Dr Ada\nMarram direct", "as [name left out] and [name left out] direct"),
        ("write to ada.marram@harbour.example", "write to [address left out]"),
        ("a Marram grass or the Canada Marrams", "a Marram grass or the Canada Marrams"),
    ],
)
def test_names_are_left_out(text: str, left: str) -> None:
    assert Redactor(["Ada Marram"]).text(text) == left


def test_without_a_name_to_leave_out_a_text_stays() -> None:
    assert Redactor(()).text("write to ada@harbour.example, Ada Marram") == "write to ada@harbour.example, Ada Marram"


def test_officials_are_named_in_nothing_without_signatures(tmp_path: Path) -> None:
    history = folder(tmp_path / "code")
    given_ = signed("Ada Marram\nFor the Authority\n", title="DIRECTION OF ADA MARRAM TO CHANGE THE WIDGET CODE")
    other = letter("set aside what Ms Marram wrote", made="3 January 2020", name="marram-2.txt")
    history.enact(given_, received=given_.text.encode(), recorded=dt.date(2020, 2, 1))
    done = enacted(history, other, set_aside={"(a)": "agreed with Ada Marram"})
    shown, without = (history_page(history.course(), names_of_officials=each) for each in (True, False))

    assert "Ada Marram" in shown
    assert "marram" not in without.casefold(), done.findings
    assert data_of(history)["letters"][0]["signed"] == "Ada Marram, For the Authority"
    assert "signed" not in data_of(history, names_of_officials=False)["letters"][0]


def test_the_texts_of_the_code_are_the_same_without_signatures() -> None:
    course: Course = History.open(LIGHTS).course()

    assert page_data(course, names_of_officials=False)["lists"] == page_data(course, names_of_officials=True)["lists"]


# --- the command ------------------------------------------------------------------------------------------------------


def run(*arguments: str | Path) -> Any:
    return CliRunner().invoke(main, ["site", *map(str, arguments)])


def test_the_command_writes_one_file(tmp_path: Path) -> None:
    result = run(LIGHTS, "-o", tmp_path / "a" / "site")

    assert (result.exit_code, result.stdout) == (0, "")
    assert [each.name for each in (tmp_path / "a" / "site").iterdir()] == ["index.html"]
    assert (tmp_path / "a" / "site" / "index.html").read_text(encoding="utf-8") == history_page(
        History.open(LIGHTS).course()
    )


def test_the_command_leaves_names_out(tmp_path: Path) -> None:
    run(LIGHTS, "-o", tmp_path, "--without-signatures")

    assert "Marram" not in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_the_command_answers_as_it_was_known(tmp_path: Path) -> None:
    run(LIGHTS, "-o", tmp_path, "--known-at", "2023-03-01")

    assert "DIRECTION ABOUT LAMPS" not in (tmp_path / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("folder_", "out", "status"),
    [("nowhere", "site", 3), ("lights", "file", 3), ("lights", "lights/instruments", 2), ("lights", "file/site", 3)],
)
def test_the_command_refuses(folder_: str, out: str, status: int, tmp_path: Path) -> None:
    shutil.copytree(LIGHTS, tmp_path / "lights")
    (tmp_path / "file").write_text("kept", encoding="utf-8")
    result = run(tmp_path / folder_, "-o", tmp_path / out)

    assert result.exit_code == status, result.output
    assert (tmp_path / "file").read_text(encoding="utf-8") == "kept"
    assert not list(tmp_path.rglob("index.html"))
