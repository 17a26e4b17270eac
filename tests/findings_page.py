"""Makes `docs/findings.md`: the pages of `explain`, each with a fixture carried out and what secdefs said of it.

What a letter on a code cannot show (a damaged file, a folder) is a session of `fixtures/examples`, whose commands
another test runs. `python3 run docs` writes the page; a test holds it against the fixtures, so that every example has
been run.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import sessions
from cases import Case, read_case

from secdefs.checks import check
from secdefs.explain import Page, pages
from secdefs.findings import Finding, severity
from secdefs.letter.instrument import Instrument, read_instrument, short_form
from secdefs.plan import plan
from secdefs.write.terminal import Look, show_finding

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "findings.md"
EXAMPLES = ROOT / "fixtures" / "examples"
WIDTH = 100

HEAD = """\
# Findings

What each code means, with an example that was run, and what to do about it. `secdefs explain SD202` prints the same
page. Made from `secdefs/explain.toml` and `fixtures/` by `python3 run docs`; a test runs every example again.

A finding is an *error* (nothing is written), a *warning* (look at it) or a *note* (it is as well to know).
"""


class Run(NamedTuple):
    """A fixture carried out: its letters, its code as written there, and what was found."""

    letters: tuple[Instrument, ...]
    before: str
    findings: tuple[Finding, ...]


class Text:
    """What `read_case` needs of a path: a name and a text."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.text = path.read_text("utf-8").replace("--- findings\nnone", "--- findings\nSD000")

    def read_text(self, _: str) -> str:
        return self.text


def carried_out(path: Path) -> Run:
    """A fixture of `fixtures/cases` or `fixtures/checks`, planned, and looked over where it is of the rules."""
    case: Case = read_case(Text(path))  # type: ignore[arg-type]
    letters = tuple(
        short_form([each], file="-e") if "\n" not in each else read_instrument(each, file=f"letter{number}.txt")
        for number, each in enumerate(case.directions, 1)
    )
    planned = plan(case.before, letters, **case.given()) if letters else None
    found = planned.findings if planned else ()
    if path.parent.name == "checks":
        found = check(case.before, letters, plan=planned)
    before = re.split(r"^--- ", path.read_text("utf-8"), flags=re.M)
    code = next(part.partition("\n")[2].strip("\n") for part in before if part.startswith("before\n"))
    return Run(letters, code, found)


@lru_cache(maxsize=1)
def examples() -> dict[str, Path]:
    """For each code the shortest fixture that has it, the first by name among equals."""
    result: dict[str, Path] = {}
    for path in sorted([*(ROOT / "fixtures" / "cases").glob("*.txt"), *(ROOT / "fixtures" / "checks").glob("*.txt")]):
        expected = path.read_text("utf-8").partition("--- findings\n")[2]
        for code in re.findall(r"^(SD\d{3})\b", expected, re.M):
            size = len(path.read_text("utf-8"))
            if code not in result or size < len(result[code].read_text("utf-8")):
                result[code] = path
    return result


def shown(run: Run, code: str) -> str:
    """An example as a person would see it: the code, the letter, and what secdefs says."""
    texts = {letter.file: letter.text for letter in run.letters}
    said = [
        show_finding(each, texts.get(each.source.file) if each.source else None, Look(WIDTH, folds=True))
        for each in run.findings
        if each.code == code
    ]
    parts = [f"The code:\n\n{_block(run.before)}"]
    parts += [f"The letter:\n\n{_block(letter.text)}" for letter in run.letters]
    parts.append(f"What is said:\n\n{_block(chr(10).join(said))}")
    return "\n\n".join(parts)


def session(code: str) -> str:
    """An example that no letter alone can be: commands with what they print, as `fixtures/examples` has them."""
    text = sessions.without_comments((EXAMPLES / f"{code}.md").read_text("utf-8"))
    return re.sub(r"^(```\w+) title=\"(.*?)\"$", r"`\2`:\n\n\1", text.strip("\n"), flags=re.M)


def _block(text: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.strip("\n").split("\n"))
    return f"```text\n{lines}\n```"


def section(code: str, page: Page) -> str:
    """The page of one code."""
    parts = [f"## {code}: {page.title}", f"*Severity: {page.severity or severity(code)}.*", _prose(page.means)]
    if code in examples():
        parts += ["### Example", shown(carried_out(examples()[code]), code)]
    else:
        parts += ["### Example", session(code)]
    return "\n\n".join([*parts, "### Remedy", _prose(page.remedy)])


def _prose(text: str) -> str:
    paragraphs = (" ".join(each.split()) for each in text.strip().split("\n\n"))
    return "\n\n".join(re.sub(r"(?<![\w`])(--[a-z][a-z-]*)", r"`\1`", each) for each in paragraphs)


def made() -> str:
    """The whole file."""
    return "\n\n".join([HEAD.rstrip("\n"), *(section(code, page) for code, page in pages().items())]) + "\n"


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(made(), "utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {len(pages())} findings, each with an example that a test runs")
