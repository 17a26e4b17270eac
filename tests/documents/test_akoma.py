"""Codes as Akoma Ntoso: what stands where, the redline, what letters did, and what is refused."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from akoma import AKN, invalid
from click.testing import CliRunner, Result
from lxml import etree

from secdefs.cli import main
from secdefs.findings import SecdefsError
from secdefs.read.codefile import code_from_text, read_code
from secdefs.write.akoma import akoma_bytes, planned_bytes

sys.path.insert(0, str(Path(__file__).parents[1]))
from cases import FOLDER, read_case

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "fixtures" / "codes" / "sec.yaml"
LETTER = ROOT / "fixtures" / "letters" / "s1ckmp.txt"
LIGHTS = ROOT / "fixtures" / "histories" / "lights"
CODES = sorted([*(ROOT / "fixtures" / "codes").glob("*.yaml"), *(ROOT / "fixtures" / "histories").rglob("*.yaml")])

SMALL = """format: 1
title: Harbour Code
version: "2.1"
as_at: 2024-03-01
definitions:
  section: A
  heading: Definitions
  version: null
  order: word-by-word
  entries:
    - term: Captain's Table
      text: |-
        means the table:
          (a) at which the captain:
            (i) sits; or
            (ii) stands,
          in either case by day; and
          (b) which is laid,
        whatever the weather.
