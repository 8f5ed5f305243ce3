"""Decoding beside a model: time per token under a constraint, and without one, through the same native loop.

What is measured. A llama of random weights, with the tokenizer of a given GGUF, so small that nothing hides behind it:
a token costs it about what reading 150 MB costs, far less than a useful model; and the embedded model, which costs a
tenth of that. For every type, in rounds:

    cold   `generate` under a constraint that was compiled for this round (compiling is outside of the clock, and told
           apart): every state, goal and mask of it is met for the first time
    warm   `generate` again under the same constraint
    free   `generate` without a constraint, stopped after exactly as many tokens

They run as free, cold, warm, free, and each constrained run is compared with the free run beside it in time, of as many
tokens at the same places. Garbage collection is off. With one thread the clock is its processor time (wall time is
recorded too): a neighbour on the machine that takes the core away for a while does not count. One that takes the
memory's bandwidth does, and with more threads the clock is wall time, so runs are short and rounds many: a ratio is the
median of the ratios of all rounds, and how far two free runs of the same round are apart, in the median, is the noise
that it has to be read with. The prompt is not counted. Times are medians over the rounds.

What to compare. Where the text that follows is certain, it is taken without asking the model, and its tokens are
evaluated in one batch: a constraint can make decoding *faster*. So three numbers stand beside each other:

    ratio     time per token, constrained / free, as a caller sees it. It includes what batches save. Beside it the
              lowest and the highest of the rounds.
    calls     evaluations of the model for these tokens; equal to the free run's only where no text is forced
    added     what the constraint adds: masks, picking and accepting, less what the free run spends on picking, as a
              share of the free run's time. Batches cannot flatter it.

The bars are 2 % for the ratio (0.98 of the free run's tokens per second) and 5 % for what is added. Weights are
random, so texts are noise and strings never end by themselves:
their length bounds end them, or the budget. End tokens have zero weights, so the free run does not stop early.

Run:  python benches/decode.py --vocabulary llama-bpe.gguf
With TYPELOOM_DATA set, it is found there. The model is made once, in benches/work/. Records go to benches/record/.
"""

from __future__ import annotations

import argparse
import datetime
import gc
import json
import os
import platform
import statistics
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import perf_counter, thread_time
from typing import Annotated, Any, Literal

import gguf
import numpy as np
from pydantic import BaseModel, Field

import typeloom as tl
from typeloom.embedded import path as embedded_path
from typeloom.llama.decode import Finish, generate
from typeloom.llama.model import LlamaModel

WIDTH, LAYERS, HEADS, FEED_FORWARD = 512, 2, 8, 1536
BAR = 1 / 0.98  # of the ratio: at least 0.98 of the free run's tokens per second
ADDED = 0.05
FEWEST = 20  # tokens of a text that is worth timing: the embedded model closes some free strings at once
PROMPT = "Read the letter and write down what it says about the order, the customer and the delivery.\n\n" * 3


class Record(BaseModel):
    """Free strings beside short values: an ordinary record."""

    title: Annotated[str, Field(min_length=40, max_length=60)]
    author: Annotated[str, Field(max_length=30)]
    kind: Literal["order", "complaint", "question"]
    pages: Annotated[int, Field(ge=1, le=9999)]
    summary: Annotated[str, Field(min_length=120, max_length=160)]


class Item(BaseModel):
    name: Annotated[str, Field(max_length=40)]
    quantity: Annotated[int, Field(ge=1, le=999)]
    price: float
    tags: Annotated[list[Annotated[str, Field(max_length=12)]], Field(max_length=2)]


class Order(BaseModel):
    items: Annotated[list[Item], Field(min_length=2, max_length=2)]


Strings = Annotated[list[Annotated[str, Field(max_length=50)]], Field(min_length=6, max_length=6)]

CASES: dict[str, tuple[Any, int]] = {  # the type, and the budget of tokens
    "free text, `str`": (str, 60),
    "free text, `min_length=240, max_length=260`": (Annotated[str, Field(min_length=240, max_length=260)], 1000),
    "free text, `max_length=300`": (Annotated[str, Field(max_length=300)], 1000),
    "text of a pattern, `[a-z ]{300,400}`": (Annotated[str, Field(pattern=r"^[a-z ]{300,400}$")], 1000),
    "list of free strings": (Strings, 1000),
    "record": (Record, 1000),
    "list of records": (Order, 150),
}


