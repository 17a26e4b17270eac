"""Laws of Akoma Ntoso: a code comes back as it was, and every document is valid by the official schema."""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections import Counter
from copy import deepcopy
from pathlib import Path

import msgspec
import pytest
from damage import damaged, laid_out, letters
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from lxml import etree

from secdefs.change.edits import Add, Consolidation, Remove, Splice
from secdefs.findings import SecdefsError
from secdefs.letter.instrument import read_instrument
from secdefs.model import Code, Definition, Definitions, Document, Entry, Group, Provision
from secdefs.read.codefile import code_from_text
from secdefs.read.encoding import decoded
from secdefs.write.akoma import akoma_bytes, redline_bytes
from secdefs.write.codefile import code_to_yaml

sys.path.insert(0, str(Path(__file__).parents[1] / "documents"))
from akoma import invalid
from test_akoma_letter import check
from test_codefile_laws import CODES, NAMES, STRINGS, texts

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@settings(max_examples=100, deadline=None)
@given(code=CODES)
def test_a_code_comes_back_as_it_was_and_the_document_is_valid(code: Code) -> None:
    if FORBIDDEN.search("".join(strings(code))):
        with pytest.raises(SecdefsError, match="XML cannot hold"):
            akoma_bytes(code)
        return
    data = akoma_bytes(code)
    text, encoding = decoded(data, "code.xml")
    read, findings = code_from_text(text, "code.xml")

    assert read == code
    assert (findings, encoding) == ((), ())
    assert invalid(data) == []
    assert akoma_bytes(read) == data


WORDS = st.text(st.sampled_from(" ab(i)1.\n•;“”"), max_size=6)

SAMPLE = akoma_bytes(
    Code(
        title="Code",
        version="1",
        as_at=dt.date(2024, 1, 1),
        definitions=Definitions(
            section="A",
            version="2",
            entries=(
                Definition(term="Bell", text="means:\n  (a) one; or\n    (i) two,\n  anyhow;\nor three", note="so"),
                Definition(term="Odd", text="x\n  (a)  y"),
            ),
        ),
        contents=(Group(group="Parts", entries=(Entry(label="A", title="x"),)),),
        documents=(Document(place="Part B", title="y", version="1", in_force_from=dt.date(2023, 1, 1)),),
        sections=(Provision(label="B1.1", heading="h", text="z"),),
    )
)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_damaged_document_is_refused_or_a_code(data: st.DataObject) -> None:
    tree = etree.fromstring(SAMPLE)
    for _ in range(data.draw(st.integers(1, 3))):
        elements = [each for each in tree.iter() if each.getparent() is not None]
        if not elements:
            break
        each = data.draw(st.sampled_from(elements))
        kind = data.draw(st.sampled_from(["remove", "double", "empty", "rename", "attribute", "into", "words"]))
        damage(each, kind, data.draw(st.sampled_from(elements)), data.draw(WORDS))
    existing = data.draw(st.sampled_from([None, "accept"]))
    try:
        code, _ = code_from_text(etree.tostring(tree).decode(), "code.xml", existing)
    except SecdefsError:
        return

    assert fits(code)
    if existing is None:
        assert Counter(visible(tree)) == Counter(
            "".join(strings(without_notes(code))).replace(" ", "").replace("\n", "")
        )


FIXED = ("As at ", ", version ", "Version ", ", in force from ", "In force from ")


def visible(tree: etree._Element) -> str:
    """The characters of a document that are not blank, but for days and the words around versions."""
    found = []
    for each in tree.iter():
        name = etree.QName(each).localname
        if any(etree.QName(one).localname == "meta" for one in (each, *each.iterancestors())):
            continue
        found += [text for text in ("" if name == "date" else each.text, each.tail) if text and text not in FIXED]
    return "".join("".join(found).split())


