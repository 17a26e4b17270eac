"""Clauses put together anew: definitions in a list or in rows as what a sentence sets out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

import msgspec

from secdefs.letter import kinds
from secdefs.letter.particulars import words
from secdefs.outline import Clause, sentences, walk
from secdefs.outline import clause as one_clause
from secdefs.sentence.lexer import QUOTE
from secdefs.sentence.setout import named_term

# The end of an item that is of the list, and not of the text in it.
_CONJUNCTION = re.compile(r"(?<=[;,.]) (?:and|or)$")


def with_block(lead: Clause) -> Clause:
    """A sentence and the list of definitions under it as a sentence that sets them out."""
    lines: list[str] = []

    def add(clause: Clause, depth: int) -> None:
        opening = f"{'  ' * depth}{clause.label} " if depth and clause.label else "  " * depth
        text = words(clause)
        lines.append(opening + (text if depth else _CONJUNCTION.sub("", text)))
        lines.extend("  " * depth + line for line in clause.block)
        for child in clause.children:
            add(child, depth + 1)

    for child in lead.children:
        add(child, 0)
    end = max(each.end for each in walk(lead.children))
    return msgspec.structs.replace(lead, block=tuple(lines), children=(), end=end)


def with_paragraphs(lead: Clause) -> Clause:
    """A sentence and the list under it as a sentence that sets those paragraphs out, with their labels."""
    lines: list[str] = []

    def add(clause: Clause, depth: int) -> None:
        lines.append("  " * depth + (f"{clause.label} " if clause.label else "") + words(clause))
        lines.extend("  " * depth + line for line in clause.block)
        for child in clause.children:
            add(child, depth + 1)

    for child in lead.children:
        add(child, 0)
    end = max(each.end for each in walk(lead.children))
    return msgspec.structs.replace(lead, block=tuple(lines), children=(), end=end)


_RECITALS = re.compile(r"(?:WHEREAS|Whereas|RECITALS|Recitals|BACKGROUND|Background)[ :.,—–-]*")


def without_recitals(clauses: Sequence[Clause]) -> tuple[Clause, ...]:
    """The clauses, a numbered list that begins with recitals parted where it begins to direct: "WHEREAS 1 … 4"."""
    result: list[Clause] = []
    for clause in clauses:
        first = next((n for n, each in enumerate(clause.children) if kinds.DIRECTS.search(words(each))), None)
        if first is None or not _RECITALS.fullmatch(words(clause)):
            result.append(clause)
            continue
        told = clause.children[:first]
        end = max((each.end for each in walk(told)), default=clause.offsets[-1])
        result += [msgspec.structs.replace(clause, children=told, end=end), *clause.children[first:]]
    return tuple(sorted(result, key=lambda each: each.start))


# The number with which a provision of a Section begins: a letter numbers no paragraph of its own so.
_OF_A_SECTION = re.compile(r"[A-Z]{1,2}\d+(?:\.\d+)+ ")
_INTRODUCES = re.compile(
    r"\b(?:insert(?:ed)?|add(?:ed)?|substituted?|replaced (?:with|by)|following(?: new)? [\w-]+|as follows|to read)"
    r"\s?[:—–]$"
)


def with_provisions(clauses: Sequence[Clause], orders: Callable[[Clause], bool]) -> tuple[Clause, ...]:
    """The clauses, provisions with their numbers ("H8.18 …") as what the sentence straight before them sets out.

    `orders` tells whether a clause reads as an order: such a one is no text.
    """
    given: dict[int, list[Clause]] = {}
    before: int | None = None
    for each in sorted(walk(clauses), key=lambda each: each.start):
        taken = (
            before is not None
            and each.label is None
            and not each.children
            and _OF_A_SECTION.match(each.text) is not None
            and not kinds.surely_orders(words(each))
            and not orders(each)
        )
        if taken and before is not None:
            given.setdefault(before, []).append(each)
        elif not each.children and not each.block and _INTRODUCES.search(words(each)):
            before = each.start
        else:
            before = None
    if not given:
        return tuple(clauses)
    gone = {each.start for texts in given.values() for each in texts}

    def made(clause: Clause) -> Clause:
        texts = given.get(clause.start, ())
        if texts and not clause.children:
            lines = [line for each in texts for line in (words(each), *each.block)]
            return msgspec.structs.replace(clause, block=tuple(lines), end=texts[-1].end)
        children = tuple(made(each) for each in clause.children if each.start not in gone)
        return msgspec.structs.replace(clause, children=children)

    return tuple(made(each) for each in clauses if each.start not in gone)


def after_bare_text(clauses: Sequence[Clause], text: str) -> frozenset[int]:
    """Where paragraphs begin that come straight after a new text without quotation marks: they may go on with it."""
    result: list[int] = []
    bare = False
    for each in sorted(walk(clauses), key=lambda each: each.start):
        if bare and each.label is None and not each.children:
            result.append(each.start)
        block = text[each.offsets[-1] : each.end].strip(" .,;\n\t") if each.block else ""
        bare = bool(block) and not (block[0] in "“\"‘'" and block[-1] in "”\"’'")
    return frozenset(result)


def with_rows(clauses: Sequence[Clause]) -> list[Clause]:
    """The clauses, the rows of a table of definitions as the text that the sentence before them sets out."""
    result: list[Clause] = []
    for clause in clauses:
        found = kinds.row(clause)
        if found is None and result and _is_meant(clause, result[-1]):
            line = words(clause)
            term = named_term(line, words(result[-1])) or ""
            block = (f"“{term}”{line[len(term) :]}", *clause.block)
            result[-1] = msgspec.structs.replace(result[-1], block=block, end=clause.end)
            continue
        if found is None or not result or not kinds.takes_rows(words(result[-1])) or result[-1].children:
            result.append(clause)
            continue
        lead = result[-1]
        line = f"“{found[0]}” {found[1]}"
        if lead.block or lead.text.endswith((":", "—", "–")):
            headed = not lead.block and kinds.is_header(found)
            result[-1] = msgspec.structs.replace(
                lead, block=lead.block if headed else (*lead.block, line), end=clause.end
            )
        else:
            result.append(clause)
    return result


def _is_meant(clause: Clause, lead: Clause) -> bool:
    """Whether a clause without marks is the text of the definition that the lead-in before it names."""
    if clause.label or clause.children or lead.children or lead.block or not lead.text.endswith((":", "—", "–")):
        return False
    return named_term(words(clause), words(lead)) is not None


def stretch_of(clause: Clause, start: int, end: int) -> Clause:
    """A stretch of a clause's text, as a clause."""
    before, held = clause.text.count(QUOTE, 0, start), clause.text.count(QUOTE, start, end)
    return msgspec.structs.replace(
        clause,
        text=clause.text[start:end],
        quotes=clause.quotes[before : before + held],
        offsets=clause.offsets[start : end + 1],
        others=(),
    )


def typed_lines(given: tuple[str, ...]) -> tuple[Clause, ...]:
    """Each typed instruction as a clause, its offsets those of the lines joined."""
    result, at = [], 0
    for line in given:
        clause = one_clause(line)
        result.append(
            msgspec.structs.replace(
                clause,
                offsets=tuple(offset + at for offset in clause.offsets),
                quotes=tuple(
                    msgspec.structs.replace(each, start=each.start + at, end=each.end + at) for each in clause.quotes
                ),
                start=at,
                end=at + len(line),
            )
        )
        at += len(line) + 1
    return tuple(result)


def leaves(clause: Clause, leads: tuple[Clause, ...]) -> Iterable[tuple[tuple[Clause, ...], Clause]]:
    """Each sentence with the lead-ins it stands under."""
    *before, last = sentences(clause)
    for sentence in before:
        yield leads, sentence
    if not last.children:
        yield leads, last
        return
    for child in last.children:
        yield from leaves(child, (*leads, msgspec.structs.replace(last, children=(), label=None)))
