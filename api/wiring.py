"""The only place that names concrete classes: from settings to a store, an embedder, an attributor.

Everything heavy is imported inside the function that needs it, so that a command pays only for what it uses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from engine.errors import ModelError, SettingsError
from engine.settings import Settings

if TYPE_CHECKING:
    from engine.attribution import Attributor, Means
    from engine.ports import Embedder, ModelIdentity, Reranker
    from engine.prepare import Preparer
    from engine.registry import Registry
    from engine.stores.base import Store
    from engine.stores.elastic_client import ElasticAddress
    from engine.stores.elastic_index import Layout
    from index_config.elasticsearch import VectorIndex

SQLITE = "sqlite:"
STORE_FILE = "onrecord.sqlite"


class Rebuilt(Protocol):
    """What a rebuild reports, whichever store it was."""

    @property
    def articles(self) -> int: ...

    @property
    def seconds(self) -> float: ...


def default_store() -> str:
    """The embedded store in the user's data folder."""
    from platformdirs import user_data_path

    return f"{SQLITE}{user_data_path('onrecord', appauthor=False) / STORE_FILE}"


def open_store(settings: Settings, *, identity: ModelIdentity | None = None, create: bool = False) -> Store:
    """The store that the settings name. Without `create` a file that is not there is refused, not made.

    Raises SettingsError, StoreUnavailableError, StoreVersionError, ModelMismatchError.
    """
    url = settings.store or default_store()
    if url.startswith(SQLITE):
        from engine.stores.embedded import open_embedded

        path = sqlite_path(url)
        if create:
            path.parent.mkdir(parents=True, exist_ok=True)
        return open_embedded(path, identity=identity, create=create)
    if url.startswith(("http://", "https://")):
        from engine.stores.elastic import open_elastic

        layout = elastic_layout(settings)
        return open_elastic(elastic_address(settings, url), identity=identity, create=create, layout=layout)
    raise SettingsError(
        f"{url!r} is not a store: give sqlite:PATH, or http://HOST:PORT or https://HOST:PORT of Elasticsearch"
    )


def sqlite_path(url: str) -> Path:
    """`sqlite:PATH`; `sqlite:///PATH`, as other programs write it, is the same absolute path."""
    rest = url.removeprefix(SQLITE)
    if rest.startswith("//") and not rest.startswith("///"):
        raise SettingsError(f"{url!r}: a file is written sqlite:PATH, with no // before it")
    if rest.startswith("///"):
        rest = rest.removeprefix("//")
    if not rest or "\x00" in rest:
        raise SettingsError(f"{url!r} names no file: give sqlite:PATH")
    path = Path(rest).expanduser()
    if path.is_dir():
        raise SettingsError(f"{url!r} is a folder: give the file, sqlite:{path / STORE_FILE}")
    return path


def elastic_layout(settings: Settings) -> Layout | None:
    """How an index is made or rebuilt, where the settings say so."""
    from engine.stores.elastic_index import Layout

    if settings.es_shards is None and settings.es_vectors is None:
        return None
    return Layout(settings.es_shards or 1, cast("VectorIndex", settings.es_vectors or "int8_hnsw"))


def elastic_address(settings: Settings, urls: str) -> ElasticAddress:
    from engine.stores.elastic_client import ElasticAddress

    return ElasticAddress(
        urls=tuple(url.strip() for url in urls.split(",") if url.strip()),
        index=settings.index,
        api_key=settings.es_api_key,
        user=settings.es_username,
        password=settings.es_password,
        ca_file=settings.es_ca_file,
        timeout_seconds=settings.es_timeout,
    )


def load_embedder(settings: Settings) -> Embedder:
    from engine.embed import load_embedder as load

    return load(settings.model)


def load_reranker(settings: Settings) -> Reranker | None:
    """None unless the settings name one. Raises ModelError."""
    if settings.reranker is None:
        return None
    from engine.rerank_torch import load_torch_reranker

    return load_torch_reranker(settings.reranker)


def load_registry(settings: Settings) -> Registry:
    from engine.registry import load_registry as load

    return load(settings.speakers)


def load_attributor(settings: Settings, *, registry: Registry) -> tuple[Attributor, Means]:
    """The attributor and by what means it works."""
    from engine.attribution import load_attributor as load

    means = chosen_means(settings)
    return load(means, registry=registry), means


def load_preparer(settings: Settings) -> Preparer:
    """All that makes an article ready for the store."""
    from engine.prepare import Preparer

    registry = load_registry(settings)
    attributor, means = load_attributor(settings, registry=registry)
    return Preparer(attributor, load_embedder(settings), means=means_mark(means, registry), names_of=registry.names)


@dataclass(frozen=True, slots=True)
class MakePreparer:
    """`load_preparer` for a worker process: two of the same settings are equal, so each process loads once."""

    settings: Settings

    def __call__(self) -> Preparer:
        return load_preparer(self.settings)


def chosen_means(settings: Settings) -> Means:
    """The means asked for, or the best; where its model is not installed, the next simpler one."""
    from importlib import resources

    from engine.attribution import MEANS

    wished = MEANS.index(settings.attribution) if settings.attribution in MEANS else 0
    models = resources.files("engine.attribution") / "model"
    for means in MEANS[wished:]:
        if means == "rules" or (models / means / "config.json").is_file():
            return means
    raise ModelError("attribution by rules is missing from this installation")


def means_mark(means: Means, registry: Registry) -> str:
    """Names the means with its version, its model and the registry: where one of them changes, articles are attributed
    anew at the next run over them."""
    from importlib import metadata, resources

    from engine.identity import digest

    try:
        version = metadata.version("onrecord")
    except metadata.PackageNotFoundError:  # run from a checkout that is not installed
        version = "0"
    config = resources.files("engine.attribution") / "model" / means / "config.json"
    model = config.read_text(encoding="utf-8") if config.is_file() else ""
    return f"{means} {version} {digest(model, repr(registry.entries))}"


def rebuild_store(settings: Settings, *, preparer: Preparer, watch: Callable[[int, int], None]) -> Rebuilt:
    """The store made anew for the preparer's model; statements and fingerprints are kept."""
    url = settings.store or default_store()
    identity = preparer.embedder.identity
    if url.startswith(SQLITE):
        from engine.stores.embedded_rebuild import rebuild_embedded

        return rebuild_embedded(sqlite_path(url), identity=identity, prepare=preparer.prepare_again, watch=watch)
    from engine.stores.elastic_rebuild import rebuild

    return rebuild(
        elastic_address(settings, url),
        identity=identity,
        prepare=preparer.prepare_again,
        layout=elastic_layout(settings),
        watch=watch,
    )
