"""What comes back with `detail=True`: frozen records of a value and the evidence for it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from typeloom.tasks.evidence import FieldEvidence

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts of one call. `cached_tokens` of the `prompt_tokens` were already evaluated by an earlier call. What
    was thought, `thinking_tokens`, is a part of the answer's prompt."""

    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int = 0
    thinking_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Refused:
    """What a validator outside of the automaton said no to: the place, what stood there, why, and the whole text."""

    path: str
    value: str
    reason: str
    json: str


@dataclass(frozen=True, slots=True)
class Result(Generic[T_co]):
    """A validated object and how it came to be.

    json: the decoded text, as the model wrote it.
    finish: why decoding ended; "complete" in every Result that a verb returns.
    timings: seconds by step ("prompt", "decode", ...), as the runtime measured them.
    truncated: the paths of what was closed early, as in `items[2].name`: the model went on, and `max_tokens` or a cap
        did not let it.
    text: what was read.
    fields: the evidence for each scalar by its path, as in `items[2].name`: confidence, pressure, place in the text.
    refused: what validators outside of the automaton refused on the way, in order; it was decoded again.
    thinking: what the model thought before, if it was asked to.
    """

    value: T_co
    json: str
    usage: Usage
    finish: str = "complete"
    timings: Mapping[str, float] = field(default_factory=dict)
    truncated: tuple[str, ...] = ()
    text: str = ""
    fields: Mapping[str, FieldEvidence] = field(default_factory=dict)
    refused: tuple[Refused, ...] = ()
    thinking: str = ""


@dataclass(frozen=True, slots=True)
class Distribution(Generic[T_co]):
    """A label with the probability of every label.

    label: the most probable one (of equals, the one whose text sorts first); None from a classifier that abstains.
    probs: probability by the label's text, in declared order; they sum to 1.
    margin: probability of the label minus that of the runner-up, 0 to 1; 1 when there is only one label.
    entropy: of `probs`, in nats: 0 is certain, log(number of labels) is a coin toss.
    groups: of a hierarchy, the probability of each group by its path, the sum of its labels'; else empty.
    """

    label: T_co
    probs: Mapping[str, float]
    margin: float
    entropy: float
    groups: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decisions(Generic[T_co]):
    """A set of labels, each decided by itself.

    labels: those whose probability is at least `threshold`.
    probs: probability by the label's text, in declared order; each for itself, they do not sum to 1.
    """

    labels: frozenset[T_co]
    probs: Mapping[str, float]
    threshold: float


def distribution(values: Sequence[T_co], names: Sequence[str], logprobs: Sequence[float]) -> Distribution[T_co]:
    """The Distribution over `values`, out of one log-probability (nats, any common offset) per value.

    >>> distribution([True, False], ["true", "false"], [-0.5, -0.5]).probs
    {'true': 0.5, 'false': 0.5}
    """
    top = max(logprobs)
    # All labels impossible: no evidence for any, so all alike.
    weights = [math.exp(value - top) if top > -math.inf else 1.0 for value in logprobs]
    total = math.fsum(weights)
    probs = [weight / total for weight in weights]
    # By logprobs, as probs may round to equal; then by name, which does not depend on the order of the labels.
    best = min(range(len(probs)), key=lambda i: (-logprobs[i], names[i]))
    runner_up = max((p for i, p in enumerate(probs) if i != best), default=0.0)
    entropy = -math.fsum(p * math.log(p) for p in probs if p > 0.0)
    return Distribution(
        label=values[best],
        probs=dict(zip(names, probs, strict=True)),
        margin=probs[best] - runner_up,
        entropy=max(0.0, entropy),
    )
