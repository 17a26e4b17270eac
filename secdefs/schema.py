"""The JSON Schemas (draft 2020-12) of a code file and of all JSON that is written, made from the types of the values.

msgspec makes such schemas too, but not of types with a union of records that their fields alone tell apart, which an
inserted provision is; so the walk over the types is here.
"""

from __future__ import annotations

import datetime as dt
import inspect
import json
import types
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin

import msgspec

from secdefs.change.edits import Field
from secdefs.change.operations import Operation
from secdefs.findings import Finding
from secdefs.history.answers import Logged
from secdefs.letter.instrument import Instrument
from secdefs.model import Code, Definition, Definitions, Document, Entry, Group, Provision
from secdefs.read.annexes import AnnexFile
from secdefs.sentence.parse import Coverage, Instruction
from secdefs.verify import Difference
from secdefs.write.report import PARTICULARS

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_Shape: TypeAlias = Mapping[str, Any]
"""The keys of an object and the type of each; a mapping is an object in turn."""

_FILE = (Code, Definitions, Definition, Group, Entry, Document, Provision)
_NAMING = frozenset({"term", "label", "place", "group", "section"})
"""The keys of a code file that name something, so that they cannot be empty."""

_FINDINGS: _Shape = {"format": Literal[1], "ok": bool, "findings": tuple[Finding, ...]}
_INSTRUMENT = {each.name: each.type for each in msgspec.structs.fields(Instrument) if each.name in PARTICULARS}
_ORIGIN: _Shape = {
    "instrument": str,
    "name": str,
    "title": str | None,
    "made": dt.date | None,
    "item": str | None,
    "page": int | None,
    "line": int,
    "in_force_from": dt.date | None,
    "orders": str,
}

SCHEMAS: dict[str, tuple[str, Any]] = {
    "code": ("A code file, in YAML or JSON.", Code),
    "operation": ("An act of textual amendment: what one sentence of a letter orders at one place.", Operation),
    "instruction": ("An operation, when it commences, and where in the letter it was ordered.", Instruction),
    "finding": (
        "One thing that is wrong or worth saying: its code, how grave it is, and what would settle it.",
        Finding,
    ),
    "instrument": ("What a letter says of itself: its title, dates, issuer, powers, names, annexes.", _INSTRUMENT),
    "parse": (
        "The output of parse --json: what a letter orders.",
        {
            "format": Literal[1],
            "instrument": _INSTRUMENT,
            "instructions": tuple[Instruction, ...],
            "findings": tuple[Finding, ...],
            "coverage": Coverage,
        },
    ),
    "plan": (
        "The output of plan --json and apply --json: what letters change, as pieces of each touched field.",
        {
            "format": Literal[1],
            "ok": bool,
            "applied": tuple[Instruction, ...],
            "pending": tuple[Instruction, ...],
            "annexes": tuple[AnnexFile, ...],
            "changes": [{"list": str, "key": str, "by": str | None, "gone": str | None, "fields": dict[str, Field]}],
            "findings": tuple[Finding, ...],
        },
    ),
    "check": ("The output of check --format json and fsck --json: what was found.", _FINDINGS),
    "verify": (
        "The output of verify --json: where a published text differs from the code as letters make it.",
        {
            "format": Literal[1],
            "equal": bool,
            "compared": tuple[str, ...],
            "not_compared": tuple[str, ...],
            "differences": tuple[Difference, ...],
            "findings": tuple[Finding, ...],
        },
    ),
    "enact": (
        "The output of enact --json and withdraw --json: what was put on record.",
        {
            "format": Literal[1],
            "ok": bool,
            "head": str,
            "commencing": [{"day": dt.date, "instruction": Instruction}],
            "pending": tuple[Instruction, ...],
            "findings": tuple[Finding, ...],
        },
    ),
    "log": (
        "The output of log --json: what is on record.",
        {"format": Literal[1], "head": str | None, "log": tuple[Logged, ...]},
    ),
    "blame": (
        "The output of blame --json: which instruction put each word there.",
        {
            "format": Literal[1],
            "blame": [
                {"list": str, "key": str, "by": str | None, "fields": dict[str, Field], "origins": {"*": _ORIGIN}}
            ],
        },
    ),
}
"""What each schema is of, by name; a list of one mapping is a list of such objects, "*" stands for any key."""


