"""The annexed text against what the letter makes: from every kind of file, on the way to a file or to a ledger."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from secdefs.change.text import LABEL
from secdefs.cli import main
from secdefs.model import Code, Definition
from secdefs.plan import plan
from secdefs.read.codefile import read_code
from secdefs.read.pdfcode import definitions_of_pdf
from secdefs.write.codefile import code_to_yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from fixtures.typeset import Grid, Paragraph, Style, pdf, pdf_of, table_pages  # noqa: E402
from tests.documents.worddoc import texts, wordfile  # noqa: E402

SAMPLE = ROOT / "fixtures" / "codes" / "sec.yaml"
LETTER = ROOT / "fixtures" / "letters" / "s1ckmp.txt"
TERM = "SMETS1 Cryptographic Key Management Policy"
FORMATS = ("yaml", "docx", "paragraphs.docx", "pdf", "paragraphs.pdf")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


@pytest.fixture(scope="module")
def result() -> Code:
    """The sample code as the sample letter makes it."""
    from secdefs.letter.instrument import read_instrument

    planned = plan(read_code(str(SAMPLE))[0], read_instrument(LETTER.read_text("utf-8"), file="letter.txt"))
    return planned.after()


def entries(code: Code, *, planted: bool) -> list[tuple[str, str]]:
    """The definitions of a code; with five differences where planted."""
    assert code.definitions is not None
    found = {each.term: each.text for each in code.definitions.entries}
    if planted:
        found[TERM] = found[TERM].replace("Appendix AT", "Appendix [TBC]")  # the order not carried out
        found["Alert"] = found["Alert"].replace("Message", "Notice")  # not ordered
        found["Code"] = found["Code"].replace("this Smart", "this smart")  # case
        del found["Keyholder"]  # left out, though nobody ordered it
        found["Zone"] = "means a place."  # put in, though nobody ordered it
    return list(found.items())


def set_paragraphs(text: str, above: float = 4) -> list[Paragraph]:
    """A definition's text as paragraphs to be set: each level 24 points further in, labels hanging."""
    made = []
    for line in text.split("\n"):
        words = line.lstrip(" ")
        depth = (len(line) - len(words)) // 2
        label = LABEL.match(words)
        if label:
            indent = max(depth - 1, 0) * 24
            made.append(Paragraph(words[label.end() + 1 :], indent, 24, above, 10, label=label.group()))
        else:
            # What has no label stands where the words of its level stand.
            made.append(Paragraph(words, depth * 24, 0, above, 10))
    return made


def in_columns(given: list[tuple[str, str]], style: Style, grid: Grid) -> bytes:
    rows = [(term, set_paragraphs(text)) for term, text in given]
    return pdf_of([("\n".join(page)).encode("ascii") for page in table_pages(rows, style, grid)], style)


def in_paragraphs(given: list[tuple[str, str]], style: Style) -> bytes:
    heading = Paragraph("SECTION A: DEFINITIONS AND INTERPRETATION", 0, 0, 8, 12)
    made = [heading]
    for term, text in given:
        first, *others = text.split("\n")
        begins = (
            [f"“{term}”", *([first] if LABEL.match(first) else [])] if LABEL.match(first) else [f"“{term}” {first}"]
        )
        made.append(Paragraph(begins[0], 0, 0, 8, 10))
        made += set_paragraphs("\n".join([*begins[1:], *others])) if begins[1:] or others else []
    return pdf(made, {}, style)


def annexed(folder: Path, code: Code, kind: str, *, planted: bool) -> Path:
    """The Section as an annex, as a file of a kind."""
    given = entries(code, planted=planted)
    path = folder / f"annex-d.{kind}"
    match kind:
        case "yaml":
            assert code.definitions is not None
            part = msgspec.structs.replace(
                code.definitions, entries=tuple(Definition(term=term, text=text) for term, text in given)
            )
            whole = msgspec.structs.replace(code, definitions=part, contents=None, documents=None, sections=None)
            path.write_text(code_to_yaml(whole), "utf-8")
        case "docx" | "paragraphs.docx":
            layout = "table" if kind == "docx" else "paragraphs"
            path.write_bytes(wordfile.section_a(given, layout))
        case "pdf":
            path.write_bytes(in_columns(given, Style(margin=60, footer=lambda page, _: (f"Page {page}",)), Grid()))
        case _:
            path.write_bytes(in_paragraphs(given, Style(margin=60, footer=lambda page, _: (f"Page {page}",))))
    return path


