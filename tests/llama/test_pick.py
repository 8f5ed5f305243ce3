"""The masked pick against plain numpy, over masks of every density."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from typeloom import _core
from typeloom.errors import Error, LimitError, ModelError
from typeloom.llama.decode import Sampling

GREEDY = Sampling()


def mask_of(allowed: np.ndarray) -> np.ndarray:
    padded = np.zeros(-(-len(allowed) // 32) * 32, dtype=bool)
    padded[: len(allowed)] = allowed
    return np.packbits(padded, bitorder="little").view(np.int32)


def pick(logits: np.ndarray, mask: np.ndarray | None, sampling: Sampling = GREEDY) -> int:
    return int(_core.masked_pick(logits, mask, sampling.native(), sampling.random_source()))


@given(st.integers(1, 700), st.floats(0, 1), st.integers(0, 2**32 - 1), st.sampled_from([1, 3, 1000]))
@settings(max_examples=4 * settings.default.max_examples)
def test_greedy_is_the_first_maximum_of_the_allowed(size: int, density: float, seed: int, levels: int) -> None:
    random = np.random.default_rng(seed)
    logits = random.integers(-levels, levels, size).astype(np.float32)
    allowed = random.random(size) < density
    if not allowed.any():
        with pytest.raises(Error, match="no token"):
            pick(logits, mask_of(allowed))
        return
    expected = int(np.argmax(np.where(allowed, logits, -np.inf)))
    assert pick(logits, mask_of(allowed)) == expected
    assert pick(logits, None) == int(np.argmax(logits))
    wide = logits[allowed].astype(np.float64)
    exact = wide.max() + math.log(np.exp(wide - wide.max()).sum())
    assert _core.log_sum_exp(logits, mask_of(allowed)) == pytest.approx(exact, abs=2e-5)


def test_bits_behind_the_vocabulary_are_not_tokens() -> None:
    mask = np.array([-1, -1], dtype=np.int32)
    assert pick(np.arange(33, dtype=np.float32), mask) == 32


def test_every_allowed_logit_minus_infinity() -> None:
    logits = np.full(70, -np.inf, dtype=np.float32)
    allowed = np.zeros(70, dtype=bool)
    allowed[[40, 65]] = True
    assert pick(logits, mask_of(allowed)) == 40
    assert pick(logits, mask_of(allowed), Sampling(temperature=1.0)) == 40


@pytest.mark.parametrize("density", [0.02, 0.5, 1.0])
def test_not_a_number(density: float) -> None:
    logits = np.zeros(640, dtype=np.float32)
    allowed = np.random.default_rng(1).random(640) < density
    place = int(np.flatnonzero(allowed)[-1])
    logits[place] = np.nan
    with pytest.raises(ModelError):
        pick(logits, mask_of(allowed))
    allowed[place] = False
    assert allowed[pick(logits, mask_of(allowed))]


def reference_support(logits: np.ndarray, allowed: np.ndarray, sampling: Sampling) -> set[int]:
    """Which tokens the filters leave: top-k, then top-p, then min-p, by sorting."""
    order = sorted(np.flatnonzero(allowed), key=lambda token: (-logits[token], token))
    if sampling.top_k:
        order = order[: sampling.top_k]
    wide = np.exp(logits[order].astype(np.float64) - logits[order].max())
    shares = wide / wide.sum()
    if sampling.top_p < 1:
        keep = int(np.searchsorted(np.cumsum(shares), sampling.top_p)) + 1
        order, shares = order[:keep], shares[:keep]
    return {int(token) for token, share in zip(order, shares, strict=True) if share >= sampling.min_p * shares[0]}


@pytest.mark.parametrize(
    "sampling",
    [
        Sampling(temperature=1.0),
        Sampling(temperature=0.7, top_k=3),
        Sampling(temperature=1.3, top_p=0.8),
        Sampling(temperature=1.0, min_p=0.2),
        Sampling(temperature=2.0, top_k=6, top_p=0.9, min_p=0.1),
    ],
)
def test_draws_have_the_reference_s_support_and_frequencies(sampling: Sampling) -> None:
    generator = np.random.default_rng(4)
    logits = generator.normal(0, 1.5, 90).astype(np.float32)
    allowed = generator.random(90) < 0.15
    mask = mask_of(allowed)
    source = _core.RandomSource(1)
    count = 20_000
    drawn = Counter(_core.masked_pick(logits, mask, sampling.native(), source) for _ in range(count))
    support = sorted(reference_support(logits, allowed, sampling))
    assert set(drawn) <= set(support)
    weights = np.exp((logits[support].astype(np.float64) - logits[support].max()) / sampling.temperature)
    expected = weights / weights.sum() * count
    chi_square = sum((drawn[token] - mean) ** 2 / mean for token, mean in zip(support, expected, strict=True))
    degrees = max(1, len(support) - 1)
    assert chi_square < degrees + 6 * math.sqrt(2 * degrees) + 10


def test_top_p_far_down_a_flat_distribution() -> None:
    logits = np.random.default_rng(2).normal(0, 0.01, 5000).astype(np.float32)
    sampling = Sampling(temperature=1.0, top_p=0.7)
    support = reference_support(logits, np.ones(5000, dtype=bool), sampling)
    source = _core.RandomSource(1)
    drawn = {_core.masked_pick(logits, None, sampling.native(), source) for _ in range(3000)}
    assert drawn <= support and len(drawn) > 1500


def test_random_source_is_xoshiro256_starstar() -> None:
    mask = 2**64 - 1

    def splitmix(state: int) -> tuple[int, int]:
        state = (state + 0x9E3779B97F4A7C15) & mask
        z = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        return state, z ^ (z >> 31)

    def rotate(value: int, by: int) -> int:
        return ((value << by) | (value >> (64 - by))) & mask

    state, words = 42, []
    for _ in range(4):
        state, word = splitmix(state)
        words.append(word)
    source = _core.RandomSource(42)
    for _ in range(20):
        expected = (rotate((words[1] * 5) & mask, 7) * 9) & mask
        shifted = (words[1] << 17) & mask
        words[2] ^= words[0]
        words[3] ^= words[1]
        words[1] ^= words[2]
        words[0] ^= words[3]
        words[2] ^= shifted
        words[3] = rotate(words[3], 45)
        assert source.next() == expected


@pytest.mark.parametrize(
    "wrong",
    [{"temperature": -0.1}, {"temperature": math.nan}, {"top_k": -1}, {"top_p": 0.0}, {"top_p": 1.1}, {"min_p": -1.0}],
)
def test_sampling_out_of_range(wrong: dict[str, float]) -> None:
    with pytest.raises(LimitError, match=next(iter(wrong))):
        Sampling(**wrong)  # type: ignore[arg-type]
