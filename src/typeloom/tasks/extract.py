"""Text in, validated object out: prompt -> budget -> constrained generation -> validation.

The steps are functions over frozen data. `Plan` is what can be prepared once per type and vocabulary (and cached): the
outline for the prompt, the constraint, the validator. `Options` are what one call chooses.

Invariants. Nothing is decoded before the text has been read (it is text, and not empty) and the budget holds the
shortest complete object. What is returned has been validated by Pydantic; a text that was cut short never gets there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from typeloom.errors import BudgetError, Error, LimitError, SchemaError
from typeloom.llama.decode import Interrupt
from typeloom.llama.thinking import Think
from typeloom.tasks import prompt
from typeloom.tasks.answering import Listener, answering, reasons, shown
from typeloom.tasks.deadline import deadline
from typeloom.tasks.layout import WrittenLayout, laid_out
from typeloom.tasks.options import Options
from typeloom.tasks.result import Result
from typeloom.tasks.runtime import Answering, driven

if TYPE_CHECKING:
    from typeloom.engine.constraint import Constraint
    from typeloom.engine.vocabulary import Vocabulary
    from typeloom.schema.json_schema import JsonSchema
    from typeloom.schema.node import Schema
    from typeloom.tasks.runtime import Runtime

TEXT_OUTLINE = prompt.outline({"type": "string"})
"""How a prompt shows what is no object: a text that a grammar rules."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything about a type that does not depend on the text.

    adapter: reads the object from its JSON; None where the text itself is the value (a grammar, a regular expression).
    constraint: what may be generated from a text; a type that quotes it is compiled with each text.
    layout: of the JSON.
    tree_reader: of a Lark grammar, what makes the reader of its trees; None of anything else.
    """

    adapter: TypeAdapter[Any] | None
    outline: str
    constraint: Callable[[str], Constraint]
    layout: WrittenLayout = "compact"
    tree_reader: Callable[[], Callable[[str], Any]] | None = None


@dataclass(frozen=True, slots=True)
class Thinking:
    """What comes before the answer: at most `max_tokens` of free text up to the mark, then `after`; `closing` in the
    place of the mark where the budget ends first. `room` is what the context has for all of it and the answer."""

    mark: str
    max_tokens: int
    closing: Sequence[int]
    after: Sequence[int]
    room: int


@dataclass(frozen=True, slots=True)
class Request:
    """One call that can be answered: its prompt in tokens, and `max_tokens` that hold a complete object and fit the
    context, whatever is thought before."""

    plan: Plan
    text: str
    tokens: Sequence[int]
    constraint: Constraint
    max_tokens: int
    options: Options
    thinking: Thinking | None = None
    read: Callable[[str], Any] = str


def plan(source: Any, vocab: Vocabulary, layout: WrittenLayout = "compact") -> Plan:
    """Read the type and compile it against the vocabulary.

    Raises SchemaError if the type cannot be read, with the place in it.
    """
    from typeloom.engine.constraint import compile, read_source
    from typeloom.grammar.gbnf import Gbnf
    from typeloom.grammar.lark import Lark
    from typeloom.grammar.regular import Regex
    from typeloom.schema.json_schema import JsonSchema
    from typeloom.schema.types import adapter, plain_schema

    if isinstance(source, Regex | Lark | Gbnf):
        tree_reader = source.tree_reader if isinstance(source, Lark) else None
        return Plan(None, TEXT_OUTLINE, _always(compile(source, vocab)), tree_reader=tree_reader)
    is_schema = isinstance(source, JsonSchema)
    schema = read_source(source)
    quotes = bool(schema.quotes)
    constraint = _quoting(schema, vocab, layout) if quotes else _always(compile(source, vocab, layout=layout))
    return Plan(
        adapter=TypeAdapter(Any) if is_schema else adapter(source),
        outline=prompt.outline(_as_object(source) if is_schema else plain_schema(source)),
        constraint=constraint,
        layout=layout,
    )


def _always(constraint: Constraint) -> Callable[[str], Constraint]:
    return lambda text: constraint


def _quoting(schema: Schema, vocab: Vocabulary, layout: WrittenLayout) -> Callable[[str], Constraint]:
    from typeloom.engine.constraint import compile

    return lambda text: compile(schema, vocab, layout=layout, order="declared", document=text)


def _as_object(source: JsonSchema) -> Mapping[str, Any]:
    """The schema as JSON object: it may have come as text, or be `true`."""
    schema = json.loads(source.schema) if isinstance(source.schema, str) else source.schema
    return schema if isinstance(schema, Mapping) else {}


def request(
    runtime: Runtime,
    plan: Plan,
    text: str,
    *,
    instructions: str = "",
    examples: Sequence[tuple[str, Any]] = (),
    options: Options | None = None,
) -> Request:
    """What `answer` decodes, checked before the first token.

    Raises Error for a text that cannot be read, BudgetError when the object cannot be complete within the tokens given,
    LimitError when prompt and shortest answer exceed the context, SchemaError for `parse` of anything but a Lark,
    GrammarError for `parse` of a grammar that lark cannot parse with.
    """
    options = options or Options()
    read = value_reader(plan, options)
    readable(text)
    _unicode("the text of the instructions", instructions)
    messages = prompt.extraction(plan.outline, text, instructions, written(plan, examples))
    constraint = plan.constraint(text)
    if options.think is not None:
        asked = Request(plan, text, (), constraint, 0, options, read=read)
        return _thinking(runtime, asked, messages, options.think)
    tokens = runtime.render(messages)
    max_tokens = budget(len(tokens), runtime.n_ctx, constraint.min_tokens, options.max_tokens)
    return Request(plan, text, tokens, constraint, max_tokens, options, read=read)


def value_reader(plan: Plan, options: Options) -> Callable[[str], Any]:
    """What makes the value of a text that is no JSON: the text itself, or with `parse` lark's tree of it."""
    if not options.parse:
        return str
    if plan.tree_reader is None:
        raise SchemaError("parse=True gives lark's tree of a text; expected a tl.Lark, got another type")
    return plan.tree_reader()


