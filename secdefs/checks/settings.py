"""What a project sets for itself: the severity of each rule, in `secdefs.toml`."""

from __future__ import annotations

from typing import Literal

import msgspec

from secdefs.findings import SecdefsError
from secdefs.read.toml import read_toml

FILE = "secdefs.toml"
"""The name of the file, looked for in the folder where the command is given."""

Weight = Literal["error", "warning", "note", "off"]


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The severities that a project gives to rules, by their codes; "off" leaves one out."""

    severity: dict[str, Weight] = {}


def read_settings(path: str, known: frozenset[str]) -> Settings:
    """The settings in a TOML file. Raises SecdefsError, in one line, where it cannot be read or names no such rule."""
    made = read_toml(path, Settings, "a rule is set to error, warning, note or off, as in: [severity] SD612 = “off”")
    for code in made.severity:
        if code not in known:
            raise SecdefsError(f"{path}: there is no rule {code}; only the rules of `check` (SD6xx) can be set")
    return made
