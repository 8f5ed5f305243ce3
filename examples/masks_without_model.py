"""The engine alone: a type compiled against a vocabulary of bytes, and what may come next at each step.

No model is loaded. Where everything is forced nothing needs to be asked of one; the rest shows how many bytes are open.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

import typeloom as tl


class Order(BaseModel):
    state: Literal["open", "paid", "packed"]
    count: int = Field(ge=1, le=12)


def main() -> None:
    vocab = tl.Vocabulary.from_tokens([bytes([b]) for b in range(256)] + [b""], end_ids=[256], special_ids=[256])
    constraint = tl.compile(Order, vocab)
    matcher = constraint.start()
    for byte in b'{"state":"packed","count":12}':
        allowed = vocab.allowed(matcher.new_mask())
        choices = "".join(chr(token) if 32 <= token < 127 else "." for token in allowed[:12])
        print(f"{chr(byte)}   out of {len(allowed):>2}: {choices}")
        assert matcher.accept(byte)
    print("complete:", matcher.is_accepting())
    print("accepts count 13:", constraint.accepts('{"state":"paid","count":13}'))
    print("at least this many tokens:", constraint.min_tokens)


if __name__ == "__main__":
    main()
