"""The verb `extract`: what it returns validates, what it refuses it refuses before decoding, and says why."""

from __future__ import annotations

import json
import pickle
import random
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import AfterValidator, BaseModel, Field

import typeloom as tl
from typeloom.tasks import extract as steps
from typeloom.tasks.runtime import Decoded
from typeloom.testing import END, FakeModel, FakeRuntime


class Invoice(BaseModel):
    number: str
    total: int
    paid: bool | None = None


def dictating(text: str) -> FakeModel:
    """A model that wants to say exactly this."""
    wanted = list(text.encode())

    def logits(prompt: Sequence[int], answer: Sequence[int]) -> np.ndarray:
        row = np.zeros(END + 1)
        row[wanted[len(answer)] if len(answer) < len(wanted) else END] = 9.0
        return row

    return FakeModel(logits=logits)


def test_what_the_model_says_is_what_comes_back() -> None:
    said = '{"number":"A-7","total":12,"paid":true}'
    result = dictating(said).extract(Invoice, "any", detail=True)
    assert result.value == Invoice(number="A-7", total=12, paid=True)
    assert (result.json, result.finish) == (said, "complete")
    assert result.usage.completion_tokens == len(said)
    assert result.usage.prompt_tokens > len("any")


@settings(max_examples=settings.default.max_examples // 2)
@given(seed=st.integers(0, 2**31 - 1), spare=st.integers(20, 80))
def test_any_logits_end_in_a_valid_object_within_the_budget(seed: int, spare: int) -> None:
    row = np.random.default_rng(seed).normal(scale=4.0, size=END + 1)
    model = FakeModel(logits=row)
    least = tl.compile(Invoice, model.vocab).min_tokens
    result = model.extract(Invoice, "text", max_tokens=least + spare, detail=True)
    assert isinstance(result.value, Invoice)
    assert result.usage.completion_tokens <= least + spare
    assert Invoice.model_validate_json(result.json) == result.value


def test_special_forms_come_back_as_themselves() -> None:
    assert dictating("[1,2]").extract(list[int], "one two") == [1, 2]
    assert dictating("null").extract(int | None, "nothing") is None
    assert dictating('{"a":1}').extract(tl.JsonSchema({"type": "object"}), "a is one") == {"a": 1}


def test_a_budget_below_the_shortest_object_is_refused_before_decoding() -> None:
    def never(prompt: Sequence[int], answer: Sequence[int]) -> np.ndarray:
        raise AssertionError("decoded")

    model = FakeModel(logits=never)
    least = tl.compile(Invoice, model.vocab).min_tokens
    with pytest.raises(tl.BudgetError, match=f"{least} tokens, max_tokens is 3") as caught:
        model.extract(Invoice, "text", max_tokens=3)
    assert (caught.value.needed, caught.value.given) == (least, 3)


def test_a_context_too_small_is_a_limit_with_numbers() -> None:
    with pytest.raises(tl.LimitError, match="the context holds 64") as caught:
        FakeModel(n_ctx=64).extract(Invoice, "a text that is not that long")
    assert caught.value.limit == "n_ctx"
    assert (caught.value.value or 0) > 64


def test_the_context_bounds_the_answer() -> None:
    def logits(prompt: Sequence[int], answer: Sequence[int]) -> np.ndarray:
        row = np.zeros(END + 1)
        row[random.Random(len(answer)).randint(ord("a"), ord("z"))] = 9.0  # never wants to end, and repeats nothing
        return row

    model = FakeModel(logits=logits, n_ctx=400)
    usage = model.extract(Invoice, "text", detail=True).usage
    assert usage.prompt_tokens + usage.completion_tokens == 400


def test_an_answer_cut_short_is_never_an_object() -> None:
    class Cut(FakeRuntime):
        def generate(self, *args: object, **kwargs: object) -> Decoded:
            return Decoded('{"number":"A', 11, "length")

    with pytest.raises(tl.BudgetError, match="not complete"):
        tl.Model(Cut(tl.testing.byte_vocabulary(), None, 4096)).extract(Invoice, "text")


def test_a_validator_outside_the_automaton_still_says_no() -> None:
    def even(value: int) -> int:
        if value % 2:
            raise ValueError("odd")
        return value

    class Pair(BaseModel):
        n: Annotated[int, AfterValidator(even)]

    with pytest.raises(tl.ValidationFailed, match=r"\$\.n: .*odd") as caught:
        dictating('{"n":3}').extract(Pair, "three", tries=1)
    assert caught.value.json == '{"n":3}'
    assert caught.value.errors[0]["loc"] == ("n",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        ("abc\ud800def", r"lone surrogate U\+D800 at character 3"),
        (b"bytes", "got bytes"),
        (None, "got NoneType"),
    ],
)
def test_what_is_no_text_is_refused(text: str, message: str) -> None:
    model = FakeModel()
    with pytest.raises(tl.Error, match=message):
        model.extract(Invoice, text)
    with pytest.raises(tl.Error, match=message):
        model.classify(text, ["a", "b"])


