"""Masks beside llguidance: time to the first mask (compile) and time per mask, same tokens, one process, cold.

What is measured. For every type or schema one instance text is cut into tokens by the model's own tokenizer. Then, for
each engine in turn (the order alternates):

    TTFM   from the source to a matcher that is ready: `tl.compile(...).start()`; for llguidance the JSON Schema (for a
           Pydantic type that includes `model_json_schema`), `grammar_from_json_schema` and `LLMatcher(...)`
    TBM    one token: fill the mask, accept the token, both called from Python
    object TTFM and all its TBM together: what one constrained object costs

Times are CPU time of the thread, for both alike: other work on the machine does not count. Everything is cold: a fresh
constraint for each case, each token seen once, garbage collection off. Every token's bit is
looked up in the mask outside of the clock; a case counts only where both engines compile it and take every token, the
others are counted by name of the reason. Both write the compact layout: llguidance gets `whitespace_flexible=False`,
`item_separator=","` and `key_separator=":"`. llguidance fills the mask through its pointer call, the cheapest it has.

Run:  python benches/masks.py --vocabulary llama-bpe.gguf [--schemas maskbench-dev.jsonl.gz]
With TYPELOOM_DATA set, both are found there. `--only llguidance` runs one half. Records go to benches/record/.
"""

from __future__ import annotations

import argparse
import datetime
import gc
import gzip
import json
import os
import platform
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import thread_time_ns
from typing import Any, Protocol

import mask_corpus
import numpy as np
from llguidance import LLMatcher, LLTokenizer
from pydantic import TypeAdapter

ENGINES = ("typeloom", "llguidance")
COMPACT: Any = {"whitespace_flexible": False, "item_separator": ",", "key_separator": ":"}


@dataclass(frozen=True)
class Job:
    """A source (a type, or a JSON Schema as dict) and the text of one instance."""

    name: str
    source: Any
    is_type: bool
    text: str


@dataclass
class Outcome:
    """Times in nanoseconds; `failure` says why there are none."""

    compile: int = 0
    steps: list[int] = field(default_factory=list)
    failure: str = ""


class Engine(Protocol):
    def run(self, job: Job, tokens: list[int]) -> Outcome: ...


class Typeloom:
    """typeloom, called as its users call it."""

    def __init__(self, vocabulary: Path, order: str) -> None:
        import typeloom

        self.library, self.order = typeloom, order
        self.vocabulary = typeloom.Vocabulary.from_gguf(str(vocabulary))

    def run(self, job: Job, tokens: list[int]) -> Outcome:
        tl, mask = self.library, self.vocabulary.new_mask()
        source = job.source if job.is_type else tl.JsonSchema(job.source)
        order = "declared" if job.is_type else self.order
        begin = thread_time_ns()
        try:
            matcher = tl.compile(source, self.vocabulary, layout="compact", order=order).start()
        except tl.Error as refusal:
            return Outcome(failure=f"refused: {type(refusal).__name__}")
        outcome = Outcome(compile=thread_time_ns() - begin)
        for token in tokens:
            begin = thread_time_ns()
            matcher.fill_mask(mask)
            taken = matcher.accept(token)
            outcome.steps.append(thread_time_ns() - begin)
            if not taken or not allows(mask, token):
                return Outcome(failure="a token is refused")
        return outcome if matcher.is_accepting() else Outcome(failure="the whole text is not accepted")


