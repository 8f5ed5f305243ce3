"""A loop of your own: llama-cpp-python evaluates and draws; in its chain stands a native sampler that masks."""

from __future__ import annotations

import llama_cpp
from llama_cpp._internals import LlamaSampler
from pydantic import BaseModel

import typeloom as tl
from typeloom import embedded


class Order(BaseModel):
    article: str
    quantity: int
    urgent: bool


llama = llama_cpp.Llama(str(embedded.path()), n_ctx=512, n_threads=1, n_threads_batch=1, verbose=False)
vocabulary = tl.Vocabulary.from_gguf(embedded.path())
masked = tl.llama.sampler(tl.compile(Order, vocabulary), max_tokens=80)

chain = LlamaSampler()
masked.add_to(chain)  # in front of what drops candidates; the chain owns it now
chain.add_temp(0.5)
chain.add_dist(seed=1)

llama.eval(llama.tokenize(b"Please send us 12 chairs, and hurry.\n"))
text = b""
while (token := chain.sample(llama._ctx)) not in vocabulary.end_ids:
    text += vocabulary.token(token)
    llama.eval([token])

masked.check()  # complete, or an exception
print(Order.model_validate_json(text))
chain.close()
llama.close()
