"""Where a text is refused is where its longest live beginning ends, and what is said to be expected could have come."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

import typeloom as tl
from typeloom.engine.explain import json_path
from typeloom.testing import byte_vocabulary


class Item(BaseModel):
    name: str
    quantity: int = Field(ge=1, le=20)
    kind: Literal["book", "bowl", "lamp"]


class Order(BaseModel):
    number: str = Field(pattern=r"^[A-Z]{2}-\d+$")
    items: list[Item]
    topic: str | None = None


@pytest.fixture(scope="module")
def constraint() -> tl.Constraint:
    return tl.compile(Order, byte_vocabulary())


@pytest.mark.parametrize(
    ("text", "path", "offset", "expected"),
    [
        ("[", "$", 0, "'{\"number\":\"'"),
        ('{"number":"ab', "$.number", 11, "A-Z"),
        ('{"number":"AB-1","items":[{"name":"x","quantity":25', "$.items[0].quantity", 50, "'0,\"kind\":\"book\"}'"),
        ('{"number":"AB-1","items":[{"name":"x","quantity":2,"kind":"boat"', "$.items[0].kind", 61, "'ok\"}]}'"),
        ('{"number":"AB-1","items":[]', "$.items", 27, "'}'"),
        ('{"number":"AB-1","items":[]} ', "$", 28, "the end of the text"),
        ('{"number":"AB-1","items":[{"name":"é\x01', "$.items[0].name", 36, "any character"),
    ],
)
def test_a_refusal_says_where_and_what(
    constraint: tl.Constraint, text: str, path: str, offset: int, expected: str
) -> None:
    explanation = constraint.explain(text)
    assert not explanation.accepted
    assert (explanation.path, explanation.offset) == (path, offset)
    assert expected in explanation.expected
    assert explanation.got == (text[offset] if offset < len(text) else None)
    assert path in str(explanation)


def test_an_accepted_text_has_nothing_to_explain(constraint: tl.Constraint) -> None:
    explanation = constraint.explain('{"number":"AB-1","items":[],"topic":null}')
    assert explanation.accepted
    assert explanation.expected == ()
    assert str(explanation) == "accepted"


def test_what_check_says_of_the_value_stands_beside_it(constraint: tl.Constraint) -> None:
    note = constraint.explain('{"number":"AB-1","items":[{"name":"x","quantity":x').note
    assert note is not None
    assert note.path == "$.items[*].quantity"


@given(st.text(alphabet='{}[]":,aénumber017 -AB\\', max_size=25))
def test_the_offset_is_that_of_the_longest_live_beginning(text: str) -> None:
    constraint = tl.compile(Order, byte_vocabulary())
    explanation = constraint.explain(text)
    data, matcher, read = text.encode(), constraint.start(), 0
    while read < len(data) and matcher.accept_bytes(data[read : read + 1]):
        read += 1
    assert explanation.accepted == (read == len(data) and matcher.is_accepting())
    assert len(text[: explanation.offset].encode()) == explanation.byte_offset <= read
    for option in explanation.expected:  # what is quoted whole can really come next
        if option.startswith("'") and option.endswith("'") and "to" not in option:
            following = option[1:-1].encode().decode("unicode_escape").encode()
            assert matcher.copy().accept_bytes(following), option


@pytest.mark.parametrize(
    ("beginning", "path"),
    [
        (b"", "$"),
        (b'{"a', "$"),
        (b'{"a"', "$.a"),
        (b'{"a":[1,{"b c":tru', '$.a[1]["b c"]'),
        (b'{"a":[1,2],', "$"),
        (b'{"a":"}{[,","b":"\\"', "$.b"),
        (b"[[],[1,", "$[1][1]"),
        (b'{"a":{"b":1},"c":', "$.c"),
    ],
)
def test_the_path_of_a_beginning(beginning: bytes, path: str) -> None:
    assert json_path(beginning) == path


def test_a_drawing_has_a_state_for_each_place_and_shows_where_it_stops(constraint: tl.Constraint) -> None:
    drawn = tl.compile(Item, byte_vocabulary()).to_dot()
    edges = re.findall(r"^  (\d+) -> (\d+) ", drawn, re.MULTILINE)
    nodes = re.findall(r"^  (\d+) \[shape=(\w+)", drawn, re.MULTILINE)
    assert {number for edge in edges for number in edge} == {number for number, _ in nodes}
    assert [shape for _, shape in nodes].count("doublecircle") == 1
    assert "beyond" not in drawn
    assert r"{\"name\":\"" in drawn
    cut = constraint.to_dot(max_states=5)
    assert "the first 5 states" in cut
    assert len(re.findall(r"shape=(?:double)?circle", cut)) == 5
