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

from secdefs import particulars
from secdefs.commencement import Commencement, commencement, named_days
from secdefs.findings import Finding, Refused, Source, finding
from secdefs.lexer import QUOTE
from secdefs.model import Ref
from secdefs.operations import IncorporateDocument, InsertProvision, InsertWords, Operation, ReincorporateDocument
from secdefs.outline import Clause, outline, sentences, spans, walk
from secdefs.outline import clause as one_clause
from secdefs.parse import Coverage, Instruction, Unread, instructions_of, opens, orders
from secdefs.particulars import Annex, words
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


# Where a letter begins to direct, and where it has ended. Recitals tell of directing; only a direction does it.
_DIRECTS = re.compile(
    r"\b(?:directs?(?:,| that| the following)|hereby (?:directs?|modif(?:y|ies)|makes?|designates?|amends?)"
    r"|makes? the following (?:modifications?|amendments?|changes?)|(?:is|are) hereby (?:directed|modified|amended))\b"
)
_HEADING = re.compile(r"(?:The )?(?:Direction|Modifications?|Amendments?)s?\.?", re.I)
_SIGNED = re.compile(
    r"(?:Yours (?:faithfully|sincerely|truly)|Signed\b|For and on behalf of|Annex(?:es)?\b(?!\w* [A-Z]\b.*shall))"
)
# Sentences of an operative part that order nothing: what they say is kept, and changes no text.
_SAVING = re.compile(r"For the avoidance of doubt|Nothing in th(?:is|ese)|.*\bwithout prejudice to\b|.*\bsavings?\b")
_CONTEXT = re.compile(
    r"Words and expressions\b|(?:In|For the purposes of) this (?:direction|letter|notice)\b"
    r"|This (?:direction|letter|notice) (?:is (?:being )?(?:made|given|notified|published|issued|sent|addressed)"
    r"|may be cited|has been|constitutes|extends)|The annexes? to this|A copy of this|In consequence of"
)
_STEM = (
    r"(?:re-?)?(?:amend|substitut|insert|omit|delet|replac|remov|add(?:s|ed|ing)?\b|introduc|designat|incorporat|extend|chang"
    r"|modif|number|letter|renam|revok|repeal|ceas|activat|updat|correct|redact|mov(?:e[sd]?|ing)\b|includ|read(?:s|ing)?\b)"
)
_IMPERATIVE = re.compile(r"\b(?:omit|insert|substitute|replace|delete|add|remove)\b", re.I)
# A sentence that may order something, whether or not the grammar reads it: it is never taken for mere context.
_AMENDING = re.compile(
    rf"\b(?:shall|must|hereby|no later than|takes? effect|comes? into force)\b"
    rf"|\b(?:will|should|is|are|was|were|be|been|to)(?: \w+){{0,3}}? {_STEM}|^{_STEM}"
    rf"|(?<!as )\b{_STEM}\w*s\b(?! (?:to|in|of|that|which|by)\b)",
    re.I,
)
_COMMENCES = re.compile(
    r"(?:This|These|The) (?:following )?(?:direction|letter|notice|modifications?|amendments?|changes?)\b[^\ue000]*?"
    r"\b(?:come|take|have|has|appl|effective|commence)"
)

