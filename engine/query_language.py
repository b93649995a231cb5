"""One search box: what is typed becomes required, optional and excluded clauses, filters and notes.

    safe zones                 both words, by their stems            "no-fly zone"        these words, unstemmed
    -turkey  -"safe zone"      not in the passage                    "zones syria"~5      near each other
    refug*                     any word beginning so                 a b OR c, (a OR b)   either; OR binds loosest
    speaker: via: outlet: kind: act: form: lang: after: before: in:  filters; quotes hold several words together

User text is words, never syntax, until it parses: what cannot be understood is searched as words and a note says so.
`parse` never raises and takes time linear in the text, which is cut at MAX_CHARACTERS.
"""

from __future__ import annotations

from engine.clauses import AllOf, AnyOf, Chip, Clause, Not, Phrase, Prefix, Query, Word, clause_text
from engine.query_clean import sentence, without_links
from engine.query_lexer import tokens, unified
from engine.query_parser import FIELDS, MAX_WORDS, Parser, only
from engine.query_words import (
    ALWAYS_ATTRIBUTION,
    ATTRIBUTION_WORDS,
    FUNCTION_WORDS,
    NEGATIONS,
    QUESTION_OPENERS,
    QUESTION_WORDS,
)
from engine.text import words

MAX_CHARACTERS = 4_000
"""A long paragraph pasted in fits; more than this is a draft, and belongs to the quote check."""


def _optional(clauses: list[Clause]) -> frozenset[int]:
    """The places of words that need not match: function words, and in a question what asks and attributes."""
    question = bool(clauses) and only(clauses[0], QUESTION_OPENERS)
    asking = (ATTRIBUTION_WORDS if question else ALWAYS_ATTRIBUTION) | QUESTION_WORDS
    for lexicon in (FUNCTION_WORDS | asking, FUNCTION_WORDS | QUESTION_WORDS, FUNCTION_WORDS):
        kept = [clause for clause in clauses if not only(clause, lexicon)]
        if any(not only(clause, NEGATIONS) for clause in kept):
            return frozenset(i for i, clause in enumerate(clauses) if only(clause, lexicon))
    return frozenset()


def _chip(clause: Clause) -> Chip:
    text = clause_text(clause)
    match clause:
        case Word():
            return Chip("word", text, text)
        case Prefix():
            return Chip("prefix", text, text)
        case Phrase(_, slop):
            return Chip("near" if slop else "phrase", text, text)
        case AllOf():
            return Chip("all", text, text[1:-1])
        case AnyOf():
            return Chip("any", text, text[1:-1])
        case Not():
            return Chip("not", text, f"not {text[1:]}")


def parse(text: str) -> Query:
    """Reads the box. Never raises."""
    typed, links = without_links(unified(text[:MAX_CHARACTERS]))
    parser = Parser(tokens(typed, fields=FIELDS))
    for link in links:
        parser.note(f"a link is not searched for: {link}")
    if len(text) > MAX_CHARACTERS:
        parser.note(f"only the first {MAX_CHARACTERS} characters were searched")
    parser.run()
    top = parser.stack[0]
    clauses = list(top.alternatives[0])
    order = parser.order
    if len(top.alternatives) > 1:
        either = top.clause()
        clauses = [] if either is None else [either]
        chips: list[Clause | Chip] = [*clauses, *(entry for entry in order if isinstance(entry, Chip))]
        order = chips
    optional = _optional(clauses)
    return Query(
        text=text,
        required=tuple(dict.fromkeys(clause for i, clause in enumerate(clauses) if i not in optional)),
        optional=tuple(dict.fromkeys(c for i, c in enumerate(clauses) if i in optional and isinstance(c, Word))),
        excluded=tuple(dict.fromkeys(parser.excluded)),
        filters=tuple(parser.filters),
        excluded_filters=tuple(parser.excluded_filters),
        within=parser.within,
        notes=tuple(parser.notes),
        chips=tuple(dict.fromkeys(entry if isinstance(entry, Chip) else _chip(entry) for entry in order)),
    )


def plain_query(text: str) -> Query:
    """A text taken as words alone, whatever marks stand in it: a sentence to find the like of."""
    spoken = sentence(text[:MAX_CHARACTERS])
    cut = [Word((word,), spoken[span.start : span.end]) for word, span in words(spoken)]
    clauses: list[Clause] = list(dict.fromkeys(cut[:MAX_WORDS]))
    optional = _optional(clauses)
    return Query(
        text=text,
        required=tuple(clause for i, clause in enumerate(clauses) if i not in optional),
        optional=tuple(c for i, c in enumerate(clauses) if i in optional and isinstance(c, Word)),
        chips=tuple(_chip(clause) for clause in clauses),
    )
