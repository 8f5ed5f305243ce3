"""Random Python types together with strategies for their values.

`Typed` pairs an annotation with values that Pydantic accepts for it, so completeness can dump them and soundness has a
validator. The pools follow what people write: scalars with constraints, enums, literals, dates and addresses, optional
and tagged unions, the collections, nested and recursive models, dataclasses, named tuples and typed dicts.
Left out because their JSON does not come back as the same value: NaN and infinities, bytes.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
import ipaddress
import itertools
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal, NamedTuple, Optional, Union

from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, create_model
from typing_extensions import TypedDict

_serial = itertools.count()
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.text('ab"\\\n\x01é🙂', max_size=5)
FIELDS = ("a", "b", "name", "total", "kind_", "été", "items")
ALIASES = ("$ref", "a b", 'q"', "é", "camelCase", "a")


@dataclass(frozen=True)
class Typed:
    """A type and the strategy of its values."""

    annotation: Any
    values: st.SearchStrategy[Any]

    @property
    def adapter(self) -> TypeAdapter[Any]:
        return TypeAdapter(self.annotation)

    def __repr__(self) -> str:
        return f"Typed({describe(self.annotation)})"


def describe(annotation: Any) -> str:
    """The type for a failure message; models with their fields."""
    fields = getattr(annotation, "model_fields", None)
    return f"{annotation!r} with {fields!r}" if fields else repr(annotation)


class Colour(enum.Enum):
    RED = "red"
    GREEN = 'gr"een'
    BLUE = "blau 🙂"


class Level(enum.IntEnum):
    LOW = 1
    MIDDLE = 10
    HIGH = 11


class Leaf(BaseModel):
    kind: Literal["leaf"]
    size: int


class Branch(BaseModel):
    kind: Literal["branch"]
    left: Union[Leaf, Branch] = Field(discriminator="kind")
    right: Optional[Leaf] = None


class Tree(BaseModel):
    value: int
    children: list[Tree] = []


class Linked(BaseModel):
    name: str = Field(max_length=3)
    following: Optional[Linked] = None


class Point(NamedTuple):
    x: int
    y: float


@dataclasses.dataclass
class Sized:
    width: Annotated[int, Field(ge=0, le=300)]
    unit: Literal["mm", "cm"] = "mm"
    tags: list[str] = dataclasses.field(default_factory=list)


_zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: datetime.timezone(datetime.timedelta(minutes=minutes)))
_zoned = st.none() | st.just(datetime.UTC) | _zones
_reals = st.floats(allow_nan=False, allow_infinity=False)
_leafs = st.builds(Leaf, kind=st.just("leaf"), size=st.integers())


def _decimals(places: int, whole: int) -> st.SearchStrategy[Decimal]:
    top = 10**whole - 1
    return st.decimals(-top, top, places=places, allow_nan=False, allow_infinity=False)


SCALARS: tuple[Typed, ...] = (
    Typed(bool, st.booleans()),
    Typed(int, st.integers() | st.integers(-(10**30), 10**30)),
    Typed(float, _reals),
    Typed(Decimal, _decimals(3, 6)),
    Typed(str, TEXT),
    Typed(None, st.none()),
    Typed(Annotated[int, Field(ge=-3, lt=17)], st.integers(-3, 16)),
    Typed(Annotated[int, Field(gt=0)], st.integers(1)),
    Typed(Annotated[int, Field(multiple_of=7, ge=0)], st.integers(0, 1000).map(lambda count: count * 7)),
    Typed(Annotated[float, Field(ge=0, le=1)], st.floats(0, 1)),
    Typed(Annotated[float, Field(gt=-2.5, lt=1e6)], st.floats(-2.5, 1e6, exclude_min=True, exclude_max=True)),
    Typed(Annotated[Decimal, Field(max_digits=6, decimal_places=2)], _decimals(2, 4)),
    Typed(Annotated[Decimal, Field(ge=0, decimal_places=2)], _decimals(2, 8).map(abs)),
    Typed(Annotated[str, Field(min_length=1, max_length=4)], TEXT.filter(lambda text: 1 <= len(text) <= 4)),
    Typed(Annotated[str, Field(pattern=r"^[a-z]{2,4}-\d+$")], st.from_regex(r"[a-z]{2,4}-[0-9]{1,4}", fullmatch=True)),
    Typed(Annotated[str, Field(pattern=r"^(EUR|USD|CHF)$")], st.sampled_from(("EUR", "USD", "CHF"))),
    Typed(Annotated[str, Field(pattern=r"b", max_length=3)],
          st.text("ab", max_size=3).filter(lambda text: "b" in text)),
    Typed(Literal["yes", "no"], st.sampled_from(("yes", "no"))),
    Typed(Literal[1, 12, "1", None, True], st.sampled_from((12, "1", None, True))),
    Typed(Colour, st.sampled_from(Colour)),
    Typed(Level, st.sampled_from(Level)),
    Typed(datetime.date, st.dates()),
    Typed(datetime.time, st.times()),
    Typed(datetime.datetime, st.datetimes(timezones=_zoned)),
    Typed(datetime.timedelta, st.timedeltas(datetime.timedelta(-999), datetime.timedelta(999))),
    Typed(uuid.UUID, st.uuids()),
    Typed(ipaddress.IPv4Address, st.ip_addresses(v=4)),
    Typed(ipaddress.IPv6Address, st.ip_addresses(v=6)),
    Typed(Tree, st.recursive(
        st.builds(Tree, value=st.integers()),
        lambda inner: st.builds(Tree, value=st.integers(-9, 9), children=st.lists(inner, max_size=2)), max_leaves=4)),
    Typed(Linked, st.recursive(
        st.builds(Linked, name=st.text("abc", max_size=3)),
        lambda inner: st.builds(Linked, name=st.text("é🙂", max_size=3), following=inner), max_leaves=3)),
    Typed(Branch, st.recursive(
        st.builds(Branch, kind=st.just("branch"), left=_leafs, right=st.none() | _leafs),
        lambda inner: st.builds(Branch, kind=st.just("branch"), left=inner), max_leaves=3)),
    Typed(Annotated[Union[Leaf, Branch], Field(discriminator="kind")], _leafs),
    Typed(Point, st.builds(Point, st.integers(), _reals)),
    Typed(Sized, st.builds(Sized, st.integers(0, 300), st.sampled_from(("mm", "cm")), st.lists(TEXT, max_size=2))),
)  # fmt: skip

_HASHABLE = tuple(
    one
    for one in SCALARS
    if one.annotation in (bool, int, str, Colour, Level, datetime.date, uuid.UUID)
    or one.annotation == Literal["yes", "no"]
)
_KEYS = tuple(one for one in _HASHABLE if one.annotation in (int, str, Colour, Level))


def types() -> st.SearchStrategy[Typed]:
    """Any of the above, nested a few levels."""
    return st.recursive(st.sampled_from(SCALARS), _larger, max_leaves=5)


def _larger(inner: st.SearchStrategy[Typed]) -> st.SearchStrategy[Typed]:
    return st.one_of(
        inner.map(_optional),
        st.tuples(inner, inner).map(_union),
        st.builds(_list, inner, st.integers(0, 2), st.none() | st.integers(2, 4)),
        st.lists(inner, min_size=1, max_size=3).map(_tuple),
        inner.map(_row),
        st.sampled_from(_HASHABLE).map(_set),
        st.sampled_from(_HASHABLE).map(_frozenset),
        st.tuples(st.sampled_from(_KEYS), inner).map(_dict),
        _models(inner),
        _dataclasses(inner),
        _typed_dicts(inner),
    )


def _optional(one: Typed) -> Typed:
    return Typed(Optional[one.annotation], st.none() | one.values)


def _union(pair: tuple[Typed, Typed]) -> Typed:
    first, second = pair
    return Typed(Union[first.annotation, second.annotation], first.values | second.values)


def _list(one: Typed, low: int, high: int | None) -> Typed:
    bounds = Field(min_length=low, max_length=high)
    return Typed(
        Annotated[list[one.annotation], bounds],  # type: ignore[name-defined]
        st.lists(one.values, min_size=low, max_size=low + 2 if high is None else high),
    )


def _row(one: Typed) -> Typed:
    return Typed(tuple[one.annotation, ...], st.lists(one.values, max_size=3).map(tuple))  # type: ignore[name-defined]


def _set(one: Typed) -> Typed:
    return Typed(set[one.annotation], st.sets(one.values, max_size=3))  # type: ignore[name-defined]


def _frozenset(one: Typed) -> Typed:
    return Typed(frozenset[one.annotation], st.frozensets(one.values, max_size=3))  # type: ignore[name-defined]


def _tuple(parts: list[Typed]) -> Typed:
    return Typed(tuple[tuple(one.annotation for one in parts)], st.tuples(*(one.values for one in parts)))  # type: ignore[misc]


def _dict(pair: tuple[Typed, Typed]) -> Typed:
    key, value = pair
    return Typed(
        dict[key.annotation, value.annotation],  # type: ignore[name-defined]
        st.dictionaries(key.values, value.values, max_size=3),
    )


@st.composite
def _fields(draw: st.DrawFn, inner: st.SearchStrategy[Typed]) -> dict[str, Typed]:
    names = draw(st.lists(st.sampled_from(FIELDS), min_size=1, max_size=4, unique=True))
    return {name: draw(inner) for name in names}


def _values(build: Callable[..., Any], fields: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(fields).map(lambda chosen: build(**chosen))


@st.composite
def _models(draw: st.DrawFn, inner: st.SearchStrategy[Typed]) -> Typed:
    fields = draw(_fields(inner))
    aliases = dict(zip(fields, draw(st.permutations(ALIASES)), strict=False)) if draw(st.integers(0, 3)) == 0 else {}
    definitions: dict[str, Any] = {}
    for name, one in fields.items():
        optional = draw(st.integers(0, 2)) == 0
        annotation = Optional[one.annotation] if optional else one.annotation
        default: Any = {"default": None} if optional else {}
        definitions[name] = (annotation, Field(alias=aliases.get(name), **default))
    extra: Literal["ignore", "forbid"] = draw(st.sampled_from(("ignore", "forbid")))
    model: Any = create_model(f"Model{next(_serial)}", __config__=ConfigDict(extra=extra), **definitions)
    return Typed(model, _values(model, {aliases.get(name, name): one.values for name, one in fields.items()}))


@st.composite
def _dataclasses(draw: st.DrawFn, inner: st.SearchStrategy[Typed]) -> Typed:
    fields = draw(_fields(inner))
    made = dataclasses.make_dataclass(
        f"Record{next(_serial)}", [(name, one.annotation) for name, one in fields.items()]
    )
    return Typed(made, _values(made, {name: one.values for name, one in fields.items()}))


@st.composite
def _typed_dicts(draw: st.DrawFn, inner: st.SearchStrategy[Typed]) -> Typed:
    fields = draw(_fields(inner))
    total = draw(st.booleans())
    made: Any = TypedDict(f"Dict{next(_serial)}", {name: one.annotation for name, one in fields.items()}, total=total)  # type: ignore[misc]
    every = {name: one.values for name, one in fields.items()}
    drawn = st.fixed_dictionaries(every) if total else st.fixed_dictionaries({}, optional=every)
    # Optional keys are drawn in any order, and a dump keeps the value's own: here the declared one is meant.
    return Typed(made, drawn.map(lambda value: {name: value[name] for name in every if name in value}))
