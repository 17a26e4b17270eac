"""One changed field of a record, written into the paragraphs that hold it as tracked changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from lxml import etree

from secdefs.change.edits import Field
from secdefs.change.text import LABEL
from secdefs.findings import Refused
from secdefs.read.package import W
from secdefs.read.revisions import MARKERS
from secdefs.read.runs import Line, runs, stretches, text
from secdefs.read.wordcode import Held
from secdefs.write.wordcells import Cell, Paragraph, redline
from secdefs.write.wordmodels import Look, Models, look_of, properties, run_properties
from secdefs.write.wordruns import (
    UNWRITABLE,
    Cuts,
    FieldRun,
    Marker,
    fields,
    guarded,
    place_after,
    place_before,
    run_at,
    unfolded,
)

Wanted = dict[etree._Element, tuple[str | None, str]]
"""The label that each touched paragraph is to have from its list (None: none), and the instruction that made it so."""


class _Group(NamedTuple):
    """The paragraphs of a redline that are one once all is accepted, and how the first line of it begins."""

    paragraphs: list[Paragraph]
    depth: int
    label: str | None
    lead: int
    cells: list[Cell]


class FieldWriter:
    """Writes the changes of one field. `shared` says that its first line stands behind the term in its paragraph."""

    def __init__(
        self, marker: Marker, models: Models, wanted: Wanted, held: Held, lines: tuple[Line, ...], *, shared: bool
    ) -> None:
        self.marker, self.models, self.wanted, self.held, self.lines, self.shared = (
            marker,
            models,
            wanted,
            held,
            lines,
            shared,
        )
        self.cuts = Cuts()
        self.silent: set[int] = set()  # cells that are written by properties and not in runs
        self.looks: dict[int, Look] = {}  # by paragraph of the redline
        self.made: dict[int, etree._Element] = {}
        self.seen: list[etree._Element] = []

    def write(self, pieces: Field) -> None:
        """Write the changes. Raises Refused for what the document does not let be changed; it is spoilt then."""
        if not self.lines:
            raise Refused(UNWRITABLE, "nothing in the document shows where the text of this definition would stand")
        paragraphs = redline(self.lines, pieces, self._locked)
        groups = list(self._groups(paragraphs))
        for group in groups:
            self._prepare(group)
        tail: etree._Element | None = None
        within: list[Paragraph] = []
        for each in paragraphs:
            within.append(each)
            if each.mark.kind == "mark":
                tail = self.lines[each.mark.line].paragraph
                self._paragraph(tail, within)
                within = []
        for each in within:
            assert tail is not None
            made = self._new(each)
            tail.addnext(made)
            tail = made
        for group in groups:
            self._dress(group)

    # --- where marks have to stay -------------------------------------------------------------------------------------

    def _locked(self, number: int) -> bool:
        """Whether the end of a line has to stay where it is: of the last paragraph of a cell, or of a section."""
        paragraph = self.lines[number].paragraph
        if paragraph.find(f"{W}pPr/{W}sectPr") is not None:
            return True
        if number + 1 < len(self.lines):
            return self._between(number) is None
        following = paragraph.getnext()
        while following is not None and following.tag in (*MARKERS, f"{W}proofErr"):
            following = following.getnext()
        return following is None or following.tag != f"{W}p"

    def _between(self, number: int) -> list[etree._Element] | None:
        """The empty paragraphs between a line's and the next one's; None where something else stands between."""
        result: list[etree._Element] = []
        goal = self.lines[number + 1].paragraph
        at = self.lines[number].paragraph.getnext()
        while at is not None and at is not goal:
            if at.tag == f"{W}p" and not text(stretches(at)).strip():
                result.append(at)
            elif at.tag not in (*MARKERS, f"{W}proofErr"):
                return None
            at = at.getnext()
        return None if at is None else result

    # --- what each paragraph will be ----------------------------------------------------------------------------------

    def _groups(self, paragraphs: Iterable[Paragraph]) -> Iterator[_Group]:
        within: list[Paragraph] = []
        first = True
        for each in paragraphs:
            within.append(each)
            if each.mark.gone is not None:
                continue
            cells = [cell for one in within for cell in one.cells if cell.gone is None]
            words = "".join(cell.char for cell in cells).partition("\n")[0]
            blank = len(words) - len(words.lstrip(" "))
            label = None if first and self.shared else LABEL.match(words, blank)
            lead = blank if label is None else min(label.end() + 1, len(words))
            yield _Group(within, blank // 2, label[0] if label else None, lead, cells)
            within, first = [], False

    def _prepare(self, group: _Group) -> None:
        """Decide which of a line's characters are written as properties: its indent, and a computed label."""
        blank = group.depth * 2
        lead = group.cells[: group.lead]
        typed = any(cell.kept and cell.kind == "text" for cell in lead[blank:])
        for number, cell in enumerate(lead):
            if cell.by is not None and (number < blank or not typed):
                self.silent.add(id(cell))

    def _dress(self, group: _Group) -> None:
        """Give the paragraph that stands for a line the properties that the line needs."""
        last = group.paragraphs[-1]
        paragraph = self.lines[last.mark.line].paragraph if last.mark.kind == "mark" else self.made[id(last)]
        changes = [cell.by or cell.gone for one in group.paragraphs for cell in (*one.cells, one.mark)]
        by = next((each for each in changes if each is not None), None)
        source = self._source(group)
        self.seen.insert(0, paragraph)
        if by is None:
            return
        lead = group.cells[: group.lead]
        typed = any(cell.kept and cell.kind == "text" for cell in lead[group.depth * 2 :])
        self.wanted[paragraph] = (None if typed else group.label, by)
        if source is not None:
            origin = self.lines[source].paragraph
            if origin is not paragraph:
                self._give(paragraph, properties(origin), last, by)
                item = self.models.word.items.get(origin)
                if item is not None:
                    self.models.items[paragraph] = item
            return
        look = self._look(group)
        self._give(paragraph, look.paragraph, last, by)
        if look.item is not None:
            self.models.items[paragraph] = look.item

    def _give(self, paragraph: etree._Element, new: etree._Element | None, last: Paragraph, by: str) -> None:
        if last.mark.kind == "mark":
            self.marker.new_properties(paragraph, new, by)
            return
        old = paragraph.find(f"{W}pPr")
        if old is not None:
            paragraph.remove(old)
        if new is not None:
            paragraph.insert(0, new)
        mark = old.find(f"{W}rPr/{W}ins") if old is not None else None
        self.marker.made = [(who, made) for who, made in self.marker.made if made is not mark]
        self.marker.end_mark(paragraph, "ins", by)

    def _source(self, group: _Group) -> int | None:
        """The line whose paragraph shows how a line looks: the one from which its beginning is; None for a new one."""
        lead = group.cells[: group.lead]
        if lead and all(cell.kept for cell in lead):
            return lead[0].line
        mark = group.paragraphs[-1].mark
        if mark.kind == "mark":
            # The words are others, but the line begins as the one did that ended in the same mark.
            own = mark.line
            while self.lines[own].turn is not None:
                own -= 1
            same = self.lines[own]
            if same.depth == group.depth and (group.label or "") == same.lead.rstrip(" "):
                return own
        body = next((cell for cell in group.cells[group.lead :] if cell.kept and cell.kind != "lead"), None)
        if body is None:
            return None
        line = self.lines[body.line]
        if line.depth != group.depth or line.turn is not None:
            return None
        if group.label is None and line.lead:
            return None
        return body.line

    def _look(self, group: _Group) -> Look:
        key = id(group.paragraphs[-1])
        if key not in self.looks:
            self.looks[key] = self.models.look(group.depth, group.label, self.held, self.seen)
        return self.looks[key]

    # --- the paragraphs -----------------------------------------------------------------------------------------------

    def _new(self, each: Paragraph) -> etree._Element:
        """A paragraph that is new altogether."""
        made = etree.Element(f"{W}p")
        self.made[id(each)] = made
        depth, label = _beginning(each)
        look = self.looks[id(each)] = self.models.look(depth, label, self.held, self.seen)
        self.seen.insert(0, made)
        if look.item is not None:
            self.models.items[made] = look.item
        for words, by in _written(each.cells, self.silent):
            made.append(self.marker.written(words, look.run, by))
        assert each.mark.by is not None
        self.marker.end_mark(made, "ins", each.mark.by)
        return made

    def _paragraph(self, paragraph: etree._Element, within: list[Paragraph]) -> None:
        """Write what changes in one paragraph of the document, of which the redline may make several."""
        head = self.shared and paragraph is self.lines[0].paragraph
        while not head and len(within) > 1 and all(cell.by is not None for cell in (*within[0].cells, within[0].mark)):
            paragraph.addprevious(self._new(within.pop(0)))
        if all(cell.kept for each in within for cell in (*each.cells, each.mark)):
            return
        cells = [cell for each in within for cell in (*each.cells, each.mark)][:-1]
        if any(cell.kind == "fixed" and cell.gone for cell in cells):
            raise Refused(
                UNWRITABLE, "the words to be changed stand in a table, a formula or several paragraphs of a cell"
            )
        simple = [cell for at, cell in enumerate(cells) if cell.node is not None and self._near_change(cells, at)]
        if any(
            next(cell.node.iterancestors(f"{W}fldSimple"), None) is not None for cell in simple if cell.node is not None
        ):
            unfolded(paragraph)
        dissolved = self._dissolve(paragraph, cells, within)
        struck = self._strike(cells, dissolved)
        ends = self._insert(paragraph, cells, within, dissolved)
        (*_, last) = within
        gone = last.mark.gone
        if gone is not None and not head and all(cell.gone is not None for cell in cells):
            done = {run for run, _ in struck}
            struck += [(run, gone) for run in _all_runs(paragraph) if run not in done]
            order = {run: number for number, run in enumerate(runs(paragraph))}
            struck.sort(key=lambda pair: order[pair[0]])
        elif gone is not None and last.mark.line + 1 < len(self.lines):
            for empty in self._between(last.mark.line) or ():
                self.marker.end_mark(empty, "del", gone)
        self.marker.struck(struck)
        self._split(paragraph, within, ends)
        if gone is not None:
            self.marker.end_mark(paragraph, "del", gone)

    @staticmethod
    def _near_change(cells: Sequence[Cell], at: int) -> bool:
        return any(not cell.kept for cell in cells[max(at - 1, 0) : at + 2])

    def _dissolve(self, paragraph: etree._Element, cells: list[Cell], within: list[Paragraph]) -> dict[int, FieldRun]:
        """Fields in whose result something changes are taken out whole, and their words written in their place.

        `cells` is changed accordingly. Returns the field of each of their characters, by the id of the cell.
        """
        result: dict[int, FieldRun] = {}
        for number in range(len(fields(paragraph))):
            field = fields(paragraph)[number]
            inside = set(field.runs)
            held = [at for at, cell in enumerate(cells) if cell.node is not None and run_at(cell.node) in inside]
            if not held or all(cell.kept for cell in cells[held[0] : held[-1] + 1]):
                continue
            if not field.whole or any(cell.ends for cell in cells[held[0] : held[-1] + 1]):
                raise Refused(UNWRITABLE, "the words to be changed stand in a field that goes over several paragraphs")
            field = _isolated(paragraph, number)
            stretch = cells[held[0] : held[-1] + 1]
            by = next(cell.by or cell.gone for cell in stretch if not cell.kept)
            assert by is not None
            old = [cell for cell in stretch if cell.by is None]
            new: list[Cell] = []
            for cell in stretch:
                if cell.kept:
                    again = Cell(cell.char, "new", cell.line)
                    again.by = by
                    new.append(again)
                elif cell.by is not None:
                    new.append(cell)
            for cell in old:
                cell.gone = cell.gone or by
                result[id(cell)] = field
            cells[held[0] : held[-1] + 1] = [*old, *new]
        if result:
            at = 0
            for each in within:
                end = next((n for n in range(at, len(cells)) if cells[n] is each.mark), len(cells))
                each.cells[:] = cells[at:end]
                at = end + 1
        return result

    def _strike(self, cells: Sequence[Cell], dissolved: dict[int, FieldRun]) -> list[tuple[etree._Element, str]]:
        """Cut the runs so that what goes has runs of its own; those, each with its instruction."""
        spans: list[list[Cell]] = []
        struck: list[tuple[etree._Element, str]] = []
        for cell in cells:
            if cell.gone is None or not cell.physical:
                spans.append([])
            elif (
                spans
                and spans[-1]
                and (last := spans[-1][-1]).node is cell.node
                and last.at + 1 == cell.at
                and last.gone == cell.gone
                and id(cell) not in dissolved
            ):
                spans[-1].append(cell)
            else:
                spans.append([cell])
        done: set[int] = set()
        for span in spans:
            if not span:
                continue
            first, last = span[0], span[-1]
            assert first.node is not None
            assert first.gone is not None
            guarded(first.node, "".join(cell.char for cell in span))
            field = dissolved.get(id(first))
            if field is not None:
                if id(field) not in done:
                    done.add(id(field))
                    struck += [(run, first.gone) for run in field.runs]
                continue
            self.cuts.before(first.node, first.at)
            struck.append((self.cuts.after(first.node, last.at + 1), first.gone))
        return struck

    def _insert(
        self,
        paragraph: etree._Element,
        cells: list[Cell],
        within: list[Paragraph],
        dissolved: dict[int, FieldRun],
    ) -> dict[int, etree._Element]:
        """Write the new words. Returns the last element of each paragraph of the redline but the last."""
        ends: dict[int, etree._Element] = {}
        whole = {run: field for field in fields(paragraph) if field.whole for run in field.runs}
        order = [cell for cell in cells if cell.physical]
        place = {id(cell): number for number, cell in enumerate(order)}

        def outer(cell: Cell | None) -> FieldRun | None:
            if cell is None or cell.node is None:
                return None
            return dissolved.get(id(cell)) or whole.get(run_at(self.cuts.find(cell.node, cell.at)[0]))

        def run_after(cell: Cell, following: Cell | None) -> etree._Element:
            if cell.node is None:
                raise Refused(UNWRITABLE, "the new words would stand behind a table or a formula")
            field = outer(cell)
            if field is not None and field is not outer(following):
                return field.runs[-1]
            return self.cuts.after(cell.node, cell.at + 1)

        def run_before(cell: Cell | None, preceding: Cell | None) -> etree._Element | None:
            if cell is None or cell.node is None:
                return None
            field = outer(cell)
            if field is not None and field is not outer(preceding):
                return field.runs[0]
            return self.cuts.before(cell.node, cell.at)

        before: Cell | None = None
        put: etree._Element | None = None
        for each in within:
            gone: list[Cell] = []
            at = 0
            while at < len(each.cells):
                cell = each.cells[at]
                if cell.physical:
                    gone = [*gone, cell] if cell.gone is not None else []
                    before, put = cell, None
                    at += 1
                    continue
                if cell.by is None or id(cell) in self.silent:
                    at += 1
                    continue
                end = at
                while (
                    end < len(each.cells) and each.cells[end].by == cell.by and id(each.cells[end]) not in self.silent
                ):
                    end += 1
                words = "".join(one.char for one in each.cells[at:end])
                number = place[id(before)] + 1 if before is not None else 0
                following = order[number] if number < len(order) else None
                made = self.marker.written(words, self._run_properties(each, gone, before, following), cell.by)
                if put is not None:
                    put.addnext(made)
                elif before is not None:
                    anchor = run_after(before, following)
                    place_after(anchor, run_before(following, before), paragraph).addnext(made)
                elif (first := run_before(following, None)) is not None:
                    place_before(first, paragraph).addprevious(made)
                else:
                    paragraph.append(made)
                guarded(made, words)
                put = made
                at = end
            if each is within[-1]:
                continue
            if put is not None:
                ends[id(each)] = put
            elif before is not None:
                number = place[id(before)] + 1
                ends[id(each)] = run_after(before, order[number] if number < len(order) else None)
        return ends

    def _run_properties(
        self, each: Paragraph, gone: list[Cell], before: Cell | None, following: Cell | None
    ) -> etree._Element | None:
        """The properties of new words: those of the first that they replace, else of the words beside them."""
        same = (
            before if before is not None and (before in each.cells or not any(c.physical for c in each.cells)) else None
        )
        struck = next((cell for cell in gone if cell.char.strip()), gone[0] if gone else None)
        for cell in (struck, same, following, before):
            if cell is not None and cell.node is not None:
                node, _ = self.cuts.find(cell.node, cell.at)
                return run_properties(run_at(node))
        return look_of(self.lines[0]).run

    def _split(self, paragraph: etree._Element, within: list[Paragraph], ends: dict[int, etree._Element]) -> None:
        """Divide a paragraph where new marks end parts of it; the last part keeps the paragraph and its mark."""
        for each in within[:-1]:
            made = etree.Element(f"{W}p")
            old = properties(paragraph)
            if old is not None:
                made.append(old)
            self.made[id(each)] = made
            last = ends.get(id(each))
            if last is not None:
                top = last
                while (parent := top.getparent()) is not None and parent is not paragraph:
                    top = parent
                if top.getparent() is not paragraph or (top is not last and top.tag not in (f"{W}ins", f"{W}del")):
                    raise Refused(UNWRITABLE, "a paragraph would have to be divided inside a link or a content control")
                for child in [c for c in paragraph if c.tag != f"{W}pPr"]:
                    made.append(child)
                    if child is top:
                        break
            paragraph.addprevious(made)
            assert each.mark.by is not None
            self.marker.end_mark(made, "ins", each.mark.by)


