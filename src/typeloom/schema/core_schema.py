"""Pydantic's core schema read into Nodes: models, containers, unions, references.

Theory of operation. Pydantic compiles every type into a *core schema*, a tree of dictionaries that
`pydantic_core.core_schema` documents and `TypeAdapter.core_schema` hands out; its validator is built from that tree and
nothing else. So that tree, not the JSON Schema printed from it, says what `validate_json` accepts: there a `Decimal`
keeps its bounds, a `dict[int, ...]` its keys, a discriminator its demand that the tag be present. One walk turns it into
Nodes; scalars are read by `scalars`, the functions that Pydantic itself puts around its types by `standard_types`, and a
JSON Schema that a type brings along (`__get_pydantic_json_schema__`, `WithJsonSchema`) by Pydantic's own generator and
`json_schema`.

Invariants: every field yields a Note, also the exact ones; definitions are read from a work list, never recursively, so
depth is bounded by the nesting of one definition; a schema kind that is not known is refused, never skipped.

Chosen readings: keys are the aliases by which Pydantic validates. Keys that `extra="ignore"` would drop are not offered:
they could not come back out of the object. A tuple class is an array, as it dumps.
"""

from __future__ import annotations

import collections.abc
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from typeloom.errors import LimitError, SchemaError
from typeloom.schema import standard_types
from typeloom.schema.keys import key_string
from typeloom.schema.node import ANY, NEVER, AllOf, Array, Coverage, Node, Note, Object, Ref, Schema, Shape
from typeloom.schema.scalars import SCALARS, Core, Leaf, Remark, lengths
from typeloom.schema.shapes import SCALAR, Finite, any_of, checked_text, constants, loops

MAX_DEPTH = 200  # each takes up to three Python frames of the thousand
NOTHING: Core = {}


class NotJson(SchemaError):
    """A type that no JSON text can give: a callable, a class, an instance of an arbitrary class."""


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
class Pending:
    """A definition still to be read; `tag` narrows an object to some values of its discriminator."""

    name: str
    core: Core
    site: Site
    tag: tuple[str, tuple[Any, ...]] | None = None


def raises(error: SchemaError) -> Node:
    """The policy of `read_type`: a field that cannot be read refuses the type."""
    raise error


class Reader:
    """One walk over one core schema. `refuse` decides what becomes of a field that cannot be read."""

    def __init__(self, refuse: Callable[[SchemaError], Node] = raises) -> None:
        self.refuse = refuse
        self.notes: list[Note] = []
        self.cores: dict[str, Core] = {}
        self.nodes: dict[str, Node] = {}
        self._names: dict[str, str] = {}
        self._pending: list[Pending] = []
        self._depth = 0

    def schema(self, core: Core) -> Schema:
        """The whole schema. Raises SchemaError for a type that is refused or that holds no finite value."""
        root = self.attempt(core, Site("$"))
        while self._pending:
            work = self._pending.pop()
            node = self.attempt(work.core, work.site)
            self.nodes[work.name] = node if work.tag is None else narrowed(node, work.tag[0], work.tag[1], work.site.path)
        loop = loops(self.nodes)
        if loop is not None:
            raise SchemaError(f"expected a type that leads somewhere, got {loop}, which is defined as itself")
        if self.nodes and not Finite(self.nodes).settle().holds(root):
            names = ", ".join(sorted(self.nodes))
            raise SchemaError(f"expected a type with a finite value; {names} always needs another of itself: make a field optional")
        return Schema(root, self.nodes, tuple(self.notes))

    def attempt(self, core: Core, site: Site) -> Node:
        """Reads; what cannot be read goes to `refuse`."""
        try:
            return self.read(core, site)
        except SchemaError as error:
            return self.refuse(error)

    def read(self, core: Core, site: Site) -> Node:
        """The Node of one core schema. Raises SchemaError with the path; LimitError past `MAX_DEPTH` nested types."""
        self._depth += 1
        try:
            if self._depth > MAX_DEPTH:
                raise LimitError(f"expected at most {MAX_DEPTH} nested types, got more (at {site.path[:200]})", limit="depth", value=self._depth)
            metadata = core.get("metadata")
            if metadata:
                special = standard_types.read_metadata(self, core, metadata, site)
                if special is not None:
                    return special
            kind = core["type"]
            scalar = SCALARS.get(kind)
            if scalar is not None:
                return self.leaf(scalar(core, site.config, site.path), site)
            structure = STRUCTURES.get(kind)
            if structure is None:
                raise SchemaError(f"expected a type that typeloom knows, got the core schema {kind!r}", path=site.path)
            return structure(self, core, site)
        finally:
            self._depth -= 1

    def leaf(self, leaf: Leaf, site: Site) -> Node:
        """Notes what a Leaf says, and gives its Node."""
        if not any(remark.coverage is Coverage.WIDER for remark in leaf.remarks):
            self.notes.append(Note(site.path, leaf.subject, Coverage.EXACT, leaf.reason))
        for remark in leaf.remarks:
            self.remark(site, remark, leaf.subject)
        return leaf.node

    def remark(self, site: Site, remark: Remark, subject: str = "") -> None:
        name = f"{subject} {remark.subject}" if subject and remark.subject != subject else remark.subject
        self.notes.append(Note(site.path, name, remark.coverage, remark.reason))

    def exact(self, site: Site, subject: str, reason: str = "") -> None:
        self.notes.append(Note(site.path, subject, Coverage.EXACT, reason))

    def wider(self, site: Site, subject: str, reason: str) -> None:
        self.notes.append(Note(site.path, subject, Coverage.WIDER, reason))

    def ignored(self, site: Site, subject: str, reason: str) -> None:
        self.notes.append(Note(site.path, subject, Coverage.IGNORED, reason))

    def define(self, key: str, title: str, core: Core, site: Site, tag: tuple[str, tuple[Any, ...]] | None = None) -> Ref:
        """A Ref to the definition that `key` stands for, put on the work list when first met."""
        name = self._names.get(key)
        if name is None:
            name, count = title, 1
            while name in self.nodes:
                count += 1
                name = f"{title}_{count}"
            self._names[key] = name
            self.nodes[name] = NEVER  # holds the name, and the order in which definitions were met
            self._pending.append(Pending(name, core, site, tag))
        return Ref(name)

    def resolved(self, core: Core) -> Core:
        """`core` with references followed; bounded, as a reference may not lead to itself."""
        for _ in range(len(self.cores) + 1):
            if core["type"] == "definitions":
                self.learn(core)
                core = core["schema"]
            elif core["type"] == "definition-ref":
                core = self.cores[core["schema_ref"]]
            else:
                return core
        return core

    def learn(self, core: Core) -> None:
        for definition in core["definitions"]:
            self.cores[definition["ref"]] = definition


