"""What stands between the network and every route: limits, headers, HEAD. Plain ASGI."""

from __future__ import annotations

import asyncio
import logging

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import problem

LARGEST_BODY = 1_000_000
"""Bytes: 64,000 characters in their longest JSON form, with room for the rest."""
LARGEST_UPLOAD = 8_000_000
"""Bytes of a draft uploaded as a file: a Word document with a few pictures."""
UPLOADS = ("/check",)

SECURITY_HEADERS = (
    # Nothing is loaded from elsewhere and nothing runs: an article's text cannot become a script.
    (b"content-security-policy",
     b"default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
     b"frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)  # fmt: skip

log = logging.getLogger("onrecord")


class Headers:
    """Security headers on every answer; answers to HEAD are those of GET without the body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        head = scope["method"] == "HEAD"

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *SECURITY_HEADERS]}
            elif head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"} if head else scope, receive, send_with_headers)


class BodyLimit:
    """A body that is too large is refused with 413 before it is read, or where it grows past the limit."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        largest = LARGEST_UPLOAD if scope["path"] in UPLOADS else LARGEST_BODY
        told = dict(scope["headers"]).get(b"content-length", b"0")
        if not told.isdigit() or int(told) > largest:
            await self._refuse(largest, scope, receive, send)
            return
        body = b""
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > largest:
                await self._refuse(largest, scope, receive, send)
                return
        await self._app(scope, _replay(body, receive), send)

    async def _refuse(self, largest: int, scope: Scope, receive: Receive, send: Send) -> None:
        answer = problem(413, "Too large", f"a request body may hold {largest:,} bytes")
        await answer(scope, receive, send)


def _replay(body: bytes, receive: Receive) -> Receive:
    told = False

    async def replayed() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed


class TimeLimit:
    """An answer that takes too long is a 503. The work behind it cannot be broken off; nobody waits for it any more."""

    def __init__(self, app: ASGIApp, *, seconds: float) -> None:
        self._app = app
        self._seconds = seconds
        self._late: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = given_up = False

        async def send_in_time(message: Message) -> None:
            nonlocal started
            started = True
            if not given_up:
                await send(message)

        async def work() -> None:
            await self._app(scope, receive, send_in_time)

        task = asyncio.create_task(work())
        done, _ = await asyncio.wait({task}, timeout=self._seconds)
        if done or started:
            await task
            return
        given_up = True
        self._late.add(task)
        task.add_done_callback(self._late.discard)
        log.warning("no answer to %s within %g s", scope["path"], self._seconds)
        await problem(503, "Too slow", f"no answer within {self._seconds:g} seconds; ask for less, or try again")(
            scope, receive, send
        )
