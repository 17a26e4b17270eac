"""From a parse tree to operations: each rule is the act of its name, each noun rule the field of its name.

What no rule says by itself is decided here and in the modules below: which place is inside which, which words an anchor
belongs to, and whether what is inserted are words or provisions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import NamedTuple, TypeAlias, get_args

from secdefs.change.operations import InsertProvision, OmitProvision, Operation, SubstituteProvision
from secdefs.change.text import LABEL
from secdefs.findings import Refused
from secdefs.model import Definition, DefinitionRef, Provision, ProvisionRef
from secdefs.outline.labels import follows, values_of
from secdefs.sentence import acts, designations
from secdefs.sentence.adjuncts import Settings, one_rank, put, scopes_of, settings_of
from secdefs.sentence.lexer import Lexeme
from secdefs.sentence.nodes import Node, Quotations, Script, is_adjunct
from secdefs.sentence.operands import targets_of
from secdefs.sentence.pairing import has_own_which, paired
from secdefs.sentence.scope import Scope, bounded


class Order(NamedTuple):
    """One operation that a sentence orders, and what the sentence says of when and how."""

    operation: Operation
    as_if: bool
    commencement: tuple[tuple[str, ...], ...]
    """The phrases of commencement, those of the sentence itself first, then of each lead-in from the inside out."""
    first: int
    last: int
    """The numbers of the first and last lexeme of the act."""


Act: TypeAlias = Callable[[Script, Node, Scope, Settings], list[Operation]]

_NAMES = (*(act.__struct_config__.tag for act in get_args(Operation)), "narrative")

ACTS: dict[str, Act] = {name: getattr(designations if hasattr(designations, name) else acts, name) for name in _NAMES}
"""The rules that are acts, each with its function: the operations, and what is told and cannot be carried out."""


def lower(tree: Node, lexemes: Sequence[Lexeme], quotation: Quotations, block: tuple[str, ...]) -> tuple[Order, ...]:
    """The operations that a sentence orders. Raises Refused: SD101, SD108 or SD110."""
    script = Script(lexemes, quotation, block)
    orders: list[Order] = []
    settings = [settings_of(script, lead) for lead in tree.all("lead")]
    script.siblings = [scope for each in settings if each.sibling for scope in each.scopes]
    settings = [each for each in settings if not each.sibling]
    after = [settings_of(script, found, settings) for found in tree.all("following")]
    (body,) = tree.all("body")
    acts = [each for child in body.children if isinstance(child, Node) for each in _apiece(script, child)]
    pending: list[Node] = []
    first = min((number for number, each in enumerate(lexemes) if each.clause == lexemes[-1].clause), default=0)
    before: Settings | None = None
    left: tuple[Node, ...] = ()
    omitted = False
    previous: Node | None = None
    for child in acts:
        if child.data not in ACTS:
            pending.append(child)
            continue
        last = child.last
        before = _leading(script, pending, settings, before)
        if child.data == "insert_provision" and previous is not None:
            before = _beside_it(script, previous, child, settings, before)
        if _puts_paragraphs(script, child) and not any(each.spots for each in (*settings, before)):
            before = before._replace(spots=left)
        made = _act(script, child, before, settings, after, first, last)
        spots = any(each.spots for each in (*settings, before)) or child.all("target", "spot")
        goes = child.data == "insert_provision" and not spots and omitted and len(made) == 1
        orders[len(orders) - goes :] = _in_its_place(orders[-1], made[0]) if goes else made
        omitted = child.data == "omit_provision" and len(made) == 1
        previous = child
        left = _left(child, before)
        pending, first = [], last + 1
    if orders:
        orders[-1] = orders[-1]._replace(last=len(lexemes) - 1)
    return tuple(orders)


def _beside_it(script: Script, previous: Node, node: Node, leads: Sequence[Settings], before: Settings) -> Settings:
    """What stands before an insertion that follows another act: after the omission of a paragraph, its list.

    Raises Refused where words go out and a text comes in, and it is not said that it is a paragraph by itself.
    """
    places = all(each.empty for settings in (*leads, before) for each in settings.scopes)
    if previous.data == "omit_provision" and places:
        lists = tuple(dict.fromkeys(each.parent() for each in targets_of(script, previous, Scope(), before)))
        if len(lists) == 1 and not lists[0].empty:
            return before._replace(scopes=lists, carried=True)
    own = any(each.spots for each in (*leads, before)) or node.all("target", "spot") or _left(previous, before)
    said = any(each.type == "_FOLLOWING" for each in script.lexemes[node.first : node.last + 1])
    if previous.data == "omit_words" and not own and not said:
        hint = "name one place: after what, at the end, or in alphabetical order"
        raise Refused("SD101", "the sentence does not say where the new text goes", hint)
    return before


def _in_its_place(omission: Order, insertion: Order) -> list[Order]:
    """ "omit paragraph (b) and insert— (b) …", with no more said of where: it goes where the other stood.

    Only what has the name of what goes, or the label after it; anything else goes where its name says.
    """
    match omission.operation, insertion.operation:
        case OmitProvision(target=target, conjunction=None), InsertProvision(new=(first, *_) as new):
            match target, first:
                case DefinitionRef(term=old, path=()), Definition(term=term):
                    same = old == term
                case (DefinitionRef() | ProvisionRef()) as ref, Provision(label=label) if ref.path:
                    last = values_of(f"({ref.through or ref.path[-1]})")[1]
                    same = label == ref.path[-1] or any(
                        follows(before, value) == 2 for before in last for value in values_of(f"({label})")[1]
                    )
                case _:
                    same = False
            if same:
                return [omission._replace(operation=SubstituteProvision(target=target, new=new), last=insertion.last)]
    return [omission, insertion]


def _apiece(script: Script, node: Node) -> list[Node]:
    """An act for each of several words that are named with their places: "omit “one” in (a) and “two” in (b)"."""
    subjects = node.all("subject")
    if len(subjects) < 2 or not (node.data == "omit_words" or node.all("new")):
        return [node]
    if not all(each.all("place") for each in subjects):
        raise Refused("SD110", "it is not clear in which place some of the words stand", "name it with each")
    if any(each.type == "_AND_PUT" for each in script.lexemes[subjects[-1].last : node.last]):
        raise Refused("SD101", "it is not clear in the place of which words the new ones go", "say for which words")
    rest = [child for child in node.children if child not in subjects]
    return [Node(node.data, [each, *rest]) for each in subjects]


def _puts_paragraphs(script: Script, node: Node) -> bool:
    """Whether paragraphs are put in: set out, or quoted with their label."""
    quoted = [
        text for new in node.all("new", "subject") for words in new.all("words") for text, _ in script.texts(words)
    ]
    return node.data == "insert_provision" or (node.data == "insert_words" and any(map(LABEL.match, quoted)))


def _left(node: Node, own: Settings) -> tuple[Node, ...]:
    """The end of a paragraph where words change: "omit the “and” at the end of (a) and insert—" puts text there."""
    if node.data not in ("omit_words", "substitute_words"):
        return ()
    spots = (*own.spots, *(spot for subject in node.all("subject") for spot in subject.all("spot")))
    return tuple(spot for spot in spots if spot.children[0].data == "at_end")


def _leading(script: Script, pending: list[Node], leads: Sequence[Settings], before: Settings | None) -> Settings:
    """What stands before an act, with what it shares with the act `before` it in the sentence."""
    outer = tuple(leads) if before is None else (*leads, before)
    own = settings_of(script, Node("lead", pending), outer)
    if before is None:
        return own
    bounded(len(before.scopes) * len(own.scopes))
    return own._replace(
        scopes=tuple(dict.fromkeys(inner.after(each) for each in before.scopes for inner in own.scopes)),
        dates=own.dates or before.dates,
        as_if=own.as_if or before.as_if,
        carried=all(each.empty for each in own.scopes) and not all(each.empty for each in before.scopes),
    )


def _act(
    script: Script,
    node: Node,
    own: Settings,
    leads: Sequence[Settings],
    after: Sequence[Settings],
    first: int,
    last: int,
) -> list[Order]:
    """The orders of one act, with what stands before it, in the lead-ins, and the places that come `after` it."""
    inside = _inside(script, node, [*leads, own])
    around = scopes_of(leads)
    bounded(len(around) * len(own.scopes))
    scopes = tuple(inner.within(each) for each in around for inner in own.scopes)
    if own.carried and inside.scopes != (Scope(),):
        scopes = tuple(dict.fromkeys(inner.after(each) for each in scopes for inner in inside.scopes))
    else:
        scopes = put(scopes, inside.scopes, False, True)
    if any(each.following for each in (*leads, own, inside)) and not after:
        raise Refused("SD101", "the places that follow are not named", "name them, each as an item of a list")
    for each in after:
        if each.spots or each.conjunctions or each.which != "once":
            raise Refused("SD101", "more than places is said after the sentence", "say it in the sentence")
        bounded(len(scopes) * len(each.scopes))
        scopes = tuple(inner.within(outer) for outer, inner in product(scopes, each.scopes))
    said = [each.which for each in (*leads, own, inside) if each.which != "once"]
    if any(each != said[0] for each in said):
        raise Refused("SD109", "the sentence says twice which of several places is meant")
    settings = Settings(
        scopes=scopes,
        spots=tuple(spot for lead in leads for spot in lead.spots) + own.spots + inside.spots,
        which=said[-1] if said else "once",
        conjunctions=own.conjunctions + inside.conjunctions,
        as_if=inside.as_if or own.as_if or any(lead.as_if for lead in leads),
        carried=own.carried and inside.scopes == (Scope(),),
        respectively=any(each.respectively for each in (*leads, own, inside)),
    )
    if inside.scopes != (Scope(),) and _apart(script, node):
        raise Refused(
            "SD110", "it is not clear whether both words stand in the place named last", "name it before them"
        )
    if inside.scopes != (Scope(),) and has_own_which(node):
        raise Refused(
            "SD110", "it is not clear which of the words stand in the place named last", "name it before them"
        )
    behind = tuple(date for each in after for date in each.dates)
    dates = (behind + own.dates + inside.dates, *(lead.dates for lead in reversed(leads)))
    made: list[Operation] = []
    for member, its in paired(node, settings):
        for scope in its.scopes:
            made += ACTS[node.data](script, member, scope, its)
            bounded(len(made))
    operations = tuple(dict.fromkeys(made))
    if len(operations) < len(made) and len(around) == 1:
        # "paragraph 3 of Part 1 and paragraph 3 of Part 2": what tells them apart is in no reference.
        raise Refused("SD110", "two of the places named come to the same here", "write a sentence for each place")
    return [Order(each, settings.as_if, dates, first, last) for each in operations]


def _apart(script: Script, node: Node) -> bool:
    """Whether a comma parts two words that an act is done to: "omit “one”, and “two” in paragraph (b)"."""
    for subject in node.all("subject"):
        for words in subject.all("words"):
            joints = [each for each in script.lexemes[words.first : words.last] if each.type == "_AND_QUOTE"]
            if len(joints) == 1 and "," in joints[0].after and subject.all("place"):
                return True
    return False


def _inside(script: Script, node: Node, outer: Sequence[Settings]) -> Settings:
    """The adjuncts inside an act, after its members."""
    found = [settings_of(script, Node("inside", [c for c in node.children if is_adjunct(c)]), outer, True)]
    for child in node.all("subject", "target", "new", "block", "appointed"):
        found.append(settings_of(script, Node("inside", [c for c in child.children if is_adjunct(c)]), outer, True))
    scopes: tuple[Scope, ...] = (Scope(),)
    result = Settings()
    for each in found:
        if any(one_rank(one, other) for one in scopes for other in each.scopes):
            raise Refused("SD110", "two places of one rank are named in one sentence", "write a sentence for each")
        scopes = put(scopes, each.scopes, False, True)
        if each.which != "once" and result.which != "once":
            raise Refused("SD109", "the sentence says twice which of several places is meant")
        result = Settings(
            spots=result.spots + each.spots,
            which=each.which if each.which != "once" else result.which,
            conjunctions=result.conjunctions + each.conjunctions,
            dates=result.dates + each.dates,
            as_if=result.as_if or each.as_if,
            following=result.following or each.following,
            respectively=result.respectively or each.respectively,
        )
    return result._replace(scopes=scopes)