def schema(name: str) -> str:
    """The schema of that name as JSON, two spaces a level. Raises KeyError where there is none."""
    said, kind = SCHEMAS[name]
    walk = _Walk()
    body = walk.of(kind)
    if (reference := body.pop("$ref", None)) is not None:
        body = walk.defined.pop(reference.rpartition("/")[2]) | body
    whole: dict[str, Any] = {"$schema": DIALECT, "$id": f"urn:x-secdefs:schema:1:{name}", "title": name}
    whole |= {**body, "title": name, "description": said}
    if walk.defined:
        whole["$defs"] = dict(sorted(walk.defined.items()))
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


_PLAIN: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    types.NoneType: {"type": "null"},
    dt.date: {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
}


class _Walk:
    """Goes through types, and keeps what it met of records under their names."""

    def __init__(self) -> None:
        self.defined: dict[str, dict[str, Any]] = {}

    def of(self, kind: Any) -> dict[str, Any]:
        """The schema of a type."""
        if isinstance(kind, dict):
            return self._shape(kind)
        if isinstance(kind, list):
            return {"type": "array", "items": self.of(kind[0])}
        if kind in _PLAIN:
            return dict(_PLAIN[kind])
        members = get_args(kind)
        match get_origin(kind):
            case origin if origin in (Union, types.UnionType):
                # A key that may be absent is not required; what it holds where it is there is the rest.
                return self._either([self.of(each) for each in members if each is not msgspec.UnsetType])
            case origin if origin is Literal:
                return {"enum": list(members)}
            case origin if origin is tuple:
                if members[-1] is Ellipsis:
                    return {"type": "array", "items": self.of(members[0])}
                fixed = [self.of(each) for each in members]
                return {"type": "array", "prefixItems": fixed, "items": False, "minItems": len(fixed)}
            case origin if origin is dict:
                return {"type": "object", "additionalProperties": self.of(members[1])}
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            return self._record(kind)
        raise TypeError(f"no schema is made of {kind}")

    @staticmethod
    def _either(schemas: list[dict[str, Any]]) -> dict[str, Any]:
        """Any of several; plain types are named in one list."""
        if len(schemas) == 1:
            return schemas[0]
        if all(set(each) == {"type"} for each in schemas):
            return {"type": [each["type"] for each in schemas]}
        return {"anyOf": schemas}

    def _shape(self, shape: _Shape) -> dict[str, Any]:
        if "*" in shape:
            return {"type": "object", "additionalProperties": self.of(shape["*"])}
        properties = {key: self.of(kind) for key, kind in shape.items()}
        return {"type": "object", "properties": properties, "required": list(properties)}

    def _record(self, kind: type[msgspec.Struct]) -> dict[str, Any]:
        name = kind.__name__
        reference = {"$ref": f"#/$defs/{name}"}
        if name in self.defined:
            return reference
        made: dict[str, Any] = {}
        self.defined[name] = made  # before its fields, which may lead to it again
        fields = msgspec.structs.fields(kind)
        properties: dict[str, Any] = {}
        config = kind.__struct_config__
        if config.tag is not None:
            properties[config.tag_field or "type"] = {"const": config.tag}
        properties |= {field.encode_name: self.of(field.type) for field in fields}
        absent = {each.encode_name for each in fields if each.default is msgspec.UNSET}
        required = [key for key in properties if key not in absent]
        if kind in _FILE:
            # What a file may go without: all that has a default, but for lists, whose absence would pass for emptiness.
            required = [each.name for each in fields if each.required or each.name in ("format", "entries")]
            for key in _NAMING & properties.keys():
                properties[key]["pattern"] = r"\S"
        made |= {"type": "object", "description": _first(kind), "properties": properties, "required": required}
        if kind in _FILE:
            made["additionalProperties"] = False
        return reference


def _first(kind: type) -> str:
    """The first paragraph of what a type says of itself."""
    return " ".join((inspect.getdoc(kind) or "").split("\n\n")[0].split())
