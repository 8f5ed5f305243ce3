"""The mask by brute force: feed every token's bytes to a copy of the matcher and see whether it takes them.

Definition that the engine's masks must equal, bit by bit:

- an ordinary token is allowed if its bytes are not empty and all of them are accepted one after the other;
- an end token is allowed exactly if the text so far is complete;
- a special token is never allowed.

Cost: one copy and one feed per token; seconds for a real vocabulary, nothing for the small ones of the tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def allowed_by_mask(mask: NDArray[np.int32], n_tokens: int) -> set[int]:
    """The token ids whose bit is set: bit t % 32 of word t // 32; wrong bits past the vocabulary as well."""
    words = [int(word) & 0xFFFFFFFF for word in mask]
    assert len(words) == (n_tokens + 31) // 32, f"{len(words)} words for {n_tokens} tokens"
    return {32 * index + bit for index, word in enumerate(words) for bit in range(32) if word >> bit & 1}


def allowed_by_trial(
    matcher: Any, pieces: Sequence[bytes], *, end_ids: Sequence[int] = (), special_ids: Sequence[int] = ()
) -> set[int]:
    """The token ids that a copy of `matcher` takes, decided by `accept_bytes` and `is_accepting` alone."""
    allowed = set(end_ids) if matcher.is_accepting() else set()
    verdicts: dict[bytes, bool] = {b"": False}
    for token, piece in enumerate(pieces):
        if token in end_ids or token in special_ids:
            continue
        if piece not in verdicts:
            verdicts[piece] = bool(matcher.copy().accept_bytes(piece))
        if verdicts[piece]:
            allowed.add(token)
    return allowed


def live_bytes(matcher: Any) -> set[int]:
    """The next bytes that a copy of `matcher` takes."""
    return {byte for byte in range(256) if matcher.copy().accept_bytes(bytes((byte,)))}
