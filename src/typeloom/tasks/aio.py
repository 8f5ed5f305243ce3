"""The verbs for `await`: each runs in a thread, so that the event loop goes on meanwhile.

Decoding is native code without Python's lock, so the loop has its processor to itself. Whoever cancels the await of a
verb ends the decoding or scoring too, within a token; the model is usable at once.
"""

from __future__ import annotations

import asyncio
import builtins
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from typeloom.llama.decode import Interrupt

if TYPE_CHECKING:
    from typeloom.tasks.choose import Call
    from typeloom.tasks.model import Model
    from typeloom.tasks.result import Result

T = TypeVar("T")


async def interruptible(step: Callable[[Interrupt], T]) -> T:
    """What `step` returns, in a thread; its Interrupt is cancelled if the await is."""
    interrupt = Interrupt()
    try:
        return await asyncio.to_thread(step, interrupt)
    except asyncio.CancelledError:
        interrupt.cancel()
        raise


class AsyncVerbs:
    """`Model.aio`: the verbs of a model as coroutines, with the same arguments and errors. Streams need no other form:
    `async for part in m.stream(...)`."""

    def __init__(self, model: Model) -> None:
        self._model = model

    @overload
    async def extract(
        self, type: builtins.type[T], text: str, *, detail: Literal[False] = False, **options: Any
    ) -> T: ...
    @overload
    async def extract(
        self, type: builtins.type[T], text: str, *, detail: Literal[True], **options: Any
    ) -> Result[T]: ...
    @overload
    async def extract(self, type: Any, text: str, *, detail: bool = False, **options: Any) -> Any: ...
    async def extract(self, type: Any, text: str, *, detail: bool = False, **options: Any) -> Any:
        """As `Model.extract`."""
        result = await interruptible(
            lambda interrupt: self._model.result(type, text, with_evidence=detail, interrupt=interrupt, **options)
        )
        return result if detail else result.value

    async def classify(self, text: str, labels: Any, **options: Any) -> Any:
        """As `Model.classify`."""
        return await interruptible(lambda interrupt: self._model.classify(text, labels, interrupt=interrupt, **options))

    @overload
    async def choose(
        self, functions: Sequence[Callable[..., T]], text: str, *, detail: Literal[False] = False, **options: Any
    ) -> Call[T]: ...
    @overload
    async def choose(
        self, functions: Sequence[Callable[..., T]], text: str, *, detail: Literal[True], **options: Any
    ) -> Result[Call[T]]: ...
    async def choose(self, functions: Sequence[Callable[..., T]], text: str, **options: Any) -> Any:
        """As `Model.choose`."""
        return await interruptible(
            lambda interrupt: self._model.choose(functions, text, interrupt=interrupt, **options)
        )
