"""The code file: its keys, their types and what may stand under them, as a tree or text into a `Code`."""

from __future__ import annotations

import datetime as dt
import functools
import re
import types
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec

from secdefs.change.edits import KEY
from secdefs.findings import Finding, SecdefsError, finding
from secdefs.model import Code, Definition, Definitions, Document, Entry, Group, Provision
from secdefs.read.encoding import HIDDEN, place, read_text, shown
from secdefs.read.levels import indented
from secdefs.read.tree import Mapping, Node, Original, Scalar, Sequence, json_tree, yaml_tree

__all__ = ["code_from_text", "indented", "read_code"]

if TYPE_CHECKING:
    from secdefs.read.foreign import Settled

_T = TypeVar("_T", bound=msgspec.Struct)

_NAMES: dict[type, str] = {
    Code: "a code file",
    Definitions: "“definitions”",
    Definition: "a definition",
    Group: "a group of the contents",
    Entry: "an entry of the contents",
    Document: "a document",
    Provision: "a provision",
}
_KEYS: dict[type, str] = {**KEY, Group: "group"}
_NAMING = frozenset({"term", "label", "place", "group", "section"})
"""The keys whose values name something, so that they cannot be empty."""

_ALWAYS = frozenset({"format", "entries"})
"""What a value may go without and a file may not: a forgotten list would pass for an empty one."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_code(path_or_dash: str) -> tuple[Code, tuple[Finding, ...]]:
    """The code in a file (YAML, JSON or Akoma Ntoso), or on standard input for "-"; and what there is to say of it.

    Raises `SecdefsError`, with file, line and column, where it cannot be read or is not a code file.
    """
    text, file, findings = read_text(path_or_dash)
    code, more = code_from_text(text, file)
    return code, (*findings, *more)


def code_from_text(
    text: str, file: str, existing: Literal["accept", "reject"] | None = None
) -> tuple[Code, tuple[Finding, ...]]:
    """The code that a text holds: JSON where the file's name ends so or the text begins with a brace, XML where it ends
    so or begins with a tag, else YAML. `existing` says how the changes marked in a redline are taken.

    The findings are a warning for comments, which are not kept (SD501), and a note for each flat text that its labels
    allow to be indented in two ways (SD503). Raises `SecdefsError` for what is not a code file of format 1.
    """
    if is_xml(text, file):
        return code_from_xml(text, file, existing)
    original = Original(file, text)
    comments: tuple[int, ...] = ()
    if file.endswith(".json") or text.lstrip()[:1] == "{":
        root = json_tree(original)
    else:
        root, comments = yaml_tree(original)
    reader = _Reader(original)
    code = reader.record(root, Code)
    return code, (*_lost(original, comments), *reader.findings)


def is_xml(text: str, file: str) -> bool:
    """Whether a code file is XML: its name ends so, or the text begins with a tag."""
    return file.lower().endswith(".xml") or re.match(r"\s*<[?!A-Za-z]", text) is not None


def code_from_xml(
    text: str, file: str, existing: Literal["accept", "reject"] | None = None
) -> tuple[Code, tuple[Finding, ...]]:
    """The code that an Akoma Ntoso document holds; `existing` says how the changes of a redline are taken.

    The findings are as those of `code_from_text`. Raises `SecdefsError` for what is not such a document.
    """
    from secdefs.read.akoma import akoma_tree

    original = Original(file, text)
    root, findings = akoma_tree(original, existing)
    reader = _Reader(original)
    code = reader.record(root, Code)
    return code, (*findings, *reader.findings)


def says_all(text: str, file: str) -> bool:
    """Whether an Akoma Ntoso document is one that this package wrote, which leaves nothing to be said of the code."""
    from secdefs.read.akoma import is_own, root_of

    return is_own(root_of(Original(file, text)))


def imported_xml(
    text: str, file: str, settled: Settled, existing: Literal["accept", "reject"] | None = None
) -> tuple[Code, tuple[Finding, ...]]:
    """The code in an Akoma Ntoso document, or, where another program wrote it, the one list of definitions in it.

    `settled` is what such a document does not say of itself; the findings say what of it is not read (SD510). Raises
    `SecdefsError` for what cannot be told, with the element and its line.
    """
    from secdefs.read.akoma import Unknown, is_own, line_of, root_of
    from secdefs.read.foreign import foreign_tree

    original = Original(file, text)
    root = root_of(original)
    if is_own(root):
        return code_from_xml(text, file, existing)
    try:
        tree, findings = foreign_tree(original, root, settled, existing)
    except Unknown as unknown:
        raise original.wrong_in_line(line_of(unknown.element), str(unknown)) from None
    reader = _Reader(original)
    code = reader.record(tree, Code)
    return code, (*findings, *reader.findings)


def _lost(original: Original, comments: tuple[int, ...]) -> Iterator[Finding]:
    if comments:
        first, count = comments[0], len(comments)
        end = original.text.find("\n", first)
        yield finding(
            "SD501",
            "a comment is not kept" if count == 1 else f"{count} comments are not kept; this is the first",
            hint="put what should stay into the “note” of a record",
            source=original.source(first, end if end >= 0 else len(original.text)),
            weight="warning",
        )


class _Reader:
    """Turns nodes into records by the types of the records' fields, and collects the findings."""

    def __init__(self, original: Original) -> None:
        self._original = original
        self.findings: list[Finding] = []

    def _wrong(self, node: Node, message: str) -> SecdefsError:
        return self._original.wrong(node.at, message)

    def record(self, node: Node, kind: type[_T]) -> _T:
        """A record of that kind; its keys are the fields of the kind."""
        fields = _fields(kind)
        expected = ", ".join(fields)
        if not isinstance(node, Mapping):
            raise self._wrong(node, f"{_NAMES[kind]} is {_said(node)}, expected the keys {expected}")
        nodes: dict[str, Node] = {}
        for key, value in node.items:
            if key.text not in fields:
                from difflib import get_close_matches

                near = get_close_matches(key.text, fields, 1)
                hint = f"did you mean “{near[0]}”?" if near else f"expected {expected}"
                raise self._wrong(key, f"“{shown(key.text)}” is not a key of {_NAMES[kind]}; {hint}")
            nodes[key.text] = value
        for name, field in fields.items():
            if name not in nodes and (field.required or name in _ALWAYS):
                raise self._wrong(node, f"{_NAMES[kind]} has no “{name}”, expected {expected}")
        values = {name: self._value(value, fields[name].type, name) for name, value in nodes.items()}
        record = kind(**values)
        if isinstance(record, Definition | Provision):
            text = self._text(nodes["text"], record.text, str(values[_KEYS[kind]]))
            record = msgspec.structs.replace(record, text=text)
        return record

    def _value(self, node: Node, kind: Any, key: str) -> Any:
        if get_origin(kind) in (Union, types.UnionType):
            if isinstance(node, Scalar) and node.kind == "null":
                return None
            kind = next(member for member in get_args(kind) if member is not types.NoneType)
        if get_origin(kind) is tuple:
            return self._list(node, get_args(kind)[0], key)
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            return self.record(node, kind)
        if kind is dt.date:
            return self._date(node, key)
        if get_origin(kind) is Literal:
            return self._choice(node, get_args(kind), key)
        return self._string(node, key)

    def _list(self, node: Node, kind: type[msgspec.Struct], key: str) -> tuple[msgspec.Struct, ...]:
        if not isinstance(node, Sequence):
            raise self._wrong(node, f"“{key}” is {_said(node)}, expected a list")
        records = tuple(self.record(item, kind) for item in node.items)
        name = _KEYS[kind]
        first: dict[str, int] = {}
        for number, record in enumerate(records):
            value = getattr(record, name)
            if (other := first.setdefault(value, number)) != number:
                line, _ = place(self._original.text, self._naming(node.items[other], name).at)
                raise self._wrong(
                    self._naming(node.items[number], name),
                    f"the {name} “{shown(value)}” is given twice, first in line {line}; expected once in “{key}”",
                )
        return records

    @staticmethod
    def _naming(node: Node, name: str) -> Node:
        """The value by which a record is known."""
        assert isinstance(node, Mapping)
        return next(value for key, value in node.items if key.text == name)

    def _string(self, node: Node, key: str) -> str:
        if not isinstance(node, Scalar) or node.kind != "string":
            hint = ", in quotation marks" if isinstance(node, Scalar) and node.kind != "null" else ""
            raise self._wrong(node, f"“{key}” is {_said(node)}, expected a text{hint}")
        if re.search("[\ud800-\udfff]", node.text):
            raise self._wrong(node, f"“{key}” has half of a surrogate pair, expected whole characters")
        if key in _NAMING and not node.text.strip():
            raise self._wrong(node, f"“{key}” is empty, expected a name")
        return node.text

    def _date(self, node: Node, key: str) -> dt.date:
        if isinstance(node, Scalar) and node.kind == "string" and _DATE.fullmatch(node.text):
            try:
                return dt.date.fromisoformat(node.text)
            except ValueError:
                pass  # the 30th of February
        raise self._wrong(node, f"“{key}” is {_said(node)}, expected a date such as 2021-12-16")

    def _choice(self, node: Node, choices: tuple[str | int, ...], key: str) -> str | int:
        if isinstance(node, Scalar) and node.kind in ("string", "number"):
            for choice in choices:
                if str(choice) == node.text:
                    return choice
        raise self._wrong(node, f"“{key}” is {_said(node)}, expected {' or '.join(map(str, choices))}")

    def _text(self, node: Node, text: str, name: str) -> str:
        """The text of a record with its levels: as given where they are well formed, else by its labels."""
        assert isinstance(node, Scalar)
        above = 0
        for number, line in enumerate(text.split("\n")):
            content = line.lstrip(" \t")
            if not content:
                continue
            spaces = len(line) - len(content)
            level, odd = divmod(spaces, 2)
            if "\t" in line[:spaces]:
                raise self._at_line(node, number, line, spaces, "a tab as indentation, expected two spaces a level")
            if odd:
                message = f"indented by {spaces} {'space' if spaces == 1 else 'spaces'}, expected two a level"
                raise self._at_line(node, number, line, spaces, message)
            if level > above + 1:
                message = f"indented by {level} levels under {above}, expected at most one level more"
                raise self._at_line(node, number, line, spaces, message)
            above = level
        result, ambiguous = indented(text)
        if ambiguous:
            self.findings.append(
                finding(
                    "SD503",
                    f"the levels of “{shown(name)}” can be read in more than one way; its labels alone do not tell",
                    hint="indent its paragraphs, two spaces a level",
                    source=self._original.source(node.at, node.at),
                    weight="note",
                )
            )
        return result

    def _at_line(self, node: Scalar, number: int, line: str, spaces: int, message: str) -> SecdefsError:
        """The error for a line of a text: at the line itself where the file has it as such."""
        if not node.literal:
            return self._original.wrong(node.at, f"line {number + 1} of the text is {message}")
        start = node.at
        for _ in range(number + 1):
            start = self._original.text.index("\n", start) + 1
        end = self._original.text.find("\n", start)
        margin = (end if end >= 0 else len(self._original.text)) - start - len(line)
        return self._original.wrong(start + margin + spaces, message)


@functools.cache
def _fields(kind: type[msgspec.Struct]) -> dict[str, msgspec.structs.FieldInfo]:
    return {field.name: field for field in msgspec.structs.fields(kind)}


def _said(node: Node) -> str:
    """What a node is, as a message says it."""
    match node:
        case Sequence():
            return "a list"
        case Mapping():
            return "a mapping"
        case Scalar(kind="string"):
            return f"“{shown(node.text)}”" if node.text else "empty"
        case Scalar():
            return HIDDEN.sub("", node.text)
