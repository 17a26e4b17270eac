"""What the texts of a code cite of it: paragraphs of definitions, and provisions of its Sections."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from secdefs.checks.matter import definitions, names, texts
from secdefs.model import Code, Definition
from secdefs.outline.labels import follows, values_of

# --- paragraphs of definitions ----------------------------------------------------------------------------------------

_PARAGRAPH_OF = re.compile(
    r"\b[Pp]aragraphs? (?P<path>(?:\(\w{1,4}\))+)(?P<more>(?:,? (?:and|or|to) (?:\(\w{1,4}\))+)*)"
    r"(?: of)? (?:the|that) definition(?: of)? [“\"']?(?P<rest>[A-Z0-9][^\n]*)"
)


def _definition_named(rest: str, known: dict[str, Definition]) -> Definition | None:
    fitting = [name for name in known if re.match(rf"{re.escape(name)}(?![\w-])", rest)]
    return known[max(fitting, key=len)] if fitting else None


def citations(code: Code) -> Iterator[tuple[str, str, str, Definition, tuple[str, ...]]]:
    """Each citation of a paragraph of a definition: list, key, its words, the definition, and the path cited."""
    known = {name: each for each in definitions(code) for name in (each.term, *names(each.term))}
    for name, key, text in texts(code):
        for found in _PARAGRAPH_OF.finditer(text):
            target = _definition_named(found["rest"], known)
            if target is None:
                continue
            words = text[found.start() : found.start("rest")].strip(" “\"'")
            for path in re.findall(r"(?:\(\w{1,4}\))+", found["path"] + found["more"]):
                labels = tuple(re.findall(r"\w+", path))
                first = tuple(re.findall(r"\w+", found["path"]))
                yield name, key, words, target, labels if path == found["path"] else _beside(first, labels)


def _beside(first: tuple[str, ...], labels: tuple[str, ...]) -> tuple[str, ...]:
    """ "(a)(i) and (ii)" is (a)(i) and (a)(ii); "(a)(i) and (b)" is not: told by the kinds of the labels."""
    for depth in range(len(first)):
        _, mine = values_of(f"({first[depth]})")
        _, theirs = values_of(f"({labels[0]})")
        if any(follows(one, two) for one in mine for two in theirs):
            return first[:depth] + labels
    return labels


# --- provisions -------------------------------------------------------------------------------------------------------

_LABEL = r"(?:[A-Z]{1,2}\d{1,3}|\d{1,3})[A-Z]{0,2}(?:\.\d{1,3}[A-Z]{0,2})*"
_PATH = r"(?:\(\w{1,4}\))*"
_ONE = rf"{_LABEL}{_PATH}"
_PROVISION = re.compile(
    rf"(?:\b[Pp]aragraphs? (?P<before>\(\w{{1,4}}\){_PATH}) of )?"
    rf"\b(?P<noun>[Ss]ections?|[Cc]lauses?|[Cc]onditions?|[Rr]ules?|[Aa]rticles?|[Pp]aragraphs?) "
    rf"(?P<labels>{_ONE}(?:(?:, | and | or | to |, and |, or ){_ONE})*)(?![\w(])"
    r"(?: of (?:Section|Part|Chapter|Schedule) (?P<of>[A-Z]{1,2}|\d{1,2})(?![\w.]))?"
)
_ELSEWHERE = re.compile(r"(?: \([^)]*\))?,? (?:of|to|in) (?:the|that|an?|any|those|its|their|his|[A-Z])")


class ProvisionCited(NamedTuple):
    """A citation of a provision: the list and key of the record that cites, its words there, the label, the path."""

    list: str
    key: str
    words: str
    label: str
    path: tuple[str, ...]


def provisions_cited(code: Code) -> Iterator[ProvisionCited]:
    """The provisions of this code that its texts cite: "Section H8.16(a)", "paragraph 3.4 of Section B".

    What is said to be of something else ("section 5 of the Act") is left out.
    """
    own = [name for name in (code.title, code.short_title) if name]
    for name, key, text in texts(code):
        for found in _PROVISION.finditer(text):
            after = text[found.end() : found.end() + 60]
            this = re.match(r" of this Code|" + "|".join(rf" of (?:the )?{re.escape(each)}\b" for each in own), after)
            if _ELSEWHERE.match(after) and not this:
                continue
            noun, of = found["noun"].lower(), found["of"]
            if noun.startswith("paragraph") and of is None:
                continue  # of the provision itself, or of a Schedule
            whole = re.findall(_ONE, found["labels"])
            for each in whole:
                label, *path = re.findall(rf"^{_LABEL}|(?<=\()\w+(?=\))", each)
                if found["before"] and len(whole) == 1:
                    path = [*re.findall(r"\w+", found["before"]), *path]
                if of is not None and not label.startswith(of):
                    label = f"{of}.{label}" if of.isdigit() else f"{of}{label}"
                yield ProvisionCited(name, key, found.group(), label, tuple(path))


class Held:
    """The provisions that a code file has, and what may be said of one that it has not."""

    def __init__(self, code: Code) -> None:
        self.texts = {each.label: each.text for each in code.sections or ()}
        self._numbers: dict[str, dict[int, str]] = {}
        for label in self.texts:
            if parts := re.fullmatch(r"(?P<base>(?:.*\D)?)(?P<last>\d+)", label):
                self._numbers.setdefault(parts["base"], {})[int(parts["last"])] = label

    def gap(self, label: str) -> tuple[str, str | None] | None:
        """The provisions between which one would stand that the file has not; the second null where it is the end.

        Null where the file tells nothing of it: provisions under it are there, or too few of those beside it.
        """
        parts = re.fullmatch(r"(?P<base>(?:.*\D)?)(?P<last>\d+)", label)
        if parts is None or any(each.startswith(f"{label}.") for each in self.texts):
            return None
        known = self._numbers.get(parts["base"], {})
        number = int(parts["last"])
        if number - 1 in known and number + 1 in known:
            return known[number - 1], known[number + 1]
        whole = len(known) > 2 and sorted(known) == list(range(1, len(known) + 1))
        return (known[max(known)], None) if whole and number > max(known) else None
