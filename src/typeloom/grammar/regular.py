"""`Regex`: a text that a regular expression matches as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from typeloom.errors import GrammarError
from typeloom.grammar.cfg import Cfg, Production
from typeloom.regex.expr import Expr
from typeloom.regex.parse import Dialect, parse
from typeloom.schema.marks import OnText

_DIALECTS = {"python": Dialect.PYTHON, "ecma": Dialect.ECMA, "rust": Dialect.RUST}


@dataclass(frozen=True, slots=True)
class Regex:
    """A regular expression as a source of constraints, `tl.compile(tl.Regex(r"[a-z]+"), vocab)`, and as a mark for
    `str` fields, `Annotated[str, tl.Regex(r"[a-z]+")]`.

    The whole text matches, as with `re.fullmatch`. dialect: "python", "ecma" or "rust". Raises GrammarError when it is
    read: for a pattern that is malformed, and for what no automaton holds (backreferences, lookbehind).

    >>> from typeloom.testing import byte_vocabulary
    >>> import typeloom as tl
    >>> con = tl.compile(Regex(r"(?i)yes|no"), byte_vocabulary())
    >>> con.accepts("YES"), con.accepts("yes and no")
    (True, False)
    """

    says: ClassVar[str] = "matches the expression as a whole"

    pattern: str
    dialect: Literal["python", "ecma", "rust"] = "python"

    def expression(self) -> Expr:
        """The language of the pattern."""
        if self.dialect not in _DIALECTS:
            raise GrammarError(f"expected dialect 'python', 'ecma' or 'rust', got {self.dialect!r}")
        if not isinstance(self.pattern, str):
            raise GrammarError(f"expected a pattern as str, got {type(self.pattern).__name__}")
        return whole(self.pattern, _DIALECTS[self.dialect])

    __get_pydantic_core_schema__ = OnText()

    def read(self) -> Cfg:
        """The expression as the one terminal of a grammar."""
        return Cfg("text", (Production("text", (self.expression(),)),))


def whole(pattern: str, dialect: Dialect) -> Expr:
    """The texts that match from their beginning to their end. Raises GrammarError with the place in the pattern."""
    return parse(pattern, dialect, full_match=True)
