"""For tests of code that uses typeloom: a model without llama.cpp, and texts that a type accepts.

`FakeModel` has every verb of a loaded model, and decodes under the real masks; only its logits come from an array or a
function instead of a network. `texts` walks the automaton of a type at random: every text it draws is accepted.

Both finish: a byte or token is only taken when the shortest completion after it still fits what is left.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from typeloom.engine.constraint import Constraint, compile
from typeloom.engine.matcher import Matcher
from typeloom.engine.vocabulary import Vocabulary
from typeloom.errors import VocabularyError
from typeloom.tasks.model import Model
from typeloom.tasks.prompt import Message
from typeloom.tasks.runtime import Decoded

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

Logits = npt.NDArray[np.floating[Any]]
LogitsSource = Callable[[Sequence[int], Sequence[int]], npt.ArrayLike] | npt.ArrayLike

END = 256
"""The end token of `byte_vocabulary`; below it, a token is a byte."""


@functools.cache
def byte_vocabulary() -> Vocabulary:
    """The vocabulary whose token b is the byte b, and whose token 256 ends the text."""
    return Vocabulary.from_tokens([bytes([b]) for b in range(256)] + [b""], end_ids=[END], special_ids=[END])


class FakeModel(Model):
    """A Model whose logits are given: one array for every step, or a function of the prompt's and the answer's tokens.

    vocab: None is `byte_vocabulary()`. The tokens of a prompt are the UTF-8 bytes of its turns.
    logits: [n_tokens] floats; None prefers to close strings, lists and objects, and so decodes short ones.
    """

    def __init__(
        self, vocab: Vocabulary | None = None, logits: LogitsSource | None = None, *, n_ctx: int = 4096
    ) -> None:
        super().__init__(FakeRuntime(vocab or byte_vocabulary(), logits, n_ctx))


class FakeRuntime:
    """The Runtime of a FakeModel: the decode loop of the real one, in Python and slow."""

    def __init__(self, vocab: Vocabulary, logits: LogitsSource | None, n_ctx: int) -> None:
        self.vocab = vocab
        self.n_ctx = n_ctx
        self._logits = closing(vocab) if logits is None else logits

    def render(self, messages: Sequence[Message]) -> list[int]:
        return [b for m in messages for b in f"{m['role']}\n{m['content']}\n".encode()]

    def generate(
        self, prompt: Sequence[int], constraint: Constraint, *, max_tokens: int, temperature: float, seed: int
    ) -> Decoded:
        matcher = constraint.start()
        random = np.random.default_rng(seed)
        answer: list[int] = []
        ends = set(self.vocab.end_ids)
        while True:
            row = self._row(prompt, answer)
            if temperature > 0.0:  # Gumbel's trick: the largest of perturbed logits is a sample
                row = row / temperature + random.gumbel(size=row.shape)
            token = best(matcher, self.vocab, row, max_tokens - len(answer))
            if token in ends:
                break
            answer.append(token)
        text = b"".join(self.vocab.token_bytes(token) for token in answer).decode("utf-8")
        return Decoded(text, len(answer), "complete")

    def score(self, prompt: Sequence[int], answers: Sequence[str]) -> list[float]:
        scores = [self._score(prompt, answer.encode()) for answer in answers]
        top = max(scores)
        total = top + math.log(math.fsum(math.exp(score - top) for score in scores))
        return [score - total for score in scores]

    def close(self) -> None:
        """Nothing to give back."""

    def _row(self, prompt: Sequence[int], answer: Sequence[int]) -> Logits:
        found = self._logits(prompt, answer) if callable(self._logits) else self._logits
        row = np.asarray(found, dtype=np.float64)
        if row.shape != (self.vocab.n_tokens,):
            raise VocabularyError(f"expected logits of shape ({self.vocab.n_tokens},), got {row.shape}")
        return row

    def _score(self, prompt: Sequence[int], left: bytes) -> float:
        """The log-probability of the text, cut at each step into the likeliest token that it begins with."""
        answer: list[int] = []
        score = 0.0
        while left:
            row = self._row(prompt, answer)
            row = row - np.logaddexp.reduce(row)
            begins = [t for t in range(len(row)) if (b := self.vocab.token_bytes(t)) and left.startswith(b)]
            if not begins:
                return -math.inf
            token = max(begins, key=lambda t: (row[t], -t))
            score += float(row[token])
            answer.append(token)
            left = left[len(self.vocab.token_bytes(token)) :]
        return score


def closing(vocab: Vocabulary) -> Logits:
    """Logits of 1 for the tokens that end the text or are made of what closes a JSON value, of 0 for all others."""
    row = np.zeros(vocab.n_tokens)
    for token in range(vocab.n_tokens):
        text = vocab.token_bytes(token)
        row[token] = bool(text) and not text.strip(b'"}]')
    row[list(vocab.end_ids)] = 1.0
    return row


def best(matcher: Matcher, vocab: Vocabulary, row: Logits, left: int) -> int:
    """Take and return the allowed token of the largest logit, among those after which the text can end in time."""
    mask = vocab.new_mask()
    matcher.fill_mask(mask)
    allowed = np.unpackbits(mask.view(np.uint8), bitorder="little")[: vocab.n_tokens].astype(bool)
    ends = set(vocab.end_ids)
    for token in np.argsort(np.where(allowed, -row, np.inf), kind="stable"):
        if not allowed[token]:
            break
        if int(token) in ends:
            return int(token)
        if not matcher.accept(int(token)):
            raise VocabularyError(f"the mask allows token {token}, the matcher refuses it")
        if matcher.min_tokens <= left - 1:
            return int(token)
        matcher.rollback(1)
    raise VocabularyError(f"no token of the vocabulary leads to a complete text within {left} tokens")


def texts(source: Any, *, layout: str = "compact", max_bytes: int = 200) -> SearchStrategy[str]:
    """A hypothesis strategy of texts that the type accepts, of at most `max_bytes` bytes, or the shortest if longer.

    Shrinks towards short texts. Costs one mask per byte.

    >>> from hypothesis import find
    >>> find(texts(bool), lambda text: True)
    'true'
    """
    from hypothesis import strategies as st

    constraint = compile(source, byte_vocabulary(), layout=layout)

    @st.composite
    def walk(draw: DrawFn) -> str:
        matcher = constraint.start()
        text = bytearray()
        while True:
            options = _bytes_next(matcher, max_bytes - len(text))
            byte = options[0] if len(options) == 1 else draw(st.sampled_from(options))
            if byte == END:
                return text.decode("utf-8")
            matcher.accept(byte)
            text.append(byte)

    return walk()


def _bytes_next(matcher: Matcher, left: int) -> list[int]:
    """The bytes that may come next, END among them; past the budget, only those that lead straight to the end.

    What closes a string, an array or an object comes first and weighs about a quarter, so that texts stay short and
    hypothesis shrinks towards the end.
    """
    mask = byte_vocabulary().new_mask()
    matcher.fill_mask(mask)
    allowed = np.flatnonzero(np.unpackbits(mask.view(np.uint8), bitorder="little")[: END + 1]).tolist()
    if matcher.min_tokens >= left:
        return [END] if matcher.is_accepting() else [min(allowed, key=lambda byte: (_distance(matcher, byte), byte))]
    closing = [byte for byte in (END, *b'"}],') if byte in allowed]
    others = [byte for byte in allowed if byte not in closing]
    weight = max(1, len(others) // (3 * len(closing))) if closing else 1
    return closing * weight + others


def _distance(matcher: Matcher, byte: int) -> float:
    """Bytes to the end after this one."""
    if byte == END:
        return 0
    ahead = matcher.copy()
    return ahead.min_tokens if ahead.accept(byte) else math.inf
