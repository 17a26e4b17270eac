"""Whole records of a Word document that come or go: rows or paragraphs made like those beside them, or struck."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Sequence

from lxml import etree

from secdefs.change.text import LABEL
from secdefs.findings import Refused
from secdefs.model import Definition, Record
from secdefs.read.package import W
from secdefs.read.runs import Stretch
from secdefs.read.wordcode import Held
from secdefs.write.wordfield import Wanted, strike_all
from secdefs.write.wordmodels import Models, properties, run_properties
from secdefs.write.wordruns import UNWRITABLE, Marker, run_at

_CHROME = " \t\u00a0“”\"‘’':–—-"


class RecordWriter:
    """Makes and strikes records of one document."""

    def __init__(self, marker: Marker, models: Models, wanted: Wanted) -> None:
        self.marker, self.models, self.wanted = marker, models, wanted

    def strike(self, held: Held, by: str) -> None:
        """Mark a record as taken out."""
        for row in held.rows:
            self.marker.row_mark(row, "del", by)
            for paragraph in row.iter(f"{W}p"):
                strike_all(self.marker, paragraph, by)
        for paragraph in held.paragraphs:
            if paragraph.tag != f"{W}p" or paragraph.find(f"{W}pPr/{W}sectPr") is not None:
                raise Refused(UNWRITABLE, "a table or the end of a section stands among the paragraphs to be taken out")
            strike_all(self.marker, paragraph, by)

    def make(self, record: Record, by: str, near: Sequence[Held]) -> list[etree._Element]:
        """A new record as a row, or as paragraphs, like the first of `near` that can serve as a model."""
        model = next((held for held in near if self._serves(held, record)), None)
        if model is None:
            raise Refused(UNWRITABLE, "no definition of the document can serve as a model for a new one")
        return [self._row(record, by, model)] if model.rows else list(self._paragraphs(record, by, model))

    def _serves(self, held: Held, record: Record) -> bool:
        """Whether a record is plain enough to be a model: one row with nothing in its cells but paragraphs."""
        if len(held.rows) > 1:
            return False
        for row in held.rows:
            if next(row.iter(f"{W}vMerge", f"{W}tbl"), None) is not None:
                return False
            around = row.iter(f"{W}sdt", f"{W}customXml")
            if any(next(each.iterancestors(f"{W}p"), None) is None for each in around):
                return False
            return all(held.fields.values())
        if any(each.tag != f"{W}p" for each in held.paragraphs) or not held.paragraphs:
            return False
        return not isinstance(record, Definition) or _behind(held) or LABEL.match(record.text) is not None

    # --- rows ---------------------------------------------------------------------------------------------------------

    def _row(self, record: Record, by: str, model: Held) -> etree._Element:
        (old,) = model.rows
        row = copy.deepcopy(old)
        copies = dict(zip(old.iter(f"{W}p"), row.iter(f"{W}p"), strict=True))
        filled: dict[etree._Element, list[tuple[tuple[Stretch, ...], str]]] = {}
        for name, lines in model.fields.items():
            if name != "text":
                filled.setdefault(lines[0].paragraph, []).append((lines[0].stretches, getattr(record, name)))
        texts = model.fields.get("text", ())
        where = copies[texts[0].paragraph].getparent() if texts else None
        for original, paragraph in copies.items():
            cell = paragraph.getparent()
            assert cell is not None
            if original in filled:
                self._filled(original, paragraph, filled[original], by)
            elif len(cell.findall(f"{W}p")) > 1 or cell is where:
                cell.remove(paragraph)
                continue
            else:
                _emptied(paragraph)
            self.marker.end_mark(paragraph, "ins", by)
        if where is not None and isinstance(record, Definition):
            for made in self._lines(record.text.split("\n"), by, model):
                where.append(made)
        for element in row.iter(etree.Element):
            for key in [str(key) for key in element.attrib if str(key).endswith(("}paraId", "}textId"))]:
                del element.attrib[key]
        properties_ = row.find(f"{W}trPr")
        for mark in list(properties_) if properties_ is not None else []:
            if mark.tag in (f"{W}ins", f"{W}del", f"{W}trPrChange", f"{W}tblHeader"):
                assert properties_ is not None
                properties_.remove(mark)
        self.marker.row_mark(row, "ins", by)
        return row

    # --- paragraphs ---------------------------------------------------------------------------------------------------

    def _paragraphs(self, record: Record, by: str, model: Held) -> Iterator[etree._Element]:
        lines = record.text.split("\n") if isinstance(record, Definition) else []
        behind = _behind(model) and bool(lines) and not lines[0].startswith(" ") and not LABEL.match(lines[0])
        spots: dict[etree._Element, list[tuple[tuple[Stretch, ...], str]]] = {}
        for name, old in model.fields.items():
            if name != "text":
                spots.setdefault(old[0].paragraph, []).append((old[0].stretches, getattr(record, name)))
            elif behind:
                spots.setdefault(old[0].paragraph, []).append((old[0].stretches, lines[0]))
        for original, filled in spots.items():
            paragraph = etree.Element(f"{W}p")
            self._filled(original, paragraph, filled, by)
            self.marker.end_mark(paragraph, "ins", by)
            yield paragraph
        yield from self._lines(lines[1:] if behind else lines, by, model)

    def _lines(self, lines: Iterable[str], by: str, model: Held) -> Iterator[etree._Element]:
        done: list[etree._Element] = []
        for line in lines:
            words = line.lstrip(" ")
            label = LABEL.match(words)
            shown = label[0] if label else None
            look = self.models.look((len(line) - len(words)) // 2, shown, model, done)
            paragraph = etree.Element(f"{W}p")
            if look.paragraph is not None:
                paragraph.append(copy.deepcopy(look.paragraph))
            body = words[label.end() + 1 :] if label else words
            if body:
                paragraph.append(self.marker.written(body, look.run, by))
            self.marker.end_mark(paragraph, "ins", by)
            self.wanted[paragraph] = (shown, by)
            if look.item is not None:
                self.models.items[paragraph] = look.item
            done.insert(0, paragraph)
            yield paragraph

    def _filled(
        self,
        original: etree._Element,
        paragraph: etree._Element,
        spots: list[tuple[tuple[Stretch, ...], str]],
        by: str,
    ) -> None:
        """Fill a paragraph as another is filled: other words at the `spots`, and what stands about them as it is there.

        What comes after the last spot is left out where it is more than marks: a page number.
        """
        _emptied(paragraph)
        old = paragraph.find(f"{W}pPr")
        if old is not None:
            paragraph.remove(old)
        own = properties(original)
        if own is not None:
            paragraph.insert(0, own)
        chars = [
            (char, stretch.node, stretch.at + at)
            for stretch in self.models.word.stretches(original)
            for at, char in enumerate(stretch.text)
        ]
        places = {(id(node), at): number for number, (_, node, at) in enumerate(chars)}
        found = []
        for stretches, words in spots:
            first, last = stretches[0], stretches[-1]
            low = places[id(first.node), first.at]
            high = places[id(last.node), last.at + len(last.text) - 1] + 1
            found.append((low, high, words))
        at = 0
        for low, high, words in sorted(found):
            self._chrome(paragraph, chars[at:low], by)
            node = chars[low][1]
            paragraph.append(self.marker.written(words, run_properties(run_at(node)) if node is not None else None, by))
            at = high
        if all(char in _CHROME for char, _, _ in chars[at:]):
            self._chrome(paragraph, chars[at:], by)

    def _chrome(
        self, paragraph: etree._Element, chars: Sequence[tuple[str, etree._Element | None, int]], by: str
    ) -> None:
        words = ""
        for number, (char, node, _) in enumerate(chars):
            words += "\t" if char == "\t" else char
            following = chars[number + 1][1] if number + 1 < len(chars) else None
            if node is not None and (following is None or run_at(following) is not run_at(node)):
                paragraph.append(self.marker.written(words, run_properties(run_at(node)), by))
                words = ""


def _behind(held: Held) -> bool:
    """Whether the text of a definition begins in the paragraph of its term."""
    lines = held.fields.get("text", ())
    return bool(lines) and bool(held.paragraphs) and lines[0].paragraph is held.fields["term"][0].paragraph


def _emptied(paragraph: etree._Element) -> None:
    for child in list(paragraph):
        if child.tag != f"{W}pPr":
            paragraph.remove(child)
    own = properties(paragraph)
    old = paragraph.find(f"{W}pPr")
    if old is not None:
        paragraph.remove(old)
    if own is not None:
        paragraph.insert(0, own)
