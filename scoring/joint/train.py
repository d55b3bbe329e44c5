"""Learn joining anew: `python -m scoring.joint.train FILE.jsonl… --outside FOLDER`.

FILE holds told happenings in the order of their time: id, source, lang, title, text, published, event; outside are
headlines that were put together by reading (`scoring.joint.outside`); strangers are taken from the corpus. Needed after
a change of the encoder (the cosine's scale moves) or of the features. Each row is read twice, with its text and by its
title alone, since half of what feeds bring is a title.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from ingest.entry import Entry, Item, Sharing
from scoring.assess import assess
from scoring.features import gist
from scoring.joint.crowd import Crowd, crowd_keys
from scoring.joint.outside import Row, read_outside
from scoring.joint.pair import NAMES, features
from scoring.joint.traits import BUCKETS, Rarity, Traits, lede_of, sound_buckets, thing_keys, title_keys, tokens, traits
from scoring.joint.trees import DEPTH, Trees, of_boosting
from scoring.joint.weights import TABLES, WEIGHTS
from scoring.model import Model, load
from scoring.sample import read_samples

CORPUS = Path(__file__).parents[1] / "corpus"
AXES = 64
PAIRED = timedelta(days=4)
FIRST, TREES, PACE, SHARE, LEAST, RIDGE = 150, 400, 0.08, 0.5, 60, 5.0
NEARLY, HARD = -2.5, 6.0  # log-odds of the first pass, and what such a pair counts more in the second
PART = 20_000  # rows that are asked together
HEADLINE, TOLD = 1.0, 2.0  # what a pair counts
SMOOTH, STEPS = 3.0, 15  # of the straight line: standardised features; 1 to 30 measure the same within 0.005
BAR = 0.75  # docs/decisions/0016
THINNED = 12  # of the corpus one row in so many
CROWDED = 2  # so thinned, strangers are as crowded as a real day
DAY = datetime(2026, 3, 4, tzinfo=UTC)
CHANCE = 0.35  # cosine of entries that could be taken for one another
WORTH = 0.1  # of a pair of strangers
Floats = NDArray[np.float32]
SPEAKS = {"apart": -1, "again": -1}  # who says that it is another happening never joins for saying so


def read_told(path: Path) -> list[dict[str, Any]]:
    """The rows of a file, in its order."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def entry_of(row: dict[str, Any], *, bare: bool = False) -> Entry:
    """A row as an entry that was seen when it was published; `bare` by its title alone."""
    when = datetime.fromisoformat(row["published"]).astimezone(UTC)
    key, text = str(row["id"]), "" if bare else row.get("text") or ""
    item = Item(key=key, raw_hash=key, title=row["title"], text=text, language=row.get("lang"), published=when)
    return Entry(str(row.get("source") or ""), "F", Sharing.CLEAR, when, item)


def traits_of(entries: Sequence[Entry], model: Model, rarity: Rarity) -> list[Traits]:
    """Assessed together and read one by one."""
    assessed = assess(entries, model, max(entry.first_seen for entry in entries))
    return [traits(entry, made, rarity) for entry, made in zip(entries, assessed, strict=True)]


def background(model: Model) -> tuple[NDArray[np.int64], int, NDArray[np.float32]]:
    """How often words, sounds and things stand in the corpus, of how many texts, and the main axes of its vectors."""
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
    return counts, len(samples), np.ascontiguousarray(turns[:, ::-1][:, :AXES]).astype(np.float32)


def kept_tables() -> tuple[NDArray[np.int64], int, NDArray[np.float32]] | None:
    """What `background` found the last time."""
    if not TABLES.exists():
        return None
    with np.load(TABLES, allow_pickle=False) as stored:
        return stored["counts"].astype(np.int64), int(stored["texts"]), stored["axes"].astype(np.float32)


def pairs_of(found: Sequence[Traits], events: Sequence[str]) -> tuple[Floats, NDArray[np.bool_]]:
    """All pairs within `PAIRED`: features (n, len(NAMES)) and whether they tell of one happening."""
    rows, same = [], []
    for i, one in enumerate(found):
        near = [j for j in range(i) if abs(one.at - found[j].at) <= PAIRED]
        crowd = Crowd(key for _, key in {(events[j], key) for j in near for key in crowd_keys(found[j])})
        rows += [features(one, found[j], float(one.vector @ found[j].vector), crowd) for j in near]
        same += [events[i] == events[j] for j in near]
    return np.array(rows, dtype=np.float32), np.array(same)


def strangers(model: Model, rarity: Rarity) -> list[Traits]:
    """Entries of the corpus, none of them of one happening with another, as if told on one day."""
    samples = [sample for sample in read_samples(CORPUS) if not sample.fixed][::THINNED]
    rows = [
        {"id": f"corpus-{at}", "title": one.text.title, "text": one.text.lede, "published": DAY.isoformat()}
        for at, one in enumerate(samples)
    ]
    return traits_of([entry_of(row) for row in rows], model, rarity)


def strangers_of(found: Sequence[Traits]) -> Floats:
    """Features of pairs of strangers, some hours apart: what is alike by chance. Only pairs that look alike."""
    vectors = np.array([one.vector for one in found])
    likeness = vectors @ vectors.T
    crowd = Crowd(key for one in found[::CROWDED] for key in crowd_keys(one))
    rows = []
    for i, one in enumerate(found):
        for j in map(int, np.flatnonzero(likeness[i, :i] > CHANCE)):
            other = replace(found[j], at=one.at - timedelta(hours=(i * 7 + j) % 80))
            rows.append(features(one, other, float(likeness[i, j]), crowd))
    return np.array(rows, dtype=np.float32)


