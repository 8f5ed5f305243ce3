"""One list of options: every verb takes all of them, and what decodes is told them."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, Literal, get_type_hints

import pytest
from pydantic import BaseModel, Field

import typeloom as tl
from typeloom.tasks.options import Options, OptionWords, words
from typeloom.tasks.runtime import Decoded, Wanted
from typeloom.testing import FakeModel, FakeRuntime, byte_vocabulary


class Note(BaseModel):
    text: str = Field(max_length=8)


CHOSEN: dict[str, Any] = {
    "max_tokens": 77,
    "temperature": 1.5,
    "seed": 5,
    "top_k": 40,
    "top_p": 0.9,
    "min_p": 0.01,
    "repetition_penalty": 1.2,
    "caps": tl.Caps(items=3),
    "timeout": 60.0,
    "tries": 4,
    "think": None,
    "parse": False,
}


def test_the_keywords_are_the_fields() -> None:
    assert {field.name for field in fields(Options)} == set(get_type_hints(OptionWords)) == set(CHOSEN)
    assert words(Options(**CHOSEN)) == CHOSEN
    with pytest.raises(TypeError, match=r"'max_token'; the options of a call are max_tokens"):
        FakeModel().extract(Note, "text", max_token=3)  # type: ignore[call-overload]


class Noting(FakeRuntime):
    def __init__(self) -> None:
        super().__init__(byte_vocabulary(), None, 4096)
        self.seen: list[Wanted] = []

    def _generate(self, wanted: Wanted, interrupts: Any) -> Decoded:
        self.seen.append(wanted)
        return super()._generate(wanted, interrupts)


def read(text: str) -> Note:
    raise NotImplementedError


CALLS: dict[str, Callable[[tl.Model], Any]] = {
    "extract": lambda m: m.extract(Note, "text", **CHOSEN),
    "stream": lambda m: list(m.stream(Note, "text", **CHOSEN)),
    "aio": lambda m: asyncio.run(m.aio.extract(Note, "text", **CHOSEN)),
    "fn": lambda m: m.fn(**CHOSEN)(read)("text"),
    "fn.map": lambda m: m.fn(**CHOSEN)(read).map(["text"]),
    "fn.aio": lambda m: asyncio.run(m.fn(**CHOSEN)(read).aio("text")),
    "fn.stream": lambda m: list(m.fn(**CHOSEN)(read).stream("text")),
    "task": lambda m: m.task(Note, **CHOSEN).run("text"),
    "task.map": lambda m: tl.Task(Note, model=m, **CHOSEN).map(["text"]),
    "task.stream": lambda m: list(tl.Task(Note, model=m, **CHOSEN).stream("text")),
    "choose": lambda m: m.choose([read], "text", **CHOSEN),
}


@pytest.mark.parametrize("name", CALLS)
def test_every_verb_passes_them_on(name: str) -> None:
    runtime = Noting()
    CALLS[name](tl.Model(runtime))
    (wanted,) = runtime.seen
    assert wanted.max_tokens == 77
    assert wanted.sampling == Options(**CHOSEN).sampling
    assert wanted.caps == CHOSEN["caps"]


@pytest.mark.parametrize("name", CALLS)
def test_a_seed_that_is_not_given_is_the_models(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = Noting()
    monkeypatch.setitem(CHOSEN, "seed", None)
    if name in ("task.map", "task.stream"):
        pytest.skip("a Task made by hand has a seed of its own")
    CALLS[name](tl.Model(runtime, seed=9))
    assert runtime.seen[0].sampling.seed == 9


def test_a_task_pickles_with_them() -> None:
    again = pickle.loads(pickle.dumps(tl.Task(Note, model="model.gguf", **CHOSEN)))
    assert words(again) == CHOSEN


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("max_tokens", 0), ("max_tokens", True), ("temperature", -1.0), ("top_k", -1), ("top_p", 0.0)],
        *[("min_p", 2.0), ("repetition_penalty", 0.5), ("timeout", 0.0), ("tries", 0)],
        *[("tries", True), ("temperature", float("nan")), ("think", True), ("parse", 1)],
    ],
)
def test_values_out_of_range_are_refused_at_once(name: str, value: Any) -> None:
    wrong: Any = {name: value}
    for make in (lambda: FakeModel().extract(Note, "text", **wrong), lambda: tl.Task(Note, **wrong)):
        with pytest.raises(tl.Error, match=name):
            make()


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("llama_cpp")
    pytest.importorskip("gguf")
    from llama.conftest import write_tiny_model

    return write_tiny_model(tmp_path_factory.mktemp("gguf") / "tiny.gguf")


class Small(BaseModel):
    state: Literal["open", "paid"]
    numbers: list[int] = Field(max_length=3)
    name: str = Field(max_length=6)


TEXTS = ["hello world", "hello", "", "hello true", "x", "hello world again", "y" * 40]


@pytest.fixture(scope="module")
def pair(tiny: Path) -> Iterator[tuple[tl.Model, tl.Model]]:
    with tl.load(tiny, n_threads=1) as one, tl.load(tiny, n_threads=1, slots=3) as three:
        yield one, three


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_map_over_slots_gives_what_each_text_gives_alone(pair: tuple[tl.Model, tl.Model], temperature: float) -> None:
    one, three = pair
    alone = []
    for text in TEXTS:
        try:
            alone.append(one.extract(Small, text, temperature=temperature, seed=3))
        except tl.Error as error:
            alone.append(str(error))
    found = three.task(Small, temperature=temperature, seed=3).map(TEXTS, on_error="return")
    assert [str(one) if isinstance(one, tl.Error) else one for one in found] == alone
    assert isinstance(found[2], tl.Error)


def test_of_many_each_has_its_own_time(pair: tuple[tl.Model, tl.Model]) -> None:
    task = pair[1].task(list[str], max_tokens=1500, timeout=1e-6)
    for failed in task.map(["hello", "world"], on_error="return"):
        assert isinstance(failed, tl.TimeoutExpired) and failed.seconds == 1e-6
    assert pair[1].extract(Small, "hello") == pair[0].extract(Small, "hello")


def test_a_closed_model_says_so_whatever_it_is_asked(tiny: Path) -> None:
    model = tl.load(tiny, n_threads=1, n_ctx=512)
    task = model.task(Small)
    model.close()
    asked: list[Callable[[], Any]] = [
        lambda: model.extract(Small, "hello"),
        lambda: list(model.stream(Small, "hello")),
        lambda: model.classify("hello", ["a", "b"]),
        lambda: model.choose([read], "hello"),
        lambda: model.fn(read)("hello"),
        lambda: asyncio.run(model.aio.extract(Small, "hello")),
        lambda: task.map(["hello"]),
    ]
    for ask in asked:
        with pytest.raises(tl.ModelError, match="closed; load it again"):
            ask()
