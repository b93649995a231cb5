"""The bundled sample, indexed into an empty store, and a few questions answered: a first start shows something."""

from __future__ import annotations

from importlib.resources import as_file, files

from api import wiring
from api.asking import Question, search_request
from api.commands.search import show_card
from api.terminal import out, tell, tell_skipped
from api.wording import counted
from engine.settings import Settings

QUESTIONS = ("what did Lavrov say about safe zones", "who called it barbaric", "Zakharova on journalists")


def index_sample(settings: Settings) -> bool:
    """Whether the store was empty and now holds the sample."""
    from engine.ingest import index_articles
    from engine.readers import read_paths

    preparer = wiring.load_preparer(settings)
    store = wiring.open_store(settings, identity=preparer.embedder.identity, create=True)
    try:
        if store.counts().articles:
            return False
        tell("the store is empty: indexing the bundled sample")
        with as_file(files("api") / "sample" / "articles") as folder:
            report = index_articles(read_paths([folder]), store=store, preparer=preparer)
    finally:
        store.close()
    tell(f"{counted(report.articles, 'article')} with {counted(report.statements, 'statement')}")
    tell_skipped(f"{skipped.input}: {skipped.reason}" for skipped in report.skipped)
    return True


def print_examples(settings: Settings) -> None:
    from engine.search import search

    embedder = wiring.load_embedder(settings)
    store = wiring.open_store(settings, identity=embedder.identity)
    console = out()
    try:
        for question in QUESTIONS:
            console.print(f"\n? {question}\n", style="bold")
            answer = search(
                store, embedder, wiring.load_registry(settings), search_request(Question(q=question, limit=1))
            )
            for hit in answer.hits:
                show_card(console, hit)
    finally:
        store.close()
