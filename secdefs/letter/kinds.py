"""What a sentence of a letter may be that the grammar does not read: a saving, context, a clause of dates, or an order.

It is context only when it is known for what it is, or has no word in it that could amend or commence anything: the rest
is not understood, and said to be so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from secdefs.letter.particulars import words
from secdefs.outline import Clause

DIRECTS = re.compile(
    r"(?<!\bto )(?<!\bmay )(?<!\bcan )\b"
    r"(?:directs?(?:[,:]| that\b| the following\b| as follows\b| the [A-Z][^.;:,]{2,80} to\b)"
    r"|hereby (?!given\b|gives? (?:notice|effect)|notif|acknowledg|certif|confirm|consult|propos|informs?\b|invit)\w+"
    r"|mak(?:es?|ing) the following (?:modifications?|amendments?|changes?)"
    r"|(?:is|are) directed that|(?:I am|[Ww]e are) (?:\w+ )?(?:writing to direct|directing)(?:,? that|,? as follows))"
)
"""Words that direct. A recital tells of directing; only a direction does it."""

# --- what may order ---------------------------------------------------------------------------------------------------

_STEM = (
    r"(?:re-?)?(?:amend|substitut|insert|omit|delet|replac|remov|add(?:s|ed|ing)?\b|introduc|designat|incorporat|extend"
    r"|chang|modif|supersed|withdr[ae]w|disappl|number|letter|renam|revok|repeal|ceas|activat|updat|correct|redact|mov(?:e[sd]?|ing)\b|includ"
    r"|read(?:s|ing)?\b)"
)
_IMPERATIVE = re.compile(r"\b(?:omit|insert|substitute|replace|delete|add|remove)\b", re.I)
_AMENDING = re.compile(
    rf"\b(?:shall|must|hereby|(?:is|are) to\b|no later than|takes? effect|comes? into (?:force|effect))\b"
    rf"|\b(?:will|should|is|are|was|were|be|been|to)(?: (?:be|been|being|\w+ly|also|now|then|hereby))* {_STEM}|^{_STEM}"
    rf"|(?<!as )(?<!the )(?<!these )(?<!any )(?<!such )(?<!all )(?<!of )(?<!other )\b{_STEM}\w*s\b"
    r"(?! (?:to|in|of|that|which|by)\b)"
    r"|\bwith effect (?:from|on)\b|\b(?:is|are) (?:increased|reduced|raised|lowered)\b"
    r"|^(?:The )?(?:above|same|like|similar|corresponding|equivalent|consequential)"
    r" (?:amendment|modification|change)s?\b",
    re.I,
)
# What orders whatever a sentence begins with: a saving or a note of notification may hide an order.
_ACTS = (
    r"(?:amended|modified|substituted|inserted|omitted|deleted|replaced|removed|revoked|repealed|renumbered|renamed"
    r"|withdrawn|extended|superseded|(?:re-?)?(?:designated|incorporated)(?! (?:by|under|pursuant)\b))"
)
_SURELY = re.compile(
    r"\bhereby (?!given\b|made\b|notified\b)\w+"
    r"|\b(?<!that )(?:shall be|must be|is to be|are to be|will be|is|are)"
    rf"(?: (?:also|now|accordingly|further|then))? {_ACTS}"
    r"|(?<!to )(?<!not )\b(?:amend|omit|insert|substitute|replace|delete|remove|revoke|repeal)s?\b(?! to\b)"
    r"|(?<!to )\b(?:extends?(?! to\b)|supersedes?|modif(?:y|ies))\b"
    r"|\b(?:shall|will) (?:cease|read|have effect from|take effect|come into (?:force|effect)|apply from)\b"
)


_GIVES_A_NAME = re.compile(r"\((?:(?:the|this|such \w+ being(?: the)?|together,?(?: the)?) )?\ue000(?: or \ue000)?\)")


def may_order(sentence: Clause, text: str) -> bool:
    """Whether a sentence may be an order, though the grammar does not read it: as one that quotes more than names."""
    directs = DIRECTS.search(text) or (sentence.quotes and "\ue000" in _GIVES_A_NAME.sub("", sentence.text))
    return bool(directs) or _AMENDING.search(text) is not None


_WOULD = re.compile(
    r"\b(?:will|shall|hereby|must|(?:is|are) to)(?: now)? (?:be )?(?:amend|modif|extend|chang|replac|activat)"
)


def would_change(text: str) -> bool:
    """Whether a sentence announces a change, in a letter that orders nothing."""
    return _WOULD.search(text) is not None


_ANNOUNCES = re.compile(
    r"(?:The|These) (?:following )?(?:modifications?|amendments?|changes?)\b.{0,80}\b(?:shall|will|are to)\b"
    rf"|(?:The )?(?:definitions?|[Ss]ections?|[Pp]aragraphs?|[Cc]onditions?|[Cc]lauses?)\b.{{0,80}}\bshall be {_ACTS}"
)


def announces(text: str) -> bool:
    """Whether a sentence begins what directs, in a letter in which no words direct in terms."""
    return _ANNOUNCES.match(text) is not None


def surely_orders(text: str) -> bool:
    """Whether a sentence that reads as an order is one, and does not tell of one."""
    return _SURELY.search(text) is not None or _IMPERATIVE.match(text) is not None


# What a footnote may not say of the sentence to which it stands.
_QUALIFIES = re.compile(
    r"\b(?:with effect|takes? effect|comes? into force|except|unless|subject to|save (?:that|for|where)|does not apply"
    r"|do not apply|applies? (?:only|from)|only (?:if|where|in))\b",
    re.I,
)


def may_qualify(text: str) -> bool:
    """Whether a footnote may order something, or narrow what the sentence orders."""
    return _QUALIFIES.search(text) is not None or _SURELY.search(text) is not None


# --- context ----------------------------------------------------------------------------------------------------------

_SAVING = re.compile(
    r"[Ff]or the avoidance of (?:any )?doubt\b|[Nn]othing in (?:this|these|the)\b|.*\bwithout prejudice to\b"
    r"|(?:Transitional(?: provisions?)?(?: and| or|,)? )?[Ss]avings?(?: provisions?)?[:.]?$|Notwithstanding\b"
)
_CONTEXT = re.compile(
    r"(?:Words and expressions|Words|Expressions|Capitali[sz]ed terms|(?:Defined )?[Tt]erms|Unless)\b"
    r"|References? in this\b"
    r"|(?:In|For the purposes? of) this (?:direction|letter|notice|instrument|order|document|annex|schedule)\b"
    r"|This (?:direction|letter|notice|instrument|order|document) (?:is |will |has |may |should )?"
    r"(?:(?:also |being |been |hereby )*(?:made|given|notified|published|issued|sent|addressed|copied|cited)"
    r"|constitutes|extends to (?:England|Great|the whole|Scotland|Wales|the United)|applies to (?:England|Great)"
    r"|(?:is|forms) (?:the|a|an|part)\b)"
    r"|The annexe?s? to this|(?:A )?[Cc]op(?:y|ies) of this|In consequence of|(?:I|We) (?:am|are) (?:copying|sending)"
    r"|Annex(?:es)? [A-Z0-9]|(?:The )?(?:Explanatory|EXPLANATORY)|A marked-up|(?:The )?(?:comparison|marked-up|clean)\b"
    r"|(?:The|An?) (?:\w+ ){1,6}(?:will|shall|is to|intends to) (?:be )?"
    r"(?:publish|issu|notif|circulat|ma[dk]e available)"
    r"|The (?:purpose|effect|aim|intention|reason)s? (?:of|for|why)\b"
    r"|(?:[\w .()]{1,40}: ?)?[Nn]o (?:change|amendment)s?(?: (?:is|are) (?:made|needed|required))?\.?$"
    r"|If you (?:have|would)|Should you|Please (?:contact|see|note|find|refer|direct|send|reply|respond|write|e-?mail"
    r"|address|do not|let|quote|be (?:aware|advised)|acknowledge|confirm|inform|accept)\b|(?:The )?Interpretation Act"
)
_HEADED = re.compile(
    r"(?:Citation|Commencement|Interpretation|Application|Extent|General|Introduct(?:ion|ory)|Purpose|Background"
    r"|Notification|Preliminary|Directions?|Modifications?|Amendments?|Changes?|Transitional|Savings?|Effective date)"
    r"(?:,? (?:and|or|of|to|the|this|these|citation|commencement|interpretation|application|extent|savings?"
    r"|transitional|provisions?|arrangements?|directions?|notice|letter|modifications?|amendments?|changes?"
    r"|definitions?|general))*[.:]?",
    re.I,
)


def is_saving(text: str) -> bool:
    """Whether a sentence keeps something as it is, and changes no text."""
    return _SAVING.match(text) is not None and _SURELY.search(text) is None


def is_context(text: str) -> bool:
    """Whether a sentence is known for what it is by its beginning, and nothing in it orders."""
    return _CONTEXT.match(text) is not None and _SURELY.search(text) is None


_DEFINES = re.compile(
    r"\ue000 *(?:\([^()]*\) *)?(?:means?\b|has the\b|have the\b|includes?\b|shall (?:mean|have)\b|refers? to\b)"
)
_ROW = re.compile(r"(?P<term>[^\s“‘\ue000](?:[^\s\ue000]| (?! )){0,80}?)(?: {2,}|\t+)(?P<text>\S.*)")
_TAKES_ROWS = re.compile(r"\bdefinitions?\b.*\b(?:amended|inserted|added|replaced|substituted|correct)\b", re.I)


def defines(clause: Clause) -> bool:
    """Whether a clause is the text of a definition, and no sentence of the letter's own: “X” means …"""
    return _DEFINES.match(clause.text) is not None


