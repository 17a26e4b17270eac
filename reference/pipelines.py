"""Runs the action and the hooks from end to end, as GitHub and pre-commit would, on this commit of the repository.

`python -m reference.pipelines`: every step of `action.yml` in its order, in a clone with a branch that brings a letter,
with an environment of its own that the first step makes; then `pre-commit`, installed for the purpose, on `git commit`.
What only GitHub has is played: the artifact is a folder into which the file is copied that the step names.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
PRE_COMMIT = "pre-commit==4.7.0"
GOOD = (ROOT / "fixtures" / "letters" / "s1ckmp.txt").read_text(encoding="utf-8")
BAD = GOOD.replace("[TBC]", "[TBD]")
CONFIG = """repos:
  - repo: {repository}
    rev: {revision}
    hooks:
      - {{id: secdefs-letters, args: [code.yaml]}}
      - {{id: secdefs-code, args: [code.yaml]}}
"""


def main() -> int:
    """Run both and say what was seen; the exit status."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tool = folder / "tool"
        run(folder, "git", "clone", "-q", str(ROOT), str(tool))
        try_action(folder, tool)
        try_hooks(folder, tool)
    return 0


def hold(fact: bool, what: str) -> None:
    """Say what holds, or end with it."""
    if not fact:
        sys.exit(f"pipelines: it does not hold that {what}")
    print(f"  {what}")


