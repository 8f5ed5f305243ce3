"""Rendering a Jinja template that came out of a model file: untrusted code, so it runs in a sandbox and within bounds.

On top of Jinja's immutable sandbox (no access to Python's internals, no writing to what it is given) every rendering
has a budget: loop iterations, length of the output, and length of every text or list that a call, a filter or an
operator makes. What transformers gives to chat templates is there: raise_exception, strftime_now, tojson without HTML
escapes, loop controls.

Source: transformers, src/transformers/utils/chat_template_utils.py; Jinja, "Sandbox".
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NoReturn

from jinja2 import TemplateError, nodes
from jinja2.ext import loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

from typeloom.errors import LimitError, ModelError

_MOST_CHARACTERS = 1 << 20  # of the template, of its output, and of every intermediate text
_MOST_ITERATIONS = 200_000  # of all loops of one rendering together


class _Refused(Exception):
    """The template called raise_exception."""


class _Environment(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self) -> None:
        super().__init__(trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols])
        self.left = _MOST_ITERATIONS
        self.globals.pop("lipsum", None)
        self.globals["raise_exception"] = _raise
        self.globals["strftime_now"] = lambda form: datetime.now().strftime(form)
        self.filters["tojson"] = _to_json
        del self.filters["format"]  # its widths are not bounded, and no chat template needs it
        self.filters = {name: _bounded_call(function) for name, function in self.filters.items()}
        self.filters["typeloom_counted"] = self._counted
        self.filters["typeloom_joined"] = lambda parts: _bounded("".join(str(part) for part in parts))

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for loop in list(tree.find_all(nodes.For)):
            loop.iter = nodes.Filter(loop.iter, "typeloom_counted", [], [], None, None, lineno=loop.lineno)
        for joined in list(tree.find_all(nodes.Concat)):
            parts = nodes.List(list(joined.nodes), lineno=joined.lineno)
            joined.nodes = [nodes.Filter(parts, "typeloom_joined", [], [], None, None, lineno=joined.lineno)]
        tree.set_environment(self)
        return tree

    def _counted(self, values: Any) -> Any:
        return _Counted(values, self) if hasattr(values, "__len__") else self._count(values)

    def _count(self, values: Iterable[Any]) -> Iterator[Any]:
        for value in values:
            self.left -= 1
            if self.left < 0:
                raise LimitError(
                    f"expected a chat template of at most {_MOST_ITERATIONS} loop iterations, it makes more; "
                    "use another template",
                    limit="chat template iterations",
                    value=_MOST_ITERATIONS,
                )
            yield value

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "*":
            for a, b in ((left, right), (right, left)):
                if isinstance(a, (str, list, tuple)) and isinstance(b, int) and len(a) * b > _MOST_CHARACTERS:
                    _too_long(len(a) * b)
        elif operator == "**" and (abs(left) > 1 << 16 or abs(right) > 64):
            _too_long(_MOST_CHARACTERS + 1)
        elif operator == "%" and isinstance(left, str):
            raise LimitError("a chat template formats text with %, which is not bounded; use another template")
        return _bounded(super().call_binop(context, operator, left, right))

    def call(self, context: Any, function: Any, *args: Any, **kwargs: Any) -> Any:
        _check_arguments(args, kwargs)
        if getattr(function, "__name__", "") in ("format", "format_map"):
            raise LimitError("a chat template formats text with str.format, which is not bounded; use another template")
        return _bounded(super().call(context, function, *args, **kwargs))


class _Counted:
    """A sized iterable whose iteration is counted; Jinja's `loop.length` and `loop.last` need the size."""

    def __init__(self, values: Any, environment: _Environment) -> None:
        self._values = values
        self._environment = environment

    def __len__(self) -> int:
        return len(self._values)

    def __iter__(self) -> Iterator[Any]:
        return self._environment._count(self._values)


def _raise(message: str) -> NoReturn:
    raise _Refused(str(message))


def _to_json(value: Any, ensure_ascii: bool = False, indent: int | None = None, **options: Any) -> str:
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, sort_keys=bool(options.get("sort_keys", False)))


def _bounded_call(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)  # keeps the marks by which Jinja passes its context
    def bounded(*args: Any, **kwargs: Any) -> Any:
        _check_arguments(args, kwargs)
        return _bounded(function(*args, **kwargs))

    return bounded


def _check_arguments(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
    for value in (*args, *kwargs.values()):
        if isinstance(value, int) and abs(value) > _MOST_CHARACTERS:
            _too_long(value)


def _bounded(value: Any) -> Any:
    if isinstance(value, (str, list, tuple)) and len(value) > _MOST_CHARACTERS:
        _too_long(len(value))
    return value


def _too_long(size: int) -> NoReturn:
    raise LimitError(
        f"expected a chat template whose texts have at most {_MOST_CHARACTERS} characters, it makes one of {size}; "
        "use another template",
        limit="chat template characters",
        value=size,
    )


def render(source: str, variables: Mapping[str, Any]) -> str:
    """The template's text. Raises ModelError if the template is wrong or refuses, LimitError if it goes past its
    budget.

    Cost: compiling the template, a few milliseconds.

    >>> render("{% for m in messages %}{{ m.content | trim }};{% endfor %}", {"messages": [{"content": " a "}]})
    'a;'
    """
    if len(source) > _MOST_CHARACTERS:
        _too_long(len(source))
    parts: list[str] = []
    size = 0
    try:
        for part in _Environment().from_string(source).generate(**variables):
            size += len(part)
            if size > _MOST_CHARACTERS:
                _too_long(size)
            parts.append(part)
    except LimitError:
        raise
    except _Refused as refusal:
        raise ModelError(f"the model's chat template refuses these messages: {refusal}") from None
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        where = f" in line {line}" if line else ""
        raise ModelError(
            f"the model's chat template cannot be rendered{where}: {error}; use another template"
        ) from None
    except (
        TypeError,
        ValueError,
        KeyError,
        IndexError,
        AttributeError,
        ArithmeticError,
        RecursionError,
        MemoryError,
    ) as error:
        raise ModelError(
            f"the model's chat template fails: {type(error).__name__}: {error}; use another template"
        ) from None
    return "".join(parts)
