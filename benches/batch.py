"""Many documents, one object each: this library over slots, beside itself one by one and beside the rivals' loops.

What is measured. Documents a second, from prompt to text, greedy. Every prompt begins with the same instructions (about
400 tokens), followed by a document of its own. Four ways take turns on the same GGUF:

    slots      `generate_many` on a model with 8 slots: the sequences are evaluated together
    one by one `generate` on a model with one slot; the instructions stay in its memory
    GBNF       a plain loop over llama-cpp-python's `create_completion` with llama.cpp's grammar; llama-cpp-python keeps
               the instructions in memory, too
    Outlines   the same loop with Outlines' logits processor

The rivals read only a few of the documents, and each is compared with the slots of its own run, so that a run stays
short; runs of the same day and machine make one record. All write the compact layout. Grammars are compiled before the
clock starts. With one thread the clock is the processor time of the process, which neighbours on the machine do not
disturb; with more it is wall time. Reported are medians of the rounds, and the ratios to `slots`. The prompts are
evaluated once before the first round, so the instructions are in everybody's memory. `valid` is the share of a
way's texts that Pydantic takes.

What to compare. Weights of the large model are random: the texts are noise of the same shape, of the same lengths
within a few tokens. How much a batch saves is a matter of the processor: eight tokens together read the weights once,
but compute eight times. `batch of 8` in the record is the time of llama.cpp evaluating eight sequences by a token, as a
multiple of the time for one sequence, measured on the spot: no way of batching can be faster than 8 / that, but for
what the loops of the others cost beside the model.

Run:  python benches/batch.py --vocabulary llama-bpe.gguf
Needs outlines, and numba beside it: without numba its logits processor lets everything through, unsaid.
With TYPELOOM_DATA set, it is found there. The model is made once, in benches/work/. Records go to benches/record/
(`batch` is of a Xeon, `batch-epyc` the same of another processor, put aside by hand).
"""

from __future__ import annotations

import argparse
import datetime
import gc
import json
import re
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import perf_counter, process_time
from typing import Annotated, Any, Literal

import llama_cpp
from decode import arguments_of, machine, random_model
from llama_cpp.llama_grammar import LlamaGrammar, json_schema_to_gbnf
from outlines import from_llamacpp
from outlines.backends.outlines_core import OutlinesCoreBackend
from outlines_core.json_schema import build_regex_from_schema
from pydantic import BaseModel, Field, ValidationError

import typeloom as tl
from typeloom.embedded import path as embedded_path
from typeloom.llama.decode import Generation, generate
from typeloom.llama.model import LlamaModel
from typeloom.llama.slots import Request, generate_many

SLOTS = 8
DOCUMENTS = 16
FEW = 4  # documents of the rivals, which take long
PREFIX_TOKENS = 400
MOST = 200
BARS = {"one by one": 3.0, "GBNF": 3.0, "Outlines": 6.0}
RULES = (
    "You read one message that a customer has sent to the support desk and write down what it is about. "
    "The category is what the message asks for, not what it mentions. A message that threatens is urgent. "
    "The product is named in the customer's words. The summary is one short sentence. "
)
MESSAGES = (
    "The {} arrived with a cracked lid, order {}. I want my money back.",
    "Since the update of last week my {} shows error {} at every start.",
    "Could you tell me when the {} is in stock again? I asked before, ticket {}.",
    "Great service! The {} works, thanks to your colleague at extension {}.",
)
PRODUCTS = ("kettle", "desk lamp", "printer", "headset", "office chair", "router", "scanner", "coffee mill")


class Ticket(BaseModel, extra="forbid"):
    category: Literal["refund_request", "technical_problem", "availability_question", "praise"]
    urgent: bool
    product: Annotated[str, Field(min_length=3, max_length=12)]
    summary: Annotated[str, Field(min_length=20, max_length=40)]


