"""Commands that look at the archive from a side: who, when, against whom, in which words; and search measured."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.options import JsonOption, RerankerOption, StoreOption

QueryArgument = Annotated[str, typer.Argument(help="Words or a question; none: everything that passes the filters.")]
SpeakerOption = Annotated[list[str] | None, typer.Option(help="An id or any alias; again for any of several.")]
OutletFilter = Annotated[list[str] | None, typer.Option(help="Who published the article.")]
ActOption = Annotated[list[str] | None, typer.Option(help="say, deny, confirm, ask, urge, promise, accuse, …")]
AfterOption = Annotated[str, typer.Option(help="First day: 2017-02-01, 2017-02 or 2017.")]
BeforeOption = Annotated[str, typer.Option(help="Last day, included.")]
ModeOption = Annotated[str, typer.Option(help="keyword, hybrid or semantic.")]
StatementArgument = Annotated[str | None, typer.Argument(metavar="[STATEMENT]", help="The id of a statement.")]
TextOption = Annotated[str | None, typer.Option(help="A text, instead of a statement.")]


def add_to(application: typer.Typer) -> None:
    """Hang the commands into the command line."""
    for command in (who, timeline, compare, similar, variants):
        application.command()(command)
    measure = typer.Typer(help="Measure search and attribution against judged data.", no_args_is_help=True)
    existing = next((group.typer_instance for group in application.registered_groups if group.name == "eval"), None)
    if existing is None:
        application.add_typer(measure, name="eval")
    (existing or measure).command("search")(eval_search)


def who(
    query: QueryArgument = "",
    act: ActOption = None,
    outlet: OutletFilter = None,
    after: AfterOption = "",
    before: BeforeOption = "",
    mode: ModeOption = "keyword",
    limit: Annotated[int, typer.Option(help="Speakers at most.")] = 20,
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Who says it most: speakers by number of matching statements, with first and last day."""
    from api.asking import Question
    from api.commands.views import run_who
    from api.options import settings_with

    question = Question(q=query, act=tuple(act or ()), outlet=tuple(outlet or ()), after=after, before=before,
                        mode=mode, limit=limit)  # fmt: skip
    run_who(question, settings=settings_with(store=store), as_json=json)


def timeline(
    query: QueryArgument = "",
    speaker: SpeakerOption = None,
    act: ActOption = None,
    outlet: OutletFilter = None,
    after: AfterOption = "",
    before: BeforeOption = "",
    mode: ModeOption = "keyword",
    by: Annotated[str, typer.Option(help="day, week or month.")] = "month",
    each: Annotated[int, typer.Option(min=0, max=100, help="Statements shown of each.")] = 3,
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """What a speaker said, or what was said on a question, over time."""
    from api.asking import Question
    from api.commands.views import run_timeline
    from api.options import settings_with
    from engine.errors import QueryError
    from engine.views import STEPS

    if by not in STEPS:
        raise QueryError(f"by: {by!r} is none of {', '.join(STEPS)}")
    question = Question(q=query, speaker=tuple(speaker or ()), act=tuple(act or ()), outlet=tuple(outlet or ()),
                        after=after, before=before, mode=mode)  # fmt: skip
    run_timeline(question, step=by, each=each, settings=settings_with(store=store), as_json=json)


def compare(
    query: QueryArgument = "",
    speaker: SpeakerOption = None,
    outlet: OutletFilter = None,
    after: AfterOption = "",
    before: BeforeOption = "",
    mode: Annotated[str, typer.Option(help="hybrid, keyword or semantic.")] = "hybrid",
    limit: Annotated[int, typer.Option(help="Statements of each.")] = 5,
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """What two or more speakers say on one question: give --speaker several times."""
    from api.asking import Question
    from api.commands.views import run_compare
    from api.options import settings_with

    question = Question(q=query, speaker=tuple(speaker or ()), outlet=tuple(outlet or ()), after=after, before=before,
                        mode=mode, limit=limit)  # fmt: skip
    run_compare(question, settings=settings_with(store=store), as_json=json)


def similar(
    statement: StatementArgument = None,
    text: TextOption = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="Statements at most.")] = 20,
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Statements like a statement, or like any text."""
    from api.commands.views import run_similar
    from api.options import settings_with

    run_similar(statement, text, limit=limit, settings=settings_with(store=store), as_json=json)


def variants(
    statement: StatementArgument = None,
    text: TextOption = None,
    split: Annotated[list[str] | None, typer.Option(help="A statement to be kept apart; may be repeated.")] = None,
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """The same words in several outlets, earliest first, with what each one changed."""
    from api.commands.views import run_variants
    from api.options import settings_with

    run_variants(statement, text, split=tuple(split or ()), settings=settings_with(store=store), as_json=json)


def eval_search(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="With corpus.jsonl, queries.jsonl and qrels.tsv.")],
    run: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the rankings as a TREC run.")] = None,
    mode: Annotated[str, typer.Option(help="hybrid, keyword or semantic.")] = "hybrid",
    only: Annotated[bool, typer.Option("--only", help="Not the single retrievers beside hybrid.")] = False,
    keep: Annotated[Path | None, typer.Option(metavar="FILE", help="Keep the documents here for another time.")] = None,
    reranker: RerankerOption = None,
    store: Annotated[str | None, typer.Option(metavar="URL", help="Elasticsearch to measure on, by its url.")] = None,
    json: JsonOption = False,
) -> None:  # fmt: skip
    """nDCG@10, MRR@10 and recall@100 of a folder of documents and judged queries, in a store of its own."""
    from api.commands.evaluate_search import Wanted, run_evaluation
    from api.options import settings_with

    wanted = Wanted(folder, mode, only=only, run_file=run, keep=keep)
    run_evaluation(wanted, settings=settings_with(store=store, reranker=reranker), as_json=json)
