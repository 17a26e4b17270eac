"""Which records hold the words of an instruction, in term or text, and what becomes of them there."""

from __future__ import annotations

import msgspec

from secdefs import said
from secdefs.change import blocks, collation
from secdefs.change.edits import Consolidation, Edit, Splice
from secdefs.change.ends import bare_conjunction, ending
from secdefs.change.matching import Place, occurrences
from secdefs.change.nearest import dressed
from secdefs.change.references import Where, alike, lists, records, where
from secdefs.change.seam import Change, appended, changes, insertion_points, insertions
from secdefs.change.text import LABEL, children, extent, lines, paragraph
from secdefs.change.words import places
from secdefs.findings import Refused
from secdefs.model import (
    Beside,
    DefinitionRef,
    DocumentRef,
    Each,
    EntryRef,
    Outside,
    Provision,
    ProvisionRef,
    Quote,
    Ref,
    SectionRef,
    Spot,
    Words,
)


def splices(at: Where, made: tuple[Change, ...]) -> tuple[Edit, ...]:
    """The edits that make changes in a field; a key (a term) is changed by one edit, for it may be but one at a time.

    Raises Refused: SD204 (the new term is in use), SD209 (nothing of the text would be left).
    """
    return tuple(Splice(at.list, at.key, at.part, change.at, change.old, change.new) for change in made)


def _made(code: Consolidation, at: Where, made: tuple[Change, ...]) -> tuple[Edit, ...]:
    before = code.text(at.list, at.key, at.part)
    after = before
    for change in made:
        after = change.made(after)
    if not after.strip() and at.part != "heading":
        what = "the term" if at.part == "term" else "the text of"
        whole = "omit the definition" if at.list == "definitions" else "omit the whole"
        raise Refused("SD209", f"nothing of {what} “{at.key}” would be left", f"{whole}, if that is meant")
    if at.part != "term":
        return splices(at, made)
    if after != before and alike(code, at.list, after) not in (None, at.key):
        raise Refused("SD204", f"“{after}” is in use already", "choose another term")
    return splices(at, made if len(made) == 1 else (Change(0, before, after),))


# --- which records ----------------------------------------------------------------------------------------------------


def holding(code: Consolidation, target: Ref, old: Words) -> tuple[Ref, ...]:
    """The references under which to look for words: the target itself, or those of its records that have them.

    Raises Refused where the target is several records, and the words stand in other than the one meant: SD201, SD202.
    """
    match target:
        case EntryRef(label=None, part="text"):  # a whole list of the contents
            name = lists(code, target)
            keys = code.keys(name)
        case SectionRef() | ProvisionRef(path=(), part="text") | DocumentRef(path=(), part="text"):
            name, keys = records(code, target)
            if not isinstance(target, SectionRef) and len(keys) == 1:
                return (target,)
        case _:
            return (target,)
    ends = (old,) if isinstance(old, Quote) else (old.start, old.end)
    named = (end.quote if isinstance(end, Outside) else end for end in ends)
    quote = next((end for end in named if isinstance(end, Quote)), None)
    if quote is None or target.part != "text":
        raise Refused(
            "SD209", f"{said.ref(target)}: this is more than one provision", "name the definition or provision"
        )
    having: list[tuple[Ref, int]] = []
    for key in keys:
        count = sum(len(occurrences(words, quote.text, (0, len(words)))) for words in _words(code, name, key))
        if count:
            having.append((_ref(name, key), count))
    what = _named(code, target)
    if not having:
        raise Refused("SD201", f"“{quote.text}” occurs nowhere in {what}", _near(code, name, keys, quote.text))
    if len(having) > 1 and not (isinstance(quote.which, Each) and quote.which.count is None):
        total = sum(count for _, count in having)
        names = "; ".join(f"{said.ref(each)}{f' ({count} times)' if count > 1 else ''}" for each, count in having)
        raise Refused(
            "SD202",
            f"“{quote.text}” occurs {total} times in {what}: in {names}",
            "say in which definition: “in the definition of “…””"
            if name == "definitions"
            else "say in which entry"
            if name.startswith("contents:")
            else "say in which provision",
        )
    return tuple(each for each, _ in having)


def _near(code: Consolidation, name: str, keys: tuple[str, ...], words: str) -> str:
    """A hint: where in these records the words stand in another dress."""
    for key in keys:
        for text in _words(code, name, key):
            found = dressed(text, words, (0, len(text)))
            if found is not None:
                return f"in {said.ref(_ref(name, key))}: {found}"
    return "check the quotation against the text"


