"""Unions: Pydantic takes what any member takes, smart or left to right, so a union is exact; tags are demanded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING, Any

from typeloom.errors import SchemaError
from typeloom.schema.leaf import Core, NotJson, Omitted, Site
from typeloom.schema.node import AllOf, Node, Object, Shape
from typeloom.schema.object_types import Field, declared, json_key
from typeloom.schema.shapes import any_of, constants

if TYPE_CHECKING:
    from typeloom.schema.core_schema import Reader

MAX_WRAPPERS = 100


def read_union(reader: Reader, core: Core, site: Site) -> Node:
    """Pydantic takes what any member takes, smart or left to right, so the union is exact."""
    nodes: list[Node] = []
    refused: list[SchemaError] = []
    for choice in core["choices"]:
        member = choice[0] if isinstance(choice, tuple) else choice
        try:
            nodes.append(reader.read(member, site))
        except (NotJson, Omitted) as error:
            refused.append(error)
            if isinstance(error, NotJson):
                reader.ignored(
                    site, member["type"], "this member of the union comes from no JSON text and is not offered"
                )
    if not nodes and refused:
        raise refused[0]
    return any_of(nodes)


def read_tagged_union(reader: Reader, core: Core, site: Site) -> Node:
    """Each choice with its tag demanded: Pydantic refuses an object without it, even where the field has a default."""
    discriminator = core["discriminator"]
    if callable(discriminator):
        name = getattr(discriminator, "__name__", "discriminator")
        reader.wider(site, "Discriminator", f"{name} chooses the member after decoding")
        return any_of([reader.read(choice, site) for choice in _distinct(core["choices"].values())])
    tags: dict[int, list[Any]] = {}
    choices: dict[int, Core] = {}
    known: dict[str, int] = {}
    for tag, choice in core["choices"].items():
        while isinstance(choice, (str, int, Enum)):  # another tag's choice
            choice = core["choices"][choice]
        group = known.setdefault(choice.get("schema_ref", str(id(choice))), id(choice))
        choices.setdefault(group, choice)
        value = tag.value if isinstance(tag, Enum) else tag
        if value not in tags.setdefault(group, []):
            tags[group].append(value)
    nodes = []
    for group, choice in choices.items():
        key = _discriminator_key(reader, discriminator, choice, site)
        values = tuple(tags[group])
        ref = choice.get("schema_ref") if choice["type"] == "definition-ref" else None
        if ref is None or ref not in reader.cores:
            nodes.append(narrowed(reader.read(choice, site), key, values, site.path))
        elif _demands(reader, choice, key, site):
            nodes.append(reader.read(choice, site))
        else:
            title = short_name(ref)
            nodes.append(reader.define(f"{ref}|{key}|{values!r}", title, reader.cores[ref], site, (key, values)))
    return any_of(nodes)


def _distinct(choices: Iterable[Any]) -> list[Core]:
    return list({id(choice): choice for choice in choices if isinstance(choice, Mapping)}.values())


def _fields(reader: Reader, core: Core, site: Site) -> tuple[list[Field], Core]:
    """The fields of a model, dataclass or TypedDict under its wrappers, and the configuration they are read with."""
    config = site.config
    for _ in range(MAX_WRAPPERS):
        core = reader.resolved(core)
        if "config" in core or core["type"] in ("model", "dataclass"):
            config = core.get("config", {})
        if core["type"] in ("model-fields", "typed-dict", "dataclass-args"):
            return list(declared(core)), config
        if "schema" not in core:
            break
        core = core["schema"]
    return [], config


def _discriminator_key(reader: Reader, discriminator: Any, choice: Core, site: Site) -> str:
    """The JSON key of the tag: the discriminator, or that one of its paths which the choice declares."""
    if isinstance(discriminator, str):
        return discriminator
    paths = discriminator if discriminator and isinstance(discriminator[0], list) else [discriminator]
    names = [path[0] for path in paths if len(path) == 1 and isinstance(path[0], str)]
    if not names:
        raise SchemaError(f"expected a discriminator that is one key, got the path {discriminator!r}", path=site.path)
    fields, config = _fields(reader, choice, site)
    keys = [json_key(field.alias, field.name, config)[0] for field in fields]
    return next((name for name in names if name in keys), names[0])


def _demands(reader: Reader, choice: Core, key: str, site: Site) -> bool:
    """Whether the choice itself requires `key`, so that nothing has to be added."""
    fields, config = _fields(reader, choice, site)
    return any(field.required and json_key(field.alias, field.name, config)[0] == key for field in fields)


def narrowed(node: Node, key: str, tags: tuple[Any, ...], path: str) -> Node:
    """The objects of `node` that have one of `tags` under `key`."""
    choice = constants(tags, path)
    if isinstance(node, Shape) and node.object is not None and any(name == key for name, _ in node.object.properties):
        shape = node.object
        properties = tuple((name, choice if name == key else value) for name, value in shape.properties)
        return Shape(object=replace(shape, properties=properties, required=shape.required | {key}))
    return AllOf((node, Shape(object=Object(properties=((key, choice),), required=frozenset((key,))))))


def short_name(ref: str) -> str:
    """`package.module.Outer.Inner:94074[...]` -> `Inner`."""
    name = ref.split(":", 1)[0].rsplit(".", 1)[-1]
    return re.sub(r"\W", "_", name) or "Definition"
