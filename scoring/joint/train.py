"""Learn joining anew: `python -m scoring.joint.train FILE.jsonl… --outside FOLDER`.

FILE holds told happenings in the order of their time: id, source, lang, title, text, published, event; outside are
headlines that were put together by reading (`scoring.joint.outside`); strangers are taken from the corpus. Needed after
a change of the encoder (the cosine's scale moves) or of the features.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.features import gist
from scoring.joint.grow import grown, straight
from scoring.joint.lessons import of_headlines, of_told, read_told, strangers, together
from scoring.joint.outside import read_outside
from scoring.joint.pair import NAMES
from scoring.joint.traits import BUCKETS, Rarity, lede_of, sound_buckets, thing_keys, title_keys, tokens
from scoring.joint.trees import Floats, Trees
from scoring.joint.weights import TABLES, WEIGHTS
from scoring.model import Model, load
from scoring.sample import CORPUS, read_samples

AXES = 64
BAR = 0.55  # docs/decisions/0016


class Background(NamedTuple):
    """How often words, sounds and things stand in the corpus, in how many texts, and the main axes of its vectors."""

    counts: NDArray[np.int64]
    texts: int
    axes: Floats


def background(model: Model) -> Background:
    """Of the corpus as it is."""
    counts = np.zeros(BUCKETS, dtype=np.int64)
    samples = read_samples(CORPUS)
    for sample in samples:
        text = f"{sample.text.title}\n{lede_of(sample.text.lede)}"
        found = tokens(text)
        seen = {*title_keys(found), *(key for key, _ in sound_buckets(text)), *thing_keys(found)}
        counts[list(seen)] += 1
    texts = [gist(sample.text, model.encoder.dense) for sample in samples[::3]]
    vectors = np.concatenate([model.encoder.read(texts[i : i + 64]).vectors for i in range(0, len(texts), 64)])
    _, turns = np.linalg.eigh(vectors.T.astype(np.float64) @ vectors)
    return Background(counts, len(samples), np.ascontiguousarray(turns[:, ::-1][:, :AXES]).astype(np.float32))


def kept() -> Background | None:
    """What `background` found the last time."""
    if not TABLES.exists():
        return None
    with np.load(TABLES, allow_pickle=False) as stored:
        return Background(stored["counts"].astype(np.int64), int(stored["texts"]), stored["axes"].astype(np.float32))


def keep(behind: Background, trees: Trees, line: tuple[Floats, float], said: dict[str, object]) -> None:
    """Write what was learnt."""
    tables = {"counts": behind.counts.astype(np.uint16), "texts": behind.texts, "axes": behind.axes.astype(np.float16)}
    np.savez_compressed(TABLES, **tables, **trees.packed())  # type: ignore[arg-type]
    weights, bias = line
    named = {name: round(float(weight), 4) for name, weight in zip(NAMES, weights, strict=True)}
    said = {**said, "bar": BAR, "bias": round(bias, 4), "weights": named}
    WEIGHTS.write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")


def learn(files: Sequence[Path], outside: Path | None, model: Model, behind: Background) -> None:
    """Learn from all of them. The straight line learns from what was told on purpose, and from strangers."""
    rarity = Rarity(behind.counts, behind.texts)
    read = read_outside(outside) if outside else []
    purposed, nobody = [*of_told(map(read_told, files), model, rarity)], strangers(model, rarity)
    pairs = together([*purposed, *of_headlines(read, model, rarity), nobody])
    trees, line = grown(pairs), straight(together([*(part.plain() for part in purposed), nobody]))
    made_from = {"pairs": len(pairs.same), "alike": int(pairs.same.sum()), "headlines": sum(map(len, read))}
    keep(behind, trees, line, {"made_from": made_from, "model": model.encoder.name})
    print(f"{made_from['pairs']} pairs, {made_from['alike']} alike → {len(trees.values)} trees in {TABLES}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the options and learn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, help="told happenings (JSON lines)")
    parser.add_argument("--outside", type=Path, help="folder with others' headlines, as `python -m scoring.tuning` has")
    parser.add_argument("--model", type=Path, help="a model file")
    parser.add_argument("--keep", action="store_true", help="keep the table of how rare words are")
    asked = parser.parse_args(arguments)
    model = load(asked.model) if asked.model else load()
    learn(asked.files, asked.outside, model, (kept() if asked.keep else None) or background(model))


if __name__ == "__main__":
    main()