def _isolated(paragraph: etree._Element, number: int) -> FieldRun:
    """A field with no words of others in its first and last runs."""
    first, last = fields(paragraph)[number].runs[0], fields(paragraph)[number].runs[-1]
    cuts = Cuts()
    begin = next(node for node in first.iter(f"{W}fldChar") if node.get(f"{W}fldCharType") == "begin")
    cuts.before(begin, 0)
    last = fields(paragraph)[number].runs[-1]
    end = [node for node in last.iter(f"{W}fldChar") if node.get(f"{W}fldCharType") == "end"][-1]
    cuts.after(end, 1)
    return fields(paragraph)[number]


def _all_runs(paragraph: etree._Element) -> Iterator[etree._Element]:
    """All runs of a paragraph that goes. Raises Refused where it holds what cannot be struck."""
    if any(not field.whole for field in fields(paragraph)):
        raise Refused(
            UNWRITABLE, "a paragraph to be taken out holds a part of a field that goes over several paragraphs"
        )
    for run in runs(paragraph):
        if run.tag != f"{W}r":
            raise Refused(UNWRITABLE, "a paragraph to be taken out holds a formula")
        if any(child.tag != f"{W}rPr" for child in run):
            yield run


def strike_all(marker: Marker, paragraph: etree._Element, by: str) -> None:
    """Mark all of a paragraph as taken out, its end too."""
    unfolded(paragraph)
    marker.struck([(run, by) for run in list(_all_runs(paragraph))])
    marker.end_mark(paragraph, "del", by)


def _beginning(each: Paragraph) -> tuple[int, str | None]:
    words = "".join(cell.char for cell in each.cells)
    blank = len(words) - len(words.lstrip(" "))
    label = LABEL.match(words, blank)
    return blank // 2, label[0] if label else None


def _written(cells: Sequence[Cell], silent: set[int]) -> Iterator[tuple[str, str]]:
    words, who = "", ""
    for cell in cells:
        if id(cell) in silent or cell.by is None:
            continue
        if words and cell.by != who:
            yield words, who
            words = ""
        words, who = words + cell.char, cell.by
    if words:
        yield words, who
