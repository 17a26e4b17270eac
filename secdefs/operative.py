"""Which parts of a letter direct, and what a sentence in them that is no order may be: the English of whole letters.

A recital tells of directing; only a direction does it. What is not read as an order is context only when it is known for
what it is, or has no word in it that could amend or commence anything: the rest is not understood, and said to be so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from secdefs.outline import Clause, walk
from secdefs.particulars import ANNEX, words

DIRECTS = re.compile(
    r"(?<!\bto )(?<!\bmay )(?<!\bcan )\b(?:directs?(?:[,:]| that\b| the following\b| as follows\b)"
    r"|hereby (?!given\b|gives? (?:notice|effect)|notif|acknowledg|certif|confirm|consult|propos|informs?\b|invit)\w+"
    r"|mak(?:es?|ing) the following (?:modifications?|amendments?|changes?)"
    r"|(?:is|are) directed that)"
)
"""Where a part of a letter begins to direct: in the words of a clause, or of what hangs on it."""

HEADING = re.compile(r"(?:The |\d+\.? )?(?:Directions?|Modifications?|Amendments?|Orders?)(?: \d+)?[.:]?", re.I)

_SIGNED = re.compile(
    r"(?:Yours (?:faithfully|sincerely|truly)\b.*|Signed\b(?: (?:by|for|on behalf)\b.{0,80}|[: ._]*)"
    r"|For and on behalf of\b.*|(?:Kind|With kind|Best) (?:regards|wishes)\b.*|The Official Seal\b.*|\[?Signature\b.{0,40})",
    re.S,
)
_ANNEX_HEADING = re.compile(
    r"(?:The )?(?P<noun>ANNEX|Annex|SCHEDULE|Schedule|APPENDIX|Appendix|ATTACHMENT|Attachment)(?:ES|es|s)?"
    r"(?: (?P<label>[A-Z]{1,2}\d{0,2}|\d{1,2}))?\b(?P<title>(?: ?[:.–—(-].{0,160}| (?:to|of) this .{0,60})?)"
)

_STEM = (
    r"(?:re-?)?(?:amend|substitut|insert|omit|delet|replac|remov|add(?:s|ed|ing)?\b|introduc|designat|incorporat|extend|chang"
    r"|modif|number|letter|renam|revok|repeal|ceas|activat|updat|correct|redact|mov(?:e[sd]?|ing)\b|includ|read(?:s|ing)?\b)"
)
_IMPERATIVE = re.compile(r"\b(?:omit|insert|substitute|replace|delete|add|remove)\b", re.I)
_AMENDING = re.compile(
    rf"\b(?:shall|must|hereby|no later than|takes? effect|comes? into (?:force|effect))\b"
    rf"|\b(?:will|should|is|are|was|were|be|been|to)(?: \w+){{0,3}}? {_STEM}|^{_STEM}"
    rf"|(?<!as )\b{_STEM}\w*s\b(?! (?:to|in|of|that|which|by)\b)",
    re.I,
)
# What orders whatever a sentence begins with: a saving or a note of notification may hide an order.
_ACTS = (
    r"(?:amended|modified|substituted|inserted|omitted|deleted|replaced|removed|revoked|repealed|renumbered|renamed"
    r"|withdrawn|extended|superseded|(?:re-?)?(?:designated|incorporated)(?! (?:by|under|pursuant)\b))"
)
_SURELY = re.compile(
    rf"\bhereby (?!given\b|made\b|notified\b)\w+"
    rf"|\b(?<!that )(?:shall be|must be|is to be|are to be|will be|is|are)(?: (?:also|now|accordingly|further|then))? {_ACTS}"
    r"|(?<!to )(?<!not )\b(?:amend|omit|insert|substitute|replace|delete|remove|revoke|repeal)s?\b(?! to\b)"
    r"|(?<!to )\b(?:extends?(?! to\b)|supersedes?|modif(?:y|ies))\b"
    r"|\b(?:shall|will) (?:cease|read|have effect from|take effect|come into (?:force|effect)|apply from)\b"
)

_SAVING = re.compile(
    r"For the avoidance of (?:any )?doubt\b|Nothing in (?:this|these|the)\b|.*\bwithout prejudice to\b"
    r"|(?:Transitional(?: provisions?)?(?: and| or|,)? )?[Ss]avings?(?: provisions?)?[:.]?$|Notwithstanding\b"
)
_CONTEXT = re.compile(
    r"(?:Words and expressions|Words|Expressions|Capitali[sz]ed terms|(?:Defined )?[Tt]erms|References?|Unless)\b"
    r"|(?:In|For the purposes? of) this (?:direction|letter|notice|instrument|order|document|annex|schedule)\b"
    r"|This (?:direction|letter|notice|instrument|order|document) (?:is |will |has |may |should )?"
    r"(?:(?:also |being |been |hereby )*(?:made|given|notified|published|issued|sent|addressed|copied|cited)"
    r"|constitutes|extends to (?:England|Great|the whole|Scotland|Wales|the United)|applies to (?:England|Great)"
    r"|(?:is|forms) (?:the|a|an|part)\b)"
    r"|The annexe?s? to this|(?:A )?[Cc]op(?:y|ies) of this|In consequence of|(?:I|We) (?:am|are) (?:copying|sending)"
    r"|Annex(?:es)? [A-Z0-9]|(?:The )?(?:Explanatory|EXPLANATORY)|A marked-up|(?:The )?(?:comparison|marked-up|clean)\b"
    r"|If you (?:have|would)|Should you|Please\b|(?:The )?Interpretation Act"
)

COMMENCES = re.compile(
    r"(?:This|These|The|All|Such|Each)(?: of (?:the|these))? (?:above |following |foregoing )?"
    r"(?:direction|letter|notice|decision|instrument|order|determination|modifications?|amendments?|changes?)\b"
    r"(?: (?:made|set out|contained|specified|described) [^\ue000]{0,60}?)?(?: (?:shall|will|is to|are to|therefore|accordingly))*"
    r" (?:come|take|have|has|appl|be effective|is effective|are effective|commence)"
)
"""The beginning of a clause that says when the whole takes effect."""

PARTLY = re.compile(
    r"(?:(?:The )?(?:modifications?|amendments?|changes?) (?:made by|made in|set out in|in|at|under) )?"
    r"(?:[Pp]aragraphs?|[Ss]ub-?paragraphs?|[Ii]tems?|[Aa]rticles?|[Pp]oints?|[Bb]ullets?|[Cc]lauses?)"
    r" (?P<labels>[(\w).,; and]{1,60}?)(?: (?:above|below|of this (?:direction|letter|notice|instrument)))?,?"
    r"(?: (?:shall|will|is to|are to))? (?:comes? into (?:force|effect|operation)|takes? effect|(?:have|has) effect|apply"
    r"|applies|commences?|(?:is|are|be) effective)\b[ ,:]*(?P<when>.+)"
)
"""A clause that says when some of the items take effect: "Paragraphs (a) and (c) take effect on …"."""

# The changes are elsewhere: "is modified as set out in Annex 1", "in the manner specified in the attached Schedule".
_ELSEWHERE = re.compile(
    r"\b(?:in|by|at|with|to) (?:the )?(?:attached |accompanying |enclosed |text (?:at|in) )?"
    r"(?P<noun>Annex|Schedule|Appendix|Attachment)(?:es)?\b(?: (?P<label>[A-Z]{1,2}\d{0,2}|\d{1,2})\b)?"
)
_MARKED = re.compile(
    r"\b(?:struck[- ]through|strike[- ]?(?:through|out)|underlin(?:ed|ing)|track(?:ed)?[- ]changes?|shown in (?:red|bold|blue)"
    r"|red(?:-)?lin(?:ed|ing))\b",
    re.I,
)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_RUN_TOGETHER = re.compile(
    rf"\b(?:19|20)\d\d\d{{1,2}}(?:st|nd|rd|th)? (?:{_MONTHS})|\b(?:{_MONTHS})(?:{_MONTHS})\b|\b(\w{{4,}})\1\b"
    r"|\b(?:shall|may|must|will)(?:shall|may|must|will)\b|\[-[^\]\n]+-\] ?\{\+|\b\d\d?(?:st|nd|rd|th)\d\d?(?:st|nd|rd|th)\b"
)


def parts(clauses: Sequence[Clause], orders: Callable[[Clause], bool]) -> tuple[range, ...]:
    """The stretches of a letter's clauses that direct, each up to the signature or the annexes.

    `orders` tells whether a clause reads as an instruction: where no clause directs in terms, the first that does begins.
    """
    found: list[range] = []
    at = 0
    while True:
        start = next((n for n in range(at, len(clauses)) if DIRECTS.search(whole(clauses[n]))), None)
        if start is None and not found:
            start = next((n for n, each in enumerate(clauses) if orders(each)), None)
        if start is None:
            return tuple(found)
        heading = next((n for n in range(at, start) if HEADING.fullmatch(clauses[n].text)), start)
        at = next((n for n in range(start + 1, len(clauses)) if closes(clauses[n])), len(clauses))
        end = at
        while end > start + 1 and _is_signature(clauses[end - 1]):
            end -= 1
        found.append(range(heading, end))


def closes(clause: Clause) -> bool:
    """Whether a clause ends what directs: a signature, the heading of an annex, or a line of their list."""
    text = words(clause)
    if _SIGNED.fullmatch(text):
        return True
    return annex_heading(clause) is not None


def annex_heading(clause: Clause) -> tuple[str, str | None] | None:
    """What an annex's heading or its line in the list calls it: ("annex", "A"); null where it is none."""
    text = words(clause)
    if clause.label is not None or clause.children or clause.quotes:
        return None
    listed = ANNEX.fullmatch(text)
    if listed is not None and not may_order(clause, text):
        return "annex", listed["label"]
    found = _ANNEX_HEADING.fullmatch(text)
    if found is None or (found["title"] and text.endswith(".")) or may_order(clause, found["title"]):
        return None
    return found["noun"].lower(), found["label"]


