"""Stable ids, made from what a thing is and never from what a model said about it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from engine.models import Span
from engine.text import fold

# Query parameters that say how a reader came to a page, not which page it is.
_TRACKING = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid", "igshid", "cmpid", "ocid")


def digest(*parts: str | None) -> str:
    """A 20-letter base32 id (100 bits) of the parts, unambiguous in where one ends."""
    sha = hashlib.sha256()
    for part in parts:
        encoded = (part or "").encode("utf-8", "surrogatepass")
        sha.update(len(encoded).to_bytes(8, "big") + encoded)
    return base64.b32encode(sha.digest()).decode("ascii")[:20].lower()


def canonical_url(url: str) -> str:
    """The url without fragment, tracking parameters, default port and trailing slash; host in lower case."""
    parts = urlsplit(url.strip())
    query = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not k.lower().startswith(_TRACKING)]
    host = parts.netloc.lower()
    for scheme, port in (("http", ":80"), ("https", ":443")):
        if parts.scheme == scheme:
            host = host.removesuffix(port)
    return urlunsplit((parts.scheme.lower(), host, parts.path.rstrip("/"), urlencode(query), ""))


def article_id(*, url: str | None, outlet: str | None, title: str | None, published: str | None, text: str) -> str:
    """From the canonical url, else from outlet, title, date and text: two outlets' copies stay two articles."""
    return digest("url", canonical_url(url)) if url else digest("text", outlet, title, published, text)


def statement_id(article: str, content: Iterable[Span], source: Iterable[Span]) -> str:
    """From the article and the places of content and source within it."""
    places = [f"{s.start}-{s.end}" for s in content]
    return digest("statement", article, ",".join(places), ",".join(f"{s.start}-{s.end}" for s in source))


def speaker_id(name: str) -> str:
    """The id of a speaker outside the registry: its folded name as a slug, the same in every article."""
    return "-".join(fold(name).replace("'", "").split()) or digest("speaker", name)
