"""Combinations of Nodes, brought to fewer and flatter Nodes that accept the same values.

The core is fastest on one Shape, so static conjunctions are merged, alternatives that differ in kind become one Shape,
`oneOf` whose parts provably exclude each other becomes AnyOf, and negations of simple Shapes become Shapes.
Every function is pure and keeps the law: the result accepts exactly the values that the plain combination accepts.

A Ref may be looked through, never expanded without bound: `see` shows a definition for a proof, `take` gives it for
inclusion. The reader withholds what is still being read or too large to repeat (both then return None).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from typeloom.regex.expr import Complement
from typeloom.schema.kinds import (
    FREE_ARRAY,
    FREE_NUMBER,
    FREE_OBJECT,
    FREE_STRING,
    both_arrays,
    both_numbers,
    both_objects,
    both_strings,
    disjoint_numbers,
    disjoint_strings,
    either_number,
    either_string,
    is_any,
    is_never,
    item_at,
    object_or_none,
    value_at,
)
from typeloom.schema.node import ANY, NEVER, AllOf, AnyOf, Array, Node, Not, Number, Object, OneOf, Ref, Shape, String

Look = Callable[[Ref], "Node | None"]

BOTH = (False, True)
MOST_PROVED = 64  # parts of a oneOf beyond which pairs are not compared
PROOF_STEPS = 4000
MOST_PATTERNS = 8
MOST_NEGATED = 8  # alternatives that the negation of one object may become


def blind(_: Ref) -> Node | None:
    """Looks through no Ref."""
    return None


def all_of(parts: Sequence[Node], take: Look = blind) -> Node:
    """A Node that accepts what every part accepts.

    >>> all_of([Shape(string=String(2), null=True), Shape(string=String(0, 5))])
    Shape(null=False, booleans=(), number=None, string=String(min_length=2, max_length=5, language=None), array=None, \
object=None)
    """
    shape = ANY
    rest: list[Node] = []
    pending = list(reversed(parts))
    while pending:
        part = pending.pop()
        if type(part) is Ref and len(parts) > 1:
            shown = take(part)
            if type(shown) is Shape:
                part = shown
        if type(part) is Shape:
            if _tangled(shape.object, part.object):
                rest.append(part)
                continue
            shape = both_shapes(shape, part)
            if shape is NEVER:
                return NEVER
        elif type(part) is AllOf:
            pending.extend(reversed(part.parts))
        elif not any(part is known or (type(part) is Ref and part == known) for known in rest):
            rest.append(part)
    if shape is not ANY and shape.array is None and shape.object is None:
        # Scalars have no parts, so alternatives of Shapes can be met one by one.
        kept = []
        for part in rest:
            met = _meet_scalars(shape, part)
            if met is None:
                kept.append(part)
            else:
                shape = met
        rest = kept
    if not rest:
        return shape
    if shape == NEVER:
        return NEVER
    if not is_any(shape):
        rest.insert(0, shape)
    return rest[0] if len(rest) == 1 else AllOf(tuple(rest))


def _tangled(a: Object | None, b: Object | None) -> bool:
    """Whether the meeting of `a` and `b` would need too many pattern entries of the form "these without those"."""
    if a is None or b is None or len(a.patterns) + len(b.patterns) <= MOST_PATTERNS:
        return False
    return bool((a.additional is not None and b.patterns) or (b.additional is not None and a.patterns))


def _meet_scalars(shape: Shape, part: Node) -> Shape | None:
    """`shape` (scalars only) and `part` in one Shape, or None where that takes more than one."""
    if type(part) is Not and type(part.part) is Shape:
        refused = part.part
        number = refused.number if shape.number is not None else None
        part = negate(Shape(refused.null, refused.booleans, number, refused.string))
    choices = part.parts if type(part) is AnyOf else (part,)
    met = any_of([both_shapes(shape, choice) for choice in choices if type(choice) is Shape])
    return met if type(met) is Shape and all(type(choice) is Shape for choice in choices) else None


def _meet(a: Node, b: Node) -> Node:
    return a if a is b else all_of((a, b))


def both_shapes(a: Shape, b: Shape) -> Shape:
    """The conjunction of two Shapes, which is always a Shape; NEVER when no value is left."""
    if a is b or b is ANY:
        return a
    if a is ANY:
        return b
    null = a.null and b.null
    booleans = a.booleans if a.booleans == b.booleans else tuple(v for v in a.booleans if v in b.booleans)
    number = both_numbers(a.number, b.number) if a.number is not None and b.number is not None else None
    string = both_strings(a.string, b.string) if a.string is not None and b.string is not None else None
    array = both_arrays(a.array, b.array, _meet) if a.array is not None and b.array is not None else None
    object_ = both_objects(a.object, b.object, _meet) if a.object is not None and b.object is not None else None
    same = null is b.null and booleans is b.booleans and array is b.array and object_ is b.object
    if same and string is b.string and number is b.number:
        return b
    return shape_of(null, booleans, number, string, array, object_)


def shape_of(
    null: bool,
    booleans: tuple[bool, ...],
    number: Number | None,
    string: String | None,
    array: Array | None,
    object_: Object | None,
) -> Shape:
    """The Shape; the shared NEVER when it refuses every kind."""
    if not null and not booleans and number is None and string is None and array is None and object_ is None:
        return NEVER
    return Shape(null, booleans, number, string, array, object_)


def any_of(parts: Sequence[Node], take: Look = blind) -> Node:
    """A Node that accepts what some part accepts.

    Shapes are poured together kind by kind. A kind that two Shapes constrain differently stays with the first; what
    the second says of it goes on to a further Shape.
    """
    shapes: list[Shape] = []
    rest: list[Node] = []
    pending = list(reversed(parts))
    while pending:
        part = pending.pop()
        if type(part) is Ref:
            shown = take(part)
            if type(shown) is Shape and _is_flat(shown):
                part = shown
        if type(part) is Shape:
            if is_any(part):
                return ANY
            pour(shapes, part)
        elif type(part) is AnyOf:
            pending.extend(reversed(part.parts))
        elif not any(part is known or (type(part) is Ref and part == known) for known in rest):
            rest.append(part)
    if len(shapes) == 1 and is_any(shapes[0]):
        return ANY
    together = (*shapes, *rest)
    if not together:
        return NEVER
    return together[0] if len(together) == 1 else AnyOf(together)


def _is_flat(shape: Shape) -> bool:
    return (shape.array is None or shape.array == FREE_ARRAY) and (shape.object is None or shape.object == FREE_OBJECT)


def pour(shapes: list[Shape], part: Shape) -> None:
    """Add the values of `part` to the union `shapes`."""
    for index, known in enumerate(shapes):
        if part == NEVER:
            return
        number, more_number = _join(known.number, part.number, FREE_NUMBER, either_number)
        string, more_string = _join(known.string, part.string, FREE_STRING, either_string)
        array, more_array = _join(known.array, part.array, FREE_ARRAY, _same)
        object_, more_object = _join(known.object, part.object, FREE_OBJECT, _same)
        null = known.null or part.null
        booleans = known.booleans if known.booleans == part.booleans else _union(known.booleans, part.booleans)
        shapes[index] = shape_of(null, booleans, number, string, array, object_)
        part = shape_of(False, (), more_number, more_string, more_array, more_object)
    if part != NEVER:
        shapes.append(part)


def _union(a: tuple[bool, ...], b: tuple[bool, ...]) -> tuple[bool, ...]:
    return tuple(v for v in BOTH if v in a or v in b)


def _same(_a: object, _b: object) -> None:
    """Two constraints with parts are one only where they are the same object."""


Kind = TypeVar("Kind", Number, String, Array, Object)


def _join(
    a: Kind | None, b: Kind | None, free: Kind, either: Callable[[Kind, Kind], Kind | None]
) -> tuple[Kind | None, Kind | None]:
    """(what the first Shape takes, what is left over) for one kind."""
    if b is None or a is b:
        return a, None
    if a is None:
        return b, None
    if a == free or b == free:
        return free, None
    both = either(a, b)
    return (both, None) if both is not None else (a, b)


def one_of(parts: Sequence[Node], take: Look = blind, see: Look = blind) -> Node:
    """A Node that accepts what exactly one part accepts; AnyOf where the parts provably exclude each other."""
    kept = [part for part in parts if not is_never(part)]
    if len(kept) <= 1:
        return kept[0] if kept else NEVER
    if len(kept) <= MOST_PROVED:
        proof = _Proof(see)
        if all(proof.disjoint(a, b, 0) for i, a in enumerate(kept) for b in kept[i + 1 :]):
            return any_of(kept, take)
    return OneOf(tuple(kept))


def disjoint(a: Node, b: Node, see: Look = blind) -> bool:
    """True when it is proved that no value satisfies both; bounded work, False when undecided."""
    return _Proof(see).disjoint(a, b, 0)


class _Proof:
    """One search for disjointness, with a bound on its steps."""

    def __init__(self, see: Look) -> None:
        self._see = see
        self._left = PROOF_STEPS

    def disjoint(self, a: Node, b: Node, depth: int) -> bool:
        self._left -= 1
        if self._left < 0 or depth > 12:
            return False
        for one, other in ((a, b), (b, a)):
            match one:
                case Ref():
                    shown = self._see(one)
                    return shown is not None and one != other and self.disjoint(shown, other, depth + 1)
                case AnyOf(parts) | OneOf(parts):
                    return all(self.disjoint(part, other, depth + 1) for part in parts)
                case AllOf(parts):
                    if any(self.disjoint(part, other, depth + 1) for part in parts):
                        return True
                case Not(part):
                    if part is other or (type(part) is Ref and part == other):
                        return True
        if type(a) is Shape and type(b) is Shape:
            return self._shapes(a, b, depth)
        return False

    def _shapes(self, a: Shape, b: Shape, depth: int) -> bool:
        if a.null and b.null:
            return False
        if any(value in b.booleans for value in a.booleans):
            return False
        if a.number is not None and b.number is not None and not disjoint_numbers(a.number, b.number):
            return False
        if a.string is not None and b.string is not None and not disjoint_strings(a.string, b.string):
            return False
        if a.array is not None and b.array is not None and not self._arrays(a.array, b.array, depth):
            return False
        return a.object is None or b.object is None or self._objects(a.object, b.object, depth)

    def _arrays(self, a: Array, b: Array, depth: int) -> bool:
        low = max(a.min_items, b.min_items)
        for array in (a, b):
            if array.max_items is not None and low > array.max_items:
                return True
        for index in range(min(low, max(len(a.prefix), len(b.prefix)) + 1)):
            left, right = item_at(a, index), item_at(b, index)
            if left is not None and right is not None and self.disjoint(left, right, depth + 1):
                return True
        return False

    def _objects(self, a: Object, b: Object, depth: int) -> bool:
        required = a.required | b.required
        low = max(a.min_properties, b.min_properties, len(required))
        for value in (a, b):
            if value.max_properties is not None and low > value.max_properties:
                return True
        for key in required:
            left, right = value_at(a, key), value_at(b, key)
            if left is NEVER or right is NEVER:
                return True
            if left is not None and right is not None and self.disjoint(left, right, depth + 1):
                return True
        return False


def negate(node: Node) -> Node:
    """A Node that accepts exactly what `node` does not.

    >>> negate(Shape(object=Object(required=frozenset({"a"})))).object.properties == (("a", NEVER),)
    True
    """
    match node:
        case Not(part):
            return part
        case Shape():
            return _negate_shape(node)
        case AnyOf(parts):
            refusals = [negate(part) for part in parts]
            if not any(type(refusal) is Not for refusal in refusals):
                return all_of(refusals)
    return Not(node)


def _negate_shape(shape: Shape) -> Node:
    """Kind by kind; one kind may need alternatives of its own. Not(shape) where a kind has no plain negation."""
    number: list[Number] = [FREE_NUMBER]
    if shape.number is not None:
        opposite = _negate_number(shape.number)
        if opposite is None:
            return Not(shape)
        number = opposite
    string: String | None = FREE_STRING
    if shape.string is not None:
        if shape.string.min_length or shape.string.max_length is not None:
            return Not(shape)
        language = shape.string.language
        string = String(language=Complement(language)) if language is not None else None
    array: Array | None = FREE_ARRAY
    if shape.array is not None:
        if shape.array != FREE_ARRAY:
            return Not(shape)
        array = None
    objects = [FREE_OBJECT]
    if shape.object is not None:
        refused = _negate_object(shape.object)
        if refused is None:
            return Not(shape)
        objects = refused
    booleans = tuple(value for value in BOTH if value not in shape.booleans)
    first = shape_of(
        not shape.null, booleans, number[0] if number else None, string, array, objects[0] if objects else None
    )
    more: list[Node] = [Shape(number=other) for other in number[1:]]
    more.extend(Shape(object=other) for other in objects[1:])
    return any_of([first, *more]) if more else first


def _negate_number(number: Number) -> list[Number] | None:
    """The numbers outside of an interval; None for other constraints."""
    if number.integer or number.multiple_of or number.values is not None or number.finite_double:
        return None
    if number.max_digits is not None or number.decimal_places is not None:
        return None
    found = []
    if number.minimum is not None:
        found.append(Number(maximum=number.minimum, exclusive_maximum=not number.exclusive_minimum))
    if number.maximum is not None:
        found.append(Number(minimum=number.maximum, exclusive_minimum=not number.exclusive_maximum))
    return found


def _negate_object(value: Object) -> list[Object] | None:
    """Some demanded key is absent or some property is wrong; None for constraints on the whole."""
    if value.patterns or value.additional is not None or value.names is not None:
        return None
    if value.min_properties or value.max_properties is not None:
        return None
    found = []
    declared = dict(value.properties)
    for key in sorted(value.required | declared.keys()):
        wrong = negate(declared[key]) if key in declared else NEVER
        if key in value.required:
            found.append(Object(properties=((key, wrong),)))
        elif not is_never(wrong):
            kept = object_or_none(Object(properties=((key, wrong),), required=frozenset((key,))))
            if kept is not None:
                found.append(kept)
    return found if len(found) <= MOST_NEGATED else None