def run(
    folder: Path, *command: str, statuses: tuple[int, ...] = (0,), more: dict[str, str] | None = None
) -> tuple[int, str]:
    """Run a command as a person on a machine of their own would, without what a running pipeline has set."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("GITHUB_", "GIT_", "VIRTUAL_ENV"))}
    who = {f"GIT_{role}_{what}": "x@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    done = subprocess.run(
        command,
        cwd=folder,
        env=clean | who | (more or {}),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    said = done.stdout + done.stderr
    if done.returncode not in statuses:
        sys.exit(f"pipelines: {' '.join(command)} ended with {done.returncode}\n{said[-3000:]}")
    return done.returncode, said


def begun(folder: Path) -> Path:
    """A repository with a code, and a clone of it."""
    origin, clone = folder / "origin", folder / "clone"
    (origin / "letters").mkdir(parents=True)
    shutil.copy(ROOT / "fixtures" / "codes" / "sec.yaml", origin / "code.yaml")
    run(origin, "git", "init", "-q", "-b", "main")
    run(origin, "git", "add", "-A")
    run(origin, "git", "commit", "-q", "-m", "base")
    run(folder, "git", "clone", "-q", origin.as_uri(), str(clone))
    (clone / "letters").mkdir(exist_ok=True)
    return clone


# --- the action -------------------------------------------------------------------------------------------------------


def try_action(folder: Path, tool: Path) -> None:
    """Each step of the action, for a letter that bites and for one that does not."""
    print("the action")
    for name, letter in (("good", GOOD), ("bad", BAD)):
        here = folder / name
        here.mkdir()
        clone = begun(here)
        (clone / "letters" / "letter.txt").write_text(letter, encoding="utf-8")
        run(clone, "git", "add", "-A")
        run(clone, "git", "commit", "-q", "-m", "letter")
        status, said, artifact = steps(here, tool, clone)
        files = [each.name for each in artifact.iterdir()]
        if letter is GOOD:
            hold(status == 0 and files == ["redline.html"], "a letter that bites is passed, and the redline kept")
            hold("AT" in (artifact / "redline.html").read_text(encoding="utf-8"), "the redline has the new words")
        else:
            hold(status == 1 and not files, "one that does not is failed, and nothing kept")
            hold("::error file=letters/letter.txt,line=" in said, "its findings are said for their lines")
        hold("What the letters change" in (here / "summary").read_text(encoding="utf-8"), "the summary tells of it")


def steps(here: Path, tool: Path, clone: Path) -> tuple[int, str, Path]:
    """Run the steps as a runner does: the last status, what they said, and the folder of what was kept."""
    action = yaml.safe_load((tool / "action.yml").read_text(encoding="utf-8"))
    inputs = {name: each.get("default", "") for name, each in action["inputs"].items()}
    inputs |= {"code": "code.yaml", "options": "--version=46.0\n--definitions-version=24.0"}
    paths, outputs, artifact = here / "path", here / "output", here / "artifact"
    artifact.mkdir()
    for each in (paths, outputs, here / "summary"):
        each.write_text("", encoding="utf-8")
    known: dict[str, dict[str, str]] = {}
    status, said = 0, ""
    for step in action["runs"]["steps"]:
        if "run" not in step:
            kept = filled(step["with"]["path"], inputs, known)
            if status == 0 and kept:
                shutil.copy(clone / kept, artifact)
            continue
        given = {name: filled(value, inputs, known) for name, value in step.get("env", {}).items()}
        given["PATH"] = os.pathsep.join([*reversed(paths.read_text(encoding="utf-8").split()), os.environ["PATH"]])
        runner = {
            "GITHUB_ACTION_PATH": str(tool),
            "GITHUB_BASE_REF": "main",
            "GITHUB_OUTPUT": str(outputs),
            "GITHUB_PATH": str(paths),
            "GITHUB_STEP_SUMMARY": str(here / "summary"),
            "RUNNER_TEMP": str(here),
        }
        command = ("bash", "-e", "-o", "pipefail", "-c", step["run"])
        status, told = run(clone, *command, statuses=(0, 1), more=given | runner)
        said += told
        if "id" in step:
            lines = outputs.read_text(encoding="utf-8").splitlines()
            known[step["id"]] = dict(line.split("=", 1) for line in lines)
    return status, said, artifact


def filled(value: Any, inputs: dict[str, str], known: dict[str, dict[str, str]]) -> str:
    """A value of a step with what stands in it between braces."""

    def one(found: re.Match[str]) -> str:
        match found[1].split("."):
            case ["inputs", name]:
                return inputs[name]
            case ["steps", step, "outputs", name]:
                return known[step].get(name, "")
        sys.exit(f"pipelines: nobody knows {found[1]}")

    return re.sub(r"\$\{\{ ([\w.]+) \}\}", one, str(value))


# --- the hooks --------------------------------------------------------------------------------------------------------


def try_hooks(folder: Path, tool: Path) -> None:
    """`git commit` with the hooks of this repository, which pre-commit installs as from any other."""
    print("the hooks")
    here, programs = folder / "hooks", folder / "pre-commit" / "bin"
    here.mkdir()
    venv.EnvBuilder(with_pip=True).create(folder / "pre-commit")
    run(here, str(programs / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check", PRE_COMMIT)
    clone = begun(here)
    _, revision = run(tool, "git", "rev-parse", "HEAD")
    config = CONFIG.format(repository=tool, revision=revision.strip())
    (clone / ".pre-commit-config.yaml").write_text(config, encoding="utf-8")
    home = {"PRE_COMMIT_HOME": str(here / "home")}
    run(clone, str(programs / "pre-commit"), "install", more=home)
    for letter, wanted, what in (
        (BAD, 1, "a letter that does not fit the code is not committed"),
        (GOOD, 0, "one that fits is"),
    ):
        (clone / "letters" / "letter.txt").write_text(letter, encoding="utf-8")
        run(clone, "git", "add", "-A")
        status, said = run(clone, "git", "commit", "-m", "letter", statuses=(0, 1), more=home)
        hold(status == wanted and ("SD201" in said) == bool(wanted), what)
    text = (clone / "code.yaml").read_text(encoding="utf-8")
    (clone / "code.yaml").write_text(text.replace("as_at:", "as at:"), encoding="utf-8")
    run(clone, "git", "add", "-A")
    status, said = run(clone, "git", "commit", "-m", "code", statuses=(0, 1), more=home)
    hold(status == 1 and "as at" in said, "a code file that cannot be read is not committed")


if __name__ == "__main__":
    sys.exit(main())
