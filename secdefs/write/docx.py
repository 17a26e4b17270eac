"""A changed code as a Word file: the original with the changes tracked in it, or clean; and the proof that it is so."""

from __future__ import annotations

import copy
import io
import zipfile
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from lxml import etree

from secdefs.change.edits import KEY, Marked
from secdefs.findings import Finding, Refused, finding
from secdefs.model import Code, Definition, Record
from secdefs.plan import Plan
from secdefs.read.encoding import shown
from secdefs.read.numbering import Counter, Numbering
from secdefs.read.package import Package, W, relations_of
from secdefs.read.revisions import accept, reject
from secdefs.read.word import Word, counted
from secdefs.read.wordcode import Held, WordCode, from_word
from secdefs.write.wordcomments import Comments
from secdefs.write.wordfield import FieldWriter, Wanted
from secdefs.write.wordmodels import Models, own_after, unnumbered
from secdefs.write.wordrecord import RecordWriter
from secdefs.write.wordruns import Ink, Marker, own_properties, unfolded

Style = Literal["tracked", "clean"]
_NAME = "secdefs"
_DATE = (1980, 1, 1, 0, 0, 0)


class Made(NamedTuple):
    """A Word file, or null where it cannot be written, and what there is to say of it."""

    data: bytes | None
    findings: tuple[Finding, ...]


def write_docx(
    plan: Plan, source: WordCode, style: Style, inks: Mapping[str, Ink], comments: Mapping[str, str] | None = None
) -> Made:
    """The document with the changes of a plan: tracked in it, or carried out ("clean").

    `inks` are the authors by instruction; `comments` the words of the comment for each, none where null. `source` is
    used up: its tree is changed. What has been written is read again: with all accepted it has to be the code as
    planned, with all rejected the document as it was. Where it is not, or where the document does not let something be
    changed, there are findings (SD514, SD515) and no data. Raises SecdefsError where the plan has an error.
    """
    planned = plan.after()
    return _Writing(plan, source, inks, comments).made(planned, style)


