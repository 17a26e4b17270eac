"""A small, fixed budget of fuzzing: bytes damaged by chance from one seed, counted and not timed."""

from __future__ import annotations

import random

import pytest
from targets import TARGETS, run, seeds

BUDGET = 150
"""Executions of each target; the long run is `long.py`."""

SEALED = ("ledger", "entries", "word-bytes")
"""What has sums over its bytes, or names every field: hardly any damage to it can be read."""

TOKENS = (
    "“",
    "”",
    "‘",
    "’",
    '"',
    "(a)",
    "(i)",
    "1.",
    "\n",
    "\n\n",
    "—",
    ";",
    "\f",
    "\u200b",
    "\u202e",
    "\ue000",
    "é",
    "  ",
)
BYTES = (b"\x00", b"\xff", b"\xfe", b"<", b">", b"&#0;", b"'", b"[", b"]", b"{", b"}", b": ", b"- ", b"endobj", b"w:p")


def damaged(seed: bytes, chance: random.Random) -> bytes:
    """The bytes with one to four pieces taken out, doubled, moved, or put in."""
    data = bytearray(seed)
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(data))
        end = min(len(data), at + chance.choice((1, 1, 2, 8, 60)))
        match chance.randint(0, 4):
            case 0:
                del data[at:end]
            case 1:
                data[at:at] = data[at:end] * chance.choice((1, 2, 40))
            case 2:
                data[at:at] = chance.choice(TOKENS).encode()
            case 3:
                data[at:at] = chance.choice(BYTES)
            case 4:
                piece = bytes(data[at:end])
                del data[at:end]
                data[chance.randint(0, len(data)) : 0] = piece
    return bytes(data)


@pytest.mark.parametrize("name", TARGETS)
def test_damaged_bytes_give_a_value_or_one_line(name: str) -> None:
    chance = random.Random(f"secdefs {name}")
    begun = [each for each in seeds(name) if len(each) < 20_000]
    given = sum(run(name, damaged(chance.choice(begun), chance)) for _ in range(BUDGET))

    assert given > 0 or name in SEALED, "some of them are read"


@pytest.mark.parametrize("name", sorted(TARGETS.keys() - {"entries"}))  # its lines are sealed one by one
def test_what_the_fuzzing_begins_with_is_read(name: str) -> None:
    assert any(run(name, each) for each in seeds(name))
