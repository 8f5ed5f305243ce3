"""What is told while many texts are read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import BaseModel

import typeloom as tl
from typeloom.tasks.progress import Bar, shown
from typeloom.testing import FakeModel


class Note(BaseModel):
    urgent: bool


@dataclass
class Heard:
    """Keeps what it is told."""

    said: list[tuple[Any, ...]] = field(default_factory=list)

    def begin(self, done: int, total: int | None) -> None:
        self.said.append(("begin", done, total))

    def step(self, tokens: int, is_error: bool) -> None:
        self.said.append(("step", tokens, is_error))

    def end(self) -> None:
        self.said.append(("end",))


def test_each_outcome_is_told_as_it_comes() -> None:
    heard = Heard()
    outcomes = shown(iter([3, tl.Error("no")]), 2, lambda one: one if isinstance(one, int) else 0, heard)
    assert next(outcomes) == 3
    assert heard.said == [("begin", 0, 2), ("step", 3, False)]
    outcomes.close()  # type: ignore[attr-defined]
    assert heard.said[-1] == ("end",)
    heard = Heard()
    list(shown([tl.Error("no")], None, lambda _: 0, heard))
    assert heard.said == [("begin", 0, None), ("step", 0, True), ("end",)]


def test_a_map_shows_documents_tokens_and_errors(capsys: pytest.CaptureFixture[str]) -> None:
    texts = ["a", " ", "b"]
    task = tl.Task(Note, model=FakeModel())
    assert task.map(texts, progress=True, on_error="return")[0] == task.map(["a"])[0]
    told = capsys.readouterr().err
    assert "3/3" in told and "1 errors" in told
    assert "documents/s" in told and "tokens/s" in told
    assert capsys.readouterr().out == ""


def test_labels_are_no_tokens(capsys: pytest.CaptureFixture[str]) -> None:
    FakeModel().classifier(["a", "b"]).map(["x", "y"], progress=True)
    told = capsys.readouterr().err
    assert "2/2" in told and "tokens/s" not in told


def test_a_bar_that_never_began_ends_quietly() -> None:
    bar = Bar()
    bar.step(1, False)
    bar.end()
