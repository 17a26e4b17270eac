"""The order of terms and labels in a published list (RULES of order: collation, labels, versions)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from secdefs.model import Order

_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


@lru_cache(maxsize=4096)
def key(term: str, order: Order) -> str:
    """What a term is sorted by: case folded, accents dropped, hyphen = space, other punctuation dropped, "the" ignored.

    Word by word, nothing comes before something; letter by letter, spaces do not count. Digits come before letters.
    """
    plain = "".join(char for char in unicodedata.normalize("NFKD", term) if not unicodedata.combining(char)).casefold()
    words = re.sub(r"[^\w\s]", "", re.sub(r"[-\u2010-\u2015/]", " ", plain)).split()
    if words[:1] == ["the"] and len(words) > 1:
        words = words[1:]
    return ("" if order == "letter-by-letter" else " ").join(words)


def version(text: str) -> tuple[int, ...]:
    """A version as it is compared: a row of integers, so that 5.4 comes before 5.23."""
    return tuple(int(number) for number in re.findall(r"\d+", text))


def label(text: str) -> tuple[tuple[int, str, int], ...]:
    """A label as it is compared: A … Z, AA … AZ, BA …; 1, 1A, 2; H8.16 before H8.17 and after H8.4."""
    parts = re.findall(r"\d+|[A-Za-z]+", text)
    return tuple((0, "", int(part)) if part.isdigit() else (len(part), part.upper(), 0) for part in parts)


def place(terms: tuple[str, ...], term: str, order: Order) -> tuple[int, bool]:
    """The index at which a term goes, and whether that is certain.

    It goes after the last of those that precede it; where the list is unsorted there, or the two collations would put
    it in different places, it goes after the greatest that precedes it, and is not certain.
    """
    if order == "none":
        return len(terms), False
    at, certain = _place(terms, term, order)
    other, _ = _place(terms, term, "letter-by-letter" if order == "word-by-word" else "word-by-word")
    return at, certain and at == other


def _place(terms: tuple[str, ...], term: str, order: Order) -> tuple[int, bool]:
    mine = key(term, order)
    before = [(key(each, order), index) for index, each in enumerate(terms) if key(each, order) <= mine]
    if not before:
        return 0, True
    at = max(before)[1] + 1
    return at, at == len(before)
