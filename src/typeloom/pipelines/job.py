"""A job: what one task file asks to be done with every record of a data set.

A task file is TOML:

    type = "models.py:Invoice"      # a type, a JSON Schema, a grammar
                                    # or labels = ["bug", "question"], {bug = "what it is"}, "models.py:Topic"
    text = "body"                   # the field or column with the text; a folder of .txt files has "text"
    key = "id"                      # keep this field of a record only; without it every field is kept
    instructions = "Amounts are in euro."
    examples = [{text = "Invoice 7, total 10", value = {number = "7", total = 10}}]
    model = "model.gguf"            # relative to the task file; the embedded model if not given
    max_tokens = 512
    temperature = 0.0
    seed = 0                        # and every other option of a call: top_k, top_p, min_p, timeout, tries, ...,
    caps = {items = 20}             # those that are classes as tables
    n_ctx = 4096
    slots = 8                       # texts that are decoded together; each has n_ctx tokens of context
    result = "result"               # the names of the fields that are added to a record
    error = "error"

Invariants. A Job is frozen and holds plain data only, so it is the same in every process. Everything that changes what
is written is in its fingerprint; how many texts are decoded together does not.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, get_args

from typeloom.errors import Error, SchemaError
from typeloom.llama.thinking import Think
from typeloom.pipelines.named import imported
from typeloom.schema.caps import Caps
from typeloom.tasks.layout import WrittenLayout
from typeloom.tasks.options import NAMES, Options

_SAMPLE = 1 << 20
"""Bytes at either end of a model file that stand for all of it in the fingerprint."""


@dataclass(frozen=True, kw_only=True)
class Job(Options):
    """What a task file says, the options of its calls included. Exactly one of `type` and `labels` is given."""

    text: str = "text"
    type: str | None = None
    labels: list[str] | dict[str, str] | str | None = None
    key: str | None = None
    instructions: str = ""
    examples: tuple[tuple[str, Any], ...] = ()
    model: str | None = None
    n_ctx: int | None = None
    slots: int = 1
    layout: WrittenLayout = "compact"
    result: str = "result"
    error: str = "error"
    folder: str = "."

    def source(self) -> Any:
        """The type to extract, or the labels, as Python objects; runs the module that defines them."""
        name = self.type if self.type is not None else self.labels
        return imported(name, Path(self.folder)) if isinstance(name, str) else name

    def model_path(self) -> str | None:
        """Where the model file lies; None is the embedded one."""
        return None if self.model is None else str(Path(self.folder) / self.model)


def read(path: Path) -> Job:
    """The job that a task file describes. Raises Error that names the file and the key at fault."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Error(f"expected a task file at {path}, there is none") from None
    except OSError as error:
        raise Error(f"expected a task file at {path}, it cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Error(f"{path} is not TOML: {error}") from error
    known = {field.name for field in fields(Job)} - {"folder", "parse"}  # a tree is no JSON
    for name in table:
        if name not in known:
            raise Error(f"{path}: {name!r} is no key of a task file; the keys are {', '.join(sorted(known))}")
    if ("type" in table) == ("labels" in table):
        raise Error(f"{path}: expected either type (to extract) or labels (to classify), and one of them only")
    for name, value in table.items():
        if not _fits(name, value):
            raise Error(f"{path}: expected {name} as {_KINDS[name]}, got {value!r}")
    table["examples"] = tuple(_example(path, number, one) for number, one in enumerate(table.get("examples", []), 1))
    if isinstance(table.get("model"), str) and not (path.parent / table["model"]).is_file():
        raise Error(f"{path}: expected the model at {path.parent / table['model']}, there is none")
    try:
        for name, kind in _TABLES.items():
            if name in table:
                table[name] = kind(**table[name])
        return Job(**table, folder=str(path.parent.resolve()))
    except TypeError as error:  # a key of a table that is none
        raise Error(f"{path}: {error}") from error
    except Error as error:
        raise Error(f"{path}: {error}") from error


_TABLES: dict[str, Callable[..., Any]] = {"caps": Caps, "think": Think}
_KINDS = {
    "text": "text", "type": "text like models.py:Invoice", "labels": "a list, a table or text like models.py:Topic",
    "key": "text", "instructions": "text", "examples": "a list of tables", "model": "text",
    "max_tokens": "a whole number of 1 or more", "temperature": "a number of 0 or more", "seed": "a whole number",
    "top_k": "a whole number", "top_p": "a number", "min_p": "a number", "repetition_penalty": "a number",
    "timeout": "a number of seconds", "tries": "a whole number", "think": "a table of max_tokens, begin, end",
    "caps": "a table of items, characters, digits, repeats", "n_ctx": "a whole number of 1 or more",
    "slots": "a whole number of 1 or more", "layout": '"compact" or "spaced"', "result": "text", "error": "text",
}  # fmt: skip


def _fits(name: str, value: Any) -> bool:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if name in ("max_tokens", "n_ctx", "slots"):
        return whole and value >= 1
    if name in ("seed", "top_k", "tries"):
        return whole
    if name in _TABLES:
        return isinstance(value, dict)
    if name in ("top_p", "min_p", "repetition_penalty", "timeout"):
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if name == "temperature":
        return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < float("inf")
    if name == "examples":
        return isinstance(value, list) and all(isinstance(one, dict) for one in value)
    if name == "layout":
        return value in get_args(WrittenLayout)
    if name == "labels":
        names = value if isinstance(value, list) else list(value.values()) if isinstance(value, dict) else [value]
        return all(isinstance(one, str) for one in names)
    return isinstance(value, str) and bool(value or name == "instructions")


def _example(path: Path, number: int, table: Mapping[str, Any]) -> tuple[str, Any]:
    if set(table) not in ({"text", "value"}, {"text", "label"}) or not isinstance(table["text"], str):
        raise Error(f"{path}: expected example {number} as {{text = ..., value = ...}} (or label), got {dict(table)!r}")
    return table["text"], table["value"] if "value" in table else table["label"]


def fingerprint(job: Job, source: Any) -> dict[str, str]:
    """What makes the job this one, part by part, each as short text; two jobs with equal parts write equal lines.

    A type counts by its JSON Schema, so a change in a Python validator is not seen. A model counts by its size and the
    first and last megabyte of its file, wherever it lies.
    """
    parts = {
        name: json.dumps(getattr(job, name), ensure_ascii=False)
        for name in ("text", "key", "instructions", "max_tokens", "temperature", "seed", "n_ctx", "result", "error")
    }
    default = Options()
    for name in NAMES:  # the later ones count where they are chosen, so that earlier files can be gone on with
        if name not in parts and getattr(job, name) != getattr(default, name):
            parts[name] = repr(getattr(job, name))
    if job.layout != "compact":
        parts["layout"] = job.layout
    parts["examples"] = _digest(json.dumps(job.examples, ensure_ascii=False, default=str).encode())
    if job.type is not None:
        parts["type"] = _digest(_schema(source).encode())
    else:
        from typeloom.tasks.classify import labels

        parts["labels"] = json.dumps([[one.name, one.description] for one in labels(source)], ensure_ascii=False)
    parts["model"] = _file_digest(Path(job.model_path() or _embedded()))
    return parts


def _schema(source: Any) -> str:
    from typeloom.grammar.gbnf import Gbnf
    from typeloom.grammar.lark import Lark
    from typeloom.grammar.regular import Regex
    from typeloom.schema.json_schema import JsonSchema
    from typeloom.schema.types import plain_schema

    match source:
        case Regex(pattern, dialect):
            return json.dumps([dialect, pattern])
        case Gbnf(text, root):
            return json.dumps([root, text])
        case Lark():
            bound = {name: _schema(one) for name, one in source.bindings.items()}
            return json.dumps([source.start, source.text(), bound], sort_keys=True)
    if isinstance(source, JsonSchema):
        return source.schema if isinstance(source.schema, str) else json.dumps(source.schema)
    try:
        return json.dumps(plain_schema(source))
    except SchemaError:
        raise
    except TypeError as error:
        raise SchemaError(f"expected a type, got {source!r}") from error


def _embedded() -> str:
    from typeloom import embedded

    return str(embedded.path())


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


def _file_digest(path: Path) -> str:
    if not path.is_file():
        raise Error(f"expected a model file at {path}, there is none")
    size = path.stat().st_size
    with path.open("rb") as file:
        data = file.read(_SAMPLE)
        file.seek(max(0, size - _SAMPLE))
        data += file.read(_SAMPLE)
    return f"{size}-{_digest(data)}"
