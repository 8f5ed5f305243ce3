"""Without any package that only an extra brings, everything that needs none of them works, and the rest says which."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"
NAMES = {"scikit-learn": "sklearn", "import-linter": "importlinter", "mkdocs-material": "material"}
SHARED = {"typing-extensions", "llama-cpp-python", "numpy"}
"""Named by an extra, and brought by the package's own dependencies, too."""


def optional() -> list[str]:
    """The modules of all packages that extras name."""
    table = tomllib.loads(PYPROJECT.read_text("utf-8"))["project"]["optional-dependencies"]
    packages = {name for group in table.values() for line in group if (name := _name(line)) not in SHARED}
    return sorted(NAMES.get(name, name.replace("-", "_")) for name in packages)


def _name(requirement: str) -> str:
    return requirement.split(">")[0].split("[")[0].split("=")[0].strip().lower()


def run(program: str) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own, in which none of those modules can be imported."""
    blocked = f"import sys\nsys.modules.update(dict.fromkeys({optional()!r}))\n"
    return subprocess.run([sys.executable, "-c", blocked + program], capture_output=True, text=True, check=False)


WORKS = """
import sys
from pathlib import Path
from pydantic import BaseModel
import typeloom as tl
from typeloom import cli
from typeloom.pipelines import batch, job
from typeloom.testing import FakeModel

class Note(BaseModel):
    who: str
    urgent: bool

model = FakeModel()
assert isinstance(model.extract(Note, "text"), Note)
assert model.classify("text", ["a", "b"]) in ("a", "b")
assert all(isinstance(one, Note) for one in tl.Task(Note, model=model).map(["a", "b"]))
assert isinstance(tl.Chunked(tl.Task(Note, model=model), tl.Chunks(60)).run("One. Two."), Note)
tl.to_html([model.extract(Note, "text", detail=True)], "view.html")
Path("notes.py").write_text("from pydantic import BaseModel\\nclass Note(BaseModel):\\n    who: str\\n")
Path("task.toml").write_text('type = "notes.py:Note"\\n')
Path("in.jsonl").write_text('{"text": "a"}\\n')
assert batch.run(job.read(Path("task.toml")), Path("in.jsonl"), Path("out.jsonl"), model=model).failed == 0
assert cli.run(["check", "notes.py:Note"]) == 0
"""


def test_everything_else_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run(WORKS)
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "view.html").stat().st_size > 1000


@pytest.mark.parametrize(
    ("module", "extra"),
    [("sklearn", "sklearn"), ("ray", "ray")],
)
def test_a_missing_package_is_named_with_its_extra(module: str, extra: str) -> None:
    ran = run(f"import typeloom.pipelines.{module}")
    assert ran.returncode != 0
    assert f"MissingExtra: this needs {module}, which is not installed" in ran.stderr
    assert f"pip install 'typeloom[{extra}]'" in ran.stderr


def test_parquet_on_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "task.toml").write_text('labels = ["a", "b"]\n')
    (tmp_path / "in.parquet").write_bytes(b"PAR1")
    command = ["run", "task.toml", "in.parquet", "-o", "out.jsonl"]
    ran = run(f"from typeloom import cli\nsys.exit(cli.run({command!r}))")
    assert ran.returncode == 2, ran.stderr
    said = [line for line in ran.stderr.splitlines() if line]
    assert len(said) == 1, ran.stderr
    assert said[0].startswith("typeloom: MissingExtra: this needs pyarrow")
    assert "typeloom[parquet]" in said[0]
