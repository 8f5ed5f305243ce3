"""An output file that survives: one line per record, appended, and picked up where it ends.

Beside `out.jsonl` lie `out.task.json`, which says what task the lines are of, and `out.errors.jsonl`, the lines of the
records that failed.

Theory of operation. The n-th line is that of the n-th record, so the lines that are there say what is done. A line is
written by one append that ends in a line feed; whatever comes after the last line feed of a file is a torn line, is cut
off on opening, and its record done again. An error line goes to the errors file *before* it goes to the output, and on
opening the errors file is cut to the errors that the output has. A kill between two steps therefore leaves at worst a
line too many in the errors file or a torn one, never a record twice or a record missing. After a loss of power, the
lines of the last second may be missing, and are done again.

The file that says the task is made whole under another name and renamed, before the first line. A lock on the output
keeps a second run away; the system gives it back when the process ends, however it ends.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from typeloom.errors import Error
from typeloom.pipelines.records import Record

if TYPE_CHECKING:
    from typing import Self

_BLOCK = 1 << 16
_SYNC_SECONDS = 1.0
"""Lines are handed to the disk at least this often; between, they are the system's, which outlives the process."""


def errors_beside(output: Path) -> Path:
    """The file that the lines of failed records are in once more.

    >>> errors_beside(Path("out/found.jsonl")).name
    'found.errors.jsonl'
    """
    return output.with_name(f"{output.stem}.errors{output.suffix}")


class Journal:
    """The output of one run; a context manager that holds the lock.

    n_done: lines that were there on opening. n_failed: how many of those are errors.
    """

    def __init__(self, output: Path, task: Mapping[str, str], error: str) -> None:
        """Open, repair and lock. Raises Error when the lines are of another task, or another run is writing."""
        if output.is_dir():
            raise Error(
                f"expected a file to write to at {output}, that is a folder; name one: -o {output / 'out.jsonl'}"
            )
        self.output = output
        self.errors = errors_beside(output)
        self._card = output.with_name(f"{output.stem}.task.json")
        self._error = error
        self.n_done = 0
        self.n_failed = 0
        output.parent.mkdir(parents=True, exist_ok=True)
        self._synced = time.monotonic()
        self._out = os.open(output, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            _lock(self._out, output)
            cut_torn_line(output)
            self._check(task)
            self._err = os.open(self.errors, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        except BaseException:
            os.close(self._out)
            raise

    def done(self, records: Iterator[Record]) -> None:
        """Go past the records whose lines are there, and cut the errors file to theirs.

        Raises Error when a line is not that of its record: the input is another one, or the output was changed.
        """
        failed: list[str] = []
        with self.output.open(encoding="utf-8", errors="replace", newline="\n") as lines:
            for number, line in enumerate(lines, 1):
                record = next(records, None)
                if record is None:
                    raise Error(
                        f"{self.output} has more lines than the input has records; it is the output of another input:"
                        " write to another file with -o"
                    )
                if not line.startswith(record.beginning()):
                    raise Error(
                        f"{self.output}, line {number} is not of record {number} of the input, which begins"
                        f" {record.beginning()[:80]!r}; it is the output of another input, or of one that was changed:"
                        " write to another file with -o"
                    )
                if line.startswith(record.line(self._error, "")[:-1]):
                    failed.append(line)
                self.n_done = number
        self.n_failed = len(failed)
        _rewrite(self.errors, failed)

    def append(self, line: str) -> None:
        """Write the line of the next record, which succeeded."""
        self._write(self._out, line)

    def append_error(self, line: str) -> None:
        """Write the line of the next record, which failed, to both files."""
        self._write(self._err, line)
        self._write(self._out, line)

    def _write(self, file: int, line: str) -> None:
        data = memoryview(f"{line}\n".encode())
        while data:  # a full disk takes a part of it, then raises; the torn line is cut off next time
            data = data[os.write(file, data) :]
        if time.monotonic() - self._synced > _SYNC_SECONDS:
            os.fsync(file)
            self._synced = time.monotonic()

    def _check(self, task: Mapping[str, str]) -> None:
        """Compare with the task on the card; without any line, write the card anew."""
        if self.output.stat().st_size == 0:
            card = self._card.with_name(f"{self._card.name}.new")
            with card.open("w", encoding="utf-8") as file:
                json.dump(dict(task), file, ensure_ascii=False, indent=1)
                file.flush()
                os.fsync(file.fileno())
            os.replace(card, self._card)
            return
        try:
            before: Any = json.loads(self._card.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            before = None
        if not isinstance(before, dict):
            raise Error(
                f"{self.output} has lines, but {self._card.name} does not say of what task; write to another file"
                " with -o"
            )
        changed = sorted(name for name in {*before, *task} if before.get(name) != task.get(name))
        if changed:
            told = "; ".join(f"{n} was {_shown(before.get(n))}, is {_shown(task.get(n))}" for n in changed)
            raise Error(
                f"{self.output} holds the results of another task: {told}; write to another file with -o, or remove it"
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in (self._out, self._err):
            os.fsync(file)
            os.close(file)
        if self.errors.stat().st_size == 0:
            self.errors.unlink()


def cut_torn_line(path: Path) -> None:
    """Cut a file after its last line feed."""
    with path.open("r+b") as file:
        end = file.seek(0, os.SEEK_END)
        while end > 0:
            start = max(0, end - _BLOCK)
            file.seek(start)
            at = file.read(end - start).rfind(b"\n")
            if at >= 0:
                file.truncate(start + at + 1)
                return
            end = start
        file.truncate(0)


def _rewrite(path: Path, lines: list[str]) -> None:
    """Make the file hold just these lines, in place: it is open for appending."""
    data = "".join(lines).encode()
    with path.open("r+b") as file:
        if file.read(len(data)) != data:
            file.seek(0)
            file.write(data)
        file.truncate(len(data))


def _shown(part: str | None, most: int = 60) -> str:
    if part is None:
        return "not there"
    return part if len(part) <= most else f"{part[:most]}..."


def _lock(file: int, output: Path) -> None:
    """Lock the file until it is closed. Where the system has no such locks, a second run is not noticed."""
    try:
        import fcntl
    except ImportError:
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise Error(f"another run is writing {output}; wait for it, or write to another file with -o") from None
