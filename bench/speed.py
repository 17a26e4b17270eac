"""How many instructions are read and planned in a second, as multiples of one C-speed pass over the same text."""

from __future__ import annotations

import functools
import re
import resource
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from corpus.mix import Item, code, items, letter

import secdefs

DEFINITIONS = 1_500
INSTRUCTIONS = 10_000
ROUNDS = 3
_QUOTED = re.compile(r"“([^“”]*)”")


def floor(given: list[Item], text: str) -> None:
    """The least that can be done: find what each instruction quotes, and put the one for the other in a text."""
    for item in given:
        found = _QUOTED.findall(item.words)
        text.replace(found[0] if found else item.words, found[-1] if found else "")


def seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    """How long the processor is busy with a piece of work, and what it gives."""
    start = time.process_time()
    given = work()
    return time.process_time() - start, given


def parsed(given: list[Item]) -> int:
    """Read each instruction by itself; how many were read."""
    return sum(bool(secdefs.parse(item.words, within=(item.lead,), block=item.block).instructions) for item in given)


def main() -> None:
    """Measure each stage, and beside it the floor, and print both."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else INSTRUCTIONS
    given = list(items(number, DEFINITIONS))
    others = list(items(number, DEFINITIONS, seed=1))
    one, text = code(DEFINITIONS), letter(given)
    entries = one.definitions.entries if one.definitions else ()
    secdefs.parse("omit “x”")
    taken: dict[str, list[float]] = {}

    def stage(name: str, work: Callable[[], Any]) -> Any:
        spent, result = seconds(work)
        taken.setdefault(name, []).append(spent)
        return result

    for _ in range(ROUNDS):
        stage("floor", lambda: floor(given, entries[0].text))
        stage("parse, each by itself", lambda: parsed(given))
        stage("parse, other words of the same mix", lambda: parsed(others))
        instrument = stage("read a letter of them all", lambda: secdefs.read_instrument(text))
        plan = stage("plan it", functools.partial(secdefs.plan, one, instrument))
        if not plan.ok or len(instrument.instructions) != number:
            sys.exit(f"bench: {[found for found in plan.findings if found.severity == 'error'][:3]}")
    base = statistics.median(taken["floor"])
    print(f"{number:,} instructions on {DEFINITIONS:,} definitions, {ROUNDS} rounds, medians; ratio to the floor")
    for name, all_ in taken.items():
        spent = statistics.median(all_)
        print(
            f"  {name:<36}{spent / number * 1e6:>9.1f} µs each{number / spent:>12,.0f} a second{spent / base:>9.1f} x"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
    print(f"  peak memory {peak:.0f} MB, code, letter and plan together")


if __name__ == "__main__":
    main()
