"""`onrecord search`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api import wiring
from api.answers import answer_record
from api.asking import Question, search_request
from api.terminal import out, print_json, printable, tell
from api.web.segments import segments
from api.wording import counted, day, said, uncertain, who
from engine.settings import Settings

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from engine.query import Hit, SearchAnswer

FACETS_SHOWN = (("speaker", "speakers"), ("outlet", "outlets"))
VALUES_SHOWN = 5


def run_search(question: Question, *, settings: Settings, as_json: bool) -> None:
    from engine.search import search

    request = search_request(question)
    words = bool(question.q.strip())
    embedder = wiring.load_embedder(settings) if words and question.mode != "keyword" else None
    store = wiring.open_store(settings, identity=embedder.identity if embedder else None)
    try:
        reranker = wiring.load_reranker(settings) if words else None
        answer = search(store, embedder, wiring.load_registry(settings), request, reranker=reranker)
    finally:
        store.close()
    if as_json:
        print_json(answer_record(answer))
    else:
        show_answer(answer, noun=request.passages)


def show_answer(answer: SearchAnswer, *, noun: str) -> None:
    console = out()
    for note in answer.notes:
        tell(f"note: {note}")
    for hit in answer.hits:
        show_card(console, hit)
    console.print(counted(answer.total, noun), style="bold", end="")
    for name, plural in FACETS_SHOWN:
        facets = answer.facets.get(name, ())[:VALUES_SHOWN]  # type: ignore[call-overload]
        if facets:
            console.print(f"; {plural}: " + ", ".join(f"{f.label} {f.count}" for f in facets), style="dim", end="")
    console.print()
    if answer.next:
        console.print(f"more: --cursor {answer.next}", style="dim")


def show_card(console: Console, hit: Hit) -> None:
    """Who said it, the paragraph with the statement marked, and where it stands."""
    from rich.padding import Padding
    from rich.text import Text

    if hit.type == "statement":
        head = Text(printable(who(hit.speakers, hit.form, hit.affiliation)), style="bold")
        head.append(f" {said(hit.act)}", style="not bold")
        told = [hit.kind or "", *([f"via {', '.join(s.name for s in hit.via)}"] if hit.via else [])]
        if hit.cue:
            told.append(f"cue “{printable(hit.cue)}”")
        head.append(f"  ({'; '.join(told)})", style="not bold dim")
        if uncertain(hit.confidence):
            head.append(f"  uncertain, {hit.confidence:.0%}", style="yellow")
        console.print(head)
    console.print(Padding(marked_paragraph(hit, colours=console.color_system is not None), (0, 2)))
    article = hit.article
    place = Text("  " + " · ".join(filter(None, (
        printable(article.outlet or "outlet unknown"), day(article.published), printable(article.title or "untitled"),
        printable(article.url or ""),
    ))), style="dim")  # fmt: skip
    console.print(place)
    console.print(Text(f"  {article.id} {hit.id if hit.type == 'statement' else ''}".rstrip(), style="dim"))
    for copy in hit.copies:
        there = copy.article
        where = (there.outlet or "outlet unknown", day(there.published), there.title or "untitled",
                 there.url or there.id)  # fmt: skip
        console.print(Text(f"  the same words: {' · '.join(map(printable, where))}", style="dim"))
    console.print()


def marked_paragraph(hit: Hit, *, colours: bool) -> Text:
    """Where there are no colours, the statement stands in ⟦double brackets⟧, which no article has."""
    from rich.text import Text

    shown = Text()
    places = hit.places if hit.type == "statement" else ()
    opening, closing = ("", "") if colours else ("⟦", "⟧")
    inside = False
    for piece in segments(hit.paragraph, {"statement": places, "hit": hit.highlights}):
        if ("statement" in piece.names) != inside:
            inside = not inside
            shown.append(opening if inside else closing)
        style = "cyan" if inside else ""
        shown.append(printable(piece.text), style=f"{style} bold underline" if "hit" in piece.names else style)
    if inside:
        shown.append(closing)
    return shown
