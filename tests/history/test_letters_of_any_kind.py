"""Letters that come as PDF or Word: kept byte for byte, with the text that was read from them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from widgets import day, folder, letter, swap, texts

from secdefs import History, cli

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from fixtures.make_letters import as_docx, as_pdf, content

TEXT = letter(swap("Period", "ten", "nine"), swap("Widget", "[TBC]", "B")).text


def pdf(text: str) -> bytes:
    return as_pdf(content(text))


def docx(text: str) -> bytes:
    return as_docx(content(text))


@pytest.mark.parametrize(("kind", "made"), [("pdf", pdf), ("docx", docx)])
def test_a_letter_is_kept_as_it_came_and_its_text_beside_it(
    kind: str, made: Callable[[str], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder(tmp_path / "f")
    data = made(TEXT)
    (tmp_path / f"letter.{kind}").write_bytes(data)
    run = CliRunner().invoke

    done = run(cli.main, ["enact", "f", f"letter.{kind}", "--recorded", "2020-02-01"], catch_exceptions=False)
    again = run(cli.main, ["enact", "f", f"letter.{kind}", "--recorded", "2020-02-01"], catch_exceptions=False)

    assert done.exit_code == 0, done.stderr
    assert (again.exit_code, "SD401" in again.stderr) == (1, True)
    history = History.open(tmp_path / "f")
    assert texts(history.at(day(3)))["Period"] == "means nine days, beginning on a Monday."
    (kept,) = (tmp_path / "f" / "instruments").glob(f"*.{kind}")
    assert data == kept.read_bytes()
    read = json.loads(kept.with_name(f"{kept.name}.json").read_text(encoding="utf-8"))
    assert "for “ten” substitute “nine”" in " ".join(read["text"].split())
    assert history.check() == ()
    (blame,) = history.blame("Period")
    (origin,) = blame.origins.values()
    assert (origin.instrument.name, origin.instruction.source.item) == (
        f"letter.{kind}",
        "(a)" if kind == "pdf" else "i)",
    )
