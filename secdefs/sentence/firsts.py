"""With which characters a match of a pattern may begin: what lets the lexer try a few terminals and not all of them.

Only the characters of ASCII are told apart, and the two that stand for a quotation and a block. In doubt a character is
taken in: a set that is too large costs a trial that fails, one that is too small would lose a reading.
"""

from __future__ import annotations

from collections.abc import Iterable
from re import IGNORECASE
from re import _constants as op
from re import _parser as parser
from typing import Any

ASCII = frozenset(map(chr, range(128)))
ALPHABET = ASCII | {"\ue000", "\ue001"}
_CLASSES = {
    op.CATEGORY_DIGIT: frozenset(filter(str.isdigit, ASCII)),
    op.CATEGORY_SPACE: frozenset(filter(str.isspace, ASCII)),
    op.CATEGORY_WORD: frozenset(char for char in ASCII if char.isalnum() or char == "_"),
}
_NO_CASE = 0xE000
"""From here on characters are private, and none of them is another's small letter."""
_ZERO_WIDTH = (op.ASSERT, op.ASSERT_NOT, op.AT)


def firsts(pattern: str) -> frozenset[str]:
    """The characters of `ALPHABET` with which a match of a pattern may begin; all where it may be empty."""
    parsed = parser.parse(pattern)
    found, empty = _of_row(parsed, bool(parsed.state.flags & IGNORECASE))
    return ALPHABET if empty else found


def _of_row(row: Iterable[tuple[Any, Any]], ignoring: bool) -> tuple[frozenset[str], bool]:
    """What a row of parts may begin with, and whether it may match nothing."""
    found: frozenset[str] = frozenset()
    for code, value in row:
        here, empty = _of(code, value, ignoring)
        found |= here
        if not empty:
            return found, False
    return found, True


def _of(code: Any, value: Any, ignoring: bool) -> tuple[frozenset[str], bool]:
    if code in _ZERO_WIDTH:
        return frozenset(), True
    if code is op.LITERAL:
        return _cased(range(value, value + 1), ignoring), False
    if code is op.IN:
        return _of_class(value, ignoring), False
    if code is op.BRANCH:
        rows = [_of_row(row, ignoring) for row in value[1]]
        return frozenset().union(*(found for found, _ in rows)), any(empty for _, empty in rows)
    if code is op.SUBPATTERN:
        _, added, taken, row = value
        return _of_row(row, bool((ignoring or added & IGNORECASE) and not taken & IGNORECASE))
    if code in (op.MAX_REPEAT, op.MIN_REPEAT):
        least, _, row = value
        found, empty = _of_row(row, ignoring)
        return found, empty or least == 0
    return ALPHABET, True


def _of_class(parts: list[tuple[Any, Any]], ignoring: bool) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for code, value in parts:
        if code is op.LITERAL:
            found |= _cased(range(value, value + 1), ignoring)
        elif code is op.RANGE:
            found |= _cased(range(value[0], value[1] + 1), ignoring)
        elif code is op.CATEGORY and value in _CLASSES:
            found |= _CLASSES[value]
        else:
            return ALPHABET
    return found


def _cased(codes: range, ignoring: bool) -> frozenset[str]:
    if not ignoring or codes.start >= _NO_CASE:
        return frozenset(map(chr, codes)) & ALPHABET
    if codes.stop > len(ASCII):
        # Two letters beyond ASCII are the same as an s and a k where case does not count.
        return ALPHABET
    return frozenset(case for code in codes for case in (chr(code).lower(), chr(code).upper()))
