"""What the README promises of types holds, its session without a model needs none, and the docstrings' examples run."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

import pytest
from pydantic import AfterValidator, BaseModel, Field
from typing_extensions import TypedDict

import typeloom as tl
from snippets import FLAGS, ROOT, page, session
from typeloom.pipelines.extras import MissingExtra


class Flavour(Enum):
    SWEET = "sweet"


@dataclass
class Point:
    x: int


class Entry(TypedDict):
    x: int


class Pair(NamedTuple):
    x: int
    y: str


class Tree(BaseModel):
    children: list[Tree] = []
    named: str = Field(default="", alias="name")


class Circle(BaseModel):
    kind: Literal["circle"]


class Square(BaseModel):
    kind: Literal["square"]


class Shape(BaseModel):
    shape: Circle | Square = Field(discriminator="kind")


README = page(ROOT / "README.md")
MODULES = sorted(m.name for m in pkgutil.walk_packages(tl.__path__, "typeloom.") if not m.name.endswith("._core"))


def test_the_engine_in_the_readme() -> None:
    """The session up to where a model is loaded, and the part that needs none."""
    blocks = README.sessions()
    first = blocks[0].split(">>> m = ")[0]
    session([first, *(block for block in blocks[1:] if not re.search(r"\bm\.", block))], README.name)


@pytest.mark.parametrize("name", MODULES)
def test_docstrings(name: str) -> None:
    try:
        module = importlib.import_module(name)
    except (tl.ModelError, MissingExtra) as error:
        pytest.skip(f"{name}: {error}")
    result = doctest.testmod(module, verbose=False, optionflags=FLAGS)
    assert result.failed == 0


EXACT = [
    *(bool, int, float, str, Annotated[int, Field(ge=1, lt=9, multiple_of=3)], Annotated[str, Field(max_length=9)]),
    *(Literal["a", 1], Flavour, int | str, str | None, Point, Entry, Pair, Tree, Shape),
    *(list[int], tuple[int, str], dict[str, int], Annotated[list[int], Field(max_length=3)]),
    *(Annotated[Decimal, Field(max_digits=5, decimal_places=2)], date, datetime, time, UUID),
    Annotated[str, Field(pattern="^a+b$")],
]
WIDER = [Annotated[int, AfterValidator(abs)]]
REFUSED = [type(lambda: None)]


@pytest.mark.parametrize("source", EXACT, ids=str)
def test_the_table_of_types_says_exact(source: Any) -> None:
    assert tl.check(source).exact, str(tl.check(source))


@pytest.mark.parametrize("source", WIDER, ids=str)
def test_the_table_of_types_says_wider(source: Any) -> None:
    assert not tl.check(source).exact
    assert not tl.check(source).refused


@pytest.mark.parametrize("source", REFUSED, ids=str)
def test_the_table_of_types_says_refused(source: Any) -> None:
    assert tl.check(source).refused
    with pytest.raises(tl.SchemaError):
        tl.compile(source, tl.testing.byte_vocabulary())
