"""Text that a sentence sets out behind its dash on the same line: where it begins, and its lines.

"… at the appropriate places insert— “A” means a box; “B” means a bag;" has its new text as the words of the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import msgspec

from secdefs.change.operations import InsertProvision, Operation, SubstituteProvision
from secdefs.findings import Refused
from secdefs.model import Definition, DefinitionRef, Provision
from secdefs.outline import Clause
from secdefs.sentence.lexer import QUOTE, Lexeme

_TAKES_TEXT = frozenset(
    "_INSERT WERE_INSERTED _IS_INSERTED _SUBSTITUTE WERE_SUBSTITUTED _IS_REPLACED _AND_INSERT _AS_FOLLOWS".split()
)
_ORDERS = _TAKES_TEXT | {"_OMIT", "_IS_OMITTED", "WERE_OMITTED", "_REPLACE", "_IS_SUBSTITUTED_FOR"}
_NAMED = frozenset({"QUOTE", "_WORDS", "ORDINAL", "_DEFINITION_OF", "BLOCK"})


_BARE = re.compile(
    r"(?P<term>[A-Z][^“”\ue000:;.]{0,80}?) (?=(?:means?|shall mean|(?:has|have|shall have) the meaning)\b)"
)


def named_term(text: str, lead: str) -> str | None:
    """The term with which a text begins that defines it, where the sentence before it calls it by name; else null."""
    found = _BARE.match(text)
    if found is None:
        return None
    term = found["term"]
    named = re.search(rf"\bdefinitions? of (?:[^.;:]*[“ ])?{re.escape(term)}(?!\w)", lead)
    return term if named else None


def set_out(leaf: Clause, lexemes: Sequence[Lexeme]) -> Clause | None:
    """The sentence with the definitions that it sets out as its block; None where it sets out none.

    Raises Refused SD109 where the text set out may hold another order.
    """
    own = [each for each in lexemes if each.text]
    known = False
    for number, lexeme in enumerate(own[:-2]):
        known = known or lexeme.type in _TAKES_TEXT
        if (
            lexeme.type in _TAKES_TEXT
            and set(own[number + 1].after) & set("—–:")
            and _names_its_term(leaf, own[number + 1])
        ):
            _holds_no_order(own[number + 2 :])
            return _divided(leaf, own[number + 1].start)
        first, after = own[number + 1], own[number + 2]
        if known and first.type == "QUOTE" and set(first.after) & set("—–:") and _goes_on(own, number + 2):
            _holds_no_order(own[number + 2 :])
            return _divided(leaf, first.start)
        if known and after.type in _ORDERS:
            return None
    return None


def _names_its_term(leaf: Clause, first: Lexeme) -> bool:
    """Whether what begins there defines, without quotation marks, the term that the sentence names before it."""
    return first.type != "QUOTE" and named_term(leaf.text[first.start :], _plain(leaf, first.start)) is not None


def _plain(leaf: Clause, end: int) -> str:
    """The words of a clause up to an offset of its text, its quotations in their marks."""
    quotes = iter(leaf.quotes)
    return re.sub(QUOTE, lambda _: f"“{next(quotes).text}”", leaf.text[:end])


def _goes_on(lexemes: Sequence[Lexeme], number: int) -> bool:
    """Whether words that no phrase has follow a quotation, or what stands beside it in brackets."""
    if lexemes[number].type in ("_ASIDE", "_GLOSS", "_AS_AMENDED") and number + 1 < len(lexemes):
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
    term = named_term(rest, _plain(leaf, at))
    if term is not None:
        rest = f"“{term}”{rest[len(term) :]}"
    words = leaf.text[:at].rstrip()
    return msgspec.structs.replace(
        leaf,
        text=words,
        quotes=leaf.quotes[:held],
        offsets=(*leaf.offsets[: len(words)], leaf.offsets[-1]),
        block=(*rest.split("\n"), *leaf.block),
        others=(),
    )


def refuse_what_is_no_whole(lexemes: Sequence[Lexeme], made: Sequence[Operation]) -> None:
    """Refuse a text set out that is not the whole of what it stands for.

    Raises Refused: SD108 for a provision of which only a part is given ("…the Panel shall…"), SD101 where "is amended
    as follows" is followed by anything but the definition that it names.
    """
    for each in made:
        match each:
            case SubstituteProvision(new=new) | InsertProvision(new=new):
                texts = [record.text.strip() for record in new if isinstance(record, Provision | Definition)]
                if any(text.startswith(_LEFT_OUT) or text.rstrip('.”"').endswith(_LEFT_OUT) for text in texts):
                    raise Refused(
                        "SD108",
                        "the new text leaves out a part of the provision (“…”), and what stands there is not said",
                        "set the provision out whole, or say which words change",
                    )
    if any(each.type in ("REWORD", "REWORDED") for each in lexemes):
        whole = [
            isinstance(each, SubstituteProvision)
            and isinstance(each.target, DefinitionRef)
            and not each.target.path
            and all(isinstance(record, Definition) for record in each.new)
            for each in made
        ]
        if not all(whole):
            raise Refused(
                "SD101",
                "what follows may be the new text, or the amendments of the old",
                "say “shall be replaced with the following”, or which words change",
            )


_LEFT_OUT = ("…", "...", "[…]", "[...]")
