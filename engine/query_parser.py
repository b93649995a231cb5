"""From tokens to clauses: the recursive part of the search box, with its own stack so that no nesting can break it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.clauses import FILTER_NAMES, AllOf, AnyOf, Chip, Clause, Not, Phrase, Prefix, Within, Word, clause_text
from engine.query_clean import HASHTAG, humps
from engine.query_lexer import Token
from engine.query_values import BadValueError, filter_text, filter_value
from engine.query_words import ALWAYS_ATTRIBUTION, FUNCTION_WORDS, NEGATIONS
from engine.text import WORD, words

MAX_WORDS = 256
"""A passage has fewer words than this; more of them would lift nothing and cost time."""
MAX_DEPTH = 8
MAX_SLOP = 100
MIN_PREFIX = 3
"""Shorter prefixes match a large part of the vocabulary and say little."""

FIELDS = frozenset((*FILTER_NAMES, "in", "language"))


def _typed(text: str) -> str:
    """The token from its first to its last letter, so that it reads as the same one word when typed again."""
    marks = list(WORD.finditer(text))
    typed = text[marks[0].start() : marks[-1].end()]
    if typed in ("OR", "NOT"):
        return typed.lower()
    head, colon, tail = typed.partition(":")
    return f"{head}-{tail}" if colon and head.lower() in FIELDS else typed


def _size(clause: Clause) -> int:
    match clause:
        case Word(found) | Phrase(found):
            return len(found)
        case Prefix():
            return 1
        case AllOf(clauses) | AnyOf(clauses):
            return sum(map(_size, clauses))
        case Not(excluded):
            return _size(excluded)


def _joined(clauses: list[Clause]) -> Clause:
    return clauses[0] if len(clauses) == 1 else AllOf(tuple(clauses))


def only(clause: Clause, lexicon: frozenset[str]) -> bool:
    return isinstance(clause, Word) and all(word in lexicon for word in clause.words)


def _content(clauses: list[Clause]) -> list[Clause]:
    """A bracket's clauses without the words that no passage has to hold, unless it has no others."""
    kept = [clause for clause in clauses if not only(clause, FUNCTION_WORDS | ALWAYS_ATTRIBUTION)]
    return kept if any(not only(clause, NEGATIONS) for clause in kept) else clauses


@dataclass(slots=True)
class Frame:
    """A bracket being read: its alternatives, and the names of the filters seen in it."""

    alternatives: list[list[Clause]] = field(default_factory=lambda: [[]])
    filters: set[str] = field(default_factory=set)
    operand: bool = False
    excluded: bool = False

    def clause(self) -> Clause | None:
        branches = [_joined(_content(branch)) for branch in self.alternatives if branch]
        if not branches:
            return None
        return branches[0] if len(branches) == 1 else AnyOf(tuple(dict.fromkeys(branches)))