def takes_rows(text: str) -> bool:
    """Whether a sentence introduces definitions, which may come as the rows of a table."""
    return _TAKES_ROWS.search(text) is not None


def row(clause: Clause) -> tuple[str, str] | None:
    """The term and the meaning in a row of a table that kept its columns; null where a clause is none."""
    found = None if clause.label or clause.children else _ROW.fullmatch(words(clause))
    return None if found is None else (found["term"], found["text"])


def is_header(cells: tuple[str, str]) -> bool:
    """Whether a row heads the columns of a table of definitions."""
    return (
        re.fullmatch(
            r"(?:(?:Defined )?[Tt]erm|[Dd]efinition|[Ee]xpression) (?:Meaning|Definition)", " ".join(cells), re.I
        )
        is not None
    )


def is_heading(text: str) -> bool:
    """Whether a line is a heading that names no place: "Citation and commencement"."""
    return _HEADED.fullmatch(text) is not None


def is_title(clause: Clause) -> bool:
    """Whether a line is a title in capitals, which orders nothing: "MODIFICATIONS TO CONDITION 3"."""
    text = clause.text.strip()
    plain = clause.label is None and not clause.quotes and not clause.block and not clause.children
    return plain and text.isupper() and not text.endswith((".", ":", ";")) and not surely_orders(text.lower())


