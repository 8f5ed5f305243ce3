"""The decode loop on a tiny real model, and on a llama.cpp played by Python where the logits must be known."""

from __future__ import annotations

import ctypes
import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from tests.llama.interrupting import interrupt

from typeloom import _core
from typeloom.errors import BudgetError, Error, LimitError, ModelError, SchemaError, VocabularyError
from typeloom.llama.decode import Evidence, Finish, Interrupt, Sampling, generate, score_labels
from typeloom.llama.library import api
from typeloom.llama.model import LlamaModel


class Choice(_core.CallbackConstraint):
    """One of some token sequences, then an end token."""

    def __init__(self, size: int, sequences: Sequence[Sequence[int]], ends: Sequence[int]) -> None:
        self.sequences = [list(sequence) for sequence in sequences]
        self.ends = ends
        self.done: list[int] = []
        super().__init__(size, self.allowed, self.take, self.accepting)

    def matching(self) -> list[list[int]]:
        return [sequence for sequence in self.sequences if sequence[: len(self.done)] == self.done]

    def allowed(self) -> list[int]:
        following = [sequence[len(self.done)] for sequence in self.matching() if len(sequence) > len(self.done)]
        return sorted(set(following)) + (list(self.ends) if self.accepting() else [])

    def take(self, token: int) -> bool:
        if token not in self.allowed():
            return False
        self.done.append(token)
        return True

    def accepting(self) -> bool:
        return self.done in self.sequences


def reference_logits(model: LlamaModel, tokens: Sequence[int]) -> np.ndarray:
    """The row after the tokens, from a fresh evaluation."""
    with model.lock:
        model.decoder.forget(0)
        return np.array(model.decoder.logits_after(0, list(tokens)))


def log_softmax(row: np.ndarray) -> np.ndarray:
    wide = row.astype(np.float64)
    return wide - wide.max() - np.log(np.exp(wide - wide.max()).sum())


PROMPT = [97, 259, 263, 32, 100]
LONG = [*PROMPT, *PROMPT, 33, 34]  # of whole groups (decode.h: Rounding)


def test_greedy_unconstrained_is_llama_cpp_s_own_greedy(tiny: LlamaModel) -> None:
    tokens = generate(tiny, PROMPT, max_tokens=24).tokens
    with tiny.lock:
        api.llama_memory_clear(api.llama_get_memory(tiny._context), True)
        tiny.decoder.forget(0)
        sampler = api.llama_sampler_init_greedy()
        expected: list[int] = []
        feed = list(PROMPT)
        while len(expected) < 24:
            array = (ctypes.c_int32 * len(feed))(*feed)
            assert api.llama_decode(tiny._context, api.llama_batch_get_one(array, len(feed))) == 0
            token = api.llama_sampler_sample(sampler, tiny._context, -1)
            if token in tiny.end_tokens:
                break
            expected.append(token)
            feed = [token]
        api.llama_sampler_free(sampler)
        tiny.decoder.forget(0)
    assert list(tokens) == expected


def test_reused_prefix_changes_nothing(tiny: LlamaModel) -> None:
    with tiny.lock:
        tiny.decoder.forget(0)
    first = generate(tiny, [*LONG, *range(3, 13)], max_tokens=10)
    generate(tiny, [*LONG, 9, 8], max_tokens=3)
    again = generate(tiny, [*LONG, *range(3, 13)], max_tokens=10)
    assert first.tokens == again.tokens
    assert first.timings.prompt_reused == 0
    assert again.timings.prompt_reused == len(LONG)


def test_slots_keep_several_prompts(tiny_path: Path) -> None:
    with LlamaModel.load(tiny_path, n_ctx=128, n_batch=32, n_threads=1, slots=3) as model:
        prompts = [[first, *range(2, 16)] for first in (10, 20, 30)]
        before = [generate(model, prompt, max_tokens=4).tokens for prompt in prompts]
        after = [generate(model, prompt, max_tokens=4) for prompt in prompts]
        assert [generation.tokens for generation in after] == before
        assert [generation.timings.prompt_reused for generation in after] == [4, 4, 4]