"""


TYPED = 'replace "by a Device" with "by a Meter" in the definition of "Alert"'


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments], catch_exceptions=False)


def small(name: str) -> list[etree._Element]:
    tree = etree.fromstring(akoma_bytes(code_from_text(SMALL, "code.yaml")[0]))
    return list(tree.iter(f"{{{AKN}}}{name}"))


@pytest.mark.parametrize("path", CODES, ids=lambda path: path.stem)
def test_every_code_of_the_fixtures_is_valid_and_comes_back(path: Path) -> None:
    code, _ = read_code(str(path))
    data = akoma_bytes(code)

    assert invalid(data) == []
    assert code_from_text(data.decode(), "code.xml")[0] == code


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.stem)
def test_what_each_case_changes_is_valid_clean_and_marked(path: Path) -> None:
    case = read_case(path)
    planned = case.plan()
    if not planned.ok:
        with pytest.raises(SecdefsError):
            planned_bytes(planned, "clean")
        return
    clean, marked = planned_bytes(planned, "clean"), planned_bytes(planned, "tracked")

    assert invalid(clean) == invalid(marked) == []
    assert code_from_text(clean.decode(), "a.xml")[0] == planned.after()
    assert code_from_text(marked.decode(), "a.xml", "accept")[0] == planned.after()
    assert code_from_text(marked.decode(), "a.xml", "reject")[0] == case.before
    tree = etree.fromstring(clean)
    sources = {each.get("href") for each in tree.iter(f"{{{AKN}}}source")}
    done = {step.instruction for step in planned.steps if any(edit.list != "code" for edit in step.edits)}
    # What one sentence orders at several places is one `mod` of the letter.
    sentences = {(each.id[:12], each.source.start, each.source.end) for each in planned.applied if each.id in done}
    assert len(sources) == len(sentences)


def test_a_definition_stands_as_the_model_of_uk_legislation_has_it() -> None:
    (definition,) = small("hcontainer")

    assert dict(definition.attrib) == {
        "name": "definition",
        "class": "definition",
        "eId": "sec_A__def__CaptainsTable",
    }
    assert [each.text for each in small("def")] == ["Captain's Table"]
    assert [(each.get("eId"), each.get("class"), each[0].text) for each in small("level")] == [
        ("sec_A__def__CaptainsTable__level_a", "para1", "(a)"),
        ("sec_A__def__CaptainsTable__level_a__level_i", "para2", "(i)"),
        ("sec_A__def__CaptainsTable__level_a__level_ii", "para2", "(ii)"),
        ("sec_A__def__CaptainsTable__level_b", "para1", "(b)"),
    ]
    assert ["".join(each.itertext()).strip() for each in small("wrapUp")] == [
        "in either case by day; and",
        "whatever the weather.",
    ]


def test_the_document_says_which_code_it_is_and_when() -> None:
    (expression,) = small("FRBRExpression")

    assert [(etree.QName(each).localname, *each.attrib.values()) for each in expression] == [
        ("FRBRthis", "/akn/gb/act/code/harbour-code/eng@2024-03-01/!main"),
        ("FRBRuri", "/akn/gb/act/code/harbour-code/eng@2024-03-01"),
        ("FRBRdate", "2024-03-01", "asAt"),
        ("FRBRauthor", "#author"),
        ("FRBRversionNumber", "2.1"),
        ("FRBRlanguage", "eng"),
    ]


def test_applied_and_imported_again_it_is_the_same_file(tmp_path: Path) -> None:
    for out in ("a.xml", "a.yaml"):
        assert run("apply", SAMPLE, LETTER, "-q", "-o", tmp_path / out).exit_code == 0
    assert run("import", tmp_path / "a.xml", "-q", "-o", tmp_path / "b.yaml").exit_code == 0

    assert (tmp_path / "b.yaml").read_bytes() == (tmp_path / "a.yaml").read_bytes()
    assert run("verify", tmp_path / "a.xml", tmp_path / "a.yaml").exit_code == 0
    assert run("apply", tmp_path / "a.xml", "-e", TYPED).exit_code == 0


def test_a_redline_is_asked_for_its_changes(tmp_path: Path) -> None:
    out = tmp_path / "redline.xml"
    assert run("apply", SAMPLE, LETTER, "-q", "-o", out, "--tracked").exit_code == 0
    refused = run("import", out)
    stood = run("import", out, "--reject-existing")
    planned = run("plan", out, "--accept-existing", "-e", TYPED)

    assert refused.exit_code == 3
    assert "--accept-existing or --reject-existing" in refused.stderr
    assert stood.stdout == SAMPLE.read_text(encoding="utf-8")
    assert planned.exit_code == 0


def test_what_a_letter_did_leads_to_its_marks(tmp_path: Path) -> None:
    out = tmp_path / "redline.xml"
    run("apply", SAMPLE, LETTER, "-q", "-o", out, "--tracked")
    tree = etree.parse(str(out))
    mods = [each for each in tree.iter(f"{{{AKN}}}textualMod") if each.get("type") == "substitution"]
    by_id = {each.get("eId"): "".join(each.itertext()) for each in tree.iter() if each.get("eId")}
    said = [[(etree.QName(part).localname, by_id.get(part.get("href", "")[1:])) for part in mod] for mod in mods]

    assert ("old", "[TBC]") in said[0]
    assert ("new", "AT") in said[0]
    assert mods[0].find(f"{{{AKN}}}source").get("href").startswith("/akn/gb/doc/direction/2021-12-16/")  # type: ignore[union-attr]
    assert [each.get("date") for each in tree.iter(f"{{{AKN}}}eventRef")] == ["2021-12-16", "2021-12-17"]


def test_a_folder_tells_its_whole_life(tmp_path: Path) -> None:
    out, redline = tmp_path / "code.xml", tmp_path / "redline.xml"
    assert run("at", LIGHTS, "2023-08-01", "-o", out).exit_code == 0
    assert run("diff", LIGHTS, "2023-04-01", "2023-08-01", "-o", redline).exit_code == 0
    whole, part = etree.parse(str(out)), etree.parse(str(redline))

    assert invalid(out.read_bytes()) == invalid(redline.read_bytes()) == []
    assert [each.get("date") for each in whole.iter(f"{{{AKN}}}eventRef")] == [
        *("2023-01-01", "2023-03-01", "2023-04-01", "2023-06-01", "2023-07-15")
    ]
    assert [each.get("date") for each in part.iter(f"{{{AKN}}}eventRef")] == ["2023-04-01", "2023-06-01", "2023-07-15"]
    for existing, date in (("--accept-existing", "2023-08-01"), ("--reject-existing", "2023-04-01")):
        assert run("import", redline, existing).stdout == run("at", LIGHTS, date).stdout


BOMB = '<!DOCTYPE akomaNtoso [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda text: text.replace("<akoma", BOMB + "<akoma", 1), "code.xml:2:1: a document type of its own"),
        (lambda text: text.replace("Captain's", "&a;", 1), "is not XML: Entity 'a' not defined"),
        (lambda text: text[:900], "is not XML"),
        (lambda text: "<html/>", "<html>, expected <akomaNtoso>"),
        (lambda text: text.replace("sits; or", "<b>sits</b>; or"), "<b> among words"),
        (lambda text: text.replace('value="2.1"', 'value="2.2"'), "says “2.2”, and the preface “2.1”"),
        (lambda text: text.replace("at which", "at<authorialNote><p>x</p></authorialNote> which"), "<authorialNote>"),
        (
            lambda text: text.replace("<docTitle>", "<i>").replace("</docTitle>", "</i>"),
            "<p> has words that a code file has no place for",
        ),
        (lambda text: text.replace('refersTo="#asAt"', ""), "the day as at which it stands"),
        (lambda text: text.replace('order="word', 'order="odd'), "expected word-by-word"),
        (lambda text: text.replace("</section>", "<paragraph/></section>"), "<paragraph> in <section>"),
        (lambda text: text.replace("</body>", "<part/></body>"), "<part> in <body>"),
        (lambda text: text.replace("<def>Captain's Table</def>", "The table"), "without <def>"),
        (lambda text: text.replace("<def>", "The <def>"), "<def> does not come first"),
        (lambda text: text.replace("</docTitle>", "</docTitle> 2"), "<p> has words that a code file has no place for"),
        (lambda text: text.replace("<content>", "<content>and also"), "<content> has words outside of its paragraphs"),
        (lambda text: text.replace("<hcontainer", "<intro><p>In this Code</p></intro><hcontainer", 1), "<intro> among"),
        (lambda text: text.replace("<body>", "<preamble/><body>"), "<preamble> in <act>"),
    ],
)
def test_what_a_code_has_no_place_for_is_refused(change: object, says: str, tmp_path: Path) -> None:
    text = akoma_bytes(code_from_text(SMALL, "code.yaml")[0]).decode()
    path = tmp_path / "code.xml"
    path.write_text(change(text), encoding="utf-8")  # type: ignore[operator]
    result = run("import", path)

    assert result.exit_code == 3
    assert says in result.stderr
    assert "Traceback" not in result.stderr


def test_a_comment_is_not_kept_and_that_is_said(tmp_path: Path) -> None:
    path = tmp_path / "code.xml"
    text = akoma_bytes(code_from_text(SMALL, "code.yaml")[0]).decode()
    path.write_text(text.replace("sits; or", "sits;<!-- check --> or"), encoding="utf-8")
    result = run("import", path)

    assert result.stdout == SMALL
    assert "SD501" in result.stderr


def test_what_xml_cannot_hold_is_refused_by_its_name(tmp_path: Path) -> None:
    path, out = tmp_path / "code.yaml", tmp_path / "code.xml"
    path.write_text(SMALL.replace("whatever the weather.", "x") + '    - {term: "Bell\\u0007", text: "x"}\n')
    result = run(
        "apply", path, "-e", 'replace "which is laid" with "laid" in the definition of "Captain\'s Table"', "-o", out
    )

    assert result.exit_code == 3
    assert "“Bell\\u0007” has the character \\u0007, which XML cannot hold" in result.stderr
    assert not out.exists()


@pytest.mark.parametrize("options", [["--title", "X"], ["--as-at", "2024-01-01"], ["--contents", "c.docx"]])
def test_a_code_in_xml_says_all_of_itself(options: list[str], tmp_path: Path) -> None:
    path = tmp_path / "code.xml"
    path.write_bytes(akoma_bytes(code_from_text(SMALL, "code.yaml")[0]))

    assert run("import", path, *options).exit_code == 2
