"""Reads the sentences of `fixtures/sentences`: what is directed, and the operations that it must be read as.

A case is a paragraph of lines; a line that begins with `#` is a remark.

`> In section 5—`     a lead-in, the outermost first
`omit “b”.`           the sentence itself
`| (c) three;`        a line of the text set out below it
`= OPERATION`         an instruction that must be read, in this order; `= as if OPERATION` for one that changes no text;
                      ` ~ 2030-06-01` at its end for its commencement
`! SD101: part`       the error that there must be, and (optional) a part of its message; `SD101/SD109` for either
`! or refused`        to refuse it is right too
`? reason`            it is not read so yet; `?? reason` its operations do not say themselves yet. The line goes then.

An operation is its name and its fields in their order, between bars: `omit_words | def “Gauge” §A (b) | “one” each`.

A place: `def “Gauge”`, with `§A` for the Section where it stands; `prov H8.16`, `prov ^` where no label is said;
`sec A`, `sec ^`; `doc Appendix AM`; `list Appendices` (`list ^`: the contents, no list named), `entry Appendices AM`.
Then the path `(b)(ii)`, a range
`..(iv)`, a part `#opening`, `#heading`, `#sentence 2`, another instrument `@Widget Act 2001`.
Words: `“one”`, then `each`, `each 2`, `nth 1 3`, `nth -1`, or `after “A”`, `before (b)`, `at end`, `at beginning`,
`before def “A”`.
A stretch of words: `“A” .. “B”`, `“A” .. end`, `beginning .. “B”`, `“A” .. end (b)`, `end (a) .. “B”`,
`outside “A” .. end`, `beginning .. outside “B”`, `outside “A” .. outside “B”` for what stands after, before, between.
A spot: `after “A” nth 2`, `before prov 5 (b)`, `at end`, `alphabetical`, `in order`, and `but “and”` for what stays
last.
What is inserted: `“one”` for words; `{“Gauge” means one;}` or `{(b) two}` for provisions, `\\n` for a new line.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

from secdefs.change import operations
from secdefs.model import (
    Beside,
    Definition,
    DefinitionRef,
    DocumentRef,
    Each,
    End,
    Entry,
    EntryRef,
    Nth,
    Outside,
    Provision,
    ProvisionRef,
    Quote,
    SectionRef,
    Sentence,
    Span,
    Spot,
)

FOLDER = Path(__file__).parent.parent / "fixtures" / "sentences"

CLASSES = {each.__struct_config__.tag: each for each in operations.Op.__subclasses__()}


class Case(NamedTuple):
    """A case as it is written: what must come of it, and what of that is waited for."""

    file: str
    line: int
    within: tuple[str, ...]
    sentence: str
    block: tuple[str, ...]
    expected: tuple[str, ...]
    waiting: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.file}:{self.line}"

    @property
    def may_be_refused(self) -> bool:
        return "! or refused" in self.expected

    def instructions(self) -> tuple[tuple[str, Any, str | None], ...]:
        """The instructions that there must be: effect, operation, commencement as ISO date or as said."""
        return tuple(_instruction(each[2:]) for each in self.expected if each.startswith("= "))

    def findings(self) -> tuple[tuple[str, str], ...]:
        """The errors that there must be: code, and a part of the message."""
        split = (each[2:].partition(":") for each in self.expected if each.startswith("! SD"))
        return tuple((code.strip(), part.strip()) for code, _, part in split)


def cases() -> tuple[Case, ...]:
    """All cases of the folder."""
    return tuple(case for path in sorted(FOLDER.glob("*.txt")) for case in read(path))


def read(path: Path) -> tuple[Case, ...]:
    """The cases of a file."""
    result = []
    lines = [*path.read_text("utf-8").split("\n"), ""]
    start = 0
    for number, line in enumerate(lines):
        if line.strip():
            continue
        said = [each for each in lines[start:number] if not each.startswith("#")]
        if said:
            leads = tuple(each[2:] for each in said if each.startswith("> "))
            block = tuple(each[2:] for each in said if each.startswith("| "))
            expected = tuple(each for each in said if each.startswith(("= ", "! ")))
            waiting = tuple(each for each in said if each.startswith("?"))
            (sentence,) = [each for each in said if each[0] not in ">|=!?"]
            result.append(Case(path.stem, start + 1, leads, sentence, block, expected, waiting))
        start = number + 1
    return tuple(result)


# --- the notation -----------------------------------------------------------------------------------------------------


def _instruction(text: str) -> tuple[str, Any, str | None]:
    text, _, day = text.partition(" ~ ")
    effect = "as_if" if text.startswith("as if ") else "textual"
    name, *fields = [each.strip() for each in text.removeprefix("as if ").split(" | ")]
    return effect, _operation(name, fields), day.strip() or None


def _operation(name: str, fields: list[str]) -> Any:
    target = Reader(fields[0]).place()
    rest: dict[str, Any] = {}
    names = [each for each in CLASSES[name].__struct_fields__ if each != "target"]
    for field, said in zip(names, fields[1:], strict=False):
        if said != "^":
            rest[field] = Reader(said).field(field)
    return CLASSES[name](target=target, **rest)


_QUOTED = re.compile(r"“((?:[^“”]|“[^“”]*”)*)”\s*")
_PATH = re.compile(r"((?:\([\w.]+\))+)\s*")


class Reader:
    """Reads one field of an operation from left to right."""

    def __init__(self, text: str) -> None:
        self.left = text

    def take(self, pattern: str | re.Pattern[str]) -> re.Match[str] | None:
        found = re.compile(pattern).match(self.left)
        if found is not None:
            self.left = self.left[found.end() :]
        return found

    def done(self, value: Any) -> Any:
        assert not self.left.strip(), f"what does “{self.left}” mean?"
        return value

    def field(self, name: str) -> Any:
        match name:
            case "old" | "conjunction":
                return self.done(self.words())
            case "at":
                return self.done(self.spot())
            case "new" if self.left.startswith("{"):
                return self.done(self.records())
            case "new":
                return self.done(self.quoted())
        return self.left

    def quoted(self) -> str:
        found = self.take(_QUOTED)
        assert found is not None, f"“{self.left}” is no quotation"
        return found[1].replace("\\n", "\n")

    def path(self) -> tuple[str, ...]:
        found = self.take(_PATH)
        return tuple(re.findall(r"[\w.]+", found[1])) if found else ()

    def place(self) -> Any:
        kind = self.take(r"(def|prov|sec|doc|list|entry) ")
        assert kind is not None, f"“{self.left}” is no place"
        made: dict[str, Any] = {}
        match kind[1]:
            case "def":
                made["term"] = self.quoted()
                section = self.take(r"§(\S+(?: \d\S*| of Schedule \S+)?)\s*")
                made["section"] = section[1] if section else None
            case "prov" | "sec":
                label = self.take(
                    r"(\^|(?:Schedule|Part|Chapter|Group|Annex)(?: \w+)?(?: of (?:Schedule|Part)(?: \w+)?)*|[\w.]+)\s*"
                )
                assert label is not None
                made["label"] = label[1] if label[1] != "^" else (None if kind[1] == "sec" else "")
            case "doc":
                found = self.take(r"(\w+ \w+)\s*")
                assert found is not None
                made["place"] = found[1]
            case "list" | "entry":
                group = self.take(r"(\^|\w+)\s*")
                assert group is not None
                made["group"] = group[1] if group[1] != "^" else ""
                if kind[1] == "entry":
                    label = self.take(r"(\w+)\s*")
                    assert label is not None
                    made["label"] = label[1]
        path = self.path()
        if path:
            made["path"] = path
        through = self.take(r"\.\.\(?(\w+)\)?\s*")
        if through:
            made["through"] = through[1]
        beside = self.take(r"#(opening before|closing after) \((\w+)\)\s*")
        if beside:
            made |= {"part": beside[1].split()[0], "beside": beside[2]}
        part = self.take(r"#(opening|closing|heading|term|sentence (-?\d+))\s*")
        if part:
            made["part"] = Sentence(int(part[2])) if part[2] else part[1]
        work = self.take(r"@(.+)$")
        if work:
            made["work"] = work[1]
        classes = {"def": DefinitionRef, "prov": ProvisionRef, "sec": SectionRef, "doc": DocumentRef}
        return classes.get(kind[1], EntryRef)(**made)

    def quote(self) -> Quote:
        text = self.quoted()
        if found := self.take(r"each(?: (\d+))?\s*"):
            return Quote(text, Each(int(found[1]) if found[1] else None))
        if found := self.take(r"nth((?: -?\d+)+)\s*"):
            return Quote(text, Nth(tuple(int(each) for each in found[1].split())))
        if found := self.take(r"at (end|beginning)\s*"):
            return Quote(text, beside="end" if found[1] == "end" else "beginning")
        if found := self.take(r"(after|before) "):
            side: Any = found[1]
            if self.take("def "):
                return Quote(text, beside=Beside(side, term=self.quoted()))
            if path := self.path():
                return Quote(text, beside=Beside(side, path=path))
            made = self.quoted()
            until = self.quoted() if self.take("and before ") else None
            return Quote(text, beside=Beside(side, text=made, until=until))
        return Quote(text)

    def edge(self) -> Quote | End | Outside | None:
        if self.take(r"outside "):
            return Outside(self.quote())
        if self.take(r"end (?=\()"):
            return End(self.path())
        if self.take(r"(?:beginning|end)\s*"):
            return None
        return self.quote()

    def words(self) -> Quote | Span:
        first = self.edge()
        if self.take(r"\.\. ") is None:
            assert isinstance(first, Quote)
            return first
        return Span(first, self.edge())

    def spot(self) -> Spot:
        words = ref = None
        where: Any
        if found := self.take(r"(after|before) "):
            where = found[1]
            if self.left.startswith(("“", "beginning", "end (")):
                words = self.words()
            else:
                ref = self.place()
        elif found := self.take(r"at (end|beginning)\s*"):
            where = found[1]
        else:
            found = self.take(r"(alphabetical|in order)\s*")
            assert found is not None, f"“{self.left}” is no spot"
            where = found[1].replace(" ", "_")
        but = self.take(r"but ")
        return Spot(where, words=words, ref=ref, conjunction=self.quoted() if but else None)

    def records(self) -> tuple[Any, ...]:
        result: list[Any] = []
        while found := self.take(r"\{((?:[^{}])*)\}\s*"):
            text = found[1].replace("\\n", "\n")
            if inner := re.fullmatch(r"“([^“”]*)” (.*)", text, re.S):
                result.append(Definition(term=inner[1], text=inner[2]))
            elif inner := re.fullmatch(r"(\w+): (.*)", text, re.S):
                result.append(Entry(label=inner[1], title=inner[2]))
            elif inner := re.fullmatch(r"\(([\w.]+)\)(?: (.*))?", text, re.S):
                result.append(Provision(label=inner[1], text=inner[2] or ""))
            else:
                result.append(Provision(label="", text=text))
        return tuple(result)
