"""From words to tokens: the terminals of the grammar, longest first within a priority; quotations are opaque.

What joins clauses ("and", a semicolon) is told apart here, by looking at the tokens on either side.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from secdefs.sentence.firsts import ALPHABET

QUOTE = "\ue000"
BLOCK = "\ue001"

# Points and spaces stand between tokens; marks that have no width say nothing.
_POINTS = " ,;:.—–-\u00a0\n\u200b\u200c\u200d\ufeff"
_WORD = re.compile(rf"[^\s,;:—{QUOTE}{BLOCK}]*[^\s,;:.—{QUOTE}{BLOCK}]|.", re.S)

VERBS = frozenset(
    "_SUBSTITUTE WERE_SUBSTITUTED _INSERT WERE_INSERTED _OMIT _IS_OMITTED WERE_OMITTED _IS_REPLACED "
    "_IS_SUBSTITUTED_FOR _IS_INSERTED _REPLACE _CHANGE _AND_INSERT _RENUMBER _IS_RENUMBERED _BECOMES _RENAME "
    "_IS_RENAMED _IS_DESIGNATED _IS_REDESIGNATED _CEASES".split()
)
_PASSIVE = frozenset(name for name in VERBS if name.startswith(("_IS_", "WERE_", "_BECOMES")))
# What ends a clause: nothing that it governs can follow.
_COMPLETE = frozenset({"_IS_OMITTED", "WERE_OMITTED", "_CEASES"})
# After these an unquoted word is one that the instruction names: the short form "replace [TBC] with AT".
_TAKES_WORDS = frozenset("_REPLACE _WITH _OMIT _INSERT _FOR _SUBSTITUTE _CHANGE _TO _AFTER _BEFORE _WORDS".split())
_OPENS_CLAUSE = frozenset(
    "_FOR _AFTER _BEFORE _IN _EACH_OF _AT_THE_END _AT_THE_END_OF _AT_THE_BEGINNING _AT_THE_BEGINNING_OF ALPHABETICAL "
    "_OMIT _INSERT _SUBSTITUTE _REPLACE _CHANGE _RENUMBER _RENAME".split()
)
# What may stand between "add" and the "to" of its place.
_BETWEEN = frozenset({"_FOLLOWING", "_AS_FOLLOWS", "ALPHABETICAL", "COMMENCEMENT"})
_MADE_HERE = frozenset({"_AND_QUOTE", "_AND_PUT", "_AND_WORDS", "_WITHIN", "_THEN", "_LEAD", "SIBLING", "ITS_WHICH"})
_OPENS_ACT = frozenset("_FOR _AFTER _BEFORE _OMIT _INSERT _SUBSTITUTE _REPLACE _CHANGE _WORDS QUOTE BARE".split())
_UNITS = frozenset(
    "section sections subsection subsections paragraph paragraphs sub-paragraph sub-paragraphs definition definitions "
    "provision provisions word words sentence sentences entry entries it them this that these those the same all "
    "everything anything nothing none both each either".split()
)
# An unquoted word holds no quotation mark: one that does has lost its fellow.
_MARKS = '“”"‘‚„«»`'
_QUOTED = frozenset({"QUOTE", "BARE", "MARK"})
_WHICH = frozenset({"EACH", "NTH"})
_IN_LIST = _QUOTED | {"_AND_QUOTE", "_WORDS", "ORDINAL", "_ASIDE", "_GLOSS", "_AS_AMENDED", "ITS_WHICH"}
_NAMES_NEXT = frozenset({"_DEFINITION_OF", "ITS_DEFINITION_OF", "_ENTRY_FOR"})


class Lexeme(NamedTuple):
    """A token: its terminal, its words, and where they stand: offsets into the text of the clause of that number."""

    type: str
    text: str
    clause: int
    start: int
    end: int
    after: str
    """The points that stand between it and the lexeme before it."""


class Token(str):
    """A leaf of the parse tree: the words of a lexeme, its terminal, and its number."""

    type: str
    start_pos: int
    __slots__ = ("start_pos", "type")

    def __new__(cls, type_: str, text: str, number: int) -> Token:
        token = super().__new__(cls, text)
        token.type = type_
        token.start_pos = number
        return token


class Tie(Exception):  # noqa: N818 - two readings of the same words
    """Two terminals of one priority match the same words."""


class _Terminal:
    """A terminal: its pattern is compiled when it is first tried."""

    __slots__ = ("_match", "firsts", "name", "pattern")

    def __init__(self, name: str, pattern: str, firsts: str) -> None:
        # A quotation ends where its mark does, whatever stands next to it.
        edge = "" if name in ("QUOTE", "BLOCK") else r"(?!\w|-\w|’\w)"
        self.name = name
        self.pattern = rf"(?:{pattern}){edge}"
        self.firsts = frozenset(firsts)
        self._match: Callable[[str, int], re.Match[str] | None] | None = None

    def match(self, text: str, at: int) -> re.Match[str] | None:
        if self._match is None:
            self._match = re.compile(self.pattern).match
        return self._match(text, at)


class Lexer:
    """The terminals of a grammar as one table.

    Only those are tried of which a match may begin with the character at hand; `trials` counts them.
    """

    def __init__(self, terminals: Iterable[tuple[str, int, str, str]]) -> None:
        """`terminals`: name, priority, pattern and first characters of each."""
        table: dict[int, list[_Terminal]] = {}
        for name, priority, pattern, firsts in terminals:
            if name not in _MADE_HERE:
                table.setdefault(priority, []).append(_Terminal(name, pattern, firsts))
        self._table = [table[priority] for priority in sorted(table, reverse=True)]
        self._beginning: dict[str, list[list[_Terminal]]] = {}
        self.trials = 0

    def lexemes(self, text: str, clause: int = 0) -> list[Lexeme]:
        """The tokens of one clause. Raises Tie."""
        result = []
        at, gap = 0, ""
        while at < len(text):
            if text[at] in _POINTS:
                gap += text[at]
                at += 1
                continue
            name, end = self._longest(text, at)
            result.append(Lexeme(name, text[at:end], clause, at, end, gap.strip()))
            at, gap = end, ""
        return result

    def _longest(self, text: str, at: int) -> tuple[str, int]:
        for group in self._tried(text[at]):
            best: list[str] = []
            end = at
            self.trials += len(group)
            for terminal in group:
                found = terminal.match(text, at)
                if found is None or found.end() == at:
                    continue
                if found.end() > end:
                    best, end = [terminal.name], found.end()
                elif found.end() == end:
                    best.append(terminal.name)
            if len(best) > 1:
                raise Tie(text[at:end], best)
            if best:
                return best[0], end
        return "WORD", _WORD.match(text, at).end()  # type: ignore[union-attr]

    def _tried(self, first: str) -> list[list[_Terminal]]:
        """The terminals of each priority that may begin with a character."""
        if first not in ALPHABET:
            return self._table
        if first not in self._beginning:
            groups = [[each for each in group if first in each.firsts] for group in self._table]
            self._beginning[first] = [group for group in groups if group]
        return self._beginning[first]


def read(lexer: Lexer, clauses: Sequence[str], siblings: frozenset[int] = frozenset()) -> list[Lexeme]:
    """The tokens of a sentence: its lead-ins, outermost first, and its leaf, with the joints between them named.

    `siblings` are the numbers of lead-ins that are whole instructions: they govern nothing.
    """
    result: list[Lexeme] = []
    for number, text in enumerate(clauses):
        lexemes = _operands(lexer.lexemes(text, number))
        if number in siblings:
            lexemes = _places_of(lexemes)
            if not lexemes:
                continue
        if result and lexemes and result[-1].type not in VERBS | {"_FOR", "_IN", "_OF"}:
            last = result[-1]
            result.append(Lexeme("_LEAD", "", last.clause, last.end, last.end, ""))
        result += _joints(_headed(lexemes))
    return result


def _headed(lexemes: list[Lexeme]) -> list[Lexeme]:
    """A citation with its colon before an order, as the lead-in that it is: "H8.16: delete …"."""
    size = next((n for n, each in enumerate(lexemes) if each.type not in ("CITATION", "_ASIDE", "_GLOSS")), 0)
    if not size or lexemes[size].type not in _OPENS_CLAUSE or not set(lexemes[size].after) & set(":–—"):
        return lexemes
    last = lexemes[size - 1]
    return [*lexemes[:size], Lexeme("_LEAD", "", last.clause, last.end, last.end, ""), *lexemes[size:]]


def _places_of(lexemes: list[Lexeme]) -> list[Lexeme]:
    """Of a whole instruction among the lead-ins, the places that a pronoun may mean."""
    named = False
    for index, each in enumerate(lexemes):
        opens = each.type in _OPENS_ACT and not (named and each.type == "QUOTE")
        if opens or each.type in VERBS:
            first = lexemes[0]
            marker = Lexeme("SIBLING", "", first.clause, first.start, first.start, "")
            return [marker, *lexemes[:index]] if index else _only_place(marker, lexemes)
        named = each.type in _NAMES_NEXT or (named and each.type in _IN_LIST | {"_AND"})
    return []


def _only_place(marker: Lexeme, lexemes: list[Lexeme]) -> list[Lexeme]:
    """Of an instruction that begins with its words, the one place that it names: "the “and” at the end of (a) goes"."""
    cited = [number for number, each in enumerate(lexemes) if each.type == "CITATION"]
    if len(cited) != 1 or lexemes[cited[0] - 1].type not in ("_IN", "_AT_THE_END_OF", "_AT_THE_BEGINNING_OF"):
        return []
    return [marker, lexemes[cited[0] - 1]._replace(type="_IN"), lexemes[cited[0]]]


def _operands(lexemes: list[Lexeme]) -> list[Lexeme]:
    result: list[Lexeme] = []
    for number, lexeme in enumerate(lexemes):
        if (
            lexeme.type in ("WORD", "TITLE")
            and " " not in lexeme.text
            and lexeme.text.lower() not in _UNITS
            and not any(mark in lexeme.text for mark in _MARKS)
            and result
            and result[-1].type in _TAKES_WORDS
            and not lexeme.after
        ):
            lexeme = lexeme._replace(type="BARE")
        elif lexeme.type == "_TO" and result:
            lexeme = lexeme._replace(type=_to(lexeme, result, lexemes[number + 1 : number + 2]))
        result.append(lexeme)
    return result


def _to(to: Lexeme, before: Sequence[Lexeme], after: Sequence[Lexeme]) -> str:
    """The terminal of a "to": what is added goes "to Section A", a name is changed "to “B”"."""
    verb = next((each.type for each in reversed(before) if each.type not in _BETWEEN), "")
    if verb in ("_INSERT", "_IS_INSERTED", "WERE_INSERTED") and not any(each.type == "QUOTE" for each in after):
        return "_IN"
    verbs = [each.type for each in before if each.type in VERBS]
    if verbs in (["_RENAME"], ["_IS_RENAMED"]) and any(each.type == "QUOTE" for each in after):
        return "_AS"
    return to.type


def _joints(lexemes: list[Lexeme]) -> list[Lexeme]:
    """Tells apart the "and" of a list of quotations, of places, and of two clauses; other points are dropped."""
    last_verb = max((index for index, each in enumerate(lexemes) if each.type in VERBS), default=-1)
    result: list[Lexeme] = []
    # What stands before the list of quotations in which the result ends, and what was that before it.
    opener: Lexeme | None = None
    before_opener: Lexeme | None = None
    read = 0
    verb = named_verb = False
    index = 0
    while index < len(lexemes):
        joint = lexemes[index]
        conjunction = joint.type == "_AND"
        following = index + 1 if conjunction else index
        if _amended_within(result, lexemes[index : index + 2]):
            result.append(joint._replace(type="_WITHIN", text="", end=joint.start))
        if not result or following >= len(lexemes) or not (conjunction or joint.after):
            if following < len(lexemes) or not conjunction:
                result.append(joint)
                verb = verb or joint.type in VERBS
            index += 1
            continue
        for each in result[read:]:
            if each.type not in _IN_LIST:
                before_opener, opener = opener, each
            named_verb = named_verb or each.type in VERBS
        read = len(result)
        both = verb and last_verb >= following
        lacks_words = named_verb and last_verb < following
        either = joint.text.lower() == "or"
        kind = _joint(lexemes, following, result, opener, conjunction, joint.after, both, lacks_words, either)
        if kind == "_AND_QUOTE" and result[-1].type in _WHICH:
            result[-1] = result[-1]._replace(type="ITS_WHICH")
            opener = before_opener
        if kind is not None:
            result.append(joint._replace(type=kind, text="", end=joint.start))
            verb = verb and kind != "_THEN"
        if not conjunction:
            result.append(joint)
            verb = verb or joint.type in VERBS
        index += 1
    return result


def _joint(
    lexemes: list[Lexeme],
    index: int,
    read: list[Lexeme],
    opener: Lexeme | None,
    conjunction: bool,
    points: str,
    both: bool,
    lacks_words: bool,
    either: bool,
) -> str | None:
    """What joins the last lexeme `read` to the one at `index`; `opener` stands before the list that `read` ends in.

    `both` says whether a verb stands on either side, `lacks_words` whether the words that a verb puts in are still to
    come ("insert, after “A”, “B” in section 5"), `either` whether the conjunction leaves a choice.
    """
    before, following = read[-1], lexemes[index]
    quoted = index + (following.type in ("_WORDS", "ORDINAL"))
    passive = quoted + 1 < len(lexemes) and lexemes[quoted + 1].type in _PASSIVE
    if before.type in _WHICH and len(read) > 1 and not passive:
        # "for “A” (in each place) and “B”": each has its own.
        before = read[-2]
    if conjunction and [each.type for each in lexemes[quoted : quoted + 2]][1:] == ["_PUT_IN_ITS_PLACE"]:
        return "_AND_PUT"
    listed = before.type in _QUOTED and quoted < len(lexemes) and lexemes[quoted].type in _QUOTED
    if listed and (conjunction or points == ","):
        named = opener is not None and opener.type in _NAMES_NEXT
        # "in the definition of “X”, the words “Y” …": the name of a place, and then words in it.
        apart = not conjunction and (
            (named and (quoted > index or not _plural(opener)))
            or (opener is not None and opener.type in ("_AFTER", "_BEFORE") and (passive or lacks_words))
        )
        if apart or (named and either):
            return None
        if named and conjunction and not _plural(opener) and _is_placed_by(opener, read):
            # "omit “one” in the definition of “A” and “two” in that of “B”": words again, and no second name.
            return "_AND_WORDS"
        return "_THEN" if passive and both else "_AND_QUOTE"
    if both and before.type not in VERBS - _COMPLETE:
        stop = any(point in points for point in ";.")
        if conjunction or stop or (points == "," and following.type in _OPENS_CLAUSE):
            return "_THEN"
    if conjunction and quoted < len(lexemes) and lexemes[quoted].type in _QUOTED and _placed(read):
        return "_AND_WORDS"
    if points == "," and not conjunction and _within(read, lexemes, index):
        return "_WITHIN"
    return "_AND" if conjunction else None


def _placed(read: list[Lexeme]) -> bool:
    """Whether what was read ends in words and their place: "omit “one” in (a)"."""
    types = [each.type for each in read[-3:]]
    return types[1:] == ["_IN", "CITATION"] and types[0] in _QUOTED | _WHICH


def _is_placed_by(opener: Lexeme | None, read: list[Lexeme]) -> bool:
    """Whether a definition is the place of the words before it: "omit “one” in the definition of “A”"."""
    at = next((number for number in range(len(read) - 1, -1, -1) if read[number] is opener), 0)
    return at > 1 and read[at - 1].type == "_IN" and read[at - 2].type in _QUOTED | _WHICH


def _within(read: list[Lexeme], lexemes: list[Lexeme], index: int) -> bool:
    """Whether a place named after a comma stands in the one before it: "in Schedule 4, paragraph 6, after …"."""
    first = lexemes[index]
    passed = ("_ASIDE", "_GLOSS", "_AS_AMENDED", "_IN", "_EACH_OF")
    back = list(islice((each for each in reversed(read) if each.type not in passed), 2))
    if not back or {back[0].type, first.type} != {"CITATION"}:
        return False
    if [each.type for each in back[1:]] == ["_AND"]:
        # "in section 5 and Schedule 2, paragraph 3": it stands in the last of them, or in each.
        return False
    last = back[0]
    rest = (lexemes[number] for number in range(index + 1, len(lexemes)))
    after = next((each for each in rest if each.type not in ("_ASIDE", "_GLOSS", "_AS_AMENDED")), None)
    if after is not None and (after.after != "," or after.type not in _OPENS_CLAUSE):
        return False
    nouns = [re.match(r"(?:the )?([A-Za-z -]*?)s? ", f"{each.text} ") for each in (last, first)]
    return nouns[0] is not None and nouns[1] is not None and nouns[0][1].lower() != nouns[1][1].lower()


def _amended_within(read: list[Lexeme], rest: list[Lexeme]) -> bool:
    """Whether two places without a point between them are what is amended: "Condition 11 paragraph 3 is amended …"."""
    types = [each.type for each in (*read[-1:], *rest[:2])]
    return (
        len(read) == 1 and types[:2] == ["CITATION", "CITATION"] and types[2:] in (["_IS_AMENDED"], ["_IS_AMENDED_BY"])
    )


def _plural(opener: Lexeme | None) -> bool:
    return opener is not None and re.search(r"(?:definitions|meanings|entries)\b", opener.text) is not None
