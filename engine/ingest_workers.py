"""Attribution and embedding in several processes, in order, with a bounded number of articles on their way."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache

from engine.errors import ModelError
from engine.models import Article, Skipped
from engine.prepare import Preparer
from engine.stores.base import PreparedArticle

AHEAD = 2
"""Chunks on their way for each worker: one being worked on, one waiting, so that none idles and memory is bounded."""

Chunk = list[PreparedArticle | Skipped]


class Pool:
    """Worker processes, each with a preparer of its own.

    `make_preparer` makes it: picklable, and equal to its copy (a frozen dataclass), so that it is made once a process.
    """

    def __init__(self, make_preparer: Callable[[], Preparer], *, workers: int) -> None:
        self._make_preparer = make_preparer
        self._workers = workers
        # Spawned, not forked: model runtimes hold threads and locks that a fork would copy half-way.
        self._executor = ProcessPoolExecutor(
            workers, mp_context=multiprocessing.get_context("spawn"), initializer=_start
        )

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *error: object) -> None:
        self._executor.shutdown(wait=True, cancel_futures=True)

    def prepare(self, chunks: Iterable[tuple[Article, ...]]) -> Iterator[Chunk]:
        """One answer for each chunk, in order. Raises ModelError where the workers cannot be kept alive."""
        running: deque[Future[Chunk]] = deque()
        try:
            for chunk in chunks:
                running.append(self._executor.submit(_prepare, self._make_preparer, chunk))
                if len(running) >= self._workers * AHEAD:
                    yield running.popleft().result()
            while running:
                yield running.popleft().result()
        except BrokenProcessPool as error:
            raise ModelError(
                "a worker process died, most likely for want of memory; what was counted is stored: "
                "run the same command again with fewer --workers"
            ) from error


def _start() -> None:
    """Ctrl-C is the parent's to handle; and a worker whose parent was killed must not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _prepare(make_preparer: Callable[[], Preparer], chunk: tuple[Article, ...]) -> Chunk:
    return _preparer(make_preparer).prepare(chunk)


@lru_cache(maxsize=1)
def _preparer(make_preparer: Callable[[], Preparer]) -> Preparer:
    """Made once in each process; models take a second to load."""
    return make_preparer()
