"""Fixtures for tests that need a real Elasticsearch: one node a run, or the user's own.

`ONRECORD_TEST_ELASTICSEARCH_URL`      a node that is there already (its indexes named onrecord-test-* are ours)
`ONRECORD_TEST_ELASTICSEARCH_VERSION`  9.4 (default) or 8.19, of the node that is fetched and started
`CI`                                   where it is set, a server that cannot be had is a failure; elsewhere a loud skip
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator

import pytest

from tests.elasticsearch.node import Cluster, start_cluster
from tests.elasticsearch.server import ServerUnavailableError, chosen_release

_MISSING = pytest.StashKey[str]()


def missing(config: pytest.Config, reason: str) -> None:
    """Fail in CI; elsewhere skip, and say so once more at the very end of the run."""
    if os.environ.get("CI"):
        pytest.fail(f"Elasticsearch is required in CI: {reason}", pytrace=False)
    config.stash[_MISSING] = reason
    pytest.skip(f"no Elasticsearch: {reason}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    reason = config.stash.get(_MISSING, None)
    if reason:
        terminalreporter.section("ELASTICSEARCH WAS NOT TESTED", sep="!", red=True, bold=True)
        terminalreporter.line(reason)
        terminalreporter.line("Set ONRECORD_TEST_ELASTICSEARCH_URL, or install Java 21 and Maven.")


@pytest.fixture(scope="session")
def elasticsearch_node(pytestconfig: pytest.Config) -> Iterator[Cluster]:
    """A single node of this run's own, started on first use; tests may not kill it (see `own_cluster`)."""
    try:
        cluster = start_cluster(chosen_release())
    except ServerUnavailableError as error:
        missing(pytestconfig, str(error))
        raise
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def elasticsearch_url(request: pytest.FixtureRequest) -> str:
    """The url of a node without security."""
    given = os.environ.get("ONRECORD_TEST_ELASTICSEARCH_URL")
    if given:
        return given
    node: Cluster = request.getfixturevalue("elasticsearch_node")
    return node.url


@pytest.fixture
def index_prefix(elasticsearch_url: str) -> Iterator[str]:
    """A fresh index prefix; whatever the test makes under it is deleted afterwards."""
    from elasticsearch import Elasticsearch

    prefix = f"onrecord-test-{secrets.token_hex(4)}"
    yield prefix
    with Elasticsearch(elasticsearch_url, request_timeout=60) as client:
        names = list(client.indices.get(index=f"{prefix}*", expand_wildcards="all", filter_path="*.aliases"))
        if names:
            client.indices.delete(index=names)


@pytest.fixture(scope="module")
def own_cluster(pytestconfig: pytest.Config) -> Iterator[Callable[..., Cluster]]:
    """Start a cluster that this module may hurt: `own_cluster(nodes=3, secure=True)`; stopped at the module's end."""
    clusters: list[Cluster] = []

    def start(**wish: object) -> Cluster:
        try:
            clusters.append(start_cluster(chosen_release(), **wish))  # type: ignore[arg-type]
        except ServerUnavailableError as error:
            missing(pytestconfig, str(error))
        return clusters[-1]

    yield start
    for cluster in clusters:
        cluster.stop()
