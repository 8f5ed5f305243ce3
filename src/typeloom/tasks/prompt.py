"""The one place that makes prompts.

The embedded model was trained on exactly the text that this file makes, so a
change of wording here is a change of model: retrain, or leave it.

Two rules shape the wording.  What stays the same between calls (task,
instructions, outline) comes first and the text comes last, so the key-value
cache of the common prefix can be reused.  And every line is short, because a
small model on a CPU pays for each token.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

__all__ = ["Message", "classification", "extraction", "outline"]

Message = dict[str, str]
"""One chat turn: ``{"role": "user" | "assistant", "content": ...}``."""

EXTRACT = "Fill in these fields from the text, as JSON. null when the text does not say."
CLASSIFY = "Give the one label that fits the text."

MAX_FIELDS = 200
"""Fields written out before an outline ends in an ellipsis line."""

MAX_DEPTH = 8
MAX_CHOICES = 60
MAX_DESCRIPTION = 200
MAX_STEPS = 5000
"""Parts of a schema looked at: unions within unions would multiply."""

_FORMATS = {
    "date": "date",
    "time": "time",
    "date-time": "datetime",
    "duration": "duration",
    "email": "email",
    "uri": "url",
    "url": "url",
    "uuid": "uuid",
}
_TYPES = {
    "string": "text",
    "integer": "integer",
    "number": "number",
    "boolean": "true/false",
    "null": "null",
    "object": "object",
    "array": "list",
}


def outline(schema: Mapping[str, Any]) -> str:
    """Write a JSON Schema as one short line per field.

    ``total: number or null # Amount to pay`` reads the same to a person and
    to a model, and costs a fifth of the schema's tokens.  Any schema gives
    some outline: what is not understood is called ``any``, recursion stops
    at the name of the type that recurs, and the size is bounded.
    """
    return _Outline(schema).text()


def extraction(
    outline: str,
    text: str,
    instructions: str = "",
    examples: Sequence[tuple[str, str]] = (),
) -> list[Message]:
    """The turns that ask for an object; its answer is compact JSON."""
    return _turns(_head(EXTRACT, instructions, "Fields", outline), text, examples)


def classification(
    labels: Sequence[tuple[str, str]],
    text: str,
    instructions: str = "",
    examples: Sequence[tuple[str, str]] = (),
) -> list[Message]:
    """The turns that ask for a label; its answer is the label as a JSON string.

    ``labels`` are pairs of label and description; a description may be empty.
    ``examples`` are pairs of text and answer, as for :func:`extraction`.
    """
    listed = "\n".join(_described(_quoted(label), note, ": ") for label, note in labels)
    return _turns(_head(CLASSIFY, instructions, "Labels", listed), text, examples)


def _head(task: str, instructions: str, title: str, body: str) -> str:
    parts = [task]
    if instructions.strip():
        parts.append(instructions.strip())
    parts.append(f"{title}:\n{body}")
    return "\n".join(parts)


def _turns(head: str, text: str, examples: Sequence[tuple[str, str]]) -> list[Message]:
    """Chat turns whose first one alone carries the head."""
    messages: list[Message] = []
    for example, answer in examples:
        messages.append({"role": "user", "content": _asked(head, example)})
        messages.append({"role": "assistant", "content": answer})
        head = ""
    messages.append({"role": "user", "content": _asked(head, text)})
    return messages


def _asked(head: str, text: str) -> str:
    return f"{head}\n\nText:\n{text}" if head else f"Text:\n{text}"


def _quoted(value: Any) -> str:
    if isinstance(value, _Named):
        return str(value)
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError):
        return "..."


def _described(line: str, note: Any, mark: str = " # ") -> str:
    """``line`` with its description behind it, on one line and cut to a length."""
    words = " ".join(note.split()) if isinstance(note, str) else ""
    if len(words) > MAX_DESCRIPTION:
        words = words[: MAX_DESCRIPTION - 3].rstrip() + "..."
    return f"{line}{mark}{words}" if words else line


class _Outline:
    """One walk over one schema: its definitions and the lines so far."""

    def __init__(self, schema: Any) -> None:
        self._root: Any = schema
        self._lines: list[str] = []
        self._full = False
        self._steps = 0

    def text(self) -> str:
        node, names = self._resolved(self._root, ())
        fields = list(self._fields(node))
        if fields:
            for name, child in fields:
                self._field(name, child, 0, names)
        else:
            self._value("answer", node, 0, names, "")
        return "\n".join(self._lines)

    def _add(self, line: str) -> bool:
        if self._full:
            return False
        if len(self._lines) >= MAX_FIELDS:
            self._lines.append("...")
            self._full = True
            return False
        self._lines.append(line)
        return True

    def _field(self, name: str, schema: Any, depth: int, names: tuple[str, ...]) -> None:
        if self._full:
            return
        note = schema.get("description") if isinstance(schema, Mapping) else None
        self._value(str(name), schema, depth, names, note)

    def _value(self, name: str, schema: Any, depth: int, names: tuple[str, ...], note: Any) -> None:
        """Write the line of a field, and below it the fields it holds."""
        words: list[str] = []
        inner: list[tuple[Any, tuple[str, ...]]] = []
        self._words(schema, names, depth, words, inner)
        unique = list(dict.fromkeys(words)) or ["any"]
        if "null" in unique:  # last, whatever the order in the schema
            unique = [word for word in unique if word != "null"] + ["null"]
        label = "  " * depth + " ".join(name.split())
        if not self._add(_described(f"{label}: {' or '.join(unique)}", note)):
            return
        for node, seen in inner:
            for child, part in self._fields(node):
                self._field(child, part, depth + 1, seen)

    def _words(
        self,
        schema: Any,
        names: tuple[str, ...],
        depth: int,
        words: list[str],
        inner: list[tuple[Any, tuple[str, ...]]],
    ) -> None:
        """Say the type of a schema in ``words``; collect objects in ``inner``."""
        node, seen = self._resolved(schema, names)
        self._steps += 1
        if not isinstance(node, Mapping) or self._steps > MAX_STEPS:
            words.append("any")
            return
        for key in ("anyOf", "oneOf", "allOf"):
            options = node.get(key)
            if isinstance(options, list) and options:
                if depth >= MAX_DEPTH:
                    words.append("any")
                    return
                for option in self._plain(options):
                    self._words(option, seen, depth + 1, words, inner)
                return
        if "const" in node:
            words.append(_quoted(node["const"]))
            return
        choices = node.get("enum")
        if isinstance(choices, list) and choices:
            shown = [_quoted(choice) for choice in choices[:MAX_CHOICES]]
            words.extend(shown + (["..."] if len(choices) > MAX_CHOICES else []))
            return
        kind = node.get("type")
        if isinstance(kind, list):
            for one in kind[:8]:
                self._words({**node, "type": one}, seen, depth + 1, words, inner)
            return
        if kind == "array" or (kind is None and ("items" in node or "prefixItems" in node)):
            self._list(node, seen, depth, words, inner)
        elif kind == "object" or (kind is None and "properties" in node):
            self._object(node, seen, depth, words, inner)
        elif kind == "string":
            form = node.get("format")
            words.append(_FORMATS.get(form, "text") if isinstance(form, str) else "text")
        else:
            words.append(_TYPES.get(kind, "any") if isinstance(kind, str) else "any")

    def _list(
        self,
        node: Mapping[str, Any],
        seen: tuple[str, ...],
        depth: int,
        words: list[str],
        inner: list[tuple[Any, tuple[str, ...]]],
    ) -> None:
        items = node.get("items")
        parts = node.get("prefixItems")
        if depth >= MAX_DEPTH:
            words.append("list")
            return
        each: list[str] = []
        if isinstance(parts, list) and parts:
            for part in parts[:8]:
                one: list[str] = []
                self._words(part, seen, depth + 1, one, inner)
                each.append(" or ".join(one))
            words.append(f"list of {', then '.join(each)}")
        elif isinstance(items, Mapping):
            self._words(items, seen, depth + 1, each, inner)
            words.append(f"list of {' or '.join(dict.fromkeys(each))}")
        else:
            words.append("list")

    def _object(
        self,
        node: Mapping[str, Any],
        seen: tuple[str, ...],
        depth: int,
        words: list[str],
        inner: list[tuple[Any, tuple[str, ...]]],
    ) -> None:
        if any(True for _ in self._fields(node)):
            if depth < MAX_DEPTH:
                inner.append((node, seen))
            words.append("object")
            return
        values = node.get("additionalProperties")
        if isinstance(values, Mapping) and depth < MAX_DEPTH:
            each: list[str] = []
            self._words(values, seen, depth + 1, each, inner)
            words.append(f"map of text to {' or '.join(dict.fromkeys(each))}")
        else:
            words.append("object")

    @staticmethod
    def _plain(options: Sequence[Any]) -> list[Any]:
        """The options without the string spelling that Pydantic gives a Decimal."""
        numbers = any(
            isinstance(option, Mapping) and option.get("type") == "number" for option in options
        )
        return [
            option
            for option in options[:MAX_CHOICES]
            if not (
                numbers
                and isinstance(option, Mapping)
                and option.get("type") == "string"
            )
        ]

    @staticmethod
    def _fields(node: Any) -> Iterator[tuple[str, Any]]:
        properties = node.get("properties") if isinstance(node, Mapping) else None
        if isinstance(properties, Mapping):
            yield from properties.items()

    def _resolved(self, schema: Any, names: tuple[str, ...]) -> tuple[Any, tuple[str, ...]]:
        """Follow ``$ref``; a name met before on this path ends in that name."""
        for _ in range(32):
            if not isinstance(schema, Mapping) or not isinstance(schema.get("$ref"), str):
                return schema, names
            ref: str = schema["$ref"]
            name = ref.rsplit("/", 1)[-1] or "itself"
            if ref in names or len(names) > 4 * MAX_DEPTH:
                return {"const": _Named(name)}, names
            names = (*names, ref)
            schema = self._target(ref)
        return {}, names

    def _target(self, ref: str) -> Any:
        node = self._root
        for part in ref.removeprefix("#").strip("/").split("/"):
            if not part:
                continue
            key = part.replace("~1", "/").replace("~0", "~")
            if not isinstance(node, Mapping) or key not in node:
                return {}
            node = node[key]
        return node


class _Named(str):
    """The name of a type that recurs, which is written without quotes."""
