"""The quote check measured: `python -m tests.bench.check_measure [--attribution gold|rules|fast|accurate]`.

With `gold`, archive and drafts carry the articles' own statements and speakers, so that only the check is measured.
With a means of attribution, statements and speakers of both are found by it: what a user gets.
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
from tests.bench.check_cases import EXPECTED, Case, CaseKind, CheckArchive, archive_of, check_cases
from tests.bench.check_shapes import CaseDraft, drafts_of

SEED, EACH = 1, 40
_WORST = ("missed", "not_checked", "not_found", "other_speaker", "joined", "altered", "paraphrase", "verbatim")
"""Of a case whose words stand in two quotations the worse verdict counts."""


@dataclass(slots=True)
class GoldAttribution:
    """Says of an article or a draft what is marked in it."""

    statements: dict[str, tuple[Statement, ...]] = field(default_factory=dict)

    def attribute(self, article: Article) -> AttributedArticle:
        return AttributedArticle(article, self.statements.get(article.text, ()))

    def add_document(self, article: Article, document: GoldDocument) -> None:
        said = (_statement(article, quote) for quote in document["quotes"])
        marked = {s.id: s for s in said if s}  # one that is marked twice counts once
        self.statements[article.text] = tuple(sorted(marked.values(), key=lambda s: s.content[0]))

    def add_draft(self, draft: CaseDraft) -> None:
        self.statements[draft.draft.text] = tuple(
            Statement(str(place[0].start), "indirect" if case.kind == "reported" else "direct", place, form="named",
                      speakers=_speakers(case.speaker))
            for case, place in zip(draft.cases, draft.places, strict=True)
        )  # fmt: skip


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


def archive_articles(archive: CheckArchive) -> list[tuple[Article, GoldDocument]]:
    """The archive's articles; a removed paragraph is blanked, so that all other offsets hold."""
    made = []
    for document in archive.documents:
        text = document["text"]
        for paragraph in archive.removed.get(document["doc_id"], ()):
            text = text.replace(paragraph, " " * len(paragraph))
        paragraphs = (Paragraph(p.span, p.role if p.role in SPOKEN_ROLES else "body") for p in paragraphs_of(text))
        made.append((Article(document["doc_id"], text, tuple(paragraphs)), document))
    return made


def fill(store: Store, archive: CheckArchive, *, attribution: Attributes, embedder: Embedder) -> None:
    pairs = archive_articles(archive)
    if isinstance(attribution, GoldAttribution):
        for article, document in pairs:
            attribution.add_document(article, document)
    prepared = Preparer(attribution, embedder, means="measure").prepare([article for article, _ in pairs])
    for outcome in store.put(entry for entry in prepared if isinstance(entry, PreparedArticle)):
        assert outcome.outcome in ("added", "unchanged"), outcome


@dataclass(frozen=True, slots=True)
class Wrong:
    case: Case
    verdict: str
    found: tuple[CheckedQuotation, ...]
    draft: str


Table = dict[CaseKind, Counter[str]]


def measured(
    drafts: Sequence[CaseDraft], *, store: Store, attribution: Attributes, embedder: Embedder
) -> tuple[Table, list[Wrong]]:
    """Verdicts by kind of case, and what went wrong."""
    table: Table = {kind: Counter() for kind in EXPECTED}
    wrong = []
    for draft in drafts:
        if isinstance(attribution, GoldAttribution):
            attribution.add_draft(draft)
        answer = check_draft(draft.draft, store=store, embedder=embedder, attributor=attribution)
        for case, places in zip(draft.cases, draft.places, strict=True):
            found = tuple(q for place in places if (q := _at(place, answer.quotations)))
            verdicts = [q.verdict for q in found] if len(found) == len(places) else ["missed"]
            verdict = min(verdicts, key=_WORST.index)
            table[case.kind][verdict] += 1
            if verdict not in EXPECTED[case.kind]:
                wrong.append(Wrong(case, verdict, found, draft.draft.text))
    return table, wrong


def _at(place: Span, quotations: Sequence[CheckedQuotation]) -> CheckedQuotation | None:
    """The quotation that shares most with the case's place; of equals the marked one."""
    found = [q for q in quotations if q.span.overlaps(place)]
    return max(
        found,
        key=lambda q: (min(q.span.end, place.end) - max(q.span.start, place.start), q.direct, -len(q.span)),
        default=None,
    )


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
    parser.add_argument("--each", type=int, default=EACH, help="cases of every kind")
    parser.add_argument("--plain", action="store_true", help="text drafts only")
    parser.add_argument("--heldout", action="store_true", help="only articles that no tagger was trained on")
    parser.add_argument("--store", type=Path, help="kept for the next run, and filled only where it is new")
    given = parser.parse_args()
    embedder = load_embedder()
    attribution: GoldAttribution | Attributor = (
        GoldAttribution()
        if given.attribution == "gold"
        else load_attributor(given.attribution, registry=load_registry())
    )
    archive = archive_of(load_corpus(heldout=True if given.heldout else None))
    with tempfile.TemporaryDirectory() as folder:
        path = given.store or Path(folder) / "measure.db"
        new = not path.exists()
        store = open_embedded(path, identity=embedder.identity)
        if new:
            fill(store, archive, attribution=attribution, embedder=embedder)
        drafts = drafts_of(check_cases(archive, seed=given.seed, each=given.each), seed=given.seed, plain=given.plain)
        table, wrong = measured(drafts, store=store, attribution=attribution, embedder=embedder)
        store.close()
    print(table_text(table))
    print(f"\n{sum(sum(c.values()) for c in table.values())} cases, {100 * share_right(table):.1f} % right")
    for one in wrong:
        told = "; ".join(
            f"{q.verdict} {q.attributed_to} {q.flags} {[str(m.speaker and m.speaker.name) for m in q.matches[:2]]}"
            for q in one.found
        )
        print(f"- {one.case.kind} ({one.case.speaker}; said by {one.case.said.speaker}): {told}: {one.case.quotation}")


if __name__ == "__main__":
    main()