def annexed(clauses: Sequence[Clause], lead: str, taken: Sequence[range]) -> tuple[str, range] | None:
    """The annex to which a lead-in leaves the changes, by its name, and where its clauses are (empty: not in the letter).

    Null where the lead-in names none. `taken` are the stretches that direct themselves.
    """
    named = _ELSEWHERE.search(lead)
    if named is None:
        return None
    noun, label = named["noun"].lower(), named["label"]
    for n, clause in enumerate(clauses):
        heading = annex_heading(clause)
        if heading is None or any(n in part for part in taken):
            continue
        if heading[0] == noun and (label is None or heading[1] == label):
            end = next((m for m in range(n + 1, len(clauses)) if closes(clauses[m])), len(clauses))
            if end > n + 1:
                return named.group().partition(" ")[2], range(n + 1, end)
    return f"{named['noun']} {label or ''}".strip(), range(0)


def _is_signature(clause: Clause) -> bool:
    text = words(clause)
    return (
        clause.label is None
        and not clause.children
        and len(text) < 160
        and not text.endswith((".", ":", ";", "—"))
        and not _AMENDING.search(text)
        and not clause.quotes
    )


def whole(clause: Clause) -> str:
    """A clause's words and those of all that hangs on it."""
    return words(clause) + " " + " ".join(words(each) for each in walk(clause.children))


