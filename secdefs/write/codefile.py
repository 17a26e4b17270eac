"""The canonical form of a code file: a `Code` as YAML or JSON, the same bytes for the same code, ever.

Keys come in the order of the model's fields. `note` is written only where there is one, and last; `short_title` and
the parts of the code (definitions, contents, documents, sections) likewise only where there is one; every other key
always, `null` where it has no value. Entries of the contents and documents take one line each, and so does a provision
of a Section whose text is one line, quoted; a definition never does. The length of a line decides nothing, so that a
changed word never changes the layout around it. Texts of several lines are literal blocks; lines are not folded. A
plain scalar is one that YAML 1.1 and 1.2 both read as a string; all others stand in double quotation marks.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Any, TypeAlias

import msgspec

from secdefs.model import Code, Document, Entry, Provision
from secdefs.read.codefile import code_from_text
from secdefs.read.encoding import HIDDEN, escaped

_OPTIONAL = frozenset({"note", "short_title", "definitions", "contents", "documents", "sections"})

_START = re.compile("[A-Za-z0-9(“‘£§•–—À-ɏ]")
# All that a number, a date or a time is made of, in any base and notation of YAML 1.1.
_NUMBER = re.compile(r"[0-9][-+0-9A-Fa-f_.:xXoOtTzZ ]*")
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_BLOCK_MARKS = re.compile(r": |:$| #")
_FLOW_MARKS = re.compile(r"[,\[\]{}:?]| #")

_Value: TypeAlias = str | int | dt.date | msgspec.Struct | tuple[msgspec.Struct, ...] | None


def code_bytes(code: Code, out: str) -> bytes:
    """A code file as bytes: JSON or XML where the name of the file ends so, else YAML. It is read back first.

    Raises `SecdefsError` for XML where the code has a character that XML cannot hold.
    """
    if out.lower().endswith(".xml"):
        from secdefs.write.akoma import akoma_bytes

        return akoma_bytes(code)
    text = code_to_json(code) if out.lower().endswith(".json") else code_to_yaml(code)
    if code_from_text(text, out)[0] != code:
        raise AssertionError("the written code does not read back as it was planned; nothing is written")
    return text.encode()


def code_to_yaml(code: Code) -> str:
    """The code as YAML, ending in one line break."""
    return "\n".join(_mapping(code, 0)) + "\n"


def code_to_json(code: Code) -> str:
    """The code as JSON with the same keys, indented by two spaces, hidden characters escaped."""
    text = json.dumps(_plain(code), ensure_ascii=False, indent=2)
    return HIDDEN.sub(lambda match: json.dumps(match[0])[1:-1] if match[0] != "\x7f" else "\\u007f", text) + "\n"


def _items(record: msgspec.Struct) -> Iterator[tuple[str, _Value]]:
    """The keys and values of a record that are written."""
    for name in record.__struct_fields__:
        value = getattr(record, name)
        if value is not None or name not in _OPTIONAL:
            yield name, value


def _plain(value: _Value) -> Any:
    match value:
        case msgspec.Struct():
            return {name: _plain(item) for name, item in _items(value)}
        case tuple():
            return [_plain(item) for item in value]
        case dt.date():
            return value.isoformat()
        case _:
            return value


def _mapping(record: msgspec.Struct, indent: int) -> Iterator[str]:
    """The lines of a record in block style."""
    margin = " " * indent
    for name, value in _items(record):
        match value:
            case msgspec.Struct():
                yield f"{margin}{name}:"
                yield from _mapping(value, indent + 2)
            case ():
                yield f"{margin}{name}: []"
            case tuple():
                yield f"{margin}{name}:"
                for item in value:
                    yield from _item(item, indent + 2)
            case _:
                yield f"{margin}{name}: {_scalar(value, indent)}"


def _item(record: msgspec.Struct, indent: int) -> Iterator[str]:
    """The lines of a record in a list."""
    match record:
        case Entry() | Document():
            block = False
        case Provision():
            block = "\n" in record.text
        case _:
            block = True
    if block:
        first, *rest = _mapping(record, indent + 2)
        yield f"{' ' * indent}- {first[indent + 2 :]}"
        yield from rest
    else:
        items = ", ".join(f"{name}: {_in_line(name, value)}" for name, value in _items(record))
        yield f"{' ' * indent}- {{{items}}}"


def _in_line(name: str, value: _Value) -> str:
    # Nearly every text has a comma, which must be quoted here; the few that have none look the same.
    return _quoted(value) if name == "text" and isinstance(value, str) else _scalar(value, None)


def _scalar(value: _Value, indent: int | None) -> str:
    """A value under a key that stands at `indent`, or in a flow mapping where that is null."""
    match value:
        case None:
            return "null"
        case str():
            if indent is not None and _is_literal(value):
                return _literal(value, indent + 2)
            return value if _is_plain(value, flow=indent is None) else _quoted(value)
        case dt.date():
            return value.isoformat()
        case _:
            return str(value)


def _is_plain(text: str, *, flow: bool) -> bool:
    """Whether the text stands for itself: a string for every reader of YAML, and nothing in it lost or unseen."""
    return (
        _START.match(text) is not None
        and text == text.strip()
        and "\n" not in text
        and text.lower() not in _WORDS
        and _NUMBER.fullmatch(text) is None
        and (_FLOW_MARKS if flow else _BLOCK_MARKS).search(text) is None
        and HIDDEN.search(text) is None
    )


def _is_literal(text: str) -> bool:
    """Whether the text has several lines that a literal block keeps exactly."""
    lines = text.split("\n")
    return (
        len(lines) > 1
        and lines[-1] != ""
        and not any(line and not line.strip(" ") for line in lines)
        and HIDDEN.search(text) is None
    )


def _literal(text: str, indent: int) -> str:
    # Where the first line does not show how deep the block is indented, its mark has to say so.
    mark = "|2-" if text[0] in " \n" else "|-"
    margin = " " * indent
    return "\n".join([mark, *(margin + line if line else "" for line in text.split("\n"))])


def _quoted(text: str) -> str:
    short = {"\n": "\\n", "\t": "\\t"}
    body = text.replace("\\", "\\\\").replace('"', '\\"')
    body = re.sub(f"\n|{HIDDEN.pattern}", lambda match: short.get(match[0]) or escaped(match[0]), body)
    return f'"{body}"'
