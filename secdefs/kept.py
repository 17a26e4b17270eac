"""Whether all that a sentence names went into what is read in it: nothing that narrows an instruction may be lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from secdefs.findings import Refused
from secdefs.lexer import Lexeme
from secdefs.model import Each, Nth, ProvisionRef, SectionRef, Sentence
from secdefs.operations import Operation

_PARTS = {"_HEADING": "heading", "_OPENING": "opening", "_WORDS_BEFORE": "opening", "_CLOSING": "closing"}
# After these a citation is no place of its own: "the words before paragraph (a)", "to the end of paragraph (b)".
_NO_PLACE = frozenset("_WORDS_BEFORE _WORDS_AFTER _TO_THE_END_OF".split())
# Paragraphs are numbered through the Parts of a Schedule, and sections through those of an instrument.
_CONTAINER = re.compile(r"(?:the |that )?(?:parts?|chapters?|titles?)\b", re.I)
# A document above governs all below it: a clause of an Appendix is no provision of the code.
_DOCUMENT = re.compile(r"(?:the |that )?(?:[A-Z]{3,} )?(?:[Aa]ppendix|[Aa]nnex)\b")
_LABEL = re.compile(r"[A-Z]{0,3}\d[\w.]*|\([\w.]+\)|\b[A-Z]{1,3}\b")


def check(
    operations: Sequence[Operation], lexemes: Sequence[Lexeme], leaf: int, quotation: Callable[[int, int], str]
) -> None:
    """Refuses where a label, a quotation, a part of a place or which of several places is in none of the operations.

    `leaf` is the number of the sentence's own clause, and `quotation` the text of a quotation by its clause and offset.
    Raises Refused SD110, saying of what it is not clear where it belongs.
    """
    values = list(_walk(list(operations)))
    own = [each for each in lexemes if each.clause == leaf]
    _check_labels([each for each in lexemes if each.clause == leaf or _DOCUMENT.match(each.text)], values)
    _check_quotations([quotation(each.clause, each.start) for each in own if each.type == "QUOTE"], values)
    _check_parts(own, operations, values)
    narrowing = [each.text for each in own if each.type in ("EACH", "NTH")]
    if len(narrowing) > sum(isinstance(each, Each | Nth) for each in values):
        raise _unclear(narrowing[-1])
    if {bool(each.target.label) for each in operations if isinstance(each.target, ProvisionRef)} == {True, False}:
        raise Refused("SD110", "it is not clear in which provision one of the places stands", "name it with each")


def _walk(value: Any) -> Iterator[Any]:
    """A value and every value inside it."""
    yield value
    if isinstance(value, tuple | list):
        for each in value:
            yield from _walk(each)
    for name in getattr(value, "__struct_fields__", ()):
        yield from _walk(getattr(value, name))


def _check_labels(lexemes: Sequence[Lexeme], values: Sequence[Any]) -> None:
    labels = {label.lower() for each in values if isinstance(each, str) for label in re.findall(r"[\w.]+", each)}
    before = ""
    for each in lexemes:
        if each.type == "CITATION" and before not in _NO_PLACE and not _CONTAINER.match(each.text):
            for label in _LABEL.findall(each.text):
                name = label.strip("().").lower()
                # "Section F … in Section F2.1": the second says the first again.
                if name not in labels and not (name.isalpha() and any(found.startswith(name) for found in labels)):
                    raise _unclear(each.text)
        before = each.type


def _check_quotations(quotations: Sequence[str], values: Sequence[Any]) -> None:
    strings = [_letters(each) for each in values if isinstance(each, str)]
    # A quotation that holds a definition is divided into its term and its text.
    said = "\n".join((*strings, "".join(strings)))
    for text in quotations:
        if _letters(text) not in said:
            raise _unclear(f"“{text}”")


def _check_parts(lexemes: Sequence[Lexeme], operations: Sequence[Operation], values: Sequence[Any]) -> None:
    for each in lexemes:
        if each.type == "SENTENCE" and not any(isinstance(value, Sentence) for value in values):
            raise _unclear(each.text)
        part = _PARTS.get(each.type)
        places = [each.target for each in operations if part and getattr(each.target, "part", None) == part]
        if any(isinstance(place, SectionRef) and place.label is None for place in places):
            raise _unclear(each.text)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def _unclear(words: str) -> Refused:
    return Refused("SD110", f"it is not clear what “{words.strip('“”')}” belongs to", "write a sentence for each place")