@pytest.mark.parametrize("kind", FORMATS)
def test_an_annex_that_is_the_result_lets_the_file_be_written(kind: str, result: Code, tmp_path: Path) -> None:
    annex, out = annexed(tmp_path, result, kind, planted=False), tmp_path / "out.yaml"

    done = run("apply", SAMPLE, LETTER, "-o", out, "--annex", f"D={annex}")

    assert done.exit_code == 0, done.stderr
    assert "Annex D is the result: compared, definitions" in done.stderr
    assert result == read_code(str(out))[0]


@pytest.mark.parametrize("kind", FORMATS)
def test_five_planted_differences_refuse_the_file(kind: str, result: Code, tmp_path: Path) -> None:
    annex, out = annexed(tmp_path, result, kind, planted=True), tmp_path / "out.yaml"

    done = run("apply", SAMPLE, LETTER, "-o", out, "--annex", f"D={annex}")

    assert done.exit_code == 1
    assert not out.exists()
    for words in (
        "“Alert”: present and not ordered: “Notice,” instead of “Message,”",
        "“Code”: only space, punctuation or case: “smart” instead of “Smart”",
        "“Keyholder” is not in it",
        f"“{TERM}”: ordered and missing: “[TBC].” instead of “AT.”",
        "“Zone” is in it, and not in the result",
    ):
        assert words in " ".join(done.stderr.split())
    assert done.stderr.count("SD211 error") == 5


@pytest.mark.parametrize("kind", FORMATS)
def test_verify_finds_five_planted_differences(kind: str, result: Code, tmp_path: Path) -> None:
    found = run("verify", SAMPLE, annexed(tmp_path, result, kind, planted=True), LETTER, "--json")
    kinds = {each["key"]: each["kind"] for each in json.loads(found.stdout)["differences"]}

    assert kinds == {
        TERM: "ordered_and_missing",
        "Alert": "present_and_not_ordered",
        "Code": "only_appearance",
        "Keyholder": "present_and_not_ordered",
        "Zone": "present_and_not_ordered",
    }


def test_an_annex_that_was_set_aside_is_recorded_with_its_differences(result: Code, tmp_path: Path) -> None:
    annex, out = annexed(tmp_path, result, "docx", planted=True), tmp_path / "out.yaml"

    aside = ("--set-aside", "Annex D", "--reason", "typing errors in the annex")
    done = run("apply", SAMPLE, LETTER, "-o", out, "--annex", f"D={annex}", *aside)

    assert done.exit_code == 0
    assert "SD210 note: set aside: Annex D, which is not the result: typing errors in the annex" in done.stderr
    assert done.stderr.count("SD211 note: Annex D differs") == 5
    assert result == read_code(str(out))[0]


def test_an_annex_that_does_not_differ_cannot_be_set_aside(result: Code, tmp_path: Path) -> None:
    annex = annexed(tmp_path, result, "docx", planted=False)

    aside = ("--set-aside", "Annex D", "--reason", "who knows")
    done = run("plan", SAMPLE, LETTER, "--annex", f"D={annex}", *aside)

    assert done.exit_code == 3
    assert "Annex D does not differ from the result" in done.stderr


def test_other_quotation_marks_and_spaces_are_a_note(result: Code, tmp_path: Path) -> None:
    annex = annexed(tmp_path, result, "yaml", planted=False)
    annex.write_text(annex.read_text("utf-8").replace("’", "'").replace("this Code", "this\u00a0Code"), "utf-8")

    done = run("plan", SAMPLE, LETTER, "--annex", f"D={annex}")

    assert done.exit_code == 0
    assert "SD211 note: Annex D has other signs for the same words" in done.stderr


def test_the_document_of_an_appendix_is_recorded_alone(tmp_path: Path) -> None:
    policy = tmp_path / "policy.docx"
    policy.write_bytes(b"any bytes: a policy is no part of a code file")

    done = run("plan", SAMPLE, LETTER, "--annex", f"A={policy}")

    assert done.exit_code == 0
    assert "SD211" not in done.stderr


def test_an_annex_of_the_section_that_cannot_be_read_stops_all(tmp_path: Path) -> None:
    annex = tmp_path / "d.docx"
    annex.write_bytes(b"PK\x03\x04 and no more")

    done = run("plan", SAMPLE, LETTER, "--annex", f"D={annex}")

    assert done.exit_code == 1
    assert "SD211 error: Annex D cannot be held against the result" in done.stderr


