"""The proof against what was published: where a code and a published text differ, and of which kind each place is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Literal

import msgspec

from secdefs.change.edits import KEY
from secdefs.model import Code, Record

if TYPE_CHECKING:
    from secdefs.plan import Plan

Kind = Literal["ordered_and_missing", "present_and_not_ordered", "only_appearance"]
"""Ordered, and the published text has not got it; in the published text, and not ordered; or the same but for spaces,
punctuation or case."""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """A field of a record in which the published text differs from the code as it should be.

    `list` is "definitions", "contents:Appendices", "documents", "sections" or "code"; `key` names the record. Null for
    `planned` or `published` is a record that is not there. `field` is "order" where only its place in the list differs,
    and the two then name the record before it.
    """

    kind: Kind
    list: str
    key: str
    field: str
    planned: str | None
    published: str | None


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """What a comparison found: the differences, the lists that were compared, and those that only one side holds."""

    differences: tuple[Difference, ...]
    compared: tuple[str, ...]
    left_out: tuple[str, ...]


def verify(plan: Plan, published: Code) -> Comparison:
    """Hold a published text against the code as letters make it.

    Raises SecdefsError where the plan has an error: then there is no code that the text should be.
    """
    return compare(plan.before, plan.after(), published)


def compare(before: Code, planned: Code, published: Code) -> Comparison:
    """Compare a published text with the code that it should be; `before` is the code as it stood before the letters.

    Records are known by their terms, labels and places. Lists that only one side holds are not compared.
    """
    stood, should, found = _lists(before), _lists(planned), _lists(published)
    compared = tuple(name for name in should if name in found)
    left_out = tuple(name for name in (*should, *found) if (name in should) != (name in found))
    differences: list[Difference] = []
    for name in compared:
        differences += _list(name, stood.get(name, {}), should[name], found[name])
    return Comparison(differences=tuple(differences), compared=compared, left_out=left_out)


def _lists(code: Code) -> dict[str, dict[str, dict[str, str]]]:
    """The records of each list by their keys, as their fields."""
    result: dict[str, dict[str, dict[str, str]]] = {}

    def add(name: str, records: Iterable[Record]) -> None:
        result[name] = {getattr(each, KEY[type(each)]): _fields(each) for each in records}

    if code.definitions is not None:
        add("definitions", code.definitions.entries)
    for group in code.contents or ():
        add(f"contents:{group.group}", group.entries)
    if code.documents is not None:
        add("documents", code.documents)
    if code.sections is not None:
        add("sections", code.sections)
    return result


def _fields(record: Record) -> dict[str, str]:
    values = {name: getattr(record, name) for name in record.__struct_fields__ if name != "note"}
    return {name: str(value) for name, value in values.items() if value is not None and name != KEY[type(record)]}


def _list(
    name: str, stood: dict[str, dict[str, str]], should: dict[str, dict[str, str]], found: dict[str, dict[str, str]]
) -> Iterator[Difference]:
    alike = dict(_respelled(should, found))
    for key, fields in should.items():
        other = alike.get(key, key)
        if other not in found:
            kind: Kind = "ordered_and_missing" if key not in stood else "present_and_not_ordered"
            yield Difference(kind=kind, list=name, key=key, field="record", planned=_said(fields), published=None)
            continue
        if other != key:
            yield Difference(kind="only_appearance", list=name, key=key, field="name", planned=key, published=other)
        for field in dict.fromkeys((*fields, *found[other])):
            one, two = fields.get(field, ""), found[other].get(field, "")
            if one != two:
                for kind in kinds(stood.get(key, {}).get(field, ""), one, two):
                    yield Difference(kind=kind, list=name, key=key, field=field, planned=one, published=two)
    taken = {*should, *alike.values()}
    for key, fields in found.items():
        if key not in taken:
            # A record that stood and was to go is an order that was not carried out.
            kind = "ordered_and_missing" if key in stood else "present_and_not_ordered"
            yield Difference(kind=kind, list=name, key=key, field="record", planned=None, published=_said(fields))
    yield from _order(name, [alike.get(key, key) for key in should], list(found))


def _respelled(should: Iterable[str], found: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The keys that differ in appearance alone, where each has only one that is like it."""
    mine, theirs = set(should), set(found)
    loose: dict[str, list[str]] = {}
    for key in theirs - mine:
        loose.setdefault(bare(key), []).append(key)
    for key in mine - theirs:
        like = loose.get(bare(key), [])
        if len(like) == 1 and sum(bare(each) == bare(key) for each in mine - theirs) == 1:
            yield key, like[0]


def _said(fields: dict[str, str]) -> str:
    return fields.get("text") or ", ".join(fields.values())


def _order(name: str, should: list[str], found: list[str]) -> Iterator[Difference]:
    """The records that stand elsewhere than they should, as few as explain the order."""
    common = set(should) & set(found)
    mine, theirs = [key for key in should if key in common], [key for key in found if key in common]
    if mine == theirs:
        return
    place = {key: number for number, key in enumerate(mine)}
    stays = _longest_run([place[key] for key in theirs])
    for number, key in enumerate(theirs):
        if place[key] not in stays:
            yield Difference(
                kind="present_and_not_ordered",
                list=name,
                key=key,
                field="order",
                planned=mine[place[key] - 1] if place[key] else "",
                published=theirs[number - 1] if number else "",
            )


def _longest_run(numbers: Sequence[int]) -> set[int]:
    """The longest rising run among numbers, those between left out."""
    best: list[tuple[int, ...]] = []
    for number in numbers:
        longest: tuple[int, ...] = ()
        for run in best:
            if run[-1] < number and len(run) > len(longest):
                longest = run
        # Of runs of one length only that with the lowest end can still win.
        best = [run for run in best if len(run) != len(longest) + 1 or run[-1] < number]
        best.append((*longest, number))
    longest = ()
    for run in best:
        longest = run if len(run) > len(longest) else longest
    return set(longest)


# --- of which kind ----------------------------------------------------------------------------------------------------


def bare(text: str) -> str:
    """A text without what only its appearance is made of: spaces, punctuation, case, accents."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return re.sub(r"[\W_]+", "", "".join(char for char in plain if not unicodedata.combining(char)))


def kinds(stood: str, planned: str, published: str) -> tuple[Kind, ...]:
    """Of which kinds the differences between a text as planned and as published are.

    A place that the letters changed and that is otherwise in the published text was ordered and is missing; any other
    is present and was not ordered.
    """
    if bare(planned) == bare(published):
        return ("only_appearance",)
    if published == stood:
        return ("ordered_and_missing",)
    if planned == stood:
        return ("present_and_not_ordered",)
    from difflib import SequenceMatcher

    old, mine, theirs = tokens(stood), tokens(planned), tokens(published)
    ordered: set[int] = set()
    for tag, _, _, low, high in SequenceMatcher(None, old, mine, autojunk=False).get_opcodes():
        if tag != "equal":
            ordered |= set(range(low, high)) or {low}
    found: dict[Kind, None] = {}
    for tag, low, high, from_, to in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        if tag == "equal" or bare("".join(mine[low:high])) == bare("".join(theirs[from_:to])):
            continue
        touched = ordered & (set(range(low, high)) or {low})
        found["ordered_and_missing" if touched else "present_and_not_ordered"] = None
    return tuple(found) or ("only_appearance",)


def tokens(text: str) -> list[str]:
    """A text as words, spaces and marks."""
    return re.findall(r"\w+|\s+|[^\w\s]", text)
