"""Inputs in every format, and what of them cannot be read; task files, and what in them is wrong."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import typeloom as tl
from typeloom.pipelines import job, records
from typeloom.pipelines.extras import needed
from typeloom.pipelines.records import Record

JOB = job.Job(labels=["a", "b"])


def written(path: Path, data: str | bytes) -> Path:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_json_lines_keep_their_text(tmp_path: Path) -> None:
    line = '{"text": "gr\\u00fc\\u00df", "n": 1.50, "big": 123456789012345678901.10, "a": {"b": [1e400]}}'
    path = written(tmp_path / "in.jsonl", f"\ufeff{line}\n\n  {line}  \r\n")
    assert list(records.read(path, JOB)) == [Record(line, "grüß")] * 2
    assert Record(line, "").line("result", "1") == line[:-1] + ', "result": 1}'
    assert records.count(path) == 2


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{", "line 1 is not JSON"),
        ('{"text": NaN}', "NaN is no JSON number"),
        (b'{"text": "\xff"}', "line 1 is not JSON"),
        ("[1]", "expected a JSON object, got list"),
        ('{"body": ""}', "no field 'text'; it has body"),
        ('{"text": 3}', "expected text in 'text', got int"),
        ("[" * 100_000, "is not JSON"),
    ],
)
def test_a_bad_record_does_not_stop_the_next(tmp_path: Path, line: str | bytes, fault: str) -> None:
    data = line.encode() if isinstance(line, str) else line
    bad, good = records.read(written(tmp_path / "in.jsonl", data + b'\n{"text": "x"}\n'), JOB)
    assert bad.fault is not None
    assert fault in bad.fault
    assert good == Record('{"text": "x"}', "x")


def test_a_field_is_not_overwritten(tmp_path: Path) -> None:
    path = written(tmp_path / "in.jsonl", '{"text": "x", "result": 1, "id": 2}\n')
    with pytest.raises(tl.Error, match="'result' of its own"):
        list(records.read(path, JOB))
    assert list(records.read(path, job.Job(labels=["a"], key="id"))) == [Record('{"id": 2}', "x")]
    assert [record.text for record in records.read(path, job.Job(labels=["a"], result="label"))] == ["x"]
    missing = next(records.read(path, job.Job(labels=["a"], key="no")))
    assert "no field 'no', the key" in (missing.fault or "")


def test_csv(tmp_path: Path) -> None:
    long = "x" * 200_000
    path = written(tmp_path / "in.csv", f'\ufeffid,text\n1,"a ""b""\nc"\n2\n\n3,{long}\n4,"broken" x\n5,y\n')
    one, short, large, broken, last = records.read(path, JOB)
    assert (one.fields, one.text) == ('{"id": "1", "text": "a \\"b\\"\\nc"}', 'a "b"\nc')
    assert "expected 2 fields, got 1" in (short.fault or "")
    assert large.text == long
    assert "is not CSV" in (broken.fault or "")
    assert last.text == "y"
    tabs = written(tmp_path / "in.tsv", "text\tid\nx, y\t1\n")
    assert [record.text for record in records.read(tabs, JOB)] == ["x, y"]
    with pytest.raises(tl.Error, match="different names"):
        list(records.read(written(tmp_path / "two.csv", "text,text\na,b\n"), JOB))


def test_parquet(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    import pyarrow
    from pyarrow import parquet

    day = datetime.date(2026, 2, 28)
    table = {
        "text": ["x", None],
        "day": [day, None],
        "price": [Decimal("1.50"), None],
        "nan": [float("nan"), 1.5],
        "tags": [["a"], []],
        "inner": [{"at": datetime.datetime(2026, 1, 1)}, None],
    }
    path = tmp_path / "in.parquet"
    parquet.write_table(pyarrow.table(table), path)
    first, second = records.read(path, JOB)
    expected = {"text": "x", "day": "2026-02-28", "price": "1.50", "nan": None, "tags": ["a"]}
    assert json.loads(first.fields) == {**expected, "inner": {"at": "2026-01-01T00:00:00"}}
    assert second.text is None
    assert second.fault is None
    assert records.count(path) == 2
    parquet.write_table(pyarrow.table({"text": ["x"], "raw": [b"\xff"]}), path)
    assert "no JSON form" in (next(records.read(path, JOB)).fault or "")


def test_a_folder(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    for name, data in (("b.txt", b"two"), ("a.txt", "\ufeffone".encode()), ("deep/c.txt", b"\xff"), ("d.md", b"no")):
        (tmp_path / name).write_bytes(data)
    one, two, three = records.read(tmp_path, JOB)
    assert (one, two) == (Record('{"file": "a.txt"}', "one"), Record('{"file": "b.txt"}', "two"))
    assert "deep/c.txt cannot be read" in (three.fault or "")
    assert records.count(tmp_path) == 3


def test_an_unknown_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(tl.Error, match="readable are JSON lines"):
        records.read(written(tmp_path / "in.xlsx", ""), JOB)
    with pytest.raises(tl.Error, match="there is none"):
        records.read(tmp_path / "nowhere.csv", JOB)


def test_a_lone_surrogate_stays_json() -> None:
    assert records.json_text({"x": "\ud800ü"}) == '{"x": "\\ud800\\u00fc"}'
    assert records.json_text("ü") == '"ü"'


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("", "either type .* or labels"),
        ('type = "a.py:B"\nlabels = ["a"]', "either type .* or labels"),
        ('labels = ["a"]\ntexts = "x"', "'texts' is no key of a task file; the keys are caps"),
        ("labels = [1]", "expected labels as a list"),
        ('labels = ["a"]\nmax_tokens = 0', "expected max_tokens as a whole number of 1 or more, got 0"),
        ('labels = ["a"]\nseed = 1.5', "expected seed"),
        ('labels = ["a"]\nseed = true', "expected seed"),
        ('labels = ["a"]\ntop_k = 1.5', "expected top_k as a whole number, got 1.5"),
        ('labels = ["a"]\ntop_p = 2', "task.toml: expected top_p above 0"),
        ('labels = ["a"]\ncaps = 3', "expected caps as a table of items"),
        ('labels = ["a"]\ncaps = {item = 3}', "task.toml: .*'item'"),
        ('labels = ["a"]\nthink = {max_tokens = 0}', "task.toml: expected max_tokens of thinking"),
        ('labels = ["a"]\ntemperature = -1', "expected temperature"),
        ('labels = ["a"]\ntext = ""', "expected text as text"),
        ('labels = ["a"]\nexamples = [1]', "expected examples"),
        ('labels = ["a"]\nexamples = [{text = "x"}]', "expected example 1"),
        ('labels = ["a"]\nmodel = "nowhere.gguf"', "expected the model at"),
        ("labels = [", "is not TOML"),
    ],
)
def test_a_wrong_task_file_says_what_is_wrong(tmp_path: Path, table: str, message: str) -> None:
    with pytest.raises(tl.Error, match=message):
        job.read(written(tmp_path / "task.toml", table))


def test_a_task_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(tl.Error, match="expected a task file"):
        job.read(tmp_path / "task.toml")


def test_a_missing_package_names_its_extra() -> None:
    with pytest.raises(ImportError, match=r"pip install 'typeloom\[parquet\]'"):
        needed("no_such_package.inner", "parquet")


def test_the_command_with_the_embedded_model(tmp_path: Path) -> None:
    pytest.importorskip("llama_cpp", reason="llama_cpp is not installed")
    (tmp_path / "task.toml").write_text('labels = ["bug", "idea"]\nkey = "id"\n')
    rows = "".join(json.dumps({"id": i, "text": f"It fails, {i}" if i != 2 else ""}) + "\n" for i in range(4))
    (tmp_path / "in.jsonl").write_text(rows)

    def command(output: str, *more: str) -> subprocess.CompletedProcess[str]:
        arguments = ["run", str(tmp_path / "task.toml"), str(tmp_path / "in.jsonl"), "-o", str(tmp_path / output)]
        return subprocess.run(
            [sys.executable, "-m", "typeloom", *arguments, *more], capture_output=True, text=True, check=False
        )

    one = command("one.jsonl", "--quiet")
    assert one.returncode == 1, one.stderr
    assert "4 records, 1 errors" in one.stderr
    two = command("two.jsonl", "--workers", "2")
    assert "documents/s" in two.stderr
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()
    found: list[dict[str, Any]] = [json.loads(line) for line in (tmp_path / "one.jsonl").read_text().splitlines()]
    assert [line["id"] for line in found] == [0, 1, 2, 3]
    assert [set(line) - {"id"} for line in found] == [{"result"}, {"result"}, {"error"}, {"result"}]
    again = command("two.jsonl")
    assert "4 of them before" in again.stderr
