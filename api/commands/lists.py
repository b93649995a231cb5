"""`onrecord speakers`, `articles`, `status`, `delete`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from api import wiring
from api.answers import speaker_count_record
from api.cli import DONE, SOME_FAILED
from api.terminal import out, print_json, printable, tell
from api.wording import counted, day
from engine.settings import Settings
from engine.stores.base import Store


@contextmanager
def opened(settings: Settings) -> Iterator[Store]:
    """The store for reading: one that is not there is refused."""
    store = wiring.open_store(settings)
    try:
        yield store
    finally:
        store.close()


def run_speakers(prefix: str, *, limit: int | None, settings: Settings, as_json: bool) -> None:
    with opened(settings) as store:
        counts = store.speakers(prefix=prefix, limit=limit)
    if as_json:
        print_json({"speakers": [speaker_count_record(count) for count in counts]})
        return
    from rich.table import Table

    table = Table("speaker", "id", "statements", "first", "last", box=None, pad_edge=False)
    table.columns[2].justify = "right"
    for count in counts:
        first, last = (d.isoformat() if d else "" for d in (count.first, count.last))
        table.add_row(printable(count.name), printable(count.id), f"{count.statements:,}", first, last)
    out(table=True).print(table)


def run_articles(after_id: str | None, *, limit: int, settings: Settings, as_json: bool) -> None:
    with opened(settings) as store:
        found = store.articles(after_id=after_id, limit=limit)
    following = found[-1].article.id if len(found) == limit else None
    if as_json:
        rows = [
            {"id": a.article.id, "title": a.article.title, "url": a.article.url, "outlet": a.article.outlet,
             "published": a.article.published, "language": a.article.language, "statements": len(a.statements)}
            for a in found
        ]  # fmt: skip
        print_json({"articles": rows, "next": following})
        return
    from rich.table import Table

    table = Table("id", "date", "outlet", "statements", "title", box=None, pad_edge=False)
    table.columns[3].justify = "right"
    for attributed in found:
        article = attributed.article
        table.add_row(printable(article.id), day(article.published), printable(article.outlet or ""),
                      str(len(attributed.statements)), printable(article.title or "untitled"))  # fmt: skip
    out(table=True).print(table)
    if following:
        tell(f"more: --after-id {following}")


def run_status(*, settings: Settings, as_json: bool) -> None:
    with opened(settings) as store:
        counts, scope, identity, location = store.counts(), store.scope(), store.identity, store.location
    record = {
        "articles": counts.articles,
        "paragraphs": counts.paragraphs,
        "statements": counts.statements,
        "speakers": counts.speakers,
        "outlets": scope.outlets,
        "first": scope.first.isoformat() if scope.first else None,
        "last": scope.last.isoformat() if scope.last else None,
        "model": identity.name if identity else None,
        "dimensions": identity.dimensions if identity else None,
        "store": location,
    }
    if as_json:
        print_json(record)
        return
    for name, value in record.items():
        print(f"{name:<11} {'-' if value is None else f'{value:,}' if isinstance(value, int) else value}")


def run_delete(ids: list[str], *, settings: Settings, as_json: bool) -> int:
    """The exit code: an id that is not there is named, the others are deleted."""
    with opened(settings) as store:
        deleted = store.delete(list(dict.fromkeys(ids)))
    missing = [id for id in dict.fromkeys(ids) if id not in deleted]
    if as_json:
        print_json({"deleted": list(deleted), "missing": missing})
    else:
        print(f"{counted(len(deleted), 'article')} deleted")
    for id in missing:
        tell(f"no article has the id {id}")
    return SOME_FAILED if missing else DONE
