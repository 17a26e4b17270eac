"""The rules on letters: dates, annexes, places, versions, and how their instructions go together."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from itertools import pairwise

from secdefs.change import collation
from secdefs.change.operations import IncorporateDocument, ReincorporateDocument
from secdefs.change.text import paragraph, paragraphs
from secdefs.checks.citations import Held, citations, provisions_cited
from secdefs.checks.health import dangling_provisions, strange, unbalanced
from secdefs.checks.matter import Found, Matter, called, texts, within
from secdefs.commencement import DAY, MONTHS, written
from secdefs.findings import Refused
from secdefs.outline import Clause, outline, walk
from secdefs.sentence.parse import parse

# --- documents --------------------------------------------------------------------------------------------------------


def next_place(matter: Matter) -> Iterator[Found]:
    """SD601: a document is designated as an Appendix whose letter is not the next."""
    taken = {each.place for each in matter.before.documents or ()}
    nouns = {"Appendices": "Appendix", "Schedules": "Schedule"}
    for group in matter.before.contents or ():
        if group.group in nouns:
            taken |= {f"{nouns[group.group]} {each.label}" for each in group.entries}
    coming = [each for each in matter.instructions.values() if isinstance(each.operation, IncorporateDocument)]
    for each in sorted(coming, key=lambda one: collation.label(one.operation.target.place.partition(" ")[2])):  # type: ignore[union-attr]
        operation = each.operation
        assert isinstance(operation, IncorporateDocument)
        noun, _, label = operation.target.place.partition(" ")
        mine = [collation.label(place.partition(" ")[2]) for place in taken if place.startswith(f"{noun} ")]
        if mine and collation.label(label) > max(mine):
            last = max(
                (place.partition(" ")[2] for place in taken if place.startswith(f"{noun} ")), key=collation.label
            )
            due = _next(last)
            if due is not None and due != label:
                yield Found(
                    f"{operation.target.place} is designated, and the last is {noun} {last}: {noun} {due} is skipped",
                    f"if that is not meant, designate it as {noun} {due}",
                    each.source,
                )
        taken.add(operation.target.place)


def _next(label: str) -> str | None:
    """The label after one: B after A, AA after Z, 12 after 11."""
    if label.isdigit():
        return str(int(label) + 1)
    if not re.fullmatch("[A-Z]+", label):
        return None
    number = 0
    for char in label:
        number = number * 26 + ord(char) - 64
    number += 1
    result = ""
    while number:
        number, rest = divmod(number - 1, 26)
        result = chr(65 + rest) + result
    return result


def versions_rise(matter: Matter) -> Iterator[Found]:
    """SD606: a document or the definitions would have a version that is not above the one in force."""
    register = {each.place: each.version for each in matter.before.documents or ()}
    for each in matter.instructions.values():
        match each.operation:
            case ReincorporateDocument(target=target, version=str(new)):
                old = register.get(target.place)
                if old is not None and collation.version(new) <= collation.version(old):
                    yield Found(
                        f"{target.place} is re-designated at version {new}, and version {old} is in force",
                        "check the version in the annex list",
                        each.source,
                    )
                register[target.place] = new
            case IncorporateDocument(target=target, version=version):
                register[target.place] = version
    for letter in matter.letters:
        section = matter.before.definitions
        for annex in letter.annexes:
            if section is None or annex.place != f"Section {section.section}" or not annex.version:
                continue
            if section.version and collation.version(annex.version) <= collation.version(section.version):
                at = letter.text.find(f"Annex {annex.label}:")
                yield Found(
                    f"the annex list gives {annex.place} version {annex.version}, and it is at {section.version} now",
                    "check the version in the annex list",
                    within(letter, at, at + len(f"Annex {annex.label}")) if at >= 0 else None,
                )


_ANNEX = re.compile(r"\bAnnex (?P<label>[A-Z]{1,2}\d*|\d{1,2})\b(?! of (?:the|our|that|its) (?!(?:this|letter)\b))")


def annexes_cited(matter: Matter) -> Iterator[Found]:
    """SD605: an annex is cited and not listed, or listed and cited nowhere."""
    for letter in matter.letters:
        listed = {each.label for each in letter.annexes}
        if not listed:
            continue
        cited: dict[str, int] = {}
        for found in _ANNEX.finditer(" ".join(letter.text.split("\n"))):
            line = letter.text.rfind("\n", 0, found.start()) + 1
            heads = letter.text[line : found.start()].strip() == "" and re.match(
                r"\s?[:–—-]", letter.text[found.end() :]
            )
            if not heads:
                cited.setdefault(found["label"], found.start())
        for label, at in cited.items():
            if label not in listed:
                yield Found(
                    f"Annex {label} is cited, and the annex list does not have it",
                    "list it, or correct the citation",
                    within(letter, at, at + len(f"Annex {label}")),
                )
        # A Section as it will read, and a comparison with what was before, are sent along without a word.
        silent = {each.label for each in letter.annexes if each.marked_up_against or "Section" in (each.place or "")}
        for label in sorted(listed - set(cited) - silent):
            at = next((found.start() for found in re.finditer(rf"^\s*Annex {label}\b", letter.text, re.M)), 0)
            start = at + len(letter.text[at:]) - len(letter.text[at:].lstrip())
            yield Found(
                f"Annex {label} is listed, and the letter does not speak of it",
                "say what it is, or take it out of the list",
                within(letter, start, start + len(f"Annex {label}")),
                # What is no document and no Section is often sent along without a word.
                grave=False,
            )


# --- dates ------------------------------------------------------------------------------------------------------------

_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_WEEKDAY = re.compile(rf"(?P<weekday>{'|'.join(_DAYS)}),?\s+(?:the\s+)?(?=\d)")


def _dates(text: str) -> Iterator[tuple[re.Match[str], int, int, int]]:
    """Each date of a text: the match, and its year, month and day."""
    pattern = re.compile(DAY.pattern.replace(" ", r"\s+"))
    for found in pattern.finditer(text):
        if "[" not in found.group() and found["month"].lower() in MONTHS:
            yield found, int(found["year"]), MONTHS.index(found["month"].lower()) + 1, int(found["day"])


def no_such_day(matter: Matter) -> Iterator[Found]:
    """SD607: a date that is not in the calendar."""
    for letter in matter.letters:
        for found, year, month, number in _dates(letter.text):
            last = calendar.monthrange(year, month)[1] if year else 31
            if not 1 <= number <= last:
                yield Found(
                    f"there is no {' '.join(found.group().split())} in the calendar",
                    f"the month has {last} days",
                    within(letter, found.start(), found.end()),
                )


def weekdays(matter: Matter) -> Iterator[Found]:
    """SD608: a day of the week that is not that of its date."""
    for letter in matter.letters:
        for found, year, month, number in _dates(letter.text):
            before = list(_WEEKDAY.finditer(letter.text, max(0, found.start() - 20), found.start() + 1))
            if not before or before[-1].end() != found.start():
                continue
            try:
                right = _DAYS[dt.date(year, month, number).weekday()]
            except ValueError:
                continue
            if before[-1]["weekday"] != right:
                date = " ".join(found.group().split())
                yield Found(
                    f"{date} is a {right}, and not a {before[-1]['weekday']}",
                    f"it would read “{right} {date}”, if the date is right",
                    within(letter, before[-1].start(), found.end()),
                )


def before_the_letter(matter: Matter) -> Iterator[Found]:
    """SD609: an instruction commences before the day on which its letter was made."""
    for letter in matter.letters:
        said: set[dt.date] = set()
        for each in letter.instructions:
            if letter.made and isinstance(each.commencement, dt.date) and each.commencement < letter.made:
                if each.commencement not in said:
                    yield Found(
                        f"this commences on {written(each.commencement)}, and the letter is of {written(letter.made)}",
                        "check the two dates; a change cannot well be made for a day that has passed",
                        each.source,
                    )
                said.add(each.commencement)


# --- instructions -----------------------------------------------------------------------------------------------------


def amends_its_own(matter: Matter) -> Iterator[Found]:
    """SD610: an instruction changes words that another of the same letter put there."""
    said: set[tuple[str, str]] = set()
    for name, marks in matter.marked.lists.items():
        for mark in marks if name != "code" else ():
            pieces = [piece for field in mark.fields.values() for piece in field]
            pairs = {(piece.by, piece.gone) for piece in pieces if piece.by and piece.gone and piece.by != piece.gone}
            pairs |= {(mark.by, mark.gone)} if mark.by and mark.gone else set()
            if mark.by:
                pairs |= {
                    (mark.by, hand) for piece in pieces for hand in (piece.by, piece.gone) if hand and hand != mark.by
                }
            for one, two in sorted(pairs, key=str):
                first, second = matter.instructions.get(str(one)), matter.instructions.get(str(two))
                if first is None or second is None or (str(one), str(two)) in said:
                    continue
                if matter.letter_of(first.id) is not matter.letter_of(second.id):
                    continue
                said.add((first.id, second.id))
                # What the letter changes on a later day may be meant to stand until then.
                together = first.commencement == second.commencement
                yield Found(
                    f"this changes what {_item(first.source.item, first.source.line)} of the same letter put into "
                    f"{called(name, mark.key)}",
                    "let one sentence say what the words become",
                    second.source,
                    grave=together,
                )


def _item(item: str | None, line: int) -> str:
    return f"item {item}" if item else f"the sentence on line {line}"


_LISTED = re.compile(r"(?<![\w.])[A-Z]{0,2}\d+(?:\.\d+)+(?:(?:, | and |, and | or |, or )[A-Z]{0,2}\d+(?:\.\d+)+)+")


def lists_in_sequence(matter: Matter) -> Iterator[Found]:
    """SD611: a list of provisions that is out of sequence, as where a figure is mistyped."""
    for letter in matter.letters:
        text = letter.text.replace("\n", " ")
        for found in _LISTED.finditer(text):
            labels = re.findall(r"[A-Z]{0,2}\d+(?:\.\d+)+", found.group())
            keys = [collation.label(label) for label in labels]
            wrong = next((number for number, (one, two) in enumerate(pairwise(keys)) if one >= two), None)
            if wrong is None:
                wrong = next(
                    (n - 1 for n in range(1, len(keys) - 1) if _strays(keys[n - 1], keys[n], keys[n + 1])), None
                )
            if wrong is None:
                continue
            mended = _mended(labels)
            yield Found(
                f"the provisions “{found.group()}” are out of sequence",
                f"it would read “{_with(found.group(), *mended)}”" if mended else "check each figure",
                within(letter, found.start(), found.end()),
            )


def _strays(one: tuple[object, ...], two: tuple[object, ...], three: tuple[object, ...]) -> bool:
    """Whether the middle one of three labels leaves the provision in which the other two stand."""
    return one[:-1] == three[:-1] and two[:-1] != one[:-1] and len(two) == len(one)


def _mended(labels: list[str]) -> tuple[str, str] | None:
    """The one label that is wrong and what it should be, where its neighbours leave but one."""
    for before, here, after in zip(labels, labels[1:], labels[2:], strict=False):
        stem, _, last = before.rpartition(".")
        next_stem, _, next_last = after.rpartition(".")
        if stem == next_stem and last.isdigit() and next_last.isdigit() and int(next_last) == int(last) + 2:
            right = f"{stem}.{int(last) + 1}"
            if here != right:
                return here, right
    return None


def _with(text: str, wrong: str, right: str) -> str:
    return re.sub(rf"(?<![\w.]){re.escape(wrong)}(?![\w.])", right, text, count=1)


def now_elsewhere(matter: Matter) -> Iterator[Found]:
    """SD617: a citation of a paragraph that after the change is another paragraph's."""
    if matter.plan is None or not matter.plan.ok:
        return
    stood = {each.term: each.text for each in (matter.before.definitions.entries if matter.before.definitions else ())}
    unchanged = {(name, key): text for name, key, text in texts(matter.before)}
    now = {(name, key): text for name, key, text in texts(matter.after)}
    for name, key, words, target, path in citations(matter.after):
        old = stood.get(target.term)
        if old is None or old == target.text or words not in unchanged.get((name, key), ""):
            continue
        if words not in now.get((name, key), ""):
            continue
        try:
            was, became = paragraph(old, path), paragraph(target.text, path)
        except Refused:
            continue
        before, after = old[was.start : was.end], target.text[became.start : became.end]
        others = [each for each in _bodies(target.text) if each[0] != path]
        moved = next((where for where, body in others if body == _body(before) and body != _body(after)), None)
        if moved is not None and len(_body(before)) > 8:
            last = matter.last_on("definitions", target.term)
            yield Found(
                f"{called(name, key)} cites paragraph {_cited(path)} of the definition of “{target.term}”, which "
                f"is now paragraph {_cited(moved)}",
                f"change the citation to paragraph {_cited(moved)} in the same letter",
                last.source if last else None,
                (name, key),
                words,
            )


