"""The action and the hook: their steps are run as GitHub and pre-commit would run them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
HOOKS = {each["id"]: each for each in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))}
GOOD = (
    "Harbour direction\n\n1 February 2023\n\nThe Secretary of State directs that, with effect from 1 March 2023, in "
    "the definition of “Lamp” in Section A the words “a light” shall be replaced with the words “an electric light”.\n"
)
CODE = """format: 1
title: Harbour Lights Code
version: "1.0"
as_at: 2023-01-01
definitions:
  section: A
  heading: null
  version: "1.0"
  order: word-by-word
  entries:
    - term: Lamp
      text: "means a light at sea."
"""
pytestmark = pytest.mark.skipif(os.name == "nt", reason="the action's script is for bash")


def sh(folder: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
    who = {f"GIT_{role}_{what}": "x@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return subprocess.run(
        command, cwd=folder, env={**clean, **who, "PATH": path, **more}, capture_output=True, text=True, check=False
    )


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone whose base has a code and an old letter, and whose branch is to bring more."""
    origin, here = tmp_path / "origin", tmp_path / "clone"
    (origin / "letters").mkdir(parents=True)
    (origin / "code.yaml").write_text(CODE)
    (origin / "letters" / "old.txt").write_text("nothing that anybody could read\n")
    for command in ("init -q -b main", "add -A", "commit -q -m base"):
        assert sh(origin, "git", *command.split()).returncode == 0
    assert sh(tmp_path, "git", "clone", "-q", str(origin), str(here)).returncode == 0
    return here


def bring(clone: Path, name: str, text: str) -> None:
    (clone / "letters" / name).write_text(text)
    sh(clone, "git", "add", "-A")
    assert sh(clone, "git", "commit", "-q", "-m", "letter").returncode == 0


def act(clone: Path, **given: str) -> tuple[subprocess.CompletedProcess[str], dict[str, str], str]:
    """Run the step of the action that checks: what it said, its outputs, its summary."""
    inputs = {name: each.get("default", "") for name, each in ACTION["inputs"].items()} | given
    (step,) = (each for each in ACTION["runs"]["steps"] if each.get("id") == "check")

    def filled(value: str) -> str:
        return re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda found: inputs[found[1]], value)

    out, summary = clone.parent / "output", clone.parent / "summary"
    out.write_text("")
    summary.write_text("")
    github = {
        "GITHUB_ACTION_PATH": str(ROOT),
        "GITHUB_BASE_REF": "main",
        "GITHUB_OUTPUT": str(out),
        "GITHUB_STEP_SUMMARY": str(summary),
    }
    environment = {name: filled(value) for name, value in step["env"].items()}
    result = sh(clone, "bash", "-c", step["run"], **github, **environment)
    outputs = dict(line.split("=", 1) for line in out.read_text().splitlines())
    return result, outputs, summary.read_text()


def test_a_letter_that_bites_is_passed_and_its_redline_kept(clone: Path) -> None:
    bring(clone, "new.txt", GOOD)
    result, outputs, summary = act(clone, code="code.yaml", options="--version=1.1\n--definitions-version=1.1")

    assert result.returncode == 0, result.stderr
    assert outputs == {"letters": "1", "redline": "redline.html"}
    assert "an electric light" in (clone / "redline.html").read_text("utf-8")
    assert "means [-a light-]{+an electric light+} at sea." in summary
    assert "::error" not in result.stdout


def test_a_letter_that_does_not_fit_is_shown_in_its_line(clone: Path) -> None:
    bring(clone, "new, draft.txt", GOOD.replace("“a light”", "“a lantern”"))
    result, outputs, _ = act(clone, code="code.yaml")

    assert result.returncode == 1
    assert "::error file=letters/new%2C draft.txt,line=5,col=" in result.stdout
    assert "title=SD201::" in result.stdout
    assert outputs == {"letters": "1"}
    assert not (clone / "redline.html").exists()


def test_without_a_new_letter_there_is_nothing_to_do(clone: Path) -> None:
    result, outputs, _ = act(clone, code="code.yaml")

    assert (result.returncode, outputs) == (0, {"letters": "0"})


def test_a_code_that_is_not_there_fails_and_says_so(clone: Path) -> None:
    bring(clone, "new.txt", GOOD)
    result, _, _ = act(clone, code="codes/none.yaml")

    assert result.returncode == 3
    assert "::error title=secdefs::secdefs: codes/none.yaml: no such file" in result.stdout


def test_a_name_is_never_a_command_or_an_option(clone: Path) -> None:
    bring(clone, "$(touch owned);--debug.txt", GOOD)
    result, outputs, _ = act(clone, code="code.yaml", letters="letters/*.txt\n\n  ", redline="red line.xml")

    assert result.returncode == 0, result.stderr
    assert outputs["redline"] == "red line.xml"
    assert (clone / "red line.xml").read_text("utf-8").startswith("<?xml")
    assert not (clone / "owned").exists()


def test_the_action_uses_what_its_script_reads() -> None:
    script = (ROOT / "action" / "check.sh").read_text("utf-8")
    (step,) = (each for each in ACTION["runs"]["steps"] if each.get("id") == "check")

    assert set(re.findall(r"SECDEFS_\w+", script)) == set(step["env"])
    assert os.access(ROOT / "action" / "check.sh", os.X_OK)
    assert {each["shell"] for each in ACTION["runs"]["steps"] if "run" in each} == {"bash"}
    # What a pull request may say is never put into a script's own text.
    assert not [each for each in ACTION["runs"]["steps"] if "${{" in each.get("run", "")]


@pytest.mark.parametrize(("text", "status"), [(GOOD, 0), (GOOD.replace("a light”", "a lantern”"), 1)])
def test_the_hook_passes_what_bites(clone: Path, text: str, status: int) -> None:
    bring(clone, "new.txt", text)
    assert hook("secdefs-letters", clone, "letters/new.txt").returncode == status


def test_the_hook_of_the_code_reads_it_alone(clone: Path) -> None:
    assert hook("secdefs-code", clone, "code.yaml").returncode == 0
    (clone / "code.yaml").write_text(CODE.replace("as_at: 2023-01-01", "as_at: 1 January"))
    assert hook("secdefs-code", clone, "code.yaml").returncode == 3


def hook(name: str, clone: Path, file: str) -> subprocess.CompletedProcess[str]:
    """Run a hook as pre-commit does: entry, arguments, the files that changed."""
    each: dict[str, Any] = HOOKS[name]
    assert re.search(each["files"], file)
    files = [file] if each.get("pass_filenames", True) else []
    return sh(clone, *each["entry"].split(), *each["args"], *files)
