"""Long documents: a task done chunk by chunk and merged or reduced, and typed steps done one after the other.

`Chunked` cuts the text (`chunk`), does the task with each chunk, and makes one value of what was read: by a merge
(`merge`), by a second typed step, or by a plain function. Evidence is that of the merged scalars, its spans counted in
the whole text. Both steps are frozen and pickle as their tasks do.
"""

from __future__ import annotations

import dataclasses
import inspect
import itertools
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from typeloom.engine.document import Span
from typeloom.errors import SchemaError
from typeloom.pipelines.chunk import Chunk, Chunks
from typeloom.pipelines.columns import is_text
from typeloom.pipelines.merge import By, Merge, evidence, merged, tree, written
from typeloom.pipelines.step import dumped
from typeloom.schema.json_schema import JsonSchema
from typeloom.schema.types import adapter, plain_schema
from typeloom.tasks.answering import validate
from typeloom.tasks.evidence import FieldEvidence
from typeloom.tasks.extract import readable
from typeloom.tasks.function import Function
from typeloom.tasks.result import Result, Usage
from typeloom.tasks.task import OnError, Task, mapped

T = TypeVar("T")
Reduce = Merge | Task[Any] | Callable[[list[Any]], Any]


@dataclass(frozen=True, slots=True)
class Part:
    """What was read out of one chunk. The spans in the result are counted in the whole text."""

    chunk: Chunk
    result: Result[Any]


@dataclass(frozen=True)
class Chunked(Generic[T]):
    """A task over texts that are longer than the model's context.

    merge: "union", "first", "vote" or `by(key)` give a value of the task's own type. A Task reads the values, as a JSON
        list, into its type. A function is given the list of values.
    """

    task: Task[Any]
    chunk: Chunks
    merge: Reduce = "union"

    def run(self, text: str) -> T:
        """The value of a text. Raises as `Task.run` does, ValidationFailed if the type refuses the merged value."""
        found: T = self._reduced(self.parts(text)).value
        return found

    def result(self, text: str) -> Result[T]:
        """The value, if it was merged with the evidence for its scalars; the tokens and seconds are of all chunks."""
        parts = self.parts(text)
        made = self._reduced(parts)
        results = [part.result for part in parts] + ([made] if isinstance(self.merge, Task) else [])
        truncated = [
            f"{path} (characters {part.chunk.start} to {part.chunk.end})"
            for part in parts
            for path in part.result.truncated
        ]
        return dataclasses.replace(
            made,
            text=text,
            usage=Usage(*(sum(column) for column in zip(*(_used(one.usage) for one in results), strict=True))),
            timings=_summed([one.timings for one in results]),
            truncated=(*truncated, *(made.truncated if isinstance(self.merge, Task) else ())),
        )

    def parts(self, text: str) -> list[Part]:
        """What was read out of each chunk, in order; chunks of white space are left out."""
        readable(text)
        chunks = [one for one in self.chunk.cut(text, self._count) if one.text.strip()]
        return [Part(one, self._read(one)) for one in chunks]

    def map(self, texts: typing.Iterable[str], *, on_error: OnError = "raise", progress: bool = False) -> list[Any]:
        """The values of the texts, in order; `on_error` and `progress` are as in `Task.map`."""
        return list(mapped(self.run, texts, on_error=on_error, progress=progress))

    def _count(self, text: str) -> int:
        """Tokens of a text in a prompt, without those of its turn."""
        render = self.task.loaded().runtime.render
        return max(0, len(render([{"role": "user", "content": text}])) - len(render([{"role": "user", "content": ""}])))

    def _read(self, chunk: Chunk) -> Result[Any]:
        result = self.task.run(chunk.text, detail=True)
        return dataclasses.replace(result, fields={path: _moved(one, chunk) for path, one in result.fields.items()})

    def _reduced(self, parts: Sequence[Part]) -> Result[Any]:
        """One result out of those of the chunks."""
        results = [part.result for part in parts]
        if isinstance(self.merge, Task):
            listed = f"[{','.join(dumped(self.task.type, one.value) for one in results)}]"
            return self.merge.run(listed, detail=True)
        if callable(self.merge):
            return Result(self.merge([one.value for one in results]), "", results[0].usage)
        if is_text(self.task.type):
            raise SchemaError(
                f"expected a type whose values can be merged, got {self.task.type!r}, whose values are texts;"
                " give merge=a function of the list of texts, or a Task"
            )
        if isinstance(self.merge, By):
            _has_key(self.task.type, self.merge.key)
        made = merged([tree(one.json, one.fields) for one in results], self.merge)
        source = Any if isinstance(self.task.type, JsonSchema) else self.task.type
        text = written(made)
        return Result(validate(adapter(source), text), text, results[0].usage, fields=dict(evidence(made)))


