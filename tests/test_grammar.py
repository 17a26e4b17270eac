"""The grammar: one reading for each row of tokens, no word that two terminals want, and no line that no case needs."""

from __future__ import annotations

import itertools
import json
import random
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from re import _parser as re_parser  # type: ignore[attr-defined]
from typing import Any

import interegular
import pytest
from lark import Lark, Tree, UnexpectedInput
from lark.lexer import Lexer as LarkLexer
from lark.lexer import Token as LarkToken
from sentences import Case, cases

import secdefs
import secdefs.sentence.parse
from secdefs.change import operations
from secdefs.outline import clause as one_clause
from secdefs.sentence.firsts import ALPHABET, firsts
from secdefs.sentence.forms import Forms
from secdefs.sentence.lexer import Lexer, Tie
from secdefs.sentence.tables import END, Tables, Unexpected, grammar, make, tables
from secdefs.sentence.tables import parse as drive

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
CASES = tuple(case for case in cases() if not case.waiting)
TERMINALS = tables().terminals


class Given(LarkLexer):
    """Hands a row of tokens to a parser of Lark."""

    __future_interface__ = 2

    def __init__(self, conf: object) -> None: ...

    def lex(self, state: Any, parser_state: Any) -> Iterator[LarkToken]:
        text = getattr(state.text, "text", state.text)
        for number, name in enumerate(text.split()):
            yield LarkToken(name, str(number))


@lru_cache(maxsize=1)
def lexer() -> Lexer:
    return Lexer(TERMINALS)


def types(within: Sequence[str], sentence: str, block: Sequence[str]) -> list[str]:
    """The tokens as which `parse` reads a sentence; empty where it does not come so far. Raises Tie."""
    asked: list[list[str]] = []

    def recorded(found: Tables, names: Sequence[str], *rest: Any) -> Any:
        asked.append(list(names))
        return drive(found, names, *rest)

    with pytest.MonkeyPatch.context() as patch:
        module = sys.modules["secdefs.sentence.parse"]
        patch.setattr(module, "drive", recorded)
        # A sentence whose form is known is not parsed.
        patch.setattr(module, "_FORMS", Forms(limit=1))
        patch.setattr(module, "_READINGS", Forms(limit=1))
        reading = secdefs.parse(sentence, within=within, block=block)
    for each in reading.findings:
        if each.code == "SD109" and "can be read in two ways" in each.message:
            raise Tie(each.message)
    return asked[-1] if asked else []


def tokens(case: Case) -> list[str]:
    return types(case.within, case.sentence, case.block)


def tree(names: list[str]) -> Tree[str] | None:
    """The tree by our tables, none where a row of tokens is not read: a leaf is the number of its token."""
    try:
        return drive(tables(), names, lambda number: str(number), lambda name, children: Tree(name, children))
    except Unexpected:
        return None


def derived(lark: Lark, names: list[str]) -> Tree[Any] | None:
    """The tree by a parser of Lark, none where a row of tokens is not read."""
    try:
        return lark.parse(" ".join(names))
    except UnexpectedInput:
        return None


# --- one grammar ------------------------------------------------------------------------------------------------------


def test_the_grammar_has_no_conflict() -> None:
    # `strict` refuses every shift/reduce and reduce/reduce conflict.
    made = make(grammar())

    assert {rule.name for rule in made.rules} == {rule.name for rule in tables().rules}
    # Lark writes the flags of a pattern in no certain order.
    assert {each[:2] for each in made.terminals} == {each[:2] for each in TERMINALS}
    assert len(made.states) == len(tables().states)


def test_the_tables_read_as_lark_does() -> None:
    lark = Lark(grammar(), parser="lalr", lexer=Given)
    for case in CASES:
        names = tokens(case)

        assert derived(lark, names) == tree(names), case.name


def test_the_rules_of_acts_and_the_operations_have_the_same_names() -> None:
    acts = {each.__struct_config__.tag for each in operations.Op.__subclasses__()}

    assert acts <= {rule.name for rule in tables().rules}


# --- one reading ------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def oracle() -> Lark:
    """A parser that finds every derivation."""
    return Lark(grammar(), parser="earley", lexer=Given, ambiguity="explicit")


def agrees(names: list[str]) -> bool:
    """Whether the oracle finds the one derivation that the tables find, or none where they find none."""
    return derived(oracle(), names) == tree(names)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_oracle_finds_no_other_reading_of_a_case(case: Case) -> None:
    assert agrees(tokens(case))


@pytest.mark.slow
def test_the_oracle_finds_no_other_reading_of_real_instructions() -> None:
    path = CORPUS / "statute_instructions.jsonl"
    if not path.exists():
        pytest.skip("the corpus is not beside this checkout")
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    seen: set[tuple[str, ...]] = set()
    for row in random.Random(3).sample(rows, 600):
        with suppress(Tie):
            seen.add(tuple(types(row["context"], row["instruction"], row["block"] or ())))

    assert [names for names in sorted(seen, key=len)[:100] if not agrees(list(names))] == []


