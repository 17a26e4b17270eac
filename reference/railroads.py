"""The pages of the grammar as railroad diagrams: each rule and each phrase, with what its page says of it."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from re import _constants as kinds
from re import _parser as patterns
from typing import Any, NamedTuple

import railroad
from lark import Lark, Token, Tree

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("phrases", "places", "direction", "statute", "letters")
_READER = Lark.open_from_package("lark", "lark.lark", ["grammars"], parser="lalr", maybe_placeholders=False)
_HEADING = re.compile(r"// -+ (?P<title>.*?) -+")
_MEANT = {"\ue000": "“…”", "\ue001": "indented text", "\n": "a new line"}
_CLASSES = {"category_digit": "a digit", "category_word": "a letter or digit", "category_space": "a space"}


class Part(NamedTuple):
    """A piece of a grammar page: a heading, some prose, or a definition with its name."""

    kind: str
    text: str
    name: str = ""


def parts(page: str) -> Iterator[Part]:
    """The pieces of a page, in order."""
    prose: list[str] = []
    for block in re.split(r"\n(?![ \t])", page):
        if heading := _HEADING.fullmatch(block.strip()):
            yield from _said(prose)
            yield Part("heading", heading["title"].strip())
        elif block.startswith("//"):
            prose.append(block.removeprefix("//").strip())
        else:
            yield from _said(prose)
            if named := re.match(r"(?:%(?:extend|override) )?(?P<name>[A-Za-z_]+)(?:\.\d+)? ?:", block):
                yield Part("rule", block, named["name"])
    yield from _said(prose)


def _said(prose: list[str]) -> Iterator[Part]:
    text = "\n".join(prose).strip()
    prose.clear()
    if text:
        yield Part("prose", text)


# --- diagrams ---------------------------------------------------------------------------------------------------------


def diagram(definition: str, homes: dict[str, str]) -> str:
    """A definition as SVG. `homes` says on which page, and where, each name is defined."""
    bare = re.sub(r"^%\w+ ", "", re.sub(r" //.*", "", definition))
    tree = _READER.parse(bare + "\n")
    (defined,) = tree.find_pred(lambda each: each.data in ("rule", "token"))
    drawn = railroad.Diagram(_drawn(defined.children[-1], homes))
    out = io.StringIO()
    drawn.writeSvg(out.write)
    # The styles are the site's own, which know the dark from the light.
    return re.sub(r"<style>.*?</style>", "", out.getvalue(), flags=re.S).replace("\n", " ")


def _drawn(node: Any, homes: dict[str, str]) -> Any:
    match node:
        case Tree(data="expansions", children=children):
            return _choice([_drawn(each, homes) for each in children])
        case Tree(data="alias", children=[child, *_]):
            return _drawn(child, homes)
        case Tree(data="expansion", children=children):
            try:
                return _row([_drawn(each, homes) for each in children])
            except re.error:
                # A pattern that is cut in two by the name of another cannot be drawn piece by piece.
                return railroad.Comment("as written below")
        case Tree(data="expr", children=[child, Token(value=sign)]):
            inner = _drawn(child, homes)
            made = {"?": railroad.Optional, "*": railroad.ZeroOrMore, "+": railroad.OneOrMore}
            return made[sign](inner)
        case Tree(data="maybe", children=[child]):
            return railroad.Optional(_drawn(child, homes))
        case Tree(data="literal", children=[Token(value=text)]):
            return _literal(text)
        case Tree(data="name" | "value" | "atom" | "nonterminal" | "terminal", children=[child]):
            return _drawn(child, homes)
        case Tree(children=[child]):
            return _drawn(child, homes)
        case Token(type="RULE" | "TOKEN", value=name):
            return railroad.NonTerminal(said(name), href=homes.get(name))
    raise ValueError(f"{node!r} has no diagram")


def said(name: str) -> str:
    """A name of the grammar as people read it: "_SHALL_BE" is "shall be"."""
    return name.strip("_").replace("_", " ").lower()


def _row(items: Sequence[Any]) -> Any:
    kept = [each for each in items if not isinstance(each, railroad.Skip)]
    return kept[0] if len(kept) == 1 else railroad.Sequence(*kept) if kept else railroad.Skip()


def _choice(items: Sequence[Any]) -> Any:
    return items[0] if len(items) == 1 else railroad.Choice(0, *items)


def _literal(text: str) -> Any:
    if text.startswith('"'):
        return railroad.Terminal(text.strip('"i'))
    body, _, flags = text[1:].rpartition("/")
    return _pattern(patterns.parse(body, re.I if "i" in flags else 0))


# --- patterns: what a phrase may be -----------------------------------------------------------------------------------


def _pattern(parsed: Any) -> Any:
    items: list[Any] = []
    words = ""
    for operator, value in parsed:
        if operator is kinds.LITERAL:
            words += _MEANT.get(chr(value), chr(value))
            continue
        if operator is kinds.MAX_REPEAT and value[0] == 0 and len(value[2]) == 1 and value[2][0][0] is kinds.LITERAL:
            # A letter that may be there: "re-?number" is one word.
            words += f"({chr(value[2][0][1])})" if value[1] == 1 and not words.endswith(" ") else ""
            continue
        begun = words[words.rfind(" ") + 1 :]
        if begun[-1:].isalpha() and operator in (kinds.BRANCH, kinds.SUBPATTERN):
            # Python takes out what alternatives begin with: "in order t(o|hat)" is "in order (to|that)".
            head = [(kinds.LITERAL, ord(char)) for char in begun]
            operator, value = _begun(head, operator, value)
            words = words.removesuffix(begun)
        if words.strip():
            items.append(railroad.Terminal(words.strip()))
        words = ""
        items += _piece(operator, value)
    if words.strip():
        items.append(railroad.Terminal(words.strip()))
    return _row(items)


def _begun(head: list[Any], operator: Any, value: Any) -> tuple[Any, Any]:
    """Alternatives, or a group, with letters before each."""
    if operator is kinds.BRANCH:
        return operator, (value[0], [[*head, *each] for each in value[1]])
    return operator, (*value[:3], [*head, *value[3]])


def _piece(operator: Any, value: Any) -> list[Any]:
    match operator:
        case kinds.SUBPATTERN:
            return [_pattern(value[3])]
        case kinds.BRANCH:
            return [_choice([_pattern(each) for each in value[1]])]
        case kinds.MAX_REPEAT | kinds.MIN_REPEAT:
            low, high, inner = value
            drawn = _pattern(inner)
            if isinstance(drawn, railroad.Skip):
                return []
            if (low, high) == (0, 1):
                return [railroad.Optional(drawn)]
            if (low, high) == (1, 1):
                return [drawn]
            return [railroad.ZeroOrMore(drawn) if low == 0 else railroad.OneOrMore(drawn)]
        case kinds.IN:
            return [railroad.Comment(_class(value))]
        case kinds.ANY:
            return [railroad.Comment("anything")]
    return []  # what looks ahead or behind takes no words


def _class(members: Any) -> str:
    names = []
    for operator, value in members:
        match operator:
            case kinds.NEGATE:
                names.append("none of")
            case kinds.LITERAL:
                names.append(_MEANT.get(chr(value), chr(value) if chr(value) != " " else "a space"))
            case kinds.RANGE:
                names.append(f"{chr(value[0])}-{chr(value[1])}")
            case kinds.CATEGORY:
                names.append(_CLASSES.get(str(value).lower(), "other"))
    return " ".join(names)


# --- pages ------------------------------------------------------------------------------------------------------------


def pages() -> Iterator[tuple[str, str]]:
    """Each grammar page as Markdown, by its name."""
    texts = {name: (ROOT / "grammar" / f"{name}.lark").read_text("utf-8") for name in PAGES}
    homes: dict[str, str] = {}
    for page, text in texts.items():
        for each in parts(text):
            if each.kind == "rule" and not each.text.startswith("%"):
                homes.setdefault(each.name, f"{page}.html#{anchor(each.name)}")
    for page, text in texts.items():
        yield page, "\n\n".join(_page(page, text, homes)) + "\n"


def anchor(name: str) -> str:
    """Where a name stands on its page: rules and phrases of one name are told apart."""
    return ("phrase-" if name.isupper() else "rule-") + name.strip("_").lower()


def _page(page: str, text: str, homes: dict[str, str]) -> Iterator[str]:
    yield f"# {page.capitalize()}"
    yield (
        f"`grammar/{page}.lark` as it is read. A box with square corners is defined where it leads; round ones are the "
        "words of a letter, in capitals or small letters. “Also” adds to a piece that another page began."
    )
    for each in parts(text):
        match each.kind:
            case "heading":
                yield f"## {each.text[:1].upper()}{each.text[1:]}"
            case "prose":
                yield _escaped(each.text)
            case _:
                also = " (also)" if each.text.startswith("%") else ""
                mark = f' id="{anchor(each.name)}"' if not also else ""
                source = html.escape(re.sub(r"^%\w+ ", "", each.text))
                yield (
                    f'<div class="railroad"{mark}>\n<p><code>{each.name}</code>{also}</p>\n'
                    f"<div>{diagram(each.text, homes)}</div>\n"
                    f"<details><summary>▸ as written</summary><pre>{source}</pre></details>\n</div>"
                )


def _escaped(text: str) -> str:
    return re.sub(r"([*_<>`])", r"\\\1", text)
