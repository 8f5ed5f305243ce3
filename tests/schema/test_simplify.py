"""The law of simplification: a simplified combination accepts exactly what the plain combination accepts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from oracles.nodes import holds
from typeloom.regex.expr import ANY_TEXT, Chars, Complement, Concat, Expr, Literal, Literals, Repeat
from typeloom.schema.kinds import admits, digits_of, is_multiple
from typeloom.schema.names import string_of
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
from typeloom.schema.simplify import all_of, any_of, disjoint, negate, one_of

letter = Chars(((97, 99),))
languages: st.SearchStrategy[Expr] = st.sampled_from([
    Literal("a"), Literals(("a", "b")), Literals(("", "ab", "c")), Repeat(letter, 1, 2),
    Concat((ANY_TEXT, Literal("a"))), Complement(Literals(("a",))), Concat((Literal("b"), ANY_TEXT)),
])  # fmt: skip
counts = st.integers(0, 3)
bounds = st.none() | st.integers(-2, 2).map(Decimal)
strings = st.builds(String, counts, st.none() | counts, st.none() | languages)
numbers = st.builds(
    Number, integer=st.booleans(), minimum=bounds, exclusive_minimum=st.booleans(), maximum=bounds,
    exclusive_maximum=st.booleans(), multiple_of=st.sampled_from([(), (Decimal(2),), (Decimal("0.5"),)]),
) | st.lists(st.sampled_from([Decimal(0), Decimal(1), Decimal("1.5")]), min_size=1, unique=True).map(
    lambda values: Number(values=tuple(values))
)  # fmt: skip


def shapes(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    arrays = st.builds(
        Array, st.lists(inner, max_size=2).map(tuple), st.none() | inner, counts, st.none() | counts, st.booleans(),
        st.lists(st.builds(Contains, inner, counts, st.none() | counts), max_size=1).map(tuple),
    )  # fmt: skip
    objects = st.builds(
        Object,
        st.dictionaries(st.sampled_from("abc"), inner, max_size=2).map(lambda entries: tuple(entries.items())),
        st.frozensets(st.sampled_from("abc"), max_size=2),
        st.lists(st.tuples(languages, inner), max_size=2).map(tuple),
        st.none() | inner | st.just(NEVER), st.none() | strings, counts, st.none() | counts,
    )  # fmt: skip
    return st.builds(
        Shape, st.booleans(), st.sampled_from([(), (False,), (True,), (False, True)]), st.none() | numbers,
        st.none() | strings, st.none() | arrays, st.none() | objects,
    )  # fmt: skip


DEFINITIONS: dict[str, Node] = {
    "text": Shape(string=String(language=Literals(("a", "b")))),
    "thing": Shape(object=Object(properties=(("a", Shape(null=True)),), required=frozenset("a"))),
}
leaves: st.SearchStrategy[Node] = st.sampled_from([ANY, NEVER, Shape(null=True), Shape(string=String())])
nodes: st.SearchStrategy[Node] = st.recursive(
    leaves | shapes(leaves) | st.sampled_from([Ref(name) for name in DEFINITIONS]),
    lambda inner: st.one_of(
        shapes(inner),
        st.lists(inner, max_size=3).map(lambda parts: AllOf(tuple(parts))),
        st.lists(inner, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
        st.lists(inner, max_size=3).map(lambda parts: OneOf(tuple(parts))),
        inner.map(Not),
    ),
    max_leaves=4,
)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.just(Decimal("1.5")) | st.text("abd", max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(("a", "b", "ab")), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip
some_values = st.lists(values, min_size=1, max_size=12)


def true_of(node: Node, value: Any) -> bool:
    return holds(Schema(node, DEFINITIONS), value)


def look(ref: Ref) -> Node | None:
    return DEFINITIONS[ref.name]


@given(st.lists(nodes, max_size=4), some_values)
def test_all_of_is_conjunction(parts: list[Node], some: list[Any]) -> None:
    node = all_of(parts, look)
    for value in some:
        assert true_of(node, value) == all(true_of(part, value) for part in parts)


@given(st.lists(nodes, max_size=4), some_values)
def test_any_of_is_union(parts: list[Node], some: list[Any]) -> None:
    node = any_of(parts, look)
    for value in some:
        assert true_of(node, value) == any(true_of(part, value) for part in parts)


@given(st.lists(nodes, max_size=4), some_values)
def test_one_of_is_exactly_one(parts: list[Node], some: list[Any]) -> None:
    node = one_of(parts, look, look)
    for value in some:
        assert true_of(node, value) == (sum(true_of(part, value) for part in parts) == 1)


@given(nodes, some_values)
def test_negate_is_complement(node: Node, some: list[Any]) -> None:
    for value in some:
        assert true_of(negate(node), value) != true_of(node, value)


@given(nodes, nodes, some_values)
def test_disjoint_is_never_wrong(one: Node, other: Node, some: list[Any]) -> None:
    if disjoint(one, other, look):
        for value in some:
            assert not (true_of(one, value) and true_of(other, value))


@given(nodes, st.text("abcd", max_size=3))
def test_the_language_of_keys_is_what_the_node_says_of_strings(node: Node, text: str) -> None:
    string = string_of(node, look, "$")
    assert (string is not None and true_of(Shape(string=string), text)) == true_of(node, text)


def test_discriminated_objects_are_disjoint() -> None:
    def tagged(tag: str) -> Shape:
        kind = Shape(string=String(language=Literals((tag,))))
        return Shape(object=Object(properties=(("kind", kind),), required=frozenset({"kind"})))

    assert disjoint(tagged("a"), tagged("b"))
    assert not disjoint(tagged("a"), tagged("a"))


decimals = st.decimals(allow_nan=False, allow_infinity=False, min_value=-1000, max_value=1000, places=3)


@given(decimals, decimals.filter(lambda step: step > 0))
def test_is_multiple_is_division_without_rest(value: Decimal, step: Decimal) -> None:
    from fractions import Fraction

    assert is_multiple(value, step) == ((Fraction(value) / Fraction(step)).denominator == 1)


def test_exponents_cost_nothing() -> None:
    assert is_multiple(Decimal("1e999999999"), Decimal("7e-5")) is False
    assert is_multiple(Decimal("7e999999999"), Decimal("7e-999999999"))
    assert not is_multiple(Decimal("1e-999999999"), Decimal(1))
    assert not admits(Number(integer=True), Decimal("1e-999999999"))


@given(st.integers(-(10**6), 10**6), st.integers(-4, 3))
def test_digits_are_counted_as_written_without_trailing_zeros(whole: int, exponent: int) -> None:
    value = Decimal(whole).scaleb(exponent)
    text = f"{value:f}".lstrip("-")
    integral, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0")
    digits = len(integral.lstrip("0") + fraction) if integral.lstrip("0") else len(fraction)
    assert digits_of(value) == (len(fraction), max(digits, 1))
