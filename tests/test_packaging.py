"""The project as others get it: a wheel, a wheel from the sdist, and an editable install, each used from elsewhere.

Nothing is fetched: the environments see the dependencies of the one that runs the tests.
"""

from __future__ import annotations

import ast
import importlib.util
import re
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from email.parser import Parser
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PAGES = sorted(path.name for path in (ROOT / "grammar").glob("*.lark"))
KINDS = ("wheel", "sdist", "editable")

LEFT_BEHIND = shutil.ignore_patterns(".*", "build", "dist", "*.egg-info", "__pycache__")


def run(*command: str | Path, cwd: Path) -> str:
    """The standard output of a command that has to end with 0."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}"
    return done.stdout


def require_tools() -> None:
    """Skip where the tools that build and install are not in the environment of the tests."""
    lacking = [name for name in ("build", "pip", "setuptools") if importlib.util.find_spec(name) is None]
    if lacking:
        pytest.skip(f"not installed beside pytest: {', '.join(lacking)}; `python3 run test` has them")
    if int(version("setuptools").split(".")[0]) < 77:
        pytest.skip("setuptools is older than the release that pyproject.toml asks for")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, for a build leaves files in the folder that it builds from."""
    require_tools()
    copy = tmp_path_factory.mktemp("checkout") / "project"
    shutil.copytree(ROOT, copy, ignore=LEFT_BEHIND)
    return copy


def built(source: Path, kind: str, out: Path) -> Path:
    run(sys.executable, "-m", "build", "--no-isolation", f"--{kind}", "--outdir", out, source, cwd=out.parent)
    (result,) = out.iterdir()
    return result


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(checkout, "wheel", tmp_path_factory.mktemp("out") / "wheel")


@pytest.fixture(scope="module")
def sdist(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(checkout, "sdist", tmp_path_factory.mktemp("out") / "sdist")


@pytest.fixture(scope="module")
def wheel_from_sdist(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"]
    run(*pip, "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", out, sdist, cwd=out)
    (result,) = out.glob("*.whl")
    return result


@pytest.fixture(scope="module", params=KINDS)
def installed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the programs of an environment that holds secdefs, installed in one of the three ways."""
    what: list[str | Path]
    match request.param:
        case "wheel":
            what = [request.getfixturevalue("wheel")]
        case "sdist":
            what = [request.getfixturevalue("wheel_from_sdist")]
        case _:
            what = ["-e", request.getfixturevalue("checkout")]
    environment = tmp_path_factory.mktemp("environment")
    venv.create(environment, symlinks=sys.platform != "win32")
    programs = environment / ("Scripts" if sys.platform == "win32" else "bin")
    python = programs / "python"
    own = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=environment).strip())
    # A path in a .pth file comes after the environment's own packages, and the .pth files in it are not followed:
    # the dependencies are seen, and the editable install of this checkout is not.
    beside = [path for path in sys.path if Path(path).name in {"site-packages", "dist-packages"}]
    (own / "beside.pth").write_text("\n".join(beside), encoding="utf-8")
    pip: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]
    # The same release is seen beside, so pip would find nothing to do, or take that one away.
    run(*pip, "--ignore-installed", "--no-deps", "--no-index", "--no-build-isolation", *what, cwd=environment)
    return programs


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder that holds nothing but a code file."""
    shutil.copy(ROOT / "fixtures" / "codes" / "sec.yaml", tmp_path)
    return tmp_path


@pytest.mark.slow
def test_the_grammar_and_the_type_marker_are_found_in_the_package(installed: Path, elsewhere: Path) -> None:
    script = (
        "from importlib.resources import files\n"
        "print(files('secdefs').joinpath('py.typed').is_file(),"
        " *sorted(page.name for page in files('secdefs.grammar').iterdir() if page.name.endswith('.lark')))"
    )

    assert " ".join(["True", *PAGES]) + "\n" == run(installed / "python", "-c", script, cwd=elsewhere)


@pytest.mark.slow
def test_the_package_that_is_used_is_the_installed_one(installed: Path, elsewhere: Path) -> None:
    script = "import secdefs; print(secdefs.__version__, secdefs.__file__)"
    release, path = run(installed / "python", "-c", script, cwd=elsewhere).split(maxsplit=1)

    assert release == PROJECT["project"]["version"]
    assert ROOT not in Path(path.strip()).parents


@pytest.mark.slow
def test_the_command_applies_an_instruction(installed: Path, elsewhere: Path) -> None:
    short = 'replace [TBC] with AT in the definition of "SMETS1 Cryptographic Key Management Policy"'
    assert "apply" in run(installed / "secdefs", "--help", cwd=elsewhere)

    run(installed / "secdefs", "apply", "sec.yaml", "-e", short, "-o", "changed.yaml", cwd=elsewhere)

    before = (elsewhere / "sec.yaml").read_text(encoding="utf-8")
    after = (elsewhere / "changed.yaml").read_text(encoding="utf-8")
    assert before.count("[TBC]") - 1 == after.count("[TBC]")


@pytest.mark.slow
def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}

    package = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "secdefs").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert package | {f"secdefs/grammar/{page}" for page in (*PAGES, "__init__.py")} == names


