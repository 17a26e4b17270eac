"""The particulars of a letter to be drafted: who directs, under which powers, from when; a TOML file of few keys."""

from __future__ import annotations

import datetime as dt

import msgspec

from secdefs.read.toml import read_toml


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
    known = ", ".join(Particulars.__struct_fields__)
    return read_toml(path, Particulars, f"the particulars are {known}")