def provisions_elsewhere(matter: Matter) -> Iterator[Found]:
    """SD617: a citation of a provision whose words, after the change, stand under another label."""
    if matter.plan is None or not matter.plan.ok or matter.before.sections is None:
        return
    old, new = Held(matter.before).texts, Held(matter.after).texts
    cites = {(each.list, each.key, each.words) for each in provisions_cited(matter.before)}
    for each in provisions_cited(matter.after):
        label = each.label
        if (each.list, each.key, each.words) not in cites or label not in old or old[label] == new.get(label):
            continue
        if not each.path:
            moved = next((other for other, text in new.items() if text == old[label] and other not in old), None)
            moved = moved or next((other for other, text in new.items() if text == old[label] != old.get(other)), None)
            where = f"Section {moved}"
        else:
            try:
                was = old[label][slice(*_extent(old[label], each.path))]
                became = new[label][slice(*_extent(new[label], each.path))] if label in new else ""
            except Refused:
                continue
            bodies = _bodies(new.get(label, ""))
            path = next((at for at, body in bodies if at != each.path and body == _body(was) != _body(became)), None)
            moved = _cited(path) if path is not None and len(_body(was)) > 8 else None
            where = f"paragraph {moved} of Section {label}"
        if moved is not None:
            last = matter.last_on("sections", label) or matter.last_on("sections", moved)
            yield Found(
                f"{called(each.list, each.key)} cites {each.words}, which is now {where}",
                f"change the citation to {where} in the same letter",
                last.source if last else None,
                (each.list, each.key),
                each.words,
            )