def _thinking(runtime: Runtime, asked: Request, messages: Sequence[prompt.Message], think: Think) -> Request:
    """The request with its prompt and budgets. Of a context too small for both budgets, the answer has half."""
    marks = runtime.marks(think)
    tokens = runtime.render(messages, marks)
    closing, after = runtime.marked(marks.end + marks.after), runtime.marked(marks.after)
    least = asked.constraint.min_tokens
    wanted = budget(len(tokens) + len(closing) + 1, runtime.n_ctx, least, asked.options.max_tokens)
    room = runtime.n_ctx - len(tokens)
    reserved = max(least, min(wanted, (room - len(closing)) // 2))
    most = min(think.max_tokens, room - len(closing) - reserved)
    return replace(asked, tokens=tokens, max_tokens=reserved, thinking=Thinking(marks.end, most, closing, after, room))


def answer(
    runtime: Runtime,
    asked: Request,
    *,
    with_evidence: bool = False,
    listener: Listener | None = None,
    interrupt: Interrupt | None = None,
) -> Result[Any]:
    """The validated object, decoded now, with the evidence. Another thread that cancels `interrupt` ends it.

    Raises TimeoutExpired when the call's `timeout` is over, Cancelled, ValidationFailed when a validator outside the
    automaton refuses what stands at one place `tries` times.
    """
    ended_by = interrupt or Interrupt()
    steps = answering(asked, runtime.vocab, with_evidence=with_evidence, listener=listener)
    with deadline(ended_by, asked.options.timeout):
        return driven(steps, lambda wanted: runtime.generate(wanted, interrupt=ended_by))


def answers(
    runtime: Runtime,
    asked: Iterable[Callable[[], Request]],
    *,
    with_evidence: bool = False,
    interrupt: Interrupt | None = None,
) -> Iterator[Result[Any] | Error]:
    """The Result or the Error of each, in order, decoded together as far as the model can; read as they are needed."""

    def wanted() -> Iterator[Answering[Result[Any]] | Error]:
        for ask in asked:
            try:
                one = ask()
            except Error as error:
                yield error
            else:
                steps = answering(one, runtime.vocab, with_evidence=with_evidence)
                yield Answering(steps, one.options.timeout)

    return runtime.answers(wanted(), interrupt=interrupt)


def readable(text: str) -> None:
    """Refuse what is no text: another type, nothing but white space, half of a surrogate pair."""
    _unicode("the text", text)
    if not text.strip():
        raise Error("expected a text to read from, got an empty one; leave empty documents out before the call")


def _unicode(what: str, text: str) -> None:
    if not isinstance(text, str):
        raise Error(f"expected {what} as str, got {type(text).__name__}; {_way_to_text(text)}")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Error(
            f"{what} holds the lone surrogate U+{ord(text[error.start]):04X} at character {error.start}, which is not"
            " Unicode text; read the file with errors='replace', or clean it:"
            " text.encode('utf-8', 'replace').decode('utf-8')"
        ) from None


def _way_to_text(given: object) -> str:
    if isinstance(given, bytes | bytearray | memoryview):
        return "decode bytes first: data.decode('utf-8')"
    if given is None:
        return "leave out what has no text before the call"
    return "write it as text first, or give the parts one by one"


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
            json = _written(plan, value)
        except ValidationError as error:
            raise SchemaError(f"example {number}: its value does not fit the type: {reasons(error)}") from error
        if not plan.constraint(text).accepts(json):
            raise SchemaError(f"example {number}: written as {shown(json)}, its value is not accepted")
        pairs.append((text, json))
    return pairs


def _written(plan: Plan, value: Any) -> str:
    if plan.adapter is None:
        return str(value)
    json = plan.adapter.dump_json(plan.adapter.validate_python(value), by_alias=True).decode("utf-8")
    return laid_out(json, plan.layout)


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
