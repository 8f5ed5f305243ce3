"""The loaded model and its verbs. Thin: the steps live in `extract`, `classify`, `function` and `task`.

Plans (outline, constraint, validator of a type) are kept for the `CACHED_PLANS` types used last, so a verb compiles a
type once. The verbs may be called from several threads; the runtime lets one decode at a time.
"""

from __future__ import annotations

import builtins
import dataclasses
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, TypeVar, Unpack, overload

from typeloom.errors import Error, ModelError
from typeloom.llama.decode import Interrupt
from typeloom.tasks import extract
from typeloom.tasks.aio import AsyncVerbs
from typeloom.tasks.choose import Call, Choice, choice, offered
from typeloom.tasks.extract import Request
from typeloom.tasks.function import Function
from typeloom.tasks.function import function as make_function
from typeloom.tasks.kept import Kept
from typeloom.tasks.label_verbs import LabelVerbs
from typeloom.tasks.layout import WrittenLayout, written_layout
from typeloom.tasks.options import Options, OptionWords, words
from typeloom.tasks.options import options as read_options
from typeloom.tasks.plans import Plans
from typeloom.tasks.result import Result
from typeloom.tasks.stream import Stream, held_back
from typeloom.tasks.task import OnError, Task

if TYPE_CHECKING:
    from typing import Self

    from typeloom.engine.vocabulary import Vocabulary
    from typeloom.tasks.runtime import Runtime

T = TypeVar("T")
E = TypeVar("E", bound=Enum)
P = ParamSpec("P")
R = TypeVar("R")

CACHED_PLANS = 128
CACHED_SCORES = 128
"""Texts whose label scores are kept, content-free ones among them."""


def load(
    path: str | os.PathLike[str] | None = None,
    *,
    slots: int = 1,
    n_ctx: int | None = None,
    n_gpu_layers: int = 0,
    n_threads: int | None = None,
    seed: int = 0,
    layout: WrittenLayout = "compact",
) -> Model:
    """Load a GGUF; without a path, the small model that comes with the package.

    slots: sequences that share the context. n_ctx: tokens of context per slot; None is the model's own, bounded.
    n_gpu_layers: layers to put on the GPU, -1 for all. n_threads: None is OMP_NUM_THREADS, else one per physical core.
    seed: of calls that sample and give none of their own.
    layout: of the JSON that the model is made to write, "compact" or "spaced", which is `{"a": 1, "b": 2}`. The
        embedded model has learnt the compact one. Most others write the spaced one by themselves; with it they may
        find more in a text, and null less often: `typeloom eval --layout spaced` tells.
    Raises ModelError if the file is missing or llama.cpp refuses it. Takes the time of reading the file.
    """
    path = _embedded() if path is None else Path(path)
    if not path.exists():
        raise ModelError(f"expected a GGUF file at {path}, there is none; load() without a path is the embedded model")
    from typeloom.tasks.llama_runtime import LlamaRuntime

    recipe = {
        "slots": slots,
        "n_ctx": n_ctx,
        "n_gpu_layers": n_gpu_layers,
        "n_threads": n_threads,
        "seed": seed,
        "layout": written_layout(layout),
    }
    runtime = LlamaRuntime.load(
        path, slots=slots, n_ctx=n_ctx, n_gpu_layers=n_gpu_layers, n_threads=n_threads, seed=seed
    )
    return Model(runtime, seed=seed, layout=layout, recipe=(str(path), recipe))


def _embedded() -> Path:
    """The GGUF that comes with the package."""
    try:
        from typeloom.embedded import path

        return path()
    except (ImportError, FileNotFoundError) as error:
        raise ModelError(
            "this build of typeloom comes without the embedded model; give the path of a GGUF: load('model.gguf')"
        ) from error


