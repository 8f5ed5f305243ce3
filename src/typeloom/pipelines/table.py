"""Texts in, new columns out: what frames and Ray add to the data that they hold.

A null text gives a row of nulls, and the model is not asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from typeloom.errors import Error
from typeloom.pipelines.cells import Kind, Scalar, cell, kinds
from typeloom.pipelines.columns import columns
from typeloom.tasks.classifier import Classifier
from typeloom.tasks.labels import position
from typeloom.tasks.task import Task

Rows = list[dict[str, Any]]
OnError = Literal["raise", "return"]
ERROR = "error"
"""The column of what went wrong, with on_error="return"."""


@dataclass(frozen=True, slots=True)
class Table:
    """New columns: their kinds, and one dict a text."""

    kinds: dict[str, Kind]
    rows: Rows

    def column(self, name: str) -> list[Any]:
        """The cells of a column, None where there is nothing."""
        return [row.get(name) for row in self.rows]


def extracted(texts: Iterable[Any], task: Task[Any], on_error: OnError = "raise") -> Table:
    """The fields of the objects that the task reads out of the texts, decoded together as the model has slots."""
    laid_out = columns(task.type)
    held = kinds(laid_out)
    asked = list(texts)
    results = task.results(text for text in asked if text is not None)

    def read(text: str) -> dict[str, Any]:
        found = next(results)
        if isinstance(found, Error):
            raise found
        return {name: cell(held[name], value, name) for name, value in laid_out.row(found.value).items()}

    return _table(asked, held, read, on_error)


def labelled(texts: Iterable[Any], classifier: Classifier[Any], on_error: OnError = "raise") -> Table:
    """The label of each text by its name, null where the classifier abstains, and the probability of every label."""
    names = {f"p_{label.name}": label.name for label in classifier.labels}
    held: dict[str, Kind] = {"label": Scalar.TEXT, **dict.fromkeys(names, Scalar.NUMBER)}

    def read(text: str) -> dict[str, Any]:
        found = classifier.distribution(text)
        best = (
            None if found.label is None else classifier.labels[position(classifier.labels, found.label, "label")].name
        )
        return {"label": best, **{column: found.probs[name] for column, name in names.items()}}

    return _table(texts, held, read, on_error)


def _table(
    texts: Iterable[Any], held: dict[str, Kind], read: Callable[[str], dict[str, Any]], on_error: OnError
) -> Table:
    if on_error not in ("raise", "return"):
        raise Error(f"expected on_error to be 'raise' or 'return', got {on_error!r}")
    if on_error == "return":
        if ERROR in held:
            raise Error("with on_error='return', expected a type without a field called 'error'; give it an alias")
        held = {**held, ERROR: Scalar.TEXT}
    rows: Rows = []
    for number, text in enumerate(texts):
        try:
            rows.append({} if text is None else read(text))
        except Error as error:
            if on_error == "raise":
                error.add_note(f"in row {number} of the frame, counted from 0")
                raise
            rows.append({ERROR: str(error)})
    return Table(held, rows)
