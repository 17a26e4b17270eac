"""What a parse tree is made of, and what its leaves say: quotations, unquoted words, ordinals, which of several.

A leaf is the number of a lexeme; its words, and the quotation in it, are found through the `Script` of its sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from secdefs.findings import Refused
from secdefs.model import Each, Nth, Which
from secdefs.said import ORDINALS
from secdefs.sentence.lexer import QUOTE, Lexeme
from secdefs.sentence.scope import Scope

Quotations: TypeAlias = Callable[[int, int], str]
"""Gives the text of the quotation at an offset of a clause."""


class Node:
    """A rule of the grammar, and what it is made of: nodes, and tokens whose `start_pos` is the number of a lexeme."""

    __slots__ = ("children", "data", "first", "last")

    def __init__(self, data: Any, children: list[Any], meta: Any = None) -> None:
        self.data: str = str(data)
        self.children = children
        self.first = self.last = -1
        """The numbers of its first and last lexeme that were kept; -1 where it has none."""
        # Known from the moment it is made: to go down a deep tree for them would take a deep stack.
        for child in children:
            node = isinstance(child, Node)
            first, last = (child.first, child.last) if node else (child.start_pos, child.start_pos)
            if first >= 0:
                self.first = first if self.first < 0 else min(self.first, first)
            self.last = max(self.last, last)

    def all(self, *names: str) -> list[Node]:
        """Its children of those rules."""
        return [child for child in self.children if isinstance(child, Node) and child.data in names]

    def tokens(self) -> list[Any]:
        """Its own tokens, not those of its children."""
        return [child for child in self.children if not isinstance(child, Node)]


_ADJUNCTS = frozenset(
    "place applied spot which conjunction commencement form formerly appointed following_places respectively".split()
)


def is_adjunct(child: Any) -> bool:
    """Whether a member of a rule says where, when or which, and not what."""
    if isinstance(child, Node):
        return child.data in _ADJUNCTS
    return bool(child.type.startswith("WERE_"))


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
                case "ITS_WHICH" if result[-1][1] != "once":
                    raise Refused("SD109", "the sentence says twice which of several places is meant")
                case "ITS_WHICH":
                    result[-1] = (result[-1][0], which_of(str(token)))
                case "QUOTE" if not self.quoted(self.lexemes[token.start_pos]).strip():
                    raise Refused("SD101", "a quotation is empty", "quote the words that are meant")
                case "QUOTE":
                    result.append((self.quoted(self.lexemes[token.start_pos]), which))
                    which = "once"
                case "MARK":
                    result.append((_MARKS[re.split("[ -]", str(token).lower().replace("-", ""))[-1]], which))
                    which = "once"
                case "BARE":
                    result.append((str(token), which))
                    which = "once"
        return tuple(result)


# --- words that stand for a value -------------------------------------------------------------------------------------

_MARKS = {"stop": ".", "fullstop": ".", "comma": ",", "semicolon": ";", "colon": ":"}
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "both": 2, "twice": 2}


def ordinal(words: str) -> int:
    """The number that an ordinal says, from 1; -1 for the last."""
    return next((number + 1 for number, word in enumerate(ORDINALS) if word in words.lower()), -1)


def which_of(words: str) -> Which:
    """Which of several places words mean: "in both places", "the second time it occurs"."""
    plain = words.lower()
    first = re.search(r"first (two|three|four)\b", plain)
    if first is not None:
        return Nth(tuple(range(1, _NUMBERS[first[1]] + 1)))
    numbers = [
        -1 if word in ("last", "lastly", "final", "closing") else ORDINALS.index(word.removesuffix("ly")) + 1
        for word in re.findall(rf"\b(?:(?:{'|'.join(ORDINALS)})(?:ly)?|last|lastly|final|closing)\b", plain)
    ]
    if numbers:
        return Nth(tuple(numbers))
    count = next((_NUMBERS[word] for word in re.findall(r"\b(?:two|three|four|five|both|twice)\b", plain)), None)
    return Each(count)


def without_article(name: str) -> str:
    """A name without its "the"."""
    return re.sub(r"^(?:the|The) ", "", name).strip()


def exception(shown: str) -> Refused:
    """The refusal of a change that is made everywhere but somewhere."""
    return Refused("SD108", f"{shown}: an exception is not carried out", "name each place in which the words change")


def beyond(shown: str) -> Refused:
    """The refusal of an act on what this tool does not hold, naming it."""
    return Refused(
        "SD108",
        f"{shown}: tables, forms, other languages and amendments of amendments are outside the scope of this tool",
        "make this change by hand, and set the item aside with a reason",
    )
