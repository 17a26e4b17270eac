"""Reads sentences with the grammar: lead-ins and one leaf to instructions, or to what is wrong with them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal, NamedTuple, TypeAlias

import msgspec

from secdefs.change.operations import Operation
from secdefs.commencement import Commencement, commencement
from secdefs.findings import Finding, Refused, Source, finding
from secdefs.outline import Clause, sentences
from secdefs.outline import clause as one_clause
from secdefs.sentence.forms import Forms, Maker, NoForm, constructor, distinct, kind_of, marks, plain, set_out_as
from secdefs.sentence.inline import items
from secdefs.sentence.kept import refuse_what_is_lost
from secdefs.sentence.lexer import BLOCK, QUOTE, VERBS, Lexeme, Lexer, Tie, Token, read
from secdefs.sentence.lower import Order, lower
from secdefs.sentence.nodes import Node, beyond, exception, without_article
from secdefs.sentence.setout import refuse_what_is_no_whole, set_out
from secdefs.sentence.tables import Unexpected, tables
from secdefs.sentence.tables import parse as drive
from secdefs.sentence.written import Written, split

Effect: TypeAlias = Literal["textual", "as_if"]


class Instruction(msgspec.Struct, frozen=True, kw_only=True):
    """An operation, when it commences, whether it changes the text or only how it is read, and where it was ordered.

    `id` is the instrument's short hash and the item: "3f9ac1d2e8b0:iii)".
    """

    id: str
    operation: Operation
    commencement: Commencement = None
    effect: Effect = "textual"
    source: Source


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """How many characters that are not blank there are, and how many of them are what."""

    characters: int
    operation: int
    context: int
    not_understood: int
    spans: tuple[tuple[str, int, int], ...] = ()
    """What each stretch is: "operation", "context" or "not_understood", its start and its end."""


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What sentences order, what is wrong with them, and how much of them was understood."""

    instructions: tuple[Instruction, ...]
    findings: tuple[Finding, ...]
    coverage: Coverage


class Unread(Exception):  # noqa: N818 - a sentence, and no fault
    """A sentence that the grammar does not read: where it stopped, and what it expected there."""

    def __init__(self, refused: Refused, clause: int, start: int, end: int) -> None:
        super().__init__(refused.message)
        self.refused = refused
        self.clause = clause
        self.start = start
        self.end = end


@lru_cache(maxsize=1)
def _lexer() -> Lexer:
    return Lexer(tables().terminals)


def _tree(lexemes: Sequence[Lexeme]) -> Node:
    """The parse tree. Raises Unexpected."""
    return drive(
        tables(),
        [each.type for each in lexemes],
        lambda number: Token(lexemes[number].type, lexemes[number].text, number),
        Node,
    )


def _texts(clauses: Sequence[Clause]) -> list[str]:
    """What the lexer reads of each clause; the block of the last is one character."""
    texts = [clause.text for clause in clauses]
    if clauses[-1].block:
        texts[-1] += f" {BLOCK}"
    return texts


_INSTRUMENT = re.compile(
    r"\b(?:Acts?|Orders?|Measure|Regulations?|Rules?|Codes?|Schemes?|Licen[cs]es?|Agreements?|Schedules?)\b"
)


def without_strays(leads: Sequence[Clause]) -> tuple[tuple[Clause, ...], tuple[Clause, ...]]:
    """The lead-ins, and apart from them the stray lines: a name with a full stop, which says neither where nor what."""
    stray = [
        lead
        for lead in leads
        if lead.text.rstrip().endswith(".") and _is_name(lead) and not _INSTRUMENT.search(lead.text)
    ]
    return tuple(lead for lead in leads if lead not in stray), tuple(stray)


def _is_name(lead: Clause) -> bool:
    try:
        own = _lexer().lexemes(lead.text)
    except Tie:
        return False
    return bool(own) and {each.type for each in own} <= {"TITLE", "_ASIDE", "_GLOSS"}


