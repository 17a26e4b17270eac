"""Whether all that a sentence names went into what is read in it: nothing that narrows an instruction may be lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from secdefs.findings import Refused
from secdefs.model import Each, Entry, Nth, ProvisionRef, SectionRef, Sentence
from secdefs.sentence.lexer import Lexeme

_PARTS = {"_HEADING": "heading", "_OPENING": "opening", "_WORDS_BEFORE": "opening", "_CLOSING": "closing"}
# What stands before a citation that is no place: the words before it, the end that is the place's own.
_NO_PLACE = frozenset("_WORDS_BEFORE _WORDS_AFTER _TO_THE_END_OF".split())
_CONTAINER = re.compile(r"(?i)(?:the |that )?(?:parts?|chapters?|titles?)\b")
# A document above governs all below it: a clause of an Appendix is no provision of the code.
_DOCUMENT = re.compile(r"(?i)(?:the |that )?(?:[A-Z]{3,} )?(?:appendix|annex|schedule)\b")
# "omit the following definitions: “X”" takes out definitions, and no words wherever they stand.
_PROVISIONS = re.compile(r"(?i)\b(?:definition|(?:sub-?)?(?:paragraph|section)|provision|entr|condition|row)")
_LABEL = re.compile(r"[A-Z]{0,3}\d[\w.]*|\([\w.]+\)|\b[A-Z]{1,3}\b")


def _walk(value: Any) -> Iterator[Any]:
    yield value
    if isinstance(value, tuple | list):
        for each in value:
            yield from _walk(each)
    for name in getattr(value, "__struct_fields__", ()):
        yield from _walk(getattr(value, name))


def refuse_what_is_lost(
    lexemes: Sequence[Lexeme], leaf: int, operations: Sequence[Any], quotation: Callable[[int, int], str]
) -> None:
    """Refuse where a citation, a quotation, "each place" or a part of a place is in no operation.

    Raises Refused SD110, saying what it is not clear where it belongs.
    """
    values = list(_walk(list(operations)))
    strings = [each for each in values if isinstance(each, str)]
    said = "\n".join((*(_letters(each) for each in strings), "".join(_letters(each) for each in strings)))
    labels = {label.lower() for each in strings for label in re.findall(r"[\w.]+", each)}
    whiches = [each for each in values if isinstance(each, Each | Nth)]
    entries = [each for each in values if isinstance(each, Entry)]
    before = ""
    narrowings = 0
    for each in lexemes:
        if each.clause != leaf and not (each.type == "CITATION" and _DOCUMENT.match(each.text)):
            continue
        match each.type:
            case "CITATION" if before not in _NO_PLACE and not _CONTAINER.match(each.text):
                for label in _LABEL.findall(each.text):
                    name = label.strip("().").lower()
                    # "in Section H8, insert— H8.17": the Section is in the number of what stands in it.
                    inside = name if name.isalpha() else f"{name}."
                    if name not in labels and not any(whole.startswith(inside) for whole in labels):
                        raise _unclear(each.text)
            case "EACH" | "NTH" | "ITS_WHICH" | "THROUGHOUT":
                narrowings += 1
            case "PRONOUN" if re.search(r"\bcode$", each.text, re.I) and any(map(_in_this_code, operations)):
                raise whole_code(each.text)
            case "SENTENCE":
                if not any(isinstance(value, Sentence) for value in values):
                    raise _unclear(each.text)
            case "_FOLLOWING" if (
                _PROVISIONS.search(each.text)
                and any(map(_omits_words, operations))
                and not any(isinstance(getattr(op, "new", None), tuple) for op in operations)
            ):
                raise Refused(
                    "SD110", f"it is not clear whether the words quoted or “{each.text}” are to go", "name each of them"
                )
            case name if name in _PARTS:
                having = [op.target for op in operations if getattr(op.target, "part", None) == _PARTS[name]]
                if any(isinstance(place, SectionRef) and place.label is None for place in having):
                    raise _unclear(each.text)
        before = each.type
    beside = {getattr(getattr(op, "at", None), "ref", None) for op in operations} - {None}
    if narrowings and len(whiches) < narrowings and len(beside) < 2:
        raise _unclear(
            next(
                each.text
                for each in lexemes
                if each.type in ("EACH", "NTH", "ITS_WHICH", "THROUGHOUT") and each.clause == leaf
            )
        )
    for each in lexemes:
        if each.clause == leaf and each.type == "QUOTE":
            text = quotation(each.clause, each.start)
            # "Appendix AT: …" is an entry without its noun.
            entry = any(_letters(text).endswith(_letters(value.label + value.title)) for value in entries)
            if _letters(text) not in said and not entry:
                raise _unclear(text)
    tops = {bool(op.target.label) for op in operations if isinstance(op.target, ProvisionRef)}
    if tops == {True, False}:
        raise Refused("SD110", "it is not clear in which provision one of the places stands", "name it with each")


def anywhere(operation: Any) -> bool:
    """Whether words are changed wherever they stand: no place is named for them, or none but an instrument."""
    place = operation.target
    words = getattr(operation, "old", None) or getattr(getattr(operation, "at", None), "words", None)
    return isinstance(place, SectionRef) and place.label is None and words is not None


def _in_this_code(operation: Any) -> bool:
    return anywhere(operation) and operation.target.work is None


def whole_code(name: str) -> Refused:
    """The refusal of a change of words throughout the code: what a file holds of it may not be all of it."""
    return Refused("SD110", f"“{name}” is more than the Section of the definitions", "name the Section that is meant")


def _omits_words(operation: Any) -> bool:
    return bool(operation.__struct_config__.tag == "omit_words")


def _letters(text: str) -> str:
    """The letters and digits: a quotation that is a definition is divided into its term and its text."""
    return re.sub(r"[\W_]+", "", text)


def _unclear(words: str) -> Refused:
    return Refused("SD110", f"it is not clear what “{words}” belongs to", "write a sentence for each place")
