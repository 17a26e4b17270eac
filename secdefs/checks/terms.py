"""The rules on defined terms in what letters put in: inserted and never used, used too early, used and not defined."""

from __future__ import annotations

import re
from collections.abc import Iterator

from secdefs.checks.matter import Found, Matter, definitions, names, records, texts, uses, within
from secdefs.commencement import written
from secdefs.findings import Source
from secdefs.model import Code, Definition
from secdefs.sentence.parse import Instruction

# --- inserted definitions ---------------------------------------------------------------------------------------------


def _inserted(matter: Matter) -> Iterator[tuple[Definition, Instruction]]:
    """The definitions that letters insert, under terms that were not there."""
    stood = {each.term for each in definitions(matter.before)}
    for mark in matter.marked.lists.get("definitions", []):
        by = matter.instructions.get(mark.by or "")
        if by is not None and mark.gone is None and mark.key not in stood:
            record = mark.record()
            assert isinstance(record, Definition)
            yield record, by


def unused(matter: Matter) -> Iterator[Found]:
    """SD612: a definition is inserted, and nothing in the file uses its term."""
    whole = _is_whole(matter.after)
    for each, by in _inserted(matter):
        elsewhere = [text for name, key, text in texts(matter.after) if (name, key) != ("definitions", each.term)]
        elsewhere += [str(getattr(record, "title", "") or "") for _, record in records(matter.after)]
        if not any(uses(text, name) for text in elsewhere for name in names(each.term)):
            yield Found(
                f"“{each.term}” is defined, and nothing in this file uses it",
                "check that the text that is to use it is changed too",
                _at(matter, by, each.term),
                # The Sections that use it may stand in another file.
                grave=whole,
            )


def _is_whole(code: Code) -> bool:
    """Whether the file holds provisions of every Section that its contents list."""
    listed = {entry.label for group in code.contents or () if group.group == "Sections" for entry in group.entries}
    held = {found.group() for each in code.sections or () if (found := re.match("[A-Z]+", each.label))}
    section = code.definitions.section if code.definitions else ""
    return bool(listed) and listed <= held | {section}


def too_early(matter: Matter) -> Iterator[Found]:
    """SD613: new words use a term whose definition commences later."""
    if matter.plan is None:
        return
    days = {step.instruction: step.day for step in matter.plan.steps}
    coming = [(each, by, days.get(by.id)) for each, by in _inserted(matter)]
    for _, mark, words, ident in matter.new_texts():
        for each, by, day in coming:
            mine = days.get(ident)
            if day is None or mine is None or mine >= day or mark.key == each.term:
                continue
            if any(uses(words, name) for name in names(each.term)):
                instruction = matter.instructions.get(ident)
                yield Found(
                    f"“{each.term}” is used from {written(mine)}, and its definition commences on {written(day)}",
                    f"let {_which(by)} commence on {written(mine)} too",
                    _at(matter, instruction, each.term) if instruction else None,
                )


def _which(by: Instruction) -> str:
    return f"item {by.source.item}" if by.source.item else f"the sentence on line {by.source.line}"


def _at(matter: Matter, by: Instruction, words: str) -> Source:
    """The first place of the words in the sentence of an instruction or in what it sets out; else the sentence."""
    letter = matter.letter_of(by.id)
    if letter is None:
        return by.source
    later = [each.source.start for each in letter.instructions if each.source.start > by.source.start]
    start = letter.text.find(words, by.source.start, min(later, default=len(letter.text)))
    return within(letter, start, start + len(words)) if start >= 0 else by.source


# --- capitalised words ------------------------------------------------------------------------------------------------

_PHRASE = re.compile(r"(?<!\w)[A-Z][\w’'&/+-]*(?: (?:(?:of|for|and|the|in|to|on|or) ){0,2}[A-Z][\w’'&/+-]*)*")
_WORD = re.compile(r"(?<!\w)[A-Z][\w’'&/+-]*")
_ACT = re.compile(
    r"(?:(?:[A-Z][\w’'&,-]*|\([^()\n]{1,60}\)|of|and|the|for|to|in|on|by|with|etc\.?)\s+){1,24}"
    r"(?:Act|Acts|Regulations|Order|Rules|Measure|Directive|Regulation|Scheme|Convention)"
    r"(?:\s+\([^()\n]{1,40}\))?\s+(?:\(?\d{4}\)?|No\.? ?\d+)"
)
_CITED = re.compile(
    r"\b(?:Sections?|Schedules?|Appendix|Appendices|Annex|Parts?|Chapters?|Clauses?|Paragraphs?|Articles?|Conditions?"
    r"|Standard|Regulations?|Rules?|Class|Group|Table|Directive|Regulation)\s(?=[A-Z0-9(])[\w.]+(?:\(\w+\))*"
    r"(?: \([A-Z][^)]*\))?"
)
_PLAIN = frozenset(
    "January February March April May June July August September October November December Monday Tuesday Wednesday "
    "Thursday Friday Saturday Sunday Christmas Easter Good Boxing Bank Day Days Year I United Kingdom UK EU Great "
    "Britain England Wales Scotland Ireland Northern London Parliament Crown Majesty State Secretary Minister "
    "Ministers Government Act Acts Section Sections Schedule Schedules Appendix Appendices Annex Part Parts Chapter "
    "Order Regulations Rules Convention European Union British English Welsh Scottish Court High Supreme Internet "
    "Greenwich GMT BST UTC".split()
)


