"""Control tokens come from glue only; harmless text has llama.cpp's own tokens; no text is too long or too dull."""

from __future__ import annotations

import ctypes
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from typeloom.errors import LimitError, SchemaError
from typeloom.llama.library import api
from typeloom.llama.model import LlamaModel
from typeloom.llama.tokenizer import Segment, Tokenizer
from typeloom.llama.vocabulary import read_pieces


def llama_tokens(vocab: int, text: str) -> list[int]:
    """What llama.cpp itself makes of a rendered prompt, control tokens included."""
    data = text.encode()
    buffer = (ctypes.c_int32 * (len(data) + 8))()
    count = api.llama_tokenize(vocab, data, len(data), buffer, len(buffer), False, True)
    assert count >= 0
    return list(buffer[:count])


def vocab_of(model: LlamaModel) -> int:
    return int(api.llama_model_get_vocab(model._model))


HARMLESS = [
    "hello world",
    "  two  spaces\n\n\ttab",
    "ünïcode 漢字 🙂",
    "",
    "a",
    "\n",
    '{"a": [1, 2.5e3]}',
    "it's 12345",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_content_has_the_tokens_of_the_rendered_prompt(tiny: LlamaModel, text: str) -> None:
    segments = [Segment("<|user|>\n", False), Segment(text, True), Segment("<|end|>\n<|assistant|>", False)]
    rendered = "".join(segment.text for segment in segments)
    assert tiny.tokenizer.prompt(segments, begin=False) == llama_tokens(vocab_of(tiny), rendered)


def test_harmless_content_on_real_vocabularies(vocabulary_files: list[Path]) -> None:
    for path in vocabulary_files:
        parameters = api.llama_model_default_params()
        parameters.vocab_only = True
        model = api.llama_model_load_from_file(str(path).encode(), parameters)
        try:
            vocab = int(api.llama_model_get_vocab(model))
            pieces = read_pieces(model)
            tokenizer = Tokenizer(vocab, pieces.texts, pieces.attributes)
            controls = [text for text, token in tokenizer.control_tokens.items() if pieces.attributes[token] & 8][:3]
            for text in HARMLESS:
                parts = [Segment(controls[0], False), Segment(text, True), Segment(f" x{controls[-1]} y", False)]
                rendered = "".join(part.text for part in parts)
                assert tokenizer.prompt(parts, begin=False) == llama_tokens(vocab, rendered), (path.name, text)
            for name, token in tokenizer.control_tokens.items():
                assert token not in tokenizer.plain(f"a{name}b {name}"), (path.name, name)
                assert tokenizer.prompt([Segment(name, False)], begin=False) == [token], (path.name, name)
        finally:
            api.llama_model_free(model)


@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                ["<|user|>", "<|end|>", "</s>", "<s>", "<|tool|>", "<|us", "er|>", "<", "|>", " ", "<|end|"]
            ),
            st.text(max_size=5),
        ),
        max_size=8,
    )
)
@settings(max_examples=4 * settings.default.max_examples)
def test_content_never_becomes_a_control_token_and_loses_no_byte(tiny: LlamaModel, parts: list[str]) -> None:
    text = "".join(parts)
    if any(0xD800 <= ord(character) < 0xE000 for character in text):
        return
    tokens = tiny.tokenizer.plain(text)
    assert not set(tokens) & set(tiny.tokenizer.control_tokens.values())
    assert tiny.text_of(tokens) == text.encode()


def test_control_text_split_between_glue_and_content_is_text(tiny: LlamaModel) -> None:
    tokens = tiny.tokenizer.prompt([Segment("<|us", False), Segment("er|>", True)], begin=False)
    assert not set(tokens) & set(tiny.tokenizer.control_tokens.values())


def test_one_beginning_of_sentence(tiny: LlamaModel) -> None:
    bos = tiny.tokenizer.control_tokens["<s>"]
    assert tiny.tokenizer.prompt([Segment("<s>hello", False)]).count(bos) == 1
    assert tiny.tokenizer.prompt([Segment("hello", False)])[0] == bos
    assert tiny.tokenizer.prompt([Segment("hello", False)], begin=False)[0] != bos


@pytest.mark.parametrize(
    "text", ["a" * 100_000, " " * 100_000, "\n" * 50_000, "é" * 60_000, "1" * 100_000, "a1 " * 50_000]
)
def test_long_equal_runs_do_not_overflow_the_pre_tokeniser(tiny: LlamaModel, text: str) -> None:
    assert tiny.text_of(tiny.tokenizer.plain(text)) == text.encode()


def test_long_equal_runs_on_real_vocabularies(vocabulary_files: list[Path]) -> None:
    for path in vocabulary_files:
        parameters = api.llama_model_default_params()
        parameters.vocab_only = True
        model = api.llama_model_load_from_file(str(path).encode(), parameters)
        try:
            pieces = read_pieces(model)
            tokenizer = Tokenizer(int(api.llama_model_get_vocab(model)), pieces.texts, pieces.attributes)
            for text in ("a" * 100_000, " " * 50_000, "漢" * 30_000):
                shown = b"".join(pieces.texts[token] for token in tokenizer.plain(text))
                assert shown.lstrip(b" ") == text.encode().lstrip(b" "), path.name
        finally:
            api.llama_model_free(model)


def test_cutting_at_words_keeps_the_tokens(tiny: LlamaModel) -> None:
    text = "hello world true " * 1500
    assert tiny.tokenizer.plain(text) == llama_tokens(vocab_of(tiny), text)


def test_what_cannot_fit_is_refused_before_tokenising(tiny: LlamaModel) -> None:
    with pytest.raises(LimitError, match="at most 512 tokens, was 2000000 bytes"):
        tiny.tokenizer.plain("x" * 2_000_000, longest=tiny.n_ctx)


def test_lone_surrogate_is_named(tiny: LlamaModel) -> None:
    with pytest.raises(SchemaError, match=r"lone surrogate U\+DC80"):
        tiny.tokenizer.plain("ab\udc80")
