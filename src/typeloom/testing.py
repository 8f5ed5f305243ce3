"""For tests of code that uses typeloom: a model without llama.cpp, and texts that a type accepts.

`FakeModel` has every verb of a loaded model, and decodes under the real masks; only its logits come from an array or a
function instead of a network. `texts` walks the automaton of a type at random: every text it draws is accepted.

Both finish: the model takes a token only when a way to the end after it fits its budget, and texts are led to theirs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import numpy.typing as npt

from typeloom._core import Evidence, Interrupt, RandomSource, Sampling, masked_pick
from typeloom.engine.constraint import LayoutName, compile
from typeloom.engine.matcher import Matcher
from typeloom.engine.vocabulary import Vocabulary
from typeloom.errors import Cancelled, Error, VocabularyError
from typeloom.llama import decode
from typeloom.llama.thinking import Marks, Think
from typeloom.tasks.deadline import deadline
from typeloom.tasks.evidence import TokenEvidence
from typeloom.tasks.layout import WrittenLayout
from typeloom.tasks.model import Model
from typeloom.tasks.prompt import Message
from typeloom.tasks.runtime import Answering, Decoded, Until, Wanted, driven

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

A = TypeVar("A")
Logits = npt.NDArray[np.floating[Any]]
LogitsSource = Callable[[Sequence[int], Sequence[int]], npt.ArrayLike] | npt.ArrayLike

GREEDY = Sampling()
PENALISED, RUNNERS_UP = 64, 3  # of src/core/generation.h
END = 256
"""The end token of `byte_vocabulary`; below it, a token is a byte."""


def byte_vocabulary() -> Vocabulary:
    """The vocabulary whose token b is the byte b, and whose token 256 ends the text."""
    return Vocabulary.from_tokens([bytes([b]) for b in range(256)] + [b""], end_ids=[END], special_ids=[END])


class FakeModel(Model):
    """A Model whose logits are given: one array for every step, or a function of the prompt's and the answer's tokens.

    vocab: None is `byte_vocabulary()`. The tokens of a prompt are the UTF-8 bytes of its turns.
    layout: of the JSON that it writes, as in `tl.load`.
    logits: [n_tokens] floats; None prefers to close strings, lists and objects, and so decodes short ones.
    """

    def __init__(
        self,
        vocab: Vocabulary | None = None,
        logits: LogitsSource | None = None,
        *,
        n_ctx: int = 4096,
        layout: WrittenLayout = "compact",
    ) -> None:
        runtime = FakeRuntime(byte_vocabulary() if vocab is None else vocab, logits, n_ctx)
        super().__init__(runtime, layout=layout)


class FakeRuntime:
    """The Runtime of a FakeModel: the decode loop of the real one, in Python and slow."""

    def __init__(self, vocab: Vocabulary, logits: LogitsSource | None, n_ctx: int) -> None:
        self.vocab = vocab
        self.n_ctx = n_ctx
        self._logits = closing(vocab) if logits is None else logits
        self._ends = frozenset(vocab.end_ids)

    def render(self, messages: Sequence[Message], thinking: Marks | None = None) -> list[int]:
        text = "".join(f"{m['role']}\n{m['content']}\n" for m in messages)
        return list((text + (thinking.begin if thinking else "")).encode())

    def marks(self, think: Think) -> Marks:
        """Those of `think`, or `<think>` and `</think>`."""
        return Marks("<think>", "</think>") if think.end is None else Marks(think.begin or "", think.end)

    def marked(self, text: str) -> list[int]:
        return list(text.encode())

    def generate(self, wanted: Wanted, *, interrupt: Interrupt | None = None) -> Decoded:
        return self._generate(wanted, (interrupt,))

    def _generate(self, wanted: Wanted, interrupts: Sequence[Interrupt | None]) -> Decoded:
        if isinstance(wanted.constraint, Until):
            return self._freely(wanted, wanted.constraint.mark, interrupts)
        matcher = wanted.constraint.start(wanted.caps)
        if not all(matcher.accept(token) for token in wanted.begun):
            raise VocabularyError("the constraint refuses the beginning of a text that it was to continue")
        prompt = wanted.prompt[: len(wanted.prompt) - len(wanted.begun)]
        sampling = wanted.sampling.native()
        random = wanted.sampling.random_source()
        answer: list[int] = []
        steered: list[int] = []
        said: list[tuple[float, float, tuple[tuple[int, float], ...]]] = []
        free: list[int] = []
        while len(answer) < wanted.max_tokens:
            _go_on(interrupts)
            row = self._row(prompt, [*wanted.begun, *answer])
            drawn = penalised(row, [t for t in free[-PENALISED:] if matcher.is_free_text(t)], wanted.sampling)
            token, fitted = pick(matcher, drawn, wanted.max_tokens - len(answer), sampling, random)
            if not fitted:
                steered.append(len(answer))
            if token in self._ends:
                break
            if wanted.evidence != Evidence.NONE:
                said.append(evidence_of(matcher, row, token))
            if matcher.is_free_text(token):
                free.append(token)
            if not matcher.accept(token):
                raise VocabularyError(f"the mask allows token {token}, the matcher refuses it")
            answer.append(token)
            if wanted.on_text is not None:
                wanted.on_text(self.vocab.token(token))
        pieces = [self.vocab.token(token) for token in answer]
        ends = list(accumulate(map(len, pieces), initial=0))
        return Decoded(
            b"".join(pieces).decode("utf-8"),
            len(answer),
            "complete",
            steered=tuple(ends[place] for place in steered),
            evidence=tuple(TokenEvidence(end, *pair) for end, pair in zip(ends[1:], said, strict=False)),
            tokens=tuple(answer),
        )

    def _freely(self, wanted: Wanted, mark: str, interrupts: Sequence[Interrupt | None]) -> Decoded:
        sampling, random = wanted.sampling.native(), wanted.sampling.random_source()
        everything = np.full((len(self.vocab) + 31) // 32, -1, dtype=np.int32)
        answer: list[int] = []
        text = b""
        while len(answer) < wanted.max_tokens and mark.encode() not in text:
            _go_on(interrupts)
            row = penalised(self._row(wanted.prompt, answer), answer[-PENALISED:], wanted.sampling)
            token = masked_pick(np.ascontiguousarray(row, dtype=np.float32), everything, sampling, random)
            if token in self._ends:
                break
            answer.append(token)
            text += self.vocab.token(token)
        finish = "complete" if mark.encode() in text else "length"
        return Decoded(text.decode("utf-8", "replace"), len(answer), finish, tokens=tuple(answer))

    def answers(
        self, wanted: Iterable[Answering[A] | Error], *, interrupt: Interrupt | None = None
    ) -> Iterator[A | Error]:
        for one in wanted:
            if isinstance(one, Error):
                yield one
            else:
                found = self._answer(one, interrupt)
                yield found

    def _answer(self, wanted: Answering[A], interrupt: Interrupt | None) -> A | Error:
        own = Interrupt()
        try:
            with deadline(own, wanted.timeout):
                return driven(wanted.steps, lambda one: self._generate(one, (own, interrupt)))
        except Error as error:
            if interrupt is not None and interrupt.cancelled():
                raise
            return error

    def write(self, prompt: Sequence[int], *, max_tokens: int) -> Decoded:
        answer: list[int] = []
        while len(answer) < max_tokens:
            token = int(np.argmax(self._row(prompt, answer)))
            if token in self.vocab.end_ids:
                break
            answer.append(token)
        text = b"".join(self.vocab.token(token) for token in answer).decode("utf-8", "replace")
        return Decoded(text, len(answer), "complete" if len(answer) < max_tokens else "length")

    def score(
        self, prompt: Sequence[int], answers: Sequence[str], *, interrupt: Interrupt | None = None
    ) -> list[float]:
        scores = [self._score(prompt, answer.encode(), interrupt) for answer in answers]
        top = max(scores)
        total = top + math.log(math.fsum(math.exp(score - top) for score in scores))
        return [score - total for score in scores]

    def close(self) -> None:
        """Nothing to give back."""

    def _row(self, prompt: Sequence[int], answer: Sequence[int]) -> Logits:
        found = self._logits(prompt, answer) if callable(self._logits) else self._logits
        row = np.asarray(found, dtype=np.float64)
        if row.shape != (len(self.vocab),):
            raise VocabularyError(f"expected logits of shape ({len(self.vocab)},), got {row.shape}")
        return row

    def _score(self, prompt: Sequence[int], left: bytes, interrupt: Interrupt | None) -> float:
        """The log-probability of the text, cut at each step into the likeliest token that it begins with."""
        answer: list[int] = []
        score = 0.0
        while left:
            _go_on((interrupt,))
            row = self._row(prompt, answer)
            row = row - np.logaddexp.reduce(row)
            begins = [t for t in range(len(row)) if (b := self.vocab.token(t)) and left.startswith(b)]
            if not begins:
                return -math.inf
            token = max(begins, key=lambda t: (row[t], -t))
            score += float(row[token])
            answer.append(token)
            left = left[len(self.vocab.token(token)) :]
        return score


def _go_on(interrupts: Sequence[Interrupt | None]) -> None:
    if any(one is not None and one.cancelled() for one in interrupts):
        raise Cancelled("cancelled")


def closing(vocab: Vocabulary) -> Logits:
    """Logits of 1 for the tokens that end the text or are made of what closes a JSON value, of 0 for all others."""
    row = np.zeros(len(vocab))
    for token in range(len(vocab)):
        text = vocab.token(token)
        row[token] = bool(text) and not text.strip(b'"}]')
    row[list(vocab.end_ids)] = 1.0
    return row


def penalised(row: Logits, used: Sequence[int], sampling: decode.Sampling) -> Logits:
    """The logits with those of the used tokens lowered, as the sampling's `repetition_penalty` says."""
    if sampling.repetition_penalty == 1.0:
        return row
    lowered = row.copy()
    tokens = sorted(set(used))
    penalty = sampling.repetition_penalty
    lowered[tokens] = np.where(row[tokens] > 0, row[tokens] / penalty, row[tokens] * penalty)
    return lowered


