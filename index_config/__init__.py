"""Data that a newsroom may edit, and the one way to read it. Imports nothing of ours."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Any


def read_text(name: str) -> str:
    """The text of a bundled data file, `speakers.yaml` say. Raises FileNotFoundError."""
    return files(__name__).joinpath(name).read_text(encoding="utf-8")


@lru_cache(maxsize=32)
def load_yaml(name: str) -> Any:
    """A bundled YAML file as plain lists and dicts, parsed once. Callers never change it. Raises yaml.YAMLError."""
    import yaml

    # The C parser is ten times faster; a Python without it reads the same.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(read_text(name), Loader=loader)
