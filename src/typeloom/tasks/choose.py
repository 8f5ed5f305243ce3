"""Text in, call out: which of a few typed functions the text asks for, and with which arguments.

Theory of operation. Each function is read into a type whose fields are its parameters, and the union of those types,
told apart by the function's name, is an ordinary type: it is shown in the prompt, compiled, decoded under its mask and
validated like any other. Docstrings are the descriptions: the first paragraph of what the function does, and of each
parameter what `Annotated[..., Field(description=...)]` says.

Nothing is executed. A `Call` holds the function and its validated arguments; `call()` runs it.
"""

from __future__ import annotations

import functools
import inspect
import operator
import typing
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, Field, create_model
from pydantic.errors import PydanticUserError

from typeloom.errors import SchemaError

R = TypeVar("R")

FUNCTION = "function"
ARGUMENTS = "arguments"
MAX_FUNCTIONS = 128
"""Functions of one choice; each costs lines of the prompt."""


@dataclass(frozen=True, slots=True)
class Call(Generic[R]):
    """A function and validated arguments for it; calling it calls the function.

    arguments: by parameter name, with the values of the parameters' types; those that the text leaves at their default
    are in it with that default. A parameter that is positional only is passed so.
    """

    function: Callable[..., R]
    arguments: Mapping[str, Any]

    def __call__(self) -> R:
        """What the function returns; raises what it raises."""
        before: list[Any] = []
        named = dict(self.arguments)
        for name, parameter in inspect.signature(self.function).parameters.items():
            if parameter.kind is inspect.Parameter.POSITIONAL_ONLY:
                before.append(named.pop(name))
        return self.function(*before, **named)

    def __repr__(self) -> str:
        written = ", ".join(f"{name}={value!r}" for name, value in self.arguments.items())
        return f"Call({_name(self.function)}({written}))"


@dataclass(frozen=True, slots=True)
class Choice(Generic[R]):
    """The functions by name, and the type whose objects say which of them to call: `read` makes a Call of such one."""

    functions: Mapping[str, Callable[..., R]]
    type: Any

    def read(self, value: Any) -> Call[R]:
        """The Call that an object of `type` stands for."""
        arguments = getattr(value, ARGUMENTS)
        fields = type(arguments).model_fields.items()
        named = {str(field.alias): getattr(arguments, name) for name, field in fields}
        return Call(self.functions[getattr(value, FUNCTION)], named)

    def example(self, number: int, example: tuple[str, Call[Any]]) -> tuple[str, Any]:
        """An example of a text and a Call, as one of `extract`; raises SchemaError for what is no such pair."""
        if not (isinstance(example, tuple) and len(example) == 2 and isinstance(example[1], Call)):
            raise SchemaError(f"example {number}: expected a pair (text, tl.Call(...)), got {example!r}")
        text, call = example
        name = _name(call.function)
        if self.functions.get(name) != call.function:
            raise SchemaError(f"example {number}: {name} is none of the functions: {', '.join(self.functions)}")
        return text, {FUNCTION: name, ARGUMENTS: dict(call.arguments)}


def choice(functions: Sequence[Callable[..., R]]) -> Choice[R]:
    """Read functions into a Choice.

    Every parameter needs an annotation that is a type to extract; `*args` and `**kwargs` are refused, methods must be
    bound. Raises SchemaError with the function and the parameter that cannot be read, for no function at all, and for
    two of the same name.

    >>> def refund(order: str, amount: float | None = None) -> str: ...
    >>> made = choice([refund])
    >>> import typeloom as tl
    >>> vocab = tl.Vocabulary.from_tokens([bytes([b]) for b in range(256)] + [b""], end_ids=[256], special_ids=[256])
    >>> tl.compile(made.type, vocab).accepts('{"function":"refund","arguments":{"order":"A7","amount":3.5}}')
    True
    """
    named: dict[str, Callable[..., R]] = {}
    for function in offered(functions):
        name = _name(function)
        if name in named:
            raise SchemaError(f"expected functions of different names, got two called {name!r}; wrap one in a def")
        named[name] = function
    calls = [_call_type(name, function) for name, function in named.items()]
    if len(calls) == 1:
        return Choice(named, calls[0])
    union = functools.reduce(operator.or_, calls)
    return Choice(named, typing.Annotated[union, Field(discriminator=FUNCTION)])


def offered(functions: Sequence[Callable[..., R]]) -> tuple[Callable[..., R], ...]:
    """The functions, if they are some; raises SchemaError if they are not."""
    if callable(functions):
        raise SchemaError(f"expected a list of functions, got {_name(functions)} alone; write [{_name(functions)}]")
    found = tuple(functions)
    if not 0 < len(found) <= MAX_FUNCTIONS:
        raise SchemaError(f"expected from 1 to {MAX_FUNCTIONS} functions to choose from, got {len(found)}")
    for function in found:
        if not callable(function):
            raise SchemaError(f"expected functions to choose from, got {function!r}")
        if not isinstance(function, Hashable):
            raise SchemaError(f"expected functions that can be hashed, {function!r} cannot; wrap it in a def")
    return found


def _call_type(name: str, function: Callable[..., Any]) -> type[BaseModel]:
    """`{"function": name, "arguments": {...}}` as a model."""
    does = (inspect.getdoc(function) or "").partition("\n\n")[0]
    model: type[BaseModel] = create_model(
        name,
        __doc__=does or None,
        **{
            FUNCTION: (Literal[name], Field(description=" ".join(does.split()) or None)),
            ARGUMENTS: (_arguments_type(name, function), ...),
        },  # type: ignore[call-overload]
    )
    return model


def _arguments_type(name: str, function: Callable[..., Any]) -> type[BaseModel]:
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError) as error:
        raise SchemaError(f"the parameters of {name} cannot be read: {error}; wrap it in a typed def") from None
    hints = _hints(name, function)
    fields: dict[str, Any] = {}
    for number, (parameter_name, parameter) in enumerate(signature.parameters.items()):
        if parameter.kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD):
            raise SchemaError(f"{name}: *{parameter_name} takes any arguments; wrap the function in a def without it")
        if parameter_name not in hints:
            raise SchemaError(f"{name}: expected an annotation of parameter {parameter_name!r}, there is none")
        default = ... if parameter.default is inspect.Parameter.empty else parameter.default
        # Named by position, since a parameter may be called as something of BaseModel is; its own name is the alias.
        fields[f"parameter_{number}"] = (hints[parameter_name], Field(default, alias=parameter_name))
    try:
        arguments: type[BaseModel] = create_model(f"{name}_arguments", **fields)
    except PydanticUserError as error:
        reason = str(error).partition("\n")[0]
        raise SchemaError(f"{name}: a parameter has no type to extract: {reason}") from error
    return arguments


def _hints(name: str, function: Callable[..., Any]) -> dict[str, Any]:
    target = function if inspect.isroutine(function) else inspect.unwrap(function)
    if not inspect.isroutine(target):
        target = target.__init__ if inspect.isclass(target) else type(target).__call__
    try:
        return typing.get_type_hints(target, include_extras=True)
    except (NameError, TypeError) as error:
        raise SchemaError(
            f"the annotations of {name} cannot be resolved: {error}; define the types before the function, at module"
            " level"
        ) from error


def _name(function: Any) -> str:
    return str(getattr(function, "__name__", type(function).__name__))
