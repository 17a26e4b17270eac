"""The redline as one page for a browser: what it shows of a plan, with the sentence of the letter beside each change.

The page holds all that it needs and may fetch nothing: its policy allows its own style sheet, by its hash, and no more.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import NamedTuple

from secdefs.change.edits import CODE, Consolidation, Field, Marked, Piece, accepted
from secdefs.change.text import LABEL
from secdefs.letter.instrument import Instrument
from secdefs.plan import Plan
from secdefs.read.encoding import HIDDEN, escaped
from secdefs.sentence.parse import Instruction
from secdefs.write.redline import FIELDS, short
from secdefs.write.terminal import count, day, when


class Run(NamedTuple):
    """Words that change alike: `kind` is "", "new" or "gone"."""

    kind: str
    words: str


class Line(NamedTuple):
    """A paragraph of a text; `label` says that it is an item of a list."""

    depth: int
    label: bool
    runs: tuple[Run, ...]


class Named(NamedTuple):
    """A field that is shown by its name."""

    name: str
    runs: tuple[Run, ...]


class State(NamedTuple):
    """That a whole record came or went."""

    kind: str
    words: str


class Link(NamedTuple):
    """A place on the page and what it is called."""

    ident: str
    name: str


class Order(NamedTuple):
    """An instruction: its sentence in the letter, the item and the letter, its date, and what it changed."""

    ident: str
    item: str
    letter: str
    sentence: str
    when: str
    links: tuple[Link, ...] = ()


class Shown(NamedTuple):
    """A changed record."""

    ident: str
    name: tuple[Run, ...]
    state: State | None
    lines: tuple[Line, ...]
    fields: tuple[Named, ...]
    orders: tuple[Order, ...]


class Group(NamedTuple):
    """The changed records of a list."""

    ident: str
    name: str
    records: tuple[Shown, ...]


_NAMES = {"definitions": "Definitions", "documents": "Documents", "sections": "Provisions"}
_KEYS = {"definitions": "term", "documents": "place", "sections": "label"}


def redline_page(plan: Plan) -> str:
    """A plan as a page of HTML. The same plan gives the same page."""
    import jinja2
    from markupsafe import Markup

    folder = files("secdefs.write").joinpath("templates")
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    template = environment.from_string(folder.joinpath("redline.html").read_text(encoding="utf-8"))
    style = folder.joinpath("redline.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

    def runs(given: Iterable[Run]) -> Markup:
        wrap = {
            "": Markup("{}"),
            "new": Markup('<ins><span class="spoken">put in: </span>{}<span class="spoken"> (end)</span></ins>'),
            "gone": Markup('<del><span class="spoken">taken out: </span>{}<span class="spoken"> (end)</span></del>'),
        }
        return Markup("").join(wrap[run.kind].format(run.words) for run in given)

    letters = {each.id: letter for letter in reversed(plan.instruments) for each in letter.instructions}
    orders = {each.id: _order(letters[each.id], each, number) for number, each in enumerate(plan.instructions, 1)}
    groups = tuple(_groups(plan.consolidation, orders))
    linked = _linked(plan, groups, orders)
    return template.render(
        title=_shown(plan.before.title),
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        style=Markup(style),
        runs=runs,
        particulars=tuple(_particulars(plan.consolidation)),
        tally=f"{count(len(plan.applied), 'instruction')} carried out",
        groups=groups,
        instructions=linked,
        waiting=tuple(orders[each.id] for each in plan.pending),
    )


def _shown(text: str) -> str:
    """A text with nothing hidden in it: a character that turns the direction of writing is written out."""
    return HIDDEN.sub(lambda found: escaped(found[0]), text)


def _order(letter: Instrument, each: Instruction, number: int) -> Order:
    sentence = " ".join(letter.text[each.source.start : each.source.end].split()) or str(each.operation)
    name = letter.file or ""
    made = f"letter of {day(letter.made)}" if letter.made else name
    item = each.source.item or f"line {each.source.line}"
    return Order(f"order-{number}", _shown(item), _shown(made), _shown(sentence), when(each.commencement) or "")


def _linked(plan: Plan, groups: Iterable[Group], orders: dict[str, Order]) -> tuple[Order, ...]:
    links: dict[str, list[Link]] = {}
    for group in groups:
        for record in group.records:
            name = "".join(run.words for run in record.name if run.kind != "gone") or "".join(
                r.words for r in record.name
            )
            for order in record.orders:
                links.setdefault(order.ident, []).append(Link(record.ident, name))
    return tuple(orders[each.id]._replace(links=tuple(links.get(orders[each.id].ident, ()))) for each in plan.applied)


def _particulars(consolidation: Consolidation) -> Iterator[Named]:
    (mark,) = consolidation.lists[CODE]
    names = {"version": "version of the code", "section_version": FIELDS["section_version"], "as_at": FIELDS["as_at"]}
    for field, name in names.items():
        pieces = _dated(mark.fields[field]) if field == "as_at" else mark.fields[field]
        if accepted(pieces) and accepted(pieces) != "1 January 1":
            yield Named(name, _runs(pieces, None))


def _groups(consolidation: Consolidation, orders: dict[str, Order]) -> Iterator[Group]:
    for place, (name, marks) in enumerate(consolidation.lists.items()):
        shown = [mark for mark in marks if mark.touched() and not (mark.by and mark.gone)]
        if name == CODE or not shown:
            continue
        heading = f"Contents: {name.partition(':')[2]}" if name.startswith("contents:") else _NAMES[name]
        records = tuple(_record(name, mark, f"record-{place}-{number}", orders) for number, mark in enumerate(shown, 1))
        yield Group(f"list-{place}", _shown(heading), records)


def _record(name: str, mark: Marked, ident: str, orders: dict[str, Order]) -> Shown:
    state = State("new", "new") if mark.by else State("gone", "omitted") if mark.gone else None
    gone = mark.gone
    if name.startswith("contents:"):
        key = (*_runs(mark.fields["label"], gone), Run("", ": "), *_runs(mark.fields["title"], gone))
    else:
        key = _runs(mark.fields[_KEYS[name]], gone)
    named = tuple(
        Named(FIELDS.get(field, field), _runs(_dated(pieces) if field == "in_force_from" else pieces, gone))
        for field, pieces in mark.fields.items()
        if field in ("title", "version", "in_force_from", "heading") and pieces and not name.startswith("contents:")
    )
    who = dict.fromkeys([mark.by, mark.gone])
    for pieces in mark.fields.values():
        who.update(dict.fromkeys(each for piece in pieces for each in (piece.gone, piece.by)))
    said = tuple(orders[each]._replace(sentence=short(orders[each].sentence)) for each in who if each in orders)
    return Shown(ident, key, state, tuple(_lines(mark.fields.get("text", ()), gone)), named, said)


def _kind(piece: Piece, gone: str | None) -> str:
    return "gone" if piece.gone or gone else "new" if piece.by else ""


def _runs(pieces: Field, gone: str | None) -> tuple[Run, ...]:
    return tuple(
        Run(_kind(piece, gone), _shown(piece.text)) for piece in pieces if not (piece.by and (piece.gone or gone))
    )


def _lines(pieces: Field, gone: str | None) -> Iterator[Line]:
    """The paragraphs of a text, those that went and those that came each as a paragraph of its own."""
    rows: list[list[Run]] = [[]]
    for piece in pieces:
        if piece.by and (piece.gone or gone):
            continue
        for number, part in enumerate(piece.text.split("\n")):
            if number:
                rows.append([])
            if part:
                rows[-1].append(Run(_kind(piece, gone), part))
    for row in rows:
        words = "".join(run.words for run in row)
        blank = len(words) - len(words.lstrip(" "))
        if words.strip():
            yield Line(min(blank // 2, 7), LABEL.match(words, blank) is not None, tuple(_stripped(row, blank)))


def _stripped(row: Iterable[Run], blank: int) -> Iterator[Run]:
    for run in row:
        words = run.words[blank:]
        blank = max(blank - len(run.words), 0)
        if words:
            yield Run(run.kind, _shown(words))


def _dated(pieces: Field) -> Field:
    """Dates as a reader writes them."""

    def said(text: str) -> str:
        try:
            return day(dt.date.fromisoformat(text))
        except ValueError:
            return text

    return tuple(Piece(said(piece.text), piece.by, piece.gone) for piece in pieces)
