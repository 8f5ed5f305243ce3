"""The frame accessors: the same objects as `extract`, in columns whose types do not depend on the values."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import BaseModel, EmailStr, Field, RootModel, computed_field
from typing_extensions import TypedDict

import typeloom as tl
from pipelines.fakes import Steady
from typeloom.pipelines.cells import Fields, Items, Scalar, cell, kind, kinds
from typeloom.pipelines.columns import columns

pandas = pytest.importorskip("pandas")
polars = pytest.importorskip("polars")
import typeloom.pipelines.frames  # noqa: E402

Frame = Callable[[dict[str, Any]], Any]
MAKERS = [pytest.param(pandas.DataFrame, id="pandas"), pytest.param(polars.DataFrame, id="polars")]
TEXTS = ["two chairs, paid", None, "one table"]


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Place(BaseModel):
    city: Annotated[str, Field(max_length=3)]
    zip: int | None


class Order(BaseModel):
    model_config = {"populate_by_name": True}

    number: Annotated[int, Field(ge=0, le=999)]
    paid: bool
    on: date
    colour: Colour
    total: Annotated[Decimal, Field(max_digits=4, decimal_places=2)]
    place: Place = Field(alias="to")
    parts: Annotated[list[Place], Field(max_length=2)]
    either: bool | Annotated[str, Field(max_length=2)]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def twice(self) -> int:
        return 2 * self.number


class Tree(BaseModel):
    name: str
    children: list[Tree] = []


@dataclass
class Point:
    x: int
    y: float | None


class Entry(TypedDict):
    when: datetime
    mail: EmailStr


PLACE = Fields((("city", Scalar.TEXT), ("zip", Scalar.INTEGER)))
KINDS = {
    "number": Scalar.INTEGER,
    "paid": Scalar.BOOLEAN,
    "on": Scalar.DATE,
    "colour": Scalar.TEXT,
    "total": Scalar.TEXT,
    "to": PLACE,
    "parts": Items(PLACE),
    "either": Scalar.JSON,
    "twice": Scalar.INTEGER,
}


def test_kinds_are_read_off_the_type() -> None:
    assert kinds(columns(Order)) == KINDS
    assert kinds(columns(Point)) == {"x": Scalar.INTEGER, "y": Scalar.NUMBER}
    assert kinds(columns(Entry)) == {"when": Scalar.TEXT, "mail": Scalar.TEXT}
    assert kinds(columns(Tree)) == {"name": Scalar.TEXT, "children": Items(Scalar.JSON)}
    assert kinds(columns(RootModel[list[int]])) == {"value": Scalar.JSON}
    assert kinds(columns(dict[str, int])) == {"value": Scalar.JSON}
    assert kinds(columns(tl.Regex("[a-z]+"))) == {"value": Scalar.TEXT}
    closed = {"type": "object", "properties": {"a": {"type": "null"}}, "additionalProperties": False}
    assert kinds(columns(tl.JsonSchema(closed))) == {"a": Scalar.JSON}
    assert kind(Literal["a", "b"]) == kind(Colour) == kind(UUID) == Scalar.TEXT
    assert kind(Literal["a", 1]) == Scalar.JSON
    assert kind(timedelta) == Scalar.DURATION


def test_cells_refuse_what_does_not_fit() -> None:
    assert cell(Scalar.INTEGER, 2**63 - 1, "n") == 2**63 - 1
    for number in (2**63, -(2**63) - 1):
        with pytest.raises(tl.LimitError, match="64 bits at n"):
            cell(Scalar.INTEGER, number, "n")
    with pytest.raises(tl.Error, match=r"expected date at a\[0\]"):
        cell(Items(Scalar.DATE), ["today"], "a")


@pytest.mark.parametrize("make", MAKERS)
def test_the_fields_of_the_objects_of_extract(make: Frame) -> None:
    model = Steady()
    frame = make({"id": [1, 2, 3], "text": TEXTS})
    found = frame.typeloom.extract("text", Order, model=model)
    assert list(found.columns) == list(KINDS)
    assert len(found) == 3
    rows = found.to_dicts() if make is polars.DataFrame else found.to_dict("records")
    for text, row in zip(TEXTS, rows, strict=True):
        if text is None:
            assert all(one is None or one is pandas.NA for one in row.values())
            continue
        order = model.extract(Order, text)
        read = {**row, "either": json.loads(row["either"])}
        read.pop("twice")
        assert Order.model_validate(read) == order
        assert row["twice"] == order.twice


def test_column_types_do_not_depend_on_the_values() -> None:
    model = Steady()
    for maker in (pandas.DataFrame, polars.DataFrame):
        full = maker({"text": TEXTS}).typeloom.extract("text", Order, model=model)
        nulls = maker({"text": [None]}).typeloom.extract("text", Order, model=model)
        empty = maker({"text": []}).typeloom.extract("text", Order, model=model)
        assert list(full.dtypes) == list(nulls.dtypes) == list(empty.dtypes)
    schema = polars.DataFrame({"text": []}).typeloom.extract("text", Order, model=model).schema
    place = polars.Struct({"city": polars.String, "zip": polars.Int64})
    assert schema["to"] == place and schema["parts"] == polars.List(place) and schema["on"] == polars.Date


@pytest.mark.parametrize("make", MAKERS)
def test_labels_and_their_probabilities(make: Frame) -> None:
    model = Steady()
    found = make({"text": TEXTS}).typeloom.classify("text", Colour, model=model)
    assert list(found.columns) == ["label", "p_red", "p_blue"]
    for at, text in enumerate(TEXTS):
        row = [found[name][at] for name in found.columns]
        if text is None:
            assert all(one is None or one is pandas.NA for one in row)
            continue
        distribution = model.classify(text, Colour, detail=True)
        assert row == [distribution.label.value, *distribution.probs.values()]
    classifier = model.classifier(["a", "b"], abstain_below=1.0)
    assert make({"text": ["x"]}).typeloom.classify("text", classifier)["label"].to_list()[0] in (None, pandas.NA)


@pytest.mark.parametrize("make", MAKERS)
def test_errors_stop_or_stay_in_their_row(make: Frame) -> None:
    model = Steady()
    frame = make({"text": ["good", " ", "better"]})
    with pytest.raises(tl.Error, match="empty") as stopped:
        frame.typeloom.extract("text", Place, model=model)
    assert stopped.value.__notes__ == ["in row 1 of the frame, counted from 0"]
    found = frame.typeloom.extract("text", tl.Task(Place, model=model), on_error="return")
    assert list(found.columns) == ["city", "zip", "error"]
    said = list(found["error"])
    assert "empty" in said[1] and all(said[at] in (None, pandas.NA) for at in (0, 2))
    with pytest.raises(tl.Error, match="expected a column 'body', the frame has: text"):
        frame.typeloom.extract("body", Place, model=model)
    with pytest.raises(tl.Error, match="on_error"):
        frame.typeloom.extract("text", Place, model=model, on_error="skip")


def test_the_index_of_a_pandas_frame_stays() -> None:
    frame = pandas.DataFrame({"text": ["a", "b"]}, index=["x", "x"])
    found = frame.typeloom.extract("text", Place, model=Steady())
    assert list(found.index) == ["x", "x"]


def test_without_pandas_and_polars_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from typeloom.pipelines.extras import MissingExtra

    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"pandas or polars.*typeloom\[polars\]"):
        typeloom.pipelines.frames._register()
