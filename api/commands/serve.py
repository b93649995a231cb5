"""`onrecord serve`."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from api import wiring
from api.terminal import tell
from engine.errors import SettingsError
from engine.settings import Settings

if TYPE_CHECKING:
    import socket

IDLE_SECONDS = 15
"""How long a kept connection may be silent."""
STOP_SECONDS = 5
"""How long a stop waits for answers that are on their way."""


def run_serve(*, host: str | None, port: int | None, sample: bool, settings: Settings) -> None:
    """Returns when it is stopped."""
    settings = replace(settings, host=host or settings.host, port=settings.port if port is None else port)
    if sample:
        _show_sample(settings)
    import uvicorn

    from api.app import create_app

    listening = _listen(settings)
    config = uvicorn.Config(
        create_app(settings), log_level="warning", access_log=False, server_header=False,
        timeout_keep_alive=IDLE_SECONDS, timeout_graceful_shutdown=STOP_SECONDS,
    )  # fmt: skip
    address = listening.getsockname()
    shown = f"[{address[0]}]" if ":" in address[0] else address[0]
    tell(f"serving {settings.store or wiring.default_store()}")
    print(f"On Record: http://{shown}:{address[1]}/  (Ctrl-C stops it)", flush=True)
    try:
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        # uvicorn has shut down by then, and passes the signal on.
        tell("stopped")


def _listen(settings: Settings) -> socket.socket:
    """Bound before anything is loaded, so that a port that is taken is told at once."""
    import socket

    try:
        family = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.socket(family, socket.SOCK_STREAM)
        if sys.platform != "win32":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((settings.host, settings.port))
    except OSError as error:
        raise SettingsError(
            f"cannot listen on {settings.host} port {settings.port}: {error.strerror or error}; "
            "choose another with --port or ONRECORD_PORT"
        ) from error
    return listening


def _show_sample(settings: Settings) -> None:
    from api.commands.sample import index_sample, print_examples

    if index_sample(settings):
        print_examples(settings)
