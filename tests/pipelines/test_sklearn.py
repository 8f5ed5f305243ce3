"""The scikit-learn estimators: its own checks, a real pipeline, and equality with the verbs they stand on."""

from __future__ import annotations

import copy
import pickle
import warnings
from datetime import date
from enum import Enum
from typing import Any, Literal

import numpy as np
import pytest
from pydantic import BaseModel

import typeloom as tl
from pipelines.fakes import Steady

pytest.importorskip("sklearn")
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder
from sklearn.utils.estimator_checks import check_estimator

from typeloom.pipelines.sklearn import InputError, LabelClassifier, TypeExtractor, texts_of

TEXTS = ["the screen is broken", "please refund me", "screen went dark", "refund the money", "my screen", "a refund"]
KINDS = ["device", "money", "device", "money", "device", "money"]


class Kind(Enum):
    DEVICE = "device"
    MONEY = "money"


class Ticket(BaseModel):
    kind: Literal["device", "money"]
    urgent: bool
    on: date


def written(X: Any) -> Any:
    """Rows of numbers as texts: what lets scikit-learn's checks, which are of numbers, ask a reader of texts."""
    from sklearn.utils.validation import check_array

    rows = check_array(X, dtype=None)
    return [" ".join(f"{cell}" for cell in row) for row in rows]


class Numbers:
    """Before an estimator: rows of numbers become texts, and the tags say so."""

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()  # type: ignore[misc]
        tags.input_tags.two_d_array = True
        tags.classifier_tags = tags.classifier_tags and type(tags.classifier_tags)(poor_score=True)
        return tags


class NumbersClassifier(Numbers, LabelClassifier):
    def __init__(self, labels: Any = None, *, model: Any = None, shots: int = 0, random_state: Any = None) -> None:
        super().__init__(labels, model=model, shots=shots, random_state=random_state)

    def fit(self, X: Any, y: Any = None) -> Any:
        return super().fit(written(X), y)

    def predict_proba(self, X: Any) -> Any:
        return super().predict_proba(written(X))


class NumbersExtractor(Numbers, TypeExtractor):
    def __init__(self, type: Any = bool, *, model: Any = None) -> None:
        super().__init__(type, model=model)

    def fit(self, X: Any, y: Any = None) -> Any:
        return super().fit(written(X), y)

    def transform(self, X: Any) -> Any:
        return super().transform(written(X)).astype(float)  # its checks compare with allclose


