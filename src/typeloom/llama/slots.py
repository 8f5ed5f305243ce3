"""Many generations on one model, evaluated together: as many at a time as the model has slots, refilled as they finish.

Each step evaluates the next tokens of all of them in one batch, so that what it costs to read the weights is paid once
for all; a beginning that prompts share is evaluated once and marked as everybody's. Jobs are read as slots become
free, answers come in the order of the jobs; at most `AHEAD` times the slots are ahead of the first that is missing.

A job may take several generations, one after the other: it is a generator that yields Requests, is sent their
Generations (or thrown the Error that came instead), and returns its answer. The next generation of a job goes before
jobs that have not begun, so its prompt is still in the memory of the slot that it had.

The model's lock is held until one of them is done, then offered to others. What else the model does meanwhile may take
a slot: its generation is then evaluated again from where its prompt is known, and gives what it would have given.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from typeloom._core import Evidence, Interrupt, Slots, TokenConstraint
from typeloom.errors import Cancelled, Error
from typeloom.llama.decode import Generation, Sampling, generation, granted, out_of_time, turn

if TYPE_CHECKING:
    from typeloom.llama.model import LlamaModel

AHEAD = 4
A = TypeVar("A")


@dataclass(frozen=True)
class Request:
    """One generation that is wanted; the fields are the arguments of `typeloom.llama.decode.generate`."""

    prompt: Sequence[int]
    constraint: TokenConstraint | None
    max_tokens: int
    sampling: Sampling | None = None
    evidence: Evidence = Evidence.NONE


Steps: TypeAlias = Generator[Request, Generation, A]


@dataclass(frozen=True)
class Job(Generic[A]):
    """Generations that lead to one answer, and the seconds that they may take together, from when the first begins."""

    steps: Steps[A]
    timeout: float | None = None


def generate_many(
    model: LlamaModel, requests: Iterable[Request | Error], *, interrupt: Interrupt | None = None
) -> Iterator[Generation | Error]:
    """What `generate` returns or raises for each request, in their order; an Error among them is passed through.
    Else as `run`."""
    return run(model, (one if isinstance(one, Error) else Job(_one(one)) for one in requests), interrupt=interrupt)


def _one(request: Request) -> Steps[Generation]:
    return (yield request)


def run(
    model: LlamaModel, jobs: Iterable[Job[A] | Error], *, interrupt: Interrupt | None = None
) -> Iterator[A | Error]:
    """What each job returns or raises, in their order; an Error among them is passed through.

    An Error that only one job has to do with (its budget, its constraint, its time) is its answer. One that ends the
    batch is raised and loses those that were in it: ModelError if llama.cpp fails, Cancelled if the interrupt says so;
    the model stays usable. What other packages raise goes through.

    Greedy answers are those of `generate`, with one exception: a batch of another size may round the last bits of the
    logits differently (so may a prompt that is evaluated in other parts), and between two tokens whose logits differ by
    no more than that, the other one may win. Equal logits always go to the lower token. With a temperature, each
    request draws from a generator of its own, seeded by its own seed.
    """
    queue = _Queue(model, iter(jobs))
    while True:
        while queue.next_is_done():
            yield queue.pop()
        if queue.read():
            continue
        if not queue.run(interrupt):
            return


@dataclass
class _Begun:
    """A job, and the request that it waits for."""

    number: int
    steps: Steps[Any]
    timeout: float | None
    until: float | None
    request: Request


class _Queue:
    """Jobs by number: `_live` ones are being decoded, `_next` ones have another generation to come, `_done` ones wait
    for their turn."""

    def __init__(self, model: LlamaModel, jobs: Iterator[Job[Any] | Error]) -> None:
        self._model = model
        self._jobs = jobs
        self._slots = Slots(model.decoder)
        self._live: dict[int, _Begun] = {}
        self._next: deque[_Begun] = deque()
        self._done: dict[int, Any] = {}
        self._read = 0
        self._popped = 0
        self._exhausted = False

    def next_is_done(self) -> bool:
        return self._popped in self._done

    def pop(self) -> Any:
        self._popped += 1
        return self._done.pop(self._popped - 1)

    def read(self) -> bool:
        """Put one more generation into a slot; False where there is none, or no room."""
        if self._slots.is_full:
            return False
        if self._next:
            self._add(self._next.popleft())
            return True
        if self._exhausted or self._read - self._popped >= AHEAD * self._model.slots:
            return False
        try:
            job = next(self._jobs)
        except StopIteration:
            self._exhausted = True
            return False
        number = self._read
        self._read += 1
        if isinstance(job, Error):
            self._done[number] = job
        else:
            self._begin(number, job)
        return True

    def _begin(self, number: int, job: Job[Any]) -> None:
        until = None if job.timeout is None else monotonic() + job.timeout
        try:
            request = next(job.steps)
        except StopIteration as end:
            self._done[number] = end.value
        except Error as error:
            self._done[number] = error
        else:
            self._add(_Begun(number, job.steps, job.timeout, until, request))

    def _go_on(self, job: _Begun, outcome: Generation | Error) -> None:
        """The job's next request, or its answer."""
        try:
            if isinstance(outcome, Error):
                job.request = job.steps.throw(outcome)
            else:
                job.request = job.steps.send(outcome)
        except StopIteration as end:
            self._done[job.number] = end.value
        except Error as error:
            self._done[job.number] = error
        else:
            self._next.append(job)

    def _add(self, job: _Begun) -> None:
        request = job.request
        sampling = Sampling(seed=self._model.seed) if request.sampling is None else request.sampling
        try:
            budget = granted(self._model, request.prompt, request.max_tokens)
            with self._model.lock:
                _ = self._model.decoder  # raises if it was closed
                self._slots.add(
                    job.number,
                    request.prompt,
                    request.constraint,
                    budget,
                    sampling.native(),
                    request.evidence,
                    sampling.random_source(),
                    self._model.native_tokenizer,
                    None if job.until is None else max(0.0, job.until - monotonic()),
                )
        except Error as error:
            self._go_on(job, error)
        else:
            self._live[job.number] = job

    def run(self, interrupt: Interrupt | None) -> bool:
        """Decode until one is done; False where nothing is left to do."""
        if not self._live:
            return False
        with turn(self._model.lock, interrupt):
            _ = self._model.decoder
            finished = self._slots.run(interrupt)
        for one in finished:
            job = self._live.pop(one.id)
            try:
                outcome: Generation | Error = generation(
                    self._model, one.result(), job.request.prompt, job.request.evidence
                )
            except Cancelled as error:
                outcome = error if job.timeout is None else out_of_time(job.timeout)
            except Error as error:
                outcome = error
            self._go_on(job, outcome)
        return True
