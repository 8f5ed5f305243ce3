"""Where a text is refused, what was allowed there, and how an automaton looks: the machine shown to people.

Nothing here is needed to generate. A text is fed byte by byte to a Matcher; where it stops, the live bytes and what
they force say what could have come. A drawing follows the same steps from the start, in breadth, and draws runs of
forced bytes as one edge.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from typeloom.schema.node import Note

if TYPE_CHECKING:
    from typeloom.engine.constraint import Constraint
    from typeloom.engine.matcher import Matcher

MAX_OPTIONS = 12
MAX_OPTION_BYTES = 60
MAX_DRAWN = 120
_CONTEXT = 60


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether a text is accepted, and if not, where and why.

    offset: characters read before the refusal; byte_offset: the same in bytes. `got` is the character refused there, or
    None where the text ended too early. `path` is the value it stands in, `expected` what could have come, `note` what
    `check` says about that value, where it says something.
    """

    text: str
    accepted: bool
    offset: int
    byte_offset: int
    path: str
    expected: tuple[str, ...]
    got: str | None
    note: Note | None

    def __str__(self) -> str:
        if self.accepted:
            return "accepted"
        got = "the end of the text" if self.got is None else repr(self.got)
        wanted = " or ".join(self.expected) if self.expected else "the end of the text"
        start = max(0, self.offset - _CONTEXT)
        shown = self.text[start : self.offset + _CONTEXT].translate({9: " ", 10: " ", 13: " "})
        lines = [
            f"refused at character {self.offset}, in {self.path}: expected {wanted}, got {got}",
            f"  {shown}",
            f"  {' ' * (self.offset - start)}^",
        ]
        if self.note is not None:
            reason = f": {self.note.reason}" if self.note.reason else ""
            lines.append(f"  {self.note.path} is {self.note.subject} ({self.note.coverage.value}{reason})")
        return "\n".join(lines)


def explain(constraint: Constraint, text: str) -> Explanation:
    """How far the constraint follows the text. O(bytes)."""
    data = text.encode("utf-8", "surrogatepass")
    matcher = constraint.start()
    at = 0
    while at < len(data) and matcher.accept_bytes(data[at : at + 1]):
        at += 1
    accepted = at == len(data) and matcher.is_accepting()
    begun = at
    while begun < len(data) and begun > 0 and data[begun] & 0xC0 == 0x80:  # a refusal inside of a character
        begun -= 1
    offset = len(data[:begun].decode("utf-8", "surrogatepass"))
    path = json_path(data[:at])
    return Explanation(
        text=text,
        accepted=accepted,
        offset=offset,
        byte_offset=begun,
        path=path,
        expected=() if accepted else options(matcher),
        got=None if offset >= len(text) else text[offset],
        note=None if accepted else _note(constraint.schema.notes, path),
    )


def options(matcher: Matcher) -> tuple[str, ...]:
    """What may come next, in words: whole keys and literals where they are few, else sets of characters."""
    live = matcher.live_bytes()
    ends = ("the end of the text",) if matcher.is_accepting() else ()
    if len(live) > MAX_OPTIONS:
        return (*byte_sets(live), *ends)
    whole: list[bytes] = []
    waiting = deque((matcher.copy(), bytes([byte])) for byte in live)
    while waiting:
        here, text = waiting.popleft()
        if not here.accept_bytes(text[-1:]):
            continue
        forced = here.forced()
        if forced:
            here.accept_bytes(forced)
            text += forced
        live = here.live_bytes()
        inside = text.count(b'"') % 2 == 1 or (text.isalpha() and live.isalpha())
        many = len(whole) + len(waiting) + len(live) > MAX_OPTIONS
        if not inside or many or not live or len(live) > 4 or len(text) > MAX_OPTION_BYTES or here.is_accepting():
            whole.append(text[:MAX_OPTION_BYTES])
            continue
        waiting.extend((here.copy(), text + bytes([byte])) for byte in live)
    if whole and all(len(text) == 1 for text in whole):
        return (*byte_sets(b"".join(whole)), *ends)
    return (*(repr(text.decode("utf-8", "replace")) for text in sorted(whole)), *ends)


def byte_sets(live: Iterable[int]) -> tuple[str, ...]:
    """A set of bytes in words: ASCII ranges, and other characters together.

    >>> byte_sets(b"0123456789-")
    ("'-'", '0-9')
    """
    ordered = sorted(live)
    out: list[str] = []
    ascii_only = [byte for byte in ordered if byte < 0x80]
    i = 0
    while i < len(ascii_only):
        j = i
        while j + 1 < len(ascii_only) and ascii_only[j + 1] == ascii_only[j] + 1 and _kind(ascii_only[j + 1]) == _kind(
            ascii_only[i]
        ):
            j += 1
        first, last = chr(ascii_only[i]), chr(ascii_only[j])
        out.append(repr(first) if i == j else f"{first}-{last}" if j > i + 1 and _kind(ascii_only[i]) else "")
        if not out[-1]:
            out[-1:] = [repr(chr(byte)) for byte in ascii_only[i : j + 1]] if j - i < 4 else [f"{first!r} to {last!r}"]
        i = j + 1
    if len(ordered) > len(ascii_only):
        out.append("a character outside ASCII")
    if len(ascii_only) > 80:
        missing = [repr(chr(byte)) for byte in range(0x20, 0x7F) if byte not in ascii_only]
        out = [f"any character but {', '.join(missing)}" if missing else "any character"]
    return tuple(out)


