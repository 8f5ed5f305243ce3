"""What `compile` takes as a source, beside the types and schemas that the laws are about."""

from __future__ import annotations

import pytest

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
