"""Estimators for scikit-learn: a classifier whose `fit` calibrates, and a transformer from texts to typed columns.

Both take texts: a list of str, a one-dimensional array, a column of a frame, or a table of one column. A model is given
loaded, as the path of a GGUF, or as None (the embedded one). A loaded model is shared by all clones of an estimator, as
`cross_val_score` makes them; a path is loaded by each `fit`.

    from typeloom.pipelines.sklearn import LabelClassifier, TypeExtractor

Needs the extra `sklearn`; importing this module without it raises MissingExtra.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from typeloom.errors import Error
from typeloom.pipelines.columns import columns
from typeloom.pipelines.extras import needed
from typeloom.tasks.labels import Label, position
from typeloom.tasks.labels import labels as read_labels
from typeloom.tasks.model import Model, load
from typeloom.tasks.options import MAX_TOKENS
from typeloom.tasks.task import Task

needed("sklearn", "sklearn")
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin  # noqa: E402
from sklearn.utils import check_random_state  # noqa: E402
from sklearn.utils.multiclass import check_classification_targets  # noqa: E402
from sklearn.utils.validation import check_is_fitted  # noqa: E402

if TYPE_CHECKING:
    import os

    from typeloom.tasks.classifier import Classifier, Prior

_SORTED = (str, bool, int, float)
_NO_Y = "requires y to be passed, but the target y is None"


class InputError(Error, ValueError):
    """Texts or targets in a shape that an estimator cannot take."""


class LabelClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Gives each text a label by the model's own probabilities, calibrated by `fit`.

    labels: what `Model.classify` takes; None takes the classes in `y`, as they are written. Labels of str, int, float
        or bool are the classes themselves; others (an Enum, paths of a hierarchy) are given and returned by name.
    shots: texts a class that `fit` draws and shows as examples; the others calibrate. Each makes every prompt longer.
    calibrate: False leaves the probabilities as the model says them.
    instructions, examples, prior: as in `Model.classifier`. random_state: of the draw of examples.

    After `fit`: `classes_` (sorted), `classifier_` (a `typeloom.Classifier`), `examples_` (the pairs that are shown).
    Costs one prompt a text, in `fit` and in `predict`.
    """

    def __init__(
        self,
        labels: Any = None,
        *,
        model: Model | str | os.PathLike[str] | None = None,
        instructions: str = "",
        examples: Sequence[tuple[str, Any]] = (),
        prior: Prior = None,
        shots: int = 0,
        calibrate: bool = True,
        random_state: Any = None,
    ) -> None:
        self.labels = labels
        self.model = model
        self.instructions = instructions
        self.examples = examples
        self.prior = prior
        self.shots = shots
        self.calibrate = calibrate
        self.random_state = random_state

    def fit(self, X: Any, y: Any = None) -> LabelClassifier:
        """Draw examples and calibrate on the rest. Without `y` (then `labels` must be given) nothing is calibrated.

        Raises InputError (a ValueError) for no texts, targets of another number, or neither labels nor `y`; SchemaError
        for a target that is none of the labels.
        """
        texts = texts_of(X)
        targets = None if y is None else _targets(y, len(texts))
        if self.labels is not None:
            offered = read_labels(self.labels)
            values = _classes(offered)
        elif targets is not None:
            values = np.unique(targets)
            offered = read_labels([str(one) for one in values.tolist()])
        else:
            raise InputError(f"{type(self).__name__} {_NO_Y}; give y, or labels=[...]")
        self._columns = np.argsort(values, kind="stable")
        self.classes_ = values[self._columns]
        given = [position(offered, one if self.labels is not None else str(one), "y") for one in targets or ()]
        shown = _drawn(given, self.shots, check_random_state(self.random_state))
        self.examples_ = (*self.examples, *((texts[at], offered[given[at]].value) for at in shown))
        source = self.labels if self.labels is not None else [label.name for label in offered]
        made: Classifier[Any] = _model(self.model).classifier(
            source, instructions=self.instructions, examples=self.examples_, prior=self.prior
        )
        rest = [at for at in range(len(given)) if at not in shown]
        if self.calibrate and rest:
            made = made.fit([texts[at] for at in rest], [offered[given[at]].value for at in rest])
        self.classifier_ = made
        return self

    def predict_proba(self, X: Any) -> npt.NDArray[np.float64]:
        """The probability of each class, [texts, classes], in the order of `classes_`; each row sums to 1."""
        check_is_fitted(self)
        return self.classifier_.probs(texts_of(X))[:, self._columns]

    def predict(self, X: Any) -> npt.NDArray[Any]:
        """The likeliest class of each text; the first of `classes_` among equals."""
        probs = self.predict_proba(X)
        found: npt.NDArray[Any] = self.classes_[probs.argmax(axis=1)]
        return found

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.target_tags.required = self.labels is None
        tags.no_validation = True
        return tags


