"""What is nearest to words that are not there, and in what it differs: a hint for a person, never a match."""

from __future__ import annotations

import re
import unicodedata

from secdefs.change.matching import Place, folded, inside_word, joins, same
from secdefs.change.text import cited, paragraphs

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"


def whereabouts(text: str, place: Place) -> str:
    """In which paragraph a place is."""
    holder = [one for one in paragraphs(text) if one.start <= place[0] and place[1] <= one.end]
    return f"in paragraph {cited(holder[-1].path)}" if holder and holder[-1].path else "elsewhere in the text"


def _bones(text: str) -> tuple[str, tuple[int, ...]]:
    """Letters, digits and marks alone, case and kinds of dash and quotation mark dropped, with their offsets."""
    bones: list[str] = []
    offsets: list[int] = []
    for at, char in enumerate(text):
        if char.isspace() or char in "\"'“”‘’":
            continue
        for bone in "-" if char in _DASHES else unicodedata.normalize("NFKC", char).casefold():
            bones.append(bone)
            offsets.append(at)
    return "".join(bones), tuple(offsets)


def nearest(text: str, words: str, within: Place) -> str | None:
    """The words of a range that are nearest to those sought, and in what they differ; None where nothing is near."""
    found = dressed(text, words, within)
    if found is not None:
        return found
    view = folded(text).text[folded(text).at(within[0]) : folded(text).at(within[1])]
    close = _closest(view, same(words))
    return f"the nearest words are “{close}”; check the quotation" if close else None


def dressed(text: str, words: str, within: Place) -> str | None:
    """The same words in another dress, or inside a longer word; None where there are none."""
    view = folded(text).text[folded(text).at(within[0]) : folded(text).at(within[1])]
    wanted = same(words)
    if wanted in view:
        at = view.index(wanted)
        low, high = at, at + len(wanted)
        while low > 0 and (joins(view[low - 1]) or inside_word(view, low)):
            low -= 1
        while high < len(view) and (joins(view[high]) or inside_word(view, high)):
            high += 1
        if view[low:high] == wanted:
            return "it stands there only as the label of a paragraph"
        return f"it stands only inside a longer word: “{view[low:high]}”"
    bones, offsets = _bones(view)
    sought, _ = _bones(wanted)
    at = bones.find(sought) if sought else -1
    while at >= 0:
        low, high = offsets[at], offsets[at + len(sought) - 1] + 1
        if not inside_word(view, low) and not inside_word(view, high):
            return f"the text has “{view[low:high]}”, which differs in {_difference(view[low:high], wanted)}"
        at = bones.find(sought, at + 1)
    return None


def _difference(there: str, wanted: str) -> str:
    def dashed(words: str) -> str:
        return re.sub(f"[{_DASHES}]", "-", words)

    if there.casefold() == wanted.casefold():
        return "capital letters"
    if dashed(there) == dashed(wanted):
        return "the dash"
    if there.replace(" ", "") == wanted.replace(" ", ""):
        return "spaces"
    return "capital letters, dashes, spaces or quotation marks"


def _closest(view: str, wanted: str) -> str | None:
    from difflib import SequenceMatcher

    # A quotation of a page against a whole annex is not worth the time: the writer sees at once that it is not there.
    tokens = [(token.start(), token.end()) for token in re.finditer(r"\S+", view)]
    size = len(wanted.split())
    if len(tokens) * len(wanted) > 2_000_000:
        return None
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    best, ratio = None, 0.6
    for count in range(max(1, size - 1), size + 2):
        for index in range(len(tokens) - count + 1):
            words = view[tokens[index][0] : tokens[index + count - 1][1]].strip(",;.:")
            matcher.set_seq1(words)
            if matcher.real_quick_ratio() > ratio and matcher.quick_ratio() > ratio and matcher.ratio() > ratio:
                best, ratio = words, matcher.ratio()
    return best
