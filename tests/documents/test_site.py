"""The page of a history in a browser, without a network: what a reader sees, hears and can do with a keyboard alone."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from secdefs import History, read_instrument
from secdefs.checks.matter import names, uses
from secdefs.model import Code, Definition, Definitions, Entry, Group, Provision
from secdefs.site import history_page

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed; `python3 run test` has it")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

CHROMIUM = next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)
LIGHTS = Path(__file__).resolve().parents[2] / "fixtures" / "histories" / "lights"
TODAY = dt.datetime(2023, 8, 20, 12)
"""What the browser takes for today: some letters are in force, and one is still to come."""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium: apt-get install chromium")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        # Chromium refuses to run as root with its sandbox, and in CI it may well be root.
        arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def lights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("site") / "index.html"
    path.write_text(history_page(History.open(LIGHTS).course()), encoding="utf-8")
    return path


@pytest.fixture
def opened(browser: Any, lights: Path) -> Iterator[Any]:
    """Opens the page at an address, offline. At the end nothing may have been fetched, and nothing complained of."""
    contexts, faults = [], []

    def show(hash_: str = "", path: Path = lights, **look: Any) -> Any:
        look = {"viewport": {"width": 1280, "height": 900}, "offline": True, "locale": "en-GB"} | look
        context = browser.new_context(**look)
        contexts.append(context)
        page = context.new_page()
        page.clock.set_fixed_time(TODAY)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text))
        page.on("dialog", lambda dialog: (faults.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: None if request.url.startswith("file:") else faults.append(request.url))
        page.goto(path.as_uri() + hash_)
        return page

    yield show
    for context in contexts:
        context.close()
    assert not faults


def text_of(page: Any, selector: str = "#lists") -> list[str]:
    """The paragraphs that are seen, without the numbers of letters."""
    return page.evaluate(
        """(selector) => { drawAll(); return [...document.querySelectorAll(selector + ' article:not([hidden]) .text')]
             .flatMap((text) => { const copy = text.cloneNode(true);
               for (const each of copy.querySelectorAll('.mark, .since, .spoken, .state')) each.remove();
               return [...copy.children].map((line) => line.textContent.trim()); }) }""",
        selector,
    )


def expected(code: Code) -> list[str]:
    """The paragraphs of a code, as the page is to have them."""
    result = []
    for each in code.definitions.entries if code.definitions else ():
        result += [each.term, *(line.strip() for line in each.text.split("\n"))]
    for each in code.sections or ():
        result += [each.label, *(line.strip() for line in each.text.split("\n"))]
    for group in code.contents or ():
        result += [f"{each.label}: {each.title}" for each in group.entries]
    for each in code.documents or ():
        day = each.in_force_from
        result += [each.place, f"Title {each.title}", f"Version {each.version}"]
        result += [f"In force from {day.day} {day:%B %Y}"] if day else []
    return result


# --- the text ---------------------------------------------------------------------------------------------------------


def test_on_every_day_the_code_of_that_day_is_seen(opened: Any) -> None:
    page, history = opened("#day=2023-01-01"), History.open(LIGHTS)
    days = sorted({step.day for step in history.course().steps if step.day})

    assert text_of(page) == expected(history.at(dt.date(2023, 1, 1)))
    for day in days:
        page.get_by_role("button", name="Next change").click()
        assert f"day={day}" in page.url
        assert text_of(page) == expected(history.at(day)), day
    assert page.get_by_role("button", name="Next change").is_disabled()
    for day in [*reversed(days[:-1]), dt.date(2023, 1, 1)]:
        page.get_by_role("button", name="Previous change").click()
        assert text_of(page) == expected(history.at(day)), day


def test_it_opens_on_the_readers_own_day(opened: Any) -> None:
    page = opened()

    assert page.locator("#standing").inner_text() == "on 20 August 2023, version 1.3, unchanged since 15 July 2023"
    assert text_of(page) == expected(History.open(LIGHTS).at(TODAY.date()))
    assert page.locator("#days li.later .badge").all_inner_texts() == ["not yet in force"]
    assert page.locator("#days li.past .badge, #days li.current .badge").all_inner_texts() == ["in force"] * 4 + [""]
    page.get_by_role("button", name="Next change").click()  # a day that the reader has still to see
    assert page.locator("#days li.current .badge").inner_text() == "still to come"


def test_a_day_between_two_changes_can_be_asked_for(opened: Any) -> None:
    page = opened()
    page.get_by_label("Go to").fill("2023-04-15")

    assert page.locator("#standing").inner_text() == (
        "on 15 April 2023, version 1.1.1, definitions 1.2, unchanged since 1 April 2023"
    )
    assert text_of(page) == expected(History.open(LIGHTS).at(dt.date(2023, 4, 15)))
    page.get_by_role("button", name="Previous change").click()
    assert "day=2023-04-01" in page.url


@pytest.mark.parametrize(("first", "last"), [("2023-01-01", "2023-10-01"), ("2023-03-01", "2023-06-01")])
def test_the_redline_between_two_days_reads_as_each_of_them(first: str, last: str, opened: Any) -> None:
    page, history = opened(f"#day={last}&from={first}"), History.open(LIGHTS)
    page.get_by_label("Only what changed").uncheck()
    page.evaluate("drawAll()")
    changed = page.locator("#lists ins, #lists del").count()
    page.evaluate("for (const each of document.querySelectorAll('#lists del, #lists .state.gone')) each.remove()")
    after = [line for line in text_of(page) if line]

    assert changed
    assert after == [line for line in expected(history.at(dt.date.fromisoformat(last))) if line]
    page = opened(f"#day={first}&from={last}")  # the other way round: the same
    page.get_by_label("Only what changed").uncheck()
    page.evaluate("drawAll()")
    page.evaluate("for (const each of document.querySelectorAll('#lists ins')) each.remove()")
    before = [line for line in text_of(page) if line]
    assert before == [line for line in expected(history.at(dt.date.fromisoformat(first))) if line]


def test_a_redline_shows_what_changed_and_no_more(opened: Any) -> None:
    page = opened("#day=2023-04-01&from=2023-03-01")

    assert page.locator("article:not([hidden]) .name").all_inner_texts() == ["Dark Hours", "Outage"]
    assert page.locator("article:not([hidden]) del").all_text_contents()[0] == (
        "taken out: one hour after sunset to one hour before sunrise (end)"
    )
    playwright.expect(page.locator("#now")).to_have_text("1 March 2023 to 1 April 2023")
    page.get_by_label("Compare two days").uncheck()
    assert "from=" not in page.url
    assert not page.locator("#lists ins").count()


# --- where words come from --------------------------------------------------------------------------------------------


def test_a_words_origin_is_told_on_hover_and_on_focus(opened: Any) -> None:
    page = opened("#day=2023-10-01")
    tip = page.get_by_role("tooltip")
    page.locator(".from", has_text="five minutes").hover()

    assert "in force from 1 March 2023" in tip.inner_text()
    assert "shall be replaced with the words “five minutes”" in tip.inner_text()
    tip.hover()  # it stays where a reader points at it
    page.wait_for_timeout(300)
    assert tip.is_visible()
    page.keyboard.press("Escape")
    assert tip.is_hidden()
    mark = page.get_by_role("link", name="from letter 2, in force from 1 April 2023").first
    mark.focus()
    assert "DIRECTION ABOUT DARK HOURS" in tip.inner_text()
    assert mark.get_attribute("aria-describedby") == tip.get_attribute("id")


def test_an_origin_leads_into_the_history_of_its_record(opened: Any) -> None:
    page = opened("#day=2023-10-01")
    page.locator(".from", has_text="five minutes").locator("xpath=following-sibling::a[1]").press("Enter")

    assert page.locator("article.open .acts .lit").inner_text().startswith("1 from 1 March 2023")
    assert "term=Outage" in page.url


def test_a_records_history_has_each_letter_with_its_sentence(opened: Any) -> None:
    page = opened("#day=2023-10-01&term=Keeper")

    assert page.locator("article.open .acts blockquote").all_inner_texts() == [
        "The Authority directs that, with effect from 1 October 2023, in the definition of “Keeper” in Section A of "
        "the HLC, for “within sight of it” substitute “within one mile of it”.",
        "at the end of the definition of “Keeper” in Section A of the HLC insert “, and who lives within sight of it”.",
    ]
    page.get_by_role("link", name="show what it changed").first.click()
    assert "from=2023-07-15" in page.url
    assert "term=Keeper" in page.url
    assert page.locator("article:not([hidden]) .name").all_inner_texts() == ["Keeper", "Watch Log"]


# --- what depends on what ---------------------------------------------------------------------------------------------


def test_terms_in_a_text_are_links_to_their_definitions(opened: Any) -> None:
    page = opened("#day=2023-06-01")
    page.locator("article", has_text="keeps under Section C4").get_by_role("link", name="Keepers").click()

    assert page.locator("article.open .name").inner_text() == "Keeper"
    assert page.evaluate("document.activeElement.textContent") == "Keeper"
    assert "day=2023-06-01&term=Keeper" in page.url


def test_the_links_are_the_uses_that_the_checks_know(opened: Any) -> None:
    page = opened("#day=2023-10-01")
    found = page.evaluate(
        "records.filter((each) => each.kind === 'definitions' && stands(each, view.moment)).map((each) => "
        "[nameOf(each), usedBy(each).filter((other) => other.kind === 'definitions').map((other) => nameOf(other))])"
    )
    code = History.open(LIGHTS).at(dt.date(2023, 10, 1))
    assert code.definitions

    for term, used in found:
        text = next(each.text for each in code.definitions.entries if each.term == term)
        terms = {each.term for each in code.definitions.entries if each.term != term}
        assert set(used) == {each for each in terms if any(uses(text, name) for name in names(each))}, term


def test_a_name_is_found_whole_in_the_plural_and_by_its_short_form(tmp_path: Path, opened: Any) -> None:
    texts = {
        "Gas Supplier": "means a Supplier of gas, and no Gas Supplier of old.",
        "Home Area Network (or HAN)": "means the place of a party, a Partyy or a non-Party.",
        "Party": "means each of the Parties to Section H8.1, of Section H8.1(a), and not to Section H8.16 or H8.1.2.",
        "Supplier": "means a Gas Supplier’s HAN, or the Home Area Networks of Suppliers.",
    }
    code = Code(
        title="T",
        as_at=dt.date(2023, 1, 1),
        definitions=Definitions(section="A", entries=tuple(Definition(term=k, text=v) for k, v in texts.items())),
        sections=(Provision(label="H8.1", text="Every Party shall."),),
    )
    page = opened(path=written(code, tmp_path))
    found = page.evaluate(
        "Object.fromEntries(records.map((each) => [nameOf(each), "
        "[...each.row.querySelectorAll('a.term')].map((link) => link.textContent)]))"
    )

    assert found == {
        "Gas Supplier": ["Supplier"],
        "Home Area Network (or HAN)": [],
        "Party": ["Section H8.1", "Section H8.1"],
        "Supplier": ["Gas Supplier’s", "HAN", "Home Area Networks"],
        "H8.1": ["Party"],
    }


def test_the_picture_has_what_uses_a_term_and_what_it_uses(opened: Any) -> None:
    page = opened("#day=2023-10-01&term=Outage")
    sides = page.locator("article.open .side")

    assert sides.nth(0).get_by_role("link").all_inner_texts() == ["Watch Log", "Section C4.2"]
    assert sides.nth(1).get_by_role("link").all_inner_texts() == ["Dark Hours", "Beacon"]
    assert page.locator("article.open .lines path").count() == 4


# --- the keyboard, and what is said -----------------------------------------------------------------------------------


def test_the_slider_says_the_day_and_the_letter(opened: Any) -> None:
    page = opened("#day=2023-10-01")
    slider = page.get_by_role("slider", name="Day shown")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    playwright.expect(page.locator("#now")).to_have_text("15 July 2023")

    assert slider.get_attribute("aria-valuetext") == "15 July 2023: DIRECTION ABOUT THE REGISTER"
    playwright.expect(page.locator("#live")).to_have_text(
        "15 July 2023, version 1.3. 15 July 2023: DIRECTION ABOUT THE REGISTER; 1 definition, 1 provision changed."
    )
    page.keyboard.press("Home")
    playwright.expect(page.locator("#now")).to_have_text("1 January 2023")
    assert slider.get_attribute("aria-valuetext") == "1 January 2023: the record begins"


def test_everything_can_be_reached_with_the_tabulator(opened: Any) -> None:
    page = opened("#day=2023-10-01")
    page.evaluate("document.activeElement.blur()")
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.className"))

    for control in ("skip", "previous", "slider", "date", "compare", "letters-scroll", "search", "origins"):
        assert control in reached
    assert {"name", "mark", "term"} <= set(reached)


def test_a_term_opens_and_closes_with_a_key(opened: Any) -> None:
    page = opened("#day=2023-10-01")
    button = page.get_by_role("button", name="Beacon")
    button.press("Enter")

    assert button.get_attribute("aria-expanded") == "true"
    assert page.locator("article.open .history").is_visible()
    button.press("Space")
    assert button.get_attribute("aria-expanded") == "false"
    assert not page.locator("article.open").count()


def test_search_finds_as_one_types(opened: Any) -> None:
    page = opened("#day=2023-10-01")
    page.get_by_role("searchbox").type("FIXED  light")

    assert page.locator("article:not([hidden]) .name").all_inner_texts() == ["Beacon"]
    assert page.locator("#found").inner_text() == "1 of 14"
    page.get_by_role("searchbox").fill("ten minutes")  # words that stood there once, and do no longer
    assert page.locator("#found").inner_text() == "Nothing on this day has these words."
    page.get_by_role("searchbox").fill("")
    assert page.locator("article:not([hidden])").count() == 14


def test_a_letter_of_the_list_leads_to_its_day(opened: Any) -> None:
    page = opened("#day=2023-10-01&term=Keeper")
    link = page.locator("#days a", has_text="DIRECTION ABOUT LAMPS AND LENSES")
    link.click()

    assert page.url.endswith("#day=2023-06-01&term=Keeper")
    assert link.get_attribute("aria-current") == "true"
    assert page.evaluate("document.activeElement.dataset.moment") == "3"
    assert page.locator("#kicker").text_content() == "The code as it stood"


def test_what_changed_on_a_day_is_told_in_the_letters_words(opened: Any) -> None:
    page = opened("#day=2023-06-01")
    page.get_by_text("What changed on 1 June 2023").click()

    assert page.locator("#changes summary").inner_text() == "What changed on 1 June 2023 1\u00a0letter: 1\u00a0document"
    assert "signed by Ada Marram, Chair of the Harbour Authority" in page.locator("#changes").inner_text()
    assert "is hereby re-designated" in page.locator("#changes .sentence").inner_text()
    page.get_by_role("link", name="Appendix A").last.click()
    assert page.locator("article.open .name").inner_text() == "Appendix A"
    page.get_by_role("link", name="Show the text with what was put in and taken out").click()
    assert page.locator("article:not([hidden]) ins").all_text_contents() == [
        "put in: 4.0 (end)",
        "put in: 1 June 2023 (end)",
    ]


def test_a_link_to_what_is_open_already_leads_back_to_it(opened: Any) -> None:
    page = opened("#day=2023-10-01&term=Keeper", viewport={"width": 800, "height": 300})
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.get_by_role("link", name="Keeper", exact=True).last.click()

    playwright.expect(page.locator("article.open .name")).to_be_in_viewport()
    assert page.evaluate("document.activeElement.textContent") == "Keeper"


# --- addresses --------------------------------------------------------------------------------------------------------


def test_an_address_has_the_day_and_the_term(opened: Any) -> None:
    page = opened("#day=2023-03-15&term=Outage")

    assert page.locator("article.open .name").inner_text() == "Outage"
    assert "of more than five minutes" in page.locator("article.open .text").inner_text()
    page.get_by_role("button", name="Next change").click()
    assert page.url.endswith("#day=2023-04-01&term=Outage")
    page.go_back()
    playwright.expect(page.locator("#now")).to_have_text("15 March 2023")
    assert page.locator("article.open .name").inner_text() == "Outage"


def test_a_link_that_is_copied_has_the_day_shown(opened: Any) -> None:
    page = opened("#day=2023-06-01")
    link = page.locator("a.term", has_text="Keepers").first
    link.dispatch_event("contextmenu")

    assert link.get_attribute("href") == "#day=2023-06-01&term=Keeper"


@pytest.mark.parametrize(
    ("hash_", "said"),
    [
        ("#day=2023-02-01&term=Lens", "“Lens” does not stand on 1 February 2023: it stands from 1 March 2023."),
        ("#day=2023-02-01&term=Lighthouse", "There is no definition “Lighthouse” in this record."),
        ("#day=2023-04-01&from=2023-03-01&term=Lens", "“Lens” is not among what is shown: show the whole text"),
    ],
)
def test_an_address_that_leads_nowhere_says_so(hash_: str, said: str, opened: Any) -> None:
    assert opened(hash_).locator("#notice").inner_text().startswith(said)


@pytest.mark.parametrize("hash_", ["#day=1066-10-14", "#day=2023-13-45", "#day=&from=x&term=", "#%%%", "#text"])
def test_an_address_that_means_nothing_does_no_harm(hash_: str, opened: Any) -> None:
    assert opened(hash_).locator("article:not([hidden])").count() > 10


# --- what a letter may smuggle in -------------------------------------------------------------------------------------

NASTY = (
    "means </script><script>pwned = 1</script><img src=x onerror=\"pwned = 2\"><svg onload='pwned = 3'> "
    "\u2028 &amp; \x1b[31m"
)


def test_a_text_that_looks_like_html_is_a_text(tmp_path: Path, opened: Any) -> None:
    entries = (
        Definition(term="<img src=x onerror=pwned=4>", text=NASTY),
        Definition(term="__proto__", text="means x."),
    )
    code = Code(
        title="</title><script>pwned = 5</script>",
        as_at=dt.date(2023, 1, 1),
        definitions=Definitions(section="A", heading="<b>Terms</b>", entries=entries),
    )
    history = History.init(tmp_path / "code", code, recorded=dt.date(2023, 1, 1))
    path = tmp_path / "index.html"
    path.write_text(history_page(history.course()), encoding="utf-8")
    page = opened("#term=" + "<script>pwned=6</script>", path=path)
    page.get_by_role("button", name="<img").click()

    assert page.evaluate("typeof pwned") == "undefined"
    shown = NASTY.replace("\u2028", "\\u2028").replace("\x1b", "\\u001b")
    assert text_of(page)[:2] == ["<img src=x onerror=pwned=4>", shown]
    assert page.locator("h1").inner_text() == "</title><script>pwned = 5</script>"
    assert not page.locator("#lists img, #lists svg:not(.lines)").count()


def written(code: Code, folder: Path) -> Path:
    """The page of a code to which nothing has been done."""
    history = History.init(folder / "code", code, recorded=code.as_at)
    path = folder / "index.html"
    path.write_text(history_page(history.course()), encoding="utf-8")
    return path


@pytest.mark.parametrize("parts", [{}, {"definitions": Definitions(section="A")}])
def test_a_code_without_records_is_shown_as_one(parts: dict[str, Any], tmp_path: Path, opened: Any) -> None:
    page = opened(path=written(Code(title="T", as_at=dt.date(2023, 1, 1), **parts), tmp_path))
    page.get_by_label("Compare two days").check()
    page.get_by_label("Compare two days").uncheck()

    assert page.locator("#found").inner_text() == "There is no text on this day."
    assert page.get_by_role("button", name="Previous change").is_enabled()  # from today to the day it begins
    assert page.get_by_role("button", name="Next change").is_disabled()


def test_words_without_end_stay_in_the_window(tmp_path: Path, opened: Any) -> None:
    entries = (
        Definition(term="X" * 150, text=f"means {'y' * 300} and \u0130stanbul."),
        Definition(term="A: B", text="means what it is."),
    )
    code = Code(title="W" * 200, as_at=dt.date(2023, 1, 1), definitions=Definitions(section="A", entries=entries))
    page = opened(path=written(code, tmp_path), viewport={"width": 320, "height": 700})
    page.get_by_role("button", name="A: B").click()

    assert page.url.endswith("term=A%3A+B")
    page.get_by_role("searchbox").fill("stan")
    assert page.locator("article:not([hidden])").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_two_lists_may_have_the_same_label(tmp_path: Path, opened: Any) -> None:
    groups = tuple(
        Group(group=name, entries=(Entry(label="A", title=f"{name} A"),)) for name in ("Appendices", "Schedules")
    )
    page = opened(path=written(Code(title="T", as_at=dt.date(2023, 1, 1), contents=groups), tmp_path))
    page.get_by_role("button", name="A: Schedules A").click()
    page.reload()

    assert page.locator("article.open .name").inner_text() == "A: Schedules A"


# --- a long code ------------------------------------------------------------------------------------------------------


def many(number: int) -> Code:
    """A code of many definitions, each of which uses the next."""
    entries = tuple(
        Definition(term=f"Part {each:03}", text=f"means ten kegs under Part {each + 1:03},\nand no more.")
        for each in range(number)
    )
    return Code(title="T", as_at=dt.date(2023, 1, 1), definitions=Definitions(section="A", entries=entries))


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("long")
    history = History.init(folder / "code", many(400), recorded=dt.date(2023, 1, 1))
    text = (
        "1 March 2023\n\nDIRECTION\n\nThe Authority directs that with effect from 1 April 2023:\n\n"
        "(a) in the definition of “Part 390” in Section A, for “ten kegs” substitute “nine kegs”; and\n\n"
        "(b) the definition of “Part 200” in Section A is omitted.\n"
    )
    assert history.enact(read_instrument(text, file="1.txt"), recorded=dt.date(2023, 3, 1)).ok
    path = folder / "index.html"
    path.write_text(history_page(history.course()), encoding="utf-8")
    return path


def test_what_is_far_from_sight_is_brought_up_to_date_as_well(long: Path, opened: Any) -> None:
    page = opened("#day=2023-01-01", path=long)
    page.get_by_role("button", name="Next change").click()

    playwright.expect(page.locator("#r390 .text")).to_contain_text("nine kegs")  # in the page, so that it can be found
    playwright.expect(page.locator("#r199 a.term")).to_have_count(0)
    assert page.evaluate("window.find('nine kegs')")
    page.get_by_role("button", name="Previous change").click()
    playwright.expect(page.locator("#r390 .text")).to_contain_text("ten kegs")
    playwright.expect(page.locator("#r199 a.term")).to_have_text("Part 200")


def test_a_name_far_down_is_gone_to_exactly(long: Path, opened: Any) -> None:
    page = opened("#day=2023-01-01&term=Part+300", path=long)

    playwright.expect(page.locator("article.open .name")).to_be_in_viewport(ratio=1)
    bar, row = (page.locator(each).bounding_box() for each in ("#bar", "article.open"))
    assert bar["y"] + bar["height"] <= row["y"] < bar["y"] + bar["height"] + 40


def test_a_search_leaves_no_room_for_what_it_hides(long: Path, opened: Any) -> None:
    page = opened("#day=2023-01-01", path=long)
    page.get_by_role("searchbox").fill("Part 020")  # one that has the name, and the one that uses it

    assert page.locator("article:not([hidden])").count() == 2
    assert page.evaluate("document.documentElement.scrollHeight") < 1200


def test_printed_at_once_nothing_is_missing(long: Path, opened: Any) -> None:
    from pypdfium2 import PdfDocument

    page = opened("#day=2023-04-01", path=long)
    printed = " ".join(" ".join(each.get_textpage().get_text_bounded().split()) for each in PdfDocument(page.pdf()))

    assert [each for each in range(400) if f"under Part {each + 1:03}" not in printed] == [200]
    assert "in force" in printed


def test_two_days_compared_show_origins_of_what_changed_only(opened: Any) -> None:
    page = opened("#day=2023-10-01&from=2023-07-15")
    page.get_by_label("Only what changed").uncheck()

    assert page.locator("article.compared .name").all_inner_texts() == ["Keeper", "Watch Log"]
    assert page.locator(".mark:visible").count() == page.locator("article.compared .mark").count() > 0
    assert page.locator(".since:visible").count() == 0
    page.locator("article:not(.compared) [data-by]").first.hover()
    assert page.get_by_role("tooltip").is_hidden()
    page.get_by_label("Compare two days").uncheck()
    assert page.locator(".since:visible").count() > 2
    page.locator(".from").first.hover()
    assert page.get_by_role("tooltip").is_visible()


# --- what everybody can use -------------------------------------------------------------------------------------------

STATES = {
    "the text": "",
    "a record opened": "#day=2023-10-01&term=Keeper",
    "a redline": "#day=2023-10-01&from=2023-01-01",
    "a notice": "#day=2023-02-01&term=Lens",
}


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (380, "light")])
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(state: str, width: int, scheme: str, opened: Any) -> None:
    page = opened(STATES[state], color_scheme=scheme, viewport={"width": width, "height": 900})
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    if state == "a record opened":
        page.locator("article.open .mark").first.focus()
    result = axe.Axe().run(page)

    assert result.violations_count == 0, result.generate_report()


def test_what_waits_for_an_event_is_listed_with_its_sentences(tmp_path: Path, opened: Any) -> None:
    history = History.init(tmp_path / "code", History.open(LIGHTS).base, recorded=dt.date(2023, 1, 1))
    text = (LIGHTS.parent / "letters" / "3-register.txt").read_text(encoding="utf-8")
    assert history.enact(read_instrument(text, file="3.txt"), recorded=dt.date(2023, 6, 22)).ok
    path = tmp_path / "index.html"
    path.write_text(history_page(history.course()), encoding="utf-8")
    page = opened(path=path)

    assert page.locator(".waiting .badge").inner_text() == "pending: Publication Date"
    page.locator(".waiting summary").click()
    assert page.locator(".waiting .sentence").count() == 2
    assert page.get_by_role("button", name="Next change").is_disabled()
    assert page.locator("#changes").is_hidden()


@pytest.mark.parametrize("width", [320, 380, 768, 1280])
def test_nothing_is_wider_than_the_window(width: int, opened: Any) -> None:
    for state in STATES.values():
        page = opened(state, viewport={"width": width, "height": 800})

        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_paper_there_is_the_text_and_the_letters_and_no_controls(opened: Any) -> None:
    page = opened("#day=2023-10-01")
    page.emulate_media(media="print")

    assert page.locator("#bar").is_hidden()
    assert page.locator("#search").is_hidden()
    assert page.locator("article .text").first.is_visible()
    assert page.locator("#days").is_visible()


def test_the_page_names_the_day_in_its_title(opened: Any) -> None:
    assert re.fullmatch("Harbour Lights Code, 1 October 2023", opened("#day=2023-10-01").title())