def _words(code: Consolidation, name: str, key: str) -> tuple[str, ...]:
    """The texts of a record in which words are looked for: a definition's words include its term."""
    if name == "documents" or name.startswith("contents:"):
        return (code.text(name, key, "title"),)
    return (key, code.text(name, key)) if name == "definitions" else (code.text(name, key),)


def _ref(name: str, key: str) -> Ref:
    match name:
        case "definitions":
            return DefinitionRef(term=key)
        case "documents":
            return DocumentRef(place=key)
        case str() if name.startswith("contents:"):
            return EntryRef(group=name.partition(":")[2], label=key)
    return ProvisionRef(label=key)


def _named(code: Consolidation, target: Ref) -> str:
    if isinstance(target, SectionRef) and target.label is None and code.base.definitions:
        return f"Section {code.base.definitions.section}"
    return said.ref(target)


def _term_meant(code: Consolidation, target: Ref, words: Words | None) -> bool:
    """Whether the words stand in the term of the definition named, and only there.

    Raises Refused SD202 where they stand in its text as well: it is not said whether the term itself is to change.
    """
    match target, words:
        case DefinitionRef(path=(), part="text"), Quote(beside=None) as quote:
            at = where(code, target)
            if not occurrences(at.key, quote.text, (0, len(at.key))):
                return False
            if not occurrences(code.text(at.list, at.key, at.part), quote.text, at.within):
                return True
            raise Refused(
                "SD202",
                f"“{quote.text}” occurs both in the term “{at.key}” and in its text",
                "say whether the term itself is to change, and quote more of the words around it",
            )
    return False


def _field(code: Consolidation, target: Ref, words: Words | None) -> tuple[Where, str, Place]:
    """The field in which to work, its text, and the range meant."""
    at = where(code, target)
    if _term_meant(code, target, words):
        at = Where(at.list, at.key, "term", 0, len(at.key))
    return at, code.text(at.list, at.key, at.part), at.within


# --- what becomes of them ---------------------------------------------------------------------------------------------


def substituted(code: Consolidation, target: Ref, old: Words, new: str) -> tuple[Edit, ...]:
    """The edits that put `new` ("" to omit) for words."""
    result: list[Edit] = []
    match old:
        case Quote(beside=Beside(term=str(term))):
            target, old = _before_definition(code, target, term), msgspec.structs.replace(old, beside="end")
    for each in holding(code, target, old):
        at, text, within = _field(code, each, old)
        found = places(text, old, within, new)
        result += _made(code, at, changes(text, found, _laid(text, found, new), within))
    return tuple(result)


def _before_definition(code: Consolidation, target: Ref, term: str) -> Ref:
    """The definition that stands before that of a term in its list. Raises Refused SD201, SD203 or SD205."""
    if not isinstance(target, SectionRef) or lists(code, target) != "definitions":
        raise Refused("SD203", f"the definition of “{term}” stands in no such place", "name the Section it stands in")
    key = where(code, DefinitionRef(term=term)).key
    keys = code.keys("definitions")
    place = keys.index(key)
    if not place:
        raise Refused("SD201", f"no definition stands before that of “{term}”", "say at the end of which definition")
    return DefinitionRef(term=keys[place - 1])


def inserted(code: Consolidation, target: Ref, spot: Spot, new: str) -> tuple[Edit, ...]:
    """The edits that put `new` at a spot of a text."""
    if spot.conjunction is not None:
        raise Refused("SD209", "words go to a place, and no conjunction is to be moved", "say where they go")
    if spot.where in ("alphabetical", "in_order"):
        raise Refused("SD209", "it is not clear where the words go", "say after or before which words, or at the end")
    if spot.ref is not None:
        return _beside(code, target, spot, new)
    targets = holding(code, target, spot.words) if spot.words is not None else (target,)
    result: list[Edit] = []
    for each in targets:
        at, text, within = _field(code, each, spot.words)
        if spot.where == "end":
            points: tuple[Place, ...] = (ending(text, within, new),)
        else:
            points = tuple((point, point) for point in insertion_points(text, within, spot, new))
        item = _paragraph(new)
        if item is not None and any(not _rest(text, end) for _, end in points):
            made = _as_item(text, each, spot, item)
        else:
            made = insertions(text, within, spot, _laid(text, points, new))
        result += _made(code, at, made)
    return tuple(result)


