"""`df.typeloom` for pandas and polars: typed columns out of a column of texts. Importing this module registers it.

    import typeloom.pipelines.frames
    df.typeloom.extract("text", Invoice, model=m)     a frame of the fields of Invoice
    df.typeloom.classify("text", ["bug", "question"], model=m)   `label`, and `p_bug`, `p_question`

Both give a new frame with the new columns only, row by row as long as the old one (pandas: with its index), to be put
beside it: `df.join(...)` in pandas, `df.hstack(...)` in polars. A null text gives a row of nulls, and the model is not
asked. Column types come from the Python type (`typeloom.pipelines.cells`); nested models are structs in polars, and
dicts in pandas.

on_error: "raise" stops at the first Error; "return" leaves nulls, and says why in one more column, `error`.
Needs pandas or polars (extras `pandas`, `polars`); importing it with neither raises MissingExtra.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from typeloom.errors import Error
from typeloom.pipelines.cells import Fields, Items, Kind, Scalar
from typeloom.pipelines.extras import MissingExtra, needed
from typeloom.pipelines.table import OnError, Table, extracted, labelled
from typeloom.tasks.classifier import Classifier
from typeloom.tasks.model import Model, load
from typeloom.tasks.task import Task

if TYPE_CHECKING:
    import os

    from typeloom.tasks.classifier import Prior


class Accessor:
    """The methods of `df.typeloom`; how a frame is read and made is said by its two subclasses."""

    def __init__(self, frame: Any) -> None:
        self._frame = frame

    def extract(
        self,
        column: str,
        type: Any,
        *,
        model: Model | str | os.PathLike[str] | None = None,
        instructions: str = "",
        examples: Sequence[tuple[str, Any]] = (),
        on_error: OnError = "raise",
    ) -> Any:
        """A frame of the fields of `type`, or of its values as the column `value` if it has no fields.

        type: what `Model.extract` takes, or a Task, which then brings its own model, instructions and examples.
        Raises Error for a column that is not there, else as `Model.extract` does.
        """
        task = type if isinstance(type, Task) else Task[Any](type, instructions, tuple(examples), model=model)
        return self._made(extracted(self._texts(column), task, on_error))

    def classify(
        self,
        column: str,
        labels: Any,
        *,
        model: Model | str | os.PathLike[str] | None = None,
        instructions: str = "",
        examples: Sequence[tuple[str, Any]] = (),
        prior: Prior = None,
        on_error: OnError = "raise",
    ) -> Any:
        """A frame of `label`, a name, and `p_NAME`, the probability of each label.

        labels: what `Model.classify` takes, or a Classifier, fitted or not, which then brings everything else.
        Raises as `extract` does.
        """
        if not isinstance(labels, Classifier):
            loaded = model if isinstance(model, Model) else load(model)
            labels = loaded.classifier(labels, instructions=instructions, examples=tuple(examples), prior=prior)
        return self._made(labelled(self._texts(column), labels, on_error))

    def _texts(self, column: str) -> list[Any]:
        if column not in self._frame.columns:
            there = ", ".join(map(str, self._frame.columns))
            raise Error(f"expected a column {column!r}, the frame has: {there or 'no column'}")
        return self._read(column)

    def _read(self, column: str) -> list[Any]:
        """The cells of a column, None for null."""
        raise NotImplementedError

    def _made(self, table: Table) -> Any:
        """The table as a frame."""
        raise NotImplementedError


class PandasAccessor(Accessor):
    """`df.typeloom` in pandas. Columns have its nullable types; dates and what is nested are Python objects."""

    def _read(self, column: str) -> list[Any]:
        pandas = needed("pandas", "pandas")
        return [None if pandas.api.types.is_scalar(one) and pandas.isna(one) else one for one in self._frame[column]]

    def _made(self, table: Table) -> Any:
        pandas = needed("pandas", "pandas")
        series = {
            name: pandas.Series(table.column(name), index=self._frame.index, dtype=_pandas_type(kind))
            for name, kind in table.kinds.items()
        }
        return pandas.DataFrame(series, index=self._frame.index)


class PolarsAccessor(Accessor):
    """`df.typeloom` in polars. Nested models are structs, lists are lists."""

    def _read(self, column: str) -> list[Any]:
        return list(self._frame[column].to_list())

    def _made(self, table: Table) -> Any:
        polars = needed("polars", "polars")
        return polars.DataFrame(
            [polars.Series(name, table.column(name), dtype=_polars_type(kind)) for name, kind in table.kinds.items()]
        )


def _pandas_type(kind: Kind) -> str:
    found = {
        Scalar.TEXT: "string",
        Scalar.JSON: "string",
        Scalar.INTEGER: "Int64",
        Scalar.NUMBER: "Float64",
        Scalar.BOOLEAN: "boolean",
        Scalar.DURATION: "timedelta64[us]",
    }
    return found.get(kind, "object") if isinstance(kind, Scalar) else "object"


def _polars_type(kind: Kind) -> Any:
    polars = needed("polars", "polars")
    if isinstance(kind, Items):
        return polars.List(_polars_type(kind.of))
    if isinstance(kind, Fields):
        return polars.Struct({name: _polars_type(one) for name, one in kind.of})
    return {
        Scalar.TEXT: polars.String,
        Scalar.JSON: polars.String,
        Scalar.INTEGER: polars.Int64,
        Scalar.NUMBER: polars.Float64,
        Scalar.BOOLEAN: polars.Boolean,
        Scalar.DATE: polars.Date,
        Scalar.DURATION: polars.Duration("us"),
        Scalar.BYTES: polars.Binary,
    }[kind]


def _register() -> None:
    """Give `df.typeloom` to those of the two that are installed."""
    found = [name for name in ("pandas", "polars") if importlib.util.find_spec(name) is not None]
    if not found:
        raise MissingExtra("pandas or polars", "polars")
    if "pandas" in found:
        needed("pandas.api.extensions", "pandas").register_dataframe_accessor("typeloom")(PandasAccessor)
    if "polars" in found:
        needed("polars.api", "polars").register_dataframe_namespace("typeloom")(PolarsAccessor)


_register()