@pytest.mark.parametrize("choice", [{"max_tokens": 0}, {"temperature": -1.0}, {"temperature": float("nan")}])
def test_choices_out_of_range_are_refused(choice: dict[str, Any]) -> None:
    with pytest.raises(tl.Error, match="expected"):
        FakeModel().extract(Invoice, "text", **choice)


def test_examples_are_written_as_the_constraint_would_have_them() -> None:
    plan = steps.plan(Invoice, tl.testing.byte_vocabulary())
    pairs = steps.written(plan, [("No. 1, 5 EUR", {"number": "1", "total": 5}), ("x", Invoice(number="2", total=6))])
    assert [json.loads(answer)["total"] for _, answer in pairs] == [5, 6]
    assert all(plan.constraint("").accepts(answer) for _, answer in pairs)


@pytest.mark.parametrize("examples", [[("text", {"number": 1})], ["text"], [("", {"number": "1", "total": 1})]])
def test_an_example_that_does_not_fit_is_refused(examples: list[object]) -> None:
    with pytest.raises(tl.Error, match=r"example 1|empty"):
        FakeModel().extract(Invoice, "text", examples=examples)  # type: ignore[arg-type]


def test_the_same_seed_samples_the_same_object() -> None:
    model = FakeModel()

    def sampled(seed: int) -> str:
        return model.extract(list[int], "text", temperature=1.0, seed=seed, max_tokens=40, detail=True).json

    one, again, other = sampled(5), sampled(5), sampled(6)
    assert one == again != other


def test_a_type_is_compiled_once_and_unions_are_told_apart_by_order() -> None:
    model = FakeModel()
    made: list[object] = []

    def make() -> steps.Plan:
        made.append(None)
        return steps.plan(int, model.vocab)

    unhashable = Annotated[int, Field(ge=0, json_schema_extra={"x": 1})]
    for source in (Invoice, Invoice, int | str, str | int, int | str, list[int], list[int], unhashable, unhashable):
        model._plans.get(source, make)
    assert len(made) == 5


def test_kept_plans_are_bounded() -> None:
    model = FakeModel()
    plan = steps.plan(int, model.vocab)
    for n in range(300):
        model._plans.get(Annotated[int, n], lambda: plan)
    assert len(model._plans) == 128


def test_a_model_that_was_not_loaded_does_not_pickle() -> None:
    with pytest.raises(tl.ModelError, match="loaded again from its file"):
        pickle.dumps(FakeModel())


def test_a_build_without_the_embedded_model_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typeloom.embedded", None)
    monkeypatch.delattr(tl, "embedded", raising=False)
    with pytest.raises(tl.ModelError, match="give the path of a GGUF"):
        tl.load()


def test_a_missing_file_is_a_model_error(tmp_path: object) -> None:
    with pytest.raises(tl.ModelError, match=r"no-such.gguf"):
        tl.load(f"{tmp_path}/no-such.gguf")


def test_filters_and_caps_of_a_call() -> None:
    class Note(BaseModel):
        text: str
        numbers: list[int]

    vocab = tl.testing.byte_vocabulary()
    logits = np.zeros(len(vocab))
    logits[[ord("1"), ord(",")]] = 5.0
    model = tl.testing.FakeModel(vocab, logits)
    result = model.extract(
        Note, "a text", detail=True, max_tokens=400, caps=tl.Caps(items=4, characters=6, digits=3, repeats=0)
    )
    assert len(result.value.text) <= 7 and len(result.value.numbers) <= 4
    assert max(result.value.numbers) <= 999
    assert result.truncated == ("text", "numbers[3]")
    drawn = {model.extract(Note, "a", max_tokens=40, temperature=2.0, top_k=1, seed=seed).text for seed in range(4)}
    assert len(drawn) == 1  # one candidate is left
    with pytest.raises(tl.LimitError):
        model.extract(Note, "a text", temperature=1.0, top_p=0.0)


def test_a_type_that_quotes_is_held_to_the_text_it_reads() -> None:
    class Quote(BaseModel):
        words: Annotated[str, tl.Verbatim(cut="word")]

    model = FakeModel()
    for text in ("the old oak", "über Größe 東京"):
        quote = model.extract(Quote, text, max_tokens=60)
        assert quote.words in text
    with pytest.raises(tl.SchemaError, match="accepted"):
        model.extract(Quote, "a b", examples=[("c d", {"words": "a"})])


def test_a_grammar_gives_its_text() -> None:
    model = FakeModel()
    assert model.extract(tl.Regex(r"[A-Z]{3}-\d{2}"), "any text").count("-") == 1
    answer = model.extract(tl.Lark('start: "yes" | "no" " " /[a-z]{2}/'), "any text", detail=True)
    assert answer.value == answer.json
    assert answer.value == "yes" or answer.value.startswith("no ")
