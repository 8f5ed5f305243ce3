"""Masks of context-free grammars: this library beside llguidance (Lark mode) and XGrammar (its reader of Lark).

What is measured, on the grammars that come with typeloom and the longest of the texts that each takes by test, cut by
llama.cpp's tokenizer of a 128k vocabulary:

- TTFM, time to the first mask: reading the grammar's text, compiling, and filling the first mask. Each reading gets a
  text of its own (a comment more), so that nobody's cache answers; XGrammar's cache is off.
- TBM, time between masks: filling a mask and accepting a token. `cold`: the first text after compiling. `warm`: the
  same text once more under the same compiled grammar, as in a server that has seen such texts.

llguidance knows no lookahead; it gets `/(?!KEYWORDS(?![a-z]))NAME/` as it would be written for it, as the same language
`/NAME/ & ~/KEYWORDS/`.

All run on one thread and take turns, text by text. Times are of the process's processors, so that what else the machine
does is in nobody's. Libraries differ in what they read: a grammar that one refuses, or
under which it refuses a token of a text that lark's parser takes, is counted and left out of the comparison with that
library, and only with it: each rival has a table of its own, over the texts that both finish.

Run:  python benches/grammars.py --vocabulary llama-bpe.gguf
With TYPELOOM_DATA set, it is found there. Records go to benches/record/.
"""

from __future__ import annotations

import argparse
import datetime
import gc
import importlib.util
import json
import os
import re
from collections import Counter
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from time import process_time_ns
from typing import Any, Protocol

import numpy as np
import xgrammar
from llguidance import LLMatcher, LLTokenizer
from masks import allows, machine, statistics, tokenizer_of

import typeloom as tl

HERE = Path(__file__).parent
MEASURES = ("TTFM", "TBM cold", "TBM warm")
BARS = {"TTFM": 1.0, "TBM cold": 2.0}
"""How many times longer the best rival's average is to take at least."""


@dataclass
class Times:
    """Nanoseconds; `failure` says why there are none."""

    first: int = 0
    cold: list[int] = field(default_factory=list)
    warm: list[int] = field(default_factory=list)
    failure: str = ""


class Session(Protocol):
    """One text under a compiled grammar."""

    def fill(self) -> None: ...
    def accept(self, token: int) -> bool: ...
    def ends(self) -> bool: ...


class Engine(Protocol):
    mask: Any

    def compile(self, grammar: str) -> Any: ...
    def start(self, compiled: Any) -> Session: ...


class Typeloom:
    def __init__(self, vocabulary: Path) -> None:
        self.vocabulary = tl.Vocabulary.from_gguf(str(vocabulary))
        self.mask = self.vocabulary.new_mask()

    def compile(self, grammar: str) -> tl.Constraint:
        return tl.compile(tl.Lark(grammar), self.vocabulary)

    def start(self, compiled: tl.Constraint) -> Session:
        matcher, mask = compiled.start(), self.mask

        class One:
            fill = staticmethod(lambda: matcher.fill_mask(mask))
            accept = staticmethod(matcher.accept)
            ends = staticmethod(matcher.is_accepting)

        return One()


GUARDED = re.compile(r"/\(\?!(\(\?:[\w|]+\)|\w+)\(\?!\[[\w-]+\]\)\)((?:\[[^\]]*\]\*?)+)([|][^\n]*)?/(?=\n)")


def as_complement(grammar: str) -> str:
    """The grammar with names that are no keywords written in llguidance's way.

    >>> as_complement("NAME: /(?!on(?![a-z]))[a-z]*|\"[a-z]+\"/\\n")
    'NAME: (/[a-z]*/ & ~/on/) | /"[a-z]+"/\\n'
    """

    def written(match: re.Match[str]) -> str:
        others = f" | /{match[3][1:]}/" if match[3] else ""
        return f"(/{match[2]}/ & ~/{match[1]}/){others}"

    return GUARDED.sub(written, grammar)


