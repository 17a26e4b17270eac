"""Who signed a letter, and how the names of officials are left out of what is shown of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from secdefs.letter.instrument import Instrument

_STYLED = r"(?:(?:The )?Rt\.? Hon\.?|Mr|Mrs|Ms|Miss|Mx|Dr|Sir|Dame|Lord|Lady|Baroness|Professor|Prof)\.? "
_WORD = r"(?:[A-Z][^\W\d_]*(?:[’'-][^\W\d_]+)*\.?|de|du|van|von|der|la|le|al|bin|ap)"
_NAME = re.compile(rf"(?:{_STYLED})*{_WORD}(?: {_WORD}){{1,4}}(?:,? (?:CB|CBE|OBE|MBE|KC|QC|MP|PhD))*")
_SIGNED = re.compile(r"\(?\[?(?:Signed|Signature)\]?\)?(?: by| for and on behalf of .*? by)?[: ._]*", re.I)
# A line with one of these is an office, a body or a heading, and no person.
_OFFICES = frozenset(
    "Act Agency Annex Annexes Appendix Authority Board Chair Chairman Chairwoman Chairperson Chief Civil Clerk Code "
    "Commission Committee Company Council Counsel Date Deputy Department Direction Director Division Executive "
    "Faithfully For From Government Group Head House Kingdom Lead Limited Ltd Manager Minister Ministry Notice "
    "Of Office Officer Official On Panel Parliament Parliamentary Partner Permanent Policy President Principal "
    "Programme Regulator Registrar Schedule Seal Secretariat Secretary Section Senior Service Services Signature "
    "Signed State Street Team The To Treasury Truly Under Unit Yours".split()
)
_ANNEX = re.compile(r"(?:The )?(?:Annex|Schedule|Appendix|Attachment)(?:es|s)?\b", re.I)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
LEFT_OUT = "[name left out]"


class Signature(NamedTuple):
    """Who signed, as the letter has it, and the lines that follow the name: the office, or for whom."""

    name: str
    office: str


def signature(letter: Instrument) -> Signature | None:
    """The first name that stands alone below what a letter directs, before its annexes; None where there is none."""
    lines = _closing(letter)
    for number, line in enumerate(lines):
        name = _SIGNED.sub("", line, count=1).strip(" ._")
        person, _, office = name.partition(", ")
        if _is_name(person) and (office or number + 1 < len(lines) or line != name):
            rest = [office] if office else []
            for each in lines[number + 1 : number + 4]:
                if _is_name(each) or len(each) > 120 or each.startswith("("):
                    break
                rest.append(each)
            return Signature(person, " ".join(part.rstrip(",") + "," for part in rest).rstrip(","))
    return None


def _closing(letter: Instrument) -> list[str]:
    """The lines below the last instruction, up to the annexes."""
    start = max((each.source.end for each in letter.instructions), default=0)
    result = []
    for line in letter.text[start:].splitlines():
        text = " ".join(line.split())
        if _ANNEX.match(text):
            break
        if text:
            result.append(text)
    return result


def _is_name(text: str) -> bool:
    return _NAME.fullmatch(text) is not None and not any(
        word.strip(".,").capitalize() in _OFFICES for word in re.split(r"[ -]", text)
    )


class Redactor:
    """What leaves the names of some persons out of a text: whole, with a style and the surname, and in an address."""

    def __init__(self, names: Iterable[str]) -> None:
        """`names` as signatures have them; with none, every text stays as it is."""
        self._people = [re.sub(rf"^(?:{_STYLED})+", "", name) for name in dict.fromkeys(names)]
        patterns: list[str] = []
        for name in sorted(self._people, key=len, reverse=True):
            given, *_, surname = name.split(" ")
            words = r"\s+".join(map(re.escape, name.split(" ")))
            initial = rf"(?-i:{re.escape(given[0])})\.?\s*{re.escape(surname)}"
            patterns.append(rf"(?:{_STYLED})*(?:{words}|{initial})(?!\w)")
            patterns.append(rf"(?:{_STYLED})+{re.escape(surname)}(?!\w)")
        self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})", re.I) if patterns else None

    def text(self, text: str) -> str:
        """A text of a letter without the names, and without addresses, which have names in them."""
        if self._pattern is None:
            return text
        return _ADDRESS.sub("[address left out]", self._pattern.sub(LEFT_OUT, text))

    def is_named(self, file: str) -> bool:
        """Whether the name of a file has one of the surnames in it."""
        return any(person.split(" ")[-1].casefold() in file.casefold() for person in self._people)
