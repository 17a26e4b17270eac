"""Writers: values into files. They know edits and pieces, and never which operation made them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from secdefs.model import Code


def write(code: Code, path: str) -> None:
    """Write a code file: JSON where `path` ends in .json, Akoma Ntoso where in .xml, else YAML. It is read back, and
    replaced as a whole.

    Raises SecdefsError where the file cannot be written.
    """
    from secdefs.write.atomic import replace_file
    from secdefs.write.codefile import code_bytes

    replace_file(path, code_bytes(code, path))