def short_name(ref: str) -> str:
    """`package.module.Outer.Inner:94074[...]` -> `Inner`."""
    name = ref.split(":", 1)[0].rsplit(".", 1)[-1]
    return re.sub(r"\W", "_", name) or "Definition"


def open_node(node: Node) -> Node | None:
    """None, the spelling of "any value", where a Node allows all."""
    return None if node == ANY else node


def narrowed(node: Node, key: str, tags: tuple[Any, ...], path: str) -> Node:
    """The objects of `node` that have one of `tags` under `key`."""
    choice = constants(tags, path)
    if isinstance(node, Shape) and node.object is not None and any(name == key for name, _ in node.object.properties):
        shape = node.object
        properties = tuple((name, choice if name == key else value) for name, value in shape.properties)
        return Shape(object=replace(shape, properties=properties, required=shape.required | {key}))
    return AllOf((node, Shape(object=Object(properties=((key, choice),), required=frozenset((key,))))))


# References and wrappers


def read_definitions(reader: Reader, core: Core, site: Site) -> Node:
    reader.learn(core)
    return reader.read(core["schema"], site)


def read_reference(reader: Reader, core: Core, site: Site) -> Node:
    ref = core["schema_ref"]
    if ref not in reader.cores:
        raise SchemaError(f"expected a complete type, got a reference to {short_name(ref)}, which is not defined: call model_rebuild()", path=site.path)
    return reader.define(ref, short_name(ref), reader.cores[ref], site)


def read_inner(reader: Reader, core: Core, site: Site) -> Node:
    return reader.read(core["schema"], site)


def read_nullable(reader: Reader, core: Core, site: Site) -> Node:
    return any_of((reader.read(core["schema"], site), Shape(null=True)))


def read_json_or_python(reader: Reader, core: Core, site: Site) -> Node:
    return reader.read(core["json_schema"], site)


def read_lax_or_strict(reader: Reader, core: Core, site: Site) -> Node:
    strict = core.get("strict", site.config.get("strict", False))
    return reader.read(core["strict_schema" if strict else "lax_schema"], site)


def read_chain(reader: Reader, core: Core, site: Site) -> Node:
    """The first step reads the JSON; of the rest only what is known never to refuse goes without a word."""
    first, *later = core["steps"]
    node = reader.read(first, site)
    for step in later:
        if step["type"] == "is-instance" and step["cls"] is collections.abc.Hashable:
            node = SCALAR if node == ANY else node
        elif not standard_types.is_transparent(step):
            reader.wider(site, f"step {step['type']}", "the later steps of the chain are validated after decoding")
    return node


