"""Ways to ask a model for an object, to be compared: from free text that may or may not be JSON, to quotations.

All ways send the same prompt, that of `tasks/prompt.py`, and decode greedily; they differ in what is enforced.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any

from pydantic import BaseModel, TypeAdapter, ValidationError, create_model

from typeloom.engine.constraint import compile
from typeloom.errors import Error
from typeloom.schema.types import adapter, plain_schema
from typeloom.schema.verbatim import Verbatim
from typeloom.tasks import answering, extract, prompt
from typeloom.tasks.layout import WrittenLayout, laid_out
from typeloom.tasks.model import Model
from typeloom.tasks.runtime import Wanted

ASK_AGAIN = 2
"""Times that an invalid answer is sent back."""


class Mode(Enum):
    """How an object is asked for.

    FREE: no constraint; the outermost {...} of the answer is read. AGAIN: the same, and an invalid answer is sent back
    with the reason, up to `ASK_AGAIN` times. CONSTRAINED: what `Model.extract` does. VERBATIM: the same, and every
    field of free text is a quotation (`Annotated[str, Verbatim]`).
    """

    FREE = "free"
    AGAIN = "again"
    CONSTRAINED = "constrained"
    VERBATIM = "verbatim"


@dataclass(frozen=True, slots=True)
class Answer:
    """value: the object in JSON form; None if there is no valid one, then `error` says why. tokens: all that were
    written for it."""

    value: Mapping[str, Any] | None
    tokens: int
    error: str = ""


Examples = Sequence[tuple[str, Any]]
Way = Callable[[str, Examples], Answer]


def way(model: Model, kind: Any, mode: Mode, max_tokens: int) -> Way:
    """How to ask this model for objects of this kind, prepared once; an Error becomes an answer without a value."""
    ask = {
        Mode.FREE: lambda: _free(model, kind, max_tokens, 0),
        Mode.AGAIN: lambda: _free(model, kind, max_tokens, ASK_AGAIN),
        Mode.CONSTRAINED: lambda: _constrained(model, kind, max_tokens),
        Mode.VERBATIM: lambda: _verbatim(model, kind, max_tokens),
    }[mode]()

    def answer(text: str, examples: Examples) -> Answer:
        try:
            return ask(text, examples)
        except Error as error:
            return Answer(None, 0, f"{type(error).__name__}: {error}")

    return answer


def _constrained(model: Model, kind: Any, max_tokens: int) -> Way:
    dump = adapter(kind).dump_python

    def ask(text: str, examples: Examples) -> Answer:
        found = model.extract(kind, text, detail=True, examples=examples, max_tokens=max_tokens)
        return Answer(dump(found.value, mode="json"), found.usage.completion_tokens)

    return ask


def _verbatim(model: Model, kind: Any, max_tokens: int) -> Way:
    quoting = quotations(kind)
    outline = prompt.outline(plain_schema(kind))
    reads = adapter(kind)

    def ask(text: str, examples: Examples) -> Answer:
        constraint = compile(quoting, model.vocab, layout=model.layout, document=text)
        messages = prompt.extraction(outline, text, "", _written(reads, examples, model.layout))
        tokens = model.runtime.render(messages)
        shortest = constraint.min_tokens
        budget = extract.budget(len(tokens), model.runtime.n_ctx, shortest, max_tokens)
        found = model.runtime.generate(Wanted(tokens, constraint, budget))
        answering.complete(found, shortest, budget)
        value = answering.validate(reads, found.text)
        return Answer(reads.dump_python(value, mode="json"), found.completion_tokens)

    return ask


def _free(model: Model, kind: Any, max_tokens: int, again: int) -> Way:
    reads = adapter(kind)
    outline = prompt.outline(plain_schema(kind))

    def ask(text: str, examples: Examples) -> Answer:
        messages = prompt.extraction(outline, text, "", _written(reads, examples, model.layout))
        written = 0
        for attempt in range(again + 1):
            tokens = model.runtime.render(messages)
            room = extract.budget(len(tokens), model.runtime.n_ctx, 1, max_tokens)
            found = model.runtime.write(tokens, max_tokens=room)
            written += found.completion_tokens
            try:
                value = reads.validate_json(json_inside(found.text))
                return Answer(reads.dump_python(value, mode="json"), written)
            except ValidationError as error:
                reason = answering.reasons(error)
            if attempt < again:
                messages = [
                    *messages,
                    {"role": "assistant", "content": found.text},
                    {"role": "user", "content": f"This is not valid: {reason}. Answer again, with the JSON alone."},
                ]
        return Answer(None, written, reason)

    return ask


def _written(reads: TypeAdapter[Any], examples: Examples, layout: WrittenLayout) -> list[tuple[str, str]]:
    """The examples with their values as the JSON that the model is to imitate."""
    written = [(text, reads.dump_json(reads.validate_python(value)).decode()) for text, value in examples]
    return [(text, laid_out(json, layout)) for text, json in written]


def json_inside(text: str) -> str:
    """The outermost braces and what is between them; the text itself where there are none.

    >>> json_inside('Sure! {"a": {"b": 1}} Anything else?')
    '{"a": {"b": 1}}'
    """
    found = re.search(r"\{.*\}", text, re.DOTALL)
    return found.group() if found else text


def quotations(kind: type[BaseModel]) -> Any:
    """The model with every field of free text, and of lists of them, held to quote the document. Models inside of it
    stay as they are."""
    kind.model_rebuild()  # resolves what is named before it is defined
    fields: dict[str, Any] = {name: (_quoting(info.annotation), info) for name, info in kind.model_fields.items()}
    return create_model(kind.__name__, __doc__=kind.__doc__, **fields)


def _quoting(annotation: Any) -> Any:
    """The annotation with `Verbatim` on each `str` in it."""
    if annotation is str:
        return Annotated[str, Verbatim(cut="word", whitespace="collapse")]
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated:
        inner = _quoting(parts[0])
        return Annotated[(inner, *parts[1:])]
    if origin is list:
        return list[_quoting(parts[0])]  # type: ignore[misc]
    if parts and all(part is type(None) or _is_type(part) for part in parts):
        made: Any = _quoting(parts[0])
        for part in parts[1:]:
            made = made | _quoting(part)
        return made
    return annotation


def _is_type(part: Any) -> bool:
    return isinstance(part, type) or typing.get_origin(part) in (Annotated, list)
