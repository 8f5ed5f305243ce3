"""Other values that a field might have had: what the runners-up among the tokens would have led to.

Theory of operation. At each token of a value at which there was a choice, the model's next best tokens are known. Each
of them is taken in the place of the one that was written, and followed by what must come next: for a Literal, an Enum,
a bool or a null that is the whole other value, for free text and numbers its beginning. The probability is that of the
tokens in front, within the value, and of the other token. Ways to the same value are added; those that only spell the
value that was written in other tokens are left out.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from typeloom.tasks.evidence import MAX_ALTERNATIVES, Alternative, Others, TokenEvidence

if TYPE_CHECKING:
    from typeloom.engine.constraint import Constraint
    from typeloom.schema.caps import Caps

LEAST = 1e-4
"""What is less probable is no alternative."""
_CLOSED = re.compile(rb'"(?:[^"\\]|\\.)*"|(?:true|false|null)|-?[0-9][0-9.eE+-]*(?=[],}])', re.DOTALL)


def alternatives(
    constraint: Constraint, caps: Caps, tokens: Sequence[int], said: Sequence[TokenEvidence], text: bytes
) -> Others:
    """What finds the alternatives of a value of this text by its bytes and its tokens.

    `text` is what `tokens` spell, decoded under the constraint. Costs a copy of the matcher and one accept for each
    runner-up.
    """
    matcher = constraint.start(caps)
    states = []
    for token, one in zip(tokens, said, strict=True):
        states.append(matcher.copy() if one.runners_up else None)
        if not matcher.accept(token):
            return lambda start, end, of: ()  # a beginning that was kept from another constraint

    def others(start: int, end: int, of: range) -> tuple[Alternative, ...]:
        found: dict[tuple[bytes, bool], float] = {}
        before = 0.0
        for at in of:
            begin = said[at - 1].end if at else 0
            state = states[at]
            for token, logprob in said[at].runners_up if state is not None else ():
                probability = math.exp(before + logprob)
                assert state is not None
                other = state.copy()
                if probability < LEAST or not other.accept(token):
                    continue
                ahead = other.forced()
                way = (text[:begin] + constraint.vocabulary.token(token) + ahead)[start:]
                is_open = constraint.is_text and not (other.accept_bytes(ahead) and not other.live_bytes())
                if not constraint.is_text:
                    closed = _CLOSED.match(way)
                    way, is_open = (way, True) if closed is None else (closed[0], False)
                same = text[start:end].startswith if is_open or constraint.is_text else partial(_same, text[start:end])
                if not same(way):
                    found[way, is_open] = found.get((way, is_open), 0.0) + probability
            before += said[at].among_allowed
        best = sorted(found.items(), key=lambda one: -one[1])[:MAX_ALTERNATIVES]
        return tuple(_alternative(way, is_open, p, constraint.is_text) for (way, is_open), p in best)

    return others


def _same(written: bytes, way: bytes) -> bool:
    """Whether two scalars of JSON are one value, as 80 and 80.0 are."""
    one, other = json.loads(written), json.loads(way)
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def _alternative(way: bytes, is_open: bool, probability: float, is_text: bool) -> Alternative:
    value: Any
    if is_text or is_open:
        text = way.decode("utf-8", "ignore")
        value = text if is_text else text.removeprefix('"')
    else:
        value = json.loads(way)
    return Alternative(value, probability, is_open)
