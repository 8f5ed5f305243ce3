"""What the training scripts would have made of WordNet, for tests: a few invented entries."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

KINDS = ("tool", "animal", "dish", "illness", "vehicle", "dance", "cloth")


@pytest.fixture
def small_dictionary(tmp_path: Path) -> Path:
    entries = [
        {
            "part": part,
            "words": [f"{kind} {n}", f"{part} of {kind} {n}"],
            "meaning": f"the {kind} that comes {n}th",
            "examples": [f"look at the {kind} {n} over there"],
            "kinds": [at] if part == "noun" else [],
            "field": kind,
            "sort": "artifact" if at % 2 else "animal",
        }
        for at, kind in enumerate(KINDS)
        for n in range(12)
        for part in ("noun", "verb", "adj")
    ]
    file = tmp_path / "dictionary.json"
    file.write_text(json.dumps({"entries": entries, "kinds": [[kind, f"a kind of {kind}", []] for kind in KINDS]}))
    return file
