"""Runs the commands that a page of Markdown shows, and holds what they print against what the page says they print.

What is in a page, from top to bottom, in one folder of its own and one shell:

a block of `console`       commands after `$ ` (`> ` goes on with one), each with what it prints: “…” on a line of its
                           own stands for any lines, at the end of one for the rest of it.
                           A status other than 0 is said: `$ secdefs …  # status 1`.
a block of `sh`            commands that must end with 0; what they print is not shown.
a block of `python`        a program that must end with 0.
a block with a `title`     a file of that name, whatever the language.
`<!-- run: COMMANDS -->`   what the reader does not see, and must end with 0. `$PROJECT` is the folder of the project.
`<!-- not run: WHY -->`    the next block is left alone.

Any other block is left alone, too. `python tests/sessions.py PAGE…` writes into the pages what is printed now.
"""

from __future__ import annotations

import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
WIDTH, SEPARATOR = 100, "\x1e"
ELLIPSIS = "…"

_PART = re.compile(
    r"^(?P<indent> *)```(?P<info>[^\n`]*)\n(?P<body>.*?)^(?P=indent)```$"
    r"|^<!-- (?P<word>run|not run): ?(?P<hidden>.*?)-->$",
    re.M | re.S,
)
_TITLE = re.compile(r'title="(?P<name>[^"]+)"')
_STATUS = re.compile(r"\s+# status (?P<status>\d+)$")


class Step(NamedTuple):
    """A command: the line of the page on which it stands, and what it must print (null: anything) and end with.

    `start` and `end` are where the printed lines stand in the page; `indent` is what goes before each of them there.
    """

    line: int
    command: str
    prints: str | None = None
    status: int = 0
    start: int = 0
    end: int = 0
    indent: str = ""


class Done(NamedTuple):
    """A step as carried out."""

    step: Step
    printed: str
    status: int | None

    @property
    def right(self) -> bool:
        """Whether it did what the page says."""
        return self.status == self.step.status and (
            self.step.prints is None or like(self.step.prints, self.printed) is not None
        )

    def __str__(self) -> str:
        said = "" if self.step.prints is None else f"\n--- the page says\n{self.step.prints}"
        return f"line {self.step.line}: {self.step.command}\nstatus {self.status}{said}\n--- it printed\n{self.printed}"


def steps(page: str) -> Iterator[Step]:
    """The commands of a page, in order."""
    skip = False
    for found in _PART.finditer(page):
        line = page.count("\n", 0, found.start()) + 1
        if found["word"]:
            skip = found["word"] == "not run"
            if not skip:
                yield Step(line, found["hidden"].strip())
            continue
        if not skip:
            yield from _block(found, line)
        skip = False


def _block(found: re.Match[str], line: int) -> Iterator[Step]:
    language = found["info"].partition(" ")[0]
    body = re.sub(f"^{found['indent']}", "", found["body"], flags=re.M)
    if named := _TITLE.search(found["info"]):
        yield Step(line, f"cat > {named['name']} <<'END OF FILE'\n{body}END OF FILE")
    elif language == "sh":
        yield Step(line, body)
    elif language == "python":
        yield Step(line, f"python - <<'END OF FILE'\n{body}END OF FILE")
    elif language == "console":
        yield from _session(found, line)


def _session(found: re.Match[str], line: int) -> Iterator[Step]:
    at = found.start("body")
    indent = found["indent"]
    command: list[str] = []
    printed: list[str] = []
    began = start = at

    def step() -> Step:
        said = "\n".join(command)
        status = _STATUS.search(said)
        number = line + 1 + found["body"].count("\n", 0, began - found.start("body"))
        shown = "".join(printed).strip("\n")
        return Step(number, said, shown, int(status["status"]) if status else 0, start, at, indent)

    for row in found["body"].splitlines(keepends=True):
        bare = row.removeprefix(indent)
        if bare.startswith("$ "):
            if command:
                yield step()
            command, printed, began, start = [bare[2:].rstrip("\n")], [], at, at + len(row)
        elif bare.startswith("> ") and command and not printed and command[-1].endswith("\\"):
            command.append(bare[2:].rstrip("\n"))
            start = at + len(row)
        else:
            printed.append(bare)
        at += len(row)
    if command:
        yield step()


