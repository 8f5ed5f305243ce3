"""Generation and label scoring on a loaded model: checks before anything is evaluated, then one call into native code.

What a prompt shares with the one before it in some slot of the model is not evaluated again. Every function takes the
model's lock for the time it evaluates; Ctrl-C is honoured within a token.

What was asked before changes no answer. For a model of one slot on an x86-64 processor (n_gpu_layers=0; every type of
weights that is tested), that holds to the last bit of the logits; only a prompt that goes on where the text before it
ended keeps what was decoded there, and is rounded as if it had been one text. With several slots, or on a GPU, the last
bits of a token's logits depend on what is evaluated beside it and on what else the memory holds. Quantised weights
round what they are multiplied with, which makes some hundredths of a nat of a last bit (0.15 at most was seen with the
embedded model, of eight bits, and 1.1 with Gemma 3 270M in Q4_K_M), so between two tokens that are as likely but for
that, the other one may win.
"""

from __future__ import annotations

import itertools
import math
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from typeloom._core import Evidence, Finish, GenerationResult, Interrupt, RandomSource, TokenConstraint, Watched
from typeloom._core import Sampling as NativeSampling
from typeloom.errors import BudgetError, Cancelled, LimitError, SchemaError, TimeoutExpired

if TYPE_CHECKING:
    from typeloom.llama.model import LlamaModel

__all__ = [
    "Evidence",
    "Finish",
    "Generation",
    "Interrupt",
    "LabelProbabilities",
    "Sampling",
    "Timings",
    "TokenConstraint",
    "TokenProbability",
    "generate",
    "score_labels",
    "watched",
]


_POLL = 0.05  # seconds between two looks at the interrupt of a call that waits for its turn


@dataclass(frozen=True)
class Sampling:
    """How a token is drawn among the allowed ones; greedy unless `temperature` is above 0.

    The filters work on the softmax of the allowed tokens at temperature 1, in this order (llama.cpp's): `top_k` keeps
    that many (0: all), `top_p` the most probable until their sum reaches it (1: all), `min_p` those at least that
    fraction as probable as the best (0: all). Then the temperature, then one draw from a generator seeded by `seed`.
    Before all of that, the logits of tokens of free text (inside of a string that may be any text, and where nothing is
    constrained) that are among the last 64 such are divided by `repetition_penalty`, or multiplied if they are negative
    (1: off); structure and values of a pattern are never penalised.

    Raises LimitError for a value out of range.

    >>> Sampling(top_k=-1)
    Traceback (most recent call last):
    typeloom.errors.LimitError: expected top_k from 0 (off) to 2147483647, was -1
    """

    temperature: float = 0.0
    top_k: int = 0
    top_p: float = 1.0
    min_p: float = 0.0
    seed: int = 0
    repetition_penalty: float = 1.0

    def __post_init__(self) -> None:
        if not 1 <= self.repetition_penalty <= 100:
            raise LimitError(
                f"expected repetition_penalty from 1 (off) to 100, was {self.repetition_penalty!r}",
                limit="repetition_penalty",
            )
        if not 0 <= self.temperature <= 100:
            raise LimitError(
                f"expected temperature from 0 to 100, was {self.temperature!r}; 0 is greedy, 1 the model's own "
                "distribution",
                limit="temperature",
            )
        if not 0 <= self.top_k < 2**31:
            raise LimitError(f"expected top_k from 0 (off) to 2147483647, was {self.top_k!r}", limit="top_k")
        if not 0 < self.top_p <= 1:
            raise LimitError(f"expected top_p above 0 and at most 1 (off), was {self.top_p!r}", limit="top_p")
        if not 0 <= self.min_p <= 1:
            raise LimitError(f"expected min_p from 0 (off) to 1, was {self.min_p!r}", limit="min_p")

    def random_source(self) -> RandomSource:
        """A fresh generator at the beginning of this seed's numbers."""
        return RandomSource(self.seed % 2**64)

    def native(self) -> NativeSampling:
        """The same for native code."""
        return NativeSampling(self.temperature, self.top_k, self.top_p, self.min_p, self.repetition_penalty)


