"""The files of a letter's annexes: which file is which annex, by name and by hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import NamedTuple

import msgspec

from secdefs.findings import Finding, SecdefsError, finding
from secdefs.read.encoding import read_bytes, visible


class AnnexFile(msgspec.Struct, frozen=True):
    """The file that is an annex: its label ("D"), its name without folders, the SHA-256 of its bytes."""

    label: str
    file: str
    sha256: str


class GivenAnnex(NamedTuple):
    """An annex as it is recorded, and the bytes of its file."""

    file: AnnexFile
    data: bytes

    @property
    def label(self) -> str:
        """The annex's label, "D"."""
        return self.file.label


def given_annex(label: str, path: str) -> GivenAnnex:
    """The file of an annex.

    Raises `SecdefsError` where the file is missing, empty or cannot be read; standard input is no file.
    """
    if path == "-":
        raise SecdefsError(f"Annex {label}: name its file; standard input has no name to record")
    data, name = read_bytes(path)
    if not data:
        raise SecdefsError(f"{visible(name)}: the file is empty")
    return GivenAnnex(AnnexFile(label, PurePath(path).name, hashlib.sha256(data).hexdigest()), data)


def unlisted(files: Iterable[GivenAnnex], lists: Sequence[Sequence[str]]) -> tuple[Finding, ...]:
    """An error for each file that is not the annex of one letter; `lists` are the labels that each letter lists."""
    known = list(dict.fromkeys(label for labels in lists for label in labels))
    found = []
    for each in files:
        holders = sum(each.label in labels for labels in lists)
        if holders == 0:
            hint = f"listed: {', '.join(known)}" if known else "the letter lists no annexes"
            found.append(finding("SD106", f"--annex {each.label}: no letter lists an Annex {each.label}", hint=hint))
        elif holders > 1:
            message = f"--annex {each.label}: {holders} letters list an Annex {each.label}"
            found.append(finding("SD106", message, hint="plan one letter at a time"))
    return tuple(found)
