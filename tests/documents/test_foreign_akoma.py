"""Lists of definitions in Akoma Ntoso as other programs write it: what of each is read, refused and said."""

from __future__ import annotations

from pathlib import Path

import pytest
from akoma import AKN
from click.testing import CliRunner, Result

from secdefs.cli import main
from secdefs.findings import Finding, SecdefsError
from secdefs.model import Code
from secdefs.read.codefile import imported_xml, read_code
from secdefs.read.foreign import Settled

DOCUMENT = """<akomaNtoso xmlns="{namespace}"><act name="act">
<meta><identification source="#x">
<FRBRWork><FRBRthis value="/a"/><FRBRuri value="/a"/><FRBRdate date="2030-01-02" name="made"/>{alias}</FRBRWork>
<FRBRExpression><FRBRthis value="/a"/><FRBRuri value="/a"/><FRBRdate date="2031-05-06" name="from"/></FRBRExpression>
</identification></meta>
{preface}
<body>{body}</body></act></akomaNtoso>
"""
PREFACE = "<preface><p><docTitle>Beacons Act 2030</docTitle></p></preface>"
NONE = Settled()


def document(body: str, preface: str = PREFACE, alias: str = "") -> str:
    return DOCUMENT.format(namespace=AKN, body=body, preface=preface, alias=alias)


def section(inside: str, number: str = "2.") -> str:
    return f"<section><num>{number}</num><heading>Interpretation</heading>{inside}</section>"


def read(
    body: str, settled: Settled = NONE, existing: str | None = None, **more: str
) -> tuple[Code, tuple[Finding, ...]]:
    return imported_xml(document(body, **more), "act.xml", settled, existing)  # type: ignore[arg-type]


def terms(body: str, settled: Settled = NONE, existing: str | None = None) -> dict[str, str]:
    definitions = read(body, settled, existing)[0].definitions
    assert definitions is not None
    return {each.term: each.text for each in definitions.entries}


def said(body: str, settled: Settled = NONE) -> list[tuple[str, str]]:
    return [(each.severity, each.message) for each in read(body, settled)[1]]


KEEPER = (
    "means a person who—\n  (a) holds a licence, or\n  (b) keeps a light—\n    (i) by night, or\n    (ii) in fog,\n"
    "  on a shore,\nwhether or not for pay;"
)
LAWMAKER = section("""
<subsection><num>(1)</num><intro><p>In this Act—</p></intro>
<hcontainer name="definition"><content>
  <p>“<def>beacon</def>” means a light that a
     <ref href="#k">keeper</ref> keeps;</p>
</content></hcontainer>
<hcontainer name="definition"><intro><p>“<def>keeper</def>” means a person who—</p></intro>
  <paragraph><num>(a)</num><content><p>holds a licence, or</p></content></paragraph>
  <paragraph><num>(b)</num><intro><p>keeps a light—</p></intro>
    <subparagraph><num>(i)</num><content><p>by night, or</p></content></subparagraph>
    <subparagraph><num>(ii)</num><content><p>in fog,</p></content></subparagraph>
    <wrapUp><p>on a shore,</p></wrapUp></paragraph>
  <wrapUp><p>whether or not for pay;</p></wrapUp></hcontainer>
</subsection>""")
INDIGO = section("""<content><p>In this Act—</p>
<blockContainer class="definition" refersTo="#t"><p>"<def refersTo="#t">beacon</def>" means a light that a
<term refersTo="#u">keeper</term> keeps;</p></blockContainer>
<blockContainer class="definition"><blockList>
  <listIntroduction>"<def>keeper</def>" means a person who—</listIntroduction>
  <item><num>(a)</num><p>holds a licence, or</p></item>
  <item><num>(b)</num><blockList><listIntroduction>keeps a light—</listIntroduction>
    <item><num>(i)</num><p>by night, or</p></item><item><num>(ii)</num><p>in fog,</p></item>
    <listWrapUp>on a shore,</listWrapUp></blockList></item>
  <listWrapUp>whether or not for pay;</listWrapUp></blockList></blockContainer></content>""")
