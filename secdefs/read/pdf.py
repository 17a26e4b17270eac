"""PDF files: whether one can be read, and the pieces of text on its pages. What they make together is for `layout`."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from secdefs.findings import SecdefsError

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

MAGIC = b"%PDF-"
PAGES = 10_000
"""The most pages that are read."""

_TEXT, _IMAGE, _FORM = 1, 3, 5  # kinds of page objects (FPDF_PAGEOBJ_*)
_INVISIBLE = 3  # a rendering mode of text (ISO 32000-1, 9.3.6)
_NESTED = 8  # forms within forms


class Piece(NamedTuple):
    """A text object, or several that touch: its characters, its left and right, its baseline and size, in points.

    x grows to the right and y upwards, as the page is shown. `spaced`: a space stands before it. `tag` is the id of the
    marked content that it belongs to, -1 where there is none; `artifact`: it is marked as no part of the text.
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


class Page(NamedTuple):
    """A page: its number from 1, its size in points, its pieces of text, those not to be read and why.

    `slanted` is text that is not set along the lines, `unseen` what no reader sees: invisible, or beside the page.
    `picture` is the share of the page that its largest picture covers.
    """

    number: int
    width: float
    height: float
    pieces: tuple[Piece, ...]
    slanted: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    recognised: bool = False
    picture: float = 0.0
    blocks: dict[int, tuple[int, str]] | None = None


