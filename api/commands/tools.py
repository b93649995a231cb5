"""`onrecord migrate`, `bench`, `eval attribution`, `train`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from api import wiring
from api.terminal import err, print_json, tell
from api.wording import counted
from engine.errors import InputError, UsageError
from engine.models import Article
from engine.settings import Settings


def run_migrate(*, settings: Settings, as_json: bool) -> None:
    preparer = wiring.load_preparer(settings)
    with _bar("articles") as watch:
        report = wiring.rebuild_store(settings, preparer=preparer, watch=watch)
    record = {
        "articles": report.articles,
        "model": preparer.embedder.identity.name,
        "seconds": round(report.seconds, 3),
    }
    if as_json:
        print_json(record)
    else:
        print(f"{counted(report.articles, 'article')} rebuilt with {record['model']} in {report.seconds:.1f} s")
        tell("a service that is running must be started again to see it")


@contextmanager
def _bar(noun: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on stderr, for a terminal."""
    if not sys.stderr.isatty():
        yield lambda done, total: None  # noqa: ARG005
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn(noun),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("left"),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=err(), transient=True) as progress:
        task = progress.add_task(noun, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def run_bench_command(paths: Sequence[str], *, passages: int, searches: int, settings: Settings, as_json: bool) -> None:
    from dataclasses import replace

    from engine.bench import BenchPlan, run_bench

    preparer = wiring.load_preparer(settings)
    registry = wiring.load_registry(settings)
    with tempfile.TemporaryDirectory() as folder:
        record = run_bench(
            _bench_articles(paths),
            preparer=preparer,
            registry=registry,
            open_store=lambda path: wiring.open_store(
                replace(settings, store=f"sqlite:{path}"), identity=preparer.embedder.identity, create=True
            ),
            folder=Path(folder),
            plan=BenchPlan(passages=passages, searches=searches),
        )
    record = {
        "attribution": wiring.chosen_means(settings),
        "help_seconds": _best_seconds("--help"),
        "cold_search_seconds": _cold_search(settings),
    } | record
    if as_json:
        print_json(record)
    else:
        _print_figures(record)


def _bench_articles(paths: Sequence[str]) -> list[Article]:
    from engine.readers import read_paths

    if paths:
        articles = [entry for entry in read_paths(paths) if isinstance(entry, Article)]
    else:
        with as_file(files("api") / "sample" / "articles") as folder:
            articles = [entry for entry in read_paths([folder]) if isinstance(entry, Article)]
    if not articles:
        raise InputError("there is no article to measure with")
    return articles


def _cold_search(settings: Settings) -> float:
    """From the start of a new process to its first hit, over a store of the sample."""
    from dataclasses import replace

    from api.commands.sample import index_sample

    with tempfile.TemporaryDirectory() as folder:
        own = replace(settings, store=f"sqlite:{folder}/cold.sqlite")
        index_sample(own)
        return _best_seconds("search", "safe zones", "--limit", "1", "--store", str(own.store))


def _best_seconds(*arguments: str) -> float:
    """The best of three runs of the command in a new process."""
    import subprocess
    import time

    times = []
    for _ in range(3):
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "api.cli", *arguments],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        times.append(time.perf_counter() - began)
    return round(min(times), 2)


def _print_figures(record: dict[str, Any], *, indent: str = "") -> None:
    for name, value in record.items():
        if isinstance(value, dict):
            print(f"{indent}{name.replace('_', ' ')}")
            _print_figures(value, indent=indent + "  ")
        else:
            shown = f"{value:,}" if isinstance(value, int) else value
            print(f"{indent}{name.replace('_', ' '):<28} {shown}")


def run_eval_attribution(gold: Path, *, errors: int | None, settings: Settings, as_json: bool) -> None:
    from engine.learning.make import evaluate_attributor, read_gold

    try:
        documents = read_gold(gold)
    except OSError as error:
        raise InputError(f"{gold}: {error.strerror}") from error
    attributor, means = wiring.load_attributor(settings, registry=wiring.load_registry(settings))
    figures = evaluate_attributor(attributor, documents, examples=errors)
    if as_json:
        print_json({"attribution": means, "documents": len(documents)} | figures)
    else:
        tell(f"{counted(len(documents), 'document')}, attribution {means}")
        classes = figures.pop("errors", {})
        _print_figures(figures)
        _print_errors(classes)


def _print_errors(classes: dict[str, Any]) -> None:
    for name, errors in classes.items():
        print(f"\n{name.replace('_', ' ')}: {errors['n']}")
        for example in errors["examples"]:
            print(f"  {example['doc_id']}")
            for side in ("gold", "found"):
                if example[side] is not None:
                    source, cue, content, speaker = example[side].values()
                    print(f"    {side:<5} [{source}] [{cue}] {content}  ({speaker or 'no name'})")


def run_train(means: str, folder: Path, *, base: Path, marked: Sequence[Path], seed: int, as_json: bool) -> None:
    from engine.learning.make import make_tagger
    from engine.learning.recipe import RECIPES

    if means not in RECIPES:
        raise UsageError(f"MEANS: {means!r} is none of {', '.join(RECIPES)}")
    try:
        figures = make_tagger(means, folder, base=base, marked=marked, seed=seed, report=tell)
    except OSError as error:
        raise InputError(f"{error.filename or folder}: {error.strerror or error}") from error
    if as_json:
        print_json(figures)
    else:
        _print_figures(figures)