def _kind(byte: int) -> str:
    character = chr(byte)
    return "d" if character.isdigit() else "u" if character.isupper() else "l" if character.islower() else ""


def json_path(beginning: bytes) -> str:
    """Where the beginning of a JSON text has come to: the innermost value that is open, or was read last.

    >>> json_path(b'{"items": [{"a": 1}, {"b')
    '$.items[1]'
    >>> json_path(b'{"items": [{"a": 1}, {"b": tr')
    '$.items[1].b'
    """
    steps: list[str | int | None] = []  # a key, the index of an item, or None: an object whose key is not read yet
    string = re.compile(rb'"((?:[^"\\]|\\.)*)("?)', re.DOTALL)
    at, expects_key = 0, False
    while at < len(beginning):
        byte = beginning[at]
        if byte == 0x22:
            found = string.match(beginning, at)
            assert found is not None
            if expects_key and found[2]:
                steps[-1] = found[1].decode("utf-8", "replace")
                expects_key = False
            at = found.end()
            continue
        if byte == 0x7B:
            steps.append(None)
            expects_key = True
        elif byte == 0x5B:
            steps.append(0)
        elif byte in (0x7D, 0x5D) and steps:
            steps.pop()
            expects_key = False
        elif byte == 0x2C and steps:
            last = steps[-1]
            expects_key = not isinstance(last, int)
            steps[-1] = last + 1 if isinstance(last, int) else None
        at += 1
    path = "$"
    for step in steps:
        if isinstance(step, int):
            path += f"[{step}]"
        elif step is not None:
            path += f".{step}" if step.isidentifier() else f'["{step}"]'
    return path


def _note(notes: Iterable[Note], path: str) -> Note | None:
    general = re.sub(r"\[\d+\]", "[*]", path)
    by_path = {note.path: note for note in notes}
    return by_path.get(path) or by_path.get(general) or by_path.get(re.sub(r"\.[^.\[]+$", ".*", general))


def to_dot(constraint: Constraint, max_states: int = MAX_DRAWN) -> str:
    """The automaton as a Graphviz graph: an edge a set of bytes or a run of forced ones, double circles accept.

    Escapes and characters outside ASCII are not drawn. What lies behind `max_states` states is drawn as a dashed edge
    to nowhere, and the graph says so.
    """
    start = constraint.start()
    numbers: dict[int, int] = {start.core.state: 0}
    waiting: deque[Matcher] = deque([start])
    lines: list[str] = []
    cut = False
    while waiting:
        here = waiting.popleft()
        number = numbers[here.core.state]
        shape = "doublecircle" if here.is_accepting() else "circle"
        lines.append(f'  {number} [shape={shape}, label=""];')
        beyond = False
        for label, following in _edges(here):
            state = following.core.state
            if state not in numbers:
                if len(numbers) >= max_states:
                    beyond = True
                    continue
                numbers[state] = len(numbers)
                waiting.append(following)
            lines.append(f"  {number} -> {numbers[state]} [label={_quoted(label)}];")
        if beyond:
            cut = True
            lines.append(f"  beyond{number} [shape=point]; {number} -> beyond{number} [style=dashed];")
    title = [f'  label="the first {max_states} states";'] if cut else []
    head = ["digraph constraint {", "  rankdir=LR;", '  node [fontname="monospace"]; edge [fontname="monospace"];']
    return "\n".join([*head, *title, *lines, "}"])


def _edges(here: Matcher) -> list[tuple[str, Matcher]]:
    """The ways out of a state: one for each state that they lead to, with what leads there."""
    targets: dict[int, tuple[list[int], Matcher]] = {}
    for byte in here.live_bytes():
        if not 0x20 <= byte < 0x7F or byte == 0x5C:
            continue
        following = here.copy()
        following.accept_bytes(bytes([byte]))
        targets.setdefault(following.core.state, ([], following))[0].append(byte)
    out: list[tuple[str, Matcher]] = []
    for read, following in targets.values():
        forced = b""
        if len(read) == 1:
            forced = following.forced()
            following.accept_bytes(forced)
            out.append(((bytes(read) + forced).decode("utf-8", "backslashreplace"), following))
        else:
            out.append((" ".join(byte_sets(read)), following))
    return out


def _quoted(label: str) -> str:
    escaped = label.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