class Rivals:
    """llama-cpp-python and Outlines on the same file."""

    def __init__(self, file: Path, threads: int, names: Sequence[str]) -> None:
        self.llama = llama_cpp.Llama(
            str(file), n_ctx=1024, n_threads=threads, n_threads_batch=threads, verbose=False, logits_all=False
        )
        schema = Ticket.model_json_schema()
        text = re.sub(r"(?m)^space ::= .*$", 'space ::= ""', json_schema_to_gbnf(json.dumps(schema)))
        self._grammar = LlamaGrammar.from_string(text, verbose=False)
        if "Outlines" in names:
            backend = OutlinesCoreBackend(from_llamacpp(self.llama))
            expression = build_regex_from_schema(json.dumps(schema), whitespace_pattern="")
            self._outlines = backend.get_regex_logits_processor(expression)

    def gbnf(self, prompts: list[list[int]]) -> Iterator[str]:
        for prompt in prompts:
            yield self._complete(prompt, grammar=self._grammar)

    def outlines(self, prompts: list[list[int]]) -> Iterator[str]:
        for prompt in prompts:
            self._outlines.reset()
            yield self._complete(prompt, logits_processor=llama_cpp.LogitsProcessorList([self._outlines]))

    def _complete(self, prompt: list[int], **options: Any) -> str:
        answer = self.llama.create_completion(
            prompt, max_tokens=MOST, temperature=0.0, repeat_penalty=1.0, top_k=1, **options
        )
        return str(answer["choices"][0]["text"])


