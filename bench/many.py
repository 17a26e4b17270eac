"""Many instructions in one file: whole processes on one core and on two, peak memory, and growth with size."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from corpus.mix import code, items, letter
from startup import ENTRY, ENVIRONMENT

import secdefs

INSTRUCTIONS = 200_000
DEFINITIONS = 1_500


def written(path: Path, number: int) -> None:
    """Write a file with an instruction a line."""
    with path.open("w", encoding="utf-8") as file:
        for each in items(number, DEFINITIONS):
            line = {"words": each.words, "within": [each.lead], "block": list(each.block)}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def timed(file: Path, processes: int) -> tuple[float, float, float]:
    """Wall time and processor time in seconds, and peak memory of the largest process in MB, of one run."""
    arguments = [sys.executable, "-c", ENTRY, "parse", "--jsonl", "-q", "--processes", str(processes), str(file)]
    silence = [(os.POSIX_SPAWN_OPEN, descriptor, os.devnull, os.O_RDWR, 0) for descriptor in (0, 1, 2)]
    start = time.perf_counter()
    pid = os.posix_spawn(sys.executable, arguments, ENVIRONMENT, file_actions=silence)
    _, status, usage = os.wait4(pid, 0)
    seconds = time.perf_counter() - start
    if status:
        sys.exit(f"bench: parse --jsonl ended with {os.waitstatus_to_exitcode(status)}")
    megabytes = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
    return seconds, usage.ru_utime + usage.ru_stime, megabytes


def many(number: int) -> None:
    """Print the same file read by one process and by two, in turn."""
    print(f"{number:,} instructions, a line each, written as JSON; whole processes, the better of two")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "many.jsonl"
        written(file, number)
        runs = [(timed(file, 1), timed(file, 2)) for _ in range(2)]
    for name, side in (("one process", 0), ("two", 1)):
        wall, busy, memory = min(run[side] for run in runs)
        print(
            f"  {name:<14}{wall:>8.1f} s{number / wall:>10,.0f} a second{busy:>8.1f} s of processors{memory:>6.0f} MB"
        )
    print(f"  two processes are {max(one[0] / two[0] for one, two in runs):.2f} times as fast as one")


def growth() -> None:
    """Print how processor time grows when there is ten times as much."""
    print("ten times as much: how many times the processor's time")
    cases = {"instructions": ((300, 1_500), (3_000, 1_500)), "definitions": ((600, 1_500), (600, 15_000))}
    for name, sizes in cases.items():
        read, planned = [], []
        for number, definitions in sizes:
            given, text = code(definitions), letter(list(items(number, 1_500)))
            secdefs.read_instrument(text)
            start = time.process_time()
            instrument = secdefs.read_instrument(text)
            between = time.process_time()
            if not secdefs.plan(given, instrument).ok:
                sys.exit("bench: the letter does not fit the code")
            read.append(between - start)
            planned.append(time.process_time() - between)
        print(f"  {name:<14}{read[1] / read[0]:>8.1f} x to read{planned[1] / planned[0]:>8.1f} x to plan")


def main() -> None:
    """Measure and print."""
    many(int(sys.argv[1]) if len(sys.argv) > 1 else INSTRUCTIONS)
    growth()


if __name__ == "__main__":
    main()
