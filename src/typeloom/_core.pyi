"""The types of the native engine, bound in `src/core/module.cc` and `src/core/bind_decode.cc`.

An expression and a node are ids in their Grammar; 0xFFFFFFFF stands for "no upper bound". Where a table of states
grows past `max_states`, the call raises LimitError.
"""

import enum
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

LogitRow: TypeAlias = NDArray[np.float32]  # one float for each token, contiguous
MaskWords: TypeAlias = NDArray[np.int32]  # one bit for each token, 32 a word, contiguous

class Vocabulary:
    def __init__(
        self, tokens: list[bytes], end_ids: Sequence[int], special_ids: Sequence[int], space_prefix: bool
    ) -> None: ...
    @property
    def n_tokens(self) -> int: ...
    @property
    def n_words(self) -> int: ...
    @property
    def memory_bytes(self) -> int: ...
    @property
    def n_trie_nodes(self) -> int: ...

class Document:
    """`cuts` has a byte for every place: bit 0, an excerpt may start there, bit 1, it may end there."""

    def __init__(self, text: bytes, cuts: bytes) -> None: ...
    def find(self, excerpt: bytes, /) -> list[int]: ...
    @property
    def is_empty(self) -> bool: ...
    @property
    def memory_bytes(self) -> int: ...

class Spelling(enum.Enum):
    CANONICAL = 0

    ANY = 1

class Layout(enum.Enum):
    COMPACT = 0

    SPACED = 1

    FLEXIBLE = 2

class Order(enum.Enum):
    DECLARED = 0

    ANY = 1

class Automaton:
    """Reads bytes and knows what may follow; made for one grammar, not shared."""

class CfgAutomaton(Automaton):
    """A symbol of a production is a terminal's index, or a name's plus the number of terminals."""

    def __init__(
        self,
        expressions: Grammar,
        terminals: Sequence[int],
        n_names: int,
        productions: Sequence[tuple[int, Sequence[int]]],
        start: int,
        max_states: int,
    ) -> None: ...
    @property
    def n_states(self) -> int: ...
    @property
    def n_frames(self) -> int: ...
    @property
    def is_empty(self) -> bool: ...
    @property
    def min_bytes(self) -> int: ...
    @property
    def memory_bytes(self) -> int: ...

class JsonAutomaton(Automaton):
    def __init__(self, grammar: Grammar, root: int, layout: Layout, order: Order, max_states: int) -> None: ...
    @property
    def is_empty(self) -> bool: ...

class ALabels(Automaton):
    """What stands behind xn-- in host names."""

    def __init__(self, letters: bytes, label: tuple[bytes, bytes], hopeful: tuple[bytes, bytes]) -> None: ...

class Preimage(Automaton):
    """Texts by the letters of their characters: ranges of characters with their letters."""

    def __init__(self, letters: bytes, code: tuple[bytes, bytes], longest: int) -> None: ...

class TextConstraint:
    def __init__(self, vocabulary: Vocabulary, automaton: Automaton) -> None: ...
    def accepts(self, text: bytes, /) -> bool: ...
    @property
    def n_masks(self) -> int: ...
    @property
    def memory_bytes(self) -> int: ...

class Grammar:
    """Expressions, and the Nodes that `lower` puts there."""

    def __init__(self, spelling: Spelling, max_states: int) -> None: ...
    def expression(self, code: bytes, texts: bytes) -> int: ...
    def external(self, automaton: Automaton, /) -> int: ...
    def excerpt(self, document: Document, /) -> int: ...

class Constraint:
    def __init__(
        self, vocabulary: Vocabulary, grammar: Grammar, root: int, layout: Layout, order: Order, max_states: int
    ) -> None: ...
    def accepts(self, text: bytes, /) -> bool: ...
    @property
    def is_empty(self) -> bool: ...
    @property
    def n_states(self) -> int: ...
    @property
    def n_transitions(self) -> int: ...
    @property
    def n_masks(self) -> int: ...
    @property
    def n_searches(self) -> int: ...
    @property
    def n_undecided(self) -> int: ...
    @property
    def memory_bytes(self) -> int: ...

class Evidence(enum.Enum):
    """How much is said about each produced token; the later, the dearer."""

    NONE = 0
    """tokens only"""

    MASKED = 1
    """log-probability among the allowed tokens"""

    RAW = 2
    """also the log-probability among all tokens, and the runners-up"""

class Finish(enum.Enum):
    """Why generation ended."""

    END = 0
    """an end token was picked, or nothing else could follow"""

    LENGTH = 1
    """max_tokens were produced"""

