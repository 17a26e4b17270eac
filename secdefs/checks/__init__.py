"""What a good editor looks for before a letter is signed: the rules, each one function, and how grave each is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from secdefs.checks import health, letters, terms
from secdefs.checks.matter import Found, Matter
from secdefs.checks.settings import FILE, Settings, Weight, read_settings
from secdefs.findings import Finding, Severity, Source, finding
from secdefs.letter.instrument import Instrument
from secdefs.model import Code
from secdefs.plan import Plan

__all__ = ["FILE", "HEALTH", "LETTERS", "RULES", "Settings", "check", "read_settings"]

Rule: TypeAlias = Callable[[Matter], Iterator[Found]]
Health: TypeAlias = Callable[[Code], Iterator[Found]]
Places: TypeAlias = Callable[[str, str, str | None], Source | None]
"""Gives the place in the code file of a record, by list and key, and of words in it where it has them."""

LETTERS: dict[str, tuple[Severity, Rule]] = {
    "SD601": ("warning", letters.next_place),
    "SD605": ("warning", letters.annexes_cited),
    "SD606": ("warning", letters.versions_rise),
    "SD607": ("error", letters.no_such_day),
    "SD608": ("warning", letters.weekdays),
    "SD609": ("warning", letters.before_the_letter),
    "SD610": ("warning", letters.amends_its_own),
    "SD611": ("warning", letters.lists_in_sequence),
    "SD612": ("warning", terms.unused),
    "SD613": ("warning", terms.too_early),
    "SD614": ("warning", terms.undefined),
    "SD616": ("warning", letters.taken_away),
    "SD617": ("warning", letters.elsewhere),
    "SD618": ("warning", letters.quoted_marks),
    "SD619": ("warning", letters.footnote_marks),
    "SD620": ("warning", letters.letter_characters),
    "SD625": ("warning", letters.footnotes_that_direct),
}
"""The rules on letters, and on what letters make of a code."""

HEALTH: dict[str, tuple[Severity, Health]] = {
    "SD602": ("warning", health.title_drift),
    "SD603": ("warning", health.not_in_contents),
    "SD604": ("warning", health.placeholders),
    "SD615": ("warning", health.circles),
    "SD616": ("warning", health.dangling),
    "SD618": ("warning", health.marks),
    "SD620": ("warning", health.characters),
    "SD621": ("warning", health.order),
    "SD622": ("warning", health.alike),
    "SD623": ("note", health.labels_in_sequence),
    "SD624": ("warning", health.final_conjunctions),
    "SD626": ("warning", health.dates_of_documents),
    "SD627": ("warning", health.contents_in_order),
}
"""The rules on a code as it stands. With letters, only what they bring about is said."""

RULES = frozenset({*LETTERS, *HEALTH})


def check(
    code: Code,
    instruments: Sequence[Instrument] = (),
    *,
    plan: Plan | None = None,
    settings: Settings | None = None,
    places: Places | None = None,
) -> tuple[Finding, ...]:
    """What the rules find in a code alone, or in letters on it and in what they bring about.

    `plan` is that of the letters, whose own findings are not repeated here; `settings` are the severities that a
    project has set; `places` tells where in its file a record stands.
    """
    matter = Matter(code, tuple(instruments), plan)
    weights: Mapping[str, Weight] = (settings or Settings()).severity
    result: dict[Finding, None] = {}
    for rule, (severity, found) in _all(matter):
        weight = weights.get(rule, severity if found.grave or severity == "note" else "note")
        if weight == "off":
            continue
        source = found.source
        by = None
        if source is None and found.record is not None:
            last = matter.last_on(*found.record) if instruments else None
            by = last.id if last else None
            source = last.source if last else places(*found.record, found.words) if places else None
        result[finding(rule, found.message, hint=found.hint, source=source, instruction=by, weight=weight)] = None
    return tuple(sorted(result, key=_place))


def _all(matter: Matter) -> Iterator[tuple[str, tuple[Severity, Found]]]:
    if not matter.letters:
        for code, (severity, rule) in HEALTH.items():
            for found in rule(matter.before):
                yield code, (severity, found)
        return
    for code, (severity, on_letters) in LETTERS.items():
        for found in on_letters(matter):
            yield code, (severity, found)
    if matter.after is not matter.before:
        for code, (severity, rule) in HEALTH.items():
            if code == "SD624":
                continue  # of a list that a letter changes, the plan says so itself: SD311
            known = {found.message for found in rule(matter.before)}
            for found in rule(matter.after):
                if found.message not in known:
                    yield code, (severity, found)


def _place(found: Finding) -> tuple[str, int, str]:
    source = found.source
    return (source.file or "", source.start, found.code) if source else ("", -1, found.code)
