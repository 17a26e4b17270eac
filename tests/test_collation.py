"""The order of terms, labels and versions: the rules case by case, and lists as they were published."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from secdefs.change.collation import (
    belongs,
    item_place,
    items,
    key,
    label,
    label_place,
    place,
    place_of_document,
    version,
)
from secdefs.model import Order

ORDERS: tuple[Order, ...] = ("word-by-word", "letter-by-letter")
PUBLISHED = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "published_orders.jsonl"


# --- terms ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("term", "words", "letters"),
    [
        ("Data Centre", "data centre", "datacentre"),
        ("Sub-Committee", "sub committee", "subcommittee"),
        ("Sub\u2011Committee", "sub committee", "subcommittee"),
        ("the Panel", "panel", "panel"),
        ("The Panel’s Rules", "panels rules", "panelsrules"),
        ("The", "the", "the"),
        ("Théâtre", "theatre", "theatre"),
        ("“F” Staging List", "f staging list", "fstaginglist"),
        ("and/or", "andor", "andor"),
        ("2020–21 Year", "2020 21 year", "202021year"),
        ("Transport Layer Security (or TLS)", "transport layer security or tls", "transportlayersecurityortls"),
        ("24-Hour Line", "24 hour line", "24hourline"),
    ],
)
def test_what_a_term_is_sorted_by(term: str, words: str, letters: str) -> None:
    assert (words, letters) == (key(term, "word-by-word"), key(term, "letter-by-letter"))


@pytest.mark.parametrize("order", ORDERS)
def test_digits_come_before_letters_and_case_does_not_count(order: Order) -> None:
    terms = ["5 Day Notice", "Élan", "alert", "Alarm", "the Box", "24-Hour Line", "Elk"]

    assert sorted(terms, key=lambda term: key(term, order)) == [
        "24-Hour Line",
        "5 Day Notice",
        "Alarm",
        "alert",
        "the Box",
        "Élan",
        "Elk",
    ]


@pytest.mark.parametrize(
    ("terms", "new", "order", "expected"),
    [
        ("Alert, Device, User", "Cable", "word-by-word", (1, True)),
        ("Alert, Device, User", "Abc", "word-by-word", (0, True)),
        ("Alert, Device, User", "Zone", "word-by-word", (3, True)),
        ("", "Zone", "word-by-word", (0, True)),
        ("Data, Database, Device", "Data Centre", "word-by-word", (1, False)),
        ("Data, Database, Device", "Data Centre", "letter-by-letter", (2, False)),
        ("Data, Device", "Data Centre", "letter-by-letter", (1, True)),
        ("Alert, Widget, Gadget, Zone", "Grommet", "word-by-word", (3, False)),
        ("Alert, Cat, Beta, Zone", "Dog", "word-by-word", (2, False)),
        ("Zebra, Alert, Beta, Cat, Dog", "Elk", "word-by-word", (5, True)),
        ("Zebra, Alert, Beta, Cat, Dog", "Bat", "word-by-word", (2, False)),
        ("Alert, Device, User", "Cable", "none", (3, False)),
        ("Data-Link, User", "Data Link", "word-by-word", (1, True)),
        ("Data Link, Data-Link, User", "Alert", "word-by-word", (0, True)),
    ],
)
def test_a_term_goes_after_the_greatest_that_precedes_it(
    terms: str, new: str, order: Order, expected: tuple[int, bool]
) -> None:
    assert expected == place(terms.split(", ") if terms else [], new, order)


# --- labels -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "labels",
    [
        "A B Y Z AA AB AZ BA",
        "1 1ZA 1A 1AA 1AB 1AZ 1B 1Z 2 10",
        "A1 1 2",
        "H8.4 H8.16 H8.16ZA H8.16A H8.16B H8.17 H8A.1 H9 H9.1 H10.1 J1.1 AA1",
        "1.1 1.1.1 1.2 1A 1A.1 2",
        "33 33A 33N 34",
    ],
)
def test_labels_in_their_order(labels: str) -> None:
    expected = labels.split()

    assert all(label(one) < label(two) for one, two in pairwise(expected))
    for at, new in enumerate(expected):
        assert (at, True) == label_place(expected[:at] + expected[at + 1 :], new)


@pytest.mark.parametrize(
    "labels",
    [
        "za a aa ab b ba c",
        "a b i j",
        "h i j k",
        "x y z aa bb cc",
        "i ii iia iii iv v ix x xi xxxi",
        "i ia ii v",
        "A AA B C",
        "A1 1 1A 2 10",
        "a aa aaa ab b",
        "z za",
    ],
)
def test_paragraphs_in_their_order(labels: str) -> None:
    expected = labels.split()

    found = items(expected)

    assert found is not None
    assert all(one < two for one, two in pairwise(found))


@pytest.mark.parametrize(
    ("labels", "new", "expected"),
    [
        ("a b c", "ba", (2, True)),
        ("a b c", "aa", (1, True)),
        ("a b c", "za", (0, True)),
        ("a b c", "d", (3, True)),
        ("h i j", "ia", (2, True)),
        ("i ii iii", "iv", (3, True)),
        ("i iv v", "ii", (1, True)),
        ("i ii v", "iv", (2, True)),
        ("y z aa", "bb", (3, True)),
        ("1 2 3", "2A", (2, True)),
        ("1 2 3", "A1", (0, True)),
        ("a c b d", "bb", (3, False)),
        ("• •", "•", None),
        ("a b", "•", None),
    ],
)
def test_where_a_paragraph_goes(labels: str, new: str, expected: tuple[int, bool] | None) -> None:
    assert expected == item_place(labels.split(), new)


def test_schedules_come_before_appendices() -> None:
    places = ["Schedule 1", "Schedule 2", "Appendix A", "Appendix Z", "Appendix AA"]

    assert place_of_document(places, "Schedule 10") == (2, True)
    assert place_of_document(places, "Appendix Z") == (4, True)
    assert place_of_document(places, "Appendix AB") == (5, True)
    assert place_of_document(places, "Appendix B") == (3, True)


def test_versions_are_rows_of_numbers() -> None:
    assert version("5.4") < version("5.23") < version("v10.0")


# --- lists as published -----------------------------------------------------------------------------------------------


def _falls(keys: list[str]) -> int:
    return sum(two < one for one, two in pairwise(keys))


def test_new_terms_go_where_they_were_published() -> None:
    if not PUBLISHED.exists():
        pytest.skip("the corpus of published lists is not here")
    rows = [json.loads(line) for line in PUBLISHED.read_text("utf-8").splitlines()]
    placed = right = 0
    for row in rows:
        before, after = row["definitions_before"], row["definitions_after"]
        # A list has the collation under which fewer of its terms stand out of order.
        keys = {order: [key(term, order) for term in before] for order in ORDERS}
        order = min(
            ORDERS, key=lambda order: sum(two < one for one, two in zip(keys[order], keys[order][1:], strict=False))
        )
        terms = list(before)
        new = [term for term in after if term not in before]
        for term in new:
            terms.insert(place(terms, term, order)[0], term)
        terms = [term for term in terms if term in after]
        for term in new:
            at, published = terms.index(term), after.index(term)
            placed += 1
            right += terms[max(at - 1, 0) : at] == after[max(published - 1, 0) : published]

    assert placed >= 40
    assert right / placed >= 0.95, f"{right} of {placed}"


@pytest.mark.parametrize(
    ("labels", "new", "expected"),
    [
        ("a b", "c", True),
        ("a b", "ba", True),
        ("a b", "za", True),
        ("a b", "iii", False),
        ("h i", "ii", True),  # put in after (i)
        ("a b", "3", False),
        ("i ii", "iii", True),
        ("i ii", "iia", True),
        ("i ii", "zi", True),
        ("i ii", "c", False),
        ("1 2", "A1", True),
        ("1 2", "2A", True),
        ("1 2", "a", False),
        ("• •", "a", True),
        ("1 a", "ii", True),  # of two kinds already: it tells nothing
        ("", "iv", True),
    ],
)
def test_a_label_belongs_to_a_list_of_its_kind(labels: str, new: str, expected: bool) -> None:
    assert belongs(labels.split(), new) is expected
