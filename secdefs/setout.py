"""Text that a sentence sets out behind its dash on the same line: where it begins, and its lines.

"… at the appropriate places insert— “A” means a box; “B” means a bag;" has its new text as the words of the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import msgspec

from secdefs.findings import Refused
from secdefs.lexer import QUOTE, Lexeme
from secdefs.outline import Clause

_TAKES_TEXT = frozenset(
    "_INSERT WERE_INSERTED _IS_INSERTED _SUBSTITUTE WERE_SUBSTITUTED _IS_REPLACED _AND_INSERT _AS_FOLLOWS".split()
)
_ORDERS = _TAKES_TEXT | {"_OMIT", "_IS_OMITTED", "WERE_OMITTED", "_REPLACE", "_IS_SUBSTITUTED_FOR"}
_NAMED = frozenset({"QUOTE", "_WORDS", "ORDINAL", "_DEFINITION_OF", "BLOCK"})


def set_out(leaf: Clause, lexemes: Sequence[Lexeme]) -> Clause | None:
    """The sentence with the definitions that it sets out as its block; None where it sets out none.

    Raises Refused SD109 where the text set out may hold another order.
    """
    own = [each for each in lexemes if each.text]
    known = False
    for number, lexeme in enumerate(own[:-2]):
        known = known or lexeme.type in _TAKES_TEXT
        first, after = own[number + 1], own[number + 2]
        if known and first.type == "QUOTE" and set(first.after) & set("—–:") and _goes_on(own, number + 2):
            _holds_no_order(own[number + 2 :])
            return _divided(leaf, first.start)
        if known and after.type in _ORDERS:
            return None
    return None


def _goes_on(lexemes: Sequence[Lexeme], number: int) -> bool:
    """Whether words that no phrase has follow a quotation, or what stands beside it in brackets."""
    if lexemes[number].type == "_ASIDE" and number + 1 < len(lexemes):
        number += 1
    return lexemes[number].type == "WORD"


def _holds_no_order(lexemes: Sequence[Lexeme]) -> None:
    for before, after in pairwise(lexemes):
        if before.type in _ORDERS and after.type in _NAMED and not before.text.lower().startswith("includ"):
            raise Refused(
                "SD109",
                f"“{before.text}” stands in the text that is set out: it may be part of it, or another order",
                "set the new text out on lines of its own",
            )


def _divided(leaf: Clause, at: int) -> Clause:
    """The clause cut at an offset of its text, what comes after it as its block."""
    held = leaf.text.count(QUOTE, 0, at)
    quotes = iter(leaf.quotes[held:])
    rest = re.sub(QUOTE, lambda _: f"“{next(quotes).text}”", re.sub(rf"(?<=[;.]) (?={QUOTE})", "\n", leaf.text[at:]))
    words = leaf.text[:at].rstrip()
    return msgspec.structs.replace(
        leaf,
        text=words,
        quotes=leaf.quotes[:held],
        offsets=(*leaf.offsets[: len(words)], leaf.offsets[-1]),
        block=(*rest.split("\n"), *leaf.block),
        others=(),
    )