class TypeExtractor(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Reads each text into an object of a type, one column a field: [texts, columns] of Python objects.

    The arguments are those of `typeloom.Task`. `set_output(transform="pandas")` names the columns. Fields of an object
    are its columns, any other type is the column `value`; see `typeloom.pipelines.columns`. `fit` learns nothing.
    """

    def __init__(
        self,
        type: Any = str,
        *,
        model: Model | str | os.PathLike[str] | None = None,
        instructions: str = "",
        examples: Sequence[tuple[str, Any]] = (),
        max_tokens: int = MAX_TOKENS,
        temperature: float = 0.0,
        seed: int = 0,
    ) -> None:
        self.type = type
        self.model = model
        self.instructions = instructions
        self.examples = examples
        self.max_tokens = max_tokens
        self.temperature = temperature
        self.seed = seed

    def fit(self, X: Any, y: Any = None) -> TypeExtractor:
        """Read the type. Raises SchemaError if it cannot be read, InputError for no texts."""
        texts_of(X)
        self.columns_ = columns(self.type)
        self.task_ = Task[Any](
            self.type,
            self.instructions,
            tuple(self.examples),
            model=self.model,
            max_tokens=self.max_tokens,
            temperature=self.temperature,
            seed=self.seed,
        )
        return self

    def transform(self, X: Any) -> npt.NDArray[np.object_]:
        """The fields of the objects, [texts, columns]. Raises as `Model.extract` does."""
        check_is_fitted(self)
        texts = texts_of(X)
        table = np.empty((len(texts), len(self.columns_.names)), dtype=object)
        for at, value in enumerate(self.task_.map(texts)):
            for column, cell in enumerate(self.columns_.row(value).values()):
                table[at, column] = cell
        return table

    def get_feature_names_out(self, input_features: Any = None) -> npt.NDArray[np.object_]:
        """The names of the columns."""
        check_is_fitted(self)
        return np.array(self.columns_.names, dtype=object)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.no_validation = True
        return tags


def texts_of(X: Any) -> list[Any]:
    """The texts in what scikit-learn hands on: a sequence of them, or a table of one column.

    Raises InputError for a single text, no texts, and more columns than one.

    >>> texts_of(np.array([["a"], ["b"]]))
    ['a', 'b']
    """
    if isinstance(X, str | bytes) or not isinstance(X, Iterable):
        raise InputError(f"expected a list or column of texts, got {type(X).__name__}; put a single text in a list")
    column = np.asarray(X.to_numpy() if hasattr(X, "to_numpy") else X if hasattr(X, "dtype") else list(X), dtype=object)
    if column.ndim == 2 and column.shape[1] == 1:
        column = column[:, 0]
    if column.ndim != 1:
        raise InputError(f"expected one column of texts, got shape {column.shape}; choose one: X['text']")
    if not len(column):
        raise InputError("expected at least one text, got none: 0 sample(s) with a minimum of 1 required")
    return list(column)


def _targets(y: Any, number: int) -> list[Any]:
    """The targets as plain Python values, one a text."""
    found = np.asarray(y.to_numpy() if hasattr(y, "to_numpy") else y)
    if found.ndim == 2 and found.shape[1] == 1:
        found = found[:, 0]
    if found.ndim != 1:
        raise InputError(f"expected one target a text, got shape {found.shape}")
    if len(found) != number:
        raise InputError(f"expected one target a text, got {number} texts and {len(found)} targets")
    if found.dtype != object:
        check_classification_targets(found)
    return list(found.tolist())


def _classes(offered: Sequence[Label]) -> npt.NDArray[Any]:
    """The labels as scikit-learn can sort and compare them: their values if plain and of one kind, else their names."""
    values = [label.value for label in offered]
    kinds = {type(value) for value in values}
    if len(kinds) == 1 and kinds <= set(_SORTED):
        return np.array(values)
    return np.array([label.name for label in offered])


def _drawn(given: Sequence[int], shots: int, random: Any) -> list[int]:
    """Which texts are shown as examples: `shots` of each class, or all it has but one; in the order of the texts."""
    if not isinstance(shots, int) or shots < 0:
        raise InputError(f"expected shots as a whole number of 0 or more, got {shots!r}")
    if not shots:
        return []
    chosen: list[int] = []
    for label in sorted(set(given)):
        places = [at for at, one in enumerate(given) if one == label]
        chosen += random.permutation(places)[: min(shots, len(places) - 1)].tolist()
    return sorted(chosen)


def _model(model: Any) -> Model:
    return model if isinstance(model, Model) else load(model)
