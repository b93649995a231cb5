"""Commands for those who keep an archive or improve the engine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.options import AttributionOption, JsonOption, StoreOption


def add_to(application: typer.Typer) -> None:
    """Hang the commands into the command line."""
    for command, examples in ((migrate, MIGRATE), (bench, BENCH), (train, TRAIN)):
        application.command(epilog="Examples:\n\n" + "\n\n".join(f"  {line}" for line in examples))(command)
    measure = typer.Typer(help="Measure attribution and search against judged data.", no_args_is_help=True)
    measure.command("attribution")(eval_attribution)
    application.add_typer(measure, name="eval")


MIGRATE = ("onrecord migrate", "ONRECORD_MODEL=all-mpnet-base-v2 onrecord migrate --store http://127.0.0.1:9200")
BENCH = ("onrecord bench", "onrecord bench feed.txt --passages 100000 --json")
TRAIN = ("onrecord train fast my-tagger/ --base MiniLM/ --marked ours.jsonl",)


def migrate(store: StoreOption = None, json: JsonOption = False) -> None:
    """Rebuild the store for another model or a newer version, while the old one goes on answering."""
    from api.commands.tools import run_migrate
    from api.options import settings_with

    run_migrate(settings=settings_with(store=store), as_json=json)


def bench(
    paths: Annotated[list[str] | None, typer.Argument(metavar="[PATH]...", help="Articles; none: the sample.")] = None,
    passages: Annotated[int, typer.Option(min=100, help="Passages to search among.")] = 20_000,
    searches: Annotated[int, typer.Option(min=10, help="Searches of each kind.")] = 200,
    attribution: AttributionOption = None,
    json: JsonOption = False,
) -> None:
    """Measure how fast reading, attribution and search are on this machine. Nothing of the archive is touched."""
    from api.commands.tools import run_bench_command
    from api.options import settings_with

    settings = settings_with(attribution=attribution)
    run_bench_command(paths or [], passages=passages, searches=searches, settings=settings, as_json=json)


def eval_attribution(
    gold: Annotated[Path, typer.Argument(metavar="GOLD.jsonl", help="Marked documents: doc_id, text, quotes.")],
    errors: Annotated[int | None, typer.Option(min=0, help="List errors by class, so many examples of each.")] = None,
    attribution: AttributionOption = None,
    json: JsonOption = False,
) -> None:
    """Measure attribution against marked documents."""
    from api.commands.tools import run_eval_attribution
    from api.options import settings_with

    run_eval_attribution(gold, errors=errors, settings=settings_with(attribution=attribution), as_json=json)


def train(
    means: Annotated[str, typer.Argument(help="The recipe: accurate or fast.")],
    folder: Annotated[Path, typer.Argument(help="Where the tagger is written.")],
    base: Annotated[Path, typer.Option(help="Folder of the pretrained encoder.")],
    marked: Annotated[list[Path] | None, typer.Option(help="A newsroom's own marked text (gold JSONL).")] = None,
    seed: Annotated[int, typer.Option(help="Of all that is random.")] = 0,
    json: JsonOption = False,
) -> None:
    """Train a tagger on the bundled corpus and on text of your own."""
    from api.commands.tools import run_train

    run_train(means, folder, base=base, marked=marked or [], seed=seed, as_json=json)
