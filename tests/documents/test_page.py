"""The redline page: complete in itself, closed to the network, everything escaped, every change with its sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from secdefs.cli import main

ROOT = Path(__file__).resolve().parents[2]
CODE = """format: 1
title: The <Code> & more
version: "1"
as_at: 2021-01-01
definitions:
  section: A
  version: "1"
  entries:
    - term: Alert
      text: |-
        means <b>a message</b> & more:
          (a) one; or
          (b) two.
    - term: Batch
      text: means a batch.
"""


def page(tmp_path: Path, *orders: str) -> str:
    (tmp_path / "code.yaml").write_text(CODE, encoding="utf-8")
    out = tmp_path / "out.html"
    given = [part for order in orders for part in ("-e", order)]
    result = CliRunner().invoke(main, ["apply", str(tmp_path / "code.yaml"), *given, "-o", str(out)])
    assert result.exit_code == 0, result.stderr
    return out.read_text(encoding="utf-8")


def bare(html: str) -> str:
    """The body without the words for screen readers."""
    html = html[html.index("<body>") :]
    return re.sub(r'<span class="spoken">[^<]*</span>', "", html)


def test_insertions_and_deletions_are_marked_beside_the_sentence(tmp_path: Path) -> None:
    html = bare(page(tmp_path, 'replace two with three in the definition of "Alert"'))

    assert "(b) <del>two</del><ins>three</ins>." in html
    assert "replace two with three in the definition of" in html


def test_everything_from_outside_is_escaped(tmp_path: Path) -> None:
    html = page(tmp_path, 'replace two with <script>alert(1)</script> in the definition of "Alert"')

    assert "<script" not in html
    assert "<b>" not in html
    assert "<h1>The &lt;Code&gt; &amp; more</h1>" in html


def test_a_character_that_turns_the_writing_is_written_out(tmp_path: Path) -> None:
    html = page(tmp_path, 'replace two with “x\u202ey” in the definition of "Alert"')

    assert "\u202e" not in html


def test_the_page_fetches_nothing(tmp_path: Path) -> None:
    html = page(tmp_path, 'replace two with three in the definition of "Alert"')

    assert "default-src &#39;none&#39;; style-src &#39;sha256-" in html
    assert not re.search(r"(?:src|href)=\"(?!#)", html)
    assert not re.search(r"url\(|@import|https?:", html)


def test_links_lead_to_places_on_the_page_that_are_there_once(tmp_path: Path) -> None:
    html = page(tmp_path, 'replace two with three in the definition of "Alert"', 'omit a in the definition of "Batch"')
    idents = re.findall(r'\bid="([^"]+)"', html)

    assert len(set(idents)) == len(idents)
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(idents)


def test_a_paragraph_stands_at_its_level(tmp_path: Path) -> None:
    html = bare(page(tmp_path, 'replace two with three in the definition of "Alert"'))

    assert '<p class="level-1 item">(a) one; or</p>' in html


@pytest.mark.parametrize("part", ["Contents: Appendices", "Documents", "By instruction"])
def test_contents_and_register_are_shown_too(part: str, tmp_path: Path) -> None:
    out = tmp_path / "out.html"
    code, letter = ROOT / "fixtures" / "codes" / "sec.yaml", ROOT / "fixtures" / "letters" / "s1ckmp.txt"
    CliRunner().invoke(main, ["apply", str(code), str(letter), "-o", str(out)])

    assert f">{part} <span" in out.read_text(encoding="utf-8")
