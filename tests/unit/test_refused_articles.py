from pathlib import Path

import pytest

from api.commands.dead_letters import DeadLetters, place_of, read_refused
from engine.ingest import Progress
from engine.models import Article, Skipped
from engine.settings import Settings
from tests.builders import article


def refused(one: Article) -> Progress:
    return Progress("skipped", one.input or "", refused=one)


def test_without_a_refused_article_there_is_no_file(tmp_path: Path) -> None:
    letters = DeadLetters(tmp_path / "a.refused.ndjson")
    letters.take(Progress("added", "a.txt", 10, 1))
    letters.close(replace=False)
    assert list(tmp_path.iterdir()) == []


def test_a_refused_article_is_kept_as_it_was_read_and_later_ones_join_it(tmp_path: Path) -> None:
    place = tmp_path / "a.refused.ndjson"
    first, second = article("“Ferry,” she said.", id="a", outlet="Harbour Wire"), article("Rain.", id="b")
    for one in (first, second):
        letters = DeadLetters(place)
        letters.take(refused(one))
        letters.close(replace=False)
    assert list(read_refused(place)) == [first, second]
    assert [file.name for file in tmp_path.iterdir()] == [place.name]


def test_a_retry_keeps_only_what_was_refused_again(tmp_path: Path) -> None:
    place = tmp_path / "a.refused.ndjson"
    for number, again in ((2, False), (1, True), (0, True)):
        letters = DeadLetters(place)
        for n in range(number):
            letters.take(refused(article(id=f"a{n}")))
        letters.close(replace=again)
        assert len(list(read_refused(place))) == number
    assert not place.exists()


def test_a_line_that_is_no_article_is_named(tmp_path: Path) -> None:
    place = tmp_path / "a.refused.ndjson"
    place.write_text('{"id": 1}\nnothing\n', encoding="utf-8")
    entries = list(read_refused(place))
    assert [entry.line for entry in entries if isinstance(entry, Skipped)] == [1, 2]


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        (Settings(store="sqlite:/srv/a.sqlite"), "a.sqlite.refused.ndjson"),
        (Settings(store="http://127.0.0.1:9200", index="news"), "news.refused.ndjson"),
    ],
)
def test_each_store_has_a_file_of_its_own(settings: Settings, name: str) -> None:
    assert place_of(settings).name == name