def _beside(code: Consolidation, target: Ref, spot: Spot, new: str) -> tuple[Edit, ...]:
    """Words after a paragraph go to its end; words before it, to the end of what precedes it."""
    assert spot.ref is not None
    path: tuple[str, ...] = getattr(spot.ref, "path", ())
    if not path or isinstance(spot.ref, EntryRef):
        raise Refused(
            "SD209",
            f"words cannot stand {spot.where} {said.ref(spot.ref)}",
            f"say in which provision they go, and {spot.where} which words",
        )
    name, key = where(code, target)[:2] if not isinstance(target, SectionRef) else (lists(code, target), "")
    at = where(code, spot.ref)
    if at.list != name or key not in ("", at.key):
        raise Refused("SD203", f"{said.ref(spot.ref)} does not stand in {said.ref(target)}", "name one place")
    text = code.text(at.list, at.key, at.part)
    item = _paragraph(new)
    if item is not None:
        return _made(code, at, blocks.put_in(text, (), spot, (item,)))
    within = at.within if spot.where == "after" else _preceding(text, path)
    return _made(code, at, (appended(text, within, _laid(text, (ending(text, within, new),), new)),))


def _preceding(text: str, path: tuple[str, ...]) -> Place:
    """The range of the paragraph before one in its list; before the first, the opening words."""
    item = paragraph(text, path)
    siblings = [each for each in children(text, path[:-1]) if each.start < item.start]
    if siblings:
        return siblings[-1].start, siblings[-1].end
    start, _ = extent(text, path[:-1])
    return start, max(start, text.rfind("\n", 0, item.start))


# --- words that are a paragraph ---------------------------------------------------------------------------------------


def _paragraph(new: str) -> Provision | None:
    """Words that begin with a label and go on, as the paragraph that they are; None for others, a bare label too."""
    label = LABEL.match(new.strip())
    words = new.strip()[label.end() :].strip() if label else ""
    return Provision(label=label[label.lastgroup or 0], text=words) if label and any(map(str.isalpha, words)) else None


def _as_item(text: str, target: Ref, spot: Spot, item: Provision) -> tuple[Change, ...]:
    """The change that puts a quoted paragraph at the end of a list, where its label goes on with that of the last.

    Raises Refused SD209 otherwise: at the end of a line it would be read as words and as a paragraph.
    """
    path: tuple[str, ...] = getattr(target, "path", ())
    known = [each.path[-1] for each in children(text, path)]
    if spot.where == "end" and known and collation.item_place(known, item.label) == (len(known), True):
        return blocks.put_in(text, path, spot, (item,))
    raise Refused(
        "SD209",
        f"“{f'({item.label}) {item.text}'[:60]}” begins a paragraph, and would stand at the end of a line of words",
        "say after or before which paragraph the new one goes",
    )


# --- words of several lines -------------------------------------------------------------------------------------------


def _rest(text: str, at: int) -> str:
    """What follows in a line, where there are words in it, and more than a conjunction."""
    rest = text[at:].partition("\n")[0].strip()
    words = rest.lstrip(",;:. ")
    return rest if any(map(str.isalnum, words)) and not bare_conjunction(words) else ""


def _laid(text: str, found: tuple[Place, ...], new: str) -> str:
    """New words of several lines, the lines after the first as much deeper as the line that they come into.

    Raises Refused SD209 where they are paragraphs and no words, or where words of the old line would come to stand in
    the last of the new ones.
    """
    if "\n" not in new:
        return new
    if LABEL.match(new.lstrip()):
        raise Refused(
            "SD209",
            f"“{new.split(chr(10))[0][:60]}” begins a paragraph, and stands for words",
            "say after or before which paragraph the new ones go",
        )
    depths = {row.depth for row in lines(text) for start, _ in found if row.start <= start <= row.end}
    for _, end in found:
        if rest := _rest(text, end):
            raise Refused(
                "SD209",
                f"“{rest[:60]}” would come to stand in the last line of the new words",
                "quote the words to the end of their line as well",
            )
    if len(depths) > 1:
        raise Refused("SD209", "the new lines would stand at several levels", "write a sentence for each place")
    return new.replace("\n", "\n" + "  " * depths.pop())
