"""`python -m scoring.tuning`: make the shipped model anew."""

import argparse
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch

from scoring.category import CATEGORIES, SUBTYPES
from scoring.evaluate import evaluate
from scoring.model import LIGHT, Model, language, load, save
from scoring.sample import CORPUS, read_samples
from scoring.train import LEAST_SUBTYPE, SEEN, quantise
from scoring.tuned import TunedEncoder, thin
from scoring.tuning.guess import guessed
from scoring.tuning.learn import EPOCHS, Prepared, prepare, tune
from scoring.tuning.lessons import Lesson, kept_back, lessons, named_sources
from scoring.tuning.network import Network
from scoring.tuning.settle import settled

LIMITS = (
    "Reads the title and the first 120 characters of the lede. The encoder knows no Persian, Urdu, Hindi, Swahili, "
    "Vietnamese, Burmese or Indonesian: there words and pieces of words carry the judgement. Calibrated on text chosen "
    "for its borders: on an unchosen feed its numbers run high."
)


def main() -> None:
    """Read the options, learn, calibrate on what was kept back, and write the model."""
    options = _options()
    torch.set_num_threads(options.threads)
    found = lessons(options.corpus, options.outside)
    subtypes = _subtypes(found)
    teaching = [lesson for lesson in found if not kept_back(lesson)]
    if options.teachers and options.outside:
        guesses = guessed(options.outside, [load(path) for path in options.teachers])
        teaching, found = [*teaching, *guesses], [*found, *guesses]
    held = [lesson for lesson in found if kept_back(lesson)]
    print(f"{len(teaching)} lessons, {len(held)} kept back, {len(subtypes)} sub-types", flush=True)
    prepared = prepare(teaching, subtypes)
    network = tune(prepared, len(CATEGORIES) + len(subtypes) + 1, options.seed, options.epochs)
    model = settled(assemble(network, prepared, subtypes, _card(found)), held)
    fixed = [sample for sample in read_samples(options.corpus) if sample.fixed]
    model.card["metrics"] = {"fixed": evaluate(fixed, model)}  # type: ignore[index]
    save(model, options.out)
    print(f"macro-F1 on the fixed test set: {model.card['metrics']['fixed']['macro_f1']}; written: {options.out}")


def assemble(network: Network, taught: Sequence[Prepared], subtypes: tuple[str, ...], card: dict[str, object]) -> Model:
    """Network → model, its calibration and bars still to be settled."""
    seen = np.bincount(np.concatenate([one.buckets for one in taught]), minlength=len(network.words.weight)) >= SEEN
    words, scale = quantise(network.words.weight.detach().numpy().astype(np.float64) * seen[:, None])
    return Model(
        name="watchfire",
        subtypes=subtypes,
        dense=network.linear.weight.detach().numpy().T.copy(),
        words=words,
        scale=scale,
        bias=network.linear.bias.detach().numpy().copy(),
        subtype_bar=np.zeros(len(subtypes), dtype=np.float32),
        calibrations={},
        card=card,
        encoder=TunedEncoder(thin({key: value.detach().numpy() for key, value in network.w.items()})),
    )


def _subtypes(found: Sequence[Lesson]) -> tuple[str, ...]:
    counts = Counter(key for lesson in found for key in lesson.sample.subtypes)
    return tuple(key for key in SUBTYPES if counts[key] >= LEAST_SUBTYPE)


def _card(found: Sequence[Lesson]) -> dict[str, object]:
    spoken = Counter(language(lesson.sample.text) for lesson in found)
    tags = Counter(label.value for lesson in found for label in lesson.sample.labels)
    data = {
        "what": "Own corpus; outside text only as the sources below tell: its words are nowhere in this house.",
        "samples": len(found),
        "sources": named_sources(found),
        "languages": dict(sorted(spoken.items())),
        "categories": {category.value: tags[category.value] for category in CATEGORIES},
    }
    return {"made": datetime.now(UTC).date().isoformat(), "data": data, "severity_learnt": True, "limits": LIMITS}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scoring.tuning", description=__doc__)
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="own labelled text")
    parser.add_argument("--outside", type=Path, help="folder with train.jsonl and pool.jsonl of others' text")
    parser.add_argument("--out", type=Path, default=LIGHT)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--teachers", type=Path, nargs="*", default=[], help="models that guess at unread headlines")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    main()
