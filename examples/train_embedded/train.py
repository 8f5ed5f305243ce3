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
from grow import grown
from model import Llama, Shape
from muon import Muon, matrices_of
from torch import Tensor
from values import WORK

BATCH = 4096
"""Tokens in a batch, padding included."""
PROMPT_SHARE, PROMPT_WEIGHT = 0.08, 0.25
"""How much of the prompt and of the forced tokens is learnt too: it teaches the words without paying for all of their logits."""
CHOSEN_WEIGHT = 2.5
MATRIX_RATE, OTHER_RATE = 0.02, 3e-3
WARM = 50
AVERAGE = 0.005
"""Share of the present weights in the running average, which is what is exported."""


def batches(number: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Token ids and loss weights of one shard, samples of like length together."""
    path = shards.path_of(number)
    while not path.exists():
        time.sleep(2)
    lines: list[shards.Line] = pickle.loads(path.read_bytes())
    r = random.Random(number)
    lines.sort(key=lambda line: len(line[0]) * r.uniform(0.93, 1.0))
    groups: list[list[shards.Line]] = [[]]
    longest = 0
    for line in lines:
        longest = max(longest, len(line[0]))
        if longest * (len(groups[-1]) + 1) > BATCH and groups[-1]:
            groups.append([])
            longest = len(line[0])
        groups[-1].append(line)
    r.shuffle(groups)
    mask = torch.Generator().manual_seed(number)
    for group in groups:
        width = max(len(ids) for ids, _ in group)
        ids = torch.zeros(len(group), width, dtype=torch.long)
        role = torch.zeros(len(group), width, dtype=torch.long)
        inside = torch.zeros(len(group), width)
        for row, (tokens, roles) in enumerate(group):
            ids[row, : len(tokens)] = torch.tensor(tokens)
            # The token at a place is what the place before it has to say.
            role[row, : len(tokens) - 1] = torch.tensor(roles[1:])
            inside[row, : len(tokens) - 1] = 1.0
        seldom = (torch.rand(len(group), width, generator=mask) < PROMPT_SHARE) * PROMPT_WEIGHT
        weight = torch.where(role == shards.SAID, 1.0, torch.where(role == shards.CHOSEN, CHOSEN_WEIGHT, seldom)) * inside
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
        self.begun = 0  # the step at which the optimisers began, and with them the warming up

    def save(self, path: Path) -> None:
        state = {"shape": self.model.shape, "model": self.model.state_dict(), "average": self.average, "muon": self.muon.kept, "adam": self.adam.state_dict(),
                 "step": self.step, "begun": self.begun, "seen": self.seen, "shard": self.shard}
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
        run.step, run.begun, run.seen, run.shard = state["step"], state["begun"], state["seen"], state["shard"]
        return run

    def grown(self, size: int, layers: int) -> Run:
        """A run of a bigger model that begins with the average of this one's weights."""
        run = Run(grown(self.average, self.model.shape, size, layers))
        run.step = run.begun = self.step
        run.seen, run.shard = self.seen, self.shard
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
            answer = w >= 1.0
            return float(each[answer].sum()), int((logits.argmax(-1) == target)[answer].sum()), int(answer.sum())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--tokens", type=float, default=20e6, help="tokens in all, those before --resume included")
    parser.add_argument("--fall", type=float, default=0.35, help="part of the tokens over which the rate falls")
    parser.add_argument("--resume", action="store_true", help="go on from work/checkpoint.pt")
    parser.add_argument("--from", dest="weights", type=Path, help="begin with the weights and the tokens of a GGUF")
    parser.add_argument("--grow", nargs=2, type=int, metavar=("SIZE", "LAYERS"), help="with --resume or --from: numbers a head and layers of a bigger model to go on with")
    parser.add_argument("--peak", type=float, default=1.0, help="factor of all learning rates")
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
    if args.grow:
        run = run.grown(*args.grow)
    if args.shard is not None:
        run.shard = args.shard
    print(f"{sum(p.numel() for p in run.model.parameters()):,} parameters", flush=True)
    train(run, args.tokens, args.fall, args.peak, checkpoint)


def train(run: Run, tokens: float, fall: float, peak: float, checkpoint: Path) -> None:
    begun, before = time.time(), run.seen
    lost = right = total = 0.0
    while run.seen < tokens:
        for ids, weight in batches(run.shard):
            rate = peak * min(1.0, (run.step - run.begun + 1) / WARM, max(0.0, 1 - run.seen / tokens) / fall)
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