class Llguidance:
    """llguidance by its low-level matcher."""

    def __init__(self, tokenizer: LLTokenizer) -> None:
        self.tokenizer = tokenizer

    def run(self, job: Job, tokens: list[int]) -> Outcome:
        mask = np.zeros((self.tokenizer.vocab_size + 31) // 32, dtype=np.int32)
        begin = thread_time_ns()
        schema = TypeAdapter(job.source).json_schema() if job.is_type else job.source
        try:
            grammar = LLMatcher.grammar_from_json_schema(schema, overrides=COMPACT)
        except ValueError:
            return Outcome(failure="refused: ValueError")
        matcher = LLMatcher(self.tokenizer, grammar, log_level=0)
        outcome = Outcome(compile=thread_time_ns() - begin)
        if matcher.is_error():
            return Outcome(failure="refused: " + matcher.get_error().split("\n")[0].split(":")[0][:40])
        pointer, size = mask.ctypes.data, mask.nbytes
        for token in tokens:
            begin = thread_time_ns()
            matcher.unsafe_compute_mask_ptr(pointer, size)
            taken = matcher.consume_token(token)
            outcome.steps.append(thread_time_ns() - begin)
            if not taken or not allows(mask, token):
                return Outcome(failure="a token is refused")
        return outcome if matcher.is_accepting() else Outcome(failure="the whole text is not accepted")


def allows(mask: Any, token: int) -> bool:
    return bool(int(mask[token >> 5]) >> (token & 31) & 1)


def tokenizer_of(path: Path) -> LLTokenizer:
    """llama.cpp's own tokenizer over a vocabulary-only load of the GGUF."""
    import llama_cpp
    from llguidance.llamacpp import lltokenizer_from_vocab

    parameters = llama_cpp.llama_model_default_params()
    parameters.vocab_only = True
    silence = llama_cpp.llama_log_callback(lambda level, text, data: None)
    llama_cpp.llama_log_set(silence, None)
    tokenizer_of.kept = silence  # type: ignore[attr-defined]  # llama.cpp calls it as long as the process lives
    model = llama_cpp.llama_model_load_from_file(str(path).encode(), parameters)
    if not model:
        raise SystemExit(f"expected a GGUF file that llama.cpp can load, got {path.name}")
    return lltokenizer_from_vocab(llama_cpp.llama_model_get_vocab(model))


def jobs(schemas: Path | None, count: int, seed: int) -> list[Job]:
    """The Pydantic corpus, then `count` sampled JSON Schemas, each with its first valid instance."""
    found = [Job(case.name, case.annotation, True, case.text) for case in mask_corpus.cases()]
    if schemas is None:
        return found
    with gzip.open(schemas, "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if any(test["valid"] for test in row["tests"])]
    for row in random.Random(seed).sample(rows, min(count, len(rows))):
        data = next(test["data"] for test in row["tests"] if test["valid"])
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        found.append(Job(row["name"], row["schema"], False, text))
    return found


def measure(engines: dict[str, Engine], tokenizer: LLTokenizer, work: list[Job]) -> list[dict[str, Outcome]]:
    results = []
    gc.collect()
    gc.disable()
    for index, job in enumerate(work):
        tokens = tokenizer.tokenize_str(job.text)
        names = list(engines) if index % 2 else list(reversed(engines))
        results.append({name: engines[name].run(job, tokens) for name in names})
    gc.enable()
    return results


def statistics(values: Iterable[int]) -> dict[str, float]:
    """Microseconds: avg and percentiles."""
    ordered = np.sort(np.fromiter(values, dtype=np.float64)) / 1000
    if not len(ordered):
        return {}
    found = {"avg": float(ordered.mean())}
    for name, share in (("p50", 50), ("p90", 90), ("p99", 99)):
        found[name] = float(np.percentile(ordered, share))
    return found | {"max": float(ordered[-1]), "count": len(ordered)}


def summarise(names: list[str], results: list[dict[str, Outcome]]) -> dict[str, Any]:
    """Statistics over the cases that every engine compiled and walked to the end."""
    both = [row for row in results if not any(row[name].failure for name in names)]
    tables: dict[str, Any] = {"TTFM": {}, "TBM": {}, "object": {}}
    for name in names:
        tables["TTFM"][name] = statistics(row[name].compile for row in both)
        tables["TBM"][name] = statistics(step for row in both for step in row[name].steps)
        tables["object"][name] = statistics(row[name].compile + sum(row[name].steps) for row in both)
    failures = {name: dict(Counter(row[name].failure for row in results if row[name].failure)) for name in names}
    return {"cases": len(results), "compared": len(both), "failures": failures, "microseconds": tables}


def as_markdown(summary: dict[str, Any], names: list[str]) -> str:
    lines = [f"{summary['compared']} of {summary['cases']} cases compared; microseconds", ""]
    lines += ["| | engine | avg | p50 | p90 | p99 | max |", "|---|---|--:|--:|--:|--:|--:|"]
    columns = ("avg", "p50", "p90", "p99", "max")
    for measure_name, rows in summary["microseconds"].items():
        for name in names:
            if rows[name]:
                lines.append(
                    f"| {measure_name} | {name} | " + " | ".join(f"{rows[name][one]:,.1f}" for one in columns) + " |"
                )
        if len(names) == 2 and all(rows[name] for name in names):
            ratios = (rows[names[1]][one] / max(rows[names[0]][one], 1e-3) for one in columns)
            lines.append(
                f"| {measure_name} | {names[1]} / {names[0]} | "
                + " | ".join(f"{ratio:,.1f}x" for ratio in ratios)
                + " |"
            )
    lines.append("")
    for name, failures in summary["failures"].items():
        lines.append(
            f"{name}, not compared: " + (", ".join(f"{count} {why}" for why, count in failures.items()) or "none")
        )
    return "\n".join(lines)


def machine() -> dict[str, Any]:
    """What the numbers depend on; no names of hosts, users or folders."""
    model = platform.machine()
    if Path("/proc/cpuinfo").exists():
        names = [
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ]
        model = names[0] if names else model
    versions = {}
    for package in ("typeloom", "llguidance", "llama-cpp-python", "pydantic", "numpy"):
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = "from source"
    return {"processor": model, "cores": os.cpu_count(), "python": platform.python_version(), "versions": versions}


def arguments() -> argparse.Namespace:
    data = Path(os.environ["TYPELOOM_DATA"]) if "TYPELOOM_DATA" in os.environ else None
    parser = argparse.ArgumentParser(description="masks beside llguidance")
    parser.add_argument("--vocabulary", type=Path, default=data / "vocabs/llama-bpe.gguf" if data else None)
    parser.add_argument("--schemas", type=Path, default=data / "maskbench-dev.jsonl.gz" if data else None)
    parser.add_argument("--count", type=int, default=200, help="how many JSON Schemas to sample")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--order", choices=("declared", "any"), default="any", help="typeloom's key order for JSON Schemas"
    )
    parser.add_argument("--only", choices=ENGINES)
    parser.add_argument("--record", type=Path, default=Path(__file__).parent / "record")
    given = parser.parse_args()
    if given.vocabulary is None:
        parser.error("expected --vocabulary or TYPELOOM_DATA, got neither")
    return given


def main() -> None:
    given = arguments()
    names = [given.only] if given.only else list(ENGINES)
    tokenizer = tokenizer_of(given.vocabulary)
    makers: dict[str, Callable[[], Engine]] = {
        "typeloom": lambda: Typeloom(given.vocabulary, given.order),
        "llguidance": lambda: Llguidance(tokenizer),
    }
    engines = {name: makers[name]() for name in names}
    work = jobs(given.schemas, given.count, given.seed)
    # The first calls load code; what is measured is cold in its data, not in its code.
    measure(engines, tokenizer, work[:3])
    results = measure(engines, tokenizer, work)
    groups = {"Pydantic types": True, "JSON Schemas": False}
    record: dict[str, Any] = {"date": datetime.date.today().isoformat(), "machine": machine(), "groups": {}}
    options = [word for word in sys.argv[1:] if not Path(word).exists()]
    record |= {"command": " ".join(["python", "benches/masks.py", *options]), "vocabulary": given.vocabulary.name,
               "tokenizer": "llama.cpp", "layout": "compact", "order of JSON Schemas": given.order}  # fmt: skip
    report = [f"# masks, {record['date']}", "", f"`{record['command']}`, vocabulary {record['vocabulary']}", ""]
    machine_said = record["machine"]
    report += [
        f"{machine_said['processor']}, {machine_said['cores']} cores, Python {machine_said['python']}",
        ", ".join(f"{package} {number}" for package, number in machine_said["versions"].items()),
    ]
    for title, is_type in groups.items():
        part = [row for row, job in zip(results, work, strict=True) if job.is_type == is_type]
        if part:
            record["groups"][title] = summarise(names, part)
            report += ["", f"## {title}", "", as_markdown(record["groups"][title], names)]
    print("\n".join(report))
    if len(names) == len(ENGINES):
        given.record.mkdir(parents=True, exist_ok=True)
        (given.record / "masks.json").write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n")
        (given.record / "masks.md").write_text("\n".join(report) + "\n")


if __name__ == "__main__":
    main()
