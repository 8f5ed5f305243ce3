"""A type for a program that knows nothing of it: written as GBNF, read by llama.cpp's own grammar sampler."""

from __future__ import annotations

from typing import Literal

import llama_cpp
from pydantic import BaseModel, Field

import typeloom as tl
from typeloom import embedded


class Ticket(BaseModel):
    kind: Literal["bug", "question", "praise"]
    priority: int = Field(ge=1, le=5)
    title: str = Field(max_length=40)


def main() -> None:
    grammar = tl.compile(Ticket, tl.Vocabulary.from_gguf(embedded.path())).to_gbnf()
    print(grammar)
    llama = llama_cpp.Llama(str(embedded.path()), n_ctx=512, n_threads=1, n_threads_batch=1, verbose=False, seed=1)
    answer = llama.create_completion(
        "The export button crashes the app. Ticket: ",
        grammar=llama_cpp.LlamaGrammar.from_string(grammar, verbose=False),
        max_tokens=200,
    )
    llama.close()
    print(Ticket.model_validate_json(answer["choices"][0]["text"]))  # type: ignore[index]


if __name__ == "__main__":
    main()
