"""Streams: what a Partial says stays true, the last is the object of `extract`, and leaving early frees the model."""

from __future__ import annotations

import asyncio
import gc
import json
import pickle
import threading
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AfterValidator, BaseModel

import typeloom as tl
from typeloom.tasks.stream import Closings
from typeloom.testing import END, FakeModel

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


class Item(BaseModel):
    name: str
    quantity: int


class Order(BaseModel):
    number: str
    items: list[Item]
    paid: bool | None = None


SAID = '{"number":"A","items":[{"name":"x","quantity":12}],"paid":null}'
PARTS: list[Any] = [
    {"number": "A"},
    {"number": "A", "items": [{"name": "x"}]},
    {"number": "A", "items": [{"name": "x", "quantity": 12}]},
    {"number": "A", "items": [{"name": "x", "quantity": 12}]},
    {"number": "A", "items": [{"name": "x", "quantity": 12}]},
    {"number": "A", "items": [{"name": "x", "quantity": 12}], "paid": None},
    {"number": "A", "items": [{"name": "x", "quantity": 12}], "paid": None},
]


def dictating(text: str, *, slow: float = 0.0) -> FakeModel:
    """A model that wants to say exactly this."""
    wanted = list(text.encode())

    def logits(prompt: Sequence[int], answer: Sequence[int]) -> np.ndarray:
        time.sleep(slow)
        row = np.zeros(END + 1)
        row[wanted[len(answer)] if len(answer) < len(wanted) else END] = 9.0
        return row

    return FakeModel(logits=logits)


def within(value: Any, later: Any) -> bool:
    """Whether all scalars of a value are where they were in a later one."""
    if isinstance(value, dict):
        return isinstance(later, dict) and all(key in later and within(value[key], later[key]) for key in value)
    if isinstance(value, list):
        return isinstance(later, list) and len(value) <= len(later) and all(map(within, value, later))
    return type(value) is type(later) and bool(value == later)


def scalars(value: Any) -> int:
    if isinstance(value, dict | list):
        return sum(map(scalars, value.values() if isinstance(value, dict) else value))
    return 1


def containers(value: Any) -> int:
    if isinstance(value, dict | list):
        return 1 + sum(map(containers, value.values() if isinstance(value, dict) else value))
    return 0


@given(value=JSON, pretty=st.booleans(), ascii=st.booleans(), data=st.data())
def test_a_partial_for_each_value_that_ends_and_none_takes_anything_back(
    value: Any, pretty: bool, ascii: bool, data: st.DataObject
) -> None:
    text = json.dumps(value, indent=1 if pretty else None, ensure_ascii=ascii).encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    closings = Closings()
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    parts = [part for piece in pieces for part in closings.feed(piece)]
    assert parts == list(Closings().feed(text))  # however the text is cut
    assert len(parts) == scalars(value) + containers(value) - 1
    for number, part in enumerate(parts):
        assert text.decode().startswith(part.json)
        assert within(part.value, parts[number + 1].value if number + 1 < len(parts) else value)
        assert not part.complete
    counts = [scalars(part.value) for part in parts]
    assert all(b - a in (0, 1) for a, b in pairwise(counts))  # never two, never half of one
    if isinstance(value, dict | list) and value:
        assert parts[-1].value == value


def test_a_stream_ends_with_the_object_of_extract() -> None:
    model = dictating(SAID)
    parts = list(model.stream(Order, "an order"))
    assert [part.value for part in parts] == PARTS
    assert [part.complete for part in parts] == [False] * (len(parts) - 1) + [True]
    assert parts[-1].result == model.extract(Order, "an order")
    assert parts[-1].json == SAID
    assert parts[0].number == "A"
    with pytest.raises(AttributeError, match=r"'items' has closed so far; there are: number"):
        _ = parts[0].items
    with pytest.raises(tl.Error, match="not complete"):
        _ = parts[0].result
    with pytest.raises(AttributeError):
        parts[0].json = ""  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(parts[1])) == parts[1]


def test_tasks_and_functions_stream_too() -> None:
    model = dictating(SAID)

    @model.fn
    def read(text: str) -> Order:
        """Read an order."""
        raise NotImplementedError

    assert [part.value for part in read.stream("an order")] == PARTS
    assert [part.value for part in model.task(Order, "Read an order.").stream("an order")] == PARTS


def test_a_scalar_and_a_text_have_only_the_last_part() -> None:
    (number,) = dictating("12").stream(int, "twelve")
    assert (number.value, number.result, number.complete) == (12, 12, True)
    (null,) = dictating("null").stream(int | None, "nothing")
    assert (null.value, null.result) == (None, None)
    (text,) = dictating('["a"]').stream(tl.Regex(r'\["[a-z]"\]'), "a")
    assert (text.value, text.result) == ('["a"]', '["a"]')


