"""The closed set of Nodes that every type and schema is read into; the core compiles nothing else.

JSON has six kinds of value, told apart by their first byte. So the leaf of the algebra is the *Shape*: for each kind
either what a value of that kind must satisfy, or a refusal. A Shape needs no alternatives: the first byte has chosen.
Shapes are combined by AllOf, AnyOf, OneOf and Not, and joined into cycles by Ref, whose target is looked up in
`Schema.definitions`. Everything is immutable; numbers are decimals, never floats; lengths count code points.

Invariants that readers keep and consumers rely on:
- `Ref` appears only with a name that is a key of `Schema.definitions`; no chain of Refs returns to itself without
  passing through an Array or Object (such a loop is refused by the reader).
- In an Object, `properties` are in declared order and unique; a name in `required` need not be in `properties`.
- A Node never holds what it cannot enforce: that is a Note, collected beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import TypeAlias

from typeloom.regex.expr import Excerpt, Expr


@dataclass(frozen=True, slots=True)
class Number:
    """A JSON number. Bounds are exact decimals; `None` is no bound.

    integer: the value is mathematically whole. Written in compact and spaced layout without fraction or exponent;
        in flexible layout `2.0` and `2e0` are whole, too.
    multiple_of: the value is a whole multiple of every entry (positive decimals).
    max_digits, decimal_places: as in Pydantic's Decimal: significant digits at most, digits after the point at most.
    values: if not None, only these values (an enum); the other constraints have been applied to the list.
    finite_double: the value, read as an IEEE double, is finite (Python float fields).
    digits_only: an integer, and written without fraction or exponent in every layout: `2.0` is a value of another kind
        (draft 4). Implies `integer`.
    """

    integer: bool = False
    minimum: Decimal | None = None
    exclusive_minimum: bool = False
    maximum: Decimal | None = None
    exclusive_maximum: bool = False
    multiple_of: tuple[Decimal, ...] = ()
    max_digits: int | None = None
    decimal_places: int | None = None
    values: tuple[Decimal, ...] | None = None
    finite_double: bool = False
    digits_only: bool = False


@dataclass(frozen=True, slots=True)
class String:
    """A JSON string, decoded; `language` None is any text. Lengths count code points, after decoding."""

    min_length: int = 0
    max_length: int | None = None
    language: Expr | None = None


@dataclass(frozen=True, slots=True)
class Contains:
    """Between `minimum` and `maximum` items satisfy `node`."""

    node: Node
    minimum: int = 1
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Array:
    """A JSON array: item i satisfies `prefix[i]`, items past the prefix satisfy `items`."""

    prefix: tuple[Node, ...] = ()
    items: Node | None = None  # None: any value
    min_items: int = 0
    max_items: int | None = None
    unique: bool = False
    contains: tuple[Contains, ...] = ()


@dataclass(frozen=True, slots=True)
class Object:
    """A JSON object without duplicate keys.

    A key's value satisfies its entry in `properties` and every entry of `patterns` whose expression holds the key;
    where neither applies, `additional` (None: any value; NEVER: such keys are refused).
    names: what every key must satisfy, `None` is no demand.
    """

    properties: tuple[tuple[str, Node], ...] = ()
    required: frozenset[str] = frozenset()
    patterns: tuple[tuple[Expr, Node], ...] = ()
    additional: Node | None = None
    names: String | None = None
    min_properties: int = 0
    max_properties: int | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """What a value must satisfy, by its JSON kind; None or False or () refuses the kind.

    `booleans` holds the allowed values; Number(), String(), Array() and Object() with defaults allow any of the kind.
    """

    null: bool = False
    booleans: tuple[bool, ...] = ()
    number: Number | None = None
    string: String | None = None
    array: Array | None = None
    object: Object | None = None


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class OneOf:
    """Exactly one of the parts."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Node


@dataclass(frozen=True, slots=True)
class Ref:
    """The node that `Schema.definitions` holds under `name`."""

    name: str


Node: TypeAlias = Shape | AllOf | AnyOf | OneOf | Not | Ref

ANY = Shape(null=True, booleans=(False, True), number=Number(), string=String(), array=Array(), object=Object())
NEVER = Shape()


class Coverage(Enum):
    """How much of a keyword or type the automaton holds."""

    EXACT = "exact"
    AT_CLOSE = "decided at close"
    WIDER = "wider"  # the automaton accepts more; validated after decoding
    IGNORED = "ignored"  # an annotation, or an unknown format
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Note:
    """One line of `check`: at `path`, `subject` (a keyword, a type) is covered so, because of `reason`."""

    path: str
    subject: str
    coverage: Coverage
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Schema:
    """A whole compiled-to-be language: the root, the definitions that Refs name, and what `check` has to say.

    quotes: the ways in which its fields quote a document; where there is one, compiling needs the document.
    """

    root: Node
    definitions: dict[str, Node] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    quotes: tuple[Excerpt, ...] = ()
