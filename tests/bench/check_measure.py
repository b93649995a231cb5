"""The quote check measured: `python -m tests.bench.check_measure [--attribution gold|rules|fast|accurate]`.

With `gold`, archive and drafts carry the corpus's own statements and speakers, so that only the check is measured. With
a means of attribution, statements and speakers of both are found by it: what a user gets.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from engine.attribution import Attributor, load_attributor
from engine.check import check_draft
from engine.check_answer import CheckedQuotation
from engine.drafts import Draft
from engine.embed import load_embedder
from engine.identity import digest, speaker_id, statement_id
from engine.learning.corpus import GoldDocument, GoldQuote, load_corpus
from engine.models import SPOKEN_ROLES, Article, AttributedArticle, Kind, Paragraph, Span, Speaker, Statement
from engine.paragraphs import paragraphs_of
from engine.ports import Embedder
from engine.prepare import Attributes, Preparer
from engine.registry import load_registry
from engine.stores.base import PreparedArticle, Store
from engine.stores.embedded import open_embedded
from tests.bench.check_cases import EXPECTED, CaseDraft, CaseKind, CheckCases, check_cases, drafts_of

SEED, EACH = 1, 40


@dataclass(slots=True)
class GoldAttribution:
    """Says of an article or a draft what the corpus says of it."""

    statements: dict[str, tuple[Statement, ...]] = field(default_factory=dict)

    def attribute(self, article: Article) -> AttributedArticle:
        return AttributedArticle(article, self.statements.get(article.text, ()))

    def add_document(self, article: Article, document: GoldDocument) -> None:
        said = (_statement(article, quote) for quote in document["quotes"])
        marked = {s.id: s for s in said if s}  # one that is marked twice counts once
        self.statements[article.text] = tuple(sorted(marked.values(), key=lambda s: s.content[0]))

    def add_draft(self, draft: CaseDraft) -> None:
        self.statements[draft.text] = tuple(
            Statement(str(place.start), "direct", (place,), form="named", speakers=_speakers(case.speaker))
            for case, place in zip(draft.cases, draft.places, strict=True)
        )


def _speakers(name: str | None) -> tuple[Speaker, ...]:
    if not name or name.startswith("anon"):
        return ()
    return tuple(Speaker(speaker_id(one), one) for one in name.split(" and "))


def _statement(article: Article, quote: GoldQuote) -> Statement | None:
    spans = [tuple(Span(*place) for place in quote[role]) for role in ("content", "cue", "source", "channel")]
    content, cue, source, channel = spans
    if any(not piece.of(article.text).strip() for piece in content):  # stood in a paragraph that was removed
        return None
    # the corpus may mark two cues over one content, so what tells them apart is added
    id = digest(statement_id(article.id, content, source), repr(cue), quote["act"], quote["speaker_name"])
    return Statement(
        id,
        cast(Kind, quote["type"]),
        content,
        cue,
        source,
        channel,
        form="named",
        speakers=_speakers(quote["speaker_name"]),
    )


def archive_articles(cases: CheckCases) -> list[tuple[Article, GoldDocument]]:
    """The archive's articles; a removed paragraph is blanked, so that all other offsets hold."""
    made = []
    for document in cases.archive:
        text = document["text"]
        for paragraph in cases.removed.get(document["doc_id"], ()):
            text = text.replace(paragraph, " " * len(paragraph))
        paragraphs = (Paragraph(p.span, p.role if p.role in SPOKEN_ROLES else "body") for p in paragraphs_of(text))
        made.append((Article(document["doc_id"], text, tuple(paragraphs)), document))
    return made


def fill(store: Store, cases: CheckCases, *, attribution: Attributes, embedder: Embedder) -> None:
    pairs = archive_articles(cases)
    if isinstance(attribution, GoldAttribution):
        for article, document in pairs:
            attribution.add_document(article, document)
    prepared = Preparer(attribution, embedder, means="measure").prepare([article for article, _ in pairs])
    for outcome in store.put(entry for entry in prepared if isinstance(entry, PreparedArticle)):
        assert outcome.outcome == "added", outcome


Table = dict[CaseKind, Counter[str]]


def measured(
    drafts: Sequence[CaseDraft], *, store: Store, attribution: Attributes, embedder: Embedder
) -> tuple[Table, list[tuple[CaseKind, str, str]]]:
    """Verdicts by kind of case, and what went wrong: kind, verdict, quotation."""
    table: Table = {kind: Counter() for kind in EXPECTED}
    wrong = []
    for draft in drafts:
        if isinstance(attribution, GoldAttribution):
            attribution.add_draft(draft)
        answer = check_draft(Draft(draft.text), store=store, embedder=embedder, attributor=attribution)
        for case, place in zip(draft.cases, draft.places, strict=True):
            verdict = _verdict_at(place, answer.quotations)
            table[case.kind][verdict] += 1
            if verdict not in EXPECTED[case.kind]:
                wrong.append((case.kind, verdict, case.quotation))
    return table, wrong


def _verdict_at(place: Span, quotations: Sequence[CheckedQuotation]) -> str:
    """Of the quotation that shares most with the case's place."""
    found = [q for q in quotations if q.span.overlaps(place)]
    shared = [min(q.span.end, place.end) - max(q.span.start, place.start) for q in found]
    return found[shared.index(max(shared))].verdict if found else "missed"


def share_right(table: Table) -> float:
    right = sum(table[kind][verdict] for kind in table for verdict in EXPECTED[kind])
    return right / max(1, sum(sum(counts.values()) for counts in table.values()))


def table_text(table: Table) -> str:
    """As Markdown, a row for each kind of case."""
    columns = ("verbatim", "altered", "joined", "paraphrase", "other_speaker", "not_found", "missed")
    lines = ["| case | expected | " + " | ".join(columns) + " |", "|---|---|" + "---|" * len(columns)]
    for kind, counts in table.items():
        cells = " | ".join(str(counts[column] or "") for column in columns)
        lines.append(f"| {kind} | {' or '.join(EXPECTED[kind])} | {cells} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--attribution", choices=("gold", "rules", "fast", "accurate"), default="gold")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--each", type=int, default=EACH)
    parser.add_argument("--half", type=int, choices=(0, 1), default=1, help="0: thresholds were chosen on it")
    given = parser.parse_args()
    embedder = load_embedder()
    attribution: GoldAttribution | Attributor = (
        GoldAttribution()
        if given.attribution == "gold"
        else load_attributor(given.attribution, registry=load_registry())
    )
    cases = check_cases(load_corpus(heldout=None), seed=given.seed, each=given.each)
    with tempfile.TemporaryDirectory() as folder:
        store = open_embedded(Path(folder) / "measure.db", identity=embedder.identity)
        fill(store, cases, attribution=attribution, embedder=embedder)
        drafts = drafts_of(cases.cases[given.half :: 2], seed=given.seed)
        table, wrong = measured(drafts, store=store, attribution=attribution, embedder=embedder)
        store.close()
    print(table_text(table))
    print(f"\n{len(cases.cases[given.half :: 2])} cases, {100 * share_right(table):.1f} % right")
    for kind, verdict, quotation in wrong:
        print(f"- {kind}: {verdict}: {quotation}")


if __name__ == "__main__":
    main()
