"""The code file: what is refused and where, what is said of it, and the one form in which it is written."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import stat
import sys
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

import secdefs
from secdefs.findings import SecdefsError
from secdefs.model import Code, Definition, Definitions, Document, Entry, Group, Provision
from secdefs.read.codefile import code_from_text, indented, read_code
from secdefs.read.encoding import decoded
from secdefs.write.atomic import replace_file
from secdefs.write.codefile import code_to_json, code_to_yaml

SAMPLE = Path(__file__).resolve().parents[1] / "fixtures" / "codes" / "sec.yaml"

HEAD = "format: 1\ntitle: T\nas_at: 2021-12-16\n"
DEFINITIONS = HEAD + "definitions:\n  section: A\n  entries:\n"

CODE = Code(
    title="Smart Energy Code",
    short_title="SEC",
    version="45.0",
    as_at=dt.date(2021, 12, 16),
    definitions=Definitions(
        section="A",
        heading="Definitions and Interpretation",
        version="23.0",
        entries=(
            Definition(term="Alert", text="means a Message."),
            Definition(term="Yes", text="means:\n  (a) so; or\n  (b) so: not.", note="not # a comment"),
        ),
    ),
    contents=(
        Group(group="Appendices", entries=(Entry(label="AM", title="SMETS1 Supporting Requirements"),)),
        Group(group="Schedules"),
    ),
    documents=(
        Document(
            place="Appendix AM",
            title="SMETS1 Supporting Requirements",
            version="11.0",
            in_force_from=dt.date(2021, 7, 29),
        ),
        Document(place="Appendix N", title="Keys, and their Policy", note="drawn up"),
    ),
    sections=(
        Provision(label="H8.16", text="The DCC shall publish"),
        Provision(label="H8.17", heading="No", text="  (a) one\n  (b) two"),
    ),
)

YAML = """\
format: 1
title: Smart Energy Code
short_title: SEC
version: "45.0"
as_at: 2021-12-16
definitions:
  section: A
  heading: Definitions and Interpretation
  version: "23.0"
  order: word-by-word
  entries:
    - term: Alert
      text: means a Message.
    - term: "Yes"
      text: |-
        means:
          (a) so; or
          (b) so: not.
      note: "not # a comment"
contents:
  - group: Appendices
    entries:
      - {label: AM, title: SMETS1 Supporting Requirements}
  - group: Schedules
    entries: []
documents:
  - {place: Appendix AM, title: SMETS1 Supporting Requirements, version: "11.0", in_force_from: 2021-07-29}
  - {place: Appendix N, title: "Keys, and their Policy", version: null, in_force_from: null, note: drawn up}
sections:
  - {label: H8.16, heading: null, text: "The DCC shall publish"}
  - label: H8.17
    heading: "No"
    text: |2-
        (a) one
        (b) two
