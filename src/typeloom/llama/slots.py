"""Many generations on one model, evaluated together: as many at a time as the model has slots, refilled as they finish.

Each step evaluates the next tokens of all of them in one batch, so that what it costs to read the weights is paid once
for all; a beginning that prompts share is evaluated once and marked as everybody's. Requests are read as slots become
free, answers come in the order of the requests; at most `AHEAD` times the slots are ahead of the first that is missing.

The model's lock is held until one of them is done, then offered to others. What else the model does meanwhile may take
a slot: its generation is then evaluated again from where its prompt is known, and gives what it would have given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from typeloom._core import Evidence, Interrupt, Slots, TokenConstraint
from typeloom.errors import Error
from typeloom.llama.decode import Generation, Sampling, generation, granted, turn

if TYPE_CHECKING:
    from typeloom.llama.model import LlamaModel

AHEAD = 4


@dataclass(frozen=True)
class Request:
    """One generation that is wanted; the fields are the arguments of `typeloom.llama.decode.generate`."""

    prompt: Sequence[int]
    constraint: TokenConstraint | None
    max_tokens: int
    sampling: Sampling | None = None
    evidence: Evidence = Evidence.NONE


def generate_many(
    model: LlamaModel, requests: Iterable[Request | Error], *, interrupt: Interrupt | None = None
) -> Iterator[Generation | Error]:
    """What `generate` returns or raises for each request, in their order; an Error among them is passed through.

    An Error that only one request has to do with (its budget, its constraint) is its answer. One that ends the batch is
    raised and loses those that were in it: ModelError if llama.cpp fails, Cancelled if the interrupt says so; the model
    stays usable. What other packages raise goes through.

    Greedy answers are those of `generate`, with one exception: a batch of another size may round the last bits of the
    logits differently (so may a prompt that is evaluated in other parts), and between two tokens whose logits differ by
    no more than that, the other one may win. Equal logits always go to the lower token. With a temperature, each
    request draws from a generator of its own, seeded by its own seed.
    """
    queue = _Queue(model, iter(requests))
    while True:
        while queue.next_is_done():
            yield queue.pop()
        if queue.read():
            continue
        if not queue.run(interrupt):
            return


class _Queue:
    """Requests by number: `_live` ones are being decoded, `_done` ones wait for their turn."""

    def __init__(self, model: LlamaModel, requests: Iterator[Request | Error]) -> None:
        self._model = model
        self._requests = requests
        self._slots = Slots(model.decoder)
        self._live: dict[int, Request] = {}
        self._done: dict[int, Generation | Error] = {}
        self._read = 0
        self._popped = 0
        self._exhausted = False

    def next_is_done(self) -> bool:
        return self._popped in self._done

    def pop(self) -> Generation | Error:
        self._popped += 1
        return self._done.pop(self._popped - 1)

    def read(self) -> bool:
        """Put one more request into a slot; False where there is none, or no room."""
        if self._exhausted or self._slots.is_full or self._read - self._popped >= AHEAD * self._model.slots:
            return False
        try:
            request = next(self._requests)
        except StopIteration:
            self._exhausted = True
            return False
        number = self._read
        self._read += 1
        if isinstance(request, Error):
            self._done[number] = request
            return True
        try:
            self._add(number, request)
        except Error as error:
            self._done[number] = error
        return True

    def _add(self, number: int, request: Request) -> None:
        budget = granted(self._model, request.prompt, request.max_tokens)
        sampling = Sampling(seed=self._model.seed) if request.sampling is None else request.sampling
        with self._model.lock:
            _ = self._model.decoder  # raises if it was closed
            self._slots.add(
                number,
                request.prompt,
                request.constraint,
                budget,
                sampling.native(),
                request.evidence,
                sampling.random_source(),
                self._model.native_tokenizer,
            )
        self._live[number] = request

    def run(self, interrupt: Interrupt | None) -> bool:
        """Decode until one is done; False where nothing is left to do."""
        if not self._live:
            return False
        with turn(self._model.lock, interrupt):
            _ = self._model.decoder
            finished = self._slots.run(interrupt)
        for one in finished:
            request = self._live.pop(one.id)
            try:
                self._done[one.id] = generation(self._model, one.result(), request.prompt, request.evidence)
            except Error as error:
                self._done[one.id] = error
        return True