class TokenConstraint:
    """What may come next; a Matcher is one."""

class CallbackConstraint(TokenConstraint):
    """allowed() -> token ids; accept(token) -> bool; is_accepting() -> bool."""

    def __init__(
        self,
        n_tokens: int,
        allowed: Callable[[], Sequence[int]],
        accept: Callable[[int], bool],
        is_accepting: Callable[[], bool],
    ) -> None: ...

class FreeText(TokenConstraint):
    """Any text, up to and with a mark: as text, or one of these tokens."""

    def __init__(self, vocabulary: Vocabulary, mark: str, mark_tokens: Sequence[int]) -> None: ...

class Watched(TokenConstraint):
    """The constraint, and on_token(token) is called after each accepted token."""

    def __init__(self, constraint: TokenConstraint, on_token: Callable[[int], object]) -> None: ...

class Interrupt:
    """
    Ends a call that runs in another thread: cancel() may be called from anywhere.
    """

    def __init__(self) -> None: ...
    def cancel(self) -> None: ...
    def cancelled(self) -> bool: ...

class RandomSource:
    """
    xoshiro256** seeded by splitmix64; carried through the steps of one stream.
    """

    def __init__(self, seed: int) -> None: ...
    def uniform(self) -> float: ...
    def next(self) -> int: ...

class Sampling:
    def __init__(
        self,
        temperature: float = 0.0,
        top_k: int = 0,
        top_p: float = 1.0,
        min_p: float = 0.0,
        repetition_penalty: float = 1.0,
    ) -> None: ...
    @property
    def temperature(self) -> float: ...
    @property
    def top_k(self) -> int: ...
    @property
    def top_p(self) -> float: ...
    @property
    def min_p(self) -> float: ...
    @property
    def repetition_penalty(self) -> float: ...

class Timings:
    """Seconds, but for the counts."""

    @property
    def prompt(self) -> float: ...
    @property
    def decode(self) -> float: ...
    @property
    def mask(self) -> float: ...
    @property
    def pick(self) -> float: ...
    @property
    def prompt_reused(self) -> int: ...
    @property
    def batches(self) -> int: ...

class GenerationResult:
    @property
    def tokens(self) -> list[int]: ...
    @property
    def log_probabilities(self) -> list[tuple[float, float]]: ...
    @property
    def runners_up(self) -> list[list[tuple[int, float]]]: ...
    @property
    def finish(self) -> Finish: ...
    @property
    def complete(self) -> bool: ...
    @property
    def steered(self) -> list[int]: ...
    @property
    def timings(self) -> Timings: ...

class LabelScores:
    @property
    def log_probabilities(self) -> list[float]: ...
    @property
    def first_token_mass(self) -> float: ...
    @property
    def timings(self) -> Timings: ...

class Tokenizer:
    """The tokeniser of a loaded model, for text that nobody vouches for."""

    def __init__(self, addresses: dict[str, int], vocab: int) -> None: ...
    def cut(self, text: bytes, /) -> list[int]: ...

class Decoder:
    """
    One llama_context and what its sequences hold. Not for two threads at once.
    """

    def __init__(
        self,
        addresses: dict[str, int],
        context: int,
        n_tokens: int,
        context_size: int,
        batch_size: int,
        slots: int,
        branches: int,
        whole_only: bool,
        end_tokens: Sequence[int],
        attention_cells: int = 4294967295,
    ) -> None: ...
    def generate(
        self,
        slot: int,
        prompt: Sequence[int],
        constraint: TokenConstraint | None,
        max_tokens: int,
        sampling: Sampling,
        evidence: Evidence,
        random: RandomSource,
        tokenizer: Tokenizer | None = None,
        interrupt: Interrupt | None = None,
    ) -> GenerationResult: ...
    def score(
        self, slot: int, prompt: Sequence[int], labels: Sequence[Sequence[int]], interrupt: Interrupt | None = None
    ) -> LabelScores: ...
    def logits_after(
        self, slot: int, prompt: Sequence[int], interrupt: Interrupt | None = None
    ) -> NDArray[np.float32]: ...
    def best_slot(self, prompt: Sequence[int]) -> int: ...
    def forget(self, slot: int) -> None: ...
    def held(self, slot: int) -> list[int]: ...

class Finished:
    """
    A generation that is done.
    """

    @property
    def id(self) -> int: ...
    def result(self) -> GenerationResult:
        """
        What it produced; raises what made it fail. To be called once.
        """

