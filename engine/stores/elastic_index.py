"""The index behind its aliases: made, recognised, refused.

`PREFIX` is the alias that people and dashboards use; it points at one numbered index, `PREFIX-000001`. A second alias
names the model and mapping an index was made for; readers and writers of On Record use that one, so a program that
still runs with an older model cannot read or write vectors of another kind: its alias is gone and it is told why.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from engine.errors import ModelMismatchError, StoreConflictError, StoreUnavailableError, StoreVersionError
from engine.identity import digest
from engine.ports import ModelIdentity
from engine.stores.elastic_client import ElasticAddress, translated
from index_config.elasticsearch import MAPPING_VERSION, VectorIndex, index_body

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

REBUILD = "rebuild it: onrecord migrate"


@dataclass(frozen=True, slots=True)
class Layout:
    """How a new index is made. One shard holds up to about 50 GB, or ten million passages (docs/elasticsearch.md)."""

    shards: int = 1
    vectors: VectorIndex = "int8_hnsw"


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """What an index says of itself."""

    name: str
    identity: ModelIdentity
    mapping_version: int
    layout: Layout
    building: bool = False


def own_alias(prefix: str, identity: ModelIdentity) -> str:
    """The alias for programs of this mapping and model."""
    parts = (str(MAPPING_VERSION), identity.weights_sha256, str(identity.dimensions), identity.precision)
    return f"{prefix}-for-{digest(*parts)[:10]}"


def describe(identity: ModelIdentity, layout: Layout, *, building: bool = False) -> dict[str, Any]:
    """The `_meta` of an index."""
    return {
        "onrecord": {
            "mapping_version": MAPPING_VERSION,
            "model": asdict(identity),
            "layout": asdict(layout),
            "building": building,
        }
    }


def info_of(name: str, mappings: dict[str, Any]) -> IndexInfo:
    """Raises StoreVersionError for an index that is not ours."""
    meta = mappings.get("_meta", {}).get("onrecord")
    if not isinstance(meta, dict):
        raise StoreVersionError(f"the index {name} was not made by On Record; choose another ONRECORD_INDEX")
    return IndexInfo(
        name,
        ModelIdentity(**meta["model"]),
        meta["mapping_version"],
        Layout(**meta["layout"]),
        meta.get("building", False),
    )


def serving_index(client: Elasticsearch, address: ElasticAddress) -> IndexInfo | None:
    """The index that the alias points at; None where nothing was ever indexed."""
    from elasticsearch import NotFoundError

    with translated(address):
        try:
            found = client.indices.get_mapping(index=address.index)
        except NotFoundError:
            return None
    if address.index in found.body:
        raise StoreVersionError(
            f"{address.index} is an index of its own at {address.location}, not an alias of ours; "
            "choose another ONRECORD_INDEX"
        )
    if len(found.body) > 1:
        raise StoreConflictError(
            f"the alias {address.index} points at several indexes: {', '.join(sorted(found.body))}"
        )
    ((name, said),) = found.body.items()
    return info_of(name, said["mappings"])


def check(info: IndexInfo, identity: ModelIdentity | None, address: ElasticAddress) -> None:
    """Raises ModelMismatchError or StoreVersionError, with the command that mends it."""
    if info.mapping_version > MAPPING_VERSION:
        raise StoreVersionError(
            f"the index {info.name} at {address.location} was made by a newer On Record "
            f"(mapping {info.mapping_version}, this one knows {MAPPING_VERSION}): upgrade On Record on this machine"
        )
    if info.mapping_version < MAPPING_VERSION:
        raise StoreVersionError(
            f"the index {info.name} at {address.location} has mapping {info.mapping_version}, "
            f"this On Record needs {MAPPING_VERSION}; {REBUILD}"
        )
    if identity is not None and replace(identity, name="") != replace(info.identity, name=""):
        raise ModelMismatchError(
            f"the index {info.name} at {address.location} holds vectors of {_named(info.identity)}, "
            f"the chosen model is {_named(identity)}; choose that model, or {REBUILD}"
        )


def _named(identity: ModelIdentity) -> str:
    return f"{identity.name} ({identity.dimensions} dimensions, {identity.precision}, {identity.weights_sha256[:8]})"


def create(
    client: Elasticsearch, address: ElasticAddress, *, name: str, identity: ModelIdentity, layout: Layout, serving: bool
) -> bool:
    """Make an index, with its aliases where it is to serve at once. False: another process was first."""
    from elasticsearch import BadRequestError

    body = index_body(
        dimensions=identity.dimensions,
        vectors=layout.vectors,
        shards=layout.shards,
        meta=describe(identity, layout, building=not serving),
    )
    aliases: dict[str, Any] = {address.index: {}, own_alias(address.index, identity): {}} if serving else {}
    with translated(address):
        try:
            answer = client.indices.create(index=name, aliases=aliases, wait_for_active_shards="1", **body)
        except BadRequestError as error:
            if error.error == "resource_already_exists_exception":
                return False
            raise
    if not answer["shards_acknowledged"]:
        raise StoreUnavailableError(
            f"the new index {name} at {address.location} got no shard to stand on; "
            "see the cluster's health and its disks"
        )
    return True


def open_index(client: Elasticsearch, address: ElasticAddress, identity: ModelIdentity, layout: Layout) -> IndexInfo:
    """The serving index, made where there is none; checked. Several processes may do this at once."""
    info = serving_index(client, address)
    if info is None:
        name = f"{address.index}-000001"
        create(client, address, name=name, identity=identity, layout=layout, serving=True)
        info = serving_index(client, address)
        if info is None:
            raise StoreConflictError(
                f"the index {name} at {address.location} stands without its alias {address.index}; "
                "put the alias back, or delete the index if it is not wanted"
            )
    check(info, identity, address)
    return info
