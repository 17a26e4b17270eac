"""How definitions and Sections show themselves in published codes: the words with which a meaning begins."""

from __future__ import annotations

import re
from collections.abc import Sequence

DEFINES = re.compile(
    r"(?:,? ?(?:or|and) .{1,80}?)?[\s,:–—-]*(?:means?\b|has\b|have\b|includes?\b|is\b|are\b|shall\b|refers?\b"
    r"|in relation\b|in respect\b|in the (?:case|context)\b|for the purposes?\b|\([a-z0-9]+\)\s)",
    re.I,
)
"""How what follows a term begins, where it is a definition. Only used to tell definitions from what looks like them."""

_SECTION = re.compile(r"(?:Section|Schedule|Part|Chapter)\s+(?P<label>[A-Z]{1,3}\d*|\d{1,3}[A-Z]?)\b", re.I)


def section_said(lines: Sequence[str]) -> tuple[str, str | None] | None:
    """The label of the Section and its heading, from the first of the lines outside the definitions that says them."""
    for number, words in enumerate(lines[:40]):
        said = _SECTION.match(words)
        if said is None or len(words) > 120:
            continue
        heading = words[said.end() :].strip(" :–—-.")
        if not heading and number + 1 < len(lines) and len(lines[number + 1]) < 80:
            heading = lines[number + 1]
        return said["label"].upper(), heading or None
    return None
