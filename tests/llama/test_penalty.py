"""The repetition penalty: of words that are the model's own, never of structure; what repeats for ever is closed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field
from tests.llama.test_decode import Played

import typeloom as tl
from typeloom.errors import LimitError
from typeloom.llama.decode import Evidence, Sampling
from typeloom.testing import END, FakeModel


class Structure(BaseModel):
    flags: list[bool] = Field(min_length=6, max_length=9)
    colors: list[Literal["red", "green", "blue"]] = Field(min_length=4, max_length=6)
    code: str = Field(pattern=r"^[a-f]{12}$")
    numbers: list[int] = Field(max_length=5)


class Open(BaseModel):
    text: str


class Words(BaseModel):
    title: str = Field(min_length=20, max_length=20)
    flags: list[bool] = Field(min_length=3, max_length=3)
    body: str = Field(min_length=20, max_length=20)


def free(row: list[float], penalty: float, n: int = 6) -> list[int]:
    played = Played(lambda held: row, 7)
    sampling = Sampling(repetition_penalty=penalty)
    result = played.decoder.generate(0, [1], None, n, sampling.native(), Evidence.RAW, sampling.random_source(), None)
    total = math.log(sum(map(math.exp, row)))
    assert [pair[1] for pair in result.log_probabilities] == pytest.approx([row[t] - total for t in result.tokens])
    return list(result.tokens)


def test_used_words_are_divided_or_multiplied() -> None:
    row = [0.0, 0.1, 0.2, 5.0, 4.0, 3.0, 0.3]
    assert free(row, 1.0) == [3] * 6
    assert free(row, 1.5) == [3, 4, 3, 3, 3, 3]  # 5 / 1.5 is above 3
    assert free(row, 2.0) == [3, 4, 5, 3, 3, 3]
    assert free([value - 5.5 for value in row], 4.0, 3) == [3, 4, 3]  # -0.5 becomes -2, behind the -1.5 of the next


def test_the_prompt_is_no_repetition() -> None:
    played = Played(lambda held: [0.0, 9.0, 8.0, 0.0, 0.0, 0.0, 0.0], 7)
    sampling = Sampling(repetition_penalty=2.0)
    result = played.decoder.generate(
        0, [1, 1, 1], None, 2, sampling.native(), Evidence.NONE, sampling.random_source(), None
    )
    assert list(result.tokens) == [1, 2]


@pytest.mark.parametrize("wrong", [0.99, 0.0, -1.0, float("nan"), 101.0])
def test_penalties_out_of_range(wrong: float) -> None:
    with pytest.raises(LimitError, match="repetition_penalty"):
        Sampling(repetition_penalty=wrong)


@pytest.fixture(scope="module")
def model(tiny_path: Path) -> Iterator[tl.Model]:
    with tl.load(tiny_path, n_threads=1, slots=2) as loaded:
        yield loaded


@given(st.integers(0, 2**31), st.sampled_from([0.0, 1.0]))
def test_structure_is_what_it_is_without(model: tl.Model, seed: int, temperature: float) -> None:
    def said(penalty: float) -> str:
        return model.extract(
            Structure, "hello", detail=True, temperature=temperature, seed=seed, repetition_penalty=penalty
        ).json

    assert said(1.0) == said(50.0)


def test_words_are_more_various_and_alike_in_slots(model: tl.Model) -> None:
    plain = model.extract(Words, "hello", detail=True)
    varied = model.extract(Words, "hello", detail=True, repetition_penalty=50.0)
    assert varied.value.title != plain.value.title
    assert model.task(Words, repetition_penalty=50.0).map(["hello"] * 3) == [varied.value] * 3


def test_a_fake_model_does_the_same() -> None:
    row = np.zeros(END + 1)
    row[ord("a")] = 5.0
    row[ord("b")] = 4.0
    row[ord("t")] = 9.0
    model = FakeModel(logits=row)
    plain = model.extract(Words, "text")
    varied = model.extract(Words, "text", repetition_penalty=50.0)
    assert plain.title == "t" * 20 and plain.flags == [True] * 3
    assert varied.title[:3] == "tab" and varied.flags == [True] * 3
    assert varied.body.startswith("t")  # 9 / 50 is still above all that was not used, and above the others' fiftieth


@pytest.mark.parametrize("text", ["a", "ab ", "no, "])
def test_what_repeats_itself_for_ever_is_closed(text: str) -> None:
    def logits(prompt: object, answer: list[int]) -> np.ndarray:
        row = np.zeros(END + 1)
        row[ord(text[len(answer) % len(text)])] = 9.0
        return row

    found = FakeModel(logits=logits).extract(Open, "text", max_tokens=3000, detail=True)
    assert len(found.json) < 2000 and found.truncated
    listed = FakeModel(logits=_ones).extract(list[int], "text", max_tokens=3000, detail=True)
    assert len(listed.value) < 200 and listed.truncated


def _ones(prompt: object, answer: list[int]) -> object:
    row = np.zeros(END + 1)
    row[ord("1" if len(answer) % 2 else ",")] = 9.0
    return row
