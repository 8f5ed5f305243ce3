"""The verb `choose`: functions in, a validated call out, nothing executed before it is called."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Any, Literal

import numpy as np
import pytest
from pydantic import BaseModel, Field

import typeloom as tl
from typeloom.tasks.choose import choice
from typeloom.testing import END, FakeModel, byte_vocabulary

RAN: list[Any] = []


class Address(BaseModel):
    street: str
    zip: int


def search(query: Annotated[str, Field(max_length=20, description="What to look for")], limit: int = 5) -> list[str]:
    """Find articles.

    Not shown: the second paragraph."""
    RAN.append((query, limit))
    return [query] * limit


def move(to: Address, when: date | None = None, *, copy: bool = False, schema: str = "x") -> Address:
    """Change an address."""
    RAN.append((to, when, copy, schema))
    return to


def swap(a: int, /, b: int) -> tuple[int, int]:
    return b, a


class Desk:
    def __init__(self, name: str) -> None:
        self.name = name

    def call(self, who: Literal["ann", "bob"]) -> str:
        """Call somebody."""
        return f"{self.name}: {who}"

    def __call__(self, why: str) -> str:
        return why


def writing(text: str) -> FakeModel:
    """A model that writes this text."""
    wanted = [*text.encode(), END]

    def logits(prompt: Sequence[int], answer: Sequence[int]) -> np.ndarray:
        row = np.zeros(END + 1)
        if list(answer) == wanted[: len(answer)] and len(answer) < len(wanted):
            row[wanted[len(answer)]] = 20.0
        return row

    return FakeModel(logits=logits)


@pytest.mark.parametrize(
    ("text", "function", "arguments", "returned"),
    [
        (
            '{"function":"search","arguments":{"query":"tea","limit":2}}',
            search,
            {"query": "tea", "limit": 2},
            ["tea", "tea"],
        ),
        (
            '{"function":"move","arguments":{"to":{"street":"Ink","zip":7},"when":"2026-02-28","copy":true,"schema":"y"}}',
            move,
            {"to": Address(street="Ink", zip=7), "when": date(2026, 2, 28), "copy": True, "schema": "y"},
            Address(street="Ink", zip=7),
        ),
        ('{"function":"swap","arguments":{"a":1,"b":2}}', swap, {"a": 1, "b": 2}, (2, 1)),
    ],
)
def test_a_call_holds_validated_arguments_and_runs_when_called(
    text: str, function: Callable[..., Any], arguments: dict[str, Any], returned: Any
) -> None:
    RAN.clear()
    call = writing(text).choose([search, move, swap], "do it")
    assert call == tl.Call(function, arguments)
    assert RAN == []
    assert call() == returned
    detailed = writing(text).choose([search, move, swap], "do it", detail=True)
    assert (detailed.value, detailed.json) == (call, text)
    assert repr(call).startswith(f"Call({function.__name__}(")


def test_the_language_is_that_of_the_signatures() -> None:
    con = tl.compile(choice([search, move]).type, byte_vocabulary())
    assert con.accepts('{"function":"search","arguments":{"query":"","limit":-1}}')
    assert not con.accepts('{"function":"search","arguments":{"query":"a text that is too long","limit":1}}')
    assert not con.accepts('{"function":"move","arguments":{"query":"","limit":-1}}')
    assert not con.accepts('{"function":"drop","arguments":{}}')


def test_docstrings_and_descriptions_reach_the_prompt() -> None:
    prompts: list[str] = []

    def logits(prompt: Sequence[int], answer: Sequence[int]) -> np.ndarray:
        prompts.append(bytes(prompt).decode())
        row = np.zeros(END + 1)
        row[[*b'"}', END]] = 1.0
        return row

    examples = [("ink", tl.Call(search, {"query": "ink"}))]
    FakeModel(logits=logits).choose([search, Desk("x").call], "tea", examples=examples)
    shown = prompts[0]
    assert 'function: "search" # Find articles.' in shown
    assert "query: text # What to look for" in shown
    assert 'who: "ann" or "bob"' in shown
    assert "Not shown" not in shown
    assert 'assistant\n{"function":"search","arguments":{"query":"ink","limit":5}}' in shown


def test_methods_and_objects_are_functions_too() -> None:
    desk = Desk("inner")
    assert writing('{"function":"call","arguments":{"who":"bob"}}').choose([desk.call], "bob!")() == "inner: bob"
    assert writing('{"function":"Desk","arguments":{"why":"so"}}').choose([desk], "why?")() == "so"


def untyped(x, y: int) -> None: ...  # type: ignore[no-untyped-def]
def starred(*many: int) -> None: ...
def unreadable(x: Callable[[], int]) -> None: ...
def unresolved(x: Missing) -> None: ...  # type: ignore[name-defined]  # noqa: F821


@pytest.mark.parametrize(
    ("functions", "match"),
    [
        ([], "from 1 to 128 functions"),
        (search, r"write \[search\]"),
        ([3], "got 3"),
        ([search, search], "two called 'search'"),
        ([untyped], "annotation of parameter 'x'"),
        ([starred], "takes any arguments"),
        ([unreadable], "x"),
        ([unresolved], "cannot be resolved"),
        ([lambda text: text], "annotation of parameter 'text'"),
        ([print], "print"),
    ],
)
def test_what_cannot_be_offered_is_refused(functions: Any, match: str) -> None:
    with pytest.raises(tl.SchemaError, match=match):
        FakeModel().choose(functions, "text")


def test_examples_are_calls_of_what_is_offered() -> None:
    for wrong in [("a", {"query": "b"})], [("a", tl.Call(move, {}))], ["ab"]:
        with pytest.raises(tl.SchemaError, match="example 1"):
            FakeModel().choose([search], "text", examples=wrong)
