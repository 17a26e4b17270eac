"""The documents that are made from the fixtures say what the fixtures do."""

from __future__ import annotations

import findings_page
import pytest

from secdefs.explain import pages


def test_the_page_of_findings_is_as_it_would_be_made_now() -> None:
    assert findings_page.made() == findings_page.PAGE.read_text("utf-8"), "python3 run docs makes it anew"


@pytest.mark.parametrize("code", sorted(findings_page.examples().keys() & pages().keys()))
def test_every_example_shows_its_finding(code: str) -> None:
    run = findings_page.carried_out(findings_page.examples()[code])

    assert code in {each.code for each in run.findings}


def test_every_code_has_an_example_that_is_run() -> None:
    """A fixture, or a session whose commands `test_sessions.py` runs; in it the finding has to be shown."""
    sessions = {each.stem: each.read_text("utf-8") for each in findings_page.EXAMPLES.glob("SD*.md")}

    assert set(pages()) == findings_page.examples().keys() & set(pages()) | sessions.keys()
    assert [code for code, text in sessions.items() if code not in text] == []
    assert sessions.keys().isdisjoint(findings_page.examples())
