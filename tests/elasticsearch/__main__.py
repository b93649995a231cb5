"""`python -m tests.elasticsearch`: a real node for a developer to play with, until Ctrl-C. Nothing is kept."""

from __future__ import annotations

import argparse
import contextlib
import signal

from tests.elasticsearch.node import USER, start_cluster
from tests.elasticsearch.server import DEFAULT_RELEASE, RELEASES, ServerUnavailableError


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.elasticsearch", description=__doc__)
    parser.add_argument("--version", choices=sorted(RELEASES), default=DEFAULT_RELEASE)
    parser.add_argument("--nodes", type=int, default=1)
    parser.add_argument("--heap", default="1g", help="of each node's Java (default 1g)")
    parser.add_argument("--port", type=int, help="of the first node (default: any free one)")
    parser.add_argument("--secure", action="store_true", help="with TLS and a password")
    chosen = parser.parse_args()
    try:
        cluster = start_cluster(
            RELEASES[chosen.version],
            nodes=chosen.nodes,
            heap=chosen.heap,
            secure=chosen.secure,
            quick=False,
            port=chosen.port,
        )
    except (ServerUnavailableError, RuntimeError) as error:
        parser.exit(1, f"{error}\n")
    print(f"export ONRECORD_STORE={cluster.url}")
    if cluster.password:
        print(f"export ONRECORD_ES_USERNAME={USER} ONRECORD_ES_PASSWORD={cluster.password}")
        print(f"export ONRECORD_ES_CA_FILE={cluster.ca_file}")
    print("Ctrl-C stops it and removes its files.", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        signal.pause()
    cluster.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
