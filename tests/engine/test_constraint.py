"""What `compile` takes as a source, beside the types and schemas that the laws are about."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

import typeloom as tl
from typeloom.schema.drafts import Draft
from typeloom.testing import byte_vocabulary


def test_a_schema_given_as_text_keeps_its_digits() -> None:
    constraint = tl.compile(tl.JsonSchema('{"const": 12345678901234567890.5}'), byte_vocabulary())
    assert constraint.accepts("12345678901234567890.5")
    assert not constraint.accepts("12345678901234567000.0")


def test_a_schema_is_read_in_the_draft_that_it_is_given_with() -> None:
    """Draft 4 says `exclusiveMinimum: true` beside a minimum."""
    schema = {"type": "integer", "minimum": 3, "exclusiveMinimum": True}
    constraint = tl.compile(tl.JsonSchema(schema, draft=Draft.DRAFT_4), byte_vocabulary())
    assert constraint.accepts("4")
    assert not constraint.accepts("3")


def test_a_source_without_values_is_refused() -> None:
    with pytest.raises(tl.SchemaError, match="at least one finite value"):
        tl.compile(tl.JsonSchema({"type": "integer", "minimum": 2, "maximum": 1}), byte_vocabulary())


@pytest.mark.parametrize("choice", [{"layout": "pretty"}, {"order": "sorted"}], ids=str)
def test_unknown_layouts_and_orders_are_refused(choice: dict[str, str]) -> None:
    with pytest.raises(tl.SchemaError, match="expected"):
        tl.compile(int, byte_vocabulary(), **choice)  # type: ignore[arg-type]


def test_whole_numbers_of_types_are_spelt_as_pydantic_reads_them() -> None:
    vocabulary = tl.Vocabulary.from_tokens([bytes((b,)) for b in range(256)] + [b""], end_ids=[256])
    of_type = tl.compile(int, vocabulary, layout="flexible")
    of_schema = tl.compile(tl.JsonSchema({"type": "integer"}), vocabulary, layout="flexible")
    for text, by_value in (("7", True), ("1.5e51", True), ("2.0", True), ("2.5", False)):
        assert of_type.accepts(text) == (text == "7"), text
        assert of_schema.accepts(text) == by_value, text


def test_keys_of_a_union_of_a_record_and_a_map() -> None:
    class Leaf(BaseModel):
        n: int

    pieces = [bytes((b,)) for b in range(256)] + [b'5"', b'":', b""]
    vocabulary = tl.Vocabulary.from_tokens(pieces, end_ids=[258])
    matcher = tl.compile(Leaf | dict[int, bool] | None, vocabulary).start()
    assert matcher.accept_bytes(b'{"5')
    allowed = set(vocabulary.allowed(matcher.new_mask()).tolist())
    assert allowed == {i for i in range(len(pieces)) if matcher.copy().accept(i)}
    assert ord('"') in allowed


def test_masks_lead_to_the_end_inside_the_budget() -> None:
    vocabulary = tl.Vocabulary.from_tokens([bytes((b,)) for b in range(256)] + [b""], end_ids=[256])
    matcher = tl.compile(list[dict[str, str]], vocabulary).start()
    assert matcher.accept_bytes(b'[{"key":"and so on')
    mask = vocabulary.new_mask()
    budget = matcher.least_tokens
    for left in range(budget, 0, -1):
        matcher.core.fill_mask_within(mask, left)
        assert matcher.accept(int(vocabulary.allowed(mask)[0]))
    assert matcher.is_accepting()


def test_a_value_that_no_text_can_hold_is_named() -> None:
    with pytest.raises(tl.SchemaError, match="lone surrogate"):
        tl.compile(tl.JsonSchema({"enum": ["\ud800"]}), byte_vocabulary())
    assert tl.compile(tl.JsonSchema({"enum": ["a", "\ud800"]}), byte_vocabulary()).accepts('"a"')


def _nested(least: int, most: int, levels: int) -> dict[str, object]:
    schema: dict[str, object] = {"type": "integer", "minimum": least, "maximum": most}
    for _ in range(levels):
        schema = {"properties": {"a": schema}, "required": ["a"], "additionalProperties": False, "type": "object"}
    return schema


@pytest.mark.parametrize(("levels", "given_up"), [(1, False), (2, False), (4, True)])
def test_searches_for_a_completion_that_were_given_up_are_counted(levels: int, given_up: bool) -> None:
    """Both branches take 10, so nothing ends it; each container is searched one level deep, and again further in."""
    source = tl.JsonSchema({"oneOf": [_nested(0, 11, levels), _nested(10, 12, levels)]})
    constraint = tl.compile(source, byte_vocabulary(), layout="compact")
    assert not constraint.start().accept_bytes(b'{"a":' * levels + b"10")
    assert constraint.start().accept_bytes(b'{"a":' * levels + b"12")
    assert bool(constraint.counts["undecided"]) is given_up