def is_saving(text: str) -> bool:
    """Whether a sentence keeps something as it is, and changes no text."""
    return _SAVING.match(text) is not None and _SURELY.search(text) is None


def is_context(text: str) -> bool:
    """Whether a sentence is known for what it is by its beginning, and nothing in it orders."""
    return _CONTEXT.match(text) is not None and _SURELY.search(text) is None


def may_order(sentence: Clause, text: str) -> bool:
    """Whether a sentence may be an order, though the grammar does not read it."""
    directs = DIRECTS.search(text) or (sentence.quotes and _IMPERATIVE.search(sentence.text))
    return bool(directs) or _AMENDING.search(text) is not None


def surely_orders(text: str) -> bool:
    """Whether a sentence that reads as an order is one, and does not tell of one."""
    return _SURELY.search(text) is not None or _IMPERATIVE.match(text) is not None


def redline(text: str) -> Iterator[tuple[int, int]]:
    """Where a text looks like a redline whose marks are lost: old and new words run together, or the marks named."""
    for pattern in (_RUN_TOGETHER, _MARKED):
        for found in pattern.finditer(text):
            yield found.span()


_HEADED = re.compile(
    r"(?:Citation|Commencement|Interpretation|Application|Extent|General|Introduct(?:ion|ory)|Purpose|Background|Notification"
    r"|Preliminary|Directions?|Modifications?|Amendments?|Changes?|Transitional|Savings?|Effective date)"
    r"(?:,? (?:and|or|of|to|the|this|these|citation|commencement|interpretation|application|extent|savings?|transitional"
    r"|provisions?|arrangements?|directions?|notice|letter|modifications?|amendments?|changes?|definitions?|general))*[.:]?",
    re.I,
)


