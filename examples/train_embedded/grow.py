"""A bigger model that says at first what a smaller one says.

Training a small model for long and then going on with a bigger one costs less
than training the bigger one all the way (Chen et al. 2016, "Net2Net").
Heads get wider and layers are put in the middle; all that is new reads
something but writes nothing, because its way out begins with zeros.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import torch
from model import Block, Llama, Shape
from torch import Tensor


@torch.no_grad()
def grown(weights: Mapping[str, Tensor], small: Shape, size: int, layers: int) -> Llama:
    """The model with ``weights`` and ``small``'s shape, at ``size`` numbers a head and ``layers`` layers."""
    model = Llama(replace(small, size=size, layers=layers))
    for name in ("embedding", "norm"):
        model.get_submodule(name).weight.copy_(weights[f"{name}.weight"])
    model.known.copy_(weights["known"])
    model.embedding_of_known.copy_(weights["embedding_of_known"])
    before = (small.layers + 1) // 2
    taken = [*range(before), *[None] * (layers - small.layers), *range(before, small.layers)]
    for at, block in zip(taken, model.blocks, strict=True):
        assert isinstance(block, Block)
        if at is None:
            block.out.weight.zero_()
            block.down.weight.zero_()
            continue
        old = {name: weights[f"blocks.{at}.{name}.weight"] for name in ("before", "qkv", "out", "between", "gate_up", "down")}
        for name in ("before", "between", "gate_up", "down"):
            block.get_submodule(name).weight.copy_(old[name])
        new = block.qkv.weight.view(3, small.heads, size, small.width)
        new[:2] *= 0.1  # what is new in queries and keys begins small: nothing cancels it
        new[:, :, : small.size] = old["qkv"].view(3, small.heads, small.size, small.width)
        # Attention divides by the root of the size, which is now another.
        new[0, :, : small.size] *= (size / small.size) ** 0.5
        out = block.out.weight.view(small.width, small.heads, size)
        out.zero_()
        out[:, :, : small.size] = old["out"].view(small.width, small.heads, small.size)
    return model