class _Writing:
    """A document being written."""

    def __init__(
        self, plan: Plan, source: WordCode, inks: Mapping[str, Ink], comments: Mapping[str, str] | None
    ) -> None:
        self.plan, self.source, self.word = plan, source, source.word
        self.package = source.word.package
        self.original = normal(self.word.root)
        others = [self.package.tree(part) for part in self.package.parts if part.startswith("word/") and _is_text(part)]
        self.marker = Marker(self.word.root, dict(inks), others)
        self.models = Models(self.word, source.held)
        self.wanted: Wanted = {}
        self.records = RecordWriter(self.marker, self.models, self.wanted)
        self.texts = comments
        self.findings: list[Finding] = []
        self._placed: set[etree._Element] = set()

    def made(self, planned: Code, style: Style) -> Made:
        for mark, held, after, before in list(self._marks()):
            try:
                self._record(mark, held, after, before)
            except Refused as refused:
                self._refuse(refused, mark)
        if self.findings:
            return Made(None, tuple(self.findings))
        self._labels()
        parts: dict[str, bytes] = {}
        if self.texts is not None and style == "tracked":
            parts |= Comments(self.package, self.marker, self.texts).parts()
        if style == "clean":
            accept(self.word.root)
        parts[self.package.document] = xml(self.word.root)
        if self.models.changed:
            name = self.package.beside("numbering")
            assert name is not None
            assert self.models.numbering is not None
            parts[name] = xml(self.models.numbering)
        data = repacked(self.package, parts)
        fault = self._fault(data, planned, style)
        if fault is not None:
            what = f"the document written does not read back as it should: {fault}; nothing is written"
            return Made(
                None, (finding("SD515", what, hint="make this change in Word by hand, and verify it", weight="error"),)
            )
        return Made(data, ())

    # --- records ------------------------------------------------------------------------------------------------------

    def _marks(self) -> Iterator[tuple[Marked, Held | None, list[Held], list[Held]]]:
        """Each changed record: its marks, where the document holds it, and those that stand before and after it.

        New ones come first and in their order, since others are their models; then those that are changed.
        """
        later: list[tuple[Marked, Held | None, list[Held], list[Held]]] = []
        for name in self.source.lists:
            held = iter(each for each in self.source.held if each.list == name)
            marks = self.plan.consolidation.lists[name]
            places = [(mark, next(held) if mark.by is None else None) for mark in marks]
            for number, (mark, place) in enumerate(places):
                if not mark.touched() or (mark.by and mark.gone):
                    continue
                before = [each for _, each in reversed(places[:number]) if each is not None]
                after = [each for _, each in places[number + 1 :] if each is not None]
                if place is None:
                    yield mark, None, before, after
                else:
                    later.append((mark, place, before, after))
        yield from later

    def _record(self, mark: Marked, held: Held | None, before: list[Held], after: list[Held]) -> None:
        if held is None:
            assert mark.by is not None
            near = [each for pair in _alternately(before, after) for each in pair]
            made = self.records.make(mark.record(), mark.by, near)
            self._place(made, before, after)
        elif mark.gone is not None:
            self.records.strike(held, mark.gone)
        else:
            for name, pieces in mark.fields.items():
                if any(piece.by or piece.gone for piece in pieces):
                    lines = held.fields.get(name, ())
                    shared = (
                        name == "text"
                        and not held.rows
                        and bool(lines)
                        and lines[0].paragraph is held.fields["term"][0].paragraph
                    )
                    FieldWriter(self.marker, self.models, self.wanted, held, lines, shared=shared).write(pieces)

    def _place(self, made: list[etree._Element], before: list[Held], after: list[Held]) -> None:
        if before:
            at = (before[0].rows or before[0].paragraphs)[-1]
            # After what was put behind the same record already.
            for following in at.itersiblings():
                if following not in self._placed:
                    break
                at = following
            for each in reversed(made):
                at.addnext(each)
        else:
            at = (after[0].rows or after[0].paragraphs)[0]
            for each in made:
                at.addprevious(each)
        self._placed |= set(made)

    def _refuse(self, refused: Refused, mark: Marked) -> None:
        instruction = next(
            (who for pieces in mark.fields.values() for piece in pieces for who in (piece.by, piece.gone) if who),
            mark.by or mark.gone,
        )
        source = next((each.source for each in self.plan.instructions if each.id == instruction), None)
        message = f"“{shown(mark.key)}” cannot be changed in the Word file: {refused.message}"
        hint = refused.hint or "make this change in Word by hand, and verify it"
        self.findings.append(
            finding(refused.code, message, hint=hint, source=source, instruction=instruction, weight="error")
        )

    # --- labels -------------------------------------------------------------------------------------------------------

    def _labels(self) -> None:
        """See that every paragraph has, once all is accepted, the label that it is to have: typed where its list would
        make another."""
        names = {}
        for number, paragraph in enumerate(self.word.root.iter(f"{W}p")):
            names[str(number)] = paragraph
            paragraph.set(_NAME, str(number))
        tree = copy.deepcopy(self.word.root)
        for paragraph in names.values():
            del paragraph.attrib[_NAME]
        accept(tree)
        body = tree.find(f"{W}body")
        assert body is not None
        numbering = Numbering(self.models.numbering, self.word.styles)
        heads = {
            each.fields["term"][0].paragraph for each in self.source.held if "term" in each.fields and not each.rows
        }
        counter = Counter(numbering)
        by = next(iter(self.marker.inks))
        for each in counted(body):
            state = counter.state()
            label = counter.label(each)
            paragraph = names[each.get(_NAME, "")]
            old = self.word.labels.get(paragraph)
            wanted, by = self.wanted.get(paragraph, (old.text if old is not None else None, by))
            if (label.text if label is not None else None) == wanted or paragraph in heads:
                continue
            if paragraph not in self.wanted and paragraph not in self.word.labels:
                continue
            item = numbering.item(each)
            if item is not None:
                counter.restore(state)
            self._typed(paragraph, wanted, by, numbering.indent(item), numbered=item is not None)

    def _typed(
        self, paragraph: etree._Element, label: str | None, by: str, indent: etree._Element | None, *, numbered: bool
    ) -> None:
        """Take a paragraph out of its list, and type the label that it is to have."""
        if numbered:
            own = own_properties(paragraph)
            change = own.find(f"{W}pPrChange")
            new = copy.deepcopy(own)
            unnumbered(new, iter([(str(k), str(v)) for k, v in indent.items()]) if indent is not None else None)
            if change is not None or own.find(f"{W}rPr/{W}ins") is not None:
                own_after(own, new)
            else:
                self.marker.new_properties(paragraph, new, by)
        if label is not None:
            first = next((c for c in paragraph.iter(f"{W}r") if c.find(f"{W}rPr") is not None), None)
            made = self.marker.written(f"{label}\t", first.find(f"{W}rPr") if first is not None else None, by)
            paragraph.insert(int(paragraph.find(f"{W}pPr") is not None), made)

    # --- the proof ----------------------------------------------------------------------------------------------------

    def _fault(self, data: bytes, planned: Code, style: Style) -> str | None:
        """What is wrong with the file as written; None where it is as it should be."""
        package = Package(data, self.package.name)
        for name, part in self.package.parts.items():
            if name not in _touched(self.package, self.models.changed) and package.parts[name].data != part.data:
                return f"the part {name} has changed"
        root = package.body()
        if fault := _unsound(root):
            return fault
        after = copy.deepcopy(root)
        accept(after)
        known = frozenset(key for name in _lists(planned) for key, _ in map(_plain, _records(planned, name)))
        if fault := _different(from_word(Word(package, None, root=after), known), planned):
            return fault
        if style == "clean":
            return "tracked changes are left in it" if next(root.iter(f"{W}ins", f"{W}del"), None) is not None else None
        reject(root)
        if normal(root) != self.original:
            return "with all changes rejected it is not the document as it was"
        return None