def test_what_can_be_refused_before_decoding_is_refused_at_the_call() -> None:
    with pytest.raises(tl.BudgetError):
        FakeModel().stream(Order, "text", max_tokens=3)
    with pytest.raises(tl.Error, match="empty"):
        FakeModel().stream(Order, " ")


def test_an_error_while_decoding_comes_out_of_the_iteration_behind_the_parts() -> None:
    def odd(value: int) -> int:
        raise ValueError("odd")

    class Pair(BaseModel):
        a: int
        b: Annotated[int, AfterValidator(odd)]

    parts = dictating('{"a":1,"b":3}').stream(Pair, "text", tries=1)
    assert [next(parts).value, next(parts).value] == [{"a": 1}, {"a": 1, "b": 3}]
    with pytest.raises(tl.ValidationFailed, match="odd"):
        next(parts)
    assert list(parts) == []

    def broken(prompt: Sequence[int], answer: Sequence[int]) -> np.ndarray:
        raise OSError("no logits")

    with pytest.raises(OSError, match="no logits"):
        next(FakeModel(logits=broken).stream(Order, "text"))


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "typeloom stream"]


def test_leaving_early_ends_the_decoding() -> None:
    model = dictating("[" + ",".join(["1"] * 400) + "]", slow=0.01)
    with model.stream(list[int], "ones") as parts:
        assert next(parts).value == [1]
    assert not threads()
    assert list(parts) == []
    parts.close()
    never_begun = model.stream(list[int], "ones")
    never_begun.close()
    assert list(never_begun) == []


def test_a_stream_that_nobody_holds_ends() -> None:
    parts = dictating("[" + ",".join(["1"] * 400) + "]", slow=0.01).stream(list[int], "ones")
    next(parts)
    (thread,) = threads()
    del parts
    gc.collect()
    thread.join(timeout=60)
    assert not thread.is_alive()


def test_async_iteration_gives_the_same_parts_and_leaves_the_loop_free() -> None:
    async def read() -> tuple[list[Any], int]:
        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                ticks += 1
                await asyncio.sleep(0.001)

        clock = asyncio.create_task(tick())
        values = [part.value async for part in dictating(SAID, slow=0.002).stream(Order, "an order")]
        clock.cancel()
        return values, ticks

    values, ticks = asyncio.run(read())
    assert values == PARTS
    assert ticks > 1


def test_a_cancelled_async_reader_ends_the_decoding() -> None:
    async def read() -> None:
        parts = dictating('{"number":"' + "a" * 600, slow=0.01).stream(Order, "an order")
        waiting = asyncio.create_task(anext(parts))
        await asyncio.sleep(0.05)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await parts.aclose()
        assert not threads()
        assert [part async for part in parts] == []

    asyncio.run(read())


@pytest.fixture(scope="module")
def embedded(embedded_gguf: Path) -> Iterator[tl.Model]:
    with tl.load(embedded_gguf, n_threads=1, n_ctx=1024) as model:
        yield model


TEXT = "Order A-117: 3 x Desk lamp, 2 x Chair. Paid."


def test_the_embedded_model_streams_what_it_extracts(embedded: tl.Model) -> None:
    whole = embedded.extract(Order, TEXT, detail=True)
    parts = list(embedded.stream(Order, TEXT))
    assert (parts[-1].json, parts[-1].result) == (whole.json, whole.value)
    assert parts[:-1] == list(Closings().feed(whole.json.encode()))
    assert len(parts) > 3


def test_the_embedded_model_is_usable_after_a_stream_was_left(embedded: tl.Model) -> None:
    wanted = embedded.extract(Order, TEXT)
    with embedded.stream(Order, TEXT) as parts:
        next(parts)
    assert not threads()
    assert embedded.extract(Order, TEXT) == wanted
    first, second = embedded.stream(Order, TEXT), embedded.stream(Order, TEXT)
    next(first)
    ended = [list(second)[-1].result, list(first)[-1].result]  # the second waits until the first has decoded
    assert ended == [wanted, wanted]


def test_a_listener_that_raises_ends_the_call_and_not_the_model(embedded: tl.Model) -> None:
    from typeloom.tasks import extract

    class Deaf:
        def heard(self, piece: bytes) -> None:
            raise OSError("deaf")

        def back_to(self, n_bytes: int) -> bool:
            return True

    wanted = embedded.extract(Order, TEXT)
    asked = extract.request(embedded.runtime, extract.plan(Order, embedded.vocab), TEXT)
    with pytest.raises(OSError, match="deaf"):
        extract.answer(embedded.runtime, asked, listener=Deaf())
    assert embedded.extract(Order, TEXT) == wanted