def is_heading(text: str) -> bool:
    """Whether a line is a heading that names no place: "Citation and commencement"."""
    return _HEADED.fullmatch(text) is not None


def is_elsewhere(text: str) -> bool:
    """Whether a lead-in leaves the changes to an annex or a schedule."""
    return _ELSEWHERE.search(text) is not None


# What a footnote may not say of the sentence to which it stands.
_QUALIFIES = re.compile(
    r"\b(?:with effect|takes? effect|comes? into force|except|unless|subject to|save (?:that|for|where)|does not apply"
    r"|do not apply|applies? (?:only|from)|only (?:if|where|in))\b",
    re.I,
)


def may_qualify(text: str) -> bool:
    """Whether a footnote may order something, or narrow what the sentence orders."""
    return _QUALIFIES.search(text) is not None or _SURELY.search(text) is not None


def rank(lead: Clause) -> int:
    """How narrow the place is that a lead-in names: 0 none, 1 a code or licence, 2 a Section or Schedule, 3 a definition
    or a provision of a Section, 4 a paragraph."""
    text = words(lead)
    if re.search(r"\b(?:sub-?)?(?:paragraphs?|items?|sub-?sections?) \(?\w", text, re.I):
        return 4
    if lead.quotes or re.search(r"\bdefinitions? of\b|\b(?:Section|Condition|Clause) [A-Z]*\d", text):
        return 3
    if re.search(r"\b(?:Sections?|Schedules?|Appendi(?:x|ces)|Parts?|Chapters?|Annex(?:es)?) [A-Z0-9]", text):
        return 2
    if re.search(r"\b(?:is|are|be) (?:\w+ )?(?:amended|modified|changed|updated)\b", text):
        return 1
    return 0


def items_named(labels: str, items: Sequence[str]) -> tuple[int, ...]:
    """The numbers of those of the `items` ("(1)(a)", "iii)") that a list of labels names: "1(a) to (c) and 2"."""
    known = [tuple(re.findall(r"\w+", item)) for item in items]
    result: list[int] = []
    before: tuple[str, ...] = ()
    through = False
    for word in re.findall(r"\bto\b|(?:\(?\w+[).]*)+", re.sub(r"\b(?:and|or)\b|[,;]", " ", labels)):
        if word == "to":
            through = True
            continue
        label = tuple(re.findall(r"\w+", word))
        tried = [label, *((*before[:depth], *label) for depth in range(len(before) - 1, 0, -1))]
        for path in tried:
            named = [number for number, item in enumerate(known) if item[: len(path)] == path]
            if named:
                break
        else:
            named = [number for number, item in enumerate(known) if item[-len(label) :] == label]
            if len({known[number] for number in named}) != 1:
                return ()
        if through and result:
            named = list(range(result[-1], named[-1] + 1))
        through = False
        before = path
        result += named
    return tuple(dict.fromkeys(result))
