"""Calls that are ended: by their own clock, by a cancelled await; the model goes on as if they had never been."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pytest
from pydantic import BaseModel, Field
from tests.llama.interrupting import interrupt

import typeloom as tl
from typeloom.llama.decode import Interrupt
from typeloom.testing import END, FakeModel


class Note(BaseModel):
    body: str


class Long(BaseModel):
    """Takes the small model a second and more, while a note takes milliseconds."""

    numbers: Annotated[list[int], Field(min_length=500)]


LABELS = [f"label number {number}" for number in range(40)]


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
        lambda: model.choose([read], "text", timeout=0.03),
        lambda: model.classify("text", LABELS, timeout=0.03),
        lambda: model.classify("text", LABELS, multi=True, timeout=0.03),
        lambda: model.classifier(LABELS, timeout=0.03).probs(["text"]),
        lambda: model.classifier(LABELS, timeout=0.03).fit(["text"], [LABELS[0]]),
        lambda: model.tagger(LABELS, timeout=0.03).fit(["text"], [{LABELS[0]}]),
    ]
    for call in calls:
        with pytest.raises(tl.TimeoutExpired, match=r"within 0\.03 seconds") as caught:
            call()
        assert caught.value.seconds == 0.03
    (failed,) = tl.Task(Note, model=model, timeout=0.03).map(["text"], on_error="return")
    assert isinstance(failed, tl.TimeoutExpired)
    (failed,) = model.classifier(LABELS, timeout=0.03).map(["text"], on_error="return")
    assert isinstance(failed, tl.TimeoutExpired)


def read(text: str) -> Note:
    raise NotImplementedError


def test_a_call_that_is_in_time_is_what_it_is_without() -> None:
    model = FakeModel()
    assert model.extract(Note, "text", timeout=600) == model.extract(Note, "text")
    assert model.classify("text", LABELS, detail=True, timeout=600) == FakeModel().classify("text", LABELS, detail=True)
    decided = FakeModel().classify("text", LABELS[:3], detail=True, multi=True)
    assert model.classify("text", LABELS[:3], detail=True, multi=True, timeout=600) == decided
    clocks = [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
    assert all(clock.finished.is_set() for clock in clocks)  # none goes on for ten minutes


@pytest.mark.parametrize("seconds", [0, -1.0, float("nan"), float("inf")])
def test_what_is_no_timeout_is_refused(seconds: float) -> None:
    model = FakeModel()
    calls = [
        lambda: model.extract(Note, "text", timeout=seconds),
        lambda: model.classify("text", LABELS, timeout=seconds),
        lambda: model.tagger(LABELS, timeout=seconds),
    ]
    for call in calls:
        with pytest.raises(tl.Error, match="expected a timeout"):
            call()


def test_the_coroutines_give_what_the_verbs_give() -> None:
    model = FakeModel()
    task = model.task(Note)

    async def calls() -> None:
        assert await model.aio.extract(Note, "text") == model.extract(Note, "text")
        assert (await model.aio.extract(Note, "text", detail=True)).json == model.extract(
            Note, "text", detail=True
        ).json
        assert await model.aio.classify("text", ["a", "b"]) == model.classify("text", ["a", "b"])
        assert await model.aio.classify("text", LABELS, detail=True) == model.classify("text", LABELS, detail=True)
        assert await model.classifier(LABELS).aio("text") == model.classifier(LABELS).distribution("text")
        assert await model.tagger(LABELS[:2]).aio("text") == model.tagger(LABELS[:2]).decide("text")
        assert await model.aio.choose([read], "text") == model.choose([read], "text")
        detailed = await model.aio.choose([read], "text", detail=True)
        assert detailed.value == model.choose([read], "text")
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
        calls = (
            model.aio.extract(Note, "text", max_tokens=2000),
            model.fn(read).aio("text"),
            model.aio.choose([read], "text"),
        )
        for call in calls:
            waiting = asyncio.create_task(call)
            await asyncio.sleep(0.05)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting

    asyncio.run(calls())  # which waits for its threads
    assert decoded < 500


def test_a_cancelled_await_ends_the_scoring() -> None:
    rows = 0

    def logits(prompt: Sequence[int], answer: Sequence[int]) -> np.ndarray:
        nonlocal rows
        rows += 1
        time.sleep(0.005)
        return np.zeros(END + 1)

    model = FakeModel(logits=logits)
    calls = [
        lambda: model.aio.classify("text", LABELS),
        lambda: model.classifier(LABELS).aio("text"),
        lambda: model.tagger(LABELS).aio("text"),
    ]

    async def cancelled(call: Callable[[], Coroutine[Any, Any, object]]) -> None:
        waiting = asyncio.create_task(call())
        await asyncio.sleep(0.05)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    for call in calls:
        rows = 0
        asyncio.run(cancelled(call))  # which waits for its threads
        assert rows < sum(len(label) for label in LABELS)


def test_an_interrupt_ends_a_scoring_and_nothing_of_it_is_kept() -> None:
    model = FakeModel()
    cancelled = Interrupt()
    cancelled.cancel()
    calls = [
        lambda: model.classify("text", LABELS, interrupt=cancelled),
        lambda: model.classify("text", LABELS[:2], multi=True, interrupt=cancelled),
        lambda: model.choose([read], "text", interrupt=cancelled),
    ]
    for call in calls:
        with pytest.raises(tl.Cancelled):
            call()
    assert len(model.scores) == 0
    assert model.classify("text", LABELS, detail=True) == FakeModel().classify("text", LABELS, detail=True)


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


def test_the_embedded_model_is_usable_after_a_scoring_that_took_too_long(embedded: tl.Model) -> None:
    wanted = embedded.extract(Note, TEXT)
    with pytest.raises(tl.TimeoutExpired):  # where it reads the prompt
        embedded.classify(TEXT * 40, LABELS, timeout=0.001)
    with pytest.raises(tl.TimeoutExpired):  # somewhere in one of forty prompts
        embedded.classify(TEXT * 20, LABELS, multi=True, timeout=0.02)
    found = embedded.classify(TEXT, ["order", "complaint"], detail=True)
    assert abs(sum(found.probs.values()) - 1) < 1e-6
    assert embedded.extract(Note, TEXT) == wanted


INTERRUPTED = """
import itertools, sys
import typeloom as tl
model = tl.load(sys.argv[1], n_threads=1, n_ctx=2048)
labels = [f"label number {number}" for number in range(40)]
expected = model.extract(bool, "hello")
print("ready", flush=True)
try:
    for number in itertools.count():  # another text each time: scores of the same one are kept
        model.classify(f"Order {number}: 3 x Desk lamp. " * 60, labels)
except KeyboardInterrupt:
    assert model.extract(bool, "hello") == expected
    assert model.classify("hello", ["a", "b"]) in ("a", "b")
    print("interrupted", flush=True)
"""


def test_control_c_in_the_middle_of_a_scoring(embedded_gguf: Path) -> None:
    interrupt(INTERRUPTED, str(embedded_gguf))


def test_who_waits_for_the_model_can_be_out_of_time(embedded: tl.Model) -> None:
    lock = embedded.runtime._model.lock  # type: ignore[attr-defined]
    with lock:
        with pytest.raises(tl.TimeoutExpired):
            embedded.extract(Note, TEXT, timeout=0.01)
        with pytest.raises(tl.TimeoutExpired):
            embedded.classify(TEXT + "again", ["a", "b"], timeout=0.01)
    assert embedded.extract(Note, TEXT, timeout=600)
