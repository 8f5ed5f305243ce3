"""`Runtime` on llama.cpp: renders, decodes and scores with the llama room, which lets one caller at a time evaluate."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from typeloom.errors import Error
from typeloom.llama import chat, decode, slots
from typeloom.llama.model import LlamaModel
from typeloom.llama.thinking import Marks, Think, free_text, marks
from typeloom.llama.tokenizer import Segment
from typeloom.tasks.evidence import TokenEvidence
from typeloom.tasks.prompt import Message
from typeloom.tasks.runtime import Answering, Decoded, Steps, Until, Wanted

if TYPE_CHECKING:
    from typeloom.engine.vocabulary import Vocabulary

A = TypeVar("A")


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

    def render(self, messages: Sequence[Message], thinking: Marks | None = None) -> list[int]:
        turns = [chat.Message(message["role"], message["content"]) for message in messages]  # type: ignore[arg-type]
        return list(chat.chat_prompt(self._model, turns, thinking=thinking).tokens)

    def marks(self, think: Think) -> Marks:
        return marks(self._model, think)

    def marked(self, text: str) -> list[int]:
        return self._model.tokenizer.prompt([Segment(text, is_content=False)], begin=False)

    def generate(self, wanted: Wanted, *, interrupt: decode.Interrupt | None = None) -> Decoded:
        asked = self._request(wanted)
        found = decode.generate(
            self._model,
            asked.prompt,
            asked.constraint,
            max_tokens=asked.max_tokens,
            sampling=asked.sampling,
            evidence=asked.evidence,
            interrupt=interrupt,
        )
        return self._decoded(wanted, found)

    def answers(
        self, wanted: Iterable[Answering[A] | Error], *, interrupt: decode.Interrupt | None = None
    ) -> Iterator[A | Error]:
        jobs = (one if isinstance(one, Error) else slots.Job(self._steps(one.steps), one.timeout) for one in wanted)
        return slots.run(self._model, jobs, interrupt=interrupt)

    def _steps(self, steps: Steps[A]) -> slots.Steps[A]:
        """The same steps, in the words of the llama room."""
        try:
            wanted = next(steps)
            while True:
                try:
                    found = yield self._request(wanted)
                except Error as error:
                    wanted = steps.throw(error)
                else:
                    wanted = steps.send(self._decoded(wanted, found))
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]

    def _request(self, wanted: Wanted) -> slots.Request:
        core = self._started(wanted)
        if wanted.on_text is not None:
            core = decode.watched(self._model, core, wanted.on_text)
        return slots.Request(wanted.prompt, core, wanted.max_tokens, wanted.sampling, wanted.evidence)

    def _started(self, wanted: Wanted) -> decode.TokenConstraint:
        if isinstance(wanted.constraint, Until):
            return free_text(self._model, wanted.constraint.mark)
        matcher = wanted.constraint.start(wanted.caps)
        if not all(matcher.accept(token) for token in wanted.begun):
            raise Error("the constraint refuses the beginning of a text that it was to continue")
        return matcher.core

    def _decoded(self, wanted: Wanted, found: decode.Generation) -> Decoded:
        if isinstance(wanted.constraint, Until):
            return self._freely(wanted.constraint.mark, found)
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
            steered=found.steered,
            evidence=self._evidence(found),
            tokens=found.tokens,
        )

    def _freely(self, mark: str, found: decode.Generation) -> Decoded:
        text = found.text.decode("utf-8", "replace")
        marks = {self._model.tokenizer.control_tokens.get(mark)}
        is_marked = mark in text or bool(found.tokens and found.tokens[-1] in marks)
        finish = "complete" if is_marked else "length"
        return Decoded(text, len(found.tokens), finish, found.timings.prompt_reused, tokens=found.tokens)

    def _evidence(self, found: decode.Generation) -> tuple[TokenEvidence, ...]:
        out, end = [], 0
        for token, probability in zip(found.tokens, found.probabilities or (), strict=False):
            end += len(self.vocab.token(token))
            raw = probability.among_allowed if probability.among_all is None else probability.among_all
            out.append(TokenEvidence(end, probability.among_allowed, raw, probability.runners_up))
        return tuple(out)

    def write(self, prompt: Sequence[int], *, max_tokens: int) -> Decoded:
        found = decode.generate(self._model, prompt, None, max_tokens=max_tokens, sampling=decode.Sampling())
        finish = "complete" if found.finish == decode.Finish.END else "length"
        return Decoded(found.text.decode("utf-8", "replace"), len(found.tokens), finish)

    def score(
        self, prompt: Sequence[int], answers: Sequence[str], *, interrupt: decode.Interrupt | None = None
    ) -> list[float]:
        tokens = [self._model.tokenizer.plain(answer) for answer in answers]
        found = decode.score_labels(self._model, prompt, tokens, interrupt=interrupt)
        return [math.log(p) if p > 0.0 else -math.inf for p in found.probabilities]

    def close(self) -> None:
        self._model.close()
