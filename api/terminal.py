"""Writing to a terminal: results to stdout, everything else to stderr; colours only where somebody looks."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from rich.console import Console


def json_text(record: Any) -> str:
    """One line of JSON, readable in any script; half characters (lone surrogates) are escaped."""
    text = json.dumps(record, ensure_ascii=False, separators=(", ", ": "))
    if any("\ud800" <= c <= "\udfff" for c in text):
        return json.dumps(record, separators=(", ", ": "))
    return text


def print_json(record: Any) -> None:
    write_line(json_text(record))


def write_line(text: str) -> None:
    sys.stdout.write(text + "\n")


CARD_COLUMNS = 100
"""Width of running text where no terminal tells its own."""
WIDE_COLUMNS = 10_000
"""Width of tables in a file or a pipe: no cell is cut."""


def out(*, table: bool = False) -> Console:
    """For results. No colours where it is not a terminal, or with NO_COLOR."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else WIDE_COLUMNS if table else CARD_COLUMNS
    return Console(highlight=False, width=width, color_system=_colours())


def _colours() -> Literal["auto"] | None:
    """None is no escape sequence at all (https://no-color.org); otherwise rich finds out what the terminal can."""
    return None if os.environ.get("NO_COLOR") else "auto"


def err() -> Console:
    from rich.console import Console

    return Console(stderr=True, highlight=False, color_system=_colours())


def tell(message: str) -> None:
    """A line for people, on stderr."""
    print(message, file=sys.stderr, flush=True)


def tell_skipped(lines: Iterable[str], *, most: int = 20, as_: str = "skipped") -> None:
    """What was skipped, by name; a long list is cut, with its length."""
    told = list(lines)
    for line in told[:most]:
        tell(f"{as_} {line}")
    if len(told) > most:
        tell(f"… and {len(told) - most:,} more; --json lists them all")


def printable(text: str) -> str:
    """Without control characters: an article's text may not drive the terminal."""
    return "".join(c if c in "\n\t" or (c.isprintable() or c == "\u00a0") else "\ufffd" for c in text)


def silence_stdout() -> None:
    """After the reader went away: what is still buffered goes nowhere, and the interpreter's last flush is quiet."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
