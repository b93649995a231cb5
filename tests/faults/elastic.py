"""What the fault tests of Elasticsearch share: time that passes only by sleeping, and a few questions."""

from __future__ import annotations

from dataclasses import dataclass

from engine.stores.base import Retrieval
from engine.stores.elastic import ElasticStore
from engine.stores.elastic_bulk import Pauses
from tests.contract.builders import simple, terms
from tests.elasticsearch.proxy import Request


@dataclass(slots=True)
class Clock:
    """Time that passes only by sleeping, so that two minutes of trouble take none."""

    now: float = 0.0
    slept: int = 0

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept += 1

    def pauses(self) -> Pauses:
        return Pauses(sleep=self.sleep, clock=lambda: self.now)


def bridges(store: ElasticStore) -> int:
    return store.retrieve(Retrieval("statement", clause=terms("bridge"))).total


def outcomes(store: ElasticStore, count: int = 10) -> list[str]:
    return [o.outcome for o in store.put(simple(f"a{n}", f"Bridge {n}") for n in range(count))]


def bulk(request: Request) -> bool:
    return request.path.partition("?")[0].endswith("/_bulk")
