"""Whether the paragraphs of a list kept their words and took other labels: which before is which after."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple


class Item(NamedTuple):
    """A paragraph of a list: its label, and its words without the label."""

    label: str
    words: str


_SAME = 0.8
"""How like two paragraphs must be for the one to be the other under another label."""


def pairs(old: Sequence[Item], new: Sequence[Item]) -> tuple[tuple[int, int], ...]:
    """The paragraphs that are the same before and after, as indices, where some of them were renumbered; else none.

    The order is kept. Paragraphs of one label are the same wherever that says as much with fewer words.
    """
    alike = [[_alike(one, two) for two in new] for one in old]
    best = _aligned(alike)
    shifted = [(i, j) for i, j in best if old[i].label != new[j].label]
    if not shifted:
        return ()
    labels = {each.label: at for at, each in enumerate(new)}
    by_label = sum(alike[at][labels[each.label]] for at, each in enumerate(old) if each.label in labels)
    # Where the labels tell nearly as much, nobody would call it renumbering.
    return tuple(best) if sum(alike[i][j] for i, j in best) > by_label + 0.5 else ()


def _alike(one: Item, two: Item) -> float:
    ratio = SequenceMatcher(None, one.words.split(), two.words.split(), autojunk=False).ratio()
    return ratio if ratio >= _SAME or one.label == two.label else 0.0


def _aligned(alike: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """The rows and columns that go together, both in order, so that they are as like as can be."""
    rows, columns = len(alike), len(alike[0]) if alike else 0
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in reversed(range(rows)):
        for j in reversed(range(columns)):
            together = alike[i][j] + best[i + 1][j + 1] if alike[i][j] else 0.0
            best[i][j] = max(together, best[i + 1][j], best[i][j + 1])
    found = []
    i = j = 0
    while i < rows and j < columns:
        if alike[i][j] and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


def in_turn(renumbered: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Old and new labels in an order in which no new label is in use when it is given. Rings are left out."""
    waiting = list(renumbered)
    ordered = []
    while waiting:
        used = {old for old, _ in waiting}
        free = next((each for each in waiting if each[1] not in used), None)
        if free is None:
            break
        ordered.append(free)
        waiting.remove(free)
    return ordered
