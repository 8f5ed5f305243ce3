"""Loading: what is not a model is a ModelError, never a crash; what is, opens and closes."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from typeloom.errors import Error, LimitError, ModelError, VocabularyError
from typeloom.llama import library
from typeloom.llama.decode import generate
from typeloom.llama.model import LlamaModel
from typeloom.llama.vocabulary import Vocabulary


def test_missing_folder_text_and_empty_files(tmp_path: Path) -> None:
    text = tmp_path / "a.gguf"
    text.write_text("this is not a model")
    empty = tmp_path / "b.gguf"
    empty.touch()
    old = tmp_path / "c.gguf"
    old.write_bytes(b"GGUF" + (1).to_bytes(4, "little") + bytes(16))
    for path, message in [
        (tmp_path / "none.gguf", "there is none"),
        (tmp_path, "folder"),
        (text, "first bytes are b'this'"),
        (empty, "first bytes are b''"),
        (old, "version 2 or 3 .* was 1"),
    ]:
        for load in (LlamaModel.load, Vocabulary.from_gguf):
            with pytest.raises(ModelError, match=message):
                load(path)  # type: ignore[operator]


def test_a_loaded_model_has_the_vocabulary_of_its_file(tiny_path: Path) -> None:
    llama_cpp = pytest.importorskip("llama_cpp")
    pointer = llama_cpp.llama_model_load_from_file(
        str(tiny_path).encode(), llama_cpp.llama_model_default_params()
    )
    try:
        found, file = Vocabulary.from_model(pointer), Vocabulary.from_gguf(tiny_path)
        assert len(found) == len(file) > 0
        assert [found.token(i) for i in range(len(found))] == [file.token(i) for i in range(len(file))]
        assert found.end_ids == file.end_ids
    finally:
        llama_cpp.llama_model_free(pointer)


def test_truncated_anywhere_is_a_model_error(tiny_path: Path, tmp_path: Path) -> None:
    whole = tiny_path.read_bytes()
    for place in range(40):
        cut = tmp_path / "cut.gguf"
        cut.write_bytes(whole[: len(whole) * place // 40])
        with pytest.raises(ModelError):
            LlamaModel.load(cut, n_threads=1)


LOAD_ONE_BY_ONE = """
import sys
from typeloom.errors import Error
from typeloom.llama import library
from typeloom.llama.decode import generate
from typeloom.llama.model import LlamaModel
for path in sys.argv[1:]:
    try:
        with LlamaModel.load(path, n_ctx=64, n_batch=16, n_threads=1) as model:
            generate(model, [1, 2, 3], max_tokens=2)
        print("loaded")
    except Error as error:
        print(type(error).__name__)
"""


def test_flipped_bytes_never_kill_the_process(tiny_path: Path, tmp_path: Path) -> None:
    whole = bytearray(tiny_path.read_bytes())
    choose = random.Random(7)
    paths = []
    for number in range(60):
        damaged = bytearray(whole)
        damaged[choose.randrange(8, 9000)] ^= 1 << choose.randrange(8)
        path = tmp_path / f"{number}.gguf"
        path.write_bytes(damaged)
        paths.append(str(path))
    done = subprocess.run([sys.executable, "-c", LOAD_ONE_BY_ONE, *paths], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, (len(done.stdout.split()), done.stderr[-2000:])
    assert len(done.stdout.split()) == len(paths)


def test_vocabulary_only_file_is_not_a_model(vocabulary_files: list[Path]) -> None:
    with pytest.raises(ModelError):
        LlamaModel.load(vocabulary_files[0], n_threads=1)


def test_sizes_out_of_range(tiny_path: Path) -> None:
    for name, value in [
        ("n_ctx", 0),
        ("n_batch", 0),
        ("slots", 0),
        ("slots", 1000),
        ("n_threads", 0),
        ("n_gpu_layers", -2),
    ]:
        with pytest.raises(LimitError, match=name):
            LlamaModel.load(tiny_path, **{name: value})  # type: ignore[arg-type]


def test_closed_model_says_so(tiny_path: Path) -> None:
    model = LlamaModel.load(tiny_path, n_ctx=64, n_threads=1)
    model.close()
    model.close()
    assert model.closed
    with pytest.raises(Error, match="was closed"):
        generate(model, [1], max_tokens=1)
    with pytest.raises(Error, match="was closed"):
        _ = model.chat_template


def test_context_is_at_most_what_the_model_was_trained_for(tiny_path: Path) -> None:
    with LlamaModel.load(tiny_path, n_ctx=100_000, n_threads=1) as model:
        assert model.n_ctx == 2048


def test_threads_queue_up(tiny: LlamaModel) -> None:
    alone = [generate(tiny, [place, 5, 6], max_tokens=12).tokens for place in range(1, 7)]
    together: dict[int, tuple[int, ...]] = {}

    def work(place: int) -> None:
        together[place] = generate(tiny, [place, 5, 6], max_tokens=12).tokens

    threads = [threading.Thread(target=work, args=(place,)) for place in range(1, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[place] for place in range(1, 7)] == alone


def test_vocabulary_of_a_model(tiny: LlamaModel, tiny_path: Path) -> None:
    pieces = tiny._pieces
    assert sorted(pieces[:256]) == [bytes([byte]) for byte in range(256)]
    assert pieces[256:270] == [
        b"he",
        b"ll",
        b"hell",
        b"hello",
        b" w",
        b" wo",
        b"re",
        b" world",
        b"or",
        b"ld",
        b"tr",
        b"ue",
        b"true",
        b" wor",
    ]
    assert {pieces[token] for token in tiny.end_tokens} == {b"</s>", b"<|end|>"}
    assert isinstance(Vocabulary.from_gguf(tiny_path), Vocabulary)


def test_errors_are_of_the_tree() -> None:
    assert issubclass(VocabularyError, Error)


@pytest.mark.parametrize(("info", "wanted"), [(b"CPU : AVX512 = 1 | AMX_INT8 = 1 | ", False), (b"CPU : ", True)])
def test_no_weights_in_amx_tiles(
    tiny_path: Path, monkeypatch: pytest.MonkeyPatch, info: bytes, wanted: bool
) -> None:
    """Compiled by GCC, llama.cpp's products in tiles end the process."""
    given: list[bool] = []
    load = library.api.llama_model_load_from_file

    def spy(path: bytes, parameters: Any) -> Any:
        given.append(bool(parameters.use_extra_bufts))
        return load(path, parameters)

    monkeypatch.setattr(library.api, "llama_print_system_info", lambda: info)
    monkeypatch.setattr(library.api, "llama_model_load_from_file", spy)
    LlamaModel.load(tiny_path, n_ctx=64, n_threads=1).close()
    assert given == [wanted]
