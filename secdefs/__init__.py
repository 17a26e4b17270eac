"""The public names of secdefs, each loaded from the module that defines it when it is first asked for."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from secdefs.release import __version__ as __version__

if TYPE_CHECKING:
    from secdefs.change.operations import Operation
    from secdefs.checks import check
    from secdefs.draft import draft
    from secdefs.findings import Finding, SecdefsError
    from secdefs.history import History
    from secdefs.letter.instrument import Instrument, read_instrument
    from secdefs.model import Code
    from secdefs.plan import Plan, plan
    from secdefs.read.codefile import read_code
    from secdefs.sentence.parse import Reading, parse
    from secdefs.verify import verify
    from secdefs.write import write

__all__ = [
    "Code",
    "Finding",
    "History",
    "Instrument",
    "Operation",
    "Plan",
    "Reading",
    "SecdefsError",
    "check",
    "draft",
    "parse",
    "plan",
    "read_code",
    "read_instrument",
    "verify",
    "write",
]

_HOME = {
    "Code": "model",
    "Finding": "findings",
    "History": "history",
    "Instrument": "letter.instrument",
    "Operation": "change.operations",
    "Plan": "plan",
    "Reading": "sentence.parse",
    "SecdefsError": "findings",
    "check": "checks",
    "draft": "draft",
    "parse": "sentence.parse",
    "plan": "plan",
    "read_code": "read.codefile",
    "read_instrument": "letter.instrument",
    "verify": "verify",
    "write": "write",
}
"""The module of each public name. They load on demand so that `--help` does not pay for the grammar."""


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Package(ModuleType):
    """Keeps `secdefs.plan` the function, whichever module was imported first.

    Importing a submodule binds it to its name in the package; where a public function has that very name, this would
    hide it, or not, depending on the order of imports. So the function is bound instead, as an import at the top would.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if isinstance(value, ModuleType) and _HOME.get(name) == name:
            value = getattr(value, name, value)
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
