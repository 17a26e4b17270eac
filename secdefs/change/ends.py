"""How a text ends: its closing mark, its final conjunction, and where "the end" is for the words that go there."""

from __future__ import annotations

import re
from itertools import islice

from secdefs.change.text import LABEL, Line, Paragraph, abbreviated, cited, lines, paragraph, paragraphs
from secdefs.findings import Refused

CONJUNCTION = r"(?:and/or|and|or|but|nor|plus)"
_LONGEST = len("and/or")
_BARE = re.compile(rf"{CONJUNCTION}", re.IGNORECASE)
_FINAL = re.compile(rf"(?<![\w/]){CONJUNCTION}\Z")
_MARK = re.compile(r"(?:[^\S\n]*[—–]|[.;,:][^\S\n]*[—–]|[.;,:])\Z")
_NUMBERED = re.compile(r"\w+\s+(?:\d|[A-Z]{1,2}\b|\()")


class Close:
    """The end of a range: `mark` and `conjunction` are places, each empty where it has none; `end` is after both."""

    __slots__ = ("conjunction", "end", "mark")

    def __init__(self, text: str, within: tuple[int, int]) -> None:
        start = within[0]
        words = text[start : within[1]].rstrip()
        self.end = start + len(words)
        final = _final(words)
        self.conjunction = (start + final.start(), self.end) if final else (self.end, self.end)
        words = words[: final.start()].rstrip() if final else words
        mark = _MARK.search(words, words.rfind("\n") + 1)
        at = start + len(words)
        self.mark = (at, at)
        # The stop of "8 a.m." and the dots of an ellipsis are no closing mark; a bullet alone on its line is none.
        if mark and not (mark[0] == "." and (abbreviated(words, mark.start()) or words.endswith(".."))):
            bullet = LABEL.fullmatch(words.rpartition("\n")[2].strip())
            if bullet is None:
                self.mark = (start + mark.start(), at)


def _final(words: str) -> re.Match[str] | None:
    """The conjunction in which words end that have no spaces at their end."""
    return _FINAL.search(words, max(len(words) - _LONGEST, 0))


def bare_conjunction(words: str) -> bool:
    """Whether the words are a conjunction and nothing else."""
    return _BARE.fullmatch(words.strip()) is not None


def whole_sentence(words: str) -> bool:
    """Whether the words are a sentence of their own: a capital, a full stop, and no mere citation between."""
    bare = words.strip().strip("\"'“”‘’()[]")
    return bare[:1].isupper() and bare.endswith(".") and len(bare.split()) > 2 and not _NUMBERED.match(bare)


def own_mark(words: str) -> bool:
    """Whether words that go to an end bring a closing mark of their own: "; or", "and two;", "…apply."."""
    close = Close(words, (0, len(words)))
    return close.mark[0] < close.mark[1]


def ending(text: str, within: tuple[int, int], new: str) -> tuple[int, int]:
    """Where `new` goes "at the end" of a range: a place, empty but where the closing mark gives way to its own.

    Before the closing mark (and a conjunction after it) where `new` brings no such mark; in its stead where it does;
    a bare conjunction after ";" or ","; a whole sentence after all.
    """
    close = Close(text, within)
    mark, conjunction = close.mark, close.conjunction
    if whole_sentence(new):
        return close.end, close.end
    if bare_conjunction(new):
        after = text[mark[0] : mark[1]] in (";", ",", "") or conjunction[0] < conjunction[1]
        return (close.end, close.end) if after else (mark[0], mark[0])
    if own_mark(new):
        both = Close(new, (0, len(new))).conjunction[0] < len(new.rstrip())
        return mark[0], close.end if both else mark[1]
    return mark[0], mark[0]


def last(text: str, within: tuple[int, int], new: str = "") -> int:
    """Where "to the end" of a range ends when `new` is to stand there: its closing mark stays unless `new` has one."""
    close = Close(text, within)
    if not own_mark(new):
        return close.mark[0]
    both = Close(new, (0, len(new))).conjunction[0] < len(new.rstrip())
    return close.end if both else close.mark[1]


# --- the final conjunction --------------------------------------------------------------------------------------------


def final_conjunction(text: str, item: Paragraph) -> tuple[int, int] | None:
    """The conjunction at the end of an item: its last word, or alone on the line that follows it."""
    words = text[item.start : item.end].rstrip()
    if final := _final(words):
        return item.start + final.start(), item.start + len(words)
    for row in islice(lines(text), item.last + 1, None):
        if row.blank:
            continue
        if row.label is None and bare_conjunction(text[row.content : row.end]):
            return row.content, row.content + len(text[row.content : row.end].rstrip())
        return None
    return None


