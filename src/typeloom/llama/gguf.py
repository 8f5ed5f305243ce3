"""What can be said about a GGUF file before llama.cpp opens it: that it exists, and that its first bytes are right.

A file that passes is not yet a good model; llama.cpp checks the rest and its refusal becomes a ModelError as well.
Source: docs/gguf.md of the ggml repository (magic, version, tensor count, metadata count; little endian).
"""

from __future__ import annotations

import os
import struct
from pathlib import Path

from typeloom.errors import ModelError

_MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_HEADER = struct.Struct("<4sIQQ")
_MOST_ENTRIES = 1 << 24  # tensors or metadata keys; real models have a few hundred


def check_header(path: str | os.PathLike[str]) -> Path:
    """The path of a readable file that begins like a GGUF. O(1).

    Raises ModelError if nothing is there, if it is a folder, not readable, too short, of another format or version.

    >>> check_header("no-such.gguf")
    Traceback (most recent call last):
    typeloom.errors.ModelError: expected a GGUF file at no-such.gguf, there is none; check the path
    """
    file = Path(path)
    name = str(file)
    if "\0" in name:
        raise ModelError(f"expected a path, was {name!r} with a zero byte in it; check the path")
    if not file.exists():
        raise ModelError(f"expected a GGUF file at {name}, there is none; check the path")
    if not file.is_file():
        raise ModelError(f"expected a GGUF file at {name}, that is a folder or a device; name the .gguf file itself")
    try:
        with file.open("rb") as stream:
            head = stream.read(_HEADER.size)
    except OSError as error:
        raise ModelError(f"expected a readable GGUF file at {name}, was refused: {error.strerror}; check its permissions") from error
    if head[:4] != _MAGIC:
        raise ModelError(
            f"expected a GGUF file at {name}, its first bytes are {head[:4]!r} instead of {_MAGIC!r}; "
            "convert the model to GGUF (convert_hf_to_gguf.py of llama.cpp) or name another file"
        )
    if len(head) < _HEADER.size:
        raise ModelError(
            f"expected a GGUF header of {_HEADER.size} bytes at {name}, the file has only {len(head)}; download it again"
        )
    _, version, n_tensors, n_keys = _HEADER.unpack(head)
    if version not in _VERSIONS:
        swapped = struct.unpack(">I", head[4:8])[0]
        way_out = "it is big endian; get a little endian file" if swapped in _VERSIONS else "convert the model again"
        raise ModelError(f"expected GGUF version 2 or 3 at {name} (byte 4), was {version}; {way_out}")
    if n_tensors > _MOST_ENTRIES or n_keys > _MOST_ENTRIES:
        raise ModelError(
            f"expected a GGUF header at {name}, it claims {n_tensors} tensors and {n_keys} metadata keys (byte 8): "
            "the file is corrupt; download it again"
        )
    return file
