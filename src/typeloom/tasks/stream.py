"""Typed partial objects while the model decodes: a new one each time a scalar, list or object has closed.

One call decodes in a thread of its own, by the same blocking step as `extract`, and says the bytes of each token that
it takes. `Closings` finds in them where a value ends; a `Partial` per end is put in a queue, which the iterator reads.

A validator outside of the automaton may have a field decoded again. So from the first field on that has one, nothing
is told before the whole object has been validated; then all of it is. `tries=1` decodes nothing again, and tells at
once.

Invariants. What a Partial says is settled: no later one takes it back or changes it, and a scalar that is still open is
in none. The Partials of an answer depend on its text only, not on how the text was cut into tokens. Only the last one
is complete, and it carries the object that Pydantic validated. A Stream that is closed or dropped ends its decoding
within a token; the model is usable at once.
"""

from __future__ import annotations

import asyncio
import json
import queue
import threading
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from typeloom.errors import Cancelled, Error, LimitError
from typeloom.llama.decode import Interrupt
from typeloom.schema.node import Coverage
from typeloom.tasks.answering import Listener

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from typeloom.tasks.extract import Request
    from typeloom.tasks.result import Result

T_co = TypeVar("T_co", covariant=True)
Decode: TypeAlias = Callable[[Listener, Interrupt], "Result[Any]"]


@dataclass(frozen=True)
class Partial(Generic[T_co]):
    """What is settled of an object that is being decoded. No T: it has the fields that have closed so far, no others.

    json: the text so far, up to the end of the value that closed last.
    complete: whether this is the last one, whose `result` is the object.

    A field is an attribute as soon as something in it has closed, by its name in JSON (its alias, if it has one); where
    a field is called like an attribute of this class, `value` has it.

    >>> Partial('{"total":12,"items":["desk"', "]}").value
    {'total': 12, 'items': ['desk']}
    >>> Partial('{"total":12,"items":["desk"', "]}").total
    12
    """

    json: str
    closing: str | None = field(repr=False)
    """What closes the containers that are open in `json`; None where the text is itself the value."""
    complete: bool = False
    validated: T_co | None = field(default=None, repr=False)

    @cached_property
    def value(self) -> Any:
        """Dicts, lists and scalars as JSON has them, as far as they are settled; read at the first look, O(bytes)."""
        if self.closing is None:
            return self.json
        try:
            return json.loads(self.json + self.closing)
        except (RecursionError, ValueError) as error:  # too deep, or more digits than Python reads
            raise LimitError(f"the text so far cannot be read: {error}; bound the type", limit="depth") from error

    @property
    def result(self) -> T_co:
        """The validated object. Raises Error while the object is not complete."""
        if not self.complete:
            raise Error("expected the last part of a stream, this one is not complete; look at `complete`, or `value`")
        return self.validated  # type: ignore[return-value]  # None where T allows it

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name in ("json", "closing", "complete", "validated", "value"):
            raise AttributeError(name)
        settled = self.value if isinstance(self.value, dict) else {}
        if name not in settled:
            known = ", ".join(settled) or "none"
            raise AttributeError(f"nothing of a field {name!r} has closed so far; there are: {known}")
        return settled[name]


class Closings:
    """Where values end in a JSON text that arrives in pieces.

    >>> closings = Closings()
    >>> [part.json for piece in (b'{"a', b'":1', b'2,"b":[tr', b'ue]}') for part in closings.feed(piece)]
    ['{"a":12', '{"a":12,"b":[true', '{"a":12,"b":[true]']
    """

    def __init__(self) -> None:
        self._text = bytearray()
        self._open: list[str] = []  # what closes each open container
        self._lexeme = bytearray()  # of the open number or literal
        self._quoted = self._escaped = self._at_key = False

    def feed(self, piece: bytes) -> Iterator[Partial[Any]]:
        """A Partial for each value but the outermost that ends in this piece. Amortised O(bytes), and O(text) for each
        Partial. A number ends where something else begins."""
        for byte in piece:
            if self._quoted:
                self._text.append(byte)
                if self._escaped:
                    self._escaped = False
                elif byte == 0x5C:  # a backslash
                    self._escaped = True
                elif byte == 0x22:
                    self._quoted = False
                    if not self._at_key:
                        yield from self._ended()
                continue
            if byte in b",]} \t\r\n" and self._lexeme:
                self._lexeme.clear()
                yield from self._ended()
            self._text.append(byte)
            if byte == 0x22:
                self._quoted = True
            elif byte in b"{[":
                self._open.append("}" if byte == 0x7B else "]")
                self._at_key = byte == 0x7B
            elif byte in b"}]":
                self._open.pop()
                self._at_key = False
                yield from self._ended()
            elif byte == 0x2C:
                self._at_key = self._open[-1] == "}"
            elif byte == 0x3A:
                self._at_key = False
            elif byte not in b" \t\r\n":
                self._lexeme.append(byte)
                if bytes(self._lexeme) in (b"true", b"false", b"null"):
                    self._lexeme.clear()
                    yield from self._ended()

    def _ended(self) -> Iterator[Partial[Any]]:
        if self._open:
            yield Partial(self._text.decode("utf-8"), "".join(reversed(self._open)))


