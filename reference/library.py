"""The page of the Python library: every public name, from its signature and its docstring."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

import secdefs


def page() -> str:
    """The page as Markdown."""
    lines = [
        "# Python library",
        "These names are public, and no others. Values are frozen: nothing that a function is given is changed. What a "
        "letter can get wrong is a `Finding`; what a caller can get wrong raises `SecdefsError`.",
        "| name | is |",
    ]
    names = [name for name in secdefs.__all__ if not name.startswith("__")]
    rows = [f"| [`{name}`](#{name}) | {_first(getattr(secdefs, name))} |" for name in names]
    lines[-1] = "\n".join([lines[-1], "|---|---|", *rows])
    for name in names:
        lines += _name(name, getattr(secdefs, name))
    return "\n\n".join(lines) + "\n"


def _first(thing: Any) -> str:
    if not callable(thing):
        return "any of the ten operations that a sentence may order"
    return _prose((inspect.getdoc(thing) or "").partition("\n\n")[0]).replace("|", "\\|")


def _name(name: str, thing: Any) -> Iterator[str]:
    yield f"## {name} {{#{name}}}"
    if inspect.isfunction(thing):
        yield f"```py\n{name}{_signature(thing)}\n```"
        yield _prose(inspect.getdoc(thing) or "")
        return
    if not inspect.isclass(thing):
        yield f"```py\n{name} = {_types(str(thing)).replace(' | ', f'{chr(10)}    | ')}\n```"
        yield "`str(operation)` is a sentence that `parse` reads back to the same value."
        return
    yield _prose(inspect.getdoc(thing) or "")
    fields = getattr(thing, "__struct_fields__", ())
    if fields:
        hints = {
            key: value
            for each in reversed(thing.__mro__)
            for key, value in vars(each).get("__annotations__", {}).items()
        }
        rows = [
            f"| `{field}` | `{_types(str(hints.get(field, '')))}` |".replace(" | None", " or None") for field in fields
        ]
        yield "\n".join(["| field | type |", "|---|---|", *rows])
    for key, member in vars(thing).items():
        if key.startswith("_"):
            continue
        if isinstance(member, property):
            yield f"### {name}.{key}"
            yield _prose(inspect.getdoc(member) or "")
        elif inspect.isfunction(member) or isinstance(member, classmethod | staticmethod):
            call = getattr(thing, key)
            if inspect.getdoc(call):
                yield f"### {name}.{key}"
                yield f"```py\n{key}{_signature(call)}\n```"
                yield _prose(inspect.getdoc(call) or "")


def _signature(call: Any) -> str:
    said = inspect.signature(call)
    parts = []
    for each in said.parameters.values():
        if each.name in ("self", "cls"):
            continue
        if each.kind is each.KEYWORD_ONLY and "*" not in parts:
            parts.append("*")
        kind = f": {_types(str(each.annotation))}" if each.annotation is not each.empty else ""
        default = f"{' = ' if kind else '='}{each.default!r}" if each.default is not each.empty else ""
        parts.append(f"{each.name}{kind}{default}")
    result = f" -> {_types(str(said.return_annotation))}" if said.return_annotation is not said.empty else ""
    line = f"({', '.join(parts)}){result}"
    return line if len(line) <= 90 else "(\n" + "".join(f"    {each},\n" for each in parts) + f"){result}"


def _types(text: str) -> str:
    """A type as it is read: without the modules that names come from."""
    return re.sub(r"\b(?:[a-z_]\w*\.)+(?=[A-Z])", "", text)


def _cell(kind: str) -> str:
    return _types(kind).replace("|", "\\|")


def _prose(text: str) -> str:
    return "\n\n".join(" ".join(each.split()) for each in re.split(r"\n\s*\n", text.strip()))