# A commencement clause is one sentence: words after its stop that the outline left with it are no part of it.
_GOES_ON = re.compile(r"[.;] +[A-Z]")


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
        self.items: set[str] = set()
        self.saving = False
        self.typed = bool(given)
        if given:
            self.clauses = _lines(given)
            self.footnotes: tuple[str, ...] = ()
        else:
            found = outline(text, layout)
            self.clauses = found.clauses
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

    def _operative(self) -> tuple[int, int]:
        """The clauses from the first that directs to the last before the signature; all that is typed is an order."""
        if self.typed:
            return 0, len(self.clauses)
        start = next((n for n, each in enumerate(self.clauses) if _DIRECTS.search(_whole(each))), None)
        if start is None:
            start = next((n for n, each in enumerate(self.clauses) if self._orders_something(each)), len(self.clauses))
        heading = next((n for n, each in enumerate(self.clauses[:start]) if _HEADING.fullmatch(each.text)), None)
        if heading is not None:
            start = heading
        rest = range(start, len(self.clauses))
        end = next((n for n in rest if n > start and _SIGNED.match(self.clauses[n].text)), len(self.clauses))
        while end > start + 1 and self._is_signature(self.clauses[end - 1]):
            end -= 1
        return start, end

    def _orders_something(self, clause: Clause) -> bool:
        return any(self._try((*leads, each)) for leads, each in _leaves(clause, ()))

    def _try(self, clauses: tuple[Clause, ...]) -> bool:
        try:
            orders(clauses)
        except Unread:
            return False
        return True

    def _is_signature(self, clause: Clause) -> bool:
        text = words(clause)
        return (
            clause.label is None
            and not clause.children
            and len(text) < 160
            and not text.endswith((".", ":", ";", "—"))
            and not _AMENDING.search(text)
            and not clause.quotes
        )

    def instrument(self) -> Instrument:
        start, end = self._operative()
        self._outside((*self.clauses[:start], *self.clauses[end:]))
        self._inside(self.clauses[start:end])
        everything = list(walk(self.clauses))
        names = particulars.names(everything)
        code = _code(names)
        annexes = particulars.annexes(everything)
        said = particulars.stated_versions(everything)
        resolved = []
        for each in self.instructions:
            operation = _of_this_code(each.operation, code)
            operation = self._with_version(each, operation, annexes, said, names)
            resolved.append(msgspec.structs.replace(each, operation=operation))
        if self.commencement is not None:
            resolved = [
                msgspec.structs.replace(each, commencement=each.commencement or self.commencement) for each in resolved
            ]
        return Instrument(
            title=particulars.title(self.clauses),
            made=self.made,
            issuer=particulars.issuer(self.clauses) if self.made or start > 2 else None,
            addressees=particulars.addressees(self.clauses[:start]),
            powers=particulars.powers(words(each) for each in everything),
            names=names,
            code=code,
            commencement=self.commencement,
            annexes=annexes,
            savings=tuple(self.savings),
            sha256=self.sha256,
            instructions=tuple(resolved),
            findings=tuple(
                sorted(dict.fromkeys(self.findings), key=lambda each: each.source.start if each.source else 0)
            ),
            coverage=self._coverage(),
            file=self.file,
            text=self.text,
        )

    # --- sentences ----------------------------------------------------------------------------------------------------

    def _outside(self, clauses: Iterable[Clause]) -> None:
        """Recitals, signature, annex list: context. One that reads as an order is pointed out."""
        for top in clauses:
            for clause in walk((top,)):
                self._mark(clause.start, clause.end, _CONTEXT_KIND)
            for leads, leaf in _leaves(top, ()):
                if QUOTE in leaf.text and self._try((*leads, leaf)):
                    source = self.source(leaf, 0, len(leaf.text))
                    self.findings.append(
                        finding(
                            "SD122",
                            "a sentence outside the operative part reads as an instruction; it is not applied",
                            hint="move it below the words that direct, if it is to change the code",
                            source=source,
                        )
                    )

    def _inside(self, clauses: Sequence[Clause]) -> None:
        """The operative part: a sentence that goes on ("is amended as follows.") is a lead-in of what comes after."""
        standing: tuple[Clause, ...] = ()
        for clause in clauses:
            self.saving = False
            parts = sentences(clause)
            for part in parts[:-1]:
                standing = self._sentence(part, standing, ()) or standing
            last = parts[-1]
            if last.children:
                self._list(last, standing, ())
            else:
                standing = self._sentence(last, standing, ()) or standing

    def _list(self, lead: Clause, leads: tuple[Clause, ...], item: tuple[str, ...]) -> None:
        """A lead-in and its items. The lead-in itself is an operation's if any item under it is."""
        item = (*item, lead.label) if lead.label else item
        known = len(self.instructions)
        *before, last = sentences(lead)
        for sentence in before:
            self._sentence(sentence, leads, item)
        leads = (*leads, msgspec.structs.replace(last, children=(), label=None))
        if last.block:
            self._sentence(msgspec.structs.replace(last, children=()), leads[:-1], item)
        for child in last.children:
            if child.children:
                self._list(child, leads, item)
            else:
                *first, end = sentences(child)
                for sentence in first:
                    self._sentence(sentence, leads, (*item, child.label or ""))
                self._sentence(end, leads, (*item, child.label or ""))
        read = len(self.instructions) > known
        self._mark(lead.start, lead.end, _OPERATION_KIND if read else _UNREAD_KIND)

    def _sentence(
        self, sentence: Clause, leads: tuple[Clause, ...], item: tuple[str, ...]
    ) -> tuple[Clause, ...] | None:
        """One sentence: an order, context, or not understood. Returns the lead-ins that it begins, where it does."""
        if not item and sentence.label is not None:
            item = (sentence.label,)
        label = "".join(item) or None
        text = words(sentence)
        if not text.strip(" .;:,–—-"):
            self._mark(sentence.start, sentence.end, _CONTEXT_KIND)
            return None
        clauses = (*leads, sentence)
        try:
            found, _ = orders(clauses)
        except Unread as unread:
            return self._other(clauses, label, text, unread)
        self._check_other_readings(clauses, found, label)
        self._mark(sentence.start, sentence.end, _OPERATION_KIND)
        ident = f"{self.sha256[:12]}:{self._item(label, sentence)}"

        def place(start: int, end: int, clause: Clause) -> Source:
            return self.source(clause, start, end, label)

        made, remarks = instructions_of(found, clauses, place, self.made, ident, self.named)
        self.instructions += made
        self.findings += remarks
        return None

    def _check_other_readings(self, clauses: tuple[Clause, ...], found: Sequence[object], label: str | None) -> None:
        leaf = clauses[-1]
        mine = [getattr(each, "operation", None) for each in found]
        for other in leaf.others:
            try:
                theirs, _ = orders((*clauses[:-1], other))
            except Unread:
                continue
            if [each.operation for each in theirs] != mine:
                self._refuse(
                    Refused(
                        "SD109",
                        "the quotation marks can be paired in two ways, which order different things",
                        "use double quotation marks",
                    ),
                    0,
                    len(leaf.text),
                    leaf,
                    label,
                )
                return

    def _other(
        self, clauses: tuple[Clause, ...], label: str | None, text: str, unread: Unread
    ) -> tuple[Clause, ...] | None:
        *above, sentence = clauses
        leads = tuple(above)
        if _COMMENCES.match(text) and not sentence.quotes and not _GOES_ON.search(text):
            try:
                day = commencement(text, self.made, self.named)
                if self.commencement not in (None, day):
                    raise Refused("SD103", "the letter states two commencements for the whole of it", "keep one")
                self.commencement = day
            except Refused as refused:
                self._refuse(refused, 0, len(sentence.text), sentence, label)
            self._mark(sentence.start, sentence.end, _OPERATION_KIND)
            return None
        if label is None and not sentence.block and opens(clauses, text.endswith((":", "—", "–"))):
            # Nothing hangs on it: what comes after stands under it.
            self._mark(sentence.start, sentence.end, _OPERATION_KIND)
            return (*leads, sentence)
        if _HEADING.fullmatch(text):
            self._mark(sentence.start, sentence.end, _CONTEXT_KIND)
            return ()
        if _SAVING.match(text) or (self.saving and not sentence.quotes):
            # What follows a saving in its paragraph goes on with it.
            self.savings.append(text)
            self.saving = True
            self._mark(sentence.start, sentence.end, _CONTEXT_KIND)
            return ()
        if label is None and not self.typed and (_CONTEXT.match(text) or not self._may_order(sentence, text)):
            self._mark(sentence.start, sentence.end, _CONTEXT_KIND)
            return ()
        self._mark(sentence.start, sentence.end, _UNREAD_KIND)
        # What is wrong with a lead-in is said once, and not of each item under it.
        named = label if unread.clause == len(leads) else None
        self._refuse(unread.refused, unread.start, unread.end, clauses[unread.clause], named)
        return None

    @staticmethod
    def _may_order(sentence: Clause, text: str) -> bool:
        """Whether a sentence of the operative part may be an order, though the grammar does not read it."""
        directs = _DIRECTS.search(text) or (sentence.quotes and _IMPERATIVE.search(sentence.text))
        return directs is not None or _AMENDING.search(text) is not None

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
        line = self._line(first)
        return Source(
            self.file,
            bisect_right(self.pages, first) or None,
            label,
            line,
            first - self.starts[line - 1] + 1,
            first,
            max(last, first),
        )

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

    # --- documents ----------------------------------------------------------------------------------------------------

    def _with_version(
        self,
        instruction: Instruction,
        operation: Operation,
        annexes: tuple[Annex, ...],
        said: dict[str, set[str]],
        names: dict[str, str],
    ) -> Operation:
        """The operation with the version that the annex list or the body states for the annex it names."""
        match operation:
            case IncorporateDocument(annex=str(cited)) | ReincorporateDocument(annex=str(cited)):
                pass
            case _:
                return operation
        label, _, whose = cited.partition(" of ")
        listed = [each for each in annexes if each.label == label]
        versions = {each.version for each in listed if each.version} | said.get(label, set())
        problem = None
        if whose and whose not in names:
            problem = Refused(
                "SD106", f"Annex {cited} is not an annex of this letter", "apply that letter, or say which"
            )
        elif not listed and not versions:
            problem = Refused(
                "SD106", f"Annex {label} is not listed", "list the annexes with their titles and versions"
            )
        elif len(versions) > 1:
            problem = Refused(
                "SD107",
                f"the letter states different versions of Annex {label}: {' and '.join(sorted(versions))}",
                "correct the annex list or the body",
            )
        if problem is not None:
            self.findings.append(
                finding(
                    problem.code,
                    problem.message,
                    hint=problem.hint,
                    source=instruction.source,
                    instruction=instruction.id,
                )
            )
            return operation
        version = next(iter(versions), None)
        return msgspec.structs.replace(operation, version=version, annex=label)


