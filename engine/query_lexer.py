"""Cuts the search box into tokens. One pass, linear in the text, never raises.

Typography is unified first (`engine.text.plain`): curly quotes, dashes and no-break spaces become what a keyboard
types; characters of no width vanish. A dash means "without" only as a hyphen or minus before something, an em dash
never does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from engine.text import plain

TokenType = Literal["text", "phrase", "field", "open", "close", "or", "minus"]

INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_EM_DASHES = str.maketrans(dict.fromkeys("—―", " "))
_FIELD = re.compile(r"([A-Za-z]{2,12}):(?=[^\s:/()])")
_SLOP = re.compile(r"~(\d{1,4})(?!\w)")
_BARE = re.compile(r'[^\s"()]+')
_MINUS = re.compile(r'-(?=[\w"(\'#@$€£])')
_NOT = re.compile(r'NOT\s+(?=[\w"(])')
_SINGLE_CLOSED = re.compile(r"'(?!\w)")


@dataclass(frozen=True, slots=True)
class Token:
    """`text` is what was typed, less its marks; `slop` counts for phrases; `closed` is False for a missing quote."""

    type: TokenType
    text: str = ""
    slop: int = 0
    closed: bool = True


def unified(text: str) -> str:
    """The box with typography unified. The length may change: offsets of a query are never shown."""
    return plain(text.translate(_EM_DASHES).translate(INVISIBLE))


class _Cursor:
    """A place in the text. Everything it reads moves it forward, so lexing is one pass."""

    __slots__ = ("at", "knows", "last_single", "shouting", "text")

    def __init__(self, text: str, knows: frozenset[str]) -> None:
        self.text = text
        self.at = 0
        self.knows = knows
        self.shouting = not any(c.islower() for c in text)
        self.last_single = text.rfind("'")

    def quoted(self) -> Token:
        """From a double mark to the next one, or to the end where none follows."""
        end = self.text.find('"', self.at + 1)
        closed = end >= 0
        inner = self.text[self.at + 1 : end if closed else len(self.text)]
        self.at = end + 1 if closed else len(self.text)
        slop = _SLOP.match(self.text, self.at) if closed else None
        if slop:
            self.at = slop.end()
        return Token("phrase", " ".join(inner.split()), int(slop.group(1)) if slop else 0, closed)

    def single_quoted(self) -> Token | None:
        """`'safe zones'`: single marks around more than one word; an apostrophe is left alone."""
        if self.at >= self.last_single:
            return None
        end = self.text.find("'", self.at + 1)
        inner = self.text[self.at + 1 : end]
        if not _SINGLE_CLOSED.match(self.text, end) or not inner[:1].isalnum() or " " not in inner or '"' in inner:
            return None
        self.at = end + 1
        return Token("phrase", " ".join(inner.split()))

    def bare(self) -> Token:
        match = _BARE.match(self.text, self.at)
        assert match is not None  # the caller has ruled out what _BARE refuses
        self.at = match.end()
        return Token("or") if match.group() == "OR" else Token("text", match.group())

    def next(self) -> Token | None:
        """The token at the cursor; None for white space and stray marks, which are stepped over."""
        char = self.text[self.at]
        if char.isspace():
            self.at += 1
            return None
        if char in "()":
            self.at += 1
            return Token("open" if char == "(" else "close")
        if char == '"':
            return self.quoted()
        if char == "'" and (phrase := self.single_quoted()):
            return phrase
        if self._after_gap():
            minus = _MINUS.match(self.text, self.at) or (not self.shouting and _NOT.match(self.text, self.at))
            if minus:
                self.at = minus.end()
                return Token("minus")
        if (name := _FIELD.match(self.text, self.at)) and name.group(1).lower() in self.knows:
            self.at = name.end()
            return Token("field", name.group(1).lower())
        return self.bare()

    def _after_gap(self) -> bool:
        return self.at == 0 or self.text[self.at - 1].isspace() or self.text[self.at - 1] == "("


def tokens(text: str, *, fields: frozenset[str]) -> list[Token]:
    """The tokens of a unified text; `fields` are the names that make `name:` a filter."""
    cursor = _Cursor(text, fields)
    found = []
    while cursor.at < len(text):
        token = cursor.next()
        if token is not None:
            found.append(token)
    return found
