"""From a request to its object: decode, validate, and where a validator says no, decode that place again.

Theory of operation. The text is decoded under the automaton and read by Pydantic. What Pydantic refuses is a matter of
Python code that no automaton holds: it says where, `refusals` takes what stands there out of the type, the tokens in
front of it are kept, and the rest is decoded again. The kept tokens are the end of the next prompt, and are evaluated
as those of any prompt are: in one batch, so that what is decoded after them does not depend on how they came to be.

Invariants. Everything that is decoded is decoded under the whole type. A place is decoded at most `tries` times while
it is refused, so there is an end. What comes back has been validated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import TypeAdapter, ValidationError

from typeloom.errors import BudgetError, Cancelled, Error, ModelError, SchemaError, ValidationFailed
from typeloom.llama.decode import Evidence
from typeloom.schema.node import Coverage
from typeloom.tasks.alternatives import alternatives
from typeloom.tasks.evidence import FieldEvidence, TokenEvidence, evidence, fields, places
from typeloom.tasks.json_paths import JsonValue, paths_at
from typeloom.tasks.refusals import Exclusion, exclusions, refused_value, without
from typeloom.tasks.result import Refused, Result, Usage
from typeloom.tasks.runtime import Decoded, Until, Wanted

if TYPE_CHECKING:
    from typeloom.engine.constraint import Constraint
    from typeloom.engine.vocabulary import Vocabulary
    from typeloom.tasks.extract import Request
    from typeloom.tasks.runtime import Steps


class Listener(Protocol):
    """Who hears the text while it is decoded."""

    def heard(self, piece: bytes) -> object:
        """Called with the bytes of each token."""
        ...

    def back_to(self, n_bytes: int) -> bool:
        """The text behind so many bytes is decoded again; False if it must not be: it was told already."""
        ...


@dataclass(frozen=True)
class _Text:
    """What stands of an answer, and what it took."""

    tokens: tuple[int, ...] = ()
    text: bytes = b""
    evidence: tuple[TokenEvidence, ...] = ()
    steered: tuple[int, ...] = ()

    def joined(self, more: Decoded) -> _Text:
        at = len(self.text)
        return _Text(
            self.tokens + more.tokens,
            self.text + more.text.encode("utf-8"),
            self.evidence + tuple(replace(one, end=one.end + at) for one in more.evidence),
            self.steered + tuple(at + offset for offset in more.steered),
        )

    def until(self, n_bytes: int, vocab: Vocabulary) -> _Text:
        """The tokens that end by there."""
        ends = list(accumulate(len(vocab.token(token)) for token in self.tokens))
        n = sum(end <= n_bytes for end in ends)
        end = ends[n - 1] if n else 0
        steered = tuple(offset for offset in self.steered if offset < end)
        return _Text(self.tokens[:n], self.text[:end], self.evidence[:n], steered)


def answering(
    asked: Request, vocab: Vocabulary, *, with_evidence: bool = False, listener: Listener | None = None
) -> Steps[Result[Any]]:
    """The steps from a request to its Result. Raises what `extract` raises once it decodes."""
    thinking, thought = "", 0
    if asked.thinking is not None:
        before = asked.thinking
        thoughts = yield Wanted(asked.tokens, Until(before.mark), before.max_tokens, asked.options.sampling)
        thinking, thought = thoughts.text.partition(before.mark)[0].strip(), thoughts.completion_tokens
        further = [*thoughts.tokens, *(before.after if thoughts.finish == "complete" else before.closing)]
        left = min(asked.options.max_tokens, before.room - len(further))
        asked = replace(asked, tokens=[*asked.tokens, *further], max_tokens=left)
    options, constraint = asked.options, asked.constraint
    kept = _Text()
    history: list[Refused] = []
    excluded: list[Exclusion] = []
    produced = 0
    first: Decoded | None = None
    while True:
        try:
            decoded = yield Wanted(
                [*asked.tokens, *kept.tokens],
                constraint,
                asked.max_tokens - len(kept.tokens),
                replace(options.sampling, seed=options.seed + len(history)),
                options.caps,
                kept.tokens,
                _evidence_level(asked, with_evidence),
                None if listener is None else listener.heard,
            )
        except (Cancelled, ModelError):
            raise
        except Error as error:
            if not history:
                raise
            raise _failed(history, f"nothing else fits there: {error}") from error
        if decoded.finish != "complete":
            complete(decoded, constraint.min_tokens, asked.max_tokens)
        produced += decoded.completion_tokens
        first = first or decoded
        answer = kept.joined(decoded)
        json = answer.text.decode("utf-8")
        adapter = asked.plan.adapter
        try:
            value = asked.read(json) if adapter is None else adapter.validate_json(json)
        except ValidationError as error:
            loc, refused = _first_refused(answer.text, error)
            history.append(Refused(place(refused.steps), _cut(answer.text, refused), reasons(error), json))
            n_here = sum(one.path == history[-1].path for one in history)
            if n_here >= options.tries:
                raise _failed(history, "", error) from error
            candidates = exclusions(answer.text, refused, loc, answer.evidence, n_here - 1)
            found = _excluding(asked, answer, excluded, candidates, vocab)
            if found is None:
                raise _failed(history, "the type has no other value there", error) from error
            constraint, excluded = found
            kept = answer.until(excluded[-1].begin, vocab)
            if listener is not None and not listener.back_to(len(kept.text)):
                raise _failed(history, "what stands there was told already", error) from error
            continue
        return Result(
            value=value,
            json=json,
            usage=Usage(len(asked.tokens), produced, first.cached_tokens, thought),
            finish=decoded.finish,
            timings=decoded.timings,
            truncated=() if constraint.is_text else paths_at(answer.text, answer.steered),
            text=asked.text,
            fields=_fields(answer, constraint, asked) if with_evidence else {},
            refused=tuple(history),
            thinking=thinking,
        )


def has_validators(asked: Request) -> bool:
    """Whether something outside of the automaton may refuse what it accepts."""
    return any(note.coverage is Coverage.WIDER for note in asked.constraint.schema.notes)


def _evidence_level(asked: Request, with_evidence: bool) -> Evidence:
    if with_evidence:
        return Evidence.RAW
    return Evidence.MASKED if asked.options.tries > 1 and has_validators(asked) else Evidence.NONE


def _first_refused(text: bytes, error: ValidationError) -> tuple[tuple[int | str, ...], JsonValue]:
    """Of several refusals the one that begins first: what comes after it may have depended on it."""
    locs = [tuple(one["loc"]) for one in error.errors(include_url=False, include_context=False, include_input=False)]
    return min(((loc, refused_value(text, loc)) for loc in locs), key=lambda pair: (pair[1].begin, -pair[1].end))


def _cut(text: bytes, one: JsonValue) -> str:
    return text[one.begin : one.end].decode("utf-8")


def _excluding(
    asked: Request, answer: _Text, excluded: list[Exclusion], candidates: list[Exclusion], vocab: Vocabulary
) -> tuple[Constraint, list[Exclusion]] | None:
    """The first candidate that leaves the type a value, compiled, and the exclusions that hold with it."""
    from typeloom.engine.constraint import compile

    for candidate in candidates:
        kept = [one for one in excluded if not one.depends or one.begin <= candidate.begin]
        schema = without(asked.constraint.schema, [*kept, candidate])
        document = asked.text if schema.quotes else None
        try:
            constraint = compile(schema, vocab, layout=asked.plan.layout, order="declared", document=document)
            matcher = constraint.start(asked.options.caps)
        except SchemaError:
            continue
        begun = answer.until(candidate.begin, vocab).tokens
        if all(matcher.accept(token) for token in begun) and matcher.least_tokens <= asked.max_tokens - len(begun):
            return constraint, [*kept, candidate]
    return None


def complete(decoded: Decoded, min_tokens: int, max_tokens: int) -> None:
    """Refuse a text that was cut short; it is not an object."""
    if decoded.finish != "complete":
        raise BudgetError(
            f"decoding ended ({decoded.finish}) after {decoded.completion_tokens} tokens, the object is not complete;"
            f" the shortest one has at least {min_tokens} tokens, {max_tokens} were given: raise max_tokens or n_ctx,"
            " or bound the lengths in the type",
            needed=min_tokens,
            given=max_tokens,
        )


def validate(adapter: TypeAdapter[Any], json: str) -> Any:
    """The object that Pydantic reads out of the decoded JSON."""
    try:
        return adapter.validate_json(json)
    except ValidationError as error:
        raise _failed([Refused("$", json, reasons(error), json)], "", error) from error


def _failed(history: Sequence[Refused], why: str, error: ValidationError | None = None) -> ValidationFailed:
    last = history[-1]
    again = "" if len(history) == 1 else f" after {len(history)} tries, of which the last was"
    further = f", and {why}" if why else ""
    return ValidationFailed(
        f"the decoded object is refused by a validator that the automaton does not hold{again}: {last.reason};"
        f" the text was {shown(last.json)}{further}; `typeloom.check(type)` lists such validators",
        json=last.json,
        errors=[] if error is None else list(error.errors(include_url=False)),
        history=tuple(history),
    )


def reasons(error: ValidationError, most: int = 3) -> str:
    """The first reasons of a validation error, each with its place, on one line."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    lines = [f"{place(e['loc'])}: {e['msg']}" for e in found]
    more = f", and {len(lines) - most} more" if len(lines) > most else ""
    return "; ".join(lines[:most]) + more


def place(steps: Sequence[int | str]) -> str:
    """Where in the object.

    >>> place(("items", 0, "name"))
    '$.items[0].name'
    """
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)


def shown(text: str, most: int = 200) -> str:
    """The text, cut for a message."""
    return text if len(text) <= most else f"{text[:most]}... ({len(text)} characters)"


def _fields(answer: _Text, constraint: Constraint, asked: Request) -> Mapping[str, FieldEvidence]:
    from typeloom.engine.document import Document
    from typeloom.schema.verbatim import Verbatim

    document, json, said = Document(asked.text), answer.text.decode("utf-8"), answer.evidence
    others = alternatives(constraint, asked.options.caps, answer.tokens, said, answer.text)
    if constraint.is_text:
        found = others(0, len(answer.text), range(len(said)))
        return {"$": evidence(json, said, tuple(places(json, document, ())), found)}
    quotes = [Verbatim(q.cut, q.whitespace, q.hyphens) for q in constraint.schema.quotes]  # type: ignore[arg-type]
    return fields(json, said, document, quotes, others)
