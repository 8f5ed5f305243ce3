"""`check` lists every field, says why, and reports refusals instead of raising them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import pytest
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from typeloom.errors import SchemaError
from typeloom.schema.check import Report, check
from typeloom.schema.json_schema import JsonSchema
from typeloom.schema.node import Array, Coverage, Note, Number, Object, Ref, Schema, Shape, String
from typeloom.schema.types import read_type


class Line(BaseModel):
    name: str
    price: Annotated[float, Field(gt=0)] = 1.0


class Order(BaseModel):
    number: int
    lines: list[Line]
    code: Annotated[str, AfterValidator(str.upper)]


class Arbitrary:
    pass


class Holder(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True)
    good: int
    bad: Arbitrary
    worse: Callable[[int], int]


def coverage(report: Report, path: str) -> set[Coverage]:
    return {note.coverage for note in report.notes if note.path == path}


def test_every_field_has_a_line() -> None:
    report = check(Order)
    paths = {note.path for note in report.notes}
    assert paths == {"$", "$.number", "$.lines", "$.lines[*]", "$.lines[*].name", "$.lines[*].price", "$.code"}
    assert coverage(report, "$.number") == {Coverage.EXACT}
    assert Coverage.WIDER in coverage(report, "$.code")
    assert not report.exact
    assert check(Line).exact


def test_refusals_are_reported_all_with_their_paths() -> None:
    report = check(Holder)
    assert {note.path for note in report.refused} == {"$.bad", "$.worse"}
    assert coverage(report, "$.good") == {Coverage.EXACT}
    with pytest.raises(SchemaError) as caught:
        read_type(Holder)
    assert caught.value.path == "$.bad"


def test_types_that_pydantic_refuses_are_reported_with_their_path() -> None:
    @dataclass
    class Box:
        inner: list[Arbitrary]

    Box.__annotations__["inner"] = list[Arbitrary]
    report = check(Box)
    assert [note.path for note in report.refused] == ["$.inner[*]"]


def test_table_is_aligned() -> None:
    lines = str(check(Order)).splitlines()
    assert len(lines) == len(check(Order).notes)
    starts = {line.index("exact") for line in lines if " exact" in line}
    assert len(starts) == 1


def test_a_schema_is_listed_in_the_order_of_its_fields() -> None:
    text, item = Shape(string=String()), Shape(number=Number(integer=True))
    root = Shape(object=Object((("b", text), ("a a", Ref("Items")))))
    schema = Schema(
        root, {"Items": Shape(array=Array(items=item))}, (Note("$.b", "format", Coverage.IGNORED, "unknown"),)
    )
    assert [(note.path, note.coverage.value) for note in check(schema).notes] == [
        ("$", "exact"),
        ("$.b", "ignored"),
        ('$["a a"]', "exact"),
        ('$["a a"][*]', "exact"),
    ]


def test_a_schema_that_refers_to_itself_is_listed_once() -> None:
    schema = Schema(Ref("T"), {"T": Shape(null=True, array=Array(items=Ref("T")))})
    assert [note.path for note in check(schema).notes] == ["$", "$[*]"]


def test_a_json_schema_is_listed_and_its_refusal_reported() -> None:
    report = check(JsonSchema({"properties": {"a": {"type": "string"}}}))
    assert coverage(report, "$.a") == {Coverage.EXACT}
    assert check(JsonSchema({"properties": {"a": {"type": "strnig"}}})).refused


@pytest.mark.parametrize("source", [int, list[int], Order, Any])
def test_report_agrees_with_read_type(source: Any) -> None:
    assert set(check(source).notes) == set(read_type(source).notes)


class Letter(BaseModel):
    title: Annotated[str, Field(max_length=20)]
    body: str
    tags: list[Literal["a", "b"]]
    answer: Letter | None = None


def test_caps_are_said_where_the_type_is_open() -> None:
    assert check(list[str]).caps == ("$: at most 512 items", "$[*]: at most 4096 characters")
    assert check(Annotated[int, Field(ge=0, le=9)]).caps == ()
    assert check(Letter).caps == ("$.body: at most 4096 characters", "$.tags: at most 512 items")
    assert check(JsonSchema({"type": "number"})).caps == ("$: at most 64 digits",)


@pytest.mark.parametrize("name", ["hostname", "idn-hostname"])
def test_what_the_host_names_leave_out_is_said(name: str) -> None:
    (note,) = check(JsonSchema({"type": "string", "format": name})).notes
    assert note.coverage is Coverage.WIDER
    assert "beside other constraints" in note.reason and "more than 54 characters" in note.reason
