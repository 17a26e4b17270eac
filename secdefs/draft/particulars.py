"""The particulars of a letter to be drafted: who directs, under which powers, from when; a TOML file of few keys."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

import msgspec

from secdefs.findings import SecdefsError


class Particulars(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a letter says of itself; all of it may be left out.

    `issuer`: the head of the letter, a line each; `addressees`: one line; `made`: its date; `title`: its heading;
    `authority`: who directs ("the Secretary of State"); `powers`: under what, one each; `commencement`: the day from
    which it has effect; `version` and `definitions_version`: those of the code as changed, where a Word file cannot say
    them; `savings`: sentences that change nothing; `signatory`: the foot of the letter, a line each.
    """

    issuer: tuple[str, ...] = ()
    addressees: str | None = None
    made: dt.date | None = None
    title: str | None = None
    authority: str | None = None
    powers: tuple[str, ...] = ()
    commencement: dt.date | None = None
    version: str | None = None
    definitions_version: str | None = None
    savings: tuple[str, ...] = ()
    signatory: tuple[str, ...] = ()


def read_particulars(path: str) -> Particulars:
    """The particulars in a TOML file. Raises SecdefsError, in one line, where it cannot be read as such."""
    try:
        text = Path(path).read_text(encoding="utf-8")
        return msgspec.convert(tomllib.loads(text), Particulars)
    except tomllib.TOMLDecodeError as error:
        raise SecdefsError(f"{path}: this is not TOML: {error}") from None
    except UnicodeDecodeError:
        raise SecdefsError(f"{path}: this is not a text in UTF-8") from None
    except msgspec.ValidationError as error:
        known = ", ".join(Particulars.__struct_fields__)
        raise SecdefsError(f"{path}: {error}; the particulars are {known}") from None
