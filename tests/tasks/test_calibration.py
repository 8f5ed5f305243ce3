"""The fit of a temperature and biases: it is the minimum, it undoes what was done, and little evidence moves little."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import typeloom as tl
from typeloom.tasks.calibration import (
    PENALTY,
    Calibration,
    Floats,
    Positions,
    _loss,
    _minimum,
    expected_calibration_error,
    fit,
    softmax,
)


def drawn(seed: int, n: int, k: int, slope: float, biases: Floats) -> tuple[Floats, Positions]:
    """Log-probabilities of a model that is off by a slope and biases, and labels drawn from the true probabilities."""
    random = np.random.default_rng(seed)
    truth = np.log(softmax(random.normal(0, 2, (n, k))))
    correct = np.array([random.choice(k, p=np.exp(row)) for row in truth])
    wrong = (truth - biases) / slope
    return np.log(softmax(wrong)), correct


@given(st.integers(0, 10**6), st.integers(2, 6), st.integers(1, 40))
def test_the_fit_is_the_minimum(seed: int, k: int, texts: int) -> None:
    random = np.random.default_rng(seed)
    scores, correct = drawn(seed, texts, k, 0.5, random.normal(0, 1, k))

    def objective(calibration: Calibration) -> float:
        squares = (calibration.slope - 1) ** 2 + sum(b * b for b in calibration.biases)
        return _loss(calibration, scores, correct) + PENALTY / 2 * squares

    found = _minimum(scores, correct)
    assert math.isclose(sum(found.biases), 0.0, abs_tol=1e-9)
    for _ in range(20):
        step = random.normal(0, 0.05, k + 1)
        other = Calibration(max(0.02, found.slope + step[0]), tuple(np.asarray(found.biases) + step[1:]))
        assert objective(found) <= objective(other) + 1e-7


def test_much_evidence_undoes_a_temperature_and_biases() -> None:
    biases = np.array([1.0, -0.5, -0.5])
    scores, correct = drawn(1, 4000, 3, 0.5, biases)
    found = fit(scores, correct.tolist())
    assert abs(found.temperature - 2.0) < 0.2
    assert np.abs(np.asarray(found.biases) - biases).max() < 0.2
    raw, after = softmax(scores), softmax(found.logits(scores))
    errors = [
        expected_calibration_error(p.max(axis=1).tolist(), (p.argmax(axis=1) == correct).tolist())
        for p in (raw, after)
    ]
    assert errors[1] < 0.03 < errors[0]


def test_one_text_that_is_right_moves_little_and_one_that_is_wrong_costs_trust() -> None:
    right, wrong = fit([[-0.1, -2.4]], [0]), fit([[-0.1, -2.4]], [1])
    assert 1.0 < right.slope < 1.2
    assert 0.0 < right.biases[0] < 0.1
    assert 0.0 < wrong.slope < 1.0
    assert -0.5 < wrong.biases[0] < 0.0


def test_a_model_that_is_always_wrong_is_not_believed_the_other_way_round() -> None:
    found = fit([[-0.01, -5.0], [-5.0, -0.01]] * 20, [1, 0] * 20)
    assert 0.0 < found.slope < 0.1


def test_impossible_labels_stay_finite() -> None:
    found = fit([[0.0, -math.inf], [-math.inf, 0.0]] * 5, [0, 1] * 5)
    assert np.isfinite(found.logits([0.0, -math.inf])).all()


@pytest.mark.parametrize(("scores", "correct"), [([], []), ([[0.0, -1.0]], []), ([[0.0, -1.0]], [2]), ([0.0], [0])])
def test_what_cannot_be_fitted_is_an_error(scores: list[object], correct: list[int]) -> None:
    with pytest.raises(tl.Error, match="expected"):
        fit(scores, correct)


def test_the_calibration_error_by_hand() -> None:
    # Two in [0.9, 1.0]: mean 0.95, one right; one in [0.5, 0.6): 0.55, right.
    assert math.isclose(expected_calibration_error([0.9, 1.0, 0.55], [True, False, True]), (2 * 0.45 + 0.45) / 3)
    assert expected_calibration_error([], []) == 0.0
    with pytest.raises(tl.Error, match="got 1 and 0"):
        expected_calibration_error([0.5], [])