@dataclass(frozen=True)
class Run:
    """One generation, in seconds for all of its tokens, the prompt not counted; `calls` evaluations of the model."""

    processor: float
    wall: float
    decode: float
    mask: float
    pick: float
    tokens: int
    calls: int

    @property
    def rest(self) -> float:
        """Accepting, and what Python does around the native call."""
        return self.wall - self.decode - self.mask - self.pick


def write_model(path: Path, vocabulary: Path, seed: int) -> None:
    """A llama of random weights, in half precision, with tied embeddings; about a minute."""
    source = gguf.GGUFReader(vocabulary)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(4096)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    for key, field in source.fields.items():
        if key.startswith("tokenizer."):
            inner = field.types[1] if len(field.types) > 1 else None
            writer.add_key_value(key, field.contents(), field.types[0], sub_type=inner)
    n_tokens = len(source.fields["tokenizer.ggml.tokens"].data)
    ends = tl.Vocabulary.from_gguf(vocabulary).end_ids
    random = np.random.default_rng(seed)

    def matrix(name: str, rows: int, columns: int) -> None:
        values = random.standard_normal((rows, columns), dtype=np.float32) * np.float32(columns**-0.5)
        if name == "token_embd.weight":
            values[list(ends)] = 0.0
        writer.add_tensor(name, values.astype(np.float16))

    matrix("token_embd.weight", n_tokens, WIDTH)
    writer.add_tensor("output_norm.weight", np.ones(WIDTH, dtype=np.float32))
    for layer in range(LAYERS):
        for name in ("attn_norm", "ffn_norm"):
            writer.add_tensor(f"blk.{layer}.{name}.weight", np.ones(WIDTH, dtype=np.float32))
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            matrix(f"blk.{layer}.{name}.weight", WIDTH, WIDTH)
        matrix(f"blk.{layer}.ffn_gate.weight", FEED_FORWARD, WIDTH)
        matrix(f"blk.{layer}.ffn_up.weight", FEED_FORWARD, WIDTH)
        matrix(f"blk.{layer}.ffn_down.weight", WIDTH, FEED_FORWARD)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def timed(model: LlamaModel, prompt: list[int], constraint: tl.Constraint | None, max_tokens: int) -> Run:
    core = constraint.start().core if constraint is not None else None
    wall, processor = perf_counter(), thread_time()
    found = generate(model, prompt, core, max_tokens=max_tokens)
    processor, wall = thread_time() - processor, perf_counter() - wall
    times = found.timings
    if constraint is not None and found.complete != constraint.accepts(found.text):
        raise SystemExit(f"expected a text of the type, got {found.text!r}")
    if constraint is None and (found.finish != Finish.LENGTH or len(found.tokens) != max_tokens):
        raise SystemExit(f"expected {max_tokens} free tokens, got {len(found.tokens)}")
    if times.prompt_reused != len(prompt) - 2:
        raise SystemExit("expected the prompt in the memory but for its last two tokens")
    # The prompt's last tokens are one evaluation, and its time is given in wall time only.
    return Run(
        processor - times.prompt, wall - times.prompt, times.decode, times.mask, times.pick, len(found.tokens),
        times.batches - 1,
    )  # fmt: skip


def measure(model: LlamaModel, rounds: int, clock: str) -> dict[str, Any]:
    prompt = model.tokenizer.plain(PROMPT)
    generate(model, prompt, max_tokens=20)
    kinds = ("free", "cold", "warm", "free again")
    found: dict[str, dict[str, list[Run]]] = {name: {kind: [] for kind in kinds} for name in CASES}
    tokens: dict[str, int] = {}
    compiles: dict[str, list[float]] = {name: [] for name in CASES}
    # The round in front of the first loads code and fills what the vocabulary keeps for all constraints.
    for turn in range(-1, rounds):
        for name, (source, max_tokens) in CASES.items():
            if tokens.get(name, FEWEST) < FEWEST:
                continue
            gc.collect()
            gc.disable()
            begin = thread_time()
            constraint = tl.compile(source, model.vocab)
            compiled = thread_time() - begin
            if turn < 0:
                tokens[name] = timed(model, prompt, constraint, max_tokens).tokens
                gc.enable()
                continue
            runs = (
                timed(model, prompt, None, tokens[name]),
                timed(model, prompt, constraint, max_tokens),
                timed(model, prompt, constraint, max_tokens),
                timed(model, prompt, None, tokens[name]),
            )
            gc.enable()
            compiles[name].append(compiled)
            for kind, run in zip(kinds, runs, strict=True):
                found[name][kind].append(run)
            print(f"round {turn + 1} of {rounds}: {name}", file=sys.stderr)
    return {name: summary(found[name], compiles[name], clock) for name in CASES if tokens[name] >= FEWEST}


