"""Floors of the quote check on the held-out tenth of the corpus. They only ever rise."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.attribution import Means, load_attributor
from engine.embed import load_embedder
from engine.learning.corpus import load_corpus
from engine.prepare import Attributes
from engine.registry import load_registry
from engine.stores.embedded import open_embedded
from tests.bench.check_cases import EXPECTED, archive_of, check_cases
from tests.bench.check_measure import GoldAttribution, Table, fill, measured, share_right
from tests.bench.check_shapes import drafts_of

SEED, EACH = 7, 6
FLOORS: dict[Means | str, float] = {"gold": 0.98, "rules": 0.95}


def table_of(means: Means | str, folder: Path) -> Table:
    attribution: Attributes = (
        GoldAttribution() if means == "gold" else load_attributor(means, registry=load_registry())  # type: ignore[arg-type]
    )
    archive, embedder = archive_of(load_corpus(heldout=True)), load_embedder()
    store = open_embedded(folder / "floors.db", identity=embedder.identity)
    fill(store, archive, attribution=attribution, embedder=embedder)
    drafts = drafts_of(check_cases(archive, seed=SEED, each=EACH), seed=SEED)
    table, _ = measured(drafts, store=store, attribution=attribution, embedder=embedder)
    store.close()
    return table


@pytest.mark.slow
@pytest.mark.parametrize("means", FLOORS)
def test_no_share_of_right_verdicts_falls_below_its_floor_and_nothing_invented_is_verbatim(
    means: Means | str, tmp_path: Path
) -> None:
    table = table_of(means, tmp_path)
    assert share_right(table) >= FLOORS[means]
    invented = [kind for kind, verdicts in EXPECTED.items() if "verbatim" not in verdicts and "not_found" in verdicts]
    assert sum(table[kind]["verbatim"] for kind in invented) == 0
    assert sum(table["negation dropped"].values()) == table["negation dropped"]["altered"]
