"""The seam between the verbs and what decodes for them.

The verbs need four things of a model: its tokens for some chat turns, one constrained generation, the log-probability
of each of a few answers, and its vocabulary. `Runtime` states exactly that. `llama_runtime` is llama.cpp; tests bring a
model made of an array (`typeloom.testing`). Nothing above this file knows which of the two it talks to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from typeloom.llama.decode import Interrupt
from typeloom.schema.caps import DEFAULT_CAPS, Caps
from typeloom.tasks.evidence import TokenEvidence
from typeloom.tasks.prompt import Message

if TYPE_CHECKING:
    from typeloom.engine.constraint import Constraint
    from typeloom.engine.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Decoded:
    """One generation. `finish` is "complete", or what cut it short; `timings` are seconds by step. `truncated` are the
    paths of what was closed early, as in `items[2].name`: the model went on, the budget or a cap did not let it."""

    text: str
    completion_tokens: int
    finish: str
    cached_tokens: int = 0
    timings: Mapping[str, float] = field(default_factory=dict)
    truncated: tuple[str, ...] = ()
    evidence: tuple[TokenEvidence, ...] = ()


class Runtime(Protocol):
    """What the verbs need of a model. `n_ctx` is the most tokens that prompt and answer may have together."""

    @property
    def vocab(self) -> Vocabulary: ...

    @property
    def n_ctx(self) -> int: ...

    def render(self, messages: Sequence[Message]) -> list[int]:
        """The tokens of the chat turns, up to where the answer begins; `text` in them never becomes a control token."""
        ...

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
        interrupt: Interrupt | None = None,
    ) -> Decoded:
        """One text out of the constraint's language, after the prompt; complete within `max_tokens`. The filters 0, 1
        and 0 are off.

        on_text: called with the bytes of each token as it is taken, in the thread that decodes; what it raises ends the
        call. interrupt: ends the call from another thread, which then raises Cancelled.
        """
        ...

    def write(self, prompt: Sequence[int], *, max_tokens: int) -> Decoded:
        """What the model says after the prompt if nothing is asked of its form, greedily.

        No verb uses this: it is there to be compared with. `finish` is "complete" if the model ended by itself.
        """
        ...

    def score(self, prompt: Sequence[int], answers: Sequence[str]) -> list[float]:
        """The log-probability (nats) of each answer after the prompt, normalised over the answers."""
        ...

    def close(self) -> None:
        """Give the memory back; a second close does nothing."""
        ...
