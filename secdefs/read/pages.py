"""A letter from the pages of a PDF file: its text, where its pages begin, its footnotes and running lines, and what a
reader of the text should know of the file."""

from __future__ import annotations

from collections.abc import Sequence

from secdefs.findings import Finding, SecdefsError, Severity, Source, finding
from secdefs.outline.shapes import Footnote, Hyphen, Layout
from secdefs.read.encoding import shown
from secdefs.read.footnotes import anchored, without_notes
from secdefs.read.layout import Line, in_columns, lines_of
from secdefs.read.pdf import Page, pages_of
from secdefs.read.reflow import Broken, Paragraph, Reflow
from secdefs.read.running import without_running


def text_of_pdf(data: bytes, file: str) -> tuple[str, tuple[int, ...], Layout, tuple[Finding, ...]]:
    """The text of a PDF letter, the offsets at which its pages begin, its layout, and what there is to say of it.

    Raises `SecdefsError` for a file that cannot be read, and for words that are struck out: what is gone, and what
    stands, only the drafter knows.
    """
    pages = pages_of(data, file)
    struck = next((page for page in pages if page.struck), None)
    if struck is not None:
        raise SecdefsError(
            f"{file}: “{shown(struck.struck[0])}” on page {struck.number} is struck out: take the letter without marks"
        )
    parted = without_running([lines_of(page) for page in pages], [page.height for page in pages])
    lines = in_columns(pages, parted.pages)
    found = without_notes(pages, lines)
    told = _told(found.body)
    plain = Reflow(anchored(found.body, found), pages)
    reflow = Reflow(anchored(_as_tagged(found.body), found), pages) if told else plain
    paragraphs = reflow.paragraphs(tagged=told)
    letter = _Composed(paragraphs, reflow, parted.running, len(pages))
    say = _Say(file, letter)
    if told:
        say.disagreement(plain.paragraphs(tagged=False))
    elif any(page.blocks for page in pages):
        say.untold()
    for page in pages:
        say.page(page)
    say.across(parted.across)
    say.recognised(pages)
    say.doubts()
    return letter.text, letter.starts, letter.layout, tuple(say.findings)


def _told(body: Sequence[Line]) -> bool:
    """Whether the file says of all its text to which paragraph it belongs."""
    return bool(body) and all(line.block is not None and line.block[0] for line in body)


def _as_tagged(body: Sequence[Line]) -> list[Line]:
    """The lines of every page in the order of the file's structure."""
    return sorted(body, key=lambda line: (line.page, line.block[0] if line.block else 0))


class _Composed:
    """Paragraphs, notes and running lines as one text, a line each."""

    def __init__(self, paragraphs: Sequence[Paragraph], reflow: Reflow, running: Sequence[Line], pages: int) -> None:
        self.paragraphs = paragraphs
        parts: list[str] = []
        begins: dict[int, int] = {}
        anchors: dict[int, int] = {}
        self.broken: list[tuple[Broken, int]] = []
        at = 0
        for each in paragraphs:
            indent = " " * min(round(each.ems * 2), 40)
            if each.pages:
                begins.setdefault(each.pages[0], at)
            at += len(indent)
            for offset, page in enumerate(each.pages):
                begins.setdefault(page, at + offset)
            anchors |= {note: at + offset for offset, note in each.marks}
            self.broken += [(word, at + word.at) for word in each.broken]
            parts.append(indent + each.text)
            at += len(each.text) + 1
        end = at
        notes: list[Footnote] = []
        for number, (note, words) in enumerate(zip(reflow.found.notes, reflow.notes(), strict=True)):
            line = f"{note.mark} {words}"
            notes.append(Footnote(note.mark, words, at, at + len(line), anchors.get(number)))
            parts.append(line)
            at += len(line) + 1
        furniture: list[tuple[int, int]] = []
        for lifted in running:
            words = " ".join(lifted.text.split())
            furniture.append((at, at + len(words)))
            parts.append(words)
            at += len(words) + 1
        starts = []
        for page in range(pages, 0, -1):
            end = min(end, begins.get(page, end))
            starts.append(end)
        self.starts = (0, *reversed(starts[:-1]))
        self.text = "".join(part + "\n" for part in parts)
        hyphens = tuple(Hyphen(place, word.kept, word.known) for word, place in self.broken)
        self.layout = Layout(tuple(notes), tuple(furniture), hyphens)

    def source(self, file: str, page: int | None, at: int, length: int) -> Source:
        """A place in the text."""
        line = self.text.count("\n", 0, at) + 1
        return Source(file, page, None, line, at - self.text.rfind("\n", 0, at), at, at + length)

    def within_quotation(self, at: int) -> bool:
        """Whether a place lies between quotation marks of its paragraph."""
        before = self.text[self.text.rfind("\n", 0, at) + 1 : at]
        return before.count("“") > before.count("”") or before.count('"') % 2 == 1