SLAW = section("""<subsection><num>(1)</num><content><p>In this Act—</p>
<p refersTo="#t">"<def refersTo="#t">beacon</def>" means a light that a keeper keeps;</p>
<blockList><listIntroduction>"<def>keeper</def>" means a person who—</listIntroduction>
  <item><num>(a)</num><p>holds a licence, or</p></item>
  <item><num>(b)</num><p>keeps a light—</p><blockList>
    <item><num>(i)</num><p>by night, or</p></item><item><num>(ii)</num><p>in fog,</p></item></blockList>
    <p>on a shore,</p></item>
  <listWrapUp>whether or not for pay;</listWrapUp></blockList></content></subsection>""")
POINTS = """<article><num>Article 2</num><heading>Interpretation</heading><paragraph><list>
<intro><p>For the purposes of this Act, the following definitions apply:</p></intro>
<point><num>(1)</num><content><p>‘<def>beacon</def>’ means a light that a keeper keeps;</p></content></point>
<point><num>(2)</num><list><intro><p>‘<def>keeper</def>’ means a person who—</p></intro>
  <point><num>(a)</num><content><p>holds a licence, or</p></content></point>
  <point><num>(b)</num><list><intro><p>keeps a light—</p></intro>
    <point><num>(i)</num><content><p>by night, or</p></content></point>
    <point><num>(ii)</num><content><p>in fog,</p></content></point>
    <wrapUp><p>on a shore,</p></wrapUp></list></point>
  <wrapUp><p>whether or not for pay;</p></wrapUp></list></point>
</list></paragraph></article>"""


@pytest.mark.parametrize("body", [LAWMAKER, INDIGO, SLAW, POINTS], ids=["lawmaker", "indigo", "slaw", "points"])
def test_each_way_of_writing_gives_the_same_definitions(body: str) -> None:
    code = read(body)[0]

    assert code.definitions is not None
    assert (code.title, str(code.as_at), code.version) == ("Beacons Act 2030", "2031-05-06", None)
    assert (code.definitions.section, code.definitions.heading) == ("2", "Interpretation")
    assert terms(body) == {"beacon": "means a light that a keeper keeps;", "keeper": KEEPER}


def test_what_is_no_definition_is_said_and_left_out() -> None:
    body = section("<content><p>This Act is about lights.</p></content>", "1") + LAWMAKER.replace(
        "</subsection>",
        "</subsection><subsection><num>(2)</num><content><p>Section 1 is a guide.</p></content></subsection>",
    )

    assert said(body) == [
        ("note", "a paragraph outside of <section> 2 is not read, from “This Act is about lights.” on"),
        ("note", "<p> is no part of a definition, and is left out: “In this Act—”"),
        ("note", "<p> is no part of a definition, and is left out: “Section 1 is a guide.”"),
    ]
    assert ("warning", "the numbers of definitions are not kept, from “(1)” on") in said(POINTS)
    assert not [each for each in said(LAWMAKER) if each[0] != "note"]


def test_words_between_two_definitions_are_a_warning() -> None:
    body = LAWMAKER.replace(
        "keeps;</p>\n</content></hcontainer>", "keeps;</p>\n</content></hcontainer><content><p>M</p></content>"
    )

    assert ("warning", "<p> is no part of a definition, and is left out: “M”") in said(body)


def test_a_heading_between_two_definitions_is_said() -> None:
    body = section(f'{GOOD}<hcontainer name="crossheading"><heading>B</heading></hcontainer>{GOOD.replace("a<", "b<")}')

    assert said(body) == [("warning", "<heading> is no part of a definition, and is left out: “B”")]


def test_of_two_lists_one_is_asked_for() -> None:
    other = section(
        '<hcontainer name="definition"><content><p>“<def>pier</def>” means a pier.</p></content></hcontainer>', "9"
    )

    with pytest.raises(
        SecdefsError, match=r"act\.xml:7:1: definitions stand in <section> 2 in line 7, <section> 9 in line"
    ):
        read(LAWMAKER + other)
    assert terms(LAWMAKER + other, Settled(section="9")) == {"pier": "means a pier."}
    assert list(terms(LAWMAKER + other, Settled(section="2"))) == ["beacon", "keeper"]
    with pytest.raises(SecdefsError, match="say with --section"):
        read(LAWMAKER, Settled(section="3"))


