"""Runs a job that is killed, again and again, in processes forked from one that has everything imported.

    python killed.py FOLDER time SEED N     N runs, each killed (SIGKILL) at a random moment, then one to the end
    python killed.py FOLDER write SEED N    the same, each killed in the middle of a random write, after a part of it

FOLDER holds task.toml and in.jsonl; the output is out.jsonl. Prints how many runs the signal reached in time.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path

from typeloom.pipelines import batch, job
from typeloom.testing import FakeModel


def main(folder: Path, where: str, seed: int, runs: int) -> int:
    draw = random.Random(seed)
    task = job.read(folder / "task.toml")
    started = time.monotonic()
    once(task, folder, folder / "whole.jsonl")  # warm, and how long it takes
    seconds = time.monotonic() - started
    n_writes = len((folder / "whole.jsonl").read_bytes().splitlines())
    reached = 0
    for _ in range(runs):
        if done(folder):
            for path in folder.glob("out.*"):
                path.unlink()
        child = os.fork()
        if child == 0:
            if where == "write":
                dies_writing(draw.randrange(n_writes), draw.random())
            once(task, folder, folder / "out.jsonl")
            os._exit(0)
        if where == "time":
            time.sleep(draw.uniform(0, seconds / 3))
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        reached += os.WIFSIGNALED(status)
    once(task, folder, folder / "out.jsonl")
    return reached


def once(task: job.Job, folder: Path, output: Path) -> None:
    batch.run(task, folder / "in.jsonl", output, model=FakeModel())


def done(folder: Path) -> bool:
    output = folder / "out.jsonl"
    return output.exists() and output.read_bytes() == (folder / "whole.jsonl").read_bytes()


def dies_writing(number: int, share: float) -> None:
    """From now on the process kills itself in its `number`-th write, after a share of the bytes."""
    write = os.write
    left = number

    def dying(file: int, data: bytes) -> int:
        nonlocal left
        if left == 0:
            write(file, bytes(data)[: int(len(data) * share)])
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        return write(file, data)

    os.write = dying  # type: ignore[assignment]


if __name__ == "__main__":
    sys.stdout.write(str(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))))
