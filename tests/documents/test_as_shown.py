"""“As shown in Annex D”: the annex's own tracked changes are carried out as they are marked, or refused."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from secdefs.cli import main
from secdefs.read.codefile import read_code

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.documents.worddoc import wordfile  # noqa: E402

SAMPLE = ROOT / "fixtures" / "codes" / "sec.yaml"
HEAD = """16 December 2021

Direction

Pursuant to Section X5 of the SEC, the Secretary of State directs that with effect from 17 December 2021:

"""
ANNEX = "\n\nAnnex D: Section A – Definitions and Interpretation v24.0\n"
ORDERS = (
    "in the definition of “Alert” in Section A of the SEC the word “Message” shall be replaced with the word “Notice”",
    "in the definition of “Certificate” in Section A of the SEC, paragraph (b) shall be omitted",
    "the definition of “Keyholder” in Section A of the SEC shall be omitted",
    "in Section A of the SEC the following definition shall be inserted in the appropriate alphabetical place: “Key "
    "Store” means a place that is safe, and is both shut and cold.",
)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


def letter(folder: Path, name: str, *items: str) -> Path:
    path = folder / name
    listed = ";\n\n".join(f"{'abcdef'[number]}) {item}" for number, item in enumerate(items))
    path.write_text(f"{HEAD}{listed}.{ANNEX}", "utf-8")
    return path


@pytest.fixture(params=["table", "paragraphs"])
def annex(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The sample Section with the changes of four orders tracked in it."""
    code, _ = read_code(str(SAMPLE))
    assert code.definitions is not None
    original, tracked = tmp_path / "a.docx", tmp_path / "annex-d.docx"
    original.write_bytes(
        wordfile.section_a([(each.term, each.text) for each in code.definitions.entries], request.param)
    )
    done = run("apply", original, letter(tmp_path, "orders.txt", *ORDERS), "-o", tracked, "--tracked", "-q")
    assert done.exit_code == 0, done.stderr
    return tracked


@pytest.mark.parametrize(
    "words",
    [
        "Section A of the SEC is amended as shown in Annex D",
        "Section A of the SEC shall be amended as shown in Annex D to this direction",
        "Section A of the SEC shall be modified in the form set out in Annex D",
    ],
)
def test_what_an_annex_shows_is_what_the_orders_would_have_made(words: str, annex: Path, tmp_path: Path) -> None:
    ordered, as_shown = tmp_path / "ordered.yaml", tmp_path / "shown.yaml"
    run("apply", SAMPLE, tmp_path / "orders.txt", "-o", ordered)

    done = run("apply", SAMPLE, letter(tmp_path, "shown.txt", words), "-o", as_shown, "--annex", f"D={annex}")

    assert done.exit_code == 0, done.stderr
    assert ordered.read_bytes() == as_shown.read_bytes()
    assert "Annex D is the result" in done.stderr


def test_each_order_names_the_annex_and_the_paragraph(annex: Path, tmp_path: Path) -> None:
    shown = letter(tmp_path, "shown.txt", "Section A of the SEC is amended as shown in Annex D")

    done = run("plan", SAMPLE, shown, "--annex", f"D={annex}", "--json")

    items = [each["source"]["item"] for each in json.loads(done.stdout)["applied"]]
    assert len(items) == 4
    assert all(each.startswith("a) (Annex D, paragraph ") for each in items)


def test_a_definition_alone_takes_no_other_changes(annex: Path, tmp_path: Path) -> None:
    shown = letter(
        tmp_path, "shown.txt", "the definition of “Alert” in Section A of the SEC is amended as shown in Annex D"
    )

    done = run("plan", SAMPLE, shown, "--annex", f"D={annex}")

    assert done.exit_code == 1
    assert "Annex D changes “" in done.stderr
    assert "” too, and the letter leaves to it “Alert” alone" in done.stderr


def test_an_annex_on_another_text_is_refused(annex: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(SAMPLE.read_text("utf-8").replace("means a person who", "means any person who", 1), "utf-8")
    shown = letter(tmp_path, "shown.txt", "Section A of the SEC is amended as shown in Annex D")

    done = run("apply", other, shown, "-o", tmp_path / "out.yaml", "--annex", f"D={annex}")

    assert done.exit_code == 1
    assert "with all its tracked changes rejected, is not the code as it stands" in done.stderr
    assert not (tmp_path / "out.yaml").exists()


def test_an_annex_without_tracked_changes_is_refused(annex: Path, tmp_path: Path) -> None:
    shown = letter(tmp_path, "shown.txt", "Section A of the SEC is amended as shown in Annex D")

    done = run("plan", SAMPLE, shown, "--annex", f"D={tmp_path / 'a.docx'}")

    assert done.exit_code == 1
    assert "its file (" in done.stderr
    assert "has no tracked changes" in done.stderr


def test_without_the_annex_nothing_is_carried_out(tmp_path: Path) -> None:
    shown = letter(tmp_path, "shown.txt", "Section A of the SEC is amended as shown in Annex D")

    done = run("plan", SAMPLE, shown)

    assert done.exit_code == 1
    assert "SD108" in done.stderr
    assert "or give --annex" in done.stderr


def test_another_section_is_not_changed_by_the_annex(annex: Path, tmp_path: Path) -> None:
    shown = letter(tmp_path, "shown.txt", "Section H of the SEC is amended as shown in Annex D")

    done = run("plan", SAMPLE, shown, "--annex", f"D={annex}")

    assert done.exit_code == 1
    assert "to another place than the definitions" in done.stderr
