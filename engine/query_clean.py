"""What is pasted and is no word: links, and the words that a hashtag writes together.

Posts are pasted to find where their claim stands. A link in them has no words of the claim; `#AustralianFires` has two,
which an article writes apart. Measured on 1,196 posts (docs/search.md).
"""

from __future__ import annotations

import re

LINK = re.compile(r"""(?:https?://|www\.)[^\s"]+|(?<![\w@.-])(?:[a-z0-9-]+\.)+[a-z]{2,}/[^\s"]+""")
"""With its scheme, or a host in small letters with a path: `pic.example.com/0eJt`. `and/or` and `U.S./EU` are words."""
HASHTAG = re.compile(r"#(\w+)")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z]{3})(?=\d)|_")


def without_links(text: str) -> tuple[str, tuple[str, ...]]:
    """The text and the links taken out of it; a text that is nothing else, or has exact words in it, stays whole."""
    links = tuple(LINK.findall(text))
    if not links or '"' in text:
        return text, ()
    rest = LINK.sub(" ", text)
    return (rest, links) if any(c.isalnum() for c in rest) else (text, ())


def humps(hashtag: str) -> tuple[str, ...]:
    """The words of a hashtag (without its mark), by its capitals and digits: one where it has none."""
    return tuple(piece for piece in _HUMP.split(hashtag) if piece)


def sentence(text: str) -> str:
    """As one would say it: what is embedded."""
    return HASHTAG.sub(lambda found: " ".join(humps(found.group(1))), without_links(text)[0])
