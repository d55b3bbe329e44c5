"""The report: numbers that can be counted by hand."""

import json

import numpy as np
import pytest

from scoring.category import Category
from scoring.evaluate import evaluate, evaluate_scores
from scoring.features import Text
from scoring.sample import Sample
from scoring.train import train
from tests.scoring.plain import PlainEncoder, samples

SECURITY, LEGAL = (Category.SECURITY,), (Category.LEGAL,)


def rows(*labels: tuple[Category, ...]) -> list[Sample]:
    return [Sample(str(i), Text("x", language="en"), wanted) for i, wanted in enumerate(labels)]


def scores(*securities: float) -> np.ndarray:
    return np.array([[p, 0, 0, 0, 0] for p in securities], dtype=np.float32)


def test_counted_by_hand() -> None:
    given = scores(0.9, 0.8, 0.2, 0.1)
    report = evaluate_scores(rows(SECURITY, (), SECURITY, ()), given, given >= 0.5)
    security = report["categories"]["security"]
    assert (security["positives"], security["precision"], security["recall"], security["f1"]) == (2, 0.5, 0.5, 0.5)
    assert report["none_precision"] == 0.5
    assert report["macro_f1"] == 0.5, "categories that nobody asked for do not count"


def test_calibration_error_of_certain_and_right_is_nothing() -> None:
    given = scores(1.0, 0.0, 1.0)
    assert evaluate_scores(rows(SECURITY, (), SECURITY), given, given >= 0.5)["ece"] == 0.0


def test_calibration_error_of_certain_and_wrong_is_its_share() -> None:
    given = scores(1.0, 1.0)
    report = evaluate_scores(rows(SECURITY, ()), given, given >= 0.5)
    assert report["categories"]["security"]["ece"] == pytest.approx(0.5)


def test_languages_with_too_few_rows_stand_in_the_sum_only() -> None:
    given = scores(*[0.9] * 25)
    many = [*rows(*([SECURITY] * 24)), Sample("f", Text("x", language="fr"), LEGAL)]
    report = evaluate_scores(many, given, given >= 0.5)
    assert set(report["languages"]) == {"en"}
    assert report["samples"] == 25


def test_a_report_is_json_and_no_samples_are_no_trouble() -> None:
    model = train(samples(), PlainEncoder(), hints=())
    report = json.loads(json.dumps(evaluate(samples(), model)))
    assert report["macro_f1"] > 0.9
    assert 0 <= report["left_open"] <= 1
    assert evaluate([], model)["samples"] == 0
