"""`Runtime` on llama.cpp: renders, decodes and scores with the llama room, which lets one caller at a time evaluate."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typeloom.llama import chat, decode
from typeloom.llama.model import LlamaModel
from typeloom.schema.caps import DEFAULT_CAPS, Caps
from typeloom.tasks.evidence import TokenEvidence
from typeloom.tasks.json_paths import paths_at
from typeloom.tasks.prompt import Message
from typeloom.tasks.runtime import Decoded

if TYPE_CHECKING:
    from typeloom.engine.constraint import Constraint
    from typeloom.engine.vocabulary import Vocabulary


class LlamaRuntime:
    """A loaded GGUF as a Runtime."""

    def __init__(self, model: LlamaModel) -> None:
        self._model = model

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
        context: dict[str, Any] = {} if n_ctx is None else {"n_ctx": n_ctx}
        return cls(
            LlamaModel.load(path, slots=slots, n_gpu_layers=n_gpu_layers, n_threads=n_threads, seed=seed, **context)
        )

    @property
    def vocab(self) -> Vocabulary:
        return self._model.vocab

    @property
    def n_ctx(self) -> int:
        return self._model.n_ctx

    def render(self, messages: Sequence[Message]) -> list[int]:
        turns = [chat.Message(message["role"], message["content"]) for message in messages]  # type: ignore[arg-type]
        return list(chat.chat_prompt(self._model, turns).tokens)

    def generate(
        self,
        prompt: Sequence[int],
        constraint: Constraint,
        *,
        max_tokens: int,
        temperature: float,
        seed: int,
        top_k: int = 0,
        top_p: float = 1.0,
        min_p: float = 0.0,
        caps: Caps = DEFAULT_CAPS,
        with_evidence: bool = False,
        on_text: Callable[[bytes], object] | None = None,
        interrupt: decode.Interrupt | None = None,
    ) -> Decoded:
        sampling = decode.Sampling(temperature, top_k, top_p, min_p, seed)
        matcher = constraint.start(caps)
        watched = matcher.core if on_text is None else decode.watched(self._model, matcher.core, on_text)
        wanted = decode.Evidence.RAW if with_evidence else decode.Evidence.NONE
        found = decode.generate(
            self._model,
            prompt,
            watched,
            max_tokens=max_tokens,
            sampling=sampling,
            evidence=wanted,
            interrupt=interrupt,
        )
        if not found.complete:
            return Decoded(found.text.decode("utf-8", "replace"), len(found.tokens), found.finish.name.lower())
        return Decoded(
            text=found.text.decode("utf-8"),
            completion_tokens=len(found.tokens),
            finish="complete",
            cached_tokens=found.timings.prompt_reused,
            timings={
                "prompt": found.timings.prompt,
                "decode": found.timings.decode,
                "mask": found.timings.mask,
                "pick": found.timings.pick,
            },
            truncated=() if constraint.is_text else paths_at(found.text, found.steered),
            evidence=self._evidence(found),
        )

    def _evidence(self, found: decode.Generation) -> tuple[TokenEvidence, ...]:
        out, end = [], 0
        for token, probability in zip(found.tokens, found.probabilities or (), strict=False):
            end += len(self.vocab.token(token))
            raw = probability.among_allowed if probability.among_all is None else probability.among_all
            out.append(TokenEvidence(end, probability.among_allowed, raw))
        return tuple(out)

    def write(self, prompt: Sequence[int], *, max_tokens: int) -> Decoded:
        found = decode.generate(self._model, prompt, None, max_tokens=max_tokens, sampling=decode.Sampling())
        finish = "complete" if found.finish == decode.Finish.END else "length"
        return Decoded(found.text.decode("utf-8", "replace"), len(found.tokens), finish)

    def score(self, prompt: Sequence[int], answers: Sequence[str]) -> list[float]:
        tokens = [self._model.tokenizer.plain(answer) for answer in answers]
        found = decode.score_labels(self._model, prompt, tokens)
        return [math.log(p) if p > 0.0 else -math.inf for p in found.probabilities]

    def close(self) -> None:
        self._model.close()
