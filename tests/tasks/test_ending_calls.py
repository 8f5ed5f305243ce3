"""Calls that are ended: by their own clock, by a cancelled await; the model goes on as if they had never been."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import pytest
from pydantic import BaseModel, Field

import typeloom as tl
from typeloom.testing import END, FakeModel


class Note(BaseModel):
    body: str


class Long(BaseModel):
    """Takes the small model a second and more, while a note takes milliseconds."""

    numbers: Annotated[list[int], Field(min_length=500)]


def endless() -> FakeModel:
    """A model that goes on with a string for as long as it may, slowly: a second and more."""

    def logits(prompt: Sequence[int], answer: Sequence[int]) -> np.ndarray:
        time.sleep(0.005)
        row = np.zeros(END + 1)
        row[ord("a") + len(answer) % 26] = 9.0
        return row

    return FakeModel(logits=logits)


def test_a_call_ends_when_its_time_is_over() -> None:
    model = endless()
    calls = [
        lambda: model.extract(Note, "text", timeout=0.03),
        lambda: tl.Task(Note, model=model, timeout=0.03).run("text"),
        lambda: model.fn(timeout=0.03)(read)("text"),
        lambda: list(model.stream(Note, "text", timeout=0.03)),
    ]
    for call in calls:
        with pytest.raises(tl.TimeoutExpired, match=r"within 0\.03 seconds") as caught:
            call()
        assert caught.value.seconds == 0.03
    (failed,) = tl.Task(Note, model=model, timeout=0.03).map(["text"], on_error="return")
    assert isinstance(failed, tl.TimeoutExpired)


def read(text: str) -> Note:
    raise NotImplementedError


def test_a_call_that_is_in_time_is_what_it_is_without() -> None:
    model = FakeModel()
    assert model.extract(Note, "text", timeout=600) == model.extract(Note, "text")
    clocks = [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
    assert all(clock.finished.is_set() for clock in clocks)  # none goes on for ten minutes


@pytest.mark.parametrize("seconds", [0, -1.0, float("nan"), float("inf")])
def test_what_is_no_timeout_is_refused(seconds: float) -> None:
    with pytest.raises(tl.Error, match="expected a timeout"):
        FakeModel().extract(Note, "text", timeout=seconds)


def test_the_coroutines_give_what_the_verbs_give() -> None:
    model = FakeModel()
    task = model.task(Note)

    async def calls() -> None:
        assert await model.aio.extract(Note, "text") == model.extract(Note, "text")
        assert (await model.aio.extract(Note, "text", detail=True)).json == model.extract(
            Note, "text", detail=True
        ).json
        assert await model.aio.classify("text", ["a", "b"]) == model.classify("text", ["a", "b"])
        assert await model.aio.choose([read], "text") == model.choose([read], "text")
        assert await task.aio("text") == task.run("text")
        assert (await task.aio("text", detail=True)).value == task.run("text")
        with pytest.raises(tl.Error, match="empty"):
            await task.aio("")

    asyncio.run(calls())


def test_a_cancelled_await_ends_the_decoding() -> None:
    decoded = 0

    def logits(prompt: Sequence[int], answer: Sequence[int]) -> np.ndarray:
        nonlocal decoded
        decoded = len(answer)
        time.sleep(0.005)
        return np.zeros(END + 1)

    model = FakeModel(logits=logits)

    async def calls() -> None:
        for call in (model.aio.extract(Note, "text", max_tokens=2000), model.fn(read).aio("text")):
            waiting = asyncio.create_task(call)
            await asyncio.sleep(0.05)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting

    asyncio.run(calls())  # which waits for its threads
    assert decoded < 500


@pytest.fixture(scope="module")
def embedded(embedded_gguf: Path) -> Iterator[tl.Model]:
    with tl.load(embedded_gguf, n_threads=1, n_ctx=2048) as model:
        yield model


TEXT = "Order A-117: 3 x Desk lamp, 2 x Chair. Paid. "


def test_the_embedded_model_is_usable_after_a_timeout(embedded: tl.Model) -> None:
    wanted = embedded.extract(Note, TEXT)
    with pytest.raises(tl.TimeoutExpired):  # where it reads the prompt
        embedded.extract(Note, TEXT * 40, timeout=0.001)
    assert embedded.extract(Note, TEXT) == wanted
    parts = embedded.stream(Long, TEXT, max_tokens=1500, timeout=0.1)  # where it decodes
    with pytest.raises(tl.TimeoutExpired):
        list(parts)
    assert embedded.extract(Note, TEXT) == wanted


def test_who_waits_for_the_model_can_be_out_of_time(embedded: tl.Model) -> None:
    lock = embedded.runtime._model.lock  # type: ignore[attr-defined]
    with lock, pytest.raises(tl.TimeoutExpired):
        embedded.extract(Note, TEXT, timeout=0.01)
    assert embedded.extract(Note, TEXT, timeout=600)
