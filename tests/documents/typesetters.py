"""Other people's typesetters: a letter as a flat OpenDocument text or as a web page, and what makes a PDF of each.

Both are found on the machine or the tests that want them are skipped; nothing is fetched.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

from fixtures.make_letters import Content
from fixtures.typeset import LOWER, RAISE
from secdefs.outline.quotations import LABEL

OFFICE = shutil.which("soffice")
BROWSER = shutil.which("chromium") or shutil.which("google-chrome")


class Sheet(NamedTuple):
    """How a letter is laid out. Lengths are in points; `above` is the space between paragraphs, 0 for none.

    `head`, `foot`: running lines of every page, `first` instead of the head on the first page, `even` on even ones;
    in them "#" is the page's number and "##" the number of pages. `labels` is how a list's labels are set: "hang" with
    a tab and a hanging indentation, "list" by the program itself, "flush" with a space, at the margin.
    """

    width: float = 595
    height: float = 842
    margin: float = 72
    size: float = 11
    font: str = "Liberation Serif"
    leading: int = 100
    above: float = 6
    first_line: float = 0
    columns: int = 1
    justified: bool = False
    hyphens: bool = False
    head: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()
    first: tuple[str, ...] | None = None
    even: tuple[str, ...] | None = None
    labels: str = "hang"
    notes_hang: bool = True


def parts(words: str) -> list[tuple[str, bool]]:
    """A paragraph's runs, and whether each is raised."""
    runs = words.replace(LOWER, RAISE).split(RAISE)
    return [(run, number % 2 == 1) for number, run in enumerate(runs) if run]


def labelled(words: str) -> tuple[str, str, int]:
    """A paragraph's label, its other words, and the level at which it stands: 0 is the margin."""
    found = LABEL.match(words)
    if not found or found.group()[-1] not in ".)" or RAISE in found.group():
        return "", words, 0
    return found.group(), words[found.end() :].lstrip(), 2 if found.group()[-1] == ")" else 1


# --- flat OpenDocument ------------------------------------------------------------------------------------------------

_SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {"office": "office", "style": "style", "text": "text"}.items()
) + (
    ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
    ' xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
)


def _running(lines: tuple[str, ...]) -> str:
    made = []
    for line in lines:
        text = escape(line).replace("##", "<text:page-count/>").replace("#", "<text:page-number/>")
        text = re.sub(r"^&gt;", "<text:tab/>", text)
        made.append(f'<text:p text:style-name="Running">{text}</text:p>')
    return "".join(made)