def test_constraint_is_followed_and_forced_tokens_share_a_batch(tiny: LlamaModel) -> None:
    forced = [104, 105, 106, 107, 108, 109, 110]
    constraint = Choice(len(tiny._pieces), [[1, *forced, 2], [1, *forced, 3]], tiny.end_tokens)
    generation = generate(tiny, PROMPT, constraint, max_tokens=50)
    assert list(generation.tokens[:-1]) == [1, *forced]
    row = reference_logits(tiny, [*PROMPT, 1, *forced])
    assert generation.tokens[-1] == (2 if row[2] >= row[3] else 3)
    assert generation.finish == Finish.END and generation.complete
    assert generation.timings.batches <= 2  # the prompt, and all forced tokens at once


@pytest.mark.parametrize("evidence", [Evidence.MASKED, Evidence.RAW])
def test_evidence_is_the_log_softmax(tiny: LlamaModel, evidence: Evidence) -> None:
    sequences = [[1, 5, 6, 7, 2], [1, 5, 6, 7, 3], [4, 4]]
    constraint = Choice(len(tiny._pieces), sequences, tiny.end_tokens)
    generation = generate(tiny, PROMPT, constraint, max_tokens=50, evidence=evidence)
    assert generation.probabilities is not None and len(generation.probabilities) == len(generation.tokens)
    twin = Choice(len(tiny._pieces), sequences, tiny.end_tokens)
    for place, (token, said) in enumerate(zip(generation.tokens, generation.probabilities, strict=True)):
        row = reference_logits(tiny, [*PROMPT, *generation.tokens[:place]])
        allowed = twin.allowed()
        assert said.among_allowed == pytest.approx(log_softmax(row[allowed])[allowed.index(token)], abs=5e-3)
        if evidence == Evidence.RAW:
            assert said.among_all == pytest.approx(log_softmax(row)[token], abs=5e-3)
        else:
            assert said.among_all is None
        assert twin.take(token)


def test_evidence_does_not_change_what_is_drawn(tiny: LlamaModel) -> None:
    sampling = Sampling(temperature=1.0, seed=11)
    drawn = {
        generate(
            tiny,
            PROMPT,
            Choice(
                len(tiny._pieces),
                [[a, 7, 7, b, 8, c] for a in (1, 2) for b in (3, 4) for c in (5, 6)],
                tiny.end_tokens,
            ),
            max_tokens=20,
            sampling=sampling,
            evidence=evidence,
        ).tokens
        for evidence in (Evidence.NONE, Evidence.MASKED, Evidence.RAW)
    }
    assert len(drawn) == 1


def test_seed_decides(tiny: LlamaModel) -> None:
    def draw(seed: int) -> tuple[int, ...]:
        return generate(tiny, PROMPT, max_tokens=12, sampling=Sampling(temperature=1.5, seed=seed)).tokens

    assert draw(1) == draw(1)
    assert len({draw(seed) for seed in range(5)}) > 1


def test_empty_mask_raises_and_the_model_stays_usable(tiny: LlamaModel) -> None:
    nothing = _core.CallbackConstraint(len(tiny._pieces), list, lambda token: True, lambda: False)
    with pytest.raises(Error, match="no token of the vocabulary may follow"):
        generate(tiny, PROMPT, nothing, max_tokens=5)
    assert generate(tiny, PROMPT, max_tokens=5).tokens == generate(tiny, PROMPT, max_tokens=5).tokens


def test_refusal_of_an_allowed_token_raises(tiny: LlamaModel) -> None:
    liar = _core.CallbackConstraint(len(tiny._pieces), lambda: [1, 2], lambda token: False, lambda: False)
    with pytest.raises(Error, match="refused token"):
        generate(tiny, PROMPT, liar, max_tokens=5)


