"""Makes letters from templates, lays them out as files arrive, and damages them outside of what they quote and cite.

In a template ⟦…⟧ holds what damage may not touch: damage to the words that are quoted, to a citation or a date makes
another letter that is right in itself, and nobody could tell.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from hypothesis import strategies as st

HEADS = (
    "Department for Gauges",
    "To: the Widget Panel and all parties",
    "⟦4 March 2030⟧",
    "Dear Colleague,",
    "WIDGET CODE: DIRECTION ON GAUGES AND RELATED MATTERS",
    "1. The administrator consulted on the proposals between spring and autumn, and put forward a proposed date "
    "of ⟦1 May 2030⟧ (or as soon as reasonably practicable within one month thereafter). Nine answers came in.",
    "2. Those who answered were in favour of what is proposed, and one of them asked what “⟦grey⟧” is to mean.",
    "Direction",
    'This direction is made for the purposes of the Gauge Licence and the Widget Code (such code being the "⟦WIC⟧").',
)
LEADS = (
    "Pursuant to Condition ⟦22⟧ of the Gauge Licence, the Secretary of State directs that, with effect from "
    "⟦1 June 2030⟧:",
    "The Authority hereby directs that with effect from ⟦1 June 2030⟧ the following changes are made to the ⟦WIC⟧:",
    "The Secretary of State directs that, on and after ⟦1 June 2030⟧, the ⟦WIC⟧ is amended as follows:",
)
ITEMS = (
    "in the definition of “⟦Alert⟧” in ⟦Section A⟧ of the ⟦WIC⟧ the words “⟦grey⟧” shall be replaced with the words "
    "“⟦blue⟧”",
    "in ⟦paragraph (b)⟧ of the definition of “⟦Notice⟧” in ⟦Section A⟧, for “⟦ten Working Days⟧” substitute "
    "“⟦fifteen Working Days⟧”",
    "in ⟦Section H8.16⟧, after “⟦the Panel⟧” insert “⟦or the Authority⟧”",
    "the definition of “⟦Keyholder⟧” in ⟦Section A⟧ of the ⟦WIC⟧ shall be deleted",
    "in the definition of ‘⟦Party⟧’ in ⟦Section A⟧, omit ‘⟦, at a User’s cost,⟧’",
    "the ⟦Gauge Handbook⟧ previously designated and incorporated into the ⟦WIC⟧ as ⟦Appendix B⟧ is hereby "
    "re-designated and incorporated in the form set out in ⟦Annex A⟧ of this direction",
    "at the end of ⟦paragraph (a)⟧ of the definition of “⟦Notice⟧” in ⟦Section A⟧ insert “⟦or by hand⟧”",
    "in the definition of “⟦Meter⟧” in ⟦Section A⟧, omit “⟦sealed⟧” in each place where it occurs",
    "in ⟦Section A⟧, at the appropriate place insert the words “⟦“Zone” means a part of the country.⟧”",
    "in ⟦Section A⟧ insert the words “⟦“Yard” means a place for gauges.⟧”",
    "⟦paragraphs (b) and (c)⟧ of ⟦Section H8.17⟧ are renumbered as ⟦paragraphs (c) and (d)⟧",
    "the existing definition of “⟦Lock⟧” in ⟦Section A⟧ is deleted in its entirety",
    "the defined term “⟦Key⟧” and its definition shall be deleted from ⟦Section A⟧",
    "on ⟦1 July 2030⟧, in the definition ‘⟦Seal⟧’ in ⟦Section A⟧, for ‘⟦wax⟧’ substitute ‘⟦lead⟧’",
)
TAILS = (
    "For the avoidance of doubt, nothing done before ⟦1 June 2030⟧ is affected.",
    "This direction is being notified to the administrator.",
    "Yours faithfully,",
    "Rowan Ellis",
    "Annexes (separate documents)",
    "Annex ⟦A: Appendix B – Gauge Handbook v4.0⟧",
)
LABELS = (
    ("(a) ", "(b) ", "(c) ", "(d) ", "(e) "),
    ("i) ", "ii) ", "iii) ", "iv) ", "v) "),
    ("(1) ", "(2) ", "(3) ", "(4) ", "(5) "),
    ("1. ", "2. ", "3. ", "4. ", "5. "),
    ("• ", "• ", "• ", "• ", "• "),
)


class Text(NamedTuple):
    """The characters of a letter, and of each whether damage may touch it."""

    chars: str
    free: tuple[bool, ...]

    def __getitem__(self, cut: slice) -> Text:  # type: ignore[override]
        return Text(self.chars[cut], self.free[cut])

    def __add__(self, other: Text) -> Text:  # type: ignore[override]
        return Text(self.chars + other.chars, self.free + other.free)

    def __len__(self) -> int:
        return len(self.chars)


def of(template: str) -> Text:
    """A template's characters, its ⟦…⟧ held."""
    chars, free, held = [], [], False
    for char in template:
        if char in "⟦⟧":
            held = char == "⟦"
        else:
            chars.append(char)
            free.append(not held)
    return Text("".join(chars), tuple(free))


