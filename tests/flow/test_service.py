"""The service over HTTP: a live server over a real store."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.live import Service, run

PROBLEM = "application/problem+json"


def answer(client: httpx.Client, path: str, **parameters: Any) -> dict[str, Any]:
    response = client.get(path, params=parameters)
    assert response.status_code == 200, response.text
    record = response.json()
    assert isinstance(record, dict)
    return record


def is_problem(response: httpx.Response, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == PROBLEM
    record = response.json()
    assert (record["status"], record["type"]) == (status, "about:blank")
    assert record["title"]
    assert "Traceback" not in response.text
    assert ".py" not in response.text
    return dict(record)


def test_service_and_command_give_the_same_answer(client: httpx.Client, sample_store: str) -> None:
    asked = {"q": "safe zones", "speaker": "Lavrov", "limit": 5}
    by_http = answer(client, "/v1/search", **asked)
    by_hand = run("search", "safe zones", "--speaker", "Lavrov", "--limit", "5", "--json", "--store", sample_store)
    printed = json.loads(by_hand.stdout)
    assert by_http.pop("next", None) is not None or printed.get("next") is None
    printed.pop("next")
    assert by_http == printed


def test_every_hit_traces_to_the_characters_of_its_article(client: httpx.Client) -> None:
    for within in ("statements", "paragraphs"):
        for hit in answer(client, "/v1/search", limit=100, **{"in": within})["hits"]:
            text = answer(client, f"/v1/articles/{hit['article']['id']}")["text"]
            assert " ".join(text[s:e] for s, e in hit["span"]) == hit["text"]
            paragraph = hit["paragraph"]
            start = paragraph["start"]
            assert text[start : start + len(paragraph["text"])] == paragraph["text"]
            if within == "statements":
                words = " ".join(paragraph["text"][s:e] for s, e in paragraph["statement"])
                assert words == hit["text"]
            else:
                nothing = ("speaker", "speakers", "form", "kind", "act", "via", "cue", "confidence")
                assert all(hit[name] is None for name in nothing)


def test_paging_by_the_cursor_yields_each_hit_once(client: httpx.Client) -> None:
    total, seen, cursor = None, [], None
    while True:
        page = answer(client, "/v1/search", limit=7, **({"cursor": cursor} if cursor else {}))
        total = page["total"] if total is None else total
        assert page["total"] == total
        seen += [hit["id"] for hit in page["hits"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == total


def test_filters_narrow_and_their_facets_count_what_is_left(client: httpx.Client) -> None:
    everything = answer(client, "/v1/search")
    for name in ("speaker", "outlet", "kind", "act", "form", "via"):
        for facet in everything["facets"][name][:2]:
            narrowed = answer(client, "/v1/search", **{name: facet["value"]})
            assert narrowed["total"] == facet["count"], (name, facet)
    month = everything["facets"]["month"][0]
    assert answer(client, "/v1/search", after=month["value"], before=month["value"])["total"] == month["count"]


def test_several_values_of_a_filter_mean_any_of_them(client: httpx.Client) -> None:
    kinds = [answer(client, "/v1/search", kind=kind)["total"] for kind in ("direct", "indirect")]
    assert answer(client, "/v1/search", kind=["direct", "indirect"])["total"] == sum(kinds)


def test_an_article_does_not_tell_the_file_it_came_from(client: httpx.Client) -> None:
    article = answer(client, "/v1/search", limit=1)["hits"][0]["article"]["id"]
    record = answer(client, f"/v1/articles/{article}")
    assert "input" not in record
    assert {"id", "text", "paragraphs", "statements"} <= record.keys()


def test_a_statement_is_given_in_its_paragraph_and_article(client: httpx.Client) -> None:
    hit = answer(client, "/v1/search", limit=1)["hits"][0]
    record = answer(client, f"/v1/statements/{hit['id']}")
    assert (record["text"], record["article"], record["link"]) == (hit["text"], hit["article"], hit["link"])
    paragraph = record["paragraph"]
    assert " ".join(paragraph["text"][s:e] for s, e in paragraph["statement"]) == hit["text"]


def test_speakers_are_listed_with_their_days(client: httpx.Client) -> None:
    (speaker,) = answer(client, "/v1/speakers", prefix="lavr")["speakers"]
    assert (speaker["id"], speaker["name"]) == ("sergey-lavrov", "Sergey Lavrov")
    assert speaker["first"] <= speaker["last"]


def test_a_draft_is_checked(client: httpx.Client) -> None:
    hits = answer(client, "/v1/search", kind="direct", speaker="Zakharova")["hits"]
    words = hits[0]["text"].strip("“”\"',.")
    response = client.post("/v1/quotes:check", json={"text": f"“{words},” Maria Zakharova said."})
    assert response.status_code == 200
    record = response.json()
    assert [quotation["verdict"] for quotation in record["quotations"]] == ["verbatim"]
    assert record["scope"]["articles"] > 10


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/v1/search?foo=1", "foo"), ("/v1/search?limit=0", "limit"), ("/v1/search?limit=1001", "limit"),
        ("/v1/search?limit=many", "limit"), ("/v1/search?kind=spoken", "kind"), ("/v1/search?in=x", "in"),
        ("/v1/search?mode=x", "mode"), ("/v1/search?after=yesterday", "after"), ("/v1/search?cursor=broken", "cursor"),
        ("/v1/search?cursor=WyJhIl0", "cursor"), ("/v1/speakers?limit=0", "limit"), ("/v1/speakers?x=1", "x"),
        ("/healthz?x=1", "x"), ("/v1/articles/a?x=1", "x"), (f"/v1/search?speaker={'x' * 501}", "speaker"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_its_name(client: httpx.Client, path: str, named: str) -> None:
    assert named in is_problem(client.get(path), 400)["detail"]


@pytest.mark.parametrize("path", ["/v1/articles/none", "/v1/statements/none", "/v1/nothing", "/nothing"])
def test_what_is_not_there_is_a_problem_with_404(client: httpx.Client, path: str) -> None:
    is_problem(client.get(path), 404)


@pytest.mark.parametrize(
    "q", ["\x00", "zones\x00zones", "'; DROP TABLE articles; --", '"' * 2_000, "(" * 2_000, "*", "NEAR/", "a:b:c",
          "𝔷𝔬𝔫𝔢𝔰", "\u202ezones", "x " * 10_000, "%ff%fe"],
)  # fmt: skip
def test_no_query_breaks_the_search(client: httpx.Client, q: str) -> None:
    for mode in ("hybrid", "keyword", "semantic"):
        assert answer(client, "/v1/search", q=q, mode=mode).keys() >= {"total", "hits", "notes"}


def test_bytes_that_are_no_text_in_the_url_do_no_harm(client: httpx.Client, service: Service) -> None:
    for path in ("/v1/search?q=%ff%fe", "/v1/articles/%00", "/v1/statements/%ff", "/articles/..%2f..%2fetc%2fpasswd"):
        assert client.get(f"{service.url}{path}").status_code in (200, 400, 404)


def test_a_body_that_is_too_large_is_refused_before_it_is_read(client: httpx.Client) -> None:
    is_problem(client.post("/v1/quotes:check", content=b"x" * 1_000_001), 413)
    is_problem(client.post("/v1/quotes:check", json={"text": "x" * 64_001}), 413)

    def endless() -> Any:
        for _ in range(200):
            yield b" " * 10_000

    is_problem(client.post("/v1/quotes:check", content=endless()), 413)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"x"', b'{"text": 1}', b'{"text": "x", "more": 1}', b'{"txt": "x"}', b"\xff\xfe",
             b'{"text": "\\ud800"}', b"[" * 50_000],
)  # fmt: skip
def test_a_body_that_is_no_draft_is_refused(client: httpx.Client, body: bytes) -> None:
    response = client.post("/v1/quotes:check", content=body, headers={"content-type": "application/json"})
    is_problem(response, 400)


def test_other_methods_are_refused(client: httpx.Client) -> None:
    assert is_problem(client.post("/v1/search"), 405)
    assert is_problem(client.delete("/v1/articles/x"), 405)


def test_head_is_answered_like_get_without_the_body(client: httpx.Client) -> None:
    for path in ("/", "/healthz", "/v1/search?q=zones", "/v1/articles/none"):
        head, get = client.head(path), client.get(path)
        assert (head.status_code, head.content) == (get.status_code, b"")
        assert head.headers["content-type"] == get.headers["content-type"]


def test_health_is_of_the_process_and_readiness_of_store_and_model(client: httpx.Client) -> None:
    assert answer(client, "/healthz") == {"status": "ok"}
    ready = answer(client, "/readyz")
    assert (ready["status"], ready["store"], ready["model"]) == ("ready", "sqlite", "all-MiniLM-L6-v2")


def test_answers_carry_the_headers_that_keep_a_browser_safe(client: httpx.Client) -> None:
    for path in ("/", "/v1/search", "/nothing"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "server" not in headers


def test_no_other_site_may_call_the_api_unless_it_is_allowed(client: httpx.Client) -> None:
    asked = client.get("/healthz", headers={"origin": "https://elsewhere.example"})
    assert "access-control-allow-origin" not in asked.headers


def test_the_description_of_the_api_names_every_route_with_examples(client: httpx.Client) -> None:
    described = answer(client, "/openapi.json")
    paths = {"/v1/search", "/v1/articles/{id}", "/v1/statements/{id}", "/v1/speakers", "/v1/quotes:check", "/healthz"}
    assert paths | {"/readyz"} <= described["paths"].keys()
    assert "safe zones" in json.dumps(described)


def test_a_store_that_is_away_is_a_problem_with_503_and_the_process_lives(tmp_path: Path) -> None:
    service = Service("http://127.0.0.1:9", tmp_path / "log", ONRECORD_ES_TIMEOUT="1")
    try:
        assert service.client.get("/healthz").status_code == 200
        for path in ("/readyz", "/v1/search?q=x", "/v1/articles/x", "/v1/speakers"):
            response = service.client.get(path)
            assert is_problem(response, 503)["title"] == "The store does not answer"
            assert "retry-after" in response.headers
        page = service.client.get("/")
        assert page.status_code == 503
        assert page.headers["content-type"].startswith("text/html")
    finally:
        assert service.stop() == 0
    assert "Traceback" not in (tmp_path / "log").read_text(encoding="utf-8")


def test_a_port_that_is_taken_is_told_at_once(service: Service) -> None:
    done = run("serve", "--port", service.url.rpartition(":")[2])
    assert done.returncode == 2
    assert "ONRECORD_PORT" in done.stderr


def test_articles_indexed_beside_a_running_service_are_found_by_it(tmp_path: Path) -> None:
    store = f"sqlite:{tmp_path}/archive.sqlite"
    service = Service(store, tmp_path / "log")
    try:
        assert answer(service.client, "/v1/search", q="ferry")["total"] == 0
        done = run("index", "-", "--store", store, stdin="Ferry\n\n“The ferry stays,” Ana Ruiz said on Monday.\n")
        assert done.returncode == 0
        assert answer(service.client, "/v1/search", q="ferry stays", mode="keyword")["total"] >= 1
    finally:
        service.stop()
