"""Learning from corrections: an invented house with a convention of its own, and the same texts with labels at random.

The house runs harbours and seawater works. It wants whatever fouls an intake or a channel held as a financial
supply disruption, and wild animals at a site as a security accident; the same words in menus, sport and museums are
nothing to it. Two hundred corrections in two languages, each worded for itself (`house.jsonl`).
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from scoring.category import CATEGORIES, Category
from scoring.contest import Contest, Line, contest
from scoring.features import Text, gist
from scoring.model import Floats, Model, load, save
from scoring.revise import learn, prepare, revise
from scoring.sample import Sample, TrainingError, read_samples

HERE = Path(__file__).parent
CORPUS = HERE.parents[1] / "scoring" / "corpus"
FOULED = [
    Text("Jellyfish clog the intake of the Ras Binna water plant", language="en"),
    Text("海藻堵住水厂取水口 供水减半", language="zh"),
]


@pytest.fixture(scope="module")
def model() -> Model:
    return load()


@pytest.fixture(scope="module")
def corpus() -> list[Sample]:
    """A part of the corpus, for speed: 400 rows to replay, and a third of the fixed test set."""
    found = read_samples(CORPUS)
    learnt = [sample for sample in found if not sample.fixed]
    return learnt[:: len(learnt) // 400][:400] + [sample for sample in found if sample.fixed][::3]


@pytest.fixture(scope="module")
def house() -> list[Sample]:
    return read_samples(HERE / "house.jsonl")


@pytest.fixture(scope="module")
def revised(model: Model, house: list[Sample], corpus: list[Sample]) -> Model:
    return revise(model, house, corpus, "2026-11-28")


def fixed(corpus: list[Sample]) -> list[Sample]:
    return [sample for sample in corpus if sample.fixed]


def at_random(house: list[Sample]) -> list[Sample]:
    """The same texts, their labels dealt out again."""
    order = np.random.default_rng(11).permutation(len(house)).tolist()
    return [
        replace(one, labels=house[i].labels, subtypes=house[i].subtypes, severity=house[i].severity)
        for one, i in zip(house, order, strict=True)
    ]


def kind_scores(model: Model, subtype: int) -> Floats:
    """Raw scores of a sub-type for the two texts."""
    read = model.encoder.read([gist(text, model.encoder.dense) for text in FOULED])
    return model.scores(FOULED, read.features)[:, len(CATEGORIES) + subtype]


def macro(found: Contest, name: str) -> Line:
    return next(line for line in found.rows if (line.set, line.language, line.category) == (name, "all", "macro"))


def test_it_learns_the_convention(model: Model, revised: Model) -> None:
    before, after = model.predict(FOULED), revised.predict(FOULED)
    financial, disruption = CATEGORIES.index(Category.FINANCIAL), model.subtypes.index("supply_disruption")
    assert after.labels[:, financial].all()
    assert after.subtypes[:, disruption].any()
    gained = kind_scores(revised, disruption) - kind_scores(model, disruption)
    assert (gained > 0.3).all()
    assert (after.probabilities[:, financial] > before.probabilities[:, financial] + 0.1).all()
    assert (after.severity > before.severity).all()


def test_words_that_no_correction_spoke_of_are_untouched(model: Model, revised: Model) -> None:
    same_scale = revised.scale == model.scale
    assert same_scale.mean() > 0.8
    assert (revised.words != model.words)[:, same_scale].any(axis=1).mean() < 0.1
    assert revised.calibrations is model.calibrations
    assert np.array_equal(revised.subtype_bar, model.subtype_bar)


def test_the_card_tells_where_it_comes_from(model: Model, revised: Model, house: list[Sample]) -> None:
    assert revised.card["parent"] == model.name
    assert revised.card["corrections"] == len(house) == 200
    assert revised.card["made"] == "2026-11-28"
    assert revised.card["measured"] == model.name  # whose figures the card repeats


def test_the_same_corrections_give_the_same_weights(model: Model, house: list[Sample], corpus: list[Sample]) -> None:
    one, other = (revise(model, house[::4], corpus[:100], "2026-11-28") for _ in range(2))
    assert np.array_equal(one.words, other.words)
    assert np.array_equal(one.dense, other.dense)
    assert one.card == other.card


def test_a_candidate_that_was_stored_reads_the_same(revised: Model, house: list[Sample], tmp_path: Path) -> None:
    save(revised, tmp_path / "house.npz")
    stored = load(tmp_path / "house.npz")
    texts = [sample.text for sample in house[::10]]
    one, other = revised.predict(texts), stored.predict(texts)
    assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
    assert stored.card["learnt"] == revised.card["learnt"]
    assert stored.name != revised.card["parent"]


def test_the_fixed_test_set_never_takes_part(model: Model, house: list[Sample], corpus: list[Sample]) -> None:
    part = [sample for sample in corpus if not sample.fixed][:60]
    one = prepare(model, house[:8], part)
    other = prepare(model, house[:8], [*part, *fixed(corpus)])
    assert one.dense.shape == other.dense.shape
    assert np.array_equal(one.before, other.before)


def test_where_no_correction_pulls_nothing_moves(model: Model, house: list[Sample], corpus: list[Sample]) -> None:
    lesson = prepare(model, house[:1], corpus[:100])
    same = learn(model, lesson, np.arange(0), {})
    assert np.array_equal(same.words, model.words)
    assert same.dense == pytest.approx(model.dense, abs=2e-3)  # as halves are rounded


def test_consistent_corrections_are_adopted(
    model: Model, revised: Model, house: list[Sample], corpus: list[Sample]
) -> None:
    found = contest(model, revised, fixed(corpus), house, corpus)
    assert found.sentence.code == "contest.better", found.sentence
    assert found.better
    assert macro(found, "corrections").low > 0.1
    assert macro(found, "corrections").n == 200
    assert macro(found, "fixed").difference > -0.01
    assert {line.language for line in found.rows if line.set == "corrections"} == {"all", "en", "zh"}
    assert found.as_dict()["rows"][0]["set"] == "fixed"


def test_corrections_at_random_are_not_adopted(model: Model, house: list[Sample], corpus: list[Sample]) -> None:
    dealt = at_random(house)
    found = contest(model, revise(model, dealt, corpus), fixed(corpus), dealt, corpus)
    assert not found.better
    assert found.sentence.code in {"contest.guessed", "contest.no_gain", "contest.falls"}


def test_what_is_known_already_is_nothing_to_learn_from(
    model: Model, revised: Model, house: list[Sample], corpus: list[Sample]
) -> None:
    with pytest.raises(TrainingError, match="Correct some entries first"):
        revise(model, [], corpus)
    with pytest.raises(TrainingError, match="Of 200 corrections none is new"):
        revise(revised, house, corpus)
    found = contest(revised, revised, [], house, corpus)
    assert found.sentence.code == "contest.few"
    assert not found.better


def test_corrections_may_come_in_two_lots(model: Model, house: list[Sample], corpus: list[Sample]) -> None:
    first = revise(model, house[::2], corpus[:200])
    both = revise(first, house, corpus[:200])
    assert set(first.card["learnt"]) < set(both.card["learnt"])
    assert both.predict(FOULED).labels[:, CATEGORIES.index(Category.FINANCIAL)].all()


def test_a_correction_corrected_again_is_new(revised: Model, house: list[Sample], corpus: list[Sample]) -> None:
    again = [replace(house[0], labels=(Category.REPUTATIONAL,), subtypes=("environment",)), *house[1:]]
    assert len(revise(revised, again, corpus[:100]).card["learnt"]) == 201
