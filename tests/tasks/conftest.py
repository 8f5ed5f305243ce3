"""What tests of tasks share: the embedded model's file, skipped by name where it is not built in."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def embedded_gguf() -> Path:
    pytest.importorskip("llama_cpp")
    try:
        from typeloom.embedded import path

        return path()
    except (ImportError, FileNotFoundError):
        pytest.skip("this build comes without the embedded model")
