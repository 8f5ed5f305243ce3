"""A type as columns of a table, and a value of it as one row: what frames and scikit-learn show of a typed object.

An object type with fixed fields has one column a field; every other type has the one column `value`. Cells are plain
values: dates, decimals and bytes stay what they are, nested models are dicts, sets are lists, Enum members are their
values, and what tables have no kind for (a UUID, a path) is its text.
"""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import json
from collections.abc import Mapping, Set
from enum import Enum
from typing import Any

from typeloom.engine.constraint import read_source
from typeloom.grammar.gbnf import Gbnf
from typeloom.grammar.lark import Lark
from typeloom.grammar.regular import Regex
from typeloom.schema.json_schema import JsonSchema
from typeloom.schema.types import adapter, plain_schema

WHOLE = "value"
"""The column of a type that has no fields."""
_PLAIN = (str, int, float, bool, bytes, datetime.date, datetime.time, datetime.timedelta, decimal.Decimal)


@dataclasses.dataclass(frozen=True, slots=True)
class Columns:
    """The names of the columns of a type, in declared order, by alias; `has_fields` is False for the one of a whole."""

    source: Any
    names: tuple[str, ...]
    has_fields: bool

    def row(self, value: Any) -> dict[str, Any]:
        """The cells of one value of the type; a field that the value leaves out is None.

        >>> columns(list[int]).row([1, 2])
        {'value': [1, 2]}
        """
        cells = plain(value if is_text(self.source) else _dumped(self.source, value))
        return {name: cells.get(name) for name in self.names} if self.has_fields else {WHOLE: cells}


def columns(source: Any) -> Columns:
    """How a type is laid out as a table. Raises SchemaError for a type that cannot be read.

    >>> from pydantic import create_model
    >>> columns(create_model("Item", name=str, price=float)).names
    ('name', 'price')
    """
    if is_text(source):
        return Columns(source, (WHOLE,), False)
    if isinstance(source, JsonSchema):
        read_source(source)
        schema = json.loads(source.schema) if isinstance(source.schema, str) else source.schema
        written: Mapping[str, Any] = schema if isinstance(schema, Mapping) else {}
        is_closed = written.get("additionalProperties") is False
    else:
        plain_schema(source)
        written = _resolved(adapter(source).json_schema(mode="serialization"))
        is_closed = not written.get("additionalProperties", False)
    properties = written.get("properties") if is_closed else None
    if not properties or written.get("type") != "object":
        return Columns(source, (WHOLE,), False)
    return Columns(source, tuple(properties), True)


def is_text(source: Any) -> bool:
    """Whether the values of a source are texts under a grammar."""
    return isinstance(source, Regex | Lark | Gbnf)


def plain(value: Any) -> Any:
    """A value made of dicts, lists and the kinds of value that tables hold.

    >>> plain({"seen": {3}, "where": datetime.date(2026, 1, 2)})
    {'seen': [3], 'where': datetime.date(2026, 1, 2)}
    """
    if isinstance(value, Enum):
        return plain(value.value)
    if value is None or isinstance(value, _PLAIN):
        return value
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | Set):
        return [plain(one) for one in value]
    return str(value)


def _dumped(source: Any, value: Any) -> Any:
    return value if isinstance(source, JsonSchema) else adapter(source).dump_python(value, by_alias=True)


def _resolved(schema: Any) -> Mapping[str, Any]:
    """The schema, where it is only a reference what that refers to (a type that holds itself is written so)."""
    found: Mapping[str, Any] = schema
    if "$ref" in found and "properties" not in found:
        found = schema["$defs"][found["$ref"].rpartition("/")[2]]
    return found
