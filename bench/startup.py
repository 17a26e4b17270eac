"""What a user waits for: whole processes, as multiples of `python -c pass` measured beside them, and peak memory."""

from __future__ import annotations

import atexit
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
RUNS = 15

# The console script's own line. Lark and msgspec load what only the tests have installed, wherever they find it.
ENTRY = (
    "import sys; sys.modules['interegular'] = sys.modules['typing_extensions'] = None; "
    "from secdefs.cli import main; main()"
)

CASES: dict[str, tuple[str, ...]] = {
    "python -c pass": ("-c", "pass"),
    "--help": ("-c", ENTRY, "--help"),
    "one letter": ("-c", ENTRY, "plan", "fixtures/codes/sec.yaml", "fixtures/letters/s1ckmp.txt"),
}


COMPILED = tempfile.mkdtemp(prefix="secdefs-bench-")
"""Where the modules are found compiled, as in an installed package."""
atexit.register(shutil.rmtree, COMPILED, ignore_errors=True)
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
ENVIRONMENT["PYTHONPYCACHEPREFIX"] = COMPILED


class Sample(NamedTuple):
    """One process: wall time in seconds, peak resident memory in MB (10^6 bytes)."""

    seconds: float
    megabytes: float


def sample(arguments: tuple[str, ...]) -> Sample:
    """Run one process in silence and measure it.

    Raises SystemExit with a sentence where it does not end with 0: the time of a failure is no measurement.
    """
    silence = [(os.POSIX_SPAWN_OPEN, descriptor, os.devnull, os.O_RDWR, 0) for descriptor in (0, 1, 2)]
    start = time.perf_counter()
    pid = os.posix_spawn(sys.executable, [sys.executable, *arguments], ENVIRONMENT, file_actions=silence)
    _, status, usage = os.wait4(pid, 0)
    seconds = time.perf_counter() - start
    if status:
        sys.exit(f"bench: {' '.join(arguments[2:])} ended with {os.waitstatus_to_exitcode(status)}")
    # Linux counts in KiB, macOS in bytes.
    return Sample(seconds, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6)


def main() -> None:
    """Measure every case, one after the other in each round so that a busy moment falls on all, and print a table."""
    os.chdir(ROOT)
    samples: dict[str, list[Sample]] = {name: [] for name in CASES}
    for arguments in CASES.values():
        sample(arguments)
    for _ in range(RUNS):
        for name, arguments in CASES.items():
            samples[name].append(sample(arguments))
    medians = {name: statistics.median(taken.seconds for taken in all_) for name, all_ in samples.items()}
    base = medians["python -c pass"]
    print(f"whole processes, {RUNS} runs each, medians; ratio to `python -c pass`; peak memory")
    for name, seconds in medians.items():
        peak = max(taken.megabytes for taken in samples[name])
        print(f"  {name:<16}{seconds * 1000:>7.0f} ms{seconds / base:>8.1f} x{peak:>8.0f} MB")


if __name__ == "__main__":
    main()
