"""“As shown in Annex D”: the orders that the tracked changes of an annex make, exactly, or why not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

import msgspec

from secdefs.annexed import said
from secdefs.draft.records import ANEW, WORDS, Amendment, amendments
from secdefs.findings import Finding, Refused, SecdefsError, finding
from secdefs.letter.instrument import Instrument, Left
from secdefs.model import Code, Definition, DefinitionRef, Definitions, SectionRef
from secdefs.plan import plan
from secdefs.read.annexes import GivenAnnex
from secdefs.read.encoding import shown, visible
from secdefs.read.package import Package, W
from secdefs.read.revisions import REVISIONS, Existing, revised
from secdefs.read.word import Word
from secdefs.read.wordcode import WordCode, from_word
from secdefs.sentence.parse import Instruction
from secdefs.verify import compare

_NUMBER = "secdefs-paragraph"
_HINT = "give the annex as the Word file with its tracked changes, or add its instructions to the letter"


Standing: TypeAlias = Callable[[Left, tuple[Instrument, ...]], Code]
"""The code on which something is carried out that a letter leaves to an annex, after the letters made before it."""


def as_shown(letters: Sequence[Instrument], files: Sequence[GivenAnnex], standing: Standing) -> tuple[Instrument, ...]:
    """The letters with the orders that they leave to annexes whose files are given: those of the tracked changes.

    With all of these rejected an annex has to be the code as it then stands, as the letters made before leave it, and
    the orders have to make of it what the annex is with all accepted; else the letter has an error (SD211) in their
    place. What is left to an annex whose file is not given stays an error (SD108). `standing` may raise Refused.
    """
    given = {each.label: each for each in files}
    made = dict(enumerate(letters))
    earlier: tuple[Instrument, ...] = ()
    for number in sorted(made, key=lambda each: (made[each].made or dt.date.max, each)):
        made[number] = _shown(made[number], given, earlier, standing)
        earlier += (made[number],)
    return tuple(made.values())


def _shown(
    letter: Instrument, given: Mapping[str, GivenAnnex], earlier: tuple[Instrument, ...], standing: Standing
) -> Instrument:
    for left in letter.left:
        file = given.get(left.annex)
        if file is None or left.annex not in {each.label for each in letter.annexes}:
            continue
        others = [each for each in letter.findings if not _is_of(each, left)]
        try:
            made = tuple(_orders(left, file, letter, standing(left, earlier)))
            letter = msgspec.structs.replace(
                letter, instructions=(*letter.instructions, *made), findings=(*others, *left.findings)
            )
        except (Refused, SecdefsError) as error:
            refused = error if isinstance(error, Refused) else Refused("SD211", str(error), _HINT)
            found = finding(refused.code, refused.message, hint=refused.hint, source=left.order.source, weight="error")
            letter = msgspec.structs.replace(letter, findings=(*others, found))
    return letter


def _is_of(found: Finding, left: Left) -> bool:
    """Whether a finding is that changes are left to an annex that is not there."""
    source = left.order.source
    return (
        found.code == "SD108"
        and found.source is not None
        and (found.source.start, found.source.end) == (source.start, source.end)
    )


def _orders(left: Left, file: GivenAnnex, letter: Instrument, code: Code) -> Iterator[Instruction]:
    """The orders of an annex's tracked changes. Raises Refused, or SecdefsError for a file that cannot be read."""
    name = f"Annex {file.label}"
    target, section = left.order.operation.target, code.definitions.section if code.definitions is not None else None
    whole = isinstance(target, SectionRef) and target.label in (None, section) and target.part == "text"
    one = target.term if isinstance(target, DefinitionRef) and not target.path and target.part == "text" else None
    if section is None or not (whole or one is not None) or left.order.effect != "textual":
        what = f"the changes are left to {name}, and to another place than the definitions"
        raise Refused("SD108", what, f"add the instructions of {name} to the letter")
    if not file.data.startswith(b"PK") or not revised(Package(file.data, visible(file.file.file)).body()):
        what = f"the changes are left to {name}, and its file ({visible(file.file.file)}) has no tracked changes"
        raise Refused("SD211", what, _HINT)
    stood, after = _settled(file, "reject"), _settled(file, "accept")
    before = _as_code(stood, code)
    for each in compare(code, code, before).differences:
        what = f"{name}, with all its tracked changes rejected, is not the code as it stands: {said(each)}"
        raise Refused("SD211", what, "apply the letter to the code against which the annex is marked up")
    if before.definitions is None:
        raise Refused("SD211", f"{name} holds no definitions of this code", _HINT)
    wanted = msgspec.structs.replace(
        code, definitions=msgspec.structs.replace(_part(code), entries=_part(_as_code(after, code)).entries)
    )
    made = _exact(code, wanted, left, letter)
    strayed = next((each.key for each in made if one is not None and each.key != one), None)
    if strayed is not None:
        what = f"{name} changes “{shown(strayed)}” too, and the letter leaves to it “{shown(one or '')}” alone"
        raise Refused("SD211", what, "correct the letter or the annex")
    places = _places(after) | _places(stood)
    number = 0
    for amendment in made:
        for operation in amendment.operations:
            number += 1
            keys = [
                amendment.key,
                *(each.term for each in getattr(operation, "new", ()) if isinstance(each, Definition)),
            ]
            place = next((places[key] for key in reversed(keys) if key in places), None)
            where = name if place is None else f"{name}, paragraph {place}"
            item = f"{left.order.source.item} ({where})" if left.order.source.item else where
            yield msgspec.structs.replace(
                left.order,
                id=f"{left.order.id}.{file.label}{number}",
                operation=msgspec.structs.replace(
                    operation, target=msgspec.structs.replace(operation.target, work=target.work)
                ),
                source=msgspec.structs.replace(left.order.source, item=item),
            )


