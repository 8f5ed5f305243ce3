"""Muon (Jordan et al. 2024): momentum made orthogonal, for the matrices.

The iteration is in bfloat16 where the device multiplies such matrices (``model.multiplies_bfloat16``); a CPU that does not
would run it a hundred times slower.
"""

from __future__ import annotations

from typing import Any

import torch
from model import multiplies_bfloat16
from torch import Tensor, nn


class Muon:
    def __init__(self, matrices: list[nn.Parameter], momentum: float = 0.95, decay: float = 0.05) -> None:
        self.groups: dict[Any, list[nn.Parameter]] = {}
        for p in matrices:
            self.groups.setdefault(tuple(p.shape), []).append(p)
        self.kept = {shape: torch.zeros(len(ps), *shape, device=ps[0].device) for shape, ps in self.groups.items()}
        self.momentum = momentum
        self.orthogonal = orthogonal
        self.decay = decay

    @torch.no_grad()
    def step(self, rate: float) -> None:
        for shape, ps in self.groups.items():
            grad = torch.stack([p.grad for p in ps])
            kept = self.kept[shape]
            kept.lerp_(grad, 1 - self.momentum)
            # Query, key and value are stacked in one matrix but are made
            # orthogonal one by one: at first the gradient of the value is far
            # larger, and together it would leave the other two untrained.
            parts = getattr(ps[0], "parts", 1)
            split = grad.lerp_(kept, self.momentum).view(-1, shape[0] // parts, shape[1])
            scale = max(1.0, split.shape[1] / split.shape[2]) ** 0.5
            update = self.orthogonal(split).reshape(len(ps), *shape)
            torch._foreach_mul_(ps, 1 - rate * self.decay)
            torch._foreach_add_(ps, list(update.to(kept.dtype).unbind()), alpha=-rate * scale)


COEFFICIENTS = (3.4445, -4.7750, 2.0315)


def orthogonal(g: Tensor, steps: int = 5) -> Tensor:
    """Newton-Schulz iteration towards the nearest orthogonal matrix."""
    a, b, c = COEFFICIENTS
    tall = g.shape[-2] > g.shape[-1]
    x = g.mT if tall else g
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    if multiplies_bfloat16(g.device.type):
        x = x.bfloat16()
    for _ in range(steps):
        s = x @ x.mT
        x = a * x + (b * s + c * s @ s) @ x
    return x.mT if tall else x


def matrices_of(model: nn.Module) -> list[nn.Parameter]:
    return [p for n, p in model.named_parameters() if p.dim() == 2 and "embedding" not in n]