def _check_leads(clauses: Sequence[Clause]) -> None:
    """A lead-in that is nothing but a name says where only before a dash or a colon. Raises Unread."""
    for number, lead in enumerate(clauses[:-1]):
        if lead.text.rstrip()[-1:] not in "—–:-" and _is_name(lead):
            refused = Refused("SD101", f"“{lead.text}” stands above the sentence, and nothing is said of it")
            raise Unread(refused, number, 0, len(lead.text))


# How an item of a list of instructions ends.
_CLOSED = re.compile(r"[.;](?: (?:and|or))?\s*$|^(?!.*\bfollowing\b).*,(?: (?:and|or))?\s*$")


def siblings_of(clauses: Sequence[Clause]) -> frozenset[int]:
    """The numbers of the lead-ins that are whole instructions, with a stop: no sentence stands under them."""
    return frozenset(
        number
        for number, lead in enumerate(clauses[:-1])
        if _CLOSED.search(lead.text) and lead.quotes and _reads([each.text for each in clauses[: number + 1]])
    )


def _reads(texts: Sequence[str]) -> bool:
    try:
        _tree(read(_lexer(), texts))
    except (Tie, Unexpected):
        return False
    return True


class _Form(NamedTuple):
    """What is read of sentences of one form: their lexemes, and how their orders are made of what they quote."""

    lexemes: tuple[Lexeme, ...]
    make: Maker
    named: frozenset[str]
    """The names that stand in the sentence without quotation marks."""


_FORMS: Forms[tuple[str, ...], _Form] = Forms()


def orders(clauses: Sequence[Clause]) -> tuple[tuple[Order, ...], tuple[Lexeme, ...]]:
    """What a sentence orders: its lead-ins, outermost first, and its leaf. Raises Unread."""
    block = clauses[-1].block
    kind = kind_of(block)
    quoted = [each.text for clause in clauses for each in clause.quotes]
    if kind is None or not plain(quoted):
        return _read_in_full(clauses)
    key = (*(clause.text for clause in clauses), kind)
    form = _FORMS.get(key)
    if form is not None and distinct(quoted, form.named):
        return form.make((*quoted, block)), form.lexemes
    result = _read_in_full(clauses)
    if _FORMS.due(key):
        made = _form(clauses, kind)
        same = made is not None and (not distinct(quoted, made.named) or made.make((*quoted, block)) == result[0])
        _FORMS.put(key, made if same else None)
    return result


def _form(clauses: Sequence[Clause], kind: str) -> _Form | None:
    """The form of a sentence; None where what is read in it depends on more than its form."""
    number = sum(len(clause.quotes) for clause in clauses)
    try:
        names = iter(marks(number))
        marked = [
            msgspec.structs.replace(
                clause, quotes=tuple(msgspec.structs.replace(each, text=next(names)) for each in clause.quotes)
            )
            for clause in clauses
        ]
        marked[-1] = msgspec.structs.replace(marked[-1], block=set_out_as(kind))
        found, lexemes = _read_in_full(marked)
        if kind and len(found) != 1:
            return None
        return _Form(lexemes, constructor(found, number, kind), _named(lexemes))
    except (NoForm, Unread):
        return None


def _named(lexemes: Sequence[Lexeme]) -> frozenset[str]:
    names = [each.text for each in lexemes if each.type in ("TITLE", "BARE")]
    return frozenset((*names, *map(without_article, names)))


