"""A llama in a hundred lines: RMSNorm, rotary attention, SwiGLU, tied embeddings.

Rotary pairs are neighbours (0,1), (2,3), ... as llama.cpp wants them for the
``llama`` architecture, so that the weights are exported as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass
class Shape:
    vocab: int = 1024
    width: int = 160
    layers: int = 4
    heads: int = 5
    hidden: int = 416
    context: int = 2048
    base: float = 10000.0
    eps: float = 1e-5


class Block(nn.Module):
    def __init__(self, s: Shape) -> None:
        super().__init__()
        self.heads = s.heads
        self.before = nn.RMSNorm(s.width, s.eps)
        self.qkv = nn.Linear(s.width, 3 * s.width, bias=False)
        self.out = nn.Linear(s.width, s.width, bias=False)
        self.between = nn.RMSNorm(s.width, s.eps)
        self.gate_up = nn.Linear(s.width, 2 * s.hidden, bias=False)
        self.down = nn.Linear(s.hidden, s.width, bias=False)
        # How many matrices are stacked in one, for the optimiser.
        self.qkv.weight.parts = 3
        self.gate_up.weight.parts = 2

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        b, t, d = x.shape
        q, k, v = self.qkv(self.before(x)).view(b, t, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(turned(q, cos, sin), turned(k, cos, sin), v, is_causal=True)
        x = x + self.out(y.transpose(1, 2).reshape(b, t, d))
        gate, up = self.gate_up(self.between(x)).chunk(2, -1)
        return x + self.down(F.silu(gate) * up)


def turned(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    a, b = x[..., 0::2], x[..., 1::2]
    return torch.stack((a * cos - b * sin, a * sin + b * cos), -1).flatten(-2)


class Llama(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocab, shape.width)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.norm = nn.RMSNorm(shape.width, shape.eps)
        half = shape.width // shape.heads // 2
        angle = torch.outer(torch.arange(shape.context), shape.base ** (-torch.arange(half) / half))
        self.register_buffer("cos", angle.cos(), persistent=False)
        self.register_buffer("sin", angle.sin(), persistent=False)
        for name, p in self.named_parameters():
            if p.dim() == 2:
                last = name.endswith(("out.weight", "down.weight"))
                nn.init.normal_(p, std=0.02 if not last else 0.02 / (2 * shape.layers) ** 0.5)
        nn.init.normal_(self.embedding.weight, std=0.05)

    def hidden(self, ids: Tensor) -> Tensor:
        x = self.embedding(ids)
        cos, sin = self.cos[: ids.shape[1]], self.sin[: ids.shape[1]]
        for block in self.blocks:
            x = block(x, cos, sin)
        return self.norm(x)

    def logits(self, hidden: Tensor) -> Tensor:
        return hidden @ self.embedding.weight.T

    @torch.no_grad()
    def greedy(self, ids: list[int], end: int, limit: int = 300) -> list[int]:
        """Slow but plain: the reference for what llama.cpp must say."""
        ids, start = list(ids), len(ids)
        while len(ids) < start + limit:
            following = int(self.logits(self.hidden(torch.tensor([ids]))[0, -1]).argmax())
            if following == end:
                break
            ids.append(following)
        return ids[start:]