def prompts_of(model: LlamaModel, documents: int) -> list[list[int]]:
    """The same instructions, PREFIX_TOKENS of them, and a message each."""
    begin = model.tokenizer.prompt([], begin=True)
    rules = model.tokenizer.plain(RULES)
    prefix = (rules * (PREFIX_TOKENS // len(rules) + 1))[: PREFIX_TOKENS - len(begin)]
    prompts = []
    for number in range(documents):
        message = MESSAGES[number % 4].format(PRODUCTS[number // 4 % 8], 1000 + 37 * number)
        prompts.append([*begin, *prefix, *model.tokenizer.plain(f"\n\n{message}\n\n")])
    return prompts


def texts_of(found: Iterator[Any]) -> Iterator[str]:
    for one in found:
        if not isinstance(one, Generation) or not one.complete:
            raise SystemExit(f"expected a complete object, got {one!r}")
        yield one.text.decode()


def is_valid(text: str) -> bool:
    try:
        Ticket.model_validate_json(text)
    except ValidationError:
        return False
    return True


def batch_cost(model: LlamaModel, clock: Callable[[], float], prompts: list[list[int]]) -> float:
    """The time of 8 free sequences decoded together, a token each, as a multiple of that of one."""
    spent = {}
    for n in (1, SLOTS):
        list(generate_many(model, [Request(prompt, None, 2) for prompt in prompts[:n]]))
        begin = clock()
        list(generate_many(model, [Request(prompt, None, 40) for prompt in prompts[:n]]))
        spent[n] = clock() - begin
    return spent[SLOTS] / spent[1]


def measure(file: Path, threads: int, rounds: int, documents: int, names: Sequence[str]) -> dict[str, Any]:
    clock = process_time if threads == 1 else perf_counter
    rivals = Rivals(file, threads, names)
    with (
        LlamaModel.load(file, n_ctx=1024, n_threads=threads, slots=SLOTS) as wide,
        LlamaModel.load(file, n_ctx=1024, n_threads=threads) as narrow,
    ):
        constraints = {id(model): tl.compile(Ticket, model.vocab) for model in (wide, narrow)}
        prompts = prompts_of(narrow, documents)

        def started(model: LlamaModel) -> Any:
            return constraints[id(model)].start(tl.Caps()).core

        def slots() -> Iterator[str]:
            return texts_of(generate_many(wide, [Request(prompt, started(wide), MOST) for prompt in prompts]))

        def alone() -> Iterator[str]:
            return texts_of(generate(narrow, prompt, started(narrow), max_tokens=MOST) for prompt in prompts)

        ways: dict[str, Callable[[], Iterator[str]]] = {
            "slots": slots,
            "one by one": alone,
        }
        if "GBNF" in names:
            ways["GBNF"] = lambda: rivals.gbnf(prompts[:FEW])
        if "Outlines" in names:
            ways["Outlines"] = lambda: rivals.outlines(prompts[:FEW])
        times: dict[str, list[float]] = {way: [] for way in ways}
        lengths: dict[str, float] = {}
        valids: dict[str, float] = {}
        for turn in range(-1, rounds):
            for way in list(ways) if turn % 2 else reversed(list(ways)):
                if turn < 0 and way in ("GBNF", "Outlines"):  # their first document is enough to warm them
                    next(iter(ways[way]()))
                    continue
                gc.collect()
                begin = clock()
                texts = list(ways[way]())
                spent = clock() - begin
                valid = sum(is_valid(text) for text in texts)
                if way in ("slots", "one by one") and valid < len(texts):
                    raise SystemExit(f"expected {len(texts)} objects of the type, got {valid}: {texts}")
                if turn >= 0:
                    valids[way] = valid / len(texts)
                    times[way].append(spent / len(texts))
                    lengths[way] = statistics.mean(len(text.encode()) for text in texts)
        cost = batch_cost(wide, clock, prompts)
    rivals.llama.close()
    print(f"{file.name}, {threads} threads", file=sys.stderr)
    found = {
        way: {"seconds": statistics.median(spent), "bytes": lengths[way], "valid": valids[way]}
        for way, spent in times.items()
    }
    fastest = found["slots"]["seconds"]
    return {
        "ways": {way: part | {"ratio": part["seconds"] / fastest} for way, part in found.items()},
        "batch of 8": cost,
    }


def joined(before: dict[str, Any], case: dict[str, Any]) -> dict[str, Any]:
    """The case with the rivals of an earlier run."""
    commands = list(dict.fromkeys([*before["commands"], *case["commands"]]))
    return case | {"ways": before["ways"] | case["ways"], "commands": commands}


def as_markdown(title: str, case: dict[str, Any]) -> list[str]:
    lines = [f"## {title}", "", *(f"`{command}`" for command in case["commands"]), ""]
    lines += ["| | documents a second | bytes a document | valid | slots / this | bar |"]
    lines += ["|---|--:|--:|--:|--:|--:|"]
    for way, part in case["ways"].items():
        ratio = part["ratio"]
        bar = BARS.get(way)
        verdict = "" if bar is None else f"{bar:.0f}, {'held' if ratio >= bar else 'MISSED'}"
        rate = f"{1 / part['seconds']:.2f} | {part['bytes']:.0f} | {part['valid']:.0%}"
        lines.append(f"| {way} | {rate} | {ratio:.2f} | {verdict} |")
    cost = case["batch of 8"]
    return [*lines, "", f"A batch of 8 sequences costs {cost:.2f} times one: at most {8 / cost:.2f} times as fast.", ""]


def main() -> None:
    parser = argparse.ArgumentParser(description="many documents over slots, beside other libraries")
    parser.add_argument("--threads", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--models", nargs="*", default=["random", "embedded"], choices=["random", "embedded"])
    parser.add_argument("--documents", type=int, default=DOCUMENTS)
    parser.add_argument("--rivals", nargs="*", default=["GBNF", "Outlines"], choices=["GBNF", "Outlines"])
    given = arguments_of(parser)
    file = random_model(given)
    models = {"random": (file, "random weights, 128k tokens"), "embedded": (embedded_path(), "the embedded model")}
    cases = {
        f"{models[model][1]}, {threads} {'thread' if threads == 1 else 'threads'}": measure(
            models[model][0], threads, given.rounds, given.documents, given.rivals
        )
        for model in given.models
        for threads in given.threads
    }
    told = machine(("typeloom", "llama-cpp-python", "outlines", "outlines-core", "pydantic", "numpy"))
    options = [word for word in sys.argv[1:] if not Path(word).exists()]
    command = " ".join(["python", "benches/batch.py", *options])
    cases = {name: case | {"commands": [command]} for name, case in cases.items()}
    record = {"date": datetime.date.today().isoformat(), "machine": told, "cases": cases}
    file = given.record / "batch.json"
    if file.exists():  # of the same day and machine: runs of one case each make one record
        before = json.loads(file.read_text())
        if (before["date"], before["machine"]) == (record["date"], told):
            record["cases"] = before["cases"] | {
                name: joined(before["cases"][name], case) if name in before["cases"] else case
                for name, case in cases.items()
            }
    report = [
        f"# many documents, {datetime.date.today().isoformat()}",
        "",
        f"vocabulary {given.vocabulary.name}, {DOCUMENTS} documents unless said, {PREFIX_TOKENS} tokens of shared "
        f"prefix, {SLOTS} slots, medians of the rounds; one thread: processor time, two: wall time",
        "",
        f"{told['processor']}, {told['cores']} cores, Python {told['python']}",
        ", ".join(f"{package} {number}" for package, number in told["versions"].items()),
        "",
    ]
    for title, case in record["cases"].items():
        report += as_markdown(title, case)
    given.record.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(record, indent=1) + "\n")
    (given.record / "batch.md").write_text("\n".join(report))
    print("\n".join(report))


if __name__ == "__main__":
    main()
