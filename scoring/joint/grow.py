"""From pairs to what answers: small trees by gradient boosting, and a straight line by Newton's steps."""

from collections.abc import Mapping

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from scoring.joint.lessons import Pairs
from scoring.joint.pair import NAMES
from scoring.joint.trees import DEPTH, Floats, Trees, of_boosting

TREES = 400
FIRST = 150  # trees of the first growth, which only looks for what is easily confused
PACE = 0.08  # of its error that each tree mends
SHARE = 0.5  # of the features that each question may choose from
LEAST = 60  # pairs behind each answer
RIDGE = 5.0  # draws answers to nothing
NEARLY = -2.5  # log-odds by the first growth of what it would nearly join
HARD = 6.0  # what such a pair counts more in the second
PART = 20_000  # rows that are asked together
SMOOTH = 3.0  # of the straight line: on standardised features 1 to 30 measure the same within 0.005
STEPS = 15  # of Newton's
# Who says that it is another happening never joins for saying so.
SPEAKS: Mapping[str, int] = {"apart": -1, "again": -1}


def grown(pairs: Pairs) -> Trees:
    """Trees in two growths: told pairs that are not same and that the first would nearly join were written to be
    confused, and count `HARD` times in the second."""
    first = _grow(pairs, FIRST)
    other = pairs.told & ~pairs.same
    nearly = np.zeros(len(other), dtype=bool)
    nearly[other] = _odds(first, pairs.rows[other]) > NEARLY
    return _grow(pairs._replace(worth=np.where(nearly, HARD * pairs.worth, pairs.worth)), TREES)


def straight(pairs: Pairs) -> tuple[Floats, float]:
    """Logistic regression on standardised features: weights and bias for plain ones."""
    rows = pairs.rows.astype(np.float64)
    middle, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    scaled = np.column_stack([(rows - middle) / spread, np.ones(len(rows))])
    penalty = np.diag([SMOOTH] * rows.shape[1] + [0.0])
    beta = np.zeros(scaled.shape[1])
    for _ in range(STEPS):
        chance = 1.0 / (1.0 + np.exp(-np.clip(scaled @ beta, -30, 30)))
        slope = scaled.T @ (pairs.worth * (chance - pairs.same)) + penalty @ beta
        curve = (scaled * (pairs.worth * chance * (1 - chance))[:, None]).T @ scaled + penalty
        step = np.linalg.solve(curve + 1e-9 * np.eye(len(beta)), slope)
        beta -= step
        if float(np.abs(step).max()) < 1e-4:
            break
    weights = beta[:-1] / spread
    return weights.astype(np.float32), float(beta[-1] - weights @ middle)


def _grow(pairs: Pairs, trees: int) -> Trees:
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
    return of_boosting(grower.fit(pairs.rows, pairs.same, sample_weight=pairs.worth))


def _odds(trees: Trees, rows: Floats) -> Floats:
    parts = [trees.odds(rows[at : at + PART]) for at in range(0, len(rows), PART)]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)