def _read_in_full(clauses: Sequence[Clause]) -> tuple[tuple[Order, ...], tuple[Lexeme, ...]]:
    leaf = len(clauses) - 1
    whole = (leaf, 0, len(clauses[-1].text))
    try:
        siblings = siblings_of(clauses)
        lexemes = read(_lexer(), _texts(clauses), siblings)
        divided = set_out(clauses[-1], [each for each in lexemes if each.clause == leaf])
        if divided is not None:
            clauses = (*clauses[:-1], divided)
            lexemes = read(_lexer(), _texts(clauses), siblings)
    except Tie as tie:
        what = f"“{tie.args[0]}” can be read in two ways here"
        raise Unread(Refused("SD109", what, "say it in other words"), *whole) from None
    except Refused as refused:
        raise Unread(refused, *whole) from None
    if not lexemes:
        raise Unread(Refused("SD101", "there are no words here"), *whole)
    _check_leads(clauses)
    texts = _texts(clauses)

    def quotation(clause: int, offset: int) -> str:
        number = texts[clause].count(QUOTE, 0, offset)
        return clauses[clause].quotes[number].text

    try:
        tree = _tree(lexemes)
    except Unexpected as error:
        for each in lexemes:
            if each.type == "EXCEPTION":
                raise Unread(exception(_shown(each)), each.clause, each.start, each.end) from None
            if each.type == "BEYOND":
                raise Unread(beyond(_shown(each)), each.clause, each.start, each.end) from None
        raise _unread(error, lexemes, texts) from None
    try:
        found = lower(tree, lexemes, quotation, clauses[-1].block)
        made = [each.operation for each in found]
        refuse_what_is_lost(lexemes, leaf, made, quotation)
        refuse_what_is_no_whole(lexemes, made)
        return found, tuple(lexemes)
    except Refused as refused:
        raise Unread(refused, *whole) from None


_FIGURE = "omit \ue000"


_GOES_ON = frozenset(
    "_IS_AMENDED PREAMBLE COMMENCEMENT EVENT AS_IF _MODIFIES _CHANGES _CHANGES_TO _MADE _MADE_TO _LEFT_TO".split()
)
_PLACE = frozenset("CITATION _ASIDE _GLOSS _AS_AMENDED _DEFINITION_OF _ENTRY_FOR QUOTE _OF TITLE _LEAD".split())


def opens(clauses: Sequence[Clause], dash: bool) -> bool:
    """Whether a sentence is a lead-in: it reads as one, and says more than a place or ends in a `dash` or colon."""
    own = _leading(clauses)
    return own is not None and (dash or not _GOES_ON.isdisjoint(own))


def names_place(clauses: Sequence[Clause]) -> bool:
    """Whether a line is a heading that names a place, and no more: "Section H8.16"."""
    own = _leading(clauses)
    return own is not None and _PLACE.issuperset(own) and not {"CITATION", "_DEFINITION_OF"}.isdisjoint(own)


def _leading(clauses: Sequence[Clause]) -> frozenset[str] | None:
    """The terminals of the last of several lead-ins; null where it does not read as one."""
    texts = [clause.text for clause in clauses]
    # A whole instruction with its full stop governs nothing; what is asked here is whether it goes on.
    texts[-1] = texts[-1].rstrip(" .;")
    try:
        lexemes = read(_lexer(), [*texts, _FIGURE])
        _tree(lexemes)
    except (Tie, Unexpected):
        return None
    return frozenset(each.type for each in lexemes if each.clause == len(clauses) - 1)


def _unread(error: Unexpected, lexemes: Sequence[Lexeme], texts: Sequence[str]) -> Unread:
    number, hint = error.number, _expected(error.expected)
    if number >= len(lexemes):
        last = lexemes[-1]
        message = f"the sentence stops after {_shown(last)}"
        return Unread(Refused("SD101", message, hint), last.clause, last.start, last.end)
    at = lexemes[number]
    before = [each for each in lexemes[:number] if each.text]
    message = f"after {_shown(before[-1])} stands {_shown(at)}" if before else f"the sentence begins with {_shown(at)}"
    end = at.end
    if at.type == "WORD":
        end = re.compile(r"[^\s,;:—\ue000\ue001]*").match(texts[at.clause], at.start).end()  # type: ignore[union-attr]
        message = message.replace(_shown(at), f"“{texts[at.clause][at.start : end]}”")
    return Unread(Refused("SD101", message, hint), at.clause, at.start, max(end, at.start + 1))


