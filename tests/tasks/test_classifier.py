"""Classifiers and taggers: distributions that do not know the order of their labels, priors, fits, abstention, sets."""

from __future__ import annotations

import asyncio
import itertools
import math
import pickle
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any

import numpy as np
import pytest

import typeloom as tl
from typeloom.tasks.classify import CONTENT_FREE
from typeloom.testing import END, FakeModel

Weights = dict[str, float]


def liking(weights: Callable[[str, str], Weights], asked: list[str] | None = None) -> FakeModel:
    """A model that gives the answers the weights that a function of the prompt and the text says, in nats."""

    def logits(prompt: Sequence[int], answer: Sequence[int]) -> np.ndarray:
        whole = bytes(prompt).decode()
        text = whole.rpartition("Text:\n")[2].removesuffix("\n")
        if asked is not None and not answer:
            asked.append(text)
        row = np.full(END + 1, -30.0)
        sofar = bytes(answer)
        for name, weight in weights(whole, text).items():
            written = f'"{name}"'.encode()
            if written.startswith(sofar) and len(written) > len(sofar):
                row[written[len(sofar)]] = np.logaddexp(row[written[len(sofar)]], weight)
        return row

    return FakeModel(logits=logits)


def by_words(whole: str, text: str) -> Weights:
    """Each label by how often its first letter stands in the text; "bug" is liked anyway."""
    return {name: 2.0 * text.count(name[0]) + (3.0 if name == "bug" else 0.0) for name in ("bug", "idea", "question")}


@pytest.mark.parametrize("order", list(itertools.permutations(["bug", "idea", "question", "none such"])))
def test_the_order_of_the_labels_changes_nothing(order: tuple[str, ...]) -> None:
    first = liking(by_words).classify("i q", ["bug", "idea", "question", "none such"], detail=True)
    found = liking(by_words).classify("i q", list(order), detail=True)
    assert found.probs == dict(first.probs)
    assert list(found.probs) == list(order)
    assert found.label == first.label
    assert math.isclose(math.fsum(found.probs.values()), 1.0, abs_tol=1e-6)


@pytest.mark.parametrize("order", [["b", "a"], ["a", "b"]])
def test_equals_are_decided_by_name(order: list[str]) -> None:
    assert liking(lambda whole, text: {"a": 0.0, "b": 0.0}).classify("x", order) == "a"


def test_the_content_free_prior_takes_out_what_is_said_anyway_and_is_evaluated_once() -> None:
    asked: list[str] = []
    model = liking(by_words, asked)
    labels = ["bug", "idea", "question"]
    assert model.classify("i", labels) == "bug"
    asked.clear()
    assert model.classify("i", labels, prior="content-free") == "idea"
    assert sorted(set(asked)) == sorted(CONTENT_FREE)  # "i" was asked before
    asked.clear()
    flat = model.classify("-", labels, prior="content-free", detail=True)
    assert set(asked) == {"-"}
    assert all(math.isclose(p, 1 / 3, abs_tol=1e-6) for p in flat.probs.values())


def test_a_fit_takes_out_a_bias_and_leaves_the_classifier_as_it_was() -> None:
    plain = liking(by_words).classifier(["bug", "idea", "question"])
    texts = ["b", "i", "q"] * 10
    truth = ["bug", "idea", "question"] * 10
    assert plain.predict(["i", "q"]) == ["bug", "bug"]
    fitted = plain.fit(texts, truth)
    assert fitted.predict(["b", "i", "q"]) == ["bug", "idea", "question"]
    assert plain.calibration is None
    table = fitted.probs(["b", "i"])
    assert table.shape == (2, 3)
    assert np.allclose(table.sum(axis=1), 1.0, atol=1e-9)
    assert fitted.probs([]).shape == (0, 3)


def test_a_fit_needs_labels_it_knows_and_one_for_each_text() -> None:
    plain = liking(by_words).classifier(["bug", "idea"])
    with pytest.raises(tl.SchemaError, match="text 2: 'x' is none of the labels: bug, idea"):
        plain.fit(["a", "b"], ["bug", "x"])
    for texts, given in ([], []), (["a"], []):
        with pytest.raises(tl.Error, match="at least one text"):
            plain.fit(texts, given)


def test_abstention() -> None:
    model = liking(lambda whole, text: {"a": 1.0, "b": 0.0, "none of the above": 5.0 if "-" in text else -5.0})
    assert model.classify("x", ["a", "b"], abstain_below=0.7) == "a"
    assert model.classify("x", ["a", "b"], abstain_below=0.8) is None
    unsure = model.classify("x", ["a", "b"], abstain_below=0.8, detail=True)
    assert unsure.label is None
    assert unsure.probs["a"] > 0.7
    assert model.classify("x", ["a", "b"], none_of_the_above=True) == "a"
    assert model.classify("-", ["a", "b"], none_of_the_above=True) is None
    assert list(model.classify("-", ["a", "b"], none_of_the_above=True, detail=True).probs)[-1] == "none of the above"
    fitted = model.classifier(["a", "b"], none_of_the_above=True).fit(["x", "-"] * 5, ["a", None] * 5)
    assert fitted.predict(["x", "-"]) == ["a", None]


@pytest.mark.parametrize(
    "options",
    [{"abstain_below": 1.5}, {"abstain_below": "x"}, {"prior": "flat"}, {"multi": True, "threshold": -1},
     {"multi": True, "none_of_the_above": True}, {"multi": True, "abstain_below": 0.5}],
)
def test_options_that_mean_nothing_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(tl.SchemaError, match="expected"):
        FakeModel().classify("x", ["a", "b"], **options)


