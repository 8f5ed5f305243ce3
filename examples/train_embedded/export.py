"""Write the checkpoint as a GGUF file that llama.cpp loads as a ``llama``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import tokens
import torch
from gguf import GGMLQuantizationType, GGUFWriter, TokenType
from model import Llama, Shape
from values import WORK

TARGET = Path(__file__).resolve().parents[2] / "src/typeloom/embedded/model.gguf"


def loaded() -> Llama:
    model = Llama(Shape())
    model.load_state_dict(torch.load(WORK / "checkpoint.pt", weights_only=False)["model"])
    return model.eval()


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
    w.add_rope_dimension_count(s.width // s.heads)
    w.add_rope_freq_base(s.base)
    w.add_layer_norm_rms_eps(s.eps)
    w.add_file_type(1)

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

    def half(name: str, tensor: torch.Tensor) -> None:
        w.add_tensor(name, np.ascontiguousarray(tensor.detach().numpy().astype(np.float16)))

    def full(name: str, tensor: torch.Tensor) -> None:
        w.add_tensor(name, np.ascontiguousarray(tensor.detach().numpy().astype(np.float32)), raw_dtype=GGMLQuantizationType.F32)

    half("token_embd.weight", model.embedding.weight)
    full("output_norm.weight", model.norm.weight)
    for i, b in enumerate(model.blocks):
        q, k, v = b.qkv.weight.chunk(3)
        gate, up = b.gate_up.weight.chunk(2)
        for name, tensor in {"attn_q": q, "attn_k": k, "attn_v": v, "attn_output": b.out.weight, "ffn_gate": gate, "ffn_up": up, "ffn_down": b.down.weight}.items():
            half(f"blk.{i}.{name}.weight", tensor)
        full(f"blk.{i}.attn_norm.weight", b.before.weight)
        full(f"blk.{i}.ffn_norm.weight", b.between.weight)
    w.write_header_to_file()
    w.write_kv_data_to_file()
    w.write_tensors_to_file()
    w.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--to", type=Path, default=TARGET)
    args = parser.parse_args()
    write(loaded(), args.to)
    print(f"{args.to.stat().st_size:,} bytes")
