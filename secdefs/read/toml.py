"""TOML files that a person writes: how one is read, and how what is wrong with it is said in plain words."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TypeVar

import msgspec

from secdefs.findings import SecdefsError

Kind = TypeVar("Kind")

_WORDS = {
    "array": "a list, such as [“one”, “two”]",
    "str": "a text in quotation marks",
    "date": "a date, such as 2021-12-17",
    "object": "a table, such as [severity]",
    "int": "a number",
    "float": "a number",
    "bool": "true or false",
    "datetime": "a date with a time",
    "null": "nothing",
}


def read_toml(path: str, kind: type[Kind], remedy: str) -> Kind:
    """What a TOML file says, as a value of a kind. `remedy` is said of a key or a value that does not belong there.

    Raises SecdefsError, in one line, where it cannot be read as such.
    """
    try:
        return msgspec.convert(tomllib.loads(Path(path).read_text(encoding="utf-8")), kind)
    except tomllib.TOMLDecodeError as error:
        raise SecdefsError(f"{path}: this is not TOML: {error}") from None
    except UnicodeDecodeError:
        raise SecdefsError(f"{path}: this is not a text in UTF-8") from None
    except msgspec.ValidationError as error:
        raise SecdefsError(f"{path}: {in_words(str(error))}; {remedy}") from None


def in_words(error: str) -> str:
    """What msgspec says of a value that does not belong where it stands, in plain words."""
    where = re.search(r" - at `(?:key in )?\$\.?(?P<where>[^`]*)`$", error)
    key = re.sub(r"\[\.\.\.\]|\[(\d+)\]", "", where["where"]) if where else ""
    said = f"“{key}”" if key else "the file"
    if found := re.match(r"Object contains unknown field `(?P<name>[^`]*)`", error):
        return f"there is no key “{found['name']}”" + (f" in “{key}”" if key else "")
    if found := re.match(r"Expected `(?P<wanted>[^`]*)`, got `(?P<got>[^`]*)`", error):
        wanted = " or ".join(_WORDS.get(each, each) for each in found["wanted"].split(" | ") if each != "null")
        return f"{said} is to be {wanted}, and is {_WORDS.get(found['got'], found['got'])}"
    if error.startswith("Invalid RFC3339"):
        return f"{said} is to be a date such as 2021-12-17, without quotation marks"
    if found := re.match(r"Invalid enum value (?P<value>.*?)(?: - at|$)", error):
        return f"“{found['value'].strip(chr(39))}” is no value of {said}"
    return error.partition(" - at ")[0]
