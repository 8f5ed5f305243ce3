"""The embedded model: a small llama that ships in the wheel.

It reads the prompts of :mod:`typeloom.tasks.prompt` and nothing else; what it
can and cannot do is measured in ``CARD.md`` beside this file.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

__all__ = ["path"]


def path() -> Path:
    """Where the model file lies on disk.

    llama.cpp maps the file itself, so a package imported from an archive,
    which has no such place, is not supported.
    """
    return Path(str(files(__name__).joinpath("model.gguf")))
