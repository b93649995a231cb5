"""Making a tagger from marked text: what `onrecord train` does."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, cast

from engine.attribution import Attributor, load_attributor
from engine.attribution.confidence import Calibration
from engine.attribution.gold import gold_answer, gold_article
from engine.attribution.tagger import NeuralTagger
from engine.errors import InputError, UsageError
from engine.learning.calibrate import calibrate
from engine.learning.corpus import GoldDocument, load_corpus
from engine.learning.errors import errors_by_class
from engine.learning.evaluate import evaluate
from engine.learning.recipe import RECIPES, Name
from engine.registry import Registry

_QUOTE_ROLES: tuple[Literal["content", "cue", "source", "channel"], ...] = ("content", "cue", "source", "channel")


def make_tagger(
    means: Name,
    folder: Path,
    *,
    base: Path,
    marked: Sequence[Path] = (),
    seed: int = 0,
    report: Callable[[str], None] = print,
) -> dict[str, Any]:
    """Trains by a recipe on the corpus (and a newsroom's own gold JSONL), writes the tagger, returns held-out figures.

    `base` is the pretrained encoder's folder (config.json, model.safetensors, tokenizer.json). `folder` receives
    model.onnx, config.json, tokenizer.json and confidence.json. Raises UsageError where `base` is no encoder's folder,
    InputError for a malformed marked text.
    """
    from engine.learning.export import export
    from engine.learning.train import train

    missing = [name for name in ("config.json", "model.safetensors", "tokenizer.json") if not (base / name).is_file()]
    if missing:
        raise UsageError(f"{base} is not the folder of a pretrained encoder: no {missing[0]}")
    recipe = replace(RECIPES[means], seed=seed)
    own = [document for path in marked for document in read_gold(path)]
    documents = [*load_corpus(heldout=False), *own]
    teacher = NeuralTagger.load(recipe.teacher) if recipe.teacher else None
    trained = train(documents, base, recipe, teacher=teacher, report=report)
    export(trained, recipe, base, folder, trained_on=provenance(documents, own=len(own)))
    attributor = attributor_in(folder)
    held_out = load_corpus(heldout=True)
    confidence = calibrate(attributor, held_out, folder / "confidence.json")
    return {"held_out": evaluate_attributor(attributor, held_out), "confidence": confidence}


def provenance(documents: Sequence[GoldDocument], *, own: int) -> dict[str, Any]:
    """What a tagger was trained on, with a hash of all that training sees: texts and places, no names."""
    seen = [
        [document["text"], [[*(quote[role] for role in _QUOTE_ROLES), quote["nested"]] for quote in document["quotes"]]]
        for document in documents
    ]
    return {
        "corpus": len(documents) - own,
        "own": own,
        "attributions": sum(len(document["quotes"]) for document in documents),
        "sha256": hashlib.sha256(json.dumps(seen, ensure_ascii=False).encode("utf-8")).hexdigest(),
    }


def calibrate_rules(place: Path) -> dict[str, Any]:
    """Refits the confidence of the rules, which were trained on nothing, on the whole corpus."""
    return calibrate(load_attributor("rules", registry=Registry.of([])), load_corpus(heldout=None), place)


def attributor_in(folder: Path, *, registry: Registry | None = None) -> Attributor:
    """The tagger in a folder at work; its confidence is level until it has been calibrated."""
    place = folder / "confidence.json"
    calibration = Calibration.read(place) if place.exists() else Calibration({})
    return Attributor(NeuralTagger.from_folder(folder), calibration, registry=registry or Registry.of([]))


def evaluate_attributor(
    attributor: Attributor, documents: Iterable[Mapping[str, Any]], *, examples: int | None = None
) -> dict[str, Any]:
    """The figures of `onrecord eval attribution`; with `examples`, `errors` by class and as many examples of each."""
    gold = list(documents)
    answered = (gold_answer(attributor.attribute(gold_article(document))) for document in gold)
    answers = {answer["doc_id"]: answer["quotes"] for answer in answered}
    figures = evaluate(gold, answers)
    return figures if examples is None else figures | {"errors": errors_by_class(gold, answers, examples=examples)}


def read_gold(path: Path) -> list[GoldDocument]:
    """Documents of a gold JSONL file. Raises InputError, naming file and line, for one that is malformed."""
    documents = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                documents.append(_gold(line, f"{path}:{number}"))
    return documents


def _gold(line: str, name: str) -> GoldDocument:
    try:
        document = json.loads(line)
    except ValueError as cause:
        raise InputError(f"{name}: not JSON: {cause}") from cause
    if not isinstance(document, dict) or not isinstance(document.get("quotes"), list):
        raise InputError(f"{name}: a gold document is an object with doc_id, text and quotes")
    article = gold_article(document, name=name)
    for quote in document["quotes"]:
        for role in _QUOTE_ROLES:
            quote.setdefault(role, [])
            if any(not 0 <= start < end <= len(article.text) for start, end in quote[role]):
                raise InputError(f"{name}: a {role} span lies outside the text")
        quote.setdefault("nested", _is_nested(quote, document["quotes"]))
    return cast(GoldDocument, document)


def _is_nested(quote: Mapping[str, Any], others: Sequence[Mapping[str, Any]]) -> bool:
    """Does its cue (or, without one, its content) lie inside another's content?"""
    inner = quote.get("cue") or quote["content"]
    return any(
        start <= begin and stop <= end and end - start > stop - begin
        for other in others
        if other is not quote
        for start, end in other["content"]
        for begin, stop in inner
    )
