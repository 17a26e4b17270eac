"""What a letter says of itself: title, dates, issuer, addressees, powers, the names it gives, and its annexes.

Everything here is read from the letter's own words, and none of it changes the code but the versions of the annexes.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence

import msgspec

from secdefs.commencement import DAY, day
from secdefs.findings import Refused
from secdefs.outline import Clause
from secdefs.sentence.lexer import QUOTE


class Annex(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the annex list: "Annex B: Appendix AM – … v12.0 – marked up against v11.0".

    `place` is "Appendix AM" or "Section A"; versions are without the "v"; null where the letter does not say.
    """

    label: str
    place: str | None = None
    title: str = ""
    version: str | None = None
    marked_up_against: str | None = None


ANNEX = re.compile(r"Annex (?P<label>[A-Z]{1,2}\d*|\d+) ?[:–—-] ?(?P<rest>\S.*)")
_PLACE = re.compile(r"(?:[A-Z]{2,} )?(?P<place>(?:Appendix|Schedule|Section) [A-Z0-9]{1,4})(?= |$|[,:])[ ,:–—-]*")
_AGAINST = re.compile(
    r"[ ,(–—-]*\b(?:marked[- ]up|redlined?|shown|compared|tracked)\b[^.]*?\b(?:against|with|to|from) (?:version |v)"
    r"(?P<version>\d+(?:\.\d+)*)\)?",
    re.I,
)
_VERSION = re.compile(r"[ ,(–—-]*\b(?:version |v)(?P<version>\d+(?:\.\d+)*)\)?", re.I)
_IN_BODY = re.compile(
    r"\b[Vv]ersion (?P<version>\d+(?:\.\d+)*) of (?:the )?(?P<name>(?:(?!\b[Vv]ersion\b)[^.;\ue000]){1,200}?)"
    r"\b(?:in|at|as|is) Annex (?P<label>[A-Z]{1,2}\d*)\b"
)


def annexes(clauses: Iterable[Clause]) -> tuple[Annex, ...]:
    """The annex list: each line that begins with an annex's label and goes on with its title."""
    result = []
    for clause in clauses:
        text = words(clause)
        found = ANNEX.fullmatch(text)
        if found is None:
            continue
        rest = found["rest"]
        against, rest = _cut(_AGAINST, rest)
        version, rest = _cut(_VERSION, rest)
        place = _PLACE.match(rest)
        title = rest[place.end() :] if place else rest
        result.append(
            Annex(
                label=found["label"],
                place=place["place"] if place else None,
                title=title.strip(" .,–—-"),
                version=version,
                marked_up_against=against,
            )
        )
    return tuple(result)


def _cut(pattern: re.Pattern[str], text: str) -> tuple[str | None, str]:
    found = pattern.search(text)
    return (None, text) if found is None else (found["version"], text[: found.start()] + text[found.end() :])


def stated_versions(clauses: Iterable[Clause]) -> dict[str, set[str]]:
    """What the body says of the annexes' versions: "Version 12.0 of the … is included at Annex B"."""
    result: dict[str, set[str]] = {}
    for clause in clauses:
        for found in _IN_BODY.finditer(words(clause)):
            result.setdefault(found["label"], set()).add(found["version"])
    return result


def words(clause: Clause) -> str:
    """A clause's words as drafted, its quotations in their marks."""
    between = clause.text.split(QUOTE)
    quoted = [f"“{quote.text}”{after}" for quote, after in zip(clause.quotes, between[1:], strict=True)]
    return "".join((between[0], *quoted)).strip()


# --- head of the letter -----------------------------------------------------------------------------------------------

_DATED = re.compile(rf"(?:(?:Date|Dated|Made)(?: this)?:? )?(?:the )?(?:\w+day,? )?{DAY.pattern}\.?")
_ADDRESS = re.compile(r"\d|^www\.|@|^(?:Tel|Email|Our ref|Your ref)", re.I)
_GREETING = re.compile(r"Dear\b.*")
_DRAFT = re.compile(r"\bDRAFT\b")


def made(clauses: Sequence[Clause]) -> dt.date | None:
    """The letter's own date: a line that is a date. Raises Refused SD104 where it is blank, or a draft."""
    for clause in clauses:
        text = words(clause)
        if len(text) < 40 and _DRAFT.search(text):
            raise Refused("SD104", f"the letter says “{text}”", "only a direction that has been made can be applied")
        if _DATED.fullmatch(text):
            return day(text)
    return None


def title(clauses: Sequence[Clause]) -> str | None:
    """The letter's title: its heading in capitals, else the first heading that calls it by what it is."""
    heads = [words(clause) for clause in clauses if clause.label is None and not clause.children]
    capitals = [text for text in heads if text.isupper() and len(text.split()) > 2]
    named = [text for text in heads if re.search(r"\b(?:direction|notice|modification)\b", text, re.I)]
    short = [text for text in named if len(text) < 300 and not text.endswith((".", ":"))]
    return next(iter([*capitals, *short]), None)


