"""Bodies and documents as sources: the company, the Strake campaign, a report by the institute; and whose they are."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from engine.attribution.names import Word, name_text, split_title, tokens
from engine.attribution.speakers_cast import FEW_ENOUGH, Cast, Figure
from engine.attribution.speakers_lexicon import Lexicon
from engine.attribution.speakers_noun import Phrase
from engine.attribution.speakers_roles import body_of, shared_roles
from engine.models import Span
from engine.registry import Entry, Registry

STATE_SPEAKERS = frozenset({
    "official", "diplomat", "minister", "ministry", "envoy", "ambassador", "negotiator", "officer", "commander"
})  # fmt: skip
"""People whose nationality is also whom they speak for."""


BELONGINGS = frozenset({"office", "campaign", "team", "staff", "camp", "side", "department", "firm", "family"})
"""Bodies that are a person's: whose, is part of what they are called."""
GENERAL = frozenset({"document", "documents", "paper", "papers", "text", "file", "study", "poll", "survey", "report"})
"""Words for any document: "the 190-page document" is the report spoken of before."""
GOVERNED_WITHIN = 600
"""Characters before "the government" in which its state is looked for."""
OF_BEFORE = re.compile(r"(?:the|this|that|these|those|both)\b", re.IGNORECASE)
"""Opens a phrase for what was spoken of before: a bare plural ("Polls") means any."""
ALIKE = (
    frozenset({"poll", "survey"}),
    frozenset({"study", "paper", "research", "analysis"}),
    frozenset({"lawsuit", "suit", "complaint"}),
    frozenset({"report", "audit", "review", "inquiry"}),
    frozenset({"memo", "memorandum"}),
    frozenset({"letter", "note", "email", "message"}),
    frozenset({"communique", "declaration", "statement"}),
)
"""Words for one document: "a survey", later "the poll"."""


