"""Subschemas that have a name, what they weigh, and the check that none of them refers to itself for nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from typeloom.errors import SchemaError
from typeloom.schema.node import AllOf, AnyOf, Node, Not, OneOf, Ref, Shape
from typeloom.schema.references import Scope


@dataclass(slots=True, eq=False)
class Definition:
    """A subschema that has a name: queued, being read, or read (`node`)."""

    name: str
    schema: Any
    scope: Scope
    path: tuple[str, ...]
    depth: int = 0
    started: bool = False
    referenced: bool = False
    node: Node | None = None
    weight: int = -1
    ref: Ref = field(init=False)

    def __post_init__(self) -> None:
        self.ref = Ref(self.name)


def weight(node: Node, most: int) -> int:
    """How many Nodes hang together in `node`, Refs not followed; stops counting at `most`."""
    count = 0
    stack: list[Node] = [node]
    while stack and count < most:
        part = stack.pop()
        count += 1
        match part:
            case AllOf(parts) | AnyOf(parts) | OneOf(parts):
                stack.extend(parts)
            case Not(inner):
                stack.append(inner)
            case Shape(array=array, object=value):
                if array is not None:
                    stack.extend(array.prefix)
                    stack.extend(demand.node for demand in array.contains)
                    if array.items is not None:
                        stack.append(array.items)
                if value is not None:
                    stack.extend(entry[1] for entry in value.properties)
                    stack.extend(inner for _, inner in value.patterns)
                    if value.additional is not None:
                        stack.append(value.additional)
    return count


def refuse_loops(definitions: Mapping[str, Node], place: Callable[[str], str]) -> None:
    """SchemaError when a definition leads back to itself without a step into an array or object; `place` says where."""
    direct = {name: _direct(node) for name, node in definitions.items() if type(node) is not Shape}
    done: set[str] = set()
    for start in direct:
        trail: list[tuple[str, list[str]]] = [(start, list(direct[start]))]
        on_trail = {start}
        while trail:
            name, ahead = trail[-1]
            if not ahead:
                trail.pop()
                on_trail.discard(name)
                done.add(name)
                continue
            step = ahead.pop()
            if step in on_trail:
                raise SchemaError(f"$ref: {step!r} refers to itself without a step into an array or object, so it says "
                                  "nothing; give it a type or drop it", path=place(step))  # fmt: skip
            if step not in done and step in direct:
                trail.append((step, list(direct[step])))
                on_trail.add(step)


def _direct(node: Node) -> list[str]:
    found: list[str] = []
    stack = [node]
    while stack:
        part = stack.pop()
        match part:
            case Ref(name):
                found.append(name)
            case AllOf(parts) | AnyOf(parts) | OneOf(parts):
                stack.extend(parts)
            case Not(inner):
                stack.append(inner)
    return found