@dataclass(slots=True)
class Parser:
    tokens: list[Token]
    at: int = 0
    words_read: int = 0
    excluded: list[Clause] = field(default_factory=list)
    filters: list[tuple[str, str]] = field(default_factory=list)
    excluded_filters: list[tuple[str, str]] = field(default_factory=list)
    within: Within | None = None
    notes: list[str] = field(default_factory=list)
    order: list[Clause | Chip] = field(default_factory=list)
    stack: list[Frame] = field(default_factory=lambda: [Frame()])

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def run(self) -> None:
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            self.step(token, excluded=False)
        if len(self.stack) > 1:
            self.note("a missing closing bracket was added at the end")
        while len(self.stack) > 1:
            self.close()
        self.check_filters(self.stack[0])

    def step(self, token: Token, *, excluded: bool) -> None:
        match token.type:
            case "minus":
                if self.at < len(self.tokens):
                    self.at += 1
                    self.step(self.tokens[self.at - 1], excluded=True)
            case "open" if len(self.stack) <= MAX_DEPTH:
                self.stack.append(Frame(excluded=excluded))
            case "open":
                self.note(f"brackets deeper than {MAX_DEPTH} were left out")
            case "close":
                if len(self.stack) > 1:
                    self.close()
                else:
                    self.note("a bracket without a partner was left out")
            case "or":
                self.alternative()
            case "field":
                self.filter(token.text, excluded=excluded)
            case "phrase":
                self.phrase(token, excluded=excluded)
            case "text":
                self.plain(token.text, excluded=excluded)

    def add(self, clause: Clause, *, excluded: bool) -> None:
        """Puts a clause where it belongs: the open bracket, or (excluded) the whole query."""
        self.words_read += _size(clause)
        if self.words_read > MAX_WORDS:
            self.note(f"only the first {MAX_WORDS} words were searched")
            return
        frame = self.stack[-1]
        frame.operand = True
        if excluded:
            self.excluded.append(clause)
            text = f"-{clause_text(clause)}"
            self.order.append(Chip("not", text, f"not {clause_text(clause)}"))
            if len(self.stack) > 1 or len(frame.alternatives) > 1:
                self.note(f"{text} applies to the whole query")
            return
        frame.alternatives[-1].append(clause)
        if len(self.stack) == 1:
            self.order.append(clause)

    def alternative(self) -> None:
        frame = self.stack[-1]
        nothing_follows = self.at >= len(self.tokens) or self.tokens[self.at].type in ("close", "or")
        if not frame.operand or nothing_follows:
            self.note("OR with nothing beside it was read as a word")
            self.add(Word(("or",), "or"), excluded=False)
            return
        frame.alternatives.append([])
        frame.operand = False

    def close(self) -> None:
        frame = self.stack.pop()
        self.check_filters(frame)
        self.stack[-1].operand |= bool(frame.filters)
        self.stack[-1].filters |= frame.filters
        clause = frame.clause()
        if clause is not None:
            self.words_read -= _size(clause)
            self.add(clause, excluded=frame.excluded)

    def check_filters(self, frame: Frame) -> None:
        beside_words = len(frame.filters) > 1 or any(frame.alternatives)
        if len(frame.alternatives) > 1 and frame.filters and beside_words:
            self.note("filters apply to the whole query, also beside OR")

    def phrase(self, token: Token, *, excluded: bool) -> None:
        if not token.closed:
            self.note("a missing quotation mark was added at the end")
        found = tuple(word for word, _ in words(token.text))[:MAX_WORDS]
        if found:
            slop = min(token.slop, MAX_SLOP) if len(found) > 1 else 0
            self.add(Phrase(found, slop, token.text), excluded=excluded)

    def plain(self, text: str, *, excluded: bool) -> None:
        found = [word for word, _ in words(text)]
        if not found:
            return
        if text.rstrip(".,;:!?").endswith("*"):
            if len(found[-1]) >= MIN_PREFIX:
                self.prefix(found, excluded=excluded)
                return
            self.note(f"{text} was read as a word: * needs {MIN_PREFIX} letters before it")
        hashtag = HASHTAG.fullmatch(text.strip(".,;:!?'")) if len(found) == 1 else None
        pieces = humps(hashtag.group(1)) if hashtag else ()
        if len(pieces) > 1:
            self.hashtag(found, pieces, excluded=excluded)
            return
        self.add(Word(tuple(found), _typed(text)), excluded=excluded)

    def hashtag(self, found: list[str], pieces: Sequence[str], *, excluded: bool) -> None:
        """Written together as the hashtag is, or apart as an article does."""
        apart = [Word((word,), word) for piece in pieces for word, _ in words(piece)]
        self.add(AnyOf((Word(tuple(found), " ".join(found)), AllOf(tuple(apart)))), excluded=excluded)

    def prefix(self, found: list[str], *, excluded: bool) -> None:
        if excluded and len(found) > 1:
            self.add(AllOf((*(Word((w,), w) for w in found[:-1]), Prefix(found[-1]))), excluded=True)
            return
        for word in found[:-1]:
            self.add(Word((word,), word), excluded=excluded)
        self.add(Prefix(found[-1]), excluded=excluded)

    def filter(self, name: str, *, excluded: bool) -> None:
        """`name:` and what follows it: a bare value (or several by commas), or a quoted one."""
        token = self.tokens[self.at] if self.at < len(self.tokens) else Token("text")
        self.at += 1
        typed = "OR" if token.type == "or" else token.text
        if token.type == "phrase" and not token.closed:
            self.note("a missing quotation mark was added at the end")
        name = "lang" if name == "language" else name
        for value in [typed] if token.type == "phrase" else typed.split(","):
            if value.strip():
                self.take(name, value.strip(), excluded=excluded)

    def take(self, name: str, value: str, *, excluded: bool) -> None:
        try:
            value = filter_value(name, value)
        except BadValueError as refused:
            self.note(f"{name}:{value} was searched as words: {refused}")
            for word, _ in words(f"{name} {value}"):
                self.add(Word((word,), word), excluded=excluded)
            return
        self.stack[-1].filters.add(name)
        self.stack[-1].operand = True
        if name == "in":
            self.choose(value, excluded=excluded)
            return
        target = self.excluded_filters if excluded else self.filters
        if (name, value) not in target:
            target.append((name, value))
            sign = "-" if excluded else ""
            self.order.append(Chip("filter", sign + filter_text(name, value), f"{name}: {sign}{value}"))

    def choose(self, value: str, *, excluded: bool) -> None:
        if excluded:
            value = "paragraphs" if value == "statements" else "statements"
        if self.within not in (None, value):
            self.note(f"in: was given twice; in:{value} counts")
        self.within = "paragraphs" if value == "paragraphs" else "statements"
        self.order = [chip for chip in self.order if not (isinstance(chip, Chip) and chip.kind == "in")]
        self.order.append(Chip("in", f"in:{value}", f"in {value}"))
