"""Pydantic's core schema read into Nodes: the walk, its references and its wrappers.

Theory of operation. Pydantic compiles every type into a *core schema*, a tree of dictionaries that
`pydantic_core.core_schema` documents and `TypeAdapter.core_schema` hands out; its validator is built from that tree
and nothing else. So that tree, not the JSON Schema printed from it, says what `validate_json` accepts: there a
`Decimal` keeps its bounds, a `dict[int, ...]` its keys, a discriminator its demand that the tag be present. One walk
turns it into Nodes: scalars are read by `scalars`, structures by `array_types`, `object_types` and `union_types`, the
functions that Pydantic itself puts around its types by `standard_types`, a JSON Schema that a type brings along by
`own_json_schema`.

Invariants: every field yields a Note, also the exact ones; definitions are read from a work list, never recursively,
so depth is bounded by the nesting of one definition; a kind of schema that is not known is refused, never skipped.
"""

from __future__ import annotations

import collections.abc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from typeloom.errors import LimitError, SchemaError
from typeloom.regex.expr import Excerpt
from typeloom.schema import array_types, marks, object_types, own_json_schema, standard_types, union_types
from typeloom.schema.leaf import Core, Leaf, NotJson, Remark, Site
from typeloom.schema.node import ANY, NEVER, Coverage, Node, Note, Ref, Schema, Shape
from typeloom.schema.scalars import SCALARS
from typeloom.schema.shapes import SCALAR, Finite, any_of, loops

MAX_DEPTH = 200  # each takes up to three Python frames of the thousand


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
        self.quotes: list[Excerpt] = []
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
            self.nodes[work.name] = (
                node if work.tag is None else union_types.narrowed(node, work.tag[0], work.tag[1], work.site.path)
            )
        loop = loops(self.nodes)
        if loop is not None:
            raise SchemaError(f"expected a type that leads somewhere, got {loop}, which is defined as itself")
        if self.nodes and not Finite(self.nodes).settle().holds(root):
            names = ", ".join(sorted(self.nodes))
            raise SchemaError(
                f"expected a type with a finite value; {names} always needs another of itself: make a field optional"
            )
        return Schema(root, self.nodes, tuple(self.notes), tuple(dict.fromkeys(self.quotes)))

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
                raise LimitError(
                    f"expected at most {MAX_DEPTH} nested types, got more (at {site.path[:200]})",
                    limit="depth",
                    value=self._depth,
                )
            metadata = core.get("metadata")
            if metadata:
                special = own_json_schema.read_metadata(self, core, metadata, site)
                if special is not None:
                    return special
            kind = core["type"]
            scalar = SCALARS.get(kind)
            if scalar is not None:
                leaf = scalar(core, site.config, site.path)
                on_text = marks.marks_of(core)
                if on_text:
                    leaf, expressions = marks.held(leaf, on_text, site.path)
                    self.quotes += [one for one in expressions if isinstance(one, Excerpt)]
                return self.leaf(leaf, site)
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

    def define(
        self, key: str, title: str, core: Core, site: Site, tag: tuple[str, tuple[Any, ...]] | None = None
    ) -> Ref:
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


def read_definitions(reader: Reader, core: Core, site: Site) -> Node:
    reader.learn(core)
    return reader.read(core["schema"], site)


def read_reference(reader: Reader, core: Core, site: Site) -> Node:
    ref = core["schema_ref"]
    if ref not in reader.cores:
        raise SchemaError(
            f"expected a complete type, got a reference to {union_types.short_name(ref)}, which is not defined: "
            "call model_rebuild()",
            path=site.path,
        )
    return reader.define(ref, union_types.short_name(ref), reader.cores[ref], site)


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
    subject = {"is-instance": "an instance of ", "is-subclass": "a subclass of "}.get(
        core["type"], f"a {core['type']} "
    )
    what = subject + getattr(cls, "__name__", str(cls)) if cls is not None else subject.strip()
    raise NotJson(
        f"expected a type that JSON can write, got {what}; "
        "give it a JSON form with pydantic.PlainValidator and WithJsonSchema",
        path=site.path,
    )


STRUCTURES: Mapping[str, Callable[[Reader, Core, Site], Node]] = {
    "definitions": read_definitions,
    "definition-ref": read_reference,
    "default": read_inner,
    "custom-error": read_inner,
    "nullable": read_nullable,
    "json-or-python": read_json_or_python,
    "lax-or-strict": read_lax_or_strict,
    "chain": read_chain,
    "union": union_types.read_union,
    "tagged-union": union_types.read_tagged_union,
    "list": array_types.read_list,
    "deque": array_types.read_list,
    "generator": array_types.read_list,
    "set": array_types.read_set,
    "frozenset": array_types.read_set,
    "tuple": array_types.read_tuple,
    "named-tuple": array_types.read_named_tuple,
    "dict": object_types.read_dict,
    "frozendict": object_types.read_dict,
    "ordered-dict": object_types.read_dict,
    "counter": object_types.read_dict,
    "typed-dict": object_types.read_fields,
    "model-fields": object_types.read_fields,
    "dataclass-args": object_types.read_fields,
    "model": object_types.read_model,
    "dataclass": object_types.read_dataclass,
    "arguments": object_types.read_arguments,
    "call": object_types.read_call,
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
