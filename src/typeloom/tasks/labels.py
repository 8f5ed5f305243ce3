"""Labels out of a type: what the model reads and writes, and the Python value that each stands for.

A source is flat (an Enum, a Literal, bool, names, names with descriptions) or a hierarchy: a dict whose values are
dicts or lists of labels, or an Enum whose values are tuples of names. The labels of a hierarchy are its leaves; the
model reads each as its whole path, so that one prompt scores all of them, and a group's probability is the sum of its
leaves.
"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, Literal

from typeloom.errors import Error, SchemaError
from typeloom.tasks.extract import readable

WAYS_OUT = "give an Enum class, a Literal, bool, a list of strings, or a dict of label to description (or to labels)"
STEP = " / "
"""Between the names of a path."""
MAX_DEPTH = 16
"""Levels of a hierarchy."""
NONE_OF_THE_ABOVE = "none of the above"
"""The label that `none_of_the_above=True` adds; its value is None."""


@dataclass(frozen=True, slots=True)
class Label:
    """One label: what the model reads and writes, what it means, the Python value it stands for, and its place in the
    hierarchy (only its name, if there is none)."""

    name: str
    description: str
    value: Any
    path: tuple[str, ...]


def labels(source: Any) -> tuple[Label, ...]:
    """The labels that `source` offers, in declared order.

    An Enum class gives its members, named by their value where that is a string, by the path where it is a tuple of
    strings, by their name otherwise. A Literal gives its values, bool gives true and false, a list of strings itself, a
    dict of strings its keys, described. A dict that holds dicts or lists is a hierarchy: the value of each leaf is its
    path, a tuple of names.

    Raises SchemaError for any other source, for no label at all, and for two labels of the same name.

    >>> [label.name for label in labels(Literal["bug", "question"])]
    ['bug', 'question']
    >>> [label.value for label in labels({"device": {"screen": "cracked or dark", "battery": ""}, "account": ""})]
    [('device', 'screen'), ('device', 'battery'), ('account',)]
    """
    found = tuple(_labels(source))
    if not found:
        raise SchemaError(f"expected at least one label, got none; {WAYS_OUT}")
    seen: dict[str, Label] = {}
    for label in found:
        if not all(part.strip() for part in label.path):
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


def with_none(labels: Sequence[Label]) -> tuple[Label, ...]:
    """The labels and one more, for texts that none of them fits.

    Raises SchemaError if one is called so already.
    """
    if any(label.name == NONE_OF_THE_ABOVE for label in labels):
        raise SchemaError(
            f"expected no label called {NONE_OF_THE_ABOVE!r} beside none_of_the_above=True; leave one of the two out"
        )
    return (*labels, Label(NONE_OF_THE_ABOVE, "no other label fits", None, (NONE_OF_THE_ABOVE,)))


def position(labels: Sequence[Label], wanted: Any, where: str) -> int:
    """Which of the labels is meant, by its value or else by its name; raises SchemaError if none is."""
    for at, label in enumerate(labels):  # by identity of kind first: True == 1, but Literal[True] is no label 1
        if type(label.value) is type(wanted) and label.value == wanted:
            return at
    for at, label in enumerate(labels):
        if isinstance(wanted, str) and label.name == wanted:
            return at
    offered = ", ".join(label.name for label in labels)
    raise SchemaError(f"{where}: {wanted!r} is none of the labels: {offered}")


def named(labels: Sequence[Label], examples: Sequence[tuple[str, Any]]) -> list[tuple[str, Label]]:
    """The examples, each with the label it names; raises SchemaError with the number of one that names none."""
    pairs: list[tuple[str, Label]] = []
    for number, example in enumerate(examples, 1):
        if not (isinstance(example, tuple) and len(example) == 2):
            raise SchemaError(f"example {number}: expected a pair (text, label), got {type(example).__name__}")
        text, wanted = example
        try:
            readable(text)
        except Error as error:
            raise SchemaError(f"example {number}: {error}") from None
        pairs.append((text, labels[position(labels, wanted, f"example {number}")]))
    return pairs


def _labels(source: Any) -> list[Label]:
    while True:  # Annotated[...] and `type X = ...` wrap the type that counts
        if typing.get_origin(source) is Annotated:
            source = typing.get_args(source)[0]
        elif hasattr(source, "__value__") and type(source).__name__ == "TypeAliasType":
            source = source.__value__
        else:
            break
    if source is bool:
        return [_flat("true", "", True), _flat("false", "", False)]
    if isinstance(source, type) and issubclass(source, Enum) and not isinstance(source, types.GenericAlias):
        return [_member(m) for m in source]
    if typing.get_origin(source) is Literal:
        return [_flat(_name(value), "", value) for value in typing.get_args(source)]
    if isinstance(source, Mapping):
        if any(not isinstance(below, str) for below in source.values()):
            return _leaves(source, ())
        return [_flat(_string(name), note, name) for name, note in source.items()]
    if isinstance(source, Sequence) and not isinstance(source, (str, bytes)):
        return [_flat(_string(name), "", name) for name in source]
    raise SchemaError(f"expected labels, got {source!r}; {WAYS_OUT}")


def _flat(name: str, description: str, value: Any) -> Label:
    return Label(name, description, value, (name,))


def _member(member: Enum) -> Label:
    value = member.value
    if isinstance(value, tuple) and value and all(isinstance(part, str) for part in value):
        return Label(STEP.join(value), "", member, value)
    return _flat(_name(member), "", member)


def _leaves(source: Any, path: tuple[str, ...]) -> list[Label]:
    """The leaves of a hierarchy below a path."""
    if len(path) > MAX_DEPTH:
        raise SchemaError(f"expected a hierarchy of at most {MAX_DEPTH} levels, got more, at {STEP.join(path)[:200]}")
    if isinstance(source, str):
        return [Label(STEP.join(path), source, path, path)]
    if isinstance(source, Mapping) and source:
        return [label for name, below in source.items() for label in _leaves(below, (*path, _string(name)))]
    if isinstance(source, Sequence) and not isinstance(source, bytes) and source:
        return [label for name in source for label in _leaves("", (*path, _string(name)))]
    raise SchemaError(
        f"expected a description, a dict or a list of labels at {STEP.join(path)!r}, got {source!r}; {WAYS_OUT}"
    )


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
