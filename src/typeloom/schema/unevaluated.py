"""`unevaluatedProperties` and `unevaluatedItems`, as plain Nodes.

A *source* is a subschema that evaluates keys or items when it holds: `when` is its condition (None: it always holds,
because the whole does). Sources are known without an instance: they sit in the same schema, under allOf and $ref
(unconditional), and under anyOf, oneOf, if, then, else and dependentSchemas (conditional).

More sources holding only ever loosen the demand. So the demand can be said key by key: a key that only some
conditional sources evaluate is absent, or its value satisfies the unevaluated schema, or one of those sources holds;
a key that no source evaluates satisfies the unevaluated schema, unless a source that evaluates everything holds. The
formula is linear in sources and keys; conditional *patterns* cut the keys into regions, conditional `contains` into
cases, and beyond a few of those the schema is refused by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from typeloom.regex.expr import Complement, Conjoin, Expr, Literals
from typeloom.schema.keywords import having
from typeloom.schema.kinds import is_any
from typeloom.schema.node import ANY, Array, Node, Object, Shape
from typeloom.schema.references import Scope
from typeloom.schema.simplify import BOTH, all_of, any_of, negate

if TYPE_CHECKING:
    from typeloom.schema.reader import Reader

MOST_SOURCES = 500
MOST_REGIONS = 4  # conditional patterns: 2 to the power of these regions
MOST_CASES = 4  # conditional `contains`


@dataclass(frozen=True, slots=True)
class _Source:
    when: Node | None
    keys: tuple[str, ...] = ()
    patterns: tuple[tuple[str, Expr], ...] = ()  # with the text that it was read from, which tells it from others
    all_keys: bool = False
    prefix: int = 0
    all_items: bool = False
    contains: tuple[Node, ...] = ()


def demands(reader: Reader, schema: dict[str, Any], scope: Scope) -> Iterator[Node]:
    """The Nodes that `schema`'s unevaluated keywords add to it; SchemaError where the cases are too many."""
    sources: list[_Source] = []
    _Collector(reader, sources).collect(schema, scope, None, outermost=schema)
    for keyword, step, close in (
        ("unevaluatedProperties", ".*", _close_object),
        ("unevaluatedItems", "[*]", _close_array),
    ):
        if keyword in schema:
            reader.path.append(step)
            rest = reader.node(schema[keyword], scope)
            reader.path.pop()
            if not is_any(rest):
                yield close(reader, sources, rest)


class _Collector:
    """A walk over everything that applies to the same instance."""

    def __init__(self, reader: Reader, sources: list[_Source]) -> None:
        self._reader = reader
        self._sources = sources
        self._trail: set[tuple[int, Scope]] = set()

    def collect(self, schema: Any, scope: Scope, when: Node | None, outermost: Any = None) -> None:
        if not isinstance(schema, dict) or (id(schema), scope) in self._trail:
            return  # a loop without progress is refused where references are checked
        if len(self._sources) >= MOST_SOURCES or len(self._trail) >= 100:
            raise self._reader.error(f"unevaluated keywords reach more than {MOST_SOURCES} subschemas; close the parts")
        reader, known = self._reader, scope.resource.dialect.keywords
        if schema is not scope.resource.root and scope.resource.dialect.identifier in schema:
            scope = reader.inside(schema, scope)
        self._trail.add((id(schema), scope))
        self._sources.append(self._own(schema, scope, when, schema is outermost))
        for keyword in ("$ref", "$recursiveRef", "$dynamicRef"):
            if keyword in schema and keyword in known:
                self.collect(*reader.target(schema, scope, keyword), when)
        for part in _list(schema, "allOf"):
            self.collect(part, scope, when)
        for keyword in ("anyOf", "oneOf"):
            for part in _list(schema, keyword):
                self.collect(part, scope, self._and(when, reader.named(part, scope, keyword)))
        if "if" in schema:
            condition = reader.named(schema["if"], scope, "if")
            self.collect(schema["if"], scope, self._and(when, condition))
            self.collect(schema.get("then"), scope, self._and(when, condition))
            self.collect(schema.get("else"), scope, self._and(when, negate(condition)))
        for key, part in _named(schema, "dependentSchemas").items():
            self.collect(part, scope, self._and(when, having(frozenset((key,)))))
        self._trail.discard((id(schema), scope))

    @staticmethod
    def _and(when: Node | None, condition: Node) -> Node:
        return condition if when is None else all_of([when, condition])

    def _own(self, schema: dict[str, Any], scope: Scope, when: Node | None, outermost: bool) -> _Source:
        reader, dialect = self._reader, scope.resource.dialect
        known = dialect.keywords
        places, rest = _list(schema, "prefixItems") if "prefixItems" in known else [], "items"
        if not places and isinstance(schema.get("items"), list):
            places, rest = schema["items"], "additionalItems"
        contains: tuple[Node, ...] = ()
        if dialect.contains_evaluates and "contains" in schema:
            contains = (reader.named(schema["contains"], scope, "contains"),)
        return _Source(
            when,
            keys=tuple(_named(schema, "properties")),
            patterns=tuple(
                (text, reader.pattern(text, "patternProperties")) for text in _named(schema, "patternProperties")
            ),
            all_keys="additionalProperties" in schema or ("unevaluatedProperties" in schema and not outermost),
            prefix=len(places),
            all_items=rest in schema or ("unevaluatedItems" in schema and not outermost),
            contains=contains,
        )