def test_end_token_where_the_text_is_incomplete_raises(tiny: LlamaModel) -> None:
    liar = _core.CallbackConstraint(len(tiny._pieces), lambda: tiny.end_tokens, lambda token: True, lambda: False)
    generation = generate(tiny, PROMPT, liar, max_tokens=5)
    assert not generation.complete


def test_exceptions_of_a_constraint_pass_through(tiny: LlamaModel) -> None:
    def fail() -> list[int]:
        raise KeyError("mine")

    broken = _core.CallbackConstraint(len(tiny._pieces), fail, lambda token: True, lambda: False)
    with pytest.raises(KeyError, match="mine"):
        generate(tiny, PROMPT, broken, max_tokens=5)


def test_constraint_of_another_vocabulary(tiny: LlamaModel) -> None:
    other = _core.CallbackConstraint(10, lambda: [1], lambda token: True, lambda: False)
    with pytest.raises(VocabularyError, match="vocabulary of 10 tokens"):
        generate(tiny, PROMPT, other, max_tokens=5)


def test_budget_and_context_are_checked_before_anything_is_evaluated(tiny: LlamaModel) -> None:
    with pytest.raises(BudgetError):
        generate(tiny, PROMPT, max_tokens=0)
    with pytest.raises(LimitError, match=r"fewer than 512 tokens .* was 512"):
        generate(tiny, [1] * 512, max_tokens=1)
    with pytest.raises(LimitError, match="empty"):
        generate(tiny, [], max_tokens=1)
    full = generate(
        tiny, [1] * 509, _core.CallbackConstraint(277, lambda: [5, 6], lambda t: True, lambda: False), max_tokens=99
    )
    assert len(full.tokens) == 4 and full.finish == Finish.LENGTH  # the last one is not evaluated


def test_tokens_outside_of_the_vocabulary(tiny: LlamaModel) -> None:
    with pytest.raises(ModelError, match="outside of the vocabulary"):
        generate(tiny, [1, 99999], max_tokens=1)


def test_interrupt_from_another_thread(tiny: LlamaModel) -> None:
    interrupt = Interrupt()
    count = 0

    def allowed() -> list[int]:
        nonlocal count
        count += 1
        if count == 5:
            threading.Thread(target=interrupt.cancel).start()
        time.sleep(0.01)
        return [1, 2, 3]

    endless = _core.CallbackConstraint(len(tiny._pieces), allowed, lambda token: True, lambda: False)
    with pytest.raises(Error, match="cancelled"):
        generate(tiny, PROMPT, endless, max_tokens=500, interrupt=interrupt)
    assert count < 500
    assert generate(tiny, PROMPT, max_tokens=2).tokens


INTERRUPTED = """
import sys
from typeloom import _core
from typeloom.llama.decode import generate
from typeloom.llama.model import LlamaModel
model = LlamaModel.load(sys.argv[1], n_ctx=2048, n_threads=1)
prompt = [token % 250 for token in range(2000)]
expected = generate(model, [1, 2, 3], max_tokens=4).tokens
print("ready", flush=True)
try:
    if sys.argv[2] == "tokens":
        forever = _core.CallbackConstraint(277, lambda: [1, 2, 3], lambda token: True, lambda: False)
        while True:
            generate(model, [1], forever, max_tokens=2000)
    while True:
        model.decoder.forget(0)
        generate(model, prompt, max_tokens=1)
except KeyboardInterrupt:
    assert generate(model, [1, 2, 3], max_tokens=4).tokens == expected
    print("interrupted", flush=True)
"""


@pytest.mark.parametrize("during", ["tokens", "prompt"])
def test_control_c(tiny_path: Path, during: str) -> None:
    interrupt(INTERRUPTED, str(tiny_path), during)


# ---- labels ------------------------------------------------------------------------------------------------------


def brute_force_labels(model: LlamaModel, prompt: list[int], labels: list[list[int]]) -> list[float]:
    """Softmax over the labels' continuations at every token, each row evaluated on its own."""
    probabilities = []
    for label in labels:
        total = 1.0
        for place, token in enumerate(label):
            options = sorted({other[place] for other in labels if other[:place] == label[:place]})
            row = reference_logits(model, prompt + label[:place]).astype(np.float64)
            weights = np.exp(row[options] - row[options].max())
            total *= weights[options.index(token)] / weights.sum()
        probabilities.append(total)
    return probabilities


