"""Tasks: frozen, picklable, ordered maps, errors treated as told."""

from __future__ import annotations

import dataclasses
import pickle
from typing import Any

import pytest
from pydantic import BaseModel

import typeloom as tl
from typeloom.testing import FakeModel


class Note(BaseModel):
    text: str


def test_a_task_is_frozen_and_pickles_with_a_path() -> None:
    task = tl.Task(Note, "Read.", (("a", {"text": "a"}),), model="model.gguf", seed=3)
    with pytest.raises(dataclasses.FrozenInstanceError):
        task.seed = 4  # type: ignore[misc]
    again = pickle.loads(pickle.dumps(task))
    for name in ("type", "instructions", "examples", "model", "seed", "max_tokens", "temperature"):
        assert getattr(again, name) == getattr(task, name)


def test_a_task_runs_as_the_verb_does() -> None:
    model = FakeModel()
    task = model.task(Note, "Read.", [("a", {"text": "a"})])
    assert task.run("x") == model.extract(Note, "x", instructions="Read.", examples=[("a", {"text": "a"})])
    assert task.run("x", detail=True).value == task.run("x")


def test_map_is_ordered_and_treats_errors_as_told() -> None:
    task = FakeModel().task(list[int])
    assert task.map(["a", "b"]) == [[], []]
    with pytest.raises(tl.Error, match="empty"):
        task.map(["a", "", "b"])
    returned = task.map(["a", "", "b"], on_error="return")
    assert [isinstance(item, tl.Error) for item in returned] == [False, True, False]
    assert task.map(["a", "", "b"], on_error="skip") == [[], []]
    assert task.map(iter(["a"]), progress=True) == [[]]


def test_a_model_maps_as_its_task_does() -> None:
    model = FakeModel()
    asked: dict[str, Any] = {"instructions": "Read.", "examples": [("a", {"text": "a"})], "max_tokens": 40}
    task = model.task(Note, "Read.", [("a", {"text": "a"})], max_tokens=40)
    assert model.map(Note, ["x", "y"], **asked) == task.map(["x", "y"])
    assert model.map(list[int], ["a", "", "b"], on_error="skip") == [[], []]
    assert isinstance(model.map(list[int], ["a", ""], on_error="return")[1], tl.Error)
    with pytest.raises(tl.Error, match="empty"):
        model.map(list[int], ["a", ""])


def test_errors_that_are_not_ours_are_not_caught() -> None:
    def broken(prompt: object, answer: object) -> None:
        raise ZeroDivisionError

    task = FakeModel(logits=broken).task(list[int])  # type: ignore[arg-type]
    with pytest.raises(ZeroDivisionError):
        task.map(["a"], on_error="skip")


def test_a_missing_model_is_said_when_the_task_runs() -> None:
    with pytest.raises(tl.ModelError, match="nowhere"):
        tl.Task(Note, model="nowhere.gguf").run("x")
