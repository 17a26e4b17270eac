"""The notations of a code file: YAML and JSON into one tree of keys, lists and strings, each with its place.

Stricter than both: every plain word is a string but null, true and false; what two readers could take differently
(a key twice, an alias, a tag, a tab as indentation) is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import msgspec

from secdefs.findings import SecdefsError, Source
from secdefs.read.encoding import escaped, place, shown, wrong

if TYPE_CHECKING:
    import yaml

DEPTH = 8
"""How deep a file may nest; a code file goes to 5."""


class Original(msgspec.Struct, frozen=True):
    """The text of a file as read, and its name: what turns an offset into a place that a person can find."""

    file: str
    text: str

    def wrong(self, at: int, message: str) -> SecdefsError:
        """The error that says what is wrong at an offset; the caller raises it."""
        return wrong(self.file, *place(self.text, at), message)

    def wrong_in_line(self, line: int, message: str) -> SecdefsError:
        """The same for a line, counted from 1."""
        return wrong(self.file, line, 1, message)

    def source(self, start: int, end: int) -> Source:
        """The place of a run of characters."""
        return Source(self.file, None, None, *place(self.text, start), start, end)


class Scalar(msgspec.Struct, frozen=True):
    """A single value. `at` is its offset; `literal` says that its lines are lines of the file (a YAML `|` block)."""

    text: str
    at: int
    kind: Literal["string", "null", "boolean", "number"] = "string"
    literal: bool = False


class Sequence(msgspec.Struct, frozen=True):
    """A list."""

    items: tuple[Node, ...]
    at: int


class Mapping(msgspec.Struct, frozen=True):
    """Keys with their values, each key once, in the order of the file."""

    items: tuple[tuple[Scalar, Node], ...]
    at: int


Node: TypeAlias = Scalar | Sequence | Mapping


def mapping(original: Original, items: list[tuple[Scalar, Node]], at: int) -> Mapping:
    """A mapping of these items; raises `SecdefsError` where a key is there twice."""
    first: dict[str, Scalar] = {}
    for key, _ in items:
        if (other := first.setdefault(key.text, key)) is not key:
            line, _ = place(original.text, other.at)
            message = f"the key “{shown(key.text)}” is given twice, first in line {line}; expected once"
            raise original.wrong(key.at, message)
    return Mapping(tuple(items), at)


# --- JSON ------------------------------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r'[ \t\n]*(?:("(?:[^"\\\x00-\x1f]|\\.)*")|([{}\[\],:])|(null\b)|(true\b|false\b)|(-?(?:0|[1-9][0-9]*)(?![\w.+-]))'
    r"|([^ \t\n][^\s,:\]}]*)|\Z)"
)
_KINDS = ("string", "mark", "null", "boolean", "number", "other")


def json_tree(original: Original) -> Node:
    """The tree of a JSON text (RFC 8259). Raises `SecdefsError` with the place of whatever is not JSON."""
    tokens = _Tokens(original)
    node = _json_node(tokens, 1)
    if tokens.kind != "end":
        raise tokens.expected("the end of the file")
    return node


class _Tokens:
    """The tokens of a JSON text, one at a time."""

    def __init__(self, original: Original) -> None:
        self.original = original
        self._end = 0
        self.step()

    def step(self) -> None:
        match = _TOKEN.match(self.original.text, self._end)
        assert match is not None  # the last alternatives take whatever there is
        self.kind = _KINDS[match.lastindex - 1] if match.lastindex else "end"
        self.text = match[match.lastindex] if match.lastindex else ""
        self._end = match.end()
        self.at = self._end - len(self.text)

    def expected(self, what: str) -> SecdefsError:
        found = f"“{shown(self.text)}”" if self.text else "the end of the file"
        return self.original.wrong(self.at, f"{found}, expected {what}")

    def take(self, mark: str) -> None:
        if self.text != mark:
            raise self.expected(f"“{mark}”")
        self.step()

    def string(self) -> str:
        try:
            return str(json.loads(self.text))
        except json.JSONDecodeError as error:
            raise self.original.wrong(self.at + error.pos, "a wrong escape, expected one that JSON knows") from None


def _json_node(tokens: _Tokens, depth: int) -> Node:
    at, kind, text, original = tokens.at, tokens.kind, tokens.text, tokens.original
    if depth > DEPTH:
        raise original.wrong(at, f"nested too deep, expected at most {DEPTH} levels")
    match kind, text:
        case "mark", "{":
            pairs: list[tuple[Scalar, Node]] = []
            for _ in _between(tokens, "}"):
                if tokens.kind != "string":
                    raise tokens.expected("a key in quotation marks")
                key = Scalar(tokens.string(), tokens.at)
                tokens.step()
                tokens.take(":")
                pairs.append((key, _json_node(tokens, depth + 1)))
            return mapping(original, pairs, at)
        case "mark", "[":
            return Sequence(tuple(_json_node(tokens, depth + 1) for _ in _between(tokens, "]")), at)
        case "string", _:
            node = Scalar(tokens.string(), at)
        case ("null" | "boolean" | "number") as plain, _:
            node = Scalar(text, at, plain)
        case _:
            raise tokens.expected("a value, with texts in quotation marks")
    tokens.step()
    return node


def _between(tokens: _Tokens, close: str) -> Iterator[None]:
    """Once for each item, standing at its first token, up to the closing bracket."""
    tokens.step()
    if tokens.text != close:
        yield
        while tokens.text == ",":
            tokens.step()
            yield
    if tokens.text != close:
        raise tokens.expected(f"“,” or “{close}”")
    tokens.step()


# --- YAML ------------------------------------------------------------------------------------------------------------

_FORBIDDEN = re.compile("[^\t\n -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_TAB = re.compile(r"^ *\t", re.MULTILINE)
_COMMENT = re.compile(r"(?<![^ \t\n])#")
_UNSURE = frozenset({"", "~", "Null", "NULL"})
"""What other readers of YAML take for null, so that a string is not safe to suppose."""


def yaml_tree(original: Original) -> tuple[Node, tuple[int, ...]]:
    """The tree of a YAML text (the part that 1.1 and 1.2 have in common), and the offsets of its comments.

    Raises `SecdefsError` with the place of whatever is not YAML or not plain enough.
    """
    import yaml  # here, for a code in JSON needs none of it

    if found := _FORBIDDEN.search(original.text):
        # Also U+0085, U+2028 and U+2029, which YAML 1.1 takes for the end of a line and 1.2 does not.
        name = f"U+{ord(found[0]):04X}"
        raise original.wrong(
            found.start(), f"the character {name}, expected {escaped(found[0])} in double quotation marks"
        )
    if found := _TAB.search(original.text):
        raise original.wrong(found.end() - 1, "a tab at the start of a line, expected spaces")
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    builder = _Builder(original, yaml.parse(original.text, Loader=loader))
    try:
        node = builder.document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise original.wrong(mark.index if mark else 0, _plain(str(error.problem or error.context))) from None
    except yaml.YAMLError as error:
        raise original.wrong(0, _plain(str(error))) from None
    return node, tuple(builder.comments())


def _plain(problem: str) -> str:
    if "mapping values" in problem:
        return "a “: ” inside a plain text or a key out of place, expected quotation marks around a text that has one"
    if "cannot start any token" in problem:
        return "a text cannot begin with this mark, expected quotation marks around it"
    return shown(" ".join(problem.split())) + ", expected plain YAML"


def _start(event: yaml.Event) -> int:
    assert event.start_mark is not None  # only events made by hand have none
    return event.start_mark.index


class _Builder:
    """Makes the tree from the parser's events, and notes where scalars stand so that comments can be told from them."""

    def __init__(self, original: Original, events: Iterator[yaml.Event]) -> None:
        self._original = original
        self._next: Callable[[], yaml.Event] = events.__next__
        self._spans: list[tuple[int, int]] = []

    def document(self) -> Node:
        import yaml

        self._next()  # the start of the stream
        if isinstance(self._next(), yaml.StreamEndEvent):
            raise self._original.wrong(0, "the file is empty, expected a code file that begins with “format: 1”")
        node = self._node(self._next(), 1)
        self._next()  # the end of the document
        if not isinstance(event := self._next(), yaml.StreamEndEvent):
            raise self._original.wrong(_start(event), "a second document, expected one in a file")
        return node

    def _node(self, event: yaml.Event, depth: int) -> Node:
        import yaml

        at = _start(event)
        if isinstance(event, yaml.AliasEvent):
            raise self._original.wrong(at, f"the alias “*{shown(str(event.anchor))}”, expected what it stands for")
        if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
            raise self._original.wrong(at, f"the anchor “&{shown(event.anchor)}”, expected a value without one")
        if (tag := getattr(event, "tag", None)) is not None:
            raise self._original.wrong(at, f"the tag “{shown(tag)}”, expected a value without one")
        if depth > DEPTH:
            raise self._original.wrong(at, f"nested too deep, expected at most {DEPTH} levels")
        match event:
            case yaml.ScalarEvent():
                return self._scalar(event)
            case yaml.SequenceStartEvent():
                items: list[Node] = []
                while not isinstance(following := self._next(), yaml.SequenceEndEvent):
                    items.append(self._node(following, depth + 1))
                return Sequence(tuple(items), at)
            case _:
                pairs: list[tuple[Scalar, Node]] = []
                while not isinstance(following := self._next(), yaml.MappingEndEvent):
                    key = self._node(following, depth + 1)
                    if not isinstance(key, Scalar):
                        raise self._original.wrong(key.at, "a list or mapping as a key, expected a word")
                    if key.text == "<<":
                        raise self._original.wrong(key.at, "a merge key “<<”, expected each key written out")
                    pairs.append((key, self._node(self._next(), depth + 1)))
                return mapping(self._original, pairs, at)

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        at, text = _start(event), event.value
        assert event.end_mark is not None
        first, end = at, event.end_mark.index
        if event.style in ("|", ">"):
            # A comment may follow the mark of a block, within what the parser takes for the block.
            first = self._original.text.find("\n", at, end)
        self._spans.append((first if first >= 0 else end, end))
        if not event.style:  # a plain scalar: None from one of the parsers, "" from the other
            if text == "null":
                return Scalar(text, at, "null")
            if text in ("true", "false"):
                return Scalar(text, at, "boolean")
            if text in _UNSURE:
                found = f"“{text}” without quotation marks" if text else "no value"
                raise self._original.wrong(at, f'{found}, expected null, or a text such as "{text}" in quotation marks')
        return Scalar(text, at, "string", literal=event.style == "|")

    def comments(self) -> Iterator[int]:
        """The offset of each comment: a # after white space outside every scalar, and the first of its line."""
        spans = iter([*sorted(self._spans), (len(self._original.text), len(self._original.text))])
        start, end = next(spans)
        seen = -1
        for match in _COMMENT.finditer(self._original.text):
            at = match.start()
            while at >= end and end < len(self._original.text):
                start, end = next(spans)
            if at < start and (seen < 0 or "\n" in self._original.text[seen:at]):
                seen = at
                yield at