def _shown(lexeme: Lexeme) -> str:
    if lexeme.type == "QUOTE":
        return "a quotation"
    if lexeme.type == "BLOCK":
        return "the text set out below"
    return f"“{lexeme.text.replace(QUOTE, '“…”').replace(BLOCK, '…')}”" if lexeme.text else "the end of the lead-in"


_SAID = {
    "QUOTE": "a quotation",
    "BLOCK": "the new text",
    "_SUBSTITUTE": "“substitute”",
    "_INSERT": "“insert”",
    "_OMIT": "“omit”",
    "_WITH": "“with”",
    "_IS_REPLACED": "“shall be replaced with”",
    "_IS_OMITTED": "“shall be deleted”",
    "_IS_INSERTED": "“shall be inserted”",
    "CITATION": "a provision",
    "_IN": "a place (“in …”)",
    "_FOR": "“for”",
    "_IS_DESIGNATED": "“is hereby designated”",
    "_IS_REDESIGNATED": "“is hereby re-designated”",
    "_AS": "“as”",
}


def _expected(accepted: frozenset[str]) -> str | None:
    said = [words for name, words in _SAID.items() if name in accepted]
    if not said:
        return None
    return f"expected {', '.join(said[:-1])} or {said[-1]}" if len(said) > 1 else f"expected {said[0]}"


# --- one sentence on its own ------------------------------------------------------------------------------------------


def parse(words: str, *, within: Sequence[str] = (), block: Sequence[str] = ()) -> Reading:
    """Read one instruction: its words, the lead-ins above it (outermost first), the lines of the text it sets out.

    Offsets of sources and spans are code points of `words`. Nothing is raised for what cannot be read: it is a finding.
    """
    written = split(words, within, block)
    if written is None:
        return _in_full(words, within, block)
    key = written.form, written.kind
    known = _READINGS.get(key)
    if known is not None and distinct(written.quoted, known.named):
        return known.reading(words, written)
    result = _in_full(words, within, block)
    if _READINGS.due(key):
        made = _alike(written)
        same = made is not None and (not distinct(written.quoted, made.named) or made.reading(words, written) == result)
        _READINGS.put(key, made if same else None)
    return result


class _Alike(NamedTuple):
    """What is read of sentences of one form, each by itself: the instructions, and how their operations are made."""

    instructions: tuple[Instruction, ...]
    findings: tuple[Finding, ...]
    make: Maker
    named: frozenset[str]

    def reading(self, words: str, written: Written) -> Reading:
        """The reading of such a sentence."""
        end = len(words)
        of_form = self.instructions[0].source
        source = Source(None, None, of_form.item, 1, of_form.column, of_form.start, end)
        made = self.make((*written.quoted, written.lines))
        characters = end - words.count(" ")
        return Reading(
            instructions=tuple(
                Instruction(
                    id=each.id, operation=operation, commencement=each.commencement, effect=each.effect, source=source
                )
                for each, operation in zip(self.instructions, made, strict=True)
            ),
            findings=tuple(msgspec.structs.replace(each, source=source) for each in self.findings),
            coverage=Coverage(
                characters=characters,
                operation=characters,
                context=0,
                not_understood=0,
                spans=(("operation", 0, end),),
            ),
        )


_READINGS: Forms[tuple[str, str], _Alike] = Forms()


def _alike(written: Written) -> _Alike | None:
    """What is read of all sentences of a form; None where that depends on more than their form."""
    try:
        within, words, block = written.marked()
        read = _in_full(words, within, block)
        leads, _ = without_strays([one_clause(lead) for lead in within])
        _, lexemes = orders((*leads, one_clause(words, block=block)))
        made = [each.operation for each in read.instructions]
        if not made or (written.kind and len(made) != 1):
            return None
        known = _Alike(
            read.instructions,
            read.findings,
            constructor(tuple(made), len(written.quoted), written.kind),
            _named(lexemes),
        )
    except (NoForm, Unread):
        return None
    # Nothing may be said of it but what is said of every instruction, and its place may depend on its length alone.
    again = known.reading(words, Written(written.form, list(marks(len(written.quoted))), written.kind, block))
    return known if again == read and all(each.code == "SD120" for each in read.findings) else None


