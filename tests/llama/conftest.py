"""Tiny models with random weights, written as GGUF files; nothing is downloaded."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from pathlib import Path

import gguf
import llama_cpp
import numpy as np
import pytest

from typeloom.llama.model import LlamaModel

GROUP, MANY = 4, 8  # decode.h: kGroup, kMany
CONTROLS = ["<s>", "</s>", "<|user|>", "<|assistant|>", "<|system|>", "<|end|>"]
MARKUP = ["<|tool|>"]  # marked USER_DEFINED, as some converted models do
WORDS = ["he", "ll", "hell", "hello", "Ġw", "Ġwo", "re", "Ġworld", "or", "ld", "tr", "ue", "true"]
MERGES = [
    "h e",
    "l l",
    "he ll",
    "hell o",
    "Ġ w",
    "Ġw o",
    "r e",
    "o r",
    "l d",
    "Ġwo r",
    "Ġwor ld",
    "t r",
    "u e",
    "tr ue",
]
TEMPLATE = (
    "{{ bos_token }}{% for m in messages %}<|{{ m['role'] }}|>\n{{ m['content'] }}<|end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>\n{% endif %}"
)


def byte_alphabet() -> list[str]:
    """GPT-2's printable stand-ins for the 256 bytes, by byte."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    extra = iter(range(256, 512))
    return [chr(byte) if byte in printable else chr(next(extra)) for byte in range(256)]


def write_tiny_model(
    path: Path,
    *,
    template: str | None = TEMPLATE,
    seed: int = 0,
    n_layers: int = 2,
    n_ctx: int = 2048,
    scale: float = 0.4,
    weights: str = "F32",
    width: int = 32,
) -> Path:
    """A two-layer llama over bytes, a few merges and control tokens, its matrices of the type `weights`."""
    tokens = byte_alphabet() + WORDS + ["Ġwor"] + MARKUP + CONTROLS
    kinds = [1] * (256 + len(WORDS) + 1) + [4] * len(MARKUP) + [3] * len(CONTROLS)
    heads, inner = 4, 2 * width
    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_name("tiny")
    writer.add_context_length(n_ctx)
    writer.add_embedding_length(width)
    writer.add_block_count(n_layers)
    writer.add_feed_forward_length(inner)
    writer.add_head_count(heads)
    writer.add_head_count_kv(heads)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(width // heads)
    writer.add_vocab_size(len(tokens))
    writer.add_file_type(0)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges(MERGES)
    writer.add_bos_token_id(tokens.index("<s>"))
    writer.add_eos_token_id(tokens.index("</s>"))
    writer.add_eot_token_id(tokens.index("<|end|>"))
    writer.add_add_bos_token(True)
    if template is not None:
        writer.add_chat_template(template)
    random = np.random.default_rng(seed)

    kind = gguf.GGMLQuantizationType[weights]

    def add(name: str, *shape: int) -> None:
        drawn = (random.standard_normal(shape) * scale).astype(np.float32)
        writer.add_tensor(name, gguf.quants.quantize(drawn, kind), raw_dtype=kind)

    add("token_embd.weight", len(tokens), width)
    writer.add_tensor("output_norm.weight", np.ones(width, dtype=np.float32))
    add("output.weight", len(tokens), width)
    for layer in range(n_layers):
        block = f"blk.{layer}."
        writer.add_tensor(block + "attn_norm.weight", np.ones(width, dtype=np.float32))
        writer.add_tensor(block + "ffn_norm.weight", np.ones(width, dtype=np.float32))
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            add(f"{block}{name}.weight", width, width)
        add(block + "ffn_gate.weight", inner, width)
        add(block + "ffn_up.weight", inner, width)
        add(block + "ffn_down.weight", width, inner)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def quantise(source: Path, target: Path, mixture: int) -> Path:
    """The model in one of llama.cpp's mixtures of types (`llama_ftype`), by llama.cpp itself."""
    parameters = llama_cpp.llama_model_quantize_default_params()
    parameters.ftype, parameters.nthread = mixture, 1
    assert llama_cpp.llama_model_quantize(str(source).encode(), str(target).encode(), ctypes.byref(parameters)) == 0
    return target


@pytest.fixture(scope="session")
def tiny_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_model(tmp_path_factory.mktemp("models") / "tiny.gguf")


@pytest.fixture(scope="session")
def tiny(tiny_path: Path) -> Iterator[LlamaModel]:
    with LlamaModel.load(tiny_path, n_ctx=512, n_batch=64, n_threads=1) as model:
        yield model


@pytest.fixture(scope="session")
def vocabulary_files() -> list[Path]:
    """The vocabulary-only GGUFs, if TYPELOOM_DATA says where they are."""
    folder = Path(os.environ.get("TYPELOOM_DATA", "")) / "vocabs"
    files = sorted(folder.glob("*.gguf")) if os.environ.get("TYPELOOM_DATA") else []
    if not files:
        pytest.skip("no vocabularies: TYPELOOM_DATA does not name a folder with vocabs/*.gguf")
    return files