WORDS = {
    "“<def>Network</def>” (or “HAN”) means it": ("Network", "(or “HAN”) means it"),
    "<def>“Network”</def> means it": ("Network", "means it"),
    "<def>Network</def> means it": ("Network", "means it"),
    "<b>“<def>Network</def>”</b> means it": ("Network", "means it"),
    "“<def>drivers’</def>” means it": ("drivers’", "means it"),
    "“<def><i>Smith</i>  v\n Jones</def>” means it": ("Smith v Jones", "means it"),
    "“<def>a</def>”, in relation to a “<def>b</def>”, means c": ("a", ", in relation to a “b”, means c"),
    "“<def>a</def>” means b<!-- c --> d": ("a", "means b d"),
    "“<term>a</term>” means <term>b</term>": ("a", "means b"),
}


@pytest.mark.parametrize("words", WORDS)
def test_a_term_is_told_from_its_definition(words: str) -> None:
    term, text = WORDS[words]
    body = section(f'<hcontainer name="definition"><content><p>{words}</p></content></hcontainer>')

    assert terms(body) == {term: text}


GOOD = '<hcontainer name="definition"><content><p>“<def>a</def>” means b.</p></content></hcontainer>'
INNER = "<item><num>(a)</num><p>“<def>b</def>” means x</p></item>"
ITEM = "<paragraph><num>(i)</num><content><p>x</p></content></paragraph>"
DEFINITION = '<hcontainer name="definition"><intro><p>“<def>a</def>” means—</p></intro>{}</hcontainer>'
REFUSED = {
    "“x” means no more": "in which no paragraph begins with a term in <def>",
    DEFINITION.format("<content><p>x</p><table/></content>"): "<table> in a definition, which a code file cannot hold",
    DEFINITION.format("<paragraph><content><p>x</p></content></paragraph>"): "<paragraph> in a definition has no <num>",
    DEFINITION.format(f"<paragraph><num>(a)</num>{ITEM}</paragraph>"): "<paragraph> has no words of its own behind",
    DEFINITION.format("<content><p>x <img src='y'/></p></content>"): "<img> among words, which a code file cannot hold",
    DEFINITION.format("<content>x<p>y</p></content>"): "<content> has words outside of its paragraphs",
    DEFINITION.format("<heading>x</heading>"): "<heading> in a definition",
    DEFINITION.format("<content><p>x <ins>y</ins></p></content>"): "a redline: say with --accept-existing",
    '<content><p>“<def>a</def>” and “<def>b</def>” mean c.</p></content>': "more terms than “a” are defined at once",
    '<content><p>“<def>a</def>”, “<def>b</def>” mean c.</p></content>': "more terms than “a” are defined at once",
    '<content><p>“<def>a</def>”</p></content>': "the definition of “a” has no words",
    '<content><p>“<def>a</def>” means—</p><blockList><item><num>(a)</num><p>x</p></item></blockList></content>': (
        "the definition of “a” ends where it leads in to something"
    ),
    f"<intro><p>“<def>a</def>” means the whole of</p></intro>{ITEM}": "<p> “x” is of the definition before",
    f"{DEFINITION.format('')}{ITEM}": "the definition of “a” ends where it leads in to something",
    f"<blockList><listIntroduction>“<def>a</def>” means—</listIntroduction>{INNER}</blockList>": "inside of another",
    DEFINITION.format("<content><p>“<def>b</def>” means x</p></content>"): "a definition inside of another",
    f'{GOOD}<hcontainer name="definition"><content><p>“b” means c.</p></content></hcontainer>': "has no <def>",
    '<content><p>“<def>a</def>” means b.</p><p>And so on.</p></content>': "“And so on.” is of the definition before",
    '<content><p>“<def>a</def>” means b.</p><p>“<def>a</def>” means c.</p></content>': "the term “a” is given twice",
}  # fmt: skip


@pytest.mark.parametrize("inside", REFUSED)
def test_what_cannot_be_told_is_refused_with_its_line(inside: str) -> None:
    with pytest.raises(SecdefsError) as raised:
        read(section(inside))
    assert REFUSED[inside] in str(raised.value)
    assert str(raised.value).startswith("act.xml:")


