"""What a validator outside of the automaton refused: where it stands in the text, and the type without it.

Theory of operation. Pydantic names the place of a refusal by keys and indexes (and, inside of a union, by what is no
place at all). They are followed into the decoded JSON as far as they lead. There, one *decision* must come out
otherwise: of a scalar its value, of a key the key, of an object or list one scalar (or empty list) in it, the one whose
least likely token the model was least sure of (texts of several words come last: rules compare numbers, dates, names).
A list that is refused again loses its last item, too.
The decision's value is taken out of the type by a Node, so the automaton that decodes again is exact about it, and
whatever it promised before it promises still: masks, ways to the end, budgets.

Invariants. What was refused cannot be decoded again at that place. A text that the exclusions take away too was no
answer to begin with, or an answer that shares the excluded decision.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from typeloom.regex.expr import Literal
from typeloom.schema.node import ANY, NEVER, Array, Node, Object, Schema
from typeloom.schema.shapes import constants
from typeloom.schema.simplify import all_of, negate
from typeloom.tasks.evidence import TokenEvidence
from typeloom.tasks.json_paths import JsonValue, values

KEY = "[key]"  # the last part of a place in Pydantic's errors, where a key is meant and not its value


@dataclass(frozen=True, slots=True)
class Exclusion:
    """`node` is what the whole object must satisfy beside its type; `begin` is the byte where the decision begins.

    depends: whether the decision was refused for what stands around it, and is none any more when that changes.
    """

    node: Node
    begin: int
    depends: bool


def refused_value(text: bytes, loc: Sequence[int | str]) -> JsonValue:
    """The value of the text that a place in a validation error leads to, or the innermost around it. O(bytes).

    >>> refused_value(b'{"pet":{"name":"Tom"}}', ("pet", "Cat", "name")).steps
    ('pet', 'name')
    """
    found = {one.steps: one for one in values(text)}
    here: tuple[int | str, ...] = ()
    for step in loc:
        for name in (step, str(step)):
            if (*here, name) in found:
                here = (*here, name)
                break
    return found[here]


def exclusions(
    text: bytes,
    refused: JsonValue,
    loc: Sequence[int | str],
    evidence: Sequence[TokenEvidence],
    n_before: int = 0,
) -> list[Exclusion]:
    """Each of them takes the refused value out of a type; the first is to be tried first. O(bytes).

    n_before: how often this place was refused before; every second time, a list is made shorter first.
    A key is named as a property, which is what most are, and then as a pattern: a property has its place in the order
    of keys, which that of a dict has not.
    """
    if loc and loc[-1] == KEY and refused.key is not None:
        return _forms(refused.steps, NEVER, refused.key, False)
    if refused.is_scalar:
        return _otherwise(text, refused, False)
    inside = [one for one in values(text) if refused.begin <= one.begin < refused.end and _decides(text, one)]
    ends = [token.end for token in evidence]

    def unsure(one: JsonValue) -> tuple[bool, float, int]:
        spelling = [
            token.among_allowed
            for token, begin in zip(evidence, [0, *ends], strict=False)
            if begin < one.end and token.end > one.begin
        ]
        return b" " in text[one.begin : one.end], min(spelling, default=0.0), -one.begin

    others = [form for one in sorted(inside, key=unsure) for form in _otherwise(text, one, True)]
    shorter = _shorter(text, refused)
    return [*shorter, *others] if n_before % 2 else [*others, *shorter]


def _shorter(text: bytes, refused: JsonValue) -> list[Exclusion]:
    """Without the last item, if it is a list that has one."""
    items = [one for one in values(text) if one.steps[:-1] == refused.steps and one.steps != refused.steps]
    if text[refused.begin : refused.begin + 1] != b"[" or not items:
        return []
    begin = items[-2].end if len(items) > 1 else items[0].begin
    return _forms(refused.steps, replace(ANY, array=Array(max_items=len(items) - 1)), begin, True)


def _decides(text: bytes, one: JsonValue) -> bool:
    """Whether it is a scalar, or holds nothing."""
    return one.is_scalar or not text[one.begin + 1 : one.end - 1].strip()


def _otherwise(text: bytes, one: JsonValue, depends: bool) -> list[Exclusion]:
    value: Any = json.loads(text[one.begin : one.end], parse_float=Decimal)
    if value == []:
        other: Node = replace(ANY, array=Array(min_items=1))
    elif value == {}:
        other = replace(ANY, object=Object(min_properties=1))
    else:
        other = negate(constants([value], "$"))
    return _forms(one.steps, other, one.begin, depends)


def _forms(steps: Sequence[int | str], node: Node, begin: int, depends: bool) -> list[Exclusion]:
    members = (_property, _pattern) if any(isinstance(step, str) for step in steps) else (_property,)
    return [Exclusion(_at(steps, node, member), begin, depends) for member in members]


def _at(steps: Sequence[int | str], node: Node, member: Callable[[str, Node], Object]) -> Node:
    """Whatever has, where there is such a place, a value there that satisfies the node."""
    for step in reversed(steps):
        if isinstance(step, int):
            node = replace(ANY, array=Array(prefix=(*[ANY] * step, node)))
        else:
            node = replace(ANY, object=member(step, node))
    return node


def _property(key: str, node: Node) -> Object:
    return Object(properties=((key, node),))


def _pattern(key: str, node: Node) -> Object:
    return Object(patterns=((Literal(key), node),))


def without(schema: Schema, excluded: Sequence[Exclusion]) -> Schema:
    """The schema of the values that remain."""
    return replace(schema, root=all_of([schema.root, *(one.node for one in excluded)]))