# "Amendment of Section A" above "3.1 Section A is amended as follows": a heading says nothing that they do not.
_OF_CHANGES = re.compile(r"(?:Amendments?|Modifications?|Changes?|Corrections?) (?:of|to|in) [^.:;—–\ue000]{1,80}")


def is_heading_of_changes(text: str) -> bool:
    """Whether a line is the heading of a division, and no lead-in by itself: "Amendment of Section A"."""
    return _OF_CHANGES.fullmatch(text) is not None


# A line that may be a term: the heading under which a schedule of changes deals with its definition.
_NAME = re.compile(r"(?:[A-Z0-9][\w’'/&-]*)(?: (?:(?:of|for|the|and|to|in|a) ){0,2}[A-Z0-9][\w’'/&-]*){0,5}")

_DIVIDES = re.compile(
    r"^(?:Parts?|Schedules?|Annex(?:es)?|Chapters?|Sections?|Items?|Appendi(?:x|ces))\b"
    r"|\b(?:Changes?|Amendments?|Modifications?|Corrections?|Directions?|Definitions?|Interpretation|Commencement"
    r"|Citation|Background|Introduction|General|Text)\b"
)


def may_name(text: str) -> bool:
    """Whether a line may be nothing but the name of what the sentences under it are about: "Loading Day"."""
    return _NAME.fullmatch(text) is not None and not text.isupper() and not _DIVIDES.search(text)


