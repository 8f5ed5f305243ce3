"""Which subschema a `$ref`, `$recursiveRef` or `$dynamicRef` names: base URIs, identifiers, anchors and pointers.

A *resource* is a subschema with a URI of its own: a whole document, or a subschema with `$id`. Most schemas hold one
resource and refer by `#/pointer`; for them nothing is scanned. The first reference that needs identifiers scans the
document once: only where the dialect places subschemas, so an `$id` inside `enum` or below an unknown keyword is data.

A *scope* is the resource that a subschema sits in, together with the outermost resource on the way here that declares
each dynamic anchor. That is all of the dynamic scope that a dynamic reference can observe, and it is finite: the same
subschema in two scopes becomes two definitions, and recursion ends.

Nothing is ever fetched. What is not in the document or the registry is a SchemaError that names the URI.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urljoin

from typeloom.errors import SchemaError
from typeloom.schema.drafts import MANY, NAMED, ONE, Dialect, named, with_vocabularies

RECURSIVE = "\0recursive"  # `$recursiveAnchor: true` is kept as a dynamic anchor under a name no text can spell


@dataclass(frozen=True, slots=True, eq=False)
class Resource:
    """A schema with a URI. `anchors` holds plain and dynamic anchors, `dynamic` the names of the dynamic ones."""

    uri: str
    root: Any
    dialect: Dialect
    anchors: dict[str, Any] = field(default_factory=dict)
    dynamic: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """Where a subschema is read: its resource, and per dynamic anchor the outermost resource that declares it."""

    resource: Resource
    dynamic: tuple[tuple[str, Resource], ...] = ()


class Library:
    """All resources of one read: the document and, as far as they are referred to, the registry's.

    Scans are lazy and linear in the document; after the first, a lookup is one dict access.
    """

    def __init__(self, document: Any, dialect: Dialect, registry: Mapping[str, Any]) -> None:
        self._registry = {uri.removesuffix("#"): schema for uri, schema in registry.items()}
        self._resources: dict[str, Resource] = {}
        self._of_schema: dict[int, Resource] = {}  # id(resource root) -> resource; the registry keeps them alive
        self._unscanned: list[Resource] = []
        self._entered: dict[tuple[Resource, tuple[tuple[str, Resource], ...]], Scope] = {}
        self._eager = False
        self.root = self._add_document(document, "", self.dialect_of(document, dialect))

    def follow_anchors(self) -> None:
        """From now on every document is scanned before it is entered."""
        self._eager = True
        self.scan()

    def knows_dialect(self, uri: str) -> bool:
        return named(uri) is not None or uri.removesuffix("#") in self._registry

    def _add_document(self, document: Any, uri: str, dialect: Dialect) -> Resource:
        own = document.get(dialect.identifier) if isinstance(document, dict) else None
        base = uri
        if isinstance(own, str) and not (dialect.overriding_ref and "$ref" in document):
            base = join(uri, own).partition("#")[0]
        resource = Resource(base, document, dialect)
        self._resources.setdefault(base, resource)
        self._resources.setdefault(uri, resource)
        self._of_schema[id(document)] = resource
        self._unscanned.append(resource)
        return resource

    def scan(self) -> None:
        """Find every identifier and anchor of the documents added so far."""
        while self._unscanned:
            start = self._unscanned.pop()
            stack: list[tuple[Any, Resource]] = [(start.root, start)]
            seen: set[int] = set()  # a schema built in Python may share parts, or hold itself
            while stack:
                schema, resource = stack.pop()
                if not isinstance(schema, dict) or id(schema) in seen:
                    continue
                seen.add(id(schema))
                dialect = resource.dialect
                if not (dialect.overriding_ref and "$ref" in schema):
                    resource = self._identify(schema, resource)
                    dialect = resource.dialect
                stack.extend((child, resource) for child in children(schema, dialect))

    def _identify(self, schema: dict[str, Any], resource: Resource) -> Resource:
        """Record what `schema` is called; the resource that its children belong to."""
        dialect = resource.dialect
        own = schema.get(dialect.identifier)
        if isinstance(own, str):
            if own.startswith("#") and dialect.fragment_ids:
                resource.anchors.setdefault(unquote(own[1:]), schema)
            elif schema is not resource.root:
                uri, _, fragment = join(resource.uri, own).partition("#")
                inner = self.dialect_of(schema, dialect)
                resource = Resource(uri, schema, inner)
                self._resources.setdefault(uri, resource)
                self._of_schema[id(schema)] = resource
                if fragment and dialect.fragment_ids:
                    resource.anchors[unquote(fragment)] = schema
        if not dialect.overriding_ref:
            anchor = schema.get("$anchor")
            if isinstance(anchor, str):
                resource.anchors.setdefault(anchor, schema)
            anchor = schema.get("$dynamicAnchor")
            if isinstance(anchor, str):
                resource.anchors.setdefault(anchor, schema)
                resource.dynamic.add(anchor)
            if schema.get("$recursiveAnchor") is True and schema is resource.root:
                resource.anchors[RECURSIVE] = schema
                resource.dynamic.add(RECURSIVE)
        return resource

    def dialect_of(self, schema: Any, default: Dialect) -> Dialect:
        """The dialect that the resource `schema` declares by `$schema`; metaschemas may come from the registry."""
        uri = schema.get("$schema") if isinstance(schema, dict) else None
        if not isinstance(uri, str):
            return default
        known = named(uri)
        if known is not None:
            return known
        meta = self._registry.get(uri.removesuffix("#"))
        if not isinstance(meta, dict) or not isinstance(meta.get("$schema"), str):
            return default
        base = named(meta["$schema"]) or default
        vocabularies = meta.get("$vocabulary")
        return with_vocabularies(base, vocabularies) if isinstance(vocabularies, dict) else base

    def entering(self, resource: Resource, outer: Scope | None) -> Scope:
        """The scope inside `resource` when it is reached from `outer`."""
        if outer is not None and resource is outer.resource:
            return outer
        dynamic = outer.dynamic if outer is not None else ()
        if resource.dynamic:
            have = {name for name, _ in dynamic}
            dynamic += tuple((name, resource) for name in sorted(resource.dynamic) if name not in have)
        found = self._entered.get((resource, dynamic))
        if found is None:
            found = self._entered[resource, dynamic] = Scope(resource, dynamic)
        return found

    def resource_at(self, schema: dict[str, Any], scope: Scope) -> Scope:
        """The scope inside `schema`, which carries an identifier."""
        self.scan()
        resource = self._of_schema.get(id(schema))
        return scope if resource is None else self.entering(resource, scope)

    def resolve(self, ref: str, scope: Scope, path: Sequence[str]) -> tuple[Any, Scope]:
        """The subschema that `ref` names, and the scope to read it in. SchemaError when there is none."""
        resource = scope.resource
        uri, _, fragment = ref.partition("#")
        if uri:
            uri = join(resource.uri, uri)
            found = self._find(uri)
            if found is None:
                raise SchemaError(
                    f"$ref: nothing is known under {uri!r}: it is neither an identifier in this schema nor in the "
                    f"registry, and schemas are never fetched; pass registry={{{uri!r}: schema}}",
                    path="".join(path),
                )
            resource = found
        if not fragment:
            return resource.root, self.entering(resource, scope)
        if fragment[0] == "/":
            return self._walk(fragment, resource, scope, ref, path)
        self.scan()
        name = unquote(fragment)
        if name not in resource.anchors:
            raise SchemaError(f"$ref: {ref!r} names an anchor that {resource.uri or 'this schema'!r} does not declare",
                              path="".join(path))  # fmt: skip
        return resource.anchors[name], self.entering(resource, scope)

    def resolve_dynamic(self, ref: str, scope: Scope, path: Sequence[str]) -> tuple[Any, Scope]:
        """Like `resolve`, but a dynamic anchor is taken from the outermost resource of the scope that declares it."""
        self.scan()
        target, inner = self.resolve(ref, scope, path)
        self.scan()  # the reference may have brought in a document
        _, _, fragment = ref.partition("#")
        name = unquote(fragment)
        if name in inner.resource.dynamic and inner.resource.anchors[name] is target:
            return self._outermost(name, target, inner)
        return target, inner

    def resolve_recursive(self, scope: Scope) -> tuple[Any, Scope]:
        """What `$recursiveRef: "#"` names (2019-09)."""
        self.scan()
        if RECURSIVE in scope.resource.dynamic:
            return self._outermost(RECURSIVE, scope.resource.root, scope)
        return scope.resource.root, scope

    def _outermost(self, name: str, target: Any, scope: Scope) -> tuple[Any, Scope]:
        for anchor, resource in scope.dynamic:
            if anchor == name:
                return resource.anchors[name], self.entering(resource, scope)
        return target, scope

    def _find(self, uri: str) -> Resource | None:
        resource = self._resources.get(uri)
        if resource is not None:
            return resource
        if uri in self._registry:
            document = self._registry[uri]
            resource = self._add_document(document, uri, self.dialect_of(document, self.root.dialect))
            if self._eager:
                self.scan()
            return resource
        self.scan()
        if uri not in self._resources:  # an identifier inside a registered document
            for known, document in self._registry.items():
                if known not in self._resources:
                    self._add_document(document, known, self.dialect_of(document, self.root.dialect))
            self.scan()
        return self._resources.get(uri)

    def _walk(self, pointer: str, resource: Resource, scope: Scope, ref: str, path: Sequence[str]) -> tuple[Any, Scope]:
        """RFC 6901, on a percent-decoded fragment; a resource that is crossed on the way becomes the base."""
        here = resource.root
        for token in unquote(pointer).split("/")[1:]:
            token = token.replace("~1", "/").replace("~0", "~")
            if isinstance(here, dict) and token in here:
                here = here[token]
            elif isinstance(here, list) and token.isascii() and token.isdigit() and int(token[:9]) < len(here):
                here = here[int(token[:9])]
            else:
                raise SchemaError(f"$ref: {ref!r} points to nothing: there is no {token!r}", path="".join(path))
            if isinstance(here, dict) and isinstance(here.get(resource.dialect.identifier), str):
                self.scan()
                resource = self._of_schema.get(id(here), resource)
        return here, self.entering(resource, scope)


def join(base: str, ref: str) -> str:
    """RFC 3986 resolution; a base that is no hierarchy (`urn:`, `tag:`) takes fragments only.

    >>> join("http://a/b/c.json", "d.json"), join("urn:x:y", "#z")
    ('http://a/b/d.json', 'urn:x:y#z')
    """
    if not base:
        return ref
    if ref.startswith("#"):
        return base.partition("#")[0] + ref
    return urljoin(base, ref)


def children(schema: dict[str, Any], dialect: Dialect) -> Iterator[Any]:
    """The immediate subschemas of `schema`, by the places that the dialect knows."""
    places = dialect.children
    for key, value in schema.items():
        shapes = places.get(key)
        if shapes is None:
            continue
        if isinstance(value, dict):
            if ONE in shapes:
                yield value
            elif NAMED in shapes:
                yield from value.values()
        elif isinstance(value, list) and MANY in shapes:
            yield from value
