"""Many generations together: what each gives alone, in order, the shared beginning evaluated once."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field
from tests.llama.test_decode import Choice, Played

import typeloom as tl
from typeloom import _core
from typeloom.embedded import path as embedded_path
from typeloom.errors import BudgetError, Cancelled, Error, LimitError, ModelError
from typeloom.llama.decode import Evidence, Generation, Interrupt, Sampling, generate
from typeloom.llama.model import LlamaModel
from typeloom.llama.slots import AHEAD, Request, generate_many


@pytest.fixture(scope="module")
def wide(tiny_path: Path) -> Iterator[LlamaModel]:
    with LlamaModel.load(tiny_path, n_ctx=256, n_threads=1, slots=3) as model:
        yield model


PROMPTS = [[97, 259, 263, 32, 100], [97, 259, 263, 32, 101, 102], [50], [97, 259], [32] * 40, [97, 259, 263, 32, 100]]


def row_after(held: list[int]) -> list[float]:
    """Logits that differ, and depend on every token before."""
    return [math.sin(sum((place + 1) * (token + 3) for place, token in enumerate(held)) * (t + 1)) for t in range(7)]


Wanted = tuple[list[int], int, int]  # prompt, max_tokens, seed
prompts = st.lists(st.integers(0, 6), min_size=1, max_size=20)
shared = st.tuples(prompts, st.lists(prompts, min_size=1, max_size=8)).map(
    lambda drawn: [drawn[0] + p for p in drawn[1]]
)


@given(shared, st.integers(1, 4), st.sampled_from([0.0, 1.5]), st.sampled_from(list(Evidence)), st.data())
def test_together_is_alone(
    texts: list[list[int]], slots: int, temperature: float, evidence: Evidence, data: st.DataObject
) -> None:
    """Rows known to the last bit: whatever prompts share, however slots are refilled, whoever takes one meanwhile."""
    wanted = [(prompt, data.draw(st.integers(1, 64 - len(prompt)))) for prompt in texts]
    random = [Sampling(seed=seed).random_source() for seed in range(len(wanted))]
    native = Sampling(temperature).native()
    alone = []
    for seed, (prompt, most) in enumerate(wanted):
        source = Sampling(seed=seed).random_source()
        one = Played(row_after, 7)
        alone.append(one.decoder.generate(0, prompt, None, most, native, evidence, source, None))
    played = Played(row_after, 7, slots, cells=data.draw(st.sampled_from([1, 20, 60, 2**32 - 1])))
    together = _core.Slots(played.decoder)
    found: dict[int, _core.GenerationResult] = {}
    number = 0
    while len(found) < len(wanted):
        while number < len(wanted) and not together.is_full:
            prompt, most = wanted[number]
            together.add(number, prompt, None, most, native, evidence, random[number], None)
            number += 1
        found.update((one.id, one.result()) for one in together.run())
        if data.draw(st.booleans()):  # somebody else takes a slot
            played.decoder.logits_after(data.draw(st.integers(0, slots - 1)), data.draw(st.sampled_from(texts)))
    assert len(together) == 0
    for number, expected in enumerate(alone):
        assert found[number].tokens == expected.tokens
        assert repr(found[number].log_probabilities) == repr(expected.log_probabilities)  # NaN is NaN
        assert found[number].finish == expected.finish


def test_a_shared_beginning_is_evaluated_once() -> None:
    played = Played(row_after, 7, 4)
    together = _core.Slots(played.decoder)
    beginning = [1, 2, 3, 4, 5, 6] * 6
    for number in range(4):
        source = Sampling().random_source()
        together.add(number, [*beginning, number], None, 1, Sampling().native(), Evidence.NONE, source, None)
    reused = {}
    while len(together):
        reused.update((one.id, one.result().timings.prompt_reused) for one in together.run())
    assert reused == {0: 0, 1: 28, 2: 28, 3: 28}  # the last eight are evaluated, whole groups kept
    assert sum(played.batches) == 36 + 1 + 3 * 9


def test_prompts_that_have_no_room_beside_others_wait_for_them() -> None:
    played = Played(row_after, 7, 3, cells=48)
    together = _core.Slots(played.decoder)

    def add(number: int, prompt: list[int]) -> None:
        source = Sampling().random_source()
        together.add(number, prompt, None, 4, Sampling().native(), Evidence.NONE, source, None)

    for number in range(3):
        add(number, [number] * 26)
    done = [one.id for _ in range(3) for one in together.run()]
    assert done == [0, 1, 2]  # one after the other
    held = [played.decoder.held(slot) for slot in range(3)]
    assert sum(map(len, held)) <= 48 and held[2][:26] == [2] * 26  # what is done gave way
    for number in range(3):
        add(number, [3] * 20 + [number])  # shared, so that there is room for all
    assert [sorted(one.id for one in together.run()) for _ in range(2)] == [[0], [1, 2]]  # 0 had the beginning to read


def test_one_that_fails_fails_alone() -> None:
    played = Played(lambda held: [math.nan] * 7 if held[0] == 6 else row_after(held), 7, 3)
    together = _core.Slots(played.decoder)
    for number, first in enumerate((1, 6, 2)):
        source = Sampling().random_source()
        together.add(number, [first, 3], None, 5, Sampling().native(), Evidence.NONE, source, None)
    outcomes: dict[int, object] = {}
    while len(together):
        for one in together.run():
            try:
                outcomes[one.id] = len(one.result().tokens)
            except ModelError as error:
                outcomes[one.id] = type(error)
    assert outcomes == {0: 5, 1: ModelError, 2: 5}


def test_a_batch_that_fails_is_forgotten_and_can_be_tried_again() -> None:
    played = Played(row_after, 7, 2)
    together = _core.Slots(played.decoder)
    for number in range(2):
        source = Sampling().random_source()
        together.add(number, [number, 3], None, 4, Sampling().native(), Evidence.NONE, source, None)
    played.status = -1
    with pytest.raises(ModelError):
        together.run()
    assert played.decoder.held(0) == played.decoder.held(1) == []
    played.status = 0
    found = {}
    while len(together):
        found.update((one.id, one.result().tokens) for one in together.run())
    for number in range(2):
        expected = Played(row_after, 7).generate([number, 3], 4, Sampling())
        assert found[number] == expected


def test_no_more_than_there_are_slots() -> None:
    played = Played(row_after, 7, 1)
    together = _core.Slots(played.decoder)
    arguments = (None, 4, Sampling().native(), Evidence.NONE, Sampling().random_source(), None)
    assert together.run() == []
    with pytest.raises(LimitError, match="65 tokens"):
        together.add(0, [1] * 65, *arguments)
    together.add(0, [1], *arguments)
    with pytest.raises(ValueError, match="every slot"):
        together.add(1, [1], *arguments)


def test_many_are_what_each_is_alone(wide: LlamaModel) -> None:
    constraint = tl.compile(list[int], wide.vocab)

    def requests() -> Iterator[Request]:
        for prompt in PROMPTS:
            yield Request(prompt, constraint.start(tl.Caps()).core, 24)
            yield Request(prompt, None, 12)

    found = list(generate_many(wide, requests()))
    with LlamaModel.load(wide.path, n_ctx=256, n_threads=1) as narrow:
        for request, one in zip(requests(), found, strict=True):
            assert isinstance(one, Generation)
            alone = generate(narrow, request.prompt, request.constraint, max_tokens=request.max_tokens)
            assert (one.text, one.finish, one.complete) == (alone.text, alone.finish, alone.complete)


NEAR = 0.3
"""Nats: each of two tokens was seen to be up to 0.15 more or less likely in a batch."""


def test_where_many_part_from_each_alone_two_tokens_were_as_likely() -> None:
    """The embedded model, rounded to eight bits: the last bit of a sum turns a rounding, and that turns a near tie."""
    instructions = "You read a message to the office and say what it is about.\n" * 8
    what = ["chairs", "a refund", "keys", "two tickets"]
    texts = [f"{who} asks for {what[n % 4]}, by {n + 1}.6.2026, and pays {n}.50." for n in range(12) for who in "AK"]
    strings = Annotated[list[Annotated[str, Field(min_length=4, max_length=20)]], Field(min_length=4, max_length=4)]
    differences, parted = [], 0
    with (
        LlamaModel.load(embedded_path(), n_ctx=512, n_threads=1) as narrow,
        LlamaModel.load(embedded_path(), n_ctx=512, n_threads=1, slots=8) as wide,
    ):

        def request(model: LlamaModel, text: str) -> Request:
            constraint = tl.compile(strings, model.vocab).start(tl.Caps()).core
            return Request(model.tokenizer.plain(instructions + text), constraint, 60, evidence=Evidence.RAW)

        for text, many in zip(texts, generate_many(wide, [request(wide, one) for one in texts]), strict=True):
            wanted = request(narrow, text)
            alone = generate(narrow, wanted.prompt, wanted.constraint, max_tokens=60, evidence=Evidence.RAW)
            assert isinstance(many, Generation) and many.probabilities and alone.probabilities
            for at, (one, other) in enumerate(zip(alone.probabilities, many.probabilities, strict=False)):
                if alone.tokens[at] != many.tokens[at]:
                    parted += 1
                    assert one.among_allowed - dict(one.runners_up)[many.tokens[at]] < NEAR
                    break
                differences.append(abs(one.among_allowed - other.among_allowed))
    assert len(differences) > 20 * len(texts) and max(differences) < NEAR
    assert parted < len(texts) // 4


def test_requests_are_read_as_slots_become_free(wide: LlamaModel) -> None:
    read: list[int] = []

    def requests() -> Iterator[Request]:
        for number in range(100):
            read.append(number)
            yield Request([97, number], None, 40 if number == 0 else 1)

    answers = generate_many(wide, requests())
    assert read == []
    next(answers)
    assert 3 <= len(read) <= AHEAD * 3
    answers.close()  # type: ignore[attr-defined]
    assert generate(wide, [97], max_tokens=2).tokens


def test_errors_keep_their_places(wide: LlamaModel) -> None:
    passed = Error("no text")
    ends = list(wide.end_tokens)
    empty = Choice(len(wide.vocab), [[97, 98]], ends)
    empty.sequences = []  # allows nothing
    least = tl.compile(list[int], wide.vocab).start(tl.Caps()).core
    answers = list(
        generate_many(
            wide,
            [
                passed,
                Request([97], empty, 5),
                Request([97], least, 1),
                Request([97] * 256, None, 5),
                Request([97], None, 3),
            ],
        )
    )
    assert answers[0] is passed
    assert [type(answer) for answer in answers[1:]] == [Error, BudgetError, LimitError, Generation]


def test_other_calls_take_their_turn_in_between(wide: LlamaModel) -> None:
    expected = [generate(wide, prompt, max_tokens=16).tokens for prompt in PROMPTS]
    found = []
    for answer in generate_many(wide, [Request(prompt, None, 16) for prompt in PROMPTS]):
        assert isinstance(answer, Generation)
        found.append(answer.tokens)
        assert generate(wide, PROMPTS[len(found) - 1], max_tokens=16).tokens == expected[len(found) - 1]
    assert found == expected


def test_cancelled_and_usable_again(wide: LlamaModel) -> None:
    interrupt = Interrupt()
    interrupt.cancel()
    with pytest.raises(Cancelled):
        list(generate_many(wide, [Request([97], None, 16)] * 3, interrupt=interrupt))
    assert len(list(generate_many(wide, [Request([97], None, 16)] * 3))) == 3
