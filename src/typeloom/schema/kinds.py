"""Conjunction, union and disjointness of what Nodes say about one kind of value: numbers, strings, arrays, objects.

Each conjunction returns None where no value of the kind is left; each union returns None where one constraint of the
kind cannot express it. Disjointness is a proof: False means "not proved". Nothing here follows a Ref; where items or
properties must be met, the caller gives the conjunction of Nodes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from decimal import Decimal

from typeloom.regex.expr import EMPTY, Alternate, Complement, Conjoin, Expr, Literal, Literals
from typeloom.schema.node import ANY, NEVER, Array, Node, Number, Object, Shape, String

Meet = Callable[[Node, Node], Node]

FREE_NUMBER, FREE_STRING, FREE_ARRAY, FREE_OBJECT = Number(), String(), Array(), Object()


def is_never(node: Node) -> bool:
    return node is NEVER or (type(node) is Shape and node == NEVER)


def is_any(node: Node | None) -> bool:
    return node is None or node is ANY or (type(node) is Shape and node == ANY)


# Numbers


def is_multiple(value: Decimal, step: Decimal) -> bool:
    """Whether `value` is a whole multiple of `step` > 0; exact, at a cost that exponents do not drive.

    >>> is_multiple(Decimal("1e1000000"), Decimal("0.3")), is_multiple(Decimal("0.3"), Decimal("0.1"))
    (False, True)
    """
    _, digits, exponent = value.as_tuple()
    _, step_digits, step_exponent = step.as_tuple()
    if not isinstance(exponent, int) or not isinstance(step_exponent, int):
        return False
    whole = int("".join(map(str, digits)) or "0")
    unit = int("".join(map(str, step_digits)))
    if whole == 0:
        return True
    shift = exponent - step_exponent
    if shift >= 0:
        residue: int = whole * pow(10, shift, unit) % unit
        return residue == 0
    if -shift > len(digits):
        return False
    scaled: int = unit * 10**-shift
    return whole % scaled == 0


ONE = Decimal(1)


def digits_of(value: Decimal) -> tuple[int, int]:
    """(digits after the point, significant digits as Pydantic counts them), trailing zeros after the point dropped.

    >>> digits_of(Decimal("12.50")), digits_of(Decimal("0.001")), digits_of(Decimal("1e3"))
    ((1, 3), (3, 3), (0, 4))
    """
    _, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    count = len(digits)
    while exponent < 0 and count > 1 and digits[count - 1] == 0:
        count, exponent = count - 1, exponent + 1
    if digits == (0,):
        return 0, 1
    return (0, count + exponent) if exponent >= 0 else (-exponent, max(count, -exponent))


def admits(number: Number, value: Decimal) -> bool:
    """Whether `value` satisfies every constraint of `number`."""
    low, high = number.minimum, number.maximum
    if low is not None and (value < low or (number.exclusive_minimum and value == low)):
        return False
    if high is not None and (value > high or (number.exclusive_maximum and value == high)):
        return False
    if number.integer and not is_multiple(value, ONE):
        return False
    if not all(is_multiple(value, step) for step in number.multiple_of):
        return False
    if number.max_digits is not None or number.decimal_places is not None:
        places, count = digits_of(value)
        if number.max_digits is not None and count > number.max_digits:
            return False
        if number.decimal_places is not None and places > number.decimal_places:
            return False
    if number.finite_double and not math.isfinite(float(value)):
        return False
    return number.values is None or value in number.values


def both_numbers(a: Number, b: Number) -> Number | None:
    if a is b or b is FREE_NUMBER or b == FREE_NUMBER:
        return a
    if a is FREE_NUMBER or a == FREE_NUMBER:
        return b
    if a.values is not None or b.values is not None:
        listed = a.values if a.values is not None else b.values or ()
        values = tuple(value for value in listed if admits(a, value) and admits(b, value))
        if not values:
            return None
        digits_only = a.digits_only or b.digits_only
        return Number(integer=a.integer or b.integer, values=values, digits_only=digits_only)
    low, low_open = a.minimum, a.exclusive_minimum
    if b.minimum is not None and (low is None or b.minimum > low or (b.minimum == low and b.exclusive_minimum)):
        low, low_open = b.minimum, b.exclusive_minimum
    high, high_open = a.maximum, a.exclusive_maximum
    if b.maximum is not None and (high is None or b.maximum < high or (b.maximum == high and b.exclusive_maximum)):
        high, high_open = b.maximum, b.exclusive_maximum
    return number_or_none(
        Number(
            integer=a.integer or b.integer,
            minimum=low,
            exclusive_minimum=low_open,
            maximum=high,
            exclusive_maximum=high_open,
            multiple_of=a.multiple_of + tuple(step for step in b.multiple_of if step not in a.multiple_of),
            max_digits=_least(a.max_digits, b.max_digits),
            decimal_places=_least(a.decimal_places, b.decimal_places),
            finite_double=a.finite_double or b.finite_double,
            digits_only=a.digits_only or b.digits_only,
        )
    )


def number_or_none(number: Number) -> Number | None:
    """None when the bounds have crossed."""
    low, high = number.minimum, number.maximum
    if low is None or high is None or low < high:
        return number
    return number if low == high and not (number.exclusive_minimum or number.exclusive_maximum) else None


def either_number(a: Number, b: Number) -> Number | None:
    if a is b or a == b:
        return a
    if a.digits_only or b.digits_only:
        return FREE_NUMBER if FREE_NUMBER in (a, b) else None
    if a.values is not None and b.values is not None:
        return Number(integer=a.integer and b.integer, values=tuple(dict.fromkeys(a.values + b.values)))
    for wide, narrow in ((a, b), (b, a)):
        if narrow.values is not None:
            if wide.values is None and all(admits(wide, value) for value in narrow.values):
                return wide
        elif wide == FREE_NUMBER or (wide.integer and narrow.integer and wide == Number(integer=True)):
            return wide
    return None


def disjoint_numbers(a: Number, b: Number) -> bool:
    return both_numbers(a, b) is None


# Strings


def texts_of(string: String) -> tuple[str, ...] | None:
    """The texts of an enumeration, or None when `string` is not written as one."""
    language = string.language
    if type(language) is Literals:
        texts = language.texts
    elif type(language) is Literal:
        texts = (language.text,)
    else:
        return None
    low, high = string.min_length, string.max_length
    if low == 0 and high is None:
        return texts
    return tuple(text for text in texts if low <= len(text) and (high is None or len(text) <= high))


def of_texts(texts: Iterable[str]) -> String | None:
    kept = tuple(texts)
    return String(language=Literals(kept)) if kept else None


def both_strings(a: String, b: String) -> String | None:
    if a is b or b is FREE_STRING:
        return a
    if a is FREE_STRING or a == FREE_STRING:
        return b
    if b == FREE_STRING:
        return a
    some, others = texts_of(a), texts_of(b)
    if some is not None and others is not None:
        other_set = set(others)
        return of_texts(text for text in some if text in other_set)
    low, high = max(a.min_length, b.min_length), _least(a.max_length, b.max_length)
    if some is not None or others is not None:
        texts, rest = (some, b.language) if some is not None else (others, a.language)
        assert texts is not None
        kept = of_texts(text for text in texts if low <= len(text) and (high is None or len(text) <= high))
        if kept is None or rest is None or kept.language is None:
            return kept
        return String(language=Conjoin((kept.language, rest)))
    if high is not None and low > high:
        return None
    return String(low, high, both_languages(a.language, b.language))


def both_languages(a: Expr | None, b: Expr | None) -> Expr | None:
    if a is None or a is b:
        return b
    if b is None:
        return a
    return Conjoin((a.parts if type(a) is Conjoin else (a,)) + (b.parts if type(b) is Conjoin else (b,)))


def either_string(a: String, b: String) -> String | None:
    if a is b or a == FREE_STRING:
        return a
    if b == FREE_STRING:
        return b
    some, others = texts_of(a), texts_of(b)
    if some is not None and others is not None:
        return of_texts(dict.fromkeys(some + others))
    for wide, texts in ((a, others), (b, some)):
        if texts is not None and wide.language is None:
            listed = String(language=Literals(texts))
            if both_strings(wide, listed) == listed:
                return wide
    if a.min_length != b.min_length or a.max_length != b.max_length:
        return None
    if a.language is None or b.language is None:
        return String(a.min_length, a.max_length)
    left = a.language.parts if type(a.language) is Alternate else (a.language,)
    right = b.language.parts if type(b.language) is Alternate else (b.language,)
    return String(a.min_length, a.max_length, Alternate(left + right))


def disjoint_strings(a: String, b: String) -> bool:
    """Proved by enumerations and lengths; two patterns are never compared."""
    return both_strings(a, b) is None


# Arrays


def both_arrays(a: Array, b: Array, meet: Meet) -> Array | None:
    if a is b or b == FREE_ARRAY:
        return a
    if a == FREE_ARRAY:
        return b
    prefix = []
    for index in range(max(len(a.prefix), len(b.prefix))):
        left, right = item_at(a, index), item_at(b, index)
        prefix.append(meet(left, right) if left is not None and right is not None else left or right or ANY)
    return array_or_none(
        Array(
            tuple(prefix),
            meet(a.items, b.items) if a.items is not None and b.items is not None else a.items or b.items,
            max(a.min_items, b.min_items),
            _least(a.max_items, b.max_items),
            a.unique or b.unique,
            a.contains + tuple(demand for demand in b.contains if not any(demand is known for known in a.contains)),
        )
    )


def item_at(array: Array, index: int) -> Node | None:
    return array.prefix[index] if index < len(array.prefix) else array.items


def array_or_none(array: Array) -> Array | None:
    """None when no length is left; a position that takes no value ends the array before it."""
    high = array.max_items
    for index, item in enumerate(array.prefix):
        if item is NEVER:
            high = _least(high, index)
            break
    else:
        if array.items is NEVER:
            high = _least(high, len(array.prefix))
    if high is not None:
        if array.min_items > high:
            return None
        if high != array.max_items:
            return Array(array.prefix, array.items, array.min_items, high, array.unique, array.contains)
    return array


# Objects


def both_objects(a: Object, b: Object, meet: Meet) -> Object | None:
    """Exact, also where one side's closed or patterned rest meets keys that only the other side declares.

    A side's `additional` applies to a key that its own properties and patterns do not cover. In the meeting of the
    two, such a key is covered by the other side when that declares it or has a pattern for it; then `additional` goes
    with the declaration, or becomes a pattern entry "the other's patterns without what this side covers".
    """
    if a is b or b == FREE_OBJECT:
        return a
    if a == FREE_OBJECT:
        return b
    properties = dict(a.properties)
    for key, node in b.properties:
        properties[key] = meet(properties[key], node) if key in properties else node
    patterns = a.patterns + tuple(entry for entry in b.patterns if not any(entry is known for known in a.patterns))
    for closed, other in ((a, b), (b, a)):
        if closed.additional is None:
            continue
        own = dict(closed.properties)
        foreign = [key for key, _ in other.properties if key not in own]
        if not closed.patterns:
            for key in foreign:
                properties[key] = meet(properties[key], closed.additional)
        elif foreign:
            uncovered = Conjoin((Literals(tuple(foreign)), Complement(_any_of_patterns(closed))))
            patterns += ((uncovered, closed.additional),)
        if other.patterns:
            covered = _any_of_patterns(closed) if closed.patterns else EMPTY
            if own:
                covered = Alternate((covered, Literals(tuple(own)))) if closed.patterns else Literals(tuple(own))
            patterns += ((Conjoin((_any_of_patterns(other), Complement(covered))), closed.additional),)
    if a.additional is not None and b.additional is not None:
        additional: Node | None = meet(a.additional, b.additional)
    else:
        additional = a.additional if a.additional is not None else b.additional
    high = _least(a.max_properties, b.max_properties)
    names = a.names
    if names is None:
        names = b.names
    elif b.names is not None:
        names = both_strings(names, b.names)
        if names is None:
            high = 0
    return object_or_none(
        Object(
            tuple(properties.items()),
            a.required | b.required,
            patterns,
            additional,
            names,
            max(a.min_properties, b.min_properties),
            high,
        )
    )


def _any_of_patterns(value: Object) -> Expr:
    return value.patterns[0][0] if len(value.patterns) == 1 else Alternate(tuple(expr for expr, _ in value.patterns))


def value_at(value: Object, key: str) -> Node | None:
    """A node that the value under `key` must satisfy; None when that is not known without matching a pattern."""
    for name, node in value.properties:
        if name == key:
            return node
    return None if value.patterns else value.additional


def object_or_none(value: Object) -> Object | None:
    """None when a demanded key can have no value or the counts have crossed."""
    high = value.max_properties
    if high is not None and (value.min_properties > high or len(value.required) > high):
        return None
    if value.required:
        left = len(value.required)
        for key, node in value.properties:
            if key in value.required:
                left -= 1
                if node is NEVER:
                    return None
        if left and value.additional is NEVER and not value.patterns:
            return None
    return value


def _least(a: int | None, b: int | None) -> int | None:
    if a is None:
        return b
    return a if b is None or a < b else b