def open_text(letter: Content, sheet: Sheet) -> bytes:
    """The letter as a flat OpenDocument text."""
    hyphens = (
        'fo:hyphenate="true" fo:hyphenation-remain-char-count="2" fo:hyphenation-push-char-count="2"'
        if sheet.hyphens
        else ""
    )
    align = "justify" if sheet.justified else "start"
    room = sheet.width - 2 * sheet.margin

    def style(name: str, paragraph: str, text: str = "") -> str:
        return (
            f'<style:style style:name="{name}" style:family="paragraph"><style:paragraph-properties {paragraph}>'
            f'<style:tab-stops><style:tab-stop style:position="{room}pt" style:type="right"/></style:tab-stops>'
            f"</style:paragraph-properties><style:text-properties {text}"
            f' style:font-name="F" fo:language="en" fo:country="GB" fo:font-size="{sheet.size}pt"/></style:style>'
            if name == "Running"
            else f'<style:style style:name="{name}" style:family="paragraph"><style:paragraph-properties {paragraph}/>'
            f'<style:text-properties {text} style:font-name="F" fo:language="en" fo:country="GB" '
            f'fo:font-size="{sheet.size * 0.8 if name == "Note" else sheet.size}pt"/></style:style>'
        )

    common = f'fo:text-align="{align}" fo:margin-bottom="{sheet.above}pt" fo:line-height="{sheet.leading}%" '
    common += 'fo:orphans="1" fo:widows="1" '
    styles = "".join(
        (
            style("Body", common + f'fo:text-indent="{sheet.first_line}pt"', hyphens),
            *(
                style(f"Item{level}", common + f'fo:margin-left="{18 * level}pt" fo:text-indent="-18pt"', hyphens)
                for level in (1, 2)
            ),
            style("Note", 'fo:margin-left="17pt" fo:text-indent="-17pt"' if sheet.notes_hang else "", ""),
            style("Running", ""),
        )
    )
    lists = "".join(
        f'<text:list-style style:name="L{level}"><text:list-level-style-number text:level="1" '
        f'style:num-suffix="{suffix}" style:num-format="{form}"><style:list-level-properties '
        'text:list-level-position-and-space-mode="label-alignment"><style:list-level-label-alignment '
        f'text:label-followed-by="listtab" text:list-tab-stop-position="{18 * level}pt" fo:text-indent="-18pt" '
        f'fo:margin-left="{18 * level}pt"/></style:list-level-properties></text:list-level-style-number>'
        "</text:list-style>"
        for level, suffix, form in ((1, ".", "1"), (2, ")", "i"))
    )
    body = []
    for words in letter.paragraphs:
        label, rest, level = labelled(words)
        runs = "".join(
            f'<text:note text:note-class="footnote"><text:note-citation>{text}</text:note-citation><text:note-body>'
            f'<text:p text:style-name="Note">{escape(letter.notes[text])}</text:p></text:note-body></text:note>'
            if raised
            else escape(text)
            for text, raised in parts(rest)
        )
        number = re.match(r"\d+", label)
        match sheet.labels if label else "":
            case "list" if number or label == "i)":
                start = number.group() if number else "1"
                body.append(
                    f'<text:list text:style-name="L{level}"><text:list-item text:start-value="{start}">'
                    f'<text:p text:style-name="Item{level}">{runs}</text:p></text:list-item></text:list>'
                )
            case "list" | "hang":
                body.append(f'<text:p text:style-name="Item{level}">{label}<text:tab/>{runs}</text:p>')
            case _:
                body.append(
                    f'<text:p text:style-name="Body">{label} {runs}</text:p>'
                    if label
                    else f'<text:p text:style-name="Body">{runs}</text:p>'
                )
    columns = f'<style:columns fo:column-count="{sheet.columns}" fo:column-gap="18pt"/>' if sheet.columns > 1 else ""
    running = ""
    for kind, lines in (("header", sheet.head), ("footer", sheet.foot)):
        if lines or (kind == "header" and sheet.first):
            running += f"<style:{kind}>{_running(lines)}</style:{kind}>"
            if sheet.even is not None and kind == "header":
                running += f"<style:{kind}-left>{_running(sheet.even)}</style:{kind}-left>"
            if sheet.first is not None and kind == "header":
                running += f"<style:{kind}-first>{_running(sheet.first)}</style:{kind}-first>"
    edges = "".join(
        f'<style:{kind}-style><style:header-footer-properties fo:min-height="20pt" fo:margin-{side}="8pt"/>'
        f"</style:{kind}-style>"
        for kind, side in (("header", "bottom"), ("footer", "top"))
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document {_SPACES} office:version="1.3" '
        'office:mimetype="application/vnd.oasis.opendocument.text"><office:font-face-decls>'
        f'<style:font-face style:name="F" svg:font-family="\'{sheet.font}\'"/></office:font-face-decls>'
        f"<office:styles>{styles}"
        f"</office:styles><office:automatic-styles>{lists}"
        f'<style:page-layout style:name="PL" style:page-usage="all"><style:page-layout-properties '
        f'fo:page-width="{sheet.width}pt" '
        f'fo:page-height="{sheet.height}pt" fo:margin="{sheet.margin}pt">{columns}</style:page-layout-properties>'
        f"{edges}</style:page-layout></office:automatic-styles><office:master-styles>"
        f'<style:master-page style:name="Standard" style:page-layout-name="PL">{running}</style:master-page>'
        f"</office:master-styles><office:body><office:text>{''.join(body)}</office:text></office:body></office:document>"
    ).encode()


