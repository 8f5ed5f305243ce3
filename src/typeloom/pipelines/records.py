"""The records of an input: JSON lines, CSV, Parquet, or a folder of text files, read one at a time and in order.

A record is kept as the JSON text of the fields that its output line will begin with. For JSON lines that is the very
text of the line, so numbers and escapes come out as they went in. A record that cannot be read is a record with a
fault; the ones after it are read all the same.

Invariants. The n-th record of an input is the same in every run over the same input: the order is that of the file, of
a folder that of the names. At most one batch of a Parquet file is held in memory, else one record.
"""

from __future__ import annotations

import csv
import datetime
import decimal
import json
import math
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typeloom.errors import Error
from typeloom.pipelines.extras import needed
from typeloom.pipelines.job import Job

_BATCH = 256
_LARGEST_FIELD = 2**31 - 1
FORMATS = "JSON lines (.jsonl, .ndjson), .csv, .tsv, .parquet, or a folder of .txt files"


@dataclass(frozen=True, slots=True)
class Record:
    """One record. `fields` is a JSON object as text; `text` is None if null; `fault` says why it cannot be read."""

    fields: str
    text: str | None
    fault: str | None = None

    def line(self, name: str, value: str) -> str:
        """The output line: the record's fields and one more, whose value is JSON text.

        >>> Record('{"id": 1}', "x").line("result", "[]")
        '{"id": 1, "result": []}'
        """
        return f"{self.beginning()}{json_text(name)}: {value}}}"

    def beginning(self) -> str:
        """The part of its output line that does not depend on what is found in the text."""
        head = self.fields[:-1].rstrip()
        return head if head == "{" else f"{head}, "


def json_text(value: Any) -> str:
    """The value as one line of JSON that can be written as UTF-8: escaped only where it holds half a surrogate pair."""
    written = json.dumps(value, ensure_ascii=False, allow_nan=False)
    try:
        written.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, allow_nan=False)
    return written


def read(path: Path, job: Job) -> Iterator[Record]:
    """The records of a file or folder. Raises Error for one that does not exist or is in no known format."""
    if path.is_dir():
        return _folder(path, job)
    if not path.is_file():
        raise Error(f"expected an input at {path}, there is none; readable are {FORMATS}")
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise Error(f"{path}: its ending {path.suffix!r} names no format that can be read; readable are {FORMATS}")
    return reader(path, job)


def count(path: Path) -> int | None:
    """How many records there are, where that is known without reading them as records; else None."""
    if path.is_dir():
        return sum(1 for _ in path.rglob("*.txt"))
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        with path.open("rb") as file:
            return sum(1 for line in file if line.strip())
    if path.suffix.lower() == ".parquet":
        return int(needed("pyarrow.parquet", "parquet").ParquetFile(path).metadata.num_rows)
    return None


def _folder(path: Path, job: Job) -> Iterator[Record]:
    names = sorted(found.relative_to(path).as_posix() for found in path.rglob("*.txt"))
    for name in names:
        fields = json_text({"file": name})
        try:
            yield Record(fields, (path / name).read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError) as error:
            yield Record(fields, None, f"{name} cannot be read: {error}")


def _json_lines(path: Path, job: Job) -> Iterator[Record]:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            place = f"{path.name}, line {number}"
            try:
                written = line.decode("utf-8-sig" if number == 1 else "utf-8").strip()
                fields = json.loads(written, parse_constant=_no_constant)
            except (ValueError, RecursionError) as error:
                yield Record("{}", None, f"{place} is not JSON: {error}")
                continue
            if not isinstance(fields, dict):
                yield Record("{}", None, f"{place}: expected a JSON object, got {type(fields).__name__}")
                continue
            yield _record(place, fields, written, job)


def _separated(path: Path, job: Job) -> Iterator[Record]:
    csv.field_size_limit(_LARGEST_FIELD)  # the default is smaller than a long letter
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file, delimiter="\t" if path.suffix.lower() == ".tsv" else ",", strict=True)
        try:
            header = next(rows, [])
        except (csv.Error, UnicodeDecodeError) as error:
            raise Error(f"{path.name}, line 1 cannot be read: {error}") from error
        if len(set(header)) != len(header):
            raise Error(f"{path.name}: expected columns with different names, got {', '.join(header)}")
        while True:
            try:
                row = next(rows, None)
            except csv.Error as error:
                yield Record("{}", None, f"{path.name}, line {rows.line_num} is not CSV: {error}")
                continue
            except UnicodeDecodeError as error:
                raise Error(f"{path.name}, after line {rows.line_num}: {error}; convert the file to UTF-8") from error
            if row is None:
                return
            if not row:
                continue
            place = f"{path.name}, line {rows.line_num}"
            if len(row) != len(header):
                yield Record("{}", None, f"{place}: expected {len(header)} fields, got {len(row)}")
                continue
            fields = dict(zip(header, row, strict=True))
            yield _record(place, fields, json_text(fields), job)


def _parquet(path: Path, job: Job) -> Iterator[Record]:
    parquet = needed("pyarrow.parquet", "parquet")
    number = 0
    for batch in parquet.ParquetFile(path).iter_batches(batch_size=_BATCH):
        for fields in batch.to_pylist():
            number += 1
            place = f"{path.name}, row {number}"
            try:
                yield _record(place, fields, json_text(_plain(fields)), job)
            except (TypeError, ValueError) as error:
                yield Record("{}", None, f"{place} has no JSON form: {error}; name the field to keep with key = ...")


_READERS = {
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".csv": _separated,
    ".tsv": _separated,
    ".parquet": _parquet,
}


def _record(place: str, fields: Mapping[str, Any], written: str, job: Job) -> Record:
    for added in (job.result, job.error):
        if added in fields and job.key is None:
            raise Error(
                f"{place} has a field {added!r} of its own, which the output would overwrite; write"
                f' {"result" if added == job.result else "error"} = "another name" in the task file, or key = ...'
            )
    if job.key is not None:
        if job.key not in fields:
            return Record("{}", None, f"{place} has no field {job.key!r}, the key; it has {', '.join(fields)}")
        written = json_text({job.key: _plain(fields[job.key])})
    if job.text not in fields:
        return Record(written, None, f"{place} has no field {job.text!r}; it has {', '.join(fields)}")
    text = fields[job.text]
    if text is not None and not isinstance(text, str):
        return Record(written, None, f"{place}: expected text in {job.text!r}, got {type(text).__name__}")
    return Record(written, text)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def _plain(value: Any) -> Any:
    """The value as JSON has it: times in ISO 8601, decimals and UUIDs as text, floats that are no number as null."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (decimal.Decimal, uuid.UUID)):
        return str(value)
    return value
