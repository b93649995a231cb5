"""The body with which an Elasticsearch index is made: `analysis.json`, `mappings.json` and what depends on the model.

Text reaches the index already cut and folded by `engine.text.index_text` (search words joined by spaces), so that both
stores see the same words; the index only stems (`porter_stem`) and keeps an unstemmed twin (`*.exact`).
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any, Literal

MAPPING_VERSION = 1
"""Raised with every change of `mappings.json` or `analysis.json`; `migrate` rebuilds an index of another version."""

VectorIndex = Literal["int8_hnsw", "bbq_hnsw", "hnsw"]

_INDEX: dict[str, Any] = {
    # A second copy of every shard as soon as there is a second node, and a green index on one.
    "auto_expand_replicas": "0-1",
    # Writers refresh by themselves before they report, and between whole articles. The server's own refresh would show
    # what is half written; what a crashed writer left behind shows with the next one's refresh, reported or not.
    "refresh_interval": "-1",
    # An article holds one nested entry for each of its statements; a long court file may reach the default of 10,000.
    "mapping.nested_objects.limit": 100_000,
}


def index_body(*, dimensions: int, vectors: VectorIndex, shards: int, meta: dict[str, Any]) -> dict[str, Any]:
    """Settings and mappings, ready for `PUT /index`. `meta` is kept in the index and read when it is opened."""
    body: dict[str, Any] = {
        "settings": {"index": {**_INDEX, "number_of_shards": shards}, **_read("analysis.json")},
        **_read("mappings.json"),
    }
    properties = body["mappings"]["properties"]
    for passage_type in ("paragraph", "statement"):
        field = properties[f"{passage_type}_vector"]
        field["dims"] = dimensions
        field["index_options"]["type"] = vectors
    body["mappings"]["_meta"] = meta
    return body


def _read(name: str) -> Any:
    return json.loads(files(__package__).joinpath(name).read_text("utf-8"))
