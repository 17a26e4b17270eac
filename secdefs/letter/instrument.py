"""A letter as a whole: which of its sentences are operative, what each orders, and what all the rest is.

The operative part begins where the letter directs and ends where it is signed. In it a sentence is an order, or context
that is known for what it is, or not understood: there is nothing else, and nothing is passed over.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from secdefs.change.operations import IncorporateDocument, InsertProvision, ReincorporateDocument, RevokeDocument
from secdefs.commencement import Commencement, named_days
from secdefs.findings import Finding, Refused, Source, finding
from secdefs.letter import doubts, kinds, operative, particulars
from secdefs.letter.commencing import Commencing
from secdefs.letter.particulars import Annex, words
from secdefs.letter.regrouped import (
    after_bare_text,
    leaves,
    stretch_of,
    typed_lines,
    with_block,
    with_paragraphs,
    with_provisions,
    with_rows,
    without_recitals,
)
from secdefs.letter.resolved import Stated, resolved
from secdefs.letter.sheet import Sheet
from secdefs.model import Code, ProvisionRef, SectionRef
from secdefs.outline import Clause, Footnote, Hyphen, outline, sentences, spans, walk
from secdefs.outline.labels import first_of_list, values_of
from secdefs.outline.lines import words_of
from secdefs.outline.shapes import Layout
from secdefs.read.letter import Letter
from secdefs.sentence.lexer import QUOTE, Lexeme
from secdefs.sentence.lower import Order
from secdefs.sentence.parse import (
    Coverage,
    Instruction,
    Unread,
    instructions_of,
    names_place,
    opens,
    orders,
    reads_otherwise,
    two_readings,
)


class Left(msgspec.Struct, frozen=True):
    """What a sentence leaves to an annex that is not in the letter's text.

    `annex` is its label; `order` is one of no account under that sentence, and so has its place and commencement;
    `findings` are what is wrong with these.
    """

    annex: str
    order: Instruction
    findings: tuple[Finding, ...]


class Instrument(msgspec.Struct, frozen=True, kw_only=True):
    """A letter as read: its particulars, what it orders, what is wrong with it, and how much of it was understood.

    `names` are the names it gives, with what they stand for; `code` is the one code among them, by its names;
    `commencement` is that of the whole instrument, where it has a clause of its own; `sha256` is that of the letter's
    file, or of its text where that is all it is; `left` is what it leaves to annexes that are not in its text.
    """

    title: str | None
    made: dt.date | None
    issuer: str | None
    addressees: tuple[str, ...]
    powers: tuple[str, ...]
    names: dict[str, str]
    code: tuple[str, ...]
    commencement: Commencement
    annexes: tuple[Annex, ...]
    savings: tuple[str, ...]
    sha256: str
    instructions: tuple[Instruction, ...]
    findings: tuple[Finding, ...]
    coverage: Coverage
    file: str | None
    text: str
    left: tuple[Left, ...] = ()

    @property
    def short_hash(self) -> str:
        """The first twelve digits of the hash, by which ids of instructions begin."""
        return self.sha256[:12]


# Outside the operative part only this is the letter's own clause: what recitals tell of other dates is none.
_OWN_COMMENCEMENT = re.compile(
    r"This (?:direction|notice|instrument|order) (?:may be cited as [^;:]{3,120}?,? and )?"
    r"(?:(?:shall |will )?(?:come|take)|comes|takes) (?:into force|effect)\b"
)
_TABLE = (
    "this is of a table, which this tool does not read as an order",
    "say in words which text changes and what it becomes",
)
_ANY_ORDER = "omit “x”."
_FORM = re.compile(r" (?:as|in the (?:form|manner)|to the extent) (?:set out|shown|specified|marked)\b.*\Z", re.S)


def read_instrument(
    text: str,
    *,
    file: str | None = None,
    layout: Layout | None = None,
    pages: Sequence[int] = (),
    sha256: str | None = None,
    known: frozenset[str] = frozenset(),
) -> Instrument:
    """Read a letter. `text` has line feeds only; `file` is the name by which findings call it.

    For a letter that was not plain text: `layout` is what its file told of its shape, `pages` are the offsets at which
    its pages begin, `sha256` is that of the file. `known` are words beside the letter's own (those of the code), by
    which it is told whether a hyphen at the end of a line is the word's.

    Nothing is raised for what a letter gets wrong: it is in the findings.
    """
    return _Letter(text, file, layout=layout, pages=pages, sha256=sha256, known=known).instrument()


def with_words_of(code: Code, letter: Instrument) -> Instrument:
    """A letter in plain text read again, where the words of the code tell of a hyphen at the end of a line in it."""
    if not any(each.code == "SD124" for each in letter.findings):
        return letter
    if letter.sha256 != hashlib.sha256(letter.text.encode("utf-8", "surrogatepass")).hexdigest():
        return letter
    return read_instrument(letter.text, file=letter.file, known=words_of("\n".join(_strings(code))))


def _strings(value: Any) -> Iterable[str]:
    """Every string in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _strings(each)
    else:
        for name in getattr(value, "__struct_fields__", ()):
            yield from _strings(getattr(value, name))


