"""Paths and bytes to articles: finds the files, tells their form by what they hold, and hands them to its reader."""

from __future__ import annotations

import glob
import io
import itertools
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Literal

from engine.errors import InputError
from engine.models import Article, Skipped
from engine.readers.article import ArticleDefaults
from engine.readers.decoding import decode
from engine.readers.jsonl import LONGEST_LINE, read_lines
from engine.readers.plain_text import read_text

Form = Literal["jsonl", "json", "feed", "html", "text"]

SNIFF_BYTES = 65_536
"""Enough to see the root of a page behind a long preamble."""

LARGEST_FILE = 64 * 2**20
"""Bytes. JSONL is streamed and has no limit; anything else is held whole."""

_FEED = re.compile(r"<(?:\w+:)?(?:rss|feed|RDF)[\s>]")
_MARKUP = re.compile(r"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_SOME_TAGS = re.compile(r"<(?:div|p|article|section|main|h1|h2|table|meta|title)\b[^<>]*>", re.IGNORECASE)


def read_paths(
    paths: Iterable[str | Path], *, defaults: ArticleDefaults = ArticleDefaults(), stdin: BinaryIO | None = None
) -> Iterator[Article | Skipped]:
    """Articles of files, folders (all files below, sorted), globs and `-` (stdin), in order.

    Hidden files and folders below a folder are left out, each by name (`Skipped.deliberate`).

    Lazy: a file is opened when its turn comes and closed when it is done.
    """
    for path in map(str, paths):
        if path == "-":
            yield from _read_stream(stdin, defaults=defaults)
            continue
        found = False
        for file in _files(path):
            if isinstance(file, Skipped):
                yield file
                continue
            found = True
            yield from _read_file(file, defaults=defaults)
        if not found:
            folder = os.path.isdir(path)
            yield Skipped(
                path, "no files in this folder" if folder else "no such file, and nothing matches it as a pattern"
            )


def _files(path: str) -> Iterator[str | Skipped]:
    """A path that exists is taken as it is, even with glob signs in its name."""
    if os.path.isdir(path):
        yield from _below(path)
    elif os.path.lexists(path):
        yield path
    elif "\x00" not in path and glob.has_magic(path):
        for match in sorted(glob.glob(path, recursive=True)):
            if os.path.isdir(match):
                # `**` also yields the folders whose files it yields; `*` means a folder as a whole.
                if "**" not in path:
                    yield from _below(match)
            else:
                yield match


def _below(folder: str) -> Iterator[str | Skipped]:
    """The files below a folder, and one line for each hidden file, hidden folder or linked folder that is passed by."""
    for parent, folders, files in os.walk(folder):
        for name in sorted(folders):
            place = os.path.join(parent, name)
            if name.startswith("."):
                yield Skipped(place, "a hidden folder: nothing in it is read", deliberate=True)
            elif os.path.islink(place):
                yield Skipped(place, "a link to a folder: links are not followed", deliberate=True)
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for file in sorted(files):
            place = os.path.join(parent, file)
            yield Skipped(place, "a hidden file", deliberate=True) if file.startswith(".") else place


def _read_file(path: str, *, defaults: ArticleDefaults) -> Iterator[Article | Skipped]:
    try:
        if not os.path.isfile(path):
            yield Skipped(path, "not a regular file" if os.path.exists(path) else "no such file (a broken link)")
            return
        with open(path, "rb") as stream:
            yield from read_stream(stream, name=path, defaults=defaults)
    except OSError as error:
        yield Skipped(path, f"unreadable: {error.strerror or error}")


def _read_stream(stdin: BinaryIO | None, *, defaults: ArticleDefaults) -> Iterator[Article | Skipped]:
    if stdin is None:
        yield Skipped("-", "nothing on standard input")
        return
    yield from read_stream(stdin, name="-", defaults=defaults)


def read_bytes(raw: bytes, *, name: str, defaults: ArticleDefaults = ArticleDefaults()) -> Iterator[Article | Skipped]:
    """Articles of one file's bytes. Never raises for what they hold."""
    yield from read_stream(io.BytesIO(raw), name=name, defaults=defaults)


def read_stream(stream: BinaryIO, *, name: str, defaults: ArticleDefaults) -> Iterator[Article | Skipped]:
    """Articles of an open binary stream, which need not be seekable."""
    head = stream.read(SNIFF_BYTES)
    if form_of(head, name) == "jsonl":
        yield from read_lines(_lines(head, stream), name=name, defaults=defaults)
        return
    raw = head + stream.read(LARGEST_FILE + 1 - len(head)) if len(head) == SNIFF_BYTES else head + stream.read()
    if len(raw) > LARGEST_FILE:
        yield Skipped(name, f"larger than {LARGEST_FILE:,} bytes and not JSONL")
        return
    try:
        yield from _read_whole(raw, name=name, defaults=defaults)
    except InputError as error:
        yield Skipped(name, str(error))


def _lines(head: bytes, stream: BinaryIO) -> Iterator[bytes]:
    """Lines of bytes; one that is too long comes cut, one byte over the limit, and the rest of it is passed over."""
    *whole, rest = head.split(b"\n")
    yield from whole
    while True:
        line = rest + stream.readline(LONGEST_LINE + 1 - len(rest))
        rest = b""
        if not line:
            return
        if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            for tail in itertools.takewhile(bool, iter(lambda: stream.readline(2**20), b"")):
                if tail.endswith(b"\n"):
                    break
        yield line


def _read_whole(raw: bytes, *, name: str, defaults: ArticleDefaults) -> Iterator[Article | Skipped]:
    text = decode(raw)
    form = form_of_text(text, name)
    if form == "jsonl":  # in another encoding than UTF-8
        yield from read_lines(
            (line.encode("utf-8", "surrogatepass") for line in text.split("\n")), name=name, defaults=defaults
        )
    elif not any(c.isalnum() for c in text):
        yield Skipped(name, "holds no words" if text.strip() else "empty")
    elif form == "json":
        from engine.readers.jsonl import read_array

        yield from read_array(text, name=name, defaults=defaults)
    elif form == "feed":
        from engine.readers.feed import read_feed

        yield from read_feed(text, name=name, defaults=defaults)
    elif form == "html":
        from engine.readers.html import read_page

        yield from read_page(text, name=name, defaults=defaults)
    else:
        yield from read_text(text, name=name, defaults=defaults)


def form_of(head: bytes, name: str) -> Form | None:
    """`jsonl` where the first bytes show it; None where the whole must be decoded to tell."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if _suffix(name) in (".jsonl", ".ndjson"):
        # Wide encodings have to be decoded first.
        return None if head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in head[:64] or not start else "jsonl"
    if start.startswith(b"{") and _suffix(name) != ".json":
        first = start.split(b"\n", 1)[0].rstrip()
        # A line cut off by the end of the head is JSONL too if it opens like a record.
        if re.match(rb'\{\s*"[^"\n]{1,60}"\s*:', first) and (first.endswith(b"}") or len(head) == SNIFF_BYTES):
            return "jsonl"
    return None


def _suffix(name: str) -> str:
    return os.path.splitext(name)[1].lower()


def form_of_text(text: str, name: str) -> Form:
    """The form of a decoded file, by what it holds rather than by its name."""
    start = text[:SNIFF_BYTES].lstrip()
    suffix = _suffix(name)
    if suffix in (".jsonl", ".ndjson"):
        return "jsonl"
    if suffix == ".json" and start.startswith(("{", "[")):
        return "json"
    if start.startswith("<"):
        feed, markup = _FEED.search(start[:4_096]), _MARKUP.search(start)
        if feed and not (markup and markup.start() < feed.start()):
            return "feed"
        if markup or len(_SOME_TAGS.findall(start[:8_192])) >= 2:
            return "html"
    if suffix in (".html", ".htm", ".xhtml", ".shtml", ".php", ".asp", ".aspx") and "<" in start:
        return "html"
    return "html" if re.search(r"<html[\s>]", start[:4_096], re.IGNORECASE) and "</" in text else "text"