EVERYTHING = frozenset({""})
"""Held back from the beginning: a validator may refuse the object itself, or the object is a list."""


def held_back(asked: Request) -> frozenset[str]:
    """The paths of fields, without the `$.`, from which on nothing is settled until the object has been validated."""
    if asked.options.tries == 1:
        return frozenset()
    schema = asked.constraint.schema
    steps = [note.path.partition(".") for note in schema.notes if note.coverage is Coverage.WIDER]
    if any(root != "$" or not rest for root, _, rest in steps):
        return EVERYTHING
    return frozenset(rest for _, _, rest in steps)


class _Telling:
    """The Listener of a Stream: puts Partials into its queue, as soon as what they say is settled."""

    def __init__(self, tell: Callable[[Partial[Any]], object], held: frozenset[str]) -> None:
        self._tell = tell
        self._held = held
        self._closings = Closings()
        self._text = bytearray()
        self._told = 0  # bytes of the text in the Partial that was told last
        self._waiting: list[Partial[Any]] = []
        self._waits = held == EVERYTHING

    def heard(self, piece: bytes) -> None:
        """Another token."""
        self._text += piece
        for part in self._closings.feed(piece):
            self._waits = self._waits or self._holds(part)
            if self._waits:
                self._waiting.append(part)
            else:
                self._told = len(part.json.encode())
                self._tell(part)

    def back_to(self, n_bytes: int) -> bool:
        """Forget what was heard behind so many bytes, if it was not told."""
        if n_bytes < self._told:
            return False
        text = bytes(self._text[:n_bytes])
        self._text, self._closings = bytearray(text), Closings()
        for _ in self._closings.feed(text):
            pass
        self._waiting = [part for part in self._waiting if len(part.json.encode()) <= n_bytes]
        return True

    def settled(self) -> None:
        """All that was heard stands."""
        for part in self._waiting:
            self._tell(part)

    def _holds(self, part: Partial[Any]) -> bool:
        begun = part.value if isinstance(part.value, dict) else {}
        return any(path.startswith(("*", key)) for path in self._held for key in begun)


class Stream(Generic[T_co]):
    """An iterator of Partials, for `for` and for `async for`; it decodes from when the first is asked for.

    The last Partial is complete. Errors come out of the iteration where they happen. `close` ends the decoding and
    waits until the model is free, as do the end of a `with` block and Ctrl-C; a Stream that nobody holds any more ends,
    too. Decoding does not wait for the reader.
    """

    def __init__(self, decode: Decode, *, is_text: bool, held: frozenset[str] = frozenset()) -> None:
        self._decode = decode
        self._held = held
        self._is_text = is_text
        self._parts: queue.SimpleQueue[Partial[Any] | _Failed | None] = queue.SimpleQueue()
        self._interrupt = Interrupt()
        self._thread: threading.Thread | None = None
        self._turn = threading.Lock()  # two readers: one after the other
        self._ended = False
        weakref.finalize(self, self._interrupt.cancel)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Partial[T_co]:
        with self._turn:
            if self._ended:
                raise StopIteration
            if self._thread is None:
                arguments = (self._decode, self._is_text, self._held, self._interrupt, self._parts)  # not self
                self._thread = threading.Thread(target=_decode, args=arguments, name="typeloom stream")
                self._thread.start()
            try:
                part = self._parts.get()
            except BaseException:  # Ctrl-C, while this thread waits
                self.close()
                raise
            if isinstance(part, Partial):
                return part
            closed = self._ended
            self._ended = True
        if isinstance(part, _Failed) and not (closed and isinstance(part.error, Cancelled)):
            raise part.error
        raise StopIteration

    def close(self) -> None:
        """End the decoding, if it goes on, and wait until the model is free. The iteration is over. A second close does
        nothing."""
        self._ended = True
        self._interrupt.cancel()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Partial[T_co]:
        try:
            part = await asyncio.to_thread(next, self, None)
        except asyncio.CancelledError:
            self._ended = True
            self._interrupt.cancel()
            raise
        if part is None:
            raise StopAsyncIteration
        return part

    async def aclose(self) -> None:
        """As `close`, in a thread; what `contextlib.aclosing` calls."""
        await asyncio.to_thread(self.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@dataclass(frozen=True, slots=True)
class _Failed:
    error: BaseException


def _decode(
    decode: Decode, is_text: bool, held: frozenset[str], interrupt: Interrupt, parts: queue.SimpleQueue[Any]
) -> None:
    """What the thread of a Stream does: parts, then None or what failed."""
    telling = _Telling(parts.put, held)
    try:
        found = decode(_Deaf() if is_text else telling, interrupt)
        telling.settled()
        parts.put(Partial(found.json, None if is_text else "", True, found.value))
    except BaseException as error:
        parts.put(_Failed(error))
    else:
        parts.put(None)


class _Deaf:
    """A text has no values that close before it does."""

    def heard(self, piece: bytes) -> None: ...

    def back_to(self, n_bytes: int) -> bool:
        return True
