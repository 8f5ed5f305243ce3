"""A model whose answers differ from text to text, and which pickles: to compare ways to the same answers with."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from typeloom.testing import FakeModel


def moved(prompt: Sequence[int], answer: Sequence[int]) -> np.ndarray[Any, Any]:
    """Logits that depend on the prompt and on what was said, and like to end what is open."""
    seed = hashlib.sha256(bytes(prompt) + b"\xff" + bytes(answer)).digest()
    row = np.random.default_rng(list(seed)).normal(size=257)
    row[[ord(c) for c in '"}]']] += 3
    return row


class Steady(FakeModel):
    """A fake that pickles: its logits are a function of this module."""

    def __init__(self) -> None:
        super().__init__(logits=moved, n_ctx=1 << 16)

    def __reduce__(self) -> Any:
        return Steady, ()
