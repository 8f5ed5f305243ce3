"""What a model was asked before changes nothing: with one slot on a processor, the same question has the same bits."""

from __future__ import annotations

import itertools
import platform
import random
from collections.abc import Callable, Iterator
from functools import partial
from typing import Annotated, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import AfterValidator, BaseModel, Field
from tests.llama.conftest import GROUP, MANY, quantise, write_tiny_model
from tests.llama.test_decode import Played
from tests.llama.test_slots import row_after

import typeloom as tl
from typeloom import _core
from typeloom.llama.decode import Evidence, Sampling, generate, score_labels
from typeloom.llama.model import LlamaModel

BATCH = 32
BEGINNING = [7 + 11 * n % 200 for n in range(BATCH + 1)]
LABELS = [[1, 2, 3], [1, 2, 4], [1, 5, 6], [7, 2], [7, 3]]


def has_tested_kernels() -> bool:
    """Whether llama.cpp computes here by the code that the promise was tested with."""
    return platform.machine() == "x86_64"


WEIGHTS = ("F32", "F16", "Q8_0", "Q4_0")
MIXTURES = {"Q4_K_M": 15, "Q2_K": 10, "Q5_K_M": 17, "IQ4_NL": 25}  # llama.h: enum llama_ftype


@pytest.fixture(scope="module", params=[*WEIGHTS, *MIXTURES])
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaModel]:
    if not has_tested_kernels():
        pytest.skip("no x86-64 processor: whether batches are computed alike there is not known")
    folder, kind = tmp_path_factory.mktemp("kinds"), request.param
    if kind in MIXTURES:  # made of blocks of 256
        path = write_tiny_model(folder / "F32.gguf", width=256, scale=0.1)
        path = quantise(path, folder / f"{kind}.gguf", MIXTURES[kind])
    else:
        path = write_tiny_model(folder / f"{kind}.gguf", weights=kind)
    with LlamaModel.load(path, n_ctx=160, n_batch=BATCH, n_threads=1) as loaded:
        yield loaded


def logits(model: LlamaModel, prompt: list[int]) -> bytes:
    return model.decoder.logits_after(0, prompt).tobytes()  # type: ignore[no-any-return]


def text(model: LlamaModel, prompt: list[int]) -> str:
    return repr(generate(model, prompt, max_tokens=5, evidence=Evidence.RAW).probabilities)


def labels(model: LlamaModel, prompt: list[int]) -> str:
    return repr(score_labels(model, prompt, LABELS).probabilities)


def first_tokens(model: LlamaModel, prompt: list[int]) -> str:
    return repr(score_labels(model, prompt, [[1], [2]]).probabilities)


prompts = st.builds(
    lambda shared, own: [*BEGINNING[:shared], *own],
    st.integers(0, len(BEGINNING)),
    st.lists(st.integers(8, 200), min_size=1, max_size=2 * BATCH + 2),
)
asked = st.tuples(st.sampled_from([logits, text, labels, first_tokens]), prompts)


@settings(max_examples=25)
@given(st.lists(asked, min_size=2, max_size=8))
def test_what_came_before_changes_no_bit(
    model: LlamaModel, calls: list[tuple[Callable[[LlamaModel, list[int]], object], list[int]]]
) -> None:
    fresh = []
    for ask, prompt in calls:
        model.decoder.forget(0)
        fresh.append(ask(model, prompt))
    for (ask, prompt), expected in zip([*calls, *reversed(calls)], [*fresh, *reversed(fresh)], strict=True):
        assert ask(model, prompt) == expected


@pytest.mark.parametrize("length", range(2, 64))
def test_no_token_of_a_prompt_is_evaluated_in_a_small_batch(length: int) -> None:
    prompt = [n % 5 for n in range(length)]
    for held in range(64):
        played = Played(row_after, 7)
        if held:
            played.decoder.logits_after(0, (prompt * held)[:held])
        played.batches.clear()
        played.decoder.logits_after(0, prompt)
        assert min(played.batches) >= min(length, MANY)
        reused = length - sum(played.batches)
        assert reused % GROUP == 0
        if len(played.batches) > 1:
            assert all(size % GROUP == 0 for size in played.batches[:-1])


def test_a_text_that_goes_on_keeps_what_is_held_and_another_keeps_its_prompt() -> None:
    prompt = [1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5]
    played = Played(row_after, 7)
    draw = partial(played.decoder.generate, 0, sampling=Sampling().native(), evidence=Evidence.NONE)
    run: Callable[[list[int], int], _core.GenerationResult] = lambda tokens, most: draw(  # noqa: E731
        tokens, None, most, random=Sampling().random_source()
    )
    answer = list(run(prompt, 9).tokens)
    assert played.decoder.held(0) == [*prompt, *answer[:8]]
    assert run([*prompt, *answer, 6], 1).timings.prompt_reused == 12 + 8  # goes on
    run(prompt, 9)
    assert run([*prompt, *answer[:4]], 1).timings.prompt_reused == 8  # goes back: what was decoded is evaluated again
    run(prompt, 9)
    assert run(prompt, 1).timings.prompt_reused == 4


class Ticket(BaseModel):
    product: Annotated[str, Field(max_length=30)]
    kind: Literal["refund", "problem", "question"]
    price: float | None


def even(number: int) -> int:
    if number % 2:
        raise ValueError("odd")
    return number


class Even(BaseModel):
    """A validator outside of the automaton has some of these decoded again."""

    number: Annotated[int, Field(ge=0, le=999), AfterValidator(even)]
    product: Annotated[str, Field(max_length=30)]


TEXTS = [
    f"{beginning} {thing}, order {number}. {end}"
    for number, (thing, beginning, end) in enumerate(
        itertools.product(
            ("kettle", "desk lamp"), ("I bought a", "Where is my"), ("", "It cost 12.50 EUR.", "It is broken!")
        )
    )
]


def test_the_order_of_calls_changes_no_evidence() -> None:
    """The embedded model: objects with their evidence, objects that are decoded twice, labels, a stream."""
    if not has_tested_kernels():
        pytest.skip("no x86-64 processor: whether batches are computed alike there is not known")
    with tl.load(n_threads=1, n_ctx=1024) as embedded:

        def said(kind: type[BaseModel], text: str) -> object:
            found = embedded.extract(kind, text, detail=True, tries=9)
            return found.json, found.fields, found.refused

        calls: list[Callable[[str], object]] = [
            lambda text: said(Ticket, text),
            lambda text: said(Even, text),
            lambda text: embedded.classify(text, ["refund", "problem", "question"], detail=True),
            lambda text: list(embedded.stream(Ticket, text))[-1].json,
        ]
        asked = list(itertools.product(range(len(calls)), TEXTS))
        first = {(number, text): calls[number](text) for number, text in asked}
        random.Random(3).shuffle(asked)
        for number, text in asked:
            embedded.scores.clear()  # those of the same question are kept
            assert calls[number](text) == first[number, text]