@pytest.mark.slow
def test_the_wheel_from_the_sdist_is_the_wheel(wheel: Path, wheel_from_sdist: Path) -> None:
    with zipfile.ZipFile(wheel) as straight, zipfile.ZipFile(wheel_from_sdist) as around:
        assert sorted(straight.namelist()) == sorted(around.namelist())


@pytest.mark.slow
def test_the_wheel_sets_no_upper_bound(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        fields = Parser().parsestr(archive.read(metadata).decode())

    assert fields["Requires-Python"] == ">=3.11"
    assert [need for need in fields.get_all("Requires-Dist", []) if re.search(r"<|==|~=", need)] == []
    assert fields["License-Expression"] == "Apache-2.0"


def test_every_package_is_listed() -> None:
    folders = {"secdefs.grammar": ROOT / "grammar"}
    for path in (ROOT / "secdefs").rglob("__init__.py"):
        folders[".".join(path.parent.relative_to(ROOT).parts)] = path.parent

    assert sorted(folders) == sorted(PROJECT["tool"]["setuptools"]["packages"])


def test_the_versions_agree() -> None:
    source = (ROOT / "secdefs" / "release.py").read_text(encoding="utf-8")

    assert f'__version__ = "{PROJECT["project"]["version"]}"' in source


def canonical(requirement: str) -> str:
    """The name in a requirement, as package indexes compare names."""
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", requirement)[0]).lower()


def test_the_constraints_are_plain_pins_of_all_that_is_asked_for() -> None:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    pins = {canonical(line) for line in lines}
    asked = (*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"])

    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []
    assert {canonical(need) for need in asked} - pins == set()


def test_the_extra_all_is_every_other_extra() -> None:
    extras = PROJECT["project"]["optional-dependencies"]
    others = {canonical(need) for name, needs in extras.items() if name != "all" for need in needs}

    assert {canonical(need) for need in extras["all"]} == others


def test_run_is_read_by_a_python_that_is_too_old() -> None:
    source = (ROOT / "run").read_text(encoding="utf-8")

    assert ast.parse(source, feature_version=(3, 6))


def test_the_environment_holds_what_the_constraints_say() -> None:
    stamp = Path(sys.prefix) / "set-up"
    if not stamp.exists():
        pytest.skip("not the environment that `python3 run` makes")
    pins = [line.split("==") for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line]

    def here(name: str) -> str | None:
        try:
            return version(name)
        except PackageNotFoundError:
            return None

    assert [(name, pin, here(name)) for name, pin in pins if here(name) not in (pin, None)] == []


def test_the_pictures_of_the_readme_are_there_and_small() -> None:
    shown = re.findall(r"!\[.*?\]\((docs/assets/[^)]+)\)", (ROOT / "README.md").read_text("utf-8"))

    assert len(shown) == 2
    for each in shown:
        assert 10_000 < (ROOT / each).stat().st_size < 150_000
