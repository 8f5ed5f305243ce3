"""The tokenizer: byte-level BPE in which a word costs the same everywhere.

Spaces, digits and punctuation never join a word's token.  So ``Acme`` is the
same tokens after a space in the text and after a quote in the answer, and
copying is copying; and a number is its digits.  The price, more tokens per
text, is small beside what a small model would spend on learning that two
spellings are one.  A few joints of JSON are the only exception.

llama.cpp splits with the regular expression of GPT-2; as no merge crosses
its borders, both give the same tokens (``evaluate.py`` checks it).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from math import log2
from typing import Any

import numpy as np
import vectors
from labels import label_sets
from samples import sample
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from values import WORK
from wordlist import DOCUMENT_WORDS

SPECIAL = ["<|user|>", "<|assistant|>", "<|end|>"]
USER, ASSISTANT, END = 0, 1, 2
FILE = WORK / "tokenizer.json"
LEARNT, SIZE = 8192, 14336
"""Tokens learnt by BPE, and with the words that are added."""
KNOWN_WORDS = 25_000
"""A token that is a rarer word is mostly a piece of other words."""
JOINTS = [('"', ":"), (",", '"'), ('":', '"'), ('"', ',"')]
CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{{ ('<|assistant|>' if message['role'] == 'assistant' else '<|user|>') + message['content'] + '<|end|>' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"
)


def learn(count: int = 6000) -> None:
    """Train on generated samples and write ``work/tokenizer.json``."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"\p{L}+|[^\p{L}]"), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=LEARNT - len(JOINTS),
        special_tokens=SPECIAL,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        max_token_length=10,
        show_progress=False,
    )
    texts = []
    for seed in range(count):
        made = sample(seed)
        texts += [m["content"] for m in made.messages] + [made.answer]
    tokenizer.train_from_iterator([*texts, *common_words()], trainer)
    state = json.loads(tokenizer.to_str())["model"]
    vocabulary, merges = state["vocab"], [tuple(m) for m in state["merges"]]
    for left, right in JOINTS:
        merges.append((left, right))
        vocabulary[left + right] = len(vocabulary)
    FILE.write_text(json.dumps(extended({"vocab": vocabulary, "merges": merges})))


def extended(state: dict[str, Any]) -> dict[str, Any]:
    """The tokenizer with tokens for more whole words, until there are ``SIZE``.

    What is there keeps its number, and its merges go first: a text is cut as before, and then some neighbours become one.  So a
    model of the smaller tokenizer can go on with the larger one (``export.widened``).  A word is worth what it says: one that is
    two tokens has no meaning of its own, and a label is told by the meanings of words.
    """
    vocabulary, merges = dict(state["vocab"]), [tuple(m) for m in state["merges"]]
    joined = set(merges)
    made = Tokenizer(models.BPE(vocabulary, merges))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    for word in words_by_use():
        pieces = made.encode(word, add_special_tokens=False).tokens
        left = pieces[0]
        for right in pieces[1:]:
            if len(vocabulary) == SIZE:
                return {"vocab": vocabulary, "merges": merges}
            vocabulary.setdefault(left + right, len(vocabulary))
            if (left, right) not in joined:
                joined.add((left, right))
                merges.append((left, right))
            left += right
    raise ValueError(f"only {len(vocabulary)} tokens of {SIZE}: too few words")


def words_by_use() -> list[str]:
    """Words of letters a to z, the most useful first: common ones, and those of the texts written by hand."""
    from wordfreq import top_n_list, zipf_frequency

    written = Counter(re.findall(r"[A-Za-z]{3,14}", " ".join(text for one in label_sets() for label in one.labels for text in [*label.names, *label.notes, *label.texts])))
    worth = {word: zipf_frequency(word, "en") for word in top_n_list("en", 20_000) if re.fullmatch(r"[a-z]{3,14}", word)}
    for word, count in written.items():
        common = zipf_frequency(word, "en") - (0 if word.islower() else 1)
        if count > 1 and common > 0:
            worth[word] = max(worth.get(word, 0.0), common + 0.35 * log2(count))
    return sorted(worth, key=lambda word: (-worth[word], word))


def common_words() -> Iterator[str]:
    """Words of English, each as often as a little text would have it: the tokens must suit more than our samples."""
    from wordfreq import top_n_list, word_frequency

    kept = set(DOCUMENT_WORDS)
    for word in [*kept, *top_n_list("en", 40_000)]:
        if word.isalpha():
            times = max(400 if word in kept else 1, round(150_000 * word_frequency(word, "en") ** 0.8))
            yield " ".join([word] * times)
            yield " ".join([word.title()] * max(1, times // 3))
            yield " ".join([word.upper()] * (times // 15))


def known() -> np.ndarray[Any, np.dtype[np.float32]]:
    """(tokens, 100): the vector of each token that is a common word, whatever its case; nothing of pieces and marks."""
    table = vectors.words()
    out = np.zeros((len(tokenizer().get_vocab()), vectors.SIZE), np.float32)
    for name, token in tokenizer().get_vocab().items():
        at = table.number.get(name.lower())
        if at is not None and at < KNOWN_WORDS and name.isalpha() and len(name) > 1:
            out[token] = table.rows[at]
    return out


@cache
def tokenizer() -> Tokenizer:
    state = json.loads(FILE.read_text())
    made = Tokenizer(models.BPE(state["vocab"], [tuple(m) for m in state["merges"]]))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    made.decoder = decoders.ByteLevel()
    return made


def encode(text: str) -> list[int]:
    """Plain text: what looks like a control token in it is not one."""
    return tokenizer().encode(text, add_special_tokens=False).ids


@cache
def piece(token: int) -> bytes:
    """The bytes of a token."""
    table = {character: byte for byte, character in enumerate(_characters())}
    return bytes(table[c] for c in tokenizer().id_to_token(token))


def _characters() -> list[str]:
    """How byte-level BPE writes each byte (GPT-2's table): printable ones as themselves, the rest from U+0100 on."""
    plain = {*range(33, 127), *range(161, 173), *range(174, 256)}
    others = (chr(256 + n) for n in range(256))
    return [chr(byte) if byte in plain else next(others) for byte in range(256)]


def decode(ids: list[int]) -> str:
    return tokenizer().decode(ids, skip_special_tokens=False)


def prompt_ids(messages: list[dict[str, str]]) -> list[int]:
    """The chat template over tokens: control tokens by id, contents as text."""
    ids: list[int] = []
    for message in messages:
        ids += [ASSISTANT if message["role"] == "assistant" else USER, *encode(message["content"]), END]
    return [*ids, ASSISTANT]
