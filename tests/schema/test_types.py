"""Every kind of type beside Pydantic: what the Nodes accept, `validate_json` takes, and what dumps, the Nodes accept.

The table is data: a type, texts that must be accepted, texts that must be refused. Refused texts come in two sorts:
`bad` ones Pydantic refuses, too (for a type called exact that is checked), `lax` ones it would take, but never writes.
"""

# ruff: noqa: UP007, UP045, UP042  (the older spellings are types under test, too)

from __future__ import annotations

import base64
import collections
import dataclasses
import datetime
import enum
import fractions
import ipaddress
import itertools
import pathlib
import re
import typing
import uuid
import zoneinfo
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Generic, Literal, NamedTuple, NotRequired, Optional, Required, TypeVar, Union

import pydantic.dataclasses
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import (
    UUID4,
    AfterValidator,
    AliasChoices,
    AliasPath,
    AnyUrl,
    AwareDatetime,
    Base64Bytes,
    Base64UrlStr,
    BaseModel,
    BeforeValidator,
    ByteSize,
    ConfigDict,
    Discriminator,
    EmailStr,
    Field,
    FilePath,
    HttpUrl,
    Json,
    JsonValue,
    NaiveDatetime,
    PastDate,
    PlainValidator,
    PositiveInt,
    PostgresDsn,
    RootModel,
    SecretBytes,
    SecretStr,
    StringConstraints,
    Tag,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
    conint,
    conlist,
    conset,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import core_schema
from typing_extensions import TypeAliasType, TypedDict

from typeloom.errors import LimitError, SchemaError
from typeloom.schema.core_schema import STRUCTURES, Reader
from typeloom.schema.node import Array, Coverage, Number, Object, Ref, Schema, Shape, String
from typeloom.schema.scalars import SCALARS
from typeloom.schema.shapes import constants
from typeloom.schema.text_types import base64_texts
from typeloom.schema.types import adapter, plain_schema, read_type

oracle = pytest.importorskip("oracles.interpreter", reason="the plain interpreter of Nodes is not there")
T = TypeVar("T")


@dataclasses.dataclass(frozen=True)
class Case:
    """A type, what it must accept and refuse, and whether the report must call it exact."""

    type: Any
    good: tuple[str, ...]
    bad: tuple[str, ...] = ()
    lax: tuple[str, ...] = ()
    exact: bool = True
    needs: tuple[str, ...] = ()  # modules still being written beside this one
    dumps: bool = True  # every dump is a text of the type


REGEX = ("typeloom.regex.parse",)
FORMATS = ("typeloom.regex.formats",)
JSON_SCHEMA = (*FORMATS, "typeloom.schema.json_schema")


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Mixed(enum.Enum):
    NOTHING = None
    ONE = 1
    WORD = "word"
    HALF = 0.5
    LOST = (1, 2)


class StrColour(str, enum.Enum):
    RED = "red"


class FloatLevel(float, enum.Enum):
    HALF = 0.5
    WHOLE = 2.0


class Permission(enum.IntFlag):
    READ = 1
    WRITE = 2


class Point(NamedTuple):
    x: int
    y: str = "o"


class Movie(TypedDict):
    name: str
    year: NotRequired[int]


class Loose(TypedDict, total=False):
    name: Required[str]
    year: int


class Closed(TypedDict, closed=True):
    name: str


class Extra(TypedDict, extra_items=int):
    name: str


class Item(BaseModel):
    name: str
    count: int = 1


class Order(BaseModel):
    item: Item
    more: list[Item] = []


class Tree(BaseModel):
    value: int
    children: list[Tree] = []


class Chain(BaseModel):
    next: Chain | None = None


class Box(BaseModel, Generic[T]):
    content: T


class Root(RootModel[list[int]]):
    pass


class Aliased(BaseModel):
    name: int = Field(alias="theName")


class AliasedByName(BaseModel):
    model_config = ConfigDict(validate_by_alias=False, validate_by_name=True)
    name: int = Field(alias="theName")


class BothNames(BaseModel):
    model_config = ConfigDict(populate_by_name=True)
    name: int = Field(alias="theName")


class Choices(BaseModel):
    name: int = Field(validation_alias=AliasChoices("first", AliasPath("rest", 0), "second"))


class PathWithDefault(BaseModel):
    name: int = Field(3, validation_alias=AliasPath("rest", 0))


class SerializedOtherwise(BaseModel):
    model_config = ConfigDict(serialize_by_alias=True)
    name: int = Field(validation_alias="n", serialization_alias="n")


class Forbids(BaseModel):
    model_config = ConfigDict(extra="forbid")
    a: int


class Allows(BaseModel):
    model_config = ConfigDict(extra="allow", populate_by_name=True)
    __pydantic_extra__: dict[str, int]
    a: str = Field("x", alias="A")


class AllowsAll(BaseModel):
    model_config = ConfigDict(extra="allow")
    a: int


class Cat(BaseModel):
    kind: Literal["cat"] = "cat"
    lives: int = 9


class Dog(BaseModel):
    kind: Literal["dog", "puppy"]
    name: str


class Leaf(BaseModel):
    type: Literal["leaf"] = "leaf"


class Fork(BaseModel):
    type: Literal["fork"] = "fork"
    left: Annotated[Fork | Leaf, Field(discriminator="type")]


class AliasedTag(BaseModel):
    kind: Literal["a"] = Field("a", alias="k")


class AliasedTag2(BaseModel):
    kind: Literal["b"] = Field("b", alias="k")


class Owner(BaseModel):
    pet: Cat | Dog = Field(discriminator="kind")


class Frozen(BaseModel, frozen=True):
    a: int


class FrozenList(BaseModel, frozen=True):
    a: list[int]


@dataclasses.dataclass
class Plain:
    a: int
    b: str = "x"
    c: int = dataclasses.field(default=1, init=False)


@dataclasses.dataclass
class Checked:
    a: int

    def __post_init__(self) -> None:
        pass


@pydantic.dataclasses.dataclass(config=ConfigDict(extra="forbid"))
class PydanticPlain:
    a: int = Field(ge=0)


class WholeValidator(BaseModel):
    a: int

    @model_validator(mode="after")
    def check(self) -> WholeValidator:
        return self


class Configured(BaseModel):
    model_config = ConfigDict(str_min_length=2, str_max_length=3, str_strip_whitespace=True)
    a: str


class Base64Config(BaseModel):
    model_config = ConfigDict(val_json_bytes="base64", ser_json_bytes="base64")
    a: Annotated[bytes, Field(min_length=2, max_length=4)]


class HexConfig(BaseModel):
    model_config = ConfigDict(val_json_bytes="hex", ser_json_bytes="hex")
    a: Annotated[bytes, Field(min_length=1)]


class PrivateAttribute(BaseModel):
    a: int
    _b: int = 3


class PostInit(BaseModel):
    a: int

    def model_post_init(self, context: Any) -> None:
        pass


class OwnSchema:
    """A type of the user's with a form of its own."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        return core_schema.no_info_plain_validator_function(lambda value: value)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> Any:
        return {"type": "string", "maxLength": 2}


def keyword_function(a: int, b: str = "x", **rest: bool) -> int:
    return a


def positional_function(a: int, b: str = "x", /) -> int:
    return a


Nested = TypeAliasType("Nested", "list[Nested] | int")
Pet = Annotated[Cat | Dog, Field(discriminator="kind")]
A = Annotated
D = Decimal
U = "a1b2c3d4-e5f6-47a8-89ca-bcdef0123456"

CASES: list[Case] = [
    # booleans and nothing
    Case(bool, ("true", "false"), ("null", "2"), ("1", '"true"')),
    Case(None, ("null",), ("0", "false")),
    Case(Any, ("1", "null", '{"a":[1]}', '"x"')),
    Case(object, ("1", "[]")),
    Case(JsonValue, ("1", '{"a":[null]}')),
    # integers
    Case(int, ("0", "-12", "9" * 40), ("1.5", "null", "[]"), ("1.0", '"1"', "true")),
    Case(A[int, Field(ge=1, le=10)], ("1", "10"), ("0", "11")),
    Case(A[int, Field(gt=1, lt=4)], ("2", "3"), ("1", "4")),
    Case(A[int, Field(multiple_of=3)], ("0", "-9", "27"), ("1", "-8")),
    Case(A[int, Field(strict=True)], ("1",), ("1.5", '"1"')),
    Case(PositiveInt, ("1",), ("0", "-1")),
    Case(conint(ge=5, lt=7, multiple_of=2), ("6",), ("5", "7", "8", "4")),
    Case(A[int, Field(gt=1), Field(ge=5)], ("5",), ("4",)),
    # floats
    Case(float, ("0", "1.5", "-2e10", "5e-324"), ("null", '"x"'), ("1e999", '"1"')),
    Case(A[float, Field(allow_inf_nan=False)], ("1.5",), ("1e999",)),
    Case(A[float, Field(gt=0)], ("5e-324", "1"), ("0", "-1", "1e-400", "2e-324")),
    Case(A[float, Field(gt=0.1)], ("0.10000000000000002",), ("0.1", "0.10000000000000001", "0.10000000000000000001")),
    Case(A[float, Field(lt=0.1)], ("0.09999999999999999",), ("0.1", "0.09999999999999999999")),
    Case(A[float, Field(ge=0.1, le=0.3)], ("0.1", "0.3", "0.30"), ("0.09", "0.31")),
    Case(A[float, Field(multiple_of=0.5)], ("1.5", "0", "-2"), ("1.25",), dumps=False),
    Case(A[float, Field(gt=-1, lt=1)], ("0", "0.999"), ("1", "-1")),
    # decimals
    Case(D, ("1.5", '"1.5"', '"-0.10"', '"1E+3"', '"1.5E-7"'), ('"x"', '"NaN"', "null", "1e400"), ('" 1 "', '"1_0"')),
    Case(
        A[D, Field(ge=D("0.1"), le=D("12.5"))],
        ('"0.1"', '"12.50"', "12.5", '"1"'),
        ('"0.09"', '"12.51"', '"100"', '"-1"'),
    ),
    Case(A[D, Field(gt=D("-1.5"), lt=0)], ('"-1.49"', '"-0.001"', "-1"), ('"-1.5"', '"0"', '"-0"', '"0.5"')),
    Case(A[D, Field(gt=0)], ('"0.01"', "3"), ('"0"', '"0.00"', '"-1"', "0")),
    Case(
        A[D, Field(max_digits=4, decimal_places=2)],
        ('"12.34"', '"1.5000"', "12.34", '"-99"'),
        ('"123"', '"1.234"', "123"),
    ),
    Case(
        A[D, Field(max_digits=2, decimal_places=2)],
        ('"0.25"', '"0.0"', '"-0.5"'),
        ('"0"', '"1"', '"0.255"', "0"),
        ("0.5",),
    ),
    Case(A[D, Field(max_digits=3)], ('"123"', '"1.23"', '"0.012"', '"12.300"'), ('"1234"', '"12.34"', '"0.0012"')),
    Case(A[D, Field(decimal_places=1)], ('"1.5"', '"1.50"', "7"), ('"1.55"', "1.55")),
    Case(A[D, Field(multiple_of=D("0.25"))], ('"1.25"', '"0.5"', '"3"', "1.5", '"-2.750"'), ('"1.1"', '"0.3"', "1.1")),
    Case(A[D, Field(multiple_of=5)], ('"15"', '"0"', "20", '"5.0"'), ('"16"', "12", '"5.5"')),
    Case(A[D, Field(multiple_of=D("0.3"))], ("0.9", "3"), ('"1"', "1"), dumps=False),
    Case(A[D, Field(allow_inf_nan=True)], ('"NaN"', '"-Infinity"', '"1"')),
    Case(fractions.Fraction, ('"1/3"', '"-2"', '"0"'), ('"1/0"', '"x"'), ("1", '"0.5"')),
    Case(complex, ('"1+2j"', '"-1.5-0.5j"', '"1j"'), ('"x"', "null"), ("1", '"1"')),
    # texts
    Case(str, ('"x"', '""', '"\\u0000"'), ("1", "null")),
    Case(A[str, Field(min_length=2, max_length=3)], ('"ab"', '"äöü"'), ('"a"', '"abcd"')),
    Case(
        A[str, StringConstraints(strip_whitespace=True, min_length=1)], ('"a b"',), ('" "', '""'), ('" a"', '"a\u00a0"')
    ),
    Case(A[str, StringConstraints(to_lower=True, max_length=1)], ('"a"', '"ß"'), ('"ab"',), ('"A"', '"\u0130"')),
    Case(A[str, StringConstraints(to_upper=True, max_length=1)], ('"A"', '"1"'), ('"AB"',), ('"a"', '"ß"')),
    Case(A[str, StringConstraints(ascii_only=True)], ('"a~"',), ('"é"',)),
    Case(A[str, Field(pattern="^[a-z]{2}$")], ('"ab"',), ('"abc"', '"a1"', '"ab\\n"'), needs=REGEX),
    Case(A[str, Field(pattern="b")], ('"abc"',), ('"a"',), needs=REGEX),
    Case(A[str, Field(pattern=re.compile("^b$", re.I))], ('"B"', '"b"'), ('"ab"',), needs=REGEX),
    Case(Configured, ('{"a":"xy"}',), ('{"a":"x"}', '{"a":"wxyz"}'), ('{"a":" xy"}',)),
    Case(SecretStr, ('"x"',), ("1",)),
    Case(A[SecretStr, Field(min_length=2)], ('"xy"',), ('"x"',)),
    Case(SecretBytes, ('"x"',), ("1",)),
    Case(bytes, ('"é"',), ("1",)),
    Case(A[bytes, Field(max_length=2)], ('"ab"',), ('"abc"',), exact=False),
    Case(Base64Config, ('{"a":"YWI="}', '{"a":"-_-_"}'), ('{"a":"YQ=="}', '{"a":"YWJjZGU="}', '{"a":"YR=="}')),
    Case(HexConfig, ('{"a":"0aFf"}',), ('{"a":""}', '{"a":"0"}', '{"a":"0g"}')),
    Case(Base64Bytes, ('"YQ=="', '""', '"+/+/"'), ('"YQ"',), ('"YR=="', '"Y Q=="')),
    Case(Base64UrlStr, ('"YQ=="',), ('"YQ"',), exact=False),
    # times
    Case(datetime.date, ('"2024-02-29"',), ('"2023-02-29"', '"2024-13-01"', '"x"'), ("0",), needs=FORMATS),
    Case(
        A[datetime.date, Field(ge=datetime.date(2020, 5, 17), lt=datetime.date(2021, 1, 1))],
        ('"2020-05-17"', '"2020-12-31"', '"2020-10-01"'),
        ('"2020-05-16"', '"2021-01-01"', '"2019-12-31"', '"2020-04-30"'),
        needs=FORMATS,
    ),
    Case(
        A[datetime.date, Field(gt=datetime.date(2020, 5, 17))],
        ('"2020-05-18"', '"9999-12-31"'),
        ('"2020-05-17"',),
        needs=FORMATS,
    ),
    Case(PastDate, ('"1999-01-01"',), ('"x"',), exact=False, needs=FORMATS),
    Case(
        datetime.datetime,
        ('"2024-02-29T12:00:00"', '"2024-02-29T12:00:00Z"'),
        ('"2024-02-30T12:00:00"',),
        needs=FORMATS,
    ),
    Case(AwareDatetime, ('"2024-02-29T12:00:00Z"',), ('"2024-02-29T12:00:00"',), needs=FORMATS),
    Case(NaiveDatetime, ('"2024-02-29T12:00:00"',), ('"2024-02-29T12:00:00Z"',), needs=FORMATS),
    Case(
        A[datetime.datetime, Field(ge=datetime.datetime(2020, 1, 1))],
        ('"2024-02-29T12:00:00"',),
        exact=False,
        needs=FORMATS,
    ),
    Case(datetime.time, ('"12:30:00"',), ('"25:00:00"',), needs=FORMATS),
    Case(datetime.timedelta, ('"P1D"', '"PT1.5S"'), ('"x"',), needs=FORMATS),
    # identifiers, addresses, places
    Case(uuid.UUID, (f'"{U}"',), ('"x"',), needs=FORMATS),
    Case(UUID4, (f'"{U}"',), (f'"{U[:14]}5{U[15:]}"', f'"{U[:19]}c{U[20:]}"'), needs=FORMATS),
    Case(ipaddress.IPv4Address, ('"127.0.0.1"',), ('"1.2.3.256"', '"01.2.3.4"'), ("5",), needs=FORMATS),
    Case(ipaddress.IPv6Address, ('"::1"', '"fe80::1"'), ('":::1"',), needs=FORMATS),
    Case(ipaddress.IPv4Network, ('"10.0.0.0/8"',), ('"10.0.0.0/33"',), needs=FORMATS),
    Case(
        AnyUrl, ('"http://a.example/p?q#f"', '"ws://u:p@h:65535/"'), ('"//a"', '"http://h:65536/"', '"x"'), exact=False
    ),
    Case(HttpUrl, ('"https://a.example/"',), ('"ftp://a.example/"', '"http://"'), exact=False),
    Case(PostgresDsn, ('"postgres://u@a:1,b:2/db"',), ('"mysql://a/b"',), exact=False),
    Case(EmailStr, ('"a@b.co"',), ('"a"', '"a@"'), exact=False, needs=FORMATS),
    Case(pathlib.Path, ('"a/b"',), ("1",)),
    Case(FilePath, ('"/etc/passwd"',), ("1",), exact=False),
    Case(zoneinfo.ZoneInfo, ('"Europe/Paris"', '"UTC"'), ('"Europe/Nowhere"',)),
    Case(ByteSize, ("0", "1024"), ("-1", '"x"'), ('"1 KB"',)),
    Case(re.Pattern[str], ('"a+"',), ("1",), exact=False),
    Case(Json[int], ('"1"',), ("1",), exact=False, dumps=False),
    # enumerations
    Case(Literal["a", "b"], ('"a"', '"b"'), ('"c"', "null")),
    Case(Literal[1, "a", None, False], ("1", '"a"', "null", "false"), ("2", '"1"'), ("1.0",)),
    Case(Literal[Colour.RED, 3], ("3",), ('"red"',)),
    Case(Literal[StrColour.RED, Level.LOW], ('"red"', "1"), ('"blue"', "2")),
    Case(Literal[b"x", "y"], ('"y"',), ('"x"',)),
    Case(Colour, ('"red"', '"blue"'), ('"RED"', "1")),
    Case(StrColour, ('"red"',), ('"blue"',)),
    Case(Level, ("1", "2"), ("3", '"x"'), ("1.0", '"1"')),
    Case(FloatLevel, ("0.5", "2"), ("1", "null")),
    Case(Mixed, ("null", "1", '"word"', "0.5"), ("2", "[1,2]")),
    Case(Permission, ("0", "1", "3"), ('"x"', "1.5"), ("4",), dumps=False),
    # unions
    Case(Optional[int], ("1", "null"), ('"x"', "[]")),
    Case(Union[int, str], ("1", '"x"'), ("null", "[]")),
    Case(Union[int, bool], ("1", "true"), ("null",)),
    Case(A[Union[bool, int], Field(union_mode="left_to_right")], ("1", "true"), ("null",)),
    Case(Union[A[int, Field(lt=0)], A[int, Field(gt=10)]], ("-1", "11"), ("0", "10")),
    Case(Union[list[int], list[str]], ("[1]", '["a"]', "[]"), ('[1,"a"]', "[null]")),
    Case(Union[Item, int], ('{"name":"x"}', "1"), ('{"name":1}',)),
    Case(Union[int, SkipJsonSchema[None]], ("1",), ('"x"',), ("null",), dumps=False),
    Case(Union[int, Callable[[], int]], ("1",), ('"x"',)),
    Case(
        Pet,
        ('{"kind":"cat"}', '{"kind":"puppy","name":"x"}'),
        ("{}", '{"lives":1}', '{"kind":"cat","lives":"x"}', '{"kind":"dog"}'),
    ),
    Case(Owner, ('{"pet":{"kind":"cat","lives":3}}',), ('{"pet":{"lives":3}}',)),
    Case(
        Fork,
        ('{"type":"fork","left":{"type":"fork","left":{"type":"leaf"}}}', '{"left":{"type":"leaf"}}'),
        ('{"left":{}}',),
    ),
    Case(
        A[Union[AliasedTag, AliasedTag2], Field(discriminator="kind")],
        ('{"k":"a"}', '{"k":"b"}'),
        ("{}", '{"k":"c"}'),
        ('{"kind":"a"}',),
    ),
    Case(
        A[Union[A[Item, Tag("i")], A[Cat, Tag("c")]], Discriminator(lambda value: "i" if "name" in value else "c")],
        ('{"name":"x"}', '{"kind":"cat"}'),
        exact=False,
    ),
    Case(A[Union[Pet, None], Field()], ("null", '{"kind":"cat"}'), ("{}",)),
    Case(Optional[A[Pet | Leaf, Field(union_mode="smart")]], ("null", '{"type":"leaf"}', '{"kind":"cat"}'), ("1",)),
    # arrays
    Case(list, ('[1,"a"]',), ("{}",)),
    Case(list[int], ("[]", "[1,2]"), ('["x"]', "null")),
    Case(conlist(int, min_length=1, max_length=2), ("[1]", "[1,2]"), ("[]", "[1,2,3]")),
    Case(tuple[int, str], ('[1,"x"]',), ("[1]", '[1,"x",2]', '["x",1]')),
    Case(tuple[int, ...], ("[]", "[1,2]"), ('["x"]',)),
    Case(A[tuple[int, ...], Field(min_length=1)], ("[1]",), ("[]",)),
    Case(tuple[()], ("[]",), ("[1]",)),
    Case(Point, ("[1]", '[1,"b"]'), ("[]", '["x"]', '[1,"b",2]'), ('{"x":1}',)),
    Case(set[int], ("[]", "[1,2]"), ('["x"]',), ("[1,1]",)),
    Case(frozenset[str], ('["a","b"]',), ("[1]",), ('["a","a"]',)),
    Case(conset(int, min_length=2), ("[1,2]",), ("[1]", "[1,1]")),
    Case(set[Any], ('[1,"a",null]',), ("[[1]]", "[{}]")),
    Case(set[Frozen], ('[{"a":1}]',), ('[{"a":"x"}]',)),
    Case(set[tuple[int, int]], ("[[1,2]]",), ("[[1]]",)),
    Case(set[A[D, Field(ge=0)]], ('["1","2"]',), ('["-1"]',)),
    Case(Sequence[int], ("[1]",), ('["x"]', "{}")),
    Case(A[Sequence[int], Field(min_length=1)], ("[1]",), ("[]",)),
    Case(Iterable[int], ("[1]", "[]"), ("1",), dumps=False),
    Case(collections.deque[int], ("[1]",), ('["x"]',)),
    Case(A[collections.deque[int], Field(max_length=1)], ("[1]",), ("[1,2]",)),
    Case(list[Hashable], ("[1]",), ("[[1]]",)),
    # objects
    Case(dict, ('{"a":[1]}',), ("[]",)),
    Case(dict[str, int], ("{}", '{"a":1}'), ('{"a":"x"}',)),
    Case(A[dict[str, int], Field(min_length=1, max_length=2)], ('{"a":1}',), ("{}", '{"a":1,"b":2,"c":3}')),
    Case(
        dict[int, str],
        ('{"-1":"x","20":"y"}',),
        ('{"x":"y"}', '{"1.5":"y"}'),
        ('{"01":"x"}', '{"+1":"x"}', '{"-0":"x"}'),
    ),
    Case(dict[A[int, Field(ge=1, lt=100)], int], ('{"1":1,"99":1}',), ('{"0":1}', '{"100":1}', '{"-5":1}')),
    Case(dict[A[int, Field(multiple_of=5)], int], ('{"5":1,"0":1,"-10":1}',), ('{"6":1}',)),
    Case(dict[float, int], ('{"1.5":1}', '{"1e5":1}'), ('{"x":1}',), ('{"nan":1}',)),
    Case(dict[A[float, Field(ge=0)], int], ('{"1.5":1}',), ('{"-1.5":1}',)),
    Case(dict[D, int], ('{"1.5":1}',), ('{"x":1}',)),
    Case(dict[bool, int], ('{"true":1,"false":0}',), ('{"x":1}',), ('{"1":1}',)),
    Case(dict[Colour, int], ('{"red":1}',), ('{"green":1}',)),
    Case(dict[Level, int], ('{"1":1}',), ('{"3":1}',)),
    Case(dict[Literal["a", 1], int], ('{"a":1}',), ('{"1":1}', '{"b":1}')),
    Case(dict[A[str, Field(min_length=2)], int], ('{"ab":1}',), ('{"a":1}',)),
    Case(dict[A[str, Field(pattern="^x")], int], ('{"xa":1}',), ('{"a":1}',), needs=REGEX),
    Case(dict[int | None, int], ('{"1":1}',), ('{"None":1}',)),
    Case(dict[int | Literal["x"], int], ('{"1":1,"x":2}',), ('{"y":1}',)),
    Case(dict[uuid.UUID, int], (f'{{"{U}":1}}',), ('{"x":1}',), needs=FORMATS),
    Case(dict[datetime.date, int], ('{"2024-02-29":1}',), ('{"2023-02-29":1}',), needs=FORMATS),
    Case(dict[pathlib.Path, int], ('{"a/b":1}',)),
    Case(Mapping[str, int], ('{"a":1}',), ('{"a":"x"}',)),
    Case(collections.defaultdict[str, int], ('{"a":1}',), ('{"a":"x"}',)),
    Case(collections.OrderedDict[str, int], ('{"a":1}',), ('{"a":"x"}',)),
    Case(collections.Counter[str], ('{"a":1}',), ('{"a":1.5}',)),
    Case(
        Item,
        ('{"name":"x"}', '{"name":"x","count":2}'),
        ("{}", '{"name":1}', "[]"),
        ('{"name":"x","z":1}', '{"count":2,"name":"x"}'),
    ),
    Case(Order, ('{"item":{"name":"x"},"more":[{"name":"y"}]}',), ('{"item":{}}', '{"more":[]}')),
    Case(Tree, ('{"value":1,"children":[{"value":2}]}',), ('{"value":1,"children":[{}]}',)),
    Case(Chain, ('{"next":{"next":null}}', "{}"), ('{"next":1}',)),
    Case(Nested, ("[[1],2]", "3"), ('["x"]',)),
    Case(Box[int], ('{"content":1}',), ('{"content":"x"}',)),
    Case(Box[list[Box[str]]], ('{"content":[{"content":"x"}]}',), ('{"content":[{"content":1}]}',)),
    Case(Root, ("[1]",), ('["x"]',)),
    Case(Aliased, ('{"theName":1}',), ('{"name":1}',)),
    Case(AliasedByName, ('{"name":1}',), ('{"theName":1}',)),
    Case(BothNames, ('{"theName":1}',), ("{}",), ('{"name":1}',)),
    Case(Choices, ('{"first":1}',), ("{}",), ('{"second":1}', '{"rest":[1]}')),
    Case(PathWithDefault, ("{}",), (), ('{"rest":[1]}',)),
    Case(SerializedOtherwise, ('{"n":1}',), ("{}",)),
    Case(Forbids, ('{"a":1}',), ('{"a":1,"b":2}',)),
    Case(Allows, ('{"A":"y"}', '{"b":1}', "{}"), ('{"b":"x"}', '{"a":1}'), ('{"a":"y"}',)),
    Case(AllowsAll, ('{"a":1,"b":[2]}',), ('{"b":1}',)),
    Case(Movie, ('{"name":"x"}', '{"name":"x","year":1}'), ("{}", '{"name":"x","year":"y"}'), ('{"name":"x","z":1}',)),
    Case(Loose, ('{"name":"x"}',), ('{"year":1}',)),
    Case(Closed, ('{"name":"x"}',), ('{"name":"x","z":1}',)),
    Case(Extra, ('{"name":"x","z":1}',), ('{"name":"x","z":"y"}',)),
    Case(Plain, ('{"a":1}', '{"a":1,"b":"y"}'), ("{}",), ()),
    Case(Checked, ('{"a":1}',), ("{}",), exact=False),
    Case(PydanticPlain, ('{"a":1}',), ('{"a":-1}', '{"a":1,"b":2}')),
    Case(PrivateAttribute, ('{"a":1}',), ("{}",)),
    Case(PostInit, ('{"a":1}',), ("{}",), exact=False),
    Case(keyword_function, ('{"a":1}', '{"a":1,"b":"x","c":true}'), ("{}", '{"a":1,"c":"x"}'), dumps=False),
    Case(positional_function, ("[1]", '[1,"x"]'), ("[]", "[1,2]"), dumps=False),
    # validators and forms of a type's own
    Case(A[int, AfterValidator(lambda value: value)], ("1",), ('"x"',), exact=False),
    Case(A[int, BeforeValidator(lambda value: value)], ("1",), ('"x"',), exact=False),
    Case(
        A[int, BeforeValidator(lambda value: value, json_schema_input_type=str)],
        ('"1"',),
        ("null",),
        exact=False,
        dumps=False,
    ),
    Case(A[Any, PlainValidator(lambda value: value)], ("1", "[]"), exact=False),
    Case(WholeValidator, ('{"a":1}',), ("{}",), exact=False),
    Case(A[Union[int, str], Field(max_length=3)], ('"abc"',), (), exact=False),
    Case(OwnSchema, ('"ab"',), (), ("1", '"abc"'), exact=False, needs=JSON_SCHEMA, dumps=False),
    Case(A[int, WithJsonSchema({"type": "integer", "maximum": 5})], ("5",), (), ("6",), needs=JSON_SCHEMA, dumps=False),
    Case(
        A[int, WithJsonSchema({"type": "string", "pattern": "^[0-9]+$"})],
        ('"5"',),
        ('"x"',),
        exact=False,
        needs=(*JSON_SCHEMA, *REGEX),
        dumps=False,
    ),
    Case(A[int, Field(description="d", examples=[1], json_schema_extra={"title": "t"})], ("1",), ('"x"',)),
]


def name_of(case: Case) -> str:
    return f"{CASES.index(case)}-{getattr(case.type, '__name__', None) or str(case.type)[:40]}"


def require(case: Case) -> None:
    for module in case.needs:
        pytest.importorskip(module)


def valid(made: TypeAdapter[Any], text: str) -> bool:
    try:
        value = made.validate_json(text)
    except ValidationError:
        return False
    if isinstance(value, Iterable) and "Iterator" in type(value).__name__:
        try:
            list(value)
        except ValidationError:
            return False
    return True


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_table(case: Case) -> None:
    require(case)
    schema, made = read_type(case.type), TypeAdapter(case.type)
    for text in case.good:
        assert oracle.accepts(schema, text), text
        assert valid(made, text), text
    for text in case.bad:
        assert not oracle.accepts(schema, text), text
        assert not valid(made, text), text
    for text in case.lax:
        assert not oracle.accepts(schema, text), text
        assert valid(made, text), text


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_coverage_is_said(case: Case) -> None:
    require(case)
    notes = read_type(case.type).notes
    assert notes
    assert all(note.coverage is not Coverage.WIDER or note.reason for note in notes)
    assert not any(note.coverage is Coverage.REFUSED for note in notes)
    wider = {note.subject.split()[-1] for note in notes if note.coverage is Coverage.WIDER}
    if case.needs == FORMATS and case.exact:  # the format itself may be wider, and is said to be
        wider -= set(pytest.importorskip(FORMATS[0]).WIDER)
    assert bool(wider) is not case.exact


READ_BY_OTHER_NAMES = {Aliased, Choices, BothNames, Allows, PathWithDefault, Plain}
ALL_TEXTS = sorted({text for case in CASES for text in (*case.good, *case.bad, *case.lax)})


@pytest.mark.parametrize("case", [case for case in CASES if case.exact], ids=name_of)
def test_exact_types_accept_only_what_pydantic_takes(case: Case) -> None:
    """Every text of the whole table, against every type: a world of some two hundred texts."""
    require(case)
    schema, made = read_type(case.type), TypeAdapter(case.type)
    wrong = [text for text in ALL_TEXTS if oracle.accepts(schema, text) and not valid(made, text)]
    assert not wrong


@pytest.mark.parametrize("case", [case for case in CASES if case.exact], ids=name_of)
def test_strict_mode_refuses_nothing_that_is_offered(case: Case) -> None:
    require(case)
    if case.type in (keyword_function, positional_function, Union[int, bool]):
        pytest.skip("not in strict mode")
    made = TypeAdapter(case.type)
    for text in case.good:
        made.validate_json(text, strict=True)


def is_written_with_exponent(case: Case, text: str) -> bool:
    """A Decimal under constraints is offered in plain notation: 1000, never 1E+3."""
    return "Decimal" in str(case.type) and "E" in text


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_dumps_are_accepted(case: Case) -> None:
    """Completeness: what Pydantic writes of any value it took (in lax ways, too) is a text of the type."""
    require(case)
    if case.type in READ_BY_OTHER_NAMES or "Secret" in str(case.type) or not case.dumps:
        pytest.skip("the dump is not a text of the type")
    schema, made = read_type(case.type), TypeAdapter(case.type)
    for text in ALL_TEXTS:
        try:
            written = made.dump_json(made.validate_json(text), by_alias=True).decode()
            made.validate_json(written)
        except Exception:
            continue
        if (
            ("null" in written and "null" not in text)
            or "nan" in written.lower()
            or "inf" in written.lower()
            or is_written_with_exponent(case, written)
        ):
            continue  # an infinite double dumps as null
        assert oracle.accepts(schema, written, order="any"), (text, written)


# What is refused, and where


def core(kind: str, **keys: Any) -> dict[str, Any]:
    return {"type": kind, **keys}


@dataclasses.dataclass
class Handle:
    """Has a part that no JSON text can give."""

    name: str
    tools: list[Callable[[int], int]]


class Endless(BaseModel):
    next: Endless


class EndlessList(BaseModel):
    next: Annotated[list[EndlessList], Field(min_length=1)]


class NoMembers(enum.Enum):
    pass


class NotJsonEnum(enum.Enum):
    A = (1, 2)


class ByPath(BaseModel):
    name: int = Field(validation_alias=AliasPath("rest", 0))


class Surrogate(enum.Enum):
    LONE = "\ud800"
    FINE = "x"


class Narrow(BaseModel):
    sizes: list[A[int, Field(gt=5, lt=3)]]


class Holder(BaseModel):
    kind: NoMembers


REFUSED: list[tuple[Any, str, str]] = [
    (Handle, "$.tools[*]", "callable"),
    (type[int], "$", "subclass of int"),
    (Callable[[int], int], "$", "callable"),
    (Endless, "$", "finite value"),
    (EndlessList, "$", "finite value"),
    (Holder, "$.kind", "members"),
    (NotJsonEnum, "$", "JSON can write"),
    (ByPath, "$.name", "AliasChoices"),
    (dict[str, Surrogate], "$.*", "Pydantic"),
    (A[tuple[int, int], Field(max_length=1)], "$", "max_length"),
    (Narrow, "$.sizes[*]", "bounds"),
    (A[int, Field(gt=1, lt=2)], "$", "integer"),
    (A[float, Field(ge=2, lt=2)], "$", "bounds"),
    (A[datetime.date, Field(gt=datetime.date(2020, 1, 1), lt=datetime.date(2020, 1, 1))], "$", "date"),
    (A[str, Field(min_length=3, max_length=2)], "$", "min_length"),
    (conlist(int, min_length=3, max_length=2), "$", "min_length"),
    (Literal[Colour.RED], "$", "Enum"),
    (Literal[b"x"], "$", "Literal"),
    (dict[tuple[int, int], int], "$", "keys"),
    (dict[None, int], "$", "keys"),
    (dict[Literal[1], int], "$", "keys"),
    (set[list[int]], "$", "hashable"),
    (set[Item], "$", "hashable"),
    (set[FrozenList], "$", "hashable"),
    (frozenset[tuple[dict[str, int], ...]], "$", "hashable"),
    (range, "$", "Pydantic"),
    (dict[str, list[range]], "$.*[*]", "Pydantic"),
    (Literal[()], "$", "Pydantic"),
    ("NoSuchName", "$", "NoSuchName"),
]


@pytest.mark.parametrize("source, path, word", REFUSED, ids=lambda value: str(value)[:30])
def test_refused_with_path_and_reason(source: Any, path: str, word: str) -> None:
    with pytest.raises(SchemaError) as caught:
        read_type(source)
    assert caught.value.path == path
    assert word in str(caught.value)
    assert "expected" in str(caught.value)


def test_a_union_keeps_the_members_that_json_can_write_and_says_so() -> None:
    schema = read_type(Union[int, Callable[[], int]])
    assert schema.root == Shape(number=Number(integer=True))
    assert [note.coverage for note in schema.notes] == [Coverage.EXACT, Coverage.IGNORED]
    with pytest.raises(SchemaError, match="callable"):
        read_type(Union[Callable[[], int], type[int]])


def test_deep_nesting_has_a_limit() -> None:
    nested: dict[str, Any] = core("int")
    for _ in range(1000):
        nested = core("list", items_schema=nested)
    with pytest.raises(LimitError) as caught:
        Reader().schema(nested)
    assert caught.value.limit == "depth"


def test_a_kind_that_is_not_known_is_refused() -> None:
    with pytest.raises(SchemaError, match="new-kind"):
        Reader().schema(core("model-fields", fields={"a": core("model-field", schema=core("new-kind"))}))


def test_a_definition_that_is_itself_is_refused() -> None:
    loop = core(
        "definitions",
        schema=core("definition-ref", schema_ref="x.A:1"),
        definitions=[core("nullable", schema=core("definition-ref", schema_ref="x.A:1"), ref="x.A:1")],
    )
    with pytest.raises(SchemaError, match="itself"):
        Reader().schema(loop)


# Nothing is dropped

SAMPLES: dict[str, dict[str, Any]] = {
    "int": {"multiple_of": 2, "le": 5, "ge": 1, "lt": 5, "gt": 1},
    "float": {"multiple_of": 0.5, "le": 5.0, "ge": 1.0, "lt": 5.0, "gt": 1.0},
    "decimal": {
        "multiple_of": D(2),
        "le": D(5),
        "ge": D(1),
        "lt": D(5),
        "gt": D(1),
        "max_digits": 3,
        "decimal_places": 2,
        "allow_inf_nan": True,
    },
    "fraction": {key: fractions.Fraction(1, 2) for key in ("multiple_of", "le", "ge", "lt", "gt")},
    "str": {
        "pattern": "^a",
        "max_length": 3,
        "min_length": 1,
        "strip_whitespace": True,
        "to_lower": True,
        "to_upper": True,
        "ascii_only": True,
    },
    "bytes": {"max_length": 3, "min_length": 1},
    "date": {**{key: datetime.date(2020, 1, 1) for key in ("le", "ge", "lt", "gt")}, "now_op": "past"},
    "time": {
        **{key: datetime.time(1) for key in ("le", "ge", "lt", "gt")},
        "tz_constraint": "aware",
        "microseconds_precision": "error",
    },
    "datetime": {
        **{key: datetime.datetime(2020, 1, 1) for key in ("le", "ge", "lt", "gt")},
        "now_op": "past",
        "tz_constraint": "aware",
        "microseconds_precision": "error",
    },
    "timedelta": {
        **{key: datetime.timedelta(1) for key in ("multiple_of", "le", "ge", "lt", "gt")},
        "microseconds_precision": "error",
    },
    "uuid": {"version": 4},
    "url": {"max_length": 9, "allowed_schemes": ["http"], "default_host": "h"},
    "multi-host-url": {"max_length": 9, "allowed_schemes": ["http"], "default_host": "h"},
    "list": {"items_schema": core("int"), "min_length": 1, "max_length": 2},
    "deque": {"items_schema": core("int"), "min_length": 1, "max_length": 2},
    "generator": {"items_schema": core("int"), "min_length": 1, "max_length": 2},
    "set": {"items_schema": core("int"), "min_length": 1, "max_length": 2},
    "frozenset": {"items_schema": core("int"), "min_length": 1, "max_length": 2},
    "tuple": {"min_length": 2, "max_length": 2},
    "dict": {"keys_schema": core("int"), "values_schema": core("int"), "min_length": 1, "max_length": 2},
    "ordered-dict": {"keys_schema": core("int"), "values_schema": core("int"), "min_length": 1, "max_length": 2},
    "counter": {"keys_schema": core("int"), "values_schema": core("str"), "min_length": 1, "max_length": 2},
}
BASE: dict[str, dict[str, Any]] = {
    "tuple": {"items_schema": [core("int")], "variadic_item_index": 0},
    "url": {"allowed_schemes": ["x"]},
}
# Keys that change no JSON text that is offered: how the object is made, dumped or named; `strict` is tested apart.
NEUTRAL = {"type", "strict", "ref", "metadata", "serialization", "fail_fast", "items_schema", "variadic_item_index"}
NEUTRAL |= {"now_utc_offset", "regex_engine", "coerce_numbers_to_str", "default_port", "default_path", "host_required"}
NEUTRAL |= {"allow_inf_nan"}
NEEDS_FORMATS = {"date", "time", "datetime", "timedelta", "uuid"}


@pytest.mark.parametrize("kind, key", [(kind, key) for kind, keys in SAMPLES.items() for key in keys])
def test_every_constraint_changes_the_node_or_is_noted(kind: str, key: str) -> None:
    if kind in NEEDS_FORMATS:
        pytest.importorskip(FORMATS[0])
    if key == "pattern":
        pytest.importorskip(REGEX[0])
    base = core(kind, **BASE.get(kind, {}))
    before, after = Reader().schema(base), Reader().schema({**base, key: SAMPLES[kind][key]})
    assert before.root != after.root or before.notes != after.notes


def documented() -> dict[str, set[str]]:
    """The keys of every core schema, as `pydantic_core.core_schema` documents them."""
    found = {}
    for value in vars(core_schema).values():
        if typing.is_typeddict(value) or hasattr(value, "__total__"):
            kinds = typing.get_args(typing.get_type_hints(value, vars(core_schema)).get("type"))
            for kind in kinds:
                found[kind] = set(value.__annotations__)
    return found


@pytest.mark.parametrize("kind", sorted(SAMPLES))
def test_every_documented_key_of_a_constrained_kind_is_sampled(kind: str) -> None:
    assert documented()[kind] - set(SAMPLES[kind]) - NEUTRAL == set()


def test_every_documented_kind_is_read_or_refused_by_name() -> None:
    kinds = set(typing.get_args(core_schema.CoreSchemaType))
    assert kinds - set(SCALARS) - set(STRUCTURES) <= {"arguments-v3"}


# Small worlds and random bounds

PLAIN_TEXTS = [
    text
    for letters, most in (("05.", 5), ("19.", 4))
    for length in range(1, most + 1)
    for text in map("".join, itertools.product(letters, repeat=length))
    if re.fullmatch(r"(0|[159][0159]*)(\.[0159]+)?", text)
]
DECIMAL_RULES = [
    {"max_digits": digits, "decimal_places": places} for digits in (None, 1, 2, 3) for places in (None, 0, 1, 2, 3)
] + [{"ge": D(low), "lt": D(high)} for low, high in (("0", "1"), ("-1.5", "0.05"), ("0.9", "10.1"), ("-9", "-0.1"))] + [
    {"multiple_of": D(step)} for step in ("0.05", "0.2", "1", "4", "0.25", "20", "0.1")
]  # fmt: skip


@pytest.mark.parametrize("rule", DECIMAL_RULES, ids=str)
def test_decimal_texts_exhaustively(rule: dict[str, Any]) -> None:
    """Every plain decimal text in two small worlds: taken by Pydantic iff it is offered."""
    rule = {key: value for key, value in rule.items() if value is not None}
    schema, made = read_type(A[D, Field(**rule)]), TypeAdapter(A[D, Field(**rule)])
    for plain in PLAIN_TEXTS:
        for text in (f'"{plain}"', f'"-{plain}"', plain):
            offered, taken = oracle.accepts(schema, text), valid(made, text)
            assert offered <= taken, text
            assert offered == taken or not text.startswith('"'), text


bounds = st.one_of(st.integers(-50, 50), st.floats(-50, 50, width=16), st.decimals(-50, 50, places=2))


@given(st.sampled_from(["ge", "gt"]), st.sampled_from(["le", "lt"]), bounds, bounds, st.data())
def test_bounds_of_numbers_agree_with_pydantic(
    low: str, high: str, first: Any, second: Any, data: st.DataObject
) -> None:
    for cls in (float, D):
        least, most = (cls(str(first)), cls(str(second)))
        source = A[cls, Field(**{low: least, high: most})]
        try:
            schema, made = read_type(source), TypeAdapter(source)
        except SchemaError:
            assert least > most or (least == most and "t" in low + high)
            continue
        value = data.draw(st.one_of(st.sampled_from([least, most]), st.floats(-60, 60, width=32), st.integers(-60, 60)))
        text = repr(value) if not isinstance(value, Decimal) else str(value)
        for written in (text, f'"{text}"') if cls is D else (text,):
            if oracle.accepts(schema, written):
                assert valid(made, written), written
            elif "e" not in written.lower() and len(written) < 16:
                assert not valid(made, written), written


@given(st.integers(-300, 300), st.integers(0, 300), st.integers(-700, 700), st.sampled_from([None, 2, 5, 10]))
def test_integer_keys_agree_with_pydantic(low: int, width: int, value: int, step: int | None) -> None:
    source = dict[A[int, Field(ge=low, le=low + width, multiple_of=step)], int]
    text = f'{{"{value}":1}}'
    assert oracle.accepts(read_type(source), text) == valid(TypeAdapter(source), text)


@given(st.binary(max_size=9), st.integers(0, 4), st.integers(4, 8))
def test_base64_texts_are_those_of_so_many_bytes(data: bytes, least: int, most: int) -> None:
    schema = Schema(Shape(string=String(language=base64_texts("+/", least, most))))
    text = f'"{base64.b64encode(data).decode()}"'
    assert oracle.accepts(schema, text) == (least <= len(data) <= most)


@pytest.mark.parametrize("values", [["\ud800"], [["a\udfff"]], [{"\ud800": 1}]])
def test_no_lone_surrogate_in_constants(values: list[Any]) -> None:
    with pytest.raises(SchemaError, match="surrogate") as caught:
        constants(values, "$.x")
    assert caught.value.path == "$.x"


# The shape of what is read


def test_aliases_and_order_of_keys() -> None:
    root = read_type(Choices).root
    assert isinstance(root, Shape) and root.object is not None
    assert [name for name, _ in root.object.properties] == ["first"]
    assert root.object.required == {"first"}


def test_an_optional_text_needs_no_alternatives() -> None:
    assert read_type(Optional[str]).root == Shape(null=True, string=String())
    assert read_type(Union[int, str, None, bool]).root == Shape(
        null=True, booleans=(False, True), number=Number(integer=True), string=String()
    )


def test_a_dict_has_names_and_no_properties() -> None:
    root = read_type(dict[str, int]).root
    assert root == Shape(object=Object(additional=Shape(number=Number(integer=True))))


def test_recursion_is_a_definition() -> None:
    schema = read_type(Tree)
    assert schema.root == Ref("Tree")
    tree = schema.definitions["Tree"]
    assert isinstance(tree, Shape) and tree.object is not None
    assert dict(tree.object.properties)["children"] == Shape(array=Array(items=Ref("Tree")))


def test_two_classes_of_one_name_stay_apart() -> None:
    def make(kind: Any) -> Any:
        class Same(BaseModel):
            value: kind

        return Same

    first, second = make(int), make(str)
    schema = read_type(tuple[first, first, second, second])
    assert set(schema.definitions) == {"Same", "Same_2"}
    assert oracle.accepts(schema, '[{"value":1},{"value":1},{"value":"a"},{"value":"b"}]')
    assert not oracle.accepts(schema, '[{"value":1},{"value":1},{"value":2},{"value":"b"}]')


def test_an_adapter_is_given_back() -> None:
    made = TypeAdapter(int)
    assert adapter(made) is made
    assert read_type(made) == read_type(int)


def test_plain_schema_has_the_descriptions() -> None:
    class Said(BaseModel):
        """The whole."""

        part: int = Field(description="The part.")

    schema = plain_schema(Said)
    assert schema["description"] == "The whole."
    assert schema["properties"]["part"]["description"] == "The part."
    with pytest.raises(SchemaError, match="JSON Schema"):
        plain_schema(Callable[[int], int])


def test_json_schema_extra_is_said_to_be_documentation() -> None:
    schema = read_type(A[str, Field(json_schema_extra={"pattern": "a"})])
    assert [note.coverage for note in schema.notes] == [Coverage.IGNORED, Coverage.EXACT]
