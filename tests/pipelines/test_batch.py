"""Jobs: every record gets one line, whatever interrupts the run; what is of another task or input is refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import typeloom as tl
from typeloom.pipelines import batch, job, workers
from typeloom.pipelines.step import Answer
from typeloom.testing import FakeModel

TYPES = """
from pydantic import BaseModel
from typing import Literal

class Note(BaseModel):
    who: str
    kind: Literal["bug", "idea"]
"""
TASK = """
type = "notes.py:Note"
text = "body"
"""
N_KILLS = int(os.environ.get("TYPELOOM_KILLS", "100")) // 2
"""Each of the two ways to be killed; 100 in all."""


def bodies(n: int) -> list[dict[str, Any]]:
    """Records of which every fifth one fails (an empty text) and every seventh has none."""
    rows: list[dict[str, Any]] = [{"id": i, "price": 1.50, "body": f"note {i} grüße"} for i in range(n)]
    for i in range(0, n, 5):
        rows[i]["body"] = " "
    for i in range(0, n, 7):
        rows[i]["body"] = None
    return rows


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "notes.py").write_text(TYPES)
    (tmp_path / "task.toml").write_text(TASK)
    write_lines(tmp_path / "in.jsonl", bodies(23))
    return tmp_path


def write_lines(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def run(folder: Path, source: str = "in.jsonl", output: str = "out.jsonl", **changes: Any) -> batch.Summary:
    return batch.run(job.read(folder / "task.toml"), folder / source, folder / output, model=FakeModel(), **changes)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_each_record_has_its_line(folder: Path) -> None:
    summary = run(folder)
    found = lines(folder / "out.jsonl")
    assert summary == batch.Summary(records=23, resumed=0, failed=sum("error" in line for line in found))
    for line, row in zip(found, bodies(23), strict=True):
        if row["body"] is None:
            assert line == {**row, "result": None}
        elif not row["body"].strip():
            assert line.pop("error")["kind"] == "Error"
            assert line == row
        else:
            assert set(line.pop("result")) == {"who", "kind"}
            assert line == row
    failed = [line for line in lines(folder / "out.jsonl") if "error" in line]
    assert failed
    assert lines(folder / "out.errors.jsonl") == failed


def test_a_key_stands_for_the_record(folder: Path) -> None:
    (folder / "task.toml").write_text(TASK + 'key = "id"\nresult = "note"\n')
    run(folder)
    assert lines(folder / "out.jsonl")[1].keys() == {"id", "note"}


def test_labels_give_probabilities(folder: Path) -> None:
    (folder / "task.toml").write_text('labels = {bug = "a fault", idea = ""}\ntext = "body"\nkey = "id"\n')
    run(folder)
    result = lines(folder / "out.jsonl")[1]["result"]
    assert result["label"] in ("bug", "idea")
    assert sum(result["probs"].values()) == pytest.approx(1, abs=1e-5)
    (folder / "task.toml").write_text('labels = "notes.py:Note.model_fields"\ntext = "body"\n')
    with pytest.raises(tl.SchemaError):
        run(folder, output="other.jsonl")


@pytest.mark.parametrize(
    "source",
    [
        'tl.Lark(\'start: "order " ITEM\\n%declare ITEM\', bindings={"ITEM": bool})',
        'tl.Gbnf(\'root ::= "order " ("true" | "false")\')',
        'tl.Regex("order (true|false)")',
    ],
)
def test_a_grammar_gives_its_text(folder: Path, source: str) -> None:
    (folder / "notes.py").write_text(f"import typeloom as tl\nline = {source}\n")
    (folder / "task.toml").write_text('type = "notes.py:line"\ntext = "body"\nkey = "id"\n')
    run(folder)
    assert lines(folder / "out.jsonl")[1]["result"] in ("order true", "order false")
    (folder / "notes.py").write_text(f"import typeloom as tl\nline = {source.replace('order', 'orders')}\n")
    with pytest.raises(tl.Error, match="type"):
        run(folder)


def test_a_second_run_does_what_is_left(folder: Path) -> None:
    rows = bodies(23)
    write_lines(folder / "in.jsonl", rows[:9])
    run(folder)
    write_lines(folder / "in.jsonl", rows)
    assert run(folder).resumed == 9
    run(folder, output="whole.jsonl")
    assert (folder / "out.jsonl").read_bytes() == (folder / "whole.jsonl").read_bytes()
    assert (folder / "out.errors.jsonl").read_bytes() == (folder / "whole.errors.jsonl").read_bytes()
    assert run(folder).resumed == 23


@pytest.mark.parametrize("name", ["out.jsonl", "out.errors.jsonl"])
def test_cut_at_every_byte_of_its_last_record(folder: Path, name: str) -> None:
    write_lines(folder / "in.jsonl", bodies(6))  # the last one fails
    run(folder)
    whole = {path: path.read_bytes() for path in (folder / "out.jsonl", folder / "out.errors.jsonl")}
    cut = folder / name
    last = len(whole[cut].splitlines(keepends=True)[-1])
    for n in range(1, last + 1):
        for path, data in whole.items():
            path.write_bytes(data)
        cut.write_bytes(whole[cut][:-n])
        run(folder)
        for path, data in whole.items():
            assert path.read_bytes() == data, n


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.parametrize("where", ["time", "write"])
def test_killed_at_random_points(folder: Path, where: str) -> None:
    write_lines(folder / "in.jsonl", bodies(12))
    command = [sys.executable, str(Path(__file__).with_name("killed.py")), str(folder), where, "11", str(N_KILLS)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert int(ended.stdout) > N_KILLS // 4
    assert (folder / "out.jsonl").read_bytes() == (folder / "whole.jsonl").read_bytes()
    assert (folder / "out.errors.jsonl").read_bytes() == (folder / "whole.errors.jsonl").read_bytes()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ('instructions = "Other."', "instructions was"),
        ("max_tokens = 99", "max_tokens was 1024, is 99"),
        ("seed = 3", "seed was 0, is 3"),
        ('examples = [{text = "x", value = {who = "x", kind = "bug"}}]', "examples was"),
        ('key = "id"', "key was null"),
    ],
)
def test_two_tasks_are_not_mixed(folder: Path, change: str, message: str) -> None:
    run(folder)
    before = (folder / "out.jsonl").read_bytes()
    (folder / "task.toml").write_text(TASK + change)
    with pytest.raises(tl.Error, match=message):
        run(folder)
    assert (folder / "out.jsonl").read_bytes() == before


def test_another_type_under_the_same_name_is_another_task(folder: Path) -> None:
    run(folder)
    (folder / "notes.py").write_text(TYPES.replace('"idea"', '"question"'))
    with pytest.raises(tl.Error, match="another task: type was"):
        run(folder)


def test_another_input_is_refused(folder: Path) -> None:
    run(folder)
    rows = bodies(23)
    rows[3]["body"] = "changed"
    write_lines(folder / "in.jsonl", rows)
    with pytest.raises(tl.Error, match="line 4 is not of record 4"):
        run(folder)
    write_lines(folder / "in.jsonl", rows[:2])
    with pytest.raises(tl.Error, match="more lines"):
        run(folder)


def test_a_file_of_something_else_is_not_appended_to(folder: Path) -> None:
    (folder / "out.jsonl").write_text("{}\n")
    with pytest.raises(tl.Error, match="does not say of what task"):
        run(folder)
    assert (folder / "out.jsonl").read_text() == "{}\n"


def test_two_runs_at_once_are_refused(folder: Path) -> None:
    pytest.importorskip("fcntl", reason="this system has no flock")
    task = job.read(folder / "task.toml")
    with (
        batch.Journal(folder / "out.jsonl", jobs_fingerprint(task), "error"),
        pytest.raises(tl.Error, match="another run is writing"),
    ):
        run(folder)


def jobs_fingerprint(task: job.Job) -> dict[str, str]:
    return job.fingerprint(task, task.source())


def test_a_full_disk_leaves_a_line_to_be_repaired(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(folder, output="whole.jsonl")
    write = os.write
    left = 700

    def full(file: int, data: bytes) -> int:
        nonlocal left
        if not left:
            raise OSError(28, "No space left on device")
        part = bytes(data)[:left]
        left -= len(part)
        return write(file, part)

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(OSError, match="No space"):
            run(folder)
    run(folder)
    assert (folder / "out.jsonl").read_bytes() == (folder / "whole.jsonl").read_bytes()


@pytest.mark.parametrize("task", ['type = "notes.py:Note"', 'labels = ["bug", "idea"]'])
def test_texts_that_are_decoded_together_give_the_same_lines(folder: Path, task: str) -> None:
    (folder / "task.toml").write_text(f'{task}\ntext = "body"\n')
    rows = bodies(23)
    for at in (0, 1, 8, 9, 10, 21, 22):
        rows[at]["body"] = None
    for name, records in (("in.jsonl", bodies(23)), ("gaps.jsonl", rows), ("nulls.jsonl", [rows[0]] * 3)):
        write_lines(folder / name, records)
        (folder / "task.toml").write_text(f'{task}\ntext = "body"\n')
        run(folder, source=name, output=f"alone-{name}")
        (folder / "task.toml").write_text(f'{task}\ntext = "body"\nslots = 3\n')
        run(folder, source=name, output=f"together-{name}")
        assert (folder / f"together-{name}").read_bytes() == (folder / f"alone-{name}").read_bytes()
    assert run(folder, output="alone-in.jsonl").resumed == 23  # slots make no other task


def test_what_no_text_would_fare_better_with_stops_the_run(folder: Path) -> None:
    (folder / "task.toml").write_text(TASK + 'examples = [{text = "x", value = 3}]')
    with pytest.raises(tl.SchemaError, match="example 1"):
        run(folder)
    assert len(lines(folder / "out.jsonl")) == 1  # the first record has no text


# Workers. The step is a function of this module, as a worker process imports it.


class Each:
    """A step of a function, which takes many texts one after the other."""

    def __init__(self, answer: Callable[[str], Answer]) -> None:
        self.answer = answer

    def __call__(self, text: str) -> Answer:
        return self.answer(text)

    def over(self, texts: Iterable[str]) -> Iterator[Answer]:
        return map(self.answer, texts)


class Together(Each):
    """The same, three texts at a time: what is asked for is answered later."""

    def over(self, texts: Iterable[str]) -> Iterator[Answer]:
        waiting: deque[str] = deque()
        for text in texts:
            waiting.append(text)
            if len(waiting) == 3:
                yield self.answer(waiting.popleft())
        yield from map(self.answer, waiting)


def quoted(text: str) -> Answer:
    return Answer(json.dumps(text))


def poisonous(text: str) -> Answer:
    if text == "poison":
        os._exit(3)
    return quoted(text)


def dies_once(text: str) -> Answer:
    if text.startswith("/") and not Path(text).exists():
        Path(text).touch()
        os._exit(3)
    return Answer("1")


def divides(text: str) -> Answer:
    raise ZeroDivisionError(text)


echo = partial(Each, quoted)
deadly = partial(Each, poisonous)
deadly_once = partial(Each, dies_once)
faulty = partial(Each, divides)
deadly_together = partial(Together, poisonous)
echo_together = partial(Together, quoted)


def stillborn() -> Any:
    os._exit(4)


def broken() -> Any:
    raise tl.ModelError("no such model")


def test_workers_answer_in_order(tmp_path: Path) -> None:
    texts = [(i, f"t{i}" if i % 3 else None) for i in range(40)]
    found = list(workers.in_order(echo, texts, 2))
    assert found == [(i, None if text is None else Answer(json.dumps(text))) for i, text in texts]
    mark = str(tmp_path / "mark")
    once = list(workers.in_order(deadly_once, [(0, "a"), (1, mark), (2, "b")], 2))
    assert once == [(i, Answer("1")) for i in range(3)]
    poisoned = [answer for _, answer in workers.in_order(deadly, [(0, "a"), (1, "poison"), (2, "b")], 2)]
    assert [type(answer) for answer in poisoned] == [Answer, workers.Failure, Answer]
    assert "exit 3" in poisoned[1].message  # type: ignore[union-attr]


def test_workers_with_slots_answer_in_order() -> None:
    texts = [(i, f"t{i}" if i % 3 else None) for i in range(40)]
    found = list(workers.in_order(echo_together, texts, 2, slots=3))
    assert found == [(i, None if text is None else Answer(json.dumps(text))) for i, text in texts]


def test_of_several_texts_in_hand_only_the_deadly_one_fails() -> None:
    texts = [(i, "poison" if i == 4 else f"t{i}") for i in range(12)]
    for i, answer in workers.in_order(deadly_together, texts, 2, slots=3):
        assert answer == (Answer(json.dumps(f"t{i}")) if i != 4 else answer), i
        assert isinstance(answer, workers.Failure) == (i == 4)


def test_a_faulty_step_over_many_is_an_error() -> None:
    with pytest.raises(tl.Error, match="ZeroDivisionError"):
        list(workers.in_order(faulty, [(i, "a") for i in range(9)], 2, slots=3))


@pytest.mark.parametrize(
    ("make", "message"), [(stillborn, "exit 4"), (broken, "no such model"), (faulty, "ZeroDivisionError")]
)
def test_a_worker_that_cannot_work_is_an_error(make: Any, message: str) -> None:
    with pytest.raises(tl.Error, match=message):
        list(workers.in_order(make, [(0, "a")], 1))


def test_workers_read_no_further_than_they_need() -> None:
    read = 0

    def items() -> Any:
        nonlocal read
        for i in range(1000):
            read += 1
            yield i, "x"

    for i, _ in workers.in_order(echo, items(), 2):
        assert read <= i + 2 * workers.AHEAD + 1
        if i == 30:
            break
