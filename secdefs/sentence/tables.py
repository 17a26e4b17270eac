"""The parser's tables: made from the grammar once by Lark, kept as JSON under the grammar's hash, and driven here.

Making them takes Lark most of a second, which every start would pay; reading them takes a few milliseconds. They hold
nothing but names and numbers, and a file whose content does not answer to its own hash is made anew.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from pkgutil import get_data
from typing import Any, TypeVar

import msgspec

PAGES = ("phrases", "places", "statute", "direction", "letters")
"""The pages of the grammar, in the order in which they are joined."""

END = "$END"
FORMAT = 3

T = TypeVar("T")


class Rule(msgspec.Struct, frozen=True, array_like=True):
    """A rule: its name, how many symbols it takes off the stack, and for each whether its value is kept.

    A rule whose name begins with "_" hands its values on to the rule that it stands in.
    """

    name: str
    kept: tuple[bool, ...]


class Tables(msgspec.Struct, frozen=True, array_like=True):
    """`states`: for each state what a symbol leads to: a state, or -1 - n to reduce by rule n.

    `terminals`: name, priority and pattern of each terminal, and the characters with which a match may begin.
    """

    start: int
    end: int
    states: tuple[dict[str, int], ...]
    rules: tuple[Rule, ...]
    terminals: tuple[tuple[str, int, str, str], ...]


class Unexpected(Exception):  # noqa: N818 - a sentence, and no fault
    """No rule takes the token of that number; `expected` are the terminals that could have stood there."""

    def __init__(self, number: int, expected: frozenset[str]) -> None:
        super().__init__(number)
        self.number = number
        self.expected = expected


def grammar() -> str:
    """The pages of the grammar as one text."""
    # By `pkgutil`: `importlib.resources` loads archives and temporary files, which a start would pay for.
    pages = [get_data("secdefs.grammar", f"{page}.lark") for page in PAGES]
    return "\n".join(page.decode("utf-8") for page in pages if page is not None)


@lru_cache(maxsize=1)
def tables() -> Tables:
    """The tables of the grammar, from the cache where it has them."""
    text = grammar()
    name = hashlib.sha256(f"{FORMAT}\n{text}".encode()).hexdigest()[:24]
    path = _cache() / f"tables-{name}.json"
    with suppress(OSError, msgspec.DecodeError, ValueError):
        data = path.read_bytes()
        digest, _, body = data.partition(b"\n")
        if digest.decode("ascii") == hashlib.sha256(body).hexdigest():
            return msgspec.json.decode(body, type=Tables)
    from tempfile import NamedTemporaryFile

    made = make(text)
    body = msgspec.json.encode(made)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        os.replace(file.name, path)
    return made


def _cache() -> Path:
    """The folder in which this user's programs keep what they can make again."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
    else:
        base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "secdefs"


def make(text: str) -> Tables:
    """The tables of a grammar. Raises lark's GrammarError where it is not LALR(1) without a conflict."""
    from lark import Lark
    from lark.lexer import Lexer
    from lark.parsers.lalr_analysis import Shift

    from secdefs.sentence.firsts import firsts

    class NoLexer(Lexer):
        __future_interface__ = 2

        def __init__(self, conf: object) -> None: ...

        def lex(self, state: Any, parser_state: Any) -> Any:
            raise NotImplementedError

    parser = Lark(text, parser="lalr", lexer=NoLexer, strict=True)
    table = parser.parser.parser._parse_table
    numbers = {state: number for number, state in enumerate(table.states)}
    known = {rule: number for number, rule in enumerate(parser.rules)}
    for row in table.states.values():
        for action, argument in row.values():
            if action is not Shift:
                known.setdefault(argument, len(known))
    states = tuple(
        {
            symbol: numbers[argument] if action is Shift else -1 - known[argument]
            for symbol, (action, argument) in row.items()
        }
        for row in table.states.values()
    )
    rules = tuple(
        Rule(
            str(rule.alias or rule.origin.name),
            tuple(not getattr(symbol, "filter_out", False) for symbol in rule.expansion),
        )
        for rule in known
    )
    patterns = [(each.name, each.priority, each.pattern.to_regexp()) for each in parser.terminals]
    terminals = tuple((*each, "".join(sorted(firsts(each[2])))) for each in patterns)
    return Tables(numbers[table.start_states["start"]], numbers[table.end_states["start"]], states, rules, terminals)


def parse(found: Tables, types: Sequence[str], value: Callable[[int], Any], node: Callable[[str, list[Any]], T]) -> T:
    """The tree of a row of tokens, given by their types: `value` makes a leaf of a number, `node` a branch of a rule.

    Raises Unexpected.
    """
    states: list[int] = [found.start]
    values: list[Any] = []
    for number, symbol in enumerate((*types, END)):
        while (action := found.states[states[-1]].get(symbol)) is None or action < 0:
            if action is None:
                raise Unexpected(number, _expected(found, states))
            rule = found.rules[-1 - action]
            children: list[Any] = []
            size = len(rule.kept)
            for keep, child in zip(rule.kept, values[len(values) - size :], strict=True):
                if keep:
                    children += child if isinstance(child, list) else (child,)
            del states[len(states) - size :], values[len(values) - size :]
            values.append(children if rule.name.startswith("_") else node(rule.name, children))
            states.append(found.states[states[-1]][rule.name])
            if symbol == END and states[-1] == found.end:
                tree: T = values[0]
                return tree
        values.append(value(number))
        states.append(action)
    raise AssertionError("the end of a sentence is always reduced or refused")


def _expected(found: Tables, states: list[int]) -> frozenset[str]:
    """The terminals that are really accepted in a state: some that a row names lead to a refusal after a reduction."""
    names = {symbol for symbol in found.states[states[-1]] if symbol.strip("_").isupper() or symbol == END}
    return frozenset(symbol for symbol in names if _accepts(found, list(states), symbol))


def _accepts(found: Tables, states: list[int], symbol: str) -> bool:
    while (action := found.states[states[-1]].get(symbol)) is not None:
        if action >= 0:
            return True
        rule = found.rules[-1 - action]
        del states[len(states) - len(rule.kept) :]
        states.append(found.states[states[-1]][rule.name])
        if states[-1] == found.end:
            return symbol == END
    return False
