"""A real HTTP proxy in front of a real node that can be told to answer badly: what networks and busy clusters do.

A rule sees each request and says what becomes of it: nothing (it is passed on), a status with which it is refused, the
connection dropped before the server saw it, or after it answered (done, but nobody is told).
"""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal
from urllib.parse import urlsplit

Fault = int | Literal["drop", "drop answer"]
Rule = Callable[["Request"], Fault | None]


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    body: bytes


@dataclass(slots=True)
class Proxy:
    """`rule` may be changed at any moment. `seen` are the requests that came, in order."""

    url: str
    rule: Rule = field(default=lambda _: None)
    seen: list[Request] = field(default_factory=list)

    def count(self, piece: str) -> int:
        return sum(piece in request.path for request in self.seen)


@contextmanager
def proxy_to(url: str) -> Iterator[Proxy]:
    target = urlsplit(url)
    proxy = Proxy("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            request = Request(self.command, self.path, body)
            proxy.seen.append(request)
            fault = proxy.rule(request)
            if fault == "drop":
                self.close_connection = True
                return
            if isinstance(fault, int):
                self._answer(fault, "application/json", _refusal(fault))
                return
            status, kind, answer = self._forwarded(request)
            if fault == "drop answer":
                self.close_connection = True
                return
            self._answer(status, kind, answer)

        def _forwarded(self, request: Request) -> tuple[int, str, bytes]:
            connection = http.client.HTTPConnection(str(target.hostname), target.port, timeout=120)
            headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection")}
            connection.request(request.method, request.path, request.body or None, headers)
            with connection.getresponse() as response:
                answer = response.read()
                kind = response.headers.get("Content-Type", "application/json")
            connection.close()
            return response.status, kind, answer

        def _answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("X-elastic-product", "Elasticsearch")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _pass

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    proxy.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _refusal(status: int) -> bytes:
    kind = "es_rejected_execution_exception" if status == 429 else "unavailable_shards_exception"
    reason = {"type": kind, "reason": "rejected by the test"}
    return json.dumps({"error": {**reason, "root_cause": [reason]}, "status": status}).encode()
