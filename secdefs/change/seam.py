"""The seam: the spaces around words that are put in or taken out. Nothing but the two seams is touched."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from secdefs.change.ends import ending
from secdefs.change.matching import Place
from secdefs.change.text import LABEL
from secdefs.change.words import body, places
from secdefs.findings import Refused, SecdefsError
from secdefs.model import Spot

_REACH = 80
"""How many characters on either side of a seam can matter to it."""

_CLOSE = ",;.:)]’”?!%…"
_OPEN = "([“‘"
_JOIN = "-/—–"
_PRICE = "£$€"
_STRAIGHT = "\"'"
# What looks like a label in running text: a short word in brackets such as "(or)" is none.
_WORDS = "the|and|any|all|not|but|for|nor|or|if|in|of|to|by|as|at|on|is|it|no|an|be|so|up|we|he|do"
_RUNNING = rf"\((?!(?:{_WORDS})\))(?:[a-z]{{1,3}}|[ivxlc]{{2,7}}|[A-Z]{{1,2}}\d{{0,3}}|\d{{1,3}}[A-Z]{{0,3}})\)"
_LABELLED = re.compile(rf"{_RUNNING}(?!\w)")
_ENDS_IN_LABEL = re.compile(rf"{_RUNNING}\Z")
_ENDS_IN_NUMBER = re.compile(r"(?<![\w£$€.,/-])[A-Z]{0,2}\d+(?:\.\d+)*[A-Z]{0,3}\Z")
_YEAR = re.compile(
    r"\b(?:Act|Acts|Order|Rules|Regulations|Measure|January|February|March|April|May|June|July|August|September"
    r"|October|November|December|in|since|before|after|during|until|year|by)\s+(?:1[89]|20)\d\d\Z"
)


class Change(NamedTuple):
    """At offset `at` of a text, `old` becomes `new`."""

    at: int
    old: str
    new: str

    def made(self, text: str) -> str:
        """The text with the change made. Raises SecdefsError where `old` does not stand at `at`."""
        if text[self.at : self.at + len(self.old)] != self.old:
            raise SecdefsError(f"the change does not fit: {self.old!r} is not at offset {self.at}")
        return text[: self.at] + self.new + text[self.at + len(self.old) :]


# --- kinds of neighbours ----------------------------------------------------------------------------------------------


def _first(words: str) -> str:
    """The kind of what words begin with: edge, label, open, close, join or word."""
    if not words or words[0] == "\n":
        return "edge"
    char = words[0]
    if char in _STRAIGHT:
        following = words[1:2]
        apostrophe = char == "'" and re.match(r"'(?:s|t|d|ll|re|ve)\b", words)
        return (
            "open" if following.strip() and (following.isalnum() or following in _OPEN) and not apostrophe else "close"
        )
    if char == "(" and _LABELLED.match(words):
        return "label"
    return _kind(char)


def _last(words: str) -> str:
    """The kind of what words end with."""
    if not words or words[-1] == "\n":
        return "edge"
    char = words[-1]
    if char in _STRAIGHT:
        return "open" if len(words) < 2 or words[-2].isspace() or words[-2] in _OPEN else "close"
    if char == ")" and _ENDS_IN_LABEL.search(words[-_REACH:]):
        return "label"
    return _kind(char)


def _kind(char: str) -> str:
    return "close" if char in _CLOSE else "open" if char in _OPEN else "join" if char in _JOIN else "word"


def _tight(before: str, after: str) -> bool:
    """Whether nothing may stand between these two: the edges of a line, and the marks that lean on their neighbour."""
    first, final = _first(after), _last(before)
    if "edge" in (first, final) or first == "close" or final == "open" or before[-1] in _PRICE:
        return True
    # A dash or hyphen with a space on its far side is printed with spaces: "A – B". Any other leans both ways.
    if first == "join":
        return not after[1:2].isspace()
    return final == "join" and not before[-2:-1].isspace()


def _is_citation(before: str) -> bool:
    if _ENDS_IN_LABEL.search(before):
        return True
    return _ENDS_IN_NUMBER.search(before) is not None and not _YEAR.search(before)


def _gap(before: str, after: str, printed: str) -> str:
    """The spaces between two neighbours that had others before; `printed` is what stands there now."""
    if _tight(before, after) or (_first(after) == "label" and _is_citation(before)):
        return ""
    return printed if len(printed) == 1 else " "


def _space(char: str) -> bool:
    return char != "\n" and char.isspace()


class _Seams:
    """The surroundings of a place: the spaces on either side, what stands beyond them, and the line's beginning."""

    def __init__(self, text: str, place: Place) -> None:
        start, end = place
        low, high = start, end
        while low > 0 and _space(text[low - 1]):
            low -= 1
        while high < len(text) and _space(text[high]):
            high += 1
        self.text, self.low, self.high = text, low, high
        self.left, self.right = text[low:start], text[end:high]
        line = max(text.rfind("\n", 0, low) + 1, low - _REACH)
        self.before, self.after = text[line:low], text[high : high + _REACH].partition("\n")[0]
        # The indentation of a line and the space after its label are no seams of the words that follow.
        whole = line == 0 or text[line - 1] == "\n"
        self.indent = whole and not self.before
        self.label = whole and LABEL.fullmatch(self.before.strip()) is not None

    def change(self, new: str) -> Change:
        """The change that puts `new` for all from the spaces before to those after, less what it leaves as it is."""
        at, old = self.low, self.text[self.low : self.high]
        tail, head = len(self.right), len(self.left)
        while tail and old and new and old[-1] == new[-1]:
            old, new, tail = old[:-1], new[:-1], tail - 1
        while head and old and new and old[0] == new[0]:
            at, old, new, head = at + 1, old[1:], new[1:], head - 1
        if old.isspace() and new.endswith(old):
            old, new = "", new[: -len(old)]
        return Change(at, old, new)


