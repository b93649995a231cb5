"""What an attribution gets wrong, by class, with examples to read.

missed       marked in the gold, and nothing found touches its words
spurious     found, and nothing marked touches its words
wrong span   found, but with too many words or too few
wrong link   the right words, given to another source
wrong name   words and source right, the speaker's name not the gold one
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from engine.learning.evaluate import Quote, ScoredText, pairs_of, right_pairs
from engine.learning.names import same_name

CLASSES: Final = ("missed", "spurious", "wrong_span", "wrong_link", "wrong_name")


def errors_by_class(
    documents: Iterable[Mapping[str, Any]], answers: Mapping[str, Sequence[Quote]], *, examples: int
) -> dict[str, dict[str, Any]]:
    """For each class how many, and up to `examples` of them spread evenly over the documents, in their order.

    An example is `{doc_id, gold, found}`; both sides are `{source, cue, content, speaker_name}` in words, or None.
    """
    errors: dict[str, list[dict[str, Any]]] = {name: [] for name in CLASSES}
    for document in documents:
        text, found = ScoredText(document["text"]), answers.get(document["doc_id"], ())
        for name, gold, other in _errors(text, document["quotes"], found):
            shown = {"gold": _in_words(text.text, gold), "found": _in_words(text.text, other)}
            errors[name].append({"doc_id": document["doc_id"]} | shown)
    return {name: {"n": len(all_of), "examples": _spread(all_of, examples)} for name, all_of in errors.items()}


def _errors(
    text: ScoredText, gold: Sequence[Quote], found: Sequence[Quote]
) -> Iterator[tuple[str, Quote | None, Quote | None]]:
    wanted, given = ([text.covered(quote["content"]) for quote in side] for side in (gold, found))
    right = {i: (j, agree) for i, j, agree in right_pairs(text, gold, found)}
    near = dict(pairs_of(wanted, given, threshold=0.0))
    for i, quote in enumerate(gold):
        if i in right:
            j, agree = right[i]
            if not agree:
                yield "wrong_link", quote, found[j]
            elif quote.get("speaker_name") and not same_name(quote["speaker_name"], found[j].get("speaker_name")):
                yield "wrong_name", quote, found[j]
        elif i in near:
            yield "wrong_span", quote, found[near[i]]
        elif not any(wanted[i] & words for words in given):
            yield "missed", quote, None
        else:  # its words were found as part of another's
            yield "wrong_span", quote, max(zip(given, found, strict=True), key=lambda pair: len(pair[0] & wanted[i]))[1]
    for words, quote in zip(given, found, strict=True):
        if not any(words & other for other in wanted):
            yield "spurious", None, quote


def _in_words(text: str, quote: Quote | None) -> dict[str, str | None] | None:
    if quote is None:
        return None
    roles = ((role, quote.get(role) or ()) for role in ("source", "cue", "content"))
    words = {role: " … ".join(text[start:end] for start, end in places) for role, places in roles}
    return words | {"speaker_name": quote.get("speaker_name")}


def _spread(errors: Sequence[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    if len(errors) <= most:
        return list(errors)
    return [errors[number * len(errors) // most] for number in range(most)]