class Model(LabelVerbs):
    """A model and what can be asked of it; made by `load`, closed by `close` or at the end of a `with` block.

    A Model pickles as the arguments of its `load`: the copy loads the file again where it is unpickled.
    """

    def __init__(
        self,
        runtime: Runtime,
        *,
        seed: int = 0,
        layout: WrittenLayout = "compact",
        recipe: tuple[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self.runtime = runtime
        self.seed = seed
        self.layout = layout
        self._recipe = recipe
        self.scores = Kept(CACHED_SCORES)
        self._choices: Kept[Choice[Any]] = Kept(CACHED_PLANS)
        self._plans = Plans(CACHED_PLANS)

    @property
    def vocab(self) -> Vocabulary:
        """The model's vocabulary, to compile constraints against."""
        return self.runtime.vocab

    @property
    def aio(self) -> AsyncVerbs:
        """The verbs as coroutines: `await m.aio.extract(Invoice, text)`."""
        return AsyncVerbs(self)

    @overload
    def extract(
        self,
        type: builtins.type[T],
        text: str,
        *,
        detail: Literal[False] = False,
        instructions: str = "",
        examples: Sequence[tuple[str, Any]] = (),
        **options: Unpack[OptionWords],
    ) -> T: ...
    @overload
    def extract(
        self,
        type: builtins.type[T],
        text: str,
        *,
        detail: Literal[True],
        instructions: str = "",
        examples: Sequence[tuple[str, Any]] = (),
        **options: Unpack[OptionWords],
    ) -> Result[T]: ...
    @overload
    def extract(
        self,
        type: Any,
        text: str,
        *,
        detail: bool = False,
        instructions: str = "",
        examples: Sequence[tuple[str, Any]] = (),
        **options: Unpack[OptionWords],
    ) -> Any: ...
    def extract(
        self,
        type: Any,
        text: str,
        *,
        detail: bool = False,
        instructions: str = "",
        examples: Sequence[tuple[str, Any]] = (),
        **options: Unpack[OptionWords],
    ) -> Any:
        """The object of the given type that the model reads from the text; with `detail=True` the Result around it.

        type: a Pydantic model, a dataclass, an Enum, `list[...]`, a Union, ... or a `JsonSchema`.
        instructions: what to mind, in a sentence or two. examples: pairs of a text and its value.
        options: `max_tokens`, `temperature` (0 is greedy), `seed`, `top_k`, `top_p`, `min_p`, `repetition_penalty`,
        `caps`, `timeout`, `tries`, `think` and `parse`; `typeloom.tasks.options.Options` says what each of them is.

        Raises SchemaError for a type that cannot be compiled, BudgetError when `max_tokens` cannot hold a complete
        object, LimitError when the text does not fit the context, ValidationFailed when a validator outside the
        automaton refuses what stands at one place `tries` times, TimeoutExpired when the time is over, Error when the
        text is empty or no text.
        """
        result = self.result(
            type,
            text,
            instructions=instructions,
            examples=examples,
            with_evidence=detail,
            **options,
        )
        return result if detail else result.value

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
        """What `extract` with `detail=True` returns. Another thread that cancels `interrupt` ends it: Cancelled."""
        asked = self._request(type, text, instructions, examples, read_options(options, self.seed))
        return extract.answer(self.runtime, asked, with_evidence=with_evidence, interrupt=interrupt)

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
        """What `result` returns or raises for each text, in their order, decoded together: as many at a time as the
        model was loaded with slots. Texts are read as they are needed, an Error among
        them is passed through; the `timeout` is each text's own."""
        chosen = read_options(options, self.seed)
        asked = (partial(self._request, type, text, instructions, examples, chosen) for text in texts)
        return extract.answers(self.runtime, asked, with_evidence=with_evidence, interrupt=interrupt)

    @overload
    def map(
        self,
        type: builtins.type[T],
        texts: Iterable[str],
        *,
        on_error: Literal["raise", "skip"] = "raise",
        progress: bool = False,
        instructions: str = "",
        examples: Sequence[tuple[str, Any]] = (),
        **options: Unpack[OptionWords],
    ) -> list[T]: ...
    @overload
    def map(
        self,
        type: builtins.type[T],
        texts: Iterable[str],
        *,
        on_error: OnError,
        progress: bool = False,
        instructions: str = "",
        examples: Sequence[tuple[str, Any]] = (),
        **options: Unpack[OptionWords],
    ) -> list[T | Error]: ...
    @overload
    def map(
        self,
        type: Any,
        texts: Iterable[str],
        *,
        on_error: OnError = "raise",
        progress: bool = False,
        instructions: str = "",
        examples: Sequence[tuple[str, Any]] = (),
        **options: Unpack[OptionWords],
    ) -> list[Any]: ...
    def map(
        self,
        type: Any,
        texts: Iterable[str],
        *,
        on_error: OnError = "raise",
        progress: bool = False,
        instructions: str = "",
        examples: Sequence[tuple[str, Any]] = (),
        **options: Unpack[OptionWords],
    ) -> list[Any]:
        """What `extract` returns for each text, in order, as many decoded together as the model was loaded with slots.

        on_error, progress: as in `Task.map`, which this is for a task that is used once.
        """
        return self.task(type, instructions, examples, **options).map(texts, on_error=on_error, progress=progress)

    def _request(
        self, type: Any, text: str | Error, instructions: str, examples: Sequence[tuple[str, Any]], options: Options
    ) -> Request:
        if isinstance(text, Error):
            raise text
        plan = self._plans.get(type, lambda: extract.plan(type, self.vocab, self.layout))
        return extract.request(self.runtime, plan, text, instructions=instructions, examples=examples, options=options)

    @overload
    def stream(
        self,
        type: builtins.type[T],
        text: str,
        *,
        instructions: str = "",
        examples: Sequence[tuple[str, Any]] = (),
        **options: Unpack[OptionWords],
    ) -> Stream[T]: ...
    @overload
    def stream(
        self,
        type: Any,
        text: str,
        *,
        instructions: str = "",
        examples: Sequence[tuple[str, Any]] = (),
        **options: Unpack[OptionWords],
    ) -> Stream[Any]: ...
    def stream(
        self,
        type: Any,
        text: str,
        *,
        instructions: str = "",
        examples: Sequence[tuple[str, Any]] = (),
        **options: Unpack[OptionWords],
    ) -> Stream[Any]:
        """The object of `extract` while it is decoded: an iterator of Partials, for `for` and for `async for`.

        Each Partial holds what has closed so far; the last is `complete`, and its `result` is what `extract` returns.
        Leaving early, by `close` or a `with` block, ends the decoding. Arguments and errors are those of `extract`:
        what can be refused before decoding is raised here, the rest by the iteration. The text of a grammar has only
        the last Partial.
        """
        runtime = self.runtime
        asked = self._request(type, text, instructions, examples, read_options(options, self.seed))
        return Stream(
            lambda listener, interrupt: extract.answer(runtime, asked, listener=listener, interrupt=interrupt),
            is_text=asked.plan.adapter is None,
            held=held_back(asked),
        )

    @overload
    def choose(
        self,
        functions: Sequence[Callable[..., R]],
        text: str,
        *,
        detail: Literal[False] = False,
        instructions: str = "",
        examples: Sequence[tuple[str, Call[Any]]] = (),
        interrupt: Interrupt | None = None,
        **options: Unpack[OptionWords],
    ) -> Call[R]: ...
    @overload
    def choose(
        self,
        functions: Sequence[Callable[..., R]],
        text: str,
        *,
        detail: Literal[True],
        instructions: str = "",
        examples: Sequence[tuple[str, Call[Any]]] = (),
        interrupt: Interrupt | None = None,
        **options: Unpack[OptionWords],
    ) -> Result[Call[R]]: ...
    def choose(
        self,
        functions: Sequence[Callable[..., R]],
        text: str,
        *,
        detail: bool = False,
        instructions: str = "",
        examples: Sequence[tuple[str, Call[Any]]] = (),
        interrupt: Interrupt | None = None,
        **options: Unpack[OptionWords],
    ) -> Call[R] | Result[Call[R]]:
        """The call of one of the functions that the text asks for, validated and not executed; `call()` runs it.

        functions: typed functions or bound methods; docstrings and `Field(description=...)` describe them to the model.
        examples: pairs of a text and a `tl.Call`. With `detail=True` the Result around the call. options: as in
        `extract`. interrupt: another thread that cancels it ends the call.
        Raises SchemaError for a function whose parameters cannot be read; else as `extract` does.
        """
        made = self._choices.get(offered(functions), lambda: choice(functions))
        result = self.result(
            made.type,
            text,
            instructions=instructions,
            examples=[made.example(number, example) for number, example in enumerate(examples, 1)],
            with_evidence=detail,
            interrupt=interrupt,
            **options,
        )
        found = dataclasses.replace(result, value=made.read(result.value))
        return found if detail else found.value

    @overload
    def fn(self, function: Callable[P, R], /) -> Function[P, R]: ...
    @overload
    def fn(
        self,
        **options: Unpack[OptionWords],
    ) -> Callable[[Callable[P, R]], Function[P, R]]: ...
    def fn(
        self,
        function: Callable[..., Any] | None = None,
        **options: Unpack[OptionWords],
    ) -> Any:
        """Decorate a typed function: the model becomes its body. Use as `@m.fn` or `@m.fn(max_tokens=200)`.

        Raises SchemaError when the function has no return annotation or no parameter.
        """

        chosen = read_options(options, self.seed)

        def decorate(written: Callable[..., Any]) -> Function[..., Any]:
            return make_function(self, written, chosen)

        return decorate if function is None else decorate(function)

    @overload
    def task(
        self,
        type: builtins.type[T],
        instructions: str = "",
        examples: Sequence[tuple[str, Any]] = (),
        **options: Unpack[OptionWords],
    ) -> Task[T]: ...
    @overload
    def task(
        self,
        type: Any,
        instructions: str = "",
        examples: Sequence[tuple[str, Any]] = (),
        **options: Unpack[OptionWords],
    ) -> Task[Any]: ...
    def task(
        self,
        type: Any,
        instructions: str = "",
        examples: Sequence[tuple[str, Any]] = (),
        **options: Unpack[OptionWords],
    ) -> Task[Any]:
        """A Task of this model: the unit that maps over texts and pickles."""
        return Task(type, instructions, tuple(examples), self, **words(read_options(options, self.seed)))

    def close(self) -> None:
        """Give the model's memory back; a second close does nothing. Verbs raise ModelError afterwards."""
        self.runtime.close()
        self.scores.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: builtins.type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __deepcopy__(self, memo: Any) -> Self:
        """The model itself: what it holds is llama.cpp's memory, and can be shared (scikit-learn copies parameters)."""
        return self

    def __reduce__(self) -> tuple[Callable[..., Model], tuple[str, Mapping[str, Any]]]:
        if self._recipe is None:
            raise ModelError("only a model made by typeloom.load can be pickled: it is loaded again from its file")
        return _load_again, self._recipe

    def __repr__(self) -> str:
        name = Path(self._recipe[0]).name if self._recipe else type(self.runtime).__name__
        return f"<typeloom.Model {name}{'' if self.layout == 'compact' else f', {self.layout}'}>"


def _load_again(path: str, recipe: Mapping[str, Any]) -> Model:
    return load(path, **recipe)
