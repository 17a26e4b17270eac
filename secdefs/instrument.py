"""A letter as a whole: which of its sentences are operative, what each orders, and what all the rest is.

The operative part begins where the letter directs and ends where it is signed. In it a sentence is an order, or context
that is known for what it is, or not understood: there is nothing else, and nothing is passed over.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence

import msgspec

from secdefs import kinds, operative, particulars
from secdefs.commencement import Commencement, commencement, named_days
from secdefs.findings import Finding, Refused, Source, finding
from secdefs.lexer import QUOTE, Lexeme
from secdefs.outline import Clause, Footnote, Hyphen, outline, sentences, spans, walk
from secdefs.parse import (
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
from secdefs.particulars import Annex, words
from secdefs.read.letter import Letter
from secdefs.regrouped import first_part, leaves, typed_lines, with_block, with_rows
from secdefs.resolved import Stated, resolved
from secdefs.shapes import Layout


class Instrument(msgspec.Struct, frozen=True, kw_only=True):
    """A letter as read: its particulars, what it orders, what is wrong with it, and how much of it was understood.

    `names` are the names it gives, with what they stand for; `code` is the one code among them, by its names;
    `commencement` is that of the whole instrument, where it has a clause of its own; `sha256` is that of the letter's
    file, or of its text where that is all it is.
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

    @property
    def short_hash(self) -> str:
        """The first twelve digits of the hash, by which ids of instructions begin."""
        return self.sha256[:12]


# Outside the operative part only this is the letter's own clause: what recitals tell of other dates is none.
_OWN_COMMENCEMENT = re.compile(
    r"This (?:direction|notice|instrument|order) (?:may be cited as [^;:]{3,120}?,? and )?"
    r"(?:(?:shall |will )?(?:come|take)|comes|takes) (?:into force|effect)\b"
)
# A commencement clause is one sentence: words after its stop that the outline left with it are no part of it.
_GOES_ON = re.compile(r"[.;] +[A-Z]")
# A closing mark outside of every quotation, and no apostrophe after a plural.
_STRAY = re.compile(r"[^\W\dsS_][’'](?=[\s,.;:)]|$)|[”“]")