@dataclass(frozen=True)
class Chain(Generic[T]):
    """Steps done one after the other; made by `chain`."""

    steps: tuple[Callable[..., Any], ...]

    def __call__(self, *args: Any, **kwargs: Any) -> T:
        """What the last step gives. Raises what a step raises."""
        first, *rest = self.steps
        value = first(*args, **kwargs)
        for before, step in zip(self.steps, rest, strict=False):
            value = step(_text(before, value) if isinstance(step, _Run) else value)
        found: T = value
        return found


@dataclass(frozen=True)
class _Run:
    """A task as a step: text in, object out."""

    task: Task[Any] | Chunked[Any]

    def __call__(self, text: str) -> Any:
        return self.task.run(text)


def chain(*steps: Callable[..., Any] | Task[Any] | Chunked[Any]) -> Chain[Any]:
    """One callable out of typed steps: each is given what the one before it returned.

    A step is a typed function (of `@m.fn`, which writes the object into its prompt, or any other), a Task or a Chunked,
    which read the object as JSON. Raises SchemaError for no step, and where a step's annotation says that it takes
    another class than the step before returns.

    >>> def words(text: str) -> list[str]: return text.split()
    >>> def count(found: list[str]) -> int: return len(found)
    >>> chain(words, count)("to be or not")
    4
    """
    if not steps:
        raise SchemaError("expected at least one step to chain, got none")
    made = tuple(_Run(step) if isinstance(step, Task | Chunked) else step for step in steps)
    for number, (before, after) in enumerate(itertools.pairwise(made), 1):
        given, taken = _returned(before), _taken(after)
        if isinstance(given, type) and isinstance(taken, type) and not issubclass(given, taken):
            raise SchemaError(f"step {number} returns {given.__name__}, step {number + 1} takes {taken.__name__}")
    return Chain(made)


def _returned(step: Any) -> Any:
    """The type that a step returns, None if it does not say."""
    if isinstance(step, _Run):
        one = step.task
        return one.type if isinstance(one, Task) else one.task.type if not callable(one.merge) else None
    return step.task.type if isinstance(step, Function) else _hints(step).get("return")


def _taken(step: Any) -> Any:
    """The type of a step's first parameter, None if it does not say, or is a task: those read anything."""
    if isinstance(step, _Run):
        return None
    try:
        parameters = list(inspect.signature(step).parameters.values())
    except (TypeError, ValueError):
        return None
    return _hints(step).get(parameters[0].name) if parameters else None


def _hints(step: Any) -> dict[str, Any]:
    try:
        return typing.get_type_hints(getattr(step, "__wrapped__", step))
    except (TypeError, NameError, AttributeError):
        return {}


def _text(before: Any, value: Any) -> str:
    """What a task reads of the value of the step before it: a text as it is, all else as JSON."""
    if isinstance(value, str):
        return value
    source = _returned(before)
    return dumped(type(value) if source is None else source, value)


def _has_key(source: Any, key: str) -> None:
    """Refuse a key to merge by that no object of the type has."""
    if isinstance(source, JsonSchema):
        return
    left: list[Any] = [plain_schema(source)]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            if key in one.get("properties", ()):
                return
            left += one.values()
        elif isinstance(one, list):
            left += one
    raise SchemaError(f"expected a field to merge by, no object of the type has a field {key!r}")


def _moved(one: FieldEvidence, chunk: Chunk) -> FieldEvidence:
    """The evidence with its spans counted from the beginning of the whole text."""
    spans = tuple(
        Span(s.start + chunk.start, s.end + chunk.start, s.byte_start + chunk.byte_start, s.byte_end + chunk.byte_start)
        for s in one.spans
    )
    return dataclasses.replace(one, span=spans[0] if spans else None, spans=spans)


def _used(usage: Usage) -> tuple[int, ...]:
    return tuple(getattr(usage, field.name) for field in dataclasses.fields(usage))


def _summed(timings: Sequence[Mapping[str, float]]) -> dict[str, float]:
    names = dict.fromkeys(name for one in timings for name in one)
    return {name: sum(one.get(name, 0.0) for one in timings) for name in names}