def _extent(text: str, path: tuple[str, ...]) -> tuple[int, int]:
    found = paragraph(text, path)
    return found.start, found.end


def elsewhere(matter: Matter) -> Iterator[Found]:
    """SD617: a citation leads elsewhere from now on."""
    yield from now_elsewhere(matter)
    yield from provisions_elsewhere(matter)


def taken_away(matter: Matter) -> Iterator[Found]:
    """SD616: a provision is cited that the letter takes away, or renumbers without a word for those who cite it."""
    if matter.plan is None or not matter.plan.ok or matter.before.sections is None:
        return
    old, new = Held(matter.before).texts, Held(matter.after).texts
    said = {(each.record, each.words) for each in dangling_provisions(matter.after)}
    for each in provisions_cited(matter.after):
        record = (each.list, each.key)
        gone = each.label in old and each.label not in new and old[each.label] not in new.values()
        if gone and (record, each.words) not in said:
            last = matter.last_on("sections", each.label)
            yield Found(
                f"{called(*record)} cites {each.words}, and the letter takes {each.label} away",
                "change the citation in the same letter",
                last.source if last else None,
                record,
                each.words,
            )


def _cited(path: tuple[str, ...]) -> str:
    return "".join(f"({label})" for label in path)


def _body(words: str) -> str:
    return re.sub(r"[;,.]?(?: and| or)?$", "", words.partition(" ")[2].strip()).strip()