def pick(
    matcher: Matcher, row: Logits, left: int, sampling: Sampling = GREEDY, random: RandomSource | None = None
) -> tuple[int, bool]:
    """A token drawn among the allowed ones after which the text can end within `left` tokens, by default the one of the
    largest logit; and whether it is what was drawn at first, among all that are allowed."""
    logits = np.ascontiguousarray(row, dtype=np.float32)
    source = RandomSource(0) if random is None else random
    mask = matcher.new_mask()
    token = masked_pick(logits, mask, sampling, source)
    if token in matcher.constraint.vocabulary.end_ids or matcher.fits(token, left):
        return token, True
    matcher.narrow_mask(mask, left)
    return masked_pick(logits, mask, sampling, source), False


def evidence_of(
    matcher: Matcher, row: Logits, token: int
) -> tuple[float, float, tuple[tuple[int, float], ...]]:
    """The log-probability of a token (nats) among the allowed ones, and among all; the runners-up with theirs."""
    words = matcher.new_mask().view(np.uint8)
    allowed = np.flatnonzero(np.unpackbits(words, bitorder="little")[: len(row)])
    total = np.logaddexp.reduce(row[allowed])
    others = sorted((other for other in allowed if other != token), key=lambda other: -row[other])[:RUNNERS_UP]
    runners_up = tuple((int(other), float(row[other] - total)) for other in others)
    return float(row[token] - total), float(row[token] - np.logaddexp.reduce(row)), runners_up


