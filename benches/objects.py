"""One object, from prompt to text: this library beside llama.cpp's GBNF, llguidance and Outlines, on the same model.

What is measured. The time of one call that generates one object, the prompt already in the memory, grammar compiled and
warm (compiling is told apart), greedy, on one thread and on two. All libraries write the compact layout: GBNF's `space`
rule is emptied, llguidance and Outlines are told so. The rivals run as their users run them, in llama-cpp-python's
`create_completion`: GBNF as its grammar, llguidance and Outlines as logits processors.

With one thread the clock is the processor time of that thread, which neighbours on the machine do not disturb; with
more it is wall time. Libraries take turns; reported are medians over the rounds, and the ratio of the best rival's time
to this library's.

What to compare. The types are heavy in structure (names of keys, literals, flags, small numbers) except for the last,
which is half free text. Weights of the large model are random, so the texts are noise of the same shape, and their
numbers of tokens differ a little: time per object and per byte of text stand beside each other.

Run:  python benches/objects.py --vocabulary llama-bpe.gguf
With TYPELOOM_DATA set, it is found there. The model is made once, in benches/work/. Records go to benches/record/.
"""

from __future__ import annotations

import argparse
import datetime
import gc
import json
import re
import statistics
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter, thread_time
from typing import Annotated, Any, Literal

import llama_cpp
import llguidance
import llguidance.llamacpp
import llguidance.numpy
import numpy as np
from decode import arguments_of, machine, random_model
from llama_cpp.llama_grammar import LlamaGrammar, json_schema_to_gbnf
from outlines import from_llamacpp
from outlines.backends.outlines_core import OutlinesCoreBackend
from outlines_core.json_schema import build_regex_from_schema
from pydantic import BaseModel, Field, TypeAdapter

import typeloom as tl
from typeloom.embedded import path as embedded_path
from typeloom.llama.decode import generate
from typeloom.llama.model import LlamaModel

PROMPT = "Read the letter and write down what it says.\n"
MOST = 400
BAR = 1.5
Run = Callable[[], str]
Few = Literal[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12]  # bounds of numbers are not held by Outlines


class Preferences(BaseModel, extra="forbid"):
    """Flags and choices under long names."""

    newsletter_subscription: bool
    notification_channel: Literal["electronic_mail", "text_message", "telephone"]
    preferred_language: Literal["english", "french", "german"]
    two_factor_authentication: bool
    marketing_consent: bool
    account_category: Literal["private_customer", "business_customer"]
    maximum_attachments: Few
    automatic_renewal: bool


class Line(BaseModel, extra="forbid"):
    article_category: Literal["furniture", "stationery", "electronics"]
    quantity: Few
    currently_in_stock: bool


class Delivery(BaseModel, extra="forbid"):
    """A list of small records inside of a record."""

    order_lines: Annotated[list[Line], Field(min_length=4, max_length=4)]
    delivery_option: Literal["standard_delivery", "express_delivery"]
    insurance_included: bool


class Position(BaseModel, extra="forbid"):
    horizontal_position: Few
    vertical_position: Few


class Area(BaseModel, extra="forbid"):
    upper_left_corner: Position
    lower_right_corner: Position


class Screen(BaseModel, extra="forbid"):
    """Objects in objects."""

    visible_area: Area
    printable_area: Area


class Customer(BaseModel, extra="forbid"):
    """Half free text."""

    customer_name: Annotated[str, Field(min_length=12, max_length=24)]
    customer_remarks: Annotated[str, Field(min_length=40, max_length=80)]
    accepts_conditions: bool


TYPES: dict[str, type[BaseModel]] = {
    "flags and choices": Preferences,
    "list of records": Delivery,
    "nested records": Screen,
    "half free text": Customer,
}
HEAVY = ("flags and choices", "list of records", "nested records")


