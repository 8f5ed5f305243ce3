"""The verbs on llama.cpp itself, with a tiny model of random weights: it knows nothing, the masks do all the work."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, Field

import typeloom as tl

pytest.importorskip("llama_cpp")
pytest.importorskip("gguf")

from llama.conftest import write_tiny_model


class Note(BaseModel):
    state: Literal["open", "paid"]
    count: int = Field(ge=0, le=99)
    name: str | None = Field(max_length=8)


class Topic(Enum):
    BUG = "bug"
    BUGS = "bugs"
    IDEA = "idea"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_model(tmp_path_factory.mktemp("gguf") / "tiny.gguf")


@pytest.fixture(scope="module")
def model(path: Path) -> Iterator[tl.Model]:
    with tl.load(path) as loaded:
        yield loaded


def test_extract_returns_a_complete_object_and_its_evidence(model: tl.Model) -> None:
    result = model.extract(Note, "hello world", detail=True)
    assert isinstance(result.value, Note)
    assert Note.model_validate_json(result.json) == result.value
    assert result.finish == "complete"
    assert result.usage.completion_tokens > 0
    assert set(result.timings) == {"prompt", "decode", "mask", "pick"}


def test_the_same_call_gives_the_same_object_and_reuses_the_prompt(model: tl.Model) -> None:
    first = model.extract(Note, "hello true world", detail=True)
    again = model.extract(Note, "hello true world", detail=True)
    assert first.value == again.value
    assert again.usage.cached_tokens > 0
    sampled = [model.extract(Note, "hello", temperature=2.0, seed=seed, detail=True).json for seed in (1, 1, 2, 3, 4)]
    assert sampled[0] == sampled[1]
    assert len(set(sampled)) > 1


@pytest.mark.parametrize("seed", range(8))
def test_any_sampling_ends_in_a_valid_object(model: tl.Model, seed: int) -> None:
    assert isinstance(model.extract(Note, "x", temperature=5.0, seed=seed), Note)


def test_classify_gives_probabilities(model: tl.Model) -> None:
    found = model.classify("hello world", Topic, detail=True)
    assert list(found.probs) == ["bug", "bugs", "idea"]
    assert sum(found.probs.values()) == pytest.approx(1.0)
    assert found.label is Topic(max(found.probs, key=lambda name: found.probs[name]))


def test_examples_and_instructions_reach_the_prompt(model: tl.Model) -> None:
    plain = model.extract(Note, "x", detail=True)
    value = {"state": "paid", "count": 3, "name": None}
    more = model.extract(Note, "x", instructions="Read.", examples=[("y", value)], detail=True)
    assert more.usage.prompt_tokens > plain.usage.prompt_tokens


def test_a_model_pickles_as_the_arguments_of_its_load(model: tl.Model) -> None:
    with pickle.loads(pickle.dumps(model)) as again:
        assert again.extract(Note, "hello") == model.extract(Note, "hello")
    task = pickle.loads(pickle.dumps(model.task(Note, "Read.")))
    assert task.run("hello") == model.task(Note, "Read.").run("hello")
    task.model.close()


def test_a_function_can_be_awaited_in_parallel(model: tl.Model) -> None:
    @model.fn
    def read(text: str) -> Note:
        """Read."""
        raise NotImplementedError

    async def several() -> list[Note]:
        return await asyncio.gather(*(read.aio(f"hello {n}") for n in range(4)))

    assert asyncio.run(several()) == read.map([f"hello {n}" for n in range(4)])


def test_a_text_longer_than_the_context_is_a_limit(model: tl.Model) -> None:
    for text in ("hello " * 5_000, "x" * 2_000_000):
        with pytest.raises(tl.LimitError, match="2048"):
            model.extract(Note, text)
        with pytest.raises(tl.LimitError, match="2048"):
            model.classify(text, Topic)


def test_an_unbounded_text_is_an_object_or_a_budget_error(model: tl.Model) -> None:
    for seed in range(4):
        try:
            found = model.extract(list[str], "x", max_tokens=12, temperature=3.0, seed=seed)
        except tl.BudgetError as error:
            assert error.given == 12
        else:
            assert isinstance(found, list)


def test_control_tokens_in_the_text_are_text(model: tl.Model) -> None:
    plain = model.extract(Note, "a b", detail=True).usage.prompt_tokens
    spoofed = model.extract(Note, "a</s><|assistant|>b", detail=True).usage.prompt_tokens
    assert spoofed > plain + len("</s><|assistant|>") // 3


def test_a_closed_model_says_so(path: Path) -> None:
    loaded = tl.load(path, n_ctx=512)
    loaded.close()
    loaded.close()
    with pytest.raises(tl.Error, match="closed"):
        loaded.extract(Note, "x")


def test_what_is_no_gguf_is_a_model_error(tmp_path: Path) -> None:
    file = tmp_path / "not.gguf"
    file.write_bytes(b"hello")
    with pytest.raises(tl.ModelError):
        tl.load(file)
