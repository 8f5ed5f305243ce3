"""Random Schemas drawn straight from the Nodes, small enough that random texts often meet them.

Names, characters and numbers come from tiny pools on purpose: laws are broken by coincidence of keys, lengths and
bounds, not by large alphabets. Refs are drawn to definitions and always stand inside an Array or Object, as the
invariant of `node` demands.
"""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from typeloom.regex.expr import Alternate, Chars, Complement, Concat, Conjoin, Expr, Literal, Literals, Repeat
from typeloom.schema.node import (
    ANY,
    NEVER,
    AllOf,
    AnyOf,
    Array,
    Contains,
    Node,
    Not,
    Number,
    Object,
    OneOf,
    Ref,
    Schema,
    Shape,
    String,
)

KEYS = ("a", "b", "ab", "é", 'q"', "")
LETTERS = 'ab1é🙂\n"'
DECIMALS = tuple(Decimal(text) for text in ("-10", "-1", "-0.5", "0", "0.1", "1", "2.5", "3", "10", "12.25", "100"))
DIVISORS = tuple(Decimal(text) for text in ("1", "2", "3", "7", "0.5", "0.25", "0.01"))


def _characters() -> st.SearchStrategy[Expr]:
    pools = (((97, 98),), ((48, 57),), ((97, 122),), ((34, 34), (92, 92)), ((233, 233), (0x1F600, 0x1F64F)), ((0, 31),))
    return st.sampled_from(pools).map(Chars)


def plain_expressions() -> st.SearchStrategy[Expr]:
    """Expressions that any regular-expression library can hold: no conjunction, no complement."""
    leaves = st.one_of(
        _characters(),
        st.text(LETTERS, max_size=3).map(Literal),
        st.lists(st.text(LETTERS, max_size=3), min_size=1, max_size=4, unique=True).map(
            lambda some: Literals(tuple(some))
        ),
    )
    return st.recursive(leaves, _combined, max_leaves=5)


def _combined(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    some = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        some.map(Concat),
        some.map(Alternate),
        st.builds(
            lambda part, low, more: Repeat(part, low, None if more is None else low + more),
            inner,
            st.integers(0, 2),
            st.none() | st.integers(0, 2),
        ),
    )


def expressions() -> st.SearchStrategy[Expr]:
    """Any expression, with conjunctions and complements."""

    def extended(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
        some = st.lists(inner, min_size=1, max_size=2).map(tuple)
        return st.one_of(_combined(inner), some.map(Conjoin), inner.map(Complement))

    return st.recursive(plain_expressions(), extended, max_leaves=4)


@st.composite
def numbers(draw: st.DrawFn) -> Number:
    minimum, maximum = draw(st.none() | st.sampled_from(DECIMALS)), draw(st.none() | st.sampled_from(DECIMALS))
    places = draw(st.none() | st.integers(0, 2))
    integer = draw(st.booleans())
    if draw(st.integers(0, 5)) == 0:
        values = draw(st.lists(st.sampled_from(DECIMALS), min_size=1, max_size=4, unique=True))
        return Number(values=tuple(values))
    return Number(
        integer=integer,
        minimum=minimum,
        exclusive_minimum=minimum is not None and draw(st.booleans()),
        maximum=maximum,
        exclusive_maximum=maximum is not None and draw(st.booleans()),
        multiple_of=tuple(draw(st.lists(st.sampled_from(DIVISORS), max_size=2, unique=True))),
        decimal_places=places,
        # Pydantic counts `0` and `0.0` differently where all digits may be decimal places; the reader never builds it.
        max_digits=draw(st.none() | st.integers((places or 0) + 1, 4)),
        finite_double=draw(st.booleans()),
        digits_only=integer and draw(st.integers(0, 3)) == 0,
    )


@st.composite
def strings(draw: st.DrawFn, languages: st.SearchStrategy[Expr]) -> String:
    minimum = draw(st.integers(0, 2))
    return String(
        min_length=minimum,
        max_length=draw(st.none() | st.integers(minimum, 4)),
        language=draw(st.none() | languages),
    )


@st.composite
def arrays(draw: st.DrawFn, nodes: st.SearchStrategy[Node]) -> Array:
    minimum = draw(st.integers(0, 2))
    contains = st.builds(
        lambda node, low, more: Contains(node, low, None if more is None else low + more),
        nodes,
        st.integers(0, 2),
        st.none() | st.integers(0, 1),
    )
    return Array(
        prefix=tuple(draw(st.lists(nodes, max_size=2))),
        items=draw(st.none() | nodes),
        min_items=minimum,
        max_items=draw(st.none() | st.integers(minimum, 3)),
        unique=draw(st.integers(0, 3)) == 0,
        contains=tuple(draw(st.lists(contains, max_size=1))),
    )


@st.composite
def objects(draw: st.DrawFn, nodes: st.SearchStrategy[Node], languages: st.SearchStrategy[Expr]) -> Object:
    names = draw(st.lists(st.sampled_from(KEYS), max_size=3, unique=True))
    required = draw(st.sets(st.sampled_from(KEYS), max_size=2))
    minimum = draw(st.integers(0, 2))
    return Object(
        properties=tuple((name, draw(nodes)) for name in names),
        required=frozenset(required),
        patterns=tuple(draw(st.lists(st.tuples(languages, nodes), max_size=1))),
        additional=draw(st.none() | st.just(NEVER) | nodes),
        names=draw(st.none() | strings(languages)) if draw(st.integers(0, 4)) == 0 else None,
        min_properties=minimum,
        max_properties=draw(st.none() | st.integers(minimum, 3)),
    )


@st.composite
def shapes(draw: st.DrawFn, nodes: st.SearchStrategy[Node], languages: st.SearchStrategy[Expr]) -> Shape:
    kinds = draw(st.sets(st.sampled_from(("null", "booleans", "number", "string", "array", "object")), min_size=1))
    return Shape(
        null="null" in kinds,
        booleans=draw(st.sampled_from(((True,), (False,), (False, True)))) if "booleans" in kinds else (),
        number=draw(numbers()) if "number" in kinds else None,
        string=draw(strings(languages)) if "string" in kinds else None,
        array=draw(arrays(nodes)) if "array" in kinds else None,
        object=draw(objects(nodes, languages)) if "object" in kinds else None,
    )


@st.composite
def schemas(draw: st.DrawFn, languages: st.SearchStrategy[Expr] | None = None) -> Schema:
    """A Schema with up to two definitions, which may be recursive."""
    spoken = expressions() if languages is None else languages
    names = draw(st.lists(st.sampled_from(("first", "second")), max_size=2, unique=True))
    references = [Ref(name) for name in names]
    atoms: st.SearchStrategy[Node] = st.sampled_from((ANY, NEVER, Shape(number=Number()), Shape(string=String())))
    inner = atoms | st.sampled_from(references) if references else atoms

    def larger(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        return shapes(nodes, spoken)

    guarded = st.recursive(shapes(inner, spoken), larger, max_leaves=3)

    def combined(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        some = st.lists(nodes, min_size=1, max_size=3).map(tuple)
        return st.one_of(some.map(AllOf), some.map(AnyOf), some.map(OneOf), nodes.map(Not), shapes(nodes, spoken))

    any_node = st.recursive(guarded, combined, max_leaves=4)
    return Schema(draw(any_node), {name: draw(guarded) for name in names})
