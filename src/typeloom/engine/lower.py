"""Nodes become entries of the core's grammar; nothing is decided here.

Definitions are reserved first and lowered when a Ref reaches them, so cycles close and what nothing refers to costs
nothing. Nodes and expressions are lowered once, by identity: hashing a deep expression costs more than lowering it.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TypeAlias

from typeloom import _core
from typeloom.engine.expressions import bound, encode, utf8
from typeloom.errors import LimitError
from typeloom.regex.expr import ANY_CHAR, Chars, Conjoin, Excerpt, Expr, External, Repeat
from typeloom.schema.kinds import FREE_ARRAY, FREE_NUMBER, FREE_OBJECT, FREE_STRING
from typeloom.schema.node import (
    ANY,
    NEVER,
    AllOf,
    AnyOf,
    Array,
    Node,
    Not,
    Number,
    Object,
    OneOf,
    Ref,
    Schema,
    Shape,
    String,
)

_NONE = 0xFFFFFFFF
_ALL_TEXT = 2  # regex.h: kAll
_NEVER, _ANY = 0, 1
_NULL, _TRUE, _FALSE, _NUMBER, _STRING, _ARRAY, _OBJECT = (1 << i for i in range(7))
MAX_NESTING = 700


Leaves: TypeAlias = Callable[[Excerpt | External], "_core.Document | _core.Automaton"]


def lower(schema: Schema, grammar: _core.Grammar, leaves: Leaves) -> int:
    """The node id of the schema's root in `grammar`; `leaves` gives the document of a quotation and the automaton of a
    grammar, or raises. Raises LimitError past MAX_NESTING nested Nodes, SchemaError for a text that is not Unicode.
    O(size of what the root reaches)."""
    return _Lowering(schema, grammar, leaves).root()


class _Lowering:
    def __init__(self, schema: Schema, grammar: _core.Grammar, leaves: Leaves) -> None:
        self._schema = schema
        self._grammar = grammar
        self._leaves = leaves
        self._refs: dict[str, int] = {}
        self._waiting: list[str] = []
        self._nodes: dict[int, int] = {id(ANY): _ANY, id(NEVER): _NEVER}
        self._exprs: dict[int, tuple[Expr, int]] = {}
        self._depth = 0

    def root(self) -> int:
        root = self.node(self._schema.root)
        while self._waiting:
            name = self._waiting.pop()
            self._grammar.define(self._refs[name], self.node(self._schema.definitions[name]))
        return root

    def node(self, node: Node) -> int:
        known = self._nodes.get(id(node))
        if known is not None:
            return known
        if type(node) is Shape and node.array is None and node.object is None:  # no Nodes in it
            lowered = self._nodes[id(node)] = self._shape(node)
            return lowered
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise LimitError(
                f"expected at most {MAX_NESTING} nested schemas; name the inner ones and refer to them",
                limit="nesting",
                value=self._depth,
            )
        lowered = self._lower_node(node)
        self._depth -= 1
        self._nodes[id(node)] = lowered
        return lowered

    def _lower_node(self, node: Node) -> int:
        grammar = self._grammar
        match node:
            case Shape():
                return self._shape(node)
            case Ref(name):
                if name not in self._refs:
                    self._refs[name] = grammar.reserve()
                    self._waiting.append(name)
                return self._refs[name]
            case AnyOf(parts):
                return grammar.any_of([self.node(p) for p in parts])
            case AllOf(parts):
                return grammar.all_of([self.node(p) for p in parts])
            case OneOf(parts):
                return grammar.one_of([self.node(p) for p in parts])
            case Not(part):
                return grammar.negation(self.node(part))

    def _shape(self, shape: Shape) -> int:
        kinds = _NULL if shape.null else 0
        if True in shape.booleans:
            kinds |= _TRUE
        if False in shape.booleans:
            kinds |= _FALSE
        number = string = array = obj = _NONE
        if shape.number is not None:
            kinds |= _NUMBER
            if shape.number is not FREE_NUMBER and shape.number != FREE_NUMBER:
                number = self._number(shape.number)
        if shape.string is not None:
            kinds |= _STRING
            if shape.string is not FREE_STRING and shape.string != FREE_STRING:
                s = counted(shape.string)
                string = self._grammar.string(self._language(s), s.min_length, bound(s.max_length))
        if shape.array is not None:
            kinds |= _ARRAY
            if shape.array is not FREE_ARRAY:
                array = self._array(shape.array)
        if shape.object is not None:
            kinds |= _OBJECT
            if shape.object is not FREE_OBJECT:
                obj = self._object(shape.object)
        return self._grammar.shape(kinds, number, string, array, obj)

    def _number(self, n: Number) -> int:
        return self._grammar.number(
            n.integer,
            None if n.minimum is None else _digits(n.minimum),
            n.exclusive_minimum,
            None if n.maximum is None else _digits(n.maximum),
            n.exclusive_maximum,
            [_digits(m) for m in n.multiple_of],
            -1 if n.max_digits is None else n.max_digits,
            -1 if n.decimal_places is None else n.decimal_places,
            None if n.values is None else [_digits(v) for v in n.values],
            n.finite_double,
            n.digits_only,
        )

    def _language(self, s: String) -> int:
        return _ALL_TEXT if s.language is None else self.expr(s.language)

    def _array(self, a: Array) -> int:
        if a == FREE_ARRAY:
            return _NONE
        return self._grammar.array(
            [self.node(p) for p in a.prefix],
            _ANY if a.items is None else self.node(a.items),
            a.min_items,
            bound(a.max_items),
            a.unique,
            [[self.node(c.node), c.minimum, bound(c.maximum)] for c in a.contains],
        )

    def _object(self, o: Object) -> int:
        if o == FREE_OBJECT:
            return _NONE
        names = _ALL_TEXT
        if o.names is not None:
            names = self._language(o.names)
            if o.names.min_length or o.names.max_length is not None:
                length = Repeat(ANY_CHAR, o.names.min_length, o.names.max_length)
                names = self.expr(length if o.names.language is None else Conjoin((o.names.language, length)))
        known = self._nodes
        properties = []
        for name, node in o.properties:
            lowered = known.get(id(node))
            properties.append((utf8(name), self.node(node) if lowered is None else lowered))
        return self._grammar.object(
            properties,
            [utf8(name) for name in sorted(o.required)],
            [(self.expr(e), self.node(node)) for e, node in o.patterns],
            _ANY if o.additional is None else self.node(o.additional),
            names,
            o.min_properties,
            bound(o.max_properties),
        )

    def expr(self, expr: Expr) -> int:
        """The expression's id."""
        known = self._exprs.get(id(expr))
        if known is None:
            lowered = self._grammar.expression(*encode(expr, self._leaf))
            known = self._exprs[id(expr)] = (expr, lowered)  # alive, so that its identity stays its own
        return known[1]

    def _leaf(self, leaf: Excerpt | External) -> int:
        made = self._leaves(leaf)
        return self._grammar.excerpt(made) if isinstance(made, _core.Document) else self._grammar.external(made)


def counted(string: String) -> String:
    """The same strings, with the count of a repeated character (`[a-z]{2,800}`) as lengths: counters cost no states."""
    if type(string.language) is not Repeat:
        return string
    match string.language:
        case Repeat(Chars() as part, minimum, maximum) if minimum > 0 or maximum is not None:
            bounds = [m for m in (maximum, string.max_length) if m is not None]
            return String(
                max(minimum, string.min_length), min(bounds) if bounds else None, Repeat(part, 0, None)
            )
    return string


def _digits(value: Decimal) -> str:
    return str(value).replace("E", "e")
