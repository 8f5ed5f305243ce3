"""Answers for many texts, in order: in this process, or in several that each load the model for themselves.

Theory of operation. A worker is a process with a pipe of its own. It makes its step once, then answers text after
text. The weights are mapped from the file, so the system keeps one copy of them for all. Texts go to whichever worker
is free, at most `AHEAD` per worker beyond the first one that has no answer yet; early answers wait for their turn.

Invariants. Each text gets one answer, in the order of the texts. A worker that dies over a text is replaced and the
text given to another; a text that has ended `MAX_DEATHS` workers gets a Failure and is not tried again. A worker that
dies before it is ready is an Error, as the next one would. One whose parent is gone reads the end of its pipe and ends.
"""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import multiprocessing.connection
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from typeloom.errors import Error, GrammarError, ModelError, SchemaError, VocabularyError
from typeloom.pipelines.step import Answer, Step, StepOverMany
from typeloom.tasks.task import attempted

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

AHEAD = 4
MAX_DEATHS = 2

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer: the name of the error and what it says."""

    kind: str
    message: str


def attempt(step: Step, text: str) -> Answer | Failure:
    """The answer, or why this text has none.

    Errors that no other text would fare better with (the type, the model) are raised, and so are other packages' own.
    """
    return _judged(attempted(step, text))


def _judged(outcome: Answer | Error) -> Answer | Failure:
    if isinstance(outcome, SchemaError | GrammarError | VocabularyError | ModelError):
        raise outcome
    return Failure(type(outcome).__name__, str(outcome)) if isinstance(outcome, Error) else outcome


def in_turn(
    make: Callable[[], Step], items: Iterable[tuple[Item, str | None]]
) -> Iterator[tuple[Item, Answer | Failure | None]]:
    """Each item with the answer for its text, None for no text, one after the other in this process."""
    step: Step | None = None
    for item, text in items:
        if text is None:
            yield item, None
            continue
        step = step or make()
        yield item, attempt(step, text)


def together(
    make: Callable[[], StepOverMany], items: Iterable[tuple[Item, str | None]]
) -> Iterator[tuple[Item, Answer | Failure | None]]:
    """As `in_turn`, with as many texts decoded together as the step's model has slots.

    Items are read as slots become free; those between two texts wait for the answer to the first.
    """
    left = iter(items)
    for item, text in left:
        if text is not None:
            left = itertools.chain([(item, text)], left)
            break
        yield item, None
    else:
        return
    waiting: deque[tuple[Item, bool]] = deque()

    def texts() -> Iterator[str]:
        for item, text in left:
            waiting.append((item, text is not None))
            if text is not None:
                yield text

    for outcome in make().over(texts()):
        while not waiting[0][1]:
            yield waiting.popleft()[0], None
        yield waiting.popleft()[0], _judged(outcome)
    for item, _ in waiting:
        yield item, None


def in_order(
    make: Callable[[], Step], items: Iterable[tuple[Item, str | None]], workers: int
) -> Iterator[tuple[Item, Answer | Failure | None]]:
    """Each item with the answer for its text, in order, None for no text. `items` is read as far as needed.

    make: gives the step; called once in each worker, so it has to pickle.
    Raises Error when a worker cannot make its step, or meets an error that is not typeloom's.
    """
    pool = _Pool(make, workers)
    waiting: deque[tuple[Item, int | None]] = deque()
    answers: dict[int, Answer | Failure] = {}
    try:
        for number, (item, text) in enumerate(items):
            if text is None:
                waiting.append((item, None))
            else:
                pool.submit(number, text)
                waiting.append((item, number))
            while len(waiting) > workers * AHEAD or (waiting and _ready(waiting[0][1], answers)):
                while not _ready(waiting[0][1], answers):
                    answers.update(pool.wait())
                yield _next(waiting, answers)
        while waiting:
            while not _ready(waiting[0][1], answers):
                answers.update(pool.wait())
            yield _next(waiting, answers)
    finally:
        pool.close()


def _ready(number: int | None, answers: dict[int, Answer | Failure]) -> bool:
    return number is None or number in answers


def _next(
    waiting: deque[tuple[Item, int | None]], answers: dict[int, Answer | Failure]
) -> tuple[Item, Answer | Failure | None]:
    item, number = waiting.popleft()
    return item, None if number is None else answers.pop(number)


class _Pool:
    """The workers, and what each of them has in hand."""

    def __init__(self, make: Callable[[], Step], workers: int) -> None:
        self._make = make
        self._most = workers
        self._workers: dict[Connection, BaseProcess] = {}
        self._starting: set[Connection] = set()
        self._in_hand: dict[Connection, tuple[int, str]] = {}
        self._queue: deque[tuple[int, str]] = deque()
        self._deaths: dict[int, int] = {}

    def submit(self, number: int, text: str) -> None:
        self._queue.append((number, text))
        if len(self._workers) < self._most:
            self._start()
        self._hand_out()

    def wait(self) -> dict[int, Answer | Failure]:
        """The answers that come next; none when what came was that a worker is ready, or has died."""
        found: dict[int, Answer | Failure] = {}
        for ready in multiprocessing.connection.wait([*self._starting, *self._in_hand]):
            pipe: Connection = ready  # type: ignore[assignment]
            number, text = self._in_hand.pop(pipe, (-1, ""))
            try:
                answer = pipe.recv()
            except (EOFError, OSError):
                found.update(self._buried(pipe, number, text))
                continue
            if isinstance(answer, BaseException):
                raise answer
            if pipe in self._starting:
                self._starting.discard(pipe)
            else:
                found[number] = answer
        self._hand_out()
        return found

    def close(self) -> None:
        for pipe, process in self._workers.items():
            pipe.close()
            process.terminate()
        for process in self._workers.values():
            process.join()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")  # a forked child would share the parent's threads and locks
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, self._make), daemon=True)
        process.start()
        theirs.close()
        self._workers[ours] = process
        self._starting.add(ours)

    def _hand_out(self) -> None:
        for pipe in self._workers.keys() - self._in_hand.keys() - self._starting:
            if not self._queue:
                return
            number, text = self._queue.popleft()
            self._in_hand[pipe] = number, text
            with contextlib.suppress(OSError):  # it has died; waiting for it says so
                pipe.send(text)

    def _buried(self, pipe: Connection, number: int, text: str) -> dict[int, Answer | Failure]:
        """Replace a dead worker; its text goes to the next one, or has failed."""
        process = self._workers.pop(pipe)
        pipe.close()
        process.join()
        if pipe in self._starting:
            raise Error(f"a worker ended (exit {process.exitcode}) before it had its model; one worker would show why")
        self._start()
        self._deaths[number] = self._deaths.get(number, 0) + 1
        if self._deaths[number] < MAX_DEATHS:
            self._queue.appendleft((number, text))
            return {}
        return {number: Failure("WorkerDied", f"{MAX_DEATHS} workers ended on this text (exit {process.exitcode})")}


def _work(pipe: Connection, make: Callable[[], Step]) -> None:
    """The life of a worker: make the step, say so, then answer text after text until the pipe ends."""
    try:
        step = _told(make)
        pipe.send(step if isinstance(step, Error) else None)
        if isinstance(step, Error):
            return
        while True:
            text = pipe.recv()
            pipe.send(_told(partial(attempt, step, text)))
    except (EOFError, OSError, KeyboardInterrupt):
        return  # the parent is gone, or does not want any more


def _told(action: Callable[[], Item]) -> Item | Error:
    """What the action returns; an exception of any kind as an Error that pickles."""
    try:
        return action()
    except Error as error:
        return Error(f"{type(error).__name__}: {error}")
    except Exception:
        return Error(f"an error in a worker that is not a text's:\n{traceback.format_exc()}")