def summary(runs: dict[str, list[Run]], compiles: list[float], clock: str) -> dict[str, Any]:
    """Medians per token, in microseconds, and the two ratios."""

    def middle(kinds: Sequence[str], values: str) -> float:
        return statistics.median(float(getattr(run, values)) / run.tokens for kind in kinds for run in runs[kind]) * 1e6

    def ratios(kind: str, beside: str) -> list[float]:
        pairs = zip(runs[kind], runs[beside], strict=True)
        return [getattr(one, clock) * other.tokens / getattr(other, clock) / one.tokens for one, other in pairs]

    parts_of_a_run = ("processor", "wall", "decode", "mask", "pick", "rest")
    free = {part: middle(("free", "free again"), part) for part in parts_of_a_run}
    found: dict[str, Any] = {
        "tokens": runs["cold"][0].tokens,
        "calls": runs["cold"][0].calls,
        "free calls": runs["free"][0].calls,
        "compile": statistics.median(compiles) * 1e6,
        "free": free,
        "noise": statistics.median(abs(ratio - 1) for ratio in ratios("free", "free again")),
    }
    for kind, beside in (("cold", "free"), ("warm", "free again")):
        parts = {part: middle((kind,), part) for part in free}
        of_rounds = ratios(kind, beside)
        added = parts["mask"] + parts["pick"] + parts["rest"] - free["pick"] - free["rest"]
        found[kind] = parts | {
            "ratio": statistics.median(of_rounds),
            "lowest": min(of_rounds),
            "highest": max(of_rounds),
            "added": added / free["wall"],
            "mask share": parts["mask"] / parts["wall"],
            "pick share": parts["pick"] / parts["wall"],
        }
    found["runs"] = {kind: [asdict(run) for run in rows] for kind, rows in runs.items()}
    return found


def as_markdown(cases: dict[str, Any]) -> list[str]:
    lines = [
        "| type | tokens | calls | free, µs a token | | constrained, µs a token | ratio | added | mask | pick |",
        "|---|--:|--:|--:|---|--:|--:|--:|--:|--:|",
    ]
    for name, case in cases.items():
        for kind in ("cold", "warm"):
            part = case[kind]
            head = f"{name} | {case['tokens']} | {case['calls']} | {case['free']['processor']:,.0f}"
            ratio = f"{part['ratio']:.3f} ({part['lowest']:.2f} to {part['highest']:.2f})"
            lines.append(
                f"| {head if kind == 'cold' else ' | | | '} | {kind} | {part['processor']:,.0f} | "
                f"{ratio} | {part['added']:+.2%} | {part['mask share']:.2%} | {part['pick share']:.2%} |"
            )
    free = [case["free"]["pick"] / case["free"]["wall"] for case in cases.values()]
    compiles = ", ".join(f"{case['compile'] / 1000:.1f}" for case in cases.values())
    verdicts = []
    for what, said, bar in (("ratio", "time per token", BAR), ("added", "added", ADDED)):
        value, name, kind = max(
            (case[kind][what], name, kind) for name, case in cases.items() for kind in ("cold", "warm")
        )
        verdict = "held" if value <= bar else "MISSED"
        verdicts.append(f"The bar of {bar:.3f} for {said} is {verdict}; the worst is {value:.3f}, {name}, {kind}.")
    noise = max(case["noise"] for case in cases.values())
    return [
        *lines,
        "",
        f"A free run of n tokens takes n - 1 calls, and spends {statistics.median(free):.2%} on picking. "
        f"Compiling, outside of these times, took (ms, in the order of the table) {compiles}.",
        "",
        *verdicts,
        f"Noise: two free runs of a round differ by {noise:.1%}, in the median of the rounds of the noisiest type.",
        *(f"Left out, as the model closes it within {FEWEST} tokens: {name}." for name in CASES if name not in cases),
    ]


