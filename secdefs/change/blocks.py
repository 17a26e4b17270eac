"""How whole paragraphs come into a text and go from it: their level, the dress of their labels, their conjunctions.

All is said in changes of one text, to be made in the order given. A new paragraph stands at the level of its neighbour
and in its dress ("(b)", "b)", "2."); what is inside it is as much deeper as it was in the direction.
"""

from __future__ import annotations

from collections import Counter

from secdefs import said
from secdefs.change import collation
from secdefs.change.ends import checked, conjunction, conjunction_before, final_conjunction
from secdefs.change.seam import Change
from secdefs.change.text import LABEL, Paragraph, children, cited, extent, lines, paragraph, paragraphs
from secdefs.change.words import body
from secdefs.findings import Refused
from secdefs.model import Part, Provision, Quote, Record, Spot

_PLAIN = "({})"


# --- the lines of a paragraph -----------------------------------------------------------------------------------------


def _label(text: str, item: Paragraph) -> str:
    """A paragraph's label as it is printed."""
    found = LABEL.match(text, item.start)
    return found[0] if found else ""


def _dress(text: str, item: Paragraph) -> str:
    """How a paragraph's label is dressed: "({})", "{})", "{}." or "{}"."""
    printed = _label(text, item)
    return printed.replace(item.path[-1], "{}", 1) if printed and item.path else _PLAIN


def written(new: tuple[Record, ...], level: int, dress: str = _PLAIN) -> str:
    """The lines of new paragraphs at a level, the first without its indentation.

    Raises Refused SD209 for a label that no paragraph has.
    """
    result: list[str] = []
    for each in new:
        words = said.record(each)
        if isinstance(each, Provision) and each.label[:1].isalnum():
            words = f"{dress.format(each.label)} {each.text}".rstrip()
            if LABEL.match(words) is None:
                raise Refused(
                    "SD209", f"“{each.label}” is no label of a paragraph", "quote it as a provision, or renumber it"
                )
        result += words.split("\n")
    return ("\n" + "  " * level).join(result)


def labelled(new: tuple[Record, ...]) -> bool:
    """Whether the first of new paragraphs has a label, of its own or at the beginning of its text."""
    first = new[0]
    return isinstance(first, Provision) and (bool(first.label) or LABEL.match(first.text) is not None)


def _checked(before: str, made: tuple[Change, ...]) -> tuple[Change, ...]:
    """The changes, where they leave no two paragraphs of one label. Raises Refused SD204, SD209."""
    after = before
    for change in made:
        after = change.made(after)
    if not after.strip():
        raise Refused("SD209", "nothing of the text would be left", "omit the whole, if that is meant")
    had = Counter(one.path for one in paragraphs(before))
    has = Counter(one.path for one in paragraphs(after))
    stayed: dict[tuple[str, ...], list[str]] = {}
    for path in has:
        if path in had:
            stayed.setdefault(path[:-1], []).extend(path[-1:])
    for path, count in has.items():
        if path not in had and not collation.belongs(stayed.get(path[:-1], []), path[-1]):
            raise Refused(
                "SD209",
                f"({path[-1]}) would stand in a list of {_first_labels(stayed[path[:-1]])}",
                "insert it after a paragraph of its own list, or give it a label of this one",
            )
        if count > max(had[path], 1) and path[-1].isalnum():
            raise Refused(
                "SD204",
                f"paragraph {cited(path)} is in use already" if had[path] else f"paragraph {cited(path)} comes twice",
                "substitute it, renumber it first, or choose another label",
            )
    return made


def _first_labels(labels: list[str]) -> str:
    """The labels of a list, as many as show its kind: "(i), (ii) …"."""
    return ", ".join(cited((each,)) for each in labels[:2]) + (" …" if len(labels) > 2 else "")


# --- putting in -------------------------------------------------------------------------------------------------------


