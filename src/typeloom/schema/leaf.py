"""What reading one part of a type needs to say: where it stands, what Node came of it, what must be said beside it.

A `Leaf` is a scalar type read whole. Its remarks become Notes at the path where it was met; a Leaf without a remark
that says "wider" is exact. `Site` carries the path and the Pydantic configuration that holds there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from typeloom.errors import SchemaError
from typeloom.regex import formats
from typeloom.regex.expr import Conjoin, Expr
from typeloom.schema.node import Coverage, Node, Shape, String

Core = Mapping[str, Any]  # a core schema: the dictionaries that `pydantic_core.core_schema` documents


class NotJson(SchemaError):
    """A type that no JSON text can give: a callable, a class, an instance of an arbitrary class."""


class Omitted(SchemaError):
    """A type that asks to be left out of the JSON Schema (`SkipJsonSchema`)."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where the walk stands: the path, and the configuration that holds there."""

    path: str
    config: Core = field(default_factory=dict)

    def field(self, name: str) -> Site:
        step = f".{name}" if name.isidentifier() else f'["{name}"]'
        return Site(self.path + step, self.config)

    def item(self, index: int | str) -> Site:
        return Site(f"{self.path}[{index}]", self.config)

    def value(self) -> Site:
        return Site(f"{self.path}.*", self.config)


@dataclass(frozen=True, slots=True)
class Remark:
    """What a Leaf does not hold exactly: the keyword, how it is covered, why."""

    subject: str
    coverage: Coverage
    reason: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar type read: its Node, the name it goes by in `check`, and what must be said about it."""

    node: Node
    subject: str
    remarks: tuple[Remark, ...] = ()
    reason: str = ""  # said beside "exact"


def wider(subject: str, reason: str) -> Remark:
    return Remark(subject, Coverage.WIDER, reason)


def text(string: String, subject: str, *remarks: Remark, reason: str = "") -> Leaf:
    return Leaf(Shape(string=string), subject, remarks, reason)


def formatted(name: str, subject: str, *remarks: Remark, also: Expr | None = None) -> Leaf:
    """Texts of a named format; wider where the format itself is."""
    expression = formats.language(name)
    if name in formats.WIDER:
        remarks = (wider(name, formats.WIDER[name]), *remarks)
    if expression is None:
        return text(String(), subject, wider(name, "the format has no language yet"), *remarks)
    if also is not None:
        expression = Conjoin((expression, also))
    return text(String(language=expression), subject, *remarks)


def said(core: Core) -> str:
    return ", ".join(
        f"{key}={core[key]}" for key in ("ge", "gt", "le", "lt", "multiple_of") if core.get(key) is not None
    )


def lengths(core: Core, path: str, config: Core | None = None) -> tuple[int, int | None]:
    """min_length and max_length, from the schema or else the configuration; SchemaError if nothing is so long."""
    config = config or {}
    least = core.get("min_length", config.get("str_min_length")) or 0
    most = core.get("max_length", config.get("str_max_length"))
    if most is not None and least > most:
        raise SchemaError(f"expected min_length <= max_length, got min_length={least}, max_length={most}", path=path)
    return least, most
