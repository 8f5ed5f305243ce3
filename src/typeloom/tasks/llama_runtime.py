"""`Runtime` on llama.cpp: renders, decodes and scores with the llama room, one caller at a time."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from typeloom.llama import chat, decode
from typeloom.llama.model import LlamaModel
from typeloom.tasks.prompt import Message
from typeloom.tasks.runtime import Decoded

if TYPE_CHECKING:
    from typeloom.engine.constraint import Constraint
    from typeloom.engine.vocabulary import Vocabulary


class LlamaRuntime:
    """A loaded GGUF as a Runtime. A llama.cpp context is not thread-safe, so every use of it holds the lock."""

    def __init__(self, model: LlamaModel) -> None:
        self._model = model
        self._lock = threading.Lock()

    @classmethod
    def load(
        cls,
        path: Path,
        *,
        slots: int,
        n_ctx: int | None,
        n_gpu_layers: int,
        n_threads: int | None,
        seed: int,
    ) -> LlamaRuntime:
        """Load the file; raises ModelError if llama.cpp refuses it."""
        return cls(
            LlamaModel.load(
                path, n_ctx=n_ctx, slots=slots, n_gpu_layers=n_gpu_layers, seed=seed, n_threads=n_threads
            )
        )

    @property
    def vocab(self) -> Vocabulary:
        return self._model.vocab

    @property
    def n_ctx(self) -> int:
        return self._model.n_ctx

    def render(self, messages: Sequence[Message]) -> list[int]:
        with self._lock:
            return chat.render(self._model, messages)

    def generate(
        self, prompt: Sequence[int], constraint: Constraint, *, max_tokens: int, temperature: float, seed: int
    ) -> Decoded:
        sampling = decode.Sampling(temperature=temperature, seed=seed)
        with self._lock:
            found = decode.generate(
                self._model, prompt, constraint.start(), max_tokens=max_tokens, sampling=sampling, evidence=False
            )
        return Decoded(found.text, len(found.tokens), found.finish, timings=found.timings)

    def score(self, prompt: Sequence[int], answers: Sequence[str]) -> list[float]:
        with self._lock:
            tokens = [self._model.tokenize(answer) for answer in answers]
            return decode.score_labels(self._model, prompt, tokens)

    def close(self) -> None:
        with self._lock:
            self._model.close()
