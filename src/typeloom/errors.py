"""The exceptions of typeloom, split by what the reader can do about them.

    Error
    ├── SchemaError        change the type or the schema
    ├── GrammarError       fix the text of a grammar or a regular expression: line, column, caret
    ├── VocabularyError    use another model or vocabulary
    ├── ModelError         the GGUF file or llama.cpp itself said no
    ├── BudgetError        too few tokens; always said before the first token is decoded
    ├── LimitError         a stated size was exceeded: which limit, which value
    ├── Cancelled          another thread ended the call; the model goes on
    │   └── TimeoutExpired     the call's own `timeout` did
    └── ValidationFailed   a validator outside the automaton refuses the decoded object

Every message says what was expected, what was there, where (`$.path`, byte offset or line), and the way out.
"""

from __future__ import annotations

from typing import Any


class Error(Exception):
    """The root of every exception that typeloom raises on purpose."""


class SchemaError(Error):
    """A type or schema that cannot be compiled; `path` says where (`$.items[0].name`)."""

    def __init__(self, message: str, *, path: str = "$") -> None:
        super().__init__(f"{message} (at {path})")
        self.path = path


class GrammarError(Error):
    """A grammar or regular expression that cannot be read.

    `line` and `column` count from 1; the message ends with the offending line and a caret under the place.
    """

    def __init__(self, message: str, *, text: str = "", offset: int | None = None) -> None:
        self.offset = offset
        self.line = self.column = None
        if offset is not None:
            before = text[:offset]
            self.line = before.count("\n") + 1
            self.column = offset - (before.rfind("\n") + 1) + 1
            lines = text.split("\n")
            source = lines[self.line - 1] if self.line <= len(lines) else ""
            start = max(0, self.column - 61)
            shown = source[start : start + 120]
            message = (
                f"{message}, line {self.line}, column {self.column}\n  {shown}\n  {' ' * (self.column - 1 - start)}^"
            )
        super().__init__(message)

    line: int | None
    column: int | None


class VocabularyError(Error):
    """A vocabulary that cannot be used for constrained decoding."""


class ModelError(Error):
    """A model file that cannot be loaded, or a failure inside llama.cpp."""


class BudgetError(Error):
    """Fewer tokens than the shortest complete object needs; `needed` and `given` are token counts."""

    def __init__(self, message: str, *, needed: int, given: int) -> None:
        super().__init__(message)
        self.needed = needed
        self.given = given


class LimitError(Error):
    """A stated limit was exceeded; `limit` names it, `value` is what was reached."""

    def __init__(self, message: str, *, limit: str = "", value: int | None = None) -> None:
        super().__init__(message)
        self.limit = limit
        self.value = value


class Cancelled(Error):
    """Another thread ended the call, as closing a stream does; nothing was returned, and the model is usable."""


class TimeoutExpired(Cancelled):
    """The call took longer than its `timeout`; `seconds` is what it was given. The model is usable."""

    def __init__(self, message: str, *, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class ValidationFailed(Error):
    """The decoded text satisfies the automaton, but a validator outside of it refuses the object.

    `json` is the decoded text, `errors` the validator's own list of reasons, both of the last try; `history` has what
    was refused at each try: `path`, `value`, `reason` and `json`.
    """

    def __init__(
        self, message: str, *, json: str = "", errors: list[Any] | None = None, history: tuple[Any, ...] = ()
    ) -> None:
        super().__init__(message)
        self.json = json
        self.errors = errors or []
        self.history = history
