"""What the cells of a type's columns hold, so that a frame has the same column types whatever the texts say.

The kind of a column is read off the Python type, never off the values. What a frame has no exact kind for is text: a
date with a time or a time, which may or may not have an offset, in ISO 8601; a Decimal as it is written; a union, a
mapping, a model that holds itself, as JSON. Whole numbers are of 64 bits.
"""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import json
import types
import typing
import uuid
from collections.abc import Mapping
from enum import Enum
from pathlib import PurePath
from typing import Annotated, Any, Literal, Union

from typeloom.errors import Error, LimitError
from typeloom.pipelines.columns import WHOLE, Columns, is_text, plain
from typeloom.schema.json_schema import JsonSchema


class Scalar(Enum):
    """The kinds of a cell that holds one value."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    DURATION = "duration"
    BYTES = "bytes"
    JSON = "json"


@dataclasses.dataclass(frozen=True, slots=True)
class Items:
    """A list of cells of one kind."""

    of: Kind


@dataclasses.dataclass(frozen=True, slots=True)
class Fields:
    """Named cells: a nested model."""

    of: tuple[tuple[str, Kind], ...]


Kind = Scalar | Items | Fields
_SCALARS: tuple[tuple[type, Scalar], ...] = (
    (bool, Scalar.BOOLEAN),
    (int, Scalar.INTEGER),
    (float, Scalar.NUMBER),
    (str, Scalar.TEXT),
    (bytes, Scalar.BYTES),
    (datetime.datetime, Scalar.TEXT),
    (datetime.date, Scalar.DATE),
    (datetime.time, Scalar.TEXT),
    (datetime.timedelta, Scalar.DURATION),
    (decimal.Decimal, Scalar.TEXT),
    (uuid.UUID, Scalar.TEXT),
    (PurePath, Scalar.TEXT),
)
_PYDANTIC = {
    **dict.fromkeys(("AwareDatetime", "NaiveDatetime", "PastDatetime", "FutureDatetime"), Scalar.TEXT),
    **dict.fromkeys(("PastDate", "FutureDate"), Scalar.DATE),
}
"""Classes that stand for dates in annotations and are none."""
_HELD: dict[Scalar, Any] = {
    Scalar.TEXT: str,
    Scalar.INTEGER: int,
    Scalar.NUMBER: (int, float),
    Scalar.BOOLEAN: bool,
    Scalar.DATE: datetime.date,
    Scalar.DURATION: datetime.timedelta,
    Scalar.BYTES: bytes,
}
_MOST = 2**63


def kinds(columns: Columns) -> dict[str, Kind]:
    """The kind of each column of a type, in their order.

    >>> from typeloom.pipelines.columns import columns
    >>> kinds(columns(list[int | None]))
    {'value': Items(of=<Scalar.INTEGER: 'integer'>)}
    """
    if is_text(columns.source):
        return {WHOLE: Scalar.TEXT}
    if isinstance(columns.source, JsonSchema):
        return dict.fromkeys(columns.names, Scalar.JSON)
    whole = kind(columns.source)
    if not columns.has_fields:
        return {WHOLE: whole}
    known = dict(whole.of) if isinstance(whole, Fields) else {}
    return {name: known.get(name, Scalar.JSON) for name in columns.names}


def kind(source: Any, within: tuple[Any, ...] = ()) -> Kind:
    """The kind of cell that holds the values of a Python type. `within` are the models around it.

    >>> kind(str | None)
    <Scalar.TEXT: 'text'>
    >>> kind(int | str)
    <Scalar.JSON: 'json'>
    """
    origin, arguments = typing.get_origin(source), typing.get_args(source)
    if origin is Annotated:
        return kind(arguments[0], within)
    if hasattr(source, "__value__") and type(source).__name__ == "TypeAliasType":
        return kind(source.__value__, within) if source not in within else Scalar.JSON
    if origin in (Union, types.UnionType):
        held = {kind(one, within) for one in arguments if one is not type(None)}
        return held.pop() if len(held) == 1 else Scalar.JSON
    if origin is Literal:
        return _of_values([value for value in arguments if value is not None])
    if origin in (list, set, frozenset) or (origin is tuple and len(arguments) == 2 and arguments[1] is ...):
        return Items(kind(arguments[0], within)) if arguments else Scalar.JSON
    if not isinstance(source, type) or source in within:
        return Scalar.JSON
    if issubclass(source, Enum):
        return _of_values([member.value for member in source])
    found = fields(source)
    if found is not None:
        return Fields(tuple((name, kind(one, (*within, source))) for name, one in found.items()))
    if source.__module__ == "pydantic.types" and source.__name__ in _PYDANTIC:
        return _PYDANTIC[source.__name__]
    if source.__module__ in ("pydantic.networks", "ipaddress"):
        return Scalar.TEXT
    return next((scalar for base, scalar in _SCALARS if issubclass(source, base)), Scalar.JSON)


def fields(source: type) -> dict[str, Any] | None:
    """The fields of a class with the names that they are written by, None for a class without.

    Read by what the class says of itself: a Pydantic model its fields, others their annotations.
    """
    if hasattr(source, "model_fields"):
        if hasattr(source, "__pydantic_root_model__") and source.__pydantic_root_model__:
            return None
        own = {f.serialization_alias or f.alias or name: f.annotation for name, f in source.model_fields.items()}
        computed = getattr(source, "model_computed_fields", {})
        return own | {f.alias or name: f.return_type for name, f in computed.items()}
    is_typed_dict = issubclass(source, dict) and hasattr(source, "__total__")  # of typing or typing_extensions
    if dataclasses.is_dataclass(source) or is_typed_dict:
        hints = typing.get_type_hints(source, include_extras=True)
        return {name: _required(hint) for name, hint in hints.items()}
    return None


def cell(kind: Kind, value: Any, where: str) -> Any:
    """A value of a row as the cell of its column; None stays None.

    Raises LimitError for a whole number of more than 64 bits, and Error for a value of another kind, which only a
    custom serializer in the type can make.
    """
    if value is None:
        return None
    if kind is Scalar.JSON:
        return json.dumps(plain(value), ensure_ascii=False, default=_text)
    if isinstance(kind, Fields) and isinstance(value, Mapping):
        return {name: cell(one, value.get(name), f"{where}.{name}") for name, one in kind.of}
    if isinstance(kind, Items) and isinstance(value, list):
        return [cell(kind.of, one, f"{where}[{at}]") for at, one in enumerate(value)]
    if kind is Scalar.TEXT:
        value = _text(value)
    if not isinstance(kind, Scalar) or not isinstance(value, _HELD[kind]):
        raise Error(f"expected {_said(kind)} at {where}, got {value!r}; a serializer in the type writes it otherwise")
    return _bounded(value, where) if kind is Scalar.INTEGER else float(value) if kind is Scalar.NUMBER else value


def _bounded(value: int, where: str) -> int:
    if -_MOST <= value < _MOST:
        return value
    raise LimitError(
        f"expected a whole number of 64 bits at {where}, got {value}; bound it in the type: Field(lt=2**63)",
        limit="64 bits",
        value=value,
    )


def _of_values(values: list[Any]) -> Kind:
    held = {next((scalar for base, scalar in _SCALARS if isinstance(plain(one), base)), Scalar.JSON) for one in values}
    return held.pop() if len(held) == 1 else Scalar.JSON


def _required(hint: Any) -> Any:
    """What a key of a TypedDict holds, without saying whether it must be there."""
    name = getattr(typing.get_origin(hint), "_name", None) or getattr(typing.get_origin(hint), "__name__", None)
    return typing.get_args(hint)[0] if name in ("Required", "NotRequired", "ReadOnly") else hint


def _text(value: Any) -> str:
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)


def _said(kind: Kind) -> str:
    return kind.value if isinstance(kind, Scalar) else "a list" if isinstance(kind, Items) else "an object"
