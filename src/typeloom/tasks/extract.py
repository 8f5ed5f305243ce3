"""Text in, validated object out: prompt -> budget -> constrained generation -> validation.

The steps are functions over frozen data. `Plan` is what can be prepared once per type and vocabulary (and cached): the
outline for the prompt, the constraint, the validator. `Call` is what one call chooses.

Invariants. Nothing is decoded before the text has been read (it is text, and not empty) and the budget holds the
shortest complete object. What is returned has been validated by Pydantic; a text that was cut short never gets there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from typeloom.errors import BudgetError, Error, LimitError, SchemaError, ValidationFailed
from typeloom.llama.decode import Interrupt, Sampling
from typeloom.schema.caps import DEFAULT_CAPS, Caps
from typeloom.tasks import prompt
from typeloom.tasks.deadline import deadline, positive
from typeloom.tasks.evidence import FieldEvidence, evidence, fields, places
from typeloom.tasks.result import Result, Usage

if TYPE_CHECKING:
    from typeloom.engine.constraint import Constraint
    from typeloom.engine.vocabulary import Vocabulary
    from typeloom.schema.json_schema import JsonSchema
    from typeloom.schema.node import Schema
    from typeloom.tasks.runtime import Decoded, Runtime

TEXT_OUTLINE = prompt.outline({"type": "string"})
"""How a prompt shows what is no object: a text that a grammar rules."""
MAX_TOKENS = 1024
"""Tokens an answer may have unless the call says otherwise; bounded by what the context has left."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything about a type that does not depend on the text.

    adapter: reads the object from its JSON; None where the text itself is the value (a grammar, a regular expression).
    constraint: what may be generated from a text; a type that quotes it is compiled with each text.
    """

    adapter: TypeAdapter[Any] | None
    outline: str
    constraint: Callable[[str], Constraint]


@dataclass(frozen=True, slots=True)
class Call:
    """What one call chooses. `temperature` 0 is greedy; `seed` and the filters matter only above it. `caps` bound what
    the type leaves open. `timeout` are the seconds that decoding may take, the wait for the model included."""

    max_tokens: int = MAX_TOKENS
    temperature: float = 0.0
    seed: int = 0
    top_k: int = 0
    top_p: float = 1.0
    min_p: float = 0.0
    caps: Caps = DEFAULT_CAPS
    timeout: float | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.max_tokens, int) or self.max_tokens < 1:
            raise Error(f"expected max_tokens as a whole number of 1 or more, got {self.max_tokens!r}")
        if not 0.0 <= self.temperature < float("inf"):
            raise Error(f"expected a temperature from 0 (greedy) up, got {self.temperature}")
        positive(self.timeout)
        Sampling(self.temperature, self.top_k, self.top_p, self.min_p)  # raises for what is out of range


@dataclass(frozen=True, slots=True)
class Request:
    """One call that can be answered: its prompt in tokens, and `max_tokens` that hold a complete object and fit the
    context."""

    plan: Plan
    text: str
    tokens: Sequence[int]
    constraint: Constraint
    max_tokens: int
    call: Call


def plan(source: Any, vocab: Vocabulary) -> Plan:
    """Read the type and compile it against the vocabulary, in compact layout (fewest tokens).

    Raises SchemaError if the type cannot be read, with the place in it.
    """
    from typeloom.engine.constraint import compile, read_source
    from typeloom.grammar.gbnf import Gbnf
    from typeloom.grammar.lark import Lark
    from typeloom.grammar.regular import Regex
    from typeloom.schema.json_schema import JsonSchema
    from typeloom.schema.types import adapter, plain_schema

    if isinstance(source, Regex | Lark | Gbnf):
        return Plan(None, TEXT_OUTLINE, _always(compile(source, vocab)))
    is_schema = isinstance(source, JsonSchema)
    schema = read_source(source)
    constraint = _always(compile(source, vocab, layout="compact")) if not schema.quotes else _quoting(schema, vocab)
    return Plan(
        adapter=TypeAdapter(Any) if is_schema else adapter(source),
        outline=prompt.outline(_as_object(source) if is_schema else plain_schema(source)),
        constraint=constraint,
    )


def _always(constraint: Constraint) -> Callable[[str], Constraint]:
    return lambda text: constraint


def _quoting(schema: Schema, vocab: Vocabulary) -> Callable[[str], Constraint]:
    from typeloom.engine.constraint import compile

    return lambda text: compile(schema, vocab, layout="compact", order="declared", document=text)


def _as_object(source: JsonSchema) -> Mapping[str, Any]:
    """The schema as JSON object: it may have come as text, or be `true`."""
    schema = json.loads(source.schema) if isinstance(source.schema, str) else source.schema
    return schema if isinstance(schema, Mapping) else {}


def extract(
    runtime: Runtime,
    plan: Plan,
    text: str,
    *,
    instructions: str = "",
    examples: Sequence[tuple[str, Any]] = (),
    call: Call | None = None,
    with_evidence: bool = False,
    interrupt: Interrupt | None = None,
) -> Result[Any]:
    """Read `text` into an object of the plan's type, with the evidence.

    Raises Error for a text that cannot be read, BudgetError when the object cannot be complete within the tokens given,
    LimitError when prompt and shortest answer exceed the context, TimeoutExpired when the call's `timeout` is over,
    ValidationFailed when a validator outside the automaton refuses the decoded object.
    """
    asked = request(runtime, plan, text, instructions=instructions, examples=examples, call=call)
    return answer(runtime, asked, with_evidence=with_evidence, interrupt=interrupt)


def request(
    runtime: Runtime,
    plan: Plan,
    text: str,
    *,
    instructions: str = "",
    examples: Sequence[tuple[str, Any]] = (),
    call: Call | None = None,
) -> Request:
    """What `answer` decodes, checked; raises what `extract` raises before the first token."""
    call = call or Call()
    readable(text)
    _unicode("the text of the instructions", instructions)
    messages = prompt.extraction(plan.outline, text, instructions, written(plan, examples))
    tokens = runtime.render(messages)
    constraint = plan.constraint(text)
    max_tokens = budget(len(tokens), runtime.n_ctx, constraint.min_tokens, call.max_tokens)
    return Request(plan, text, tokens, constraint, max_tokens, call)


def answer(
    runtime: Runtime,
    asked: Request,
    *,
    with_evidence: bool = False,
    on_text: Callable[[bytes], object] | None = None,
    interrupt: Interrupt | None = None,
) -> Result[Any]:
    """The validated object, decoded now. `on_text` and `interrupt` are as in `Runtime.generate`."""
    tokens, constraint, call = asked.tokens, asked.constraint, asked.call
    ended_by = interrupt or Interrupt()
    with deadline(ended_by, call.timeout):
        decoded = runtime.generate(
            tokens,
            constraint,
            max_tokens=asked.max_tokens,
            temperature=call.temperature,
            seed=call.seed,
            top_k=call.top_k,
            top_p=call.top_p,
            min_p=call.min_p,
            caps=call.caps,
            with_evidence=with_evidence,
            on_text=on_text,
            interrupt=ended_by,
        )
    complete(decoded, constraint.min_tokens, asked.max_tokens)
    adapter = asked.plan.adapter
    return Result(
        value=decoded.text if adapter is None else validate(adapter, decoded.text),
        json=decoded.text,
        usage=Usage(len(tokens), decoded.completion_tokens, decoded.cached_tokens),
        finish=decoded.finish,
        timings=decoded.timings,
        truncated=decoded.truncated,
        text=asked.text,
        fields=_fields(decoded, constraint, asked.text) if with_evidence else {},
    )


def _fields(decoded: Decoded, constraint: Constraint, text: str) -> Mapping[str, FieldEvidence]:
    from typeloom.engine.document import Document
    from typeloom.schema.verbatim import Verbatim

    document = Document(text)
    if constraint.is_text:
        return {"$": evidence(decoded.text, decoded.evidence, tuple(places(decoded.text, document, ())))}
    quotes = [Verbatim(q.cut, q.whitespace, q.hyphens) for q in constraint.schema.quotes]  # type: ignore[arg-type]
    return fields(decoded.text, decoded.evidence, document, quotes)


def readable(text: str) -> None:
    """Refuse what is no text: another type, nothing but white space, half of a surrogate pair."""
    _unicode("the text", text)
    if not text.strip():
        raise Error("expected a text to read from, got an empty one; leave empty documents out before the call")


def _unicode(what: str, text: str) -> None:
    if not isinstance(text, str):
        raise Error(f"expected {what} as str, got {type(text).__name__}; decode bytes first: data.decode('utf-8')")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Error(
            f"{what} holds the lone surrogate U+{ord(text[error.start]):04X} at character {error.start}, which is not"
            " Unicode text; read the file with errors='replace', or clean it:"
            " text.encode('utf-8', 'replace').decode('utf-8')"
        ) from None


def written(plan: Plan, examples: Sequence[tuple[str, Any]]) -> list[tuple[str, str]]:
    """The examples with their values as the JSON that the model is to imitate.

    Raises SchemaError for a value that the type would not accept: an example outside of the language teaches the model
    to work against its own mask.
    """
    pairs: list[tuple[str, str]] = []
    for number, example in enumerate(examples, 1):
        if not (isinstance(example, tuple) and len(example) == 2):
            raise SchemaError(f"example {number}: expected a pair (text, value), got {type(example).__name__}")
        text, value = example
        readable(text)
        try:
            json = _written(plan.adapter, value)
        except ValidationError as error:
            raise SchemaError(f"example {number}: its value does not fit the type: {reasons(error)}") from error
        if not plan.constraint(text).accepts(json):
            raise SchemaError(f"example {number}: written as {shown(json)}, its value is not accepted")
        pairs.append((text, json))
    return pairs


def _written(adapter: TypeAdapter[Any] | None, value: Any) -> str:
    if adapter is None:
        return str(value)
    return adapter.dump_json(adapter.validate_python(value), by_alias=True).decode("utf-8")


def budget(prompt_tokens: int, n_ctx: int, min_tokens: int, max_tokens: int) -> int:
    """The tokens the answer may have: `max_tokens`, or what the context has left.

    >>> budget(prompt_tokens=100, n_ctx=512, min_tokens=10, max_tokens=1024)
    412
    """
    if max_tokens < min_tokens:
        raise BudgetError(
            f"the shortest complete object has at least {min_tokens} tokens, max_tokens is {max_tokens};"
            f" give max_tokens={min_tokens} or more, or make fields optional",
            needed=min_tokens,
            given=max_tokens,
        )
    left = n_ctx - prompt_tokens
    if left < min_tokens:
        raise LimitError(
            f"the prompt has {prompt_tokens} tokens and the shortest object at least {min_tokens}, the context holds"
            f" {n_ctx}; load the model with n_ctx={prompt_tokens + max_tokens}, or split the text",
            limit="n_ctx",
            value=prompt_tokens + min_tokens,
        )
    return min(max_tokens, left)


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
        raise ValidationFailed(
            f"the decoded object is refused by a validator that the automaton does not hold: {reasons(error)};"
            f" the text was {shown(json)}; `typeloom.check(type)` lists such validators",
            json=json,
            errors=list(error.errors(include_url=False)),
        ) from error


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