class Rivals:
    """The other libraries on one loaded model of llama-cpp-python."""

    def __init__(self, file: Path, threads: int) -> None:
        self.llama = llama_cpp.Llama(
            str(file), n_ctx=1024, n_threads=threads, n_threads_batch=threads, verbose=False, logits_all=False
        )
        vocabulary = llama_cpp.llama_model_get_vocab(self.llama.model)
        self._llg = llguidance.llamacpp.lltokenizer_from_vocab(vocabulary)
        self._outlines = OutlinesCoreBackend(from_llamacpp(self.llama))

    def complete(self, **options: Any) -> str:
        answer = self.llama.create_completion(
            PROMPT, max_tokens=MOST, temperature=0.0, repeat_penalty=1.0, top_k=1, **options
        )
        return str(answer["choices"][0]["text"])

    def gbnf(self, schema: dict[str, Any]) -> Run:
        text = re.sub(r"(?m)^space ::= .*$", 'space ::= ""', json_schema_to_gbnf(json.dumps(schema)))
        grammar = LlamaGrammar.from_string(text, verbose=False)
        return lambda: self.complete(grammar=grammar)

    def llguidance(self, schema: dict[str, Any]) -> Run:
        options = {"whitespace_flexible": False, "item_separator": ",", "key_separator": ":"}
        grammar = llguidance.LLMatcher.grammar_from_json_schema(json.dumps(schema), defaults=options)
        mask = llguidance.numpy.allocate_token_bitmask(1, self._llg.vocab_size)

        def run() -> str:
            matcher = llguidance.LLMatcher(self._llg, grammar)
            seen: int | None = None

            def process(ids: Any, scores: Any) -> Any:
                nonlocal seen
                if seen is not None:
                    for token in ids[seen:]:
                        matcher.consume_token(int(token))
                seen = len(ids)
                llguidance.numpy.fill_next_token_bitmask(matcher, mask)
                row = np.ascontiguousarray(scores)
                llguidance.numpy.apply_token_bitmask_inplace(row, mask)
                return row

            return self.complete(logits_processor=llama_cpp.LogitsProcessorList([process]))

        return run

    def outlines(self, schema: dict[str, Any]) -> Run:
        expression = build_regex_from_schema(json.dumps(schema), whitespace_pattern="")
        processor = self._outlines.get_regex_logits_processor(expression)

        def run() -> str:
            processor.reset()
            return self.complete(logits_processor=llama_cpp.LogitsProcessorList([processor]))

        return run


def ours(model: LlamaModel, source: type[BaseModel]) -> Run:
    constraint = tl.compile(source, model.vocab)
    prompt = model.tokenizer.prompt([], begin=True) + model.tokenizer.plain(PROMPT)

    def run() -> str:
        return generate(model, prompt, constraint.start(tl.Caps()).core, max_tokens=MOST).text.decode()

    return run


def measure(file: Path, threads: int, rounds: int) -> dict[str, Any]:
    rivals = Rivals(file, threads)
    clock = thread_time if threads == 1 else perf_counter
    found: dict[str, Any] = {}
    with LlamaModel.load(file, n_ctx=1024, n_threads=threads) as model:
        for name, source in TYPES.items():
            schema = source.model_json_schema()
            runs: dict[str, Run] = {}
            compiles: dict[str, float] = {}
            for library, make, argument in (
                ("typeloom", partial(ours, model), source),
                ("GBNF", rivals.gbnf, schema),
                ("llguidance", rivals.llguidance, schema),
                ("Outlines", rivals.outlines, schema),
            ):
                begin = thread_time()
                runs[library] = make(argument)
                compiles[library] = thread_time() - begin
            times: dict[str, list[float]] = {library: [] for library in runs}
            texts: dict[str, str] = {}
            refused: set[str] = set()
            for turn in range(-1, rounds):
                order = list(runs) if turn % 2 else list(reversed(runs))
                for library in order:
                    gc.collect()
                    begin = clock()
                    text = runs[library]()
                    spent = clock() - begin
                    if library == "typeloom":
                        TypeAdapter(source).validate_json(text)
                    elif not of_type(text, source):
                        print(f"{library}: not of the type: {text}", file=sys.stderr)
                        refused.add(library)
                    if turn >= 0:
                        times[library].append(spent)
                        texts[library] = text
            found[name] = {
                library: {
                    "seconds": statistics.median(spent),
                    "bytes": len(texts[library].encode()),
                    "compile": compiles[library],
                    "of the type": library not in refused,
                }
                for library, spent in times.items()
            }
            print(f"{file.name}, {threads} threads: {name}", file=sys.stderr)
    rivals.llama.close()
    return found


