"""Ray Data on a real local cluster: the answers of one process, also when an actor is killed in the middle."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field

import typeloom as tl

ray = pytest.importorskip("ray")
pytest.importorskip("ray.data")

from pipelines.conftest import Cluster  # noqa: E402
from pipelines.fakes import Steady  # noqa: E402
from typeloom.pipelines import ray as over_ray  # noqa: E402

TEXTS = [f"document number {n}" for n in range(24)]


class Note(BaseModel):
    urgent: bool
    size: Annotated[int, Field(ge=0, le=99)] | None
    tags: Annotated[list[bool], Field(max_length=3)]


class Mortal(Steady):
    """A model whose process is killed when it first reads one of the texts; the next one lives."""

    def __init__(self, mark: str) -> None:
        super().__init__()
        self._mark = mark

    def results(self, type: Any, texts: Any, **options: Any) -> Any:
        return super().results(type, (self._read(text) for text in texts), **options)

    def _read(self, text: str) -> str:
        if text == TEXTS[9]:
            try:
                os.close(os.open(self._mark, os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                pass
            else:
                os.kill(os.getpid(), signal.SIGKILL)
        return text

    def __reduce__(self) -> Any:
        return Mortal, (self._mark,)


def dataset() -> Any:
    rows = [{"id": n, "text": text} for n, text in enumerate([*TEXTS, None])]
    return ray.data.from_items(rows, override_num_blocks=4)


def expected(model: tl.Model) -> list[dict[str, Any]]:
    rows = [{"id": n, "text": text, **model.extract(Note, text).model_dump()} for n, text in enumerate(TEXTS)]
    return [*rows, {"id": len(TEXTS), "text": None, "urgent": None, "size": None, "tags": None}]


def by_id(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: row["id"])


def test_an_actor_that_is_killed_loses_no_record(cluster: Cluster, tmp_path: Path) -> None:
    cluster(sys.modules[__name__])
    mark = tmp_path / "killed"
    task = tl.Task(Note, model=Mortal(str(mark)))
    found = over_ray.extract(dataset(), task, actors=2, batch_size=4, num_cpus=1).take_all()
    assert mark.exists()
    assert by_id(found) == expected(Steady())


def test_labels_and_errors_in_their_rows(cluster: Cluster) -> None:
    cluster(sys.modules[__name__])
    model = Steady()
    classifier = model.classifier(["a", "b"])
    rows = ray.data.from_items([{"id": 0, "text": "x"}, {"id": 1, "text": " "}])
    found = by_id(over_ray.classify(rows, classifier, actors=1, on_error="return", num_cpus=1).take_all())
    distribution = classifier.distribution("x")
    probs = {f"p_{name}": value for name, value in distribution.probs.items()}
    assert found[0] == {"id": 0, "text": "x", "label": distribution.label, **probs, "error": None}
    assert found[1]["label"] is None and "empty" in found[1]["error"]


def test_sizes_are_checked_before_anything_runs() -> None:
    with pytest.raises(tl.LimitError, match="actors"):
        over_ray.extract(None, tl.Task(Note), actors=0)
    with pytest.raises(tl.LimitError, match="batch_size"):
        over_ray.extract(None, tl.Task(Note), batch_size=0)
