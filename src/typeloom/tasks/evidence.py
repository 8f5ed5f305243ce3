"""What stands behind each value of a decoded object: how sure the model was, what the mask took away, where it stood.

Theory of operation. The decoded JSON is scanned once for its scalars, with the bytes that each takes; the tokens that
spell a scalar are those whose bytes overlap with it. Their log-probabilities, in nats, are added. Among the allowed
tokens they give the *confidence*: how likely the model, held to the type, was to write this value. Compared with all
tokens they give the *pressure*: how much probability the mask took away on the way through the value.

Where the model had a choice, it also said what came next in its order: `alternatives` makes other values of that.

A value's place in the text is found by looking for it: a string as it is (or as a quotation, where the field quotes),
a number among the numbers of the text, however they group their digits. A value that does not stand there has no place.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, TypeAlias

from typeloom.tasks.json_paths import scalars

if TYPE_CHECKING:
    from typeloom.engine.document import Document, Span
    from typeloom.schema.verbatim import Verbatim

MAX_PLACES = 100
MAX_ALTERNATIVES = 3
_NUMBER = re.compile(r"[-+\u2212]?\d(?:[\d.,'\u2019\u00a0\u202f]*\d)?")


@dataclass(frozen=True, slots=True)
class TokenEvidence:
    """One decoded token: where its bytes end in the text, and its log-probabilities in nats at temperature 1, among the
    allowed tokens (0 where nothing else was allowed) and among all of them; with the runners-up among the allowed ones,
    where there was a choice."""

    end: int
    among_allowed: float
    among_all: float
    runners_up: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another value that the model might have written.

    value: as it stands in the JSON; of an open one, which more than one text may follow, the beginning of its text.
    probability: that the model, held to the type, writes a value of which this is all, or the beginning; 0 to 1.
    """

    value: Any
    probability: float
    is_open: bool = False


Others: TypeAlias = Callable[[int, int, range], tuple[Alternative, ...]]


@dataclass(frozen=True, slots=True)
class FieldEvidence:
    """The evidence for one scalar of an object.

    value: as it stands in the JSON. confidence: the probability of its tokens, each among those that were allowed, 0 to
    1; `logprob` is the same in nats. pressure: the probability, 0 to 1, that the model alone would have left the type
    somewhere inside of this value. tokens: how many spell it, those included that it shares with its surroundings.
    span: where it stands in the text that was read, the first of `spans` (at most MAX_PLACES); None if nowhere.
    alternatives: other values that it might have been, the most probable first, at most MAX_ALTERNATIVES.
    """

    value: Any
    confidence: float
    logprob: float
    pressure: float
    tokens: int
    span: Span | None
    spans: tuple[Span, ...]
    alternatives: tuple[Alternative, ...] = ()


def fields(
    decoded: str,
    tokens: Sequence[TokenEvidence],
    document: Document,
    quotes: Sequence[Verbatim],
    others: Others | None = None,
) -> Mapping[str, FieldEvidence]:
    """The evidence by path, as in `items[2].total`; `$` is the path of an object that is a scalar.

    `decoded` is the JSON that `tokens` spell; `quotes` are the ways in which fields of the type quote the document;
    `others` finds the alternatives of a value, by where it begins in bytes and its tokens.
    """
    data = decoded.encode()
    found: dict[str, FieldEvidence] = {}
    at = 0
    for path, start, end in scalars(data):
        while at < len(tokens) and tokens[at].end <= start:
            at += 1
        upto = at
        while upto < len(tokens) and (upto == at or tokens[upto - 1].end < end):
            upto += 1
        value = json.loads(data[start:end], parse_float=Decimal)
        alternatives = () if others is None else others(start, end, range(at, upto))
        found[path] = evidence(value, tokens[at:upto], tuple(places(value, document, quotes)), alternatives)
    return found


def evidence(
    value: Any, tokens: Sequence[TokenEvidence], spans: tuple[Span, ...], alternatives: tuple[Alternative, ...] = ()
) -> FieldEvidence:
    """The evidence for a value that these tokens spell."""
    logprob = math.fsum(token.among_allowed for token in tokens)
    kept = math.fsum(min(0.0, token.among_all - token.among_allowed) for token in tokens)
    return FieldEvidence(
        value=float(value) if isinstance(value, Decimal) else value,
        confidence=math.exp(logprob),
        logprob=logprob,
        pressure=-math.expm1(kept),
        tokens=len(tokens),
        span=spans[0] if spans else None,
        spans=spans,
        alternatives=alternatives,
    )


def places(value: Any, document: Document, quotes: Sequence[Verbatim]) -> Iterator[Span]:
    """Where a value stands in the document, in order."""
    if isinstance(value, bool) or value is None or value == "":
        return
    if isinstance(value, str):
        spans = [span for how in quotes for span in document.find(value, how)] or list(document.plain(value))
    else:
        spans = [document.span(*match.span()) for match in _NUMBER.finditer(document.text) if _same(match[0], value)]
    yield from sorted(set(spans), key=lambda span: span.start)[:MAX_PLACES]


def _same(written: str, value: int | Decimal) -> bool:
    """Whether a number of the text may be the value: the last of `.` and `,` may part the fraction, all else groups."""
    bare = re.sub(r"['\u2019\u00a0\u202f]", "", written.replace("\u2212", "-"))
    readings = {bare.replace(",", ""), bare.replace(".", "").replace(",", ".")}
    if bare.count(",") + bare.count(".") > 1:
        readings |= {re.sub(r"[.,]", "", bare)}
    for reading in readings:
        try:
            if Decimal(reading) == value:
                return True
        except InvalidOperation:
            continue
    return False
