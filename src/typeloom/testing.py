"""For tests of code that uses typeloom: a model without llama.cpp, and texts that a type accepts.

`FakeModel` has every verb of a loaded model, and decodes under the real masks; only its logits come from an array or a
function instead of a network. `texts` walks the automaton of a type at random: every text it draws is accepted.

Both finish: the model takes a token only when a way to the end after it fits its budget, and texts are led to theirs.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from typeloom.engine.constraint import Constraint, LayoutName, compile
from typeloom.engine.matcher import Matcher
from typeloom.engine.vocabulary import Vocabulary
from typeloom.errors import LimitError, VocabularyError
from typeloom.tasks.model import Model
from typeloom.tasks.prompt import Message
from typeloom.tasks.runtime import Decoded

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

Logits = npt.NDArray[np.floating[Any]]
LogitsSource = Callable[[Sequence[int], Sequence[int]], npt.ArrayLike] | npt.ArrayLike

END = 256
"""The end token of `byte_vocabulary`; below it, a token is a byte."""


MAX_WAY_OUT = 10_000
"""Bytes after the drawn ones within which a text ends, or LimitError."""


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
        super().__init__(FakeRuntime(byte_vocabulary() if vocab is None else vocab, logits, n_ctx))


class FakeRuntime:
    """The Runtime of a FakeModel: the decode loop of the real one, in Python and slow."""

    def __init__(self, vocab: Vocabulary, logits: LogitsSource | None, n_ctx: int) -> None:
        self.vocab = vocab
        self.n_ctx = n_ctx
        self._logits = closing(vocab) if logits is None else logits
        self._way = WayOut(vocab)

    def render(self, messages: Sequence[Message]) -> list[int]:
        return [b for m in messages for b in f"{m['role']}\n{m['content']}\n".encode()]

    def generate(
        self, prompt: Sequence[int], constraint: Constraint, *, max_tokens: int, temperature: float, seed: int
    ) -> Decoded:
        matcher = constraint.start()
        random = np.random.default_rng(seed)
        answer: list[int] = []
        while True:
            row = self._row(prompt, answer)
            if temperature > 0.0:  # Gumbel's trick: the largest of perturbed logits is a sample
                row = row / temperature + random.gumbel(size=row.shape)
            token = best(matcher, self._way, row, max_tokens - len(answer))
            if token in self._way.ends:
                break
            answer.append(token)
        text = b"".join(self.vocab.token(token) for token in answer).decode("utf-8")
        return Decoded(text, len(answer), "complete")

    def write(self, prompt: Sequence[int], *, max_tokens: int) -> Decoded:
        answer: list[int] = []
        while len(answer) < max_tokens:
            token = int(np.argmax(self._row(prompt, answer)))
            if token in self.vocab.end_ids:
                break
            answer.append(token)
        text = b"".join(self.vocab.token(token) for token in answer).decode("utf-8", "replace")
        return Decoded(text, len(answer), "complete" if len(answer) < max_tokens else "length")

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
        if row.shape != (len(self.vocab),):
            raise VocabularyError(f"expected logits of shape ({len(self.vocab)},), got {row.shape}")
        return row

    def _score(self, prompt: Sequence[int], left: bytes) -> float:
        """The log-probability of the text, cut at each step into the likeliest token that it begins with."""
        answer: list[int] = []
        score = 0.0
        while left:
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


def closing(vocab: Vocabulary) -> Logits:
    """Logits of 1 for the tokens that end the text or are made of what closes a JSON value, of 0 for all others."""
    row = np.zeros(len(vocab))
    for token in range(len(vocab)):
        text = vocab.token(token)
        row[token] = bool(text) and not text.strip(b'"}]')
    row[list(vocab.end_ids)] = 1.0
    return row


def best(matcher: Matcher, way: WayOut, row: Logits, left: int) -> int:
    """Take and return the allowed token of the largest logit, among those after which the text can end in time."""
    allowed = way.allowed(matcher)
    for token in allowed[np.argsort(-row[allowed], kind="stable")].tolist():
        if token in way.ends:
            return int(token)
        if not matcher.accept(token):
            raise VocabularyError(f"the mask allows token {token}, the matcher refuses it")
        if way.length(matcher, left - 1) is not None:
            return int(token)
        matcher.rollback(1)
    raise VocabularyError(f"no token of the vocabulary leads to a complete text within {left} tokens")


class WayOut:
    """A short way from any state to a complete text: end, close what is open, else the allowed token used least.

    Not the shortest way; a shortest one needs a search. Taking the token used least walks out of every repetition.
    """

    def __init__(self, vocab: Vocabulary) -> None:
        self.ends = frozenset(vocab.end_ids)
        self._vocab = vocab
        texts = vocab.tokens
        opening = [(text[:1] in (b"[", b"{")) + (text[:1] == b"-") for text in texts]
        closes = [bool(text) and not text.strip(b'"}]') for text in texts]
        order = sorted(range(len(texts)), key=lambda t: (t not in self.ends, not closes[t], opening[t], -len(texts[t])))
        self._rank = np.empty(len(texts))
        self._rank[order] = np.arange(len(texts))
        self._free = np.array([closes[t] or t in self.ends for t in range(len(texts))])

    def allowed(self, matcher: Matcher) -> npt.NDArray[np.int64]:
        """The tokens that may come next, ascending."""
        return self._vocab.allowed(matcher.new_mask())

    def step(self, allowed: npt.NDArray[np.int64], uses: Counter[int]) -> int:
        """The next token of the way, counted in `uses`."""
        again = np.array([0 if self._free[token] else uses[token] for token in allowed.tolist()])
        token = int(allowed[np.argmin(self._rank[allowed] + again * len(self._rank))])
        uses[token] += 1
        return token

    def length(self, matcher: Matcher, most: int) -> int | None:
        """Tokens on the way to the end, None if more than `most`."""
        ahead = matcher.copy()
        uses: Counter[int] = Counter()
        for taken in range(most + 1):
            if ahead.is_accepting():
                return taken
            if taken == most or not ahead.accept(self.step(self.allowed(ahead), uses)):
                return None
        return None


def texts(source: Any, *, layout: LayoutName = "compact", max_bytes: int = 200) -> SearchStrategy[str]:
    """A hypothesis strategy of texts that the type accepts: `max_bytes` drawn at most, then a short way to the end.

    Shrinks towards short texts. Costs one mask per byte.

    >>> from hypothesis import find
    >>> find(texts(list[int]), lambda text: True)
    '[]'
    """
    from hypothesis import strategies as st

    vocab = byte_vocabulary()
    constraint = compile(source, vocab, layout=layout)
    way = WayOut(vocab)

    @st.composite
    def walk(draw: DrawFn) -> str:
        matcher = constraint.start()
        text = bytearray()
        uses: Counter[int] = Counter()
        while True:
            allowed = way.allowed(matcher)
            if len(text) < max_bytes:
                options = _weighted(allowed.tolist())
                byte = options[0] if len(options) == 1 else draw(st.sampled_from(options))
            else:
                byte = way.step(allowed, uses)
            if byte == END:
                return text.decode("utf-8")
            matcher.accept(byte)
            text.append(byte)
            if len(text) > max_bytes + MAX_WAY_OUT:
                raise LimitError(
                    f"no end found within {MAX_WAY_OUT} bytes after the {max_bytes} drawn", limit="MAX_WAY_OUT"
                )

    return walk()


def _weighted(allowed: list[int]) -> list[int]:
    """The bytes to draw from: what closes a string, an array or an object comes first and weighs about a quarter.

    So texts stay short, and hypothesis shrinks towards the end.
    """
    closing = [byte for byte in (END, *b'"}],') if byte in allowed]
    others = [byte for byte in allowed if byte not in closing]
    weight = max(1, len(others) // (3 * len(closing))) if closing else 1
    return closing * weight + others
