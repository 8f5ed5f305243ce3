"""llama.cpp as the runtime: loading a GGUF, its vocabulary, its chat template, and the decode loop. Only here is it
imported.

For programs with a loop of their own, `sampler` and `logits_processor` put a constraint into it.
"""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    """The public functions, on demand, because llama-cpp-python takes half a second to import."""
    if name == "sampler":
        from typeloom.llama.samplers import sampler

        return sampler
    if name == "logits_processor":
        from typeloom.llama.logits import logits_processor

        return logits_processor
    raise AttributeError(f"module 'typeloom.llama' has no attribute {name!r}")
