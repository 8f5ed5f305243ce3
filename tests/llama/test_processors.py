"""The threads a model gets where nobody says how many."""

from __future__ import annotations

import pytest

from typeloom.llama.processors import default_threads, physical_cores


@pytest.mark.parametrize(("stated", "threads"), [("3", 3), (" 1 ", 1)])
def test_a_stated_share_is_kept(monkeypatch: pytest.MonkeyPatch, stated: str, threads: int) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", stated)
    assert default_threads() == threads


@pytest.mark.parametrize("stated", [None, "", "0", "-2", "many", "4,2", "99999999999"])
def test_without_one_it_is_the_cores(monkeypatch: pytest.MonkeyPatch, stated: str | None) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    if stated is not None:
        monkeypatch.setenv("OMP_NUM_THREADS", stated)
    assert default_threads() == physical_cores() >= 1
