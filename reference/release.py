"""Makes what is published: wheel, sdist and SBOM, twice, and looks at them before anybody else does.

`python3 run release [FOLDER]`: FOLDER (`dist` where it is not said) gets the files, if the two builds are the same byte
for byte, if twine finds nothing, and if the changelog knows of the version.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
from pathlib import Path

from secdefs.release import __version__

ROOT = Path(__file__).resolve().parents[1]


def epoch() -> str:
    """The moment that the files bear: that of the last commit, or SOURCE_DATE_EPOCH."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return given
    asked = ["git", "log", "-1", "--format=%ct"]
    return subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def built(folder: Path, moment: str) -> list[Path]:
    """The wheel and the sdist, built from a copy of what git knows, so that nothing else that lies about gets in."""
    source = folder / "source"
    listed = ["git", "ls-files", "-z"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True).stdout.decode().split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, source / name)
    out = folder / "out"
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out)]
    environment = os.environ | {"SOURCE_DATE_EPOCH": moment, "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, cwd=source, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"release: the build failed\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    for each in out.glob("*.tar.gz"):
        each.write_bytes(plain(each.read_bytes(), int(moment)))
    return sorted(out.iterdir())


def plain(sdist: bytes, moment: int) -> bytes:
    """An sdist whose bytes tell of its files and of nothing else: not who packed it, nor when, nor in which order."""
    raw = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(sdist)) as given,
        tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as made,
    ):
        for member in sorted(given.getmembers(), key=lambda each: each.name):
            member.mtime, member.uid, member.gid, member.uname, member.gname = moment, 0, 0, "", ""
            member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
            member.pax_headers = {}
            made.addfile(member, given.extractfile(member) if member.isfile() else None)
    out = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=out, mode="wb", mtime=moment) as packed:
        packed.write(raw.getvalue())
    return out.getvalue()


def sbom(wheel: Path, folder: Path) -> Path:
    """The list of parts (CycloneDX) of an environment that has the wheel and what it depends on, and no more."""
    home = folder / "environment"
    venv.create(home, with_pip=True)
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "-c", str(ROOT / "constraints.txt"), str(wheel)], check=True)
    subprocess.run([*pip, "uninstall", "--yes", "setuptools", "pip"], check=True)
    out = folder / f"secdefs-{__version__}.cdx.json"
    tool = Path(sys.executable).with_name("cyclonedx-py")
    told = ["--pyproject", str(ROOT / "pyproject.toml"), "--output-reproducible", "--output-format", "JSON"]
    subprocess.run([str(tool), "environment", *told, "--output-file", str(out), str(python)], check=True)
    parts = {each["name"] for each in json.loads(out.read_text("utf-8"))["components"]}
    if not {"lark", "click", "msgspec"} <= parts:
        sys.exit(f"release: the SBOM lacks parts: it has {', '.join(sorted(parts))}")
    # Where this was built is nobody's business, and would differ on another machine.
    out.write_text(out.read_text("utf-8").replace(wheel.as_uri(), wheel.name).replace(str(wheel), wheel.name), "utf-8")
    return out


def known_to_the_changelog() -> None:
    """A version that is released has its part of the changelog; one that is in the making stands under Unreleased."""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    if f"## {__version__}" not in text and "## Unreleased" not in text:
        sys.exit(f"release: CHANGELOG.md has neither “{__version__}” nor “Unreleased”")


def main(arguments: list[str]) -> None:
    """Build twice, compare, look over, and keep."""
    kept = Path(arguments[0] if arguments else ROOT / "dist")
    known_to_the_changelog()
    moment = epoch()
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        first, second = built(Path(one), moment), built(Path(other), moment)
        for mine, again in zip(first, second, strict=True):
            if (mine.name, mine.read_bytes()) != (again.name, again.read_bytes()):
                sys.exit(f"release: two builds of {mine.name} differ")
        print(f"built twice, the same byte for byte: {', '.join(each.name for each in first)}")
        checked = [sys.executable, "-m", "twine", "check", "--strict", *map(str, first)]
        subprocess.run(checked, check=True)
        wheel = next(each for each in first if each.suffix == ".whl")
        files = [*first, sbom(wheel, Path(one))]
        kept.mkdir(parents=True, exist_ok=True)
        for each in files:
            shutil.copy(each, kept / each.name)
            print(kept / each.name)


if __name__ == "__main__":
    main(sys.argv[1:])