def carried_out(page: str) -> list[Done]:
    """Each command of a page with what it printed. The status is null where the shell did not come so far."""
    found = list(steps(page))
    with tempfile.TemporaryDirectory() as folder:
        home, tools = Path(folder, "here"), Path(folder, "bin")
        home.mkdir()
        tools.mkdir()
        for name, start in (("secdefs", "-c 'from secdefs.cli import main; main()'"), ("python", "")):
            (tools / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {start} "$@"\n')
            (tools / name).chmod(0o755)
        script = ["status=0"]
        for step in found:
            script += [f"printf '{SEPARATOR}'", "(exit $status)", step.command, "status=$?"]
            script.append(f"printf '{SEPARATOR}%s{SEPARATOR}' $status")
        program = Path(folder, "script")
        program.write_text("\n".join(script) + "\n", "utf-8")
        kept = {name: value for name, value in os.environ.items() if name in ("HOME", "TMPDIR", "XDG_CACHE_HOME")}
        environment = kept | {
            "PATH": f"{tools}:{os.environ['PATH']}",
            "PROJECT": str(ROOT),
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "TERM": "xterm",
            "NO_COLOR": "1",
        }
        parts = _terminal(["bash", str(program)], home, environment).split(SEPARATOR)
    said = [(parts[at], parts[at + 1]) for at in range(1, len(parts) - 1, 3)]
    said += [("", "")] * (len(found) - len(said))
    return [
        Done(step, "\n".join(line.rstrip() for line in text.splitlines()).strip("\n"), int(ended) if ended else None)
        for step, (text, ended) in zip(found, said, strict=True)
    ]


def _terminal(command: list[str], folder: Path, environment: dict[str, str]) -> str:
    """What a program prints on a terminal, both its streams."""
    import fcntl
    import termios

    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 50, WIDTH, 0, 0))
    data = bytearray()

    def listen() -> None:
        while True:
            try:
                some = os.read(ours, 65536)
            except OSError:  # Linux says so that nobody holds the other end
                return
            if not some:
                return
            data.extend(some)

    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=its, stderr=its, start_new_session=True
    )
    os.close(its)
    listener = threading.Thread(target=listen)
    listener.start()
    process.wait()
    listener.join()
    os.close(ours)
    return data.decode("utf-8", "replace").replace("\r\n", "\n")


def like(says: str, printed: str) -> re.Match[str] | None:
    """Whether a page shows the lines that were printed; “…” stands for any lines, or for the rest of one."""
    wanted = [line.rstrip() for line in says.splitlines()]
    pattern = ""
    for line in wanted:
        if line.strip() == ELLIPSIS:
            pattern += r"(?:.*\n)*?"
        elif line.endswith(f" {ELLIPSIS}"):
            pattern += re.escape(line.removesuffix(ELLIPSIS)) + r".*\n"
        else:
            pattern += re.escape(line) + r"\n"
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed.splitlines()))


def without_comments(page: str) -> str:
    """A page without what its reader does not see."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"^<!-- (?:run|not run):.*?-->\n", "", page, flags=re.M | re.S))


def renewed(page: str) -> str:
    """The page with what its commands print now, and with the statuses with which they end."""
    for done in reversed(carried_out(page)):
        step = done.step
        if step.prints is None:
            if not done.right:
                raise SystemExit(str(done))
            continue
        if done.right:
            continue
        if done.status != step.status:
            print(f"{done}\n--- look at the status", file=sys.stderr)
        lines = "".join(f"{step.indent}{line}".rstrip() + "\n" for line in done.printed.splitlines())
        gap = "\n" if page[step.start : step.end].endswith("\n\n") else ""
        page = page[: step.start] + lines + gap + page[step.end :]
    return page


def pages() -> list[Path]:
    """Every page whose commands are run."""
    written = [*(ROOT / "docs").rglob("*.md"), *(ROOT / "fixtures" / "examples").glob("*.md"), ROOT / "README.md"]
    return sorted(each for each in written if any(True for _ in steps(each.read_text("utf-8"))) and each not in MADE)


MADE = (ROOT / "docs" / "findings.md",)
"""Pages that are made of others, whose commands are run where they come from."""


if __name__ == "__main__":
    for page in [Path(name).resolve() for name in sys.argv[1:]] or pages():
        text = page.read_text("utf-8")
        if (made := renewed(text)) != text:
            page.write_text(made, "utf-8")
            print(page.relative_to(ROOT))
