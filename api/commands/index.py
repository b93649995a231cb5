"""`onrecord index`."""

from __future__ import annotations

import glob
import os
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from api import wiring
from api.cli import DONE, INTERRUPTED, SOME_FAILED
from api.commands.dead_letters import DeadLetters, place_of, read_refused
from api.terminal import err, print_json, tell, tell_skipped
from api.wording import counted
from engine.errors import UsageError
from engine.ingest import IndexReport, Progress, index_articles
from engine.ingest_workers import Pool
from engine.models import Article, Skipped
from engine.readers import ArticleDefaults, read_paths
from engine.settings import Settings

if TYPE_CHECKING:
    from rich.progress import Progress as Bars

SMALL_INPUT = 64
"""Articles up to which one process is quicker than starting others, each of which loads the models anew."""

MOST_WORKERS = 4
"""Chosen by itself at most: each worker holds its models in memory; `--workers` takes more."""


@dataclass(frozen=True, slots=True)
class Input:
    """What is to be read. With `retry` also what the store refused before."""

    paths: list[str]
    defaults: ArticleDefaults
    retry: bool = False

    def read(self, place: Path) -> Iterator[Article | Skipped]:
        stdin = sys.stdin.buffer if "-" in self.paths else None
        again = read_refused(place) if self.retry else iter(())
        return chain(again, read_paths(self.paths, defaults=self.defaults, stdin=stdin))


def run_index(given: Input, *, settings: Settings, workers: int | None, as_json: bool) -> int:
    """The exit code."""
    if not given.paths and not given.retry:
        raise UsageError("give a PATH: a file, a folder, a glob, or - for standard input (or --retry)")
    preparer = wiring.load_preparer(settings)
    _tell_means(settings)
    store = wiring.open_store(settings, identity=preparer.embedder.identity, create=True)
    refused = DeadLetters(place_of(settings))
    with ExitStack() as stack:
        stack.callback(store.close)
        stack.enter_context(_stopped_gently())
        articles, processes = _started(given.read(refused.place), workers)
        pool = None
        if processes > 1:
            pool = stack.enter_context(Pool(wiring.MakePreparer(settings), workers=processes))
        bar = stack.enter_context(_Bar(given.paths))

        def watch(progress: Progress) -> None:
            refused.take(progress)
            bar.advance(progress)

        report = index_articles(articles, store=store, preparer=preparer, pool=pool, watch=watch)
    refused.close(replace=given.retry and not report.interrupted)
    _tell(report, as_json=as_json)
    if refused.count:
        tell(
            f"{counted(refused.count, 'article')} refused by the store, kept in {refused.place}: onrecord index --retry"
        )
    if report.interrupted:
        return INTERRUPTED
    return SOME_FAILED if report.skipped else DONE


def _tell_means(settings: Settings) -> None:
    means = wiring.chosen_means(settings)
    if settings.attribution and means != settings.attribution:
        tell(f"the model of --attribution {settings.attribution} is not installed: {means} is used")


def _started(
    reading: Iterator[Article | Skipped], workers: int | None
) -> tuple[Iterable[Article | Skipped], int]:  # fmt: skip
    """The articles, and how many processes they are worth."""
    if workers is not None:
        return reading, workers
    machine = min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1, MOST_WORKERS)
    first = list(islice(reading, SMALL_INPUT + 1)) if machine > 1 else []
    return chain(first, reading), machine if len(first) > SMALL_INPUT else 1


@contextmanager
def _stopped_gently() -> Iterator[None]:
    """SIGTERM stops a run as Ctrl-C does: the article being written is finished or undone, the rest told."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _tell(report: IndexReport, *, as_json: bool) -> None:
    if as_json:
        print_json(report.record())
    else:
        rate = f", {report.paragraphs / report.seconds:,.0f} paragraphs/s" if report.paragraphs else ""
        print(
            f"{counted(report.articles, 'article')}: {report.added:,} new, {report.replaced:,} replaced, "
            f"{report.unchanged:,} unchanged; {counted(report.paragraphs, 'paragraph')} and "
            f"{counted(report.statements, 'statement')} written in {report.seconds:.1f} s{rate}"
        )
        if report.duplicates:
            print(f"{counted(report.duplicates, 'article')} came twice under one id; the last one is kept")
        if report.omitted_blocks:
            print(
                f"{counted(report.omitted_blocks, 'block')} ({counted(report.omitted_words, 'word')}) of the pages are "
                "no article text (menus, share lines, comments): onrecord attribute PAGE lists them"
            )
    tell_skipped((f"{s.input}: {s.reason}" for s in report.left_out), as_="left out")
    tell_skipped(
        f"{s.input}{f', line {s.line}' if s.line else ''}: {s.reason}" for s in report.skipped
    )  # fmt: skip
    if report.interrupted:
        tell("stopped; what was counted is stored, and the same command goes on from there")


class _Bar:
    """Bytes read of bytes there are, articles and paragraphs a second, and the time left; on stderr, for a terminal.

    A file counts as it is worked through, by the characters of its articles, and whole once the next one begins.
    """

    def __init__(self, paths: Sequence[str]) -> None:
        self._shown = sys.stderr.isatty()
        self._sizes = dict(_sizes(paths)) if self._shown else {}
        self._total = None if "-" in paths else sum(self._sizes.values())
        self._file = ""
        self._whole = self._part = self._articles = self._paragraphs = 0
        self._bars: Bars | None = None

    def __enter__(self) -> _Bar:
        if self._shown:
            from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
            from rich.progress import Progress as Bars

            columns = (
                TextColumn("{task.fields[told]}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"),
                TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(compact=True),
            )  # fmt: skip
            self._bars = Bars(*columns, console=err(), transient=True)
            self._bars.add_task("", total=self._total, told="reading")
            self._bars.start()
        return self

    def __exit__(self, *error: object) -> None:
        if self._bars is not None:
            self._bars.stop()

    def advance(self, progress: Progress) -> None:
        if self._bars is None:
            return
        if progress.input != self._file:
            self._whole += self._sizes.get(self._file, 0)
            self._file, self._part = progress.input, 0
        self._part = min(self._part + progress.characters, self._sizes.get(self._file, 0))
        self._articles += progress.what != "skipped"
        self._paragraphs += progress.paragraphs
        task = self._bars.tasks[0]
        rate = self._paragraphs / task.elapsed if task.elapsed else 0
        told = f"{self._articles:,} articles, {self._paragraphs:,} paragraphs, {rate:,.0f}/s"
        self._bars.update(task.id, completed=self._whole + self._part, told=told)


def _sizes(paths: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Bytes of every file that will be read."""
    for path in paths:
        for found in [path] if os.path.exists(path) else glob.glob(path, recursive=True):
            files = Path(found).rglob("*") if os.path.isdir(found) else [Path(found)]
            for file in files:
                if file.is_file():
                    yield str(file), file.stat().st_size
