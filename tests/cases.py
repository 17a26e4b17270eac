"""Reads the golden cases of `fixtures/cases`: a direction, the code before it, and what a lawyer says must come of it.

A case is a file of sections, each begun by a line `--- NAME`:

`--- direction`   one paragraph is a single instruction, in effect on the code's day unless it says otherwise; several
                  paragraphs are a letter, read with nothing but its own words. The section may be repeated.
`--- options`     `as_at: DATE`, `with_effect_from: DATE`, `event: NAME=DATE`, `set_aside: ITEM = REASON`, `version: V`,
                  `definitions_version: V` ("none" for none; both are 2.0 where nothing is said).
`--- before`      the code, as a code file or in the short form below.
`--- after`       the records that must have changed, in the order in which they must stand; every other record must be
                  as it was. A code file instead is the whole code as it must be.
`--- findings`    every finding there must be, one a line: its code, then (optional) the words under the caret, then
                  (optional) a colon and a part of what it says. Without the section there must be none.

The short form, one record after another:

`Term: means …`            a definition; indented lines are its paragraphs, `| …` is a line at the margin
`[H8.16] The DCC shall …`  a provision of a Section, `[H8.16 | Heading] …` with a heading
`Appendices > AM: Title`   an entry of the contents
`Appendix AM = Title v11.0 2021-07-29`   a document of the register, its version and the day from which it is in force
`@as_at 2021-12-16`        a particular of the code: `@as_at`, `@version`, `@definitions_version`, `@order`
`@documents`               a part of the code that is there and empty
`- Term`                   (only after) a record that is gone, named as above
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any, NamedTuple

from secdefs.change.edits import KEY
from secdefs.letter.instrument import Instrument, read_instrument, short_form
from secdefs.model import Code, Definition, Definitions, Document, Entry, Group, Provision, Record
from secdefs.plan import Plan, plan
from secdefs.read.codefile import code_from_text

FOLDER = Path(__file__).parent.parent / "fixtures" / "cases"

_DOCUMENT = re.compile(
    r"(?P<place>(?:Appendix|Schedule) \w+) = (?P<title>.*?)(?: v(?P<version>[\d.]+))?(?: (?P<day>\d{4}-\d\d-\d\d))?"
)
_ENTRY = re.compile(r"(?P<group>\w+) > (?P<label>\w+): (?P<title>.*)")
_PROVISION = re.compile(r"\[(?P<label>[\w.]+)(?: \| (?P<heading>[^\]]*))?\] ?(?P<text>.*)", re.S)
_DEFINITION = re.compile(r"(?P<term>.+?): (?P<text>.*)", re.S)
_EXPECTED = re.compile(r"(?P<code>SD\d{3})(?: “(?P<words>.*?)”(?=:|$))?(?:: (?P<says>.+))?")
_PARTS = ("definitions", "contents", "documents", "sections")


class Expected(NamedTuple):
    """A finding that there must be: its code, the words under the caret and a part of what it says, where given."""

    code: str
    words: str | None
    says: str | None


class Case(NamedTuple):
    """A case as read."""

    directions: tuple[str, ...]
    options: dict[str, Any]
    before: Code
    after: str | None
    findings: tuple[Expected, ...]

    def instruments(self) -> tuple[Instrument, ...]:
        return tuple(
            short_form([text]) if "\n" not in text else read_instrument(text, file=f"letter {number}")
            for number, text in enumerate(self.directions, 1)
        )

    def given(self) -> dict[str, Any]:
        """The options with which it is planned: a single instruction is in effect on the code's day."""
        options = dict(self.options)
        if all("\n\n" not in text for text in self.directions):
            options.setdefault("with_effect_from", self.before.as_at)
        return options

    def plan(self) -> Plan:
        return plan(self.before, self.instruments(), **self.given())


def read_case(path: Path) -> Case:
    """The case in a file."""
    sections: list[tuple[str, str]] = []
    for part in re.split(r"^--- ", path.read_text("utf-8"), flags=re.M)[1:]:
        name, _, body = part.partition("\n")
        sections.append((name.strip(), body.strip("\n")))
    names = [name for name, _ in sections]
    unknown = set(names) - {"direction", "options", "before", "after", "findings"}
    assert not unknown, f"{path.name}: no section is called {unknown}"
    found = dict(sections)
    assert ("after" in found) or found.get("findings"), f"{path.name} expects nothing"
    findings = []
    for line in found.get("findings", "").splitlines():
        read = _EXPECTED.fullmatch(line.strip())
        assert read, f"{path.name}: {line!r} names no finding"
        findings.append(Expected(read["code"], read["words"], read["says"]))
    return Case(
        directions=tuple(body for name, body in sections if name == "direction"),
        options=_options(found.get("options", "")),
        before=short_code(found["before"]),
        after=found.get("after"),
        findings=tuple(findings),
    )


def _options(body: str) -> dict[str, Any]:
    result: dict[str, Any] = {"version": "2.0", "definitions_version": "2.0", "events": {}, "set_aside": {}}
    for line in body.splitlines():
        name, _, value = line.partition(":")
        value = value.strip()
        match name:
            case "as_at" | "with_effect_from":
                result[name] = dt.date.fromisoformat(value)
            case "event":
                event, _, day = value.rpartition("=")
                result["events"][event] = dt.date.fromisoformat(day)
            case "set_aside":
                item, _, reason = value.partition(" = ")
                result["set_aside"][item] = reason
            case "version" | "definitions_version":
                result[name] = None if value == "none" else value
            case _:
                raise AssertionError(f"there is no option {name}")
    return result


