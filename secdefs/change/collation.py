"""The order of terms and labels in a published list (RULES of order: collation, labels, versions)."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from operator import itemgetter
from typing import Any, TypeAlias

from secdefs.model import Order

_NEAR = 2
"""How many neighbours on either side have to be in order for a place among them to be certain."""

Sort: TypeAlias = Callable[[str], Any]
"""What a key is sorted by."""

Ready: TypeAlias = Callable[[Sort], list[tuple[Any, str]]]
"""A list's keys as they are sorted, each after its sort key."""

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


def word_by_word(term: str) -> str:
    """What a term is sorted by where spaces count."""
    return key(term, "word-by-word")


def letter_by_letter(term: str) -> str:
    """What a term is sorted by where spaces do not count."""
    return key(term, "letter-by-letter")


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


def belongs(labels: Sequence[str], new: str) -> bool:
    """Whether a label can be one of a list: figures among figures (with “A1”), roman numbers among roman, letters else.

    Bullets tell nothing, nor does a list that is of several kinds already.
    """
    if not labels or not new.isalnum() or not all(each.isalnum() for each in labels):
        return True
    if all(map(_has_figure, labels)):
        return _has_figure(new)
    if any(map(_has_figure, labels)):
        return True
    if items(labels) == tuple(map(_roman, labels)):
        return _roman(new) is not None or _roman(new.removeprefix("z")) is not None
    begun = {each[0].lower() for each in labels}
    return not _has_figure(new) and (len(new) == 1 or _roman(new) is None or new[0].lower() in begun)


def _has_figure(label: str) -> bool:
    return any(each.isdigit() for each in label)


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

SORTS: dict[Order, tuple[Sort, ...]] = {
    "word-by-word": (word_by_word, letter_by_letter),
    "letter-by-letter": (letter_by_letter, word_by_word),
    "none": (),
}
"""By what the terms of a list of each order are sorted; by the second they may be as well."""


class Listed:
    """The keys of a list as they stand, and beside them sorted: where another goes is found without a look at each.

    `sorts` are what a key is sorted by: the first decides, and where another disagrees the place is not certain;
    without any, all goes to the end. `ready` gives the keys of the list sorted by one of them, each after its sort key.
    """

    def __init__(self, keys: Iterable[str], sorts: tuple[Sort, ...], ready: Ready | None = None) -> None:
        self.keys = list(keys)
        self._sorted = {by: ready(by) if ready else sorted((by(each), each) for each in self.keys) for by in sorts}

    def place(self, new: str) -> tuple[int, bool]:
        """The index at which a key goes, and whether that is certain.

        It goes after the greatest of those that precede it; it is not certain where the list is unsorted there, or
        where two collations would put it in different places.
        """
        found = [self._after_greatest(by, new) for by in self._sorted]
        if not found:
            return len(self.keys), False
        at, certain = found[0]
        return at, certain and all(at == other for other, _ in found[1:])

    def put(self, index: int, new: str) -> None:
        """Put a key into the list."""
        self.keys.insert(index, new)
        for by, known in self._sorted.items():
            insort(known, (by(new), new))

    def _after_greatest(self, by: Sort, new: str) -> tuple[int, bool]:
        known, mine = self._sorted[by], by(new)
        end = bisect_right(known, mine, key=itemgetter(0))
        start = bisect_left(known, known[end - 1][0], 0, end, key=itemgetter(0)) if end else 0
        at = max((self.keys.index(each) for _, each in known[start:end]), default=-1) + 1
        low = max(at - _NEAR, 0)
        return at, _certain([by(each) for each in self.keys[low : at + _NEAR]], at - low, mine)


def place(terms: Iterable[str], term: str, order: Order) -> tuple[int, bool]:
    """The index at which a term goes, and whether that is certain."""
    return Listed(terms, SORTS[order]).place(term)


def label_place(labels: Iterable[str], new: str) -> tuple[int, bool]:
    """The index at which an entry or provision of that label goes in its list, and whether that is certain."""
    return Listed(labels, (label,)).place(new)


def place_of_document(places: Iterable[str], new: str) -> tuple[int, bool]:
    """The index at which a document goes in the register, and whether that is certain: Schedules, then Appendices."""
    return Listed(places, (document,)).place(new)


def document(place: str) -> tuple[int, Key]:
    """What the place of a document is sorted by."""
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
    low = max(at - _NEAR, 0)
    return at, _certain(keys[low : at + _NEAR], at - low, mine)


def _certain(around: Sequence[Any], at: int, mine: Any) -> bool:
    """Whether a place among its neighbours is certain: they are in order, and it is before the next of them."""
    return not _falls(around) and (at == len(around) or mine < around[at])
