"""PDF files: whether one can be read, and the pieces of text on its pages. What they make together is for `layout`."""

from __future__ import annotations

import ctypes
from bisect import bisect_left
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from secdefs.findings import SecdefsError

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

PAGES = 10_000
"""The most pages that are read."""
OBJECTS = 30_000
"""The most pieces of text that are read on one page: ten times as many as a page of small print has characters."""

_TEXT, _PATH, _IMAGE, _FORM = 1, 2, 3, 5  # kinds of page objects (FPDF_PAGEOBJ_*)
_INVISIBLE = (3, 7)  # modes of rendering text (ISO 32000-1, 9.3.6)
_NESTED = 8  # forms within forms
_WHITE = 250
# Kinds of annotations (FPDF_ANNOT_*) that change what a reader sees or reads; a link and a signature's seal do not.
_STRIKE_OUT = 12
_OVERLAID = {3: "a text box", 13: "a stamp", 15: "handwriting", 28: "a redaction"}
_WIDGET = 20

Matrix = tuple[float, float, float, float, float, float]

_AS_IT_IS: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Piece(NamedTuple):
    """A text object, or several that touch: its characters, its left and right, its baseline and size, in points.

    x grows to the right and y upwards, as the page is shown. `spaced`: a space stands before it. `tag` is the id of the
    marked content that it belongs to, -1 where there is none; `artifact`: the file marks it as no part of the text.
    `raised`: it stands above the line; `bold`: its font is a bold one.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    spaced: bool = False
    tag: int = -1
    artifact: bool = False
    raised: bool = False
    bold: bool = False


_LOW, _HIGH = 0.12, 0.5
"""Between which shares of its size above the baseline a line goes through a text, and neither under nor over it."""


def _baseline(piece: Piece) -> float:
    return piece.y


def _between(piece: Piece, x0: float, x1: float) -> str:
    """The words of a piece that a line from x0 to x1 goes through, by their share of its width; "" where it is none."""
    low, high = max(piece.x0, x0), min(piece.x1, x1)
    width = piece.x1 - piece.x0
    if width <= 0 or high - low < 0.25 * piece.size or high - low < 0.8 * min(x1 - x0, width):
        return ""
    start, end = (round((at - piece.x0) / width * len(piece.text)) for at in (low, high))
    start = piece.text.rfind(" ", 0, min(start + 1, end)) + 1
    end = piece.text.find(" ", max(end - 1, start))
    return piece.text[start : end if end >= 0 else None].strip()


class Page(NamedTuple):
    """A page: its number from 1, its size in points, its pieces of text, those not to be read and why.

    `slanted` is text that is not set along the lines; `unseen` what no reader sees: invisible, white on white, or
    beside the page; `overlaid` says what was laid over the page afterwards; `struck` are words that a line goes
    through. `recognised`: its text is that under a
    picture of it. `picture` is the share of the page that its largest picture covers, `nameless` the number of
    characters whose font does not say what they are. `rules` are (x0, x1, y) of its horizontal lines, `blocks` what the
    file's structure says of its pieces by their tags, null where it has none.
    """

    number: int
    width: float
    height: float
    pieces: tuple[Piece, ...]
    slanted: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    overlaid: tuple[str, ...] = ()
    struck: tuple[str, ...] = ()
    recognised: bool = False
    picture: float = 0.0
    nameless: int = 0
    rules: tuple[tuple[float, float, float], ...] = ()
    blocks: dict[int, tuple[int, str]] | None = None


def pages_of(data: bytes, file: str) -> tuple[Page, ...]:
    """The pages of a PDF file.

    Raises `SecdefsError` for a file that is damaged, wants a password, has more than `PAGES` pages, or has none; and
    for one with a page that is only a picture of a page: its words are not in the file.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise SecdefsError(f"{file}: {_reason(error, data)}") from None
    with document:
        count = len(document)
        if count == 0:
            raise SecdefsError(f"{file}: a PDF file without pages")
        if count > PAGES:
            raise SecdefsError(f"{file}: {count:,} pages; a letter of more than {PAGES:,} is not read")
        tagged = bool(pypdfium2.raw.FPDFCatalog_IsTagged(document.raw))
        pages = tuple(_page(document, index, tagged, file) for index in range(count))
    scanned = [page.number for page in pages if not page.pieces and page.picture > 0.5]
    if scanned:
        which = f"page {scanned[0]} is a picture" if len(scanned) < count else "its pages are pictures"
        raise SecdefsError(f"{file}: scanned: run OCR first ({which} of text)")
    if not any(page.pieces for page in pages):
        raise SecdefsError(f"{file}: no text in the file; if it was scanned, run OCR first")
    nameless = next((page for page in pages if 2 * page.nameless > sum(len(each.text) for each in page.pieces)), None)
    if nameless is not None:
        raise SecdefsError(
            f"{file}: the fonts of page {nameless.number} do not say which letters they show; save the PDF anew from "
            "the original, or run OCR"
        )
    return pages


