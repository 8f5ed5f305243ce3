"""A constraint as a logits processor for llama-cpp-python: `Llama.create_completion(..., logits_processor=...)`.

llama-cpp-python calls its processors from a C callback, where an exception is printed and lost, and decoding goes on
with whatever is in the logits: it fails open. So this one forbids everything first, in place, and allows afterwards;
whatever interrupts it in between leaves a row in which nothing but the end of the text can be picked. It crosses into
Python for every token and copies a row; `typeloom.llama.sampler` does not.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from typeloom import _core
from typeloom.engine.constraint import Constraint
from typeloom.errors import Error
from typeloom.llama.samplers import masked_sampler
from typeloom.schema.caps import Caps


class LogitsProcessor:
    """Masks the logits of one generation after another; made by `logits_processor`.

    Called with all tokens so far, the prompt's first, and the row of logits; returns the row, changed in place. Tokens
    that do not go on from those of the call before begin a new generation.
    """

    def __init__(self, constraint: Constraint, core: _core.MaskedSampler) -> None:
        self._vocabulary = constraint.vocabulary
        self._core = core
        self._mask = constraint.vocabulary.new_mask()
        self._ends = list(constraint.vocabulary.end_ids)
        self._seen: npt.NDArray[np.intc] | None = None

    def __call__(self, input_ids: npt.NDArray[np.intc], scores: npt.NDArray[np.single]) -> npt.NDArray[np.single]:
        """The row with -infinity for every token that may not come next. Never raises. O(vocabulary)."""
        row = np.array(scores, dtype=np.single)
        scores[:] = -np.inf
        scores[self._ends] = 0.0
        try:
            self._follow(np.asarray(input_ids, dtype=np.intc))
            self._core.fill_mask(self._mask)
            if not self._core.failure:
                allowed = self._vocabulary.allowed(self._mask)
                scores[self._ends] = -np.inf
                scores[allowed] = row[allowed]
        except BaseException as error:  # there is nobody to raise to, not even for Ctrl-C; `check` does
            scores[:] = -np.inf
            scores[self._ends] = 0.0
            self._core.fail(f"{type(error).__name__}: {error}")
        return scores

    def _follow(self, tokens: npt.NDArray[np.intc]) -> None:
        """Accept what was generated since the last call."""
        seen = self._seen
        if seen is None or len(tokens) <= len(seen) or not np.array_equal(tokens[: len(seen)], seen):
            self._core.reset()
        else:
            for token in tokens[len(seen) :].tolist():
                self._core.accept(token)
        self._seen = tokens.copy()

    @property
    def failure(self) -> str:
        """Why only the end was allowed any more; empty if nothing went wrong."""
        return self._core.failure

    def check(self) -> None:
        """Raise Error if it failed: what was generated is not a complete text."""
        if self.failure:
            raise Error(f"the logits processor allowed nothing but the end of the text: {self.failure}")


def logits_processor(
    constraint: Constraint, *, max_tokens: int | None = None, caps: Caps | None = None
) -> LogitsProcessor:
    """A processor for `Llama.create_completion(prompt, max_tokens=..., logits_processor=LogitsProcessorList([...]))`.

    max_tokens: the same as the completion's, so that the text ends within it (None: no limit). caps: how far what the
    type leaves open may go (None: the stated defaults). Turn the completion's `repeat_penalty` off (1.0), or
    punctuation is punished for being punctuation. Raises BudgetError if max_tokens do not suffice.
    """
    return LogitsProcessor(constraint, masked_sampler(constraint, max_tokens, caps))
