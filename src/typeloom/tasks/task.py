"""A task: a type, the words that go with it, and the model that does it; the unit that maps, pickles and travels.

A Task is frozen. Its model is a loaded Model, the path of a GGUF, or None for the embedded one; a path is loaded on
first use, once per Task and process. A loaded Model pickles as the arguments it was loaded with, so a Task can be sent
to another process and loads the same model there.
"""

from __future__ import annotations

import builtins
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, Unpack, overload

from typeloom.errors import Error
from typeloom.tasks.aio import interruptible
from typeloom.tasks.options import Options, OptionWords, words
from typeloom.tasks.progress import shown

if TYPE_CHECKING:
    from typeloom.llama.decode import Interrupt
    from typeloom.tasks.model import Model
    from typeloom.tasks.result import Result
    from typeloom.tasks.stream import Stream

T = TypeVar("T")
Item = TypeVar("Item")
OnError = Literal["raise", "return", "skip"]


@dataclass(frozen=True, eq=False)
class Task(Options, Generic[T]):
    """Extract `type` from texts, always in the same words and with the same options.

    examples: pairs of a text and the value that it should give. Everything else is a keyword, as in `Options`; the
    `timeout` is for one text.

    >>> Task(list[str], "List the people named in the text.").instructions
    'List the people named in the text.'
    """

    type: Any
    instructions: str = ""
    examples: Sequence[tuple[str, Any]] = ()
    model: Model | str | os.PathLike[str] | None = None
    _loaded: list[Model] = field(default_factory=list, init=False, repr=False)

    if TYPE_CHECKING:  # what the dataclass makes, save that a class gives Task[T] and a special form Task[Any]

        @overload
        def __init__(
            self: Task[T],
            type: builtins.type[T],
            instructions: str = ...,
            examples: Sequence[tuple[str, Any]] = ...,
            model: Model | str | os.PathLike[str] | None = ...,
            **options: Unpack[OptionWords],
        ) -> None: ...
        @overload
        def __init__(
            self: Task[Any],
            type: Any,
            instructions: str = ...,
            examples: Sequence[tuple[str, Any]] = ...,
            model: Model | str | os.PathLike[str] | None = ...,
            **options: Unpack[OptionWords],
        ) -> None: ...
        def __init__(self, *args: Any, **kwargs: Any) -> None: ...

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_loaded": []}

    def loaded(self) -> Model:
        """The model of this task, loaded now if it has not been."""
        from typeloom.tasks.model import Model, load

        if isinstance(self.model, Model):
            return self.model
        if not self._loaded:
            self._loaded.append(load(self.model, seed=self.seed))
        return self._loaded[0]

    @overload
    def run(self, text: str) -> T: ...
    @overload
    def run(self, text: str, *, detail: Literal[False]) -> T: ...
    @overload
    def run(self, text: str, *, detail: Literal[True]) -> Result[T]: ...
    def run(self, text: str, *, detail: bool = False) -> T | Result[T]:
        """The object read from one text; with `detail=True` the Result around it. Raises as `Model.extract` does."""
        result = self._result(text, detail, None)
        return result if detail else result.value

    @overload
    async def aio(self, text: str) -> T: ...
    @overload
    async def aio(self, text: str, *, detail: Literal[False]) -> T: ...
    @overload
    async def aio(self, text: str, *, detail: Literal[True]) -> Result[T]: ...
    async def aio(self, text: str, *, detail: bool = False) -> T | Result[T]:
        """As `run`, in a thread, so that the event loop goes on meanwhile; cancelling the await ends the decoding."""
        result = await interruptible(lambda interrupt: self._result(text, detail, interrupt))
        return result if detail else result.value

    def _result(self, text: str, with_evidence: bool, interrupt: Interrupt | None) -> Result[T]:
        return self.loaded().result(
            self.type,
            text,
            instructions=self.instructions,
            examples=self.examples,
            with_evidence=with_evidence,
            interrupt=interrupt,
            **words(self),
        )

    def stream(self, text: str) -> Stream[T]:
        """The object of `run` while it is decoded; as `Model.stream`."""
        return self.loaded().stream(
            self.type, text, instructions=self.instructions, examples=self.examples, **words(self)
        )

    @overload
    def map(
        self, texts: Iterable[str], *, on_error: Literal["raise", "skip"] = "raise", progress: bool = False
    ) -> list[T]: ...
    @overload
    def map(self, texts: Iterable[str], *, on_error: OnError, progress: bool = False) -> list[T | Error]: ...
    def map(
        self, texts: Iterable[str], *, on_error: OnError = "raise", progress: bool = False
    ) -> list[T] | list[T | Error]:
        """The objects of the texts, in order, as many decoded together as the model was loaded with slots.

        on_error: "raise" stops at the first Error; "return" puts the Error in the place of the object; "skip" leaves
            the text out. Only typeloom's own errors are caught.
        progress: show a bar on stderr, with documents and tokens a second, the time left, and errors.
        """
        return self.read(texts, lambda text: text, on_error=on_error, progress=progress)

    def results(self, texts: Iterable[str | Error]) -> Iterator[Result[T] | Error]:
        """The Result of each text, without evidence, or the Error, in order, as they come: what `map` is made of.

        Texts are read as they are needed; an Error among them is passed through.
        """
        return self.loaded().results(
            self.type,
            texts,
            instructions=self.instructions,
            examples=self.examples,
            with_evidence=False,
            **words(self),
        )

    def read(
        self, items: Iterable[Item], text_of: Callable[[Item], str], *, on_error: OnError, progress: bool
    ) -> list[Any]:
        """As `map`, of items whose texts `text_of` gives; an Error that it raises is that item's."""
        found = self.results(attempted(text_of, item) for item in items)
        if progress:
            found = shown(found, size(items), lambda one: 0 if isinstance(one, Error) else one.usage.completion_tokens)
        return list(settled((one if isinstance(one, Error) else one.value for one in found), on_error))


def mapped(
    step: Callable[[Item], T], items: Iterable[Item], *, on_error: OnError, progress: bool
) -> Iterator[T | Error]:
    """`step` of each item in order, one after the other; an Error is treated as `on_error` says."""
    outcomes: Iterator[T | Error] = (attempted(step, item) for item in items)
    if progress:
        outcomes = shown(outcomes, size(items), lambda _: 0)
    return settled(outcomes, on_error)


def attempted(step: Callable[[Item], T], item: Item) -> T | Error:
    """What the step returns, or the Error that it raises."""
    try:
        return step(item)
    except Error as error:
        return error


def size(items: Iterable[Any]) -> int | None:
    """How many there are; None where that cannot be known yet."""
    return len(items) if isinstance(items, Sequence) else None


def settled(outcomes: Iterable[T | Error], on_error: OnError) -> Iterator[T | Error]:
    """The outcomes in order; an Error among them is treated as `on_error` says."""
    if on_error not in ("raise", "return", "skip"):
        raise Error(f"expected on_error to be 'raise', 'return' or 'skip', got {on_error!r}")
    for outcome in outcomes:
        if not isinstance(outcome, Error) or on_error == "return":
            yield outcome
        elif on_error == "raise":
            raise outcome
