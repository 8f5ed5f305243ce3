"""Marks on a `str` field: `Annotated[str, mark]` holds the field's text to a language of its own.

A mark travels through Pydantic's core schema as metadata of the `str` that it is put on; the reader conjoins its
expression with what the type says of the text. Pydantic itself knows nothing of it: what the automaton writes is in the
language, and a text from elsewhere is not checked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar, Protocol, runtime_checkable

from typeloom.errors import GrammarError, SchemaError
from typeloom.regex.expr import Conjoin, Expr, External
from typeloom.schema.leaf import Core, Leaf
from typeloom.schema.node import Shape, String

_METADATA = "typeloom_marks"


@runtime_checkable
class Mark(Protocol):
    """What may stand beside `str`; `says` is what `check` tells of the field."""

    says: ClassVar[str]

    def expression(self) -> Expr:
        """The language. Raises GrammarError if it cannot be read."""


class OnText:
    """The `__get_pydantic_core_schema__` of a mark; a class that stands in a type is its instance without arguments."""

    def __get__(self, instance: Mark | None, owner: type[Any]) -> Callable[[Any, Any], Any]:
        return partial(_marked, owner if instance is None else instance)


def _marked(mark: Any, source: Any, handler: Callable[[Any], Any]) -> Any:
    if isinstance(mark, type):
        try:
            mark = mark()
        except TypeError:
            raise SchemaError(f"expected {mark.__name__}(...) with its arguments, got the class {mark!r}") from None
    name = type(mark).__name__
    core = handler(source)
    if core.get("type") != "str":
        raise SchemaError(
            f"expected {name} on a str, got it on {source!r}; write it inside: Annotated[str, {name}] | None"
        )
    metadata = dict(core.get("metadata") or {})
    metadata[_METADATA] = (*metadata.get(_METADATA, ()), mark)
    return {**core, "metadata": metadata}


def marks_of(core: Core) -> tuple[Mark, ...]:
    """The marks that were put on this type, in order."""
    marks: tuple[Mark, ...] = (core.get("metadata") or {}).get(_METADATA, ())
    return marks


def held(leaf: Leaf, marks: tuple[Mark, ...], path: str) -> tuple[Leaf, tuple[Expr, ...]]:
    """A `str` that was read, held to its marks as well, and their expressions. Raises SchemaError for a mark whose
    grammar cannot be read, and for a context-free grammar that is not alone on its field."""
    string = leaf.node.string if isinstance(leaf.node, Shape) else None
    assert string is not None
    try:
        expressions = tuple(mark.expression() for mark in marks)
    except GrammarError as error:
        raise SchemaError(str(error), path=path) from error
    if any(isinstance(one, External) for one in expressions) and (len(expressions) > 1 or string != String()):
        raise SchemaError(
            "expected a grammar alone on its field, got it beside a pattern, a length or another mark, with which it "
            "may have no text in common and nothing can tell; say in the grammar what they say",
            path=path,
        )
    languages = expressions if string.language is None else (string.language, *expressions)
    language = languages[0] if len(languages) == 1 else Conjoin(languages)
    node = Shape(string=replace(string, language=language))
    return replace(leaf, node=node, reason=", ".join(dict.fromkeys(mark.says for mark in marks))), expressions
