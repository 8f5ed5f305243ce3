"""The decorator: the annotation is the schema, the docstring the instructions, the arguments the input."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any, Literal

import numpy as np
import pytest
from pydantic import BaseModel

import typeloom as tl
from typeloom.tasks.function import rendered
from typeloom.testing import END, FakeModel


class Ticket(BaseModel):
    area: Literal["billing", "login"]


class Recorder:
    """Logits of zeros that remember the prompt."""

    def __init__(self) -> None:
        self.prompt = b""

    def __call__(self, prompt: Any, answer: Any) -> np.ndarray:
        self.prompt = bytes(prompt)
        return np.zeros(END + 1)


def test_the_docstring_instructs_and_the_only_string_is_the_text() -> None:
    heard = Recorder()
    model = FakeModel(logits=heard)

    @model.fn
    def triage(ticket: str) -> Ticket:
        """Read a support ticket."""
        raise AssertionError("the body is never run")

    assert triage("cannot log in") == Ticket(area="billing")
    assert b"Read a support ticket." in heard.prompt
    assert b"Text:\ncannot log in\n" in heard.prompt
    assert triage.__name__ == "triage"
    assert triage.__doc__ == "Read a support ticket."
    assert "triage(ticket" in repr(triage)


def test_arguments_are_lines() -> None:
    def reply(name: str, days: int, *, tags: list[str], note: str | None = None) -> bool:
        raise NotImplementedError

    text = rendered(inspect.signature(reply), ("Ada", 3), {"tags": ["a", "é"]})
    assert text == 'name: Ada\ndays: 3\ntags: ["a", "é"]\nnote: null'
    with pytest.raises(TypeError, match="days"):
        rendered(inspect.signature(reply), ("Ada",), {"tags": []})


def test_aio_map_and_task_are_the_same_call() -> None:
    model = FakeModel()

    @model.fn(max_tokens=50)
    def triage(ticket: str) -> Ticket:
        """Read a support ticket."""
        raise NotImplementedError

    one = triage("x")
    assert asyncio.run(triage.aio("x")) == one
    assert triage.map(["x", "y"]) == [one, one]
    assert triage.task.run("x") == one
    assert triage.task.max_tokens == 50


def test_map_takes_tuples_and_dicts_and_treats_errors_as_told() -> None:
    model = FakeModel()

    @model.fn
    def triage(ticket: str, area: str) -> Ticket:
        raise NotImplementedError

    assert len(triage.map([("a", "b"), {"ticket": "a", "area": "b"}])) == 2
    returned = triage.map([("a", "b"), "no tuple"], on_error="return")
    assert isinstance(returned[1], tl.Error)
    assert len(triage.map([("a", "b"), "no tuple"], on_error="skip")) == 1
    with pytest.raises(tl.Error, match="expected a tuple or a dict"):
        triage.map(["no tuple"])
    with pytest.raises(tl.Error, match="on_error"):
        triage.map([], on_error="ignore")  # type: ignore[call-overload]


def no_annotation(ticket: str): ...  # type: ignore[no-untyped-def]


def no_parameter() -> Ticket:
    raise NotImplementedError


async def coroutine(ticket: str) -> Ticket:
    raise NotImplementedError


def unresolved(ticket: str) -> Nowhere: ...  # type: ignore[name-defined]  # noqa: F821


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (no_annotation, "return annotation"),
        (no_parameter, "a parameter to read from"),
        (coroutine, "call .aio"),
        (unresolved, "Nowhere"),
    ],
)
def test_functions_that_cannot_be_read_are_refused_at_once(function: Any, message: str) -> None:
    with pytest.raises(tl.SchemaError, match=message):
        FakeModel().fn(function)
