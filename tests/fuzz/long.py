"""The long run, by hand: `python -m tests.fuzz.long TARGET [-runs=1000000 -seed=1 …]`, the options those of libFuzzer.

It needs atheris, which the project does not install: `pip install atheris==3.0.0` into `.venv` first. What it finds is
mended, and the bytes go into `test_fuzz.py`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path


def main(arguments: list[str]) -> None:
    import atheris  # type: ignore[import-not-found]

    with atheris.instrument_imports(include=["secdefs"]):
        from tests.fuzz import targets

    name = arguments[1]
    corpus = Path(tempfile.mkdtemp(prefix=f"fuzz-{name}-"))
    for number, seed in enumerate(targets.seeds(name)):
        (corpus / str(number)).write_bytes(seed)
    atheris.Setup([arguments[0], *arguments[2:], str(corpus)], lambda data: targets.run(name, data) and None)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
