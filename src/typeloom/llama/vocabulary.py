"""A model's vocabulary as the engine wants it: each token's bytes, which tokens end a text, which are never text.

Bytes come from llama_token_to_piece, which gives what the token adds to a text. CONTROL, UNKNOWN and UNUSED tokens
have a printable name there, but are not text: they are special, and no constraint allows them by their bytes. Every
token that llama.cpp takes for the end of a generation is an end token.

Source: llama.cpp, src/llama-vocab.cpp (token_to_piece, is_eog).
"""

from __future__ import annotations

import ctypes
import os
from dataclasses import dataclass
from typing import TypeVar

from typeloom import _core
from typeloom.engine.vocabulary import Vocabulary as EngineVocabulary
from typeloom.errors import ModelError, VocabularyError
from typeloom.llama.gguf import check_file
from typeloom.llama.library import addresses, api, forget_log, recent_log

V = TypeVar("V", bound="Vocabulary")

_UNKNOWN, _UNUSED, _CONTROL = 1, 2, 8  # llama.h: enum llama_token_attr
_SPACE_PREFIX_KEY = b"tokenizer.ggml.add_space_prefix"
_SENTENCE_PIECE = 1  # llama.h: LLAMA_VOCAB_TYPE_SPM


class Vocabulary(EngineVocabulary):
    """The tokens of a GGUF file; everything else is the engine's."""

    @classmethod
    def from_gguf(cls: type[V], path: str | os.PathLike[str]) -> V:
        """The vocabulary of a GGUF file; the weights are not read, and need not be in the file.

        Raises ModelError if the file is not a GGUF that llama.cpp can read, VocabularyError if it has no tokens.
        Costs about a second for 200,000 tokens.
        """
        file = check_file(path)
        parameters = api.llama_model_default_params()
        parameters.vocab_only = True
        forget_log()
        model = api.llama_model_load_from_file(os.fsencode(file), parameters)
        if not model:
            raise ModelError(
                f"expected a GGUF file with a vocabulary at {file}, llama.cpp cannot read it: "
                f"{recent_log() or 'no reason given'}; "
                "download or convert it again"
            )
        try:
            pieces, space_prefix = read_pieces(model), has_space_prefix(model)
        finally:
            api.llama_model_free(model)  # before the index is made: its memory serves for that
        return cls.from_pieces(pieces, space_prefix=space_prefix)

    @classmethod
    def from_model(cls: type[V], model: int) -> V:
        """The vocabulary of a model that llama.cpp has loaded, given as its pointer.

        Raises VocabularyError if it has none.
        """
        return cls.from_pieces(read_pieces(model), space_prefix=has_space_prefix(model))

    @classmethod
    def from_pieces(cls: type[V], pieces: Pieces, *, space_prefix: bool) -> V:
        """The vocabulary of pieces that were read before. O(bytes)."""
        special = [i for i, attribute in enumerate(pieces.attributes) if attribute & (_UNKNOWN | _UNUSED | _CONTROL)]
        return cls.from_tokens(pieces.texts, end_ids=pieces.ends, special_ids=special, space_prefix=space_prefix)


@dataclass(frozen=True)
class Pieces:
    """What llama.cpp says about every token: its bytes, its attribute bits, and which tokens end a generation."""

    texts: list[bytes]
    attributes: list[int]
    ends: list[int]


def read_pieces(model: int) -> Pieces:
    """The pieces of a loaded model's vocabulary. Raises VocabularyError if it has no tokens. O(tokens), natively."""
    vocab = api.llama_model_get_vocab(model)
    count = int(api.llama_vocab_n_tokens(vocab))
    if count <= 0 or int(api.llama_vocab_type(vocab)) == 0:
        raise VocabularyError("expected a model with a vocabulary, this GGUF has none; use a text model")
    return Pieces(*_core.read_pieces(addresses(), int(vocab), count))


def has_space_prefix(model: int) -> bool:
    """Whether the tokeniser puts a space in front of a text (SentencePiece does, unless the metadata say otherwise)."""
    value = metadata(model, _SPACE_PREFIX_KEY)
    if value is not None:
        return value == "true"
    return int(api.llama_vocab_type(api.llama_model_get_vocab(model))) == _SENTENCE_PIECE


def metadata(model: int, key: bytes) -> str | None:
    """A metadata value of the GGUF as text, None if it is not there. O(length)."""
    size = 256
    while True:
        buffer = ctypes.create_string_buffer(size)
        length = int(api.llama_model_meta_val_str(model, key, buffer, size))
        if length < 0:
            return None
        if length < size:
            return buffer.raw[:length].decode("utf-8", "replace")
        size = length + 1
