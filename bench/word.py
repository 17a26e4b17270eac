"""What a long letter on a long Word file costs: 200 orders on 1,500 definitions, tracked, as a multiple of
`python -c pass`; peak memory."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from startup import sample  # noqa: E402

from fixtures.make_word import section_a  # noqa: E402

DEFINITIONS, ORDERS = 1500, 200


def definitions() -> list[tuple[str, str]]:
    """Definitions of a sentence, and every third with a list of two levels."""
    lists = "any of:\n  (a) one;\n  (b) both:\n    (i) two; and\n    (ii) three,\nin each case as the Panel says."
    words = "a thing of its kind, of which the Party has told each User within five Working Days of the day of it."
    return [
        (f"Term {number:04d} Alpha", f"means number{number} {words if number % 3 else lists}")
        for number in range(DEFINITIONS)
    ]


def letter() -> str:
    """Words replaced and inserted, definitions omitted and inserted, in turn."""
    head = "16 December 2021\n\nDirection\n\nThe Secretary of State directs that with effect from 17 December 2021:\n\n"
    items = []
    for each in range(ORDERS):
        number = each * (DEFINITIONS // ORDERS)
        term = f"Term {number:04d} Alpha"
        items.append(
            (
                f"in the definition of “{term}” in Section A of the SEC the words “number{number}” shall be replaced "
                f"with the words “figure {number}”;",
                f"the definition of “{term}” in Section A of the SEC shall be omitted;",
                "in Section A of the SEC the following definition shall be inserted in the appropriate alphabetical "
                f"place: “{term} Bis” means a thing that is new and the {number}th.",
                f"in the definition of “{term}” in Section A of the SEC, after the words “number{number}” there shall "
                "be inserted the words “(or more)”;",
            )[each % 4]
        )
    return head + "\n\n".join(f"{number}. {item}" for number, item in enumerate(items, 1)) + "\n"


def main() -> None:
    """Measure the making of the tracked file."""
    base = min(sample(("-c", "pass")).seconds for _ in range(5))
    with tempfile.TemporaryDirectory() as folder:
        source, orders, out = (Path(folder) / name for name in ("a.docx", "letter.txt", "out.docx"))
        source.write_bytes(section_a(definitions()))
        orders.write_text(letter(), "utf-8")
        given = (str(source), str(orders), "-o", str(out), "--tracked", "--title", "SEC", "-q")
        taken = sample(("-c", "from secdefs.cli import main; main()", "apply", *given))
        if not out.exists():
            raise SystemExit("the file was not written")
    print("a tracked Word file, whole process; ratio to `python -c pass`; peak memory")
    what = f"{DEFINITIONS:,} definitions, {ORDERS} orders"
    print(f"  {what:<32}{taken.seconds:>6.1f} s{taken.seconds / base:>8.0f} x{taken.megabytes:>8.0f} MB")


if __name__ == "__main__":
    main()