def _exact(code: Code, wanted: Code, left: Left, letter: Instrument) -> tuple[Amendment, ...]:
    """The orders that make of the code what is wanted: by words where that holds, else by whole definitions."""
    how: dict[tuple[str, str], int] = {}
    day = code.as_at
    for _ in range(12):
        made = amendments(code, wanted, day, how)
        if not made:
            raise Refused("SD211", "the tracked changes of the annex change nothing", _HINT)
        trial = [
            msgspec.structs.replace(
                left.order, id=f"{letter.short_hash}:{n}.{m}", operation=operation, commencement=day
            )
            for n, each in enumerate(made)
            for m, operation in enumerate(each.operations)
        ]
        own = msgspec.structs.replace(letter, instructions=tuple(trial), findings=(), annexes=(), code=())
        planned = plan(code, own)
        numbers = {
            f"{letter.short_hash}:{n}.{m}": each for n, each in enumerate(made) for m in range(len(each.operations))
        }
        wrong = {
            (numbers[found.instruction].list, numbers[found.instruction].key)
            for found in planned.findings
            if found.severity == "error" and found.instruction in numbers
        }
        if planned.ok:
            differences = compare(code, wanted, planned.after()).differences
            if not differences:
                return made
            wrong |= {(each.list, each.key) for each in differences}
        worse = {key for key in wrong if how.get(key, WORDS) < ANEW}
        if not worse:
            break
        for key in worse:
            how[key] = how.get(key, WORDS) + 1
    raise Refused("SD211", "no orders were found that are exactly the tracked changes of the annex", _HINT)


def _part(code: Code) -> Definitions:
    assert code.definitions is not None
    return code.definitions


def _settled(file: GivenAnnex, how: Existing) -> WordCode:
    """The annex with its changes settled, each paragraph bearing its number in the file."""
    package = Package(file.data, visible(file.file.file))
    root = package.body()
    for number, paragraph in enumerate(root.iter(f"{W}p"), 1):
        changed = next(paragraph.iter(*REVISIONS), None) is not None or any(
            row.find(f"{W}trPr/{W}ins") is not None or row.find(f"{W}trPr/{W}del") is not None
            for row in paragraph.iterancestors(f"{W}tr")
        )
        paragraph.set(_NUMBER, f"{number}{'*' if changed else ''}")
    return from_word(Word(package, how, root=root))


def _as_code(word: WordCode, code: Code) -> Code:
    return word.code(code.title, code.as_at, _part(code).section)


def _places(word: WordCode) -> dict[str, int]:
    """The number of the first changed paragraph of each definition, or of its first."""
    found = {}
    for held in word.held:
        numbers = [line.paragraph.get(_NUMBER) or "" for lines in held.fields.values() for line in lines]
        changed = [each for each in numbers if each.endswith("*")]
        first = (changed or numbers)[0].rstrip("*")
        if first:
            found[getattr(held.record, "term", "")] = int(first)
    return found