def _touched(package: Package, numbering: bool) -> set[str]:
    names = {package.document, "[Content_Types].xml", relations_of(package.document)}
    names |= {name for name in (package.beside("comments"),) if name}
    if numbering and (name := package.beside("numbering")):
        names.add(name)
    return names


def _alternately(before: list[Held], after: list[Held]) -> Iterator[tuple[Held, ...]]:
    for number in range(max(len(before), len(after))):
        yield (*before[number : number + 1], *after[number : number + 1])


def _is_text(part: str) -> bool:
    name = part.rpartition("/")[2]
    return part.endswith(".xml") and name.startswith(("header", "footer", "footnotes", "endnotes", "comments"))


def _different(found: WordCode, planned: Code) -> str | None:
    """In what a document and a code differ, said in a few words; None where they do not."""
    for name in dict.fromkeys((*found.lists, *_lists(planned))):
        mine = [_plain(each.record) for each in found.held if each.list == name]
        theirs = [_plain(each) for each in _records(planned, name)]
        for one, other in zip(mine, theirs, strict=False):
            if one != other:
                return f"“{shown(other[0])}” differs"
        if len(mine) != len(theirs):
            return f"{len(mine)} records stand where there should be {len(theirs)}"
    return None


def _lists(code: Code) -> Iterator[str]:
    if code.definitions is not None:
        yield "definitions"
    for group in code.contents or ():
        yield f"contents:{group.group}"


def _records(code: Code, name: str) -> tuple[Record, ...]:
    if name == "definitions":
        return code.definitions.entries if code.definitions is not None else ()
    return next((group.entries for group in code.contents or () if f"contents:{group.group}" == name), ())