def test_a_marked_up_annex_is_held_against_both(tmp_path: Path) -> None:
    original, tracked = tmp_path / "a.docx", tmp_path / "t.docx"
    original.write_bytes(wordfile.section_a(entries(read_code(str(SAMPLE))[0], planted=False)))
    run("apply", original, LETTER, "-o", tracked, "--tracked")

    assert run("plan", SAMPLE, LETTER, "--annex", f"D={tracked}").exit_code == 0

    other = tmp_path / "other.yaml"
    other.write_text(SAMPLE.read_text("utf-8").replace("means a person who", "means any person who", 1), "utf-8")
    done = run("plan", other, LETTER, "--annex", f"D={tracked}")
    assert done.exit_code == 1
    assert "with all its tracked changes rejected" in done.stderr


# --- on record --------------------------------------------------------------------------------------------------------


def test_a_letter_whose_annex_differs_is_not_put_on_record(result: Code, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    run("init", folder, "--code", SAMPLE)
    before = (folder / "ledger.jsonl").read_bytes()

    done = run("enact", folder, LETTER, "--annex", f"D={annexed(tmp_path, result, 'pdf', planted=True)}")

    assert done.exit_code == 1
    assert before == (folder / "ledger.jsonl").read_bytes()
    assert done.stderr.count("SD211 error") == 5


def test_an_annex_on_record_is_named_with_its_hash(result: Code, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    run("init", folder, "--code", SAMPLE)
    annex = annexed(tmp_path, result, "docx", planted=False)

    done = run("enact", folder, LETTER, "--annex", f"D={annex}")

    assert done.exit_code == 0, done.stderr
    assert "Annex D: annex-d.docx, SHA-256" in run("log", folder).stdout
    assert run("fsck", folder).exit_code == 0


def test_an_annex_that_was_set_aside_stays_on_record(result: Code, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    run("init", folder, "--code", SAMPLE)
    annex = annexed(tmp_path, result, "docx", planted=True)

    done = run("enact", folder, LETTER, "--annex", f"D={annex}", "--set-aside", "Annex D", "--reason", "an old print")

    assert done.exit_code == 0, done.stderr
    assert "set aside: Annex D: an old print" in run("log", folder).stdout


def test_an_annex_that_no_letter_lists_is_not_put_on_record(result: Code, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    run("init", folder, "--code", SAMPLE)
    annex = annexed(tmp_path, result, "docx", planted=False)

    assert "SD106" in run("enact", folder, LETTER, "--annex", f"Z={annex}").stderr


# --- pages ------------------------------------------------------------------------------------------------------------

_TERMS = (
    "Alert",
    "Batch",
    "Charging Statement",
    "Device",
    "Event of Default",
    "Fault",
    "Gas Meter",
    "Home Area Network",
)
_LONG = "Communications Hub Technical Specification Compatibility Matrix of the Second Sort"


@settings(
    deadline=None,
    max_examples=25,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example, HealthCheck.data_too_large],
)
@given(st.data())
def test_definitions_set_on_pages_are_read_again(data: st.DataObject) -> None:
    count = data.draw(st.integers(3, 8))
    terms = sorted({*_TERMS[:count], *((_LONG,) if data.draw(st.booleans()) else ())})
    given = [
        (term, data.draw(texts()).replace("\u2011", "-").replace("\n", ";\n") + " or otherwise.") for term in terms
    ]
    style = Style(
        *data.draw(st.sampled_from([(595, 842, 60), (420, 595, 40), (842, 595, 50)])),
        pieces=data.draw(st.sampled_from(["line", "word", "glyph"])),
        justified=data.draw(st.booleans()),
        footer=lambda page, pages: (f"Page {page} of {pages}",),
    )
    columns = data.draw(st.booleans())
    if columns:
        ruled = data.draw(st.booleans())
        # A column as narrow as a word or two, a term of more lines than its meaning, a row that goes on overleaf.
        first = data.draw(st.sampled_from([80, 120, 200]))
        file = in_columns(given, style, Grid(first, 3 if ruled else 6, ruled, data.draw(st.booleans())))
    else:
        file = in_paragraphs(given, style)
    known = [Definition(term=term, text=text) for term, text in given]

    found = definitions_of_pdf(file, "a.pdf", known)

    assert [(term, " ".join(text.split())) for term, text in given] == [
        (each.term, " ".join(each.text.split())) for each in found.entries
    ]