def read_instrument(
    text: str,
    *,
    file: str | None = None,
    layout: Layout | None = None,
    pages: Sequence[int] = (),
    sha256: str | None = None,
) -> Instrument:
    """Read a letter. `text` has line feeds only; `file` is the name by which findings call it.

    For a letter that was not plain text: `layout` is what its file told of its shape, `pages` are the offsets at which
    its pages begin, `sha256` is that of the file.

    Nothing is raised for what a letter gets wrong: it is in the findings.
    """
    return _Letter(text, file, layout=layout, pages=pages, sha256=sha256).instrument()


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
    ) -> None:
        self.text = text
        self.file = file
        self.pages = pages
        self.sha256 = sha256 or hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        self.starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self.kinds = bytearray(len(text))
        self.findings: list[Finding] = []
        self.instructions: list[Instruction] = []
        self.savings: list[str] = []
        self.commencement: Commencement = None
        self.partly: list[tuple[str, Commencement, Clause]] = []
        self.items: set[str] = set()
        self.saving = False
        self.leads: list[tuple[Clause, ...]] = []
        self.used: set[int] = set()
        self.typed = bool(given)
        self.footnotes: tuple[Footnote, ...] = ()
        self.hyphens: tuple[Hyphen, ...] = ()
        self.unbalanced: tuple[int, ...] = ()
        if given:
            self.clauses = typed_lines(given)
        else:
            found = outline(text, layout)
            self.clauses, self.footnotes, self.hyphens = found.clauses, found.footnotes, found.hyphens
            self.unbalanced = found.unbalanced
            for span in spans(found):
                if span.kind in ("footnote", "furniture"):
                    self._mark(span.start, span.end, _CONTEXT_KIND)
        self.made = self._made()
        self.named = named_days(text)

    # --- the parts ----------------------------------------------------------------------------------------------------

    def _made(self) -> dt.date | None:
        try:
            return particulars.made(self.clauses)
        except Refused as refused:
            self._refuse(refused, 0, 0)
            return None

    def instrument(self) -> Instrument:
        clauses = self.clauses
        parts = (range(len(clauses)),) if self.typed else operative.parts(clauses, self._orders_something)
        for part in parts:
            self._inside(clauses[part.start : part.stop], ())
        parts = (*parts, *self._left_open(parts))
        self._outside(clause for n, clause in enumerate(clauses) if not any(n in part for part in parts))
        self._in_footnotes(parts)
        everything = list(walk(clauses))
        stated = Stated(
            particulars.annexes(everything), particulars.stated_versions(everything), particulars.names(everything)
        )
        instructions, problems = resolved(self._commencing(), stated)
        self.findings += problems
        self._twice()
        if not instructions and not any(each.severity == "error" for each in self.findings):
            hint = "is it a direction? see its text as read, where it came from a file with pages"
            self.findings.append(finding("SD101", "no sentence of this letter reads as an instruction", hint=hint))
        start = parts[0].start if parts else len(clauses)
        return Instrument(
            title=particulars.title(clauses),
            made=self.made,
            issuer=particulars.issuer(clauses) if self.made or start > 2 else None,
            addressees=particulars.addressees(clauses[:start]),
            powers=particulars.powers(words(each) for each in everything),
            names=stated.names,
            code=stated.code(),
            commencement=self.commencement,
            annexes=stated.annexes,
            savings=tuple(self.savings),
            sha256=self.sha256,
            instructions=instructions,
            findings=tuple(
                sorted(dict.fromkeys(self.findings), key=lambda each: each.source.start if each.source else 0)
            ),
            coverage=self._coverage(),
            file=self.file,
            text=self.text,
        )

    def _twice(self) -> None:
        """Point out what the letter orders twice, as where a line of it was copied twice."""
        first: dict[str, Instruction] = {}
        for each in self.instructions:
            key = repr((each.operation, each.commencement, each.effect))
            if key in first and each.effect == "textual":
                self.findings.append(
                    finding(
                        "SD206",
                        f"the letter orders this already on line {first[key].source.line}",
                        hint="take one of the two out",
                        source=each.source,
                        instruction=each.id,
                    )
                )
            first.setdefault(key, each)

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
        for leads in self.leads:
            lead = leads[-1]
            if lead.start in self.used:
                continue
            found = operative.annexed(self.clauses, words(lead), [*parts, *annexed])
            if found and found[1]:
                annexed.append(found[1])
                self._inside(self.clauses[found[1].start : found[1].stop], leads)
            if lead.start in self.used:
                continue
            if found:
                refused = Refused(
                    "SD108",
                    f"the changes are left to {found[0]}, in which no sentence reads as an instruction"
                    if found[1]
                    else f"the changes are left to {found[0]}, which is not in this text",
                    f"add the instructions of {found[0]} to the letter",
                )
            else:
                refused = Refused("SD101", "nothing stands under these words that would be directed by them")
            self._mark(lead.start, lead.end, _UNREAD_KIND)
            self._refuse(refused, 0, len(lead.text), lead)
        return tuple(annexed)

    def _outside(self, clauses: Iterable[Clause]) -> None:
        """Recitals, signature, annex list: context. One that reads as an order is pointed out."""
        for top in clauses:
            for clause in walk((top,)):
                self._mark(clause.start, clause.end, _CONTEXT_KIND)
            for leads, leaf in leaves(top, ()):
                text = words(leaf)
                if all(kinds.is_heading(words(lead)) for lead in leads) and _OWN_COMMENCEMENT.match(text):
                    self._is_general_commencement(leaf, text, leaf.label)
                    continue
                if (leaf.quotes or kinds.surely_orders(text)) and self._reads((*leads, leaf)):
                    self.findings.append(
                        finding(
                            "SD122",
                            "a sentence outside the operative part reads as an instruction; it is not applied",
                            hint="move it below the words that direct, if it is to change the code",
                            source=self.source(leaf, 0, len(leaf.text)),
                        )
                    )

    def _in_footnotes(self, parts: Sequence[range]) -> None:
        """A footnote to the operative part may not order, nor make exceptions: it is no place where that is read."""
        for note in self.footnotes:
            if note.anchor is None or not kinds.may_qualify(note.text):
                continue
            after = [
                self.clauses[part.stop].start if part.stop < len(self.clauses) else len(self.text) for part in parts
            ]
            if any(
                self.clauses[part.start].start <= note.anchor < end
                for part, end in zip(parts, after, strict=True)
                if part
            ):
                refused = Refused(
                    "SD101", "a footnote to the operative part may change what it orders", "put it into the sentence"
                )
                self._mark(note.start, note.end, _UNREAD_KIND)
                self.findings.append(
                    finding(
                        refused.code, refused.message, hint=refused.hint, source=self._place(note.start, note.end, None)
                    )
                )

    # --- sentences ----------------------------------------------------------------------------------------------------

    def _inside(self, clauses: Sequence[Clause], leads: tuple[Clause, ...]) -> None:
        """A part that directs: a sentence that goes on ("is amended as follows.") is a lead-in of what comes after."""
        standing = leads
        for clause in with_rows(clauses):
            self.saving = False
            if kinds.DIRECTS.search(words(clause)):
                standing = leads
            *before, last = sentences(clause)
            for part in before:
                standing = self._stands(self._sentence(part, standing, ()), standing, leads)
            if last.children:
                self._list(last, standing, ())
            else:
                standing = self._stands(self._sentence(last, standing, ()), standing, leads)

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
        outer = leads
        plain = kinds.is_heading(words(last))
        if not plain:
            outer = (*leads, msgspec.structs.replace(last, children=(), label=None))
        if last.block:
            self._sentence(msgspec.structs.replace(last, children=()), leads, item)
        standing = outer
        for child in last.children:
            if child.children:
                self._list(child, standing, item)
                continue
            for sentence in sentences(child):
                standing = self._stands(self._sentence(sentence, standing, (*item, child.label or "")), standing, outer)
        read = len(self.instructions) > known
        self._mark(lead.start, lead.end, _OPERATION_KIND if read else _CONTEXT_KIND if plain else _UNREAD_KIND)

    def _sentence(self, sentence: Clause, leads: tuple[Clause, ...], item: tuple[str, ...]) -> Clause | None:
        """One sentence: an order, context, or not understood. Returns it where it is a lead-in of what comes after."""
        if not item and sentence.label is not None:
            item = (sentence.label,)
        label = "".join(item) or None
        text = words(sentence)
        if not text.strip(" .;:,–—-"):
            self._mark(sentence.start, sentence.end, _CONTEXT_KIND)
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
            self._refuse(two_readings(), 0, len(sentence.text), sentence, label)
        self._mark(sentence.start, sentence.end, _OPERATION_KIND)
        ident = f"{self.sha256[:12]}:{self._item(label, sentence)}"

        def place(start: int, end: int, clause: Clause) -> Source:
            return self.source(clause, start, end, label)

        made, remarks = instructions_of(found, clauses, place, self.made, ident, self.named)
        self.instructions += made
        self.findings += remarks
        for each in clauses:
            self._check_marks(each, label)
        self._check_redline(sentence, label)
        self._check_hyphens(sentence, label)
        return None

    def _check_marks(self, clause: Clause, label: str | None) -> None:
        """Refuse a clause of an order in which a quotation mark has no fellow: what is quoted may end elsewhere."""
        alone = [at for at in self.unbalanced if clause.start <= at < clause.end]
        alone += [clause.offsets[found.end() - 1] for found in _STRAY.finditer(clause.text)]
        for at in alone[:1]:
            self.findings.append(
                finding(
                    "SD109",
                    "this quotation mark has no fellow, so that what is quoted may begin or end elsewhere",
                    hint="put the missing mark in, or take this one out",
                    source=self._place(at, at + 1, label),
                )
            )

    def _check_redline(self, sentence: Clause, label: str | None) -> None:
        for start, end in kinds.redline(self.text[sentence.start : sentence.end]):
            place = self._place(sentence.start + start, sentence.start + end, label)
            self.findings.append(
                finding(
                    "SD123",
                    "this looks like old and new words run together, as when a marked-up text loses its marks",
                    hint="compare it with the letter as it was signed",
                    source=place,
                )
            )
            return

    def _check_hyphens(self, sentence: Clause, label: str | None) -> None:
        """Note each hyphen at a line's end in the words that are quoted or set out, which go into the code."""
        places = [(each.start, each.end) for each in sentence.quotes]
        if sentence.block:
            places.append((sentence.offsets[-1], sentence.end))
        for hyphen in self.hyphens:
            if any(start <= hyphen.offset < end for start, end in places):
                what = "kept" if hyphen.kept else "taken for a mark of division"
                known = (
                    "as the letter has the word elsewhere" if hyphen.known else "since nothing else in the letter tells"
                )
                self.findings.append(
                    finding(
                        "SD124",
                        f"the hyphen at the end of this line was {what}, {known}",
                        source=self._place(hyphen.offset, hyphen.offset + 1, label),
                    )
                )

    def _other(self, clauses: tuple[Clause, ...], label: str | None, text: str, unread: Unread) -> Clause | None:
        *above, sentence = clauses
        leads = tuple(above)
        if self._is_general_commencement(sentence, text, label) or self._is_partial_commencement(sentence, text):
            return None
        if not sentence.block and opens(clauses, label is None and text.endswith((":", "—", "–"))):
            stands = label is None or not text.endswith((";", "and", "or", ","))
            self._mark(sentence.start, sentence.end, _OPERATION_KIND)
            self.leads.append(clauses)
            return sentence if stands and kinds.ELSEWHERE.search(text) is None else None
        # "2. Section H" above 2.1 and 2.2 is a heading, though it bears a number.
        heads = (label is None or label.rstrip(".").isdigit()) and not sentence.block and not self.typed
        place = kinds.place_heading(sentence.text) if heads else None
        if place is not None:
            heading = first_part(sentence, place)
            if names_place((*leads, heading)):
                self._mark(sentence.start, sentence.end, _OPERATION_KIND)
                return heading
        elif self._is_context(sentence, text, free=not leads or (label is None and not sentence.quotes)):
            self._mark(sentence.start, sentence.end, _CONTEXT_KIND)
            return None
        self._mark(sentence.start, sentence.end, _UNREAD_KIND)
        self.used.update(lead.start for lead in leads)
        # What is wrong with a lead-in is said once, and not of each item under it.
        named = label if unread.clause == len(leads) else None
        why = kinds.unexecutable(sentence) if unread.refused.code == "SD101" else None
        if why is not None:
            hint = "quote the words that change and those that take their place, or set the item aside with a reason"
            self._refuse(Refused("SD108", why, hint), 0, len(sentence.text), sentence, label)
            return None
        self._refuse(unread.refused, unread.start, unread.end, clauses[unread.clause], named)
        # What stands under a heading that is not read is not read without it.
        return sentence if place is not None else None

    def _is_context(self, sentence: Clause, text: str, *, free: bool) -> bool:
        """Whether a sentence that is no order is known for what it is; `free`: it is no item of what is directed."""
        if operative.HEADING.fullmatch(text) or kinds.is_heading(text):
            return True
        if kinds.is_saving(text) or (self.saving and not sentence.quotes and not kinds.surely_orders(text)):
            # What follows a saving in its paragraph goes on with it.
            self.savings.append(text)
            self.saving = True
            return True
        if self.typed:
            return False
        return kinds.is_context(text) or (free and not kinds.may_order(sentence, text))

    # --- when ---------------------------------------------------------------------------------------------------------

    def _is_general_commencement(self, sentence: Clause, text: str, label: str | None) -> bool:
        """Whether a sentence is the letter's own clause of commencement, which is kept where it is."""
        found = kinds.COMMENCES.match(text)
        if found is None or sentence.quotes or _GOES_ON.search(text):
            return False
        try:
            day = commencement(found["verb"], self.made, self.named)
            if self.commencement not in (None, day):
                raise Refused("SD103", "the letter states two commencements for the whole of it", "keep one")
            self.commencement = day
        except Refused as refused:
            self._refuse(refused, 0, len(sentence.text), sentence, label)
        self._mark(sentence.start, sentence.end, _OPERATION_KIND)
        return True

    def _is_partial_commencement(self, sentence: Clause, text: str) -> bool:
        """Whether a sentence says when some of the items take effect."""
        parts = kinds.partly(text)
        if not parts or sentence.quotes or _GOES_ON.search(text):
            return False
        for labels, when in parts:
            try:
                self.partly.append((labels, commencement(when, self.made, self.named), sentence))
            except Refused as refused:
                self._refuse(refused, 0, len(sentence.text), sentence)
        self._mark(sentence.start, sentence.end, _OPERATION_KIND)
        return True

    def _commencing(self) -> list[Instruction]:
        """The instructions, those without a day of their own with the day that the letter gives their item, or all."""
        result = list(self.instructions)
        stated: dict[str, Commencement] = {}
        for labels, day, sentence in self.partly:
            named = kinds.items_named(labels, [each.source.item or "" for each in result])
            if not named:
                refused = Refused("SD101", f"“{labels}” names no item of this letter", "name the items as they stand")
                self._refuse(refused, 0, len(sentence.text), sentence)
            for number in named:
                each = result[number]
                if stated.setdefault(each.id, each.commencement or day) != day:
                    refused = Refused("SD103", "the letter states two commencements for one item", "keep one")
                    self._refuse(refused, 0, len(sentence.text), sentence)
        for number, each in enumerate(result):
            if each.commencement is None:
                day = stated.get(each.id, self.commencement)
                result[number] = msgspec.structs.replace(each, commencement=day)
        return result

    # --- places -------------------------------------------------------------------------------------------------------

    def _item(self, label: str | None, sentence: Clause) -> str:
        name = label or f"line {self._line(sentence.start)}"
        if name in self.items:
            name = f"{name} (line {self._line(sentence.start)})"
        while name in self.items:
            name += "+"
        self.items.add(name)
        return name

    def _line(self, offset: int) -> int:
        return bisect_right(self.starts, offset)

    def source(self, clause: Clause, start: int, end: int, label: str | None = None) -> Source:
        """The place in the letter of a stretch of a clause's text."""
        offsets = clause.offsets
        first = offsets[min(start, len(offsets) - 1)]
        last = offsets[min(end, len(offsets) - 1)]
        if 0 < end <= len(clause.text) and clause.text[end - 1] == QUOTE:
            last = max(last, clause.quotes[clause.text.count(QUOTE, 0, end - 1)].end)
        return self._place(first, max(last, first), label)

    def _place(self, start: int, end: int, label: str | None) -> Source:
        line = self._line(start)
        page = bisect_right(self.pages, start) or None
        return Source(self.file, page, label, line, start - self.starts[line - 1] + 1, start, end)

    def _refuse(
        self, refused: Refused, start: int, end: int, clause: Clause | None = None, label: str | None = None
    ) -> None:
        source = self.source(clause, start, end, label) if clause else None
        self.findings.append(finding(refused.code, refused.message, hint=refused.hint, source=source))

    def _mark(self, start: int, end: int, kind: int) -> None:
        self.kinds[start:end] = bytes([kind]) * (end - start)

    def _coverage(self) -> Coverage:
        counts = [0, 0, 0, 0]
        runs: list[tuple[str, int, int]] = []
        for at, kind in enumerate(self.kinds):
            if self.text[at].isspace():
                continue
            counts[kind] += 1
            name = _KINDS[kind]
            if runs and runs[-1][0] == name:
                runs[-1] = (name, runs[-1][1], at + 1)
            else:
                runs.append((name, at, at + 1))
        return Coverage(
            characters=sum(counts),
            operation=counts[_OPERATION_KIND],
            context=counts[_CONTEXT_KIND],
            not_understood=counts[0] + counts[_UNREAD_KIND],
            spans=tuple(runs),
        )


_UNREAD_KIND, _OPERATION_KIND, _CONTEXT_KIND = 3, 1, 2
_KINDS = ("not_understood", "operation", "context", "not_understood")


def _all_quoted(lexemes: Sequence[Lexeme]) -> None:
    """Refuse a word that a letter orders without quotation marks: only what is typed leaves them out. Raises Unread."""
    for each in lexemes:
        if each.type == "BARE" and not each.text.startswith("["):
            refused = Refused("SD101", f"“{each.text}” is not in quotation marks", "quote the words that are meant")
            raise Unread(refused, each.clause, each.start, each.end)
