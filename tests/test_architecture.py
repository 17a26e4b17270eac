"""The house itself: what stands where, who knows whom, and what must never be written down."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import secdefs

ROOT = Path(__file__).resolve().parents[1]
ENGINE = sorted((ROOT / "secdefs").rglob("*.py"))

# Words that make a text English wherever they stand. "a" and "i" are left out: they are labels.
FUNCTION_WORDS = frozenset(
    "an and are as at be been before after but by each for from has have if in into is it its no nor not of on or "
    "shall such than that the their then there these this those to under until was were where which with".split()
)

# Codes, parties to them and documents under them; whole words, capitals as printed.
NAMES = re.compile(
    r"\b(SEC|REC|DCUSA|BSC|CUSC|UNC|SPAA|MRA|DCC|BEIS|DESNZ|Ofgem|Elexon|SMETS\d*|S1SR|Smart Energy|Retail Energy"
    r"|Balancing and Settlement|Uniform Network|Grid Code)\b"
)

# Saying something to the user is no reading of English: what these are given may be a sentence.
SPOKEN = frozenset({"finding", "Finding", "Refused", "SecdefsError"})


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def literals(node: ast.AST) -> Iterator[str]:
    """The string literals below a node, without docstrings and without what is said to the user."""
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.Expr(value=ast.Constant(value=str())):
                continue
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in SPOKEN:
                continue
            case ast.Constant(value=str(text)):
                yield text
            case _:
                yield from literals(child)


def function_words(source: ast.Module) -> set[str]:
    """The English function words in the literals of a module; the letters of an escape (`\\b`) are no word."""
    text = " ".join(re.sub(r"\\[A-Za-z]", " ", literal) for literal in literals(source))
    return {word for word in re.findall(r"\w+", text.lower()) if word in FUNCTION_WORDS}


def tracked() -> tuple[Path, ...]:
    """The files of the project: what git tracks or would, or where there is no git, all but what tools leave behind."""
    git = shutil.which("git")
    if git and (ROOT / ".git").exists():
        listed = subprocess.run(
            [git, "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        left = re.compile(r"(^|/)(\.(?!ci/|gitignore$)|__pycache__/|build/|dist/|[^/]+\.egg-info/)")
        paths = [path for path in ROOT.rglob("*") if not left.search(path.relative_to(ROOT).as_posix())]
    return tuple(path for path in paths if path.is_file())


# --- the public names -------------------------------------------------------------------------------------------------


def test_there_are_at_most_16_public_names() -> None:
    assert len(secdefs.__all__) <= 16


def test_every_public_name_is_there() -> None:
    missing = [name for name in secdefs.__all__ if not hasattr(secdefs, name)]

    assert missing == []


def test_every_public_name_is_known_to_type_checkers() -> None:
    guarded = [node for node in parsed(ROOT / "secdefs" / "__init__.py").body if isinstance(node, ast.If)]
    imported = {alias.name for node in ast.walk(guarded[0]) if isinstance(node, ast.ImportFrom) for alias in node.names}

    assert {*secdefs.__all__} == imported


def test_a_name_that_is_not_public_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'parrot'"):
        secdefs.parrot  # noqa: B018


@pytest.mark.parametrize("first", ["from secdefs.plan import Plan", "import secdefs.plan", "import secdefs.cli"])
def test_plan_is_the_function_whatever_was_imported_first(first: str) -> None:
    script = f"{first}\nimport secdefs\nassert callable(secdefs.plan), secdefs.plan"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")


def test_importing_the_package_loads_no_dependency() -> None:
    script = "import sys, secdefs; print(*sorted({'lark', 'click', 'msgspec', 'yaml'} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout == "\n"


# --- who knows whom ---------------------------------------------------------------------------------------------------


def test_imports_go_downwards_only() -> None:
    pytest.importorskip("importlinter", reason="import-linter is not installed")
    linter = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", linter], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["__init__.py", "quotations.py"])
def test_shapes_are_found_without_english(name: str) -> None:
    path = ROOT / "secdefs" / "outline" / name

    assert function_words(parsed(path)) == set()


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("x = r'\\bof\\b'", {"of"}),
        ("x = f'{y} the'", {"the"}),
        ("def f():\n    'of the'\n    return re.compile('(a)|in_order')", set()),
        ("raise Refused('SD209', f'two of {n}')", set()),
    ],
)
def test_the_search_for_english_finds_it(source: str, words: set[str]) -> None:
    assert function_words(ast.parse(source)) == words


def test_the_engine_and_the_grammar_name_no_code() -> None:
    named = {
        f"{path.relative_to(ROOT)}:{number}: {found[0]}"
        for path in (*(ROOT / "secdefs").rglob("*"), *(ROOT / "grammar").rglob("*"))
        if path.suffix in {".py", ".lark", ".toml"}
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (found := NAMES.search(line))
    }

    assert named == set()


# --- what every module says -------------------------------------------------------------------------------------------


def test_every_module_and_public_function_and_class_has_a_docstring() -> None:
    silent = {
        f"{path.relative_to(ROOT)}: {getattr(node, 'name', 'the module')}"
        for path in ENGINE
        for module in (parsed(path),)
        for node in (module, *module.body)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not getattr(node, "name", "").startswith("_")
        and not ast.get_docstring(node)
    }

    assert silent == set()


# --- what is never written down ---------------------------------------------------------------------------------------


def test_no_file_holds_a_path_of_a_machine_or_the_address_of_a_registry() -> None:
    # Bracketed letters, so that this file does not hold them either.
    homes = r"/hom[e]/\w|/Use[r]s/\w|/roo[t]/|[A-Z]:\\Use[r]s"
    registries = r"pyp[i]\.org|pythonhoste[d]\.org|npmj[s]\.org|--(?:extra-)?index-ur[l]"
    patterns = [homes, registries]
    if ROOT.parent != ROOT.parent.parent:
        patterns.append(rf"(?<![\w.]){re.escape(str(ROOT.parent))}/")
    never = re.compile("|".join(patterns).encode())

    held = {str(path.relative_to(ROOT)): found[0] for path in tracked() if (found := never.search(path.read_bytes()))}

    assert held == {}
