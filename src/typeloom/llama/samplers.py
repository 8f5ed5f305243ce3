"""A constraint as a `llama_sampler`: for programs that have a sampler chain of llama.cpp, and a loop, of their own.

The sampler is native: no Python runs while it masks, accepts, resets or is cloned. It belongs in front of the chain, in
front of whatever drops candidates. In a chain nobody can be asked to pick again, so `max_tokens` is kept by masks
alone; `generate` of this package, which picks itself, keeps it whatever happens.
"""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any

from typeloom import _core
from typeloom.engine.constraint import Constraint
from typeloom.errors import Error, LimitError, ModelError
from typeloom.llama.library import api
from typeloom.schema.caps import Caps

if TYPE_CHECKING:
    from typing import Protocol

    class HasSampler(Protocol):
        """llama-cpp-python's own wrapper of a chain."""

        sampler: Any


_UNLIMITED = 2**32 - 1
# llama.h, struct llama_sampler_i, as src/core/sampler.h declares it. Older versions end after the first six.
_FUNCTIONS = ("name", "accept", "apply", "reset", "clone", "free")
_LATER_FUNCTIONS = (
    *(f"backend_{name}" for name in ("init", "accept", "apply", "set_input", "reset")),
    "copy_state",
)


class Sampler:
    """A `llama_sampler` that lets only allowed tokens through; ctypes takes it where llama.cpp wants a sampler.

    A chain that it was added to owns it, as llama.cpp has it, and frees it; else call `close`. Clones made by llama.cpp
    are samplers of their own, of which this object knows nothing.
    """

    def __init__(self, core: _core.MaskedSampler) -> None:
        self._core = core
        self._as_parameter_ = _make(core)

    def add_to(self, chain: HasSampler | Any) -> None:
        """Add it to the end of a chain: a `llama_sampler` pointer, or llama-cpp-python's own `LlamaSampler`. The chain
        owns it from then on."""
        api.llama_sampler_chain_add(getattr(chain, "sampler", chain), self._as_parameter_)

    def is_complete(self) -> bool:
        """Whether what was accepted is a complete text."""
        return self._core.is_accepting()

    @property
    def failure(self) -> str:
        """Why only the end was allowed any more; empty if nothing went wrong."""
        return self._core.failure

    def check(self) -> None:
        """Raise Error if it failed, or the text is not complete. To be called when generation has ended."""
        if self.failure:
            raise Error(
                f"the sampler allowed nothing but the end of the text: {self.failure}; the text is not complete"
            )
        if not self.is_complete():
            raise Error(
                "expected a complete text, generation ended before it was; give the sampler the loop's max_tokens, or "
                "let the loop end at an end token only"
            )

    def close(self) -> None:
        """Free it; only where no chain owns it. May be called twice."""
        if self._as_parameter_ is not None:
            api.llama_sampler_free(self._as_parameter_)
            self._as_parameter_ = None


def sampler(constraint: Constraint, *, max_tokens: int | None = None, caps: Caps | None = None) -> Sampler:
    """A `llama_sampler` under which a chain generates a text of the constraint, and then its end.

    max_tokens: within how many tokens, the end token not counted (None: no limit); give the loop one more, or the same.
    caps: how far what the type leaves open may go (None: the stated defaults).

    It fails closed: after something that cannot be (a token was taken that was not allowed, a limit was passed) only
    the end of the text is let through; `check()` raises then.

    Raises BudgetError if max_tokens do not suffice, ModelError if the installed llama.cpp has another interface.
    """
    return Sampler(masked_sampler(constraint, max_tokens, caps))


def masked_sampler(constraint: Constraint, max_tokens: int | None, caps: Caps | None) -> _core.MaskedSampler:
    """The native state behind a sampler or a logits processor. Raises BudgetError, LimitError."""
    if max_tokens is not None and (isinstance(max_tokens, bool) or not 1 <= max_tokens < _UNLIMITED):
        raise LimitError(f"expected max_tokens of 1 or more, was {max_tokens!r}", limit="max_tokens")
    limit = _UNLIMITED if max_tokens is None else max_tokens
    matcher = constraint.start(caps or Caps())
    return _core.MaskedSampler(matcher.core, list(constraint.vocabulary.end_ids), limit)


def _make(core: _core.MaskedSampler) -> Any:
    fields = tuple(field[0] for field in api.llama_sampler_i._fields_)
    if fields not in (_FUNCTIONS, _FUNCTIONS + _LATER_FUNCTIONS):
        raise ModelError(
            f"expected llama_sampler_i with the functions {', '.join(_FUNCTIONS + _LATER_FUNCTIONS)}, the installed "
            f"llama-cpp-python has {', '.join(fields)}; install a version that this version of typeloom supports "
            "(0.3.36 is known to work)"
        )
    init = ctypes.cast(api._lib.llama_sampler_init, ctypes.c_void_p).value
    assert init is not None
    return ctypes.cast(core.make(init), api.llama_sampler_p_ctypes)
