"""The native sampler in chains of llama.cpp, and the logits processor in llama-cpp-python's own loop."""

from __future__ import annotations

import ctypes
import gc
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np
import pytest
from llama_cpp._internals import LlamaSampler
from pydantic import BaseModel, TypeAdapter

import typeloom as tl
from typeloom.llama.library import api


class Note(BaseModel):
    title: str
    tags: list[str]
    parent: Note | None = None


TYPES = (Note, list[int], dict[str, float], int, set[str])


@pytest.fixture(scope="module")
def llama(tiny_path: Path) -> Iterator[llama_cpp.Llama]:
    model = llama_cpp.Llama(str(tiny_path), n_ctx=512, n_threads=1, n_threads_batch=1, verbose=False)
    yield model
    model.close()


@pytest.fixture(scope="module")
def vocabulary(tiny_path: Path) -> tl.Vocabulary:
    return tl.Vocabulary.from_gguf(tiny_path)


def draw(llama: llama_cpp.Llama, vocabulary: tl.Vocabulary, chain: LlamaSampler, limit: int) -> bytes:
    """A loop of one's own around a chain."""
    llama.reset()
    llama.eval([104, 105])
    text = b""
    for _ in range(limit):
        token = chain.sample(llama._ctx)
        if token in vocabulary.end_ids:
            break
        text += vocabulary.token(token)
        llama.eval([token])
    return text


@pytest.mark.parametrize("source", TYPES, ids=str)
def test_a_chain_draws_complete_texts_within_max_tokens(
    llama: llama_cpp.Llama, vocabulary: tl.Vocabulary, source: Any
) -> None:
    constraint = tl.compile(source, vocabulary)
    for seed in range(4):
        most = constraint.min_tokens + 12 * seed
        masked = tl.llama.sampler(constraint, max_tokens=most)
        chain = LlamaSampler()
        masked.add_to(chain)
        chain.add_temp(1.5)
        chain.add_dist(seed)
        text = draw(llama, vocabulary, chain, most + 1)
        masked.check()
        TypeAdapter(source).validate_json(text)
        chain.close()


def test_greedy_is_the_decode_loop_s_greedy(llama: llama_cpp.Llama, vocabulary: tl.Vocabulary, tiny: Any) -> None:
    from typeloom.llama.decode import generate

    constraint = tl.compile(list[int], vocabulary)
    masked = tl.llama.sampler(constraint, max_tokens=40)
    chain = LlamaSampler()
    masked.add_to(chain.sampler)
    chain.add_greedy()
    expected = generate(tiny, [104, 105], constraint.start(tl.Caps()).core, max_tokens=40)
    assert draw(llama, vocabulary, chain, 41) == expected.text
    chain.close()


def test_a_regular_expression_in_a_chain(llama: llama_cpp.Llama, vocabulary: tl.Vocabulary) -> None:
    masked = tl.llama.sampler(tl.compile(tl.Regex("[a-c]{3,9}-[0-9]+"), vocabulary), max_tokens=12)
    chain = LlamaSampler()
    masked.add_to(chain)
    chain.add_dist(3)
    text = draw(llama, vocabulary, chain, 13)
    masked.check()
    assert re.fullmatch(rb"[a-c]{3,9}-[0-9]+", text)
    chain.close()


def candidates(n_tokens: int) -> tuple[Any, Any]:
    data = (api.llama_token_data * n_tokens)(*(api.llama_token_data(i, float(-i % 7), 0.0) for i in range(n_tokens)))
    return data, api.llama_token_data_array(data, n_tokens, -1, False)


def allowed_by(pointer: Any, n_tokens: int) -> set[int]:
    data, array = candidates(n_tokens)
    api.llama_sampler_apply(pointer, ctypes.byref(array))
    return {item.id for item in data if item.logit != -np.inf}


def test_every_slot_of_the_interface(vocabulary: tl.Vocabulary) -> None:
    constraint = tl.compile(list[bool], vocabulary)
    masked = tl.llama.sampler(constraint)
    pointer = masked._as_parameter_
    n = len(vocabulary)
    matcher = constraint.start()

    def expected() -> set[int]:
        return set(vocabulary.allowed(matcher.new_mask()).tolist())

    assert api.llama_sampler_name(masked) == b"typeloom"
    assert allowed_by(pointer, n) == expected()
    for byte in b"[tr":
        api.llama_sampler_accept(masked, byte)
        assert matcher.accept(byte)
        assert allowed_by(pointer, n) == expected()
    clone = api.llama_sampler_clone(masked)
    api.llama_sampler_reset(masked)
    assert allowed_by(pointer, n) == set(vocabulary.allowed(constraint.start().new_mask()).tolist())
    for byte in b"ue]":
        api.llama_sampler_accept(clone, byte)
        assert matcher.accept(byte)
        assert allowed_by(clone, n) == expected()
    assert allowed_by(clone, n) == set(vocabulary.end_ids)
    api.llama_sampler_copy(clone, pointer)
    assert allowed_by(pointer, n) == set(vocabulary.end_ids) and masked.is_complete()
    api.llama_sampler_free(clone)
    masked.close()
    masked.close()


