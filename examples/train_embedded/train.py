"""Train the embedded model on the shards that ``shards.py`` writes.

Everything goes by the number of tokens seen, nothing by the clock, so a run
that is slowed down or stopped (``--resume``) gives the same weights as one
that is not.  The learning rate warms up, stays, and falls to nothing over
the last part (``--fall``) of ``--tokens``.  ``--from model.gguf`` begins with
the weights of an exported model.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import random
import time
from collections.abc import Iterator
from pathlib import Path

# Idle threads that spin eat the machine when others want it too: measured
# here, on busy cores, a factor of five.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import shards
import torch
import torch.nn.functional as F
from model import Llama, Shape
from muon import Muon, matrices_of
from torch import Tensor
from values import WORK

BATCH = 4096
"""Tokens in a batch, padding included."""
PROMPT_SHARE, PROMPT_WEIGHT = 0.08, 0.25
"""How much of the prompt is learnt too: it teaches the words without paying for all of their logits."""
MATRIX_RATE, OTHER_RATE = 0.02, 3e-3
WARM = 50
AVERAGE = 0.005
"""Share of the present weights in the running average, which is what is exported."""


def batches(number: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Token ids and loss weights of one shard, samples of like length together."""
    path = shards.path_of(number)
    while not path.exists():
        time.sleep(2)
    pairs: list[shards.Pair] = pickle.loads(path.read_bytes())
    r = random.Random(number)
    pairs.sort(key=lambda pair: (len(pair[0]) + len(pair[1])) * r.uniform(0.93, 1.0))
    groups: list[list[shards.Pair]] = [[]]
    longest = 0
    for pair in pairs:
        longest = max(longest, len(pair[0]) + len(pair[1]))
        if longest * (len(groups[-1]) + 1) > BATCH and groups[-1]:
            groups.append([])
            longest = len(pair[0]) + len(pair[1])
        groups[-1].append(pair)
    r.shuffle(groups)
    mask = torch.Generator().manual_seed(number)
    for group in groups:
        width = max(len(h) + len(a) for h, a in group)
        ids = torch.zeros(len(group), width, dtype=torch.long)
        weight = (torch.rand(len(group), width, generator=mask) < PROMPT_SHARE) * PROMPT_WEIGHT
        for row, (head, answer) in enumerate(group):
            whole = head + answer
            ids[row, : len(whole)] = torch.tensor(whole)
            weight[row, len(head) - 1 : len(whole) - 1] = 1.0
            weight[row, len(whole) - 1 :] = 0.0
        yield ids, weight


class Run:
    """A model, its optimisers, and how far they have come."""

    def __init__(self, model: Llama) -> None:
        self.model = model
        matrices = matrices_of(model)
        chosen = {id(p) for p in matrices}
        self.muon = Muon(matrices)
        self.adam = torch.optim.AdamW([p for p in model.parameters() if id(p) not in chosen], lr=OTHER_RATE, betas=(0.9, 0.98), weight_decay=0.0)
        self.average = {name: t.detach().clone() for name, t in model.state_dict().items()}
        self.step = self.seen = self.shard = 0

    def save(self, path: Path) -> None:
        state = {"shape": self.model.shape, "model": self.model.state_dict(), "average": self.average, "muon": self.muon.kept, "adam": self.adam.state_dict(),
                 "step": self.step, "seen": self.seen, "shard": self.shard}
        torch.save(state, path.with_suffix(".tmp"))
        path.with_suffix(".tmp").rename(path)

    @classmethod
    def resumed(cls, path: Path) -> Run:
        state = torch.load(path, weights_only=False)
        model = Llama(state["shape"])
        model.load_state_dict(state["model"])
        run = cls(model)
        run.average, run.muon.kept = state["average"], state["muon"]
        run.adam.load_state_dict(state["adam"])
        run.step, run.seen, run.shard = state["step"], state["seen"], state["shard"]
        return run

    def learn(self, ids: Tensor, weight: Tensor, rate: float) -> tuple[float, int, int]:
        """One step; returns loss summed over answer tokens, answer tokens right, and their number."""
        model = self.model
        hidden = model.hidden(ids[:, :-1])
        weight = weight[:, :-1]
        at = weight > 0
        target, w = ids[:, 1:][at], weight[at]
        logits = model.logits(hidden[at])
        each = F.cross_entropy(logits, target, reduction="none")
        model.zero_grad()
        ((each * w).sum() / w.sum()).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        self.muon.step(MATRIX_RATE * rate)
        for group in self.adam.param_groups:
            group["lr"] = OTHER_RATE * rate
        self.adam.step()
        self.step += 1
        self.seen += ids.numel()
        with torch.no_grad():
            share = max(AVERAGE, 1 / (self.step + 1))
            for name, tensor in model.state_dict().items():
                self.average[name].lerp_(tensor, share)
            answer = w == 1.0
            return float(each[answer].sum()), int((logits.argmax(-1) == target)[answer].sum()), int(answer.sum())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--tokens", type=float, default=20e6, help="tokens in all, those before --resume included")
    parser.add_argument("--fall", type=float, default=0.35, help="part of the tokens over which the rate falls")
    parser.add_argument("--resume", action="store_true", help="go on from work/checkpoint.pt")
    parser.add_argument("--from", dest="weights", type=Path, help="begin with the weights and the tokens of a GGUF")
    parser.add_argument("--shard", type=int, help="go on with this shard")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    checkpoint = WORK / "checkpoint.pt"
    if args.resume:
        run = Run.resumed(checkpoint)
    elif args.weights:
        from export import read

        run = Run(read(args.weights))
    else:
        run = Run(Llama(Shape()))
    if args.shard is not None:
        run.shard = args.shard
    print(f"{sum(p.numel() for p in run.model.parameters()):,} parameters", flush=True)
    train(run, args.tokens, args.fall, checkpoint)


def train(run: Run, tokens: float, fall: float, checkpoint: Path) -> None:
    begun, before = time.time(), run.seen
    lost = right = total = 0.0
    while run.seen < tokens:
        for ids, weight in batches(run.shard):
            rate = min(1.0, (run.step + 1) / WARM, max(0.0, 1 - run.seen / tokens) / fall)
            loss, good, count = run.learn(ids, weight, rate)
            lost, right, total = lost + loss, right + good, total + count
            if run.step % 25 == 0:
                line = {"step": run.step, "tokens": run.seen, "shard": run.shard, "rate": round(rate, 4), "loss": round(lost / total, 4), "answer_tokens": round(right / total, 4)}
                with (WORK / "curve.jsonl").open("a") as file:
                    file.write(json.dumps(line) + "\n")
                print(f"{(run.seen - before) / (time.time() - begun):6.0f}/s {line}", flush=True)
                lost = right = total = 0.0
            if run.seen >= tokens:
                break
        run.shard += 1
        run.save(checkpoint)


if __name__ == "__main__":
    main()