def _reason(error: Exception, data: bytes) -> str:
    match getattr(error, "err_code", None):
        case 4:
            return "the PDF file wants a password; save it without one"
        case 5:
            return "the PDF file is encrypted in a way that cannot be read; save it without protection"
    if b"%%EOF" not in data[-2048:]:
        return "the PDF file is cut off: its end is missing; fetch it again"
    return "the PDF file is damaged; fetch it again, or save it anew"


def _page(document: PdfDocument, index: int, tagged: bool, file: str) -> Page:
    import pypdfium2
    from pypdfium2 import raw

    from secdefs.read.tags import blocks_of

    try:
        page = document[index]
        words = raw.FPDFText_LoadPage(page.raw)
    except pypdfium2.PdfiumError:
        words = None
    if not words:
        raise SecdefsError(f"{file}: page {index + 1} is damaged; fetch the PDF file again, or save it anew")
    try:
        width, height = page.get_size()
        found = _Found(page, words, tagged)
        if len(found.pieces) > OBJECTS:
            raise SecdefsError(f"{file}: page {index + 1} has more text than a page can hold")
        return Page(
            index + 1,
            width,
            height,
            tuple(found.pieces or found.invisible),
            tuple(found.slanted),
            (*found.outside, *(piece.text for piece in found.invisible if found.pieces)),
            _overlaid(page.raw, raw),
            found.struck(),
            bool(found.invisible) and not found.pieces,
            found.picture / max(width * height, 1.0),
            _nameless(words, raw),
            tuple(found.rules),
            blocks_of(page.raw) if tagged else None,
        )
    finally:
        raw.FPDFText_ClosePage(words)
        page.close()


def _nameless(words: Any, raw: Any) -> int:
    """How many characters of a page have no meaning outside their font."""
    unknown = raw.FPDFText_HasUnicodeMapError
    return sum(unknown(words, index) == 1 for index in range(raw.FPDFText_CountChars(words)))


def _overlaid(page: Any, raw: Any) -> tuple[str, ...]:
    """What was laid over a page: a box with text, a stamp, a field that was filled in."""
    found = []
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), 1000)):
        if annotation := raw.FPDFPage_GetAnnot(page, index):
            kind = raw.FPDFAnnot_GetSubtype(annotation)
            value = ctypes.create_string_buffer(8)
            if kind in _OVERLAID:
                found.append(_OVERLAID[kind])
            elif (
                kind == _WIDGET
                and raw.FPDFAnnot_GetStringValue(
                    annotation, b"V", ctypes.cast(value, ctypes.POINTER(ctypes.c_ushort)), 8
                )
                > 2
            ):
                found.append("a field that was filled in")
            raw.FPDFPage_CloseAnnot(annotation)
    return tuple(dict.fromkeys(found))