LABELS = [
    [[1], [2], [3]],
    [[1, 2, 3], [1, 2, 4], [1, 5], [6]],
    [[a, b, c] for a in (1, 2, 3) for b in (4, 5, 6) for c in (7, 8, 9)],
    [[a, b, 40 + a, c] for a in range(1, 21) for b in (4, 5) for c in (7, 8)],
    [[200, 201]],
    [[1] * 80 + [2], [1] * 80 + [3]],
]


@pytest.mark.parametrize("labels", LABELS)
def test_labels_are_the_brute_force_ones(tiny: LlamaModel, labels: list[list[int]]) -> None:
    scored = score_labels(tiny, LONG, labels)
    assert math.fsum(scored.probabilities) == pytest.approx(1.0, abs=1e-12)
    assert scored.probabilities == pytest.approx(brute_force_labels(tiny, LONG, labels), abs=5e-4)
    assert 0.0 <= scored.first_token_mass <= 1.0 + 1e-6
    again = score_labels(tiny, LONG, labels)
    assert again.probabilities == pytest.approx(scored.probabilities, abs=2e-4)
    assert again.timings.prompt_reused == len(LONG) - 8


def test_label_that_begins_another_is_closed_with_the_end_token(tiny: LlamaModel) -> None:
    labels = [[1], [1, 2], [3]]
    end = tiny.end_tokens[0]
    scored = score_labels(tiny, PROMPT, labels)
    assert scored.probabilities == pytest.approx(
        brute_force_labels(tiny, PROMPT, [[*label, end] for label in labels]), abs=5e-4
    )


@pytest.mark.parametrize("labels", [[], [[]], [[1], []], [[1, 2], [1, 2]]])
def test_labels_that_are_none(tiny: LlamaModel, labels: list[list[int]]) -> None:
    with pytest.raises(SchemaError):
        score_labels(tiny, PROMPT, labels)


def test_labels_at_the_end_of_the_context(tiny: LlamaModel) -> None:
    prompt = [7] * (tiny.n_ctx - 2)
    assert sum(score_labels(tiny, prompt, [[1, 2], [1, 3], [4]]).probabilities) == pytest.approx(1)
    with pytest.raises(LimitError):
        score_labels(tiny, prompt, [[1, 2, 2, 2], [1, 2, 2, 3]])


# ---- a llama.cpp played by Python --------------------------------------------------------------------------------


PLAYED_BATCH = 32


