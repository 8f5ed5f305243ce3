"""What a call may choose beside its type, its text and its words: one list, for every verb, Task, function and adapter.

`Options` is that list with its defaults, checked when it is made. `OptionWords` are the same names as keywords, for the
signatures of verbs: `extract(type, text, **options: Unpack[OptionWords])`. A test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, TypedDict, cast

from typeloom.errors import Error, LimitError
from typeloom.llama.decode import Sampling
from typeloom.llama.thinking import Think
from typeloom.schema.caps import DEFAULT_CAPS, Caps
from typeloom.tasks.deadline import positive

MAX_TOKENS = 1024
"""Tokens an answer may have unless the call says otherwise; bounded by what the context has left."""
TRIES = 3
"""Values that are decoded for one place if validators refuse them, unless the call says otherwise."""
MOST_TRIES = 1000


@dataclass(frozen=True, kw_only=True)
class Options:
    """What one call chooses.

    max_tokens: of the answer, bounded by the context; the object is complete within them.
    temperature: 0 is greedy; above it, `seed` decides, after the filters `top_k` (0: off), `top_p` (1: off) and `min_p`
        (0: off), all over the allowed tokens only.
    repetition_penalty: what the logits of words that were used lately are divided by, inside of strings that may be any
        text, and nowhere else; 1 is off.
    caps: how far lists, strings and numbers go where the type states no maximum.
    timeout: seconds that decoding may take, the wait for a model that others use included; None is no limit.
    tries: how many values are decoded for one place of the object while validators outside of the automaton refuse
        them, the first included; 1 decodes nothing again.
    think: let the model think first, in free text and within a budget of its own; None does not.
    parse: of a `tl.Lark`, give lark's own tree of the text in the place of the text.

    Raises Error or LimitError for a value out of range.

    >>> Options(max_tokens=0)
    Traceback (most recent call last):
    typeloom.errors.Error: expected max_tokens as a whole number of 1 or more, got 0
    """

    max_tokens: int = MAX_TOKENS
    temperature: float = 0.0
    seed: int = 0
    top_k: int = 0
    top_p: float = 1.0
    min_p: float = 0.0
    repetition_penalty: float = 1.0
    caps: Caps = DEFAULT_CAPS
    timeout: float | None = None
    tries: int = TRIES
    think: Think | None = None
    parse: bool = False

    def __post_init__(self) -> None:
        if isinstance(self.max_tokens, bool) or not isinstance(self.max_tokens, int) or self.max_tokens < 1:
            raise Error(f"expected max_tokens as a whole number of 1 or more, got {self.max_tokens!r}")
        if not 0.0 <= self.temperature < float("inf"):
            raise Error(f"expected a temperature from 0 (greedy) up, got {self.temperature}")
        if isinstance(self.tries, bool) or not isinstance(self.tries, int) or not 1 <= self.tries <= MOST_TRIES:
            raise LimitError(f"expected tries from 1 to {MOST_TRIES}, was {self.tries!r}", limit="tries")
        if self.think is not None and not isinstance(self.think, Think):
            raise Error(f"expected think as typeloom.Think(max_tokens=...) or None, got {self.think!r}")
        if not isinstance(self.parse, bool):
            raise Error(f"expected parse as True or False, got {self.parse!r}")
        positive(self.timeout)
        _ = self.sampling  # raises for what is out of range

    @property
    def sampling(self) -> Sampling:
        """How tokens are drawn."""
        return Sampling(
            self.temperature, self.top_k, self.top_p, self.min_p, self.seed, repetition_penalty=self.repetition_penalty
        )


class OptionWords(TypedDict, total=False):
    """The fields of `Options` as keywords; a `seed` of None is the model's."""

    max_tokens: int
    temperature: float
    seed: int | None
    top_k: int
    top_p: float
    min_p: float
    repetition_penalty: float
    caps: Caps
    timeout: float | None
    tries: int
    think: Think | None
    parse: bool


def options(words: Mapping[str, Any], seed: int) -> Options:
    """The Options of these keywords; `seed` where they give none. Raises TypeError for a keyword that is none.

    >>> options({"max_tokens": 200}, seed=7).seed
    7
    """
    unknown = [name for name in words if name not in NAMES]
    if unknown:
        raise TypeError(f"unexpected keyword argument {unknown[0]!r}; the options of a call are {', '.join(NAMES)}")
    made = Options(**{name: value for name, value in words.items() if name != "seed"})
    given = words.get("seed")
    return replace(made, seed=seed if given is None else given)


def words(chosen: Options) -> OptionWords:
    """The Options as keywords; of a Task, its own."""
    return cast(OptionWords, {name: getattr(chosen, name) for name in NAMES})


NAMES: tuple[str, ...] = tuple(field.name for field in fields(Options))