def test_terminals_passed_over_by_their_first_character_match_nothing_there() -> None:
    tried, everything = lexer(), Lexer([(*each[:3], "".join(ALPHABET)) for each in TERMINALS])
    for case in CASES:
        for text in (*case.within, case.sentence):
            clause = one_clause(text).text

            assert tried.lexemes(clause) == everything.lexemes(clause)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("after", "a"),
        ("(?i:after|in)", "AaIi"),
        ("(?:the )?words", "tw"),
        (r"\(?\d", "(0123456789"),
        ("(?=x)after", "a"),
        ("(?<!x)(?:in)+", "i"),
        ("[A-C]x", "ABC"),
        ("(?i:[b-c])x", "bcBC"),
        ("(?i:a(?-i:b)|(?-i:c))", "aAc"),
        ("\ue000", "\ue000"),
        ("(?i:\ue000)", "\ue000"),
    ],
)
def test_the_first_characters_of_a_pattern(pattern: str, expected: str) -> None:
    assert set(expected) == firsts(pattern)


@pytest.mark.parametrize("pattern", ["a*", "", "[^a]b", ".", "(?i:ſ)", "(a?)", r"\W"])
def test_a_pattern_that_may_begin_with_anything(pattern: str) -> None:
    assert firsts(pattern) == ALPHABET


def test_a_token_costs_few_trials() -> None:
    counted = Lexer(TERMINALS)
    found = [token for case in CASES for token in counted.lexemes(one_clause(case.sentence).text)]

    # Of some hundred terminals; all of them would be tried at most of the tokens.
    assert counted.trials < len(found) * len(TERMINALS) / 3


# --- one token --------------------------------------------------------------------------------------------------------


# What stands after a new provision's number makes an automaton without end; the test after next tries its phrases.
TOO_LARGE = frozenset({"_NEW_ONE"})


@pytest.mark.slow
def test_no_two_terminals_of_one_priority_match_the_same_words() -> None:
    automata = {}
    for name, priority, pattern, _ in TERMINALS:
        if name in TOO_LARGE:
            continue
        # What stands beside a phrase cannot be put into an automaton: those phrases are tried by the test below.
        try:
            automata[name] = priority, interegular.parse_pattern(pattern).to_fsm()
        except interegular.patterns.Unsupported:
            continue
    ties = [
        (one, other)
        for (one, (rank, first)), (other, (its_rank, second)) in itertools.combinations(automata.items(), 2)
        if rank == its_rank and not first.isdisjoint(second)
    ]

    assert len(automata) > len(TERMINALS) / 2
    assert ties == []


def phrase(pattern: Any, chance: random.Random) -> str:
    """A text that a parsed pattern matches, but for what it asks of the words beside it."""
    text = ""
    for kind, argument in pattern:
        match str(kind):
            case "LITERAL":
                text += chr(argument)
            case "IN":
                text += one_of(argument, chance)
            case "BRANCH":
                text += phrase(chance.choice(argument[1]), chance)
            case "SUBPATTERN":
                text += phrase(argument[-1], chance)
            case "MAX_REPEAT" | "MIN_REPEAT":
                least, most, inner = argument
                text += "".join(phrase(inner, chance) for _ in range(chance.randint(least, min(int(most), least + 2))))
            case "ANY" | "NOT_LITERAL":
                text += "x"
    return text


def one_of(choices: Any, chance: random.Random) -> str:
    """A character of a class; of a class by exclusion, a letter."""
    if str(choices[0][0]) == "NEGATE":
        return "x"
    kind, argument = chance.choice(choices)
    match str(kind):
        case "LITERAL":
            return chr(argument)
        case "RANGE":
            return chr(chance.randint(*argument))
    return chance.choice("5 " if "SPACE" in str(argument) else "5a")


def test_no_phrase_of_a_terminal_has_two_readings() -> None:
    ties = set()
    chance = random.Random(7)
    for _, _, pattern, _ in TERMINALS:
        parsed = re_parser.parse(pattern)
        for _ in range(40):
            words = phrase(parsed, chance)
            for following in ("", ", \ue000", " \ue000", " section 5", "—"):
                try:
                    lexer().lexemes(words + following)
                except Tie as tie:
                    ties.add(str(tie))

    assert ties == set()


def test_no_real_sentence_has_two_readings() -> None:
    path = CORPUS / "statute_instructions.jsonl"
    if not path.exists():
        pytest.skip("the corpus is not beside this checkout")
    ties = []
    for line in path.read_text("utf-8").splitlines()[::3]:
        row = json.loads(line)
        try:
            types(row["context"], row["instruction"], row["block"] or ())
        except Tie as tie:
            ties.append(str(tie))

    assert ties == []


# --- no line without a case -------------------------------------------------------------------------------------------


def alternatives() -> list[str]:
    """Every alternative of every rule, in the order of the tables."""
    return [
        f"{rule.origin.name}: {' '.join(symbol.name for symbol in rule.expansion)}"
        for rule in Lark(grammar(), parser="lalr", lexer=Given).rules
    ]


def reached(names: list[str]) -> set[int]:
    """The numbers of the alternatives by which a row of tokens is read; empty where it is not."""
    found = tables()
    states, used = [found.start], set()
    for symbol in (*names, END):
        while (action := found.states[states[-1]].get(symbol)) is None or action < 0:
            if action is None:
                return set()
            rule = found.rules[-1 - action]
            used.add(-1 - action)
            del states[len(states) - len(rule.kept) :]
            states.append(found.states[states[-1]][rule.name])
            if symbol == END and states[-1] == found.end:
                return used
        states.append(action)
    raise AssertionError("the end of a sentence is always reduced or refused")


def test_every_alternative_of_every_rule_is_reached_by_a_case() -> None:
    used: set[int] = set()
    for case in cases():
        with suppress(Tie):
            used |= reached(tokens(case))
    unreached = [said for number, said in enumerate(alternatives()) if number not in used]

    assert unreached == [], "write a case in fixtures/sentences"
