"""Letters as Akoma Ntoso: every word in its order, each order a `mod`, and what it orders."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from akoma import AKN, invalid
from click.testing import CliRunner, Result
from lxml import etree

from secdefs.cli import main
from secdefs.letter.instrument import Instrument, read_instrument
from secdefs.outline import outline
from secdefs.write.akomaletter import letter_bytes

sys.path.insert(0, str(Path(__file__).parents[1]))
from cases import FOLDER, read_case

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "fixtures" / "codes" / "sec.yaml"
LETTERS = sorted((ROOT / "fixtures").glob("**/letters/*.txt"))

each_case = pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.stem)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments], catch_exceptions=False)


def said(element: etree._Element) -> Iterator[str]:
    """The characters of the letter that an element holds, the marks of quotations too, footnotes not."""
    name = etree.QName(element).localname
    if name != "authorialNote" and element.get("class") != "footnote":
        yield element.get("startQuote", "")
        yield element.text or ""
        for child in element:
            yield from said(child)
        yield element.get("endQuote", "")
    yield element.tail or ""


def bare(text: str) -> str:
    return "".join(text.split())


def expected(text: str) -> str:
    """What of a letter is neither blank nor a footnote nor a page number or running line."""
    shape = outline(text)
    out = [*shape.furniture, *((each.start, each.end) for each in shape.footnotes)]
    out += [(each.anchor, each.anchor + len(each.mark)) for each in shape.footnotes if each.anchor is not None]
    out += [(each.offset, each.offset + 1) for each in shape.hyphens if not each.kept]
    left = list(text)
    for start, end in out:
        left[start:end] = [" "] * (end - start)
    return bare("".join(left))


def check(instrument: Instrument) -> etree._Element:
    data = letter_bytes(instrument)
    tree = etree.fromstring(data)
    (body,) = tree.iter(f"{{{AKN}}}mainBody")

    assert invalid(data) == []
    assert bare("".join(said(body))) == expected(instrument.text)
    mods = list(tree.iter(f"{{{AKN}}}textualMod", f"{{{AKN}}}meaningMod"))
    assert len(mods) == len(instrument.instructions)
    return tree


@pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.stem)
def test_every_letter_of_the_fixtures_is_there_word_for_word(path: Path) -> None:
    check(read_instrument(path.read_text(encoding="utf-8"), file=path.name))


@each_case
def test_every_case_is_there_word_for_word(path: Path) -> None:
    for instrument in read_case(path).instruments():
        check(instrument)


def parts(words: str) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """For each modification: its type, its destination, the old and the new words."""
    instrument = read_instrument(words, file="letter.txt")
    assert [each for each in instrument.findings if each.severity == "error" and each.code != "SD102"] == []
    tree = check(instrument)
    by_id = {each.get("eId"): " ".join("".join(each.itertext()).split()) for each in tree.iter() if each.get("eId")}
    return [
        (
            mod.get("type") or "",
            (mod.find(f"{{{AKN}}}destination").get("href") or "").removeprefix("/akn/gb/act/code/"),  # type: ignore[union-attr]
            [
                (etree.QName(each).localname, by_id[(each.get("href") or "")[1:]])
                for each in mod
                if etree.QName(each).localname in ("old", "new")
            ],
        )
        for mod in tree.iter(f"{{{AKN}}}textualMod")
    ]


OPENING = (
    "In this direction “Code” means the Harbour Code.\n\n"
    "The Secretary of State directs that, with effect from 1 March 2024:\n\n"
)


@pytest.mark.parametrize(
    ("order", "modification"),
    [
        (
            "in the definition of “Bell” in Section A the words “one” shall be replaced with the words “two”;",
            ("substitution", "harbour-code#sec_A__def__Bell", [("old", "one"), ("new", "two")]),
        ),
        (
            "in paragraph (b)(ii) of the definition of “Bell” in Section A, omit the words “one”;",
            ("repeal", "harbour-code#sec_A__def__Bell__level_b__level_ii", [("old", "one")]),
        ),
        (
            "in the definition of “Bell” in Section A, after the words “one” insert the words “or two”;",
            ("insertion", "harbour-code#sec_A__def__Bell", [("new", "or two")]),
        ),
        (
            "in Section H8.16 the words “shall” shall be replaced with the words “must”.",
            ("substitution", "harbour-code#sec_H8-16", [("old", "shall"), ("new", "must")]),
        ),
    ],
)
def test_an_order_says_what_it_does_and_where(order: str, modification: tuple[object, ...]) -> None:
    assert parts(f"{OPENING}(a) {order}\n") == [modification]


def test_a_new_definition_is_a_structure() -> None:
    words = (
        "Pursuant to Condition 4, the Secretary of State directs that, with effect from 1 March 2024, the following "
        "definition shall be inserted in Section A in alphabetical order:\n\n"
        "    “Bell” means a thing which:\n\n      (a) rings; and\n\n      (b) hangs.\n"
    )
    tree = check(read_instrument(words, file="letter.txt"))
    (structure,) = tree.iter(f"{{{AKN}}}quotedStructure")
    (definition,) = structure.iter(f"{{{AKN}}}hcontainer")

    assert [each.text for each in definition.iter(f"{{{AKN}}}def")] == ["Bell"]
    assert [each.text for each in definition.iter(f"{{{AKN}}}num")] == ["(a)", "(b)"]


def test_the_code_and_the_letter_name_each_other(tmp_path: Path) -> None:
    letter, code = tmp_path / "letter.xml", tmp_path / "code.xml"
    source = ROOT / "fixtures" / "letters" / "s1ckmp.txt"
    assert run("parse", source, "-o", letter, "-q").exit_code == 0
    assert run("apply", SAMPLE, source, "-o", code, "-q").exit_code == 0
    work = next(etree.parse(str(letter)).iter(f"{{{AKN}}}FRBRuri")).get("value")
    ids = {f"{work}#{each.get('eId')}" for each in etree.parse(str(letter)).iter(f"{{{AKN}}}mod")}
    sources = {each.get("href") for each in etree.parse(str(code)).iter(f"{{{AKN}}}source")}
    named = {each.get("eId") for each in etree.parse(str(code)).iter()}
    places = {each.get("href") for each in etree.parse(str(letter)).iter(f"{{{AKN}}}destination")}

    assert sources == ids
    assert {each.partition("#")[2] for each in places if each} <= named
    assert {each.partition("#")[0] for each in places if each} == {"/akn/gb/act/code/smart-energy-code"}


def test_a_letter_is_the_same_document_from_text_from_word_and_from_pdf(tmp_path: Path) -> None:
    from fixtures.make_letters import as_docx, as_pdf, content

    source = ROOT / "fixtures" / "letters" / "s1ckmp.txt"
    letter = content(source.read_text(encoding="utf-8"))
    (tmp_path / "word.docx").write_bytes(as_docx(letter))
    (tmp_path / "pages.pdf").write_bytes(as_pdf(letter))
    made = []
    for path in (source, tmp_path / "word.docx", tmp_path / "pages.pdf"):
        out = tmp_path / f"{path.suffix[1:]}.xml"
        assert run("parse", path, "-o", out, "-q").exit_code == 0
        data = out.read_bytes()
        assert invalid(data) == []
        # A letter is known by the hash of its file; nothing else may differ.
        made.append(re.sub(rb"(?<=/2021-12-16/)[0-9a-f]{12}", b"", data))

    assert made[0].count(b"<textualMod") == 4
    assert made[0] == made[1] == made[2]


def test_a_letter_that_is_not_understood_is_not_written(tmp_path: Path) -> None:
    out, path = tmp_path / "letter.xml", tmp_path / "letter.txt"
    path.write_text(OPENING + "(a) in the definition of “Bell” in Section A, frobnicate the words “one”.\n")
    result = run("parse", path, "-o", out)

    assert result.exit_code == 1
    assert "settle the errors first" in result.stderr
    assert not out.exists()
    assert run("parse", path, "-o", tmp_path / "letter.yaml").exit_code == 2
    assert run("parse", path, "-o", path).exit_code == 2
