"""Objects: models, dataclasses, TypedDicts, dicts, and the arguments of functions.

Keys are the aliases by which Pydantic validates, in declared order. Keys that `extra="ignore"` would drop are not
offered: they could not come back out of the object. Where extras are allowed, every other way to a declared field
(its name, its further aliases) is refused as an extra, because Pydantic would read it as that field.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from typeloom.errors import SchemaError
from typeloom.schema import standard_types
from typeloom.schema.keys import key_string
from typeloom.schema.leaf import Core, Omitted, Site, lengths
from typeloom.schema.node import NEVER, Array, Node, Object, Shape
from typeloom.schema.shapes import checked_text, open_node

if TYPE_CHECKING:
    from typeloom.schema.core_schema import Reader


def read_dict(reader: Reader, core: Core, site: Site) -> Node:
    least, most = lengths(core, site.path)
    if core["type"] == "counter":
        default_values: Core = {"type": "int"}
    else:
        default_values = {"type": "any"}
    names, remarks = key_string(reader, core.get("keys_schema", {"type": "any"}), site, least)
    reader.exact(site, core["type"])
    for remark in remarks:
        reader.remark(site, remark, "keys")
    values = reader.attempt(core.get("values_schema", default_values), site.value())
    return Shape(object=Object(additional=open_node(values), names=names, min_properties=least, max_properties=most))


@dataclass(frozen=True, slots=True)
class Field:
    """A declared field: the Python name, the core schema, the alias as Pydantic keeps it."""

    name: str
    core: Core
    required: bool
    alias: Any = None
    init: bool = True


def declared(core: Core) -> Iterator[Field]:
    fields = core["fields"]
    if core["type"] == "dataclass-args":
        for field in fields:
            schema = field["schema"]
            yield Field(
                field["name"],
                schema,
                schema["type"] != "default",
                field.get("validation_alias"),
                field.get("init", True),
            )
    elif core["type"] == "typed-dict":
        total = core.get("total", True)
        for name, field in fields.items():
            yield Field(name, field["schema"], field.get("required", total), field.get("validation_alias"))
    else:
        for name, field in fields.items():
            schema = field["schema"]
            yield Field(name, schema, schema["type"] != "default", field.get("validation_alias"))


def json_key(alias: Any, name: str, config: Core) -> tuple[str | None, tuple[str, ...]]:
    """The JSON key of a field, and the other keys that Pydantic would take for it; None if only paths lead there."""
    by_alias, by_name = config.get("validate_by_alias", True), config.get("validate_by_name", False)
    if alias is None:
        return name, ()
    if isinstance(alias, str):
        names, starts = [alias], []
    else:
        paths = alias if alias and isinstance(alias[0], list) else [alias]
        names = [path[0] for path in paths if len(path) == 1 and isinstance(path[0], str)]
        starts = [path[0] for path in paths if len(path) > 1 and isinstance(path[0], str)]
    ways = [*(names if by_alias is not False else ()), *((name,) if by_name or by_alias is False else ())]
    others = (*ways[1:], *(starts if by_alias is not False else ()))
    return (ways[0] if ways else None), others


def read_fields(reader: Reader, core: Core, site: Site) -> Node:
    """A model's fields, a TypedDict or a dataclass's arguments: one object, keys in declared order."""
    if core["type"] == "typed-dict":
        site = Site(site.path, core.get("config", site.config))
        reader.exact(site, getattr(core.get("cls"), "__name__", "TypedDict"))
    properties: list[tuple[str, Node]] = []
    required: set[str] = set()
    others: list[str] = []
    for field in declared(core):
        key, alternatives = json_key(field.alias, field.name, site.config)
        others.extend(alternatives)
        if not field.init:
            others.append(field.name)
            continue
        if key is None:
            reason = "AliasPath reaches into another key: add an AliasChoices with a plain alias, or populate_by_name"
            if field.required:
                error = SchemaError(
                    f"expected an alias that is one key, got {field.alias!r}; {reason}",
                    path=site.field(field.name).path,
                )
                properties.append((field.name, reader.refuse(error)))
            else:
                reader.ignored(site.field(field.name), "alias", f"the field keeps its default: {reason}")
            continue
        try:
            node = reader.attempt(field.core, site.field(key))
        except Omitted:
            if field.required:
                raise
            reader.ignored(
                site.field(key), "SkipJsonSchema", "the field keeps its default: its type asks to be left out"
            )
            others.append(key)
            continue
        properties.append((checked_text(key, site.path), node))
        if field.required:
            required.add(key)
    additional: Node | None = NEVER
    names = None
    if core.get("extra_behavior", site.config.get("extra_fields_behavior")) == "allow":
        extras = core.get("extras_schema")
        additional = None if extras is None else open_node(reader.attempt(extras, site.value()))
        if "extras_keys_schema" in core:
            names, remarks = key_string(reader, core["extras_keys_schema"], site, 0)
            for remark in remarks:
                reader.remark(site, remark, "keys")
        taken = {key for key, _ in properties}
        # An extra key that is another way to a field would be read as that field, not as an extra.
        properties.extend((other, NEVER) for other in dict.fromkeys(others) if other not in taken)
    return Shape(object=Object(tuple(properties), frozenset(required), additional=additional, names=names))


def read_model(reader: Reader, core: Core, site: Site) -> Node:
    cls = core["cls"]
    site = Site(site.path, core.get("config", {}))
    reader.exact(site, cls.__name__)
    if core.get("custom_init"):
        reader.wider(site, f"{cls.__name__}.__init__", "runs after decoding and may refuse")
    if core.get("post_init") and standard_types.is_users_post_init(cls):
        reader.wider(site, f"{cls.__name__}.{core['post_init']}", "runs after decoding and may refuse")
    if (cls.model_config if hasattr(cls, "model_config") else {}).get("json_schema_extra"):
        reader.ignored(site, "json_schema_extra", "documentation: Pydantic does not enforce it")
    return reader.read(core["schema"], site)


def read_dataclass(reader: Reader, core: Core, site: Site) -> Node:
    cls = core["cls"]
    site = Site(site.path, core.get("config", {}))
    reader.exact(site, cls.__name__)
    if core.get("post_init"):
        reader.wider(site, f"{cls.__name__}.__post_init__", "runs after decoding and may refuse")
    return reader.read(core["schema"], site)


def read_arguments(reader: Reader, core: Core, site: Site) -> Node:
    """A function's arguments: an object by keyword; an array if all are positional only."""
    parameters = core["arguments_schema"]
    positional = [p for p in parameters if p.get("mode") == "positional_only"]
    if core.get("var_args_schema"):
        reader.ignored(site, "*args", "positional extras have no key and are not offered")
    if positional:
        if len(positional) < len(parameters):
            raise SchemaError(
                "expected arguments that all have a keyword, got positional-only ones among them: drop the '/'",
                path=site.path,
            )
        reader.exact(site, "arguments")
        items = tuple(reader.attempt(p["schema"], site.item(i)) for i, p in enumerate(positional))
        least = sum(p["schema"]["type"] != "default" for p in positional)
        return Shape(array=Array(items, NEVER, least, len(items)))
    reader.exact(site, "arguments")
    properties: list[tuple[str, Node]] = []
    required: set[str] = set()
    config = {key: core[key] for key in ("validate_by_name", "validate_by_alias") if key in core}
    for parameter in parameters:
        key = json_key(parameter.get("alias"), parameter["name"], {**site.config, **config})[0] or parameter["name"]
        properties.append((key, reader.attempt(parameter["schema"], site.field(key))))
        if parameter["schema"]["type"] != "default":
            required.add(key)
    additional: Node | None = NEVER
    extras = core.get("var_kwargs_schema")
    if extras is not None:
        if core.get("var_kwargs_mode", "uniform") == "uniform":
            additional = open_node(reader.attempt(extras, site.value()))
        else:
            reader.ignored(site, "**kwargs", "the keys of an unpacked TypedDict are not offered")
    return Shape(object=Object(tuple(properties), frozenset(required), additional=additional))


def read_call(reader: Reader, core: Core, site: Site) -> Node:
    return reader.read(core["arguments_schema"], site)
