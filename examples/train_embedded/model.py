"""A llama in a hundred lines: RMSNorm, rotary attention, SwiGLU, tied embeddings.

Rotary pairs are neighbours (0,1), (2,3), ... as llama.cpp wants them for the
``llama`` architecture, so that the weights are exported as they are.

Two things make copying cheap to learn, because a run is too short to find
them by itself:

* Half of the pairs of each head do not turn at all (the GGUF says so by
  ``rope_freqs``).  What is compared there does not depend on the distance.
* The first two layers begin as an induction circuit (Olsson et al. 2022,
  "In-context Learning and Induction Heads"): heads that look one, two and
  three tokens back, and above them heads that look for the place where the
  present token stood before.  Training is free to change all of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class Shape:
    vocab: int = 3072
    width: int = 192
    layers: int = 5
    heads: int = 6
    hidden: int = 512
    context: int = 2048
    base: float = 10000.0
    eps: float = 1e-5

    @property
    def pairs(self) -> int:
        return self.width // self.heads // 2


STILL = 1e9
"""What llama.cpp divides the frequency of a pair by that shall not turn."""


def frequencies(shape: Shape) -> Tensor:
    """Radians per token of each rotary pair: 1, 1/2, 1/4, ... and then none."""
    turning = shape.pairs // 2
    return torch.cat([0.5 ** torch.arange(turning, dtype=torch.float64), torch.zeros(shape.pairs - turning, dtype=torch.float64)])


def frequency_factors(shape: Shape) -> Tensor:
    """``rope_freqs`` of the GGUF: llama.cpp's own frequencies divided by these are ours."""
    own = shape.base ** (-torch.arange(shape.pairs, dtype=torch.float64) / shape.pairs)
    wanted = frequencies(shape)
    return torch.where(wanted > 0, own / wanted.clamp(min=1e-12), torch.tensor(STILL, dtype=torch.float64)).float()


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
        angle = torch.outer(torch.arange(shape.context, dtype=torch.float64), frequencies(shape))
        self.register_buffer("cos", angle.cos().float(), persistent=False)
        self.register_buffer("sin", angle.sin().float(), persistent=False)
        for name, p in self.named_parameters():
            if p.dim() == 2:
                last = name.endswith(("out.weight", "down.weight"))
                nn.init.normal_(p, std=0.04 if not last else 0.04 / (2 * shape.layers) ** 0.5)
        nn.init.normal_(self.embedding.weight, std=0.05)
        with torch.no_grad():
            self._begin_copying()

    def _begin_copying(self) -> None:
        """Write the induction circuit into the first two layers."""
        s = self.shape
        size = s.width // s.heads
        self.embedding.weight[:, 0] = 0.3  # the same in every token: what heads that ask for a distance alone can read
        first, second = self.blocks[0], self.blocks[1]
        token = _orthonormal(size, s.width)
        token[:, 0] = 0.0
        written = [_orthonormal(size, s.width) for _ in range(3)]
        turns = frequencies(s)
        for head, distance in enumerate((1, 2, 3)):
            rows = slice(head * size, (head + 1) * size)
            q, k, v = first.qkv.weight[: s.width], first.qkv.weight[s.width : 2 * s.width], first.qkv.weight[2 * s.width :]
            q[rows], k[rows] = 0.0, 0.0
            # q is k turned ``distance`` tokens back, so that their product is largest there.
            k[rows][0::2, 0] = torch.where(turns > 0, 1.0, 0.0)
            q[rows][0::2, 0] = torch.where(turns > 0, torch.cos(-distance * turns), 0.0).float()
            q[rows][1::2, 0] = torch.where(turns > 0, torch.sin(-distance * turns), 0.0).float()
            v[rows] = token
            first.out.weight[:, rows] = 0.12 * written[head].T
        asks: list[Tensor] = [token, written[0], written[1]]
        q, k, v = second.qkv.weight[: s.width], second.qkv.weight[s.width : 2 * s.width], second.qkv.weight[2 * s.width :]
        steady = torch.where(turns > 0, 0.1, 1.0).repeat_interleave(2).float()[:, None]
        for head, (asked, found) in enumerate(zip(asks, written, strict=True)):
            rows = slice(head * size, (head + 1) * size)
            # The token (or the one before it) is looked for behind the same token.
            q[rows] = 2.0 * steady * asked
            k[rows] = 2.0 * steady * found
            copied = _orthonormal(size, s.width)
            v[rows] = copied
            second.out.weight[:, rows] = 0.3 * copied.T

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


def _orthonormal(rows: int, columns: int) -> Tensor:
    return torch.linalg.qr(torch.randn(columns, rows))[0].T.contiguous()
