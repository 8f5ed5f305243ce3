"""From the model's log-probabilities to probabilities that hold: a temperature and one bias a label, fitted.

Theory of operation. A calibrated log-odd is `slope * score + bias[label]`, with `slope` the inverse of a temperature
(Guo et al., On Calibration of Modern Neural Networks, 2017: temperature scaling, and its bias-corrected form). The fit
is maximum a posteriori: the negative log-likelihood of the labelled texts plus PENALTY / 2 times the squares of
`slope - 1` and of the biases, that is, each is normal with deviation 1 before anything is seen. That is convex, so
Newton's method finds its one minimum. The penalty is fixed: one chosen on left-out texts was as good with eight texts a
label and worse with two, on label sets that the embedded model of the time had not met.

What it is not: it does not learn from the texts, only from the scores. It corrects a model that is too sure, and one
that prefers some labels; it cannot find a difference that the model does not see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from typeloom.errors import Error

Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]

FLOOR = -50.0
"""Log-probabilities (nats) below are taken for this: what a model calls impossible is still a label."""
PENALTY = 1.0
STEPS = 100
MIN_SLOPE = 0.02


@dataclass(frozen=True, slots=True)
class Calibration:
    """`slope` multiplies log-probabilities (1 / temperature), `biases` are added, in nats, one a label."""

    slope: float
    biases: tuple[float, ...]

    @property
    def temperature(self) -> float:
        """Above 1: the model was too sure; below 1: not sure enough."""
        return 1.0 / self.slope

    def logits(self, scores: npt.ArrayLike) -> Floats:
        """The calibrated log-odds of scores [..., labels], up to a common offset.

        >>> Calibration(0.5, (0.0, 0.0)).logits([0.0, -4.0]).tolist()
        [0.0, -2.0]
        """
        floored: Floats = np.maximum(np.asarray(scores, dtype=np.float64), FLOOR)
        return floored * self.slope + np.asarray(self.biases, dtype=np.float64)


def fit(scores: npt.ArrayLike, correct: Sequence[int]) -> Calibration:
    """The Calibration under which the correct labels are likeliest.

    scores: log-probabilities in nats, [texts, labels]. correct: the position of each text's label.
    Raises Error when there is no text, or a position is none of a label. Costs milliseconds.

    >>> sure_and_half_wrong = [[-0.01, -4.6]] * 10
    >>> fit(sure_and_half_wrong, [0, 1] * 5).temperature > 2
    True
    """
    table = np.maximum(np.asarray(scores, dtype=np.float64), FLOOR)
    positions = np.asarray(correct, dtype=np.int64)
    if table.ndim != 2 or len(table) == 0 or positions.shape != (len(table),):
        raise Error(f"expected at least one labelled text and one label each, got {len(table)} and {len(positions)}")
    if positions.min() < 0 or positions.max() >= table.shape[1]:
        raise Error(f"expected positions from 0 to {table.shape[1] - 1}, got {positions.min()} to {positions.max()}")
    return _minimum(table, positions)


def softmax(logits: Floats) -> Floats:
    """Probabilities over the last axis."""
    weights: Floats = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True), dtype=np.float64)


def _loss(calibration: Calibration, scores: Floats, correct: Positions) -> float:
    logits = calibration.logits(scores)
    logits -= logits.max(axis=1, keepdims=True)
    return float(np.log(np.exp(logits).sum(axis=1)).sum() - logits[np.arange(len(correct)), correct].sum())


def _minimum(scores: Floats, correct: Positions) -> Calibration:
    """Newton's method with halved steps, from no calibration at all; a slope below MIN_SLOPE is held there."""
    n, k = scores.shape
    hit = np.zeros((n, k))
    hit[np.arange(n), correct] = 1.0
    start = np.concatenate([[1.0], np.zeros(k)])

    def objective(at: Floats) -> float:
        away = at - start
        return _loss(Calibration(float(at[0]), tuple(at[1:])), scores, correct) + PENALTY / 2 * float(away @ away)

    at = start.copy()
    value = objective(at)
    for _ in range(STEPS):
        p = softmax(at[0] * scores + at[1:])
        mean = (p * scores).sum(axis=1)
        gradient = np.concatenate([[((p - hit) * scores).sum()], (p - hit).sum(axis=0)]) + PENALTY * (at - start)
        hessian = PENALTY * np.eye(k + 1)
        hessian[0, 0] += (p * (scores - mean[:, None]) ** 2).sum()
        hessian[0, 1:] += (p * (scores - mean[:, None])).sum(axis=0)
        hessian[1:, 0] = hessian[0, 1:]
        hessian[1:, 1:] += np.diag(p.sum(axis=0)) - p.T @ p
        if at[0] <= MIN_SLOPE and gradient[0] > 0:  # held at the bound
            gradient[0] = hessian[0, 1:] @ np.linalg.solve(hessian[1:, 1:], gradient[1:])
        step = np.linalg.solve(hessian, gradient)
        size = 1.0
        while size > 1e-8:
            tried = at - size * step
            tried[0] = max(tried[0], MIN_SLOPE)
            tried_value = objective(tried)
            if tried_value <= value:
                break
            size /= 2
        else:
            break
        done = value - tried_value < 1e-10 * max(1.0, abs(value))
        at, value = tried, tried_value
        if done:
            break
    biases = at[1:] - at[1:].mean()
    return Calibration(float(at[0]), tuple(biases.tolist()))


def expected_calibration_error(confidences: Sequence[float], correct: Sequence[bool], bins: int = 10) -> float:
    """How far confidence and accuracy are apart: over `bins` equal ranges of confidence, the mean of
    |accuracy - mean confidence|, weighted by how many predictions fall into each (Naeini et al., 2015).

    0 is perfect. Biased upwards where bins hold few predictions. Raises Error for lists of different lengths.

    >>> expected_calibration_error([0.75, 0.75, 0.75, 0.75], [True, True, True, False])
    0.0
    """
    if len(confidences) != len(correct):
        raise Error(f"expected one verdict for each confidence, got {len(confidences)} and {len(correct)}")
    if not confidences:
        return 0.0
    bin_of = np.minimum((np.asarray(confidences, dtype=np.float64) * bins).astype(np.int64), bins - 1)
    gaps = np.bincount(bin_of, np.asarray(confidences) - np.asarray(correct, dtype=np.float64), minlength=bins)
    return float(np.abs(gaps).sum() / len(confidences))
