"""Texts with a known verdict, one JSON object a line: counterexamples of the laws and old faults of other engines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import typeloom as tl
from laws.vocabularies import bytes_only

ROWS = [json.loads(line) for line in Path(__file__).with_name("verdicts.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["why"])
def test_verdict(row: dict[str, Any]) -> None:
    source = tl.JsonSchema(row["schema"])
    constraint = tl.compile(source, bytes_only().vocabulary(), layout=row["layout"], order=row["order"])
    assert constraint.accepts(row["text"]) is row["accepted"]