@dataclass(frozen=True)
class TokenProbability:
    """Log-probabilities of one produced token, in nats, at temperature 1, before any filter.

    `among_allowed` is under the masked distribution (0 for a forced token), `among_all` under the model's own; None
    unless Evidence.RAW was asked for. `runners_up`, with RAW: the most probable of the other tokens that were allowed,
    at most three, each with its log-probability among the allowed ones.
    """

    among_allowed: float
    among_all: float | None
    runners_up: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True)
class Timings:
    """Where the time went, in seconds, and what was evaluated."""

    prompt: float
    decode: float
    mask: float
    pick: float
    prompt_tokens: int
    prompt_reused: int
    batches: int


@dataclass(frozen=True)
class Generation:
    """What was produced. `text` are the bytes of `tokens`; the end token is in neither.

    `complete`: the constraint accepts the text as it is. `finish`: Finish.END or Finish.LENGTH. `probabilities` has
    one entry a token, or is None for Evidence.NONE. `steered` are the byte offsets of `text` at which the model picked
    a token that would not have fitted into the budget, or passed a cap, and another was taken.
    """

    tokens: tuple[int, ...]
    text: bytes
    probabilities: tuple[TokenProbability, ...] | None
    finish: Finish
    complete: bool
    timings: Timings
    steered: tuple[int, ...] = ()


@dataclass(frozen=True)
class LabelProbabilities:
    """`probabilities` has one entry a label, and they sum to 1. `first_token_mass` is how much probability the model
    itself gave to all first tokens of labels together: near 0, the labels are not what it wanted to say."""

    probabilities: tuple[float, ...]
    first_token_mass: float
    timings: Timings


def generate(
    model: LlamaModel,
    prompt: Sequence[int],
    constraint: TokenConstraint | None = None,
    *,
    max_tokens: int,
    sampling: Sampling | None = None,
    evidence: Evidence = Evidence.NONE,
    random: RandomSource | None = None,
    interrupt: Interrupt | None = None,
) -> Generation:
    """Continue the prompt under the constraint (None: freely), by at most `max_tokens` tokens.

    Generation ends at an end token, where nothing but an end token may follow, or at the budget, which is
    `max_tokens` or what the context has left, whichever is less. `random` continues a generator (else one is made
    from `sampling.seed`), `interrupt` lets another thread end the call.

    Raises, before anything is evaluated: LimitError if the prompt leaves no room in the context, BudgetError if
    `max_tokens` is below 1, or the budget below what a complete text needs. Raises Error if the constraint allows
    nothing (never decodes unmasked), Cancelled if the call was interrupted, also while it waited for its turn,
    ModelError if llama.cpp fails or its logits are not finite, LimitError if its memory is full. The model stays
    usable.
    """
    budget = granted(model, prompt, max_tokens)
    chosen = Sampling(seed=model.seed) if sampling is None else sampling
    source = chosen.random_source() if random is None else random
    with turn(model.lock, interrupt):
        decoder = model.decoder
        result = decoder.generate(
            decoder.best_slot(prompt),
            prompt,
            constraint,
            budget,
            chosen.native(),
            evidence,
            source,
            model.native_tokenizer,
            interrupt,
        )
    return generation(model, result, prompt, evidence)


def generation(model: LlamaModel, result: GenerationResult, prompt: Sequence[int], evidence: Evidence) -> Generation:
    """What native code has produced, with its text."""
    probabilities = None
    if evidence != Evidence.NONE:
        probabilities = tuple(
            TokenProbability(masked, None if math.isnan(raw) else raw, tuple(others))
            for (masked, raw), others in zip(result.log_probabilities, result.runners_up, strict=True)
        )
    tokens = tuple(result.tokens)
    return Generation(
        tokens,
        model.text_of(tokens),
        probabilities,
        result.finish,
        result.complete,
        _timings(result.timings, prompt),
        tuple(len(model.text_of(tokens[:place])) for place in result.steered),
    )


