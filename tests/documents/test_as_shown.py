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


# --- after other letters, and on record -------------------------------------------------------------------------------

EARLIER = (
    "in the definition of “Alert” in Section A of the SEC the word “Message” shall be replaced with the word “Signal”"
)
LATER_ORDERS = (
    "in the definition of “Alert” in Section A of the SEC the word “Signal” shall be replaced with the word “Notice”",
    "the definition of “Keyholder” in Section A of the SEC shall be omitted",
)


@pytest.fixture
def after_another(tmp_path: Path) -> tuple[Path, Path, Path]:
    """A letter, one made later that leaves its changes to an annex, and the annex, marked up on what the first made."""
    first = letter(tmp_path, "first.txt", EARLIER)
    first.write_text(first.read_text("utf-8").replace("16 December", "15 December"), "utf-8")
    between = tmp_path / "between.yaml"
    assert run("apply", SAMPLE, first, "-o", between, "-q").exit_code == 0
    code, _ = read_code(str(between))
    assert code.definitions is not None
    original, tracked = tmp_path / "b.docx", tmp_path / "annex-d.docx"
    original.write_bytes(wordfile.section_a([(each.term, each.text) for each in code.definitions.entries], "table"))
    done = run("apply", original, letter(tmp_path, "orders.txt", *LATER_ORDERS), "-o", tracked, "--tracked", "-q")
    assert done.exit_code == 0, done.stderr
    second = letter(tmp_path, "second.txt", "Section A of the SEC is amended as shown in Annex D")
    first.write_text(first.read_text("utf-8").replace(ANNEX, ""), "utf-8")  # only one may list it
    return first, second, tracked


def folder_with(tmp_path: Path, *letters: Path) -> Path:
    folder = tmp_path / "folder"
    assert run("init", folder, "--code", SAMPLE).exit_code == 0
    for each in letters:
        done = run("enact", folder, each)
        assert done.exit_code == 0, done.stderr
    return folder


@pytest.mark.parametrize("turned", [False, True])
def test_an_annex_is_held_against_the_code_as_earlier_letters_leave_it(
    turned: bool, after_another: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    first, second, tracked = after_another
    given = (second, first) if turned else (first, second)
    done = run("apply", SAMPLE, *given, "--annex", f"D={tracked}", "-o", tmp_path / "out.yaml", "--version", "46.0")

    assert done.exit_code == 0, done.stderr
    assert "Notice" in (tmp_path / "out.yaml").read_text("utf-8")
    alone = run("apply", SAMPLE, second, "--annex", f"D={tracked}", "-o", tmp_path / "alone.yaml")
    assert alone.exit_code == 1
    assert "with all its tracked changes rejected, is not the code as it stands" in alone.stderr


def test_what_an_annex_shows_is_put_on_record(after_another: tuple[Path, Path, Path], tmp_path: Path) -> None:
    first, second, tracked = after_another
    folder = folder_with(tmp_path, first)
    done = run("enact", folder, second, "--annex", f"D={tracked}", "--after", "first.txt")

    assert done.exit_code == 0, done.stderr
    code = run("at", folder, "2021-12-17").stdout
    assert "term: Keyholder" not in code
    assert "Notice" in code
    assert "(Annex D, paragraph " in run("blame", folder, "Alert").stdout
    assert run("fsck", folder).exit_code == 0
    assert "SD4" not in run("fsck", folder).stderr
    (kept,) = (folder / "instruments").glob("*.annex-D.docx")
    assert kept.read_bytes() == tracked.read_bytes()
    kept.write_bytes(b"other")
    broken = run("fsck", folder)
    assert broken.exit_code == 1
    assert "is not the annex that was received" in broken.stderr


def test_a_letter_that_comes_late_has_the_orders_of_an_annex_carried_out_anew(
    after_another: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    first, second, tracked = after_another
    folder = folder_with(tmp_path, first)
    assert run("enact", folder, second, "--annex", f"D={tracked}", "--after", "first.txt").exit_code == 0
    late = letter(tmp_path, "late.txt", "the definition of “Alert” in Section A of the SEC shall be omitted")
    late.write_text(late.read_text("utf-8").replace("from 17 Dec", "from 16 Dec").replace(ANNEX, ""), "utf-8")
    done = run("enact", folder, late)

    assert done.exit_code == 1  # the annex changes what would no longer be there
    assert "Alert" in done.stderr


def test_nothing_is_put_on_record_without_the_annex_or_the_day(
    after_another: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    first, second, tracked = after_another
    folder = folder_with(tmp_path, first)
    without = run("enact", folder, second)
    between = run("enact", folder, second, "--annex", f"D={tracked}", "--before", "first.txt")
    assert "--before and --corrects do not go with what is left to an annex" in between.stderr
    second.write_text(second.read_text("utf-8").replace("17 December 2021", "the Go-Live Date"), "utf-8")
    undated = run("enact", folder, second, "--annex", f"D={tracked}")

    assert (without.exit_code, undated.exit_code) == (1, 1)
    assert "SD108" in without.stderr
    assert "enact the letter when the day is known" in undated.stderr
    dated = run("enact", folder, second, "--annex", f"D={tracked}", "--event", "Go-Live Date=2021-12-18")
    assert dated.exit_code == 0, dated.stderr
