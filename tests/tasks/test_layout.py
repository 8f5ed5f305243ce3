"""The JSON that a model writes, in either layout: the same objects, evidence, streams and refusals."""

from __future__ import annotations

import json
import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AfterValidator, BaseModel, Field

import typeloom as tl
from typeloom.cli import cli
from typeloom.pipelines import job
from typeloom.tasks.layout import laid_out
from typeloom.testing import END, FakeModel

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
LAYOUTS = ("compact", "spaced")


def not_seven(value: int) -> int:
    if value == 7:
        raise ValueError("not seven")
    return value


class Item(BaseModel):
    name: str
    count: Annotated[int, Field(ge=0, le=99), AfterValidator(not_seven)]


class Order(BaseModel):
    buyer: Annotated[str, tl.Verbatim]
    items: list[Item]
    note: str | None


TEXT = "Ada, of 3: takes 12 pens, and 5 caps"
SAID: dict[str, Any] = {
    "buyer": "Ada, of 3: takes",
    "items": [{"name": "pens, red", "count": 12}, {"name": "caps", "count": 5}],
    "note": None,
}


def written(value: Any, layout: str) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":") if layout == "compact" else (", ", ": "))


def saying(text: str, layout: Any, prompts: list[str] | None = None) -> FakeModel:
    wanted = list(text.encode())

    def logits(prompt: Sequence[int], answer: Sequence[int]) -> np.ndarray[Any, Any]:
        if prompts is not None and not answer:
            prompts.append(bytes(prompt).decode())
        row = np.zeros(END + 1)
        row[wanted[len(answer)] if len(answer) < len(wanted) else END] = 9.0
        return row

    return FakeModel(logits=logits, layout=layout)


@given(VALUES)
def test_a_text_in_either_layout_is_the_same_value(value: Any) -> None:
    for layout in LAYOUTS:
        assert laid_out(written(value, "compact"), layout) == written(value, layout)  # type: ignore[arg-type]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_a_model_says_comes_back_with_its_evidence_and_its_parts(layout: Any) -> None:
    model = saying(written(SAID, layout), layout)
    found = model.extract(Order, TEXT, detail=True)
    assert found.json == written(SAID, layout)
    assert found.value.model_dump() == SAID
    span = found.fields["buyer"].span
    assert span is not None and (span.start, span.end) == (0, 16)
    assert list(found.fields) == ["buyer", "items[0].name", "items[0].count", "items[1].name", "items[1].count", "note"]
    parts = [part.value for part in saying(written(SAID, layout), layout).stream(Order, TEXT, tries=1)]
    assert parts[0] == {"buyer": "Ada, of 3: takes"} and parts[-1] == SAID
    assert parts == [part.value for part in saying(written(SAID, "compact"), "compact").stream(Order, TEXT, tries=1)]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_a_validator_refuses_is_decoded_again_in_the_layout(layout: Any) -> None:
    refused = {**SAID, "items": [{"name": "pens, red", "count": 7}]}
    found = saying(written(refused, layout), layout).extract(Order, TEXT, detail=True)
    assert [(one.path, one.value) for one in found.refused] == [("$.items[0].count", "7")]
    assert found.json == written(found.value.model_dump(), layout) and found.value.items[0].count != 7


@pytest.mark.parametrize("layout", LAYOUTS)
def test_examples_are_written_in_the_layout(layout: Any) -> None:
    prompts: list[str] = []
    model = saying(written(SAID, layout), layout, prompts)
    assert model.extract(Order, TEXT, examples=[(TEXT, SAID)]) == Order.model_validate(SAID)
    assert f"\n{written(SAID, layout)}\n" in prompts[0]


def test_a_loaded_model_keeps_its_layout_where_it_is_unpickled(embedded_gguf: Path) -> None:
    with tl.load(embedded_gguf, n_threads=1, n_ctx=512, layout="spaced") as model:
        assert repr(model) == "<typeloom.Model model.gguf, spaced>"
        found = model.extract(Item, "12 pens", detail=True)
        assert found.json == written(found.value.model_dump(), "spaced")
        with pickle.loads(pickle.dumps(model)) as again:
            assert again.extract(Item, "12 pens", detail=True).json == found.json


def test_any_other_layout_is_refused(embedded_gguf: Path) -> None:
    with pytest.raises(tl.Error, match="expected layout='compact' or 'spaced', got 'flexible'"):
        tl.load(embedded_gguf, layout="flexible")  # type: ignore[arg-type]


@pytest.mark.usefixtures("embedded_gguf")
def test_the_layout_of_a_command_and_of_a_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[tl.Model] = []

    def load(*arguments: Any, **options: Any) -> tl.Model:
        loaded.append(tl.load(*arguments, **options))
        return loaded[-1]

    monkeypatch.setattr("typeloom.tasks.model.load", load)
    monkeypatch.setattr("typeloom.pipelines.batch.load", load)
    (tmp_path / "types_of_it.py").write_text("from pydantic import BaseModel\nclass Item(BaseModel):\n    name: str\n")
    (tmp_path / "text.txt").write_text("12 pens")
    arguments = ["extract", f"{tmp_path}/types_of_it.py:Item", "--layout", "spaced", f"{tmp_path}/text.txt"]
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 0 and "value" in json.loads(done.stdout)
    path = tmp_path / "task.toml"
    path.write_text(f'type = "{tmp_path}/types_of_it.py:Item"\nlayout = "spaced"\n')
    (tmp_path / "in.jsonl").write_text('{"text": "12 pens"}\n')
    done = CliRunner().invoke(cli, ["run", str(path), f"{tmp_path}/in.jsonl", "-o", f"{tmp_path}/out.jsonl", "--quiet"])
    assert done.exit_code == 0, done.output
    assert [model.layout for model in loaded] == ["spaced", "spaced"]
    prints = set()
    for line in ("", 'layout = "compact"', 'layout = "spaced"'):
        path.write_text(f'labels = ["a", "b"]\n{line}\n')
        read = job.read(path)
        prints.add(json.dumps(job.fingerprint(read, read.source())))
    assert len(prints) == 2  # what was begun before there was a choice goes on
    path.write_text('labels = ["a", "b"]\nlayout = "flexible"\n')
    with pytest.raises(tl.Error, match='expected layout as "compact" or "spaced", got \'flexible\''):
        job.read(path)
