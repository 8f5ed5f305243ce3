"""The types that one JSON scalar writes: the table of them all, and times and enumerations.

Every function takes one core schema and the configuration that holds around it, and returns a `Leaf`. A key that
narrows the type either narrows the Node or leaves a `Remark`; the tests hold this over every key that Pydantic
documents. Offered are the texts in which Pydantic itself writes a value: `1`, never `"1"` or `true`, for an int,
although lax validation would take those. `strict` therefore changes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum, Flag
from typing import Any

from pydantic_core import SchemaValidator, ValidationError, to_json, to_jsonable_python

from typeloom.errors import SchemaError
from typeloom.schema.decimal_text import date_texts
from typeloom.schema.leaf import Core, Leaf, Remark, formatted, said, wider
from typeloom.schema.node import ANY, Coverage, Shape
from typeloom.schema.number_types import read_decimal, read_float, read_int
from typeloom.schema.shapes import constants
from typeloom.schema.text_types import read_bytes, read_complex, read_fraction, read_json, read_str, read_url, read_uuid

LARGEST_FLAG = 8  # members whose combinations are listed: at most 256 values


def read_any(core: Core, config: Core, path: str) -> Leaf:
    return Leaf(ANY, "Any")


def read_none(core: Core, config: Core, path: str) -> Leaf:
    return Leaf(Shape(null=True), "None")


def read_bool(core: Core, config: Core, path: str) -> Leaf:
    return Leaf(Shape(booleans=(False, True)), "bool")


def read_date(core: Core, config: Core, path: str) -> Leaf:
    remarks: list[Remark] = []
    if core.get("now_op"):
        remarks.append(wider(f"{core['now_op']} date", "is compared with the clock after decoding"))
    sides: dict[str, tuple[date, bool] | None] = {"low": None, "high": None}
    for key in ("ge", "gt", "le", "lt"):
        bound = core.get(key)
        if bound is None:
            continue
        side, strictly = ("low" if key in ("ge", "gt") else "high"), key in ("gt", "lt")
        old = sides[side]
        tighter = old is None or (bound > old[0] if side == "low" else bound < old[0]) or (bound == old[0] and strictly)
        if tighter:
            sides[side] = (bound, strictly)
    low, high = sides["low"], sides["high"]
    if low and high and (low[0] > high[0] or (low[0] == high[0] and (low[1] or high[1]))):
        raise SchemaError(f"expected bounds that some date satisfies, got {said(core)}", path=path)
    also = None
    if low or high:
        also = date_texts(
            low and low[0].isoformat(), bool(low and low[1]), high and high[0].isoformat(), bool(high and high[1])
        )
    return formatted("python-date", "date", *remarks, also=also)


def _clock(core: Core, subject: str) -> tuple[Remark, ...]:
    """Bounds of times and durations, which many texts can write: compared after decoding."""
    remarks = [
        wider(f"{key}={core[key]}", "the bound is compared after decoding: one moment has many texts")
        for key in ("ge", "gt", "le", "lt", "multiple_of")
        if core.get(key) is not None
    ]
    if core.get("now_op"):
        remarks.append(wider(f"{core['now_op']} {subject}", "is compared with the clock after decoding"))
    if isinstance(core.get("tz_constraint"), int):
        remarks.append(wider("tz_constraint", "the offset is compared after decoding"))
    if core.get("microseconds_precision") == "error":
        remarks.append(wider("microseconds_precision", "digits past the sixth are refused after decoding"))
    return tuple(remarks)


def read_datetime(core: Core, config: Core, path: str) -> Leaf:
    zone = core.get("tz_constraint")
    name = {None: "python-datetime", "naive": "python-datetime-naive"}.get(zone, "python-datetime-aware")
    return formatted(name, "datetime", *_clock(core, "datetime"))


def read_time(core: Core, config: Core, path: str) -> Leaf:
    remarks = _clock(core, "time")
    if core.get("tz_constraint") in ("aware", "naive"):
        remarks = (*remarks, wider("tz_constraint", "the time zone is checked after decoding"))
    return formatted("python-time", "time", *remarks)


def read_timedelta(core: Core, config: Core, path: str) -> Leaf:
    return formatted("python-timedelta", "timedelta", *_clock(core, "timedelta"))


def read_literal(core: Core, config: Core, path: str) -> Leaf:
    """The values JSON can write. Pydantic takes a member of an Enum that is not also a str or int from no text."""
    known = [value for value in core["expected"] if value is None or isinstance(value, (str, int))]
    lost = [value for value in core["expected"] if not (value is None or isinstance(value, (str, int)))]
    if not known:
        raise SchemaError(
            f"expected a Literal with a value that Pydantic reads from JSON, got {core['expected']!r}: "
            "use the Enum itself, or an Enum that is also a str",
            path=path,
        )
    plain = [value.value if isinstance(value, Enum) else value for value in known]
    return Leaf(constants(plain, path), "Literal", tuple(_not_offered(value) for value in lost))


def read_enum(core: Core, config: Core, path: str) -> Leaf:
    members = list(core["members"])
    name = core["cls"].__name__
    offered: list[Any] = []
    remarks: list[Remark] = []
    validator: SchemaValidator | None = None
    for member in members:
        value = member.value
        if value is None or isinstance(value, (str, int)):
            offered.append(value)
            continue
        if isinstance(value, float) and math.isfinite(value):
            offered.append(value)
            continue
        validator = validator or SchemaValidator(dict(core))
        written = to_jsonable_python(value, fallback=repr)
        try:
            found = validator.validate_json(to_json(written))
        except ValidationError:
            found = None
        if found is member:
            offered.append(written)
        else:
            remarks.append(_not_offered(member))
    if issubclass(core["cls"], Flag):
        if len(members) > LARGEST_FLAG:
            remarks.append(
                Remark(name, Coverage.IGNORED, "combinations of flags are not offered, only the named members")
            )
        else:
            offered = _flag_values(core, members)
    if not offered:
        raise SchemaError(f"expected an Enum with a member that JSON can write, got {name} with {members!r}", path=path)
    return Leaf(constants(offered, path), name, tuple(remarks))


def _flag_values(core: Core, members: list[Any]) -> list[int]:
    """The combinations of flags that Pydantic takes."""
    values = {0}
    for member in members:
        values |= {value | member.value for value in values}
    validator = SchemaValidator(dict(core))
    taken: list[int] = []
    for value in sorted(values):
        try:
            validator.validate_json(str(value))
        except ValidationError:
            continue
        taken.append(value)
    return taken


def _not_offered(value: Any) -> Remark:
    return Remark(repr(value), Coverage.IGNORED, "not offered: Pydantic reads it from no JSON text")


SCALARS: Mapping[str, Callable[[Core, Core, str], Leaf]] = {
    "any": read_any,
    "none": read_none,
    "bool": read_bool,
    "int": read_int,
    "float": read_float,
    "decimal": read_decimal,
    "fraction": read_fraction,
    "complex": read_complex,
    "str": read_str,
    "bytes": read_bytes,
    "date": read_date,
    "time": read_time,
    "datetime": read_datetime,
    "timedelta": read_timedelta,
    "uuid": read_uuid,
    "url": read_url,
    "multi-host-url": read_url,
    "literal": read_literal,
    "enum": read_enum,
    "json": read_json,
}