# "Part 1 – Section A" divides the schedule of changes; the place is what stands after.
_PART_OF_A_SCHEDULE = re.compile(
    r"(?:Part|Schedule|Annex|Chapter|Item) \w{1,4} ?[–—:-] ?"
    r"(?=(?:[A-Z]{2,} )?(?:Section|Schedule|Appendix|Condition|Clause|Article) )"
)
_PLACE_HEADING = re.compile(
    r"(?:[A-Z]{2,} )?(?:The )?(?:Sections?|Schedules?|Appendi(?:x|ces)|Conditions?|Clauses?|Parts?|Chapters?|Articles?"
    r"|Paragraphs?|Definitions? of)\b(?! [a-z])(?P<place>[^\ue000–—:]{0,60}?|[^–—:]{0,40}?\ue000)"
    r"(?P<title> ?[–—:-] ?[A-Z][^.;\ue000]{0,100})?"
)


def place_heading(text: str) -> tuple[int, int] | None:
    """Where the place begins and ends in a line that may be a heading of one ("Section H8 – Services"); else null."""
    part = _PART_OF_A_SCHEDULE.match(text)
    start = part.end() if part else 0
    found = _PLACE_HEADING.fullmatch(text, start)
    return None if found is None or text.endswith((".", ";", ",")) else (start, found.end("place"))


# --- what is told and cannot be carried out ---------------------------------------------------------------------------

_NARRATIVE = re.compile(
    r"\b(?:so (?:that|as to)|in order (?:to|that)|such that|with a view to"
    r"|to (?:reflect|show|clarify|ensure|take account)\b)",
    re.I,
)
_TABLE = re.compile(
    r"\b(?:tables?|matrix|matrices|columns?|rows?|cells?|diagrams?|figures? \d|spreadsheets?|maps?)\b", re.I
)
_OF_DATES = re.compile(
    r"\bextend(?:s|ed|ing)?\b|\bend-date\b|\b(?:re-?)?activat\w+|\b(?:switch(?:ed|es)?|turn(?:ed|s)?) (?:on|off)\b"
    r"|\b(?:date|deadline|time)s?\b.{0,120}\b(?:moved?|changed|postponed|brought forward|no later than|extended)\b"
    r"|\bdesignates?\b.{0,60}\bas the date\b|\bas the date (?:from|on) which\b|\bshall be (?:effective|of effect)\b"
)
_LEFT_TO_AN_ANNEX = re.compile(
    r"(?<!form )(?<!forms )\b(?:set out|contained|specified|shown|given|described|attached|appear\w*)\b.{0,40}"
    r"\b(?:in|at|as|to)\b.{0,24}"
    r"\b(?:Annex|Schedule|Appendix|Attachment)(?:es)?\b",
)
_NOT_SET_OUT = re.compile(
    r"\b(?:insert(?:ing|ed)?|introduc(?:e|es|ed|ing)|add(?:ing|ed)?|incorporat(?:e|ing))\b.{0,40}\bnew\b", re.I
)
_ACCORDINGLY = re.compile(
    r"\bre-?(?:number|letter)\w*\b.{0,80}\b(?:accordingly|consequential\w*|remaining|subsequent)\b"
    r"|\b(?:consequential|subsequent|remaining)\b.{0,60}\bre-?(?:number|letter)\w*",
    re.I,
)
_MARKED = re.compile(
    r"\b(?:struck[- ]through|strike[- ]?through|strike-?outs?|underlin(?:ed|ing)|track(?:ed)?[- ]changes?"
    r"|shown in (?:red|bold|blue)|red-?lin(?:ed|ing))\b",
    re.I,
)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_RUN_TOGETHER = re.compile(
    rf"\b(?:19|20)\d\d\d{{1,2}}(?:st|nd|rd|th)? (?:{_MONTHS})|\b(?:{_MONTHS})(?:{_MONTHS})\b|\b(\w{{4,}})\1\b"
    r"|\b(?:shall|may|must|will)(?:shall|may|must|will)\b|\[-[^\]\n]+-\] ?\{\+"
    r"|\b\d\d?(?:st|nd|rd|th)\d\d?(?:st|nd|rd|th)\b"
)