def _bodies(text: str) -> list[tuple[tuple[str, ...], str]]:
    return [(each.path, _body(text[each.start : each.end])) for each in paragraphs(text) if each.path]


# --- quotations -------------------------------------------------------------------------------------------------------


def _quoted(matter: Matter) -> Iterator[tuple[int, Clause, str, int, int]]:
    """The quotations of the letters' operative sentences: number of the letter, clause, words and place."""
    for number, letter in enumerate(matter.letters):
        spans = [(each.source.start, each.source.end) for each in letter.instructions]
        for clause in walk(outline(letter.text).clauses):
            for quote in clause.quotes:
                if any(start <= quote.start and quote.end <= end + 1 for start, end in spans):
                    yield number, clause, quote.text, quote.start, quote.end


_GLUED = re.compile(r"(?<![\w])(?P<word>[A-Za-z][A-Za-z’-]*[a-z])(?P<mark>\d{1,2}|[¹²³⁴-⁹]+)(?!\w)")
_RAISED = str.maketrans("¹²³⁴⁵⁶⁷⁸⁹", "123456789")


def footnote_marks(matter: Matter) -> Iterator[Found]:
    """SD619: the mark of a footnote stands inside quoted words, where it would become law."""
    notes = [{note.mark.strip("[]().") for note in outline(letter.text).footnotes} for letter in matter.letters]
    for number, _, words, start, end in _quoted(matter):
        for found in _GLUED.finditer(words):
            mark = found["mark"].translate(_RAISED)
            if mark in notes[number] or found["mark"] != mark:
                yield Found(
                    f"“{found.group()}” in the quoted words seems to carry the mark of a footnote",
                    f"it would read “{found['word']}”",
                    within(matter.letters[number], start, end),
                )


def quoted_marks(matter: Matter) -> Iterator[Found]:
    """SD618: quoted words with a bracket or quotation mark that has no fellow, though the text has none open either."""
    for number, _, words, start, end in _quoted(matter):
        wrong = unbalanced(words)
        if wrong and len(words) > 25 and words.count("\n") == 0:
            yield Found(
                f"in the quoted words a mark has no fellow, at “{wrong}”",
                "check the edges of the quotation",
                within(matter.letters[number], start, end),
                grave=False,
            )


def letter_characters(matter: Matter) -> Iterator[Found]:
    """SD620: an invisible character or a foreign letter in words that are quoted."""
    for number, _, words, start, end in _quoted(matter):
        for _, what in strange(words.replace("\n", " ")):
            yield Found(
                f"in the quoted words there is {what}",
                "type the words anew",
                within(matter.letters[number], start, end),
            )
            break


def footnotes_that_direct(matter: Matter) -> Iterator[Found]:
    """SD625: a footnote that reads as an instruction, which nobody would look for there."""
    for letter in matter.letters:
        for note in outline(letter.text).footnotes:
            if "“" in note.text or '"' in note.text:
                reading = parse(note.text)
                if reading.instructions and not any(each.severity == "error" for each in reading.findings):
                    yield Found(
                        "this footnote reads as an instruction, and is not carried out",
                        "move it into the operative part, if it is to change the code",
                        within(letter, note.start, note.end),
                    )
