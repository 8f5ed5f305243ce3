"""What a job does with one text, and the answer as JSON: the same step for files, frames, scikit-learn and Ray.

A Step is frozen and pickles as its Task does, by what it was made of; the model is loaded where it first runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from typeloom.errors import Error
from typeloom.pipelines.records import json_text
from typeloom.tasks.task import attempted

if TYPE_CHECKING:
    from typeloom.pipelines.job import Job
    from typeloom.tasks.model import Model
    from typeloom.tasks.result import Distribution, Result
    from typeloom.tasks.task import Task


@dataclass(frozen=True, slots=True)
class Answer:
    """What was read out of one text: JSON on one line, and the tokens that were decoded for it."""

    json: str
    tokens: int = 0


class Step(Protocol):
    """Text in, Answer out; raises typeloom's errors."""

    def __call__(self, text: str) -> Answer: ...


class StepOverMany(Step, Protocol):
    """A Step that also takes many texts, which are read as they are needed, and gives what it returns or raises."""

    def over(self, texts: Iterable[str]) -> Iterator[Answer | Error]: ...


@dataclass(frozen=True, eq=False)
class Extraction:
    """Read the task's type out of a text."""

    task: Task[Any]

    def __call__(self, text: str) -> Answer:
        result = self.task.run(text, detail=True)
        return self._answer(result)

    def over(self, texts: Iterable[str]) -> Iterator[Answer | Error]:
        """What each text gives, in order; as many are decoded together as the model has slots."""
        return (one if isinstance(one, Error) else self._answer(one) for one in self.task.results(texts))

    def _answer(self, result: Result[Any]) -> Answer:
        return Answer(dumped(self.task.type, result.value), result.usage.completion_tokens)


@dataclass(frozen=True, eq=False)
class Labelling:
    """Give a text its label; the answer has the label and the probability of every label."""

    labels: Any
    model: Model
    instructions: str = ""
    examples: Sequence[tuple[str, Any]] = ()

    def distribution(self, text: str) -> Distribution[Any]:
        """The label with the probability of every label."""
        found: Distribution[Any] = self.model.classify(
            text, self.labels, detail=True, instructions=self.instructions, examples=self.examples
        )
        return found

    def over(self, texts: Iterable[str]) -> Iterator[Answer | Error]:
        """What each text gives, one after the other."""
        return (attempted(self, text) for text in texts)

    def __call__(self, text: str) -> Answer:
        found = self.distribution(text)
        probs = {name: round(p, 6) for name, p in found.probs.items()}
        return Answer(json_text({"label": label_text(self.labels, found.label), "probs": probs}))


def label_text(source: Any, value: Any) -> str | None:
    """How a label is written among the labels of `source`; None for no label."""
    from typeloom.tasks.classify import labels

    if value is None:
        return None
    return next(one.name for one in labels(source) if type(one.value) is type(value) and one.value == value)


def dumped(source: Any, value: Any) -> str:
    """A value of the type as one line of JSON, by alias, as Pydantic writes it; of a grammar the text as a string."""
    from typeloom.grammar.gbnf import Gbnf
    from typeloom.grammar.lark import Lark
    from typeloom.grammar.regular import Regex
    from typeloom.schema.json_schema import JsonSchema
    from typeloom.schema.types import adapter

    if isinstance(source, JsonSchema | Regex | Lark | Gbnf):
        return json_text(value)
    return adapter(source).dump_json(value, by_alias=True).decode("utf-8")


def of_job(job: Job, source: Any, model: Model) -> StepOverMany:
    """The step of a task file with a loaded model."""
    from typeloom.tasks.options import words
    from typeloom.tasks.task import Task

    if job.type is None:
        return Labelling(source, model, job.instructions, job.examples)
    task = Task[Any](
        source,
        job.instructions,
        job.examples,
        model=model,
        **words(job),
    )
    return Extraction(task)
