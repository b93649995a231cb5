"""Paths: files, folders, patterns and standard input."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest

from engine.models import Article, Skipped
from engine.readers import ArticleDefaults, read_paths
from engine.readers import files as files_module

PROSE = "The council of Velden has withdrawn its plan for a harbour tax, the mayor said on Monday evening."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sub").mkdir()
    (tmp_path / "b.txt").write_text(f"A title of five words\n\n{PROSE}", encoding="utf-8")
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": PROSE, "id": "j"}) + "\n{\n", encoding="utf-8")
    (tmp_path / "sub" / "c.html").write_text(
        f"<html><body><h1>A title here</h1><p>{PROSE}</p><p>{PROSE} Yes.</p></body></html>", encoding="utf-8"
    )
    (tmp_path / "sub" / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0 not text")
    (tmp_path / ".hidden").write_text(PROSE, encoding="utf-8")
    return tmp_path


def test_a_folder_gives_all_its_files_in_order_and_names_what_it_skips(folder: Path) -> None:
    found = list(read_paths([folder]))
    assert [(f.input or "").removeprefix(f"{folder}{os.sep}") for f in found] == [
        ".hidden",
        "a.jsonl",
        "a.jsonl",
        "b.txt",
        "sub/c.html",
        "sub/photo.jpg",
    ]
    assert [type(f) for f in found] == [Skipped, Article, Skipped, Article, Article, Skipped]
    assert isinstance(found[2], Skipped)
    assert found[2].line == 2


def test_what_is_hidden_is_named_once_and_is_no_failure(tmp_path: Path) -> None:
    for name in (".git/a.txt", ".git/deep/b.txt", ".note.txt", "c.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(PROSE, encoding="utf-8")
    found = list(read_paths([tmp_path]))
    left = [f for f in found if isinstance(f, Skipped)]
    assert [(Path(f.input).name, f.deliberate) for f in left] == [(".git", True), (".note.txt", True)]
    assert len(found) == 3


def test_a_hidden_path_that_is_asked_for_is_read(tmp_path: Path) -> None:
    (tmp_path / ".drafts").mkdir()
    (tmp_path / ".drafts" / ".a.txt").write_text(PROSE, encoding="utf-8")
    assert [type(f) for f in read_paths([tmp_path / ".drafts" / ".a.txt"])] == [Article]


def test_a_link_to_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "in" / "a.txt").write_text(PROSE, encoding="utf-8")
    link, read = read_paths([tmp_path / "in"])
    assert isinstance(link, Skipped)
    assert link.deliberate
    assert isinstance(read, Article)


def test_a_pattern_gives_what_it_matches(folder: Path) -> None:
    assert [f.input for f in read_paths([f"{folder}/*.txt"])] == [f"{folder}/b.txt"]
    assert [f.input for f in read_paths([f"{folder}/**/*.html"])] == [f"{folder}/sub/c.html"]


def test_a_name_with_pattern_signs_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a[1]*.txt"
    path.write_text(PROSE, encoding="utf-8")
    assert [f.input for f in read_paths([path])] == [str(path)]


@pytest.mark.parametrize("path", ["missing.txt", "nothing-*.txt", "bad\x00name"])
def test_a_path_that_matches_nothing_is_skipped_by_name(tmp_path: Path, path: str) -> None:
    (skipped,) = read_paths([f"{tmp_path}/{path}"])
    assert isinstance(skipped, Skipped)
    assert "no such file" in skipped.reason


def test_an_empty_folder_is_said_to_be_empty(tmp_path: Path) -> None:
    (skipped,) = read_paths([tmp_path])
    assert isinstance(skipped, Skipped)
    assert "no files" in skipped.reason


@pytest.mark.skipif(os.name != "posix", reason="named pipes and links as on POSIX")
def test_what_is_no_regular_file_does_not_hang_the_reader(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    assert [type(f) for f in read_paths([tmp_path])] == [Skipped, Skipped]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser may read everything")
def test_an_unreadable_file_is_skipped_with_the_systems_reason(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(PROSE, encoding="utf-8")
    path.chmod(0)
    (skipped,) = read_paths([path])
    assert isinstance(skipped, Skipped)
    assert "ermission" in skipped.reason


def test_a_dash_reads_standard_input() -> None:
    (article,) = read_paths(["-"], stdin=io.BytesIO(PROSE.encode()), defaults=ArticleDefaults(outlet="Gazette"))
    assert isinstance(article, Article)
    assert (article.input, article.outlet, article.text) == ("-", "Gazette", PROSE)


def test_files_are_opened_when_their_turn_comes(tmp_path: Path) -> None:
    first, second = tmp_path / "a.txt", tmp_path / "b.txt"
    first.write_text(PROSE, encoding="utf-8")
    found = read_paths([first, second])
    assert next(found).input == str(first)
    second.write_text(PROSE, encoding="utf-8")
    assert isinstance(next(found), Article)


class Pipe(io.RawIOBase):
    """A stream of records without an end, which cannot be sought."""

    def __init__(self) -> None:
        self.given = 0
        self._line = (json.dumps({"text": PROSE}) + "\n").encode() * 100

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        piece = self._line[: len(view)]
        view[: len(piece)] = piece
        self.given += len(piece)
        return len(piece)


def test_jsonl_is_streamed_and_never_held_whole() -> None:
    pipe = Pipe()
    found = files_module.read_stream(io.BufferedReader(pipe), name="-", defaults=ArticleDefaults())
    assert isinstance(next(found), Article)
    assert pipe.given < 2 * files_module.SNIFF_BYTES


def test_lines_longer_than_the_first_block_are_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    texts = [f"{PROSE} " * 2_000, PROSE, f"{PROSE} " * 3_000]
    path.write_text("\n".join(json.dumps({"text": t}) for t in texts), encoding="utf-8")
    assert [a.text for a in read_paths([path]) if isinstance(a, Article)] == texts