def test_a_clone_outlives_everything_else(vocabulary: tl.Vocabulary) -> None:
    constraint = tl.compile(dict[str, int], vocabulary)
    chain = LlamaSampler()
    tl.llama.sampler(constraint).add_to(chain)
    clone = api.llama_sampler_clone(chain.sampler)
    first = allowed_by(clone, len(vocabulary))
    chain.close()
    del chain, constraint
    gc.collect()
    assert allowed_by(clone, len(vocabulary)) == first
    api.llama_sampler_free(clone)


def test_fails_closed(vocabulary: tl.Vocabulary) -> None:
    n = len(vocabulary)
    masked = tl.llama.sampler(tl.compile(list[bool], vocabulary))
    api.llama_sampler_accept(masked, ord("x"))
    assert allowed_by(masked._as_parameter_, n) == set(vocabulary.end_ids)
    assert "not allowed" in masked.failure
    with pytest.raises(tl.Error, match="not allowed"):
        masked.check()
    api.llama_sampler_reset(masked)
    assert not masked.failure and ord("[") in allowed_by(masked._as_parameter_, n)
    with pytest.raises(tl.Error, match="complete"):
        masked.check()
    # Another sampler in front has dropped every candidate that is allowed, and the end, too.
    data = (api.llama_token_data * 2)(api.llama_token_data(97, 1.0, 0.0), api.llama_token_data(98, 2.0, 0.0))
    array = api.llama_token_data_array(data, 2, -1, True)
    api.llama_sampler_apply(masked, ctypes.byref(array))
    assert {item.id for item in data if item.logit != -np.inf} <= set(vocabulary.end_ids)
    assert "in front" in masked.failure
    masked.close()


def test_too_small_a_budget_is_refused(vocabulary: tl.Vocabulary) -> None:
    constraint = tl.compile(Note, vocabulary)
    for make in (tl.llama.sampler, tl.llama.logits_processor):
        with pytest.raises(tl.BudgetError):
            make(constraint, max_tokens=constraint.min_tokens - 1)
        with pytest.raises(tl.LimitError):
            make(constraint, max_tokens=0)


@pytest.mark.parametrize("source", [Note, list[int]], ids=str)
def test_a_processor_in_a_completion(llama: llama_cpp.Llama, vocabulary: tl.Vocabulary, source: Any) -> None:
    constraint = tl.compile(source, vocabulary)
    processor = tl.llama.logits_processor(constraint, max_tokens=60)
    for seed in range(2):  # the second completion begins a new text
        answer = llama.create_completion(
            "hello world",
            max_tokens=60,
            temperature=1.2,
            seed=seed,
            repeat_penalty=1.0,
            logits_processor=llama_cpp.LogitsProcessorList([processor]),
        )
        processor.check()
        TypeAdapter(source).validate_json(answer["choices"][0]["text"])


def test_a_processor_that_is_interrupted_forbids_everything_but_the_end(vocabulary: tl.Vocabulary) -> None:
    processor = tl.llama.logits_processor(tl.compile(list[int], vocabulary))

    class Broken:
        def __array__(self, *_: Any, **__: Any) -> Any:
            raise KeyboardInterrupt

    row = np.zeros(len(vocabulary), dtype=np.single)
    processor(Broken(), row)
    assert set(np.flatnonzero(row != -np.inf).tolist()) == set(vocabulary.end_ids)
    with pytest.raises(tl.Error, match="KeyboardInterrupt"):
        processor.check()


def test_a_processor_keeps_the_logits_of_what_is_allowed(vocabulary: tl.Vocabulary) -> None:
    constraint = tl.compile(list[bool], vocabulary)
    processor = tl.llama.logits_processor(constraint)
    row = np.arange(len(vocabulary), dtype=np.single)
    answered = processor(np.array([1, 2], dtype=np.intc), row)
    assert answered is row
    allowed = vocabulary.allowed(constraint.start().new_mask())
    assert (row[allowed] == allowed).all() and np.isinf(row).sum() == len(row) - len(allowed)
