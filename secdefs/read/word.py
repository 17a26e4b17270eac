"""A Word document opened for reading: its paragraphs with their labels, indents and characters, none of them hidden."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml import etree

from secdefs.findings import SecdefsError
from secdefs.read.numbering import Counter, Item, Label, Numbering
from secdefs.read.package import MC, Package, W
from secdefs.read.revisions import Existing, revised, settle
from secdefs.read.runs import HOLDERS, SPACES, Stretch, nodes, runs, stretches, text
from secdefs.read.styles import Indent, Styles

TAB = 720
"""How far a tab moves on where no paragraph says otherwise, in twentieths of a point."""


class Word:
    """A Word document. `changed` says whether changes that were tracked in it had to be settled first."""

    def __init__(self, package: Package, existing: Existing | None, *, root: etree._Element | None = None) -> None:
        """`root` is the document's tree where it is not the one in the package.

        Raises `SecdefsError` for tracked changes when `existing` does not say what to do with them.
        """
        self.package = package
        self.root = package.body() if root is None else root
        self.changed = revised(self.root)
        if self.changed:
            if existing is None:
                raise SecdefsError(
                    f"{package.name}: has tracked changes: say --accept-existing or --reject-existing, "
                    "or accept or reject them in Word"
                )
            settle(self.root, existing)
        body = self.root.find(f"{W}body")
        assert body is not None
        self.body = body
        self.styles = Styles(package.tree_beside("styles"))
        self.numbering = Numbering(package.tree_beside("numbering"), self.styles)
        self._stretches: dict[etree._Element, tuple[Stretch, ...]] = {}
        self.labels: dict[etree._Element, Label] = {}
        self.items: dict[etree._Element, Item] = {}
        counter = Counter(self.numbering)
        for paragraph in counted(body):
            item = self.numbering.item(paragraph)
            if item is None:
                continue
            self.items[paragraph] = item
            label = counter.count(item)
            if label is not None:
                self.labels[paragraph] = label

    def hidden(self, run: etree._Element) -> bool:
        """Whether a run is hidden."""
        return self.styles.switched(run, "vanish")

    def bold(self, run: etree._Element) -> bool:
        """Whether a run is bold."""
        return self.styles.switched(run, "b")

    def struck(self) -> Iterator[etree._Element]:
        """The runs whose words are struck out by hand, as in a redline that is not tracked."""
        for paragraph in self.body.iter(f"{W}p"):
            for run in runs(paragraph):
                through = run.tag == f"{W}r" and any(self.styles.switched(run, each) for each in ("strike", "dstrike"))
                if through and words_of((run,)) and not self.hidden(run):
                    yield run

    def stretches(self, paragraph: etree._Element) -> tuple[Stretch, ...]:
        """The characters of a paragraph as it was read, its computed label not among them."""
        found = self._stretches.get(paragraph)
        if found is None:
            found = self._stretches[paragraph] = stretches(paragraph, self.hidden)
        return found

    def text(self, paragraph: etree._Element) -> str:
        """A paragraph in one line, with its label."""
        words = " ".join(text(self.stretches(paragraph)).split())
        label = self.labels.get(paragraph)
        return f"{label.text} {words}".rstrip() if label is not None else words

    def indent(self, paragraph: etree._Element) -> Indent:
        """How far a paragraph is indented; the tabs with which it begins move its first line on, and all of it."""
        found = self.styles.indent(paragraph, self.numbering.indent(self.items.get(paragraph)))
        words = text(self.stretches(paragraph))
        tabs = words[: len(words) - len(words.lstrip(SPACES))].count("\t")
        return Indent(found.left + tabs * TAB, found.first + tabs * TAB) if tabs else found

    def unread(self) -> Iterator[tuple[str, str]]:
        """What has words or meaning and is not read: what it is, and the words where it has any."""
        for box in self.body.iter(f"{W}txbxContent"):
            words = " ".join(" ".join(each.text or "" for each in box.iter(f"{W}t")).split())
            if words and not any(True for _ in box.iterancestors(f"{MC}Fallback")):
                yield "a text box", words
        yield from self._unseen()
        for _ in self.body.iter(f"{W}altChunk", f"{W}subDoc"):
            yield "another file that is taken in", ""

    def _unseen(self) -> Iterator[tuple[str, str]]:
        """Words that are hidden, or that stand in something that is not known here."""
        paragraphs = list(self.body.iter(f"{W}p"))
        known = {each for paragraph in paragraphs for each in nodes(paragraph)}
        read = {each.node for paragraph in paragraphs for each in self.stretches(paragraph)}
        for node in self.body.iter(f"{W}t"):
            words = " ".join((node.text or "").split())
            if not words or node in read:
                continue
            if node in known:
                yield "hidden text", words
            elif not any(True for _ in node.iterancestors(f"{MC}Fallback", f"{MC}Choice", f"{W}txbxContent")):
                yield f"the element “{etree.QName(next(self._stranger(node))).localname}”", words

    @staticmethod
    def _stranger(node: etree._Element) -> Iterator[etree._Element]:
        """What stands around the run of a node, or around what holds the run, and is not known here."""
        yield from (each for each in node.iterancestors() if each.tag not in (*HOLDERS, f"{W}r"))


def words_of(found: Iterable[etree._Element]) -> str:
    """The words of runs in one line."""
    return " ".join("".join(each.text or "" for run in found for each in run.iter(f"{W}t")).split())


def counted(body: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs in the order in which they are numbered; those of text boxes are not among them."""
    for child in body:
        if child.tag == f"{W}p":
            yield child
        elif child.tag == f"{MC}AlternateContent":
            choice = child.find(f"{MC}Choice")
            if choice is not None:
                yield from counted(choice)
        elif child.tag in _AROUND:
            yield from counted(child)


_AROUND = frozenset(f"{W}{name}" for name in ("tbl", "tr", "tc", "sdt", "sdtContent", "customXml"))


def has_object(paragraph: etree._Element) -> bool:
    """Whether a paragraph holds a picture or the like, of which nothing is read."""
    names = [f"{W}{name}" for name in ("drawing", "pict", "object")]
    return any(next(run.iter(*names), None) is not None for run in runs(paragraph))
