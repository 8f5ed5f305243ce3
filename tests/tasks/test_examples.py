"""Every example runs; those that need the embedded model are skipped by name where it is not built in."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

import typeloom as tl

EXAMPLES = Path(__file__).parents[2] / "examples"
WITHOUT_MODEL = ["masks_without_model.py"]
WITH_MODEL = ["extract_email.py", "classify_tickets.py", "choose_tool.py", "decorator.py", "own_loop.py"]


def embedded_model() -> bool:
    """Whether the package holds its model and llama.cpp is there to run it."""
    try:
        import llama_cpp  # noqa: F401

        from typeloom import embedded

        return embedded.path().is_file()
    except (ImportError, OSError, tl.Error):
        return False


def test_every_example_is_run() -> None:
    assert {path.name for path in EXAMPLES.glob("*.py")} == {*WITHOUT_MODEL, *WITH_MODEL, "demo.py"}


@pytest.mark.parametrize("name", WITHOUT_MODEL)
def test_runs_without_a_model(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(EXAMPLES / name), run_name="__main__")
    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize("name", WITH_MODEL)
def test_runs_with_the_embedded_model(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    if not embedded_model():
        pytest.skip(f"{name}: the embedded model or llama_cpp is not installed")
    runpy.run_path(str(EXAMPLES / name), run_name="__main__")
    assert capsys.readouterr().out.strip()


def test_the_demo_reads_every_ticket(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    if not embedded_model():
        pytest.skip("demo.py: the embedded model or llama_cpp is not installed")
    monkeypatch.setattr("sys.argv", ["demo.py", "--only", "ticket"])
    runpy.run_path(str(EXAMPLES / "demo.py"), run_name="__main__")
    out = capsys.readouterr().out
    assert "field-level exact match" in out
    for path in (EXAMPLES / "documents").glob("ticket*.txt"):
        assert path.name in out
