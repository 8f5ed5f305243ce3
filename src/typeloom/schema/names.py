"""What a Node says about strings, as one String: the form that `propertyNames` needs, where no value tree exists.

Every combination of Nodes is a combination of languages: AllOf is conjunction, AnyOf union, Not complement.
"""

from __future__ import annotations

from typeloom.errors import SchemaError
from typeloom.regex.expr import ANY_CHAR, ANY_TEXT, EMPTY, Alternate, Complement, Conjoin, Expr, Repeat
from typeloom.schema.kinds import FREE_STRING, both_strings, either_string
from typeloom.schema.node import AllOf, AnyOf, Node, Not, OneOf, Ref, Shape, String
from typeloom.schema.simplify import Look

DEEPEST = 50


def string_of(node: Node, see: Look) -> String | None:
    """The strings that `node` accepts; None when there are none. SchemaError where it refers to itself."""
    return _string(node, see, 0)


def _string(node: Node, see: Look, depth: int) -> String | None:
    if depth > DEEPEST:
        raise SchemaError(f"propertyNames: nested deeper than {DEEPEST} combinations, or refers to itself")
    match node:
        case Shape(string=string):
            return string
        case AllOf(parts):
            total: String | None = FREE_STRING
            for part in parts:
                met = _string(part, see, depth + 1)
                if met is None or total is None:
                    return None
                total = both_strings(total, met)
            return total
        case AnyOf(parts):
            found = [string for part in parts if (string := _string(part, see, depth + 1)) is not None]
            if not found:
                return None
            joined: String | None = found[0]
            for string in found[1:]:
                joined = either_string(joined, string) if joined is not None else None
            return joined or String(language=Alternate(tuple(language_of(string) for string in found)))
        case OneOf(parts):
            languages = [language_of(_string(part, see, depth + 1)) for part in parts]
            exactly = tuple(
                Conjoin((one, *(Complement(other) for other in languages[:index] + languages[index + 1 :])))
                for index, one in enumerate(languages)
            )
            return String(language=Alternate(exactly))
        case Not(part):
            refused = _string(part, see, depth + 1)
            if refused is None:
                return FREE_STRING
            return None if refused == FREE_STRING else String(language=Complement(language_of(refused)))
        case Ref(name):
            shown = see(node)
            if shown is None:
                raise SchemaError(f"propertyNames: {name!r} refers to itself, which the language of a key cannot")
            return _string(shown, see, depth + 1)


def language_of(string: String | None) -> Expr:
    """The language of a String with its length bounds; the empty language for None."""
    if string is None:
        return EMPTY
    if not string.min_length and string.max_length is None:
        return string.language if string.language is not None else ANY_TEXT
    sized = Repeat(ANY_CHAR, string.min_length, string.max_length)
    return sized if string.language is None else Conjoin((string.language, sized))
