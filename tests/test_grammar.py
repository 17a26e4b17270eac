"""The grammar: one reading for each row of tokens, no word that two terminals want, and no line that no case needs."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import interegular
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lark import Lark, Tree
from lark.lexer import Lexer as LarkLexer
from lark.lexer import Token as LarkToken
from sentences import Case, cases

from secdefs import operations
from secdefs.lexer import BLOCK, Lexeme, Lexer, Tie, read
from secdefs.outline import clause
from secdefs.tables import END, Unexpected, grammar, make, parse, tables

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
CASES = cases()
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


def lexemes(within: tuple[str, ...], sentence: str, block: tuple[str, ...]) -> list[Lexeme]:
    """The tokens of a sentence, as `parse` has them."""
    leaf = clause(sentence, block=block)
    texts = [*(clause(lead).text for lead in within), leaf.text + (f" {BLOCK}" if leaf.block else "")]
    return read(lexer(), texts)


def types(case: Case) -> list[str]:
    return [each.type for each in lexemes(case.within, case.sentence, case.block)]


def tree(names: list[str]) -> Tree[str]:
    """The tree by our tables: a leaf is the number of its token."""
    return parse(
        tables(), names, lambda number: LarkToken(names[number], str(number)), lambda name, kids: Tree(name, kids)
    )


# --- one grammar ------------------------------------------------------------------------------------------------------


def test_the_grammar_has_no_conflict() -> None:
    # `strict` refuses every shift/reduce and reduce/reduce conflict.
    assert make(grammar()) == tables()


def test_the_tables_read_as_lark_does() -> None:
    lark = Lark(grammar(), parser="lalr", lexer=Given)
    for case in CASES:
        names = types(case)
        with pytest.MonkeyPatch.context():
            try:
                ours: Tree[str] | None = tree(names)
            except Unexpected:
                ours = None
            try:
                theirs: Tree[Any] | None = lark.parse(" ".join(names))
            except Exception:  # Lark has one error for each way of stopping
                theirs = None

        assert theirs == ours, case.name


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
    try:
        ours: Tree[str] | None = tree(names)
    except Unexpected:
        ours = None
    try:
        theirs: Tree[Any] | None = oracle().parse(" ".join(names))
    except Exception:  # Lark has one error for each way of stopping
        theirs = None
    return theirs == ours


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_oracle_finds_no_other_reading_of_a_case(case: Case) -> None:
    assert agrees(types(case))


@pytest.mark.slow
def test_the_oracle_finds_no_other_reading_of_real_instructions() -> None:
    path = CORPUS / "statute_instructions.jsonl"
    if not path.exists():
        pytest.skip("the corpus is not beside this checkout")
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    seen: set[tuple[str, ...]] = set()
    for row in random.Random(3).sample(rows, 1200):
        seen.add(
            tuple(each.type for each in lexemes(tuple(row["context"]), row["instruction"], tuple(row["block"] or ())))
        )

    assert [names for names in sorted(seen, key=len)[:400] if not agrees(list(names))] == []


# --- one token --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_no_two_terminals_of_one_priority_match_the_same_words() -> None:
    automata = {}
    for name, priority, pattern in TERMINALS:
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


@pytest.mark.parametrize(
    "name", [name for name, _, _ in TERMINALS if not name.startswith(("_AND_QUOTE", "_THEN", "_LEAD"))]
)
@settings(max_examples=60, phases=[Phase.generate], suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_no_phrase_of_a_terminal_has_two_readings(name: str, data: st.DataObject) -> None:
    pattern = next(each for known, _, each in TERMINALS if known == name)
    words = data.draw(st.from_regex(pattern, fullmatch=True, alphabet=st.characters(codec="ascii")))
    followed = data.draw(st.sampled_from(["", ", \ue000", " \ue000", " section 5", "—"]))

    lexer().lexemes(words + followed)


def test_no_real_sentence_has_two_readings() -> None:
    path = CORPUS / "statute_instructions.jsonl"
    if not path.exists():
        pytest.skip("the corpus is not beside this checkout")
    ties = []
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        try:
            lexemes(tuple(row["context"]), row["instruction"], tuple(row["block"] or ()))
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
    used = set().union(*(reached(types(case)) for case in CASES if case.instructions()))
    unreached = [said for number, said in enumerate(alternatives()) if number not in used]

    assert unreached == []
