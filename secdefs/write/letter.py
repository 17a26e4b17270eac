"""A letter's text as a page of HTML and as a Word file: a paragraph each, indented as the text is."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from html import escape
from typing import NamedTuple

_LABEL = re.compile(r"\(\w{1,4}\)|[ivxl]{1,6}\)|\d{1,3}\.")
_STYLE = (
    "body{max-width:44em;margin:3em auto;padding:0 1em;font:1.05em/1.45 Georgia,serif;color:#1b1b1b}"
    "p{margin:0 0 .7em}.head{font-weight:bold}.item{text-indent:-2.4em;padding-left:2.4em}"
    ".label{display:inline-block;min-width:2.4em;text-indent:0}"
    "@media print{body{margin:0;max-width:none}}"
)


class _Paragraph(NamedTuple):
    """A paragraph: its words, how far it is indented in levels of two spaces, and what it looks like."""

    words: str
    level: int
    head: bool
    item: bool

    def parts(self) -> tuple[str, str]:
        """The label, "" where there is none, and the words after it."""
        if not self.item:
            return "", self.words
        label, _, words = self.words.partition(" ")
        return label, words


def _paragraphs(text: str) -> Iterator[_Paragraph]:
    for line in text.split("\n"):
        words = line.strip()
        if words:
            head = words.isupper() or words in ("Direction", "Annexes")
            yield _Paragraph(words, (len(line) - len(line.lstrip())) // 2, head, _LABEL.match(words) is not None)


def letter_to_html(text: str) -> str:
    """The letter as a page of its own, without scripts and without anything from elsewhere."""
    made = [*_paragraphs(text)]
    title = next((each.words for each in made if each.head), "Letter")
    lines = [
        "<!doctype html>",
        '<html lang="en">',
        f'<head><meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style></head>',
        "<body>",
    ]
    for each in made:
        kinds = " ".join(name for name, has in (("head", each.head), ("item", each.item)) if has)
        kind = f' class="{kinds}"' if kinds else ""
        indent = f' style="margin-left:{1.2 * each.level:g}em"' if each.level else ""
        label, words = each.parts()
        marked = f'<span class="label">{escape(label)}</span> ' if label else ""
        lines.append(f"<p{kind}{indent}>{marked}{escape(words, quote=False)}</p>")
    return "\n".join([*lines, "</body>", "</html>"]) + "\n"


# --- Word -------------------------------------------------------------------------------------------------------------

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = (
    f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
)
_TWIPS = 280
"""The indentation of two spaces, in twentieths of a point."""


def letter_to_docx(text: str) -> bytes:
    """The letter as a Word file, the same bytes for the same text."""
    body = "".join(_word_paragraph(each) for each in _paragraphs(text))
    margins = " ".join(f'w:{side}="1440"' for side in ("top", "right", "bottom", "left"))
    page = f'<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar {margins}/>'
    document = f'{_XML}<w:document xmlns:w="{_MAIN}"><w:body>{body}{page}</w:sectPr></w:body></w:document>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _RELATIONS),
            ("word/document.xml", document),
        ):
            # A date of its own would make each file another.
            package.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), part, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _word_paragraph(each: _Paragraph) -> str:
    left = _TWIPS * (each.level + 2 * each.item)
    hanging = f' w:hanging="{2 * _TWIPS}"' if each.item else ""
    properties = f'<w:pPr><w:spacing w:after="140"/><w:ind w:left="{left}"{hanging}/></w:pPr>'
    bold = "<w:rPr><w:b/></w:rPr>" if each.head else ""
    label, words = (escape("".join(char for char in part if char >= " "), quote=False) for part in each.parts())
    marked = f'<w:t xml:space="preserve">{label}</w:t><w:tab/>' if label else ""
    return f'<w:p>{properties}<w:r>{bold}{marked}<w:t xml:space="preserve">{words}</w:t></w:r></w:p>'
