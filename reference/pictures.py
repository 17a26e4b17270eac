"""Makes the pictures of the README: the page of a redline, and a Word file with the changes tracked in it.

`python3 run pictures`, with Chromium and LibreOffice; `docs/assets/` keeps what they draw.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from fixtures.make_word import section_a
from secdefs.cli import main
from secdefs.read.codefile import read_code

ROOT = Path(__file__).resolve().parents[1]
ASSETS = ROOT / "docs" / "assets"
LIMIT = 150_000
"""The bytes that a picture may have."""
TERM = "SMETS1 Cryptographic Key Management Policy"


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """A folder with the sample code and letter, in which commands are given."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as name:
        os.chdir(name)
        shutil.copy(ROOT / "fixtures" / "codes" / "sec.yaml", "sec.yaml")
        shutil.copy(ROOT / "fixtures" / "letters" / "s1ckmp.txt", "letter.txt")
        try:
            yield Path(name)
        finally:
            os.chdir(before)


def _secdefs(*arguments: str) -> None:
    try:
        main([*arguments, "-q"])
    except SystemExit as ended:
        if ended.code:
            raise


def _picture(page: Path, name: str, width: int, height: int) -> None:
    """What a browser shows of a page, as a PNG file."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        sys.exit("pictures: Chromium is not installed")
    out = ASSETS / name
    size = f"--window-size={width},{height}"
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--screenshot={out}", size]
    subprocess.run([browser, *options, page.as_uri()], check=True, capture_output=True)
    _kept(name, out.read_bytes())


def _kept(name: str, data: bytes) -> None:
    """Keep a picture, if it is small."""
    if len(data) > LIMIT:
        sys.exit(f"pictures: {name} would have {len(data):,} bytes, and may have {LIMIT:,}")
    (ASSETS / name).write_bytes(data)
    print(f"docs/assets/{name}: {len(data):,} bytes")


def redline() -> None:
    """The page that `apply -o changes.html` writes of the sample letter."""
    with _folder() as folder:
        _secdefs("apply", "sec.yaml", "letter.txt", "--version", "46.0", "-o", "changes.html")
        _picture(folder / "changes.html", "redline.png", 1080, 760)


def tracked() -> None:
    """The Word file of some definitions, with the change of the sample letter tracked, as LibreOffice shows it."""
    office = shutil.which("soffice")
    if office is None:
        sys.exit("pictures: LibreOffice is not installed")
    with _folder() as folder:
        code, _ = read_code("sec.yaml")
        assert code.definitions is not None
        entries = code.definitions.entries
        at = next(number for number, each in enumerate(entries) if each.term == TERM)
        Path("section.docx").write_bytes(section_a([(each.term, each.text) for each in entries[at - 2 : at + 3]]))
        _secdefs(
            *("apply", "section.docx", "letter.txt", "--tracked", "-o", "tracked.docx"),
            *("--definitions-version", "24.0"),
        )
        home = (folder / "office").as_uri()
        convert = [office, f"-env:UserInstallation={home}", "--headless", "--convert-to", "pdf", "tracked.docx"]
        subprocess.run(convert, check=True, capture_output=True)
        _kept("tracked.png", _drawn("tracked.pdf"))


def _drawn(file: str) -> bytes:
    """The text at the top of the first page of a PDF file, as a PNG file."""
    import pypdfium2

    bitmap = pypdfium2.PdfDocument(file)[0].render(scale=1.6, rev_byteorder=True, prefer_bgrx=False)
    width, stride, data = bitmap.width, bitmap.stride, bytes(bitmap.buffer)
    above, height = bitmap.height // 16, bitmap.height * 3 // 8
    rows = b"".join(b"\0" + data[at * stride : at * stride + 3 * width] for at in range(above, above + height))
    assert bitmap.n_channels == 3

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


if __name__ == "__main__":
    redline()
    tracked()
