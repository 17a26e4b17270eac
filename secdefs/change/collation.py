"""The order of terms and labels in a published list (RULES of order: collation, labels, versions)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, TypeAlias

from secdefs.model import Order

_NEAR = 2
"""How many neighbours on either side have to be in order for a place among them to be certain."""

Key: TypeAlias = tuple[tuple[int, int, str], ...]
"""What a label is sorted by: its runs of digits and letters, each a kind, a number and letters."""


@lru_cache(maxsize=1 << 17)
def key(term: str, order: Order) -> str:
    """What a term is sorted by: case folded, accents dropped, hyphen = space, other punctuation dropped, "the" ignored.

    A dash counts as a hyphen, for so published lists have it. Word by word, nothing comes before something; letter by
    letter, spaces do not count. Digits come before letters.
    """
    plain = "".join(char for char in unicodedata.normalize("NFKD", term) if not unicodedata.combining(char)).casefold()
    words = re.sub(r"[^\w\s]|_", "", re.sub("[-\u2010-\u2015]", " ", plain)).split()
    if words[:1] == ["the"] and len(words) > 1:
        words = words[1:]
    return ("" if order == "letter-by-letter" else " ").join(words)


def version(text: str) -> tuple[int, ...]:
    """A version as it is compared: a row of integers, so that 5.4 comes before 5.23."""
    return tuple(int(number) for number in re.findall(r"\d+", text))


def label(text: str) -> Key:
    """The label of a provision or entry as it is compared: A … Z, AA … AZ, BA …; 1, 1ZA, 1A, 1AA, 1B, 2; A1 before 1.

    H8.16 comes after H8.4, H8.16A after H8.16 and before H8.17, H8A after all of H8.
    """
    parts = re.findall(r"\d+|[A-Za-z]+", text)
    return tuple(
        (1, int(part), "") if part.isdigit() else (2, *_inserted(part)) if number else (0, len(part), part.upper())
        for number, part in enumerate(parts)
    )


def _inserted(letters: str) -> tuple[int, str]:
    """Letters put after a number or letter: A, AA, AB, B; ZA comes before A."""
    upper = letters.upper()
    return (-1, upper[1:]) if len(upper) > 1 and upper[0] == "Z" else (0, upper)


# --- the items of one list --------------------------------------------------------------------------------------------

_ROMAN = re.compile(r"(x{0,3})(ix|iv|v?i{0,3})(?P<put>[a-h]?)", re.IGNORECASE)
_UNITS = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")


def _roman(text: str) -> Key | None:
    found = _ROMAN.fullmatch(text)
    count = 10 * len(found[1]) + _UNITS.index(found[2].lower()) if found else 0
    return ((1, count, ""), (2, 0, found["put"].upper())) if found and count else None


def _letters(text: str, past_z: bool) -> Key:
    """(a), (aa) put after it, (b); (za) before (a); but in a list that has a (z), (aa) and (za) come after that."""
    low = text.lower()
    if past_z and len(low) > 1 and len(set(low)) == 1:
        return ((1, 26 * (len(low) - 1) + ord(low[0]) - 96, ""),)
    if low[0] == "z" and len(low) > 1 and not past_z:
        return ((1, 0, ""), (2, 0, low[1:]))
    return ((1, ord(low[0]) - 96, ""), (2, *_inserted(low[1:]))) if low[1:] else ((1, ord(low[0]) - 96, ""),)


def items(labels: Sequence[str]) -> tuple[Key, ...] | None:
    """What the labels of the paragraphs of one list are sorted by; None for bullets, which have no order.

    They are roman where all of them can be and, so read, rise as they stand ("i", "v", "ix").
    """
    if not all(each.isalnum() for each in labels):
        return None
    if not all(each.isalpha() and each.isascii() for each in labels):
        return tuple(label(each) for each in labels)
    past_z = any(each.lower() == "z" for each in labels)
    lettered = tuple(_letters(each, past_z) for each in labels)
    roman = [found for each in labels if (found := _roman(each)) is not None]
    if len(roman) == len(labels) and _falls(roman) <= _falls(lettered) and any(each[0][1] == 1 for each in roman):
        return tuple(roman)
    return lettered


def _falls(keys: Sequence[Any]) -> int:
    """How often a key is less than the one before it."""
    return sum(two < one for one, two in pairwise(keys))


def sequences(first: str, last: str) -> tuple[tuple[str, ...], ...]:
    """The labels from one to another, both included: as figures, letters or roman numbers, as far as they can be."""
    found: list[tuple[str, ...]] = []
    if first.isdigit() and last.isdigit():
        found.append(tuple(map(str, range(int(first), int(last) + 1))))
    elif len(first) == len(last) == 1 and first.isalpha() and last.isalpha() and first.isupper() == last.isupper():
        found.append(tuple(map(chr, range(ord(first), ord(last) + 1))))
    ends = [_roman(each) for each in (first, last)]
    if first.islower() and last.islower() and all(each is not None and each[1][2] == "" for each in ends):
        low, high = (each[0][1] for each in ends if each is not None)
        found.append(tuple("x" * (n // 10) + _UNITS[n % 10] for n in range(int(low), int(high) + 1)))
    return tuple(dict.fromkeys(found))


# --- where something goes ---------------------------------------------------------------------------------------------


def place(terms: Sequence[str], term: str, order: Order) -> tuple[int, bool]:
    """The index at which a term goes, and whether that is certain.

    It goes after the greatest of those that precede it; it is not certain where the list is unsorted there, or where
    the two collations would put it in different places.
    """
    if order == "none":
        return len(terms), False
    at, certain = _after_greatest([key(each, order) for each in terms], key(term, order))
    other: Order = "letter-by-letter" if order == "word-by-word" else "word-by-word"
    return at, certain and at == _after_greatest([key(each, other) for each in terms], key(term, other))[0]


def label_place(labels: Sequence[str], new: str) -> tuple[int, bool]:
    """The index at which an entry or provision of that label goes in its list, and whether that is certain."""
    return _after_greatest([label(each) for each in labels], label(new))


def place_of_document(places: Sequence[str], new: str) -> tuple[int, bool]:
    """The index at which a document goes in the register, and whether that is certain: Schedules, then Appendices."""
    return _after_greatest([_document(each) for each in places], _document(new))


def _document(place: str) -> tuple[int, Key]:
    noun, _, bare = place.rpartition(" ")
    nouns = ("Schedule", "Appendix")
    return nouns.index(noun) if noun in nouns else len(nouns), label(bare)


def item_place(labels: Sequence[str], new: str) -> tuple[int, bool] | None:
    """The index at which a paragraph goes among those of its list, and whether that is certain; None for bullets."""
    keys = items((*labels, new))
    return None if keys is None else _after_greatest(keys[:-1], keys[-1])


def _after_greatest(keys: Sequence[Any], mine: Any) -> tuple[int, bool]:
    before = [(each, index) for index, each in enumerate(keys) if each <= mine]
    at = max(before)[1] + 1 if before else 0
    around = keys[max(at - _NEAR, 0) : at + _NEAR]
    return at, not _falls(around) and (at == len(keys) or mine < keys[at])
