"""Types read into a Schema: any type that `pydantic.TypeAdapter` takes.

`read_type` asks Pydantic for the core schema of the type and walks it (`core_schema`); `adapter` gives the
TypeAdapter that validates what was decoded; `plain_schema` gives the ordinary JSON Schema, with titles and
descriptions, for prompts. The Schema is read from the core schema and not from that JSON Schema, because the JSON
Schema is weaker than the validator it is printed from: it lets any string be a Decimal and any key an int, and
forgets that a tag is required.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterator
from typing import Any

from pydantic import PydanticUserError, TypeAdapter
from pydantic.errors import PydanticInvalidForJsonSchema, PydanticUndefinedAnnotation
from pydantic_core import SchemaError as CoreSchemaError

from typeloom.errors import SchemaError
from typeloom.schema.core_schema import Reader
from typeloom.schema.node import Schema

MAX_SEARCH = 50


def adapter(source: Any) -> TypeAdapter[Any]:
    """The TypeAdapter of a type; a TypeAdapter is given back as it is.

    Raises SchemaError, with the path of the part that Pydantic does not know, for a type it cannot validate.

    >>> adapter(list[int]).validate_json("[1, 2]")
    [1, 2]
    """
    if isinstance(source, TypeAdapter):
        return source
    if isinstance(source, dict | bool):  # Pydantic would take a dict for one of its own core schemas
        raise SchemaError(
            f"expected a type that Pydantic validates, got {_shown(source)}; a JSON Schema is given as"
            " typeloom.JsonSchema(...)"
        )
    try:
        made: TypeAdapter[Any] = TypeAdapter(source)
        if not made.pydantic_complete:
            made.rebuild(raise_errors=True)
    except PydanticUndefinedAnnotation as error:
        raise SchemaError(
            f"expected a type whose names are defined, got one that needs {error.name!r}: call model_rebuild()"
        ) from error
    except (PydanticUserError, CoreSchemaError, TypeError, AssertionError, AttributeError, RecursionError) as error:
        path = next(_culprits(source, "$", 0), "$")
        reason = _reason(error)
        raise SchemaError(
            f"expected a type that Pydantic validates, got {_shown(source)}: {reason}", path=path
        ) from error
    return made


def read_type(source: Any) -> Schema:
    """The Schema of a type: Nodes for what JSON may say, and one Note or more for every field.

    Raises SchemaError with the path of the part that cannot be written as JSON, and for a type that has no value.
    Cost: for a model Pydantic has already built, a fraction of a millisecond; else Pydantic's own building comes first.

    >>> read_type(bool).root
    Shape(null=False, booleans=(False, True), number=None, string=None, array=None, object=None)
    """
    return Reader().schema(adapter(source).core_schema)


def plain_schema(source: Any) -> dict[str, Any]:
    """The ordinary JSON Schema of a type (2020-12, by alias, with titles and descriptions), to be shown to a model.

    Raises SchemaError where Pydantic has no JSON Schema for the type.

    >>> plain_schema(bool)
    {'type': 'boolean'}
    """
    try:
        return adapter(source).json_schema(mode="validation")
    except PydanticInvalidForJsonSchema as error:
        raise SchemaError(f"expected a type with a JSON Schema, got {_shown(source)}: {error.message}") from error


def _reason(error: Exception) -> str:
    """What Pydantic said, on one line: its first line, with the next one if the first only announces it."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    if not lines:
        return type(error).__name__
    return " ".join(lines[:2]) if lines[0].endswith(":") else lines[0]


def _shown(source: Any) -> str:
    return getattr(source, "__name__", None) or repr(source)


def _culprits(source: Any, path: str, depth: int) -> Iterator[str]:
    """The paths of the innermost parts of a type that Pydantic refuses, searched to a fixed depth."""
    if depth > MAX_SEARCH or _is_known(source):
        return
    found = False
    for part, where in _parts(source, path):
        for culprit in _culprits(part, where, depth + 1):
            found = True
            yield culprit
    if not found:
        yield path


def _is_known(source: Any) -> bool:
    try:
        TypeAdapter(source)
    except Exception:
        return False
    return True


def _parts(source: Any, path: str) -> Iterator[tuple[Any, str]]:
    """The types that a type is made of, with their paths: fields, arguments, annotated types."""
    origin = typing.get_origin(source)
    if origin is not None:
        arguments = [part for part in typing.get_args(source) if part is not Ellipsis]
        if origin is typing.Annotated:
            arguments = arguments[:1]
        step = {list: "[*]", set: "[*]", frozenset: "[*]", tuple: "[*]", dict: ".*"}.get(origin, "")
        yield from ((part, path + step) for part in arguments if not isinstance(part, (str, int, list)))
        return
    if dataclasses.is_dataclass(source) or typing.is_typeddict(source) or hasattr(source, "_fields"):
        try:
            hints = typing.get_type_hints(source, include_extras=True)
        except (NameError, TypeError):
            return
        yield from ((part, f"{path}.{name}") for name, part in hints.items())
