"""The verb `classify`: labels out of types, and probabilities that are probabilities."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import Enum, IntEnum
from typing import Annotated, Any, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import typeloom as tl
from typeloom.tasks.classify import labels
from typeloom.tasks.result import distribution
from typeloom.testing import END, FakeModel


class Topic(Enum):
    BUG = "bug"
    QUESTION = "question"
    IDEA = "idea"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


@pytest.mark.parametrize(
    ("source", "names", "values"),
    [
        (Topic, ["bug", "question", "idea"], list(Topic)),
        (Level, ["LOW", "HIGH"], list(Level)),
        (Literal["a", 2, True, None], ["a", "2", "true", "null"], ["a", 2, True, None]),
        (Literal[Topic.BUG, "x"], ["bug", "x"], [Topic.BUG, "x"]),
        (Annotated[Literal["a", "b"], "note"], ["a", "b"], ["a", "b"]),
        (bool, ["true", "false"], [True, False]),
        (["x", "y z"], ["x", "y z"], ["x", "y z"]),
        ({"x": "about x", "y": ""}, ["x", "y"], ["x", "y"]),
    ],
)
def test_labels_of_a_source(source: Any, names: list[str], values: list[Any]) -> None:
    found = labels(source)
    assert [label.name for label in found] == names
    assert [label.value for label in found] == values


@pytest.mark.parametrize(
    "source", [[], int, "abc", Literal[1, "1"], ["a", "a"], ["a", 1], [" "], {"a": 1}, Literal[b"x"], 7, ["\ud800"]]
)
def test_labels_that_cannot_be_told_apart_are_refused(source: Any) -> None:
    with pytest.raises(tl.Error):
        labels(source)


def saying(word: str) -> FakeModel:
    wanted = list(f'"{word}'.encode())

    def logits(prompt: Sequence[int], answer: Sequence[int]) -> np.ndarray:
        row = np.zeros(END + 1)
        if list(answer) == wanted[: len(answer)] and len(answer) < len(wanted):
            row[wanted[len(answer)]] = 12.0
        return row

    return FakeModel(logits=logits)


@pytest.mark.parametrize("topic", Topic)
def test_the_label_is_the_one_the_model_means(topic: Topic) -> None:
    model = saying(topic.value)
    assert model.classify("text", Topic) is topic
    found = model.classify("text", Topic, detail=True)
    assert found.label is topic
    assert list(found.probs) == ["bug", "question", "idea"]
    assert found.probs[topic.value] == max(found.probs.values())
    assert 0.0 < found.margin <= 1.0


def test_kinds_of_labels_come_back_as_themselves() -> None:
    assert saying("true").classify("text", bool) is True
    assert saying("y z").classify("text", ["x", "y z"]) == "y z"
    assert saying("2").classify("text", Literal["a", 2]) == 2
    assert FakeModel().classify("text", ["only"], detail=True).probs == {"only": 1.0}


@given(st.lists(st.floats(-700, 0) | st.just(-math.inf), min_size=1, max_size=20))
def test_a_distribution_is_one(logprobs: list[float]) -> None:
    names = [str(n) for n in range(len(logprobs))]
    found = distribution(names, names, logprobs)
    assert math.isclose(math.fsum(found.probs.values()), 1.0, abs_tol=1e-12)
    assert all(0.0 <= p <= 1.0 for p in found.probs.values())
    assert logprobs[int(found.label)] == max(logprobs)
    assert 0.0 <= found.margin <= 1.0
    assert 0.0 <= found.entropy <= math.log(len(names)) + 1e-12


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=8), st.floats(-100, 100))
def test_a_common_offset_changes_nothing(logprobs: list[float], offset: float) -> None:
    names = [str(n) for n in range(len(logprobs))]
    one = distribution(names, names, logprobs)
    two = distribution(names, names, [value + offset for value in logprobs])
    assert all(math.isclose(one.probs[n], two.probs[n], abs_tol=1e-9) for n in names)


def test_examples_name_their_label_by_value_or_by_name() -> None:
    prompts: list[bytes] = []

    def logits(prompt: Sequence[int], answer: Sequence[int]) -> np.ndarray:
        prompts.append(bytes(prompt))
        return np.zeros(END + 1)

    model = FakeModel(logits=logits)
    model.classify("text", Topic, examples=[("it crashed", Topic.BUG), ("how?", "question")])
    assert b'assistant\n"bug"' in prompts[0]
    assert b'assistant\n"question"' in prompts[0]
    with pytest.raises(tl.SchemaError, match="example 1: 'other' is none of the labels: bug, question, idea"):
        model.classify("text", Topic, examples=[("x", "other")])


def test_a_long_text_is_a_limit_with_numbers() -> None:
    with pytest.raises(tl.LimitError, match="the context holds 4096"):
        FakeModel().classify("word " * 2000, Topic)
