"""Laws of the code file: what is written is read back, written again is the same, and reads alike for others."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from secdefs.findings import SecdefsError
from secdefs.model import Code, Definition, Definitions, Document, Entry, Group, Provision
from secdefs.read.codefile import code_from_text, indented
from secdefs.read.encoding import decoded
from secdefs.write.codefile import code_to_json, code_to_yaml

NASTY = st.sampled_from(
    (
        "null Null NULL ~ true yes No ON off y N .inf -.NaN 0 00 1_0 0x1F 0o7 0b1 1e3 +1 .5 5. 1:30 12:30:45 << = "
        "- -- --- ... ? : , [ ] { } # & * ! | > ' \" % @ ` \\ // a: :a a:b a#b #a [TBC] {x} 24-Hour |- >- !!str &a *a "
        "%YAML 2021-12-16 2021-12-16T10:00:00Z (a) (i) 1. a) • – "
        "\u2028 \x85 \ufeff \u202e \xa0 \x00 \x1b \r \t \U0010ffff \ufffe "
    ).split(" ")
)
CHARACTERS = st.characters(exclude_categories=["Cs"])
STRINGS = st.one_of(
    NASTY,
    st.lists(st.one_of(NASTY, st.text(CHARACTERS, max_size=4)), max_size=5).map(" ".join),
    st.lists(st.one_of(NASTY, st.sampled_from(["", " ", "  ", "a", " a", "a "])), max_size=5).map("\n".join),
    st.text(CHARACTERS),
    st.text(st.sampled_from(" \n\t:#-'\"\\,[]{}a(i)b1.")),
)
NAMES = STRINGS.filter(str.strip)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Texts whose levels are well formed: at most one deeper than the line before."""
    above, lines = 0, []
    for line in draw(
        st.lists(st.one_of(NASTY, STRINGS.map(lambda text: text.replace("\n", " "))), min_size=1, max_size=6)
    ):
        content = line.lstrip(" \t")
        level = draw(st.integers(0, above + 1))
        above = level if content else above
        lines.append("  " * level + content)
    return indented("\n".join(lines))[0]


MAYBE = st.none() | STRINGS
DATES = st.dates(min_value=dt.date(1000, 1, 1))


def records(kind: Callable[..., Any], key: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    """Lists of records of one kind, each key once."""
    record = st.builds(kind, **{key: NAMES}, **fields)
    return st.lists(record, max_size=3, unique_by=lambda made: getattr(made, key)).map(tuple)


CODES = st.builds(
    Code,
    title=STRINGS,
    short_title=MAYBE,
    version=MAYBE,
    as_at=DATES,
    definitions=st.none()
    | st.builds(
        Definitions,
        section=NAMES,
        heading=MAYBE,
        version=MAYBE,
        order=st.sampled_from(["word-by-word", "letter-by-letter", "none"]),
        entries=records(Definition, "term", text=texts(), note=MAYBE),
    ),
    contents=st.none() | records(Group, "group", entries=records(Entry, "label", title=STRINGS, note=MAYBE)),
    documents=st.none()
    | records(Document, "place", title=STRINGS, version=MAYBE, in_force_from=st.none() | DATES, note=MAYBE),
    sections=st.none() | records(Provision, "label", heading=MAYBE, text=texts(), note=MAYBE),
)


def strings(value: object) -> object:
    """A tree with its dates as text, so that what YAML takes for a date compares with what JSON has."""
    match value:
        case dict():
            return {key: strings(item) for key, item in value.items()}
        case list():
            return [strings(item) for item in value]
        case dt.date():
            return value.isoformat()
        case _:
            return value


@pytest.mark.parametrize("write", [code_to_yaml, code_to_json])
@given(code=CODES)
def test_what_is_written_is_read_back_and_written_alike(write: Callable[[Code], str], code: Code) -> None:
    written = write(code)
    text, encoding = decoded(written.encode(), "code")
    read, findings = code_from_text(text, "code")

    assert read == code
    assert (findings, encoding) == ((), ())
    assert write(read) == written


@given(code=CODES)
def test_other_readers_read_the_same_strings(code: Code) -> None:
    yaml = pytest.importorskip("yaml")
    written = code_to_yaml(code)
    expected = json.loads(code_to_json(code))

    for loader in {yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)}:
        assert strings(yaml.load(written, Loader=loader)) == expected


@given(code=CODES)
def test_the_layout_of_yaml_is_plain(code: Code) -> None:
    written = code_to_yaml(code)

    assert written.endswith("\n")
    assert not written.endswith("\n\n")
    assert len(written.splitlines()) == written.count("\n")


LABELS = "(a) x|(b) x|(c) x|(h) x|(i) x|(ii) x|(j) x|(1) x|(1A) x|(A) x|(aa) x|(za) x|1. x|a) x|• x|– x|x|X|"


@given(lines=st.lists(st.sampled_from(LABELS.split("|")), max_size=12))
def test_indenting_adds_only_leading_spaces_and_once(lines: list[str]) -> None:
    flat = "\n".join(lines)
    text, _ = indented(flat)

    assert [line.lstrip(" ") for line in text.split("\n")] == flat.split("\n")
    assume(text != flat)
    assert indented(text) == (text, False)
    above = 0
    for line in filter(None, text.split("\n")):
        level, odd = divmod(len(line) - len(line.lstrip(" ")), 2)
        assert not odd
        assert level <= above + 1
        above = level


def refusal(text: str, file: str) -> str | None:
    """The message with which a text is refused, or None where it is a code file."""
    try:
        code_from_text(text, file)
    except SecdefsError as error:
        return str(error)
    return None


@given(data=st.binary())
def test_any_bytes_are_text_or_refused_in_one_line(data: bytes) -> None:
    try:
        text, _ = decoded(data, "code.yaml")
        message = refusal(text, "code.yaml")
    except SecdefsError as error:
        message = str(error)

    assert message is not None
    assert message.startswith("code.yaml:")
    assert len(message.splitlines()) == 1


LINES = "format: 1\n|title: T\n|as_at: 2021-12-16\n|sections:\n|  - label: a\n|    text: >-\n|      (a) b\n|---\n|\n|\t"
PARTS = st.sampled_from([*LINES.split("|"), *": |- |[|]|{|}|,|\"|'|#|&a |*a|!!x |>|  |a|?|\\|1|null".split("|"), "|"])


@given(parts=st.lists(PARTS, max_size=20), file=st.sampled_from(["code.yaml", "code.json"]))
def test_anything_like_yaml_or_json_is_read_or_refused_in_one_line(parts: list[str], file: str) -> None:
    message = refusal("".join(parts), file)

    assert message is None or message.startswith(f"{file}:")
    assert message is None or len(message.splitlines()) == 1