def office_pdfs(texts: Mapping[str, bytes], folder: Path, *, tagged: bool = False) -> dict[str, bytes]:
    """PDF files of flat OpenDocument texts or Word files (by their names), printed by LibreOffice in one go."""
    assert OFFICE is not None
    for name, data in texts.items():
        (folder / name).write_bytes(data)
    tags = '"UseTaggedPDF":{"type":"boolean","value":"' + str(tagged).lower() + '"}'
    options = "pdf:writer_pdf_Export:{" + tags + "}"
    subprocess.run(
        [
            OFFICE,
            *(f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", options),
            *("--outdir", str(folder), *(str(folder / name) for name in texts)),
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return {name: (folder / name).with_suffix(".pdf").read_bytes() for name in texts}


# --- web pages --------------------------------------------------------------------------------------------------------


def web_page(letter: Content, sheet: Sheet) -> bytes:
    """The letter as a web page, its notes at the end, as web pages have them."""

    def content(lines: tuple[str, ...]) -> str:
        text = r" \A ".join(lines)
        made = re.sub(r"##|#", lambda found: f'" counter({"pages" if len(found[0]) > 1 else "page"}) "', text)
        return f'"{made}"; white-space: pre'

    body = []
    for words in letter.paragraphs:
        label, rest, level = labelled(words)
        runs = "".join(f"<sup>{escape(text)}</sup>" if raised else escape(text) for text, raised in parts(rest))
        number = re.match(r"\d+", label)
        if sheet.labels == "list" and number:
            body.append(f'<ol start="{number.group()}"><li>{runs}</li></ol>')
        elif label and sheet.labels == "hang":
            body.append(
                f'<p style="padding-left:{18 * level}pt;text-indent:-18pt">'
                f'<span style="display:inline-block;width:18pt;text-indent:0">{label}</span>{runs}</p>'
            )
        else:
            body.append(f"<p>{label} {runs}</p>" if label else f"<p>{runs}</p>")
    for mark, text in letter.notes.items():
        body.append(f'<p class="note"><sup>{mark}</sup> {escape(text)}</p>')
    head = f"@top-left {{ content: {content(sheet.head)} }}" if sheet.head else ""
    foot = f"@bottom-center {{ content: {content(sheet.foot)} }}" if sheet.foot else ""
    first = f"@page :first {{ @top-left {{ content: {content(sheet.first)} }} }}" if sheet.first is not None else ""
    return (
        f'<!DOCTYPE html><html lang="en-GB"><meta charset="utf-8"><title>Letter</title><style>'
        f"@page {{ size: {sheet.width}pt {sheet.height}pt; margin: {sheet.margin}pt; {head} {foot} }} {first}"
        f"body {{ font: {sheet.size}pt '{sheet.font}'; margin: 0; columns: {sheet.columns}; "
        f"text-align: {'justify' if sheet.justified else 'left'}; hyphens: {'auto' if sheet.hyphens else 'manual'} }}"
        f"p, li {{ margin: 0 0 {sheet.above}pt; text-indent: {sheet.first_line}pt; overflow-wrap: anywhere }} "
        f"ol {{ margin: 0; padding-left: 24pt }} .note {{ font-size: 80% }}"
        f"</style><body>{''.join(body)}</body></html>"
    ).encode()


def browser_pdf(page: bytes, folder: Path, name: str) -> bytes:
    """A PDF file of a web page, printed by Chromium."""
    assert BROWSER is not None
    (folder / f"{name}.html").write_bytes(page)
    out = folder / f"{name}.pdf"
    subprocess.run(
        [
            BROWSER,
            *("--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--disable-dev-shm-usage"),
            *(f"--user-data-dir={folder / 'profile-web'}", f"--print-to-pdf={out}", (folder / f"{name}.html").as_uri()),
        ],
        check=True,
        capture_output=True,
        timeout=60,
    )
    return out.read_bytes()