class Played:
    """Gives the rows that `row_after(tokens)` says; keeps the batches it was sent, and fails when told to."""

    def __init__(
        self,
        row_after: Callable[[list[int]], Sequence[float]],
        n_tokens: int,
        slots: int = 1,
        context: int = 64,
        ends: Sequence[int] = (),
        cells: int = 2**32 - 1,
    ) -> None:
        self.row_after = row_after
        self.sequences: list[list[int]] = [[] for _ in range(slots + 1)]
        self.rows: dict[int, ctypes.Array[ctypes.c_float]] = {}
        self.batches: list[int] = []
        self.status = 0
        self.forgets_tails = True
        types = ctypes.CFUNCTYPE
        self.functions = {
            "llama_decode": types(ctypes.c_int32, ctypes.c_void_p, api.llama_batch)(self.decode),
            "llama_get_logits_ith": types(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int32)(self.row),
            "llama_get_memory": types(ctypes.c_void_p, ctypes.c_void_p)(lambda context: 1),
            "llama_memory_seq_rm": types(ctypes.c_bool, ctypes.c_void_p, *[ctypes.c_int32] * 3)(self.remove),
            "llama_memory_seq_cp": types(None, ctypes.c_void_p, *[ctypes.c_int32] * 4)(self.copy),
            "llama_memory_seq_pos_min": types(ctypes.c_int32, ctypes.c_void_p, ctypes.c_int32)(lambda *arguments: 0),
        }
        addresses = {name: ctypes.cast(function, ctypes.c_void_p).value for name, function in self.functions.items()}
        self.decoder = _core.Decoder(addresses, 1, n_tokens, context, PLAYED_BATCH, slots, 1, False, list(ends), cells)
        self.n_tokens = n_tokens

    @property
    def held(self) -> list[int]:
        return self.sequences[0]

    def decode(self, _context: int, batch: api.llama_batch) -> int:
        if self.status:
            return self.status
        self.batches.append(batch.n_tokens)
        self.rows = {}
        for place in range(batch.n_tokens):
            held = self.sequences[batch.seq_id[place][0]]
            assert batch.pos[place] == len(held)
            held.append(batch.token[place])
            if batch.logits[place]:
                self.rows[place] = (ctypes.c_float * self.n_tokens)(*self.row_after(held))
        return 0

    def row(self, _context: int, place: int) -> int:
        return ctypes.addressof(self.rows[max(self.rows) if place == -1 else place])

    def remove(self, _memory: int, sequence: int, start: int, _end: int) -> bool:
        if start > 0 and not self.forgets_tails:
            return False
        del self.sequences[sequence][max(start, 0) :]
        return True

    def copy(self, _memory: int, source: int, target: int, start: int, end: int) -> None:
        assert start == 0 and not self.sequences[target]
        self.sequences[target] = self.sequences[source][:end]

    def generate(self, prompt: list[int], max_tokens: int, sampling: Sampling, random: object = None) -> list[int]:
        result = self.decoder.generate(
            0, prompt, None, max_tokens, sampling.native(), Evidence.NONE, random or sampling.random_source(), None
        )
        return list(result.tokens)


def test_draws_follow_the_distribution() -> None:
    played = Played(lambda held: [0.0, 1.0, 2.0], 3)
    random = Sampling(seed=3).random_source()
    drawn = Counter(token for _ in range(100) for token in played.generate([0], 60, Sampling(temperature=2.0), random))
    weights = np.exp(np.array([0.0, 0.5, 1.0]))
    expected = weights / weights.sum() * 6000
    chi_square = sum((drawn[token] - expected[token]) ** 2 / expected[token] for token in range(3))
    assert chi_square < 20  # two degrees of freedom: beyond 20 one time in 20,000, and the seed is fixed


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_logits_that_are_not_finite(bad: float) -> None:
    played = Played(lambda held: [0.0, bad, 1.0], 3)
    with pytest.raises(ModelError, match="not finite"):
        played.generate([0], 5, Sampling())
    assert played.decoder.held(0) == []


@pytest.mark.parametrize(("status", "error"), [(1, LimitError), (2, Error), (-1, ModelError), (-3, ModelError)])
def test_failures_of_llama_decode(status: int, error: type[Error]) -> None:
    played = Played(lambda held: [float(token == (len(held) * 7) % 5) for token in range(5)], 5)
    expected = played.generate([1, 2, 3], 6, Sampling())
    played.status = status
    with pytest.raises(error):
        played.generate([1, 2, 3, 4], 6, Sampling())
    played.status = 0
    assert played.decoder.held(0) == [] and played.held == []
    assert played.generate([1, 2, 3], 6, Sampling()) == expected


def test_memory_that_cannot_forget_a_tail_is_evaluated_again() -> None:
    played = Played(lambda held: [float(token == sum(held) % 5) for token in range(5)], 5)
    played.forgets_tails = False
    first = played.generate([1, 2, 3], 4, Sampling())
    played.generate([1, 2, 4], 4, Sampling())
    assert played.generate([1, 2, 3], 4, Sampling()) == first
    extended = played.generate([1, 2, 3, *first], 2, Sampling())
    assert len(extended) == 2


def test_prompt_goes_in_batches() -> None:
    played = Played(lambda held: [0.0, 1.0], 2)
    played.generate([0] * 50, 1, Sampling())
    assert played.batches == [32, 18]