class _Say:
    """What there is to say of how a PDF file was read."""

    def __init__(self, file: str, letter: _Composed) -> None:
        self.file = file
        self.letter = letter
        self.findings: list[Finding] = []

    def _say(
        self,
        code: str,
        message: str,
        hint: str,
        *,
        page: int | None = None,
        at: int = 0,
        length: int = 0,
        weight: Severity = "warning",
    ) -> None:
        source = self.letter.source(self.file, page, at, length)
        self.findings.append(finding(code, message, hint=hint, source=source, weight=weight))

    def disagreement(self, seen: Sequence[Paragraph]) -> None:
        """The file's structure and the places of its lines make different paragraphs: name the first."""
        told = self.letter.paragraphs
        there = {"".join(each.text.split()) for each in seen}
        pieces = "".join("".join(each.text.split()) for each in seen)
        for first in told:
            words = "".join(first.text.split())
            # Lines that were broken by hand within a paragraph are no disagreement: then the places make two of one.
            if words in there or (words in pieces and not any(words in each for each in there)):
                continue
            words = " ".join(first.text.split()[:8])
            self._say(
                "SD504",
                f"the PDF's own structure and the places of its lines make different paragraphs of its text, first at "
                f"“{shown(words)}”; the structure is followed",
                "compare what was read with the page",
                page=first.pages[0] if first.pages else None,
                at=max(self.letter.text.find(first.text), 0),
                length=len(first.text),
            )
            return

    def untold(self) -> None:
        """A structure that leaves text out is of no use."""
        self._say(
            "SD504",
            "the PDF's own structure leaves some of its text out; the places of its lines are followed",
            "compare what was read with the pages",
        )

    def page(self, page: Page) -> None:
        """Text that nobody sees or that is set across the page, and what was laid over it."""
        left_out = (
            ("text that no reader of the page sees is left out", page.unseen, "find out why it is there"),
            ("text set across the page is left out", page.slanted, "see whether it makes the letter a draft"),
        )
        for what, texts, hint in left_out:
            if texts:
                self._say("SD505", f"{what}: “{shown(' '.join(texts))}”", hint, page=page.number)
        if page.overlaid:
            what = ", ".join(page.overlaid)
            self._say(
                "SD505",
                f"{what} lies over the page and is not read",
                "print the letter to a new PDF file, in which it is part of the page",
                page=page.number,
            )
        if page.nameless:
            self._say(
                "SD506",
                f"the fonts of the page do not say which characters {page.nameless} of its signs are",
                "compare what was read with the page",
                page=page.number,
            )

    def across(self, lines: Sequence[Line]) -> None:
        """Large words over the text."""
        if lines:
            self._say(
                "SD505",
                f"large words set over the page are left out: “{shown(lines[0].text)}”",
                "see whether they make the letter a draft",
                page=lines[0].page,
            )

    def recognised(self, pages: Sequence[Page]) -> None:
        """Text from pictures, and characters that only their font knows."""
        those = [page.number for page in pages if page.recognised]
        if those:
            self._say(
                "SD506",
                f"the words of {len(those)} of {len(pages)} pages were recognised from pictures",
                "compare what was read with the pages",
                page=those[0],
            )
        odd = [at for at, char in enumerate(self.letter.text) if char == "\ufffd" or "\ue000" <= char <= "\uf8ff"]
        if odd:
            self._say(
                "SD506",
                f"{len(odd)} characters have no meaning outside their font",
                "compare them with the page",
                at=odd[0],
                length=1,
            )

    def doubts(self) -> None:
        """Hyphens at the ends of lines that may be the words' own; those in quotations are said where they are read."""
        others = [word for word, at in self.letter.broken if not word.known and not self.letter.within_quotation(at)]
        if others:
            words = ", ".join(f"“{shown(word)}”" for word in dict.fromkeys(each.word for each in others[:5]))
            more = f" and {len(others) - 5} more" if len(others) > 5 else ""
            self._say(
                "SD507",
                f"read from words broken at the ends of lines, with a hyphen or without one: {words}{more}",
                "compare a name among them with the page",
                page=others[0].page,
                weight="note",
            )
