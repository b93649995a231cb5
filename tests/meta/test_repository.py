"""What holds for every file of the repository."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from engine.settings import KNOWN, TOLERATED
from tests.live import run

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE = 300
ALLOWED = {
    "engine", "index_config", "api", "tests", "docs", ".ci", "docker-compose.yml", "pyproject.toml", "README.md",
    "Makefile", "Dockerfile", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "requirements.lock",
}  # fmt: skip
TEXT = {".py", ".md", ".toml", ".yml", ".yaml", ".json", ".txt", ".html", ".css", ".svg", ".jsonl", ".lock", ""}


def tracked() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], capture_output=True, cwd=ROOT, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    paths = [ROOT / name for name in done.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]


def readable() -> list[tuple[str, str]]:
    return [
        (str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
        for path in tracked()
        if path.suffix in TEXT and not {"fixtures", "corpus"} & set(path.parts)
    ]


def test_the_top_level_holds_nothing_unforeseen() -> None:
    names = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert {name for name in names - ALLOWED if not re.fullmatch(r"\.\w+(ignore|attributes|config|example)", name)} <= {
        ".env.example", ".dockerignore", ".gitignore", ".gitattributes", ".editorconfig",
    }  # fmt: skip


def test_no_module_is_longer_than_a_person_reads() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked()
        if path.suffix == ".py" and (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_no_file_names_a_path_of_the_machine_it_was_written_on() -> None:
    paths = [str(ROOT), str(Path.home())]
    here = [f"{path}/" for path in paths if len(path) > 1]
    assert [(name, path) for name, text in readable() for path in here if path in text] == []


def test_every_setting_that_is_named_anywhere_is_known() -> None:
    known = {*KNOWN, "ONRECORD_SHARED"}
    unknown = {
        (name, word)
        for name, text in readable()
        if not name.startswith("tests/unit/test_settings") and not name.startswith("tests/flow/")
        for word in re.findall(r"\bONRECORD_[A-Z][A-Z_]*[A-Z]\b", text)
        if word not in known and not word.startswith(TOLERATED) and word != "ONRECORD_TEST"
    }
    assert unknown == set()


def test_the_locks_hold_hashes_and_no_addresses() -> None:
    for name in ("requirements.lock", ".ci/setup.lock.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        pins = re.findall(r"^[a-z0-9].*==", text, flags=re.MULTILINE)
        assert (
            len(pins) == len(re.findall(r"^[a-z0-9].*==[^\n]*\\\n(?=    --hash=sha256:)", text, flags=re.MULTILINE)) > 5
        )


def documented() -> list[tuple[str, str]]:
    """Every `onrecord …` line of the shell blocks in the README."""
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8") if readme.exists() else ""
    blocks = re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL)
    return [("README.md", line) for block in blocks for line in block.splitlines() if line.startswith("onrecord ")]


def test_every_command_of_the_readme_does_what_it_says(tmp_path: Path) -> None:
    lines = documented()
    assert lines
    store = f"sqlite:{tmp_path}/archive.sqlite"
    for name, line in lines:
        if re.match(r"onrecord (serve|bench|train|eval)\b|.*://", line):
            continue  # does not return, or needs what a reader's machine has
        shell = line.split("#")[0].strip()
        code = subprocess.run(
            ["bash", "-c", shell.replace("onrecord ", '"$PYTHON" -m api.cli ', 1)],
            capture_output=True, text=True, cwd=ROOT, timeout=120, check=False, env=_environment(store),
        )  # fmt: skip
        assert code.returncode == 0, (name, line, code.stderr)


def _environment(store: str) -> dict[str, str]:
    import sys

    from tests.live import environment

    return environment(ONRECORD_STORE=store, PYTHON=sys.executable)


def test_the_command_line_knows_its_version() -> None:
    assert re.fullmatch(r"onrecord \d+\.\d+\.\d+\S*\n", run("--version").stdout)
