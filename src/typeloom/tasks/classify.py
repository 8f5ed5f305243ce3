"""Text in, label out, with the probability of every label.

Each label is scored as the whole answer (a JSON string) after one shared prompt, and the scores are normalised over the
labels; so probabilities are those of the model among the labels offered, not a guess from the first token.
"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, Literal

from typeloom.errors import LimitError, SchemaError
from typeloom.tasks import prompt
from typeloom.tasks.extract import readable
from typeloom.tasks.result import Distribution, distribution

if TYPE_CHECKING:
    from typeloom.tasks.runtime import Runtime

WAYS_OUT = "give an Enum class, a Literal, bool, a list of strings, or a dict of label to description"


@dataclass(frozen=True, slots=True)
class Label:
    """One label: what the model reads and writes, what it means, and the Python value it stands for."""

    name: str
    description: str
    value: Any


def labels(source: Any) -> tuple[Label, ...]:
    """The labels that `source` offers, in declared order.

    An Enum class gives its members, named by their value where that is a string, by their name otherwise. A Literal
    gives its values, bool gives true and false, a list of strings itself, a dict of strings its keys, described.
    Raises SchemaError for any other source, for no label at all, and for two labels of the same name.

    >>> [label.name for label in labels(Literal["bug", "question"])]
    ['bug', 'question']
    """
    found = tuple(_labels(source))
    if not found:
        raise SchemaError(f"expected at least one label, got none; {WAYS_OUT}")
    seen: dict[str, Label] = {}
    for label in found:
        if not label.name.strip():
            raise SchemaError(f"expected every label to have a name, got {label.name!r}")
        if label.name in seen:
            other = seen[label.name].value
            raise SchemaError(
                f"expected labels that can be told apart, got {other!r} and {label.value!r},"
                f" both written {label.name!r}"
            )
        readable(label.name)
        seen[label.name] = label
    return found


def _labels(source: Any) -> list[Label]:
    while True:  # Annotated[...] and `type X = ...` wrap the type that counts
        if typing.get_origin(source) is Annotated:
            source = typing.get_args(source)[0]
        elif hasattr(source, "__value__") and type(source).__name__ == "TypeAliasType":
            source = source.__value__
        else:
            break
    if source is bool:
        return [Label("true", "", True), Label("false", "", False)]
    if isinstance(source, type) and issubclass(source, Enum) and not isinstance(source, types.GenericAlias):
        return [Label(m.value if isinstance(m.value, str) else m.name, "", m) for m in source]
    if typing.get_origin(source) is Literal:
        return [Label(_name(value), "", value) for value in _flat(source)]
    if isinstance(source, Mapping):
        return [Label(_string(name), _string(note), name) for name, note in source.items()]
    if isinstance(source, Sequence) and not isinstance(source, (str, bytes)):
        return [Label(_string(name), "", name) for name in source]
    raise SchemaError(f"expected labels, got {source!r}; {WAYS_OUT}")


def _flat(literal: Any) -> list[Any]:
    """The values of a Literal; Python has already flattened nested ones and dropped repeats."""
    return list(typing.get_args(literal))


def _name(value: Any) -> str:
    if isinstance(value, Enum):
        return value.value if isinstance(value.value, str) else value.name
    if isinstance(value, bytes):
        raise SchemaError(f"expected labels of text, got {value!r}; {WAYS_OUT}")
    return value if isinstance(value, str) else json.dumps(value)


def _string(name: Any) -> str:
    if not isinstance(name, str):
        raise SchemaError(f"expected labels as strings, got {name!r} of type {type(name).__name__}; {WAYS_OUT}")
    return name


def classify(
    runtime: Runtime,
    labels: Sequence[Label],
    text: str,
    *,
    instructions: str = "",
    examples: Sequence[tuple[str, Any]] = (),
) -> Distribution[Any]:
    """How likely each label is for the text, in the eyes of the model.

    `examples` are pairs of a text and its label (the value, or its name). Raises Error for a text that cannot be read,
    LimitError when the prompt exceeds the context. Costs one prompt and one evaluation of each label's tokens.
    """
    readable(text)
    pairs = [(label.name, label.description) for label in labels]
    tokens = runtime.render(prompt.classification(pairs, text, instructions, _written(labels, examples)))
    if len(tokens) >= runtime.n_ctx:
        raise LimitError(
            f"the prompt has {len(tokens)} tokens, the context holds {runtime.n_ctx};"
            " load the model with a larger n_ctx, or split the text",
            limit="n_ctx",
            value=len(tokens),
        )
    scores = runtime.score(tokens, [_answer(label) for label in labels])
    return distribution([label.value for label in labels], [label.name for label in labels], scores)


def _answer(label: Label) -> str:
    """The label as the model writes it: a JSON string."""
    return json.dumps(label.name, ensure_ascii=False)


def _written(labels: Sequence[Label], examples: Sequence[tuple[str, Any]]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for number, example in enumerate(examples, 1):
        if not (isinstance(example, tuple) and len(example) == 2):
            raise SchemaError(f"example {number}: expected a pair (text, label), got {type(example).__name__}")
        text, wanted = example
        readable(text)
        # By identity of kind first: True == 1, but Literal[True] is no label 1.
        match = [x for x in labels if (type(x.value) is type(wanted) and x.value == wanted) or x.name == wanted]
        if not match:
            offered = ", ".join(label.name for label in labels)
            raise SchemaError(f"example {number}: {wanted!r} is none of the labels: {offered}")
        pairs.append((text, _answer(match[0])))
    return pairs
