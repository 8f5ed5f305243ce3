"""Values as languages: what `enum` and `const` list, exactly.

Scalars of one list become one Shape. An array or object becomes the Shape that only it satisfies. Numbers compare by
value (1, 1.0 and 1e0 are one number), booleans are no numbers, strings compare by code points.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from reprlib import repr as shown
from typing import TYPE_CHECKING, Any

from typeloom.errors import LimitError
from typeloom.regex.expr import Literals
from typeloom.schema.node import NEVER, AnyOf, Array, Coverage, Node, Number, Object, Shape, String

if TYPE_CHECKING:
    from typeloom.schema.reader import Reader

DEEPEST_VALUE = 200


def decimal_of(value: Any) -> Decimal | None:
    """A schema's number as the exact decimal that it is written as; None for what is no finite number.

    >>> decimal_of(0.1), decimal_of(True)
    (Decimal('0.1'), None)
    """
    kind = type(value)
    if kind is int:
        return Decimal(value)
    if kind is float:
        try:
            number = Decimal(repr(value))
        except InvalidOperation:
            return None
        return number if number.is_finite() else None
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return decimal_of(float(value) if isinstance(value, float) else int(value))
    return None


def one_of_values(reader: Reader, values: Sequence[Any], keyword: str) -> Node:
    """The Node that accepts exactly `values`."""
    try:
        plain = bool(values) and all(map(str.isascii, values))  # most lists
    except TypeError:
        plain = False
    if plain:
        return Shape(string=String(language=Literals(tuple(dict.fromkeys(values)))))
    return _one_of(reader, values, keyword, 0)


def _one_of(reader: Reader, values: Sequence[Any], keyword: str, depth: int) -> Node:
    null = False
    booleans: set[bool] = set()
    texts: dict[str, None] = {}
    numbers: dict[Decimal, None] = {}
    arrays: list[Array] = []
    objects: list[Object] = []
    for value in values:
        if isinstance(value, str):
            texts[value] = None
        elif value is None:
            null = True
        elif isinstance(value, bool):
            booleans.add(value)
        elif isinstance(value, (list, tuple)):
            arrays.append(_array(reader, value, keyword, depth))
        elif isinstance(value, dict):
            objects.append(_object(reader, value, keyword, depth))
        else:
            number = decimal_of(value)
            if number is None:
                raise reader.error(f"{keyword}: {shown(value)} is not a JSON value")
            numbers[number] = None
    kept = [text for text in texts if text.isascii() or _writable(reader, text, keyword)]
    shapes = [
        Shape(
            null=null,
            booleans=tuple(sorted(booleans)),
            number=Number(values=tuple(numbers)) if numbers else None,
            string=String(language=Literals(tuple(kept))) if kept else None,
            array=arrays[0] if arrays else None,
            object=objects[0] if objects else None,
        )
    ]
    shapes += [Shape(array=array) for array in arrays[1:]]
    shapes += [Shape(object=value) for value in objects[1:]]
    if len(shapes) > 1:
        return AnyOf(tuple(shapes))
    return NEVER if shapes[0] == NEVER else shapes[0]


def _array(reader: Reader, value: Sequence[Any], keyword: str, depth: int) -> Array:
    _check(depth)
    prefix = tuple(_one_of(reader, (item,), keyword, depth + 1) for item in value)
    return Array(prefix=prefix, items=NEVER, min_items=len(prefix), max_items=len(prefix))


def _object(reader: Reader, value: dict[str, Any], keyword: str, depth: int) -> Object:
    _check(depth)
    properties = tuple((key, _one_of(reader, (item,), keyword, depth + 1)) for key, item in value.items())
    return Object(properties=properties, required=frozenset(value), additional=NEVER)


def _check(depth: int) -> None:
    if depth >= DEEPEST_VALUE:
        raise LimitError(f"a constant is nested deeper than {DEEPEST_VALUE} levels", limit="value depth", value=depth)


def _writable(reader: Reader, text: str, keyword: str) -> bool:
    """Half of a surrogate pair has no UTF-8 text, so no decoded text can be such a value."""
    try:
        text.encode()
    except UnicodeEncodeError:
        reader.note(keyword, Coverage.REFUSED, f"{text!r} holds a lone surrogate, which UTF-8 cannot write")
        return False
    return True
