"""Label sets written by hand, WordNet read, and the order in which a run takes what was made."""

from __future__ import annotations

import json
import queue
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "examples/train_embedded"
SUITES = ROOT / "src/typeloom/evaluation/suites"


@pytest.fixture(autouse=True)
def folder() -> Iterator[None]:
    """The scripts import one another by their plain names."""
    sys.path.insert(0, str(FOLDER))
    yield
    sys.path.remove(str(FOLDER))
    names = [path.stem for path in FOLDER.glob("*.py")] + ["kinds"]
    for name in list(sys.modules):
        if name.split(".")[0] in names:
            del sys.modules[name]


def test_every_label_set_can_be_asked_about() -> None:
    import labels

    sets = labels.label_sets()
    assert len(sets) >= 40
    assert len({one.name for one in sets}) == len(sets)
    texts: list[str] = []
    for one in sets:
        assert len(one.labels) >= 2, one.name
        assert one.asks, one.name
        for label in one.labels:
            assert len(label.texts) >= 4, (one.name, label.names)
            assert len(label.notes) >= 2, (one.name, label.names)
            texts += label.texts
        owners: dict[str, int] = {}
        for at, label in enumerate(one.labels):
            for name in label.names:
                assert owners.setdefault(name.lower(), at) == at, (one.name, name)
    assert len({text.lower() for text in texts}) == len(texts)


def test_no_text_of_a_label_set_is_one_of_the_suites() -> None:
    import labels

    records = [line for path in SUITES.glob("*.jsonl") for line in path.read_text(encoding="utf-8").splitlines()]
    judged = {json.loads(record)["text"].lower() for record in records}
    assert len(judged) > 300
    taught = {text.lower() for one in labels.label_sets() for label in one.labels for text in label.texts}
    assert not judged & taught
    suites = json.loads((SUITES / "labels.json").read_text(encoding="utf-8")).values()
    described = {note.lower() for one in suites for note in one.values()}
    assert not described & {note.lower() for one in labels.label_sets() for label in one.labels for note in label.notes}


@pytest.mark.parametrize("line", ["a text", "@ name :: note", "# a\n? b\n@ no description"])
def test_a_line_that_stands_nowhere_is_an_error(line: str) -> None:
    import labels

    with pytest.raises(ValueError, match="does not stand under"):
        labels.read(line)


