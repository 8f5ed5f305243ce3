"""Patterns of three dialects, as the language of the whole texts that they match.

`read` turns the text of a pattern into parts; a part without assertions already is an expression. `resolve` turns
anchors, word boundaries and lookaheads into conjunctions and cases, exactly. What cannot be said exactly is refused
with GrammarError (lookbehind, backreferences, atomic groups, scripts) or LimitError (size), never widened.

Costs: linear in the pattern without assertions. Shared subtrees are shared objects, so a consumer should memoise by
identity; counted as a tree the result has at most MAX_SIZE parts. It nests up to about 600 deep (three levels a group).
"""

from __future__ import annotations

import re
import warnings

from typeloom.errors import GrammarError, LimitError
from typeloom.regex import charset, syntax
from typeloom.regex.expr import ANY_TEXT, Alternate, Complement, Concat, Conjoin, Expr, Repeat
from typeloom.regex.read import Dialect, Reader
from typeloom.regex.resolve import resolve
from typeloom.regex.syntax import Plain

__all__ = ["Dialect", "parse"]

MAX_SIZE = 200_000
# Patterns made of nothing but these pieces are refused by `re` only where the reader refuses them (a test draws them).
_ORDINARY = re.compile(
    r"""(?: \[\^? | [\^$](?![*+?{]) | [^\\({^$] | \\[^a-zA-Z0-9] | \\[dDwWsSnrtfv] | \\x[0-9a-fA-F]{2}
    | \((?:\?[ims]?:)?(?![?*]) | \{(?![\d,]*[\d,]{5}) )*""",
    re.VERBOSE | re.DOTALL,
)

_SEARCHED = syntax.Plain(ANY_TEXT, 0, None, charset.EVERY, charset.EVERY, nullable=True)


def parse(pattern: str, dialect: Dialect, *, full_match: bool = False) -> Expr:
    """The language of the whole texts in which `pattern` matches somewhere (or, with `full_match`, from end to end).

    Raises GrammarError (with line, column and caret) where the dialect refuses the pattern or an automaton cannot say
    it; LimitError past 65,536 characters, 200 nested groups, or a result of more than 200,000 parts.

    >>> parse("^ab?$", Dialect.ECMA)
    Concat(parts=(Literal(text='a'), Repeat(part=Literal(text='b'), minimum=0, maximum=1)))
    >>> parse("yes|no", Dialect.PYTHON, full_match=True)
    Literals(texts=('yes', 'no'))
    """
    part = Reader(pattern, dialect).read()
    if dialect is Dialect.PYTHON and not _ORDINARY.fullmatch(pattern):
        _ask_python(pattern)
    if not full_match:
        part = syntax.sequence([_SEARCHED, part, _SEARCHED])
    if isinstance(part, Plain):
        return part.expr
    result = resolve(part, pattern)
    _check_size(result)
    return result


def _ask_python(pattern: str) -> None:
    """`re` refuses some patterns that the reader lets pass; its word is final in its own dialect."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(pattern)
    except re.error as error:
        raise GrammarError(f"Python re: {error.msg}", text=pattern, offset=error.pos) from None
    except (OverflowError, RecursionError) as error:
        raise LimitError(f"Python's re cannot compile this pattern: {error}", limit="pattern nesting") from None


def _check_size(result: Expr) -> None:
    """Counts the parts as a tree, without walking one: shared parts are counted from memory."""
    sizes: dict[int, int] = {}
    stack: list[tuple[Expr, bool]] = [(result, False)]
    while stack:
        expr, ready = stack.pop()
        if id(expr) in sizes:
            continue
        children: tuple[Expr, ...] = ()
        if isinstance(expr, Concat | Alternate | Conjoin):
            children = expr.parts
        elif isinstance(expr, Repeat | Complement):
            children = (expr.part,)
        if ready:
            sizes[id(expr)] = 1 + sum(sizes[id(child)] for child in children)
        else:
            stack.append((expr, True))
            stack.extend((child, False) for child in children)
    if sizes[id(result)] > MAX_SIZE:
        raise LimitError(
            f"the assertions of a pattern may unfold to {MAX_SIZE} parts, here they unfold to more; "
            "split the pattern, or move its anchors and lookaheads to the ends",
            limit="pattern size",
            value=sizes[id(result)],
        )
