"""The verbs against a server: it decodes under its own idea of the type, typeloom validates what comes back.

A server is told the type as JSON Schema (or, for `tl.Gbnf`, the grammar) and masks as well as it can. What comes back
is validated here: a type by Pydantic, a JsonSchema and a grammar by the same automaton that would have masked, a
`Verbatim` against the text. So a wrong object never comes out, but it may be an error where a local model could not
have gone wrong. `RemoteModel.check` lists what of a type is no longer held while decoding.

Not there: evidence (`Result.fields` is empty), caps, forced tokens, and probabilities of labels; `classify` gives the
label alone.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NoReturn, Unpack

from typeloom.engine.constraint import compile, read_source
from typeloom.errors import BudgetError, Cancelled, Error, ModelError, SchemaError, ValidationFailed
from typeloom.grammar.gbnf import Gbnf
from typeloom.grammar.lark import Lark
from typeloom.grammar.regular import Regex
from typeloom.remote.server import Server
from typeloom.schema.caps import DEFAULT_CAPS
from typeloom.schema.check import Report
from typeloom.schema.check import check as check_type
from typeloom.schema.json_schema import JsonSchema
from typeloom.schema.node import Coverage, Note
from typeloom.schema.types import plain_schema
from typeloom.tasks import answering, extract, prompt
from typeloom.tasks.extract import Plan, readable
from typeloom.tasks.labels import labels as read_labels
from typeloom.tasks.labels import named
from typeloom.tasks.model import Model
from typeloom.tasks.options import Options, OptionWords
from typeloom.tasks.options import options as read_options
from typeloom.tasks.prompt import Message
from typeloom.tasks.result import Result, Usage
from typeloom.testing import byte_vocabulary

if TYPE_CHECKING:
    from typeloom.llama.decode import Interrupt
    from typeloom.tasks.runtime import Decoded

Form = Literal["json_schema", "json_object"]
_NOT_SCORED = (
    "a server does not give the probability of each label; classify(text, labels) gives the label alone,"
    " a model loaded with typeloom.load gives both"
)


def connect(
    url: str,
    *,
    model: str | None = None,
    api_key: str | None = None,
    form: Form = "json_schema",
    timeout: float = 600.0,
    retries: int = 3,
    seed: int = 0,
) -> RemoteModel:
    """A model behind a server that speaks OpenAI's chat completions.

    model: its name there; None is the first that the server lists. form: how the server takes a schema, as
        response_format of type "json_schema" (OpenAI, llama-server, vLLM) or "json_object" with a `schema`
        (llama-cpp-python). timeout: seconds without a byte. retries: tries after the first when the server is busy or
        away.
    Nothing is sent before the first call. Raises ModelError for a URL that is none.
    """
    if form not in ("json_schema", "json_object"):
        raise ModelError(f"expected form to be 'json_schema' or 'json_object', got {form!r}")
    return RemoteModel(Server(url, api_key, timeout, retries), name=model, form=form, seed=seed)


class RemoteModel(Model):
    """A Model whose decoding another process does; made by `connect`. Pickles as the arguments it was made with."""

    def __init__(self, server: Server, *, name: str | None = None, form: Form = "json_schema", seed: int = 0) -> None:
        super().__init__(_NoRuntime(), seed=seed)
        self._server = server
        self._name = name
        self._form = form

    def result(
        self,
        type: Any,
        text: str,
        *,
        instructions: str = "",
        examples: Sequence[tuple[str, Any]] = (),
        with_evidence: bool = True,
        interrupt: Interrupt | None = None,
        **options: Unpack[OptionWords],
    ) -> Result[Any]:
        """What `extract` with `detail=True` returns, without evidence.

        interrupt: what another thread cancelled before the server was asked, or before it answered, raises Cancelled;
        the server itself goes on. Raises ModelError when the server cannot be asked or does not answer, TimeoutExpired,
        BudgetError when the answer was cut short, ValidationFailed when it is none of the type's values.
        """
        call = read_options(options, self.seed)
        if call.caps != DEFAULT_CAPS:
            raise ModelError("a server knows nothing of caps; bound the type itself: Field(max_length=...)")
        if call.repetition_penalty != 1.0:
            raise ModelError("a server's repetition penalty acts on the structure of JSON too; leave it out")
        if call.think is not None:
            raise ModelError("whether a model behind a server thinks is the server's matter; leave think out")
        plan = self._plans.get(type, lambda: extract.plan(type, self.vocab))
        _ = extract.value_reader(plan, call)  # refuses `parse` of what is no Lark
        readable(text)
        messages = prompt.extraction(plan.outline, text, instructions, extract.written(plan, examples))
        _not_cancelled(interrupt)
        content, usage = self._complete(messages, _answers(type, self._form), call)
        _not_cancelled(interrupt)
        return Result(_validated(plan, type, text, content), content, usage, text=text)

    def results(
        self,
        type: Any,
        texts: Iterable[str | Error],
        *,
        instructions: str = "",
        examples: Sequence[tuple[str, Any]] = (),
        with_evidence: bool = True,
        interrupt: Interrupt | None = None,
        **options: Unpack[OptionWords],
    ) -> Iterator[Result[Any] | Error]:
        """What `result` returns or raises for each text, one after the other."""
        for text in texts:
            if isinstance(text, Error):
                yield text
                continue
            try:
                yield self.result(
                    type, text, instructions=instructions, examples=examples, interrupt=interrupt, **options
                )
            except Error as error:
                yield error

    def classify(self, text: str, labels: Any, **options: Any) -> Any:
        """The label that fits the text best; `instructions`, `examples`, `timeout` and `interrupt` are as in
        `Model.classify`.

        Raises ModelError for the options of that which need probabilities, and as `extract` does.
        """
        taken = ("instructions", "examples", "timeout", "interrupt")
        words = {name: options.pop(name) for name in taken if name in options}
        if any(options.values()):
            raise ModelError(f"expected no {', '.join(options)} for a model behind a server: {_NOT_SCORED}")
        offered = read_labels(labels)
        readable(text)
        ordered = sorted(offered, key=lambda label: label.name)
        examples = named(offered, words.get("examples", ()))
        shown = [(example, json.dumps(label.name, ensure_ascii=False)) for example, label in examples]
        described = [(label.name, label.description) for label in ordered]
        messages = prompt.classification(described, text, words.get("instructions", ""), shown)
        schema = {"type": "string", "enum": [label.name for label in ordered]}
        _not_cancelled(words.get("interrupt"))
        chosen = Options(seed=self.seed, timeout=words.get("timeout"))
        content, _ = self._complete(messages, _format(schema, self._form), chosen)
        _not_cancelled(words.get("interrupt"))
        try:
            found = json.loads(content)
        except ValueError:
            found = None
        for label in offered:
            if label.name == found:
                return label.value
        raise ValidationFailed(
            f"expected one of the labels from the server, got {answering.shown(content)}", json=content, errors=[]
        )

    def check(self, type: Any) -> Report:
        """What of a type a server holds: all that `typeloom.check` calls exact is only validated afterwards."""
        local = check_type(type)
        wider = "left to the server, and validated here"
        notes = [
            dataclasses.replace(note, coverage=Coverage.WIDER, reason=note.reason or wider)
            if note.coverage in (Coverage.EXACT, Coverage.AT_CLOSE)
            else note
            for note in local.notes
        ]
        lost = [
            Note("$", subject, Coverage.IGNORED, reason)
            for subject, reason in (
                ("budget", "the server may cut an answer short at max_tokens: BudgetError after decoding"),
                ("caps", "what the type leaves open has no bound"),
                ("evidence", "no confidence, pressure or span of a field"),
                ("labels", "classify gives no probabilities"),
            )
        ]
        return Report((*notes, *lost))

    def __reduce__(self) -> tuple[Callable[..., RemoteModel], tuple[Any, ...]]:
        return _again, (self._server, self._name, self._form, self.seed)

    def __repr__(self) -> str:
        return f"<typeloom.RemoteModel {self._server.url}>"

    def _complete(self, messages: Sequence[Message], form: Mapping[str, Any], call: Options) -> tuple[str, Usage]:
        """The text of one completion, and its tokens."""
        if self._name is None:
            self._name = _first_model(self._server, call.timeout)
        body: dict[str, Any] = {
            "model": self._name,
            "messages": list(messages),
            "max_tokens": call.max_tokens,
            "temperature": call.temperature,
            "top_p": call.top_p,
            "seed": call.seed,
            **form,
        }
        body |= {name: value for name, value in (("top_k", call.top_k), ("min_p", call.min_p)) if value}
        answer = self._server.ask("/chat/completions", body, seconds=call.timeout)
        try:
            choice = answer["choices"][0]
            content, finish = choice["message"]["content"], choice.get("finish_reason")
        except (KeyError, IndexError, TypeError, AttributeError):
            raise ModelError(f"expected a chat completion, got {answering.shown(json.dumps(answer))}") from None
        counts = answer.get("usage") or {}
        usage = Usage(int(counts.get("prompt_tokens") or 0), int(counts.get("completion_tokens") or 0))
        if finish == "length":
            raise BudgetError(
                f"the server ended the answer after {usage.completion_tokens} tokens, the object is not complete;"
                f" {call.max_tokens} were asked for: raise max_tokens, or bound the lengths in the type",
                needed=usage.completion_tokens + 1,
                given=call.max_tokens,
            )
        if not isinstance(content, str):
            raise ModelError(f"expected text in the completion, got {content!r}")
        return content, usage


def _not_cancelled(interrupt: Interrupt | None) -> None:
    if interrupt is not None and interrupt.cancelled():
        raise Cancelled("the call was cancelled; what the server answers to it is left unread")


def _answers(source: Any, form: Form) -> dict[str, Any]:
    """How the request says what the answer may be."""
    if isinstance(source, Gbnf):
        if source.root != "root":
            raise SchemaError(f"a server begins at the rule 'root', the grammar at {source.root!r}; rename the rule")
        return {"grammar": source.text}
    if isinstance(source, Lark | Regex):
        raise SchemaError(
            f"expected a type, a JsonSchema or a Gbnf for a model behind a server, got a {type(source).__name__};"
            " write the grammar as tl.Gbnf"
        )
    if not isinstance(source, JsonSchema):
        return _format(plain_schema(source), form)
    return _format(json.loads(source.schema) if isinstance(source.schema, str) else source.schema, form)


def _format(schema: Any, form: Form) -> dict[str, Any]:
    if form == "json_object":
        return {"response_format": {"type": "json_object", "schema": schema}}
    named = {"name": "answer", "schema": schema, "strict": True}
    return {"response_format": {"type": "json_schema", "json_schema": named}}


def _validated(plan: Plan, source: Any, text: str, content: str) -> Any:
    """The value of an answer, checked as far as typeloom can: the server has promised nothing."""
    is_schema = isinstance(source, JsonSchema)
    if plan.adapter is None:
        is_held = plan.constraint(text).accepts(content)
    elif is_schema or read_source(source).quotes:
        document = None if is_schema else text
        is_held = compile(source, byte_vocabulary(), layout="flexible", order="any", document=document).accepts(content)
    else:
        is_held = True
    if not is_held:
        raise ValidationFailed(
            f"the server's answer is not in the language of the type: {answering.shown(content)}",
            json=content,
            errors=[],
        )
    return content if plan.adapter is None else answering.validate(plan.adapter, content)


def _first_model(server: Server, seconds: float | None) -> str:
    listed = server.ask("/models", seconds=seconds).get("data")
    if not isinstance(listed, list) or not listed or not isinstance(listed[0], dict) or "id" not in listed[0]:
        raise ModelError(f"{server.url} lists no model; name one: connect(url, model='...')")
    return str(listed[0]["id"])


def _again(server: Server, name: str | None, form: Form, seed: int) -> RemoteModel:
    return RemoteModel(server, name=name, form=form, seed=seed)


class _NoRuntime:
    """In the place of a Runtime: a server is asked in whole calls, and everything else is refused by name."""

    n_ctx = 2**31

    def __init__(self) -> None:
        self.vocab = byte_vocabulary()

    def render(self, messages: Sequence[Message], thinking: object = None) -> list[int]:
        return [byte for message in messages for byte in message["content"].encode()]

    def generate(self, *args: Any, **options: Any) -> NoReturn:
        raise ModelError("a model behind a server decodes there; no mask can be brought to it")

    def marks(self, *args: Any) -> NoReturn:
        raise ModelError("whether a model behind a server thinks is the server's matter; leave think out")

    def marked(self, text: str) -> list[int]:
        return list(text.encode())

    def answers(self, *args: Any, **options: Any) -> NoReturn:
        raise ModelError("a model behind a server decodes there; no mask can be brought to it")

    def write(self, prompt: Sequence[int], *, max_tokens: int) -> Decoded:
        raise ModelError("a model behind a server is asked for values of a type only")

    def score(
        self, prompt: Sequence[int], answers: Sequence[str], *, interrupt: Interrupt | None = None
    ) -> list[float]:
        raise ModelError(_NOT_SCORED)

    def close(self) -> None:
        """Nothing to give back."""