class _Found:
    """The text objects of a page, sorted by whether they can be seen; the page's rotation is undone."""

    def __init__(self, page: Any, words: Any, tagged: bool) -> None:
        from pypdfium2 import raw

        self.raw, self.page, self.words, self.tagged = raw, page, words, tagged
        self.pieces: list[Piece] = []
        self.invisible: list[Piece] = []
        self.slanted: list[str] = []
        self.outside: list[str] = []
        self.rules: list[tuple[float, float, float]] = []
        self.strokes: list[tuple[float, float, float]] = []
        self.painted: list[tuple[float, float, float, float]] = []
        self.picture = 0.0
        self.turn = raw.FPDFPage_GetRotation(page.raw)
        box = raw.FS_RECTF()
        raw.FPDF_GetPageBoundingBox(page.raw, box)
        self.box = (box.left, box.bottom, box.right, box.top)
        self.buffer = (ctypes.c_ushort * 4096)()
        self.matrix = raw.FS_MATRIX()
        self.number = ctypes.c_float()
        self.bounds = tuple(ctypes.c_float() for _ in range(4))
        self.colour = tuple(ctypes.c_uint() for _ in range(4))
        self.fonts: dict[int, bool] = {}
        spaced = False  # a space was met that belongs before the next piece
        for each, place in self._objects(page.raw):
            match raw.FPDFPageObj_GetType(each):
                case kind if kind == _TEXT:
                    spaced = self._add_text(each, place, spaced)
                case kind if kind == _PATH:
                    self._add_path(each, place)
                case _:
                    left, bottom, right, top = self._bounds(each, place)
                    self.painted.append((left, bottom, right, top))
                    self.picture = max(self.picture, (right - left) * (top - bottom))
            if len(self.pieces) > OBJECTS:
                break

    def _objects(self, page: Any) -> Iterator[tuple[Any, Matrix]]:
        """The objects of the page but its forms, those in forms too, each with the matrix of its forms."""
        raw = self.raw
        stack: list[tuple[Any, int, int, Matrix]] = [(page, 0, raw.FPDFPage_CountObjects(page), _AS_IT_IS)]
        while stack:
            holder, at, count, place = stack.pop()
            get = raw.FPDFFormObj_GetObject if stack else raw.FPDFPage_GetObject
            while at < count:
                each = get(holder, at)
                at += 1
                kind = raw.FPDFPageObj_GetType(each)
                if kind in (_TEXT, _PATH, _IMAGE):
                    yield each, place
                elif kind == _FORM and len(stack) < _NESTED:
                    matrix = raw.FS_MATRIX()
                    raw.FPDFPageObj_GetMatrix(each, matrix)
                    inner = (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)
                    stack.append((holder, at, count, place))
                    stack.append((each, 0, raw.FPDFFormObj_CountObjects(each), _times(inner, place)))
                    break

    def _add_text(self, each: Any, place: Matrix, spaced: bool) -> bool:
        """Sort a text object in; whether a space goes before the next."""
        raw = self.raw
        text = self._text(each)
        words = " ".join(text.split())
        if not words:
            return spaced or bool(text)
        raw.FPDFPageObj_GetMatrix(each, self.matrix)
        m = self.matrix
        a, b, c, d, e, f = _times((m.a, m.b, m.c, m.d, m.e, m.f), place)
        raw.FPDFTextObj_GetFontSize(each, self.number)
        size = abs(self.number.value) * (c * c + d * d) ** 0.5
        box = self._bounds(each, place)
        if box[2] <= self.box[0] or box[0] >= self.box[2] or box[3] <= self.box[1] or box[1] >= self.box[3]:
            self.outside.append(words)
            return False
        along, rise = ((a, b), (b, -a), (-a, -b), (-b, a))[self.turn % 4]
        if abs(rise) > 0.05 * along or size <= 0:
            self.slanted.append(words)
            return False
        x, y = self._turned(e, f)
        corners = (self._turned(box[0], box[1])[0], self._turned(box[2], box[3])[0])
        left, right = min(corners), max(corners)
        artifact, tag = False, -1
        if self.tagged:
            tag = raw.FPDFPageObj_GetMarkedContentID(each)
            artifact = tag < 0 and self._artifact(each)
        before = spaced or text[0].isspace()
        begins = min(x, left) if abs(x - left) < size else left
        piece = Piece(words, begins, right, y, size, before, tag, artifact, bold=self._is_bold(each))
        unseen = raw.FPDFTextObj_GetTextRenderMode(each) in _INVISIBLE or self._unpainted(each, box)
        (self.invisible if unseen else self.pieces).append(piece)
        return text[-1].isspace()

    def _is_bold(self, each: Any) -> bool:
        """Whether a text's font is bold, by its weight or its name."""
        font = self.raw.FPDFTextObj_GetFont(each)
        key = ctypes.cast(font, ctypes.c_void_p).value or 0
        if key not in self.fonts:
            buffer = ctypes.create_string_buffer(128)
            self.raw.FPDFFont_GetBaseFontName(font, buffer, len(buffer))
            name = buffer.value.decode("latin-1").lower()
            bold = any(part in name for part in ("bold", "black", "heavy"))
            self.fonts[key] = bool(font) and (bold or 600 <= self.raw.FPDFFont_GetWeight(font) <= 1000)
        return self.fonts[key]

    def _add_path(self, each: Any, place: Matrix) -> None:
        left, bottom, right, top = self._bounds(each, place)
        if right - left > 6 and top - bottom > 6 and not self._is_white(each):
            self.painted.append((left, bottom, right, top))
        elif top - bottom < 3 and right - left > 2 and self.turn == 0:
            line = (left - self.box[0], right - self.box[0], (top + bottom) / 2 - self.box[1])
            self.strokes.append(line)
            if right - left > 36:
                self.rules.append(line)

    def struck(self) -> tuple[str, ...]:
        """The words through whose middle a line goes, drawn or laid over the page: they may be meant to be gone."""
        raw = self.raw
        strokes = [(x0, x1, y, y) for x0, x1, y in self.strokes]
        box = raw.FS_RECTF()
        for index in range(min(raw.FPDFPage_GetAnnotCount(self.page.raw), 1000)):
            if annotation := raw.FPDFPage_GetAnnot(self.page.raw, index):
                if raw.FPDFAnnot_GetSubtype(annotation) == _STRIKE_OUT and raw.FPDFAnnot_GetRect(annotation, box):
                    (x0, y0), (x1, y1) = self._turned(box.left, box.bottom), self._turned(box.right, box.top)
                    strokes.append((min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)))
                raw.FPDFPage_CloseAnnot(annotation)
        pieces = sorted(self.pieces, key=_baseline)
        tallest = max((piece.size for piece in pieces), default=0.0)
        return tuple(
            words
            for x0, x1, low, high in strokes
            for piece in pieces[
                bisect_left(pieces, low - _HIGH * tallest, key=_baseline) : bisect_left(pieces, high, key=_baseline)
            ]
            if piece.y + _LOW * piece.size <= high and low <= piece.y + _HIGH * piece.size
            if (words := _between(piece, x0, x1))
        )

    def _unpainted(self, each: Any, box: tuple[float, float, float, float]) -> bool:
        """Whether text is white on nothing, or wholly transparent."""
        if not self._is_white(each):
            return False
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        return not any(left <= x <= right and low <= y <= high for left, low, right, high in self.painted)

    def _is_white(self, each: Any) -> bool:
        red, green, blue, opaque = self.colour
        if not self.raw.FPDFPageObj_GetFillColor(each, red, green, blue, opaque):
            return False
        return opaque.value == 0 or min(red.value, green.value, blue.value) >= _WHITE

    def _text(self, each: Any) -> str:
        size = self.raw.FPDFTextObj_GetText(each, self.words, self.buffer, len(self.buffer) * 2)
        buffer = self.buffer
        if size > len(buffer) * 2:
            buffer = (ctypes.c_ushort * (size // 2 + 1))()
            self.raw.FPDFTextObj_GetText(each, self.words, buffer, size)
        if size == 4:
            return "\ufffd" if 0xD800 <= buffer[0] < 0xE000 else chr(buffer[0]) if buffer[0] else ""
        return ctypes.string_at(buffer, max(size - 2, 0)).decode("utf-16-le", "replace").replace("\0", "")

    def _bounds(self, each: Any, place: Matrix) -> tuple[float, float, float, float]:
        left, bottom, right, top = self.bounds
        self.raw.FPDFPageObj_GetBounds(each, left, bottom, right, top)
        a, b, c, d, e, f = place
        box = (left.value, bottom.value, right.value, top.value)
        if place == _AS_IT_IS:
            return box
        xs = [a * x + c * y + e for x in (box[0], box[2]) for y in (box[1], box[3])]
        ys = [b * x + d * y + f for x in (box[0], box[2]) for y in (box[1], box[3])]
        return min(xs), min(ys), max(xs), max(ys)

    def _turned(self, x: float, y: float) -> tuple[float, float]:
        """A place as the page is shown."""
        left, bottom, right, top = self.box
        match self.turn:
            case 1:
                return y - bottom, right - x
            case 2:
                return right - x, top - y
            case 3:
                return top - y, x - left
        return x - left, y - bottom

    def _artifact(self, each: Any) -> bool:
        length = ctypes.c_ulong()
        buffer = (ctypes.c_ushort * 16)()
        for index in range(self.raw.FPDFPageObj_CountMarks(each)):
            mark = self.raw.FPDFPageObj_GetMark(each, index)
            if self.raw.FPDFPageObjMark_GetName(mark, buffer, 32, length) and length.value == 18:
                return bytes(buffer)[:16].decode("utf-16-le") == "Artifact"
        return False


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    """The matrix that does the inner first."""
    if outer == _AS_IT_IS:
        return inner
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m
