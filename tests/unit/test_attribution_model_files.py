"""Model files that are missing, damaged or not what they say they are."""

import json

import pytest

from engine.attribution.confidence import Calibration
from engine.attribution.tagger import NeuralTagger, checked_weights, label_set, read_config
from engine.errors import ModelError

CONFIG = {"weights_sha256": "0" * 64, "main": {}, "channel": {}}


def test_a_missing_tagger_is_an_error_that_names_the_way_out(tmp_path):
    with pytest.raises(ModelError, match="--attribution rules"):
        NeuralTagger.from_folder(tmp_path)


@pytest.mark.parametrize("written", ["{", "[]", "{}"])
def test_a_configuration_that_is_none_is_an_error(tmp_path, written):
    (tmp_path / "config.json").write_text(written, encoding="utf-8")
    with pytest.raises(ModelError):
        read_config(tmp_path)


def test_weights_that_are_not_those_of_the_configuration_are_refused(tmp_path):
    place = tmp_path / "model.onnx"
    place.write_bytes(b"other weights")
    with pytest.raises(ModelError, match="damaged"):
        checked_weights(place, CONFIG)
    with pytest.raises(ModelError, match="missing"):
        checked_weights(tmp_path / "none.onnx", CONFIG)


def test_transitions_must_fit_the_labels():
    with pytest.raises(ModelError, match="2 labels"):
        label_set({"labels": ["O", "B-cue"], "transitions": [[0.0]], "held_back": 0})


@pytest.mark.parametrize("written", ["{", "[]", '{"weights": {"bias": "much"}}'])
def test_confidence_weights_that_are_none_are_an_error(tmp_path, written):
    place = tmp_path / "confidence.json"
    place.write_text(written, encoding="utf-8")
    with pytest.raises(ModelError, match=r"confidence\.json"):
        Calibration.read(place)


def test_confidence_weights_are_read(tmp_path):
    place = tmp_path / "confidence.json"
    place.write_text(json.dumps({"weights": {"bias": 1}}), encoding="utf-8")
    assert Calibration.read(place).weights == {"bias": 1.0}
