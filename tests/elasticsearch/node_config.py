"""What a throw-away node is started with: its folder, configuration, ports and command."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
import shutil
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.elasticsearch.server import Release, server_user

USER = "onrecord"


@dataclass(frozen=True, slots=True)
class Plan:
    release: Release
    home: Path
    java: Path
    heap: str
    secure: bool
    quick: bool


def free_ports(count: int) -> list[int]:
    """Ports free at this moment, all held at once so that they differ."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def settings(folder: Path, name: str, ports: tuple[int, int], names: list[str], seeds: list[str]) -> dict[str, object]:
    return {
        "cluster.name": f"onrecord-{folder.name}",
        "node.name": name,
        "network.host": "127.0.0.1",
        "http.port": ports[0],
        "transport.port": ports[1],
        "path.data": str(folder / name / "data"),
        "path.logs": str(folder / name / "logs"),
        "path.repo": [str(folder / "snapshots")],
        "discovery.seed_hosts": seeds,
        "cluster.initial_master_nodes": names,
        "xpack.security.enabled": False,
        # A developer's disk is often over nine tenths full; that is no reason for a throw-away index to go read-only.
        "cluster.routing.allocation.disk.threshold_enabled": False,
    }


def security() -> dict[str, object]:
    said: dict[str, object] = {"xpack.security.enabled": True}
    for layer in ("http", "transport"):
        prefix = f"xpack.security.{layer}.ssl"
        said |= {f"{prefix}.enabled": True, f"{prefix}.key": "node.key", f"{prefix}.certificate": "node.crt"}
        said[f"{prefix}.certificate_authorities"] = ["node.crt"]
    return said


def write_folder(folder: Path, name: str, plan: Plan, settings: dict[str, object], password: str | None) -> None:
    own = folder / name
    shutil.copytree(plan.home / "config", own / "conf")
    for part in ("data", "logs", "tmp"):
        (own / part).mkdir()
    lines = [f"{key}: {json.dumps(value)}\n" for key, value in settings.items()]
    (own / "conf/elasticsearch.yml").write_text("".join(lines))
    if password:
        for part in ("node.crt", "node.key"):
            shutil.copy(folder / part, own / "conf" / part)
        (own / "conf/users").write_text(f"{USER}:{hashed(password)}\n")
        (own / "conf/users_roles").write_text(f"superuser:{USER}\n")


def hashed(password: str) -> str:
    """As the server's own file realm writes it (PBKDF2 with HMAC-SHA512, 10,000 rounds, 256 bits)."""
    salt = secrets.token_bytes(32)
    key = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, 10_000, 32)
    return f"{{PBKDF2}}10000${base64.b64encode(salt).decode()}${base64.b64encode(key).decode()}"


QUICK = " -XX:TieredStopAtLevel=1"
"""Java compiles less well and starts a third sooner: right for tests, wrong for measuring."""


def command_of(own: Path, plan: Plan) -> tuple[list[str], dict[str, str]]:
    """The command and its environment."""
    java = str(plan.java / "bin/java")
    common = [
        f"-Des.path.conf={own / 'conf'}",
        f"-Des.path.home={plan.home}",
        "-Xms4m",
        "-Xmx64m",
        f"-Djava.io.tmpdir={own / 'tmp'}",
    ]
    if plan.release.major >= 9:
        main = ["-cp", "lib/tools/server-launcher/*", "org.elasticsearch.server.launcher.ServerLauncher"]
    else:
        named = ["-Dcli.name=server", "-Dcli.script=bin/elasticsearch", "-Dcli.libs=lib/tools/server-cli"]
        kinds = ["-Des.distribution.type=tar", "-Des.java.type=ES_JAVA_HOME"]
        main = [*named, *kinds, "-cp", "lib/*:lib/cli-launcher/*", "org.elasticsearch.launcher.CliToolLauncher"]
    environment = {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "LANG": "C.UTF-8",
        "HOME": str(own),
        "JAVA": java,
        "JAVA_TYPE": "ES_JAVA_HOME",
        "ES_HOME": str(plan.home),
        "ES_JAVA_HOME": str(plan.java),
        "ES_PATH_CONF": str(own / "conf"),
        "ES_TMPDIR": str(own / "tmp"),
        "ES_JAVA_OPTS": f"-Xms{plan.heap} -Xmx{plan.heap}{QUICK if plan.quick else ''}",
        "ES_DISTRIBUTION_TYPE": "tar",
    }
    return [java, *common, *main], environment


def give_away(folder: Path) -> None:
    """The server's user must own what it writes (and its configuration, where it keeps its keystore)."""
    user = server_user()
    if user is None:
        return
    folder.chmod(0o755)
    parts = [part for part in folder.iterdir() if part.name != "lock"]
    paths: Iterable[Path] = (path for part in parts for path in (part, *part.rglob("*")))
    for path in paths:
        os.chown(path, *user)
