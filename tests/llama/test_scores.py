"""Labels scored in the batch that ends the prompt: whatever was in memory before, and however long the prompt."""

from __future__ import annotations

import pytest
from tests.llama.conftest import GROUP, MANY

from typeloom.llama.decode import generate, score_labels
from typeloom.llama.model import LlamaModel

LABELS = [[1, 2, 3], [1, 2, 4], [1, 5, 6], [7, 2], [7, 3]]
BATCH = 64  # of the tiny model


@pytest.mark.parametrize("before", ["nothing", "the beginning", "the prompt", "another prompt"])
@pytest.mark.parametrize("length", [1, 5, BATCH - 4, BATCH - 3, BATCH, BATCH + 1, 3 * BATCH, 3 * BATCH + 60])
def test_scores_depend_on_the_prompt_alone(tiny: LlamaModel, before: str, length: int) -> None:
    prompt = [11 + 7 * n % 200 for n in range(length)]
    held = {"nothing": [], "the beginning": prompt[: length // 2], "the prompt": prompt, "another prompt": [9, 8, 7]}
    rows = []
    for label in LABELS:  # the chain rule, one row at a time, out of the same model: no batch of several branches
        total = 1.0
        for place, _ in enumerate(label):
            options = sorted({other[place] for other in LABELS if other[:place] == label[:place]})
            if len(options) > 1:
                tiny.decoder.forget(0)
                firsts = [[option] for option in options]
                found = score_labels(tiny, [*prompt, *label[:place]], firsts).probabilities
                total *= found[options.index(label[place])]
        rows.append(total)
    tiny.decoder.forget(0)
    if held[before]:
        generate(tiny, held[before], max_tokens=1)
    scored = score_labels(tiny, prompt, LABELS)
    assert scored.probabilities == pytest.approx(rows, abs=1e-5)
    together = len(held[before]) if before != "another prompt" and len(held[before]) >= MANY else 0
    reused = min(max(length - MANY, 0), together)
    assert scored.timings.prompt_reused == reused - reused % GROUP
    left = length - scored.timings.prompt_reused + 3  # three places behind the prompt have to be evaluated
    assert scored.timings.batches == -(-left // BATCH)


def test_the_memory_holds_the_prompt_and_no_label_afterwards(tiny: LlamaModel) -> None:
    prompt = [11 + 7 * n % 200 for n in range(20)]
    tiny.decoder.forget(0)
    fresh = generate(tiny, prompt, max_tokens=8).tokens
    tiny.decoder.forget(0)
    score_labels(tiny, prompt, LABELS)
    again = generate(tiny, prompt, max_tokens=8)
    assert again.tokens == fresh
    assert again.timings.prompt_reused == len(prompt) - MANY


def test_an_interrupted_scoring_leaves_nothing_behind(tiny: LlamaModel) -> None:
    from typeloom.errors import Error
    from typeloom.llama.decode import Interrupt

    prompt = [11 + 7 * n % 200 for n in range(20)]
    expected = score_labels(tiny, prompt, LABELS).probabilities
    interrupt = Interrupt()
    interrupt.cancel()
    with pytest.raises(Error):
        score_labels(tiny, prompt, LABELS, interrupt=interrupt)
    found = score_labels(tiny, prompt, LABELS)
    assert found.timings.prompt_reused == 0
    assert found.probabilities == expected
