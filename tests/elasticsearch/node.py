"""Start, stop, kill and restart real Elasticsearch nodes on free loopback ports."""

from __future__ import annotations

import base64
import contextlib
import gc
import json
import secrets
import signal
import ssl
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
import warnings
from dataclasses import dataclass, field
from pathlib import Path

from tests.elasticsearch import guard
from tests.elasticsearch.node_config import (
    USER,
    Plan,
    command_of,
    free_ports,
    give_away,
    security,
    settings,
    write_folder,
)
from tests.elasticsearch.server import (
    Release,
    ServerUnavailableError,
    cache_folder,
    java_home,
    locked,
    server_home,
    server_user,
)
from tests.elasticsearch.tls import make_certificate

START_SECONDS = 600.0
"""Fourteen seconds on an idle two-core machine; a busy one may need many times that."""


@dataclass(slots=True)
class Node:
    """One server process with its own folder (configuration, files, logs)."""

    name: str
    folder: Path
    url: str
    command: list[str]
    environment: dict[str, str]
    home: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        user = server_user()
        with (self.folder / "output").open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.home,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                user=None if user is None else user[0],
                group=None if user is None else user[1],
                extra_groups=None if user is None else [],
            )
        (self.folder / "pid").write_text(str(self.process.pid))

    def kill(self) -> None:
        """As when the power goes: no goodbye to anybody."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self.process is None:
            return
        guard.kill_group(self.process.pid, how=how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(guard.STOP_SECONDS)
        guard.kill_group(self.process.pid)
        self.process.wait()
        self.process = None
        (self.folder / "pid").write_text("")

    def last_words(self) -> str:
        return (self.folder / "output").read_text(errors="replace")[-2000:]


@dataclass(slots=True)
class Cluster:
    """One or more nodes. `password` and `ca_file` are set where security is on (user `onrecord`, a superuser)."""

    folder: Path
    nodes: list[Node]
    guard: subprocess.Popen[bytes]
    password: str | None = None
    ca_file: Path | None = None
    repository: Path = field(init=False)

    def __post_init__(self) -> None:
        self.repository = self.folder / "snapshots"

    @property
    def url(self) -> str:
        """The nodes' urls, joined by commas as `--store` takes them."""
        return ",".join(node.url for node in self.nodes)

    def start(self) -> None:
        for node in self.nodes:
            node.start()
        self.wait(nodes=len(self.nodes))

    def request(self, path: str, *, node: Node | None = None, timeout: float = 10.0) -> dict[str, object]:
        """GET, past our own store: what the server itself says. Raises OSError when it does not answer."""
        request = urllib.request.Request((node or self.nodes[0]).url + path)
        if self.password:
            token = base64.b64encode(f"{USER}:{self.password}".encode()).decode()
            request.add_header("Authorization", f"Basic {token}")
        context = ssl.create_default_context(cafile=str(self.ca_file)) if self.ca_file else None
        with urllib.request.urlopen(request, timeout=timeout, context=context) as answer:
            said: dict[str, object] = json.load(answer)
            return said

    def wait(self, *, nodes: int, status: str = "yellow", node: Node | None = None) -> None:
        """Until so many nodes have found each other and the shards are at least so healthy."""
        path = f"/_cluster/health?wait_for_nodes=ge({nodes})&wait_for_status={status}"
        path += "&wait_for_no_relocating_shards=true&timeout=1s"
        deadline = time.monotonic() + START_SECONDS
        last = "no answer"
        while time.monotonic() < deadline:
            for one in self.nodes:
                if one.process is not None and one.process.poll() is not None:
                    raise RuntimeError(f"{one.name} ended with {one.process.returncode}:\n{one.last_words()}")
            try:
                if not self.request(path, node=node)["timed_out"]:
                    _forget_failed_handshakes()
                    return
            except OSError as error:
                last = str(error)  # not the error itself: it holds on to its socket
                if isinstance(error, urllib.error.HTTPError):
                    error.close()
            time.sleep(0.2)
        words = (node or self.nodes[0]).last_words()
        raise RuntimeError(f"not {status} with {nodes} nodes after {START_SECONDS:.0f} s ({last}):\n{words}")

    def stop(self) -> None:
        """Nothing of a test's node is worth an orderly end: kill all, remove all."""
        for node in self.nodes:
            node.kill()
        guard.stop(self.guard)


def _forget_failed_handshakes() -> None:
    """Python warns of sockets whose TLS handshake failed while the server was starting; here that is expected."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def start_cluster(
    release: Release,
    *,
    nodes: int = 1,
    heap: str = "700m",
    secure: bool = False,
    quick: bool = True,
    port: int | None = None,
) -> Cluster:
    """Started and healthy, or ServerUnavailableError (nothing to start) or RuntimeError (it would not start)."""
    home, java = server_home(release), java_home(release)
    runs = cache_folder() / "runs"
    with locked(cache_folder() / "runs.lock"):
        guard.reap(runs)
        runs.mkdir(exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=runs))
        watch = guard.start(folder)
    try:
        cluster = _prepare(folder, watch, Plan(release, home, java, heap, secure, quick), nodes, port)
    except BaseException:
        guard.stop(watch)
        raise
    try:
        cluster.start()
    except BaseException:
        cluster.stop()
        raise
    return cluster


def _prepare(folder: Path, watch: subprocess.Popen[bytes], plan: Plan, nodes: int, port: int | None) -> Cluster:
    ports = free_ports(2 * nodes)
    if port is not None:
        ports[0] = port
    password = secrets.token_urlsafe(12) if plan.secure else None
    certificate = make_certificate(folder) if plan.secure else None
    names = [f"node-{i + 1}" for i in range(nodes)]
    seeds = [f"127.0.0.1:{p}" for p in ports[nodes:]]
    scheme = "https" if plan.secure else "http"
    members = []
    for i, name in enumerate(names):
        said = settings(folder, name, (ports[i], ports[nodes + i]), names, seeds)
        if password:
            said |= security()
        write_folder(folder, name, plan, said, password)
        command, environment = command_of(folder / name, plan)
        url = f"{scheme}://127.0.0.1:{ports[i]}"
        members.append(Node(name, folder / name, url, command, environment, plan.home))
    (folder / "snapshots").mkdir()
    give_away(folder)
    return Cluster(folder, members, watch, password, certificate)


__all__ = ["USER", "Cluster", "Node", "ServerUnavailableError", "start_cluster"]
