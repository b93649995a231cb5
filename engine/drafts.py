"""Drafts to be checked: plain text, Markdown, HTML and Word files, as text with paragraphs.

In text and Markdown every offset is one of the file itself: Markdown's marks are blanked, not cut. From HTML and docx
the text is extracted, and offsets count in it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

from engine.errors import InputError
from engine.readers.decoding import decode

DraftFormat = Literal["text", "markdown", "html", "docx"]
LARGEST_FILE = 64 * 1024 * 1024
"""Bytes of a draft file, and of what a docx unpacks to: beyond this it is no draft but an attack or a mistake."""
_SUFFIXES: dict[str, DraftFormat] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".docx": "docx",
}
_HTML_START = re.compile(r"\s*(?:<!doctype html|<html|<body|<p[ >])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Draft:
    """`spans_count_in_file`: offsets into `text` are offsets into the decoded file."""

    text: str
    format: DraftFormat = "text"
    notes: tuple[str, ...] = ()

    @property
    def spans_count_in_file(self) -> bool:
        return self.format in ("text", "markdown")


def read_draft(raw: bytes, *, name: str) -> Draft:
    """Reads a draft by its content and its name's ending. Raises InputError, naming the file."""
    if len(raw) > LARGEST_FILE:
        raise InputError(f"{name}: larger than {LARGEST_FILE // 1024 // 1024} MB, which no draft is")
    format = _SUFFIXES.get(PurePath(name).suffix.lower(), "text")
    if raw.startswith(b"PK\x03\x04"):
        return Draft(_docx_text(raw, name), "docx")
    if format == "docx":
        raise InputError(f"{name}: is no docx file (an older .doc must be saved as .docx)")
    try:
        text = decode(raw)
    except InputError as wrong:
        raise InputError(f"{name}: {wrong}") from wrong
    if format == "html" or (format == "text" and _HTML_START.match(text)):
        return Draft(html_text(text, name=name), "html")
    return Draft(markdown_text(text), "markdown") if format == "markdown" else Draft(text)


def markdown_text(text: str) -> str:
    """The text with Markdown's marks blanked: same length, same offsets (CommonMark, read by markdown-it-py)."""
    from markdown_it import MarkdownIt

    starts = [0, *(m.end() for m in re.finditer(r"\n", text))]
    kept = bytearray(len(text))  # 1 where a character is shown
    for token in MarkdownIt("commonmark").parse(text):
        if token.map is None or not token.content:
            continue
        at = starts[token.map[0]]
        end = starts[token.map[1]] if token.map[1] < len(starts) else len(text)
        for piece in [child.content for child in token.children or ()] or token.content.split("\n"):
            found = text.find(piece, at, end) if piece else -1
            if found >= 0:  # an entity or an escape is written otherwise: its piece stays as it is
                kept[found : found + len(piece)] = b"\x01" * len(piece)
                at = found + len(piece)
            elif piece:
                kept[at:end] = b"\x01" * (end - at)
    return "".join(c if shown or c == "\n" else " " for c, shown in zip(text, kept, strict=True))


_BLOCK_NAMES = """
address article aside blockquote body dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6
header hr html li main nav ol p pre section summary table tbody td tfoot th thead tr ul
"""
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_UNSEEN = frozenset(["script", "style", "head", "template", "noscript", "svg", "math", "iframe", "textarea", "select"])


def html_text(text: str, *, name: str) -> str:
    """The words a reader sees, a blank line between blocks. `<q>` gives the quotation marks that a browser shows."""
    import lxml.html

    if not text.strip():
        return ""
    try:
        parser = lxml.html.HTMLParser(huge_tree=True)  # without it, what is nested deeper than 256 is cut off
        root = lxml.html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text), parser=parser)
    except (lxml.etree.ParserError, ValueError) as wrong:
        raise InputError(f"{name}: cannot be read as HTML: {wrong}") from wrong
    fatal = [entry.message for entry in parser.error_log if entry.level_name == "FATAL"]
    if fatal:
        raise InputError(f"{name}: cannot be read to its end as HTML: {fatal[0]}")
    pieces: list[str] = []
    for event, value in _shown(root):
        if event == "break":
            pieces.append("\n\n")
        elif event == "line":
            pieces.append("\n")
        else:
            pieces.append(re.sub(r"[ \t\r\n\f]+", " ", value))
    joined = re.sub(r" ?\n ?", "\n", "".join(pieces))
    return re.sub(r"\n{2,}", "\n\n", re.sub(r" {2,}", " ", joined)).strip()


def _shown(root: object) -> Iterator[tuple[str, str]]:
    """Texts and breaks in reading order, with a stack of our own: no depth of nesting can overflow it."""
    from lxml.etree import iterwalk

    hidden = 0
    for event, element in iterwalk(root, events=("start", "end", "comment", "pi")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            hidden += tag in _UNSEEN
            if tag in _BLOCKS:
                yield "break", ""
            elif tag == "br":
                yield "line", ""
            if not hidden:
                yield "text", ("“" if tag == "q" else "") + (element.text or "")
        else:
            if event == "end":
                if tag == "q" and not hidden:
                    yield "text", "”"
                if tag in _BLOCKS:
                    yield "break", ""
                hidden -= tag in _UNSEEN
            if not hidden and element is not root:
                yield "text", element.tail or ""


def _docx_text(raw: bytes, name: str) -> str:
    """The paragraphs of the document's body, tables included, in their order. Raises InputError."""
    import docx
    from docx.opc.exceptions import OpcError
    from docx.table import Table
    from lxml.etree import XMLSyntaxError

    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > LARGEST_FILE:
                raise InputError(f"{name}: unpacks to more than {LARGEST_FILE // 1024 // 1024} MB")
            if "word/document.xml" not in packed.namelist():
                raise InputError(f"{name}: is a zip file, but no Word document")
        document = docx.Document(io.BytesIO(raw))
    except (zipfile.BadZipFile, OpcError, XMLSyntaxError, KeyError, ValueError) as wrong:
        raise InputError(f"{name}: is damaged and cannot be read as docx: {wrong}") from wrong
    blocks: list[str] = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            blocks += (cell.text for row in block.rows for cell in row.cells)
        else:
            blocks.append(block.text)
    return "\n\n".join(block for block in blocks if block.strip())