def conjunction(text: str, path: tuple[str, ...], word: str | None = None) -> tuple[int, int]:
    """The place of a paragraph's final conjunction, which must be `word` where one is given.

    It is the last word of its subtree, or stands alone on the next line. Raises Refused: SD201 where there is none,
    SD203 and SD209 as `extent` does.
    """
    place = final_conjunction(text, paragraph(text, path))
    return checked(text, place, word, f"at the end of paragraph {cited(path)}")


def conjunction_before(text: str, path: tuple[str, ...], word: str | None = None) -> tuple[int, int]:
    """The place of the conjunction before a paragraph: the final one of the paragraph that precedes it in its list."""
    item = paragraph(text, path)
    before = [one for one in paragraphs(text)[1:] if one.parent == item.parent and one.start < item.start]
    return checked(
        text, final_conjunction(text, before[-1]) if before else None, word, f"before paragraph {cited(path)}"
    )


def checked(text: str, place: tuple[int, int] | None, word: str | None, where: str) -> tuple[int, int]:
    """The place of a conjunction, which must be there, and `word` where one is given. Raises Refused SD201."""
    wanted = f"“{word}”" if word else "conjunction"
    if place is None:
        raise Refused("SD201", f"there is no {wanted} {where}", "check the label and the conjunction")
    there = text[place[0] : place[1]]
    if word is not None and there != word.strip():
        raise Refused("SD201", f"there is no {wanted} {where}", f"“{there}” stands there")
    return place


def conjunctions(text: str, before: str | None = None) -> tuple[str, ...]:
    """What is wrong with the conjunctions of a text's lists, a sentence each; with `before`, only what was not already.

    A list is lettered or roman. Certain on its own: a conjunction in two places, or after the last item with nothing
    to follow. Only against `before`: none before the last item, for many lists have none.
    """
    if before is not None and _alike(text, before):
        return ()
    found = _faults(text)
    if not found or before is None:
        return tuple(fault for (_, kind), fault in found.items() if kind != "none")
    had = _faults(before)
    lists = {path for path, items in _items(before).items() if len(items) > 1}
    return tuple(
        fault for (path, kind), fault in found.items() if (path, kind) not in had and (kind != "none" or path in lists)
    )


def _alike(text: str, before: str) -> bool:
    """Whether two texts differ in nothing on which their lists depend: in no level, no label and no conjunction."""
    rows, stood = lines(text), lines(before)
    return len(rows) == len(stood) and all(
        text[row.start : row.end] == before[old.start : old.end] or _joint(text, row) == _joint(before, old)
        for row, old in zip(rows, stood, strict=True)
    )


def _joint(text: str, row: Line) -> tuple[bool, int, str | None, str, bool]:
    """What a line is to the lists of a text: its level, label, and the conjunction in which it ends, or that it is."""
    words = text[row.content : row.end].rstrip()
    final = _final(words)
    return row.blank, row.depth, row.label, final[0] if final else "", bare_conjunction(words)


def _items(text: str) -> dict[tuple[str, ...], list[Paragraph]]:
    """The lettered and roman items under each path, in the order in which the paths stand in the text."""
    known = paragraphs(text)
    result: dict[tuple[str, ...], list[Paragraph]] = {one.path: [] for one in known}
    for item in known[1:]:
        if item.path[-1].isalpha() and item.path[-1].islower():
            result[item.path[:-1]].append(item)
    return result


def _faults(text: str) -> dict[tuple[tuple[str, ...], str], str]:
    result: dict[tuple[tuple[str, ...], str], str] = {}
    for path, items in _items(text).items():
        if not items or len({item.path for item in items}) != len(items) or len({item.parent for item in items}) > 1:
            continue
        final = [item for item in items[:-1] if final_conjunction(text, item)]
        end = items[-1]
        alone = not text[end.end :].strip() and final_conjunction(text, end) is not None
        if alone:
            result[path, "last"] = f"nothing follows the conjunction at the end of paragraph {cited(end.path)}"
        if len(items) < 2:
            continue
        if len(final) > 1:
            named = " and ".join(cited(item.path) for item in final)
            result[path, "two"] = f"the list has {len(final)} conjunctions: after {named}"
        elif items[-2] not in final:
            result[path, "none"] = f"no conjunction stands before the last item {cited(end.path)}" + (
                f"; one stands after {cited(final[0].path)}" if final else ""
            )
    return result
