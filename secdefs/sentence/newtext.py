"""New text that is provisions: definitions with their terms, entries of a list, labelled paragraphs; else words."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from secdefs.findings import Refused
from secdefs.model import Definition, Entry, Provision, Record
from secdefs.outline.labels import first_of_list, follows, values_of
from secdefs.sentence.scope import Scope, list_of

DEFINED = re.compile(
    r"(?:[“\"](?P<term>[^“”\"]{1,200})[”\"]|‘(?P<single>[^‘]{1,200}?)’(?= (?:means|has|have|includes?|shall)\b))"
    r"(?P<text>.*)",
    re.S,
)
DEFINES = re.compile(
    r"[“\"][^“”\"]{1,200}[”\"](?:,? (?:and|or) [“\"][^“”\"]{1,200}[”\"])*(?: \([^()]*\))?(?:, [^,]{1,200},)? ?"
    r"(?:[—:].*\b(?:means|has|have|includes)\b|(?:means?|has|have|includes?|do(?:es)? not include"
    r"|(?:is|are|shall be) (?:to be )?(?:read|construed|interpreted)|shall (?:mean|have|include)|in relation to"
    r"|for the purposes?)\b)"
)
_LABELLED = re.compile(
    r"(?P<indent> *)(?:\((?P<inside>\w{1,6}(?:\.\w+)*)\)|(?P<stop>[A-Z]{0,2}\d+[A-Z]*(?:\.\d+)*[A-Z]?)\.?)(?: |$)"
    r"(?P<text>.*)"
)
_ENTRY = re.compile(
    r"[“\"]?(?:(?P<noun>[A-Z][a-z]+) )?(?P<label>[A-Z]{1,3}|\d+)[:.–—-]? +[–—-]? ?"
    r"(?P<title>[^”\"]+)[”\"]?"
)


def records_of(lines: tuple[str, ...], scope: Scope) -> tuple[Record, ...]:
    """The provisions that a text holds; none where it reads as words."""
    if scope.group is not None:
        return tuple(entry(line) for line in lines)
    if lines and DEFINED.match(lines[0]):
        return definitions(lines)
    return ()


def definitions(lines: tuple[str, ...]) -> tuple[Record, ...]:
    """Lines as definitions: each that begins with a quoted term begins one."""
    result: list[tuple[str, list[str]]] = []
    for line in lines:
        found = None if line.startswith(" ") else DEFINED.fullmatch(line)
        if found is not None:
            result.append((found["term"] or found["single"], [found["text"].strip()]))
        else:
            result[-1][1].append(line)
    return tuple(Definition(term=term, text="\n".join(text)) for term, text in result)


def in_its_list(scope: Scope, lines: Sequence[str]) -> Scope:
    """The scope with the list that the entries name, where none was said: “Appendix AT: …” is of the Appendices."""
    found = [_ENTRY.fullmatch(line.strip()) for line in lines]
    nouns = {each["noun"] for each in found if each is not None}
    if scope.group != "" or scope.entry is not None or nouns not in ({"Appendix"}, {"Schedule"}):
        return scope
    return msgspec.structs.replace(scope, group=list_of(nouns.pop().lower()))


def entry(line: str) -> Record:
    """A line as an entry of a list. Raises Refused."""
    found = _ENTRY.fullmatch(line.strip())
    if found is None:
        raise Refused("SD101", f"“{line[:80]}” does not read as an entry", "write its label and its title")
    return Entry(label=found["label"], title=found["title"].strip())


def paragraphs(lines: tuple[str, ...]) -> tuple[Record, ...]:
    """Lines as labelled paragraphs; what has no label belongs to the one before, or stands without."""
    result: list[tuple[str, list[str]]] = []
    least = min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=0)
    for line in lines:
        line = line[least:]
        found = _LABELLED.fullmatch(line)
        if found is not None and not found["indent"]:
            result.append((found["inside"] or found["stop"], [found["text"].strip()]))
        elif result:
            result[-1][1].append(line)
        else:
            result.append(("", [line]))
    return tuple(Provision(label=label, text="\n".join(text)) for label, text in result)


def goes_on(scope: Scope, records: Sequence[Record]) -> bool:
    """Whether provisions continue the list of which the place named is a member. Raises Refused SD209."""
    ref = scope.ref()
    path = getattr(ref, "path", ())
    names = [record.label for record in records if isinstance(record, Provision) and record.label]
    if not path or not names:
        return False
    old, new = values_of(f"({getattr(ref, 'through', None) or path[-1]})")[1], values_of(f"({names[0]})")[1]
    after = values_of(f"({names[1]})")[1] if len(names) > 1 else []
    later = [value for value in new if any(follows(before, value) == 2 for before in old)]
    first = [value for value in new if first_of_list(value)]
    if not later or not first:
        return bool(later)
    inside, beside = (any(follows(one, then) == 2 for one in given for then in after) for given in (first, later))
    if inside == beside:
        raise Refused(
            "SD209",
            f"({names[0]}) may begin a list inside ({path[-1]}) or come after it",
            f"say “after paragraph ({path[-1]})”, or set the list out with its opening words",
        )
    return beside