def refuse_kind(reader: Reader, core: Core, site: Site) -> Node:
    """Types that only Python values have."""
    cls = core.get("cls")
    if isinstance(cls, type) and issubclass(cls, Enum):
        raise SchemaError(f"expected an Enum with members, got {cls.__name__} with none", path=site.path)
    subject = {"is-instance": "an instance of ", "is-subclass": "a subclass of "}.get(core["type"], f"a {core['type']} ")
    what = subject + getattr(cls, "__name__", str(cls)) if cls is not None else subject.strip()
    raise NotJson(f"expected a type that JSON can write, got {what}; give it a JSON form with pydantic.PlainValidator and WithJsonSchema", path=site.path)


# Unions


def read_union(reader: Reader, core: Core, site: Site) -> Node:
    """Pydantic takes what any member takes, smart or left to right, so the union is exact."""
    nodes: list[Node] = []
    refused: list[SchemaError] = []
    for choice in core["choices"]:
        member = choice[0] if isinstance(choice, tuple) else choice
        try:
            nodes.append(reader.read(member, site))
        except (NotJson, standard_types.Omitted) as error:
            refused.append(error)
            if isinstance(error, NotJson):
                reader.ignored(site, member["type"], "this member of the union comes from no JSON text and is not offered")
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
    for _ in range(MAX_DEPTH):
        core = reader.resolved(core)
        if "config" in core or core["type"] in ("model", "dataclass"):
            config = core.get("config", NOTHING)
        if core["type"] in ("model-fields", "typed-dict", "dataclass-args"):
            return list(_declared(core)), config
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
    keys = [_key(field.alias, field.name, config)[0] for field in fields]
    return next((name for name in names if name in keys), names[0])


def _demands(reader: Reader, choice: Core, key: str, site: Site) -> bool:
    """Whether the choice itself requires `key`, so that nothing has to be added."""
    fields, config = _fields(reader, choice, site)
    return any(field.required and _key(field.alias, field.name, config)[0] == key for field in fields)


# Arrays


def read_list(reader: Reader, core: Core, site: Site) -> Node:
    least, most = lengths(core, site.path)
    reader.exact(site, core["type"])
    items = reader.attempt(core["items_schema"], site.item("*")) if "items_schema" in core else ANY
    return Shape(array=Array(items=open_node(items), min_items=least, max_items=most))


def read_set(reader: Reader, core: Core, site: Site) -> Node:
    """Unique items: a set dumps each once. Items that Python cannot hash are refused, as Pydantic would."""
    least, most = lengths(core, site.path)
    item = core.get("items_schema", {"type": "any"})
    if not hashable(reader, item):
        raise SchemaError(f"expected hashable items in a {core['type']}, got {item['type']}: use list, or a frozen model", path=site.path)
    reader.exact(site, core["type"])
    node = reader.attempt(item, site.item("*"))
    if node == ANY:
        node = SCALAR
    if least > 1 and not _one_text_each(node):
        reader.wider(site, "min_length", "two texts may be one item; Pydantic counts after folding them")
    return Shape(array=Array(items=node, min_items=least, max_items=most, unique=True))


def _one_text_each(node: Node) -> bool:
    """Whether different JSON values are different Python values: whole numbers, booleans, plain strings, null."""
    return (
        isinstance(node, Shape)
        and (node.string is None or node.string.language is None or node.number is None)
        and not (node.booleans and node.number)
        and (node.number is None or node.number.integer)
        and node.array is None
        and node.object is None
    )


def hashable(reader: Reader, core: Core) -> bool:
    """Whether the Python values of a core schema can be hashed, as far as the schema tells."""
    core = reader.resolved(core)
    kind = core["type"]
    if kind in ("list", "set", "dict", "deque", "typed-dict", "ordered-dict", "counter"):
        return False
    if kind in ("model", "dataclass"):
        return getattr(core["cls"], "__hash__", None) is not None
    if kind == "tuple":
        return all(hashable(reader, item) for item in core["items_schema"])
    if kind == "named-tuple":
        return all(hashable(reader, field["schema"]) for field in core["fields"])
    if kind in ("nullable", "default", "function-before"):
        return hashable(reader, core["schema"])
    if kind == "union":
        return all(hashable(reader, choice[0] if isinstance(choice, tuple) else choice) for choice in core["choices"])
    return True


def read_tuple(reader: Reader, core: Core, site: Site) -> Node:
    cores = core["items_schema"]
    variadic = core.get("variadic_item_index")
    reader.exact(site, "tuple")
    items = [reader.attempt(item, site.item("*" if i == variadic else i)) for i, item in enumerate(cores)]
    least, most = lengths(core, site.path)
    if variadic is None:
        if not least <= len(items) <= (len(items) if most is None else most):
            raise SchemaError(f"expected a length of {len(items)}, got min_length={least}, max_length={most}", path=site.path)
        return Shape(array=Array(tuple(items), NEVER, len(items), len(items)))
    prefix, repeated, suffix = items[:variadic], items[variadic], items[variadic + 1 :]
    if suffix:
        reader.wider(site, "tuple", "items after the repeated part are matched from the end after decoding")
        repeated = any_of((repeated, *suffix))
    return Shape(array=Array(tuple(prefix), open_node(repeated), max(least, len(items) - 1), most))


