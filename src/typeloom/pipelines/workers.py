"""Answers for many texts, in order: in this process, or in several that each load the model for themselves.

Theory of operation. A worker is a process with a pipe of its own. It makes its step once, then answers text after
text; with slots, it decodes as many of those that its pipe holds together, and the pipe holds as many more, so that a
slot that becomes free finds a text. The weights are mapped from the file, so the system keeps one copy of them for all.
Texts go to the worker that has the fewest in hand, at most `AHEAD` per worker and slot beyond the first one that has no
answer yet; early answers wait for their turn.

Invariants. Each text gets one answer, in the order of the texts. A worker that dies over a text is replaced and the
text given to another; a text that has ended `MAX_DEATHS` workers gets a Failure and is not tried again. Where a worker
had several in hand, any of them may have ended it: each is tried again alone. A worker that dies before it is ready is
an Error, as the next one would. One whose parent is gone reads the end of its pipe and ends.
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
    make: Callable[[], StepOverMany], items: Iterable[tuple[Item, str | None]], workers: int, slots: int = 1
) -> Iterator[tuple[Item, Answer | Failure | None]]:
    """Each item with the answer for its text, in order, None for no text. `items` is read as far as needed.

    make: gives the step; called once in each worker, so it has to pickle. slots: how many texts a step takes together.
    Raises Error when a worker cannot make its step, or meets an error that is not typeloom's.
    """
    pool = _Pool(make, workers, slots)
    waiting: deque[tuple[Item, int | None]] = deque()
    answers: dict[int, Answer | Failure] = {}
    try:
        for number, (item, text) in enumerate(items):
            if text is None:
                waiting.append((item, None))
            else:
                pool.submit(number, text)
                waiting.append((item, number))
            while len(waiting) > workers * slots * AHEAD or (waiting and _ready(waiting[0][1], answers)):
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
    """The workers, and what each of them has in hand, in the order of its answers."""

    def __init__(self, make: Callable[[], StepOverMany], workers: int, slots: int) -> None:
        self._make = make
        self._most = workers
        self._room = 1 if slots == 1 else 2 * slots
        self._workers: dict[Connection, BaseProcess] = {}
        self._starting: set[Connection] = set()
        self._in_hand: dict[Connection, deque[tuple[int, str]]] = {}
        self._queue: deque[tuple[int, str]] = deque()
        self._suspects: set[int] = set()
        self._deaths: dict[int, int] = {}

    def submit(self, number: int, text: str) -> None:
        self._queue.append((number, text))
        if len(self._workers) < self._most:
            self._start()
        self._hand_out()

    def wait(self) -> dict[int, Answer | Failure]:
        """The answers that come next; none when what came was that a worker is ready, or has died."""
        found: dict[int, Answer | Failure] = {}
        busy = [pipe for pipe, in_hand in self._in_hand.items() if in_hand]
        for ready in multiprocessing.connection.wait([*self._starting, *busy]):
            pipe: Connection = ready  # type: ignore[assignment]
            try:
                answer = pipe.recv()
            except (EOFError, OSError):
                found.update(self._buried(pipe))
                continue
            if isinstance(answer, BaseException):
                raise answer
            if pipe in self._starting:
                self._starting.discard(pipe)
            else:
                number, _ = self._in_hand[pipe].popleft()
                self._suspects.discard(number)
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
        self._in_hand[ours] = deque()

    def _hand_out(self) -> None:
        while self._queue:
            number, text = self._queue[0]
            most = 1 if number in self._suspects else self._room
            able = [pipe for pipe, in_hand in self._in_hand.items() if len(in_hand) < most and self._takes_more(pipe)]
            if not able:
                return
            pipe = min(able, key=lambda one: len(self._in_hand[one]))
            self._in_hand[pipe].append(self._queue.popleft())
            with contextlib.suppress(OSError):  # it has died; waiting for it says so
                pipe.send(text)

    def _takes_more(self, pipe: Connection) -> bool:
        """Whether a worker is ready, and has nothing in hand that is to be tried alone."""
        return pipe not in self._starting and all(number not in self._suspects for number, _ in self._in_hand[pipe])

    def _buried(self, pipe: Connection) -> dict[int, Answer | Failure]:
        """Replace a dead worker; what it had in hand goes to others, or has failed."""
        process = self._workers.pop(pipe)
        in_hand = self._in_hand.pop(pipe)
        pipe.close()
        process.join()
        if pipe in self._starting:
            raise Error(f"a worker ended (exit {process.exitcode}) before it had its model; one worker would show why")
        self._start()
        if len(in_hand) == 1:
            ((number, _),) = in_hand
            self._deaths[number] = self._deaths.get(number, 0) + 1
            if self._deaths[number] == MAX_DEATHS:
                exit_code = f"exit {process.exitcode}"
                return {number: Failure("WorkerDied", f"{MAX_DEATHS} workers ended on this text ({exit_code})")}
        else:
            self._suspects.update(number for number, _ in in_hand)
        self._queue.extendleft(reversed(in_hand))
        return {}


def _work(pipe: Connection, make: Callable[[], StepOverMany]) -> None:
    """The life of a worker: make the step, say so, then answer text after text until the pipe ends."""
    try:
        step = _told(make)
        pipe.send(step if isinstance(step, Error) else None)
        if isinstance(step, Error):
            return
        while True:
            outcomes = step.over(_at_hand(pipe))
            while (answer := _told(partial(_next_answer, outcomes))) is not None:
                pipe.send(answer)
    except (EOFError, OSError, KeyboardInterrupt):
        return  # the parent is gone, or does not want any more


def _at_hand(pipe: Connection) -> Iterator[str]:
    """A text, waited for, and what has come by the time that the next one is asked for."""
    yield pipe.recv()
    while pipe.poll():
        yield pipe.recv()


def _next_answer(outcomes: Iterator[Answer | Error]) -> Answer | Failure | None:
    outcome = next(outcomes, None)
    return None if outcome is None else _judged(outcome)


def _told(action: Callable[[], Item]) -> Item | Error:
    """What the action returns; an exception of any kind as an Error that pickles."""
    try:
        return action()
    except Error as error:
        return Error(f"{type(error).__name__}: {error}")
    except EOFError:  # the parent is gone
        raise
    except Exception:
        return Error(f"an error in a worker that is not a text's:\n{traceback.format_exc()}")
