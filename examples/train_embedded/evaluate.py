"""Measure the exported model in llama.cpp on what training never saw.

Every held-out sample is made only of templates, sentences, names and field
spellings kept out of training.  Decoding is greedy under the mask of the
sample's own schema, which is how the library asks: what the grammar forces was
hardly learnt (``shards.marks``), so free decoding would measure something else.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import tokens
from export import TARGET, read
from samples import sample

ODD_TEXTS = ["", " ", "  two  spaces ", "tabs\tand\nlines\n\n\nthree", "don't we'll I'm", "Zoë Ångström – 12,50 €", "日本語 テキスト", "😀🎉 party", "a\u00a0b\u2003c", "١٢٣ ½ ²", "<|user|> is text", "x" * 300, "1234567890.00,12", "\r\n mixed\r", "ﬁ ligature ß ſ", "¿Qué?", "\u200bzero", "don’t", "__init__ == --- ***"]


class Runner:
    """llama.cpp behind what is needed here: tokens and greedy answers, free and masked."""

    def __init__(self, path: Path) -> None:
        import llama_cpp

        import typeloom as tl

        self.llama = llama_cpp.Llama(str(path), n_ctx=2048, n_threads=1, verbose=False, logits_all=False)
        self.vocabulary = tl.Vocabulary.from_gguf(path)

    def encode(self, text: str) -> list[int]:
        return self.llama.tokenize(text.encode(), add_bos=False, special=False)

    def greedy(self, ids: list[int], limit: int = 400) -> list[int]:
        self.llama.reset()
        self.llama.eval(ids)
        out: list[int] = []
        while len(out) < limit and len(ids) + len(out) < 2040:
            following = self.llama.sample(temp=0.0, repeat_penalty=1.0)
            if following == tokens.END:
                break
            out.append(following)
            self.llama.eval([following])
        return out

    def masked(self, ids: list[int], schema: dict[str, Any]) -> Any:
        """The value that the model gives under the schema; None if it comes to no end."""
        import llama_cpp

        import typeloom as tl

        matcher = tl.compile(tl.JsonSchema(schema), self.vocabulary).start()
        mask = matcher.new_mask()
        self.llama.reset()
        self.llama.eval(ids)
        said = b""
        while len(ids) < 2040:
            matcher.fill_mask(mask)
            allowed = np.unpackbits(mask.view(np.uint8), bitorder="little")[: tokens.SIZE]
            logits = np.ctypeslib.as_array(llama_cpp.llama_get_logits_ith(self.llama.ctx, -1), (tokens.SIZE,))
            following = int(np.where(allowed, logits, -np.inf).argmax())
            if following == tokens.END:
                return json.loads(said)
            matcher.accept(following)
            said += tokens.piece(following)
            ids = [*ids, following]
            self.llama.eval([following])
        return None


def type_of(schema: dict[str, Any]) -> str:
    schema = schema.get("anyOf", [schema])[0]
    if "enum" in schema:
        return "enum"
    if schema.get("type") == "array":
        return "list of objects" if "properties" in schema["items"] else "list of text"
    return {"date": "date", "time": "time", "date-time": "datetime"}.get(schema.get("format", ""), schema.get("type", "any"))


def check_tokens(run: Runner, count: int) -> int:
    texts = ODD_TEXTS + [sample(seed, True).messages[-1]["content"] for seed in range(count)]
    differing = [t for t in texts if run.encode(t) != tokens.encode(t)]
    for text in differing[:5]:
        print("tokens differ:", repr(text)[:100], run.encode(text)[:20], tokens.encode(text)[:20])
    print(f"same tokens as the trainer on {len(texts) - len(differing)} of {len(texts)} texts")
    return len(differing)


def check_answers(run: Runner, path: Path, count: int) -> None:
    """llama.cpp and PyTorch with the very weights of the file: a checkpoint has others, if the file is an average."""
    model = read(path)
    same = 0
    for seed in range(count):
        ids = tokens.prompt_ids(sample(seed, True).messages)
        same += run.greedy(ids, 100) == model.greedy(ids, tokens.END, 100)
    print(f"same greedy answer as PyTorch on {same} of {count} prompts")


def measure(run: Runner, count: int, start: int, shown: int, held_out: bool = True) -> dict[str, Any]:
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()

    def note(key: str, good: bool) -> None:
        total[key] += 1
        right[key] += good

    for seed in range(start, start + count):
        made = sample(seed, held_out)
        want = json.loads(made.answer)
        got = run.masked(tokens.prompt_ids(made.messages), made.schema)
        if made.kind == "labels":
            note("classification", got == want)
            continue
        note("object", got == want)
        note(f"object: {made.kind}", got == want)
        for name, schema in made.schema["properties"].items():
            good = isinstance(got, dict) and name in got and got[name] == want[name]
            note("field", good)
            note(f"kind {made.kind}", good)
            note("null: text is silent" if want[name] is None else f"type {type_of(schema)}", good)
        if got != want and shown > 0:
            shown -= 1
            print(f"--- {made.kind}\n{made.messages[-1]['content']}\nwant {made.answer}\ngot  {json.dumps(got, ensure_ascii=False)}")
    return {key: (right[key], total[key]) for key in sorted(total)}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path, default=TARGET)
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--start", type=int, default=5_000_000)
    parser.add_argument("--show", type=int, default=0, help="wrong answers to print")
    parser.add_argument("--seen", action="store_true", help="templates and names that training saw")
    parser.add_argument("--same", type=int, default=0, help="prompts to compare with PyTorch")
    args = parser.parse_args()
    run = Runner(args.model)
    check_tokens(run, 300)
    if args.same:
        check_answers(run, args.model, args.same)
    for key, (right, total) in measure(run, args.count, args.start, args.show, not args.seen).items():
        print(f"{key:32} {right:5d} / {total:5d}  {100 * right / total:5.1f} %")


if __name__ == "__main__":
    main()
