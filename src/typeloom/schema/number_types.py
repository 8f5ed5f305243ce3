"""int, float and Decimal read into numbers, and Decimal into the texts it dumps as.

Where a float is compared with a bound, the bound is the double's shortest decimal; rounding keeps order, so a text
beyond it is a double beyond it. An exclusive bound becomes the next double, inclusive: between the two lie only texts
that Pydantic would round onto the bound and refuse, or that it never writes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from typeloom.errors import SchemaError
from typeloom.regex.expr import Alternate, Literal
from typeloom.schema.decimal_text import Demand, decimal_texts
from typeloom.schema.leaf import Core, Leaf, said
from typeloom.schema.node import Number, Shape, String

DOUBLE_DIGITS = 15  # every decimal of so many digits survives a double and back


def decimal_of(value: Any) -> Decimal:
    """A bound as an exact decimal; a float by its shortest text."""
    if isinstance(value, Decimal):
        return value
    return Decimal(int(value)) if isinstance(value, int) else Decimal(repr(float(value)))


def _bounds(core: Core, path: str, convert: Callable[[Any], Decimal] = decimal_of) -> dict[str, Any]:
    """ge, gt, le, lt as the fields of `Number`; the tighter one where both are given; infinite bounds fall away."""
    found: dict[str, Any] = {}
    for side, inclusive, exclusive, sign in (("minimum", "ge", "gt", 1), ("maximum", "le", "lt", -1)):
        best: tuple[Decimal, bool] | None = None
        for key in (inclusive, exclusive):
            value = core.get(key)
            if value is None:
                continue
            bound = convert(value)
            if bound.is_infinite():
                if (bound > 0) == (sign > 0):
                    raise SchemaError(f"expected a bound that some number satisfies, got {key}={value}", path=path)
                continue
            strictly = key == exclusive
            if best is None or bound * sign > best[0] * sign or (bound == best[0] and strictly):
                best = (bound, strictly)
        if best is not None:
            found[side] = best[0]
            found[f"exclusive_{side}"] = best[1]
    if "minimum" in found and "maximum" in found:
        low, high = found["minimum"], found["maximum"]
        if low > high or (low == high and (found["exclusive_minimum"] or found["exclusive_maximum"])):
            raise SchemaError(f"expected bounds that some number satisfies, got {said(core)}", path=path)
    return found


def read_int(core: Core, config: Core, path: str) -> Leaf:
    bounds = _bounds(core, path)
    step = core.get("multiple_of")
    if bounds.get("minimum") is not None and bounds.get("maximum") is not None:
        low, high = math.ceil(bounds["minimum"]), math.floor(bounds["maximum"])
        low += low == bounds["minimum"] and bounds["exclusive_minimum"]
        high -= high == bounds["maximum"] and bounds["exclusive_maximum"]
        if low > high:
            raise SchemaError(f"expected bounds that some integer satisfies, got {said(core)}", path=path)
    steps = () if step is None else (abs(decimal_of(step)),)
    return Leaf(Shape(number=Number(integer=True, multiple_of=steps, **bounds)), "int")


def read_float(core: Core, config: Core, path: str) -> Leaf:
    inclusive: dict[str, Any] = {}
    for key, value in core.items():
        if key in ("gt", "lt") and value is not None:
            towards = math.inf if key == "gt" else -math.inf
            double = float(value)
            bound = double if math.isinf(double) else math.nextafter(double, towards)
            name = "ge" if key == "gt" else "le"
            other = inclusive.get(name)
            inclusive[name] = bound if other is None else (max if key == "gt" else min)(other, bound)
        elif key in ("ge", "le") and value is not None:
            other = inclusive.get(key)
            inclusive[key] = float(value) if other is None else (max if key == "ge" else min)(other, float(value))
    bounds = _bounds(inclusive, path)
    step = core.get("multiple_of")
    steps = () if step is None else (abs(decimal_of(step)),)
    reason = "exact decimal multiples; those that only Pydantic's tolerance admits are not offered" if steps else ""
    number = Number(multiple_of=steps, finite_double=True, **bounds)
    return Leaf(Shape(number=number), "float", (), reason)


def read_decimal(core: Core, config: Core, path: str) -> Leaf:
    """A string (as Decimals dump), or a number of at most 15 digits, which Pydantic's way through a double keeps."""
    bounds = _bounds(core, path)
    step, digits, places = (core.get(key) for key in ("multiple_of", "max_digits", "decimal_places"))
    demand = Demand(
        **bounds, max_digits=digits, decimal_places=places, multiple_of=None if step is None else abs(decimal_of(step))
    )
    texts = decimal_texts(demand)
    allow_inf_nan = core.get("allow_inf_nan", config.get("allow_inf_nan", False))
    if texts is not None and allow_inf_nan and demand == Demand():
        texts = Alternate((texts, Literal("NaN"), Literal("Infinity"), Literal("-Infinity")))
    room = None if digits is None or places is None else digits - places
    number = None
    if room is None or room > 0:  # with no room for whole digits Pydantic refuses the number 0, yet takes "0.0"
        limit = DOUBLE_DIGITS if digits is None else min(digits, DOUBLE_DIGITS)
        if room is not None and places is not None:
            places = max(0, min(places, limit - min(room, limit)))
        number = Number(
            multiple_of=() if step is None else (abs(decimal_of(step)),),
            max_digits=limit,
            decimal_places=places,
            **bounds,
        )
    string = None if texts is None else String(language=texts)
    if string is None and number is None:
        raise SchemaError(
            f"expected a multiple_of whose last digits decide, or max_digits > decimal_places, got {dict(core)}",
            path=path,
        )
    reason = "" if demand == Demand() else "in plain notation, without an exponent"
    if string is None:
        reason = "written as a JSON number: multiple_of is not decided by the last digits of a text"
    return Leaf(Shape(number=number, string=string), "Decimal", (), reason)
