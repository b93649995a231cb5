"""`onrecord show ID`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api import wiring
from api.answers import stored_statement_record
from api.terminal import out, print_json, printable
from api.web.view import Block, Label, article_blocks
from api.wording import counted, day, said, who
from engine.errors import NotFoundError
from engine.models import AttributedArticle
from engine.records import article_record
from engine.settings import Settings
from engine.stores.base import StoredPassage

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

COLOURS = ("yellow", "cyan", "green", "magenta", "blue", "red")


def run_show(id: str, *, settings: Settings, as_json: bool) -> None:
    """Raises NotFoundError where neither an article nor a statement has the id."""
    store = wiring.open_store(settings)
    try:
        attributed = store.article(id)
        passage = None if attributed else store.statement(id)
    finally:
        store.close()
    if attributed is None and passage is None:
        raise NotFoundError(f"no article and no statement has the id {id!r}")
    if attributed is not None:
        print_json(article_record(attributed)) if as_json else show_article(out(), attributed)
    elif passage is not None:
        print_json(stored_statement_record(passage)) if as_json else show_statement(out(), passage)


def show_article(console: Console, attributed: AttributedArticle) -> None:
    """The whole text, its statements marked and each named behind its last words."""
    from rich.text import Text

    article = attributed.article
    blocks, labels = article_blocks(attributed)
    console.print(Text(printable(article.title or "Untitled article"), style="bold"))
    facts = (article.outlet or "outlet unknown", day(article.published), article.url or "",
             counted(len(labels), "statement"))  # fmt: skip
    console.print(Text(" · ".join(printable(fact) for fact in facts if fact), style="dim"))
    for block in blocks:
        console.print()
        console.print(_block(block, labels, colours=console.color_system is not None))


def _block(block: Block, labels: dict[str, Label], *, colours: bool) -> Text:
    from rich.text import Text

    base = {"title": "bold", "heading": "bold", "body": ""}.get(block.paragraph.role, "dim")
    shown = Text(style=base)
    if base == "dim":
        shown.append(f"[{block.paragraph.role}] ")
    before: list[str] = []
    for piece in block.pieces:
        inside = [name for name in labels if name in piece.names]
        if not colours:
            shown.append("⟧" * len([name for name in before if name not in inside]))
            shown.append("⟦" * len([name for name in inside if name not in before]))
        before = inside
        style = COLOURS[labels[inside[-1]].hue % len(COLOURS)] if inside else ""
        shown.append(printable(piece.text), style=f"{style} underline" if "source" in piece.names else style)
        for name in [name for name in piece.ends if name in labels]:
            if not colours and name in before:
                shown.append("⟧")
                before = [other for other in before if other != name]
            shown.append(_label(labels[name]))
    return shown


def _label(label: Label) -> Text:
    from rich.text import Text

    via = f" via {' › '.join(s.name for s in label.statement.via)}" if label.statement.via else ""
    sure = f", uncertain ({label.statement.confidence:.0%})" if label.uncertain else ""
    told = printable(f" [{label.who} {label.said}{via}{sure}]")
    return Text(told, style=f"{COLOURS[label.hue % len(COLOURS)]} dim")


def show_statement(console: Console, passage: StoredPassage) -> None:
    from rich.text import Text

    statement = passage.statement
    assert statement is not None
    name = who(statement.speakers, statement.form, statement.affiliation)
    console.print(Text(printable(f"{name} {said(statement.act)}"), style="bold"))
    console.print(Text(printable(passage.text), style="cyan"))
    console.print()
    console.print(Text(printable(passage.paragraph)))
    article = passage.article
    facts = (article.outlet or "outlet unknown", day(article.published), article.title or "untitled", article.url or "")
    console.print(Text(" · ".join(printable(fact) for fact in facts if fact), style="dim"))
    console.print(Text(article.id, style="dim"))
