"""The seam between the verbs and what decodes for them.

The verbs need five things of a model: its tokens for some chat turns, one constrained generation, many of them
together, the log-probability of each of a few answers, and its vocabulary. `Runtime` states exactly that.
`llama_runtime` is llama.cpp; tests bring a model made of an array (`typeloom.testing`). Nothing above this file knows
which of the two it talks to.

An answer may take several generations: one that a validator refuses is decoded again from where it went wrong. So
what is asked for is not a generation but *steps*: a Python generator that yields what is Wanted, is sent what was
Decoded (or thrown the Error that came instead), and returns its answer. Whoever drives it, alone or many together, need
not know why it goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, Protocol, TypeAlias, TypeVar

from typeloom.errors import Error
from typeloom.llama.decode import Evidence, Interrupt, Sampling
from typeloom.llama.thinking import Marks, Think
from typeloom.schema.caps import DEFAULT_CAPS, Caps
from typeloom.tasks.evidence import TokenEvidence
from typeloom.tasks.prompt import Message

if TYPE_CHECKING:
    from typeloom.engine.constraint import Constraint
    from typeloom.engine.vocabulary import Vocabulary

A = TypeVar("A")
GREEDY = Sampling()


@dataclass(frozen=True, slots=True)
class Until:
    """In the place of a constraint: free text, up to this mark, which is a part of it, or the budget."""

    mark: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """One generation that is wanted: a text out of the constraint's language behind the prompt, complete in time.

    begun: the tokens with which the text begins already; they follow the prompt, and are not produced again.
    max_tokens: how many may be produced, beside those.
    on_text: called with the bytes of each token as it is taken, in the thread that decodes; what it raises ends the
        generation.
    """

    prompt: Sequence[int]
    constraint: Constraint | Until
    max_tokens: int
    sampling: Sampling = GREEDY
    caps: Caps = DEFAULT_CAPS
    begun: Sequence[int] = ()
    evidence: Evidence = Evidence.NONE
    on_text: Callable[[bytes], object] | None = None


@dataclass(frozen=True, slots=True)
class Decoded:
    """What was produced, without what was begun. `finish` is "complete" (free text: its mark is there), or what cut it
    short; `timings` are seconds by step. `steered` are the byte offsets of `text` at which the model wanted to go on,
    and the budget or a cap did not let it; `evidence` has one entry a token, or none."""

    text: str
    completion_tokens: int
    finish: str
    cached_tokens: int = 0
    timings: Mapping[str, float] = field(default_factory=dict)
    steered: tuple[int, ...] = ()
    evidence: tuple[TokenEvidence, ...] = ()
    tokens: tuple[int, ...] = ()


Steps: TypeAlias = Generator[Wanted, Decoded, A]
"""An answer in the making."""


@dataclass(frozen=True, slots=True)
class Answering(Generic[A]):
    """Steps, and the seconds that they may take together."""

    steps: Steps[A]
    timeout: float | None = None


class Runtime(Protocol):
    """What the verbs need of a model. `n_ctx` is the most tokens that prompt and answer may have together."""

    @property
    def vocab(self) -> Vocabulary: ...

    @property
    def n_ctx(self) -> int: ...

    def render(self, messages: Sequence[Message], thinking: Marks | None = None) -> list[int]:
        """The tokens of the chat turns, up to where the answer begins, or the thinking; `text` in them never becomes a
        control token."""
        ...

    def marks(self, think: Think) -> Marks:
        """What stands around the model's thinking. Raises ModelError if that is not known."""
        ...

    def marked(self, text: str) -> list[int]:
        """The tokens of a text that we write ourselves; control tokens in it are such."""
        ...

    def generate(self, wanted: Wanted, *, interrupt: Interrupt | None = None) -> Decoded:
        """What is wanted, decoded now. interrupt: ends the call from another thread, which then raises Cancelled."""
        ...

    def answers(
        self, wanted: Iterable[Answering[A] | Error], *, interrupt: Interrupt | None = None
    ) -> Iterator[A | Error]:
        """What the steps of each return, in order; the Error of one is its answer, and an Error is passed through.

        As many as the model decodes together are read ahead.
        """
        ...

    def write(self, prompt: Sequence[int], *, max_tokens: int) -> Decoded:
        """What the model says after the prompt if nothing is asked of its form, greedily.

        No verb uses this: it is there to be compared with. `finish` is "complete" if the model ended by itself.
        """
        ...

    def score(
        self, prompt: Sequence[int], answers: Sequence[str], *, interrupt: Interrupt | None = None
    ) -> list[float]:
        """The log-probability (nats) of each answer after the prompt, normalised over the answers. interrupt: as in
        `generate`."""
        ...

    def close(self) -> None:
        """Give the memory back; a second close does nothing."""
        ...


def driven(steps: Steps[A], generate: Callable[[Wanted], Decoded]) -> A:
    """What the steps return, each generation by `generate`, whose Errors are the steps' to answer."""
    try:
        wanted = next(steps)
        while True:
            try:
                decoded = generate(wanted)
            except Error as error:
                wanted = steps.throw(error)
            else:
                wanted = steps.send(decoded)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
