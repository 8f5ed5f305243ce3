"""A typed function whose body is a model: the return annotation is the schema, the docstring the instructions, the
arguments the input.

The function's own body is never run. What the model reads of a call is one `name: value` line per argument, or the
text itself when the function has a single str parameter. Annotations are resolved when the decorator runs, so a wrong
one is an error at import, not at the first call.
"""

from __future__ import annotations

import functools
import inspect
import json
import typing
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Generic, Literal, ParamSpec, TypeVar, overload

from pydantic_core import PydanticSerializationError, to_jsonable_python

from typeloom.errors import Error, SchemaError
from typeloom.tasks.options import Options, words
from typeloom.tasks.task import OnError, Task

if TYPE_CHECKING:
    from typeloom.tasks.model import Model
    from typeloom.tasks.stream import Stream

P = ParamSpec("P")
R = TypeVar("R")


class Function(Generic[P, R]):
    """What `@m.fn` makes of a function. `task` is the Task behind it; `__wrapped__` the function as written."""

    task: Task[R]
    __wrapped__: Callable[P, R]
    __name__: str
    __qualname__: str

    def __init__(self, function: Callable[P, R], task: Task[R]) -> None:
        functools.update_wrapper(self, function)
        self.task = task
        self._signature = inspect.signature(function)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """The object that the model reads from the arguments. Raises as `Model.extract` does."""
        return self.task.run(rendered(self._signature, args, kwargs))

    async def aio(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """As the plain call, in a thread, so that the event loop goes on meanwhile; cancelling the await ends the
        decoding."""
        return await self.task.aio(rendered(self._signature, args, kwargs))

    def stream(self, *args: P.args, **kwargs: P.kwargs) -> Stream[R]:
        """The object of the plain call while it is decoded, for `for` and for `async for`; as `Model.stream`."""
        return self.task.stream(rendered(self._signature, args, kwargs))

    @overload
    def map(
        self, items: Iterable[Any], *, on_error: Literal["raise", "skip"] = "raise", progress: bool = False
    ) -> list[R]: ...
    @overload
    def map(self, items: Iterable[Any], *, on_error: OnError, progress: bool = False) -> list[R | Error]: ...
    def map(
        self, items: Iterable[Any], *, on_error: OnError = "raise", progress: bool = False
    ) -> list[R] | list[R | Error]:
        """The results of a call per item, in order.

        An item is the argument of a function with one parameter; otherwise a tuple of arguments, or a dict of them by
        name. `on_error` and `progress` are as in `Task.map`.
        """
        return self.task.read(items, self._item_text, on_error=on_error, progress=progress)

    def _item_text(self, item: Any) -> str:
        """What the model reads of a call with this item."""
        args: tuple[Any, ...] = ()
        kwargs: dict[str, Any] = {}
        if len(self._signature.parameters) == 1:
            args = (item,)
        elif isinstance(item, Mapping):
            kwargs = dict(item)
        elif isinstance(item, tuple):
            args = item
        else:
            raise Error(
                f"expected a tuple or a dict of the {len(self._signature.parameters)} arguments of"
                f" {self._signature}, got {type(item).__name__}"
            )
        return rendered(self._signature, args, kwargs)

    def __repr__(self) -> str:
        return f"<typeloom function {self.__qualname__}{self._signature}>"


def function(model: Model, body: Callable[P, R], options: Options) -> Function[P, R]:
    """Make the model the body of a typed function.

    Raises SchemaError when there is no return annotation, an annotation cannot be resolved, or the function is async
    (declare it plain and call `.aio`).
    """
    name = getattr(body, "__qualname__", repr(body))
    if inspect.iscoroutinefunction(body):
        raise SchemaError(f"expected a plain function, got coroutine function {name}; declare it with def, call .aio")
    if not inspect.signature(body).parameters:
        raise SchemaError(f"expected {name} to have a parameter to read from, it has none")
    try:
        returned = typing.get_type_hints(body, include_extras=True).get("return")
    except NameError as error:
        raise SchemaError(
            f"the annotations of {name} cannot be resolved: {error}; define the type before the function,"
            " at module level"
        ) from error
    if returned is None:
        raise SchemaError(f"expected {name} to have a return annotation that is a type to extract, as in -> Invoice")
    return Function(body, Task[R](returned, inspect.getdoc(body) or "", model=model, **words(options)))


def rendered(signature: inspect.Signature, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> str:
    """The text that the model reads of a call.

    >>> def reply(customer: str, days: int = 3) -> bool: ...
    >>> print(rendered(inspect.signature(reply), ("Ada",), {}))
    customer: Ada
    days: 3
    """
    bound = signature.bind(*args, **kwargs)
    bound.apply_defaults()
    values = dict(bound.arguments)
    if len(values) == 1:
        (only,) = values.values()
        if isinstance(only, str):
            return only
    return "\n".join(f"{name}: {_written(value)}" for name, value in values.items())


def _written(value: Any) -> str:
    """Text as it is; anything else as JSON where it has a JSON form, else as Python shows it."""
    if isinstance(value, str):
        return value
    try:
        return json.dumps(to_jsonable_python(value), ensure_ascii=False)
    except (PydanticSerializationError, UnicodeDecodeError, ValueError):
        return str(value)
