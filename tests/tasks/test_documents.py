"""The example documents: every truth is a value of its type, stated in its text, and accepted by the automaton."""

from __future__ import annotations

import io
import json
import runpy
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from rich.console import Console

import typeloom as tl
from typeloom.testing import FakeModel, byte_vocabulary

EXAMPLES = Path(__file__).parents[2] / "examples"
DOCUMENTS = EXAMPLES / "documents"
ROWS = [json.loads(line) for line in (DOCUMENTS / "expected.jsonl").read_text(encoding="utf-8").splitlines()]
KINDS: dict[str, type[BaseModel]] = runpy.run_path(str(DOCUMENTS / "models.py"), run_name="documents")["KINDS"]


def test_every_document_has_a_truth_and_every_kind_four() -> None:
    assert sorted(row["file"] for row in ROWS) == sorted(path.name for path in DOCUMENTS.glob("*.txt"))
    for kind in KINDS:
        assert sum(row["type"] == kind for row in ROWS) >= 4


@pytest.mark.parametrize("row", ROWS, ids=[row["file"] for row in ROWS])
def test_a_truth_is_a_value_and_the_automaton_accepts_it(row: dict[str, Any]) -> None:
    kind = KINDS[row["type"]]
    value = kind.model_validate(row["value"])
    assert list(row["value"]) == list(kind.model_fields)
    assert tl.compile(kind, byte_vocabulary()).accepts(value.model_dump_json())


@pytest.mark.parametrize("row", ROWS, ids=[row["file"] for row in ROWS])
def test_a_truth_is_stated_in_its_text(row: dict[str, Any]) -> None:
    text = (DOCUMENTS / row["file"]).read_text(encoding="utf-8")
    assert 40 <= len(text.split()) <= 200
    folded = " ".join(text.casefold().split())
    value = KINDS[row["type"]].model_validate(row["value"])
    for found in _leaves(value):
        if isinstance(found, str):
            assert found.casefold() in folded or found in ("mixed", "positive", "negative", *CODES), found
        elif isinstance(found, date):
            assert str(found.year) in folded
            assert str(found.day) in folded
        elif isinstance(found, float):
            assert f"{found:.2f}".replace(",", "") in folded


CODES = ("EUR", "USD", "GBP", "technical", "payment", "access", "delivery", "refund", "low", "normal", "high")
"""Values of closed choices, which a text means without saying them."""


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, BaseModel):
        return [leaf for _, item in value for leaf in _leaves(item)]
    if isinstance(value, list):
        return [leaf for item in value for leaf in _leaves(item)]
    return [value.date() if isinstance(value, datetime) else value]


def test_the_demo_counts_fields() -> None:
    demo = runpy.run_path(str(EXAMPLES / "demo.py"), run_name="demo")
    _, _, _, truth = next(iter(demo["truths"]()))
    assert all(demo["same_fields"](truth, truth).values())
    assert not any(demo["same_fields"](None, truth).values())
    other = truth.model_copy(update={"vendor": "nobody"})
    assert [name for name, ok in demo["same_fields"](other, truth).items() if not ok] == ["vendor"]
    console = Console(record=True, file=io.StringIO())
    right, total = demo["run"](FakeModel(), console, only="ticket")
    assert total == 4 * 7
    assert 0 <= right <= total
    assert "field-level exact match" in console.export_text()
