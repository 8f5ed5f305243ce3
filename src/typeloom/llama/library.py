"""The installed llama.cpp: its functions by address, its structs checked, its log kept.

`llama_cpp` (llama-cpp-python) loads the shared library; the decode loop in C++ calls the same loaded functions
through their addresses, so nothing is linked twice and the two can never be of different versions. The one struct
that crosses by value is compared field by field when this module is imported.

llama.cpp writes its log to stderr. Here it goes to a short native ring of lines instead, from which error messages
quote.
"""

from __future__ import annotations

import ctypes

from typeloom import _core
from typeloom.errors import ModelError

try:
    from llama_cpp import llama_cpp as api
except (
    ImportError,
    OSError,
    RuntimeError,
    FileNotFoundError,
) as error:  # pragma: no cover - needs a broken installation
    raise ModelError(
        f"expected the package llama-cpp-python, but it cannot be imported: {error}; "
        "install it with `pip install llama-cpp-python`"
    ) from error

__all__ = ["addresses", "api", "forget_log", "may_repack", "recent_log"]

# llama.h, struct llama_batch, as src/core/decode.h declares it.
_BATCH_FIELDS = ("n_tokens", "token", "embd", "pos", "n_seq_id", "seq_id", "logits")
_BATCH_BYTES = 4 + 4 + 6 * 8  # an int32, its padding, six pointers

_NATIVE_FUNCTIONS = (
    "llama_decode",
    "llama_get_logits_ith",
    "llama_get_memory",
    "llama_memory_seq_rm",
    "llama_memory_seq_cp",
    "llama_memory_seq_pos_min",
    "llama_set_abort_callback",
    "llama_token_to_piece",
    "llama_vocab_get_attr",
    "llama_vocab_is_eog",
    "llama_tokenize",
)
_OPTIONAL_FUNCTIONS = frozenset({"llama_set_abort_callback"})


def _check_batch() -> None:
    fields = tuple(field[0] for field in api.llama_batch._fields_)
    size = ctypes.sizeof(api.llama_batch)
    if fields != _BATCH_FIELDS or size != _BATCH_BYTES:
        raise ModelError(
            f"expected llama_batch with the fields {', '.join(_BATCH_FIELDS)} in {_BATCH_BYTES} bytes, "
            f"the installed llama-cpp-python has {', '.join(fields)} in {size} bytes; "
            "install a version of llama-cpp-python that this version of typeloom supports (0.3.36 is known to work)"
        )


def addresses() -> dict[str, int]:
    """The addresses of the llama.cpp functions that native code calls, by name. O(1).

    Raises ModelError if the installed library lacks one of them.
    """
    found: dict[str, int] = {}
    for name in _NATIVE_FUNCTIONS:
        try:
            function = getattr(api._lib, name)
        except AttributeError:
            if name in _OPTIONAL_FUNCTIONS:
                continue
            raise ModelError(
                f"expected the function {name} in the installed llama.cpp, but it is not there; "
                "install a newer llama-cpp-python"
            ) from None
        address = ctypes.cast(function, ctypes.c_void_p).value
        assert address is not None
        found[name] = address
    return found


def may_repack() -> bool:
    """Whether weights may be kept in the order that suits the processor: everywhere but where that means AMX tiles.

    llama.cpp's products in tiles end in a segmentation fault where GCC compiled them: it leaves out the writing of the
    tiles' shapes (llama.cpp issue 20824, pull request 26954). Without them the same products use AVX-512.
    """
    return b"AMX_INT8 = 1" not in bytes(api.llama_print_system_info())


def recent_log(count: int = 3) -> str:
    """The last `count` warnings and errors of llama.cpp, as one line; empty if there are none. O(count)."""
    lines = [line.strip() for line in _core.kept_log_lines()]
    return "; ".join([line for line in lines if line][-count:])


def forget_log() -> None:
    """Empty the ring, so that `recent_log` speaks of what follows."""
    _core.forget_log_lines()


_check_batch()
api.llama_log_set(ctypes.cast(_core.log_callback(), api.llama_log_callback), ctypes.c_void_p(0))
api.llama_backend_init()
