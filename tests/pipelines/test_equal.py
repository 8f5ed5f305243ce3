"""One job on every path: `typeloom run`, scikit-learn, pandas and polars give the same objects of the same texts.

`TYPELOOM_DOCUMENTS` says how many texts (24 if it is not set). Ray's own test compares with `extract`, too.
"""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, Field

from pipelines.fakes import Steady
from typeloom.pipelines import batch, job

pandas = pytest.importorskip("pandas")
polars = pytest.importorskip("polars")
pytest.importorskip("sklearn")
import typeloom.pipelines.frames  # noqa: E402, F401
from typeloom.pipelines.sklearn import LabelClassifier, TypeExtractor  # noqa: E402

NUMBER = int(os.environ.get("TYPELOOM_DOCUMENTS", "24"))
LABELS = ["bug", "idea", "question"]
SOURCE = """
from pydantic import BaseModel, Field

class Note(BaseModel):
    urgent: bool
    size: int | None = Field(ge=0, le=99)
    tags: list[bool] = Field(max_length=3)
"""


class Note(BaseModel):
    urgent: bool
    size: int | None = Field(ge=0, le=99)
    tags: list[bool] = Field(max_length=3)


@pytest.fixture(scope="module")
def texts() -> list[str]:
    draw = random.Random(6)
    words = "the pump leaks again since Monday please send somebody today or tell us what to do".split()
    return [f"{n}: {' '.join(draw.choices(words, k=draw.randint(1, 30)))}" for n in range(NUMBER)]


def run(folder: Path, task: str, texts: list[str]) -> list[dict[str, Any]]:
    (folder / "models.py").write_text(SOURCE)
    (folder / "task.toml").write_text(f'{task}\ntext = "text"\n')
    (folder / "in.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    batch.run(job.read(folder / "task.toml"), folder / "in.jsonl", folder / "out.jsonl", model=Steady())
    return [json.loads(line)["result"] for line in (folder / "out.jsonl").read_text().splitlines()]


def test_objects_are_equal_on_every_path(tmp_path: Path, texts: list[str]) -> None:
    model = Steady()
    lines = run(tmp_path, 'type = "models.py:Note"', texts)
    assert len(lines) == NUMBER
    assert len({json.dumps(line) for line in lines}) > 1
    assert polars.DataFrame({"text": texts}).typeloom.extract("text", Note, model=model).to_dicts() == lines
    table = TypeExtractor(Note, model=model).fit_transform(texts)
    assert [dict(zip(Note.model_fields, row, strict=True)) for row in table] == lines
    frame = pandas.DataFrame({"text": texts}).typeloom.extract("text", Note, model=model)
    assert json.loads(frame.to_json(orient="records")) == lines


def test_labels_are_equal_on_every_path(tmp_path: Path, texts: list[str]) -> None:
    model = Steady()
    lines = run(tmp_path, f"labels = {json.dumps(LABELS)}", texts)
    assert len({line["label"] for line in lines}) > 1
    columns = [f"p_{label}" for label in LABELS]
    for maker in (polars.DataFrame, pandas.DataFrame):
        found = maker({"text": texts}).typeloom.classify("text", LABELS, model=model)
        assert list(found["label"]) == [line["label"] for line in lines]
        rounded = [dict(zip(LABELS, (round(p, 6) for p in row), strict=True)) for row in found[columns].to_numpy()]
        assert rounded == [line["probs"] for line in lines]
    fitted = LabelClassifier(LABELS, model=model).fit(texts)
    assert fitted.predict(texts).tolist() == [line["label"] for line in lines]
    rows = [dict(zip(LABELS, (round(p, 6) for p in row), strict=True)) for row in fitted.predict_proba(texts).tolist()]
    assert rows == [line["probs"] for line in lines]