def machine(packages: Sequence[str]) -> dict[str, Any]:
    """What the numbers depend on; no names of hosts, users or folders."""
    model = platform.machine()
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next((line.split(":")[1].strip() for line in lines if "model name" in line), model)
    versions = {}
    for package in packages:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = "from source"
    return {"processor": model, "cores": os.cpu_count(), "python": platform.python_version(), "versions": versions}


def arguments_of(parser: argparse.ArgumentParser) -> argparse.Namespace:
    """What every bench of decoding can be told, beside its own options."""
    here = Path(__file__).parent
    data = Path(os.environ["TYPELOOM_DATA"]) if "TYPELOOM_DATA" in os.environ else None
    parser.add_argument("--vocabulary", type=Path, default=data / "vocabs/llama-bpe.gguf" if data else None)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1, help="of the weights")
    parser.add_argument("--work", type=Path, default=here / "work")
    parser.add_argument("--record", type=Path, default=here / "record")
    given = parser.parse_args()
    if given.vocabulary is None:
        parser.error("expected --vocabulary or TYPELOOM_DATA, got neither")
    if given.rounds < 1:
        parser.error(f"expected --rounds of 1 or more, got {given.rounds}")
    return given


def random_model(given: argparse.Namespace) -> Path:
    """The GGUF with random weights that the arguments ask for, written if it is not there yet."""
    file = Path(given.work) / f"random-{given.vocabulary.stem}-{WIDTH}x{LAYERS}-{given.seed}.gguf"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_suffix(".part")
        write_model(unfinished, given.vocabulary, given.seed)
        unfinished.rename(file)
    return file


def endless(file: Path, work: Path) -> Path:
    """A copy of a GGUF with tied embeddings, end tokens with zero weights: a free run of it does not stop early."""
    copy = work / f"endless-{file.name}"
    data = bytearray(file.read_bytes())
    rows = next(tensor for tensor in gguf.GGUFReader(file).tensors if tensor.name == "token_embd.weight")
    width = rows.n_bytes // int(rows.shape[1])  # a row of zeros has a scale of zero, in every format
    for token in tl.Vocabulary.from_gguf(file).end_ids:
        start = int(rows.data_offset) + token * width
        data[start : start + width] = bytes(width)
    work.mkdir(parents=True, exist_ok=True)
    copy.write_bytes(data)
    return copy


def main() -> None:
    parser = argparse.ArgumentParser(description="constrained beside unconstrained decoding")
    parser.add_argument("--threads", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--models", nargs="*", default=["random", "embedded"], choices=["random", "embedded"])
    given = arguments_of(parser)
    random = random_model(given)
    size = random.stat().st_size / 1e6
    models = {
        "random": (random, f"random llama, {WIDTH} wide, {LAYERS} layers, f16, tied, {size:.0f} MB"),
        "embedded": (endless(embedded_path(), given.work), "the embedded model, its end token silenced"),
    }
    parts: dict[str, Any] = {}
    for name in given.models:
        file, about = models[name]
        for threads in given.threads:
            with LlamaModel.load(file, n_ctx=2048, n_threads=threads) as model:
                cases = measure(model, given.rounds, "processor" if threads == 1 else "wall")
            parts[f"{about}, {threads} {'thread' if threads == 1 else 'threads'}"] = cases
    options = [word for word in sys.argv[1:] if not Path(word).exists()]
    told = machine(("typeloom", "llama-cpp-python", "gguf", "pydantic", "numpy"))
    record = {
        "date": datetime.date.today().isoformat(),
        "command": " ".join(["python", "benches/decode.py", *options]),
        "vocabulary": given.vocabulary.name,
        "rounds": given.rounds,
        "machine": told,
        "models": parts,
    }
    report = [
        f"# decoding, {record['date']}",
        "",
        f"`{record['command']}`, random model with the vocabulary of {record['vocabulary']}, medians of {given.rounds} "
        "rounds; one thread: processor time, two: wall time",
        "",
        f"{told['processor']}, {told['cores']} cores, Python {told['python']}",
        ", ".join(f"{package} {number}" for package, number in told["versions"].items()),
    ]
    for title, cases in parts.items():
        report += ["", f"## {title}", "", *as_markdown(cases)]
    print("\n".join(report))
    given.record.mkdir(parents=True, exist_ok=True)
    (given.record / "decode.json").write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n")
    (given.record / "decode.md").write_text("\n".join(report) + "\n")


if __name__ == "__main__":
    main()
