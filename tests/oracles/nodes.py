"""Whether a parsed JSON value satisfies a Schema, decided the slow and plain way: the definition of each Node, as code.

Numbers are int, Decimal or float (read as their shortest decimal).
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from oracles.expression import matches
from typeloom.schema.node import AllOf, AnyOf, Array, Node, Not, Number, Object, OneOf, Ref, Schema, Shape, String


def holds(schema: Schema, value: Any) -> bool:
    """Whether the language of `schema` holds the JSON text of `value`."""
    return _holds(schema.root, value, schema.definitions)


def _holds(node: Node, value: Any, definitions: dict[str, Node]) -> bool:
    match node:
        case Shape():
            if value is None:
                return node.null
            if isinstance(value, bool):
                return value in node.booleans
            if isinstance(value, (int, float, Decimal)):
                return node.number is not None and number_holds(node.number, exact(value))
            if isinstance(value, str):
                return node.string is not None and string_holds(node.string, value)
            if isinstance(value, list):
                return node.array is not None and _array(node.array, value, definitions)
            return node.object is not None and _object(node.object, value, definitions)
        case AllOf(parts):
            return all(_holds(part, value, definitions) for part in parts)
        case AnyOf(parts):
            return any(_holds(part, value, definitions) for part in parts)
        case OneOf(parts):
            return sum(_holds(part, value, definitions) for part in parts) == 1
        case Not(part):
            return not _holds(part, value, definitions)
        case Ref(name):
            return _holds(definitions[name], value, definitions)
    raise TypeError(f"no Node: {node!r}")


def exact(value: int | float | Decimal) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(repr(value))


def number_holds(number: Number, value: Decimal) -> bool:
    low, high = number.minimum, number.maximum
    if low is not None and (value < low or (number.exclusive_minimum and value == low)):
        return False
    if high is not None and (value > high or (number.exclusive_maximum and value == high)):
        return False
    if number.integer and Fraction(value).denominator != 1:
        return False
    if number.digits_only and value.as_tuple().exponent != 0:  # 2.0 is read with its fraction
        return False
    if any((Fraction(value) / Fraction(step)).denominator != 1 for step in number.multiple_of):
        return False
    return number.values is None or any(value == known for known in number.values)


def string_holds(string: String, text: str) -> bool:
    if len(text) < string.min_length or (string.max_length is not None and len(text) > string.max_length):
        return False
    return string.language is None or matches(string.language, text)


def same(a: Any, b: Any) -> bool:
    """JSON equality: numbers by value, booleans are no numbers, objects without order."""
    if isinstance(a, bool) or isinstance(b, bool) or a is None or b is None:
        return a is b
    if isinstance(a, (int, float, Decimal)) and isinstance(b, (int, float, Decimal)):
        return exact(a) == exact(b)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    return type(a) is type(b) and bool(a == b)


def _array(array: Array, value: list[Any], definitions: dict[str, Node]) -> bool:
    if len(value) < array.min_items or (array.max_items is not None and len(value) > array.max_items):
        return False
    for index, item in enumerate(value):
        node = array.prefix[index] if index < len(array.prefix) else array.items
        if node is not None and not _holds(node, item, definitions):
            return False
    if array.unique and any(same(a, b) for index, a in enumerate(value) for b in value[:index]):
        return False
    for demand in array.contains:
        count = sum(_holds(demand.node, item, definitions) for item in value)
        if count < demand.minimum or (demand.maximum is not None and count > demand.maximum):
            return False
    return True


def _object(rules: Object, value: dict[str, Any], definitions: dict[str, Node]) -> bool:
    if len(value) < rules.min_properties or (rules.max_properties is not None and len(value) > rules.max_properties):
        return False
    if not rules.required <= value.keys():
        return False
    declared = dict(rules.properties)
    for key, item in value.items():
        if rules.names is not None and not string_holds(rules.names, key):
            return False
        covered = key in declared
        if covered and not _holds(declared[key], item, definitions):
            return False
        for expr, node in rules.patterns:
            if matches(expr, key):
                covered = True
                if not _holds(node, item, definitions):
                    return False
        if not covered and rules.additional is not None and not _holds(rules.additional, item, definitions):
            return False
    return True