_TWO_COLUMNS = re.compile(
    r"\b(?:current|existing|old|present|original)(?: \w+)? (?:text|wording|words?|drafting|provision)\b.{0,60}"
    r"\b(?:new|proposed|revised|amended|modified|replacement)(?: \w+)? (?:text|wording|words?|drafting|provision)\b"
    r"|[^\s|] +\| +[^\s|]",
    re.I,
)


def is_two_columns(text: str) -> bool:
    """Whether a line is of a table that sets the old text beside the new, its columns lost."""
    return _TWO_COLUMNS.search(text) is not None


def is_cells(text: str) -> bool:
    """Whether a line has the gaps of a table's row, or a bar between its cells."""
    return re.search(r"\S(?: {3,}|\t+| \| )\S", text) is not None


_CELLS = re.compile(r"[^–|\t]{1,200}(?:(?: – | \| |\t)[^–|\t]{1,200}){2,}")


def is_row(text: str) -> bool:
    """Whether a line is a row of a table, of three cells or more."""
    return _CELLS.fullmatch(text) is not None


def unexecutable(sentence: Clause) -> str | None:
    """Why a sentence that may order something cannot be carried out, as far as its words tell; null if they do not."""
    text = sentence.text
    if _ACCORDINGLY.search(text) and not sentence.quotes:
        return "this renumbers, and does not say which number each provision is to have"
    if sentence.quotes and (_IMPERATIVE.search(text) or not (_NARRATIVE.search(text) or _TABLE.search(text))):
        return None
    if _MARKED.search(text):
        return "this shows what changes by marks in the text, which are not read"
    if _LEFT_TO_AN_ANNEX.search(text):
        return "this leaves the new text to an annex, which is not in this letter"
    if _NARRATIVE.search(text):
        return "this tells what is to be achieved, and not which words change"
    if _TABLE.search(text):
        return "this changes a table or a figure, which is outside the scope of this tool"
    if _OF_DATES.search(text):
        return "this moves a date or brings a provision into force, and does not say which words change"
    if _NOT_SET_OUT.search(text) and not sentence.block:
        return "this names a new provision, and does not set its text out"
    return None


def redline(text: str) -> Iterator[tuple[int, int]]:
    """Where a text looks like a redline whose marks are lost: old and new words run together, or the marks named."""
    for pattern in (_RUN_TOGETHER, _MARKED):
        for found in pattern.finditer(text):
            yield found.span()


# --- lead-ins, and when items take effect -----------------------------------------------------------------------------

ELSEWHERE = re.compile(
    r"\b(?:in|by|at|with|to) (?:the )?(?:attached |accompanying |enclosed |text (?:at|in) )?"
    r"(?P<noun>[Aa]nnex|[Ss]chedule|[Aa]ppendix|[Aa]ttachment)(?:es)?\b(?: (?P<label>[A-Z]{1,2}\d{0,2}|\d{1,2})\b)?"
)
"""The changes are elsewhere: "is modified as set out in Annex 1", "in the manner specified in attached Schedule 1"."""

