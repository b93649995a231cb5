"""The line to an Elasticsearch cluster: address, security, and its errors in our own words.

`ApiError` (the server answered) and `TransportError` (it did not) are siblings in the client's tree: both are caught.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from engine.errors import (
    SettingsError,
    StoreConflictError,
    StoreError,
    StoreUnavailableError,
    StoreVersionError,
)

if TYPE_CHECKING:
    from elasticsearch import ApiError, Elasticsearch

OLDEST_SERVER = (8, 19)
"""Exact rescoring of quantised vectors (`rescore_vector`) came to stay with 8.19, the last of the eights."""

READ_TIMEOUT_SECONDS = 30.0
"""How long a search may take before it is given up; a bulk request may take four times as long."""


@dataclass(frozen=True, slots=True)
class ElasticAddress:
    """Where the cluster is and how to enter it. Several urls are nodes of one cluster. Raises SettingsError."""

    urls: tuple[str, ...]
    index: str = "onrecord"
    api_key: str | None = None
    user: str | None = None
    password: str | None = None
    ca_file: str | None = None
    timeout_seconds: float = READ_TIMEOUT_SECONDS

    def __post_init__(self) -> None:
        for url in self.urls:
            parts = urlsplit(url)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise SettingsError(f"not the url of an Elasticsearch node: {without_secrets(url)}")
        if not self.urls:
            raise SettingsError("no url of an Elasticsearch node is given")
        if self.index != self.index.lower() or not self.index or set(self.index) & set('\\/*?"<>| ,#:'):
            raise SettingsError(
                f'not an index prefix for Elasticsearch (lower case, no spaces or \\/*?"<>|,#:): {self.index!r}'
            )
        if self.index.startswith(("-", "_", "+", ".")):
            raise SettingsError(f"an index prefix may not begin with - _ + or a dot: {self.index!r}")
        if self.api_key and (self.user or self.password):
            raise SettingsError("give either an API key or a user with a password, not both")
        if bool(self.user) != bool(self.password):
            raise SettingsError("an Elasticsearch user needs a password and a password needs a user")

    @property
    def location(self) -> str:
        return ",".join(map(without_secrets, self.urls)) + f" ({self.index})"


def without_secrets(url: str) -> str:
    """The url without user and password."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def connect(address: ElasticAddress) -> Elasticsearch:
    """A client for the address; nothing is sent yet. Raises SettingsError (a CA file that is not there or not one)."""
    from elasticsearch import Elasticsearch
    from elasticsearch.serializer import OrjsonSerializer

    options: dict[str, Any] = {}
    if address.api_key:
        options["api_key"] = address.api_key
    if address.user and address.password:
        options["basic_auth"] = (address.user, address.password)
    if address.ca_file:
        options["ca_certs"] = address.ca_file
    try:
        return Elasticsearch(
            list(address.urls),
            request_timeout=address.timeout_seconds,
            # A read goes on to the next node; two nodes of three may be down. Writes have their own, longer patience.
            max_retries=max(2, len(address.urls)),
            retry_on_timeout=False,
            http_compress=False,
            serializer=OrjsonSerializer(),
            **options,
        )
    except (ValueError, OSError) as error:
        raise SettingsError(f"the address of Elasticsearch cannot be used: {error}") from error


def check_server(client: Elasticsearch, address: ElasticAddress) -> None:
    """Raises StoreVersionError for a server too old, StoreUnavailableError where there is none."""
    with translated(address):
        number = str(client.info()["version"]["number"])
    if tuple(map(int, number.split("-")[0].split(".")[:2])) < OLDEST_SERVER:
        oldest = ".".join(map(str, OLDEST_SERVER))
        raise StoreVersionError(
            f"Elasticsearch at {address.location} is {number}; On Record needs {oldest} or later: upgrade the server"
        )


@contextmanager
def translated(address: ElasticAddress) -> Iterator[None]:
    """Whatever the client raises comes out as ours, naming the cluster and what to do."""
    from elasticsearch import (
        ApiError,
        ConnectionError,
        ConnectionTimeout,
        SerializationError,
        TransportError,
        UnsupportedProductError,
    )

    try:
        yield
    except UnsupportedProductError as error:
        raise StoreVersionError(f"{address.location} is not Elasticsearch; is the port right?") from error
    except ApiError as error:
        raise api_error(error, address) from error
    except ConnectionTimeout as error:
        raise StoreUnavailableError(
            f"Elasticsearch at {address.location} did not answer within {address.timeout_seconds:g} s; "
            "try again, or see whether the cluster is overloaded"
        ) from error
    except ConnectionError as error:
        raise StoreUnavailableError(
            f"Elasticsearch at {address.location} cannot be reached ({_cause(error)}); is it running, is the url right?"
        ) from error
    except (TransportError, SerializationError) as error:
        raise StoreUnavailableError(f"Elasticsearch at {address.location} gave no usable answer: {error}") from error


def _cause(error: Exception) -> str:
    """The innermost message: a certificate refused, a connection refused, a name not found."""
    return str(error).splitlines()[0][:300]


def api_error(error: ApiError, address: ElasticAddress) -> StoreError:
    """The server's own refusal as one of ours."""
    return _refused(error.meta.status, str(error.error), reason_of(error.body), address)


def answer_error(answer: dict[str, Any], address: ElasticAddress) -> StoreError:
    """The same for one search of several, whose error stands inside a successful answer."""
    error = answer["error"]
    kind = str(error.get("type")) if isinstance(error, dict) else ""
    return _refused(int(answer.get("status", 500)), kind, reason_of(error), address)


def _refused(status: int, kind: str, reason: str, address: ElasticAddress) -> StoreError:
    where = f"Elasticsearch at {address.location}"
    if status == 401:
        return StoreError(
            f"{where} refused the credentials; "
            f"check ONRECORD_ES_API_KEY, or ONRECORD_ES_USERNAME and ONRECORD_ES_PASSWORD"
        )
    if status == 403 and kind != "cluster_block_exception":
        return StoreError(f"{where} does not allow this user or key to do that: {reason}")
    if kind in ("cluster_block_exception", "index_closed_exception"):
        return StoreConflictError(
            f"{where} is read-only ({reason}); when its disk was full, free some and it opens by itself, "
            "else remove the block from the index settings"
        )
    if status in (409, 429):
        return StoreConflictError(f"{where} is busy or was changed by another writer ({reason}); try again")
    if status == 404:
        return StoreConflictError(
            f"{where}: {reason}; the index was rebuilt or deleted meanwhile: open the store again"
        )
    if status >= 500:
        return StoreUnavailableError(
            f"{where} could not answer ({status}: {reason}); try again, see the cluster's health"
        )
    return StoreError(f"{where} refused the request ({status}: {reason})")


def reason_of(body: Any) -> str:
    """The innermost reason in an error of the server's."""
    error = body.get("error", body) if isinstance(body, dict) else body
    if not isinstance(error, dict):
        return str(error)[:300]
    cause = error
    while isinstance(cause.get("caused_by"), dict):
        cause = cause["caused_by"]
    said = cause.get("reason") or error.get("reason") or error.get("type") or error
    return str(said)[:300]
