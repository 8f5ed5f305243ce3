"""What a Node says about strings, as one String: the form that `propertyNames` needs, where no value tree exists.

Every combination of Nodes is a combination of languages: AllOf is conjunction, AnyOf union, Not complement.
"""

from __future__ import annotations

from typeloom.errors import SchemaError
from typeloom.regex.expr import ANY_CHAR, ANY_TEXT, EMPTY, Alternate, Complement, Conjoin, Expr, Repeat
from typeloom.schema.kinds import FREE_STRING, both_strings
from typeloom.schema.node import AllOf, AnyOf, Node, Not, OneOf, Ref, Shape, String
from typeloom.schema.simplify import Look

DEEPEST = 50
MOST_STEPS = 5000


def string_of(node: Node, see: Look) -> String | None:
    """The strings that `node` accepts; None when there are none. SchemaError where it refers to itself."""
    return _Languages(see).string(node, 0)


class _Languages:
    """One translation, bounded in depth and in the size of what it builds."""

    def __init__(self, see: Look) -> None:
        self._see = see
        self._left = MOST_STEPS

    def string(self, node: Node, depth: int) -> String | None:
        self._left -= 1
        if depth > DEEPEST or self._left < 0:
            raise SchemaError(
                f"propertyNames: more than {MOST_STEPS} combinations, deeper than {DEEPEST}, or it refers to itself"
            )
        match node:
            case Shape(string=string):
                return string
            case AllOf(parts):
                total: String | None = FREE_STRING
                for part in parts:
                    met = self.string(part, depth + 1)
                    if met is None or total is None:
                        return None
                    total = both_strings(total, met)
                return total
            case AnyOf(parts):
                found = [string for part in parts if (string := self.string(part, depth + 1)) is not None]
                if not found:
                    return None
                joined: String | None = found[0]
                for string in found[1:]:
                    joined = either_string(joined, string) if joined is not None else None
                return joined or String(language=Alternate(tuple(language_of(string) for string in found)))
            case OneOf(parts):
                languages = [language_of(self.string(part, depth + 1)) for part in parts]
                exactly = tuple(
                    Conjoin((one, *(Complement(other) for other in languages[:index] + languages[index + 1 :])))
                    for index, one in enumerate(languages)
                )
                return String(language=Alternate(exactly))
            case Not(part):
                refused = self.string(part, depth + 1)
                if refused is None:
                    return FREE_STRING
                return None if refused == FREE_STRING else String(language=Complement(language_of(refused)))
            case Ref(name):
                shown = self._see(node)
                if shown is None:
                    raise SchemaError(f"propertyNames: {name!r} refers to itself, which the language of a key cannot")
                return self.string(shown, depth + 1)


def language_of(string: String | None) -> Expr:
    """The language of a String with its length bounds; the empty language for None."""
    if string is None:
        return EMPTY
    if not string.min_length and string.max_length is None:
        return string.language if string.language is not None else ANY_TEXT
    sized = Repeat(ANY_CHAR, string.min_length, string.max_length)
    return sized if string.language is None else Conjoin((string.language, sized))
