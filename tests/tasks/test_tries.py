"""What validators outside of the automaton refuse is decoded again, from there, without the refused value."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AfterValidator, BaseModel, Field, TypeAdapter, ValidationError, model_validator

import typeloom as tl
from typeloom.llama.decode import Evidence
from typeloom.tasks.evidence import TokenEvidence
from typeloom.tasks.refusals import KEY, exclusions, refused_value, without
from typeloom.tasks.runtime import Decoded, Wanted
from typeloom.testing import END, FakeModel, FakeRuntime, byte_vocabulary


def refusing(*values: Any) -> AfterValidator:
    def check(value: Any) -> Any:
        if value in values:
            raise ValueError(f"not {value!r}")
        return value

    return AfterValidator(check)


class Order(BaseModel):
    name: str
    count: Annotated[int, Field(ge=10, le=99), refusing(12)]
    color: Annotated[Literal["red", "green", "blue"], refusing("red", "blue")]
    note: str | None = None


def saying(text: str, seen: list[Wanted] | None = None) -> tl.Model:
    """A model that wants to say this, byte by byte, whatever it has said so far; it notes what it was asked."""
    wanted = list(text.encode())

    def logits(prompt: Sequence[int], answer: Sequence[int]) -> np.ndarray:
        row = np.zeros(END + 1)
        row[wanted[len(answer)] if len(answer) < len(wanted) else END] = 9.0
        return row

    class Noting(FakeRuntime):
        def _generate(self, wanted: Wanted, interrupts: Any) -> Decoded:
            if seen is not None:
                seen.append(wanted)
            return super()._generate(wanted, interrupts)

    return tl.Model(Noting(byte_vocabulary(), logits, 4096))


SAID = '{"name":"Ada","count":12,"color":"red","note":null}'


def test_a_refused_value_is_decoded_again_from_its_field() -> None:
    seen: list[Wanted] = []
    result = saying(SAID, seen).extract(Order, "text", detail=True)
    assert result.value.count != 12 and result.value.color == "green" and result.value.name == "Ada"
    assert [(one.path, one.value) for one in result.refused] == [
        ("$.count", "12"),
        ("$.color", '"red"'),
        ("$.color", '"blue"'),
    ]
    assert "not 12" in result.refused[0].reason
    begun = [bytes(one.begun).decode() for one in seen]
    assert begun[:2] == ["", '{"name":"Ada","count":']
    assert all(text.endswith('"color":') for text in begun[2:])
    assert [one.max_tokens + len(one.begun) for one in seen] == [seen[0].max_tokens] * 4
    assert bytes(seen[1].prompt[len(seen[0].prompt) :]) == begun[1].encode()  # the model's memory has it


def test_there_is_an_end_with_a_history() -> None:
    with pytest.raises(tl.ValidationFailed, match=r"after 3 tries.*check\(type\)") as caught:
        saying("3").extract(Annotated[int, AfterValidator(_never)], "text")
    assert [one.path for one in caught.value.history] == ["$", "$", "$"]
    values = [one.value for one in caught.value.history]
    assert values[0] == "3" and len(set(values)) == 3
    assert caught.value.json == values[-1] and caught.value.errors
    with pytest.raises(tl.ValidationFailed) as once:
        saying("3").extract(Annotated[int, AfterValidator(_never)], "text", tries=1)
    assert len(once.value.history) == 1
    with pytest.raises(tl.LimitError, match="tries from 1"):
        saying("3").extract(int, "text", tries=0)


def _never(value: Any) -> Any:
    raise ValueError("never")


def test_where_the_type_has_nothing_else_it_says_so() -> None:
    with pytest.raises(tl.ValidationFailed, match="no other value") as caught:
        saying("true").extract(Annotated[bool, AfterValidator(_never)], "text", tries=9)
    assert {one.value for one in caught.value.history} == {"true", "false"}


def test_where_nothing_else_fits_into_the_budget_it_says_so() -> None:
    with pytest.raises(tl.ValidationFailed, match="no other value") as caught:
        saying('"a"').extract(Annotated[Literal["a", "a long text"], refusing("a")], "text", max_tokens=5)
    assert [one.value for one in caught.value.history] == ['"a"']


class Span(BaseModel):
    first: Annotated[int, Field(ge=0, le=9)]
    last: Annotated[int, Field(ge=0, le=9)]
    title: str

    @model_validator(mode="after")
    def _in_order(self) -> Span:
        if self.last < self.first:
            raise ValueError("last is before first")
        return self


def test_of_a_refused_object_something_comes_out_otherwise() -> None:
    result = saying('{"first":5,"last":3,"title":"a b"}').extract(Span, "text", tries=20, detail=True)
    assert result.value.first <= result.value.last
    assert {one.path for one in result.refused} == {"$"}
    assert len({one.json for one in result.refused}) == len(result.refused)


def test_a_list_with_too_many_items_loses_one() -> None:
    def few(value: list[str]) -> list[str]:
        if len(value) > 1:
            raise ValueError("too many")
        return value

    class Tags(BaseModel):
        tags: Annotated[list[Literal["x", "y", "z"]], Field(max_length=4), AfterValidator(few)]

    found = saying('{"tags":["x","y"]}').extract(Tags, "text", detail=True)
    assert len(found.value.tags) == 1 and len(found.refused) == 2


def test_quotations_and_dicts_decode_again() -> None:
    class Mixed(BaseModel):
        who: Annotated[str, tl.Verbatim(), refusing("Ada")]
        share: Annotated[float, refusing(1.5)]
        counts: dict[str, Annotated[int, refusing(3)]] = Field(max_length=3)

    said = '{"who":"Ada","share":1.5,"counts":{"x":1,"y":3}}'
    found = saying(said).extract(Mixed, "Ada met Bob.", max_tokens=200, detail=True)
    assert found.value.who in "Ada met Bob." and found.value.who != "Ada"
    assert 3 not in found.value.counts.values()
    assert {"$.who", "$.counts.y"} <= {one.path for one in found.refused}


def test_streams_take_nothing_back() -> None:
    parts = list(saying(SAID).stream(Order, "text"))
    assert [part.value for part in parts][:2] == [{"name": "Ada"}, {"name": "Ada", "count": parts[-1].result.count}]
    for part, later in pairwise(parts):
        assert later.json.startswith(part.json)
    assert parts[-1].complete and parts[-1].result == saying(SAID).extract(Order, "text")
    with pytest.raises(tl.ValidationFailed):
        list(saying(SAID).stream(Order, "text", tries=1))


def test_streams_of_objects_with_a_validator_of_their_own_wait_for_it() -> None:
    text = '{"first":5,"last":3,"title":"a"}'
    parts = list(saying(text).stream(Span, "text", tries=20))
    assert parts[-1].result.first <= parts[-1].result.last
    assert all(parts[-1].json.startswith(part.json) for part in parts)


def test_map_and_coroutines_and_functions_decode_again_too() -> None:
    model = saying(SAID)
    expected = model.extract(Order, "text")
    assert model.task(Order).map(["a", "b"]) == [expected, expected]
    (failed,) = model.task(Order, tries=2).map(["a"], on_error="return")
    assert isinstance(failed, tl.ValidationFailed)

    def read(text: str) -> Order:
        raise NotImplementedError

    assert model.fn(read)("a") == expected
    with pytest.raises(tl.ValidationFailed):
        model.fn(tries=2)(read)("a")


def test_places_in_errors_are_found_in_the_text() -> None:
    text = b'{"pets":[{"kind":"cat","age":3}],"5":{"x":1}}'
    for loc, steps in {
        ("pets", 0, "Cat", "age"): ("pets", 0, "age"),
        ("pets", 0, "function-after[check(), int]", "age", "int"): ("pets", 0, "age"),
        ("pets", 0, "missing"): ("pets", 0),
        (5, "x"): ("5", "x"),
        (): (),
    }.items():
        assert refused_value(text, loc).steps == steps


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | st.sampled_from(["", "a", 'q"\\', "two words", "é"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "c d"]), inner, max_size=3),
    max_leaves=8,
)


@given(json_values, st.data())
def test_what_was_refused_is_in_the_type_no_more_and_something_else_is(value: Any, data: st.DataObject) -> None:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    vocab = byte_vocabulary()
    everything = tl.compile(tl.JsonSchema(True), vocab)
    steps: list[int | str] = []
    inner = value
    while isinstance(inner, dict | list) and inner and data.draw(st.booleans()):
        step = data.draw(st.sampled_from(sorted(inner) if isinstance(inner, dict) else range(len(inner))))
        steps.append(step)
        inner = inner[step]
    loc = (*steps, KEY) if steps and isinstance(steps[-1], str) and data.draw(st.booleans()) else tuple(steps)
    surprises = data.draw(st.lists(st.floats(-9, 0), min_size=len(text), max_size=len(text)))
    evidence = [TokenEvidence(end + 1, surprise, surprise) for end, surprise in enumerate(surprises)]
    refused = refused_value(text, loc)
    assert refused.steps == tuple(steps)
    possible: dict[int, bool] = {}
    for one in exclusions(text, refused, loc, evidence, data.draw(st.integers(0, 1))):
        left = tl.compile(without(everything.schema, [one]), vocab)
        assert not left.accepts(text)
        matcher = left.start()
        goes_on = matcher.accept_bytes(text[: one.begin]) and matcher.least_tokens < 2**32 - 1
        possible[one.begin] = possible.get(one.begin, False) or goes_on
    assert all(possible.values())


@given(st.integers(0, 2**32), st.integers(0, 40), st.sets(st.integers(0, 5), max_size=4))
def test_any_logits_end_in_a_valid_object_within_the_budget_or_in_a_history(
    seed: int, spare: int, bad: set[int]
) -> None:
    class Item(BaseModel):
        size: Annotated[int, Field(ge=0, le=5), refusing(*bad)]
        tag: Annotated[str, Field(max_length=3), refusing("", "a", "aa")]

    row = np.random.default_rng(seed).normal(scale=4.0, size=END + 1)
    model = FakeModel(logits=row)
    items = Annotated[list[Item], Field(min_length=1, max_length=3)]
    most = tl.compile(items, model.vocab).min_tokens + spare
    try:
        found = model.extract(items, "text", max_tokens=most, detail=True)
    except tl.ValidationFailed as error:
        assert len(error.history) >= 1
        with pytest.raises(ValidationError):
            TypeAdapter(items).validate_json(error.history[-1].json)
    else:
        assert found.usage.completion_tokens >= len(found.json)
        assert len(found.json) <= most
        assert all(one.size not in bad for one in found.value)


@pytest.fixture(scope="module")
def embedded(embedded_gguf: Path) -> Iterator[tl.Model]:
    with tl.load(embedded_gguf, n_threads=1, n_ctx=1024, slots=3) as model:
        yield model


TEXT = "Order A-117 of 12 March: 3 x Desk lamp for Mrs Hopper, colour red. Paid by card."


class Plain(BaseModel):
    name: str
    count: Annotated[int, Field(ge=0, le=99)]
    color: Literal["red", "green", "blue"]


def picky(embedded: tl.Model) -> type[BaseModel]:
    """The same type, but what the model says first is refused."""
    said = embedded.extract(Plain, TEXT)

    class Picky(BaseModel):
        name: str
        count: Annotated[int, Field(ge=0, le=99), refusing(said.count)]
        color: Annotated[Literal["red", "green", "blue"], refusing(said.color)]

    return Picky


def test_the_embedded_model_decodes_again_alone_together_and_streamed(embedded: tl.Model) -> None:
    kind = picky(embedded)
    found = embedded.extract(kind, TEXT, detail=True)
    assert [one.path for one in found.refused] == ["$.count", "$.color"]
    texts = [TEXT, TEXT + " Thanks.", "Nothing.", TEXT, "Two red lamps."]
    alone = [embedded.extract(kind, text) for text in texts]
    assert embedded.task(kind).map(texts) == alone
    assert list(embedded.stream(kind, TEXT))[-1].result == found.value
    assert found.fields["count"].value == found.value.count  # type: ignore[attr-defined]
    assert 0 < found.fields["name"].confidence <= 1


def test_the_prompt_is_not_evaluated_again(embedded: tl.Model, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = picky(embedded)
    runtime: Any = embedded.runtime
    seen: list[tuple[Wanted, Decoded]] = []
    generate: Callable[..., Decoded] = runtime.generate

    def noting(wanted: Wanted, **options: Any) -> Decoded:
        seen.append((wanted, generate(wanted, **options)))
        return seen[-1][1]

    monkeypatch.setattr(runtime, "generate", noting)
    embedded.extract(kind, TEXT)
    assert len(seen) == 3
    for wanted, decoded in seen[1:]:
        before = len(wanted.prompt) - max(len(wanted.begun), 8)  # evaluated; whole groups kept
        assert wanted.begun and decoded.cached_tokens >= before // 4 * 4
        assert wanted.evidence == Evidence.MASKED
