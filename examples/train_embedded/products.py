"""Matrix products by NumPy's library instead of PyTorch's, for processors on which it is faster.

PyTorch brings Intel's MKL, NumPy brings OpenBLAS.  On one core of an AMD EPYC the second does 60 to 77 thousand million operations a second on
the shapes of this model, the first 44 to 79, so that a step takes three quarters of the time (``train.py --products numpy``).  On
processors that multiply bfloat16 neither is used.  ``take_over`` puts them into a run; the weights do not notice.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from muon import COEFFICIENTS
from torch import Tensor, nn

if TYPE_CHECKING:
    from train import Run


class Product(torch.autograd.Function):
    """``x @ weight.T`` for float32 on a CPU."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor) -> Tensor:
        ctx.save_for_backward(x, weight)
        return torch.from_numpy(np.matmul(_rows(x), weight.detach().numpy().T)).view(*x.shape[:-1], len(weight))

    @staticmethod
    def backward(ctx: Any, given: Tensor) -> tuple[Tensor, Tensor]:
        x, weight = ctx.saved_tensors
        rows = _rows(given)
        by_x = torch.from_numpy(np.matmul(rows, weight.detach().numpy())).view(x.shape)
        return by_x, torch.from_numpy(np.matmul(rows.T, _rows(x)))


def _rows(x: Tensor) -> Any:
    return x.detach().numpy().reshape(-1, x.shape[-1])


def product(x: Tensor, weight: Tensor) -> Tensor:
    """(..., outputs) of (..., inputs) and (outputs, inputs)."""
    return Product.apply(x.contiguous(), weight)


def orthogonal(g: Tensor, steps: int = 5) -> Tensor:
    """What ``muon.orthogonal`` gives, matrix by matrix."""
    a, b, c = (np.float32(x) for x in COEFFICIENTS)
    tall = g.shape[-2] > g.shape[-1]
    x = g.mT if tall else g
    x = (x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)).contiguous()
    for one in x.numpy():
        y = one.copy()
        for _ in range(steps):
            s = y @ y.T
            y = a * y + (b * s + c * (s @ s)) @ y
        one[:] = y
    return x.mT if tall else x


def take_over(run: Run) -> None:
    """All products of a run on a CPU by NumPy from now on, but for those of attention."""
    model = run.model
    for module in model.modules():
        if isinstance(module, nn.Linear):
            module.forward = partial(_through, module)  # type: ignore[method-assign]
    model.logits = lambda hidden, rows=None: product(hidden, model.rows() if rows is None else rows)
    run.muon.orthogonal = orthogonal


def _through(linear: nn.Linear, x: Tensor) -> Tensor:
    return product(x, linear.weight)


__all__ = ["orthogonal", "product", "take_over"]