def put_in(text: str, path: tuple[str, ...], spot: Spot, new: tuple[Record, ...]) -> tuple[Change, ...]:
    """The changes that put new paragraphs into the paragraph `path` of a text (() is the text itself).

    A spot after or before a paragraph names it by the path of its reference; that paragraph's list is the one that is
    added to. Raises Refused: SD201 (no such conjunction), SD203 and SD209 (no such paragraph, two of them; labels that
    have no order), SD204 (a label that is in use).
    """
    for each in new:
        if isinstance(each, Provision) and each.heading:
            raise Refused("SD209", f"“{each.heading}”: a paragraph has no heading", "insert it as a provision")
    beside = getattr(spot.ref, "path", ())
    match spot:
        case Spot(where="after") if beside:
            return _checked(text, _after(text, beside, getattr(spot.ref, "through", None), spot.conjunction, new))
        case Spot(where="before") if beside and spot.conjunction is None:
            return _checked(text, (_before(text, paragraph(text, beside), new),))
        case Spot(where="end", ref=None) if spot.conjunction is None:
            return _checked(text, (_at_end(text, path, new),))
        case Spot(where="beginning", ref=None) if spot.conjunction is None and labelled(new):
            items = _items(text, path)
            if items:
                return _checked(text, (_before(text, items[0], new),))
        case Spot(where="in_order" | "alphabetical", ref=None) if spot.conjunction is None and labelled(new):
            return _checked(text, _in_order(text, path, new))
    raise Refused(
        "SD209", "it is not clear where the new paragraph goes", "say after or before which paragraph, or at the end"
    )


def _items(text: str, path: tuple[str, ...]) -> tuple[Paragraph, ...]:
    """The paragraphs directly under the one paragraph of a path."""
    known = paragraphs(text)
    own = known.index(paragraph(text, path))
    return tuple(each for each in known[1:] if each.parent == own)


def _after(
    text: str, path: tuple[str, ...], through: str | None, word: str | None, new: tuple[Record, ...]
) -> tuple[Change, ...]:
    _, end = extent(text, path, through)
    item = paragraph(text, (*path[:-1], through) if through else path)
    lead = "\n" + "  " * item.depth
    block = lead + written(new, item.depth, _dress(text, item))
    if word is None:
        return (Change(end, "", block),)
    low, high = checked(text, final_conjunction(text, item), word, f"at the end of paragraph {cited(item.path)}")
    if high > end:
        return (Change(end, "", block),)  # it stands on a line of its own, and stays there
    if block.split()[-1] == word:
        raise Refused("SD209", f"“{word}” would stand twice", f"leave it out of the new text, or do not move “{word}”")
    low = _with_space(text, low)
    return (Change(end, "", block + text[low:high]), Change(low, text[low:high], ""))


def _before(text: str, item: Paragraph, new: tuple[Record, ...]) -> Change:
    block = written(new, item.depth, _dress(text, item))
    return Change(item.start, "", block + "\n" + "  " * item.depth)


def _at_end(text: str, path: tuple[str, ...], new: tuple[Record, ...]) -> Change:
    holder = paragraph(text, path)
    items = _items(text, path)
    if labelled(new):
        # A labelled paragraph goes on with the list, whose flush tail stays behind it.
        last = items[-1] if items else None
        end, level = (last.end, last.depth) if last else (holder.end, holder.depth + 1 if path else 1)
        dress = _dress(text, last) if last else _PLAIN
    else:
        deeper = any(row.depth > max(holder.depth, 0) for row in lines(text)[holder.first : holder.last + 1])
        end, level, dress = holder.end, max(holder.depth, 0) + (bool(path) and not deeper), _PLAIN
    kept = text[:end].rstrip("\n")
    return Change(len(kept), "", ("\n" if kept else "") + "  " * level + written(new, level, dress))


def _in_order(text: str, path: tuple[str, ...], new: tuple[Record, ...]) -> tuple[Change, ...]:
    result: list[Change] = []
    for each in new:
        items = _items(text, path)
        label = each.label if isinstance(each, Provision) else ""
        if not items:
            change = _at_end(text, path, (each,))
        else:
            found = collation.item_place([item.path[-1] for item in items], label) if label.isalnum() else None
            if found is None or not found[1]:
                raise Refused(
                    "SD209",
                    f"the labels do not tell where paragraph {cited((label,))} goes",
                    "say after which paragraph it goes",
                )
            at = found[0]
            if at:
                (change,) = _after(text, items[at - 1].path, None, None, (each,))
            else:
                change = _before(text, items[0], (each,))
        text = change.made(text)
        result.append(change)
    return tuple(result)