def instrument_of(letter: Letter) -> Instrument:
    """Read a letter that came as a file of any kind: the hash is that of the file, where it is not plain text."""
    sha256 = letter.sha256 if letter.layout else None
    return read_instrument(letter.text, file=letter.file, layout=letter.layout, pages=letter.pages, sha256=sha256)


def short_form(orders_given: Sequence[str], *, file: str = "-e") -> Instrument:
    """Instructions typed one by one, as an instrument without particulars; its text is one line an instruction."""
    return _Letter("\n".join(orders_given), file, tuple(orders_given)).instrument()


class _Letter:
    """A letter being read: the kind of each character, the findings, and the orders so far."""

    def __init__(
        self,
        text: str,
        file: str | None,
        given: tuple[str, ...] = (),
        *,
        layout: Layout | None = None,
        pages: Sequence[int] = (),
        sha256: str | None = None,
        known: frozenset[str] = frozenset(),
    ) -> None:
        self.sheet = Sheet(text, file, pages)
        self.sha256 = sha256 or hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        self.instructions: list[Instruction] = []
        self.savings: list[str] = []
        self.items: set[str] = set()
        self.shapes: set[str] = set()  # of the labels of items that stand under no lead-in
        self.saving = False
        self.heading: str | None = None  # a line above that may name the definition that sentences are about
        self.table = False  # whether a table that sets two texts side by side has begun
        self.below = False
        """Whether a sentence is the first below a lead-in that has just been opened: it is what that speaks of."""
        self.leads: list[tuple[Clause, ...]] = []
        self.left: dict[str, str] = {}  # the annexes to which orders are left, by the ids of those
        self.used: set[int] = set()
        self.typed = bool(given)
        self.footnotes: tuple[Footnote, ...] = ()
        self.hyphens: tuple[Hyphen, ...] = ()
        self.unbalanced: tuple[int, ...] = ()
        self.going_on: frozenset[int] = frozenset()  # where a paragraph may go on with a new text above it
        if given:
            self.clauses = typed_lines(given)
        else:
            found = outline(text, layout, known)
            self.clauses, self.footnotes, self.hyphens = found.clauses, found.footnotes, found.hyphens
            self.unbalanced = found.unbalanced
            for span in spans(found):
                if span.kind in ("footnote", "furniture"):
                    self.sheet.mark(span.start, span.end, "context")
            self.clauses = with_provisions(without_recitals(self.clauses), self._orders_something)
            self.going_on = after_bare_text(self.clauses, text)
        self.made = self._made()
        self.commencing = Commencing(self.sheet, self.made, named_days(text))

    # --- the parts ----------------------------------------------------------------------------------------------------

    def _made(self) -> dt.date | None:
        try:
            return particulars.made(self.clauses)
        except Refused as refused:
            self.sheet.refuse(refused)
            return None

    def instrument(self) -> Instrument:
        clauses = self.clauses
        parts = (range(len(clauses)),) if self.typed else operative.parts(clauses, self._orders_something)
        for part in parts:
            self._inside(clauses[part.start : part.stop], ())
        parts = (*parts, *self._left_open(parts))
        self._outside(clause for n, clause in enumerate(clauses) if not any(n in part for part in parts))
        doubts.footnotes_that_qualify(self.sheet, self.footnotes, [self._stretch(part) for part in parts if part])
        everything = list(walk(clauses))
        stated = Stated(
            particulars.annexes(everything), particulars.stated_versions(everything), particulars.names(everything)
        )
        instructions, problems = resolved(self.commencing.dated(self.instructions), stated)
        self.sheet.findings += problems
        left = tuple(self._left(each) for each in instructions if each.id in self.left)
        instructions = tuple(each for each in instructions if each.id not in self.left)
        self.instructions = [each for each in self.instructions if each.id not in self.left]
        self.sheet.findings += doubts.ordered_twice(self.instructions)
        if not instructions and not any(each.severity == "error" for each in self.sheet.findings):
            self._directs_nothing()
        start = parts[0].start if parts else len(clauses)
        return Instrument(
            title=particulars.title(clauses),
            made=self.made,
            issuer=particulars.issuer(clauses) if self.made or start > 2 else None,
            addressees=particulars.addressees(clauses[:start]),
            powers=particulars.powers(words(each) for each in everything),
            names=stated.names,
            code=stated.code(),
            commencement=self.commencing.whole,
            annexes=stated.annexes,
            savings=tuple(self.savings),
            sha256=self.sha256,
            instructions=instructions,
            findings=tuple(
                sorted(dict.fromkeys(self.sheet.findings), key=lambda each: each.source.start if each.source else 0)
            ),
            coverage=self.sheet.coverage(),
            file=self.sheet.file,
            text=self.sheet.text,
            left=left,
        )

    def _left(self, order: Instruction) -> Left:
        """An order that is left to an annex; what is wrong with it matters only where the annex is given."""
        mine = tuple(each for each in self.sheet.findings if each.instruction == order.id)
        self.sheet.findings = [each for each in self.sheet.findings if each.instruction != order.id]
        return Left(self.left[order.id], order, mine)

    def _directs_nothing(self) -> None:
        """Say of a letter that orders nothing what it tells instead, where a sentence of it does."""
        for top in self.clauses:
            for _, leaf in leaves(top, ()):
                why = kinds.unexecutable(leaf) if kinds.would_change(words(leaf)) else None
                if why is not None:
                    self.sheet.refuse(Refused("SD108", why, "say which words of the code change"), leaf, leaf.label)
                    return
        hint = "is it a direction? see its text as read, where it came from a file with pages"
        self.sheet.refuse(Refused("SD101", "no sentence of this letter reads as an instruction", hint))

    def _stretch(self, part: range) -> tuple[int, int]:
        """The first offset of a part that directs, and the one after it."""
        clauses = self.clauses
        end = clauses[part.stop].start if part.stop < len(clauses) else len(self.sheet.text)
        return clauses[part.start].start, end

    def _item(self, label: str | None, sentence: Clause) -> str:
        """An item's name in ids, which no other has."""
        line = f"line {self.sheet.line(sentence.start)}"
        name = label or line
        if name in self.items:
            name = f"{name} ({line})"
        while name in self.items:
            name += "+"
        self.items.add(name)
        return name

    def _orders_something(self, clause: Clause) -> bool:
        return any(self._reads((*leads, each)) for leads, each in leaves(clause, ()))

    @staticmethod
    def _reads(clauses: tuple[Clause, ...]) -> bool:
        try:
            orders(clauses)
        except Unread:
            return False
        return True

    def _left_open(self, parts: Sequence[range]) -> tuple[range, ...]:
        """The annexes to which lead-ins leave the changes, read under them; a lead-in of nothing is pointed out."""
        annexed: list[range] = []
        # What leaves its changes to an annex comes first: what stands above it governs them too.
        for leads in sorted(self.leads, key=lambda each: kinds.ELSEWHERE.search(words(each[-1])) is None):
            lead = leads[-1]
            if lead.start in self.used:
                continue
            found = operative.annexed(self.clauses, words(lead), [*parts, *annexed])
            if found and found[1]:
                annexed.append(found[1])
                self._inside(self.clauses[found[1].start : found[1].stop], leads)
            if lead.start in self.used:
                continue
            if not found and kinds.is_heading_of_changes(words(lead)):
                self.sheet.mark(lead.start, lead.end, "context")
                continue
            if found:
                refused = Refused(
                    "SD108",
                    f"the changes are left to {found[0]}, in which no sentence reads as an instruction"
                    if found[1]
                    else f"the changes are left to {found[0]}, which is not in this text",
                    f"add the instructions of {found[0]} to the letter"
                    + ("" if found[1] else ", or give --annex with the Word file that has them as tracked changes"),
                )
            else:
                refused = Refused(
                    "SD101",
                    "nothing stands under these words that would be directed by them",
                    "see what they speak of: a table, a list or a heading may have come between",
                )
            self.sheet.mark(lead.start, lead.end, "not_understood")
            self.sheet.refuse(refused, lead)
            if found and not found[1]:
                self._leave(leads, found[0])
        return tuple(annexed)

    def _leave(self, leads: tuple[Clause, ...], annex: str) -> None:
        """Take note of a sentence that leaves its changes to an annex: any order in it has its place and its day."""
        whole, label = leads[-1], annex.rpartition(" ")[2]
        lead = whole
        form = _FORM.search(lead.text)
        if form is not None and QUOTE not in lead.text[form.start() :]:
            lead = stretch_of(lead, 0, form.start())
        clauses = (*leads[:-1], lead, *outline(_ANY_ORDER).clauses)
        try:
            found, _ = orders(clauses)
        except Unread:
            return
        ident = f"{self.sha256[:12]}:{self._item(lead.label, lead)}"

        def place(_start: int, _end: int, _clause: Clause) -> Source:
            return self.sheet.source(whole, 0, len(whole.text), whole.label)

        made, remarks = instructions_of(found, clauses, place, self.made, ident, self.commencing.named)
        if len(made) == 1:
            self.left[made[0].id] = label
            self.instructions += made
            self.sheet.findings += remarks

    def _outside(self, clauses: Iterable[Clause]) -> None:
        """Recitals, signature, annex list: context. One that reads as an order is pointed out."""
        for top in clauses:
            for clause in walk((top,)):
                self.sheet.mark(clause.start, clause.end, "context")
            for leads, leaf in leaves(top, ()):
                text = words(leaf)
                if all(kinds.is_heading(words(lead)) for lead in leads) and _OWN_COMMENCEMENT.match(text):
                    self.commencing.is_of_the_whole(leaf, text, leaf.label)
                    continue
                if (leaf.quotes or kinds.surely_orders(text)) and self._reads((*leads, leaf)):
                    self.sheet.findings.append(
                        finding(
                            "SD122",
                            "a sentence outside the operative part reads as an instruction; it is not applied",
                            hint="move it below the words that direct, if it is to change the code",
                            source=self.sheet.source(leaf, 0, len(leaf.text)),
                        )
                    )

    # --- sentences ----------------------------------------------------------------------------------------------------

    def _inside(self, clauses: Sequence[Clause], leads: tuple[Clause, ...]) -> None:
        """A part that directs: a sentence that goes on ("is amended as follows.") is a lead-in of what comes after."""
        standing = leads
        below = False
        for clause in with_rows(clauses):
            self.saving = False
            if kinds.DIRECTS.search(words(clause)):
                standing = leads
            self.below = below and clause.label is None
            *before, last = sentences(clause)
            for part in before:
                standing = self._stands(self._sentence(part, standing, ()), standing, leads)
            if last.children:
                self._list(last, standing, ())
                below = False
                continue
            lead = self._sentence(last, standing, ())
            below = self.below if lead is None else _announces_text(lead)
            standing = self._stands(lead, standing, leads)

    @staticmethod
    def _stands(lead: Clause | None, standing: tuple[Clause, ...], outer: tuple[Clause, ...]) -> tuple[Clause, ...]:
        """The lead-ins of what comes after a sentence that is a `lead`: those that name a wider place stay above it."""
        if lead is None:
            return standing
        rank = kinds.rank(lead)
        above = standing[len(outer) :]
        return (*outer, *(each for each in above if kinds.rank(each) < rank), lead)

    def _list(self, lead: Clause, leads: tuple[Clause, ...], item: tuple[str, ...]) -> None:
        """A lead-in and its items. The lead-in itself is an operation's if any item under it is."""
        item = (*item, lead.label) if lead.label else item
        known = len(self.instructions)
        *before, last = sentences(lead)
        for sentence in before:
            leads = self._stands(self._sentence(sentence, leads, item), leads, leads)
        if all(kinds.defines(child) for child in last.children) and not self._reads((*leads, last.children[0])):
            self._sentence(with_block(last), leads, item)
            return
        set_out = self._set_out_below(last, leads)
        if set_out is not None:
            self.going_on |= after_bare_text((set_out, *self._following(set_out)), self.sheet.text)
            self._sentence(set_out, leads, item)
            if re.search(r"[;,] (?:and|or)$", set_out.block[-1]):
                bare = "the new text has no quotation marks: its last “and” or “or” may be the letter's own"
                self.sheet.refuse(Refused("SD109", bare, "put the new text in quotation marks"), set_out, last.label)
            return
        outer = leads
        plain = kinds.is_heading(words(last))
        if not plain:
            outer = (*leads, msgspec.structs.replace(last, children=()))
        if last.block:
            self._sentence(msgspec.structs.replace(last, children=()), leads, item)
        standing = outer
        for number, child in enumerate(last.children):
            if child.children:
                self._list(child, standing, item)
                continue
            for sentence in sentences(child):
                opened = self._sentence(sentence, standing, (*item, child.label or ""))
                # "2. The following changes are made:" speaks of what is below it, and not of item 3.
                if opened is None or not (number and child.label and _announces_text(opened)):
                    standing = self._stands(opened, standing, outer)
        read = len(self.instructions) > known
        self.sheet.mark(lead.start, lead.end, "operation" if read else "context" if plain else "not_understood")

    def _set_out_below(self, lead: Clause, leads: tuple[Clause, ...]) -> Clause | None:
        """A sentence with the list under it as the paragraphs that it sets out; null where they may be its items.

        It is so where the sentence reads with them, none of them reads as an order, and their labels begin no list
        ("insert: (d) …") or none of them has a word that orders.
        """
        first = lead.children[0].label
        if lead.block or not lead.text.endswith((":", "—", "–")) or any(not each.label for each in lead.children):
            return None
        under = tuple(walk(lead.children))
        if any(
            self._reads((*leads, msgspec.structs.replace(lead, children=()), each)) or self._reads((each,))
            for each in under
        ):
            return None
        begins = any(map(first_of_list, values_of(first or "")[1]))
        if begins and any(each.quotes or kinds.may_order(each, words(each)) for each in under):
            return None
        made = with_paragraphs(lead)
        return made if self._reads((*leads, made)) else None

    def _stands_alone(self, label: str | None, text: str) -> bool:
        """Whether an item with a letter, under no lead-in, has none of the same shape before it: "b)" after "(a)"."""
        if self.typed or label is None or not re.fullmatch(r"\(?[a-z]{1,4}\)", label) or kinds.DIRECTS.search(text):
            return False
        shape, values = values_of(label)
        alone = shape not in self.shapes and not any(map(first_of_list, values))
        self.shapes.add(shape)
        return alone

    def _following(self, clause: Clause) -> tuple[Clause, ...]:
        """The clause of the letter that begins next after one has ended."""
        later = [each for each in walk(self.clauses) if each.start >= clause.end]
        return (min(later, key=lambda each: each.start),) if later else ()

    def _sentence(self, sentence: Clause, leads: tuple[Clause, ...], item: tuple[str, ...]) -> Clause | None:
        """One sentence: an order, context, or not understood. Returns it where it is a lead-in of what comes after."""
        if not item and sentence.label is not None:
            item = (sentence.label,)
        label = "".join(item) or None
        text = words(sentence)
        if not text.strip(" .;:,–—-"):
            self.sheet.mark(sentence.start, sentence.end, "context")
            return None
        clauses = (*leads, sentence)
        try:
            found, lexemes = orders(clauses)
            if not self.typed:
                _all_quoted(lexemes)
        except Unread as unread:
            return self._other(clauses, label, text, unread)
        self.used.update(lead.start for lead in leads)
        if reads_otherwise(clauses, found):
            self.sheet.refuse(two_readings(), sentence, label)
        self.sheet.mark(sentence.start, sentence.end, "operation")
        if not leads and self._stands_alone(sentence.label, text):
            alone = f"“{sentence.label}” goes on no list: it is not clear whether the words above the list govern it"
            self.sheet.refuse(Refused("SD110", alone, "give it the next label of its list"), sentence, label)
        if self.heading is not None and any(map(_names_nothing, found)):
            under = f"this stands under “{self.heading}”, which may be where it applies, and names no definition itself"
            self.sheet.refuse(Refused("SD110", under, "name the definition or the provision"), sentence, label)
        ident = f"{self.sha256[:12]}:{self._item(label, sentence)}"

        def place(start: int, end: int, clause: Clause) -> Source:
            return self.sheet.source(clause, start, end, label)

        made, remarks = instructions_of(found, clauses, place, self.made, ident, self.commencing.named)
        self.instructions += made
        self.sheet.findings += remarks
        for each in clauses:
            self.sheet.findings += doubts.marks_alone(self.sheet, each, self.unbalanced, label)
        self.sheet.findings += doubts.lost_redline(self.sheet, sentence, label)
        self.sheet.findings += doubts.hyphens_at_line_ends(self.sheet, sentence, self.hyphens, label)
        return None

    def _other(self, clauses: tuple[Clause, ...], label: str | None, text: str, unread: Unread) -> Clause | None:
        *above, sentence = clauses
        leads = tuple(above)
        if not sentence.block and (kinds.is_two_columns(text) or (label is None and kinds.is_row(text))):
            self.used.update(lead.start for lead in leads)
            self.sheet.mark(sentence.start, sentence.end, "not_understood")
            self.sheet.refuse(Refused("SD108", *_TABLE), sentence, label)
            self.table = True
            return None
        if self.commencing.is_clause(sentence, text, label):
            return None
        if self.table and kinds.is_cells(self.sheet.text[sentence.start : sentence.end]):
            self.sheet.mark(sentence.start, sentence.end, "not_understood")
            self.sheet.refuse(Refused("SD108", *_TABLE), sentence, label)
            return None
        if not sentence.block and opens(clauses, label is None and text.endswith((":", "—", "–"))):
            stands = label is None or not text.endswith((";", "and", "or", ","))
            self.sheet.mark(sentence.start, sentence.end, "operation")
            self.leads.append(clauses)
            self.heading = None
            return sentence if stands and kinds.ELSEWHERE.search(text) is None else None
        # "2. Section H" above 2.1 and 2.2 is a heading, though it bears a number.
        heads = (label is None or label.rstrip(".").isdigit()) and not sentence.block and not self.typed
        place = kinds.place_heading(sentence.text) if heads else None
        if place is not None:
            heading = stretch_of(sentence, *place)
            if names_place((*leads, heading)):
                self.sheet.mark(sentence.start, sentence.end, "operation")
                return heading
        elif self._is_context(
            sentence, text, free=not leads or (label is None and not sentence.quotes and not self.below)
        ):
            self.sheet.mark(sentence.start, sentence.end, "context")
            if label is None:
                self.heading = text if kinds.may_name(text) else None
            return None
        self.sheet.mark(sentence.start, sentence.end, "not_understood")
        self.used.update(lead.start for lead in leads)
        # What is wrong with a lead-in is said once, and not of each item under it.
        named = label if unread.clause == len(leads) else clauses[unread.clause].label
        at = clauses[unread.clause]
        why = kinds.unexecutable(at) if unread.refused.code == "SD101" else None
        if unread.refused.code == "SD101" and at.start in self.going_on:
            bare = "this stands under a new text without quotation marks, and may be part of it"
            self.sheet.refuse(Refused("SD101", bare, "put the new text in quotation marks"), at, named)
            return None
        if why is not None:
            hint = "quote the words that change and those that take their place, or set the item aside with a reason"
            self.sheet.refuse(Refused("SD108", why, hint), at, named)
            return None
        self.sheet.refuse_part(unread.refused, unread.start, unread.end, clauses[unread.clause], named)
        # What stands under a heading that is not read is not read without it.
        return sentence if place is not None else None

    def _is_context(self, sentence: Clause, text: str, *, free: bool) -> bool:
        """Whether a sentence that is no order is known for what it is; `free`: it is no item of what is directed."""
        if operative.HEADING.fullmatch(text) or kinds.is_heading(text) or (not self.typed and kinds.is_title(sentence)):
            return True
        if kinds.is_saving(text) or (self.saving and not sentence.quotes and not kinds.surely_orders(text)):
            # What follows a saving in its paragraph goes on with it.
            self.savings.append(text)
            self.saving = True
            return True
        if self.typed:
            return False
        free = free and sentence.start not in self.going_on
        return kinds.is_context(text) or (free and not kinds.may_order(sentence, text))


def _names_nothing(order: Order) -> bool:
    """Whether an order names neither a definition nor a provision: words anywhere in the Section, or a paragraph."""
    match order.operation:
        case InsertProvision() | IncorporateDocument() | ReincorporateDocument() | RevokeDocument():
            return False
        case operation:
            place = operation.target
            label = getattr(place, "label", None)
            return isinstance(place, SectionRef) or (isinstance(place, ProvisionRef) and (not label or label.isalpha()))


def _announces_text(lead: Clause) -> bool:
    """Whether a lead-in other than the sentence that directs ends so that what it speaks of has to follow."""
    text = words(lead)
    return text.endswith((":", "—", "–")) and kinds.DIRECTS.search(text) is None


def _all_quoted(lexemes: Sequence[Lexeme]) -> None:
    """Refuse a word that a letter orders without quotation marks: only what is typed leaves them out. Raises Unread."""
    for each in lexemes:
        if each.type == "BARE" and not each.text.startswith("["):
            refused = Refused("SD101", f"“{each.text}” is not in quotation marks", "quote the words that are meant")
            raise Unread(refused, each.clause, each.start, each.end)