def pages_of(data: bytes, file: str) -> tuple[Page, ...]:
    """The pages of a PDF file.

    Raises `SecdefsError` for a file that is damaged, wants a password, has more than `PAGES` pages, or has none; and for
    one with a page that is only a picture of a page: its words are not in the file.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise SecdefsError(f"{file}: {_reason(error)}") from None
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
        which = f"page {scanned[0]} is" if len(scanned) < count else "its pages are"
        raise SecdefsError(f"{file}: scanned: run OCR first ({which} a picture of text)")
    if not any(page.pieces for page in pages):
        raise SecdefsError(f"{file}: no text in the file; if it was scanned, run OCR first")
    return pages


def _reason(error: Exception) -> str:
    code = getattr(error, "err_code", None)
    if code == 4:
        return "the PDF file wants a password; save it without one"
    if code == 5:
        return "the PDF file is encrypted in a way that cannot be read; save it without protection"
    return "damaged or truncated: not a whole PDF file"


def _page(document: PdfDocument, index: int, tagged: bool, file: str) -> Page:
    import pypdfium2
    from pypdfium2 import raw

    from secdefs.read.tags import blocks_of

    try:
        page = document[index]
        words = raw.FPDFText_LoadPage(page.raw)
    except pypdfium2.PdfiumError:
        raise SecdefsError(f"{file}: page {index + 1} is damaged") from None
    try:
        width, height = page.get_size()
        found = _Found(page, words, tagged)
        return Page(
            index + 1,
            width,
            height,
            tuple(found.pieces or found.invisible),
            tuple(found.slanted),
            tuple([*found.outside, *(piece.text for piece in found.invisible if found.pieces)]),
            bool(found.invisible) and not found.pieces,
            found.picture / max(width * height, 1.0),
            blocks_of(page.raw) if tagged else None,
        )
    finally:
        raw.FPDFText_ClosePage(words)
        page.close()


class _Found:
    """The text objects of a page, sorted by whether they can be seen; the page's rotation is undone."""

    def __init__(self, page: Any, words: Any, tagged: bool) -> None:
        from pypdfium2 import raw

        self.raw, self.words, self.tagged = raw, words, tagged
        self.pieces: list[Piece] = []
        self.invisible: list[Piece] = []
        self.slanted: list[str] = []
        self.outside: list[str] = []
        self.picture = 0.0
        self.turn = raw.FPDFPage_GetRotation(page.raw)
        box = raw.FS_RECTF()
        raw.FPDF_GetPageBoundingBox(page.raw, box)
        self.box = (box.left, box.bottom, box.right, box.top)
        self.buffer = (ctypes.c_ushort * 4096)()
        self.matrix = raw.FS_MATRIX()
        self.number = ctypes.c_float()
        self.bounds = tuple(ctypes.c_float() for _ in range(4))
        raised = False  # a space was met that belongs before the next piece
        for each, place in self._objects(page.raw):
            raised = self._add(each, place, raised)

    def _objects(self, page: Any) -> Iterator[tuple[Any, tuple[float, ...]]]:
        """The text and image objects of the page, those in forms too, each with the matrix of its forms."""
        raw = self.raw
        one = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
        stack: list[tuple[Any, int, int, tuple[float, ...]]] = [(page, 0, raw.FPDFPage_CountObjects(page), one)]
        while stack:
            holder, at, count, place = stack.pop()
            get = raw.FPDFPage_GetObject if len(stack) == 0 else raw.FPDFFormObj_GetObject
            while at < count:
                each = get(holder, at)
                at += 1
                kind = raw.FPDFPageObj_GetType(each)
                if kind in (_TEXT, _IMAGE):
                    yield each, place
                elif kind == _FORM and len(stack) < _NESTED:
                    matrix = raw.FS_MATRIX()
                    raw.FPDFPageObj_GetMatrix(each, matrix)
                    inner = (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)
                    stack.append((holder, at, count, place))
                    stack.append((each, 0, raw.FPDFFormObj_CountObjects(each), _times(inner, place)))
                    break

    def _add(self, each: Any, place: tuple[float, ...], spaced: bool) -> bool:
        """Sort one object in; whether a space goes before the next."""
        raw = self.raw
        if raw.FPDFPageObj_GetType(each) == _IMAGE:
            left, bottom, right, top = self._bounds(each, place)
            self.picture = max(self.picture, (right - left) * (top - bottom))
            return spaced
        text = self._text(each)
        words = " ".join(text.split())
        if not words:
            return spaced or bool(text)
        raw.FPDFPageObj_GetMatrix(each, self.matrix)
        m = self.matrix
        a, b, c, d, e, f = _times((m.a, m.b, m.c, m.d, m.e, m.f), place)
        raw.FPDFTextObj_GetFontSize(each, self.number)
        size = abs(self.number.value) * (c * c + d * d) ** 0.5
        left, bottom, right, top = self._bounds(each, place)
        if right <= self.box[0] or left >= self.box[2] or top <= self.box[1] or bottom >= self.box[3]:
            self.outside.append(words)
            return False
        x, y = self._turned(e, f)
        corners = (self._turned(left, bottom), self._turned(right, top))
        along = (a, b) if self.turn % 2 == 0 else (b, a)
        if abs(along[1]) > 0.05 * abs(along[0]) or size <= 0:
            self.slanted.append(words)
            return False
        x0 = min(x, corners[0][0], corners[1][0]) if abs(x - min(corners[0][0], corners[1][0])) < size else corners[0][0]
        artifact, tag = False, -1
        if self.tagged:
            tag = raw.FPDFPageObj_GetMarkedContentID(each)
            artifact = tag < 0 and self._artifact(each)
        piece = Piece(
            words, x0, max(corners[0][0], corners[1][0]), y, size, spaced or text[0].isspace(), tag, artifact
        )
        unseen = raw.FPDFTextObj_GetTextRenderMode(each) == _INVISIBLE
        (self.invisible if unseen else self.pieces).append(piece)
        return text[-1].isspace()

    def _text(self, each: Any) -> str:
        size = self.raw.FPDFTextObj_GetText(each, self.words, self.buffer, len(self.buffer) * 2)
        buffer = self.buffer
        if size > len(buffer) * 2:
            buffer = (ctypes.c_ushort * (size // 2 + 1))()
            self.raw.FPDFTextObj_GetText(each, self.words, buffer, size)
        return ctypes.string_at(buffer, max(size - 2, 0)).decode("utf-16-le", "replace").replace("\0", "")

    def _bounds(self, each: Any, place: tuple[float, ...]) -> tuple[float, float, float, float]:
        left, bottom, right, top = self.bounds
        self.raw.FPDFPageObj_GetBounds(each, left, bottom, right, top)
        a, b, c, d, e, f = place
        box = (left.value, bottom.value, right.value, top.value)
        if place[:4] == (1.0, 0.0, 0.0, 1.0):
            return box[0] + e, box[1] + f, box[2] + e, box[3] + f
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


def _times(inner: tuple[float, ...], outer: tuple[float, ...]) -> tuple[float, ...]:
    """The matrix that does the inner first."""
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m
