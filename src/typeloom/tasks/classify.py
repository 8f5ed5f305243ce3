"""Text in, label out, with the probability of every label.

Each label is scored as the whole answer (a JSON string) after one shared prompt, and the scores are normalised over the
labels; so probabilities are those of the model among the labels offered, not a guess from the first token.

The prompt lists the labels sorted by name, whatever order they were declared in, and equals are decided by name. So the
same set of labels gets the same probabilities, to the last bit, in any order; a report is in the declared one.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from typeloom.errors import LimitError
from typeloom.tasks import prompt
from typeloom.tasks.extract import readable
from typeloom.tasks.labels import Label, labels, named
from typeloom.tasks.result import Distribution, distribution

if TYPE_CHECKING:
    from typeloom.llama.decode import Interrupt
    from typeloom.tasks.runtime import Runtime

__all__ = ["CONTENT_FREE", "classify", "content_free", "labels", "log_probabilities"]

CONTENT_FREE = ("N/A", "[MASK]", "")
"""Texts without content (Zhao et al., Calibrate Before Use, 2021): what the model says of them, it says anyway."""


def classify(
    runtime: Runtime,
    labels: Sequence[Label],
    text: str,
    *,
    instructions: str = "",
    examples: Sequence[tuple[str, Any]] = (),
) -> Distribution[Any]:
    """How likely each label is for the text, in the eyes of the model.

    `examples` are pairs of a text and its label (the value, or its name). Raises Error for a text that cannot be read,
    LimitError when the prompt exceeds the context. Costs one prompt and one evaluation of each label's tokens.
    """
    scores = log_probabilities(runtime, labels, text, instructions=instructions, examples=examples)
    return distribution([label.value for label in labels], [label.name for label in labels], scores)


def log_probabilities(
    runtime: Runtime,
    labels: Sequence[Label],
    text: str,
    *,
    instructions: str = "",
    examples: Sequence[tuple[str, Any]] = (),
    interrupt: Interrupt | None = None,
) -> list[float]:
    """The log-probability (nats) of each label for the text, in the order of `labels`; raises as `classify` does, and
    Cancelled when another thread cancels `interrupt`."""
    readable(text)
    return _scored(runtime, labels, text, instructions, examples, interrupt)


def content_free(
    runtime: Runtime,
    labels: Sequence[Label],
    *,
    instructions: str = "",
    examples: Sequence[tuple[str, Any]] = (),
    interrupt: Interrupt | None = None,
) -> list[float]:
    """The log-probability (nats) of each label for a text that says nothing: the mean over `CONTENT_FREE`.

    Subtracted from those of a text, it takes out how much the model likes a label whatever the text. It is an estimate
    from three short texts and knows nothing of how often each label occurs; labelled texts (`fit`) know more. Costs a
    prompt for each of them.
    """
    rows = [_scored(runtime, labels, text, instructions, examples, interrupt) for text in CONTENT_FREE]
    means = (math.fsum(math.exp(row[at]) for row in rows) / len(rows) for at in range(len(labels)))
    return [math.log(mean) if mean > 0.0 else -math.inf for mean in means]


def _scored(
    runtime: Runtime,
    labels: Sequence[Label],
    text: str,
    instructions: str,
    examples: Sequence[tuple[str, Any]],
    interrupt: Interrupt | None,
) -> list[float]:
    order = sorted(range(len(labels)), key=lambda at: labels[at].name)
    pairs = [(labels[at].name, labels[at].description) for at in order]
    shown = [(example, _answer(label)) for example, label in named(labels, examples)]
    tokens = runtime.render(prompt.classification(pairs, text, instructions, shown))
    if len(tokens) >= runtime.n_ctx:
        raise LimitError(
            f"the prompt has {len(tokens)} tokens, the context holds {runtime.n_ctx};"
            " load the model with a larger n_ctx, or split the text",
            limit="n_ctx",
            value=len(tokens),
        )
    found = runtime.score(tokens, [_answer(labels[at]) for at in order], interrupt=interrupt)
    scores = [0.0] * len(labels)
    for at, score in zip(order, found, strict=True):
        scores[at] = score
    return scores


def _answer(label: Label) -> str:
    """The label as the model writes it: a JSON string."""
    return json.dumps(label.name, ensure_ascii=False)
