"""What a newsroom does with the command and the service, on a real Elasticsearch node."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.builders import news, write_news
from tests.live import ROOT, Command, Result, Service, run

pytestmark = pytest.mark.elasticsearch

SAMPLE = str(ROOT / "api" / "sample" / "articles")


@pytest.fixture(scope="module")
def onrecord(elasticsearch_url: str) -> Iterator[Command]:
    """The command over an index of this module's own."""
    from elasticsearch import Elasticsearch

    prefix = f"onrecord-test-{secrets.token_hex(4)}"
    yield partial(run, ONRECORD_STORE=elasticsearch_url, ONRECORD_INDEX=prefix)
    with Elasticsearch(elasticsearch_url, request_timeout=60) as client:
        client.indices.delete(index=list(client.indices.get(index=f"{prefix}-*").body))


@pytest.fixture(scope="module")
def indexed(onrecord: Command) -> dict[str, Any]:
    """The report of indexing the sample."""
    return said(onrecord("index", SAMPLE, "--json"))


@pytest.fixture(scope="module")
def client(
    onrecord: Command, indexed: dict[str, Any], elasticsearch_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """Of a service over the same index."""
    assert indexed["articles"] > 10
    assert isinstance(onrecord, partial)
    log = tmp_path_factory.mktemp("service") / "log"
    service = Service(elasticsearch_url, log, ONRECORD_INDEX=onrecord.keywords["ONRECORD_INDEX"])
    yield service.client
    service.stop()


def said(done: Result) -> dict[str, Any]:
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout.splitlines()[-1])
    assert isinstance(record, dict)
    return record


def answer(client: httpx.Client, **parameters: Any) -> dict[str, Any]:
    given = {name: value for name, value in parameters.items() if value is not None}
    response = client.get("/v1/search", params=given)
    assert response.status_code == 200, response.text
    return dict(response.json())


def all_pages(ask: Callable[[str | None], dict[str, Any]]) -> list[dict[str, Any]]:
    """The hits of all pages, each once; every page tells the same total, which counts hits and their copies."""
    hits, totals, cursor = [], set(), None
    while True:
        page = ask(cursor)
        hits += page["hits"]
        totals.add(page["total"])
        cursor = page["next"]
        if cursor is None:
            break
    assert totals == {len(hits) + sum(len(hit["copies"]) for hit in hits)}
    assert len({hit["id"] for hit in hits}) == len(hits)
    return hits


def test_the_sample_is_indexed_once_and_counted_as_in_the_embedded_store(
    onrecord: Command, indexed: dict[str, Any], sample_store: str
) -> None:
    again = said(onrecord("index", SAMPLE, "--json"))
    assert again["unchanged"] == indexed["articles"]
    status = said(onrecord("status", "--json"))
    assert (status["articles"], status["statements"]) == (indexed["articles"], indexed["statements"])
    assert str(status["store"]).startswith("http://127.0.0.1:")
    embedded = said(run("status", "--json", "--store", sample_store))
    assert {**status, "store": None} == {**embedded, "store": None}


@pytest.mark.usefixtures("indexed")
def test_the_export_is_the_embedded_stores_byte_for_byte(onrecord: Command, sample_store: str) -> None:
    ours, theirs = onrecord("export"), run("export", "--store", sample_store)
    assert (ours.returncode, theirs.returncode) == (0, 0), ours.stderr
    assert ours.stdout
    assert ours.stdout == theirs.stdout


def test_command_and_service_turn_the_same_pages(
    onrecord: Command, client: httpx.Client, indexed: dict[str, Any]
) -> None:
    def by_command(cursor: str | None) -> dict[str, Any]:
        return said(onrecord("search", "--limit", "150", "--json", *(("--cursor", cursor) if cursor else ())))

    hits = all_pages(lambda cursor: answer(client, limit=150, cursor=cursor))
    assert len(hits) == indexed["statements"]
    assert all_pages(by_command) == hits
    zones = all_pages(lambda cursor: answer(client, q="what did Lavrov say about safe zones", limit=3, cursor=cursor))
    assert zones[0]["speaker"]["id"] == "sergey-lavrov"


def test_a_question_is_answered_as_by_the_embedded_store(
    onrecord: Command, client: httpx.Client, sample_store: str
) -> None:
    asked = ("search", "safe zones", "--speaker", "Lavrov", "--mode", "keyword", "--json")
    by_command, embedded = said(onrecord(*asked)), said(run(*asked, "--store", sample_store))
    by_http = answer(client, q="safe zones", speaker="Lavrov", mode="keyword")
    for record in (by_command, by_http, embedded):
        record.pop("next")
    assert by_command == by_http
    assert {hit["id"] for hit in by_command["hits"]} == {hit["id"] for hit in embedded["hits"]}
    assert by_command["hits"]
    for name in ("total", "facets", "notes"):
        assert by_command[name] == embedded[name]


def test_a_draft_is_checked_against_it(onrecord: Command, client: httpx.Client, indexed: dict[str, Any]) -> None:
    hits = answer(client, kind="direct", speaker="Zakharova")["hits"]
    words = hits[0]["text"].strip("“”\"',.")
    draft = f"“{words},” Maria Zakharova said."
    by_command = said(onrecord("check", "-", "--json", stdin=draft))
    by_http = client.post("/v1/quotes:check", json={"text": draft}).json()
    assert by_command["quotations"] == by_http["quotations"]
    assert [quotation["verdict"] for quotation in by_http["quotations"]] == ["verbatim"]
    assert by_http["scope"]["articles"] == indexed["articles"]


def test_an_article_that_is_deleted_is_gone_from_everything(
    onrecord: Command, client: httpx.Client, indexed: dict[str, Any], tmp_path: Path
) -> None:
    article = news(7)
    path, before = write_news(tmp_path / "news.jsonl", [7]), onrecord("export").stdout
    assert said(onrecord("index", str(path), "--json"))["articles"] == 1
    assert client.get(f"/v1/articles/{article['id']}").json()["text"] == article["text"]
    assert onrecord("delete", article["id"]).returncode == 0
    assert client.get(f"/v1/articles/{article['id']}").status_code == 404
    assert onrecord("delete", article["id"]).returncode == 1
    assert answer(client)["total"] == indexed["statements"]
    assert onrecord("export").stdout == before


def test_the_service_says_which_store_it_stands_on(client: httpx.Client) -> None:
    ready = client.get("/readyz").json()
    assert (ready["status"], ready["store"]) == ("ready", "elasticsearch")
