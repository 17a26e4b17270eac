"""What a long letter costs: reading a PDF file of hundreds of pages, as a multiple of `python -c pass`; peak memory."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from startup import sample  # noqa: E402

from fixtures.make_letters import content  # noqa: E402
from fixtures.typeset import Paragraph, Style, pages_of, pdf  # noqa: E402

PAGES = {"line": 500, "glyph": 100}
PROGRAM = (
    "import sys; from pathlib import Path; from secdefs.read.pages import text_of_pdf; "
    "text_of_pdf(Path(sys.argv[1]).read_bytes(), 'letter.pdf')"
)


def long_letter(style: Style) -> bytes:
    """The sample letter again and again, without its notes, on as many pages as `PAGES` says, or one or two more."""
    text = (ROOT / "fixtures" / "letters" / "s1ckmp.txt").read_text(encoding="utf-8")
    once = [Paragraph(words) for words in content(text).paragraphs]
    times = 10 * PAGES[style.pieces] // len(pages_of(once * 10, {}, style)) + 1
    return pdf(once * times, {}, style)


def main() -> None:
    """Measure a letter whose text objects are lines, and one whose are single letters, as browsers print them."""
    base = min(sample(("-c", "pass")).seconds for _ in range(5))
    print("a PDF letter, whole processes; ratio to `python -c pass`; peak memory")
    with tempfile.TemporaryDirectory() as folder:
        for pieces, count in PAGES.items():
            file = Path(folder) / f"{pieces}.pdf"
            file.write_bytes(long_letter(Style(pieces=pieces, footer=lambda page, pages: (f"Page {page} of {pages}",))))
            taken = sample(("-c", PROGRAM, str(file)))
            ratio = taken.seconds / base
            print(
                f"  {count} pages by the {pieces:<6}{taken.seconds:>10.1f} s{ratio:>8.0f} x{taken.megabytes:>8.0f} MB"
            )


if __name__ == "__main__":
    main()