class Llguidance:
    def __init__(self, tokenizer: LLTokenizer) -> None:
        self.tokenizer = tokenizer
        self.mask = np.zeros((tokenizer.vocab_size + 31) // 32, dtype=np.int32)

    def compile(self, grammar: str) -> LLMatcher:
        matcher = LLMatcher(self.tokenizer, LLMatcher.grammar_from_lark(as_complement(grammar)), log_level=0)
        if matcher.is_error():
            raise ValueError(matcher.get_error())
        return matcher

    def start(self, compiled: LLMatcher) -> Session:
        matcher = compiled.deep_copy()
        pointer, size = self.mask.ctypes.data, self.mask.nbytes

        class One:
            fill = staticmethod(lambda: matcher.unsafe_compute_mask_ptr(pointer, size))
            accept = staticmethod(matcher.consume_token)
            ends = staticmethod(matcher.is_accepting)

        return One()


class XGrammar:
    def __init__(self, tokenizer: LLTokenizer) -> None:
        size = tokenizer.vocab_size
        pieces = [bytes(tokenizer.decode_bytes([token])) for token in range(size)]
        info = xgrammar.TokenizerInfo(
            pieces, xgrammar.VocabType.RAW, vocab_size=size, stop_token_ids=[tokenizer.eos_token]
        )
        self.compiler = xgrammar.GrammarCompiler(info, max_threads=1, cache_enabled=False)
        self.stop = tokenizer.eos_token
        self.bitmask = xgrammar.allocate_token_bitmask(1, size)
        self.mask = self.bitmask.numpy()[0]

    def compile(self, grammar: str) -> Any:
        return self.compiler.compile_grammar(xgrammar.Grammar.from_lark(grammar))

    def start(self, compiled: Any) -> Session:
        matcher = xgrammar.GrammarMatcher(compiled, terminate_without_stop_token=False)
        bitmask, stop = self.bitmask, self.stop

        class One:
            fill = staticmethod(lambda: matcher.fill_next_token_bitmask(bitmask))
            accept = staticmethod(matcher.accept_token)

            @staticmethod
            def ends() -> bool:
                return bool(matcher.accept_token(stop))

        return One()


def run(engine: Engine, grammar: str, tokens: list[int]) -> Times:
    """Compile, walk the text, and walk it again."""
    times = Times()
    begin = process_time_ns()
    try:
        compiled = engine.compile(grammar)
        engine.start(compiled).fill()
    except Exception as refusal:  # each library has its own kinds
        return Times(failure=f"grammar refused ({type(refusal).__name__})")
    times.first = process_time_ns() - begin
    for steps in (times.cold, times.warm):
        session = engine.start(compiled)
        for token in tokens:
            begin = process_time_ns()
            session.fill()
            taken = session.accept(token)
            steps.append(process_time_ns() - begin)
            if not taken or not allows(engine.mask, token):
                return Times(failure="token refused")
        if not session.ends():
            return Times(failure="end refused")
    return times


def shipped_texts() -> dict[str, tuple[list[str], list[str]]]:
    """The accepted and refused texts of the tests."""
    place = HERE.parent / "tests" / "grammar" / "shipped_texts.py"
    spec = importlib.util.spec_from_file_location("shipped_texts", place)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    texts: dict[str, tuple[list[str], list[str]]] = module.TEXTS
    return texts


def measure(engines: dict[str, Engine], tokenizer: LLTokenizer, count: int) -> list[dict[str, Any]]:
    """A row for each text: the grammar's name and the Times of each engine."""
    rows = []
    gc.collect()
    gc.disable()
    for name, (accepted, _) in shipped_texts().items():
        grammar = tl.grammars.load(name).text()
        for number, text in enumerate(sorted(accepted, key=len, reverse=True)[:count]):
            tokens = tokenizer.tokenize_str(text)
            turn = list(engines.items())
            row: dict[str, Any] = {"grammar": name}
            for engine, one in turn if number % 2 else reversed(turn):
                row[engine] = run(one, f"{grammar}\n// {number}\n", tokens)
            rows.append(row)
    gc.enable()
    return rows


def compared(rows: list[dict[str, Any]], rival: str) -> dict[str, Any]:
    """Statistics in microseconds over the texts that both finish, and the grammars that these are of."""
    both = [row for row in rows if not row["typeloom"].failure and not row[rival].failure]
    found: dict[str, Any] = {
        "texts": len(both),
        "grammars": sorted({row["grammar"] for row in both}),
        "failures": dict(Counter(f"{row['grammar']}: {row[rival].failure}" for row in rows if row[rival].failure)),
        "microseconds": {},
    }
    for measure_name in MEASURES if both else ():
        of: dict[str, Any] = {}
        for engine in ("typeloom", rival):
            times = [row[engine] for row in both]
            if measure_name == "TTFM":
                of[engine] = statistics(one.first for one in times)
            else:
                of[engine] = statistics(step for one in times for step in getattr(one, measure_name.split()[1]))
        found["microseconds"][measure_name] = of
    return found


def by_grammar(rows: list[dict[str, Any]], engines: list[str]) -> list[str]:
    lines = ["| grammar | " + " | ".join(f"{one} {m}" for m in MEASURES for one in engines) + " |"]
    lines += ["|---|" + "--:|" * (len(engines) * len(MEASURES))]
    for name in dict.fromkeys(row["grammar"] for row in rows):
        cells = []
        for measure_name in MEASURES:
            for engine in engines:
                times = [row[engine] for row in rows if row["grammar"] == name and not row[engine].failure]
                if measure_name == "TTFM":
                    values = [one.first for one in times]
                else:
                    values = [step for one in times for step in getattr(one, measure_name.split()[1])]
                cells.append(f"{np.mean(values) / 1000:,.1f}" if values else "-")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines


def as_markdown(tables: dict[str, Any]) -> list[str]:
    lines = []
    for rival, found in tables.items():
        lines += ["", f"## Beside {rival}: {found['texts']} texts of {len(found['grammars'])} grammars", ""]
        lines += ["| | engine | avg | p50 | p90 | p99 | max |", "|---|---|--:|--:|--:|--:|--:|"]
        columns = ("avg", "p50", "p90", "p99", "max")
        for measure_name, of in found["microseconds"].items():
            for engine, values in of.items():
                cells = " | ".join(f"{values[column]:,.1f}" for column in columns)
                lines.append(f"| {measure_name} | {engine} | {cells} |")
            ratio = of[rival]["avg"] / of["typeloom"]["avg"]
            bar = BARS.get(measure_name)
            said = "" if bar is None else f" (bar {bar:g}: {'kept' if ratio >= bar else 'missed'})"
            lines.append(f"| {measure_name} | {rival} / typeloom | {ratio:,.1f}x{said} | | | | |")
        failures = ", ".join(f"{count} x {why}" for why, count in found["failures"].items())
        lines += ["", f"Not compared: {failures or 'none'}"]
    return lines


def arguments() -> argparse.Namespace:
    data = Path(os.environ["TYPELOOM_DATA"]) if "TYPELOOM_DATA" in os.environ else None
    parser = argparse.ArgumentParser(description="masks of grammars beside llguidance and XGrammar")
    parser.add_argument("--vocabulary", type=Path, default=data / "vocabs/llama-bpe.gguf" if data else None)
    parser.add_argument("--count", type=int, default=4, help="texts of each grammar, the longest first")
    parser.add_argument("--record", type=Path, default=HERE / "record")
    given = parser.parse_args()
    if given.vocabulary is None:
        parser.error("expected --vocabulary or TYPELOOM_DATA, got neither")
    return given


def main() -> None:
    given = arguments()
    tokenizer = tokenizer_of(given.vocabulary)
    engines: dict[str, Engine] = {
        "typeloom": Typeloom(given.vocabulary),
        "llguidance": Llguidance(tokenizer),
        "XGrammar": XGrammar(tokenizer),
    }
    for engine in engines.values():  # the first calls load code
        run(engine, 'start: "a" | "b"', tokenizer.tokenize_str("a"))
    rows = measure(engines, tokenizer, given.count)
    own = Counter(f"{row['grammar']}: {row['typeloom'].failure}" for row in rows if row["typeloom"].failure)
    said = machine()
    said["versions"]["xgrammar"] = version("xgrammar")
    tables = {rival: compared(rows, rival) for rival in engines if rival != "typeloom"}
    date = datetime.date.today().isoformat()
    report = [f"# grammars, {date}", "", f"`python benches/grammars.py`, vocabulary {given.vocabulary.name}", ""]
    report += [f"{said['processor']}, {said['cores']} cores, Python {said['python']}, one thread"]
    report += [", ".join(f"{package} {number}" for package, number in said["versions"].items())]
    report += [f"typeloom, not finished: {dict(own) or 'none'}; microseconds"]
    report += [*as_markdown(tables), "", "## Averages by grammar", "", *by_grammar(rows, list(engines))]
    print("\n".join(report))
    given.record.mkdir(parents=True, exist_ok=True)
    record = {"date": date, "machine": said, "vocabulary": given.vocabulary.name, "beside": tables}
    (given.record / "grammars.json").write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n")
    (given.record / "grammars.md").write_text("\n".join(report) + "\n")


if __name__ == "__main__":
    main()