def _list(schema: dict[str, Any], keyword: str) -> list[Any]:
    """The list under `keyword`; empty where it is absent or, as the reading of that keyword itself reports, wrong."""
    value = schema.get(keyword)
    return value if isinstance(value, list) else []


def _named(schema: dict[str, Any], keyword: str) -> dict[str, Any]:
    value = schema.get(keyword)
    return value if isinstance(value, dict) else {}


# Objects


def _close_object(reader: Reader, sources: Sequence[_Source], rest: Node) -> Node:
    always = [source for source in sources if source.when is None]
    if any(source.all_keys for source in always):
        return ANY
    sometimes = [source for source in sources if source.when is not None]
    sure_keys = {key for source in always for key in source.keys}
    sure_patterns = {text: expr for source in always for text, expr in source.patterns}
    everything = [source.when for source in sometimes if source.all_keys and source.when is not None]
    patterns = {
        text: expr for source in sometimes for text, expr in source.patterns if text not in sure_patterns
    }  # fmt: skip
    if len(patterns) > MOST_REGIONS:
        raise reader.error(
            f"unevaluatedProperties: {len(patterns)} patternProperties hold only under a condition, {MOST_REGIONS} are "
            "supported; move them out of anyOf, oneOf or if"
        )
    # Keys that the same sources evaluate make one demand.
    groups: dict[frozenset[int], list[str]] = {}
    for key in dict.fromkeys(key for source in sometimes for key in source.keys if key not in sure_keys):
        groups.setdefault(frozenset(i for i, source in enumerate(sometimes) if key in source.keys), []).append(key)
    open_keys = [key for keys in groups.values() for key in keys]
    closed = Object(
        properties=tuple((key, ANY) for key in (*sorted(sure_keys), *open_keys)),
        patterns=tuple((expr, ANY) for expr in (sure_patterns | patterns).values()),
        additional=rest,
    )
    parts: list[Node] = [any_of([_objects(closed), *everything])]
    for signs in product((True, False), repeat=len(patterns)):
        region: list[Expr] = [
            expr if sign else Complement(expr) for sign, expr in zip(signs, patterns.values(), strict=True)
        ]
        region.extend(Complement(expr) for expr in sure_patterns.values())
        texts = {text for sign, text in zip(signs, patterns, strict=True) if sign}
        holders = {
            i for i, source in enumerate(sometimes) if source.all_keys or texts & {text for text, _ in source.patterns}
        }
        for group, keys in groups.items():
            if region:
                wrong = Object(patterns=((Conjoin((Literals(tuple(keys)), *region)), rest),))
            else:
                wrong = Object(properties=tuple((key, rest) for key in keys))
            parts.append(any_of([_objects(wrong), *_conditions(sometimes, group | holders)]))
        if texts:
            declared = Complement(Literals((*sorted(sure_keys), *open_keys)))
            wrong = Object(patterns=((Conjoin((*region, declared)), rest),))
            parts.append(any_of([_objects(wrong), *_conditions(sometimes, holders)]))
    return all_of(parts)


def _conditions(sources: Sequence[_Source], indices: set[int] | frozenset[int]) -> list[Node]:
    return [when for index in sorted(indices) if (when := sources[index].when) is not None]


def _objects(value: Object) -> Shape:
    return Shape(True, BOTH, ANY.number, ANY.string, ANY.array, value)


# Arrays


def _close_array(reader: Reader, sources: Sequence[_Source], rest: Node) -> Node:
    if any(source.all_items for source in sources if source.when is None):
        return ANY
    sure = [node for source in sources if source.when is None for node in source.contains]
    cases = [source for source in sources if source.when is not None and source.contains]
    if len(cases) > MOST_CASES:
        raise reader.error(
            f"unevaluatedItems: {len(cases)} contains hold only under a condition, {MOST_CASES} are supported; move "
            "them out of anyOf, oneOf or if"
        )
    found = []
    for holding in product((False, True), repeat=len(cases)):
        chosen = [case for case, holds in zip(cases, holding, strict=True) if holds]
        allowed = any_of([rest, *sure, *(node for case in chosen for node in case.contains)])
        whens = [case.when for case in chosen if case.when is not None]
        found.append(all_of([*whens, _close_positions(sources, allowed)]))
    return any_of(found)


def _close_positions(sources: Sequence[_Source], allowed: Node) -> Node:
    """Each position is `allowed`, or evaluated by a source that holds."""
    sometimes = [(source, source.when) for source in sources if source.when is not None]
    everything = [when for source, when in sometimes if source.all_items]
    low = max((source.prefix for source in sources if source.when is None), default=0)
    ends = sorted({source.prefix for source, _ in sometimes if source.prefix > low})
    last = ends[-1] if ends else low
    parts: list[Node] = [any_of([_arrays(Array(prefix=(ANY,) * last, items=allowed)), *everything])]
    for end in ends:
        wrong = Array(prefix=(ANY,) * low + (allowed,) * (end - low))
        holders = [when for source, when in sometimes if source.prefix >= end]
        parts.append(any_of([_arrays(wrong), *holders, *everything]))
        low = end
    return all_of(parts)


def _arrays(array: Array) -> Shape:
    return Shape(True, BOTH, ANY.number, ANY.string, array, ANY.object)
