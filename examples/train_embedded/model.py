"""A llama in two hundred lines: RMSNorm, rotary attention, SwiGLU, tied embeddings.

Rotary pairs are neighbours (0,1), (2,3), ... as llama.cpp wants them for the
``llama`` architecture, so that the weights are exported as they are.

Two things make copying cheap to learn, because a run is too short to find
them by itself:

* Of the pairs of each head only the first eight turn (the GGUF says so by
  ``rope_freqs``).  What is compared in the others does not depend on the
  distance, and there are enough of them to tell thousands of tokens apart.
* The first two layers begin as an induction circuit (Olsson et al. 2022,
  "In-context Learning and Induction Heads"): heads that look one, two and
  three tokens back, and above them heads that look for the place where the
  present token stood before.  Training is free to change all of it.

And a run is too short to learn what words mean: the row of a token is a row of
its own plus what is known of it as a word (``known``, ``vectors.py``) through
a matrix of all tokens, which is learnt.  A word that training hardly meets so
lies beside words that it often meets.  In a GGUF the two are one (``rows``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class Shape:
    vocab: int = 14336
    width: int = 384
    layers: int = 8
    heads: int = 6
    size: int = 64
    hidden: int = 1024
    context: int = 2048
    base: float = 10000.0
    eps: float = 1e-5

    @property
    def pairs(self) -> int:
        return self.size // 2


KNOWN = 100
"""Numbers that are known of a token as a word."""
TURNING = 8
"""How many pairs of a head turn."""
STILL = 1e9
"""What llama.cpp divides the frequency of a pair by that shall not turn."""


def frequencies(shape: Shape) -> Tensor:
    """Radians per token of each rotary pair: 1, 1/2, 1/4, ... and then none."""
    return torch.cat([0.5 ** torch.arange(TURNING, dtype=torch.float64), torch.zeros(shape.pairs - TURNING, dtype=torch.float64)])


def frequency_factors(shape: Shape) -> Tensor:
    """``rope_freqs`` of the GGUF: llama.cpp's own frequencies divided by these are ours."""
    own = shape.base ** (-torch.arange(shape.pairs, dtype=torch.float64) / shape.pairs)
    wanted = frequencies(shape)
    return torch.where(wanted > 0, own / wanted.clamp(min=1e-12), torch.tensor(STILL, dtype=torch.float64)).float()


class Block(nn.Module):
    def __init__(self, s: Shape) -> None:
        super().__init__()
        self.heads, self.size = s.heads, s.size
        self.before = Norm(s.width, s.eps)
        self.qkv = nn.Linear(s.width, 3 * s.heads * s.size, bias=False)
        self.out = nn.Linear(s.heads * s.size, s.width, bias=False)
        self.between = Norm(s.width, s.eps)
        self.gate_up = nn.Linear(s.width, 2 * s.hidden, bias=False)
        self.down = nn.Linear(s.hidden, s.width, bias=False)
        # How many matrices are stacked in one, for the optimiser.
        self.qkv.weight.parts = 3
        self.gate_up.weight.parts = 2

    def forward(self, x: Tensor, turns: Turns) -> Tensor:
        return self.told(x, attended(*self.asked(x, turns)))

    def asked(self, x: Tensor, turns: Turns) -> tuple[Tensor, Tensor, Tensor]:
        """Queries, keys and values, each (batch, heads, tokens, size)."""
        b, t, _ = x.shape
        q, k, v = self.qkv(self.before(x)).view(b, t, 3, self.heads, self.size).permute(2, 0, 3, 1, 4)
        return turned(q, turns), turned(k, turns), v

    def told(self, x: Tensor, y: Tensor) -> Tensor:
        """What attention found and what the gated layer makes of it, added to ``x``."""
        b, t, _ = x.shape
        x = x + self.out(y.transpose(1, 2).reshape(b, t, -1))
        return x + self.down(gated(self.gate_up(self.between(x))))