_UNREAD_KIND, _OPERATION_KIND, _CONTEXT_KIND = 3, 1, 2
_KINDS = ("not_understood", "operation", "context", "not_understood")


def _start(found: Finding) -> int:
    return found.source.start if found.source else 0


def _whole(clause: Clause) -> str:
    return words(clause) + " " + " ".join(words(each) for each in walk(clause.children))


def _lines(given: tuple[str, ...]) -> tuple[Clause, ...]:
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


def _leaves(clause: Clause, leads: tuple[Clause, ...]) -> Iterable[tuple[tuple[Clause, ...], Clause]]:
    """Each sentence with the lead-ins it stands under."""
    *before, last = sentences(clause)
    for sentence in before:
        yield leads, sentence
    if not last.children:
        yield leads, last
        return
    for child in last.children:
        yield from _leaves(child, (*leads, msgspec.structs.replace(last, children=(), label=None)))


def _code(names: dict[str, str]) -> tuple[str, ...]:
    """The names of the one code that the letter names; none where it names no code, or two."""
    codes = {meaning for meaning in names.values() if re.search(r"\bCode$", meaning)}
    if len(codes) != 1:
        return ()
    (title,) = codes
    return (title, *(name for name, meaning in names.items() if meaning == title))


def _of_this_code(operation: Operation, code: tuple[str, ...]) -> Operation:
    """The operation with the names of the letter's own code taken out of its references: null is this code."""

    def own(place: Ref) -> Ref:
        return msgspec.structs.replace(place, work=None) if place.work in code else place

    operation = msgspec.structs.replace(operation, target=own(operation.target))
    match operation:
        case InsertWords(at=spot) | InsertProvision(at=spot) if spot.ref is not None:
            return msgspec.structs.replace(operation, at=msgspec.structs.replace(spot, ref=own(spot.ref)))
    return operation