def fit(rows: Floats, same: NDArray[np.bool_], worth: Floats) -> tuple[Floats, float]:
    """Logistic regression by Newton's steps on standardised features: weights and bias for plain ones. `worth` (n,)
    says how much a row counts."""
    rows = rows.astype(np.float64)
    middle, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    scaled = np.column_stack([(rows - middle) / spread, np.ones(len(rows))])
    penalty = np.diag([SMOOTH] * rows.shape[1] + [0.0])
    beta = np.zeros(scaled.shape[1])
    for _ in range(STEPS):
        chance = 1.0 / (1.0 + np.exp(-np.clip(scaled @ beta, -30, 30)))
        slope = scaled.T @ (worth * (chance - same)) + penalty @ beta
        curve = (scaled * (worth * chance * (1 - chance))[:, None]).T @ scaled + penalty
        step = np.linalg.solve(curve + 1e-9 * np.eye(len(beta)), slope)
        beta -= step
        if float(np.abs(step).max()) < 1e-4:
            break
    weights = beta[:-1] / spread
    return weights.astype(np.float32), float(beta[-1] - weights @ middle)


def learnt(rows: Floats, same: NDArray[np.bool_], worth: Floats) -> Trees:
    """Trees in two passes: told pairs that are not same and that the first pass would nearly join were written to be
    confused, and count `HARD` times in the second. `worth` (n,) says how much a row counts; told ones count `TOLD`."""
    first = grow(rows, same, worth, FIRST)
    hard = (worth == TOLD) & ~same & (np.concatenate([first.odds(part) for part in _parts(rows)]) > NEARLY)
    return grow(rows, same, np.where(hard, HARD * worth, worth), TREES)


def _parts(rows: Floats) -> Iterator[Floats]:
    yield from (rows[at : at + PART] for at in range(0, len(rows), PART))


def grow(rows: Floats, same: NDArray[np.bool_], worth: Floats, trees: int) -> Trees:
    """So many trees by gradient boosting."""
    grower = HistGradientBoostingClassifier(
        max_depth=DEPTH,
        max_leaf_nodes=None,
        max_iter=trees,
        learning_rate=PACE,
        max_features=SHARE,
        min_samples_leaf=LEAST,
        l2_regularization=RIDGE,
        monotonic_cst=[SPEAKS.get(name, 0) for name in NAMES],
        early_stopping=False,
        random_state=0,
    )
    return of_boosting(grower.fit(rows, same, sample_weight=worth))


def lessons(
    stretches: Sequence[Sequence[Row]], weight: float, model: Model, rarity: Rarity
) -> Iterator[tuple[Floats, NDArray[np.bool_], Floats]]:
    """Pairs of each stretch, read with its texts and by its titles alone: features, whether they are same, weight."""
    for told in stretches:
        for bare in (False, True):
            found = traits_of([entry_of(row, bare=bare) for row in told], model, rarity)
            rows, same = pairs_of(found, [row["event"] for row in told])
            yield rows, same, np.full(len(same), weight, dtype=np.float32)


def main(arguments: Sequence[str] | None = None) -> None:
    """Learn from every file and all that was read outside, and write what was learnt."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, help="told happenings (JSON lines)")
    parser.add_argument("--outside", type=Path, help="folder with the headlines that `happenings.tsv` tells of")
    parser.add_argument("--model", type=Path, help="a model file")
    parser.add_argument("--keep", action="store_true", help="keep the table of how rare words are")
    asked = parser.parse_args(arguments)
    model = load(asked.model) if asked.model else load()
    counts, texts, axes = (kept_tables() if asked.keep else None) or background(model)
    rarity = Rarity(counts, texts)
    outside = read_outside(asked.outside) if asked.outside else []
    alike_by_chance = strangers_of(strangers(model, rarity))
    nobody = np.zeros(len(alike_by_chance), dtype=bool)
    parts = [
        *lessons([read_told(path) for path in asked.files], TOLD, model, rarity),
        *lessons(outside, HEADLINE, model, rarity),
        (alike_by_chance, nobody, np.full(len(nobody), WORTH, dtype=np.float32)),
    ]
    rows, same, worth = (np.concatenate(part) for part in zip(*parts, strict=True))
    trees = learnt(rows, same, worth)
    told = worth != HEADLINE
    weights, bias = fit(rows[told], same[told], np.where(worth == TOLD, 1.0, worth)[told])
    stored = {"counts": counts.astype(np.uint16), "texts": texts, "axes": axes.astype(np.float16), **trees.packed()}
    np.savez_compressed(TABLES, **stored)  # type: ignore[arg-type]
    said = {
        "made_from": {"pairs": len(same), "alike": int(same.sum()), "headlines": sum(map(len, outside))},
        "model": model.encoder.name,
        "bar": BAR,
        "bias": round(bias, 4),
        "weights": {name: round(float(weight), 4) for name, weight in zip(NAMES, weights, strict=True)},
    }
    WEIGHTS.write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")
    print(f"{len(same)} pairs, {int(same.sum())} alike → {len(trees.values)} trees in {TABLES}")


if __name__ == "__main__":
    main()
