"""`onrecord who`, `timeline`, `compare`, `similar`, `variants`: read, ask the engine, print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from api import wiring
from api.asking import Question, search_request
from api.terminal import out, print_json, printable, tell
from api.wording import counted, day
from engine.settings import Settings

if TYPE_CHECKING:
    from engine.query import Hit
    from engine.variants import Variant
    from engine.views import Sources, Step


RELATIONS = {"given": "given", "exact": "the same words", "reworded": "reworded", "translated": "translated apart"}


@contextmanager
def _sources(settings: Settings, *, meaning: bool = True) -> Iterator[Sources]:
    from engine.views import Sources

    embedder = wiring.load_embedder(settings) if meaning else None
    store = wiring.open_store(settings, identity=embedder.identity if embedder else None)
    try:
        yield Sources(store, embedder, wiring.load_registry(settings))
    finally:
        store.close()


def run_who(question: Question, *, settings: Settings, as_json: bool) -> None:
    from engine.views import who
    from engine.views_record import who_record

    with _sources(settings, meaning=question.mode != "keyword") as sources:
        answer = who(sources, search_request(question))
    if as_json:
        print_json(who_record(answer))
        return
    _notes(answer.notes)
    for speaker in answer.speakers:
        days = f"  {speaker.first} to {speaker.last}" if speaker.first else ""
        _line(f"{speaker.statements:>6}  {speaker.name}{days}")
    _line(f"{counted(answer.total, 'statement')}, {answer.unnamed} of them without a known speaker")


def run_timeline(question: Question, *, step: Step, each: int, settings: Settings, as_json: bool) -> None:
    from engine.views import timeline
    from engine.views_record import timeline_record

    with _sources(settings, meaning=question.mode != "keyword") as sources:
        answer = timeline(sources, search_request(question), step=step, each=each)
    if as_json:
        print_json(timeline_record(answer))
        return
    _notes(answer.notes)
    for bucket in answer.buckets:
        _line(f"{bucket.start}  {bucket.count}")
        _hits(bucket.hits)
    _line(f"{counted(answer.total, 'statement')}, {answer.undated} undated")


def run_compare(question: Question, *, settings: Settings, as_json: bool) -> None:
    from engine.views import compare
    from engine.views_record import compare_record

    with _sources(settings) as sources:
        columns = compare(sources, search_request(replace(question, speaker=())), question.speaker)
    if as_json:
        print_json(compare_record(columns))
        return
    for column in columns:
        _notes(column.notes)
        _line(f"{column.asked}: {counted(column.total, 'statement')}")
        _hits(column.hits)


def run_similar(statement: str | None, text: str | None, *, limit: int, settings: Settings, as_json: bool) -> None:
    from engine.views import similar
    from engine.views_record import similar_record

    with _sources(settings) as sources:
        answer = similar(sources, statement=statement, text=text, limit=limit)
    if as_json:
        print_json(similar_record(answer))
        return
    _notes(answer.notes)
    _hits(answer.hits)


def run_variants(
    statement: str | None, text: str | None, *, split: Sequence[str], settings: Settings, as_json: bool
) -> None:
    from engine.variants import variants
    from engine.views_record import variants_record

    with _sources(settings) as sources:
        answer = variants(sources, statement=statement, text=text, split=split)
    if as_json:
        print_json(variants_record(answer))
        return
    _notes(answer.notes)
    for variant in answer.variants:
        _variant(variant, RELATIONS[variant.relation])
    for apart in answer.apart:
        _variant(apart.variant, f"apart: {apart.reason}")


def _variant(variant: Variant, relation: str) -> None:
    outlet = variant.article.outlet or "outlet unknown"
    _line(f"{day(variant.article.published)}  {outlet}  ({relation})  {variant.statement}")
    _line(f"    {variant.text}")
    for change in variant.changes:
        _line(f"    {change.kind}: {' → '.join(filter(None, (change.source, change.draft)))}")
    for copy in variant.copies:
        _line(
            f"    the same words: {day(copy.article.published)}  {copy.article.outlet or 'outlet unknown'}  {copy.id}"
        )


def _hits(hits: Sequence[Hit]) -> None:
    for hit in hits:
        speaker = hit.speaker.name if hit.speaker else "unknown"
        _line(f"    {day(hit.article.published)}  {speaker}, {hit.article.outlet or 'outlet unknown'}: {hit.text}")


def _notes(notes: Sequence[str]) -> None:
    for note in notes:
        tell(f"note: {note}")


def _line(text: str) -> None:
    from rich.text import Text

    out().print(Text(printable(text)))