def read_named_tuple(reader: Reader, core: Core, site: Site) -> Node:
    reader.exact(site, core["cls"].__name__)
    fields = core["fields"]
    items = tuple(reader.attempt(field["schema"], site.item(i)) for i, field in enumerate(fields))
    least = max((i + 1 for i, field in enumerate(fields) if field["schema"]["type"] != "default"), default=0)
    return Shape(array=Array(items, NEVER, least, len(items)))


# Objects


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


def _declared(core: Core) -> Iterator[Field]:
    fields = core["fields"]
    if core["type"] == "dataclass-args":
        for field in fields:
            schema = field["schema"]
            yield Field(field["name"], schema, schema["type"] != "default", field.get("validation_alias"), field.get("init", True))
    elif core["type"] == "typed-dict":
        total = core.get("total", True)
        for name, field in fields.items():
            yield Field(name, field["schema"], field.get("required", total), field.get("validation_alias"))
    else:
        for name, field in fields.items():
            schema = field["schema"]
            yield Field(name, schema, schema["type"] != "default", field.get("validation_alias"))


def _key(alias: Any, name: str, config: Core) -> tuple[str | None, tuple[str, ...]]:
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
    for field in _declared(core):
        key, alternatives = _key(field.alias, field.name, site.config)
        others.extend(alternatives)
        if not field.init:
            others.append(field.name)
            continue
        if key is None:
            reason = "AliasPath reaches into another key: add an AliasChoices with a plain alias, or populate_by_name"
            if field.required:
                error = SchemaError(f"expected an alias that is one key, got {field.alias!r}; {reason}", path=site.field(field.name).path)
                properties.append((field.name, reader.refuse(error)))
            else:
                reader.ignored(site.field(field.name), "alias", f"the field keeps its default: {reason}")
            continue
        try:
            node = reader.attempt(field.core, site.field(key))
        except standard_types.Omitted:
            if field.required:
                raise
            reader.ignored(site.field(key), "SkipJsonSchema", "the field keeps its default: its type asks to be left out")
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
    site = Site(site.path, core.get("config", NOTHING))
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
    site = Site(site.path, core.get("config", NOTHING))
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
            raise SchemaError("expected arguments that all have a keyword, got positional-only ones among them: drop the '/'", path=site.path)
        reader.exact(site, "arguments")
        items = tuple(reader.attempt(p["schema"], site.item(i)) for i, p in enumerate(positional))
        least = sum(p["schema"]["type"] != "default" for p in positional)
        return Shape(array=Array(items, NEVER, least, len(items)))
    reader.exact(site, "arguments")
    properties: list[tuple[str, Node]] = []
    required: set[str] = set()
    config = {key: core[key] for key in ("validate_by_name", "validate_by_alias") if key in core}
    for parameter in parameters:
        key = _key(parameter.get("alias"), parameter["name"], {**site.config, **config})[0] or parameter["name"]
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


STRUCTURES: Mapping[str, Callable[[Reader, Core, Site], Node]] = {
    "definitions": read_definitions,
    "definition-ref": read_reference,
    "default": read_inner,
    "custom-error": read_inner,
    "nullable": read_nullable,
    "json-or-python": read_json_or_python,
    "lax-or-strict": read_lax_or_strict,
    "chain": read_chain,
    "union": read_union,
    "tagged-union": read_tagged_union,
    "list": read_list,
    "deque": read_list,
    "generator": read_list,
    "set": read_set,
    "frozenset": read_set,
    "tuple": read_tuple,
    "named-tuple": read_named_tuple,
    "dict": read_dict,
    "frozendict": read_dict,
    "ordered-dict": read_dict,
    "counter": read_dict,
    "typed-dict": read_fields,
    "model-fields": read_fields,
    "dataclass-args": read_fields,
    "model": read_model,
    "dataclass": read_dataclass,
    "arguments": read_arguments,
    "call": read_call,
    "is-instance": refuse_kind,
    "is-subclass": refuse_kind,
    "callable": refuse_kind,
    "ellipsis": refuse_kind,
    "invalid": refuse_kind,
    "missing-sentinel": refuse_kind,
    "function-after": standard_types.read_function,
    "function-before": standard_types.read_function,
    "function-wrap": standard_types.read_function,
    "function-plain": standard_types.read_function,
}
