"""Thinking first: free text up to the mark or its budget, then an object inside of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

import typeloom as tl
from typeloom.tasks.runtime import Decoded, Until, Wanted
from typeloom.testing import END, FakeRuntime, byte_vocabulary

pytest.importorskip("llama_cpp")
pytest.importorskip("gguf")

from llama.conftest import CONTROLS, TEMPLATE, write_tiny_model
from typeloom.llama.chat import Message, chat_segments
from typeloom.llama.thinking import Marks


class Note(BaseModel):
    state: Literal["open", "paid"]
    text: str = Field(max_length=8)


class Thinker(FakeRuntime):
    """Thinks what it is told, then wants to say `a` for ever; notes what it was asked."""

    def __init__(self, thought: str, n_ctx: int = 4096) -> None:
        super().__init__(byte_vocabulary(), None, n_ctx)
        self._thought = thought.encode()
        self.seen: list[Wanted] = []

    def _generate(self, wanted: Wanted, interrupts: Any) -> Decoded:
        self.seen.append(wanted)
        return super()._generate(wanted, interrupts)

    def _row(self, prompt: Sequence[int], answer: Sequence[int]) -> np.ndarray:
        row = np.zeros(END + 1)
        row[ord("a")] = 1.0
        if isinstance(self.seen[-1].constraint, Until):
            row[self._thought[len(answer)] if len(answer) < len(self._thought) else END] = 9.0
        return row


def test_what_was_thought_is_in_front_of_the_answer() -> None:
    runtime = Thinker("It is paid.</think>")
    found = tl.Model(runtime).extract(Note, "text", think=tl.Think(), detail=True)
    thinking, answering = runtime.seen
    assert found.thinking == "It is paid." and isinstance(found.value, Note)
    assert bytes(thinking.prompt).endswith(b"<think>")
    assert bytes(answering.prompt) == bytes(thinking.prompt) + b"It is paid.</think>"
    assert found.usage.thinking_tokens == len("It is paid.</think>")
    assert found.usage.completion_tokens == len(found.json)
    assert "thinking" not in found.json


def test_a_budget_that_ends_first_closes_the_thinking() -> None:
    runtime = Thinker("I wonder" * 50)
    found = tl.Model(runtime).extract(Note, "text", think=tl.Think(max_tokens=10), detail=True)
    assert found.thinking == "I wonderI" and found.usage.thinking_tokens == 10
    assert bytes(runtime.seen[1].prompt).endswith(b"<think>I wonderI </think>")
    ended = tl.Model(Thinker("So.")).extract(Note, "text", think=tl.Think(), detail=True)  # by its end token
    assert ended.thinking == "So."


@given(st.integers(1, 300), st.integers(1, 300), st.integers(300, 900), st.text("ab<", max_size=400))
def test_both_budgets_hold(thinking: int, most: int, n_ctx: int, thought: str) -> None:
    runtime = Thinker(thought, n_ctx)
    least = tl.compile(Note, runtime.vocab).min_tokens
    try:
        found = tl.Model(runtime).extract(Note, "x", max_tokens=most, think=tl.Think(max_tokens=thinking), detail=True)
    except tl.BudgetError:
        assert most < least
    except tl.LimitError as error:
        assert error.limit == "n_ctx" and n_ctx < len(runtime.render([])) + 400 + least + 10
    else:
        assert found.usage.thinking_tokens <= thinking
        assert found.usage.completion_tokens <= most
        assert found.usage.prompt_tokens + found.usage.completion_tokens <= n_ctx
        assert Note.model_validate_json(found.json) == found.value


def test_every_verb_thinks() -> None:
    def read(text: str) -> Note:
        raise NotImplementedError

    def model() -> tl.Model:
        return tl.Model(Thinker("hm</think>"))

    think = tl.Think(max_tokens=20)
    expected = model().extract(Note, "text", think=think)
    assert model().task(Note, think=think).map(["text"]) == [expected]
    assert list(model().stream(Note, "text", think=think))[-1].result == expected
    assert asyncio.run(model().aio.extract(Note, "text", think=think)) == expected
    assert model().fn(think=think)(read)("text") == expected


def test_marks_that_are_none_are_refused() -> None:
    for wrong in (lambda: tl.Think(end=""), lambda: tl.Think(begin="<a>")):
        with pytest.raises(tl.SchemaError, match="mark"):
            wrong()
    with pytest.raises(tl.LimitError, match="thinking"):
        tl.Think(max_tokens=True)


HI = [Message("user", "hi")]


def test_the_template_is_told_and_what_it_opens_is_closed() -> None:
    marks = Marks("<think>\n", "</think>", "\n\n")
    switch = "{{ messages[0].content }}|{{ enable_thinking }}|"

    def end(template: str | None, thinking: Marks | None) -> str:
        return "".join(segment.text for segment in chat_segments(template, HI, thinking=thinking)[0])

    assert end(switch, None) == "hi|False|"
    assert end(switch, marks) == "hi|True|<think>\n"
    opens = "{{ messages[0].content }}|{{ '<think>\\n' }}"
    assert end(opens, marks) == "hi|<think>\n"
    assert end(opens, None) == "hi|<think>\n\n</think>\n\n"
    assert end(None, marks).endswith("### Assistant\n<think>\n")


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("gguf")
    thinks = TEMPLATE.replace("{% if add", "{# <think></think> #}{% if add")
    return write_tiny_model(folder / "a.gguf", template=thinks), write_tiny_model(folder / "b.gguf")


@pytest.fixture(scope="module")
def thinking(paths: tuple[Path, Path]) -> Iterator[tl.Model]:
    with tl.load(paths[0], n_threads=1, slots=2) as model:
        yield model


def test_a_loaded_model_thinks_within_its_budget_alone_and_together(thinking: tl.Model) -> None:
    think = tl.Think(max_tokens=16)
    found = thinking.extract(Note, "hello world", think=think, detail=True)
    assert 0 < found.usage.thinking_tokens <= 16
    assert Note.model_validate_json(found.json) == found.value
    assert found.usage.cached_tokens >= found.usage.prompt_tokens - found.usage.thinking_tokens - 24
    texts = ["hello world", "hello", "a b c"]
    alone = [thinking.extract(Note, text, think=think) for text in texts]
    assert thinking.task(Note, think=think).map(texts) == alone
    assert list(thinking.stream(Note, "hello world", think=think))[-1].result == found.value


def test_control_tokens_are_not_thought_and_one_can_be_the_mark(thinking: tl.Model, paths: tuple[Path, Path]) -> None:
    for seed in range(6):
        found = thinking.extract(
            Note, "hello", think=tl.Think(max_tokens=40, end="<|tool|>"), temperature=3.0, seed=seed, detail=True
        )
        assert not any(name in found.thinking for name in CONTROLS)
    with tl.load(paths[1], n_threads=1) as silent, pytest.raises(tl.ModelError, match="Think\\(begin="):
        silent.extract(Note, "hello", think=tl.Think())