class Slots:
    """
    Generations that are evaluated together. Not for two threads at once.
    """

    def __init__(self, decoder: Decoder) -> None: ...
    @property
    def is_full(self) -> bool:
        """
        Whether as many are live as the decoder has slots.
        """

    def __len__(self) -> int:
        """
        How many are live.
        """

    def add(
        self,
        id: int,
        prompt: Sequence[int],
        constraint: TokenConstraint | None,
        max_tokens: int,
        sampling: Sampling,
        evidence: Evidence,
        random: RandomSource,
        tokenizer: Tokenizer | None,
        seconds: float | None = None,
    ) -> None:
        """
        Puts a generation into a free slot; it is cancelled once it has taken so many seconds.
        """

    def run(self, interrupt: Interrupt | None = None) -> list[Finished]:
        """
        Steps until at least one is done; those that are. None if there was none.
        """

def lower(root: object, definitions: dict[str, Any], grammar: Grammar, calls: object) -> int: ...
def masked_pick(logits: LogitRow, mask: MaskWords | None, sampling: Sampling, random: RandomSource) -> int:
    """
    One token out of a row of logits, among the set bits of the mask (None: all).
    """

def log_sum_exp(logits: LogitRow, mask: MaskWords | None) -> float:
    """
    log(sum(exp(logits))) over the set bits of the mask (None: all), in nats.
    """

def log_callback() -> int:
    """The address to give to llama_log_set."""

def kept_log_lines() -> list[str]:
    """llama.cpp's last warnings and errors."""

def forget_log_lines() -> None:
    """Forget what llama.cpp logged."""

def read_pieces(addresses: dict[str, int], vocab: int, n_tokens: int) -> tuple[list[bytes], list[int], list[int]]:
    """
    Each token's bytes, each token's attribute bits, and the end tokens, as three lists.
    """

class Caps:
    """Of what the type leaves open, what generation writes at most."""

    def __init__(self, items: int, characters: int, digits: int, repeats: int) -> None: ...

class Matcher(TokenConstraint):
    def __init__(self, constraint: Constraint, caps: Caps | None = None) -> None: ...
    def fill_mask(self, mask: MaskWords, /) -> None: ...
    def fill_mask_within(self, mask: MaskWords, budget: int, /) -> None: ...
    def narrow_mask(self, mask: MaskWords, budget: int, /) -> None: ...
    def fits(self, token: int, budget: int, /) -> bool: ...
    def least_tokens(self) -> int: ...
    def is_free_text(self, token: int) -> bool: ...
    def accept(self, token: int, /) -> bool: ...
    def accept_bytes(self, data: bytes, /) -> bool: ...
    def is_accepting(self) -> bool: ...
    def rollback(self, n_tokens: int, /) -> bool: ...
    def reset(self) -> None: ...
    def copy(self) -> Matcher: ...
    def forced(self) -> bytes: ...
    def forced_tokens(self, tokenizer: Tokenizer, /) -> list[int]: ...
    def live_bytes(self) -> bytes: ...
    @property
    def n_accepted(self) -> int: ...
    @property
    def state(self) -> int: ...

class TextMatcher(TokenConstraint):
    def __init__(self, constraint: TextConstraint) -> None: ...
    def fill_mask(self, mask: MaskWords, /) -> None: ...
    def fill_mask_within(self, mask: MaskWords, budget: int, /) -> None: ...
    def narrow_mask(self, mask: MaskWords, budget: int, /) -> None: ...
    def fits(self, token: int, budget: int, /) -> bool: ...
    def least_tokens(self) -> int: ...
    def is_free_text(self, token: int) -> bool: ...
    def accept(self, token: int, /) -> bool: ...
    def accept_bytes(self, data: bytes, /) -> bool: ...
    def is_accepting(self) -> bool: ...
    def rollback(self, n_tokens: int, /) -> bool: ...
    def reset(self) -> None: ...
    def copy(self) -> TextMatcher: ...
    def forced(self) -> bytes: ...
    def live_bytes(self) -> bytes: ...
    @property
    def n_accepted(self) -> int: ...
    @property
    def state(self) -> int: ...

class MaskedSampler:
    """A constraint for a sampler chain or a loop of one's own; fails closed."""

    def __init__(self, constraint: TokenConstraint, end_tokens: Sequence[int], max_tokens: int) -> None: ...
    def fill_mask(self, mask: MaskWords, /) -> None: ...
    def accept(self, token: int, /) -> None: ...
    def reset(self) -> None: ...
    def fail(self, why: str, /) -> None: ...
    def is_accepting(self) -> bool: ...
    def copy(self) -> MaskedSampler: ...
    @property
    def failure(self) -> str: ...
    def make(self, init: int, /) -> int: ...
