"""The rules on a code as it stands: what a good editor would not leave in it. Each is one function."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from secdefs.change import collation
from secdefs.change.ends import conjunctions
from secdefs.change.operations import plain_title
from secdefs.change.text import children, cited, paragraphs
from secdefs.checks.citations import Held, citations, provisions_cited
from secdefs.checks.matter import Found, called, definitions, names, records, texts
from secdefs.checks.matter import key as key_of
from secdefs.commencement import written
from secdefs.model import Code, Document, Entry
from secdefs.outline.labels import follows, values_of
from secdefs.read.encoding import HIDDEN, escaped

_SET_OUT = re.compile(r"set out (?:in|at|as) (?P<place>(?:Appendix|Schedule) [A-Z0-9]+|Appendix \[[^\]]*\])")
_PLACEHOLDER = re.compile(r"\[(?:TBC|TBD|tbc|tbd|●|•|X+|x+|\?+|…|\.{2,}|_+|insert[^\]]*|to be [^\]]*|date)\]")
_PLACE = re.compile(r"\b(?P<noun>Appendix|Schedule) (?P<label>[A-Z]{1,2}|\d{1,2})\b(?!\.?\d)")
_GROUPS = {"Appendices": "Appendix", "Schedules": "Schedule", "Sections": "Section"}


def _contents(code: Code) -> dict[str, Entry]:
    """The contents entries by place: "Appendix AM"."""
    return {
        f"{_GROUPS[group.group]} {entry.label}": entry
        for group in code.contents or ()
        if group.group in _GROUPS
        for entry in group.entries
    }


def _register(code: Code) -> dict[str, Document]:
    return {each.place: each for each in code.documents or ()}


# --- documents, contents and definitions agree ------------------------------------------------------------------------


def title_drift(code: Code) -> Iterator[Found]:
    """SD602: a document has one title in the register and another in the contents or in its definition."""
    contents, register = _contents(code), _register(code)
    for place in sorted({*contents, *register}):
        if place in contents and place in register:
            entry, document = contents[place], register[place]
            if plain_title(entry.title) != plain_title(document.title):
                group = next(group for group, noun in _GROUPS.items() if noun == place.partition(" ")[0])
                yield Found(
                    f"{place} is “{document.title}” in the register of documents and “{entry.title}” in the contents",
                    "give it one title in both",
                    record=(f"contents:{group}", entry.label),
                    words=entry.title,
                )
    for each in definitions(code):
        found = _SET_OUT.search(each.text)
        title = (register.get(found["place"]) or contents.get(found["place"])) if found else None
        if found and title and not {plain_title(one) for one in names(each.term)} & {plain_title(title.title)}:
            if "of that name" not in each.text[: found.end()]:
                continue
            yield Found(
                f"“{each.term}” is defined as the document of that name in {found['place']}, which is “{title.title}”",
                "correct the place, or give both one name",
                record=("definitions", each.term),
                words=found["place"],
            )


def not_in_contents(code: Code) -> Iterator[Found]:
    """SD603: a document is in the register and not in the contents, or an Appendix in the contents and not there."""
    contents, register = _contents(code), _register(code)
    nouns = {place.partition(" ")[0] for place in contents}
    for place, document in register.items():
        if place.partition(" ")[0] in nouns and place not in contents:
            yield Found(
                f"{place}, {document.title}, is incorporated and has no entry in the contents",
                f"insert “{place}: {document.title}” in the contents",
                record=("documents", place),
            )


def placeholders(code: Code) -> Iterator[Found]:
    """SD604: a blank such as [TBC] in the definition of a document that is incorporated already."""
    known = {plain_title(each.title): each.place for each in (code.documents or ())}
    known |= {plain_title(entry.title): place for place, entry in _contents(code).items()}
    for each in definitions(code):
        found = _PLACEHOLDER.search(each.text)
        place = next((known[plain_title(name)] for name in names(each.term) if plain_title(name) in known), None)
        if found and place:
            label = place.partition(" ")[2]
            mended = each.text[: found.start()] + label + each.text[found.end() :]
            sentence = next((line for line in mended.split("\n") if place in line), None)
            yield Found(
                f"the definition of “{each.term}” still says “{found.group()}”, and the document is {place}",
                f"it would read “{sentence.strip()}”" if sentence else f"name {place} in it",
                record=("definitions", each.term),
                words=found.group(),
            )


def dangling_places(code: Code) -> Iterator[Found]:
    """SD616: an Appendix or Schedule is cited that is neither in the register nor in the contents."""
    contents, register = _contents(code), _register(code)
    nouns = {place.partition(" ")[0] for place in contents}
    for name, key, text in texts(code):
        for found in _PLACE.finditer(text):
            place = found.group()
            after = text[found.end() : found.end() + 40]
            if found["noun"] in nouns and place not in contents and place not in register:
                if re.match(r"\s+(?:to|of) (?:the|that|this|[A-Z])", after) and "this Code" not in after:
                    continue  # another instrument's
                yield Found(
                    f"{called(name, key)} cites {place}, and there is no {place}",
                    "correct the citation",
                    record=(name, key),
                    words=place,
                )


def dangling_paragraphs(code: Code) -> Iterator[Found]:
    """SD616: a paragraph of a definition is cited that is not there."""
    for name, key, words, target, path in citations(code):
        if path not in {each.path for each in paragraphs(target.text)}:
            there = ", ".join(cited(each.path[-1:]) for each in children(target.text, path[:-1]))
            yield Found(
                f"{called(name, key)} cites paragraph {cited(path)} of the definition of “{target.term}”, "
                "and there is no such paragraph",
                f"there are {there}" if there else "it has no such paragraphs",
                record=(name, key),
                words=words,
            )


def dangling_provisions(code: Code) -> Iterator[Found]:
    """SD616: a provision of a Section is cited that is not there, or a paragraph of one.

    A file may hold a part of a Section only: that one is missing is certain where those on both sides of it are there.
    """
    held = Held(code)
    for each in provisions_cited(code):
        if each.label in held.texts:
            there = held.texts[each.label]
            if each.path and each.path not in {one.path for one in paragraphs(there)}:
                inner = ", ".join(cited(one.path[-1:]) for one in children(there, each.path[:-1]))
                yield Found(
                    f"{called(each.list, each.key)} cites paragraph {cited(each.path)} of Section {each.label}, "
                    "and there is no such paragraph",
                    f"there are {inner}" if inner else "it has no such paragraphs",
                    record=(each.list, each.key),
                    words=each.words,
                )
        elif (gap := held.gap(each.label)) is not None:
            yield Found(
                f"{called(each.list, each.key)} cites {each.words}, and there is no {each.label}",
                f"there are {gap[0]} and {gap[1]}" if gap[1] else f"the last is {gap[0]}, if this file has all of them",
                record=(each.list, each.key),
                words=each.words,
                grave=gap[1] is not None,
            )


def dangling(code: Code) -> Iterator[Found]:
    """SD616: a cross-reference leads nowhere."""
    yield from dangling_places(code)
    yield from dangling_paragraphs(code)
    yield from dangling_provisions(code)


# --- definitions ------------------------------------------------------------------------------------------------------

_HEAD = re.compile(
    r"(?:means|has the meaning (?:given to|of)|is) (?:(?:a|an|the|any|each|every|such|that) )*(?P<head>[A-Z].*)"
)


def circles(code: Code) -> Iterator[Found]:
    """SD615: each of several definitions says no more than that its term is the next one."""
    known = {name: each.term for each in definitions(code) for name in names(each.term)}
    leads: dict[str, str] = {}
    for each in definitions(code):
        found = _HEAD.match(each.text)
        if found is None:
            continue
        fitting = [
            name
            for name in known
            if re.match(rf"{re.escape(name)}(?:e?s)?(?![\w-]|,? or |,? and |, (?:a|an|the) )", found["head"])
        ]
        if fitting:
            leads[each.term] = known[max(fitting, key=len)]
    seen: set[str] = set()
    for start in leads:
        trail = [start]
        while trail[-1] in leads and leads[trail[-1]] not in trail:
            trail.append(leads[trail[-1]])
        if leads.get(trail[-1]) == start and start not in seen:
            seen |= set(trail)
            around = " → ".join(f"“{term}”" for term in (*trail, start))
            yield Found(
                "a definition that begins with its own term"
                if len(trail) == 1
                else f"definitions that lead back to each other: {around}",
                "say in one of them what it is without the others",
                record=("definitions", start),
            )


def order(code: Code) -> Iterator[Found]:
    """SD621: a term does not stand where the order of the list puts it."""
    if code.definitions is None or code.definitions.order == "none":
        return
    collated = code.definitions.order
    terms = [each.term for each in code.definitions.entries]
    keys = [collation.key(term, collated) for term in terms]
    sorted_before = ""
    for number, key in enumerate(keys):
        if key < sorted_before and (number + 1 == len(keys) or key <= keys[number + 1] or number == 0):
            after = max((other for other in keys if other < key), default=None)
            where = f"it goes after “{terms[keys.index(after)]}”" if after is not None else "it goes first"
            yield Found(f"“{terms[number]}” is out of order", where, record=("definitions", terms[number]))
        elif key >= sorted_before:
            # One that stands too early is out of order itself, and not all that come after it.
            rest = keys[number + 1 :]
            if len(rest) > 1 and all(other < key for other in rest[:2]) and rest[0] >= sorted_before:
                after = max((other for other in rest if other < key), default=key)
                yield Found(
                    f"“{terms[number]}” is out of order",
                    f"it goes after “{terms[keys.index(after)]}”",
                    record=("definitions", terms[number]),
                )
            else:
                sorted_before = key


def alike(code: Code) -> Iterator[Found]:
    """SD622: two terms that differ in nothing but capitals, marks or "the"."""
    by_key: dict[str, str] = {}
    for each in definitions(code):
        folded = collation.key(each.term, "letter-by-letter")
        if folded in by_key:
            yield Found(
                f"“{by_key[folded]}” and “{each.term}” differ in nothing but capitals, marks or spaces",
                "keep one of them",
                record=("definitions", each.term),
            )
        by_key.setdefault(folded, each.term)


def labels_in_sequence(code: Code) -> Iterator[Found]:
    """SD623: a label of a list is skipped, or stands twice."""
    for name, key, text in texts(code):
        for path in dict.fromkeys(one.path for one in paragraphs(text)):
            items = [item.path[-1] for item in children(text, path)]
            if len(items) < 2 or not all(item.isalnum() for item in items):
                continue
            for one, two in pairwise(items):
                mine, theirs = values_of(f"({one})")[1], values_of(f"({two})")[1]
                grade = max((follows(old, new) for old in mine for new in theirs), default=0)
                if one == two or grade < 2:
                    what = "stands twice" if one == two else f"is followed by ({two})"
                    yield Found(
                        f"in {called(name, key)} paragraph {cited((*path, one))} {what}",
                        "number the paragraphs in sequence",
                        record=(name, key),
                        words=f"({two})",
                    )
                    break


def final_conjunctions(code: Code) -> Iterator[Found]:
    """SD624: a list with two final conjunctions, or one with nothing after it."""
    for name, key, text in texts(code):
        for fault in conjunctions(text):
            if "no conjunction" not in fault:
                yield Found(f"in {called(name, key)} {fault}", "keep the one before the last item", record=(name, key))


# --- marks and characters ---------------------------------------------------------------------------------------------

# "a)" and "1.vii)" are labels: at the beginning of a line, and the shortest of them within it.
_HALF_LABEL = re.compile(r"(?:^|\n)\s*[\w.]{1,8}$|\s(?:[a-h]|[ivx]{1,4}|\d{1,2})$")
_CLOSES = {")": "(", "]": "[", "”": "“"}


def unbalanced(text: str) -> str | None:
    """The first bracket or double quotation mark of a text that has no fellow, with a few words around it."""
    open_marks: list[tuple[str, int]] = []
    for at, char in enumerate(text):
        if char in _CLOSES.values():
            open_marks.append((char, at))
        elif char in _CLOSES:
            if open_marks and open_marks[-1][0] == _CLOSES[char]:
                open_marks.pop()
            elif not (char == ")" and _HALF_LABEL.search(text[max(0, at - 20) : at])):
                return text[max(0, at - 25) : at + 1].strip()
    if open_marks:
        at = open_marks[0][1]
        return text[at : at + 25].partition("\n")[0].strip()
    return None


def marks(code: Code) -> Iterator[Found]:
    """SD618: a bracket or quotation mark without its fellow."""
    for name, record in records(code):
        for part in ("text", "title", "heading", "term"):
            words = unbalanced(str(getattr(record, part, None) or ""))
            if words:
                yield Found(
                    f"in {called(name, key_of(record))} a mark has no fellow, at “{words}”",
                    "close or remove it",
                    record=(name, key_of(record)),
                    words=words,
                )


def strange(text: str) -> Iterator[tuple[str, str]]:
    """The characters of a text that are not what they seem: each with what it is."""
    for found in HIDDEN.finditer(text):
        if found.group() not in "\t":
            yield found.group(), f"an invisible character ({escaped(found.group())})"
    for word in re.finditer(r"[^\W\d_]+", text):
        scripts = {_script(char) for char in word.group()}
        if "LATIN" in scripts and scripts & {"CYRILLIC", "GREEK"}:
            odd = next(char for char in word.group() if _script(char) in ("CYRILLIC", "GREEK"))
            yield (
                word.group(),
                f"“{odd}” of “{word.group()}”, a {_script(odd).title()} letter that looks like a Latin one",
            )


def _script(char: str) -> str:
    return unicodedata.name(char, "").partition(" ")[0]


def characters(code: Code) -> Iterator[Found]:
    """SD620: an invisible character, or a letter of another alphabet within a word."""
    for name, record in records(code):
        for part in ("text", "title", "heading", "term"):
            for words, what in strange(str(getattr(record, part, None) or "")):
                yield Found(
                    f"in {called(name, key_of(record))} there is {what}",
                    "type the word anew",
                    record=(name, key_of(record)),
                    words=words,
                )
                break


def dates_of_documents(code: Code) -> Iterator[Found]:
    """SD626: a document is in force from a day after the date of the code."""
    for each in code.documents or ():
        if each.in_force_from is not None and each.in_force_from > code.as_at:
            yield Found(
                f"{each.place} is in force from {written(each.in_force_from)}, "
                f"and the code is as at {written(code.as_at)}",
                "correct one of the dates",
                record=("documents", each.place),
            )


def contents_in_order(code: Code) -> Iterator[Found]:
    """SD627: the labels of a contents list are not in order, or one stands twice."""
    for group in code.contents or ():
        labels = [each.label for each in group.entries]
        for label, count in Counter(labels).items():
            if count > 1:
                yield Found(f"{label} stands {count} times in the list of {group.group}", "keep one of them")
        for one, two in pairwise(labels):
            if collation.label(one) > collation.label(two):
                yield Found(
                    f"in the list of {group.group}, {two} stands after {one}",
                    "put it in its place",
                    record=(f"contents:{group.group}", two),
                )
