"""Caps: how far generation may go where the type states no maximum.

They belong to one generation, not to the language: `Constraint.accepts` knows nothing of them, and whoever states a
maximum in the type (`max_length`, `max_items`, a pattern of bounded length) has that instead. What reaches its cap, or
repeats itself without an end, is closed as soon as the type lets it be closed, and the fields that this happened to are
told in `truncated`.
"""

from __future__ import annotations

from dataclasses import dataclass

from typeloom.errors import LimitError


@dataclass(frozen=True, slots=True)
class Caps:
    """The most that is generated of what the type leaves open.

    items: of a list, or members of a dict. characters: of a string. digits: characters of a number. repeats: times
    that the end of a string (of at least 64 bytes) or of a list may repeat itself, with a period of up to 16 bytes or
    items; 0 never minds.

    Raises LimitError for a value out of range.

    >>> Caps(items=0)
    Traceback (most recent call last):
    typeloom.errors.LimitError: expected items from 1 to 4294967295, was 0
    """

    items: int = 512
    characters: int = 4096
    digits: int = 64
    repeats: int = 32

    def __post_init__(self) -> None:
        for name, least in (("items", 1), ("characters", 1), ("digits", 1), ("repeats", 0)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or not least <= value < 2**32:
                raise LimitError(
                    f"expected {name} from {least} to {2**32 - 1}, was {value!r}",
                    limit=name,
                    value=value if isinstance(value, int) else None,
                )


DEFAULT_CAPS = Caps()