def texts(source: Any, *, layout: LayoutName = "compact", max_bytes: int = 200) -> SearchStrategy[str]:
    """A hypothesis strategy of texts that the type accepts: `max_bytes` drawn at most, then a short way to the end.

    Shrinks towards short texts. Costs one mask per byte.

    >>> from hypothesis import find
    >>> find(texts(list[int]), lambda text: True)
    '[]'
    """
    try:
        from hypothesis import strategies as st
    except ImportError as error:
        raise Error("this needs hypothesis, which is not installed; pip install hypothesis brings it") from error

    vocab = byte_vocabulary()
    constraint = compile(source, vocab, layout=layout)

    @st.composite
    def walk(draw: DrawFn) -> str:
        matcher = constraint.start()
        text = bytearray()
        while True:
            mask = matcher.new_mask()
            if len(text) >= max_bytes:
                if matcher.is_accepting():
                    return text.decode("utf-8")
                matcher.narrow_mask(mask, matcher.least_tokens)
            options = _weighted(vocab.allowed(mask).tolist())
            token = options[0] if len(options) == 1 or len(text) >= max_bytes else draw(st.sampled_from(options))
            if token == END:
                return text.decode("utf-8")
            matcher.accept(token)
            text.append(token)

    return walk()


def _weighted(allowed: list[int]) -> list[int]:
    """The bytes to draw from: what closes a string, an array or an object comes first and weighs about a quarter.

    So texts stay short, and hypothesis shrinks towards the end.
    """
    closing = [byte for byte in (END, *b'"}],') if byte in allowed]
    others = [byte for byte in allowed if byte not in closing]
    weight = max(1, len(others) // (3 * len(closing))) if closing else 1
    return closing * weight + others