def mentioned(whole: str, text: str) -> Weights:
    names = [name for name in ("bug", "idea", "question") if f'"{name}"' in whole.partition("Text:")[0]]
    return {"none of the above": 0.0, **{name: 2.0 if name[0] in text else -2.0 for name in names}}


class Topic(Enum):
    BUG = "bug"
    IDEA = "idea"
    QUESTION = "question"


def test_many_labels_are_decided_each_by_itself() -> None:
    model = liking(mentioned)
    assert model.classify("b and q", Topic, multi=True) == {Topic.BUG, Topic.QUESTION}
    assert model.classify("-", Topic, multi=True) == set()
    found = model.classify("b and q", Topic, multi=True, detail=True)
    assert list(found.probs) == ["bug", "idea", "question"]
    assert found.probs["bug"] > 0.8 > 0.2 > found.probs["idea"]
    assert model.classify("b", Topic, multi=True, threshold=0.05) == set(Topic)
    assert model.classify("b", Topic, multi=True, threshold=0.99) == set()


def test_a_tagger_is_fitted_label_by_label() -> None:
    shy = liking(lambda whole, text: {name: w - 3.0 * (name != "none of the above") for name, w in
                                      mentioned(whole, text).items()})
    plain = shy.tagger(Topic)
    texts = ["b", "i", "q", "b i", "-"] * 4
    truth: list[set[Any]] = [{Topic.BUG}, {"idea"}, {"question"}, {"bug", "idea"}, set()] * 4
    assert plain.predict(["b i"]) == [set()]
    fitted = plain.fit(texts, truth)
    assert fitted.predict(["b i", "-"]) == [{Topic.BUG, Topic.IDEA}, set()]
    assert fitted.probs(["b"]).shape == (1, 3)


def test_examples_of_a_tagger_are_sets() -> None:
    prompts: list[bytes] = []

    def logits(prompt: Sequence[int], answer: Sequence[int]) -> np.ndarray:
        prompts.append(bytes(prompt))
        return np.zeros(END + 1)

    model = FakeModel(logits=logits)
    model.classify("x", ["a", "b"], multi=True, examples=[("both", {"a", "b"}), ("one", {"b"})])
    of_a = next(p for p in prompts if b'"a"' in p.partition(b"Text:")[0])
    assert of_a.count(b'assistant\n"a"') == 1
    assert of_a.count(b'assistant\n"none of the above"') == 1
    for wrong in [("x", "a")], [("x", 3)], [("x",)], [("x", {"c"})]:
        with pytest.raises(tl.SchemaError, match="example 1"):
            model.classify("x", ["a", "b"], multi=True, examples=wrong)


def test_a_group_has_the_probability_of_its_leaves() -> None:
    model = liking(lambda whole, text: {"device / screen": 1.0, "device / battery": 0.9, "account": 1.5})
    found = model.classify("x", {"device": ["screen", "battery"], "account": ""}, detail=True)
    assert found.label == ("account",)
    assert list(found.groups) == ["device"]
    assert math.isclose(found.groups["device"], found.probs["device / screen"] + found.probs["device / battery"])
    assert model.classify("x", ["a", "b"], detail=True).groups == {}


def test_map_keeps_order_and_returns_errors() -> None:
    found = liking(by_words).classifier(["bug", "idea"]).map(["iii", "", "b"], on_error="return")
    assert [found[0], type(found[1]), found[2]] == ["idea", tl.Error, "bug"]
    sets = liking(mentioned).tagger(Topic).map(["b i", ""], on_error="return")
    assert [sets[0], type(sets[1])] == [{Topic.BUG, Topic.IDEA}, tl.Error]


def test_both_can_be_awaited() -> None:
    assert asyncio.run(liking(by_words).classifier(["bug", "idea"]).aio("iii")).label == "idea"
    assert asyncio.run(liking(mentioned).tagger(Topic).aio("b")).labels == {Topic.BUG}


@pytest.mark.parametrize("prior", [None, "content-free"])
def test_the_order_changes_nothing_to_the_last_bit_in_a_loaded_model(prior: Any) -> None:
    pytest.importorskip("llama_cpp")
    names = ["payment", "pay", "delivery", "access to the account", "access to the building"]
    with tl.load(n_threads=1, n_ctx=512) as model:
        found = [
            model.classify("My card was charged twice.", list(order), detail=True, prior=prior).probs
            for order in itertools.islice(itertools.permutations(names), 0, 120, 17)
        ]
    assert all(one == found[0] for one in found)
    assert math.isclose(math.fsum(found[0].values()), 1.0, abs_tol=1e-9)


def test_a_closed_model_answers_nothing_that_it_has_kept() -> None:
    pytest.importorskip("llama_cpp")
    model = tl.load(n_threads=1, n_ctx=512)
    model.classify("text", ["a", "b"])
    model.close()
    with pytest.raises(tl.Error, match="closed"):
        model.classify("text", ["a", "b"])


def test_a_fitted_classifier_of_a_loaded_model_pickles() -> None:
    pytest.importorskip("llama_cpp")
    with tl.load(n_threads=1, n_ctx=512) as model:
        fitted = model.classifier(Topic, prior="content-free", abstain_below=0.1).fit(
            ["it crashed", "how?"], [Topic.BUG, Topic.QUESTION]
        )
        again = pickle.loads(pickle.dumps(fitted))
        assert again.probs(["where is it?"]).tolist() == fitted.probs(["where is it?"]).tolist()
        assert again.labels == fitted.labels
        again.scorer.model.close()
