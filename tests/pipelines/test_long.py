"""Long documents: the laws of cutting, what merges do, and spans that hold in the whole text."""

from __future__ import annotations

import json
import pickle
import re
from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

import typeloom as tl
from pipelines.fakes import Steady
from typeloom.pipelines.merge import merged, tree, written
from typeloom.testing import FakeModel

ALPHABET = 'ab é漢\n.!?"A。'


def words(text: str) -> int:
    return len(text.split())


@given(st.text(ALPHABET, max_size=120), st.integers(1, 12), st.integers(0, 11), st.sampled_from([len, words]))
def test_the_laws_of_chunks(text: str, tokens: int, overlap: int, count: Any) -> None:
    chunks = tl.Chunks(tokens, min(overlap, tokens - 1)).cut(text, count)
    covered = 0
    for chunk in chunks:
        assert chunk.text == text[chunk.start : chunk.end] and chunk.text
        assert chunk.byte_start == len(text[: chunk.start].encode())
        assert chunk.start <= covered < chunk.end
        assert count(chunk.text) <= tokens
        assert count(text[chunk.start : covered]) <= overlap
        covered = chunk.end
    assert covered == len(text)
    starts = [chunk.start for chunk in chunks]
    assert starts == sorted(set(starts))
    if not overlap:
        assert "".join(chunk.text for chunk in chunks) == text


def test_cuts_are_at_the_ends_of_paragraphs_and_sentences() -> None:
    text = "One is here. Two e.g. this one.\n\nThree? Four!\n\nFive."
    assert [c.text for c in tl.Chunks(8).cut(text, words)] == [
        "One is here. Two e.g. this one.\n\n",
        "Three? Four!\n\nFive.",
    ]
    assert [c.text for c in tl.Chunks(4).cut(text, words)] == [
        "One is here. ",
        "Two e.g. this one.\n\n",
        "Three? Four!\n\nFive.",
    ]
    assert [c.text for c in tl.Chunks(4, 1).cut("A b c. D. E f g.", words)] == ["A b c. D. ", "D. E f g."]


def test_an_overlap_is_less_than_a_chunk() -> None:
    for tokens, overlap in ((0, 0), (4, 4), (4, -1)):
        with pytest.raises(tl.LimitError, match="overlap"):
            tl.Chunks(tokens, overlap)


def all_merged(how: Any, *values: Any) -> Any:
    return json.loads(written(merged([tree(json.dumps(value), {}) for value in values], how)))


A, B = {"name": "Ada", "age": None}, {"name": "Ada", "age": 3}
C = {"name": None, "age": 3}


@pytest.mark.parametrize(
    ("how", "values", "expected"),
    [
        ("union", ([A], [A, B], [B]), [A, B]),
        ("union", ([1, 1], [1, 2]), [1, 1, 2]),
        ("union", ({"a": None, "b": [1]}, {"a": 2, "b": [2]}, {"a": 3, "b": []}), {"a": 2, "b": [1, 2]}),
        ("union", (None, "", None), None),
        (tl.by("name"), ([A, C], [B], [C]), [B, C, C]),
        (tl.by("name"), ({"of": [A]}, {"of": [B]}), {"of": [B]}),
        (tl.by("name"), (["x"], ["x", "y"]), ["x", "y"]),
        ("first", ([], [1], [2]), [1]),
        ("first", ({"a": "", "b": 1}, {"a": "x", "b": 2}), {"a": "x", "b": 1}),
        ("vote", ({"a": 1}, {"a": 2}, {"a": None}, {"a": 2}), {"a": 2}),
        ("vote", ("x", "y"), "x"),
        ("union", ([1], {"a": 1}, [2]), [1, 2]),
    ],
)
def test_merges(how: Any, values: Any, expected: Any) -> None:
    assert all_merged(how, *values) == expected


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=8,
)


@given(JSON, st.sampled_from(["union", "first", "vote"]))
def test_merging_one_value_with_itself_changes_nothing(value: Any, how: Any) -> None:
    assert all_merged(how, value) == value
    assert all_merged(how, value, value) == value


def test_numbers_are_merged_as_they_are_written() -> None:
    text = '{"a":1.10,"b":12345678901234567890123,"c":1e400}'
    assert written(merged([tree(text, {}), tree(text, {})], "vote")) == text


def test_an_unknown_merge_is_refused() -> None:
    with pytest.raises(tl.SchemaError, match="'mean'"):
        all_merged("mean", [1])


class Person(BaseModel):
    name: Annotated[str, Field(pattern="[A-Z][a-z]{2,7}")]
    age: int | None


