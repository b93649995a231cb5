"""The corpus keeps its guidelines, and is read exactly."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InputError
from engine.learning.corpus import (
    CORPUS,
    GoldDocument,
    doc_id,
    gold_document,
    heldout_ids,
    load_corpus,
    read_marked,
    validate,
)

FILES = sorted(CORPUS.glob("articles/*/*.txt"))

SOUND = """title: Border to reopen
outlet: Valmera Courier
date: 2031-03-04
style: wire
lang: en
---
<s 1>Ana Ruiz</s> <q 1>said</q> <c 1>that the border would reopen</c>.

<c 2>“We are ready,”</c> <s 2>she</s> <q 2>told</q> <v 2>Norvik</v>. <c 2>“Nothing is left.”</c>
---
1 | indirect | say | Ana Ruiz | named
2 | direct | say | Ana Ruiz | pronoun | Norvik > Interpress
"""


@pytest.fixture(scope="module")
def corpus() -> list[GoldDocument]:
    return load_corpus(heldout=None)


def written(folder: Path, text: str) -> Path:
    path = folder / "articles" / "new" / "001.txt"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("path", FILES, ids=doc_id)
def test_every_article_of_the_corpus_keeps_the_guidelines(path: Path) -> None:
    assert validate(path) == []


def test_the_corpus_has_the_articles_it_is_said_to_have() -> None:
    card = (CORPUS / "DATA_CARD.md").read_text(encoding="utf-8")
    folders = {path.parent.name for path in FILES}
    assert f"{len(FILES)} articles in {len(folders)} folders" in card
    assert len(FILES) >= 402


def test_offsets_point_at_the_tagged_words_and_the_text_has_no_tags(tmp_path: Path) -> None:
    article = read_marked(written(tmp_path, SOUND))
    words = [article.text[start:end] for start, end in article.spans(2, "c")]
    assert words == ["“We are ready,”", "“Nothing is left.”"]
    assert article.text == (
        "Ana Ruiz said that the border would reopen.\n\n“We are ready,” she told Norvik. “Nothing is left.”"
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("</c>.\n\n", ".\n\n", 7, "never closed"),
        ("| indirect |", "| sideways |", 11, "unknown kind"),
        ("| say | Ana Ruiz | named", "| sang | Ana Ruiz | named", 11, "unknown act"),
        ("Ruiz | named", "Ruiz | none", 11, "has a source"),
        ("<s 2>she</s>", "she", 12, "lacks a source"),
        ("said</q> <c 1>that ", "said</q> that <c 1>", 11, "belongs to the content"),
        ("said</q> <c 1>that ", "said that</q> <c 1>", 11, "complementiser"),
        ("<c 1>that the border would reopen</c>", "<c 1>that the border would reopen </c>", 7, "a space"),
        ("<s 1>Ana Ruiz</s> <q 1>said</q> <c 1>", "<s 1>Ana Ruiz</s> <c 1><q 1>said</q> ", 11, "own content"),
        ("2 | direct", "2 | indirect", 12, "inside marks"),
        ("1 | indirect", "1 | mixed", 11, "nothing in its content is marked"),
        ("| Ana Ruiz | pronoun", "| Ruiz | pronoun", 12, "also written"),
        ("2 | direct | say | Ana Ruiz", "3 | direct | say | Ana Ruiz", 9, "has no row"),
        ("outlet: Valmera Courier\n", "", 1, "'outlet' is missing"),
        ("date: 2031-03-04", "date: last week", 1, "not YYYY-MM-DD"),
        ("---\n1 |", "1 |", 1, "found 2 parts"),
        ("Ana Ruiz | named", "anon: a minister | named", 11, "form named"),
        ("<q 1>said</q>", "<q 1>sai</q>d", 7, "inside a word"),
    ],
)
def test_the_validator_names_the_line_of(tmp_path: Path, old: str, new: str, line: int, what: str) -> None:
    assert old in SOUND
    problems = validate(written(tmp_path, SOUND.replace(old, new, 1)))
    assert [problem for problem in problems if problem.line == line and what in problem.what], problems


def test_one_attribution_marked_twice_is_a_problem(tmp_path: Path) -> None:
    twice = SOUND.replace(
        "<q 1>said</q> <c 1>that the border would reopen</c>",
        "<q 1><q 3>said</q></q> <c 1><c 3>that the border would reopen</c></c>",
    )
    twice = twice.replace("<s 1>Ana Ruiz</s>", "<s 1><s 3>Ana Ruiz</s></s>") + "3 | indirect | say | Ana Ruiz | named\n"
    (problem,) = validate(written(tmp_path, twice))
    assert "same words as id 1" in problem.what


def test_a_sound_article_has_no_problem(tmp_path: Path) -> None:
    assert validate(written(tmp_path, SOUND)) == []


def test_gold_documents_have_relays_nearest_first_and_no_speaker_for_a_dash(corpus: list[GoldDocument]) -> None:
    quotes = [quote for document in corpus for quote in document["quotes"]]
    assert any(len(quote["via"]) > 1 for quote in quotes)
    assert all(quote["speaker_name"] != "-" for quote in quotes)
    assert {quote["speaker_name"] for quote in quotes if quote["form"] == "none"} >= {None}


def test_whoever_is_only_described_has_no_name_in_the_gold_but_keeps_the_description(tmp_path: Path) -> None:
    text = SOUND.replace("say | Ana Ruiz | named", "say | anon: a minister | anonymous")
    path = written(tmp_path, text.replace("| pronoun | Norvik", "| pronoun | anon: an aide > Norvik"))
    first, second = gold_document(read_marked(path), split="train")["quotes"]
    assert (first["speaker_name"], first["anonymous"]) == (None, "a minister")
    assert (second["speaker_name"], second["anonymous"], second["via"]) == ("Ana Ruiz", None, ["Norvik", "Interpress"])


def test_a_report_inside_another_content_is_nested_and_its_frame_is_not(tmp_path: Path) -> None:
    nested = SOUND.replace(
        "<c 1>that the border would reopen</c>", "<c 1>that <s 3>Norvik</s> <q 3>wants</q> <c 3>a deal</c></c>"
    )
    path = written(tmp_path, nested + "3 | indirect | urge | Norvik | organisation | Ana Ruiz\n")
    (tmp_path / "heldout.txt").write_text("# none\n", encoding="utf-8")
    assert validate(path) == []
    (document,) = load_corpus(heldout=None, root=tmp_path)
    assert [quote["nested"] for quote in document["quotes"]] == [False, False, True]


def test_the_held_out_tenth_and_the_rest_are_the_whole_and_do_not_meet(corpus: list[GoldDocument]) -> None:
    kept = {document["doc_id"] for document in load_corpus(heldout=True)}
    trained = {document["doc_id"] for document in load_corpus(heldout=False)}
    assert kept == heldout_ids()
    assert not kept & trained
    assert kept | trained == {document["doc_id"] for document in corpus} == {doc_id(path) for path in FILES}


def test_the_held_out_files_are_a_tenth_of_every_folder_chosen_by_hash() -> None:
    folders = defaultdict(list)
    for path in FILES:
        folders[path.parent.name].append(doc_id(path))
    expected = set()
    for names in folders.values():
        ranked = sorted(names, key=lambda name: hashlib.sha256(name.encode()).hexdigest())
        expected.update(ranked[: max(1, round(len(names) / 10))])
    assert heldout_ids() == expected


def test_a_held_out_name_without_a_file_is_refused(tmp_path: Path) -> None:
    written(tmp_path, SOUND)
    (tmp_path / "heldout.txt").write_text("new/999\n", encoding="utf-8")
    with pytest.raises(InputError, match="new/999"):
        load_corpus(heldout=True, root=tmp_path)


def test_a_malformed_file_is_refused_with_its_line(tmp_path: Path) -> None:
    written(tmp_path, SOUND.replace("| indirect |", "| sideways |"))
    (tmp_path / "heldout.txt").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match=r"001\.txt:11: id 1: unknown kind"):
        load_corpus(heldout=None, root=tmp_path)


def test_all_kinds_and_forms_are_in_the_held_out_tenth(corpus: list[GoldDocument]) -> None:
    quotes = [quote for document in corpus if document["split"] == "heldout" for quote in document["quotes"]]
    assert set(Counter(quote["type"] for quote in quotes)) == {"direct", "indirect", "mixed"}
    assert len({quote["form"] for quote in quotes}) == 7


@given(st.lists(st.text(alphabet="ab “”.\n", min_size=1, max_size=12), min_size=1, max_size=8), st.data())
def test_tags_anywhere_leave_the_text_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[str], data: st.DataObject
) -> None:
    chosen = data.draw(st.lists(st.booleans(), min_size=len(pieces), max_size=len(pieces)))
    body = "".join(
        f"<c {at}>{piece}</c>" if tag else piece for at, (piece, tag) in enumerate(zip(pieces, chosen, strict=True))
    )
    path = tmp_path_factory.mktemp("articles") / "one.txt"
    path.write_text(f"title: x\n---\nStart {body} end\n---\n", encoding="utf-8", newline="")
    article = read_marked(path)
    assert article.text == f"Start {''.join(pieces)} end"
    assert [article.text[tag.start : tag.end] for tag in article.tags] == [
        piece for piece, tag in zip(pieces, chosen, strict=True) if tag
    ]
