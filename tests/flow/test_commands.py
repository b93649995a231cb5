"""The command line as a user runs it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.builders import news, write_news
from tests.live import Command, run


def last_line(stdout: str) -> dict[str, object]:
    record = json.loads(stdout.splitlines()[-1])
    assert isinstance(record, dict)
    return record


def test_index_ends_with_its_report_and_a_second_run_changes_nothing(onrecord: Command, tmp_path: Path) -> None:
    write_news(tmp_path / "news.jsonl", range(5))
    first, second = (onrecord("index", "news.jsonl", "--json") for _ in range(2))
    assert (first.returncode, second.returncode) == (0, 0)
    report = last_line(first.stdout)
    assert (report["articles"], report["unchanged"], report["replaced"], report["skipped"]) == (5, 0, 0, [])
    assert isinstance(report["statements"], int)
    assert report["statements"] >= 5
    again = last_line(second.stdout)
    assert (again["articles"], again["unchanged"], again["paragraphs"], again["statements"]) == (5, 5, 0, 0)
    status = last_line(onrecord("status", "--json").stdout)
    assert (status["articles"], status["statements"]) == (5, report["statements"])
    assert status["model"] == "all-MiniLM-L6-v2"
    assert str(status["store"]).startswith("sqlite:")


def test_a_changed_article_is_replaced_whole(onrecord: Command, tmp_path: Path) -> None:
    write_news(tmp_path / "news.jsonl", [1])
    onrecord("index", "news.jsonl")
    changed = news(1) | {"text": "“The bridge is safe,” Petra Sandoval said."}
    (tmp_path / "news.jsonl").write_text(json.dumps(changed), encoding="utf-8")
    assert last_line(onrecord("index", "news.jsonl", "--json").stdout)["replaced"] == 1
    answer = last_line(onrecord("search", "--json").stdout)
    assert [hit["text"] for hit in answer["hits"]] == ["“The bridge is safe,”"]  # type: ignore[attr-defined, index]


def test_one_bad_line_is_named_and_the_others_are_kept(onrecord: Command, tmp_path: Path) -> None:
    lines = [json.dumps(news(1)), "{broken", json.dumps(news(2))]
    (tmp_path / "news.jsonl").write_text("\n".join(lines), encoding="utf-8")
    done = onrecord("index", "news.jsonl", "missing.txt", "--json")
    assert done.returncode == 1
    report = last_line(done.stdout)
    assert report["articles"] == 2
    skipped = report["skipped"]
    assert isinstance(skipped, list)
    assert [(s["input"], s.get("line")) for s in skipped] == [("news.jsonl", 2), ("missing.txt", None)]
    assert "news.jsonl, line 2" in done.stderr
    assert "missing.txt" in done.stderr


def test_articles_come_from_standard_input_and_defaults_fill_what_they_lack(onrecord: Command) -> None:
    text = "Ferry stays\n\n“The ferry stays,” Ana Ruiz said on Monday after the vote.\n"
    arguments = ("--outlet", "Harbour Wire", "--published", "2031-02-03", "--url", "https://example.org/ferry")
    assert onrecord("index", "-", *arguments, stdin=text).returncode == 0
    (hit,) = last_line(onrecord("search", "ferry", "--kind", "direct", "--json").stdout)["hits"]  # type: ignore[misc]
    assert hit["article"]["outlet"] == "Harbour Wire"
    assert hit["article"]["published"] == "2031-02-03"
    assert hit["speaker"]["name"] == "Ana Ruiz"


def test_attribute_writes_one_article_a_line_in_input_order_and_stores_nothing(
    onrecord: Command, tmp_path: Path
) -> None:
    write_news(tmp_path / "b.jsonl", [2, 1])
    write_news(tmp_path / "a.jsonl", [3])
    done = onrecord("attribute", "b.jsonl", "a.jsonl")
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(r["input"], r["id"]) for r in records] == [
        ("b.jsonl", "news-0002"), ("b.jsonl", "news-0001"), ("a.jsonl", "news-0003"),
    ]  # fmt: skip
    assert not (tmp_path / "archive.sqlite").exists()
    keys = {"id", "kind", "content", "cue", "source", "channel", "act", "speaker", "speakers", "form", "affiliation"}
    for record in records:
        for statement in record["statements"]:
            assert keys | {"via", "confidence", "flags"} <= statement.keys()
            assert all(record["text"][s:e].strip() for s, e in statement["content"])


def test_every_word_of_a_file_that_is_shown_stands_in_the_file(onrecord: Command, tmp_path: Path) -> None:
    text = "\ufeffFerry stays\r\n\r\n“The ferry stays,” Ana Ruiz said.\r\n\r\n“It will,” she added.\r\n"
    (tmp_path / "a.txt").write_bytes(text.encode("utf-8"))
    decoded = text.removeprefix("\ufeff")
    (record,) = map(json.loads, onrecord("attribute", "a.txt").stdout.splitlines())
    start = record["span"][0]
    spans = [span for statement in record["statements"] for span in statement["content"]]
    assert spans
    for s, e in spans:
        assert decoded[start + s : start + e] == record["text"][s:e]


def test_gold_documents_are_answered_one_a_line_in_order(onrecord: Command, tmp_path: Path) -> None:
    documents = [{"doc_id": "d2", "text": "“The ferry stays,” Ana Ruiz said."}, {"doc_id": "d1", "text": "Rain."}]
    (tmp_path / "gold.jsonl").write_text("\n".join(map(json.dumps, documents)) + "\nnone\n", encoding="utf-8")
    done = onrecord("attribute", "gold.jsonl", "--format", "gold")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["doc_id"] for answer in answers] == ["d2", "d1"]
    (quote,) = answers[0]["quotes"]
    assert {"content", "cue", "source", "channel", "type", "act", "speaker_name", "via", "confidence"} <= quote.keys()
    assert (quote["type"], quote["speaker_name"]) == ("direct", "Ana Ruiz")
    assert done.returncode == 1
    assert "line 3" in done.stderr


@pytest.mark.parametrize("means", ["accurate", "fast", "rules"])
def test_every_means_of_attribution_can_be_asked_for(onrecord: Command, means: str) -> None:
    done = onrecord("attribute", "-", "--attribution", means, stdin="“The ferry stays,” Ana Ruiz said.\n")
    assert done.returncode == 0
    assert json.loads(done.stdout)["statements"]


def test_cards_show_the_statement_in_its_paragraph_with_speaker_and_source(sample_store: str) -> None:
    done = run("search", "safe zones", "--speaker", "Lavrov", "--store", sample_store)
    assert done.returncode == 0
    assert "Sergey Lavrov" in done.stdout
    assert "⟦" in done.stdout
    assert "\x1b[" not in done.stdout


def test_what_a_named_speaker_said_in_other_words_is_found_and_nonsense_is_not(sample_store: str) -> None:
    def texts(question: str) -> list[str]:
        answer = last_line(run("search", question, "--json", "--store", sample_store).stdout)
        return [hit["text"] for hit in answer["hits"]]  # type: ignore[attr-defined, index]

    first = texts("what did Lavrov say about safe zones")[:5]
    assert "safe zones" in first[0].replace("‘", "").replace("’", "")
    assert any("the idea to create areas within Syria for those internally displaced" in text for text in first)
    for nonsense in ("chocolate cake recipes", "football transfers", "quantum entanglement"):
        assert len(texts(f"what did Lavrov say about {nonsense}")) <= 1


@pytest.mark.parametrize(
    ("question", "speaker"),
    [
        ("what did Lavrov say about safe zones", "Sergey Lavrov"),
        ("who called it barbaric", "Maria Zakharova"),
        ("Zakharova on journalists", "Maria Zakharova"),
        ("what did Zaharova say about journalists", "Maria Zakharova"),
        ("Lavrof safe zones", "Sergey Lavrov"),
        ("Асад террористы", "Bashar Assad"),
    ],
)
def test_the_questions_of_the_first_day_are_answered_first(sample_store: str, question: str, speaker: str) -> None:
    answer = last_line(run("search", question, "--json", "--store", sample_store).stdout)
    first = answer["hits"][0]  # type: ignore[index]
    assert first["speaker"]["name"] == speaker


def test_search_json_has_the_shape_of_the_contract(sample_store: str) -> None:
    answer = last_line(run("search", "--json", "--limit", "3", "--store", sample_store).stdout)
    assert {"total", "hits", "next", "facets", "notes"} <= answer.keys()
    assert {"speaker", "outlet", "via", "kind", "act", "form", "month"} <= answer["facets"].keys()  # type: ignore[attr-defined]
    dates = [hit["article"]["published"] or "" for hit in answer["hits"]]  # type: ignore[attr-defined]
    assert dates == sorted(dates, reverse=True)


def test_show_prints_an_article_and_a_statement_by_their_ids(sample_store: str) -> None:
    hit = last_line(run("search", "safe zones", "--json", "--limit", "1", "--store", sample_store).stdout)["hits"][0]  # type: ignore[index]
    article = run("show", hit["article"]["id"], "--store", sample_store)
    assert hit["article"]["title"] in article.stdout
    assert f"[{hit['speaker']['name']} " in article.stdout.replace("\n", " ")
    statement = last_line(run("show", hit["id"], "--json", "--store", sample_store).stdout)
    assert statement["text"] == hit["text"]
    missing = run("show", "nobody", "--store", sample_store)
    assert (missing.returncode, missing.stdout) == (1, "")
    assert "'nobody'" in missing.stderr


def test_speakers_and_articles_are_listed(sample_store: str) -> None:
    speakers = last_line(run("speakers", "lavr", "--json", "--store", sample_store).stdout)["speakers"]
    assert [speaker["id"] for speaker in speakers] == ["sergey-lavrov"]  # type: ignore[attr-defined]
    page = last_line(run("articles", "--limit", "5", "--json", "--store", sample_store).stdout)
    rest = last_line(
        run("articles", "--after-id", str(page["next"]), "--json", "--store", sample_store).stdout
    )  # fmt: skip
    ids = [a["id"] for a in (*page["articles"], *rest["articles"])]  # type: ignore[misc]
    assert ids == sorted(set(ids))
    assert len(ids) == last_line(run("status", "--json", "--store", sample_store).stdout)["articles"]


def test_delete_takes_an_article_and_names_the_one_that_is_not_there(onrecord: Command, tmp_path: Path) -> None:
    write_news(tmp_path / "news.jsonl", [1, 2])
    onrecord("index", "news.jsonl")
    done = onrecord("delete", "news-0001", "nobody", "--json")
    assert done.returncode == 1
    assert last_line(done.stdout) == {"deleted": ["news-0001"], "missing": ["nobody"]}
    assert "nobody" in done.stderr
    assert [json.loads(line)["id"] for line in onrecord("export").stdout.splitlines()] == ["news-0002"]


def test_the_same_articles_are_exported_as_the_same_bytes_whatever_the_order_and_the_workers(tmp_path: Path) -> None:
    write_news(tmp_path / "news.jsonl", range(30))
    exports = []
    for name, order, workers in (("a", range(30), "1"), ("b", range(29, -1, -1), "2")):
        write_news(tmp_path / "news.jsonl", order)
        store = f"sqlite:{tmp_path}/{name}.sqlite"
        done = run("index", "news.jsonl", "--workers", workers, "--store", store, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        exports.append([run("export", "--format", f, "--store", store).stdout for f in ("ndjson", "csv", "jsonld")])
    assert exports[0] == exports[1]
    ndjson, table, linked = exports[0]
    records = [json.loads(line) for line in ndjson.splitlines()]
    assert [record["id"] for record in records] == [f"news-{n:04d}" for n in range(30)]
    rows = list(csv.DictReader(io.StringIO(table)))
    quotations = json.loads(linked)["@graph"]
    count = sum(len(record["statements"]) for record in records)
    assert len(rows) == len(quotations) == count > 60
    assert {row["text"] for row in rows} == {quotation["text"] for quotation in quotations}


def test_an_export_to_a_file_is_there_whole_or_not_at_all(onrecord: Command, tmp_path: Path) -> None:
    write_news(tmp_path / "news.jsonl", [1])
    onrecord("index", "news.jsonl")
    assert onrecord("export", "-o", "out.ndjson").returncode == 0
    assert json.loads((tmp_path / "out.ndjson").read_text(encoding="utf-8"))["id"] == "news-0001"
    done = onrecord("export", "-o", "no/such/folder.ndjson")
    assert done.returncode == 1
    assert "no/such/folder.ndjson" in done.stderr
    assert not list(tmp_path.glob("**/*.part"))


def test_a_cell_that_a_spreadsheet_would_run_is_disarmed(onrecord: Command, tmp_path: Path) -> None:
    record = news(1) | {"title": "=HYPERLINK(1)", "text": "“The ferry stays,” Ana Ruiz said."}
    (tmp_path / "news.jsonl").write_text(json.dumps(record), encoding="utf-8")
    onrecord("index", "news.jsonl")
    rows = list(csv.DictReader(io.StringIO(onrecord("export", "--format", "csv").stdout)))
    assert {row["title"] for row in rows} == {"'=HYPERLINK(1)"}
