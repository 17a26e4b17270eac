"""What a version costs in a code folder: rows and bytes, counted, for a small code and for one ten times as large."""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
import time
from pathlib import Path

from secdefs import History, read_instrument
from secdefs.model import Code, Definition, Definitions
from secdefs.site import history_page
from secdefs.write.codefile import code_to_yaml

BEGAN = dt.date(2000, 1, 1)
CASES = ((1_500, 300), (15_000, 20))
"""How many definitions, and how many letters, each of which makes a version."""


def sample(size: int) -> Code:
    """A code of that many definitions, each as long as definitions are on average."""
    entries = tuple(
        Definition(
            term=f"Term {number:05}",
            text=f"means the thing of number {number}, which a Party keeps for ten days, and which:\n"
            "  (a) is written down in the register, under the name of the Party that keeps it; or\n"
            "  (b) is kept in such other place, and in such other manner, as the Panel may from time to time allow.",
        )
        for number in range(size)
    )
    return Code(
        title="Widget Code",
        version="1",
        as_at=BEGAN,
        definitions=Definitions(section="A", version="1", entries=entries),
    )


def letter(number: int, size: int) -> str:
    """The letter that makes a version: two instructions, on two of the definitions."""
    made = BEGAN + dt.timedelta(days=20 * number)
    day = made + dt.timedelta(days=10)
    one, other = f"Term {number * 7 % size:05}", f"Term {(number * 7 + 3) % size:05}"
    return (
        f"{made.day} {made:%B %Y}\n\nDIRECTION NUMBER {number} TO CHANGE THE WIDGET CODE\n\n"
        f"The Authority directs that with effect from {day.day} {day:%B %Y}:\n\n"
        f"(a) in the definition of “{one}” in Section A, for “ten days” substitute “{number + 11} days”; and\n\n"
        f"(b) in the definition of “{other}” in Section A, after “register” insert “of the year {made.year}”.\n\n"
        "Ada Marram\nFor the Authority\n"
    )


def measured(size: int, versions: int) -> None:
    """Put the letters on record one after another, and print what each cost."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "code"
        history = History.init(path, sample(size), recorded=BEGAN)
        base = sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
        start = time.perf_counter()
        for number in range(versions):
            text = letter(number, size)
            done = history.enact(read_instrument(text, file=f"{number}.txt"), recorded=BEGAN, version=str(number + 2))
            if not done.ok:
                sys.exit(f"bench: {done.findings}")
        enacting = time.perf_counter() - start
        ledger = (path / "ledger.jsonl").stat().st_size
        kept = sum(file.stat().st_size for file in (path / "instruments").iterdir())
        start = time.perf_counter()
        opened = History.open(path)
        last = opened.at()
        opening = time.perf_counter() - start
        start = time.perf_counter()
        for number in range(0, versions, 10):
            opened.at(BEGAN + dt.timedelta(days=20 * number))
        asking = (time.perf_counter() - start) / len(range(0, versions, 10))
        copy = len(code_to_yaml(last).encode())
        start = time.perf_counter()
        page = len(history_page(opened.course()).encode())
        publishing = time.perf_counter() - start
        none = len(history_page(History.init(Path(folder) / "none", sample(size), recorded=BEGAN).course()).encode())
        rows = opened.rows
    print(f"  {size:,} definitions, {versions} versions, beside the base code's {base / 1e6:.2f} MB:")
    print(f"    {rows / versions:.2f} rows a version")
    print(f"    {ledger / versions:,.0f} bytes of ledger and {kept / versions:,.0f} of letters a version")
    print(f"    {(ledger + kept) / 1e6:.2f} MB in all; a copy a version would be {copy * versions / 1e6:,.0f} MB")
    print(
        f"    {(page - none) / versions:,.0f} bytes of the page a version, beside {none / 1e6:.2f} MB without any; "
        f"{publishing / opening:.1f} times as long to make as to open"
    )
    each = enacting / versions
    print(
        f"    {each * 1e3:.0f} ms to enact, {opening * 1e3:.0f} ms to open, {asking * 1e3:.1f} ms for the code on a day"
    )


def main() -> None:
    """Measure every case."""
    print("a code through time: what a version costs")
    for size, versions in CASES:
        measured(size, versions)


if __name__ == "__main__":
    main()
