"""Random Word documents and random changes to them, for the laws of what is read from them and written into them."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from xml.sax.saxutils import escape

from hypothesis import strategies as st

from secdefs.change.edits import Add, Consolidation, Edit, Remove, Splice
from secdefs.change.text import LABEL
from secdefs.model import Code, Definition
from secdefs.plan import Plan
from secdefs.read.wordcode import WordCode, read_word
from secdefs.write.docx import Ink, Made, Style, write_docx

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "fixtures"))

import make_word as wordfile

DAY = dt.date(2021, 12, 16)
INKS = {name: Ink(f"Author {name}", "2021-12-16T00:00:00Z") for name in ("one", "two", "three")}
WORDS = (
    "Party User the of notice, Device’s “Alert” AT 12–25 [TBC] Key’s 1,200 and/or shall which; well\u2011known".split()
)
TERMS = ["Alert", "Batch", "Charge", "Device", "Event", "Fault", "Gas Meter", "Home"]
PROPERTIES = ["", "<w:b/>", "<w:i/>", '<w:color w:val="336699"/>', '<w:rFonts w:ascii="Arial"/>']


def words(least: int = 1, most: int = 8) -> st.SearchStrategy[str]:
    """A few words."""
    return st.lists(st.sampled_from(WORDS), min_size=least, max_size=most).map(" ".join)


_LABELS = ("abcdefgh", ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii"), "ABCDEFGH")


@st.composite
def texts(draw: st.DrawFn) -> str:
    """The text of a definition: opening words, nested lists with their tails, or a line alone."""
    lines = ["means " + draw(words())]

    def items(depth: int) -> None:
        for number in range(draw(st.integers(2, 4))):
            lines.append("  " * depth + f"({_LABELS[depth - 1][number]}) " + draw(words()))
            if depth < 3 and draw(st.integers(0, 4)) == 0:
                items(depth + 1)
                if draw(st.booleans()):
                    lines.append("  " * depth + "and " + draw(words()))

    if draw(st.booleans()):
        items(1)
        if draw(st.booleans()):
            lines.append("in each case " + draw(words()))
    return "\n".join(lines)


@st.composite
def runs(draw: st.DrawFn, line: str, *, plain: bool = False) -> str:
    """A line as runs in WordprocessingML: cut anywhere, with formats, fields, links, bookmarks and proof marks."""
    made: list[str] = []
    at = 0
    while at < len(line):
        end = min(len(line), at + draw(st.integers(1, 24)))
        part = line[at:end]
        properties = draw(st.sampled_from(PROPERTIES[:1] if plain else PROPERTIES))
        before = draw(st.sampled_from(["", "", "", '<w:proofErr w:type="spellStart"/>', "BOOKMARK"]))
        if before == "BOOKMARK":
            key = draw(st.integers(1000, 10**6))
            before = f'<w:bookmarkStart w:id="{key}" w:name="b{key}"/><w:bookmarkEnd w:id="{key}"/>'
        run = run_of(part, properties, draw(st.booleans()))
        kind = draw(st.integers(0, 14))
        if kind == 0:
            run = f'<w:hyperlink w:anchor="x">{run}</w:hyperlink>'
        elif kind == 1:
            run = (
                '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF x </w:instrText></w:r>'
                '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
                f'{run}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
            )
        elif kind == 2:
            run = f'<w:fldSimple w:instr=" REF y ">{run}</w:fldSimple>'
        elif kind == 3:
            run = f'<w:sdt><w:sdtPr><w:tag w:val="t"/></w:sdtPr><w:sdtContent>{run}</w:sdtContent></w:sdt>'
        elif kind == 4:
            run = f'<w:smartTag w:uri="u" w:element="e">{run}</w:smartTag>'
        made.append(before + run)
        at = end
    return "".join(made)


def run_of(part: str, properties: str, rsid: bool) -> str:
    """A run; a no-break hyphen is an element of its own."""
    inner = "<w:noBreakHyphen/>".join(
        f'<w:t xml:space="preserve">{escape(each)}</w:t>' if each else "" for each in part.split("\u2011")
    )
    attribute = ' w:rsidR="00AB12CD"' if rsid else ""
    return f"<w:r{attribute}>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{inner}</w:r>"


@st.composite
def documents(draw: st.DrawFn) -> tuple[bytes, list[tuple[str, str]]]:
    """A document of definitions, and the definitions in it."""
    count = draw(st.integers(2, 5))
    given = [(term, draw(texts())) for term in TERMS[:count]]
    layout = draw(st.sampled_from(["table", "paragraphs"]))
    typed = draw(st.integers(0, 3)) == 0
    lists = wordfile.Lists()
    made: list[str] = []
    for term, text in given:
        rows = wordfile.lines(text, lists, 0 if layout == "table" else 700)
        paragraphs = []
        for (properties, line), whole in zip(rows, text.split("\n"), strict=True):
            label = LABEL.match(whole.lstrip(" "))
            if typed and label is not None:
                depth = (len(whole) - len(whole.lstrip(" "))) // 2
                left = 567 * depth + (0 if layout == "table" else 700)
                properties = f'<w:ind w:left="{left}" w:hanging="567"/>'
                line_runs = f"<w:r><w:t>{label[0]}</w:t><w:tab/></w:r>" + draw(runs(line))
            else:
                # Among paragraphs, a bold one without a label is a heading.
                line_runs = draw(runs(line, plain=label is None and layout == "paragraphs"))
            paragraphs.append((properties, line_runs))
        if layout == "table":
            cells = [
                wordfile.paragraph(wordfile.run(term, "<w:b/>")),
                "".join(wordfile.paragraph(content, properties) for properties, content in paragraphs),
            ]
            made.append(
                "<w:tr>"
                + "".join(f'<w:tc><w:tcPr><w:tcW w:w="4000" w:type="dxa"/></w:tcPr>{cell}</w:tc>' for cell in cells)
                + "</w:tr>"
            )
        else:
            head = wordfile.run("“") + wordfile.run(term, "<w:b/>") + wordfile.run("” ")
            made.append(wordfile.paragraph(head + paragraphs[0][1], '<w:ind w:left="700"/>'))
            made += [wordfile.paragraph(content, properties) for properties, content in paragraphs[1:]]
    body = "".join(made)
    if layout == "table":
        body = (
            '<w:tbl><w:tblPr><w:tblW w:w="8000" w:type="dxa"/></w:tblPr><w:tblGrid><w:gridCol w:w="4000"/>'
            f'<w:gridCol w:w="4000"/></w:tblGrid>{body}</w:tbl>'
        )
    heading = wordfile.paragraph(wordfile.run("SECTION A: DEFINITIONS"), '<w:pStyle w:val="Heading1"/>')
    last = wordfile.paragraph(wordfile.run("INTERPRETATION", "<w:b/>"), wordfile.item(1, 0))
    return wordfile.docx(heading + body + last, {"numbering": lists.part()}), given


@st.composite
def edits(draw: st.DrawFn, code: Consolidation) -> Edit | None:
    """A change such as an instruction makes: words for words, a whole line in or out, a definition in or out."""
    keys = code.keys("definitions")
    kind = draw(st.integers(0, 9))
    if kind == 0:
        term = draw(st.sampled_from(["Aaa", "Carrier", "Zebra"]))
        if term in keys:
            return None
        return Add("definitions", draw(st.integers(0, len(keys))), Definition(term=term, text=draw(texts())))
    if not keys:
        return None
    key = draw(st.sampled_from(keys))
    if kind == 1:
        return Remove("definitions", key) if len(keys) > 1 else None
    text = code.text("definitions", key)
    if kind == 2:
        return Splice("definitions", key, "term", 0, key, key + "s") if key + "s" not in keys else None
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    number = draw(st.integers(0, len(lines) - 1))
    line = lines[number]
    below = lines[number + 1] if number + 1 < len(lines) else ""
    if kind == 3 and number and len(below) - len(below.lstrip(" ")) <= len(line) - len(line.lstrip(" ")):
        # A line out, with the break before it or the one after it.
        if number + 1 < len(lines) and draw(st.booleans()):
            return Splice("definitions", key, "text", starts[number], line + "\n", "")
        return Splice("definitions", key, "text", starts[number] - 1, "\n" + line, "")
    label = LABEL.match(line.lstrip(" "))
    if kind == 4 and label is not None:
        # A line in, after one like it, with a label of its own.
        depth = line[: len(line) - len(line.lstrip(" "))]
        mark = label[0].strip("()")
        new = f"\n{depth}({mark}{'A' if mark.isupper() else 'a'}) {draw(words())}"
        return Splice("definitions", key, "text", starts[number] + len(line), "", new)
    begin = len(line) - len(line.lstrip(" ")) + (label.end() + 1 if label else 0)
    spaces = [begin, *(at + 1 for at in range(begin, len(line)) if line[at] == " "), len(line) + 1]
    first = draw(st.integers(0, len(spaces) - 2))
    last = draw(st.integers(first + 1, len(spaces) - 1))
    old = line[spaces[first] : spaces[last] - 1]
    if not old:
        return None
    return Splice("definitions", key, "text", starts[number] + spaces[first], old, draw(words(1, 4)))


def opened(data: bytes) -> tuple[WordCode, Code]:
    """A document as a code."""
    source = read_word(data, "a.docx", None)
    return source, source.code("Code", DAY, "A")


def written(data: bytes, made: list[tuple[Edit, str]], style: Style, comments: bool = True) -> tuple[Made, Code]:
    """A document with changes written into it, and the code as it then should be."""
    source, code = opened(data)
    consolidation = Consolidation(code)
    for edit, by in made:
        consolidation.apply(edit, by)
    plan = Plan(
        before=code,
        instruments=(),
        instructions=(),
        applied=(),
        steps=(),
        pending=(),
        set_aside=(),
        findings=(),
        consolidation=consolidation,
    )
    said = dict.fromkeys(INKS, "A comment.") if comments else None
    return write_docx(plan, source, style, INKS, said), plan.after()