def test_a_redline_is_taken_as_is_said() -> None:
    body = section(DEFINITION.format("<content><p>one <del>two</del><ins>three</ins></p></content>"))

    assert terms(body, existing="accept") == {"a": "means—\none three"}
    assert terms(body, existing="reject") == {"a": "means—\none two"}


def test_what_is_ordered_for_another_act_defines_nothing_here() -> None:
    order = (
        "<section><num>9</num><content><p>In the Piers Act insert— <mod><quotedStructure>"
        '<hcontainer name="definition"><content><p>“<def>pier</def>” means x.</p></content></hcontainer>'
        "</quotedStructure></mod></p></content></section>"
    )

    assert list(terms(LAWMAKER + order)) == ["beacon", "keeper"]


def test_notes_and_raised_signs_are_said_once() -> None:
    body = section(DEFINITION.format("<content><p>m<sup>2</sup> and m<sup>3</sup><noteRef href='#n'/></p></content>"))

    assert terms(body) == {"a": "means—\nm2 and m3"}
    assert [message for _, message in said(body)] == [
        "<sup>: raised and lowered signs are written on the line, here and further on",
        "<noteRef> is no part of the text, and is left out, here and further on",
    ]


def test_what_the_file_does_not_say_has_to_be_given() -> None:
    bare = '<hcontainer name="definition"><content><p>“<def>a</def>” means b.</p></content></hcontainer>'
    with pytest.raises(SecdefsError, match="say with --section which Section it is"):
        read(bare)
    with pytest.raises(SecdefsError, match=r"does not say its title.*--title"):
        read(LAWMAKER, preface="")
    assert read(LAWMAKER, preface="", alias='<FRBRalias value="Beacons"/>')[0].title == "Beacons"
    undated = document(bare).replace('date="2031-05-06"', 'date=""')
    with pytest.raises(SecdefsError, match=r"as at which day it stood.*--as-at"):
        imported_xml(undated, "act.xml", Settled(section="A"), None)
    code, _ = imported_xml(undated, "act.xml", Settled("T", "Short", "2032-01-01", "A"), None)
    assert (code.title, code.short_title, str(code.as_at)) == ("T", "Short", "2032-01-01")


# --- the command ------------------------------------------------------------------------------------------------------


def run(*arguments: object, given: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments], input=given, catch_exceptions=False)


def test_import_takes_it_from_a_file_and_from_standard_input(tmp_path: Path) -> None:
    (tmp_path / "act.xml").write_text(document(LAWMAKER), encoding="utf-8")
    out = tmp_path / "act.yaml"
    result = run("import", tmp_path / "act.xml", "--title", "Lights", "--as-at", "2032-01-01", "-o", out)

    assert result.exit_code == 0, result.output
    code = read_code(str(out))[0]
    assert (code.title, str(code.as_at)) == ("Lights", "2032-01-01")
    piped = run("import", "-", given=document(LAWMAKER))
    assert (piped.exit_code, "term: beacon" in piped.stdout) == (0, True)
    assert "<stdin>:7:1: SD510 note" not in piped.stdout  # talk is on stderr
    again = run("import", "-", "-o", "x.xml", given=document(section("<content><p>nothing</p></content>")))
    assert again.exit_code == 3
    assert "<stdin>:1:1: Akoma Ntoso of another program" in again.stderr


def test_a_command_that_needs_a_code_leads_to_import(tmp_path: Path) -> None:
    (tmp_path / "act.xml").write_text(document(LAWMAKER), encoding="utf-8")
    result = run("check", tmp_path / "act.xml")

    assert result.exit_code == 3
    assert "make a code file of its definitions with “secdefs import”" in result.stderr


def test_what_is_imported_can_be_amended(tmp_path: Path) -> None:
    (tmp_path / "act.xml").write_text(document(LAWMAKER), encoding="utf-8")
    run("import", tmp_path / "act.xml", "-o", tmp_path / "act.yaml")
    order = "in the definition of “keeper”, in paragraph (b)(ii), for “fog” substitute “mist”"
    result = run("apply", tmp_path / "act.yaml", "-e", order, "-o", tmp_path / "new.yaml")

    assert result.exit_code == 0, result.output
    definitions = read_code(str(tmp_path / "new.yaml"))[0].definitions
    assert definitions is not None
    assert definitions.entries[1].text == KEEPER.replace("fog", "mist")