def test_each_answer_is_one_of_the_labels(
    small_dictionary: Path,
    small_opinions: Path,
    small_industries: Path,
    small_vectors: Path,
    small_sentences: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import dictionary
    import industries
    import labels
    import nearby
    import opinions
    import sentences
    import vectors
    from values import Source

    monkeypatch.setattr(vectors, "FILE", small_vectors)
    monkeypatch.setattr(sentences, "FILE", small_sentences)
    monkeypatch.setattr(dictionary, "FILE", small_dictionary)
    monkeypatch.setattr(opinions, "FILE", small_opinions)
    monkeypatch.setattr(industries, "FILE", small_industries)
    for make in (labels.sample, dictionary.sample, opinions.sample, industries.sample, nearby.sample, sentences.sample):
        for seed in range(300):
            pairs, turns, _ = make(Source(seed, held_out=make is labels.sample and seed % 7 == 0))
            names = [name for name, _ in pairs]
            assert len({*names}) == len(names) >= 2
            assert turns
            assert all(text and json.loads(answer) in names for text, answer in turns)


def test_a_sentence_that_fits_two_labels_is_not_asked_about(
    small_sentences: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sentences
    from values import Source

    monkeypatch.setattr(sentences, "FILE", small_sentences)
    monkeypatch.setattr(sentences, "worn", lambda s, text: text)
    asked = 0
    for seed in range(300):
        pairs, turns, _ = sentences.sample(Source(seed))
        offered = {name: re.sub(r".* a (\w+).*", r"\1", note) or name for name, note in pairs}
        for text, answer in turns:
            if text == "of the tool or of the animal":
                asked += 1
                assert not {"tool", "animal"} <= {*offered.values()}
                assert offered[json.loads(answer)] in ("tool", "animal")
            else:
                assert text.endswith(f"the {offered[json.loads(answer)]}")
    assert asked


def test_an_encoder_reads_each_text_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("torch", "tokenizers"):
        pytest.importorskip(module)
    import encoder
    from tokenizers import Tokenizer, models, pre_tokenizers

    words = {word: at for at, word in enumerate(["[UNK]", "a", "dog", "barks", "at", "night"])}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    write_random_encoder(tmp_path / "model.safetensors", len(words), encoder.WIDTH, encoder.LAYERS)
    monkeypatch.setattr(encoder, "fetched", lambda address, sha256, members: tmp_path)
    texts = ["a dog barks", "night", "a dog barks at night at a dog", "barks dog a"]
    read = encoder.Encoder()
    together = read.of(texts)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    for text, row in zip(texts, together, strict=True):
        assert np.allclose(read.of([text])[0], row, atol=1e-5)
    assert not np.allclose(together[0], together[3], atol=1e-3)  # the order of words counts


def write_random_encoder(file: Path, vocabulary: int, width: int, layers: int) -> None:
    """Weights of the shape of BERT, in the format of safetensors."""
    random = np.random.default_rng(1)
    shapes = {
        "word_embeddings.weight": (vocabulary, width),
        "position_embeddings.weight": (512, width),
        "token_type_embeddings.weight": (2, width),
    }
    tensors = {f"embeddings.{name}": shape for name, shape in shapes.items()}
    linear = {f"attention.self.{part}": (width, width) for part in ("query", "key", "value")}
    linear |= {
        "attention.output.dense": (width, width),
        "intermediate.dense": (4 * width, width),
        "output.dense": (width, 4 * width),
    }
    norms = ["embeddings"]
    for layer in range(layers):
        at = f"encoder.layer.{layer}"
        norms += [f"{at}.attention.output", f"{at}.output"]
        for name, shape in linear.items():
            tensors |= {f"{at}.{name}.weight": shape, f"{at}.{name}.bias": shape[:1]}
    tensors |= {f"{norm}.LayerNorm.{part}": (width,) for norm in norms for part in ("weight", "bias")}
    head, data = {}, b""
    for name, shape in tensors.items():
        rows = (random.standard_normal(shape) * 0.05 + name.endswith("LayerNorm.weight")).astype(np.float32).tobytes()
        head[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [len(data), len(data) + len(rows)]}
        data += rows
    packed = json.dumps(head).encode()
    file.write_bytes(len(packed).to_bytes(8, "little") + packed + data)


def test_a_line_of_wordnet_is_read() -> None:
    import dictionary

    line = (
        "02084442 05 n 02 dog 0 domestic_dog 0 004 @ 02083346 n 0000 @i 01317541 n 0000 ;c 00000123 n 0000 "
        '%p 02158846 n 0000 | a member of the genus Canis; barks; "the dog barked all night long"'
    )
    one = dictionary.synset("noun", line)
    assert one["words"] == ["dog", "domestic dog"]
    assert one["sort"] == "animal"
    assert one["meaning"] == "a member of the genus Canis; barks"
    assert one["examples"] == ["the dog barked all night long"]
    assert one["parents"] == [("n", "02083346"), ("n", "01317541")]
    assert one["fields"] == [("n", "00000123")]


def test_shards_are_taken_in_order_or_as_they_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("torch", "tokenizers", "gguf"):
        pytest.importorskip(module)
    import shards
    import train

    monkeypatch.setattr(shards, "FOLDER", tmp_path)
    lines = [([5, 6, 7], [shards.GIVEN, shards.FORCED, shards.CHOSEN]), ([8, 9], [shards.GIVEN, shards.SAID])]
    for number in (0, 1, 4):
        shards.save(lines, shards.path_of(number))
    one = shards.load(shards.path_of(4))
    assert one.tokens.tolist() == [5, 6, 7, 8, 9]
    assert one.lengths.tolist() == [3, 2]
    assert train.Shelf(0).take(2) == [0, 1]
    shelf = train.OpenShelf(0)
    assert shelf.take(2) == [0, 1]
    assert shelf.take(1) == [4]
    assert sorted(shelf.take(3)) == [0, 1, 4]  # nothing new: what was had before, once more
    (batch,) = train.batches([0], 1, train.PACES["cpu"])
    assert batch.done == 1
    assert sorted(batch.target[batch.weight >= 1].tolist()) == [7, 9]
    assert batch.weight.max() == train.CHOSEN_WEIGHT


def test_what_goes_wrong_in_the_thread_that_makes_batches_is_raised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("torch", "tokenizers", "gguf"):
        pytest.importorskip(module)
    import shards
    import train

    monkeypatch.setattr(shards, "FOLDER", tmp_path)
    shards.save([([5, 6], [shards.GIVEN, shards.SAID])], shards.path_of(0))
    shards.path_of(1).write_bytes(b"not a shard")

    def coming() -> Iterator[train.Batch]:
        for number in (0, 1):
            yield from train.batches([number], number + 1, train.PACES["cpu"])

    made = train.ahead(coming(), 1)
    assert next(made).done == 1
    with pytest.raises(Exception, match=r"pickle|zip"):
        next(made)


def test_batches_of_the_process_are_those_of_the_thread_and_its_errors_come_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("torch", "tokenizers", "gguf"):
        pytest.importorskip(module)
    import shards
    import train

    monkeypatch.setattr(shards, "FOLDER", tmp_path)
    shards.save([([5, 6, 7], [shards.GIVEN, shards.SAID, shards.CHOSEN])], shards.path_of(0))
    shards.path_of(1).write_bytes(b"not a shard")
    put: queue.Queue[Any] = queue.Queue()
    train.feed(put, "cpu", 0)
    ids, at, target, weight, done = put.get()
    (batch,) = train.batches([0], 1, train.PACES["cpu"])
    assert (ids.tolist(), at.tolist(), target.tolist(), weight.tolist(), done) == (
        batch.ids.tolist(),
        batch.at.tolist(),
        batch.target.tolist(),
        batch.weight.tolist(),
        batch.done,
    )
    assert isinstance(put.get(), Exception)