@dataclass(slots=True)
class Bodies:
    """`papers`: by "statement", "letter" and the like, who was last said to have made one."""

    text: str
    cast: Cast
    registry: Registry
    lexicon: Lexicon
    papers: dict[str, Figure] = field(default_factory=dict)

    def registered(self, entry: Entry) -> Figure:
        """The figure of a registry entry that the article only describes."""
        key = ("#", entry.id)
        return self.cast.by_keys.get(key) or self.cast.add(
            Figure(entry.kind, entry.name, key, gender=entry.gender, entry=entry)
        )

    def affiliation(self, phrase: Phrase, span: Span) -> Figure | None:
        """The body an unnamed source belongs to: "a NATO diplomat", "a spokeswoman for the union"."""
        adjective = " ".join(word.key for word in phrase.owner) in self.lexicon.states
        if phrase.owner and not adjective:
            return self._owner(phrase.owner, span)
        if phrase.head in STATE_SPEAKERS:
            states = sorted({self.lexicon.states[word] for word in phrase.words if word in self.lexicon.states})
            entry = self.registry.find(states[0]) if states else None
            if entry:
                return self.registered(entry)
        inner = [word for word in phrase.words if word in self.lexicon.bodies and word != phrase.head]
        if inner and (figure := body_of(Phrase("body", head=inner[0]), span.start, self.cast)):
            return figure
        return None

    def _owner(self, owner: tuple[Word, ...], span: Span) -> Figure | None:
        """A named owner that is a body; a person ("aides to Strake") is no affiliation."""
        figures = self.cast.named(owner)
        if figures:
            return figures[0] if figures[0].kind in ("body", "state", "outlet") else None
        written = name_text(self.text, owner)
        entry = self.registry.find(written)
        if entry:
            return self.cast.add(Figure(entry.kind, entry.name, tuple(w.key for w in owner), entry=entry))
        head = self.lexicon.singular(owner[-1].key)
        if not owner[0].capital:
            return body_of(Phrase("body", head=head, words=frozenset({head})), span.start, self.cast)
        if head in self.lexicon.bodies or head in self.lexicon.fields:
            return self.cast.add(Figure("body", written, tuple(w.key for w in owner)))
        return None

    def body(self, phrase: Phrase, span: Span) -> Figure:
        figure = None
        states = sorted({self.lexicon.states[word] for word in phrase.words if word in self.lexicon.states})
        if phrase.head == "government" and states:
            entry = self.registry.find(states[0])
            if entry:
                figure = self.registered(entry)
        if phrase.head == "government" and not states and phrase.definite and not phrase.owner:
            figure = self._governed(span)
        if phrase.definite and not phrase.plural and figure is None:
            figure = body_of(phrase, span.start, self.cast)
        if figure is None:
            figure = self._described("body", phrase)
        return figure

    def _governed(self, span: Span) -> Figure | None:
        """Whose government "the government" is: of the state, the capital or the state's own outlet ("the state-run
        Sana news agency") last named in its paragraph.
        """
        start = max(self.text.rfind("\n", 0, span.start), span.start - GOVERNED_WITHIN)
        named = tokens(self.text, max(0, start), span.start)
        for last in range(len(named), 0, -1):
            for size in (2, 1):
                entry = self.registry.find(name_text(self.text, named[last - size : last])) if last >= size else None
                if (
                    entry
                    and entry.kind == "outlet"
                    and any(w.key.startswith("state") for w in named[: last - size][-2:])
                ):
                    entry = self.registry.find(entry.nationality or "")
                if entry and entry.kind == "state" and named[last - size].capital:
                    return self.registered(entry)
        return None

    def belonging(self, holder: Figure, phrase: Phrase) -> Figure:
        """What belongs to a person: "her office" is the office of Ana Ruiz, "his campaign" the Strake campaign."""
        name = holder.name or ""
        parts = name.split()
        last = parts.pop()
        while parts and parts[-1].lower() in self.lexicon.particles:
            last = f"{parts.pop()} {last}"
        written = f"{last} {phrase.head}" if phrase.head == "campaign" else f"{phrase.head} of {name}"
        keys = (*tuple(word.key for word in tokens(last)), phrase.head)
        known = self.cast.by_keys.get(keys if phrase.head == "campaign" else ("of", *holder.keys, phrase.head))
        if known:
            return known
        figure = Figure("body", written, keys if phrase.head == "campaign" else ("of", *holder.keys, phrase.head))
        self.cast.figures.append(figure)
        self.cast.forget()
        self.cast.by_keys[figure.keys] = figure
        self.cast.by_word[phrase.head].append(figure)
        return figure

    def holder(self, phrase: Phrase) -> Figure | None:
        """The person who holds a body by name ("Prusak's office")."""
        held = any(word.possessive for word in phrase.core) or phrase.head == "campaign"
        if not phrase.owner or not held or phrase.head not in BELONGINGS:
            return None
        _, name = split_title(phrase.owner, self.lexicon)
        found = self.cast.named(name) if name else []
        sure = next((f for f in found if f.kind == "person" and f.name), None)
        return sure or next((f for f in found if f.kind == "unsure" and len(f.keys) > 1 and name[-1].possessive), None)

    def _described(self, kind: str, phrase: Phrase) -> Figure:
        """A body or document without a name of its own goes by its description."""
        written, keys = self._description(phrase), tuple(word.key for word in phrase.core)
        known = self.cast.by_keys.get(keys)
        if known and known.kind == kind:
            return known
        figure = self.cast.add(Figure(kind, written, keys, plural=False))
        self.cast.describe(figure, phrase.words)
        return figure

    def _description(self, phrase: Phrase) -> str:
        """ "Senator Strake's campaign" is the Strake campaign, "Tavria's central bank" the Tavria central bank."""
        core = phrase.core[1:] if len(phrase.core) > 1 and phrase.core[0].key.endswith("-page") else phrase.core
        pages = next((i for i, word in enumerate(core[:4]) if word.key == "page"), None)
        phrase = replace(phrase, core=core[pages + 1 :] if pages is not None and core[pages + 1 :] else core)
        held = next((i for i, word in enumerate(phrase.core[:-1]) if word.possessive), None)
        if held is None or not phrase.core[held].capital or phrase.head == "office":
            return name_text(self.text, phrase.core)
        owner = [word for word in phrase.core[: held + 1] if not self.lexicon.titles(word.key)] or [phrase.core[held]]
        rest = phrase.core[held + 1 :]
        return f"{' '.join(word.text for word in owner)} {name_text(self.text, rest)}"

    def document(self, phrase: Phrase, span: Span) -> Figure:
        """The document spoken of before, or a new one: it goes by who issued it, else by its own noun."""
        issuer = self._issuer(phrase, span) if phrase.owner else None
        if issuer and issuer.kind == "document":
            return issuer
        again = phrase.definite and OF_BEFORE.match(span.of(self.text))
        known = self._known_document(phrase, span) if again else None
        if known and (issuer is None or issuer in (known.members or (known,))):
            return known
        figure = Figure("document", self._description(phrase), tuple(word.key for word in phrase.core))
        figure.members = (issuer,) if issuer else ()
        self.cast.add(figure)
        self.cast.describe(figure, phrase.words)
        return figure

    def _known_document(self, phrase: Phrase, span: Span) -> Figure | None:
        """The document last spoken of under that word or one like it; under a general one any that has an issuer."""
        for heads in ((phrase.head,), *(alike for alike in ALIKE if phrase.head in alike)):
            known = [f for head in heads for f in self.cast.having(head) if f.kind == "document"]
            before = [figure for figure in known if figure.last_before(span.start) >= 0]
            if before:
                return max(before, key=lambda f: (shared_roles(f, phrase), f.last_before(span.start)))
        if said := self.papers.get(phrase.head):
            return said
        if phrase.head not in GENERAL and not any(word.key.endswith("page") for word in phrase.core):
            return None
        papers = [f for f in self.cast.figures[-FEW_ENOUGH:] if f.kind == "document" and f.last_before(span.start) >= 0]
        return max(papers, key=lambda f: (bool(f.members), f.last_before(span.start))) if papers else None

    def _issuer(self, phrase: Phrase, span: Span) -> Figure | None:
        found = self.cast.named(phrase.owner)
        if found:
            return found[0]
        if not phrase.owner[0].capital:
            return self._owner(phrase.owner, span) or self._lower(phrase.owner)
        written = self._joined(phrase.owner)
        entry = self.registry.find(written)
        kind = entry.kind if entry else "unsure"
        return self.cast.add(
            Figure(kind, entry.name if entry else written, tuple(w.key for w in phrase.owner), entry=entry)
        )

    def _lower(self, owner: tuple[Word, ...]) -> Figure | None:
        """A body that is only described: "the chamber of trade"."""
        if not any(word.key in self.lexicon.bodies or word.key in self.lexicon.people for word in owner):
            return None
        if any(word.possessive for word in owner[-1:]):
            return None
        keys = tuple(word.key for word in owner)
        known = self.cast.by_keys.get(keys)
        return known or self.cast.add(Figure("body", self._joined(owner), keys))

    def _joined(self, owner: tuple[Word, ...]) -> str:
        """As written, but for a possessive inside: "the League's trade court" is the League trade court."""
        held = next((at for at, word in enumerate(owner[:-1]) if word.possessive and word.capital), None)
        if held is None:
            return name_text(self.text, owner)
        return f"{name_text(self.text, owner[: held + 1])} {name_text(self.text, owner[held + 1 :])}"
