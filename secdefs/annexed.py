"""Whether what letters make of a code is the text that is annexed to them; and what is said where it is not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from secdefs.change.matching import same
from secdefs.findings import Finding, SecdefsError, errors, finding
from secdefs.letter.instrument import Instrument
from secdefs.letter.particulars import Annex
from secdefs.model import Code
from secdefs.plan import Plan
from secdefs.read.annexes import GivenAnnex
from secdefs.read.encoding import shown
from secdefs.verify import Difference, compare

SAID = {
    "ordered_and_missing": "ordered and missing",
    "present_and_not_ordered": "present and not ordered",
    "only_appearance": "only space, punctuation or case",
}
"""How the kinds of differences are called."""

_MOST = 12
"""So many differences are said one by one."""

_NOUNS = {"definitions": "definition", "documents": "document", "sections": "provision"}


class Outcome(msgspec.Struct, frozen=True):
    """What came of holding annexes against the result: findings, and the annexes whose differences were set aside, each
    with the reason."""

    findings: tuple[Finding, ...]
    set_aside: tuple[tuple[str, str], ...] = ()


def parted(set_aside: Mapping[str, str], labels: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """What is to be set aside, as items of letters, and as annexes ("Annex D") by their labels."""
    annexes = {f"annex {label.casefold()}": label for label in labels}
    items, mine = {}, {}
    for name, reason in set_aside.items():
        label = annexes.get(" ".join(name.split()).casefold())
        if label is None:
            items[name] = reason
        else:
            mine[label] = reason
    return items, mine


def against_annexes(plan: Plan, files: Sequence[GivenAnnex], set_aside: Mapping[str, str]) -> Plan:
    """The plan with what is to be said of the annexes: an error for each difference that is not set aside.

    An annex is held against the code as the letter that lists it leaves it, whatever later letters do. Raises
    SecdefsError where a difference is to be set aside and there is none.
    """
    if not plan.ok:
        return plan
    findings: list[Finding] = []
    aside: list[tuple[str, str]] = []
    for letter in plan.instruments:
        listed = {each.label: each for each in letter.annexes}
        mine = [each for each in files if each.label in listed]
        if not mine:
            continue
        later = plan.instruments[plan.instruments.index(letter) + 1 :]
        waiting = {each.id for each in plan.pending} & {each.id for each in letter.instructions}
        after = plan.consolidation.without(frozenset(each.id for one in later for each in one.instructions))
        own = frozenset(each.id for one in (letter, *later) for each in one.instructions)
        stood = plan.consolidation.without(own)
        done = hold(letter, mine, set_aside, stood, after, waiting=len(waiting))
        findings += done.findings
        aside += done.set_aside
    needless(set_aside, aside)
    return msgspec.structs.replace(plan, findings=(*plan.findings, *findings), set_aside=(*plan.set_aside, *aside))


def hold(
    letter: Instrument,
    files: Sequence[GivenAnnex],
    set_aside: Mapping[str, str],
    stood: Code,
    after: Code,
    *,
    waiting: int = 0,
) -> Outcome:
    """Hold a letter's annexes against the code as it leaves it; `stood` is the code before it.

    `waiting` is how many of its instructions are not carried out yet: then no annex can be the result.
    """
    findings: list[Finding] = []
    aside: list[tuple[str, str]] = []
    listed = {each.label: each for each in letter.annexes}
    for file in files:
        annex = listed.get(file.label)
        if annex is None or not _is_of_code(annex, after):
            continue
        if waiting:
            what = f"Annex {file.label} is not compared: {waiting} of the letter’s instructions wait for a later day"
            hint = "apply the whole letter to compare it"
            findings.append(finding("SD211", what, hint=hint, weight="warning"))
            continue
        found = _differences(file, annex, stood, after)
        reason = set_aside.get(file.label)
        if reason is None or not errors(found):
            findings += found
            continue
        findings.append(finding("SD210", f"set aside: Annex {file.label}, which is not the result: {reason}"))
        findings += [msgspec.structs.replace(each, severity="note", hint=None) for each in found]
        aside.append((f"Annex {file.label}", reason))
    return Outcome(tuple(findings), tuple(aside))


def needless(set_aside: Mapping[str, str], aside: Sequence[tuple[str, str]]) -> None:
    """Raises SecdefsError where an annex was to be set aside, by its label, that does not differ."""
    for label in set_aside:
        if f"Annex {label}" not in dict(aside):
            raise SecdefsError(f"Annex {label} does not differ from the result: there is nothing to set aside")


def _is_of_code(annex: Annex, code: Code) -> bool:
    """Whether an annex is the text of a part of the code, and not of a document that is incorporated into it.

    One of which the list does not say what it is may be either.
    """
    section = code.definitions.section if code.definitions is not None else None
    return annex.place is None or annex.place == f"Section {section}"


def _differences(file: GivenAnnex, annex: Annex, stood: Code, after: Code) -> tuple[Finding, ...]:
    """What is to be said of an annex's text, and of how it was read."""
    # With all that reads files, and few letters are held against one.
    from secdefs.read.published import in_common, part_of, published

    name = f"Annex {file.label}"
    try:
        text = published(file.data, file.file.file, after)
    except SecdefsError as error:
        if annex.place is not None:
            what = f"{name} cannot be held against the result: {str(error).strip()}"
            return (finding("SD211", what, hint="give it as a Word file, a PDF file or a code file"),)
        what = f"{name} is recorded and not compared: the letter does not say that it is a part of this code"
        return (finding("SD211", what, weight="note"),)
    if annex.marked_up_against is not None and text.stood is None:
        what = f"{name} is recorded and not compared: it is marked up, and its file has no tracked changes"
        return (finding("SD211", what, hint="give the clean text, or the Word file", weight="warning"),)
    if text.some:
        shared = in_common(after, text.code)
        held = part_of(text.stood, shared) if text.stood is not None else None
        text = text._replace(code=part_of(text.code, shared), stood=held)
        if shared:
            stood, after = part_of(stood, shared), part_of(after, shared)
    comparison = compare(stood, after, text.code)
    if not comparison.compared or (annex.place is None and not _akin(after, text.code)):
        what = f"{name} ({file.file.file}) holds no part of this code: it cannot be held against the result"
        return (finding("SD211", what, weight="error" if annex.place is not None else "note"),)
    found = [*_said(name, comparison.differences, "")]
    if text.stood is not None:
        found += _said(name, compare(stood, stood, text.stood).differences, " with all its tracked changes rejected")
    if not errors(tuple(found)):
        what = f"{name} is the result: compared, {', '.join(comparison.compared)}"
        found.append(finding("SD211", what, weight="note"))
    read = [msgspec.structs.replace(each, source=None) for each in text.findings if each.severity != "note"]
    return (*read, *found)


