"""Texts with a known verdict, one JSON object a line: counterexamples of the laws and old faults of other engines.

verdicts.jsonl holds whole texts; beginnings.jsonl beginnings, each of which some text goes on from, or none.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import typeloom as tl
from laws.vocabularies import bytes_only


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(__file__).with_name(name).read_text("utf-8").splitlines()]


def constraint_of(row: dict[str, Any]) -> tl.Constraint:
    source = tl.JsonSchema(row["schema"])
    return tl.compile(source, bytes_only().vocabulary(), layout=row["layout"], order=row["order"])


@pytest.mark.parametrize("row", rows("verdicts.jsonl"), ids=lambda row: row["why"])
def test_verdict(row: dict[str, Any]) -> None:
    assert constraint_of(row).accepts(row["text"]) is row["accepted"]


@pytest.mark.parametrize("row", rows("beginnings.jsonl"), ids=lambda row: row["why"])
def test_beginning(row: dict[str, Any]) -> None:
    assert constraint_of(row).start().accept_bytes(row["text"].encode()) is row["lives"]
