"""Ray Data: a task or a classifier over a dataset, in a pool of actors with one model each.

    dataset = typeloom.pipelines.ray.extract(ray.data.read_parquet("mails"), tl.Task(Ticket), actors=8)

The new columns stand behind those of the dataset, with the types of `typeloom.pipelines.cells`; null text gives nulls.
The work is lazy, as every step of Ray Data. Back-pressure, the order of blocks and retries are Ray's own: what an actor
had in hand when it died is read again by another, and its answers, which depend only on task and text, are the same.

A Task whose model is a path (or None, the embedded one) loads it where the actor runs; a loaded Model is loaded again
there from its file. It runs on as many threads as Ray gives its actor processors (`num_cpus`, 1 if not given), unless
it was loaded with `n_threads`. Needs the extra `ray`; importing this module without it raises MissingExtra.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typeloom.errors import Error, LimitError
from typeloom.pipelines.cells import Fields, Items, Kind, Scalar
from typeloom.pipelines.extras import needed
from typeloom.pipelines.table import OnError, Table, extracted, labelled

needed("ray.data", "ray")
pyarrow = needed("pyarrow", "ray")

if TYPE_CHECKING:
    from typeloom.tasks.classifier import Classifier
    from typeloom.tasks.task import Task

BATCH = 16
"""Texts that an actor is given at once, and reads again if it dies."""


def extract(
    dataset: Any,
    task: Task[Any],
    column: str = "text",
    *,
    actors: int = 2,
    batch_size: int = BATCH,
    on_error: OnError = "raise",
    **options: Any,
) -> Any:
    """The dataset with the fields of what `task` reads out of each text of a column.

    actors: models in the pool. on_error: "raise" fails the job at the first Error; "return" leaves nulls and says why
        in one more column, `error`. options: more for `map_batches`, as in `num_cpus=4`.
    Raises LimitError for fewer than one actor or text a batch.
    """
    return _mapped(dataset, _Extracting, (task, column, on_error), actors, batch_size, options)


def classify(
    dataset: Any,
    classifier: Classifier[Any],
    column: str = "text",
    *,
    actors: int = 2,
    batch_size: int = BATCH,
    on_error: OnError = "raise",
    **options: Any,
) -> Any:
    """The dataset with `label` and the probability of every label, `p_NAME`; the arguments are those of `extract`."""
    return _mapped(dataset, _Labelling, (classifier, column, on_error), actors, batch_size, options)


class _Worker:
    """What runs in an actor: a batch in, the same batch with more columns out."""

    def __init__(self, step: Any, column: str, on_error: OnError) -> None:
        self._step = step
        self._column = column
        self._on_error = on_error

    def __call__(self, batch: Any) -> Any:
        if self._column not in batch.column_names:
            raise Error(f"expected a column {self._column!r}, the dataset has: {', '.join(batch.column_names)}")
        table = self._read(batch.column(self._column).to_pylist())
        for name, kind in table.kinds.items():
            if name in batch.column_names:
                raise Error(f"the dataset has a column {name!r} of its own; rename it: ds.rename_columns(...)")
            batch = batch.append_column(name, pyarrow.array(table.column(name), type=arrow_type(kind)))
        return batch

    def _read(self, texts: list[Any]) -> Table:
        raise NotImplementedError


class _Extracting(_Worker):
    def _read(self, texts: list[Any]) -> Table:
        return extracted(texts, self._step, self._on_error)


class _Labelling(_Worker):
    def _read(self, texts: list[Any]) -> Table:
        return labelled(texts, self._step, self._on_error)


def _mapped(
    dataset: Any, worker: type[_Worker], arguments: tuple[Any, ...], actors: int, batch_size: int, options: Any
) -> Any:
    for name, value in (("actors", actors), ("batch_size", batch_size)):
        if not isinstance(value, int) or value < 1:
            raise LimitError(f"expected {name} as a whole number of 1 or more, got {value!r}", limit=name)
    pool = needed("ray.data", "ray").ActorPoolStrategy(size=actors)
    return dataset.map_batches(
        worker,
        fn_constructor_args=arguments,
        batch_size=batch_size,
        batch_format="pyarrow",
        compute=pool,
        **options,
    )


def arrow_type(kind: Kind) -> Any:
    """The type of a column in Arrow.

    >>> arrow_type(Items(Scalar.INTEGER))
    ListType(list<item: int64>)
    """
    if isinstance(kind, Items):
        return pyarrow.list_(arrow_type(kind.of))
    if isinstance(kind, Fields):
        return pyarrow.struct([(name, arrow_type(one)) for name, one in kind.of])
    return {
        Scalar.TEXT: pyarrow.string(),
        Scalar.JSON: pyarrow.string(),
        Scalar.INTEGER: pyarrow.int64(),
        Scalar.NUMBER: pyarrow.float64(),
        Scalar.BOOLEAN: pyarrow.bool_(),
        Scalar.DATE: pyarrow.date32(),
        Scalar.DURATION: pyarrow.duration("us"),
        Scalar.BYTES: pyarrow.binary(),
    }[kind]
