"""What the templates show, decided before they are rendered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from api.answers import hit_link
from api.asking import FILTERS, Question, parameters
from api.web.segments import Segment, segments
from api.wording import day, said, uncertain, who
from engine.models import AttributedArticle, Paragraph, Statement
from engine.query import Facets, Hit, SearchAnswer
from engine.query_language import parse

FACET_TITLES = (
    ("speaker", "Speaker"), ("outlet", "Outlet"), ("via", "Passed on by"), ("act", "Act"), ("kind", "Quoted"),
    ("form", "Source is"), ("month", "Month"),
)  # fmt: skip
SHOWN_VALUES = 8
"""Values of a facet shown at once; the others fold out."""
HUES = 6
"""Colours that tell the speakers of one article apart."""


@dataclass(frozen=True, slots=True)
class Card:
    hit: Hit
    who: str
    said: str
    uncertain: bool
    day: str
    pieces: list[Segment]
    speaker_href: str | None
    original: str | None
    anchor: str
    ranks: str


@dataclass(frozen=True, slots=True)
class FacetLink:
    label: str
    count: int
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class FacetBlock:
    title: str
    links: list[FacetLink]
    more: list[FacetLink]


@dataclass(frozen=True, slots=True)
class Chip:
    label: str
    href: str


def href(question: Question, **changed: object) -> str:
    """The page of the question with some fields changed; a new question begins at its first page."""
    pairs = parameters(question, **({"cursor": None} | changed))
    return "/?" + urlencode(pairs) if pairs else "/"


def card(hit: Hit, question: Question) -> Card:
    places = hit.places if hit.type == "statement" else ()
    return Card(
        hit=hit,
        who=who(hit.speakers, hit.form, hit.affiliation) if hit.type == "statement" else "",
        said=said(hit.act),
        uncertain=uncertain(hit.confidence),
        day=day(hit.article.published),
        pieces=segments(hit.paragraph, {"statement": places, "hit": hit.highlights}),
        speaker_href=href(question, speaker=(hit.speakers[0].id,)) if hit.speakers else None,
        original=hit_link(hit),
        anchor=f"#s-{hit.id}" if hit.type == "statement" else "",
        ranks=_ranks(hit) if question.q.strip() else "",
    )


def _ranks(hit: Hit) -> str:
    ranks = (("words", hit.keyword_rank), ("meaning", hit.semantic_rank))
    return ", ".join(f"{name} no. {rank}" for name, rank in ranks if rank is not None)


def facet_blocks(facets: Facets, question: Question) -> list[FacetBlock]:
    blocks = []
    for name, title in FACET_TITLES:
        links = []
        for facet in facets.get(name, ()):  # type: ignore[call-overload]
            chosen = _chosen(question, name, facet.value)
            links.append(FacetLink(facet.label, facet.count, _facet_href(question, name, facet.value, chosen), chosen))
        if links:
            links.sort(key=lambda link: not link.chosen)
            blocks.append(FacetBlock(title, links[:SHOWN_VALUES], links[SHOWN_VALUES:]))
    return blocks


def _chosen(question: Question, name: str, value: str) -> bool:
    if name == "month":
        return question.after == value == question.before
    return value in getattr(question, name)


def _facet_href(question: Question, name: str, value: str, chosen: bool) -> str:
    if name == "month":
        month = "" if chosen else value
        return href(question, after=month, before=month)
    values: tuple[str, ...] = getattr(question, name)
    kept = tuple(v for v in values if v != value) if chosen else (*values, value)
    return href(question, **{name: kept})


def chips(question: Question, facets: Facets) -> list[Chip]:
    """Every filter that is on, beside the box and in it, each with the link that takes it off."""
    labels: dict[tuple[str, str], str] = {
        (name, facet.value): facet.label for name, some in facets.items() for facet in some
    }
    shown: list[Chip] = []
    for name in FILTERS:
        values: tuple[str, ...] = getattr(question, name)
        for value in values:
            kept = tuple(v for v in values if v != value)
            label = labels.get((name, value), value)
            shown.append(Chip(f"{name}: {label}", href(question, **{name: kept})))
    for name in ("after", "before"):
        if getattr(question, name):
            shown.append(Chip(f"{name}: {getattr(question, name)}", href(question, **{name: ""})))
    boxed = parse(question.q).chips
    for chip in boxed:
        if chip.kind not in ("word",):
            rest = " ".join(other.text for other in boxed if other is not chip)
            shown.append(Chip(chip.label, href(question, q=rest)))
    return shown


def note_of_place(answer: SearchAnswer, question: Question) -> str:
    noun = "statement" if _within(question) == "statements" else "paragraph"
    return f"{answer.total:,} {noun}{'' if answer.total == 1 else 's'}"


def _within(question: Question) -> str:
    return question.within or parse(question.q).within or "statements"


@dataclass(frozen=True, slots=True)
class Label:
    """What stands after the last words of a statement."""

    statement: Statement
    who: str
    said: str
    uncertain: bool
    hue: int


@dataclass(frozen=True, slots=True)
class Block:
    paragraph: Paragraph
    pieces: list[Segment]


def article_blocks(attributed: AttributedArticle) -> tuple[list[Block], dict[str, Label]]:
    """Paragraphs with the statements in them as layers named by statement id; sources and cues as layers of theirs."""
    article = attributed.article
    labels = _labels(attributed.statements)
    blocks = []
    for paragraph in article.paragraphs:
        here = [s for s in attributed.statements if _touches(s, paragraph)]
        layers = {
            s.id: [c.shifted(-paragraph.span.start) for c in s.content if paragraph.span.contains(c)] for s in here
        }
        layers["source"] = [
            p.shifted(-paragraph.span.start) for s in here for p in s.source if paragraph.span.contains(p)
        ]
        layers["cue"] = [p.shifted(-paragraph.span.start) for s in here for p in s.cue if paragraph.span.contains(p)]
        blocks.append(Block(paragraph, segments(paragraph.span.of(article.text), layers)))
    return blocks, labels


def _touches(statement: Statement, paragraph: Paragraph) -> bool:
    return any(paragraph.span.overlaps(s) for s in (*statement.content, *statement.cue, *statement.source))


def _labels(statements: Sequence[Statement]) -> dict[str, Label]:
    hues: dict[str, int] = {}
    labels = {}
    for statement in statements:
        name = who(statement.speakers, statement.form, statement.affiliation)
        hue = hues.setdefault(name, len(hues) % HUES)
        labels[statement.id] = Label(statement, name, said(statement.act), uncertain(statement.confidence), hue)
    return labels
