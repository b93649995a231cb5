"""Imports point inwards: `api -> engine use cases -> ports -> core`; only `api/wiring.py` names concrete classes."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

CORE = {"models", "errors", "text", "identity", "records", "marks", "porter", "ports", "clauses"}
"""Modules of `engine` that know only each other (and numpy)."""

ADAPTERS = ("engine.stores.embedded", "engine.stores.elastic", "engine.embed_onnx", "engine.embed_torch",
            "engine.rerank_torch")  # fmt: skip
HEAVY = ("torch", "transformers", "sentence_transformers", "trafilatura", "elasticsearch", "onnxruntime", "onnx",
         "docx", "feedparser", "tokenizers", "fastapi", "uvicorn", "jinja2")  # fmt: skip


def modules(folder: str) -> list[tuple[str, Path]]:
    found = []
    for path in sorted((ROOT / folder).rglob("*.py")):
        dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        found.append((dotted.removesuffix(".__init__"), path))
    return found


def imports(path: Path) -> set[str]:
    """All modules that a file imports, wherever it does; those for types alone count too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module or "")
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize(("name", "path"), modules("index_config"))
def test_data_for_the_newsroom_imports_nothing_of_ours(name: str, path: Path) -> None:
    assert not {i for i in imports(path) if i.split(".")[0] in ("engine", "api", "tests")}, name


@pytest.mark.parametrize(("name", "path"), modules("engine"))
def test_the_engine_knows_no_api_and_no_tests(name: str, path: Path) -> None:
    assert not {i for i in imports(path) if i.split(".")[0] in ("api", "tests", "fastapi", "starlette", "typer")}, name


@pytest.mark.parametrize("name", sorted(CORE))
def test_the_core_knows_only_the_core(name: str) -> None:
    ours = {i.split(".")[1] for i in imports(ROOT / "engine" / f"{name}.py") if i.startswith("engine.")}
    assert ours <= CORE


@pytest.mark.parametrize(("name", "path"), [*modules("engine"), *modules("api")])
def test_only_the_wiring_and_the_adapters_themselves_name_adapters(name: str, path: Path) -> None:
    if name == "api.wiring" or name == "engine.embed" or name.startswith(ADAPTERS):
        return
    assert not {i for i in imports(path) if i.startswith(ADAPTERS)}, name


@pytest.mark.parametrize("start", ["api.cli", "api.commands.table", "api.commands.search", "api.commands.lists"])
def test_what_starts_often_imports_nothing_heavy(start: str) -> None:
    code = f"import sys, {start}; print(*sorted(set({HEAVY!r}) & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True, timeout=60
    )
    assert done.stdout.split() == []
