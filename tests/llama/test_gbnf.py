"""GBNF beside llama.cpp's own reader: what we write it reads, and of the grammars that come with it both take the same
texts."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import llama_cpp
import pytest
from llama_cpp import llama_grammar
from pydantic import BaseModel, Field

import typeloom as tl
from typeloom.testing import byte_vocabulary

# Three of llama.cpp's grammars/ that the binding has under a wrong name or not at all.
CHESS = r"""
root    ::= "1. " move " " move "\n" ([1-9] [0-9]? ". " move " " move "\n")+
move    ::= (pawn | nonpawn | castle) [+#]?
# piece type, optional file/rank, optional capture, dest file & rank
nonpawn ::= [NBKQR] [a-h]? [1-8]? "x"? [a-h] [1-8]
# optional file & capture, dest file & rank, optional promotion
pawn    ::= ([a-h] "x")? [a-h] [1-8] ("=" [NBKQR])?
castle  ::= "O-O" "-O"?
"""
JAPANESE = r"""
root        ::= jp-char+ ([ \t\n] jp-char+)*
jp-char     ::= hiragana | katakana | punctuation | cjk
hiragana    ::= [ぁ-ゟ]
katakana    ::= [ァ-ヿ]
punctuation ::= [、-〾]
cjk         ::= [一-鿿]
"""
ENGLISH = r"""
root        ::= en-char+ ([ \t\n] en-char+)*
en-char     ::= letter | digit | punctuation
letter      ::= [a-zA-Z]
digit       ::= [0-9]
punctuation ::= [!"#$%&'()*+,-./:;<=>?@[\\\]^_`{|}~]
"""
GRAMMARS = {name: text for name, text in vars(llama_grammar).items() if name.endswith("_GBNF")}
GRAMMARS |= {"CHESS": CHESS, "JAPANESE": JAPANESE, "ENGLISH": ENGLISH}
TEXTS = {
    "ARITHMETIC_GBNF": (["1+2=3\n", "(x -1)*2 = 4\n"], ["1+2\n", "=\n", "1+2=3"]),
    "C_GBNF": (["int main(){return 0;}", "float f(int a){a = 1;}"], ["main(){}", "int 1(){}"]),
    "JSON_GBNF": (['{"a": [1, "é", null]}', "{}"], ["{,}", "{"]),
    "JSON_ARR_GBNF": (['[\n1,\n"a"]'], ["[1]", "{}"]),
    "LIST_GBNF": (["- a\n- b\n"], ["a\n", "- a"]),
    "CHESS": (["1. e4 e5\n2. Nf3 Nc6\n", "1. O-O exd5+\n12. a8=Q Kxe1#\n"], ["1. e4 e5\n", "1. e9 e5\n2. a3 a6\n"]),
    "JAPANESE": (["こんにちは世界", "ア、\t亜"], ["abc", "", "ア "]),
    "ENGLISH": (["It's [a] {test}\\ 1-2,3!", "~"], ["é", "", "a  b"]),
}


class Item(BaseModel):
    kind: Literal["bolt", "nüt"]
    count: int = Field(ge=1, le=250)
    note: str | None = None
    parts: list[Item] = []


WRITTEN: dict[str, Any] = {
    "object": Item,
    "list": list[Item] | None,
    "sums": tl.Lark('start: start "+" NUMBER | NUMBER\n%import common.NUMBER'),
    "sql": tl.Lark('start: "SELECT " NAME ("," NAME)* " FROM " NAME\nNAME: /[a-z_]{1,20}/'),
    **{name: tl.grammars.load(name) for name in ("json", "iso8601", "arithmetic", "chess_pgn")},
}
SAMPLES = {
    "object": (['{"kind":"nüt","count":250,"note":"a\\n\\"é"}', '{"kind":"bolt","count":1,"parts":[]}'],
               ['{"kind":"nut","count":1}', '{"kind":"bolt","count":251}', '{"count":1}', "{}"]),
    "list": (["null", "[]", '[{"kind":"bolt","count":12,"note":null}]'], ["[null]", "[,]", ""]),
    "sums": (["1", "1+2.5+3e4"], ["+", "1+", ""]),
    "sql": (["SELECT a,b_c FROM d"], ["SELECT  FROM d", "SELECT A FROM d"]),
    "json": (['{"a":[1,2.5e3,"\\u00e9"]}', " [ ] "], ["[1,]", "{a:1}"]),
    "iso8601": (["2026-05-03T12:30:45.5Z", "P1DT2H"], ["2026-13-01", "P"]),
    "arithmetic": (["-f(x, 2)^3 * 1.5"], ["1 +", "()"]),
    "chess_pgn": (["1. e4 e5 2. Nf3 *"], ["1. e9 *"]),
}  # fmt: skip


class Theirs:
    """llama.cpp's sampler for a grammar, over the tiny model's tokens: ids below 256 are bytes."""

    def __init__(self, llama: llama_cpp.Llama, grammar: str) -> None:
        self.vocab = llama._model.vocab
        self.end = llama_cpp.llama_vocab_eos(self.vocab)
        self.sampler = llama_cpp.llama_sampler_init_grammar(self.vocab, grammar.encode(), b"root")

    def reads(self) -> bool:
        return bool(self.sampler)

    def accepts(self, text: str) -> bool:
        llama_cpp.llama_sampler_reset(self.sampler)
        for byte in text.encode():
            if not self.allows(byte):
                return False
            llama_cpp.llama_sampler_accept(self.sampler, byte)
        return self.allows(self.end)

    def allows(self, token: int) -> bool:
        data = (llama_cpp.llama_token_data * 1)(llama_cpp.llama_token_data(token, 1.0, 0.0))
        array = llama_cpp.llama_token_data_array(data, 1, -1, False)
        llama_cpp.llama_sampler_apply(self.sampler, ctypes.byref(array))
        return bool(data[0].logit > float("-inf"))


@pytest.fixture(scope="module")
def llama(tiny_path: Path) -> Iterator[llama_cpp.Llama]:
    model = llama_cpp.Llama(str(tiny_path), n_ctx=64, n_threads=1, n_threads_batch=1, verbose=False)
    yield model
    model.close()


@pytest.mark.parametrize("name", GRAMMARS)
def test_grammars_that_come_with_llama_cpp_are_read_and_take_the_same_texts(llama: llama_cpp.Llama, name: str) -> None:
    theirs = Theirs(llama, GRAMMARS[name])
    assert theirs.reads()
    ours = tl.compile(tl.Gbnf(GRAMMARS[name]), byte_vocabulary())
    good, bad = TEXTS.get(name, ([], []))
    for text in (*good, *bad):
        assert ours.accepts(text) == theirs.accepts(text) == (text in good), text


@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_written_is_read_by_llama_cpp(llama: llama_cpp.Llama, name: str) -> None:
    constraint = tl.compile(WRITTEN[name], byte_vocabulary())
    theirs = Theirs(llama, constraint.to_gbnf())
    assert theirs.reads(), constraint.to_gbnf()
    good, bad = SAMPLES[name]
    for text in (*good, *bad):
        assert constraint.accepts(text) == theirs.accepts(text) == (text in good), text
