"""Bytes to text, without touching line ends, and never by silent replacement.

Order of belief: a byte order mark; what is valid UTF-8; the charset the page declares (WHATWG reads ISO-8859-1 as
windows-1252); what charset-normalizer finds. Valid UTF-8 beyond ASCII does not happen by chance, so it outranks a
declaration, which on real pages is often left over from another age.
"""

# ruff: noqa: E501  (word lists and patterns read better unbroken)
from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from engine.errors import InputError

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = (
    (b"%PDF-", "a PDF"), (b"PK\x03\x04", "a ZIP or office file"), (b"\x89PNG", "an image"), (b"\xff\xd8\xff", "an image"), (b"GIF8", "an image"),
    (b"\x1f\x8b", "compressed"), (b"BZh", "compressed"), (b"\xfd7zXZ", "compressed"), (b"\x28\xb5\x2f\xfd", "compressed"),
    (b"SQLite format 3", "a database"), (b"\x7fELF", "a program"), (b"\xd0\xcf\x11\xe0", "an old office file"), (b"{\\rtf", "an RTF file"),
)  # fmt: skip
_DECLARED = re.compile(
    rb"""(?:charset\s*=\s*["']?|<\?xml[^>]{0,80}encoding\s*=\s*["'])\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE
)

DECLARATION_BYTES = 4_096
"""A declaration further down does not count (browsers look at 1,024; saved pages carry longer preambles)."""

GUESS_BYTES = 200_000
"""What charset-normalizer sees: more is slower and no surer."""

_WHATWG = {"iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252",
           "iso-8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030", "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "shift_jis": "cp932", "x-sjis": "cp932"}  # fmt: skip

# Inside words, the bytes that windows-1250 has for š ž ł ą ż ź are signs in windows-1252 (or š and ž there too, but rare).
_CENTRAL_EUROPEAN = re.compile(
    rb"[A-Za-z\xc0-\xff][\x9a\x9e\x9f\xb3\xb9\xbf][a-z\xe0-\xff]|[a-z\xe0-\xff]{3}\xb3(?![A-Za-z0-9])"
)

# Encoding, the characters common in its texts, and their least share of what is beyond ASCII.
_SCRIPTS = (
    ("cp1251", frozenset("оеаинтсрвлкмдпу"), 0.6),
    ("koi8-r", frozenset("оеаинтсрвлкмдпу"), 0.6),
    ("cp866", frozenset("оеаинтсрвлкмдпу"), 0.6),
    ("iso8859-5", frozenset("оеаинтсрвлкмдпу"), 0.6),
    ("cp932", frozenset("のはをにがたでとしていなるまられこすもっう"), 0.2),
    ("euc_jp", frozenset("のはをにがたでとしていなるまられこすもっう"), 0.2),
)


def _declared(raw: bytes) -> str | None:
    match = _DECLARED.search(raw[:DECLARATION_BYTES])
    if match is None:
        return None
    label = match[1].decode("ascii").lower()
    label = _WHATWG.get(label, label)
    try:
        encoding = codecs.lookup(label)
    except LookupError:
        return None
    return encoding.name if getattr(encoding, "_is_text_encoding", True) else None


def _strict(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except (UnicodeError, ValueError):
        return None


def _wide(raw: bytes) -> str | None:
    """UTF-16 without a mark shows as NUL in every second byte of Western text."""
    head = raw[:GUESS_BYTES]
    half = max(1, len(head) // 2)
    if len(raw) % 2 == 0 and len(raw) >= 4:
        if head[1::2].count(0) * 10 >= half * 7 and not head[::2].count(0):
            return "utf-16-le"
        if head[::2].count(0) * 10 >= half * 7 and not head[1::2].count(0):
            return "utf-16-be"
    return None


def _guessed(raw: bytes) -> str | None:
    """Plain evidence first (letters that only one encoding makes common), then charset-normalizer.

    charset-normalizer alone takes short French for Big5, KOI8-R for Shift-JIS, and short Western text for windows-1250.
    """
    head = raw[:GUESS_BYTES]
    for encoding in (*_by_letters(head), *_by_statistics(head)):
        text = _strict(raw, encoding)
        if text is not None:
            return text
    return None


def _by_letters(head: bytes) -> Iterator[str]:
    beyond = sum(b >= 0x80 for b in head)
    letters = beyond + sum(65 <= (b & 0xDF) <= 90 for b in head)
    if beyond * 4 < letters:  # Latin script
        if _plausible(head, "cp1252") or _CENTRAL_EUROPEAN.search(head):
            yield "cp1250" if _CENTRAL_EUROPEAN.search(head) else "cp1252"
        return
    for encoding, common, share in _SCRIPTS:
        text = head.decode(encoding, "ignore")
        marks = sum(c > "\x7f" for c in text)
        if marks and sum(c in common for c in text) >= share * marks:
            yield encoding


def _by_statistics(head: bytes) -> Iterator[str]:
    from charset_normalizer import from_bytes

    best = from_bytes(head, threshold=0.3).best()
    if best:
        guess = best.encoding.replace("_", "-")
        yield from (_WHATWG.get(guess, guess), guess)


def _plausible(head: bytes, encoding: str) -> bool:
    """Whether every byte is assigned, and what is beyond ASCII is letters and marks of writing."""
    text = _strict(head, encoding)
    if text is None or any(c < " " and c not in "\t\n\r\x0b\x0c\x1b" for c in text):
        return False
    beyond = [c for c in text if c > "\x7f"]
    return sum(c.isalpha() or c in "“”„‘’‚«»‹›–—…•·°€£§©®\xa0¿¡½" for c in beyond) * 10 >= len(beyond) * 9


def _decoded(raw: bytes) -> str | None:
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            return _strict(raw[len(mark) :], encoding)
    if wide := _wide(raw):
        return _strict(raw, wide)
    declared = _declared(raw)
    if declared and declared.startswith(("iso2022", "iso-2022", "hz", "utf-7")):  # these are valid ASCII too
        text = _strict(raw, declared)
        if text is not None:
            return text
    text = _strict(raw, "utf-8")
    if text is None and declared:
        text = _strict(raw, declared)
        if text is None and declared == "cp1252":  # five bytes are unassigned there and C1 controls on the web
            text = _strict(raw, "latin-1")
    return _guessed(raw) if text is None else text


def decode(raw: bytes) -> str:
    """The text of a file; a byte order mark is not part of it. Raises InputError with the reason."""
    for magic, kind in _MAGIC:
        if raw.startswith(magic):
            raise InputError(f"binary: looks like {kind}")
    if not raw.strip():
        raise InputError("empty")
    text = _decoded(raw)
    if text is None:
        raise InputError("undecodable: no known encoding fits")
    if "\x00" in text:
        raise InputError("binary: has NUL bytes")
    head = text[:GUESS_BYTES]
    strange = sum(c < " " and c not in "\t\n\r\x0b\x0c\x1b" for c in head) + head.count("\ufffd")
    if strange * 50 > len(head):
        raise InputError("binary: too many control characters")
    return text
