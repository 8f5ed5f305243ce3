"""A checkpoint as a GGUF file that llama.cpp loads as a ``llama``, and back."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tokens
import torch
from gguf import GGMLQuantizationType, GGUFReader, GGUFWriter, LlamaFileType, TokenType
from gguf.quants import dequantize, quantize
from model import Block, Llama, Shape, frequency_factors
from tokenizers import Tokenizer, models, pre_tokenizers
from values import WORK

ROWS = GGMLQuantizationType.Q5_0
"""How the rows of the tokens are kept: they are a third of the model, and rounded most harmlessly.  llama.cpp multiplies this format
by several tokens at once on x86 processors (not Q5_1: a step of eight slots took 16 % longer with it)."""
TARGET = Path(__file__).resolve().parents[2] / "src/typeloom/embedded/model.gguf"


def loaded(checkpoint: Path = WORK / "checkpoint.pt", weights: str = "model") -> Llama:
    """The model of a checkpoint: its last weights ("model") or their running average ("average")."""
    state = torch.load(checkpoint, weights_only=False, map_location="cpu")
    model = Llama(state["shape"])
    model.load_state_dict(state[weights])
    return model.eval()


def averaged(checkpoints: Sequence[Path], weights: str) -> Llama:
    """One model with the mean of the weights of several checkpoints of a run."""
    first, *others = (loaded(path, weights) for path in checkpoints)
    with torch.no_grad():
        for name, tensor in first.state_dict().items():
            tensor.copy_(torch.stack([tensor, *(other.state_dict()[name] for other in others)]).mean(0))
    return first


def write(model: Llama, target: Path) -> None:
    s = model.shape
    w = GGUFWriter(str(target), "llama")
    w.add_name("typeloom embedded")
    w.add_description("Extraction and classification from short documents; trained from scratch on generated text.")
    w.add_license("Apache-2.0")
    w.add_vocab_size(s.vocab)
    w.add_context_length(s.context)
    w.add_embedding_length(s.width)
    w.add_block_count(s.layers)
    w.add_feed_forward_length(s.hidden)
    w.add_head_count(s.heads)
    w.add_head_count_kv(s.heads)
    w.add_key_length(s.size)
    w.add_value_length(s.size)
    w.add_rope_dimension_count(2 * s.pairs)
    w.add_rope_freq_base(s.base)
    w.add_layer_norm_rms_eps(s.eps)
    w.add_file_type(LlamaFileType.MOSTLY_Q8_0)

    state = json.loads(tokens.FILE.read_text())
    names = sorted(state["vocab"], key=state["vocab"].get)
    w.add_tokenizer_model("gpt2")
    w.add_tokenizer_pre("gpt-2")
    w.add_token_list(names)
    w.add_token_types([TokenType.CONTROL if n in tokens.SPECIAL else TokenType.NORMAL for n in names])
    w.add_token_merges([" ".join(m) for m in state["merges"]])
    w.add_bos_token_id(tokens.USER)
    w.add_eos_token_id(tokens.END)
    w.add_eot_token_id(tokens.END)
    w.add_pad_token_id(tokens.END)
    w.add_add_bos_token(False)
    w.add_add_eos_token(False)
    w.add_chat_template(tokens.CHAT_TEMPLATE)

    for name, tensor in named(model).items():
        array = tensor.detach().numpy()
        if array.ndim == 2:
            # Eight bits a number, and two bytes for the scale of every 32 (ggml's Q8_0).
            kind = ROWS if name == "token_embd.weight" else GGMLQuantizationType.Q8_0
            w.add_tensor(name, quantize(np.ascontiguousarray(array), kind), raw_dtype=kind)
        else:
            w.add_tensor(name, np.ascontiguousarray(array.astype(np.float32)), raw_dtype=GGMLQuantizationType.F32)
    # Without these llama.cpp would turn the pairs that are still, and say something else.
    w.add_tensor("rope_freqs.weight", frequency_factors(s).numpy(), raw_dtype=GGMLQuantizationType.F32)
    w.write_header_to_file()
    w.write_kv_data_to_file()
    w.write_tensors_to_file()
    w.close()


def named(model: Llama) -> dict[str, torch.Tensor]:
    """The names that the GGUF has for the weights; all but the rows of the tokens are views of the model's own memory."""
    out: dict[str, torch.Tensor] = {"token_embd.weight": model.rows(), "output_norm.weight": model.norm.weight}
    for i, block in enumerate(model.blocks):
        assert isinstance(block, Block)
        q, k, v = block.qkv.weight.chunk(3)
        gate, up = block.gate_up.weight.chunk(2)
        matrices = {"attn_q": q, "attn_k": k, "attn_v": v, "attn_output": block.out.weight, "ffn_gate": gate, "ffn_up": up, "ffn_down": block.down.weight}
        norms = {"attn_norm": block.before.weight, "ffn_norm": block.between.weight}
        out |= {f"blk.{i}.{name}.weight": tensor for name, tensor in (matrices | norms).items()}
    return out