def _akin(one: Code, other: Code) -> bool:
    """Whether two codes define the same terms for the most part."""
    mine, theirs = ({e.term for e in code.definitions.entries} if code.definitions else set() for code in (one, other))
    return 2 * len(mine & theirs) > max(len(mine), len(theirs))


def _said(name: str, differences: Sequence[Difference], where: str) -> Iterable[Finding]:
    """A finding for each difference, the gravest first; the rest are counted."""
    grave = [each for each in differences if not _is_typing(each)]
    for each in grave[:_MOST]:
        yield finding("SD211", f"{name}{where} differs from the result: {said(each)}", hint=_HINT)
    if len(grave) > _MOST:
        yield finding("SD211", f"{name}{where} differs in {len(grave) - _MOST} more places", hint=_HINT)
    if typed := [each for each in differences if _is_typing(each)]:
        terms = ", ".join(f"“{shown(each.key)}”" for each in typed[:5]) + ("" if len(typed) < 6 else " and others")
        what = f"{name}{where} has other signs for the same words (quotation marks, spaces or hyphens) in {terms}"
        yield finding("SD211", what, weight="note")


_HINT = "find out which is right: correct the letter or the annex, or --set-aside the annex with a --reason"


def _is_typing(each: Difference) -> bool:
    """Whether a difference is one that the finding of words passes over, in lines that are otherwise the same."""
    one, two = (each.planned or "").split("\n"), (each.published or "").split("\n")
    return (
        each.kind == "only_appearance"
        and each.field in ("text", "name", "title")
        and len(one) == len(two)
        and all(same(mine) == same(theirs) for mine, theirs in zip(one, two, strict=True))
    )


def said(each: Difference) -> str:
    """A difference in one line: which record, of which kind, and the words that differ."""
    if each.field == "name":
        return f"“{shown(each.published or '')}” instead of “{shown(each.planned or '')}”"
    noun = _NOUNS.get(each.list, each.list.replace("contents:", "contents, "))
    head = f"{noun} “{shown(each.key)}”"
    if each.field == "order":
        after = f"after “{shown(each.published or '')}”" if each.published else "first"
        return f"{head} stands {after}"
    if each.published is None:
        return f"{head} is not in it"
    if each.planned is None:
        return f"{head} is in it, and not in the result"
    one, two = _apart(each.planned, each.published)
    return f"{head}: {SAID[each.kind]}: “{shown(two)}” instead of “{shown(one)}”"


def _apart(one: str, two: str) -> tuple[str, str]:
    """Two texts from the first word in which they differ to the last."""
    low = 0
    while low < min(len(one), len(two)) and one[low] == two[low]:
        low += 1
    high = 0
    while high < min(len(one), len(two)) - low and one[-1 - high] == two[-1 - high]:
        high += 1
    while low and not one[low - 1].isspace():
        low -= 1
    while high and not one[len(one) - high].isspace():
        high -= 1
    return " ".join(one[low : len(one) - high].split()), " ".join(two[low : len(two) - high].split())