def _in_full(words: str, within: Sequence[str], block: Sequence[str]) -> Reading:
    first_line, below = words, ""
    for dash in re.finditer("—\n", words):
        before = words[: dash.start()]
        if before.count("“") == before.count("”") and before.count('"') % 2 == 0:
            first_line, below = before, words[dash.end() :]
            break
    given = tuple(block) or tuple(below.split("\n") if below else ())
    leads, stray = without_strays([one_clause(lead) for lead in within])
    instructions: list[Instruction] = []
    findings = [
        finding("SD308", f"“{line.text}” stands among the lead-ins and says nothing of the sentence: it is left out")
        for line in stray
    ]
    counts = {"operation": 0, "context": 0, "not_understood": 0}
    spans: list[tuple[str, int, int]] = []
    leaves = [each for leaf in sentences(one_clause(first_line, block=given)) for each in _itemised((*leads, leaf))]
    for number, clauses in enumerate(leaves):
        leaf = clauses[-1]
        start, end = leaf.start, len(words) if number == len(leaves) - 1 else leaf.end
        if len(clauses) > len(leads) + 1:
            # The lead-in and the label of an item are its own.
            start = spans[-1][2] if spans else clauses[len(leads)].start
        kind = "operation"
        try:
            found, _ = orders(clauses)
            if reads_otherwise(clauses, found):
                raise Unread(two_readings(), len(clauses) - 1, 0, len(leaf.text))
            name = "" if len(leaves) == 1 else str(number + 1)
            made, remarks = instructions_of(found, clauses, _whole, None, name)
            instructions += made
            findings += remarks
        except Unread as unread:
            kind = "context" if number and _is_signature(leaf) else "not_understood"
            if kind == "not_understood":
                source = _whole(unread.start, unread.end, leaf if unread.clause == len(clauses) - 1 else None)
                refused = unread.refused
                findings.append(finding(refused.code, refused.message, hint=refused.hint, source=source))
        spans.append((kind, start, end))
        counts[kind] += len(re.sub(r"\s", "", words[start:end]))
    coverage = Coverage(characters=sum(counts.values()), spans=tuple(spans), **counts)
    return Reading(instructions=tuple(instructions), findings=tuple(findings), coverage=coverage)


def _itemised(clauses: tuple[Clause, ...]) -> list[tuple[Clause, ...]]:
    """A sentence under its lead-ins, or one for each of the items that stand in its line, where it has such a list."""
    held = items(clauses[-1])
    if held is None:
        return [clauses]
    try:
        orders(clauses)
        return [clauses]
    except Unread:
        lead, made = held
    if _trails(made[-1]) or _sets_out(lead, made):
        return [clauses]
    return [each for item in made for each in _itemised((*clauses[:-1], lead, item))]


_AWAITS_TEXT = frozenset(
    "_INSERT WERE_INSERTED _IS_INSERTED _SUBSTITUTE WERE_SUBSTITUTED _IS_REPLACED _WITH _FOLLOWING _AS_FOLLOWS".split()
)


def _sets_out(lead: Clause, made: Sequence[Clause]) -> bool:
    """Whether the items of a list may be the new text itself, their labels with it: "insert: (a) “one”; (b) “two”"."""
    try:
        last = _lexer().lexemes(lead.text)[-1:]
        firsts = [_lexer().lexemes(each.text)[0].type for each in made]
    except Tie:
        return True
    return any(each.type in _AWAITS_TEXT for each in last) and not {"QUOTE", "_WORDS"}.isdisjoint(firsts)