def undefined(matter: Matter) -> Iterator[Found]:
    """SD614: new words with a capitalised expression that is defined nowhere.

    Only in a code that writes its terms with capitals. Names of persons and places have them too: what neither is
    nearly a term nor ends as a term does ("Bag Authority", where there is an Authority) is but a note.
    """
    terms = [each.term for each in definitions(matter.after)]
    if sum(term[:1].isupper() or term.startswith("the ") for term in terms) < 0.7 * len(terms):
        return
    known = _known(matter)
    nouns = {name.split()[-1] for each in definitions(matter.before) for name in names(each.term)}
    said: set[str] = set()
    perhaps: dict[str, list[str]] = {}
    for name, _, words, ident in matter.new_texts():
        if name not in ("definitions", "sections"):
            continue
        instruction = matter.instructions.get(ident)
        for phrase in _unknown(words, known):
            if phrase in said or instruction is None:
                continue
            said.add(phrase)
            near = _near(phrase, known)
            if near or (" " in phrase and phrase.split()[-1] in nouns):
                yield Found(
                    f"“{phrase}” is written as a defined term, and nothing defines it",
                    f"did you mean “{near}”?" if near else "define it, or write it without capitals",
                    _at(matter, instruction, phrase),
                )
            else:
                perhaps.setdefault(ident, []).append(phrase)
    for ident, phrases in perhaps.items():
        # Names of persons and places come in swarms (an address): one note for all of a sentence.
        instruction = matter.instructions[ident]
        *others, last = (f"“{phrase}”" for phrase in phrases)
        some = f"{', '.join(others)} and {last} are" if others else f"{last} is"
        yield Found(
            f"{some} written with capitals, and nothing defines {'them' if others else 'it'}",
            "if a name is meant, nothing needs to be done; else define it, or write it without capitals",
            _at(matter, instruction, phrases[0]),
            grave=False,
        )


def _known(matter: Matter) -> frozenset[str]:
    """All that may be written with capitals: terms, what texts define by the way, titles, names, and old wording."""
    result: set[str] = set()
    for code in (matter.before, matter.after):
        for each in definitions(code):
            result |= {each.term, *names(each.term)}
        for _, _, text in texts(code):
            result |= set(re.findall(r"[“\"]([^“”\"]{2,60})[”\"]", text))
        for _, record in records(code):
            result |= {str(value) for part in ("title", "heading") if (value := getattr(record, part, None))}
        result |= {name for name in (code.title, code.short_title) if name}
    for letter in matter.letters:
        result |= {*letter.names, *letter.names.values()}
    result |= _old(matter.before)
    return frozenset(result)


def _old(code: Code) -> set[str]:
    """What the code writes with capitals already, whether or not it defines it."""
    result: set[str] = set()
    for _, _, text in texts(code):
        result |= {found.group() for found in _PHRASE.finditer(text)}
        result |= {found.group() for found in _WORD.finditer(text)}
    return result


def _unknown(words: str, known: frozenset[str]) -> Iterator[str]:
    """The capitalised expressions of new words that cannot be made up from what is known."""
    plain = _CITED.sub(lambda found: " " * len(found.group()), words)
    plain = _ACT.sub(lambda found: " " * len(found.group()), plain)
    plain = re.sub(r"[“\"][^“”\"]*[”\"]", lambda found: " " * len(found.group()), plain)
    for found in _PHRASE.finditer(plain):
        phrase = found.group()
        if found.start() and plain[found.start() - 1] in "-’'.":
            continue
        if _begins(plain, found.start()):
            # The first word of a sentence has its capital from there: what comes after it counts.
            _first, _, rest = phrase.partition(" ")
            phrase = re.sub(r"^(?:(?:of|for|and|the|in|to|on|or) )+", "", rest)
            if _covered(found.group(), known) or not phrase:
                continue
        left = _left(phrase, known)
        # A reference number or a postcode is no term, nor a word in capitals throughout that is no short name.
        if left and not any(char.isdigit() for char in left) and not (left.isupper() and len(left) > 5):
            yield left


def _begins(text: str, at: int) -> bool:
    """Whether a sentence or a paragraph begins at an offset."""
    before = text[:at].rstrip(" ")
    return not before or before[-1] in ".?!:;\n—" or re.search(r"\([\w.]{1,8}\)$", before) is not None


def _bare(word: str) -> str:
    return re.sub(r"[’']s?$", "", word)


def _covered(phrase: str, known: frozenset[str]) -> bool:
    return not _left(phrase, known)


def _left(phrase: str, known: frozenset[str]) -> str:
    """What is left of a phrase when the longest known names are taken off it from the front; "" where nothing is."""
    words = [_bare(word) for word in phrase.split()]
    at = 0
    while at < len(words):
        if words[at][:1].islower():
            at += 1
            continue
        for size in range(len(words) - at, 0, -1):
            part = " ".join(words[at : at + size])
            if any(form in known for form in _forms(part)) or (size == 1 and part in _PLAIN) or len(part) < 2:
                at += size
                break
        else:
            rest = list(words[at:])
            while rest and (rest[-1][:1].islower()):
                rest.pop()
            return " ".join(rest)
    return ""


def _forms(part: str) -> tuple[str, ...]:
    """An expression as it stands and in the singular."""
    forms = [part]
    if part.endswith("ies"):
        forms.append(part[:-3] + "y")
    if part.endswith("es"):
        forms.append(part[:-2])
    if part.endswith("s"):
        forms.append(part[:-1])
    return tuple(forms)


def _near(phrase: str, known: frozenset[str]) -> str | None:
    from difflib import get_close_matches

    close = get_close_matches(phrase, [name for name in known if name[:1].isupper()], n=1, cutoff=0.8)
    return close[0] if close else None
