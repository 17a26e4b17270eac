"""What was published after real instructions: texts, and where new terms went. The corpus is no part of the project."""

from __future__ import annotations

import datetime as dt
import json
import random
import re
from pathlib import Path
from typing import Any

import pytest

from secdefs.letter.instrument import Instrument, read_instrument, short_form
from secdefs.model import Code, Definition, Definitions
from secdefs.plan import plan
from secdefs.read.codefile import code_from_text

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
DAY = dt.date(2030, 1, 1)


def rows(name: str) -> list[dict[str, Any]]:
    path = CORPUS / name
    if not path.exists():
        return [pytest.param({}, marks=pytest.mark.skip("the corpus is not beside this checkout"), id="absent")]  # type: ignore[list-item]
    found = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [pytest.param(row, id=row["id"]) for row in found]  # type: ignore[misc]


def applied(code: Code, *instructions: str) -> Code:
    """The code after instructions, none of which may be refused."""
    letters: list[Instrument] = [
        short_form([text])
        if "\n" not in text
        else read_instrument(f"The Panel directs as follows.\n\n{text}", file="one")
        for text in instructions
    ]
    planned = plan(code, letters, with_effect_from=DAY)
    errors = [f"{each.code}: {each.message}" for each in planned.findings if each.severity == "error"]

    assert errors == []
    return planned.after()


# --- texts ------------------------------------------------------------------------------------------------------------


def words(text: str) -> str:
    """A text without its levels: the published text is printed flat. A label inside a label is its last part."""
    lines = (re.sub(r"^\((?:\w+\.)+(\w+)\)", r"(\1)", line.strip()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


@pytest.mark.parametrize("row", rows("statute_pairs.jsonl"))
def test_the_text_is_as_published(row: dict[str, Any]) -> None:
    if row["before"] is None:
        pytest.skip("nothing is known of the text before it")
    label, *path = row["target"]["path"]
    whole = row["before"].removeprefix(f"{label}\n")
    # A text that begins below the provision is put where it stands.
    above = path[: path.index(row["target"]["provision"].split(".")[-1])] if "." in row["target"]["provision"] else []
    lead = "\n".join(f"({each}) one—" for each in above)
    text = f"{lead}\n{whole}" if lead else whole
    code = code_from_text(
        json.dumps(
            {
                "format": 1,
                "title": row["target"]["title"],
                "as_at": DAY.isoformat(),
                "sections": [{"label": label, "text": text}],
            }
        ),
        "before",
    )[0]
    block = "\n".join(row["block"] or ())
    after = applied(code, row["instruction"] + (f"\n\n{block}" if block else ""))
    (section,) = [each for each in after.sections or () if each.label == label]

    expected = row["after"].removeprefix(f"{label}\n")
    assert words(f"{lead}\n{expected}" if lead else expected) == words(section.text)


# --- order ------------------------------------------------------------------------------------------------------------


# Lists that their own editors did not keep in order at the place in question: no rule puts the terms where they stand.
UNSORTED = ("s. 8:->C-23 s.11.01", "s. 44:->M-13 s.2")


def terms(names: list[str]) -> Code:
    return Code(
        title="Widget Code",
        as_at=DAY,
        definitions=Definitions(section="A", entries=tuple(Definition(term=name, text="means one.") for name in names)),
    )


def named(code: Code) -> list[str]:
    assert code.definitions is not None
    return [each.term for each in code.definitions.entries]


@pytest.mark.parametrize("row", rows("published_orders.jsonl"))
def test_new_terms_go_where_they_were_published(row: dict[str, Any]) -> None:
    before, after = row["definitions_before"], row["definitions_after"]
    new = [name for name in after if name not in before]
    gone = [name for name in before if name not in after]
    if not new:
        pytest.skip("no term is new")
    if row["id"].endswith(UNSORTED):
        pytest.skip("the list is not in order")
    random.Random(1).shuffle(new)
    omitted = [f"Omit the definition of “{name}” in Section A." for name in gone]
    lines = "\n\n".join(f"“{name}” means one." for name in new)
    changed = applied(terms(before), *omitted, f"In Section A, at the appropriate places insert—\n\n{lines}")

    assert after == named(changed)


@pytest.mark.parametrize("row", rows("published_orders.jsonl"))
def test_a_published_list_is_in_order(row: dict[str, Any]) -> None:
    """Each term, taken out and put in again, comes back to its place."""
    if row["id"].endswith(UNSORTED):
        pytest.skip("the list is not in order")
    names = row["definitions_after"]
    moved = []
    for name in random.Random(2).sample(names, min(len(names), 6)):
        without = terms([each for each in names if each != name])
        again = named(applied(without, f"In Section A, at the appropriate place insert—\n\n“{name}” means one."))
        if again != names:
            moved.append(name)

    assert moved == []