def plain(chars: str) -> Text:
    return Text(chars, (True,) * len(chars))


@st.composite
def letters(draw: st.DrawFn) -> tuple[Text, ...]:
    """A letter as its paragraphs."""
    items = draw(st.lists(st.sampled_from(ITEMS), min_size=1, max_size=4, unique=True))
    labels = draw(st.sampled_from(LABELS))
    last = len(items) - 1
    ends = [";" if number < last else "." for number in range(len(items))]
    if last and draw(st.booleans()):
        ends[last - 1] = "; and"
    listed = [of(labels[n] + item + ends[n]) for n, item in enumerate(items)]
    return (*map(of, HEADS), of(draw(st.sampled_from(LEADS))), *listed, *map(of, TAILS))


@st.composite
def laid_out(draw: st.DrawFn, paragraphs: tuple[Text, ...]) -> Text:
    """A letter on lines: of some width, perhaps with a blank line after every line, perhaps in pages."""
    width = draw(st.sampled_from((0, 72, 80, 90, 100)))
    spaced = draw(st.booleans()) and width > 0
    lines: list[Text] = []
    for paragraph in paragraphs:
        lines += [*_wrapped(paragraph, width), plain("")]
        if spaced:
            lines.append(plain(""))
    page = draw(st.sampled_from((0, 0, 24, 40)))
    result = plain("")
    for number, line in enumerate(lines):
        if page and number and number % page == 0:
            result += plain(f"\n{number // page}\n\f")
        result += line if line.chars.endswith("\n") else line + plain("\n")
        if spaced and line.chars.strip():
            result += plain("\n")
    return result


def _wrapped(paragraph: Text, width: int) -> list[Text]:
    """The lines of a paragraph; a held space may be a line's end too."""
    if not width or len(paragraph) <= width:
        return [paragraph]
    at = paragraph.chars.rfind(" ", 0, width)
    end = Text("\n", paragraph.free[at : at + 1])
    return [paragraph[:at] + end, *_wrapped(paragraph[at + 1 :], width)]


@st.composite
def damaged(draw: st.DrawFn, text: Text) -> Text:
    """A letter with one damage: to a character, to a mark, to its lines or to its pages."""
    kind = draw(
        st.sampled_from(("drop", "double", "swap", "mark", "other mark", "blank", "join", "page", "line twice"))
    )
    # Twice as often where it matters: in what directs, and what comes after it.
    start = draw(st.sampled_from((0, max(0, text.chars.find("directs that")), text.chars.rfind("\n\n", 0, -700))))
    free = [n for n, touch in enumerate(text.free) if touch and n >= start]
    marks = [n for n in free if text.chars[n] in '“”‘’"();:.,—']
    ends = [n for n in free if text.chars[n] == "\n"]
    match kind:
        case "drop":
            at = draw(st.sampled_from(free))
            return text[:at] + text[at + 1 :]
        case "double":
            at = draw(st.sampled_from(free))
            return text[: at + 1] + text[at:]
        case "swap":
            at = draw(st.sampled_from(free))
            # To move a stop into the marks would be to change what is quoted.
            if all(text.free[at : at + 2]) and not set(text.chars[at : at + 2]) & set('“”‘’"'):
                return text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]
            return text
        case "mark":
            at = draw(st.sampled_from(marks))
            return text[:at] + text[at + 1 :]
        case "other mark":
            at = draw(st.sampled_from(marks))
            return text[:at] + plain(draw(st.sampled_from("“”‘’'\"();:.,—"))) + text[at + 1 :]
        case "blank":
            at = draw(st.sampled_from(ends))
            return text[:at] + plain("\n\n") + text[at + 1 :]
        case "join":
            at = draw(st.sampled_from(ends))
            return text[:at] + plain(" ") + text[at + 1 :]
        case "page":
            at = draw(st.sampled_from(ends))
            return text[:at] + plain("\n\n7\n\f") + text[at + 1 :]
        case _:
            at = draw(st.sampled_from(ends))
            start = text.chars.rfind("\n", 0, at) + 1
            return text[: at + 1] + text[start : at + 1] + text[at + 1 :]


def words(text: str) -> str:
    """Words as they are compared: a line's end is a space."""
    return re.sub(r"\s+", " ", text)