def reading(prompt: Sequence[int], answer: Sequence[int]) -> np.ndarray[Any, Any]:
    """Logits of a model that reads: it spells the people of the text, `Ada (3)`, as the JSON of list[Person]."""
    document = bytes(prompt).decode().split("BEGIN", 1)[-1]
    people = [(n, int(a) if a else None) for n, a in re.findall(r"\b([A-Z][a-z]+) (?:\((\d+)\)|slept)", document)]
    target = json.dumps([{"name": n, "age": a} for n, a in people], separators=(",", ":")).encode()
    row = np.zeros(257)
    row[target[len(answer)] if len(answer) < len(target) else 256] = 20.0
    return row


STORY = "Hélène slept. Ada (3) came in.\n\nBob (40) left. Ada slept until Bob slept.\n\nNobody saw Eve (7) then."


def reader() -> tl.Chunked[list[Person]]:
    task = tl.Task(list[Person], model=FakeModel(logits=reading, n_ctx=1 << 16))
    return tl.Chunked(task, tl.Chunks(45, 15), merge=tl.by("name"))


def test_people_of_a_story_with_their_places_in_all_of_it() -> None:
    chunked = reader()
    parts = chunked.parts(STORY)
    assert len(parts) >= 3
    result = chunked.result(STORY)
    found = {person.name: person.age for person in result.value}
    assert found == {"Ada": 3, "Bob": 40, "Eve": 7}
    assert chunked.run(STORY) == result.value == chunked.map([STORY])[0]
    for path, one in result.fields.items():
        assert path.startswith("[")
        for span in one.spans:
            assert STORY[span.start : span.end] == str(one.value)
            assert STORY.encode()[span.byte_start : span.byte_end].decode() == str(one.value)
    assert result.fields["[2].name"].span is not None
    assert result.usage.completion_tokens == sum(part.result.usage.completion_tokens for part in parts)


def test_reduce_by_a_function_and_by_a_typed_step() -> None:
    chunked = reader()
    values = [part.result.value for part in chunked.parts(STORY)]
    counted: tl.Chunked[int] = tl.Chunked(chunked.task, chunked.chunk, merge=lambda lists: sum(map(len, lists)))
    assert counted.run(STORY) == sum(map(len, values))
    model = Steady()
    summary = tl.Task(bool, "Is anybody named?", model=model)
    reduced: tl.Chunked[bool] = tl.Chunked(chunked.task, chunked.chunk, merge=summary)
    listed = json.dumps([[p.model_dump() for p in people] for people in values], separators=(",", ":"))
    assert reduced.run(STORY) == summary.run(listed)


def test_what_cannot_be_merged_is_said() -> None:
    chunked = reader()
    short = tl.Task(Annotated[list[Person], Field(max_length=1)], model=chunked.task.model)
    with pytest.raises(tl.ValidationFailed, match="at most 1"):
        tl.Chunked(short, tl.Chunks(45), merge="union").run("Ada (3) is one.\n\nBob (40) is another person here.")
    with pytest.raises(tl.SchemaError, match="'nme'"):
        tl.Chunked(chunked.task, chunked.chunk, merge=tl.by("nme")).run(STORY)
    words = tl.Task(tl.Regex("[a-z]{1,3}"), model=Steady())
    with pytest.raises(tl.SchemaError, match="are texts"):
        tl.Chunked(words, tl.Chunks(45)).run(STORY)
    with pytest.raises(tl.Error, match="empty"):
        chunked.run(" \n ")


def test_chunked_pickles() -> None:
    chunked: tl.Chunked[Any] = tl.Chunked(tl.Task(list[bool], model=Steady()), tl.Chunks(30), merge="union")
    assert pickle.loads(pickle.dumps(chunked)).run(STORY) == chunked.run(STORY)


def test_a_chain_feeds_each_step_with_the_value_before() -> None:
    model = Steady()

    def people(text: str) -> Person:
        return Person(name="Ada", age=len(text))

    @model.fn
    def old(person: Person) -> bool:
        """Is the person old?"""

    assert tl.chain(people, old)("abc") == old(Person(name="Ada", age=3))
    task = tl.Task(bool, "Is the person old?", model=model)
    assert tl.chain(people, task)("abc") == task.run('{"name":"Ada","age":3}')
    assert tl.chain(reader(), task)(STORY) == task.run(
        json.dumps(
            [{"name": "Ada", "age": 3}, {"name": "Bob", "age": 40}, {"name": "Eve", "age": 7}], separators=(",", ":")
        )
    )
    with pytest.raises(tl.SchemaError, match="step 1 returns Person, step 2 takes str"):
        tl.chain(people, people)
    with pytest.raises(tl.SchemaError, match="at least one step"):
        tl.chain()
