"""MaskBench beside llguidance: which schemas compile, which tests pass, and what compiling and masks cost.

The protocol is MaskBench's (guidance-ai/jsonschemabench, maskbench/runner.py). For each schema and each of its tests
the instance is written by `json.dumps(data, ensure_ascii=False)` (`, ` and `: ` between its parts), cut into tokens by
the model's own tokenizer, and walked until a token is refused:

    TTFM   compiling: from the schema as a dict to a matcher that is ready; the first mask is not in it
    TBM    one token: fill the mask, accept the token, both called from Python
    passing            compiled, every valid instance taken, every invalid one refused somewhere
    refused            the schema was refused, by name
    validation error   a valid instance was refused;  invalidation error: an invalid one was taken whole
    exception, crash, timeout   of the process that did it; the run goes on

typeloom compiles with `layout="flexible", order="any"`; llguidance has its defaults (any white space, its own order).
Both are cold: a fresh constraint for each schema, nothing kept between schemas but code. The engines take turns, a part
of the schemas each, every part in a process of its own, whose peak memory is taken; texts are cut into tokens before,
in another process. Times are CPU time of the thread,
for both alike, so that other work on the machine does not count; they are compared on the schemas that both compile and
whose tests neither fails.

Run:  python benches/maskbench.py --vocabulary llama-bpe.gguf --schemas maskbench-dev.jsonl.gz [--every 10]
With TYPELOOM_DATA set, both are found there. A full run takes about half an hour. Records go to benches/record/.
"""

from __future__ import annotations

import argparse
import datetime
import gc
import gzip
import json
import os
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from time import thread_time_ns
from typing import Any

import masks
import numpy as np

ENGINES = ("typeloom", "llguidance")
COLUMNS = ("avg", "p50", "p90", "p99", "p99.9", "max")
PART = 100
GRACE = 60  # seconds for a process to start
WARM = {  # comes before the others and is not counted
    "name": "",
    "schema": {"type": "object", "properties": {"a": {"type": "string"}}},
    "tests": [{"valid": True, "data": {"a": "b"}}],
}


@dataclass
class Outcome:
    """What became of one schema; times in nanoseconds."""

    name: str
    status: str = "passing"
    reason: str = ""
    compile: int = 0
    steps: list[int] = field(default_factory=list)


class Refused(Exception):
    """The engine does not take the schema."""


class Typeloom:
    def __init__(self, vocabulary: Path) -> None:
        import typeloom

        self.library = typeloom
        self.vocabulary = typeloom.Vocabulary.from_gguf(str(vocabulary))
        self.mask = self.vocabulary.new_mask()

    def compile(self, schema: Any) -> Any:
        tl = self.library
        try:
            return tl.compile(tl.JsonSchema(schema), self.vocabulary, layout="flexible", order="any")
        except tl.Error as error:
            raise Refused(f"{type(error).__name__}: {str(error)[:160]}") from error

    def start(self, compiled: Any) -> Any:
        return compiled.start()

    def step(self, matcher: Any, token: int) -> tuple[int, bool]:
        mask = self.mask
        begin = thread_time_ns()
        matcher.fill_mask(mask)
        taken = masks.allows(mask, token)
        if taken:
            taken = matcher.accept(token)
        return thread_time_ns() - begin - ALLOWS, taken