def of_type(text: str, source: Any) -> bool:
    """Whether a rival's text is one; Outlines lets control characters into strings, which is not JSON."""
    try:
        TypeAdapter(source).validate_python(json.loads(text, strict=False))
    except ValueError:
        return False
    return True


def as_markdown(title: str, cases: dict[str, Any]) -> list[str]:
    libraries = ("typeloom", "GBNF", "llguidance", "Outlines")
    lines = [
        f"## {title}",
        "",
        "| type | " + " | ".join(f"{library}, ms | µs a byte" for library in libraries) + " | best rival / typeloom |",
        "|---|" + "--:|--:|" * len(libraries) + "--:|",
    ]
    for name, case in cases.items():
        cells = []
        for library in libraries:
            part = case[library]
            wrong = "" if part is None or part.get("of the type", True) else " (not of the type)"
            cells.append(
                "- | -"
                if part is None
                else f"{part['seconds'] * 1e3:,.1f}{wrong} | {part['seconds'] / part['bytes'] * 1e6:,.0f}"
            )
        best = min(part["seconds"] for library, part in case.items() if library != "typeloom")
        lines.append(f"| {name} | {' | '.join(cells)} | {best / case['typeloom']['seconds']:.2f} |")
    worst = min(
        min(part["seconds"] for library, part in cases[name].items() if library != "typeloom")
        / cases[name]["typeloom"]["seconds"]
        for name in HEAVY
    )
    verdict = "held" if worst >= BAR else "MISSED"
    return [*lines, "", f"The bar of {BAR} on the types that are heavy in structure is {verdict}: {worst:.2f}.", ""]


def main() -> None:
    parser = argparse.ArgumentParser(description="one object, beside other libraries")
    parser.add_argument("--threads", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--models", nargs="*", default=["random", "embedded"], choices=["random", "embedded"])
    given = arguments_of(parser)
    file = random_model(given)
    models = {"random": (file, "random weights, 128k tokens"), "embedded": (embedded_path(), "the embedded model")}
    cases = {
        f"{models[model][1]}, {threads} {'thread' if threads == 1 else 'threads'}": measure(
            models[model][0], threads, given.rounds
        )
        for model in given.models
        for threads in given.threads
    }
    told = machine(("typeloom", "llama-cpp-python", "llguidance", "outlines", "outlines-core", "pydantic", "numpy"))
    options = [word for word in sys.argv[1:] if not Path(word).exists()]
    command = " ".join(["python", "benches/objects.py", *options])
    report = [
        f"# one object, {datetime.date.today().isoformat()}",
        "",
        f"`{command}`, vocabulary {given.vocabulary.name}, medians of {given.rounds} rounds; one thread: processor "
        "time, two: wall time",
        "",
        f"{told['processor']}, {told['cores']} cores, Python {told['python']}",
        ", ".join(f"{package} {number}" for package, number in told["versions"].items()),
        "",
    ]
    for title, case in cases.items():
        report += as_markdown(title, case)
    given.record.mkdir(parents=True, exist_ok=True)
    record = {"date": datetime.date.today().isoformat(), "command": command, "machine": told, "cases": cases}
    (given.record / "objects.json").write_text(json.dumps(record, indent=1) + "\n")
    (given.record / "objects.md").write_text("\n".join(report))
    print("\n".join(report))


if __name__ == "__main__":
    main()
