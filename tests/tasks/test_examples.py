"""Every example runs; those that need the embedded model are skipped by name where it is not built in."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

import typeloom as tl

EXAMPLES = Path(__file__).parents[2] / "examples"
WITHOUT_MODEL = ["masks_without_model.py"]
APART = ["demo.py", "ray_dataset.py"]
"""Run by tests of their own."""
WITH_MODEL = sorted({path.name for path in EXAMPLES.glob("*.py")} - {*WITHOUT_MODEL, *APART})
PACKAGES = {"sklearn_tickets.py": "sklearn", "polars_letters.py": "polars"}


def embedded_model() -> bool:
    """Whether the package holds its model and llama.cpp is there to run it."""
    try:
        import llama_cpp  # noqa: F401

        from typeloom import embedded

        return embedded.path().is_file()
    except (ImportError, OSError, tl.Error):
        return False


@pytest.mark.parametrize("name", WITHOUT_MODEL)
def test_runs_without_a_model(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(EXAMPLES / name), run_name="__main__")
    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize("name", WITH_MODEL)
def test_runs_with_the_embedded_model(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if not embedded_model():
        pytest.skip(f"{name}: the embedded model or llama_cpp is not installed")
    if name in PACKAGES:
        pytest.importorskip(PACKAGES[name])
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    runpy.run_path(str(EXAMPLES / name), run_name="__main__")
    assert capsys.readouterr().out.strip()


def test_a_cluster_of_its_own() -> None:
    """In a process, so that it starts the cluster that it says it does."""
    pytest.importorskip("ray")
    pytest.importorskip("ray.data")
    if not embedded_model():
        pytest.skip("ray_dataset.py: the embedded model or llama_cpp is not installed")
    shared = {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "RAY_worker_niceness": "0"}
    command = [sys.executable, str(EXAMPLES / "ray_dataset.py")]
    ran = subprocess.run(command, env={**os.environ, **shared}, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert "24 rows, 0 errors" in ran.stdout


def test_the_demo_reads_every_ticket(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    if not embedded_model():
        pytest.skip("demo.py: the embedded model or llama_cpp is not installed")
    monkeypatch.setattr("sys.argv", ["demo.py", "--only", "ticket"])
    runpy.run_path(str(EXAMPLES / "demo.py"), run_name="__main__")
    out = capsys.readouterr().out
    assert "field-level exact match" in out
    for path in (EXAMPLES / "documents").glob("ticket*.txt"):
        assert path.name in out
