"""A sentence as it is handed over, told apart by its characters alone: what it quotes, and the words between.

It is split only where `outline` would surely find the same quotations: they are in curly double marks that are never
nested, there is no other mark that might open one, and blanks are single. All else is left to `outline`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from secdefs.outline import QUOTE, block_of
from secdefs.sentence.forms import kind_of, marks, set_out_as

_LINE = "\u241e"
"""Stands between the lead-ins and the sentence."""
_QUOTED = re.compile("“([^“”\u241e]+)”")


class Written(NamedTuple):
    """A sentence under its lead-ins.

    `form` has the lead-ins, outermost first, and the sentence, and in the place of each quotation one character;
    `quoted` are the quotations; `kind` is as what the `lines` that are set out are read.
    """

    form: str
    quoted: list[str]
    kind: str
    lines: tuple[str, ...]

    def marked(self) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
        """The lead-ins, the sentence and the lines, with marks for all that is quoted or set out. Raises NoForm."""
        names = iter(marks(len(self.quoted)))
        *within, words = re.sub(QUOTE, lambda _: f"“{next(names)}”", self.form).split(_LINE)
        return tuple(within), words, set_out_as(self.kind)


def split(words: str, within: Sequence[str], block: Sequence[str]) -> Written | None:
    """The sentence as its form and what it quotes; None where its characters leave that open."""
    whole = _LINE.join((*within, words)) if within else words
    # What cannot be printed are control characters, private ones, and every blank but a space.
    if not whole.isprintable() or whole.count(_LINE) != len(within) or whole.strip(" ") != whole:
        return None
    if '"' in whole or "'" in whole or "‘" in whole or "  " in whole or "“ " in whole or " ”" in whole:
        return None
    if within and (f" {_LINE}" in whole or f"{_LINE} " in whole):
        return None
    parts = _QUOTED.split(whole)
    form = QUOTE.join(parts[::2])
    if "“" in form or "”" in form:
        return None
    lines = block_of(block) if block else ()
    kind = kind_of(lines)
    if kind is None or (block and not lines):
        return None
    return Written(form, parts[1::2], kind, lines)
