"""A certificate for throw-away nodes: their own authority, with the loopback addresses as names."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.elasticsearch.server import ServerUnavailableError

_NAMES = "subjectAltName=IP:127.0.0.1,DNS:localhost"
_USES = "keyUsage=critical,digitalSignature,keyEncipherment,keyCertSign"


def make_certificate(folder: Path) -> Path:
    """Write `node.crt` and `node.key` (unencrypted PEM) for two days; the path of the certificate."""
    openssl = shutil.which("openssl")
    if openssl is None:
        raise ServerUnavailableError("openssl is not installed, so no certificate can be made")
    certificate = folder / "node.crt"
    subprocess.run(
        [
            openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=onrecord-test",
            "-addext", _NAMES, "-addext", _USES, "-keyout", str(folder / "node.key"), "-out", str(certificate),
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return certificate
