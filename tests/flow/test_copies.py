"""Wire copies in the command line, the service and the page alike."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.live import Service, run

WORDS = "The ferry will not close before winter, whatever the council says"
STORIES = {
    "wire": f"HARBOUR TOWN, March 2 (Wire) — “{WORDS},” Ana Ruiz said on Monday.",
    "daily": f'"{WORDS}", Ana Ruiz said on Monday.',
    "post": f"“{WORDS.replace('will not', 'won’t')},” Ana Ruiz said on Monday.",
    "rumour": f"“{WORDS.replace(' not', '')},” Ana Ruiz said on Monday.",
}
HREF = "/?q=ferry+winter&amp;in=paragraphs&amp;copies=show"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("copies")
    articles = [
        {"id": id, "outlet": id.title(), "title": f"Story of {id}", "published": f"2031-03-0{day}", "text": text,
         "url": f"https://example.org/{id}"}
        for day, (id, text) in enumerate(STORIES.items(), 2)
    ]  # fmt: skip
    (folder / "in.jsonl").write_text("".join(json.dumps(a) + "\n" for a in articles), encoding="utf-8")
    url = f"sqlite:{folder}/archive.sqlite"
    assert run("index", str(folder / "in.jsonl"), "--store", url, "--attribution", "rules").returncode == 0
    return url


@pytest.fixture(scope="module")
def client(store: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    service = Service(store, Path(tmp_path_factory.mktemp("service")) / "log")
    with httpx.Client(base_url=service.url, timeout=120) as client:
        yield client
    service.stop()


def test_one_hit_stands_for_the_copies_and_the_answer_counts_them(client: httpx.Client, store: str) -> None:
    asked = {"q": "ferry winter", "in": "paragraphs"}
    record = client.get("/v1/search", params=asked).json()
    printed = run("search", asked["q"], "--in", "paragraphs", "--json", "--store", store)
    assert json.loads(printed.stdout) == record
    assert (record["total"], record["folded"], len(record["hits"])) == (4, 2, 2)
    copied = next(hit for hit in record["hits"] if hit["copies"])
    names = [copied["article"]["id"], *(copy["article"]["id"] for copy in copied["copies"])]
    assert sorted(names) == ["daily", "post", "wire"]
    days = [copy["article"]["published"] for copy in copied["copies"]]
    assert days == sorted(days)
    for copy in copied["copies"]:
        text = client.get(f"/v1/articles/{copy['article']['id']}").json()["text"]
        assert " ".join(text[start:end] for start, end in copy["span"]) == copy["text"]
        assert copy["link"].startswith(copy["article"]["url"])
    assert any("2 copies" in note for note in record["notes"])


def test_all_are_shown_where_that_is_asked_for(client: httpx.Client, store: str) -> None:
    record = client.get("/v1/search", params={"q": "ferry winter", "in": "paragraphs", "copies": "show"}).json()
    assert (record["total"], record["folded"], len(record["hits"])) == (4, 0, 4)
    printed = run("search", "ferry winter", "--in", "paragraphs", "--copies", "show", "--json", "--store", store)
    assert json.loads(printed.stdout) == record
    refused = client.get("/v1/search", params={"q": "ferry", "copies": "some"})
    assert refused.status_code == 400
    assert "copies" in refused.json()["detail"]
    text = run("search", "ferry winter", "--in", "paragraphs", "--store", store).stdout
    assert text.count("the same words: ") == 2


def test_the_page_names_the_copies_and_has_a_switch(client: httpx.Client) -> None:
    folded = client.get("/", params={"q": "ferry winter", "in": "paragraphs"}).text
    assert "The same words in 2 other places" in folded
    assert HREF in folded
    shown = client.get("/", params={"q": "ferry winter", "in": "paragraphs", "copies": "show"}).text
    assert "The same words in" not in shown
    assert 'name="copies" value="show"' in shown
    assert "Fold copies of the same words" in shown


def test_reranking_is_off_and_cannot_be_asked_for_where_no_model_is_named(client: httpx.Client) -> None:
    refused = client.get("/v1/search", params={"q": "ferry", "rerank": "on"})
    assert refused.status_code == 400
    assert "ONRECORD_RERANKER" in refused.json()["detail"]
    assert client.get("/v1/search", params={"q": "ferry", "rerank": "off"}).status_code == 200