def issuer(clauses: Sequence[Clause]) -> str | None:
    """Who sends the letter: its first lines, up to the address."""
    lines: list[str] = []
    for clause in clauses:
        text = words(clause)
        if clause.label is not None or _ADDRESS.search(text) or text.endswith((".", ":")) or text.isupper():
            break
        if text.startswith("To:") or (lines and not lines[-1].endswith(",")):
            break
        lines.append(text)
    return " ".join(lines).rstrip(",") or None


def addressees(clauses: Sequence[Clause]) -> tuple[str, ...]:
    """To whom: the line after "To:", else the one before the date or the greeting."""
    heads = [words(clause) for clause in clauses if clause.label is None]
    found = next((text[3:].strip() for text in heads if text.startswith("To:")), None)
    if found is None:
        ends = [number for number, text in enumerate(heads) if _DATED.fullmatch(text) or _GREETING.fullmatch(text)]
        before = [text for text in heads[: ends[0]] if not _ADDRESS.search(text)] if ends else []
        found = before[-1] if len(before) > 1 and before[-1] != issuer(clauses) else None
    if found is None:
        return ()
    parts = re.split(r", (?:and )?| and (?=(?:other|all|the|[A-Z]))", found)
    return tuple(part.strip() for part in parts if part.strip())


# --- powers and names -------------------------------------------------------------------------------------------------

_POWERS = re.compile(
    r"\b(?:Pursuant to|In exercise of the powers? (?:conferred )?(?:by|under|in)|Under|In accordance with) "
    r"(?P<powers>[^\ue000;:]{3,600}?),? (?:the [A-Z][\w ]+?|[Ii]t is|I|we) "
    r"(?:hereby )?(?:directs?|modif|makes|directed)"
)
_AND_A_POWER = re.compile(
    r",? and (?=(?:standard )?(?:section|condition|regulation|article|paragraph|clause|schedule)s?\b)", re.I
)
_BEING = re.compile(r"\(such (?P<noun>\w+) being (?:the )?\ue000\)")
_BRACKETED = re.compile(r"\((?:the |this )?(?:“?)\ue000(?:”?)\)")
_MEANS = re.compile(r"\ue000 means (?P<meaning>[^\ue000.;]{3,200}?)(?= designated|, |[.;]|$)")
_CAPITALISED = r"(?:[A-Z][\w’'/-]*|of|and|the|for|to|in)"
_ABBREVIATION = re.compile(rf"(?P<name>(?:{_CAPITALISED} ){{1,12}})\((?P<short>[A-Z][A-Z0-9]*[A-Z](?: [A-Z]+)?)\)")


def powers(sentences: Iterable[str]) -> tuple[str, ...]:
    """The powers under which the letter directs: "Condition 22 of the … Licence", "Section X5 (…)"."""
    result: dict[str, None] = {}
    for text in sentences:
        for found in _POWERS.finditer(text):
            for power in _AND_A_POWER.split(found["powers"]):
                result.setdefault(power.strip(" ,"))
    return tuple(result)


def names(clauses: Iterable[Clause]) -> dict[str, str]:
    """The names that the letter gives, each with what it stands for."""
    result: dict[str, str] = {}
    for clause in clauses:
        text = clause.text
        for found in _BEING.finditer(text):
            meaning = _tail(text[: found.start()], found["noun"])
            if meaning:
                result.setdefault(_quoted(clause, found), meaning)
        for found in _MEANS.finditer(text):
            meaning = re.sub(r"^(?:the|The) ", "", found["meaning"].strip())
            result.setdefault(_quoted(clause, found), meaning)
        for found in _BRACKETED.finditer(text):
            before_words = re.search(rf"((?:{_CAPITALISED} )+)$", text[: found.start()])
            if before_words:
                result.setdefault(_quoted(clause, found), re.sub(r"^(?:the|The|of|to) ", "", before_words[1].strip()))
        for found in _ABBREVIATION.finditer(text):
            name = _spelt(found["name"].split(), re.sub(r"[^A-Z]", "", found["short"]))
            if name:
                result.setdefault(found["short"], name)
    return result


def _tail(text: str, noun: str) -> str:
    """The last phrase before a remark in brackets that its noun ends: "the … Code" for "such code"."""
    capital = [found.group() for found in re.finditer(rf"(?:[A-Z][\w’-]* )+{noun.capitalize()}\b", text)]
    if capital:
        return str(capital[-1])
    plain = [found.group(1) for found in re.finditer(rf"\bthe ((?:[a-z]+ ){{0,5}}{re.escape(noun)})\b", text)]
    return str(plain[-1]) if plain else ""


def _quoted(clause: Clause, found: re.Match[str]) -> str:
    at = clause.text.index(QUOTE, found.start())
    return clause.quotes[clause.text.count(QUOTE, 0, at)].text


def _spelt(words_before: list[str], short: str) -> str | None:
    """The last words before an abbreviation whose initials it is: Supporting Requirements (SR)."""
    for size in range(1, len(words_before) + 1):
        tail = words_before[-size:]
        if not tail[0][0].isupper():
            continue
        initials = "".join(part[0] for word in tail if word[0].isupper() for part in re.split(r"[-/]", word) if part)
        if initials.upper() == short:
            return " ".join(tail)
    return None
