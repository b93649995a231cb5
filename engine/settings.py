"""Settings: one frozen object, read once from the environment. A name that nobody knows is refused, never ignored."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from engine.errors import SettingsError

PREFIX = "ONRECORD_"

TOLERATED = ("ONRECORD_TEST_", "ONRECORD_SHARED")
"""Names that the project's own tests read; they set nothing here."""

LARGEST_PORT = 65_535
MOST_SHARDS = 1024
"""Elasticsearch's own limit for one index."""
VECTOR_INDEXES = ("int8_hnsw", "bbq_hnsw", "hnsw")
"""Kinds of vector index in Elasticsearch; docs/elasticsearch.md compares them."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Each field is the environment variable `ONRECORD_` + its name in capitals; an option given by hand wins.

    `store` is `sqlite:PATH` or urls of Elasticsearch nodes by commas; None means the file in the user's data folder.
    `attribution` None means the best means whose model is there. `speakers` is a registry file used instead of the
    bundled one. `es_timeout` is in seconds; `es_shards` and `es_vectors` shape an
    index that is made or rebuilt. `allow_origins` are the sites whose pages may call the API (none by
    default). `reranker` is a cross-encoder, by hub name or folder, that orders the first hits anew (none by default).
    `request_timeout` is how long, in seconds, one answer of the API may take.
    """

    store: str | None = None
    index: str = "onrecord"
    host: str = "127.0.0.1"
    port: int = 8000
    model: str = "all-MiniLM-L6-v2"
    reranker: str | None = None
    attribution: str | None = None
    speakers: Path | None = None
    es_api_key: str | None = None
    es_username: str | None = None
    es_password: str | None = None
    es_ca_file: str | None = None
    es_timeout: float = 30.0
    es_shards: int | None = None
    es_vectors: str | None = None
    allow_origins: tuple[str, ...] = ()
    request_timeout: float = 60.0

    def __post_init__(self) -> None:
        if not 0 <= self.port <= LARGEST_PORT:
            raise SettingsError(f"ONRECORD_PORT: {self.port} is not a port (0 to {LARGEST_PORT:,})")
        for name in ("es_timeout", "request_timeout"):
            if not 0 < getattr(self, name) < float("inf"):
                raise SettingsError(f"{PREFIX}{name.upper()}: a number of seconds above 0 is needed")
        if self.es_shards is not None and not 1 <= self.es_shards <= MOST_SHARDS:
            raise SettingsError(f"ONRECORD_ES_SHARDS: a number from 1 to {MOST_SHARDS:,} is needed")
        if self.es_vectors is not None and self.es_vectors not in VECTOR_INDEXES:
            raise SettingsError(f"ONRECORD_ES_VECTORS: {self.es_vectors!r} is none of {', '.join(VECTOR_INDEXES)}")
        if self.attribution is not None:
            _check_means(self.attribution)


def _check_means(means: str) -> None:
    from engine.attribution import MEANS

    if means not in MEANS:
        raise SettingsError(f"ONRECORD_ATTRIBUTION: {means!r} is none of {', '.join(MEANS)}")


KNOWN: tuple[str, ...] = tuple(PREFIX + field.name.upper() for field in fields(Settings))
"""Every environment variable that sets something."""


def load_settings(environment: Mapping[str, str]) -> Settings:
    """Raises SettingsError for a name that is unknown (with the one that was probably meant) or a value that is wrong.

    An empty value means: not set.
    """
    given: dict[str, Any] = {}
    for name, value in sorted(environment.items()):
        if not name.startswith(PREFIX) or name.startswith(TOLERATED):
            continue
        if name not in KNOWN:
            raise SettingsError(f"{name} is not a setting of On Record{_suggestion(name)}")
        if value.strip():
            given[name.removeprefix(PREFIX).lower()] = _value(name, value.strip())
    return Settings(**given)


def _suggestion(name: str) -> str:
    bare = [known.removeprefix(PREFIX) for known in KNOWN]  # the prefix, which all share, would make all alike
    near = difflib.get_close_matches(name.removeprefix(PREFIX), bare, n=1, cutoff=0.6)
    return f"; did you mean {PREFIX}{near[0]}?" if near else f". There are {', '.join(KNOWN)}"


def _value(name: str, text: str) -> Any:
    try:
        match name:
            case "ONRECORD_PORT" | "ONRECORD_ES_SHARDS":
                return int(text)
            case "ONRECORD_ES_TIMEOUT" | "ONRECORD_REQUEST_TIMEOUT":
                return float(text)
            case "ONRECORD_SPEAKERS":
                return Path(text)
            case "ONRECORD_ALLOW_ORIGINS":
                return tuple(origin.strip() for origin in text.split(",") if origin.strip())
            case _:
                return text
    except ValueError as error:
        raise SettingsError(f"{name}: {text!r} is not a number") from error
