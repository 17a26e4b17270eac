"""Which members of lists belong together: "for “A” and “B” substitute “C” and “D” respectively"."""

from __future__ import annotations

from collections.abc import Iterator

from secdefs.findings import Refused
from secdefs.sentence.adjuncts import Settings
from secdefs.sentence.nodes import Node

_TEXTS = frozenset({"QUOTE", "BARE", "MARK"})


def paired(node: Node, settings: Settings) -> tuple[tuple[Node, Settings], ...]:
    """An act and what is said beside it, once for each pair where the sentence says "respectively".

    A list is as long as the others, or names one thing for all of them. Raises Refused SD109.
    """
    if not settings.respectively or node.data == "rename" or node.data.endswith("_document"):
        # New numbers, and the places of documents, are paired by those acts.
        return ((node, settings),)
    lists = [_count(words) for root in (node, *settings.spots) for words in _words(root)] + [len(settings.scopes)]
    number = max(lists)
    if number == 1 or any(each not in (1, number) for each in lists) or lists.count(number) == 1:
        raise Refused(
            "SD109",
            "“respectively” joins lists that are not equally long",
            "write a sentence for each pair",
        )
    if len(settings.scopes) == number and lists[:-1].count(number) > 1:
        # "in (a) and (b), for “A” and “B” substitute “C” and “D” respectively": both in each place, or one in one?
        raise Refused("SD109", "“respectively” may join the places or the words alone", "write a sentence for each")
    own = has_own_which(node)
    return tuple(
        (
            _member(node, each, number),
            settings._replace(
                scopes=settings.scopes[each : each + 1] if len(settings.scopes) == number else settings.scopes,
                spots=tuple(_member(spot, each, number) for spot in settings.spots),
                which=settings.which if not own or each == number - 1 else "once",
            ),
        )
        for each in range(number)
    )


def has_own_which(node: Node) -> bool:
    """Whether a member of a list says for itself which of several places it means."""
    return any(token.type == "ITS_WHICH" for words in _words(node) for token in words.tokens())


def _words(node: Node) -> Iterator[Node]:
    if node.data == "words":
        yield node
    for child in node.children:
        if isinstance(child, Node):
            yield from _words(child)


def _count(words: Node) -> int:
    return sum(token.type in _TEXTS for token in words.tokens())


def _member(node: Node, wanted: int, number: int) -> Node:
    """The node with one member of each list of so many, and what stands beside it."""
    if node.data != "words" or _count(node) != number:
        return Node(node.data, [_member(c, wanted, number) if isinstance(c, Node) else c for c in node.children])
    at, kept = 0, []
    for token in node.tokens():
        if (at - 1 if token.type == "ITS_WHICH" else at) == wanted:
            kept.append(token)
        at += token.type in _TEXTS
    return Node(node.data, kept)
