"""A loaded GGUF: llama.cpp's model and context, the vocabulary, the tokeniser, and a decoder over the context's
sequences.

One LlamaModel may be used from many threads; they queue at `lock`, because a llama_context computes one thing at a
time. Sequences 0 to slots - 1 keep the prompts of past calls, so that a prompt that begins like one of them is not
evaluated again; the sequences after them are scratch for scoring labels.
"""

from __future__ import annotations

import os
import threading
import weakref
from types import TracebackType
from typing import Any, TypeVar

from typeloom import _core
from typeloom.errors import Error, LimitError, ModelError
from typeloom.llama.gguf import check_file
from typeloom.llama.library import addresses, api, forget_log, may_repack, recent_log
from typeloom.llama.processors import MAX_THREADS, default_threads
from typeloom.llama.tokenizer import Tokenizer
from typeloom.llama.vocabulary import Vocabulary, has_space_prefix, metadata, read_pieces

M = TypeVar("M", bound="LlamaModel")

_BRANCHES = 16  # labels whose continuations are evaluated in one batch
_LEAST_BATCH = 16  # any more tokens than that can be evaluated in batches of eight and more (decode.h: Rounding)
_NO_FLASH_ATTENTION = 0  # llama.h: LLAMA_FLASH_ATTN_TYPE_DISABLED
_UNBOUNDED = 2**32 - 1
_MOST_SEQUENCES = 256  # llama.cpp, src/llama-cparams.h: LLAMA_MAX_SEQ