"""


def refusal(text: str, file: str = "code.yaml") -> str:
    with pytest.raises(SecdefsError) as caught:
        code_from_text(text, file)
    return str(caught.value)


# --- the canonical form -----------------------------------------------------------------------------------------------


def test_yaml_is_written_in_its_canonical_form() -> None:
    written = code_to_yaml(CODE)

    assert written == YAML


def test_yaml_is_read_back() -> None:
    code, findings = code_from_text(YAML, "code.yaml")

    assert code == CODE
    assert findings == ()


def test_json_has_the_same_keys_and_is_read_back() -> None:
    written = code_to_json(CODE)

    assert list(json.loads(written)) == [line.split(":")[0] for line in YAML.splitlines() if line[0].isalpha()]
    assert code_from_text(written, "code.json") == (CODE, ())


def test_a_part_that_is_absent_stays_absent() -> None:
    code = Code(title="T", as_at=dt.date(2021, 12, 16))

    assert code_to_yaml(code) == "format: 1\ntitle: T\nversion: null\nas_at: 2021-12-16\n"
    assert code_from_text(code_to_yaml(code), "code.yaml")[0] == code


def test_the_sample_is_canonical() -> None:
    if not SAMPLE.exists():
        pytest.skip("fixtures/codes/sec.yaml is not there")
    code, findings = read_code(str(SAMPLE))

    assert findings == ()
    assert code_to_yaml(code).encode() == SAMPLE.read_bytes()


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain words, even with commas [TBC]", "plain words, even with commas [TBC]"),
        ("24-Hour Contact Point", "24-Hour Contact Point"),
        ("5 days", "5 days"),
        ("“quoted”", "“quoted”"),
        ("", '""'),
        ("null", '"null"'),
        ("~", '"~"'),
        ("Off", '"Off"'),
        ("Y", '"Y"'),
        ("45.0", '"45.0"'),
        ("0x1F", '"0x1F"'),
        ("1e3", '"1e3"'),
        ("12:30:45", '"12:30:45"'),
        ("2021-12-16", '"2021-12-16"'),
        ("2021-12-16 10:00:00Z", '"2021-12-16 10:00:00Z"'),
        (".inf", '".inf"'),
        ("-1", '"-1"'),
        ("- a", '"- a"'),
        ("---", '"---"'),
        (" a", '" a"'),
        ("a ", '"a "'),
        ("a: b", '"a: b"'),
        ("a:", '"a:"'),
        ("a:b", "a:b"),
        ("a #b", '"a #b"'),
        ("a#b", "a#b"),
        ("<<", '"<<"'),
        ("*a", '"*a"'),
        ("&a", '"&a"'),
        ("!a", '"!a"'),
        ("%a", '"%a"'),
        ("@a", '"@a"'),
        ("'a'", "\"'a'\""),
        ('say "a"', 'say "a"'),
        ('"a" \\', '"\\"a\\" \\\\"'),
        ("a\tb", '"a\\tb"'),
        ("a\u2028b", '"a\\u2028b"'),
        ("a\x85b", '"a\\u0085b"'),
        ("a\u202eb", '"a\\u202eb"'),
        ("\ufeffa", '"\\ufeffa"'),
        ("😀 a", '"😀 a"'),
        ("a 😀", "a 😀"),
        ("a\nb", "|-\n  a\n  b"),
        ("a\n\nb", "|-\n  a\n\n  b"),
        ("\na", "|2-\n\n  a"),
        ("  a\nb", "|2-\n    a\n  b"),
        ("a\nb\n", '"a\\nb\\n"'),
        ("a\n \nb", '"a\\n \\nb"'),
        ("a\n\tb", '"a\\n\\tb"'),
        ("# a\n--- b", "|-\n  # a\n  --- b"),
    ],
)
def test_scalars_are_plain_only_where_every_reader_takes_them_for_strings(text: str, written: str) -> None:
    code = Code(title=text, as_at=dt.date(2021, 12, 16))

    assert code_to_yaml(code) == f"format: 1\ntitle: {written}\nversion: null\nas_at: 2021-12-16\n"
    assert code_from_text(code_to_yaml(code), "code.yaml")[0] == code


# --- what is refused, and where ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "code.yaml:1:1: the file is empty"),
        ("# only this\n", "code.yaml:1:1: the file is empty"),
        ("- a\n", "code.yaml:1:1: a code file is a list, expected the keys format, title"),
        ("words\n", "code.yaml:1:1: a code file is “words”, expected the keys"),
        ("format: 2\ntitle: T\nas_at: 2021-12-16\n", "code.yaml:1:9: “format” is “2”, expected 1"),
        ("title: T\nas_at: 2021-12-16\n", "code.yaml:1:1: a code file has no “format”, expected format"),
        ("format: 1\nas_at: 2021-12-16\n", "code.yaml:1:1: a code file has no “title”, expected format"),
        ("format: 1\ntitle: T\n", "code.yaml:1:1: a code file has no “as_at”, expected format"),
        (HEAD + "titel: U\n", "code.yaml:4:1: “titel” is not a key of a code file; did you mean “title”?"),
        (HEAD + "zzzz: U\n", "code.yaml:4:1: “zzzz” is not a key of a code file; expected format, title"),
        (HEAD + "title: U\n", "code.yaml:4:1: the key “title” is given twice, first in line 2; expected once"),
        (HEAD + "version: [1]\n", "code.yaml:4:10: “version” is a list, expected a text"),
        (HEAD + "version: {a: b}\n", "code.yaml:4:10: “version” is a mapping, expected a text"),
        (HEAD + "version: true\n", "code.yaml:4:10: “version” is true, expected a text, in quotation marks"),
        (HEAD + "version: ~\n", "code.yaml:4:10: “~” without quotation marks, expected null, or a text"),
        (HEAD + "version:\n", "code.yaml:4:9: no value, expected null, or a text"),
        ("format: 1\ntitle: null\nas_at: 2021-12-16\n", "code.yaml:2:8: “title” is null, expected a text"),
        ("format: 1\ntitle: T\nas_at: 16/12/2021\n", "code.yaml:3:8: “as_at” is “16/12/2021”, expected a date such as"),
        ("format: 1\ntitle: T\nas_at: 2021-02-30\n", "code.yaml:3:8: “as_at” is “2021-02-30”, expected a date"),
        ("format: 1\ntitle: T\nas_at: 20211216\n", "code.yaml:3:8: “as_at” is “20211216”, expected a date"),
        ("format: 1\ntitle: T\nas_at: null\n", "code.yaml:3:8: “as_at” is null, expected a date"),
        (HEAD + "documents: {}\n", "code.yaml:4:12: “documents” is a mapping, expected a list"),
        (HEAD + "documents:\n  - a\n", "code.yaml:5:5: a document is “a”, expected the keys place"),
        (HEAD + "documents:\n  - {place: P}\n", "code.yaml:5:5: a document has no “title”, expected place"),
        (HEAD + "definitions:\n  section: A\n", "code.yaml:5:3: “definitions” has no “entries”, expected section"),
        (DEFINITIONS + "    - {term: '', text: b}\n", "code.yaml:7:14: “term” is empty, expected a name"),
        (
            DEFINITIONS + "    - {term: a, text: b}\n    - {term: b, text: b}\n    - {term: a, text: c}\n",
            "code.yaml:9:14: the term “a” is given twice, first in line 7; expected once in “entries”",
        ),
        (
            HEAD + "documents:\n  - {place: a, title: b}\n  - {place: a, title: b}\n",
            "code.yaml:6:13: the place “a” is given twice, first in line 5; expected once in “documents”",
        ),
        (
            HEAD + "sections:\n  - {label: a, text: b}\n  - {label: a, text: b}\n",
            "code.yaml:6:13: the label “a” is given twice, first in line 5; expected once in “sections”",
        ),
        (
            HEAD + "contents:\n  - {group: a, entries: []}\n  - {group: a, entries: []}\n",
            "code.yaml:6:13: the group “a” is given twice, first in line 5; expected once in “contents”",
        ),
        (
            HEAD + "definitions: {section: A, order: letterbyletter, entries: []}\n",
            "code.yaml:4:34: “order” is “letterbyletter”, expected word-by-word or letter-by-letter or none",
        ),
        ("a: &x b\n", "code.yaml:1:4: the anchor “&x”, expected a value without one"),
        ("a: *x\n", "code.yaml:1:4: the alias “*x”, expected what it stands for"),
        ("a: !!str b\n", "code.yaml:1:4: the tag “tag:yaml.org,2002:str”, expected a value without one"),
        ("a: ! b\n", "code.yaml:1:4: the tag “!”, expected a value without one"),
        ("<<: b\n", "code.yaml:1:1: a merge key “<<”, expected each key written out"),
        ("[a]: b\n", "code.yaml:1:1: a list or mapping as a key, expected a word"),
        (HEAD + "---\na: b\n", "code.yaml:4:1: a second document, expected one in a file"),
        ("a:\n\t- b\n", "code.yaml:2:1: a tab at the start of a line, expected spaces"),
        ("a: b: c\n", "code.yaml:1:5: a “: ” inside a plain text or a key out of place"),
        ("a: @b\n", "code.yaml:1:4: a text cannot begin with this mark, expected quotation marks around it"),
        ("a: 'b\n", "code.yaml:2:1: found unexpected end of stream, expected plain YAML"),
        ("a: b\x07\n", "code.yaml:1:5: the character U+0007, expected \\u0007 in double quotation marks"),
        ("a: b\u2028c\n", "code.yaml:1:5: the character U+2028, expected \\u2028 in double quotation marks"),
        ("a: " + "[" * 9, "code.yaml:1:11: nested too deep, expected at most 8 levels"),
        ("a: " + "[" * 100_000, "code.yaml:1:11: nested too deep, expected at most 8 levels"),
        (
            DEFINITIONS + "    - term: a\n      text: |- # why\n        b:\n           (a) c\n",
            "code.yaml:10:12: indented by 3 spaces, expected two a level",
        ),
        (
            DEFINITIONS + "    - term: a\n      text: |-\n        b:\n\n            (i) c\n",
            "code.yaml:11:13: indented by 2 levels under 0, expected at most one level more",
        ),
        (
            DEFINITIONS + '    - term: a\n      text: "b:\\n (a) c"\n',
            "code.yaml:8:13: line 2 of the text is indented by 1 space, expected two a level",
        ),
        (
            DEFINITIONS + '    - term: a\n      text: "b:\\n\\t(a) c"\n',
            "code.yaml:8:13: line 2 of the text is a tab as indentation, expected two spaces a level",
        ),
    ],
)
def test_what_is_malformed_is_refused_with_line_and_column(text: str, message: str) -> None:
    refused = refusal(text)

    assert refused[: len(message)] == message
    assert "\n" not in refused


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "code.json:1:1: the end of the file, expected a value"),
        ("{", "code.json:1:2: the end of the file, expected a key in quotation marks"),
        ('{"format": 1\n "title": "T"}', 'code.json:2:2: “"title"”, expected “,” or “}”'),
        ('{"format": 1,}', "code.json:1:14: “}”, expected a key in quotation marks"),
        ("{format: 1}", "code.json:1:2: “format”, expected a key in quotation marks"),
        ('{"format" 1}', "code.json:1:11: “1”, expected “:”"),
        ('{"format": 1} x', "code.json:1:15: “x”, expected the end of the file"),
        ('{"format": 1,\n\n "format": 1}', "code.json:3:2: the key “format” is given twice, first in line 1"),
        ('{"format": 1.0, "title": "T", "as_at": "2021-12-16"}', "code.json:1:12: “1.0”, expected a value"),
        ('{"format": 01}', "code.json:1:12: “01”, expected a value"),
        ('{"format": NaN}', "code.json:1:12: “NaN”, expected a value"),
        ('{"format": nullx}', "code.json:1:12: “nullx”, expected a value"),
        ('{"format": 1, "title": "a\nb"}', 'code.json:1:24: “"a”, expected a value'),
        ('{"format": 1, "title": "a\\q"}', "code.json:1:26: a wrong escape"),
        ('{"format": 1, "title": 45.0}', "code.json:1:24: “45.0”, expected a value, with texts in quotation marks"),
        ('{"format": 1, "title": 45, "as_at": "2021-12-16"}', "code.json:1:24: “title” is 45, expected a text, in quo"),
        ('{"format": 1, "title": "\\ud800", "as_at": "2021-12-16"}', "code.json:1:24: “title” has half of a surrogate"),
        ("[" * 100_000, "code.json:1:9: nested too deep, expected at most 8 levels"),
        ('{"format": 1, # why\n "title": "T"}', "code.json:1:15: “#”, expected a key in quotation marks"),
        ("\xa0{}", "code.json:1:1: “\xa0{”, expected a value"),
    ],
)
def test_json_is_refused_with_line_and_column_too(text: str, message: str) -> None:
    refused = refusal(text, "code.json")

    assert refused[: len(message)] == message
    assert "\n" not in refused


def test_aliases_cannot_blow_up() -> None:
    laughs = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefg", "bcdefgh", strict=True))

    assert refusal(laughs) == "code.yaml:1:4: the anchor “&a”, expected a value without one"


def test_nothing_but_null_true_and_false_is_resolved() -> None:
    text = "format: 1\ntitle: yes\nversion: 45.10\nshort_title: 0x1F\nas_at: '2021-12-16'\n"

    code, _ = code_from_text(text, "code.yaml")

    assert (code.title, code.version, code.short_title) == ("yes", "45.10", "0x1F")


def test_both_parsers_of_pyyaml_read_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    yaml = pytest.importorskip("yaml")
    text = YAML.replace("order: word-by-word", "order: word-by-word # as printed")
    with_c = code_from_text(text, "code.yaml")
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)

    assert code_from_text(text, "code.yaml") == with_c


# --- what is said of a file -------------------------------------------------------------------------------------------


def test_comments_draw_one_warning_at_the_first() -> None:
    text = HEAD + "# one\nversion: 'a # b' # two # still two\nsections: # three\n"
    text += "  - {label: a, text: b#c} # four\n  - label: b\n    text: |- # five\n      # no comment\n# six"

    code, (found,) = code_from_text(text, "code.yaml")

    assert (found.code, found.severity, found.message) == (
        "SD501",
        "warning",
        "6 comments are not kept; this is the first",
    )
    assert found.source is not None
    assert (found.source.line, found.source.column) == (4, 1)
    assert text[found.source.start : found.source.end] == "# one"
    assert code.version == "a # b"
    assert code.sections is not None
    assert [provision.text for provision in code.sections] == ["b#c", "# no comment"]


@pytest.mark.parametrize(
    ("flat", "expected", "ambiguous"),
    [
        ("means X", "means X", False),
        ("one\ntwo", "one\ntwo", False),
        ("x:\n  (a) y\n(b) z", "x:\n  (a) y\n(b) z", False),  # not flat: as given
        ("x:\n(a) y; or\n(b) z", "x:\n  (a) y; or\n  (b) z", False),
        ("(a) x\n(i) y\n(ii) z\n(b) k", "(a) x\n  (i) y\n  (ii) z\n(b) k", False),
        ("x:\n(a) y,\nin each case z", "x:\n  (a) y,\nin each case z", False),
        ("x:\n(a) y.\nWhere z", "x:\n  (a) y.\nWhere z", True),
        ("x:\n(a) y:\n(i) p,\nin each case z", "x:\n  (a) y:\n    (i) p,\nin each case z", True),
        ("x:\n(a) y:\n(i) p,\nin each case z\n(b) k", "x:\n  (a) y:\n    (i) p,\n  in each case z\n  (b) k", False),
        ("x\n(g) a\n(h) b", "x\n  (g) a\n  (h) b", True),  # a list that starts late
        ("x\n(a) b\n(c) d", "x\n  (a) b\n  (c) d", True),  # one left out
        ("x\n(a) b\n(aa) c\n(b) d", "x\n  (a) b\n  (aa) c\n  (b) d", False),
        ("x\n(1) b\n(1A) c\n(2) d", "x\n  (1) b\n  (1A) c\n  (2) d", False),
        ("x\n(a) b\n(or) c", "x\n  (a) b\n  (or) c", True),
        (
            "x\n1. b\na) c\ni) d\nii) e\nb) f\n2. g",
            "x\n  1. b\n    a) c\n      i) d\n      ii) e\n    b) f\n  2. g",
            False,
        ),
        ("x\n(a) b\n• c\n– d\n• e\n(b) f", "x\n  (a) b\n    • c\n      – d\n    • e\n  (b) f", False),
        ("x\n(A) b\n(1) c\n(2) d\n(B) e", "x\n  (A) b\n    (1) c\n    (2) d\n  (B) e", False),
        ("x\n\n(a) y", "x\n\n  (a) y", False),
    ],
)
def test_flat_text_is_indented_by_the_sequence_of_its_labels(flat: str, expected: str, ambiguous: bool) -> None:
    assert indented(flat) == (expected, ambiguous)


@pytest.mark.parametrize(
    ("after", "levels", "ambiguous"),
    [
        (("i", "j"), (1, 1), False),
        (("i", "ii", "iii"), (2, 2, 2), False),
        (("i", "ii", "i"), (2, 2, 1), False),
        (("i",), (1,), True),
    ],
)
def test_i_after_h_is_a_letter_or_a_numeral_by_what_follows(
    after: tuple[str, ...], levels: tuple[int, ...], ambiguous: bool
) -> None:
    flat = "\n".join(["x:", *(f"({label}) y" for label in (*"abcdefgh", *after))])

    text, several = indented(flat)

    assert tuple((len(line) - len(line.lstrip())) // 2 for line in text.split("\n")[9:]) == levels
    assert several is ambiguous


def test_two_trees_draw_a_note_and_flat_text_is_kept_indented() -> None:
    text = DEFINITIONS + "    - term: a\n      text: |-\n        b:\n        (a) c.\n        Where d\n"

    code, (found,) = code_from_text(text, "code.yaml")

    assert (found.code, found.severity) == ("SD503", "note")
    assert found.source is not None
    assert (found.source.line, found.source.column) == (8, 13)
    assert code.definitions is not None
    assert code.definitions.entries[0].text == "b:\n  (a) c.\nWhere d"


# --- bytes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "text", "severities"),
    [
        ("“a”\n".encode(), "“a”\n", []),
        (b"a\r\nb\rc\n\r", "a\nb\nc\n\n", []),
        ("“a”".encode("utf-8-sig"), "“a”", ["note"]),
        ("“a”\r\n".encode("utf-16"), "“a”\n", ["note"]),
        ("\ufeffab".encode("utf-16-be"), "ab", ["note"]),
        ("ab”".encode("utf-16-le"), "ab”", ["note"]),
        ("ab”".encode("utf-16-be"), "ab”", ["note"]),
        ("“a” £5".encode("cp1252"), "“a” £5", ["warning"]),
        (b"", "", []),
    ],
)
def test_encodings_are_detected_and_reported(data: bytes, text: str, severities: list[str]) -> None:
    read, findings = decoded(data, "letter.txt")

    assert read == text
    assert [found.severity for found in findings] == severities
    assert {found.code for found in findings} <= {"SD502"}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a\r\nbc\0", "letter.txt:2:3: a NUL character, expected a text file"),
        ("a\n“b” ".encode() + b"\x93c", "letter.txt:2:5: byte 0x93 is not UTF-8, expected text in UTF-8"),
        (b"a\nb\x81", "letter.txt:2:2: byte 0x81 is not UTF-8, expected text in UTF-8"),
        (b"\xff\xfea\0\x00\xd8", "letter.txt:1:2: byte 0x00 is not UTF-16, expected text in UTF-8"),
    ],
)
def test_what_is_not_text_is_refused_with_its_place(data: bytes, message: str) -> None:
    with pytest.raises(SecdefsError) as caught:
        decoded(data, "letter.txt")

    assert str(caught.value) == message


def test_a_missing_file_and_a_directory_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SecdefsError, match=r"none\.yaml: no such file$"):
        read_code(str(tmp_path / "none.yaml"))
    with pytest.raises(SecdefsError, match=r"is a directory, expected a file$"):
        read_code(str(tmp_path))
    with pytest.raises(SecdefsError, match="cannot be read"):
        read_code("a\0b")


def test_a_dash_is_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(code_to_json(CODE).encode())))

    assert read_code("-") == (CODE, ())


# --- replacing a file -------------------------------------------------------------------------------------------------


def test_a_file_is_made_and_replaced_with_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "code.yaml"
    replace_file(path, b"one")
    path.chmod(0o640)
    replace_file(path, b"two")

    assert path.read_bytes() == b"two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [entry.name for entry in tmp_path.iterdir()] == ["code.yaml"]


def test_a_failure_leaves_the_old_file_and_nothing_beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "code.yaml"
    path.write_bytes(b"one")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(SecdefsError, match=r"code\.yaml: cannot be written: No space left on device"):
        replace_file(path, b"two")

    assert path.read_bytes() == b"one"
    assert [entry.name for entry in tmp_path.iterdir()] == ["code.yaml"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    path, link = tmp_path / "code.yaml", tmp_path / "link.yaml"
    path.write_bytes(b"one")
    link.symlink_to(path)
    replace_file(link, b"two")

    assert link.is_symlink()
    assert path.read_bytes() == b"two"


@pytest.mark.parametrize(
    ("name", "message"),
    [("", "is a directory"), ("none/code.yaml", "no such folder"), ("a\0b", "cannot be written")],
)
def test_what_cannot_be_written_is_said(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(SecdefsError, match=message):
        replace_file(f"{tmp_path}/{name}", b"one")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_or_device_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(SecdefsError, match="is not an ordinary file"):
        replace_file(tmp_path / "pipe", b"one")


def test_every_key_of_the_model_is_written_where_it_has_a_value() -> None:
    written = json.loads(code_to_json(CODE))

    assert msgspec.convert(written, Code) == CODE


def test_what_the_library_writes_is_what_it_verifies(tmp_path: Path) -> None:
    root = Path(__file__).parents[1] / "fixtures"
    code, _ = secdefs.read_code(str(root / "codes" / "sec.yaml"))
    letter = secdefs.read_instrument((root / "letters" / "s1ckmp.txt").read_text("utf-8"), file="s1ckmp.txt")
    plan = secdefs.plan(code, letter)
    out = str(tmp_path / "new.yaml")
    secdefs.write(plan.after(), out)

    assert secdefs.verify(plan, secdefs.read_code(out)[0]).differences == ()
    assert {"ordered_and_missing"} == {each.kind for each in secdefs.verify(plan, code).differences}
