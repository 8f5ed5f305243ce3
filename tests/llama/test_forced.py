"""Forced text: the model's own tokens, never one that another would reach past, and no change of what follows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from pydantic import BaseModel

import typeloom as tl
from typeloom import _core
from typeloom.embedded import path as model_path
from typeloom.llama.decode import Evidence, generate
from typeloom.llama.model import LlamaModel
from typeloom.tasks import extract
from typeloom.tasks.llama_runtime import LlamaRuntime
from typeloom.tasks.prompt import extraction


class Item(BaseModel):
    name: str
    quantity: int


class Invoice(BaseModel):
    number: str
    total: float
    currency: Literal["EUR", "USD", "CHF"]
    paid: bool


TEXT = "Invoice 2024-117: 3 x Desk lamp at 49.90. Total: 149.70 EUR. Payment received."


@pytest.fixture(scope="module")
def embedded() -> Iterator[LlamaModel]:
    with LlamaModel.load(model_path(), n_ctx=512, n_threads=1) as model:
        yield model


def decode(
    model: LlamaModel, source: Any, tokenizer: _core.Tokenizer | None, evidence: Evidence
) -> _core.GenerationResult:
    """An extraction by the embedded model: it learned from such prompts, and spells keys as its tokeniser does."""
    plan = extract.plan(source, model.vocab)
    prompt = LlamaRuntime(model).render(extraction(plan.outline, TEXT, "", []))
    matcher = plan.constraint(TEXT).start().core
    random = _core.RandomSource(0)
    with model.lock:
        result: _core.GenerationResult = model.decoder.generate(
            0, prompt, matcher, 120, _core.Sampling(), evidence, random, tokenizer
        )
    return result


@pytest.mark.parametrize("source", [Item, Invoice], ids=str)
def test_greedy_outputs_are_equal_with_and_without(embedded: LlamaModel, source: Any) -> None:
    asked = decode(embedded, source, None, Evidence.NONE)
    forced = decode(embedded, source, embedded.native_tokenizer, Evidence.NONE)
    assert asked.complete and forced.tokens == asked.tokens
    assert forced.timings.batches < asked.timings.batches


def test_evidence_of_all_tokens_is_the_same_with_and_without(embedded: LlamaModel) -> None:
    asked = decode(embedded, Item, None, Evidence.RAW)
    forced = decode(embedded, Item, embedded.native_tokenizer, Evidence.RAW)
    assert forced.tokens == asked.tokens
    for (_, one), (_, other) in zip(asked.log_probabilities, forced.log_probabilities, strict=True):
        assert other == pytest.approx(one, abs=0.02)


def text_of_forced(model: LlamaModel, source: Any, after: bytes = b"") -> tuple[bytes, bytes]:
    """The certain bytes, and those of the tokens that are forced."""
    matcher = tl.compile(source, model.vocab).start()
    assert matcher.accept_bytes(after)
    return matcher.forced(), model.text_of(matcher.core.forced_tokens(model.native_tokenizer))


def test_the_tokeniser_cuts(tiny: LlamaModel) -> None:
    matcher = tl.compile(Literal["hello"], tiny.vocab).start()
    tokens = matcher.core.forced_tokens(tiny.native_tokenizer)
    assert tiny.text_of(tokens) == matcher.forced() == b'"hello"'
    assert tokens == tiny.tokenizer.plain('"hello"')  # and not its characters


def test_no_token_is_forced_that_another_reaches_past(tiny: LlamaModel) -> None:
    certain, forced = text_of_forced(tiny, Literal["hello", "hellish"])
    assert certain == b'"hell' and forced == b'"'  # `hello` is a token: the model is asked
    certain, forced = text_of_forced(tiny, Literal["hella", "hellish"])
    assert certain == forced == b'"hell'


def test_nothing_is_forced_where_the_text_may_end(tiny: LlamaModel) -> None:
    assert text_of_forced(tiny, list[int], b"[1]") == (b"", b"")
    assert text_of_forced(tiny, int) == (b"", b"")


def test_names_of_control_tokens_are_text(tiny: LlamaModel) -> None:
    certain, forced = text_of_forced(tiny, Literal["<|end|>", "</s>"])
    assert certain.startswith(forced)
    found = generate(tiny, [1, 2], tl.compile(Literal["<|end|>"], tiny.vocab).start().core, max_tokens=40)
    assert found.text == b'"<|end|>"' and not set(found.tokens) & set(tiny.end_tokens)


def test_a_budget_below_the_canonical_tokens_is_kept(tiny: LlamaModel) -> None:
    constraint = tl.compile(Item, tiny.vocab)
    for budget in range(constraint.min_tokens, constraint.min_tokens + 4):
        found = generate(tiny, [1, 2], constraint.start().core, max_tokens=budget)
        assert found.complete and len(found.tokens) <= budget
