"""Labels beside the prompt that they are read from, and how far their probabilities hold.

What is measured.

    cost   the processor time of one classification over 20 labels (`score_labels`: the prompt, then the labels' tokens
           by branches of one sequence), beside that of the prompt alone (`generate` of one token after it), on the same
           prompts in the same order, so that both find the same part of the prompt evaluated already: all but the text.
           One thread, garbage collection off, the two take turns by round. Reported are medians and the ratio of
           medians; the bar is 1.3 for ordinary labels. Beside them stand 20 labels of eight words that share nearly
           all of them (the worst case: every place where labels part has to be evaluated).
    texts  texts a second that `Model.classify` does over the same labels, wall time, one thread.
    sum    the largest distance of a sum of probabilities from 1, and of any probability between two orders of the
           labels, each in a pass over the same texts.
    ece    accuracy and expected calibration error (10 ranges) on the suite `topics`, before and after: the model's own
           probabilities, with the content-free prior taken out, and fitted (3 folds: every text is judged by a
           calibration that has not seen it).

Run:  python benches/classify.py [--model other.gguf] [--vocabulary llama-bpe.gguf]
With --vocabulary (found in TYPELOOM_DATA), the random model of benches/decode.py is timed as well. Records go to
benches/record/.
"""

from __future__ import annotations

import argparse
import datetime
import gc
import json
import statistics
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

from decode import machine, write_model

import typeloom as tl
from typeloom import embedded
from typeloom.evaluation.suite import read
from typeloom.llama.decode import generate, score_labels
from typeloom.llama.model import LlamaModel
from typeloom.tasks import prompt
from typeloom.tasks.llama_runtime import LlamaRuntime

HERE = Path(__file__).parent
RECORD, WORK = HERE / "record", HERE / "work"

SHORT = (
    "account address battery billing cable camera delivery display discount firmware hinge keyboard login manual "
    "network power refund shipping sound warranty"
).split()
LONG = [
    f"{part} of the {thing} {state}"
    for part in ("first screen", "first screw")
    for thing in ("left device", "left desk")
    for state in ("is broken", "is bent", "is lost", "is late", "is loud")
]
BAR = 1.3


def timed(runtime: LlamaRuntime, model: LlamaModel, labels: list[str], texts: list[str], rounds: int) -> dict[str, Any]:
    """Medians over texts and rounds, in milliseconds."""
    answers = [model.tokenizer.plain(json.dumps(label)) for label in labels]
    prompts = [runtime.render(prompt.classification([(label, "") for label in sorted(labels)], text)) for text in texts]
    alone, whole = [], []
    gc.disable()
    for turn in range(rounds + 1):
        for both in (("alone", "whole"), ("whole", "alone"))[turn % 2]:
            for tokens in prompts:
                start = thread_time()
                if both == "alone":
                    generate(model, tokens, max_tokens=1)
                else:
                    score_labels(model, tokens, answers)
                if turn:  # the first round warms up
                    (alone if both == "alone" else whole).append(1000 * (thread_time() - start))
    gc.enable()
    found = [statistics.median(alone), statistics.median(whole)]
    return {
        "prompt_tokens": statistics.median(map(len, prompts)),
        "label_tokens": sum(map(len, answers)),
        "prompt_ms": round(found[0], 3),
        "classification_ms": round(found[1], 3),
        "ratio": round(found[1] / found[0], 3),
    }


def cost(path: Path, texts: list[str], rounds: int) -> dict[str, Any]:
    with LlamaModel.load(path, n_threads=1, n_ctx=1024) as model:
        runtime = LlamaRuntime(model)
        sets = {"short": SHORT, "long": LONG}
        return {name: timed(runtime, model, labels, texts, rounds) for name, labels in sets.items()}


def quality(model: tl.Model, texts: list[str]) -> dict[str, Any]:
    model.classify(texts[-1], SHORT)  # both passes find the same in the model's memory
    start = perf_counter()
    found = [model.classify(text, SHORT, detail=True) for text in texts]
    seconds = perf_counter() - start
    other = [model.classify(text, SHORT[::-1], detail=True) for text in texts]
    return {
        "texts_per_second": round(len(texts) / seconds, 1),
        "sum_off_by": max(abs(sum(one.probs.values()) - 1.0) for one in found),
        "order_off_by": max(
            abs(a.probs[name] - b.probs[name]) for a, b in zip(found, other, strict=True) for name in a.probs
        ),
        "topics": tl.evaluate(model, "topics").record()["labels"],
    }


def as_markdown(record: dict[str, Any]) -> list[str]:
    lines = [
        "| model | labels | prompt tokens | prompt alone, ms | classification, ms | ratio |",
        "|---|---|--:|--:|--:|--:|",
    ]
    for name, cases in record["cost"].items():
        for labels, case in cases.items():
            lines.append(
                f"| {name} | 20 {labels}, {case['label_tokens']} tokens | {case['prompt_tokens']:.0f} |"
                f" {case['prompt_ms']} | {case['classification_ms']} | {case['ratio']} |"
            )
    quality = record["quality"]
    lines += [
        "",
        f"{quality['texts_per_second']} texts a second over 20 labels; sums of probabilities are off by at most"
        f" {quality['sum_off_by']:.1e}, another order of the labels changes none by more than"
        f" {quality['order_off_by']:.1e}.",
        "",
        "| suite topics | texts | accuracy | macro-F1 | ECE |",
        "|---|--:|--:|--:|--:|",
    ]
    for step, case in quality["topics"].items():
        lines.append(f"| {step} | {case['texts']} | {case['accuracy']} | {case['macro_f1']} | {case['ece']} |")
    worst = max(cases["short"]["ratio"] for cases in record["cost"].values())
    verdict = "met" if worst <= BAR else "MISSED"
    return [*lines, "", f"The bar of {BAR} times the prompt alone, for ordinary labels, is {verdict}: {worst}."]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=None, help="GGUF; the embedded one if not given")
    parser.add_argument("--vocabulary", type=Path, default=None, help="GGUF to take the random model's tokenizer from")
    parser.add_argument("--texts", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=4)
    chosen = parser.parse_args()

    path = chosen.model or embedded.path()
    labelled = read("topics").labelled
    texts = [one.text for one in labelled[:: len(labelled) // chosen.texts]][: chosen.texts]
    timings = {path.name: cost(path, texts, chosen.rounds)}
    if chosen.vocabulary is not None:
        random = WORK / f"random-{chosen.vocabulary.stem}.gguf"
        if not random.is_file():
            WORK.mkdir(exist_ok=True)
            write_model(random, chosen.vocabulary, 0)
        timings["random, 153 MB"] = cost(random, texts[:10], 1)
    with tl.load(path, n_threads=1) as model:
        record = {
            "date": datetime.date.today().isoformat(),
            "machine": machine(("typeloom", "llama-cpp-python", "gguf", "pydantic", "numpy")),
            "cost": timings,
            "quality": quality(model, texts),
        }
    lines = as_markdown(record)
    print("\n".join(lines))
    RECORD.mkdir(exist_ok=True)
    (RECORD / "classify.json").write_text(json.dumps(record, indent=1) + "\n")
    title = f"# classification, {record['date']}\n\n`python benches/classify.py`, {path.name}, one thread\n\n"
    (RECORD / "classify.md").write_text(title + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