def _trails(item: Clause) -> bool:
    """Whether words stand behind the last item of a list, after a comma, that may be of all the items."""
    try:
        own = _lexer().lexemes(item.text)
    except Tie:
        return True
    last = max((number for number, each in enumerate(own) if each.type == "QUOTE" or each.type in VERBS), default=-1)
    return any("," in each.after for each in own[last + 1 :])


def two_readings() -> Refused:
    """The refusal of a sentence whose quotation marks can be paired in two ways."""
    return Refused(
        "SD109",
        "the quotation marks can be paired in two ways, which order different things",
        "use double quotation marks",
    )


def reads_otherwise(clauses: tuple[Clause, ...], found: Sequence[Order]) -> bool:
    """Whether another pairing of the leaf's quotation marks orders something else."""
    mine = [each.operation for each in found]
    for other in clauses[-1].others:
        try:
            theirs, _ = orders((*clauses[:-1], other))
        except Unread:
            continue
        if [each.operation for each in theirs] != mine:
            return True
    return False


# What stands below an instrument's last instruction: who made it, and under which seal.
_SIGNATURE = re.compile(r"(?:Sealed with the|Signed (?:by|for|on behalf)|(?:We|I) consent to the making)\b")
# A sentence with one of these may order something, whoever stands at its beginning.
_DIRECTIVE = re.compile(r"\b(?:shall|must|may|will|is|are|be|has|have|hereby|that)\b")


def _is_signature(sentence: Clause) -> bool:
    """Whether a sentence after an instruction is a signature, which orders nothing."""
    if sentence.quotes or sentence.block or _SIGNATURE.match(sentence.text) is None:
        return False
    if _DIRECTIVE.search(sentence.text) is not None:
        return False
    try:
        return not any(each.type in VERBS for each in _lexer().lexemes(sentence.text))
    except Tie:
        return False


def _whole(start: int, end: int, clause: Clause | None) -> Source:
    if clause is None:
        return Source(None, None, None, 1, 1, 0, 0)
    first, last = clause.offsets[min(start, len(clause.offsets) - 1)], clause.offsets[min(end, len(clause.offsets) - 1)]
    return Source(None, None, clause.label, 1, first + 1, first, last)


def instructions_of(
    found: Sequence[Order],
    clauses: Sequence[Clause],
    place: Any,
    made: dt.date | None,
    name: str = "",
    named: Mapping[str, dt.date] | None = None,
) -> tuple[tuple[Instruction, ...], tuple[Finding, ...]]:
    """Orders as instructions, with their commencements read and their remarks (SD120) beside them.

    `place` gives the source of a stretch of the leaf's text; `made` is the date of the letter, `named` its named days;
    `name` begins the ids.
    """
    leaf = clauses[-1]
    source = place(0, len(leaf.text), leaf)
    result, findings = [], []
    for number, order in enumerate(found):
        ident = name if len(found) == 1 else f"{name}.{number + 1}" if name else str(number + 1)
        try:
            commences = _commencement(order.commencement, made, named or {})
        except Refused as refused:
            findings.append(finding(refused.code, refused.message, hint=refused.hint, source=source, instruction=ident))
            commences = None
        result.append(
            Instruction(
                id=ident,
                operation=order.operation,
                commencement=commences,
                effect="as_if" if order.as_if else "textual",
                source=source,
            )
        )
        if order.as_if:
            findings.append(
                finding(
                    "SD120",
                    "this modifies how a provision is read and not its text; it is listed and not applied",
                    source=source,
                    instruction=ident,
                )
            )
    return tuple(result), tuple(findings)


def _commencement(
    phrases: tuple[tuple[str, ...], ...], made: dt.date | None, named: Mapping[str, dt.date]
) -> Commencement:
    """The instruction's own phrase, else its lead-ins', innermost first. Raises Refused SD103 where two differ."""
    for rank in phrases:
        days = [commencement(phrase, made, named) for phrase in rank]
        if any(day != days[0] for day in days):
            raise Refused("SD103", f"two commencements are stated: {' and '.join(f'“{each}”' for each in rank)}")
        if days:
            return days[0]
    return None
