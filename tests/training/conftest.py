"""What the training scripts would have made of the packages they fetch, for tests: a few invented entries."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

KINDS = ("tool", "animal", "dish", "illness", "vehicle", "dance", "cloth")


@pytest.fixture
def small_dictionary(tmp_path: Path) -> Path:
    entries = [
        {
            "part": part,
            "words": [f"{kind} {n}" if n or part != "noun" else kind, f"{part} of {kind} {n}"],
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


@pytest.fixture
def small_opinions(tmp_path: Path) -> Path:
    """Sentences of every source and every rating."""
    kept = [
        (source, rating / 10, f"one of the {source} said {rating} on {day}")
        for source in ("tweets", "films", "products", "editorials")
        for rating in range(-38, 39, 2)
        for day in ("Monday", "Friday")
    ]
    file = tmp_path / "opinions.json"
    file.write_text(json.dumps(kept))
    return file


@pytest.fixture
def small_industries(tmp_path: Path) -> Path:
    """Branches three deep, each with a sentence."""
    kept = []
    for one, name in enumerate(KINDS):
        wide, narrow = str(one + 11), [f"{one + 11}{a}" for a in range(1, 4)]
        for code in [wide, *narrow, *(f"{branch}{b}" for branch in narrow for b in range(1, 9))]:
            kept.append((code, f"{name.title()} making {code}, and repair", [f"makes the {name} number {code}"]))
    file = tmp_path / "industries.json"
    file.write_text(json.dumps(kept))
    return file


@pytest.fixture
def small_sentences(tmp_path: Path) -> Path:
    """Sentences of seven matters, each beside the labels of its own matter, and one that is as near to two."""
    rows = np.eye(384, dtype=np.int8) * 127
    texts = [f"sentence {n} has to do with the {kind}" for kind in KINDS for n in range(8)] + [
        "of the tool or of the animal"
    ]
    file = tmp_path / "sentences.npz"
    np.savez(
        file,
        texts=np.array(texts),
        names=np.array(KINDS),
        notes=np.array([f"everything about a {kind}|what a {kind} does" for kind in KINDS]),
        rows=np.stack([*(rows[at] for at in range(len(KINDS)) for _ in range(8)), rows[0] + rows[1]]),
        of_labels=rows[: len(KINDS)],
    )
    return file


@pytest.fixture
def small_vectors(tmp_path: Path) -> Path:
    """A vector for each kind, and for a word that stands beside kinds in each source: no two alike."""
    words = [*KINDS, "look", "comes", "makes"]
    rows = np.eye(len(words), 100, dtype=np.float32) * 127
    file = tmp_path / "vectors.npz"
    ranks = np.arange(1_000_000, 1_000_000 + len(words))  # rare words, which say something
    np.savez(file, words=np.array(words), ranks=ranks.astype(np.int32), rows=rows.astype(np.int8))
    return file
