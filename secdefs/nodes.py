"""What a parse tree is made of, and what its leaves say: quotations, unquoted words, ordinals, which of several.

A leaf is the number of a lexeme; its words, and the quotation in it, are found through the `Script` of its sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from secdefs.findings import Refused
from secdefs.lexer import QUOTE, Lexeme
from secdefs.model import Each, Nth, Which
from secdefs.said import ORDINALS
from secdefs.scope import Scope

Quotations: TypeAlias = Callable[[int, int], str]
"""Gives the text of the quotation at an offset of a clause."""


class Node:
    """A rule of the grammar, and what it is made of: nodes, and tokens whose `start_pos` is the number of a lexeme."""

    __slots__ = ("children", "data")

    def __init__(self, data: Any, children: list[Any], meta: Any = None) -> None:
        self.data: str = str(data)
        self.children = children

    def all(self, *names: str) -> list[Node]:
        """Its children of those rules."""
        return [child for child in self.children if isinstance(child, Node) and child.data in names]

    def tokens(self) -> list[Any]:
        """Its own tokens, not those of its children."""
        return [child for child in self.children if not isinstance(child, Node)]

    def first(self) -> int:
        """The number of its first lexeme that was kept."""
        numbers = [child.first() if isinstance(child, Node) else child.start_pos for child in self.children]
        return min((number for number in numbers if number >= 0), default=-1)


def last_of(node: Node) -> int:
    """The number of its last lexeme; -1 where it has none."""
    numbers = [last_of(child) if isinstance(child, Node) else child.start_pos for child in node.children]
    return max(numbers, default=-1)


_ADJUNCTS = frozenset("place applied spot which conjunction commencement form formerly appointed".split())


def is_adjunct(child: Any) -> bool:
    """Whether a member of a rule says where, when or which, and not what."""
    if isinstance(child, Node):
        return child.data in _ADJUNCTS
    return bool(child.type == "FOLLOWING_PLACES" or child.type.startswith("WERE_"))


class Script:
    """The words of one sentence: its lexemes, its quotations, the lines that it sets out."""

    def __init__(self, lexemes: Sequence[Lexeme], quotation: Quotations, block: tuple[str, ...]) -> None:
        self.lexemes = lexemes
        self.quotation = quotation
        self.block = block
        self.siblings: list[Scope] = []
        """The places that the instructions before it name, which a pronoun may mean."""

    def quoted(self, lexeme: Lexeme, offset: int = 0) -> str:
        """The text of the quotation at an offset of a lexeme."""
        return self.quotation(lexeme.clause, lexeme.start + offset)

    def shown(self, token: Any) -> str:
        """The words of a token as the sentence has them, its quotations with their marks."""
        lexeme = self.lexemes[token.start_pos]
        return re.sub(QUOTE, lambda found: f"“{self.quoted(lexeme, found.start())}”", lexeme.text)

    def name(self, token: Any) -> str:
        """The name that a token gives: a quotation without a comma that belongs to the sentence, or a title."""
        if token.type == "QUOTE":
            return self.quoted(self.lexemes[token.start_pos]).rstrip(",;")
        return without_article(str(token))

    def texts(self, node: Node) -> tuple[tuple[str, Which], ...]:
        """The words of a `words`, `edge` or `new`, each with what an ordinal before it says."""
        result: list[tuple[str, Which]] = []
        which: Which = "once"
        for token in node.tokens():
            match token.type:
                case "ORDINAL":
                    which = which_of(str(token))
                case "QUOTE" if not self.quoted(self.lexemes[token.start_pos]).strip():
                    raise Refused("SD101", "a quotation is empty", "quote the words that are meant")
                case "QUOTE":
                    result.append((self.quoted(self.lexemes[token.start_pos]), which))
                    which = "once"
                case "BARE":
                    result.append((str(token), which))
                    which = "once"
        return tuple(result)


# --- words that stand for a value -------------------------------------------------------------------------------------

_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "both": 2}


def ordinal(words: str) -> int:
    """The number that an ordinal says, from 1; -1 for the last."""
    return next((number + 1 for number, word in enumerate(ORDINALS) if word in words.lower()), -1)


def which_of(words: str) -> Which:
    """Which of several places words mean: "in both places", "the second time it occurs"."""
    plain = words.lower()
    numbers = [
        -1 if word in ("last", "lastly", "final", "closing") else ORDINALS.index(word.removesuffix("ly")) + 1
        for word in re.findall(rf"\b(?:{'|'.join(ORDINALS)}|secondly|last|lastly|final|closing)\b", plain)
    ]
    if numbers:
        return Nth(tuple(numbers))
    count = next((_NUMBERS[word] for word in re.findall(r"\b(?:two|three|four|five|both)\b", plain)), None)
    return Each(count)


def without_article(name: str) -> str:
    """A name without its "the"."""
    return re.sub(r"^(?:the|The) ", "", name).strip()


def beyond(shown: str) -> Refused:
    """The refusal of an act on what this tool does not hold, naming it."""
    return Refused(
        "SD108",
        f"{shown}: tables, forms, other languages and amendments of amendments are outside the scope of this tool",
        "make this change by hand, and set the item aside with a reason",
    )
