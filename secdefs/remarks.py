"""What is worth saying of a result that is exactly as directed: warnings and notes, and never a change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from secdefs.change.collation import Listed
from secdefs.change.edits import CODE, KEY, Add, Consolidation, Edit, Splice, accepted
from secdefs.change.ends import Close
from secdefs.change.matching import Place, folded, occurrences
from secdefs.change.operations import InsertProvision, InsertWords, OmitWords, Operation, SubstituteWords, in_order
from secdefs.change.stray import stray
from secdefs.findings import Severity
from secdefs.model import Definition, Each, Quote, Words

_SHOWN = 5
"""How many places a message names before it counts the rest."""


_TEXTS = ("text", "title", "heading")
_WORD = re.compile(r"\w+")


class Remark(NamedTuple):
    """A finding without its place."""

    code: str
    message: str
    hint: str | None = None
    weight: Severity | None = None


def beforehand(operation: Operation, edits: tuple[Edit, ...], code: Consolidation) -> tuple[Remark, ...]:
    """What is to be said of an operation whose edits are about to be made."""
    match operation:
        case SubstituteWords(old=words) | OmitWords(old=words):
            return _each(words, edits)
        case InsertWords(at=spot) if spot.words is not None:
            return _each(spot.words, edits)
        case InsertProvision(at=spot):
            ordered = spot.where in ("alphabetical", "in_order")
            return (*(_neighbours(edits, code) if ordered else ()), *_endings(edits, code))
    return ()


def _each(words: Words, edits: tuple[Edit, ...]) -> tuple[Remark, ...]:
    match words, edits:
        case Quote(which=Each(count=None), text=text), (Splice(part=part, key=key),):
            if part == "term" and len(occurrences(key, text, (0, len(key)))) > 1:
                return ()  # a term is changed by one edit
            return (Remark("SD302", "“in each place”, and there is one place only", "check that none is missing"),)
    return ()


def _neighbours(edits: tuple[Edit, ...], code: Consolidation) -> tuple[Remark, ...]:
    """A warning where the place of a new record in its list is not certain, naming both neighbours."""
    result = []
    lists: dict[str, Listed] = {}
    for edit in edits:
        if not isinstance(edit, Add):
            continue
        known = lists.get(edit.list) or lists.setdefault(edit.list, in_order(code, edit.list))
        new = str(getattr(edit.record, KEY[type(edit.record)]))
        if not known.place(new)[1]:
            around = " and ".join(f"“{key}”" for key in known.keys[max(edit.index - 1, 0) : edit.index + 1])
            result.append(
                Remark(
                    "SD303",
                    f"the place of “{new}” is not certain: it is put next to {around}",
                    f"say after which {'definition' if edit.list == 'definitions' else 'one'} it goes",
                )
            )
        known.put(edit.index, new)
    return tuple(result)


def _endings(edits: tuple[Edit, ...], code: Consolidation) -> tuple[Remark, ...]:
    """A note where a new definition ends otherwise than those beside it: it stays as quoted."""
    new = [edit for edit in edits if isinstance(edit, Add) and isinstance(edit.record, Definition)]
    if not new:
        return ()
    keys = list(code.keys("definitions"))
    for edit in new:
        assert isinstance(edit.record, Definition)
        keys.insert(edit.index, edit.record.term)
    fresh = {edit.record.term: edit.record.text for edit in new if isinstance(edit.record, Definition)}
    places = sorted(keys.index(term) for term in fresh)
    before: dict[int, str | None] = {}
    for at in places:
        before[at] = before[at - 1] if at - 1 in before else keys[at - 1] if at else None
    after: dict[int, str | None] = {}
    for at in reversed(places):
        after[at] = after[at + 1] if at + 1 in after else keys[at + 1] if at + 1 < len(keys) else None
    result = []
    for at in places:
        beside = (before[at], after[at])
        marks = {_mark(code.text("definitions", each)) for each in beside if each is not None}
        mine = _mark(fresh[keys[at]])
        if len(marks) == 1 and marks != {mine}:
            (theirs,) = marks
            result.append(
                Remark(
                    "SD309",
                    f"“{keys[at]}” ends {_ending(mine)}, and the definitions beside it {_ending(theirs)}",
                    "it stays as the direction has it",
                    "note",
                )
            )
    return tuple(result)


def _mark(text: str) -> str:
    low, high = Close(text, (0, len(text))).mark
    return text[low:high].strip()


def _ending(mark: str) -> str:
    return f"in “{mark}”" if mark else "without a mark"


def at_seam(edit: Edit, code: Consolidation) -> tuple[Remark, ...]:
    """What looks wrong at the seams of an edit that was made."""
    if not isinstance(edit, Splice) or edit.part not in ("text", "title", "term") or edit.list == CODE:
        return ()
    if code.get(edit.list, edit.key) is None:  # renamed since
        return ()
    text = code.text(edit.list, edit.key, edit.part)
    wrong = stray(text, edit.at, edit.at + len(edit.new)) if text else None
    return (Remark("SD310", wrong, "check the quotation's edges"),) if wrong is not None else ()


class _Index:
    """Which of some texts hold the words of a term, so that not every text is read for every term."""

    def __init__(self, texts: Iterable[str], terms: Iterable[str]) -> None:
        asked = {word for term in terms for word in _words(term)}
        self._holding: dict[str, list[int]] = {word: [] for word in asked}
        self._size = 0
        for number, text in enumerate(texts):
            for word in asked.intersection(_words(text)):
                self._holding[word].append(number)
            self._size = number + 1

    def holding(self, term: str) -> Sequence[int]:
        """The numbers of the texts, in order, that hold the rarest word of a term: where it stands is one of them."""
        return min((self._holding[word] for word in _words(term)), key=len, default=range(self._size))


def _words(text: str) -> list[str]:
    return _WORD.findall(folded(text).text)


def renamed(terms: Sequence[tuple[str, str]], code: Consolidation) -> Iterator[tuple[Remark, ...]]:
    """For each term and what it was renamed, where the old one still stands that is no longer defined: other uses of
    it are not changed."""
    if not terms:
        return
    old_terms = [old for old, _ in terms]
    keys = code.keys("definitions")
    marks = [
        (mark.key, [accepted(pieces) for part, pieces in mark.fields.items() if part in _TEXTS])
        for name, listed in code.lists.items()
        for mark in listed
        if mark.gone is None and name != CODE
    ]
    in_keys, in_texts = _Index(keys, old_terms), _Index(("\n".join(texts) for _, texts in marks), old_terms)
    for old, new in terms:
        if code.get("definitions", old) is not None:
            yield ()
            continue
        longer = [keys[number] for number in in_keys.holding(old) if old in keys[number]]
        using = [
            f"“{key}”"
            for key, texts in map(marks.__getitem__, in_texts.holding(old))
            if any(_used(old, text, longer) for text in texts if old in text)
        ]
        more = f" and {len(using) - _SHOWN} more" if len(using) > _SHOWN else ""
        what = f"“{old}” is now “{new}”, and still stands in {', '.join(using[:_SHOWN])}{more}"
        yield (Remark("SD312", what, "check whether these are to change as well"),) if using else ()


def _used(term: str, text: str, longer: list[str]) -> bool:
    """Whether a term stands in a text other than as a part of a longer one."""

    def all_of(words: str) -> tuple[Place, ...]:
        return occurrences(text, words, (0, len(text)))

    around = [place for key in longer if key in text for place in all_of(key)]
    return any(not any(low <= start and end <= high for low, high in around) for start, end in all_of(term))
