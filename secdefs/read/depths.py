"""The levels of the lines of a provision in Word: by numbering, then by indentation, then by their labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from secdefs.read.levels import begins, continues, indented

SLACK = 60
"""How far two indents may lie apart and still be one, in twentieths of a point."""


class Shape(NamedTuple):
    """What shows the level of a line: its label as it is read ("(a)"), the list and level of which it is an item, and
    how far it is indented, in twentieths of a point; `words` is what is read of it, the label included."""

    label: str | None
    series: str | None
    level: int
    left: int
    words: str


class _Open:
    """A line under which others may stand: an item, or the opening words with which all begins."""

    __slots__ = ("depth", "parent", "shape")

    def __init__(self, shape: Shape, depth: int) -> None:
        self.shape, self.depth, self.parent = shape, depth, False


def depths(lines: Sequence[Shape]) -> tuple[tuple[int, ...], bool]:
    """The level of each line, and whether nothing tells between two ways to read them.

    The first line is of the outermost level. An unlabelled line that stands where the words of an item begin is a
    further paragraph of that item, or where the item had items of its own, closes them.
    """
    if not lines:
        return (), False
    lefts = [line.left for line in lines]
    if max(lefts) - min(lefts) <= SLACK and all(line.series is None for line in lines):
        text, ambiguous = indented("\n".join(line.words for line in lines))
        return tuple((len(line) - len(line.lstrip(" "))) // 2 for line in text.split("\n")), ambiguous
    result = [0]
    stack = [_Open(lines[0], 0)]
    for line in lines[1:]:
        if line.label is None:
            depth = _plain(stack, line)
            stack = [each for each in stack if each.depth <= depth]
        else:
            depth = _labelled(stack, line)
            stack = [each for each in stack if each.depth < depth]
            if stack:
                stack[-1].parent = True
            stack.append(_Open(line, depth))
        result.append(depth)
    return tuple(result), False


def _labelled(stack: list[_Open], line: Shape) -> int:
    assert line.label is not None
    for open_ in reversed(stack):
        above = open_.shape
        if above.label is None:
            return open_.depth + 1
        if above.series is not None and above.series == line.series:
            if line.level > above.level:
                return open_.depth + 1
            if line.level == above.level:
                return open_.depth
            continue
        if line.left > above.left + SLACK:
            return open_.depth + 1
        if line.left < above.left - SLACK:
            continue
        if continues(above.label, line.label):
            return open_.depth
        if any(each.shape.label is not None and continues(each.shape.label, line.label) for each in stack):
            continue
        return open_.depth + begins(line.label)
    return 0


def _plain(stack: list[_Open], line: Shape) -> int:
    root = stack[0].shape
    if root.label is None and line.left <= root.left + SLACK:
        return 0
    for open_ in reversed(stack):
        if line.left >= open_.shape.left - SLACK:
            return open_.depth if open_.parent and open_.shape.label is not None else open_.depth + 1
    return 0