class LlamaModel:
    """A model that is ready to decode; made by `load`, freed by `close` or by leaving a `with` block.

    `vocab` is its vocabulary, `tokenizer` its tokeniser, `n_ctx` the tokens that one prompt with its answer may have,
    `seed` the default seed, `path` the file.
    """

    def __init__(
        self,
        path: str,
        model: int,
        context: int,
        *,
        n_ctx: int,
        n_batch: int,
        slots: int,
        branches: int,
        attention_cells: int,
        seed: int,
    ) -> None:
        self.path = path
        self.n_ctx = n_ctx
        self.n_batch = n_batch
        self.slots = slots
        self.seed = seed
        self.lock = threading.Lock()
        self._model = model
        self._context = context
        self._finalizer = weakref.finalize(self, _free, model, context)
        pieces = read_pieces(model)
        self._pieces = pieces.texts
        self.end_tokens: tuple[int, ...] = tuple(pieces.ends)
        self.vocab: Vocabulary = Vocabulary.from_pieces(pieces, space_prefix=has_space_prefix(model))
        self.tokenizer = Tokenizer(int(api.llama_model_get_vocab(model)), pieces.texts, pieces.attributes)
        self.native_tokenizer = _core.Tokenizer(addresses(), int(api.llama_model_get_vocab(model)))
        self._silent = frozenset(i for i, bits in enumerate(pieces.attributes) if bits & _SILENT)
        self._decoder = _core.Decoder(
            addresses(),
            context,
            len(pieces.texts),
            n_ctx,
            n_batch,
            slots,
            branches,
            bool(api.llama_model_is_recurrent(model) or api.llama_model_is_hybrid(model)),
            list(self.end_tokens),
            attention_cells,
        )

    @classmethod
    def load(
        cls: type[M],
        path: str | os.PathLike[str],
        *,
        n_ctx: int = 4096,
        n_batch: int = 256,
        n_gpu_layers: int = 0,
        n_threads: int | None = None,
        seed: int = 0,
        slots: int = 1,
    ) -> M:
        """A model that is ready to decode.

        n_ctx: tokens that one prompt with its answer may have; at most what the model was trained for, read `.n_ctx`.
        n_batch: prompt tokens evaluated at once, at least 16; on a processor, each takes four bytes of memory for
        each head and each token of all slots. n_gpu_layers: layers on the GPU, -1 for all, if the installed llama.cpp
        was built for one. n_threads: processor threads, by default OMP_NUM_THREADS, else one for each physical core.
        seed: default of sampling. slots: how many texts are decoded together, and prompts kept; each costs n_ctx
        tokens of memory.

        Raises ModelError if the file is missing, not a GGUF, damaged, or not a decoder; LimitError for a size out of
        range. Costs what reading the file costs.
        """
        file = check_file(path)
        _check_range("n_ctx", n_ctx, 1, 1 << 24)
        _check_range("n_batch", n_batch, 1, 1 << 16)
        _check_range("n_gpu_layers", n_gpu_layers, -1, 1 << 16)
        _check_range("slots", slots, 1, _MOST_SEQUENCES - _BRANCHES)
        threads = default_threads() if n_threads is None else n_threads
        _check_range("n_threads", threads, 1, MAX_THREADS)

        forget_log()
        model_parameters = api.llama_model_default_params()
        model_parameters.n_gpu_layers = n_gpu_layers
        model_parameters.use_extra_bufts = may_repack()
        model = api.llama_model_load_from_file(os.fsencode(file), model_parameters)
        if not model:
            raise ModelError(
                f"expected a model at {file}, llama.cpp cannot load it: {recent_log() or 'no reason given'}; "
                "the file may be truncated or damaged (download it again), or newer than the installed llama-cpp-python"
            )
        try:
            if api.llama_model_has_encoder(model) or not api.llama_model_has_decoder(model):
                raise ModelError(
                    f"expected a decoder-only text model at {file}, this one has an encoder; use another model"
                )
            trained = int(api.llama_model_n_ctx_train(model))
            room = min(n_ctx, trained) if trained > 0 else n_ctx
            keeps_state = bool(api.llama_model_is_recurrent(model) or api.llama_model_is_hybrid(model))
            branches = 1 if keeps_state else _BRANCHES  # a recurrent state is as large as it is for every sequence
            # llama.cpp wants room for one output a sequence
            batch = max(min(n_batch, room), slots + branches, _LEAST_BATCH)
            parameters = api.llama_context_default_params()
            parameters.n_ctx = room * slots + batch  # the extra cells are for the branches of labels
            parameters.n_batch = batch
            parameters.n_ubatch = batch
            parameters.n_seq_max = slots + branches
            parameters.n_threads = parameters.n_threads_batch = threads
            parameters.kv_unified = True  # branches share the cells of their prompt
            parameters.swa_full = True  # else a sliding window forgets the prompts that are to be used again
            parameters.no_perf = True
            if n_gpu_layers == 0:
                # On a processor, flash attention computes small batches by other code than large ones: a token's logits
                # would depend on how many were evaluated with it, and eight sequences would cost six times one.
                parameters.flash_attn_type = _NO_FLASH_ATTENTION
            context = api.llama_init_from_model(model, parameters)
            if not context:
                raise ModelError(
                    f"llama.cpp cannot make a context of {parameters.n_ctx} tokens for {file}: "
                    f"{recent_log() or 'no reason given'}; load it with a smaller n_ctx or n_batch, or fewer slots"
                )
        except BaseException:
            api.llama_model_free(model)
            raise
        return cls(
            str(file),
            int(model),
            int(context),
            n_ctx=room,
            n_batch=batch,
            slots=slots,
            branches=branches,
            attention_cells=_attention_cells(model) if n_gpu_layers == 0 else _UNBOUNDED,
            seed=seed,
        )

    def metadata(self, key: str) -> str | None:
        """A metadata value of the GGUF as text, such as "general.name"; None if it is not there."""
        self._check_open()
        return metadata(self._model, key.encode())

    @property
    def chat_template(self) -> str | None:
        """The GGUF's own chat template, a Jinja text; None if it has none."""
        return self.metadata("tokenizer.chat_template")

    def text_of(self, tokens: list[int] | tuple[int, ...]) -> bytes:
        """The bytes that the tokens add to a text; control tokens add none. O(tokens)."""
        return b"".join(self._pieces[token] for token in tokens if token not in self._silent)

    def token_text(self, token: int) -> str:
        """The printable name of one token, control tokens included; empty for -1."""
        return self._pieces[token].decode("utf-8", "replace") if 0 <= token < len(self._pieces) else ""

    @property
    def bos_token(self) -> str:
        """The text of the beginning-of-sentence token; empty if there is none."""
        self._check_open()
        return self.token_text(int(api.llama_vocab_bos(api.llama_model_get_vocab(self._model))))

    @property
    def eos_token(self) -> str:
        """The text of the end-of-sentence token; empty if there is none."""
        self._check_open()
        return self.token_text(int(api.llama_vocab_eos(api.llama_model_get_vocab(self._model))))

    @property
    def decoder(self) -> Any:
        """The native decoder; hold `lock` while calling it. Raises ModelError after `close`."""
        self._check_open()
        return self._decoder

    def close(self) -> None:
        """Free the memory; using the model afterwards raises ModelError. May be called twice. Waits for a running
        call."""
        with self.lock:
            self._finalizer()

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return not self._finalizer.alive

    def _check_open(self) -> None:
        if self.closed:
            raise ModelError(f"expected an open model, {self.path} was closed; load it again")

    def __enter__(self: M) -> M:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"LlamaModel({self.path!r}, n_ctx={self.n_ctx}, slots={self.slots}{', closed' if self.closed else ''})"

    def __reduce__(self) -> Any:
        raise Error("a loaded model cannot be pickled; send its path, and load it in the other process")


_SILENT = 1 | 2 | 8  # llama.h: LLAMA_TOKEN_ATTR_UNKNOWN, _UNUSED, _CONTROL


def _attention_cells(model: int) -> int:
    """The tokens in memory with which attention multiplies half as much as all weights do: each costs, in each layer,
    its key and its value as wide as the model is."""
    width, layers = int(api.llama_model_n_embd(model)), int(api.llama_model_n_layer(model))
    return max(1, min(_UNBOUNDED, int(api.llama_model_n_params(model)) // max(1, 4 * width * layers)))


def _free(model: int, context: int) -> None:
    api.llama_free(context)
    api.llama_model_free(model)


def _check_range(name: str, value: int, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise LimitError(
            f"expected {name} from {low} to {high}, was {value!r}",
            limit=name,
            value=value if isinstance(value, int) else None,
        )
