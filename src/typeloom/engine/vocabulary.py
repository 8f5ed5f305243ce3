"""The tokens of a model as bytes, indexed once per model for the masks of every constraint.

A token is known by the bytes it adds to a text. End tokens end a text and are allowed by their id, exactly where the
text is complete; special tokens (control, unused) are never allowed. Several tokens may have equal bytes; all are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from typeloom import _core
from typeloom.errors import VocabularyError

V = TypeVar("V", bound="Vocabulary")


class Vocabulary:
    """The tokens of one model.

    >>> vocab = Vocabulary.from_tokens([b"{", b"}", b"</s>"], end_ids=[2])
    >>> len(vocab), vocab.token(0)
    (3, b'{')
    """

    def __init__(self, core: _core.Vocabulary, tokens: tuple[bytes, ...], end_ids: tuple[int, ...]) -> None:
        self._core = core
        self._tokens = tokens
        self._end_ids = end_ids

    @classmethod
    def from_tokens(
        cls: type[V],
        tokens: Sequence[bytes],
        *,
        end_ids: Sequence[int],
        special_ids: Sequence[int] = (),
        space_prefix: bool = False,
    ) -> V:
        """The vocabulary in which token i adds the bytes `tokens[i]`.

        `space_prefix`: the tokeniser puts a blank before a text (SentencePiece), so a text may begin with one.
        Raises VocabularyError if there are no tokens, no end id, or an id outside the list. Indexes in about a second
        for 200,000 tokens.
        """
        texts = tuple(tokens)
        if not texts:
            raise VocabularyError("expected at least one token, got none; pass the model's token bytes")
        for i, text in enumerate(texts):
            if not isinstance(text, bytes):
                raise VocabularyError(f"expected bytes for token {i}, got {type(text).__name__}; encode it first")
        ends = tuple(dict.fromkeys(end_ids))
        if not ends:
            raise VocabularyError("expected at least one end id, got none: generation could never stop; pass end_ids")
        for i in (*ends, *special_ids):
            if not 0 <= i < len(texts):
                raise VocabularyError(f"expected ids below {len(texts)}, got {i}; ids index the list of tokens")
        core = _core.Vocabulary(list(texts), list(ends), list(special_ids), space_prefix)
        return cls(core, texts, ends)

    def __len__(self) -> int:
        return len(self._tokens)

    def token(self, token_id: int) -> bytes:
        """The bytes of a token, also of end and special ones."""
        return self._tokens[token_id]

    @property
    def tokens(self) -> tuple[bytes, ...]:
        """The bytes of all tokens, by id."""
        return self._tokens

    @property
    def end_ids(self) -> tuple[int, ...]:
        """The ids that end a text."""
        return self._end_ids

    def new_mask(self) -> NDArray[np.int32]:
        """A zeroed bitmask: int32 [ceil(n_tokens / 32)]; bit t % 32 of word t // 32 is token t."""
        return np.zeros((len(self._tokens) + 31) // 32, dtype=np.int32)

    def allowed(self, mask: NDArray[np.int32]) -> NDArray[np.int64]:
        """The ids whose bits are set in a mask, ascending. O(n_tokens)."""
        bits = np.unpackbits(mask.view(np.uint8), bitorder="little")[: len(self._tokens)]
        return np.flatnonzero(bits)

    @property
    def core(self) -> _core.Vocabulary:
        """The native index (for the engine's own use)."""
        return self._core

    def __reduce__(self) -> Any:
        raise TypeError("a Vocabulary is not picklable: it is rebuilt from its model; pickle a Task or a path instead")