# --- the acts ---------------------------------------------------------------------------------------------------------


def _trimmed(new: str) -> str:
    start, end = 0, len(new)
    while start < end and _space(new[start]):
        start += 1
    while end > start and _space(new[end - 1]):
        end -= 1
    return new[start:end]


def _checked(place: Place, within: Place) -> None:
    if not within[0] <= place[0] <= place[1] <= within[1]:
        raise SecdefsError(f"the place {place} is not within the range {within}")


def substituted(text: str, place: Place, new: str, within: Place) -> Change:
    """The change that puts `new` for the words at a place. A seam whose neighbour keeps its kind stays as printed."""
    _checked(place, within)
    new = _trimmed(new)
    if not new:
        return omitted(text, place, within)
    seams = _Seams(text, place)
    old = text[place[0] : place[1]]
    if seams.indent or seams.label or _first(old) == _first(new):
        left = seams.left
    else:
        left = _gap(seams.before, new, seams.left)
    right = seams.right if _last(old) == _last(new) else _gap(new, seams.after, seams.right)
    return seams.change(left + new + right)


def inserted(text: str, at: int, new: str) -> Change:
    """The change that puts `new` at an offset between words."""
    new = _trimmed(new)
    seams = _Seams(text, (at, at))
    if not new:
        return Change(at, "", "")
    printed = seams.left + seams.right
    # What is printed on one side of the offset stays there; the other side gets its like, but a plain space.
    like = " " if len(printed) == 1 else printed
    if seams.indent:
        left, right = seams.left, _gap(new, seams.after, seams.right)
    elif seams.label:
        left, right = printed or " ", _gap(new, seams.after, "")
    else:
        left = (seams.left or like) if _first(new) == _first(seams.after) else _gap(seams.before, new, seams.left)
        right = (seams.right or like) if _last(new) == _last(seams.before) else _gap(new, seams.after, seams.right)
    return seams.change(left + new + right)


def omitted(text: str, place: Place, within: Place) -> Change:
    """The change that takes out the words at a place; a line of which nothing but its stop is left goes with them."""
    _checked(place, within)
    seams = _Seams(text, place)
    if seams.indent:
        stop = text.find("\n", place[1])
        stop = len(text) if stop < 0 else stop
        if text[place[1] : stop].strip() in ("", *".;,:"):
            line = place[0] - len(seams.left)
            if line > 0:
                return Change(line - 1, text[line - 1 : stop], "")
            return Change(0, text[: stop + 1], "")
        return Change(place[0], text[place[0] : seams.high], "")
    stood = seams.left or seams.right
    if seams.label and seams.after:
        gap = stood[:1]  # a label is one by the space after it, though but a mark should follow
    elif _tight(seams.before, seams.after):
        gap = ""
    elif not stood:
        gap = " " if _letter(seams.before[-1:]) and _letter(seams.after[:1]) else ""
    elif not seams.right and _first(seams.after) == "label" and _is_citation(seams.before):
        gap = ""
    else:
        gap = stood if len(stood) == 1 else " "
    return seams.change(gap)


def _letter(char: str) -> bool:
    return char.isalnum() or (char != "" and unicodedata.combining(char) > 0)


def changes(text: str, found: tuple[Place, ...], new: str, within: Place) -> tuple[Change, ...]:
    """The changes that put `new` ("" to omit) for each of several places, in the order in which they are to be made.

    The last place comes first, so that the offsets of those before it hold; each change is of the text as the changes
    before it left it.
    """
    result = []
    for place in sorted(found, reverse=True):
        change = substituted(text, place, new, within)
        text = change.made(text)
        result.append(change)
    return tuple(result)


def insertion_points(text: str, within: Place, spot: Spot, new: str) -> tuple[int, ...]:
    """The offsets at which `new` goes for a spot of a range: several where the words are meant in each place.

    Raises Refused as `places` does, SecdefsError for a spot that is none of a text's (in order, by a reference).
    """
    match spot:
        case Spot(where="beginning"):
            return (body(text, within),)
        case Spot(where="end"):
            return (ending(text, within, new)[0],)
        case Spot(where="after", words=words) if words is not None:
            return tuple(end for _, end in places(text, words, within))
        case Spot(where="before", words=words) if words is not None:
            return tuple(start for start, _ in places(text, words, within))
    raise SecdefsError(f"“{spot.where}” without words is no spot in a text")


def insertion_point(text: str, within: Place, spot: Spot, new: str) -> int:
    """The one offset at which `new` goes for a spot of a range. Raises as `insertion_points`; SD202 where several."""
    found = insertion_points(text, within, spot, new)
    if len(found) > 1:
        raise Refused("SD202", f"{len(found)} places are meant where one was asked for", "name one of them")
    return found[0]


def insertions(text: str, within: Place, spot: Spot, new: str) -> tuple[Change, ...]:
    """The changes that put `new` at a spot, in the order in which they are to be made (the last place first)."""
    if spot.where == "end":
        return (appended(text, within, new),)
    result = []
    for at in sorted(insertion_points(text, within, spot, new), reverse=True):
        change = inserted(text, at, new)
        text = change.made(text)
        result.append(change)
    return tuple(result)


def appended(text: str, within: Place, new: str) -> Change:
    """The change that puts `new` at the end of a range: before its closing mark, or in the mark's stead."""
    place = ending(text, within, new)
    return inserted(text, place[0], new) if place[0] == place[1] else substituted(text, place, new, within)