def failures(estimator: Any) -> dict[str, str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(estimator, on_fail=None, on_skip=None)
    assert sum(one["status"] == "passed" for one in results) > 20
    return {one["check_name"]: repr(one["exception"]) for one in results if one["status"] == "failed"}


def test_scikit_learns_checks_of_a_classifier() -> None:
    assert failures(NumbersClassifier(model=Steady())) == {}


def test_scikit_learns_checks_of_a_transformer() -> None:
    """All but the last step of one: a text read out of a longer row is a text as well, it has no number of features."""
    found = failures(NumbersExtractor(model=Steady()))
    assert list(found) == ["check_transformer_general"]
    assert "number of features in transform is different" in found["check_transformer_general"]


@pytest.mark.parametrize("shots", [0, 1])
def test_a_fit_is_the_classifiers_fit(shots: int) -> None:
    model = Steady()
    fitted = LabelClassifier(model=model, shots=shots, random_state=0).fit(TEXTS, KINDS)
    rest = [at for at, text in enumerate(TEXTS) if text not in dict(fitted.examples_)]
    assert len(fitted.examples_) == 2 * shots and len(rest) == 6 - 2 * shots
    plain = model.classifier(["device", "money"], examples=fitted.examples_)
    plain = plain.fit([TEXTS[at] for at in rest], [KINDS[at] for at in rest])
    assert np.array_equal(fitted.predict_proba(TEXTS), plain.probs(TEXTS))
    assert fitted.predict(TEXTS).tolist() == plain.predict(TEXTS)
    again = pickle.loads(pickle.dumps(fitted))
    assert np.array_equal(again.predict_proba(TEXTS), fitted.predict_proba(TEXTS))


@pytest.mark.parametrize(
    ("labels", "targets", "classes"),
    [
        (["money", "device"], KINDS, ["device", "money"]),
        (Kind, [Kind(kind) for kind in KINDS], ["device", "money"]),
        (bool, [kind == "money" for kind in KINDS], [False, True]),
        ({"money": {"refund": "", "bill": ""}, "device": ""}, ["money / refund"] * 6, None),
        (None, [3, 1, 2, 3, 1, 2], [1, 2, 3]),
    ],
    ids=["names", "enum", "bool", "hierarchy", "numbers"],
)
def test_classes_are_sorted_and_their_columns_follow(labels: Any, targets: Any, classes: Any) -> None:
    model = Steady()
    fitted = LabelClassifier(labels, model=model).fit(TEXTS, targets)
    assert fitted.classes_.tolist() == (classes or ["device", "money / bill", "money / refund"])
    probs = fitted.predict_proba(TEXTS)
    for text, row, found in zip(TEXTS, probs, fitted.predict(TEXTS), strict=True):
        distribution = fitted.classifier_.distribution(text)
        names = {str(k).lower() if labels is bool else str(k): p for k, p in zip(fitted.classes_, row, strict=True)}
        assert names == pytest.approx(dict(distribution.probs))
        assert found == fitted.classes_[row.argmax()]


def test_declared_labels_need_no_targets() -> None:
    model = Steady()
    fitted = LabelClassifier(Kind, model=model).fit(TEXTS)
    assert np.array_equal(fitted.predict_proba(TEXTS), model.classifier(Kind).probs(TEXTS))


def test_a_pipeline_with_a_vectoriser_beside_it() -> None:
    model = Steady()
    types = make_pipeline(TypeExtractor(Ticket, model=model), OneHotEncoder(handle_unknown="ignore"))
    both = FeatureUnion([("words", TfidfVectorizer()), ("types", types)])
    pipeline = Pipeline([("features", both), ("label", LogisticRegression())])
    scores = cross_val_score(pipeline, TEXTS, KINDS, cv=3)
    assert scores.shape == (3,) and np.isfinite(scores).all()
    scores = cross_val_score(LabelClassifier(model=model), TEXTS, KINDS, cv=3, scoring="neg_log_loss")
    assert np.isfinite(scores).all()


def test_typed_columns() -> None:
    pytest.importorskip("pandas")
    model = Steady()
    frame = TypeExtractor(Ticket, model=model).set_output(transform="pandas").fit_transform(TEXTS)
    assert list(frame.columns) == ["kind", "urgent", "on"]
    assert frame.to_dict("records") == [model.extract(Ticket, text).model_dump() for text in TEXTS]


def test_a_loaded_model_is_shared_by_clones() -> None:
    model = Steady()
    assert clone(LabelClassifier(model=model)).model is model
    assert copy.deepcopy(model) is model


def test_bad_input() -> None:
    model = Steady()
    for X in ("one text", 3, [], [["a", "b"]]):
        with pytest.raises(InputError):
            texts_of(X)
    with pytest.raises(NotFittedError):
        LabelClassifier(["a", "b"], model=model).predict(TEXTS)
    with pytest.raises(ValueError, match="requires y"):
        LabelClassifier(model=model).fit(TEXTS)
    with pytest.raises(InputError, match="6 texts and 5 targets"):
        LabelClassifier(model=model).fit(TEXTS, KINDS[1:])
    with pytest.raises(InputError, match="shots"):
        LabelClassifier(model=model, shots=-1).fit(TEXTS, KINDS)
    with pytest.raises(tl.SchemaError, match="none of the labels"):
        LabelClassifier(Kind, model=model).fit(TEXTS, ["other"] * 6)
    with pytest.raises(tl.Error, match="NoneType"):
        TypeExtractor(Ticket, model=model).fit_transform([None])
