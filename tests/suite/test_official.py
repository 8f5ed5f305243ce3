"""The official suite, file by file, beside the ratchet; skipped by name where TYPELOOM_DATA does not lead to it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from suite.official import RATCHET, SUITE, files, registry, run

RECORD = json.loads(RATCHET.read_text("utf-8"))

pytestmark = pytest.mark.skipif(
    not SUITE.is_dir(), reason="TYPELOOM_DATA names no folder with json-schema-test-suite"
)


@pytest.fixture(scope="module")
def known() -> dict[str, Any]:
    return registry()


@pytest.mark.parametrize("name", files())
def test_differs_only_where_the_ratchet_says(name: str, known: dict[str, Any]) -> None:
    outcome = run(name, known)
    assert outcome.schemas and outcome.tests
    assert outcome.differs() == RECORD["differs"].get(name, {}), "worse, or better: see tests/suite/official.py"


def test_the_ratchet_speaks_of_files_that_are_there() -> None:
    assert set(RECORD["differs"]) <= set(files())
    assert sum(len(one.get("refused", ())) for one in RECORD["differs"].values()) * 100 <= RECORD["schemas"]
