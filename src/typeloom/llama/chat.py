"""Messages to a prompt, by the chat template that the model file brings along.

Theory of operation. The template is rendered with a marker in place of every message's content. The rendered text is
cut at the markers: what the template wrote is glue, in which control tokens count, and the contents are put between
as content, in which they do not (tokenizer.py). So no text of a user, a document or an example ever turns into a
control token, however the template is written.

Each marker is wrapped in vertical tabs. A template that trims contents removes them, and then the content is trimmed as
well. A template that drops a content, or changes it beyond that, leaves no clean marker. A template without room for a
system message then gets it as the beginning of the first user message; if that does not help, or the file has no
template, the plain form below is used. `Prompt.form` says which.

    ### System            (plain form; a blank line after each message)
    the content

    ### User
    the content

    ### Assistant
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from typeloom.errors import Error, ModelError, SchemaError
from typeloom.llama.template import render
from typeloom.llama.thinking import Marks, opened
from typeloom.llama.tokenizer import Segment

if TYPE_CHECKING:
    from typeloom.llama.model import LlamaModel

__all__ = ["Message", "Prompt", "chat_prompt", "chat_segments"]

Form = Literal["template", "template, system text in the user message", "plain"]
_PAD = "\x0b"  # whitespace to every trim, and in no template


@dataclass(frozen=True)
class Message:
    """One message: `role` is "system", "user" or "assistant"; `content` any text, never read as control tokens."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True)
class Prompt:
    """The tokens of a conversation up to where the assistant is to answer, and by which form they were made."""

    tokens: tuple[int, ...]
    form: Form


def chat_prompt(
    model: LlamaModel, messages: Sequence[Message], *, template: str | None = None, thinking: Marks | None = None
) -> Prompt:
    """The prompt of a conversation; `template` (Jinja) instead of the one in the model file. With `thinking`, it ends
    where the assistant begins to think, else where it begins to answer.

    Raises SchemaError for an unknown role or a lone surrogate, LimitError if the text cannot fit into the context,
    ModelError if the template is broken or refuses the messages. O(text).
    """
    source = model.chat_template if template is None else template
    segments, form = chat_segments(
        source, messages, bos_token=model.bos_token, eos_token=model.eos_token, thinking=thinking
    )
    return Prompt(tuple(model.tokenizer.prompt(segments, longest=model.n_ctx)), form)


def chat_segments(
    template: str | None,
    messages: Sequence[Message],
    *,
    bos_token: str = "",
    eos_token: str = "",
    thinking: Marks | None = None,
) -> tuple[list[Segment], Form]:
    """Glue and contents of a conversation, in order, and the form. Raises like `chat_prompt`.

    >>> template = "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}{% endfor %}"
    >>> segments, form = chat_segments(template, [Message("user", "<|user|>")])
    >>> [(segment.text, segment.is_content) for segment in segments], form
    ([('<|user|>', False), ('<|user|>', True)], 'template')
    """
    for place, message in enumerate(messages):
        if message.role not in ("system", "user", "assistant"):
            raise SchemaError(
                f"expected the role system, user or assistant, was {message.role!r}", path=f"$.messages[{place}].role"
            )
    segments, form = _written(template, messages, {"bos_token": bos_token, "eos_token": eos_token}, thinking)
    end = "" if segments[-1].is_content else segments[-1].text
    if thinking is None:
        begun = opened(end)
        further = "" if begun is None else f"\n{begun.end}{begun.after}"
    else:
        further = "" if thinking.begin and end.rstrip().endswith(thinking.begin.strip()) else thinking.begin
    return [*segments, *([Segment(further, is_content=False)] if further else [])], form


def _written(
    template: str | None, messages: Sequence[Message], names: dict[str, Any], thinking: Marks | None
) -> tuple[list[Segment], Form]:
    if template is None:
        return _plain(messages), "plain"
    thinks = thinking is not None
    names = {**names, "enable_thinking": thinks, "thinking": thinks}  # what templates call it
    refusal: Error | None = None
    try:
        found = _by_template(template, messages, names)
    except ModelError as error:
        found, refusal = None, error
    if found is not None:
        return found, "template"
    folded = _fold_system(messages)
    if folded is not None:
        try:
            found = _by_template(template, folded, names)
        except ModelError:
            found = None
        if found is not None:
            return found, "template, system text in the user message"
    if refusal is not None:
        raise refusal
    return _plain(messages), "plain"


def _by_template(template: str, messages: Sequence[Message], names: dict[str, Any]) -> list[Segment] | None:
    """The segments, or None if some content does not come out of the template as it went in, but for trimming."""
    stem = "typeloomContent"
    while stem in template:
        stem += "X"
    markers = [f"{stem}{place:06d}" for place in range(len(messages))]
    rendered = render(
        template,
        {
            "messages": [
                {"role": message.role, "content": f"{_PAD}{marker}{_PAD}"}
                for message, marker in zip(messages, markers, strict=True)
            ],
            "add_generation_prompt": True,
            **names,
        },
    )
    segments: list[Segment] = []
    seen: set[int] = set()
    at = 0
    for found in re.finditer(f"({_PAD}?){stem}([0-9]{{6}})({_PAD}?)", rendered):
        segments.append(Segment(rendered[at : found.start()], is_content=False))
        left, digits, right = found.groups()
        content = messages[int(digits)].content
        content = content if left else content.lstrip()
        content = content if right else content.rstrip()
        segments.append(Segment(content, is_content=True))
        seen.add(int(digits))
        at = found.end()
    segments.append(Segment(rendered[at:], is_content=False))
    glue = "".join(segment.text for segment in segments if not segment.is_content)
    if len(seen) != len(messages) or _PAD in glue or re.search(r"\\u000[bB]|\\x0[bB]|\\v|&#", glue) or stem in glue:
        return None
    return [segment for segment in segments if segment.text]


def _fold_system(messages: Sequence[Message]) -> list[Message] | None:
    """The same conversation with its first system message at the head of the first user message; None if it has not
    both."""
    if len(messages) < 2 or messages[0].role != "system" or messages[1].role != "user":
        return None
    return [Message("user", f"{messages[0].content}\n\n{messages[1].content}"), *messages[2:]]


def _plain(messages: Sequence[Message]) -> list[Segment]:
    segments: list[Segment] = []
    for message in messages:
        segments.append(Segment(f"### {message.role.capitalize()}\n", is_content=False))
        segments.append(Segment(message.content, is_content=True))
        segments.append(Segment("\n\n", is_content=False))
    segments.append(Segment("### Assistant\n", is_content=False))
    return [segment for segment in segments if segment.text]
