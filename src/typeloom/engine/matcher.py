"""A Matcher follows one generation: which tokens may come next, and whether the text so far is complete.

Copying costs a list of integers; all Matchers of a Constraint share its tables. A Matcher may be used from any thread,
one at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from typeloom import _core

if TYPE_CHECKING:
    from typeloom.engine.constraint import Constraint


class Matcher:
    """The state of one generation under a Constraint; made by `Constraint.start`."""

    __slots__ = ("_constraint", "accept", "core", "fill_mask", "forced", "is_accepting")

    def __init__(self, constraint: Constraint, core: _core.Matcher | _core.TextMatcher) -> None:
        self._constraint = constraint
        self.core = core
        # Bound once: these are called for every token, and a Python frame around them would cost as much as they do.
        self.fill_mask = core.fill_mask
        self.accept = core.accept
        self.is_accepting = core.is_accepting
        self.forced = core.forced

    @property
    def constraint(self) -> Constraint:
        """The Constraint that this Matcher was started from."""
        return self._constraint

    def new_mask(self) -> NDArray[np.int32]:
        """A mask with the tokens that may come next: int32 [ceil(n_tokens / 32)]."""
        mask = self._constraint.vocabulary.new_mask()
        self.fill_mask(mask)
        return mask

    @property
    def least_tokens(self) -> int:
        """Tokens within which the text can certainly be completed from here; 2**32 - 1 if no way was found."""
        return self.core.least_tokens()

    def is_free_text(self, token: int) -> bool:
        """Whether an allowed token is a part of a string that may be any text, and does not close it."""
        return self.core.is_free_text(token)

    def fits(self, token: int, budget: int) -> bool:
        """Whether the text can be completed within `budget` tokens of which `token`, an allowed one, is the first, and
        no cap is passed. Amortised O(bytes of the token)."""
        return self.core.fits(token, budget)

    def narrow_mask(self, mask: NDArray[np.int32], budget: int) -> None:
        """Takes out of a filled mask what does not fit into `budget` tokens; never everything, if the budget is at
        least `least_tokens`. O(bytes of the tokens in the mask)."""
        self.core.narrow_mask(mask, budget)

    def accept_bytes(self, text: bytes) -> bool:
        """Whether the text so far may go on with these bytes; False leaves the state unchanged."""
        return self.core.accept_bytes(text)

    def live_bytes(self) -> bytes:
        """The bytes after which some completion exists, ascending."""
        return self.core.live_bytes()

    def rollback(self, n: int) -> None:
        """Takes back the last n accepted tokens. Raises ValueError if fewer were accepted."""
        if n < 0 or not self.core.rollback(n):
            raise ValueError(f"expected at most {self.core.n_accepted} tokens to take back, got {n}")

    def reset(self) -> None:
        """Goes back to the beginning."""
        self.core.reset()

    def copy(self) -> Matcher:
        """An independent Matcher in the same state."""
        return Matcher(self._constraint, self.core.copy())