def out_of_time(seconds: float) -> TimeoutExpired:
    """What a call raises that took longer than it was given."""
    return TimeoutExpired(
        f"not done within {seconds} seconds; give more, bound the type or max_tokens, or shorten the text",
        seconds=seconds,
    )


def watched(model: LlamaModel, constraint: TokenConstraint, on_text: Callable[[bytes], object]) -> TokenConstraint:
    """The same constraint; `on_text` is called with the bytes of each token that is taken, in the thread that decodes.

    What `on_text` raises ends the generation and comes out of it; the model stays usable.
    """
    return Watched(constraint, lambda token: on_text(model.text_of((token,))))


def score_labels(
    model: LlamaModel,
    prompt: Sequence[int],
    labels: Sequence[Sequence[int]],
    *,
    interrupt: Interrupt | None = None,
) -> LabelProbabilities:
    """The probability of each label, given as tokens, to follow the prompt, if one of them must.

    At each token where labels part, the softmax is over the labels' own continuations, so the result sums to 1. If
    one label is the beginning of another, every label is closed with the model's end token. Costs the prompt, and one
    batch for each 16 places behind the first token where labels part.

    Raises SchemaError if there is no label, one is empty, or two are equal; else like `generate`.
    """
    closed = [list(label) for label in labels]
    if not closed or not all(closed):
        raise SchemaError(
            f"expected at least one label, each of at least one token, were {len(closed)} with an empty one or none"
        )
    if len({tuple(label) for label in closed}) != len(closed):
        raise SchemaError("expected labels that differ, two have the same tokens; rename one")
    if _some_begins_another(closed):
        if not model.end_tokens:
            raise SchemaError(
                "one label is the beginning of another, and the model has no end token to tell them apart"
            )
        closed = [[*label, model.end_tokens[0]] for label in closed]
    granted(model, prompt, 1)
    with turn(model.lock, interrupt):
        decoder = model.decoder
        result = decoder.score(decoder.best_slot(prompt), prompt, closed, interrupt)
    weights = [math.exp(value) for value in result.log_probabilities]
    total = math.fsum(weights)
    return LabelProbabilities(
        tuple(weight / total for weight in weights), result.first_token_mass, _timings(result.timings, prompt)
    )


@contextmanager
def turn(lock: threading.Lock, interrupt: Interrupt | None) -> Iterator[None]:
    """Holds the model's lock; whoever waits for it can be interrupted."""
    while not lock.acquire(timeout=-1 if interrupt is None else _POLL):
        if interrupt is not None and interrupt.cancelled():
            raise Cancelled("cancelled while another call had the model")
    try:
        yield
    finally:
        lock.release()


def _some_begins_another(labels: list[list[int]]) -> bool:
    ordered = sorted(labels)  # a beginning sorts directly in front of what it begins, or of another such
    return any(longer[: len(shorter)] == shorter for shorter, longer in itertools.pairwise(ordered))


def granted(model: LlamaModel, prompt: Sequence[int], max_tokens: int) -> int:
    """The tokens that may be produced; raises what `generate` raises before anything is evaluated."""
    if max_tokens < 1:
        raise BudgetError(f"expected max_tokens of at least 1, was {max_tokens}", needed=1, given=max_tokens)
    if len(prompt) == 0:
        raise LimitError("expected a prompt of at least one token, was empty", limit="prompt", value=0)
    if len(prompt) >= model.n_ctx:
        raise LimitError(
            f"expected a prompt of fewer than {model.n_ctx} tokens (the context), was {len(prompt)}; "
            "shorten it, or load the model with a larger n_ctx",
            limit="n_ctx",
            value=len(prompt),
        )
    return min(max_tokens, model.n_ctx - len(prompt) + 1)  # the last token is not evaluated


def _timings(native: Any, prompt: Sequence[int]) -> Timings:
    return Timings(
        native.prompt,
        native.decode,
        native.mask,
        native.pick,
        len(prompt),
        native.prompt_reused,
        native.batches,
    )
