"""The keywords of one kind of value, read into that kind's part of a Shape; and the dependencies between keys.

Each function is called when the subschema has at least one keyword of the kind and allows the kind. It returns None
where the keywords leave no value of the kind. Invalid keyword values are SchemaErrors, never ignored.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from reprlib import repr as shown
from typing import TYPE_CHECKING, Any

from typeloom.regex import formats
from typeloom.regex.expr import Expr
from typeloom.schema.exact_values import decimal_of
from typeloom.schema.kinds import (
    FREE_ARRAY,
    FREE_OBJECT,
    FREE_STRING,
    array_or_none,
    both_languages,
    is_any,
    is_never,
    number_or_none,
    object_or_none,
)
from typeloom.schema.node import ANY, NEVER, Array, Contains, Coverage, Node, Number, Object, Shape, String
from typeloom.schema.references import Scope
from typeloom.schema.simplify import BOTH, any_of

if TYPE_CHECKING:
    from typeloom.schema.reader import Reader

_TEXT = frozenset({str})


def _count(reader: Reader, schema: dict[str, Any], keyword: str) -> int | None:
    """A whole number that is not negative (2.0 is 2), or None when the keyword is absent."""
    value = schema.get(keyword)
    if type(value) is int and value >= 0:
        return value
    if keyword not in schema:
        return None
    number = decimal_of(value)
    if number is None or number < 0 or number != number.to_integral_value():
        raise reader.error(f"{keyword}: expected a whole number from 0 on, was {shown(value)}")
    if number > 2**53:
        return 2**53  # no text is that long
    return int(number)


def _number(reader: Reader, schema: dict[str, Any], keyword: str) -> Decimal | None:
    if keyword not in schema:
        return None
    value = decimal_of(schema[keyword])
    if value is None:
        raise reader.error(f"{keyword}: expected a number, was {shown(schema[keyword])}")
    return value


def _flag(reader: Reader, schema: dict[str, Any], keyword: str) -> bool:
    value = schema.get(keyword, False)
    if not isinstance(value, bool):
        raise reader.error(f"{keyword}: expected true or false, was {shown(value)}")
    return value


def _are_texts(names: list[Any]) -> bool:
    return set(map(type, names)) <= _TEXT or all(isinstance(name, str) for name in names)


def read_number(reader: Reader, schema: dict[str, Any], free: Number) -> Number | None:
    """Bounds and divisors upon `free`. A boolean exclusiveMinimum (draft 4) makes `minimum` itself exclusive."""
    low, high = _number(reader, schema, "minimum"), _number(reader, schema, "maximum")
    low_open = high_open = False
    if "exclusiveMinimum" in schema:
        if isinstance(schema["exclusiveMinimum"], bool):
            low_open = schema["exclusiveMinimum"] and low is not None
        else:
            bound = _number(reader, schema, "exclusiveMinimum")
            if bound is not None and (low is None or bound >= low):
                low, low_open = bound, True
    if "exclusiveMaximum" in schema:
        if isinstance(schema["exclusiveMaximum"], bool):
            high_open = schema["exclusiveMaximum"] and high is not None
        else:
            bound = _number(reader, schema, "exclusiveMaximum")
            if bound is not None and (high is None or bound <= high):
                high, high_open = bound, True
    step = _number(reader, schema, "multipleOf")
    if step is not None and step <= 0:
        raise reader.error(f"multipleOf: expected a number above 0, was {step}")
    steps = (step,) if step is not None else ()
    return number_or_none(Number(free.integer, low, low_open, high, high_open, steps, digits_only=free.digits_only))


def read_string(reader: Reader, schema: dict[str, Any]) -> String | None:
    """Lengths in code points, `pattern` and `format`."""
    low = (_count(reader, schema, "minLength") or 0) if "minLength" in schema else 0
    high = _count(reader, schema, "maxLength") if "maxLength" in schema else None
    if high is not None and low > high:
        return None
    language: Expr | None = None
    if "pattern" in schema:
        language = reader.pattern(schema["pattern"], "pattern")
    if "format" in schema:
        name = schema["format"]
        shape = formats.language(name) if isinstance(name, str) else None
        if shape is None:
            reader.note("format", Coverage.IGNORED, f"unknown format {shown(name)}")
        else:
            language = both_languages(language, shape)
            if name in formats.WIDER:
                reader.note("format", Coverage.WIDER, f"{name}: {formats.WIDER[name]}")
    return String(low, high, language)


def read_array(reader: Reader, schema: dict[str, Any], scope: Scope) -> Array | None:
    """Items by position and beyond, counts, uniqueness and `contains`.

    A list under `items` is a prefix in every draft (2020-12 has no other meaning for it).
    """
    path = reader.path
    prefix: tuple[Node, ...] = ()
    items: Node | None = None
    rest = "items"
    places = None
    if "prefixItems" in schema and "prefixItems" in scope.resource.dialect.keywords:
        places = schema["prefixItems"]
    if places is None and isinstance(schema.get("items"), list):
        places, rest = schema["items"], "additionalItems"
    if places is not None:
        if not isinstance(places, list):
            raise reader.error(f"prefixItems: expected a list of schemas, was {shown(places)}")
        nodes = []
        for index, place in enumerate(places):
            path.append(f"[{index}]")
            nodes.append(reader.node(place, scope))
            path.pop()
        prefix = tuple(nodes)
    if rest in schema:
        path.append("[*]")
        items = reader.node(schema[rest], scope)
        path.pop()
        if is_any(items):
            items = None
    contains: tuple[Contains, ...] = ()
    low = (_count(reader, schema, "minItems") or 0) if "minItems" in schema else 0
    high = _count(reader, schema, "maxItems") if "maxItems" in schema else None
    if "contains" in schema and "contains" in scope.resource.dialect.keywords:
        path.append("[?]")
        node = reader.node(schema["contains"], scope)
        path.pop()
        bounds = "minContains" in scope.resource.dialect.keywords
        least = _count(reader, schema, "minContains") if bounds else None
        least = 1 if least is None else least
        most = _count(reader, schema, "maxContains") if bounds else None
        if is_any(node):
            low = max(low, least)
            high = most if high is None or (most is not None and most < high) else high
        elif is_never(node):
            if least:
                return None
        elif least or most is not None:
            if most is not None and least > most:
                return None
            contains = (Contains(node, least, most),)
            low = max(low, least)
    unique = "uniqueItems" in schema and _flag(reader, schema, "uniqueItems")
    if not (prefix or items is not None or low or high is not None or unique or contains):
        return FREE_ARRAY
    return array_or_none(Array(prefix, items, low, high, unique, contains))


def read_object(reader: Reader, schema: dict[str, Any], scope: Scope) -> Object | None:
    """Properties, patterns, the rest, required keys, names and counts."""
    path = reader.path
    properties: tuple[tuple[str, Node], ...] = ()
    patterns: tuple[tuple[Expr, Node], ...] = ()
    additional: Node | None = None
    if "properties" in schema:
        declared = schema["properties"]
        if not isinstance(declared, dict):
            raise reader.error(f"properties: expected an object of schemas, was {shown(declared)}")
        found = []
        for key, part in declared.items():
            path.append("." + key)
            found.append((key, reader.node(part, scope)))
            path.pop()
        properties = tuple(found)
    required: frozenset[str] = frozenset()
    if "required" in schema:
        names = schema["required"]
        if not isinstance(names, list) or not _are_texts(names):
            raise reader.error(f"required: expected a list of property names, was {shown(names)}")
        required = frozenset(names)
    if "patternProperties" in schema:
        declared = schema["patternProperties"]
        if not isinstance(declared, dict):
            raise reader.error(f"patternProperties: expected an object of schemas, was {shown(declared)}")
        entries = []
        for pattern, part in declared.items():
            path.append(f"./{pattern}/")
            entries.append((reader.pattern(pattern, "patternProperties"), reader.node(part, scope)))
            path.pop()
        patterns = tuple(entries)
    if "additionalProperties" in schema:
        path.append(".*")
        additional = reader.node(schema["additionalProperties"], scope)
        path.pop()
        if is_any(additional):
            additional = None
        elif is_never(additional):
            additional = NEVER
    low = (_count(reader, schema, "minProperties") or 0) if "minProperties" in schema else 0
    high = _count(reader, schema, "maxProperties") if "maxProperties" in schema else None
    keys: String | None = None
    if "propertyNames" in schema and "propertyNames" in scope.resource.dialect.keywords:
        path.append("(key)")
        keys = reader.keys(schema["propertyNames"], scope)
        path.pop()
        if keys is None:
            high = 0
        elif keys == FREE_STRING:
            keys = None
    bounded = low or high is not None or keys is not None
    if not (properties or required or patterns or additional is not None or bounded):
        return FREE_OBJECT
    return object_or_none(Object(properties, required, patterns, additional, keys, low, high))


def without(key: str) -> Shape:
    """Every value but an object that has `key`."""
    absent = Object(properties=((key, NEVER),))
    return Shape(True, BOTH, ANY.number, ANY.string, ANY.array, absent)


def having(keys: frozenset[str]) -> Shape:
    """The objects that have all of `keys`."""
    return Shape(object=Object(required=keys))


def read_dependencies(reader: Reader, schema: dict[str, Any], scope: Scope) -> Iterator[Node]:
    """One alternative for each key that demands something: the key is absent, or the demand holds."""
    known = scope.resource.dialect.keywords
    for keyword in ("dependencies", "dependentRequired", "dependentSchemas"):
        if keyword not in schema or keyword not in known:
            continue
        entries = schema[keyword]
        if not isinstance(entries, dict):
            raise reader.error(f"{keyword}: expected an object, was {shown(entries)}")
        for key, demand in entries.items():
            if isinstance(demand, list) and keyword != "dependentSchemas":
                if not all(isinstance(name, str) for name in demand):
                    raise reader.error(f"{keyword}: expected property names under {key!r}, was {shown(demand)}")
                if demand:
                    yield any_of([without(key), having(frozenset(demand))])
            elif keyword == "dependentRequired":
                raise reader.error(f"{keyword}: expected a list of property names under {key!r}, was {shown(demand)}")
            else:
                reader.path.append(f"({keyword} {key})")
                node = reader.node(demand, scope)
                reader.path.pop()
                if not is_any(node):
                    yield any_of([without(key), node], reader.take)