class Norm(nn.Module):
    def __init__(self, width: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        if x.is_cuda or torch.compiler.is_compiling():  # then the compiler writes the gradient
            return F.rms_norm(x, self.weight.shape, self.weight, self.eps)
        return Normed.apply(x, self.weight, self.eps)


class Normed(torch.autograd.Function):
    """RMSNorm with its gradient written out: PyTorch's own takes three times as long on a CPU."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, eps: float) -> Tensor:
        scale = torch.rsqrt(torch.linalg.vecdot(x, x).div_(x.shape[-1]).add_(eps)).unsqueeze(-1)
        unit = x * scale
        ctx.save_for_backward(unit, scale, weight)
        return unit * weight

    @staticmethod
    def backward(ctx: Any, given: Tensor) -> tuple[Tensor, Tensor, None]:
        unit, scale, weight = ctx.saved_tensors
        by_weight = (given * unit).flatten(0, -2).sum(0)
        inner = given * weight
        inner.addcmul_(unit, torch.linalg.vecdot(inner, unit).unsqueeze(-1), value=-1 / unit.shape[-1])
        return inner.mul_(scale), by_weight, None


class Attended(torch.autograd.Function):
    """Causal attention in bfloat16 on a CPU with matrix tiles, text by text, so that all scores of a text stay in the cache.

    PyTorch's own has a backward pass that takes five times as long as its forward pass; together this takes three fifths of the time.
    """

    @staticmethod
    def forward(ctx: Any, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        scale = q.shape[-1] ** -0.5
        later = torch.full((q.shape[-2], q.shape[-2]), -30_000.0, dtype=q.dtype).triu_(1)
        out = torch.empty_like(q)
        shares = []
        for i in range(q.shape[0]):
            shares.append(torch.softmax(torch.baddbmm(later, q[i], k[i].mT, alpha=scale), -1))
            torch.bmm(shares[-1], v[i], out=out[i])
        ctx.save_for_backward(q, k, v, *shares)
        return out

    @staticmethod
    def backward(ctx: Any, given: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        q, k, v, *shares = ctx.saved_tensors
        given = given.contiguous()
        by_q, by_k, by_v = torch.empty_like(q), torch.empty_like(k), torch.empty_like(v)
        for i, share in enumerate(shares):
            torch.bmm(share.mT, given[i], out=by_v[i])
            by_score = torch._softmax_backward_data(torch.bmm(given[i], v[i].mT), share, -1, share.dtype)
            torch.bmm(by_score, k[i], out=by_q[i])
            torch.bmm(by_score.mT, q[i], out=by_k[i])
        scale = q.shape[-1] ** -0.5
        return by_q.mul_(scale), by_k.mul_(scale), by_v


def attended(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """What each token attends to; all of them (batch, heads, tokens, size)."""
    if q.is_cuda or q.dtype != torch.bfloat16:
        return F.scaled_dot_product_attention(q, k, v, is_causal=True)
    return Attended.apply(q.contiguous(), k.contiguous(), v.contiguous())


class Gated(torch.autograd.Function):
    """SwiGLU of gate and up side by side, with one pass less over memory than PyTorch would make."""

    @staticmethod
    def forward(ctx: Any, both: Tensor) -> Tensor:
        ctx.save_for_backward(both)
        gate, up = both.chunk(2, -1)
        return F.silu(gate).mul_(up)

    @staticmethod
    def backward(ctx: Any, given: Tensor) -> Tensor:
        (both,) = ctx.saved_tensors
        gate, up = both.chunk(2, -1)
        out = torch.empty_like(both)
        by_gate, by_up = out.chunk(2, -1)
        open_ = torch.sigmoid(gate)
        torch.mul(gate, open_, out=by_up)
        # The derivative of silu: s + x s (1 - s), of which x s is by_up.
        torch.addcmul(open_.add(by_up), by_up, open_, value=-1, out=by_gate)
        by_gate.mul_(up).mul_(given)
        by_up.mul_(given)
        return out


def gated(both: Tensor) -> Tensor:
    """SwiGLU of gate and up side by side."""
    if both.is_cuda or torch.compiler.is_compiling():
        gate, up = both.chunk(2, -1)
        return F.silu(gate) * up
    return Gated.apply(both)


def multiplies_bfloat16(device: str) -> bool:
    """Accelerators do, and CPUs with tiles for it (AMX); a PyTorch that cannot tell (before 2.6) is taken for one without."""
    return device == "cuda" or bool(getattr(torch.cpu, "_is_amx_tile_supported", bool)())


Turns = tuple[Tensor, Tensor]
"""Cosines and sines by token and pair."""


def turned(x: Tensor, turns: Turns) -> Tensor:
    """The first pairs of each head turned, the others as they are."""
    cosine, sine = turns
    even, odd = x[..., : 2 * TURNING].float().unflatten(-1, (TURNING, 2)).unbind(-1)
    pairs = torch.stack((even * cosine - odd * sine, even * sine + odd * cosine), -1)
    return torch.cat((pairs.flatten(-2).to(x.dtype), x[..., 2 * TURNING :]), -1)


class Llama(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocab, shape.width)
        self.register_buffer("known", torch.zeros(shape.vocab, KNOWN))
        self.embedding_of_known = nn.Parameter(torch.zeros(KNOWN, shape.width))
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.norm = Norm(shape.width, shape.eps)
        angle = torch.outer(torch.arange(shape.context, dtype=torch.float64), frequencies(shape)[:TURNING])
        self.register_buffer("cosines", angle.cos().float(), persistent=False)
        self.register_buffer("sines", angle.sin().float(), persistent=False)
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
        size = s.size
        self.embedding.weight[:, 0] = 0.3  # the same in every token: what heads that ask for a distance alone can read
        first, second = self.blocks[0], self.blocks[1]
        token = _orthonormal(size, s.width)
        token[:, 0] = 0.0
        written = [_orthonormal(size, s.width) for _ in range(3)]
        turns = frequencies(s)
        for head, distance in enumerate((1, 2, 3)):
            rows = slice(head * size, (head + 1) * size)
            q, k, v = first.qkv.weight.chunk(3)
            q[rows], k[rows] = 0.0, 0.0
            # q is k turned ``distance`` tokens back, so that their product is largest there.
            k[rows][0::2, 0] = torch.where(turns > 0, 1.0, 0.0)
            q[rows][0::2, 0] = torch.where(turns > 0, torch.cos(-distance * turns), 0.0).float()
            q[rows][1::2, 0] = torch.where(turns > 0, torch.sin(-distance * turns), 0.0).float()
            q[rows] *= (size / 32) ** 0.5
            v[rows] = token
            first.out.weight[:, rows] = 0.12 * written[head].T
        asks: list[Tensor] = [token, written[0], written[1]]
        q, k, v = second.qkv.weight.chunk(3)
        steady = torch.where(turns > 0, 0.1, 1.0).repeat_interleave(2).float()[:, None]
        for head, (asked, found) in enumerate(zip(asks, written, strict=True)):
            rows = slice(head * size, (head + 1) * size)
            # The token (or the one before it) is looked for behind the same token.
            q[rows] = 2.0 * (size / 32) ** 0.5 * steady * asked
            k[rows] = 2.0 * steady * found
            copied = _orthonormal(size, s.width)
            v[rows] = copied
            second.out.weight[:, rows] = 0.3 * copied.T

    def rows(self) -> Tensor:
        """(tokens, width): what each token is, as it is read and as it is said."""
        return self.embedding.weight + self.known @ self.embedding_of_known

    @torch.no_grad()
    def know(self, known: Tensor, share: float) -> None:
        """Begin to use what is known of tokens, at a share of the length that their own rows have."""
        self.known.copy_(known)
        across = torch.linalg.qr(torch.randn(self.shape.width, KNOWN))[0].T if self.shape.width >= KNOWN else torch.randn(KNOWN, self.shape.width) / self.shape.width**0.5
        self.embedding_of_known.copy_(across * share * self.embedding.weight.norm(dim=1).median())

    def hidden(self, ids: Tensor, rows: Tensor | None = None) -> Tensor:
        x = F.embedding(ids, self.rows() if rows is None else rows)
        turns = self.cosines[: ids.shape[1]], self.sines[: ids.shape[1]]
        for block in self.blocks:
            x = block(x, turns)
        return self.norm(x)

    def logits(self, hidden: Tensor, rows: Tensor | None = None) -> Tensor:
        return hidden @ (self.rows() if rows is None else rows).T

    @torch.no_grad()
    def greedy(self, ids: list[int], end: int, limit: int = 300) -> list[int]:
        """Slow but plain: the reference for what llama.cpp must say."""
        ids, start = list(ids), len(ids)
        while len(ids) < start + limit:
            following = int(self.logits(self.hidden(torch.tensor([ids], device=self.embedding.weight.device))[0, -1]).argmax())
            if following == end:
                break
            ids.append(following)
        return ids[start:]


def _orthonormal(rows: int, columns: int) -> Tensor:
    return torch.linalg.qr(torch.randn(columns, rows))[0].T.contiguous()