def read(path: Path) -> Llama:
    """The model of a GGUF that :func:`write` made; its tokenizer is put into ``work/`` if none is there.

    If the tokenizer in ``work/`` only has more tokens (``tokens.extended``), the model gets rows for them: each the mean of what the
    token was before.  Raises ValueError if it is another one.
    """
    reader = GGUFReader(str(path))

    def field(name: str) -> Any:
        return reader.fields[name].contents()

    names = field("tokenizer.ggml.tokens")
    state = {"vocab": {name: i for i, name in enumerate(names)}, "merges": [merge.split(" ") for merge in field("tokenizer.ggml.merges")]}
    if not tokens.FILE.exists():
        tokens.FILE.parent.mkdir(parents=True, exist_ok=True)
        tokens.FILE.write_text(json.dumps(state))
    there = json.loads(tokens.FILE.read_text())
    if {name: i for name, i in there["vocab"].items() if i < len(names)} != state["vocab"] or there["merges"][: len(state["merges"])] != state["merges"]:
        raise ValueError(f"{tokens.FILE} is not the tokenizer of {path}: remove it (and work/shards) to go on with the GGUF's")
    heads = field("llama.attention.head_count")
    length = reader.fields.get("llama.attention.key_length")
    shape = Shape(
        size=length.contents() if length else field("llama.embedding_length") // heads,
        vocab=len(there["vocab"]), width=field("llama.embedding_length"), layers=field("llama.block_count"), heads=heads,
        hidden=field("llama.feed_forward_length"), context=field("llama.context_length"),
    )
    model = Llama(shape)
    stored = {tensor.name: torch.from_numpy(dequantize(tensor.data, tensor.tensor_type).astype(np.float32)) for tensor in reader.tensors}
    with torch.no_grad():
        model.embedding.weight.copy_(widened(stored.pop("token_embd.weight"), state))
        for name, tensor in named(model).items():
            if name in stored:
                tensor.copy_(stored[name])
    return model


def widened(rows: torch.Tensor, state: dict[str, Any]) -> torch.Tensor:
    """Rows for all tokens in ``work/``, from those of a tokenizer that has the first of them."""
    before = Tokenizer(models.BPE(state["vocab"], [tuple(m) for m in state["merges"]]))
    before.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    vocabulary = tokens.tokenizer().get_vocab()
    names = sorted(vocabulary, key=lambda name: vocabulary[name])
    new = [rows[before.encode(name, add_special_tokens=False).ids].mean(0) for name in names[len(rows) :]]
    return torch.stack([*rows, *new])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--to", type=Path, default=TARGET)
    parser.add_argument("--checkpoint", type=Path, nargs="+", default=[WORK / "checkpoint.pt"], help="the mean is taken of several")
    parser.add_argument("--weights", choices=["model", "average"], default="model")
    args = parser.parse_args()
    write(averaged(args.checkpoint, args.weights), args.to)
    print(f"{args.to.stat().st_size:,} bytes")
