"""How the command line behaves: usage, exit codes, pipes, terminals, help."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.builders import news, write_news
from tests.live import Command, command, environment, run

COMMANDS = (
    "index",
    "search",
    "attribute",
    "show",
    "speakers",
    "articles",
    "status",
    "delete",
    "export",
    "serve",
    "check",
)


@pytest.mark.parametrize(
    "arguments",
    [
        ("search", "--kind", "spoken"), ("search", "--limit", "0"), ("search", "--no-such-option"), ("nonsense",),
        ("export", "--format", "xml"), ("search", "x", "--cursor", "broken"), ("check",), ("status", "--store", "a.db"),
        ("attribute", "-", "--format", "x"), ("attribute", "-", "--attribution", "best"),
    ],
)  # fmt: skip
def test_wrong_usage_ends_with_two_and_a_message_on_stderr(sample_store: str, arguments: tuple[str, ...]) -> None:
    done = run(*arguments, ONRECORD_STORE=sample_store, stdin="")
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_an_unknown_setting_in_the_environment_is_wrong_usage(onrecord: Command) -> None:
    done = onrecord("status", ONRECORD_STORR="x")
    assert done.returncode == 2
    assert "did you mean ONRECORD_STORE" in done.stderr


def test_a_store_that_is_not_there_is_named(onrecord: Command) -> None:
    for arguments in (("search", "x"), ("status",), ("export",)):
        done = onrecord(*arguments)
        assert (done.returncode, done.stdout) == (1, "")
        assert "archive.sqlite" in done.stderr


def test_a_file_that_is_no_store_is_an_error_and_is_left_alone(onrecord: Command, tmp_path: Path) -> None:
    (tmp_path / "archive.sqlite").write_text("my novel\n" * 500, encoding="utf-8")
    write_news(tmp_path / "news.jsonl", [1])
    for arguments in (("status",), ("index", "news.jsonl")):
        done = onrecord(*arguments)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
    assert (tmp_path / "archive.sqlite").read_text(encoding="utf-8") == "my novel\n" * 500


def test_a_reader_that_goes_away_is_no_failure(sample_store: str) -> None:
    process = subprocess.Popen(
        command("export", "--store", sample_store), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    told = process.stderr.read()
    process.stderr.close()
    assert (process.wait(timeout=60), told) == (0, b"")


def in_a_terminal(*arguments: str, **more: str) -> str:
    """What the command writes when stdout is a terminal."""
    parent, child = pty.openpty()
    coloured = environment(TERM="xterm-256color", **more)
    with subprocess.Popen(command(*arguments), stdout=child, stderr=subprocess.DEVNULL, env=coloured) as process:
        os.close(child)
        written = b""
        while True:
            try:
                read = os.read(parent, 65_536)
            except OSError:  # Linux says so at the end of a terminal
                break
            if not read:
                break
            written += read
        process.wait(timeout=60)
    os.close(parent)
    return written.decode()


def test_colours_are_for_terminals_and_no_color_turns_them_off(sample_store: str) -> None:
    assert "\x1b[1m" in in_a_terminal("search", "ferry", "--store", sample_store)
    assert "\x1b[" not in in_a_terminal("search", "ferry", "--store", sample_store, NO_COLOR="1")


def test_an_articles_text_cannot_drive_the_terminal(onrecord: Command, tmp_path: Path) -> None:
    record = news(1) | {"text": "“The ferry\x1b[2J stays,” Ana Ruiz said.\n\nMore\x07 rain."}
    (tmp_path / "news.jsonl").write_text(json.dumps(record), encoding="utf-8")
    onrecord("index", "news.jsonl")
    for shown in (onrecord("search", "ferry").stdout, onrecord("show", "news-0001").stdout):
        assert "ferry" in shown
        assert not {"\x1b", "\x07"} & set(shown)


def test_every_command_has_help_with_examples() -> None:
    from api.commands.table import application

    names = {
        command.name or command.callback.__name__ for command in application.registered_commands if command.callback
    }
    assert set(COMMANDS) <= names
    for name in COMMANDS:
        done = CliRunner().invoke(application, [name, "--help"])
        assert done.exit_code == 0
        assert "Examples" in done.output
        assert f"onrecord {name}" in done.output


def test_the_shell_can_complete_the_command() -> None:
    # As the shell asks for it; --show-completion does the same after a look at which shell calls.
    done = run(_ONRECORD_COMPLETE="source_bash")
    assert done.returncode == 0, done.stderr
    assert "complete" in done.stdout


def test_what_is_left_out_on_purpose_is_named_and_ends_with_zero(onrecord: Command, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    (pages / ".cache").mkdir(parents=True)
    (pages / ".cache" / "old.txt").write_text("A hidden text.", encoding="utf-8")
    said = "<p>“The ferry stays where it is,” Ana Ruiz told the council of Velden on Monday.</p>" * 3
    page = f"<html><body><nav>Home of news</nav><main><h1>Ferry stays</h1>{said}</main></body></html>"
    (pages / "a.html").write_text(page, encoding="utf-8")
    attributed = onrecord("attribute", str(pages), "--attribution", "rules")
    assert attributed.returncode == 0
    assert "left out" in attributed.stderr
    assert ".cache" in attributed.stderr
    assert json.loads(attributed.stdout)["omitted"] == {"blocks": 1, "words": 3, "samples": ["Home of news"]}
    indexed = onrecord("index", str(pages), "--json", "--attribution", "rules")
    report = json.loads(indexed.stdout.splitlines()[-1])
    assert indexed.returncode == 0
    assert [Path(left["input"]).name for left in report["left_out"]] == [".cache"]
    assert (report["skipped"], report["omitted"]) == ([], {"blocks": 1, "words": 3})
