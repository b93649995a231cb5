"""How the quote check's verdicts and flags are put into words, on the page and in the terminal alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.check_answer import CheckedQuotation, Verdict

VERDICT_WORDS: Final[Mapping[Verdict, str]] = {
    "verbatim": "Verbatim",
    "altered": "Altered",
    "joined": "Run together from several places",
    "paraphrase": "In other words",
    "other_speaker": "Said by somebody else",
    "not_found": "Not found",
    "not_checked": "Not checked",
}

FLAG_WORDS: Final[Mapping[str, str]] = {
    "negation-dropped": "The draft leaves out a negation: it may say the opposite.",
    "negation-added": "The draft puts in a negation: it may say the opposite.",
    "ellipsis-hides-negation": "What the ellipsis leaves out holds a negation.",
    "negation-just-before": "A negation stands just before these words in the article.",
    "negation-differs": "One of the two has a negation that the other lacks.",
    "number-changed": "A number differs.",
    "other-speaker": "The archive has these words from somebody else.",
    "speaker-not-in-article": "The draft’s speaker is not named in the article that has these words.",
    "speaker-unknown-in-source": "Who said it is not known in the archive.",
    "outside-statements": "The words stand in an article, but outside any statement that was found there.",
    "indirect-in-source": "The archive has this as a report, not as a quotation.",
    "ellipsis": "The draft marks an omission.",
    "brackets": "The draft marks words of its own by brackets.",
    "punctuation": "Punctuation differs.",
    "case": "Capital letters differ.",
    "short": "So few words may have been said by many.",
    "long": "Only the beginning was compared.",
    "unbalanced-quote": "A quotation mark is missing in the draft.",
}

LOUD_FLAGS: Final = frozenset({
    "negation-dropped", "negation-added", "ellipsis-hides-negation", "negation-just-before", "negation-differs",
    "number-changed", "other-speaker", "speaker-not-in-article",
})  # fmt: skip
"""What may turn a quotation round or give it to somebody: never to be overlooked."""


def verdict_words(verdict: Verdict) -> str:
    return VERDICT_WORDS[verdict]


def flag_words(flag: str) -> str:
    return FLAG_WORDS.get(flag, flag.replace("-", " "))


def loud(quotation: CheckedQuotation) -> bool:
    """Must somebody look at it before it is printed?"""
    return quotation.verdict in ("altered", "joined", "other_speaker") or bool(LOUD_FLAGS & set(quotation.flags))
