"""Separate translations of one statement, with the real embedder: what is near enough to be taken for one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.embed import load_embedder
from engine.ports import Embedder
from engine.prepare import Preparer
from engine.registry import Registry
from engine.stores.embedded import open_embedded
from engine.variants import variants
from engine.variants_relation import PERHAPS_TRANSLATED, TRANSLATED
from engine.views import Sources
from tests.builders import ScriptedAttributor, article, statement

TRANSLATIONS = (
    ("Safe zones in the valley must be agreed with the government",
     "Security areas in the valley require the consent of the authorities"),
    ("We will give the harbour workers the support that they ask for",
     "We shall provide the dockers with the assistance they request"),
    ("The bridge was closed because the river was rising",
     "The crossing was shut as the water level in the river went up"),
    ("Nobody has the right to dictate to us whom we trade with",
     "No one is entitled to tell us with whom we may do business"),
    ("The talks were useful and they will go on next week",
     "The negotiations proved fruitful and are to continue in the coming week"),
    ("Our partners forget their promises as soon as they leave the room",
     "Our partners no longer remember what they promised once they are out the door"),
    ("This attack is barbaric and those behind it will be punished",
     "It is a barbarous assault and the people responsible will face punishment"),
    ("The sanctions hurt those who imposed them more than they hurt us",
     "Those who introduced the sanctions suffer from them more than we do"),
    ("We are ready to open the archive to every researcher",
     "We are prepared to grant all scholars access to the archive"),
    ("The council has to answer for the money that is missing",
     "The council must account for the funds that have disappeared"),
    ("I regret that the ferry was sold to a foreign owner",
     "I am sorry the ferry was sold to an owner from abroad"),
    ("Peace cannot be built without those who live in the valley",
     "Without the inhabitants of the valley no peace can be built"),
)  # fmt: skip
OTHER_STATEMENTS = (
    "Safe zones in the valley would help the refugees to return home",
    "We will ask the harbour workers to support the new owner",
    "The bridge was opened again when the river had fallen",
    "We will trade with whoever keeps to the rules of the harbour",
    "The talks were delayed and the delegations went home this week",
    "Our partners have promised to pay for the new room",
    "This attack was planned abroad and we know those behind it",
    "The sanctions have to be lifted before we talk to those who imposed them",
    "The archive will be closed until every paper has been counted",
    "The council has asked for more money for the schools",
    "I will not sell the ferry to anybody before the winter",
    "Those who live in the valley want peace and clean water",
)
"""Of the same topic, in the order of TRANSLATIONS."""


SURE, UNSURE = 10, 6


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder()


def test_the_thresholds_divide_translations_and_statements_on_one_topic_as_they_say(embedder: Embedder) -> None:
    first = embedder.embed([one for one, _ in TRANSLATIONS])
    same = (first * embedder.embed([other for _, other in TRANSLATIONS])).sum(axis=1)
    different = (first * embedder.embed(OTHER_STATEMENTS)).sum(axis=1)
    assert (int((same >= TRANSLATED).sum()), int((different >= TRANSLATED).sum())) == (1, 0)
    perhaps = tuple(int(((c >= PERHAPS_TRANSLATED) & (c < TRANSLATED)).sum()) for c in (same, different))
    assert perhaps == (9, 9)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Sources]:
    sure, unsure = TRANSLATIONS[SURE], TRANSLATIONS[UNSURE]
    stories = {
        "a": (sure[0], "2031-03-02", "Ana Ruiz"),
        "b": (sure[1], "2031-03-03", "Ana Ruiz"),
        "later": (sure[1] + ".", "2031-06-03", "Ana Ruiz"),
        "other": (sure[1] + "!", "2031-03-03", "Jonas Weir"),
        "undated": (sure[1] + " ", None, "Ana Ruiz"),
        "c": (unsure[0], "2031-03-02", "Ana Ruiz"),
        "d": (unsure[1], "2031-03-02", "Ana Ruiz"),
    }
    texts = {id: f"“{words}” {speaker} said." for id, (words, _, speaker) in stories.items()}
    script = {
        id: (statement(texts[id], f"“{words}”", id=id, speaker=speaker),) for id, (words, _, speaker) in stories.items()
    }
    articles = [article(texts[id], id=id, published=day) for id, (_, day, _) in stories.items()]
    store = open_embedded(tmp_path_factory.mktemp("variants") / "store.db", identity=embedder.identity)
    list(store.put(Preparer(ScriptedAttributor(script), embedder, means="script").prepare(articles)))  # type: ignore[arg-type]
    yield Sources(store, embedder, Registry.of(()))
    store.close()


def test_a_sure_translation_of_the_same_days_and_speaker_joins_the_cluster(sources: Sources) -> None:
    answer = variants(sources, statement="a")
    assert [(v.statement, v.relation) for v in answer.variants] == [("a", "given"), ("b", "translated")]
    assert [(one.variant.statement, one.reason) for one in answer.apart] == [("undated", "perhaps translated apart")]


def test_an_unsure_translation_is_shown_apart(sources: Sources) -> None:
    answer = variants(sources, statement="c")
    assert [v.statement for v in answer.variants] == ["c"]
    assert ("d", "perhaps translated apart") in {(one.variant.statement, one.reason) for one in answer.apart}