def _plain(record: Record) -> tuple[str, str]:
    text = record.text if isinstance(record, Definition) else getattr(record, "title", "")
    return getattr(record, KEY[type(record)]), text


def _unsound(root: etree._Element) -> str | None:
    """What Word would not open, or would read otherwise; None where there is nothing of it."""
    seen: set[str] = set()
    for mark in root.iter(f"{W}ins", f"{W}del", f"{W}pPrChange"):
        ident = mark.get(f"{W}id", "")
        if ident in seen:
            return "two marks have one id"
        seen.add(ident)
    for gone in root.iter(f"{W}del"):
        if next(gone.iter(f"{W}t", f"{W}instrText"), None) is not None:
            return "words taken out are not marked as such"
    for cell in root.iter(f"{W}tc"):
        if len(cell) == 0 or cell[-1].tag != f"{W}p":
            return "a cell does not end in a paragraph"
    return None


# --- files ------------------------------------------------------------------------------------------------------------


def xml(root: etree._Element) -> bytes:
    """A tree as the bytes of a part."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def repacked(package: Package, parts: Mapping[str, bytes]) -> bytes:
    """The file with other bytes for some of its parts; new ones come last. The same input gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in package.parts.items():
            info = zipfile.ZipInfo(name, part.info.date_time)
            info.compress_type = part.info.compress_type
            info.external_attr = part.info.external_attr
            archive.writestr(info, parts.get(name, part.data))
        for name in parts.keys() - package.parts.keys():
            info = zipfile.ZipInfo(name, _DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, parts[name])
    return out.getvalue()


def normal(root: etree._Element) -> bytes:
    """A document in a form in which neither the cuts of its runs matter nor its comments."""
    tree = copy.deepcopy(root)
    for paragraph in tree.iter(f"{W}p"):
        unfolded(paragraph)
    gone = [f"{W}{name}" for name in ("commentRangeStart", "commentRangeEnd", "commentReference", "proofErr")]
    for element in list(tree.iter(*gone)):
        _without(element)
    _merge(tree)
    return etree.tostring(tree, method="c14n")


def _without(element: etree._Element) -> None:
    """Take an element out, and its run where it held nothing else."""
    parent = element.getparent()
    if parent is None:
        return
    parent.remove(element)
    if parent.tag == f"{W}r" and all(child.tag == f"{W}rPr" for child in parent):
        _without(parent)


def _merge(tree: etree._Element) -> None:
    for text in tree.iter(f"{W}t", f"{W}instrText"):
        space = "{http://www.w3.org/XML/1998/namespace}space"
        if text.get(space) != "preserve":
            text.text = (text.text or "").strip(" \t\r\n")
        text.set(space, "preserve")
    for run in list(tree.iter(f"{W}r")):
        before = run.getprevious()
        if before is not None and before.tag == f"{W}r" and _properties(before) == _properties(run):
            for child in [c for c in run if c.tag != f"{W}rPr"]:
                last = before[-1] if len(before) else None
                if child.tag in (f"{W}t", f"{W}instrText") and last is not None and last.tag == child.tag:
                    last.text = (last.text or "") + (child.text or "")
                else:
                    before.append(child)
            parent = run.getparent()
            assert parent is not None
            parent.remove(run)
    for holder in list(tree.iter(f"{W}pPr", f"{W}rPr")):
        parent = holder.getparent()
        if len(holder) == 0 and not holder.attrib and parent is not None:
            parent.remove(holder)


def _properties(run: etree._Element) -> tuple[bytes, tuple[tuple[str, str], ...]]:
    found = run.find(f"{W}rPr")
    attributes = tuple(sorted((str(key), str(value)) for key, value in run.attrib.items()))
    if found is None or len(found) == 0:
        return b"", attributes
    return etree.tostring(found, method="c14n", with_tail=False), attributes