class Llguidance:
    def __init__(self, vocabulary: Path) -> None:
        from llguidance import LLMatcher

        self.matcher, self.tokenizer = LLMatcher, masks.tokenizer_of(vocabulary)
        self.mask = np.zeros((self.tokenizer.vocab_size + 31) // 32, dtype=np.int32)
        self.pointer, self.size = self.mask.ctypes.data, self.mask.nbytes

    def compile(self, schema: Any) -> Any:
        try:
            grammar = self.matcher.grammar_from_json_schema(schema)
        except ValueError as error:
            raise Refused(f"ValueError: {str(error)[:160]}") from error
        matcher = self.matcher(self.tokenizer, grammar, log_level=0)
        if matcher.is_error():
            raise Refused(matcher.get_error().split("\n")[0][:160])
        return matcher

    def start(self, compiled: Any) -> Any:
        return compiled.deep_copy()

    def step(self, matcher: Any, token: int) -> tuple[int, bool]:
        begin = thread_time_ns()
        matcher.unsafe_compute_mask_ptr(self.pointer, self.size)
        taken = masks.allows(self.mask, token)
        if taken:
            taken = matcher.consume_token(token)
        return thread_time_ns() - begin - ALLOWS, taken


def cost_of_looking() -> int:
    """Nanoseconds that looking up a bit of the mask takes, which is in neither engine's time."""
    mask = np.zeros(64, dtype=np.int32)
    times = []
    for _ in range(2000):
        begin = thread_time_ns()
        masks.allows(mask, 100)
        times.append(thread_time_ns() - begin)
    return int(np.median(times))


ALLOWS = 0


def run_schema(engine: Any, row: dict[str, Any]) -> Outcome:
    outcome = Outcome(row["name"])
    begin = thread_time_ns()
    try:
        compiled = engine.compile(row["schema"])
    except Refused as refusal:
        return Outcome(row["name"], "refused", str(refusal))
    outcome.compile = thread_time_ns() - begin
    for index, test in enumerate(row["tests"]):
        matcher = engine.start(compiled)
        taken = True
        for token in test["tokens"]:
            spent, taken = engine.step(matcher, token)
            outcome.steps.append(spent)
            if not taken:
                break
        if taken != test["valid"]:
            outcome.status = "validation error" if test["valid"] else "invalidation error"
            outcome.reason = f"test {index}"
    return outcome


def peak_memory() -> int:
    """Kilobytes this process had at most. The kernel's ru_maxrss counts the parent, too, until the child began."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    peaks = [int(line.split()[1]) for line in lines if line.startswith("VmHWM:")]
    return peaks[0] if peaks else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def run_part(given: argparse.Namespace) -> None:
    """The child: one engine over some schemas, results appended to a file as they come."""
    global ALLOWS
    engine: Any = Typeloom(given.vocabulary) if given.part_engine == "typeloom" else Llguidance(given.vocabulary)
    ALLOWS = cost_of_looking()
    warm, *rows = pickle.loads(Path(given.part).read_bytes())
    run_schema(engine, warm)
    gc.collect()
    gc.freeze()  # what was loaded is not looked through again; else the collector runs as it does for everybody
    with open(given.part_out, "ab") as out:
        for row in rows:
            pickle.dump(("begin", row["name"]), out)
            out.flush()
            try:
                outcome = run_schema(engine, row)
            except Exception as error:
                outcome = Outcome(row["name"], "exception", f"{type(error).__name__}: {str(error)[:160]}")
            pickle.dump(("end", outcome), out)
            out.flush()
        pickle.dump(("memory", peak_memory()), out)


def with_tokens(tokenizer: Any, row: dict[str, Any]) -> dict[str, Any]:
    texts = [json.dumps(test["data"], ensure_ascii=False) for test in row["tests"]]
    return row | {
        "tests": [
            {"valid": test["valid"], "tokens": tokenizer.tokenize_str(text)}
            for test, text in zip(row["tests"], texts, strict=True)
        ]
    }


def run_apart(
    given: argparse.Namespace, name: str, warm: dict[str, Any], rows: list[dict[str, Any]]
) -> tuple[list[Outcome], int]:
    """One engine over some schemas in a process of its own, started again past what kills or hangs it."""
    found: list[Outcome] = []
    memory = 0
    while rows:
        with tempfile.TemporaryDirectory() as folder:
            part, out = Path(folder) / "part", Path(folder) / "out"
            part.write_bytes(pickle.dumps([warm, *rows]))
            out.touch()
            command = [sys.executable, __file__, "--vocabulary", str(given.vocabulary), "--part", str(part)]
            command += ["--part-out", str(out), "--part-engine", name]
            with subprocess.Popen(command, stderr=subprocess.DEVNULL) as child:
                seen, since, killed = -1, time.monotonic() + GRACE, False
                while child.poll() is None:
                    time.sleep(0.02)
                    size = out.stat().st_size
                    if size != seen:
                        seen, since = size, max(since, time.monotonic())
                    if time.monotonic() - since > given.timeout:
                        child.kill()
                        killed = True
            begun = ""
            with out.open("rb") as stream:
                while True:
                    try:
                        kind, what = pickle.load(stream)
                    except (EOFError, pickle.UnpicklingError):
                        break
                    if kind == "begin":
                        begun = what
                    elif kind == "end":
                        found.append(what)
                        begun = ""
                    else:
                        memory = max(memory, what)
            if not begun:
                if child.returncode:
                    raise SystemExit(f"the process of {name} did not start: exit code {child.returncode}")
                break
            found.append(Outcome(begun, "timeout" if killed else "crash", f"exit code {child.returncode}"))
            done = {outcome.name for outcome in found}
            rows = [row for row in rows if row["name"] not in done]
    return found, memory


def statistics(values: Any) -> dict[str, float]:
    """Microseconds: avg and percentiles."""
    ordered = np.asarray(values, dtype=np.float64) / 1000
    if not len(ordered):
        return {}
    shares = {"p50": 50, "p90": 90, "p99": 99, "p99.9": 99.9}
    found = {"avg": float(ordered.mean())} | {name: float(np.percentile(ordered, p)) for name, p in shares.items()}
    return found | {"max": float(ordered.max()), "count": len(ordered)}


def summarise(outcomes: dict[str, dict[str, Outcome]]) -> dict[str, Any]:
    names = list(outcomes)
    counts = {name: dict(Counter(one.status for one in outcomes[name].values())) for name in names}
    fine = ("passing",)
    both = [key for key in outcomes[names[0]] if all(outcomes[name][key].status in fine for name in names)]
    tables: dict[str, Any] = {"TBM": {}, "TTFM": {}}
    for name in names:
        steps = [np.asarray(outcomes[name][key].steps, dtype=np.int64) for key in both]
        tables["TBM"][name] = statistics(np.concatenate(steps) if steps else [])
        tables["TTFM"][name] = statistics([outcomes[name][key].compile for key in both])
    return {"schemas": len(outcomes[names[0]]), "compared": len(both), "status": counts, "microseconds": tables}


def as_markdown(record: dict[str, Any]) -> str:
    machine, summary, names = record["machine"], record["summary"], list(record["summary"]["status"])
    lines = [
        f"# MaskBench, {record['date']}",
        "",
        f"`{record['command']}`, vocabulary {record['vocabulary']}, {summary['schemas']} schemas",
        "",
        f"{machine['processor']}, {machine['cores']} cores, Python {machine['python']}",
        ", ".join(f"{package} {number}" for package, number in machine["versions"].items()),
        "",
    ]
    kinds = ("passing", "refused", "validation error", "invalidation error", "exception", "crash", "timeout")
    lines += ["| | " + " | ".join(kinds) + " | peak memory, MB |", "|---|" + "--:|" * (len(kinds) + 1)]
    for name in names:
        cells = [f"{summary['status'][name].get(kind, 0):,}" for kind in kinds]
        lines.append(f"| {name} | {' | '.join(cells)} | {record['memory'][name] / 1024:,.0f} |")
    lines += ["", f"Microseconds of CPU time, on the {summary['compared']} schemas that pass in both:", ""]
    lines += ["| | | " + " | ".join(COLUMNS) + " |", "|---|---|" + "--:|" * len(COLUMNS)]
    for measure, rows in summary["microseconds"].items():
        for name in names:
            lines.append(f"| {measure} | {name} | " + " | ".join(f"{rows[name][c]:,.1f}" for c in COLUMNS) + " |")
        if len(names) == 2:
            ratios = [rows[names[1]][c] / max(rows[names[0]][c], 1e-3) for c in COLUMNS]
            lines.append(f"| {measure} | {names[1]} / {names[0]} | " + " | ".join(f"{r:,.1f}x" for r in ratios) + " |")
    for name in names:
        bad = [one for one in record["failures"][name] if one["status"] != "refused" or name == "typeloom"]
        if bad:
            lines += ["", f"{name}, not passing:" + ("" if name == "typeloom" else " (its refusals are left out)"), ""]
            lines += [f"- {one['name']}: {one['status']}, {one['reason']}" for one in bad[:60]]
    return "\n".join(lines)


def arguments() -> argparse.Namespace:
    data = Path(os.environ["TYPELOOM_DATA"]) if "TYPELOOM_DATA" in os.environ else None
    parser = argparse.ArgumentParser(description="MaskBench beside llguidance")
    parser.add_argument("--vocabulary", type=Path, default=data / "vocabs/llama-bpe.gguf" if data else None)
    parser.add_argument("--schemas", type=Path, default=data / "maskbench-dev.jsonl.gz" if data else None)
    parser.add_argument("--every", type=int, default=1, help="take every Nth schema")
    parser.add_argument("--first", type=int, default=0, help="begin with this one")
    parser.add_argument("--only", default="", help="schemas whose name holds this")
    parser.add_argument("--engine", choices=ENGINES, help="one engine only; writes no record")
    parser.add_argument("--timeout", type=float, default=60, help="seconds that one schema may take")
    parser.add_argument("--slowest", type=int, default=0, help="name the schemas with the slowest masks and compiles")
    parser.add_argument("--record", type=Path, default=Path(__file__).parent / "record")
    for hidden in ("--part", "--part-out", "--part-engine"):
        parser.add_argument(hidden, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.vocabulary is None or (given.schemas is None and not given.part):
        parser.error("expected --vocabulary and --schemas or TYPELOOM_DATA, got neither")
    return given


def slowest(outcomes: dict[str, Outcome], most: int) -> str:
    by_sum = sorted(outcomes.values(), key=lambda one: -sum(one.steps))[:most]
    by_step = sorted(outcomes.values(), key=lambda one: -max(one.steps, default=0))[:most]
    by_compile = sorted(outcomes.values(), key=lambda one: -one.compile)[:most]
    lines = ["most time in masks:"] + [f"  {sum(o.steps) / 1e6:9.2f} ms of {len(o.steps)}  {o.name}" for o in by_sum]
    lines += ["slowest mask:"] + [
        f"  {max(o.steps, default=0) / 1e3:9.1f} us at {int(np.argmax(o.steps)) if o.steps else 0}  {o.name}"
        for o in by_step
    ]
    lines += ["slowest compile:"] + [f"  {o.compile / 1e3:9.1f} us  {o.name}" for o in by_compile]
    return "\n".join(lines)


def main() -> None:
    given = arguments()
    if given.part:
        return run_part(given)
    with gzip.open(given.schemas, "rt", encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream]
    rows = [row for row in rows[given.first :: given.every] if given.only in row["name"]]
    names = [given.engine] if given.engine else list(ENGINES)
    outcomes: dict[str, dict[str, Outcome]] = {name: {} for name in names}
    memory = dict.fromkeys(names, 0)
    tokenizer = masks.tokenizer_of(given.vocabulary)
    warm = with_tokens(tokenizer, WARM)
    for number, begin in enumerate(range(0, len(rows), PART)):
        part = [with_tokens(tokenizer, row) for row in rows[begin : begin + PART]]
        for name in names if number % 2 else list(reversed(names)):
            found, peak = run_apart(given, name, warm, part)
            outcomes[name].update((one.name, one) for one in found)
            memory[name] = max(memory[name], peak)
        print(f"\r{min(begin + PART, len(rows))}/{len(rows)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    options = [word for word in sys.argv[1:] if not Path(word).exists()]
    record: dict[str, Any] = {
        "date": datetime.date.today().isoformat(),
        "command": " ".join(["python", "benches/maskbench.py", *options]),
        "vocabulary": given.vocabulary.name,
        "machine": masks.machine(),
        "memory": memory,
        "summary": summarise(outcomes),
        "failures": {
            name: [
                {"name": one.name, "status": one.status, "reason": one.reason}
                for one in outcomes[name].values()
                if one.status != "passing"
            ]
            for name in names
        },
    }
    print(as_markdown(record))
    if given.slowest:
        print(slowest(outcomes[names[0]], given.slowest))
    if not given.engine:
        given.record.mkdir(parents=True, exist_ok=True)
        (given.record / "maskbench.json").write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n")
        (given.record / "maskbench.md").write_text(as_markdown(record) + "\n")


if __name__ == "__main__":
    main()
