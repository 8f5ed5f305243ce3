"""What must be said about a GGUF file before llama.cpp opens it: that it exists, that its first bytes are right, and
that no two of its tokens are the same, which llama.cpp does not refuse but aborts the process on (llama-vocab.cpp,
`GGML_ASSERT(id_to_token.size() == token_to_id.size())`).

A file that passes is not yet a good model; llama.cpp checks the rest and its refusal becomes a ModelError as well.
Source: docs/gguf.md of the ggml repository (magic, version, tensor count, metadata count; little endian).
"""

from __future__ import annotations

import mmap
import os
import struct
from pathlib import Path

from typeloom.errors import ModelError

_MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_HEADER = struct.Struct("<4sIQQ")
_SCALAR_BYTES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}  # by gguf_type
_STRING, _ARRAY = 8, 9
_TOKENS_KEY = b"tokenizer.ggml.tokens"
_MOST_ENTRIES = 1 << 24  # tensors or metadata keys; real models have a few hundred


def check_file(path: str | os.PathLike[str]) -> Path:
    """The path of a readable file that begins like a GGUF and whose tokens are distinct. O(bytes of its tokens).

    Raises ModelError if nothing is there, if it is a folder, not readable, too short, of another format or version,
    or names a token twice.

    >>> check_file("no-such.gguf")
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
        raise ModelError(
            f"expected a readable GGUF file at {name}, was refused: {error.strerror}; check its permissions"
        ) from error
    if head[:4] != _MAGIC:
        raise ModelError(
            f"expected a GGUF file at {name}, its first bytes are {head[:4]!r} instead of {_MAGIC!r}; "
            "convert the model to GGUF (convert_hf_to_gguf.py of llama.cpp) or name another file"
        )
    if len(head) < _HEADER.size:
        raise ModelError(
            f"expected a GGUF header of {_HEADER.size} bytes at {name}, the file has only {len(head)}; download "
            "it again"
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
    try:
        with file.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
            twice = _repeated_token(data, n_keys)
    except (struct.error, OverflowError):  # it ends early or claims absurd lengths: llama.cpp says so better
        twice = None
    if twice is not None:
        raise ModelError(
            f"expected distinct tokens in {name}, {twice!r} is there twice: the file is damaged; download or "
            "convert it again"
        )
    return file


def _repeated_token(data: mmap.mmap, n_keys: int) -> bytes | None:
    """The first token that is listed a second time; None if there is none, or no list that can be read."""
    read_length = struct.Struct("<Q").unpack_from
    at = _HEADER.size
    for _ in range(n_keys):
        (length,) = read_length(data, at)
        key = data[at + 8 : at + 8 + length]
        at += 8 + length
        (kind,) = struct.unpack_from("<I", data, at)
        at += 4
        if kind in _SCALAR_BYTES:
            at += _SCALAR_BYTES[kind]
            continue
        count = 1
        if kind == _ARRAY:
            kind, count = struct.unpack_from("<IQ", data, at)
            at += 12
            if kind in _SCALAR_BYTES:
                at += _SCALAR_BYTES[kind] * count
                continue
        if kind != _STRING:
            return None
        wanted = key == _TOKENS_KEY
        seen: set[bytes] = set()
        for _ in range(count):
            (length,) = read_length(data, at)
            if wanted:
                text = data[at + 8 : at + 8 + length]
                if text in seen:
                    return text
                seen.add(text)
            at += 8 + length
        if wanted:
            return None
    return None
