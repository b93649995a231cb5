"""Puts numbered articles into a store for ever, saying each that is acknowledged. Run to be killed."""

import sys
from pathlib import Path

from engine.stores.embedded import open_embedded
from tests.contract.builders import IDENTITY, simple


def main() -> None:
    store = open_embedded(Path(sys.argv[1]), identity=IDENTITY, cache=Path(sys.argv[2]))
    first, means = int(sys.argv[3]), sys.argv[4]
    articles = (simple(f"a{n:06}", f"Bridge {n} was closed", means=means) for n in range(first, 10**6))
    for outcome in store.put(articles):
        print(outcome.article, flush=True)


if __name__ == "__main__":
    main()
