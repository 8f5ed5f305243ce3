"""The walk over a JSON Schema: each subschema to a Node, each reference to a named definition.

One pass over the keys of a subschema finds which groups of keywords it has (`drafts`); each group is then read by one
function: the keywords of a kind (numbers, strings, arrays, objects) into that kind's part of one Shape (`keywords`),
everything else into further Nodes, and `simplify.all_of` brings those together. Untyped keywords speak of their own
kind only, so the other kinds of the Shape stay free.

References become `Ref`s: a definition is keyed by the subschema and the scope it is read in (`references`). It is
queued and read from the queue, so chains of references cost no stack; it is read at once only where a combination
wants to look through it. Nesting beyond `READ_AT_ONCE` goes through the queue likewise; beyond `DEEPEST` it is refused.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from reprlib import repr as shown
from typing import Any

from typeloom.errors import GrammarError, LimitError, SchemaError
from typeloom.regex.expr import Expr
from typeloom.regex.parse import Dialect as RegexDialect
from typeloom.regex.parse import parse
from typeloom.schema import unevaluated
from typeloom.schema.definitions import Definition, refuse_loops, weight
from typeloom.schema.drafts import (
    ARRAY,
    DEPENDENT,
    IDENTITY,
    LOGIC,
    NUMBER,
    OBJECT,
    READY,
    READY_NODE,
    READY_NOTES,
    REFERENCE,
    STRING,
    TYPE,
    UNENFORCED,
    UNEVALUATED,
    VALUE,
    Dialect,
)
from typeloom.schema.exact_values import one_of_values
from typeloom.schema.keywords import read_array, read_dependencies, read_number, read_object, read_string
from typeloom.schema.kinds import FREE_ARRAY, FREE_NUMBER, FREE_OBJECT, FREE_STRING, is_any
from typeloom.schema.names import string_of
from typeloom.schema.node import (
    ANY,
    NEVER,
    Coverage,
    Node,
    Not,
    Note,
    Number,
    Ref,
    Schema,
    Shape,
    String,
)
from typeloom.schema.references import Library, Scope
from typeloom.schema.simplify import BOTH, all_of, any_of, both_shapes, negate, one_of, shape_of

READ_AT_ONCE = 40  # levels of nesting that are read on the stack
READ_FOR_KEYS = 30  # more of them within propertyNames, which is needed at once
DEEPEST = 500
MOST_TAKEN = 400  # Nodes of a definition that may be repeated inside a conjunction
MOST_TAKEN_IN_ALL = 20_000

_NULL, _BOOLEAN, _NUMBER, _STRING, _ARRAY, _OBJECT, _INTEGER = 1, 2, 4, 8, 16, 32, 64
_ALL_KINDS = 63
_KINDS = {
    "null": _NULL, "boolean": _BOOLEAN, "number": _NUMBER, "string": _STRING, "array": _ARRAY, "object": _OBJECT,
    "integer": _INTEGER,
}  # fmt: skip
_INTEGERS = {False: Number(integer=True), True: Number(integer=True, digits_only=True)}  # by digits_only
_BY_KIND = NUMBER | STRING | ARRAY | OBJECT
_UNUSUAL = REFERENCE | IDENTITY | UNENFORCED | READY
_FURTHER = VALUE | LOGIC | DEPENDENT | REFERENCE | UNEVALUATED


_REFERENCES = ("$ref", "$recursiveRef", "$dynamicRef")


def _plain(kinds: int, integer: Number) -> Shape:
    if kinds == _ALL_KINDS:
        return ANY
    number = FREE_NUMBER if kinds & _NUMBER else integer if kinds & _INTEGER else None
    return shape_of(
        bool(kinds & _NULL),
        BOTH if kinds & _BOOLEAN else (),
        number,
        FREE_STRING if kinds & _STRING else None,
        FREE_ARRAY if kinds & _ARRAY else None,
        FREE_OBJECT if kinds & _OBJECT else None,
    )


_PLAIN = {digits_only: tuple(_plain(kinds, free) for kinds in range(128)) for digits_only, free in _INTEGERS.items()}


class DynamicScopeNeeded(Exception):
    """A dynamic reference was met: scopes must be known from the root on, so the read starts again with them."""


class Reader:
    """One read. The keyword modules call back into it for subschemas, notes and the place that errors name.

    `path` is where in the instance the reader is; who descends appends a step and takes it off again.
    """

    def __init__(self, schema: Any, dialect: Dialect, registry: Mapping[str, Any], nullable: str) -> None:
        if nullable not in ("ignored", "openapi"):
            raise SchemaError(f"nullable: expected 'ignored' or 'openapi', was {nullable!r}")
        self.path: list[str] = ["$"]
        self._library = Library(schema, dialect, registry)
        self._nullable = nullable == "openapi"
        self._dynamic = False
        self._definitions: dict[tuple[int, Scope], Definition] = {}
        self._by_name: dict[str, Definition] = {}
        self._queue: deque[Definition] = deque()
        self._references: dict[tuple[str, Scope], Node] = {}  # by what `$ref` says, and where
        self._patterns: dict[str, Expr] = {}
        self._notes: dict[tuple[str, str, str], Coverage] = {}  # by path, subject, reason: said once
        self._taken = 0
        self._depth = 0  # of schemas in schemas, counted from the definition that is being read
        self._limit = READ_AT_ONCE
        self._stack = 0  # levels of nesting on Python's stack

    def follow_dynamic_scope(self) -> None:
        """Scan every document on entry, so that each scope knows its dynamic anchors."""
        self._dynamic = True
        self._library.follow_anchors()

    def run(self) -> Schema:
        document = self._library.root.root
        if not isinstance(document, (dict, bool)):
            raise SchemaError(f"a schema is an object, true or false; this is {type(document).__name__}")
        uri = document.get("$schema") if isinstance(document, dict) else None
        if isinstance(uri, str) and not self._library.knows_dialect(uri):
            self.note("$schema", Coverage.IGNORED, f"{uri!r} is no known draft; read as 2020-12")
        scope = self._library.entering(self._library.root, None)
        root = self._define(document, scope, "#")
        while self._queue:
            definition = self._queue.popleft()
            if not definition.started:
                self._stack = 0
                self._read(definition)
        assert root.node is not None
        definitions = {
            definition.name: definition.node
            for definition in self._by_name.values()
            if definition.node is not None and (definition is not root or definition.referenced)
        }
        refuse_loops(definitions, lambda name: "".join(self._by_name[name].path))
        notes = [Note(path, subject, coverage, reason) for (path, subject, reason), coverage in self._notes.items()]
        return Schema(root.node, definitions, tuple(notes))

    # Places and notes

    def at(self) -> str:
        return "".join(self.path)

    def error(self, message: str) -> SchemaError:
        return SchemaError(message, path=self.at())

    def note(self, subject: str, coverage: Coverage, reason: str) -> None:
        self._notes["".join(self.path), subject, reason] = coverage

    # Definitions

    def _define(self, schema: Any, scope: Scope, hint: str) -> Definition:
        key = (id(schema), scope)
        definition = self._definitions.get(key)
        if definition is None:
            name, count = hint, 1
            while name in self._by_name:
                count += 1
                name = f"{hint}~{count}"
            definition = Definition(name, schema, scope, tuple(self.path))
            self._definitions[key] = self._by_name[name] = definition
            self._queue.append(definition)
        return definition

    def named(self, schema: Any, scope: Scope, hint: str) -> Node:
        """A Ref to what `schema` means in `scope`; booleans stay what they are."""
        if schema is True:
            return ANY
        if schema is False:
            return NEVER
        if not isinstance(schema, dict):
            raise self.error(f"a schema is an object, true or false; {hint!r} is {type(schema).__name__}")
        definition = self._define(schema, scope, hint)
        definition.referenced = True
        return definition.ref

    def _read(self, definition: Definition) -> None:
        definition.started = True
        path, depth = self.path, self._depth
        self.path, self._depth = list(definition.path), definition.depth
        definition.node = self.node(definition.schema, definition.scope)
        self.path, self._depth = path, depth

    def see(self, ref: Ref) -> Node | None:
        """What `ref` names, if it is read or can be read now."""
        definition = self._by_name[ref.name]
        if not definition.started and self._stack < self._limit:
            self._read(definition)
        return definition.node

    def take(self, ref: Ref) -> Node | None:
        """What `ref` names, if it is small enough to stand in more than one place."""
        node = self.see(ref)
        if type(node) is not Shape:
            return None
        definition = self._by_name[ref.name]
        if definition.weight < 0:
            definition.weight = weight(node, MOST_TAKEN + 1)
        if definition.weight > MOST_TAKEN or self._taken + definition.weight > MOST_TAKEN_IN_ALL:
            return None
        self._taken += definition.weight
        return node

    def target(self, schema: dict[str, Any], scope: Scope, keyword: str) -> tuple[Any, Scope]:
        """The subschema that the reference under `keyword` names, and its scope."""
        ref = schema[keyword]
        if not isinstance(ref, str):
            raise self.error(f"{keyword}: expected a URI reference, was {shown(ref)}")
        if keyword == "$ref":
            return self._library.resolve(ref, scope, self.path)
        if not self._dynamic:
            raise DynamicScopeNeeded
        if keyword == "$recursiveRef":
            return self._library.resolve_recursive(scope)
        return self._library.resolve_dynamic(ref, scope, self.path)

    def inside(self, schema: dict[str, Any], scope: Scope) -> Scope:
        """The scope within `schema`, which may be a resource of its own."""
        return self._library.resource_at(schema, scope)

    def reference(self, schema: dict[str, Any], scope: Scope, keyword: str) -> Node:
        ref = schema[keyword]
        key = (ref, scope)
        known = self._references.get(key) if keyword == "$ref" and type(ref) is str else None
        if known is None:
            target, inner = self.target(schema, scope, keyword)
            known = self.named(target, inner, ref.rpartition("/")[2] or "#")
            if keyword == "$ref":
                self._references[key] = known
        return known

    # Subschemas

    def node(self, schema: Any, scope: Scope) -> Node:
        """The Node of one subschema."""
        if type(schema) is not dict:
            if schema is True:
                return ANY
            if schema is False:
                return NEVER
            if not isinstance(schema, dict):
                raise self.error(f"a schema is an object, true or false; this is {shown(schema)}")
        if self._stack >= self._limit:
            return self._later(schema, scope)
        table = scope.resource.dialect.keywords
        groups = 0
        for key in schema:
            group = table.get(key)
            if group is None:
                self._unknown(key)
            else:
                groups |= group
        if not groups:
            return ANY
        if groups & _UNUSUAL:
            if groups & REFERENCE and scope.resource.dialect.overriding_ref:
                return self.reference(schema, scope, "$ref")
            if groups & IDENTITY and schema is not scope.resource.root:
                inner = self.inside(schema, scope)
                if inner.resource is not scope.resource:
                    return self.node(schema, inner)
            if groups & UNENFORCED:
                for key in schema:
                    if table.get(key) == UNENFORCED:
                        self.note(key, Coverage.IGNORED, "an annotation; the content is not checked")
            if groups & READY:
                for note in schema.get(READY_NOTES, ()):
                    self.note(note.subject, note.coverage, note.reason)
                if READY_NODE in schema:
                    ready: Node = schema[READY_NODE]
                    return ready
        self._stack += 1
        self._depth += 1
        kinds = self._kinds(schema, scope) if groups & TYPE else _ALL_KINDS
        if groups & _BY_KIND:
            number: Number | None = None
            if kinds & (_NUMBER | _INTEGER):
                whole = not kinds & _NUMBER
                free = _INTEGERS[scope.resource.dialect.digits_only] if whole else FREE_NUMBER
                number = read_number(self, schema, free) if groups & NUMBER else free
            string = array = object_ = None
            if kinds & _STRING:
                string = read_string(self, schema) if groups & STRING else FREE_STRING
            if kinds & _ARRAY:
                array = read_array(self, schema, scope) if groups & ARRAY else FREE_ARRAY
            if kinds & _OBJECT:
                object_ = read_object(self, schema, scope) if groups & OBJECT else FREE_OBJECT
            null, booleans = kinds & _NULL != 0, BOTH if kinds & _BOOLEAN else ()
            node: Node = shape_of(null, booleans, number, string, array, object_)
            if kinds == _ALL_KINDS and is_any(node):
                node = ANY
        else:
            node = _PLAIN[scope.resource.dialect.digits_only][kinds]
        if groups & _FURTHER:
            node = self._combined(node, schema, scope, groups)
        self._stack -= 1
        self._depth -= 1
        return node

    def keys(self, schema: Any, scope: Scope) -> String | None:
        """The strings that `schema`, a `propertyNames`, accepts; None when there are none."""
        limit, self._limit = self._limit, READ_AT_ONCE + READ_FOR_KEYS
        node = self.node(schema, scope)
        strings = FREE_STRING if is_any(node) else string_of(node, self.see, self.at())
        self._limit = limit
        return strings

    def _later(self, schema: Any, scope: Scope) -> Node:
        if self._depth > DEEPEST:
            raise LimitError(
                f"the schema is nested deeper than {DEEPEST} levels (at {self.at()[:200]}); name inner parts in $defs",
                limit="schema depth", value=self._depth,
            )  # fmt: skip
        definition = self._define(schema, scope, "nested")
        definition.depth = self._depth
        definition.referenced = True
        return definition.ref

    def _unknown(self, key: Any) -> None:
        if not (key == "nullable" and self._nullable):
            self.note(str(key), Coverage.IGNORED, "not a keyword of this draft")

    def _kinds(self, schema: dict[str, Any], scope: Scope) -> int:
        type_ = schema["type"]
        if isinstance(type_, str):
            kinds = _KINDS.get(type_, 0)
        elif isinstance(type_, list):
            kinds = 0
            for name in type_:
                kind = _KINDS.get(name, 0) if isinstance(name, str) else 0
                if not kind:
                    kinds = 0
                    break
                kinds |= kind
        else:
            kinds = 0
        if not kinds:
            raise self.error(f"type: expected one or a list of {', '.join(_KINDS)}; was {shown(type_)}")
        if self._nullable and schema.get("nullable") is True:
            kinds |= _NULL
        return kinds

    # What is more than one Shape

    def _combined(self, shape: Node, schema: dict[str, Any], scope: Scope, groups: int) -> Node:
        parts: list[Node] = [] if shape is ANY else [shape]
        if groups & REFERENCE:
            parts.extend(self.reference(schema, scope, key) for key in _REFERENCES if key in schema)
        if groups & VALUE:
            if groups & _FURTHER == VALUE and type(shape) is Shape and "const" not in schema and "enum" in schema:
                value = self._enum(schema["enum"])
                return both_shapes(shape, value) if type(value) is Shape else all_of([*parts, value], self.take)
            if "enum" in schema:
                parts.append(self._enum(schema["enum"]))
            if "const" in schema:
                parts.append(one_of_values(self, [schema["const"]], "const"))
        if groups & LOGIC:
            self._logic(parts, schema, scope)
        if groups & DEPENDENT:
            parts.extend(read_dependencies(self, schema, scope))
        if groups & UNEVALUATED:
            parts.extend(unevaluated.demands(self, schema, scope))
        return parts[0] if len(parts) == 1 else all_of(parts, self.take)

    def _enum(self, values: Any) -> Node:
        if not isinstance(values, list):
            raise self.error(f"enum: expected a list of values, was {shown(values)}")
        return one_of_values(self, values, "enum")

    def _logic(self, parts: list[Node], schema: dict[str, Any], scope: Scope) -> None:
        if "allOf" in schema:
            parts.extend(self._list(schema, "allOf", scope))
        if "anyOf" in schema:
            parts.append(any_of(self._list(schema, "anyOf", scope), self.take))
        if "oneOf" in schema:
            parts.append(one_of(self._list(schema, "oneOf", scope), self.take, self.see))
        if "not" in schema:
            refused = self._at("(not)", schema["not"], scope)
            shown = self.see(refused) if type(refused) is Ref else None
            negated = negate(shown) if type(shown) is Shape else negate(refused)
            parts.append(Not(refused) if type(negated) is Not and type(refused) is Ref else negated)
        if "if" in schema and ("then" in schema or "else" in schema) and "if" in scope.resource.dialect.keywords:
            condition = self._at("(if)", schema["if"], scope)
            if "then" in schema:
                parts.append(any_of([negate(condition), self._at("(then)", schema["then"], scope)], self.take))
            if "else" in schema:
                parts.append(any_of([condition, self._at("(else)", schema["else"], scope)], self.take))

    def _at(self, step: str, schema: Any, scope: Scope) -> Node:
        self.path.append(step)
        node = self.node(schema, scope)
        self.path.pop()
        return node

    def _list(self, schema: dict[str, Any], keyword: str, scope: Scope) -> list[Node]:
        choices = schema[keyword]
        if not isinstance(choices, list) or not choices:
            raise self.error(f"{keyword}: expected a list of at least one schema, was {shown(choices)}")
        nodes = []
        for index, choice in enumerate(choices):
            self.path.append(f"({keyword} {index})")
            nodes.append(self.node(choice, scope))
            self.path.pop()
        return nodes

    # Expressions

    def pattern(self, text: Any, keyword: str) -> Expr:
        """The language of the texts in which the ECMA-262 expression `text` is found."""
        if not isinstance(text, str):
            raise self.error(f"{keyword}: expected a regular expression, was {shown(text)}")
        expr = self._patterns.get(text)
        if expr is None:
            try:
                expr = parse(text, RegexDialect.ECMA)
            except (GrammarError, SchemaError) as error:
                self.note(keyword, Coverage.REFUSED, str(error))
                raise self.error(f"{keyword}: {error}") from error
            self._patterns[text] = expr
        return expr
