"""Models that think before they answer: free text between two marks, then the answer.

Where a model's thinking begins and ends is a convention of its training. The marks are looked for among the model's own
control tokens and in its chat template; `Think(begin=..., end=...)` names them where that finds none. A template that
opens the thinking by itself gets it closed again, empty, when nobody asked for it.

Sources: the chat templates of Qwen3 and DeepSeek-R1 (`<think>`), Magistral (`[THINK]`), Command A Reasoning
(`<|START_THINKING|>`), Seed-OSS (`<seed:think>`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from typeloom._core import FreeText, TokenConstraint
from typeloom.errors import LimitError, ModelError, SchemaError

if TYPE_CHECKING:
    from typeloom.llama.model import LlamaModel

__all__ = ["KNOWN", "Marks", "Think", "free_text", "marks", "opened"]

MOST_TOKENS = 1 << 24


@dataclass(frozen=True)
class Think:
    """Let the model think before it answers, in at most `max_tokens` tokens of free text; the answer's own budget is
    beside that. `begin` and `end` are the marks around it; None are the model's own.

    Raises LimitError for a budget out of range, SchemaError for a mark that is empty.

    >>> Think(max_tokens=0)
    Traceback (most recent call last):
    typeloom.errors.LimitError: expected max_tokens of thinking from 1 to 16777216, was 0
    """

    max_tokens: int = 512
    begin: str | None = None
    end: str | None = None

    def __post_init__(self) -> None:
        most = self.max_tokens
        if isinstance(most, bool) or not isinstance(most, int) or not 1 <= most <= MOST_TOKENS:
            raise LimitError(
                f"expected max_tokens of thinking from 1 to {MOST_TOKENS}, was {most!r}", limit="max_tokens"
            )
        if self.end == "" or (self.begin is not None and self.end is None):
            raise SchemaError("expected the mark at which thinking ends, got none; give Think(begin=..., end=...)")


@dataclass(frozen=True)
class Marks:
    """What stands in front of thinking, what ends it, and what comes between that and the answer."""

    begin: str
    end: str
    after: str = ""


KNOWN = (
    Marks("<think>\n", "</think>", "\n\n"),
    Marks("[THINK]", "[/THINK]"),
    Marks("<|START_THINKING|>", "<|END_THINKING|>"),
    Marks("<seed:think>\n", "</seed:think>", "\n"),
)


def marks(model: LlamaModel, think: Think) -> Marks:
    """The marks of this model. Raises ModelError if it is not known how it thinks, and `think` does not say."""
    if think.end is not None:
        return Marks(think.begin or "", think.end)
    names, template = model.tokenizer.control_tokens, model.chat_template or ""
    for known in KNOWN:
        if known.end in names or known.end in template:
            return known
    raise ModelError(
        f"expected a model that marks its thinking, by {', '.join(known.end for known in KNOWN)}; {model.path} has none"
        " of them among its control tokens and in its chat template; leave think out, or name the marks:"
        " Think(begin='...', end='...')"
    )


def opened(prompt: str) -> Marks | None:
    """The marks of the thinking that a prompt ends in.

    >>> opened("<|assistant|>\\n<think>\\n").end
    '</think>'
    """
    return next((known for known in KNOWN if prompt.rstrip().endswith(known.begin.strip())), None)


def free_text(model: LlamaModel, end: str) -> TokenConstraint:
    """Any text, up to and with the mark."""
    names = model.tokenizer.control_tokens
    return FreeText(model.vocab.core, end, [names[end]] if end in names else [])