def without_notes(code: Code) -> tuple[object, ...]:
    """All that a code shows: no notes, nor how its terms are ordered."""
    part = code.definitions
    records = [*(part.entries if part else ()), *(code.documents or ()), *(code.sections or ())]
    for group in code.contents or ():
        records += [Group(group=group.group), *group.entries]
    shown = [msgspec.structs.replace(each, note=None) if hasattr(each, "note") else each for each in records]
    own = (code.title, code.short_title or "", code.version or "")
    return (*own, *((part.section, part.heading or "", part.version or "") if part else ()), *shown)


def damage(each: etree._Element, kind: str, other: etree._Element, words: str) -> None:
    """One thing done to an element of a document."""
    parent = each.getparent()
    assert parent is not None
    match kind:
        case "remove":
            parent.remove(each)
        case "double":
            parent.insert(parent.index(each), deepcopy(each))
        case "empty":
            each[:] = []
            each.text = None
        case "rename":
            each.tag = other.tag
        case "attribute":
            for name in each.attrib:
                each.set(name, words)
        case "into" if each not in other.iterancestors() and each is not other:
            other.append(each)
        case "words":
            each.text = words


@settings(max_examples=100, deadline=None)
@given(code=CODES, data=st.data())
def test_a_redline_is_the_code_changed_or_as_it_stood(code: Code, data: st.DataObject) -> None:
    assume(not FORBIDDEN.search("".join(strings(code))))
    marked = Consolidation(code)
    stood = marked.code()
    for number in range(data.draw(st.integers(1, 4))):
        change(marked, data, f"letter:{number}")
    after = marked.code()
    assume(not FORBIDDEN.search("".join(strings(after))))
    # An indentation that a code file cannot have is no text of a code.
    assume(all(fits(each) for each in (stood, after)))
    written = redline_bytes(marked)
    text, _ = decoded(written, "code.xml")

    assert code_from_text(text, "code.xml", "accept")[0] == after
    assert code_from_text(text, "code.xml", "reject")[0] == stood
    assert invalid(written) == []


def change(marked: Consolidation, data: st.DataObject, by: str) -> None:
    """One edit somewhere: words for words, a definition taken out, or one put in."""
    standing = [(name, key) for name in marked.lists if name != "code" for key in marked.keys(name)]
    kind = data.draw(st.sampled_from(["splice", "splice", "remove", "add"]))
    if kind == "add" and "definitions" in marked:
        new = Definition(term=data.draw(NAMES), text=data.draw(texts()), note=data.draw(st.none() | STRINGS))
        if marked.get("definitions", new.term) is None:
            index = data.draw(st.integers(0, len(marked.keys("definitions"))))
            marked.apply(Add("definitions", index, new), by)
    elif standing:
        name, key = data.draw(st.sampled_from(standing))
        if kind == "remove":
            marked.apply(Remove(name, key), by)
            return
        part = "text" if name in ("definitions", "sections") else "title"
        text = marked.text(name, key, part)
        at = data.draw(st.integers(0, len(text)))
        old = text[at : at + data.draw(st.integers(0, 8))]
        marked.apply(Splice(name, key, part, at, old, data.draw(WORDS)), by)


def fits(code: Code) -> bool:
    """Whether a code file can hold the code as it is."""
    try:
        return code_from_text(code_to_yaml(code), "code.yaml")[0] == code
    except SecdefsError:
        return False


def strings(value: object) -> list[str]:
    """All texts in a value."""
    match value:
        case str():
            return [value]
        case tuple():
            return [text for each in value for text in strings(each)]
    fields = getattr(value, "__struct_fields__", ())
    return [text for name in fields for text in strings(getattr(value, name))]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_a_letter_however_damaged_is_there_word_for_word(data: st.DataObject) -> None:
    text = data.draw(laid_out(data.draw(letters())))
    for _ in range(data.draw(st.integers(0, 2))):
        text = data.draw(damaged(text))

    check(read_instrument(text.chars))
