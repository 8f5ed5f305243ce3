"""The command line, run in this process with a model made of an array: lines, exit codes, errors in one line."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from typeloom import cli
from typeloom.tasks import model
from typeloom.testing import FakeModel

TYPES = """
from pydantic import BaseModel
from datetime import date

class Invoice(BaseModel):
    number: str
    total: int
    paid: "Paid | None" = None

class Paid(BaseModel):
    on: date
"""


@pytest.fixture(autouse=True)
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = dict(sys.modules), list(sys.path)
    monkeypatch.setattr(model, "load", lambda path=None, **_: FakeModel())
    yield
    sys.path[:] = before[1]
    for name in set(sys.modules) - set(before[0]):
        if name in {"shop", "broken"}:
            del sys.modules[name]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "shop.py").write_text(TYPES)
    (tmp_path / "a.txt").write_text("invoice A")
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def printed(capsys: pytest.CaptureFixture[str]) -> tuple[list[dict[str, object]], str]:
    out = capsys.readouterr()
    return [json.loads(line) for line in out.out.splitlines()], out.err


@pytest.mark.parametrize("name", ["shop.py:Invoice", "shop:Invoice"])
def test_extract_prints_a_line_per_document(folder: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert cli.run(["extract", name, "a.txt", "a.txt"]) == 0
    found, err = printed(capsys)
    assert [line["file"] for line in found] == ["a.txt", "a.txt"]
    assert set(found[0]["value"]) == {"number", "total", "paid"}  # type: ignore[call-overload]
    assert err == ""


def test_a_document_that_fails_is_a_line_and_exit_code_1(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = ["a.txt", "empty.txt", "latin.txt", "missing.txt", "a.txt"]
    assert cli.run(["extract", "shop.py:Invoice", *files]) == 1
    found, err = printed(capsys)
    assert [line["file"] for line in found] == files
    assert ["error" in line for line in found] == [False, True, True, True, False]
    assert len(err.splitlines()) == 3
    assert "Traceback" not in err


def test_stdin_is_a_document(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for arguments in (["-"], []):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("\ufeffgrüß".encode())))
        assert cli.run(["classify", "--labels", "bug, idea", *arguments]) == 0
        found, _ = printed(capsys)
        assert found[0]["file"] == "-"
        assert found[0]["label"] in ("bug", "idea")
        assert sum(found[0]["probs"].values()) == pytest.approx(1.0, abs=1e-5)  # type: ignore[attr-defined]


def test_a_grammar_stands_where_a_type_does(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = "import typeloom as tl\nGood = tl.Lark('start: /[ab]+/')\nBad = tl.Lark('start: /a/ x')\n"
    (folder / "notation.py").write_text(source)
    (folder / "one.txt").write_text("some text")
    assert cli.run(["check", "notation.py:Good"]) == 0
    assert capsys.readouterr().out.split() == "$ Lark exact is a text of the grammar".split()
    assert cli.run(["check", "notation.py:Bad"]) == 1
    assert "refused" in capsys.readouterr().out
    assert cli.run(["extract", "notation.py:Good", "one.txt", "--max-tokens", "4"]) == 0
    assert set(json.loads(capsys.readouterr().out)["value"]) <= set("ab")
    assert cli.run(["explain", "notation.py:Good", "abc"]) == 1


def test_check_says_what_is_held(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["check", "shop.py:Invoice"]) == 0
    assert "exact" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["extract", "shop.py"], "expected FILE.py:TYPE"),
        (["extract", "nowhere.py:Invoice", "a.txt"], "expected a Python file at nowhere.py"),
        (["extract", "no_such_module:Invoice", "a.txt"], "cannot be imported"),
        (["extract", "shop.py:Nothing", "a.txt"], "it defines Invoice, Paid"),
        (["extract", "broken.py:X", "a.txt"], "cannot be imported: SyntaxError"),
        (["extract", "raises.py:X", "a.txt"], "cannot be imported: ZeroDivisionError"),
        (["extract", "shop.py:Invoice", "--max-tokens", "0"], "--max-tokens"),
        (["extract", "shop.py:Invoice", "--nonsense"], "--nonsense"),
        (["extract"], "FILE.py:TYPE"),
        (["classify", "a.txt"], "--labels"),
        (["classify", "--labels", "a,a", "a.txt"], "told apart"),
        (["classify", "--labels", ",", "a.txt"], "at least one label"),
        (["check", "shop.py:date.min.year.nope"], "has no"),
        (["nonsense"], "nonsense"),
        (["run", "task.toml", "in.jsonl"], "'-o'"),
        (["run", "none.toml", "in.jsonl", "-o", "out.jsonl"], "expected a task file at none.toml"),
        (["run", ".", "in.jsonl", "-o", "out.jsonl"], "cannot be read"),
        (["run", "shop.py", "in.jsonl", "-o", "out.jsonl"], "shop.py is not TOML"),
        (["run", "latin.txt", "in.jsonl", "-o", "out.jsonl"], "latin.txt is not TOML"),
        (["run", "both.toml", "in.jsonl", "-o", "out.jsonl"], "either type (to extract) or labels"),
        (["run", "typo.toml", "in.jsonl", "-o", "out.jsonl"], "'txt' is no key of a task file"),
        (["run", "model.toml", "in.jsonl", "-o", "out.jsonl"], "expected the model at none.gguf"),
        (["run", "task.toml", "none.jsonl", "-o", "out.jsonl"], "expected an input at none.jsonl"),
        (["run", "task.toml", "a.txt", "-o", "out.jsonl"], "names no format"),
        (["run", "task.toml", "in.jsonl", "-o", "."], "that is a folder"),
        (["run", "task.toml", "in.jsonl", "-o", "a.txt/out.jsonl"], "a.txt"),
        (["run", "task.toml", "in.jsonl", "-o", "in.jsonl"], "does not say of what task"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    (folder / "broken.py").write_text("class X(\n")
    (folder / "raises.py").write_text("1 / 0\n")
    (folder / "in.jsonl").write_text('{"text": "invoice A"}\n')
    task = 'type = "shop.py:Invoice"\n'
    for name, more in {
        "task": "",
        "both": 'labels = ["a"]',
        "typo": 'txt = "x"',
        "model": 'model = "none.gguf"',
    }.items():
        (folder / f"{name}.toml").write_text(task + more)
    assert cli.run(arguments) == 2
    out = capsys.readouterr()
    assert message in out.err
    assert len(out.err.splitlines()) == 1
    assert out.err.startswith("typeloom: ")
    assert out.out == ""


@pytest.mark.parametrize("arguments", [["--help"], ["extract", "--help"], ["classify", "-h"], ["check", "--help"]])
def test_help_teaches_with_examples(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert cli.run(arguments) == 0
    assert "Example" in capsys.readouterr().out


def test_the_version_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("typeloom, version ")


def test_a_reader_that_leaves_is_no_traceback(folder: Path) -> None:
    script = "import sys; from typeloom import cli; sys.exit(cli.run(['check', 'shop.py:Invoice']))"
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert b"Traceback" not in process.stderr.read()
    assert process.wait() == 1


def test_explain_says_where_a_text_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pets.py").write_text("from pydantic import BaseModel\nclass Cat(BaseModel):\n    age: int\n")
    assert cli.run(["explain", f"{tmp_path}/pets.py:Cat", '{"age": 3}']) == 0
    assert cli.run(["explain", f"{tmp_path}/pets.py:Cat", '{"age": "3"}']) == 1
    assert "$.age" in capsys.readouterr().out


def test_show_prints_a_graph(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "dogs.py").write_text("from pydantic import BaseModel\nclass Dog(BaseModel):\n    good: bool\n")
    assert cli.run(["show", f"{tmp_path}/dogs.py:Dog"]) == 0
    assert capsys.readouterr().out.startswith("digraph")


def test_eval_prints_tables_and_writes_files(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "types.py").write_text(TYPES + "\nKINDS = {'Invoice': Invoice}\n")
    (folder / "labels.json").write_text('{"desk": {"a": "first", "b": ""}}')
    document = {"id": "1", "kind": "Invoice", "text": "bill A, 3", "truth": {"number": "A", "total": 3, "paid": None}}
    labelled = [{"id": f"l{n}", "labels": "desk", "text": f"text {n}", "label": "ab"[n % 2]} for n in range(6)]
    (folder / "own.jsonl").write_text("".join(json.dumps(one) + "\n" for one in [document, *labelled]))
    assert cli.run(["eval", "--suite", "own.jsonl", "--mode", "all", "--threads", "1", "-o", "out"]) == 0
    out = capsys.readouterr().out
    assert out.count("| all | 1 |") == 4  # one table a mode
    assert "| verbatim, 0 examples | 1 | 100.0 % |" in out
    assert "| desk (fitted on 2 texts a label) | texts | accuracy | macro f1 | ece |" in out
    record = json.loads((folder / "out" / "own-constrained-0.json").read_text())
    assert record["documents"]["all"]["valid"] == 1.0
    assert (folder / "out" / "own-verbatim-0-reliability.svg").read_text().startswith("<svg")
    assert cli.run(["eval", "--suite", "nothing"]) == 2
    assert cli.run(["eval", "--suite", "own.jsonl", "--mode", "fast"]) == 2
    assert "expected a mode" in capsys.readouterr().err


def test_classify_has_the_options_of_the_verb(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["classify", "--labels", "a,b", "--multi", "--threshold", "0", "a.txt"]) == 0
    (line,), _ = printed(capsys)
    assert line["labels"] == ["a", "b"]
    assert cli.run(["classify", "--labels", "a,b", "--abstain-below", "1", "--prior", "content-free", "a.txt"]) == 0
    (line,), _ = printed(capsys)
    assert line["label"] is None
    assert cli.run(["classify", "--labels", "a,b", "--none-of-the-above", "a.txt"]) == 0
    (line,), _ = printed(capsys)
    assert list(line["probs"]) == ["a", "b", "none of the above"]
    assert cli.run(["classify", "--labels", "a,b", "--abstain-below", "7", "a.txt"]) == 1
    assert "expected abstain_below from 0 to 1" in printed(capsys)[1]