# --- putting in the place, taking out, renumbering --------------------------------------------------------------------


def put_for(
    text: str, span: tuple[int, int], path: tuple[str, ...], part: Part, new: tuple[Record, ...]
) -> tuple[Change, ...]:
    """The change that puts new paragraphs in the place of one, of a range of them, or of a part of one: `span`.

    Raises Refused: SD203 and SD209 (no such paragraph, two of them, new ones without a label), SD204.
    """
    start, end = span
    item = paragraph(text, path)
    level = max(item.depth, 0)
    if part == "text":
        if not labelled(new):
            raise Refused(
                "SD209",
                f"the new text has no label, and would stand for paragraph {cited(path)}",
                "quote the paragraph with its label, or say for which words the new ones are",
            )
    elif labelled(new) and new[0] != Provision(label=path[-1] if path else "", text=getattr(new[0], "text", "")):
        raise Refused("SD209", "the new text has a label, and stands for words", "quote the words alone")
    elif not labelled(new):
        start = body(text, (start, end))
    block = written(new, level, _dress(text, item) if path else _PLAIN)
    return _checked(text, (Change(start, text[start:end], block),))


def taken_out(text: str, path: tuple[str, ...], through: str | None, gone: Quote | None) -> tuple[Change, ...]:
    """The changes that take out a paragraph or a range of them, and the conjunction `gone` before it, or at its end.

    Raises Refused: SD201 (no such conjunction), SD203 and SD209 (no such paragraph, two of them; nothing is left).
    """
    start, end = extent(text, path, through)
    low = text.rfind("\n", 0, start)
    if gone is not None and gone.beside == "end":
        last = (*path[:-1], through) if through else path
        end = max(end, conjunction(text, last, gone.text)[1])
    whole = Change(low, text[low:end], "") if low >= 0 else Change(0, text[: end + 1], "")
    if gone is None or gone.beside == "end":
        return _checked(text, (whole,))
    first, after = conjunction_before(text, path, gone.text)
    if text[text.rfind("\n", 0, first) + 1 : first].strip():
        first = _with_space(text, first)
    else:
        first = text.rfind("\n", 0, first)
    return _checked(text, (whole, Change(first, text[first:after], "")))


def _with_space(text: str, at: int) -> int:
    """Where the spaces before an offset begin, within its line."""
    while at > 0 and text[at - 1].isspace() and text[at - 1] != "\n":
        at -= 1
    return at


def renumbered(text: str, path: tuple[str, ...], to: str) -> tuple[Change, ...]:
    """The change that gives a paragraph another label. Raises Refused: SD203, SD204, SD209."""
    item = paragraph(text, path)
    label = to.strip("(). ")
    if LABEL.fullmatch(_dress(text, item).format(label)) is None:
        raise Refused("SD209", f"“{to}” is no label of a paragraph", "give it a letter or number")
    at = text.index(path[-1], item.start)
    return _checked(text, (Change(at, path[-1], label),))


def range_renumbered(text: str, path: tuple[str, ...], through: str, to: tuple[str, str]) -> tuple[Change, ...]:
    """The changes that give a range of paragraphs the labels from the first to the last of `to`.

    Raises Refused: SD203, SD204, and SD209 where there are not as many labels as paragraphs.
    """
    siblings = children(text, path[:-1])
    first, last = paragraph(text, path), paragraph(text, (*path[:-1], through))
    members = siblings[siblings.index(first) : siblings.index(last) + 1]
    fitting = [new for new in collation.sequences(*to) if len(new) == len(members)]
    if len(fitting) != 1:
        raise Refused(
            "SD209",
            f"({path[-1]}) to ({through}) are {len(members)} paragraphs, and ({to[0]}) to ({to[1]}) another number",
            "write a sentence for each paragraph",
        )
    made = []
    for item, label in reversed(list(zip(members, fitting[0], strict=True))):
        made.append(Change(text.index(item.path[-1], item.start), item.path[-1], label))
    return _checked(text, tuple(made))
