"""The marked corpus as training and evaluation material.

`load_corpus` gives documents in the format that the scorer and the trainer read (gold JSONL): all offsets are half-open
ranges of code points into `text`. `heldout.txt` names the files that no model may ever be trained on.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, TypedDict

from engine.errors import InputError
from engine.learning.corpus_checks import validate
from engine.learning.markup import MarkedArticle, Problem, read_marked

__all__ = ["CORPUS", "GoldDocument", "GoldQuote", "Problem", "gold_document", "load_corpus", "read_marked", "validate"]

CORPUS: Final = Path(__file__).parent / "corpus"
UNNAMED: Final = "anon:"
"""What a row writes before the description of somebody whom the article does not name."""

Offsets = list[list[int]]


class GoldQuote(TypedDict):
    """One attribution; `nested` where its cue or content lies inside another's content.

    `speaker_name` is None for whoever is unknown or not named, as in the product's own answers; `anonymous` keeps how
    the article describes a source that it does not name. `via` lists the relays that have a name.
    """

    content: Offsets
    cue: Offsets
    source: Offsets
    channel: Offsets
    type: str
    act: str
    speaker_name: str | None
    anonymous: str | None
    form: str
    via: list[str]
    nested: bool


class GoldDocument(TypedDict):
    """`outlet` and `date` are the article's own, as its header gives them: "this newspaper" means the outlet."""

    doc_id: str
    split: str
    outlet: str
    date: str
    text: str
    quotes: list[GoldQuote]


def load_corpus(*, heldout: bool | None, root: Path = CORPUS) -> list[GoldDocument]:
    """All documents (None), only the held-out ones (True), or only those that may be trained on (False), by doc_id.

    Raises InputError, naming file and line, where a file is malformed or `heldout.txt` names one that is not there.
    """
    paths = {doc_id(path): path for path in sorted(root.glob("articles/*/*.txt"))}
    kept_out = heldout_ids(root)
    unknown = sorted(kept_out - paths.keys())
    if unknown:
        raise InputError(f"{root / 'heldout.txt'}: no article {unknown[0]!r}")
    chosen = (name for name in sorted(paths) if heldout is None or (name in kept_out) == heldout)
    return [gold_document(_sound(paths[name]), split="heldout" if name in kept_out else "train") for name in chosen]


def doc_id(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def heldout_ids(root: Path = CORPUS) -> set[str]:
    lines = (root / "heldout.txt").read_text(encoding="utf-8").splitlines()
    return {line.strip() for line in lines if line.strip() and not line.startswith("#")}


def gold_document(article: MarkedArticle, *, split: str) -> GoldDocument:
    quotes = [gold_quote(article, number) for number in sorted(article.rows)]
    for quote in quotes:
        quote["nested"] = any(_lies_in(quote, other) for other in quotes if other is not quote)
    return {
        "doc_id": doc_id(article.path),
        "split": split,
        "outlet": article.header.get("outlet", ""),
        "date": article.header.get("date", ""),
        "text": article.text,
        "quotes": quotes,
    }


def gold_quote(article: MarkedArticle, number: int) -> GoldQuote:
    row = article.rows[number]
    unnamed = described(row.speaker)
    return {
        "content": [list(span) for span in article.spans(number, "c")],
        "cue": [list(span) for span in article.spans(number, "q")],
        "source": [list(span) for span in article.spans(number, "s")],
        "channel": [list(span) for span in article.spans(number, "v")],
        "type": row.kind,
        "act": row.act,
        "speaker_name": None if row.speaker == "-" or unnamed else row.speaker,
        "anonymous": unnamed,
        "form": row.form,
        "via": [relay for relay in row.via if described(relay) is None],
        "nested": False,
    }


def described(name: str) -> str | None:
    """The description in "anon: a NATO diplomat"; None for a name."""
    return name.removeprefix(UNNAMED).strip() if name.startswith(UNNAMED) else None


def _lies_in(quote: GoldQuote, other: GoldQuote) -> bool:
    inner = [tuple(span) for span in quote["cue"] + quote["content"]]
    return any(
        start <= begin and end <= stop and (start, stop) != (begin, end)
        for begin, end in inner
        for start, stop in other["content"]
    )


def _sound(path: Path) -> MarkedArticle:
    problems = validate(path)
    if problems:
        raise InputError(f"{path}:{problems[0].line}: {problems[0].what}")
    return read_marked(path)
