"""All commands with their options and help. What they do is imported when they are called."""

from __future__ import annotations

from typing import Annotated

import typer

from api.options import (
    AttributionOption,
    JsonOption,
    LanguageOption,
    OptionalPaths,
    OutletOption,
    OutOption,
    PathsArgument,
    PublishedOption,
    RerankerOption,
    StoreOption,
    UrlOption,
)

application = typer.Typer(
    name="onrecord",
    help="Who said what, where, and in which words: search and fact attribution for journalists.",
    epilog="Begin with: onrecord index PATH, then: onrecord search \"refugee zones\" --speaker Lavrov",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip


def _examples(*lines: str) -> str:
    """An epilog; an empty line between examples keeps each on a line of its own."""
    return "Examples:\n\n" + "\n\n".join(f"  {line}" for line in lines)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib import metadata

        typer.echo(f"onrecord {metadata.version('onrecord')}")
        raise typer.Exit


@application.callback()
def _every_command(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    del version


@application.command(epilog=_examples(
    "onrecord index feed.txt", "onrecord index pages/ --outlet 'The Example' --workers 4",
    "cat articles.jsonl | onrecord index - --json",
))  # fmt: skip
def index(
    paths: OptionalPaths = None,
    store: StoreOption = None,
    workers: Annotated[int | None, typer.Option(min=1, max=256, help="Processes; default: by the input.")] = None,
    attribution: AttributionOption = None,
    outlet: OutletOption = None,
    published: PublishedOption = None,
    url: UrlOption = None,
    language: LanguageOption = None,
    retry: Annotated[bool, typer.Option("--retry", help="Also what the store refused before.")] = False,
    json: JsonOption = False,
) -> None:  # fmt: skip
    """Read articles, find every statement in them, and store both. Safe to stop and to repeat; unchanged is skipped."""
    from api.commands.index import Input, run_index
    from api.options import settings_with
    from engine.readers import ArticleDefaults

    defaults = ArticleDefaults(outlet=outlet, published=published, url=url, language=language)
    settings = settings_with(store=store, attribution=attribution)
    given = Input(paths or [], defaults, retry=retry)
    raise typer.Exit(run_index(given, settings=settings, workers=workers, as_json=json))


@application.command(epilog=_examples(
    'onrecord search "refugee zones" --speaker Lavrov', "onrecord search --act deny --after 2017-02 --json",
    "onrecord search 'speaker:zakharova \"barbaric attack\"'",
))  # fmt: skip
def search(
    query: Annotated[str, typer.Argument(help="Words or a question; none: everything that passes, newest first.")] = "",
    within: Annotated[str, typer.Option("--in", metavar="WHAT", help="statements (default) or paragraphs.")] = "",
    mode: Annotated[str, typer.Option(help="hybrid, keyword or semantic.")] = "hybrid",
    speaker: Annotated[list[str] | None, typer.Option(help="An id or any alias; again for any of several.")] = None,
    form: Annotated[list[str] | None, typer.Option(help="named, pronoun, role, body, anonymous, …")] = None,
    kind: Annotated[list[str] | None, typer.Option(help="direct, indirect, mixed.")] = None,
    act: Annotated[list[str] | None, typer.Option(help="say, deny, confirm, ask, urge, promise, accuse, …")] = None,
    via: Annotated[list[str] | None, typer.Option(help="A relay the words passed through.")] = None,
    outlet: Annotated[list[str] | None, typer.Option(help="Who published the article.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="Language code of the article.")] = None,
    after: Annotated[str, typer.Option(help="First day: 2017-02-01, 2017-02 or 2017.")] = "",
    before: Annotated[str, typer.Option(help="Last day, included.")] = "",
    limit: Annotated[int, typer.Option(help="Hits at most, 1 to 1000.")] = 20,
    cursor: Annotated[str | None, typer.Option(help="`next` of the answer before.")] = None,
    lift_speaker: Annotated[str | None, typer.Option(help="Lift this speaker's statements; hide nobody's.")] = None,
    context: Annotated[str | None, typer.Option(help="What was said just before; only lifts.")] = None,
    copies: Annotated[str, typer.Option(help="fold: a hit stands for its copies; show: each is a hit.")] = "fold",
    reranker: RerankerOption = None,
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:  # fmt: skip
    """Find who said what."""
    from api.asking import Question
    from api.commands.search import run_search
    from api.options import settings_with

    question = Question(
        q=query, within=within, mode=mode, speaker=tuple(speaker or ()), form=tuple(form or ()), kind=tuple(kind or ()),
        act=tuple(act or ()), via=tuple(via or ()), outlet=tuple(outlet or ()), language=tuple(language or ()),
        after=after, before=before, limit=limit, cursor=cursor, lift_speaker=lift_speaker, context=context,
        copies=copies,
    )  # fmt: skip
    run_search(question, settings=settings_with(store=store, reranker=reranker), as_json=json)


@application.command(epilog=_examples("onrecord attribute article.html", "onrecord attribute gold.jsonl --format gold"))
def attribute(
    paths: PathsArgument,
    format: Annotated[str, typer.Option(help="articles or gold.")] = "articles",
    attribution: AttributionOption = None,
    outlet: OutletOption = None,
    published: PublishedOption = None,
    url: UrlOption = None,
    language: LanguageOption = None,
    json: Annotated[bool, typer.Option("--json", help="The default: NDJSON, one article a line.")] = True,
) -> None:
    """Write articles with their paragraphs and statements as NDJSON. Nothing is stored."""
    del json
    from api.commands.attribute import run_attribute
    from api.options import settings_with
    from engine.readers import ArticleDefaults

    defaults = ArticleDefaults(outlet=outlet, published=published, url=url, language=language)
    settings = settings_with(attribution=attribution)
    raise typer.Exit(run_attribute(paths, format=format, defaults=defaults, settings=settings))


@application.command(epilog=_examples("onrecord show p2vmkw6sbc5oeyfqjzfa"))
def show(
    id: Annotated[str, typer.Argument(metavar="ID", help="Of an article or a statement.")],
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Print an article with its statements marked and named, or one statement in its paragraph."""
    from api.commands.show import run_show
    from api.options import settings_with

    run_show(id, settings=settings_with(store=store), as_json=json)


@application.command(epilog=_examples("onrecord speakers", "onrecord speakers lav --json"))
def speakers(
    prefix: Annotated[str, typer.Argument(help="Start of any word of the name.")] = "",
    limit: Annotated[int | None, typer.Option(min=1, help="Speakers at most.")] = None,
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """List who is quoted, by number of statements."""
    from api.commands.lists import run_speakers
    from api.options import settings_with

    run_speakers(prefix, limit=limit, settings=settings_with(store=store), as_json=json)


@application.command(epilog=_examples("onrecord articles", "onrecord articles --limit 1000 --json"))
def articles(
    after_id: Annotated[str | None, typer.Option(metavar="ID", help="Go on after this id.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Articles at most.")] = 100,
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """List the stored articles, by id."""
    from api.commands.lists import run_articles
    from api.options import settings_with

    run_articles(after_id, limit=limit, settings=settings_with(store=store), as_json=json)


@application.command(epilog=_examples("onrecord status", "onrecord status --store http://127.0.0.1:9200 --json"))
def status(store: StoreOption = None, json: JsonOption = False) -> None:
    """Say what is stored, where, and with which model."""
    from api.commands.lists import run_status
    from api.options import settings_with

    run_status(settings=settings_with(store=store), as_json=json)


@application.command(epilog=_examples("onrecord delete p2vmkw6sbc5oeyfqjzfa"))
def delete(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Of articles.")],
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Delete articles with all that is stored of them."""
    from api.commands.lists import run_delete
    from api.options import settings_with

    raise typer.Exit(run_delete(ids, settings=settings_with(store=store), as_json=json))


@application.command(
    epilog=_examples("onrecord export > archive.ndjson", "onrecord export --format csv -o statements.csv")
)
def export(
    format: Annotated[str, typer.Option(help="ndjson, csv or jsonld.")] = "ndjson",
    out: OutOption = None,
    store: StoreOption = None,
    json: Annotated[bool, typer.Option("--json", help="The same as --format ndjson.")] = False,
) -> None:
    """Write all articles with their statements, sorted by id: the same articles give the same bytes."""
    from api.commands.export import run_export
    from api.options import settings_with

    run_export("ndjson" if json else format, out=out, settings=settings_with(store=store))


@application.command(epilog=_examples("onrecord serve", "onrecord serve --host 0.0.0.0 --port 8080"))
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.  [ONRECORD_HOST]")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port; 0: any free one.  [ONRECORD_PORT]")] = None,
    sample: Annotated[bool, typer.Option("--sample", help="Index the sample first if the store is empty.")] = False,
    store: StoreOption = None,
) -> None:  # fmt: skip
    """Serve the page and the API until Ctrl-C."""
    from api.commands.serve import run_serve
    from api.options import settings_with

    run_serve(host=host, port=port, sample=sample, settings=settings_with(store=store))


@application.command(epilog=_examples("onrecord check draft.md", "onrecord check --jsonl drafts.jsonl"))
def check(
    draft: Annotated[str | None, typer.Argument(metavar="DRAFT", help="Text, Markdown, HTML, docx; -: stdin.")] = None,
    jsonl: Annotated[str | None, typer.Option(metavar="FILE", help="One draft a line: id, text.")] = None,
    attribution: AttributionOption = None,
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:  # fmt: skip
    """Look every quotation of a draft up in the archive. Verdicts never change the exit code."""
    from api.commands.check import run_check, run_check_lines
    from api.options import settings_with
    from engine.errors import UsageError

    settings = settings_with(store=store, attribution=attribution)
    if (draft is None) == (jsonl is None):
        raise UsageError("give one DRAFT, or --jsonl FILE")
    if jsonl is not None:
        raise typer.Exit(run_check_lines(jsonl, settings=settings))
    assert draft is not None
    run_check(draft, settings=settings, as_json=json)


def _add_rest() -> None:
    from api.commands import table_tools, table_views

    table_tools.add_to(application)
    table_views.add_to(application)


_add_rest()
