"""Letters from Word files: a paragraph is a line, its label computed; footnotes and running lines come last."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from secdefs.findings import Finding, SecdefsError, Source, finding
from secdefs.outline.quotations import LABEL
from secdefs.outline.shapes import Footnote, Layout
from secdefs.read.encoding import shown
from secdefs.read.numbering import numeral
from secdefs.read.package import Package, W
from secdefs.read.revisions import Existing
from secdefs.read.runs import SPACES, Stretch, blocks, cells, divided, nodes, rows, stretch_of, text
from secdefs.read.word import Word, words_of

_HALF_EM = 110
"""Half an em of the usual size of letters, in twentieths of a point: what one space of indentation stands for."""

_NOTES = {f"{W}footnoteReference": ("footnotes", "decimal"), f"{W}endnoteReference": ("endnotes", "lowerRoman")}


def text_of_docx(data: bytes, name: str, existing: Existing | None) -> tuple[str, Layout, tuple[Finding, ...]]:
    """The text of a letter in a Word file, what the file tells of its shape, and what could not be read of it.

    A line is a paragraph, or a row of a table; after the last come the footnotes and then the running lines. `existing`
    says what to do with tracked changes. Raises `SecdefsError` for a file that cannot be read, for tracked changes
    when `existing` is null, and for words that are struck out by hand unless it accepts that they go.
    """
    word = Word(Package(data, name), existing)
    struck = tuple(word.struck())
    if struck and existing != "accept":
        first = words_of(run for run in struck if _paragraph(run) is _paragraph(struck[0]))
        raise SecdefsError(
            f"{name}: “{shown(first)}” is struck out: say --accept-existing to read the letter without what is struck "
            "out, or take that out in Word"
        )
    for run in struck:
        _parent(run).remove(run)
    return _Letter(word, struck=len(struck)).read()


class _Letter:
    """A letter being read: its lines so far, and the footnotes that they have."""

    def __init__(self, word: Word, *, struck: int = 0) -> None:
        self.word = word
        self.struck = struck
        self.chars: list[str] = []
        self.size = 0
        self.marks: list[tuple[str, str, str, int]] = []  # kind, id, mark, place in the text
        self.counts = dict.fromkeys(("footnotes", "endnotes"), 0)
        self.findings: list[Finding] = []

    def read(self) -> tuple[str, Layout, tuple[Finding, ...]]:
        for block in blocks(self.word.body):
            if block.tag == f"{W}p":
                for line in self.lines(block):
                    self.add(*line)
            else:
                self.table(block)
        footnotes = tuple(self.footnotes())
        furniture = tuple(self.add(0, words) for words in dict.fromkeys(self.running()) if words)
        for what, words in self.word.unread():
            quoted = f": “{shown(words)}”" if words else ""
            self.say(
                f"the words of {what} are not read{quoted}", "see that they order nothing, or put them into the text"
            )
        if self.word.changed:
            self.say("the letter had tracked changes; they were settled as asked before it was read", None, "SD512")
        if self.struck:
            self.say("words of the letter are struck out; it was read without them, as asked", None, "SD512")
        return "".join(self.chars), Layout(footnotes, furniture), tuple(self.findings)

    def say(self, message: str, hint: str | None, code: str = "SD511") -> None:
        weight = "note" if code == "SD512" else "warning"
        source = Source(self.word.package.name, None, None, 1, 1, 0, 0)
        self.findings.append(
            finding(code, message, hint=hint, source=source, weight="note" if weight == "note" else "warning")
        )

    def add(self, indent: int, words: str, notes: tuple[tuple[str, str, str, int], ...] = ()) -> tuple[int, int]:
        """Add a line; where it stands, its indentation not counted. `notes` are the footnotes' marks in its words."""
        start = self.size + indent
        self.chars += [" " * indent, words, "\n"]
        self.size = start + len(words) + 1
        self.marks += [(kind, ident, mark, start + at) for kind, ident, mark, at in notes]
        return start, start + len(words)

    def lines(self, paragraph: etree._Element) -> Iterator[tuple[int, str, tuple[tuple[str, str, str, int], ...]]]:
        """The lines of a paragraph: how far each is indented, its words, and the marks of footnotes in them."""
        found: list[Stretch] = []
        notes: dict[int, tuple[str, str, str]] = {}  # by the index of the stretch that is the mark
        for node in nodes(paragraph, self.word.hidden):
            if node.tag in _NOTES:
                kind, form = _NOTES[str(node.tag)]
                if node.get(f"{W}customMarkFollows") not in (None, "0", "false"):
                    continue  # its mark is in the text
                self.counts[kind] += 1
                mark = numeral(self.counts[kind], form) or str(self.counts[kind])
                notes[len(found)] = (kind, node.get(f"{W}id", ""), mark)
                found.append(Stretch(mark, node))
            elif (read := stretch_of(node)).text:
                found.append(read)
        marked = {id(found[at].node): note for at, note in notes.items()}
        label = self.word.labels.get(paragraph)
        if label is not None and not label.known:
            self.say(f"the numbers of a list are of a kind that is not read: “{label.text}” may look otherwise", None)
        lead = f"{label.text} " if label is not None else ""
        indent = max(round(self.word.indent(paragraph).first / _HALF_EM), 0)
        pending: list[Stretch] = []
        parts = divided(tuple(found))
        for number, (_, stretches) in enumerate(parts):
            pending += stretches
            after = text(parts[number + 1][1]).lstrip(SPACES) if number + 1 < len(parts) else ""
            if after[:1].islower() and LABEL.match(after) is None:
                pending.append(Stretch(" ", None))  # a break inside a sentence
                continue
            words, places = _line(lead, pending, marked)
            if words.strip():
                yield indent, words, places
                lead = ""
            pending = []

    def table(self, table: etree._Element) -> None:
        """A row is a line, its cells parted by dashes; where the first of two is a term, as a definition is written."""
        for row in rows(table):
            filled = [(cell, found) for cell in cells(row) if (found := list(self.cell(cell)))]
            if not filled:
                continue
            if len(filled) == 2 and len(filled[0][1]) == 1 and (term := self.term(filled[0][0], filled[0][1][0][1])):
                first, *rest = filled[1][1]
                self.joined([((0, term, ()), " "), (first, "")])
            else:
                firsts = [found[0] for _, found in filled]
                self.joined([(each, " – " if number + 1 < len(firsts) else "") for number, each in enumerate(firsts)])
                rest = [line for _, found in filled for line in found[1:]]
            for indent, words, notes in rest:
                self.add(indent + 2, words, notes)

    def cell(self, cell: etree._Element) -> Iterator[tuple[int, str, tuple[tuple[str, str, str, int], ...]]]:
        for block in blocks(cell):
            if block.tag == f"{W}p":
                yield from self.lines(block)
            else:
                for row in rows(block):
                    inner = [" ".join(words for _, words, _ in self.cell(each)) for each in cells(row)]
                    yield 0, " – ".join(words for words in inner if words), ()

    def term(self, cell: etree._Element, words: str) -> str | None:
        """The term in the first cell of a row, in quotation marks; None where nothing shows that it is one."""
        if words[:1] in '“"' and words[-1:] in '”"':
            return words
        stretches = [each for block in blocks(cell) for each in self.word.stretches(block) if each.text.strip()]
        bold = all(each.node is not None and self.word.bold(_run(each.node)) for each in stretches)
        return f"“{words}”" if bold and stretches and len(words) < 120 else None

    def joined(self, parts: list[tuple[tuple[int, str, tuple[tuple[str, str, str, int], ...]], str]]) -> None:
        words = ""
        notes: list[tuple[str, str, str, int]] = []
        for (_, each, marks), after in parts:
            notes += [(kind, ident, mark, len(words) + at) for kind, ident, mark, at in marks]
            words += each + after
        self.add(parts[0][0][0], words, tuple(notes))

    def footnotes(self) -> Iterator[Footnote]:
        bodies: dict[tuple[str, str], etree._Element] = {}
        for kind in self.counts:
            root = self.word.package.tree_beside(kind)
            for note in root if root is not None else ():
                bodies[kind, note.get(f"{W}id", "")] = note
        for kind, ident, mark, anchor in self.marks:
            body = bodies.get((kind, ident))
            lines = [block for block in blocks(body) if block.tag == f"{W}p"] if body is not None else []
            words = " ".join(self.word.text(line) for line in lines)
            words = " ".join(words.split())
            start, end = self.add(0, f"{mark} {words}".rstrip())
            yield Footnote(mark, words, start, end, anchor)

    def running(self) -> Iterator[str]:
        """The lines of headers and footers."""
        package = self.word.package
        for kind, part in package.related(package.document):
            if kind.rpartition("/")[2] in ("header", "footer") and part in package.parts:
                for paragraph in package.tree(part).iter(f"{W}p"):
                    yield self.word.text(paragraph)


def _line(
    lead: str, stretches: list[Stretch], marked: dict[int, tuple[str, str, str]]
) -> tuple[str, tuple[tuple[str, str, str, int], ...]]:
    """The words of a line with one space for each run of spaces, and the footnotes' marks with their places."""
    words, notes = lead, []
    for each in stretches:
        note = marked.get(id(each.node)) if each.node is not None else None
        if note is not None:
            notes.append((*note, len(words)))
        for character in each.text:
            blank = character in " \t"
            if not (blank and (not words or words[-1] == " ")):
                words += " " if blank else character
    return words.rstrip(" "), tuple(notes)


def _paragraph(run: etree._Element) -> etree._Element:
    return next(run.iterancestors(f"{W}p"))


def _parent(run: etree._Element) -> etree._Element:
    parent = run.getparent()
    assert parent is not None
    return parent


def _run(node: etree._Element) -> etree._Element:
    return next(node.iterancestors(f"{W}r"))