# --- the short form ---------------------------------------------------------------------------------------------------


class _Read(NamedTuple):
    """What the short form says: records by list, in order; the keys of those that are gone; the particulars."""

    records: dict[str, list[Record]]
    gone: set[tuple[str, str]]
    particulars: dict[str, str]


def _read(body: str) -> _Read:
    result = _Read({}, set(), {})
    for chunk in re.split(r"\n(?![ |])", body):
        text = re.sub(r"^\| ", "", chunk, flags=re.M)
        if not text.strip():
            continue
        if text.startswith("@"):
            name, _, value = text[1:].partition(" ")
            if name in _PARTS and not value:
                result.records.setdefault(name, [])
            else:
                result.particulars[name] = value
        elif text.startswith("- "):
            result.gone.add(_gone(text[2:]))
        else:
            name, record = _record(text)
            result.records.setdefault(name, []).append(record)
    return result


def _gone(name: str) -> tuple[str, str]:
    """The list and key of a record that is named and no more."""
    group, _, label = name.partition(" > ")
    if label:
        return f"contents:{group}", label
    if name.startswith("["):
        return "sections", name.strip("[]")
    return ("documents" if re.fullmatch(r"(?:Appendix|Schedule) \w+", name) else "definitions"), name


def _record(text: str) -> tuple[str, Record]:
    if document := _DOCUMENT.fullmatch(text):
        day = dt.date.fromisoformat(document["day"]) if document["day"] else None
        return "documents", Document(
            place=document["place"], title=document["title"], version=document["version"], in_force_from=day
        )
    if entry := _ENTRY.fullmatch(text):
        return f"contents:{entry['group']}", Entry(label=entry["label"], title=entry["title"])
    if provision := _PROVISION.fullmatch(text):
        return "sections", Provision(label=provision["label"], heading=provision["heading"], text=provision["text"])
    definition = _DEFINITION.fullmatch(text)
    assert definition, f"{text!r} is no record"
    return "definitions", Definition(term=definition["term"], text=definition["text"].removeprefix("\n"))


def _key(record: Record) -> str:
    return str(getattr(record, KEY[type(record)]))


def short_code(body: str) -> Code:
    """The code that the short form, or a code file, says."""
    if body.startswith("format:"):
        return code_from_text(body, "before")[0]
    read = _read(body)
    assert not read.gone, "nothing can be gone before"
    said = read.particulars
    groups = [name for name in read.records if name.startswith("contents:")]
    definitions: Any = None
    if "definitions" in read.records:
        definitions = Definitions(
            section="A",
            heading="Definitions and Interpretation",
            version=said.get("definitions_version", "1.0"),
            order=said.get("order", "word-by-word"),  # type: ignore[arg-type]
            entries=tuple(read.records["definitions"]),  # type: ignore[arg-type]
        )
    return Code(
        title="Smart Energy Code",
        short_title="SEC",
        version=said.get("version", "1.0"),
        as_at=dt.date.fromisoformat(said.get("as_at", "2021-12-16")),
        definitions=definitions,
        contents=tuple(
            Group(group=name.removeprefix("contents:"), entries=tuple(read.records[name]))  # type: ignore[arg-type]
            for name in groups
        )
        or None,
        documents=tuple(read.records["documents"]) if "documents" in read.records else None,  # type: ignore[arg-type]
        sections=tuple(read.records["sections"]) if "sections" in read.records else None,  # type: ignore[arg-type]
    )


def records(code: Code) -> dict[tuple[str, str], Record]:
    """The records of a code by list and key, in the order in which they stand."""
    lists: dict[str, tuple[Record, ...]] = {
        "definitions": code.definitions.entries if code.definitions else (),
        "documents": code.documents or (),
        "sections": code.sections or (),
    }
    lists |= {f"contents:{group.group}": group.entries for group in code.contents or ()}
    return {(name, _key(each)): each for name, entries in lists.items() for each in entries}


def changed(before: Code, after: Code) -> dict[tuple[str, str], Record | None]:
    """The records that differ, by list and key; None for those that are gone."""
    old, new = records(before), records(after)
    return {at: new.get(at) for at in {**new, **old} if old.get(at) != new.get(at)}


def named(body: str) -> dict[tuple[str, str], Record | None]:
    """The records that a section in the short form names, by list and key; None for those that must be gone."""
    read = _read(body)
    result: dict[tuple[str, str], Record | None] = {}
    for name, records in read.records.items():
        for record in records:
            result[name, _key(record)] = record
    return result | dict.fromkeys(read.gone)


def particulars(body: str) -> dict[str, str]:
    """The particulars of the code that a section in the short form names."""
    return _read(body).particulars


def in_order(code: Code, body: str) -> dict[str, tuple[list[str], list[str]]]:
    """For each list that a section names: the keys in the order named, and the same keys in the order of the code."""
    standing = list(records(code))
    result = {}
    for name, entries in _read(body).records.items():
        keys = [_key(each) for each in entries]
        result[name] = (keys, [key for within, key in standing if within == name and key in keys])
    return result
