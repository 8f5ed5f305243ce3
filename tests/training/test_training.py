"""The parts of the training of the embedded model that can be wrong without anyone noticing."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "examples/train_embedded"
NAMES = [path.stem for path in FOLDER.glob("*.py")] + ["kinds"]


@pytest.fixture(scope="module", autouse=True)
def folder() -> Iterator[None]:
    """The scripts import one another by their plain names."""
    sys.path.insert(0, str(FOLDER))
    yield
    sys.path.remove(str(FOLDER))
    for name in list(sys.modules):
        if name.split(".")[0] in NAMES:
            del sys.modules[name]


@pytest.fixture
def torch() -> Any:
    found = pytest.importorskip("torch")
    found.manual_seed(3)
    return found


def test_what_the_grammar_forces_is_marked_byte_by_byte() -> None:
    pytest.importorskip("tokenizers")
    import shards

    answer = '{"ä":"x,}","b":{"c":[1,{"d":null}]},"e":[]}'
    free = bytes(byte for byte, forced in zip(answer.encode(), shards.marks(answer), strict=True) if not forced)
    assert free == b'"x,}"[1,null][]'


def test_labels_are_few_shot_turns_and_each_answer_is_a_label() -> None:
    import topics
    from values import Source

    seen = 0
    for seed in range(200):
        labels, turns, _ = topics.sample(Source(seed))
        names = [name for name, _ in labels]
        assert len(set(names)) == len(names) >= 2
        assert all(json.loads(answer) in names for _, answer in turns)
        seen += len(turns)
    assert seen >= 600


def test_a_grown_model_says_what_the_small_one_says(torch: Any) -> None:
    from grow import grown
    from model import Llama, Shape

    small = Shape(vocab=60, width=48, layers=3, heads=3, size=16, hidden=40, context=64)
    model = Llama(small)
    ids = torch.randint(0, 60, (2, 40))
    with torch.no_grad():
        said = model.logits(model.hidden(ids))
        wide = grown(model.state_dict(), small, size=32, layers=4)
        assert wide.shape.size == 32
        assert len(wide.blocks) == 4
        drift = (wide.logits(wide.hidden(ids)) - said).abs().max() / said.abs().max()
    assert drift < 0.01


@pytest.mark.parametrize("name", ["Normed", "Gated", "Attended"])
def test_gradients_written_by_hand_are_those_of_the_arithmetic(torch: Any, name: str) -> None:
    import model

    x = torch.randn(5, 8, dtype=torch.float64, requires_grad=True)
    if name == "Attended":
        asked = [torch.randn(2, 3, 7, 4, dtype=torch.float64, requires_grad=True) for _ in range(3)]
        assert torch.autograd.gradcheck(model.Attended.apply, asked)
        wanted = torch.nn.functional.scaled_dot_product_attention(*asked, is_causal=True)
        assert torch.allclose(model.Attended.apply(*asked), wanted)
        rounded = model.attended(*(one.detach().bfloat16() for one in asked))  # where it is what the model calls
        assert rounded.dtype == torch.bfloat16 and torch.allclose(rounded.double(), wanted, atol=0.05)
    elif name == "Normed":
        weight = torch.randn(8, dtype=torch.float64, requires_grad=True)
        assert torch.autograd.gradcheck(lambda a, b: model.Normed.apply(a, b, 1e-5), (x, weight))
        assert torch.allclose(model.Normed.apply(x, weight, 1e-5), torch.nn.functional.rms_norm(x, (8,), weight, 1e-5))
    else:
        assert torch.autograd.gradcheck(model.Gated.apply, (x,))
        assert torch.allclose(model.Gated.apply(x), torch.nn.functional.silu(x[:, :4]) * x[:, 4:])


def test_products_by_numpy_are_those_by_torch(torch: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import model
    import muon
    import train
    from products import product, take_over

    for module in (model, muon, train):  # in float32 also on processors with AMX
        monkeypatch.setattr(module, "multiplies_bfloat16", lambda device: False)
    x = torch.randn(2, 5, 8, requires_grad=True)
    weight = torch.randn(3, 8, requires_grad=True)
    assert torch.allclose(product(x, weight), x @ weight.T, atol=1e-6)
    ids = torch.randint(0, 60, (2, 24))
    at = torch.arange(0, 40, 3)
    batch = train.Batch(ids, at, torch.randint(0, 60, (len(at),)), torch.ones(len(at)), None)
    runs = []
    for by_numpy in (False, True):
        torch.manual_seed(1)
        run = train.Run(model.Llama(model.Shape(vocab=60, width=48, layers=2, heads=3, size=16, hidden=40, context=64)))
        if by_numpy:
            take_over(run)
        for _ in range(3):
            run.learn(batch, 0.5)
        runs.append(run)
    pairs = zip(*(run.model.state_dict().values() for run in runs), strict=True)
    drifts = [float((a - b).norm() / a.norm().clamp(min=1e-9)) for a, b in pairs]
    assert max(drifts) < 1e-3


def test_surprise_is_the_cross_entropy(torch: Any) -> None:
    from train import surprise

    logits, target = torch.randn(6, 9), torch.randint(0, 9, (6,))
    assert torch.allclose(
        surprise(logits, target), torch.nn.functional.cross_entropy(logits, target, reduction="none"), atol=1e-6
    )


def test_a_model_comes_back_from_its_file_and_llama_cpp_says_the_same(
    torch: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("gguf")
    pytest.importorskip("tokenizers")
    llama_cpp = pytest.importorskip("llama_cpp")
    import export
    import tokens
    from model import Llama, Shape

    package = Path(__file__).resolve().parents[2] / "src/typeloom/embedded/model.gguf"
    monkeypatch.setattr(tokens, "FILE", tmp_path / "tokenizer.json")
    shipped = export.read(package)
    model = Llama(Shape(vocab=shipped.shape.vocab, width=96, layers=2, heads=3, size=64, hidden=64, context=128))
    target = tmp_path / "model.gguf"
    export.write(model, target)
    again = export.read(target)
    assert again.shape == model.shape
    ids = torch.randint(3, 1000, (1, 60))
    with torch.no_grad():
        ours = again.logits(again.hidden(ids))[0, -1]
    llama = llama_cpp.Llama(str(target), n_ctx=128, n_threads=1, verbose=False, logits_all=True)
    llama.eval(ids[0].tolist())
    theirs = torch.tensor(llama.scores[59])
    assert (ours - theirs).abs().max() < 0.02 * ours.abs().max()


def test_a_probe_asks_for_what_the_record_says(
    torch: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("gguf")
    pytest.importorskip("tokenizers")
    import export
    import probe
    import tokens
    from values import Source

    monkeypatch.setattr(tokens, "FILE", tmp_path / "tokenizer.json")
    tokens.tokenizer.cache_clear()
    tokens.piece.cache_clear()
    for way in probe.WAYS:
        schema, text, answer = probe.record(Source(5), way, "integer")
        said = json.loads(answer)
        assert list(said) == list(schema["properties"])
        assert len(said) == probe.FIELDS
        assert all(str(value) in text for value in said.values() if value > 12)  # small ones may be words
    model = export.read(Path(__file__).resolve().parents[2] / "src/typeloom/embedded/model.gguf")
    schema, text, answer = probe.record(Source(5), "cue: value", "name")
    assert sum(probe.judged(model, schema, text, answer)) >= 2
    wrong = answer.replace("a", "b")
    assert not all(probe.judged(model, schema, text, wrong))
