"""Nodes put together: the union of two Shapes, a Node for one constant, the places a Ref chain may loop.

Theory of operation: the six kinds of JSON value are independent, so a union of Shapes is taken kind by kind. Two Shapes
that do not claim the same kind become one Shape (`str | None` needs no alternatives in the automaton); where two parts
claim one kind in different ways a further Shape carries the second claim, and only then is there an AnyOf.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from typeloom.errors import SchemaError
from typeloom.regex.expr import Literal, Literals
from typeloom.schema.node import ANY, NEVER, AllOf, AnyOf, Array, Node, Not, Number, Object, OneOf, Ref, Shape, String

KINDS = ("number", "string", "array", "object")
SCALAR = replace(ANY, array=None, object=None)


def any_of(nodes: Iterable[Node]) -> Node:
    """The union of `nodes`, with as few alternatives as the kinds allow; NEVER for no nodes."""
    rest: list[Node] = []
    claims: dict[str, list[Any]] = {kind: [] for kind in KINDS}
    null = False
    booleans: set[bool] = set()
    for node in _flat(nodes):
        if not isinstance(node, Shape):
            if node not in rest:
                rest.append(node)
            continue
        null = null or node.null
        booleans.update(node.booleans)
        for kind in KINDS:
            _claim(claims[kind], getattr(node, kind))
    depth = max(len(claim) for claim in claims.values())
    shapes = [
        Shape(
            null=null and level == 0,
            booleans=tuple(sorted(booleans)) if level == 0 else (),
            **{kind: claim[level] for kind, claim in claims.items() if level < len(claim)},
        )
        for level in range(max(depth, 1 if null or booleans else 0))
    ]
    parts = (*shapes, *rest)
    if not parts:
        return NEVER
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))


def _flat(nodes: Iterable[Node]) -> Iterable[Node]:
    for node in nodes:
        if isinstance(node, AnyOf):
            yield from node.parts
        else:
            yield node


def _claim(claims: list[Any], new: Any) -> None:
    """Adds a claim on one kind, joined with an earlier one where that is exact."""
    if new is None or new in claims:
        return
    if new in (String(), Number(), Array(), Object()):
        claims[:] = [new]
        return
    if claims and claims[0] in (String(), Number(), Array(), Object()):
        return
    for i, old in enumerate(claims):
        joined = _join(old, new)
        if joined is not None:
            claims[i] = joined
            return
    claims.append(new)


def _join(old: Any, new: Any) -> Any:
    if isinstance(old, String) and isinstance(old.language, Literals) and isinstance(new.language, Literals):
        texts = tuple(dict.fromkeys(old.language.texts + new.language.texts))
        if old == String(language=old.language) and new == String(language=new.language):
            return String(language=Literals(texts))
    if isinstance(old, Number) and new == replace(old, values=new.values):
        if old.values is None or new.values is None:  # one lists some of the numbers of the other
            return replace(old, values=None)
        return replace(old, values=tuple(dict.fromkeys(old.values + new.values)))
    return None


def constants(values: Iterable[Any], path: str) -> Node:
    """The Node of a finite list of JSON values (bool, None, str, int, float, Decimal, list, dict).

    Raises SchemaError for texts that no JSON text can hold (lone surrogates) and for numbers that are not finite.
    """
    null = False
    booleans: list[bool] = []
    texts: list[str] = []
    whole: list[Decimal] = []
    fractions: list[Decimal] = []
    others: list[Node] = []
    for value in values:
        if value is None:
            null = True
        elif isinstance(value, bool):
            booleans.append(value)
        elif isinstance(value, str):
            texts.append(checked_text(str.__str__(value), path))
        elif isinstance(value, int):
            whole.append(Decimal(int(value)))
        elif isinstance(value, (float, Decimal)):
            number = Decimal(repr(float(value))) if isinstance(value, float) else value
            if not number.is_finite():
                raise SchemaError(f"expected a finite number, got {value!r}: JSON has no such value", path=path)
            fractions.append(number)
        elif isinstance(value, (list, tuple)):
            items = tuple(constants([item], path) for item in value)
            others.append(Shape(array=Array(items, NEVER, len(items), len(items))))
        elif isinstance(value, dict):
            fields = tuple((checked_text(key, path), constants([item], path)) for key, item in value.items())
            others.append(Shape(object=Object(fields, frozenset(value), additional=NEVER)))
        else:
            raise SchemaError(f"expected a JSON value, got {value!r} of type {type(value).__name__}", path=path)
    if whole and fractions:  # one list: both are compared as decimals
        whole, fractions = [], whole + fractions
    number_node = None
    if whole:
        number_node = Number(integer=True, values=tuple(dict.fromkeys(whole)))
    elif fractions:
        number_node = Number(values=tuple(dict.fromkeys(fractions)))
    shape = Shape(
        null=null,
        booleans=tuple(sorted(set(booleans))),
        number=number_node,
        string=text_choice(texts) if texts else None,
    )
    return any_of([shape, *others] if shape != NEVER else others)


def text_choice(texts: Iterable[str]) -> String:
    """One of these texts."""
    unique = tuple(dict.fromkeys(texts))
    return String(language=Literal(unique[0]) if len(unique) == 1 else Literals(unique))


def open_node(node: Node) -> Node | None:
    """None, the spelling of "any value", where a Node allows all."""
    return None if node == ANY else node


def checked_text(text: str, path: str) -> str:
    """`text` itself; SchemaError if it holds a lone surrogate, which no UTF-8 text can."""
    if any(0xD800 <= ord(character) <= 0xDFFF for character in text):
        raise SchemaError(
            f"expected Unicode text, got {text!r} with a lone surrogate, which no UTF-8 text holds", path=path
        )
    return text


def loops(definitions: Mapping[str, Node]) -> str | None:
    """The name of a definition that is reached from itself without passing through an Array or Object, or None."""
    state: dict[str, int] = {}  # 1: on the path, 2: done
    for start in definitions:
        if start in state:
            continue
        stack: list[tuple[str, list[str]]] = [(start, _bare_refs(definitions[start]))]
        state[start] = 1
        while stack:
            name, pending = stack[-1]
            if not pending:
                state[name] = 2
                stack.pop()
                continue
            following = pending.pop()
            if state.get(following) == 1:
                return following
            if following not in state and following in definitions:
                state[following] = 1
                stack.append((following, _bare_refs(definitions[following])))
    return None


def _bare_refs(node: Node) -> list[str]:
    """The Refs of `node` outside of Arrays and Objects."""
    found: list[str] = []
    stack = [node]
    while stack:
        part = stack.pop()
        if isinstance(part, Ref):
            found.append(part.name)
        elif isinstance(part, (AllOf, AnyOf, OneOf)):
            stack.extend(part.parts)
        elif isinstance(part, Not):
            stack.append(part.part)
    return found


@dataclass(slots=True)
class Finite:
    """Which definitions hold some finite value: the least fixpoint, so a type that needs itself holds none."""

    definitions: Mapping[str, Node]
    known: set[str] = field(default_factory=set)

    def settle(self) -> Finite:
        """Grows `known` to the fixpoint; at most one round per definition."""
        grown = True
        while grown:
            fresh = [name for name, node in self.definitions.items() if name not in self.known and self.holds(node)]
            self.known.update(fresh)
            grown = bool(fresh)
        return self

    def holds(self, node: Node) -> bool:
        """Whether a finite value of `node` is known; true where conjunction or negation leaves it open."""
        if isinstance(node, Ref):
            return node.name in self.known
        if isinstance(node, (AnyOf, OneOf)):
            return any(self.holds(part) for part in node.parts)
        if isinstance(node, AllOf):
            return all(self.holds(part) for part in node.parts)
        if isinstance(node, Not):
            return True
        return (
            node.null
            or bool(node.booleans)
            or node.number is not None
            or node.string is not None
            or (node.array is not None and self._array(node.array))
            or (node.object is not None and self._object(node.object))
        )

    def _array(self, array: Array) -> bool:
        needed = array.min_items
        if not all(self.holds(item) for item in array.prefix[:needed]):
            return False
        return needed <= len(array.prefix) or array.items is None or self.holds(array.items)

    def _object(self, object_: Object) -> bool:
        return all(self.holds(node) for name, node in object_.properties if name in object_.required)