COMMENCES = re.compile(
    r"(?:This|These|The|All|Such|Each)(?: of (?:the|these))? (?:above |following |foregoing )?"
    r"(?:direction|letter|notice|decision|instrument|order|determination|modifications?|amendments?|changes?)\b"
    r"(?: may be cited as [^;:]{3,120}?,? and)?(?: (?:made|set out|contained|specified|described) [^\ue000]{0,60}?)?"
    r"(?: (?:shall|will|is to|are to|does|do|therefore|accordingly))*"
    r" (?P<verb>(?:not )?(?:come|take|have|has|appl|be effective|is effective|are effective|commence).*)"
)
"""A clause that says when the whole takes effect."""

_LABEL = r"(?:\(\w{1,5}\)|\w{1,5}\)|\d+[.A-Z]?|[a-z])(?:\(\w{1,5}\))*"
_PARTLY = re.compile(
    r"(?:(?:The )?(?:modifications?|amendments?|changes?) (?:made by|made in|set out in|in|at|under) )?"
    r"(?:[Pp]aragraphs?|[Ss]ub-?paragraphs?|[Ii]tems?|[Aa]rticles?|[Pp]oints?|[Bb]ullets?|[Cc]lauses?)"
    rf" (?P<labels>{_LABEL}(?:,? (?:(?:and|or|to) )?{_LABEL}){{0,12}})"
    r"(?: (?:above|below|of this (?:direction|letter|notice|instrument)))?,?(?: (?:shall|will|is to|are to))?"
    r" (?:comes? into (?:force|effect|operation)|takes? effect|(?:have|has) effect|apply|applies|commences?"
    r"|(?:is|are|be) effective)\b[ ,:]*(?P<when>.+?)[.;]?"
)
_NEXT_PART = re.compile(r",? and (?=(?:[Pp]aragraph|[Ss]ub-?paragraph|[Ii]tem|[Aa]rticle|[Pp]oint|[Cc]lause)s? )")


def partly(text: str) -> tuple[tuple[str, str], ...]:
    """A clause that says when some of the items take effect, as their labels and when: "Paragraphs (a) and (c) take
    effect on … and paragraph (b) takes effect on …". Empty where it is none."""
    result = []
    for part in _NEXT_PART.split(text):
        found = _PARTLY.fullmatch(part)
        if found is None:
            return ()
        result.append((found["labels"], found["when"]))
    return tuple(result)


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
        for path in (label, *((*before[:depth], *label) for depth in range(len(before) - 1, 0, -1))):
            named = [number for number, item in enumerate(known) if item[: len(path)] == path]
            if named:
                break
        else:
            path = label
            named = [number for number, item in enumerate(known) if item[-len(label) :] == label]
            if len({known[number] for number in named}) != 1:
                return ()
        if through and result:
            named = list(range(result[-1], named[-1] + 1))
        through, before = False, path
        result += named
    return tuple(dict.fromkeys(result))


def rank(lead: Clause) -> int:
    """How narrow the place is that a lead-in names.

    0 none, 1 a code or licence, 2 a Section or Schedule, 3 a definition or a provision of a Section, 4 a paragraph.
    """
    text = words(lead)
    if re.search(r"\b(?:sub-?)?(?:paragraphs?|items?|sub-?sections?) \(?\w", text, re.I):
        return 4
    if lead.quotes or re.search(r"\bdefinitions? of\b|\b(?:Section|Condition|Clause) [A-Z]*\d", text):
        return 3
    if re.search(r"\b(?:Sections?|Schedules?|Appendi(?:x|ces)|Parts?|Chapters?|Annex(?:es)?) [A-Z0-9]", text):
        return 2
    return int(re.search(r"\b(?:is|are|be) (?:\w+ )?(?:amended|modified|changed|updated)\b", text) is not None)
