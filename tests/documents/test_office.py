"""What another program makes of the files: it opens them, finds the changes, and settles them to the same text."""

from __future__ import annotations

from pathlib import Path

import pytest
from office import missing, opened
from worddoc import wordfile, written

from secdefs.change.edits import Add, Edit, Remove, Splice
from secdefs.model import Definition
from secdefs.read.codefile import read_code

pytestmark = [pytest.mark.slow, pytest.mark.skipif(missing() is not None, reason=missing() or "")]

CODE = Path(__file__).resolve().parents[2] / "fixtures" / "codes" / "sec.yaml"


def given() -> list[tuple[str, str]]:
    code, _ = read_code(str(CODE))
    assert code.definitions is not None
    return [(each.term, each.text) for each in code.definitions.entries]


def changes(*, inside: bool) -> list[tuple[Edit, str]]:
    """Changes of every kind; `inside`: an item inside a list too, so that those after it keep their labels typed."""
    texts = dict(given())

    def splice(term: str, old: str, new: str) -> Edit:
        return Splice("definitions", term, "text", texts[term].index(old), old, new)

    new = "means a place that is:\n  (a) safe; or\n  (b) both:\n    (i) shut; and\n    (ii) cold."
    made: list[tuple[Edit, str]] = [
        (splice("Alert", "Message", "Notice"), "one"),
        (splice("Affected Party", "\n" + texts["Affected Party"].split("\n")[2], ""), "one"),
        (splice("Certificate", "\n  (c)", "\n  (ba) one of a new sort;\n  (c)"), "two"),
        (Remove("definitions", "Keyholder"), "three"),
        (Add("definitions", list(texts).index("Keyholder"), Definition(term="Key Store", text=new)), "three"),
    ]
    if inside:
        made.append((splice("Party Details", texts["Party Details"].split("\n")[4] + "\n", ""), "two"))
    return made


@pytest.mark.parametrize("layout", ["table", "paragraphs"])
def test_libreoffice_settles_the_changes_to_the_same_text(layout: str, tmp_path: Path) -> None:
    made = changes(inside=False)
    original = wordfile.section_a(given(), layout)
    tracked, _ = written(original, made, "tracked", comments=False)
    clean, _ = written(original, made, "clean")
    assert tracked.data is not None
    assert clean.data is not None

    jobs = [(tracked.data, "Accept"), (clean.data, "none"), (tracked.data, "Reject"), (original, "none")]
    (accepted, found), (planned, left), (rejected, _), (before, _) = opened(tmp_path, jobs)

    assert planned == accepted
    assert before == rejected
    assert left == []
    assert {author for _, author in found} == {"Author one", "Author two", "Author three"}
    assert {kind for kind, _ in found} >= {"Insert", "Delete"}


@pytest.mark.parametrize("layout", ["table", "paragraphs"])
def test_libreoffice_keeps_the_labels_after_an_item_that_went(layout: str, tmp_path: Path) -> None:
    # It accepts as Word does. When it rejects, it begins the list anew at what was taken out of it (version 7.4).
    made = changes(inside=True)
    original = wordfile.section_a(given(), layout)
    tracked, _ = written(original, made, "tracked", comments=False)
    clean, _ = written(original, made, "clean")
    assert tracked.data is not None
    assert clean.data is not None

    (accepted, found), (planned, _) = opened(tmp_path, [(tracked.data, "Accept"), (clean.data, "none")])

    assert planned == accepted
    assert "ParagraphFormat" in {kind for kind, _ in found}
    assert "(d) its address for notices" not in accepted
    assert "(e)" in accepted
